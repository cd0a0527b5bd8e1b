//! Parses record files with bare `toml::from_str` into typed structs and prints how many records and the nanoseconds of
//! CPU it took: reading the files and starting the process are left out. `relto-bench-typed PATH…`

use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::value::Datetime;

/// A record file of the kinds that the generator writes.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    rel_to_change: Vec<RelToChange>,
    #[serde(default)]
    liaison_contact: Vec<LiaisonContact>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "parsed and dropped: that is what is measured")]
struct RelToChange {
    id: String,
    title: String,
    marking: String,
    basis: Basis,
    covert_action: Answer,
    element: Option<String>,
    decided: Option<Datetime>,
    effective: Option<Datetime>,
    subject: Option<Subject>,
    from: Option<String>,
    to: Option<String>,
    facts: Option<String>,
    significance_text: Option<String>,
    purpose: Option<String>,
    #[serde(default)]
    related: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "parsed and dropped: that is what is measured")]
struct LiaisonContact {
    id: String,
    title: String,
    marking: String,
    basis: Basis,
    covert_action: Answer,
    element: Option<String>,
    official: Option<Person>,
    commenced: Option<Datetime>,
    ended: Option<Datetime>,
    mode: Option<String>,
    initiator: Option<String>,
    counterpart: Option<Counterpart>,
    #[serde(default)]
    topics: Vec<String>,
    contact_purpose: Option<String>,
    facts: Option<String>,
    significance_text: Option<String>,
    purpose: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Basis {
    Official,
    Press,
    Sample,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Yes,
    No,
    Undetermined,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "parsed and dropped: that is what is measured")]
struct Subject {
    r#type: String,
    name: String,
    #[serde(default)]
    ids: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "parsed and dropped: that is what is measured")]
struct Person {
    title: String,
    name: Option<String>,
    rank: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "parsed and dropped: that is what is measured")]
struct Counterpart {
    country: Option<String>,
    service: Option<String>,
    title: Option<String>,
    name: Option<String>,
    rank: Option<String>,
}

fn main() {
    let mut files = Vec::new();
    for path in std::env::args_os().skip(1) {
        collect(Path::new(&path), &mut files);
    }
    let texts: Vec<String> = files
        .iter()
        .map(|file| std::fs::read_to_string(file).expect("a readable file"))
        .collect();
    let start = cpu();
    let mut records = 0;
    for text in &texts {
        let file: File = toml::from_str(text).expect("a sound record file");
        records += file.rel_to_change.len() + file.liaison_contact.len();
        std::hint::black_box(&file);
    }
    println!("{records} {}", cpu() - start);
}

/// Nanoseconds of CPU that this process has used.
fn cpu() -> u64 {
    let text = std::fs::read_to_string("/proc/self/schedstat").expect("Linux");
    let first = text.split(' ').next().expect("a number");
    first.parse().expect("a number")
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in std::fs::read_dir(path).expect("a folder") {
            collect(&entry.expect("an entry").path(), files);
        }
    } else {
        files.push(path.to_path_buf());
    }
}
