//! What a record holds: typed values, each with its place in the file.

use crate::base::source::Place;
use crate::calendar::date::When;
use crate::marking::ast::{Marking, Release};
use crate::marking::level::Level;
use crate::record::kind::Kind;

/// A value and where it stands.
#[derive(Debug, Clone)]
pub struct Node {
    pub value: Value,
    pub place: Place,
}

/// A typed value, as the field table demands it.
#[derive(Debug, Clone)]
pub enum Value {
    /// Free text, ids, names, links to records.
    Text(String),
    /// One word of a fixed list.
    Choice(&'static str),
    /// A country or organization code of the vocabulary.
    Code(String),
    Bool(bool),
    Integer(i64),
    When(When),
    Level(SharedLevel),
    /// A narrative portion: its own mark, if it has one, and its text.
    Portion(Portion),
    /// A portion mark: the record's own `marking`.
    Mark(Box<Marking>),
    /// The marking of other material: as written, and its release part.
    Release(Box<OtherMarking>),
    List(Vec<Node>),
    Table(Table),
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
    pub mark: Option<Box<Marking>>,
    /// Where the mark is written.
    pub mark_place: Option<Place>,
    pub text: String,
}

/// A marking that is data: the marking of a product, not of the record.
#[derive(Debug, Clone)]
pub struct OtherMarking {
    pub text: String,
    pub release: Release,
    /// The level, where the text is a whole banner and not the release part alone.
    pub level: Option<Level>,
}

/// A table: its entries in file order.
#[derive(Debug, Clone, Default)]
pub struct Table {
    pub entries: Vec<(&'static str, Node)>,
}

impl Table {
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.entries.iter().find(|(key, _)| *key == name).map(|(_, node)| node)
    }

    /// Returns the text, word or code of an entry.
    pub fn word(&self, name: &str) -> Option<&str> {
        match &self.get(name)?.value {
            Value::Text(text) | Value::Code(text) => Some(text),
            Value::Choice(word) => Some(word),
            _ => None,
        }
    }
}

/// A dated fact of one kind.
#[derive(Debug, Clone)]
pub struct Record {
    pub kind: Kind,
    pub id: String,
    /// The `[[kind]]` header.
    pub header: Place,
    /// The whole table in the file, header included.
    pub whole: Place,
    pub fields: Table,
}

impl Record {
    /// Returns the node at a dotted path. Paths through lists of tables have many: see [`Record::all`].
    pub fn get(&self, path: &str) -> Option<&Node> {
        let mut parts = path.split('.');
        let mut node = self.fields.get(parts.next()?)?;
        for part in parts {
            let Value::Table(table) = &node.value else { return None };
            node = table.get(part)?;
        }
        Some(node)
    }

    /// Returns every node at a dotted path, going through lists of tables (`commitments.type`).
    pub fn all<'a>(&'a self, path: &str) -> Vec<&'a Node> {
        let mut nodes: Vec<&'a Node> = Vec::new();
        for (at, part) in path.split('.').enumerate() {
            if at == 0 {
                nodes.extend(self.fields.get(part));
                continue;
            }
            nodes = nodes
                .into_iter()
                .flat_map(|node| match &node.value {
                    Value::Table(table) => table.get(part).into_iter().collect::<Vec<_>>(),
                    Value::List(items) => items
                        .iter()
                        .filter_map(|item| match &item.value {
                            Value::Table(table) => table.get(part),
                            _ => None,
                        })
                        .collect(),
                    _ => Vec::new(),
                })
                .collect();
        }
        nodes
    }

    /// Returns the text, word or code at a path.
    pub fn text(&self, path: &str) -> Option<&str> {
        match &self.get(path)?.value {
            Value::Text(text) | Value::Code(text) => Some(text),
            Value::Choice(word) => Some(word),
            Value::Portion(portion) => Some(&portion.text),
            Value::Release(other) => Some(&other.text),
            _ => None,
        }
    }

    pub fn when(&self, path: &str) -> Option<&When> {
        match &self.get(path)?.value {
            Value::When(when) => Some(when),
            _ => None,
        }
    }

    /// Returns the texts of a list of words, codes or texts; empty where the field is absent.
    pub fn texts(&self, path: &str) -> Vec<&str> {
        match self.get(path).map(|node| &node.value) {
            Some(Value::List(items)) => items
                .iter()
                .filter_map(|item| match &item.value {
                    Value::Text(text) | Value::Code(text) => Some(text.as_str()),
                    Value::Choice(word) => Some(*word),
                    _ => None,
                })
                .collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the tables of a list of tables; none where the field is absent.
    pub fn tables(&self, field: &str) -> impl Iterator<Item = &Table> {
        let items = match self.get(field).map(|node| &node.value) {
            Some(Value::List(items)) => items.as_slice(),
            _ => &[],
        };
        items.iter().filter_map(|item| match &item.value {
            Value::Table(table) => Some(table),
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
