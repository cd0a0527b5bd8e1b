//! The short way from text to record and the spanned way agree, or the short way leaves it to the other. The full count
//! of mutated documents is run by `tests/bench/ways`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use relto::base::source::Sources;
use relto::marking::level::Level;
use relto::record::load::load;

mod mutate;
mod tally;

use tally::Tally;

#[test]
fn mutated_documents_come_out_the_same() {
    let mut tally = Tally::default();
    for seed in 0..1000 {
        tally.compare(&mutate::document(seed));
    }
    // One in twenty goes the short way, and most have something to say: neither way is held against itself.
    assert!(tally.short * 20 > tally.documents, "{tally:?}");
    assert!(tally.diagnosed * 2 > tally.documents, "{tally:?}");
}

#[test]
fn a_header_inside_a_text_of_several_lines_is_text() {
    let text = "[[agreement]]\nid = \"A-1\"\ntitle = \"\"\"\n[[agreement]]\nid = 'A-2'\n\"\"\"\nmarking = \"U\"\nbasis = \"sample\"\ncovert_action = \"no\"\n";
    let mut sources = Sources::default();
    let source = sources.add("records/x.toml", text);
    let (loaded, found) = load(source, &sources, Level::Unclassified);
    assert_eq!((loaded.count, found), (1, Vec::new()));
    assert_eq!(loaded.records[0].title(), "[[agreement]]\nid = 'A-2'\n");
    Tally::default().compare(text);
}

#[test]
fn the_documents_of_toml_itself() {
    let folder = crate::shared_folder().join("conformance/toml-test/tests");
    let mut files = Vec::new();
    toml_files(&folder, &mut files);
    if files.is_empty() {
        crate::skipped(&folder);
        return;
    }
    let mut tally = Tally::default();
    let mut values = BTreeSet::new();
    for file in files {
        let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        tally.compare(&text);
        // The document below a header; further down, every value of it as the value of a field of every sort.
        tally.compare(&format!("{HEAD}{text}"));
        let of_line = |line: &str| line.split_once('=').map(|(_, value)| value.to_string());
        values.extend(text.lines().filter_map(of_line));
        tally.compare(&format!("{HEAD}facts = {{ mark = \"U\", text = \"x\" }} {text}"));
    }
    for value in values {
        for field in ["title", "decided", "oral", "parties", "facts"] {
            tally.compare(&format!("{HEAD}{field} = {value}\n"));
        }
    }
    assert!(tally.documents > 1000 && tally.short > 30, "{tally:?}");
}

/// A sound agreement but for its title, which a value takes.
const HEAD: &str =
    "[[agreement]]\nid = \"A-1\"\nmarking = \"U\"\nbasis = \"sample\"\ncovert_action = \"no\"\nstage = \"proposed\"\n";

fn toml_files(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            toml_files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
    found.sort();
}
