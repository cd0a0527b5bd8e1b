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
}

impl Kind {
    pub const ALL: &'static [Kind] = &[
        Kind::RelToChange,
        Kind::LiaisonContact,
        Kind::Exchange,
        Kind::SharingChange,
        Kind::Agreement,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Kind::RelToChange => "rel_to_change",
            Kind::LiaisonContact => "liaison_contact",
            Kind::Exchange => "exchange",
            Kind::SharingChange => "sharing_change",
            Kind::Agreement => "agreement",
        }
    }

    /// The kind in plain words: "REL TO change", "liaison contact".
    pub fn words(self) -> &'static str {
        match self {
            Kind::RelToChange => "REL TO change",
            Kind::LiaisonContact => "liaison contact",
            Kind::Exchange => "exchange",
            Kind::SharingChange => "sharing change",
            Kind::Agreement => "agreement",
        }
    }

    pub fn named(name: &str) -> Option<Kind> {
        Kind::ALL.iter().copied().find(|kind| kind.name() == name)
    }

    /// The fields whose first present one dates the record, in order. Effective dates, sets and windows use that date.
    pub fn date_fields(self) -> &'static [&'static str] {
        match self {
            Kind::RelToChange => &["decided", "effective"],
            Kind::LiaisonContact => &["commenced"],
            Kind::Exchange => &["commenced", "approved", "decided"],
            Kind::SharingChange => &["decided", "effective", "aware", "published"],
            Kind::Agreement => &["concluded", "decided"],
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
