//! One table of a record file into a typed record, by the field table. Every problem is reported at its place.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::code::Code;
use crate::base::decode::{Entries, Item, Raw, unknown_key, unknown_value};
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::shared::Shared;
use crate::base::source::{Place, Sources};
use crate::base::suggest;
use crate::calendar::date::When;
use crate::marking::ast::Marking;
use crate::marking::level::Level;
use crate::marking::parse::{Form, parse_release_with, parse_with};
use crate::marking::problem::Problem;
use crate::marking::vocabulary::Vocabulary;
use crate::record::characters;
use crate::record::field::{Field, Need, Type, fields_of};
use crate::record::kind::Kind;
use crate::record::periodic_report;
use crate::record::value::{Node, OtherMarking, Portion, Record, SharedLevel, Table, Value};

/// Whether required fields must be there. Rule tests leave out what the rule does not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strictness {
    Strict,
    Lenient,
}

/// Decodes one record. Returns nothing where the record has an error; the diagnostics say which.
pub fn decode(
    kind: Kind,
    entries: &Entries,
    header: &Place,
    strictness: Strictness,
    sources: &Sources,
    vocabulary: &Vocabulary,
) -> (Option<Record>, Vec<Diagnostic>) {
    let (record, found) = decode_parts(kind, entries, header, strictness, sources, vocabulary);
    let faulty = found.iter().any(Diagnostic::is_error);
    (if faulty { None } else { Some(record) }, found)
}

/// Decodes what can be decoded of a record, faulty or not, so that its links can be checked in the same pass.
pub fn decode_parts(
    kind: Kind,
    entries: &Entries,
    header: &Place,
    strictness: Strictness,
    sources: &Sources,
    vocabulary: &Vocabulary,
) -> (Record, Vec<Diagnostic>) {
    let mut decoder = Decoder {
        sources,
        vocabulary,
        strictness,
        date: record_date(kind, entries),
        found: Vec::new(),
    };
    let written: Vec<&'static Field> = fields_of(kind).filter(|field| field.need != Need::Derived).collect();
    let what = format!("{} record", kind.with_article());
    let derived: Vec<&str> = fields_of(kind)
        .filter(|f| f.need == Need::Derived)
        .map(|f| f.name)
        .collect();
    let fields = decoder.table(&written, &derived, entries, header, &what, "");
    let id = match fields.get("id").map(|node| &node.value) {
        Some(Value::Text(id)) => id.clone(),
        _ => Shared::default(),
    };
    let record = Record {
        kind,
        id: id.clone(),
        header: header.clone(),
        whole: header.clone(),
        fields,
    };
    let mut found = decoder.found;
    found.extend(crate::record::check::check(&record, strictness));
    for diagnostic in &mut found {
        if diagnostic.record.is_none() && !id.is_empty() {
            diagnostic.record = Some(id.clone());
        }
    }
    (record, found)
}

/// The earliest day the record's date can be: the vocabulary of markings is the one of that day.
fn record_date(kind: Kind, entries: &Entries) -> Option<NaiveDate> {
    let first = kind.date_fields().iter().find_map(|name| entries.get(name))?;
    let text = match &first.value {
        Raw::Datetime(value) => value.to_string(),
        Raw::String(text) => text.clone(),
        _ => return None,
    };
    When::parse(&text).ok()?.earliest_day(chrono_tz::UTC)
}

struct Decoder<'a> {
    sources: &'a Sources,
    vocabulary: &'a Vocabulary,
    strictness: Strictness,
    date: Option<NaiveDate>,
    found: Vec<Diagnostic>,
}

impl Decoder<'_> {
    fn table(
        &mut self,
        fields: &[&'static Field],
        derived: &[&str],
        entries: &Entries,
        header: &Place,
        what: &str,
        prefix: &str,
    ) -> Table {
        let mut table = Table::default();
        for (key, item) in &entries.list {
            let Some(field) = fields.iter().find(|field| field.name == key.value) else {
                let diagnostic = if derived.contains(&key.value.as_str()) {
                    Diagnostic::new(
                        Code::UnknownKey,
                        format!("`{}` is derived by relto and cannot be set", key.value),
                    )
                    .label("derived")
                    .help("remove this line")
                } else {
                    let free = fields
                        .iter()
                        .map(|field| field.name)
                        .filter(|name| entries.get(name).is_none());
                    let diagnostic = unknown_key(what, &key.value, fields.iter().map(|field| field.name));
                    match suggest::clear(&key.value, free) {
                        Some(meant) => diagnostic.fix(key.place.clone(), meant),
                        None => diagnostic,
                    }
                };
                self.found.push(diagnostic.at(key.place.clone()));
                continue;
            };
            let path = format!("{prefix}{}", field.name);
            if let Some(value) = self.value(&field.kind_of_value, item, &path, field.example) {
                table.push(
                    field.name,
                    Node {
                        value,
                        place: item.place.clone(),
                    },
                );
            }
        }
        if self.strictness == Strictness::Strict {
            for field in fields.iter().filter(|field| field.need == Need::Required) {
                if entries.get(field.name).is_none() {
                    self.found.push(
                        Diagnostic::new(Code::MissingField, format!("{what} without `{prefix}{}`", field.name))
                            .at(header.clone())
                            .label(format!("`{}` is missing", field.name))
                            .help(format!("add `{} = {}` ({})", field.name, field.example, field.meaning)),
                    );
                }
            }
        }
        table
    }

    fn value(&mut self, of: &Type, item: &Item, path: &str, example: &str) -> Option<Value> {
        match of {
            Type::Id => {
                let id = self.string(item, path, example)?;
                self.identifier(id, &item.place).then(|| Value::Text(id.into()))
            }
            Type::Text | Type::Link | Type::Rule | Type::Recipient => {
                let text = self.string(item, path, example)?;
                self.prose(text, &item.place).then(|| Value::Text(text.into()))
            }
            Type::Portion => self.portion(item, path, example),
            Type::PortionMark => {
                let text = self.string(item, path, example)?;
                self.mark(text, &item.place).map(Value::Mark)
            }
            Type::OtherMarking => {
                let text = self.string(item, path, example)?;
                // The earlier marking may hold codes that were retired since.
                let on = if path == "from" { None } else { self.date };
                let parsed = parse_release_with(text, on, self.vocabulary);
                // Data about other material: what it leaves out is not this record's fault.
                let errors: Vec<Problem> = parsed
                    .problems
                    .into_iter()
                    .filter(|problem| problem.severity == Severity::Error)
                    .collect();
                let form = only_form(&errors, text, parsed.canonical.as_ref());
                self.problems(&errors, text, &item.place, form);
                let release = parsed.release?;
                let level = parsed.level;
                Some(Value::Release(Box::new(OtherMarking {
                    text: text.into(),
                    release,
                    level,
                })))
            }
            Type::Level => {
                let text = self.string(item, path, example)?;
                let level = match text {
                    "classified" => Some(SharedLevel::Classified),
                    _ => Level::from_letter(text).map(SharedLevel::Exactly),
                };
                if level.is_none() {
                    let words = ["U", "C", "S", "TS", "classified"];
                    self.found
                        .push(unknown_value(path, text, &words).at(item.place.clone()));
                }
                level.map(Value::Level)
            }
            Type::Choice(words) => {
                let text = self.string(item, path, example)?;
                let word = words.iter().find(|word| **word == text);
                if word.is_none() {
                    let diagnostic = unknown_value(path, text, words).at(item.place.clone());
                    self.found.push(match suggest::clear(text, words.iter().copied()) {
                        Some(meant) => diagnostic.fix(item.place.clone(), format!("\"{meant}\"")),
                        None => diagnostic,
                    });
                }
                word.map(|word| Value::Choice(word))
            }
            Type::Code => {
                let code = self.string(item, path, example)?;
                self.code(code, &item.place).then(|| Value::Code(code.into()))
            }
            Type::Bool => match item.value {
                Raw::Boolean(value) => Some(Value::Bool(value)),
                _ => self.wrong(item, path, "true or false", example),
            },
            Type::Integer => match item.value {
                Raw::Integer(value) => Some(Value::Integer(value)),
                _ => self.wrong(item, path, "a whole number", example),
            },
            Type::When => self.when(item, path, example).map(Value::When),
            Type::Period => {
                let text = self.string(item, path, example)?;
                let period = periodic_report::parse(text);
                self.dated(period, text, item, path, "period").map(Value::When)
            }
            Type::List(inner) => {
                let Raw::Array(items) = &item.value else {
                    return self.wrong(item, path, "a list", example);
                };
                let nodes = items
                    .iter()
                    .filter_map(|item| {
                        let value = self.value(inner, item, path, example)?;
                        Some(Node {
                            value,
                            place: item.place.clone(),
                        })
                    })
                    .collect();
                Some(Value::List(nodes))
            }
            Type::Table(fields) => {
                let Raw::Table(entries) = &item.value else {
                    return self.wrong(item, path, "a table", example);
                };
                let fields: Vec<&'static Field> = fields.iter().collect();
                let what = format!("`{path}`");
                Some(Value::Table(Box::new(self.table(
                    &fields,
                    &[],
                    entries,
                    &item.place,
                    &what,
                    &format!("{path}."),
                ))))
            }
        }
    }

    fn string<'i>(&mut self, item: &'i Item, path: &str, example: &str) -> Option<&'i str> {
        let Raw::String(text) = &item.value else {
            return self.wrong(item, path, "a string", example);
        };
        if text.trim().is_empty() {
            self.found.push(
                Diagnostic::new(Code::MissingField, format!("`{path}` is empty"))
                    .at(item.place.clone())
                    .label("nothing here")
                    .help(format!("write it as in `{path} = {example}`, or remove the line")),
            );
            return None;
        }
        Some(text)
    }

    fn wrong<T>(&mut self, item: &Item, path: &str, wanted: &str, example: &str) -> Option<T> {
        self.found.push(
            Diagnostic::new(
                Code::WrongType,
                format!("`{path}` wants {wanted}; this is {}", item.value.words()),
            )
            .at(item.place.clone())
            .label(format!("{wanted} is wanted here"))
            .help(format!("write it as in `{path} = {example}`")),
        );
        None
    }

    fn when(&mut self, item: &Item, path: &str, example: &str) -> Option<When> {
        let text = match &item.value {
            Raw::Datetime(value) => value.to_string(),
            Raw::String(text) => text.clone(),
            _ => return self.wrong(item, path, "a date", example),
        };
        self.dated(When::parse(&text), &text, item, path, "date")
    }

    fn dated(&mut self, read: Result<When, String>, text: &str, item: &Item, path: &str, what: &str) -> Option<When> {
        read.map_err(|help| {
            let shown = characters::visible(text);
            self.found.push(
                Diagnostic::new(Code::BadDate, format!("`{path}` is no {what}: `{shown}`"))
                    .at(item.place.clone())
                    .label(format!("not a {what}"))
                    .help(help),
            );
        })
        .ok()
    }

    fn portion(&mut self, item: &Item, path: &str, example: &str) -> Option<Value> {
        match &item.value {
            Raw::Table(entries) => {
                let mut mark = None;
                let mut mark_place = None;
                let mut text = None;
                for (key, part) in &entries.list {
                    match key.value.as_str() {
                        "mark" => {
                            if let Some(written) = self.string(part, &format!("{path}.mark"), "\"S//NF\"") {
                                mark = self.mark(written, &part.place);
                                mark_place = Some(part.place.clone());
                            }
                        }
                        "text" => {
                            let written = self.string(part, &format!("{path}.text"), "\"…\"");
                            text = written.map(|text| (text, &part.place));
                        }
                        other => {
                            let problem = unknown_key(&format!("`{path}`"), other, ["mark", "text"]);
                            self.found.push(problem.at(key.place.clone()));
                        }
                    }
                }
                for part in ["mark", "text"] {
                    if entries.get(part).is_none() {
                        self.found.push(
                            Diagnostic::new(Code::MissingField, format!("`{path}` without `{part}`"))
                                .at(item.place.clone())
                                .label(format!("`{part}` is missing"))
                                .help(format!(
                                    "write `{path} = {{ mark = \"U\", text = \"…\" }}`, or the text alone"
                                )),
                        );
                    }
                }
                let (text, place) = text?;
                // A mark that was refused leaves the text without one: it takes no other.
                let refused = mark.is_none() && mark_place.is_some();
                (self.prose(text, place) && !refused).then(|| {
                    Value::Portion(Box::new(Portion {
                        mark,
                        mark_place,
                        text: text.into(),
                    }))
                })
            }
            Raw::String(_) => {
                let text = self.string(item, path, example)?;
                let portion = Portion {
                    mark: None,
                    mark_place: None,
                    text: text.into(),
                };
                self.prose(text, &item.place).then(|| Value::Portion(Box::new(portion)))
            }
            _ => self.wrong(item, path, "text", "{ mark = \"U\", text = \"…\" }"),
        }
    }

    fn mark(&mut self, text: &str, place: &Place) -> Option<Arc<Marking>> {
        let parsed = parse_with(text, Form::Portion, self.date, self.vocabulary);
        let form = only_form(&parsed.problems, text, parsed.canonical.as_ref());
        self.problems(&parsed.problems, text, place, form);
        parsed.marking.map(Arc::new)
    }

    /// Reports the problems of a marking at their characters. A missing companion is a warning here as in
    /// `relto marking parse`; it is an error in a finished document.
    fn problems(&mut self, problems: &[Problem], text: &str, place: &Place, form: Option<String>) {
        let mut form = form;
        for problem in problems {
            let code = match Code::named(problem.code) {
                Some(code @ (Code::UnknownCountryCode | Code::HiddenCharacter | Code::LookalikeCharacter)) => code,
                _ if problem.severity == Severity::Error => Code::MarkingInvalid,
                _ => Code::MarkingDoubtful,
            };
            let mut diagnostic = Diagnostic::new(code, problem.message.clone())
                .at(characters::inside(
                    place,
                    text,
                    problem.offset,
                    problem.length,
                    self.sources,
                ))
                .cite(problem.citation);
            if code == Code::MarkingInvalid {
                diagnostic = diagnostic.label("in this marking");
            }
            if let Some(help) = &problem.help {
                diagnostic = diagnostic.help(help.clone());
            }
            if problem.severity == Severity::Error
                && let Some(form) = form.take()
            {
                diagnostic = diagnostic.fix(place.clone(), format!("\"{form}\""));
            }
            self.found.push(diagnostic);
        }
    }

    fn code(&mut self, code: &str, place: &Place) -> bool {
        if self.lookalikes(code, place) {
            return false;
        }
        let vocabulary = self.vocabulary;
        if !vocabulary.knows(code) {
            let mut diagnostic = Diagnostic::new(
                Code::UnknownCountryCode,
                format!("`{}` is no country or organization code", characters::visible(code)),
            )
            .at(place.clone())
            .label("not in the vocabulary");
            diagnostic = match vocabulary.suggest(code) {
                Some(near) => {
                    let name = vocabulary
                        .name(&near)
                        .map(|name| format!(" ({name})"))
                        .unwrap_or_default();
                    diagnostic.help(format!("did you mean `{near}`{name}?"))
                }
                None => diagnostic.help("use the GENC trigraph, such as GBR or RUS"),
            };
            self.found.push(diagnostic.cite("ISM-ID-00265"));
            return false;
        }
        if let (Some(date), Some(gone)) = (self.date, vocabulary.deprecated(code))
            && date > gone
        {
            self.found.push(
                Diagnostic::new(Code::UnknownCountryCode, format!("`{code}` was retired on {gone}"))
                    .at(place.clone())
                    .label("retired before the record's date")
                    .help("name the countries instead")
                    .cite("ISM-ID-00199"),
            );
            return false;
        }
        true
    }

    fn identifier(&mut self, id: &str, place: &Place) -> bool {
        if self.lookalikes(id, place) {
            return false;
        }
        let Some(why) = characters::bad_id(id) else { return true };
        let mut diagnostic = Diagnostic::new(
            Code::BadId,
            format!("`{}` cannot be an id: {why}", characters::visible(id)),
        )
        .at(place.clone())
        .label("bad id");
        let mended = characters::mended_id(id);
        diagnostic = match mended {
            Some(mended) => diagnostic.help(format!(
                "write `{mended}`, or another id of A-Z, 0-9 and single `-`, `_` or `.`"
            )),
            None => diagnostic.help("write A-Z and 0-9 in groups joined by single `-`, `_` or `.`, 3 to 64 characters"),
        };
        self.found.push(diagnostic);
        false
    }

    /// Reports characters that look like A-Z, digits or separators and are not, and invisible ones.
    fn lookalikes(&mut self, text: &str, place: &Place) -> bool {
        if !self.prose(text, place) {
            return true;
        }
        let mut found = false;
        for (at, c) in text.chars().enumerate() {
            if let Some(plain) = characters::lookalike(c) {
                found = true;
                let here = characters::inside(place, text, at, 1, self.sources);
                let diagnostic = Diagnostic::new(
                    Code::LookalikeCharacter,
                    format!("U+{:04X} looks like `{plain}` and is another character", u32::from(c)),
                )
                .label(format!("type `{plain}` here"))
                .help(format!("type `{plain}` on the keyboard instead of pasting it"));
                self.found.push(mended(diagnostic, here, c, &plain.to_string()));
            }
        }
        found
    }

    /// Reports invisible and control characters. Returns whether the text is clean.
    fn prose(&mut self, text: &str, place: &Place) -> bool {
        let mut clean = true;
        for (at, c) in text.chars().enumerate() {
            if let Some(name) = characters::hidden(c) {
                clean = false;
                let here = characters::inside(place, text, at, 1, self.sources);
                let diagnostic = Diagnostic::new(
                    Code::HiddenCharacter,
                    format!("U+{:04X} {name} cannot be seen", u32::from(c)),
                )
                .label("invisible character")
                .help("delete it and type the text around it anew");
                self.found.push(mended(diagnostic, here, c, ""));
            }
        }
        clean
    }
}

/// Puts a diagnostic at a character; where the place is that character and no more, another text can take it.
fn mended(diagnostic: Diagnostic, here: Place, c: char, text: &str) -> Diagnostic {
    let alone = here.end() - here.start() == c.len_utf8();
    let diagnostic = diagnostic.at(here.clone());
    if alone { diagnostic.fix(here, text) } else { diagnostic }
}

/// Problems of a marking that are only about the way it is written: its canonical form says the same.
const ONLY_FORM: &[&str] = &[
    "lower-case",
    "stray-blank",
    "list-order",
    "list-separator",
    "duplicate-code",
    "duplicate-entry",
    "entry-order",
    "trailing-separator",
];

/// Returns the canonical form where nothing but the form of a marking is wrong.
fn only_form(problems: &[Problem], text: &str, canonical: Option<&String>) -> Option<String> {
    let errors = || problems.iter().filter(|problem| problem.severity == Severity::Error);
    // USA out of its place is a matter of order; USA left out is not.
    let formal =
        |problem: &Problem| ONLY_FORM.contains(&problem.code) || (problem.code == "usa-first" && text.contains("USA"));
    (errors().next().is_some() && errors().all(formal))
        .then(|| canonical.cloned())
        .flatten()
}
