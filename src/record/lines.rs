//! Records as JSON Lines: one object a line, its `kind` beside the fields of the field table.
//!
//! `{"kind": "agreement", "id": "AG-1", "title": "…", "marking": "U", …}`. Dates are strings, portions are strings or
//! `{"mark": …, "text": …}`, null stands for a key that is left out. A line is written anew as the record it would be in
//! a record file and read from there, so that everything is checked and said as it is for files.

use std::fmt::{self, Write as _};
use std::io::{self, BufRead};

use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::record::kind::Kind;

/// The record file that some JSON Lines stand for.
#[derive(Debug, Default)]
pub struct Lines {
    pub text: String,
    /// For every record: where it starts in `text`, and the number of its line, from 1.
    starts: Vec<(usize, usize)>,
}

impl Lines {
    /// Reads JSON Lines one by one; empty lines are left out. A line that is no record in JSON is reported and left out.
    ///
    /// # Errors
    /// Where the input cannot be read, is not UTF-8, or holds 4 GiB of records and more.
    pub fn read(input: &mut dyn BufRead) -> io::Result<(Lines, Vec<Diagnostic>)> {
        let mut lines = Lines::default();
        let mut found = Vec::new();
        let (mut line, mut body) = (String::new(), String::new());
        for number in 1.. {
            line.clear();
            if input.read_line(&mut line)? == 0 {
                break;
            }
            let line = line.strip_suffix('\n').unwrap_or(&line);
            if line.trim().is_empty() {
                continue;
            }
            if let Err(why) = lines.add(line, number, &mut body) {
                found.push(
                    Diagnostic::new(
                        Code::JsonSyntax,
                        format!("line {number} of the input is no record: {why}"),
                    )
                    .help("write one JSON object a line, as in `{\"kind\": \"agreement\", \"id\": \"AG-1\", …}`"),
                );
            }
            if u32::try_from(lines.text.len()).is_err() {
                return Err(io::Error::other("it holds 4 GiB of records and more"));
            }
        }
        Ok((lines, found))
    }

    /// Returns the number of the line that a place of the text comes from.
    pub fn line_of(&self, offset: usize) -> usize {
        let after = self.starts.partition_point(|(start, _)| *start <= offset);
        self.starts.get(after.saturating_sub(1)).map_or(1, |(_, line)| *line)
    }

    fn add(&mut self, line: &str, number: usize, body: &mut String) -> Result<(), String> {
        body.clear();
        let mut kind = None;
        let mut reader = serde_json::Deserializer::from_str(line);
        let record = RecordSeed { kind: &mut kind, body };
        record
            .deserialize(&mut reader)
            .and_then(|()| reader.end())
            .map_err(|error| in_line(&error.to_string()))?;
        let name = kind.ok_or("it has no `kind`")?;
        let kind = Kind::named(&name).ok_or_else(|| {
            let shown = crate::record::characters::visible(&name);
            format!("`{shown}` is no kind of record")
        })?;
        self.starts.push((self.text.len(), number));
        self.text.push_str("[[");
        self.text.push_str(kind.name());
        self.text.push_str("]]\n");
        self.text.push_str(body);
        Ok(())
    }
}

/// The parser counts lines within the one line that it is given.
fn in_line(message: &str) -> String {
    message.replace(" at line 1 column ", " at column ")
}

/// Reads the object of a line: `kind` apart, the rest as lines of a record file.
struct RecordSeed<'a> {
    kind: &'a mut Option<String>,
    body: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for RecordSeed<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RecordSeed<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut keys: Vec<String> = Vec::new();
        while let Some(key) = map.next_key::<String>()? {
            if keys.contains(&key) {
                return Err(twice(&key));
            }
            if key == "kind" {
                *self.kind = Some(map.next_value()?);
            } else {
                let before = self.body.len();
                write_key(self.body, &key);
                self.body.push_str(" = ");
                if map.next_value_seed(ValueSeed(self.body))? {
                    self.body.push('\n');
                } else {
                    self.body.truncate(before);
                }
            }
            keys.push(key);
        }
        Ok(())
    }
}

/// Writes a JSON value as a TOML value. Returns whether there is one: null is none.
struct ValueSeed<'a>(&'a mut String);

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
        self.0.push_str(if value { "true" } else { "false" });
        Ok(true)
    }

    fn visit_i64<E>(self, value: i64) -> Result<bool, E> {
        let _ = write!(self.0, "{value}");
        Ok(true)
    }

    fn visit_u64<E>(self, value: u64) -> Result<bool, E> {
        let _ = write!(self.0, "{value}");
        Ok(true)
    }

    fn visit_f64<E>(self, value: f64) -> Result<bool, E> {
        // With its point, whole or not: where a whole number is wanted, this is none.
        let _ = write!(self.0, "{value:?}");
        Ok(true)
    }

    fn visit_str<E>(self, value: &str) -> Result<bool, E> {
        write_string(self.0, value);
        Ok(true)
    }

    fn visit_unit<E>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        self.0.push('[');
        let mut first = true;
        loop {
            let before = self.0.len();
            if !first {
                self.0.push_str(", ");
            }
            match list.next_element_seed(ValueSeed(self.0))? {
                Some(true) => first = false,
                Some(false) => return Err(Error::custom("null stands in a list")),
                None => {
                    self.0.truncate(before);
                    break;
                }
            }
        }
        self.0.push(']');
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<bool, A::Error> {
        let mut keys: Vec<String> = Vec::new();
        self.0.push('{');
        while let Some(key) = map.next_key::<String>()? {
            if keys.contains(&key) {
                return Err(twice(&key));
            }
            let before = self.0.len();
            self.0.push_str(if self.0.ends_with('{') { " " } else { ", " });
            write_key(self.0, &key);
            self.0.push_str(" = ");
            if !map.next_value_seed(ValueSeed(self.0))? {
                self.0.truncate(before);
            }
            keys.push(key);
        }
        self.0.push_str(" }");
        Ok(true)
    }
}

fn twice<E: Error>(key: &str) -> E {
    let shown = crate::record::characters::visible(key);
    E::custom(format_args!("the key `{shown}` stands in it twice"))
}

fn write_key(out: &mut String, key: &str) {
    let bare = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    if !key.is_empty() && key.bytes().all(bare) {
        out.push_str(key);
    } else {
        write_string(out, key);
    }
}

/// Writes a basic string of TOML.
fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(|c: char| c == '"' || c == '\\' || c.is_ascii_control()) {
        let (plain, special) = rest.split_at(at);
        out.push_str(plain);
        let mut chars = special.chars();
        match chars.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some(control) => {
                let _ = write!(out, "\\u{:04X}", u32::from(control));
            }
            None => {}
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Lines, Vec<Diagnostic>) {
        Lines::read(&mut text.as_bytes()).unwrap()
    }

    #[test]
    fn a_line_becomes_a_record() {
        let (lines, found) = read(concat!(
            "{\"id\": \"A-1\", \"kind\": \"agreement\", \"oral\": true, \"title\": \"a \\\"b\\\"\\n\", \"until\": null}\n\n",
            "{\"kind\": \"exchange\", \"counterpart\": {\"country\": \"RUS\", \"name\": null}, \"related\": [\"A-1\"], \"a.b\": 1.0}\n"
        ));
        assert_eq!(found, []);
        insta::assert_snapshot!(lines.text, @r#"
        [[agreement]]
        id = "A-1"
        oral = true
        title = "a \"b\"\u000A"
        [[exchange]]
        counterpart = { country = "RUS" }
        related = ["A-1"]
        "a.b" = 1.0
        "#);
        assert_eq!((lines.line_of(0), lines.line_of(lines.text.len())), (1, 3));
    }

    #[test]
    fn what_is_no_record_is_reported_with_its_line() {
        let (lines, found) = read(concat!(
            "[]\n{\"kind\": \"agreement\"} {}\n{\"id\": \"A-1\"}\n{\"kind\": \"treaty\"}\n",
            "{\"kind\": \"agreement\", \"id\": \"A\", \"id\": \"B\"}\n{\"kind\": \"agreement\", \"parties\": [null]}\n{"
        ));
        assert_eq!(lines.text, "");
        // Which column a problem is noticed in is the parser's business.
        let said: Vec<&str> = found
            .iter()
            .map(|problem| problem.message.split(" at column ").next().unwrap_or_default())
            .collect();
        insta::assert_snapshot!(said.join("\n"), @"
        line 1 of the input is no record: invalid type: sequence, expected a JSON object
        line 2 of the input is no record: trailing characters
        line 3 of the input is no record: it has no `kind`
        line 4 of the input is no record: `treaty` is no kind of record
        line 5 of the input is no record: the key `id` stands in it twice
        line 6 of the input is no record: null stands in a list
        line 7 of the input is no record: EOF while parsing an object
        ");
    }
}
