//! `relto new`: a commented record to fill in, made from the field table.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::Path;

use crate::base::failure::Failure;
use crate::cli::args::new::NewArgs;
use crate::cli::fields::{inner, is_common, kind, words};
use crate::cli::terminal::Terminal;
use crate::record::field::{Field, Need, fields_of};
use crate::record::kind::Kind;
use crate::report::table::wrapped;

/// Columns of a comment.
const WIDTH: usize = 98;

pub fn run(args: &NewArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let text = record(kind(&args.kind)?);
    match &args.output {
        None => terminal.out(&text),
        Some(path) => {
            write_new(path, &text)?;
            terminal.status(&format!("wrote {}; fill it in, then run `relto check`", path.display()));
        }
    }
    Ok(0)
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

/// Returns a record of a kind: required fields empty, all others as comments with an example.
pub fn record(kind: Kind) -> String {
    let mut text = format!(
        "# A record of the kind {kind}. Fill in the required fields; take the `#` away where a further field applies.\n\
         # A narrative is \"text\", which takes the record's marking, or {{ mark = \"U\", text = \"…\" }}.\n\
         # A date is 2025-03-11, 2025-03-11T09:30:00-05:00, or imprecise: \"2025-03\", \"2025-Q1\", \"2025\", \"unknown\".\n\
         [[{kind}]]\n"
    );
    let fields: Vec<&Field> = fields_of(kind).filter(|field| field.need != Need::Derived).collect();
    let required = fields.iter().filter(|field| field.need == Need::Required);
    let own = fields
        .iter()
        .filter(|field| field.need == Need::Optional && !is_common(field));
    let common = fields
        .iter()
        .filter(|field| field.need == Need::Optional && is_common(field));
    section(&mut text, "Required", required);
    section(&mut text, &format!("Of this kind: {}", kind.words()), own);
    section(&mut text, "Of every record", common);
    text
}

fn section<'a>(text: &mut String, title: &str, fields: impl Iterator<Item = &'a &'a Field>) {
    let _ = writeln!(text, "\n# --- {title} ---");
    for field in fields {
        text.push('\n');
        for line in wrapped(&meaning(field), WIDTH) {
            let _ = writeln!(text, "# {line}");
        }
        let (name, example) = (field.name, field.example);
        let _ = match field.need {
            Need::Required => writeln!(text, "{name} = \"\"   # for example {example}"),
            _ => writeln!(text, "#{name} = {example}"),
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
