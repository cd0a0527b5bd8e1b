//! The format for those who listen: whole sentences in reading order, no excerpts, no drawn lines.

use std::fmt::Write as _;

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::source::Place;
use crate::report::outcome::{Outcome, terms};
use crate::report::summary::counted;
use crate::report::{docket, visible};

/// A line longer than this many characters is not read out.
const LONG: usize = 160;

/// Renders the whole run: first how much there is to hear, then each diagnostic, then each notice that is owed.
pub fn render(outcome: &Outcome<'_>) -> String {
    let all = outcome.diagnostics;
    let count = |severity| all.iter().filter(|found| found.severity == severity).count();
    let mut text = format!(
        "As of {}: {}, {}, {}; {}.\n",
        outcome.as_of,
        counted(count(Severity::Error), "error"),
        counted(count(Severity::Warning), "warning"),
        counted(count(Severity::Note), "note"),
        outcome.summary.owing(),
    );
    for (at, diagnostic) in all.iter().enumerate() {
        let _ = writeln!(text, "\nDiagnostic {} of {}.", at + 1, all.len());
        one(&mut text, diagnostic, outcome);
    }
    let owed: Vec<_> = outcome.owed().collect();
    for (at, obligation) in owed.iter().enumerate() {
        let _ = writeln!(text, "\nNotice {} of {}.", at + 1, owed.len());
        let _ = writeln!(
            text,
            "{}: {}, {}.",
            visible::line(&obligation.rule),
            visible::line(docket::subject(obligation)),
            terms(obligation),
        );
        for reason in &obligation.because {
            sentence(&mut text, "Because", reason);
        }
    }
    text
}

fn one(text: &mut String, diagnostic: &Diagnostic, outcome: &Outcome<'_>) {
    let severity = match diagnostic.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Note => "Note",
    };
    let _ = writeln!(
        text,
        "{severity} {}: {}.",
        diagnostic.code.name(),
        visible::line(&diagnostic.message)
    );
    match &diagnostic.place {
        Some(place) => where_it_is(text, diagnostic, place, outcome),
        None => {
            if let Some(record) = &diagnostic.record {
                sentence(text, "Record", record);
            }
        }
    }
    for related in &diagnostic.related {
        let spot = location(&related.place, outcome);
        sentence(text, &format!("See also {spot}"), &related.label);
    }
    for help in &diagnostic.help {
        sentence(text, "Help", &help.replace('\n', " "));
    }
    if let Some(citation) = &diagnostic.citation {
        sentence(text, "Source", citation);
    }
}

fn where_it_is(text: &mut String, diagnostic: &Diagnostic, place: &Place, outcome: &Outcome<'_>) {
    let record = diagnostic
        .record
        .as_ref()
        .map_or_else(String::new, |id| format!(", in record {}", visible::line(id)));
    let _ = writeln!(text, "Place: {}{record}.", location(place, outcome));
    if diagnostic.withhold {
        text.push_str("The line is not shown.\n");
        return;
    }
    let source = outcome.sources.get(place.source);
    let (lines, _) = source.lines_around(&(place.start()..place.start()));
    let line = source.text().get(lines).unwrap_or_default().trim();
    if !line.is_empty() && line.chars().count() <= LONG {
        let _ = writeln!(text, "The line reads: {}", visible::line(line));
    }
    let part = source.text().get(place.span()).unwrap_or_default();
    let short = !part.is_empty() && !part.contains('\n') && part.chars().count() <= LONG && part != line;
    match (short, diagnostic.label.is_empty()) {
        (true, false) => sentence(text, &format!("At {}", visible::line(part)), &diagnostic.label),
        (true, true) => {
            let _ = writeln!(text, "The place is: {}", visible::line(part));
        }
        (false, false) => sentence(text, "There", &diagnostic.label),
        (false, true) => {}
    }
}

/// A place in words, as one reads it out.
fn location(place: &Place, outcome: &Outcome<'_>) -> String {
    let source = outcome.sources.get(place.source);
    let (line, column) = source.line_column(place.start());
    let (last, _) = source.line_column(place.end().max(place.start() + 1) - 1);
    let file = visible::line(&source.name);
    if last > line {
        format!("file {file}, line {line}, column {column}, to line {last}")
    } else {
        format!("file {file}, line {line}, column {column}")
    }
}

/// Writes "Lead: words." with one full stop at the end.
fn sentence(text: &mut String, lead: &str, words: &str) {
    let words = visible::line(words);
    let stop = if words.ends_with(['.', '?', '!', ':']) { "" } else { "." };
    let _ = writeln!(text, "{lead}: {words}{stop}");
}
