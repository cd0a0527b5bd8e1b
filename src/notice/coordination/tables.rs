//! The tables of a copy, worded as the parts of the letters word them.

use crate::notice::model::{Correction, Notice, Row};
use crate::notice::printed::{Grid, Transmittal};
use crate::notice::say::counted;

/// A table under its marked caption; the first column names each row.
#[derive(Debug)]
pub(super) struct Table {
    pub mark: String,
    pub caption: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
    /// Whether the last row sums up the others.
    pub total: bool,
}

/// Nothing where there is no row.
fn table(mark: &str, caption: &str, header: &[&str], rows: Vec<Vec<String>>) -> Option<Table> {
    (!rows.is_empty()).then(|| Table {
        mark: mark.to_owned(),
        caption: caption.to_owned(),
        header: header.iter().map(|name| (*name).to_owned()).collect(),
        rows,
        total: false,
    })
}

fn as_recorded(rows: &[Row]) -> Vec<Vec<String>> {
    rows.iter()
        .map(|row| vec![row.label.clone(), row.value.clone()])
        .collect()
}

pub(super) fn releasability(notice: &Notice) -> Option<Table> {
    let change = notice.releasability.as_ref()?;
    table(
        &change.mark,
        "Who may receive the information. Markings are quoted as recorded; they are not markings of this document.",
        &["Releasability", "As recorded"],
        as_recorded(&change.rows),
    )
}

pub(super) fn particulars(notice: &Notice) -> Option<Table> {
    table(
        &notice.particulars.first()?.mark,
        "Particulars. Dates, officials and references.",
        &["Particular", "As recorded"],
        as_recorded(&notice.particulars),
    )
}

pub(super) fn correction(correction: &Correction) -> Option<Table> {
    let rows = correction
        .rows
        .iter()
        .map(|row| vec![row.label.clone(), row.before.clone(), row.after.clone()]);
    table(
        &correction.mark,
        "As reported and as corrected. Only what differs is listed.",
        &["Particular", "As reported", "As corrected"],
        rows.collect(),
    )
}

pub(super) fn timeline(notice: &Notice) -> Option<Table> {
    let timeline = notice.timeline.as_ref()?;
    let rows = timeline
        .steps
        .iter()
        .map(|step| vec![step.when.clone(), step.what.clone(), step.record.clone()]);
    table(
        &timeline.mark,
        "Course of events. Every date of the pause and of its end that the records give.",
        &["Date", "Event", "Record"],
        rows.collect(),
    )
}

pub(super) fn commitments(notice: &Notice) -> Option<Table> {
    let said = |text: &Option<String>| text.clone().unwrap_or_else(|| "Not stated".to_owned());
    let rows = notice
        .commitments
        .iter()
        .map(|one| vec![one.kind.clone(), one.text.clone(), said(&one.due), said(&one.owner)]);
    table(
        &notice.commitments.first()?.mark,
        "Commitments. What was promised.",
        &["Kind", "Commitment", "Due", "Owner"],
        rows.collect(),
    )
}

pub(super) fn claims(notice: &Notice) -> Option<Table> {
    let rows = notice
        .claims
        .iter()
        .map(|claim| vec![claim.label.clone(), claim.value.clone(), claim.by.clone()]);
    table(
        &notice.claims.first()?.mark,
        "Where sources differ. What each source says; the record asserts none of it.",
        &["About", "Claim", "Source"],
        rows.collect(),
    )
}

pub(super) fn duties(notice: &Notice) -> Option<Table> {
    let rows = notice.duties.iter().map(|duty| {
        let late = if duty.late { ", overdue" } else { "" };
        vec![
            format!("{} ({})", duty.title, duty.rule),
            duty.status.clone(),
            format!("{}{late}", duty.due),
        ]
    });
    table(
        &notice.duties_mark,
        "Rules that this notice answers. Due dates as of the date of this letter.",
        &["Rule", "Standing", "Due"],
        rows.collect(),
    )
}

pub(super) fn decisions(notice: &Notice) -> Option<Table> {
    let rows = notice.decisions.iter().map(|decision| {
        vec![
            match decision.recipients.as_slice() {
                [] => format!("{} ({}).", decision.title, decision.rule),
                named => format!(
                    "{} ({}). It names the {}.",
                    decision.title,
                    decision.rule,
                    named.join("; the ")
                ),
            },
            format!("{}, {}", decision.by, decision.on),
            decision.reason.clone(),
        ]
    });
    table(
        &notice.decisions.first()?.mark,
        "Each rule that asked for a notice, who decided that none is given, and why.",
        &["Rule", "Decision", "Reason"],
        rows.collect(),
    )
}

pub(super) fn grid(grid: &Grid, mark: &str) -> Option<Table> {
    let rows = grid
        .rows
        .iter()
        .map(|row| row.iter().map(|cell| cell.text.clone()).collect());
    let header: Vec<&str> = grid.header.iter().map(String::as_str).collect();
    table(mark, &grid.caption, &header, rows.collect()).map(|table| Table {
        total: grid.total,
        ..table
    })
}

pub(super) fn enclosures(transmittal: &Transmittal) -> Option<Table> {
    let rows = transmittal.enclosures.iter().map(|one| {
        vec![
            one.number.to_string(),
            one.reference.clone(),
            one.title.clone(),
            one.banner.clone(),
            one.pages.to_string(),
        ]
    });
    table(
        "U",
        "Enclosures. Each with its overall marking, which is not the marking of this letter.",
        &["No.", "Reference", "Title", "Marking", "Pages"],
        rows.collect(),
    )
}

pub(super) fn receipt(transmittal: &Transmittal) -> Table {
    let caption = format!(
        "Receipt. Please sign and return a copy. {}, {}.",
        counted(transmittal.enclosures.len(), "enclosure", "enclosures"),
        counted(transmittal.pages, "page", "pages")
    );
    let blanks = ["Name and office", "Date and time", "Copies received", "Signature"];
    Table {
        mark: "U".to_owned(),
        caption,
        header: vec!["Receipt".to_owned(), "Entered by the recipient".to_owned()],
        rows: blanks
            .iter()
            .map(|name| vec![(*name).to_owned(), String::new()])
            .collect(),
        total: false,
    }
}

pub(super) fn distribution(transmittal: &Transmittal) -> Option<Table> {
    let rows = transmittal.copies.iter().zip(1..).map(|(name, number)| {
        let kind = if number == 1 { "Original" } else { "Copy" };
        vec![number.to_string(), name.clone(), kind.to_owned()]
    });
    table(
        "U",
        "Distribution. Who gets the enclosures.",
        &["Copy", "Recipient", "Kind"],
        rows.collect(),
    )
}
