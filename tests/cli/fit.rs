//! relto among other tools: baselines, changed records, watching, and the files for hooks and pipelines.

use std::io::{BufRead, BufReader};

use super::*;

/// A record with a mistake that is not mended.
fn old_debt() -> String {
    RECORD.replace("mode", "mdoe")
}

fn git(place: &Place, args: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=Sample", "-c", "user.email=sample@example.gov"])
        .args(args)
        .current_dir(place.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git runs");
    assert!(output.status.success(), "git {args:?}: {output:?}");
}

/// A workspace in a repository, everything committed.
fn repository(files: &[(&str, &str)]) -> Place {
    let place = Place::new();
    place.file("relto.toml", "");
    for (name, text) in files {
        place.file(name, text);
    }
    git(&place, &["init", "-q", "-b", "main"]);
    git(&place, &["add", "."]);
    git(&place, &["commit", "-q", "-m", "First records"]);
    place
}

/// relto with git on its path.
fn since(place: &Place, args: &[&str]) -> Run {
    let mut command = place.command(&["check", "--as-of", "2025-04-30", "--format", "short"]);
    command.args(args).env("PATH", std::env::var_os("PATH").unwrap());
    let output = command.stdin(Stdio::null()).output().unwrap();
    Run {
        code: output.status.code().unwrap(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_baseline_holds_old_problems_and_only_those() {
    let place = Place::new();
    place.file("relto.toml", "").file("records/a.toml", &old_debt());
    let check = ["check", "--format", "short", "--as-of", "2025-03-12"];
    let with = [&check[..], &["--baseline", "relto-baseline.json"]].concat();
    place.relto(&with).refused();
    let run = place.relto(&["baseline", "write", "--as-of", "2025-03-12"]).ends(0);
    insta::assert_snapshot!(run.err, @"wrote relto-baseline.json: 1 diagnostic, 1 of them new; 0 gone");
    insta::assert_snapshot!(place.read("relto-baseline.json"), @r#"
    {
      "schema": 1,
      "known": [
        {"code":"unknown-key","record":"LC-1","rule":"","field":"mdoe","count":1}
      ]
    }
    "#);
    let run = place.relto(&with).ends(0);
    insta::assert_snapshot!(run.err.lines().next().unwrap(), @"new only: 1 known diagnostic not shown, as relto-baseline.json knows");
    assert!(run.err.ends_with(": no problems; 1 record not judged\n"), "{run}");
    assert!(!place.relto(&check).ends(1).err.contains("new only"));
    // Lines do not matter; a new mistake does.
    place.file("records/a.toml", &format!("# a comment\n\n{}place = 7\n", old_debt()));
    let run = place.relto(&with).ends(1);
    assert_eq!(run.out.lines().count(), 1, "{run}");
    assert!(run.out.contains("[wrong-type]"), "{run}");
    // A check never writes it, and it is not written over by chance.
    let text = place.read("relto-baseline.json");
    let err = place.relto(&["baseline", "write"]).refused();
    assert!(err.contains("--shrink") && err.contains("--replace"), "{err}");
    place.file("records/a.toml", RECORD);
    let run = place.relto(&with).ends(0);
    assert!(
        run.err
            .contains("1 known diagnostic of relto-baseline.json no longer occur"),
        "{run}"
    );
    assert_eq!(place.read("relto-baseline.json"), text);
    let run = place.relto(&["baseline", "show", "--as-of", "2025-03-12"]).ends(0);
    insta::assert_snapshot!(run.out, @r"
    CODE         RECORD  RULE  FIELD  KNOWN  NOW
    unknown-key  LC-1    -     mdoe   1      0
    ");
    place
        .relto(&["baseline", "write", "--shrink", "--as-of", "2025-03-12"])
        .ends(0);
    assert!(place.read("relto-baseline.json").contains("\"known\": []"));
}

#[test]
fn a_baseline_that_is_none_ends_the_run() {
    let place = Place::new();
    place.file("relto.toml", "").file("records/a.toml", RECORD);
    for (text, says) in [
        ("", "EOF"),
        ("{\"schema\": 2, \"known\": []}", "its schema is 2"),
        ("{\"schema\": 1, \"known\": [], \"also\": 1}", "also"),
        (
            "{\"schema\": 1, \"known\": [{\"code\": \"date-odrer\", \"count\": 1}]}",
            "did you mean `date-order`?",
        ),
    ] {
        let err = place
            .file("b.json", text)
            .relto(&["check", "--baseline", "b.json"])
            .refused();
        assert!(err.contains(says), "{err}");
    }
}

#[test]
fn changed_reports_the_changed_records_alone() {
    let second = old_debt().replace("LC-1", "LC-2");
    let place = repository(&[
        ("records/a.toml", &format!("{}\n{second}", old_debt())),
        ("records/b.toml", &old_debt().replace("LC-1", "LC-3")),
    ]);
    let run = since(&place, &["--changed"]).ends(0);
    assert_eq!(run.out, "");
    assert!(
        run.err
            .contains("since HEAD: 0 changed records in 0 files; all 3 were checked"),
        "{run}"
    );
    let text = format!("{}\n{second}place = \"Geneva\"\n", old_debt());
    place.file("records/a.toml", &text);
    let run = since(&place, &["--changed=main"]).ends(1);
    insta::assert_snapshot!(run.out, @"records/a.toml:24:1: error[unknown-key]: a `liaison_contact` record has no key `mdoe`");
    assert!(
        run.err
            .contains("since main: 1 changed record in 1 file; all 3 were checked"),
        "{run}"
    );
    // A new file that git does not know yet is changed, too.
    place.file("records/c.toml", &old_debt().replace("LC-1", "LC-4"));
    let run = since(&place, &["--changed"]).ends(1);
    assert_eq!(run.out.lines().count(), 2, "{run}");
    // A rule of the workspace concerns every record.
    place.file("relto.toml", "[policy]\npacks = [\"nsa47\"]\n");
    let run = since(&place, &["--changed"]).ends(1);
    assert!(
        run.err.contains("every record is reported") && run.out.lines().count() == 4,
        "{run}"
    );
}

#[test]
fn what_a_change_breaks_elsewhere_is_reported() {
    let linked = format!("{RECORD}related = [\"LC-2\"]\n");
    let place = repository(&[
        ("records/a.toml", &linked),
        ("records/b.toml", &RECORD.replace("LC-1", "LC-2")),
        ("records/d.toml", &RECORD.replace("LC-1", "LC-4")),
    ]);
    // A record that others link to is renamed, and an id that another file has is taken.
    place
        .file("records/b.toml", &RECORD.replace("LC-1", "LC-3"))
        .file("records/c.toml", &RECORD.replace("LC-1", "LC-4"));
    let run = since(&place, &["--changed"]).ends(1);
    assert!(run.out.contains("records/a.toml:14:12: error[unknown-record]"), "{run}");
    assert!(run.out.contains("error[duplicate-id]"), "{run}");
    fs::remove_file(place.path().join("records/b.toml")).unwrap();
    let run = since(&place, &["--changed"]).ends(1);
    assert!(run.out.contains("error[unknown-record]"), "{run}");
}

#[test]
fn windows_count_the_records_that_did_not_change() {
    let contact = |id: &str, day: &str| RECORD.replace("LC-1", id).replace("2025-03-11", day);
    let place = repository(&[
        ("records/a.toml", &contact("LC-1", "2025-02-03")),
        ("records/b.toml", &contact("LC-2", "2025-03-03")),
    ]);
    place.file("records/c.toml", &contact("LC-3", "2025-04-03"));
    let all = place.relto(&["check", "--as-of", "2025-04-30", "--format", "json-lines"]);
    let args = ["check", "--as-of", "2025-04-30", "--format", "json-lines", "--changed"];
    let mut command = place.command(&args);
    let output = command.env("PATH", std::env::var_os("PATH").unwrap()).output().unwrap();
    let changed = String::from_utf8(output.stdout).unwrap();
    let expected: Vec<&str> = all
        .out
        .lines()
        .filter(|line| line.contains("\"record\":\"LC-3\""))
        .collect();
    assert_eq!(changed.lines().collect::<Vec<_>>(), expected);
    assert!(changed.contains("CONTACT-PATTERN"), "{changed}");
}

#[test]
fn changed_without_git_or_with_an_unknown_commit_is_refused() {
    let place = Place::new();
    place.file("relto.toml", "").file("records/a.toml", RECORD);
    let run = since(&place, &["--changed"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(run.err.starts_with("error: git: "), "{run}");
    let place = repository(&[("records/a.toml", RECORD)]);
    let run = since(&place, &["--changed=absent"]);
    assert!(run.code == 2 && run.err.contains("origin/main"), "{run}");
    let run = since(&place, &["--changed=--output=x"]);
    assert_eq!(run.code, 2, "{run}");
    assert!(!place.path().join("x").exists());
}

#[test]
fn a_branch_that_changed_nothing_has_nothing_to_mend() {
    let place = repository(&[("records/a.toml", RECORD)]);
    let run = since(
        &place,
        &[
            "--changed=main",
            "--deny",
            "obligation-overdue",
            "--as-of",
            "2026-03-01",
        ],
    );
    assert!(run.code == 2, "two days: {run}");
    let mut command = place.command(&[
        "check",
        "--as-of",
        "2026-03-01",
        "--changed=main",
        "--deny",
        "obligation-overdue",
    ]);
    let output = command.env("PATH", std::env::var_os("PATH").unwrap()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success() && text.is_empty(), "{text}");
    // The sign is asked for where it is missing.
    let run = since(&place, &["--changed", "main"]).ends(2);
    assert!(
        run.err
            .contains("where it is a commit: `--changed=main`, with the sign"),
        "{run}"
    );
}

#[test]
fn nothing_is_mended_where_the_check_cannot_go_on() {
    let text = RECORD.replace("mode", "mdoe");
    let place = repository(&[("records/a.toml", &text)]);
    for other in [&["--baseline", "none.json"][..], &["--changed=none"]] {
        let run = since(&place, &[&["--fix"][..], other].concat()).ends(2);
        assert!(!run.err.contains("mended"), "{run}");
        assert_eq!(place.read("records/a.toml"), text);
    }
    assert!(since(&place, &["--fix"]).err.contains("mended 1 place"));
}

#[test]
fn one_run_judges_one_workspace() {
    let place = Place::new();
    for name in ["one", "two"] {
        place.file(&format!("{name}/relto.toml"), "");
        place.file(&format!("{name}/records/a.toml"), RECORD);
    }
    let err = place.relto(&["check", "one/records", "two/records"]).refused();
    assert!(
        err.contains("`one/records` and `two/records` belong to different workspaces"),
        "{err}"
    );
    // A hook may lay out the files of both.
    let run = place
        .relto(&["fmt", "one/records/a.toml", "two/records/a.toml"])
        .ends(0);
    assert!(run.err.contains("of 2 files"), "{run}");
    place
        .relto(&[
            "check",
            "one/records/a.toml",
            "two/../one/records",
            "--as-of",
            "2025-03-12",
        ])
        .ends(0);
}

#[test]
fn a_record_with_a_faulty_waiver_is_not_said_to_be_late() {
    let place = Place::new();
    let waiver = "waivers = [{ rule = \"NOPE\", ground = \"x\", by = \"y\", expires = 2025-12-01 }]\n";
    place.file("records/a.toml", &(RECORD.to_owned() + waiver));
    let run = place
        .relto(&["check", "--format", "short", "--as-of", "2025-06-01"])
        .ends(1);
    assert!(!run.out.contains("records/a.toml:1:"), "{run}");
    assert!(run.err.contains("1 record not judged"), "{run}");
}

#[test]
fn watching_checks_again_after_a_change() {
    let place = Place::new();
    place.file("relto.toml", "").file("records/a.toml", RECORD);
    let mut child = place
        .command(&["check", "--watch", "--format", "short", "--as-of", "2025-03-12"])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("relto runs");
    let mut lines = BufReader::new(child.stderr.take().expect("standard error")).lines();
    let mut next = |part: &str| {
        let found = lines
            .by_ref()
            .map(|line| line.expect("UTF-8"))
            .find(|line| line.contains(part));
        assert!(found.is_some(), "{part}");
    };
    next("no problems");
    next("watching for changes");
    place.file("records/a.toml", &old_debt());
    next("1 error");
    next("watching for changes");
    place.file("relto.toml", "[agency\n");
    next("relto.toml has errors");
    next("watching for changes");
    place.file("relto.toml", "").file("records/a.toml", RECORD);
    next("no problems");
    child.kill().expect("a running program");
    child.wait().expect("a program that ends");
}

#[test]
fn the_action_runs_relto() {
    let place = Place::new();
    place
        .file(".git/HEAD", "ref: refs/heads/main\n")
        .file("relto.toml", "")
        .file("records/a.toml", &old_debt());
    let bin = Path::new(env!("CARGO_BIN_EXE_relto")).parent().expect("a folder");
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci/github/check"))
        .current_dir(place.path())
        .env_clear()
        .env("PATH", path)
        .env("RELTO_PATH", "records")
        .env("RELTO_AS_OF", "2025-03-12")
        .env("RELTO_SARIF", "out.sarif")
        .env("GITHUB_STEP_SUMMARY", "summary.md")
        .output()
        .expect("bash runs");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let out = String::from_utf8(output.stdout).unwrap();
    assert!(out.starts_with("::error file=records/a.toml,line=10,"), "{out}");
    assert!(place.read("out.sarif").contains("\"version\": \"2.1.0\""));
    assert!(place.read("summary.md").contains("error[unknown-key]"));
}
