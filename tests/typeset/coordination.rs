//! What a PDF says in words of its own, its coordination copy says too: the two are worded in two places.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use crate::shop::Shop;

/// The words of the frame, which a copy has no pages for.
const FRAME: &[&str] = &[
    "overall",
    "marking",
    "this",
    "notice",
    "page",
    "draft",
    "transmitted",
    "contents",
];

fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| word.chars().count() > 3)
        .map(str::to_lowercase)
        .collect()
}

#[test]
fn copies_stand_beside_their_pdfs_and_say_the_same() {
    let shop = Shop::new();
    let sample = ["notice", "--sample", "exercise", "-o", "out"];
    let with = ["--text", "--html", "--transmittal"];
    let (code, _, err) = shop.relto(&[&sample[..], &with].concat());
    assert_eq!(code, 0, "{err}");
    assert!(err.contains("coordination copies and manifest.json"), "{err}");
    let out = shop.path().join("out");
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("manifest.json")).unwrap()).unwrap();
    let files = manifest["files"].as_array().unwrap();
    assert!(files.len() > 40, "{}", files.len());
    for file in files {
        let name = file["name"].as_str().unwrap();
        let plain = fs::read_to_string(out.join(name.replace(".pdf", ".txt"))).unwrap();
        assert!(out.join(name.replace(".pdf", ".html")).is_file(), "{name}");
        assert_eq!(file["coordination"].as_object().unwrap().len(), 2, "{name}");
        let pdf = Command::new("pdftotext").arg(out.join(name)).arg("-").output().unwrap();
        let frame: BTreeSet<String> = FRAME.iter().map(|word| (*word).to_owned()).collect();
        let missing: Vec<String> = words(&String::from_utf8_lossy(&pdf.stdout))
            .difference(&words(&plain))
            .filter(|word| !frame.contains(*word))
            .cloned()
            .collect();
        assert!(missing.is_empty(), "{name}: the copy lacks {missing:?}");
    }
    // Without the options, the copies of the earlier run go.
    assert_eq!(shop.relto(&sample).0, 0);
    let left = fs::read_dir(&out).unwrap().filter_map(Result::ok);
    let ends: BTreeSet<String> = left
        .filter_map(|entry| entry.path().extension().map(|end| end.to_string_lossy().into_owned()))
        .collect();
    assert_eq!(ends, ["csv", "json", "pdf"].map(str::to_owned).into());
}
