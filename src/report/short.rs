//! One line per diagnostic: `file:line:column: severity[code]: message`.

use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Sources};
use crate::report::visible;

/// Renders diagnostics one a line.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    diagnostics.iter().map(|diagnostic| one(diagnostic, sources)).collect()
}

/// Renders one diagnostic as one line. Without a place the line begins with the severity.
pub fn one(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let at = diagnostic
        .place
        .as_ref()
        .map_or_else(String::new, |place| location(place, sources) + ": ");
    format!(
        "{at}{}[{}]: {}\n",
        diagnostic.severity,
        diagnostic.code.name(),
        visible::line(&diagnostic.message)
    )
}

/// Returns a place as `file:line:column`.
pub fn location(place: &Place, sources: &Sources) -> String {
    let source = sources.get(place.source);
    let (line, column) = source.line_column(place.start);
    format!("{}:{line}:{column}", visible::line(&source.name))
}
