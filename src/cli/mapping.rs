//! The mapping file of an import: which column is which field, and what its values mean.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use chrono::format::{Item, StrftimeItems};
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use crate::base::failure::Failure;
use crate::base::source::read_text;
use crate::base::suggest;
use crate::cli::answers::{Answers, both, find, overlap};
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
                problems.push(format!(
                    "column {}: `{name}` is there twice; rename one of the two",
                    at + 1
                ));
                continue;
            }
            if self.ignore.contains(name) {
                continue;
            }
            let mapped = self.columns.get(name);
            let path = mapped.unwrap_or(name);
            match find(kind, path) {
                Ok(field) => {
                    if let Some(other) = columns.iter().find(|other| overlap(&other.path, path)) {
                        let both = if other.path == *path {
                            format!("both fill `{path}`")
                        } else {
                            format!("fill one field: {}", both(&other.path, path))
                        };
                        problems.push(format!("column {}: `{name}` and `{}` {both}", at + 1, other.name));
                    }
                    columns.push(Column {
                        at,
                        name: name.clone(),
                        path: path.clone(),
                        field,
                    });
                }
                Err(failure) => {
                    let hint = hint(&failure);
                    let record = format!("{} record", kind.with_article());
                    problems.push(match mapped {
                        Some(path) => format!("`[columns]`: `{name}` is to fill `{path}`, which is no field of {record}{hint}"),
                        None => format!(
                            "column {}: `{name}` is no field of {record}{hint}; map it under `[columns]`, or name it in `ignore`",
                            at + 1
                        ),
                    });
                }
            }
        }
        for path in self.constants.keys() {
            if let Some(column) = columns.iter().find(|column| overlap(&column.path, path)) {
                problems.push(if column.path == *path {
                    format!("`[constants]`: `{path}` is filled by a column already")
                } else {
                    format!(
                        "`[constants]` and column {}: {}",
                        column.at + 1,
                        both(path, &column.path)
                    )
                });
            }
        }
        (columns, problems)
    }

    /// Takes the values that are the same in every record.
    pub fn constants(&self, kind: Kind) -> (Answers, Vec<String>) {
        let mut answers = Answers::default();
        let mut problems = Vec::new();
        for (path, value) in &self.constants {
            match find(kind, path) {
                Err(failure) => problems.push(format!("`[constants]`: {}{}", failure.message, hint(&failure))),
                Ok(field) => {
                    if let Err(problem) = answers.take(kind, path, field, value) {
                        problems.push(format!("`[constants]`, `{path}`: {problem}"));
                    }
                }
            }
        }
        (answers, problems)
    }

    /// What is wrong with the mapping whatever the file holds.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.separator.as_deref() == Some("") {
            problems.push(
                "`separator` of the mapping is empty; write what stands between the parts of a list, as in \",\""
                    .to_owned(),
            );
        }
        if let Some(format) = &self.date_format {
            let wrong = if StrftimeItems::new(format).any(|item| item == Item::Error) {
                Some("cannot be read")
            } else if !reads_days(format) {
                Some("does not give a whole day")
            } else {
                None
            };
            problems.extend(wrong.map(|wrong| {
                format!(
                    "`date_format` of the mapping, `{format}`, {wrong}; write year, month and day as in `%m/%d/%Y` for \
                     03/11/2025, or `%d %B %Y` for 11 March 2025"
                )
            }));
        }
        problems
    }

    /// Reads a day by the format of the mapping.
    pub fn day(text: &str, format: &str) -> Result<String, String> {
        let day = NaiveDate::parse_from_str(text, format)
            .map_err(|_| format!("`{text}` is no date of the form `{format}`"))?;
        if (1000..=9999).contains(&day.year()) {
            return Ok(day.to_string());
        }
        Err(format!(
            "`{text}` is a date of the year {} by the form `{format}`; write the year with four digits, or take `%y`, which \
             reads years of two digits",
            day.year()
        ))
    }
}

/// The hint of a failure as the end of a sentence.
fn hint(failure: &Failure) -> String {
    let hint = failure.hints.first();
    hint.map(|hint| format!(": {hint}")).unwrap_or_default()
}

/// Whether a day that is written by a format can be read by it. Where a format wants more than a moment has, nobody knows.
fn reads_days(format: &str) -> bool {
    let Some(moment) = NaiveDate::from_ymd_opt(2025, 11, 23).and_then(|day| day.and_hms_opt(9, 30, 0)) else {
        return true;
    };
    let mut text = String::new();
    if write!(text, "{}", moment.format(format)).is_err() {
        return true;
    }
    NaiveDate::parse_from_str(&text, format) == Ok(moment.date())
}
