//! `[[rule.test]]`: the tests that a rule carries with it — records as in a record file, and what must come out.

use crate::base::code::Code;
use crate::base::decode::{self, Entries, Raw, Reader};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed};
use crate::base::suggest;
use crate::policy::operand;
use crate::policy::rule::{Expect, Outcome, Rule, RuleTest};
use crate::policy::scope::{Reference, Scope, bad_rule};
use crate::record::decode::{Strictness, decode as decode_record};
use crate::record::kind::Kind;
use crate::record::value::Record;

/// The states of obligations, as `evaluate` names them.
pub(super) const STATES: &[&str] = &[
    "overdue",
    "open",
    "upcoming",
    "met_late",
    "met",
    "waived",
    "not_notified",
    "prohibited",
    "superseded",
];

/// Reads one `[[rule.test]]` of a rule whose other keys are read.
pub(super) fn read(scope: &mut Scope<'_>, entries: &Entries, header: &Place, rule: &Rule) -> Option<RuleTest> {
    let mut reader = Reader::new(entries, header.clone(), "test");
    let name = reader.required_text("name", "\"what it shows\"");
    let as_of = reader.date("as_of").map(|date| date.value);
    let enable = reader.texts("enable").unwrap_or_default();
    reader.required("expect", "{ fires = true }");
    let expect = reader.table("expect");
    let mut written: Vec<(Kind, &Entries, &Place)> = Vec::new();
    let notices: &[Kind] = match rule.applies_to.as_slice() {
        [Kind::Notice] => &[Kind::Notice],
        _ => &[],
    };
    for kind in Kind::ALL.iter().chain(notices) {
        for (entries, header) in reader.tables(kind.name()) {
            written.push((*kind, entries, header));
        }
    }
    scope.diagnostics.extend(reader.finish());
    written.sort_by_key(|(_, _, header)| header.start());

    let expect = expect.map(|(entries, place)| expected(scope, entries, place, rule));
    if written.is_empty() && rule.per.is_none() {
        let kind = rule.applies_to.first().map_or("rel_to_change", |kind| kind.name());
        scope.report(
            bad_rule("a test without a record", header, "nothing to judge")
                .help(format!("add `[[rule.test.{kind}]]`, written as in a record file")),
        );
    }
    if let Some((kind, _, place)) = written.first()
        && rule.per.is_none()
        && !rule.applies_to.is_empty()
        && !rule.applies_to.contains(kind)
        && expect
            .as_ref()
            .is_some_and(|expect| expect.fires != Some(Outcome::False))
    {
        let kinds = suggest::quoted_list(rule.applies_to.iter().map(|kind| kind.name()));
        scope.report(
            bad_rule(
                format!("the first record of the test is of the kind `{kind}`, and the rule applies to {kinds}"),
                place,
                "this record is judged",
            )
            .help(format!("write a record of {kinds} first")),
        );
    }
    let records = records(scope, &written);
    for id in &enable {
        scope.references.push(Reference {
            id: id.clone(),
            fires: false,
        });
    }
    Some(RuleTest {
        name: name?.value,
        as_of,
        enable: enable.into_iter().map(|id| id.value).collect(),
        expect: expect?,
        records,
        place: header.clone(),
    })
}

/// Decodes the records; what the rule does not read may be left out.
fn records(scope: &mut Scope<'_>, written: &[(Kind, &Entries, &Place)]) -> Vec<Record> {
    let mut records: Vec<Record> = Vec::new();
    for (kind, entries, header) in written {
        let (record, diagnostics) = decode_record(
            *kind,
            entries,
            header,
            Strictness::Lenient,
            scope.sources,
            scope.vocabulary,
        );
        scope.diagnostics.extend(diagnostics);
        let Some(record) = record else { continue };
        match records
            .iter()
            .find(|known| known.id == record.id && !known.id.is_empty())
        {
            Some(first) => {
                let place = entries
                    .get("id")
                    .map_or_else(|| (*header).clone(), |item| item.place.clone());
                scope.report(
                    Diagnostic::new(
                        Code::DuplicateId,
                        format!("two records of the test have the id `{}`", record.id),
                    )
                    .at(place)
                    .label("again")
                    .related(first.header.clone(), "first here")
                    .help("give each record of a test its own id"),
                );
            }
            None => records.push(record),
        }
    }
    records
}

/// `expect = { fires = true, due = "2025-07-02" }`.
fn expected(scope: &mut Scope<'_>, entries: &Entries, place: &Place, rule: &Rule) -> Expect {
    let mut reader = Reader::new(entries, place.clone(), "`expect`");
    let fires = reader.take("fires");
    let due = moment(&mut reader, "due");
    let earliest = moment(&mut reader, "earliest");
    let submit_by = moment(&mut reader, "submit_by");
    let target = moment(&mut reader, "target");
    let recipients = reader.texts("recipients");
    let state = reader.choice("state", STATES);
    let duty = reader.text("duty");
    let period = reader.text("period");
    let covers = reader.texts("covers");
    let fires = fires.and_then(|item| match &item.value {
        Raw::Boolean(true) => Some(Outcome::True),
        Raw::Boolean(false) => Some(Outcome::False),
        Raw::String(word) if word == "undetermined" => Some(Outcome::Unknown),
        Raw::String(word) => {
            let problem = decode::unknown_value("fires", word, &["true", "false", "undetermined"]);
            reader.diagnostics.push(problem.at(item.place.clone()));
            None
        }
        _ => reader.wrong("fires", item, "true, false or \"undetermined\"", "true"),
    });
    scope.diagnostics.extend(reader.finish());
    if entries.list.is_empty() {
        scope.report(bad_rule("a test that expects nothing", place, "empty").help("write `expect = { fires = true }`"));
    }
    let recipients = recipients.map(|recipients| known_recipients(scope, &recipients));
    let duty = duty.and_then(|duty| known_duty(scope, duty, rule));
    Expect {
        fires,
        due,
        earliest,
        recipients,
        state: state.map(|word| word.value.to_owned()),
        duty,
        submit_by,
        target,
        period: period.map(|period| period.value),
        covers: covers.map(|ids| ids.into_iter().map(|id| id.value).collect()),
    }
}

/// A date, or a string: an instant, "promptly".
fn moment(reader: &mut Reader<'_>, key: &'static str) -> Option<String> {
    let item = reader.take(key)?;
    match &item.value {
        Raw::String(text) => Some(text.clone()),
        Raw::Datetime(value) => Some(value.to_string()),
        _ => reader.wrong(key, item, "a date or a string", "\"2025-07-02\""),
    }
}

fn known_recipients(scope: &mut Scope<'_>, recipients: &[Placed<String>]) -> Vec<String> {
    let mut known = Vec::new();
    for recipient in recipients {
        if scope.recipients.get(&recipient.value).is_some() {
            known.push(recipient.value.clone());
        } else {
            let unknown = operand::unknown_recipient(scope, recipient);
            scope.report(unknown);
        }
    }
    known
}

fn known_duty(scope: &mut Scope<'_>, duty: Placed<String>, rule: &Rule) -> Option<String> {
    let names: Vec<&str> = rule.duties.iter().filter_map(|duty| duty.name.as_deref()).collect();
    if names.contains(&duty.value.as_str()) {
        return Some(duty.value);
    }
    let diagnostic = bad_rule(
        format!("the rule has no duty `{}`", duty.value),
        &duty.place,
        "unknown duty",
    );
    scope.report(
        match (suggest::nearest(&duty.value, names.iter().copied()), names.is_empty()) {
            (Some(near), _) => diagnostic.help(format!("write `{near}`")),
            (None, true) => diagnostic.help("give the duty a `name`, or leave `duty` out"),
            (None, false) => diagnostic.help(format!("its duties are {}", suggest::quoted_list(names))),
        },
    );
    None
}
