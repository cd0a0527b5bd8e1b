//! The field table as JSON Schema (draft 7), for editors and validators of TOML: it rejects what relto rejects, as far as
//! JSON Schema can say it.

use serde_json::{Map, Value, json};

use crate::marking::vocabulary::Vocabulary;
use crate::record::field::{Field, Need, Type, written_order};
use crate::record::kind::Kind;

/// The dialect that every TOML tool understands.
pub const DIALECT: &str = "http://json-schema.org/draft-07/schema#";

/// One side of an interval, or a date: a day, a month, a quarter, a half or a year.
const STRETCH: &str = r"[0-9]{4}(-([0-9]{2}(-[0-9]{2})?|Q[1-4]|H[12]))?";

/// A moment with its offset.
const MOMENT: &str =
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?(Z|[+-][0-9]{2}:[0-9]{2})";

/// Text without characters that cannot be seen; line breaks and tabs are fine.
const SEEN: &str = r"^[^\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]*$";

const ID: &str = r"^[A-Z0-9]+([._-][A-Z0-9]+)*$";

/// A portion mark, with or without its parentheses.
const MARK: &str = r"^\(?((TS|S|C|U)(//[A-Z0-9 ,/-]+)?|//[A-Z0-9 ,/-]+)\)?$";

/// A banner, a portion mark, or the release part alone.
const MARKING: &str = r"^[A-Z0-9 ,/()-]+$";

/// Returns the schema of record files.
pub fn records() -> Value {
    let mut kinds = Map::new();
    for kind in Kind::ALL {
        kinds.insert(
            kind.name().to_owned(),
            json!({
                "type": "array",
                "description": format!("Records of the kind {}: {}.", kind.name(), kind.words()),
                "items": record(*kind, true),
            }),
        );
    }
    json!({
        "$schema": DIALECT,
        "title": "relto records",
        "description": "Dated facts of one kind each, as arrays of tables named by kind. `relto fields` explains every field.",
        "type": "object",
        "additionalProperties": false,
        "properties": kinds,
        "definitions": { "code": code() },
    })
}

/// Returns the schema of one record. In the tests of rules, what the rule does not read may be left out.
pub fn record(kind: Kind, strict: bool) -> Value {
    let fields: Vec<&Field> = written_order(kind);
    let mut schema = table(fields.iter().copied(), strict);
    if strict {
        let mut conditions = vec![json!({
            "if": { "properties": { "basis": { "const": "press" } }, "required": ["basis"] },
            "then": { "required": ["reported_by"] },
        })];
        if kind == Kind::SharingChange {
            conditions.push(json!({
                "if": { "properties": { "action": { "const": "resume" } }, "required": ["action"] },
                "then": { "required": ["resumes"] },
            }));
        }
        schema["allOf"] = json!(conditions);
    }
    schema
}

/// Every code of the vocabulary.
pub fn code() -> Value {
    let codes = Vocabulary::standard().codes();
    let known: Vec<&str> = codes.iter().map(|(code, _)| *code).collect();
    // Codes of organizations that a workspace defines itself are longer than those of countries.
    json!({ "anyOf": [{ "enum": known }, { "type": "string", "pattern": "^[A-Z][A-Z0-9_]{3,}$" }] })
}

/// A calendar day, as a TOML date.
pub fn day() -> Value {
    json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" })
}

fn table<'f>(fields: impl Iterator<Item = &'f Field>, strict: bool) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        let mut schema = value(&field.kind_of_value, strict);
        if let Some(schema) = schema.as_object_mut() {
            schema.insert("description".to_owned(), json!(description(field)));
        }
        properties.insert(field.name.to_owned(), schema);
        if field.need == Need::Required {
            required.push(field.name);
        }
    }
    let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if strict && !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

/// What an editor shows for a key.
fn description(field: &Field) -> String {
    let mut meaning = field.meaning.to_owned();
    if let Some(first) = meaning.get(..1) {
        meaning = first.to_uppercase() + &meaning[1..];
    }
    format!("{meaning}. As in `{} = {}`.", field.name, field.example)
}

fn value(of: &Type, strict: bool) -> Value {
    match of {
        Type::Id | Type::Link => json!({ "type": "string", "pattern": ID, "minLength": 3, "maxLength": 64 }),
        Type::Text | Type::Rule | Type::Recipient => json!({ "type": "string", "pattern": SEEN }),
        Type::Portion => json!({ "anyOf": [
            { "type": "string", "pattern": SEEN },
            {
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "mark": { "type": "string", "pattern": MARK, "description": "The portion mark of this text." },
                    "text": { "type": "string", "pattern": SEEN, "description": "The text." },
                },
                "required": ["mark", "text"],
            },
        ] }),
        Type::PortionMark => json!({ "type": "string", "pattern": MARK }),
        Type::OtherMarking => json!({ "type": "string", "pattern": MARKING }),
        Type::Level => json!({ "enum": ["U", "C", "S", "TS", "classified"] }),
        Type::Choice(words) => json!({ "enum": words }),
        Type::Code => json!({ "allOf": [{ "$ref": "#/definitions/code" }] }),
        Type::Bool => json!({ "type": "boolean" }),
        Type::Integer => json!({ "type": "integer" }),
        // Some tools take a TOML date for a string, others by the format of its branch.
        Type::When => {
            let side = format!("({STRETCH}|[.][.])");
            let pattern = format!("^(unknown|{STRETCH}|{MOMENT}|{side}/{side})$");
            json!({ "anyOf": [
                day(),
                { "type": "string", "format": "date-time", "pattern": format!("^{MOMENT}$") },
                { "type": "string", "pattern": pattern },
            ] })
        }
        Type::Period => json!({ "type": "string", "pattern": format!("^{STRETCH}$") }),
        Type::List(item) => json!({ "type": "array", "items": value(item, strict) }),
        Type::Table(fields) => table(fields.iter(), strict),
    }
}
