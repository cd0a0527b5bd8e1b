//! What the press takes and gives: plain data, the same with and without the feature `pdf`.

use std::collections::BTreeMap;

/// How notices are set.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// PDF/A-3a with `relto.json` embedded, instead of PDF/A-2a.
    pub attach: bool,
    /// A letter to use in place of the shipped ones.
    pub letter: Option<Letter>,
}

/// A letter's source text, and the file name by which people know it.
#[derive(Debug, Clone)]
pub struct Letter {
    pub name: String,
    pub text: String,
}

/// A finished PDF, verified and not yet written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pressed {
    /// The file name: `<record>--<RECIPIENT>.pdf`.
    pub name: String,
    pub bytes: Vec<u8>,
    pub pages: usize,
    /// Which page each required element starts on.
    pub elements: BTreeMap<String, usize>,
    /// Index into the notices given to the press.
    pub notice: usize,
    pub recipient: String,
    /// SHA-256 of the frame, helpers, parts and the letter.
    pub template: String,
    /// SHA-256 of the fonts.
    pub fonts: String,
}
