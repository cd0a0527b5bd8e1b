//! Reads a marking: every problem of it, and the marking if there is none that makes it invalid.

use chrono::NaiveDate;

use crate::marking::ast::{Classification, Marking, Release};
use crate::marking::characters::{self, Clean};
use crate::marking::class;
use crate::marking::entries::Category;
use crate::marking::level::{ForeignLevel, Level};
use crate::marking::problem::{self, Kind, Problem, Span};
use crate::marking::register::{Control, NatoWord, NonIc};
use crate::marking::validate;
use crate::marking::vocabulary::Vocabulary;

/// The longest text that is read.
const LONGEST: usize = 8000;

/// The form a marking is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Banner,
    Portion,
    /// Parentheses: a portion; a level spelled out: a banner; else a portion.
    Auto,
}

/// What reading a text gave.
#[derive(Debug, Clone)]
pub struct Parsed {
    /// The marking, if nothing makes it invalid.
    pub marking: Option<Marking>,
    /// The form it was read in: never `Auto`.
    pub form: Form,
    /// The text itself if it is valid, else the nearest valid marking if there is one.
    pub canonical: Option<String>,
    pub problems: Vec<Problem>,
}

impl Parsed {
    pub fn is_valid(&self) -> bool {
        self.marking.is_some()
    }
}

/// What reading the release part of a marking gave.
#[derive(Debug, Clone)]
pub struct ParsedRelease {
    /// The release, if nothing makes it invalid.
    pub release: Option<Release>,
    /// The level, where a whole banner or portion was written.
    pub level: Option<Level>,
    pub canonical: Option<String>,
    pub problems: Vec<Problem>,
}

/// Reads a marking with the standard vocabulary; codes retired before `on` are errors.
pub fn parse(text: &str, form: Form, on: Option<NaiveDate>) -> Parsed {
    parse_with(text, form, on, Vocabulary::standard())
}

/// Reads a marking with a vocabulary.
pub fn parse_with(text: &str, form: Form, on: Option<NaiveDate>, vocabulary: &Vocabulary) -> Parsed {
    read(text, form, on, vocabulary, true)
}

/// Reads the release part alone (`REL TO USA, FVEY`, `NOFORN`, `RELIDO`, `DISPLAY ONLY IRQ`), or a whole marking.
pub fn parse_release(text: &str, on: Option<NaiveDate>) -> ParsedRelease {
    parse_release_with(text, on, Vocabulary::standard())
}

/// Reads the release part alone or a whole marking, with a vocabulary.
pub fn parse_release_with(text: &str, on: Option<NaiveDate>, vocabulary: &Vocabulary) -> ParsedRelease {
    const LEVEL: &str = "SECRET//";
    let clean = characters::clean(text);
    let first = clean.text.split("//").next().unwrap_or_default();
    if first.is_empty() || clean.text.starts_with('(') || class::begins_with_level(first) {
        let parsed = parse_with(text, Form::Auto, on, vocabulary);
        return ParsedRelease {
            level: parsed.marking.as_ref().map(Marking::level),
            release: parsed.marking.map(|marking| marking.release()),
            canonical: parsed.canonical,
            problems: parsed.problems,
        };
    }
    // the part alone is read as if it stood behind a level
    let mut parsed = parse_with(&format!("{LEVEL}{text}"), Form::Banner, on, vocabulary);
    for problem in &mut parsed.problems {
        let end = (problem.offset + problem.length).saturating_sub(LEVEL.len());
        problem.offset = problem.offset.saturating_sub(LEVEL.len());
        problem.length = end.saturating_sub(problem.offset);
    }
    if let Some(marking) = parsed.marking.as_ref().filter(|marking| !marking.says_release()) {
        let what = format!("`{}` says nothing about release", &marking.banner()[LEVEL.len()..]);
        parsed.problems.push(
            Problem::new(&problem::UNKNOWN_MARKING, Span::new(0, text.chars().count()), what)
                .help("write REL TO, NOFORN, RELIDO or DISPLAY ONLY"),
        );
        parsed.marking = None;
        parsed.canonical = None;
    }
    ParsedRelease {
        level: None,
        release: parsed.marking.map(|marking| marking.release()),
        canonical: parsed
            .canonical
            .and_then(|banner| banner.strip_prefix(LEVEL).map(str::to_owned)),
        problems: parsed.problems,
    }
}

fn read(text: &str, form: Form, on: Option<NaiveDate>, vocabulary: &Vocabulary, mend: bool) -> Parsed {
    if text.len() > LONGEST {
        let whole = Span::new(0, text.chars().count());
        let problem = Problem::new(
            &problem::TOO_LONG,
            whole,
            format!("a marking of {} characters", whole.length),
        );
        return Parsed {
            marking: None,
            form: resolve(form, ""),
            canonical: None,
            problems: vec![problem],
        };
    }
    let clean = characters::clean(text);
    let form = resolve(form, &clean.text);
    let mut reader = Reader::new(form, on, vocabulary);
    reader.read_marking(&clean.text);
    finish(text, form, &clean, reader, mend)
}

fn finish(text: &str, form: Form, clean: &Clean, reader: Reader<'_>, mend: bool) -> Parsed {
    let Reader {
        draft,
        classified,
        mut problems,
        mendable,
        on,
        vocabulary,
        ..
    } = reader;
    for problem in &mut problems {
        let place = clean.place(Span::new(problem.offset, problem.length));
        problem.offset = place.start;
        problem.length = place.length;
    }
    problems.extend(clean.problems.iter().cloned());
    problems.sort_by_key(|problem| (problem.offset, problem.length));
    if !problem::has_errors(&problems) {
        return Parsed {
            marking: Some(draft),
            form,
            canonical: Some(text.to_owned()),
            problems,
        };
    }
    let canonical = (mend && mendable && classified).then(|| {
        let printed = match form {
            Form::Portion => format!("({})", draft.portion()),
            Form::Banner | Form::Auto => draft.banner(),
        };
        read(&printed, form, on, vocabulary, false).canonical
    });
    Parsed {
        marking: None,
        form,
        canonical: canonical.flatten(),
        problems,
    }
}

fn resolve(form: Form, text: &str) -> Form {
    if form != Form::Auto {
        return form;
    }
    if text.starts_with('(') {
        return Form::Portion;
    }
    let first = text
        .strip_prefix("//")
        .unwrap_or(text)
        .split("//")
        .next()
        .unwrap_or_default();
    let spelled = first
        .split([' ', '/'])
        .any(|word| ForeignLevel::from_word(word).is_some() || word == "TOP");
    if spelled { Form::Banner } else { Form::Portion }
}

/// A part of a marking that a rule may point at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Classification,
    Sci(usize),
    Sap,
    Waived,
    Rd,
    Frd,
    Sigma,
    Cnwdi,
    DodUcni,
    DoeUcni,
    Tfni,
    Fgi,
    Control(Control),
    NonIc(NonIc),
    Nato(NatoWord),
}

/// The state of one reading: the draft so far, its problems, and where each part stands.
pub(super) struct Reader<'a> {
    pub form: Form,
    pub on: Option<NaiveDate>,
    pub vocabulary: &'a Vocabulary,
    pub draft: Marking,
    pub classified: bool,
    pub problems: Vec<Problem>,
    /// Whether printing the draft could be what was meant.
    pub mendable: bool,
    pub places: Vec<(Part, Span)>,
    pub last: Option<Category>,
}

impl<'a> Reader<'a> {
    fn new(form: Form, on: Option<NaiveDate>, vocabulary: &'a Vocabulary) -> Self {
        Self {
            form,
            on,
            vocabulary,
            draft: Marking::of(Classification::Us(Level::Unclassified)),
            classified: false,
            problems: Vec::new(),
            mendable: true,
            places: Vec::new(),
            last: None,
        }
    }

    pub(super) fn is_portion(&self) -> bool {
        self.form == Form::Portion
    }

    /// Reports an error that printing the draft mends.
    pub(super) fn slip(&mut self, kind: &'static Kind, span: Span, message: impl Into<String>, help: &str) {
        self.problems.push(Problem::new(kind, span, message).help(help));
    }

    /// Reports an error that nothing but a person can mend.
    pub(super) fn refuse(&mut self, problem: Problem) {
        self.mendable = false;
        self.problems.push(problem);
    }

    /// Reports something that does not make the marking invalid.
    pub(super) fn warn(&mut self, kind: &'static Kind, span: Span, message: impl Into<String>, help: &str) {
        self.problems.push(Problem::new(kind, span, message).help(help));
    }

    pub(super) fn place(&mut self, part: Part, span: Span) {
        self.places.push((part, span));
    }

    fn read_marking(&mut self, text: &'a str) {
        let (body, start) = self.without_parentheses(text);
        if body.is_empty() {
            self.refuse(Problem::new(
                &problem::EMPTY_MARKING,
                Span::new(start, 0),
                "there is no marking",
            ));
            return;
        }
        let (foreign, body, start) = match body.strip_prefix("//") {
            Some(rest) => (true, rest, start + 2),
            None => (false, body, start),
        };
        let mut segments = segments(body, start);
        while let Some((segment, at)) = segments.pop_if_last_empty() {
            debug_assert!(segment.is_empty());
            self.slip(
                &problem::TRAILING_SEPARATOR,
                Span::new(at.saturating_sub(2), 2),
                "the marking ends with a separator",
                "remove it",
            );
        }
        let mut segments = segments.0.into_iter();
        let Some((first, at)) = segments.next() else {
            self.refuse(Problem::new(
                &problem::CLASSIFICATION_MISSING,
                Span::new(start, 0),
                "there is no classification",
            ));
            return;
        };
        if foreign {
            self.read_foreign(first, at);
        } else {
            self.read_us(first, at);
        }
        for (segment, at) in segments {
            self.read_category(segment, at);
        }
        if self.classified {
            validate::check(self);
        }
    }

    /// Takes the parentheses off a portion mark and says where they are wrong.
    fn without_parentheses(&mut self, text: &'a str) -> (&'a str, usize) {
        let open = text.starts_with('(');
        let close = text.ends_with(')') && text.len() > usize::from(open);
        let inner = &text[usize::from(open)..text.len() - usize::from(close)];
        let whole = Span::new(0, text.len());
        if open != close {
            self.slip(
                &problem::PARENTHESES,
                whole,
                "one parenthesis of the pair is missing",
                "write both or, on its own, neither",
            );
        } else if open && !self.is_portion() {
            self.slip(
                &problem::PARENTHESES,
                whole,
                "a banner line has no parentheses",
                "leave them out",
            );
        }
        if let Some(at) = inner.find(['(', ')']) {
            let span = Span::new(at + usize::from(open), 1);
            self.refuse(Problem::new(
                &problem::PARENTHESES,
                span,
                "a parenthesis within the marking",
            ));
        }
        (inner, usize::from(open))
    }
}

/// The pieces between double slashes, each with its place.
struct Segments<'a>(Vec<(&'a str, usize)>);

impl<'a> Segments<'a> {
    fn pop_if_last_empty(&mut self) -> Option<(&'a str, usize)> {
        if self.0.len() > 1 && self.0.last()?.0.is_empty() {
            self.0.pop()
        } else {
            None
        }
    }
}

fn segments(body: &str, start: usize) -> Segments<'_> {
    let mut at = start;
    let pieces = body.split("//").map(|piece| {
        let place = at;
        at += piece.len() + 2;
        (piece, place)
    });
    Segments(pieces.collect())
}
