//! A report that is owed for a period: annual, semiannual, quarterly or monthly.

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::calendar::date::When;
use crate::calendar::window::{Period, PeriodKind};
use crate::record::field::{Field, Type, optional};
use crate::record::value::{Node, Record, Value};

#[rustfmt::skip] // a table reads best in rows
pub(super) const FIELDS: &[Field] = &[
    optional("authority_rule", Type::Rule, "the rule that demands the report", "\"NSA-3106-DATES\""),
    optional("frequency", Type::Choice(&["annual", "semiannual", "quarterly", "monthly"]), "how often it is owed", "\"annual\""),
    optional("period", Type::Period, "what it covers: a year, half, quarter or month", "\"2025\""),
    optional("postponed_to", Type::When, "the date to which a written notice postponed it", "2026-03-01"),
    optional("certified_to", Type::When, "the date that a written certification proposes", "2026-05-01"),
];

/// Returns the period as it is written; a year, half, quarter or month.
pub fn period(record: &Record) -> Option<Period> {
    match &record.get("period")?.value {
        Value::When(when) => Period::parse(&when.to_string()).ok(),
        _ => None,
    }
}

/// Reads a period: its label, with the days it holds.
///
/// # Errors
/// What to write instead.
pub(super) fn parse(text: &str) -> Result<When, String> {
    Period::parse(text).map(|period| When::span(Some(period.first_day()), Some(period.last_day()), text))
}

/// A report that is owed once a year covers a year, and so on.
pub(super) fn check(record: &Record) -> Option<Diagnostic> {
    let node: &Node = record.get("period")?;
    let (found, frequency) = (period(record)?, record.text("frequency")?);
    let wanted = match frequency {
        "annual" => PeriodKind::Year,
        "semiannual" => PeriodKind::Half,
        "quarterly" => PeriodKind::Quarter,
        _ => PeriodKind::Month,
    };
    if found.kind() == wanted {
        return None;
    }
    let label = Period::containing(wanted, found.last_day());
    let mut diagnostic = Diagnostic::new(
        Code::BadDate,
        format!(
            "`period` is {}; the report is {frequency} and covers a {}",
            found.long(),
            wanted.word()
        ),
    )
    .at(node.place.clone())
    .label(format!("a {} is wanted here", wanted.word()))
    .help(format!("write `period = \"{label}\"`, or correct `frequency`"));
    if let Some(other) = record.get("frequency") {
        diagnostic = diagnostic.related(other.place.clone(), frequency);
    }
    Some(diagnostic)
}
