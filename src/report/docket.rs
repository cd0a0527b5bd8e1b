//! The docket: what is owed, sorted by due date with what is overdue first.

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;

use crate::calendar::due::{Due, DueKind};
use crate::evaluate::obligation::{Obligation, State};
use crate::report::Look;
use crate::report::table::{self, Cell, Column, Give};
use crate::report::visible;

/// Which obligations to list.
#[derive(Debug, Clone)]
pub struct Filter<'a> {
    pub as_of: NaiveDate,
    pub timezone: Tz,
    /// What still has to be met and is due at most this many days after the as-of date.
    pub due_within: Option<u32>,
    /// What this recipient is owed.
    pub recipient: Option<&'a str>,
}

/// Returns the obligations that pass the filter: overdue ones first, then by due date; without a date last.
pub fn select<'a>(obligations: &'a [Obligation], filter: &Filter<'_>) -> Vec<&'a Obligation> {
    let mut chosen: Vec<&Obligation> = obligations
        .iter()
        .filter(|obligation| {
            filter
                .recipient
                .is_none_or(|recipient| is_owed_to(obligation, recipient))
        })
        .filter(|obligation| filter.due_within.is_none_or(|days| is_near(obligation, days, filter)))
        .collect();
    chosen.sort_by_cached_key(|obligation| {
        let day = obligation.due.local_date(filter.timezone);
        (
            obligation.state != State::Overdue,
            day.is_none(),
            day,
            obligation.due.at.clone().or_else(|| obligation.due.earliest.clone()),
            obligation.record.clone(),
            obligation.rule.clone(),
            obligation.duty.clone(),
            obligation.period.clone(),
        )
    });
    chosen
}

/// `SSCI` is owed what its chair (`SSCI.chair`) is owed.
fn is_owed_to(obligation: &Obligation, recipient: &str) -> bool {
    obligation.untold().iter().any(|id| {
        let body = id.split('.').next().unwrap_or_default();
        id.eq_ignore_ascii_case(recipient) || body.eq_ignore_ascii_case(recipient)
    })
}

/// Whether an obligation is overdue or falls due in the next days. One without any date counts once its clock runs:
/// "promptly" is now, and what cannot be reckoned may be due at once.
fn is_near(obligation: &Obligation, days: u32, filter: &Filter<'_>) -> bool {
    let last = filter
        .as_of
        .checked_add_days(Days::new(u64::from(days)))
        .unwrap_or(NaiveDate::MAX);
    match obligation.state {
        State::Overdue => true,
        state if !state.is_owed() => false,
        state => obligation
            .due
            .local_date(filter.timezone)
            .map_or(state == State::Open, |day| day <= last),
    }
}

/// Renders the docket as a table within the width of the look.
pub fn render(obligations: &[&Obligation], look: Look) -> String {
    const COLUMNS: [Column<'_>; 7] = [
        ("DUE", Give::Wrap),
        ("SUBMIT-BY", Give::Keep),
        ("STATE", Give::Keep),
        ("RECORD", Give::Keep),
        ("RULE", Give::Keep),
        ("RECIPIENTS", Give::Wrap),
        ("TITLE", Give::Cut),
    ];
    let rows: Vec<Vec<Cell>> = obligations.iter().map(|obligation| row(obligation)).collect();
    table::render(&COLUMNS, &rows, look) + &remarks(obligations)
}

/// Below the table, what a state alone does not say: who waived or decided not to notify and why, and what goes on under
/// another record.
fn remarks(obligations: &[&Obligation]) -> String {
    let mut text = String::new();
    for obligation in obligations {
        let words = match (&obligation.decision, obligation.state, &obligation.superseded_by) {
            (Some(decision), ..) => decision.words(),
            (None, State::Superseded, Some(next)) => format!("superseded by {next}"),
            _ => continue,
        };
        if text.is_empty() {
            text.push('\n');
        }
        let line = format!("{} {}: {words}", subject(obligation), obligation.rule);
        text.push_str(&visible::line(&line));
        text.push('\n');
    }
    text
}

fn row(obligation: &Obligation) -> Vec<Cell> {
    let style = style(obligation.state);
    vec![
        Cell::styled(due_in_words(&obligation.due), style),
        Cell::plain(obligation.due.submit_by.as_deref().unwrap_or("-")),
        Cell::styled(obligation.state.word(), style),
        Cell::plain(subject(obligation)),
        Cell::plain(&obligation.rule),
        Cell::plain(few(&obligation.untold())),
        Cell::plain(&obligation.rule_title),
    ]
}

/// What the obligation is about: its record, or its period.
pub fn subject(obligation: &Obligation) -> &str {
    obligation
        .record
        .as_deref()
        .or(obligation.period.as_deref())
        .unwrap_or("-")
}

/// When it is due, in a few words: a date, "promptly", "not before 2025-03-07".
pub fn due_in_words(due: &Due) -> String {
    let words = match due.kind {
        DueKind::Prompt => due.word.as_ref().map(String::from),
        DueKind::BeforeEvent => due.at.as_ref().map(|at| format!("before {at}")),
        DueKind::Date | DueKind::Instant | DueKind::Recurring | DueKind::Periodic => due.at.as_ref().map(String::from),
        DueKind::Undetermined | DueKind::None => None,
    }
    .or_else(|| due.earliest.as_ref().map(|earliest| format!("not before {earliest}")))
    .unwrap_or_else(|| {
        if due.kind == DueKind::None {
            "-".to_owned()
        } else {
            "undetermined".to_owned()
        }
    });
    // An instant reads, and wraps, better with a space: `2025-03-07 14:30:00Z`.
    match words.as_bytes() {
        [.., b'Z'] => words.replacen('T', " ", 1),
        _ => words,
    }
}

fn style(state: State) -> &'static str {
    match state {
        State::Overdue | State::Prohibited => "1;31",
        State::Open => "33",
        State::Upcoming => "36",
        State::Met => "32",
        State::MetLate | State::Waived | State::NotNotified | State::Superseded => "2",
    }
}

/// The recipients who are still to be told, for a table: a long list shows its first two; CSV and JSON show them all.
fn few(recipients: &[String]) -> String {
    match recipients {
        [first, second, rest @ ..] if rest.len() > 2 => format!("{first}, {second} and {} more", rest.len()),
        _ => recipients.join(", "),
    }
}
