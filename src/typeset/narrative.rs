//! Narratives of the record on the pages: a letter changes how they look, not what they say.

use crate::notice::model::{Notice, Section};
use crate::typeset::verify::{shortened, squeezed};

/// How a narrative reads otherwise than in the record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Change {
    /// A paragraph that does not come where it should, with its own mark before it.
    Missing(String),
    /// Words that are not the record's.
    Added(String),
}

impl Change {
    pub(super) fn words(&self) -> String {
        match self {
            Change::Missing(text) => format!("`{}` cannot be read in it", shortened(text)),
            Change::Added(text) => format!("`{}` is not the record's", shortened(text)),
        }
    }
}

/// How the words read in an element differ from the record's narrative of that field; nothing where they do not, or where
/// the field is no narrative.
pub(super) fn changed(notice: &Notice, field: &str, read: &str) -> Option<Change> {
    let read = squeezed(read);
    // A field may stand in the table of particulars too.
    let in_table = |value: &str| squeezed(value) == read;
    if notice
        .particulars
        .iter()
        .any(|row| row.field == field && in_table(&row.value))
    {
        return None;
    }
    let mut first = None;
    for section in notice.sections.iter().filter(|section| section.field == field) {
        match differs(section, &read) {
            Some(change) => first = first.or(Some(change)),
            None => return None,
        }
    }
    first
}

/// Reads the paragraphs one after the other: each with its mark before it, and nothing in between but numbering and the
/// heading.
fn differs(section: &Section, read: &str) -> Option<Change> {
    let label = squeezed(&section.label);
    let heading = format!("({}){label}", squeezed(&section.heading_mark));
    let mut rest = read;
    for (at, portion) in section.portions.iter().enumerate() {
        let marked = format!("({}){}", squeezed(&portion.mark), squeezed(&portion.text));
        let Some(found) = rest.find(&marked) else {
            // What is painted from right to left comes out in another order: only its characters can be compared.
            if right_to_left(&portion.text) {
                return (!same_characters(section, read)).then(|| Change::Missing(portion.text.clone()));
            }
            return Some(Change::Missing(portion.text.clone()));
        };
        let mut between = &rest[..found];
        if at == 0 {
            between = between.strip_prefix(heading.as_str()).unwrap_or(between);
            between = between.strip_prefix(label.as_str()).unwrap_or(between);
        }
        if between.chars().any(char::is_alphabetic) {
            return Some(Change::Added(between.to_owned()));
        }
        rest = &rest[found + marked.len()..];
    }
    rest.chars()
        .any(char::is_alphanumeric)
        .then(|| Change::Added(rest.to_owned()))
}

fn right_to_left(text: &str) -> bool {
    text.chars()
        .any(|c| matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff))
}

/// Whether exactly the characters of the paragraphs and of their marks were read.
fn same_characters(section: &Section, read: &str) -> bool {
    let sorted = |text: &str| {
        let mut characters: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
        characters.sort_unstable();
        characters
    };
    let portions = section.portions.iter();
    let written: String = portions
        .flat_map(|portion| [portion.mark.as_str(), portion.text.as_str()])
        .collect();
    sorted(&written) == sorted(read)
        || sorted(&format!("{written}{}{}", section.heading_mark, section.label)) == sorted(read)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notice::model::Portion;

    fn of(portions: &[(&str, &str)], read: &str) -> Option<Change> {
        let section = Section {
            field: "facts".to_owned(),
            label: "Facts of it".to_owned(),
            heading_mark: "U".to_owned(),
            portions: portions.iter().map(|(mark, text)| Portion::new(*mark, *text)).collect(),
            stated: true,
        };
        differs(&section, &squeezed(read))
    }

    #[test]
    fn words_of_the_record_and_nothing_else() {
        let two = [("S//NF", "They met in May."), ("U", "U is a letter.")];
        let missing = |text: &str| Some(Change::Missing(text.to_owned()));
        let added = |text: &str| Some(Change::Added(text.to_owned()));
        assert_eq!(of(&two, "(S//NF) They met in May. (U) U is a letter."), None);
        assert_eq!(
            of(
                &two,
                "(U) Facts of it 1. (S//NF) They met in May. 2. (U) U is a letter."
            ),
            None
        );
        assert_eq!(of(&two, "(S//NF) They met in May."), missing("U is a letter."));
        assert_eq!(
            of(&two, "(U) They met in May. (U) U is a letter."),
            missing("They met in May.")
        );
        assert_eq!(
            of(&two, "(U) U is a letter. (S//NF) They met in May."),
            added("(U)Uisaletter.")
        );
        assert_eq!(
            of(&two, "(S//NF) They met in May. Not so. (U) U is a letter."),
            added("Notso.")
        );
        assert_eq!(of(&two, "(S//NF) They met in May. (U) U is a letter. 7"), added("7"));
    }

    #[test]
    fn lines_from_right_to_left_are_compared_by_their_characters() {
        let one = [("U", "abc \u{5e9}\u{5dc}\u{5d5}\u{5dd}")];
        assert_eq!(of(&one, "(U) \u{5dd}\u{5d5}\u{5dc}\u{5e9} abc"), None);
        assert!(of(&one, "(U) abc").is_some());
        assert!(of(&one, "(U) \u{5dd}\u{5d5}\u{5dc}\u{5e9} abc not").is_some());
    }
}
