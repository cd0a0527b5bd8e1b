//! `relto marking`: parse, rollup, diff, explain and declassify.

use std::io::{self, BufRead, Write};

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::base::failure::Failure;
use crate::base::source::Sources;
use crate::cli::args::TextFormat;
use crate::cli::args::marking::{
    MarkingArgs, MarkingCommand, MarkingDeclassifyArgs, MarkingDiffArgs, MarkingExplainArgs, MarkingForm,
    MarkingParseArgs, MarkingProfile, MarkingRollupArgs,
};
use crate::marking::ast::Marking;
use crate::marking::audience::{self, Comparison};
use crate::marking::declassify::parse_declassify;
use crate::marking::ism;
use crate::marking::parse::{Form, Parsed, parse_release_with, parse_with};
use crate::marking::problem::{self, Problem, Span};
use crate::marking::rollup::{self, Profile, ProfileKind, RollUp};
use crate::marking::strictness;
use crate::marking::vocabulary::Vocabulary;
use crate::marking::words::{controls_alone, named, parts};
use crate::workspace::open::{origin, read_settings};
use crate::workspace::settings::Settings;

/// Everything is valid.
const CLEAN: u8 = 0;
/// Something is not.
const FOUND: u8 = 1;
/// The command could not run.
const FAILED: u8 = 2;

impl From<MarkingForm> for Form {
    fn from(form: MarkingForm) -> Form {
        match form {
            MarkingForm::Banner => Form::Banner,
            MarkingForm::Portion => Form::Portion,
            MarkingForm::Auto => Form::Auto,
        }
    }
}

/// Runs the command and returns the exit code; `today` stands in for an absent date of `diff`.
///
/// # Errors
/// A [`Failure`] where the workspace's settings cannot be read.
pub fn run(args: &MarkingArgs, today: NaiveDate, out: &mut dyn Write, err: &mut dyn Write) -> Result<u8, Failure> {
    let settings = read_settings(&origin(&[], args.workspace.as_deref(), None)?, &mut Sources::default())?;
    let words = &*settings.vocabulary;
    let result = match &args.command {
        MarkingCommand::Parse(args) => run_parse(args, words, out),
        MarkingCommand::Rollup(args) => match unknown_expansion(args.expand.as_deref().unwrap_or_default(), words) {
            Some(code) => writeln!(
                err,
                "error: `{code}` in --expand is no organization with public membership"
            )
            .map(|()| FAILED),
            None => run_rollup(args, &settings, out),
        },
        MarkingCommand::Diff(args) => run_diff(args, today, words, out),
        MarkingCommand::Explain(args) => run_explain(args, words, out),
        MarkingCommand::Declassify(args) => run_declassify(args, out),
    };
    Ok(match result {
        Ok(code) => code,
        // the reader has gone: nothing more to say
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => CLEAN,
        Err(error) => {
            let _ = writeln!(err, "error: {error}");
            FAILED
        }
    })
}

/// Writes one JSON object for each line of standard input, empty ones too.
fn each_line(out: &mut dyn Write, mut answer: impl FnMut(&str) -> (Value, bool)) -> io::Result<u8> {
    let mut input = io::stdin().lock();
    let mut out = io::BufWriter::new(out);
    let mut line = Vec::new();
    let mut code = CLEAN;
    while input.read_until(b'\n', &mut line)? > 0 {
        if line.last() == Some(&b'\n') {
            line.pop();
        }
        // a file from Windows
        if line.last() == Some(&b'\r') {
            line.pop();
        }
        let (value, valid) = answer(&String::from_utf8_lossy(&line));
        writeln!(out, "{}", one_line(&value))?;
        if !valid {
            code = FOUND;
        }
        line.clear();
    }
    out.flush()?;
    Ok(code)
}

/// JSON on one line for every reader of lines: the three other line ends of Unicode are escaped.
fn one_line(value: &Value) -> String {
    value
        .to_string()
        .replace('\u{85}', "\\u0085")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

fn run_parse(args: &MarkingParseArgs, words: &Vocabulary, out: &mut dyn Write) -> io::Result<u8> {
    let read = |text: &str| parse_with(text, args.form.into(), args.on, words);
    if args.stdin {
        return each_line(out, |text| {
            let parsed = read(text);
            (parsed_json(text, &parsed), parsed.is_valid())
        });
    }
    let mut code = CLEAN;
    for text in &args.markings {
        let parsed = read(text);
        match args.format {
            TextFormat::Json => writeln!(out, "{}", one_line(&parsed_json(text, &parsed)))?,
            TextFormat::Human => write_parsed(out, text, &parsed, words)?,
        }
        if !parsed.is_valid() {
            code = FOUND;
        }
    }
    Ok(code)
}

fn run_explain(args: &MarkingExplainArgs, words: &Vocabulary, out: &mut dyn Write) -> io::Result<u8> {
    let parsed = parse_with(&args.marking, args.form.into(), args.on, words);
    let alone = || controls_alone(&args.marking, args.on, words);
    if !parsed.is_valid()
        && let Some((marking, form)) = alone()
    {
        return write_controls(out, &args.marking, &marking, form, words).map(|()| CLEAN);
    }
    write_parsed(out, &args.marking, &parsed, words)?;
    Ok(if parsed.is_valid() { CLEAN } else { FOUND })
}

fn parsed_json(text: &str, parsed: &Parsed) -> Value {
    json!({
        "input": text,
        "valid": parsed.is_valid(),
        "form": form_name(parsed.form),
        "canonical": parsed.canonical,
        "ism": parsed.marking.as_ref().map(ism::attributes),
        "diagnostics": problems_json(&parsed.problems),
    })
}

fn form_name(form: Form) -> &'static str {
    if form == Form::Portion { "portion" } else { "banner" }
}

fn problems_json(problems: &[Problem]) -> Value {
    problems.iter().map(problem_json).collect()
}

fn problem_json(problem: &Problem) -> Value {
    json!({
        "code": problem.code,
        "severity": problem.severity.to_string(),
        "message": problem.message,
        "offset": problem.offset,
        "length": problem.length,
        "citation": problem.citation,
        "help": problem.help,
    })
}

fn run_rollup(args: &MarkingRollupArgs, settings: &Settings, out: &mut dyn Write) -> io::Result<u8> {
    let words = &*settings.vocabulary;
    let profile = Profile {
        kind: match args.profile {
            Some(MarkingProfile::Ic) => ProfileKind::Ic,
            Some(MarkingProfile::Dod) => ProfileKind::Dod,
            None => settings.profile.kind,
        },
        expand: args.expand.clone().unwrap_or_else(|| settings.profile.expand.clone()),
    };
    if args.stdin {
        return each_line(out, |text| {
            if let Ok(portions) = serde_json::from_str::<Vec<String>>(text) {
                let (rolled, problems) = roll(&portions, &profile, args.on, words);
                return (rollup_json(&portions, &rolled, &problems), rolled.banner.is_some());
            }
            let problem = Problem::new(
                &problem::NOT_PORTIONS,
                Span::new(0, text.chars().count()),
                "the line is no JSON array of portion marks",
            );
            let portions = serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
            (
                json!({ "portions": portions, "banner": null, "because": [], "diagnostics": [problem_json(&problem)] }),
                false,
            )
        });
    }
    let (mut rolled, mut problems) = roll(&args.portions, &profile, args.on, words);
    if let (Some(typed), Some(computed)) = (&args.banner, &rolled.marking) {
        let parsed = parse_with(typed, Form::Banner, args.on, words);
        let found = match &parsed.marking {
            Some(marking) => strictness::check_typed(computed, marking, args.reason.as_deref()),
            None => parsed.problems.clone(),
        };
        if problem::has_errors(&found) {
            rolled.banner = None;
        } else if let Some(marking) = &parsed.marking {
            if let Some(reason) = args.reason.as_deref().filter(|_| marking != computed) {
                rolled.because = rollup::because_typed(&rolled, marking, reason.trim(), &profile, words, args.on);
            }
            rolled.banner = Some(typed.clone());
        }
        problems.extend(found.into_iter().map(|problem| (0, problem)));
    }
    match args.format {
        TextFormat::Json => writeln!(out, "{}", one_line(&rollup_json(&args.portions, &rolled, &problems)))?,
        TextFormat::Human => write_rollup(out, &args.portions, &rolled, &problems)?,
    }
    Ok(if rolled.banner.is_some() { CLEAN } else { FOUND })
}

/// Rolls written portion marks up; a problem's number is its portion's, 0 for the whole.
fn roll(
    portions: &[String],
    profile: &Profile,
    on: Option<NaiveDate>,
    words: &Vocabulary,
) -> (RollUp, Vec<(usize, Problem)>) {
    let parsed: Vec<Parsed> = portions
        .iter()
        .map(|portion| parse_with(portion, Form::Portion, on, words))
        .collect();
    let mut problems = Vec::new();
    for (index, parsed) in parsed.iter().enumerate() {
        problems.extend(
            parsed
                .problems
                .iter()
                .filter(|problem| problem.is_error())
                .map(|problem| (index + 1, problem.clone())),
        );
    }
    if !problems.is_empty() {
        return (RollUp::default(), problems);
    }
    let markings: Vec<Marking> = parsed.into_iter().filter_map(|parsed| parsed.marking).collect();
    let rolled = rollup::roll_up_with(&markings, profile, words, on);
    problems.extend(rolled.problems.iter().map(|problem| (0, problem.clone())));
    (rolled, problems)
}

fn rollup_json(portions: &[String], rolled: &RollUp, problems: &[(usize, Problem)]) -> Value {
    let because: Value = rolled
        .because
        .iter()
        .filter(|_| rolled.banner.is_some())
        .map(|because| json!({ "element": because.element, "portion": because.portion, "rule": because.rule }))
        .collect();
    let diagnostics: Value = problems
        .iter()
        .map(|(portion, problem)| {
            let mut value = problem_json(problem);
            if let (Some(object), true) = (value.as_object_mut(), *portion > 0) {
                object.insert("portion".to_owned(), json!(portion));
            }
            value
        })
        .collect();
    json!({ "portions": portions, "banner": rolled.banner, "because": because, "diagnostics": diagnostics })
}

fn unknown_expansion<'a>(codes: &'a [String], vocabulary: &Vocabulary) -> Option<&'a str> {
    let expandable = |code: &str| vocabulary.is_organization(code) && vocabulary.members_always(code).is_some();
    codes.iter().map(String::as_str).find(|code| !expandable(code))
}

fn run_diff(args: &MarkingDiffArgs, today: NaiveDate, words: &Vocabulary, out: &mut dyn Write) -> io::Result<u8> {
    let on = args.on.unwrap_or(today);
    // an old list may hold codes that are retired by now: each side is read without a date
    let (from, to) = (
        parse_release_with(&args.from, None, words),
        parse_release_with(&args.to, None, words),
    );
    let comparison = match (&from.release, &to.release) {
        (Some(from), Some(to)) => Some(audience::compare(from, to, on, words)),
        _ => None,
    };
    let sides = [("from", &args.from, &from.problems), ("to", &args.to, &to.problems)];
    match args.format {
        TextFormat::Json => {
            let diagnostics: Value = sides
                .iter()
                .flat_map(|(side, _, problems)| problems.iter().map(move |problem| (side, problem)))
                .map(|(side, problem)| {
                    let mut value = problem_json(problem);
                    if let Some(object) = value.as_object_mut() {
                        object.insert("side".to_owned(), json!(side));
                    }
                    value
                })
                .collect();
            let empty = Comparison::default();
            let found = comparison.as_ref().unwrap_or(&empty);
            let value = json!({
                "added": found.added,
                "removed": found.removed,
                "unchanged": found.unchanged,
                "undeterminable": found.undeterminable,
                "disclosure_added": found.disclosure_added,
                "disclosure_removed": found.disclosure_removed,
                "to_noforn": found.to_noforn,
                "audience_changed": found.audience_changed,
                "on": on.to_string(),
                "valid": comparison.is_some(),
                "diagnostics": diagnostics,
            });
            writeln!(out, "{}", one_line(&value))?;
        }
        TextFormat::Human => match &comparison {
            Some(comparison) => write_comparison(out, comparison, on, words)?,
            None => {
                for (_, text, problems) in sides {
                    write_problems(out, text, problems)?;
                }
            }
        },
    }
    Ok(if comparison.is_some() { CLEAN } else { FOUND })
}

fn run_declassify(args: &MarkingDeclassifyArgs, out: &mut dyn Write) -> io::Result<u8> {
    let answer = |text: &str| {
        let parsed = parse_declassify(text, args.origin);
        let valid = parsed.value.is_some();
        (
            json!({ "input": text, "valid": valid, "diagnostics": problems_json(&parsed.problems) }),
            valid,
        )
    };
    if args.stdin {
        return each_line(out, answer);
    }
    let mut code = CLEAN;
    for text in &args.values {
        let (value, valid) = answer(text);
        match args.format {
            TextFormat::Json => writeln!(out, "{}", one_line(&value))?,
            TextFormat::Human => {
                writeln!(out, "{text}: {}", if valid { "valid" } else { "not valid" })?;
                write_problems(out, text, &parse_declassify(text, args.origin).problems)?;
            }
        }
        if !valid {
            code = FOUND;
        }
    }
    Ok(code)
}

fn write_parsed(out: &mut dyn Write, text: &str, parsed: &Parsed, words: &Vocabulary) -> io::Result<()> {
    let verdict = if parsed.is_valid() { "valid" } else { "not valid" };
    writeln!(out, "{}", visible(text))?;
    writeln!(
        out,
        "  {verdict} as a {}",
        if parsed.form == Form::Portion {
            "portion mark"
        } else {
            "banner line"
        }
    )?;
    if let Some(marking) = &parsed.marking {
        write_parts(out, &parts(marking, words))?;
    } else if let Some(reading) = &parsed.reading {
        writeln!(out, "  as far as it can be read:")?;
        write_parts(out, &parts(reading, words))?;
    }
    write_problems(out, text, &parsed.problems)?;
    if !parsed.choices.is_empty() {
        writeln!(out, "  write what was decided:")?;
        for choice in &parsed.choices {
            writeln!(out, "    {choice}")?;
        }
        return Ok(());
    }
    match &parsed.canonical {
        Some(canonical) if !parsed.is_valid() => writeln!(out, "  write: {canonical}")?,
        None => writeln!(out, "  no valid marking is near enough to suggest")?,
        Some(_) => {}
    }
    Ok(())
}

fn write_parts(out: &mut dyn Write, parts: &[(String, String)]) -> io::Result<()> {
    let width = parts.iter().map(|(part, _)| part.chars().count()).max().unwrap_or(0);
    for (part, meaning) in parts {
        writeln!(out, "  {part:width$}  {meaning}")?;
    }
    Ok(())
}

/// Explains controls without a classification before them.
fn write_controls(
    out: &mut dyn Write,
    text: &str,
    marking: &Marking,
    form: Form,
    words: &Vocabulary,
) -> io::Result<()> {
    writeln!(out, "{}", visible(text))?;
    writeln!(out, "  no whole marking: a marking begins with its classification")?;
    write_parts(out, parts(marking, words).get(1..).unwrap_or_default())?;
    let whole = if form == Form::Portion {
        format!("({})", marking.portion())
    } else {
        marking.banner()
    };
    writeln!(out, "  for example: {whole}")
}

/// Writes each problem under the characters it is about.
fn write_problems(out: &mut dyn Write, text: &str, problems: &[Problem]) -> io::Result<()> {
    for problem in problems {
        writeln!(out, "  {}[{}]: {}", problem.severity, problem.code, problem.message)?;
        if problem.length > 0 {
            writeln!(out, "    | {}", visible(text))?;
            writeln!(
                out,
                "    | {}{}",
                " ".repeat(problem.offset),
                "^".repeat(problem.length)
            )?;
        }
        if let Some(help) = &problem.help {
            writeln!(out, "    = help: {help}")?;
        }
        if !problem.citation.is_empty() {
            writeln!(out, "    = see: {}", problem.citation)?;
        }
    }
    Ok(())
}

/// A text for a terminal: what would move the cursor or hide is shown as a replacement character.
fn visible(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() || crate::marking::characters::hidden_name(c).is_some() {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

fn write_rollup(
    out: &mut dyn Write,
    portions: &[String],
    rolled: &RollUp,
    problems: &[(usize, Problem)],
) -> io::Result<()> {
    match &rolled.banner {
        Some(banner) => writeln!(out, "{banner}")?,
        None => writeln!(out, "no banner")?,
    }
    if rolled.banner.is_some() {
        let width = rolled
            .because
            .iter()
            .map(|because| because.element.chars().count())
            .max()
            .unwrap_or(0);
        for because in &rolled.because {
            let Some(number) = because.portion else {
                writeln!(out, "  {:width$}  {}", because.element, visible(&because.rule))?;
                continue;
            };
            let portion = portions.get(number.saturating_sub(1)).map_or("", String::as_str);
            writeln!(
                out,
                "  {:width$}  portion {number} {}: {}",
                because.element,
                visible(portion),
                because.rule
            )?;
        }
    }
    for (portion, problem) in problems {
        let text = portions.get(portion.saturating_sub(1)).map_or("", String::as_str);
        if *portion > 0 {
            writeln!(out, "  portion {portion}:")?;
        }
        write_problems(out, text, std::slice::from_ref(problem))?;
    }
    Ok(())
}

fn write_comparison(out: &mut dyn Write, comparison: &Comparison, on: NaiveDate, words: &Vocabulary) -> io::Result<()> {
    let verdict = if comparison.audience_changed {
        "the audience changes"
    } else {
        "the audience does not change"
    };
    writeln!(out, "{verdict} (memberships as of {on})")?;
    let lists = [
        ("release added", &comparison.added),
        ("release removed", &comparison.removed),
        ("release unchanged", &comparison.unchanged),
        ("disclosure added", &comparison.disclosure_added),
        ("disclosure removed", &comparison.disclosure_removed),
        ("undeterminable", &comparison.undeterminable),
    ];
    for (name, codes) in lists.into_iter().filter(|(_, codes)| !codes.is_empty()) {
        let codes: Vec<String> = codes.iter().cloned().collect();
        writeln!(out, "  {name:18}  {} ({})", codes.join(" "), named(&codes, words))?;
    }
    if comparison.to_noforn {
        writeln!(out, "  NOFORN from now on")?;
    }
    Ok(())
}
