//! Drafting: the obligations of a record, grouped by recipient, become notices with everything a letter may see.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Sources;
use crate::evaluate::case::Case;
use crate::evaluate::obligation::{Obligation, State};
use crate::marking::ast::Marking;
use crate::marking::rollup::Profile;
use crate::marking::vocabulary::Vocabulary;
use crate::notice::group::{self, Group};
use crate::notice::model::{
    Addressee, Agency, Authority, Correction, Day, Hashes, Notice, Portion, Required, Signatory, Standing,
};
use crate::notice::sheaf::{Notices as _, Sheaf};
use crate::notice::{basis, contents, earlier, memo, overall, reception, say, summary};
use crate::policy::recipients::{Recipients, honorable};
use crate::record::kind::Kind;
use crate::record::value::{Record, Value};

/// The office that writes: what a workspace says of its letters.
#[derive(Debug, Clone)]
pub struct Office {
    pub agency: Agency,
    /// For classified notices.
    pub authority: Option<Authority>,
    pub profile: Profile,
    pub vocabulary: Arc<Vocabulary>,
    /// Printed on every page of a notice that is no real one.
    pub training: Option<String>,
}

impl Office {
    /// A placeholder office, whose letters say EXAMPLE.
    pub fn placeholder() -> Self {
        Self {
            agency: Agency {
                name: "Example Agency".to_owned(),
                element: String::new(),
                address: ["Office of Legislative Affairs", "Washington, DC 20000"]
                    .map(str::to_owned)
                    .to_vec(),
                signatory: Signatory {
                    name: "Alex Sample".to_owned(),
                    title: "Director of Legislative Affairs".to_owned(),
                },
                identifier_prefix: "EA".to_owned(),
            },
            authority: None,
            profile: Profile::default(),
            vocabulary: Vocabulary::shared(),
            training: Some("EXAMPLE — not a real notice".to_owned()),
        }
    }
}

/// Drafts all notices that the records owe; see [`Sheaf::of`].
pub fn draft(
    case: &Case,
    obligations: &[Obligation],
    office: &Office,
    sources: &Sources,
) -> (Vec<Notice>, Vec<Diagnostic>) {
    let (sheaf, diagnostics) = Sheaf::of(case, obligations, office, sources);
    let notices = (0..sheaf.count()).map(|number| sheaf.at(number).into_owned());
    (notices.collect(), diagnostics)
}

/// The addressee of a memorandum for the file.
pub(super) const FILE: &str = "FILE";

/// Whether a rule wants a notice in writing and those who were told were told by word of mouth.
pub(super) fn only_spoken(owed: &Obligation, record: &Record) -> bool {
    let in_writing = owed.form.as_deref().is_some_and(|form| form.starts_with("written"));
    in_writing
        && matches!(owed.state, State::Met | State::MetLate)
        && record.tables("notified").any(|entry| entry.word("how") == Some("oral"))
        && !record
            .tables("notified")
            .any(|entry| entry.word("how") == Some("letter"))
}

/// Drafts the notice of a record to a group of recipients.
///
/// # Errors
/// Diagnostics where it cannot be marked.
pub(super) fn notice(
    case: &Case,
    record: &Record,
    group: &Group<'_>,
    office: &Office,
    hashes: Hashes,
) -> Result<Notice, Vec<Diagnostic>> {
    let Some(mark) = record.marking() else {
        return Err(vec![undecided(record, "the record has no marking")]);
    };
    let own = mark.portion();
    let for_file = group.recipients == [FILE];
    let demands = contents::demands(
        group
            .owed
            .iter()
            .filter(|_| !for_file)
            .map(|owed| (owed.rule.as_str(), &*owed.contains)),
    );
    let mut contents = contents::contents(record, mark, &demands);
    let earlier = earlier::earlier(record, mark, &group.recipients, case, office);
    contents.marks.extend(earlier.marks.iter().cloned());
    contents.marks.extend(late_explanation(record));
    let overall = overall::overall(&contents.marks, office, case.as_of, &|why| undecided(record, why))?;
    let what = format!("the notice for `{}`", record.id);
    let authority_block = overall::authority_block(&what, &overall, office, case.as_of, &|message| {
        Diagnostic::new(Code::MissingAuthority, message)
            .at(record.header.clone())
            .label(format!("its notice is {}", overall.level()))
            .record(&record.id)
    })?;

    let timezone = case.calendar.timezone;
    let id = format!("{}--{}", record.id, group::name(&group.recipients));
    let (authority, duties, decisions) = if for_file {
        (Vec::new(), Vec::new(), memo::decisions(record, &group.owed, case, &own))
    } else {
        (
            basis::authority(&group.owed, case, &office.agency.name, &own),
            basis::duties(&group.owed, timezone),
            Vec::new(),
        )
    };
    let mut provenance: Vec<Portion> = basis::spoken(record, &group.recipients, &own).into_iter().collect();
    provenance.extend(basis::provenance(
        record,
        &own,
        if for_file { "memorandum" } else { "notice" },
    ));
    let (late, lateness) = basis::lateness(&group.owed, record, case.as_of, timezone, &own);
    let alerts: Vec<Portion> = summary::headline(record, &own)
        .into_iter()
        .chain(earlier.alert)
        .chain(late)
        .collect();
    let mut required = contents.required;
    let own_words = [
        (
            "authority_statement",
            "the legal basis",
            authority.iter().map(|basis| basis.text.clone()).collect::<Vec<_>>(),
        ),
        ("provenance", "what the record rests on", texts(&provenance)),
        ("alerts", "what stands in the box above the subject", texts(&alerts)),
        ("lateness", "why the notice is late", texts(&lateness)),
        (
            "correction",
            "what is corrected",
            earlier.correction.iter().flat_map(corrected).collect(),
        ),
        (
            "decisions",
            "the decisions not to notify",
            decisions.iter().map(|decision| decision.reason.clone()).collect(),
        ),
    ];
    required.extend(
        own_words
            .into_iter()
            .filter(|(.., expect)| !expect.is_empty())
            .map(|(name, label, expect)| Required {
                name: name.to_owned(),
                label: label.to_owned(),
                rules: Vec::new(),
                stated: true,
                expect,
                place: Some(record.header.clone()),
            }),
    );
    let mut marks = vec!["U".to_owned()];
    for mark in contents.marks.iter().map(Marking::portion) {
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    let title = say::one_line(record.title());
    let law: Vec<(Standing, Vec<String>)> = authority
        .iter()
        .map(|basis| (basis.standing, basis.citations.clone()))
        .collect();
    Ok(Notice {
        reference: format!("{} {}", office.agency.identifier_prefix, record.id)
            .trim()
            .to_owned(),
        id,
        records: vec![record.id.to_string()],
        rules: group.rules(),
        kind: record.kind.name().to_owned(),
        letter: if for_file {
            "memo".to_owned()
        } else {
            letter(record, group)
        },
        title: title.clone(),
        subject: Portion::unclassified(title.clone()),
        alerts,
        summary: summary::summary(record, &own, for_file),
        date: day(case.as_of),
        draft: true,
        training: office.training.clone().or_else(|| {
            // A sample record never looks like a real notice, whatever workspace it stands in.
            (record.text("basis") == Some("sample")).then(|| "EXAMPLE — a sample record, not a real notice".to_owned())
        }),
        agency: office.agency.clone(),
        banner: overall.banner,
        authority_block,
        marks,
        addressees: group
            .recipients
            .iter()
            .map(|id| addressee(id, &case.recipients, &office.agency, &title, &law))
            .collect(),
        authority,
        provenance,
        releasability: contents.releasability,
        correction: earlier.correction,
        timeline: earlier.timeline,
        decisions,
        particulars: contents.particulars,
        sections: contents.sections,
        commitments: contents.commitments,
        claims: contents.claims,
        required,
        duties,
        duties_mark: own,
        lateness,
        enclosures: Vec::new(),
        report: None,
        transmittal: None,
        hashes,
        place: Some(record.header.clone()),
    })
}

/// The mark of its own that the explanation of a delay bears.
pub(super) fn late_explanation(record: &Record) -> Option<Marking> {
    match &record.get("late_explanation")?.value {
        Value::Portion(portion) => portion.mark.as_deref().cloned(),
        _ => None,
    }
}

/// A calendar day as plain data.
pub(super) fn day(day: NaiveDate) -> Day {
    Day {
        year: day.year(),
        month: day.month(),
        day: day.day(),
    }
}

/// The letter: what corrects an earlier notice, what the rules name, or else the letter of the record's kind.
fn letter(record: &Record, group: &Group<'_>) -> String {
    let named = group.owed.iter().find_map(|owed| owed.letter.as_deref());
    let own = matches!(
        named,
        None | Some(
            "plain"
                | "rel-to-change"
                | "liaison-contact"
                | "exchange"
                | "sharing-change"
                | "disclosure"
                | "legal-interpretation"
        )
    );
    let letter = match (named, record.kind) {
        _ if own && record.get("supersedes").is_some() => "correction",
        (Some(named), _) if named != "plain" => named,
        (_, Kind::RelToChange) => "rel-to-change",
        (_, Kind::LiaisonContact) => "liaison-contact",
        (_, Kind::Exchange | Kind::Agreement) => "exchange",
        (_, Kind::SharingChange) => "sharing-change",
        (_, Kind::Disclosure) => "disclosure",
        (_, Kind::LegalInterpretation) => "legal-interpretation",
        (_, Kind::PeriodicReport | Kind::Notice) => "plain",
    };
    letter.to_owned()
}

fn corrected(correction: &Correction) -> Vec<String> {
    let sides = correction
        .rows
        .iter()
        .flat_map(|row| [row.before.clone(), row.after.clone()]);
    std::iter::once(correction.text.text.clone()).chain(sides).collect()
}

fn texts(portions: &[Portion]) -> Vec<String> {
    portions.iter().map(|portion| portion.text.clone()).collect()
}

fn undecided(record: &Record, why: &str) -> Diagnostic {
    Diagnostic::new(
        Code::MarkingUndecided,
        format!("no banner can be computed for `{}`: {why}", record.id),
    )
    .at(record.header.clone())
    .label("no notice is drafted for it")
    .record(&record.id)
}

fn addressee(
    id: &str,
    recipients: &Recipients,
    agency: &Agency,
    title: &str,
    law: &[(Standing, Vec<String>)],
) -> Addressee {
    let Some(recipient) = recipients.get(id) else {
        let file = id == FILE;
        let name = if file { "Memorandum for the file" } else { id };
        return Addressee {
            id: id.to_owned(),
            lines: vec![name.to_owned()],
            salutation: if file {
                String::new()
            } else {
                "To whom it may concern".to_owned()
            },
            cc: Vec::new(),
            chamber: String::new(),
            name: name.to_owned(),
            entry: None,
        };
    };
    let copy = |office: &crate::policy::recipients::Office| match &office.name {
        Some(name) => format!("{}, {}", honorable(name), office.title),
        None => format!("{}, {}", office.title, recipient.name),
    };
    Addressee {
        id: id.to_owned(),
        lines: recipient.addressee(),
        salutation: recipient.salutation().trim_end_matches(':').to_owned(),
        cc: recipient.copies().iter().map(copy).collect(),
        chamber: recipient.chamber.word().to_owned(),
        name: recipient.name.clone(),
        entry: reception::entry(recipient, agency, title, law),
    }
}
