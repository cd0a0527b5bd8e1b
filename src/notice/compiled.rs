//! What documents compiled from several records share: the report of a period, the brief for Members, the covering letter.

use chrono::NaiveDate;

use crate::notice::draft::{self, Office};
use crate::notice::model::{Addressee, Authority, Banner, Hashes, Notice, Portion, Required};

/// What every compiled document must say of itself; all else of its notice is its own.
pub(super) struct Compiled<'o> {
    pub(super) id: String,
    /// What follows the agency's prefix in the reference.
    pub(super) reference: String,
    /// The letter's name.
    pub(super) letter: &'static str,
    pub(super) kind: &'static str,
    /// Unclassified.
    pub(super) title: String,
    pub(super) summary: Portion,
    pub(super) as_of: NaiveDate,
    pub(super) training: Option<String>,
    pub(super) office: &'o Office,
    pub(super) banner: Banner,
    pub(super) authority_block: Option<Authority>,
    pub(super) marks: Vec<String>,
    pub(super) addressee: Addressee,
    pub(super) required: Vec<Required>,
    pub(super) hashes: Hashes,
}

impl Compiled<'_> {
    /// The draft that is about no single record.
    pub(super) fn notice(self) -> Notice {
        let prefix = &self.office.agency.identifier_prefix;
        Notice {
            reference: format!("{prefix} {}", self.reference).trim().to_owned(),
            id: self.id,
            records: Vec::new(),
            rules: Vec::new(),
            kind: self.kind.to_owned(),
            letter: self.letter.to_owned(),
            subject: Portion::unclassified(self.title.clone()),
            title: self.title,
            alerts: Vec::new(),
            summary: self.summary,
            date: draft::day(self.as_of),
            draft: true,
            training: self.training,
            agency: self.office.agency.clone(),
            banner: self.banner,
            authority_block: self.authority_block,
            marks: self.marks,
            addressees: vec![self.addressee],
            authority: Vec::new(),
            provenance: Vec::new(),
            releasability: None,
            correction: None,
            timeline: None,
            decisions: Vec::new(),
            particulars: Vec::new(),
            sections: Vec::new(),
            commitments: Vec::new(),
            claims: Vec::new(),
            required: self.required,
            duties: Vec::new(),
            duties_mark: "U".to_owned(),
            lateness: Vec::new(),
            enclosures: Vec::new(),
            report: None,
            transmittal: None,
            hashes: self.hashes,
            place: None,
        }
    }
}

/// A body that is told without a letter of its own: no address, no salutation.
pub(super) fn body(id: &str, name: &str) -> Addressee {
    Addressee {
        id: id.to_owned(),
        lines: Vec::new(),
        salutation: String::new(),
        cc: Vec::new(),
        chamber: String::new(),
        name: name.to_owned(),
        entry: None,
    }
}

/// What must be readable on the pages, word for word.
pub(super) fn demanded(name: &str, label: &str, expect: Vec<String>) -> Required {
    Required {
        name: name.to_owned(),
        label: label.to_owned(),
        rules: Vec::new(),
        stated: true,
        expect,
        place: None,
    }
}
