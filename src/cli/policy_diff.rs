//! `relto policy diff`: two versions of a pack, compared in words and by what they require.

use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use crate::base::diagnostic::has_errors;
use crate::base::failure::Failure;
use crate::cli::args::TextFormat;
use crate::cli::args::policy::PolicyDiffArgs;
use crate::cli::check;
use crate::cli::request::{request, today};
use crate::cli::terminal::Terminal;
use crate::evaluate::changes::{self, Change};
use crate::evaluate::obligation::Obligation;
use crate::evaluate::witness;
use crate::policy::choose::pack_ids;
use crate::policy::differences::{self, Property, RuleChange, list_change};
use crate::policy::rule::Rule;
use crate::report::json as documents;
use crate::report::summary::{counted, counted_do};
use crate::report::table::{self, Cell, Column, Give, wrapped};
use crate::report::visible;
use crate::run::{self, Checked};

const COLUMNS: [Column; 3] = [
    ("RECORD", Give::Keep),
    ("RULE", Give::Keep),
    ("WHAT CHANGES", Give::Wrap),
];

/// A rule whose conditions changed, and records that only one version applies to.
struct Witnesses {
    rule: String,
    only_old: Option<String>,
    only_new: Option<String>,
}

pub fn run(args: &PolicyDiffArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mut ids = pack_ids(&args.old)?;
    ids.extend(pack_ids(&args.new)?);
    let (mut old, _) = side(args, &args.old)?;
    let (mut new, with_records) = side(args, &args.new)?;
    for checked in [&old, &new] {
        if checked.case.policy.rules.is_empty() || broken(checked) {
            check::print_errors(checked, terminal);
            terminal.status("nothing was compared: a pack has errors");
            return Ok(1);
        }
    }
    let of_packs = |rule: &&Rule| ids.contains(&rule.pack);
    let before: Vec<&Rule> = old.case.policy.rules.iter().filter(of_packs).collect();
    let after: Vec<&Rule> = new.case.policy.rules.iter().filter(of_packs).collect();
    let rules = differences::between(&before, &after);
    let named: Vec<&str> = before.iter().chain(&after).map(|rule| rule.id.as_str()).collect();
    let of_rules = |owed: &&Obligation| named.contains(&owed.rule.as_str());
    let owed =
        |checked: &Checked| -> Vec<Obligation> { checked.obligations.iter().filter(of_rules).cloned().collect() };
    let records = changes::between(&owed(&old), &owed(&new));
    let found = witnesses(&rules, &mut old, &mut new);
    match args.format {
        TextFormat::Human => {
            let width = terminal.look().width.min(100);
            let mut text = in_words(&rules, &found, width);
            if !records.is_empty() {
                let rows: Vec<Vec<Cell>> = records.iter().map(row).collect();
                text.push('\n');
                text.push_str(&table::render(&COLUMNS, &rows, terminal.look()));
            }
            terminal.out(&text);
        }
        TextFormat::Json => terminal.out(&document(args, &rules, &records, &found, &old, &new)),
    }
    let judged = if with_records {
        format!(
            "{} over {}",
            counted_do(records.len(), "obligation", "differ"),
            counted(new.records, "record")
        )
    } else {
        "no records to try them on: name a workspace, or `--sample`".to_owned()
    };
    terminal.status(&format!("{}; {judged}", counted_do(rules.len(), "rule", "differ")));
    Ok(0)
}

/// The workspace judged with one version in the place of its packs; the packs alone where there are no records.
fn side(args: &PolicyDiffArgs, version: &Path) -> Result<(Checked, bool), Failure> {
    let mut request = request(&args.run, &[])?;
    request.instead = vec![version.to_path_buf()];
    match run::check(&request, &today) {
        Ok(checked) => Ok((checked, true)),
        Err(failure) => run::policy(&request, &today)
            .map(|checked| (checked, false))
            .map_err(|_| failure),
    }
}

/// Whether a pack has an error; those of records do not matter here.
fn broken(checked: &Checked) -> bool {
    let packs: Vec<_> = checked.case.policy.packs.iter().map(|pack| pack.place.source).collect();
    let of_packs = checked
        .diagnostics
        .iter()
        .filter(|found| found.place.as_ref().is_some_and(|place| packs.contains(&place.source)))
        .cloned();
    has_errors(&of_packs.collect::<Vec<_>>())
}

fn witnesses(changes: &[RuleChange], old: &mut Checked, new: &mut Checked) -> Vec<Witnesses> {
    let mut found = Vec::new();
    for change in changes {
        let differences::What::Changed(properties) = &change.what else {
            continue;
        };
        if !properties.iter().any(Property::is_condition) {
            continue;
        }
        let at = |checked: &Checked| checked.case.policy.rules.iter().position(|rule| rule.id == change.rule);
        let (Some(a), Some(b)) = (at(old), at(new)) else {
            continue;
        };
        found.push(Witnesses {
            rule: change.rule.clone(),
            only_old: witness::only_one((&mut old.case, a), (&mut new.case, b)),
            only_new: witness::only_one((&mut new.case, b), (&mut old.case, a)),
        });
    }
    found
}

fn in_words(changes: &[RuleChange], found: &[Witnesses], width: usize) -> String {
    let mut text = String::new();
    for change in changes {
        let (sign, properties) = match &change.what {
            differences::What::Added => ("+", &[][..]),
            differences::What::Removed => ("-", &[][..]),
            differences::What::Changed(properties) => ("~", properties.as_slice()),
        };
        let word = match sign {
            "+" => " (added)",
            "-" => " (removed)",
            _ => "",
        };
        let _ = writeln!(text, "{sign} {}: {}{word}", change.rule, visible::line(&change.title));
        for property in properties {
            let _ = writeln!(text, "    {}", property.name);
            for line in sides(property) {
                let (sign, rest) = line.split_at(1);
                for (at, part) in wrapped(rest.trim_start(), width.saturating_sub(8))
                    .into_iter()
                    .enumerate()
                {
                    let sign = if at == 0 { sign } else { " " };
                    let _ = writeln!(text, "      {sign} {}", visible::line(&part));
                }
            }
        }
        for witness in found.iter().filter(|witness| witness.rule == change.rule) {
            for (version, record) in [("before", &witness.only_old), ("after", &witness.only_new)] {
                if let Some(record) = record {
                    let _ = writeln!(text, "    it fires only {version} the change for this record:");
                    for line in record.lines() {
                        let _ = writeln!(text, "      {}", visible::line(line));
                    }
                }
            }
            if witness.only_old.is_none() && witness.only_new.is_none() {
                text.push_str("    not decided: no record was found that only one version applies to\n");
            }
        }
    }
    text
}

/// A property as lines of a diff: of a list only what it gained and lost.
fn sides(property: &Property) -> Vec<String> {
    if let (Some(old), Some(new)) = (&property.old, &property.new)
        && let Some((gained, lost)) = list_change(old, new)
        && !property.name.ends_with("note")
        && !property.name.ends_with("when")
        && !property.name.ends_with("unless")
    {
        let lost = lost.into_iter().map(|word| format!("- {word}"));
        return lost.chain(gained.into_iter().map(|word| format!("+ {word}"))).collect();
    }
    let old = property.old.iter().map(|text| format!("- {text}"));
    old.chain(property.new.iter().map(|text| format!("+ {text}"))).collect()
}

fn row(change: &Change) -> Vec<Cell> {
    let duty = change
        .duty
        .as_ref()
        .map_or_else(String::new, |name| format!(" ({name})"));
    let (words, style) = match &change.what {
        changes::What::Due(due) => (format!("newly due: {due}"), "32"),
        changes::What::Gone(due) => (format!("no longer due (was {due})"), "31"),
        changes::What::Moved { old, new } => (format!("due {new} instead of {old}"), "33"),
        changes::What::Recipients { gained, lost } => {
            let mut parts = Vec::new();
            if !gained.is_empty() {
                parts.push(format!("also to {}", gained.join(", ")));
            }
            if !lost.is_empty() {
                parts.push(format!("no longer to {}", lost.join(", ")));
            }
            (parts.join("; "), "33")
        }
    };
    vec![
        Cell::plain(subject(change)),
        Cell::plain(format!("{}{duty}", change.rule)),
        Cell::styled(words, style),
    ]
}

fn subject(change: &Change) -> String {
    match (&change.record, &change.period) {
        (Some(record), _) => record.to_string(),
        (None, Some(period)) => period.to_string(),
        (None, None) => String::new(),
    }
}

fn document(
    args: &PolicyDiffArgs,
    rules: &[RuleChange],
    records: &[Change],
    found: &[Witnesses],
    old: &Checked,
    new: &Checked,
) -> String {
    let rules: Vec<Value> = rules
        .iter()
        .map(|change| {
            let (what, properties) = match &change.what {
                differences::What::Added => ("added", Vec::new()),
                differences::What::Removed => ("removed", Vec::new()),
                differences::What::Changed(properties) => (
                    "changed",
                    properties
                        .iter()
                        .map(|property| json!({ "property": property.name, "old": property.old, "new": property.new }))
                        .collect(),
                ),
            };
            let witness = found.iter().find(|witness| witness.rule == change.rule);
            json!({
                "rule": change.rule,
                "title": change.title,
                "change": what,
                "properties": properties,
                "fires_only_before": witness.and_then(|witness| witness.only_old.clone()),
                "fires_only_after": witness.and_then(|witness| witness.only_new.clone()),
            })
        })
        .collect();
    let records: Vec<Value> = records
        .iter()
        .map(|change| {
            let (word, detail) = match &change.what {
                changes::What::Due(due) => ("newly_due", json!({ "due": due })),
                changes::What::Gone(due) => ("no_longer_due", json!({ "was": due })),
                changes::What::Moved { old, new } => ("date_moved", json!({ "old": old, "new": new })),
                changes::What::Recipients { gained, lost } => {
                    ("recipients_changed", json!({ "gained": gained, "lost": lost }))
                }
            };
            json!({ "record": change.record, "rule": change.rule, "duty": change.duty, "period": change.period, "change": word, "detail": detail })
        })
        .collect();
    documents::document(&json!({
        "schema": documents::SCHEMA,
        "as_of": new.as_of.to_string(),
        "old": args.old.display().to_string(),
        "new": args.new.display().to_string(),
        "records_judged": old.records.max(new.records),
        "rules": rules,
        "records": records,
    }))
}
