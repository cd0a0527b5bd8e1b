//! Days of session: on which days each chamber of Congress sat, as a file of the workspace states it.
//!
//! A day of session is a day of the calendar on which a chamber sat (CRS R42977); nobody can work it out, so relto ships
//! none and counts only within the span that the file says it covers. Each chamber is counted by itself. Whether a pro
//! forma session counts is a question to each statute; it counts unless the file says that it does not.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use crate::calendar::deadline::Side;

/// The days on which Congress sat, in a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sessions {
    from: NaiveDate,
    until: NaiveDate,
    chambers: Vec<Chamber>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Chamber {
    name: &'static str,
    /// The days that count.
    days: BTreeSet<NaiveDate>,
}

/// What a count of days of session came to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Counted {
    /// The day to which the earlier chamber comes, and what to say where the other comes to another day.
    Day(NaiveDate, Option<String>),
    /// The span ends before the count does: why, and the earliest day it can come to.
    Short(String, Option<NaiveDate>),
}

impl Sessions {
    /// Counts so many days of session from a day, the day itself left out. The chamber that gives the earlier day decides:
    /// a notice in time for that one is in time for both.
    pub(crate) fn count(&self, day: NaiveDate, number: u32, side: Side) -> Counted {
        let outside = match side {
            Side::After => day.succ_opt().is_none_or(|next| next < self.from) || day >= self.until,
            Side::Before => day.pred_opt().is_none_or(|last| last > self.until) || day <= self.from,
        };
        if outside && number > 0 {
            return Counted::Short(
                format!(
                    "the session calendar covers {} to {} and does not reach {day}",
                    self.from, self.until
                ),
                None,
            );
        }
        let ends: Vec<(&Chamber, Option<NaiveDate>, usize)> = self
            .chambers
            .iter()
            .map(|chamber| {
                let (end, held) = chamber.count(day, number, side);
                (chamber, end, held)
            })
            .collect();
        let mut reached = ends.iter().map(|(_, end, _)| end.is_some());
        let short = match side {
            Side::After => !reached.any(|reached| reached),
            Side::Before => !reached.all(|reached| reached),
        };
        let first = ends.iter().filter_map(|(_, end, _)| *end).min();
        if let Some(first) = first.filter(|_| !short) {
            let early = ends.iter().find(|(_, end, _)| *end == Some(first));
            let late = ends.iter().find(|(_, end, _)| *end != Some(first));
            let note = early.zip(late).map(|((early, ..), (late, end, _))| {
                let end = end.map_or_else(
                    || "after the last day that the session calendar covers".to_owned(),
                    |end| format!("on {end}"),
                );
                format!("the {} comes to it first; the {} {end}", early.name, late.name)
            });
            Counted::Day(first, note)
        } else {
            let held = ends
                .iter()
                .map(|(chamber, _, held)| format!("{held} of the {}", chamber.name))
                .collect::<Vec<_>>()
                .join(" and ");
            match side {
                Side::After => Counted::Short(
                    format!(
                        "the session calendar ends on {} and holds only {held} after {day}",
                        self.until
                    ),
                    self.until.succ_opt(),
                ),
                Side::Before => Counted::Short(
                    format!(
                        "the session calendar begins on {} and holds only {held} before {day}",
                        self.from
                    ),
                    None,
                ),
            }
        }
    }
}

impl Chamber {
    /// The day that is the `number`-th from `day`, where the span holds as many; and how many of them it holds.
    fn count(&self, day: NaiveDate, number: u32, side: Side) -> (Option<NaiveDate>, usize) {
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        if number == 0 {
            return (Some(day), 0);
        }
        let after = (std::ops::Bound::Excluded(day), std::ops::Bound::Unbounded);
        let found: Vec<NaiveDate> = match side {
            Side::After => self.days.range(after).take(number).copied().collect(),
            Side::Before => self.days.range(..day).rev().take(number).copied().collect(),
        };
        let end = found.last().copied().filter(|_| found.len() == number);
        (end, found.len())
    }
}

/// Reads a session file: `from` and `until`, the first and the last day it covers; `source`; and `[house]` and
/// `[senate]`, each with `days`, all days in session, and `pro_forma`, those of them that were pro forma.
/// `count_pro_forma = false` leaves these out of every count.
///
/// # Errors
/// What is wrong with the file, with the line.
pub fn parse_sessions(text: &str) -> Result<Sessions, String> {
    let line = |start: usize| text.get(..start).map_or(1, |before| before.matches('\n').count() + 1);
    let file: SessionFile = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(1, |span| line(span.start));
        format!("line {at}: {}", error.message().replace('\n', ", "))
    })?;
    let day = |written: &Spanned<Datetime>| {
        let datetime = written.get_ref();
        datetime
            .date
            .filter(|_| datetime.time.is_none())
            .and_then(|date| NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()))
            .ok_or_else(|| {
                let at = line(written.span().start);
                format!("line {at}: `{datetime}` is not a day: write a date such as 2025-01-03")
            })
    };
    let (from, until) = (day(&file.from)?, day(&file.until)?);
    if until < from {
        let at = line(file.until.span().start);
        return Err(format!(
            "line {at}: `until` is before `from`: write the last day that the file covers"
        ));
    }
    if file.source.get_ref().trim().is_empty() {
        let at = line(file.source.span().start);
        return Err(format!("line {at}: `source` is empty: say where the days are from"));
    }
    let count_pro_forma = file.count_pro_forma.unwrap_or(true);
    let mut chambers = Vec::new();
    for (name, table) in [("House", &file.house), ("Senate", &file.senate)] {
        let Some(table) = table else { continue };
        let mut days = BTreeSet::new();
        for written in &table.days {
            let (found, at) = (day(written)?, line(written.span().start));
            if !(from..=until).contains(&found) {
                return Err(format!("line {at}: {found} is outside the span from {from} to {until}"));
            }
            if !days.insert(found) {
                return Err(format!("line {at}: {found} is there twice in the days of the {name}"));
            }
        }
        let mut pro_forma = BTreeSet::new();
        for written in &table.pro_forma {
            let (found, at) = (day(written)?, line(written.span().start));
            if !days.contains(&found) {
                return Err(format!(
                    "line {at}: {found} is pro forma but not in the `days` of the {name}: write it in both"
                ));
            }
            if !pro_forma.insert(found) {
                return Err(format!(
                    "line {at}: {found} is there twice in the pro forma days of the {name}"
                ));
            }
        }
        if !count_pro_forma {
            days.retain(|day| !pro_forma.contains(day));
        }
        chambers.push(Chamber { name, days });
    }
    if chambers.is_empty() {
        return Err("line 1: no chamber is there: write `[house]` and `[senate]`, each with `days`".to_owned());
    }
    Ok(Sessions { from, until, chambers })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionFile {
    from: Spanned<Datetime>,
    until: Spanned<Datetime>,
    /// Where the days are from.
    source: Spanned<String>,
    count_pro_forma: Option<bool>,
    house: Option<ChamberTable>,
    senate: Option<ChamberTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChamberTable {
    days: Vec<Spanned<Datetime>>,
    #[serde(default)]
    pro_forma: Vec<Spanned<Datetime>>,
}
