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
    "document",
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
fn a_copy_says_what_its_pdf_says() {
    let shop = Shop::new();
    let (code, _, err) = shop.relto(&["notice", "--sample", "exercise", "-o", "out", "--html", "--transmittal"]);
    assert_eq!(code, 0, "{err}");
    let out = shop.path().join("out");
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(out.join("manifest.json")).unwrap()).unwrap();
    let files = manifest["files"].as_array().unwrap();
    assert!(files.len() > 40, "{}", files.len());
    for file in files {
        let name = file["name"].as_str().unwrap();
        let page = fs::read_to_string(out.join(name.replace(".pdf", ".html"))).unwrap();
        let pdf = Command::new("pdftotext").arg(out.join(name)).arg("-").output().unwrap();
        // Letters alone: where the PDF breaks a word at its hyphen, the hyphen is lost.
        let said: String = page
            .chars()
            .filter(|c| c.is_alphabetic())
            .flat_map(char::to_lowercase)
            .collect();
        let frame: BTreeSet<String> = FRAME.iter().map(|word| (*word).to_owned()).collect();
        let missing: Vec<String> = words(&String::from_utf8_lossy(&pdf.stdout))
            .difference(&frame)
            .filter(|word| !said.contains(word.as_str()))
            .cloned()
            .collect();
        assert!(missing.is_empty(), "{name}: the copy lacks {missing:?}");
    }
}

#[test]
fn copies_stand_beside_their_pdfs_until_a_run_without_them() {
    let shop = Shop::new();
    let ends = |shop: &Shop| -> BTreeSet<String> {
        let names = shop.contents("notices").into_iter().map(|(name, _)| name);
        names
            .filter_map(|name| name.rsplit_once('.').map(|(_, end)| end.to_owned()))
            .collect()
    };
    let (code, _, err) = shop.notice(&["--text", "--html"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        err.contains("wrote 6 notices, 12 coordination copies and manifest.json"),
        "{err}"
    );
    assert_eq!(
        ends(&shop),
        ["csv", "html", "json", "pdf", "txt"].map(str::to_owned).into()
    );
    let before = shop.contents("notices");

    // What stays, stays with its copies; what is set again gets the same.
    let (code, _, err) = shop.notice(&["--text", "--html", "--only", "LC-1"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(shop.contents("notices"), before);
    let (code, _, err) = shop.notice(&["--text", "--html", "--resume"]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(shop.contents("notices"), before);

    assert_eq!(shop.notice(&[]).0, 0);
    assert_eq!(ends(&shop), ["csv", "json", "pdf"].map(str::to_owned).into());
}
