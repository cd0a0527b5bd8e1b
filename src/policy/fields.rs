//! Field paths in rules: found in the field table, or refused with the nearest field and the kinds that have it.

use std::ops::Range;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed, Sources};
use crate::base::suggest;
use crate::policy::rule::Path;
use crate::policy::scope;
use crate::record::field::{self, Field, Type};
use crate::record::kind::Kind;

/// One part of a dotted path and where it is written.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) place: Place,
}

/// A path that every kind of the rule has.
#[derive(Debug)]
pub(super) struct Found {
    pub(super) path: Path,
    /// Its type in each kind: choices may differ.
    pub(super) types: Vec<Type>,
}

/// Finds a path in all of `kinds`; with no kinds, in any.
///
/// # Errors
/// The diagnostic `unknown-field` at the part that is wrong.
pub(super) fn find(kinds: &[Kind], parts: &[Part]) -> Result<Found, Box<Diagnostic>> {
    let text = joined(parts);
    let all = if kinds == [Kind::Notice] { kinds } else { Kind::ALL };
    let having: Vec<(Kind, Type, bool)> = all
        .iter()
        .filter_map(|kind| field::type_at(*kind, &text).map(|(of, many)| (*kind, of, many)))
        .collect();
    let lacking: Vec<Kind> = kinds
        .iter()
        .copied()
        .filter(|kind| !having.iter().any(|(having, ..)| having == kind))
        .collect();
    let found = having
        .iter()
        .find(|(kind, ..)| kinds.is_empty() || kinds.contains(kind))
        .or(having.first());
    match found {
        Some((_, of, many)) if lacking.is_empty() => Ok(Found {
            path: Path {
                parts: text.split('.').map(str::to_owned).collect(),
                text,
                of: *of,
                many: *many || matches!(of, Type::List(_)),
            },
            types: having
                .iter()
                .filter(|(kind, ..)| kinds.is_empty() || kinds.contains(kind))
                .map(|(_, of, _)| *of)
                .collect(),
        }),
        Some(_) => Err(Box::new(lacked(
            &text,
            parts,
            kinds,
            &lacking,
            having.iter().map(|(kind, ..)| *kind).collect(),
        ))),
        None => Err(Box::new(unknown(kinds, parts))),
    }
}

/// Splits a dotted path that is written in a string.
pub(super) fn parts_of(text: &Placed<String>, sources: &Sources) -> Vec<Part> {
    parts_in(text, 0..text.value.len(), sources)
}

/// Splits the dotted path that stands in these bytes of a string.
pub(super) fn parts_in(text: &Placed<String>, bytes: Range<usize>, sources: &Sources) -> Vec<Part> {
    let mut at = bytes.start;
    text.value[bytes]
        .split('.')
        .map(|name| {
            let place = scope::inside(sources, text, at..at + name.len());
            at += name.len() + 1;
            Part {
                name: name.to_owned(),
                place,
            }
        })
        .collect()
}

pub(super) fn joined(parts: &[Part]) -> String {
    parts
        .iter()
        .map(|part| part.name.as_str())
        .collect::<Vec<_>>()
        .join(".")
}

/// Returns the fields of a table or of the tables of a list.
pub(super) fn inside(of: Type) -> Option<&'static [Field]> {
    let part = match of {
        Type::List(item) => *item,
        other => other,
    };
    match part {
        Type::Table(fields) => Some(fields),
        _ => None,
    }
}

/// Some kinds have the field, but not all that the rule applies to.
fn lacked(text: &str, parts: &[Part], kinds: &[Kind], lacking: &[Kind], having: Vec<Kind>) -> Diagnostic {
    let names = |kinds: &[Kind]| suggest::quoted_list(kinds.iter().map(|kind| kind.name()));
    let verb = if lacking.len() == 1 { "has" } else { "have" };
    let place = match parts {
        [first, .., last] => {
            let end = last.place.end().max(first.place.end());
            Place::new(first.place.source, first.place.start()..end)
        }
        _ => parts[0].place.clone(),
    };
    let place = if place.start() <= place.end() {
        place
    } else {
        parts[0].place.clone()
    };
    let diagnostic = Diagnostic::new(
        Code::UnknownField,
        format!("{} {verb} no field `{text}`", names(lacking)),
    )
    .at(place)
    .label(format!(
        "only {} {} it",
        names(&having),
        if having.len() == 1 { "has" } else { "have" }
    ));
    let both: Vec<Kind> = having.into_iter().filter(|kind| kinds.contains(kind)).collect();
    if both.is_empty() {
        let near = nearest(lacking, &[], &parts[0].name).filter(|near| *near != parts[0].name);
        match near {
            Some(near) => diagnostic.help(format!("a field with a similar name exists: `{near}`")),
            None => diagnostic.help(format!("`relto fields {}` lists what can be tested", lacking[0])),
        }
    } else {
        diagnostic.help(format!(
            "give {} a rule of its own, or test a field that every kind has",
            names(lacking)
        ))
    }
}

/// No kind has the field.
fn unknown(kinds: &[Kind], parts: &[Part]) -> Diagnostic {
    let within: &[Kind] = if kinds.is_empty() { Kind::ALL } else { kinds };
    let known = (1..parts.len()).rev().find(|length| {
        Kind::ALL
            .iter()
            .any(|kind| field::type_at(*kind, &joined(&parts[..*length])).is_some())
    });
    let (before, wrong) = parts.split_at(known.unwrap_or(0));
    let wrong = &wrong[0];
    let message = if before.is_empty() && kinds == [Kind::Notice] {
        format!("a notice has no field `{}`", wrong.name)
    } else if before.is_empty() {
        format!("no record kind has a field `{}`", wrong.name)
    } else {
        format!("`{}` has no field `{}`", joined(before), wrong.name)
    };
    let diagnostic = Diagnostic::new(Code::UnknownField, message).at(wrong.place.clone());
    let prefix: Vec<String> = before.iter().map(|part| part.name.clone()).collect();
    let full = |name: &str| {
        prefix
            .iter()
            .map(String::as_str)
            .chain([name])
            .collect::<Vec<_>>()
            .join(".")
    };
    if let Some(near) = nearest(within, before, &wrong.name) {
        return diagnostic
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{}`", full(near)));
    }
    if let Some(path) = elsewhere(within, &parts[parts.len() - 1].name) {
        return diagnostic.label("unknown field").help(format!("write `{path}`"));
    }
    if before.is_empty() && kinds != [Kind::Notice] {
        diagnostic
            .label("unknown field")
            .help(format!("`relto fields {}` lists what can be tested", within[0]))
    } else {
        let known = names_at(within, before);
        let help = if known.is_empty() {
            format!("`{}` has no fields of its own: end the path there", joined(before))
        } else {
            format!("its fields are {}", suggest::quoted_list(known.iter().copied()))
        };
        diagnostic.label("unknown field").help(help)
    }
}

/// Returns the nearest field below `before`.
fn nearest(kinds: &[Kind], before: &[Part], name: &str) -> Option<&'static str> {
    suggest::nearest(name, names_at(kinds, before))
}

/// Returns the names of the fields below a path.
fn names_at(kinds: &[Kind], before: &[Part]) -> Vec<&'static str> {
    let mut names = Vec::new();
    for kind in kinds {
        let found: Vec<&'static str> = if before.is_empty() {
            field::fields_of(*kind).map(|field| field.name).collect()
        } else {
            field::type_at(*kind, &joined(before))
                .and_then(|(of, _)| inside(of))
                .into_iter()
                .flatten()
                .map(|field| field.name)
                .collect()
        };
        for name in found {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Returns the path of a field of this name inside a table of its own: `country` is `counterpart.country`.
fn elsewhere(kinds: &[Kind], name: &str) -> Option<String> {
    fn below(fields: &'static [Field], prefix: &str, name: &str) -> Option<String> {
        fields
            .iter()
            .find(|field| field.name == name)
            .map(|field| format!("{prefix}.{}", field.name))
    }
    kinds
        .iter()
        .flat_map(|kind| field::fields_of(*kind))
        .find_map(|field| below(inside(field.kind_of_value)?, field.name, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::condition::RESERVED;

    fn look(kinds: &[Kind], path: &str) -> Result<Found, Box<Diagnostic>> {
        let mut sources = Sources::default();
        let source = sources.add("a", format!("\"{path}\""));
        let text = Placed {
            value: path.to_owned(),
            place: Place::new(source, 0..path.len() + 2),
        };
        find(kinds, &parts_of(&text, &sources))
    }

    #[test]
    fn finds_fields_of_every_kind_of_the_rule() {
        let found = look(&[Kind::LiaisonContact, Kind::Exchange], "counterpart.country").unwrap();
        assert!(!found.path.many && found.types.len() == 2);
        assert!(look(&[Kind::LiaisonContact], "commitments.type").unwrap().path.many);
        assert!(look(&[], "added").unwrap().path.many);
    }

    #[test]
    fn says_who_has_a_field_and_what_is_near() {
        let found = look(&[Kind::LiaisonContact], "added").unwrap_err();
        assert_eq!(found.message, "`liaison_contact` has no field `added`");
        assert_eq!(found.label, "only `rel_to_change` has it");
        let found = look(&[Kind::LiaisonContact], "counterpart.contry").unwrap_err();
        assert_eq!(found.message, "`counterpart` has no field `contry`");
        assert_eq!(found.help, ["write `counterpart.country`"]);
        assert_eq!(found.place.unwrap().start(), 13);
        let found = look(&[Kind::LiaisonContact], "country").unwrap_err();
        assert_eq!(found.help, ["write `counterpart.country`"]);
        let found = look(&[Kind::LiaisonContact], "mode.banana").unwrap_err();
        assert_eq!(found.help, ["`mode` has no fields of its own: end the path there"]);
    }

    #[test]
    fn no_field_has_the_name_of_a_word_of_the_conditions() {
        for kind in Kind::ALL {
            for field in field::fields_of(*kind) {
                assert!(!RESERVED.contains(&field.name), "{kind} has a field `{}`", field.name);
            }
        }
    }
}
