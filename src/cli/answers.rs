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
#[derive(Debug, Default)]
pub struct Answers {
    given: Vec<(String, String)>,
}

impl Answers {
    /// Takes `field=value`.
    ///
    /// # Errors
    /// A [`Failure`] where the field is not there, or the value does not fit.
    pub fn set(&mut self, kind: Kind, text: &str) -> Result<(), Failure> {
        let Some((path, value)) = text.split_once('=') else {
            return Err(Failure::new(format!("`--set {text}` gives no value")).hint("write it as in `--set id=EX-1`"));
        };
        let field = find(kind, path.trim())?;
        self.take(kind, path.trim(), field, value).map_err(|problem| {
            Failure::new(format!("`--set {path}`: {problem}")).hint(format!("as in {}", field.example))
        })
    }

    /// Takes the value of a field.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn take(&mut self, kind: Kind, path: &str, field: &Field, value: &str) -> Result<(), String> {
        self.put(kind, path, literal(&field.kind_of_value, value.trim()))
    }

    /// Takes a value that is TOML already.
    ///
    /// # Errors
    /// What does not fit, in words.
    pub fn put(&mut self, kind: Kind, path: &str, written: String) -> Result<(), String> {
        check(kind, path, &written)?;
        self.given.retain(|(known, _)| known != path);
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

    pub fn is_empty(&self) -> bool {
        self.given.is_empty()
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
            let failure = Failure::new(format!("a `{kind}` record has no field `{path}`"));
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
pub fn literal(of: &Type, answer: &str) -> String {
    if answer.starts_with(['"', '\'', '[', '{']) {
        return answer.to_owned();
    }
    match of {
        Type::Bool | Type::Integer => answer.to_owned(),
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
                .collect();
            format!("[{}]", items.join(", "))
        }
        _ => quoted(answer),
    }
}

/// Ends every part of a list that came as a list.
pub const PART: char = '\u{1f}';

/// Writes the cell of a table as TOML of the type. Whatever it looks like, it is never taken for TOML.
pub fn cell(of: &Type, text: &str, separator: &str) -> String {
    match of {
        Type::List(item) => {
            let parts: Vec<&str> = match text.strip_suffix(PART) {
                Some(parts) => parts.split(PART).collect(),
                None => text
                    .split(separator)
                    .map(str::trim)
                    .filter(|part| !part.is_empty())
                    .collect(),
            };
            let parts: Vec<String> = parts.iter().map(|part| cell(item, part, separator)).collect();
            format!("[{}]", parts.join(", "))
        }
        Type::Bool | Type::Integer
            if !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') =>
        {
            text.to_owned()
        }
        Type::When if is_date(text) => text.to_owned(),
        _ => quoted(text),
    }
}

fn is_date(answer: &str) -> bool {
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
    let (root, found) = decode::parse(source, &sources);
    let mut found = found;
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
            let help = problem.help.first().map(|help| format!("; {help}")).unwrap_or_default();
            Err(format!("{}{help}", problem.message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_become_toml_of_their_type() {
        assert_eq!(literal(&Type::When, "2025-03-11"), "2025-03-11");
        assert_eq!(literal(&Type::When, "2025-03"), "\"2025-03\"");
        assert_eq!(literal(&Type::Text, "a \"b\""), "'a \"b\"'");
        assert_eq!(literal(&Type::List(&Type::Code), "JPN, GBR"), "[\"JPN\", \"GBR\"]");
        assert_eq!(literal(&Type::List(&Type::Text), "A, B; C"), "[\"A, B\", \"C\"]");
        assert_eq!(literal(&Type::Bool, "true"), "true");
        assert_eq!(
            literal(&Type::Portion, "{ mark = \"U\", text = \"x\" }"),
            "{ mark = \"U\", text = \"x\" }"
        );
    }

    #[test]
    fn each_answer_is_checked_alone() {
        let mut answers = Answers::default();
        let mut set = |text: &str| answers.set(Kind::Exchange, text).map_err(|failure| failure.message);
        assert_eq!(set("id=EX-1"), Ok(()));
        assert_eq!(set("counterpart.country=JPN"), Ok(()));
        assert!(set("id=ex 1").is_err_and(|text| text.contains("cannot be an id")));
        assert!(set("counterpart.country=UK").is_err_and(|text| text.contains("GBR")));
        assert!(set("established_channel=maybe").is_err());
        assert!(set("commencd=2025-01-01").is_err_and(|text| text.contains("no field")));
        assert!(set("title=\u{200b}").is_err());
    }
}
