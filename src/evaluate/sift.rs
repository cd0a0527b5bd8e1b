//! One look at every record, before any is judged: which rules it may fall under, which windows count it, and in which
//! rules per period it counts.
//!
//! Most records are routine and are never looked at again. What a record's outcome under a rule is, exceptions, windows and
//! other rules included, is asked afterwards, of the records that are left.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::shared::Shared;
use crate::evaluate::case::Days;
use crate::evaluate::compiled::{Candidate, Facts};
use crate::evaluate::condition::Windows;
use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::period::REPORT;
use crate::evaluate::program::{Form, Program};
use crate::evaluate::say::has_claims;
use crate::evaluate::window::{Groups, Index, holds, windows_of};
use crate::policy::rule::{Outcome, Rule, WindowTest};
use crate::record::kind::Kind;
use crate::record::value::Record;

/// What the look at every record found.
#[derive(Default)]
pub(super) struct Sifted {
    /// The reported records that have to be judged, in order, each with where its candidates begin.
    records: Vec<(usize, usize)>,
    /// Of all records one after the other.
    candidates: Vec<Candidate>,
}

/// What is counted, by the address of the rule per period or of the window.
#[derive(Debug, Default)]
pub(super) struct Seen {
    groups: BTreeMap<usize, Groups>,
    pub(super) periods: Counted,
}

/// By the address of a rule per period: the records that count, or only may, with the last day they can be of.
pub(super) type Counted = BTreeMap<usize, Vec<(NaiveDate, Shared, Outcome)>>;

impl Seen {
    /// Adds a record to the periods of a rule where it counts, or only may.
    pub(super) fn add(&mut self, periodic: &Periodic<'_>, record: &Record, days: Days, outcome: Outcome) {
        if outcome != Outcome::False
            && let Some(day) = days.last
        {
            let counted = self.periods.entry(std::ptr::from_ref(periodic.rule).addr());
            counted.or_default().push((day, record.id.clone(), outcome));
        }
    }

    /// Adds what was seen elsewhere.
    pub(super) fn append(&mut self, other: Seen) {
        for (window, groups) in other.groups {
            self.groups.entry(window).or_default().append(groups);
        }
        for (rule, mut counted) in other.periods {
            self.periods.entry(rule).or_default().append(&mut counted);
        }
    }

    /// Takes records out again.
    pub(super) fn forget(&mut self, ids: &BTreeSet<Shared>) {
        self.groups.values_mut().for_each(|groups| groups.forget(ids));
        for counted in self.periods.values_mut() {
            counted.retain(|(_, id, _)| !ids.contains(id));
        }
    }
}

impl Sifted {
    /// The records to be judged, each with the rules that it may fall under.
    pub(super) fn records(&self) -> impl Iterator<Item = (usize, &[Candidate])> {
        let ends = self.records.iter().skip(1).map(|(_, from)| *from);
        let ends = ends.chain([self.candidates.len()]);
        let records = self.records.iter().zip(ends);
        records.map(|((record, from), to)| (*record, &self.candidates[*from..to]))
    }
}

/// A window, and what a record must meet to be counted by it, windows taken as met.
pub(super) struct Counting<'c> {
    pub(super) window: &'c WindowTest,
    when: Vec<Form<'c>>,
    /// An exception that has the window itself excepts nobody here.
    unless: Option<Form<'c>>,
    filter: Option<Form<'c>>,
    /// It hangs on other rules, whose windows may not be counted yet.
    pub(super) has_fires: bool,
}

impl<'c> Counting<'c> {
    fn of(window: &'c WindowTest, rule: &'c Rule, program: &mut Program<'c>, rules: &[&'c Rule]) -> Self {
        let unless = rule.unless.as_ref().filter(|unless| !holds(unless, window));
        let when = program.parts_of(&rule.when, rules);
        let unless = unless.map(|unless| program.form_of(unless, rules));
        let filter = window.filter.as_ref().map(|filter| program.form_of(filter, rules));
        Self {
            has_fires: when.iter().chain(&unless).chain(&filter).any(Form::has_fires),
            window,
            when,
            unless,
            filter,
        }
    }
}

/// A rule per period, and what a record must meet to count in it.
pub(super) struct Periodic<'c> {
    rule: &'c Rule,
    when: Vec<Form<'c>>,
    unless: Option<Form<'c>>,
}

impl<'c> Periodic<'c> {
    pub(super) fn of(rule: &'c Rule, program: &mut Program<'c>, rules: &[&'c Rule]) -> Self {
        Self {
            rule,
            when: program.parts_of(&rule.when, rules),
            unless: rule.unless.as_ref().map(|unless| program.form_of(unless, rules)),
        }
    }
}

/// The windows of some rules.
pub(super) fn counting<'c>(of: &[&'c Rule], program: &mut Program<'c>, rules: &[&'c Rule]) -> Vec<Counting<'c>> {
    let windows = of
        .iter()
        .flat_map(|rule| windows_of(rule).into_iter().map(move |window| (window, *rule)));
    let windows: Vec<_> = windows.collect();
    windows
        .into_iter()
        .map(|(window, rule)| Counting::of(window, rule, program, rules))
        .collect()
}

impl<'c> Evaluator<'c> {
    /// Looks at every record once, and returns which to judge and what counts in rules per period; what windows count is in
    /// the evaluator's indexes from then on. `seen` is what counted of records that are not looked at here.
    pub(super) fn sift(&self, mut seen: Seen) -> (Sifted, Counted) {
        let case = self.case;
        let lists_periods = self.lists_periods();
        let mut sifted = Sifted::default();
        let mut candidates = Vec::new();
        for (number, record) in case.records.iter().enumerate() {
            let program = self.program(record.kind);
            let mut facts = program.facts(record, case.days(number));
            if case.is_reported(number) {
                self.candidates(program, &mut facts, &mut candidates);
                if !candidates.is_empty() || has_claims(record) || case.superseded_by(record).is_some() {
                    sifted.records.push((number, sifted.candidates.len()));
                    sifted.candidates.append(&mut candidates);
                }
            }
            // The record that supersedes another counts for both.
            if case.superseding(&record.id).is_none() {
                self.count(program, &mut facts, &mut seen);
                for periodic in program.periodic.iter().filter(|_| lists_periods) {
                    let outcome = self.may_count(program, periodic, &mut facts);
                    seen.add(periodic, record, facts.days, outcome);
                }
            }
            program.done(facts);
        }
        self.index_all(seen.groups);
        (sifted, seen.periods)
    }

    /// Makes the indexes of windows from what they count.
    fn index_all(&self, mut groups: BTreeMap<usize, Groups>) {
        // What counts nobody is known, too: nobody need look for it again.
        for counting in self.programs.made().flat_map(|program| &program.counting) {
            if !counting.has_fires {
                groups.entry(std::ptr::from_ref(counting.window).addr()).or_default();
            }
        }
        let groups = groups.into_iter().map(|(window, groups)| (window, groups.index()));
        self.indexes.borrow_mut().extend(groups);
    }

    /// Adds a record to the windows that count it, but for those that hang on other rules.
    pub(super) fn count(&self, program: &Program<'c>, facts: &mut Facts<'_>, seen: &mut Seen) {
        for counting in program.counting.iter().filter(|counting| !counting.has_fires) {
            if self.is_counted(program, counting, facts) {
                let groups = seen
                    .groups
                    .entry(std::ptr::from_ref(counting.window).addr())
                    .or_default();
                groups.add(counting.window, facts.record, facts.days);
            }
        }
    }

    /// The records that one window counts.
    pub(super) fn gather(&self, window: &'c WindowTest, rule: &'c Rule) -> Arc<Index> {
        let case = self.case;
        let mut groups = Groups::default();
        for kind in &rule.applies_to {
            // The others are there for `fires`.
            let mut program = Program::of(*kind, self.rules_of(*kind));
            let counting = Counting::of(window, rule, &mut program, self.rules_of(*kind));
            for (number, record) in case
                .records
                .iter()
                .enumerate()
                .filter(|(_, record)| record.kind == *kind)
            {
                if case.superseding(&record.id).is_some() {
                    continue;
                }
                let mut facts = program.facts(record, case.days(number));
                if self.is_counted(&program, &counting, &mut facts) {
                    groups.add(window, record, case.days(number));
                }
                program.done(facts);
            }
        }
        groups.index()
    }

    /// Whether a window may count a record: the other lines of its rule hold and no exception is shown to.
    fn is_counted(&self, program: &Program<'c>, counting: &Counting<'c>, facts: &mut Facts<'_>) -> bool {
        facts.windows = Windows::Assumed;
        let holds = |form: &Form<'c>, facts: &mut Facts<'_>| self.form(program, form, facts) == Outcome::True;
        let counted = counting.when.iter().all(|part| holds(part, facts))
            && !counting.unless.as_ref().is_some_and(|unless| holds(unless, facts))
            && counting.filter.as_ref().is_none_or(|filter| holds(filter, facts));
        facts.windows = Windows::Counted;
        counted
    }

    /// Whether a record counts in the periods of a rule, as far as it can be said before windows are counted.
    pub(super) fn may_count(&self, program: &Program<'c>, periodic: &Periodic<'c>, facts: &mut Facts<'_>) -> Outcome {
        facts.windows = Windows::Open;
        let mut outcome = self.all(program, &periodic.when, facts);
        if outcome != Outcome::False
            && let Some(unless) = &periodic.unless
            && self.form(program, unless, facts) == Outcome::True
        {
            outcome = Outcome::False;
        }
        facts.windows = Windows::Counted;
        outcome
    }
}

/// Whether records of a kind count in the periods of a rule.
pub(super) fn counts_kind(rule: &Rule, kind: Kind) -> bool {
    match rule.applies_to.as_slice() {
        [] => kind.name() != REPORT && kind != Kind::Notice,
        kinds => kinds.contains(&kind),
    }
}
