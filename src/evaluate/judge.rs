//! What a rule that fires for a record demands: obligations and diagnostics.

use std::sync::Arc;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::calendar::due::Moment;
use crate::evaluate::case::Days;
use crate::evaluate::common::{OfDuty, OfRule};
use crate::evaluate::compiled::{Candidate, Facts};
use crate::evaluate::condition::Windows;
use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::neighbour::Direction;
use crate::evaluate::obligation::{Obligation, State};
use crate::evaluate::postpone;
use crate::evaluate::program::{Compiled, CompiledDuty, Program};
use crate::evaluate::say::{early, nobody_to_tell, overdue, prohibited, required, without_deadline};
use crate::evaluate::state;
use crate::evaluate::trace::Trace;
use crate::evaluate::undecided::Undecided;
use crate::policy::rule::{Effect, Followed, Outcome, Rule};
use crate::record::kind::Kind;
use crate::record::value::Record;

impl<'c> Evaluator<'c> {
    /// Judges a record, or a notice, under every rule of its kind.
    pub(super) fn judge_all(&self, record: &Record, undecided: &mut Undecided) -> (Vec<Obligation>, Vec<Diagnostic>) {
        let (mut owed, mut found, mut candidates) = (Vec::new(), Vec::new(), Vec::new());
        let program = self.program(record.kind);
        let mut facts = program.facts(record, self.days(record));
        self.candidates(program, &mut facts, &mut candidates);
        self.judge_each(program, &mut facts, &candidates, undecided, &mut owed, &mut found);
        program.done(facts);
        (owed, found)
    }

    /// Judges a record under the rules of its kind that it may fall under.
    pub(super) fn judge_candidates(
        &self,
        record: &Record,
        days: Days,
        candidates: &[Candidate],
        undecided: &mut Undecided,
        owed: &mut Vec<Obligation>,
        found: &mut Vec<Diagnostic>,
    ) {
        let program = self.program(record.kind);
        let mut facts = program.facts(record, days);
        self.judge_each(program, &mut facts, candidates, undecided, owed, found);
        program.done(facts);
    }

    pub(super) fn judge_each(
        &self,
        program: &Program<'c>,
        facts: &mut Facts<'_>,
        candidates: &[Candidate],
        undecided: &mut Undecided,
        owed: &mut Vec<Obligation>,
        found: &mut Vec<Diagnostic>,
    ) {
        for candidate in candidates {
            let compiled = &program.rules[candidate.rule];
            let outcome = if candidate.certain {
                Outcome::True
            } else {
                self.rule(program, candidate.rule, facts)
            };
            match outcome {
                Outcome::True => self.judge(program, compiled, facts, undecided, owed, found),
                Outcome::Unknown => {
                    let mut trace = Trace::default();
                    self.fires(compiled.rule, facts.record, Some(&mut trace));
                    undecided.add(compiled.rule, facts.record, &trace);
                }
                Outcome::False => {}
            }
        }
    }

    /// What a rule that fires for a record demands.
    fn judge(
        &self,
        program: &Program<'c>,
        compiled: &Compiled<'c>,
        facts: &mut Facts<'_>,
        undecided: &mut Undecided,
        owed: &mut Vec<Obligation>,
        found: &mut Vec<Diagnostic>,
    ) {
        let (rule, record) = (compiled.rule, facts.record);
        if let Some(followed) = &rule.unless_followed
            && let Some(follower) = self.neighbour(followed, record, Direction::After)
        {
            found.push(lapsed(rule, followed, record, follower));
            return;
        }
        let reasons = self.reasons(program, compiled, facts);
        match rule.effect {
            Effect::Advise => found.push(advice(rule, record)),
            Effect::Prohibit => {
                let state = if state::waiver(record, rule, self.case).is_some() {
                    State::Waived
                } else {
                    State::Prohibited
                };
                if state == State::Prohibited {
                    found.push(prohibited(rule, record, reasons.first().map_or("", Shared::as_str)));
                }
                owed.push(self.prohibition(compiled, record, reasons, state));
                return;
            }
            Effect::Require => found.extend(required(rule, record)),
            Effect::Notify => {}
        }
        let (first, last) = (owed.len(), compiled.duties.len().wrapping_sub(1));
        let mut reasons = Some(reasons);
        for (at, duty) in compiled.duties.iter().enumerate() {
            let applies = |facts: &mut Facts<'_>| {
                let when = duty.when.as_ref();
                when.map_or(Outcome::True, |when| self.form(program, when, facts))
            };
            match applies(facts) {
                Outcome::True => {
                    // The last duty needs no copy of its own.
                    let because = if at == last { reasons.take() } else { reasons.clone() };
                    let obligation =
                        self.obligation(program, compiled, duty, because.unwrap_or_default(), facts, found);
                    if obligation.recipients.is_empty() && !duty.duty.notify.is_empty() {
                        found.push(nobody_to_tell(rule, duty.duty, record));
                    } else {
                        owed.push(obligation);
                    }
                }
                Outcome::False => {}
                Outcome::Unknown => {
                    let mut trace = Trace::default();
                    if let Some(when) = &duty.duty.when {
                        self.outcome(when, record, Windows::Counted, 0, Some(&mut trace));
                    }
                    undecided.add(rule, record, &trace);
                }
            }
        }
        for obligation in &owed[first..] {
            found.extend(overdue(obligation, compiled, record));
            found.extend(without_deadline(obligation, rule, record));
        }
    }

    fn obligation(
        &self,
        program: &Program<'c>,
        compiled: &Compiled<'c>,
        duty: &CompiledDuty<'c>,
        mut because: Vec<Shared>,
        facts: &mut Facts<'_>,
        found: &mut Vec<Diagnostic>,
    ) -> Obligation {
        let (rule, record, case) = (compiled.rule, facts.record, self.case);
        let mut clock = &duty.due;
        if let (Some((other, words)), Some(when)) = (&duty.other, &duty.or_else)
            && self.form(program, when, facts) == Outcome::True
        {
            because.push(words.clone());
            clock = other;
        }
        let (mut due, words) = clock.due(record, case);
        if !self.is_terse || because.is_empty() {
            because.extend(words);
        }
        if rule.status.was_law() && due.next_day > rule.effective_until {
            Arc::make_mut(&mut due).set_next(None);
        }
        found.extend(postpone::apply(rule, duty.duty, record, &mut due, &mut because, case));
        self.reasons_of_duty(program, duty, facts, &mut because);
        let recipients = self.recipients(duty, record);
        let state = state::state(rule, duty.duty, record, &due, &recipients, case);
        let decision = state::decision(rule, record, state, case);
        because.extend(decision.as_ref().map(|decision| decision.words().into()));
        found.extend(early(rule, record, &due, &recipients, state, case));
        if let Some(day) = state::occurrence_owed(record, &due, &recipients, state, case)
            && due.moment() != Some(Moment::Day(day))
        {
            Arc::make_mut(&mut due).set_due(Moment::Day(day), &case.calendar);
        }
        Obligation {
            decision: decision.map(Box::new),
            days_late: state::days_late(record, &due, &recipients, state, case),
            target: duty.target.as_ref().map(|target| target.due(record, case).0),
            told: state::told_already(record, &due, &recipients, state, case),
            due,
            recipients,
            because,
            ..of_duty(rule, &compiled.texts, &duty.texts, Some(record), state)
        }
    }

    fn prohibition(
        &self,
        compiled: &Compiled<'c>,
        record: &Record,
        mut because: Vec<Shared>,
        state: State,
    ) -> Obligation {
        let mut recipients: Vec<String> = Vec::new();
        for duty in &compiled.duties {
            for recipient in self.recipients(duty, record).iter() {
                if !recipients.contains(recipient) {
                    recipients.push(recipient.clone());
                }
            }
        }
        let decision = state::decision(compiled.rule, record, state, self.case);
        because.extend(decision.as_ref().map(|decision| decision.words().into()));
        Obligation {
            recipients: recipients.into(),
            because,
            decision: decision.map(Box::new),
            ..of_rule(compiled.rule, &compiled.texts, Some(record), state)
        }
    }

    /// The duty's recipients; `@same_as:resumes` takes those of the obligations of the linked record.
    fn recipients(&self, duty: &CompiledDuty<'c>, record: &Record) -> Arc<[String]> {
        let notify = &duty.texts.notify;
        if !notify.iter().any(|name| name.starts_with("@same_as:")) {
            return Arc::clone(notify);
        }
        let mut all: Vec<String> = Vec::new();
        for name in notify.iter() {
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
}

/// What an obligation takes from its rule; nothing is due.
fn of_rule(rule: &Rule, texts: &OfRule, record: Option<&Record>, state: State) -> Obligation {
    Obligation {
        record: record.map(|record| record.id.clone()),
        rule: texts.id.clone(),
        rule_title: texts.title.clone(),
        pack: texts.pack.clone(),
        status: rule.status,
        effect: rule.effect,
        due: Arc::clone(&texts.due),
        recipients: Arc::clone(&texts.nobody),
        told: Box::default(),
        state,
        authority: Arc::clone(&texts.authority),
        duty: None,
        period: None,
        because: Vec::new(),
        contains: Arc::clone(&texts.nobody),
        letter: None,
        form: None,
        target: None,
        responsible: texts.responsible.clone(),
        covers: Vec::new(),
        report: None,
        decision: None,
        superseded_by: None,
        supersedes: None,
        days_late: None,
    }
}

/// What an obligation takes from its rule and its duty; nothing is due.
pub(super) fn of_duty(rule: &Rule, texts: &OfRule, duty: &OfDuty, record: Option<&Record>, state: State) -> Obligation {
    Obligation {
        duty: duty.name.clone(),
        contains: Arc::clone(&duty.contains),
        letter: duty.letter.clone(),
        form: duty.form.clone(),
        ..of_rule(rule, texts, record, state)
    }
}

fn lapsed(rule: &Rule, wanted: &Followed, record: &Record, follower: &Record) -> Diagnostic {
    let words = format!(
        "{} lapsed: `{}` followed within {}",
        rule.id, follower.id, wanted.within
    );
    Diagnostic::new(Code::RuleLapsed, words)
        .at(record.header.clone())
        .label("no notice is owed under this rule")
        .related(follower.header.clone(), "what followed")
        .record(record.id.clone())
        .rule(rule.id.clone())
}

fn advice(rule: &Rule, record: &Record) -> Diagnostic {
    Diagnostic::new(Code::Advice, rule.title.clone())
        .at(record.header.clone())
        .label(format!("advice of {}", rule.id))
        .related(rule.place.clone(), "this rule")
        .record(record.id.clone())
        .rule(rule.id.clone())
}
