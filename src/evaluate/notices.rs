//! Rules over notices, and what becomes of a superseded record.
//!
//! A notice is what a record's `notified` says was told under one obligation. From each, relto makes a record of the kind
//! `notice` and judges it under the rules with `applies_to = ["notice"]`. Where another record supersedes the one that a
//! notice was about, the notice is looked at again for the new record: those who were told are owed an amendment.
//!
//! What is still owed for a superseded record goes on under the record that supersedes it. Nothing is dropped silently:
//! the old obligation stays, as `superseded`, and a rule that no longer applies says so.

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::calendar::date::When;
use crate::calendar::due::Moment;
use crate::evaluate::condition::text_of;
use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::obligation::{Obligation, State};
use crate::evaluate::state;
use crate::evaluate::undecided::Undecided;
use crate::policy::rule::{Effect, Outcome};
use crate::record::kind::Kind;
use crate::record::value::{Node, Record, Table, Value};

impl Evaluator<'_> {
    /// Judges the rules over notices for what was told of a record, and of the one it supersedes.
    pub(super) fn of_notices(
        &self,
        record: &Record,
        owed: &[Obligation],
        undecided: &mut Undecided,
    ) -> (Vec<Obligation>, Vec<Diagnostic>) {
        let (mut more, mut found) = (Vec::new(), Vec::new());
        if !self.has_notice_rules || record.kind == Kind::Notice {
            return (more, found);
        }
        let mut notices: Vec<Record> = owed.iter().filter_map(|owed| self.notice(record, owed)).collect();
        if let Some(old) = self.case.superseded_by(record) {
            let mut under: Vec<Obligation> = self.judge_all(old, &mut Undecided::default()).0;
            let known: Vec<Shared> = under.iter().map(|owed| owed.rule.clone()).collect();
            under.extend(owed.iter().filter(|owed| !known.contains(&owed.rule)).cloned());
            notices.extend(under.iter().filter_map(|owed| self.amended(record, old, owed)));
        }
        for notice in notices {
            let (owed, problems) = self.judge_all(&notice, undecided);
            more.extend(owed);
            found.extend(problems);
        }
        (more, found)
    }

    /// What was told under an obligation, as a record of the kind `notice`.
    fn notice(&self, record: &Record, owed: &Obligation) -> Option<Record> {
        let notice = self.told(record, record, owed)?;
        let late = owed.state == State::MetLate;
        Some(with(
            notice,
            [("late", Value::Bool(late)), ("record_changed", Value::Bool(false))],
        ))
    }

    /// What was told of a superseded record, looked at again for the record that supersedes it.
    fn amended(&self, record: &Record, old: &Record, owed: &Obligation) -> Option<Record> {
        let notice = self.told(record, old, owed)?;
        let mut fields: Vec<&str> = owed.contains.iter().map(String::as_str).collect();
        if fields.is_empty() {
            fields.push("facts");
        }
        let changed = fields.iter().any(|field| !same(&record.all(field), &old.all(field)));
        Some(with(
            notice,
            [("late", Value::Bool(false)), ("record_changed", Value::Bool(changed))],
        ))
    }

    /// The facts of a notice: whom `of` says was told under an obligation, and when.
    fn told(&self, record: &Record, of: &Record, owed: &Obligation) -> Option<Record> {
        let case = self.case;
        if owed.effect != Effect::Notify {
            return None;
        }
        let told: Vec<(&String, When)> = owed
            .recipients
            .iter()
            .filter_map(|recipient| Some((recipient, state::told_itself(of, recipient, case)?)))
            .collect();
        let sent = told
            .iter()
            .map(|(_, when)| when)
            .max_by_key(|when| when.latest_day(case.calendar.timezone))?
            .clone();
        let place = &record.header;
        let node = |value| Node {
            value,
            place: place.clone(),
        };
        let recipients = told
            .iter()
            .map(|(recipient, _)| node(Value::Text((*recipient).into())))
            .collect();
        let mut fields = Table::default();
        for (name, node) in [
            ("record", node(Value::Text(of.id.clone()))),
            ("rule", node(Value::Text(owed.rule.clone()))),
            ("notice", node(Value::Text(of.id.clone()))),
            ("recipients", node(Value::List(recipients))),
            ("sent", node(Value::When(sent.clone()))),
            ("date", node(Value::When(sent))),
        ] {
            fields.push(name, node);
        }
        match owed.due.first_moment() {
            Some(Moment::Day(day)) => fields.push("due", node(Value::When(When::Day(day)))),
            Some(Moment::Instant(moment)) => {
                fields.push("due", node(Value::When(When::Instant(moment.fixed_offset()))));
            }
            None => {}
        }
        for name in ["late_explanation", "corrected", "notified", "waivers", "not_notified"] {
            if let Some(node) = record.get(name) {
                fields.push(name, node.clone());
            }
        }
        let clerical = record.get("clerical").cloned();
        fields.push("clerical", clerical.unwrap_or_else(|| node(Value::Bool(false))));
        Some(Record {
            kind: Kind::Notice,
            id: record.id.clone(),
            header: place.clone(),
            whole: record.whole.clone(),
            fields,
        })
    }

    /// Moves what is still owed for a superseded record to the record that supersedes it.
    pub(super) fn supersede(&self, record: &Record, owed: &mut [Obligation]) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if let Some(old) = self.case.superseded_by(record) {
            for obligation in owed.iter_mut().filter(|owed| owed.record.as_ref() == Some(&record.id)) {
                obligation.supersedes = Some(old.id.clone());
                if self.rule_outcome(&obligation.rule, old) == Outcome::True {
                    let words = format!("continues what was owed for {}, which it supersedes", old.id);
                    obligation.because.push(words.into());
                }
            }
        }
        let Some(next) = self.case.superseding(&record.id) else {
            return found;
        };
        for obligation in owed.iter_mut() {
            obligation.superseded_by = Some(next.id.clone());
            if !obligation.state.is_owed() && obligation.state != State::Prohibited {
                continue;
            }
            match self.rule_outcome(&obligation.rule, next) {
                Outcome::True => {
                    obligation.state = State::Superseded;
                    let words = format!("{} supersedes it and continues it", next.id);
                    obligation.because.push(words.into());
                }
                Outcome::False => {
                    obligation.state = State::Superseded;
                    let words = format!("{} supersedes it and does not fall under {}", next.id, obligation.rule);
                    obligation.because.push(Shared::from(&words));
                    found.push(
                        Diagnostic::new(
                            Code::RuleLapsed,
                            format!("{} lapsed for `{}`: {words}", obligation.rule, record.id),
                        )
                        .at(record.header.clone())
                        .label("no notice is owed for this record any more")
                        .related(next.header.clone(), "the record that supersedes it")
                        .record(record.id.clone())
                        .rule(obligation.rule.clone()),
                    );
                }
                // Nobody can say yet whether it goes on there: it stays owed here.
                Outcome::Unknown => {}
            }
            obligation.days_late = None;
        }
        found
    }
}

fn with<const N: usize>(mut notice: Record, fields: [(&'static str, Value); N]) -> Record {
    for (name, value) in fields {
        let place = notice.header.clone();
        notice.fields.push(name, Node { value, place });
    }
    notice
}

/// Whether two lists of values say the same.
fn same(one: &[&Node], other: &[&Node]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| says_same(one, other))
}

fn says_same(one: &Node, other: &Node) -> bool {
    match (&one.value, &other.value) {
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| says_same(one, other))
        }
        (Value::Table(one), Value::Table(other)) => {
            one.nodes().len() == other.nodes().len()
                && one
                    .entries()
                    .all(|(name, node)| other.get(name).is_some_and(|there| says_same(node, there)))
        }
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Integer(one), Value::Integer(other)) => one == other,
        (Value::When(one), Value::When(other)) => one == other,
        (Value::Level(one), Value::Level(other)) => one == other,
        (Value::Mark(one), Value::Mark(other)) => one.portion() == other.portion(),
        _ => text_of(one) == text_of(other),
    }
}
