//! A record file into records. One pass reports every problem of the file.

use crate::base::code::Code;
use crate::base::decode::{self, Raw};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, SourceId, Sources};
use crate::base::suggest;
use crate::marking::level::Level;
use crate::marking::vocabulary::Vocabulary;
use crate::record::characters;
use crate::record::decode::{Strictness, decode_parts};
use crate::record::field::field;
use crate::record::kind::Kind;
use crate::record::value::Record;

/// What a record file gave: its sound records, and the ids of all of them, the faulty ones included.
#[derive(Debug, Default)]
pub struct Loaded {
    pub records: Vec<Record>,
    /// Records with an error: only their links are looked at.
    pub faulty: Vec<Record>,
    /// Every id that is written, with its place: links to faulty records are no errors of their own.
    pub ids: Vec<(String, Place)>,
    /// How many records the file holds.
    pub count: usize,
}

/// Reads the records of a source with the shipped vocabulary.
pub fn load(source: SourceId, sources: &Sources, ceiling: Level) -> (Loaded, Vec<Diagnostic>) {
    load_with(source, sources, ceiling, Vocabulary::standard())
}

/// Reads the records of a source. A record marked above `ceiling` is refused, and nothing of it is printed.
pub fn load_with(
    source: SourceId,
    sources: &Sources,
    ceiling: Level,
    vocabulary: &Vocabulary,
) -> (Loaded, Vec<Diagnostic>) {
    let mut loaded = Loaded::default();
    let (document, mut found) = decode::parse(source, sources);
    let Some(root) = document else {
        if claims_above(&sources.get(source).text, ceiling) {
            for problem in &mut found {
                problem.withhold = true;
                problem.help = vec![
                    "mend the TOML here; the file claims a mark above the ceiling, so nothing of it is shown"
                        .to_string(),
                ];
            }
        }
        return (loaded, found);
    };
    let headers = headers(&root);
    for (key, item) in &root.list {
        let Some(kind) = Kind::named(&key.value) else {
            found.push(unknown_kind(&key.value).at(key.place.clone()));
            continue;
        };
        let Raw::Array(items) = &item.value else {
            found.push(
                Diagnostic::new(
                    Code::WrongType,
                    format!("`{kind}` is {}, not an array of tables", item.value.words()),
                )
                .at(key.place.clone())
                .label("one record of several")
                .help(format!("write the header as `[[{kind}]]`")),
            );
            continue;
        };
        for item in items {
            let Raw::Table(entries) = &item.value else {
                found.push(
                    Diagnostic::new(
                        Code::WrongType,
                        format!("`{kind}` holds {}, not a table", item.value.words()),
                    )
                    .at(item.place.clone())
                    .help(format!("write the header as `[[{kind}]]` and the fields below it")),
                );
                continue;
            };
            loaded.count += 1;
            if let Some(id) = entries.get("id")
                && let Raw::String(text) = &id.value
            {
                loaded.ids.push((text.clone(), id.place.clone()));
            }
            let (mut record, mut problems) =
                decode_parts(kind, entries, &item.place, Strictness::Strict, sources, vocabulary);
            let refused = above_ceiling(kind, entries, ceiling);
            if refused.is_some() || part_above(entries, ceiling) {
                if let Some(place) = refused.as_ref().and_then(|diagnostic| diagnostic.place.as_ref()) {
                    // What else is wrong with that mark does not matter: it has no place here.
                    problems.retain(|problem| {
                        problem
                            .place
                            .as_ref()
                            .is_none_or(|at| !(place.start <= at.start && at.end <= place.end))
                    });
                }
                problems.iter_mut().for_each(withhold);
                found.extend(refused);
                found.extend(problems);
                continue;
            }
            if let Some(place) = unreadable_mark(entries) {
                // Nobody can say how high this record is: nothing of it is shown, but for the mark itself.
                for problem in &mut problems {
                    let of_mark = problem
                        .place
                        .as_ref()
                        .is_some_and(|at| place.start <= at.start && at.end <= place.end);
                    if !of_mark {
                        withhold(problem);
                    }
                }
            }
            let faulty = problems.iter().any(Diagnostic::is_error);
            found.extend(problems);
            let end = headers.iter().find(|start| **start > item.place.start);
            let end = end.copied().unwrap_or(sources.get(source).text.len());
            record.whole = Place::new(source, item.place.start..end.max(item.place.end));
            if faulty {
                &mut loaded.faulty
            } else {
                &mut loaded.records
            }
            .push(record);
        }
    }
    (loaded, found)
}

/// Where each record of a file starts, in file order.
fn headers(root: &decode::Entries) -> Vec<usize> {
    let mut starts: Vec<usize> = root
        .list
        .iter()
        .filter_map(|(_, item)| match &item.value {
            Raw::Array(items) => Some(items.iter().map(|item| item.place.start)),
            _ => None,
        })
        .flatten()
        .collect();
    starts.sort_unstable();
    starts
}

fn unknown_kind(name: &str) -> Diagnostic {
    let names = Kind::ALL.iter().map(|kind| kind.name());
    if Kind::ALL.iter().any(|kind| field(*kind, name).is_some()) {
        return Diagnostic::new(Code::UnknownKind, format!("`{name}` stands above the first record"))
            .label("of which record?")
            .help(format!(
                "write a header such as `[[liaison_contact]]` above it; the kinds are {}",
                suggest::quoted_list(names)
            ));
    }
    let diagnostic = Diagnostic::new(
        Code::UnknownKind,
        format!("`{}` is no kind of record", characters::visible(name)),
    )
    .label("unknown kind");
    match suggest::nearest(name, names.clone()) {
        Some(near) => diagnostic.help(format!("did you mean `[[{near}]]`?")),
        None => diagnostic.help(format!(
            "the kinds are {}; what fits none of them is out of scope and belongs in no record",
            suggest::quoted_list(names)
        )),
    }
}

/// The place of a marking that is written and whose level cannot be read.
fn unreadable_mark(entries: &decode::Entries) -> Option<&Place> {
    let item = entries.get("marking")?;
    match &item.value {
        Raw::String(text) if level_of(text).is_some() => None,
        _ => Some(&item.place),
    }
}

/// Whether a file that is no TOML holds a line that claims a mark above the ceiling.
fn claims_above(text: &str, ceiling: Level) -> bool {
    text.split(['\n', '{', ','])
        .filter_map(|part| part.trim().strip_prefix("mark"))
        .filter_map(|part| part.trim_start_matches("ing").trim_start().strip_prefix('='))
        .any(|value| level_of(value.trim().trim_matches(['"', '\''])).is_some_and(|level| level > ceiling))
}

/// Whether a part is marked above the ceiling: then nothing of the record is shown. That the part stands above its
/// record is reported elsewhere.
fn part_above(entries: &decode::Entries, ceiling: Level) -> bool {
    entries.list.iter().any(|(_, item)| match &item.value {
        Raw::Table(part) => match part.get("mark").map(|mark| &mark.value) {
            Some(Raw::String(text)) => level_of(text).is_some_and(|level| level > ceiling),
            _ => false,
        },
        _ => false,
    })
}

/// A record marked above the ceiling. A mark that cannot be read at all is refused elsewhere.
fn above_ceiling(kind: Kind, entries: &decode::Entries, ceiling: Level) -> Option<Diagnostic> {
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
    diagnostic.record = id;
    Some(diagnostic)
}

/// The level a mark claims, even where the rest of it is wrong: the part before the first `//`.
fn level_of(text: &str) -> Option<Level> {
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
fn withhold(diagnostic: &mut Diagnostic) {
    diagnostic.withhold = true;
    diagnostic.related.clear();
    if diagnostic.code == Code::PartAboveRecord {
        diagnostic.help = vec![
            "lower this part, or keep the record in a workspace of its level; the ceiling of this one is lower"
                .to_string(),
        ];
        return;
    }
    diagnostic.message = diagnostic.code.summary().to_string();
    diagnostic.label = String::new();
    diagnostic.help = vec![
        "nothing of this record is shown: its mark is above the ceiling or cannot be read; mend the line named here"
            .to_string(),
    ];
}
