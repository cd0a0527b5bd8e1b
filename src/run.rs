//! Floor 8: the straight pipeline of a run — load, resolve, evaluate; then, in `notices`, draft, typeset, write. One call per
//! stage.

use std::collections::BTreeSet;
use std::path::PathBuf;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::base::diagnostic::{self, Diagnostic, Severity};
use crate::base::failure::Failure;
use crate::base::shared::Shared;
use crate::base::source::{Place, SourceId, Sources};
use crate::evaluate::case::{Case, resolve};
use crate::evaluate::coverage::{self, Coverage};
use crate::evaluate::evaluate::evaluate_each;
use crate::evaluate::nearest::{self, Nearest};
use crate::evaluate::obligation::Obligation;
use crate::evaluate::pack_test::{self, TestResult};
use crate::evaluate::trace::Trace;
use crate::evaluate::what_if::{self, WhatIf};
use crate::evaluate::witness::{self, Pair};
use crate::policy::rule::Rule;
use crate::policy::stale;
use crate::record::lines::Lines;
use crate::record::load::{Terms, read_again};
use crate::record::value::Record;
use crate::report::summary::Owing;
use crate::run::gather::gather;
use crate::run::ready::{INPUT, Read, Ready};
use crate::run::withheld::Withheld;
use crate::workspace::locate::Origin;
use crate::workspace::sample::Which;
use crate::workspace::settings::Settings;

pub mod bench;
mod copies;
mod earlier;
pub mod fingerprint;
mod gather;
pub mod notices;
mod owed;
pub mod ready;
pub mod samples;
mod withheld;

/// What to run over.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// Record files and folders; empty for the workspace's `records/`.
    pub paths: Vec<PathBuf>,
    pub workspace: Option<PathBuf>,
    pub sample: Option<Which>,
    /// Nothing for today in the workspace's time zone.
    pub as_of: Option<NaiveDate>,
    /// Packs besides those of the workspace: files, folders of them, or ids of built-in packs.
    pub policy: Vec<PathBuf>,
    /// Packs that each take the place of the pack with their id.
    pub instead: Vec<PathBuf>,
    /// Severities by code, in the order given; they come after those of `relto.toml`.
    pub severity: Vec<(Level, String)>,
    pub wanted: Wanted,
}

/// What will be looked at of a run: the less, the less memory it takes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wanted {
    /// Records, obligations and diagnostics.
    #[default]
    Records,
    /// Obligations and diagnostics: a record that says nothing of others is judged where it is read, and not kept.
    Obligations,
    /// Diagnostics; obligations are counted and not kept either.
    Counts,
}

/// What a severity option says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    Deny,
    Warn,
    Allow,
}

/// A judged workspace.
#[derive(Debug)]
pub struct Checked {
    pub sources: Sources,
    pub settings: Settings,
    pub origin: Origin,
    pub case: Case,
    /// Sorted by place; severities as asked.
    pub diagnostics: Vec<Diagnostic>,
    /// In the order of records and rules; empty where a pack has an error, and where they are counted and not kept.
    pub obligations: Vec<Obligation>,
    /// The obligations that were counted and not kept.
    pub counted: Owing,
    /// How many records were reported on, faulty ones included.
    pub records: usize,
    /// How many of them were judged: what those with an error owe nobody can say.
    pub judged: usize,
    /// The records that were left unjudged by an error in a waiver of theirs.
    pub refused: BTreeSet<Shared>,
    /// The files, of those reported on, in which something is no record.
    pub unread: Vec<SourceId>,
    pub withheld: Withheld,
    /// The record files that were reported on.
    pub files: Vec<SourceId>,
    pub as_of: NaiveDate,
}

/// Loads records and packs and judges every record under every rule. `today` is asked only where no as-of date is given.
///
/// # Errors
/// A [`Failure`] where the run cannot start: a path that is not there, an unreadable file, a malformed `relto.toml`.
pub fn check(request: &Request, today: &dyn Fn(Tz) -> NaiveDate) -> Result<Checked, Failure> {
    judge(Ready::files(request, today)?)
}

/// Judges records that come as JSON Lines, in place of files: they alone are judged. `found` is what was wrong with lines
/// that are no records.
///
/// # Errors
/// A [`Failure`] where the run cannot start, as for [`check`].
pub fn check_lines(
    request: &Request,
    (lines, found): (Lines, Vec<Diagnostic>),
    today: &dyn Fn(Tz) -> NaiveDate,
) -> Result<Checked, Failure> {
    judge(Ready::of(request, today, Read::Lines(lines, found))?)
}

/// Loads the packs of a workspace and none of its records: to list, explain and test rules. Rules that nobody has checked
/// for long are named.
///
/// # Errors
/// A [`Failure`] where the run cannot start, as for [`check`].
pub fn policy(request: &Request, today: &dyn Fn(Tz) -> NaiveDate) -> Result<Checked, Failure> {
    let mut checked = judge(Ready::of(request, today, Read::Nothing)?)?;
    let stale = stale::check(
        &checked.case.policy.rules,
        checked.as_of,
        checked.settings.stale_after_months,
    );
    let stale = finish(stale, &checked.settings, &checked.sources);
    checked.diagnostics.extend(stale);
    Ok(checked)
}

/// Judges a run that was made ready.
///
/// # Errors
/// The [`Failure`] of the first file that cannot be read.
pub fn judge(ready: Ready) -> Result<Checked, Failure> {
    let Ready {
        sources,
        settings,
        origin,
        inputs,
        mut lines,
        case,
        mut diagnostics,
        wanted,
    } = ready;
    let pack_error = diagnostic::has_errors(&diagnostics);
    let terms = Terms {
        sources: &sources,
        ceiling: settings.ceiling,
        vocabulary: &settings.vocabulary,
    };
    let at_once = Some(&case).filter(|_| wanted != Wanted::Records && !pack_error);
    let mut all = gather(&inputs, terms, &origin, at_once, wanted)?;
    let reported = inputs.iter().filter(|input| input.reported);
    let files = reported.map(|input| input.file.source).collect();
    // Nobody asks for their paths again, and a million of them would stay till the end.
    drop(inputs);
    diagnostics.append(&mut all.diagnostics);
    let (mut case, found) = resolve(all.records, &all.faulty, &all.ids, all.reported, case.into_frame());
    drop((all.ids, all.faulty));
    diagnostics.extend(
        found
            .into_iter()
            .filter(|d| d.place.as_ref().is_none_or(|place| !all.quiet.contains(&place.source))),
    );
    case.reports_from = settings.reports_from;
    let (mut owed, mut count) = (all.owed, all.count);
    let mut judged = 0;
    let mut refused = BTreeSet::new();
    if !pack_error {
        let at_once = all.at_once.records;
        let (found, wrong) = evaluate_each(&case, all.at_once, &|place| again(place, terms), &mut |more| {
            owed.take(more);
        });
        diagnostics.extend(found);
        refused = wrong;
        judged = at_once + case.reported_records().count() - refused.len();
    }
    let (mut obligations, counted) = owed.in_order(&case);
    if let Some((_, problems)) = &mut lines {
        // A line that is no record is one that nobody judged.
        count += problems.len();
        diagnostics.append(problems);
        // What is owed for a period is owed by the office and not for a record: every part of the lines would repeat it.
        obligations.retain(|owed| owed.record.is_some());
        diagnostics.retain(|found| found.record.is_some() || found.rule.is_none());
    }
    let withheld = Withheld::new(all.withheld);
    withheld.hide(&mut diagnostics, &sources);
    let mut diagnostics = finish(diagnostics, &settings, &sources);
    if let Some((lines, _)) = &lines {
        for found in &mut diagnostics {
            unplace(found, lines, &sources);
        }
    }
    let as_of = case.as_of;
    Ok(Checked {
        sources,
        settings,
        origin,
        case,
        diagnostics,
        obligations,
        counted,
        records: count,
        judged,
        refused,
        unread: all.unread,
        withheld,
        files,
        as_of,
    })
}

/// A record that was read before, from its place.
///
/// # Panics
/// Where there is none.
fn again(place: &Place, terms: Terms<'_>) -> Record {
    read_again(place, terms).expect("what was read once is read again")
}

/// Takes places in the lines that were read out of a diagnostic: a line stands in another place in every part of the
/// lines, and the diagnostics of all parts together are to be those of the whole. The record says where it is.
fn unplace(found: &mut Diagnostic, lines: &Lines, sources: &Sources) {
    let read = |place: &Place| sources.get(place.source).name == INPUT;
    found.related.retain(|related| !read(&related.place));
    let Some(place) = found.place.take_if(|place| read(place)) else {
        return;
    };
    if found.record.is_none() {
        let line = lines.line_of(place.start());
        found
            .help
            .push(format!("it is the record in line {line} of the input").into());
    }
}

/// Runs the tests of every rule in the packs of a workspace.
pub fn test_policy(checked: &mut Checked) -> (Vec<TestResult>, Vec<Diagnostic>) {
    let (results, found) = pack_test::run(&mut checked.case);
    (results, finish(found, &checked.settings, &checked.sources))
}

/// Measures what the tests of the chosen rules show of each of their conditions.
pub fn coverage(checked: &mut Checked, results: &[TestResult], chosen: &dyn Fn(&str) -> bool) -> Vec<Coverage> {
    coverage::measure(&mut checked.case, results, &|rule| chosen(&rule.id))
}

/// Says why a rule fired for a record or did not; nothing where the rule or the record is not there.
pub fn explain(checked: &Checked, rule: &str, record: &str) -> Option<Trace> {
    let rule = checked.case.policy.rules.iter().find(|found| found.id == rule)?;
    let record = checked.case.record(record)?;
    Some(crate::evaluate::evaluate::explain(&checked.case, rule, record))
}

/// Says how far a rule is from firing for a record, as if it were switched on.
pub fn nearest(checked: &Checked, rule: &Rule, record: &Record) -> Nearest {
    nearest::nearest(&checked.case, rule, record)
}

/// Holds every two rules against each other of which `chosen` takes one.
pub fn lint_policy(checked: &mut Checked, chosen: &dyn Fn(&str) -> bool) -> Vec<Pair> {
    witness::pairs(&mut checked.case, &|rule| chosen(&rule.id))
}

/// Judges the chosen rules over the records as though they had been law since a day.
pub fn what_if(checked: &mut Checked, chosen: &dyn Fn(&Rule) -> bool, since: NaiveDate) -> WhatIf {
    let rules = &checked.case.policy.rules;
    let indexes: Vec<usize> = (0..rules.len()).filter(|at| chosen(&rules[*at])).collect();
    what_if::what_if(&mut checked.case, &indexes, since)
}

/// Sorts diagnostics and gives them the severities asked for; what is allowed is left out.
fn finish(diagnostics: Vec<Diagnostic>, settings: &Settings, sources: &Sources) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = diagnostics
        .into_iter()
        .filter_map(|mut diagnostic| match settings.severity.get(diagnostic.code.name()) {
            // Only warnings and notes can be changed; an error of the code's own stays one.
            Some(_) if diagnostic.severity == Severity::Error => Some(diagnostic),
            Some(None) => None,
            Some(Some(severity)) => {
                diagnostic.severity = *severity;
                Some(diagnostic)
            }
            None => Some(diagnostic),
        })
        .collect();
    diagnostic::sort(&mut kept, sources);
    kept.dedup();
    kept
}
