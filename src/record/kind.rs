//! The kinds of records.

use std::fmt;

/// What a record is about. The name is also the name of its array of tables in a record file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    RelToChange,
    LiaisonContact,
    Exchange,
    SharingChange,
    Agreement,
    Disclosure,
    LegalInterpretation,
    PeriodicReport,
    /// What was sent under a rule: rules over notices see it, no record file can hold it.
    Notice,
}

impl Kind {
    /// Every kind that a record file can hold.
    pub const ALL: &'static [Kind] = &[
        Kind::RelToChange,
        Kind::LiaisonContact,
        Kind::Exchange,
        Kind::SharingChange,
        Kind::Agreement,
        Kind::Disclosure,
        Kind::LegalInterpretation,
        Kind::PeriodicReport,
    ];

    /// The names of all kinds, in the order of [`Kind::ALL`].
    pub const NAMES: &'static [&'static str] = &[
        "rel_to_change",
        "liaison_contact",
        "exchange",
        "sharing_change",
        "agreement",
        "disclosure",
        "legal_interpretation",
        "periodic_report",
    ];

    pub fn name(self) -> &'static str {
        Kind::NAMES.get(self as usize).copied().unwrap_or("notice")
    }

    /// The kind in plain words: "REL TO change", "liaison contact".
    pub fn words(self) -> &'static str {
        match self {
            Kind::RelToChange => "REL TO change",
            Kind::LiaisonContact => "liaison contact",
            Kind::Exchange => "exchange",
            Kind::SharingChange => "sharing change",
            Kind::Agreement => "agreement",
            Kind::Disclosure => "disclosure",
            Kind::LegalInterpretation => "legal interpretation",
            Kind::PeriodicReport => "periodic report",
            Kind::Notice => "notice",
        }
    }

    /// The name in backquotes with its article: "an `exchange`".
    pub fn with_article(self) -> String {
        format!("{} `{}`", self.article(), self.name())
    }

    /// The kind in plain words with its article: "an exchange".
    pub fn words_with_article(self) -> String {
        format!("{} {}", self.article(), self.words())
    }

    fn article(self) -> &'static str {
        let vowel = self.words().starts_with(['a', 'e', 'i', 'o', 'u']);
        if vowel { "an" } else { "a" }
    }

    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The fields whose first present one dates the record, in order. Effective dates, sets and windows use that date.
    /// A periodic report is dated by the last day of its period.
    pub fn date_fields(self) -> &'static [&'static str] {
        match self {
            Kind::RelToChange => &["decided", "effective"],
            Kind::LiaisonContact => &["commenced"],
            Kind::Exchange => &["commenced", "approved", "decided"],
            Kind::SharingChange => &["decided", "effective", "aware", "published"],
            Kind::Agreement => &["concluded", "decided"],
            Kind::Disclosure => &["aware", "determined"],
            Kind::LegalInterpretation => &["commenced", "decided"],
            Kind::PeriodicReport => &["period"],
            Kind::Notice => &["sent", "due"],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_their_article() {
        assert_eq!(Kind::Exchange.with_article(), "an `exchange`");
        assert_eq!(Kind::RelToChange.with_article(), "a `rel_to_change`");
        assert_eq!(Kind::Agreement.words_with_article(), "an agreement");
        assert_eq!(Kind::RelToChange.words_with_article(), "a REL TO change");
    }
}
