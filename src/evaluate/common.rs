//! What many obligations have in common, held once a run: the texts of their rule, the due date that a clock comes to
//! from one day, the words for a test that was met.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::shared::Shared;
use crate::calendar::date::When;
use crate::calendar::deadline::Deadline;
use crate::calendar::due::{Due, DueKind};
use crate::evaluate::case::Case;
use crate::evaluate::clock;
use crate::evaluate::condition::because;
use crate::evaluate::say::clock_words;
use crate::policy::rule::{Duty, Rule, Test};
use crate::record::value::Record;

/// What was worked out so far; rules, deadlines and tests go by their addresses in the policy.
#[derive(Default)]
pub(super) struct Common {
    rules: RefCell<BTreeMap<usize, Rc<OfRule>>>,
    duties: RefCell<BTreeMap<usize, Rc<OfDuty>>>,
    clocks: RefCell<BTreeMap<usize, Clock>>,
    reasons: RefCell<BTreeMap<usize, BTreeMap<String, Shared>>>,
}

/// The texts of a rule that its obligations carry.
pub(super) struct OfRule {
    pub(super) id: Shared,
    pub(super) title: Shared,
    pub(super) pack: Shared,
    pub(super) authority: Arc<[String]>,
    pub(super) responsible: Option<Shared>,
    pub(super) due: Arc<Due>,
    pub(super) nobody: Arc<[String]>,
}

/// The texts of a duty that its obligations carry.
pub(super) struct OfDuty {
    pub(super) name: Option<Shared>,
    /// As the rule writes them: `@same_as:…` is a recipient here.
    pub(super) notify: Arc<[String]>,
    pub(super) contains: Arc<[String]>,
    pub(super) letter: Option<Shared>,
    pub(super) form: Option<Shared>,
}

/// A deadline, and what it came to.
struct Clock {
    /// The fields that it reads.
    fields: Vec<String>,
    known: BTreeMap<Days, (Arc<Due>, Option<Shared>)>,
}

/// The days that the fields give; nothing where one is not given.
type Days = [Option<NaiveDate>; FIELDS];

/// A deadline that reads more fields than these is reckoned anew.
const FIELDS: usize = 4;

/// Longer values are seldom those of another record, too.
const LONG: usize = 48;

impl Common {
    pub(super) fn of_rule(&self, rule: &Rule) -> Rc<OfRule> {
        let mut rules = self.rules.borrow_mut();
        let found = rules.entry(std::ptr::from_ref(rule).addr()).or_insert_with(|| {
            Rc::new(OfRule {
                id: Shared::from(&rule.id),
                title: Shared::from(&rule.title),
                pack: Shared::from(&rule.pack),
                authority: rule.authority.as_slice().into(),
                responsible: rule.responsible.as_ref().map(Shared::from),
                due: Arc::new(Due::none()),
                nobody: Arc::default(),
            })
        });
        Rc::clone(found)
    }

    pub(super) fn of_duty(&self, duty: &Duty) -> Rc<OfDuty> {
        let mut duties = self.duties.borrow_mut();
        let found = duties.entry(std::ptr::from_ref(duty).addr()).or_insert_with(|| {
            let mut notify: Vec<String> = Vec::new();
            for name in &duty.notify {
                if !notify.contains(name) {
                    notify.push(name.clone());
                }
            }
            Rc::new(OfDuty {
                name: duty.name.as_ref().map(Shared::from),
                notify: notify.into(),
                contains: duty.contains.as_slice().into(),
                letter: duty.letter.as_ref().map(Shared::from),
                form: duty.form.as_ref().map(Shared::from),
            })
        });
        Rc::clone(found)
    }

    /// When something is due for a record, and the words for the clock. Where every date is a day, it is reckoned once
    /// for all records of the same days.
    pub(super) fn due(&self, deadline: &Deadline, record: &Record, case: &Case) -> (Arc<Due>, Option<Shared>) {
        let reckon = || {
            let due = clock::due(deadline, record, case);
            let words = clock_words(&due).map(Shared::from);
            (Arc::new(due), words)
        };
        let mut clocks = self.clocks.borrow_mut();
        let clock = clocks
            .entry(std::ptr::from_ref(deadline).addr())
            .or_insert_with(|| Clock::of(deadline));
        let Some(days) = clock.days(record) else {
            return reckon();
        };
        let (due, words) = clock.known.entry(days).or_insert_with(reckon);
        (Arc::clone(due), words.clone())
    }

    /// The words for a test that was met by a value, seen in words.
    pub(super) fn because(&self, test: &Test, seen: &str) -> Shared {
        if seen.len() > LONG {
            return because(test, seen).into();
        }
        let mut reasons = self.reasons.borrow_mut();
        let known = reasons.entry(std::ptr::from_ref(test).addr()).or_default();
        if let Some(words) = known.get(seen) {
            return words.clone();
        }
        let words = Shared::from(because(test, seen));
        known.insert(seen.to_owned(), words.clone());
        words
    }
}

impl Clock {
    fn of(deadline: &Deadline) -> Self {
        let mut fields: Vec<String> = deadline.fields().into_iter().map(str::to_owned).collect();
        // These count from the record's own date.
        if deadline.kind() == DueKind::Periodic {
            fields.push("date".to_owned());
        }
        Self {
            fields,
            known: BTreeMap::new(),
        }
    }

    /// The days of a record; nothing where one of its dates is no certain day.
    fn days(&self, record: &Record) -> Option<Days> {
        if self.fields.len() > FIELDS {
            return None;
        }
        let mut days = [None; FIELDS];
        for (day, field) in days.iter_mut().zip(&self.fields) {
            *day = match clock::date(record, field) {
                Some(When::Day(day)) => Some(day),
                Some(_) => return None,
                None => None,
            };
        }
        Some(days)
    }
}
