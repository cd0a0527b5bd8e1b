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

/// The key of a field, found by the compiler.
macro_rules! key {
    ($name:literal) => {
        const { Key::of($name) }
    };
}

/// Adds the derived fields and the stated defaults to a record. `as_of` stands in for a date that nobody gave, where
/// the membership of an organization has to be looked up.
pub fn derive(record: &mut Record, timezone: Tz, as_of: NaiveDate, comparisons: &mut Comparisons<'_>) {
    defaults(record);
    let kind = record.kind;
    put(record, key!("kind"), Value::Choice(kind.name()));
    if let Some(period) = periodic_report::period(record) {
        put(record, key!("date"), Value::When(When::Day(period.last_day())));
    } else if let Some(date) = date_of(record).cloned() {
        put(record, key!("date"), Value::When(date));
    }
    if let Some(marking) = record.marking() {
        let level = SharedLevel::Exactly(marking.level());
        put(record, key!("level"), Value::Level(level));
    }
    let departments = departments(record);
    put_words(record, key!("departments"), departments);
    let partners = codes(partners(record), &record.header);
    put(record, key!("partners"), Value::List(partners));
    shared_level(record);
    if kind == Kind::RelToChange {
        let first = earliest_day(record, timezone).unwrap_or(as_of);
        let last = latest_day(record, timezone).unwrap_or(first);
        audience(record, first, last, comparisons);
    }
}

/// Whether a record has its derived fields.
pub(super) fn is_derived(record: &Record) -> bool {
    record.fields.at(key!("kind")).is_some()
}

/// Returns the record's date: the one derived, else the first present of its kind's date fields.
pub fn date_of(record: &Record) -> Option<&When> {
    if let Some(Value::When(date)) = record.fields.at(key!("date")).map(|node| &node.value) {
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
    put_default(record, key!("significance"), Value::Choice("routine"));
    put_default(record, key!("legality"), Value::Choice("undetermined"));
    if record.kind == Kind::RelToChange {
        put_default(record, key!("exigency"), Value::Choice("none"));
    }
    if matches!(record.kind, Kind::LiaisonContact | Kind::Exchange)
        && record.fields.at(key!("ended")).is_none()
        && let Some(commenced) = record.when("commenced").cloned()
    {
        put(record, key!("ended"), Value::When(commenced));
    }
}

fn shared_level(record: &mut Record) {
    let level = match record.fields.at(key!("shared_marking")).map(|node| &node.value) {
        Some(Value::Release(other)) => other.level,
        _ => None,
    };
    if let Some(level) = level {
        put_default(record, key!("shared_level"), Value::Level(SharedLevel::Exactly(level)));
    }
}

/// Compares the audiences. Where memberships differ between the first and the last day the record's date can be, the
/// codes concerned are undeterminable.
fn audience(record: &mut Record, first: NaiveDate, last: NaiveDate, comparisons: &mut Comparisons<'_>) {
    let release = |name: Key| match record.fields.at(name).map(|node| &node.value) {
        Some(Value::Release(other)) => Some(&other.release),
        _ => None,
    };
    let (Some(from), Some(to)) = (release(key!("from")), release(key!("to"))) else {
        return;
    };
    let place = &record.header;
    let changes = if let Some(change) = comparisons.plain(from, to) {
        let (added, removed) = (codes(change.added, place), codes(change.removed, place));
        let changed = !(added.is_empty() && removed.is_empty());
        Changes {
            unchanged: codes(change.unchanged, place),
            undeterminable: Box::default(),
            disclosure_added: added.clone(),
            disclosure_removed: removed.clone(),
            added,
            removed,
            to_noforn: change.to_noforn,
            audience_changed: changed,
        }
    } else if last == first {
        Changes::of(comparisons.of(from, to, first), place)
    } else {
        let mut change = comparisons.of(from, to, first).clone();
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
        Changes::of(&change, place)
    };
    changes.put(record);
}

/// What changed between two audiences, as the record holds it.
struct Changes {
    added: Box<[Node]>,
    removed: Box<[Node]>,
    unchanged: Box<[Node]>,
    undeterminable: Box<[Node]>,
    disclosure_added: Box<[Node]>,
    disclosure_removed: Box<[Node]>,
    to_noforn: bool,
    audience_changed: bool,
}

impl Changes {
    fn of(change: &Comparison, place: &Place) -> Self {
        let codes = |set: &BTreeSet<String>| codes(set.iter().map(String::as_str), place);
        Self {
            added: codes(&change.added),
            removed: codes(&change.removed),
            unchanged: codes(&change.unchanged),
            undeterminable: codes(&change.undeterminable),
            disclosure_added: codes(&change.disclosure_added),
            disclosure_removed: codes(&change.disclosure_removed),
            to_noforn: change.to_noforn,
            audience_changed: change.audience_changed,
        }
    }

    fn put(self, record: &mut Record) {
        put(record, key!("added"), Value::List(self.added));
        put(record, key!("removed"), Value::List(self.removed));
        put(record, key!("unchanged"), Value::List(self.unchanged));
        put(record, key!("undeterminable"), Value::List(self.undeterminable));
        put(record, key!("disclosure_added"), Value::List(self.disclosure_added));
        put(record, key!("disclosure_removed"), Value::List(self.disclosure_removed));
        put(record, key!("to_noforn"), Value::Bool(self.to_noforn));
        put(record, key!("audience_changed"), Value::Bool(self.audience_changed));
    }
}

/// The other parties of a record, in order.
fn partners(record: &Record) -> Vec<&str> {
    let mut codes = record.fields.words(key!("parties"));
    if let Some(Value::Table(counterpart)) = record.fields.at(key!("counterpart")).map(|node| &node.value) {
        codes.extend(counterpart.word_at(key!("country")));
    }
    codes.extend(record.fields.word_at(key!("partner")));
    codes.retain(|code| *code != "USA");
    codes.sort_unstable();
    codes.dedup();
    codes
}

/// The department of every element named: a total table.
fn departments(record: &Record) -> Vec<&'static str> {
    let fields = &record.fields;
    let elements = fields.word_at(key!("element")).into_iter();
    let elements = elements.chain(fields.words(key!("elements_involved")));
    let mut found: Vec<&str> = elements
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
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

#[inline]
fn put(record: &mut Record, name: Key, value: Value) {
    let place = record.header.clone();
    record.fields.put_at_key(name, Node { value, place });
}

#[inline]
fn put_default(record: &mut Record, name: Key, value: Value) {
    if record.fields.at(name).is_none() {
        put(record, name, value);
    }
}

fn codes<'c>(codes: impl IntoIterator<Item = &'c str>, place: &Place) -> Box<[Node]> {
    nodes(codes.into_iter().map(|code| Value::Code(code.into())), place)
}

fn put_words(record: &mut Record, name: Key, words: Vec<&'static str>) {
    let nodes = nodes(words.into_iter().map(Value::Choice), &record.header);
    put(record, name, Value::List(nodes));
}

fn nodes(values: impl Iterator<Item = Value>, place: &Place) -> Box<[Node]> {
    values
        .map(|value| Node {
            value,
            place: place.clone(),
        })
        .collect()
}
