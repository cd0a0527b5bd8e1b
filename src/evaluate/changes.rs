//! What two versions of the rules demand of the same records, compared.

use std::collections::BTreeMap;

use crate::base::shared::Shared;
use crate::evaluate::obligation::Obligation;
use crate::evaluate::pack_test::when_due;

/// One obligation that came, went, or changed.
#[derive(Debug, PartialEq, Eq)]
pub struct Change {
    /// The record; nothing for a rule per period.
    pub record: Option<Shared>,
    pub rule: Shared,
    pub duty: Option<Shared>,
    pub period: Option<Shared>,
    pub what: What,
}

#[derive(Debug, PartialEq, Eq)]
pub enum What {
    /// Newly due, by this day.
    Due(String),
    /// No longer due; it was, by this day.
    Gone(String),
    /// Due by another day.
    Moved { old: String, new: String },
    /// Owed to others.
    Recipients { gained: Vec<String>, lost: Vec<String> },
}

/// Compares obligations by record, rule, duty and period.
pub fn between(old: &[Obligation], new: &[Obligation]) -> Vec<Change> {
    let (before, after) = (by_key(old), by_key(new));
    let mut changes = Vec::new();
    for owed in old {
        let Some(other) = after.get(&key(owed)) else {
            changes.push(change(owed, What::Gone(due(owed))));
            continue;
        };
        if due(owed) != due(other) {
            let (old, new) = (due(owed), due(other));
            changes.push(change(owed, What::Moved { old, new }));
        }
        let missing = |from: &[String], than: &[String]| -> Vec<String> {
            from.iter().filter(|id| !than.contains(id)).cloned().collect()
        };
        let gained = missing(&other.recipients, &owed.recipients);
        let lost = missing(&owed.recipients, &other.recipients);
        if !gained.is_empty() || !lost.is_empty() {
            changes.push(change(owed, What::Recipients { gained, lost }));
        }
    }
    let fresh = new.iter().filter(|owed| !before.contains_key(&key(owed)));
    changes.extend(fresh.map(|owed| change(owed, What::Due(due(owed)))));
    changes
}

/// What makes two obligations one and the same.
type Key<'o> = (Option<&'o str>, &'o str, Option<&'o str>, Option<&'o str>);

fn key(owed: &Obligation) -> Key<'_> {
    (
        owed.record.as_deref(),
        &owed.rule,
        owed.duty.as_deref(),
        owed.period.as_deref(),
    )
}

/// Obligations by what makes them themselves; of several, the first.
fn by_key(all: &[Obligation]) -> BTreeMap<Key<'_>, &Obligation> {
    all.iter().rev().map(|owed| (key(owed), owed)).collect()
}

fn change(owed: &Obligation, what: What) -> Change {
    Change {
        record: owed.record.clone(),
        rule: owed.rule.clone(),
        duty: owed.duty.clone(),
        period: owed.period.clone(),
        what,
    }
}

/// When it is due; what is not determined says from when on it may be.
fn due(owed: &Obligation) -> String {
    match (&owed.due.at, &owed.due.earliest) {
        (None, Some(earliest)) => format!("{earliest} or later"),
        _ => when_due(owed),
    }
}
