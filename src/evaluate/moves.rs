//! What can be changed in a made-up record to turn a condition: for each test the few values on both sides of its edge.
//!
//! Every field has a finite domain as far as rules can tell its values apart. Derived fields turn by what they are derived
//! from: audiences by `from` and `to`, partners by the counterpart, departments by the element. Whatever comes out is
//! judged by the evaluator itself; nothing here is taken on trust.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::evaluate::decision::{Leaf, What};
use crate::evaluate::draft::{Draft, DraftRecord, Raw, example, required, shifted};
use crate::marking::vocabulary::Vocabulary;
use crate::policy::rule::{Condition, Followed, Measure, Operand, Operator, Test, WindowTest};
use crate::record::field::{Type, field, type_at};
use crate::record::kind::Kind;

/// One change of a draft.
#[derive(Debug, Clone)]
pub(super) enum Move {
    /// Sets fields of the judged record, or takes them away.
    Set(Vec<(String, Option<Raw>)>),
    /// Moves every date so that the record's date is this day.
    Date(NaiveDate),
    /// Puts further records of the same kind before the judged one, so many days earlier each; all others go.
    Earlier(Vec<i64>),
    /// Puts a record beside the judged one, dated so many days after it, and links the two.
    Beside(DraftRecord, i64, Vec<String>),
    /// Takes every record away but the judged one.
    Lone,
    /// Leaves no more of the record's date than a span that no window holds.
    Vague,
    /// Switches rules on that `fires` names.
    Enable(Vec<String>),
}

impl Move {
    pub(super) fn apply(&self, draft: &Draft) -> Draft {
        let mut out = draft.clone();
        match self {
            Move::Set(fields) => {
                for (path, value) in fields {
                    out.records[0].set(path, value.clone());
                }
            }
            Move::Date(day) => {
                if let Some((_, now)) = date_of(&out.records[0]) {
                    out.shift(day.signed_duration_since(now).num_days());
                } else {
                    date(&mut out.records[0], *day);
                }
            }
            Move::Earlier(days) => {
                let main = out.records.swap_remove(0);
                let earlier: Vec<DraftRecord> = days
                    .iter()
                    .enumerate()
                    .map(|(at, days)| {
                        let mut copy = main.clone();
                        copy.set("id", Some(Raw::text(format!("T-1-{}", at + 1))));
                        copy.shift(-days);
                        copy
                    })
                    .collect();
                out.records = std::iter::once(main).chain(earlier).collect();
                // The judged record comes last where the dates are the same: ties go by id.
                out.records[0].set("id", Some(Raw::text("T-2")));
            }
            Move::Beside(other, days, same) => {
                let Some((_, day)) = date_of(&out.records[0]) else {
                    return out;
                };
                let mut other = other.clone();
                date(&mut other, shifted(day, *days));
                let own = out.records[0].get("id").cloned();
                for path in same {
                    let link = matches!(
                        type_at(other.kind, path),
                        Some((Type::Link | Type::List(Type::Link), _))
                    );
                    let value = if link {
                        own.clone()
                    } else {
                        out.records[0].get(path).cloned()
                    };
                    other.set(path, value);
                }
                out.records.truncate(1);
                out.records.push(other);
            }
            Move::Lone => out.records.truncate(1),
            Move::Vague => {
                if let Some((name, day)) = date_of(&out.records[0]) {
                    let text = format!("{}/{}", shifted(day, -400), day);
                    out.records[0].set(name, Some(Raw::text(text)));
                }
            }
            Move::Enable(rules) => out.enable.clone_from(rules),
        }
        out
    }
}

/// Dates a record by the first of the fields that date its kind.
pub(super) fn date(record: &mut DraftRecord, day: NaiveDate) {
    let Some(name) = record.kind.date_fields().first() else {
        return;
    };
    let value = match type_at(record.kind, name) {
        Some((Type::Period, _)) => month(day),
        _ => Raw::Day(day),
    };
    record.set(name, Some(value));
}

/// The month of a day as a period.
fn month(day: NaiveDate) -> Raw {
    Raw::text(day.format("%Y-%m").to_string())
}

/// The field that dates a record, and its day.
pub(super) fn date_of(record: &DraftRecord) -> Option<(&'static str, NaiveDate)> {
    record
        .kind
        .date_fields()
        .iter()
        .find_map(|name| match record.get(name)? {
            Raw::Day(day) => Some((*name, *day)),
            Raw::Bare(text) => {
                let day = NaiveDate::parse_from_str(text.split('T').next()?, "%Y-%m-%d").ok()?;
                Some((*name, day))
            }
            _ => None,
        })
}

/// Every change that may turn a leaf, either way. `on` is a day on which organizations are looked up.
pub(super) fn of(leaf: &Leaf<'_>, kind: Kind, on: NaiveDate) -> Vec<Move> {
    // A report is dated by the end of its period: a month is moved, not a day.
    if let (Some(name), What::From(day) | What::Until(day)) = (kind.date_fields().first(), leaf.what)
        && matches!(type_at(kind, name), Some((Type::Period, _)))
    {
        let months = [day, shifted(day, -31), shifted(day, 31)];
        return months.into_iter().map(|day| set(name, month(day))).collect();
    }
    match leaf.what {
        What::From(day) => vec![Move::Date(day), Move::Date(shifted(day, -1))],
        What::Until(day) => vec![Move::Date(day), Move::Date(shifted(day, 1))],
        What::Preceded(followed) => beside(followed, &[-1, 0]),
        What::Followed(followed) => beside(followed, &[0, 1]),
        What::Condition(Condition::Test(test)) => tests(test, kind, on),
        What::Condition(Condition::Window(window)) => windows(window),
        What::Condition(_) => Vec::new(),
    }
}

fn beside(followed: &Followed, days: &[i64]) -> Vec<Move> {
    let mut other = DraftRecord::new(followed.kind, "T-9");
    if let Some(when) = &followed.when {
        let mut found = Vec::new();
        tests_of(when, &mut found);
        for test in found {
            let first = tests(test, followed.kind, NaiveDate::default()).into_iter().next();
            if let Some(Move::Set(fields)) = first {
                for (path, value) in fields {
                    other.set(&path, value);
                }
            }
        }
    }
    let put = |days: &i64| Move::Beside(other.clone(), *days, followed.same.clone());
    days.iter().map(put).chain([Move::Lone]).collect()
}

/// The tests of a condition, those inside windows left out.
pub(super) fn tests_of<'r>(condition: &'r Condition, found: &mut Vec<&'r Test>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| tests_of(part, found)),
        Condition::Not(inner) => tests_of(inner, found),
        Condition::Test(test) => found.push(test),
        Condition::Window(_) | Condition::Fires { .. } => {}
    }
}

fn windows(window: &WindowTest) -> Vec<Move> {
    match &window.measure {
        Measure::AtLeast(bound) => {
            let others = usize::try_from(*bound).unwrap_or(1).clamp(1, 50) - 1;
            let edge = match window.within {
                crate::calendar::window::Window::Days(days) => i64::from(days),
                _ => 0,
            };
            vec![
                Move::Earlier(vec![edge; others]),
                Move::Earlier(vec![0; others]),
                Move::Earlier(vec![edge + 1; others]),
                Move::Lone,
            ]
        }
        Measure::SumMoreThan { path, bound } => [bound + 1, *bound]
            .into_iter()
            .map(|number| set(&path.text, Raw::Bare(number.to_string())))
            .chain([Move::Lone, Move::Vague])
            .collect(),
    }
}

fn set(path: &str, value: Raw) -> Move {
    Move::Set(vec![(path.to_owned(), Some(value))])
}

fn unset(path: &str) -> Move {
    Move::Set(vec![(path.to_owned(), None)])
}

/// Fields that are derived from `from` and `to`.
const AUDIENCE: &[&str] = &[
    "added",
    "removed",
    "unchanged",
    "undeterminable",
    "disclosure_added",
    "disclosure_removed",
    "to_noforn",
    "audience_changed",
];

/// Codes of which one is likely to stand outside a set.
const OTHERS: &[&str] = &["BRA", "JPN", "GBR", "IND", "RUS", "DEU"];

fn tests(test: &Test, kind: Kind, on: NaiveDate) -> Vec<Move> {
    let path = test.path.text.as_str();
    if AUDIENCE.contains(&path) {
        return audiences(test, on);
    }
    match path {
        "date" | "kind" => return Vec::new(),
        "partners" => {
            let source = match kind {
                Kind::SharingChange => "partner",
                Kind::Agreement => "parties",
                _ => "counterpart.country",
            };
            let list = source == "parties";
            let value = |code: String| {
                if list {
                    Raw::List(vec![Raw::text(code)])
                } else {
                    Raw::text(code)
                }
            };
            return codes(test, on)
                .into_iter()
                .map(|code| set(source, value(code)))
                .chain([unset(source)])
                .collect();
        }
        "departments" => {
            return ["NSA", "FBI", "STATE", "DOE", "DHS", "TREASURY", "EOP", "CIA", "OSS"]
                .into_iter()
                .map(|element| set("element", Raw::text(element)))
                .chain([unset("element")])
                .collect();
        }
        "level" => {
            return ["U", "C", "S", "TS"]
                .into_iter()
                .map(|level| {
                    set(
                        "marking",
                        Raw::text(if level == "U" {
                            "U".to_owned()
                        } else {
                            format!("{level}//NF")
                        }),
                    )
                })
                .collect();
        }
        _ => {}
    }
    let Some((of, _)) = type_at(kind, path) else {
        return Vec::new();
    };
    let mut moves: Vec<Move> = values(test, of, kind, path, on)
        .into_iter()
        .map(|value| set(path, value))
        .collect();
    moves.push(unset(path));
    if let Some((table, _)) = path.split_once('.') {
        moves.push(unset(table));
    }
    moves
}

fn operands(test: &Test) -> &[Operand] {
    match &test.operator {
        Operator::Is(operands) | Operator::AnyOf(operands) | Operator::AllOf(operands) | Operator::NoneOf(operands) => {
            operands
        }
        _ => &[],
    }
}

fn words(test: &Test) -> Vec<String> {
    operands(test)
        .iter()
        .filter_map(|operand| match operand {
            Operand::Word(word) => Some(word.clone()),
            _ => None,
        })
        .collect()
}

/// Codes inside and outside the set of a test: each that is named, a member of each organization, and two of no set.
fn codes(test: &Test, on: NaiveDate) -> Vec<String> {
    let vocabulary = Vocabulary::standard();
    let mut inside = words(test);
    let mut all: BTreeSet<String> = inside.iter().cloned().collect();
    for operand in operands(test) {
        if let Operand::Organization(code) = operand {
            let mut members = vocabulary.members(code, on).unwrap_or_default();
            members.remove("USA");
            inside.extend(members.iter().next().cloned());
            all.extend(members);
        }
    }
    let outside: Vec<String> = OTHERS
        .iter()
        .filter(|code| !all.contains(**code))
        .take(2)
        .map(|code| (*code).to_owned())
        .collect();
    inside.truncate(8);
    inside.extend(outside);
    inside
}

fn audiences(test: &Test, on: NaiveDate) -> Vec<Move> {
    let pair = |from: &str, to: &str| {
        Move::Set(vec![
            ("from".to_owned(), Some(Raw::text(from))),
            ("to".to_owned(), Some(Raw::text(to))),
        ])
    };
    let release = |first: &[&str]| {
        let mut codes: Vec<&str> = first.to_vec();
        codes.sort_unstable();
        codes.dedup();
        format!("SECRET//REL TO USA, {}, FVEY", codes.join(", "))
    };
    let alone = "SECRET//REL TO USA, FVEY".to_owned();
    let mut moves = Vec::new();
    let mut codes = codes(test, on);
    if codes.is_empty() {
        codes = vec!["JPN".to_owned()];
    }
    let members: Vec<String> = Vocabulary::standard()
        .members("FVEY", on)
        .unwrap_or_default()
        .into_iter()
        .collect();
    for code in &codes {
        let with = if members.contains(code) {
            format!("SECRET//REL TO USA, {code}")
        } else {
            release(&[code])
        };
        let without = if members.contains(code) {
            "SECRET//NOFORN".to_owned()
        } else {
            alone.clone()
        };
        moves.push(pair(&without, &with));
        moves.push(pair(&with, &without));
        moves.push(pair(&with, &with));
        moves.push(pair(&with, "SECRET//NOFORN"));
        moves.push(pair("SECRET//NOFORN", &format!("SECRET//DISPLAY ONLY {code}")));
        moves.push(pair(&format!("SECRET//DISPLAY ONLY {code}"), "SECRET//NOFORN"));
    }
    // Several codes at once, for `all_of` and sets that must be the same.
    let several: Vec<&str> = codes
        .iter()
        .map(String::as_str)
        .filter(|code| !members.iter().any(|member| member == code))
        .collect();
    if several.len() > 1 {
        moves.push(pair(&alone, &release(&several)));
        moves.push(pair(&release(&several), &alone));
    }
    for code in &codes {
        for (name, text) in [
            ("from", format!("SECRET//REL TO USA, {code}")),
            ("to", format!("SECRET//REL TO USA, {code}")),
        ] {
            moves.push(set(name, Raw::text(text)));
        }
    }
    moves.push(pair("SECRET//RELIDO", "SECRET//NOFORN"));
    moves.push(pair(&alone, "SECRET//NOFORN"));
    moves.push(pair("SECRET//NOFORN", "SECRET//NOFORN"));
    moves.push(pair("SECRET//NOFORN", &alone));
    moves.push(pair(&alone, "SECRET//REL TO USA, AUS, CAN, GBR, NZL"));
    moves
}

/// The values of a field that its test tells apart.
fn values(test: &Test, of: Type, kind: Kind, path: &str, on: NaiveDate) -> Vec<Raw> {
    match of {
        Type::Choice(all) => choice(test, all).into_iter().map(Raw::text).collect(),
        Type::Bool => vec![Raw::Bare("true".to_owned()), Raw::Bare("false".to_owned())],
        Type::Code => codes(test, on).into_iter().map(Raw::text).collect(),
        Type::Level => ["U", "C", "S", "TS", "classified"].into_iter().map(Raw::text).collect(),
        Type::Integer => numbers(test)
            .into_iter()
            .map(|number| Raw::Bare(number.to_string()))
            .collect(),
        Type::When => later(test, on),
        Type::List(part) => lists(test, *part, kind, path, on),
        Type::Table(_) => vec![required(kind, path)],
        Type::Period => vec![month(on), Raw::text("2024")],
        Type::OtherMarking => vec![Raw::text("SECRET//NOFORN")],
        Type::PortionMark => vec![Raw::text("U")],
        Type::Text | Type::Portion | Type::Id | Type::Link | Type::Rule | Type::Recipient => {
            let mut texts = words(test);
            texts.truncate(3);
            let own = path
                .split('.')
                .next_back()
                .and_then(|name| field(kind, name))
                .map_or_else(|| Raw::text("Example"), example);
            let mut values: Vec<Raw> = texts.into_iter().map(Raw::text).collect();
            values.push(match of {
                Type::Link => Raw::text("T-8"),
                _ if matches!(own, Raw::Quoted(_)) => own,
                _ => Raw::text("Example"),
            });
            values
        }
    }
}

/// Words of a list: those of the test, then others, then those that count as unknown.
fn choice(test: &Test, all: &[&'static str]) -> Vec<String> {
    let named = words(test);
    let mut found: Vec<String> = named.iter().take(3).cloned().collect();
    found.extend(
        all.iter()
            .filter(|word| !named.iter().any(|known| known == *word))
            .map(|word| (*word).to_owned()),
    );
    found
}

fn numbers(test: &Test) -> Vec<i64> {
    match &test.operator {
        Operator::AtLeast(bound) => vec![*bound, bound - 1],
        Operator::AtMost(bound) => vec![*bound, bound + 1],
        Operator::MoreThan(bound) => vec![bound + 1, *bound],
        _ => operands(test)
            .iter()
            .filter_map(|operand| match operand {
                Operand::Number(number) => Some([*number, number + 1]),
                _ => None,
            })
            .flatten()
            .chain([1])
            .collect(),
    }
}

/// Days before and after the lengths that deadlines are made of.
fn later(test: &Test, on: NaiveDate) -> Vec<Raw> {
    let mut days: Vec<i64> = vec![0, 1, 2, 3, 10, 400];
    if let Operator::LaterThan(deadline) = &test.operator {
        let number = deadline.text().split(' ').find_map(|word| word.parse::<i64>().ok());
        let hours = deadline.text().contains("hour");
        if let Some(number) = number.filter(|number| (1..40_000).contains(number)) {
            let length = if hours { number / 24 } else { number };
            days.extend([length, length + 1, length + 2, -length, -length - 1]);
        }
    }
    let mut values: Vec<Raw> = days.into_iter().map(|days| Raw::Day(shifted(on, days))).collect();
    values.dedup();
    values
}

fn lists(test: &Test, part: Type, kind: Kind, path: &str, on: NaiveDate) -> Vec<Raw> {
    let one = |item: Raw| Raw::List(vec![item]);
    let mut lists = Vec::new();
    match part {
        Type::Table(_) => lists.push(one(required(kind, path))),
        Type::When => lists.push(one(Raw::Day(on))),
        _ => {
            let items: Vec<Raw> = match part {
                Type::Choice(all) => choice(test, all).into_iter().take(5).map(Raw::text).collect(),
                Type::Code => codes(test, on).into_iter().map(Raw::text).collect(),
                _ => {
                    let mut texts: Vec<Raw> = words(test).into_iter().take(3).map(Raw::text).collect();
                    texts.push(Raw::text("Example"));
                    texts
                }
            };
            let named: Vec<Raw> = words(test).into_iter().map(Raw::text).collect();
            if named.len() > 1 {
                lists.push(Raw::List(named));
            }
            lists.extend(items.iter().cloned().map(one));
            if items.len() > 1 {
                lists.push(Raw::List(items[..2].to_vec()));
                lists.push(Raw::List(items.clone()));
            }
        }
    }
    lists.push(Raw::List(Vec::new()));
    lists
}
