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
    /// Of an invalid text, what could be read of it.
    pub reading: Option<Marking>,
    /// Where release markings exclude one another, the valid markings that keep one side: a person must choose.
    pub choices: Vec<String>,
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
    let first = first_piece(&clean.text).0;
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
            reading: None,
            choices: Vec::new(),
        };
    }
    let clean = characters::clean(text);
    let form = resolve(form, &clean.text);
    let mut reader = Reader::new(form, on, vocabulary);
    reader.read_marking(&clean.text);
    finish(text, form, &clean, reader, mend)
}

fn finish(text: &str, form: Form, clean: &Clean<'_>, reader: Reader<'_>, mend: bool) -> Parsed {
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
            reading: None,
            choices: Vec::new(),
        };
    }
    say_once(&mut problems, mendable);
    let parentheses = clean.text.starts_with('(') || clean.text.ends_with(')');
    let valid = |marking: &Marking| {
        let printed = match form {
            Form::Portion if parentheses => format!("({})", marking.portion()),
            Form::Portion => marking.portion(),
            Form::Banner | Form::Auto => marking.banner(),
        };
        read(&printed, form, on, vocabulary, false).canonical
    };
    let canonical = (mend && mendable && classified).then(|| valid(&draft)).flatten();
    let choices = if mend && !mendable && classified && only_conflicts(&problems) {
        one_side_each(&draft).iter().filter_map(valid).collect()
    } else {
        Vec::new()
    };
    Parsed {
        marking: None,
        form,
        canonical,
        problems,
        reading: classified.then_some(draft),
        choices,
    }
}

/// Drops what only follows from another problem: a word that is unknown because a character of it is, and the companion
/// that is missing because it could not be read.
fn say_once(problems: &mut Vec<Problem>, mendable: bool) {
    let characters: Vec<usize> = problems
        .iter()
        .filter(|problem| problem.code == problem::FOREIGN_CHARACTER.code)
        .map(|problem| problem.offset)
        .collect();
    let follows = |problem: &Problem| {
        let unknown = [
            problem::CLASSIFICATION_MISSING.code,
            problem::UNKNOWN_MARKING.code,
            problem::UNKNOWN_COUNTRY_CODE.code,
        ];
        let covers = |at: &usize| (problem.offset..problem.offset + problem.length).contains(at);
        unknown.contains(&problem.code) && characters.iter().any(covers)
    };
    let absent = [problem::NO_RELEASE_MARKING.code, problem::MISSING_COMPANION.code];
    // a dash where `//` belongs: what it looks like does not matter
    let separators: Vec<usize> = problems
        .iter()
        .filter(|problem| problem.code == problem::CATEGORY_SEPARATOR.code)
        .map(|problem| problem.offset)
        .collect();
    let replaced =
        |problem: &Problem| problem.code == problem::LOOKALIKE_CHARACTER.code && separators.contains(&problem.offset);
    problems.retain(|problem| !follows(problem) && !replaced(problem) && (mendable || !absent.contains(&problem.code)));
}

/// Returns true if nothing but markings that exclude one another needs a person.
fn only_conflicts(problems: &[Problem]) -> bool {
    let decided = [
        problem::CONFLICTING_MARKINGS.code,
        problem::WRONG_FORM.code,
        problem::CATEGORY_REPEATED.code,
        problem::CATEGORY_ORDER.code,
        problem::ENTRY_ORDER.code,
        problem::LIST_ORDER.code,
        problem::LIST_SEPARATOR.code,
        problem::LOWER_CASE.code,
        problem::STRAY_BLANK.code,
        problem::PARENTHESES.code,
    ];
    problems
        .iter()
        .filter(|problem| problem.is_error())
        .all(|problem| decided.contains(&problem.code))
}

/// The marking with NOFORN and without it.
fn one_side_each(draft: &Marking) -> Vec<Marking> {
    let without = |dropped: &dyn Fn(Control) -> bool| {
        let mut kept = draft.clone();
        kept.controls = draft.controls.iter().filter(|control| !dropped(*control)).collect();
        if !kept.has(Control::RelTo) {
            kept.rel_to.clear();
        }
        if !kept.has(Control::DisplayOnly) {
            kept.display_only.clear();
        }
        kept
    };
    if !draft.has(Control::Noforn) {
        return Vec::new();
    }
    vec![
        without(&|control| control.is_release() && control != Control::Noforn),
        without(&|control| control == Control::Noforn),
    ]
}

fn resolve(form: Form, text: &str) -> Form {
    if form != Form::Auto {
        return form;
    }
    if text.starts_with('(') {
        return Form::Portion;
    }
    let first = first_piece(text.strip_prefix("//").unwrap_or(text)).0;
    let spelled = first
        .split([' ', '/', '-'])
        .any(|word| ForeignLevel::from_word(word).is_some() || word == "TOP");
    if spelled || class::nearest_level(first).is_some() {
        Form::Banner
    } else {
        Form::Portion
    }
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
        let mut body = body;
        while let Some(shorter) = without_trailing_separator(body) {
            let at = start + body.len();
            body = shorter;
            self.slip(
                &problem::TRAILING_SEPARATOR,
                Span::new(at - 2, 2),
                "the marking ends with a separator",
                "remove it",
            );
        }
        let (first, mut rest) = first_piece(body);
        if foreign {
            self.read_foreign(first, start);
        } else {
            self.read_us(first, start);
        }
        while let Some(text) = rest {
            let at = start + body.len() - text.len();
            let (piece, after) = first_piece(text);
            self.read_category(piece, at);
            rest = after;
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

/// The piece before the first double slash, and what follows it.
fn first_piece(text: &str) -> (&str, Option<&str>) {
    match text.as_bytes().windows(2).position(|pair| pair == b"//") {
        Some(at) => (&text[..at], Some(&text[at + 2..])),
        None => (text, None),
    }
}

/// The text without a double slash after which nothing follows, if its last pieces are so.
fn without_trailing_separator(text: &str) -> Option<&str> {
    if !text.ends_with("//") {
        return None;
    }
    let mut rest = text;
    while let (_, Some(after)) = first_piece(rest) {
        rest = after;
    }
    // of `///` the last slash is a piece of its own
    rest.is_empty().then(|| &text[..text.len() - 2])
}
