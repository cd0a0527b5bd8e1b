//! `relto template fields`: everything a letter may use, with an example and the rules that demand it.

use serde_json::{Value, json};

use crate::base::failure::Failure;
use crate::base::suggest;
use crate::cli::args::TextFormat;
use crate::cli::args::template::FieldsArgs;
use crate::cli::template::open;
use crate::cli::terminal::Terminal;
use crate::report::json as documents;
use crate::report::table::{self, Cell, Column, Give};
use crate::run::bench::Bench;
use crate::run::samples::samples;
use crate::template::contract::{self, Name};
use crate::template::eject;
use crate::template::variables::VARIABLES;

const PRINTED: [Column; 2] = [("WRITE", Give::Keep), ("IT PRINTS", Give::Wrap)];
const DEMANDED: [Column; 2] = [("WRITE", Give::Keep), ("DEMANDED BY", Give::Wrap)];
const FIELDS: [Column; 4] = [
    ("VARIABLE", Give::Keep),
    ("TYPE", Give::Keep),
    ("MEANING", Give::Wrap),
    ("EXAMPLE", Give::Cut),
];

/// A value that a letter can print.
pub(super) struct Listed {
    pub(super) path: &'static str,
    pub(super) kind: &'static str,
    pub(super) meaning: &'static str,
    pub(super) example: Option<String>,
}

/// Contents that rules demand of a letter: how they are written, and which rules demand them.
pub(super) struct Demand {
    pub(super) field: String,
    pub(super) write: String,
    pub(super) rules: Vec<String>,
}

pub fn run(args: &FieldsArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let bench = open(&args.place)?;
    let letter = letter(&bench, args.letter.as_deref())?;
    let (fields, demands) = (fields(&bench, &letter)?, demands(&bench, &letter));
    terminal.out(&match args.format {
        TextFormat::Human => human(&letter, &fields, &demands, terminal),
        TextFormat::Json => json_document(&letter, &fields, &demands),
    });
    Ok(0)
}

/// The letter of a name; the plain one where none is given.
///
/// # Errors
/// A [`Failure`] with the nearest name.
pub(super) fn letter(bench: &Bench, name: Option<&str>) -> Result<String, Failure> {
    let letters = bench.templates.letters();
    let name = name.unwrap_or("plain").trim_end_matches(".typ");
    if letters.iter().any(|letter| letter == name) {
        return Ok(name.to_owned());
    }
    let all = || letters.iter().map(String::as_str);
    let failure = Failure::new(format!("there is no letter `{name}`"));
    Err(match suggest::nearest(name, all()) {
        Some(near) => failure.hint(format!("did you mean `{near}`?")),
        None => failure.hint(format!("the letters are {}", suggest::quoted_list(all()))),
    })
}

/// Every variable, with an example from the letter's fullest sample.
pub(super) fn fields(bench: &Bench, letter: &str) -> Result<Vec<Listed>, Failure> {
    let path = bench.templates.letter_path(letter);
    let samples = samples(&bench.templates, Some(&path))?;
    let values: Vec<Value> = samples
        .iter()
        .map(|sample| json!({ "notice": sample.notice, "addressee": sample.notice.addressees[sample.addressee] }))
        .collect();
    let listed = VARIABLES.iter().map(|variable| Listed {
        path: variable.path,
        kind: variable.kind,
        meaning: variable.meaning,
        example: values.iter().find_map(|sample| eject::example(sample, variable.path)),
    });
    Ok(listed.collect())
}

/// The contents that the rules of a letter demand, in the order of the rules.
pub(super) fn demands(bench: &Bench, letter: &str) -> Vec<Demand> {
    let path = bench.templates.letter_path(letter);
    let mut demands: Vec<Demand> = Vec::new();
    for rule in bench.checked.case.policy.rules.iter().filter(|rule| rule.enabled) {
        for duty in &rule.duties {
            let name = duty.letter.as_deref().unwrap_or("plain");
            if bench.templates.letter_path(name) != path {
                continue;
            }
            for field in &duty.contains {
                match demands.iter_mut().find(|demand| demand.field == *field) {
                    Some(demand) if !demand.rules.contains(&rule.id) => demand.rules.push(rule.id.clone()),
                    Some(_) => {}
                    None => demands.push(Demand {
                        field: field.clone(),
                        write: format!("#section(\"{field}\")"),
                        rules: vec![rule.id.clone()],
                    }),
                }
            }
        }
    }
    demands
}

fn human(letter: &str, fields: &[Listed], demands: &[Demand], terminal: &Terminal) -> String {
    let look = terminal.look();
    let named = |names: &[Name]| {
        let rows: Vec<Vec<Cell>> = names
            .iter()
            .filter(|name| !name.usage.is_empty())
            .map(|name| vec![Cell::styled(name.usage, "1"), Cell::plain(name.meaning)])
            .collect();
        table::render(&PRINTED, &rows, look)
    };
    let mut text = format!(
        "What the letter `{letter}` may use, after `#import \"/relto.typ\": *`\n\nParts: whole stretches of the letter\n\n{}",
        named(contract::PARTS)
    );
    text.push_str("\nHelpers: marks and text\n\n");
    text.push_str(&named(contract::HELPERS));
    if !demands.is_empty() {
        text.push_str(
            "\nDemanded by rules: a notice without them is refused; `#sections()` prints whatever is left\n\n",
        );
        let row = |demand: &Demand| vec![Cell::styled(&demand.write, "1"), Cell::plain(demand.rules.join(", "))];
        let rows: Vec<Vec<Cell>> = demands.iter().map(row).collect();
        text.push_str(&table::render(&DEMANDED, &rows, look));
    }
    text.push_str("\nVariables: single values; `[]` stands for each item of a list\n\n");
    let row = |field: &Listed| {
        vec![
            Cell::styled(field.path, "1"),
            Cell::plain(field.kind),
            Cell::plain(field.meaning),
            Cell::plain(field.example.as_deref().unwrap_or_default()),
        ]
    };
    let rows: Vec<Vec<Cell>> = fields.iter().map(row).collect();
    text.push_str(&table::render(&FIELDS, &rows, look));
    text
}

fn json_document(letter: &str, fields: &[Listed], demands: &[Demand]) -> String {
    let named = |names: &[Name]| {
        let entry = |name: &Name| json!({ "name": name.name, "write": name.usage, "meaning": name.meaning });
        names
            .iter()
            .filter(|name| !name.usage.is_empty())
            .map(entry)
            .collect::<Vec<_>>()
    };
    let rules_of = |path: &str| {
        let field = path.rsplit('.').next().unwrap_or(path);
        let demand = demands.iter().find(|demand| demand.field == field);
        demand.map(|demand| demand.rules.clone()).unwrap_or_default()
    };
    let variables = fields.iter().map(|field| {
        json!({
            "path": field.path,
            "type": field.kind,
            "meaning": field.meaning,
            "example": field.example,
            "required_by": rules_of(field.path),
        })
    });
    let demanded = demands
        .iter()
        .map(|demand| json!({ "field": demand.field, "write": demand.write, "rules": demand.rules }));
    documents::document(&json!({
        "schema": documents::SCHEMA,
        "letter": letter,
        "parts": named(contract::PARTS),
        "helpers": named(contract::HELPERS),
        "required": demanded.collect::<Vec<_>>(),
        "variables": variables.collect::<Vec<_>>(),
    }))
}
