//! The README's transcripts are what relto prints. `RELTO_UPDATE=1 cargo test readme` writes them anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Splits a command line at blanks, keeping what stands in double quotes together.
fn words(line: &str) -> Vec<String> {
    line.split('"')
        .enumerate()
        .flat_map(|(at, part)| {
            if at % 2 == 1 {
                vec![part.to_string()]
            } else {
                part.split_whitespace().map(str::to_string).collect()
            }
        })
        .collect()
}

/// Runs one line of a transcript and returns what it prints, standard output first.
fn print(line: &str, folder: &mut PathBuf) -> String {
    let words = words(line);
    match words[0].as_str() {
        "cd" => {
            folder.push(&words[1]);
            String::new()
        }
        "relto" => {
            let output = Command::new(env!("CARGO_BIN_EXE_relto"))
                .args(&words[1..])
                .current_dir(&folder)
                .env_clear()
                .env("COLUMNS", "100")
                .output()
                .unwrap();
            String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap()
        }
        other => panic!("the README runs `{other}`"),
    }
}

#[test]
fn transcripts_are_what_relto_prints() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let path = root.join("README.md");
    let text = fs::read_to_string(&path).unwrap();
    let place = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(root.join("tests"), place.path().join("tests")).unwrap();
    let mut folder = place.path().to_path_buf();
    let mut fresh = String::new();
    let mut lines = text.lines().peekable();
    let mut commands = 0;
    while let Some(line) = lines.next() {
        fresh.push_str(line);
        fresh.push('\n');
        if line != "```console" {
            continue;
        }
        while let Some(line) = lines.next_if(|line| *line != "```") {
            let Some(command) = line.strip_prefix("$ ") else {
                continue;
            };
            commands += 1;
            fresh.push_str(line);
            fresh.push('\n');
            let mut old = String::new();
            while let Some(line) = lines.next_if(|line| *line != "```" && !line.starts_with("$ ")) {
                old.push_str(line);
                old.push('\n');
            }
            // Without typesetting a notice cannot be drafted: its transcript stands as it is.
            let unable = command.starts_with("relto notice") && !cfg!(feature = "pdf");
            fresh.push_str(&if unable { old } else { print(command, &mut folder) });
        }
    }
    assert!(commands >= 8, "the README shows relto at work");
    if std::env::var_os("RELTO_UPDATE").is_some() {
        fs::write(&path, &fresh).unwrap();
        return;
    }
    assert!(
        fresh == text,
        "README.md is stale; run `RELTO_UPDATE=1 cargo test readme`\n{fresh}"
    );
}
