//! Records as relto writes them itself: made up field by field, printed as TOML, and read back like any other.

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};

use crate::base::decode;
use crate::base::source::{Place, Sources};
use crate::calendar::date::When;
use crate::marking::vocabulary::Vocabulary;
use crate::policy::rule::RuleTest;
use crate::record::decode::{Strictness, decode as decode_record};
use crate::record::field::{Field, Need, Type, field, type_at};
use crate::record::kind::Kind;
use crate::record::value::{Node, Record, SharedLevel, Value};

/// The longest line that a table is written on.
const LINE: usize = 110;

/// A value as TOML writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Raw {
    Quoted(String),
    /// Without quotes: a date, a number, true or false.
    Bare(String),
    Day(NaiveDate),
    List(Vec<Raw>),
    Table(Vec<(String, Raw)>),
}

impl Raw {
    pub fn text(text: impl Into<String>) -> Raw {
        Raw::Quoted(text.into())
    }

    fn print(&self, out: &mut String) {
        match self {
            Raw::Quoted(text) => {
                out.push('"');
                for c in text.chars() {
                    match c {
                        '"' | '\\' => out.extend(['\\', c]),
                        '\n' => out.push_str("\\n"),
                        c if c.is_control() => {
                            let _ = write!(out, "\\u{:04x}", u32::from(c));
                        }
                        c => out.push(c),
                    }
                }
                out.push('"');
            }
            Raw::Bare(text) => out.push_str(text),
            Raw::Day(day) => {
                let _ = write!(out, "{day}");
            }
            Raw::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    item.print(out);
                }
                out.push(']');
            }
            Raw::Table(entries) if entries.is_empty() => out.push_str("{}"),
            Raw::Table(entries) => {
                out.push_str("{ ");
                for (at, (key, value)) in entries.iter().enumerate() {
                    out.push_str(if at == 0 { "" } else { ", " });
                    out.push_str(key);
                    out.push_str(" = ");
                    value.print(out);
                }
                out.push_str(" }");
            }
        }
    }

    fn shift(&mut self, days: i64) {
        match self {
            Raw::Day(day) => *day = shifted(*day, days),
            Raw::Bare(text) => {
                // The day of a moment: the hour stays.
                if let Some((day, rest)) = text.split_once('T')
                    && let Ok(day) = NaiveDate::parse_from_str(day, "%Y-%m-%d")
                {
                    *text = format!("{}T{rest}", shifted(day, days));
                }
            }
            Raw::List(items) => items.iter_mut().for_each(|item| item.shift(days)),
            Raw::Table(entries) => entries.iter_mut().for_each(|(_, value)| value.shift(days)),
            Raw::Quoted(_) => {}
        }
    }
}

pub(super) fn shifted(day: NaiveDate, days: i64) -> NaiveDate {
    let count = Days::new(days.unsigned_abs());
    if days < 0 {
        day.checked_sub_days(count)
    } else {
        day.checked_add_days(count)
    }
    .unwrap_or(day)
}

/// One record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftRecord {
    pub kind: Kind,
    pub fields: Vec<(String, Raw)>,
}

impl DraftRecord {
    pub fn new(kind: Kind, id: &str) -> DraftRecord {
        DraftRecord {
            kind,
            fields: vec![("id".to_owned(), Raw::text(id))],
        }
    }

    /// The record as it was written, without what relto derives.
    pub fn of(record: &Record) -> DraftRecord {
        let written = |name: &str| field(record.kind, name).is_some_and(|field| field.need != Need::Derived);
        DraftRecord {
            kind: record.kind,
            fields: record
                .fields
                .entries()
                .filter(|(name, node)| written(name) && node.place != record.header)
                .map(|(name, node)| (name.to_owned(), raw(node)))
                .collect(),
        }
    }

    /// Sets a field, tables around it included, or takes it away.
    pub fn set(&mut self, path: &str, value: Option<Raw>) {
        let types: Vec<&str> = path.split('.').collect();
        set(&mut self.fields, self.kind, "", &types, value);
    }

    pub fn get(&self, path: &str) -> Option<&Raw> {
        let mut parts = path.split('.');
        let first = parts.next()?;
        let mut found = &self.fields.iter().find(|(name, _)| name == first)?.1;
        for part in parts {
            let Raw::Table(entries) = found else { return None };
            found = &entries.iter().find(|(name, _)| name == part)?.1;
        }
        Some(found)
    }

    /// Moves every date by a number of days.
    pub fn shift(&mut self, days: i64) {
        for (_, value) in &mut self.fields {
            value.shift(days);
        }
    }

    /// The record as an array of tables under this header.
    pub fn print(&self, header: &str) -> String {
        let mut text = format!("[[{header}]]\n");
        for (key, value) in &self.fields {
            let mut line = format!("{key} = ");
            match value {
                Raw::List(items) if items.iter().any(|item| matches!(item, Raw::Table(_))) => {
                    let mut one = line.clone();
                    value.print(&mut one);
                    if one.len() <= LINE {
                        line = one;
                    } else {
                        line.push_str("[\n");
                        for item in items {
                            line.push_str("    ");
                            item.print(&mut line);
                            line.push_str(",\n");
                        }
                        line.push(']');
                    }
                }
                _ => value.print(&mut line),
            }
            text.push_str(&line);
            text.push('\n');
        }
        text
    }
}

fn set(entries: &mut Vec<(String, Raw)>, kind: Kind, before: &str, path: &[&str], value: Option<Raw>) {
    let [name, rest @ ..] = path else { return };
    let whole = if before.is_empty() {
        (*name).to_owned()
    } else {
        format!("{before}.{name}")
    };
    let at = entries.iter().position(|(key, _)| key == name);
    if rest.is_empty() {
        match (at, value) {
            (Some(at), Some(value)) => entries[at].1 = value,
            (Some(at), None) => drop(entries.remove(at)),
            (None, Some(value)) => entries.push(((*name).to_owned(), value)),
            (None, None) => {}
        }
        return;
    }
    let at = match at {
        Some(at) => at,
        None if value.is_none() => return,
        None => {
            let part = required(kind, &whole);
            let list = matches!(type_at(kind, &whole), Some((Type::List(_), _)));
            entries.push(((*name).to_owned(), if list { Raw::List(vec![part]) } else { part }));
            entries.len() - 1
        }
    };
    match &mut entries[at].1 {
        Raw::Table(inner) => set(inner, kind, &whole, rest, value),
        Raw::List(items) => {
            if items.is_empty() && value.is_some() {
                items.push(required(kind, &whole));
            }
            for item in items {
                if let Raw::Table(inner) = item {
                    set(inner, kind, &whole, rest, value.clone());
                }
            }
        }
        _ => {}
    }
}

/// A table with what it must have, by the examples of the field table.
pub(super) fn required(kind: Kind, path: &str) -> Raw {
    let fields: &[Field] = match type_at(kind, path) {
        Some((Type::Table(fields), _)) => fields,
        Some((Type::List(Type::Table(fields)), _)) => fields,
        _ => &[],
    };
    let needed = fields.iter().filter(|field| field.need == Need::Required);
    Raw::Table(needed.map(|field| (field.name.to_owned(), example(field))).collect())
}

/// The example of a field as a value.
pub(super) fn example(field: &Field) -> Raw {
    let text = field.example;
    match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        Some(inner) => Raw::text(inner),
        None => NaiveDate::parse_from_str(text, "%Y-%m-%d").map_or_else(|_| Raw::Bare(text.to_owned()), Raw::Day),
    }
}

fn raw(node: &Node) -> Raw {
    match &node.value {
        Value::Text(text) | Value::Code(text) => Raw::text(text),
        Value::Choice(word) => Raw::text(*word),
        Value::Bool(value) => Raw::Bare(value.to_string()),
        Value::Integer(number) => Raw::Bare(number.to_string()),
        Value::When(When::Day(day)) => Raw::Day(*day),
        Value::When(When::Instant(instant)) => Raw::Bare(instant.to_rfc3339()),
        Value::When(when) => Raw::text(when.to_string()),
        Value::Level(SharedLevel::Exactly(level)) => Raw::text(level.letter()),
        Value::Level(SharedLevel::Classified) => Raw::text("classified"),
        Value::Portion(portion) => match &portion.mark {
            None => Raw::text(&portion.text),
            Some(mark) => Raw::Table(vec![
                ("mark".to_owned(), Raw::text(plain_mark(&mark.portion()))),
                ("text".to_owned(), Raw::text(&portion.text)),
            ]),
        },
        Value::Mark(marking) => Raw::text(plain_mark(&marking.portion())),
        Value::Release(other) => Raw::text(&other.text),
        Value::List(items) => Raw::List(items.iter().map(raw).collect()),
        Value::Table(table) => Raw::Table(
            table
                .entries()
                .map(|(name, node)| (name.to_owned(), raw(node)))
                .collect(),
        ),
    }
}

/// A portion mark without its parentheses, as a record writes it.
fn plain_mark(mark: &str) -> &str {
    mark.strip_prefix('(')
        .and_then(|mark| mark.strip_suffix(')'))
        .unwrap_or(mark)
}

/// A few records, the first of which is judged, as of a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    pub records: Vec<DraftRecord>,
    pub as_of: NaiveDate,
    /// Rules that are switched on beside the judged one.
    pub enable: Vec<String>,
}

impl Draft {
    /// The records of a rule's test.
    pub fn of_test(test: &RuleTest, as_of: NaiveDate) -> Draft {
        Draft {
            records: test.records.iter().map(DraftRecord::of).collect(),
            as_of: test.as_of.unwrap_or(as_of),
            enable: test.enable.clone(),
        }
    }

    /// The records as TOML, each under its header; `prefix` stands before the kind: `rule.test.`.
    pub fn print(&self, prefix: &str) -> String {
        let each: Vec<String> = self
            .records
            .iter()
            .map(|record| record.print(&format!("{prefix}{}", record.kind.name())))
            .collect();
        each.concat()
    }

    /// The records as they are read from what is printed; nothing where one of them has an error.
    pub fn read(&self, vocabulary: &Vocabulary) -> Option<Vec<Record>> {
        let mut sources = Sources::default();
        self.records
            .iter()
            .map(|draft| {
                let text = draft.print(draft.kind.name());
                let source = sources.add("made up", text);
                let (entries, _) = decode::parse(source, &sources);
                let entries = entries?;
                let decode::Raw::Array(items) = &entries.get(draft.kind.name())?.value else {
                    return None;
                };
                let item = items.first()?;
                let decode::Raw::Table(table) = &item.value else {
                    return None;
                };
                let header: Place = item.place.clone();
                decode_record(draft.kind, table, &header, Strictness::Lenient, &sources, vocabulary).0
            })
            .collect()
    }

    /// Moves every date, the as-of date too.
    pub fn shift(&mut self, days: i64) {
        self.records.iter_mut().for_each(|record| record.shift(days));
        self.as_of = shifted(self.as_of, days);
    }
}
