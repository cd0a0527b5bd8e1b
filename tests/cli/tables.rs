//! Records from tables and the docket into calendars.

use icalendar::{Calendar, CalendarComponent, CalendarDateTime, Component, DatePerhapsTime};

use super::*;

const MAP: &str = r#"
kind = "liaison_contact"
date_format = "%m/%d/%Y"
ignore = ["Row"]

[columns]
"No." = "id"
"Subject" = "title"
"Date" = "commenced"
"Country" = "counterpart.country"
"Topics" = "topics"

[values."Country"]
"Russia" = "RUS"

[constants]
marking = "U"
basis = "official"
covert_action = "no"
"#;

#[test]
fn a_table_becomes_records() {
    let place = Place::new();
    place.file("map.toml", MAP).file(
        "contacts.csv",
        "\u{feff}Row,No.,Subject,Date,Country,Topics\r\n1,LC-1,\"=A \"\"quoted\"\" call\",03/11/2025,Russia,\"a; b\"\r\n2,LC-2,[x],03/12/2025,,\r\n",
    );
    let run = place.relto(&["import", "contacts.csv", "--map", "map.toml"]).ends(0);
    insta::assert_snapshot!(run.out, @r#"
    [[liaison_contact]]
    id = "LC-1"
    title = '=A "quoted" call'
    marking = "U"
    basis = "official"
    covert_action = "no"
    commenced = 2025-03-11
    topics = ["a", "b"]
    counterpart = { country = "RUS" }

    [[liaison_contact]]
    id = "LC-2"
    title = "[x]"
    marking = "U"
    basis = "official"
    covert_action = "no"
    commenced = 2025-03-12
    "#);
    let run = place
        .relto(&["import", "contacts.csv", "--map", "map.toml", "--dry-run"])
        .ends(0);
    assert_eq!(
        (run.out.as_str(), run.err.as_str()),
        ("", "2 records would be written, no errors\n")
    );
    place.file("relto.toml", "").file("records/.keep", "");
    let args = ["import", "contacts.csv", "--map", "map.toml", "-o", "records/in.toml"];
    place.relto(&args).ends(0);
    place.relto(&["check", "--as-of", "2025-03-12"]).ends(0);
    place.relto(&args).refused();
}

#[test]
fn every_cell_that_does_not_fit_is_named_and_nothing_is_written() {
    let place = Place::new();
    place.file("map.toml", MAP).file(
        "contacts.csv",
        "Row,No.,Subject,Date,Country,Topics\n1,lc 1,Call,2025-03-11,Russia,\n2,LC-2,Call,03/12/2025,UK,\n3,LC-2,Call,03/12/2025,GBR,\n",
    );
    let args = ["import", "contacts.csv", "--map", "map.toml", "-o", "out.toml"];
    let run = place.relto(&args).ends(1);
    insta::assert_snapshot!(run.to_string(), @r"
    contacts.csv: error: row 2, column 2 (`No.`): `lc 1` cannot be an id: `l` is not allowed; write `LC-1`, or another id of A-Z, 0-9 and single `-`, `_` or `.`
    contacts.csv: error: row 2, column 4 (`Date`): `2025-03-11` is no date of the form `%m/%d/%Y`
    contacts.csv: error: row 3, column 5 (`Country`): `UK` is no country or organization code; did you mean `GBR` (United Kingdom of Great Britain and Northern Ireland)?
    ------- stderr
    3 errors in 3 rows: nothing was written
    ------- exit 1
    ");
    assert!(!place.path().join("out.toml").exists());
    // What holds for whole records comes once every cell fits.
    place.file(
        "contacts.csv",
        "Row,No.,Subject,Date,Country,Topics\n1,LC-1,,03/11/2025,Russia,\n2,LC-2,Call,03/12/2025,GBR,\n3,LC-2,Call,03/12/2025,GBR,\n",
    );
    let run = place.relto(&args).ends(1);
    insta::assert_snapshot!(run.out, @r#"
    contacts.csv: error: row 2: a `liaison_contact` record without `title`; add `title = "Release of an example series to a new partner"` (unclassified; appears in metadata, bookmarks and file listings)
    contacts.csv: error: row 4: the id `LC-2` is used twice
    "#);
}

#[test]
fn nothing_is_guessed_about_columns() {
    let place = Place::new();
    place.file("a.csv", "id,titel,marking,marking\nLC-1,T,U,U\n").file(
        "map.toml",
        "ignore = [\"Row\"]\n[columns]\n\"tite\" = \"title\"\n[constants]\nbais = \"official\"\n",
    );
    let run = place
        .relto(&["import", "a.csv", "--kind", "liaison_contact", "--map", "map.toml"])
        .ends(1);
    insta::assert_snapshot!(run.out, @r"
    a.csv: error: `[constants]`: a `liaison_contact` record has no field `bais`: did you mean `basis`?
    a.csv: error: the mapping names a column `tite` that the file does not have: did you mean `titel`?
    a.csv: error: the mapping names a column `Row` that the file does not have
    a.csv: error: column 2: `titel` is no field of a `liaison_contact` record: did you mean `title`?; map it under `[columns]`, or name it in `ignore`
    a.csv: error: column 4: `marking` is there twice; rename one of the two
    ");
    let err = place.relto(&["import", "a.csv"]).refused();
    assert!(err.contains("--kind"), "{err}");
    let err = place
        .file("a.txt", "")
        .relto(&["import", "a.txt", "--kind", "exchange"])
        .refused();
    assert!(err.contains("neither .csv nor .json"), "{err}");
    let err = place
        .file("bad.toml", "[colums]\n")
        .relto(&["import", "a.csv", "--kind", "exchange", "--map", "bad.toml"])
        .refused();
    assert!(err.contains("colums"), "{err}");
}

#[test]
fn json_keeps_lists_and_inner_objects() {
    let place = Place::new();
    place.file(
        "a.json",
        r#"[{ "id": "EX-1", "title": "T", "marking": "U", "basis": "sample", "covert_action": "no", "commenced": "2025-03",
             "established_channel": true, "counterpart": { "country": "JPN", "category": "state" },
             "announced_by": ["One; and more"], "place_of_birth": null, "defense_articles_value_usd": 250000 }]"#,
    );
    let run = place.relto(&["import", "a.json", "--kind", "exchange"]).ends(0);
    insta::assert_snapshot!(run.out, @r#"
    [[exchange]]
    id = "EX-1"
    title = "T"
    marking = "U"
    basis = "sample"
    covert_action = "no"
    commenced = "2025-03"
    established_channel = true
    defense_articles_value_usd = 250000
    counterpart = { category = "state", country = "JPN" }
    announced_by = ["One; and more"]
    "#);
}

/// The docket of the public cases in March 2025, read by a second program.
fn calendar(args: &[&str]) -> (Calendar, String) {
    let place = Place::new();
    let all = [
        &["docket", "--sample", "--as-of", "2025-03-20", "--format", "ics"][..],
        args,
    ]
    .concat();
    let run = place.relto(&all).ends(0);
    assert!(
        run.err.contains("no calendar can hold them") || !run.err.contains("warning"),
        "{run}"
    );
    (run.out.parse().expect("a calendar"), run.out)
}

#[test]
fn the_docket_is_a_calendar_with_days_and_moments() {
    let (calendar, text) = calendar(&[]);
    let mut uids = Vec::new();
    let (mut days, mut moments) = (0, 0);
    for component in &calendar.components {
        let CalendarComponent::Event(event) = component else {
            panic!("an event")
        };
        uids.push(event.get_uid().expect("an id").to_owned());
        assert!(event.get_timestamp().is_some() && event.get_summary().is_some());
        match event.get_start().expect("a start") {
            DatePerhapsTime::Date(_) => days += 1,
            DatePerhapsTime::DateTime(at) => {
                moments += 1;
                assert!(matches!(at, CalendarDateTime::Utc(_)), "{at:?}");
            }
        }
    }
    assert!(days > 0 && moments > 0, "{days} days, {moments} moments");
    let count = uids.len();
    uids.sort();
    uids.dedup();
    assert_eq!(uids.len(), count);
    assert!(text.lines().all(|line| line.len() <= 75), "long lines are folded");
    assert!(text.lines().count() == text.matches("\r\n").count());
    assert!(
        text.contains("DTSTART;VALUE=DATE:2025") && text.contains("DTSTAMP:20250320T000000Z"),
        "{text}"
    );
}

#[test]
fn the_same_docket_is_the_same_calendar_and_may_remind() {
    let (_, text) = calendar(&[]);
    assert_eq!(text, calendar(&[]).1);
    assert!(!text.contains("VALARM"));
    let (_, reminding) = calendar(&["--alarm", "1w"]);
    assert!(
        reminding.contains("BEGIN:VALARM") && reminding.contains("TRIGGER:-PT604800S"),
        "{reminding}"
    );
    let uids = |text: &str| {
        let all = text
            .lines()
            .filter(|line| line.starts_with("UID:") && !line.contains("-alarm"));
        all.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(uids(&text), uids(&reminding));
    let place = Place::new();
    place.relto(&["docket", "--sample", "--alarm", "7d"]).refused();
}
