//! `relto import`: records from tables, every cell checked at its row and column.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use chrono::NaiveDate;

use crate::base::failure::Failure;
use crate::base::source::{Sources, read_text};
use crate::cli::answers::{Answers, PART, cell};
use crate::cli::args::import::ImportArgs;
use crate::cli::fields::kind;
use crate::cli::mapping::{self, Column, Mapping};
use crate::cli::new::write_new;
use crate::cli::terminal::Terminal;
use crate::marking::level::Level;
use crate::record::blocks::blocks;
use crate::record::field::{Type, written_order};
use crate::record::format::format;
use crate::record::kind::Kind;
use crate::record::load::load;
use crate::report::summary::counted;
use crate::report::visible;

/// A source as rows of cells; a cell that is not there is empty.
struct Rows {
    headings: Vec<String>,
    /// The number of each row as its source counts, and its cells.
    rows: Vec<(usize, Vec<String>)>,
}

pub fn run(args: &ImportArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mapping = match &args.map {
        Some(path) => mapping::read(path)?,
        None => Mapping::default(),
    };
    let Some(name) = args.kind.as_ref().or(mapping.kind.as_ref()) else {
        return Err(Failure::new("nobody says which kind of record this is")
            .hint("give `--kind liaison_contact`, or `kind` in the mapping file"));
    };
    let kind = kind(name)?;
    let source = rows(&args.file)?;
    let file = visible::line(&args.file.display().to_string()).into_owned();
    let (columns, mut problems) = mapping.columns(kind, &source.headings);
    let mut text = String::new();
    if problems.is_empty() {
        for (number, cells) in &source.rows {
            match record(kind, *number, cells, &columns, &mapping) {
                Ok(record) => text.push_str(&record),
                Err(found) => problems.extend(found),
            }
        }
    }
    if problems.is_empty() {
        problems = whole(&text, &source);
    }
    if !problems.is_empty() {
        for problem in &problems {
            terminal.out(&format!("{file}: error: {}\n", visible::line(problem)));
        }
        terminal.status(&format!(
            "{} in {}: nothing was written",
            counted(problems.len(), "error"),
            counted(source.rows.len(), "row")
        ));
        return Ok(1);
    }
    let text = format(&text).unwrap_or(text);
    let records = counted(source.rows.len(), "record");
    match &args.output {
        Some(path) => {
            write_new(path, &text)?;
            terminal.status(&format!("wrote {records} to {}; next: `relto check`", path.display()));
        }
        None if args.dry_run => terminal.status(&format!("{records} would be written, no errors")),
        None => terminal.out(&text),
    }
    Ok(0)
}

/// Reads the rows of a file by its extension.
fn rows(path: &Path) -> Result<Rows, Failure> {
    let text = read_text(path)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let failed = |problem: String| Failure::new(format!("`{}`: {problem}", path.display()));
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("csv") => csv_rows(text).map_err(failed),
        Some("json") => json_rows(text).map_err(failed),
        _ => Err(Failure::new(format!("`{}` is neither .csv nor .json", path.display()))
            .hint("save the table as CSV with a heading, or as a JSON list of objects")),
    }
}

/// Rows are counted as spreadsheets do: the heading is row 1.
fn csv_rows(text: &str) -> Result<Rows, String> {
    let mut reader = ::csv::ReaderBuilder::new().flexible(false).from_reader(text.as_bytes());
    let headings: Vec<String> = reader
        .headers()
        .map_err(|error| error.to_string())?
        .iter()
        .map(|name| name.trim().to_owned())
        .collect();
    let mut rows = Vec::new();
    for (at, record) in reader.records().enumerate() {
        let record = record.map_err(|error| format!("row {}: {error}", at + 2))?;
        rows.push((at + 2, record.iter().map(str::to_owned).collect()));
    }
    Ok(Rows { headings, rows })
}

/// Objects inside an object become dotted columns; the columns of all objects are put together.
fn json_rows(text: &str) -> Result<Rows, String> {
    let list: Vec<serde_json::Map<String, serde_json::Value>> =
        serde_json::from_str(text).map_err(|error| format!("no list of objects: {error}"))?;
    let flat: Vec<Vec<(String, String)>> = list
        .iter()
        .map(|object| {
            let mut cells = Vec::new();
            flatten("", object, &mut cells)?;
            Ok(cells)
        })
        .collect::<Result<_, String>>()?;
    let mut headings: Vec<String> = Vec::new();
    for (name, _) in flat.iter().flatten() {
        if !headings.contains(name) {
            headings.push(name.clone());
        }
    }
    let rows = flat.iter().enumerate().map(|(at, cells)| {
        let cell = |name: &String| {
            let found = cells.iter().find(|(known, _)| known == name);
            found.map_or_else(String::new, |(_, value)| value.clone())
        };
        (at + 1, headings.iter().map(cell).collect())
    });
    let rows = rows.collect();
    Ok(Rows { headings, rows })
}

fn flatten(
    prefix: &str,
    object: &serde_json::Map<String, serde_json::Value>,
    cells: &mut Vec<(String, String)>,
) -> Result<(), String> {
    use serde_json::Value;
    for (key, value) in object {
        let path = format!("{prefix}{key}");
        let plain = |value: &Value| match value {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            _ => None,
        };
        match value {
            Value::Null => {}
            Value::Object(inner) => flatten(&format!("{path}."), inner, cells)?,
            Value::Array(items) => {
                let parts: Option<Vec<String>> = items.iter().map(plain).collect();
                let parts = parts.ok_or_else(|| format!("`{path}`: a list of texts is wanted, not of tables"))?;
                let parts = parts.into_iter().map(|part| part + &PART.to_string());
                cells.push((path, parts.collect()));
            }
            value => cells.push((path, plain(value).unwrap_or_default())),
        }
    }
    Ok(())
}

/// One row as a record; every cell that does not fit, with its row and column.
fn record(
    kind: Kind,
    number: usize,
    cells: &[String],
    columns: &[Column],
    mapping: &Mapping,
) -> Result<String, Vec<String>> {
    let mut answers = Answers::default();
    let mut problems = Vec::new();
    for (path, value) in &mapping.constants {
        if let Err(failure) = answers.set(kind, &format!("{path}={value}")) {
            problems.push(format!("`[constants]`: {}", failure.message));
        }
    }
    let separator = mapping.separator.as_deref().unwrap_or(";");
    for column in columns {
        let written = cells.get(column.at).map_or("", |cell| cell.trim());
        if written.is_empty() {
            continue;
        }
        let meant = mapping.values.get(&column.name).and_then(|values| values.get(written));
        let value = meant.map_or(written, String::as_str);
        let value = match (&mapping.date_format, column.field.kind_of_value) {
            (Some(format), Type::When) => NaiveDate::parse_from_str(value, format)
                .map(|day| day.to_string())
                .map_err(|_| format!("`{value}` is no date of the form `{format}`")),
            _ => Ok(value.to_owned()),
        };
        let taken = value.and_then(|value| {
            let literal = cell(&column.field.kind_of_value, &value, separator);
            answers.put(kind, &column.path, literal)
        });
        if let Err(problem) = taken {
            problems.push(format!(
                "row {number}, column {} (`{}`): {problem}",
                column.at + 1,
                column.name
            ));
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut text = format!("[[{kind}]]\n");
    for field in written_order(kind) {
        if let Some(value) = answers.of(field) {
            let _ = writeln!(text, "{} = {value}", field.name);
        }
    }
    text.push('\n');
    Ok(text)
}

/// What is wrong with the records as wholes: fields that are missing, dates in the wrong order, ids used twice.
fn whole(text: &str, source: &Rows) -> Vec<String> {
    let mut sources = Sources::default();
    let id = sources.add("import", text);
    // How high records may be marked is the workspace's affair: `relto check` holds them against its ceiling.
    let (loaded, found) = load(id, &sources, Level::TopSecret);
    let blocks = blocks(id, &sources).unwrap_or_default();
    let row = |start: usize| {
        let at = blocks
            .iter()
            .position(|block| block.place.start() <= start && start < block.place.end());
        at.and_then(|at| source.rows.get(at)).map_or(0, |(number, _)| *number)
    };
    let mut problems: Vec<(usize, String)> = found
        .iter()
        .filter(|found| found.is_error())
        .map(|found| {
            let row = found.place.as_ref().map_or(0, |place| row(place.start()));
            let help = found.help.first().map(|help| format!("; {help}")).unwrap_or_default();
            (row, format!("row {row}: {}{help}", found.message))
        })
        .collect();
    let mut seen = BTreeSet::new();
    for (id, place) in &loaded.ids {
        if !seen.insert(id) {
            let row = row(place.start());
            problems.push((row, format!("row {row}: the id `{id}` is used twice")));
        }
    }
    problems.sort();
    problems.into_iter().map(|(_, problem)| problem).collect()
}
