//! Records that are judged as soon as they are read, while all of one is at hand, and are not kept.
//!
//! Most records say nothing of others and are judged by what they say themselves. The others wait: those that name
//! records, that claim a waiver or what was told, and those under a rule that asks for its neighbours. What only hangs on
//! a window is judged once all records have been counted: the record is read again if the window is met. Whoever reads
//! sees to it that a record that another one names, or that shares its id, is taken back and judged with those that wait.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::base::source::Place;
use crate::evaluate::case::{Case, Days};
use crate::evaluate::compiled::Candidate;
use crate::evaluate::derive::derive;
use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::obligation::Obligation;
use crate::evaluate::period::REPORT;
use crate::evaluate::program::Needs;
use crate::evaluate::say::has_claims;
use crate::evaluate::sift::{Seen, counts_kind};
use crate::evaluate::undecided::Undecided;
use crate::evaluate::window::windows_of;
use crate::marking::audience::Comparisons;
use crate::policy::rule::{Outcome, Rule};
use crate::record::field::link_fields;
use crate::record::kind::Kind;
use crate::record::value::{Key, Record};

/// What came of the records that were judged at once.
#[derive(Debug, Default)]
pub struct AtOnce {
    pub(super) seen: Seen,
    pub(super) pending: Vec<Pending>,
    pub diagnostics: Vec<Diagnostic>,
    /// How many they are.
    pub records: usize,
}

/// A rule under which a record falls if a window is met.
#[derive(Debug)]
pub(super) struct Pending {
    id: Shared,
    kind: Kind,
    /// The whole record.
    place: Place,
    /// The number of the rule in the program of the kind.
    rule: usize,
}

impl AtOnce {
    /// Adds what came of others.
    pub fn append(&mut self, mut other: AtOnce) {
        self.seen.append(other.seen);
        self.pending.append(&mut other.pending);
        self.diagnostics.append(&mut other.diagnostics);
        self.records += other.records;
    }

    /// Takes back what came of some records, so that they can be judged again. Their obligations were handed over.
    pub fn forget(&mut self, ids: &BTreeSet<Shared>) {
        let is_kept = |id: Option<&Shared>| id.is_none_or(|id| !ids.contains(id));
        self.seen.forget(ids);
        self.pending.retain(|pending| is_kept(Some(&pending.id)));
        self.diagnostics.retain(|found| is_kept(found.record.as_ref()));
    }
}

/// Judges records at once. The case holds none: it is there for the rules, the calendar and the as-of date.
pub struct Judge<'c> {
    evaluator: Evaluator<'c>,
    comparisons: Comparisons<'c>,
    /// Kinds of which every record waits.
    waiting: BTreeSet<Kind>,
    /// Fields that make a record wait: those that name others, and what was told, which rules over notices look at.
    others: Vec<Key>,
    lists_periods: bool,
    came: AtOnce,
    // Used again from record to record.
    candidates: Vec<Candidate>,
    owed: Vec<Obligation>,
    counted: Vec<Outcome>,
}

impl fmt::Debug for Judge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judge")
            .field("came", &self.came)
            .finish_non_exhaustive()
    }
}

impl<'c> Judge<'c> {
    /// `is_terse`: nobody will read the obligations, which need not say why they are owed.
    pub fn new(case: &'c Case, is_terse: bool) -> Self {
        let mut evaluator = Evaluator::new(case);
        evaluator.is_terse = is_terse;
        Self {
            comparisons: Comparisons::new(&case.vocabulary),
            waiting: waiting(&evaluator),
            others: link_fields().into_iter().chain(["notified"]).map(Key::of).collect(),
            lists_periods: evaluator.lists_periods(),
            came: AtOnce::default(),
            candidates: Vec::new(),
            owed: Vec::new(),
            counted: Vec::new(),
            evaluator,
        }
    }

    /// Judges a record that is reported on, and hands over what it owes. Returns the record, its fields derived, if it
    /// has to wait for others: then nothing came of it yet.
    pub fn judge(&mut self, mut record: Record, take: &mut dyn FnMut(&mut Vec<Obligation>)) -> Option<Record> {
        let case = self.evaluator.case;
        derive(&mut record, case.calendar.timezone, case.as_of, &mut self.comparisons);
        let waits = self.waits(&record) || !self.is_judged(&record, take);
        waits.then_some(record)
    }

    /// What came of all records so far.
    pub fn done(self) -> AtOnce {
        self.came
    }

    fn waits(&self, record: &Record) -> bool {
        self.waiting.contains(&record.kind)
            || has_claims(record)
            || self.others.iter().any(|name| record.fields.at(*name).is_some())
    }

    /// Judges a record that says nothing of others. Returns false, and leaves no trace, where its rules ask for them.
    fn is_judged(&mut self, record: &Record, take: &mut dyn FnMut(&mut Vec<Obligation>)) -> bool {
        let evaluator = &self.evaluator;
        let program = evaluator.program(record.kind);
        let mut facts = program.facts(record, Days::of(record, evaluator.case.calendar.timezone));
        evaluator.candidates(program, &mut facts, &mut self.candidates);
        let mut pending = Vec::new();
        let mut is_alone = true;
        self.candidates.retain(|candidate| {
            let compiled = &program.rules[candidate.rule];
            match compiled.needs {
                Needs::Nothing => return true,
                Needs::Records => is_alone = false,
                Needs::Windows => {
                    is_alone &= evaluator.with_windows_unmet(program, compiled, &mut facts) == Outcome::False;
                    pending.push(candidate.rule);
                }
            }
            false
        });
        self.counted.clear();
        if self.lists_periods && is_alone {
            let periods = program.periodic.iter();
            self.counted
                .extend(periods.map(|periodic| evaluator.may_count(program, periodic, &mut facts)));
            is_alone = !self.counted.contains(&Outcome::Unknown);
        }
        if !is_alone {
            program.done(facts);
            return false;
        }
        let (from, mut undecided) = (self.came.diagnostics.len(), Undecided::default());
        let found = &mut self.came.diagnostics;
        self.owed.clear();
        evaluator.judge_each(
            program,
            &mut facts,
            &self.candidates,
            &mut undecided,
            &mut self.owed,
            found,
        );
        // What several rules lack is said once for all of them.
        if !undecided.is_empty() && !pending.is_empty() {
            found.truncate(from);
            program.done(facts);
            return false;
        }
        found.extend(undecided.into_diagnostics(record));
        take(&mut self.owed);
        evaluator.count(program, &mut facts, &mut self.came.seen);
        for (periodic, outcome) in program.periodic.iter().zip(&self.counted) {
            self.came.seen.add(periodic, record, facts.days, *outcome);
        }
        self.came.pending.extend(pending.into_iter().map(|rule| Pending {
            id: record.id.clone(),
            kind: record.kind,
            place: record.whole.clone(),
            rule,
        }));
        self.came.records += 1;
        program.done(facts);
        true
    }
}

/// The kinds of which every record waits: those that rules look for beside another record, those counted by windows that
/// hang on other rules or stand in a rule per period, and reports, which answer for a period.
fn waiting(evaluator: &Evaluator<'_>) -> BTreeSet<Kind> {
    let kinds = Kind::ALL.iter().copied();
    let has_windows = |rule: &&Rule| rule.editions().any(|edition| !windows_of(edition).is_empty());
    let counts_late = |kind: &Kind| {
        let mut counting = evaluator.program(*kind).counting.iter();
        let mut periodic = evaluator.periodic().filter(has_windows);
        counting.any(|window| window.has_fires) || periodic.any(|rule| counts_kind(rule, *kind))
    };
    let mut waiting: BTreeSet<Kind> = kinds
        .filter(|kind| kind.name() == REPORT || counts_late(kind))
        .collect();
    let rules = evaluator.case.policy.rules.iter().filter(|rule| rule.enabled);
    let neighbours = rules.flat_map(|rule| rule.preceded.iter().chain(&rule.unless_followed));
    waiting.extend(neighbours.map(|wanted| wanted.kind));
    waiting
}

impl Evaluator<'_> {
    /// Judges what hung on windows, now that all records are counted. `again` reads a record once more.
    pub(super) fn judge_pending(
        &self,
        pending: &[Pending],
        again: &dyn Fn(&Place) -> Record,
        take: &mut dyn FnMut(&mut Vec<Obligation>),
    ) -> Vec<Diagnostic> {
        let case = self.case;
        let mut comparisons = Comparisons::new(&case.vocabulary);
        let mut met: BTreeMap<(Kind, usize), BTreeSet<Shared>> = BTreeMap::new();
        let (mut found, mut owed) = (Vec::new(), Vec::new());
        for of_record in pending.chunk_by(|one, other| one.id == other.id) {
            let is_met = |pending: &&Pending| {
                let met = met.entry((pending.kind, pending.rule)).or_insert_with(|| {
                    let rule = self.program(pending.kind).rules[pending.rule].rule;
                    let windows = windows_of(rule).into_iter();
                    windows.flat_map(|window| self.met_by(window)).collect()
                });
                met.contains(&pending.id)
            };
            let candidate = |pending: &Pending| Candidate {
                rule: pending.rule,
                certain: false,
            };
            let candidates: Vec<Candidate> = of_record.iter().filter(is_met).map(candidate).collect();
            let Some(first) = of_record.first().filter(|_| !candidates.is_empty()) else {
                continue;
            };
            let mut record = again(&first.place);
            derive(&mut record, case.calendar.timezone, case.as_of, &mut comparisons);
            let mut undecided = Undecided::default();
            let days = self.days(&record);
            self.judge_candidates(&record, days, &candidates, &mut undecided, &mut owed, &mut found);
            found.extend(undecided.into_diagnostics(&record));
            take(&mut owed);
            owed.clear();
        }
        found
    }
}
