//! Rules that can never fire: conditions over finite domains, decided exactly.
//!
//! A condition is multiplied out into conjunctions of tests. Of each field only the values that its tests tell apart
//! matter, and one value that none of them names; a conjunction can hold when every field has a value that meets all
//! its tests. What cannot be decided (windows, `fires`, members of organizations) counts as possible: a rule is called
//! dead only when it is.

use std::collections::BTreeMap;

use crate::base::diagnostic::Diagnostic;
use crate::policy::rule::{Condition, Operand, Operator, Outcome, Rule, Test};
use crate::policy::scope::dead;
use crate::record::field::{Need, Type, UNKNOWN_WORDS, field, type_at};
use crate::record::kind::Kind;

/// More conjunctions than this are not looked at: the rule passes.
const LIMIT: usize = 4096;

/// More values than this of one list are not combined: the list passes.
const LIST_LIMIT: usize = 12;

/// How a condition must come out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Want {
    True,
    False,
    /// False or unknown: an `unless` excepts only where it is shown to hold.
    NotTrue,
    NotFalse,
}

impl Want {
    fn negated(self) -> Want {
        match self {
            Want::True => Want::False,
            Want::False => Want::True,
            Want::NotTrue => Want::NotFalse,
            Want::NotFalse => Want::NotTrue,
        }
    }

    /// Whether all parts of an `all` must come out so, or one is enough.
    fn all_of_all(self) -> bool {
        matches!(self, Want::True | Want::NotFalse)
    }

    /// `None`: the outcome cannot be told.
    fn met_by(self, outcome: Option<Outcome>) -> bool {
        match (self, outcome) {
            (_, None) => true,
            (Want::True, Some(outcome)) => outcome == Outcome::True,
            (Want::False, Some(outcome)) => outcome == Outcome::False,
            (Want::NotTrue, Some(outcome)) => outcome != Outcome::True,
            (Want::NotFalse, Some(outcome)) => outcome != Outcome::False,
        }
    }
}

/// A test and how it must come out.
#[derive(Debug, Clone, Copy)]
pub(super) struct Literal<'a> {
    test: &'a Test,
    want: Want,
}

impl Literal<'_> {
    fn words(&self) -> String {
        let not = if matches!(self.want, Want::False | Want::NotTrue) {
            "not "
        } else {
            ""
        };
        format!("{not}`{}`", self.test.text)
    }
}

type Conjunction<'a> = Vec<Literal<'a>>;

/// Alternatives, each a conjunction. `None`: too many to look at.
pub(super) type Conjunctions<'a> = Option<Vec<Conjunction<'a>>>;

/// Says what of a rule can never be.
pub(super) fn check(rule: &Rule) -> Vec<Diagnostic> {
    if rule.reference_only {
        return Vec::new();
    }
    let mut found = Vec::new();
    let kinds = &rule.applies_to;
    for (followed, what) in [(&rule.unless_followed, "unless_followed"), (&rule.preceded, "preceded")] {
        if let Some(followed) = followed
            && let Some(when) = &followed.when
            && never(expand(when, Want::True).as_ref(), &[followed.kind])
        {
            found.push(
                dead(
                    format!("no record can meet `{what}`"),
                    &followed.place,
                    "its conditions contradict one another",
                )
                .help("take one of them away"),
            );
        }
    }
    let when = expand(&rule.when, Want::True);
    if never(when.as_ref(), kinds) {
        found.push(contradiction(rule, when.as_deref().unwrap_or_default()));
        return stamped(found, rule);
    }
    let base = match &rule.unless {
        Some(unless) => times(when, expand(unless, Want::NotTrue)),
        None => when,
    };
    if never(base.as_ref(), kinds) {
        found.push(
            dead(
                "the rule can never fire",
                &rule.place,
                "`unless` excepts every record that `when` meets",
            )
            .help("take the test that both have out of one of them"),
        );
        return stamped(found, rule);
    }
    for duty in &rule.duties {
        let owed = match &duty.when {
            Some(when) => times(base.clone(), expand(when, Want::True)),
            None => base.clone(),
        };
        if never(owed.as_ref(), kinds) {
            found.push(
                dead(
                    "the duty is never owed",
                    &duty.place,
                    "its `when` contradicts the rule's",
                )
                .help("take one of the contradicting tests away, or leave the duty out"),
            );
            continue;
        }
        if let Some(or_else) = &duty.or_else
            && never(times(owed, expand(&or_else.when, Want::True)).as_ref(), kinds)
        {
            found.push(
                dead(
                    "`or_else` never takes the place of `due`",
                    &duty.place,
                    "its `when` contradicts the rule's",
                )
                .help("take one of the contradicting tests away, or leave `or_else` out"),
            );
        }
    }
    stamped(found, rule)
}

fn stamped(found: Vec<Diagnostic>, rule: &Rule) -> Vec<Diagnostic> {
    found
        .into_iter()
        .map(|diagnostic| diagnostic.rule(rule.id.clone()))
        .collect()
}

/// Names the test that no record meets, or the two that exclude each other, where it comes down to that.
fn contradiction(rule: &Rule, conjunctions: &[Conjunction<'_>]) -> Diagnostic {
    let only: &[Literal<'_>] = match conjunctions {
        [only] => only,
        _ => &[],
    };
    if let Some(alone) = only.iter().find(|literal| !possible(&[**literal], &rule.applies_to)) {
        return dead(
            "the rule can never fire",
            &alone.test.place,
            "no record of this rule meets the test",
        )
        .help(format!(
            "{} never holds here: take it away, or change `applies_to`",
            alone.words()
        ));
    }
    let pair = only.iter().enumerate().find_map(|(at, second)| {
        let first = only[..at]
            .iter()
            .find(|first| !possible(&[**first, *second], &rule.applies_to))?;
        Some((first, second))
    });
    match pair {
        Some((first, second)) => dead(
            "the rule can never fire",
            &second.test.place,
            "contradicts the other test",
        )
        .related(first.test.place.clone(), format!("`{}`", first.test.text))
        .help(format!(
            "no record meets both {} and {}: take one away, or put them into `any`",
            first.words(),
            second.words()
        )),
        None => dead(
            "the rule can never fire",
            &rule.place,
            "its conditions contradict one another",
        )
        .help("no record meets all of them: take one away, or put alternatives into `any`"),
    }
}

/// Multiplies a condition out. `None`: too large to look at.
pub(super) fn expand(condition: &Condition, want: Want) -> Conjunctions<'_> {
    let (parts, all) = match condition {
        Condition::Test(test) => return Some(vec![vec![Literal { test, want }]]),
        Condition::Window(_) | Condition::Fires { .. } => return Some(vec![Vec::new()]),
        Condition::Not(inner) => return expand(inner, want.negated()),
        Condition::All(parts) => (parts, want.all_of_all()),
        Condition::Any(parts) => (parts, !want.all_of_all()),
    };
    let mut expanded = parts.iter().map(|part| expand(part, want));
    if all {
        expanded.try_fold(vec![Vec::new()], |product, part| times(Some(product), part))
    } else {
        expanded.try_fold(Vec::new(), |mut sum, part| {
            sum.extend(part?);
            (sum.len() <= LIMIT).then_some(sum)
        })
    }
}

pub(super) fn times<'a>(left: Conjunctions<'a>, right: Conjunctions<'a>) -> Conjunctions<'a> {
    let (left, right) = (left?, right?);
    if left.len() * right.len() > LIMIT {
        return None;
    }
    Some(
        left.iter()
            .flat_map(|first| right.iter().map(|second| first.iter().chain(second).copied().collect()))
            .collect(),
    )
}

/// Whether no conjunction can hold.
pub(super) fn never(conjunctions: Option<&Vec<Conjunction<'_>>>, kinds: &[Kind]) -> bool {
    conjunctions.is_some_and(|all| !all.iter().any(|literals| possible(literals, kinds)))
}

/// Whether a record of one of the kinds can meet all tests.
fn possible(literals: &[Literal<'_>], kinds: &[Kind]) -> bool {
    let kinds = if kinds.is_empty() { Kind::ALL } else { kinds };
    kinds.iter().any(|kind| {
        let mut fields: BTreeMap<&str, Vec<Literal<'_>>> = BTreeMap::new();
        for literal in literals {
            fields
                .entry(literal.test.path.text.as_str())
                .or_default()
                .push(*literal);
        }
        // Sorted, so that a table comes before what is inside it.
        let mut absent: Vec<String> = Vec::new();
        fields.iter().all(|(path, tests)| {
            let Some((of, many)) = type_at(*kind, path) else {
                return true;
            };
            let gone = absent.iter().any(|table| path.starts_with(table));
            if matches!(of, Type::Table(_))
                && !tests
                    .iter()
                    .all(|test| test.want.met_by(scalar(test.test, &Value::Some)))
            {
                absent.push(format!("{path}."));
            }
            if many || matches!(of, Type::List(_)) {
                list_possible(of, tests, gone)
            } else {
                scalar_possible(*kind, path, of, tests, gone)
            }
        })
    })
}

/// A value of a field, as far as tests tell values apart.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Value {
    Absent,
    /// "undetermined" or "unknown".
    Vague,
    /// Classified at a level that is not known.
    Classified,
    Word(String),
    Bool(bool),
    Number(i64),
    /// Something that no test names.
    Some,
}

fn scalar_possible(kind: Kind, path: &str, of: Type, tests: &[Literal<'_>], gone: bool) -> bool {
    let mut values = Vec::new();
    if !gone {
        match of {
            Type::Choice(_) if path == "kind" => values.push(Value::Word(kind.name().to_owned())),
            Type::Choice(words) => {
                values.extend(words.iter().map(|word| {
                    if UNKNOWN_WORDS.contains(word) {
                        Value::Vague
                    } else {
                        Value::Word((*word).to_owned())
                    }
                }));
            }
            Type::Bool => values.extend([Value::Bool(true), Value::Bool(false)]),
            Type::Level => {
                values.extend((0..4).map(Value::Number));
                if path != "level" {
                    values.push(Value::Classified);
                }
            }
            Type::Integer => values.extend(numbers(tests).into_iter().map(Value::Number)),
            _ => {
                values.extend(words(tests).into_iter().map(Value::Word));
                values.push(Value::Some);
            }
        }
    }
    let required = field(kind, path).is_some_and(|field| field.need == Need::Required) || path == "kind";
    if gone || !required {
        values.push(Value::Absent);
    }
    values
        .iter()
        .any(|value| tests.iter().all(|test| test.want.met_by(scalar(test.test, value))))
}

fn operands(test: &Test) -> &[Operand] {
    match &test.operator {
        Operator::Is(operands) | Operator::AnyOf(operands) | Operator::AllOf(operands) | Operator::NoneOf(operands) => {
            operands
        }
        _ => &[],
    }
}

/// The words that tests name.
fn words(tests: &[Literal<'_>]) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for operand in tests.iter().flat_map(|test| operands(test.test)) {
        if let Operand::Word(word) = operand
            && !words.contains(word)
        {
            words.push(word.clone());
        }
    }
    words
}

/// The numbers that tests tell apart: each bound and its neighbours.
fn numbers(tests: &[Literal<'_>]) -> Vec<i64> {
    let mut numbers = vec![0];
    for literal in tests {
        let named: Vec<i64> = match &literal.test.operator {
            Operator::AtLeast(bound) | Operator::AtMost(bound) | Operator::MoreThan(bound) => vec![*bound],
            _ => operands(literal.test)
                .iter()
                .filter_map(|operand| match operand {
                    Operand::Number(number) => Some(*number),
                    _ => None,
                })
                .collect(),
        };
        numbers.extend(
            named
                .iter()
                .flat_map(|number| [number.saturating_sub(1), *number, number.saturating_add(1)]),
        );
    }
    numbers
}

/// How a test comes out for one value; `None` where that cannot be told.
fn scalar(test: &Test, value: &Value) -> Option<Outcome> {
    let truth = |holds: bool| if holds { Outcome::True } else { Outcome::False };
    let (named, same) = match &test.operator {
        Operator::LaterThan(_) => return None,
        Operator::Present(wanted) => return Some(truth((*value != Value::Absent) == *wanted)),
        _ if matches!(value, Value::Absent | Value::Vague) => return Some(Outcome::Unknown),
        Operator::AtLeast(bound) => return bounded(value, |number| number >= *bound, *bound <= 1),
        Operator::MoreThan(bound) => return bounded(value, |number| number > *bound, *bound <= 0),
        Operator::AtMost(bound) => return bounded(value, |number| number <= *bound, *bound >= 3),
        Operator::Count(_) | Operator::AllOf(_) => return None,
        Operator::Is(operands) | Operator::AnyOf(operands) => (operands, true),
        Operator::NoneOf(operands) => (operands, false),
    };
    if *value == Value::Classified {
        return None;
    }
    let equal = named.iter().any(|operand| match (operand, value) {
        (Operand::Word(word), Value::Word(value)) => word == value,
        (Operand::Bool(wanted), Value::Bool(value)) => wanted == value,
        (Operand::Number(number) | Operand::Level(number), Value::Number(value)) => number == value,
        _ => false,
    });
    let open = !equal && named.iter().any(|operand| matches!(operand, Operand::Organization(_)));
    if open { None } else { Some(truth(equal == same)) }
}

/// A comparison with a bound; "classified" meets it where every classified level does, else it cannot be told.
fn bounded(value: &Value, meets: impl Fn(i64) -> bool, classified: bool) -> Option<Outcome> {
    match value {
        Value::Number(number) => Some(if meets(*number) { Outcome::True } else { Outcome::False }),
        Value::Classified if classified => Some(Outcome::True),
        _ => None,
    }
}

/// Whether a list can have parts that meet all tests.
fn list_possible(of: Type, tests: &[Literal<'_>], gone: bool) -> bool {
    let named = words(tests);
    if named.len() >= LIST_LIMIT {
        return true;
    }
    // One bit for each word that is named, the last for a value that no test names.
    let other = 1 << named.len();
    let part = match of {
        Type::List(part) => *part,
        part => part,
    };
    let all_named = match part {
        Type::Choice(all) => all.iter().all(|word| named.iter().any(|known| known == word)),
        _ => false,
    };
    let end = if all_named { other } else { other << 1 };
    (0..end).take(if gone { 1 } else { end }).any(|parts| {
        tests
            .iter()
            .all(|literal| literal.want.met_by(list(literal, &named, parts, other)))
    })
}

/// How a test comes out for a list of these parts.
fn list(literal: &Literal<'_>, named: &[String], parts: usize, other: usize) -> Option<Outcome> {
    let bits = |operands: &[Operand]| -> Option<usize> {
        operands.iter().try_fold(0, |bits, operand| match operand {
            Operand::Word(word) => named.iter().position(|known| known == word).map(|at| bits | (1 << at)),
            _ => None,
        })
    };
    let holds = match &literal.test.operator {
        Operator::Present(wanted) => (parts != 0) == *wanted,
        Operator::Count(number) => {
            let least = i64::from(parts.count_ones());
            if parts & other == 0 {
                least == *number
            } else {
                least <= *number
            }
        }
        Operator::Is(operands) => parts == bits(operands)?,
        Operator::AnyOf(operands) => parts & bits(operands)? != 0,
        Operator::AllOf(operands) => {
            let wanted = bits(operands)?;
            parts & wanted == wanted
        }
        Operator::NoneOf(operands) => parts & bits(operands)? == 0,
        _ => return None,
    };
    // Codes derived from a marking may be undeterminable, and then the test is unknown.
    let derived = matches!(literal.want, Want::NotTrue | Want::NotFalse);
    if derived && matches!(literal.test.path.of, Type::List(Type::Code)) {
        return None;
    }
    Some(if holds { Outcome::True } else { Outcome::False })
}
