//! A notice for one addressee as a sequence of blocks, whatever they are written in.

use crate::calendar::date::long_day;
use crate::notice::coordination::Wording;
use crate::notice::coordination::order::{self, Part};
use crate::notice::coordination::tables::{self, Table};
use crate::notice::model::{Addressee, Notice, Portion, Section};
use crate::notice::printed::Transmittal;

/// What stands on a copy.
#[derive(Debug)]
pub(super) struct Document {
    /// Unclassified.
    pub title: String,
    /// The overall marking, first and last.
    pub banner: String,
    /// Its level: "TOP SECRET".
    pub level: String,
    /// Lines below the first banner that are relto's own: that this is an example, a draft, a copy.
    pub notes: Vec<String>,
    pub body: Vec<Block>,
    /// The classification authority block, label and value.
    pub authority: Vec<(&'static str, String)>,
}

#[derive(Debug)]
pub(super) enum Block {
    Letterhead {
        name: String,
        address: String,
    },
    /// The reference and the date.
    Reference {
        reference: String,
        date: String,
    },
    /// Lines that bear no mark: an address, a salutation, a signature. What they are, in words.
    Lines {
        what: Lines,
        lines: Vec<String>,
    },
    /// What is said before anything else.
    Alerts(Vec<Portion>),
    Subject(Portion),
    Heading(Portion),
    Paragraph(Portion),
    Table(Table),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lines {
    Address,
    Salutation,
    Signature,
    List,
}

/// Puts the blocks of a copy in their order.
pub(super) fn document(notice: &Notice, addressee: &Addressee, wording: Wording) -> Document {
    let mut body = vec![
        Block::Letterhead {
            name: notice.agency.name.clone(),
            address: notice.agency.address.join(" · "),
        },
        Block::Reference {
            reference: notice.reference.clone(),
            date: date(notice),
        },
    ];
    let is_memo = notice.letter == "memo";
    match notice.letter.as_str() {
        "memo" => body.push(lines(Lines::Address, vec![addressee.name.clone()])),
        "periodic-report" => cover(notice, &mut body),
        "what-if" => body.push(heading("Brief for Members")),
        _ => body.push(lines(Lines::Address, addressee.lines.clone())),
    }
    if !notice.alerts.is_empty() {
        body.push(Block::Alerts(notice.alerts.clone()));
    }
    body.push(Block::Subject(notice.subject.clone()));
    if notice.report.is_none() && !is_memo {
        body.push(lines(Lines::Salutation, vec![format!("{}:", addressee.salutation)]));
    }
    let parts = order::parts(&notice.letter);
    for part in parts {
        bring(*part, parts, notice, &mut body);
    }
    if is_memo {
        let several = |count: usize| if count > 1 { "s" } else { "" };
        body.push(unclassified(&format!(
            "This memorandum is kept with the record so that the decision{} can be reviewed. No notice was given under \
             the rule{} named above; what other rules ask for is not part of it.",
            several(notice.decisions.len()),
            several(notice.rules.len()),
        )));
        body.push(signature(notice));
    } else if notice.report.is_none() {
        close(notice, addressee, &mut body);
    }
    if let Some(transmittal) = &notice.transmittal {
        after_closing(transmittal, &mut body);
    }
    Document {
        title: notice.title.clone(),
        banner: notice.banner.text.clone(),
        level: notice.banner.level.clone(),
        notes: notes(notice, addressee, wording),
        body,
        authority: notice
            .authority_block
            .iter()
            .flat_map(|block| {
                [
                    ("Classified By", block.classified_by.clone()),
                    ("Derived From", block.derived_from.clone()),
                    ("Declassify On", block.declassify_on.clone()),
                ]
            })
            .collect(),
    }
}

fn date(notice: &Notice) -> String {
    let day = notice.date;
    chrono::NaiveDate::from_ymd_opt(day.year, day.month, day.day)
        .map(long_day)
        .unwrap_or_default()
}

fn notes(notice: &Notice, addressee: &Addressee, wording: Wording) -> Vec<String> {
    let mut notes: Vec<String> = notice.training.iter().cloned().collect();
    if notice.draft {
        notes.push("DRAFT — not transmitted".to_owned());
    }
    let mut copy = format!(
        "Coordination copy of {}. The PDF is the notice; this copy is not.",
        notice.file_name(addressee)
    );
    if wording == Wording::Workspace {
        copy.push_str(
            " The PDF is worded by the workspace's own letter; this copy gives the same facts in relto's words.",
        );
    }
    notes.push(copy);
    notes
}

fn unclassified(text: &str) -> Block {
    Block::Paragraph(Portion::unclassified(text))
}

fn heading(text: &str) -> Block {
    Block::Heading(Portion::unclassified(text))
}

fn lines(what: Lines, lines: Vec<String>) -> Block {
    Block::Lines { what, lines }
}

/// The cover of a report.
fn cover(notice: &Notice, body: &mut Vec<Block>) {
    let Some(report) = &notice.report else { return };
    body.push(heading("Consolidated report on releasability and foreign liaison"));
    body.push(unclassified(&format!("For {}", report.words)));
    if let Some((last, rest)) = report.recipients.split_last() {
        let to = match rest {
            [] => last.clone(),
            rest => format!("{} and the {last}", rest.join(", the ")),
        };
        body.push(unclassified(&format!("Report to the {to}")));
    }
}

fn bring(part: Part, parts: &[Part], notice: &Notice, body: &mut Vec<Block>) {
    let paragraphs = |portions: &[Portion]| portions.iter().cloned().map(Block::Paragraph).collect::<Vec<_>>();
    let table = |found: Option<Table>| found.map(Block::Table);
    match part {
        Part::Authority => body.extend(
            notice
                .authority
                .iter()
                .map(|basis| Block::Paragraph(Portion::new(&basis.mark, &basis.text))),
        ),
        Part::Summary => body.push(Block::Paragraph(notice.summary.clone())),
        Part::Provenance => body.extend(paragraphs(&notice.provenance)),
        Part::Lateness if notice.lateness.is_empty() => {}
        Part::Lateness => {
            body.push(heading("Reason for the delay"));
            body.extend(paragraphs(&notice.lateness));
        }
        Part::Section(field) => body.extend(sections(notice, |name| name == field)),
        Part::Sections => {
            let placed = |name: &str| {
                parts
                    .iter()
                    .any(|part| matches!(part, Part::Section(field) if *field == name))
            };
            body.extend(sections(notice, |name| !placed(name)));
        }
        Part::Correction => {
            if let Some(correction) = &notice.correction {
                body.push(heading("Corrections"));
                body.push(Block::Paragraph(correction.text.clone()));
                body.extend(table(tables::correction(correction)));
            }
        }
        Part::Decisions => {
            if let Some(found) = tables::decisions(notice) {
                body.push(heading("Decisions not to notify"));
                body.push(Block::Table(found));
            }
        }
        Part::Releasability => {
            if let Some(found) = tables::releasability(notice) {
                body.push(heading("Releasability before and after"));
                body.push(Block::Table(found));
            }
        }
        Part::Timeline => body.extend(table(tables::timeline(notice))),
        Part::Particulars => body.extend(table(tables::particulars(notice))),
        Part::Commitments => body.extend(table(tables::commitments(notice))),
        Part::Claims => body.extend(table(tables::claims(notice))),
        Part::Duties => body.extend(table(tables::duties(notice))),
        Part::EnclosureList => {
            if let Some(transmittal) = &notice.transmittal {
                body.extend(transmittal.wording.as_deref().map(unclassified));
                body.extend(table(tables::enclosures(transmittal)));
            }
        }
        Part::ReportTables => {
            if let Some(report) = &notice.report {
                for grid in &report.grids {
                    body.push(heading(&grid.heading));
                    body.push(Block::Paragraph(Portion::new(&report.mark, &grid.takeaway)));
                    body.extend(table(tables::grid(grid, &report.mark)));
                    let charts = report.charts.iter().filter(|chart| chart.grid == grid.name);
                    body.extend(charts.map(|chart| Block::Paragraph(Portion::new(&report.mark, &chart.alt))));
                }
            }
        }
        Part::ReportMethod => {
            body.push(heading("Method"));
            let notes = notice.report.iter().flat_map(|report| &report.method);
            body.extend(notes.map(|note| unclassified(note)));
        }
        Part::ReportGlossary => {
            body.push(heading("Glossary"));
            let terms = notice.report.iter().flat_map(|report| &report.glossary);
            body.extend(terms.map(|entry| unclassified(&format!("{}: {}.", entry.term, entry.meaning))));
        }
    }
}

/// The narratives of the fields chosen, each under its heading.
fn sections(notice: &Notice, chosen: impl Fn(&str) -> bool) -> Vec<Block> {
    let of = |section: &Section| {
        let heading = Block::Heading(Portion::new(&section.heading_mark, &section.label));
        std::iter::once(heading)
            .chain(section.portions.iter().cloned().map(Block::Paragraph))
            .collect::<Vec<_>>()
    };
    let found = notice.sections.iter().filter(|section| chosen(&section.field));
    found.flat_map(of).collect()
}

/// The offer of a briefing, the signature, what is enclosed, who gets a copy.
fn close(notice: &Notice, addressee: &Addressee, body: &mut Vec<Block>) {
    let agency = &notice.agency;
    let office = agency.address.first().unwrap_or(&agency.name);
    // Members and their staff are of Congress alone.
    let readers = match addressee.chamber.as_str() {
        "senate" | "house" => "brief Members and staff",
        _ => "give a briefing",
    };
    body.push(unclassified(&format!(
        "The {} is prepared to {readers} on this matter. Questions and requests for a briefing may be put to the {office}.",
        agency.name
    )));
    body.push(lines(Lines::Salutation, vec!["Sincerely,".to_owned()]));
    body.push(signature(notice));
    if !notice.enclosures.is_empty() {
        let label = if notice.enclosures.len() == 1 {
            "Enclosure:"
        } else {
            "Enclosures:"
        };
        let named = notice
            .enclosures
            .iter()
            .zip(1..)
            .map(|(name, number)| format!("{number}. {name}"));
        body.push(lines(
            Lines::List,
            std::iter::once(label.to_owned()).chain(named).collect(),
        ));
    }
    if !addressee.cc.is_empty() {
        let named = addressee.cc.iter().cloned();
        body.push(lines(
            Lines::List,
            std::iter::once("cc:".to_owned()).chain(named).collect(),
        ));
    }
}

fn signature(notice: &Notice) -> Block {
    let signatory = &notice.agency.signatory;
    lines(Lines::Signature, vec![signatory.name.clone(), signatory.title.clone()])
}

/// The receipt, who gets what, and how each house enters it.
fn after_closing(transmittal: &Transmittal, body: &mut Vec<Block>) {
    body.push(Block::Table(tables::receipt(transmittal)));
    body.extend(tables::distribution(transmittal).map(Block::Table));
    if !transmittal.entries.is_empty() {
        body.push(heading("Suggested entries for the record"));
        body.extend(transmittal.entries.iter().map(|entry| unclassified(entry)));
    }
}
