//! The exercise workspace as notices: banners and authority blocks as expected, the same bytes every time.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

fn relto(args: &[&str], folder: &Path) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_relto"))
        .args(args)
        .current_dir(folder)
        .env_clear()
        .envs([("COLUMNS", "100"), ("PATH", "/usr/bin:/bin")])
        .output()
        .unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn manifest(folder: &Path) -> Vec<Value> {
    let text = fs::read_to_string(folder.join("manifest.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["files"]
        .as_array()
        .unwrap()
        .clone()
}

/// The text of each page, where the machine has a reader.
fn pages(pdf: &Path) -> Option<Vec<String>> {
    let output = Command::new("pdftotext")
        .arg("-layout")
        .arg(pdf)
        .arg("-")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).unwrap();
    Some(
        text.trim_end_matches('\u{c}')
            .split('\u{c}')
            .map(str::to_string)
            .collect(),
    )
}

#[test]
fn banners_and_authority_blocks_are_right_on_every_page() {
    let folder = tempfile::tempdir().unwrap();
    let (code, stderr) = relto(&["notice", "--sample", "exercise", "-o", "out"], folder.path());
    assert_eq!(code, 0, "{stderr}");
    let out = folder.path().join("out");
    let files = manifest(&out);
    let expectations: toml::Table = toml::from_str(
        &fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/exercise-banners.toml")).unwrap(),
    )
    .unwrap();
    let mut looked_at = 0;
    for expect in expectations["expect"].as_array().unwrap() {
        let record = expect["record"].as_str().unwrap();
        let of_record: Vec<&Value> = files
            .iter()
            .filter(|file| file["records"].as_array().unwrap().iter().any(|id| id == record))
            .collect();
        let Some(banner) = expect.get("banner").and_then(toml::Value::as_str) else {
            assert!(of_record.is_empty(), "{record} owes nothing");
            continue;
        };
        assert!(!of_record.is_empty(), "{record} has a notice");
        for file in of_record {
            assert_eq!(file["banner"], banner, "{record}");
            let Some(pages) = pages(&out.join(file["name"].as_str().unwrap())) else {
                continue;
            };
            assert_eq!(pages.len() as u64, file["pages"].as_u64().unwrap());
            for (number, page) in pages.iter().enumerate() {
                let lines: Vec<&str> = page.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
                let joined = |lines: &[&str]| lines.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
                // A long banner runs over several lines.
                assert!(
                    joined(&lines).starts_with(banner),
                    "{record} page {}: {lines:?}",
                    number + 1
                );
                assert!(
                    joined(&lines).ends_with(banner),
                    "{record} page {}: {lines:?}",
                    number + 1
                );
                assert!(page.contains("EXERCISE"), "{record} page {}", number + 1);
                let block = page.contains("Classified By:")
                    && page.contains("Derived From:")
                    && page.contains("Declassify On:");
                let wanted = expect["authority_block"].as_bool().unwrap() && number == 0;
                assert_eq!(block, wanted, "{record} page {}: authority block", number + 1);
            }
            looked_at += 1;
        }
    }
    if looked_at == 0 {
        let _ = std::io::Write::write_all(
            &mut std::io::stderr(),
            b"SKIPPED: pdftotext is not there; only the manifest was read\n",
        );
    }
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for (folder, zone, locale, threads) in [(&one, "UTC", "C", "1"), (&two, "Asia/Tokyo", "de_DE.UTF-8", "2")] {
        let status = Command::new(env!("CARGO_BIN_EXE_relto"))
            .args(["notice", "-q", "--sample", "public", "-o", "out"])
            .current_dir(folder.path())
            .envs([("TZ", zone), ("LC_ALL", locale), ("RAYON_NUM_THREADS", threads)])
            .status()
            .unwrap();
        assert!(status.success());
    }
    for file in manifest(&one.path().join("out")) {
        let name = file["name"].as_str().unwrap();
        let read = |folder: &Path| fs::read(folder.join("out").join(name)).unwrap();
        assert!(read(one.path()) == read(two.path()), "{name} differs");
    }
    let text = |folder: &Path| fs::read_to_string(folder.join("out/manifest.json")).unwrap();
    assert_eq!(text(one.path()), text(two.path()));
}
