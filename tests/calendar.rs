//! Deadlines against tables of worked examples: the clocks of the public cases, and every shape of the grammar.

use std::collections::BTreeMap;

use chrono::{NaiveDate, Timelike};
use chrono_tz::America::New_York;
use relto::base::shared::Shared;
use relto::calendar::date::When;
use relto::calendar::deadline::{Due, DueKind, parse, resolve, resolve_period};
use relto::calendar::due::Moment;
use relto::calendar::holidays::{Calendar, parse_closures};
use relto::calendar::session::parse_sessions;
use relto::calendar::window::Period;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn when(text: &str) -> When {
    When::parse(text).expect("a date")
}

fn calendar() -> Calendar {
    Calendar::default()
}

/// The executive closures of 2020 and 2025.
fn closures() -> BTreeMap<NaiveDate, String> {
    parse_closures(
        r#"
        [[closure]]
        date = 2020-12-24
        name = "Christmas Eve"
        authority = "E.O. 13965"
        [[closure]]
        date = 2025-01-09
        name = "National Day of Mourning"
        [[closure]]
        date = 2025-12-24
        name = "Christmas Eve"
        [[closure]]
        date = 2025-12-26
        name = "Day after Christmas"
        "#,
    )
    .expect("closures")
}

/// Resolves an expression for a record of these fields, as of 2026-01-15.
fn due(expression: &str, fields: &[(&str, &str)]) -> Due {
    due_as_of(expression, fields, "2026-01-15")
}

fn due_as_of(expression: &str, fields: &[(&str, &str)], as_of: &str) -> Due {
    let lookup = |name: &str| {
        fields
            .iter()
            .find(|(field, _)| *field == name)
            .map(|(_, text)| when(text))
    };
    resolve(
        &parse(expression).unwrap_or_else(|problem| panic!("{expression}: {problem:?}")),
        &calendar(),
        &lookup,
        day(as_of),
    )
}

/// The clock vectors of the public cases: expression, due, submit by.
const CLOCKS: &[(&str, &str, &str)] = &[
    ("7 days after 2025-03-11", "2025-03-18", "2025-03-18"),
    ("14 days after 2025-03-11", "2025-03-25", "2025-03-25"),
    ("30 days after 2025-03-11", "2025-04-10", "2025-04-10"),
    // A Friday and a holiday: it stays, and the notice goes out the day before.
    ("30 days after 2025-06-04", "2025-07-04", "2025-07-03"),
    // 48 hours across the change of clocks: 11:00 EDT, and 09:00 EST.
    (
        "48 hours after 2025-03-08T10:00-05:00",
        "2025-03-10T15:00:00Z",
        "2025-03-10",
    ),
    (
        "48 hours after 2025-11-01T10:00-04:00",
        "2025-11-03T14:00:00Z",
        "2025-11-03",
    ),
    ("180 days after 2025-01-15", "2025-07-14", "2025-07-14"),
    ("10 business days after 2025-12-15", "2025-12-30", "2025-12-30"),
    // 24 and 31 December 2027 are observed holidays.
    ("5 business days after 2027-12-23", "2028-01-03", "2028-01-03"),
    // Martin Luther King and Inauguration Day on one Monday.
    ("3 business days after 2025-01-16", "2025-01-22", "2025-01-22"),
    ("15 days after 2025-11-27", "2025-12-12", "2025-12-12"),
    ("7 days after 2025-08-22", "2025-08-29", "2025-08-29"),
    ("30 days after 2025-08-29", "2025-09-28", "2025-09-26"),
    // C05 and the cases: a notice due on a Sunday stays due on the Sunday.
    (
        "48 hours after 2025-03-05T09:30:00-05:00",
        "2025-03-07T14:30:00Z",
        "2025-03-07",
    ),
    ("7 days after 2022-11-14", "2022-11-21", "2022-11-21"),
    ("7 days after 2017-05-15", "2017-05-22", "2017-05-22"),
    ("7 days after 2025-03-11T23:30:00-04:00", "2025-03-18", "2025-03-18"),
    // 03:30 in London is still the day before in Washington.
    ("7 days after 2025-03-12T03:30:00+00:00", "2025-03-18", "2025-03-18"),
    ("30 days before 2025-08-01", "2025-07-02", "2025-07-02"),
    ("10 business days before 2025-12-30", "2025-12-15", "2025-12-15"),
    (
        "48 hours before 2025-03-10T11:00-04:00",
        "2025-03-08T15:00:00Z",
        "2025-03-07",
    ),
    ("same day as 2025-03-15", "2025-03-15", "2025-03-14"),
    // Leap days and year ends.
    ("1 day after 2024-02-28", "2024-02-29", "2024-02-29"),
    ("1 day after 2025-02-28", "2025-03-01", "2025-02-28"),
    ("366 days after 2024-02-29", "2025-03-01", "2025-02-28"),
    ("1 day after 2025-12-31", "2026-01-01", "2025-12-31"),
    (
        "24 hours after 2024-12-31T23:30:00Z",
        "2025-01-01T23:30:00Z",
        "2024-12-31",
    ),
    ("on 2025-12-22", "2025-12-22", "2025-12-22"),
];

#[test]
fn clocks_come_to_the_published_dates() {
    for (expression, at, submit_by) in CLOCKS {
        let due = due(expression, &[]);
        assert_eq!(
            (due.at.as_deref(), due.submit_by.as_deref()),
            (Some(*at), Some(*submit_by)),
            "{expression}"
        );
        assert_eq!(due.expression, *expression);
    }
}

#[test]
fn closures_move_business_days_only() {
    let with_closures = calendar().with_closures(closures());
    let count = |expression: &str| {
        let deadline = parse(expression).unwrap();
        resolve(&deadline, &with_closures, &|_| None, day("2026-01-15"))
    };
    let due = count("10 business days after 2025-12-15");
    assert_eq!(due.at.as_deref(), Some("2026-01-02"));
    let why: Vec<&str> = due.counted.iter().map(|skipped| skipped.why.as_str()).collect();
    assert_eq!(
        why,
        [
            "Saturday",
            "Sunday",
            "Christmas Eve",
            "Christmas Day",
            "Day after Christmas",
            "Saturday",
            "Sunday",
            "New Year's Day"
        ]
    );
    let due = count("9 days after 2025-12-15");
    assert_eq!(
        (due.at.as_deref(), due.submit_by.as_deref()),
        (Some("2025-12-24"), Some("2025-12-23"))
    );
}

#[test]
fn a_date_alone_starts_no_clock_of_hours() {
    let found = due("48 hours after published", &[("published", "2025-03-05")]);
    assert_eq!(found.kind, DueKind::Undetermined);
    assert_eq!(found.at, None);
    assert_eq!(found.earliest.as_deref(), Some("2025-03-07T05:00:00Z"));
    assert_eq!(
        found.reason.as_deref(),
        Some("`published` gives a date without a time; a clock of hours needs the moment")
    );
    assert_eq!(found.clock.as_deref(), Some("published"));
    assert_eq!(found.local_date(New_York), Some(day("2025-03-07")));
    // The day before the clocks go forward: 48 hours later it is 01:00.
    let found = due("48 hours after published", &[("published", "2025-03-08")]);
    assert_eq!(found.earliest.as_deref(), Some("2025-03-10T05:00:00Z"));
}

#[test]
fn what_is_imprecise_is_undetermined_with_its_earliest() {
    for (text, expression, earliest, reason) in [
        (
            "2023-06/2023-09",
            "7 days after f",
            Some("2023-06-08"),
            "`f` is known only as June to September 2023; the clock needs its day",
        ),
        (
            "2024-H2",
            "48 hours after f",
            Some("2024-07-03T04:00:00Z"),
            "`f` is known only as the second half of 2024; a clock of hours needs the moment",
        ),
        (
            "2023-06",
            "30 days before f",
            Some("2023-05-02"),
            "`f` is known only as June 2023; the clock needs its day",
        ),
        (
            "../2024-01-02",
            "7 days after f",
            None,
            "`f` is known only as before January 3, 2024; the clock needs its day",
        ),
        (
            "2025-01-01/..",
            "7 days after f",
            Some("2025-01-08"),
            "`f` is known only as on or after January 1, 2025; the clock needs its day",
        ),
        (
            "2023",
            "10 business days after f",
            Some("2023-01-17"),
            "`f` is known only as 2023; the clock needs its day",
        ),
        (
            "2023-Q3",
            "same day as f",
            Some("2023-07-01"),
            "`f` is known only as the third quarter of 2023; the clock needs its day",
        ),
        ("unknown", "7 days after f", None, "`f` is recorded as unknown"),
        (
            "2025-01",
            "every 180 days after f",
            Some("2025-06-30"),
            "`f` is known only as January 2025; the clock needs its day",
        ),
    ] {
        let found = due(expression, &[("f", text)]);
        assert_eq!(found.kind, DueKind::Undetermined, "{text}");
        assert_eq!(found.at, None, "{text}");
        assert_eq!(found.submit_by, None, "{text}");
        assert_eq!(found.earliest.as_deref(), earliest, "{text}");
        assert_eq!(found.reason.as_deref(), Some(reason), "{text}");
    }
    // A stretch of one day is that day.
    assert_eq!(
        due("7 days after f", &[("f", "2025-03-11/2025-03-11")]).at.as_deref(),
        Some("2025-03-18")
    );
}

#[test]
fn clocks_fall_back_in_order() {
    let expression = "7 days after ended else decided";
    let clock = |fields: &[(&str, &str)]| {
        let found = due(expression, fields);
        (found.clock, found.at, found.reason)
    };
    let text = |text: &str| Some(Shared::from(text));
    assert_eq!(
        clock(&[("ended", "2025-03-11"), ("decided", "2025-03-01")]),
        (text("ended"), text("2025-03-18"), None)
    );
    assert_eq!(
        clock(&[("decided", "2025-03-01")]),
        (text("decided"), text("2025-03-08"), None)
    );
    // Known to nobody falls through as if it were not there.
    assert_eq!(
        clock(&[("ended", "unknown"), ("decided", "2025-03-01")]),
        (text("decided"), text("2025-03-08"), None)
    );
    // Imprecise does not: the clock starts there, and nobody knows the day.
    let (used, at, _) = clock(&[("ended", "2025-03"), ("decided", "2025-03-01")]);
    assert_eq!((used, at), (text("ended"), None));
    assert_eq!(
        clock(&[("ended", "unknown")]),
        (
            None,
            None,
            text("`ended` is recorded as unknown and `decided` is not given")
        )
    );
}

#[test]
fn words_stay_words() {
    for word in [
        "promptly",
        "timely",
        "immediately",
        "currently",
        "as soon as practicable",
    ] {
        for expression in [word.to_owned(), format!("{word} after aware")] {
            let found = due(&expression, &[("aware", "2025-03-05")]);
            assert_eq!((found.kind, found.word.as_deref()), (DueKind::Prompt, Some(word)));
            assert_eq!((found.at, found.next, found.reason), (None, None, None));
        }
    }
    assert_eq!(due("promptly after aware", &[]).clock, None);
    assert_eq!(
        due("promptly after aware", &[("aware", "2025-03-05")]).started(New_York),
        Some(day("2025-03-05"))
    );
}

#[test]
fn before_an_event() {
    let found = due("before commenced", &[("commenced", "2025-03-10")]);
    assert_eq!(found.kind, DueKind::BeforeEvent);
    assert_eq!(found.at.as_deref(), Some("2025-03-10"));
    assert_eq!(found.submit_by.as_deref(), Some("2025-03-07"));
    let found = due("before commenced", &[("commenced", "2025-03")]);
    assert_eq!((found.kind, found.at.as_deref()), (DueKind::BeforeEvent, None));
    assert_eq!(found.earliest.as_deref(), Some("2025-03-01"));
    let found = due("before commenced", &[]);
    assert_eq!(
        (found.kind, found.reason.as_deref()),
        (DueKind::BeforeEvent, Some("`commenced` is not given"))
    );
}

#[test]
fn clocks_that_repeat() {
    let assessment = "30 days after initiated then every 90 days until completed";
    // The row of the public cases: started 29 August, first report 28 September, next 27 December.
    for (as_of, completed, at, next, previous) in [
        ("2025-08-29", None, Some("2025-09-28"), Some("2025-09-28"), None),
        ("2025-09-27", None, Some("2025-09-28"), Some("2025-09-28"), None),
        (
            "2025-09-28",
            None,
            Some("2025-09-28"),
            Some("2025-12-27"),
            Some("2025-09-28"),
        ),
        (
            "2025-12-26",
            None,
            Some("2025-09-28"),
            Some("2025-12-27"),
            Some("2025-09-28"),
        ),
        (
            "2025-12-27",
            None,
            Some("2025-09-28"),
            Some("2026-03-27"),
            Some("2025-12-27"),
        ),
        // Owed on the day it ends, not after.
        (
            "2025-10-01",
            Some("2025-12-27"),
            Some("2025-09-28"),
            Some("2025-12-27"),
            Some("2025-09-28"),
        ),
        (
            "2025-10-01",
            Some("2025-12-26"),
            Some("2025-09-28"),
            None,
            Some("2025-09-28"),
        ),
        (
            "2026-10-01",
            Some("2026-01-10"),
            Some("2025-09-28"),
            None,
            Some("2025-12-27"),
        ),
        ("2025-10-01", Some("2025-09-27"), None, None, None),
    ] {
        let mut fields = vec![("initiated", "2025-08-29")];
        fields.extend(completed.map(|text| ("completed", text)));
        let found = due_as_of(assessment, &fields, as_of);
        assert_eq!(found.kind, DueKind::Recurring);
        assert_eq!(
            (found.at.as_deref(), found.next.as_deref(), found.previous),
            (at, next, previous.map(day)),
            "{as_of} {completed:?}"
        );
    }
    let found = due(
        "every 180 days after f until g",
        &[("f", "2025-01-15"), ("g", "unknown")],
    );
    assert_eq!(found.next.as_deref(), Some("2026-07-09"));
    assert_eq!(
        found.reason.as_deref(),
        Some("`g` is recorded as unknown; it may have ended")
    );
    let found = due("every 180 days after f until g", &[("f", "2025-01-15"), ("g", "2026")]);
    assert_eq!(
        found.reason.as_deref(),
        Some("`g` is known only as 2026; it may have ended")
    );
}

#[test]
fn clocks_of_the_calendar() {
    for (period, at) in [
        ("2025-Q1", "2025-05-30"),
        ("2025-Q2", "2025-08-29"),
        ("2025-Q3", "2025-11-29"),
        ("2025-Q4", "2026-03-01"),
        ("2023-Q4", "2024-02-29"),
    ] {
        let found = resolve_period(
            &parse("quarterly + 60 days").unwrap(),
            &calendar(),
            Period::parse(period).unwrap(),
            day("2026-01-15"),
        );
        assert_eq!(
            (found.kind, found.at.as_deref(), found.period.as_deref()),
            (DueKind::Periodic, Some(at), Some(period))
        );
        assert_eq!(found.next.as_deref(), Some("2026-03-01"));
    }
    let periodic = |expression: &str, period: &str| {
        let deadline = parse(expression).unwrap();
        resolve_period(
            &deadline,
            &calendar(),
            Period::parse(period).unwrap(),
            day("2026-01-15"),
        )
        .at
    };
    assert_eq!(periodic("on Feb 1 and Aug 1", "2025-H1").as_deref(), Some("2025-08-01"));
    assert_eq!(periodic("on Feb 1 and Aug 1", "2025-H2").as_deref(), Some("2026-02-01"));
    assert_eq!(periodic("on Feb 1", "2025").as_deref(), Some("2026-02-01"));
    assert_eq!(periodic("monthly", "2025-03").as_deref(), Some("2025-04-30"));
    assert_eq!(
        periodic("10 days after period_end", "2025-Q1").as_deref(),
        Some("2025-04-10")
    );
    assert_eq!(periodic("on 2025-12-22", "2025").as_deref(), None);

    // Without a period: what is due on or after the as-of date, and what comes after it.
    for (as_of, expression, at, next, period) in [
        (
            "2026-03-01",
            "quarterly + 60 days",
            "2026-03-01",
            Some("2026-05-30"),
            Some("2025-Q4"),
        ),
        (
            "2026-03-02",
            "quarterly + 60 days",
            "2026-05-30",
            Some("2026-05-30"),
            Some("2026-Q1"),
        ),
        (
            "2026-01-31",
            "monthly",
            "2026-01-31",
            Some("2026-02-28"),
            Some("2025-12"),
        ),
        (
            "2026-02-01",
            "on Feb 1 and Aug 1",
            "2026-02-01",
            Some("2026-08-01"),
            None,
        ),
        (
            "2026-02-02",
            "on Aug 1 and Feb 1",
            "2026-08-01",
            Some("2026-08-01"),
            None,
        ),
        (
            "2025-01-01",
            "on 2024-12-22 and 2025-12-22",
            "2025-12-22",
            Some("2025-12-22"),
            None,
        ),
        ("2026-01-01", "on 2024-12-22 and 2025-12-22", "2025-12-22", None, None),
        (
            "2026-01-01",
            "annually + 10 business days",
            "2026-01-15",
            Some("2026-01-15"),
            Some("2025"),
        ),
        (
            "2026-01-01",
            "monthly + 36500 days",
            "2026-01-06",
            Some("2026-01-06"),
            Some("1926-01"),
        ),
    ] {
        let found = due_as_of(expression, &[], as_of);
        assert_eq!(
            (found.at.as_deref(), found.next.as_deref(), found.period.as_deref()),
            (Some(at), next, period),
            "{expression} as of {as_of}"
        );
    }
    // A record's own date names its period.
    let found = due("quarterly + 60 days", &[("date", "2025-03-11")]);
    assert_eq!(
        (found.at.as_deref(), found.period.as_deref()),
        (Some("2025-05-30"), Some("2025-Q1"))
    );
    let dates = parse("on Feb 1 and Aug 1")
        .unwrap()
        .dates_between(day("2024-08-01"), day("2025-12-31"));
    assert_eq!(dates, [day("2024-08-01"), day("2025-02-01"), day("2025-08-01")]);
}

#[test]
fn days_of_session_are_not_guessed() {
    let found = due("60 session days after f", &[("f", "2025-01-03")]);
    assert_eq!(
        (found.kind, found.at, found.earliest),
        (DueKind::Undetermined, None, None)
    );
    assert!(found.reason.unwrap().contains("session calendar"));
}

/// Both chambers sit on 6, 7 and 9 January 2025, the House on 8 too; its 9th is pro forma.
fn sessions(count_pro_forma: bool) -> Calendar {
    let text = format!(
        "from = 2025-01-06\nuntil = 2025-01-12\nsource = \"an example\"\ncount_pro_forma = {count_pro_forma}\n\
         [house]\ndays = [2025-01-06, 2025-01-07, 2025-01-08, 2025-01-09]\npro_forma = [2025-01-09]\n\
         [senate]\ndays = [2025-01-06, 2025-01-07, 2025-01-09]\n"
    );
    calendar().with_sessions(parse_sessions(&text).expect("sessions"))
}

#[test]
fn days_of_session_are_counted_within_the_span() {
    for (expression, count_pro_forma, at, note) in [
        ("2 session days after 2025-01-05", true, Some("2025-01-07"), None),
        ("1 session day after 2025-01-06", true, Some("2025-01-07"), None),
        // The earlier chamber decides.
        (
            "3 session days after 2025-01-05",
            true,
            Some("2025-01-08"),
            Some("the Senate on 2025-01-09"),
        ),
        (
            "4 session days after 2025-01-05",
            true,
            Some("2025-01-09"),
            Some("the Senate after the last day"),
        ),
        (
            "4 session days after 2025-01-05",
            false,
            None,
            Some("holds only 3 of the House and 3 of the Senate"),
        ),
        // The file says nothing of the day before its first, or after its last.
        (
            "1 session day after 2025-01-04",
            true,
            None,
            Some("does not reach 2025-01-04"),
        ),
        (
            "1 session day after 2025-01-12",
            true,
            None,
            Some("does not reach 2025-01-12"),
        ),
        (
            "5 session days after 2025-01-05",
            true,
            None,
            Some("ends on 2025-01-12"),
        ),
        (
            "2 session days before 2025-01-10",
            true,
            Some("2025-01-07"),
            Some("the House on 2025-01-08"),
        ),
        (
            "2 session days before 2025-01-13",
            true,
            Some("2025-01-07"),
            Some("the House on 2025-01-08"),
        ),
        (
            "4 session days before 2025-01-13",
            true,
            None,
            Some("begins on 2025-01-06"),
        ),
        (
            "1 session day before 2025-01-14",
            true,
            None,
            Some("does not reach 2025-01-14"),
        ),
        // A month is no day: the bounds are all there is.
        (
            "1 session day after 2025-01",
            true,
            None,
            Some("known only as January 2025"),
        ),
    ] {
        let found = resolve(
            &parse(expression).unwrap(),
            &sessions(count_pro_forma),
            &|_| None,
            day("2026-01-15"),
        );
        assert_eq!(found.at.as_deref(), at, "{expression}");
        let kind = if at.is_some() {
            DueKind::Date
        } else {
            DueKind::Undetermined
        };
        assert_eq!(found.kind, kind, "{expression}");
        match (&found.reason, note) {
            (Some(reason), Some(note)) => assert!(reason.contains(note), "{expression}: {reason}"),
            (reason, note) => assert_eq!(reason.as_deref(), note, "{expression}"),
        }
    }
}

#[test]
fn lateness_is_said_only_where_it_is_certain() {
    let hours = due("48 hours after f", &[("f", "2025-03-05")]);
    let week = due("7 days after f", &[("f", "2025-03-11")]);
    let event = due("before f", &[("f", "2025-03-10")]);
    let prompt = due("promptly after f", &[("f", "2025-03-10")]);
    for (due, given, late) in [
        (&week, "2025-03-18", Some(false)),
        (&week, "2025-03-19", Some(true)),
        (&week, "2025-03-18T23:59:00-04:00", Some(false)),
        (&week, "2025-03", None),
        (&week, "unknown", None),
        (&hours, "2025-03-06", Some(false)),
        (&hours, "2025-03-07", None),
        (&hours, "2025-03-08", None),
        (&hours, "2025-03-08T01:00:00-05:00", Some(true)),
        (&hours, "2025-03-09", Some(true)),
        (&event, "2025-03-09", Some(false)),
        (&event, "2025-03-10", None),
        (&event, "2025-03-11", Some(true)),
        (&prompt, "2026-03-11", None),
    ] {
        assert_eq!(due.is_late(&when(given), New_York), late, "{} {given}", due.expression);
    }
}

#[test]
fn the_due_object_has_the_keys_of_the_contract() {
    let json = serde_json::to_string(&due("7 days after ended", &[("ended", "2025-03-11")])).unwrap();
    assert_eq!(
        json,
        "{\"kind\":\"date\",\"at\":\"2025-03-18\",\"submit_by\":\"2025-03-18\",\"expression\":\"7 days after ended\",\
         \"word\":null,\"reason\":null,\"earliest\":null,\"next\":null,\"period\":null}"
    );
    let json = serde_json::to_value(Due::none()).unwrap();
    assert_eq!(
        (json["kind"].as_str(), json["expression"].is_null()),
        (Some("none"), true)
    );
}

#[test]
fn noon_is_noon_on_every_side_of_the_change_of_clocks() {
    // 48 hours over both changes of 2025, as a clock on the wall in Washington shows them.
    for (start, hour) in [
        ("2025-03-08T10:00-05:00", 11),
        ("2025-11-01T10:00-04:00", 9),
        ("2025-06-01T10:00-04:00", 10),
    ] {
        let found = due(&format!("48 hours after {start}"), &[]);
        let Some(Moment::Instant(end)) = found.moment() else {
            panic!("no instant")
        };
        assert_eq!(end.with_timezone(&New_York).hour(), hour, "{start}");
    }
}
