//! The XML of `JUnit`: a suite for each record file, a test case for each diagnostic and each obligation.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::base::shared::Shared;
use crate::report::outcome::{Outcome, Spot, terms, words};
use crate::report::{docket, visible};

/// What a test case came to.
enum Result {
    Failed { code: &'static str, message: String },
    Skipped(String),
    Passed,
}

struct Case {
    name: String,
    result: Result,
    /// What the case has to say beside its result.
    text: String,
}

/// Renders the run. Errors are failures, waivers are skipped, warnings and what is owed pass with their words.
pub fn render(outcome: &Outcome<'_>) -> String {
    let suites = suites(outcome);
    let failures = |cases: &[Case]| {
        let failed = |case: &&Case| matches!(case.result, Result::Failed { .. });
        cases.iter().filter(failed).count()
    };
    let total: usize = suites.values().map(Vec::len).sum();
    let failed: usize = suites.values().map(|cases| failures(cases)).sum();
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites name=\"relto\" tests=\"{total}\" failures=\"{failed}\" errors=\"0\">\n"
    );
    for (file, cases) in &suites {
        let skipped = cases
            .iter()
            .filter(|case| matches!(case.result, Result::Skipped(_)))
            .count();
        let _ = writeln!(
            text,
            "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"{skipped}\" timestamp=\"{}T00:00:00\">",
            escaped(file),
            cases.len(),
            failures(cases),
            outcome.as_of
        );
        for case in cases {
            write_case(&mut text, file, case);
        }
        text.push_str("  </testsuite>\n");
    }
    text.push_str("</testsuites>\n");
    text
}

fn suites<'o>(outcome: &'o Outcome<'_>) -> BTreeMap<&'o str, Vec<Case>> {
    let mut suites: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    for diagnostic in outcome.diagnostics {
        let spot = outcome.at(diagnostic);
        let about = diagnostic
            .record
            .as_deref()
            .map_or_else(String::new, |id| format!("{id}: "));
        let text = located(&spot, &words(diagnostic));
        let (result, text) = if diagnostic.is_error() {
            let failed = Result::Failed {
                code: diagnostic.code.name(),
                message: diagnostic.message.clone(),
            };
            (failed, text)
        } else {
            (Result::Passed, format!("{}: {text}", diagnostic.severity))
        };
        suites.entry(spot.path).or_default().push(Case {
            name: format!("{about}{}, line {}", diagnostic.code.name(), spot.line),
            result,
            text,
        });
    }
    for obligation in outcome.obligations {
        let spot = outcome.home(obligation);
        let duty = [&obligation.duty, &obligation.period];
        let more: Vec<&str> = duty.into_iter().flatten().map(Shared::as_str).collect();
        suites.entry(spot.path).or_default().push(Case {
            name: format!(
                "{}: {} {}",
                docket::subject(obligation),
                obligation.rule,
                more.join(", ")
            )
            .trim_end()
            .to_owned(),
            result: outcome.excuse(obligation).map_or(Result::Passed, |reason| {
                Result::Skipped(format!("{}: {reason}", obligation.state.word()))
            }),
            text: located(&spot, &terms(obligation)),
        });
    }
    for file in &outcome.files {
        let cases = suites.entry(outcome.path(file)).or_default();
        if cases.is_empty() {
            cases.push(Case {
                name: "no diagnostics".to_owned(),
                result: Result::Passed,
                text: String::new(),
            });
        }
    }
    for cases in suites.values_mut() {
        number(cases);
    }
    suites
}

/// Gives cases of one name numbers: who reads the file takes them for one otherwise.
fn number(cases: &mut [Case]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for case in cases {
        let times = seen.entry(case.name.clone()).or_default();
        *times += 1;
        if *times > 1 {
            let _ = write!(case.name, " ({times})");
        }
    }
}

fn located(spot: &Spot<'_>, words: &str) -> String {
    format!("{}:{}:{}: {words}", visible::line(spot.path), spot.line, spot.column)
}

fn write_case(text: &mut String, file: &str, case: &Case) {
    let open = format!(
        "    <testcase name=\"{}\" classname=\"{}\"",
        escaped(&case.name),
        escaped(file)
    );
    text.push_str(&open);
    if matches!(case.result, Result::Passed) && case.text.is_empty() {
        text.push_str("/>\n");
        return;
    }
    text.push_str(">\n");
    match &case.result {
        Result::Failed { code, message } => {
            let _ = writeln!(
                text,
                "      <failure type=\"{code}\" message=\"{}\">{}</failure>",
                escaped(&visible::line(message)),
                escaped(&case.text)
            );
        }
        Result::Skipped(reason) => {
            let _ = writeln!(text, "      <skipped message=\"{}\"/>", escaped(reason));
        }
        Result::Passed => {}
    }
    if !matches!(case.result, Result::Failed { .. }) {
        let _ = writeln!(text, "      <system-out>{}</system-out>", escaped(&case.text));
    }
    text.push_str("    </testcase>\n");
}

/// Escapes text for elements and attributes; what XML cannot hold is shown as an escape already.
fn escaped(text: &str) -> String {
    visible::lines(text)
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
