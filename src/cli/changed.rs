//! `--changed`: what git says was changed since a commit, down to the record.
//!
//! The whole workspace is judged, so that links and windows come out right; what stands in unchanged records is then
//! left out. When in doubt, a record counts as changed.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::failure::Failure;
use crate::base::source::{Place, SourceId, Sources};
use crate::cli::terminal::Terminal;
use crate::record::blocks::{Block, blocks};
use crate::report::summary::counted;
use crate::run::Checked;
use crate::workspace::locate::Origin;

/// The records of a run that were changed.
#[derive(Debug, Default)]
struct Changes {
    /// A pack or `relto.toml` was changed: every record may come out otherwise.
    everything: bool,
    /// Changed files of which no record can be told from the others.
    whole: BTreeSet<SourceId>,
    /// Changed records by file.
    records: BTreeMap<SourceId, Vec<Place>>,
    /// Records that are there no more: links to them are broken by this change.
    gone: bool,
}

impl Changes {
    fn has(&self, place: &Place) -> bool {
        let inside = |record: &Place| record.start() <= place.start() && place.start() < record.end();
        self.whole.contains(&place.source)
            || self
                .records
                .get(&place.source)
                .is_some_and(|records| records.iter().any(inside))
    }
}

/// Asks whether git knows a commit.
///
/// # Errors
/// A [`Failure`] where git cannot be asked or does not know it.
pub fn ask(base: &str, checked: &Checked) -> Result<(), Failure> {
    start(base, &folder(checked)?).map(|_| ())
}

/// The folder of the repository, and the commit at which the changes since `base` begin.
fn start(base: &str, folder: &Path) -> Result<(PathBuf, String), Failure> {
    let git = Git { folder };
    let root = PathBuf::from(git.text(&["rev-parse", "--show-toplevel"])?.trim_end());
    let commit = git
        .text(&["merge-base", "--end-of-options", base, "HEAD"])
        .map_err(|failure| failure.hint("name a commit, a branch or a tag, such as `origin/main`"))?;
    Ok((root, commit.trim_end().to_owned()))
}

fn folder(checked: &Checked) -> Result<PathBuf, Failure> {
    match &checked.origin {
        Origin::Folder(folder) => Ok(folder.clone()),
        Origin::Defaults => Ok(PathBuf::from(".")),
        Origin::Sample(_) => Err(Failure::new("`--changed` asks git, and a sample is in no repository")
            .hint("leave out one of `--changed` and `--sample`")),
    }
}

/// Leaves of a run only what concerns records changed since `base`.
///
/// # Errors
/// A [`Failure`] where git cannot be asked or does not know the commit.
pub fn keep(base: &str, checked: &mut Checked, terminal: &mut Terminal) -> Result<(), Failure> {
    let changes = changes(base, &folder(checked)?, checked)?;
    if changes.everything {
        terminal.status(&format!(
            "rules or settings changed since {base}: every record is reported"
        ));
        return Ok(());
    }
    let files: BTreeSet<SourceId> = checked.files.iter().copied().collect();
    let concerns = |diagnostic: &Diagnostic| {
        // What is owed for a period is owed whatever a branch changes.
        if diagnostic.record.is_none() && diagnostic.code == Code::ObligationOverdue {
            return false;
        }
        let Some(place) = &diagnostic.place else { return true };
        !files.contains(&place.source)
            || changes.has(place)
            || diagnostic.related.iter().any(|related| changes.has(&related.place))
            || (changes.gone && matches!(diagnostic.code, Code::UnknownRecord | Code::OrphanResume))
    };
    checked.diagnostics.retain(concerns);
    let case = &checked.case;
    checked.obligations.retain(|owed| {
        let record = owed.record.as_deref().and_then(|id| case.record(id));
        record.is_some_and(|record| changes.has(&record.header))
    });
    checked
        .files
        .retain(|file| changes.whole.contains(file) || changes.records.contains_key(file));
    checked
        .unread
        .retain(|file| changes.whole.contains(file) || changes.records.contains_key(file));
    let all = checked.records;
    checked.records = changes.records.values().map(Vec::len).sum();
    checked.judged = case
        .reported_records()
        .filter(|record| changes.has(&record.header) && !checked.refused.contains(&record.id))
        .count();
    terminal.status(&format!(
        "since {base}: {} in {}; all {all} were checked",
        counted(checked.records, "changed record"),
        counted(checked.files.len(), "file")
    ));
    Ok(())
}

fn changes(base: &str, folder: &Path, checked: &Checked) -> Result<Changes, Failure> {
    let (root, commit) = start(base, folder)?;
    let base = commit.as_str();
    let root_git = Git { folder: &root };
    let mut paths = root_git.list(&["diff", "--name-only", "--no-renames", "-z", base, "--"])?;
    paths.extend(root_git.list(&["ls-files", "--others", "--exclude-standard", "-z"])?);

    let mut all = Changes::default();
    let mut sources = BTreeMap::new();
    for id in &checked.files {
        let name = &checked.sources.get(*id).name;
        let inside = folder.join(name);
        let path = if inside.is_file() { inside } else { PathBuf::from(name) };
        sources.insert(identity(&path), *id);
    }
    let workspace = identity(folder);
    for path in paths {
        let on_disk = identity(&root.join(&path));
        if let Some(id) = sources.get(&on_disk) {
            let old = root_git.show(base, &path);
            compare(old.as_deref(), *id, &checked.sources, &mut all);
        } else if let Ok(inner) = on_disk.strip_prefix(&workspace) {
            let toml = inner
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("toml"));
            all.everything |= toml && (inner == Path::new("relto.toml") || inner.starts_with("policy"));
            // A record file that is there no more.
            all.gone |= toml && !on_disk.exists();
        }
    }
    Ok(all)
}

/// Adds the records of a file whose text is not word for word that of a record of the old file.
fn compare(old: Option<&str>, id: SourceId, sources: &Sources, changes: &mut Changes) {
    let text = |block: &Block, sources: &Sources| {
        let text = sources.get(block.place.source).text().get(block.place.span());
        text.unwrap_or_default().trim_end().to_owned()
    };
    let now = blocks(id, sources);
    let mut before = Sources::default();
    let then = old.and_then(|old| {
        let id = before.add("before", old);
        blocks(id, &before)
    });
    let (Some(now), Some(then)) = (now, then) else {
        changes.gone |= old.is_some();
        let records = blocks(id, sources).unwrap_or_default();
        changes.whole.insert(id);
        let places = records.into_iter().map(|block| block.place);
        changes.records.entry(id).or_default().extend(places);
        return;
    };
    let texts: BTreeSet<String> = then.iter().map(|block| text(block, &before)).collect();
    let ids: BTreeSet<&str> = now.iter().filter_map(|block| block.id.as_deref()).collect();
    changes.gone |= then
        .iter()
        .filter_map(|block| block.id.as_deref())
        .any(|id| !ids.contains(id));
    let fresh = now.iter().filter(|block| !texts.contains(&text(block, sources)));
    changes
        .records
        .entry(id)
        .or_default()
        .extend(fresh.map(|block| block.place.clone()));
}

/// One file, however its path is spelt; a file that is gone by the folder it was in.
fn identity(path: &Path) -> PathBuf {
    if let Ok(path) = std::fs::canonicalize(path) {
        return path;
    }
    match (path.parent(), path.file_name()) {
        (Some(parent), Some(name)) => identity(parent).join(name),
        _ => path.to_path_buf(),
    }
}

/// git in a folder.
struct Git<'a> {
    folder: &'a Path,
}

impl Git<'_> {
    fn run(&self, args: &[&OsStr]) -> Result<Vec<u8>, Failure> {
        let output = Command::new("git")
            .arg("-C")
            .arg(self.folder)
            .args(args)
            .output()
            .map_err(|error| {
                Failure::new(format!("cannot run git: {error}")).hint("`--changed` asks git what changed")
            })?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().next().unwrap_or("git failed").to_owned();
        Err(Failure::new(format!("git: {said}")))
    }

    fn text(&self, args: &[&str]) -> Result<String, Failure> {
        let args: Vec<&OsStr> = args.iter().map(OsStr::new).collect();
        Ok(String::from_utf8_lossy(&self.run(&args)?).into_owned())
    }

    /// Paths that git ends with NUL each.
    fn list(&self, args: &[&str]) -> Result<Vec<String>, Failure> {
        let text = self.text(args)?;
        Ok(text
            .split('\0')
            .filter(|path| !path.is_empty())
            .map(str::to_owned)
            .collect())
    }

    /// The text of a file in a commit; nothing where it was not there.
    fn show(&self, commit: &str, path: &str) -> Option<String> {
        self.text(&["show", "--end-of-options", &format!("{commit}:{path}")])
            .ok()
    }
}
