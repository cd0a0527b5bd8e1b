//! What a run of `relto check` came to, as every renderer for programs sees it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::source::{Place, Sources};
use crate::evaluate::obligation::{Obligation, State};
use crate::report::docket::{due_in_words, subject};
use crate::report::summary::Summary;
use crate::report::visible;

/// A judged workspace, ready to be rendered. Diagnostics are sorted by place.
#[derive(Debug)]
pub struct Outcome<'a> {
    pub as_of: NaiveDate,
    pub summary: Summary,
    pub diagnostics: &'a [Diagnostic],
    pub obligations: &'a [Obligation],
    pub sources: &'a Sources,
    /// Where the records of the obligations stand, by id.
    pub places: BTreeMap<&'a str, &'a Place>,
    /// The names of the record files that are reported on, sorted.
    pub files: Vec<&'a str>,
    /// The paths of files as their repository knows them, by the names printed to people, where the two differ.
    pub paths: BTreeMap<&'a str, String>,
    /// Why an obligation is not pursued, by record and rule: the ground of its waiver, the reason of its decision.
    pub excuses: BTreeMap<(&'a str, &'a str), String>,
}

/// A place as people count, in the file as its repository knows it: lines and columns from 1, the end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot<'a> {
    pub path: &'a str,
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl Outcome<'_> {
    /// Returns a place as people count.
    pub fn spot(&self, place: &Place) -> Spot<'_> {
        let source = self.sources.get(place.source);
        let (line, column) = source.line_column(place.start());
        let (end_line, end_column) = source.line_column(place.end());
        Spot {
            path: self.path(&source.name),
            line,
            column,
            end_line,
            end_column,
        }
    }

    /// Returns where to point for what has no place of its own: the first line of the first file.
    pub fn fallback(&self) -> Spot<'_> {
        Spot {
            path: self.files.first().map_or("relto.toml", |name| self.path(name)),
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 1,
        }
    }

    /// Returns where a diagnostic points.
    pub fn at(&self, diagnostic: &Diagnostic) -> Spot<'_> {
        let place = diagnostic.place.as_ref();
        place.map_or_else(|| self.fallback(), |place| self.spot(place))
    }

    /// Returns where the record of an obligation stands.
    pub fn home(&self, obligation: &Obligation) -> Spot<'_> {
        let place = obligation.record.as_deref().and_then(|id| self.places.get(id));
        place.map_or_else(|| self.fallback(), |place| self.spot(place))
    }

    /// Returns a file as its repository knows it.
    pub fn path<'s>(&'s self, name: &'s str) -> &'s str {
        self.paths.get(name).map_or(name, String::as_str)
    }

    /// Returns why an obligation is waived or not notified, if it is.
    pub fn excuse(&self, obligation: &Obligation) -> Option<String> {
        if !matches!(obligation.state, State::Waived | State::NotNotified) {
            return None;
        }
        let key = (subject(obligation), obligation.rule.as_str());
        let reason = self.excuses.get(&key).map(String::as_str);
        Some(visible::line(reason.unwrap_or(obligation.state.word())).into_owned())
    }

    /// Returns the diagnostics, the gravest first; those of one severity by place.
    pub fn by_severity(&self) -> Vec<&Diagnostic> {
        let mut all: Vec<&Diagnostic> = self.diagnostics.iter().collect();
        all.sort_by_key(|diagnostic| diagnostic.severity);
        all
    }

    /// Returns the obligations that still have to be met.
    pub fn owed(&self) -> impl Iterator<Item = &Obligation> {
        self.obligations.iter().filter(|obligation| obligation.state.is_owed())
    }
}

/// Returns an obligation as one sentence fragment: "due 2025-03-18, submit by 2025-03-18, to SSCI, HPSCI (overdue)".
pub fn terms(obligation: &Obligation) -> String {
    let mut text = format!("due {}", due_in_words(&obligation.due));
    if let Some(day) = &obligation.due.submit_by {
        text.push_str(", submit by ");
        text.push_str(day);
    }
    let untold = obligation.untold();
    if !untold.is_empty() {
        text.push_str(", to ");
        text.push_str(&untold.join(", "));
    }
    format!("{} ({})", visible::line(&text), obligation.state.word())
}

/// Returns what a diagnostic says in words of one or more lines: the message, the label at the place, what to write.
pub fn words(diagnostic: &Diagnostic) -> String {
    let mut text = diagnostic.message.clone();
    if !diagnostic.label.is_empty() {
        text.push_str(": ");
        text.push_str(&diagnostic.label);
    }
    for help in &diagnostic.help {
        text.push_str("\nhelp: ");
        text.push_str(help);
    }
    if let Some(citation) = &diagnostic.citation {
        text.push_str("\nsee: ");
        text.push_str(citation);
    }
    visible::lines(&text.replace("\r\n", "\n")).into_owned()
}

/// The level of a severity in SARIF and in its kin.
pub fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}
