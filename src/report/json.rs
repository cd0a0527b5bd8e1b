//! The JSON documents of the contract. Keys are in the order of the structures here; what is absent is null.

use std::io::{self, Write};

use chrono::NaiveDate;
use rayon::prelude::*;
use serde::Serialize;

use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::base::source::{Place, Sources};
use crate::calendar::due::Due;
use crate::evaluate::obligation::Obligation;
use crate::report::summary::Summary;
use crate::report::writer::Json;

/// The version of the documents. Additions leave it as it is.
pub const SCHEMA: u32 = 1;

/// What a check's document begins with.
#[derive(Serialize)]
struct CheckHead {
    schema: u32,
    as_of: String,
    summary: Numbers,
}

#[derive(Serialize)]
struct DocketDocument<'a> {
    schema: u32,
    as_of: String,
    obligations: Vec<ObligationEntry<'a>>,
}

#[derive(Serialize)]
struct Numbers {
    records: usize,
    /// Of these, the records that were judged; nobody can say what the others owe.
    judged: usize,
    /// Files with something in them that is not even a record.
    unread_files: usize,
    errors: usize,
    warnings: usize,
    obligations: usize,
}

#[derive(Serialize)]
struct DiagnosticEntry<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    at: Span<'a>,
    record: Option<&'a str>,
    rule: Option<&'a str>,
    help: Option<String>,
    label: Option<&'a str>,
    citation: Option<&'a str>,
    related: Vec<RelatedEntry<'a>>,
}

#[derive(Serialize)]
struct RelatedEntry<'a> {
    label: &'a str,
    #[serde(flatten)]
    at: Span<'a>,
}

/// A place as people count: lines and columns from 1, the end exclusive.
#[derive(Serialize, Default)]
struct Span<'a> {
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    end_line: Option<usize>,
    end_column: Option<usize>,
}

/// An obligation as every document has it.
#[derive(Debug, Serialize)]
pub struct ObligationEntry<'a> {
    record: Option<&'a str>,
    rule: &'a str,
    pack: &'a str,
    status: &'static str,
    effect: &'static str,
    due: &'a Due,
    recipients: &'a [String],
    state: &'static str,
    authority: &'a [String],
    duty: Option<&'a str>,
    period: Option<&'a str>,
    because: &'a [Shared],
    title: &'a str,
    target: Option<&'a Due>,
    /// Under a rule per period: the records it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    covers: Option<&'a [Shared]>,
    /// The periodic report that answers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    decision: Option<DecisionEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supersedes: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_late: Option<i64>,
    /// Those of the recipients who were told already, while others were not.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    told: &'a [String],
}

/// A waiver, or a decision not to notify.
#[derive(Debug, Serialize)]
struct DecisionEntry<'a> {
    what: &'static str,
    by: &'a str,
    reason: &'a str,
    authority: Option<&'a str>,
    date: Option<&'a str>,
}

/// Writes the document of `relto check`, part by part: the document of a million records is never held as a whole.
///
/// # Errors
/// What the writer says.
pub fn check(
    out: &mut dyn Write,
    as_of: NaiveDate,
    summary: &Summary,
    diagnostics: &[Diagnostic],
    obligations: &[Obligation],
    sources: &Sources,
) -> io::Result<()> {
    let mut head = Json::indented(0);
    head.add(&CheckHead {
        schema: SCHEMA,
        as_of: as_of.to_string(),
        summary: Numbers {
            records: summary.records,
            judged: summary.judged,
            unread_files: summary.unread,
            errors: summary.errors,
            warnings: summary.warnings,
            obligations: summary.obligations,
        },
    })?;
    let head = head.into_text();
    out.write_all(head.trim_end_matches("\n}").as_bytes())?;
    write_list(out, "diagnostics", diagnostics, |found| entry(found, sources))?;
    write_list(out, "obligations", obligations, obligation)?;
    out.write_all(b"\n}\n")
}

/// Writes one more key of a document, and the list of entries that it stands for.
fn write_list<'e, T: Sync, E: Serialize>(
    out: &mut dyn Write,
    key: &str,
    entries: &'e [T],
    entry: impl Fn(&'e T) -> E + Sync,
) -> io::Result<()> {
    write!(out, ",\n  \"{key}\": [")?;
    let write = |json: &mut Json, of: &'e T| {
        json.push(",\n    ");
        json.add(&entry(of))
    };
    let mut is_first = true;
    side_by_side(entries, || Json::indented(2), write, &mut |text| {
        let comma = usize::from(std::mem::take(&mut is_first));
        out.write_all(&text.as_bytes()[comma..])
    })?;
    out.write_all(if entries.is_empty() { b"]" } else { b"\n  ]" })
}

/// Renders the document of `relto docket`.
pub fn docket(as_of: NaiveDate, obligations: &[&Obligation]) -> String {
    document(&DocketDocument {
        schema: SCHEMA,
        as_of: as_of.to_string(),
        obligations: obligations.iter().copied().map(obligation).collect(),
    })
}

/// One line of `--format json-lines`: what the entry is, and its keys as in the document of `relto check`.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
enum Line<'a> {
    Diagnostic(DiagnosticEntry<'a>),
    Obligation(ObligationEntry<'a>),
}

/// Writes a run as JSON Lines: every diagnostic, then every obligation. Each line stands alone, so that the lines of
/// several runs can be put together and sorted.
///
/// # Errors
/// What the writer says.
pub fn lines(
    out: &mut dyn Write,
    diagnostics: &[Diagnostic],
    obligations: &[Obligation],
    sources: &Sources,
) -> io::Result<()> {
    write_lines(out, diagnostics, |found| Line::Diagnostic(entry(found, sources)))?;
    write_lines(out, obligations, |owed| Line::Obligation(obligation(owed)))
}

fn write_lines<'e, T: Sync>(
    out: &mut dyn Write,
    entries: &'e [T],
    line: impl Fn(&'e T) -> Line<'e> + Sync,
) -> io::Result<()> {
    let write = |json: &mut Json, of: &'e T| {
        json.add(&line(of))?;
        json.push("\n");
        Ok(())
    };
    side_by_side(entries, Json::on_one_line, write, &mut |text| {
        out.write_all(text.as_bytes())
    })
}

/// How many entries are made side by side, and how many of them at a time on one thread.
const BATCH: usize = 1024;
const TASK: usize = 32;

/// Makes the texts of entries on all cores, and hands them over in order, those of many entries at a time.
fn side_by_side<'e, T: Sync>(
    entries: &'e [T],
    blank: impl Fn() -> Json + Sync,
    write: impl Fn(&mut Json, &'e T) -> serde_json::Result<()> + Sync,
    take: &mut dyn FnMut(&str) -> io::Result<()>,
) -> io::Result<()> {
    let text = |task: &'e [T]| -> serde_json::Result<String> {
        let mut json = blank();
        for entry in task {
            write(&mut json, entry)?;
        }
        Ok(json.into_text())
    };
    if entries.is_empty() {
        return Ok(());
    }
    if entries.len() <= TASK {
        return take(&text(entries)?);
    }
    for batch in entries.chunks(BATCH) {
        let texts: serde_json::Result<Vec<String>> = batch.par_chunks(TASK).map(text).collect();
        for text in texts? {
            take(&text)?;
        }
    }
    Ok(())
}

/// Renders any value as one indented JSON document, hidden characters escaped, with a line end.
pub fn document(value: &impl Serialize) -> String {
    let mut json = Json::indented(0);
    // Our own values have nothing that could fail.
    let _ = json.add(value);
    json.push("\n");
    json.into_text()
}

/// Returns diagnostics as every document has them.
pub fn diagnostics(diagnostics: &[Diagnostic], sources: &Sources) -> serde_json::Value {
    let entries: Vec<DiagnosticEntry<'_>> = diagnostics
        .iter()
        .map(|diagnostic| entry(diagnostic, sources))
        .collect();
    serde_json::to_value(entries).unwrap_or_default()
}

fn entry<'a>(diagnostic: &'a Diagnostic, sources: &'a Sources) -> DiagnosticEntry<'a> {
    DiagnosticEntry {
        code: diagnostic.code.name(),
        severity: diagnostic.severity.word(),
        message: &diagnostic.message,
        at: diagnostic
            .place
            .as_ref()
            .map(|place| span(place, sources))
            .unwrap_or_default(),
        record: diagnostic.record.as_deref(),
        rule: diagnostic.rule.as_deref(),
        help: (!diagnostic.help.is_empty()).then(|| diagnostic.help.join("\n")),
        label: Some(diagnostic.label.as_str()).filter(|label| !label.is_empty()),
        citation: diagnostic.citation.as_deref(),
        related: diagnostic
            .related
            .iter()
            .map(|related| RelatedEntry {
                label: &related.label,
                at: span(&related.place, sources),
            })
            .collect(),
    }
}

fn span<'a>(place: &Place, sources: &'a Sources) -> Span<'a> {
    let source = sources.get(place.source);
    let (line, column) = source.line_column(place.start());
    let (end_line, end_column) = source.line_column(place.end());
    Span {
        file: Some(&source.name),
        line: Some(line),
        column: Some(column),
        end_line: Some(end_line),
        end_column: Some(end_column),
    }
}

/// Returns an obligation as every document has it.
pub fn obligation(obligation: &Obligation) -> ObligationEntry<'_> {
    ObligationEntry {
        record: obligation.record.as_deref(),
        rule: &obligation.rule,
        pack: &obligation.pack,
        status: obligation.status.word(),
        effect: obligation.effect.word(),
        due: &obligation.due,
        recipients: &obligation.recipients,
        state: obligation.state.word(),
        authority: &obligation.authority,
        duty: obligation.duty.as_deref(),
        period: obligation.period.as_deref(),
        because: &obligation.because,
        title: &obligation.rule_title,
        target: obligation.target.as_deref(),
        covers: obligation.period.as_ref().map(|_| obligation.covers.as_slice()),
        report: obligation.report.as_deref(),
        decision: obligation.decision.as_ref().map(|decision| DecisionEntry {
            what: decision.what,
            by: &decision.by,
            reason: &decision.reason,
            authority: decision.authority.as_deref(),
            date: decision.date.as_deref(),
        }),
        supersedes: obligation.supersedes.as_deref(),
        superseded_by: obligation.superseded_by.as_deref(),
        days_late: obligation.days_late,
        told: &obligation.told,
    }
}
