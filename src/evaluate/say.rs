//! The diagnostics of evaluation: their wording stands here, and nowhere else.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::base::code::Code;
use crate::base::diagnostic::{Diagnostic, Related, Said};
use crate::base::shared::Shared;
use crate::base::suggest;
use crate::calendar::due::{Due, DueKind};
use crate::evaluate::case::Case;
use crate::evaluate::condition::is_unknown;
use crate::evaluate::obligation::{Obligation, State};
use crate::evaluate::program::Compiled;
use crate::evaluate::state;
use crate::policy::rule::{Duty, Rule};
use crate::record::kind::Kind;
use crate::record::value::{Key, Record, Value};

pub(super) fn clock_words(due: &Due) -> Option<String> {
    let (clock, start) = (due.clock.as_ref()?, due.start.as_ref()?);
    Some(format!("the clock starts from {clock}, {start}"))
}

/// The duty takes its recipients from a linked record that owes nobody a notice.
pub(super) fn nobody_to_tell(rule: &Rule, duty: &Duty, record: &Record) -> Diagnostic {
    let link = duty
        .notify
        .iter()
        .find_map(|name| name.strip_prefix("@same_as:"))
        .unwrap_or("related");
    let linked = record.text(link).unwrap_or("the linked record");
    Diagnostic::new(
        Code::RuleLapsed,
        format!("{} owes nothing: `{linked}` owes nobody a notice", rule.id),
    )
    .at(record.get(link).map_or(&record.header, |node| &node.place).clone())
    .label("its recipients would be told")
    .related(rule.place.clone(), "this rule takes its recipients from there")
    .help(format!(
        "look at `{linked}`: a mistake in it, or a rule switched off, hides its recipients"
    ))
    .record(record.id.clone())
    .rule(rule.id.clone())
}

/// A duty whose clock cannot run at all: nothing will ever make it overdue, so it is said now.
pub(super) fn without_deadline(obligation: &Obligation, rule: &Rule, record: &Record) -> Option<Diagnostic> {
    let due = &obligation.due;
    if due.kind != DueKind::Undetermined || due.earliest.is_some() || !obligation.state.is_owed() {
        return None;
    }
    let reason = due
        .reason
        .clone()
        .unwrap_or_else(|| "the record does not give what the clock needs".into());
    Some(
        Diagnostic::new(
            Code::DeadlineUndetermined,
            format!("the deadline under {} cannot be reckoned", rule.id),
        )
        .at(record.header.clone())
        .label(reason)
        .related(rule.place.clone(), format!("due {}", due.expression))
        .help("give the date the clock starts from; the notice is owed all the same")
        .record(record.id.clone())
        .rule(rule.id.clone()),
    )
}

pub(super) fn prohibited(rule: &Rule, record: &Record, reason: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::Prohibited,
        format!("`{}` falls under a prohibition: {}", record.id, rule.title),
    )
    .at(record.header.clone())
    .label(reason)
    .related(rule.place.clone(), "this rule forbids it")
    .record(record.id.clone())
    .rule(rule.id.clone())
    .cite(rule.authority.join("; "));
    diagnostic = if rule.waivable_by.is_empty() {
        diagnostic.help("the rule knows no waiver; correct the record, or take the matter to counsel")
    } else {
        diagnostic.help(format!(
            "a waiver by {} would be recorded as `waivers = [{{ rule = \"{}\", ground = \"…\", by = \"…\", expires = … }}]`",
            rule.waivable_by.join(" or "),
            rule.id
        ))
    };
    diagnostic
}

pub(super) fn required(rule: &Rule, record: &Record) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for field in &rule.fields {
        let nodes = field.nodes(record);
        let missing = match record.kind {
            Kind::Notice => Code::NoticeIncomplete,
            _ => Code::RequiredField,
        };
        let (code, message) = if nodes.is_empty() && record.kind == Kind::Notice {
            (
                missing,
                format!(
                    "the notice under {} lacks `{}`, which {} requires",
                    record.text("rule").unwrap_or("another rule"),
                    field.text,
                    rule.id
                ),
            )
        } else if nodes.is_empty() {
            (missing, format!("{} requires `{}`", rule.id, field.text))
        } else if nodes.iter().all(|node| is_unknown(node)) {
            (
                Code::RequiredUndetermined,
                format!("`{}` is undetermined; {} requires an answer", field.text, rule.id),
            )
        } else {
            continue;
        };
        let place = nodes.first().map_or(&record.header, |node| &node.place);
        found.push(
            Diagnostic::new(code, message)
                .at(place.clone())
                .label(if record.kind == Kind::Notice {
                    "what was told of this record"
                } else {
                    "an answer is required"
                })
                .related(rule.place.clone(), "by this rule")
                .help(if record.kind == Kind::Notice {
                    format!("add `{}` to the record", field.text)
                } else {
                    format!("answer `{}`", field.text)
                })
                .record(record.id.clone())
                .rule(rule.id.clone()),
        );
    }
    found
}

/// What the diagnostics about late notices under one rule have in common. What they say is said once for all records that
/// owe the same by the same day for the same reason.
pub(super) struct Late {
    /// "title (status)".
    rule: Shared,
    citation: Shared,
    said: RefCell<BTreeMap<Same, SaidOf>>,
    /// By duty: what is late, and what to do, as long as nobody was told.
    untold: RefCell<BTreeMap<usize, Missed>>,
}

/// What is late, and what to do: "the notice to SSCI", "send it; …".
#[derive(Clone)]
struct Missed {
    what: Shared,
    help: Shared,
}

/// The duty, the due date by its address, the first reason. The due date is kept beside what is said, so that no other can
/// come to stand at its address.
type Same = (usize, usize, Shared);
type SaidOf = (Arc<Due>, Arc<Said>);

impl Late {
    pub(super) fn of(rule: &Rule) -> Self {
        Self {
            rule: format!("{} ({})", rule.title, rule.status.words()).into(),
            citation: rule.authority.join("; ").into(),
            said: RefCell::default(),
            untold: RefCell::default(),
        }
    }
}

pub(super) fn overdue(obligation: &Obligation, compiled: &Compiled<'_>, record: &Record) -> Option<Diagnostic> {
    if obligation.state != State::Overdue {
        return None;
    }
    let mut duties = compiled.duties.iter();
    let duty = duties
        .position(|duty| Arc::ptr_eq(&duty.texts.notify, &obligation.recipients) && duty.texts.name == obligation.duty);
    let said = match duty {
        Some(duty) if obligation.told.is_empty() => {
            let reason = obligation.because.first().cloned().unwrap_or_default();
            let same = (duty, Arc::as_ptr(&obligation.due).addr(), reason);
            let mut said = compiled.late.said.borrow_mut();
            let (_, said) = said.entry(same).or_insert_with(|| {
                let mut untold = compiled.late.untold.borrow_mut();
                let missed = untold.entry(duty).or_insert_with(|| missed(obligation, compiled));
                let said = Arc::new(is_late(obligation, compiled, missed.clone()));
                (Arc::clone(&obligation.due), said)
            });
            Arc::clone(said)
        }
        _ => {
            let missed = missed(obligation, compiled);
            Arc::new(is_late(obligation, compiled, missed))
        }
    };
    let diagnostic = Diagnostic::saying(said).at(record.header.clone());
    Some(diagnostic.record(record.id.clone()))
}

/// Says that a notice is late.
fn is_late(obligation: &Obligation, compiled: &Compiled<'_>, missed: Missed) -> Said {
    let (rule, due) = (compiled.rule, &obligation.due);
    let (how, when) = match due.kind {
        DueKind::BeforeEvent => ("was due before", due.at.as_deref().unwrap_or("the event")),
        DueKind::Undetermined => (
            "may have been due as early as",
            due.earliest.as_deref().unwrap_or("unknown"),
        ),
        _ => ("was due on", due.at.as_deref().unwrap_or("an unknown date")),
    };
    let more = match due.kind {
        DueKind::BeforeEvent | DueKind::Undetermined => None,
        _ => due.more_since(),
    };
    let more = more.map_or_else(String::new, |(more, last)| {
        format!(", with {more} more since, the last on {last}")
    });
    Said {
        code: Code::ObligationOverdue,
        message: [&missed.what, " under ", &rule.id, " ", how, " ", when, &more].concat(),
        label: obligation.because.first().cloned().unwrap_or_default(),
        related: vec![Related {
            place: rule.place.clone(),
            label: compiled.late.rule.clone(),
        }],
        help: std::iter::once(missed.help).chain(due.reason.clone()).collect(),
        rule: Some(compiled.texts.id.clone()),
        citation: Some(compiled.late.citation.clone()),
        fix: None,
    }
}

/// What is late of an obligation, for those who were not told.
fn missed(obligation: &Obligation, compiled: &Compiled<'_>) -> Missed {
    let rule = compiled.rule;
    let untold = obligation.untold();
    let to = untold.join(", ");
    let example = untold.first().map_or("SSCI", String::as_str);
    let (what, send) = if obligation.recipients.is_empty() {
        // A step inside the government: nobody is told of it, a field of the record says that it was taken.
        let what = obligation.form.as_ref().map_or("a step", Shared::as_str);
        let duty = rule
            .duties
            .iter()
            .find(|duty| duty.name.as_deref() == obligation.duty.as_deref());
        let send = match duty.and_then(|duty| duty.discharged_by.as_deref()) {
            Some(field) => format!("see to it; once done, give its date as `{field}`"),
            None => "see to it, or record why not under `not_notified`".to_owned(),
        };
        (format!("\"{what}\""), send)
    } else {
        let send = format!(
            "send it; once told, add `notified = [{{ recipient = \"{example}\", on = 2025-03-14, how = \"letter\" }}]`"
        );
        (format!("the notice to {to}"), send)
    };
    Missed {
        what: what.into(),
        help: send.into(),
    }
}

/// The periods whose report is overdue: one warning for all that follow one another.
pub(super) fn overdue_periods(rule: &Rule, owed: &[Obligation]) -> Option<Diagnostic> {
    let late: Vec<&Obligation> = owed.iter().filter(|owed| owed.state == State::Overdue).collect();
    let (first, last) = (late.first()?, late.last()?);
    let period = |owed: &Obligation| owed.period.as_deref().unwrap_or_default().to_owned();
    let message = if late.len() == 1 {
        format!(
            "the report of {} under {} was due on {}",
            period(first),
            rule.id,
            first.due.at.as_deref().unwrap_or("an unknown date")
        )
    } else {
        format!(
            "{} reports under {} are overdue, from {} to {}",
            late.len(),
            rule.id,
            period(first),
            period(last)
        )
    };
    Some(
        Diagnostic::new(Code::ObligationOverdue, message)
            .at(rule.place.clone())
            .label(format!("{} ({})", rule.title, rule.status.words()))
            .help(format!(
                "record each report as a `[[periodic_report]]` with `authority_rule = \"{}\"`, `period = \"{}\"` and `notified`",
                rule.id,
                period(last)
            ))
            .help("`reports_from` under `[policy]` in relto.toml says from which day on periods are listed")
            .rule(rule.id.clone())
            .cite(rule.authority.join("; ")),
    )
}

/// The ids of so many records in a few words; of many, the first and the last few.
pub(super) fn listed<'a>(number: usize, mut ids: impl DoubleEndedIterator<Item = &'a str>) -> String {
    if number <= 8 {
        return ids.collect::<Vec<_>>().join(", ");
    }
    let (first, second, last) = (ids.next(), ids.next(), ids.next_back());
    let [first, second, last] = [first, second, last].map(Option::unwrap_or_default);
    format!("{first}, {second}, … {last} ({number} in all)")
}

/// A recipient told before the clock of the notice could start: one of the two dates is wrong.
pub(super) fn early(
    rule: &Rule,
    record: &Record,
    due: &Due,
    recipients: &[String],
    state: State,
    case: &Case,
) -> Option<Diagnostic> {
    if record.kind == Kind::Notice || !matches!(state, State::Met | State::MetLate) {
        return None;
    }
    let timezone = case.calendar.timezone;
    let (start, limit) = (due.started(timezone)?, due.local_date(timezone)?);
    // A notice in advance comes before the event by its nature.
    if limit < start || due.kind == DueKind::BeforeEvent {
        return None;
    }
    let (recipient, told) = recipients.iter().find_map(|recipient| {
        let told = state::told(record, recipient, case)?.latest_day(timezone)?;
        (told < start).then_some((recipient, told))
    })?;
    let clock = due.clock.as_deref().unwrap_or("the event");
    let place = record.get("notified").map_or(&record.header, |node| &node.place);
    Some(
        Diagnostic::new(
            Code::NotifiedEarly,
            format!("{recipient} was told on {told}, before `{clock}` on {start}"),
        )
        .at(place.clone())
        .label("before the event")
        .related(
            rule.place.clone(),
            format!("the clock of this rule: {}", due.expression),
        )
        .help(format!(
            "correct the date of the notice or `{clock}`; an earlier notice about something else does not count"
        ))
        .record(record.id.clone())
        .rule(rule.id.clone()),
    )
}

/// Whether a record names rules itself: waivers, decisions not to notify, the rule that a report answers.
pub(super) fn has_claims(record: &Record) -> bool {
    const CLAIMS: [Key; 3] = [Key::of("waivers"), Key::of("not_notified"), Key::of("authority_rule")];
    CLAIMS.iter().any(|claim| record.fields.at(*claim).is_some())
}

/// Names of rules that no pack has, and waivers and decisions not to notify that are expired or change nothing.
pub(super) fn waivers(case: &Case, record: &Record, owed: &[Obligation], periods: &Answered<'_>) -> Vec<Diagnostic> {
    if !has_claims(record) {
        return Vec::new();
    }
    let mut found = without_authority(record);
    for (path, word) in [
        ("waivers.rule", "waiver"),
        ("not_notified.rule", "decision not to notify"),
        ("authority_rule", "report"),
    ] {
        for node in record.all(path) {
            let Value::Text(id) = &node.value else {
                continue;
            };
            let Some(rule) = case.policy.rules.iter().find(|rule| rule.id == *id) else {
                let near = suggest::nearest(id, case.policy.rules.iter().map(|rule| rule.id.as_str()));
                let help = near.map_or("`relto policy list` lists the rules".to_string(), |near| {
                    format!("did you mean `{near}`?")
                });
                found.push(
                    Diagnostic::new(Code::UnknownRule, format!("`{id}` is no rule of the packs in use"))
                        .at(node.place.clone())
                        .label("unknown rule")
                        .help(help)
                        .record(record.id.clone()),
                );
                continue;
            };
            let fires = periods.holds(record, rule)
                || owed
                    .iter()
                    .any(|owed| owed.rule == rule.id && owed.record.as_ref() == Some(&record.id));
            // A run over single files lists no periods: then nobody can say whether a report answers one.
            if word == "report" && rule.per.is_some() && periods.none {
                continue;
            }
            let waiver = word == "waiver";
            let granted = !waiver || state::any_granted(record, rule);
            if !fires || !granted {
                let why = if !fires {
                    "does not apply to this record".to_string()
                } else if rule.waivable_by.is_empty() {
                    "cannot be waived".to_string()
                } else {
                    format!("can be waived only by {}", rule.waivable_by.join(" or "))
                };
                found.push(
                    Diagnostic::new(
                        Code::WaiverUnused,
                        format!("{} {why}: this {word} has no effect", rule.id),
                    )
                    .at(node.place.clone())
                    .label("no effect")
                    .help(format!("remove the {word}, or correct the rule it names"))
                    .record(record.id.clone())
                    .rule(rule.id.clone()),
                );
            } else if waiver && state::waiver(record, rule, case).is_none() {
                found.push(
                    Diagnostic::new(Code::WaiverExpired, format!("the waiver of {} has expired", rule.id))
                        .at(node.place.clone())
                        .label("expired")
                        .help("renew it with a new `expires`, or remove it")
                        .record(record.id.clone())
                        .rule(rule.id.clone()),
                );
            } else if waiver && let Some((last, left)) = state::expiring(record, rule, case) {
                found.push(
                    Diagnostic::new(
                        Code::WaiverExpiring,
                        format!("the waiver of {} expires on {last}, {}", rule.id, days_left(left)),
                    )
                    .at(node.place.clone())
                    .label("expires soon")
                    .help("renew it with a new `expires`, or prepare what it waives")
                    .record(record.id.clone())
                    .rule(rule.id.clone()),
                );
            }
        }
    }
    found
}

fn days_left(days: i64) -> String {
    match days {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        days => format!("in {days} days"),
    }
}

/// Waivers that do not say under which authority they were granted.
fn without_authority(record: &Record) -> Vec<Diagnostic> {
    let Some(Value::List(waivers)) = record.get("waivers").map(|node| &node.value) else {
        return Vec::new();
    };
    waivers
        .iter()
        .filter(|waiver| matches!(&waiver.value, Value::Table(table) if table.get("authority").is_none()))
        .map(|waiver| {
            Diagnostic::new(Code::WaiverWithoutAuthority, "the waiver names no authority")
                .at(waiver.place.clone())
                .label("`authority` is missing")
                .help("add `authority = \"50 U.S.C. 3047(a)(2)\"`, or what gives the approver the power to waive")
                .record(record.id.clone())
        })
        .collect()
}

/// The rules whose periods each report answers.
pub(super) struct Answered<'o> {
    by: BTreeSet<(&'o str, &'o str)>,
    /// No period was judged.
    none: bool,
}

impl<'o> Answered<'o> {
    pub(super) fn of(periods: &'o [Obligation]) -> Self {
        Self {
            by: periods
                .iter()
                .filter_map(|owed| Some((owed.report.as_deref()?, owed.rule.as_str())))
                .collect(),
            none: periods.is_empty(),
        }
    }

    fn holds(&self, report: &Record, rule: &Rule) -> bool {
        self.by.contains(&(report.id.as_str(), rule.id.as_str()))
    }
}
