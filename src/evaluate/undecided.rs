//! What holds rules up: the fields that a record does not give, said once a field.

use std::collections::BTreeMap;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Place;
use crate::base::suggest;
use crate::evaluate::trace::Trace;
use crate::policy::rule::{Outcome, Rule};
use crate::record::value::{Record, Value};

/// Fields that a record does not give, with the rules they hold up: one warning per record and field.
#[derive(Debug, Default)]
pub(super) struct Undecided {
    fields: BTreeMap<String, (Option<Place>, Vec<String>)>,
}

/// What relto derives from the two markings of a record.
const AUDIENCE: &[&str] = &[
    "added",
    "removed",
    "unchanged",
    "disclosure_added",
    "disclosure_removed",
    "to_noforn",
    "audience_changed",
];

/// The field that a record file can give, where a derived one is not known.
fn written_field<'f>(field: &'f str, record: &Record) -> &'f str {
    match field {
        _ if AUDIENCE.contains(&field) && record.get("from").is_none() => "from",
        _ if AUDIENCE.contains(&field) && record.get("to").is_none() => "to",
        "date" => record.kind.date_fields().first().copied().unwrap_or("date"),
        _ => field,
    }
}

/// What makes a field known: the field itself, unless relto derives it.
fn known_by(field: &str, record: &Record) -> String {
    if record.get("undeterminable").is_none() || !AUDIENCE.contains(&field) {
        return format!("give `{field}`");
    }
    let codes = record.texts("undeterminable");
    let sides = ["from", "to"].map(|side| record.get(side).map(|node| &node.value));
    let is_written = |code: &&str| {
        sides.iter().flatten().any(|side| match side {
            Value::Release(other) => {
                let shown = other.release.display_only.iter();
                shown.chain(other.release.released_to()).any(|written| written == code)
            }
            _ => false,
        })
    };
    let organizations: Vec<&str> = codes.iter().copied().filter(is_written).collect();
    if organizations.is_empty() {
        let date = record.kind.date_fields().first().copied().unwrap_or("date");
        let codes = suggest::quoted_list(codes.iter().copied());
        return format!(
            "`{field}` is derived: whether {codes} belongs to it hangs on the day; give the day in `{date}`"
        );
    }
    format!(
        "`{field}` is derived, and the members of {} are not public: name the countries in `from` and `to`",
        suggest::quoted_list(organizations)
    )
}

impl Undecided {
    pub(super) fn add(&mut self, rule: &Rule, record: &Record, trace: &Trace) {
        let mut excepting = false;
        for line in &trace.lines {
            // An exception that is not shown to hold excepts nothing: what it lacks holds nothing up.
            excepting = if line.depth == 0 {
                line.text == "unless"
            } else {
                excepting
            };
            if excepting || line.outcome != Outcome::Unknown {
                continue;
            }
            let Some(field) = line.unknown_field.as_deref().map(|field| written_field(field, record)) else {
                continue;
            };
            let (_, rules) = self
                .fields
                .entry(field.to_string())
                .or_insert_with(|| (line.place.clone(), Vec::new()));
            if !rules.contains(&rule.id) {
                rules.push(rule.id.clone());
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(super) fn into_diagnostics(self, record: &Record) -> Vec<Diagnostic> {
        self.fields
            .into_iter()
            .map(|(field, (place, rules))| {
                let verb = if rules.len() == 1 { "is" } else { "are" };
                let message = format!(
                    "{} {verb} undecided: `{field}` is not known",
                    suggest::quoted_list(rules.iter().map(String::as_str))
                );
                let mut diagnostic = Diagnostic::new(Code::RuleUndetermined, message)
                    .at(place.unwrap_or_else(|| record.header.clone()))
                    .label(format!("`{field}` is not known"))
                    .help(format!(
                        "{}; until then nobody can say whether a notice is owed",
                        known_by(&field, record)
                    ))
                    .record(record.id.clone());
                if let [only] = rules.as_slice() {
                    diagnostic = diagnostic.rule(only.clone());
                }
                diagnostic
            })
            .collect()
    }
}
