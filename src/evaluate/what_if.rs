//! What if: rules judged over past records as though they had been law since a day.
//!
//! The chosen rules count as switched on and in force from that day without an end, whatever their packs say; every other
//! rule stays as it is, for `fires` to refer to. What was told in fact is what the records say of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::calendar::date::When;
use crate::evaluate::case::Case;
use crate::evaluate::derive::{date_of, earliest_day};
use crate::evaluate::evaluate::{Evaluator, evaluate};
use crate::evaluate::obligation::{Obligation, State};
use crate::policy::rule::{Outcome, Status};
use crate::record::value::{Record, Value};

/// What the chosen rules would have required.
#[derive(Debug)]
pub struct WhatIf {
    pub since: NaiveDate,
    pub as_of: NaiveDate,
    /// Records dated since that day, or perhaps since then.
    pub records: usize,
    pub rules: Vec<RuleSum>,
    /// One for each duty of each record, by date, record and rule.
    pub entries: Vec<Entry>,
    /// By month of the record's date, "2025-03"; what has no certain month is left to "date not known".
    pub months: Vec<(String, Tally)>,
    /// By foreign party.
    pub partners: Vec<(String, Tally)>,
}

/// A chosen rule and what it comes to.
#[derive(Debug)]
pub struct RuleSum {
    pub rule: String,
    pub title: String,
    pub pack: String,
    pub status: Status,
    pub authority: Vec<String>,
    /// Records for which it would have required something.
    pub records: usize,
    pub tally: Tally,
    /// Records that do not say enough to decide it.
    pub undetermined: Vec<String>,
}

/// How notices stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    pub required: usize,
    pub in_time: usize,
    pub late: usize,
    pub not_told: usize,
    /// Not told, and no day has passed by which it must have been.
    pub open: usize,
    /// Waived, decided against, or forbidden altogether.
    pub other: usize,
}

impl Tally {
    fn add(&mut self, state: State) {
        self.required += 1;
        match state {
            State::Met => self.in_time += 1,
            State::MetLate => self.late += 1,
            State::Overdue => self.not_told += 1,
            State::Open | State::Upcoming => self.open += 1,
            State::Waived | State::NotNotified | State::Prohibited | State::Superseded => self.other += 1,
        }
    }
}

/// One notice that would have been required.
#[derive(Debug)]
pub struct Entry {
    pub record: String,
    pub title: String,
    /// The record's date as written.
    pub date: String,
    /// The date in words: "November 14, 2022".
    pub spoken: String,
    /// The record's own portion mark, without parentheses.
    pub mark: String,
    pub partners: Vec<String>,
    pub obligation: Obligation,
    /// Some of those who would have to be told were.
    pub in_part: bool,
}

impl Entry {
    /// Whether and when it was told in fact, in words.
    pub fn told(&self) -> &'static str {
        match self.obligation.state {
            State::Met => "told in time",
            State::MetLate => "told late",
            State::Overdue | State::Open | State::Upcoming if self.in_part => "told in part",
            State::Overdue => "not told",
            State::Open | State::Upcoming => "open",
            State::Waived => "waived",
            State::NotNotified => "decided against",
            State::Prohibited => "would be forbidden",
            State::Superseded => "superseded",
        }
    }
}

/// Judges the rules of these indexes as though they had been law since a day. The policy of the case stays changed.
pub fn what_if(case: &mut Case, chosen: &[usize], since: NaiveDate) -> WhatIf {
    for at in chosen {
        let rule = &mut case.policy.rules[*at];
        rule.enabled = !rule.reference_only;
        rule.effective_from = since;
        rule.effective_until = None;
        // Values by date keep their days, but for the first, which held before anything else.
        let earliest = rule.earlier.len();
        for (at, edition) in std::iter::once(&mut rule.edition_from)
            .chain(rule.earlier.iter_mut().map(|edition| &mut edition.edition_from))
            .enumerate()
        {
            *edition = if at == earliest { since } else { (*edition).max(since) };
        }
    }
    let case = &*case;
    let timezone = case.calendar.timezone;
    let chosen: Vec<_> = chosen.iter().map(|at| &case.policy.rules[*at]).collect();
    let ids: BTreeSet<&str> = chosen.iter().map(|rule| rule.id.as_str()).collect();
    let (mut owed, _) = evaluate(case);
    owed.retain(|owed| ids.contains(owed.rule.as_str()));

    let since_then = |record: &&Record| {
        case.reported.contains(&record.id)
            && date_of(record).is_none_or(|date| date.latest_day(timezone).is_none_or(|day| day >= since))
    };
    let within: Vec<&Record> = case.records.iter().filter(since_then).collect();
    let evaluator = Evaluator::new(case);
    let mut rules: Vec<RuleSum> = chosen
        .iter()
        .map(|rule| {
            let open = |record: &&&Record| {
                rule.applies_to.contains(&record.kind) && evaluator.rule_outcome(&rule.id, record) == Outcome::Unknown
            };
            RuleSum {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                pack: rule.pack.clone(),
                status: rule.status,
                authority: rule.authority.clone(),
                records: 0,
                tally: Tally::default(),
                undetermined: within.iter().filter(open).map(|record| record.id.to_string()).collect(),
            }
        })
        .collect();
    let mut months: BTreeMap<String, Tally> = BTreeMap::new();
    let mut partners: BTreeMap<String, Tally> = BTreeMap::new();
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut entries = Vec::new();
    for obligation in owed {
        let Some(record) = obligation.record.as_deref().and_then(|id| case.record(id)) else {
            continue;
        };
        if let Some(sum) = rules.iter_mut().find(|sum| obligation.rule == sum.rule) {
            sum.records += usize::from(seen.insert((sum.rule.clone(), record.id.to_string())));
            sum.tally.add(obligation.state);
        }
        let month = month(record, timezone);
        months.entry(month).or_default().add(obligation.state);
        let others = parties(record);
        for party in &others {
            partners.entry(party.clone()).or_default().add(obligation.state);
        }
        entries.push(Entry {
            record: record.id.to_string(),
            title: record.title().to_owned(),
            date: date_of(record).map_or("not known".to_owned(), ToString::to_string),
            spoken: date_of(record).map_or("an unknown date".to_owned(), When::long),
            mark: mark(record),
            partners: others,
            in_part: record.all("notified.recipient").iter().any(
                |node| matches!(&node.value, Value::Text(id) if obligation.recipients.iter().any(|to| *to == *id)),
            ),
            obligation,
        });
    }
    entries.sort_by_key(|entry| {
        let day = case
            .record(&entry.record)
            .and_then(|record| earliest_day(record, timezone));
        (day, entry.record.clone(), entry.obligation.rule.clone())
    });
    let mut partners: Vec<(String, Tally)> = partners.into_iter().collect();
    partners.sort_by_key(|(_, tally)| std::cmp::Reverse(tally.required));
    WhatIf {
        since,
        as_of: case.as_of,
        records: within.len(),
        rules,
        entries,
        months: months.into_iter().collect(),
        partners,
    }
}

fn mark(record: &Record) -> String {
    let portion = record
        .marking()
        .map_or_else(|| "U".to_owned(), crate::marking::ast::Marking::portion);
    portion.trim_matches(['(', ')']).to_owned()
}

/// The month of the record's date where that is certain; its year, or "date not known", where it is not.
fn month(record: &Record, timezone: chrono_tz::Tz) -> String {
    let Some(date) = date_of(record) else {
        return "date not known".to_owned();
    };
    match (date.earliest_day(timezone), date.latest_day(timezone)) {
        (Some(first), Some(last)) if first.format("%Y-%m").to_string() == last.format("%Y-%m").to_string() => {
            first.format("%Y-%m").to_string()
        }
        (Some(first), Some(last)) if first.format("%Y").to_string() == last.format("%Y").to_string() => {
            format!("{}, month not known", first.format("%Y"))
        }
        _ => "date not known".to_owned(),
    }
}

/// The foreign parties of a record: its partners, and those whose access changed.
fn parties(record: &Record) -> Vec<String> {
    let mut codes: BTreeSet<&str> = BTreeSet::new();
    for name in ["partners", "added", "removed"] {
        codes.extend(record.texts(name));
    }
    codes.into_iter().map(str::to_owned).collect()
}
