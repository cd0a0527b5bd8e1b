//! The canonical order and layout of a record file. Comments stay with what they stand above; meaning never changes.

use toml_edit::{Array, Decor, DocumentMut, InlineTable, Item, RawString, Table, Value};

use crate::record::field::{Field, Type, written_order};
use crate::record::kind::Kind;

/// A list that fits is written on one line of at most this many characters.
const WIDTH: usize = 100;

/// Returns a record file in its canonical form; nothing where it is no TOML.
pub fn format(text: &str) -> Option<String> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut document: DocumentMut = text.parse().ok()?;
    for (name, item) in document.iter_mut() {
        let fields = Kind::named(name.get()).map(written_order).unwrap_or_default();
        tables(item, &fields);
    }
    let trailing = comments(document.trailing().as_str().unwrap_or_default());
    document.set_trailing(trailing.trim_end().to_owned());
    let mut out = document.to_string();
    let end = out.trim_end().len();
    out.truncate(end);
    let start = out.len() - out.trim_start().len();
    out.drain(..start);
    out.push('\n');
    // Whatever a file holds that this layout does not know: it stays as it is.
    (meaning(&out) == meaning(text)).then_some(out)
}

/// What a file says, whatever its order and layout.
fn meaning(text: &str) -> Option<toml::Table> {
    toml::from_str(text).ok()
}

/// Lays out a table or an array of tables under headers, and what is inside.
fn tables(item: &mut Item, fields: &[&Field]) {
    match item {
        Item::Table(found) => table(found, fields),
        Item::ArrayOfTables(all) => all.iter_mut().for_each(|found| table(found, fields)),
        _ => {}
    }
}

fn table(table: &mut Table, fields: &[&Field]) {
    if !table.is_implicit() && !table.is_dotted() {
        let above = comments(prefix(table.decor()));
        table
            .decor_mut()
            .set_prefix(format!("\n{}", above.trim_start_matches('\n')));
        let behind = behind(table.decor());
        table.decor_mut().set_suffix(behind);
    }
    table.sort_values_by(|a, _, b, _| rank(fields, a.get()).cmp(&rank(fields, b.get())));
    for (mut key, item) in table.iter_mut() {
        let of = field(fields, key.get()).map(|field| field.kind_of_value);
        let width = key.get().len() + 3;
        match item {
            Item::Value(value) => {
                let above = comments(prefix(key.leaf_decor()));
                key.leaf_decor_mut().set_prefix(above);
                key.leaf_decor_mut().set_suffix(" ");
                let behind = behind(value.decor());
                layout(value, of.as_ref(), width);
                value.decor_mut().set_prefix(" ");
                value.decor_mut().set_suffix(behind);
            }
            Item::Table(inner) if inner.is_dotted() => {}
            item => tables(item, &of.map(|of| inner(&of)).unwrap_or_default()),
        }
    }
}

/// Lays out a value: lists on one line where they fit, tables in braces in the order of their fields.
fn layout(value: &mut Value, of: Option<&Type>, used: usize) {
    match value {
        Value::Array(list) => array(list, of, used),
        Value::InlineTable(table) => inline(table, of),
        _ => {}
    }
}

fn array(list: &mut Array, of: Option<&Type>, used: usize) {
    let item = match of {
        Some(Type::List(item)) => Some(*item),
        _ => None,
    };
    if list.to_string().contains('#') && has_comment(list) {
        return;
    }
    for value in list.iter_mut() {
        layout(value, item, usize::MAX / 2);
        *value.decor_mut() = Decor::default();
    }
    list.set_trailing("");
    list.set_trailing_comma(false);
    let mut bare = list.clone();
    bare.fmt();
    let one_line = bare.to_string();
    let long = used < WIDTH && used + one_line.trim().chars().count() > WIDTH;
    for (at, value) in list.iter_mut().enumerate() {
        let lead = match (long, at) {
            (true, _) => "\n    ",
            (false, 0) => "",
            (false, _) => " ",
        };
        value.decor_mut().set_prefix(lead);
    }
    if long {
        list.set_trailing("\n");
        list.set_trailing_comma(true);
    }
}

fn inline(table: &mut InlineTable, of: Option<&Type>) {
    let loose = |decor: &Decor| [decor.prefix(), decor.suffix()].into_iter().flatten().any(is_loose);
    let commented = table
        .iter()
        .any(|(key, value)| loose(value.decor()) || table.key(key).is_some_and(|key| loose(key.leaf_decor())));
    if commented || is_loose(table.trailing()) {
        return;
    }
    let fields = of.map(inner).unwrap_or_default();
    table.sort_values_by(|a, _, b, _| rank(&fields, a.get()).cmp(&rank(&fields, b.get())));
    table.set_trailing_comma(false);
    table.set_trailing("");
    let last = table.len().saturating_sub(1);
    for (at, (mut key, value)) in table.iter_mut().enumerate() {
        let of = field(&fields, key.get()).map(|field| field.kind_of_value);
        layout(value, of.as_ref(), usize::MAX / 2);
        key.leaf_decor_mut().set_prefix(" ");
        key.leaf_decor_mut().set_suffix(" ");
        value.decor_mut().set_prefix(" ");
        value.decor_mut().set_suffix(if at == last { " " } else { "" });
    }
}

/// Whether white space holds more than blanks: a line end or a comment.
fn is_loose(space: &RawString) -> bool {
    space.as_str().is_some_and(|text| text.contains(['\n', '#']))
}

fn has_comment(list: &Array) -> bool {
    let holds = |space: Option<&RawString>| space.and_then(RawString::as_str).is_some_and(|text| text.contains('#'));
    holds(Some(list.trailing()))
        || list.iter().any(|value| {
            holds(value.decor().prefix()) || holds(value.decor().suffix()) || value.as_array().is_some_and(has_comment)
        })
}

fn field<'f>(fields: &[&'f Field], name: &str) -> Option<&'f Field> {
    fields.iter().copied().find(|field| field.name == name)
}

/// Where a key stands: fields in their order, then what is unknown as it was written.
fn rank(fields: &[&Field], name: &str) -> usize {
    fields.iter().position(|field| field.name == name).unwrap_or(usize::MAX)
}

/// The fields of a table, or of the tables of a list.
fn inner(of: &Type) -> Vec<&'static Field> {
    match of {
        Type::Table(fields) => fields.iter().collect(),
        Type::List(item) => inner(item),
        _ => Vec::new(),
    }
}

fn prefix(decor: &Decor) -> &str {
    decor.prefix().and_then(RawString::as_str).unwrap_or_default()
}

/// A comment behind a value, with the blanks before it.
fn behind(decor: &Decor) -> String {
    let text = decor.suffix().and_then(RawString::as_str).unwrap_or_default();
    let text = text.trim_end();
    if text.is_empty() || text.starts_with([' ', '\t']) {
        text.to_owned()
    } else {
        format!(" {text}")
    }
}

/// The comments above a key or a header: no blanks at line ends, one empty line at most, none without a comment.
fn comments(text: &str) -> String {
    if !text.contains('#') {
        return String::new();
    }
    let mut out = String::new();
    let mut empty = 0;
    let whole = text.strip_suffix('\n').unwrap_or(text);
    for line in whole.split('\n').map(str::trim) {
        if line.is_empty() {
            empty += 1;
        } else {
            empty = 0;
        }
        if empty <= 1 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn formatted(text: &str) -> String {
        let out = format(text).expect("TOML");
        assert_eq!(format(&out).as_deref(), Some(out.as_str()), "formatted twice");
        out
    }

    #[test]
    fn order_layout_and_comments() {
        let text = "# About this file.\n\n\n[[exchange]]   # first\ntitle=\"T\"\n  # why this id  \nid   =   \"E-1\"   # kept\n\n\
                    counterpart = {service=\"SVR\",country=\"RUS\"}\nelements_involved=[ \"CIA\" ,\n \"DOD\",]\nunknown = 1\n\
                    marking = \"U\"\n[[exchange]]\nid = \"E-2\"\n# the end\n";
        assert_eq!(
            formatted(text),
            "# About this file.\n\n[[exchange]]   # first\n# why this id\nid = \"E-1\"   # kept\ntitle = \"T\"\nmarking = \"U\"\n\
             elements_involved = [\"CIA\", \"DOD\"]\ncounterpart = { country = \"RUS\", service = \"SVR\" }\nunknown = 1\n\n\
             [[exchange]]\nid = \"E-2\"\n# the end\n",
        );
    }

    #[test]
    fn a_long_list_has_a_line_for_each_part() {
        let long = "\"Kyiv Independent and others\", ".repeat(5);
        let out = formatted(&format!("[[exchange]]\nreported_by = [{long}]\nid = \"E-1\"\n"));
        assert!(
            out.contains("reported_by = [\n    \"Kyiv Independent and others\",\n"),
            "{out}"
        );
        assert!(out.ends_with(",\n]\n"), "{out}");
    }

    #[test]
    fn comments_inside_a_list_keep_it_as_it_is() {
        let text = "[[exchange]]\nid = \"E-1\"\nreported_by = [\n  \"A\", # first\n  \"B\",\n]\n";
        assert_eq!(formatted(text), text);
    }

    #[test]
    fn texts_of_several_lines_and_tables_under_headers_are_kept() {
        let text = "[[exchange]]\nid = \"E-1\"\nfacts = \"\"\"\nOne \\\n  two.\"\"\"\n\n[exchange.counterpart]\ncountry = \"RUS\"\n";
        assert_eq!(formatted(text), text);
    }

    #[test]
    fn what_is_no_toml_is_left_alone() {
        assert_eq!(format("a = \n"), None);
    }
}
