//! Every rule over every record: diagnostics and obligations.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::evaluate::case::Case;
use crate::evaluate::common::Common;
use crate::evaluate::compiled::Programs;
use crate::evaluate::condition::{Windows, in_force};
use crate::evaluate::derive;
use crate::evaluate::neighbour::{Direction, Neighbours};
use crate::evaluate::obligation::{Obligation, State};
use crate::evaluate::postpone;
use crate::evaluate::say::{
    Answered, Undecided, early, nobody_to_tell, overdue, prohibited, required, waivers, without_deadline,
};
use crate::evaluate::state;
use crate::evaluate::trace::Trace;
use crate::evaluate::window::Indexes;
use crate::policy::rule::{Condition, Duty, Effect, Outcome, Rule};
use crate::record::kind::Kind;
use crate::record::value::Record;

/// Judges the reported records of a case under every enabled rule. Obligations come in the order of records and rules.
pub fn evaluate(case: &Case) -> (Vec<Obligation>, Vec<Diagnostic>) {
    let mut obligations = Vec::new();
    let found = evaluate_each(case, &mut |owed| obligations.append(owed));
    (obligations, found)
}

/// Judges as [`evaluate`] does, and hands over the obligations of one record after the other, so that nobody has to hold
/// those of a million.
pub fn evaluate_each(case: &Case, take: &mut dyn FnMut(&mut Vec<Obligation>)) -> Vec<Diagnostic> {
    let evaluator = Evaluator::new(case);
    let (mut periods, mut found) = evaluator.periods();
    let answered = Answered::of(&periods);
    for record in case.reported_records() {
        let mut undecided = Undecided::default();
        let (mut owed, problems) = evaluator.judge_all(record, &mut undecided);
        let (more, of_notices) = evaluator.of_notices(record, &owed, &mut undecided);
        found.extend(evaluator.supersede(record, &mut owed));
        // What goes on under another record is overdue there, not here.
        let moved = |rule: &str| {
            owed.iter()
                .any(|owed| owed.rule == rule && owed.state == State::Superseded)
        };
        found.extend(
            problems
                .into_iter()
                .filter(|problem| !(is_of_state(problem.code) && problem.rule.as_deref().is_some_and(moved))),
        );
        found.extend(of_notices);
        owed.extend(more);
        found.extend(undecided.into_diagnostics(record));
        let problems = waivers(case, record, &owed, &answered);
        if !problems.iter().any(Diagnostic::is_error) {
            take(&mut owed);
        }
        found.extend(problems);
    }
    take(&mut periods);
    found
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
    /// The days of the record judged last, by its address.
    dated: Cell<(usize, Days)>,
    /// The same rules, made ready for many records.
    pub(super) programs: Programs<'c>,
    /// What many obligations have in common.
    pub(super) common: Common,
    /// The members of the organizations of a test; the test by the address of its operands, the day by the number of
    /// changes before it.
    pub(super) members: RefCell<Members>,
    /// The days on which the members of some organization change.
    pub(super) changes: OnceCell<Vec<NaiveDate>>,
}

type Members = BTreeMap<(usize, usize), Rc<BTreeSet<String>>>;

/// The first and the last day a record's date can be.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Days {
    pub(super) first: Option<NaiveDate>,
    pub(super) last: Option<NaiveDate>,
}

impl Days {
    pub(super) fn of(record: &Record, case: &Case) -> Days {
        let timezone = case.calendar.timezone;
        let date = derive::date_of(record);
        Days {
            first: date.and_then(|date| date.earliest_day(timezone)),
            last: date.and_then(|date| date.latest_day(timezone)),
        }
    }
}

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
            dated: Cell::default(),
            programs: Programs::default(),
            common: Common::default(),
            members: RefCell::default(),
            changes: OnceCell::default(),
        }
    }

    /// The days of a record; those of the last one asked for are kept, since every rule asks.
    pub(super) fn days(&self, record: &Record) -> Days {
        let key = std::ptr::from_ref(record).addr();
        let (known, days) = self.dated.get();
        if known == key {
            return days;
        }
        let days = Days::of(record, self.case);
        self.dated.set((key, days));
        days
    }

    /// Judges a record, or a notice, under every rule of its kind.
    pub(super) fn judge_all(&self, record: &Record, undecided: &mut Undecided) -> (Vec<Obligation>, Vec<Diagnostic>) {
        // Another record may have stood at this address before.
        self.dated.set((0, Days::default()));
        let (mut owed, mut found) = (Vec::new(), Vec::new());
        for (rule, outcome) in self.firing(record) {
            let (more, problems) = self.judge(rule, outcome, record, undecided);
            owed.extend(more);
            found.extend(problems);
        }
        (owed, found)
    }

    fn rules_for(&self, record: &Record) -> impl Iterator<Item = &'c Rule> + use<'_, 'c> {
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
                let seen = earlier.map_or("none".to_string(), |earlier| earlier.id.clone());
                let text = format!("preceded by a {} within {}", preceded.kind.words(), preceded.within);
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

    /// What a rule that fires for a record, or may fire, demands.
    fn judge(
        &self,
        rule: &'c Rule,
        outcome: Outcome,
        record: &Record,
        undecided: &mut Undecided,
    ) -> (Vec<Obligation>, Vec<Diagnostic>) {
        if outcome != Outcome::True {
            let mut trace = Trace::default();
            self.fires(rule, record, Some(&mut trace));
            undecided.add(rule, record, &trace);
            return (Vec::new(), Vec::new());
        }
        let mut found = Vec::new();
        if let Some(followed) = &rule.unless_followed
            && let Some(follower) = self.neighbour(followed, record, Direction::After)
        {
            let words = format!(
                "{} lapsed: `{}` followed within {}",
                rule.id, follower.id, followed.within
            );
            found.push(
                Diagnostic::new(Code::RuleLapsed, words)
                    .at(record.header.clone())
                    .label("no notice is owed under this rule")
                    .related(follower.header.clone(), "what followed")
                    .record(record.id.clone())
                    .rule(rule.id.clone()),
            );
            return (Vec::new(), found);
        }
        let reasons = self.reasons(rule, record);
        let mut obligations = Vec::new();
        match rule.effect {
            Effect::Advise => found.push(
                Diagnostic::new(Code::Advice, rule.title.clone())
                    .at(record.header.clone())
                    .label(format!("advice of {}", rule.id))
                    .related(rule.place.clone(), "this rule")
                    .record(record.id.clone())
                    .rule(rule.id.clone()),
            ),
            Effect::Prohibit => {
                let state = if state::waiver(record, rule, self.case).is_some() {
                    State::Waived
                } else {
                    State::Prohibited
                };
                if state == State::Prohibited {
                    found.push(prohibited(rule, record, reasons.first().map_or("", Shared::as_str)));
                }
                obligations.push(self.prohibition(rule, record, &reasons, state));
            }
            Effect::Require => found.extend(required(rule, record)),
            Effect::Notify => {}
        }
        if rule.effect != Effect::Prohibit {
            for duty in &rule.duties {
                match duty.when.as_ref().map_or(Outcome::True, |when| {
                    self.outcome(when, record, Windows::Counted, 0, None)
                }) {
                    Outcome::True => {
                        let owed = self.obligation(rule, duty, record, &reasons, &mut found);
                        if owed.recipients.is_empty() && !duty.notify.is_empty() {
                            found.push(nobody_to_tell(rule, duty, record));
                        } else {
                            obligations.push(owed);
                        }
                    }
                    Outcome::False => {}
                    Outcome::Unknown => {
                        let mut trace = Trace::default();
                        if let Some(when) = &duty.when {
                            self.outcome(when, record, Windows::Counted, 0, Some(&mut trace));
                        }
                        undecided.add(rule, record, &trace);
                    }
                }
            }
        }
        for obligation in &obligations {
            found.extend(overdue(obligation, rule, record));
            found.extend(without_deadline(obligation, rule, record));
        }
        (obligations, found)
    }

    /// Each test that made the rule fire, in words.
    fn reasons(&self, rule: &Rule, record: &Record) -> Vec<Shared> {
        let mut reasons = Vec::new();
        self.met(&rule.when, record, &mut reasons);
        reasons
    }

    fn obligation(
        &self,
        rule: &'c Rule,
        duty: &'c Duty,
        record: &Record,
        reasons: &[Shared],
        found: &mut Vec<Diagnostic>,
    ) -> Obligation {
        let mut because = reasons.to_vec();
        let deadline = match &duty.or_else {
            Some(other) if self.outcome(&other.when, record, Windows::Counted, 0, None) == Outcome::True => {
                because.push(format!("`or_else` applies: {}", other.due.text()).into());
                &other.due
            }
            _ => &duty.due,
        };
        let (mut due, clock) = self.common.due(deadline, record, self.case);
        because.extend(clock);
        found.extend(postpone::apply(rule, duty, record, &mut due, &mut because, self.case));
        if let Some(when) = &duty.when {
            self.met(when, record, &mut because);
        }
        let recipients = self.recipients(duty, record);
        let state = state::state(rule, duty, record, &due, &recipients, self.case);
        let decision = state::decision(rule, record, state, self.case);
        because.extend(decision.as_ref().map(|decision| decision.words().into()));
        found.extend(early(rule, record, &due, &recipients, state, self.case));
        let target = duty.target.as_ref();
        Obligation {
            decision: decision.map(Box::new),
            days_late: state::days_late(record, &due, &recipients, state, self.case),
            target: target.map(|target| self.common.due(target, record, self.case).0),
            due,
            recipients,
            because,
            ..self.of_duty(rule, duty, Some(record), state)
        }
    }

    fn prohibition(&self, rule: &Rule, record: &Record, reasons: &[Shared], state: State) -> Obligation {
        let mut recipients: Vec<String> = Vec::new();
        for duty in &rule.duties {
            for recipient in self.recipients(duty, record).iter() {
                if !recipients.contains(recipient) {
                    recipients.push(recipient.clone());
                }
            }
        }
        let decision = state::decision(rule, record, state, self.case);
        let mut because = reasons.to_vec();
        because.extend(decision.as_ref().map(|decision| decision.words().into()));
        Obligation {
            recipients: recipients.into(),
            because,
            decision: decision.map(Box::new),
            ..self.of_rule(rule, Some(record), state)
        }
    }

    /// The duty's recipients; `@same_as:resumes` takes those of the obligations of the linked record.
    fn recipients(&self, duty: &Duty, record: &Record) -> Arc<[String]> {
        if !duty.notify.iter().any(|name| name.starts_with("@same_as:")) {
            return Arc::clone(&self.common.of_duty(duty).notify);
        }
        let mut all: Vec<String> = Vec::new();
        for name in &duty.notify {
            let more = match name.strip_prefix("@same_as:") {
                Some(link) => self.linked_recipients(link, record),
                None => vec![name.clone()],
            };
            for recipient in more {
                if !all.contains(&recipient) {
                    all.push(recipient);
                }
            }
        }
        all.into()
    }

    fn linked_recipients(&self, link: &str, record: &Record) -> Vec<String> {
        if record.kind == Kind::Notice {
            return record.texts("recipients").into_iter().map(str::to_owned).collect();
        }
        let links = record.text(link).into_iter().chain(record.texts(link));
        links
            .filter_map(|id| self.case.record(id))
            .flat_map(|linked| self.recipients_of(linked))
            .collect()
    }

    /// Whom the rules that fire for a record tell.
    fn recipients_of(&self, linked: &Record) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for rule in self.rules_for(linked).filter(|rule| rule.effect == Effect::Notify) {
            if self.fires(rule, linked, None) != Outcome::True {
                continue;
            }
            for duty in &rule.duties {
                let applies = duty
                    .when
                    .as_ref()
                    .is_none_or(|when| self.outcome(when, linked, Windows::Counted, 0, None) == Outcome::True);
                if applies {
                    all.extend(
                        duty.notify
                            .iter()
                            .filter(|name| !name.starts_with("@same_as:"))
                            .cloned(),
                    );
                }
            }
        }
        all
    }

    /// What an obligation takes from its rule; nothing is due.
    pub(super) fn of_rule(&self, rule: &Rule, record: Option<&Record>, state: State) -> Obligation {
        let common = self.common.of_rule(rule);
        Obligation {
            record: record.map(|record| record.id.clone()),
            rule: common.id.clone(),
            rule_title: common.title.clone(),
            pack: common.pack.clone(),
            status: rule.status,
            effect: rule.effect,
            due: Arc::clone(&common.due),
            recipients: Arc::clone(&common.nobody),
            state,
            authority: Arc::clone(&common.authority),
            duty: None,
            period: None,
            because: Vec::new(),
            contains: Arc::clone(&common.nobody),
            letter: None,
            form: None,
            target: None,
            responsible: common.responsible.clone(),
            covers: Vec::new(),
            report: None,
            decision: None,
            superseded_by: None,
            supersedes: None,
            days_late: None,
        }
    }

    /// What an obligation takes from its rule and its duty; nothing is due.
    pub(super) fn of_duty(&self, rule: &Rule, duty: &Duty, record: Option<&Record>, state: State) -> Obligation {
        let common = self.common.of_duty(duty);
        Obligation {
            duty: common.name.clone(),
            contains: Arc::clone(&common.contains),
            letter: common.letter.clone(),
            form: common.form.clone(),
            ..self.of_rule(rule, record, state)
        }
    }
}

pub(super) fn both(a: Outcome, b: Outcome) -> Outcome {
    match (a, b) {
        (Outcome::False, _) | (_, Outcome::False) => Outcome::False,
        (Outcome::True, Outcome::True) => Outcome::True,
        _ => Outcome::Unknown,
    }
}
