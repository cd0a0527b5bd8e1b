//! `relto check --stdin`: records as JSON Lines in, diagnostics and obligations as JSON Lines out.

use std::fmt::Write as _;
use std::io::Write as _;

use super::*;

pub(super) const CHECK: &[&str] = &["check", "--stdin", "--format", "json-lines", "--as-of", "2026-01-15"];

/// Runs a command with this on standard input.
pub(super) fn piped(place: &Place, args: &[&str], input: &str) -> Run {
    let mut child = place
        .command(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("relto runs");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A TOML value as JSON would have it: dates as strings.
fn json(value: toml::Value) -> serde_json::Value {
    match value {
        toml::Value::Datetime(when) => when.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(table) => table.into_iter().map(|(key, value)| (key, json(value))).collect(),
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(value) => value.into(),
    }
}

/// The records of every file of a workspace as JSON Lines.
fn lines_of(folder: &Path) -> String {
    let mut lines = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            lines += &lines_of(&path);
            continue;
        }
        let document: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
        for (kind, records) in document {
            for record in records.as_array().unwrap() {
                let mut line = json(record.clone());
                line["kind"] = kind.clone().into();
                let _ = writeln!(lines, "{line}");
            }
        }
    }
    lines
}

/// What one run says of records, whatever their order and their places.
fn said(text: &str) -> Vec<String> {
    let mut all: Vec<String> = text
        .lines()
        .map(|line| {
            let mut line: serde_json::Value = serde_json::from_str(line).expect("JSON");
            for key in ["file", "line", "column", "end_line", "end_column", "related"] {
                line.as_object_mut().unwrap().remove(key);
            }
            line
        })
        .filter(|line| !line["record"].is_null())
        .map(|line| line.to_string())
        .collect();
    all.sort();
    all
}

#[test]
fn lines_are_judged_as_files_are() {
    let place = Place::new();
    for sample in ["public", "exercise"] {
        place.relto(&["init", sample, "--sample", sample]).ends(0);
        let files = place.relto(&["check", sample, "--format", "json-lines", "--as-of", "2026-01-15"]);
        let input = lines_of(&place.path().join(sample).join("records"));
        let mut args = CHECK.to_vec();
        args.extend(["--workspace", sample]);
        let lines = piped(&place, &args, &input);
        assert_eq!(lines.code, files.code);
        assert!(!said(&lines.out).is_empty(), "{lines}");
        assert_eq!(said(&lines.out), said(&files.out), "{sample}");
        // The order of the lines does not matter.
        let mut turned: Vec<&str> = input.lines().collect();
        turned.reverse();
        assert_eq!(said(&piped(&place, &args, &turned.join("\n")).out), said(&lines.out));
    }
}

#[test]
fn what_is_wrong_names_the_record_or_its_line() {
    let place = Place::new();
    let input = concat!(
        "{\"kind\": \"agreement\", \"id\": \"AG-1\", \"title\": \"A\", \"marking\": \"U\", \"basis\": \"sample\", \"covert_action\": \"maybe\"}\n",
        "{\"kind\": \"agreement\", \"id\": 7}\n",
        "{\"kind\": \"treaty\"}\n"
    );
    let run = piped(&place, CHECK, input).ends(1);
    let found: Vec<serde_json::Value> = run
        .out
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |code: &str| found.iter().find(|one| one["code"] == code).expect("such a diagnostic");
    assert_eq!(of("unknown-value")["record"], "AG-1");
    assert!(
        found.iter().all(|one| one["file"].is_null() && one["line"].is_null()),
        "{run}"
    );
    let help = of("wrong-type")["help"].as_str().unwrap();
    assert!(help.ends_with("it is the record in line 2 of the input"), "{help}");
    assert_eq!(
        of("json-syntax")["message"],
        "line 3 of the input is no record: `treaty` is no kind of record"
    );
}

#[test]
fn lines_go_with_lines() {
    let place = Place::new();
    let err = place.relto(&["check", "--stdin"]).refused();
    assert!(err.contains("add `--format json-lines`"), "{err}");
    place.relto(&["check", "--stdin", "records"]).refused();
    assert_eq!(piped(&place, CHECK, "").ends(0).out, "");
}

#[test]
fn rules_that_look_beyond_their_record_say_what_they_need() {
    let place = Place::new();
    let run = place.relto(&["policy", "list", "--partition-keys"]).ends(0);
    assert!(run.out.contains("CONTACT-PATTERN"), "{run}");
    assert!(run.out.contains("related, resumes, supersedes"), "{run}");
    assert!(run.out.lines().all(|line| line.chars().count() <= 100), "{run}");
    let run = place
        .relto(&["policy", "list", "--partition-keys", "--format", "json"])
        .ends(0);
    let document: serde_json::Value = serde_json::from_str(&run.out).unwrap();
    let keys = document["partition_keys"].as_array().unwrap();
    let pattern = keys.iter().find(|key| key["rule"] == "CONTACT-PATTERN").unwrap();
    let same = serde_json::json!(["counterpart.country", "counterpart.service"]);
    assert_eq!((&pattern["same"], &pattern["enabled"]), (&same, &true.into()));
    assert_eq!(pattern["why"], "counted within 180 days");
}
