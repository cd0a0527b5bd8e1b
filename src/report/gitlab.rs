//! GitLab's Code Quality report: one JSON array, one entry a diagnostic or notice owed, each with a fingerprint of its own.

use serde::Serialize;

use crate::base::diagnostic::Severity;
use crate::report::outcome::{Outcome, Spot, terms, words};
use crate::report::{docket, fingerprint, json};

#[derive(Serialize)]
struct Entry<'a> {
    description: String,
    check_name: &'a str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: usize,
    end: usize,
}

impl<'a> From<Spot<'a>> for Location<'a> {
    fn from(spot: Spot<'a>) -> Self {
        Self {
            path: spot.path,
            lines: Lines {
                begin: spot.line,
                end: spot.end_line,
            },
        }
    }
}

/// Renders the report.
pub fn render(outcome: &Outcome<'_>) -> String {
    let prints = fingerprint::all(outcome.diagnostics, outcome.sources);
    let mut entries: Vec<Entry<'_>> = outcome
        .diagnostics
        .iter()
        .zip(prints)
        .map(|(diagnostic, fingerprint)| Entry {
            description: words(diagnostic),
            check_name: diagnostic.code.name(),
            fingerprint,
            severity: match diagnostic.severity {
                Severity::Error => "major",
                Severity::Warning => "minor",
                Severity::Note => "info",
            },
            location: outcome.at(diagnostic).into(),
        })
        .collect();
    entries.extend(outcome.owed().map(|obligation| {
        let subject = docket::subject(obligation);
        Entry {
            description: format!(
                "notice owed for {subject}, {}: {}",
                obligation.rule_title,
                terms(obligation)
            ),
            check_name: &obligation.rule,
            fingerprint: fingerprint::hash(&[
                "obligation",
                subject,
                &obligation.rule,
                obligation.duty.as_deref().unwrap_or_default(),
                obligation.period.as_deref().unwrap_or_default(),
            ]),
            severity: "info",
            location: outcome.home(obligation).into(),
        }
    }));
    json::document(&entries)
}
