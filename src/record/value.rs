//! What a record holds: typed values, each with its place in the file.

use std::iter::Chain;
use std::ops::Deref;
use std::sync::Arc;
use std::{option, vec};

use memchr::memchr;

use crate::base::shared::Shared;
use crate::base::source::Place;
use crate::calendar::date::When;
use crate::marking::ast::{Marking, Release};
use crate::marking::level::Level;
use crate::record::kind::Kind;
use crate::record::name::{NAMES, find, name, number};

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    pub value: Value,
    pub place: Place,
}

impl Node {
    /// Its text, word or code.
    pub fn word(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) | Value::Code(text) => Some(text),
            Value::Choice(word) => Some(word),
            _ => None,
        }
    }
}

/// A typed value, as the field table demands it.
#[derive(Debug, Clone)]
pub enum Value {
    /// Free text, ids, names, links to records.
    Text(Shared),
    /// One word of a fixed list.
    Choice(&'static str),
    /// A country or organization code of the vocabulary.
    Code(Shared),
    Bool(bool),
    Integer(i64),
    When(When),
    Level(SharedLevel),
    /// A narrative portion: its own mark, if it has one, and its text.
    Portion(Box<Portion>),
    /// A portion mark: the record's own `marking`.
    Mark(Arc<Marking>),
    /// The marking of other material: as written, and its release part.
    Release(Box<OtherMarking>),
    List(Box<[Node]>),
    Table(Box<Table>),
}

/// A level that may be known only as "classified".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedLevel {
    Exactly(Level),
    /// Classified at a level that is not public: at least CONFIDENTIAL, and no more can be said.
    Classified,
}

/// A narrative portion. Without a mark of its own it takes the record's.
#[derive(Debug, Clone)]
pub struct Portion {
    pub mark: Option<Arc<Marking>>,
    /// Where the mark is written.
    pub mark_place: Option<Place>,
    pub text: Shared,
}

/// A marking that is data: the marking of a product, not of the record.
#[derive(Debug, Clone)]
pub struct OtherMarking {
    pub text: Shared,
    pub release: Release,
    /// The level, where the text is a whole banner and not the release part alone.
    pub level: Option<Level>,
}

/// A table: its entries in file order. Names are those of the field table, and only their numbers are kept.
#[derive(Debug, Clone, Default)]
pub struct Table {
    nodes: Vec<Node>,
    /// The numbers of their names.
    numbers: Vec<u8>,
    /// A bit for each of these numbers: what is asked for is most often not there.
    known: [u64; WORDS],
}

/// A bit for every number.
const WORDS: usize = NAMES / 64;

/// A name made ready to be looked up in many tables.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    number: Option<u8>,
}

impl Key {
    pub const fn of(name: &str) -> Self {
        Self { number: number(name) }
    }

    /// The name that a dotted path begins with.
    pub const fn of_first(path: &str) -> Self {
        let mut end = 0;
        while end < path.len() && path.as_bytes()[end] != b'.' {
            end += 1;
        }
        Self::of(path.split_at(end).0)
    }
}

impl Table {
    pub fn with_capacity(entries: usize) -> Self {
        Self {
            nodes: Vec::with_capacity(entries),
            numbers: Vec::with_capacity(entries),
            ..Self::default()
        }
    }

    /// The values of every entry, in order.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// Every entry, in order.
    pub fn entries(&self) -> impl DoubleEndedIterator<Item = (&'static str, &Node)> {
        let names = self.numbers.iter().map(|number| name(usize::from(*number)));
        names.zip(&self.nodes)
    }

    /// Adds an entry of a name that the table does not have yet. What no field is called cannot be asked for, and is left
    /// out.
    #[inline]
    pub fn push(&mut self, name: &'static str, node: Node) {
        if let Some(number) = find(name) {
            self.push_at(number, node);
        }
    }

    /// As [`Table::push`], by the number of the name.
    pub(super) fn push_at(&mut self, number: u8, node: Node) {
        self.known[usize::from(number) / 64] |= 1 << (number % 64);
        self.numbers.push(number);
        self.nodes.push(node);
    }

    /// Adds an entry at the end; the one of the same name goes.
    #[inline]
    pub fn put(&mut self, name: &'static str, node: Node) {
        if let Some(number) = find(name) {
            self.put_at(number, node);
        }
    }

    /// As [`Table::put`], by a name that was made ready before.
    pub fn put_at_key(&mut self, key: Key, node: Node) {
        if let Some(number) = key.number {
            self.put_at(number, node);
        }
    }

    fn put_at(&mut self, number: u8, node: Node) {
        if let Some(at) = self.position(number) {
            self.nodes.remove(at);
            self.numbers.remove(at);
        }
        self.push_at(number, node);
    }

    #[inline]
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.position(find(name)?).map(|at| &self.nodes[at])
    }

    /// The entry of a name that was made ready before.
    pub fn at(&self, key: Key) -> Option<&Node> {
        self.position(key.number?).map(|at| &self.nodes[at])
    }

    /// Whether there is an entry of the name of a number.
    pub(super) fn has(&self, number: u8) -> bool {
        self.known[usize::from(number) / 64] & (1 << (number % 64)) != 0
    }

    fn position(&self, number: u8) -> Option<usize> {
        if !self.has(number) {
            return None;
        }
        memchr(number, &self.numbers)
    }

    /// Returns the text, word or code of an entry.
    pub fn word(&self, name: &str) -> Option<&str> {
        self.get(name)?.word()
    }

    /// As [`Table::word`], by a name that was made ready before.
    pub fn word_at(&self, key: Key) -> Option<&str> {
        self.at(key)?.word()
    }

    /// The texts of a list of words, codes or texts; empty where there is none.
    pub fn words(&self, key: Key) -> Vec<&str> {
        match self.at(key).map(|node| &node.value) {
            Some(Value::List(items)) => items.iter().filter_map(Node::word).collect(),
            _ => Vec::new(),
        }
    }
}

/// The nodes at a path: one or none without an allocation.
#[derive(Debug)]
pub enum Nodes<'r> {
    One(Option<&'r Node>),
    Many(Vec<&'r Node>),
}

impl<'r> Nodes<'r> {
    /// The nodes of a name in the tables here, or in the lists of tables.
    fn enter(self, name: &str) -> Nodes<'r> {
        let node = match self {
            Nodes::One(None) => return self,
            Nodes::One(Some(node)) => node,
            Nodes::Many(nodes) => {
                return Nodes::Many(
                    nodes
                        .into_iter()
                        .flat_map(|node| Nodes::One(Some(node)).enter(name))
                        .collect(),
                );
            }
        };
        match &node.value {
            Value::Table(table) => Nodes::One(table.get(name)),
            Value::List(items) => Nodes::Many(
                items
                    .iter()
                    .filter_map(|item| match &item.value {
                        Value::Table(table) => table.get(name),
                        _ => None,
                    })
                    .collect(),
            ),
            _ => Nodes::One(None),
        }
    }
}

impl<'r> Deref for Nodes<'r> {
    type Target = [&'r Node];

    fn deref(&self) -> &Self::Target {
        match self {
            Nodes::One(node) => node.as_slice(),
            Nodes::Many(nodes) => nodes,
        }
    }
}

impl<'r> IntoIterator for Nodes<'r> {
    type Item = &'r Node;
    type IntoIter = Chain<option::IntoIter<&'r Node>, vec::IntoIter<&'r Node>>;

    fn into_iter(self) -> Self::IntoIter {
        match self {
            Nodes::One(node) => node.into_iter().chain(Vec::new()),
            Nodes::Many(nodes) => None.into_iter().chain(nodes),
        }
    }
}

/// Where the first dot of a path stands: most have none. A plain loop is faster than a search in so short a text, and in a
/// literal the compiler finds it.
#[inline]
fn dot(path: &str) -> Option<usize> {
    path.bytes().position(|byte| byte == b'.')
}

/// A dated fact of one kind.
#[derive(Debug, Clone)]
pub struct Record {
    pub kind: Kind,
    pub id: Shared,
    /// The `[[kind]]` header.
    pub header: Place,
    /// The whole table in the file, header included.
    pub whole: Place,
    pub fields: Table,
}

impl Record {
    /// Returns the node at a dotted path. Paths through lists of tables have many: see [`Record::all`].
    #[inline]
    pub fn get(&self, path: &str) -> Option<&Node> {
        match dot(path) {
            None => self.fields.get(path),
            Some(dot) => self.inside(path, dot),
        }
    }

    /// The node at a path whose first dot stands there.
    fn inside(&self, path: &str, dot: usize) -> Option<&Node> {
        let (first, rest) = path.split_at(dot);
        let mut node = self.fields.get(first)?;
        for part in rest.split('.').skip(1) {
            let Value::Table(table) = &node.value else { return None };
            node = table.get(part)?;
        }
        Some(node)
    }

    /// Returns every node at a dotted path, going through lists of tables (`commitments.type`).
    #[inline]
    pub fn all(&self, path: &str) -> Nodes<'_> {
        match dot(path) {
            None => Nodes::One(self.fields.get(path)),
            Some(_) => self.along(path.split('.')),
        }
    }

    /// Returns every node at a path given by its parts.
    pub fn along<'p>(&self, mut parts: impl Iterator<Item = &'p str>) -> Nodes<'_> {
        let first = parts.next().and_then(|part| self.fields.get(part));
        parts.fold(Nodes::One(first), Nodes::enter)
    }

    /// Returns the text, word or code at a path.
    #[inline]
    pub fn text(&self, path: &str) -> Option<&str> {
        match &self.get(path)?.value {
            Value::Text(text) | Value::Code(text) => Some(text),
            Value::Choice(word) => Some(word),
            Value::Portion(portion) => Some(&portion.text),
            Value::Release(other) => Some(&other.text),
            _ => None,
        }
    }

    #[inline]
    pub fn when(&self, path: &str) -> Option<&When> {
        match &self.get(path)?.value {
            Value::When(when) => Some(when),
            _ => None,
        }
    }

    /// Returns the texts of a list of words, codes or texts; empty where the field is absent.
    #[inline]
    pub fn texts(&self, path: &str) -> Vec<&str> {
        match self.get(path).map(|node| &node.value) {
            Some(Value::List(items)) => items.iter().filter_map(Node::word).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the tables of a list of tables; none where the field is absent.
    pub fn tables(&self, field: &str) -> impl Iterator<Item = &Table> {
        let items = match self.get(field).map(|node| &node.value) {
            Some(Value::List(items)) => &**items,
            _ => &[],
        };
        items.iter().filter_map(|item| match &item.value {
            Value::Table(table) => Some(&**table),
            _ => None,
        })
    }

    /// The record's unclassified title.
    pub fn title(&self) -> &str {
        self.text("title").unwrap_or_default()
    }

    /// The record's own portion mark. A loaded record always has one.
    pub fn marking(&self) -> Option<&Marking> {
        match &self.get("marking")?.value {
            Value::Mark(marking) => Some(marking),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;
    use crate::record::field::fields_of;

    fn node(number: usize) -> Node {
        let source = Sources::default().add("a", "");
        Node {
            value: Value::Integer(i64::try_from(number).unwrap()),
            place: Place::new(source, 0..0),
        }
    }

    fn number(table: &Table, name: &str) -> Option<i64> {
        match table.get(name)?.value {
            Value::Integer(number) => Some(number),
            _ => None,
        }
    }

    #[test]
    fn every_name_of_a_kind_is_told_from_the_others() {
        for kind in Kind::ALL {
            let names: Vec<_> = fields_of(*kind).map(|field| field.name).collect();
            let mut table = Table::default();
            for (at, name) in names.iter().enumerate() {
                assert_eq!(number(&table, name), None, "{name}");
                table.push(name, node(at));
            }
            for (at, name) in names.iter().enumerate() {
                assert_eq!(number(&table, name), i64::try_from(at).ok(), "{name}");
            }
        }
    }

    #[test]
    fn an_entry_put_again_stands_last_and_once() {
        let mut table = Table::default();
        for (at, name) in ["added", "date", "added"].into_iter().enumerate() {
            table.put(name, node(at));
        }
        let names: Vec<_> = table.entries().map(|(name, _)| name).collect();
        assert_eq!(names, ["date", "added"]);
        assert_eq!((number(&table, "date"), number(&table, "added")), (Some(1), Some(2)));
        assert_eq!((number(&table, ""), number(&table, "removed")), (None, None));
    }
}
