//! The manual's and ODNI's own cases (`primary.jsonl`, US Government works), and other programs' opinions from beside the
//! repository.

use std::collections::{BTreeMap, BTreeSet};

use relto::marking::ast::Marking;
use relto::marking::declassify::parse_declassify;
use relto::marking::parse::{Form, parse};
use relto::marking::rollup::{Profile, RollUp, roll_up};
use serde_json::Value;

/// Primary cases that do not come out, with the page and the reason.
const EXCEPTIONS: &[(&str, &str)] = &[(
    r#"["(S)","(U//FISA/FOUO)","(U//DSEN)","(U)"]"#,
    "the portion is out of Register order (FOUO before FISA, M16 p. 131) and itself a primary `invalid` row; an invalid portion has no banner",
)];

const TITLES: &[(&str, &str)] = &[
    ("FORMERLY RESTRICTED DATA", "FRD"),
    ("RESTRICTED DATA", "RD"),
    ("FOR OFFICIAL USE ONLY", "FOUO"),
];

fn rows(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).expect("a JSON object a line"))
        .collect()
}

fn texts(value: &Value) -> BTreeSet<String> {
    match value {
        Value::String(text) => text
            .split([' ', ','])
            .filter(|word| !word.is_empty())
            .map(str::to_owned)
            .collect(),
        Value::Array(items) => items
            .iter()
            .filter_map(|item| item.as_str().map(str::to_owned))
            .collect(),
        _ => BTreeSet::new(),
    }
}

/// Whether a row comes out; `None`: no case for this program (a stylesheet function, a rule in prose).
fn holds(row: &Value) -> Option<bool> {
    let (kind, expected) = (row["kind"].as_str()?, &row["expected"]);
    if kind == "rollup" {
        return rollup_holds(row["input"].as_array()?, expected);
    }
    let input = row["input"].as_str()?;
    let form = match expected["form"].as_str() {
        Some("banner") => Form::Banner,
        Some("portion") => Form::Portion,
        Some(_) => Form::Auto,
        None if expected["field"] == "Declassify On" => {
            return Some(parse_declassify(input, None).value.is_some() == (kind == "parse"));
        }
        None => return None,
    };
    let parsed = parse(input, form, None);
    if kind == "invalid" {
        return Some(!parsed.is_valid());
    }
    let Some(marking) = &parsed.marking else {
        return Some(false);
    };
    assert_eq!(
        parsed.canonical.as_deref(),
        Some(input),
        "a valid marking is its own canonical form"
    );
    let ism = &expected["ism"];
    if ism.is_object() && row["trust"] != "peer" {
        let found = relto::marking::ism::attributes(marking);
        return Some(
            found["classification"] == ism["classification"]
                && texts(&found["releasableTo"]) == texts(&ism["releasableTo"]),
        );
    }
    Some(true)
}

fn rollup_holds(input: &[Value], expected: &Value) -> Option<bool> {
    let portions = input
        .iter()
        .map(|item| item.as_str().or_else(|| item["portion_mark"].as_str()));
    let portions: Vec<&str> = portions.collect::<Option<_>>()?;
    if expected["banner"].is_null() && expected["banner_ism"].is_null() {
        return None;
    }
    let markings: Option<Vec<Marking>> = portions
        .iter()
        .map(|text| parse(text, Form::Portion, None).marking)
        .collect();
    let rolled = markings.map_or_else(RollUp::default, |markings| roll_up(&markings, &Profile::default()));
    let (Some(banner), Some(marking)) = (rolled.banner, rolled.marking) else {
        return Some(false);
    };
    assert!(!rolled.because.is_empty());
    assert_eq!(
        parse(&banner, Form::Banner, None).marking.as_ref(),
        Some(&marking),
        "{banner} reads as what it is"
    );
    if let Some(wanted) = expected["banner"].as_str() {
        let plain = TITLES
            .iter()
            .fold(wanted.to_owned(), |text, (title, short)| text.replace(title, short));
        return Some(banner == plain);
    }
    let ism = &expected["banner_ism"];
    let found = relto::marking::ism::attributes(&marking);
    let has = |token: &Value| {
        let (attribute, token) = token.as_str().unwrap_or_default().split_once(':').unwrap_or_default();
        match attribute {
            // not of the banner, or where ODNI's transform keeps SBU and the manual does not (pp. 178-180)
            "declassException" => None,
            "nonICmarkings" if marking.level().is_classified() => None,
            _ => Some(texts(&found[attribute]).contains(token)),
        }
    };
    let empty = Vec::new();
    let list = |name: &str| ism[name].as_array().unwrap_or(&empty).iter();
    let equals = ism["equals"]
        .as_object()
        .into_iter()
        .flatten()
        .all(|(name, value)| texts(&found[name]) == texts(value));
    Some(
        equals
            && list("contains").all(|token| has(token) != Some(false))
            && list("not_contains").all(|token| has(token) != Some(true))
            && list("present").all(|name| !found[name.as_str().unwrap_or_default()].is_null())
            && list("absent").all(|name| found[name.as_str().unwrap_or_default()].is_null()),
    )
}

#[test]
fn every_primary_case_but_the_exceptions() {
    let mut left: BTreeSet<&str> = EXCEPTIONS.iter().map(|(input, _)| *input).collect();
    let mut count = 0;
    for row in rows(include_str!("primary.jsonl"))
        .iter()
        .filter(|row| row["trust"] == "primary")
    {
        let input = match &row["input"] {
            Value::Array(items) => {
                let marks = items
                    .iter()
                    .map(|item| item.get("portion_mark").unwrap_or(item).clone());
                Value::Array(marks.collect()).to_string()
            }
            other => other.to_string(),
        };
        match holds(row) {
            None => {}
            Some(_) if left.remove(input.as_str()) => {
                assert_eq!(holds(row), Some(false), "{input} is no exception any more");
            }
            Some(true) => count += 1,
            Some(false) => panic!(
                "{} {input}: expected {} ({})",
                row["kind"], row["expected"], row["note"]
            ),
        }
    }
    assert!(left.is_empty(), "exceptions without a case: {left:?}");
    assert_eq!(count, 207);
}

#[test]
fn agreement_with_other_programs() {
    let Some(text) = crate::shared("conformance/markings.jsonl") else {
        return;
    };
    let mut score: BTreeMap<(String, String), (usize, usize)> = BTreeMap::new();
    for row in rows(&text) {
        let key = (
            row["trust"].as_str().unwrap_or_default().to_owned(),
            row["kind"].as_str().unwrap_or_default().to_owned(),
        );
        if let Some(holds) = holds(&row) {
            let entry = score.entry(key).or_default();
            entry.0 += usize::from(holds);
            entry.1 += 1;
        }
    }
    for ((trust, kind), percent) in [(("peer", "parse"), 75), (("peer", "invalid"), 80)] {
        let (good, all) = score[&(trust.to_owned(), kind.to_owned())];
        assert!(good * 100 >= all * percent, "{trust} {kind} {good}/{all}");
    }
}
