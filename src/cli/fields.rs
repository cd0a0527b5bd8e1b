//! `relto fields`: the field table, for people and as JSON.

use serde::Serialize;

use crate::base::failure::Failure;
use crate::base::suggest;
use crate::cli::args::TextFormat;
use crate::cli::args::fields::FieldsArgs;
use crate::cli::terminal::Terminal;
use crate::record::field::{Field, Need, Type, fields_of, is_common};
use crate::record::kind::Kind;
use crate::report::json;
use crate::report::table::{self, Cell, Column, Give};

pub fn run(args: &FieldsArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let kinds = match &args.kind {
        Some(name) => vec![kind(name)?],
        None => Kind::ALL.to_vec(),
    };
    terminal.out(&match args.format {
        TextFormat::Human => human(&kinds, terminal),
        TextFormat::Json => json::document(&Document {
            schema: 1,
            kinds: kinds.iter().map(|kind| listed(*kind)).collect(),
        }),
    });
    Ok(0)
}

/// Returns the kind of a name.
///
/// # Errors
/// A [`Failure`] with the nearest name, or all of them.
pub(super) fn kind(name: &str) -> Result<Kind, Failure> {
    let names = || Kind::ALL.iter().map(|kind| kind.name());
    let written = name.replace('-', "_").to_lowercase();
    Kind::named(&written).ok_or_else(|| {
        let failure = Failure::new(format!("`{name}` is no kind of record"));
        match suggest::nearest(name, names()) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint(format!("the kinds are {}", suggest::quoted_list(names()))),
        }
    })
}

const COLUMNS: [Column<'_>; 5] = [
    ("FIELD", Give::Keep),
    ("TYPE", Give::Wrap),
    ("NEED", Give::Keep),
    ("MEANING", Give::Wrap),
    ("EXAMPLE", Give::Wrap),
];

fn human(kinds: &[Kind], terminal: &Terminal) -> String {
    let mut text = String::new();
    let mut sections: Vec<(String, Vec<&Field>)> = Vec::new();
    let common = kinds
        .first()
        .map(|kind| fields_of(*kind).filter(|field| is_common(field)).collect::<Vec<_>>());
    let of = |kind: &Kind| fields_of(*kind).filter(|field| !is_common(field)).collect::<Vec<_>>();
    sections.extend(
        kinds
            .iter()
            .map(|kind| (format!("[[{kind}]]: {}", kind.words()), of(kind))),
    );
    sections.insert(0, ("every kind".to_owned(), common.unwrap_or_default()));
    for (at, (title, fields)) in sections.iter().enumerate() {
        if at > 0 {
            text.push('\n');
        }
        text.push_str(title);
        text.push_str("\n\n");
        let mut rows = Vec::new();
        for field in fields {
            push(&mut rows, "", field);
        }
        text.push_str(&table::render(&COLUMNS, &rows, terminal.look()));
    }
    text
}

fn push(rows: &mut Vec<Vec<Cell>>, prefix: &str, field: &Field) {
    let name = format!("{prefix}{}", field.name);
    let inner = inner(&field.kind_of_value);
    let style = match field.need {
        Need::Required => "1",
        Need::Optional => "",
        Need::Derived => "2",
    };
    rows.push(vec![
        Cell::styled(&name, style),
        Cell::plain(field.kind_of_value.to_string()),
        Cell::plain(need(field.need)),
        Cell::plain(match words(&field.kind_of_value) {
            Some(words) => format!("{}: {}", field.meaning, words.join(" | ")),
            None => field.meaning.to_owned(),
        }),
        Cell::plain(if inner.is_empty() { field.example } else { "" }),
    ]);
    for field in inner {
        push(rows, &format!("{name}."), field);
    }
}

pub(super) fn need(need: Need) -> &'static str {
    match need {
        Need::Required => "required",
        Need::Optional => "optional",
        Need::Derived => "derived",
    }
}

/// The words a field takes, if it takes only some.
pub(super) fn words(of: &Type) -> Option<&'static [&'static str]> {
    match of {
        Type::Choice(words) => Some(words),
        Type::List(item) => words(item),
        _ => None,
    }
}

/// The fields of a table or of a list of tables.
pub(super) fn inner(of: &Type) -> &'static [Field] {
    match of {
        Type::Table(fields) => fields,
        Type::List(item) => inner(item),
        _ => &[],
    }
}

#[derive(Serialize)]
struct Document {
    schema: u32,
    kinds: Vec<KindEntry>,
}

#[derive(Serialize)]
struct KindEntry {
    kind: &'static str,
    title: &'static str,
    fields: Vec<FieldEntry>,
}

#[derive(Serialize)]
struct FieldEntry {
    name: &'static str,
    r#type: String,
    need: &'static str,
    common: bool,
    meaning: &'static str,
    example: &'static str,
    words: Option<&'static [&'static str]>,
    fields: Vec<FieldEntry>,
}

fn listed(kind: Kind) -> KindEntry {
    let fields = fields_of(kind).map(|field| entry(field, is_common(field))).collect();
    KindEntry {
        kind: kind.name(),
        title: kind.words(),
        fields,
    }
}

fn entry(field: &Field, common: bool) -> FieldEntry {
    FieldEntry {
        name: field.name,
        r#type: field.kind_of_value.to_string(),
        need: need(field.need),
        common,
        meaning: field.meaning,
        example: field.example,
        words: words(&field.kind_of_value),
        fields: inner(&field.kind_of_value)
            .iter()
            .map(|field| entry(field, common))
            .collect(),
    }
}
