//! The covering letter of a run: to each addressee, what is enclosed, how it is marked, and who got what.

use chrono::NaiveDate;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::marking::ast::Marking;
use crate::marking::parse::{Form, parse_with};
use crate::notice::compiled::{Compiled, demanded};
use crate::notice::draft::Office;
use crate::notice::model::{Addressee, Hashes, Notice, Portion, Required};
use crate::notice::overall;
use crate::notice::printed::{Enclosure, Transmittal};
use crate::notice::say;

/// What the covering letters say of a notice that was set for one of its addressees. The notice itself is not kept: a run
/// has thousands.
#[derive(Debug, Clone)]
pub struct Set {
    addressee: Addressee,
    reference: String,
    title: String,
    banner: String,
    marks: Vec<String>,
    training: Option<String>,
    pages: usize,
}

impl Set {
    /// Notes a copy of so many pages; nothing of a memorandum for the file, which is sent to nobody, and where the notice
    /// has no such recipient.
    pub fn of(notice: &Notice, recipient: &str, pages: usize) -> Option<Self> {
        if notice.letter == "memo" {
            return None;
        }
        let addressee = notice.addressees.iter().find(|one| one.id == recipient)?;
        Some(Self {
            addressee: addressee.clone(),
            reference: notice.reference.clone(),
            title: notice.title.clone(),
            banner: notice.banner.text.clone(),
            marks: notice.marks.clone(),
            training: notice.training.clone(),
            pages,
        })
    }
}

/// Drafts one covering letter for every addressee of the notices set, in the order in which they are first met. It shows
/// the overall marking of all it encloses (32 CFR 2001.24) and bears no authority block: without its enclosures it is
/// unclassified.
pub fn transmittals(set: &[Set], office: &Office, as_of: NaiveDate) -> (Vec<Notice>, Vec<Diagnostic>) {
    let (mut letters, mut diagnostics) = (Vec::new(), Vec::new());
    let mut of_recipient: Vec<(&str, Vec<&Set>)> = Vec::new();
    for one in set {
        match of_recipient
            .iter_mut()
            .find(|(recipient, _)| *recipient == one.addressee.id)
        {
            Some((_, enclosed)) => enclosed.push(one),
            None => of_recipient.push((&one.addressee.id, vec![one])),
        }
    }
    for (recipient, enclosed) in of_recipient {
        match letter(recipient, &enclosed, office, as_of) {
            Ok(letter) => letters.push(letter),
            Err(problems) => diagnostics.extend(problems),
        }
    }
    (letters, diagnostics)
}

/// The covering letter to a recipient, of at least one notice.
fn letter(recipient: &str, enclosed: &[&Set], office: &Office, as_of: NaiveDate) -> Result<Notice, Vec<Diagnostic>> {
    let addressee = enclosed[0].addressee.clone();
    let undecided = |why: &str| {
        Diagnostic::new(
            Code::MarkingUndecided,
            format!("no banner can be computed for the covering letter to {recipient}: {why}"),
        )
    };
    let mut marks: Vec<Marking> = Vec::new();
    for mark in enclosed.iter().flat_map(|one| &one.marks) {
        match parse_with(mark, Form::Portion, Some(as_of), &office.vocabulary).marking {
            Some(marking) if !marks.contains(&marking) => marks.push(marking),
            Some(_) => {}
            None => return Err(vec![undecided(&format!("`{mark}` cannot be read"))]),
        }
    }
    let overall = overall::overall(&marks, office, as_of, &undecided)?;
    let enclosures: Vec<Enclosure> = enclosed
        .iter()
        .enumerate()
        .map(|(at, one)| Enclosure {
            number: at + 1,
            reference: one.reference.clone(),
            title: one.title.clone(),
            banner: one.banner.clone(),
            pages: one.pages,
        })
        .collect();
    let count = say::counted(enclosures.len(), "notice", "notices");
    let title = format!("Transmittal of {count}");
    let classified = overall.banner.classified;
    let wording = classified.then(|| "Unclassified When Classified Enclosure Removed".to_owned());
    let transmittal = Transmittal {
        pages: enclosures.iter().map(|enclosure| enclosure.pages).sum(),
        copies: std::iter::once(addressee.name.clone())
            .chain(addressee.cc.iter().cloned())
            .collect(),
        entries: enclosed.iter().filter_map(|one| one.addressee.entry.clone()).collect(),
        wording,
        enclosures,
    };
    let compiled = Compiled {
        id: "TRANSMITTAL".to_owned(),
        reference: format!("TRANSMITTAL {as_of}"),
        letter: "transmittal",
        kind: "transmittal",
        title,
        summary: Portion::unclassified(format!(
            "The {} transmits the {} listed below.",
            office.agency.name,
            if transmittal.enclosures.len() == 1 {
                "notice"
            } else {
                "notices"
            },
        )),
        as_of,
        training: enclosed.iter().find_map(|one| one.training.clone()),
        office,
        banner: overall.banner,
        authority_block: None,
        marks: vec!["U".to_owned()],
        addressee: Addressee {
            entry: None,
            ..addressee
        },
        required: required(&transmittal),
        hashes: Hashes::default(),
    };
    Ok(Notice {
        enclosures: transmittal
            .enclosures
            .iter()
            .map(|enclosure| enclosure.reference.clone())
            .collect(),
        transmittal: Some(Box::new(transmittal)),
        ..compiled.notice()
    })
}

/// Every enclosure with its marking and its pages, and what becomes of the letter without them.
fn required(transmittal: &Transmittal) -> Vec<Required> {
    let rows = transmittal.enclosures.iter().map(|enclosure| {
        format!(
            "{}{}{}{}{}",
            enclosure.number, enclosure.reference, enclosure.title, enclosure.banner, enclosure.pages
        )
    });
    let mut all = vec![
        demanded("enclosure_list", "the list of enclosures", rows.collect()),
        demanded("distribution", "the distribution list", transmittal.copies.clone()),
    ];
    if let Some(wording) = &transmittal.wording {
        all.push(demanded(
            "removal",
            "how the letter is marked without its enclosures",
            vec![wording.clone()],
        ));
    }
    all
}
