//! Every rule over every record: diagnostics and obligations.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::base::source::Place;
use crate::evaluate::at_once::AtOnce;
use crate::evaluate::case::{Case, Days};
use crate::evaluate::condition::{Windows, in_force};
use crate::evaluate::derive;
use crate::evaluate::neighbour::{Direction, Neighbours};
use crate::evaluate::obligation::{Obligation, State};
use crate::evaluate::program::Programs;
use crate::evaluate::say::{Answered, waivers};
use crate::evaluate::state;
use crate::evaluate::trace::Trace;
use crate::evaluate::undecided::Undecided;
use crate::evaluate::window::Indexes;
use crate::policy::rule::{Condition, Outcome, Rule};
use crate::record::kind::Kind;
use crate::record::value::Record;

/// Judges the reported records of a case under every enabled rule. Obligations come in the order of records and rules.
pub fn evaluate(case: &Case) -> (Vec<Obligation>, Vec<Diagnostic>) {
    let mut obligations = Vec::new();
    let (found, _) = evaluate_each(
        case,
        AtOnce::default(),
        &|_| unreachable!("no record was judged before"),
        &mut |owed| {
            obligations.append(owed);
        },
    );
    (obligations, found)
}

/// Judges as [`evaluate`] does, and hands over the obligations of one record after the other, so that nobody has to hold
/// those of a million. A record with an error in a waiver owes nothing that can be said; those are returned too.
///
/// `before` is what came of records that are not in the case, `again` reads one of them once more.
pub fn evaluate_each(
    case: &Case,
    before: AtOnce,
    again: &dyn Fn(&Place) -> Record,
    take: &mut dyn FnMut(&mut Vec<Obligation>),
) -> (Vec<Diagnostic>, BTreeSet<Shared>) {
    let evaluator = Evaluator::new(case);
    let (sifted, counted) = evaluator.sift(before.seen);
    let mut found = before.diagnostics;
    found.extend(evaluator.judge_pending(&before.pending, again, take));
    let (mut periods, of_periods) = evaluator.periods(counted);
    found.extend(of_periods);
    let answered = Answered::of(&periods);
    let mut owed = Vec::new();
    let mut refused = BTreeSet::new();
    for (number, candidates) in sifted.records() {
        let record = &case.records[number];
        let mut undecided = Undecided::default();
        let from = found.len();
        evaluator.judge_candidates(
            record,
            case.days(number),
            candidates,
            &mut undecided,
            &mut owed,
            &mut found,
        );
        let (more, of_notices) = evaluator.of_notices(record, &owed, &mut undecided);
        let lapsed = evaluator.supersede(record, &mut owed);
        // What goes on under another record is overdue there, not here.
        let moved = |rule: &str| {
            owed.iter()
                .any(|owed| owed.rule == rule && owed.state == State::Superseded)
        };
        if case.superseding(&record.id).is_some() {
            let problems = found.split_off(from);
            found.extend(lapsed);
            found.extend(
                problems
                    .into_iter()
                    .filter(|problem| !(is_of_state(problem.code) && problem.rule.as_deref().is_some_and(moved))),
            );
        }
        found.extend(of_notices);
        owed.extend(more);
        found.extend(undecided.into_diagnostics(record));
        let problems = waivers(case, record, &owed, &answered);
        if problems.iter().any(Diagnostic::is_error) {
            refused.insert(record.id.clone());
            // What it owes nobody can say, nor whether it is late.
            let own = found.split_off(from);
            let is_said = |problem: &Diagnostic| problem.is_error() || !is_of_state(problem.code);
            found.extend(own.into_iter().filter(is_said));
        } else {
            take(&mut owed);
        }
        owed.clear();
        found.extend(problems);
    }
    take(&mut periods);
    (found, refused)
}

/// Whether a diagnostic is about where an obligation stands.
fn is_of_state(code: Code) -> bool {
    matches!(
        code,
        Code::ObligationOverdue | Code::DeadlineUndetermined | Code::Prohibited
    )
}

/// Evaluates one rule for one record and says why it came out as it did.
pub fn explain(case: &Case, rule: &Rule, record: &Record) -> Trace {
    let evaluator = Evaluator::new(case);
    let rule = evaluator.edition(rule, record);
    let mut trace = Trace::default();
    let outcome = evaluator.fires(rule, record, Some(&mut trace));
    trace.outcome = Some(outcome);
    trace
}

/// One run over a case; it keeps the indexes of windows and of neighbours.
pub(super) struct Evaluator<'c> {
    pub(super) case: &'c Case,
    pub(super) indexes: Indexes,
    pub(super) neighbours: Neighbours,
    /// Whether any rule over notices is switched on.
    pub(super) has_notice_rules: bool,
    /// The rules that are switched on, by kind.
    by_kind: BTreeMap<Kind, Vec<&'c Rule>>,
    /// The same rules, made ready for many records.
    pub(super) programs: Programs<'c>,
    /// The members of the organizations of a test; the test by the address of its operands, the day by the number of
    /// changes before it.
    pub(super) members: RefCell<Members>,
    /// Nobody will read the obligations: of their reasons only the first is said, which diagnostics repeat.
    pub(super) is_terse: bool,
    /// The days on which the members of some organization change.
    pub(super) changes: OnceCell<Vec<NaiveDate>>,
}

type Members = BTreeMap<(usize, usize), Arc<BTreeSet<String>>>;

impl<'c> Evaluator<'c> {
    pub(super) fn new(case: &'c Case) -> Self {
        let mut by_kind: BTreeMap<Kind, Vec<&Rule>> = BTreeMap::new();
        let rules = case.policy.rules.iter();
        for rule in rules.filter(|rule| rule.enabled && !rule.reference_only && rule.per.is_none()) {
            for kind in &rule.applies_to {
                by_kind.entry(*kind).or_default().extend(rule.editions());
            }
        }
        Self {
            case,
            indexes: Indexes::default(),
            neighbours: Neighbours::default(),
            has_notice_rules: case
                .policy
                .rules
                .iter()
                .any(|rule| rule.enabled && rule.applies_to.contains(&Kind::Notice)),
            by_kind,
            programs: Programs::default(),
            members: RefCell::default(),
            is_terse: false,
            changes: OnceCell::default(),
        }
    }

    /// The first and the last day that a record's date can be.
    pub(super) fn days(&self, record: &Record) -> Days {
        Days::of(record, self.case.calendar.timezone)
    }

    pub(super) fn rules_for(&self, record: &Record) -> impl Iterator<Item = &'c Rule> + use<'_, 'c> {
        self.rules_of(record.kind).iter().copied()
    }

    /// The rules that are switched on for a kind.
    pub(super) fn rules_of(&self, kind: Kind) -> &[&'c Rule] {
        self.by_kind.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// The edition of a rule that judges a record: the one whose values are in force on the record's date, or on the last
    /// day of its period. Where nobody can say, the latest.
    pub(super) fn edition<'r>(&self, rule: &'r Rule, record: &Record) -> &'r Rule {
        let days = self.days(record);
        let in_force = |edition: &&Rule| {
            let (from, until) = (edition.edition_from, edition.effective_until);
            in_force(days, from, until, self.case.as_of) == Outcome::True
        };
        let found = match rule.per {
            Some(_) => self.edition_of_period(rule, record),
            None => rule.editions().find(in_force),
        };
        // Before its first day in force a rule is told by its first values.
        let before = days.last.is_some_and(|last| last < rule.effective_from);
        found.unwrap_or_else(|| rule.editions().last().filter(|_| before).unwrap_or(rule))
    }

    /// How a condition comes out for a record, windows counted.
    pub(super) fn holds(&self, condition: &Condition, record: &Record) -> Outcome {
        self.outcome(condition, record, Windows::Counted, 0, None)
    }

    /// Whether another rule fires for a record, for `fires`. A rule that is switched off never does.
    pub(super) fn rule_outcome(&self, id: &str, record: &Record) -> Outcome {
        let mut result = Outcome::False;
        for edition in self.rules_for(record).filter(|rule| rule.id == id) {
            match self.fires(edition, record, None) {
                Outcome::True => return Outcome::True,
                Outcome::Unknown => result = Outcome::Unknown,
                Outcome::False => {}
            }
        }
        result
    }

    /// Whether a rule fires: in force on the record's date, its conditions hold, no exception is shown to hold.
    pub(super) fn fires(&self, rule: &Rule, record: &Record, mut trace: Option<&mut Trace>) -> Outcome {
        let force = in_force(
            self.days(record),
            rule.edition_from,
            rule.effective_until,
            self.case.as_of,
        );
        if let Some(trace) = trace.as_deref_mut() {
            let until = rule
                .effective_until
                .map(|day| format!(" until {day}"))
                .unwrap_or_default();
            let seen = derive::date_of(record).map_or("not given".to_string(), ToString::to_string);
            trace.lines.push(state::line(
                format!("date in force from {}{until}", rule.edition_from),
                seen,
                force,
                rule,
            ));
        }
        if force == Outcome::False && trace.is_none() {
            return Outcome::False;
        }
        let when = self.outcome(&rule.when, record, Windows::Counted, 0, trace.as_deref_mut());
        let mut result = both(force, when);
        if result == Outcome::False && trace.is_none() {
            return Outcome::False;
        }
        if let Some(unless) = &rule.unless {
            if let Some(trace) = trace.as_deref_mut() {
                let place = trace.lines.len();
                let outcome = self.outcome(unless, record, Windows::Counted, 1, Some(trace));
                trace
                    .lines
                    .insert(place, state::line("unless".to_string(), String::new(), outcome, rule));
                if outcome == Outcome::True {
                    result = Outcome::False;
                }
            } else if self.outcome(unless, record, Windows::Counted, 0, None) == Outcome::True {
                result = Outcome::False;
            }
        }
        if let Some(preceded) = &rule.preceded {
            let earlier = self.neighbour(preceded, record, Direction::Before);
            if let Some(trace) = trace {
                let seen = earlier.map_or("none".to_string(), |earlier| earlier.id.to_string());
                let text = format!(
                    "preceded by {} within {}",
                    preceded.kind.words_with_article(),
                    preceded.within
                );
                trace
                    .lines
                    .push(state::line(text, seen, Outcome::of(earlier.is_some()), rule));
            }
            if earlier.is_none() {
                result = Outcome::False;
            }
        }
        result
    }
}

pub(super) fn both(a: Outcome, b: Outcome) -> Outcome {
    match (a, b) {
        (Outcome::False, _) | (_, Outcome::False) => Outcome::False,
        (Outcome::True, Outcome::True) => Outcome::True,
        _ => Outcome::Unknown,
    }
}
