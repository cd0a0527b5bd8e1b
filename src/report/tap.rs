//! TAP version 14, the Test Anything Protocol: errors are `not ok`, everything else is `ok`, what is waived is skipped.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::report::outcome::{Outcome, Spot, level, terms, words};
use crate::report::{docket, visible};

/// Renders the run. A file without an error is a test that passes.
pub fn render(outcome: &Outcome<'_>) -> String {
    let mut points = Vec::new();
    for diagnostic in outcome.diagnostics {
        let about = diagnostic
            .record
            .as_deref()
            .map_or_else(String::new, |id| format!("{id}: "));
        points.push(Point {
            ok: !diagnostic.is_error(),
            description: format!("{about}{} ({})", diagnostic.message, diagnostic.code.name()),
            directive: String::new(),
            details: details(level(diagnostic.severity), &outcome.at(diagnostic), &words(diagnostic)),
        });
    }
    for obligation in outcome.obligations {
        let directive = outcome.excuse(obligation).map_or_else(String::new, |reason| {
            format!(" # SKIP {}: {}", obligation.state.word(), escaped(&reason))
        });
        points.push(Point {
            ok: true,
            description: format!("{}: {}", docket::subject(obligation), obligation.rule),
            directive,
            details: details("note", &outcome.home(obligation), &terms(obligation)),
        });
    }
    let errors = outcome.diagnostics.iter().filter(|found| found.is_error());
    let faulty: BTreeSet<&str> = errors
        .filter_map(|found| found.place.as_ref())
        .map(|place| outcome.sources.get(place.source).name.as_str())
        .collect();
    for file in &outcome.files {
        if !faulty.contains(file) {
            points.push(Point {
                ok: true,
                description: format!("{}: no errors", outcome.path(file)),
                directive: String::new(),
                details: Vec::new(),
            });
        }
    }
    let mut text = format!("TAP version 14\n1..{}\n", points.len());
    for (at, point) in points.iter().enumerate() {
        let _ = writeln!(
            text,
            "{} {} - {}{}",
            if point.ok { "ok" } else { "not ok" },
            at + 1,
            escaped(&point.description),
            point.directive
        );
        if !point.details.is_empty() {
            text.push_str("  ---\n");
            for (key, value) in &point.details {
                // A JSON string is a YAML string.
                let value = value.to_string();
                let _ = writeln!(text, "  {key}: {}", visible::json(&value));
            }
            text.push_str("  ...\n");
        }
    }
    text
}

/// One test point.
struct Point {
    ok: bool,
    description: String,
    directive: String,
    details: Vec<(&'static str, Value)>,
}

fn details(severity: &str, spot: &Spot<'_>, message: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("severity", json!(severity)),
        ("message", json!(message)),
        ("file", json!(spot.path)),
        ("line", json!(spot.line)),
        ("column", json!(spot.column)),
    ]
}

/// Escapes what would begin a directive.
fn escaped(text: &str) -> String {
    visible::line(text).replace('\\', "\\\\").replace('#', "\\#")
}
