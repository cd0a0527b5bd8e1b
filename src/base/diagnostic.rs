//! Diagnostics as plain data: what is wrong, where, and what to write instead. No formatting here.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use crate::base::code::Code;
use crate::base::shared::Shared;
use crate::base::source::{Place, Sources};

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

/// One problem of one input: what is said of it, where, and of which record.
///
/// What is said reads as if it stood here: `diagnostic.message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    // The place comes first: two that are held against each other mostly differ there.
    pub place: Option<Place>,
    pub record: Option<Shared>,
    said: Arc<Said>,
    pub severity: Severity,
    /// The lines at the place must not be shown: the record is marked above the workspace's ceiling.
    pub withhold: bool,
}

/// What a diagnostic says, in words that many records may have in common: a thousand of them owe the same notice by the
/// same day.
///
/// `message` says what is wrong (a lower-case fragment without a period), `label` says it at the place in a few words,
/// each `help` says what to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub code: Code,
    pub message: String,
    pub label: Shared,
    /// Further places that explain the problem: the first use of an id, the policy line that demands it.
    pub related: Vec<Related>,
    pub help: Vec<Shared>,
    pub rule: Option<Shared>,
    /// The page or section that forbids it: "M16 p. 151", "50 U.S.C. 3092(b)".
    pub citation: Option<Shared>,
    /// What relto itself would write, where one answer is clear and safe.
    pub fix: Option<Fix>,
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
    pub label: Shared,
}

impl Deref for Diagnostic {
    type Target = Said;

    fn deref(&self) -> &Said {
        &self.said
    }
}

impl DerefMut for Diagnostic {
    /// What others say as well they go on saying.
    fn deref_mut(&mut self) -> &mut Said {
        Arc::make_mut(&mut self.said)
    }
}

impl Diagnostic {
    /// A diagnostic of the code's default severity, without a place yet.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self::saying(Arc::new(Said {
            code,
            message: message.into(),
            label: Shared::default(),
            related: Vec::new(),
            help: Vec::new(),
            rule: None,
            citation: None,
            fix: None,
        }))
    }

    /// A diagnostic that says what others have said before.
    pub fn saying(said: Arc<Said>) -> Self {
        Self {
            severity: said.code.severity(),
            said,
            place: None,
            record: None,
            withhold: false,
        }
    }

    /// What it says, for others to say.
    pub fn said(&self) -> Arc<Said> {
        Arc::clone(&self.said)
    }

    /// The same under another code, with its severity.
    #[must_use]
    pub fn coded(mut self, code: Code) -> Self {
        self.severity = code.severity();
        self.code = code;
        self
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    #[must_use]
    pub fn label(mut self, label: impl Into<Shared>) -> Self {
        self.label = label.into();
        self
    }

    #[must_use]
    pub fn help(mut self, help: impl Into<Shared>) -> Self {
        self.help.push(help.into());
        self
    }

    #[must_use]
    pub fn related(mut self, place: Place, label: impl Into<Shared>) -> Self {
        self.related.push(Related {
            place,
            label: label.into(),
        });
        self
    }

    #[must_use]
    pub fn record(mut self, id: impl Into<Shared>) -> Self {
        self.record = Some(id.into());
        self
    }

    #[must_use]
    pub fn rule(mut self, id: impl Into<Shared>) -> Self {
        self.rule = Some(id.into());
        self
    }

    #[must_use]
    pub fn cite(mut self, citation: impl Into<Shared>) -> Self {
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
    // Names are compared once a file, not once a diagnostic.
    let ranks = sources.ranks();
    let place = |diagnostic: &Diagnostic| {
        let place = diagnostic.place.as_ref();
        place.map_or((0, 0), |place| (ranks.of(place.source), place.start()))
    };
    // Not the stable sort, which takes half as much memory again.
    diagnostics.sort_unstable_by(|a, b| {
        let said = || (a.code.name(), &a.message, &a.label).cmp(&(b.code.name(), &b.message, &b.label));
        let of = || (&a.record, &a.rule).cmp(&(&b.record, &b.rule));
        place(a).cmp(&place(b)).then_with(said).then_with(of)
    });
}

pub fn has_errors(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}
