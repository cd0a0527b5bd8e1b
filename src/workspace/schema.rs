//! `relto.toml` as JSON Schema (draft 7).

use serde_json::{Map, Value, json};

use crate::base::code::Code;
use crate::base::diagnostic::Severity;
use crate::workspace::settings::{LEVELS, SEVERITIES};

/// One key of a table: its name, its schema, what it means.
type Key = (&'static str, Value, &'static str);

/// Returns the schema of `relto.toml`.
pub fn settings() -> Value {
    let mut schema = table(Vec::from([
        ("agency", agency(), "Who writes the letters."),
        (
            "classification",
            classification(),
            "How high the records of this workspace may be marked.",
        ),
        ("policy", policy(), "Which rules apply."),
        ("notices", notices(), "What notices carry."),
        (
            "severity",
            severity(),
            "Severity by diagnostic code; errors cannot be lowered.",
        ),
        ("calendar", calendar(), "Which days count."),
        (
            "recipients",
            json!({
                "type": "object",
                "additionalProperties": { "type": "object", "additionalProperties": { "type": "string" } },
            }),
            "Names and forms of address by recipient.",
        ),
    ]));
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("relto.toml");
    schema["description"] = json!("The settings of a workspace. Every key is optional; an unknown one is an error.");
    schema
}

fn table(keys: Vec<Key>) -> Value {
    let mut properties = Map::new();
    for (name, mut schema, meaning) in keys {
        schema["description"] = json!(meaning);
        properties.insert(name.to_owned(), schema);
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

/// A table of which every key must be there.
fn whole(keys: Vec<Key>) -> Value {
    let names: Vec<&str> = keys.iter().map(|(name, _, _)| *name).collect();
    let mut schema = table(keys);
    schema["required"] = json!(names);
    schema
}

fn text() -> Value {
    json!({ "type": "string" })
}

/// A list of strings; one string counts as a list of one.
fn texts() -> Value {
    json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] })
}

fn agency() -> Value {
    let signatory = whole(Vec::from([
        ("name", text(), "Who signs."),
        ("title", text(), "As what."),
    ]));
    table(Vec::from([
        (
            "name",
            text(),
            "As printed in the letterhead; until it is given, every notice says EXAMPLE.",
        ),
        (
            "element",
            text(),
            "The reporting element of records that name none, such as ODNI.",
        ),
        ("address", texts(), "The lines of the address."),
        ("signatory", signatory, "Who signs the letters."),
        ("identifier_prefix", text(), "Begins the identifiers of issued notices."),
    ]))
}

fn classification() -> Value {
    let authority = whole(Vec::from([
        ("classified_by", text(), "Classified By."),
        ("derived_from", text(), "Derived From."),
        (
            "declassify_on",
            text(),
            "Declassify On, as YYYYMMDD; of RD, FRD, TFNI and NATO portions a document says what 32 CFR 2001.24(h)(3) wants.",
        ),
    ]));
    table(Vec::from([
        (
            "ceiling",
            json!({ "enum": LEVELS }),
            "No record marked above this is read into a document.",
        ),
        ("profile", json!({ "enum": ["ic", "dod"] }), "Whose marking rules."),
        (
            "organizations",
            text(),
            "A file with the organizations of this workspace.",
        ),
        (
            "expand",
            texts(),
            "Organization codes that roll-up may expand, such as FVEY.",
        ),
        (
            "authority",
            authority,
            "Printed on classified notices; without it they are refused.",
        ),
    ]))
}

fn policy() -> Value {
    table(Vec::from([
        (
            "packs",
            texts(),
            "Built-in packs by id, and folders of this workspace that start with `./`.",
        ),
        ("disable", texts(), "Rules by id to switch off."),
        (
            "reports_from",
            json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" }),
            "The first day for which rules per period count.",
        ),
        (
            "enable",
            texts(),
            "Rules by id to switch on where a pack ships them switched off.",
        ),
        (
            "stale_after_months",
            json!({ "type": "integer", "minimum": 1, "maximum": 1200 }),
            "After so many months a rule wants to be checked anew; 12 unless given.",
        ),
    ]))
}

fn notices() -> Value {
    table(Vec::from([
        (
            "attach",
            json!({ "type": "boolean" }),
            "Each PDF carries its data as relto.json (PDF/A-3a).",
        ),
        (
            "training",
            text(),
            "A line on every page, such as \"EXERCISE: not a real notice\".",
        ),
    ]))
}

fn severity() -> Value {
    let mut properties = Map::new();
    for code in Code::ALL {
        let words: &[&str] = if code.severity() == Severity::Error {
            &["error"]
        } else {
            SEVERITIES
        };
        properties.insert(
            code.name().to_owned(),
            json!({ "enum": words, "description": code.summary() }),
        );
    }
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

fn calendar() -> Value {
    table(Vec::from([
        (
            "timezone",
            text(),
            "An instant counts as its calendar day here, such as America/New_York.",
        ),
        (
            "dc_area",
            json!({ "type": "boolean" }),
            "Whether Inauguration Day is a holiday.",
        ),
        ("closures", text(), "A file with days on which the office is closed."),
        (
            "session",
            text(),
            "A file with the days on which Congress sat, for deadlines in session days.",
        ),
    ]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;
    use crate::workspace::settings::read;

    /// The keys that the reader names when it is asked for one that is not there.
    fn known(table: &str) -> Vec<String> {
        let text = if table.is_empty() {
            "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz = 1\n".to_owned()
        } else {
            format!("[{table}]\nzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz = 1\n")
        };
        let mut sources = Sources::default();
        let source = sources.add("relto.toml", text);
        let (_, found) = read(source, &sources);
        let help = found
            .iter()
            .flat_map(|found| &found.help)
            .find(|help| help.starts_with("its keys are"))
            .expect("the keys of the table");
        let mut keys: Vec<String> = help.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        keys.sort();
        keys
    }

    #[test]
    fn the_schema_has_the_keys_that_are_read() {
        let schema = settings();
        for (table, path) in [
            ("", ""),
            ("agency", "/properties/agency"),
            ("agency.signatory", "/properties/agency/properties/signatory"),
            ("classification", "/properties/classification"),
            (
                "classification.authority",
                "/properties/classification/properties/authority",
            ),
            ("policy", "/properties/policy"),
            ("notices", "/properties/notices"),
            ("calendar", "/properties/calendar"),
        ] {
            let properties = schema.pointer(&format!("{path}/properties")).expect("a table");
            let mut keys: Vec<String> = properties.as_object().expect("keys").keys().cloned().collect();
            keys.sort();
            assert_eq!(keys, known(table), "[{table}]");
        }
    }
}
