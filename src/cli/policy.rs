//! `relto policy`: the rules of every pack, and the tests that stand beside them.

use serde_json::{Value, json};

use crate::base::diagnostic::has_errors;
use crate::base::failure::Failure;
use crate::base::suggest;
use crate::cli::args::TextFormat;
use crate::cli::args::policy::{PolicyArgs, PolicyCommand, PolicyListArgs};
use crate::cli::request::{request, today};
use crate::cli::terminal::Terminal;
use crate::cli::{check, partition, policy_diff, policy_lint, policy_test, policy_what_if};
use crate::policy::rule::{Effect, Per, Rule, Status};
use crate::policy::stale::{age_in_months, is_stale};
use crate::report::summary::counted;
use crate::report::table::{self, Cell, Column, Give};
use crate::report::{json as documents, visible};
use crate::run::{self, Checked};

const COLUMNS: [Column<'_>; 6] = [
    ("RULE", Give::Keep),
    ("STATUS (CONFIDENCE)", Give::Wrap),
    ("ON", Give::Keep),
    ("CHECKED", Give::Wrap),
    ("DUE", Give::Wrap),
    ("TITLE", Give::Cut),
];

pub fn run(args: &PolicyArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    match &args.command {
        PolicyCommand::List(args) => list(args, terminal),
        PolicyCommand::Test(args) => policy_test::run(args, terminal),
        PolicyCommand::Lint(args) => policy_lint::run(args, terminal),
        PolicyCommand::Diff(args) => policy_diff::run(args, terminal),
        PolicyCommand::WhatIf(args) => policy_what_if::run(args, terminal),
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
            for pack in &policy.packs {
                let rules = policy.rules.iter().filter(|rule| rule.pack == pack.id);
                let rows: Vec<Vec<Cell>> = rules.map(|rule| row(rule, &checked)).collect();
                let heading = format!("{} {}: {}", pack.id, pack.version, pack.title);
                terminal.out(&format!("{}\n", visible::line(&heading)));
                if rows.is_empty() {
                    terminal.out("no rules\n\n");
                    continue;
                }
                terminal.out(&table::render(&COLUMNS, &rows, terminal.look()));
                terminal.out("\n");
            }
        }
        TextFormat::Json => {
            let packs: Vec<Value> = policy
                .packs
                .iter()
                .map(|pack| json!({ "id": pack.id, "title": pack.title, "version": pack.version, "source": pack.source, "extends": pack.extends }))
                .collect();
            let rules: Vec<Value> = policy.rules.iter().map(|rule| entry(rule, &checked)).collect();
            let document = json!({
                "schema": documents::SCHEMA,
                "as_of": checked.as_of.to_string(),
                "packs": packs,
                "rules": rules,
                "diagnostics": documents::diagnostics(&checked.diagnostics, &checked.sources),
            });
            terminal.out(&documents::document(&document));
        }
    }
    let on = policy.rules.iter().filter(|rule| rule.enabled).count();
    let (rules, packs) = (counted(policy.rules.len(), "rule"), counted(policy.packs.len(), "pack"));
    let old = policy.rules.iter().filter(|rule| stale(rule, &checked)).count();
    let old = match old {
        0 => String::new(),
        old => format!(", {} stale", counted(old, "rule")),
    };
    terminal.status(&format!("{rules} in {packs}, {on} switched on{old}"));
    Ok(u8::from(has_errors(&checked.diagnostics)))
}

fn stale(rule: &Rule, checked: &Checked) -> bool {
    is_stale(rule, checked.as_of, checked.settings.stale_after_months)
}

/// When a rule was last checked, and how long ago that was.
fn age(rule: &Rule, checked: &Checked) -> String {
    let Some(day) = rule.checked_on else {
        return "never".to_owned();
    };
    match age_in_months(day, checked.as_of) {
        0 => day.to_string(),
        months => format!("{day}, {} ago", counted(months as usize, "month")),
    }
}

fn row(rule: &Rule, checked: &Checked) -> Vec<Cell> {
    let style = match rule.status {
        Status::InForce => "32",
        Status::Expired | Status::Repealed => "2",
        _ => "",
    };
    vec![
        Cell::plain(&rule.id),
        Cell::styled(format!("{} ({})", rule.status.word(), rule.confidence.word()), style),
        Cell::plain(if rule.enabled { "yes" } else { "no" }),
        Cell::styled(age(rule, checked), if stale(rule, checked) { "33" } else { "" }),
        Cell::plain(if rule.reference_only {
            "for reference only".to_owned()
        } else {
            match (rule.effect, dues(rule)) {
                (_, dues) if !dues.is_empty() => dues.join("; "),
                (Effect::Prohibit, _) => "prohibited".to_owned(),
                (Effect::Require, _) => "must be answered".to_owned(),
                _ => "nothing is owed".to_owned(),
            }
        }),
        Cell::plain(&rule.title),
    ]
}

fn dues(rule: &Rule) -> Vec<&str> {
    let mut dues: Vec<&str> = rule.duties.iter().map(|duty| duty.due.text()).collect();
    dues.dedup();
    dues
}

fn entry(rule: &Rule, checked: &Checked) -> Value {
    json!({
        "checked_on": rule.checked_on.map(|day| day.to_string()),
        "checked_months_ago": rule.checked_on.map(|day| age_in_months(day, checked.as_of)),
        "stale": stale(rule, checked),
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

/// A test of nothing must not pass.
pub(super) fn known(name: &str, rules: &[Rule]) -> Result<(), Failure> {
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
