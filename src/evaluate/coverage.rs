//! What a rule's tests show: for every condition, whether some test sees it decide with it holding, and some test with it
//! not holding (unique-cause coverage); and for what no test shows, a record that would.
//!
//! Only tests that come out as expected count, and only where what they expect depends on the decision: a test that says
//! nothing about a deadline shows nothing about `or_else`. A made-up record is read back from its own TOML and judged
//! before it is offered.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::base::source::Place;
use crate::calendar::due::DueKind;
use crate::evaluate::alone::alone;
use crate::evaluate::case::Case;
use crate::evaluate::decision::{self, Decision, Site, What};
use crate::evaluate::draft::{Draft, DraftRecord, Raw, shifted};
use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::inner;
use crate::evaluate::moves::{self, Move, date_of};
use crate::evaluate::pack_test::{TestResult, came, when_due};
use crate::evaluate::search::search;
use crate::policy::rule::{Condition, Expect, Outcome, Rule, RuleTest};
use crate::record::field::{Need, Type, field};
use crate::record::kind::Kind;
use crate::record::value::Record;

/// What the tests of one rule show.
#[derive(Debug)]
pub struct Coverage {
    pub rule: String,
    /// Why nothing is measured; the points are empty then.
    pub exempt: Option<&'static str>,
    pub tests: usize,
    pub points: Vec<Point>,
}

/// One condition.
#[derive(Debug)]
pub struct Point {
    pub site: Site,
    /// As written.
    pub text: String,
    /// In English.
    pub words: String,
    pub place: Place,
    pub holding: Shown,
    pub failing: Shown,
}

/// Whether a test shows a condition deciding one way.
#[derive(Debug, PartialEq, Eq)]
pub enum Shown {
    /// By the test of this name.
    By(String),
    /// By none; this test would, ready to be pasted below the rule.
    Missing(String),
    /// By none, and no record was found that would.
    NotFound,
}

impl Shown {
    pub fn is_shown(&self) -> bool {
        matches!(self, Shown::By(_))
    }
}

impl Coverage {
    /// How many outcomes have to be shown: two for each condition.
    pub fn total(&self) -> usize {
        self.points.len() * 2
    }

    pub fn shown(&self) -> usize {
        let each = |point: &Point| usize::from(point.holding.is_shown()) + usize::from(point.failing.is_shown());
        self.points.iter().map(each).sum()
    }

    /// Whole per cent, rounded down; 100 where there is nothing to show.
    pub fn percent(&self) -> usize {
        (self.shown() * 100).checked_div(self.total()).unwrap_or(100)
    }
}

/// Measures the rules whose index `chosen` takes, given how their tests came out.
pub fn measure(case: &mut Case, results: &[TestResult], chosen: &dyn Fn(&Rule) -> bool) -> Vec<Coverage> {
    let passed: BTreeSet<(&str, &str)> = results
        .iter()
        .filter(|result| result.differences.is_empty())
        .map(|result| (result.rule.as_str(), result.name.as_str()))
        .collect();
    (0..case.policy.rules.len())
        .filter(|at| chosen(&case.policy.rules[*at]))
        .collect::<Vec<_>>()
        .into_iter()
        .map(|at| one(case, at, &passed))
        .collect()
}

/// How the leaves came out in one passing test, and what the test expects.
struct Seen {
    name: String,
    values: Vec<Outcome>,
    told: Told,
}

/// Which decisions a test's expectation depends on.
#[derive(Clone, Copy)]
struct Told {
    fires: bool,
    owed: bool,
    due: bool,
}

impl Told {
    fn of(expect: &Expect) -> Told {
        let due = expect.due.is_some()
            || expect.earliest.is_some()
            || expect.submit_by.is_some()
            || expect.target.is_some()
            || expect.state.is_some();
        let owed = due || expect.recipients.is_some() || expect.fires == Some(Outcome::False);
        Told {
            fires: owed || expect.fires.is_some(),
            owed,
            due,
        }
    }

    fn shows(self, site: Site) -> bool {
        match site {
            Site::OrElse(_) => self.due,
            Site::Duty(_) => self.owed,
            _ => self.fires,
        }
    }
}

fn one(case: &mut Case, at: usize, passed: &BTreeSet<(&str, &str)>) -> Coverage {
    let rule = &case.policy.rules[at];
    let exempt = if rule.reference_only {
        Some("listed for reference")
    } else if rule.applies_to.is_empty() && rule.per.is_none() {
        Some("about no record")
    } else {
        None
    };
    let mut coverage = Coverage {
        rule: rule.id.clone(),
        exempt,
        tests: rule.tests.len(),
        points: Vec::new(),
    };
    if exempt.is_some() {
        return coverage;
    }
    let tests = std::mem::take(&mut case.policy.rules[at].tests);
    let id = coverage.rule.clone();
    let as_of = case.as_of;
    let mut seen = Vec::new();
    let mut seeds = Vec::new();
    for test in &tests {
        let draft = Draft::of_test(test, as_of);
        if passed.contains(&(id.as_str(), test.name.as_str()))
            && let Some(first) = test.records.first()
        {
            let on = test.as_of.unwrap_or(as_of);
            let rules = with(case, &[at], &test.enable);
            let values = alone(case, &rules, &test.records, &first.id, on, |case| {
                let record = case.record(&first.id)?;
                Some(values(case, &case.policy.rules[at], record))
            });
            seen.extend(values.map(|values| Seen {
                name: test.name.clone(),
                values,
                told: Told::of(&test.expect),
            }));
        }
        if !draft.records.is_empty() {
            seeds.push(draft);
        }
    }
    let came_out: Vec<&RuleTest> = tests
        .iter()
        .filter(|test| passed.contains(&(id.as_str(), test.name.as_str())))
        .collect();
    let inner = inner::measure(case, at, &came_out, &seeds);
    if case.policy.rules[at].per.is_some() {
        coverage.points = inner;
        case.policy.rules[at].tests = tests;
        return coverage;
    }
    seeds.extend(named(case, at));
    seeds.extend(blank(&case.policy.rules[at], as_of));
    let rule = &case.policy.rules[at];
    let decision = Decision::of_edition(rule, rule);
    let mut missing = Vec::new();
    for (leaf, found) in decision.leaves.iter().enumerate() {
        let by = |wanted: Outcome| {
            let shows = |seen: &&Seen| {
                seen.values[leaf] == wanted && seen.told.shows(found.site) && decision.decides(&seen.values, leaf)
            };
            seen.iter()
                .find(shows)
                .map_or(Shown::NotFound, |seen| Shown::By(seen.name.clone()))
        };
        let point = Point {
            site: found.site,
            text: found.text.clone(),
            words: found.words.clone(),
            place: found.place.clone(),
            holding: by(Outcome::True),
            failing: by(Outcome::False),
        };
        for (shown, wanted) in [(&point.holding, Outcome::True), (&point.failing, Outcome::False)] {
            if !shown.is_shown() {
                missing.push((leaf, wanted));
            }
        }
        coverage.points.push(point);
    }
    for (leaf, wanted) in missing {
        let found = record_for(case, at, leaf, wanted, seeds.clone());
        let text = found.map(|draft| paste(case, at, leaf, wanted, &draft));
        let shown = text.map_or(Shown::NotFound, Shown::Missing);
        if wanted == Outcome::True {
            coverage.points[leaf].holding = shown;
        } else {
            coverage.points[leaf].failing = shown;
        }
    }
    coverage.points.extend(inner);
    case.policy.rules[at].tests = tests;
    coverage
}

/// How the conditions of a rule come out for a record, under the values of the record's date.
fn values(case: &Case, rule: &Rule, record: &Record) -> Vec<Outcome> {
    let evaluator = Evaluator::new(case);
    let decision = Decision::of_edition(rule, evaluator.edition(rule, record));
    decision::values(&decision, &evaluator, record)
}

/// The tests of the rules that a rule's `fires` names, with those rules switched on.
fn named(case: &Case, at: usize) -> Vec<Draft> {
    let rule = &case.policy.rules[at];
    let mut drafts = Vec::new();
    for leaf in &Decision::of(rule).leaves {
        let What::Condition(Condition::Fires { rules, .. }) = leaf.what else {
            continue;
        };
        for other in with(case, &[], rules).iter().map(|other| &case.policy.rules[*other]) {
            let of_kind = |draft: &Draft| {
                draft
                    .records
                    .first()
                    .is_some_and(|record| rule.applies_to.contains(&record.kind))
            };
            drafts.extend(
                other
                    .tests
                    .iter()
                    .map(|test| Draft::of_test(test, case.as_of))
                    .filter(of_kind)
                    .map(|mut draft| {
                        if !other.enabled {
                            draft.enable.push(other.id.clone());
                        }
                        draft
                    }),
            );
        }
    }
    drafts
}

/// Looks for a record in which this leaf comes out as wanted and decides.
fn record_for(case: &mut Case, at: usize, leaf: usize, wanted: Outcome, seeds: Vec<Draft>) -> Option<Draft> {
    let moves = all_moves(case, &[at], &seeds);
    let mut score = |draft: &Draft| {
        judged(case, &[at], draft, |case, record| {
            let rule = &case.policy.rules[at];
            let decision = Decision::of_edition(rule, rule);
            let values = values(case, rule, record);
            let tree = decision.tree_of(leaf);
            let right = values[leaf] == wanted;
            if right && decision.decides(&values, leaf) {
                return 0;
            }
            1 + usize::from(!right) + tree.cost_to_decide(&values, leaf).unwrap_or(values.len())
        })
    };
    search(seeds, &moves, &mut score)
}

/// Judges the first record of a draft with rules switched on; nothing where the draft is no record.
pub(super) fn judged<T>(
    case: &mut Case,
    on: &[usize],
    draft: &Draft,
    judge: impl FnOnce(&Case, &Record) -> T,
) -> Option<T> {
    let records = draft.read(&case.vocabulary)?;
    let first = records.first()?.id.clone();
    let on = with(case, on, &draft.enable);
    alone(case, &on, &records, &first, draft.as_of, |case| {
        case.record(&first).map(|record| judge(case, record))
    })
}

/// The rules of these indexes and ids.
pub(super) fn with(case: &Case, rules: &[usize], ids: &[String]) -> Vec<usize> {
    let named = |id: &String| case.policy.rules.iter().position(|rule| rule.id == *id);
    let mut all = rules.to_vec();
    for at in ids.iter().filter_map(named) {
        if !all.contains(&at) {
            all.push(at);
        }
    }
    all
}

/// Every change that may turn a condition of these rules, or of a rule that their `fires` names.
pub(super) fn all_moves(case: &Case, rules: &[usize], seeds: &[Draft]) -> Vec<Move> {
    let on = seeds
        .iter()
        .find_map(|draft| date_of(draft.records.first()?))
        .map_or(case.as_of, |(_, day)| day);
    let mut kinds: Vec<Kind> = seeds
        .iter()
        .filter_map(|draft| Some(draft.records.first()?.kind))
        .collect();
    kinds.sort_unstable();
    kinds.dedup();
    let mut waiting: Vec<usize> = rules.to_vec();
    let mut done: BTreeSet<usize> = BTreeSet::new();
    let mut found = Vec::new();
    while let Some(at) = waiting.pop() {
        if !done.insert(at) {
            continue;
        }
        let rule = &case.policy.rules[at];
        for leaf in &Decision::of(rule).leaves {
            for kind in &kinds {
                found.extend(moves::of(leaf, *kind, on));
            }
            if let What::Condition(Condition::Fires { rules, .. }) = leaf.what {
                let others = with(case, &[], rules);
                let off = others.iter().map(|at| &case.policy.rules[*at]);
                let off: Vec<String> = off.filter(|rule| !rule.enabled).map(|rule| rule.id.clone()).collect();
                if !off.is_empty() {
                    found.push(Move::Enable(off));
                }
                waiting.extend(others);
            }
        }
    }
    let mut unique: Vec<Move> = Vec::new();
    let mut seen = BTreeSet::new();
    for change in found {
        if seen.insert(format!("{change:?}")) {
            unique.push(change);
        }
    }
    unique
}

/// Records with nothing in them but an id and the dates that clocks need, one of each kind.
pub(super) fn blank(rule: &Rule, as_of: NaiveDate) -> Vec<Draft> {
    let day = NaiveDate::from_ymd_opt(2025, 3, 11).unwrap_or(as_of);
    let day = day
        .max(rule.effective_from)
        .min(rule.effective_until.unwrap_or(NaiveDate::MAX));
    rule.applies_to
        .iter()
        .map(|kind| {
            let mut record = DraftRecord::new(*kind, "T-1");
            moves::date(&mut record, day);
            for name in rule.duties.iter().flat_map(|duty| duty.due.fields()) {
                let plain = field(*kind, name)
                    .is_some_and(|field| field.need != Need::Derived && matches!(field.kind_of_value, Type::When));
                if plain {
                    record.set(name, Some(Raw::Day(day)));
                }
            }
            Draft {
                records: vec![record],
                as_of: shifted(day, 10),
                enable: Vec::new(),
            }
        })
        .collect()
}

/// The test that a draft makes, ready to be pasted below its rule.
fn paste(case: &mut Case, at: usize, leaf: usize, wanted: Outcome, draft: &Draft) -> String {
    let result = judged(case, &[at], draft, |case, record| {
        came(case, &case.policy.rules[at], Some(record), None)
    });
    let (outcome, owed) = result.unwrap_or((Outcome::Unknown, Vec::new()));
    let rule = &case.policy.rules[at];
    let decision = Decision::of_edition(rule, rule);
    let found = &decision.leaves[leaf];
    let words = found.words.replace('"', "'");
    let name = match (found.site, wanted) {
        (Site::Force, _) => {
            let begins = matches!(found.what, What::From(_));
            match (begins, wanted) {
                (true, Outcome::True) => "the first day in force".to_owned(),
                (true, _) => "the day before the rule takes effect".to_owned(),
                (false, Outcome::True) => "the last day in force".to_owned(),
                (false, _) => "the day after the rule ended".to_owned(),
            }
        }
        (Site::OrElse(_), Outcome::True) => format!("another deadline, because {words}"),
        (Site::OrElse(_), _) => format!("the usual deadline, for it is not so that {words}"),
        (_, Outcome::True) if outcome == Outcome::True => format!("owed, because {words}"),
        (_, Outcome::True) => format!("not owed, because {words}"),
        (_, _) if outcome == Outcome::True => format!("owed, for it is not so that {words}"),
        _ => format!("not owed, for it is not so that {words}"),
    };
    let fires = match outcome {
        Outcome::True => "true",
        Outcome::False => "false",
        Outcome::Unknown => "\"undetermined\"",
    };
    let mut expect = vec![format!("fires = {fires}")];
    if let Some(first) = owed.first() {
        if let Some(duty) = first.duty.as_ref().filter(|_| owed.len() > 1) {
            expect.push(format!("duty = \"{duty}\""));
        }
        match (&first.due.at, &first.due.earliest, first.due.kind) {
            (_, _, DueKind::None) => {}
            (None, Some(earliest), _) => expect.push(format!("earliest = \"{earliest}\"")),
            _ => expect.push(format!("due = \"{}\"", when_due(first))),
        }
    }
    let expect = expect.join(", ");
    let enable: Vec<String> = draft.enable.iter().map(|id| format!("\"{id}\"")).collect();
    let enable = if enable.is_empty() {
        String::new()
    } else {
        format!("enable = [{}]\n", enable.join(", "))
    };
    format!(
        "[[rule.test]]\nname = \"{name}\"\nas_of = {}\n{enable}expect = {{ {expect} }}\n{}",
        draft.as_of,
        draft.print("rule.test.")
    )
}
