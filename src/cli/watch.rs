//! `--watch`: a check again whenever a record, a pack or `relto.toml` changes.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use notify::{Event, EventKind, RecursiveMode, Watcher};

use crate::base::failure::Failure;
use crate::cli::terminal::Terminal;

/// Editors write a file in several steps: a run begins when nothing has happened for this long.
const QUIET: Duration = Duration::from_millis(150);

/// Calls `once` now and after every change under the folders, until the program is stopped. A run that fails is told and
/// waited out: the next change may mend it.
///
/// # Errors
/// A [`Failure`] where a folder cannot be watched.
pub fn watch(
    folders: &[PathBuf],
    terminal: &mut Terminal,
    once: &mut dyn FnMut(&mut Terminal) -> Result<u8, Failure>,
) -> Result<u8, Failure> {
    let (sender, changes) = channel();
    let failed = |error: notify::Error| {
        Failure::new(format!("cannot watch files: {error}")).hint("run `relto check` without `--watch`")
    };
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<Event>| {
        if event.is_ok_and(|event| concerns(&event)) {
            // Nobody listens any more only when the program ends.
            let _ = sender.send(());
        }
    })
    .map_err(failed)?;
    for folder in folders {
        watcher.watch(folder, RecursiveMode::Recursive).map_err(failed)?;
    }
    loop {
        if let Err(failure) = once(terminal) {
            terminal.failure(&failure);
        }
        terminal.status("watching for changes; Ctrl-C ends");
        if !wait(&changes) {
            return Ok(0);
        }
        terminal.status("");
    }
}

/// Waits for a change and then for quiet. Returns false where no change can come any more.
fn wait(changes: &Receiver<()>) -> bool {
    if changes.recv().is_err() {
        return false;
    }
    loop {
        match changes.recv_timeout(QUIET) {
            Ok(()) => {}
            Err(RecvTimeoutError::Timeout) => return true,
            Err(RecvTimeoutError::Disconnected) => return false,
        }
    }
}

/// Whether an event changed a file that a check reads. A run itself opens files: that is no change.
fn concerns(event: &Event) -> bool {
    let toml = |path: &PathBuf| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"))
    };
    let folder = |path: &PathBuf| path.extension().is_none() && !hidden(path);
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(|path| toml(path) || folder(path))
}

fn hidden(path: &Path) -> bool {
    path.components()
        .any(|part| part.as_os_str().to_string_lossy().starts_with(".git"))
}

#[cfg(test)]
mod tests {
    use notify::event::{AccessKind, CreateKind, ModifyKind};

    use super::*;

    #[test]
    fn reading_is_no_change_and_letters_are_no_records() {
        let event = |kind, path: &str| Event::new(kind).add_path(PathBuf::from(path));
        assert!(concerns(&event(EventKind::Modify(ModifyKind::Any), "records/a.toml")));
        assert!(concerns(&event(EventKind::Modify(ModifyKind::Any), "records/A.TOML")));
        assert!(concerns(&event(EventKind::Create(CreateKind::Folder), "records/2026")));
        assert!(!concerns(&event(EventKind::Access(AccessKind::Any), "records/a.toml")));
        assert!(!concerns(&event(EventKind::Modify(ModifyKind::Any), "notices/a.pdf")));
        assert!(!concerns(&event(EventKind::Modify(ModifyKind::Any), ".git/index")));
    }

    #[test]
    fn several_changes_are_one() {
        let (sender, changes) = channel();
        for _ in 0..5 {
            sender.send(()).expect("a listener");
        }
        assert!(wait(&changes));
        drop(sender);
        assert!(!wait(&changes));
    }
}
