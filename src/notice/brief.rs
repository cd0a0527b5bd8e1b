//! The brief for Members: what rules would have required of past records, as a document in the frame of every notice.

use std::collections::BTreeSet;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::hash::Hasher;
use crate::base::source::Sources;
use crate::calendar::date::{When, long_day};
use crate::calendar::window::Period;
use crate::evaluate::case::Case;
use crate::evaluate::obligation::Obligation;
use crate::evaluate::what_if::{Entry, Tally, WhatIf};
use crate::marking::ast::Marking;
use crate::notice::compiled::{Compiled, body, demanded};
use crate::notice::draft::Office;
use crate::notice::model::{Hashes, Notice, Portion, Required};
use crate::notice::printed::{Grid, GridCell, PeriodReport};
use crate::notice::{overall, say};
use crate::policy::rule::Status;
use crate::record::value::Record;

/// Drafts the brief. It is marked by the roll-up of every record that it names.
///
/// # Errors
/// Diagnostics where no banner can be computed or a classification authority is missing.
pub fn brief(
    answer: &WhatIf,
    title: &str,
    case: &Case,
    office: &Office,
    sources: &Sources,
) -> Result<Notice, Vec<Diagnostic>> {
    let named: BTreeSet<&str> = answer
        .entries
        .iter()
        .map(|entry| entry.record.as_str())
        .chain(
            answer
                .rules
                .iter()
                .flat_map(|sum| sum.undetermined.iter().map(String::as_str)),
        )
        .collect();
    let records: Vec<&Record> = named.iter().filter_map(|id| case.record(id)).collect();
    let own: Vec<Marking> = records.iter().filter_map(|record| record.marking().cloned()).collect();
    let undecided = |why: &str| {
        Diagnostic::new(
            Code::MarkingUndecided,
            format!("no banner can be computed for the brief: {why}"),
        )
    };
    let overall = overall::overall(&own, office, case.as_of, &undecided)?;
    let authority_block = overall::authority_block("the brief", &overall, office, case.as_of, &|message| {
        Diagnostic::new(Code::MissingAuthority, message)
    })?;
    let mark = overall.marking.portion();
    let mut marks = vec!["U".to_owned()];
    marks.extend((mark != "U").then(|| mark.clone()));
    let since = long_day(answer.since);
    let id = format!("WHAT-IF-{}", answer.since);
    let title = format!("{title}, as if law since {since}");
    let report = PeriodReport {
        words: format!("the time since {since}"),
        from: answer.since.to_string(),
        to: answer.as_of.to_string(),
        mark: mark.clone(),
        recipients: Vec::new(),
        grids: grids(answer),
        charts: Vec::new(),
        method: method(answer, &records),
        glossary: Vec::new(),
    };
    let sample = records.iter().any(|record| record.text("basis") == Some("sample"));
    let compiled = Compiled {
        reference: id.clone(),
        id,
        letter: "what-if",
        kind: "what_if",
        title,
        summary: Portion::new(mark.clone(), summary(answer)),
        as_of: case.as_of,
        training: office
            .training
            .clone()
            .or_else(|| sample.then(|| "EXAMPLE — sample records, not a real brief".to_owned())),
        office,
        banner: overall.banner,
        authority_block,
        marks,
        addressee: body("MEMBERS", "Members of Congress"),
        required: required(&report),
        hashes: hashes(answer, &records, case, sources),
    };
    Ok(Notice {
        rules: answer.rules.iter().map(|sum| sum.rule.clone()).collect(),
        duties_mark: mark,
        report: Some(Box::new(report)),
        ..compiled.notice()
    })
}

/// Every row of every table must be readable, and the note of how it was found.
fn required(report: &PeriodReport) -> Vec<Required> {
    let rows = |grid: &Grid| -> Vec<String> {
        let row = |row: &Vec<GridCell>| row.iter().map(|cell| cell.text.as_str()).collect();
        grid.rows.iter().map(row).collect()
    };
    let tables = report
        .grids
        .iter()
        .map(|grid| demanded(&grid.name, &grid.heading, rows(grid)));
    tables
        .chain([demanded("method", "how it was found", report.method.clone())])
        .collect()
}

/// The result in one sentence.
fn summary(answer: &WhatIf) -> String {
    let records: BTreeSet<&str> = answer.entries.iter().map(|entry| entry.record.as_str()).collect();
    let told = answer
        .entries
        .iter()
        .filter(|entry| entry.told().starts_with("told"))
        .count();
    let given = match told {
        0 => "none of them is recorded as given".to_owned(),
        1 => "1 of them is recorded as given".to_owned(),
        many => format!("{many} of them are recorded as given"),
    };
    let standing = if is_model(answer) {
        " No statute requires any of these notices."
    } else {
        ""
    };
    format!(
        "Of {} on file dated since {}, {} would have required notice to Congress: {} in all, under {}. In fact, {given}.{standing}",
        say::counted(answer.records, "record", "records"),
        long_day(answer.since),
        records.len(),
        say::counted(answer.entries.len(), "notice", "notices"),
        say::counted(
            answer.rules.iter().filter(|sum| sum.records > 0).count(),
            "rule",
            "rules"
        ),
    )
}

/// Whether none of the rules is law.
fn is_model(answer: &WhatIf) -> bool {
    let model = |status| matches!(status, Status::Model | Status::Proposed | Status::SenseOfCongress);
    answer.rules.iter().all(|sum| model(sum.status))
}

/// How the answer was found, and what it is not: one paragraph each.
fn method(answer: &WhatIf, records: &[&Record]) -> Vec<String> {
    let standing = if is_model(answer) {
        "No statute requires any of these notices. The rules are models, bills or the sense of Congress; they are held \
         against the records as though they had been enacted."
    } else {
        "Some of these rules are law and others are not. They are held against the records as though all of them had been \
         in force throughout."
    };
    let mut notes = vec![
        standing.to_owned(),
        format!(
            "Each rule counts as in force from {} without an end. Every record dated since then was judged as of {}. A \
             record whose date is not certain is judged by the earliest day it can be, and its due date is then the \
             earliest possible.",
            long_day(answer.since),
            long_day(answer.as_of)
        ),
        "Whether Congress was told is what the records say of it; a notice that nobody recorded counts as not given. Open \
         is what was not told and had no certain day to be told by, or has that day still to come."
            .to_owned(),
    ];
    let press = records
        .iter()
        .filter(|record| record.text("basis") == Some("press"))
        .count();
    if press > 0 {
        notes.push(format!(
            "{press} of the {} used here {} on press reports and not on an official source.",
            say::counted(records.len(), "record", "records"),
            if press == 1 { "rests" } else { "rest" }
        ));
    }
    notes
}

fn grids(answer: &WhatIf) -> Vec<Grid> {
    let undecided: BTreeSet<&str> = answer
        .rules
        .iter()
        .flat_map(|sum| sum.undetermined.iter().map(String::as_str))
        .collect();
    let open = match undecided.len() {
        0 => "Every record says enough to decide every rule.".to_owned(),
        _ => format!(
            "Undecided is what a record does not say enough to decide: {}.",
            undecided.into_iter().collect::<Vec<_>>().join(", ")
        ),
    };
    let mut grids = vec![Grid {
        name: "by_rule".to_owned(),
        heading: "By rule".to_owned(),
        takeaway: open,
        caption: "Records that would have required notice, and what was told in fact.".to_owned(),
        header: header(&["Rule", "Records", "In time", "Late", "Not told", "Open", "Undecided"]),
        rows: answer
            .rules
            .iter()
            .map(|sum| {
                let mut row = vec![
                    GridCell::text(format!("{} ({})", sum.title, sum.rule)),
                    GridCell::number(sum.records),
                ];
                row.extend(numbers(&sum.tally));
                row.push(GridCell::number(sum.undetermined.len()));
                row
            })
            .collect(),
        bars: Vec::new(),
        total: false,
    }];
    if answer.entries.is_empty() {
        return grids;
    }
    let partners: Vec<(String, Tally)> = answer
        .partners
        .iter()
        .map(|(code, tally)| (say::country(code), *tally))
        .collect();
    let months: Vec<(String, Tally)> = answer
        .months
        .iter()
        .map(|(month, tally)| {
            (
                Period::parse(month).map_or_else(|_| month.clone(), Period::long),
                *tally,
            )
        })
        .collect();
    grids.push(by(
        "by_month",
        "By month",
        "Notices by the month of the record.",
        "Month",
        &months,
    ));
    if !partners.is_empty() {
        grids.push(by(
            "by_partner",
            "By foreign partner",
            "A record with several partners counts for each.",
            "Partner",
            &partners,
        ));
    }
    grids.push(Grid {
        name: "notices".to_owned(),
        heading: "Every notice".to_owned(),
        takeaway: "Each notice that would have been required, in the order of the records' dates.".to_owned(),
        caption: "Due dates as the rules would have set them.".to_owned(),
        header: header(&["Record", "Date", "Rule", "Due", "In fact"]),
        rows: answer.entries.iter().map(notice).collect(),
        bars: Vec::new(),
        total: false,
    });
    grids
}

fn header(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn by(name: &str, heading: &str, takeaway: &str, first: &str, tallies: &[(String, Tally)]) -> Grid {
    Grid {
        name: name.to_owned(),
        heading: heading.to_owned(),
        takeaway: takeaway.to_owned(),
        caption: "Notices that would have been required.".to_owned(),
        header: header(&[first, "Notices", "In time", "Late", "Not told", "Open"]),
        rows: tallies
            .iter()
            .map(|(name, tally)| {
                let mut row = vec![GridCell::text(say::capital(name)), GridCell::number(tally.required)];
                row.extend(numbers(tally));
                row
            })
            .collect(),
        bars: vec![1],
        total: false,
    }
}

fn numbers(tally: &Tally) -> [GridCell; 4] {
    [tally.in_time, tally.late, tally.not_told, tally.open].map(GridCell::number)
}

fn notice(entry: &Entry) -> Vec<GridCell> {
    [
        format!("{} ({})", say::one_line(&entry.title), entry.record),
        say::capital(&entry.spoken),
        entry.obligation.rule.to_string(),
        due(&entry.obligation),
        say::capital(entry.told()),
    ]
    .into_iter()
    .map(GridCell::text)
    .collect()
}

/// The due date in a few words.
fn due(obligation: &Obligation) -> String {
    let day = |at: &str| {
        let day = at.get(..10).unwrap_or(at);
        When::parse(day).map_or_else(|_| day.to_owned(), |day| day.long())
    };
    match (&obligation.due.at, &obligation.due.earliest, &obligation.due.word) {
        (Some(at), _, _) => day(at),
        (None, Some(earliest), _) => format!("Not before {}", day(earliest)),
        (None, None, Some(word)) => say::capital(word),
        (None, None, None) => "Not determined".to_owned(),
    }
}

fn hashes(answer: &WhatIf, records: &[&Record], case: &Case, sources: &Sources) -> Hashes {
    let mut of_records = Hasher::default();
    for record in records {
        let text = sources.get(record.whole.source).text();
        of_records.update(text.get(record.whole.span()).unwrap_or_default());
    }
    let mut of_packs = Hasher::default();
    for pack in &case.policy.packs {
        if answer.rules.iter().any(|sum| sum.pack == pack.id) {
            of_packs.update(sources.get(pack.place.source).text());
        }
    }
    Hashes {
        record: of_records.hex(),
        policy: of_packs.hex(),
    }
}
