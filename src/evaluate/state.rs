//! Where an obligation stands on the as-of date; and the one function that decides whether a waiver is active.

use chrono::NaiveDate;

use crate::calendar::date::When;
use crate::calendar::due::{Due, DueKind};
use crate::evaluate::case::Case;
use crate::evaluate::clock;
use crate::evaluate::obligation::{Decision, State};
use crate::evaluate::trace::Line;
use crate::policy::rule::{Duty, Outcome, Rule};
use crate::record::value::{Key, Record, Table, Value};

/// Judges the state of an obligation: what was told by the record's `notified`, waivers, decisions not to notify, and
/// otherwise the dates. An undetermined deadline is judged by the earliest it can be; a prompt duty is never overdue.
pub(super) fn state(rule: &Rule, duty: &Duty, record: &Record, due: &Due, recipients: &[String], case: &Case) -> State {
    if waiver(record, rule, case).is_some() {
        return State::Waived;
    }
    if entries(record, "not_notified").any(|entry| text(entry, "rule") == Some(&rule.id)) {
        return State::NotNotified;
    }
    if let Some(field) = &duty.discharged_by
        && let Some(done) = clock::date(record, field).filter(|done| before_end_of(done, case))
    {
        return met(due, std::slice::from_ref(&done), case);
    }
    if due.kind == DueKind::Recurring {
        return recurring(record, due, recipients, case);
    }
    let told: Vec<When> = recipients
        .iter()
        .filter_map(|recipient| told(record, recipient, case))
        .collect();
    if !recipients.is_empty() && told.len() == recipients.len() {
        return met(due, &told, case);
    }
    by_dates(due, case)
}

/// A recurring duty is met once for each occurrence: by what each recipient was told since the one before. What came
/// later than its occurrence was late; an occurrence before the as-of date that nobody met is overdue.
fn recurring(record: &Record, due: &Due, recipients: &[String], case: &Case) -> State {
    if due
        .started(case.calendar.timezone)
        .is_some_and(|start| start > case.as_of)
    {
        return State::Upcoming;
    }
    match unmet(record, due, recipients, case) {
        (Some(day), _) if day < case.as_of => State::Overdue,
        (Some(_), _) => State::Open,
        (None, late) => match (due.is_over(case.as_of) && !recipients.is_empty(), late) {
            (true, true) => State::MetLate,
            (true, false) => State::Met,
            (false, _) => State::Open,
        },
    }
}

/// Returns the occurrence of a recurring duty that is owed: the first that was not met, else the next.
pub(super) fn occurrence_owed(
    record: &Record,
    due: &Due,
    recipients: &[String],
    state: State,
    case: &Case,
) -> Option<NaiveDate> {
    if due.kind != DueKind::Recurring || !matches!(state, State::Overdue | State::Open) {
        return None;
    }
    unmet(record, due, recipients, case).0.or_else(|| due.next_date())
}

/// The first occurrence up to the as-of date that a recipient was not told of, and whether one was told late. Without
/// recipients the first of all.
fn unmet(record: &Record, due: &Due, recipients: &[String], case: &Case) -> (Option<NaiveDate>, bool) {
    let timezone = case.calendar.timezone;
    let occurrences = due.occurrences(case.as_of);
    let (mut first, mut late) = (None, false);
    if recipients.is_empty() {
        first = occurrences.first().copied();
    }
    for recipient in recipients {
        let mut told: Vec<NaiveDate> = tellings(record, recipient, case)
            .filter_map(|when| when.latest_day(timezone))
            .collect();
        told.sort_unstable();
        let mut told = told.into_iter().peekable();
        let mut before = due.started(timezone).unwrap_or(NaiveDate::MIN);
        for occurrence in &occurrences {
            while told.next_if(|day| *day <= before).is_some() {}
            let Some(day) = told.next() else {
                first = Some(first.map_or(*occurrence, |first: NaiveDate| first.min(*occurrence)));
                break;
            };
            late |= day > *occurrence;
            before = *occurrence;
        }
    }
    (first, late)
}

/// Where an obligation stands that nobody has met: by its dates alone.
pub(super) fn by_dates(due: &Due, case: &Case) -> State {
    let timezone = case.calendar.timezone;
    if due.kind == DueKind::Prompt {
        return match due.started(timezone) {
            Some(start) if start > case.as_of => State::Upcoming,
            _ => State::Open,
        };
    }
    let limit = due.local_date(timezone);
    // Before an event it is late once the day of the event has come and gone.
    if limit.is_some_and(|limit| limit < case.as_of) {
        return State::Overdue;
    }
    let started = due.started(timezone);
    let counts_on = started.zip(limit).is_some_and(|(start, limit)| start <= limit) && due.kind != DueKind::BeforeEvent;
    if counts_on && started.is_some_and(|start| start > case.as_of) {
        State::Upcoming
    } else {
        State::Open
    }
}

/// Met in time, or late. Where the dates do not say, it counts as late: judged by the earliest.
fn met(due: &Due, told: &[When], case: &Case) -> State {
    let timezone = case.calendar.timezone;
    let late = told.iter().any(|when| match due.is_late(when, timezone) {
        Some(late) => late,
        None if due.kind == DueKind::Undetermined => match (due.local_date(timezone), when.earliest_day(timezone)) {
            (Some(limit), Some(day)) => day > limit,
            _ => false,
        },
        // Told some time in a month that the due date divides: nobody can say that it was in time.
        None => matches!(due.kind, DueKind::Date | DueKind::Instant),
    });
    if late { State::MetLate } else { State::Met }
}

/// When a recipient was told, by the record's `notified` or that of a record it supersedes: what was told is told, and
/// what has changed since is the matter of an amendment. What lies after the as-of date does not count yet.
pub(super) fn told(record: &Record, recipient: &str, case: &Case) -> Option<When> {
    case.with_superseded(record)
        .find_map(|record| told_itself(record, recipient, case))
}

/// Those of the recipients who were told already of what is still owed to others.
pub(super) fn told_already(
    record: &Record,
    due: &Due,
    recipients: &[String],
    state: State,
    case: &Case,
) -> Box<[String]> {
    const NOTIFIED: Key = Key::of("notified");
    let says_nothing = |record: &Record| record.fields.at(NOTIFIED).is_none();
    let is_anew = due.kind == DueKind::Recurring;
    if is_anew || !state.is_owed() || case.with_superseded(record).all(says_nothing) {
        return Box::default();
    }
    let was_told = |id: &&String| told(record, id, case).is_some();
    recipients.iter().filter(was_told).cloned().collect()
}

/// When a recipient was told first, by the record's own `notified`.
pub(super) fn told_itself(record: &Record, recipient: &str, case: &Case) -> Option<When> {
    tellings(record, recipient, case).min_by_key(|on| on.latest_day(case.calendar.timezone))
}

/// Every time that a recipient was told, by one record's own `notified`. What is owed to a Member is met by the receipt of
/// that Member, not of the committee (50 U.S.C. 3093(g)(3)).
fn tellings(record: &Record, recipient: &str, case: &Case) -> impl Iterator<Item = When> {
    entries(record, "notified")
        .filter(move |entry| text(entry, "recipient") == Some(recipient))
        .filter_map(|entry| match entry.get("on").map(|node| &node.value) {
            Some(Value::When(on)) if on.is_known() && before_end_of(on, case) => Some(on.clone()),
            _ => None,
        })
}

/// Who waived an obligation or decided not to notify, and why.
pub(super) fn decision(rule: &Rule, record: &Record, state: State, case: &Case) -> Option<Decision> {
    let words = |entry: &Table, name: &str| text(entry, name).map(str::to_owned);
    let date = |entry: &Table, name: &str| match entry.get(name).map(|node| &node.value) {
        Some(Value::When(when)) => Some(when.to_string()),
        _ => None,
    };
    match state {
        State::Waived => waiver(record, rule, case).map(|entry| Decision {
            what: "waived",
            by: words(entry, "by").unwrap_or_default(),
            reason: words(entry, "ground").unwrap_or_default(),
            authority: words(entry, "authority"),
            date: date(entry, "expires"),
        }),
        State::NotNotified => entries(record, "not_notified")
            .find(|entry| text(entry, "rule") == Some(&rule.id))
            .map(|entry| Decision {
                what: "not notified",
                by: words(entry, "by").unwrap_or_default(),
                reason: words(entry, "reason").unwrap_or_default(),
                authority: None,
                date: date(entry, "on"),
            }),
        _ => None,
    }
}

/// By how many days an obligation is late, or was met late.
pub(super) fn days_late(record: &Record, due: &Due, recipients: &[String], state: State, case: &Case) -> Option<i64> {
    let timezone = case.calendar.timezone;
    let limit = due.local_date(timezone)?;
    let given = match state {
        State::Overdue => case.as_of,
        State::MetLate => recipients
            .iter()
            .filter_map(|recipient| told(record, recipient, case)?.latest_day(timezone))
            .max()?,
        _ => return None,
    };
    Some((given - limit).num_days().max(0))
}

fn before_end_of(when: &When, case: &Case) -> bool {
    when.earliest_day(case.calendar.timezone)
        .is_none_or(|day| day <= case.as_of)
}

/// Returns the active waiver of a rule for a record: the rule can be waived, and the waiver has not expired by the
/// as-of date. An expiry that is not a certain day counts as expired.
pub(super) fn waiver<'r>(record: &'r Record, rule: &Rule, case: &Case) -> Option<&'r Table> {
    if rule.waivable_by.is_empty() {
        return None;
    }
    entries(record, "waivers").find(|entry| {
        text(entry, "rule") == Some(rule.id.as_str()) && is_granted(entry, rule) && is_active(entry, case)
    })
}

/// Whether the waiver was granted by someone who may grant it: the office, with or without an article or a name.
fn is_granted(waiver: &Table, rule: &Rule) -> bool {
    let Some(by) = text(waiver, "by") else { return false };
    let by = by.trim().to_lowercase();
    let by = by.strip_prefix("the ").unwrap_or(&by);
    rule.waivable_by.iter().any(|who| {
        let who = who.to_lowercase();
        by.strip_prefix(&who)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ',']))
    })
}

/// The days that an active waiver still has, where they are thirty or fewer.
pub(super) fn expiring(record: &Record, rule: &Rule, case: &Case) -> Option<(NaiveDate, i64)> {
    let entry = waiver(record, rule, case)?;
    let Some(Value::When(expires)) = entry.get("expires").map(|node| &node.value) else {
        return None;
    };
    let last = expires.earliest_day(case.calendar.timezone)?;
    let left = (last - case.as_of).num_days();
    (left <= 30).then_some((last, left))
}

/// Whether any waiver of a rule was granted by someone who may grant it.
pub(super) fn any_granted(record: &Record, rule: &Rule) -> bool {
    entries(record, "waivers").any(|entry| text(entry, "rule") == Some(rule.id.as_str()) && is_granted(entry, rule))
}

fn is_active(waiver: &Table, case: &Case) -> bool {
    match waiver.get("expires").map(|node| &node.value) {
        Some(Value::When(expires)) => expires
            .earliest_day(case.calendar.timezone)
            .is_some_and(|last| case.as_of <= last),
        _ => false,
    }
}

#[inline]
fn entries<'r>(record: &'r Record, name: &str) -> impl Iterator<Item = &'r Table> {
    let items = match record.fields.get(name).map(|node| &node.value) {
        Some(Value::List(items)) => &**items,
        _ => &[],
    };
    items.iter().filter_map(|item| match &item.value {
        Value::Table(table) => Some(&**table),
        _ => None,
    })
}

fn text<'t>(table: &'t Table, name: &str) -> Option<&'t str> {
    match &table.get(name)?.value {
        Value::Text(text) | Value::Code(text) => Some(text),
        Value::Choice(word) => Some(word),
        _ => None,
    }
}

/// A line of a trace that belongs to the rule as a whole.
pub(super) fn line(text: String, seen: String, outcome: Outcome, rule: &Rule) -> Line {
    let unknown_field = (outcome == Outcome::Unknown && text.starts_with("date in force")).then(|| "date".to_string());
    Line {
        depth: 0,
        text,
        seen,
        outcome,
        place: None,
        policy: Some(rule.place.clone()),
        unknown_field,
        is_test: false,
    }
}
