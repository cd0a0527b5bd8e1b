//! Deadlines of a record: its dates under the names that clocks use.

use chrono_tz::Tz;

use crate::calendar::date::When;
use crate::calendar::deadline::{Deadline, resolve};
use crate::calendar::due::{Due, Moment};
use crate::evaluate::case::Case;
use crate::policy::rule::Outcome;
use crate::record::value::{Record, Value};

/// Works out when something is due for a record.
pub(super) fn due(deadline: &Deadline, record: &Record, case: &Case) -> Due {
    resolve(deadline, &case.calendar, &|field| date(record, field), case.as_of)
}

/// Returns the date a clock field gives; the last of several, since each statement starts the clock anew.
pub(super) fn date(record: &Record, field: &str) -> Option<When> {
    let mut last = None;
    for node in record.all(field) {
        match &node.value {
            Value::When(when) => last = Some(when.clone()),
            Value::List(items) => {
                last = items.iter().rev().find_map(|item| match &item.value {
                    Value::When(when) => Some(when.clone()),
                    _ => None,
                });
            }
            _ => {}
        }
    }
    last
}

/// Whether a date lies later than a deadline reckoned from another. An absent date counts as the as-of date.
pub(super) fn later_than(when: Option<&When>, deadline: &Deadline, record: &Record, case: &Case) -> Outcome {
    let timezone = case.calendar.timezone;
    let due = due(deadline, record, case);
    let Some(limit) = due.moment() else {
        return Outcome::Unknown;
    };
    let Some(when) = when else {
        // Nothing was done yet: it is later once the as-of date has passed the limit.
        return Outcome::of(case.as_of > limit.local_date(timezone));
    };
    match limit {
        Moment::Instant(limit) => match (when.earliest_instant(timezone), when.latest_instant(timezone)) {
            (Some(first), _) if first > limit => Outcome::True,
            (_, Some(last)) if last <= limit => Outcome::False,
            _ => Outcome::Unknown,
        },
        Moment::Day(limit) => days_later(when, limit, timezone),
    }
}

fn days_later(when: &When, limit: chrono::NaiveDate, timezone: Tz) -> Outcome {
    match (when.earliest_day(timezone), when.latest_day(timezone)) {
        (Some(first), _) if first > limit => Outcome::True,
        (_, Some(last)) if last <= limit => Outcome::False,
        _ => Outcome::Unknown,
    }
}
