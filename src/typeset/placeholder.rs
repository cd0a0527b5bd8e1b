//! What a form leaves to be filled in: `[NAME]`, `XX-XX`, `TBD`.

/// The first placeholder in a text.
pub(super) fn placeholder(text: &str) -> Option<&str> {
    const WORDS: &[&str] = &["TODO", "TBD", "TBC", "FIXME", "XX-XX", "XXX", "XXXX"];
    const PHRASES: &[&str] = &[
        "lorem ipsum",
        "[insert",
        "{{",
        "}}",
        "<name>",
        "<date>",
        "<title>",
        "select one",
    ];
    // A mark that editors use is no placeholder.
    const EDITORIAL: &[&str] = &["REDACTED", "SIC", "CLASSIFIED", "DELETED", "EXERCISE"];
    let lower = text.to_ascii_lowercase();
    for phrase in PHRASES {
        if let Some(at) = lower.find(phrase) {
            return text.get(at..at + phrase.len());
        }
    }
    let edge = |c: char| !(c.is_alphanumeric() || c == '-' || c == '_');
    if let Some(word) = text.split(edge).find(|word| WORDS.contains(word)) {
        return Some(word);
    }
    let mut rest = text;
    while let Some(start) = rest.find('[') {
        let inner = &rest[start + 1..];
        let Some(end) = inner.find(']') else { break };
        let name = &inner[..end];
        let capitals = name.chars().filter(|c| c.is_alphabetic()).count() > 1
            && name.chars().all(|c| !c.is_lowercase())
            && !EDITORIAL.contains(&name.trim());
        if capitals || name.trim().is_empty() || name.chars().all(|c| c == '.' || c == '_') {
            return Some(&rest[start..start + end + 2]);
        }
        rest = &inner[end + 1..];
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_to_fill_in() {
        for (text, found) in [
            ("Dear [NAME]:", Some("[NAME]")),
            ("on [ ] 2026", Some("[ ]")),
            ("Transmittal No. XX-XX", Some("XX-XX")),
            ("the date is TBD.", Some("TBD")),
            ("SELECT ONE of these", Some("SELECT ONE")),
            ("[Insert the facts]", Some("[Insert")),
            ("He said [sic] that it was [redacted].", None),
            ("[REDACTED] met [the officer]", None),
            ("Docket TBD-1", None),
            ("[1] and [12]", None),
        ] {
            assert_eq!(placeholder(text), found, "{text}");
        }
    }
}
