//! What a run's records owe: the obligations themselves, or how many they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::shared::Shared;
use crate::evaluate::case::Case;
use crate::evaluate::obligation::Obligation;
use crate::report::summary::Owing;
use crate::run::Wanted;

/// Obligations as they come: kept, or only counted.
#[derive(Debug)]
pub(super) struct Owed {
    wanted: Wanted,
    kept: Vec<Obligation>,
    counted: Owing,
}

impl Owed {
    pub(super) fn new(wanted: Wanted) -> Self {
        Self {
            wanted,
            kept: Vec::new(),
            counted: Owing::default(),
        }
    }

    /// Takes obligations over.
    pub(super) fn take(&mut self, more: &mut Vec<Obligation>) {
        if self.wanted == Wanted::Counts {
            self.counted.add(more);
        } else {
            self.kept.append(more);
        }
    }

    pub(super) fn append(&mut self, mut other: Owed) {
        self.kept.append(&mut other.kept);
        self.counted = self.counted.and(other.counted);
    }

    /// Leaves those of some records out; `less` is how many they are.
    pub(super) fn forget(&mut self, ids: &BTreeSet<Shared>, less: Owing) {
        if self.wanted == Wanted::Counts {
            self.counted = self.counted.less(less);
        }
        self.kept
            .retain(|owed| owed.record.as_ref().is_none_or(|id| !ids.contains(id)));
    }

    /// The obligations in the order of records and rules, those of periods last, and how many were counted in their place.
    /// Those of the records of the case come in that order; the others were judged in whatever order they were read.
    pub(super) fn in_order(self, case: &Case) -> (Vec<Obligation>, Owing) {
        let mut obligations = self.kept;
        let rules = case.policy.rules.iter().map(|rule| rule.id.as_str());
        let rules: BTreeMap<&str, usize> = rules.zip(0..).collect();
        let place = |owed: &Obligation| match &owed.record {
            Some(id) if case.record(id).is_none() => rules.get(owed.rule.as_str()).copied(),
            _ => None,
        };
        let order = |owed: &Obligation| (owed.record.is_none(), owed.record.clone(), place(owed));
        if !obligations.is_sorted_by_key(order) {
            obligations.sort_by_cached_key(order);
        }
        (obligations, self.counted)
    }
}
