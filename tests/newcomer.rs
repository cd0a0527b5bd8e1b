//! A newcomer changes the closing of a letter, sees it in the preview, breaks it, and repairs it with only what relto says.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use serde_json::Value;

use crate::shop::Shop;

/// A preview of a letter, ended with the test.
struct Preview {
    process: Child,
    host: String,
    folder: String,
    seen: u64,
}

impl Preview {
    fn open(shop: &Shop, letter: &str) -> Self {
        let mut command = shop.command(&["template", "preview", letter]);
        let mut process = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(process.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        let rest = address.trim().strip_prefix("http://").unwrap();
        let (host, folder) = rest.split_once('/').unwrap();
        Self {
            process,
            host: host.to_owned(),
            folder: format!("/{folder}"),
            seen: 0,
        }
    }

    /// The body of a page of the preview.
    fn get(&self, what: &str) -> String {
        let mut stream = TcpStream::connect(&self.host).unwrap();
        let (folder, host) = (&self.folder, &self.host);
        write!(stream, "GET {folder}{what} HTTP/1.0\r\nHost: {host}\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        assert!(head.lines().next().unwrap().contains(" 200 "), "{head}");
        body.to_owned()
    }

    /// What the preview shows once a file was saved: its pages, whether they are the last good ones, the problems.
    fn after_a_save(&mut self) -> (u64, bool, Vec<String>) {
        let body = self.get(&format!("state?letter=liaison-contact&sample=short&seen={}", self.seen));
        let start = body.find('{').unwrap();
        let end = body.rfind('}').unwrap();
        let state: Value = serde_json::from_str(&body[start..=end]).unwrap();
        self.seen = state["version"].as_u64().unwrap();
        let problems = state["problems"].as_array().unwrap().iter();
        (
            state["pages"].as_u64().unwrap(),
            state["kept"].as_bool().unwrap(),
            problems.map(|one| one["text"].as_str().unwrap().to_owned()).collect(),
        )
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn a_closing_is_changed_broken_and_repaired() {
    let shop = Shop::new();
    let closing = shop.path().join("templates/parts/closing.typ");
    let change = |from: &str, to: &str| {
        let text = fs::read_to_string(&closing).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(&closing, text.replacen(from, to, 1)).unwrap();
    };
    let (code, _, err) = shop.relto(&["template", "eject", "closng"]);
    assert_eq!(code, 2);
    assert!(err.contains("did you mean `closing`?"), "{err}");
    let (code, _, err) = shop.relto(&["template", "eject", "closing"]);
    assert_eq!(code, 0);
    assert!(err.contains("look at it with `relto template preview`"), "{err}");
    let mut preview = Preview::open(&shop, "liaison-contact");
    assert_eq!(preview.after_a_save(), (2, false, Vec::new()));

    // Changed, and seen.
    change("Sincerely,", "Respectfully,");
    assert_eq!(preview.after_a_save(), (2, false, Vec::new()));
    assert!(
        preview
            .get("page?letter=liaison-contact&sample=short&page=2")
            .contains("<svg")
    );

    // Broken: the last good pages stay, and one bracket is one problem, at its line.
    change("[Respectfully,]", "[Respectfully,");
    let (pages, kept, problems) = preview.after_a_save();
    assert_eq!((pages, kept, problems.len()), (2, true, 1), "{problems:#?}");
    for expected in [
        "unclosed delimiter",
        "templates/parts/closing.typ:",
        "unmarked[Respectfully,",
        "every `[`, `(`, `{` and `\"` needs its partner",
    ] {
        assert!(problems[0].contains(expected), "{expected}: {}", problems[0]);
    }
    let (code, _, err) = shop.notice(&[]);
    assert_eq!(code, 1);
    assert!(err.ends_with("nothing was written\n"), "{err}");

    // Repaired, and too much taken out: the part is named, and where relto's own stands.
    change("[Respectfully,", "[Respectfully,]");
    change("      notice.agency.signatory.title\n", "");
    let (_, kept, problems) = preview.after_a_save();
    assert!(kept && problems.len() == 1, "{problems:#?}");
    for expected in [
        "does not show who signs (`signature`)",
        "templates/parts/closing.typ:",
        "compare yours with `templates/.relto/parts/closing.typ`",
    ] {
        assert!(problems[0].contains(expected), "{expected}: {}", problems[0]);
    }
    let original = fs::read_to_string(shop.path().join("templates/.relto/parts/closing.typ")).unwrap();
    assert!(original.contains("notice.agency.signatory.title\n"));
    change(
        "      linebreak()\n    }))",
        "      linebreak()\n      notice.agency.signatory.title\n    }))",
    );
    assert_eq!(preview.after_a_save(), (2, false, Vec::new()));
    drop(preview);
    let (code, _, err) = shop.notice(&[]);
    assert_eq!(code, 0, "{err}");
    let (_, out, _) = shop.relto(&["template", "status"]);
    assert!(out.contains("templates/parts/closing.typ  changed"), "{out}");
}
