//! `relto policy lint`: how every two rules stand to each other.

use serde_json::{Value, json};

use crate::base::diagnostic::has_errors;
use crate::base::failure::Failure;
use crate::cli::args::TextFormat;
use crate::cli::args::policy::PolicyLintArgs;
use crate::cli::check;
use crate::cli::policy::known;
use crate::cli::request::{request, today};
use crate::cli::terminal::Terminal;
use crate::evaluate::witness::{Pair, Relation};
use crate::report::json as documents;
use crate::report::summary::counted;
use crate::report::table::{self, Cell, Column, Give};
use crate::run;

const COLUMNS: [Column; 3] = [
    ("RULE", Give::Keep),
    ("OTHER RULE", Give::Keep),
    ("HOW THEY STAND", Give::Wrap),
];

pub fn run(args: &PolicyLintArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mut checked = run::policy(&request(&args.run, &[])?, &today)?;
    for name in &args.rules {
        known(name, &checked.case.policy.rules)?;
    }
    let chosen = |rule: &str| args.rules.is_empty() || args.rules.iter().any(|name| name.eq_ignore_ascii_case(rule));
    let broken = has_errors(&checked.diagnostics);
    let pairs = if broken {
        Vec::new()
    } else {
        run::lint_policy(&mut checked, &chosen)
    };
    match args.format {
        TextFormat::Human => {
            check::print(&checked, terminal);
            let all = args.witnesses || !args.rules.is_empty();
            let rows: Vec<Vec<Cell>> = pairs.iter().filter(|pair| all || !plain(pair)).map(row).collect();
            if !rows.is_empty() {
                terminal.out(&table::render(&COLUMNS, &rows, terminal.look()));
            }
            if args.witnesses {
                for pair in &pairs {
                    if let Some(record) = witness(&pair.relation) {
                        let (first, second) = (&pair.first, &pair.second);
                        terminal.out(&format!("\nboth {first} and {second} fire for\n\n{record}"));
                    }
                }
            }
        }
        TextFormat::Json => {
            let document = json!({
                "schema": documents::SCHEMA,
                "pairs": pairs.iter().map(entry).collect::<Vec<_>>(),
                "diagnostics": documents::diagnostics(&checked.diagnostics, &checked.sources),
            });
            terminal.out(&documents::document(&document));
        }
    }
    let superfluous = pairs
        .iter()
        .filter(|pair| matches!(pair.relation, Relation::Implied { redundant: true } | Relation::Same))
        .count();
    terminal.status(&if broken {
        "nothing was compared: the packs have errors".to_owned()
    } else {
        format!(
            "{} of rules may fire together, {} of them plain overlaps; {} may be superfluous",
            counted(pairs.len(), "pair"),
            pairs.iter().filter(|pair| plain(pair)).count(),
            counted(superfluous, "rule")
        )
    });
    Ok(u8::from(has_errors(&checked.diagnostics)))
}

/// Whether two rules merely overlap, as most do: one event, several duties.
fn plain(pair: &Pair) -> bool {
    matches!(pair.relation, Relation::Overlap { .. })
}

fn words(relation: &Relation) -> &'static str {
    match relation {
        Relation::Implied { redundant: true } => "implied: it only ever fires where the other does, and adds nothing",
        Relation::Implied { redundant: false } => "implied: it only ever fires where the other does, but demands more",
        Relation::Same => "the same: both fire for exactly the same records",
        Relation::Overlap { .. } => "overlap: both fire for some records, each alone for others",
        Relation::OverlapAtLeast { .. } => {
            "overlap: both fire for some records; whether one implies the other is not decided"
        }
        Relation::NotDecided => "not decided: no record was found, and none is ruled out",
    }
}

fn word(relation: &Relation) -> &'static str {
    match relation {
        Relation::Implied { .. } => "implied",
        Relation::Same => "same",
        Relation::Overlap { .. } | Relation::OverlapAtLeast { .. } => "overlap",
        Relation::NotDecided => "not_decided",
    }
}

fn witness(relation: &Relation) -> Option<&str> {
    match relation {
        Relation::Overlap { both } | Relation::OverlapAtLeast { both } => Some(both),
        _ => None,
    }
}

fn row(pair: &Pair) -> Vec<Cell> {
    let style = match pair.relation {
        Relation::Implied { redundant: true } | Relation::Same => "33",
        Relation::NotDecided => "2",
        _ => "",
    };
    vec![
        Cell::plain(&pair.first),
        Cell::plain(&pair.second),
        Cell::styled(words(&pair.relation), style),
    ]
}

fn entry(pair: &Pair) -> Value {
    let superfluous = match pair.relation {
        Relation::Implied { redundant } => Some(redundant),
        Relation::Same => Some(true),
        _ => None,
    };
    json!({
        "rule": pair.first,
        "other": pair.second,
        "relation": word(&pair.relation),
        "words": words(&pair.relation),
        "superfluous": superfluous,
        "witness": witness(&pair.relation),
    })
}
