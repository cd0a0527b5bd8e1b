//! What the press takes and gives: plain data, the same with and without the feature `pdf`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::shared::Shared;
use crate::template::set::Templates;

/// How notices are set.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Options {
    /// PDF/A-3a with `relto.json` embedded, instead of PDF/A-2a.
    pub attach: bool,
    /// A letter to use in place of every other, whatever a notice asks for.
    pub letter: Option<Letter>,
    /// Letters and parts of the workspace.
    pub templates: Templates,
    pub want: Want,
    #[serde(skip)]
    pub workers: Workers,
}

/// What is made of the laid-out pages.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Want {
    #[default]
    Pdf,
    /// One SVG a page.
    Pictures,
    /// The text of each page, line by line.
    Text,
}

/// The worker processes: who they are, and what they may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workers {
    /// The program that serves as a worker when called with `__typeset`. Without it everything is set in this process.
    pub program: Option<PathBuf>,
    /// How many run side by side; 0 for one a core.
    pub count: usize,
    /// How much time of the processor one copy may take, so that a busy machine stops no letter; where the system has no
    /// limit for it, how long it may take.
    pub deadline: Duration,
    /// How much memory a worker may use, in MiB.
    pub memory: u64,
}

impl Default for Workers {
    fn default() -> Self {
        Self {
            program: None,
            count: 0,
            deadline: Duration::from_secs(20),
            memory: 1024,
        }
    }
}

/// A letter's source text, and the file name by which people know it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Letter {
    pub name: String,
    pub text: String,
}

/// One copy to be set: which notice for which addressee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// Index into the notices.
    pub notice: usize,
    /// Index into the notice's addressees.
    pub addressee: usize,
    pub recipient: Shared,
    /// The Typst path of the letter.
    pub letter: Shared,
    /// The file name: `<record>--<RECIPIENT>.pdf`.
    pub name: String,
    /// SHA-256 over everything the PDF is made from: data, templates, fonts, options, version.
    pub input: Shared,
}

/// A finished copy, verified and not yet written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// The file name: `<record>--<RECIPIENT>.pdf`.
    pub name: String,
    /// The PDF; empty where pictures or text were wanted.
    pub bytes: Vec<u8>,
    /// The pages as pictures or as text, where those were wanted.
    pub sheets: Vec<String>,
    pub pages: usize,
    /// Which page each element starts on, those that no rule demands among them.
    pub elements: BTreeMap<String, usize>,
    /// Index into the notices given to the press.
    pub notice: usize,
    pub recipient: String,
    /// SHA-256 over everything it was made from.
    pub input: Shared,
    /// SHA-256 of the frame, helpers, parts and the letter.
    pub template: String,
    /// SHA-256 of the fonts.
    pub fonts: String,
}
