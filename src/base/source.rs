//! Source texts and places in them. The only room that reads files and walks folders.

use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

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
    /// Where each line starts: reckoned once, when the first place of the text is shown.
    line_starts: OnceLock<Vec<u32>>,
}

impl Source {
    fn new(name: String, text: String) -> Self {
        Self {
            name,
            text,
            line_starts: OnceLock::new(),
        }
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = || memchr::memchr_iter(b'\n', self.text.as_bytes());
            let mut starts = Vec::with_capacity(ends().count() + 1);
            starts.push(0);
            // No text is longer than 4 GiB.
            starts.extend(ends().map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)));
            starts
        })
    }

    /// Where the line of this number, from 0, begins; nothing past the last one.
    fn line_start(&self, line: usize) -> Option<usize> {
        self.line_starts().get(line).map(|start| *start as usize)
    }

    /// How many lines begin before a byte offset; the first always counts.
    fn lines_before(&self, offset: usize) -> usize {
        let before = self.line_starts().partition_point(|start| (*start as usize) < offset);
        before.max(1)
    }

    /// Returns the 1-based line and column of a byte offset, columns counted in Unicode scalar values.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text.len());
        let line = self.lines_before(offset + 1);
        let start = self.line_start(line - 1).unwrap_or(0);
        let column = self
            .text
            .get(start..offset)
            .map_or(1, |before| before.chars().count() + 1);
        (line, column)
    }

    /// Returns the byte range of the whole lines that hold `span`, and the number of the first of them.
    pub fn lines_around(&self, span: &Range<usize>) -> (Range<usize>, usize) {
        let first = self.lines_before(span.start + 1);
        let last = self.lines_before(span.end.max(span.start + 1));
        let end = self.line_start(last).unwrap_or(self.text.len());
        (self.line_start(first - 1).unwrap_or(0)..end, first)
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

/// The largest text that is read, in bytes.
const LARGEST: u64 = 256 << 20;

/// Reads a text file. A byte that is not UTF-8 becomes U+FFFD, so that the loader can point at it.
///
/// # Errors
/// A [`Failure`] naming the file when it cannot be read, is no regular file or is larger than 256 MiB.
pub fn read_text(path: &Path) -> Result<String, Failure> {
    // Asked before opening: to open a pipe waits for its writer.
    let metadata = std::fs::metadata(path).map_err(|error| Failure::reading(path, &error))?;
    if !metadata.is_file() {
        return Err(Failure::new(format!("`{}` is no regular file", path.display()))
            .hint("remove it, or name the files to read"));
    }
    read_regular(path)
}

/// Reads a text file as [`read_text`] does, where a walk through its folder has told that it is a regular file.
///
/// # Errors
/// A [`Failure`] naming the file when it cannot be read or is larger than 256 MiB.
pub fn read_regular(path: &Path) -> Result<String, Failure> {
    let failure = |error: std::io::Error| Failure::reading(path, &error);
    let file = std::fs::File::open(path).map_err(failure)?;
    let size = file.metadata().map_err(failure)?.len();
    // A byte more than it is long: the read that finds the end needs no more room.
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(LARGEST)).unwrap_or(0) + 1);
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failure)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::new(format!("`{}` is larger than 256 MiB", path.display()))
            .hint("split it into smaller record files"));
    }
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

/// A file that a walk came upon.
#[derive(Debug, Clone)]
pub struct Found {
    pub path: PathBuf,
    /// A regular file; else a symbolic link or something stranger.
    pub regular: bool,
}

/// Returns every file under `folder` with this extension, sorted by path, leaving out folders and files for which
/// `skip` holds. Symbolic links to folders are not followed; hidden folders are left out.
///
/// # Errors
/// A [`Failure`] naming the folder that cannot be listed.
pub fn files_under(folder: &Path, extension: &str, skip: &dyn Fn(&Path) -> bool) -> Result<Vec<PathBuf>, Failure> {
    let found = walk(folder, extension, skip)?;
    Ok(found.into_iter().map(|file| file.path).collect())
}

/// Returns the files of [`files_under`] with what the walk learned of them.
///
/// # Errors
/// A [`Failure`] naming the folder that cannot be listed.
#[expect(clippy::disallowed_methods, reason = "this is the room that walks folders")]
pub fn walk(folder: &Path, extension: &str, skip: &dyn Fn(&Path) -> bool) -> Result<Vec<Found>, Failure> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).map_err(|error| Failure::reading(&next, &error))? {
            let entry = entry.map_err(|error| Failure::reading(&next, &error))?;
            let name = entry.file_name();
            let path = next.join(&name);
            if name.as_encoded_bytes().starts_with(b".") || skip(&path) {
                continue;
            }
            let kind = entry.file_type().map_err(|error| Failure::reading(&path, &error))?;
            if kind.is_dir() {
                waiting.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let regular = kind.is_file();
                found.push(Found { path, regular });
            }
        }
    }
    // Byte by byte: to compare paths component by component is many times slower.
    found.sort_unstable_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
    Ok(found)
}
