//! A rule as a decision: the tree of its conditions, how each came out for one record, and which of them decide.
//!
//! A condition *decides* where turning it alone, all others left as they are, changes the outcome. A window is taken as if its own record counted, for
//! else every other line of the rule would turn the window with it and could never be shown to decide alone.

use chrono::NaiveDate;

use crate::base::source::Place;
use crate::evaluate::condition::{Windows, in_force};

use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::neighbour::Direction;
use crate::policy::rule::{Condition, Followed, Outcome, Rule};
use crate::policy::sentence;
use crate::record::value::Record;

/// A single condition of a rule.
#[derive(Debug, Clone)]
pub struct Leaf<'r> {
    pub site: Site,
    pub what: What<'r>,
    /// As written: `counterpart.country any_of @adversary`.
    pub text: String,
    /// In English: "counterpart country is one of RUS, CHN, IRN or PRK".
    pub words: String,
    /// Where it stands in the pack.
    pub place: Place,
}

/// Where in its rule a condition stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site {
    /// `effective`: from, until.
    Force,
    When,
    Unless,
    Preceded,
    Followed,
    /// `where` of a window.
    Where,
    /// `when` of the duty of this number.
    Duty(usize),
    /// `or_else` of the duty of this number.
    OrElse(usize),
}

impl Site {
    /// The word under which it stands in the pack.
    pub fn word(self) -> &'static str {
        match self {
            Site::Force => "effective",
            Site::When => "when",
            Site::Unless => "unless",
            Site::Preceded => "preceded",
            Site::Followed => "unless_followed",
            Site::Where => "where",
            Site::Duty(_) => "duty when",
            Site::OrElse(_) => "or_else when",
        }
    }
}

/// What a condition asks.
#[derive(Debug, Clone, Copy)]
pub enum What<'r> {
    /// Dated on or after this day.
    From(NaiveDate),
    /// Dated on or before this day.
    Until(NaiveDate),
    /// A test, a window, or `fires`.
    Condition(&'r Condition),
    Preceded(&'r Followed),
    Followed(&'r Followed),
}

/// The conditions over their leaves.
#[derive(Debug, Clone)]
pub enum Tree {
    Leaf(usize),
    All(Vec<Tree>),
    Any(Vec<Tree>),
    Not(Box<Tree>),
    /// Holds unless the inner tree is shown to hold.
    Unshown(Box<Tree>),
}

/// How a part of a tree is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Want {
    True,
    False,
    NotTrue,
    NotFalse,
}

impl Want {
    fn met_by(self, outcome: Outcome) -> bool {
        match self {
            Want::True => outcome == Outcome::True,
            Want::False => outcome == Outcome::False,
            Want::NotTrue => outcome != Outcome::True,
            Want::NotFalse => outcome != Outcome::False,
        }
    }

    fn negated(self) -> Want {
        match self {
            Want::True => Want::False,
            Want::False => Want::True,
            Want::NotTrue => Want::NotFalse,
            Want::NotFalse => Want::NotTrue,
        }
    }

    fn of_unshown(self) -> Want {
        match self {
            Want::True | Want::NotFalse => Want::NotTrue,
            Want::False | Want::NotTrue => Want::True,
        }
    }

    /// Whether all parts of an `all` must come out so, or one is enough.
    fn all_of_all(self) -> bool {
        matches!(self, Want::True | Want::NotFalse)
    }
}

/// A rule's leaves and the decisions made over them.
#[derive(Debug)]
pub struct Decision<'r> {
    pub leaves: Vec<Leaf<'r>>,
    /// Whether the rule fires and its notice does not lapse.
    pub fires: Tree,
    /// For each duty with a `when` of its own: whether it is owed.
    pub owed: Vec<Option<Tree>>,
    /// For each duty with `or_else`: whether that takes the place of `due`.
    pub or_else: Vec<Option<Tree>>,
}

impl<'r> Decision<'r> {
    pub fn of(rule: &'r Rule) -> Decision<'r> {
        Decision::within(rule, (rule.edition_from, rule.effective_until))
    }

    /// The decision that one edition of a rule makes, in force as long as the whole rule: what editions have in common.
    pub fn of_edition(rule: &Rule, edition: &'r Rule) -> Decision<'r> {
        Decision::within(edition, (rule.effective_from, rule.effective_until))
    }

    fn within(rule: &'r Rule, force: (NaiveDate, Option<NaiveDate>)) -> Decision<'r> {
        let mut leaves = Vec::new();
        let fires = fires(rule, force, &mut leaves);
        let mut owed = Vec::new();
        let mut or_else = Vec::new();
        for (at, duty) in rule.duties.iter().enumerate() {
            let when = duty
                .when
                .as_ref()
                .map(|when| Tree::All(vec![fires.clone(), tree(when, Site::Duty(at), &mut leaves)]));
            or_else.push(duty.or_else.as_ref().map(|other| {
                let base = when.clone().unwrap_or_else(|| fires.clone());
                Tree::All(vec![base, tree(&other.when, Site::OrElse(at), &mut leaves)])
            }));
            owed.push(when);
        }
        Decision {
            leaves,
            fires,
            owed,
            or_else,
        }
    }

    /// Whether turning a leaf alone would be seen in what the rule does.
    pub fn decides(&self, values: &[Outcome], leaf: usize) -> bool {
        let tree = self.tree_of(leaf);
        // A deadline that is not replaced and one whose replacement is unknown are the same.
        let guards = !matches!(self.leaves[leaf].site, Site::OrElse(_)) && tree.guards(values, leaf);
        tree.decides(values, leaf) || guards
    }

    /// The decision that a leaf is part of.
    pub fn tree_of(&self, leaf: usize) -> &Tree {
        let own = match self.leaves[leaf].site {
            Site::Duty(at) => self.owed.get(at).and_then(Option::as_ref),
            Site::OrElse(at) => self.or_else.get(at).and_then(Option::as_ref),
            _ => None,
        };
        own.unwrap_or(&self.fires)
    }
}

/// The tree of whether a rule fires: in force, `when`, not shown to be excepted, preceded, not followed.
fn fires<'r>(rule: &'r Rule, (from, until): (NaiveDate, Option<NaiveDate>), leaves: &mut Vec<Leaf<'r>>) -> Tree {
    let mut parts = Vec::new();
    let mut whole = |site, what, text: String, words: String, place: &Place| {
        leaves.push(Leaf {
            site,
            what,
            text,
            words,
            place: place.clone(),
        });
        Tree::Leaf(leaves.len() - 1)
    };
    if from > NaiveDate::MIN {
        parts.push(whole(
            Site::Force,
            What::From(from),
            format!("date in force from {from}"),
            format!("date is {from} or later"),
            &rule.place,
        ));
    }
    if let Some(until) = until {
        parts.push(whole(
            Site::Force,
            What::Until(until),
            format!("date in force until {until}"),
            format!("date is {until} or earlier"),
            &rule.place,
        ));
    }
    if let Some(preceded) = &rule.preceded {
        let words = sentence::follower(preceded);
        let text = format!("preceded by {words}");
        let leaf = whole(
            Site::Preceded,
            What::Preceded(preceded),
            text,
            format!("{words} came before it"),
            &preceded.place,
        );
        parts.push(leaf);
    }
    let followed = rule.unless_followed.as_ref().map(|followed| {
        let words = sentence::follower(followed);
        let text = format!("followed by {words}");
        let leaf = whole(
            Site::Followed,
            What::Followed(followed),
            text,
            format!("{words} follows"),
            &followed.place,
        );
        Tree::Unshown(Box::new(leaf))
    });
    parts.push(tree(&rule.when, Site::When, leaves));
    if let Some(unless) = &rule.unless {
        parts.push(Tree::Unshown(Box::new(tree(unless, Site::Unless, leaves))));
    }
    parts.extend(followed);
    Tree::All(parts)
}

fn tree<'r>(condition: &'r Condition, site: Site, leaves: &mut Vec<Leaf<'r>>) -> Tree {
    let mut each = |parts: &'r [Condition]| parts.iter().map(|part| tree(part, site, leaves)).collect();
    match condition {
        Condition::All(parts) => Tree::All(each(parts)),
        Condition::Any(parts) => Tree::Any(each(parts)),
        Condition::Not(inner) => Tree::Not(Box::new(tree(inner, site, leaves))),
        Condition::Test(_) | Condition::Window(_) | Condition::Fires { .. } => {
            let Some((text, place)) = leaf_text(condition) else {
                return Tree::All(Vec::new());
            };
            leaves.push(Leaf {
                site,
                what: What::Condition(condition),
                text,
                words: sentence::single(condition),
                place: place.clone(),
            });
            Tree::Leaf(leaves.len() - 1)
        }
    }
}

/// A single condition as written, and where it stands; nothing for `all`, `any` and `not`.
pub(super) fn leaf_text(condition: &Condition) -> Option<(String, &Place)> {
    match condition {
        Condition::Test(test) => Some((test.text.clone(), &test.place)),
        Condition::Window(window) => Some((window.text.clone(), &window.place)),
        Condition::Fires { rules, place } => Some((format!("fires any_of {}", rules.join(", ")), place)),
        Condition::All(_) | Condition::Any(_) | Condition::Not(_) => None,
    }
}

/// How every leaf comes out for a record.
pub(super) fn values(decision: &Decision<'_>, evaluator: &Evaluator<'_>, record: &Record) -> Vec<Outcome> {
    let case = evaluator.case;
    decision
        .leaves
        .iter()
        .map(|leaf| match leaf.what {
            What::From(from) => in_force(evaluator.days(record), from, None, case.as_of),
            What::Until(until) => in_force(evaluator.days(record), NaiveDate::MIN, Some(until), case.as_of),
            What::Condition(Condition::Window(window)) => evaluator.window_with_itself(window, record),
            What::Condition(condition) => evaluator.outcome(condition, record, Windows::Counted, 0, None),
            What::Preceded(preceded) => Outcome::of(evaluator.neighbour(preceded, record, Direction::Before).is_some()),
            What::Followed(followed) => Outcome::of(evaluator.neighbour(followed, record, Direction::After).is_some()),
        })
        .collect()
}

impl Tree {
    /// How the tree comes out for values of its leaves.
    pub fn outcome(&self, values: &[Outcome]) -> Outcome {
        self.with(values, usize::MAX, Outcome::Unknown)
    }

    /// How the tree comes out where one leaf has another value.
    fn with(&self, values: &[Outcome], leaf: usize, value: Outcome) -> Outcome {
        let fold = |parts: &[Tree], decisive: Outcome| {
            let mut result = decisive.negated();
            for part in parts {
                match part.with(values, leaf, value) {
                    outcome if outcome == decisive => return decisive,
                    Outcome::Unknown => result = Outcome::Unknown,
                    _ => {}
                }
            }
            result
        };
        match self {
            Tree::Leaf(at) if *at == leaf => value,
            Tree::Leaf(at) => values.get(*at).copied().unwrap_or(Outcome::Unknown),
            Tree::All(parts) => fold(parts, Outcome::False),
            Tree::Any(parts) => fold(parts, Outcome::True),
            Tree::Not(inner) => inner.with(values, leaf, value).negated(),
            Tree::Unshown(inner) => Outcome::of(inner.with(values, leaf, value) != Outcome::True),
        }
    }

    /// Whether a leaf alone decides whether the tree holds.
    pub fn decides(&self, values: &[Outcome], leaf: usize) -> bool {
        let holds = |value| self.with(values, leaf, value) == Outcome::True;
        holds(Outcome::True) != holds(Outcome::False)
    }

    /// Whether a leaf keeps an unknown away: not holding, it makes a certain no of what would be unknown. This is what
    /// `finding.present = true` does beside a test inside `finding`.
    pub fn guards(&self, values: &[Outcome], leaf: usize) -> bool {
        self.outcome(values) == Outcome::False && self.with(values, leaf, Outcome::True) == Outcome::Unknown
    }

    /// The least number of leaves that would have to turn for the tree to come out as wanted.
    pub fn cost(&self, values: &[Outcome], want: Want) -> usize {
        match self {
            Tree::Leaf(at) => usize::from(!want.met_by(values.get(*at).copied().unwrap_or(Outcome::Unknown))),
            Tree::Not(inner) => inner.cost(values, want.negated()),
            Tree::Unshown(inner) => inner.cost(values, want.of_unshown()),
            Tree::All(parts) | Tree::Any(parts) => {
                let costs = parts.iter().map(|part| part.cost(values, want));
                if matches!(self, Tree::All(_)) == want.all_of_all() {
                    costs.sum()
                } else {
                    // Nothing can make an empty `any` hold.
                    costs.min().unwrap_or(values.len() + 1)
                }
            }
        }
    }

    /// The least number of other leaves that would have to turn for `leaf` to decide; nothing where it is not in here.
    pub fn cost_to_decide(&self, values: &[Outcome], leaf: usize) -> Option<usize> {
        self.towards(values, leaf, true)
    }

    fn towards(&self, values: &[Outcome], leaf: usize, upright: bool) -> Option<usize> {
        let others = |parts: &[Tree], want: Want| {
            let at = parts.iter().position(|part| part.holds(leaf))?;
            let own = parts[at].towards(values, leaf, upright)?;
            let rest = parts.iter().enumerate().filter(|(other, _)| *other != at);
            Some(own + rest.map(|(_, part)| part.cost(values, want)).sum::<usize>())
        };
        match self {
            Tree::Leaf(at) => (*at == leaf).then_some(0),
            Tree::Not(inner) => inner.towards(values, leaf, !upright),
            Tree::Unshown(inner) => inner.towards(values, leaf, true),
            Tree::All(parts) => others(parts, if upright { Want::True } else { Want::NotFalse }),
            Tree::Any(parts) => others(parts, if upright { Want::NotTrue } else { Want::False }),
        }
    }

    fn holds(&self, leaf: usize) -> bool {
        match self {
            Tree::Leaf(at) => *at == leaf,
            Tree::All(parts) | Tree::Any(parts) => parts.iter().any(|part| part.holds(leaf)),
            Tree::Not(inner) | Tree::Unshown(inner) => inner.holds(leaf),
        }
    }

    /// The smallest sets of leaves that would have to turn for the tree to come out as wanted, each leaf with how it
    /// would have to come out; at most `limit` sets.
    pub fn nearest(&self, values: &[Outcome], want: Want, limit: usize) -> Vec<Vec<(usize, Want)>> {
        match self {
            Tree::Leaf(_) if self.cost(values, want) == 0 => vec![Vec::new()],
            Tree::Leaf(at) => vec![vec![(*at, want)]],
            Tree::Not(inner) => inner.nearest(values, want.negated(), limit),
            Tree::Unshown(inner) => inner.nearest(values, want.of_unshown(), limit),
            Tree::All(parts) | Tree::Any(parts) => {
                if matches!(self, Tree::All(_)) == want.all_of_all() {
                    let mut product: Vec<Vec<(usize, Want)>> = vec![Vec::new()];
                    for part in parts {
                        let sets = part.nearest(values, want, limit);
                        product = product
                            .iter()
                            .flat_map(|before| sets.iter().map(|set| before.iter().chain(set).copied().collect()))
                            .take(limit)
                            .collect();
                    }
                    product
                } else {
                    let least = parts.iter().map(|part| part.cost(values, want)).min().unwrap_or(0);
                    let best = parts.iter().filter(|part| part.cost(values, want) == least);
                    best.flat_map(|part| part.nearest(values, want, limit))
                        .take(limit)
                        .collect()
                }
            }
        }
    }
}
