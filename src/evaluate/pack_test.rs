//! Runs the tests that stand beside the rules: records as in a record file, and what must come out.

use std::collections::BTreeSet;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::calendar::due::{Due, DueKind};
use crate::evaluate::alone::alone;
use crate::evaluate::case::Case;
use crate::evaluate::coverage::with;
use crate::evaluate::evaluate::{Evaluator, evaluate};
use crate::evaluate::obligation::Obligation;
use crate::policy::rule::{Expect, Outcome, Rule, RuleTest};
use crate::record::value::Record;

/// How one test came out.
#[derive(Debug)]
pub struct TestResult {
    pub rule: String,
    pub name: String,
    /// What was expected and what came, one line each; empty where the test passed.
    pub differences: Vec<String>,
}

/// Runs every test of every rule, of disabled rules too. A rule is judged alone, switched on, with the rules that its
/// `fires` refers to as they are, but for those that the test's `enable` names.
pub fn run(case: &mut Case) -> (Vec<TestResult>, Vec<Diagnostic>) {
    let mut results = Vec::new();
    let mut found = Vec::new();
    for at in 0..case.policy.rules.len() {
        let tests = std::mem::take(&mut case.policy.rules[at].tests);
        for test in &tests {
            let differences = run_one(case, at, test);
            let rule = &case.policy.rules[at];
            if !differences.is_empty() {
                let mut diagnostic = Diagnostic::new(Code::RuleTestFailed, format!("{}: {}", rule.id, test.name))
                    .at(test.place.clone())
                    .label("this test does not come out")
                    .related(rule.place.clone(), "of this rule")
                    .rule(rule.id.clone());
                for difference in &differences {
                    diagnostic = diagnostic.help(difference.clone());
                }
                found.push(diagnostic);
            }
            results.push(TestResult {
                rule: rule.id.clone(),
                name: test.name.clone(),
                differences,
            });
        }
        case.policy.rules[at].tests = tests;
    }
    (results, found)
}

/// How one test differs from what it expects; empty where it comes out.
pub(super) fn run_one(case: &mut Case, at: usize, test: &RuleTest) -> Vec<String> {
    let per = case.policy.rules[at].per.is_some();
    let judged = match test.records.first() {
        Some(first) => first.id.to_string(),
        None if per => String::new(),
        None => return vec!["the test has no record".to_string()],
    };
    let as_of = test.as_of.unwrap_or(case.as_of);
    let rules = with(case, &[at], &test.enable);
    alone(case, &rules, &test.records, &judged, as_of, |case| {
        compare(case, at, &judged, &test.expect)
    })
}

/// What one rule makes of a record, or of a period: whether it fires, as a test sees it, and what is owed under it.
pub(super) fn came(
    case: &Case,
    rule: &Rule,
    record: Option<&Record>,
    period: Option<&str>,
) -> (Outcome, Vec<Obligation>) {
    let (mut owed, found) = evaluate(case);
    owed.retain(|owed| owed.rule == rule.id && (period.is_none() || owed.period.as_deref() == period));
    let undecided = found.iter().any(|diagnostic| {
        diagnostic.code == Code::RuleUndetermined && diagnostic.message.contains(&format!("`{}`", rule.id))
    });
    let fired = match record {
        Some(record) if rule.per.is_none() => Evaluator::new(case).rule_outcome(&rule.id, record),
        _ => Outcome::of(!owed.is_empty()),
    };
    // Without duties a rule shows in its diagnostics; with duties, one of them must apply.
    let outcome = match fired {
        Outcome::True if owed.is_empty() && undecided => Outcome::Unknown,
        Outcome::True if owed.is_empty() && !rule.duties.is_empty() && rule.applies_alone() => Outcome::False,
        other => other,
    };
    (outcome, owed)
}

fn compare(case: &Case, at: usize, judged: &str, expect: &Expect) -> Vec<String> {
    let rule = &case.policy.rules[at];
    let record = case.record(judged);
    if record.is_none() && rule.per.is_none() {
        return vec!["the record is not in the case".to_string()];
    }
    let (outcome, mut owed) = came(case, rule, record, expect.period.as_deref());
    let mut differences = Vec::new();
    if let Some(wanted) = expect.fires
        && outcome != wanted
    {
        differences.push(format!("fires: expected {}, came {}", fires(wanted), fires(outcome)));
    }
    if let Some(duty) = &expect.duty {
        owed.retain(|owed| owed.duty.as_deref() == Some(duty));
    }
    let first = owed.first();
    let mut same = |name: &str, wanted: &Option<String>, came: Option<String>| {
        if let Some(wanted) = wanted
            && came.as_ref() != Some(wanted)
        {
            differences.push(format!(
                "{name}: expected {wanted}, came {}",
                came.unwrap_or_else(|| "nothing".to_string())
            ));
        }
    };
    same("due", &expect.due, first.map(when_due));
    same(
        "earliest",
        &expect.earliest,
        first.and_then(|owed| owed.due.earliest.as_ref().map(String::from)),
    );
    same(
        "submit_by",
        &expect.submit_by,
        first.and_then(|owed| owed.due.submit_by.as_ref().map(String::from)),
    );
    let target = first.and_then(|owed| owed.target.as_ref());
    same("target", &expect.target, target.map(|target| when(target)));
    same("state", &expect.state, first.map(|owed| owed.state.word().to_string()));
    if let Some(wanted) = &expect.recipients {
        let told = first.map(|owed| &*owed.recipients).unwrap_or_default();
        let sort = |names: &[String]| names.iter().cloned().collect::<BTreeSet<_>>();
        if sort(wanted) != sort(told) {
            differences.push(format!(
                "recipients: expected {}, came {}",
                wanted.join(", "),
                told.join(", ")
            ));
        }
    }
    if let Some(wanted) = &expect.covers {
        let covered = first.map(|owed| owed.covers.clone()).unwrap_or_default();
        if *wanted != covered {
            differences.push(format!(
                "covers: expected {}, came {}",
                wanted.join(", "),
                covered.join(", ")
            ));
        }
    }
    differences
}

/// When something is due, as a test writes it: the day or moment, the word, or the kind of deadline.
pub(super) fn when_due(owed: &Obligation) -> String {
    when(&owed.due)
}

fn when(due: &Due) -> String {
    let written = due.at.as_ref().or(due.word.as_ref());
    written.map_or_else(|| kind_word(due.kind), String::from)
}

fn kind_word(kind: DueKind) -> String {
    serde_json::to_value(kind)
        .ok()
        .and_then(|value| value.as_str().map(str::to_string))
        .unwrap_or_default()
}

fn fires(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::True => "true",
        Outcome::False => "false",
        Outcome::Unknown => "undetermined",
    }
}

impl Rule {
    /// Whether what it owes shows only in obligations: no diagnostics of its own, no follower that lifts it.
    fn applies_alone(&self) -> bool {
        self.duties.iter().all(|duty| duty.when.is_some()) || self.unless_followed.is_some()
    }
}
