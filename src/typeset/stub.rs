//! In place of the press, where relto was built without the feature `pdf`.

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Sources;
use crate::notice::model::Notice;
use crate::typeset::pressed::{Options, Pressed};

/// Says that this relto cannot set a PDF. The notices are drafted all the same.
pub fn press(
    _notices: &[Notice],
    _fonts: &[Vec<u8>],
    _options: &Options,
    _sources: &mut Sources,
    _progress: &mut dyn FnMut(usize, usize),
) -> (Vec<Pressed>, Vec<Diagnostic>) {
    let diagnostic = Diagnostic::new(Code::LetterInvalid, "this relto was built without typesetting")
        .help("build it with the feature `pdf`: `cargo build --release --features pdf`");
    (Vec::new(), vec![diagnostic])
}
