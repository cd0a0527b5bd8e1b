//! The second half of a run: draft what is owed, set and verify it, write all of it or nothing.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::code::Code;
use crate::base::diagnostic::{self, Diagnostic};
use crate::base::failure::Failure;
use crate::base::interrupt;
use crate::base::source::Sources;
use crate::base::suggest;
use crate::calendar::window::Period;
use crate::evaluate::case::Case;
use crate::evaluate::what_if::WhatIf;
use crate::notice::brief;
use crate::notice::coordination::Form;
use crate::notice::draft::{Office, draft};
use crate::notice::model::{self, Notice};
use crate::notice::period;
use crate::notice::sheaf::{Drafted, Notices, Sheaf};
use crate::notice::transmittal::{Set, transmittals};
use crate::run::{Checked, copies, earlier, finish};
use crate::template::lookup;
use crate::template::set::{self, Template, Templates};
use crate::typeset::folder;
use crate::typeset::manifest::{self, Common, Holds, Manifest};
use crate::typeset::output::{self, Draft};
use crate::typeset::press::{plan, press, press_each, proofread};
use crate::typeset::pressed::{Options, Planned, Pressed, Workers};
use crate::workspace::locate::Origin;
use crate::workspace::open::fonts;
use crate::workspace::settings::Settings;

/// What `relto notice` is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    pub attach: bool,
    /// Coordination copies beside each PDF.
    pub copies: Vec<Form>,
    /// Only these notices: `RECORD` or `RECORD/RECIPIENT`. All others stay as the earlier run wrote them.
    pub only: Vec<String>,
    /// Take over what the earlier run wrote from the same input.
    pub resume: bool,
    /// A covering letter for each addressee, which lists its notices.
    pub transmittal: bool,
    pub workers: Workers,
}

/// What `relto notice` wrote, or why it wrote nothing.
#[derive(Debug, Default)]
pub struct Noticed {
    pub files: Vec<NoticeFile>,
    /// How many of them are those of the earlier run.
    pub kept: usize,
    /// The files of the earlier run that are gone, since they are no longer owed or asked for.
    pub removed: Vec<String>,
    /// With an error among them, nothing was written.
    pub diagnostics: Vec<Diagnostic>,
}

/// One PDF.
#[derive(Debug, Clone)]
pub struct NoticeFile {
    pub name: String,
    pub recipient: String,
    pub banner: String,
    pub pages: usize,
    /// How many coordination copies stand beside it.
    pub copies: usize,
}

/// Drafts the notices that the judged records owe, sets and verifies every page, and writes the PDFs with their manifest:
/// all of them, or nothing. `progress` hears how many PDFs are done of how many.
///
/// # Errors
/// A [`Failure`] where the output folder is not ours to write, a file cannot be read or written, or nothing is of the
/// name asked for.
pub fn notice(
    checked: &mut Checked,
    folder: &Path,
    wish: &Wish,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Noticed, Failure> {
    folder::check(folder)?;
    let (templates, refused) = templates(checked)?;
    if !refused.is_empty() {
        return Ok(refusal(refused));
    }
    let office = office(&checked.settings);
    let (sheaf, found) = Sheaf::of(&checked.case, &checked.obligations, &office, &checked.sources);
    let mut room = Room {
        sources: &mut checked.sources,
        settings: &checked.settings,
        origin: &checked.origin,
        as_of: checked.as_of,
        case: &checked.case,
        holds: Holds::Notices,
    };
    room.set_and_write(&sheaf, templates, found, folder, wish, progress)
}

/// Drafts the report of a period, sets and verifies every page, and writes the PDF with its manifest, or nothing.
///
/// # Errors
/// A [`Failure`] where the output folder is not ours to write, or a file cannot be read or written.
pub fn report(
    checked: &mut Checked,
    period: Period,
    folder: &Path,
    wish: &Wish,
    progress: &mut dyn FnMut(usize, usize),
) -> Result<Noticed, Failure> {
    folder::check(folder)?;
    let (templates, refused) = templates(checked)?;
    if !refused.is_empty() {
        return Ok(refusal(refused));
    }
    let office = office(&checked.settings);
    let counted = period::report::count(&checked.case, &checked.obligations, period);
    let (notices, found) = match period::report::draft(&counted, &checked.case, &office, &checked.sources) {
        Ok(notice) => (vec![notice], Vec::new()),
        Err(problems) => (Vec::new(), problems),
    };
    let mut room = Room {
        sources: &mut checked.sources,
        settings: &checked.settings,
        origin: &checked.origin,
        as_of: checked.as_of,
        case: &checked.case,
        holds: Holds::Report,
    };
    room.set_and_write(&Drafted(&notices), templates, found, folder, wish, progress)
}

/// Nothing was written, for these reasons.
fn refusal(diagnostics: Vec<Diagnostic>) -> Noticed {
    Noticed {
        diagnostics,
        ..Noticed::default()
    }
}

/// What of a judged workspace the press needs, beside the notices.
struct Room<'a> {
    sources: &'a mut Sources,
    settings: &'a Settings,
    origin: &'a Origin,
    as_of: NaiveDate,
    case: &'a Case,
    holds: Holds,
}

impl Room<'_> {
    fn set_and_write(
        &mut self,
        notices: &dyn Notices,
        templates: Templates,
        mut found: Vec<Diagnostic>,
        folder: &Path,
        wish: &Wish,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Noticed, Failure> {
        let faces = fonts(self.origin)?;
        let options = Options {
            attach: wish.attach,
            templates,
            workers: wish.workers.clone(),
            ..Options::default()
        };
        let planned = plan(notices, &faces, &options);
        found.extend(advice(&options.templates, &planned, self.sources));
        let mut run = Draft::begin(folder)?;
        if let Some(before) = run.earlier() {
            earlier::check(before, self.holds, &planned, self.case, folder)?;
        }
        let as_of = self.as_of.to_string();
        let (chosen, mut files) = choose(&planned, notices, wish, &as_of, &mut run)?;
        let kept = files.len();
        found.extend(self.press(notices, &chosen, &faces, &options, &mut files, &mut run, progress)?);
        copies::write(
            &wish.copies,
            &mut files,
            &planned,
            notices,
            &options.templates,
            &mut run,
        )?;
        if wish.transmittal && !diagnostic::has_errors(&found) {
            let pages: BTreeMap<&str, usize> = files.iter().map(|file| (file.name.as_str(), file.pages)).collect();
            let set: Vec<Set> = planned
                .iter()
                .filter_map(|one| Set::of(&notices.at(one.notice), &one.recipient, *pages.get(one.name.as_str())?))
                .collect();
            let (letters, problems) = transmittals(&set, &office(self.settings), self.as_of);
            found.extend(problems);
            let letters = Drafted(&letters);
            let planned = plan(&letters, &faces, &options);
            found.extend(self.press(&letters, &planned, &faces, &options, &mut files, &mut run, progress)?);
            copies::write(
                &wish.copies,
                &mut files,
                &planned,
                &letters,
                &options.templates,
                &mut run,
            )?;
        }
        let diagnostics = finish(found, self.settings, self.sources);
        if diagnostic::has_errors(&diagnostics) {
            return Ok(refusal(diagnostics));
        }
        let manifest = Manifest::new(&as_of, self.holds, files);
        let written = manifest.files.iter().map(|file| file.name.as_str());
        let lost = run.earlier().map(|before| earlier::lost(before, written));
        let removed = lost.into_iter().flatten().map(|file| file.name.clone()).collect();
        interrupt::check()?;
        run.finish(&manifest)?;
        let order: BTreeMap<&str, usize> = planned.iter().map(|one| one.name.as_str()).zip(0..).collect();
        let mut written = manifest.files;
        written.sort_by_key(|file| order.get(file.name.as_str()).copied().unwrap_or(usize::MAX));
        let files = written.into_iter().map(|file| NoticeFile {
            name: file.name,
            recipient: file.recipient.into(),
            banner: file.banner.into(),
            pages: file.pages,
            copies: file.coordination.len(),
        });
        Ok(Noticed {
            files: files.collect(),
            kept,
            removed,
            diagnostics,
        })
    }

    /// Sets the planned copies, writes each, and notes it for the manifest.
    #[expect(clippy::too_many_arguments, reason = "the state of one run, in one place")]
    fn press(
        &mut self,
        notices: &dyn Notices,
        planned: &[Planned],
        faces: &[Vec<u8>],
        options: &Options,
        files: &mut Vec<manifest::File>,
        run: &mut Draft,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Vec<Diagnostic>, Failure> {
        let mut common = Common::default();
        let mut write = |pressed: Pressed| {
            run.put(&pressed.name, &pressed.bytes)?;
            files.push(manifest::File::new(&notices.at(pressed.notice), &pressed, &mut common));
            Ok(())
        };
        press_each(notices, planned, faces, options, self.sources, progress, &mut write)
    }
}

/// What in the workspace's own templates most likely prints otherwise than meant: its parts, and the letters about to be
/// printed.
fn advice(templates: &Templates, planned: &[Planned], sources: &mut Sources) -> Vec<Diagnostic> {
    let printed = |template: &&Template| {
        lookup::letter_name(&template.path).is_none() || planned.iter().any(|one| *one.letter == *template.path)
    };
    let read = templates.own().iter().filter(printed);
    let mut found: Vec<Diagnostic> = read.flat_map(|template| proofread(template, sources)).collect();
    // What stops a letter is said by the press.
    found.retain(|one| one.code == Code::LetterAdvice);
    found
}

/// Which copies are to be set, and the files of the earlier run that stay.
fn choose(
    planned: &[Planned],
    notices: &dyn Notices,
    wish: &Wish,
    as_of: &str,
    run: &mut Draft,
) -> Result<(Vec<Planned>, Vec<manifest::File>), Failure> {
    let asked = |one: &Planned| wish.only.is_empty() || wish.only.iter().any(|word| names(word, one, notices));
    for word in &wish.only {
        if !planned.iter().any(|one| names(word, one, notices)) {
            return Err(nothing_named(word, planned, notices));
        }
    }
    let earlier = run.earlier().cloned();
    let others = !planned.iter().all(asked);
    if let Some(earlier) = earlier.as_ref().filter(|earlier| others && earlier.as_of != as_of) {
        return Err(Failure::new(format!(
            "the folder holds notices as of {}; with `--only`, all of a folder are as of one day",
            earlier.as_of
        ))
        .hint(format!(
            "write to another folder with `-o DIR`, or judge with `--as-of {}`",
            earlier.as_of
        )));
    }
    let before: BTreeMap<&str, &manifest::File> = earlier
        .iter()
        .flat_map(|earlier| &earlier.files)
        .map(|file| (file.name.as_str(), file))
        .collect();
    let (mut chosen, mut kept) = (Vec::new(), Vec::new());
    for one in planned {
        let before = before.get(one.name.as_str()).copied();
        let keep = match before {
            Some(_) if !asked(one) => true,
            Some(file) => wish.resume && file.sha256.input == one.input,
            None => false,
        };
        match before.filter(|_| keep) {
            Some(file) if run.keep(&file.name, &file.sha256.pdf)? => kept.push(file.clone()),
            _ if asked(one) => chosen.push(one.clone()),
            Some(file) => {
                return Err(changed(&file.name));
            }
            None => {}
        }
    }
    Ok((chosen, kept))
}

/// A file that has to stay, and that somebody has changed.
pub(super) fn changed(name: &str) -> Failure {
    Failure::new(format!(
        "`{name}` is not as relto wrote it, so it cannot stay beside new notices"
    ))
    .hint("run without `--only`, or write to another folder with `-o DIR`")
}

/// Whether a word of `--only` names a copy.
fn names(word: &str, one: &Planned, notices: &dyn Notices) -> bool {
    let notice = notices.at(one.notice);
    let (record, recipient) = word
        .split_once('/')
        .map_or((word, None), |(record, who)| (record, Some(who)));
    notice.records.iter().any(|id| id == record) && recipient.is_none_or(|wanted| *wanted == *one.recipient)
}

fn nothing_named(word: &str, planned: &[Planned], notices: &dyn Notices) -> Failure {
    let copies: Vec<(String, &str)> = planned
        .iter()
        .flat_map(|one| {
            let records = notices.at(one.notice).records.clone();
            records.into_iter().map(|record| (record, one.recipient.as_str()))
        })
        .collect();
    let record = word.split('/').next().unwrap_or(word);
    let failure = Failure::new(format!("`--only {word}` names no notice that is owed"));
    let of_record: Vec<String> = copies
        .iter()
        .filter(|(id, _)| id == record)
        .map(|(id, who)| format!("{id}/{who}"))
        .collect();
    if !of_record.is_empty() {
        return failure.hint(format!(
            "{record} has {}",
            suggest::quoted_list(of_record.iter().map(String::as_str))
        ));
    }
    match suggest::nearest(record, copies.iter().map(|(id, _)| id.as_str())) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint("`relto docket` lists what is owed"),
    }
}

/// The notices that the judged records owe, and what stands in their way.
pub(super) fn drafted(checked: &Checked) -> (Vec<Notice>, Vec<Diagnostic>) {
    let office = office(&checked.settings);
    draft(&checked.case, &checked.obligations, &office, &checked.sources)
}

/// The report of a period over the judged records; nothing where it cannot be marked.
pub(super) fn reported(checked: &Checked, period: &str) -> Option<Notice> {
    let period = Period::parse(period).ok()?;
    let counted = period::report::count(&checked.case, &checked.obligations, period);
    period::report::draft(&counted, &checked.case, &office(&checked.settings), &checked.sources).ok()
}

/// The templates of the workspace, and what in its folder cannot be one.
pub(super) fn templates(checked: &mut Checked) -> Result<(Templates, Vec<Diagnostic>), Failure> {
    match &checked.origin {
        Origin::Folder(workspace) => set::load(workspace, &mut checked.sources),
        Origin::Sample(_) | Origin::Defaults => Ok((Templates::default(), Vec::new())),
    }
}

/// Sets the brief of a what-if as one verified PDF and writes it. Returns what keeps it from being written.
///
/// # Errors
/// A [`Failure`] where the file is not ours to write, or a font cannot be read.
pub fn brief(checked: &mut Checked, answer: &WhatIf, title: &str, path: &Path) -> Result<Vec<Diagnostic>, Failure> {
    output::check_file(path)?;
    let office = office(&checked.settings);
    let notice = match brief::brief(answer, title, &checked.case, &office, &checked.sources) {
        Ok(notice) => notice,
        Err(found) => return Ok(finish(found, &checked.settings, &checked.sources)),
    };
    let faces = fonts(&checked.origin)?;
    let options = Options::default();
    let (pressed, found) = press(&[notice], &faces, &options, &mut checked.sources, &mut |_, _| {});
    let found = finish(found, &checked.settings, &checked.sources);
    if let (Some(pdf), false) = (pressed.first(), diagnostic::has_errors(&found)) {
        output::write_file(path, &pdf.bytes)?;
    }
    Ok(found)
}

/// The office that writes, from the settings.
pub(super) fn office(settings: &Settings) -> Office {
    let placeholder = Office::placeholder();
    let agency = &settings.agency;
    let signatory = agency.signatory.as_ref();
    Office {
        agency: model::Agency {
            name: agency.name.clone(),
            element: agency.element.clone().unwrap_or_default(),
            address: agency.address.clone(),
            signatory: match signatory {
                Some(who) => model::Signatory {
                    name: who.name.clone(),
                    title: who.title.clone(),
                },
                None if agency.placeholder => placeholder.agency.signatory,
                None => model::Signatory {
                    name: "Signatory not named in relto.toml".to_string(),
                    title: String::new(),
                },
            },
            identifier_prefix: agency.identifier_prefix.clone().unwrap_or_default(),
        },
        authority: settings.authority.as_ref().map(|authority| model::Authority {
            classified_by: authority.classified_by.clone(),
            derived_from: authority.derived_from.clone(),
            declassify_on: authority.declassify_on.clone(),
        }),
        profile: settings.profile.clone(),
        vocabulary: Arc::clone(&settings.vocabulary),
        training: settings
            .training
            .clone()
            .or(if agency.placeholder { placeholder.training } else { None }),
    }
}
