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
    assert_eq!(owed.obligations.len(), kept.obligations.len());
    for (one, other) in owed.obligations.iter().zip(&kept.obligations) {
        assert_eq!(format!("{one:?}"), format!("{other:?}"));
    }
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
        paths: vec![folder.path().join("records")],
        workspace: Some(folder.path().to_path_buf()),
        ..Request::default()
    }
}

/// Rules that look at more than one record in every way that the language has.
const PACK: &str = include_str!("cases/at-once-rules.toml");

/// Those that ship switched off.
const SETTINGS: &str = r#"
[policy]
enable = ["ADV-NDAA17-1232", "CASE-PUB", "SUSP-INBOUND", "PER-SEMI", "PER-ANN", "NSA-3095-TRANSFER"]
"#;

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
    let folder = empty();
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
        fs::write(folder.path().join(format!("records/{number}.toml")), text).unwrap();
    }
    folder
}

/// The pack with some of its rules, a bit for each; the first three are always there.
fn some_rules(bits: u32) -> String {
    let mut rules = PACK.split_inclusive("[[rule]]\n").enumerate();
    let (_, head) = rules.next().unwrap();
    let kept = rules.filter(|(number, _)| *number <= 3 || bits >> number & 1 == 1);
    let kept: String = kept.map(|(_, rule)| rule).collect();
    let pack = head.to_owned() + &kept;
    pack.trim_end().trim_end_matches("[[rule]]").to_owned()
}

/// A workspace without records.
fn empty() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("records")).unwrap();
    fs::write(folder.path().join("relto.toml"), SETTINGS).unwrap();
    fs::write(folder.path().join("own.toml"), PACK).unwrap();
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
    #![proptest_config(ProptestConfig { cases: ProptestConfig::default().cases / 8, ..ProptestConfig::default() })]

    #[test]
    fn records_come_out_the_same(
        records in proptest::collection::vec(choices(), 1..60),
        in_file in 1..12_usize,
        broken: bool,
        own: Option<u32>,
    ) {
        let folder = workspace(&records, in_file, broken);
        let pack = folder.path().join("own.toml");
        fs::write(&pack, some_rules(own.unwrap_or(0))).unwrap();
        let policy = own.map(|_| pack).into_iter().collect();
        same(&Request { policy, ..of(&folder) });
    }
}

#[test]
fn the_rules_of_these_tests_are_sound() {
    let folder = workspace(&[(0, 1, 2, 0, 20, 0)], 1, false);
    let policy = vec![folder.path().join("own.toml")];
    let checked = checked(&Request { policy, ..of(&folder) }, Wanted::Records);
    let errors = checked.diagnostics.iter().filter(|found| found.is_error());
    assert_eq!(
        errors.map(|found| format!("{found:#?}")).collect::<Vec<_>>(),
        Vec::<String>::new()
    );
    assert!(checked.obligations.iter().any(|owed| owed.rule.starts_with("T-")));
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
    let folder = empty();
    let records = folder.path().join("records");
    fs::write(records.join("packed.toml"), text(0..1500)).unwrap();
    for number in 1500..1700 {
        fs::write(records.join(format!("{number}.toml")), text(number..number + 1)).unwrap();
    }
    assert_eq!(same(&of(&folder)), 1700);
    // One record doubled, one named, and a file that ends in what has to be read as a whole.
    let again = text(7..8) + &text(1500..1501).replace("R-1500", "R-2000") + "related = [\"R-9\", \"R-1501\"]\n";
    fs::write(records.join("again.toml"), again).unwrap();
    assert_eq!(same(&of(&folder)), 1700 - 3);
    let whole = text(3000..3100) + "related = '''\n[[agreement]]\n'''\n";
    fs::write(records.join("whole.toml"), whole).unwrap();
    assert_eq!(same(&of(&folder)), 1700 - 3);
}
