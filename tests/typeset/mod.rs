//! Typesetting: pages, checks, conformance, determinism.

mod coordination;
mod glyphs;
mod hostile;
mod letters;
mod pages;
mod records;
mod sample;
mod workers;

use relto::base::diagnostic::Diagnostic;
use relto::base::source::Sources;
use relto::notice::model::Notice;
use relto::typeset::press::press;
use relto::typeset::pressed::{Letter, Options, Pressed};

/// Presses notices with the shipped letters; panics on any diagnostic.
fn pressed(notices: &[Notice]) -> Vec<Pressed> {
    let mut sources = Sources::default();
    let (pressed, diagnostics) = press(notices, &[], &Options::default(), &mut sources, &mut |_, _| {});
    assert!(diagnostics.is_empty(), "{}", shown(&diagnostics, &sources));
    pressed
}

/// Presses one notice with a letter; returns the PDFs and the diagnostics as lines.
fn with_letter(notice: Notice, letter: &str) -> (Vec<Pressed>, String) {
    let options = Options {
        letter: Some(Letter {
            name: "templates/letters/mine.typ".to_owned(),
            text: letter.to_owned(),
        }),
        ..Options::default()
    };
    let mut sources = Sources::default();
    let (pressed, diagnostics) = press(&[notice], &[], &options, &mut sources, &mut |_, _| {});
    let shown = shown(&diagnostics, &sources);
    (pressed, shown)
}

/// One line a diagnostic: place, code, message.
fn shown(diagnostics: &[Diagnostic], sources: &Sources) -> String {
    let lines: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| {
            let place = diagnostic.place.as_ref().map_or_else(String::new, |place| {
                let source = sources.get(place.source);
                let (line, column) = source.line_column(place.start());
                format!("{}:{line}:{column}: ", source.name)
            });
            format!("{place}{}: {}", diagnostic.code.name(), diagnostic.message)
        })
        .collect();
    lines.join("\n")
}
