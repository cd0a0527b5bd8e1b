//! `relto new`: a commented record to fill in, made from the field table, or a record asked for field by field.

use std::fmt::Write as _;
use std::io::{BufRead as _, IsTerminal as _, Write as _};
use std::path::Path;

use crate::base::failure::Failure;
use crate::cli::answers::Answers;
use crate::cli::args::new::NewArgs;
use crate::cli::fields::{inner, kind, words};
use crate::cli::terminal::Terminal;
use crate::record::field::{Field, Need, Part, Type, is_common, written_order};
use crate::record::kind::Kind;
use crate::report::table::wrapped;
use crate::report::visible;
use crate::workspace::locate::workspace_of;

/// Columns of a comment.
const WIDTH: usize = 98;

/// Where `relto init` puts the schema of records.
pub(super) const SCHEMA: &str = "schema/records.json";

pub fn run(args: &NewArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let kind = kind(&args.kind)?;
    if let Some(path) = &args.output {
        named(path)?;
    }
    let mut answers = Answers::default();
    for text in &args.set {
        answers.set(kind, text)?;
    }
    let asks = args.ask || (args.set.is_empty() && !args.blank && std::io::stdin().is_terminal());
    if asks {
        ask(kind, &mut answers, terminal)?;
    }
    let text = schema_line(args.output.as_deref()) + &record(kind, &answers);
    match &args.output {
        None => terminal.out(&text),
        Some(path) => {
            write_new(path, &text)?;
            let next = if answers.is_empty() {
                "fill it in, then run"
            } else {
                "next:"
            };
            terminal.status(&format!("wrote {}; {next} `relto check`", path.display()));
        }
    }
    Ok(0)
}

/// Asks for the required fields and those of the kind. An empty answer leaves an optional field out.
fn ask(kind: Kind, answers: &mut Answers, terminal: &mut Terminal) -> Result<(), Failure> {
    terminal.error(&format!(
        "A new record: {}. An empty answer leaves an optional field out; Ctrl-C writes nothing.",
        kind.words()
    ));
    let stdin = std::io::stdin();
    let mut lines = stdin.lock().lines();
    for (path, field) in questions(kind) {
        // What `--set` gave is not asked again.
        if answers.given(&path).is_some() {
            continue;
        }
        let required = if field.need == Need::Required { ", required" } else { "" };
        let of = words(&field.kind_of_value).map_or_else(|| field.kind_of_value.to_string(), |words| words.join(" | "));
        loop {
            terminal.ask(&format!(
                "{path}: {} ({of}{required}), as in {}\n> ",
                field.meaning, field.example
            ));
            let Some(Ok(answer)) = lines.next() else {
                return Err(Failure::new(
                    "the answers ended before the questions did, so nothing was written",
                ));
            };
            if answer.trim().is_empty() {
                if field.need == Need::Required && !path.contains('.') {
                    terminal.error(&format!("`{path}` must be there"));
                    continue;
                }
                break;
            }
            match answers.take(kind, &path, field, &answer) {
                Ok(()) => break,
                Err(problem) => terminal.error(&visible::line(&problem)),
            }
        }
    }
    Ok(())
}

/// What is asked for: the required fields, the dates that date the record, and the fields of the kind.
fn questions(kind: Kind) -> Vec<(String, &'static Field)> {
    let dates = kind.date_fields();
    let mut asked = Vec::new();
    for field in written_order(kind) {
        let wanted = field.need == Need::Required || !is_common(field) || dates.contains(&field.name);
        match field.kind_of_value {
            _ if !wanted => {}
            Type::Table(parts) => {
                asked.extend(parts.iter().map(|part| (format!("{}.{}", field.name, part.name), part)));
            }
            _ => asked.push((field.name.to_owned(), field)),
        }
    }
    asked
}

/// The line by which editors find the schema, where the file is to stand in a workspace that has one.
fn schema_line(output: Option<&Path>) -> String {
    let found = output.and_then(|path| {
        let workspace = workspace_of(path)?;
        let folder = std::path::absolute(path).ok()?.parent()?.to_path_buf();
        let inner = folder.strip_prefix(&workspace).ok()?;
        let up = "../".repeat(inner.components().count());
        let there = workspace.join(SCHEMA).is_file();
        there.then(|| format!("#:schema {}{SCHEMA}\n\n", if up.is_empty() { "./" } else { &up }))
    });
    found.unwrap_or_default()
}

/// Refuses `-`, which is no file.
pub(super) fn named(path: &Path) -> Result<(), Failure> {
    if path.as_os_str() == "-" {
        return Err(Failure::new("`-o -` names no file").hint("leave `-o` out: then it goes to standard output"));
    }
    Ok(())
}

/// Writes a file that is not there yet.
pub(super) fn write_new(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => {
            Failure::new(format!("`{}` is there already", path.display())).hint("name another file, or remove this one")
        }
        _ => Failure::writing(path, &error),
    };
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// Returns a record of a kind: what is given, the other required fields empty, all others as comments with an example.
pub fn record(kind: Kind, answers: &Answers) -> String {
    let mut text = format!(
        "# A record of the kind {kind}. Fill in the required fields; take the `#` away where a further field applies.\n\
         # A narrative is \"text\", which takes the record's marking, or {{ mark = \"U\", text = \"…\" }}.\n\
         # A date is 2025-03-11, 2025-03-11T09:30:00-05:00, or imprecise: \"2025-03\", \"2025-Q1\", \"2025\", \"unknown\".\n\
         [[{kind}]]\n"
    );
    for (part, title) in [
        (Part::Required, "Required".to_owned()),
        (Part::When, "When, and who reports it".to_owned()),
        (Part::Own, format!("Of this kind: {}", kind.words())),
        (Part::Common, "Of every record".to_owned()),
    ] {
        let fields = written_order(kind).into_iter().filter(|field| field.part() == part);
        section(&mut text, &title, fields, answers);
    }
    text
}

fn section(text: &mut String, title: &str, fields: impl Iterator<Item = &'static Field>, answers: &Answers) {
    let _ = writeln!(text, "\n# --- {title} ---");
    for field in fields {
        text.push('\n');
        for line in wrapped(&meaning(field), WIDTH) {
            let _ = writeln!(text, "# {line}");
        }
        let (name, example) = (field.name, field.example);
        let _ = match (answers.of(field), field.need) {
            (Some(value), _) => writeln!(text, "{name} = {value}"),
            (None, Need::Required) => writeln!(text, "{name} = \"\"   # for example {example}"),
            (None, _) => writeln!(text, "#{name} = {example}"),
        };
    }
}

fn meaning(field: &Field) -> String {
    let mut text = format!("{} ({}", field.meaning, field.kind_of_value);
    if let Some(words) = words(&field.kind_of_value) {
        let _ = write!(text, ": {}", words.join(" | "));
    }
    text.push(')');
    let inner = inner(&field.kind_of_value);
    if !inner.is_empty() {
        let parts: Vec<String> = inner
            .iter()
            .map(|part| {
                let words =
                    words(&part.kind_of_value).map_or_else(String::new, |words| format!(" ({})", words.join(" | ")));
                let required = if part.need == Need::Required { ", required" } else { "" };
                format!("{}{words}{required}", part.name)
            })
            .collect();
        let _ = write!(text, "; its keys: {}", parts.join("; "));
    }
    text
}
