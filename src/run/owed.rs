//! What a run's records owe: the obligations themselves, or how many they are.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::shared::Shared;
use crate::evaluate::case::Case;
use crate::evaluate::obligation::Obligation;
use crate::report::summary::Owing;
use crate::run::Wanted;

/// Obligations as they come.
#[derive(Debug)]
pub(super) enum Owed {
    Kept(Vec<Obligation>),
    Counted(Owing),
}

impl Owed {
    pub(super) fn new(wanted: Wanted) -> Self {
        match wanted {
            Wanted::Counts => Owed::Counted(Owing::default()),
            Wanted::Records | Wanted::Obligations => Owed::Kept(Vec::new()),
        }
    }

    /// Takes obligations over.
    pub(super) fn take(&mut self, more: &mut Vec<Obligation>) {
        match self {
            Owed::Kept(obligations) => obligations.append(more),
            Owed::Counted(owing) => owing.add(more),
        }
    }

    pub(super) fn append(&mut self, other: Owed) {
        match (self, other) {
            (Owed::Kept(obligations), Owed::Kept(mut more)) => obligations.append(&mut more),
            (Owed::Counted(owing), Owed::Counted(more)) => *owing = owing.and(more),
            (Owed::Counted(owing), Owed::Kept(more)) => owing.add(&more),
            (Owed::Kept(_), Owed::Counted(_)) => {}
        }
    }

    /// Leaves those of some records out, which `less` counts.
    pub(super) fn forget(&mut self, ids: &BTreeSet<Shared>, less: Owing) {
        match self {
            Owed::Kept(obligations) => {
                obligations.retain(|owed| owed.record.as_ref().is_none_or(|id| !ids.contains(id)));
            }
            Owed::Counted(owing) => *owing = owing.less(less),
        }
    }

    /// The obligations in the order of records and rules, those of periods last, and how many were counted in their place.
    /// Those of the records of the case come in that order; the others were judged in whatever order they were read.
    pub(super) fn in_order(self, case: &Case) -> (Vec<Obligation>, Owing) {
        let mut obligations = match self {
            Owed::Counted(owing) => return (Vec::new(), owing),
            Owed::Kept(obligations) => obligations,
        };
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
        (obligations, Owing::default())
    }
}
