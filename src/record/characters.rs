//! Characters and ids: what is invisible, what only looks right, and where a character of a string stands in its file.

use crate::base::source::{Place, Sources};

/// Returns the name of a character that cannot be seen and may not stand in a record. Line breaks and tabs are fine.
pub fn hidden(c: char) -> Option<&'static str> {
    match c {
        '\n' | '\t' | '\r' => None,
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' => Some("PRIVATE-USE CHARACTER"),
        _ => crate::marking::characters::hidden_name(c),
    }
}

/// Returns the plain character that `c` is mistaken for in a code or an id, where nothing but ASCII belongs.
pub fn lookalike(c: char) -> Option<char> {
    if c.is_ascii() {
        return None;
    }
    crate::marking::characters::lookalike(c)
}

/// Returns the text with invisible characters shown as `\u{…}`, so that no raw control character is printed.
pub fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|c| match c {
            '\n' | '\r' | '\t' => c.escape_default().collect::<Vec<_>>(),
            _ if hidden(c).is_some() => c.escape_unicode().collect(),
            _ => vec![c],
        })
        .collect()
}

/// Returns the place of `length` characters from `offset` inside a string value, counted in Unicode scalar values.
/// A string with escapes or several lines is pointed at as a whole.
pub fn inside(place: &Place, text: &str, offset: usize, length: usize, sources: &Sources) -> Place {
    let written = sources.get(place.source).text().get(place.span()).unwrap_or_default();
    for quotes in [1, 3] {
        let Some(inner) = written.get(quotes..written.len().saturating_sub(quotes)) else {
            continue;
        };
        if inner == text {
            let at = |count: usize| text.char_indices().nth(count).map_or(text.len(), |(at, _)| at);
            let start = place.start() + quotes;
            return Place::new(place.source, start + at(offset)..start + at(offset + length));
        }
    }
    place.clone()
}

/// Returns why an id cannot be used, or nothing where it can.
pub fn bad_id(id: &str) -> Option<String> {
    let length = id.chars().count();
    if !(3..=64).contains(&length) {
        let characters = if length == 1 { "character" } else { "characters" };
        return Some(format!("it has {length} {characters}, not 3 to 64"));
    }
    if let Some(c) = id
        .chars()
        .find(|c| !c.is_ascii_uppercase() && !c.is_ascii_digit() && !matches!(c, '.' | '_' | '-'))
    {
        let shown: String = visible(&c.to_string());
        return Some(format!("`{shown}` is not allowed"));
    }
    if id.split(['.', '_', '-']).any(str::is_empty) {
        return Some("`.`, `_` and `-` only stand between letters or digits, one at a time".to_string());
    }
    let stem = id.split('.').next().unwrap_or_default();
    let numbered = |prefix: &str| {
        stem.strip_prefix(prefix)
            .is_some_and(|rest| rest.len() == 1 && rest.starts_with(|c: char| ('1'..='9').contains(&c)))
    };
    if matches!(stem, "CON" | "PRN" | "AUX" | "NUL") || numbered("COM") || numbered("LPT") {
        return Some(format!("`{stem}` is a device name on Windows"));
    }
    None
}

/// Returns the nearest id that can be used.
pub fn mended_id(id: &str) -> Option<String> {
    let mut mended = String::new();
    for c in id.chars() {
        let c = if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            c
        };
        match c {
            'A'..='Z' | '0'..='9' => mended.push(c),
            _ if mended.ends_with(|last: char| last.is_ascii_alphanumeric()) => {
                mended.push(if matches!(c, '.' | '_') { c } else { '-' });
            }
            _ => {}
        }
    }
    let mended: String = mended.trim_end_matches(['.', '_', '-']).chars().take(64).collect();
    bad_id(&mended).is_none().then_some(mended)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_that_can_name_files() {
        for good in ["C01", "RC-2025-001", "A.B_C-9", "COM10", "CONTACT-1"] {
            assert_eq!(bad_id(good), None, "{good}");
        }
        for bad in [
            "AB", "A--B", "-AB", "AB-", "abc", "A B C", "CON", "NUL.TXT", "COM1", "LPT9.A", "А01",
        ] {
            assert!(bad_id(bad).is_some(), "{bad}");
        }
    }

    #[test]
    fn mended_ids_are_ids() {
        assert_eq!(mended_id("rc 2025/001").as_deref(), Some("RC-2025-001"));
        assert_eq!(mended_id("--").as_deref(), None);
    }
}
