//! Deadlines and windows of rules: read by the calendar's grammar, their clocks held against the field table.

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed};
use crate::calendar::deadline::{self, Deadline, ExpressionProblem};
use crate::calendar::due::DueKind;
use crate::calendar::window::Window;
use crate::policy::fields;
use crate::policy::rule::{Postpone, Span};
use crate::policy::scope::Scope;
use crate::record::field::{Field, Type, fields_of};
use crate::record::kind::Kind;

/// The clocks of a rule per period.
const PERIOD_CLOCKS: &[&str] = &["period_start", "period_end"];

/// Reads a deadline; every clock in it must be a date that the kinds of the rule have.
pub(super) fn deadline(scope: &mut Scope<'_>, text: &Placed<String>) -> Option<Deadline> {
    let deadline = match deadline::parse(&text.value) {
        Ok(deadline) => deadline,
        Err(problem) => {
            let diagnostic = expression(scope, Code::BadDeadline, text, &problem);
            scope.report(diagnostic);
            return None;
        }
    };
    if deadline.has_literal() {
        scope.report(
            Diagnostic::new(
                Code::BadDeadline,
                "a deadline of a rule cannot count from one fixed date",
            )
            .at(text.place.clone())
            .label("a date where a field should stand")
            .help("name the field that starts the clock, as in `7 days after ended`, or write `on 2025-12-22`"),
        );
        return None;
    }
    let mut right = true;
    for clock in deadline.fields() {
        if PERIOD_CLOCKS.contains(&clock) && scope.per {
            continue;
        }
        right &= check_clock(scope, text, clock);
    }
    right.then_some(deadline)
}

/// Reads how far a duty may be postponed: `to Mar 1 and Sep 1`, the first of these after the due date, or
/// `30 days after due`.
pub(super) fn postponement(scope: &mut Scope<'_>, text: &Placed<String>) -> Option<Postpone> {
    let written = text.value.as_str();
    let to = match written.strip_prefix("to ") {
        Some(dates) => deadline::parse(&format!("on {dates}"))
            .ok()
            .filter(|to| to.kind() == DueKind::Periodic || to.kind() == DueKind::Date),
        None => deadline::parse(written)
            .ok()
            .filter(|to| to.kind() == DueKind::Date && to.fields() == ["due"]),
    };
    if let Some(to) = to {
        return Some(Postpone {
            text: text.value.clone(),
            to,
        });
    }
    scope.report(
        Diagnostic::new(
            Code::BadDeadline,
            format!("`{}` is no date to postpone to", written.escape_debug()),
        )
        .at(text.place.clone())
        .label("dates are wanted")
        .help("write it as in `to Mar 1 and Sep 1`, or `30 days after due`"),
    );
    None
}

fn check_clock(scope: &mut Scope<'_>, text: &Placed<String>, clock: &str) -> bool {
    let bytes = word_at(&text.value, clock);
    let place = scope.inside(text, bytes.clone());
    if PERIOD_CLOCKS.contains(&clock) {
        scope.report(
            Diagnostic::new(Code::UnknownField, format!("`{clock}` is a clock of rules per period"))
                .at(place)
                .label("this rule is owed per record")
                .help("add `per = \"quarter\"`, or name a date of the record"),
        );
        return false;
    }
    let parts = fields::parts_in(text, bytes, scope.sources);
    match fields::find(&scope.kinds, &parts) {
        Ok(found) if is_date(found.path.of) => true,
        Ok(found) => {
            let dates = dates_of(&scope.kinds);
            scope.report(
                Diagnostic::new(
                    Code::WrongTest,
                    format!("`{clock}` is no date: its type is {}", found.path.of),
                )
                .at(place)
                .label("a clock needs a date")
                .help(format!(
                    "the dates are {}",
                    crate::base::suggest::quoted_list(dates.iter().map(String::as_str))
                )),
            );
            false
        }
        Err(diagnostic) => {
            scope.report(*diagnostic);
            false
        }
    }
}

fn is_date(of: Type) -> bool {
    matches!(of, Type::When | Type::List(Type::When))
}

/// Returns the dates that every kind of the rule has.
fn dates_of(kinds: &[Kind]) -> Vec<String> {
    fn add(fields: impl Iterator<Item = &'static Field>, prefix: &str, dates: &mut Vec<String>) {
        for field in fields {
            match field.kind_of_value {
                of if is_date(of) => dates.push(format!("{prefix}{}", field.name)),
                Type::Table(inner) => add(inner.iter(), &format!("{prefix}{}.", field.name), dates),
                _ => {}
            }
        }
    }
    let kinds = if kinds.is_empty() { Kind::ALL } else { kinds };
    let mut dates = Vec::new();
    add(fields_of(kinds[0]), "", &mut dates);
    dates.retain(|date| {
        kinds
            .iter()
            .all(|kind| crate::record::field::type_at(*kind, date).is_some_and(|(of, _)| is_date(of)))
    });
    dates
}

/// Reads the length of a window.
pub(super) fn window(scope: &mut Scope<'_>, text: &Placed<String>) -> Option<Window> {
    match Window::parse(&text.value) {
        Ok(window) => Some(window),
        Err(problem) => {
            let diagnostic = expression(scope, Code::BadPeriod, text, &problem);
            scope.report(diagnostic);
            None
        }
    }
}

/// Reads `within` of a follower: `24 hours`, `30 days`.
pub(super) fn within(scope: &mut Scope<'_>, text: &Placed<String>) -> Option<Span> {
    if let Some((number, unit)) = text.value.split_once(' ')
        && number.bytes().all(|b| b.is_ascii_digit())
        && let Ok(number @ 1..) = number.parse()
    {
        match unit {
            "hour" | "hours" => return Some(Span::Hours(number)),
            "day" | "days" => return Some(Span::Days(number)),
            _ => {}
        }
    }
    let shown = text.value.escape_debug();
    scope.report(
        Diagnostic::new(Code::BadPeriod, format!("`{shown}` is not a time that can be counted"))
            .at(text.place.clone())
            .label("hours or days are wanted")
            .help("write it as in `24 hours` or `30 days`"),
    );
    None
}

/// A problem of an expression at its place inside the string.
fn expression(scope: &Scope<'_>, code: Code, text: &Placed<String>, problem: &ExpressionProblem) -> Diagnostic {
    let byte = |characters: usize| {
        text.value
            .char_indices()
            .nth(characters)
            .map_or(text.value.len(), |(byte, _)| byte)
    };
    let (start, end) = (byte(problem.offset), byte(problem.offset + problem.length));
    let place: Place = if start == end {
        text.place.clone()
    } else {
        scope.inside(text, start..end)
    };
    let diagnostic = Diagnostic::new(code, problem.message.clone()).at(place).label("here");
    match &problem.help {
        Some(help) => diagnostic.help(help.clone()),
        None => diagnostic,
    }
}

/// Returns where a word stands in an expression; the parser has found it there, so it does.
fn word_at(text: &str, word: &str) -> std::ops::Range<usize> {
    let inner = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.';
    text.match_indices(word)
        .map(|(at, _)| at..at + word.len())
        .find(|found| !text[..found.start].ends_with(inner) && !text[found.end..].starts_with(inner))
        .unwrap_or(0..text.len())
}
