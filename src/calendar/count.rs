//! The arithmetic of deadlines: from the dates of a record to a due date, or to the reason why there is none.

use chrono::{Datelike, Days, NaiveDate, TimeDelta};

use crate::base::shared::Shared;
use crate::calendar::date::When;
use crate::calendar::deadline::{Clock, Count, Deadline, Form, Side, Start, Unit};
use crate::calendar::due::{Due, DueKind, Moment, Repeat};
use crate::calendar::holidays::{Calendar, Skipped};
use crate::calendar::session::Counted;
use crate::calendar::window::{Period, PeriodKind};

/// The record's dates by field.
type Lookup<'a> = &'a dyn Fn(&str) -> Option<When>;

pub(crate) fn resolve(deadline: &Deadline, calendar: &Calendar, lookup: Lookup<'_>, as_of: NaiveDate) -> Due {
    let mut due = Due {
        kind: deadline.kind(),
        expression: deadline.text.clone(),
        ..Due::default()
    };
    match &deadline.form {
        Form::Count { count, side, clock } => {
            if let Some(start) = start(&mut due, clock, lookup) {
                match reckon(*count, *side, &start, calendar) {
                    Ok(end) => {
                        due.counted = end.skipped;
                        due.reason = end.note.map(Shared::from);
                        due.set_due(end.moment, calendar);
                    }
                    Err(unsure) => undetermined(&mut due, unsure),
                }
            }
        }
        Form::SameDay(clock) => {
            if let Some(start) = start(&mut due, clock, lookup) {
                match certain_day(&start, calendar) {
                    Ok(day) => due.set_due(Moment::Day(day), calendar),
                    Err(unsure) => undetermined(&mut due, unsure),
                }
            }
        }
        Form::Before(clock) => {
            if let Some(start) = start(&mut due, clock, lookup) {
                match certain_day(&start, calendar) {
                    Ok(day) => due.set_due(Moment::Day(day), calendar),
                    Err(unsure) => undetermined(&mut due, unsure),
                }
            }
            // The words hold without the date: it stays a notice in advance.
            due.kind = DueKind::BeforeEvent;
        }
        Form::Prompt { word, clock } => {
            due.word = Some((*word).into());
            if let Some(clock) = clock
                && let Ok(found) = choose(clock, lookup)
            {
                due.clock = Some(found.name);
                due.start = Some(found.when);
            }
        }
        Form::Every {
            first,
            days,
            clock,
            until,
        } => {
            if let Some(start) = start(&mut due, clock, lookup) {
                match reckon(*first, Side::After, &start, calendar) {
                    Ok(end) => {
                        due.counted = end.skipped;
                        let first = end.moment.local_date(calendar.timezone);
                        repeat(&mut due, first, *days, until.as_ref(), calendar, lookup, as_of);
                    }
                    Err(unsure) => undetermined(&mut due, unsure),
                }
            }
        }
        Form::OnDates(dates) => {
            let from = dates.partition_point(|date| *date < as_of);
            if let Some(date) = dates.get(from).or(dates.last()) {
                due.set_due(Moment::Day(*date), calendar);
            }
            if due.kind == DueKind::Periodic {
                due.set_next(dates.iter().copied().find(|date| *date > as_of));
            }
        }
        Form::OnDays(days) => {
            let anchor = record_day(&mut due, calendar, lookup);
            let from = anchor.and_then(|day| day.succ_opt()).unwrap_or(as_of);
            if let Some(date) = next_listed(days, from) {
                due.set_due(Moment::Day(date), calendar);
            }
            due.set_next(as_of.succ_opt().and_then(|from| next_listed(days, from)));
        }
        Form::Periodic { kind, plus } => {
            let period = record_day(&mut due, calendar, lookup).map_or_else(
                || period_due_from(*kind, *plus, calendar, as_of),
                |day| Period::containing(*kind, day),
            );
            by_period(&mut due, period, *plus, calendar, as_of);
        }
    }
    due
}

pub(crate) fn resolve_period(deadline: &Deadline, calendar: &Calendar, period: Period, as_of: NaiveDate) -> Due {
    let lookup = |field: &str| match field {
        "period_start" => Some(When::Day(period.first_day())),
        "period_end" => Some(When::Day(period.last_day())),
        _ => None,
    };
    let empty = || Due {
        kind: DueKind::Periodic,
        expression: deadline.text.clone(),
        ..Due::default()
    };
    let mut due = match &deadline.form {
        Form::Periodic { plus, .. } => {
            let mut due = empty();
            by_period(&mut due, period, *plus, calendar, as_of);
            due
        }
        Form::OnDays(days) => {
            let mut due = empty();
            let after = period.last_day().succ_opt();
            if let Some(date) = after.and_then(|from| next_listed(days, from)) {
                due.set_due(Moment::Day(date), calendar);
            }
            due.set_next(as_of.succ_opt().and_then(|from| next_listed(days, from)));
            due
        }
        Form::OnDates(dates) => {
            let mut due = empty();
            if let Some(date) = dates.iter().find(|date| **date > period.last_day()) {
                due.set_due(Moment::Day(*date), calendar);
            } else {
                due.kind = DueKind::Undetermined;
                due.reason = Some(format!("no date is named after {}", period.long()).into());
            }
            due
        }
        _ => resolve(deadline, calendar, &lookup, as_of),
    };
    due.period = Some(period.to_string().into());
    due
}

/// The dates of `on …` from `first` to `last`.
pub(crate) fn listed(form: &Form, first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    match form {
        Form::OnDates(dates) => dates
            .iter()
            .copied()
            .filter(|date| (first..=last).contains(date))
            .collect(),
        Form::OnDays(days) => (first.year()..=last.year())
            .flat_map(|year| {
                days.iter()
                    .filter_map(move |(month, day)| NaiveDate::from_ymd_opt(year, *month, *day))
            })
            .filter(|date| (first..=last).contains(date))
            .collect(),
        _ => Vec::new(),
    }
}

/// The date that starts a clock, and the name it goes by in messages.
struct Found {
    name: Shared,
    when: When,
}

/// No date to start from.
struct Missing {
    reason: String,
    /// Whether one of the fields is there and says "unknown".
    unknown: bool,
}

/// Why a count has no certain end, and between which bounds it ends.
struct Unsure {
    reason: String,
    soonest: Option<Moment>,
    latest: Option<Moment>,
}

/// Takes the first start that is there and known.
fn choose(clock: &Clock, lookup: Lookup<'_>) -> Result<Found, Missing> {
    let mut reasons = Vec::new();
    let mut unknown = false;
    for start in &clock.0 {
        let (name, when) = match start {
            Start::Field(name) => (name.clone(), lookup(name)),
            Start::Literal(when) => (when.to_string().into(), Some(when.clone())),
        };
        match when {
            Some(when) if when.is_known() => return Ok(Found { name, when }),
            Some(_) => {
                unknown = true;
                reasons.push(format!("`{name}` is recorded as unknown"));
            }
            None => reasons.push(format!("`{name}` is not given")),
        }
    }
    Err(Missing {
        reason: reasons.join(" and "),
        unknown,
    })
}

/// Starts the clock, or makes the due undetermined.
fn start(due: &mut Due, clock: &Clock, lookup: Lookup<'_>) -> Option<Found> {
    match choose(clock, lookup) {
        Ok(found) => {
            due.clock = Some(found.name.clone());
            due.start = Some(found.when.clone());
            Some(found)
        }
        Err(missing) => {
            due.kind = DueKind::Undetermined;
            due.reason = Some(missing.reason.into());
            None
        }
    }
}

fn undetermined(due: &mut Due, unsure: Unsure) {
    due.kind = DueKind::Undetermined;
    due.reason = Some(unsure.reason.into());
    due.set_bounds(unsure.soonest, unsure.latest);
}

/// Where a count ends, the days it left out, and what is worth saying about it.
struct End {
    moment: Moment,
    skipped: Vec<Skipped>,
    note: Option<String>,
}

impl End {
    fn at(moment: Moment) -> Self {
        Self {
            moment,
            skipped: Vec::new(),
            note: None,
        }
    }
}

/// Counts from a start that may be imprecise.
fn reckon(count: Count, side: Side, start: &Found, calendar: &Calendar) -> Result<End, Unsure> {
    match count.unit {
        Unit::Hours => reckon_hours(count.number, side, start, calendar),
        Unit::SessionDays => reckon_sessions(count.number, side, start, calendar),
        Unit::Days | Unit::BusinessDays => {
            let shift = |day| shift(day, count, side, calendar);
            match certain_day(start, calendar) {
                Ok(day) => match shift(day) {
                    Some((end, skipped)) => Ok(End {
                        skipped,
                        ..End::at(Moment::Day(end))
                    }),
                    None => Err(out_of_range()),
                },
                Err(unsure) => {
                    let bound = |moment: Option<Moment>| {
                        shift(moment?.local_date(calendar.timezone)).map(|(end, _)| Moment::Day(end))
                    };
                    Err(Unsure {
                        soonest: bound(unsure.soonest),
                        latest: bound(unsure.latest),
                        reason: unsure.reason,
                    })
                }
            }
        }
    }
}

fn reckon_hours(hours: u32, side: Side, start: &Found, calendar: &Calendar) -> Result<End, Unsure> {
    let delta = match side {
        Side::After => TimeDelta::hours(hours.into()),
        Side::Before => -TimeDelta::hours(hours.into()),
    };
    let shift = |moment: chrono::DateTime<chrono::Utc>| {
        moment
            .checked_add_signed(delta)
            .filter(|end| in_range(end.date_naive()))
            .map(Moment::Instant)
    };
    if let Some(moment) = start.when.instant() {
        return match shift(moment) {
            Some(end) => Ok(End::at(end)),
            None => Err(out_of_range()),
        };
    }
    let what = match &start.when {
        When::Day(_) => format!("`{}` gives a date without a time", start.name),
        other => format!("`{}` is known only as {}", start.name, other.long()),
    };
    Err(Unsure {
        reason: format!("{what}; a clock of hours needs the moment"),
        soonest: start.when.earliest_instant(calendar.timezone).and_then(shift),
        latest: start.when.latest_instant(calendar.timezone).and_then(shift),
    })
}

fn reckon_sessions(number: u32, side: Side, start: &Found, calendar: &Calendar) -> Result<End, Unsure> {
    let Some(sessions) = calendar.sessions() else {
        return Err(Unsure {
            reason: "days of session need a session calendar of Congress, and there is none".to_owned(),
            soonest: None,
            latest: None,
        });
    };
    match certain_day(start, calendar) {
        Ok(day) => match sessions.count(day, number, side) {
            Counted::Day(end, note) => Ok(End {
                note,
                ..End::at(Moment::Day(end))
            }),
            Counted::Short(reason, soonest) => Err(Unsure {
                reason,
                soonest: soonest.map(Moment::Day),
                latest: None,
            }),
        },
        Err(unsure) => {
            let count =
                |moment: Option<Moment>| Some(sessions.count(moment?.local_date(calendar.timezone), number, side));
            Err(Unsure {
                soonest: count(unsure.soonest).and_then(|counted| match counted {
                    Counted::Day(end, _) => Some(Moment::Day(end)),
                    Counted::Short(_, soonest) => soonest.map(Moment::Day),
                }),
                latest: count(unsure.latest).and_then(|counted| match counted {
                    Counted::Day(end, _) => Some(Moment::Day(end)),
                    Counted::Short(..) => None,
                }),
                reason: unsure.reason,
            })
        }
    }
}

fn shift(day: NaiveDate, count: Count, side: Side, calendar: &Calendar) -> Option<(NaiveDate, Vec<Skipped>)> {
    let days = Days::new(count.number.into());
    let (end, skipped) = match (count.unit, side) {
        (Unit::BusinessDays, Side::After) => calendar.add_business_days(day, count.number),
        (Unit::BusinessDays, Side::Before) => calendar.subtract_business_days(day, count.number),
        (_, Side::After) => (day.checked_add_days(days)?, Vec::new()),
        (_, Side::Before) => (day.checked_sub_days(days)?, Vec::new()),
    };
    in_range(end).then_some((end, skipped))
}

/// The day of a start, or why it has none.
fn certain_day(start: &Found, calendar: &Calendar) -> Result<NaiveDate, Unsure> {
    let zone = calendar.timezone;
    start.when.day(zone).ok_or_else(|| Unsure {
        reason: format!(
            "`{}` is known only as {}; the clock needs its day",
            start.name,
            start.when.long()
        ),
        soonest: start.when.earliest_day(zone).map(Moment::Day),
        latest: start.when.latest_day(zone).map(Moment::Day),
    })
}

/// Fills in the occurrences `first`, `first + days`, … up to and including the day of `until`.
fn repeat(
    due: &mut Due,
    first: NaiveDate,
    days: u32,
    until: Option<&Clock>,
    calendar: &Calendar,
    lookup: Lookup<'_>,
    as_of: NaiveDate,
) {
    let zone = calendar.timezone;
    let end = until.and_then(|clock| match choose(clock, lookup) {
        Ok(found) => Some((found.when.earliest_day(zone), found.when.latest_day(zone), found)),
        Err(missing) if missing.unknown => {
            due.reason = Some(format!("{}; it may have ended", missing.reason).into());
            None
        }
        Err(_) => None,
    });
    let last = end.as_ref().and_then(|(_, latest, _)| *latest);
    let in_time = |day: &NaiveDate| last.is_none_or(|last| *day <= last);
    let occurrence = |number: i64| {
        let days = Days::new(u64::try_from(number).ok()? * u64::from(days));
        first.checked_add_days(days).filter(|day| in_range(*day))
    };
    // The number of the last occurrence on or before a day; negative before the first.
    let number_by = |day: NaiveDate| (day - first).num_days().div_euclid(i64::from(days));
    if in_time(&first) {
        due.set_due(Moment::Day(first), calendar);
    } else {
        due.reason = Some("it ended before the first occurrence".into());
        return;
    }
    due.repeat = Some(Repeat { first, days, last });
    due.previous = occurrence(number_by(last.map_or(as_of, |last| last.min(as_of))));
    let next = occurrence((number_by(as_of) + 1).max(0)).filter(in_time);
    due.set_next(next);
    if let (Some((earliest, latest, found)), Some(next)) = (end, next)
        && earliest != latest
        && earliest.is_none_or(|earliest| next > earliest)
    {
        due.reason = Some(
            format!(
                "`{}` is known only as {}; it may have ended",
                found.name,
                found.when.long()
            )
            .into(),
        );
    }
}

/// Fills in the due date of one period, and the next due date after the as-of date.
fn by_period(due: &mut Due, period: Period, plus: Option<Count>, calendar: &Calendar, as_of: NaiveDate) {
    due.period = Some(period.to_string().into());
    match period_due(period, plus, calendar) {
        Some((day, skipped)) => {
            due.counted = skipped;
            due.set_due(Moment::Day(day), calendar);
        }
        None => undetermined(due, out_of_range()),
    }
    let after = as_of
        .succ_opt()
        .map(|from| period_due_from(period.kind(), plus, calendar, from));
    due.set_next(after.and_then(|period| Some(period_due(period, plus, calendar)?.0)));
}

/// When the report on a period is due: so many days after its last day, else by the last day of the next period.
fn period_due(period: Period, plus: Option<Count>, calendar: &Calendar) -> Option<(NaiveDate, Vec<Skipped>)> {
    match plus {
        Some(count) => shift(period.last_day(), count, Side::After, calendar),
        None => Some((period.next().last_day(), Vec::new())).filter(|(day, _)| in_range(*day)),
    }
}

/// The first period whose report is due on or after a day.
fn period_due_from(kind: PeriodKind, plus: Option<Count>, calendar: &Calendar, from: NaiveDate) -> Period {
    let due_by_then = |period: Period| period_due(period, plus, calendar).is_some_and(|(day, _)| day >= from);
    let guess = plus
        .and_then(|count| shift(from, count, Side::Before, calendar))
        .map_or(from, |(day, _)| day);
    let mut period = Period::containing(kind, guess).previous().previous();
    while !due_by_then(period) && period.first_day() <= from {
        period = period.next();
    }
    period
}

/// The record's own date, where the caller knows it: the anchor of a periodic deadline of a record.
fn record_day(due: &mut Due, calendar: &Calendar, lookup: Lookup<'_>) -> Option<NaiveDate> {
    let when = lookup("date")?;
    let day = when.day(calendar.timezone)?;
    due.clock = Some("date".into());
    due.start = Some(when);
    Some(day)
}

/// The first of these days of the year on or after a day.
fn next_listed(days: &[(u32, u32)], from: NaiveDate) -> Option<NaiveDate> {
    [from.year(), from.year() + 1]
        .into_iter()
        .flat_map(|year| {
            days.iter()
                .filter_map(move |(month, day)| NaiveDate::from_ymd_opt(year, *month, *day))
        })
        .find(|date| *date >= from)
        .filter(|date| in_range(*date))
}

/// Dates are written with four digits of year.
fn in_range(day: NaiveDate) -> bool {
    (1..=9999).contains(&day.year())
}

fn out_of_range() -> Unsure {
    Unsure {
        reason: "the date lies outside the years 1 to 9999".to_owned(),
        soonest: None,
        latest: None,
    }
}
