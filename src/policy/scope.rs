//! What the checks of one pack can see, and what they have found wrong so far.

use std::ops::Range;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::base::source::{Place, Placed, Sources};
use crate::marking::vocabulary::Vocabulary;
use crate::policy::names::Names;
use crate::policy::recipients::Recipients;
use crate::record::kind::Kind;

/// Everything around a rule that its checks look things up in.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    pub(super) sources: &'a Sources,
    pub(super) recipients: &'a Recipients,
    pub(super) vocabulary: &'a Vocabulary,
    pub(super) names: &'a Names,
    /// The letters of the workspace's own templates.
    pub(super) letters: &'a [String],
    /// The index of the pack, for names.
    pub(super) pack: usize,
    /// The kinds that the rule applies to. Empty: every kind, a field need be in one of them only.
    pub(super) kinds: Vec<Kind>,
    /// Whether the rule is owed per period, so that clocks may start from `period_start` and `period_end`.
    pub(super) per: bool,
    /// Whether the tests beside the rules are read.
    pub(super) tests: bool,
    pub(super) references: Vec<Reference>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A rule that another names; looked up once every pack is read.
#[derive(Debug, Clone)]
pub(super) struct Reference {
    pub(super) id: Placed<String>,
    /// In `fires`, where circles and kinds matter; else in a test of a rule's id.
    pub(super) fires: bool,
}

impl Scope<'_> {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Runs `check` with other kinds than the rule's: for records that follow or precede.
    pub(super) fn with_kinds<T>(&mut self, kinds: Vec<Kind>, check: impl FnOnce(&mut Self) -> T) -> T {
        let own = std::mem::replace(&mut self.kinds, kinds);
        let value = check(self);
        self.kinds = own;
        value
    }

    /// Returns the place of bytes of a string's value; the whole string where it is written with escapes.
    pub(super) fn inside(&self, text: &Placed<String>, bytes: Range<usize>) -> Place {
        inside(self.sources, text, bytes)
    }

    /// Returns the place from one place to another where both stand on one line, else the second.
    pub(super) fn through(&self, from: &Place, to: &Place) -> Place {
        let text = self.sources.get(to.source).text();
        match text.get(from.start()..to.end()) {
            Some(between) if from.source == to.source && !between.contains('\n') => {
                Place::new(to.source, from.start()..to.end())
            }
            _ => to.clone(),
        }
    }
}

pub(super) fn inside(sources: &Sources, text: &Placed<String>, bytes: Range<usize>) -> Place {
    let place = &text.place;
    let written = sources
        .get(place.source)
        .text()
        .get(place.start() + 1..place.end().saturating_sub(1));
    if written == Some(text.value.as_str()) {
        Place::new(
            place.source,
            place.start() + 1 + bytes.start..place.start() + 1 + bytes.end,
        )
    } else {
        place.clone()
    }
}

/// The diagnostic of a rule that says too little or contradicts itself.
pub(super) fn bad_rule(message: impl Into<String>, place: &Place, label: impl Into<Shared>) -> Diagnostic {
    Diagnostic::new(Code::BadRule, message).at(place.clone()).label(label)
}

/// The diagnostic of something that can never fire.
pub(super) fn dead(message: impl Into<String>, place: &Place, label: impl Into<Shared>) -> Diagnostic {
    Diagnostic::new(Code::DeadRule, message).at(place.clone()).label(label)
}
