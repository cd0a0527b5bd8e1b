//! The cells of a table that is imported, and how each is written as TOML of its field.

use crate::cli::answers::{boolean, is_date, quoted, whole};
use crate::record::field::Type;

/// One value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// Nothing: the field is left out.
    Empty,
    /// A cell of CSV, or what `[values]` says: its field tells what it is.
    Written(String),
    /// A text of JSON, in quotation marks.
    Text(String),
    /// A number of JSON, as it is written.
    Number(String),
    Bool(bool),
    List(Vec<Cell>),
    /// A list or a table inside a list.
    Nested,
}

impl Cell {
    /// What stands there, for `[values]` and for messages; nothing where it is more than one value.
    pub fn shown(&self) -> Option<String> {
        match self {
            Cell::Empty => Some(String::new()),
            Cell::Written(text) | Cell::Text(text) => Some(text.trim().to_owned()),
            Cell::Number(number) => Some(number.clone()),
            Cell::Bool(value) => Some(value.to_string()),
            Cell::List(_) | Cell::Nested => None,
        }
    }

    pub fn is_empty(&self) -> bool {
        match self {
            Cell::List(parts) => parts.is_empty(),
            _ => self.shown().is_some_and(|text| text.is_empty()),
        }
    }

    /// Writes it as TOML of the type. Whatever it looks like, it is never taken for TOML.
    ///
    /// # Errors
    /// Why it is no value of the type, in words.
    pub fn literal(&self, of: &Type, separator: &str) -> Result<String, String> {
        if let Type::List(item) = of {
            return self.list(item, separator);
        }
        let Some(text) = self.shown() else {
            return Err(match self {
                Cell::List(_) => "this is a list, and the field holds one value: write it without `[` and `]`",
                _ => "a list or a table stands in this list: write texts, numbers, true or false",
            }
            .to_owned());
        };
        match (of, self) {
            (_, Cell::Empty) => Err("null stands in this list: leave it out".to_owned()),
            (Type::Bool, _) => match (boolean(&text), self) {
                (Ok(word), Cell::Text(_)) => Err(unquoted(&text, "true or false", &word)),
                (read, _) => read.map_err(|problem| problem + "; `[values]` says what it means"),
            },
            (Type::Integer, _) => match (whole(&text), self) {
                (Ok(number), Cell::Text(_)) => Err(unquoted(&text, "a whole number", &number)),
                (read, _) => read.map_err(|problem| problem + "; write digits alone, as in `250000`"),
            },
            // What takes no text either is refused when its record is read.
            (Type::Table(_), _) => Ok(quoted(&text)),
            (_, Cell::Number(_)) => Err(format!(
                "`{text}` is a number, and the field takes a text: put it in quotation marks, `\"{text}\"`"
            )),
            (_, Cell::Bool(_)) => Err(format!(
                "`{text}` is no text, and the field takes one: put it in quotation marks, `\"{text}\"`"
            )),
            (Type::When, _) if is_date(&text) => Ok(text),
            _ => Ok(quoted(&text)),
        }
    }

    fn list(&self, item: &Type, separator: &str) -> Result<String, String> {
        let parts: Vec<Cell> = match self {
            Cell::List(parts) => parts.clone(),
            Cell::Written(text) | Cell::Text(text) => text
                .split(separator)
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| Cell::Written(part.to_owned()))
                .collect(),
            one => vec![one.clone()],
        };
        let parts: Vec<String> = parts
            .iter()
            .map(|part| part.literal(item, separator))
            .collect::<Result<_, _>>()?;
        Ok(format!("[{}]", parts.join(", ")))
    }
}

fn unquoted(text: &str, of: &str, plain: &str) -> String {
    format!("`\"{text}\"` is a text, and the field is {of}: write `{plain}` without quotation marks")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_cell_is_written_as_its_field_wants_it() {
        let written = |text: &str| Cell::Written(text.to_owned());
        let text = |text: &str| Cell::Text(text.to_owned());
        let number = |text: &str| Cell::Number(text.to_owned());
        let of = |cell: &Cell, of: &Type| cell.literal(of, ";").unwrap_or_else(|problem| format!("! {problem}"));
        let texts = Type::List(&Type::Text);
        let all = [
            of(&written("TRUE"), &Type::Bool),
            of(&written("yes"), &Type::Bool),
            of(&Cell::Bool(true), &Type::Bool),
            of(&text("TRUE"), &Type::Bool),
            of(&number("1"), &Type::Bool),
            of(&written("250000"), &Type::Integer),
            of(&written("12.5"), &Type::Integer),
            of(&number("2.0"), &Type::Integer),
            of(&text("5"), &Type::Integer),
            of(&written("5"), &Type::Text),
            of(&number("5"), &Type::Text),
            of(&Cell::Bool(false), &Type::Text),
            of(&number("2025"), &Type::When),
            of(&written("2025-03-11"), &Type::When),
            of(&written("2025-03"), &Type::When),
            of(&written("[\"a\"; {b}"), &texts),
            of(&Cell::List(vec![text("a; b"), text("c")]), &texts),
            of(&Cell::List(vec![text("a"), number("5")]), &texts),
            of(&Cell::List(vec![text("a"), Cell::Empty]), &texts),
            of(&Cell::List(vec![Cell::Nested]), &texts),
            of(&Cell::List(vec![text("a")]), &Type::Text),
        ];
        insta::assert_snapshot!(all.join("\n"), @r#"
        true
        ! `yes` is neither true nor false; `[values]` says what it means
        true
        ! `"TRUE"` is a text, and the field is true or false: write `true` without quotation marks
        ! `1` is neither true nor false; `[values]` says what it means
        250000
        ! `12.5` is no whole number; write digits alone, as in `250000`
        ! `2.0` is no whole number; write digits alone, as in `250000`
        ! `"5"` is a text, and the field is a whole number: write `5` without quotation marks
        "5"
        ! `5` is a number, and the field takes a text: put it in quotation marks, `"5"`
        ! `false` is no text, and the field takes one: put it in quotation marks, `"false"`
        ! `2025` is a number, and the field takes a text: put it in quotation marks, `"2025"`
        2025-03-11
        "2025-03"
        ['["a"', "{b}"]
        ["a; b", "c"]
        ! `5` is a number, and the field takes a text: put it in quotation marks, `"5"`
        ! null stands in this list: leave it out
        ! a list or a table stands in this list: write texts, numbers, true or false
        ! this is a list, and the field holds one value: write it without `[` and `]`
        "#);
    }
}
