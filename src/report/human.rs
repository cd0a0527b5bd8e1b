//! The format for people: rustc's look, by rustc's own renderer.
//!
//! The renderer is given the few lines a diagnostic points at, never a whole file, and hidden characters as visible
//! escapes. File, line and column are reckoned here, from the text as it stands in the file.

use std::ops::Range;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use rayon::prelude::*;

use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::source::{Place, Source, Sources};
use crate::report::{Look, short, visible};

/// Two places of one file share an excerpt when they are at most this many lines apart.
const NEAR: usize = 6;

/// An excerpt longer than this many bytes is cut to the surroundings of its place.
const LONG: usize = 2000;

/// Characters kept on either side of a place in a cut excerpt.
const AROUND: usize = 160;

/// Stands for a location until the text is rendered: the renderer would count columns in the excerpt, escapes included.
/// A noncharacter, so no input can hold it: hidden characters are escaped.
const LOCATION: char = '\u{FDD0}';

/// Renders diagnostics one below the other, an empty line after each.
pub fn render(diagnostics: &[Diagnostic], sources: &Sources, look: Look) -> String {
    diagnostics
        .iter()
        .map(|diagnostic| one(diagnostic, sources, look))
        .collect()
}

/// How many diagnostics one task renders, and how many are rendered before any of them is handed over.
const SOME: usize = 64;
const MANY: usize = 4096;

/// Renders diagnostics one below the other, an empty line after each, on all cores, and hands the text over in pieces: that
/// of a hundred thousand is never held as a whole.
pub fn each(diagnostics: &[Diagnostic], sources: &Sources, look: Look, take: &mut dyn FnMut(&str)) {
    if diagnostics.len() <= SOME {
        take(&render(diagnostics, sources, look));
        return;
    }
    for many in diagnostics.chunks(MANY) {
        let texts: Vec<String> = many.par_chunks(SOME).map(|some| render(some, sources, look)).collect();
        for text in &texts {
            take(text);
        }
    }
}

/// Renders one diagnostic with an empty line after it.
pub fn one(diagnostic: &Diagnostic, sources: &Sources, look: Look) -> String {
    let title = level(diagnostic.severity)
        .primary_title(visible::line(&diagnostic.message))
        .id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    let mut locations = Vec::new();
    for marks in excerpts(diagnostic, sources) {
        let Some((snippet, location)) = excerpt(&marks, sources, locations.len()) else {
            continue;
        };
        group = if diagnostic.withhold {
            group.element(Origin::path(location.clone()))
        } else {
            group.element(snippet)
        };
        locations.push(location);
    }
    for text in notes(diagnostic) {
        group = group.element(Level::NOTE.message(visible::lines(&text).into_owned()));
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(visible::lines(help)));
    }
    let renderer = if look.colour {
        Renderer::styled().hyperlink(false)
    } else {
        Renderer::plain()
    };
    let renderer = renderer.decor_style(DecorStyle::Ascii).term_width(look.width.max(60));
    let mut text = located(&renderer.render(&[group]), &locations);
    text.push_str("\n\n");
    text
}

/// Puts the locations where the renderer was given stand-ins, each followed by the line and column it counted.
fn located(text: &str, locations: &[String]) -> String {
    let mut parts = text.split(LOCATION);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part
            .find(|c: char| !c.is_ascii_digit() && c != ':')
            .unwrap_or(part.len());
        let index = part.split(':').next().and_then(|index| index.parse::<usize>().ok());
        out.push_str(index.and_then(|index| locations.get(index)).map_or("", String::as_str));
        out.push_str(&part[end..]);
    }
    out
}

fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    }
}

/// What is said below the excerpts: the citation, and the record where no place shows it.
fn notes(diagnostic: &Diagnostic) -> Vec<String> {
    let record = diagnostic.record.as_ref().filter(|_| diagnostic.place.is_none());
    let record = record.map(|id| format!("record {id}"));
    let citation = diagnostic.citation.as_ref().map(String::from);
    record.into_iter().chain(citation).collect()
}

/// A place to be underlined, with its words.
struct Mark<'a> {
    place: &'a Place,
    label: &'a str,
    kind: AnnotationKind,
}

/// Returns the places of a diagnostic by excerpt: the primary one first with the related places near it, others after.
fn excerpts<'a>(diagnostic: &'a Diagnostic, sources: &Sources) -> Vec<Vec<Mark<'a>>> {
    let primary = diagnostic.place.iter().map(|place| Mark {
        place,
        label: &diagnostic.label,
        kind: AnnotationKind::Primary,
    });
    let related = diagnostic.related.iter().map(|related| Mark {
        place: &related.place,
        label: &related.label,
        kind: AnnotationKind::Context,
    });
    let mut excerpts: Vec<Vec<Mark<'a>>> = Vec::new();
    for mark in primary.chain(related) {
        match excerpts
            .iter_mut()
            .find(|marks| marks.iter().all(|other| near(other.place, mark.place, sources)))
        {
            Some(marks) => marks.push(mark),
            None => excerpts.push(vec![mark]),
        }
    }
    excerpts
}

fn near(a: &Place, b: &Place, sources: &Sources) -> bool {
    if a.source != b.source {
        return false;
    }
    let source = sources.get(a.source);
    let line = |place: &Place| source.line_column(place.start()).0;
    line(a).abs_diff(line(b)) <= NEAR && a.start().min(b.start()) + LONG > a.end().max(b.end())
}

/// One excerpt: the lines with their underlines, and the location to print above them.
fn excerpt<'a>(marks: &[Mark<'a>], sources: &Sources, index: usize) -> Option<(Snippet<'a, Annotation<'a>>, String)> {
    let first = marks.first()?;
    let source = sources.get(first.place.source);
    let location = short::location(first.place, sources);

    let start = marks.iter().map(|mark| mark.place.start()).min()?;
    let end = marks.iter().map(|mark| mark.place.end()).max()?;
    let (slice, line_start) = slice(source, start..end);
    let shown = Shown::of(source.text(), slice);
    let annotations: Vec<Annotation<'a>> = marks
        .iter()
        .map(|mark| {
            let annotation = mark.kind.span(shown.span(&mark.place.span()));
            if mark.label.is_empty() {
                annotation
            } else {
                annotation.label(visible::line(mark.label))
            }
        })
        .collect();
    let snippet = Snippet::source(shown.text)
        .path(format!("{LOCATION}{index}"))
        .line_start(line_start)
        .annotations(annotations);
    Some((snippet, location))
}

/// Returns the part of a text to show for a span and the number of its first line.
fn slice(source: &Source, span: Range<usize>) -> (Range<usize>, usize) {
    let (lines, first) = source.lines_around(&span);
    if lines.len() <= LONG {
        return (lines, first);
    }
    let (line, first) = source.lines_around(&(span.start..span.start));
    let text = source.text();
    let before = text.get(line.start..span.start).unwrap_or_default();
    let start = before
        .char_indices()
        .rev()
        .nth(AROUND)
        .map_or(line.start, |(at, _)| line.start + at);
    let end = span.end.min(line.end).max(span.start);
    let after = text.get(span.start..line.end).unwrap_or_default();
    let wanted = (end - span.start).min(LONG / 2);
    let stop = after
        .char_indices()
        .filter(|(at, _)| *at >= wanted)
        .nth(AROUND)
        .map_or(line.end, |(at, _)| span.start + at);
    (start..stop, first)
}

/// A part of a text as it is shown: hidden characters as escapes.
struct Shown {
    text: String,
    /// Where the part starts in the whole text, and where it ends.
    range: Range<usize>,
    /// For every escape: its offset in the whole text, and by how much it is longer than the character.
    grown: Vec<(usize, usize)>,
}

impl Shown {
    fn of(whole: &str, range: Range<usize>) -> Self {
        let mut shown = Self {
            text: String::new(),
            range: range.clone(),
            grown: Vec::new(),
        };
        let part = whole.get(range.clone()).unwrap_or_default();
        let ends = part.strip_suffix('\n').unwrap_or(part);
        let ends = ends.strip_suffix('\r').unwrap_or(ends).len();
        for (at, c) in part.char_indices() {
            let line_end = c == '\n' || (c == '\r' && part[at + 1..].starts_with('\n'));
            if at >= ends || line_end || c == '\t' || !visible::is_hidden(c) {
                shown.text.push(c);
                continue;
            }
            let before = shown.text.len();
            visible::push(&mut shown.text, c);
            shown
                .grown
                .push((range.start + at, shown.text.len() - before - c.len_utf8()));
        }
        shown
    }

    /// Returns where a span of the whole text is in the shown text.
    fn span(&self, span: &Range<usize>) -> Range<usize> {
        self.offset(span.start)..self.offset(span.end).max(self.offset(span.start))
    }

    fn offset(&self, at: usize) -> usize {
        let at = at.clamp(self.range.start, self.range.end);
        let grown: usize = self
            .grown
            .iter()
            .filter(|(place, _)| *place < at)
            .map(|(_, by)| by)
            .sum();
        self.text.floor_char_boundary(at - self.range.start + grown)
    }
}
