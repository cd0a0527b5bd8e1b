//! `relto policy test`: runs the tests beside the rules, and measures what they show of every condition.

use serde_json::{Value, json};

use crate::base::diagnostic::{Diagnostic, has_errors};
use crate::base::failure::Failure;
use crate::cli::args::TextFormat;
use crate::cli::args::policy::PolicyTestArgs;
use crate::cli::check;
use crate::cli::policy::known;
use crate::cli::request::{request, today};
use crate::cli::terminal::Terminal;
use crate::evaluate::coverage::{Coverage, Point, Shown};
use crate::evaluate::pack_test::TestResult;
use crate::report::json as documents;
use crate::report::short::location;
use crate::report::summary::counted;
use crate::report::table::{self, Cell, Column, Give};
use crate::run::{self, Checked};

const COLUMNS: [Column; 5] = [
    ("RULE", Give::Keep),
    ("TESTS", Give::Keep),
    ("CONDITIONS", Give::Keep),
    ("SHOWN", Give::Keep),
    ("COVERAGE", Give::Keep),
];

pub fn run(args: &PolicyTestArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mut checked = run::policy(&request(&args.run, &[])?, &today)?;
    for name in &args.rules {
        known(name, &checked.case.policy.rules)?;
    }
    let chosen = |rule: &str| args.rules.is_empty() || args.rules.iter().any(|name| name.eq_ignore_ascii_case(rule));
    let broken = has_errors(&checked.diagnostics);
    let (results, found) = if broken {
        (Vec::new(), Vec::new())
    } else {
        run::test_policy(&mut checked)
    };
    let results: Vec<TestResult> = results.into_iter().filter(|result| chosen(&result.rule)).collect();
    let covered = if broken {
        Vec::new()
    } else {
        run::coverage(&mut checked, &results, &chosen)
    };
    let found: Vec<Diagnostic> = found
        .into_iter()
        .filter(|diagnostic| diagnostic.rule.as_deref().is_none_or(chosen))
        .collect();
    checked.diagnostics.extend(found);
    match args.format {
        TextFormat::Human => {
            check::print(&checked, terminal);
            if terminal.is_verbose() {
                for result in &results {
                    let sign = if result.differences.is_empty() { "✓" } else { "✗" };
                    terminal.out(&format!("{sign} {}: {}\n", result.rule, result.name));
                }
            }
            if !covered.is_empty() {
                let rows: Vec<Vec<Cell>> = covered.iter().map(row).collect();
                terminal.out(&table::render(&COLUMNS, &rows, terminal.look()));
                terminal.out(&gaps(&covered, &checked));
            }
        }
        TextFormat::Json => terminal.out(&document(&results, &covered, &checked)),
    }
    let failed = results.iter().filter(|result| !result.differences.is_empty()).count();
    let tests = counted(results.len(), "test");
    let short = args
        .coverage_at_least
        .filter(|least| total(&covered) < usize::from(*least));
    terminal.status(&match (broken, failed) {
        (true, _) => "no test was run: the packs have errors".to_owned(),
        (false, 0) => format!("{tests}, all as expected; coverage {} %", total(&covered)),
        (false, failed) => format!("{tests}, {failed} not as expected; coverage {} %", total(&covered)),
    });
    if let Some(least) = short.filter(|_| !broken) {
        terminal.status(&format!("refused: the coverage is below {least} %"));
        return Ok(1);
    }
    Ok(u8::from(has_errors(&checked.diagnostics)))
}

/// Whole per cent over all rules, rounded down.
fn total(covered: &[Coverage]) -> usize {
    let (shown, total) = covered
        .iter()
        .fold((0, 0), |(shown, total), one| (shown + one.shown(), total + one.total()));
    (shown * 100).checked_div(total).unwrap_or(100)
}

fn row(one: &Coverage) -> Vec<Cell> {
    let measured = one.exempt.is_none();
    let (conditions, shown, percent) = if measured {
        (
            one.points.len().to_string(),
            format!("{} of {}", one.shown(), one.total()),
            format!("{} %", one.percent()),
        )
    } else {
        (String::new(), String::new(), one.exempt.unwrap_or_default().to_owned())
    };
    let style = match (measured, one.shown() == one.total()) {
        (false, _) => "2",
        (true, true) => "32",
        (true, false) => "33",
    };
    vec![
        Cell::plain(&one.rule),
        Cell::plain(one.tests.to_string()),
        Cell::plain(conditions),
        Cell::plain(shown),
        Cell::styled(percent, style),
    ]
}

/// What no test shows, and the tests that would.
fn gaps(covered: &[Coverage], checked: &Checked) -> String {
    let mut text = String::new();
    for one in covered {
        for point in &one.points {
            for (shown, way) in ways(point) {
                let what = format!(
                    "\n{}: no test of {} shows `{}` ({}) {way}",
                    location(&point.place, &checked.sources),
                    one.rule,
                    point.text,
                    point.site.word()
                );
                match shown {
                    Shown::By(_) => {}
                    Shown::NotFound => text.extend([
                        what.as_str(),
                        "\n  no record was found that shows it: perhaps the other conditions decide it already\n",
                    ]),
                    Shown::Missing(block) => text.extend([what.as_str(), "; this one would:\n\n", block]),
                }
            }
        }
    }
    text
}

fn ways(point: &Point) -> [(&Shown, &'static str); 2] {
    [
        (&point.holding, "deciding by holding"),
        (&point.failing, "deciding by not holding"),
    ]
}

fn document(results: &[TestResult], covered: &[Coverage], checked: &Checked) -> String {
    let tests: Vec<Value> = results
        .iter()
        .map(|result| {
            let passed = result.differences.is_empty();
            json!({ "rule": result.rule, "name": result.name, "passed": passed, "differences": result.differences })
        })
        .collect();
    let rules: Vec<Value> = covered
        .iter()
        .map(|one| {
            json!({
                "rule": one.rule,
                "tests": one.tests,
                "exempt": one.exempt,
                "percent": one.exempt.is_none().then(|| one.percent()),
                "conditions": one.points.iter().map(|point| condition(point, checked)).collect::<Vec<_>>(),
            })
        })
        .collect();
    documents::document(&json!({
        "schema": documents::SCHEMA,
        "tests": tests,
        "coverage": { "percent": total(covered), "rules": rules },
        "diagnostics": documents::diagnostics(&checked.diagnostics, &checked.sources),
    }))
}

fn condition(point: &Point, checked: &Checked) -> Value {
    let shown = |shown: &Shown| match shown {
        Shown::By(test) => json!({ "shown": true, "test": test, "missing": null }),
        Shown::Missing(toml) => json!({ "shown": false, "test": null, "missing": toml }),
        Shown::NotFound => json!({ "shown": false, "test": null, "missing": null }),
    };
    json!({
        "condition": point.text,
        "words": point.words,
        "in": point.site.word(),
        "at": location(&point.place, &checked.sources),
        "holding": shown(&point.holding),
        "not_holding": shown(&point.failing),
    })
}
