//! Letters of a workspace from the command line: overrides, runs cut short, runs resumed.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use crate::shop::{Shop, read};

fn wait_until(what: &str, mut done: impl FnMut() -> bool) {
    for _ in 0..1200 {
        if done() {
            return;
        }
        sleep(Duration::from_millis(25));
    }
    panic!("{what} did not happen within 30 seconds");
}

/// The processes that a process started.
fn children(parent: &Child) -> Vec<String> {
    let tasks = fs::read_dir(format!("/proc/{}/task", parent.id())).map(|tasks| {
        tasks
            .filter_map(|task| fs::read_to_string(task.ok()?.path().join("children")).ok())
            .collect::<Vec<_>>()
    });
    tasks
        .unwrap_or_default()
        .iter()
        .flat_map(|found| found.split_whitespace())
        .map(str::to_owned)
        .collect()
}

fn kill(signal: &str, process: &str) {
    assert!(Command::new("kill").args([signal, process]).status().unwrap().success());
}

#[test]
fn a_part_and_a_letter_of_the_workspace_are_used() {
    let shop = Shop::new();
    shop.change("/parts/closing.typ", "Sincerely,", "Respectfully,");
    shop.change(
        "/letters/liaison-contact.typ",
        "#letterhead()\n",
        "#letterhead()\n#para(\"U\")[Our own line.]\n",
    );
    // For editors only: never read.
    shop.write("templates/relto.typ", "#panic()");
    let (code, out, err) = shop.notice(&[]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    let Ok(output) = Command::new("pdftotext")
        .args(["notices/LC-1--SSCI.pdf", "-"])
        .current_dir(shop.path())
        .output()
    else {
        return;
    };
    let (_, text, _) = read(&output);
    assert!(
        text.contains("Respectfully,") && text.contains("(U) Our own line."),
        "{text}"
    );
}

#[test]
fn a_letter_with_a_slip_is_refused_at_its_place() {
    let shop = Shop::new();
    shop.change("/letters/liaison-contact.typ", "#closing()", "#closeing()");
    let (code, out, err) = shop.notice(&[]);
    assert_eq!(code, 1);
    assert!(
        out.contains("templates/letters/liaison-contact.typ:27:2") && out.contains("did you mean `closing`?"),
        "{out}"
    );
    assert!(err.ends_with("nothing was written\n"), "{err}");
    assert!(!shop.path().join("notices").exists() && shop.hidden().is_none());
    shop.write("templates/frame.typ", "");
    let (code, out, _) = shop.notice(&[]);
    assert_eq!(code, 1);
    assert!(out.contains("the frame always comes from relto"), "{out}");
}

#[test]
fn a_letter_or_part_does_not_change_the_words_of_the_record() {
    let said = "may change how things look, not what they say";
    let shop = Shop::new();
    for rule in ["#show heading: none", "#show \"spoke\": \"\"", "#show: it => it"] {
        shop.change(
            "/letters/liaison-contact.typ",
            "#letterhead()\n",
            &format!("{rule}\n#letterhead()\n"),
        );
        let (code, out, err) = shop.notice(&[]);
        assert_eq!(code, 1, "{rule}: {err}");
        assert!(
            out.contains("templates/letters/liaison-contact.typ:5:2") && out.contains(said),
            "{out}"
        );
        assert!(err.ends_with("nothing was written\n"), "{err}");
    }
    let set = "#show heading: set text(style: \"italic\")\n#letterhead()\n";
    shop.change("/letters/liaison-contact.typ", "#letterhead()\n", set);
    let (code, out, err) = shop.notice(&[]);
    assert_eq!(code, 0, "{out}{err}");
    // The same of a part; and a part that prints the narrative in other words, or under another mark.
    shop.change(
        "/parts/sections.typ",
        "#let one(section) = {\n",
        "#let one(section) = {\n  show heading: none\n",
    );
    let (_, out, _) = shop.notice(&[]);
    assert!(
        out.contains("templates/parts/sections.typ:6:3") && out.contains(said),
        "{out}"
    );
    for (from, to) in [
        ("{ part.text }", "{ part.text.replace(\"spoke\", \"talked\") }"),
        ("para(part.mark,", "para(\"C\","),
    ] {
        shop.change("/parts/sections.typ", from, to);
        let (code, out, _) = shop.notice(&[]);
        assert_eq!(code, 1, "{out}");
        assert!(!out.contains("helpers.typ"), "{out}");
    }
}

#[test]
fn every_shipped_letter_and_part_is_printed_when_copied_out_unchanged() {
    let shop = Shop::new();
    for path in relto::template::eject::ejectable() {
        let text = relto::template::lookup::file(path).unwrap();
        shop.write(
            &format!("templates{path}"),
            &relto::template::eject::copy("0.1.0", text),
        );
    }
    let (code, out, err) = shop.relto(&["template", "check"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(err.contains("nothing to mend"), "{err}");
}

#[test]
fn warnings_about_what_is_printed_are_shown_where_it_is_printed() {
    let shop = Shop::new();
    shop.change(
        "/letters/liaison-contact.typ",
        "#letterhead()\n",
        "#letterhead()\n#para(\"U\")[See item #3 and <b>this</b>.]\n",
    );
    // Not printed here.
    shop.change(
        "/letters/exchange.typ",
        "#letterhead()\n",
        "#letterhead()\n#para(\"U\")[Item #4.]\n",
    );
    let (code, out, err) = shop.notice(&[]);
    assert_eq!(code, 0, "{err}");
    assert!(out.matches("warning[letter-advice]").count() >= 2, "{out}");
    assert!(
        out.contains("templates/letters/liaison-contact.typ:6:22") && out.contains("write `\\#3`"),
        "{out}"
    );
    assert!(!out.contains("exchange.typ"), "{out}");
    assert!(
        !err.contains("not shown here") || err.contains("about records and rules are not shown here"),
        "{err}"
    );
}

#[test]
fn one_copy_is_set_anew_and_the_others_stay() {
    let shop = Shop::new();
    assert_eq!(shop.notice(&[]).0, 0);
    let before = shop.contents("notices");
    shop.change("/parts/closing.typ", "Sincerely,", "Respectfully,");
    let (code, _, err) = shop.notice(&["--only", "LC-2/SSCI"]);
    assert_eq!(code, 0, "{err}");
    let after = shop.contents("notices");
    let changed: Vec<&str> = before
        .iter()
        .zip(&after)
        .filter(|(before, after)| before != after)
        .map(|((name, _), _)| name.as_str())
        .collect();
    assert_eq!(changed, ["LC-2--SSCI.pdf", "manifest.json"]);
    let (code, _, err) = shop.notice(&["--only", "LC-9"]);
    assert_eq!(code, 2);
    assert!(err.contains("`--only LC-9` names no notice that is owed"), "{err}");
    let (_, _, err) = shop.notice(&["--only", "LC-1/SCCI"]);
    assert!(err.contains("LC-1 has `LC-1/SSCI`"), "{err}");
    assert_eq!(shop.contents("notices"), after);
}

#[test]
fn a_resumed_run_keeps_only_what_has_its_hashes() {
    let shop = Shop::new();
    assert_eq!(shop.notice(&[]).0, 0);
    let before = shop.contents("notices");
    let pdf = |name: &str| name.contains("--");
    let copies = before.iter().filter(|(name, _)| pdf(name)).count();
    let (_, _, err) = shop.notice(&["--resume"]);
    assert!(
        err.contains(&format!("({copies} of them as the earlier run wrote them)")),
        "{err}"
    );
    assert_eq!(shop.contents("notices"), before);
    // What somebody changed is not replaced; what is gone is set anew, and so is a copy whose record changed.
    let forged = shop.path().join("notices/LC-1--SSCI.pdf");
    fs::write(&forged, b"forged").unwrap();
    for resume in [&["--resume"][..], &[]] {
        let (code, _, err) = shop.notice(resume);
        assert_eq!(code, 2);
        assert!(
            err.contains("LC-1--SSCI.pdf` was changed since relto wrote it"),
            "{err}"
        );
    }
    fs::remove_file(forged).unwrap();
    let record = fs::read_to_string(shop.path().join("records/lc-2.toml")).unwrap();
    shop.write("records/lc-2.toml", &record.replace("spoke", "talked"));
    let (code, _, err) = shop.notice(&["--resume"]);
    assert_eq!(code, 0, "{err}");
    let of_two = before.iter().filter(|(name, _)| name.starts_with("LC-2--")).count();
    assert!(
        err.contains(&format!("({} of them as the earlier run", copies - 1 - of_two)),
        "{err}"
    );
    let after = shop.contents("notices");
    assert_eq!(
        before
            .iter()
            .filter(|file| pdf(&file.0) && after.contains(file))
            .count(),
        copies - of_two,
        "the copy that was gone is as it was at first"
    );
}

#[test]
fn no_run_removes_the_letters_of_another() {
    let shop = Shop::new();
    assert_eq!(shop.notice(&[]).0, 0);
    let before = shop.contents("notices");
    let report = [
        "report",
        "--period",
        "2025-Q1",
        "--as-of",
        "2026-01-15",
        "-o",
        "notices",
    ];
    let (code, _, err) = read(&shop.command(&report).output().unwrap());
    assert_eq!(code, 2);
    assert!(err.contains("notices, which a report would replace"), "{err}");
    let (code, _, err) = shop.notice(&["records/lc-1.toml"]);
    assert_eq!(code, 2);
    assert!(
        err.contains("which this run has not read: they would be removed"),
        "{err}"
    );
    assert!(err.contains("--only RECORD"), "{err}");
    assert_eq!(shop.contents("notices"), before);
    // A record that is told owes nothing more: its letters go, and that is said.
    let record = fs::read_to_string(shop.path().join("records/lc-2.toml")).unwrap();
    let told = "notified = [{ recipient = \"SSCI\", on = 2025-03-14, how = \"letter\" }, { recipient = \"HPSCI\", on = 2025-03-14, how = \"letter\" }]\n";
    shop.write("records/lc-2.toml", &format!("{record}{told}"));
    let (code, _, err) = shop.notice(&[]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("of the earlier run are gone") && err.contains("LC-2--SSCI.pdf"),
        "{err}"
    );
}

#[test]
fn a_run_cut_short_leaves_the_old_output_as_it_was() {
    let shop = Shop::new();
    assert_eq!(shop.notice(&[]).0, 0);
    let before = shop.contents("notices");
    for number in 4..=60 {
        shop.record(number);
    }
    shop.change("/parts/closing.typ", "Sincerely,", "Respectfully,");
    let start = || {
        let mut command = shop.interruptible(&["notice", "--as-of", "2026-01-15"]);
        command.stderr(Stdio::piped()).spawn().unwrap()
    };
    let begun = || {
        shop.hidden()
            .is_some_and(|folder| fs::read_dir(folder).is_ok_and(|mut files| files.next().is_some()))
    };
    let run = start();
    wait_until("a first PDF", begun);
    let workers = children(&run);
    assert!(!workers.is_empty());
    let over = |workers: &[String]| {
        let gone = |worker: &String| !Path::new("/proc").join(worker).join("exe").exists();
        workers.iter().all(gone)
    };
    kill("-INT", &run.id().to_string());
    let (code, _, err) = read(&run.wait_with_output().unwrap());
    assert_eq!(code, 2);
    assert_eq!(
        err,
        "error: interrupted: nothing was written, and what was there is as it was\n"
    );
    assert_eq!(shop.contents("notices"), before);
    assert!(shop.hidden().is_none());
    wait_until("the end of the workers", || over(&workers));
    // One that is killed can tidy nothing away: the next run does.
    let mut run = start();
    wait_until("a first PDF", begun);
    let workers = children(&run);
    kill("-KILL", &run.id().to_string());
    assert!(!run.wait().unwrap().success());
    assert_eq!(shop.contents("notices"), before);
    wait_until("the end of the workers", || over(&workers));
    assert!(shop.hidden().is_some());
    assert_eq!(shop.notice(&["--only", "LC-1"]).0, 0);
    assert!(shop.hidden().is_none());
}

#[test]
fn a_worker_killed_leaves_the_old_output_as_it_was() {
    let shop = Shop::new();
    assert_eq!(shop.notice(&[]).0, 0);
    let before = shop.contents("notices");
    // A letter that takes its time, so that there is a worker to kill.
    shop.change(
        "/letters/liaison-contact.typ",
        "#letterhead()\n",
        "#{ let n = 0; for i in range(100000) { for j in range(100000) { n += 1 } } }\n#letterhead()\n",
    );
    let mut run = shop
        .command(&["notice", "--as-of", "2026-01-15"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_until("a worker", || !children(&run).is_empty());
    while run.try_wait().unwrap().is_none() {
        for worker in children(&run) {
            let _ = Command::new("kill").args(["-9", &worker]).output();
        }
        sleep(Duration::from_millis(50));
    }
    let (code, out, err) = read(&run.wait_with_output().unwrap());
    assert_eq!(code, 1, "{err}");
    assert!(
        out.contains("error[letter-stopped]: the process that set the letter ended before it was done: signal: 9"),
        "{out}"
    );
    assert!(err.ends_with("nothing was written\n"), "{err}");
    assert_eq!(shop.contents("notices"), before);
    assert!(shop.hidden().is_none());
}

#[test]
fn a_full_disk_leaves_the_old_output_as_it_was() {
    let shop = Shop::new();
    shop.write("full/keep", "");
    // A file system of its own needs a user namespace, which not every machine gives.
    let script = "mount -t tmpfs -o size=400k tmpfs full && mkdir full/notices && \"$RELTO\" notice -q --as-of 2026-01-15 \
                  --only LC-1/SSCI -o full/notices && sha256sum full/notices/* > before && head -c 250000 /dev/zero > \
                  full/filler; \"$RELTO\" notice -q --as-of 2026-01-15 -o full/notices; echo $? > code; sha256sum -c before; \
                  ls -A full > after";
    let ran = Command::new("unshare")
        .args(["-rm", "sh", "-c", script])
        .current_dir(shop.path())
        .env("RELTO", env!("CARGO_BIN_EXE_relto"))
        .output();
    let said = ran
        .as_ref()
        .map(|output| String::from_utf8_lossy(&output.stderr).into_owned())
        .unwrap_or_default();
    let Ok(code) = fs::read_to_string(shop.path().join("code")) else {
        let text = format!("SKIPPED: this machine gives no file system to fill: {said}\n");
        let _ = std::io::Write::write_all(&mut std::io::stderr(), text.as_bytes());
        return;
    };
    if said.contains("unshare:") || said.contains("mount:") {
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            b"SKIPPED: this machine gives no file system to fill\n",
        );
        return;
    }
    assert_eq!(code.trim(), "2", "{said}");
    assert!(said.contains("No space left on device"), "{said}");
    assert!(ran.unwrap().status.success(), "the old files are as they were: {said}");
    assert_eq!(
        fs::read_to_string(shop.path().join("after")).unwrap(),
        "filler\nnotices\n"
    );
}
