//! A record file into records. One pass reports every problem of the file.
//!
//! Three ways lead there, each falling back on the next: record by record from events; the record alone with the place of
//! every value; the file as a whole. Only the first never makes a diagnostic, so the others have all the wording.

use std::ops::Range;

use rayon::prelude::*;

use crate::base::code::Code;
use crate::base::decode::{self, Entries, Item, Raw};
use crate::base::diagnostic::Diagnostic;
use crate::base::failure::Failure;
use crate::base::shared::Shared;
use crate::base::source::{Found, Place, SourceId, Sources};
use crate::base::suggest;
use crate::marking::level::Level;
use crate::marking::vocabulary::Vocabulary;
use crate::record::ceiling::{above_ceiling, claims_above, part_above, unreadable_mark, withhold};
use crate::record::characters;
use crate::record::decode::{Strictness, decode_parts};
use crate::record::events::{self, Room};
use crate::record::field::field;
use crate::record::kind::Kind;
use crate::record::slices::slices;
use crate::record::value::Record;

/// What a record file gave: its sound records, and the ids of all of them, the faulty ones included.
#[derive(Debug, Default)]
pub struct Loaded {
    pub records: Vec<Record>,
    /// Records with an error: only their links are looked at.
    pub faulty: Vec<Record>,
    /// Every id that is written, with its place: links to faulty records are no errors of their own.
    pub ids: Vec<(Shared, Place)>,
    /// How many records the file holds.
    pub count: usize,
    /// How many of them were read from events alone.
    pub short: usize,
    /// Something in the file is no record, or nothing of it could be read.
    pub unread: bool,
    /// The file is ASCII without a backslash: it holds no character that a font may lack.
    pub plain: bool,
}

impl Loaded {
    fn append(&mut self, mut other: Loaded) {
        self.records.append(&mut other.records);
        self.faulty.append(&mut other.faulty);
        self.ids.append(&mut other.ids);
        self.count += other.count;
        self.short += other.short;
        self.unread |= other.unread;
    }
}

/// What records are read by.
#[derive(Debug, Clone, Copy)]
pub struct Terms<'a> {
    pub sources: &'a Sources,
    /// A record marked above it is refused, and nothing of it is printed.
    pub ceiling: Level,
    pub vocabulary: &'a Vocabulary,
}

/// A record file: its source, and where to read its text if nobody has yet.
#[derive(Debug, Clone)]
pub struct RecordFile {
    pub source: SourceId,
    pub unread: Option<Found>,
}

impl RecordFile {
    fn read(&self, sources: &Sources) -> Result<(), Failure> {
        if let Some(file) = &self.unread {
            sources.fill(self.source, file.read()?);
        }
        Ok(())
    }
}

/// Fewer files than this are read one after the other, and fewer bytes than these on one thread: to start others costs
/// more than it saves.
const FEW: usize = 64;
const LITTLE: usize = 64 << 10;

/// How many records of a file one task reads.
const CHUNK: usize = 512;

/// Reads the records of every file, on all cores where that is worth it: a file is taken apart where it was read, while
/// it is at hand. The results are in the order of the files, whatever the number of threads.
///
/// # Errors
/// The [`Failure`] of the first file that cannot be read.
pub fn load_all(files: &[&RecordFile], terms: Terms<'_>) -> Result<Vec<(Loaded, Vec<Diagnostic>)>, Failure> {
    if files.len() >= FEW {
        let results: Vec<Result<_, Failure>> = files
            .par_iter()
            .map_init(Room::default, |room, file| {
                file.read(terms.sources)?;
                Ok(load_in(file.source, terms, room))
            })
            .collect();
        return results.into_iter().collect();
    }
    let mut bytes = 0;
    for file in files {
        file.read(terms.sources)?;
        bytes += terms.sources.get(file.source).text().len();
    }
    if bytes < LITTLE {
        let room = &mut Room::default();
        return Ok(files.iter().map(|file| load_in(file.source, terms, room)).collect());
    }
    let load = |room: &mut Room, file: &&RecordFile| load_in(file.source, terms, room);
    Ok(files.par_iter().map_init(Room::default, load).collect())
}

/// Reads the texts of files that nobody has read yet, side by side.
///
/// # Errors
/// The [`Failure`] of the first file that cannot be read.
pub fn read_all(files: &[&RecordFile], sources: &Sources) -> Result<(), Failure> {
    let results: Vec<Result<(), Failure>> = files.par_iter().map(|file| file.read(sources)).collect();
    results.into_iter().collect()
}

/// Reads the records of a source with the shipped vocabulary. A record marked above `ceiling` is refused, and nothing of
/// it is printed.
pub fn load(source: SourceId, sources: &Sources, ceiling: Level) -> (Loaded, Vec<Diagnostic>) {
    let terms = Terms {
        sources,
        ceiling,
        vocabulary: Vocabulary::standard(),
    };
    load_in(source, terms, &mut Room::default())
}

fn load_in(source: SourceId, terms: Terms<'_>, room: &mut Room) -> (Loaded, Vec<Diagnostic>) {
    let text = terms.sources.get(source).text();
    let ascii = text.is_ascii();
    let plain = ascii || !text.contains('\u{FFFD}');
    let by_slices = plain.then(|| slices(text)).flatten().and_then(|slices| {
        let text = Sliced { text, source, terms };
        if text.text.len() < LITTLE || slices.len() <= CHUNK {
            return text.read(&slices, room);
        }
        let parts: Option<Vec<_>> = slices
            .par_chunks(CHUNK)
            .map_init(Room::default, |room, slices| text.read(slices, room))
            .collect();
        let mut loaded = Loaded {
            records: Vec::with_capacity(slices.len()),
            ids: Vec::with_capacity(slices.len()),
            ..Loaded::default()
        };
        let mut found = Vec::new();
        for (part, mut problems) in parts? {
            loaded.append(part);
            found.append(&mut problems);
        }
        Some((loaded, found))
    });
    let (mut loaded, found) = by_slices.unwrap_or_else(|| load_whole(source, terms));
    loaded.plain = ascii && memchr::memchr(b'\\', text.as_bytes()).is_none();
    (loaded, found)
}

/// A text that is read record by record.
struct Sliced<'s> {
    text: &'s str,
    source: SourceId,
    terms: Terms<'s>,
}

impl Sliced<'_> {
    /// Reads some slices of the text; nothing where one of them is no document with just one record.
    fn read(&self, slices: &[Range<usize>], room: &mut Room) -> Option<(Loaded, Vec<Diagnostic>)> {
        let mut loaded = Loaded {
            records: Vec::with_capacity(slices.len()),
            ids: Vec::with_capacity(slices.len()),
            ..Loaded::default()
        };
        let mut found = Vec::new();
        for slice in slices {
            let text = self.text.get(slice.clone())?;
            if let Some(record) = events::read(text, slice.start, self.source, self.terms, room) {
                loaded.count += 1;
                loaded.short += 1;
                let id = record.get("id").map(|node| (record.id.clone(), node.place.clone()));
                loaded.ids.extend(id);
                loaded.records.push(record);
                continue;
            }
            let document = decode::parse_part(self.source, slice.clone(), self.terms.sources)?;
            let [(key, item)] = document.list.as_slice() else {
                return None;
            };
            let kind = Kind::named(&key.value)?;
            let Raw::Array(items) = &item.value else { return None };
            let [
                Item {
                    value: Raw::Table(entries),
                    place,
                },
            ] = items.as_slice()
            else {
                return None;
            };
            let reading = Reading {
                terms: self.terms,
                end: slice.end,
            };
            reading.record(kind, entries, place, &mut loaded, &mut found);
        }
        Some((loaded, found))
    }
}

/// Reads a file as one document: what every other way falls back on, and what it is held against.
pub fn load_whole(source: SourceId, terms: Terms<'_>) -> (Loaded, Vec<Diagnostic>) {
    let mut loaded = Loaded::default();
    let (document, mut found) = decode::parse(source, terms.sources);
    let text = terms.sources.get(source).text();
    let Some(root) = document else {
        loaded.unread = true;
        if claims_above(text, terms.ceiling) {
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
    let mut records: Vec<(Kind, &Entries, &Place)> = Vec::new();
    for (key, item) in &root.list {
        let Some(kind) = Kind::named(&key.value) else {
            found.push(unknown_kind(&key.value).at(key.place.clone()));
            loaded.unread = true;
            continue;
        };
        let Raw::Array(items) = &item.value else {
            loaded.unread = true;
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
            if let Raw::Table(entries) = &item.value {
                records.push((kind, entries, &item.place));
                continue;
            }
            loaded.unread = true;
            found.push(
                Diagnostic::new(
                    Code::WrongType,
                    format!("`{kind}` holds {}, not a table", item.value.words()),
                )
                .at(item.place.clone())
                .help(format!("write the header as `[[{kind}]]` and the fields below it")),
            );
        }
    }
    // As they stand in the file: of two records with one id, the later one is at fault.
    records.sort_by_key(|(_, _, place)| place.start());
    let ends = records.iter().skip(1).map(|(_, _, place)| place.start());
    let ends: Vec<usize> = ends.chain([text.len()]).collect();
    for ((kind, entries, place), end) in records.into_iter().zip(ends) {
        let reading = Reading { terms, end };
        reading.record(kind, entries, place, &mut loaded, &mut found);
    }
    (loaded, found)
}

/// What is known where a record is read with the place of every value.
struct Reading<'s> {
    terms: Terms<'s>,
    /// Where the record ends.
    end: usize,
}

impl Reading<'_> {
    fn record(&self, kind: Kind, entries: &Entries, header: &Place, loaded: &mut Loaded, found: &mut Vec<Diagnostic>) {
        loaded.count += 1;
        if let Some(id) = entries.get("id")
            && let Raw::String(text) = &id.value
        {
            loaded.ids.push((text.into(), id.place.clone()));
        }
        let Terms {
            sources,
            ceiling,
            vocabulary,
        } = self.terms;
        let (mut record, mut problems) = decode_parts(kind, entries, header, Strictness::Strict, sources, vocabulary);
        let refused = above_ceiling(kind, entries, ceiling);
        if refused.is_some() || part_above(entries, ceiling) {
            if let Some(place) = refused.as_ref().and_then(|diagnostic| diagnostic.place.as_ref()) {
                // What else is wrong with that mark does not matter: it has no place here.
                problems.retain(|problem| {
                    problem
                        .place
                        .as_ref()
                        .is_none_or(|at| !(place.start() <= at.start() && at.end() <= place.end()))
                });
            }
            problems.iter_mut().for_each(withhold);
            found.extend(refused);
            found.extend(problems);
            return;
        }
        if let Some(place) = unreadable_mark(entries) {
            // Nobody can say how high this record is: nothing of it is shown, but for the mark itself.
            for problem in &mut problems {
                let of_mark = problem
                    .place
                    .as_ref()
                    .is_some_and(|at| place.start() <= at.start() && at.end() <= place.end());
                if !of_mark {
                    withhold(problem);
                }
            }
        }
        let faulty = problems.iter().any(Diagnostic::is_error);
        found.extend(problems);
        record.whole = Place::new(header.source, header.start()..self.end.max(header.end()));
        if faulty {
            &mut loaded.faulty
        } else {
            &mut loaded.records
        }
        .push(record);
    }
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
