//! When something is due: the outcome of a deadline, with its reasons.

use chrono::{DateTime, Days, NaiveDate, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::{Serialize, Serializer};

use crate::base::shared::Shared;
use crate::calendar::date::{When, iso};
use crate::calendar::holidays::{Calendar, Skipped};

/// What sort of answer a deadline came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DueKind {
    /// A calendar day in the workspace's zone.
    Date,
    /// A moment in UTC: clocks of hours.
    Instant,
    /// A word such as "promptly": the law gives no number.
    Prompt,
    /// Before an event begins.
    BeforeEvent,
    /// Again and again from a date of the record.
    Recurring,
    /// By the calendar: each quarter, each February 1.
    Periodic,
    /// The record does not give what the clock needs.
    Undetermined,
    /// Nothing is ever due: prohibitions.
    #[default]
    None,
}

/// When something is due. Serializes to the `due` object of the JSON contract; what is absent is null.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Due {
    pub kind: DueKind,
    /// The due date, or the moment in RFC 3339 UTC for clocks of hours. `before_event`: the day of the event.
    /// `recurring`: the first occurrence, in an obligation the first that is not met. `periodic`: the occurrence of the
    /// period.
    pub at: Option<Shared>,
    /// The last business day on or before the local due date; before an event, the last one before its day.
    pub submit_by: Option<Shared>,
    /// The deadline as its rule writes it; empty only for [`DueKind::None`].
    #[serde(serialize_with = "null_when_empty")]
    pub expression: Shared,
    /// The word of a prompt duty.
    pub word: Option<Shared>,
    /// Why it is undetermined, or what is not certain about it; a sentence fragment for people.
    pub reason: Option<Shared>,
    /// The earliest it can be due where that is not certain.
    pub earliest: Option<Shared>,
    /// The first occurrence after the as-of date.
    pub next: Option<Shared>,
    /// The label of the period: `2025-Q1`.
    pub period: Option<Shared>,
    /// The field the clock started from, or the date written in its place.
    #[serde(skip)]
    pub clock: Option<Shared>,
    /// The date the clock started from.
    #[serde(skip)]
    pub start: Option<When>,
    /// The days that a count of business days left out.
    #[serde(skip)]
    pub counted: Vec<Skipped>,
    /// The last occurrence of a recurring duty on or before the as-of date.
    #[serde(skip)]
    pub previous: Option<NaiveDate>,
    #[serde(skip)]
    pub(crate) repeat: Option<Repeat>,
    #[serde(skip)]
    pub(crate) exact: Option<Moment>,
    #[serde(skip)]
    pub(crate) soonest: Option<Moment>,
    #[serde(skip)]
    pub(crate) latest: Option<Moment>,
    #[serde(skip)]
    pub(crate) next_day: Option<NaiveDate>,
    #[serde(skip)]
    pub(crate) submit_day: Option<NaiveDate>,
}

/// The occurrences of a recurring duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Repeat {
    pub(crate) first: NaiveDate,
    pub(crate) days: u32,
    /// The last day on which one can fall.
    pub(crate) last: Option<NaiveDate>,
}

/// A due date as a value: a day of the workspace's zone, or a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    Day(NaiveDate),
    Instant(DateTime<Utc>),
}

impl Moment {
    /// The calendar day in `timezone`.
    pub fn local_date(self, timezone: Tz) -> NaiveDate {
        match self {
            Moment::Day(day) => day,
            Moment::Instant(instant) => instant.with_timezone(&timezone).date_naive(),
        }
    }
}

impl Moment {
    /// As it is printed.
    fn text(self) -> Shared {
        match self {
            Moment::Day(day) => iso(day),
            Moment::Instant(_) => self.to_string().into(),
        }
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Moment::Day(day) => write!(f, "{day}"),
            Moment::Instant(instant) => f.write_str(&instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
        }
    }
}

impl Due {
    /// Nothing is due: a prohibition.
    pub fn none() -> Self {
        Self::default()
    }

    /// The due date as a value.
    pub fn moment(&self) -> Option<Moment> {
        self.exact
    }

    /// The earliest it can be due, where that is not certain.
    pub fn earliest_moment(&self) -> Option<Moment> {
        self.soonest
    }

    /// The latest it can be due, where that is not certain.
    pub fn latest_moment(&self) -> Option<Moment> {
        self.latest
    }

    /// The due date as a value; of a recurring duty the first occurrence, whichever is owed.
    pub fn first_moment(&self) -> Option<Moment> {
        self.repeat.map(|repeat| Moment::Day(repeat.first)).or(self.exact)
    }

    /// Returns the due date in `timezone`, or that of `earliest` where the deadline is undetermined; the occurrence of a
    /// recurring duty that `at` names, the day of the event for `before_event`.
    pub fn local_date(&self, timezone: Tz) -> Option<NaiveDate> {
        self.exact.or(self.soonest).map(|moment| moment.local_date(timezone))
    }

    pub fn submit_by_date(&self) -> Option<NaiveDate> {
        self.submit_day
    }

    pub fn next_date(&self) -> Option<NaiveDate> {
        self.next_day
    }

    /// Returns the first day on which the clock may have started; `None` where it starts from no date of the record.
    pub fn started(&self, timezone: Tz) -> Option<NaiveDate> {
        self.start.as_ref()?.earliest_day(timezone)
    }

    /// Whether what was done on `given` came too late: `None` where the dates do not say, and for words such as
    /// "promptly". Judged against `at`, or against the bounds of an undetermined deadline.
    pub fn is_late(&self, given: &When, timezone: Tz) -> Option<bool> {
        let (soonest, latest) = match self.exact {
            Some(due) => (Some(due), Some(due)),
            None => (self.soonest, self.latest),
        };
        let event = self.kind == DueKind::BeforeEvent;
        if latest.is_some_and(|latest| certainly_after(given, latest, event, timezone)) {
            Some(true)
        } else if soonest.is_some_and(|soonest| certainly_in_time(given, soonest, event, timezone)) {
            Some(false)
        } else {
            None
        }
    }

    /// Returns the occurrences of a recurring duty on or before a day, earliest first; at most ten thousand.
    pub fn occurrences(&self, until: NaiveDate) -> Vec<NaiveDate> {
        let Some(repeat) = self.repeat else { return Vec::new() };
        let until = repeat.last.map_or(until, |last| last.min(until));
        std::iter::successors(Some(repeat.first), |day| {
            day.checked_add_days(Days::new(repeat.days.into()))
        })
        .take_while(|day| *day <= until)
        .take(10_000)
        .collect()
    }

    /// How many occurrences of a recurring duty came after the one that `at` names, up to the as-of date, and the last.
    pub fn more_since(&self) -> Option<(usize, NaiveDate)> {
        let (Some(Moment::Day(owed)), Some(last)) = (self.exact, self.previous) else {
            return None;
        };
        let more = self.occurrences(last).into_iter().filter(|day| *day > owed).count();
        (more > 0).then_some((more, last))
    }

    /// Whether a recurring duty has had its last occurrence by a day.
    pub fn is_over(&self, day: NaiveDate) -> bool {
        self.repeat
            .and_then(|repeat| repeat.last)
            .is_some_and(|last| last <= day)
    }

    pub(crate) fn set_due(&mut self, due: Moment, calendar: &Calendar) {
        let day = due.local_date(calendar.timezone);
        let last = match self.kind {
            DueKind::BeforeEvent => day.pred_opt().unwrap_or(day),
            _ => day,
        };
        let submit = calendar.business_day_on_or_before(last);
        self.at = Some(due.text());
        self.exact = Some(due);
        self.submit_by = Some(iso(submit));
        self.submit_day = Some(submit);
    }

    pub(crate) fn set_bounds(&mut self, soonest: Option<Moment>, latest: Option<Moment>) {
        self.earliest = soonest.map(Moment::text);
        self.soonest = soonest;
        self.latest = latest;
    }

    pub(crate) fn set_next(&mut self, next: Option<NaiveDate>) {
        self.next = next.map(iso);
        self.next_day = next;
    }
}

/// Whether `given` is later than `due` in every reading. The due day itself is in time; the day of an event is open.
fn certainly_after(given: &When, due: Moment, event: bool, timezone: Tz) -> bool {
    match due {
        Moment::Day(day) => given.earliest_day(timezone).is_some_and(|first| first > day),
        Moment::Instant(instant) => given
            .earliest_instant(timezone)
            .is_some_and(|first| if event { first >= instant } else { first > instant }),
    }
}

/// Whether `given` is not later than `due` in every reading.
fn certainly_in_time(given: &When, due: Moment, event: bool, timezone: Tz) -> bool {
    match due {
        Moment::Day(day) => given
            .latest_day(timezone)
            .is_some_and(|last| if event { last < day } else { last <= day }),
        Moment::Instant(instant) => given
            .latest_instant(timezone)
            .is_some_and(|last| if event { last < instant } else { last <= instant }),
    }
}

fn null_when_empty<S: Serializer>(text: &Shared, serializer: S) -> Result<S::Ok, S::Error> {
    if text.is_empty() {
        serializer.serialize_none()
    } else {
        serializer.serialize_str(text)
    }
}
