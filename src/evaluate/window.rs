//! Windows: how many records of the same partner lie in the days before this one.
//!
//! Counted are records that meet the rule's other lines, are not excepted, and are dated on or before this one, ties by
//! id. An imprecise date counts by its last day, and only where its whole interval fits the window. Absent and unknown
//! values never match.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::evaluate::condition::{Windows, is_unknown, text_of};
use crate::evaluate::derive;
use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::say::listed;
use crate::policy::rule::{Condition, Measure, Outcome, Rule, WindowTest};
use crate::record::value::{Record, Value};

/// The records one window may count, by the values of its `same` fields, each group sorted by last day and id.
pub(super) type Index = BTreeMap<Vec<String>, Vec<Entry>>;

#[derive(Debug, Clone)]
pub(super) struct Entry {
    last: NaiveDate,
    id: String,
    first: NaiveDate,
    amount: i64,
}

/// Every window index of a run, built when first needed. The key is the window itself, by its address: editions of one
/// rule have windows of their own at one place.
pub(super) type Indexes = RefCell<BTreeMap<usize, Rc<Index>>>;

/// What a window counts for a record.
pub(super) struct Count {
    index: Rc<Index>,
    key: Vec<String>,
    /// Where the counted entries stand in their group; or why nothing counts.
    counted: Result<Vec<usize>, &'static str>,
    /// Whether the record itself is among them.
    own: bool,
}

impl Count {
    fn nothing(index: Rc<Index>, why: &'static str) -> Count {
        Count {
            index,
            key: Vec::new(),
            counted: Err(why),
            own: false,
        }
    }

    /// The counted entries, in the order of their dates.
    fn entries(&self) -> impl Iterator<Item = &Entry> {
        let group = self.index.get(&self.key).map(Vec::as_slice).unwrap_or_default();
        let counted = self.counted.as_deref().unwrap_or_default();
        counted.iter().filter_map(|at| group.get(*at))
    }

    fn sum(&self) -> i64 {
        self.entries().fold(0, |sum, entry| sum.saturating_add(entry.amount))
    }

    pub(super) fn outcome(&self, window: &WindowTest) -> Outcome {
        Outcome::of(match &window.measure {
            Measure::AtLeast(bound) => self.own && i64::try_from(self.entries().count()).unwrap_or(i64::MAX) >= *bound,
            Measure::SumMoreThan { bound, .. } => self.counted.is_ok() && self.sum() > *bound,
        })
    }

    /// What was counted, in words.
    pub(super) fn words(&self, window: &WindowTest) -> String {
        if let Err(why) = &self.counted {
            return (*why).to_string();
        }
        let ids: Vec<&str> = self.entries().map(|entry| entry.id.as_str()).collect();
        let (within, listed) = (&window.within, listed(&ids));
        match &window.measure {
            Measure::AtLeast(_) => format!("{} within {within}: {listed}", ids.len()),
            Measure::SumMoreThan { path, .. } => {
                format!("{} comes to {} within {within}: {listed}", path.text, self.sum())
            }
        }
    }
}

impl<'c> Evaluator<'c> {
    /// Counts a window for a record.
    pub(super) fn window(&self, window: &WindowTest, record: &Record) -> Count {
        let index = self.index(window);
        let (Some(anchor), Some(key)) = (self.days(record).last, same(record, window)) else {
            return Count::nothing(index, "not countable: date or counterpart not known");
        };
        counted(window, record, index, key, anchor)
    }

    /// How a window comes out if the record itself met every other line of its rule.
    pub(super) fn window_with_itself(&self, window: &WindowTest, record: &Record) -> Outcome {
        let index = self.index(window);
        let (Some(anchor), Some(key)) = (self.days(record).last, same(record, window)) else {
            return Outcome::False;
        };
        let mut group = index.get(&key).cloned().unwrap_or_default();
        if group.iter().all(|entry| entry.id != record.id)
            && window
                .filter
                .as_ref()
                .is_none_or(|filter| self.outcome(filter, record, Windows::Assumed, 0, None) == Outcome::True)
            && let Some(own) = entry(window, record, self.case.calendar.timezone)
        {
            group.push(own);
            group.sort_by(|a, b| (a.last, &a.id).cmp(&(b.last, &b.id)));
        }
        let index = Rc::new(Index::from([(key.clone(), group)]));
        counted(window, record, index, key, anchor).outcome(window)
    }

    fn index(&self, window: &WindowTest) -> Rc<Index> {
        let key = std::ptr::from_ref(window).addr();
        if let Some(index) = self.indexes.borrow().get(&key) {
            return Rc::clone(index);
        }
        let Some(rule) = self.rule_of(window) else {
            return Rc::default();
        };
        let timezone = self.case.calendar.timezone;
        let excepts_itself = rule.unless.as_ref().is_some_and(|unless| holds(unless, window));
        let mut index = Index::new();
        for kind in &rule.applies_to {
            let records = self.case.records.iter().filter(|record| record.kind == *kind);
            // The record that supersedes another counts for both.
            let records = records.filter(|record| self.case.superseding(&record.id).is_none());
            for record in self.counted(rule, *kind, excepts_itself, records) {
                let filter = window.filter.as_ref();
                let meets =
                    |filter: &Condition| self.outcome(filter, record, Windows::Assumed, 0, None) == Outcome::True;
                if filter.is_some_and(|filter| !meets(filter)) {
                    continue;
                }
                let Some(key) = same(record, window) else { continue };
                let Some(entry) = entry(window, record, timezone) else {
                    continue;
                };
                index.entry(key).or_default().push(entry);
            }
        }
        for group in index.values_mut() {
            group.sort_by(|a, b| (a.last, &a.id).cmp(&(b.last, &b.id)));
        }
        let index = Rc::new(index);
        self.indexes.borrow_mut().insert(key, Rc::clone(&index));
        index
    }

    /// The rule that a window stands in.
    fn rule_of(&self, window: &WindowTest) -> Option<&'c Rule> {
        self.case.policy.rules.iter().flat_map(Rule::editions).find(|rule| {
            let of_duties = rule
                .duties
                .iter()
                .flat_map(|duty| duty.when.iter().chain(duty.or_else.iter().map(|other| &other.when)));
            std::iter::once(&rule.when)
                .chain(&rule.unless)
                .chain(of_duties)
                .any(|condition| holds(condition, window))
        })
    }
}

/// Counts the group of a record back from the record.
fn counted(window: &WindowTest, record: &Record, index: Rc<Index>, key: Vec<String>, anchor: NaiveDate) -> Count {
    let group = index.get(&key).map(Vec::as_slice).unwrap_or_default();
    // Without the record itself in the group, it does not meet the lines.
    let Ok(own) = group.binary_search_by(|entry| (entry.last, entry.id.as_str()).cmp(&(anchor, record.id.as_str())))
    else {
        return Count::nothing(index, "this record does not count itself");
    };
    let from = window.within.first_day(anchor);
    let first = group.partition_point(|entry| entry.last < from).min(own);
    let counted: Vec<usize> = (first..=own).filter(|at| group[*at].first >= from).collect();
    Count {
        own: counted.last() == Some(&own),
        counted: Ok(counted),
        index,
        key,
    }
}

/// What a record adds to a window; nothing where its date or its amount is not known.
fn entry(window: &WindowTest, record: &Record, timezone: Tz) -> Option<Entry> {
    let amount = match &window.measure {
        Measure::AtLeast(_) => 1,
        Measure::SumMoreThan { path, .. } => match record.all(&path.text).first().map(|node| &node.value) {
            Some(Value::Integer(number)) => *number,
            _ => return None,
        },
    };
    Some(Entry {
        last: derive::latest_day(record, timezone)?,
        id: record.id.clone(),
        first: derive::earliest_day(record, timezone)?,
        amount,
    })
}

fn holds(condition: &Condition, window: &WindowTest) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().any(|part| holds(part, window)),
        Condition::Not(part) => holds(part, window),
        Condition::Window(found) => std::ptr::eq(found, window),
        Condition::Test(_) | Condition::Fires { .. } => false,
    }
}

/// The values that must be the same, or nothing where one is absent or unknown.
fn same(record: &Record, window: &WindowTest) -> Option<Vec<String>> {
    window
        .same
        .iter()
        .map(|path| {
            let nodes = path.nodes(record);
            let node = nodes.first()?;
            if is_unknown(node) {
                None
            } else {
                text_of(node).map(str::to_string)
            }
        })
        .collect()
}
