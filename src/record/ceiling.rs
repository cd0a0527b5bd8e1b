//! The ceiling of a workspace: what is marked above it is refused, and nothing of it is shown.

use crate::base::code::Code;
use crate::base::decode::{Entries, Raw};
use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::base::source::Place;
use crate::marking::level::Level;
use crate::record::characters;
use crate::record::kind::Kind;

/// The place of a marking that is written and whose level cannot be read.
pub(super) fn unreadable_mark(entries: &Entries) -> Option<&Place> {
    let item = entries.get("marking")?;
    match &item.value {
        Raw::String(text) if level_of(text).is_some() => None,
        _ => Some(&item.place),
    }
}

/// Whether a file that is no TOML holds a line that claims a mark above the ceiling.
pub(super) fn claims_above(text: &str, ceiling: Level) -> bool {
    text.split(['\n', '{', ','])
        .filter_map(|part| part.trim().strip_prefix("mark"))
        .filter_map(|part| part.trim_start_matches("ing").trim_start().strip_prefix('='))
        .any(|value| level_of(value.trim().trim_matches(['"', '\''])).is_some_and(|level| level > ceiling))
}

/// Whether a part is marked above the ceiling: then nothing of the record is shown. That the part stands above its
/// record is reported elsewhere.
pub(super) fn part_above(entries: &Entries, ceiling: Level) -> bool {
    entries.list.iter().any(|(_, item)| match &item.value {
        Raw::Table(part) => match part.get("mark").map(|mark| &mark.value) {
            Some(Raw::String(text)) => level_of(text).is_some_and(|level| level > ceiling),
            _ => false,
        },
        _ => false,
    })
}

/// A record marked above the ceiling. A mark that cannot be read at all is refused elsewhere.
pub(super) fn above_ceiling(kind: Kind, entries: &Entries, ceiling: Level) -> Option<Diagnostic> {
    let item = entries.get("marking")?;
    let Raw::String(text) = &item.value else { return None };
    let place = &item.place;
    let level = level_of(text).filter(|level| *level > ceiling)?;
    let id = entries.get("id").and_then(|item| match &item.value {
        Raw::String(id) if characters::bad_id(id).is_none() => Some(id.clone()),
        _ => None,
    });
    let mut diagnostic = Diagnostic::new(
        Code::AboveCeiling,
        format!(
            "this {} is marked {}; the ceiling of the workspace is {}",
            kind.words(),
            level.word(),
            ceiling.word()
        ),
    )
    .at(place.clone())
    .label("above the ceiling")
    .help("keep it in a workspace of its level; `[classification] ceiling` in relto.toml says how high this one goes");
    diagnostic.withhold = true;
    diagnostic.record = id.map(Into::into);
    Some(diagnostic)
}

/// The level a mark claims, even where the rest of it is wrong: the part before the first `//`.
pub(super) fn level_of(text: &str) -> Option<Level> {
    if let Some(level) = Level::from_letter(text) {
        return Some(level);
    }
    let first = text
        .trim()
        .trim_start_matches('(')
        .trim_end_matches(')')
        .split("//")
        .next()?
        .trim()
        .to_uppercase();
    Level::from_letter(&first)
        .or_else(|| Level::from_word(&first))
        .or_else(|| {
            // A foreign or joint mark has no US level in front: the highest level word anywhere counts.
            let words = text.to_uppercase();
            let words: Vec<&str> = words.split(|c: char| !c.is_ascii_alphabetic()).collect();
            let has = |letters: &[&str]| words.iter().any(|word| letters.contains(word));
            if !text.trim().trim_start_matches('(').starts_with("//") {
                None
            } else if has(&["TS", "CTS", "COSMIC"]) || text.to_uppercase().contains("TOP SECRET") {
                Some(Level::TopSecret)
            } else if has(&["S", "NS", "SECRET"]) {
                Some(Level::Secret)
            } else if has(&["C", "NC", "R", "NR", "CONFIDENTIAL", "RESTRICTED"]) {
                Some(Level::Confidential)
            } else {
                None
            }
        })
}

/// Takes everything out of a diagnostic that might quote the record.
pub(super) fn withhold(diagnostic: &mut Diagnostic) {
    diagnostic.withhold = true;
    diagnostic.fix = None;
    diagnostic.related.clear();
    if diagnostic.code == Code::PartAboveRecord {
        diagnostic.help = vec![
            "lower this part, or keep the record in a workspace of its level; the ceiling of this one is lower".into(),
        ];
        return;
    }
    diagnostic.label = Shared::default();
    // Which field is not there says nothing of what is.
    if diagnostic.code == Code::MissingField {
        return;
    }
    diagnostic.message = diagnostic.code.summary().to_string();
    diagnostic.help = vec![
        "nothing of this record is shown: its mark is above the ceiling or cannot be read; mend the line named here"
            .into(),
    ];
}
