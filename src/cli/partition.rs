//! `relto policy list --partition-keys`: what a run over parts of the records has to keep in one part.

use serde_json::{Value, json};

use crate::base::diagnostic::has_errors;
use crate::cli::args::TextFormat;
use crate::cli::check;
use crate::cli::terminal::Terminal;
use crate::policy::partition::{PartitionKey, partition_keys};
use crate::record::field::{Type, field};
use crate::record::kind::Kind;
use crate::report::json as documents;
use crate::report::table::{self, Cell, Column, Give};
use crate::run::Checked;

const COLUMNS: [Column; 5] = [
    ("RULE", Give::Keep),
    ("ON", Give::Keep),
    ("KINDS", Give::Wrap),
    ("SAME", Give::Wrap),
    ("WHY", Give::Cut),
];

pub(super) fn list(checked: &Checked, format: TextFormat, terminal: &mut Terminal) -> u8 {
    let keys = partition_keys(&checked.case.policy);
    match format {
        TextFormat::Human => {
            check::print(checked, terminal);
            let rows: Vec<Vec<Cell>> = keys.iter().map(row).collect();
            terminal.out(&table::render(&COLUMNS, &rows, terminal.look()));
            terminal.out(&format!(
                "\nRecords that name one another belong in one part too ({}),\nand so do two records with one id.\n",
                links().join(", ")
            ));
        }
        TextFormat::Json => {
            let keys: Vec<Value> = keys.iter().map(entry).collect();
            let document = json!({ "schema": documents::SCHEMA, "partition_keys": keys, "links": links() });
            terminal.out(&documents::document(&document));
        }
    }
    u8::from(has_errors(&checked.diagnostics))
}

fn row(key: &PartitionKey) -> Vec<Cell> {
    vec![
        Cell::plain(&key.rule),
        Cell::plain(if key.enabled { "yes" } else { "no" }),
        Cell::plain(names(key).join(", ")),
        Cell::plain(key.same.join(", ")),
        Cell::plain(&key.why),
    ]
}

fn entry(key: &PartitionKey) -> Value {
    json!({ "rule": key.rule, "enabled": key.enabled, "kinds": names(key), "same": key.same, "why": key.why })
}

fn names(key: &PartitionKey) -> Vec<&'static str> {
    key.kinds.iter().map(|kind| kind.name()).collect()
}

/// The fields that name other records.
fn links() -> Vec<&'static str> {
    let link = |name: &&str| {
        let of = |kind: &Kind| field(*kind, name).map(|field| field.kind_of_value);
        Kind::ALL
            .iter()
            .filter_map(of)
            .any(|of| matches!(of, Type::Link | Type::List(Type::Link)))
    };
    let mut names: Vec<&str> = Kind::ALL
        .iter()
        .flat_map(|kind| crate::record::field::fields_of(*kind).map(|field| field.name))
        .filter(link)
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}
