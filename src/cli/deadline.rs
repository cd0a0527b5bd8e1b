//! `relto deadline`: tries out a deadline expression and says what was counted.

use std::io::{self, Write};

use chrono::{Datelike, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::base::failure::Failure;
use crate::base::source::read_text;
use crate::base::suggest::nearest;
use crate::calendar::date::{When, long_day, long_weekday};
use crate::calendar::deadline::{Due, DueKind, ExpressionProblem, parse, resolve};
use crate::calendar::due::Moment;
use crate::calendar::holidays::{Calendar, Skipped, parse_closures};
use crate::calendar::session::parse_sessions;
use crate::cli::args::TextFormat;
use crate::cli::args::deadline::DeadlineArgs;

/// Runs `relto deadline` and returns the exit code: 0, or 2 when the deadline or a flag cannot be read.
pub fn run(args: &DeadlineArgs, out: &mut dyn Write, err: &mut dyn Write) -> u8 {
    let written = match answer(args) {
        Ok(text) => out.write_all(text.as_bytes()).and_then(|()| out.flush()),
        Err(Refusal::Expression(problem)) => {
            // What cannot be told on standard error cannot be told at all.
            let _ = show_problem(&args.expression.join(" "), &problem, err);
            return 2;
        }
        Err(Refusal::Failure(failure)) => {
            let _ = show_failure(&failure, err);
            return 2;
        }
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            let _ = writeln!(err, "error: cannot write the answer: {error}");
            2
        }
        _ => 0,
    }
}

enum Refusal {
    Expression(ExpressionProblem),
    Failure(Failure),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Refusal::Failure(failure)
    }
}

fn answer(args: &DeadlineArgs) -> Result<String, Refusal> {
    let timezone = zone(&args.timezone)?;
    let mut calendar = Calendar::new(timezone, !args.no_dc_area);
    if let Some(path) = &args.closures {
        let text = read_text(path)?;
        let closures = parse_closures(&text)
            .map_err(|problem| Failure::new(format!("cannot use the closures in `{}`: {problem}", path.display())))?;
        calendar = calendar.with_closures(closures);
    }
    if let Some(path) = &args.session {
        let sessions = parse_sessions(&read_text(path)?).map_err(|problem| {
            Failure::new(format!(
                "cannot use the days of session in `{}`: {problem}",
                path.display()
            ))
        })?;
        calendar = calendar.with_sessions(sessions);
    }
    let as_of = match &args.as_of {
        Some(text) => day(text)?,
        None => today(timezone),
    };
    let deadline = parse(&args.expression.join(" ")).map_err(Refusal::Expression)?;
    let due = resolve(&deadline, &calendar, &|_| None, as_of);
    Ok(match args.format {
        TextFormat::Human => human(&due, &deadline.fields(), &calendar),
        TextFormat::Json => json(&due)?,
    })
}

fn zone(name: &str) -> Result<Tz, Failure> {
    name.parse().map_err(|_| {
        let failure = Failure::new(format!("`{}` is not a time zone", name.escape_debug()));
        match nearest(name, chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name())) {
            Some(near) => failure.hint(format!("write `--timezone {near}`")),
            None => failure.hint("write a zone such as `--timezone America/New_York`"),
        }
    })
}

fn day(text: &str) -> Result<NaiveDate, Failure> {
    match When::parse(text) {
        Ok(When::Day(day)) => Ok(day),
        _ => Err(Failure::new(format!("`{}` is not a day", text.escape_debug()))
            .hint("write a day such as `--as-of 2026-01-15`")),
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line is where the clock is read")]
fn today(timezone: Tz) -> NaiveDate {
    Utc::now().with_timezone(&timezone).date_naive()
}

/// The `due` object of the contract, and `counted`.
fn json(due: &Due) -> Result<String, Failure> {
    let broken = |error: serde_json::Error| Failure::new(format!("cannot write JSON: {error}"));
    let mut value = serde_json::to_value(due).map_err(broken)?;
    if let Some(object) = value.as_object_mut() {
        let counted = serde_json::to_value(&due.counted).map_err(broken)?;
        object.insert("counted".to_owned(), counted);
    }
    let mut text = serde_json::to_string_pretty(&value).map_err(broken)?;
    text.push('\n');
    Ok(text)
}

/// The answer in sentences that can be read aloud.
fn human(due: &Due, fields: &[&str], calendar: &Calendar) -> String {
    let mut lines = vec![due.expression.split_ascii_whitespace().collect::<Vec<_>>().join(" ")];
    let mut line = |name: &str, text: String| lines.push(format!("  {name:<10} {text}"));
    let zone = calendar.timezone;
    match due.kind {
        DueKind::Prompt => line(
            "due",
            format!(
                "{}: the rule gives no number of days",
                due.word.as_deref().unwrap_or("promptly")
            ),
        ),
        DueKind::Undetermined => line("due", "undetermined".to_owned()),
        DueKind::BeforeEvent => match due.moment() {
            Some(event) => line("due", format!("before {}", spoken(event, zone))),
            None => line("due", "before the event".to_owned()),
        },
        DueKind::Recurring => match due.moment() {
            Some(first) => line("first due", spoken(first, zone)),
            None => line("due", "not at all".to_owned()),
        },
        DueKind::None => line("due", "never".to_owned()),
        DueKind::Date | DueKind::Instant | DueKind::Periodic => {
            if let Some(moment) = due.moment() {
                line("due", spoken(moment, zone));
            }
        }
    }
    if let Some(reason) = &due.reason {
        line(
            if due.kind == DueKind::Date { "note" } else { "because" },
            reason.to_string(),
        );
    }
    if let Some(earliest) = due.earliest_moment() {
        line("earliest", spoken(earliest, zone));
    }
    if let (Some(moment), Some(submit)) = (due.moment(), due.submit_by_date()) {
        let day = moment.local_date(zone);
        let why = calendar
            .day_off(day)
            .filter(|_| due.kind != DueKind::BeforeEvent)
            .map_or_else(String::new, |why| {
                format!(", because {} is {}", long_day(day), article(&why))
            });
        line("submit by", format!("{}{why}", long_weekday(submit)));
    }
    if let Some(period) = &due.period {
        line("period", period.to_string());
    }
    if matches!(due.kind, DueKind::Recurring | DueKind::Periodic) {
        let next = due.next_date().map_or_else(|| "none".to_owned(), long_weekday);
        line("next", next);
    }
    for (number, text) in skipped(&due.counted).into_iter().enumerate() {
        line(if number == 0 { "skipped" } else { "" }, text);
    }
    if !fields.is_empty() && due.clock.is_none() {
        line(
            "help",
            "write a date in the place of the field to see the day it comes to".to_owned(),
        );
    }
    lines.push(String::new());
    lines.join("\n")
}

/// "a Saturday", "Christmas Day".
fn article(why: &str) -> String {
    match why {
        "Saturday" | "Sunday" => format!("a {why}"),
        other => other.to_owned(),
    }
}

fn spoken(moment: Moment, zone: Tz) -> String {
    match moment {
        Moment::Day(day) => long_weekday(day),
        Moment::Instant(instant) => {
            let local = instant.with_timezone(&zone);
            format!(
                "{}, {} ({})",
                long_weekday(local.date_naive()),
                local.format("%H:%M %Z"),
                instant.format("%Y-%m-%d %H:%M UTC")
            )
        }
    }
}

/// How many days off are named one by one.
const LONGEST_LIST: usize = 20;

/// Holidays and closures one a line, weekends as one number at the end.
fn skipped(counted: &[Skipped]) -> Vec<String> {
    let weekend = |skipped: &&Skipped| matches!(skipped.date.weekday(), chrono::Weekday::Sat | chrono::Weekday::Sun);
    let weekends = counted.iter().filter(weekend).count();
    let mut lines: Vec<String> = counted
        .iter()
        .filter(|skipped| !weekend(skipped))
        .map(|skipped| format!("{}: {}", long_weekday(skipped.date), skipped.why))
        .collect();
    let more = lines.len().saturating_sub(LONGEST_LIST);
    if more > 0 {
        lines.truncate(LONGEST_LIST);
        lines.push(format!("{more} more holidays and closures"));
    }
    match weekends {
        0 => {}
        1 => lines.push("1 day of a weekend".to_owned()),
        days => lines.push(format!("{days} days of weekends")),
    }
    lines
}

fn show_problem(expression: &str, problem: &ExpressionProblem, err: &mut dyn Write) -> io::Result<()> {
    // Control and other invisible characters would move the marks, or the terminal.
    let shown: String = expression
        .chars()
        .map(|c| {
            if c.escape_debug().count() > 1 && !matches!(c, '\'' | '"' | '\\') {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect();
    writeln!(err, "error: {}", problem.message)?;
    if (1..=200).contains(&shown.chars().count()) {
        writeln!(err, "  {shown}")?;
        writeln!(
            err,
            "  {}{}",
            " ".repeat(problem.offset),
            "^".repeat(problem.length.max(1))
        )?;
    }
    if let Some(help) = &problem.help {
        writeln!(err, "help: {help}")?;
    }
    Ok(())
}

fn show_failure(failure: &Failure, err: &mut dyn Write) -> io::Result<()> {
    writeln!(err, "error: {failure}")?;
    for hint in &failure.hints {
        writeln!(err, "hint: {hint}")?;
    }
    Ok(())
}
