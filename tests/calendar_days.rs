//! Days, imprecise dates, windows and holidays against tables and the published list of holidays.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use chrono_tz::America::New_York;
use relto::calendar::date::When;
use relto::calendar::holidays::{Calendar, parse_closures};
use relto::calendar::session::parse_sessions;
use relto::calendar::window::Window;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn when(text: &str) -> When {
    When::parse(text).expect("a date")
}

#[test]
fn closures_are_checked() {
    for (text, wanted) in [
        ("[[closure]]\ndate = 2025-12-24\n", "line 1: missing field `name`"),
        (
            "[[closure]]\ndate = 2025-12-24\nnmae = \"x\"",
            "line 3: unknown field `nmae`",
        ),
        ("[[closure]]\ndate = 2025-12-24T10:00:00\nname = \"x\"", "is not a day"),
        ("[[closure]]\ndate = 2025-12-24\nname = \" \"", "no name"),
        (
            "[[closure]]\ndate = 2025-12-24\nname = \"x\"\n[[closure]]\ndate = 2025-12-24\nname = \"y\"",
            "twice",
        ),
        ("[[closure]\n", "line 1"),
    ] {
        let problem = parse_closures(text).unwrap_err();
        assert!(problem.contains(wanted), "{text}: {problem}");
    }
    assert_eq!(parse_closures("").unwrap(), BTreeMap::new());
}

#[test]
fn session_files_are_checked() {
    let file = |span: &str, rest: &str| format!("{span}source = \"an example\"\n{rest}");
    let span = "from = 2025-01-03\nuntil = 2025-01-10\n";
    for (text, wanted) in [
        (file("until = 2025-01-10\n", ""), "line 1: missing field `from`"),
        (file(span, "[huose]\ndays = []\n"), "line 4: unknown field `huose`"),
        (file(span, "[house]\n"), "line 4: missing field `days`"),
        (file(span, ""), "no chamber is there: write `[house]`"),
        (
            file("from = 2025-01-10\nuntil = 2025-01-03\n", "[house]\ndays = []\n"),
            "line 2: `until` is before `from`",
        ),
        (
            "from = 2025-01-03\nuntil = 2025-01-10\nsource = \" \"\n[house]\ndays = []\n".to_owned(),
            "line 3: `source` is empty",
        ),
        (
            file(span, "[house]\ndays = [\n2025-01-03,\n2025-01-11]\n"),
            "line 7: 2025-01-11 is outside the span",
        ),
        (
            file(span, "[house]\ndays = [2025-01-03,\n2025-01-03]\n"),
            "line 6: 2025-01-03 is there twice in the days of the House",
        ),
        (
            file(span, "[senate]\ndays = [2025-01-03]\npro_forma = [2025-01-06]\n"),
            "line 6: 2025-01-06 is pro forma but not in the `days` of the Senate",
        ),
        (
            file(span, "[senate]\ndays = [2025-01-03T10:00:00]\n"),
            "line 5: `2025-01-03T10:00:00` is not a day",
        ),
    ] {
        let problem = parse_sessions(&text).unwrap_err();
        assert!(problem.contains(wanted), "{text}: {problem}");
    }
}

#[test]
fn dates_are_read_and_said() {
    for (text, long) in [
        ("2025-03-11", "March 11, 2025"),
        ("2025-03-05T09:30:00-05:00", "March 5, 2025, 09:30 UTC-05:00"),
        ("2025-03-05T09:30:00Z", "March 5, 2025, 09:30 UTC"),
        ("2023-06", "June 2023"),
        ("2023-Q3", "the third quarter of 2023"),
        ("2024-H2", "the second half of 2024"),
        ("2023", "2023"),
        ("2023-06/2023-09", "June to September 2023"),
        ("2022-11/2023-02", "November 2022 to February 2023"),
        ("2025-01-23/2025-06-29", "January 23 to June 29, 2025"),
        ("2024-12-30/2025-01-02", "December 30, 2024 to January 2, 2025"),
        ("2023-06/2023-09-05", "June 2023 to September 5, 2023"),
        ("../2024-01-02", "before January 3, 2024"),
        ("2025-01-01/..", "on or after January 1, 2025"),
        ("unknown", "an unknown date"),
    ] {
        let found = when(text);
        assert_eq!(found.long(), long, "{text}");
        assert_eq!(found.to_string(), text);
    }
    for text in [
        "",
        "2025-3-11",
        "2025-00",
        "2025-Q5",
        "2025-q3",
        "2025-H3",
        "../..",
        "2023-09/2023-06",
        "2025-02-30",
        "2025-03-11T09:30:00",
        "2025-03-11 ",
        "11.03.2025",
        "March 11, 2025",
        "2023/2024/2025",
        "２０２５",
        "2025-03-11/",
        "2025-03-11T25:00:00Z",
        "Unknown",
        "0x7E9",
        "+2025",
        "2025-03-11T09:30:00-05:00/..",
    ] {
        let help = When::parse(text).expect_err(text);
        assert!(!help.ends_with('.'), "{help}");
    }
}

#[test]
fn windows_trail() {
    for (window, anchor, other, held) in [
        ("180 days", "2025-09-07", "2025-03-11", true),
        ("180 days", "2025-09-08", "2025-03-11", false),
        ("180 days", "2025-03-11", "2025-03-12", false),
        ("1 day", "2025-03-11", "2025-03-10", true),
        ("fiscal year", "2025-10-01", "2025-09-30", false),
        ("fiscal year", "2026-09-30", "2025-10-01", true),
        ("fiscal year", "2026-01-15", "2025-12-31", true),
        ("quarter", "2025-06-30", "2025-04-01", true),
        ("quarter", "2025-04-01", "2025-03-31", false),
        ("month", "2024-02-29", "2024-02-01", true),
        ("half", "2025-07-01", "2025-06-30", false),
        ("year", "2025-12-31", "2025-01-01", true),
    ] {
        let found = Window::parse(window).unwrap();
        assert_eq!(
            found.contains(day(anchor), day(other)),
            held,
            "{window} {anchor} {other}"
        );
        assert_eq!(found.to_string(), window);
    }
    for (text, help) in [
        ("fiscal yaer", "write `fiscal year`"),
        ("0 days", "1 to 36500"),
        ("999999 days", "1 to 36500"),
        ("180", "180 days"),
        ("", "180 days"),
    ] {
        let problem = Window::parse(text).unwrap_err();
        assert!(problem.help.unwrap().contains(help), "{text}");
    }
}

#[test]
fn days_off_have_names() {
    for (date, why) in [
        ("2025-07-04", Some("Independence Day")),
        (
            "2025-01-20",
            Some("Birthday of Martin Luther King, Jr. and Inauguration Day"),
        ),
        ("2021-01-20", Some("Inauguration Day")),
        (
            "2013-01-21",
            Some("Birthday of Martin Luther King, Jr. and Inauguration Day"),
        ),
        // January 20, 2029 is a Saturday: nothing moves. 1985 was a Sunday, and no King holiday yet.
        ("2029-01-19", None),
        ("1985-01-21", Some("Inauguration Day")),
        ("2027-01-20", None),
        ("1965-01-20", None),
        ("2021-06-18", Some("Juneteenth National Independence Day (observed)")),
        ("2020-06-19", None),
        ("2027-12-31", Some("New Year's Day (observed)")),
        ("2027-12-24", Some("Christmas Day (observed)")),
        ("2026-07-03", Some("Independence Day (observed)")),
        ("2022-12-26", Some("Christmas Day (observed)")),
        ("2025-03-15", Some("Saturday")),
        ("1985-01-22", None),
        // Dates of their time.
        ("1986-01-20", Some("Birthday of Martin Luther King, Jr.")),
        ("1984-01-16", None),
        ("1943-11-25", Some("Thanksgiving Day")),
        ("1939-11-23", Some("Thanksgiving Day")),
        ("1939-11-30", None),
        ("1938-11-24", Some("Thanksgiving Day")),
        ("1944-11-23", Some("Thanksgiving Day")),
        ("1944-11-30", None),
        ("1943-02-22", Some("Washington's Birthday")),
        ("1943-10-11", None),
        ("1975-10-27", Some("Veterans Day")),
        ("1975-11-11", None),
        ("1978-11-10", Some("Veterans Day (observed)")),
        ("1943-12-24", None),
        // Good Friday is no federal holiday, and a closure is one only where a file says so.
        ("2025-04-18", None),
        ("2025-12-24", None),
    ] {
        assert_eq!(Calendar::default().day_off(day(date)).as_deref(), why, "{date}");
    }
    let elsewhere = Calendar::new(New_York, false);
    assert_eq!(elsewhere.day_off(day("2021-01-20")), None);
    assert_eq!(
        elsewhere.day_off(day("2025-01-20")).as_deref(),
        Some("Birthday of Martin Luther King, Jr.")
    );
}

#[test]
fn holidays_agree_with_the_published_list() {
    let name = "conformance/us-federal-holidays-2000-2060.csv";
    let Some(list) = crate::shared(name) else { return };
    let mut wanted = BTreeMap::new();
    for line in list.lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        if cells.len() >= 5 && cells[cells.len() - 2] == "1" && cells[cells.len() - 1] == "1" {
            wanted.insert(day(cells[0]), cells[2..cells.len() - 2].join(","));
        }
    }
    assert!(wanted.len() > 600, "the list is short: {}", wanted.len());
    let elsewhere = Calendar::new(New_York, false);
    let mut date = day("2000-01-01");
    while date <= day("2060-12-31") {
        let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        if !weekend {
            let ours = elsewhere
                .day_off(date)
                .map(|name| name.replace("Birthday of Martin Luther King, Jr.", "Martin Luther King Jr. Day"));
            assert_eq!(ours.as_ref(), wanted.get(&date), "{date}");
        }
        date = date.succ_opt().unwrap();
    }
}
