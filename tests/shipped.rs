//! The packs that ship: all 48 rules of the table, complete, each with its tests.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use relto::policy::rule::{Effect, Rule, Status};
use relto::run::{Checked, Request, policy, test_policy};

use crate::shared;

/// The shipped packs, as a workspace that chooses nothing has them.
pub(crate) fn shipped() -> Checked {
    let folder = tempfile::tempdir().unwrap();
    let request = Request {
        workspace: Some(folder.path().to_path_buf()),
        ..Request::default()
    };
    std::fs::write(folder.path().join("relto.toml"), "").unwrap();
    policy(&request, &|_| NaiveDate::from_ymd_opt(2026, 1, 15).unwrap()).unwrap()
}

/// How the packs differ from the table, and why.
const DEVIATIONS: &[(&str, &str, &str)] = &[
    (
        "NSA-3047-UN-ANNUAL",
        "effective_to",
        "struck on 7 October 2010: the day before was its last",
    ),
    (
        "ADV-NDAA17-1232",
        "status",
        "`in_force?` is no status: in force, confidence secondary, switched off",
    ),
];

#[test]
fn every_rule_of_the_table_is_in_its_pack() {
    let Some(table) = shared("domain/rules.csv") else {
        return;
    };
    let shipped = shipped();
    let rules: BTreeMap<&str, &Rule> = shipped
        .case
        .policy
        .rules
        .iter()
        .map(|rule| (rule.id.as_str(), rule))
        .collect();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let headers = rows.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
    let mut wrong = Vec::new();
    let mut count = 0;
    for row in rows.records() {
        let row = row.unwrap();
        let (id, ship) = (&row[at("id")], &row[at("ship")]);
        count += 1;
        let Some(rule) = rules.get(id) else {
            wrong.push(format!("{id} is in no pack"));
            continue;
        };
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        for (field, wanted, came) in [
            ("pack", &row[at("pack")], rule.pack.clone()),
            ("status", &row[at("status")], rule.status.word().to_owned()),
            (
                "effective_from",
                &row[at("effective_from")],
                rule.effective_from.to_string(),
            ),
            ("effective_to", &row[at("effective_to")], day(rule.effective_until)),
        ] {
            let known = DEVIATIONS.iter().any(|(rule, key, _)| *rule == id && *key == field);
            if wanted != came && !known {
                wrong.push(format!("{id}: {field} is {came}, the table says {wanted}"));
            }
        }
        // Core rules and the repealed one are on; what is optional or unread is off.
        let on = matches!(ship, "core" | "history");
        if rule.enabled != on {
            wrong.push(format!(
                "{id} ships `{ship}` and is switched {}",
                if rule.enabled { "on" } else { "off" }
            ));
        }
    }
    assert_eq!(count, 48);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for rule in rules.keys() {
        assert!(table.contains(&format!("\"{rule}\"")), "{rule} is not in the table");
    }
}

#[test]
fn every_rule_says_what_a_reader_asks() {
    let shipped = shipped();
    let mut silent = Vec::new();
    for rule in &shipped.case.policy.rules {
        let id = &rule.id;
        let mut want = |there: bool, what: &str| {
            if !there {
                silent.push(format!("{id} has no {what}"));
            }
        };
        want(rule.note.is_some(), "note");
        want(rule.late.is_some(), "word on lateness");
        want(rule.responsible.is_some(), "responsible office");
        want(rule.checked_on.is_some(), "day on which it was checked");
        want(!rule.authority.is_empty(), "authority");
        want(rule.enabled || rule.read_first.is_some(), "word on what to read first");
        // A model rule names the law that it follows.
        let anchored = rule.authority.iter().any(|cite| cite.starts_with("model"));
        want(rule.status != Status::Model || anchored, "analogue");
        if rule.reference_only {
            let says = rule
                .note
                .as_deref()
                .is_some_and(|note| note.contains("No record kind holds"));
            want(says, "word on why no record can hold it");
            continue;
        }
        want(!rule.tests.is_empty(), "test");
        want(rule.effect != Effect::Notify || !rule.duties.is_empty(), "duty");
        for duty in &rule.duties {
            want(duty.form.is_some(), "form of its notice");
            want(!duty.contains.is_empty() || duty.letter.is_none(), "required contents");
        }
        let fires = rule
            .tests
            .iter()
            .any(|test| format!("{:?}", test.expect.fires).contains("True"));
        let misses = rule
            .tests
            .iter()
            .any(|test| format!("{:?}", test.expect.fires).contains("False"));
        want(fires && misses, "test that fires beside one that does not");
    }
    assert!(silent.is_empty(), "{}", silent.join("\n"));
}

#[test]
fn every_test_beside_a_rule_comes_out() {
    let mut shipped = shipped();
    let (results, _) = test_policy(&mut shipped);
    assert!(results.len() > 200, "{} tests", results.len());
    let wrong: Vec<String> = results
        .iter()
        .filter(|result| !result.differences.is_empty())
        .map(|result| format!("{}: {}: {:?}", result.rule, result.name, result.differences))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
