//! Windows: how many records of the same partner lie in the days before this one.
//!
//! Counted are records that meet the rule's other lines, are not excepted, and are dated on or before this one, ties by
//! id. An imprecise date counts by its last day, and only where its whole interval fits the window. Absent and unknown
//! values never match.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::shared::Shared;
use crate::evaluate::case::Days;
use crate::evaluate::condition::{Windows, is_unknown, text_of};
use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::say::listed;
use crate::policy::rule::{Condition, Measure, Outcome, Rule, WindowTest};
use crate::record::value::{Record, Value};

/// The records one window may count, by the values of its `same` fields.
pub(super) type Index = BTreeMap<Vec<String>, Arc<Group>>;

/// The records of the same values, in the order of last day and id.
#[derive(Debug, Default)]
pub(super) struct Group {
    entries: Vec<Entry>,
    /// What the amounts before each entry come to, and last what all come to.
    sums: Vec<i128>,
    /// Where the entries stand whose date is no certain day.
    vague: Vec<usize>,
}

#[derive(Debug, Clone)]
struct Entry {
    last: NaiveDate,
    id: Shared,
    first: NaiveDate,
    amount: i64,
}

/// The records that a window counts, while they are gathered.
#[derive(Debug, Default)]
pub(super) struct Groups(BTreeMap<Vec<String>, Vec<Entry>>);

impl Groups {
    /// Adds a record; one without a date, an amount or a value that must be the same adds nothing.
    pub(super) fn add(&mut self, window: &WindowTest, record: &Record, days: Days) {
        if let Some(key) = same(record, window)
            && let Some(entry) = entry(window, record, days)
        {
            self.0.entry(key).or_default().push(entry);
        }
    }

    /// Adds what was gathered elsewhere.
    pub(super) fn append(&mut self, other: Groups) {
        for (same, mut entries) in other.0 {
            self.0.entry(same).or_default().append(&mut entries);
        }
    }

    /// Takes records out again.
    pub(super) fn forget(&mut self, ids: &BTreeSet<Shared>) {
        for entries in self.0.values_mut() {
            entries.retain(|entry| !ids.contains(&entry.id));
        }
    }

    pub(super) fn index(self) -> Arc<Index> {
        let groups = self.0.into_iter();
        Arc::new(
            groups
                .map(|(same, entries)| (same, Arc::new(Group::of(entries))))
                .collect(),
        )
    }
}

/// Every window index of a run, built when first needed. The key is the window itself, by its address: editions of one
/// rule have windows of their own at one place.
pub(super) type Indexes = RefCell<BTreeMap<usize, Arc<Index>>>;

/// What a window counts for a record; or why nothing counts.
pub(super) struct Count(Result<Stretch, &'static str>);

/// A stretch of a group that ends with the record itself.
struct Stretch {
    group: Arc<Group>,
    first: usize,
    own: usize,
    /// Which of them do not fit with their whole interval.
    left_out: Vec<usize>,
}

impl Group {
    fn of(mut entries: Vec<Entry>) -> Group {
        entries.sort_by(|a, b| (a.last, &a.id).cmp(&(b.last, &b.id)));
        let mut sum = 0;
        let mut sums = vec![0];
        sums.extend(entries.iter().map(|entry| {
            sum += i128::from(entry.amount);
            sum
        }));
        let vague = (0..entries.len()).filter(|at| entries[*at].first < entries[*at].last);
        Group {
            vague: vague.collect(),
            sums,
            entries,
        }
    }

    /// The place of a record; none where it does not meet the lines and so is not in the group.
    fn place(&self, record: &Record, anchor: NaiveDate) -> Option<usize> {
        let key = (anchor, record.id.as_str());
        let place = self
            .entries
            .binary_search_by(|entry| (entry.last, entry.id.as_str()).cmp(&key));
        place.ok()
    }

    /// Counts back from a record to a day.
    fn stretch(self: Arc<Self>, own: usize, from: NaiveDate) -> Stretch {
        let first = self.entries.partition_point(|entry| entry.last < from).min(own);
        let vague = &self.vague[self.vague.partition_point(|at| *at < first)..];
        let vague = vague.iter().copied().take_while(|at| *at <= own);
        Stretch {
            left_out: vague.filter(|at| self.entries[*at].first < from).collect(),
            first,
            own,
            group: self,
        }
    }
}

impl Stretch {
    fn number(&self) -> usize {
        self.own + 1 - self.first - self.left_out.len()
    }

    fn sum(&self) -> i128 {
        let left_out = self
            .left_out
            .iter()
            .map(|at| i128::from(self.group.entries[*at].amount));
        self.group.sums[self.own + 1] - self.group.sums[self.first] - left_out.sum::<i128>()
    }

    /// The ids of the counted records, in the order of their dates.
    fn ids(&self) -> impl DoubleEndedIterator<Item = &str> {
        let counted = (self.first..=self.own).filter(|at| self.left_out.binary_search(at).is_err());
        counted.map(|at| self.group.entries[at].id.as_str())
    }
}

impl Count {
    pub(super) fn outcome(&self, window: &WindowTest) -> Outcome {
        Outcome::of(self.0.as_ref().is_ok_and(|stretch| match &window.measure {
            Measure::AtLeast(bound) => {
                stretch.left_out.last() != Some(&stretch.own)
                    && i64::try_from(stretch.number()).unwrap_or(i64::MAX) >= *bound
            }
            Measure::SumMoreThan { bound, .. } => stretch.sum() > i128::from(*bound),
        }))
    }

    /// What was counted, in words.
    pub(super) fn words(&self, window: &WindowTest) -> String {
        let stretch = match &self.0 {
            Ok(stretch) => stretch,
            Err(why) => return (*why).to_string(),
        };
        let (within, number) = (&window.within, stretch.number());
        let listed = listed(number, stretch.ids());
        match &window.measure {
            Measure::AtLeast(_) => format!("{number} within {within}: {listed}"),
            Measure::SumMoreThan { path, .. } => {
                format!("{} comes to {} within {within}: {listed}", path.text, stretch.sum())
            }
        }
    }
}

impl<'c> Evaluator<'c> {
    /// Counts a window for a record.
    pub(super) fn window(&self, window: &WindowTest, record: &Record) -> Count {
        let index = self.index(window);
        let (Some(anchor), Some(key)) = (self.days(record).last, same(record, window)) else {
            return Count(Err("not countable: date or counterpart not known"));
        };
        counted(window, record, index.get(&key).cloned(), anchor)
    }

    /// How a window comes out if the record itself met every other line of its rule.
    pub(super) fn window_with_itself(&self, window: &WindowTest, record: &Record) -> Outcome {
        let index = self.index(window);
        let (Some(anchor), Some(key)) = (self.days(record).last, same(record, window)) else {
            return Outcome::False;
        };
        let mut entries = index.get(&key).map_or_else(Vec::new, |group| group.entries.clone());
        if entries.iter().all(|entry| entry.id != record.id)
            && window
                .filter
                .as_ref()
                .is_none_or(|filter| self.outcome(filter, record, Windows::Assumed, 0, None) == Outcome::True)
            && let Some(own) = entry(window, record, self.days(record))
        {
            entries.push(own);
        }
        counted(window, record, Some(Arc::new(Group::of(entries))), anchor).outcome(window)
    }

    /// The ids of the records for which a window is met, in order.
    pub(super) fn met_by(&self, window: &WindowTest) -> BTreeSet<Shared> {
        let index = self.index(window);
        let mut met = BTreeSet::new();
        for group in index.values() {
            let counts = |own: &usize| {
                let from = window.within.first_day(group.entries[*own].last);
                let count = Count(Ok(Arc::clone(group).stretch(*own, from)));
                count.outcome(window) == Outcome::True
            };
            let all = (0..group.entries.len()).filter(counts);
            met.extend(all.map(|own| group.entries[own].id.clone()));
        }
        met
    }

    fn index(&self, window: &WindowTest) -> Arc<Index> {
        let key = std::ptr::from_ref(window).addr();
        if let Some(index) = self.indexes.borrow().get(&key) {
            return Arc::clone(index);
        }
        let index = self
            .owner(window)
            .map_or_else(Arc::default, |(window, rule)| self.gather(window, rule));
        self.indexes.borrow_mut().insert(key, Arc::clone(&index));
        index
    }

    /// The rule that a window stands in.
    fn owner(&self, window: &WindowTest) -> Option<(&'c WindowTest, &'c Rule)> {
        let mut rules = self.case.policy.rules.iter().flat_map(Rule::editions);
        rules.find_map(|rule| {
            let own = windows_of(rule).into_iter().find(|own| std::ptr::eq(*own, window));
            own.map(|own| (own, rule))
        })
    }
}

/// The windows of a rule and its duties.
pub(super) fn windows_of(rule: &Rule) -> Vec<&WindowTest> {
    fn add<'r>(condition: &'r Condition, windows: &mut Vec<&'r WindowTest>) {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| add(part, windows)),
            Condition::Not(part) => add(part, windows),
            Condition::Window(window) => windows.push(window),
            Condition::Test(_) | Condition::Fires { .. } => {}
        }
    }
    let of_duties = rule
        .duties
        .iter()
        .flat_map(|duty| duty.when.iter().chain(duty.or_else.iter().map(|other| &other.when)));
    let mut windows = Vec::new();
    for condition in std::iter::once(&rule.when).chain(&rule.unless).chain(of_duties) {
        add(condition, &mut windows);
    }
    windows
}

/// Counts the group of a record back from the record.
fn counted(window: &WindowTest, record: &Record, group: Option<Arc<Group>>, anchor: NaiveDate) -> Count {
    let stretch = group.and_then(|group| {
        let own = group.place(record, anchor)?;
        Some(group.stretch(own, window.within.first_day(anchor)))
    });
    Count(stretch.ok_or("this record does not count itself"))
}

/// What a record adds to a window; nothing where its date or its amount is not known.
fn entry(window: &WindowTest, record: &Record, days: Days) -> Option<Entry> {
    let amount = match &window.measure {
        Measure::AtLeast(_) => 1,
        Measure::SumMoreThan { path, .. } => match record.all(&path.text).first().map(|node| &node.value) {
            Some(Value::Integer(number)) => *number,
            _ => return None,
        },
    };
    Some(Entry {
        last: days.last?,
        id: record.id.clone(),
        first: days.first?,
        amount,
    })
}

/// Whether a window stands in a condition.
pub(super) fn holds(condition: &Condition, window: &WindowTest) -> bool {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entries(days: &[(u8, u8, i8)]) -> Vec<Entry> {
        let start = NaiveDate::from_ymd_opt(2025, 1, 1).unwrap();
        let day = |number: u8| start + chrono::Days::new(number.into());
        let entry = |(at, (first, more, amount)): (usize, &(u8, u8, i8))| Entry {
            first: day(*first),
            last: day(first.saturating_add(more % 4)),
            id: format!("R-{at:03}").into(),
            amount: (*amount).into(),
        };
        days.iter().enumerate().map(entry).collect()
    }

    proptest! {
        /// What the sums and the vague entries say is what counting each entry says.
        #[test]
        fn a_stretch_is_what_counting_each_record_gives(
            days in proptest::collection::vec((0..60_u8, 0..8_u8, -5..5_i8), 1..40),
            length in 0..30_u64,
        ) {
            let group = Arc::new(Group::of(entries(&days)));
            for (own, entry) in group.entries.iter().enumerate() {
                let from = entry.last - chrono::Days::new(length);
                let stretch = Arc::clone(&group).stretch(own, from);
                let counted: Vec<&Entry> =
                    group.entries[..=own].iter().filter(|entry| entry.first >= from).collect();
                prop_assert_eq!(stretch.number(), counted.len());
                prop_assert_eq!(stretch.sum(), counted.iter().map(|entry| i128::from(entry.amount)).sum::<i128>());
                let ids: Vec<&str> = counted.iter().map(|entry| entry.id.as_str()).collect();
                prop_assert_eq!(stretch.ids().collect::<Vec<_>>(), ids);
            }
        }
    }
}
