//! Values for the fields of a new record, given by `--set` or typed at a question: written as TOML, and checked by the
//! decoder that reads records.

use crate::base::decode::{self, Raw};
use crate::base::failure::Failure;
use crate::base::source::Sources;
use crate::base::suggest;
use crate::marking::vocabulary::Vocabulary;
use crate::record::decode::{Strictness, decode_parts};
use crate::record::field::{Field, Need, Type, fields_of};
use crate::record::kind::Kind;

/// The values of one record by dotted path, in the order given.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    given: Vec<(String, String)>,
}

impl Answers {
    /// Takes `field=value`.
    ///
    /// # Errors
    /// A [`Failure`] where the field is not there or is given already, or the value does not fit.
    pub fn set(&mut self, kind: Kind, text: &str) -> Result<(), Failure> {
        let Some((path, value)) = text.split_once('=') else {
            return Err(Failure::new(format!("`--set {text}` gives no value")).hint("write it as in `--set id=EX-1`"));
        };
        let field = find(kind, path.trim())?;
        if let Some(other) = self.given(path.trim()) {
            return Err(if other == path.trim() {
                Failure::new(format!("`--set {other}` is there twice")).hint("give the field one value")
            } else {
                Failure::new(format!("`--set {other}` and `--set {}` give one field", path.trim()))
                    .hint("give the whole field or its parts, not both")
            });
        }
        self.take(kind, path.trim(), field, value).map_err(|problem| {
            Failure::new(format!("`--set {path}`: {problem}")).hint(format!("as in {}", field.example))
        })
    }

    /// Takes the value of a field.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn take(&mut self, kind: Kind, path: &str, field: &Field, value: &str) -> Result<(), String> {
        self.put(kind, path, literal(&field.kind_of_value, value.trim())?)
    }

    /// Takes a value that is TOML already.
    ///
    /// # Errors
    /// What does not fit, in words, or that the field has a value already.
    pub fn put(&mut self, kind: Kind, path: &str, written: String) -> Result<(), String> {
        if let Some(other) = self.given(path) {
            return Err(both(other, path));
        }
        check(kind, path, &written)?;
        self.given.push((path.to_owned(), written));
        Ok(())
    }

    /// Returns the value of a field as TOML: what was given for it, or for the fields inside it.
    pub fn of(&self, field: &Field) -> Option<String> {
        if let Some((_, value)) = self.given.iter().find(|(path, _)| path == field.name) {
            return Some(value.clone());
        }
        let inner = inner(&field.kind_of_value);
        let parts: Vec<String> = inner
            .iter()
            .filter_map(|part| {
                let path = format!("{}.{}", field.name, part.name);
                let (_, value) = self.given.iter().find(|(given, _)| *given == path)?;
                Some(format!("{} = {value}", part.name))
            })
            .collect();
        (!parts.is_empty()).then(|| format!("{{ {} }}", parts.join(", ")))
    }

    /// Returns what is given of a field: the field itself, a part of it, or the field that it is a part of.
    pub fn given(&self, path: &str) -> Option<&str> {
        let mut known = self.given.iter().map(|(known, _)| known.as_str());
        known.find(|known| overlap(known, path))
    }

    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
    }
}

/// Whether two paths are one field, or one a part of the other.
pub fn overlap(one: &str, other: &str) -> bool {
    let part = |whole: &str, part: &str| part.strip_prefix(whole).is_some_and(|rest| rest.starts_with('.'));
    one == other || part(one, other) || part(other, one)
}

/// Says that two paths give one field.
pub fn both(one: &str, other: &str) -> String {
    if one == other {
        format!("`{one}` is given twice; leave one of them out")
    } else {
        format!("`{one}` and `{other}` give one field; give the whole field or its parts")
    }
}

/// The fields of a table; lists of tables are written as TOML.
fn inner(of: &Type) -> &'static [Field] {
    match of {
        Type::Table(fields) => fields,
        _ => &[],
    }
}

/// Finds a field by its dotted path.
///
/// # Errors
/// A [`Failure`] with the nearest field.
pub fn find(kind: Kind, path: &str) -> Result<&'static Field, Failure> {
    let mut fields: Vec<&Field> = fields_of(kind).filter(|field| field.need != Need::Derived).collect();
    let mut found: Option<&Field> = None;
    for part in path.split('.') {
        let Some(field) = fields.iter().find(|field| field.name == part) else {
            let failure = Failure::new(format!("{} record has no field `{path}`", kind.with_article()));
            let names = fields.iter().map(|field| field.name);
            return Err(match suggest::nearest(part, names) {
                Some(near) => failure.hint(format!("did you mean `{near}`?")),
                None => failure.hint(format!("`relto fields {kind}` lists them")),
            });
        };
        found = Some(field);
        fields = inner(&field.kind_of_value).iter().collect();
    }
    found.ok_or_else(|| Failure::new("`--set` without a field").hint("write it as in `--set id=EX-1`"))
}

/// Writes an answer as TOML of the type. What begins like a TOML string, list or table is taken as it is.
///
/// # Errors
/// Why it is no value of the type, in words.
pub fn literal(of: &Type, answer: &str) -> Result<String, String> {
    if answer.starts_with(['"', '\'', '[', '{']) {
        return Ok(answer.to_owned());
    }
    Ok(match of {
        Type::Bool => boolean(answer)?,
        Type::Integer => whole(answer)?,
        Type::When if is_date(answer) => answer.to_owned(),
        Type::List(item) => {
            let separator = match item {
                Type::Text | Type::Table(_) => ';',
                _ => ',',
            };
            let items: Vec<String> = answer
                .split(separator)
                .map(str::trim)
                .filter(|item| !item.is_empty())
                .map(|text| literal(item, text))
                .collect::<Result<_, _>>()?;
            format!("[{}]", items.join(", "))
        }
        _ => quoted(answer),
    })
}

/// Reads true or false in any case, as spreadsheets write them.
///
/// # Errors
/// That it is neither.
pub fn boolean(text: &str) -> Result<String, String> {
    let word = text.to_ascii_lowercase();
    match word.as_str() {
        "true" | "false" => Ok(word),
        _ => Err(format!("`{text}` is neither true nor false")),
    }
}

/// Reads a whole number, as TOML or with zeros before it.
///
/// # Errors
/// That it is none.
pub fn whole(text: &str) -> Result<String, String> {
    let plain: Option<i64> = text.parse().ok();
    let read = plain.or_else(|| text.parse::<toml_edit::Value>().ok()?.as_integer());
    read.map(|number| number.to_string())
        .ok_or_else(|| format!("`{text}` is no whole number"))
}

/// Whether it is a date as TOML writes it.
pub fn is_date(answer: &str) -> bool {
    matches!(
        answer.parse::<toml_edit::Value>(),
        Ok(toml_edit::Value::Datetime(date)) if date.value().date.is_some()
    )
}

/// Writes a text as a TOML string.
pub fn quoted(text: &str) -> String {
    toml_edit::Value::from(text).to_string()
}

/// Holds a value against its field, as if it stood in a record.
fn check(kind: Kind, path: &str, value: &str) -> Result<(), String> {
    let mut sources = Sources::default();
    let source = sources.add("answer", format!("[[{kind}]]\n{path} = {value}\n"));
    let (root, mut found) = decode::parse_as(source, &sources, "write it as TOML");
    if let Some((_, item)) = root.as_ref().and_then(|root| root.list.first())
        && let Raw::Array(items) = &item.value
        && let Some(item) = items.first()
        && let Raw::Table(entries) = &item.value
    {
        let (_, problems) = decode_parts(
            kind,
            entries,
            &item.place,
            Strictness::Lenient,
            &sources,
            Vocabulary::standard(),
        );
        found.extend(problems);
    }
    // What holds between fields is judged when all of them are there.
    let place = sources.get(source).text().find('\n').unwrap_or_default();
    let own = found
        .iter()
        .find(|found| found.is_error() && found.place.as_ref().is_some_and(|at| at.start() > place));
    match own {
        None => Ok(()),
        Some(problem) => {
            let help = problem.help.first().map(|help| help.trim_end_matches(decode::UNREAD));
            let help = help.map(|help| format!("; {help}")).unwrap_or_default();
            Err(format!("{}{help}", problem.message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_become_toml_of_their_type() {
        let of = |of: &Type, answer: &str| literal(of, answer).unwrap();
        assert_eq!(of(&Type::When, "2025-03-11"), "2025-03-11");
        assert_eq!(of(&Type::When, "2025-03"), "\"2025-03\"");
        assert_eq!(of(&Type::Text, "a \"b\""), "'a \"b\"'");
        assert_eq!(of(&Type::List(&Type::Code), "JPN, GBR"), "[\"JPN\", \"GBR\"]");
        assert_eq!(of(&Type::List(&Type::Text), "A, B; C"), "[\"A, B\", \"C\"]");
        assert_eq!(of(&Type::Bool, "True"), "true");
        assert_eq!(of(&Type::Integer, "250_000"), "250000");
        assert_eq!(
            of(&Type::Portion, "{ mark = \"U\", text = \"x\" }"),
            "{ mark = \"U\", text = \"x\" }"
        );
    }

    #[test]
    fn each_answer_is_checked_alone() {
        let mut answers = Answers::default();
        let mut set = |text: &str| answers.set(Kind::Exchange, text).map_err(|failure| failure.message);
        assert!(set("id=ex 1").is_err_and(|text| text.contains("cannot be an id")));
        assert_eq!(set("id=EX-1"), Ok(()));
        assert!(set("counterpart.country=UK").is_err_and(|text| text.contains("GBR")));
        assert_eq!(set("counterpart.country=JPN"), Ok(()));
        assert_eq!(
            set("established_channel=maybe"),
            Err("`--set established_channel`: `maybe` is neither true nor false".to_owned())
        );
        assert!(set("defense_articles_value_usd=12.5").is_err_and(|text| text.ends_with("`12.5` is no whole number")));
        assert_eq!(set("id=EX-2"), Err("`--set id` is there twice".to_owned()));
        assert_eq!(
            set("counterpart={country=\"CHN\"}"),
            Err("`--set counterpart.country` and `--set counterpart` give one field".to_owned())
        );
        assert!(set("commencd=2025-01-01").is_err_and(|text| text.contains("no field")));
        assert!(set("title=\u{200b}").is_err());
    }
}
