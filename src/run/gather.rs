//! The records of a run, read from their files: those that are kept, and what came of those that were judged at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::base::diagnostic::Diagnostic;
use crate::base::failure::Failure;
use crate::base::shared::Shared;
use crate::base::source::{Place, SourceId, Sources};
use crate::evaluate::at_once::{AtOnce, Judge};
use crate::evaluate::case::{Case, in_order_of_ids};
use crate::record::field::link_fields;
use crate::record::glyphs;
use crate::record::load::{RecordFile, Taker, Takers, Terms, load_all, read_again, wholes};
use crate::record::value::Record;
use crate::report::summary::Owing;
use crate::run::Wanted;
use crate::run::owed::Owed;
use crate::workspace;
use crate::workspace::locate::Origin;
use crate::workspace::open::{Input, fonts};

/// What the record files of a run gave.
pub(super) struct Gathered {
    /// Sound records, in the order of their files.
    pub(super) records: Vec<Record>,
    pub(super) faulty: Vec<Record>,
    /// Every id that is written, with its place.
    pub(super) ids: Vec<(Shared, Place)>,
    /// The records, of those that are kept, that are reported on.
    pub(super) reported: BTreeSet<Shared>,
    /// The files that only stand around.
    pub(super) quiet: BTreeSet<SourceId>,
    /// How many records are reported on, faulty ones included.
    pub(super) count: usize,
    /// The files, of those reported on, in which something is no record.
    pub(super) unread: Vec<SourceId>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The stretches of the files of which nothing is shown.
    pub(super) withheld: Vec<Place>,
    /// What came of records that are not kept.
    pub(super) at_once: AtOnce,
    /// What those owe.
    pub(super) owed: Owed,
}

/// Reads the records of all files. With a case that has no records, those that say nothing of others are judged by it as
/// soon as they are read, and are not kept.
///
/// # Errors
/// The [`Failure`] of the first file that cannot be read, or of a font.
pub(super) fn gather(
    inputs: &[Input],
    terms: Terms<'_>,
    origin: &Origin,
    case: Option<&Case>,
    wanted: Wanted,
) -> Result<Gathered, Failure> {
    let mut all = Gathered {
        records: Vec::new(),
        faulty: Vec::new(),
        ids: Vec::new(),
        reported: BTreeSet::new(),
        quiet: BTreeSet::new(),
        count: 0,
        unread: Vec::new(),
        diagnostics: Vec::new(),
        withheld: Vec::new(),
        at_once: AtOnce::default(),
        owed: Owed::new(wanted),
    };
    let mut faces: Option<Vec<Vec<u8>>> = None;
    let mut standing: BTreeSet<Shared> = BTreeSet::new();
    let mut taken: Vec<Place> = Vec::new();
    // What only stands around comes first, so that of two records with one id the reported one is the later.
    let files = |reported: bool| -> Vec<&RecordFile> {
        let inputs = inputs.iter().filter(|input| input.reported == reported);
        inputs.map(|input| &input.file).collect()
    };
    let around = files(false);
    // Whether a record is reported on hangs on what stands around.
    let case = case.filter(|_| around.is_empty());
    let judges = case.map(|case| Judges {
        case,
        wanted,
        sources: terms.sources,
        idle: (0..=rayon::current_num_threads()).map(|_| Mutex::default()).collect(),
    });
    for (mut loaded, _) in load_all(&around, terms, None)? {
        all.withheld.append(&mut loaded.withheld);
        standing.extend(loaded.ids.iter().map(|(id, _)| id.clone()));
        append(&mut all.ids, loaded.ids);
        append(&mut all.records, loaded.records);
        append(&mut all.faulty, loaded.faulty);
    }
    all.quiet = around.iter().map(|file| file.source).collect();
    let takers = judges.as_ref().map(|judges| judges as &dyn Takers);
    for (mut loaded, found) in load_all(&files(true), terms, takers)? {
        all.count += loaded.count;
        all.unread.append(&mut loaded.unread);
        all.withheld.append(&mut loaded.withheld);
        all.diagnostics.extend(found);
        let (printable, unprintable) = printable(loaded.records, &mut faces, origin, terms.sources)?;
        loaded.records = printable;
        for (record, problems) in unprintable {
            all.diagnostics.extend(problems);
            loaded.faulty.push(record);
        }
        let fresh = loaded.records.iter().filter(|record| !standing.contains(&record.id));
        all.reported.extend(fresh.map(|record| record.id.clone()));
        taken.append(&mut loaded.taken);
        append(&mut all.ids, loaded.ids);
        append(&mut all.records, loaded.records);
        append(&mut all.faulty, loaded.faulty);
    }
    if let Some(judges) = judges {
        let case = judges.case;
        (all.at_once, all.owed) = judges.done();
        all.take_back(&taken, case, terms);
    }
    Ok(all)
}

impl Gathered {
    /// Takes back what came of records that have to be judged with the others after all: those in `taken`, which are kept
    /// already, those that share an id, and those that others name.
    fn take_back(&mut self, taken: &[Place], case: &Case, terms: Terms<'_>) {
        let taken: BTreeSet<&Place> = taken.iter().collect();
        let is_taken = |record: &&Record| id_place(record).is_some_and(|place| taken.contains(place));
        let mut back: Vec<Record> = self.records.iter().filter(is_taken).cloned().collect();
        let wholes = wholes(self.named_or_double(), terms.sources);
        let more: Vec<Record> = wholes.iter().filter_map(|whole| read_again(whole, terms)).collect();
        back.extend(more.iter().cloned());
        if back.is_empty() {
            return;
        }
        let ids: BTreeSet<Shared> = back.iter().map(|record| record.id.clone()).collect();
        self.at_once.forget(&ids);
        // What they owed is known by judging them the same way again.
        let mut judge = Judge::new(case, true);
        let mut owed = Owing::default();
        for record in back {
            judge.judge(record, &mut |obligations| owed.add(obligations));
        }
        self.owed.forget(&ids, owed);
        self.at_once.records -= judge.done().records;
        self.reported.extend(more.iter().map(|record| record.id.clone()));
        self.records.extend(more);
        let order: BTreeMap<&Place, usize> = self.ids.iter().map(|(_, place)| place).zip(0..).collect();
        self.records
            .sort_by_key(|record| id_place(record).and_then(|place| order.get(place)));
    }

    /// Where the ids of records stand that were judged at once and share their id, or that one of the kept names.
    fn named_or_double(&self) -> Vec<Place> {
        let kept = || self.records.iter().chain(&self.faulty);
        let fields = link_fields();
        let mut wanted: BTreeSet<&str> = kept().flat_map(|record| links(record, &fields)).collect();
        let order = in_order_of_ids(&self.ids);
        let ids = order
            .windows(2)
            .map(|pair| (&self.ids[pair[0]].0, &self.ids[pair[1]].0));
        wanted.extend(ids.filter(|(one, next)| one == next).map(|(id, _)| id.as_str()));
        if wanted.is_empty() {
            return Vec::new();
        }
        let kept: BTreeSet<&Place> = kept().filter_map(id_place).collect();
        let at_once = |(id, place): &&(Shared, Place)| wanted.contains(id.as_str()) && !kept.contains(place);
        let found = self.ids.iter().filter(at_once);
        found.map(|(_, place)| place.clone()).collect()
    }
}

fn id_place(record: &Record) -> Option<&Place> {
    record.get("id").map(|node| &node.place)
}

/// The records that a record names.
fn links<'r>(record: &'r Record, fields: &BTreeSet<&str>) -> Vec<&'r str> {
    let mut names = Vec::new();
    for field in fields {
        names.extend(record.text(field));
        names.extend(record.texts(field));
    }
    names
}

/// Where records are judged as soon as they are read.
struct Judges<'c> {
    case: &'c Case,
    wanted: Wanted,
    sources: &'c Sources,
    /// Whoever judges, while nobody asks for one, and what was owed: by thread, so that each finds what it knows at hand.
    idle: Vec<Mutex<Vec<Counting<'c>>>>,
}

impl<'c> Judges<'c> {
    /// The place of this thread; the last is that of all which are none of the workers.
    fn place(&self) -> MutexGuard<'_, Vec<Counting<'c>>> {
        let last = self.idle.len() - 1;
        let place = &self.idle[rayon::current_thread_index().unwrap_or(last).min(last)];
        place.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn done(self) -> (AtOnce, Owed) {
        let (mut all, mut owed) = (AtOnce::default(), Owed::new(self.wanted));
        for place in self.idle {
            for counting in place.into_inner().unwrap_or_else(PoisonError::into_inner) {
                all.append(counting.judge.done());
                owed.append(counting.owed);
            }
        }
        (all, owed)
    }
}

/// One that judges, and what was owed.
struct Counting<'c> {
    judge: Judge<'c>,
    owed: Owed,
}

impl Takers for Judges<'_> {
    fn taker(&self) -> Box<dyn Taker + '_> {
        let idle = self.place().pop();
        let counting = idle.unwrap_or_else(|| Counting {
            judge: Judge::new(self.case, self.wanted == Wanted::Counts),
            owed: Owed::new(self.wanted),
        });
        Box::new(Judging {
            judges: self,
            counting: Some(counting),
        })
    }
}

/// One that judges; it goes back to the others when it is dropped.
struct Judging<'d, 'c> {
    judges: &'d Judges<'c>,
    counting: Option<Counting<'c>>,
}

impl Taker for Judging<'_, '_> {
    fn take(&mut self, record: Record) -> Option<Record> {
        let is_shown = glyphs::missing(&record, &workspace::glyphs::shipped, self.judges.sources).is_empty();
        let Some(Counting { judge, owed }) = self.counting.as_mut().filter(|_| is_shown) else {
            return Some(record);
        };
        judge.judge(record, &mut |more| owed.take(more))
    }
}

impl Drop for Judging<'_, '_> {
    fn drop(&mut self) {
        self.judges.place().extend(self.counting.take());
    }
}

/// Appends one list to another; to none it is moved as a whole: a packed file may hold a million records.
fn append<T>(list: &mut Vec<T>, mut more: Vec<T>) {
    if list.is_empty() {
        *list = more;
    } else {
        list.append(&mut more);
    }
}

/// A record and what no font can show of it.
type Unprintable = (Record, Vec<Diagnostic>);

/// Parts the records that the shipped fonts and the workspace's can print from the others. The workspace's fonts are
/// read only when a character is met that the shipped ones lack.
fn printable(
    records: Vec<Record>,
    faces: &mut Option<Vec<Vec<u8>>>,
    origin: &Origin,
    sources: &Sources,
) -> Result<(Vec<Record>, Vec<Unprintable>), Failure> {
    let is_shown = |record: &Record| glyphs::missing(record, &workspace::glyphs::shipped, sources).is_empty();
    if records.iter().all(is_shown) {
        return Ok((records, Vec::new()));
    }
    let (mut kept, mut parted) = (Vec::with_capacity(records.len()), Vec::new());
    for record in records {
        if is_shown(&record) {
            kept.push(record);
            continue;
        }
        let own = match faces {
            Some(own) => own,
            None => faces.insert(fonts(origin)?),
        };
        let shows = |c: char| workspace::glyphs::shipped(c) || workspace::glyphs::within(own, c);
        match glyphs::missing(&record, &shows, sources) {
            problems if problems.is_empty() => kept.push(record),
            problems => parted.push((record, problems)),
        }
    }
    Ok((kept, parted))
}
