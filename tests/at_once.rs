//! Records that are judged as soon as they are read come out as they do among all others.

use std::fmt::Write as _;
use std::fs;

use chrono::NaiveDate;
use proptest::prelude::*;
use relto::report::summary::Owing;
use relto::run::{self, Checked, Request, Wanted};
use relto::workspace::sample::Which;

/// What can be written of a record, chosen by numbers.
type Choices = (usize, usize, usize, usize, usize, usize);

fn checked(request: &Request, wanted: Wanted) -> Checked {
    let request = Request {
        wanted,
        as_of: NaiveDate::from_ymd_opt(2026, 1, 1),
        ..request.clone()
    };
    let today = |_| NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
    run::check(&request, &today).unwrap()
}

/// Judges all records together and as they are read, and holds the two against each other. Returns how many records
/// were not kept.
fn same(request: &Request) -> usize {
    let [kept, owed, counted] =
        [Wanted::Records, Wanted::Obligations, Wanted::Counts].map(|wanted| checked(request, wanted));
    let said = |checked: &Checked| -> Vec<String> {
        let of_each = checked.diagnostics.iter().map(|found| format!("{found:#?}"));
        of_each.collect()
    };
    assert_eq!(counted.counted, Owing::of(&kept.obligations));
    assert_eq!(format!("{:#?}", owed.obligations), format!("{:#?}", kept.obligations));
    for checked in [&owed, &counted] {
        assert_eq!(said(checked), said(&kept));
        assert_eq!(
            (checked.records, checked.judged, &checked.refused, &checked.unread),
            (kept.records, kept.judged, &kept.refused, &kept.unread)
        );
        assert_eq!(checked.case.records.len(), counted.case.records.len());
    }
    kept.case.records.len() - counted.case.records.len()
}

fn of(folder: &tempfile::TempDir) -> Request {
    Request {
        paths: vec![folder.path().to_path_buf()],
        ..Request::default()
    }
}

#[test]
fn the_samples_come_out_the_same() {
    for which in [Which::Public, Which::Exercise] {
        let request = Request {
            sample: Some(which),
            ..Request::default()
        };
        assert!(same(&request) > 0);
    }
}

/// A record; most say nothing of others, and few have ids, dates and partners enough to meet.
fn record((kind, id, day, partner, odd, other): Choices) -> String {
    let id = format!("R-{:03}", id % 40);
    let other = format!("R-{:03}", other % 44);
    let date = match day % 12 {
        0 => "\"unknown\"".to_owned(),
        1 => "2025-03".to_owned(),
        _ => format!("2025-{:02}-{:02}", 1 + day % 9, 1 + day % 28),
    };
    let date = if date == "2025-03" {
        "\"2025-03\"".to_owned()
    } else {
        date
    };
    let country = ["RUS", "CHN", "GBR"][partner % 3];
    let mut text = match kind % 8 {
        0..=2 => format!(
            "[[liaison_contact]]\nid = \"{id}\"\ntitle = \"Example\"\nmarking = \"U\"\ncovert_action = \"no\"\n\
             basis = \"sample\"\nelement = \"CIA\"\nofficial = {{ title = \"Officer\", rank = \"{}\" }}\n\
             commenced = {date}\nmode = \"call\"\ninitiator = \"us\"\n\
             counterpart = {{ country = \"{country}\", service = \"S-{}\", title = \"Officer\", rank = \"{}\" }}\n\
             topics = [\"example\"]\ncontact_purpose = \"exchange\"\n",
            ["head", "working"][partner % 2],
            partner % 2,
            ["senior", "working", "unknown"][day % 3],
        ),
        3..=5 => format!(
            "[[rel_to_change]]\nid = \"{id}\"\ntitle = \"Example\"\nmarking = \"U\"\ncovert_action = \"no\"\n\
             basis = \"sample\"\nelement = \"DIA\"\ndecided = {date}\neffective = {date}\n\
             subject = {{ type = \"series\", name = \"Example\" }}\n\
             from = \"SECRET//REL TO USA, {}\"\nto = \"SECRET//{}\"\n",
            ["AUS, GBR", "FVEY", "UKR"][partner % 3],
            ["REL TO USA, GBR", "NOFORN", "REL TO USA, AUS, UKR"][day % 3],
        ),
        6 => format!(
            "[[sharing_change]]\nid = \"{id}\"\ntitle = \"Example\"\nmarking = \"U\"\ncovert_action = \"no\"\n\
             basis = \"sample\"\nelement = \"ODNI\"\ndecided = {date}\neffective = {date}\naction = \"suspend\"\n\
             direction = \"us_to_foreign\"\npartner = \"{country}\"\nscope = \"all\"\nrestriction = [\"access\"]\n\
             rationale = \"Example.\"\n",
        ),
        _ => format!(
            "[[sharing_change]]\nid = \"{id}\"\ntitle = \"Example\"\nmarking = \"U\"\ncovert_action = \"no\"\n\
             basis = \"sample\"\nelement = \"ODNI\"\ndecided = {date}\neffective = {date}\naction = \"resume\"\n\
             resumes = \"{other}\"\ndirection = \"us_to_foreign\"\npartner = \"{country}\"\nscope = \"all\"\n\
             rationale = \"Example.\"\n",
        ),
    };
    text.push_str("facts = \"Example.\"\nsignificance_text = \"Example.\"\npurpose = \"Example.\"\n");
    let odd = match odd % 24 {
        0 => format!("supersedes = \"{other}\"\n"),
        1 => format!("related = [\"{other}\"]\n"),
        2 => format!("may_duplicate = \"{other}\"\n"),
        3 => "notified = [{ recipient = \"SSCI\", on = 2025-10-01, how = \"letter\" }]\n".to_owned(),
        4 => "waivers = [{ rule = \"REL-ANY\", ground = \"Example\", by = \"President\", expires = 2027-01-01 }]\n"
            .to_owned(),
        5 => "not_notified = [{ rule = \"CONTACT-PATTERN\", reason = \"Example\", by = \"Example\" }]\n".to_owned(),
        6 => "significance = \"significant\"\n".to_owned(),
        7 => "legality = \"unlawful\"\n".to_owned(),
        8 => "colour = \"red\"\n".to_owned(),
        9 => "# A remark in words: é\n".to_owned(),
        10 => "references = [\"a \\u00e9\"]\n".to_owned(),
        _ => String::new(),
    };
    text + &odd + "\n"
}

/// Splits records into files; `broken` makes the first hold something that makes it be read as a whole.
fn workspace(records: &[Choices], in_file: usize, broken: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (number, some) in records.chunks(in_file).enumerate() {
        let mut text = String::new();
        for choices in some {
            text.push_str(&record(*choices));
        }
        if broken && number == 0 {
            let end = "rationale = '''\n[[agreement]]\n'''\n";
            write!(text, "{}{end}", record((6, 39, 5, 1, 20, 0))).unwrap();
            text = text.replace("rationale = \"Example.\"\nfacts", "facts");
        }
        fs::write(folder.path().join(format!("{number}.toml")), text).unwrap();
    }
    folder
}

fn choices() -> impl Strategy<Value = Choices> {
    (
        0..8_usize,
        0..40_usize,
        0..60_usize,
        0..6_usize,
        0..48_usize,
        0..44_usize,
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn records_come_out_the_same(
        records in proptest::collection::vec(choices(), 1..60),
        in_file in 1..12_usize,
        broken: bool,
    ) {
        same(&of(&workspace(&records, in_file, broken)));
    }
}

#[test]
fn many_records_are_judged_on_every_thread() {
    // More files, and more records in one of them, than one task reads.
    let plain = |number: usize| (number % 6, number, number * 7, number % 6, 20, 0);
    let text = |numbers: std::ops::Range<usize>| -> String {
        let ids =
            |number: usize| record(plain(number)).replacen(&format!("R-{:03}", number % 40), &format!("R-{number}"), 1);
        numbers.map(ids).collect()
    };
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("packed.toml"), text(0..1500)).unwrap();
    for number in 1500..1700 {
        fs::write(folder.path().join(format!("{number}.toml")), text(number..number + 1)).unwrap();
    }
    assert_eq!(same(&of(&folder)), 1700);
    // One record doubled, one named, and a file that ends in what has to be read as a whole.
    let again = text(7..8) + &text(1500..1501).replace("R-1500", "R-2000") + "related = [\"R-9\", \"R-1501\"]\n";
    fs::write(folder.path().join("again.toml"), again).unwrap();
    assert_eq!(same(&of(&folder)), 1700 - 3);
    let whole = text(3000..3100) + "related = '''\n[[agreement]]\n'''\n";
    fs::write(folder.path().join("whole.toml"), whole).unwrap();
    assert_eq!(same(&of(&folder)), 1700 - 3);
}
