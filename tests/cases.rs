//! What the public cases must come to: records, rules, dates and recipients as data in `tests/cases/`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use relto::run::{Checked, Request, check};
use relto::workspace::sample::Which;
use toml::{Table, Value};

fn data(name: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases").join(name);
    toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap()
}

/// A value as a word: strings without quotes, dates as written.
fn word(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Boolean(value) => value.to_string(),
        Value::Datetime(date) => date.to_string(),
        other => panic!("{other:?} is no word"),
    }
}

fn day(value: &Value) -> NaiveDate {
    word(value).parse().unwrap()
}

fn checked(request: &Request) -> Checked {
    check(request, &|_| NaiveDate::from_ymd_opt(2026, 1, 15).unwrap()).unwrap()
}

/// Compares one expectation with what came out; returns the differences.
fn differences(expect: &Table, checked: &Checked) -> Vec<String> {
    const KEYS: &[&str] = &[
        "record",
        "rule",
        "duty",
        "as_of",
        "fires",
        "due",
        "due_kind",
        "earliest",
        "submit_by",
        "next",
        "recipients",
        "state",
        "because",
        "note",
        "diagnostic",
    ];
    for key in expect.keys() {
        assert!(KEYS.contains(&key.as_str()), "an expectation cannot say `{key}`");
    }
    let text = |key: &str| expect.get(key).and_then(Value::as_str);
    let (record, rule) = (text("record").unwrap(), text("rule"));
    let mut wrong = Vec::new();
    if let Some(code) = text("diagnostic") {
        let there = checked
            .diagnostics
            .iter()
            .any(|d| d.code.name() == code && d.record.as_deref() == Some(record));
        if !there {
            wrong.push(format!("no diagnostic {code}"));
        }
    }
    let Some(rule) = rule else { return wrong };
    assert!(
        checked.case.policy.rules.iter().any(|found| found.id == rule),
        "{rule} is no rule"
    );
    assert!(checked.case.record(record).is_some(), "{record} is no record");
    let owed: Vec<_> = checked
        .obligations
        .iter()
        .filter(|owed| owed.record.as_deref() == Some(record) && owed.rule == rule)
        .filter(|owed| text("duty").is_none_or(|duty| owed.duty.as_deref() == Some(duty)))
        .collect();
    let undecided = checked.diagnostics.iter().any(|d| {
        d.code.name() == "rule-undetermined"
            && d.record.as_deref() == Some(record)
            && d.message.contains(&format!("`{rule}`"))
    });
    let came = match (owed.is_empty(), undecided) {
        (false, _) => "true",
        (true, true) => "undetermined",
        (true, false) => "false",
    };
    if let Some(fires) = expect.get("fires") {
        let wanted = word(fires);
        if wanted != came {
            wrong.push(format!("fires: expected {wanted}, came {came}"));
        }
    }
    let first = owed.first();
    let due = first.map(|owed| serde_json::to_value(&*owed.due).unwrap());
    for (key, field) in [
        ("due", "at"),
        ("due_kind", "kind"),
        ("earliest", "earliest"),
        ("submit_by", "submit_by"),
        ("next", "next"),
    ] {
        if let Some(wanted) = expect.get(key) {
            let wanted = word(wanted);
            let came = due
                .as_ref()
                .map(|due| &due[field])
                .and_then(|value| value.as_str())
                .unwrap_or("nothing")
                .to_string();
            if wanted != came {
                wrong.push(format!("{key}: expected {wanted}, came {came}"));
            }
        }
    }
    if let Some(wanted) = text("state")
        && first.map(|owed| owed.state.word()) != Some(wanted)
    {
        wrong.push(format!(
            "state: expected {wanted}, came {:?}",
            first.map(|owed| owed.state.word())
        ));
    }
    if let Some(wanted) = expect.get("recipients").and_then(Value::as_array) {
        let mut wanted: Vec<&str> = wanted.iter().filter_map(Value::as_str).collect();
        let mut came: Vec<&str> = first
            .map(|owed| owed.recipients.iter().map(String::as_str).collect())
            .unwrap_or_default();
        wanted.sort_unstable();
        came.sort_unstable();
        if wanted != came {
            wrong.push(format!("recipients: expected {wanted:?}, came {came:?}"));
        }
    }
    if let Some(words) = text("because")
        && !first.is_some_and(|owed| owed.because.iter().any(|reason| reason.contains(words)))
    {
        wrong.push(format!(
            "because: expected {words:?}, came {:?}",
            first.map(|owed| &owed.because)
        ));
    }
    wrong
}

fn tables<'t>(from: &'t Table, key: &str) -> Vec<&'t Table> {
    from.get(key)
        .and_then(Value::as_array)
        .map(|all| all.iter().filter_map(Value::as_table).collect())
        .unwrap_or_default()
}

/// Compares the rules with an obligation for a record with the whole list expected.
fn exactly(expect: &Table, checked: &Checked) -> Vec<String> {
    let record = word(&expect["record"]);
    let mut wanted: Vec<&str> = expect["rules"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str)
        .collect();
    let mut came: Vec<&str> = checked
        .obligations
        .iter()
        .filter(|o| o.record.as_deref() == Some(&record))
        .map(|o| o.rule.as_str())
        .collect();
    wanted.sort_unstable();
    came.sort_unstable();
    came.dedup();
    if wanted == came {
        Vec::new()
    } else {
        vec![format!("{record}: expected exactly {wanted:?}, came {came:?}")]
    }
}

/// A `relto.toml` with the core packs and some rules switched on besides.
fn config(variant: &Table) -> String {
    let enable: Vec<String> = variant
        .get("enable")
        .and_then(Value::as_array)
        .map(|rules| rules.iter().map(|rule| format!("{:?}", word(rule))).collect())
        .unwrap_or_default();
    format!("[policy]\nenable = [{}]\n", enable.join(", "))
}

#[test]
fn every_public_case_comes_out_as_expected() {
    let data = data("public.toml");
    let expectations = tables(&data, "expect");
    assert!(expectations.len() > 20, "the public cases have their expectations");
    let mut wrong = Vec::new();
    for expect in expectations {
        let as_of = expect.get("as_of").map(day);
        let checked = checked(&Request {
            sample: Some(Which::Public),
            as_of,
            ..Request::default()
        });
        for difference in differences(expect, &checked) {
            wrong.push(format!(
                "{} {}: {difference}",
                word(&expect["record"]),
                expect.get("rule").map_or(String::new(), word)
            ));
        }
    }
    let checked = checked(&Request {
        sample: Some(Which::Public),
        ..Request::default()
    });
    for expect in tables(&data, "exactly") {
        wrong.extend(exactly(expect, &checked));
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_same_facts_elsewhere_and_at_other_times() {
    variants("public.toml");
}

#[test]
fn records_worked_out_by_hand_come_out_as_worked_out() {
    variants("scenarios.toml");
}

/// Judges each variant of a file in a workspace of its own, once a day that its expectations name.
fn variants(file: &str) {
    let data = data(file);
    let variants = tables(&data, "variant");
    assert!(!variants.is_empty());
    let mut wrong = Vec::new();
    for variant in variants {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("records")).unwrap();
        fs::write(folder.path().join("relto.toml"), config(variant)).unwrap();
        fs::write(
            folder.path().join("records/records.toml"),
            variant["toml"].as_str().unwrap(),
        )
        .unwrap();
        let name = word(&variant["name"]);
        let mut codes: Vec<&str> = Vec::new();
        let wanted: Vec<&str> = variant
            .get("diagnostics")
            .and_then(Value::as_array)
            .map(|codes| codes.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default();
        let on = |as_of: Option<NaiveDate>| {
            checked(&Request {
                workspace: Some(folder.path().to_path_buf()),
                as_of,
                ..Request::default()
            })
        };
        let whole = on(None);
        for diagnostic in &whole.diagnostics {
            if !matches!(
                diagnostic.code.name(),
                "obligation-overdue" | "rule-undetermined" | "deadline-undetermined"
            ) {
                codes.push(diagnostic.code.name());
            }
        }
        if codes != wanted {
            wrong.push(format!("{name}: expected {wanted:?}, came {codes:?}"));
        }
        for expect in tables(variant, "exactly") {
            wrong.extend(exactly(expect, &whole).into_iter().map(|w| format!("{name}: {w}")));
        }
        let mut judged: BTreeMap<Option<NaiveDate>, Checked> = BTreeMap::new();
        for expect in tables(variant, "expect") {
            let as_of = expect.get("as_of").or(variant.get("as_of")).map(day);
            let checked = judged.entry(as_of).or_insert_with(|| on(as_of));
            for difference in differences(expect, checked) {
                wrong.push(format!(
                    "{name}: {} {}: {difference}",
                    word(&expect["record"]),
                    expect.get("rule").map_or(String::new(), word)
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// One workspace with a dozen mistakes: every one at its place, in one pass, with help.
#[test]
fn twelve_mistakes_are_found_in_one_pass() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/bad");
    let request = Request {
        workspace: Some(folder),
        ..Request::default()
    };
    let checked = checked(&request);
    let mut came: Vec<(String, String, usize, usize, usize, usize)> = Vec::new();
    for diagnostic in checked.diagnostics.iter().filter(|d| d.is_error()) {
        let place = diagnostic.place.as_ref().unwrap();
        let source = checked.sources.get(place.source);
        let (line, column) = source.line_column(place.start());
        let (end_line, end_column) = source.line_column(place.end());
        assert!(!diagnostic.help.is_empty(), "{} without help", diagnostic.code.name());
        came.push((
            diagnostic.code.name().to_string(),
            source.name.clone(),
            line,
            column,
            end_line,
            end_column,
        ));
    }
    came.sort();
    let data = data("bad-expected.toml");
    let number = |table: &Table, key: &str| usize::try_from(table[key].as_integer().unwrap()).unwrap();
    let mut wanted: Vec<_> = tables(&data, "expect")
        .into_iter()
        .map(|expect| {
            (
                expect["code"].as_str().unwrap().to_string(),
                expect["file"].as_str().unwrap().to_string(),
                number(expect, "line"),
                number(expect, "column"),
                expect
                    .get("end_line")
                    .map_or_else(|| number(expect, "line"), |_| number(expect, "end_line")),
                number(expect, "end_column"),
            )
        })
        .collect();
    wanted.sort();
    assert_eq!(came, wanted);
}
