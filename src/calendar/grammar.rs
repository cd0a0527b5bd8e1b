//! The grammar of deadlines: words in, a [`Form`] out, or the place of the first word that does not fit.

use chrono::NaiveDate;

use crate::base::suggest::nearest;
use crate::calendar::date::{MONTHS, When, days_in_month};
use crate::calendar::deadline::{Clock, Count, ExpressionProblem, Form, Side, Start, Unit};
use crate::calendar::window::{LARGEST_COUNT, PeriodKind};

/// Longer expressions are refused unread, in Unicode scalar values.
const LONGEST: usize = 1000;

/// Words of the grammar that no field can be called.
const RESERVED: [&str; 8] = ["after", "and", "before", "else", "every", "on", "then", "unknown"];

/// The words a deadline can start with, for suggestions.
const STARTS: [&str; 14] = [
    "before",
    "same",
    "promptly",
    "timely",
    "immediately",
    "currently",
    "as",
    "every",
    "on",
    "monthly",
    "quarterly",
    "semiannually",
    "annually",
    "within",
];

/// The words without a number. They stay words: never 0, never null.
const PROMPT_WORDS: [&str; 4] = ["promptly", "timely", "immediately", "currently"];

type Parsed<T> = Result<T, ExpressionProblem>;

pub(crate) fn parse(text: &str) -> Parsed<Form> {
    let length = text.chars().count();
    if length > LONGEST {
        return Err(ExpressionProblem {
            message: "the deadline is too long to be read".to_owned(),
            offset: 0,
            length,
            help: Some(format!("write at most {LONGEST} characters")),
        });
    }
    let mut words = Words::new(text, length);
    let form = words.form()?;
    match words.peek() {
        None => Ok(form),
        Some(word) => {
            let next = match &form {
                Form::Count { .. } => &["else", "then"][..],
                Form::Every { until: None, .. } => &["else", "until"],
                Form::OnDays(_) | Form::OnDates(_) => &["and"],
                Form::Periodic { plus: None, .. } => &["+"],
                Form::Prompt { clock: None, .. } => &["after"],
                Form::Periodic { .. } => &[],
                _ => &["else"],
            };
            let help = nearest(word.text, next.iter().copied())
                .map_or_else(|| "leave it out".to_owned(), |right| format!("write `{right}`"));
            Err(word.problem("does not belong here", help))
        }
    }
}

/// A word and its place in Unicode scalar values.
#[derive(Debug, Clone, Copy)]
struct Word<'a> {
    text: &'a str,
    offset: usize,
}

impl Word<'_> {
    /// A problem of this word: "`word` <what>".
    fn problem(self, what: &str, help: impl Into<String>) -> ExpressionProblem {
        let shown: String = self.text.chars().take(60).collect();
        ExpressionProblem {
            message: format!("`{}` {what}", shown.escape_debug()),
            offset: self.offset,
            length: self.text.chars().count(),
            help: Some(help.into()),
        }
    }
}

struct Words<'a> {
    list: Vec<Word<'a>>,
    at: usize,
    end: usize,
}

impl<'a> Words<'a> {
    /// Splits at ASCII white space and around `+`, but not within a moment such as `2025-03-05T09:30:00+01:00`.
    fn new(text: &'a str, end: usize) -> Self {
        let mut words = Vec::new();
        let mut offset = 0;
        for part in text.split(|c: char| c.is_ascii_whitespace()) {
            let length = part.chars().count();
            if !part.is_empty() {
                if part.starts_with(|c: char| c.is_ascii_digit()) {
                    words.push(Word { text: part, offset });
                } else {
                    let mut inner = offset;
                    for piece in part.split_inclusive('+') {
                        let (before, plus) = match piece.strip_suffix('+') {
                            Some(before) => (before, piece.get(before.len()..)),
                            None => (piece, None),
                        };
                        if !before.is_empty() {
                            words.push(Word {
                                text: before,
                                offset: inner,
                            });
                        }
                        inner += before.chars().count();
                        if let Some(plus) = plus {
                            words.push(Word {
                                text: plus,
                                offset: inner,
                            });
                            inner += 1;
                        }
                    }
                }
            }
            offset += length + 1;
        }
        Self {
            list: words,
            at: 0,
            end,
        }
    }

    fn peek(&self) -> Option<Word<'a>> {
        self.list.get(self.at).copied()
    }

    /// Takes the next word if it is this one.
    fn take(&mut self, text: &str) -> bool {
        let found = self.peek().is_some_and(|word| word.text == text);
        self.at += usize::from(found);
        found
    }

    /// Takes the next word, whatever it is; `wanted` says what should stand here when there is none.
    fn word(&mut self, wanted: &str, help: &str) -> Parsed<Word<'a>> {
        let Some(word) = self.peek() else {
            return Err(self.too_short(wanted, help));
        };
        self.at += 1;
        Ok(word)
    }

    fn too_short(&self, wanted: &str, help: &str) -> ExpressionProblem {
        let message = match self.list.last() {
            Some(last) => {
                let shown: String = last.text.chars().take(60).collect();
                format!("{wanted} is missing after `{}`", shown.escape_debug())
            }
            None => "the deadline is empty".to_owned(),
        };
        ExpressionProblem {
            message,
            offset: self.end,
            length: 0,
            help: Some(help.to_owned()),
        }
    }

    /// Takes one of these words.
    fn one_of(&mut self, right: &[&'static str]) -> Parsed<&'static str> {
        let listed = right.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>();
        let listed = listed.join(" or ");
        let word = self.word(&listed, &format!("write {listed}"))?;
        if let Some(found) = right.iter().find(|right| **right == word.text) {
            return Ok(found);
        }
        let help = nearest(word.text, right.iter().copied()).map_or(listed.clone(), |near| format!("`{near}`"));
        Err(word.problem(&format!("stands where {listed} should"), format!("write {help}")))
    }

    fn form(&mut self) -> Parsed<Form> {
        let first = self.word(
            "a deadline",
            "write a deadline such as `7 days after ended` or `before commenced`",
        )?;
        match first.text {
            "before" => Ok(Form::Before(self.clock()?)),
            "same" => {
                self.one_of(&["day"])?;
                self.one_of(&["as"])?;
                Ok(Form::SameDay(self.clock()?))
            }
            "as" => {
                self.one_of(&["soon"])?;
                self.one_of(&["as"])?;
                let word = match self.one_of(&["practicable", "possible"])? {
                    "possible" => "as soon as possible",
                    _ => "as soon as practicable",
                };
                self.prompt(word)
            }
            "every" => {
                let days = self.repeat()?;
                self.one_of(&["after"])?;
                let first = Count {
                    number: days,
                    unit: Unit::Days,
                };
                let clock = self.clock()?;
                let until = self.until()?;
                Ok(Form::Every {
                    first,
                    days,
                    clock,
                    until,
                })
            }
            "on" => self.listed(),
            text => {
                if let Some(word) = PROMPT_WORDS.into_iter().find(|word| *word == text) {
                    self.prompt(word)
                } else if let Some(kind) = PeriodKind::ALL.into_iter().find(|kind| kind.adverb() == text) {
                    self.periodic(kind)
                } else if text.starts_with(|c: char| c.is_ascii_digit()) {
                    self.at -= 1;
                    self.counted()
                } else {
                    Err(wrong_start(first))
                }
            }
        }
    }

    fn prompt(&mut self, word: &'static str) -> Parsed<Form> {
        let clock = if self.take("after") { Some(self.clock()?) } else { None };
        Ok(Form::Prompt { word, clock })
    }

    fn periodic(&mut self, kind: PeriodKind) -> Parsed<Form> {
        let plus = if self.take("+") {
            let (count, unit) = self.count()?;
            if matches!(count.unit, Unit::Hours | Unit::SessionDays) {
                return Err(unit.problem("cannot follow a period", "write `days` or `business days`"));
            }
            Some(count)
        } else {
            None
        };
        Ok(Form::Periodic { kind, plus })
    }

    fn counted(&mut self) -> Parsed<Form> {
        let (count, unit) = self.count()?;
        let side = match self.one_of(&["after", "before"])? {
            "before" => Side::Before,
            _ => Side::After,
        };
        let clock = self.clock()?;
        let Some(then) = self.peek().filter(|word| word.text == "then") else {
            return Ok(Form::Count { count, side, clock });
        };
        if side == Side::Before {
            return Err(then.problem("cannot follow a deadline before a date", "leave it out"));
        }
        if matches!(count.unit, Unit::Hours | Unit::SessionDays) {
            return Err(unit.problem(
                "cannot start a deadline that repeats",
                "write `days` or `business days`",
            ));
        }
        self.at += 1;
        self.one_of(&["every"])?;
        let days = self.repeat()?;
        let until = self.until()?;
        Ok(Form::Every {
            first: count,
            days,
            clock,
            until,
        })
    }

    /// The number of days after `every`.
    fn repeat(&mut self) -> Parsed<u32> {
        let (count, unit) = self.count()?;
        match count.unit {
            Unit::Days => Ok(count.number),
            _ => Err(unit.problem("cannot repeat", "write a number of `days`")),
        }
    }

    fn until(&mut self) -> Parsed<Option<Clock>> {
        if self.take("until") {
            self.clock().map(Some)
        } else {
            Ok(None)
        }
    }

    /// A number and its unit, with the first word of the unit for messages.
    fn count(&mut self) -> Parsed<(Count, Word<'a>)> {
        let word = self.word("a number", "write a number and its unit, such as `7 days`")?;
        let number = number(word)?;
        let unit_word = self.word("`days`", "write `days`, `business days`, `hours` or `session days`")?;
        let unit = match unit_word.text {
            "day" | "days" => Unit::Days,
            "hour" | "hours" => Unit::Hours,
            "business" => {
                self.one_of(&["days", "day"])?;
                Unit::BusinessDays
            }
            "session" => {
                self.one_of(&["days", "day"])?;
                Unit::SessionDays
            }
            _ => return Err(wrong_unit(unit_word, number)),
        };
        Ok((Count { number, unit }, unit_word))
    }

    fn clock(&mut self) -> Parsed<Clock> {
        let mut starts = vec![self.start()?];
        while self.take("else") {
            starts.push(self.start()?);
        }
        Ok(Clock(starts))
    }

    fn start(&mut self) -> Parsed<Start> {
        let word = self.word("a date", "write the field whose date starts the clock, such as `ended`")?;
        if word.text.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
            return When::parse(word.text)
                .map(Start::Literal)
                .map_err(|help| word.problem("is not a date", help));
        }
        if RESERVED.contains(&word.text) {
            return Err(word.problem(
                "stands where a date should",
                "write the field whose date starts the clock, such as `ended`",
            ));
        }
        if is_field(word.text) {
            return Ok(Start::Field(word.text.into()));
        }
        let plain: String = word
            .text
            .to_lowercase()
            .replace('-', "_")
            .trim_end_matches(['.', ',', ';'])
            .to_owned();
        let help = if is_field(&plain) && !RESERVED.contains(&plain.as_str()) {
            format!("write `{plain}`")
        } else {
            "write a field in lower case, such as `ended` or `finding.decided`".to_owned()
        };
        Err(word.problem("is not the name of a field", help))
    }

    /// What follows `on`: days of the year, or dates, not both.
    fn listed(&mut self) -> Parsed<Form> {
        let (mut days, mut dates): (Vec<(u32, u32)>, Vec<NaiveDate>) = (Vec::new(), Vec::new());
        loop {
            let word = self.word("a date", "write a date such as `Feb 1` or `2025-12-22`")?;
            if word.text.starts_with(|c: char| c.is_ascii_digit()) {
                let date = match When::parse(word.text) {
                    Ok(When::Day(date)) => date,
                    Ok(_) => return Err(word.problem("is not a single day", "write a date such as `2025-12-22`")),
                    Err(help) => return Err(word.problem("is not a date", help)),
                };
                if !days.is_empty() {
                    return Err(word.problem("has a year and the dates before it have none", "write all dates alike"));
                }
                if dates.contains(&date) {
                    return Err(word.problem("is there twice", "leave it out"));
                }
                dates.push(date);
            } else {
                let day = self.day_of_year(word)?;
                if !dates.is_empty() {
                    return Err(word.problem("has no year and the dates before it have one", "write all dates alike"));
                }
                if days.contains(&day) {
                    return Err(word.problem("starts a date that is there twice", "leave it out"));
                }
                days.push(day);
            }
            if !self.take("and") {
                break;
            }
        }
        days.sort_unstable();
        dates.sort_unstable();
        Ok(if dates.is_empty() {
            Form::OnDays(days)
        } else {
            Form::OnDates(dates)
        })
    }

    /// `Feb 1` or `February 1`; a day that every year has.
    fn day_of_year(&mut self, name: Word<'a>) -> Parsed<(u32, u32)> {
        let found = (1..)
            .zip(MONTHS)
            .find(|(_, month)| name.text == *month || (name.text.len() == 3 && month.starts_with(name.text)));
        let Some((month, long)) = found else {
            let short = MONTHS.iter().filter_map(|month| month.get(..3));
            let help = nearest(name.text, short.chain(MONTHS)).map_or_else(
                || "write a date such as `Feb 1` or `2025-12-22`".to_owned(),
                |month| format!("write `{month}`"),
            );
            return Err(name.problem("is not a month", help));
        };
        let word = self.word("the day", &format!("write the day, such as `{} 1`", name.text))?;
        let days = days_in_month(2025, month);
        match number(word)? {
            day if day <= days => Ok((month, day)),
            29 => Err(word.problem("is not a day of every February", "write `Feb 28` or `Mar 1`")),
            _ => Err(word.problem(
                &format!("is not a day of {long}"),
                format!("write a day from 1 to {days}"),
            )),
        }
    }
}

/// A whole number from 1 to [`LARGEST_COUNT`].
fn number(word: Word<'_>) -> Parsed<u32> {
    let digits = word.text.bytes().take_while(u8::is_ascii_digit).count();
    if digits < word.text.len() {
        let (number, rest) = word.text.split_at(digits);
        let unit = nearest(rest, ["days", "hours"]).or(match rest {
            "d" => Some("days"),
            "h" | "hrs" => Some("hours"),
            _ => None,
        });
        let help = match unit {
            Some(unit) if digits > 0 => format!("write `{number} {unit}`"),
            _ => format!("write a whole number from 1 to {LARGEST_COUNT}"),
        };
        return Err(word.problem("is not a whole number", help));
    }
    match word.text.parse() {
        Ok(0) => Err(word.problem(
            "is no time to count",
            "write `same day as …` for the day itself, `before …` for a notice in advance",
        )),
        Ok(number @ 1..=LARGEST_COUNT) => Ok(number),
        _ => Err(word.problem(
            "is more than can be counted",
            format!("write a number from 1 to {LARGEST_COUNT}"),
        )),
    }
}

fn is_field(text: &str) -> bool {
    text.split('.').all(|part| {
        part.starts_with(|c: char| c.is_ascii_lowercase())
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
    })
}

fn wrong_start(word: Word<'_>) -> ExpressionProblem {
    let help = match nearest(word.text, STARTS) {
        Some("within") => "leave it out: write `7 days after ended`".to_owned(),
        Some("same") => "write `same day as …`".to_owned(),
        Some("as") => "write `as soon as practicable`".to_owned(),
        Some(start) => format!("write `{start}`"),
        None => "write a number and its unit, as in `7 days after ended`, or `before commenced`".to_owned(),
    };
    word.problem("does not start a deadline", help)
}

fn wrong_unit(word: Word<'_>, number: u32) -> ExpressionProblem {
    let help = match word.text {
        "calendar" => format!("write `{number} days`: calendar days are counted unless the deadline says otherwise"),
        "working" | "work" | "weekdays" => format!("write `{number} business days`"),
        "legislative" => format!("write `{number} session days`"),
        "week" | "weeks" if number <= LARGEST_COUNT / 7 => format!("write `{} days`", number * 7),
        "month" | "months" | "year" | "years" => {
            "write a number of `days`: months and years are not equally long".to_owned()
        }
        "minute" | "minutes" => "write a number of `hours`".to_owned(),
        other => nearest(other, ["days", "day", "hours", "hour", "business", "session"]).map_or_else(
            || "write `days`, `business days`, `hours` or `session days`".to_owned(),
            |unit| format!("write `{unit}`"),
        ),
    };
    word.problem("is not a unit of time that is counted", help)
}
