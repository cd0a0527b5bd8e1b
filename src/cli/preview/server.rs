//! The preview's page: on this machine only, at a path that nobody can guess, asking nothing of anyone else.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

use notify::{RecursiveMode, Watcher};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::base::failure::Failure;
use crate::cli::preview::studio::Studio;

const HTML: &str = include_str!("../../../templates/preview/preview.html");
const CSS: &str = include_str!("../../../templates/preview/preview.css");
const JS: &str = include_str!("../../../templates/preview/preview.js");
const ICON: &str = include_str!("../../../templates/preview/preview.svg");

/// The page takes nothing from anywhere else, and nobody frames it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// How long an answer waits for a file to be saved.
const PATIENCE: Duration = Duration::from_secs(20);
/// Editors save in several steps.
const SETTLED: Duration = Duration::from_millis(80);
/// Requests answered at one time.
const MOST: usize = 64;

/// What all requests share.
#[derive(Debug)]
struct Shared {
    studio: Mutex<Studio>,
    /// How often a file was saved, from 1.
    version: Mutex<u64>,
    saved: Condvar,
    token: String,
    port: u16,
    busy: AtomicUsize,
}

/// A page waiting for readers.
pub(super) struct Page {
    server: Server,
    shared: Arc<Shared>,
    _watcher: notify::RecommendedWatcher,
}

impl Page {
    /// Opens the page. `folder` is watched.
    ///
    /// # Errors
    /// A [`Failure`] where the port is taken, or the folder cannot be watched.
    pub(super) fn open(studio: Studio, folder: &Path, port: u16) -> Result<Self, Failure> {
        let server = Server::http(("127.0.0.1", port)).map_err(|error| {
            Failure::new(format!("cannot open a page on port {port}: {error}"))
                .hint("leave `--port` out, and any free one is taken")
        })?;
        let port = server.server_addr().to_ip().map_or(port, |address| address.port());
        let shared = Arc::new(Shared {
            studio: Mutex::new(studio),
            version: Mutex::new(1),
            saved: Condvar::new(),
            token: token()?,
            port,
            busy: AtomicUsize::new(0),
        });
        let watcher = watch(folder, &shared)?;
        Ok(Self {
            server,
            shared,
            _watcher: watcher,
        })
    }

    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.shared.port, self.shared.token)
    }

    /// Answers until the program ends.
    pub(super) fn serve(&self) {
        for request in self.server.incoming_requests() {
            let shared = Arc::clone(&self.shared);
            if shared.busy.fetch_add(1, Ordering::Relaxed) >= MOST {
                shared.busy.fetch_sub(1, Ordering::Relaxed);
                let _ = request.respond(Response::empty(503));
                continue;
            }
            thread::spawn(move || {
                let answer = shared.answer(&request);
                // A reader that went away needs no answer.
                let _ = request.respond(answer);
                shared.busy.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }
}

type Answer = Response<std::io::Cursor<Vec<u8>>>;

impl Shared {
    fn answer(&self, request: &Request) -> Answer {
        let host = request.headers().iter().find(|header| header.field.equiv("Host"));
        let host = host.map_or("", |header| header.value.as_str());
        let ours = ["127.0.0.1", "localhost"]
            .iter()
            .any(|name| host == format!("{name}:{}", self.port));
        if !ours {
            return text(403, "text/plain", "this page is for this machine only\n");
        }
        if *request.method() != Method::Get {
            return text(405, "text/plain", "this page is only read\n");
        }
        let (path, query) = request.url().split_once('?').unwrap_or((request.url(), ""));
        let Some(name) = path.strip_prefix('/').and_then(|path| path.strip_prefix(&self.token)) else {
            return text(404, "text/plain", "there is no such page\n");
        };
        match name {
            "/" => text(200, "text/html; charset=utf-8", HTML),
            "/preview.css" => text(200, "text/css; charset=utf-8", CSS),
            "/preview.js" => text(200, "text/javascript; charset=utf-8", JS),
            "/preview.svg" => text(200, "image/svg+xml", ICON),
            "/state" => {
                let seen = value(query, "seen").parse().unwrap_or(0);
                let version = self.version_after(seen);
                if version == seen {
                    return text(204, "text/plain", "");
                }
                let mut studio = self.studio.lock().unwrap_or_else(PoisonError::into_inner);
                let state = studio.state(value(query, "letter"), value(query, "sample"), version);
                text(200, "application/json", &state.to_string())
            }
            "/page" => {
                let studio = self.studio.lock().unwrap_or_else(PoisonError::into_inner);
                let number = value(query, "page").parse().unwrap_or(0);
                match studio.page(value(query, "letter"), value(query, "sample"), number) {
                    Some(page) => text(200, "image/svg+xml", page),
                    None => text(404, "text/plain", "there is no such page\n"),
                }
            }
            _ => text(404, "text/plain", "there is no such page\n"),
        }
    }

    /// The version of the files: at once where it is not the one seen, else after the next save, or some time.
    fn version_after(&self, seen: u64) -> u64 {
        let version = self.version.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self
            .saved
            .wait_timeout_while(version, PATIENCE, |version| *version == seen);
        let (version, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *version
    }

    fn saved(&self) {
        *self.version.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.saved.notify_all();
    }
}

fn text(status: u16, kind: &str, body: &str) -> Answer {
    let headers = [
        ("Content-Type", kind),
        ("Content-Security-Policy", POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("Cache-Control", "no-store"),
    ];
    let mut answer = Response::from_data(body.as_bytes().to_vec()).with_status_code(status);
    for (name, value) in headers {
        if let Ok(header) = Header::from_bytes(name, value) {
            answer.add_header(header);
        }
    }
    answer
}

/// A value of a query; the ids in it need no escapes.
fn value<'a>(query: &'a str, name: &str) -> &'a str {
    let of_name = |pair: &'a str| pair.split_once('=').filter(|(key, _)| *key == name);
    query.split('&').find_map(of_name).map_or("", |(_, value)| value)
}

fn token() -> Result<String, Failure> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)
        .map_err(|error| Failure::new(format!("the system gives no random numbers: {error}")))?;
    let mut token = String::new();
    for byte in bytes {
        let _ = write!(token, "{byte:02x}");
    }
    Ok(token)
}

/// Counts a save of anything that a letter is made from.
fn watch(folder: &Path, shared: &Arc<Shared>) -> Result<notify::RecommendedWatcher, Failure> {
    let (sender, saves) = mpsc::channel::<()>();
    let root = folder.to_path_buf();
    let notice = move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        if !event.kind.is_access() && event.paths.iter().any(|path| matters(path, &root)) {
            let _ = sender.send(());
        }
    };
    let failed = |error: &notify::Error| Failure::new(format!("cannot watch `{}`: {error}", folder.display()));
    let mut watcher = notify::recommended_watcher(notice).map_err(|error| failed(&error))?;
    watcher
        .watch(folder, RecursiveMode::Recursive)
        .map_err(|error| failed(&error))?;
    let shared = Arc::clone(shared);
    thread::spawn(move || {
        while saves.recv().is_ok() {
            while saves.recv_timeout(SETTLED).is_ok() {}
            shared.saved();
        }
    });
    Ok(watcher)
}

/// Templates, records, rules, settings and fonts; not what relto writes itself.
fn matters(path: &Path, root: &Path) -> bool {
    let inner: PathBuf = path.strip_prefix(root).unwrap_or(path).to_path_buf();
    let mut parts = inner
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    let hidden = inner
        .components()
        .any(|part| part.as_os_str().to_string_lossy().starts_with('.'));
    let own = parts
        .next()
        .is_some_and(|first| matches!(first.as_str(), "notices" | "ledger"));
    let ending = inner
        .extension()
        .map(|end| end.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    !hidden && !own && matches!(ending.as_str(), "typ" | "toml" | "ttf" | "otf" | "ttc" | "otc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_letter_is_made_from_matters() {
        let root = Path::new("/w");
        let is = |path: &str| matters(&root.join(path), root);
        assert!(is("templates/letters/plain.typ") && is("records/a.toml") && is("relto.toml") && is("fonts/a.TTF"));
        assert!(
            !is("notices/a.toml") && !is(".git/x.toml") && !is("templates/.relto/parts/closing.typ") && !is("a.txt")
        );
    }

    #[test]
    fn queries_are_read_by_name() {
        assert_eq!(value("letter=plain&sample=&seen=3", "seen"), "3");
        assert_eq!(value("letter=plain&sample=&seen=3", "sample"), "");
        assert_eq!(value("letter=plain", "seen"), "");
    }
}
