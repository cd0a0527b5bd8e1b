//! Days off: weekends, the federal holidays of their years, Inauguration Day, and closures of the workspace.
//!
//! Source: 5 U.S.C. 6103(a) for the holidays, 6103(b) for Saturday to Friday, E.O. 11582 s. 3(a) for Sunday to Monday,
//! 6103(c) for Inauguration Day. Both shifts are written "for pay and leave": they say when an office is shut, not that
//! a deadline moves. Deadlines here never move by themselves; see [`crate::calendar::due::Due::submit_by`].

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize, Serializer};

use crate::calendar::session::Sessions;

/// Which days the offices are open, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    /// In which zone a moment becomes a calendar day.
    pub timezone: Tz,
    /// Whether Inauguration Day counts: it is a holiday in the Washington area only, 5 U.S.C. 6103(c).
    pub dc_area: bool,
    closures: BTreeMap<NaiveDate, String>,
    sessions: Option<Sessions>,
}

/// A day that a count left out, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Skipped {
    #[serde(serialize_with = "as_text")]
    pub date: NaiveDate,
    pub why: String,
}

impl Default for Calendar {
    /// Washington: `America/New_York`, Inauguration Day, no closures.
    fn default() -> Self {
        Self::new(chrono_tz::America::New_York, true)
    }
}

impl Calendar {
    pub fn new(timezone: Tz, dc_area: bool) -> Self {
        Self {
            timezone,
            dc_area,
            closures: BTreeMap::new(),
            sessions: None,
        }
    }

    /// The same calendar with these closures instead of its own, each with its name.
    #[must_use]
    pub fn with_closures(mut self, closures: BTreeMap<NaiveDate, String>) -> Self {
        self.closures = closures;
        self
    }

    /// The same calendar with these days of session.
    #[must_use]
    pub fn with_sessions(mut self, sessions: Sessions) -> Self {
        self.sessions = Some(sessions);
        self
    }

    pub(crate) fn sessions(&self) -> Option<&Sessions> {
        self.sessions.as_ref()
    }

    /// Returns why the offices are shut on a day, or `None` on a business day: "Saturday", "Independence Day (observed)",
    /// or the name of the closure.
    pub fn day_off(&self, day: NaiveDate) -> Option<String> {
        match day.weekday() {
            Weekday::Sat => return Some("Saturday".to_owned()),
            Weekday::Sun => return Some("Sunday".to_owned()),
            _ => {}
        }
        let inauguration = self.inauguration_day(day).then_some("Inauguration Day");
        match (holiday(day), inauguration) {
            (Some((name, Observance::Itself)), None) => Some(name.to_owned()),
            (Some((name, Observance::Moved)), None) => Some(format!("{name} (observed)")),
            (Some((name, _)), Some(also)) => Some(format!("{name} and {also}")),
            (None, Some(only)) => Some(only.to_owned()),
            (None, None) => self.closures.get(&day).cloned(),
        }
    }

    pub fn is_business_day(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
            && holiday(day).is_none()
            && !self.inauguration_day(day)
            && !self.closures.contains_key(&day)
    }

    /// Counts `count` business days forward, the day itself excluded, and returns where the count ends and what it left
    /// out. A count of 0 is the first business day on or after `from`. It stops at the end of chrono's calendar.
    pub fn add_business_days(&self, from: NaiveDate, count: u32) -> (NaiveDate, Vec<Skipped>) {
        self.walk(from, count, NaiveDate::succ_opt)
    }

    /// Counts `count` business days backward; the mirror of [`Calendar::add_business_days`].
    pub fn subtract_business_days(&self, from: NaiveDate, count: u32) -> (NaiveDate, Vec<Skipped>) {
        self.walk(from, count, NaiveDate::pred_opt)
    }

    /// Returns the number of business days after `from` up to and including `to`; 0 when `to` is not later.
    pub fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> usize {
        from.iter_days()
            .skip(1)
            .take_while(|day| *day <= to)
            .filter(|day| self.is_business_day(*day))
            .count()
    }

    /// Returns the last business day not later than `day`.
    pub fn business_day_on_or_before(&self, day: NaiveDate) -> NaiveDate {
        let mut found = day;
        while !self.is_business_day(found) {
            match found.pred_opt() {
                Some(before) => found = before,
                None => break,
            }
        }
        found
    }

    fn walk(
        &self,
        from: NaiveDate,
        count: u32,
        step: fn(&NaiveDate) -> Option<NaiveDate>,
    ) -> (NaiveDate, Vec<Skipped>) {
        let mut skipped = Vec::new();
        let mut day = from;
        let mut left = count;
        loop {
            if left == 0 && (count > 0 || self.is_business_day(day)) {
                return (day, skipped);
            }
            if count == 0 {
                skipped.extend(self.skipped(day));
            }
            let Some(next) = step(&day) else {
                return (day, skipped);
            };
            day = next;
            if count > 0 {
                match self.skipped(day) {
                    Some(off) => skipped.push(off),
                    None => left -= 1,
                }
            }
        }
    }

    fn skipped(&self, date: NaiveDate) -> Option<Skipped> {
        self.day_off(date).map(|why| Skipped { date, why })
    }

    /// 5 U.S.C. 6103(c): January 20 of each fourth year after 1965; the next day when it is a Sunday. On a Saturday
    /// nothing moves.
    fn inauguration_day(&self, day: NaiveDate) -> bool {
        let its_year = day.year() > 1965 && (day.year() - 1965) % 4 == 0;
        self.dc_area
            && its_year
            && day.month() == 1
            && (day.day() == 20 || (day.day() == 21 && day.weekday() == Weekday::Mon))
    }
}

/// Reads a closures file: `[[closure]]` tables with `date`, `name` and, if wanted, `authority`.
///
/// A closure is a day on which the workspace's offices were shut although it is no holiday, such as 2025-12-24 by
/// executive order. Agency heads may keep offices open on such a day, so relto ships none.
///
/// # Errors
/// What is wrong with the file, with the line.
pub fn parse_closures(text: &str) -> Result<BTreeMap<NaiveDate, String>, String> {
    let file: ClosureFile = toml::from_str(text).map_err(|error| {
        let line = error
            .span()
            .and_then(|span| text.get(..span.start))
            .map_or(1, |before| before.matches('\n').count() + 1);
        format!("line {line}: {}", error.message().replace('\n', ", "))
    })?;
    let mut closures = BTreeMap::new();
    for closure in file.closure {
        let date = closure
            .date
            .date
            .filter(|_| closure.date.time.is_none())
            .and_then(|date| NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()))
            .ok_or_else(|| format!("`{}` is not a day: write a date such as 2025-12-24", closure.date))?;
        if closure.name.trim().is_empty() {
            return Err(format!("the closure of {date} has no name"));
        }
        if closures.insert(date, closure.name).is_some() {
            return Err(format!("the closure of {date} is there twice"));
        }
    }
    Ok(closures)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClosureFile {
    #[serde(default)]
    closure: Vec<Closure>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Closure {
    date: toml::value::Datetime,
    name: String,
    /// The order that closed the offices; for readers of the file.
    #[serde(rename = "authority")]
    _authority: Option<String>,
}

/// The rule by which a holiday finds its day in a year.
#[derive(Clone, Copy)]
enum Rule {
    /// A day of a month.
    On(u32, u32),
    /// The n-th such weekday of a month.
    Nth(u32, Weekday, u8),
    /// The last such weekday of a month, so many weeks earlier.
    Last(u32, Weekday, u8),
}

const ALWAYS: i32 = i32::MAX;

/// Name, rule, first year, last year. The names are those of 5 U.S.C. 6103(a).
///
/// The years before 1971 are the dates of then: the Monday holidays came with P.L. 90-363 (1971), Veterans Day went back
/// to November 11 with P.L. 94-97 (1978), Thanksgiving was moved by proclamation in 1939-1941 and fixed by P.L. 77-379.
const HOLIDAYS: &[(&str, Rule, i32, i32)] = &[
    ("New Year's Day", Rule::On(1, 1), 1870, ALWAYS),
    (
        "Birthday of Martin Luther King, Jr.",
        Rule::Nth(1, Weekday::Mon, 3),
        1986, // P.L. 98-144 of 1983, first observed in 1986
        ALWAYS,
    ),
    ("Washington's Birthday", Rule::On(2, 22), 1879, 1970),
    ("Washington's Birthday", Rule::Nth(2, Weekday::Mon, 3), 1971, ALWAYS),
    ("Memorial Day", Rule::On(5, 30), 1888, 1970),
    ("Memorial Day", Rule::Last(5, Weekday::Mon, 0), 1971, ALWAYS),
    (
        "Juneteenth National Independence Day",
        Rule::On(6, 19),
        2021, // P.L. 117-17 of June 17, 2021
        ALWAYS,
    ),
    ("Independence Day", Rule::On(7, 4), 1870, ALWAYS),
    ("Labor Day", Rule::Nth(9, Weekday::Mon, 1), 1894, ALWAYS),
    ("Columbus Day", Rule::Nth(10, Weekday::Mon, 2), 1971, ALWAYS),
    ("Veterans Day", Rule::On(11, 11), 1938, 1970),
    ("Veterans Day", Rule::Nth(10, Weekday::Mon, 4), 1971, 1977),
    ("Veterans Day", Rule::On(11, 11), 1978, ALWAYS),
    ("Thanksgiving Day", Rule::Last(11, Weekday::Thu, 0), 1870, 1938),
    ("Thanksgiving Day", Rule::Last(11, Weekday::Thu, 1), 1939, 1941),
    ("Thanksgiving Day", Rule::Nth(11, Weekday::Thu, 4), 1942, ALWAYS),
    ("Christmas Day", Rule::On(12, 25), 1870, ALWAYS),
];

/// The first year in which a Saturday holiday was observed on Friday: P.L. 86-362 of September 1959.
const SATURDAY_RULE_SINCE: i32 = 1960;

#[derive(Clone, Copy)]
enum Observance {
    Itself,
    Moved,
}

/// Returns the holiday of a weekday: its own, or one moved to it from Saturday or Sunday.
fn holiday(day: NaiveDate) -> Option<(&'static str, Observance)> {
    if let Some(name) = holiday_itself(day) {
        return Some((name, Observance::Itself));
    }
    let moved_from = match day.weekday() {
        Weekday::Fri => day.succ_opt().filter(|saturday| saturday.year() >= SATURDAY_RULE_SINCE),
        Weekday::Mon => day.pred_opt(),
        _ => None,
    }?;
    holiday_itself(moved_from).map(|name| (name, Observance::Moved))
}

fn holiday_itself(day: NaiveDate) -> Option<&'static str> {
    HOLIDAYS
        .iter()
        .find(|(_, rule, first, last)| (*first..=*last).contains(&day.year()) && rule.falls_on(day))
        .map(|(name, ..)| *name)
}

impl Rule {
    fn falls_on(self, day: NaiveDate) -> bool {
        match self {
            Rule::On(month, date) => day.month() == month && day.day() == date,
            Rule::Nth(month, weekday, nth) => {
                day.month() == month
                    && day.weekday() == weekday
                    && NaiveDate::from_weekday_of_month_opt(day.year(), month, weekday, nth) == Some(day)
            }
            Rule::Last(month, weekday, weeks_before) => {
                let weeks_left = |weeks: u8| {
                    day.checked_add_days(chrono::Days::new(u64::from(weeks) * 7))
                        .is_some_and(|later| later.month() == month)
                };
                day.month() == month
                    && day.weekday() == weekday
                    && weeks_left(weeks_before)
                    && !weeks_left(weeks_before + 1)
            }
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature serde asks for")]
fn as_text<S: Serializer>(date: &NaiveDate, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(date)
}
