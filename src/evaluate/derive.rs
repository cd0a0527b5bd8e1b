//! What relto derives from a record, so that rules, letters and `explain` can read it like any other field.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::base::source::Place;
use crate::calendar::date::When;
use crate::marking::audience::{Comparison, Comparisons};
use crate::record::kind::Kind;
use crate::record::periodic_report;
use crate::record::value::{Key, Node, Record, SharedLevel, Value};

/// Adds the derived fields and the stated defaults to a record. `as_of` stands in for a date that nobody gave, where
/// the membership of an organization has to be looked up.
pub fn derive(record: &mut Record, timezone: Tz, as_of: NaiveDate, comparisons: &mut Comparisons<'_>) {
    defaults(record);
    let kind = record.kind;
    put(record, "kind", Value::Choice(kind.name()));
    if let Some(period) = periodic_report::period(record) {
        put(record, "date", Value::When(When::Day(period.last_day())));
    } else if let Some(date) = date_of(record).cloned() {
        put(record, "date", Value::When(date));
    }
    if let Some(marking) = record.marking() {
        let level = SharedLevel::Exactly(marking.level());
        put(record, "level", Value::Level(level));
    }
    let departments = departments(record);
    put_words(record, "departments", departments);
    let partners = partners(record);
    put_codes(record, "partners", &partners);
    shared_level(record);
    if kind == Kind::RelToChange {
        let first = earliest_day(record, timezone).unwrap_or(as_of);
        let last = latest_day(record, timezone).unwrap_or(first);
        audience(record, first, last, comparisons);
    }
}

/// Returns the record's date: the one derived, else the first present of its kind's date fields.
pub fn date_of(record: &Record) -> Option<&When> {
    const DATE: Key<'_> = Key::of("date");
    if let Some(Value::When(date)) = record.fields.at(DATE).map(|node| &node.value) {
        return Some(date);
    }
    let mut fields = record.kind.date_fields().iter();
    fields.find_map(|field| record.when(field))
}

/// Returns the first day the record's date can be, in the workspace's time zone.
pub fn earliest_day(record: &Record, timezone: Tz) -> Option<NaiveDate> {
    date_of(record)?.earliest_day(timezone)
}

/// Returns the last day the record's date can be.
pub fn latest_day(record: &Record, timezone: Tz) -> Option<NaiveDate> {
    date_of(record)?.latest_day(timezone)
}

fn defaults(record: &mut Record) {
    put_default(record, "significance", Value::Choice("routine"));
    put_default(record, "legality", Value::Choice("undetermined"));
    if record.kind == Kind::RelToChange {
        put_default(record, "exigency", Value::Choice("none"));
    }
    if matches!(record.kind, Kind::LiaisonContact | Kind::Exchange)
        && let Some(commenced) = record.when("commenced").cloned()
    {
        put_default(record, "ended", Value::When(commenced));
    }
}

fn shared_level(record: &mut Record) {
    let level = match record.get("shared_marking").map(|node| &node.value) {
        Some(Value::Release(other)) => other.level,
        _ => None,
    };
    if let Some(level) = level {
        put_default(record, "shared_level", Value::Level(SharedLevel::Exactly(level)));
    }
}

/// Compares the audiences. Where memberships differ between the first and the last day the record's date can be, the
/// codes concerned are undeterminable.
fn audience(record: &mut Record, first: NaiveDate, last: NaiveDate, comparisons: &mut Comparisons<'_>) {
    let release = |name: &str| match record.get(name).map(|node| &node.value) {
        Some(Value::Release(other)) => Some(other.release.clone()),
        _ => None,
    };
    let (Some(from), Some(to)) = (release("from"), release("to")) else {
        return;
    };
    if last == first {
        put_changes(record, comparisons.of(from, to, first));
    } else {
        let mut change = comparisons.of(from.clone(), to.clone(), first).clone();
        let other = comparisons.of(from, to, last).clone();
        let sets = [
            (&mut change.added, other.added),
            (&mut change.removed, other.removed),
            (&mut change.unchanged, other.unchanged),
            (&mut change.disclosure_added, other.disclosure_added),
            (&mut change.disclosure_removed, other.disclosure_removed),
        ];
        for (mine, other) in sets {
            change.undeterminable.extend(mine.symmetric_difference(&other).cloned());
            *mine = mine.intersection(&other).cloned().collect();
        }
        change.undeterminable.extend(other.undeterminable);
        change.audience_changed |= other.audience_changed || !change.undeterminable.is_empty();
        put_changes(record, &change);
    }
}

fn put_changes(record: &mut Record, change: &Comparison) {
    put_codes(record, "added", &change.added);
    put_codes(record, "removed", &change.removed);
    put_codes(record, "unchanged", &change.unchanged);
    put_codes(record, "undeterminable", &change.undeterminable);
    put_codes(record, "disclosure_added", &change.disclosure_added);
    put_codes(record, "disclosure_removed", &change.disclosure_removed);
    put(record, "to_noforn", Value::Bool(change.to_noforn));
    put(record, "audience_changed", Value::Bool(change.audience_changed));
}

fn partners(record: &Record) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    for path in ["counterpart.country", "partner"] {
        codes.extend(record.text(path).map(str::to_string));
    }
    codes.extend(record.texts("parties").into_iter().map(str::to_string));
    codes.remove("USA");
    codes
}

/// The department of every element named: a total table.
fn departments(record: &Record) -> BTreeSet<&'static str> {
    let elements = record
        .text("element")
        .into_iter()
        .chain(record.texts("elements_involved"));
    elements
        .map(|element| match element {
            "DOD" | "NSA" | "DIA" | "NGA" | "NRO" | "ARMY" | "NAVY" | "AIR_FORCE" | "MARINE_CORPS" | "SPACE_FORCE" => {
                "DOD"
            }
            "FBI" | "DEA" => "DOJ",
            "STATE" => "STATE",
            "DOE" => "DOE",
            "DHS" | "USCG" => "DHS",
            "TREASURY" => "TREASURY",
            "EOP" => "EOP",
            "OSS" => "historical",
            _ => "independent",
        })
        .collect()
}

fn put(record: &mut Record, name: &'static str, value: Value) {
    let place = record.header.clone();
    record.fields.put(name, Node { value, place });
}

fn put_default(record: &mut Record, name: &'static str, value: Value) {
    if record.fields.get(name).is_none() {
        put(record, name, value);
    }
}

fn put_codes(record: &mut Record, name: &'static str, codes: &BTreeSet<String>) {
    let nodes = nodes(codes.iter().map(|code| Value::Code(code.clone())), &record.header);
    put(record, name, Value::List(nodes));
}

fn put_words(record: &mut Record, name: &'static str, words: BTreeSet<&'static str>) {
    let nodes = nodes(words.into_iter().map(Value::Choice), &record.header);
    put(record, name, Value::List(nodes));
}

fn nodes(values: impl Iterator<Item = Value>, place: &Place) -> Vec<Node> {
    values
        .map(|value| Node {
            value,
            place: place.clone(),
        })
        .collect()
}
