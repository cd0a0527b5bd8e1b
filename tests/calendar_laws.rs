//! Laws of the calendar that hold for every date, zone and set of closures.

use chrono::{Days, NaiveDate, TimeDelta};
use chrono_tz::America::New_York;
use chrono_tz::Tz;
use proptest::prelude::*;
use relto::calendar::date::{When, first_moment};
use relto::calendar::deadline::{Due, DueKind, parse, resolve};
use relto::calendar::due::Moment;
use relto::calendar::holidays::{Calendar, parse_closures};
use relto::calendar::session::parse_sessions;
use relto::calendar::window::{Period, PeriodKind, Window};

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn when(text: &str) -> When {
    When::parse(text).expect("a date")
}

fn due(expression: &str) -> Due {
    resolve(
        &parse(expression).expect("a deadline"),
        &Calendar::default(),
        &|_| None,
        day("2026-01-15"),
    )
}

fn any_day() -> impl Strategy<Value = NaiveDate> {
    (0_u64..60_000).prop_map(|days| day("1910-01-01") + Days::new(days))
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    (any::<bool>(), proptest::collection::btree_set(any_day(), 0..5)).prop_map(|(dc_area, days)| {
        Calendar::new(New_York, dc_area).with_closures(days.into_iter().map(|day| (day, "closed".to_owned())).collect())
    })
}

fn any_zone() -> impl Strategy<Value = Tz> {
    (0..chrono_tz::TZ_VARIANTS.len()).prop_map(|at| chrono_tz::TZ_VARIANTS[at])
}

/// Sentences near the grammar: its own words in any order.
fn any_sentence() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "7",
        "30",
        "36500",
        "0",
        "days",
        "business days",
        "hours",
        "session days",
        "after",
        "before",
        "ended",
        "decided",
        "else",
        "then",
        "every",
        "until",
        "on",
        "Feb",
        "1",
        "29",
        "and",
        "2025-12-22",
        "2023-06",
        "../2024-01-02",
        "9999-12-31",
        "quarterly",
        "monthly",
        "+",
        "promptly",
        "same day as",
        "as soon as practicable",
        "unknown",
        "🦀",
        "2025-03-05T09:30:00-05:00",
        "0001-01-01",
        "Feb 1",
        "annually",
    ];
    proptest::collection::vec(proptest::sample::select(WORDS), 0..9).prop_map(|words| words.join(" "))
}

fn any_when() -> impl Strategy<Value = When> {
    prop_oneof![
        any_day().prop_map(When::Day),
        (any_day(), 0_u32..86_400, -14_i32..15).prop_map(|(day, seconds, hours)| {
            let text = format!(
                "{day}T{:02}:{:02}:{:02}{hours:+03}:00",
                seconds / 3600,
                seconds / 60 % 60,
                seconds % 60
            );
            when(&text)
        }),
        (any_day(), 0_u64..400).prop_map(|(day, days)| when(&format!("{day}/{}", day + Days::new(days)))),
        any_day().prop_map(|day| when(&format!("../{day}"))),
        any_day().prop_map(|day| when(&format!("{day}/.."))),
        (any_day(), 0_usize..4)
            .prop_map(|(day, kind)| when(&Period::containing(PeriodKind::ALL[kind], day).to_string())),
        Just(When::Unknown),
    ]
}

proptest! {
    #[test]
    fn business_days_never_end_on_a_day_off(calendar in any_calendar(), from in any_day(), count in 0_u32..300) {
        let (forward, skipped) = calendar.add_business_days(from, count);
        let (backward, _) = calendar.subtract_business_days(from, count);
        prop_assert!(calendar.is_business_day(forward) && calendar.is_business_day(backward));
        prop_assert!(backward <= from && from <= forward);
        prop_assert!(skipped.iter().all(|off| calendar.day_off(off.date).as_ref() == Some(&off.why)));
        if count > 0 {
            // Every day passed was counted or left out; counting them again gives the count.
            let passed = usize::try_from((forward - from).num_days()).expect("forward");
            prop_assert_eq!(passed, count as usize + skipped.len());
            prop_assert_eq!(calendar.business_days_between(from, forward), count as usize);
        }
    }

    #[test]
    fn business_days_count_back_to_where_they_came_from(
        calendar in any_calendar(), from in any_day(), count in 1_u32..300
    ) {
        let from = calendar.add_business_days(from, 0).0;
        let (forward, _) = calendar.add_business_days(from, count);
        prop_assert_eq!(calendar.subtract_business_days(forward, count).0, from);
    }

    #[test]
    fn days_of_session_are_the_days_between(
        offsets in proptest::collection::btree_set(0_u64..120, 0..60), start in 0_u64..120, number in 1_usize..40
    ) {
        let first = day("2025-01-01");
        let days: Vec<NaiveDate> = offsets.iter().map(|offset| first + Days::new(*offset)).collect();
        let listed: Vec<String> = days.iter().map(NaiveDate::to_string).collect();
        let text = format!(
            "from = {first}\nuntil = {}\nsource = \"an example\"\n[house]\ndays = [{}]\n",
            first + Days::new(119),
            listed.join(", ")
        );
        let calendar = Calendar::default().with_sessions(parse_sessions(&text).expect("sessions"));
        let start = first + Days::new(start);
        let count = |side: &str| {
            let deadline = parse(&format!("{number} session days {side} {start}")).expect("a deadline");
            resolve(&deadline, &calendar, &|_| None, start)
        };
        for (side, wanted) in [
            ("after", days.iter().filter(|day| **day > start).nth(number - 1)),
            ("before", days.iter().rev().filter(|day| **day < start).nth(number - 1)),
        ] {
            let found = count(side);
            prop_assert_eq!(found.at.as_ref().map(String::from), wanted.map(NaiveDate::to_string));
            prop_assert_eq!(found.kind == DueKind::Undetermined, wanted.is_none());
            prop_assert_eq!(found.reason.is_some(), wanted.is_none());
        }
    }

    #[test]
    fn a_day_off_has_a_reason_and_a_business_day_has_none(calendar in any_calendar(), date in any_day()) {
        prop_assert_eq!(calendar.day_off(date).is_none(), calendar.is_business_day(date));
        let before = calendar.business_day_on_or_before(date);
        prop_assert!(before <= date && calendar.is_business_day(before));
        prop_assert_eq!(calendar.business_days_between(before, date), 0);
    }

    #[test]
    fn later_starts_and_longer_counts_are_never_due_earlier(
        calendar in any_calendar(), a in any_day(), b in any_day(), m in 1_u32..400, n in 1_u32..400
    ) {
        let (a, b) = (a.min(b), a.max(b));
        let (m, n) = (m.min(n), m.max(n));
        for unit in ["days", "business days"] {
            let at = |count: u32, side: &str, from: NaiveDate| {
                let deadline = parse(&format!("{count} {unit} {side} {from}")).unwrap();
                let due = resolve(&deadline, &calendar, &|_| None, from);
                assert!(due.submit_by_date() <= due.local_date(New_York));
                due.local_date(New_York).unwrap()
            };
            prop_assert!(at(m, "after", a) <= at(m, "after", b));
            prop_assert!(at(m, "after", a) <= at(n, "after", a));
            prop_assert!(at(m, "before", a) <= at(m, "before", b));
            prop_assert!(at(m, "before", a) >= at(n, "before", a));
        }
    }

    #[test]
    fn days_before_undo_days_after(from in any_day(), count in 1_u32..36_500) {
        let forward = due(&format!("{count} days after {from}")).at.unwrap();
        let back = due(&format!("{count} days before {forward}")).at.unwrap();
        prop_assert_eq!(back, from.to_string());
        prop_assert_eq!((day(&forward) - from).num_days(), i64::from(count));
    }

    #[test]
    fn hours_are_elapsed_hours_and_a_date_alone_bounds_them(
        zone in any_zone(), date in any_day(), seconds in 0_i64..86_400, hours in 1_u32..2_000
    ) {
        let calendar = Calendar::new(zone, true);
        let count = |start: When| {
            let deadline = parse(&format!("{hours} hours after f")).unwrap();
            resolve(&deadline, &calendar, &|_| Some(start.clone()), date)
        };
        let midnight = first_moment(date, zone).unwrap();
        let moment = midnight + TimeDelta::seconds(seconds);
        let exact = count(When::Instant(moment.fixed_offset()));
        let Some(Moment::Instant(end)) = exact.moment() else { panic!("no instant") };
        prop_assert_eq!(end - moment, TimeDelta::hours(hours.into()));
        // Where the moment is still of that day, the date alone bounds it on both sides.
        let vague = count(When::Day(date));
        prop_assert_eq!(vague.kind, DueKind::Undetermined);
        if moment.with_timezone(&zone).date_naive() == date {
            let (Some(Moment::Instant(soonest)), Some(Moment::Instant(latest))) =
                (vague.earliest_moment(), vague.latest_moment()) else { panic!("no bounds") };
            prop_assert!(soonest <= end && end <= latest, "{} {} {}", soonest, end, latest);
        }
    }

    #[test]
    fn a_local_day_starts_when_the_one_before_ends(zone in any_zone(), date in any_day()) {
        let moment = first_moment(date, zone).unwrap();
        let local = moment.with_timezone(&zone).naive_local();
        prop_assert!(local.date() >= date);
        let before = (moment - TimeDelta::seconds(1)).with_timezone(&zone).naive_local();
        prop_assert!(before.date() < date, "{} {}", before, zone);
    }

    #[test]
    fn an_imprecise_date_bounds_every_day_it_may_be(
        calendar in any_calendar(), from in any_day(), length in 1_u64..60, within in 0_u64..60, count in 1_u32..60,
        unit in proptest::sample::select(&["days", "business days"][..]),
        side in proptest::sample::select(&["after", "before"][..]),
    ) {
        let deadline = parse(&format!("{count} {unit} {side} f")).unwrap();
        let resolve = |start: When| resolve(&deadline, &calendar, &|_| Some(start.clone()), from);
        let vague = resolve(when(&format!("{from}/{}", from + Days::new(length))));
        let exact = resolve(When::Day(from + Days::new(within % (length + 1))));
        let at = exact.local_date(New_York).unwrap();
        prop_assert!(vague.local_date(New_York).unwrap() <= at);
        prop_assert!(at <= vague.latest_moment().unwrap().local_date(New_York));
    }

    #[test]
    fn the_next_occurrence_is_the_first_after_the_as_of_date(
        start in any_day(), as_of in any_day(), first in 1_u32..400, every in 1_u32..400
    ) {
        let deadline = parse(&format!("{first} days after {start} then every {every} days")).unwrap();
        let due = resolve(&deadline, &Calendar::default(), &|_| None, as_of);
        let at = due.local_date(New_York).unwrap();
        let next = due.next_date().unwrap();
        prop_assert!(next > as_of && next >= at);
        prop_assert_eq!((next - at).num_days() % i64::from(every), 0);
        prop_assert!(next == at || next - Days::new(every.into()) <= as_of);
        prop_assert_eq!(due.previous.is_some(), at <= as_of);
        if let Some(previous) = due.previous {
            prop_assert_eq!(previous + Days::new(every.into()), next);
        }
    }

    #[test]
    fn periods_follow_one_another(date in any_day(), kind in 0_usize..4) {
        let period = Period::containing(PeriodKind::ALL[kind], date);
        prop_assert!(period.contains(date));
        prop_assert_eq!(period.next().first_day(), period.last_day().succ_opt().unwrap());
        prop_assert_eq!(period.next().previous(), period);
        prop_assert_eq!(Period::parse(&period.to_string()), Ok(period));
        prop_assert_eq!(PeriodKind::named(period.kind().word()), Some(period.kind()));
    }

    #[test]
    fn a_report_on_a_period_is_due_after_it(date in any_day(), kind in 0_usize..4, count in 1_u32..200) {
        let kind = PeriodKind::ALL[kind];
        let deadline = parse(&format!("{} + {count} days", kind.adverb())).unwrap();
        let due = resolve(&deadline, &Calendar::default(), &|_| None, date);
        let period = Period::parse(due.period.as_deref().unwrap()).unwrap();
        let at = due.local_date(New_York).unwrap();
        prop_assert!(at >= date);
        prop_assert_eq!(at, period.last_day() + Days::new(count.into()));
        // It is the first such: the period before was due earlier.
        prop_assert!(period.previous().last_day() + Days::new(count.into()) < date);
        prop_assert!(due.next_date().unwrap() > date);
    }

    #[test]
    fn dates_print_as_they_are_read(written in any_when()) {
        prop_assert_eq!(When::parse(&written.to_string()).unwrap(), written);
    }

    #[test]
    fn what_is_known_lies_between_its_bounds(written in any_when(), zone in any_zone()) {
        if let (Some(earliest), Some(latest)) = (written.earliest_day(zone), written.latest_day(zone)) {
            prop_assert!(earliest <= latest);
            prop_assert_eq!(written.day(zone).is_some(), earliest == latest);
        }
        if let (Some(earliest), Some(latest)) = (written.earliest_instant(zone), written.latest_instant(zone)) {
            prop_assert!(earliest <= latest);
        }
        prop_assert!(!written.long().is_empty());
    }

    #[test]
    fn any_text_is_read_or_refused_at_a_place_within_it(text in "\\PC{0,40}") {
        if let Err(problem) = parse(&text) {
            prop_assert!(problem.offset + problem.length <= text.chars().count());
        }
        let _ = When::parse(&text);
        let _ = Window::parse(&text);
        let _ = Period::parse(&text);
        let _ = parse_closures(&text);
    }

    #[test]
    fn any_sentence_is_read_or_refused_and_resolves(text in any_sentence(), started in any_when(), as_of in any_day()) {
        match parse(&text) {
            Err(problem) => prop_assert!(problem.offset + problem.length <= text.chars().count()),
            Ok(deadline) => {
                let due = resolve(&deadline, &Calendar::default(), &|_| Some(started.clone()), as_of);
                prop_assert_eq!(due.kind == DueKind::Undetermined, due.reason.is_some() && due.moment().is_none()
                    && !matches!(due.kind, DueKind::BeforeEvent | DueKind::Recurring));
                prop_assert_eq!(due.at.is_some(), due.submit_by.is_some());
                prop_assert!(due.kind != DueKind::Prompt || due.word.is_some());
                let again = parse(deadline.text()).unwrap();
                prop_assert_eq!(again, deadline);
            }
        }
    }
}
