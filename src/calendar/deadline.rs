//! Deadlines: the expression of a rule, and what it comes to for the dates of one record.
//!
//! The trigger day is excluded, calendar days are counted, and nothing rolls off a weekend: no general statute moves a
//! report to Congress (FRCP 6(a) is for courts). Hours count on UTC instants from a moment; a date alone cannot start a
//! clock of hours. Where a date is missing or imprecise the answer says so; it is never guessed.

use chrono::NaiveDate;

pub use crate::calendar::due::{Due, DueKind};

use crate::base::shared::Shared;
use crate::calendar::count;
use crate::calendar::date::When;
use crate::calendar::grammar;
use crate::calendar::holidays::Calendar;
use crate::calendar::window::{Period, PeriodKind};

/// A deadline expression that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    pub(crate) text: Shared,
    pub(crate) form: Form,
}

/// Why an expression cannot be read, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpressionProblem {
    /// What is wrong: a lower-case fragment without a period.
    pub message: String,
    /// Where it starts, in Unicode scalar values from the start of the expression.
    pub offset: usize,
    /// How long it is, in Unicode scalar values; 0 only at the end of the expression.
    pub length: usize,
    /// What to write instead.
    pub help: Option<String>,
}

/// The shapes of the grammar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Form {
    /// `7 days after ended`, `30 days before effective`
    Count { count: Count, side: Side, clock: Clock },
    /// `before commenced`
    Before(Clock),
    /// `same day as doj_referral`
    SameDay(Clock),
    /// `promptly after aware`
    Prompt { word: &'static str, clock: Option<Clock> },
    /// `every 180 days after F until G`, `30 days after F then every 90 days until G`
    Every {
        first: Count,
        days: u32,
        clock: Clock,
        until: Option<Clock>,
    },
    /// `on Feb 1 and Aug 1`: month and day, each year
    OnDays(Vec<(u32, u32)>),
    /// `on 2024-12-22 and 2025-12-22`
    OnDates(Vec<NaiveDate>),
    /// `quarterly + 60 days`, `monthly`
    Periodic { kind: PeriodKind, plus: Option<Count> },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) number: u32,
    pub(crate) unit: Unit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Days,
    BusinessDays,
    SessionDays,
    Hours,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    After,
    Before,
}

/// What starts a clock: the first of these that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clock(pub(crate) Vec<Start>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Start {
    /// A field of the record, by its dotted path.
    Field(Shared),
    /// A date written into the expression.
    Literal(When),
}

/// Reads a deadline expression.
///
/// # Errors
/// An [`ExpressionProblem`] at the first word that does not fit, with what to write instead.
pub fn parse(text: &str) -> Result<Deadline, ExpressionProblem> {
    grammar::parse(text).map(|form| Deadline {
        text: text.into(),
        form,
    })
}

impl Deadline {
    /// The expression as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Returns the fields whose dates it needs, in the order of the expression: the clock, its fallbacks, then `until`.
    pub fn fields(&self) -> Vec<&str> {
        self.starts()
            .filter_map(|start| match start {
                Start::Field(name) => Some(name.as_str()),
                Start::Literal(_) => None,
            })
            .collect()
    }

    /// Whether a date is written into it in the place of a field; right at a prompt, wrong in a pack.
    pub fn has_literal(&self) -> bool {
        self.starts().any(|start| matches!(start, Start::Literal(_)))
    }

    /// Returns the kind it comes to when every date is there.
    pub fn kind(&self) -> DueKind {
        match &self.form {
            Form::Count { count, .. } => match count.unit {
                Unit::Days | Unit::BusinessDays | Unit::SessionDays => DueKind::Date,
                Unit::Hours => DueKind::Instant,
            },
            Form::SameDay(_) => DueKind::Date,
            Form::Before(_) => DueKind::BeforeEvent,
            Form::Prompt { .. } => DueKind::Prompt,
            Form::Every { .. } => DueKind::Recurring,
            Form::OnDates(dates) if dates.len() == 1 => DueKind::Date,
            Form::OnDates(_) | Form::OnDays(_) | Form::Periodic { .. } => DueKind::Periodic,
        }
    }

    /// Returns the dates that `on …` names between two days, both included; empty for every other deadline.
    pub fn dates_between(&self, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
        count::listed(&self.form, first, last)
    }

    fn starts(&self) -> impl Iterator<Item = &Start> {
        let (clock, until) = match &self.form {
            Form::Count { clock, .. } | Form::Before(clock) | Form::SameDay(clock) => (Some(clock), None),
            Form::Prompt { clock, .. } => (clock.as_ref(), None),
            Form::Every { clock, until, .. } => (Some(clock), until.as_ref()),
            Form::OnDays(_) | Form::OnDates(_) | Form::Periodic { .. } => (None, None),
        };
        clock.into_iter().chain(until).flat_map(|clock| &clock.0)
    }
}

/// Works out when a deadline falls due for one record.
///
/// `lookup` gives the record's dates by field. A clock with fallbacks starts from the first field that is there and
/// known: one that is absent or "unknown" falls through, one that is imprecise is used and makes the result
/// undetermined. `as_of` decides only which occurrence of a repeated deadline is the next.
///
/// Periodic deadlines (`quarterly + 60 days`, `on Feb 1`) count from the period that holds the record's `date` where
/// `lookup` knows it; else they give the occurrence on or after `as_of`.
pub fn resolve(
    deadline: &Deadline,
    calendar: &Calendar,
    lookup: &dyn Fn(&str) -> Option<When>,
    as_of: NaiveDate,
) -> Due {
    count::resolve(deadline, calendar, lookup, as_of)
}

/// Works out when a deadline falls due for one period of a rule without a record.
///
/// `quarterly + 60 days` counts from the last day of the period; `quarterly` alone is due by the last day of the next
/// period; `on Feb 1 and Aug 1` is the first of these dates after the period. Clocks may use the fields `period_start`
/// and `period_end`.
pub fn resolve_period(deadline: &Deadline, calendar: &Calendar, period: Period, as_of: NaiveDate) -> Due {
    count::resolve_period(deadline, calendar, period, as_of)
}
