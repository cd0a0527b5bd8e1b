//! Makes hidden characters visible, so that no control character of the input acts on a terminal or deceives a reader.

use std::borrow::Cow;
use std::fmt::Write as _;

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
    has_none(text.as_bytes(), |byte| !matches!(byte, b' '..=b'~'), unprintable)
}

/// Whether a text is printable ASCII without anything that JSON escapes.
pub(super) fn is_plain(text: &str) -> bool {
    let escaped = |byte| !matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~');
    has_none(text.as_bytes(), escaped, |eight| {
        let zeros_for = |byte| zeros(eight ^ (EACH * u64::from(byte)));
        unprintable(eight) | zeros_for(b'"') | zeros_for(b'\\')
    })
}

/// Whether no byte is odd, eight bytes at a time: `odd` tells of one, `some_odd` of eight, where any bit is set if one is.
fn has_none(bytes: &[u8], odd: impl Fn(u8) -> bool, some_odd: impl Fn(u64) -> u64) -> bool {
    let Some(last) = bytes.last_chunk() else {
        return !bytes.iter().any(|byte| odd(*byte));
    };
    let (eights, _) = bytes.as_chunks();
    // The last eight may have been looked at in part.
    let eights = eights.iter().chain([last]);
    eights.fold(0, |found, eight| found | some_odd(u64::from_ne_bytes(*eight))) == 0
}

/// One in each of eight bytes.
const EACH: u64 = u64::MAX / 0xFF;
/// The highest bit of each of eight bytes.
const HIGHEST: u64 = EACH * 0x80;

/// Sets a bit if one of eight bytes is no printable ASCII.
fn unprintable(eight: u64) -> u64 {
    // To go below zero borrows the highest bit; DEL and one more reach it.
    let below_blank = eight.wrapping_sub(EACH * u64::from(b' '));
    let from_del = (eight & !HIGHEST) + EACH;
    (below_blank | from_del | eight) & HIGHEST
}

/// Sets a bit if one of eight bytes is zero.
fn zeros(eight: u64) -> u64 {
    eight.wrapping_sub(EACH) & !eight & HIGHEST
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
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn eight_bytes_at_a_time_tell_what_one_tells(text in prop_oneof!["[ -~]{0,30}", "[ -~]{0,20}[\\x00-\\xff][ -~]{0,20}"]) {
            let is_printable = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
            prop_assert_eq!(printable(&text), is_printable);
            prop_assert_eq!(is_plain(&text), is_printable && !text.contains(['"', '\\']));
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
