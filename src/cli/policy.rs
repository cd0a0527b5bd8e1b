//! `relto policy`: the rules of every pack, and the tests that stand beside them.

use serde_json::{Value, json};

use crate::base::diagnostic::{Diagnostic, has_errors};
use crate::base::failure::Failure;
use crate::base::suggest;
use crate::cli::args::TextFormat;
use crate::cli::args::policy::{PolicyArgs, PolicyCommand, PolicyListArgs, PolicyTestArgs};
use crate::cli::request::{request, today};
use crate::cli::terminal::Terminal;
use crate::cli::{check, partition};
use crate::evaluate::pack_test::TestResult;
use crate::policy::rule::{Per, Rule, Status};
use crate::report::json as documents;
use crate::report::summary::counted;
use crate::report::table::{self, Cell, Column, Give};
use crate::run;

const COLUMNS: [Column<'_>; 6] = [
    ("RULE", Give::Keep),
    ("PACK", Give::Keep),
    ("STATUS", Give::Keep),
    ("ON", Give::Keep),
    ("DUE", Give::Wrap),
    ("TITLE", Give::Cut),
];

pub fn run(args: &PolicyArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    match &args.command {
        PolicyCommand::List(args) => list(args, terminal),
        PolicyCommand::Test(args) => test(args, terminal),
    }
}

fn list(args: &PolicyListArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let checked = run::policy(&request(&args.run, &[])?, &today)?;
    let policy = &checked.case.policy;
    if args.partition_keys {
        return Ok(partition::list(&checked, args.format, terminal));
    }
    match args.format {
        TextFormat::Human => {
            check::print(&checked, terminal);
            let rows: Vec<Vec<Cell>> = policy.rules.iter().map(row).collect();
            terminal.out(&table::render(&COLUMNS, &rows, terminal.look()));
        }
        TextFormat::Json => {
            let packs: Vec<Value> = policy
                .packs
                .iter()
                .map(|pack| json!({ "id": pack.id, "title": pack.title, "version": pack.version, "source": pack.source, "extends": pack.extends }))
                .collect();
            let rules: Vec<Value> = policy.rules.iter().map(entry).collect();
            let document = json!({ "schema": documents::SCHEMA, "packs": packs, "rules": rules });
            terminal.out(&documents::document(&document));
        }
    }
    let on = policy.rules.iter().filter(|rule| rule.enabled).count();
    let (rules, packs) = (counted(policy.rules.len(), "rule"), counted(policy.packs.len(), "pack"));
    terminal.status(&format!("{rules} in {packs}, {on} switched on"));
    Ok(u8::from(has_errors(&checked.diagnostics)))
}

fn row(rule: &Rule) -> Vec<Cell> {
    let style = match rule.status {
        Status::InForce => "32",
        Status::Expired | Status::Repealed => "2",
        _ => "",
    };
    vec![
        Cell::plain(&rule.id),
        Cell::plain(&rule.pack),
        Cell::styled(rule.status.word(), style),
        Cell::plain(if rule.enabled { "yes" } else { "no" }),
        Cell::plain(if rule.reference_only {
            "for reference only".to_owned()
        } else {
            dues(rule).join("; ")
        }),
        Cell::plain(&rule.title),
    ]
}

fn dues(rule: &Rule) -> Vec<&str> {
    let mut dues: Vec<&str> = rule.duties.iter().map(|duty| duty.due.text()).collect();
    dues.dedup();
    dues
}

fn entry(rule: &Rule) -> Value {
    json!({
        "rule": rule.id,
        "pack": rule.pack,
        "title": rule.title,
        "status": rule.status.word(),
        "confidence": rule.confidence.word(),
        "enabled": rule.enabled,
        "reference_only": rule.reference_only,
        "applies_to": rule.applies_to.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "per": rule.per.map(Per::word),
        "effect": rule.effect.word(),
        "overrides": rule.overrides,
        "effective": { "from": rule.effective_from.to_string(), "until": rule.effective_until.map(|day| day.to_string()) },
        "due": dues(rule),
        "authority": rule.authority,
        "tests": rule.tests.len(),
    })
}

fn test(args: &PolicyTestArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
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
        }
        TextFormat::Json => {
            let tests: Vec<Value> = results
                .iter()
                .map(|result| {
                    let passed = result.differences.is_empty();
                    json!({ "rule": result.rule, "name": result.name, "passed": passed, "differences": result.differences })
                })
                .collect();
            let document = json!({
                "schema": documents::SCHEMA,
                "tests": tests,
                "diagnostics": documents::diagnostics(&checked.diagnostics, &checked.sources),
            });
            terminal.out(&documents::document(&document));
        }
    }
    let failed = results.iter().filter(|result| !result.differences.is_empty()).count();
    let tests = counted(results.len(), "test");
    terminal.status(&match (broken, failed) {
        (true, _) => "no test was run: the packs have errors".to_owned(),
        (false, 0) => format!("{tests}, all as expected"),
        (false, failed) => format!("{tests}, {failed} not as expected"),
    });
    Ok(u8::from(has_errors(&checked.diagnostics)))
}

/// A test of nothing must not pass.
fn known(name: &str, rules: &[Rule]) -> Result<(), Failure> {
    if rules.iter().any(|rule| rule.id.eq_ignore_ascii_case(name)) {
        return Ok(());
    }
    let failure = Failure::new(format!("`{name}` is no rule"));
    Err(
        match suggest::nearest(name, rules.iter().map(|rule| rule.id.as_str())) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint("`relto policy list` lists the rules"),
        },
    )
}
