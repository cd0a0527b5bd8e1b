//! Answers that are kept: given again while nothing has changed, and never after anything has.

use super::*;

const AGAIN: &str = "nothing has changed: this is the answer of the last check\n";

/// A pack of the workspace's own.
const PACK: &str = r#"
schema = 1
[pack]
id = "own"
title = "Own rules"
version = "1"
source = "made up"
[[rule]]
id = "OWN-CALL"
title = "Calls are told"
status = "model"
confidence = "model"
authority = ["Model"]
effective = { from = 2024-01-01 }
applies_to = ["liaison_contact"]
when = { mode.is = "call" }
[[rule.duty]]
notify = ["SSCI"]
due = "7 days after commenced"
"#;

fn workspace() -> Place {
    let place = Place::new();
    place
        .file("relto.toml", "[policy]\npacks = [\"./policy\"]\n")
        .file("policy/own.toml", PACK)
        .file("records/a.toml", RECORD)
        .file("records/b.toml", &RECORD.replace("LC-1", "LC-2"));
    place
}

/// A check whose answer is kept, and whether it was given again.
fn check(place: &Place, more: &[&str]) -> (Run, bool) {
    let mut run = place.relto(&[&["check", "--cache", "kept"], more].concat());
    let again = run.err.ends_with(AGAIN);
    if again {
        run.err.truncate(run.err.len() - AGAIN.len());
    }
    (run, again)
}

const DAY: [&str; 2] = ["--as-of", "2025-04-30"];

#[test]
fn an_answer_is_given_again_as_it_was() {
    let place = workspace();
    place.file(
        "records/c.toml",
        &RECORD.replace("LC-1", "LC-3").replace("mode", "mdoe"),
    );
    for &format in formats::FORMATS {
        let args = [&DAY[..], &["--format", format]].concat();
        let (first, again) = check(&place, &args);
        assert!(!again, "{first}");
        let (second, again) = check(&place, &args);
        assert!(again, "{second}");
        assert_eq!(first.to_string(), second.to_string());
        assert_eq!(second.code, 1);
        let without = place.relto(&[&["check"], &args[..]].concat());
        assert_eq!(first.to_string(), without.to_string());
    }
    let (quiet, _) = check(&place, &[&DAY[..], &["--quiet"]].concat());
    assert_eq!((quiet.code, quiet.err.as_str()), (1, ""));
}

#[test]
fn whatever_a_check_reads_makes_it_anew() {
    let place = workspace();
    let anew = |more: &[&str], why: &str| {
        let args = [&DAY[..], more].concat();
        let (first, again) = check(&place, &args);
        assert!(!again, "{why}: {first}");
        let (second, again) = check(&place, &args);
        assert!(again, "{why}: {second}");
        assert_eq!(first.to_string(), second.to_string(), "{why}");
    };
    anew(&[], "nothing was kept yet");
    anew(&["records/a.toml"], "one file is asked for");
    anew(&["--deny", "obligation-overdue"], "a warning is an error");
    anew(&["--policy", "rel-to"], "one more pack");
    place.file("records/b.toml", &RECORD.replace("LC-1", "LC-4"));
    anew(&[], "a record has changed");
    anew(&["records/a.toml"], "a record beside the one asked for has changed");
    place.file("records/d.toml", &RECORD.replace("LC-1", "LC-5"));
    anew(&[], "there is one more file");
    place.file("policy/own.toml", &PACK.replace("7 days", "9 days"));
    anew(&[], "a rule has changed");
    place.file(
        "relto.toml",
        "[policy]\npacks = [\"./policy\"]\n\n[calendar]\ntimezone = \"Asia/Tokyo\"\n",
    );
    anew(&[], "the settings have changed");
    place.file("known.json", "{ \"schema\": 1, \"known\": [] }\n");
    anew(&["--baseline", "known.json"], "there is a baseline");
    place.file("known.json", "{ \"schema\": 1,  \"known\": [] }\n");
    anew(&["--baseline", "known.json"], "the baseline has changed");
    let (other, again) = check(&place, &["--as-of", "2025-05-01"]);
    assert!(!again, "another day: {other}");
    // What was read before is known still.
    place
        .file("policy/own.toml", PACK)
        .file("relto.toml", "[policy]\npacks = [\"./policy\"]\n");
    let (back, again) = check(&place, &DAY);
    assert!(again, "{back}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "tests look at what was written")]
fn a_damaged_answer_is_none_and_a_folder_that_cannot_be_written_stops_nothing() {
    let place = workspace();
    let (first, _) = check(&place, &DAY);
    for entry in fs::read_dir(place.path().join("kept")).expect("the folder is there") {
        fs::write(entry.expect("an entry").path(), "{\"code\":0,\"pieces\":[{\"ou").expect("a file");
    }
    let (second, again) = check(&place, &DAY);
    assert!(!again, "{second}");
    assert_eq!(first.to_string(), second.to_string());
    place.file("taken", "a file");
    let run = place.relto(&["check", "--as-of", "2025-04-30", "--cache", "taken"]);
    assert_eq!((run.code, &run.out), (first.code, &first.out));
    assert!(run.err.contains("warning: the answer could not be kept: "), "{run}");
    let err = place.relto(&["check", "--cache", "kept", "--sample"]).refused();
    assert!(err.contains("cannot be used with"), "{err}");
}
