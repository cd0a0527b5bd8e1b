//! The rows of a CSV or JSON file, read strictly: what cannot be told for certain is a problem of its row.

use std::fmt;
use std::path::Path;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::base::failure::Failure;
use crate::base::source::read_text;
use crate::cli::cells::Cell;
use crate::report::summary::counted;

/// A source as rows of cells.
#[derive(Debug, Default)]
pub struct Rows {
    /// The names of the columns; nothing where they cannot be read.
    pub headings: Option<Vec<String>>,
    /// The number of each row as its source counts, and its cells. Rows with a problem are left out.
    pub rows: Vec<(usize, Vec<Cell>)>,
    /// How many rows there are, with those that are left out.
    pub count: usize,
    /// By the number of the row, 0 for the whole.
    pub problems: Vec<(usize, String)>,
}

/// Reads the rows of a file by its extension.
///
/// # Errors
/// A [`Failure`] where the file cannot be read, is of another kind, or is no JSON at all.
pub fn read(path: &Path) -> Result<Rows, Failure> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    let csv = match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("csv") => true,
        Some("json") => false,
        _ => {
            return Err(Failure::new(format!("`{}` is neither .csv nor .json", path.display()))
                .hint("save the table as CSV with a heading, or as a JSON list of objects"));
        }
    };
    let text = read_text(path)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text);
    let mut rows = if csv {
        csv_rows(text)
    } else {
        let failed = |problem: String| {
            Failure::new(format!("`{}` is no list of objects: {problem}", path.display()))
                .hint("write it as in `[{ \"id\": \"EX-1\", \"title\": \"…\" }]`")
        };
        json_rows(text).map_err(failed)?
    };
    if rows.count == 0 && rows.problems.is_empty() {
        let what = if csv && rows.headings.is_none() {
            "the file is empty: the first row names the columns, and each row after it is a record"
        } else if csv {
            "there is no row under the headings: each row after the first is a record"
        } else {
            "the list is empty: each object in it is a record"
        };
        rows.problems.push((0, what.to_owned()));
    }
    Ok(rows)
}

/// Rows are counted as spreadsheets do: the heading is row 1, and an empty row counts and is left out.
fn csv_rows(text: &str) -> Rows {
    let mut rows = Rows::default();
    let mut reader = Csv {
        rest: text,
        row: 0,
        line: 1,
        problems: Vec::new(),
    };
    while !reader.rest.is_empty() {
        let before = reader.problems.len();
        let cells = reader.row();
        let sound = reader.problems.len() == before;
        if sound && cells.iter().all(String::is_empty) && cells.len() == 1 {
            continue;
        }
        let Some(headings) = &rows.headings else {
            if !sound {
                break;
            }
            rows.headings = Some(cells.iter().map(|name| name.trim().to_owned()).collect());
            continue;
        };
        rows.count += 1;
        if !sound {
            continue;
        }
        if cells.len() == headings.len() {
            rows.rows
                .push((reader.row, cells.into_iter().map(Cell::Written).collect()));
        } else {
            let (are, should) = (counted(cells.len(), "cell"), counted(headings.len(), "heading"));
            let help = if cells.len() > headings.len() {
                "put a cell with a comma in it in quotation marks"
            } else {
                "write an empty cell as nothing between two commas"
            };
            reader
                .problems
                .push((reader.row, format!("row {}: {are} under {should}; {help}", reader.row)));
        }
    }
    rows.problems = reader.problems;
    rows
}

/// Reads CSV by RFC 4180 to the letter: a quotation mark opens a cell, closes it, or stands twice inside it.
struct Csv<'t> {
    rest: &'t str,
    /// The number of the row that is read, from 1.
    row: usize,
    /// The number of the line at which `rest` begins, from 1.
    line: usize,
    problems: Vec<(usize, String)>,
}

/// What ends a cell.
const ENDS: [char; 3] = [',', '\n', '\r'];

impl<'t> Csv<'t> {
    /// Reads the cells up to the end of the row.
    fn row(&mut self) -> Vec<String> {
        self.row += 1;
        let mut cells = Vec::new();
        loop {
            let column = cells.len() + 1;
            cells.push(if self.rest.starts_with('"') {
                self.quoted(column)
            } else {
                self.plain(column)
            });
            if self.rest.starts_with(',') {
                self.pass(1);
                continue;
            }
            self.pass(match self.rest.as_bytes() {
                [b'\r', b'\n', ..] => 2,
                [] => 0,
                _ => 1,
            });
            return cells;
        }
    }

    fn plain(&mut self, column: usize) -> String {
        let line = self.line;
        let bare = self.rest.trim_start_matches([' ', '\t']);
        if bare.starts_with('"') {
            let problem = "a blank stands before the quotation mark that opens the cell; leave the blank out";
            self.problem(line, column, problem);
            self.pass(self.rest.len() - bare.len());
            return self.quoted(column);
        }
        let text = self.pass(self.rest.find(ENDS).unwrap_or(self.rest.len()));
        if text.contains('"') {
            let problem = "a quotation mark stands inside a cell that has none around it; write the cell as";
            self.problem(line, column, &format!("{problem} `{}`", written(text.trim())));
        }
        text.to_owned()
    }

    fn quoted(&mut self, column: usize) -> String {
        let opened = self.line;
        self.pass(1);
        let mut text = String::new();
        loop {
            let Some(end) = self.rest.find('"') else {
                self.pass(self.rest.len());
                self.problem(
                    opened,
                    column,
                    "a quotation mark is opened here and never closed; close it where the cell ends. The rows after it \
                     were not read",
                );
                return text;
            };
            text.push_str(self.pass(end));
            self.pass(1);
            if !self.rest.starts_with('"') {
                break;
            }
            text.push_str(self.pass(1));
        }
        let closed = self.line;
        let behind = self.pass(self.rest.find(ENDS).unwrap_or(self.rest.len()));
        if behind.is_empty() {
            return text;
        }
        let twice = "write a quotation mark inside a cell twice";
        if closed == opened {
            let meant = match behind.strip_suffix('"') {
                Some(behind) => format!("{text}\"{behind}"),
                None => format!("\"{text}\"{behind}"),
            };
            self.problem(
                opened,
                column,
                &format!(
                    "`{behind}` stands behind the closing quotation mark; {twice}, as in `{}`",
                    written(&meant)
                ),
            );
        } else {
            // Where the cell was to end nobody can tell.
            self.pass(self.rest.len());
            self.problem(
                opened,
                column,
                &format!(
                    "the quotation mark that is opened here is closed in line {closed}, and `{behind}` stands behind it; \
                     close it where the cell ends, and {twice}. The rows after it were not read"
                ),
            );
        }
        text
    }

    /// Goes on by so many bytes and returns them.
    fn pass(&mut self, bytes: usize) -> &'t str {
        let (passed, rest) = self.rest.split_at(bytes);
        self.rest = rest;
        // A line ends with CR LF, LF or CR.
        let alone = passed.matches('\r').count() - passed.matches("\r\n").count();
        self.line += passed.matches('\n').count() + alone;
        passed
    }

    fn problem(&mut self, line: usize, column: usize, what: &str) {
        let row = self.row;
        self.problems
            .push((row, format!("row {row} (line {line}), column {column}: {what}")));
    }
}

/// A cell as it is written with quotation marks in it.
fn written(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Objects inside an object become dotted columns; the columns of all objects are put together.
fn json_rows(text: &str) -> Result<Rows, String> {
    let Json::List(list) = serde_json::from_str(text).map_err(|error| error.to_string())? else {
        return Err("it does not begin with `[`".to_owned());
    };
    let mut rows = Rows {
        count: list.len(),
        ..Rows::default()
    };
    let mut headings: Vec<String> = Vec::new();
    let mut flat = Vec::new();
    for (number, item) in (1..).zip(list) {
        let mut cells = Vec::new();
        let mut problems = Vec::new();
        match item {
            Json::Table(object) => flatten("", object, &mut cells, &mut problems),
            _ => problems.push("this is no object; write it as in `{ \"id\": \"EX-1\" }`".to_owned()),
        }
        for (name, cell) in &cells {
            if *cell != Cell::Empty && !headings.contains(name) {
                headings.push(name.clone());
            }
        }
        if problems.is_empty() {
            flat.push((number, cells));
        }
        let named = |problem| (number, format!("row {number}: {problem}"));
        rows.problems.extend(problems.into_iter().map(named));
    }
    for (number, cells) in flat {
        let cell = |name: &String| {
            let found = cells.iter().find(|(known, _)| known == name);
            found.map_or(Cell::Empty, |(_, cell)| cell.clone())
        };
        rows.rows.push((number, headings.iter().map(cell).collect()));
    }
    rows.headings = Some(headings);
    Ok(rows)
}

fn flatten(prefix: &str, object: Vec<(String, Json)>, cells: &mut Vec<(String, Cell)>, problems: &mut Vec<String>) {
    let mut keys: Vec<String> = Vec::new();
    for (key, value) in object {
        let path = format!("{prefix}{key}");
        if keys.contains(&key) {
            problems.push(format!("the key `{path}` stands in it twice; leave one of them out"));
            continue;
        }
        keys.push(key);
        match value {
            Json::Table(inner) => flatten(&format!("{path}."), inner, cells, problems),
            _ if cells.iter().any(|(known, _)| *known == path) => problems.push(format!(
                "`{path}` is given twice, as a key with a dot in it and as a key inside another; leave one of them out"
            )),
            value => cells.push((path, value.cell())),
        }
    }
}

/// A JSON value with every key that is written, twice or not.
enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Table(Vec<(String, Json)>),
}

impl Json {
    fn cell(self) -> Cell {
        match self {
            Json::Null => Cell::Empty,
            Json::Bool(value) => Cell::Bool(value),
            Json::Number(number) => Cell::Number(number),
            Json::Text(text) => Cell::Text(text),
            Json::List(items) => Cell::List(
                items
                    .into_iter()
                    .map(|item| match item {
                        Json::List(_) | Json::Table(_) => Cell::Nested,
                        one => one.cell(),
                    })
                    .collect(),
            ),
            Json::Table(_) => Cell::Nested,
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        // With its point, whole or not: where a whole number is wanted, this is none.
        Ok(Json::Number(format!("{value:?}")))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok(Json::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Json::Table(entries))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A table of two or more columns: one empty cell alone is an empty line.
    fn tables() -> impl Strategy<Value = Vec<Vec<String>>> {
        let cell = "[a\",; \n\r]{0,6}";
        (2usize..4).prop_flat_map(move |width| prop::collection::vec(prop::collection::vec(cell, width), 1..5))
    }

    proptest! {
        #[test]
        fn what_another_program_writes_is_read_as_it_was(table in tables(), crlf: bool) {
            let end = if crlf { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') };
            let mut writer = ::csv::WriterBuilder::new().terminator(end).from_writer(Vec::new());
            writer.write_record(vec!["h"; table[0].len()]).unwrap();
            for row in &table {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let rows = csv_rows(&text);
            prop_assert_eq!(rows.problems, []);
            let read: Vec<Vec<Cell>> = rows.rows.into_iter().map(|(_, cells)| cells).collect();
            let meant: Vec<Vec<Cell>> =
                table.into_iter().map(|row| row.into_iter().map(Cell::Written).collect()).collect();
            prop_assert_eq!(read, meant);
        }

        #[test]
        fn every_text_is_read_or_refused(text in "[a\", \n\r]{0,40}") {
            let rows = csv_rows(&text);
            prop_assert!(rows.count <= rows.rows.len() + rows.problems.len());
        }
    }
}
