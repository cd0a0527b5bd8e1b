//! The workshop of letter writers: the workspace's templates proofread, set on samples, and compared.

use std::path::Path;

use crate::base::code::Code;
use crate::base::diagnostic::{Diagnostic, has_errors};
use crate::base::failure::Failure;
use crate::base::source::read_text;
use crate::base::suggest;
use crate::notice::model::Notice;
use crate::run::samples::{Sample, samples};
use crate::run::{Checked, finish, notices};
use crate::template::eject;
use crate::template::lookup;
use crate::template::set::{Template, Templates};
use crate::typeset::press::{press, proofread};
use crate::typeset::pressed::{Options, Pressed, Want, Workers};
use crate::workspace::open::fonts;

/// A workspace opened for work on its templates.
#[derive(Debug)]
pub struct Bench {
    pub checked: Checked,
    pub templates: Templates,
    /// Files in `templates/` that cannot be templates.
    pub refused: Vec<Diagnostic>,
    fonts: Vec<Vec<u8>>,
    workers: Workers,
}

/// A template to compare: where it stands in Typst, what people call it, and its text.
#[derive(Debug, Clone)]
pub struct Side {
    pub template: Template,
}

/// What differs on the pages of one sample.
#[derive(Debug, Clone)]
pub struct Difference {
    pub letter: String,
    pub sample: String,
    /// A patch of the text; empty where the pages read the same.
    pub patch: String,
}

impl Bench {
    /// Opens a judged workspace.
    ///
    /// # Errors
    /// A [`Failure`] where a template or a font cannot be read.
    pub fn open(mut checked: Checked, workers: Workers) -> Result<Self, Failure> {
        let (templates, refused) = notices::templates(&mut checked)?;
        let fonts = fonts(&checked.origin)?;
        Ok(Self {
            checked,
            templates,
            refused,
            fonts,
            workers,
        })
    }

    /// The letters and parts of the workspace by the names asked for; all of them where none is.
    ///
    /// # Errors
    /// A [`Failure`] for a name that the workspace does not have.
    pub fn chosen(&self, names: &[String]) -> Result<Vec<Template>, Failure> {
        let own = self.templates.own();
        if names.is_empty() {
            return Ok(own.to_vec());
        }
        let of_name = |name: &String| {
            let plain = name.trim_start_matches("./").trim_end_matches(".typ");
            let hit = |template: &&Template| {
                let path = template.path.trim_start_matches('/').trim_end_matches(".typ");
                path == plain || eject::name(path) == plain || template.name.trim_end_matches(".typ") == plain
            };
            own.iter().find(hit).cloned().ok_or_else(|| {
                let failure = Failure::new(format!("the workspace has no template `{name}`"));
                match (
                    eject::find(name),
                    suggest::nearest(plain, own.iter().map(|own| eject::name(&own.path))),
                ) {
                    (_, Some(near)) => failure.hint(format!("did you mean `{near}`?")),
                    (Some(_), None) => failure.hint(format!(
                        "it is relto's own; `relto template eject {name}` copies it out"
                    )),
                    (None, None) => failure.hint("`relto template list` names letters and parts"),
                }
            })
        };
        names.iter().map(of_name).collect()
    }

    /// Proofreads every template of the workspace.
    pub fn proofread(&mut self) -> Vec<Diagnostic> {
        let own = self.templates.own().iter();
        own.flat_map(|template| proofread(template, &mut self.checked.sources))
            .collect()
    }

    /// Proofreads templates, and sets every letter that they touch on all its samples.
    ///
    /// # Errors
    /// A [`Failure`] where a sample cannot be read.
    pub fn check(&mut self, chosen: &[Template]) -> Result<Vec<Diagnostic>, Failure> {
        let mut found = self.refused.clone();
        for template in chosen {
            found.extend(proofread(template, &mut self.checked.sources));
        }
        if !has_errors(&found) {
            let mut letters: Vec<String> = chosen
                .iter()
                .filter_map(|template| lookup::letter_name(&template.path))
                .map(str::to_owned)
                .collect();
            if letters.len() < chosen.len() {
                letters = self.templates.letters();
            }
            let mut tried = Vec::new();
            for letter in letters {
                let path = self.templates.letter_path(&letter);
                tried.extend(
                    samples(&self.templates, Some(&path))?
                        .into_iter()
                        .map(|sample| (letter.clone(), sample)),
                );
            }
            let notices: Vec<Notice> = tried.iter().map(|(letter, sample)| as_notice(letter, sample)).collect();
            let options = self.options(Want::Pdf, self.templates.clone());
            let (_, problems) = press(
                &notices,
                &self.fonts,
                &options,
                &mut self.checked.sources,
                &mut |_, _| {},
            );
            let mut seen: Vec<(Code, Option<String>, String)> = Vec::new();
            for mut problem in problems {
                // The same slip shows on every sample.
                let place = problem.place.as_ref().map(|place| {
                    let source = self.checked.sources.get(place.source);
                    format!("{}:{}", source.name, place.start())
                });
                problem.related.clear();
                let key = (problem.code, place, problem.message.clone());
                if !seen.contains(&key) {
                    seen.push(key);
                    found.push(problem);
                }
            }
        }
        Ok(finish(found, &self.checked.settings, &self.checked.sources))
    }

    /// Sets one sample with the letter of that name.
    pub fn set(&mut self, letter: &str, sample: &Sample, want: Want) -> (Vec<Pressed>, Vec<Diagnostic>) {
        let mut found = self.refused.clone();
        if has_errors(&found) {
            return (Vec::new(), found);
        }
        let options = self.options(want, self.templates.clone());
        let notice = as_notice(letter, sample);
        let (pressed, problems) = press(
            &[notice],
            &self.fonts,
            &options,
            &mut self.checked.sources,
            &mut |_, _| {},
        );
        found.extend(problems);
        (pressed, finish(found, &self.checked.settings, &self.checked.sources))
    }

    /// A template by its file or by the name of one of relto's own.
    ///
    /// # Errors
    /// A [`Failure`] where there is neither.
    pub fn side(&self, word: &str) -> Result<Side, Failure> {
        let file = Path::new(word);
        if file.is_file() {
            let stem = file
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            let stem = stem.split('.').next().unwrap_or_default().to_owned();
            let folder = file
                .parent()
                .and_then(Path::file_name)
                .map(|name| name.to_string_lossy().into_owned());
            let part =
                eject::find(&stem).filter(|path| path.starts_with("/parts/") && folder.as_deref() != Some("letters"));
            return Ok(Side {
                template: Template {
                    path: part.map_or_else(|| format!("/letters/{stem}.typ"), str::to_owned),
                    name: word.to_owned(),
                    text: read_text(file)?,
                },
            });
        }
        let Some((path, text)) = eject::find(word).and_then(|path| Some((path, lookup::file(path)?))) else {
            return Err(
                Failure::new(format!("`{word}` is no file and none of relto's own templates"))
                    .hint("`relto template list` names them"),
            );
        };
        Ok(Side {
            template: Template {
                path: path.to_owned(),
                name: format!("relto's own {word}"),
                text: text.to_owned(),
            },
        })
    }

    /// Sets all samples with one template and with the other, and compares the text of their pages.
    ///
    /// # Errors
    /// A [`Failure`] where the two are not the same letter or part, or a sample cannot be read. A template that cannot be
    /// set gives diagnostics and no differences.
    pub fn diff(&mut self, old: &Side, new: &Side) -> Result<(Vec<Difference>, Vec<Diagnostic>), Failure> {
        if old.template.path != new.template.path {
            return Err(Failure::new(format!(
                "`{}` and `{}` are not the same letter or part",
                old.template.name, new.template.name
            ))
            .hint("compare two versions of one; a file goes by its name up to the first dot"));
        }
        let letters = match lookup::letter_name(&old.template.path) {
            Some(letter) => vec![letter.to_owned()],
            None => self.templates.letters(),
        };
        let mut tried = Vec::new();
        for letter in letters {
            let path = self.templates.letter_path(&letter);
            tried.extend(
                samples(&self.templates, Some(&path))?
                    .into_iter()
                    .map(|sample| (letter.clone(), sample)),
            );
        }
        let copies: Vec<Notice> = tried
            .iter()
            .enumerate()
            .map(|(at, (letter, sample))| {
                let mut notice = as_notice(letter, sample);
                // File names tell the copies apart, and two samples may be of one record; nothing prints this.
                notice.records.insert(0, format!("SAMPLE-{at}"));
                notice
            })
            .collect();
        let (mut pages, mut found) = (Vec::new(), Vec::new());
        for side in [old, new] {
            let mut own = self.templates.own().to_vec();
            own.retain(|template| template.path != side.template.path);
            own.push(side.template.clone());
            let options = self.options(Want::Text, Templates::new(own));
            let sources = &mut self.checked.sources;
            let (pressed, problems) = press(&copies, &self.fonts, &options, sources, &mut |_, _| {});
            found.extend(problems);
            pages.push(pressed);
        }
        found.dedup_by(|a, b| a.code == b.code && a.message == b.message);
        for problem in &mut found {
            problem.related.clear();
            problem.record = None;
        }
        let found = finish(found, &self.checked.settings, &self.checked.sources);
        if has_errors(&found) {
            return Ok((Vec::new(), found));
        }
        let text = |pressed: &Pressed| {
            let page = |(at, text): (usize, &String)| format!("--- page {} ---\n{text}", at + 1);
            pressed.sheets.iter().enumerate().map(page).collect::<String>()
        };
        let differences =
            tried
                .iter()
                .zip(pages[0].iter().zip(&pages[1]))
                .map(|((letter, sample), (old_pages, new_pages))| {
                    let (old_text, new_text) = (text(old_pages), text(new_pages));
                    Difference {
                        letter: letter.clone(),
                        sample: sample.id.clone(),
                        patch: if old_text == new_text {
                            String::new()
                        } else {
                            eject::difference((&old.template.name, &old_text), (&new.template.name, &new_text))
                        },
                    }
                });
        Ok((differences.collect(), found))
    }

    fn options(&self, want: Want, templates: Templates) -> Options {
        Options {
            templates,
            want,
            workers: self.workers.clone(),
            ..Options::default()
        }
    }
}

/// The notice of a sample: for the one reader, set with the letter of this name.
fn as_notice(letter: &str, sample: &Sample) -> Notice {
    let mut notice = sample.notice.clone();
    letter.clone_into(&mut notice.letter);
    notice.addressees = notice.addressees.get(sample.addressee).cloned().into_iter().collect();
    notice.place = None;
    notice
}
