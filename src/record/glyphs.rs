//! Characters of a record that no font can show: found when records are checked, not when a letter is set.

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Sources};
use crate::base::suggest::first_few;
use crate::record::characters;
use crate::record::value::{Record, Value};

/// Characters named in one diagnostic; a text in a script without a font has one in every place.
const MOST_NAMED: usize = 8;

/// Returns one diagnostic for each text of the record with characters that `shows` denies. Invisible characters are
/// another matter, and are left alone.
pub fn missing(record: &Record, shows: &dyn Fn(char) -> bool, sources: &Sources) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let text = sources.get(record.whole.source).text();
    // Printable ASCII alone, escapes aside: nothing to look up.
    let written = text.as_bytes().get(record.whole.span()).unwrap_or_default();
    if !written.is_empty() && written.is_ascii() && memchr::memchr(b'\\', written).is_none() {
        return found;
    }
    for (name, node) in record.fields.entries() {
        visit(name, &node.value, &node.place, &mut |field, text, place| {
            // All fonts show these; nothing else is looked up.
            if !text.is_ascii() {
                found.extend(problem(field, text, place, shows, sources));
            }
        });
    }
    found.into_iter().map(|problem| problem.record(&record.id)).collect()
}

fn problem(
    field: &str,
    text: &str,
    place: &Place,
    shows: &dyn Fn(char) -> bool,
    sources: &Sources,
) -> Option<Diagnostic> {
    let lacking = |c: char| !c.is_ascii() && !c.is_whitespace() && characters::hidden(c).is_none() && !shows(c);
    let at = text.chars().position(lacking)?;
    let mut named: Vec<char> = Vec::new();
    for c in text.chars().filter(|c| lacking(*c)) {
        if !named.contains(&c) {
            named.push(c);
        }
    }
    let list: Vec<String> = named
        .iter()
        .map(|c| format!("`{c}` (U+{:04X})", u32::from(*c)))
        .collect();
    let word = if named.len() == 1 { "character" } else { "characters" };
    Some(
        Diagnostic::new(
            Code::MissingGlyph,
            format!("no font has the {word} {} in `{field}`", first_few(&list, MOST_NAMED)),
        )
        .at(characters::inside(place, text, at, 1, sources))
        .label("a letter would print an empty box")
        .help("put a font that has it into the workspace's `fonts/` folder (.ttf, .otf or .ttc), or write the name in Latin letters"),
    )
}

/// Calls `see` with every printed text, its field and its place.
fn visit(field: &str, value: &Value, place: &Place, see: &mut dyn FnMut(&str, &str, &Place)) {
    match value {
        Value::Text(text) => see(field, text, place),
        Value::Portion(portion) => see(field, &portion.text, place),
        Value::List(items) => {
            for item in items {
                visit(field, &item.value, &item.place, see);
            }
        }
        Value::Table(table) => {
            for (key, node) in table.entries() {
                visit(&format!("{field}.{key}"), &node.value, &node.place, see);
            }
        }
        _ => {}
    }
}
