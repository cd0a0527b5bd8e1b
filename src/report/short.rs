//! One line per diagnostic: `file:line:column: severity[code]: message`.

use std::fmt::Write as _;

use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Sources};
use crate::report::visible;

/// Renders diagnostics one a line.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let mut text = String::new();
    for diagnostic in diagnostics {
        one(diagnostic, sources, &mut text);
    }
    text
}

/// Appends one diagnostic as one line. Without a place the line begins with the severity.
pub fn one(diagnostic: &Diagnostic, sources: &Sources, text: &mut String) {
    if let Some(place) = &diagnostic.place {
        let source = sources.get(place.source);
        let (line, column) = source.line_column(place.start());
        text.push_str(&visible::line(&source.name));
        // Writing to a text does not fail.
        let _ = write!(text, ":{line}:{column}: ");
    }
    text.push_str(diagnostic.severity.word());
    text.push('[');
    text.push_str(diagnostic.code.name());
    text.push_str("]: ");
    text.push_str(&visible::line(&diagnostic.message));
    text.push('\n');
}

/// Returns a place as `file:line:column`.
pub fn location(place: &Place, sources: &Sources) -> String {
    let source = sources.get(place.source);
    let (line, column) = source.line_column(place.start());
    format!("{}:{line}:{column}", visible::line(&source.name))
}
