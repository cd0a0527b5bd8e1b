//! Stretches of the calendar: the trailing windows in which rules count, and the periods of periodic reports.

use std::fmt;

use chrono::{Datelike, Days, NaiveDate};

use crate::base::suggest::nearest;
use crate::calendar::date::{days_in_month, month_name};
use crate::calendar::deadline::ExpressionProblem;

/// The longest window and the largest count of a deadline: about a hundred years of days.
pub const LARGEST_COUNT: u32 = 36_500;

/// How far back a rule looks from a record's date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Window {
    /// A number of calendar days.
    Days(u32),
    Month,
    Quarter,
    Half,
    /// The calendar year.
    Year,
    /// October 1 to September 30 (31 U.S.C. 1102).
    FiscalYear,
}

const WINDOW_WORDS: [(&str, Window); 6] = [
    ("month", Window::Month),
    ("quarter", Window::Quarter),
    ("half", Window::Half),
    ("year", Window::Year),
    ("fiscal year", Window::FiscalYear),
    ("calendar year", Window::Year),
];

impl Window {
    /// Reads `180 days`, `fiscal year`, `quarter`, `month`, `half` or `year`.
    ///
    /// # Errors
    /// An [`ExpressionProblem`] over the whole text, or over the number when it is too large.
    pub fn parse(text: &str) -> Result<Window, ExpressionProblem> {
        if let Some((_, window)) = WINDOW_WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(*window);
        }
        let whole = |message: String, help: String| ExpressionProblem {
            message,
            offset: 0,
            length: text.chars().count().max(1),
            help: Some(help),
        };
        let words: Vec<&str> = text.split(' ').collect();
        if let [number, "day" | "days"] = words.as_slice()
            && !number.is_empty()
            && number.bytes().all(|b| b.is_ascii_digit())
        {
            return match number.parse() {
                Ok(days @ 1..=LARGEST_COUNT) => Ok(Window::Days(days)),
                _ => Err(ExpressionProblem {
                    message: "a window of a number of days that cannot be counted".to_owned(),
                    offset: 0,
                    length: number.chars().count(),
                    help: Some(format!("write a number from 1 to {LARGEST_COUNT}")),
                }),
            };
        }
        let known = WINDOW_WORDS.iter().map(|(word, _)| *word);
        let help = nearest(text, known).map_or_else(
            || {
                "write a number of days such as `180 days`, or `month`, `quarter`, `half`, `year` or `fiscal year`"
                    .to_owned()
            },
            |word| format!("write `{word}`"),
        );
        Err(whole(format!("`{}` is not a window", text.escape_debug()), help))
    }

    /// Whether the window that trails from `anchor` holds `other`: not later than `anchor`, and either at most N calendar
    /// days before it or in the same month, quarter, half or year.
    pub fn contains(self, anchor: NaiveDate, other: NaiveDate) -> bool {
        self.first_day(anchor) <= other && other <= anchor
    }

    /// Returns the first day of the window that trails from `anchor`.
    pub fn first_day(self, anchor: NaiveDate) -> NaiveDate {
        let kind = match self {
            Window::Days(days) => {
                return anchor
                    .checked_sub_days(Days::new(days.into()))
                    .unwrap_or(NaiveDate::MIN);
            }
            Window::FiscalYear => {
                let year = if anchor.month() >= 10 {
                    anchor.year()
                } else {
                    anchor.year() - 1
                };
                return day_or(year, 10, 1, NaiveDate::MIN);
            }
            Window::Month => PeriodKind::Month,
            Window::Quarter => PeriodKind::Quarter,
            Window::Half => PeriodKind::Half,
            Window::Year => PeriodKind::Year,
        };
        Period::containing(kind, anchor).first_day()
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Window::Days(1) => f.write_str("1 day"),
            Window::Days(days) => write!(f, "{days} days"),
            Window::Month => f.write_str("month"),
            Window::Quarter => f.write_str("quarter"),
            Window::Half => f.write_str("half"),
            Window::Year => f.write_str("year"),
            Window::FiscalYear => f.write_str("fiscal year"),
        }
    }
}

/// How often a report is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PeriodKind {
    Month,
    Quarter,
    Half,
    Year,
}

impl PeriodKind {
    /// Every kind, shortest first.
    pub const ALL: [PeriodKind; 4] = [
        PeriodKind::Month,
        PeriodKind::Quarter,
        PeriodKind::Half,
        PeriodKind::Year,
    ];

    /// The word of a pack's `per`: `month`, `quarter`, `half`, `year`.
    pub fn word(self) -> &'static str {
        match self {
            PeriodKind::Month => "month",
            PeriodKind::Quarter => "quarter",
            PeriodKind::Half => "half",
            PeriodKind::Year => "year",
        }
    }

    /// The word of a deadline: `monthly`, `quarterly`, `semiannually`, `annually`.
    pub fn adverb(self) -> &'static str {
        match self {
            PeriodKind::Month => "monthly",
            PeriodKind::Quarter => "quarterly",
            PeriodKind::Half => "semiannually",
            PeriodKind::Year => "annually",
        }
    }

    /// Returns the kind a pack's `per` names.
    pub fn named(word: &str) -> Option<PeriodKind> {
        PeriodKind::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Months in one period.
    fn months(self) -> i32 {
        match self {
            PeriodKind::Month => 1,
            PeriodKind::Quarter => 3,
            PeriodKind::Half => 6,
            PeriodKind::Year => 12,
        }
    }
}

/// One month, quarter, half or year of the calendar, labelled `2025-03`, `2025-Q1`, `2025-H1`, `2025`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Period {
    Month { year: i32, month: u32 },
    Quarter { year: i32, quarter: u32 },
    Half { year: i32, half: u32 },
    Year { year: i32 },
}

impl Period {
    /// Reads a label: `2025-03`, `2025-Q1`, `2025-H1` or `2025`.
    ///
    /// # Errors
    /// What to write instead.
    pub fn parse(text: &str) -> Result<Period, String> {
        let wrong = || "write a period such as `2025-03`, `2025-Q1`, `2025-H1` or `2025`".to_owned();
        let (year, rest) = match text.split_once('-') {
            Some((year, rest)) => (year, Some(rest)),
            None => (text, None),
        };
        if year.len() != 4 || !year.bytes().all(|b| b.is_ascii_digit()) {
            return Err(wrong());
        }
        let year = year.parse().map_err(|_| wrong())?;
        let Some(rest) = rest else {
            return Ok(Period::Year { year });
        };
        match rest.as_bytes() {
            [b'Q', quarter @ b'1'..=b'4'] => Ok(Period::Quarter {
                year,
                quarter: u32::from(quarter - b'0'),
            }),
            [b'H', half @ b'1'..=b'2'] => Ok(Period::Half {
                year,
                half: u32::from(half - b'0'),
            }),
            [tens @ b'0'..=b'1', ones @ b'0'..=b'9'] => {
                let month = u32::from(tens - b'0') * 10 + u32::from(ones - b'0');
                if (1..=12).contains(&month) {
                    Ok(Period::Month { year, month })
                } else {
                    Err(wrong())
                }
            }
            _ => Err(wrong()),
        }
    }

    /// Returns the period of this kind that holds `day`.
    pub fn containing(kind: PeriodKind, day: NaiveDate) -> Period {
        Period::numbered(kind, day.year(), day.month0() / kind.months().unsigned_abs() + 1)
    }

    pub fn kind(self) -> PeriodKind {
        match self {
            Period::Month { .. } => PeriodKind::Month,
            Period::Quarter { .. } => PeriodKind::Quarter,
            Period::Half { .. } => PeriodKind::Half,
            Period::Year { .. } => PeriodKind::Year,
        }
    }

    pub fn year(self) -> i32 {
        match self {
            Period::Month { year, .. }
            | Period::Quarter { year, .. }
            | Period::Half { year, .. }
            | Period::Year { year } => year,
        }
    }

    pub fn first_day(self) -> NaiveDate {
        let month = (self.number() - 1) * self.kind().months().unsigned_abs() + 1;
        day_or(self.year(), month, 1, NaiveDate::MIN)
    }

    pub fn last_day(self) -> NaiveDate {
        let month = self.number() * self.kind().months().unsigned_abs();
        day_or(self.year(), month, days_in_month(self.year(), month), NaiveDate::MAX)
    }

    /// Whether the period holds `day`.
    pub fn contains(self, day: NaiveDate) -> bool {
        self.first_day() <= day && day <= self.last_day()
    }

    /// Returns the period of the same kind that follows.
    #[must_use]
    pub fn next(self) -> Period {
        self.step(1)
    }

    /// Returns the period of the same kind before this one.
    #[must_use]
    pub fn previous(self) -> Period {
        self.step(-1)
    }

    /// Returns the period in words: "March 2025", "the first quarter of 2025", "the second half of 2025", "2025".
    pub fn long(self) -> String {
        const ORDINALS: [&str; 4] = ["first", "second", "third", "fourth"];
        let ordinal = |number: u32| ORDINALS[(number as usize + 3) % 4];
        match self {
            Period::Month { year, month } => format!("{} {year}", month_name(month)),
            Period::Quarter { year, quarter } => format!("the {} quarter of {year}", ordinal(quarter)),
            Period::Half { year, half } => format!("the {} half of {year}", ordinal(half)),
            Period::Year { year } => year.to_string(),
        }
    }

    /// Which of its kind it is in its year, from 1.
    fn number(self) -> u32 {
        match self {
            Period::Month { month, .. } => month,
            Period::Quarter { quarter, .. } => quarter,
            Period::Half { half, .. } => half,
            Period::Year { .. } => 1,
        }
    }

    fn numbered(kind: PeriodKind, year: i32, number: u32) -> Period {
        match kind {
            PeriodKind::Month => Period::Month { year, month: number },
            PeriodKind::Quarter => Period::Quarter { year, quarter: number },
            PeriodKind::Half => Period::Half { year, half: number },
            PeriodKind::Year => Period::Year { year },
        }
    }

    fn step(self, by: i32) -> Period {
        let in_a_year = 12 / self.kind().months();
        #[expect(clippy::cast_possible_wrap, reason = "a number from 1 to 12")]
        let at = self
            .year()
            .saturating_mul(in_a_year)
            .saturating_add(self.number() as i32 - 1 + by);
        Period::numbered(
            self.kind(),
            at.div_euclid(in_a_year),
            at.rem_euclid(in_a_year).unsigned_abs() + 1,
        )
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Period::Month { year, month } => write!(f, "{year:04}-{month:02}"),
            Period::Quarter { year, quarter } => write!(f, "{year:04}-Q{quarter}"),
            Period::Half { year, half } => write!(f, "{year:04}-H{half}"),
            Period::Year { year } => write!(f, "{year:04}"),
        }
    }
}

/// The date, or `other` outside the years chrono can hold.
fn day_or(year: i32, month: u32, day: u32, other: NaiveDate) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or(other)
}
