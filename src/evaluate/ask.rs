//! The tests of rules made ready to be asked of many records.
//!
//! What the rules of a kind ask of one field is answered together: the field is looked up once, and one look at its words
//! says which tests they meet, a bit for each. Tests of other forms go through [`Evaluator::test`], which answers all.

use std::sync::Arc;

use crate::evaluate::case::Days;
use crate::evaluate::condition::{OpenSet, is_derived, is_unknown, text_of};
use crate::evaluate::evaluate::Evaluator;
use crate::policy::rule::{Operand, Operator, Outcome, Test};
use crate::record::field::Type;
use crate::record::kind::Kind;
use crate::record::value::{Key, Node, Record, Value};

/// The questions of the rules of one kind, the same question once.
#[derive(Default)]
pub(super) struct Questions<'c> {
    pub(super) fields: Vec<Field<'c>>,
    /// Tests that stand for themselves.
    pub(super) others: Vec<&'c Test>,
}

/// A test among the questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Question {
    /// A field by its number, a test of it by its bit.
    Of { field: usize, bit: u32 },
    /// The number of a test that stands for itself.
    Other(usize),
}

/// A field and the tests that read it.
pub(super) struct Field<'c> {
    path: Vec<Key>,
    /// By their bits.
    tests: Vec<&'c Test>,
    words: Words<'c>,
    /// Tests that ask whether it is given, and whether it is not.
    given: u64,
    missing: u64,
    /// Tests that ask for true, and for false.
    yes: u64,
    no: u64,
    /// Tests that ask for words; those that hold where none is met; those that also name organizations.
    named: u64,
    negated: u64,
    organizations: u64,
    list: bool,
    derived: bool,
    open: Option<OpenSet>,
}

/// How the tests of a field come out, a bit for each.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Answers {
    pub(super) hold: u64,
    pub(super) unknown: u64,
}

impl Answers {
    pub(super) fn outcome(self, bit: u32) -> Outcome {
        match (self.hold >> bit & 1, self.unknown >> bit & 1) {
            (1, _) => Outcome::True,
            (_, 1) => Outcome::Unknown,
            _ => Outcome::False,
        }
    }

    fn put(&mut self, bits: u64, outcome: Outcome) {
        match outcome {
            Outcome::True => self.hold |= bits,
            Outcome::Unknown => self.unknown |= bits,
            Outcome::False => {}
        }
    }
}

/// Words, each with the bits of the tests that name it. Most words of records are none of them: a look at one slot says so.
#[derive(Default)]
struct Words<'c> {
    /// Each word at its slot or the first free one after it; at least half of them are free.
    slots: Vec<(&'c str, u64)>,
    count: usize,
}

impl<'c> Words<'c> {
    fn add(&mut self, word: &'c str, bit: u64) {
        if 2 * (self.count + 1) > self.slots.len() {
            let more = vec![("", 0); (4 * self.slots.len()).max(16)];
            let before = std::mem::replace(&mut self.slots, more);
            self.count = 0;
            for (word, bits) in before.into_iter().filter(|(_, bits)| *bits != 0) {
                self.put(word, bits);
            }
        }
        self.put(word, bit);
    }

    fn put(&mut self, word: &'c str, bits: u64) {
        let at = self.find(word);
        self.count += usize::from(self.slots[at].1 == 0);
        self.slots[at].0 = word;
        self.slots[at].1 |= bits;
    }

    fn get(&self, word: &str) -> u64 {
        if self.slots.is_empty() {
            0
        } else {
            self.slots[self.find(word)].1
        }
    }

    /// Where a word stands, or the free slot where it would.
    fn find(&self, word: &str) -> usize {
        let bytes = word.as_bytes();
        let length = bytes.len();
        let byte = |at: usize| bytes.get(at).copied().map_or(0, usize::from);
        let last = self.slots.len() - 1;
        let mut at = (byte(0) * 31 + byte(length / 2) * 7 + byte(length.wrapping_sub(1)) * 173 + length * 67) & last;
        while self.slots[at].1 != 0 && self.slots[at].0 != word {
            at = (at + 1) & last;
        }
        at
    }
}

impl<'c> Questions<'c> {
    /// The question that a test asks.
    pub(super) fn question(&mut self, test: &'c Test, kind: Kind) -> Question {
        let Some(way) = Way::of(test) else {
            return self.other(test);
        };
        let known = self.fields.iter().position(|field| field.is_of(test));
        let number = known.unwrap_or_else(|| {
            self.fields.push(Field::of(test, kind));
            self.fields.len() - 1
        });
        let field = &mut self.fields[number];
        match field.bit(test, way) {
            Some(bit) => Question::Of { field: number, bit },
            None => self.other(test),
        }
    }

    fn other(&mut self, test: &'c Test) -> Question {
        let same = |other: &&Test| other.path.text == test.path.text && other.operator == test.operator;
        Question::Other(self.others.iter().position(same).unwrap_or_else(|| {
            self.others.push(test);
            self.others.len() - 1
        }))
    }

    /// The node that a question is about, where it is one and was looked up.
    pub(super) fn node<'r>(&self, question: Question, record: &'r Record) -> Option<&'r Node> {
        match question {
            Question::Of { field, .. } => self.fields[field].node(record).ok().flatten(),
            Question::Other(_) => None,
        }
    }

    /// About how many steps it takes to ask; more for what seldom decides.
    pub(super) fn cost(&self, question: Question) -> usize {
        let (test, list) = match question {
            Question::Of { field, bit } => (self.fields[field].tests[bit as usize], self.fields[field].list),
            Question::Other(number) => (self.others[number], false),
        };
        let own = match &test.operator {
            Operator::LaterThan(_) => 40,
            _ if matches!(question, Question::Other(_)) => 10,
            Operator::Is(_) | Operator::AnyOf(_) => 2,
            Operator::Present(true) => 5,
            _ => 8,
        };
        own + test.path.parts.len() + 2 * usize::from(list)
    }
}

/// A form of test that is answered together with others of its field.
#[derive(Clone, Copy)]
enum Way<'c> {
    Present(bool),
    Flag(bool),
    Words { operands: &'c [Operand], negated: bool },
}

impl<'c> Way<'c> {
    fn of(test: &'c Test) -> Option<Way<'c>> {
        let words = |operands: &'c [Operand], negated| {
            let plain = |operand: &Operand| matches!(operand, Operand::Word(_) | Operand::Organization(_));
            let way = Way::Words { operands, negated };
            operands.iter().all(plain).then_some(way)
        };
        match &test.operator {
            Operator::Present(wanted) => Some(Way::Present(*wanted)),
            Operator::Is(_) if is_list(test) => None,
            Operator::Is(operands) => match operands.as_slice() {
                [Operand::Bool(wanted)] => Some(Way::Flag(*wanted)),
                operands => words(operands, false),
            },
            Operator::AnyOf(operands) => words(operands, false),
            Operator::NoneOf(operands) => words(operands, true),
            _ => None,
        }
    }
}

fn is_list(test: &Test) -> bool {
    test.path.many || matches!(test.path.of, Type::List(_))
}

impl<'c> Field<'c> {
    fn of(test: &'c Test, kind: Kind) -> Self {
        let path = &test.path;
        Self {
            path: path.parts.iter().map(|part| Key::of(part)).collect(),
            tests: Vec::new(),
            words: Words::default(),
            given: 0,
            missing: 0,
            yes: 0,
            no: 0,
            named: 0,
            negated: 0,
            organizations: 0,
            list: is_list(test),
            derived: is_derived(kind, path),
            open: OpenSet::at(path),
        }
    }

    fn is_of(&self, test: &Test) -> bool {
        self.tests.first().is_some_and(|own| own.path.text == test.path.text)
    }

    /// The bit of a test, a new one where nobody asked it before; nothing where no bit is left.
    fn bit(&mut self, test: &'c Test, way: Way<'c>) -> Option<u32> {
        if let Some(known) = self.tests.iter().position(|own| own.operator == test.operator) {
            return u32::try_from(known).ok();
        }
        let number = u32::try_from(self.tests.len())
            .ok()
            .filter(|number| *number < u64::BITS)?;
        let bit = 1 << number;
        self.tests.push(test);
        match way {
            Way::Present(true) => self.given |= bit,
            Way::Present(false) => self.missing |= bit,
            Way::Flag(true) => self.yes |= bit,
            Way::Flag(false) => self.no |= bit,
            Way::Words { operands, negated } => {
                self.named |= bit;
                self.negated |= if negated { bit } else { 0 };
                for operand in operands {
                    match operand {
                        Operand::Word(word) => self.words.add(word, bit),
                        _ => self.organizations |= bit,
                    }
                }
            }
        }
        Some(number)
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

    /// The bits of some tests, one by one.
    fn each(&self, bits: u64) -> impl Iterator<Item = (u64, &'c Test)> {
        let tests = self.tests.iter().enumerate().map(|(number, test)| (1 << number, *test));
        tests.filter(move |(bit, _)| bits & bit != 0)
    }
}

impl Evaluator<'_> {
    /// How every test of a field comes out for a record.
    pub(super) fn ask(&self, field: &Field<'_>, record: &Record, days: Days) -> Answers {
        let mut answers = Answers::default();
        let Ok(node) = field.node(record) else {
            self.ask_each(field, u64::MAX, record, &mut answers);
            return answers;
        };
        // Asked only where it matters: a derived set may be open-ended.
        let open = || field.open.is_some_and(|set| set.is_open(record));
        let value = node.map(|node| &node.value);
        if field.given | field.missing != 0 {
            let empty = matches!(value, Some(Value::List(items)) if items.is_empty());
            // A stated default is no answer of the record's own.
            let present = !empty && node.is_some_and(|node| field.derived || node.place != record.header);
            if present {
                answers.hold |= field.given;
            } else if open() {
                answers.unknown |= field.given | field.missing;
            } else {
                answers.hold |= field.missing;
            }
        }
        if field.yes | field.no != 0 {
            match value {
                Some(Value::Bool(value)) if !open() => answers.hold |= if *value { field.yes } else { field.no },
                _ => self.ask_each(field, field.yes | field.no, record, &mut answers),
            }
        }
        if field.named != 0 {
            let items = match (node, value) {
                (_, Some(Value::List(items))) => Some(&**items),
                (Some(node), _) => Some(std::slice::from_ref(node)),
                (None, _) if field.list && !field.derived => Some([].as_slice()),
                (None, _) => None,
            };
            match items {
                Some(items) => self.ask_words(field, items, open, days, &mut answers),
                None => answers.unknown |= field.named,
            }
        }
        answers
    }

    /// Asks tests one by one.
    fn ask_each(&self, field: &Field<'_>, bits: u64, record: &Record, answers: &mut Answers) {
        for (bit, test) in field.each(bits) {
            answers.put(bit, self.test(test, record));
        }
    }

    /// Which tests any item meets by its word or as a member of an organization.
    fn ask_words(&self, field: &Field<'_>, items: &[Node], open: impl Fn() -> bool, days: Days, answers: &mut Answers) {
        let (mut met, mut unknown, mut vague) = (0, 0, false);
        for item in items {
            if is_unknown(item) {
                vague = true;
            } else if let Some(text) = text_of(item) {
                met |= field.words.get(text);
            }
        }
        let organizations = field.organizations & !met;
        if organizations != 0 && !items.is_empty() {
            for (bit, test) in field.each(organizations) {
                match self.is_member(test, items, days) {
                    Outcome::True => met |= bit,
                    Outcome::Unknown => unknown |= bit,
                    Outcome::False => {}
                }
            }
        }
        if vague || (field.named & !met != 0 && open()) {
            unknown |= field.named & !met;
        }
        answers.unknown |= unknown;
        answers.hold |= (met & !field.negated) | (field.negated & !(met | unknown));
    }

    /// Whether any item is a member of one of the organizations that a test names. Who belongs to an organization may have
    /// changed between the first and the last day the date can be.
    fn is_member(&self, test: &Test, items: &[Node], days: Days) -> Outcome {
        let (Operator::Is(operands) | Operator::AnyOf(operands) | Operator::NoneOf(operands)) = &test.operator else {
            return Outcome::False;
        };
        let first = days.first.unwrap_or(self.case.as_of);
        let last = days.last.unwrap_or(first);
        let (before, after) = (self.members(operands, first), self.members(operands, last));
        let known = || items.iter().filter(|item| !is_unknown(item)).filter_map(text_of);
        let member = known().any(|text| before.contains(text));
        if Arc::ptr_eq(&before, &after) || member == known().any(|text| after.contains(text)) {
            Outcome::of(member)
        } else {
            Outcome::Unknown
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_word_has_the_bits_of_its_own_tests() {
        let mut words = Words::default();
        assert_eq!(words.get("RUS"), 0);
        let named = ["RUS", "CHN", "counterterrorism", "RUS", ""];
        for (number, word) in named.into_iter().enumerate() {
            words.add(word, 1 << number);
        }
        let numbers: Vec<String> = (0..200).map(|number| format!("W{number}")).collect();
        for word in &numbers {
            words.add(word, 1 << 63);
        }
        let found = ["RUS", "CHN", "counterterrorism", ""].map(|word| words.get(word));
        assert_eq!(found, [0b1001, 0b10, 0b100, 0b1_0000]);
        assert!(numbers.iter().all(|word| words.get(word) == 1 << 63));
        for other in ["RU", "RUSS", "rus", "\0", "W200", "counterterrorist"] {
            assert_eq!(words.get(other), 0, "{other:?}");
        }
    }
}
