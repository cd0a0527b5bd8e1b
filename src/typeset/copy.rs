//! One copy of a notice: compiled, checked on its laid-out pages, exported. The same in this process and in a worker.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use typst::WorldExt;
use typst::diag::{Severity, SourceDiagnostic};
use typst::foundations::{Datetime, Smart};
use typst::syntax::{DiagSpan, FileId, Source, Span};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::base::code::Code;
use crate::notice::model::{Addressee, Notice};
use crate::template::eject::{self, KEPT};
use crate::template::{lookup, module};
use crate::typeset::fit;
use crate::typeset::manifest;
use crate::typeset::plain;
use crate::typeset::pressed::{Options, Want};
use crate::typeset::verify::{Problem, sheets, verify};
use crate::typeset::world::{Desk, NoticeWorld, file_id};

/// Where a letter given in [`Options::letter`] stands in Typst.
pub(super) const GIVEN: &str = "/letters/given.typ";
/// Problems shown for one copy; a letter wholly in white has one a line.
const MOST_PROBLEMS: usize = 12;
/// Pages of one notice. A letter that runs on and on is stopped before it is checked and exported.
const MOST_PAGES: usize = 400;

/// For how many further copies what a copy needed is remembered: the letterhead, the closing, the fonts cut to size. What is
/// the same in the next copy is then laid out once, and memory stays flat.
const REMEMBERED: usize = 10;
/// Pages of a copy that is worth remembering; a report is not, and takes much memory.
const FEW_PAGES: usize = 8;

/// What came of one copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Finished {
    pub(super) pages: usize,
    pub(super) elements: BTreeMap<String, usize>,
    /// Pictures or text.
    pub(super) sheets: Vec<String>,
    #[serde(skip)]
    pub(super) bytes: Vec<u8>,
}

/// Why there is no copy: a diagnostic whose place is a template, not yet a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Complaint {
    /// A name of [`Code`].
    pub(super) code: String,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: Vec<String>,
    pub(super) at: Option<At>,
}

/// A stretch of a template, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct At {
    pub(super) path: String,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Complaint {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code: code.name().to_owned(),
            message: message.into(),
            label: String::new(),
            help: Vec::new(),
            at: None,
        }
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }
}

/// Pages, and the world they came from.
struct Laid<'a> {
    world: NoticeWorld<'a>,
    document: PagedDocument,
}

/// Sets copies one after the other: fonts, library and templates are read once.
pub(super) struct Setter {
    desk: Desk,
    options: Options,
}

impl Setter {
    pub(super) fn new(fonts: &[Vec<u8>], options: Options) -> Self {
        Self {
            desk: Desk::new(fonts, &options.templates),
            options,
        }
    }

    /// Sets one copy with the letter at `path`.
    pub(super) fn set(&self, notice: &Notice, addressee: &Addressee, path: &str) -> Result<Finished, Vec<Complaint>> {
        let copy = self.try_set(notice, addressee, path);
        let short = copy.as_ref().is_ok_and(|copy| copy.pages <= FEW_PAGES);
        comemo::evict(if short { REMEMBERED } else { 0 });
        copy
    }

    fn try_set(&self, notice: &Notice, addressee: &Addressee, path: &str) -> Result<Finished, Vec<Complaint>> {
        let Laid {
            mut world,
            mut document,
        } = self.lay_out(notice, addressee, path, false)?;
        let mut pages = sheets(&document);
        if fit::may_save_a_page(&pages)
            && let Ok(snug) = self.lay_out(notice, addressee, path, true)
            && snug.document.pages().len() < document.pages().len()
        {
            Laid { world, document } = snug;
            pages = sheets(&document);
        }
        let (elements, problems) = verify(&pages, notice, addressee);
        let pages = pages.len();
        if !problems.is_empty() {
            return Err(self.placed(&world, problems, path));
        }
        let today = day(notice);
        let (mut bytes, mut sheets) = (Vec::new(), Vec::new());
        match self.options.want {
            Want::Pdf => {
                let options = pdf_options(&self.options, notice, addressee, today);
                bytes = typst_pdf::pdf(&document, &options).map_err(|errors| {
                    let complaints = errors.iter().map(|error| self.complaint(&world, error, path));
                    complaints.collect::<Vec<_>>()
                })?;
            }
            Want::Pictures => sheets.extend(
                document
                    .pages()
                    .iter()
                    .map(|page| typst_svg::svg(page, &typst_svg::SvgOptions::default())),
            ),
            Want::Text => sheets.extend(
                document
                    .pages()
                    .iter()
                    .map(|page| crate::typeset::text::text(&page.frame)),
            ),
        }
        Ok(Finished {
            pages,
            elements,
            sheets,
            bytes,
        })
    }

    /// Lays out one copy, with smaller letters and less space where that is asked for.
    fn lay_out(
        &self,
        notice: &Notice,
        addressee: &Addressee,
        path: &str,
        snug: bool,
    ) -> Result<Laid<'_>, Vec<Complaint>> {
        let text = data_text(notice, addressee, path, &self.desk.families, &self.options, snug);
        let mut files = vec![Source::new(file_id(lookup::DATA), text)];
        if let Some(given) = &self.options.letter {
            files.push(Source::new(file_id(GIVEN), given.text.clone()));
        }
        let world = self.desk.world(files, day(notice));
        let compiled = typst::compile::<PagedDocument>(&world);
        let errors = compiled.output.as_ref().err().into_iter().flatten();
        let complaints: Vec<Complaint> = compiled
            .warnings
            .iter()
            .chain(errors)
            .take(MOST_PROBLEMS)
            .map(|complaint| self.complaint(&world, complaint, path))
            .collect();
        let complaints = plain::innermost(complaints);
        let document = match compiled.output {
            Ok(document) if complaints.is_empty() => document,
            _ => return Err(complaints),
        };
        let pages = document.pages().len();
        if pages > MOST_PAGES {
            return Err(vec![
                Complaint::new(
                    Code::LetterStopped,
                    format!("the letter has {pages} pages; a notice has {MOST_PAGES} at most"),
                )
                .help("look for a loop that prints more than you meant"),
            ]);
        }
        Ok(Laid { world, document })
    }

    /// What the pages show wrong, each at its place; once a place.
    fn placed(&self, world: &NoticeWorld<'_>, problems: Vec<Problem>, path: &str) -> Vec<Complaint> {
        let mut found: Vec<Complaint> = Vec::new();
        for problem in problems {
            let place = self.place(world, &problem, path);
            let part = problem.element.as_deref().and_then(|name| self.part_of(name, path));
            let mut help: Vec<String> = problem.help.into_iter().collect();
            if let Some(part) = &part {
                help = vec![format!(
                    "relto's own part prints it; compare yours with `templates/{KEPT}{}`",
                    part.path
                )];
            }
            let code = problem.code.name();
            let at = place.or(part).unwrap_or_else(|| top(path));
            let seen = |known: &Complaint| known.code == code && known.at.as_ref() == Some(&at);
            if (problem.span.is_detached() || !found.iter().any(seen)) && found.len() < MOST_PROBLEMS {
                found.push(Complaint {
                    code: code.to_owned(),
                    message: problem.message,
                    label: problem.label,
                    help,
                    at: Some(at),
                });
            }
        }
        found
    }

    /// Where a problem stands for people: in what the workspace wrote, if any of it can be at fault.
    fn place(&self, world: &NoticeWorld<'_>, problem: &Problem, path: &str) -> Option<At> {
        let here = || at(world, problem.span.into());
        let Some(near) = &problem.near else { return here() };
        let mut spans = std::iter::once(&problem.span).chain(&near.spans);
        let own = |span: &&Span| span.id().is_some_and(|id| self.is_own(&typst_path(id), path));
        if let Some(span) = spans.find(own) {
            return at(world, (*span).into());
        }
        let quoted = near.word.as_deref().filter(|quoted| !quoted.is_empty());
        quoted.and_then(|quoted| self.written(quoted, path)).or_else(|| {
            if self.is_own(path, path) {
                Some(top(path))
            } else {
                here()
            }
        })
    }

    /// Whether a file is the workspace's, and not relto's.
    fn is_own(&self, file: &str, letter: &str) -> bool {
        self.options.templates.get(file).is_some() || (self.options.letter.is_some() && file == letter)
    }

    /// Where the workspace's letter, or a part of the workspace, has this word between quotation marks.
    fn written(&self, word: &str, letter: &str) -> Option<At> {
        let given = self.options.letter.iter().map(|given| (letter, given.text.as_str()));
        let own = self.options.templates.own().iter();
        let mut texts: Vec<(&str, &str)> = given
            .chain(own.map(|own| (own.path.as_str(), own.text.as_str())))
            .filter(|(path, _)| *path == letter || lookup::letter_name(path).is_none())
            .collect();
        texts.sort_by_key(|(path, _)| *path != letter);
        texts.into_iter().find_map(|(path, text)| {
            let quoted = plain::quoted(text, word)?;
            Some(At {
                path: path.to_owned(),
                start: quoted.start,
                end: quoted.end,
            })
        })
    }

    /// The part of the workspace in whose place relto's own would print an element of one of relto's letters.
    fn part_of(&self, element: &str, letter: &str) -> Option<At> {
        let templates = &self.options.templates;
        if self.options.letter.is_some() || templates.get(letter).is_some() {
            return None;
        }
        let name = format!("\"{element}\"");
        let part = templates.own().iter().find(|part| {
            part.path.starts_with("/parts/") && lookup::file(&part.path).is_some_and(|text| text.contains(&name))
        })?;
        let function = format!("#let {}(", eject::name(&part.path));
        let start = part.text.find(&function).unwrap_or_default();
        let end = start + part.text[start..].find('\n').unwrap_or_default();
        Some(At {
            path: part.path.clone(),
            start,
            end,
        })
    }

    /// A complaint of Typst's, at its place in what the workspace wrote where it comes from there.
    fn complaint(&self, world: &NoticeWorld<'_>, complaint: &SourceDiagnostic, path: &str) -> Complaint {
        let spans: Vec<DiagSpan> = std::iter::once(complaint.span)
            .chain(complaint.trace.iter().map(|point| DiagSpan::from(point.span)))
            .collect();
        let written = |span: &&DiagSpan| {
            let path_of = span.id().map(typst_path);
            path_of.is_some_and(|found| found == path || self.options.templates.get(&found).is_some())
        };
        let span = spans.iter().find(written).copied().unwrap_or(complaint.span);
        let mut plain = Complaint::new(Code::LetterInvalid, complaint.message.as_str());
        if complaint.severity == Severity::Warning {
            "a warning, which counts as an error in a notice".clone_into(&mut plain.label);
        }
        plain.help.extend(complaint.hints.iter().map(|hint| hint.v.to_string()));
        plain.at = at(world, span);
        if span.id() == complaint.span.id() {
            let source = span.id().and_then(|id| typst::World::source(world, id).ok());
            plain::explain(&mut plain, source.as_ref().map(Source::text));
        } else {
            plain::explain(&mut plain, None);
        }
        plain
    }
}

/// The data of one copy, as Typst reads them.
pub(super) fn data_text(
    notice: &Notice,
    addressee: &Addressee,
    path: &str,
    families: &[String],
    options: &Options,
    snug: bool,
) -> String {
    let attachment = options.attach.then(|| manifest::attachment(notice, addressee));
    let extras = module::Extras {
        letter: path,
        families,
        attachment: attachment.as_deref(),
        snug,
    };
    module::data(notice, addressee, &extras)
}

/// Where a span is for people: to them `/relto.typ` is one file, which begins with the data.
fn at(world: &NoticeWorld<'_>, span: DiagSpan) -> Option<At> {
    let id = span.id()?;
    let range = world.range(span)?;
    let (path, range) = match typst_path(id) {
        path if path == lookup::DATA => (lookup::MODULE.to_owned(), range),
        path if path == lookup::MODULE => {
            let data = typst::World::source(world, file_id(lookup::DATA)).ok()?.text().len();
            let whole = |byte| module::place_in_module(byte, data);
            (path, whole(range.start)..whole(range.end))
        }
        path => (path, range),
    };
    Some(At {
        path,
        start: range.start,
        end: range.end,
    })
}

/// The beginning of a file: where nothing says more.
fn top(path: &str) -> At {
    At {
        path: path.to_owned(),
        start: 0,
        end: 0,
    }
}

fn typst_path(id: FileId) -> String {
    format!("/{}", id.vpath().get_without_slash())
}

fn day(notice: &Notice) -> Datetime {
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    Datetime::from_ymd(notice.date.year, part(notice.date.month), part(notice.date.day)).expect("a calendar day")
}

fn pdf_options(options: &Options, notice: &Notice, addressee: &Addressee, today: Datetime) -> PdfOptions {
    let archival = if options.attach {
        PdfStandard::A_3a
    } else {
        PdfStandard::A_2a
    };
    let midnight = Datetime::from_ymd_hms(
        today.year().unwrap_or(1970),
        today.month().unwrap_or(1),
        today.day().unwrap_or(1),
        0,
        0,
        0,
    );
    PdfOptions {
        ident: Smart::Custom(format!("{}--{}", notice.id, addressee.id)),
        creator: Smart::Custom(Some("relto".to_owned())),
        timestamp: midnight.map(Timestamp::new_utc),
        standards: PdfStandards::new(&[PdfStandard::Ua_1, archival]).expect("UA-1 goes with A-2a and A-3a"),
        ..PdfOptions::default()
    }
}
