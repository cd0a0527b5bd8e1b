//! A browser without a window, driven by the `WebDriver` protocol: the tests of the preview look through it.

use std::fs;
use std::io::{BufRead, BufReader, Lines};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::loopback;

const BROWSER: &str = "/usr/bin/chromium";
const DRIVER: &str = "/usr/bin/chromedriver";
/// It asks nothing of anyone by itself, and runs where the tests run as root.
const ARGS: &[&str] = &[
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];
/// How long something may take to be shown: a busy machine sets a letter slowly.
const PATIENCE: Duration = Duration::from_secs(90);
const SOON: Duration = Duration::from_millis(50);

/// The name of an element in the protocol.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
pub(super) const TAB: &str = "\u{E004}";
pub(super) const DOWN: &str = "\u{E015}";

/// One window of a browser with a home of its own, ended with the test.
pub(super) struct Browser {
    driver: Child,
    host: String,
    /// The path of the session; empty before there is one.
    session: String,
    home: tempfile::TempDir,
    /// Kept open: the driver writes to it.
    _said: Lines<BufReader<ChildStdout>>,
}

impl Browser {
    /// A window of a size. None, said aloud, where no browser is installed; where CI runs there must be one.
    pub(super) fn open(width: u32, height: u32) -> Option<Self> {
        if let Some(missing) = [BROWSER, DRIVER].iter().map(Path::new).find(|path| !path.exists()) {
            assert!(
                std::env::var_os("CI").is_none(),
                "{} is not installed",
                missing.display()
            );
            crate::skipped(missing);
            return None;
        }
        let home = tempfile::tempdir().unwrap();
        let mut driver = Command::new(DRIVER)
            .arg("--port=0")
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .envs(["HOME", "TMPDIR", "XDG_RUNTIME_DIR"].map(|name| (name, home.path())))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        let mut said = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = said.by_ref().map_while(Result::ok).find_map(|line| {
            let rest = line.split_once("started successfully on port ")?.1;
            Some(rest.trim_end_matches('.').to_owned())
        });
        let mut browser = Self {
            driver,
            host: String::new(),
            session: String::new(),
            home,
            _said: said,
        };
        browser.host = format!("127.0.0.1:{}", port.expect("chromedriver says its port"));
        let profile = format!("--user-data-dir={}", browser.home.path().join("profile").display());
        let size = format!("--window-size={width},{height}");
        let args: Vec<&str> = ARGS.iter().copied().chain([profile.as_str(), size.as_str()]).collect();
        let wish = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "binary": BROWSER, "args": args },
            "goog:loggingPrefs": { "browser": "ALL" },
        } } });
        let opened = browser.command("POST", "/session", &wish);
        browser.session = format!("/session/{}", opened["sessionId"].as_str().unwrap());
        // The window, less what would stand around it.
        let page = browser.run("return [outerWidth - innerWidth, outerHeight - innerHeight]");
        let more = |index: usize, length: u32| u64::from(length) + page[index].as_u64().unwrap();
        let size = json!({ "width": more(0, width), "height": more(1, height) });
        browser.command("POST", "/window/rect", &size);
        Some(browser)
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        let path = format!("{}{path}", self.session);
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let (status, answer) = loopback::ask(&self.host, &self.host, method, &path, &body).unwrap();
        let mut answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(status, 200, "{method} {path} {body}: {answer:#}");
        answer["value"].take()
    }

    pub(super) fn go(&self, address: &str) {
        self.command("POST", "/url", &json!({ "url": address }));
    }

    /// What a script in the page returns; a promise is waited for.
    pub(super) fn run(&self, script: &str) -> Value {
        self.command("POST", "/execute/sync", &json!({ "script": script, "args": [] }))
    }

    /// What a script in the page returns, a list of texts.
    pub(super) fn texts(&self, script: &str) -> Vec<String> {
        let texts = self.run(script);
        let texts = texts.as_array().unwrap().iter();
        texts.map(|text| text.as_str().unwrap().to_owned()).collect()
    }

    /// Waits until a condition holds in the page.
    pub(super) fn until(&self, condition: &str) {
        let start = Instant::now();
        while self.run(&format!("return Boolean({condition})")) != true {
            let page = || self.run("return document.body.innerText.slice(0, 1500)");
            assert!(start.elapsed() < PATIENCE, "never: {condition}\n{:#}", page());
            thread::sleep(SOON);
        }
    }

    fn element(&self, selector: &str) -> String {
        let wish = json!({ "using": "css selector", "value": selector });
        let found = self.command("POST", "/element", &wish);
        format!("/element/{}", found[ELEMENT].as_str().unwrap())
    }

    pub(super) fn click(&self, selector: &str) {
        self.command("POST", &format!("{}/click", self.element(selector)), &json!({}));
    }

    pub(super) fn write(&self, selector: &str, text: &str) {
        let path = format!("{}/value", self.element(selector));
        self.command("POST", &path, &json!({ "text": text }));
    }

    /// Role and name of an element, as the browser tells them to whoever cannot see it.
    pub(super) fn spoken(&self, selector: &str) -> (String, String) {
        let element = self.element(selector);
        let [role, name] = ["computedrole", "computedlabel"].map(|what| {
            let said = self.command("GET", &format!("{element}/{what}"), &Value::Null);
            said.as_str().unwrap().to_owned()
        });
        (role, name)
    }

    /// Presses a key in whatever has the focus.
    pub(super) fn press(&self, key: &str) {
        let strokes = ["keyDown", "keyUp"].map(|kind| json!({ "type": kind, "value": key }));
        let wish = json!({ "actions": [{ "type": "key", "id": "keys", "actions": strokes }] });
        self.command("POST", "/actions", &wish);
    }

    /// Has the page shown to readers who like it `light` or `dark`.
    pub(super) fn prefer(&self, scheme: &str) {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        let wish = json!({ "cmd": "Emulation.setEmulatedMedia", "params": { "features": features } });
        self.command("POST", "/goog/cdp/execute", &wish);
    }

    /// What the browser wrote into its console.
    pub(super) fn complaints(&self) -> Vec<String> {
        let log = self.command("POST", "/se/log", &json!({ "type": "browser" }));
        let entries = log.as_array().unwrap().iter();
        entries
            .map(|entry| entry["message"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Saves what is seen in the folder of `RELTO_PICTURES`, else with the browser's own things.
    pub(super) fn picture(&self, name: &str) {
        let taken = self.command("GET", "/screenshot", &Value::Null);
        let bytes = from_base64(taken.as_str().unwrap());
        assert!(bytes.starts_with(b"\x89PNG"), "{name}");
        let folder = std::env::var_os("RELTO_PICTURES").map_or_else(|| self.home.path().to_owned(), PathBuf::from);
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(name), bytes).unwrap();
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            let _ = loopback::ask(&self.host, &self.host, "DELETE", &self.session, "");
        }
        // What did not end when asked: the driver leads a group of processes, in which the browser is.
        let group = format!("kill -s KILL -- -{}", self.driver.id());
        let _ = Command::new("sh").args(["-c", &group]).stderr(Stdio::null()).status();
        let _ = self.driver.wait();
    }
}

fn from_base64(text: &str) -> Vec<u8> {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0u32, 0);
    for byte in text.bytes().filter(|byte| *byte != b'=') {
        let digit = digits.iter().position(|digit| *digit == byte).unwrap();
        bits = bits << 6 | u32::try_from(digit).unwrap();
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held & 0xFF).try_into().unwrap());
        }
    }
    bytes
}
