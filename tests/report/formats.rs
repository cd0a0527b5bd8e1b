//! The mixed set in every format for programs and for those who listen.

use std::collections::BTreeMap;

use relto::base::diagnostic::{Diagnostic, sort};
use relto::base::source::{Place, Sources};
use relto::evaluate::obligation::{Obligation, State};
use relto::report::outcome::Outcome;
use relto::report::summary::Summary;
use relto::report::{github, gitlab, json, junit, narrated, sarif, tap, visible};

use super::{JUDGED, day, diagnostics, due, obligation, obligations, written};

/// The mixed set, and a waived obligation.
struct Set {
    diagnostics: Vec<Diagnostic>,
    obligations: Vec<Obligation>,
    sources: Sources,
    header: Place,
}

impl Set {
    fn new() -> Self {
        let (mut diagnostics, mut sources) = diagnostics();
        sort(&mut diagnostics, &sources);
        let source = sources.add(
            "records/März 2025, b.toml",
            "# sound\n\n[[liaison_contact]]\nid = \"LC-1\"\n",
        );
        let mut obligations = obligations();
        obligations.truncate(3);
        obligations.push(obligation(
            "LC-1",
            "NSA-3047-UN",
            due("7 days after ended", "2025-03-11"),
            State::Waived,
        ));
        obligations.push(obligation(
            "LC-1",
            "REL-ANY",
            due("7 days after ended", "2025-03-01"),
            State::Met,
        ));
        Self {
            diagnostics,
            obligations,
            sources,
            header: Place::new(source, 9..28),
        }
    }

    fn outcome(&self) -> Outcome<'_> {
        Outcome {
            as_of: day("2025-03-20"),
            summary: Summary::of(JUDGED, 18, &self.diagnostics, &self.obligations),
            diagnostics: &self.diagnostics,
            obligations: &self.obligations,
            sources: &self.sources,
            places: BTreeMap::from([("LC-1", &self.header)]),
            files: vec!["records/a.toml", "records/März 2025, b.toml"],
            paths: BTreeMap::from([("records/a.toml", "liaison/records/a.toml".to_owned())]),
            excuses: BTreeMap::from([(
                ("LC-1", "NSA-3047-UN"),
                "national security interest (President)".to_owned(),
            )]),
        }
    }
}

/// Every format of this file by its name.
fn all(outcome: &Outcome<'_>) -> Vec<(&'static str, String)> {
    vec![
        ("narrated", narrated::render(outcome)),
        (
            "json-lines",
            written(|out| json::lines(out, outcome.diagnostics, outcome.obligations, outcome.sources)),
        ),
        ("sarif", sarif::render(outcome).0),
        ("junit", junit::render(outcome)),
        ("github", github::render(outcome).0),
        ("gitlab", gitlab::render(outcome)),
        ("tap", tap::render(outcome)),
    ]
}

#[test]
fn every_format_is_held() {
    let set = Set::new();
    for (name, text) in all(&set.outcome()) {
        insta::assert_snapshot!(name, text);
    }
}

#[test]
fn no_format_lets_a_control_character_or_a_withheld_mark_through() {
    let set = Set::new();
    for (name, text) in all(&set.outcome()) {
        let hidden = text.chars().find(|c| *c != '\n' && visible::is_hidden(*c));
        assert_eq!(hidden, None, "{name}");
        assert!(!text.contains("S//NF"), "{name}");
    }
}

#[test]
fn the_order_of_the_diagnostics_does_not_matter() {
    let set = Set::new();
    let mut turned = Set::new();
    turned.diagnostics.reverse();
    sort(&mut turned.diagnostics, &turned.sources);
    assert_eq!(all(&set.outcome()), all(&turned.outcome()));
}

#[test]
fn json_lines_are_the_entries_of_the_document() {
    let set = Set::new();
    let outcome = set.outcome();
    let text = written(|out| {
        json::check(
            out,
            outcome.as_of,
            &outcome.summary,
            outcome.diagnostics,
            outcome.obligations,
            outcome.sources,
        )
    });
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut entries = Vec::new();
    for (list, kind) in [("diagnostics", "diagnostic"), ("obligations", "obligation")] {
        for entry in document[list].as_array().unwrap() {
            let mut line = serde_json::json!({ "type": kind });
            line.as_object_mut().unwrap().extend(entry.as_object().unwrap().clone());
            entries.push(line);
        }
    }
    let lines: Vec<serde_json::Value> =
        written(|out| json::lines(out, outcome.diagnostics, outcome.obligations, outcome.sources))
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
    assert_eq!(lines, entries);
}

#[test]
fn every_sarif_result_has_a_location_a_fingerprint_of_its_own_and_a_rule() {
    let set = Set::new();
    let (text, warnings) = sarif::render(&set.outcome());
    assert!(warnings.is_empty());
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!(results.len(), set.diagnostics.len() + set.obligations.len());
    let mut prints = Vec::new();
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].is_string() && place["region"]["startLine"].is_u64());
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], result["ruleId"]);
        prints.push(result["partialFingerprints"].to_string());
    }
    prints.sort();
    let count = prints.len();
    prints.dedup();
    assert_eq!(prints.len(), count);
    let waived: Vec<_> = results
        .iter()
        .filter(|result| !result["suppressions"].as_array().unwrap().is_empty())
        .collect();
    assert_eq!(waived.len(), 1);
    assert_eq!(
        waived[0]["suppressions"][0]["justification"],
        "national security interest (President)"
    );
}

#[test]
fn what_github_would_cut_is_said() {
    let mut set = Set::new();
    let one = set.diagnostics[0].clone();
    set.diagnostics = vec![one; 25_010];
    let (text, warnings) = sarif::render(&set.outcome());
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    let run = &log["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 25_000);
    insta::assert_snapshot!(warnings.join("\n"), @r"
    15 of 25015 results are left out, the least grave ones: GitHub refuses more than 25000 in one run
    GitHub shows only the 5000 gravest of 25015 results
    ");
    assert_eq!(
        run["invocations"][0]["toolExecutionNotifications"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    let (text, warning) = github::render(&set.outcome());
    assert_eq!(text.lines().count(), 25_013);
    assert!(warning.is_some_and(|warning| warning.contains("25003 of these annotations")));
}

#[test]
fn no_two_cases_of_a_suite_have_one_name() {
    let mut set = Set::new();
    let again = set.diagnostics.clone();
    set.diagnostics.extend(again);
    let text = junit::render(&set.outcome());
    let names = |suite: &str| {
        let parts = suite.split("<testcase name=\"").skip(1);
        parts
            .map(|part| part.split('"').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let mut numbered = 0;
    for suite in text.split("<testsuite ").skip(1) {
        let mut names = names(suite);
        numbered += names.iter().filter(|name| name.ends_with(" (2)")).count();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
    }
    assert!(numbered > 0);
}

#[test]
fn code_quality_fingerprints_differ() {
    let set = Set::new();
    let entries: Vec<serde_json::Value> = serde_json::from_str(&gitlab::render(&set.outcome())).unwrap();
    let mut prints: Vec<String> = entries
        .iter()
        .map(|entry| entry["fingerprint"].as_str().unwrap().to_owned())
        .collect();
    assert!(prints.iter().all(|print| print.len() == 64));
    prints.sort();
    prints.dedup();
    assert_eq!(prints.len(), entries.len());
}
