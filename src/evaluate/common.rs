//! What many obligations have in common, held once a run: the texts of their rule and duty, and the due date that a clock
//! comes to from one day.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{Datelike, NaiveDate};

use crate::base::shared::Shared;
use crate::calendar::date::When;
use crate::calendar::deadline::Deadline;
use crate::calendar::due::{Due, DueKind};
use crate::evaluate::case::Case;
use crate::evaluate::clock;
use crate::evaluate::say::clock_words;
use crate::policy::rule::{Duty, Rule};
use crate::record::value::Record;

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

impl OfRule {
    pub(super) fn of(rule: &Rule) -> Self {
        Self {
            id: Shared::from(&rule.id),
            title: Shared::from(&rule.title),
            pack: Shared::from(&rule.pack),
            authority: rule.authority.as_slice().into(),
            responsible: rule.responsible.as_ref().map(Shared::from),
            due: Arc::new(Due::none()),
            nobody: Arc::default(),
        }
    }
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

impl OfDuty {
    pub(super) fn of(duty: &Duty) -> Self {
        let mut notify: Vec<String> = Vec::new();
        for name in &duty.notify {
            if !notify.contains(name) {
                notify.push(name.clone());
            }
        }
        Self {
            name: duty.name.as_ref().map(Shared::from),
            notify: notify.into(),
            contains: duty.contains.as_slice().into(),
            letter: duty.letter.as_ref().map(Shared::from),
            form: duty.form.as_ref().map(Shared::from),
        }
    }
}

/// A deadline, and what it came to so far. Where every date that it reads is a day, it is reckoned once for all records
/// of the same days.
pub(super) struct Clock<'c> {
    deadline: &'c Deadline,
    /// The fields that it reads.
    fields: Vec<String>,
    /// By the days that the fields give, packed.
    known: RefCell<BTreeMap<u128, Reckoned>>,
}

/// A due date, and the words for its clock.
type Reckoned = (Arc<Due>, Option<Shared>);

/// A deadline that reads more fields than these is reckoned anew.
const FIELDS: usize = 4;

impl<'c> Clock<'c> {
    pub(super) fn of(deadline: &'c Deadline) -> Self {
        let mut fields: Vec<String> = deadline.fields().into_iter().map(str::to_owned).collect();
        // These count from the record's own date.
        if deadline.kind() == DueKind::Periodic {
            fields.push("date".to_owned());
        }
        Self {
            deadline,
            fields,
            known: RefCell::default(),
        }
    }

    /// When something is due for a record, and the words for the clock.
    pub(super) fn due(&self, record: &Record, case: &Case) -> Reckoned {
        let reckon = || {
            let due = clock::due(self.deadline, record, case);
            let words = clock_words(&due).map(Shared::from);
            (Arc::new(due), words)
        };
        match self.days(record) {
            Some(days) => self.known.borrow_mut().entry(days).or_insert_with(reckon).clone(),
            None => reckon(),
        }
    }

    /// The days of a record, packed; nothing where one of its dates is no certain day.
    fn days(&self, record: &Record) -> Option<u128> {
        if self.fields.len() > FIELDS {
            return None;
        }
        self.fields.iter().try_fold(0, |days, field| {
            let day = match clock::date(record, field) {
                Some(When::Day(day)) => number(day),
                Some(_) => return None,
                None => 0,
            };
            Some(days << 32 | u128::from(day))
        })
    }
}

/// A number above zero for each day.
fn number(day: NaiveDate) -> u32 {
    day.num_days_from_ce().abs_diff(i32::MIN)
}
