//! Codes, pages and examples agree in every direction: each code has its page, each page its code, each wrong example
//! gives its code and nothing else, no right example does.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use chrono::NaiveDate;
use relto::base::code::Code;
use relto::cli::pages::{Example, Page, pages};
use relto::run::{self, Request};

use super::*;

/// What is found when a notice is set: the tests of letters hold these examples.
const SET: &[&str] = &[
    "letter-invalid",
    "letter-advice",
    "letter-stopped",
    "workspace-letter",
    "banner-check",
    "portion-unmarked",
    "element-missing",
    "marking-undecided",
    "missing-authority",
];

const RECORD_KEYS: &[(&str, &str)] = &[
    ("id", "\"X-1\""),
    ("title", "\"An example\""),
    ("marking", "\"U\""),
    ("basis", "\"sample\""),
    ("covert_action", "\"no\""),
];

/// Puts the keys that the example leaves out above it.
fn filled(lines: &str, keys: &[(&str, &str)]) -> String {
    let own: BTreeSet<&str> = lines
        .lines()
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split([' ', '=', '.']).next())
        .collect();
    let mut text = String::new();
    for (key, value) in keys.iter().filter(|(key, _)| !own.contains(key)) {
        let _ = writeln!(text, "{key} = {value}");
    }
    text + lines + "\n"
}

fn rule(lines: &str) -> String {
    let effect = if lines.contains("[[rule.duty]]") {
        "\"notify\""
    } else {
        "\"advise\""
    };
    let keys = [
        ("id", "\"OWN-1\""),
        ("title", "\"An example\""),
        ("status", "\"model\""),
        ("authority", "[\"model\"]"),
        ("applies_to", "[\"liaison_contact\"]"),
        ("effect", effect),
    ];
    format!(
        "[pack]\nid = \"own\"\ntitle = \"Own\"\n\n[[rule]]\n{}",
        filled(lines, &keys)
    )
}

/// Splits a rule from the records under it.
fn records(text: &str) -> (String, String) {
    let (mut rule, mut records) = (String::new(), String::new());
    for part in format!("\n{text}").split("\n[[") {
        match part.split_once("]]\n") {
            Some((kind, lines)) if Kind::named(kind).is_some() => {
                let _ = write!(records, "[[{kind}]]\n{}", filled(lines, RECORD_KEYS));
            }
            Some(_) => {
                let _ = write!(rule, "\n[[{part}");
            }
            None => rule.push_str(part.trim_start()),
        }
    }
    (rule, records)
}

/// Returns the codes that an example gives; that of `unknown-pack` where its settings end the run.
fn codes(page: &Page, example: &Example) -> BTreeSet<&'static str> {
    let place = Place::new();
    place.file("relto.toml", "[policy]\npacks = [\"./policy\"]\n").file(
        "records/a.toml",
        &format!("[[agreement]]\n{}", filled("id = \"Z-1\"", RECORD_KEYS)),
    );
    match (example.form, example.form.strip_prefix("record ")) {
        (_, Some(kind)) => {
            place.file(
                "records/a.toml",
                &format!("[[{kind}]]\n{}", filled(example.text, RECORD_KEYS)),
            );
        }
        ("file", _) => {
            place.file("records/a.toml", example.text);
        }
        ("rule", _) => {
            place.file("policy/own.toml", &rule(example.text));
        }
        ("rule and record", _) => {
            let (lines, text) = records(example.text);
            place
                .file("policy/own.toml", &rule(&lines))
                .file("records/a.toml", &text);
        }
        ("settings", _) => {
            place.file("relto.toml", example.text);
        }
        ("line", _) => {
            let run = stdin::piped(&place, stdin::CHECK, &format!("{}\n", example.text.trim()));
            let lines = run
                .out
                .lines()
                .map(|line| serde_json::from_str::<serde_json::Value>(line).expect("JSON"));
            return lines
                .filter_map(|line| Code::named(line["code"].as_str()?).map(Code::name))
                .collect();
        }
        (form, _) => panic!("{}: an example cannot be `{form}`", page.code),
    }
    let request = Request {
        workspace: Some(place.path().to_path_buf()),
        as_of: NaiveDate::from_ymd_opt(2026, 1, 15),
        ..Request::default()
    };
    let today = |_| NaiveDate::from_ymd_opt(2026, 1, 15).unwrap();
    let found = if page.code == "rule-stale" {
        run::policy(&request, &today).unwrap().diagnostics
    } else if page.code == "rule-test-failed" {
        run::test_policy(&mut run::policy(&request, &today).unwrap()).1
    } else {
        match run::check(&request, &today) {
            Ok(checked) => checked.diagnostics,
            Err(failure) => {
                assert_eq!(example.form, "settings", "{}: {failure}", page.code);
                assert!(
                    failure.hints.iter().any(|hint| hint.contains("is no built-in pack")),
                    "{failure:?}"
                );
                return BTreeSet::from(["unknown-pack"]);
            }
        }
    };
    found.iter().map(|found| found.code.name()).collect()
}

#[test]
fn every_code_has_its_page_and_every_page_its_code() {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    let pages: Vec<&str> = pages().iter().map(|page| page.code).collect();
    let mut missing: Vec<&&str> = codes.iter().filter(|code| !pages.contains(code)).collect();
    missing.extend(pages.iter().filter(|page| !codes.contains(page)));
    assert!(missing.is_empty(), "in policy/explain/codes.md: {missing:?}");
    assert_eq!(
        pages.iter().collect::<BTreeSet<_>>().len(),
        pages.len(),
        "each code once"
    );
}

#[test]
fn wrong_examples_give_their_code_alone_and_right_ones_do_not() {
    for page in pages() {
        let wrong = page
            .wrong
            .unwrap_or_else(|| panic!("{} has a wrong example", page.code));
        let right = page
            .right
            .unwrap_or_else(|| panic!("{} has a right example", page.code));
        if SET.contains(&page.code) {
            continue;
        }
        assert_eq!(codes(&page, &wrong), BTreeSet::from([page.code]), "wrong {}", page.code);
        assert_eq!(codes(&page, &right), BTreeSet::new(), "right {}", page.code);
    }
}

#[test]
fn explain_shows_both_examples() {
    let place = Place::new();
    insta::assert_snapshot!(place.relto(&["explain", "date-order"]).ends(0).out, @r#"
    error[date-order]: dates in an impossible order

    An event cannot end before it starts. Where a date is not certain, write it imprecisely instead of
    guessing.

    Wrong, in a `liaison_contact` record:

        commenced = 2025-03-11
        ended = 2025-03-10

    Right, in a `liaison_contact` record:

        commenced = 2025-03-10
        ended = 2025-03-11
    "#);
    let run = place.relto(&["explain", "banner-check"]).ends(0);
    assert!(run.out.contains("Wrong, a line of a letter:"), "{run}");
    let run = place.relto(&["explain", "date-order", "--format", "json"]).ends(0);
    let value: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!(value["wrong"]["text"], "commenced = 2025-03-11\nended = 2025-03-10\n");
}
