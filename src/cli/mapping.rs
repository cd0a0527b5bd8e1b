//! The mapping file of an import: which column is which field, and what its values mean.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::base::failure::Failure;
use crate::base::source::read_text;
use crate::base::suggest;
use crate::cli::answers::find;
use crate::record::field::Field;
use crate::record::kind::Kind;

/// The file as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mapping {
    pub kind: Option<String>,
    pub date_format: Option<String>,
    pub separator: Option<String>,
    pub ignore: Vec<String>,
    pub columns: BTreeMap<String, String>,
    /// By column: what the source writes, and what the record says.
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// By field: the same value in every record.
    pub constants: BTreeMap<String, String>,
}

/// One column of the source and the field it fills.
#[derive(Debug, Clone)]
pub struct Column {
    /// Which cell of a row, from 0.
    pub at: usize,
    pub name: String,
    pub path: String,
    pub field: &'static Field,
}

/// Reads a mapping file.
///
/// # Errors
/// A [`Failure`] where the file cannot be read or is no mapping.
pub fn read(path: &Path) -> Result<Mapping, Failure> {
    toml::from_str(&read_text(path)?).map_err(|error| {
        let message = error.to_string();
        let lines: Vec<&str> = message.lines().map(str::trim_end).collect();
        Failure::new(format!(
            "`{}` is no mapping file: {}",
            path.display(),
            lines.join("\n  ")
        ))
        .hint("`relto import --help` shows one")
    })
}

impl Mapping {
    /// Finds the field of every column. What is neither mapped nor ignored is an error, as is a mapping of nothing.
    pub fn columns(&self, kind: Kind, headings: &[String]) -> (Vec<Column>, Vec<String>) {
        let mut columns: Vec<Column> = Vec::new();
        let mut problems = Vec::new();
        let known = |name: &String| headings.contains(name);
        let named = self.columns.keys().chain(&self.ignore).chain(self.values.keys());
        for name in named.filter(|name| !known(name)) {
            let near = suggest::nearest(name, headings.iter().map(String::as_str));
            problems.push(match near {
                Some(near) => {
                    format!("the mapping names a column `{name}` that the file does not have: did you mean `{near}`?")
                }
                None => format!("the mapping names a column `{name}` that the file does not have"),
            });
        }
        for (at, name) in headings.iter().enumerate() {
            if headings[..at].contains(name) {
                problems.push(format!("column {}: `{name}` is there twice", at + 1));
                continue;
            }
            if self.ignore.contains(name) {
                continue;
            }
            let path = self.columns.get(name).unwrap_or(name);
            match find(kind, path) {
                Ok(field) => {
                    if let Some(other) = columns.iter().find(|other| other.path == *path) {
                        problems.push(format!(
                            "column {}: `{name}` and `{}` both fill `{path}`",
                            at + 1,
                            other.name
                        ));
                    }
                    columns.push(Column {
                        at,
                        name: name.clone(),
                        path: path.clone(),
                        field,
                    });
                }
                Err(failure) => {
                    let hint = failure
                        .hints
                        .first()
                        .map(|hint| format!(": {hint}"))
                        .unwrap_or_default();
                    problems.push(format!(
                        "column {}: `{name}` is no field of a `{kind}` record{hint}; map it under `[columns]`, or name it in `ignore`",
                        at + 1
                    ));
                }
            }
        }
        for path in self.constants.keys() {
            if let Err(failure) = find(kind, path) {
                problems.push(format!("`[constants]`: {}", failure.message));
            } else if columns.iter().any(|column| column.path == *path) {
                problems.push(format!("`[constants]`: `{path}` is filled by a column already"));
            }
        }
        (columns, problems)
    }
}
