//! In place of the press, where relto was built without the feature `pdf`.

use std::io::{Read, Write};

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::failure::Failure;
use crate::base::source::Sources;
use crate::notice::model::Notice;
use crate::notice::sheaf::Notices;
use crate::template::set::Template;
use crate::typeset::pressed::{Options, Planned, Pressed};

const MISSING: &str = "this relto was built without typesetting";
const BUILD: &str = "build it with the feature `pdf`: `cargo build --release --features pdf`";

/// Nothing can be set, so nothing is planned.
pub fn plan(_notices: &dyn Notices, _fonts: &[Vec<u8>], _options: &Options) -> Vec<Planned> {
    Vec::new()
}

/// Says that this relto cannot set a PDF. The notices are drafted all the same.
pub fn press(
    _notices: &[Notice],
    _fonts: &[Vec<u8>],
    _options: &Options,
    _sources: &mut Sources,
    _progress: &mut dyn FnMut(usize, usize),
) -> (Vec<Pressed>, Vec<Diagnostic>) {
    (Vec::new(), missing())
}

/// As [`press`].
///
/// # Errors
/// None: that nothing can be set is a diagnostic.
pub fn press_each(
    _notices: &dyn Notices,
    _planned: &[Planned],
    _fonts: &[Vec<u8>],
    _options: &Options,
    _sources: &mut Sources,
    _progress: &mut dyn FnMut(usize, usize),
    _take: &mut dyn FnMut(Pressed) -> Result<(), Failure>,
) -> Result<Vec<Diagnostic>, Failure> {
    Ok(missing())
}

/// Without typesetting no template is read.
pub fn proofread(_template: &Template, _sources: &mut Sources) -> Vec<Diagnostic> {
    missing()
}

/// There is nothing to serve.
///
/// # Errors
/// Always: this relto cannot set a PDF.
pub fn serve(
    _memory: u64,
    _seconds: u64,
    _input: &mut dyn Read,
    _output: Box<dyn Write + Send>,
) -> Result<(), Failure> {
    Err(Failure::new(MISSING).hint(BUILD))
}

fn missing() -> Vec<Diagnostic> {
    vec![Diagnostic::new(Code::LetterInvalid, MISSING).help(BUILD)]
}
