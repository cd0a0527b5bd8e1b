//! Mistakes in record files: each file of `tests/records/` holds records with mistakes and the diagnostics they must give.
//!
//! A line `#> code line:column | message | label | help` at the end expects a diagnostic.

use std::path::Path;

use relto::base::diagnostic::{self, Diagnostic};
use relto::base::source::{Sources, files_under, read_text};
use relto::marking::level::Level;
use relto::record::load::load;

/// Returns each diagnostic of a record file as a line.
fn found(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let source = sources.add("records.toml", text);
    let (_, mut diagnostics) = load(source, &sources, Level::Secret);
    diagnostic::sort(&mut diagnostics, &sources);
    let line = |found: &Diagnostic| {
        let place = found.place.as_ref().expect("a place");
        let (line, column) = sources.get(place.source).line_column(place.start());
        let (code, help) = (found.code.name(), found.help.join(" / "));
        format!("{code} {line}:{column} | {} | {} | {help}", found.message, found.label)
    };
    diagnostics.iter().map(line).collect()
}

#[test]
fn every_mistake_of_a_record_is_reported_at_its_place_with_what_to_write() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/records");
    let mut wrong = Vec::new();
    for path in files_under(&folder, "toml", &|_, _| false).unwrap() {
        let text = read_text(&path).unwrap();
        let expected: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("#> ")).collect();
        let found = found(&text);
        assert!(!expected.is_empty(), "{} expects nothing", path.display());
        if expected != found {
            let found: Vec<String> = found.iter().map(|line| format!("#> {line}")).collect();
            wrong.push(format!("{} gives\n{}", path.display(), found.join("\n")));
        }
        for line in &found {
            assert!(!line.ends_with("| "), "{}: no help in {line}", path.display());
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
