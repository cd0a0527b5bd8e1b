//! Failures of the environment: a missing folder, an unreadable file, a malformed flag. They are not
//! diagnostics: they end the run with exit code 2 and an empty standard output.

use std::fmt;
use std::io::ErrorKind;
use std::path::Path;

/// Why relto could not run, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub message: String,
    pub hints: Vec<String>,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hints: Vec::new(),
        }
    }

    pub fn reading(path: &Path, error: &std::io::Error) -> Self {
        Self::new(format!("cannot read `{}`: {error}", path.display())).hint("check the path, and that you may read it")
    }

    pub fn writing(path: &Path, error: &std::io::Error) -> Self {
        let hint = match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room on the disk, or write to another",
            ErrorKind::ResourceBusy => {
                "the system holds on to this folder, as where a disk is mounted: name a new folder inside it"
            }
            _ => "check that the folder is there and that you may write to it",
        };
        Self::new(format!("cannot write `{}`: {error}", path.display())).hint(hint)
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}
