//! What the preview shows: one letter on one sample, set anew when a file changed; the last good pages where it fails.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::base::diagnostic::{Diagnostic, has_errors};
use crate::base::failure::Failure;
use crate::base::source::Sources;
use crate::cli::args::template::Place;
use crate::cli::request::{today, which};
use crate::cli::template::open;
use crate::cli::template_fields::{demands, fields, letter};
use crate::report::{Look, human, visible};
use crate::run::bench::Bench;
use crate::run::samples::{Sample, of_workspace, samples};
use crate::run::{self, Request};
use crate::template::contract;
use crate::typeset::pressed::Want;

/// How problems are laid out in the page.
const LOOK: Look = Look {
    colour: false,
    width: 100,
};
/// The most records of a workspace that can be chosen.
const MOST_RECORDS: usize = 500;

/// What was last set of one letter on one sample.
#[derive(Debug, Default)]
struct Shown {
    /// The version of the files that were tried.
    tried: u64,
    /// The version of the files that the pages are from.
    set: u64,
    pages: Vec<String>,
    problems: Vec<Value>,
}

/// Everything behind the page.
#[derive(Debug)]
pub(super) struct Studio {
    place: Place,
    first: Option<String>,
    shown: BTreeMap<(String, String), Shown>,
}

impl Studio {
    /// # Errors
    /// A [`Failure`] where there is no such letter, or the workspace cannot be read.
    pub(super) fn new(place: Place, first: Option<String>) -> Result<Self, Failure> {
        let bench = open(&place)?;
        let own = bench.templates.own().iter();
        let changed = || {
            own.clone()
                .find_map(|own| crate::template::lookup::letter_name(&own.path))
        };
        let first = match first {
            Some(name) => Some(letter(&bench, Some(&name))?),
            None => changed().map(str::to_owned),
        };
        Ok(Self {
            place,
            first,
            shown: BTreeMap::new(),
        })
    }

    /// The state of the page for a letter and a sample, `version` being that of the files.
    pub(super) fn state(&mut self, letter: &str, sample: &str, version: u64) -> Value {
        match self.try_state(letter, sample, version) {
            Ok(state) => state,
            Err(failure) => {
                // The workspace itself cannot be read; what was good stays.
                let kept = self.shown.get(&(letter.to_owned(), sample.to_owned()));
                json!({
                    "version": version, "set": kept.map_or(0, |kept| kept.set), "letter": letter, "sample": sample,
                    "letters": [letter], "samples": [], "fields": [],
                    "pages": kept.map_or(0, |kept| kept.pages.len()), "kept": kept.is_some(),
                    "problems": [{
                        "severity": "error", "code": "", "message": failure.message, "excerpt": "", "help": failure.hints,
                    }],
                })
            }
        }
    }

    fn try_state(&mut self, wanted: &str, sample: &str, version: u64) -> Result<Value, Failure> {
        let mut bench = open(&self.place)?;
        let wanted = if wanted.is_empty() {
            self.first.as_deref()
        } else {
            Some(wanted)
        };
        let wanted = letter(&bench, wanted.or(Some("liaison-contact")))?;
        let path = bench.templates.letter_path(&wanted);
        let own = samples(&bench.templates, Some(&path))?;
        let records = self.records(&bench, &path);
        let all = || own.iter().chain(&records);
        let chosen = all().find(|one| one.id == sample).or_else(|| own.first()).cloned();
        let Some(chosen) = chosen else {
            return Err(Failure::new("the embedded sample owes no notice"));
        };
        let key = (wanted.clone(), chosen.id.clone());
        let shown = self.shown.entry(key).or_default();
        if shown.tried != version {
            set(&mut bench, &wanted, &chosen, shown, version);
        }
        let listed = |group: &'static str| move |one: &Sample| json!({ "id": one.id, "label": format!("{}: {}", one.id, one.label), "group": group });
        let listed: Vec<Value> = own
            .iter()
            .map(listed("sample"))
            .chain(records.iter().map(listed("record")))
            .collect();
        Ok(json!({
            "version": version,
            "set": shown.set,
            "letter": wanted,
            "letters": bench.templates.letters(),
            "sample": chosen.id,
            "samples": listed,
            "pages": shown.pages.len(),
            "kept": shown.set != version && !shown.pages.is_empty(),
            "problems": shown.problems,
            "fields": sections(&bench, &wanted)?,
        }))
    }

    /// One page as it was last set.
    pub(super) fn page(&self, letter: &str, sample: &str, page: usize) -> Option<&str> {
        let shown = self.shown.get(&(letter.to_owned(), sample.to_owned()))?;
        shown.pages.get(page.checked_sub(1)?).map(String::as_str)
    }

    /// The notices that the workspace's own records owe; none where they cannot be judged.
    fn records(&self, bench: &Bench, path: &str) -> Vec<Sample> {
        let request = Request {
            workspace: self.place.workspace.clone(),
            sample: self.place.embedded.sample.map(which),
            ..Request::default()
        };
        let checked = run::check(&request, &today);
        let mut records = checked.map_or_else(
            |_| Vec::new(),
            |checked| of_workspace(&checked, &bench.templates, Some(path)),
        );
        records.truncate(MOST_RECORDS);
        records
    }
}

fn set(bench: &mut Bench, letter: &str, sample: &Sample, shown: &mut Shown, version: u64) {
    let advice = bench.proofread();
    let (pressed, found) = bench.set(letter, sample, Want::Pictures);
    shown.tried = version;
    if let Some(pressed) = pressed.into_iter().next().filter(|_| !has_errors(&found)) {
        shown.pages = pressed.sheets;
        shown.set = version;
    }
    let mut all = found;
    all.extend(advice.into_iter().filter(|advice| !advice.is_error()));
    shown.problems = all
        .iter()
        .map(|problem| told(problem, &bench.checked.sources))
        .collect();
}

/// A problem in the parts that the page lays out: what is wrong, where, what to do.
fn told(problem: &Diagnostic, sources: &Sources) -> Value {
    let mut problem = problem.clone();
    problem.related.clear();
    let help: Vec<String> = std::mem::take(&mut problem.help)
        .iter()
        .map(|help| visible::lines(help).into_owned())
        .collect();
    let text = human::one(&problem, sources, LOOK);
    let excerpt = text.split_once('\n').map_or("", |(_, below)| below.trim_end());
    json!({
        "severity": problem.severity.to_string(), "code": problem.code.name(),
        "message": visible::line(&problem.message), "excerpt": excerpt, "help": help,
    })
}

/// The list beside the pages.
fn sections(bench: &Bench, letter: &str) -> Result<Value, Failure> {
    let named = |names: &[contract::Name]| {
        let entry = |name: &contract::Name| json!({ "write": name.usage, "meaning": name.meaning });
        names
            .iter()
            .filter(|name| !name.usage.is_empty())
            .map(entry)
            .collect::<Vec<_>>()
    };
    let demanded = demands(bench, letter).into_iter();
    let demanded =
        demanded.map(|one| json!({ "write": one.write, "meaning": format!("demanded by {}", one.rules.join(", ")) }));
    let variables = fields(bench, letter)?.into_iter();
    let variables = variables.map(|field| {
        json!({ "write": format!("#{}", field.path), "meaning": format!("{} ({})", field.meaning, field.kind), "example": field.example })
    });
    Ok(json!([
        { "title": "Parts", "entries": named(contract::PARTS) },
        { "title": "Marks and text", "entries": named(contract::HELPERS) },
        { "title": "Demanded by rules", "entries": demanded.collect::<Vec<_>>() },
        { "title": "Variables", "entries": variables.collect::<Vec<_>>() },
    ]))
}
