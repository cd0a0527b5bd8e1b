//! What must hold between the fields of one record.

use chrono_tz::UTC;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::calendar::date::When;
use crate::record::decode::Strictness;
use crate::record::kind::Kind;
use crate::record::periodic_report;
use crate::record::value::{Key, Node, Record, Value};

/// Two dates of which the first cannot come after the second. Most records have neither: their paths' first names are
/// looked up at once.
struct Ordered {
    earlier: &'static str,
    later: &'static str,
    begin: [Key; 2],
}

const fn ordered(earlier: &'static str, later: &'static str) -> Ordered {
    Ordered {
        earlier,
        later,
        begin: [Key::of_first(earlier), Key::of_first(later)],
    }
}

const ORDERED: &[Ordered] = &[
    ordered("commenced", "ended"),
    ordered("effective", "until"),
    ordered("commenced", "until"),
    ordered("finding.decided", "finding.written"),
    ordered("finding.reasons_submitted", "finding.opened_to_all"),
    ordered("assessment_initiated", "assessment_completed"),
    ordered("period", "postponed_to"),
    ordered("period", "certified_to"),
    ordered("postponed_to", "certified_to"),
];

/// Returns what is wrong between the fields of a record.
pub fn check(record: &Record, strictness: Strictness) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    dates(record, &mut found);
    parts(record, &mut found);
    found.extend(periodic_report::check(record));
    not_initiated(record, &mut found);
    if strictness == Strictness::Strict {
        sources(record, &mut found);
    }
    if record.kind == Kind::SharingChange && record.text("action") == Some("resume") && record.get("resumes").is_none()
    {
        found.push(
            Diagnostic::new(Code::OrphanResume, "a resumption that does not say what it resumes")
                .at(record.header.clone())
                .label("`resumes` is missing")
                .help("add `resumes = \"…\"` with the id of the record of the suspension or restriction that ends"),
        );
    }
    found
}

fn dates(record: &Record, found: &mut Vec<Diagnostic>) {
    for Ordered { earlier, later, begin } in ORDERED {
        if begin.iter().any(|key| record.fields.at(*key).is_none()) {
            continue;
        }
        for (first, a) in whens(record, earlier) {
            for (second, b) in whens(record, later) {
                // Most dates are days.
                if let (When::Day(a), When::Day(b)) = (a, b)
                    && a <= b
                {
                    continue;
                }
                let start = a.earliest_instant(UTC);
                let impossible = match (a, b) {
                    (When::Instant(a), When::Instant(b)) => a > b,
                    _ => match (start.map(|at| at.date_naive()), b.latest_day(UTC)) {
                        // A day of slack where one side is an instant: its calendar day depends on the time zone.
                        (Some(a_day), Some(b_day))
                            if matches!(a, When::Instant(_)) || matches!(b, When::Instant(_)) =>
                        {
                            a_day > b_day.succ_opt().unwrap_or(b_day)
                        }
                        _ => a.earliest_day(UTC).zip(b.latest_day(UTC)).is_some_and(|(a, b)| a > b),
                    },
                };
                if impossible {
                    let diagnostic = Diagnostic::new(
                        Code::DateOrder,
                        format!("`{later}` ({b}) lies before `{earlier}` ({a})"),
                    )
                    .at(second.place.clone())
                    .label(format!("before `{earlier}`"))
                    .related(first.place.clone(), format!("`{earlier}` is {a}"));
                    found.push(
                        diagnostic.help(
                            "correct one of the two; where a date is not certain, write an interval or \"unknown\"",
                        ),
                    );
                }
            }
        }
    }
}

fn whens<'r>(record: &'r Record, path: &str) -> Vec<(&'r Node, &'r When)> {
    let mut all = Vec::new();
    for node in record.all(path) {
        match &node.value {
            Value::When(when) => all.push((node, when)),
            Value::List(items) => all.extend(items.iter().filter_map(|item| match &item.value {
                Value::When(when) => Some((item, when)),
                _ => None,
            })),
            _ => {}
        }
    }
    all
}

/// The record's `marking` is the highest of its parts.
fn parts(record: &Record, found: &mut Vec<Diagnostic>) {
    let Some(marking) = record.marking() else { return };
    let is_above = |node: &Node| match &node.value {
        Value::Portion(portion) => portion.mark.as_ref().is_some_and(|mark| mark.level() > marking.level()),
        _ => false,
    };
    if !record.fields.nodes().iter().any(is_above) {
        return;
    }
    for (name, node) in record.fields.entries() {
        let Value::Portion(portion) = &node.value else { continue };
        let Some(mark) = &portion.mark else { continue };
        if mark.level() > marking.level() {
            let own = record.get("marking").map(|node| node.place.clone());
            let mut diagnostic = Diagnostic::new(
                Code::PartAboveRecord,
                format!(
                    "`{name}` is marked ({}), above the record's ({})",
                    mark.portion(),
                    marking.portion()
                ),
            )
            .at(portion.mark_place.as_ref().unwrap_or(&node.place).clone())
            .label(format!("marked {}", mark.level().word()))
            .help(format!(
                "raise the record's `marking` to \"{}\", or lower this part",
                mark.level().letter()
            ));
            if let Some(own) = own {
                diagnostic = diagnostic.related(own, format!("the record is marked {}", marking.level().word()));
            }
            found.push(diagnostic);
        }
    }
}

/// A damage assessment that is completed has been initiated: the reports count from that day.
fn not_initiated(record: &Record, found: &mut Vec<Diagnostic>) {
    if let Some(completed) = record.get("assessment_completed")
        && record.get("assessment_initiated").is_none()
    {
        found.push(
            Diagnostic::new(
                Code::MissingField,
                "a completed damage assessment without `assessment_initiated`",
            )
            .at(completed.place.clone())
            .label("when did it begin?")
            .help("add `assessment_initiated = \"unknown\"`, or the date: its reports count from it"),
        );
    }
}

fn sources(record: &Record, found: &mut Vec<Diagnostic>) {
    if record.text("basis") == Some("press") && record.texts("reported_by").is_empty() {
        found.push(
            Diagnostic::new(
                Code::MissingField,
                "a record on the basis of the press without `reported_by`",
            )
            .at(record.header.clone())
            .label("`reported_by` is missing")
            .help("add `reported_by = [\"Newspaper 2025-03-12\"]`: a press record proves only what was reported"),
        );
    }
}
