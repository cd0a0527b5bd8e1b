//! A case: all records of a run with their links bound, the policy, the calendar and the as-of date.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;
use rayon::prelude::*;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::base::source::Place;
use crate::base::suggest;
use crate::calendar::holidays::Calendar;
use crate::evaluate::derive::{date_of, derive, is_derived};
use crate::marking::audience::Comparisons;
use crate::marking::vocabulary::Vocabulary;
use crate::policy::recipients::Recipients;
use crate::policy::rule::Policy;
use crate::record::kind::Kind;
use crate::record::value::{Node, Record, Value};

/// What is judged, under which policy, as of when.
#[derive(Debug)]
pub struct Case {
    /// Sound records, sorted by id.
    pub records: Vec<Record>,
    /// The records that are reported on; the others only stand around them.
    pub reported: BTreeSet<Shared>,
    pub policy: Policy,
    pub recipients: Recipients,
    pub calendar: Calendar,
    pub vocabulary: Arc<Vocabulary>,
    /// The one "now": the end of this day.
    pub as_of: NaiveDate,
    /// Periods that ended before this day are not listed; nothing: from the first record on.
    pub reports_from: Option<NaiveDate>,
    /// The numbers of the records, in the order of their ids.
    by_id: Vec<usize>,
    /// By the id of a superseded record, the one that supersedes it.
    superseded: BTreeMap<Shared, usize>,
    /// By the numbers of the records.
    days: Vec<Days>,
    is_reported: Vec<bool>,
}

/// The first and the last day a record's date can be, in the workspace's time zone.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Days {
    pub(super) first: Option<NaiveDate>,
    pub(super) last: Option<NaiveDate>,
}

impl Days {
    pub(super) fn of(record: &Record, timezone: Tz) -> Days {
        let date = date_of(record);
        Days {
            first: date.and_then(|date| date.earliest_day(timezone)),
            last: date.and_then(|date| date.latest_day(timezone)),
        }
    }
}

impl Case {
    /// A case of records whose fields are derived already.
    pub(super) fn of(records: Vec<Record>, reported: BTreeSet<Shared>, frame: Frame) -> Case {
        let Frame {
            policy,
            recipients,
            calendar,
            vocabulary,
            as_of,
        } = frame;
        let mut by_id: Vec<usize> = (0..records.len()).collect();
        by_id.sort_by(|a, b| records[*a].id.cmp(&records[*b].id));
        let superseded = records
            .iter()
            .enumerate()
            .filter_map(|(at, record)| Some((record.text("supersedes")?.into(), at)))
            .collect();
        let days = records
            .iter()
            .map(|record| Days::of(record, calendar.timezone))
            .collect();
        let is_reported = marked(&records, &by_id, &reported);
        Case {
            records,
            reported,
            policy,
            recipients,
            calendar,
            vocabulary,
            as_of,
            reports_from: None,
            by_id,
            superseded,
            days,
            is_reported,
        }
    }

    /// A case without records.
    pub fn empty(frame: Frame) -> Case {
        Case::of(Vec::new(), BTreeSet::new(), frame)
    }

    /// What it is without its records.
    pub fn into_frame(self) -> Frame {
        Frame {
            policy: self.policy,
            recipients: self.recipients,
            calendar: self.calendar,
            vocabulary: self.vocabulary,
            as_of: self.as_of,
        }
    }

    /// The days of a record, by its number.
    pub(super) fn days(&self, number: usize) -> Days {
        self.days.get(number).copied().unwrap_or_default()
    }

    /// The records that are reported on.
    pub fn reported_records(&self) -> impl Iterator<Item = &Record> {
        let reported = self.records.iter().zip(&self.is_reported);
        reported.filter_map(|(record, reported)| reported.then_some(record))
    }

    /// Whether a record is reported on, by its number.
    pub(super) fn is_reported(&self, number: usize) -> bool {
        self.is_reported.get(number) == Some(&true)
    }

    /// Whether all records are reported on.
    pub(super) fn reports_all(&self) -> bool {
        self.is_reported.iter().all(|reported| *reported)
    }

    /// The record that this one supersedes.
    pub(super) fn superseded_by(&self, record: &Record) -> Option<&Record> {
        // Most workspaces supersede nothing.
        if self.superseded.is_empty() {
            return None;
        }
        self.record(record.text("supersedes")?)
    }

    /// The record that supersedes this one.
    pub fn superseding(&self, id: &str) -> Option<&Record> {
        self.superseded.get(id).map(|at| &self.records[*at])
    }

    /// A record, the one it supersedes, and so on; [`resolve`] has seen to it that there is no circle.
    pub(super) fn with_superseded<'c>(&'c self, record: &'c Record) -> impl Iterator<Item = &'c Record> {
        std::iter::successors(Some(record), |record| self.superseded_by(record)).take(1000)
    }

    pub fn record(&self, id: &str) -> Option<&Record> {
        self.number(id).map(|at| &self.records[at])
    }

    /// Where a record stands among the records.
    pub(super) fn number(&self, id: &str) -> Option<usize> {
        let found = self.by_id.binary_search_by(|at| self.records[*at].id.as_str().cmp(id));
        found.ok().and_then(|at| self.by_id.get(at)).copied()
    }
}

/// Which records are reported on. The ids of both are sorted, so they are walked together.
fn marked(records: &[Record], by_id: &[usize], reported: &BTreeSet<Shared>) -> Vec<bool> {
    let mut reported = reported.iter().peekable();
    let mut marked = vec![false; records.len()];
    for number in by_id {
        let id = &records[*number].id;
        while reported.next_if(|other| *other < id).is_some() {}
        marked[*number] = reported.peek() == Some(&id);
    }
    marked
}

/// The inputs of [`resolve`] that belong to the run and not to a record.
#[derive(Debug)]
pub struct Frame {
    pub policy: Policy,
    pub recipients: Recipients,
    pub calendar: Calendar,
    pub vocabulary: Arc<Vocabulary>,
    pub as_of: NaiveDate,
}

/// Binds the links between records and derives their fields. `ids` holds every id as written, faulty records included:
/// a link to one of those is no error of its own. The links of `faulty` records are looked at all the same: one pass
/// reports every problem. A record with a broken link leaves the case.
pub fn resolve(
    records: Vec<Record>,
    faulty: &[Record],
    ids: &[(Shared, Place)],
    reported: BTreeSet<Shared>,
    frame: Frame,
) -> (Case, Vec<Diagnostic>) {
    let (known, mut found) = known(ids);
    let mut kept = in_order(records);
    // Of two records with one id, the first stays.
    kept.dedup_by(|later, first| later.id == first.id);
    let mut broken = BTreeSet::new();
    for record in &kept {
        let problems = links(record, &known, &kept, &frame.recipients);
        if problems.iter().any(Diagnostic::is_error) {
            broken.insert(record.id.clone());
        }
        found.extend(problems.into_iter().map(|problem| problem.record(record.id.clone())));
    }
    for problem in supersessions(&kept) {
        broken.extend(problem.record.clone());
        found.push(problem);
    }
    for record in faulty {
        let problems = links(record, &known, &kept, &frame.recipients);
        found.extend(problems.into_iter().map(|problem| match record.id.as_str() {
            "" => problem,
            id => problem.record(id),
        }));
    }
    let mut records = kept;
    records.retain(|record| !broken.contains(&record.id));
    let derive_all = |records: &mut [Record]| {
        let mut comparisons = Comparisons::new(&frame.vocabulary);
        // Those that were looked at before have their fields already.
        for record in records.iter_mut().filter(|record| !is_derived(record)) {
            derive(record, frame.calendar.timezone, frame.as_of, &mut comparisons);
        }
    };
    // For a few records no thread is started.
    if records.len() <= CHUNK {
        derive_all(&mut records);
    } else {
        records.par_chunks_mut(CHUNK).for_each(derive_all);
    }
    let case = Case::of(records, reported, frame);
    (case, found)
}

/// How many records one task derives the fields of.
const CHUNK: usize = 4096;

/// The records in the order of their ids; those of one id stay as they come. They are large, so their ids are sorted and
/// each record is moved once.
fn in_order(records: Vec<Record>) -> Vec<Record> {
    if records.is_sorted_by(|a, b| a.id <= b.id) {
        return records;
    }
    let mut order: Vec<(Shared, usize)> = records.iter().map(|record| record.id.clone()).zip(0..).collect();
    order.sort_unstable();
    let mut waiting: Vec<Option<Record>> = records.into_iter().map(Some).collect();
    order.iter().filter_map(|(_, at)| waiting[*at].take()).collect()
}

/// Every id once, in order, and what is wrong with those that are used more than once.
fn known(ids: &[(Shared, Place)]) -> (Vec<&str>, Vec<Diagnostic>) {
    let order = in_order_of_ids(ids);
    let mut known = Vec::with_capacity(order.len());
    let mut found = Vec::new();
    for same in order.chunk_by(|a, b| ids[*a].0 == ids[*b].0) {
        let Some((first, later)) = same.split_first() else {
            continue;
        };
        let id = ids[*first].0.as_str();
        known.push(id);
        for at in later {
            found.push(
                Diagnostic::new(
                    Code::DuplicateId,
                    format!("the id `{}` is used twice", crate::record::characters::visible(id)),
                )
                .at(ids[*at].1.clone())
                .label("used again here")
                .related(ids[*first].1.clone(), "first used here")
                .help("give this record an id of its own; to replace a record, use a new id and `supersedes`")
                .record(id),
            );
        }
    }
    (known, found)
}

/// The numbers of ids in the order of the ids; those that are the same stay as they come.
pub fn in_order_of_ids(ids: &[(Shared, Place)]) -> Vec<usize> {
    // Ids are short: most are told apart by a number made of their first letters, which is compared many times faster.
    let begin = |id: &Shared| {
        let mut letters = [0; 16];
        letters
            .iter_mut()
            .zip(id.bytes())
            .for_each(|(letter, byte)| *letter = byte);
        u128::from_be_bytes(letters)
    };
    let mut order: Vec<(u128, usize)> = ids.iter().map(|(id, _)| begin(id)).zip(0..).collect();
    order.sort_unstable();
    for same in order.chunk_by_mut(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        same.sort_by(|a, b| ids[a.1].0.cmp(&ids[b.1].0));
    }
    order.into_iter().map(|(_, at)| at).collect()
}

/// Circles of superseding records, and records that two others supersede. Each names the record that leaves the case.
fn supersessions(records: &[Record]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut first: BTreeMap<&str, &Record> = BTreeMap::new();
    for record in records {
        let Some(node) = record.get("supersedes") else { continue };
        let Value::Text(id) = &node.value else { continue };
        if let Some(other) = first.get(id.as_str()) {
            found.push(
                Diagnostic::new(
                    Code::SupersededTwice,
                    format!("`{id}` is superseded by `{}` and by `{}`", other.id, record.id),
                )
                .at(node.place.clone())
                .label("superseded a second time")
                .related(other.header.clone(), "superseded here first")
                .help(format!(
                    "write `supersedes = \"{}\"` if this is the later correction",
                    other.id
                ))
                .record(record.id.clone()),
            );
        } else {
            first.insert(id, record);
        }
        let mut at = record;
        for _ in 0..records.len() {
            match at.text("supersedes").and_then(|id| named(records, id)) {
                // The record that names itself is reported with the other links.
                Some(next) if next.id == record.id && at.id != record.id => {
                    found.push(
                        Diagnostic::new(
                            Code::SupersedeCycle,
                            format!("`{}` supersedes itself through other records", record.id),
                        )
                        .at(node.place.clone())
                        .label("leads back to this record")
                        .help("the newest record supersedes the older one, and not the other way round")
                        .record(record.id.clone()),
                    );
                    break;
                }
                Some(next) if next.id != at.id => at = next,
                _ => break,
            }
        }
    }
    found
}

/// The record of an id among records in the order of their ids.
fn named<'r>(records: &'r [Record], id: &str) -> Option<&'r Record> {
    let at = records.binary_search_by(|record| record.id.as_str().cmp(id)).ok()?;
    records.get(at)
}

fn links(record: &Record, known: &[&str], records: &[Record], recipients: &Recipients) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut nodes: Vec<(&str, &Node)> = Vec::new();
    for name in ["supersedes", "may_duplicate"] {
        nodes.extend(record.get(name).map(|node| (name, node)));
    }
    if let Some(Value::List(items)) = record.get("related").map(|node| &node.value) {
        nodes.extend(items.iter().map(|item| ("related", item)));
    }
    for (name, node) in nodes {
        let Value::Text(id) = &node.value else { continue };
        if *id == record.id {
            found.push(
                Diagnostic::new(Code::UnknownRecord, format!("`{name}` names the record itself"))
                    .at(node.place.clone())
                    .label("itself")
                    .help("name another record, or remove the line"),
            );
        } else if known.binary_search(&id.as_str()).is_err() {
            found.push(unknown_record(name, id, known).at(node.place.clone()));
        } else if name == "may_duplicate" {
            found.push(
                Diagnostic::new(
                    Code::PossibleDuplicate,
                    format!("`{}` may describe the same event as `{id}`", record.id),
                )
                .at(node.place.clone())
                .label("one event or two?")
                .help("both count until someone decides: remove one record, or this line"),
            );
        }
    }
    resumes(record, known, records, &mut found);
    for node in record.all("notified.recipient") {
        let Value::Text(id) = &node.value else { continue };
        if recipients.get(id).is_none() {
            let help = suggest::nearest(id, recipients.names())
                .map_or("use the id of a recipient, such as SSCI or HPSCI".to_string(), |near| {
                    format!("did you mean `{near}`?")
                });
            found.push(
                Diagnostic::new(Code::UnknownGroup, format!("`{id}` is no known recipient"))
                    .at(node.place.clone())
                    .label("unknown recipient")
                    .help(help),
            );
        }
    }
    found
}

fn unknown_record(name: &str, id: &str, known: &[&str]) -> Diagnostic {
    let help = suggest::nearest(id, known.iter().copied())
        .map_or("name a record of this workspace by its id".to_string(), |near| {
            format!("did you mean `{near}`?")
        });
    Diagnostic::new(
        Code::UnknownRecord,
        format!("`{name}` names `{id}`, which is no record here"),
    )
    .label("no such record")
    .help(help)
}

/// A resumption ends a suspension or restriction of the same partner; anything else is an orphan.
fn resumes(record: &Record, known: &[&str], records: &[Record], found: &mut Vec<Diagnostic>) {
    let Some(node) = record.get("resumes") else { return };
    let Value::Text(id) = &node.value else { return };
    let orphan = |why: String| {
        Diagnostic::new(Code::OrphanResume, why)
            .at(node.place.clone())
            .label("resumes nothing")
            .help("name the `sharing_change` with action \"suspend\" or \"restrict\" that this record ends")
    };
    if record.text("action") != Some("resume") {
        found.push(
            Diagnostic::new(Code::OrphanResume, "`resumes` on a record that resumes nothing")
                .at(node.place.clone())
                .label("only for action = \"resume\"")
                .help("write `action = \"resume\"`, or remove this line"),
        );
        return;
    }
    if known.binary_search(&id.as_str()).is_err() {
        let mut diagnostic = orphan(format!("`{id}` is no record here: nothing is resumed"));
        if let Some(near) = suggest::nearest(id, known.iter().copied()) {
            diagnostic = diagnostic.help(format!("did you mean `{near}`?"));
        }
        found.push(diagnostic);
        return;
    }
    let Some(paused) = named(records, id) else { return };
    if paused.kind != Kind::SharingChange || !matches!(paused.text("action"), Some("suspend" | "restrict")) {
        found.push(
            orphan(format!("`{id}` is no suspension or restriction")).related(paused.header.clone(), "this record"),
        );
    } else if record.text("partner") != paused.text("partner") {
        found.push(orphan(format!("`{id}` concerns another partner")).related(
            paused.header.clone(),
            format!("partner {}", paused.text("partner").unwrap_or("not given")),
        ));
    }
}
