//! The short way from text to record and the spanned way agree, or the short way leaves it to the other.

use std::path::{Path, PathBuf};

use relto::base::source::Sources;
use relto::marking::level::Level;
use relto::record::load::{Loaded, load, load_whole};

mod mutate;

/// What came of comparing the two ways.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) documents: usize,
    /// Every record was read the short way.
    pub(crate) short: usize,
    /// Some records were.
    pub(crate) mixed: usize,
    /// The spanned way accepts without a diagnostic, and the short way read none of it.
    pub(crate) cautious: usize,
    /// The spanned way refuses or warns.
    pub(crate) diagnosed: usize,
}

impl Tally {
    /// Reads a text both ways.
    ///
    /// # Panics
    /// Where the two do not come to the same records, places, ids and diagnostics.
    pub(crate) fn compare(&mut self, text: &str) {
        let mut sources = Sources::default();
        let source = sources.add("records/x.toml", text);
        let (short, found) = load(source, &sources, Level::Unclassified);
        let (whole, wanted) = load_whole(source, &sources, Level::Unclassified);
        assert_eq!(said(&short), said(&whole), "{text}");
        assert_eq!(found, wanted, "{text}");
        self.documents += 1;
        self.short += usize::from(short.short > 0 && short.short == short.count);
        self.mixed += usize::from(short.short > 0 && short.short < short.count);
        self.cautious += usize::from(short.short == 0 && whole.count > 0 && wanted.is_empty());
        self.diagnosed += usize::from(!wanted.is_empty());
    }
}

/// Everything a file gave, values and places; how it was read is left out.
fn said(loaded: &Loaded) -> String {
    format!(
        "{:?} {:?} {:?} {}",
        loaded.records, loaded.faulty, loaded.ids, loaded.count
    )
}

#[test]
fn mutated_documents_come_out_the_same() {
    let mut tally = Tally::default();
    for seed in 0..1000 {
        tally.compare(&mutate::document(seed));
    }
    assert!(tally.short > 100 && tally.diagnosed > 100, "{tally:?}");
}

/// The full count: `cargo test --release -- --ignored --nocapture four_hundred_thousand`.
#[test]
#[ignore = "minutes, in an optimised build"]
fn four_hundred_thousand_mutated_documents() {
    let mut tally = Tally::default();
    for seed in 1000..401_000 {
        tally.compare(&mutate::document(seed));
    }
    assert_eq!(tally.documents, 400_000);
    assert!(tally.short > 50_000, "{tally:?}");
    let _ = std::io::Write::write_fmt(&mut std::io::stderr(), format_args!("{tally:?}\n"));
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
    for file in files {
        let text = String::from_utf8_lossy(&std::fs::read(&file).unwrap()).into_owned();
        tally.compare(&text);
        // The document below a header, and every value of it as the value of a field of every sort.
        tally.compare(&format!("{HEAD}{text}"));
        for line in text.lines() {
            let Some((_, value)) = line.split_once('=') else {
                continue;
            };
            for field in [
                "title",
                "decided",
                "oral",
                "parties",
                "facts",
                "finding",
                "text_location",
            ] {
                tally.compare(&format!("{HEAD}{field} = {value}\n"));
            }
        }
        tally.compare(&format!("{HEAD}facts = {{ mark = \"U\", text = \"x\" }} {text}"));
    }
    assert!(tally.documents > 5000 && tally.short > 100, "{tally:?}");
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
