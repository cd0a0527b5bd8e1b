//! The docket as iCalendar (RFC 5545): a day or a moment for each notice that is owed.
//!
//! Calendars are synchronized with telephones and shared rooms, so an entry says only what is due to whom under which
//! rule: no title of a record, no reasons.

use chrono::{DateTime, Days, Duration, NaiveDate, NaiveTime, Utc};
use icalendar::{Alarm, Calendar, Component, Event, EventLike};

use crate::calendar::due::Moment;
use crate::evaluate::obligation::Obligation;
use crate::report::{docket, fingerprint, visible};

/// Renders the docket. Returns also how many notices have no date that a calendar could hold. With `alarm`, each entry
/// reminds so many days before.
pub fn docket(as_of: NaiveDate, obligations: &[&Obligation], alarm: Option<u32>) -> (String, usize) {
    let mut calendar = Calendar::empty();
    calendar
        .append_property(("VERSION", "2.0"))
        .append_property(("PRODID", "-//relto//docket//EN"))
        .append_property(("CALSCALE", "GREGORIAN"))
        .append_property(("METHOD", "PUBLISH"));
    let mut undated = 0;
    for owed in obligations.iter().filter(|owed| owed.state.is_owed()) {
        match event(as_of, owed, alarm) {
            Some(event) => {
                calendar.push(event);
            }
            None => undated += 1,
        }
    }
    (calendar.to_string(), undated)
}

fn event(as_of: NaiveDate, owed: &Obligation, alarm: Option<u32>) -> Option<Event> {
    let exact = owed.due.moment();
    let moment = exact.or_else(|| owed.due.earliest_moment())?;
    let subject = docket::subject(owed);
    let print = fingerprint::hash(&[
        "obligation",
        subject,
        &owed.rule,
        owed.duty.as_deref().unwrap_or_default(),
        owed.period.as_deref().unwrap_or_default(),
    ]);
    let untold = owed.untold();
    let to = if untold.is_empty() {
        String::new()
    } else {
        format!(" to {}", untold.join(", "))
    };
    let due = if exact.is_some() { "due" } else { "due at the earliest" };
    let summary = format!("Notice {due}: {subject}{to}");
    let mut lines = vec![
        format!("{}: {}", owed.rule, owed.rule_title),
        format!("due {} ({})", docket::due_in_words(&owed.due), owed.due.expression),
    ];
    lines.extend(owed.due.submit_by.as_ref().map(|day| format!("submit by {day}")));
    lines.push(format!("{} as of {as_of}", owed.state.word()));
    let mut event = Event::new();
    event
        .uid(&format!("{}@relto", &print[..32]))
        // The same docket gives the same bytes: the as-of date is the only clock.
        .timestamp(midnight(as_of))
        .summary(&visible::line(&summary))
        .description(&visible::lines(&lines.join("\n")))
        .add_property("CATEGORIES", "relto")
        .add_property("TRANSP", "TRANSPARENT");
    match moment {
        Moment::Day(day) => {
            event.starts(day).ends(day.checked_add_days(Days::new(1))?);
        }
        Moment::Instant(instant) => {
            event.starts(instant).ends(instant);
        }
    }
    if let Some(days) = alarm {
        let before = Duration::days(-i64::from(days));
        let mut reminder = Alarm::display(&visible::line(&summary), before);
        reminder
            .uid(&format!("{}-alarm@relto", &print[..32]))
            .timestamp(midnight(as_of));
        event.alarm(reminder);
    }
    Some(event.done())
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc()
}
