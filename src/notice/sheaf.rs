//! The notices of a run, each drafted whenever it is needed: a run of ten thousand keeps none of them.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::diagnostic::Diagnostic;
use crate::base::hash::Hasher;
use crate::base::source::Sources;
use crate::evaluate::case::Case;
use crate::evaluate::obligation::{Obligation, State};
use crate::notice::draft::{FILE, Office, notice, only_spoken};
use crate::notice::group::{self, Group};
use crate::notice::model::{Hashes, Notice};
use crate::policy::rule::Effect;
use crate::record::value::Record;

/// Notices in an order, to be had one at a time and from any thread.
pub trait Notices: Sync {
    fn count(&self) -> usize;

    /// The notice of a number below [`Notices::count`]: the same whenever it is asked for.
    fn at(&self, number: usize) -> Cow<'_, Notice>;
}

/// Notices that are drafted already.
#[derive(Debug, Clone, Copy)]
pub struct Drafted<'a>(pub &'a [Notice]);

impl Notices for Drafted<'_> {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn at(&self, number: usize) -> Cow<'_, Notice> {
        Cow::Borrowed(&self.0[number])
    }
}

/// The notices that the records of a case owe.
#[derive(Debug)]
pub struct Sheaf<'a> {
    case: &'a Case,
    office: &'a Office,
    owed: Vec<Owed<'a>>,
}

/// What one notice is drafted from.
#[derive(Debug)]
struct Owed<'a> {
    record: &'a Record,
    group: Group<'a>,
    of_record: String,
    of_packs: Arc<str>,
}

impl<'a> Sheaf<'a> {
    /// Finds a notice for every group of recipients that a record's open obligations name.
    ///
    /// Recipients owed the same list of rules share a notice; it cites them all, holds the union of their contents, and is
    /// written on the letter of the earliest due. A record whose notice cannot be marked gives diagnostics and no notice.
    pub fn of(
        case: &'a Case,
        obligations: &'a [Obligation],
        office: &'a Office,
        sources: &Sources,
    ) -> (Self, Vec<Diagnostic>) {
        let mut by_record: BTreeMap<&str, Vec<&Obligation>> = BTreeMap::new();
        for owed in obligations.iter().filter(|owed| owed.effect == Effect::Notify) {
            if let Some(record) = &owed.record {
                by_record.entry(record).or_default().push(owed);
            }
        }
        let mut sheaf = Self {
            case,
            office,
            owed: Vec::new(),
        };
        let mut packs: BTreeMap<Vec<&str>, Arc<str>> = BTreeMap::new();
        let mut diagnostics = Vec::new();
        for record in &case.records {
            let Some(of_record) = by_record.get(record.id.as_str()) else {
                continue;
            };
            for group in groups(case, record, of_record) {
                let names: Vec<&str> = group.owed.iter().map(|owed| &*owed.pack).collect();
                let of_packs = packs
                    .entry(names)
                    .or_insert_with(|| hash_of_packs(case, &group, sources));
                let owed = Owed {
                    record,
                    of_record: hash_of_record(record, sources),
                    of_packs: Arc::clone(of_packs),
                    group,
                };
                match sheaf.draft(&owed) {
                    Ok(_) => sheaf.owed.push(owed),
                    Err(problems) => diagnostics.extend(problems),
                }
            }
        }
        sheaf.owed.shrink_to_fit();
        diagnostics.dedup();
        (sheaf, diagnostics)
    }

    fn draft(&self, owed: &Owed<'_>) -> Result<Notice, Vec<Diagnostic>> {
        let hashes = Hashes {
            record: owed.of_record.clone(),
            policy: owed.of_packs.to_string(),
        };
        notice(self.case, owed.record, &owed.group, self.office, hashes)
    }
}

impl Notices for Sheaf<'_> {
    fn count(&self) -> usize {
        self.owed.len()
    }

    fn at(&self, number: usize) -> Cow<'_, Notice> {
        let drafted = self.draft(&self.owed[number]);
        Cow::Owned(drafted.expect("it was drafted from the same before"))
    }
}

/// The groups of recipients of a record, and the file where it was decided not to notify.
fn groups<'a>(case: &'a Case, record: &Record, of_record: &[&'a Obligation]) -> Vec<Group<'a>> {
    let mut owed: Vec<&Obligation> = of_record
        .iter()
        .copied()
        .filter(|owed| matches!(owed.state, State::Overdue | State::Open) || only_spoken(owed, record))
        .collect();
    owed.sort_by_key(|owed| {
        (
            owed.due.local_date(case.calendar.timezone).unwrap_or(NaiveDate::MAX),
            owed.rule.clone(),
        )
    });
    let mut groups = group::groups(record, &owed, &case.recipients);
    let declined: Vec<&Obligation> = of_record
        .iter()
        .copied()
        .filter(|owed| owed.state == State::NotNotified)
        .collect();
    if !declined.is_empty() {
        groups.push(Group {
            recipients: vec![FILE],
            owed: declined,
        });
    }
    groups
}

/// Hashes the record as written.
fn hash_of_record(record: &Record, sources: &Sources) -> String {
    let mut hash = Hasher::default();
    hash.update(
        sources
            .get(record.whole.source)
            .text()
            .get(record.whole.span())
            .unwrap_or_default(),
    );
    hash.hex()
}

/// Hashes the packs whose rules are cited.
fn hash_of_packs(case: &Case, group: &Group<'_>, sources: &Sources) -> Arc<str> {
    let mut hash = Hasher::default();
    for pack in &case.policy.packs {
        if group.owed.iter().any(|owed| owed.pack == pack.id) {
            hash.update(sources.get(pack.place.source).text());
        }
    }
    hash.hex().into()
}
