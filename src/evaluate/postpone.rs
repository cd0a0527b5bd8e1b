//! Lawful postponement of a report: by written notice to a fixed date, beyond it only by a certification whose date then
//! binds (50 U.S.C. 3106(c) and (d)).

use std::sync::Arc;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::calendar::date::When;
use crate::calendar::deadline::resolve;
use crate::calendar::due::{Due, Moment};
use crate::evaluate::case::Case;
use crate::policy::rule::{Duty, Rule};
use crate::record::kind::Kind;
use crate::record::value::Record;

/// Moves a due date to the one that a periodic report was postponed or certified to, as far as its duty allows.
pub(super) fn apply(
    rule: &Rule,
    duty: &Duty,
    report: &Record,
    due: &mut Arc<Due>,
    because: &mut Vec<Shared>,
    case: &Case,
) -> Option<Diagnostic> {
    // No other kind has these fields.
    if report.kind != Kind::PeriodicReport {
        return None;
    }
    let timezone = case.calendar.timezone;
    let given = |field: &str| report.when(field).and_then(|when| when.day(timezone));
    let was = due.local_date(timezone)?;
    if let Some(day) = given("certified_to").filter(|day| *day > was) {
        if duty.postpone.is_some() {
            Arc::make_mut(due).set_due(Moment::Day(day), &case.calendar);
            because.push(format!("certified to {day}, which binds; it was due on {was}").into());
            return None;
        }
        return Some(refused(rule, report, "certified_to", "the rule knows no postponement"));
    }
    let day = given("postponed_to").filter(|day| *day > was)?;
    let Some(postpone) = &duty.postpone else {
        return Some(refused(rule, report, "postponed_to", "the rule knows no postponement"));
    };
    let lookup = |field: &str| matches!(field, "date" | "due").then_some(When::Day(was));
    let limit = resolve(&postpone.to, &case.calendar, &lookup, was).local_date(timezone)?;
    if day <= limit {
        Arc::make_mut(due).set_due(Moment::Day(day), &case.calendar);
        because.push(format!("postponed by written notice to {day}; it was due on {was}").into());
        return None;
    }
    Arc::make_mut(due).set_due(Moment::Day(limit), &case.calendar);
    because.push(format!("postponed by written notice to {limit} at the latest; it was due on {was}").into());
    Some(refused(
        rule,
        report,
        "postponed_to",
        &format!("a notice postpones to {limit} at the latest"),
    ))
}

fn refused(rule: &Rule, report: &Record, field: &str, why: &str) -> Diagnostic {
    let place = report.get(field).map_or(&report.header, |node| &node.place);
    Diagnostic::new(
        Code::PostponedTooFar,
        format!("{} cannot be postponed so: {why}", rule.id),
    )
    .at(place.clone())
    .label("later than the rule allows")
    .related(rule.place.clone(), "this rule")
    .help("beyond that only a written certification moves it: give its date as `certified_to`, or send the report in time")
    .record(report.id.clone())
    .rule(rule.id.clone())
    .cite(rule.authority.join("; "))
}
