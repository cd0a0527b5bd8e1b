//! The press: notices to verified PDFs. Deterministic: the same notices, templates and fonts give the same bytes.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::failure::Failure;
use crate::base::hash::Hasher;
use crate::base::interrupt;
use crate::base::shared::{Pool, Shared};
use crate::base::source::{Place, SourceId, Sources};
use crate::notice::model::Notice;
use crate::notice::sheaf::{Drafted, Notices};
use crate::template::lookup;
use crate::template::set::Template;
use crate::typeset::advice::{Advice, advice};
use crate::typeset::copy::{Complaint, GIVEN, Setter, data_text};
use crate::typeset::crew::{self, Job, Outcome};
use crate::typeset::lint::{Refusal, lint, lint_part};
use crate::typeset::manifest;
use crate::typeset::pressed::{Options, Planned, Pressed};
use crate::typeset::wire::Setup;

pub use crate::typeset::worker::serve;

/// From so many copies on, worker processes are worth their start.
const MANY: usize = 24;

/// Lists the copies of some notices, in order, with the hash of what each is made from.
pub fn plan(notices: &dyn Notices, fonts: &[Vec<u8>], options: &Options) -> Vec<Planned> {
    let font_hash = font_hash(fonts);
    let mut letters: BTreeMap<String, (Shared, String)> = BTreeMap::new();
    let mut recipients = Pool::default();
    let mut planned = Vec::new();
    for at in 0..notices.count() {
        let notice = &*notices.at(at);
        let (path, template) = &*letters
            .entry(letter_path(notice, options))
            .or_insert_with_key(|path| (path.into(), template_hash(options, letter_text(path, options))));
        for (addressee, who) in notice.addressees.iter().enumerate() {
            let mut hash = Hasher::default();
            let data = data_text(notice, who, path, &[], options, false);
            for part in [manifest::tool().as_str(), &data, template, &font_hash] {
                hash.update(part.len().to_le_bytes());
                hash.update(part);
            }
            planned.push(Planned {
                notice: at,
                addressee,
                recipient: recipients.of(&who.id),
                letter: path.clone(),
                name: notice.file_name(who),
                input: hash.hex().into(),
            });
        }
    }
    planned
}

/// Sets, checks and exports one PDF for each addressee of each notice, all in memory.
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
    let notices = Drafted(notices);
    let planned = plan(&notices, fonts, options);
    let mut pressed = Vec::new();
    let mut take = |one| {
        pressed.push(one);
        Ok(())
    };
    let diagnostics = press_each(&notices, &planned, fonts, options, sources, progress, &mut take);
    let diagnostics = diagnostics.unwrap_or_else(|failure| vec![Diagnostic::new(Code::LetterStopped, failure.message)]);
    let order = |one: &Pressed| planned.iter().position(|planned| planned.name == one.name);
    pressed.sort_by_cached_key(order);
    (pressed, diagnostics)
}

/// Sets the planned copies and gives each to `take` as soon as it is done, in any order, so that memory stays flat.
///
/// Worker processes set them where the workspace has templates of its own or there are many copies, provided that
/// [`Options::workers`] names their program.
///
/// # Errors
/// The first [`Failure`] of `take`, or that of a worker process that cannot be started.
pub fn press_each(
    notices: &dyn Notices,
    planned: &[Planned],
    fonts: &[Vec<u8>],
    options: &Options,
    sources: &mut Sources,
    progress: &mut dyn FnMut(usize, usize),
    take: &mut dyn FnMut(Pressed) -> Result<(), Failure>,
) -> Result<Vec<Diagnostic>, Failure> {
    let total = planned.len();
    let mut shelf = Shelf::new(sources, options);
    let mut diagnostics = shelf.parts();
    if total == 0 || !diagnostics.is_empty() {
        return Ok(diagnostics);
    }
    let font_hash = font_hash(fonts);
    let (mut jobs, mut origins, mut done) = (Vec::new(), Vec::new(), 0);
    for one in planned {
        let shelved = shelf.letter(&one.letter);
        if shelved.sound {
            jobs.push(Job {
                notice: one.notice,
                addressee: one.addressee,
                letter: one.letter.clone(),
            });
            origins.push(one);
        } else {
            diagnostics.append(&mut shelved.refusals);
            done += 1;
        }
    }
    progress(done, total);
    let mut receive = |at: usize, outcome: Outcome| {
        let (job, planned): (&Job, &Planned) = (&jobs[at], origins[at]);
        match outcome {
            Outcome::Done(sheets) => take(Pressed {
                name: planned.name.clone(),
                bytes: sheets.bytes,
                sheets: sheets.sheets,
                pages: sheets.pages,
                elements: sheets.elements,
                notice: job.notice,
                recipient: planned.recipient.to_string(),
                input: planned.input.clone(),
                template: shelf.letter(&job.letter).hash.clone(),
                fonts: font_hash.clone(),
            })?,
            Outcome::Refused(complaints) => {
                let notice = notices.at(job.notice);
                diagnostics.extend(
                    complaints
                        .into_iter()
                        .map(|complaint| shelf.diagnostic(complaint, &notice, job)),
                );
            }
            Outcome::Passed => {}
        }
        interrupt::check()?;
        done += 1;
        progress(done, total);
        Ok(())
    };
    let own = !options.templates.is_empty() || options.letter.is_some();
    match &options.workers.program {
        Some(program) if own || jobs.len() >= MANY => {
            let setup = Setup {
                options: options.clone(),
                fonts: fonts.iter().map(Vec::len).collect(),
            };
            let fonts = fonts.concat();
            crew::set_all(&jobs, notices, program, &options.workers, &setup, &fonts, &mut receive)?;
        }
        _ => {
            let setter = Setter::new(fonts, options.clone());
            for (at, job) in jobs.iter().enumerate() {
                let notice = notices.at(job.notice);
                let set = setter.set(&notice, &notice.addressees[job.addressee], &job.letter);
                receive(at, set.map_or_else(Outcome::Refused, Outcome::Done))?;
            }
        }
    }
    Ok(diagnostics)
}

/// Reads a template of a workspace: every reason to refuse it, and advice on what most likely prints otherwise than meant.
pub fn proofread(template: &Template, sources: &mut Sources) -> Vec<Diagnostic> {
    let refusals = if lookup::letter_name(&template.path).is_some() {
        lint(&template.text)
    } else {
        lint_part(&template.path, &template.text)
    };
    let advice = advice(&template.text);
    if refusals.is_empty() && advice.is_empty() {
        return Vec::new();
    }
    let source = sources.add(template.name.clone(), template.text.clone());
    // Where a comment swallows a mark, the mark needs no advice of its own.
    let near = |advice: &Advice| {
        refusals
            .iter()
            .any(|refusal| refusal.range.start <= advice.range.end && refusal.range.end >= advice.range.start)
    };
    let advice: Vec<Diagnostic> = advice
        .into_iter()
        .filter(|advice| !near(advice))
        .map(|advice| {
            Diagnostic::new(Code::LetterAdvice, advice.message)
                .at(Place::new(source, advice.range))
                .label(advice.label)
                .help(advice.help)
        })
        .collect();
    let refused = refusals.into_iter().map(|refusal| refused(refusal, source));
    refused.chain(advice).collect()
}

fn refused(refusal: Refusal, source: SourceId) -> Diagnostic {
    Diagnostic::new(Code::LetterInvalid, refusal.message)
        .at(Place::new(source, refusal.range))
        .label(refusal.label)
        .help(refusal.help)
}

/// The path of a notice's letter.
fn letter_path(notice: &Notice, options: &Options) -> String {
    match &options.letter {
        Some(_) => GIVEN.to_owned(),
        None => options.templates.letter_path(&notice.letter),
    }
}

/// The text of the letter at a path.
fn letter_text<'a>(path: &str, options: &'a Options) -> &'a str {
    match &options.letter {
        Some(given) => &given.text,
        None => options.templates.text(path).unwrap_or_default(),
    }
}

/// What is known of one letter.
struct Shelved {
    sound: bool,
    /// Given out once: a refused letter is refused for all its notices in the same words.
    refusals: Vec<Diagnostic>,
    hash: String,
}

/// Letters as they were linted, and where templates stand among the sources.
struct Shelf<'a> {
    sources: &'a mut Sources,
    options: &'a Options,
    letters: BTreeMap<String, Shelved>,
    known: BTreeMap<String, SourceId>,
}

impl<'a> Shelf<'a> {
    fn new(sources: &'a mut Sources, options: &'a Options) -> Self {
        Self {
            sources,
            options,
            letters: BTreeMap::new(),
            known: BTreeMap::new(),
        }
    }

    /// Why parts of the workspace are refused.
    fn parts(&mut self) -> Vec<Diagnostic> {
        let own = self.options.templates.own().iter();
        let parts = own.filter(|template| lookup::letter_name(&template.path).is_none());
        let mut found = Vec::new();
        for part in parts {
            for refusal in lint_part(&part.path, &part.text) {
                let source = self.source(&part.path, &part.text);
                found.push(refused(refusal, source));
            }
        }
        found
    }

    fn letter(&mut self, path: &str) -> &mut Shelved {
        if !self.letters.contains_key(path) {
            let text = letter_text(path, self.options);
            let refusals: Vec<Diagnostic> = lint(text)
                .into_iter()
                .map(|refusal| refused(refusal, self.source(path, text)))
                .collect();
            let shelved = Shelved {
                sound: refusals.is_empty(),
                refusals,
                hash: template_hash(self.options, text),
            };
            self.letters.insert(path.to_owned(), shelved);
        }
        self.letters.get_mut(path).expect("just put there")
    }

    /// The source of a template; one seen for the first time is added.
    fn source(&mut self, path: &str, text: &str) -> SourceId {
        if let Some(source) = self.known.get(path) {
            return *source;
        }
        let name = match &self.options.letter {
            Some(given) if path == GIVEN => given.name.clone(),
            _ if path == lookup::MODULE => "relto.typ".to_owned(),
            _ => format!("templates{path}"),
        };
        let source = self.sources.add(name, text);
        // The module is another text in every copy.
        if path != lookup::MODULE {
            self.known.insert(path.to_owned(), source);
        }
        source
    }

    /// What a copy's complaint says to people: at its place, about its notice.
    fn diagnostic(&mut self, complaint: Complaint, notice: &Notice, job: &Job) -> Diagnostic {
        let code = Code::named(&complaint.code).unwrap_or(Code::LetterInvalid);
        let mut diagnostic = Diagnostic::new(code, complaint.message).label(complaint.label);
        diagnostic.help = complaint.help.into_iter().map(Shared::from).collect();
        let (path, span) = match complaint.at {
            Some(at) => (at.path, at.start..at.end),
            None => (job.letter.to_string(), 0..0),
        };
        let text = if path == lookup::MODULE {
            let addressee = &notice.addressees[job.addressee];
            let data = data_text(notice, addressee, &job.letter, &[], self.options, false);
            data + lookup::MODULE_TAIL
        } else if let (Some(given), GIVEN) = (&self.options.letter, path.as_str()) {
            given.text.clone()
        } else {
            self.options.templates.text(&path).unwrap_or_default().to_owned()
        };
        if text.get(span.clone()).is_some() {
            diagnostic.place = Some(Place::new(self.source(&path, &text), span));
        }
        if let Some(record) = notice.records.first() {
            diagnostic = diagnostic.record(record);
        }
        match &notice.place {
            Some(place) => diagnostic.related(place.clone(), format!("notice {}", notice.id)),
            None => diagnostic,
        }
    }
}

fn template_hash(options: &Options, letter: &str) -> String {
    let mut hash = Hasher::default();
    for (path, _) in lookup::FILES
        .iter()
        .filter(|(path, _)| lookup::letter_name(path).is_none())
    {
        hash.update(path.as_bytes());
        hash.update(options.templates.text(path).unwrap_or_default());
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
