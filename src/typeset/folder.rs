//! What an output folder is before a run: not there, empty, or of an earlier run, whose files are as it wrote them.

use std::fs;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::base::failure::Failure;
use crate::base::hash::sha256;
use crate::base::source::{read_bytes, read_text};
use crate::typeset::manifest::{self, Manifest};

/// Says whether notices may be written to `folder`: it is not there, is empty, or holds a manifest of ours.
///
/// # Errors
/// A [`Failure`] where it is a file, cannot be read, or holds files and no manifest of ours.
pub fn check(folder: &Path) -> Result<(), Failure> {
    state(folder).map(|_| ())
}

/// Says whether the files of an earlier run are as it wrote them, or gone: a PDF that somebody changed is somebody's work.
pub(super) fn unaltered(folder: &Path, earlier: &Manifest) -> Result<(), Failure> {
    let mut written: Vec<(&str, &str)> = Vec::new();
    for file in &earlier.files {
        written.push((&file.name, &file.sha256.pdf));
        let copies = file.coordination.iter();
        written.extend(copies.map(|(name, hash)| (name.as_str(), hash.as_str())));
    }
    let changed = written.par_iter().find_map_first(|(name, hash)| {
        let path = folder.join(name);
        let regular = fs::symlink_metadata(&path).is_ok_and(|found| found.is_file());
        let same = || read_bytes(&path).map(|bytes| sha256(&bytes) == *hash);
        match regular.then(same)? {
            Ok(true) => None,
            Ok(false) => Some(
                Failure::new(format!("`{}` was changed since relto wrote it", path.display()))
                    .hint("move it away to keep it, or delete it; or write to another folder with `-o DIR`")
                    .hint("nothing was written"),
            ),
            Err(failure) => Some(failure),
        }
    });
    changed.map_or(Ok(()), Err)
}

/// What the output folder is now.
#[derive(Debug)]
pub(super) enum State {
    Absent,
    Empty,
    /// The manifest of an earlier run.
    Ours(Manifest),
}

pub(super) fn state(folder: &Path) -> Result<State, Failure> {
    let reading = |error: &std::io::Error| Failure::reading(folder, error);
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(State::Absent),
        Err(error) => return Err(reading(&error)),
        Ok(found) if !found.is_dir() => {
            return Err(Failure::new(format!("`{}` is no folder", folder.display())).hint("name another with `-o DIR`"));
        }
        Ok(_) => {}
    }
    if entries(folder)?.is_empty() {
        return Ok(State::Empty);
    }
    manifest_of(folder)?.map(State::Ours).ok_or_else(|| {
        Failure::new(format!(
            "`{}` is not empty and has no manifest.json of relto's",
            folder.display()
        ))
        .hint("name an empty folder or a new one with `-o DIR`; nothing was written")
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the output folder is listed here and nowhere else"
)]
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let reading = |error: &std::io::Error| Failure::reading(folder, error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| reading(&error))? {
        found.push(entry.map_err(|error| reading(&error))?.path());
    }
    found.sort();
    Ok(found)
}

pub(super) fn manifest_of(folder: &Path) -> Result<Option<Manifest>, Failure> {
    let path = folder.join(manifest::NAME);
    let text = path.is_file().then(|| read_text(&path)).transpose()?;
    Ok(text.and_then(|text| Manifest::read(&text)))
}
