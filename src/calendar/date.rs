//! Dates as records write them: a day, a moment, an imprecise stretch of days, or unknown.

use std::fmt;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use crate::base::shared::Shared;
use crate::calendar::window::Period;

/// A date of a record, as precise as it was written and never more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// A calendar day, without a time.
    Day(NaiveDate),
    /// A moment with its offset from UTC.
    Instant(DateTime<FixedOffset>),
    Span(Box<Stretch>),
    /// The word `unknown`: there is a date and nobody knows it.
    Unknown,
}

/// Some day between two days, both included; a side that is `None` is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// What was written.
    pub text: String,
}

impl When {
    /// A stretch of days, and how it is written.
    pub fn span(from: Option<NaiveDate>, to: Option<NaiveDate>, text: &str) -> When {
        let text = text.to_owned();
        When::Span(Box::new(Stretch { from, to, text }))
    }

    /// Reads a date: `2025-03-11`, `2025-03-11T09:30:00-05:00`, `2023-06`, `2023-Q3`, `2024-H2`, `2023`, an interval such
    /// as `2023-06/2023-09`, `../2024-01-02` or `2025-01-01/..`, or `unknown`.
    ///
    /// # Errors
    /// What to write instead, as an imperative without a period.
    pub fn parse(text: &str) -> Result<When, String> {
        if text == "unknown" {
            return Ok(When::Unknown);
        }
        if let Some((from, to)) = text.split_once('/') {
            return interval(text, from, to);
        }
        if let Some(day) = parse_day(text)? {
            return Ok(When::Day(day));
        }
        if text.as_bytes().get(10) == Some(&b'T') {
            return parse_instant(text).map(When::Instant);
        }
        let (from, to) = stretch(text)?;
        Ok(When::span(Some(from), Some(to), text))
    }

    /// Whether anything at all is known of it.
    pub fn is_known(&self) -> bool {
        match self {
            When::Unknown => false,
            When::Span(span) => span.from.is_some() || span.to.is_some(),
            When::Day(_) | When::Instant(_) => true,
        }
    }

    /// Returns the calendar day where it is certain. An instant counts as its day in `timezone`.
    pub fn day(&self, timezone: Tz) -> Option<NaiveDate> {
        match self {
            When::Day(day) => Some(*day),
            When::Instant(instant) => Some(instant.with_timezone(&timezone).date_naive()),
            When::Span(span) if span.from == span.to => span.from,
            When::Span(_) | When::Unknown => None,
        }
    }

    /// Returns the first day it can be.
    pub fn earliest_day(&self, timezone: Tz) -> Option<NaiveDate> {
        match self {
            When::Span(span) => span.from,
            _ => self.day(timezone),
        }
    }

    /// Returns the last day it can be.
    pub fn latest_day(&self, timezone: Tz) -> Option<NaiveDate> {
        match self {
            When::Span(span) => span.to,
            _ => self.day(timezone),
        }
    }

    /// Returns the moment where it is certain.
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        match self {
            When::Instant(instant) => Some(instant.with_timezone(&Utc)),
            _ => None,
        }
    }

    /// Returns the first moment it can be: an instant itself, else the first moment of the first day in `timezone`.
    pub fn earliest_instant(&self, timezone: Tz) -> Option<DateTime<Utc>> {
        self.instant()
            .or_else(|| first_moment(self.earliest_day(timezone)?, timezone))
    }

    /// Returns the moment by which it has certainly been: an instant itself, else the end of the last day in `timezone`.
    pub fn latest_instant(&self, timezone: Tz) -> Option<DateTime<Utc>> {
        self.instant()
            .or_else(|| first_moment(self.latest_day(timezone)?.succ_opt()?, timezone))
    }

    /// Returns the date as a letter writes it: "March 11, 2025", "June to September 2023", "before January 3, 2024",
    /// "the third quarter of 2023", "an unknown date".
    pub fn long(&self) -> String {
        match self {
            When::Day(day) => long_day(*day),
            When::Instant(instant) => {
                let offset = if instant.offset().local_minus_utc() == 0 {
                    String::new()
                } else {
                    instant.format("%:z").to_string()
                };
                format!(
                    "{}, {} UTC{offset}",
                    long_day(instant.date_naive()),
                    instant.format("%H:%M")
                )
            }
            When::Span(span) => long_span(span.from, span.to, &span.text),
            When::Unknown => "an unknown date".to_owned(),
        }
    }
}

impl fmt::Display for When {
    /// Prints the date as it is written.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            When::Day(day) => write!(f, "{day}"),
            When::Instant(instant) => f.write_str(&instant.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            When::Span(span) => f.write_str(&span.text),
            When::Unknown => f.write_str("unknown"),
        }
    }
}

/// The months as letters write them.
pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Returns "2025-03-11". Millions are written: this is many times faster than the formatter, which has the same answer.
pub(crate) fn iso(day: NaiveDate) -> Shared {
    let Ok(year @ 0..=9999) = u32::try_from(day.year()) else {
        return day.to_string().into();
    };
    let mut text = *b"0000-00-00";
    for (last, mut number) in [(3, year), (6, day.month()), (9, day.day())] {
        let mut at = last;
        while number > 0 {
            text[at] = b"0123456789"[number as usize % 10];
            number /= 10;
            at = at.saturating_sub(1);
        }
    }
    std::str::from_utf8(&text).unwrap_or_default().into()
}

/// Returns the English name of the month 1 to 12.
pub fn month_name(month: u32) -> &'static str {
    MONTHS[(month as usize + 11) % 12]
}

/// Returns "March 11, 2025".
pub fn long_day(day: NaiveDate) -> String {
    format!("{} {}, {}", month_name(day.month()), day.day(), day.year())
}

/// Returns "Tuesday, March 11, 2025".
pub fn long_weekday(day: NaiveDate) -> String {
    format!("{}, {}", day.format("%A"), long_day(day))
}

/// Returns the first moment of a local day. Where the clocks go forward over midnight, that is the moment after the gap.
pub fn first_moment(day: NaiveDate, timezone: Tz) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    if let Some(found) = timezone.from_local_datetime(&midnight).earliest() {
        return Some(found.with_timezone(&Utc));
    }
    // In a gap local time only goes forward, so its first moment not before midnight is found by halving.
    let (mut before, mut after) = (
        midnight.checked_sub_signed(TimeDelta::hours(36))?.and_utc(),
        midnight.checked_add_signed(TimeDelta::hours(36))?.and_utc(),
    );
    while after - before > TimeDelta::seconds(1) {
        let middle = before + TimeDelta::seconds((after - before).num_seconds() / 2);
        if middle.with_timezone(&timezone).naive_local() < midnight {
            before = middle;
        } else {
            after = middle;
        }
    }
    Some(after)
}

/// Reads `YYYY-MM-DD`; `None` when the text has another shape.
fn parse_day(text: &str) -> Result<Option<NaiveDate>, String> {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        text.get(range)
            .filter(|part| part.bytes().all(|b| b.is_ascii_digit()))
            .and_then(|part| part.parse::<u32>().ok())
    };
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return Ok(None);
    }
    let (Some(year), Some(month), Some(day)) = (digits(0..4), digits(5..7), digits(8..10)) else {
        return Ok(None);
    };
    #[expect(clippy::cast_possible_wrap, reason = "four digits")]
    let year = year as i32;
    match NaiveDate::from_ymd_opt(year, month, day) {
        Some(found) => Ok(Some(found)),
        None if !(1..=12).contains(&month) => Err(format!("write a month from 01 to 12: there is no month {month:02}")),
        None => Err(format!(
            "write a day that exists: {} {year} has {} days",
            month_name(month),
            days_in_month(year, month)
        )),
    }
}

/// Returns the number of days of a month, 28 to 31.
pub(crate) fn days_in_month(year: i32, month: u32) -> u32 {
    (28..=31)
        .rev()
        .find(|day| NaiveDate::from_ymd_opt(year, month, *day).is_some())
        .unwrap_or(28)
}

/// Reads an RFC 3339 moment; the seconds may be left out.
fn parse_instant(text: &str) -> Result<DateTime<FixedOffset>, String> {
    let shape = "write a moment with its offset from UTC, such as `2025-03-11T09:30:00-05:00`";
    let day = text.get(..10).ok_or(shape)?;
    let Some(_) = parse_day(day)? else {
        return Err(shape.to_owned());
    };
    let time = text.get(11..).ok_or(shape)?;
    let seconds_left_out = time
        .as_bytes()
        .get(5)
        .is_some_and(|next| matches!(next, b'Z' | b'+' | b'-'));
    let whole = if seconds_left_out {
        format!("{}:00{}", text.get(..16).ok_or(shape)?, text.get(16..).ok_or(shape)?)
    } else {
        text.to_owned()
    };
    DateTime::parse_from_rfc3339(&whole).map_err(|_| shape.to_owned())
}

/// Reads one side of an interval, or a whole imprecise date: its first and its last day.
fn stretch(text: &str) -> Result<(NaiveDate, NaiveDate), String> {
    if let Some(day) = parse_day(text)? {
        return Ok((day, day));
    }
    let period = Period::parse(text).map_err(|_| {
        "write a day such as `2025-03-11`, a moment such as `2025-03-11T09:30:00-05:00`, an imprecise date such as \
         `2023-06`, `2023-Q3`, `2024-H2` or `2023`, an interval such as `2023-06/2023-09`, or `unknown`"
            .to_owned()
    })?;
    Ok((period.first_day(), period.last_day()))
}

fn interval(text: &str, from: &str, to: &str) -> Result<When, String> {
    let side = |text: &str| match text {
        ".." => Ok(None),
        _ => stretch(text).map(Some),
    };
    let (from, to) = (side(from)?, side(to)?);
    match (&from, &to) {
        (None, None) => return Err("write `unknown` where neither side is known".to_owned()),
        (Some((first, _)), Some((_, last))) if first > last => {
            return Err("write the earlier date first".to_owned());
        }
        _ => {}
    }
    Ok(When::span(from.map(|(first, _)| first), to.map(|(_, last)| last), text))
}

/// Says a stretch in words, at the precision it was written in.
fn long_span(from: Option<NaiveDate>, to: Option<NaiveDate>, text: &str) -> String {
    let after_end = |day: NaiveDate| day.succ_opt().unwrap_or(day);
    match (from, to) {
        (None, None) => "an unknown date".to_owned(),
        (None, Some(to)) => format!("before {}", long_day(after_end(to))),
        (Some(from), None) => format!("on or after {}", long_day(from)),
        (Some(from), Some(to)) => match text.split_once('/') {
            Some((first, last)) => long_interval((first, from), (last, to)),
            None => long_part(text, from),
        },
    }
}

/// Says one side of an interval in words; `day` stands for a side that is a day.
fn long_part(text: &str, day: NaiveDate) -> String {
    Period::parse(text).map_or_else(|_| long_day(day), Period::long)
}

fn long_interval((first, from): (&str, NaiveDate), (last, to): (&str, NaiveDate)) -> String {
    let same_year = from.year() == to.year();
    let start = match (Period::parse(first), Period::parse(last)) {
        (Ok(Period::Month { month, .. }), Ok(Period::Month { .. })) if same_year => month_name(month).to_owned(),
        (Err(_), Err(_)) if from == to => return long_day(from),
        (Err(_), Err(_)) if same_year => format!("{} {}", month_name(from.month()), from.day()),
        _ => long_part(first, from),
    };
    format!("{start} to {}", long_part(last, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_written_as_the_formatter_writes_it() {
        let first = NaiveDate::from_ymd_opt(-2, 12, 30).unwrap();
        let days = (0..4_500_000).step_by(97).map(|days| first + chrono::Days::new(days));
        for day in days.chain([NaiveDate::MIN, NaiveDate::MAX]) {
            assert_eq!(iso(day).as_str(), day.to_string());
        }
    }

    #[test]
    fn midnight_may_be_missing() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a day");
        // Beirut, 27 March 2022: clocks went from 00:00 to 01:00.
        let found = first_moment(day(2022, 3, 27), chrono_tz::Asia::Beirut).expect("a moment");
        assert_eq!(found.to_rfc3339(), "2022-03-26T22:00:00+00:00");
        // Apia left out 30 December 2011 altogether.
        let found = first_moment(day(2011, 12, 30), chrono_tz::Pacific::Apia).expect("a moment");
        assert_eq!(found.to_rfc3339(), "2011-12-30T10:00:00+00:00");
    }
}
