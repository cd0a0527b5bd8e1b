//! A test made ready to be asked of many records: its path looked up by prepared names, its words sorted.
//!
//! Common tests are answered here; the others by [`Evaluator::test`], which answers all of them.

use std::rc::Rc;

use crate::evaluate::condition::{is_derived, is_opaque, is_unknown, may_be_opaque, text_of};
use crate::evaluate::evaluate::{Days, Evaluator};
use crate::policy::rule::{Operand, Operator, Outcome, Test};
use crate::record::field::Type;
use crate::record::kind::Kind;
use crate::record::value::{Key, Node, Record, Value};

/// A test of the rules of one kind.
pub(super) struct Question<'c> {
    test: &'c Test,
    path: Vec<Key<'c>>,
    way: Way<'c>,
    /// The field is a list.
    list: bool,
    derived: bool,
    opaque: bool,
}

/// How it is answered.
enum Way<'c> {
    Present(bool),
    Flag(bool),
    /// Whether a value is among these words, or a member of one of the organizations.
    Words {
        words: Vec<&'c str>,
        organizations: Option<&'c [Operand]>,
        negated: bool,
    },
    Other,
}

impl<'c> Question<'c> {
    pub(super) fn of(test: &'c Test, kind: Kind) -> Self {
        let path = &test.path;
        let list = path.many || matches!(path.of, Type::List(_));
        let way = match &test.operator {
            Operator::Present(wanted) => Way::Present(*wanted),
            Operator::Is(operands) if !list => match operands.as_slice() {
                [Operand::Bool(wanted)] => Way::Flag(*wanted),
                operands => words(operands, false),
            },
            Operator::AnyOf(operands) => words(operands, false),
            Operator::NoneOf(operands) => words(operands, true),
            _ => Way::Other,
        };
        Self {
            test,
            path: path.parts.iter().map(|part| Key::of(part)).collect(),
            way,
            list,
            derived: is_derived(kind, path),
            opaque: may_be_opaque(path),
        }
    }

    /// Whether this is the same test of the same field.
    pub(super) fn asks(&self, test: &Test) -> bool {
        self.test.path.text == test.path.text && self.test.operator == test.operator
    }

    /// About how many steps it takes to ask; more for what seldom decides.
    pub(super) fn cost(&self) -> usize {
        let own = match &self.way {
            Way::Words { negated: false, .. } => 2,
            Way::Flag(_) => 3,
            Way::Present(true) => 5,
            Way::Words { negated: true, .. } | Way::Present(false) => 8,
            Way::Other if matches!(self.test.operator, Operator::LaterThan(_)) => 40,
            Way::Other => 10,
        };
        own + self.path.len() + 2 * usize::from(self.list)
    }

    /// The node at the path; an error where the path goes through a list.
    fn node<'r>(&self, record: &'r Record) -> Result<Option<&'r Node>, ()> {
        let mut table = &record.fields;
        let Some((last, tables)) = self.path.split_last() else {
            return Ok(None);
        };
        for key in tables {
            match table.at(*key).map(|node| &node.value) {
                Some(Value::Table(inner)) => table = inner,
                Some(Value::List(_)) => return Err(()),
                _ => return Ok(None),
            }
        }
        Ok(table.at(*last))
    }
}

/// Words and organizations; anything else is answered the other way.
fn words(operands: &[Operand], negated: bool) -> Way<'_> {
    let mut words = Vec::new();
    let mut organizations = None;
    for operand in operands {
        match operand {
            Operand::Word(word) => words.push(word.as_str()),
            Operand::Organization(_) => organizations = Some(operands),
            _ => return Way::Other,
        }
    }
    words.sort_unstable();
    Way::Words {
        words,
        organizations,
        negated,
    }
}

impl Evaluator<'_> {
    /// How a test comes out for a record.
    pub(super) fn ask(&self, question: &Question<'_>, record: &Record, days: Days) -> Outcome {
        if matches!(question.way, Way::Other) {
            return self.test(question.test, record);
        }
        let Ok(node) = question.node(record) else {
            return self.test(question.test, record);
        };
        let unknown = || question.opaque && is_opaque(record);
        match (&question.way, node.map(|node| &node.value)) {
            (Way::Present(wanted), value) => {
                let empty = matches!(value, Some(Value::List(items)) if items.is_empty());
                let present = !empty && node.is_some_and(|node| question.derived || node.place != record.header);
                if !present && unknown() {
                    return Outcome::Unknown;
                }
                Outcome::of(present == *wanted)
            }
            (Way::Flag(wanted), Some(Value::Bool(value))) if !unknown() => Outcome::of(value == wanted),
            (
                Way::Words {
                    words,
                    organizations,
                    negated,
                },
                value,
            ) => {
                let items = match (node, value) {
                    (_, Some(Value::List(items))) => items.as_slice(),
                    (Some(node), _) => std::slice::from_ref(node),
                    (None, _) if question.list && !question.derived => &[],
                    (None, _) => return Outcome::Unknown,
                };
                let outcome = self.among(items, words, *organizations, days);
                let outcome = match outcome {
                    Outcome::False if unknown() => Outcome::Unknown,
                    outcome => outcome,
                };
                if *negated { outcome.negated() } else { outcome }
            }
            _ => self.test(question.test, record),
        }
    }

    /// Whether any item is one of the words or a member of one of the organizations.
    fn among(&self, items: &[Node], words: &[&str], organizations: Option<&[Operand]>, days: Days) -> Outcome {
        let mut result = Outcome::False;
        for item in items {
            if is_unknown(item) {
                result = Outcome::Unknown;
            } else if text_of(item).is_some_and(|text| words.binary_search(&text).is_ok()) {
                return Outcome::True;
            }
        }
        let Some(operands) = organizations.filter(|_| !items.is_empty()) else {
            return result;
        };
        let first = days.first.unwrap_or(self.case.as_of);
        let last = days.last.unwrap_or(first);
        let (before, after) = (self.members(operands, first), self.members(operands, last));
        let member = |members: &Rc<_>| {
            let members: &std::collections::BTreeSet<String> = members;
            let known = items.iter().filter(|item| !is_unknown(item));
            known.filter_map(text_of).any(|text| members.contains(text))
        };
        // Who belongs to an organization may have changed between the first and the last day the date can be.
        match (
            member(&before),
            Rc::ptr_eq(&before, &after) || member(&before) == member(&after),
        ) {
            (_, false) => Outcome::Unknown,
            (true, true) => Outcome::True,
            (false, true) => result,
        }
    }
}
