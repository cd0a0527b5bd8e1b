//! A preview of a letter, ended with the test.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};

use serde_json::Value;

use super::loopback;
use crate::shop::Shop;

/// A preview of a letter, ended with the test.
pub(crate) struct Preview {
    process: Child,
    pub(super) host: String,
    pub(super) folder: String,
    seen: u64,
}

impl Preview {
    pub(crate) fn open(shop: &Shop, letter: &str) -> Self {
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

    /// The address that it printed.
    pub(super) fn address(&self) -> String {
        format!("http://{}{}", self.host, self.folder)
    }

    /// Ends it, as Ctrl-C would.
    pub(super) fn end(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }

    /// The body of a page of the preview.
    pub(crate) fn get(&self, what: &str) -> String {
        let path = format!("{}{what}", self.folder);
        let (status, body) = loopback::ask(&self.host, &self.host, "GET", &path, "").unwrap();
        assert_eq!(status, 200, "{path}");
        body
    }

    /// What the preview shows once a file was saved: its pages, whether they are the last good ones, the problems.
    pub(crate) fn after_a_save(&mut self) -> (u64, bool, Vec<String>) {
        let body = self.get(&format!("state?letter=liaison-contact&sample=short&seen={}", self.seen));
        let state: Value = serde_json::from_str(&body).unwrap();
        self.seen = state["version"].as_u64().unwrap();
        let problems = state["problems"].as_array().unwrap().iter();
        (
            state["pages"].as_u64().unwrap(),
            state["kept"].as_bool().unwrap(),
            problems.map(told).collect(),
        )
    }
}

/// What a problem says: what is wrong, where, what to do.
fn told(problem: &Value) -> String {
    let help = problem["help"].as_array().unwrap().iter();
    let parts = [&problem["message"], &problem["excerpt"]].into_iter().chain(help);
    parts.map(|part| part.as_str().unwrap()).collect::<Vec<_>>().join("\n")
}

impl Drop for Preview {
    fn drop(&mut self) {
        self.end();
    }
}
