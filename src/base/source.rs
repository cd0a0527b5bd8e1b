//! Source texts and places in them. The only room that reads files and walks folders.

use std::ops::Range;
use std::path::{Path, PathBuf};

use crate::base::failure::Failure;

/// Which text a place is in: an index into [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A stretch of a source text, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub source: SourceId,
    pub start: usize,
    pub end: usize,
}

impl Place {
    pub fn new(source: SourceId, span: Range<usize>) -> Self {
        Self {
            source,
            start: span.start,
            end: span.end,
        }
    }

    pub fn span(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    pub value: T,
    pub place: Place,
}

/// One text that was read: a record file, a pack, `relto.toml`.
#[derive(Debug)]
pub struct Source {
    /// The name printed to people: relative to the workspace with `/`, else as given, or `sample/…`.
    pub name: String,
    pub text: String,
    line_starts: Vec<usize>,
}

impl Source {
    fn new(name: String, text: String) -> Self {
        let line_starts = std::iter::once(0)
            .chain(text.match_indices('\n').map(|(at, _)| at + 1))
            .collect();
        Self {
            name,
            text,
            line_starts,
        }
    }

    /// Returns the 1-based line and column of a byte offset, columns counted in Unicode scalar values.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line - 1];
        let column = self
            .text
            .get(start..offset)
            .map_or(1, |before| before.chars().count() + 1);
        (line, column)
    }

    /// Returns the byte range of the whole lines that hold `span`, and the number of the first of them.
    pub fn lines_around(&self, span: &Range<usize>) -> (Range<usize>, usize) {
        let first = self.line_starts.partition_point(|start| *start <= span.start).max(1);
        let last = self
            .line_starts
            .partition_point(|start| *start < span.end.max(span.start + 1))
            .max(first);
        let end = self.line_starts.get(last).map_or(self.text.len(), |next| *next);
        (self.line_starts[first - 1]..end, first)
    }
}

/// Every text of a run, so that a diagnostic can be shown at its place.
#[derive(Debug, Default)]
pub struct Sources {
    all: Vec<Source>,
}

impl Sources {
    /// Adds a text under the name that people will see.
    ///
    /// # Panics
    /// After 2^32 sources.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.all.len()).expect("fewer than 2^32 sources"));
        self.all.push(Source::new(name.into(), text.into()));
        id
    }

    /// Returns every text in the order in which it was added.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.all.iter()
    }

    pub fn get(&self, id: SourceId) -> &Source {
        &self.all[id.0 as usize]
    }
}

/// Reads a text file. A byte that is not UTF-8 becomes U+FFFD, so that the loader can point at it.
///
/// # Errors
/// A [`Failure`] naming the file when it cannot be read or is larger than 256 MiB.
#[expect(clippy::disallowed_methods, reason = "this is the room that reads files")]
pub fn read_text(path: &Path) -> Result<String, Failure> {
    const LIMIT: u64 = 256 << 20;
    let metadata = std::fs::metadata(path).map_err(|error| Failure::reading(path, &error))?;
    if !metadata.is_file() {
        return Err(Failure::new(format!("`{}` is no regular file", path.display()))
            .hint("remove it, or name the files to read"));
    }
    let size = metadata.len();
    if size > LIMIT {
        return Err(Failure::new(format!("`{}` is larger than 256 MiB", path.display()))
            .hint("split it into smaller record files"));
    }
    let bytes = std::fs::read(path).map_err(|error| Failure::reading(path, &error))?;
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// Reads a file as bytes.
///
/// # Errors
/// A [`Failure`] naming the file when it cannot be read.
#[expect(clippy::disallowed_methods, reason = "this is the room that reads files")]
pub fn read_bytes(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::reading(path, &error))
}

/// Returns every file under `folder` with this extension, sorted by path, leaving out folders and files for which
/// `skip` holds. Symbolic links to folders are not followed; hidden folders are left out.
///
/// # Errors
/// A [`Failure`] naming the folder that cannot be listed.
#[expect(clippy::disallowed_methods, reason = "this is the room that walks folders")]
pub fn files_under(folder: &Path, extension: &str, skip: &dyn Fn(&Path) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).map_err(|error| Failure::reading(&next, &error))? {
            let entry = entry.map_err(|error| Failure::reading(&next, &error))?;
            let path = entry.path();
            let kind = entry.file_type().map_err(|error| Failure::reading(&path, &error))?;
            let hidden = entry.file_name().to_string_lossy().starts_with('.');
            if hidden || skip(&path) {
                continue;
            }
            if kind.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
