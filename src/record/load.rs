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

/// What helps where a line of a record file is no TOML.
const SHOWN: &str = "mend this line; `relto new KIND` shows how a record is written";

/// What record files gave: their sound records, and the ids of all of them, the faulty ones included.
#[derive(Debug, Default)]
pub struct Loaded {
    pub records: Vec<Record>,
    /// Records with an error: only their links are looked at.
    pub faulty: Vec<Record>,
    /// Every id that is written, with its place: links to faulty records are no errors of their own.
    pub ids: Vec<(Shared, Place)>,
    /// How many records they hold.
    pub count: usize,
    /// How many of them were read from events alone.
    pub short: usize,
    /// The files in which something is no record, or of which nothing could be read.
    pub unread: Vec<SourceId>,
    /// Where the ids of records stand that were taken over as they were read and are among `records` all the same: the
    /// file had to be read as a whole.
    pub taken: Vec<Place>,
    /// The stretches of which nothing is shown: records marked above the ceiling, or nobody can say how high.
    pub withheld: Vec<Place>,
}

impl Loaded {
    fn append(&mut self, mut other: Loaded) {
        self.records.append(&mut other.records);
        self.faulty.append(&mut other.faulty);
        self.ids.append(&mut other.ids);
        self.count += other.count;
        self.short += other.short;
        self.unread.append(&mut other.unread);
        self.taken.append(&mut other.taken);
        self.withheld.append(&mut other.withheld);
    }

    /// Notes that something in a file is no record.
    fn is_unread(&mut self, source: SourceId) {
        if self.unread.last() != Some(&source) {
            self.unread.push(source);
        }
    }
}

/// Whoever takes records over as soon as they are read: where they are read, on any thread.
pub trait Takers: Sync {
    /// One of them, for some records after another.
    fn taker(&self) -> Box<dyn Taker + '_>;
}

/// See [`Takers`].
pub trait Taker {
    /// Takes a record over, or returns it to be kept.
    fn take(&mut self, record: Record) -> Option<Record>;
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
        if let Some(file) = &self.unread
            && !sources.get(self.source).is_read()
        {
            sources.fill(self.source, file.read()?);
        }
        Ok(())
    }
}

/// Fewer files than this are read one after the other, and fewer bytes than these on one thread: to start others costs
/// more than it saves.
const FEW: usize = 64;
const LITTLE: usize = 64 << 10;

/// How many files one task reads before it takes them apart.
const BATCH: usize = 64;

/// How many records of a file one task reads.
const CHUNK: usize = 512;

/// Reads the records of every file, on all cores where that is worth it: a file is taken apart where it was read, while
/// it is at hand. The results are in the order of the files, whatever the number of threads; those of several files may
/// be one. Of the `takers` one takes over every sound record that is read from events; those that it returns are kept.
///
/// # Errors
/// The [`Failure`] of the first file that cannot be read.
pub fn load_all(
    files: &[&RecordFile],
    terms: Terms<'_>,
    takers: Option<&dyn Takers>,
) -> Result<Vec<(Loaded, Vec<Diagnostic>)>, Failure> {
    let load = |desk: &mut Desk<'_>, files: &[&RecordFile]| -> Result<(Loaded, Vec<Diagnostic>), Failure> {
        // To go back and forth between the system and the reader makes both slow.
        files.iter().try_for_each(|file| file.read(terms.sources))?;
        let mut all = (Loaded::default(), Vec::new());
        for file in files {
            let (loaded, mut found) = load_in(file.source, terms, desk);
            all.0.append(loaded);
            all.1.append(&mut found);
        }
        Ok(all)
    };
    if files.len() >= FEW {
        let parts = files.par_chunks(BATCH).map_init(|| Desk::new(takers), load);
        return parts.collect::<Vec<_>>().into_iter().collect();
    }
    files.iter().try_for_each(|file| file.read(terms.sources))?;
    let bytes: usize = files
        .iter()
        .map(|file| terms.sources.get(file.source).text().len())
        .sum();
    if bytes < LITTLE {
        return Ok(vec![load(&mut Desk::new(takers), files)?]);
    }
    let of_file = |desk: &mut Desk<'_>, file: &&RecordFile| load_in(file.source, terms, desk);
    Ok(files.par_iter().map_init(|| Desk::new(takers), of_file).collect())
}

/// What one thread reads at: room, and whoever takes records over.
struct Desk<'t> {
    room: Room,
    takers: Option<&'t dyn Takers>,
    taker: Option<Box<dyn Taker + 't>>,
}

impl<'t> Desk<'t> {
    fn new(takers: Option<&'t dyn Takers>) -> Self {
        Self {
            room: Room::default(),
            takers,
            taker: None,
        }
    }
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
    load_in(source, terms, &mut Desk::new(None))
}

/// Reads a record once more, from where it stands. Nothing where it is not written plainly.
pub fn read_again(whole: &Place, terms: Terms<'_>) -> Option<Record> {
    let text = terms.sources.get(whole.source).text().get(whole.span())?;
    events::read(text, whole.start(), whole.source, terms, &mut Room::default())
}

/// The stretches in which some places stand that are each in another record of a file read record by record.
pub fn wholes(mut places: Vec<Place>, sources: &Sources) -> Vec<Place> {
    places.sort_unstable();
    let mut wholes = Vec::with_capacity(places.len());
    for of_source in places.chunk_by(|one, other| one.source == other.source) {
        let source = of_source[0].source;
        let slices = slices(sources.get(source).text()).unwrap_or_default();
        wholes.extend(of_source.iter().filter_map(|place| {
            let after = slices.partition_point(|slice| slice.start <= place.start());
            let slice = slices.get(after.checked_sub(1)?)?;
            Some(Place::new(source, slice.clone()))
        }));
    }
    wholes
}

fn load_in(source: SourceId, terms: Terms<'_>, desk: &mut Desk<'_>) -> (Loaded, Vec<Diagnostic>) {
    let text = terms.sources.get(source).text();
    let is_utf8 = text.is_ascii() || !text.contains('\u{FFFD}');
    let stretches = is_utf8.then(|| slices(text)).flatten();
    match stretches.map(|slices| Sliced { text, source, terms }.read_all(&slices, desk)) {
        Some(Ok(read)) => read,
        Some(Err(taken)) => {
            let (loaded, found) = load_whole(source, terms);
            (Loaded { taken, ..loaded }, found)
        }
        None => load_whole(source, terms),
    }
}

/// A text that is read record by record.
struct Sliced<'s> {
    text: &'s str,
    source: SourceId,
    terms: Terms<'s>,
}

/// What some slices gave; where one of them is no document with just one record, where the ids of those stand that were
/// taken over.
type Read = Result<(Loaded, Vec<Diagnostic>), Vec<Place>>;

impl Sliced<'_> {
    /// Reads all slices of the text, on all cores where they are many.
    fn read_all(&self, slices: &[Range<usize>], desk: &mut Desk<'_>) -> Read {
        if self.text.len() < LITTLE || slices.len() <= CHUNK {
            let mut read = self.read(slices, desk)?;
            read.0.taken = Vec::new();
            return Ok(read);
        }
        let parts: Vec<Read> = slices
            .par_chunks(CHUNK)
            .map_init(|| Desk::new(desk.takers), |desk, slices| self.read(slices, desk))
            .collect();
        let mut loaded = Loaded {
            ids: Vec::with_capacity(slices.len()),
            ..Loaded::default()
        };
        let (mut found, mut failed) = (Vec::new(), false);
        for part in parts {
            match part {
                Ok((part, mut problems)) => {
                    loaded.append(part);
                    found.append(&mut problems);
                }
                Err(mut taken) => {
                    failed = true;
                    loaded.taken.append(&mut taken);
                }
            }
        }
        if failed {
            return Err(loaded.taken);
        }
        loaded.taken = Vec::new();
        Ok((loaded, found))
    }

    /// Reads some slices of the text.
    fn read(&self, slices: &[Range<usize>], desk: &mut Desk<'_>) -> Read {
        let mut loaded = Loaded {
            ids: Vec::with_capacity(slices.len()),
            ..Loaded::default()
        };
        let mut taker = None;
        if let Some(takers) = desk.takers {
            taker = Some(desk.taker.get_or_insert_with(|| takers.taker()));
        } else {
            loaded.records.reserve_exact(slices.len());
        }
        let mut found = Vec::new();
        for slice in slices {
            if let Some(text) = self.text.get(slice.clone())
                && let Some(record) = events::read(text, slice.start, self.source, self.terms, &mut desk.room)
            {
                loaded.count += 1;
                loaded.short += 1;
                let place = record.get("id").map(|node| node.place.clone());
                let id = place.clone().map(|place| (record.id.clone(), place));
                loaded.ids.extend(id);
                let kept = match &mut taker {
                    Some(taker) => taker.take(record),
                    None => Some(record),
                };
                match kept {
                    Some(record) => loaded.records.push(record),
                    // Where it is the only one, nothing can make it be read again.
                    None if slices.len() > 1 => loaded.taken.extend(place),
                    None => {}
                }
            } else if self.read_with_places(slice, &mut loaded, &mut found).is_none() {
                return Err(loaded.taken);
            }
        }
        Ok((loaded, found))
    }

    /// Reads a slice with the place of every value; nothing where it is no document with just one record.
    fn read_with_places(&self, slice: &Range<usize>, loaded: &mut Loaded, found: &mut Vec<Diagnostic>) -> Option<()> {
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
        reading.record(kind, entries, place, loaded, found);
        Some(())
    }
}

/// Reads a file as one document: what every other way falls back on, and what it is held against.
pub fn load_whole(source: SourceId, terms: Terms<'_>) -> (Loaded, Vec<Diagnostic>) {
    let mut loaded = Loaded::default();
    let (document, mut found) = decode::parse_as(source, terms.sources, SHOWN);
    let text = terms.sources.get(source).text();
    let whole = || Place::new(source, 0..text.len());
    let Some(root) = document else {
        loaded.is_unread(source);
        if claims_above(text, terms.ceiling) {
            loaded.withheld.push(whole());
            for problem in &mut found {
                problem.withhold = true;
                problem.help = vec![
                    "mend the TOML here; the file claims a mark above the ceiling, so nothing of it is shown".into(),
                ];
            }
        }
        return (loaded, found);
    };
    let mut records: Vec<(Kind, &Entries, &Place)> = Vec::new();
    for (key, item) in &root.list {
        let Some(kind) = Kind::named(&key.value) else {
            found.push(unknown_kind(&key.value).at(key.place.clone()));
            loaded.is_unread(source);
            continue;
        };
        let Raw::Array(items) = &item.value else {
            loaded.is_unread(source);
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
            loaded.is_unread(source);
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
    // Of what is no record nobody can say where it ends.
    if !loaded.unread.is_empty() && claims_above(text, terms.ceiling) {
        loaded.withheld.push(whole());
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
        let whole = Place::new(header.source, header.start()..self.end.max(header.end()));
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
            loaded.withheld.push(whole);
            found.extend(refused);
            found.extend(problems);
            return;
        }
        if let Some(place) = unreadable_mark(entries) {
            // Nobody can say how high this record is: nothing of it is shown, but for the mark itself.
            loaded.withheld.push(whole.clone());
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
        record.whole = whole;
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
