//! Windows: how many records of the same partner lie in the days before this one.
//!
//! Counted are records that meet the rule's other lines, are not excepted, and are dated on or before this one, ties by
//! id. An imprecise date counts by its last day, and only where its whole interval fits the window. Absent and unknown
//! values never match.

use std::cell::RefCell;
use std::collections::BTreeMap;

use chrono::NaiveDate;

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
pub(super) type Indexes = RefCell<BTreeMap<usize, std::rc::Rc<Index>>>;

impl Evaluator<'_> {
    /// Counts a window for a record. Returns the outcome and what was seen, in words.
    pub(super) fn window(&self, window: &WindowTest, record: &Record) -> (Outcome, String) {
        let timezone = self.case.calendar.timezone;
        let Some(rule) = self.rule_of(window) else {
            return (Outcome::False, String::new());
        };
        let index = self.index(rule, window);
        let (Some(anchor), Some(key)) = (derive::latest_day(record, timezone), same(record, window)) else {
            return (
                Outcome::False,
                "not countable: date or counterpart not known".to_string(),
            );
        };
        let group = index.get(&key).map(Vec::as_slice).unwrap_or_default();
        // Without the record itself in the group, it does not meet the lines, or its own interval does not fit.
        let Some(own) = group.iter().position(|entry| entry.id == record.id) else {
            return (Outcome::False, "this record does not count itself".to_string());
        };
        let from = window.within.first_day(anchor);
        let counted: Vec<&Entry> = group[..=own]
            .iter()
            .rev()
            .take_while(|entry| entry.last >= from)
            .filter(|entry| entry.first >= from)
            .collect();
        let ids: Vec<&str> = counted.iter().rev().map(|entry| entry.id.as_str()).collect();
        match &window.measure {
            Measure::AtLeast(bound) => {
                let met = counted.iter().any(|entry| entry.id == record.id)
                    && i64::try_from(ids.len()).unwrap_or(i64::MAX) >= *bound;
                (
                    Outcome::of(met),
                    format!("{} within {}: {}", ids.len(), window.within, listed(&ids)),
                )
            }
            Measure::SumMoreThan { path, bound } => {
                let sum = counted.iter().fold(0i64, |sum, entry| sum.saturating_add(entry.amount));
                (
                    Outcome::of(sum > *bound),
                    format!(
                        "{} comes to {sum} within {}: {}",
                        path.text,
                        window.within,
                        listed(&ids)
                    ),
                )
            }
        }
    }

    fn index(&self, rule: &Rule, window: &WindowTest) -> std::rc::Rc<Index> {
        let key = std::ptr::from_ref(window).addr();
        if let Some(index) = self.indexes.borrow().get(&key) {
            return std::rc::Rc::clone(index);
        }
        let timezone = self.case.calendar.timezone;
        let mut index = Index::new();
        for record in self
            .case
            .records
            .iter()
            .filter(|record| rule.applies_to.contains(&record.kind))
            // The record that supersedes another counts for both.
            .filter(|record| self.case.superseding(&record.id).is_none())
        {
            let (Some(first), Some(last)) = (
                derive::earliest_day(record, timezone),
                derive::latest_day(record, timezone),
            ) else {
                continue;
            };
            let Some(key) = same(record, window) else { continue };
            let meets =
                |condition: &Condition| self.outcome(condition, record, Windows::Assumed, 0, None) == Outcome::True;
            if !meets(&rule.when)
                || rule
                    .unless
                    .as_ref()
                    .is_some_and(|unless| !holds(unless, window) && meets(unless))
                || window.filter.as_ref().is_some_and(|filter| !meets(filter))
            {
                continue;
            }
            let amount = match &window.measure {
                Measure::AtLeast(_) => 1,
                Measure::SumMoreThan { path, .. } => match record.all(&path.text).first().map(|node| &node.value) {
                    Some(Value::Integer(number)) => *number,
                    _ => continue,
                },
            };
            index.entry(key).or_default().push(Entry {
                last,
                id: record.id.clone(),
                first,
                amount,
            });
        }
        for group in index.values_mut() {
            group.sort_by(|a, b| (a.last, &a.id).cmp(&(b.last, &b.id)));
        }
        let index = std::rc::Rc::new(index);
        self.indexes.borrow_mut().insert(key, std::rc::Rc::clone(&index));
        index
    }

    /// The rule that a window stands in.
    fn rule_of(&self, window: &WindowTest) -> Option<&Rule> {
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
            let nodes = record.all(&path.text);
            let node = nodes.first()?;
            if is_unknown(node) {
                None
            } else {
                text_of(node).map(str::to_string)
            }
        })
        .collect()
}
