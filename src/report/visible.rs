//! Makes hidden characters visible, so that no control character of the input acts on a terminal or deceives a reader.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::base::quoted::clear;

/// Whether a character is a control, invisible, or changes the direction of the text around it.
pub fn is_hidden(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{3164}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{E000}'..='\u{F8FF}'
            | '\u{FDD0}'..='\u{FDEF}'
            | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
            | '\u{F0000}'..='\u{10FFFF}')
        || u32::from(c) & 0xFFFE == 0xFFFE // noncharacters at the end of every plane
}

/// Returns the text on one line, every hidden character, line ends and tabs too, as an escape such as `\u{202e}`.
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, is_hidden)
}

/// Returns the text with its line ends and tabs, every other hidden character as an escape.
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |c| is_hidden(c) && c != '\n' && c != '\t')
}

fn escaped(text: &str, hide: impl Fn(char) -> bool) -> Cow<'_, str> {
    if printable(text) || !text.chars().any(&hide) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if hide(c) { push(&mut out, c) } else { out.push(c) }
    }
    Cow::Owned(out)
}

/// Whether a text is printable ASCII and nothing else, as most are.
fn printable(text: &str) -> bool {
    let mut rest = text.as_bytes();
    loop {
        match rest.get(clear(rest, b'"')..) {
            Some([b'"' | b'\\', after @ ..]) => rest = after,
            after => return after.is_none_or(<[u8]>::is_empty),
        }
    }
}

/// Appends the escape of a hidden character.
pub(super) fn push(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        _ => out.extend(c.escape_unicode()),
    }
}

/// Returns a JSON document with every hidden character inside its strings as a JSON escape.
pub fn json(document: &str) -> Cow<'_, str> {
    let hide = |c: char| is_hidden(c) && c != '\n';
    // Control characters of its strings are escapes already.
    let is_ascii = document.is_ascii() && memchr::memchr(0x7F, document.as_bytes()).is_none();
    if is_ascii || !document.chars().any(hide) {
        return Cow::Borrowed(document);
    }
    let mut out = String::with_capacity(document.len() + 16);
    for c in document.chars() {
        if hide(c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn printable_ascii_is_told_from_the_rest() {
        for (text, expected) in [
            ("", true),
            ("\\", true),
            ("to \"SSCI\" and \\ \"HPSCI\"", true),
            ("to \"SSCI\" and\n", false),
            ("\"\u{7f}", false),
            ("§ 1244", false),
        ] {
            assert_eq!(printable(text), expected, "{text:?}");
        }
    }

    #[test]
    fn hidden_characters_become_escapes() {
        assert_eq!(
            line("USA\u{202e}, \u{1b}[31mred\u{7}\u{85}\u{200b}"),
            "USA\\u{202e}, \\u{1b}[31mred\\u{7}\\u{85}\\u{200b}"
        );
        assert_eq!(line("a\tb\r\n"), "a\\tb\\r\\n");
        assert_eq!(lines("a\tb\n\u{feff}"), "a\tb\n\\u{feff}");
        assert_eq!(line("Naryshkin, Сергей 李"), "Naryshkin, Сергей 李");
    }

    #[test]
    fn json_stays_json() {
        let text = "\u{2028}\u{e0041}\u{7f}x";
        let document = serde_json::to_string(text).expect("a string");
        let shown = json(&document);
        assert!(!shown.chars().any(is_hidden), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).expect("JSON"), text);
    }
}
