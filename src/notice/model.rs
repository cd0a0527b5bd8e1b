//! The notice as plain data: everything a letter may see, typed and marked. Nothing here reads a record or a rule.

use serde::{Deserialize, Serialize};

use crate::base::source::Place;
use crate::notice::printed::{PeriodReport, Transmittal};

/// One notice: the same letter to one or more addressees.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Notice {
    /// `<record>--<group>`.
    pub id: String,
    pub records: Vec<String>,
    pub rules: Vec<String>,
    /// The record's kind: `rel_to_change`.
    pub kind: String,
    /// The letter's name: `rel-to-change`.
    pub letter: String,
    /// Unclassified; metadata and bookmarks.
    pub title: String,
    pub subject: Portion,
    /// What stands in a box above the subject: a pause, a correction, that the notice is late.
    pub alerts: Vec<Portion>,
    /// What happened, in one sentence.
    pub summary: Portion,
    /// The date the letter bears: the as-of date.
    pub date: Day,
    /// File reference printed at the head: the agency's prefix and the notice id.
    pub reference: String,
    /// A notice is a draft until it is issued.
    pub draft: bool,
    /// Says on every page that this is no real notice: "EXAMPLE — …", "EXERCISE — …".
    pub training: Option<String>,
    pub agency: Agency,
    pub banner: Banner,
    /// Only on classified notices.
    pub authority_block: Option<Authority>,
    /// Every portion mark that the banner was rolled up from, each once, without parentheses.
    pub marks: Vec<String>,
    pub addressees: Vec<Addressee>,
    /// What the letter says of its legal basis: one sentence per status of the rules, in the order of [`Standing`].
    pub authority: Vec<Basis>,
    /// What the record rests on, where that is not an official source; who disputes it.
    pub provenance: Vec<Portion>,
    /// Before and after, for a REL TO change.
    pub releasability: Option<Releasability>,
    /// What a superseding record corrects.
    pub correction: Option<Correction>,
    /// The course of a pause of sharing.
    pub timeline: Option<Timeline>,
    /// Decisions not to notify, in a memorandum for the file.
    pub decisions: Vec<Decision>,
    /// Single facts: dates, officials, counterparts, references.
    pub particulars: Vec<Row>,
    /// Narratives: facts, significance, purpose, …
    pub sections: Vec<Section>,
    pub commitments: Vec<Commitment>,
    /// Where sources differ: what each says.
    pub claims: Vec<Claim>,
    /// What the rules demand to see in the letter, in the order of its fields.
    pub required: Vec<Required>,
    /// The obligations this notice answers, earliest first.
    pub duties: Vec<Duty>,
    /// The mark of their table: due dates tell the dates of the record.
    pub duties_mark: String,
    /// Why it comes late, or that the record does not say so.
    pub lateness: Vec<Portion>,
    pub enclosures: Vec<String>,
    /// The report of a period.
    pub report: Option<Box<PeriodReport>>,
    /// The enclosures of a covering letter.
    pub transmittal: Option<Box<Transmittal>>,
    pub hashes: Hashes,
    /// The record's header, for diagnostics.
    #[serde(skip)]
    pub place: Option<Place>,
}

/// A stretch of text with its own mark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portion {
    /// Without parentheses: `S//NF`.
    pub mark: String,
    pub text: String,
}

impl Portion {
    pub fn new(mark: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            mark: mark.into(),
            text: text.into(),
        }
    }

    /// A sentence of relto's own: unclassified.
    pub fn unclassified(text: impl Into<String>) -> Self {
        Self::new("U", text)
    }
}

/// A calendar day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Day {
    pub year: i32,
    pub month: u32,
    pub day: u32,
}

/// The agency that writes: its letterhead and its signatory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agency {
    pub name: String,
    pub element: String,
    pub address: Vec<String>,
    pub signatory: Signatory,
    /// Before every reference: `EA`.
    pub identifier_prefix: String,
}

/// Who signs. Nothing is ever signed by relto.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signatory {
    pub name: String,
    pub title: String,
}

/// The classification authority block of a derivatively classified document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authority {
    pub classified_by: String,
    pub derived_from: String,
    pub declassify_on: String,
}

/// The overall marking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Banner {
    /// `SECRET//REL TO USA, FVEY`.
    pub text: String,
    /// The level spelled out: `SECRET`.
    pub level: String,
    pub classified: bool,
}

/// One reader of the letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// `SSCI`, `HPSCI.chair`: in file names.
    pub id: String,
    /// The inside address, line by line.
    pub lines: Vec<String>,
    /// Without the colon: `Dear Mr. Chairman`.
    pub salutation: String,
    pub cc: Vec<String>,
    /// `senate`, `house`, `executive`, `public`; empty for the file.
    pub chamber: String,
    /// The recipient in running text: "Senate Select Committee on Intelligence".
    pub name: String,
    /// The abstract under which its house enters the notice in the record.
    pub entry: Option<String>,
}

/// How the rules cited in one sentence stand in law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// A statute requires it: "pursuant to".
    Law,
    /// A statute required it when the matter arose and does no longer: "consistent with".
    FormerLaw,
    /// A directive asks for it: "consistent with".
    Directive,
    /// The sense of Congress, a bill, or a model rule: "as a matter of policy".
    Policy,
}

/// One sentence about the legal basis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    pub standing: Standing,
    /// The record's mark: which law or rule applies says something of the matter.
    pub mark: String,
    /// The word of the rules' status: `in_force`, `model`, …
    pub status: String,
    pub rules: Vec<String>,
    /// What the rules cite, each once.
    pub citations: Vec<String>,
    pub text: String,
}

/// The table of a REL TO change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Releasability {
    pub mark: String,
    /// The markings as recorded: data, never the notice's own.
    pub before: String,
    pub after: String,
    /// Who may receive it, by display name and code: "Russia (RUS)".
    pub added: Vec<String>,
    pub removed: Vec<String>,
    pub unchanged: Vec<String>,
    /// Organization codes whose membership is not public.
    pub undeterminable: Vec<String>,
    pub disclosure_added: Vec<String>,
    pub disclosure_removed: Vec<String>,
    /// The table: markings before and after, then who gains, who loses, who keeps.
    pub rows: Vec<Row>,
}

/// What was reported and what is so, where a record supersedes another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// The mark of the table: the roll-up of both records.
    pub mark: String,
    /// The superseded record.
    pub of: String,
    pub title: String,
    pub text: Portion,
    /// Only what differs.
    pub rows: Vec<Change>,
}

/// One corrected particular.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    pub label: String,
    pub before: String,
    pub after: String,
}

/// The dates of a pause and of its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Timeline {
    pub mark: String,
    /// Earliest first.
    pub steps: Vec<Step>,
}

/// One date of a timeline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub when: String,
    pub what: String,
    pub record: String,
}

/// A decision not to notify.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    pub mark: String,
    pub rule: String,
    pub title: String,
    pub by: String,
    pub on: String,
    pub reason: String,
    /// Who would have been told.
    pub recipients: Vec<String>,
}

/// One fact in a table: what it is called and what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// The record's field: `effective`.
    pub field: String,
    pub label: String,
    pub value: String,
    pub mark: String,
    /// Whether the record says it, or only that it is missing.
    pub stated: bool,
}

/// A narrative under a heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Section {
    pub field: String,
    pub label: String,
    /// The mark of the heading, which is unclassified in itself.
    pub heading_mark: String,
    /// One a paragraph.
    pub portions: Vec<Portion>,
    pub stated: bool,
}

/// Something promised in a contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    pub mark: String,
    pub kind: String,
    pub text: String,
    pub due: Option<String>,
    pub owner: Option<String>,
}

/// What one source says, where sources differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    pub mark: String,
    pub field: String,
    pub label: String,
    pub value: String,
    pub by: String,
}

/// Contents that a rule demands, and the words by which its presence on a page is proved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Required {
    pub name: String,
    pub label: String,
    /// The rules that demand it; none where relto itself does.
    pub rules: Vec<String>,
    pub stated: bool,
    /// Texts that must all be readable inside the element.
    pub expect: Vec<String>,
    #[serde(skip)]
    pub place: Option<Place>,
}

/// One obligation as the letter shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duty {
    pub rule: String,
    pub title: String,
    pub pack: String,
    /// In words: "in force", "model rule".
    pub status: String,
    /// "March 18, 2025", "promptly", "undetermined: …".
    pub due: String,
    pub submit_by: Option<String>,
    pub state: String,
    pub late: bool,
}

/// What the notice was made from, as hexadecimal SHA-256.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Hashes {
    pub record: String,
    pub policy: String,
}

impl Notice {
    /// The file name of the PDF for one addressee.
    pub fn file_name(&self, addressee: &Addressee) -> String {
        let record = self.records.first().unwrap_or(&self.id);
        format!("{record}--{}.pdf", addressee.id)
    }

    /// Every text that a reader will see, with the field it stands for: what the fonts must be able to show.
    pub fn texts(&self) -> Vec<(&str, &str)> {
        let mut texts: Vec<(&str, &str)> = vec![("title", &self.title), ("title", &self.subject.text)];
        for portion in self.provenance.iter().chain(&self.lateness).chain(&self.alerts) {
            texts.push(("basis", &portion.text));
        }
        for row in &self.particulars {
            texts.push((&row.field, &row.value));
        }
        for section in &self.sections {
            texts.extend(
                section
                    .portions
                    .iter()
                    .map(|portion| (section.field.as_str(), portion.text.as_str())),
            );
        }
        texts.extend(
            self.commitments
                .iter()
                .map(|commitment| ("commitments", commitment.text.as_str())),
        );
        texts.extend(self.claims.iter().map(|claim| ("claims", claim.value.as_str())));
        for addressee in &self.addressees {
            texts.extend(
                addressee
                    .lines
                    .iter()
                    .chain(&addressee.cc)
                    .map(|line| ("recipients", line.as_str())),
            );
        }
        texts
    }
}
