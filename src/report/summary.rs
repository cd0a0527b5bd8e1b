//! The last line of a run: what was checked and what came of it.

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::evaluate::obligation::Obligation;

/// What a run came to, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub records: usize,
    pub rules: usize,
    pub errors: usize,
    pub warnings: usize,
    /// All obligations, whatever their state.
    pub obligations: usize,
    /// Obligations that still have to be met.
    pub owed: usize,
}

/// How many obligations there are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Owing {
    pub obligations: usize,
    pub owed: usize,
}

impl Owing {
    pub fn of(obligations: &[Obligation]) -> Self {
        let mut owing = Self::default();
        owing.add(obligations);
        owing
    }

    pub fn add(&mut self, obligations: &[Obligation]) {
        self.obligations += obligations.len();
        self.owed += obligations.iter().filter(|owed| owed.state.is_owed()).count();
    }
}

impl Summary {
    pub fn of(records: usize, rules: usize, diagnostics: &[Diagnostic], obligations: &[Obligation]) -> Self {
        let count = |severity| {
            diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.severity == severity)
                .count()
        };
        Self {
            records,
            rules,
            errors: count(Severity::Error),
            warnings: count(Severity::Warning),
            ..Self::default()
        }
        .with(Owing::of(obligations))
    }

    /// The summary with further obligations, which were counted and not kept.
    #[must_use]
    pub fn with(mut self, counted: Owing) -> Self {
        self.obligations += counted.obligations;
        self.owed += counted.owed;
        self
    }

    /// The summary as one sentence fragment: "checked 12 records against 18 rules: 1 error, 2 warnings; 7 notices owed".
    pub fn line(&self) -> String {
        let problems = match (self.errors, self.warnings) {
            (0, 0) => "no problems".to_owned(),
            (errors, 0) => counted(errors, "error"),
            (0, warnings) => counted(warnings, "warning"),
            (errors, warnings) => format!("{}, {}", counted(errors, "error"), counted(warnings, "warning")),
        };
        let owed = if self.owed == 0 {
            "no notice".to_owned()
        } else {
            counted(self.owed, "notice")
        };
        format!(
            "checked {} against {}: {problems}; {owed} owed",
            counted(self.records, "record"),
            counted(self.rules, "rule")
        )
    }
}

/// Returns "1 error", "2 errors".
pub fn counted(count: usize, noun: &str) -> String {
    if count == 1 {
        format!("1 {noun}")
    } else {
        format!("{count} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_as_english() {
        let summary = Summary {
            records: 12,
            rules: 18,
            errors: 1,
            warnings: 2,
            obligations: 9,
            owed: 7,
        };
        assert_eq!(
            summary.line(),
            "checked 12 records against 18 rules: 1 error, 2 warnings; 7 notices owed"
        );
        let summary = Summary {
            records: 1,
            rules: 1,
            owed: 0,
            errors: 0,
            warnings: 0,
            obligations: 0,
        };
        assert_eq!(
            summary.line(),
            "checked 1 record against 1 rule: no problems; no notice owed"
        );
    }
}
