//! Policy packs as JSON Schema (draft 7): the keys of rules, and conditions on fields of the field table with the tests
//! that fit their types.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::policy::condition::fitting_of;
use crate::policy::rule::{Confidence, Effect, Per, Status};
use crate::policy::test_format::STATES;
use crate::record::field::{Field, Need, Type, UNKNOWN_WORDS, fields_of};
use crate::record::kind::Kind;
use crate::record::schema::{DIALECT, code, day, record};

/// Returns the schema of policy packs.
pub fn pack() -> Value {
    json!({
        "$schema": DIALECT,
        "title": "relto policy pack",
        "description": "Rules that say who must be told what by when. `relto policy test` runs their tests.",
        "type": "object",
        "additionalProperties": false,
        "required": ["pack"],
        "properties": {
            "pack": table("The pack.", &["id", "title"], vec![
                ("id", json!({ "type": "string", "pattern": "^[a-z][a-z0-9-]*$" }), "Lower-case letters, digits and `-`."),
                ("title", text(), "What the pack is about."),
                ("version", text(), "Its version."),
                ("source", text(), "Where its rules come from."),
                ("extends", texts(), "Packs that this one builds on."),
            ]),
            "parameters": parameters(),
            "sets": named("Sets of codes or values, used as `@name`."),
            "groups": named("Groups of recipients, used as `@name`."),
            "rule": { "type": "array", "description": "The rules.", "items": rule() },
        },
        "definitions": { "code": code(), "condition": condition() },
    })
}

fn text() -> Value {
    json!({ "type": "string" })
}

/// A list of strings; one string counts as a list of one.
fn texts() -> Value {
    json!({ "anyOf": [{ "type": "string" }, { "type": "array", "items": { "type": "string" } }] })
}

fn when() -> Value {
    json!({ "allOf": [{ "$ref": "#/definitions/condition" }] })
}

fn named(description: &str) -> Value {
    json!({ "type": "object", "description": description, "additionalProperties": texts() })
}

/// Names chosen by the pack, each with its value or its values by date.
fn parameters() -> Value {
    let value = || json!({ "type": ["string", "integer", "boolean"] });
    let by_date = table(
        "",
        &["from", "value"],
        vec![
            ("from", day(), "The first day of the value."),
            (
                "value",
                json!({ "type": ["string", "integer", "boolean", "array"] }),
                "The value.",
            ),
        ],
    );
    json!({
        "type": "object",
        "description": "Values, or values by date, used as `$name`.",
        "additionalProperties": { "anyOf": [value(), { "type": "array", "items": by_date }] },
    })
}

fn table(description: &str, required: &[&str], keys: Vec<(&str, Value, &str)>) -> Value {
    let mut properties = Map::new();
    for (name, mut schema, meaning) in keys {
        if !meaning.is_empty() {
            schema["description"] = json!(meaning);
        }
        properties.insert(name.to_owned(), schema);
    }
    let mut schema = json!({ "type": "object", "additionalProperties": false, "properties": properties });
    if !description.is_empty() {
        schema["description"] = json!(description);
    }
    if !required.is_empty() {
        schema["required"] = json!(required);
    }
    schema
}

fn rule() -> Value {
    let follower = || {
        table(
            "",
            &["by", "within", "same"],
            vec![
                (
                    "by",
                    table(
                        "",
                        &["kind"],
                        vec![
                            ("kind", kind(), "The kind of the other record."),
                            ("when", when(), "What must hold of it."),
                        ],
                    ),
                    "The other record.",
                ),
                (
                    "within",
                    json!({ "type": "string", "pattern": "^[0-9]+ (hours?|days?)$" }),
                    "How far apart, such as \"24 hours\".",
                ),
                ("same", texts(), "The link, or the fields in which both agree."),
            ],
        )
    };
    let mut rule = table(
        "One rule.",
        &["id"],
        vec![
            (
                "overrides",
                json!({ "type": "boolean" }),
                "It changes the rule of this id in a pack that its own extends.",
            ),
            (
                "id",
                json!({ "type": "string", "pattern": "^[A-Z0-9]+([._-][A-Z0-9]+)*$", "minLength": 2, "maxLength": 64 }),
                "Unique over all packs of a run, such as REL-ANY.",
            ),
            ("title", text(), "What the rule is about, in a few words."),
            ("status", json!({ "enum": Status::WORDS }), "Its standing in law."),
            (
                "confidence",
                json!({ "enum": Confidence::WORDS }),
                "How its text is known.",
            ),
            ("enabled", json!({ "type": "boolean" }), "false needs `read_first`."),
            ("read_first", text(), "What must be read before turning the rule on."),
            (
                "reference_only",
                json!({ "type": "boolean" }),
                "No record kind can hold what it is about: it is listed only.",
            ),
            ("authority", texts(), "The statutes or sources."),
            ("checked_on", day(), "When someone last held it against its source."),
            (
                "effective",
                table(
                    "",
                    &["from"],
                    vec![
                        ("from", day(), "First day in force."),
                        ("until", day(), "Last day in force."),
                    ],
                ),
                "When it is in force.",
            ),
            (
                "applies_to",
                json!({ "type": "array", "items": kind() }),
                "Kinds of records; empty only where the rule is there for reference.",
            ),
            (
                "per",
                json!({ "enum": Per::WORDS }),
                "A rule per period instead of per record.",
            ),
            (
                "effect",
                json!({ "enum": Effect::WORDS }),
                "What the rule does when it fires.",
            ),
            ("fields", texts(), "Fields that a `require` rule wants answered."),
            ("when", when(), "It fires when all of this holds."),
            ("unless", when(), "It does not fire when all of this holds."),
            (
                "unless_followed",
                follower(),
                "It lapses when another record follows in time.",
            ),
            ("preceded", follower(), "It fires only when another record precedes."),
            (
                "duty",
                json!({ "type": "array", "items": duty() }),
                "What is owed to whom by when.",
            ),
            ("waivable_by", texts(), "Who may waive it."),
            ("parameters", parameters(), ""),
            ("responsible", text(), "Who sees to it."),
            ("late", text(), "What the law says of a late notice."),
            ("note", text(), "What a reader should know."),
            (
                "test",
                json!({ "type": "array", "items": test() }),
                "Tests of the rule.",
            ),
        ],
    );
    let whole = ["title", "status", "authority", "effective", "effect"];
    let is = |key: &str, value: bool| json!({ "properties": { key: { "const": value } } });
    rule["allOf"] = json!([
        // A rule that overrides another one leaves out what stays.
        { "anyOf": [
            { "allOf": [is("overrides", true), { "required": ["overrides"] }] },
            { "required": whole, "anyOf": [{ "required": ["applies_to"] }, { "required": ["per"] }] },
        ] },
        { "anyOf": [is("enabled", true), { "required": ["read_first"] }] },
    ]);
    rule
}

/// A kind of record that rules are about.
fn kind() -> Value {
    let kinds = Kind::ALL.iter().chain(&[Kind::Notice]);
    let names: Vec<&str> = kinds.map(|kind| kind.name()).collect();
    json!({ "enum": names })
}

fn duty() -> Value {
    table(
        "One duty.",
        &["notify", "due"],
        vec![
            ("name", text(), "Tells the duties of one rule apart."),
            ("when", when(), "The duty is owed only when this holds."),
            ("notify", texts(), "Recipients, or groups as `@name`."),
            ("due", text(), "As in \"7 days after ended\"."),
            (
                "or_else",
                table(
                    "",
                    &["when", "due"],
                    vec![
                        ("when", when(), "When the other deadline counts."),
                        ("due", text(), "The other deadline."),
                    ],
                ),
                "Another deadline in another case.",
            ),
            ("target", text(), "An internal goal, never the legal date."),
            ("postpone", text(), "How the date may be put off."),
            ("form", text(), "written, or another form."),
            ("contains", texts(), "Fields that the notice must hold."),
            ("letter", text(), "The letter to set."),
            ("discharged_by", text(), "The date field that shows that it was done."),
        ],
    )
}

fn test() -> Value {
    let moment = || json!({ "anyOf": [day(), { "type": "string" }] });
    let mut keys = vec![
        ("name", text(), "What the test shows."),
        ("as_of", day(), "The day to judge by."),
        (
            "enable",
            texts(),
            "Rules that ship switched off and are switched on for this test.",
        ),
        (
            "expect",
            table(
                "",
                &[],
                vec![
                    (
                        "fires",
                        json!({ "enum": [true, false, "undetermined"] }),
                        "Whether the rule fires.",
                    ),
                    ("due", moment(), "The due date."),
                    ("earliest", moment(), "The earliest due date."),
                    ("submit_by", moment(), "The last business day before it."),
                    ("target", moment(), "The internal goal."),
                    ("recipients", texts(), "Who is told."),
                    ("state", json!({ "enum": STATES }), "Where the obligation stands."),
                    ("duty", text(), "The duty that this is about."),
                    ("period", text(), "The period that this is about."),
                    ("covers", texts(), "The records that the report covers."),
                ],
            ),
            "What must come out.",
        ),
    ];
    for kind in Kind::ALL.iter().chain(&[Kind::Notice]) {
        keys.push((
            kind.name(),
            json!({ "type": "array", "items": record(*kind, false) }),
            "Written as in a record file; what the rule does not read may be left out.",
        ));
    }
    table("One test.", &["name", "expect"], keys)
}

/// A condition: fields with their tests, alternatives, windows, other rules.
fn condition() -> Value {
    let mut fields: BTreeMap<&str, Vec<&Field>> = BTreeMap::new();
    for kind in Kind::ALL.iter().chain(&[Kind::Notice]) {
        for field in fields_of(*kind) {
            fields.entry(field.name).or_default().push(field);
        }
    }
    let mut keys: Vec<(&str, Value, &str)> = fields
        .iter()
        .map(|(name, all)| (*name, tested(all, false), all[0].meaning))
        .collect();
    let list = || json!({ "type": "array", "minItems": 1, "items": when() });
    keys.push(("any", list(), "One of these holds."));
    keys.push(("all", list(), "All of these hold."));
    keys.push(("not", when(), "This does not hold."));
    keys.push((
        "fires",
        table(
            "",
            &[],
            vec![("any_of", texts(), "Rules by id."), ("is", text(), "A rule by id.")],
        ),
        "Another rule fires.",
    ));
    keys.push((
        "window",
        table(
            "",
            &["within"],
            vec![
                ("at_least", json!({ "type": "integer" }), "How many records."),
                (
                    "within",
                    json!({ "type": "string", "pattern": "^([0-9]+ days?|month|quarter|half|year|fiscal year)$" }),
                    "Such as \"180 days\" or \"fiscal year\".",
                ),
                ("same", texts(), "Fields in which the records agree."),
                ("where", when(), "Which records count."),
                ("sum", text(), "A field to add up."),
                ("more_than", json!({ "type": "integer" }), "The sum is more than this."),
            ],
        ),
        "Several records within a time.",
    ));
    table("All lines hold.", &[], keys)
}

/// The tests that fit a field, and the fields inside it.
fn tested(all: &[&Field], many: bool) -> Value {
    let mut keys: BTreeMap<&str, (Value, &str)> = BTreeMap::new();
    for field in all {
        let of = field.kind_of_value;
        let (several, inner) = match of {
            Type::List(Type::Table(inner)) => (true, *inner),
            Type::List(_) => (true, &[][..]),
            Type::Table(inner) => (many, inner),
            _ => (many, &[][..]),
        };
        for test in fitting_of(of, several) {
            keys.insert(test, (operand(test, all, several), ""));
        }
        for part in inner.iter().filter(|part| part.need != Need::Derived) {
            keys.insert(part.name, (tested(&[part], several), part.meaning));
        }
    }
    let keys = keys
        .into_iter()
        .map(|(name, (schema, meaning))| (name, schema, meaning))
        .collect();
    table("", &[], keys)
}

/// What a test of some fields of one name can be held against.
fn operand(test: &str, fields: &[&Field], many: bool) -> Value {
    match test {
        "present" => json!({ "type": "boolean" }),
        "count" => json!({ "type": "integer", "minimum": 0 }),
        "later_than" => json!({ "type": "string" }),
        "at_least" | "at_most" | "more_than" => json!({ "type": ["string", "integer"] }),
        "is" if !many => value(fields),
        _ => json!({ "anyOf": [value(fields), { "type": "array", "items": value(fields) }] }),
    }
}

/// One value of some fields of one name, a set of values or a parameter. What counts as not known is no value.
fn value(fields: &[&Field]) -> Value {
    let named = || json!({ "type": "string", "pattern": "^[@$]" });
    let of = |field: &&Field| match field.kind_of_value {
        Type::List(item) => *item,
        other => other,
    };
    let mut words: Vec<&str> = Vec::new();
    let mut plain = Vec::new();
    for of in fields.iter().map(of) {
        match of {
            Type::Choice(of) => words.extend(of.iter().filter(|word| !UNKNOWN_WORDS.contains(word))),
            Type::Level => words.extend(["U", "C", "S", "TS"]),
            Type::Code => plain.push(json!({ "$ref": "#/definitions/code" })),
            Type::Bool => plain.push(json!({ "type": "boolean" })),
            Type::Integer => plain.push(json!({ "type": "integer" })),
            _ => return json!({ "type": ["string", "integer", "boolean"] }),
        }
    }
    words.sort_unstable();
    words.dedup();
    plain.dedup();
    if !words.is_empty() {
        plain.push(json!({ "enum": words }));
    }
    plain.push(named());
    json!({ "anyOf": plain })
}
