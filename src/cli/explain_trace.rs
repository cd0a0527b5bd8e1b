//! Why a rule fired for a record or did not, condition by condition, and the deadline that follows.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::base::source::Place;
use crate::cli::explain_records::{miss, ways};
use crate::cli::explain_rule::standing;
use crate::evaluate::nearest::Nearest;
use crate::evaluate::obligation::Obligation;
use crate::evaluate::trace::Trace;
use crate::policy::rule::{Outcome, Rule};
use crate::report::short::location;
use crate::report::table::{self, Cell, Column, Give};
use crate::report::{Look, docket, json as documents, visible};
use crate::run::Checked;

const COLUMNS: [Column<'_>; 4] = [
    ("OUTCOME", Give::Keep),
    ("CONDITION", Give::Wrap),
    ("SEEN", Give::Wrap),
    ("PLACE", Give::Wrap),
];

/// Renders the conditions as a table and below it what is owed.
pub fn page(trace: &Trace, nearest: &Nearest, rule: &Rule, record: &str, checked: &Checked, look: Look) -> String {
    let mut text = format!("{}: {}\n{}\n\n", rule.id, visible::line(&rule.title), standing(rule));
    let rows: Vec<Vec<Cell>> = trace
        .lines
        .iter()
        .map(|line| {
            vec![
                Cell::styled(
                    format!("{} {}", sign(line.outcome), line.outcome.words()),
                    style(line.outcome),
                ),
                Cell::plain(format!("{}{}", "\u{a0}\u{a0}".repeat(line.depth), line.text)),
                Cell::plain(&line.seen),
                Cell::plain(
                    line.place
                        .as_ref()
                        .map_or_else(String::new, |place| location(place, &checked.sources)),
                ),
            ]
        })
        .collect();
    if !rows.is_empty() {
        let table = table::render(&COLUMNS, &rows, look);
        text.push_str(&table.replace('\u{a0}', " "));
        text.push('\n');
    }
    let _ = writeln!(text, "{}", verdict(trace, rule, record));
    text.push_str(&miss(nearest, &checked.sources));
    for owed in owed(rule, record, checked) {
        let named: Vec<&str> = owed.duty.iter().chain(&owed.period).map(|name| &**name).collect();
        let duty = if named.is_empty() {
            String::new()
        } else {
            format!(" ({})", named.join(", "))
        };
        let submit = owed
            .due
            .submit_by
            .as_ref()
            .map_or_else(String::new, |day| format!(", submit by {day}"));
        let _ = writeln!(
            text,
            "\ndue{duty}: {}{submit}; {} as of {}",
            docket::due_in_words(&owed.due),
            owed.state.word(),
            checked.as_of,
        );
        if !owed.recipients.is_empty() {
            let _ = writeln!(text, "to: {}", owed.recipients.join(", "));
        }
        for reason in &owed.because {
            let _ = writeln!(text, "  because {}", visible::line(reason));
        }
        if let Some(reason) = &owed.due.reason {
            let _ = writeln!(text, "  {}", visible::line(reason));
        }
    }
    text
}

fn owed<'a>(rule: &Rule, record: &str, checked: &'a Checked) -> Vec<&'a Obligation> {
    let about = |owed: &&Obligation| {
        owed.rule == rule.id
            && (owed.record.as_deref() == Some(record) || owed.covers.iter().any(|covered| covered == record))
    };
    checked.obligations.iter().filter(about).collect()
}

fn verdict(trace: &Trace, rule: &Rule, record: &str) -> String {
    let fires = match trace.outcome {
        _ if !rule.enabled => "the rule is switched off: it does not fire",
        Some(Outcome::True) if rule.per.is_some() => return format!("{record} counts in its period"),
        Some(Outcome::False) if rule.per.is_some() => return format!("{record} does not count in its period"),
        Some(Outcome::Unknown) if rule.per.is_some() => {
            return format!("it is undetermined whether {record} counts in its period");
        }
        Some(Outcome::True) => "the rule fires",
        Some(Outcome::False) => "the rule does not fire",
        Some(Outcome::Unknown) => "it is undetermined whether the rule fires",
        None => "the rule does not apply",
    };
    format!("{fires} for {record}")
}

fn sign(outcome: Outcome) -> char {
    match outcome {
        Outcome::True => '✓',
        Outcome::False => '✗',
        Outcome::Unknown => '?',
    }
}

fn style(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::True => "32",
        Outcome::False => "31",
        Outcome::Unknown => "33",
    }
}

/// Returns the conditions and what is owed as a document.
pub fn document(trace: &Trace, nearest: &Nearest, rule: &Rule, record: &str, checked: &Checked) -> Value {
    let conditions: Vec<Value> = trace
        .lines
        .iter()
        .map(|line| {
            json!({
                "depth": line.depth,
                "condition": line.text,
                "seen": line.seen,
                "outcome": word(line.outcome),
                "at": line.place.as_ref().map(|place| at(place, checked)),
                "policy": line.policy.as_ref().map(|place| at(place, checked)),
            })
        })
        .collect();
    json!({
        "schema": documents::SCHEMA,
        "as_of": checked.as_of.to_string(),
        "rule": rule.id,
        "record": record,
        "status": rule.status.word(),
        "standing": standing(rule),
        "enabled": rule.enabled,
        "fires": trace.outcome.map(word),
        "conditions": conditions,
        "nearest": ways(nearest, checked),
        "obligations": owed(rule, record, checked).into_iter().map(documents::obligation).collect::<Vec<_>>(),
    })
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::True => "true",
        Outcome::False => "false",
        Outcome::Unknown => "unknown",
    }
}

pub(super) fn at(place: &Place, checked: &Checked) -> String {
    location(place, &checked.sources)
}
