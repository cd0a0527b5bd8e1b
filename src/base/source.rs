//! Source texts and places in them. The only room that reads files and walks folders.

use std::ffi::OsStr;
use std::io::Read as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::base::failure::Failure;

/// Which text a place is in: an index into [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u32);

/// A stretch of a source text, in bytes. No text is longer than 4 GiB, and every value of every record has its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub source: SourceId,
    start: u32,
    end: u32,
}

impl Place {
    pub fn new(source: SourceId, span: Range<usize>) -> Self {
        let offset = |at| u32::try_from(at).unwrap_or(u32::MAX);
        Self {
            source,
            start: offset(span.start),
            end: offset(span.end),
        }
    }

    pub fn start(&self) -> usize {
        self.start as usize
    }

    pub fn end(&self) -> usize {
        self.end as usize
    }

    pub fn span(&self) -> Range<usize> {
        self.start()..self.end()
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
    /// Empty until it is read: the files of a run are named first.
    text: OnceLock<String>,
    /// Where each line starts: reckoned once, when the first place of the text is shown.
    line_starts: OnceLock<Vec<u32>>,
}

impl Source {
    fn new(name: String) -> Self {
        Self {
            name,
            text: OnceLock::new(),
            line_starts: OnceLock::new(),
        }
    }

    /// Its text; none as long as nobody has read it.
    pub fn text(&self) -> &str {
        self.text.get().map_or("", String::as_str)
    }

    /// Whether its text is there.
    pub fn is_read(&self) -> bool {
        self.text.get().is_some()
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let ends = || memchr::memchr_iter(b'\n', self.text().as_bytes());
            let mut starts = Vec::with_capacity(ends().count() + 1);
            starts.push(0);
            // No text is longer than 4 GiB.
            starts.extend(ends().map(|at| u32::try_from(at + 1).unwrap_or(u32::MAX)));
            starts
        })
    }

    /// The number of the line, from 1, that a byte offset stands in, and where that line begins.
    fn line_of(&self, offset: usize) -> (usize, usize) {
        let text = self.text();
        if text.len() <= SHORT {
            let before = &text.as_bytes()[..offset.min(text.len())];
            let start = memchr::memrchr(b'\n', before).map_or(0, |end| end + 1);
            return (memchr::memchr_iter(b'\n', before).count() + 1, start);
        }
        let starts = self.line_starts();
        let line = starts.partition_point(|start| *start as usize <= offset).max(1);
        (line, starts.get(line - 1).map_or(0, |start| *start as usize))
    }

    /// Returns the 1-based line and column of a byte offset, columns counted in Unicode scalar values.
    pub fn line_column(&self, offset: usize) -> (usize, usize) {
        let offset = offset.min(self.text().len());
        let (line, start) = self.line_of(offset);
        let column = self
            .text()
            .get(start..offset)
            .map_or(1, |before| before.chars().count() + 1);
        (line, column)
    }

    /// Returns the byte range of the whole lines that hold `span`, and the number of the first of them.
    pub fn lines_around(&self, span: &Range<usize>) -> (Range<usize>, usize) {
        let (first, start) = self.line_of(span.start);
        let (_, last) = self.line_of(span.end.max(span.start + 1) - 1);
        let text = self.text().as_bytes();
        let end = text
            .get(last..)
            .and_then(|rest| memchr::memchr(b'\n', rest))
            .map_or(text.len(), |end| last + end + 1);
        (start..end, first)
    }
}

/// In a text of so many bytes, lines are counted anew for every place: a file of one record has one or two.
const SHORT: usize = 4096;

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
        let id = self.announce(name);
        self.fill(id, text.into());
        id
    }

    /// Adds a text that is read later, under the name that people will see.
    ///
    /// # Panics
    /// After 2^32 sources.
    pub fn announce(&mut self, name: impl Into<String>) -> SourceId {
        let id = SourceId(u32::try_from(self.all.len()).expect("fewer than 2^32 sources"));
        self.all.push(Source::new(name.into()));
        id
    }

    /// Gives a text that was announced; once given, it stays. Any thread may do so: files are read side by side.
    pub fn fill(&self, id: SourceId, text: String) {
        // A text that is there already is the same one.
        let _ = self.get(id).text.set(text);
    }

    /// Returns every text in the order in which it was added.
    pub fn iter(&self) -> impl Iterator<Item = &Source> {
        self.all.iter()
    }

    /// Returns every text with its id.
    pub fn iter_with_ids(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.all)
    }

    /// The order of the texts by their names.
    pub fn ranks(&self) -> Ranks {
        let mut order: Vec<(&str, usize)> = self.all.iter().map(|source| source.name.as_str()).zip(0..).collect();
        order.sort_unstable();
        let mut ranks = vec![0; order.len()];
        for (rank, same) in (1..).zip(order.chunk_by(|a, b| a.0 == b.0)) {
            for (_, at) in same {
                ranks[*at] = rank;
            }
        }
        Ranks(ranks)
    }

    pub fn get(&self, id: SourceId) -> &Source {
        &self.all[id.0 as usize]
    }
}

/// The place of every text among their names, from 1; texts of one name have one place.
#[derive(Debug)]
pub struct Ranks(Vec<u32>);

impl Ranks {
    pub fn of(&self, id: SourceId) -> u32 {
        self.0.get(id.0 as usize).copied().unwrap_or(0)
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
    let mut file = std::fs::File::open(path).map_err(failure)?;
    // Most are short and read at one go; to ask for their size first costs more than to look for their end.
    let mut bytes = Vec::with_capacity(SMALL);
    let mut start = (&mut file).take(SMALL as u64);
    if start.read_to_end(&mut bytes).map_err(failure)? == SMALL {
        let size = file.metadata().map_err(failure)?.len().min(LARGEST);
        bytes.reserve_exact(usize::try_from(size).unwrap_or(0).saturating_sub(SMALL));
        file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(failure)?;
    }
    bytes.shrink_to_fit();
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::new(format!("`{}` is larger than 256 MiB", path.display()))
            .hint("split it into smaller record files"));
    }
    Ok(String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()))
}

/// What is read of a file before anybody asks how long it is, in bytes.
const SMALL: usize = 4096;

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

impl Found {
    /// Reads it as text.
    ///
    /// # Errors
    /// As for [`read_text`].
    pub fn read(&self) -> Result<String, Failure> {
        if self.regular {
            read_regular(&self.path)
        } else {
            read_text(&self.path)
        }
    }
}

/// Whether a walk leaves out the folder or file of a name in a folder.
type Skip<'s> = dyn Fn(&Path, &OsStr) -> bool + 's;

/// Returns every file under `folder` with this extension, in any case, sorted by path, leaving out folders and files for
/// which `skip` holds. Symbolic links to folders are not followed; hidden folders are left out.
///
/// # Errors
/// A [`Failure`] naming the folder that cannot be listed.
pub fn files_under(folder: &Path, extension: &str, skip: &Skip<'_>) -> Result<Vec<PathBuf>, Failure> {
    let found = walk(folder, extension, skip)?;
    Ok(found.into_iter().map(|file| file.path).collect())
}

/// Returns the files of [`files_under`] with what the walk learned of them.
///
/// # Errors
/// A [`Failure`] naming the folder that cannot be listed.
#[expect(clippy::disallowed_methods, reason = "this is the room that walks folders")]
pub fn walk(folder: &Path, extension: &str, skip: &Skip<'_>) -> Result<Vec<Found>, Failure> {
    let ending = format!(".{extension}");
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(next) = waiting.pop() {
        for entry in std::fs::read_dir(&next).map_err(|error| Failure::reading(&next, &error))? {
            let entry = entry.map_err(|error| Failure::reading(&next, &error))?;
            let name = entry.file_name();
            if name.as_encoded_bytes().starts_with(b".") || skip(&next, &name) {
                continue;
            }
            let kind = entry
                .file_type()
                .map_err(|error| Failure::reading(&next.join(&name), &error))?;
            if kind.is_dir() {
                waiting.push(next.join(&name));
            } else if ends_with(name.as_encoded_bytes(), ending.as_bytes()) {
                found.push(Found {
                    path: next.join(&name),
                    regular: kind.is_file(),
                });
            }
        }
    }
    // Byte by byte: to compare paths component by component is many times slower.
    found.sort_unstable_by(|a, b| a.path.as_os_str().cmp(b.path.as_os_str()));
    Ok(found)
}

/// Whether a name ends so, in any case: some systems write `.TOML`.
fn ends_with(name: &[u8], ending: &[u8]) -> bool {
    let tail = name.len().checked_sub(ending.len()).and_then(|at| name.get(at..));
    tail.is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
}
