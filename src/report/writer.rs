//! Writes JSON: byte for byte what `serde_json` writes, indented or on one line, but with every hidden character inside a
//! text as an escape.
//!
//! The documents of a million records are mostly keys and short texts that need no escape. `serde_json` looks at every
//! byte of them and writes in many small pieces; here a key is copied, a text is looked through many bytes at a time, and
//! whatever is not plain — escapes, numbers — is left to `serde_json`. A test holds the two against each other.

use serde::ser;
use serde::{Serialize, Serializer};
use serde_json::Error;

use crate::base::quoted::clear;
use crate::report::visible;

/// JSON as it is written.
#[derive(Debug)]
pub(super) struct Json {
    text: String,
    /// How deep the next value stands; nothing where all stands on one line.
    depth: Option<usize>,
}

type Written = Result<(), Error>;

/// What a text has room for at first, in bytes: some dozens of entries.
const ROOM: usize = 48 << 10;

impl Json {
    /// Indented, as from a value that stands so deep in others.
    pub(super) fn indented(depth: usize) -> Self {
        Self {
            text: String::with_capacity(ROOM),
            depth: Some(depth),
        }
    }

    /// On one line.
    pub(super) fn on_one_line() -> Self {
        Self {
            text: String::with_capacity(ROOM),
            depth: None,
        }
    }

    /// Writes a value after what is there.
    pub(super) fn add(&mut self, value: &impl Serialize) -> Written {
        value.serialize(self)
    }

    /// Writes what is no value.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    fn line(&mut self) {
        const BLANKS: &str = "\n                                        ";
        if let Some(depth) = self.depth {
            let width = 2 * depth;
            self.text.push_str(&BLANKS[..=width.min(BLANKS.len() - 1)]);
            for _ in BLANKS.len() - 1..width {
                self.text.push(' ');
            }
        }
    }

    fn text(&mut self, text: &str) -> Written {
        if clear(text.as_bytes(), b'"') < text.len() {
            return self.other(&text);
        }
        self.quote(text);
        Ok(())
    }

    /// Writes a text that needs no escape.
    fn quote(&mut self, text: &str) {
        self.text.reserve(text.len() + 2);
        self.text.push('"');
        self.text.push_str(text);
        self.text.push('"');
    }

    fn colon(&mut self) {
        self.text.push_str(if self.depth.is_some() { ": " } else { ":" });
    }

    /// Leaves a value to `serde_json`.
    fn other(&mut self, value: &impl Serialize) -> Written {
        self.text.push_str(&visible::json(&serde_json::to_string(value)?));
        Ok(())
    }

    fn open(&mut self, bracket: char) -> Inside<'_> {
        self.text.push(bracket);
        self.depth = self.depth.map(|depth| depth + 1);
        Inside {
            json: self,
            close: if bracket == '[' { ']' } else { '}' },
            is_empty: true,
            in_variant: false,
        }
    }

    /// Opens the table that a variant with a value stands in, under its name.
    fn open_variant(&mut self, name: &'static str, bracket: char) -> Inside<'_> {
        self.text.push('{');
        self.depth = self.depth.map(|depth| depth + 1);
        self.line();
        self.quote(name);
        self.colon();
        let mut inside = self.open(bracket);
        inside.in_variant = true;
        inside
    }

    fn close(&mut self, bracket: char, is_empty: bool) {
        self.depth = self.depth.map(|depth| depth - 1);
        if !is_empty {
            self.line();
        }
        self.text.push(bracket);
    }
}

/// A list or a table, as its parts are written.
pub(super) struct Inside<'j> {
    json: &'j mut Json,
    close: char,
    is_empty: bool,
    in_variant: bool,
}

impl Inside<'_> {
    fn next(&mut self) {
        if !self.is_empty {
            self.json.text.push(',');
        }
        self.is_empty = false;
        self.json.line();
    }

    fn item(&mut self, value: &(impl Serialize + ?Sized)) -> Written {
        self.next();
        value.serialize(&mut *self.json)
    }

    fn field(&mut self, key: &'static str, value: &(impl Serialize + ?Sized)) -> Written {
        self.next();
        // The name of a field of ours.
        self.json.quote(key);
        self.json.colon();
        value.serialize(&mut *self.json)
    }

    fn done(self) {
        self.json.close(self.close, self.is_empty);
        if self.in_variant {
            self.json.close('}', false);
        }
    }
}

/// Values that are left to `serde_json`.
macro_rules! others {
    ($($method:ident: $type:ty),+ $(,)?) => {
        $(fn $method(self, value: $type) -> Written { self.other(&value) })+
    };
}

impl<'j> Serializer for &'j mut Json {
    type Ok = ();
    type Error = Error;
    type SerializeSeq = Inside<'j>;
    type SerializeTuple = Inside<'j>;
    type SerializeTupleStruct = Inside<'j>;
    type SerializeTupleVariant = Inside<'j>;
    type SerializeMap = Inside<'j>;
    type SerializeStruct = Inside<'j>;
    type SerializeStructVariant = Inside<'j>;

    others! {
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64, serialize_i128: i128,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64, serialize_u128: u128,
        serialize_f32: f32, serialize_f64: f64, serialize_char: char,
    }

    fn serialize_bool(self, value: bool) -> Written {
        self.text.push_str(if value { "true" } else { "false" });
        Ok(())
    }

    fn serialize_str(self, value: &str) -> Written {
        self.text(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Written {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Written {
        self.text.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Written {
        self.serialize_unit()
    }

    fn serialize_none(self) -> Written {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, value: &T) -> Written {
        value.serialize(self)
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Written {
        self.serialize_str(variant)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Written {
        let mut inside = self.open('{');
        inside.field(variant, value)?;
        inside.done();
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Inside<'j>, Error> {
        Ok(self.open('['))
    }

    fn serialize_tuple(self, _: usize) -> Result<Inside<'j>, Error> {
        Ok(self.open('['))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Inside<'j>, Error> {
        Ok(self.open('['))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Inside<'j>, Error> {
        Ok(self.open_variant(variant, '['))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Inside<'j>, Error> {
        Ok(self.open('{'))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Inside<'j>, Error> {
        Ok(self.open('{'))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Inside<'j>, Error> {
        Ok(self.open_variant(variant, '{'))
    }
}

/// Ways to write the parts of a list.
macro_rules! lists {
    ($($of:ident: $method:ident),+) => {
        $(impl ser::$of for Inside<'_> {
            type Ok = ();
            type Error = Error;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
                self.item(value)
            }

            fn end(self) -> Written {
                self.done();
                Ok(())
            }
        })+
    };
}

lists! {
    SerializeSeq: serialize_element, SerializeTuple: serialize_element,
    SerializeTupleStruct: serialize_field, SerializeTupleVariant: serialize_field
}

/// Ways to write the fields of a structure, whose names are plain.
macro_rules! structures {
    ($($of:ident),+) => {
        $(impl ser::$of for Inside<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Written {
                self.field(key, value)
            }

            fn end(self) -> Written {
                self.done();
                Ok(())
            }
        })+
    };
}

structures!(SerializeStruct, SerializeStructVariant);

impl ser::SerializeMap for Inside<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Written {
        self.next();
        let from = self.json.text.len();
        key.serialize(&mut *self.json)?;
        // A number is a text where it is a key.
        if !self.json.text[from..].starts_with('"') {
            self.json.text.insert(from, '"');
            self.json.text.push('"');
        }
        self.json.colon();
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Written {
        value.serialize(&mut *self.json)
    }

    fn end(self) -> Written {
        self.done();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn value() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<u64>().prop_map(Into::into),
            any::<f64>().prop_map(Into::into),
            "[ -~]{0,40}".prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(6, 40, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Into::into),
                prop::collection::vec((any::<String>(), inner), 0..5)
                    .prop_map(|entries| entries.into_iter().collect::<serde_json::Map<_, _>>().into()),
            ]
        })
    }

    #[derive(Serialize)]
    enum Shape {
        Nothing,
        One(u8),
        Two(u8, i128),
        Named { length: f32, sides: Vec<Shape> },
    }

    #[derive(Serialize)]
    struct All<'a> {
        shapes: Vec<Shape>,
        unit: (),
        pair: (char, &'a [u8]),
        numbers: BTreeMap<i16, Option<bool>>,
        #[serde(flatten)]
        more: BTreeMap<&'a str, &'a str>,
    }

    /// Holds both ways of writing a value against what `serde_json` writes, hidden characters shown.
    fn same(value: &impl Serialize) {
        let mut line = Json::on_one_line();
        line.add(value).unwrap();
        assert_eq!(line.into_text(), visible::json(&serde_json::to_string(value).unwrap()));
        let mut indented = Json::indented(0);
        indented.add(value).unwrap();
        assert_eq!(
            indented.into_text(),
            visible::json(&serde_json::to_string_pretty(value).unwrap())
        );
    }

    proptest! {
        #[test]
        fn values_are_written_as_serde_json_writes_them(value in value()) {
            same(&value);
        }
    }

    #[test]
    fn every_shape_is_written_as_serde_json_writes_it() {
        let shapes = vec![
            Shape::Nothing,
            Shape::One(1),
            Shape::Two(2, i128::MIN),
            Shape::Named {
                length: 0.1,
                sides: vec![
                    Shape::Nothing,
                    Shape::Named {
                        length: 1.0,
                        sides: Vec::new(),
                    },
                ],
            },
        ];
        same(&All {
            shapes,
            unit: (),
            pair: ('\u{202e}', b"\x00a"),
            numbers: BTreeMap::from([(-1, None), (2, Some(true))]),
            more: BTreeMap::from([("a \"key\"", "§ 1\u{7f}"), ("b", "\n")]),
        });
    }

    #[test]
    fn depth_has_no_end() {
        let mut deep = serde_json::json!([]);
        for _ in 0..60 {
            deep = serde_json::json!([deep]);
        }
        same(&deep);
    }
}
