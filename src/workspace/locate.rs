//! Which workspace a run belongs to, and which files of it are record files.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use crate::base::failure::Failure;
use crate::base::source::{Found, walk};
use crate::workspace::sample::Which;

/// Where the workspace is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    Folder(PathBuf),
    Sample(Which),
    /// No `relto.toml` anywhere: the defaults apply.
    Defaults,
}

/// Folders of a workspace that hold no records.
const OTHER_FOLDERS: &[&str] = &["policy", "templates", "ledger", "notices"];

/// Finds the workspace of a path: the path itself, or its nearest ancestor, with a `relto.toml`.
pub fn workspace_of(path: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(path).ok()?;
    absolute
        .ancestors()
        .find(|folder| folder.join("relto.toml").is_file())
        .map(Path::to_path_buf)
}

/// Finds the repository around a folder: its nearest ancestor, or itself, with a `.git`.
pub fn repository_of(folder: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(folder).ok()?;
    absolute
        .ancestors()
        .find(|folder| folder.join(".git").exists())
        .map(Path::to_path_buf)
}

/// Returns the record files of a path: the file itself, or every `*.toml` under a folder, in any case, except `relto.toml` and
/// those under the workspace's `policy/`, `templates/`, `ledger/` and `notices/`.
///
/// # Errors
/// A [`Failure`] where the path does not exist or a folder cannot be read.
pub fn record_files(path: &Path, workspace: Option<&Path>) -> Result<Vec<Found>, Failure> {
    let kind = std::fs::metadata(path).map_err(|error| {
        Failure::reading(path, &error)
            .hint("give a record file, a folder of records, or a workspace; `relto init` makes one")
    })?;
    if !kind.is_dir() {
        return Ok(vec![Found {
            path: path.to_path_buf(),
            regular: false,
        }]);
    }
    let asked = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    // Those folders are the workspace's: `records/policy/` is a folder of records like any other.
    let base = workspace
        .filter(|workspace| asked.starts_with(workspace))
        .unwrap_or(&asked);
    let other = |name: &OsStr| OTHER_FOLDERS.iter().any(|other| name == *other);
    let inner = asked.strip_prefix(base).unwrap_or(&asked).components().next();
    let at_base = match inner {
        Some(Component::Normal(name)) if other(name) => return Ok(Vec::new()),
        Some(_) => false,
        None => true,
    };
    walk(path, "toml", &|folder, name| {
        name == "relto.toml" || (at_base && other(name) && folder == path)
    })
}

/// Returns the name under which a file is printed: relative to the workspace with `/`, else as given.
pub fn display_name(path: &Path, workspace: Option<&Path>) -> String {
    let inner = workspace.and_then(|workspace| {
        let absolute = std::path::absolute(path).ok()?;
        absolute.strip_prefix(workspace).ok().map(Path::to_path_buf)
    });
    let shown = inner.unwrap_or_else(|| path.to_path_buf());
    shown
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect::<Vec<_>>()
        .join("/")
        .replace("//", "/")
}
