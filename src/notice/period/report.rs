//! The report of a period as a notice: the same frame, the same checks, one letter.

use std::fmt::Write as _;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::hash::Hasher;
use crate::base::source::Sources;
use crate::calendar::date::When;
use crate::calendar::window::Period;
use crate::evaluate::case::Case;
use crate::evaluate::obligation::Obligation;
use crate::marking::ast::Marking;
use crate::notice::compiled::{Compiled, body, demanded};
use crate::notice::draft::{self, Office};
use crate::notice::model::{Hashes, Notice, Portion, Required};
use crate::notice::overall;
use crate::notice::period::count::{self, Chosen};
use crate::notice::period::grid;
use crate::notice::period::indicators::{ADVERSARIES, OTHER_ALLIES, name};
use crate::notice::period::tally::{Side, Tally};
use crate::notice::printed::{Chart, ChartRow, Grid, PeriodReport, Term};
use crate::notice::say;

/// A counted period: the figures, the tables they are printed in, and the records they come from.
#[derive(Debug)]
pub struct Counted<'a> {
    pub tally: Tally,
    pub grids: Vec<Grid>,
    chosen: Chosen<'a>,
}

/// Counts a period.
pub fn count<'a>(case: &'a Case, obligations: &'a [Obligation], period: Period) -> Counted<'a> {
    let chosen = count::choose(case, obligations, period);
    let tally = count::tally(case, &chosen, period);
    let grids = grid::grids(&tally);
    Counted { tally, grids, chosen }
}

/// Drafts the report: one document, marked by the roll-up of every record counted.
///
/// # Errors
/// Diagnostics where no banner can be computed or a classification authority is missing.
pub fn draft(
    counted: &Counted<'_>,
    case: &Case,
    office: &Office,
    sources: &Sources,
) -> Result<Notice, Vec<Diagnostic>> {
    let tally = &counted.tally;
    let id = format!("REPORT-{}", tally.period);
    let undecided = |why: &str| {
        Diagnostic::new(
            Code::MarkingUndecided,
            format!("no banner can be computed for the report of {}: {why}", tally.words),
        )
    };
    let own: Vec<Marking> = counted
        .chosen
        .records
        .iter()
        .flat_map(|record| {
            record
                .marking()
                .cloned()
                .into_iter()
                .chain(draft::late_explanation(record))
        })
        .collect();
    let overall = overall::overall(&own, office, case.as_of, &undecided)?;
    let authority_block = overall::authority_block("the report", &overall, office, case.as_of, &|message| {
        Diagnostic::new(Code::MissingAuthority, message)
    })?;
    let mark = overall.marking.portion();
    let mut marks = vec!["U".to_owned()];
    marks.extend((mark != "U").then(|| mark.clone()));
    let mut to: Vec<&str> = Vec::new();
    for owed in &counted.chosen.obligations {
        for recipient in owed.recipients.iter() {
            let body = recipient.split('.').next().unwrap_or(recipient);
            if !to.contains(&body) {
                to.push(body);
            }
        }
    }
    let to: Vec<String> = to
        .into_iter()
        .map(|id| {
            case.recipients
                .get(id)
                .map_or_else(|| id.to_owned(), |found| found.name.clone())
        })
        .collect();
    let title = format!("Consolidated report for {}", tally.words);
    let training = office.training.clone();
    let report = PeriodReport {
        words: tally.words.clone(),
        from: tally.from.clone(),
        to: tally.to.clone(),
        mark: mark.clone(),
        recipients: to,
        charts: charts(tally),
        grids: counted.grids.clone(),
        method: method(tally),
        glossary: glossary(),
    };
    let compiled = Compiled {
        reference: id.clone(),
        id,
        letter: "periodic-report",
        kind: "report",
        title,
        summary: Portion::new(mark.clone(), summary(tally)),
        as_of: case.as_of,
        training,
        office,
        banner: overall.banner,
        authority_block,
        marks,
        addressee: body("CONGRESS", "Congress"),
        required: required(&report),
        hashes: hashes(&counted.chosen, case, sources),
    };
    Ok(Notice {
        rules: tally.by_rule.iter().map(|rule| rule.rule.clone()).collect(),
        duties_mark: mark,
        report: Some(Box::new(report)),
        ..compiled.notice()
    })
}

/// Every row of every table must be readable, number for number, and the method note with it.
fn required(report: &PeriodReport) -> Vec<Required> {
    let mut all: Vec<Required> = report
        .grids
        .iter()
        .map(|grid| {
            let rows = grid
                .rows
                .iter()
                .map(|row| row.iter().map(|cell| cell.text.as_str()).collect::<String>());
            demanded(
                &grid.name,
                &grid.heading,
                std::iter::once(grid.takeaway.clone()).chain(rows).collect(),
            )
        })
        .collect();
    all.push(demanded("method", "the method note", report.method.clone()));
    all
}

fn summary(tally: &Tally) -> String {
    let states = tally.timeliness;
    let mut text = format!(
        "In {} the agency recorded {} that concern the sharing of intelligence with foreign partners.",
        tally.words,
        say::counted(tally.records, "matter", "matters"),
    );
    let due = states.met + states.met_late + states.overdue;
    if due > 0 {
        let _ = write!(
            text,
            " Of {} that came due, {} given in time.",
            say::counted(due, "notice", "notices"),
            grid::none_or(states.met, "was", "were"),
        );
    }
    let adversaries = grid::of_side(tally, Side::Adversary);
    let allies = grid::of_side(tally, Side::Ally);
    let _ = write!(
        text,
        " With adversaries it counts {}, {} and {}; with allies, {} and {}.",
        say::counted(adversaries.contacts(), "contact", "contacts"),
        say::counted(
            adversaries.ad_hoc_exchanges + adversaries.analytic_exchanges + adversaries.collection_coordination,
            "exchange",
            "exchanges"
        ),
        say::counted(adversaries.audiences_widened, "audience widened", "audiences widened"),
        say::counted(allies.audiences_narrowed, "audience narrowed", "audiences narrowed"),
        say::counted(allies.pauses, "pause or restriction", "pauses or restrictions"),
    );
    text
}

/// Two small charts: records by month and side, and the steps by side.
fn charts(tally: &Tally) -> Vec<Chart> {
    let months: Vec<ChartRow> = tally
        .by_month
        .iter()
        .map(|month| ChartRow {
            label: month.words.clone(),
            values: vec![month.adversaries, month.allies, month.others],
        })
        .collect();
    let [adversaries, allies, others] =
        [Side::Adversary, Side::Ally, Side::Other].map(|side| grid::of_side(tally, side).named());
    let steps: Vec<ChartRow> = (0..adversaries.len())
        .map(|at| ChartRow {
            label: adversaries[at].0.to_owned(),
            values: vec![adversaries[at].1, allies[at].1, others[at].1],
        })
        .filter(|row| row.values.iter().any(|count| *count > 0))
        .collect();
    let series = ["Adversaries", "Allies", "Other partners"].map(str::to_owned).to_vec();
    [
        ("by_month", "Records by month and side of the partners", months),
        ("side_by_side", "Steps of a realignment by side", steps),
    ]
    .into_iter()
    .filter(|(_, _, rows)| rows.iter().any(|row| row.values.iter().any(|count| *count > 0)))
    .map(|(grid, caption, rows)| Chart {
        grid: grid.to_owned(),
        caption: caption.to_owned(),
        alt: alt(caption, &series, &rows),
        most: rows
            .iter()
            .flat_map(|row| row.values.iter().copied())
            .max()
            .unwrap_or(0),
        series: series.clone(),
        rows,
    })
    .collect()
}

/// What a chart shows, for readers who cannot see it.
fn alt(caption: &str, series: &[String], rows: &[ChartRow]) -> String {
    let said: Vec<String> = rows
        .iter()
        .map(|row| {
            let counts: Vec<String> = series
                .iter()
                .zip(&row.values)
                .filter(|(_, count)| **count > 0)
                .map(|(name, count)| format!("{} {count}", name.to_lowercase()))
                .collect();
            match counts.as_slice() {
                [] => format!("{}: none", row.label),
                _ => format!("{}: {}", row.label, counts.join(", ")),
            }
        })
        .collect();
    format!("Bar chart. {caption}. {}.", said.join("; "))
}

/// "March 31, 2025" of "2025-03-31".
fn long(day: &str) -> String {
    When::parse(day).map_or_else(|_| day.to_owned(), |day| day.long())
}

fn method(tally: &Tally) -> Vec<String> {
    let names = |codes: &[&str]| codes.iter().map(|code| name(code)).collect::<Vec<_>>();
    let mut notes = vec![
        format!(
            "The report counts the records of the workspace that are dated wholly within {} ({} to {}), and judges what \
             is owed for them as of {}. A record whose date is not certain to lie within the period is named and not counted.",
            tally.words,
            long(&tally.from),
            long(&tally.to),
            long(&tally.as_of)
        ),
        format!(
            "Adversaries are {}. Allies are the members of NATO and of the Five Eyes on the last day of the period, and \
             {}. These are the sets of the model rules; no statute defines them for this report.",
            say::and_list(&names(ADVERSARIES)),
            say::and_list(&names(OTHER_ALLIES)),
        ),
        "Audiences are compared by who may in effect receive the information, organizations taken apart into their \
         members. A change that adds one country and removes another counts for both. A contact counts by the higher \
         rank of the two sides. It is regular where regular contact was promised, or where another contact with the \
         same service took place within 180 days before; warnings of strategic events do not count for this."
            .to_owned(),
        "The ladder runs from contact over regular contact, ad hoc exchange, analytic exchange and collection \
         coordination to a standing REL TO release. Analytic exchanges include technical information and documents; \
         collection coordination includes deconfliction and joint operations; a standing release is one of a series, a \
         program or a standing designation. Declined exchanges are not counted."
            .to_owned(),
        "The figures show what was recorded. They do not show why, and a partner without records is not listed."
            .to_owned(),
    ];
    if tally.undeterminable_changes > 0 {
        notes.push(format!(
            "In {} the audience holds an organization whose membership is not public; whom it let in is not counted.",
            say::counted(tally.undeterminable_changes, "change", "changes")
        ));
    }
    notes
}

fn glossary() -> Vec<Term> {
    [
        (
            "Audience",
            "who may receive a product, series or program, by its release marking",
        ),
        ("NOFORN", "not releasable to foreign nationals"),
        (
            "Notice owed",
            "what one rule asks the agency to tell its recipients about one record",
        ),
        (
            "Overdue",
            "due before the date of this report, and not recorded as given",
        ),
        ("REL TO", "releasable to the countries and organizations named"),
        (
            "Model rule",
            "a rule the agency follows as a matter of policy; no statute requires it",
        ),
        ("Pause", "sharing with a partner suspended or restricted"),
    ]
    .map(|(term, meaning)| Term {
        term: term.to_owned(),
        meaning: meaning.to_owned(),
    })
    .to_vec()
}

fn hashes(chosen: &Chosen<'_>, case: &Case, sources: &Sources) -> Hashes {
    let mut of_records = Hasher::default();
    for record in &chosen.records {
        let text = sources.get(record.whole.source).text();
        of_records.update(text.get(record.whole.span()).unwrap_or_default());
    }
    let mut of_packs = Hasher::default();
    for pack in &case.policy.packs {
        of_packs.update(sources.get(pack.place.source).text());
    }
    Hashes {
        record: of_records.hex(),
        policy: of_packs.hex(),
    }
}
