//! The body of a notice: tables and narratives of a record, and what the rules demand to see in it.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::source::Place;
use crate::marking::ast::Marking;
use crate::notice::model::{Claim, Commitment, Portion, Releasability, Required, Row, Section};
use crate::notice::say;
use crate::record::field::{Type, fields_of};
use crate::record::kind::Kind;
use crate::record::value::{Record, Table, Value};

/// Everything a letter shows of a record.
#[derive(Debug, Default)]
pub(super) struct Contents {
    pub(super) releasability: Option<Releasability>,
    pub(super) particulars: Vec<Row>,
    pub(super) sections: Vec<Section>,
    pub(super) commitments: Vec<Commitment>,
    pub(super) claims: Vec<Claim>,
    pub(super) required: Vec<Required>,
    /// The marks of every portion, the record's own among them.
    pub(super) marks: Vec<Marking>,
}

/// Narratives come first as ICD 112 orders them, then as the field table does.
const FIRST: &[&str] = &["facts", "significance_text", "elements_involved"];

/// Shown in another way: in the heading, in the provenance, in a table of their own, or by a value that says more.
const ELSEWHERE: &[&str] = &[
    "id",
    "title",
    "marking",
    "basis",
    "reported_by",
    "announced_by",
    "disputed_by",
    "claims",
    "commitments",
    "kind",
    "date",
    "departments",
    "level",
    "partners",
    "element",
    "elements_involved",
    "coordinated_with",
    "may_duplicate",
    "to_noforn",
    "audience_changed",
    "waivers",
    "not_notified",
    "late_explanation",
    "clerical",
];

/// Parts of the table of a REL TO change.
const RELEASABILITY: &[&str] = &[
    "from",
    "to",
    "added",
    "removed",
    "unchanged",
    "undeterminable",
    "disclosure_added",
    "disclosure_removed",
];

/// Words that a record has without saying so; they are printed only where a rule demands the field.
const DEFAULTS: &[(&str, &str)] = &[
    ("significance", "routine"),
    ("legality", "undetermined"),
    ("exigency", "none"),
    ("covert_action", "no"),
];

/// Collects what the letter shows; `demands` are the fields that rules demand, with the rules.
pub(super) fn contents(record: &Record, mark: &Marking, demands: &[(String, Vec<String>)]) -> Contents {
    let wanted: BTreeSet<&str> = demands.iter().map(|(field, _)| field.as_str()).collect();
    let own = mark.portion();
    let mut contents = Contents {
        marks: vec![mark.clone()],
        ..Contents::default()
    };
    contents.releasability = releasability(record, &own, &wanted);
    let narrative = |field: &str| matches!(type_of(record, field), Some(Type::Portion)) || field == "elements_involved";
    for field in in_order(record) {
        if field == "late_explanation" && !wanted.contains(field) {
            // It stands under the reason for the delay.
        } else if narrative(field) {
            section(record, field, &own, wanted.contains(field), &mut contents);
        } else if !(ELSEWHERE.contains(&field) || RELEASABILITY.contains(&field)) || wanted.contains(field) {
            row(record, field, &own, wanted.contains(field), &mut contents);
        }
    }
    // Paths below a field: `counterpart.country`.
    for field in wanted.iter().filter(|field| field.contains('.')) {
        row(record, field, &own, true, &mut contents);
    }
    contents.commitments = commitments(record, &own);
    contents.claims = claims(record, &own);
    contents.required = demands
        .iter()
        .map(|(field, rules)| required(record, field, rules, &contents))
        .collect();
    contents
}

/// The narratives that come first, then what only this kind has, then what every kind has.
fn in_order(record: &Record) -> Vec<&'static str> {
    let all: Vec<&'static str> = fields_of(record.kind)
        .map(|field| field.name)
        .filter(|name| !FIRST.contains(name))
        .collect();
    let shared = |name: &&str| {
        Kind::ALL
            .iter()
            .all(|kind| fields_of(*kind).any(|field| field.name == *name))
    };
    let (common, own): (Vec<_>, Vec<_>) = all.into_iter().partition(|name| shared(name));
    FIRST.iter().copied().chain(own).chain(common).collect()
}

fn type_of(record: &Record, field: &str) -> Option<Type> {
    fields_of(record.kind)
        .find(|known| known.name == field)
        .map(|known| known.kind_of_value)
}

fn section(record: &Record, field: &str, own: &str, wanted: bool, contents: &mut Contents) {
    let mut portions = Vec::new();
    if field == "elements_involved" {
        portions.extend(roles(record).map(|text| Portion::new(own, text)));
    } else if let Some(Value::Portion(portion)) = record.get(field).map(|node| &node.value) {
        let mark = portion.mark.as_deref().map_or_else(|| own.to_owned(), Marking::portion);
        portions.extend(
            say::paragraphs(&portion.text)
                .into_iter()
                .map(|text| Portion::new(mark.clone(), text)),
        );
        contents.marks.extend(portion.mark.as_deref().cloned());
    }
    let stated = !portions.is_empty();
    if !stated && !wanted {
        return;
    }
    if !stated {
        portions.push(Portion::new(own, say::NOT_STATED));
    }
    contents.sections.push(Section {
        field: field.to_owned(),
        label: say::label(field),
        heading_mark: "U".to_owned(),
        portions,
        stated,
    });
}

fn row(record: &Record, field: &str, own: &str, wanted: bool, contents: &mut Contents) {
    // The table of a REL TO change and the tables of their own say it better.
    let shown = (contents.releasability.is_some() && RELEASABILITY.contains(&field))
        || (field == "commitments" && record.get(field).is_some());
    if shown {
        return;
    }
    let value = say::field(record, field);
    let default = DEFAULTS
        .iter()
        .any(|(name, word)| *name == field && record.text(field) == Some(word))
        || record.text(field) == Some("unknown")
        || (field == "ended" && record.when("ended") == record.when("commenced"));
    if (value.is_none() || default) && !wanted {
        return;
    }
    contents.particulars.push(Row {
        field: field.to_owned(),
        label: say::label(field),
        stated: value.is_some(),
        value: value.unwrap_or_else(|| say::NOT_STATED.to_owned()),
        mark: own.to_owned(),
    });
}

/// The parts that departments and agencies had, in sentences.
fn roles(record: &Record) -> Option<String> {
    let the = |word: &str| format!("the {}", say::element(word));
    let reporting = record.text("element");
    let mut sentences = Vec::new();
    if let Some(element) = reporting {
        sentences.push(format!("The {} reports this matter.", say::element(element)));
    }
    let others: Vec<String> = record
        .texts("elements_involved")
        .into_iter()
        .filter(|word| Some(*word) != reporting)
        .map(the)
        .collect();
    if !others.is_empty() {
        sentences.push(format!("{} took part.", say::capital(&say::and_list(&others))));
    }
    let coordinated: Vec<String> = record
        .texts("coordinated_with")
        .into_iter()
        .map(say::one_line)
        .collect();
    if !coordinated.is_empty() {
        sentences.push(format!(
            "The matter was coordinated with {}.",
            say::and_list(&coordinated)
        ));
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}

fn releasability(record: &Record, own: &str, wanted: &BTreeSet<&str>) -> Option<Releasability> {
    let names = |field: &str| record.texts(field).into_iter().map(say::country).collect::<Vec<_>>();
    let mut change = Releasability {
        mark: own.to_owned(),
        before: record.text("from")?.to_owned(),
        after: record.text("to")?.to_owned(),
        added: names("added"),
        removed: names("removed"),
        unchanged: names("unchanged"),
        undeterminable: names("undeterminable"),
        disclosure_added: names("disclosure_added"),
        disclosure_removed: names("disclosure_removed"),
        rows: Vec::new(),
    };
    // Release includes disclosure: only where they part is disclosure worth a line.
    let disclosure = change.disclosure_added != change.added || change.disclosure_removed != change.removed;
    let row = |field: &str, value: String| Row {
        field: field.to_owned(),
        label: say::label(field),
        value,
        mark: own.to_owned(),
        stated: true,
    };
    change
        .rows
        .extend([row("from", change.before.clone()), row("to", change.after.clone())]);
    let lists = [
        ("added", &change.added, true),
        ("removed", &change.removed, true),
        ("unchanged", &change.unchanged, true),
        (
            "undeterminable",
            &change.undeterminable,
            !change.undeterminable.is_empty(),
        ),
        ("disclosure_added", &change.disclosure_added, disclosure),
        ("disclosure_removed", &change.disclosure_removed, disclosure),
    ];
    let shown = lists
        .into_iter()
        .filter(|(field, _, shown)| *shown || wanted.contains(field));
    let rows: Vec<Row> = shown
        .map(|(field, names, _)| {
            row(
                field,
                if names.is_empty() {
                    "None".to_owned()
                } else {
                    names.join(", ")
                },
            )
        })
        .collect();
    change.rows.extend(rows);
    Some(change)
}

fn tables<'a>(record: &'a Record, field: &str) -> Vec<&'a Table> {
    match record.get(field).map(|node| &node.value) {
        Some(Value::List(items)) => items
            .iter()
            .filter_map(|item| match &item.value {
                Value::Table(table) => Some(&**table),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn commitments(record: &Record, own: &str) -> Vec<Commitment> {
    let said = |table: &Table, key: &str| {
        table.get(key).and_then(|node| match &node.value {
            Value::Text(text) => Some(say::one_line(text)),
            Value::Choice(word) => Some(say::capital(&word.replace('_', " "))),
            Value::When(when) => Some(say::capital(&when.long())),
            _ => None,
        })
    };
    tables(record, "commitments")
        .into_iter()
        .map(|table| Commitment {
            mark: own.to_owned(),
            kind: said(table, "type").unwrap_or_default(),
            text: said(table, "text").unwrap_or_default(),
            due: said(table, "due"),
            owner: said(table, "owner"),
        })
        .collect()
}

fn claims(record: &Record, own: &str) -> Vec<Claim> {
    let text = |table: &Table, key: &str| match table.get(key).map(|node| &node.value) {
        Some(Value::Text(text)) => say::one_line(text),
        _ => String::new(),
    };
    tables(record, "claims")
        .into_iter()
        .map(|table| {
            let field = text(table, "field");
            Claim {
                mark: own.to_owned(),
                label: say::label(&field),
                field,
                value: text(table, "value"),
                by: text(table, "by"),
            }
        })
        .collect()
}

/// What must be readable for a demanded field: its words, or the sentence that the record is silent.
fn required(record: &Record, field: &str, rules: &[String], contents: &Contents) -> Required {
    let (expect, stated) = match (
        field,
        contents
            .releasability
            .as_ref()
            .and_then(|table| row_in(&table.rows, field)),
    ) {
        (_, Some(row)) => (vec![row.value.clone()], true),
        ("commitments", _) if !contents.commitments.is_empty() => (
            contents
                .commitments
                .iter()
                .map(|promise| promise.text.clone())
                .collect(),
            true,
        ),
        _ => match (section_of(contents, field), row_in(&contents.particulars, field)) {
            (Some(section), _) => (
                section.portions.iter().map(|portion| portion.text.clone()).collect(),
                section.stated,
            ),
            (None, Some(row)) => (vec![row.value.clone()], row.stated),
            (None, None) => (Vec::new(), false),
        },
    };
    Required {
        name: field.to_owned(),
        label: say::label(field),
        rules: rules.to_vec(),
        stated,
        expect,
        place: Some(place_of(record, field)),
    }
}

fn section_of<'a>(contents: &'a Contents, field: &str) -> Option<&'a Section> {
    contents.sections.iter().find(|section| section.field == field)
}

fn row_in<'a>(rows: &'a [Row], field: &str) -> Option<&'a Row> {
    rows.iter().find(|row| row.field == field)
}

fn place_of(record: &Record, field: &str) -> Place {
    record.get(field).map_or(&record.header, |node| &node.place).clone()
}

/// Merges the demands of several obligations: each field once, with the rules that demand it, in the order met.
pub(super) fn demands<'a>(obligations: impl Iterator<Item = (&'a str, &'a [String])>) -> Vec<(String, Vec<String>)> {
    let mut order: Vec<String> = Vec::new();
    let mut rules: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (rule, contains) in obligations {
        for field in contains {
            if !rules.contains_key(field) {
                order.push(field.clone());
            }
            let known = rules.entry(field.clone()).or_default();
            if !known.iter().any(|id| id == rule) {
                known.push(rule.to_owned());
            }
        }
    }
    order
        .into_iter()
        .map(|field| (field.clone(), rules.remove(&field).unwrap_or_default()))
        .collect()
}
