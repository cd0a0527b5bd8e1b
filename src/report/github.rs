//! Workflow commands of GitHub Actions: every diagnostic and every notice owed as an annotation on its line.

use std::fmt::Write as _;

use crate::base::diagnostic::Severity;
use crate::report::docket;
use crate::report::outcome::{Outcome, Spot, terms, words};

/// GitHub shows this many annotations of each level of a step; the others stand in its log.
const SHOWN: usize = 10;

/// Renders the annotations, the gravest first, and warns where GitHub will not show them all.
pub fn render(outcome: &Outcome<'_>) -> (String, Option<String>) {
    let mut text = String::new();
    let mut counts = [0_usize; 3];
    for diagnostic in outcome.by_severity() {
        let (command, at) = match diagnostic.severity {
            Severity::Error => ("error", 0),
            Severity::Warning => ("warning", 1),
            Severity::Note => ("notice", 2),
        };
        counts[at] += 1;
        let title = diagnostic.code.name();
        annotation(&mut text, command, &outcome.at(diagnostic), title, &words(diagnostic));
    }
    for obligation in outcome.owed() {
        counts[2] += 1;
        let title = format!("{} owed under {}", docket::subject(obligation), obligation.rule);
        let message = format!("{}: {}", obligation.rule_title, terms(obligation));
        annotation(&mut text, "notice", &outcome.home(obligation), &title, &message);
    }
    let unseen: usize = counts.iter().map(|count| count.saturating_sub(SHOWN)).sum();
    let warning = (unseen > 0).then(|| {
        format!(
            "GitHub shows the first {SHOWN} errors, warnings and notices of a step: {unseen} of these annotations stand \
             only in the log; `--format sarif` carries them all"
        )
    });
    (text, warning)
}

fn annotation(text: &mut String, command: &str, spot: &Spot<'_>, title: &str, message: &str) {
    // Columns belong to one line: with several lines GitHub takes the lines alone.
    let columns = if spot.line == spot.end_line {
        format!("col={},endColumn={},", spot.column, spot.end_column)
    } else {
        String::new()
    };
    let _ = writeln!(
        text,
        "::{command} file={},line={},endLine={},{columns}title={}::{}",
        property(spot.path),
        spot.line,
        spot.end_line,
        property(title),
        data(message)
    );
}

/// Escapes a message: what ends a command line, and the sign that begins an escape.
fn data(text: &str) -> String {
    let shown = crate::report::visible::lines(text);
    shown.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property: also what ends a property or the list of them.
fn property(text: &str) -> String {
    data(&crate::report::visible::line(text))
        .replace(':', "%3A")
        .replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_message_ends_its_command() {
        assert_eq!(data("50 % done\nnext: a, b"), "50 %25 done%0Anext: a, b");
        assert_eq!(property("records/a,b:c.toml"), "records/a%2Cb%3Ac.toml");
        assert_eq!(property("a\r\nb"), "a\\r\\nb");
    }
}
