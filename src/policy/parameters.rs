//! Parameters: values with a name, by the day from which they hold, and `$name` where a rule names one.
//!
//! ```toml
//! parameters = { threshold_usd = [{ from = 1986-10-27, value = 1000000 }, { from = 2030-01-01, value = 2000000 }] }
//! when.defense_articles_value_usd.more_than = "$threshold_usd"
//! ```
//!
//! A rule whose parameters change in time is read once for each stretch of constant values: every check sees the value
//! itself, and a record is judged by the values of its own date. `[parameters]` beside `[sets]` names values for all
//! rules of a pack and of the packs that extend it; a rule's own come first.

use chrono::NaiveDate;

use crate::base::code::Code;
use crate::base::decode::{Entries, Item, Raw, Reader};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Placed;
use crate::base::suggest;
use crate::policy::names;
use crate::policy::operand::written;
use crate::policy::rule::Parameter;
use crate::policy::scope::{Scope, bad_rule};

/// The parts of a rule in which `$name` stands for a value.
const PARTS: &[&str] = &["when", "unless", "unless_followed", "preceded", "duty"];

/// A parameter as written, its values in the order of their dates.
#[derive(Debug, Clone)]
pub(super) struct Dated {
    pub(super) name: Placed<String>,
    pub(super) values: Vec<(NaiveDate, Item)>,
}

impl Dated {
    /// The value on a day; nothing before the first.
    fn on(&self, day: NaiveDate) -> Option<&Item> {
        self.values
            .iter()
            .rev()
            .find(|(from, _)| *from <= day)
            .map(|(_, value)| value)
    }

    /// The parameter as a rule shows it.
    pub(super) fn shown(&self) -> Parameter {
        Parameter {
            name: self.name.value.clone(),
            values: self
                .values
                .iter()
                .map(|(from, value)| (*from, written(value)))
                .collect(),
        }
    }
}

/// Reads `parameters`: a value each, or values by date.
pub(super) fn read(entries: &Entries, diagnostics: &mut Vec<Diagnostic>) -> Vec<Dated> {
    let mut parameters = Vec::new();
    for (name, item) in &entries.list {
        if !names::is_name(&name.value) {
            diagnostics.push(
                bad_rule(
                    format!("`{}` cannot name a parameter", name.value),
                    &name.place,
                    "lower-case letters are wanted",
                )
                .help("write it as in `threshold_usd`"),
            );
        }
        let mut values = match &item.value {
            Raw::Array(items) => items.iter().filter_map(|item| dated_value(item, diagnostics)).collect(),
            _ => vec![(NaiveDate::MIN, item.clone())],
        };
        values.sort_by_key(|(from, _)| *from);
        if let Some([(from, _), _]) = values.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            diagnostics.push(
                bad_rule(
                    format!("`{}` has two values from {from}", name.value),
                    &item.place,
                    "which one?",
                )
                .help("give each value its own first day"),
            );
        }
        parameters.push(Dated {
            name: name.clone(),
            values,
        });
    }
    parameters
}

fn dated_value(item: &Item, diagnostics: &mut Vec<Diagnostic>) -> Option<(NaiveDate, Item)> {
    let Raw::Table(entries) = &item.value else {
        diagnostics.push(
            Diagnostic::new(
                Code::WrongType,
                format!("a value by date is a table, not {}", item.value.words()),
            )
            .at(item.place.clone())
            .label("a table is wanted here")
            .help("write it as in `{ from = 1986-10-27, value = 1000000 }`"),
        );
        return None;
    };
    let mut reader = Reader::new(entries, item.place.clone(), "value");
    reader.required("from", "1986-10-27");
    let from = reader.date("from");
    let value = reader.required("value", "1000000").cloned();
    diagnostics.extend(reader.finish());
    from.map(|from| from.value).zip(value)
}

/// A rule's table with the values of one stretch in the place of `$name`, and the first day of the stretch.
#[derive(Debug)]
pub(super) struct Edition {
    pub(super) from: NaiveDate,
    pub(super) entries: Entries,
}

/// Returns the editions of a rule, earliest first, and the parameters it names; nothing where it names none. Names that no
/// table has are reported, and values that begin after the rule does.
pub(super) fn editions(
    scope: &mut Scope<'_>,
    entries: &Entries,
    own: &[Dated],
    from: NaiveDate,
    until: Option<NaiveDate>,
) -> Option<(Vec<Edition>, Vec<Dated>)> {
    let mut names: Vec<Placed<String>> = Vec::new();
    for (key, item) in &entries.list {
        if PARTS.contains(&key.value.as_str()) {
            find(item, &mut names);
        }
    }
    if names.is_empty() {
        return None;
    }
    let mut used: Vec<Dated> = Vec::new();
    for name in names {
        if used.iter().any(|known| known.name.value == name.value) {
            continue;
        }
        let found = own
            .iter()
            .find(|known| known.name.value == name.value)
            .or_else(|| scope.names.parameter(scope.pack, &name.value));
        let Some(found) = found else {
            let unknown = unknown(scope, own, &name);
            scope.report(unknown);
            return Some((Vec::new(), Vec::new()));
        };
        if let Some((first, value)) = found.values.first()
            && *first > from
        {
            let diagnostic = bad_rule(
                format!(
                    "`${}` has no value before {first}, and the rule is in force from {from}",
                    name.value
                ),
                &name.place,
                "no value at first",
            )
            .related(value.place.clone(), "the first value")
            .help(format!(
                "add `{{ from = {from}, value = … }}`, or begin the rule on {first}"
            ));
            scope.report(diagnostic);
            return Some((Vec::new(), Vec::new()));
        }
        used.push(found.clone());
    }
    let mut starts: Vec<NaiveDate> = used
        .iter()
        .flat_map(|parameter| parameter.values.iter().map(|(day, _)| *day))
        .filter(|day| *day > from && until.is_none_or(|until| *day <= until))
        .chain([from])
        .collect();
    starts.sort_unstable();
    starts.dedup();
    let editions = starts
        .into_iter()
        .map(|from| Edition {
            from,
            entries: Entries {
                list: entries
                    .list
                    .iter()
                    .map(|(key, item)| {
                        let item = if PARTS.contains(&key.value.as_str()) {
                            with_values(item, &used, from)
                        } else {
                            item.clone()
                        };
                        (key.clone(), item)
                    })
                    .collect(),
            },
        })
        .collect();
    Some((editions, used))
}

fn unknown(scope: &Scope<'_>, own: &[Dated], name: &Placed<String>) -> Diagnostic {
    let known: Vec<&str> = own
        .iter()
        .map(|known| known.name.value.as_str())
        .chain(scope.names.parameters(scope.pack))
        .collect();
    let diagnostic =
        Diagnostic::new(Code::UnknownParameter, format!("no parameter `{}`", name.value)).at(name.place.clone());
    match suggest::nearest(&name.value, known.iter().copied()) {
        Some(near) => diagnostic
            .label(format!("did you mean `${near}`?"))
            .help(format!("write `${near}`")),
        None => diagnostic.label("unknown parameter").help(format!(
            "define it in the rule: `parameters = {{ {} = … }}`, or under `[parameters]` of the pack",
            name.value
        )),
    }
}

/// Finds every `$name` in a value, at the string that holds it.
fn find(item: &Item, names: &mut Vec<Placed<String>>) {
    match &item.value {
        Raw::String(text) => names.extend(references(text).map(|(_, name)| Placed {
            value: name.to_owned(),
            place: item.place.clone(),
        })),
        Raw::Array(items) => items.iter().for_each(|item| find(item, names)),
        Raw::Table(entries) => entries.list.iter().for_each(|(_, item)| find(item, names)),
        _ => {}
    }
}

/// The names after `$` in a text, each with the bytes of the whole reference.
fn references(text: &str) -> impl Iterator<Item = (std::ops::Range<usize>, &str)> {
    text.match_indices('$').filter_map(|(at, _)| {
        let rest = &text[at + 1..];
        let length = rest
            .find(|c: char| !(c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))
            .unwrap_or(rest.len());
        let name = &rest[..length];
        names::is_name(name).then(|| (at..at + 1 + length, name))
    })
}

fn with_values(item: &Item, used: &[Dated], on: NaiveDate) -> Item {
    let value_of = |name: &str| {
        used.iter()
            .find(|parameter| parameter.name.value == name)
            .and_then(|parameter| parameter.on(on))
    };
    let value = match &item.value {
        Raw::String(text) => {
            let found: Vec<_> = references(text).collect();
            match found.as_slice() {
                [] => item.value.clone(),
                [(bytes, name)] if *bytes == (0..text.len()) => {
                    value_of(name).map_or_else(|| item.value.clone(), |value| value.value.clone())
                }
                several => {
                    let mut out = String::new();
                    let mut at = 0;
                    for (bytes, name) in several {
                        out.push_str(&text[at..bytes.start]);
                        out.push_str(&value_of(name).map(written).unwrap_or_default());
                        at = bytes.end;
                    }
                    out.push_str(&text[at..]);
                    Raw::String(out)
                }
            }
        }
        Raw::Array(items) => Raw::Array(items.iter().map(|item| with_values(item, used, on)).collect()),
        Raw::Table(entries) => Raw::Table(Entries {
            list: entries
                .list
                .iter()
                .map(|(key, item)| (key.clone(), with_values(item, used, on)))
                .collect(),
        }),
        other => other.clone(),
    };
    Item {
        value,
        place: item.place.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_a_dollar_and_a_name() {
        let names = |text: &'static str| references(text).map(|(_, name)| name).collect::<Vec<_>>();
        assert_eq!(names("$days days after ended"), ["days"]);
        assert_eq!(names("$a_1 $b2"), ["a_1", "b2"]);
        assert_eq!(names("5 $ and $Big"), Vec::<&str>::new());
    }
}
