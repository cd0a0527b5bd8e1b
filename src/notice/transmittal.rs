//! The covering letter of a run: to each addressee, what is enclosed, how it is marked, and who got what.

use std::borrow::Cow;

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

/// A notice that was set for one of its addressees.
#[derive(Debug, Clone)]
pub struct Set<'a> {
    pub notice: Cow<'a, Notice>,
    pub recipient: &'a str,
    pub pages: usize,
}

/// Drafts one covering letter for every addressee of the notices set, in the order in which they are first met. It shows
/// the overall marking of all it encloses (32 CFR 2001.24) and bears no authority block: without its enclosures it is
/// unclassified. Memoranda for the file are sent to nobody.
pub fn transmittals(set: &[Set<'_>], office: &Office, as_of: NaiveDate) -> (Vec<Notice>, Vec<Diagnostic>) {
    let (mut letters, mut diagnostics) = (Vec::new(), Vec::new());
    let mut order: Vec<&str> = Vec::new();
    for one in set.iter().filter(|one| one.notice.letter != "memo") {
        if !order.contains(&one.recipient) {
            order.push(one.recipient);
        }
    }
    for recipient in order {
        let enclosed: Vec<&Set<'_>> = set
            .iter()
            .filter(|one| one.recipient == recipient && one.notice.letter != "memo")
            .collect();
        match letter(recipient, &enclosed, office, as_of) {
            Ok(letter) => letters.extend(letter),
            Err(problems) => diagnostics.extend(problems),
        }
    }
    (letters, diagnostics)
}

fn letter(
    recipient: &str,
    enclosed: &[&Set<'_>],
    office: &Office,
    as_of: NaiveDate,
) -> Result<Option<Notice>, Vec<Diagnostic>> {
    let to = |one: &Set<'_>| {
        one.notice
            .addressees
            .iter()
            .find(|found| found.id == recipient)
            .cloned()
    };
    let Some(addressee) = enclosed.first().and_then(|first| to(first)) else {
        return Ok(None);
    };
    let undecided = |why: &str| {
        Diagnostic::new(
            Code::MarkingUndecided,
            format!("no banner can be computed for the covering letter to {recipient}: {why}"),
        )
    };
    let mut marks: Vec<Marking> = Vec::new();
    for mark in enclosed.iter().flat_map(|one| &one.notice.marks) {
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
            reference: one.notice.reference.clone(),
            title: one.notice.title.clone(),
            banner: one.notice.banner.text.clone(),
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
        entries: enclosed.iter().filter_map(|one| to(one)?.entry).collect(),
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
        training: enclosed.iter().find_map(|one| one.notice.training.clone()),
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
    Ok(Some(Notice {
        enclosures: transmittal
            .enclosures
            .iter()
            .map(|enclosure| enclosure.reference.clone())
            .collect(),
        transmittal: Some(Box::new(transmittal)),
        ..compiled.notice()
    }))
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
