//! Diagnostics as plain data: what is wrong, where, and what to write instead. No formatting here.

use std::fmt;

use crate::base::code::Code;
use crate::base::source::{Place, SourceId, Sources};

/// How grave a diagnostic is. An error makes the run exit 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    /// The word for it: "error", "warning", "note".
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// One problem of one input.
///
/// `message` says what is wrong (a lower-case fragment without a period), `label` says it at the place in a few words,
/// each `help` says what to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: Code,
    pub severity: Severity,
    pub message: String,
    pub place: Option<Place>,
    pub label: String,
    /// Further places that explain the problem: the first use of an id, the policy line that demands it.
    pub related: Vec<Related>,
    pub help: Vec<String>,
    pub record: Option<String>,
    pub rule: Option<String>,
    /// The page or section that forbids it: "M16 p. 151", "50 U.S.C. 3092(b)".
    pub citation: Option<String>,
    /// What relto itself would write, where one answer is clear and safe.
    pub fix: Option<Fix>,
    /// The lines at the place must not be shown: the record is marked above the workspace's ceiling.
    pub withhold: bool,
}

/// A text to put in the place of another: never one that changes what a record says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    pub place: Place,
    pub text: String,
}

/// A second place that belongs to a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    pub place: Place,
    pub label: String,
}

impl Diagnostic {
    /// A diagnostic of the code's default severity, without a place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: code.severity(),
            message: message.into(),
            place: None,
            label: String::new(),
            related: Vec::new(),
            help: Vec::new(),
            record: None,
            rule: None,
            citation: None,
            fix: None,
            withhold: false,
        }
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<String>) -> Self {
        self.related.push(Related {
            place,
            label: label.into(),
        });
        self
    }

    #[must_use]
    pub fn record(mut self, id: impl Into<String>) -> Self {
        self.record = Some(id.into());
        self
    }

    #[must_use]
    pub fn rule(mut self, id: impl Into<String>) -> Self {
        self.rule = Some(id.into());
        self
    }

    #[must_use]
    pub fn cite(mut self, citation: impl Into<String>) -> Self {
        self.citation = Some(citation.into());
        self
    }

    #[must_use]
    pub fn fix(mut self, place: Place, text: impl Into<String>) -> Self {
        self.fix = Some(Fix {
            place,
            text: text.into(),
        });
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Sorts diagnostics by file name, place, code and message, so that the order of the input files does not matter.
pub fn sort(diagnostics: &mut [Diagnostic], sources: &Sources) {
    let place = |diagnostic: &Diagnostic| diagnostic.place.as_ref().map(|place| (place.source, place.start));
    let name = |source: SourceId| sources.get(source).name.as_str();
    let by_place = |a: &Diagnostic, b: &Diagnostic| match (place(a), place(b)) {
        // One file: its name need not be held against itself.
        (Some((a, first)), Some((b, second))) if a == b => first.cmp(&second),
        (a, b) => {
            let key = |at: Option<(SourceId, usize)>| at.map_or(("", 0), |(source, start)| (name(source), start));
            key(a).cmp(&key(b))
        }
    };
    diagnostics.sort_by(|a, b| {
        let words = || (a.code.name(), &a.message).cmp(&(b.code.name(), &b.message));
        by_place(a, b).then_with(words)
    });
}

pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}
