//! The last line of a run: what was checked and what came of it.

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::evaluate::obligation::Obligation;

/// What a run came to, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    pub records: usize,
    /// Of these, the records that were judged: an error in a record or a pack leaves open what is owed.
    pub judged: usize,
    /// Files with something in them that is not even a record.
    pub unread: usize,
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

/// Records counted: all, those that were judged, and the files in which something is no record.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Judged {
    pub all: usize,
    pub judged: usize,
    pub unread: usize,
}

impl Owing {
    pub fn of(obligations: &[Obligation]) -> Self {
        let mut owing = Self::default();
        owing.add(obligations);
        owing
    }

    #[must_use]
    pub fn and(self, other: Owing) -> Self {
        Self {
            obligations: self.obligations + other.obligations,
            owed: self.owed + other.owed,
        }
    }

    /// What is left without some of them.
    #[must_use]
    pub fn less(self, other: Owing) -> Self {
        Self {
            obligations: self.obligations - other.obligations,
            owed: self.owed - other.owed,
        }
    }

    pub fn add(&mut self, obligations: &[Obligation]) {
        self.obligations += obligations.len();
        self.owed += obligations.iter().filter(|owed| owed.state.is_owed()).count();
    }
}

impl Summary {
    pub fn of(records: Judged, rules: usize, diagnostics: &[Diagnostic], obligations: &[Obligation]) -> Self {
        let count = |severity| {
            diagnostics
                .iter()
                .filter(|diagnostic| diagnostic.severity == severity)
                .count()
        };
        Self {
            records: records.all,
            judged: records.judged,
            unread: records.unread,
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
        format!(
            "checked {} against {}: {problems}; {}",
            counted(self.records, "record"),
            counted(self.rules, "rule"),
            self.owing()
        )
    }

    /// What is owed, and of how much nobody can say that: "7 notices owed", "2 records not judged; for the rest no notice
    /// owed".
    pub fn owing(&self) -> String {
        let owed = if self.owed == 0 {
            "no notice owed".to_owned()
        } else {
            format!("{} owed", counted(self.owed, "notice"))
        };
        let unjudged = self.records.saturating_sub(self.judged);
        let lost: Vec<String> = [
            (unjudged, format!("{} not judged", counted(unjudged, "record"))),
            (
                self.unread,
                format!("{} not read in full", counted(self.unread, "file")),
            ),
        ]
        .into_iter()
        .filter_map(|(count, words)| (count > 0).then_some(words))
        .collect();
        if lost.is_empty() {
            owed
        } else if self.judged == 0 && self.owed == 0 {
            lost.join(", ")
        } else {
            format!("{}; for the rest {owed}", lost.join(", "))
        }
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

/// Returns how many there are with what they do: "1 rule differs", "2 rules differ".
pub fn counted_do(count: usize, noun: &str, verb: &str) -> String {
    let ending = if count == 1 { "s" } else { "" };
    format!("{} {verb}{ending}", counted(count, noun))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_does_and_many_do() {
        assert_eq!(counted_do(0, "rule", "differ"), "0 rules differ");
        assert_eq!(counted_do(1, "rule", "differ"), "1 rule differs");
        assert_eq!(counted_do(2, "rule", "differ"), "2 rules differ");
    }

    #[test]
    fn reads_as_english() {
        let summary = Summary {
            records: 12,
            judged: 12,
            unread: 0,
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
            judged: 1,
            rules: 1,
            ..Summary::default()
        };
        assert_eq!(
            summary.line(),
            "checked 1 record against 1 rule: no problems; no notice owed"
        );
    }

    #[test]
    fn what_was_not_judged_owes_no_answer() {
        let said = |records, judged, unread, owed| {
            let summary = Summary {
                records,
                judged,
                unread,
                owed,
                ..Summary::default()
            };
            summary.owing()
        };
        assert_eq!(said(3, 2, 0, 4), "1 record not judged; for the rest 4 notices owed");
        assert_eq!(said(3, 1, 0, 0), "2 records not judged; for the rest no notice owed");
        assert_eq!(said(3, 0, 0, 0), "3 records not judged");
        assert_eq!(said(0, 0, 1, 0), "1 file not read in full");
        assert_eq!(
            said(3, 2, 2, 0),
            "1 record not judged, 2 files not read in full; for the rest no notice owed"
        );
        // What is owed for a period is owed whatever becomes of the records.
        assert_eq!(said(3, 0, 0, 5), "3 records not judged; for the rest 5 notices owed");
    }
}
