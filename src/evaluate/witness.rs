//! Records that prove something of two rules: that both fire for one record, or that one does and the other does not.

use crate::evaluate::case::Case;
use crate::evaluate::coverage::{all_moves, blank, judged};
use crate::evaluate::decision::{self, Decision, Want};
use crate::evaluate::draft::Draft;
use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::search::search;
use crate::policy::algebra;
use crate::policy::rule::{Outcome, Rule};
use crate::record::kind::Kind;

/// How two rules stand to each other.
#[derive(Debug)]
pub struct Pair {
    pub first: String,
    pub second: String,
    pub relation: Relation,
}

/// What is proved of two rules that apply to the same kind of record.
#[derive(Debug)]
pub enum Relation {
    /// Every record that makes the first fire makes the second fire. `redundant`: the second also tells everyone the first
    /// tells, by the same deadline, so the first adds nothing.
    Implied { redundant: bool },
    /// For each the same records.
    Same,
    /// Both fire for this record; each alone fires for others.
    Overlap { both: String },
    /// Both fire for this record; whether one is implied by the other is not decided.
    OverlapAtLeast { both: String },
    /// Neither that both can fire nor that they cannot is proved.
    NotDecided,
}

/// The records that tests are made of, and for which rules each fires.
struct Pool {
    drafts: Vec<Draft>,
    /// By draft, then by rule.
    fires: Vec<Vec<bool>>,
}

/// Holds every two rules against each other of which `chosen` takes one; pairs that exclude each other are left out.
pub fn pairs(case: &mut Case, chosen: &dyn Fn(&Rule) -> bool) -> Vec<Pair> {
    let pool = pool(case);
    let count = case.policy.rules.len();
    let mut found = Vec::new();
    for a in 0..count {
        for b in a + 1..count {
            let rules = &case.policy.rules;
            let judged = |rule: &Rule| !rule.reference_only && rule.per.is_none();
            if !(chosen(&rules[a]) || chosen(&rules[b])) || !judged(&rules[a]) || !judged(&rules[b]) {
                continue;
            }
            if algebra::exclusive(&rules[a], &rules[b]) {
                continue;
            }
            let relation = relation(case, a, b, &pool);
            let (a, b) = match &relation {
                (_, true) => (b, a),
                _ => (a, b),
            };
            found.push(Pair {
                first: case.policy.rules[a].id.clone(),
                second: case.policy.rules[b].id.clone(),
                relation: relation.0,
            });
        }
    }
    found
}

/// The relation, and whether the rules stand the other way round in it.
fn relation(case: &mut Case, a: usize, b: usize, pool: &Pool) -> (Relation, bool) {
    let rules = &case.policy.rules;
    let (forth, back) = (
        algebra::implies(&rules[a], &rules[b]),
        algebra::implies(&rules[b], &rules[a]),
    );
    match (forth, back) {
        (true, true) => return (Relation::Same, false),
        (true, false) => {
            let redundant = adds_nothing(&rules[a], &rules[b]);
            return (Relation::Implied { redundant }, false);
        }
        (false, true) => {
            let redundant = adds_nothing(&rules[b], &rules[a]);
            return (Relation::Implied { redundant }, true);
        }
        (false, false) => {}
    }
    let Some(both) = found(case, (a, true), (b, true), pool) else {
        return (Relation::NotDecided, false);
    };
    let both = both.print("");
    let apart =
        found(case, (a, true), (b, false), pool).is_some() && found(case, (b, true), (a, false), pool).is_some();
    if apart {
        (Relation::Overlap { both }, false)
    } else {
        (Relation::OverlapAtLeast { both }, false)
    }
}

/// Whether whoever is told under `a` is told under `b` by the same deadline.
fn adds_nothing(a: &Rule, b: &Rule) -> bool {
    a.effect == b.effect
        && !a.duties.is_empty()
        && a.duties.iter().all(|duty| {
            b.duties.iter().any(|other| {
                other.when.is_none()
                    && other.or_else.is_none()
                    && duty.notify.iter().all(|id| other.notify.contains(id))
                    && duty.due.text() == other.due.text()
                    && duty.contains.iter().all(|field| other.contains.contains(field))
            })
        })
}

fn pool(case: &mut Case) -> Pool {
    let as_of = case.as_of;
    let drafts: Vec<Draft> = case
        .policy
        .rules
        .iter()
        .flat_map(|rule| &rule.tests)
        .map(|test| Draft::of_test(test, as_of))
        .filter(|draft| !draft.records.is_empty())
        .collect();
    let all: Vec<usize> = (0..case.policy.rules.len())
        .filter(|at| !case.policy.rules[*at].reference_only)
        .collect();
    let fires = drafts
        .iter()
        .map(|draft| {
            judged(case, &all, draft, |case, record| {
                let evaluator = Evaluator::new(case);
                let fires = |rule: &Rule| evaluator.rule_outcome(&rule.id, record) == Outcome::True;
                case.policy.rules.iter().map(fires).collect()
            })
            .unwrap_or_default()
        })
        .collect();
    Pool { drafts, fires }
}

/// A record for which the one rule comes out so and the other so: from the pool, else searched for.
fn found(case: &mut Case, a: (usize, bool), b: (usize, bool), pool: &Pool) -> Option<Draft> {
    let fits = |(rule, wanted): (usize, bool), fires: &[bool]| fires.get(rule) == Some(&wanted);
    let kinds = algebra::shared_kinds(&case.policy.rules[a.0], &case.policy.rules[b.0]);
    let known = pool
        .drafts
        .iter()
        .zip(&pool.fires)
        .find(|(draft, fires)| of_kinds(draft, &kinds) && fits(a, fires) && fits(b, fires));
    if let Some((draft, _)) = known {
        return Some(draft.clone());
    }
    let near = pool.drafts.iter().zip(&pool.fires);
    let mut seeds: Vec<Draft> = near
        .filter(|(draft, fires)| of_kinds(draft, &kinds) && (fits(a, fires) || fits(b, fires)))
        .map(|(draft, _)| draft.clone())
        .take(6)
        .collect();
    seeds.extend(
        blank(&case.policy.rules[a.0], case.as_of)
            .into_iter()
            .filter(|draft| of_kinds(draft, &kinds)),
    );
    let moves = all_moves(case, &[a.0, b.0], &seeds);
    search(seeds, &moves, &mut |draft| {
        Some(cost(case, a.0, want(a.1), draft)? + cost(case, b.0, want(b.1), draft)?)
    })
}

fn want(fires: bool) -> Want {
    if fires { Want::True } else { Want::NotTrue }
}

fn of_kinds(draft: &Draft, kinds: &[Kind]) -> bool {
    draft.records.first().is_some_and(|record| kinds.contains(&record.kind))
}

/// How many conditions of a rule would have to turn in a draft.
fn cost(case: &mut Case, at: usize, want: Want, draft: &Draft) -> Option<usize> {
    judged(case, &[at], draft, |case, record| {
        let decision = Decision::of(&case.policy.rules[at]);
        let values = decision::values(&decision, &Evaluator::new(case), record);
        decision.fires.cost(&values, want)
    })
}

/// A record that one version of a rule applies to and the other does not, as TOML; nothing where none was found. Each
/// version stands in a case of its own.
pub fn only_one(with: (&mut Case, usize), without: (&mut Case, usize)) -> Option<String> {
    let (with, a) = with;
    let (without, b) = without;
    let kinds = algebra::shared_kinds(&with.policy.rules[a], &without.policy.rules[b]);
    let mut seeds = Vec::new();
    for (case, at) in [(&*with, a), (&*without, b)] {
        let rule = &case.policy.rules[at];
        seeds.extend(rule.tests.iter().map(|test| Draft::of_test(test, case.as_of)));
        seeds.extend(blank(rule, case.as_of));
    }
    seeds.retain(|draft| of_kinds(draft, &kinds));
    let mut moves = all_moves(with, &[a], &seeds);
    moves.extend(all_moves(without, &[b], &seeds));
    search(seeds, &moves, &mut |draft| {
        Some(cost(with, a, Want::True, draft)? + cost(without, b, Want::NotTrue, draft)?)
    })
    .map(|draft| draft.print(""))
}
