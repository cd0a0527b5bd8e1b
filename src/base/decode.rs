//! Decoding TOML into typed values: the errors of all keys at once, each at its place.
//!
//! [`parse`] gives an owned tree in file order with a place on every key and value; a [`Reader`] takes one table apart
//! and, at the end, refuses the keys that nobody asked for.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed, SourceId, Sources};
use crate::base::suggest;

/// A value of a TOML document and its place. The place of a table under a header is the header.
#[derive(Debug, Clone)]
pub struct Item {
    pub value: Raw,
    pub place: Place,
}

/// A TOML value as written.
#[derive(Debug, Clone)]
pub enum Raw {
    String(String),
    Integer(i64),
    Float(f64),
    Boolean(bool),
    Datetime(Datetime),
    Array(Vec<Item>),
    Table(Entries),
}

impl Raw {
    /// What it is, in plain words: "a string", "a date".
    pub fn words(&self) -> &'static str {
        match self {
            Raw::String(_) => "a string",
            Raw::Integer(_) => "a whole number",
            Raw::Float(_) => "a decimal number",
            Raw::Boolean(_) => "true or false",
            Raw::Datetime(_) => "a date",
            Raw::Array(_) => "a list",
            Raw::Table(_) => "a table",
        }
    }
}

/// The entries of a table, in file order.
#[derive(Debug, Clone, Default)]
pub struct Entries {
    pub list: Vec<(Placed<String>, Item)>,
}

impl Entries {
    pub fn get(&self, name: &str) -> Option<&Item> {
        self.list
            .iter()
            .find(|(key, _)| key.value == name)
            .map(|(_, item)| item)
    }
}

/// What is said where a line is no TOML and no slip of the hand can be told.
const LINE: &str = "mend this line: write `key = value`, or a header in brackets";

/// The end of the advice on a syntax error.
pub const UNREAD: &str = "; nothing else of this file was read";

/// Parses a TOML document. With syntax errors the first two are reported and there is no document: what follows the
/// first error is guesswork.
pub fn parse(source: SourceId, sources: &Sources) -> (Option<Entries>, Vec<Diagnostic>) {
    parse_as(source, sources, LINE)
}

/// Parses a document as [`parse`] does; `shown` says what helps where a line is no TOML.
pub fn parse_as(source: SourceId, sources: &Sources, shown: &str) -> (Option<Entries>, Vec<Diagnostic>) {
    let whole = 0..sources.get(source).text().len();
    parse_stretches(source, std::slice::from_ref(&whole), sources, shown)
}

/// Parses some stretches of a source as one document, as though the rest were blank: whole lines, in order. Every place is
/// that of the whole source.
pub fn parse_kept(source: SourceId, kept: &[Range<usize>], sources: &Sources) -> (Option<Entries>, Vec<Diagnostic>) {
    parse_stretches(source, kept, sources, LINE)
}

fn parse_stretches(
    source: SourceId,
    kept: &[Range<usize>],
    sources: &Sources,
    shown: &str,
) -> (Option<Entries>, Vec<Diagnostic>) {
    let (text, stretches) = Stretches::of(source, kept, sources);
    let text = &*text;
    if let Some(at) = text.find('\u{FFFD}') {
        let diagnostic = Diagnostic::new(
            Code::TomlSyntax,
            "a byte that is not UTF-8, or the replacement character U+FFFD",
        )
        .at(stretches.place(at..at + '\u{FFFD}'.len_utf8()))
        .label("here")
        .help("save the file as UTF-8 and type the character anew");
        return (None, vec![diagnostic]);
    }
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return (Some(entries(&stretches, table.into_inner())), Vec::new());
    }
    let diagnostics = errors
        .iter()
        .take(2)
        .map(|error| {
            let span = error.span().unwrap_or(0..0);
            let place = stretches.place(span);
            let whole = sources.get(source);
            let (lines, _) = whole.lines_around(&place.span());
            Diagnostic::new(Code::TomlSyntax, printable(error.message()))
                .help(advice(whole.text().get(lines).unwrap_or_default(), shown))
                .at(place)
                .label("the file cannot be read from here on")
        })
        .collect();
    (None, diagnostics)
}

/// Parses a stretch of a source that may be a document of its own, with the places of the whole; nothing where it is none.
pub fn parse_part(source: SourceId, part: Range<usize>, sources: &Sources) -> Option<Entries> {
    let text = sources.get(source).text().get(part.clone())?;
    let (table, errors) = DeTable::parse_recoverable(text);
    errors
        .is_empty()
        .then(|| entries(&Stretches::from(source, part.start), table.into_inner()))
}

/// Where a text that is parsed comes from: stretches of a source, in order.
struct Stretches {
    source: SourceId,
    /// For each stretch: where it begins in the text, and in the source.
    begins: Vec<(usize, usize)>,
}

impl Stretches {
    /// A text that is one stretch, which begins there.
    fn from(source: SourceId, start: usize) -> Self {
        Self {
            source,
            begins: vec![(0, start)],
        }
    }

    /// The stretches of a source, without a mark of byte order before the first.
    fn of<'s>(source: SourceId, kept: &[Range<usize>], sources: &'s Sources) -> (Cow<'s, str>, Self) {
        let whole = sources.get(source).text();
        if let [only] = kept {
            let text = whole.get(only.clone()).unwrap_or_default();
            let bare = text.strip_prefix('\u{FEFF}').unwrap_or(text);
            return (bare.into(), Self::from(source, only.start + text.len() - bare.len()));
        }
        let mut text = String::with_capacity(kept.iter().map(ExactSizeIterator::len).sum());
        let mut begins = Vec::with_capacity(kept.len());
        for stretch in kept {
            begins.push((text.len(), stretch.start));
            text.push_str(whole.get(stretch.clone()).unwrap_or_default());
        }
        (text.into(), Self { source, begins })
    }

    /// The place in the source of a stretch of the text.
    fn place(&self, span: Range<usize>) -> Place {
        let whole = |byte: usize, last: usize| {
            let at = self.begins.partition_point(|(begin, _)| *begin <= last).max(1) - 1;
            let (begin, start) = self.begins.get(at).copied().unwrap_or_default();
            byte.saturating_sub(begin) + start
        };
        // The end belongs to the stretch of the byte before it.
        let last = span.end.max(span.start + 1) - 1;
        Place::new(self.source, whole(span.start, span.start)..whole(span.end, last))
    }
}

/// What to write instead, for the slips that people make; judged by the line alone.
fn advice(line: &str, shown: &str) -> String {
    let (key, value) = line
        .split_once('=')
        .map_or((line, ""), |(key, value)| (key.trim(), value.trim()));
    let slashed = value.split('/').collect::<Vec<_>>();
    let date = |parts: &[&str]| parts.len() == 3 && parts.iter().all(|part| part.trim().parse::<u32>().is_ok());
    let said = if line.contains(['\u{201C}', '\u{201D}', '\u{2018}', '\u{2019}']) {
        "these are curly quotation marks: type straight ones, as in `\"text\"`".to_string()
    } else if line.contains(['\u{A0}', '\u{202F}', '\u{2007}']) {
        "there is a no-break space in this line: type an ordinary blank in its place".to_string()
    } else if date(&slashed) {
        "write a date as year, month and day: `2025-10-01`".to_string()
    } else if value.len() == 7 && value.as_bytes()[4] == b'-' && !value.starts_with('"') {
        format!("write an imprecise date in quotation marks: `{key} = \"{value}\"`")
    } else if value.is_empty() && line.contains(':') && !line.contains('[') {
        "write `=` between the key and its value".to_string()
    } else if value.starts_with('"') && value.matches('"').count() % 2 == 1 {
        "a quotation mark is missing; text of several lines stands between `\"\"\"` and `\"\"\"`".to_string()
    } else if value.matches('"').count() > 2 && value.starts_with('"') && !value.contains('{') && !value.contains('[') {
        "inside a text, write quotation marks as `\\\"`, or put the text between single ones: `'…'`".to_string()
    } else if value.starts_with(|c: char| c.is_alphabetic()) && !matches!(value, "true" | "false") {
        format!("put text in quotation marks: `{key} = \"{}\"`", printable(value))
    } else {
        shown.to_string()
    };
    said + UNREAD
}

fn printable(message: &str) -> String {
    let line = message
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    line.chars()
        .map(|c| if c.is_control() { '\u{FFFD}' } else { c })
        .collect()
}

fn entries(stretches: &Stretches, table: DeTable<'_>) -> Entries {
    let mut list: Vec<(Placed<String>, Item)> = table
        .into_iter()
        .map(|(key, value)| {
            let place = stretches.place(key.span());
            (
                Placed {
                    value: key.into_inner().into_owned(),
                    place,
                },
                item(stretches, value),
            )
        })
        .collect();
    list.sort_by_key(|(key, _)| key.place.start());
    Entries { list }
}

fn item(stretches: &Stretches, value: Spanned<DeValue<'_>>) -> Item {
    let place = stretches.place(value.span());
    let value = match value.into_inner() {
        DeValue::String(text) => Raw::String(text.into_owned()),
        DeValue::Integer(number) => match i64::from_str_radix(number.as_str(), number.radix()) {
            Ok(number) => Raw::Integer(number),
            Err(_) => Raw::Float(number.as_str().parse().unwrap_or(f64::INFINITY)),
        },
        DeValue::Float(number) => Raw::Float(number.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(value) => Raw::Boolean(value),
        DeValue::Datetime(value) => Raw::Datetime(value),
        DeValue::Array(items) => Raw::Array(items.into_iter().map(|value| item(stretches, value)).collect()),
        DeValue::Table(table) => Raw::Table(entries(stretches, table)),
    };
    Item { value, place }
}

/// Takes one table apart. Every wrong value is reported at its place; [`Reader::finish`] reports the unknown keys.
#[derive(Debug)]
pub struct Reader<'a> {
    entries: &'a Entries,
    /// Where a missing key is reported: the table's header.
    pub header: Place,
    /// What the table is, for messages: "rule", "`[agency]`".
    what: String,
    asked: Vec<&'static str>,
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Reader<'a> {
    pub fn new(entries: &'a Entries, header: Place, what: impl Into<String>) -> Self {
        Self {
            entries,
            header,
            what: what.into(),
            asked: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Returns the value of a key as written and marks the key as known.
    pub fn take(&mut self, key: &'static str) -> Option<&'a Item> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.entries.get(key)
    }

    /// Returns the value of a key that must be there; reports it at the header where it is not.
    pub fn required(&mut self, key: &'static str, example: &str) -> Option<&'a Item> {
        let found = self.take(key);
        if found.is_none() {
            self.diagnostics.push(
                Diagnostic::new(Code::MissingField, format!("{} without `{key}`", self.what))
                    .at(self.header.clone())
                    .label(format!("`{key}` is missing"))
                    .help(format!("add `{key} = {example}`")),
            );
        }
        found
    }

    pub fn text(&mut self, key: &'static str) -> Option<Placed<String>> {
        let item = self.take(key)?;
        self.as_text(key, item)
    }

    pub fn required_text(&mut self, key: &'static str, example: &str) -> Option<Placed<String>> {
        let item = self.required(key, example)?;
        self.as_text(key, item)
    }

    pub fn boolean(&mut self, key: &'static str) -> Option<bool> {
        let item = self.take(key)?;
        match item.value {
            Raw::Boolean(value) => Some(value),
            _ => self.wrong(key, item, "true or false", "true"),
        }
    }

    pub fn integer(&mut self, key: &'static str) -> Option<i64> {
        let item = self.take(key)?;
        match item.value {
            Raw::Integer(value) => Some(value),
            _ => self.wrong(key, item, "a whole number", "2"),
        }
    }

    /// Returns a TOML local date.
    pub fn date(&mut self, key: &'static str) -> Option<Placed<chrono::NaiveDate>> {
        let item = self.take(key)?;
        match &item.value {
            Raw::Datetime(Datetime {
                date: Some(date),
                time: None,
                offset: None,
            }) => {
                let found =
                    chrono::NaiveDate::from_ymd_opt(i32::from(date.year), u32::from(date.month), u32::from(date.day));
                found.map(|value| Placed {
                    value,
                    place: item.place.clone(),
                })
            }
            _ => self.wrong(key, item, "a date", "2025-03-11"),
        }
    }

    /// Returns a list of strings; a single string counts as a list of one.
    pub fn texts(&mut self, key: &'static str) -> Option<Vec<Placed<String>>> {
        let item = self.take(key)?;
        match &item.value {
            Raw::String(text) => Some(vec![Placed {
                value: text.clone(),
                place: item.place.clone(),
            }]),
            Raw::Array(items) => Some(items.iter().filter_map(|item| self.as_text(key, item)).collect()),
            _ => self.wrong(key, item, "a list of strings", "[\"…\"]"),
        }
    }

    pub fn table(&mut self, key: &'static str) -> Option<(&'a Entries, &'a Place)> {
        let item = self.take(key)?;
        match &item.value {
            Raw::Table(entries) => Some((entries, &item.place)),
            _ => self.wrong(key, item, "a table", "{ … }"),
        }
    }

    /// Returns the tables of an array of tables.
    pub fn tables(&mut self, key: &'static str) -> Vec<(&'a Entries, &'a Place)> {
        let Some(item) = self.take(key) else { return Vec::new() };
        let Raw::Array(items) = &item.value else {
            self.diagnostics.push(
                Diagnostic::new(
                    Code::WrongType,
                    format!("`{key}` is {}, not an array of tables", item.value.words()),
                )
                .at(item.place.clone())
                .label("an array of tables is wanted here")
                .help(format!(
                    "write its header in two pairs of brackets: `{}`",
                    header_of(key)
                )),
            );
            return Vec::new();
        };
        let mut tables = Vec::new();
        for item in items {
            match &item.value {
                Raw::Table(entries) => tables.push((entries, &item.place)),
                _ => {
                    let _: Option<()> = self.wrong(key, item, "a table", "{ … }");
                }
            }
        }
        tables
    }

    /// Returns one word of a list, reporting another word with a suggestion.
    pub fn choice(&mut self, key: &'static str, words: &[&'static str]) -> Option<Placed<&'static str>> {
        let text = self.text(key)?;
        let found = words.iter().find(|word| **word == text.value);
        if found.is_none() {
            self.diagnostics
                .push(unknown_value(key, &text.value, words).at(text.place.clone()));
        }
        found.map(|word| Placed {
            value: *word,
            place: text.place,
        })
    }

    fn as_text(&mut self, key: &str, item: &Item) -> Option<Placed<String>> {
        match &item.value {
            Raw::String(text) => Some(Placed {
                value: text.clone(),
                place: item.place.clone(),
            }),
            _ => self.wrong(key, item, "a string", "\"…\""),
        }
    }

    /// Reports a value of the wrong type.
    pub fn wrong<T>(&mut self, key: &str, item: &Item, wanted: &str, example: &str) -> Option<T> {
        self.diagnostics.push(
            Diagnostic::new(
                Code::WrongType,
                format!("`{key}` is {}, not {wanted}", item.value.words()),
            )
            .at(item.place.clone())
            .label(format!("{wanted} is wanted here"))
            .help(format!("write it as in `{key} = {example}`")),
        );
        None
    }

    /// Reports every key that was not asked for and returns all diagnostics of the table.
    pub fn finish(mut self) -> Vec<Diagnostic> {
        for (key, _) in &self.entries.list {
            if !self.asked.contains(&key.value.as_str()) {
                let found = unknown_key(&self.what, &key.value, self.asked.iter().copied()).at(key.place.clone());
                self.diagnostics.push(found);
            }
        }
        self.diagnostics
    }
}

/// The header of an array of tables: those of a rule stand under it.
fn header_of(key: &str) -> String {
    match key {
        "duty" | "test" => format!("[[rule.{key}]]"),
        _ => format!("[[{key}]]"),
    }
}

/// The diagnostic of a key that a table does not have, with the nearest key that it has.
pub fn unknown_key<'k>(what: &str, key: &str, known: impl IntoIterator<Item = &'k str> + Clone) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownKey, format!("{what} has no key `{}`", printable(key)));
    match suggest::nearest(key, known.clone()) {
        Some(near) => diagnostic
            .label("unknown key")
            .help(format!("a key with a similar name exists: `{near}`")),
        None => diagnostic
            .label("unknown key")
            .help(format!("its keys are {}", suggest::quoted_list(known))),
    }
}

/// The diagnostic of a word outside its list, with the nearest word or all of them.
pub fn unknown_value(key: &str, word: &str, words: &[&str]) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownValue, format!("`{key}` cannot be `{}`", printable(word)));
    let list = suggest::quoted_list(words.iter().copied());
    match suggest::nearest(word, words.iter().copied()) {
        Some(near) => diagnostic
            .label(format!("did you mean `{near}`?"))
            .help(format!("write one of {list}")),
        None => diagnostic.label("unknown word").help(format!("write one of {list}")),
    }
}
