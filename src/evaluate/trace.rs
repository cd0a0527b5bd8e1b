//! Why a rule fired or did not: each condition, the value it saw, and how it came out.

use crate::base::source::Place;
use crate::policy::rule::Outcome;

/// The steps of one rule's evaluation for one record, in reading order.
#[derive(Debug, Clone, Default)]
pub struct Trace {
    pub lines: Vec<Line>,
    /// Whether the rule fires for the record.
    pub outcome: Option<Outcome>,
}

/// One condition.
#[derive(Debug, Clone)]
pub struct Line {
    /// How deep it stands in `any`, `all` and `not`.
    pub depth: usize,
    pub text: String,
    /// The value seen, in words; empty for `any`, `all` and `not`.
    pub seen: String,
    pub outcome: Outcome,
    /// Where the value stands in the record.
    pub place: Option<Place>,
    /// Where the condition stands in the pack.
    pub policy: Option<Place>,
    /// The field that was not known, for `rule-undetermined`.
    pub unknown_field: Option<String>,
    /// Whether the condition is a single test, so that it can stand in `because`.
    pub is_test: bool,
}

impl Outcome {
    /// "holds", "does not hold", "unknown".
    pub fn words(self) -> &'static str {
        match self {
            Outcome::True => "holds",
            Outcome::False => "does not hold",
            Outcome::Unknown => "unknown",
        }
    }

    #[must_use]
    pub fn negated(self) -> Outcome {
        match self {
            Outcome::True => Outcome::False,
            Outcome::False => Outcome::True,
            Outcome::Unknown => Outcome::Unknown,
        }
    }

    pub fn of(value: bool) -> Outcome {
        if value { Outcome::True } else { Outcome::False }
    }
}
