//! The module a letter imports: the notice's data as literals, then the helpers. People see it as one file; Typst is given
//! the data apart ([`data`]), since only that is another text in every notice.

use serde_json::Value;

use crate::notice::model::{Addressee, Notice};
use crate::template::literal::literal;
use crate::template::lookup::MODULE_TAIL;

/// What else goes into the module, beside the notice.
#[derive(Debug, Clone, Copy)]
pub struct Extras<'a> {
    /// The Typst path of the letter.
    pub letter: &'a str,
    /// Font families of the workspace, in order of preference after the shipped one.
    pub families: &'a [String],
    /// The machine-readable data to embed.
    pub attachment: Option<&'a str>,
    /// Smaller letters and less space, which spare a page with next to nothing on it.
    pub snug: bool,
}

/// Writes `/relto.typ` for one addressee of a notice, whole: [`data`], then what follows it.
pub fn module(notice: &Notice, addressee: &Addressee, extras: &Extras<'_>) -> String {
    let mut out = data(notice, addressee, extras);
    out.push_str(MODULE_TAIL);
    out
}

/// What `/relto.typ` is to Typst beside the data: the same text for every notice.
pub fn rest() -> String {
    format!("{IMPORT}{MODULE_TAIL}")
}

/// Where a byte of [`rest`] stands in [`module`], whose data have so many bytes.
pub fn place_in_module(byte: usize, data: usize) -> usize {
    byte.saturating_sub(IMPORT.len()) + data
}

const IMPORT: &str = "#import \"/data.typ\": *\n\n";

/// Writes the data of `/relto.typ` for one addressee of a notice.
pub fn data(notice: &Notice, addressee: &Addressee, extras: &Extras<'_>) -> String {
    let data = [
        ("notice", serde_json::to_value(notice)),
        ("addressee", serde_json::to_value(addressee)),
        ("letter-file", Ok(Value::from(extras.letter))),
        ("families", Ok(Value::from(extras.families.to_vec()))),
        ("attachment", Ok(extras.attachment.map_or(Value::Null, Value::from))),
        ("snug", Ok(Value::from(extras.snug))),
    ];
    let mut out = String::from("// The data of this notice, written by relto.\n\n");
    for (name, value) in data {
        out.push_str("#let ");
        out.push_str(name);
        out.push_str(" = ");
        out.push_str(&literal(&value.unwrap_or(Value::Null)));
        out.push('\n');
    }
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_beside_the_data_is_found_in_the_whole() {
        let data = "#let notice = (:)\n\n";
        let whole = format!("{data}{MODULE_TAIL}");
        for name in ["#let letterhead", "#let sections(", "#let distribution"] {
            let at = rest().find(name).expect("it is bound");
            assert!(whole[place_in_module(at, data.len())..].starts_with(name), "{name}");
        }
        assert_eq!(place_in_module(0, data.len()), data.len());
    }
}
