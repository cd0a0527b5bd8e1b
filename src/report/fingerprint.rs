//! What makes a diagnostic the same one tomorrow: its code, record, rule and field, never its line.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::base::diagnostic::Diagnostic;
use crate::base::hash::sha256;
use crate::base::source::{Place, Sources};

/// How many lines above a place are searched for the key that it belongs to.
const ABOVE: usize = 200;

/// What a diagnostic is about, in words.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    pub code: &'static str,
    /// The record; where there is none, the file.
    pub record: String,
    pub rule: String,
    /// The key that the place belongs to; empty for a whole record.
    pub field: String,
}

impl Subject {
    pub fn of(diagnostic: &Diagnostic, sources: &Sources) -> Self {
        let place = diagnostic.place.as_ref();
        let file = || place.map_or_else(String::new, |place| sources.get(place.source).name.clone());
        Self {
            code: diagnostic.code.name(),
            record: diagnostic.record.as_ref().map_or_else(file, String::from),
            rule: diagnostic.rule.as_ref().map_or_else(String::new, String::from),
            field: match place {
                Some(place) if !diagnostic.withhold => field(place, sources).unwrap_or_default().to_owned(),
                _ => String::new(),
            },
        }
    }
}

/// Returns a fingerprint for every diagnostic: SHA-256 in hexadecimal. Diagnostics about one and the same thing are
/// counted in their order, so that no two fingerprints are equal.
pub fn all<'a>(diagnostics: impl IntoIterator<Item = &'a Diagnostic>, sources: &Sources) -> Vec<String> {
    let mut seen: BTreeMap<Subject, usize> = BTreeMap::new();
    diagnostics
        .into_iter()
        .map(|diagnostic| {
            let subject = Subject::of(diagnostic, sources);
            let count = seen.entry(subject.clone()).or_default();
            *count += 1;
            hash(&[
                "diagnostic",
                subject.code,
                &subject.record,
                &subject.rule,
                &subject.field,
                &count.to_string(),
            ])
        })
        .collect()
}

/// Hashes parts, each with its length, so that no two lists of parts run into one another.
pub fn hash(parts: &[&str]) -> String {
    let mut text = String::new();
    for part in parts {
        let _ = writeln!(text, "{}:{part}", part.len());
    }
    sha256(text)
}

/// Returns the key that a place belongs to: the last line at or above it that begins with `key =`, unless a header
/// comes first.
fn field<'s>(place: &Place, sources: &'s Sources) -> Option<&'s str> {
    let text = sources.get(place.source).text();
    let end = text
        .get(place.start()..)?
        .find('\n')
        .map_or(text.len(), |at| place.start() + at);
    for line in text.get(..end)?.rsplit('\n').take(ABOVE) {
        let line = line.trim_start();
        if line.starts_with("[[") {
            return None;
        }
        let key = line.split('=').next().unwrap_or_default().trim_end();
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if line.contains('=') && !key.is_empty() && key.chars().all(plain) {
            return Some(key);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::code::Code;

    fn subject_at(text: &str, at: &str) -> Subject {
        let mut sources = Sources::default();
        let source = sources.add("records/a.toml", text);
        let start = text.find(at).expect("the text is there");
        let diagnostic = Diagnostic::new(Code::BadDate, "no date").at(Place::new(source, start..start + at.len()));
        Subject::of(&diagnostic.record("RC-1"), &sources)
    }

    #[test]
    fn the_field_is_the_key_before_the_place() {
        let text = "[[exchange]]\nid = \"E-1\"\nparts = [\n  \"x\",\n  { a = 1 },\n]\n";
        assert_eq!(subject_at(text, "E-1").field, "id");
        assert_eq!(subject_at(text, "a = 1").field, "parts");
        assert_eq!(subject_at(text, "[[exchange]]").field, "");
    }

    #[test]
    fn lines_do_not_matter_and_no_two_are_equal() {
        let text = "[[exchange]]\nid = \"E-1\"\n";
        let moved = format!("# a comment\n\n{text}");
        assert_eq!(subject_at(text, "E-1"), subject_at(&moved, "E-1"));
        let mut sources = Sources::default();
        let source = sources.add("records/a.toml", text);
        let one = Diagnostic::new(Code::BadDate, "no date").at(Place::new(source, 18..21));
        let prints = all([&one, &one], &sources);
        assert_ne!(prints[0], prints[1]);
        assert_eq!(prints, all([&one, &one], &sources));
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
