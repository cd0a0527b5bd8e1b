//! Samples of a letter: notices of the embedded workspaces in their shortest and fullest form, with foreign names, with
//! empty optional parts, and every notice that the workspace's own records owe.

use std::sync::OnceLock;

use chrono::NaiveDate;

use crate::base::failure::Failure;
use crate::notice::brief;
use crate::notice::model::{Notice, Portion};
use crate::notice::transmittal::{self, transmittals};
use crate::record::lines::Lines;
use crate::run::{Checked, Request, check, check_lines, notices, what_if};
use crate::template::lookup;
use crate::template::set::Templates;
use crate::workspace::sample::Which;

/// The periods of the sample reports.
const REPORTED: &[&str] = &["2025-Q1", "2025"];
/// The pack and the first day of the sample brief.
const ASKED: (&str, &str) = ("rel-to", "2022-01-01");
/// Records of the exercise that correct earlier ones or are kept for the file.
const MORE: &str = include_str!("../../templates/workspaces/more.jsonl");
/// Pages of an enclosure of the sample covering letters, which are not set.
const PAGES: usize = 2;

/// One notice to try a letter on.
#[derive(Debug, Clone)]
pub struct Sample {
    /// `short`, `long`, …, or the name of the notice's file.
    pub id: String,
    pub label: String,
    pub notice: Notice,
    /// Which of its addressees reads it.
    pub addressee: usize,
}

/// Returns the samples of the letter at a path; of every letter where none is named.
///
/// # Errors
/// A [`Failure`] where an embedded sample cannot be read, which its tests rule out.
pub fn samples(templates: &Templates, letter: Option<&str>) -> Result<Vec<Sample>, Failure> {
    let all = embedded()?;
    let wanted = |notice: &&Notice| letter.is_none_or(|letter| templates.letter_path(&notice.letter) == letter);
    let mut fitting: Vec<&Notice> = all.iter().filter(wanted).collect();
    if fitting.is_empty() && letter.is_some_and(|letter| lookup::file(letter).is_none()) {
        // A new letter, which no rule names yet: any record shows how it looks.
        fitting = all
            .iter()
            .filter(|notice| notice.report.is_none() && notice.decisions.is_empty())
            .collect();
    }
    fitting.sort_by_key(|notice| length(notice));
    let (Some(short), Some(full)) = (fitting.first(), fitting.last()) else {
        return Ok(Vec::new());
    };
    let classified = fitting.iter().rev().find(|notice| notice.banner.classified);
    let several = fitting.iter().max_by_key(|notice| notice.addressees.len());
    let mut samples = vec![
        sample("short", "the shortest notice", (*short).clone()),
        sample(
            "long",
            "the fullest notice, its narratives three times as long",
            long(full),
        ),
        sample("foreign-names", "names in other scripts", foreign_names(full)),
        sample("empty", "every optional part empty", empty(short)),
        sample("final", "no longer a draft", final_form(full)),
    ];
    samples.extend(
        classified.map(|notice| sample("classified", "a classified notice of the exercise", (*notice).clone())),
    );
    if let Some(notice) = several.filter(|notice| notice.addressees.len() > 1) {
        let last = notice.addressees.len() - 1;
        samples.push(Sample {
            addressee: last,
            ..sample("addressee", "another reader of the same notice", (*notice).clone())
        });
    }
    Ok(samples)
}

/// Returns every notice, report, covering letter and brief of the embedded records, drafted once a process.
///
/// # Errors
/// A [`Failure`] where an embedded sample cannot be read, which its tests rule out.
pub fn embedded() -> Result<&'static [Notice], Failure> {
    static ALL: OnceLock<Vec<Notice>> = OnceLock::new();
    if let Some(all) = ALL.get() {
        return Ok(all);
    }
    let mut all = Vec::new();
    for (which, lines) in [
        (Which::Public, None),
        (Which::Exercise, None),
        (Which::Exercise, Some(MORE)),
    ] {
        let whole = lines.is_none();
        let request = Request {
            sample: Some(which),
            ..Request::default()
        };
        let today = |_| super::ready::sample_as_of();
        let mut checked = match lines {
            None => check(&request, &today)?,
            Some(lines) => {
                let lines = Lines::read(&mut lines.as_bytes()).map_err(|error| Failure::new(error.to_string()))?;
                check_lines(&request, lines, &today)?
            }
        };
        let drafted = notices::drafted(&checked).0;
        if whole {
            all.extend(REPORTED.iter().filter_map(|period| notices::reported(&checked, period)));
            all.extend(covering(&drafted, &checked));
            all.extend(briefed(&mut checked));
        }
        all.extend(drafted);
    }
    Ok(ALL.get_or_init(|| all))
}

/// The covering letters of notices.
fn covering(drafted: &[Notice], checked: &Checked) -> Vec<Notice> {
    let set: Vec<transmittal::Set> = drafted
        .iter()
        .flat_map(|notice| notice.addressees.iter().map(move |one| (notice, &one.id)))
        .filter_map(|(notice, recipient)| transmittal::Set::of(notice, recipient, PAGES))
        .collect();
    transmittals(&set, &notices::office(&checked.settings), checked.as_of).0
}

/// The brief of what rules would have required, had they been law.
fn briefed(checked: &mut Checked) -> Option<Notice> {
    let (pack, since) = ASKED;
    let since: NaiveDate = since.parse().ok()?;
    let answer = what_if(checked, &|rule| rule.pack == pack, since);
    let title = checked
        .case
        .policy
        .packs
        .iter()
        .find(|known| known.id == pack)?
        .title
        .clone();
    let office = notices::office(&checked.settings);
    brief::brief(&answer, &title, &checked.case, &office, &checked.sources).ok()
}

/// Returns the notices of a judged workspace that use the letter at a path, each as a sample of its own.
pub fn of_workspace(checked: &Checked, templates: &Templates, letter: Option<&str>) -> Vec<Sample> {
    let (drafted, _) = notices::drafted(checked);
    let wanted = |notice: &&Notice| letter.is_none_or(|letter| templates.letter_path(&notice.letter) == letter);
    let of_notice = |notice: &Notice| {
        let copies = notice.addressees.iter().enumerate().map(|(at, addressee)| Sample {
            id: notice.file_name(addressee).trim_end_matches(".pdf").to_owned(),
            label: notice.title.clone(),
            notice: notice.clone(),
            addressee: at,
        });
        copies.collect::<Vec<_>>()
    };
    drafted.iter().filter(wanted).flat_map(of_notice).collect()
}

fn sample(id: &str, label: &str, notice: Notice) -> Sample {
    Sample {
        id: id.to_owned(),
        label: label.to_owned(),
        notice,
        addressee: 0,
    }
}

/// How much a notice holds: its text, and about a line for each row and enclosure.
fn length(notice: &Notice) -> usize {
    const LINE: usize = 80;
    let text: usize = notice.texts().iter().map(|(_, text)| text.chars().count()).sum();
    let rows = notice
        .report
        .iter()
        .flat_map(|report| &report.grids)
        .map(|grid| grid.rows.len());
    let enclosures = notice.transmittal.iter().map(|letter| letter.enclosures.len());
    text + LINE * rows.chain(enclosures).sum::<usize>()
}

/// Three times the narrative.
fn long(notice: &Notice) -> Notice {
    let mut notice = notice.clone();
    for section in notice.sections.iter_mut().filter(|section| section.stated) {
        let portions = std::mem::take(&mut section.portions);
        section.portions = [portions.as_slice(), &portions, &portions].concat();
    }
    notice
}

/// Names as they come: Vietnamese, Cyrillic, Polish, Greek, Hebrew.
fn foreign_names(notice: &Notice) -> Notice {
    let mut notice = notice.clone();
    "Đặng Thị Ngọc Ánh".clone_into(&mut notice.agency.signatory.name);
    let name = "Łukasz Żółciński-Đorđević";
    for addressee in &mut notice.addressees {
        // A memorandum for the file goes to nobody.
        if let Some(first) = addressee.lines.first_mut().filter(|_| !addressee.chamber.is_empty()) {
            *first = format!("The Honorable {name}");
        }
        // A report, a memorandum and a covering letter have no copies.
        if !addressee.cc.is_empty() {
            addressee.cc.push("The Honorable Ελένη Παπαδοπούλου".to_owned());
        }
    }
    if let Some(section) = notice.sections.iter_mut().find(|section| section.stated) {
        let mark = section
            .portions
            .first()
            .map_or("U", |portion| portion.mark.as_str())
            .to_owned();
        section.portions.push(Portion::new(
            mark,
            "They met Сергей Нарышкин, Nguyễn Văn Thiệu and יעל כהן.",
        ));
    }
    notice
}

/// Only what no notice goes without.
fn empty(notice: &Notice) -> Notice {
    let mut notice = notice.clone();
    let mut gone: Vec<String> = [
        "provenance",
        "lateness",
        "claims",
        "commitments",
        "releasability",
        "alerts",
        "correction",
        "timeline",
        "duties",
    ]
    .map(str::to_owned)
    .to_vec();
    gone.extend(notice.particulars.iter().map(|row| row.field.clone()));
    gone.extend(
        notice
            .releasability
            .iter()
            .flat_map(|table| table.rows.iter().map(|row| row.field.clone())),
    );
    gone.extend(notice.sections.iter().skip(1).map(|section| section.field.clone()));
    notice.sections.truncate(1);
    notice.provenance.clear();
    notice.lateness.clear();
    notice.claims.clear();
    notice.commitments.clear();
    notice.particulars.clear();
    notice.enclosures.clear();
    notice.duties.clear();
    notice.releasability = None;
    notice.alerts.clear();
    notice.correction = None;
    notice.timeline = None;
    for addressee in &mut notice.addressees {
        addressee.cc.clear();
    }
    let kept: Vec<String> = notice.sections.iter().map(|section| section.field.clone()).collect();
    notice
        .required
        .retain(|required| kept.contains(&required.name) || !gone.contains(&required.name));
    notice
}

/// As it goes out.
fn final_form(notice: &Notice) -> Notice {
    Notice {
        draft: false,
        ..notice.clone()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::template::variables::VARIABLES;

    fn paths(prefix: &str, value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(entries) => {
                for (key, inner) in entries {
                    let path = format!("{prefix}.{key}");
                    paths(&path, inner, found);
                    found.insert(path);
                }
            }
            Value::Array(items) => {
                for item in items.iter().filter(|item| item.is_object()) {
                    paths(&format!("{prefix}[]"), item, found);
                }
            }
            _ => {}
        }
    }

    #[test]
    fn every_variable_of_a_letter_is_in_the_table() {
        let mut found = BTreeSet::new();
        for letter in Templates::default().letters() {
            let path = lookup::letter_path(&letter);
            for sample in samples(&Templates::default(), Some(path)).expect("the samples are sound") {
                let notice = serde_json::to_value(&sample.notice).expect("plain data");
                paths("notice", &notice, &mut found);
            }
        }
        let listed = |path: &String| VARIABLES.iter().any(|variable| variable.path == path);
        let missing: Vec<&String> = found
            .iter()
            .filter(|path| {
                !path.starts_with("notice.report.") && !path.starts_with("notice.transmittal.") && !listed(path)
            })
            .collect();
        assert!(missing.is_empty(), "add to `template/variables.rs`: {missing:?}");
    }
}
