//! What a notice says of earlier records: what a superseding record corrects, and the course of a pause.

use chrono_tz::Tz;

use crate::evaluate::case::Case;
use crate::marking::ast::Marking;
use crate::marking::rollup::roll_up_with;
use crate::notice::draft::{FILE, Office};
use crate::notice::model::{Change, Correction, Portion, Step, Timeline};
use crate::notice::{phrase, say};
use crate::record::field::{Need, fields_of};
use crate::record::kind::Kind;
use crate::record::value::{Record, Value};

/// Fields whose difference is no correction: who the record is, and how it is linked and answered.
const NOT_COMPARED: &[&str] = &[
    "id",
    "supersedes",
    "related",
    "may_duplicate",
    "notified",
    "not_notified",
    "waivers",
    "marking",
    "late_explanation",
    "corrected",
];

/// The most rows of a table of corrections; what is beyond is counted.
const MOST_ROWS: usize = 40;

/// What a notice says of earlier records, with the marks that this brings into it.
#[derive(Debug, Default)]
pub(super) struct Earlier {
    pub(super) correction: Option<Correction>,
    pub(super) timeline: Option<Timeline>,
    /// "SUPERSEDES …", for the head of the letter.
    pub(super) alert: Option<Portion>,
    pub(super) marks: Vec<Marking>,
}

/// Compares a record with the one it supersedes, and lays out the course of a pause.
pub(super) fn earlier(record: &Record, own: &Marking, recipients: &[&str], case: &Case, office: &Office) -> Earlier {
    let mut earlier = Earlier::default();
    let linked = |field: &str| record.text(field).and_then(|id| case.record(id));
    if let Some(old) = linked("supersedes") {
        correct(record, old, own, recipients, office, &mut earlier);
    }
    if record.kind == Kind::SharingChange {
        let paused = linked("resumes");
        if let Some(old) = paused {
            earlier.marks.extend(old.marking().cloned());
        }
        let steps = course(record, paused, case.calendar.timezone);
        if steps.len() > 1 {
            let mark = joint(own, &earlier.marks, office);
            earlier.timeline = Some(Timeline {
                mark: mark.portion(),
                steps,
            });
            earlier.marks.push(mark);
        }
    }
    earlier
}

fn correct(record: &Record, old: &Record, own: &Marking, recipients: &[&str], office: &Office, earlier: &mut Earlier) {
    let mut marks: Vec<Marking> = old.marking().cloned().into_iter().collect();
    let mut rows = Vec::new();
    let mut unchanged = 0;
    if old.kind == record.kind {
        let compared =
            fields_of(record.kind).filter(|field| field.need != Need::Derived && !NOT_COMPARED.contains(&field.name));
        for field in compared {
            let (before, after) = (say::field(old, field.name), say::field(record, field.name));
            match (before, after) {
                (None, None) => {}
                (before, after) if before == after => unchanged += 1,
                (before, after) => {
                    for side in [old, record] {
                        if let Some(Value::Portion(portion)) = side.get(field.name).map(|node| &node.value) {
                            marks.extend(portion.mark.as_deref().cloned());
                        }
                    }
                    let said = |text: Option<String>| text.unwrap_or_else(|| "Not stated".to_owned());
                    rows.push(Change {
                        label: say::label(field.name),
                        before: said(before),
                        after: said(after),
                    });
                }
            }
        }
    }
    let more = rows.len().saturating_sub(MOST_ROWS);
    rows.truncate(MOST_ROWS);
    let joined = joint(own, &marks, office);
    let mark = joined.portion();
    marks.push(joined);
    let told = old
        .tables("notified")
        .filter(|entry| entry.word("recipient").is_some_and(|to| recipients.contains(&to)))
        .find_map(|entry| match entry.get("on").map(|node| &node.value) {
            Some(Value::When(on)) => Some(format!(", of which notice was given {}", phrase::on(on))),
            _ => None,
        })
        .unwrap_or_default();
    let title = say::one_line(old.title());
    earlier.alert = Some(Portion::new(
        mark.clone(),
        format!("SUPERSEDES {} (\u{201c}{title}\u{201d}){told}", old.id),
    ));
    let rest = match (unchanged, more) {
        (0, 0) => String::new(),
        (unchanged, 0) => format!(
            " {} as reported.",
            say::counted(unchanged, "particular stands", "particulars stand")
        ),
        (unchanged, more) => format!(
            " {} as reported; {} further changed and {} in the text below.",
            say::counted(unchanged, "particular stands", "particulars stand"),
            more,
            if more == 1 { "stands" } else { "stand" },
        ),
    };
    // A memorandum for the file was sent to nobody who could replace a copy.
    let text = if recipients == [FILE] {
        format!("The record supersedes {}.{rest}", old.id)
    } else {
        format!(
            "This notice supersedes what was reported under {}.{rest} Please replace any earlier copy with this one.",
            old.id
        )
    };
    earlier.correction = Some(Correction {
        of: old.id.to_string(),
        text: Portion::new(mark.clone(), text),
        mark,
        title,
        rows,
    });
    earlier.marks.extend(marks);
}

/// The mark of what stands together: the roll-up of its parts. Undecided, it is the record's own; the banner then fails.
fn joint(own: &Marking, others: &[Marking], office: &Office) -> Marking {
    if others.iter().all(|mark| mark == own) {
        return own.clone();
    }
    let all: Vec<Marking> = std::iter::once(own).chain(others).cloned().collect();
    roll_up_with(&all, &office.profile, &office.vocabulary, None)
        .marking
        .unwrap_or_else(|| own.clone())
}

/// Every known date of a pause and its end, in their order.
fn course(record: &Record, paused: Option<&Record>, timezone: Tz) -> Vec<Step> {
    const DATES: &[(&str, &str)] = &[
        ("decided", "decided"),
        ("effective", "takes effect"),
        ("aware", "becomes known to the agency"),
        ("published", "made public"),
        ("until", "last day, as announced"),
    ];
    let mut steps = Vec::new();
    for one in paused.into_iter().chain([record]) {
        let what = match one.text("action") {
            Some("suspend") => "Pause",
            Some("restrict") => "Restriction",
            Some("resume") => "Resumption",
            _ => "Change",
        };
        for (field, word) in DATES {
            if let Some(when) = one.when(field).filter(|when| when.is_known()) {
                steps.push((
                    when.earliest_day(timezone),
                    Step {
                        when: say::capital(&when.long()),
                        what: format!("{what} {word}"),
                        record: one.id.to_string(),
                    },
                ));
            }
        }
    }
    steps.sort_by_key(|(day, _)| *day);
    steps.into_iter().map(|(_, step)| step).collect()
}
