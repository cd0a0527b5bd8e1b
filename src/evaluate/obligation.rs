//! Obligations: what one rule demands for one record.

use std::sync::Arc;

use crate::base::shared::Shared;
use crate::calendar::due::Due;
use crate::policy::rule::{Effect, Status};

/// What is owed, to whom, by when, and why. What it has in common with others it shares with them.
#[derive(Debug, Clone)]
pub struct Obligation {
    /// The record, or nothing for a rule per period.
    pub record: Option<Shared>,
    pub rule: Shared,
    pub rule_title: Shared,
    pub pack: Shared,
    pub status: Status,
    pub effect: Effect,
    pub due: Arc<Due>,
    /// Recipient ids, in the rule's order.
    pub recipients: Arc<[String]>,
    /// Those of the recipients who were told already, while others were not. Empty where each occurrence is told anew.
    pub told: Box<[String]>,
    pub state: State,
    pub authority: Arc<[String]>,
    pub duty: Option<Shared>,
    pub period: Option<Shared>,
    /// Each condition that made it fire, in words, and the clock used.
    pub because: Vec<Shared>,
    /// Required contents: fields of the record.
    pub contains: Arc<[String]>,
    pub letter: Option<Shared>,
    pub form: Option<Shared>,
    /// An internal goal, never the legal date.
    pub target: Option<Arc<Due>>,
    pub responsible: Option<Shared>,
    /// Under a rule per period: the records dated in the period that the report is about. Empty: a nil return.
    pub covers: Vec<Shared>,
    /// Under a rule per period: the periodic report that answers it.
    pub report: Option<Shared>,
    /// Who waived it or decided not to notify, and why.
    pub decision: Option<Box<Decision>>,
    /// The record that supersedes its record.
    pub superseded_by: Option<Shared>,
    /// The record that its record supersedes.
    pub supersedes: Option<Shared>,
    /// By how many days it is late, or was met late.
    pub days_late: Option<i64>,
}

impl Obligation {
    /// Returns the recipients who are still to be told; of what nobody has to be told any more, all.
    pub fn untold(&self) -> Vec<String> {
        let recipients = self.recipients.iter();
        recipients.filter(|id| !self.told.contains(id)).cloned().collect()
    }
}

/// A waiver that is active, or a decision not to notify.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// "waived", "not notified".
    pub what: &'static str,
    pub by: String,
    pub reason: String,
    pub authority: Option<String>,
    /// The last day of a waiver, the day of a decision not to notify.
    pub date: Option<String>,
}

impl Decision {
    /// "waived by President until 2026-01-31: national security interest (50 U.S.C. 3047(a)(2))".
    pub fn words(&self) -> String {
        let date = match (&self.date, self.what) {
            (Some(date), "waived") => format!(" until {date}"),
            (Some(date), _) => format!(" on {date}"),
            (None, _) => String::new(),
        };
        let authority = self
            .authority
            .as_ref()
            .map_or_else(String::new, |authority| format!(" ({authority})"));
        format!("{} by {}{date}: {}{authority}", self.what, self.by, self.reason)
    }
}

/// Where an obligation stands on the as-of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    Overdue,
    Open,
    Upcoming,
    MetLate,
    Met,
    Waived,
    NotNotified,
    Prohibited,
    /// A later record supersedes the record; what is owed is owed there.
    Superseded,
}

impl State {
    pub fn word(self) -> &'static str {
        match self {
            State::Overdue => "overdue",
            State::Open => "open",
            State::Upcoming => "upcoming",
            State::MetLate => "met_late",
            State::Met => "met",
            State::Waived => "waived",
            State::NotNotified => "not_notified",
            State::Prohibited => "prohibited",
            State::Superseded => "superseded",
        }
    }

    /// Whether something still has to be sent.
    pub fn is_owed(self) -> bool {
        matches!(self, State::Overdue | State::Open | State::Upcoming)
    }
}
