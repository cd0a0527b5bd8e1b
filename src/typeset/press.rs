//! The press: notices to verified PDFs in memory. Deterministic: the same notices and fonts give the same bytes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use typst::WorldExt;
use typst::diag::{Severity, SourceDiagnostic};
use typst::foundations::{Datetime, Smart};
use typst::syntax::{DiagSpan, FileId, Source};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::hash::Hasher;
use crate::base::source::{Place, SourceId, Sources};
use crate::notice::model::{Addressee, Notice};
use crate::template::{lookup, module};
use crate::typeset::lint::lint;
use crate::typeset::manifest;
use crate::typeset::pressed::{Options, Pressed};
use crate::typeset::verify::{Problem, verify};
use crate::typeset::world::{Desk, NoticeWorld, file_id};

/// Where a letter given in [`Options::letter`] stands in Typst.
const GIVEN: &str = "/letters/given.typ";
/// Problems shown for one copy; a letter wholly in white has one a line.
const MOST_PROBLEMS: usize = 12;

/// Sets, checks and exports one PDF for each addressee of each notice. Nothing is written to disk.
///
/// `fonts` are the workspace's own, after the shipped ones. `progress` hears how many copies are done of how many.
/// A copy with a problem gives diagnostics and no PDF; the others are set all the same, so that one run shows every
/// problem.
pub fn press(
    notices: &[Notice],
    fonts: &[Vec<u8>],
    options: &Options,
    sources: &mut Sources,
    progress: &mut dyn FnMut(usize, usize),
) -> (Vec<Pressed>, Vec<Diagnostic>) {
    let total = notices.iter().map(|notice| notice.addressees.len()).sum();
    let mut diagnostics = Vec::new();
    let mut pressed = Vec::new();
    if total == 0 {
        return (pressed, diagnostics);
    }
    let desk = Desk::new(fonts);
    let font_hash = font_hash(fonts);
    let mut shelf = Shelf::new(sources, options);
    let mut done = 0;
    for (index, notice) in notices.iter().enumerate() {
        let path = if options.letter.is_some() {
            GIVEN
        } else {
            lookup::letter_path(&notice.letter)
        };
        let letter = shelf.letter(path);
        if !letter.sound {
            diagnostics.append(&mut letter.refusals);
            done += notice.addressees.len();
            progress(done, total);
            continue;
        }
        let template = letter.hash.clone();
        for addressee in &notice.addressees {
            match set(&desk, &mut shelf, options, notice, addressee, path) {
                Ok((bytes, pages, elements)) => pressed.push(Pressed {
                    name: notice.file_name(addressee),
                    bytes,
                    pages,
                    elements,
                    notice: index,
                    recipient: addressee.id.clone(),
                    template: template.clone(),
                    fonts: font_hash.clone(),
                }),
                Err(problems) => diagnostics.extend(problems),
            }
            // Every copy is another text: what is remembered of it costs memory and saves nothing.
            comemo::evict(0);
            done += 1;
            progress(done, total);
        }
    }
    (pressed, diagnostics)
}

type Copy = (Vec<u8>, usize, BTreeMap<String, usize>);

/// Sets one copy: compiles, checks the pages, exports.
fn set(
    desk: &Desk,
    shelf: &mut Shelf<'_>,
    options: &Options,
    notice: &Notice,
    addressee: &Addressee,
    path: &str,
) -> Result<Copy, Vec<Diagnostic>> {
    let today = day(notice);
    let attachment = options.attach.then(|| manifest::attachment(notice, addressee));
    let extras = module::Extras {
        letter: path,
        families: &desk.families,
        attachment: attachment.as_deref(),
    };
    let mut files = vec![Source::new(
        file_id(lookup::MODULE),
        module::module(notice, addressee, &extras),
    )];
    if let Some(given) = &options.letter {
        files.push(Source::new(file_id(GIVEN), given.text.clone()));
    }
    let world = desk.world(files, today);
    let compiled = typst::compile::<PagedDocument>(&world);
    let complaints = compiled
        .warnings
        .iter()
        .chain(compiled.output.as_ref().err().into_iter().flatten());
    let complaints: Vec<Diagnostic> = complaints
        .take(MOST_PROBLEMS)
        .map(|complaint| shelf.complaint(&world, complaint, notice, path))
        .collect();
    let document = match compiled.output {
        Ok(document) if complaints.is_empty() => document,
        _ => return Err(complaints),
    };
    let (elements, problems) = verify(&document, notice, addressee);
    if !problems.is_empty() {
        return Err(shelf.problems(&world, problems, notice, path));
    }
    let bytes = typst_pdf::pdf(&document, &pdf_options(options, notice, addressee, today)).map_err(|errors| {
        errors
            .iter()
            .map(|error| shelf.complaint(&world, error, notice, path))
            .collect::<Vec<_>>()
    })?;
    Ok((bytes, document.pages().len(), elements))
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

/// What is known of one letter.
struct Shelved {
    sound: bool,
    /// Given out once: a refused letter is refused for all its notices in the same words.
    refusals: Vec<Diagnostic>,
    hash: String,
}

/// Letters as they were linted, and where Typst files stand among the sources.
struct Shelf<'a> {
    sources: &'a mut Sources,
    options: &'a Options,
    letters: BTreeMap<String, Shelved>,
    known: Vec<(FileId, SourceId)>,
}

impl<'a> Shelf<'a> {
    fn new(sources: &'a mut Sources, options: &'a Options) -> Self {
        Self {
            sources,
            options,
            letters: BTreeMap::new(),
            known: Vec::new(),
        }
    }

    fn letter(&mut self, path: &str) -> &mut Shelved {
        if !self.letters.contains_key(path) {
            let shelved = self.lint(path);
            self.letters.insert(path.to_owned(), shelved);
        }
        self.letters.get_mut(path).expect("just put there")
    }

    fn lint(&mut self, path: &str) -> Shelved {
        let text = match &self.options.letter {
            Some(given) => given.text.clone(),
            None => lookup::file(path).unwrap_or_default().to_owned(),
        };
        let refusals: Vec<Diagnostic> = lint(&text)
            .into_iter()
            .map(|refusal| {
                let source = self.source(file_id(path), &text);
                Diagnostic::new(Code::LetterInvalid, refusal.message)
                    .at(Place::new(source, refusal.range))
                    .label(refusal.label)
                    .help(refusal.help)
            })
            .collect();
        Shelved {
            sound: refusals.is_empty(),
            refusals,
            hash: template_hash(&text),
        }
    }

    /// The source of a Typst file; a file seen for the first time is added.
    fn source(&mut self, id: FileId, text: &str) -> SourceId {
        if let Some((_, source)) = self.known.iter().find(|(known, _)| *known == id) {
            return *source;
        }
        let path = format!("/{}", id.vpath().get_without_slash());
        let name = match &self.options.letter {
            Some(given) if path == GIVEN => given.name.clone(),
            _ if path == lookup::MODULE => "relto.typ".to_owned(),
            _ => format!("templates{path}"),
        };
        let source = self.sources.add(name, text);
        if path != lookup::MODULE {
            self.known.push((id, source));
        }
        source
    }

    fn place(&mut self, world: &NoticeWorld<'_>, span: DiagSpan) -> Option<Place> {
        let id = span.id()?;
        let range = world.range(span)?;
        let text = typst::World::source(world, id).ok()?;
        Some(Place::new(self.source(id, text.text()), range))
    }

    /// A diagnostic of Typst's, at its place in the letter where it comes from there.
    fn complaint(
        &mut self,
        world: &NoticeWorld<'_>,
        complaint: &SourceDiagnostic,
        notice: &Notice,
        path: &str,
    ) -> Diagnostic {
        let letter = file_id(path);
        let traced = complaint.trace.iter().map(|point| DiagSpan::from(point.span));
        let span = std::iter::once(complaint.span)
            .chain(traced)
            .find(|span| span.id() == Some(letter))
            .unwrap_or(complaint.span);
        let mut diagnostic = Diagnostic::new(Code::LetterInvalid, complaint.message.as_str());
        if complaint.severity == Severity::Warning {
            diagnostic = diagnostic.label("a warning, which counts as an error in a notice");
        }
        for hint in &complaint.hints {
            diagnostic = diagnostic.help(hint.v.as_str());
        }
        diagnostic.place = self.place(world, span);
        about(diagnostic, notice)
    }

    fn problems(
        &mut self,
        world: &NoticeWorld<'_>,
        problems: Vec<Problem>,
        notice: &Notice,
        path: &str,
    ) -> Vec<Diagnostic> {
        let mut found: Vec<Diagnostic> = Vec::new();
        for problem in problems {
            let mut diagnostic = Diagnostic::new(problem.code, problem.message).label(problem.label);
            diagnostic.help.extend(problem.help);
            diagnostic.place = self.place(world, problem.span.into()).or_else(|| {
                let text = typst::World::source(world, file_id(path)).ok()?;
                Some(Place::new(self.source(file_id(path), text.text()), 0..0))
            });
            let seen = |known: &Diagnostic| known.code == diagnostic.code && known.place == diagnostic.place;
            let detached = problem.span.is_detached();
            if (detached || !found.iter().any(seen)) && found.len() < MOST_PROBLEMS {
                found.push(about(diagnostic, notice));
            }
        }
        found
    }
}

/// Says which notice it is about.
fn about(diagnostic: Diagnostic, notice: &Notice) -> Diagnostic {
    let diagnostic = match notice.records.first() {
        Some(record) => diagnostic.record(record),
        None => diagnostic,
    };
    match &notice.place {
        Some(place) => diagnostic.related(place.clone(), format!("notice {}", notice.id)),
        None => diagnostic,
    }
}

fn template_hash(letter: &str) -> String {
    let mut hash = Hasher::default();
    for (path, text) in lookup::FILES.iter().filter(|(path, _)| !path.starts_with("/letters/")) {
        hash.update(path.as_bytes());
        hash.update(text.as_bytes());
    }
    hash.update(lookup::MODULE_TAIL.as_bytes());
    hash.update(letter.as_bytes());
    hash.hex()
}

/// The shipped fonts, hashed once a process: they are ten megabytes.
static SHIPPED: LazyLock<Hasher> = LazyLock::new(|| {
    let mut hash = Hasher::default();
    for font in typst_assets::fonts() {
        hash.update(font);
    }
    hash
});

fn font_hash(fonts: &[Vec<u8>]) -> String {
    let mut hash = SHIPPED.clone();
    for font in fonts {
        hash.update(font);
    }
    hash.hex()
}
