//! SARIF 2.1.0, the static analysis results format that code hosts read.
//!
//! Every diagnostic and every obligation is a result with a location and a fingerprint of its subject. An obligation is
//! informational while it is owed, passes once it is met, and is suppressed, with the ground, where it is waived.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::base::diagnostic::Diagnostic;
use crate::base::source::Place;
use crate::evaluate::obligation::{Obligation, State};
use crate::report::outcome::{Outcome, Spot, level, terms, words};
use crate::report::{docket, fingerprint, json as documents, visible};

/// GitHub refuses a run with more results, and shows only so many of them.
const RESULTS: usize = 25_000;
const SHOWN: usize = 5_000;

/// A region's text longer than this many bytes is left out: the file has it.
const SNIPPET: usize = 1_000;

/// The name of our fingerprints: they are made of code, record, rule and field.
const FINGERPRINT: &str = "reltoSubject/v1";

/// Renders the log. What GitHub would refuse is left out, the least grave first, and said so in the log and in the
/// warnings.
pub fn render(outcome: &Outcome<'_>) -> (String, Vec<String>) {
    let mut rules = Rules::default();
    let mut results = Vec::new();
    let diagnostics = outcome.by_severity();
    let prints = fingerprint::all(diagnostics.iter().copied(), outcome.sources);
    for (found, print) in diagnostics.iter().zip(&prints) {
        results.push(of_diagnostic(found, print, outcome, &mut rules));
    }
    let mut obligations: Vec<&Obligation> = outcome.obligations.iter().collect();
    obligations.sort_by_key(|obligation| (!obligation.state.is_owed(), is_excused(obligation)));
    results.extend(obligations.iter().map(|owed| of_obligation(owed, outcome, &mut rules)));
    let mut warnings = Vec::new();
    let total = results.len();
    if total > RESULTS {
        results.truncate(RESULTS);
        let cut = total - RESULTS;
        warnings.push(format!(
            "{cut} of {total} results are left out, the least grave ones: GitHub refuses more than {RESULTS} in one run"
        ));
    }
    if total > SHOWN {
        warnings.push(format!("GitHub shows only the {SHOWN} gravest of {total} results"));
    }
    let notifications: Vec<Value> = warnings
        .iter()
        .map(|text| json!({ "level": "warning", "message": { "text": text } }))
        .collect();
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "relto",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.all,
            } },
            "automationDetails": { "id": "relto/" },
            "invocations": [{
                "executionSuccessful": true,
                "toolExecutionNotifications": notifications,
            }],
            "originalUriBaseIds": { "%SRCROOT%": { "description": { "text": "The root of the repository." } } },
            "columnKind": "unicodeCodePoints",
            "properties": { "asOf": outcome.as_of.to_string() },
            "results": results,
        }],
    });
    (documents::document(&log), warnings)
}

/// The descriptors of the rules that results name, in the order of their first result.
#[derive(Default)]
struct Rules {
    all: Vec<Value>,
    index: BTreeMap<String, usize>,
}

impl Rules {
    fn index(&mut self, id: &str, describe: impl FnOnce() -> Value) -> usize {
        if let Some(at) = self.index.get(id) {
            return *at;
        }
        self.all.push(describe());
        self.index.insert(id.to_owned(), self.all.len() - 1);
        self.all.len() - 1
    }
}

fn of_diagnostic(found: &Diagnostic, print: &str, outcome: &Outcome<'_>, rules: &mut Rules) -> Value {
    let code = found.code;
    let index = rules.index(code.name(), || {
        json!({
            "id": code.name(),
            "shortDescription": { "text": code.summary() },
            "fullDescription": { "text": code.explanation() },
            "help": { "text": format!("{}\n\nrelto explain {} says more.", code.explanation(), code.name()) },
            "defaultConfiguration": { "level": level(code.severity()) },
            "properties": { "tags": ["records"] },
        })
    });
    let related: Vec<Value> = found
        .related
        .iter()
        .enumerate()
        .map(|(at, related)| {
            let mut location = location(&outcome.spot(&related.place), None);
            location["id"] = json!(at);
            location["message"] = json!({ "text": visible::line(&related.label) });
            location
        })
        .collect();
    let snippet = found.place.as_ref().filter(|_| !found.withhold);
    let snippet = snippet.and_then(|place| snippet_of(place, outcome));
    let mut result = json!({
        "ruleId": code.name(),
        "ruleIndex": index,
        "level": level(found.severity),
        "message": { "text": words(found) },
        "locations": [location(&outcome.at(found), snippet)],
        "partialFingerprints": { FINGERPRINT: print },
        "suppressions": [],
        "properties": { "record": found.record, "rule": found.rule },
    });
    if let Some(fix) = found.fix.as_ref().filter(|_| !found.withhold) {
        let place = location(&outcome.spot(&fix.place), None)["physicalLocation"].take();
        result["fixes"] = json!([{
            "description": { "text": "as `relto check --fix` mends it" },
            "artifactChanges": [{
                "artifactLocation": place["artifactLocation"],
                "replacements": [{
                    "deletedRegion": place["region"],
                    "insertedContent": { "text": fix.text },
                }],
            }],
        }]);
    }
    if !related.is_empty() {
        result["relatedLocations"] = json!(related);
    }
    result
}

fn of_obligation(owed: &Obligation, outcome: &Outcome<'_>, rules: &mut Rules) -> Value {
    let index = rules.index(&owed.rule, || {
        json!({
            "id": owed.rule,
            "shortDescription": { "text": visible::line(&owed.rule_title) },
            "fullDescription": { "text": visible::line(&owed.authority.join("; ")) },
            "help": { "text": format!("relto explain {} says what it demands and why.", owed.rule) },
            "defaultConfiguration": { "level": "note" },
            "properties": { "tags": [owed.pack, owed.status.word()] },
        })
    });
    let subject = docket::subject(owed);
    let print = fingerprint::hash(&[
        "obligation",
        subject,
        &owed.rule,
        owed.duty.as_deref().unwrap_or_default(),
        owed.period.as_deref().unwrap_or_default(),
    ]);
    let mut message = format!("{}: {}", visible::line(&owed.rule_title), terms(owed));
    for reason in &owed.because {
        let _ = write!(message, "\nbecause {}", visible::line(reason));
    }
    let (kind, level) = match owed.state {
        State::Overdue | State::Open | State::Upcoming => ("informational", "none"),
        State::Met | State::MetLate => ("pass", "none"),
        State::Waived | State::NotNotified | State::Prohibited => ("fail", "note"),
        State::Superseded => ("notApplicable", "none"),
    };
    let suppressions: Vec<Value> = outcome
        .excuse(owed)
        .map(|ground| json!({ "kind": "external", "status": "accepted", "justification": ground }))
        .into_iter()
        .collect();
    json!({
        "ruleId": owed.rule,
        "ruleIndex": index,
        "kind": kind,
        "level": level,
        "message": { "text": message },
        "locations": [location(&outcome.home(owed), None)],
        "partialFingerprints": { FINGERPRINT: print },
        "suppressions": suppressions,
        "properties": { "obligation": documents::obligation(owed) },
    })
}

fn is_excused(owed: &Obligation) -> bool {
    matches!(owed.state, State::Waived | State::NotNotified)
}

fn location(spot: &Spot<'_>, snippet: Option<String>) -> Value {
    let mut region = json!({
        "startLine": spot.line,
        "startColumn": spot.column,
        "endLine": spot.end_line,
        "endColumn": spot.end_column,
    });
    if let Some(text) = snippet {
        region["snippet"] = json!({ "text": text });
    }
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(spot.path), "uriBaseId": "%SRCROOT%" },
            "region": region,
        },
    })
}

fn snippet_of(place: &Place, outcome: &Outcome<'_>) -> Option<String> {
    let text = outcome.sources.get(place.source).text().get(place.span())?;
    (!text.is_empty() && text.len() <= SNIPPET).then(|| visible::lines(text).into_owned())
}

/// A path as a relative reference of RFC 3986: everything but its unreserved characters and `/` is percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.trim_start_matches("./").bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'/') {
            out.push(char::from(byte));
        } else {
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_references() {
        assert_eq!(uri("records/März 1%.toml"), "records/M%C3%A4rz%201%25.toml");
        assert_eq!(uri("./a:b.toml"), "a%3Ab.toml");
    }
}
