//! A packed file cut at the headers of its records, so that each is read on its own.
//!
//! A cut is only a guess: a line inside a text of several lines may look like a header. It is a right guess where every
//! slice before it is a whole document of its own, which the reader of the slices makes sure of.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::record::kind::Kind;

/// Looks for the next line that begins as a header does; made ready once for all files.
static HEADER: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("\n[["));

/// Returns the stretches of a text that begin with a line such as `[[rel_to_change]]`, each to the next one or the end.
/// Nothing where a blank or a comment is not all that stands before the first.
pub(super) fn slices(text: &str) -> Option<Vec<Range<usize>>> {
    let mut starts = Vec::new();
    let mut from = if text.starts_with('\u{FEFF}') {
        '\u{FEFF}'.len_utf8()
    } else {
        0
    };
    while let Some(rest) = text.get(from..) {
        if rest.starts_with("[[") && is_header(rest) {
            starts.push(from);
        } else if starts.is_empty() && !is_empty_line(rest) {
            return None;
        }
        // The next line that begins with two brackets; before the first header, the next line.
        let next = if starts.is_empty() {
            memchr::memchr(b'\n', rest.as_bytes())
        } else {
            HEADER.find(rest.as_bytes())
        };
        match next {
            Some(at) => from += at + 1,
            None => break,
        }
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]);
    let slices: Vec<Range<usize>> = starts.iter().zip(ends).map(|(start, end)| *start..end).collect();
    (!slices.is_empty()).then_some(slices)
}

/// Whether a text begins with the header of a record.
fn is_header(text: &str) -> bool {
    let name = &text[2..];
    Kind::ALL.iter().any(|kind| {
        name.strip_prefix(kind.name())
            .is_some_and(|rest| rest.starts_with("]]"))
    })
}

/// Whether the first line of a text is blank or a comment without control characters.
fn is_empty_line(text: &str) -> bool {
    let line = text.split('\n').next().unwrap_or_default();
    let line = line.strip_suffix('\r').unwrap_or(line).trim_start_matches([' ', '\t']);
    line.is_empty() || (line.starts_with('#') && !line.contains(|c: char| c.is_ascii_control() && c != '\t'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_at_headers_of_records() {
        let text = "# Two.\r\n\n[[rel_to_change]]\nid = \"A\"\n[[agreement]] # b\nid = \"B\"\n[[agreement.parties]]\n [[exchange]]\n";
        let found = slices(text).expect("slices");
        let cut: Vec<&str> = found.into_iter().map(|slice| &text[slice]).collect();
        assert_eq!(
            cut,
            [
                "[[rel_to_change]]\nid = \"A\"\n",
                "[[agreement]] # b\nid = \"B\"\n[[agreement.parties]]\n [[exchange]]\n"
            ]
        );
    }

    #[test]
    fn something_before_the_first_header() {
        for text in [
            "id = \"A\"\n[[agreement]]\n",
            "#\u{7f}\n[[agreement]]\n",
            "",
            "# none\n",
            "\r[[agreement]]",
        ] {
            assert_eq!(slices(text), None, "{text:?}");
        }
        let found = slices("\u{feff}[[agreement]]").expect("a slice");
        assert_eq!((found.len(), found[0].clone()), (1, 3..16));
    }
}
