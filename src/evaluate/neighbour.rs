//! The record that follows or precedes another as a rule demands.
//!
//! Each `unless_followed` and `preceded` has an index, built when first needed: the records that meet it, by their values
//! of its `same` fields, each group in the order of time. Records without a date, superseded ones, and absent or unknown
//! values never match; a date that is not certain must fit with its whole interval.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;

use crate::evaluate::condition::{Windows, given, is_unknown, text_of};
use crate::evaluate::derive;
use crate::evaluate::evaluate::Evaluator;
use crate::policy::rule::{Followed, Outcome, Span};
use crate::record::value::Record;

/// Every index of a run. The key is the demand itself, by its address.
pub(super) type Neighbours = RefCell<BTreeMap<usize, Arc<Index>>>;

/// Positions and numbers of records, sorted, by the values of the `same` fields.
type Index = BTreeMap<Vec<String>, Vec<(i64, usize)>>;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    After,
    Before,
}

impl<'c> Evaluator<'c> {
    /// Returns the nearest record in time that follows or precedes this one as a rule demands, ties by id.
    pub(super) fn neighbour(&self, wanted: &Followed, record: &Record, direction: Direction) -> Option<&'c Record> {
        let case = self.case;
        let timezone = case.calendar.timezone;
        let stretch = Stretch::of(record, wanted.within, timezone)?;
        let fits = |other: &Record| {
            Stretch::of(other, wanted.within, timezone).is_some_and(|other| match direction {
                Direction::After => other.follows(&stretch, wanted.within),
                Direction::Before => stretch.follows(&other, wanted.within),
            })
        };
        let index = self.index_of(wanted, direction);
        let mut found: Vec<(i64, usize)> = Vec::new();
        for key in keys(wanted, record, Some(&record.id)) {
            let group = index.get(&key).map(Vec::as_slice).unwrap_or_default();
            let (first, last) = stretch.reach(wanted.within, direction);
            let from = group.partition_point(|(at, _)| *at < first);
            let to = group.partition_point(|(at, _)| *at <= last);
            let met =
                |(_, number): &&(i64, usize)| case.records[*number].id != record.id && fits(&case.records[*number]);
            found.extend(match direction {
                Direction::After => group[from..to].iter().find(met),
                Direction::Before => group[from..to].iter().rev().find(met),
            });
        }
        // Where this record's own link names the other one, no value of the other says so.
        for other in wanted.same.iter().flat_map(|name| values(record, name)) {
            if let Some(number) = case.number(other)
                && self.is_met_by(wanted, &case.records[number])
                && case.records[number].id != record.id
                && wanted
                    .same
                    .iter()
                    .all(|name| are_linked(name, record, &case.records[number]))
                && fits(&case.records[number])
            {
                found.extend(
                    Stretch::of(&case.records[number], wanted.within, timezone)
                        .map(|other| (other.position(direction), number)),
                );
            }
        }
        let nearest = match direction {
            Direction::After => found.into_iter().min(),
            Direction::Before => found.into_iter().max(),
        };
        nearest.map(|(_, number)| &case.records[number])
    }

    fn index_of(&self, wanted: &Followed, direction: Direction) -> Arc<Index> {
        let address = std::ptr::from_ref(wanted).addr();
        if let Some(index) = self.neighbours.borrow().get(&address) {
            return Arc::clone(index);
        }
        let timezone = self.case.calendar.timezone;
        let mut index = Index::new();
        for (number, record) in self.case.records.iter().enumerate() {
            if self.is_met_by(wanted, record)
                && let Some(stretch) = Stretch::of(record, wanted.within, timezone)
            {
                for key in keys(wanted, record, None) {
                    index
                        .entry(key)
                        .or_default()
                        .push((stretch.position(direction), number));
                }
            }
        }
        for group in index.values_mut() {
            group.sort_unstable();
        }
        let index = Arc::new(index);
        self.neighbours.borrow_mut().insert(address, Arc::clone(&index));
        index
    }

    fn is_met_by(&self, wanted: &Followed, record: &Record) -> bool {
        record.kind == wanted.kind
            && self.case.superseding(&record.id).is_none()
            && wanted
                .when
                .as_ref()
                .is_none_or(|when| self.outcome(when, record, Windows::Counted, 0, None) == Outcome::True)
    }
}

/// The first and the last moment a record's date can be, in microseconds where the span is of hours, else in days.
struct Stretch {
    first: i64,
    last: i64,
}

impl Stretch {
    fn of(record: &Record, span: Span, timezone: Tz) -> Option<Stretch> {
        let date = derive::date_of(record)?;
        let (first, last) = match span {
            Span::Hours(_) => {
                let (first, last) = (date.earliest_instant(timezone)?, date.latest_instant(timezone)?);
                (first.timestamp_micros(), last.timestamp_micros())
            }
            Span::Days(_) => {
                let day = |day: NaiveDate| i64::from(day.num_days_from_ce());
                (day(date.earliest_day(timezone)?), day(date.latest_day(timezone)?))
            }
        };
        Some(Stretch { first, last })
    }

    /// Whether it lies on or after another stretch, and within a span of it, whatever the two dates are.
    fn follows(&self, other: &Stretch, span: Span) -> bool {
        self.first >= other.first && self.last >= other.first && self.last - other.first <= length(span)
    }

    /// Where a record stands in its group: a follower by the last moment it can be, a predecessor by the first.
    fn position(&self, direction: Direction) -> i64 {
        match direction {
            Direction::After => self.last,
            Direction::Before => self.first,
        }
    }

    /// The positions that a neighbour of this record can have.
    fn reach(&self, span: Span, direction: Direction) -> (i64, i64) {
        match direction {
            Direction::After => (self.first, self.first + length(span)),
            Direction::Before => (self.last - length(span), self.first),
        }
    }
}

fn length(span: Span) -> i64 {
    match span {
        Span::Hours(hours) => i64::from(hours) * 3_600_000_000,
        Span::Days(days) => i64::from(days),
    }
}

/// The combinations of a record's values in the `same` fields; with an id, also those of the records that name it there.
fn keys(wanted: &Followed, record: &Record, id: Option<&str>) -> Vec<Vec<String>> {
    let mut keys = vec![Vec::new()];
    for name in &wanted.same {
        let mut choices = values(record, name);
        choices.extend(id);
        choices.sort_unstable();
        choices.dedup();
        keys = keys
            .iter()
            .flat_map(|key: &Vec<String>| {
                choices.iter().map(|choice| {
                    let mut key = key.clone();
                    key.push((*choice).to_owned());
                    key
                })
            })
            .collect();
    }
    keys
}

/// The known values of a field, those of a list one by one.
fn values<'r>(record: &'r Record, name: &str) -> Vec<&'r str> {
    given(&record.all(name))
        .filter(|node| !is_unknown(node))
        .filter_map(text_of)
        .collect()
}

/// Both records share a value of a field, or the field of one is a link that names the other.
fn are_linked(name: &str, record: &Record, other: &Record) -> bool {
    let own = values(record, name);
    own.contains(&other.id.as_str())
        || values(other, name)
            .iter()
            .any(|value| *value == record.id || own.contains(value))
}
