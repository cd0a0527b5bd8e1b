//! `relto check --cache DIR`: what a check printed is kept, and printed again as long as nothing that it read has changed.
//!
//! An answer is found by what it hangs on: the program itself, the options, and the text of every file that is read, not
//! its date. What is judged is the text that was read to find the answer.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::base::failure::Failure;
use crate::base::hash::Hasher;
use crate::base::source::read_text;
use crate::cli::args::check::CheckArgs;
use crate::cli::terminal::{Piece, Terminal};
use crate::run::ready::Ready;
use crate::run::{Request, fingerprint};

/// So many answers are kept; the oldest go.
const MOST: usize = 32;

/// An answer as it is kept.
#[derive(Debug, Serialize, Deserialize)]
struct Answer {
    code: u8,
    pieces: Vec<Piece>,
}

/// The place of one answer.
pub(super) struct Cache {
    file: PathBuf,
}

impl Cache {
    /// Finds the place of the answer to a check.
    ///
    /// # Errors
    /// A [`Failure`] where the check could not run either.
    pub(super) fn open(
        folder: &Path,
        args: &CheckArgs,
        (asked, ready): (&Request, &Ready),
        terminal: &Terminal,
    ) -> Result<Self, Failure> {
        let read = fingerprint::of(ready)?;
        let mut hasher = Hasher::default();
        hasher.update(format!("{}\n{read}\n", program()));
        hasher.update(format!(
            "{:?} {:?} {}\n",
            args.format,
            terminal.look(),
            terminal.is_verbose()
        ));
        // Which packs and records were named shows in what was read; severities do not.
        hasher.update(format!("{:?} {:?}\n", asked.severity, asked.sample));
        if let Some(file) = &args.baseline {
            hasher.update(format!("{} {}", file.display(), read_text(file)?));
        }
        Ok(Self {
            file: folder.join(format!("{}.json", hasher.hex())),
        })
    }

    /// Prints the answer that is kept and returns its exit code; nothing where none is, or it cannot be read.
    pub(super) fn replay(&self, terminal: &mut Terminal) -> Option<u8> {
        let answer: Answer = serde_json::from_str(&read_text(&self.file).ok()?).ok()?;
        for piece in &answer.pieces {
            match piece {
                Piece::Out(text) => terminal.out(text),
                Piece::Status(line) => terminal.status(line),
            }
        }
        terminal.status("nothing has changed: this is the answer of the last check");
        Some(answer.code)
    }

    /// Keeps the answer that was just printed. A cache that cannot be written keeps no check from its end.
    pub(super) fn keep(&self, code: u8, terminal: &mut Terminal) {
        let Some(pieces) = terminal.recorded() else { return };
        if let Err(error) = self.put(&Answer { code, pieces }) {
            terminal.status(&format!("warning: the answer could not be kept: {error}"));
        }
    }

    /// Written beside its place and then moved there: nobody finds half an answer.
    #[expect(
        clippy::disallowed_methods,
        reason = "the command line is where files that people ask for are written"
    )]
    fn put(&self, answer: &Answer) -> std::io::Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder)?;
        let unfinished = self.file.with_extension(format!("{}.part", std::process::id()));
        std::fs::write(&unfinished, serde_json::to_vec(answer)?)?;
        std::fs::rename(&unfinished, &self.file)?;
        let mut kept: Vec<_> = std::fs::read_dir(folder)?
            .filter_map(|entry| {
                let path = entry.ok()?.path();
                let is_answer = path.extension().is_some_and(|extension| extension == "json")
                    && path.file_stem().is_some_and(|stem| stem.len() == 64);
                is_answer.then_some((path.metadata().ok()?.modified().ok()?, path))
            })
            .collect();
        kept.sort();
        for (_, path) in kept.iter().rev().skip(MOST) {
            std::fs::remove_file(path)?;
        }
        Ok(())
    }
}

/// The version, and what tells one build of it from another.
fn program() -> String {
    let built = std::env::current_exe().and_then(|path| path.metadata()).ok();
    let size = built.as_ref().map_or(0, std::fs::Metadata::len);
    let time = built.and_then(|built| built.modified().ok());
    let time = time
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .unwrap_or_default();
    format!("relto {} {size} {}", env!("CARGO_PKG_VERSION"), time.as_nanos())
}
