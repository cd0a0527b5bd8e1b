//! `relto import`: records from tables, every cell checked at its row and column.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::base::failure::Failure;
use crate::base::source::Sources;
use crate::cli::answers::Answers;
use crate::cli::args::import::ImportArgs;
use crate::cli::cells::Cell;
use crate::cli::fields::kind;
use crate::cli::mapping::{self, Column, Mapping};
use crate::cli::new::{named, write_new};
use crate::cli::rows::{self, Rows};
use crate::cli::terminal::Terminal;
use crate::marking::level::Level;
use crate::record::blocks::blocks;
use crate::record::field::{Type, written_order};
use crate::record::format::format;
use crate::record::kind::Kind;
use crate::record::load::load;
use crate::report::summary::counted;
use crate::report::visible;

pub fn run(args: &ImportArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mapping = match &args.map {
        Some(path) => mapping::read(path)?,
        None => Mapping::default(),
    };
    let kind = kind_of(args, &mapping)?;
    if let Some(path) = &args.output {
        named(path)?;
    }
    let mut source = rows::read(&args.file)?;
    let file = visible::line(&args.file.display().to_string()).into_owned();
    let mut problems = std::mem::take(&mut source.problems);
    let whole = |problem: String| (0, problem);
    problems.extend(mapping.problems().into_iter().map(whole));
    let (constants, wrong) = mapping.constants(kind);
    problems.extend(wrong.into_iter().map(whole));
    let mut text = String::new();
    if let Some(headings) = &source.headings {
        let (columns, wrong) = mapping.columns(kind, headings);
        problems.extend(wrong.into_iter().map(whole));
        // Of a mapping with a problem nobody can tell what a cell is to be.
        if problems.iter().all(|(row, _)| *row > 0) {
            for (number, cells) in &source.rows {
                match record(kind, cells, &columns, &mapping, constants.clone()) {
                    Ok(record) => text.push_str(&record),
                    Err(found) => {
                        let at_row = |problem: String| (*number, format!("row {number}, {problem}"));
                        problems.extend(found.into_iter().map(at_row));
                    }
                }
            }
        }
    }
    problems.sort_by_key(|(row, _)| *row);
    let mut problems: Vec<String> = problems.into_iter().map(|(_, problem)| problem).collect();
    if problems.is_empty() {
        problems = of_whole(&text, &source);
    }
    if !problems.is_empty() {
        for problem in &problems {
            terminal.out(&format!("{file}: error: {}\n", visible::line(problem)));
        }
        terminal.status(&format!(
            "{} in {}: nothing was written",
            counted(problems.len(), "error"),
            counted(source.count, "row")
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

/// The kind that the mapping names or `--kind`; both may, and then say the same.
fn kind_of(args: &ImportArgs, mapping: &Mapping) -> Result<Kind, Failure> {
    let given = args.kind.as_deref().map(kind).transpose()?;
    let mapped = mapping.kind.as_deref().map(kind).transpose()?;
    match (given, mapped) {
        (Some(given), Some(mapped)) if given != mapped => Err(Failure::new(format!(
            "the mapping file is for `{mapped}` records, and `--kind` says `{given}`"
        ))
        .hint(format!(
            "leave `--kind` out, or write `kind = \"{given}\"` in the mapping file"
        ))),
        (Some(kind), _) | (None, Some(kind)) => Ok(kind),
        (None, None) => Err(Failure::new("nobody says which kind of record this is")
            .hint("give `--kind liaison_contact`, or `kind` in the mapping file")),
    }
}

/// One row as a record; every cell that does not fit, with its column.
fn record(
    kind: Kind,
    cells: &[Cell],
    columns: &[Column],
    mapping: &Mapping,
    constants: Answers,
) -> Result<String, Vec<String>> {
    let mut answers = constants;
    let mut problems = Vec::new();
    for column in columns {
        let Some(cell) = cells.get(column.at).filter(|cell| !cell.is_empty()) else {
            continue;
        };
        let taken = literal(cell, column, mapping).and_then(|literal| answers.put(kind, &column.path, literal));
        if let Err(problem) = taken {
            problems.push(format!("column {} (`{}`): {problem}", column.at + 1, column.name));
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

/// What a cell says as TOML of its field, by the mapping.
fn literal(cell: &Cell, column: &Column, mapping: &Mapping) -> Result<String, String> {
    let shown = cell.shown();
    let meant = shown
        .as_ref()
        .and_then(|shown| mapping.values.get(&column.name)?.get(shown));
    let of = &column.field.kind_of_value;
    let separator = mapping.separator.as_deref().unwrap_or(";");
    match (meant.or(shown.as_ref()), &mapping.date_format, of) {
        (Some(text), Some(format), Type::When) => Cell::Written(Mapping::day(text, format)?).literal(of, separator),
        _ => match meant {
            Some(meant) => Cell::Written(meant.clone()).literal(of, separator),
            None => cell.literal(of, separator),
        },
    }
}

/// What is wrong with the records as wholes: fields that are missing, dates in the wrong order, ids used twice.
fn of_whole(text: &str, source: &Rows) -> Vec<String> {
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
