//! What a run would do to the letters of an earlier one in its folder: replace its own, and lose none of another's.

use std::collections::BTreeSet;
use std::path::Path;

use crate::base::failure::Failure;
use crate::base::suggest::first_few;
use crate::evaluate::case::Case;
use crate::typeset::manifest::{File, Holds, Manifest};
use crate::typeset::pressed::Planned;

/// Names in a message; of more, so many are named.
const NAMED: usize = 3;

/// Says whether a run may take the place of an earlier one in a folder: both hold the same kind of document, and what
/// would be removed is of records that this run has read.
///
/// # Errors
/// A [`Failure`] that names what would be lost.
pub(super) fn check(
    earlier: &Manifest,
    holds: Holds,
    planned: &[Planned],
    case: &Case,
    folder: &Path,
) -> Result<(), Failure> {
    let refuse = |what: String| {
        Err(Failure::new(format!("`{}` {what}", folder.display()))
            .hint("write to another folder with `-o DIR`; nothing was written"))
    };
    if earlier.holds != holds {
        return refuse(match earlier.holds {
            Holds::Notices => format!("holds {} notices, which a report would replace", earlier.files.len()),
            Holds::Report => "holds a report, which notices would replace".to_owned(),
        });
    }
    let lost = lost(earlier, planned.iter().map(|one| one.name.as_str()));
    if holds == Holds::Report {
        return match lost.first() {
            Some(file) => refuse(format!("holds {}, which this report would replace", file.name)),
            None => Ok(()),
        };
    }
    let records = lost.iter().flat_map(|file| &file.records).map(String::as_str);
    let unread: BTreeSet<&str> = records.filter(|id| !case.reported.contains(*id)).collect();
    if unread.is_empty() {
        return Ok(());
    }
    let unread: Vec<&str> = unread.into_iter().collect();
    Err(Failure::new(format!(
        "`{}` holds notices of {}, which this run has not read: they would be removed",
        folder.display(),
        first_few(&unread, NAMED)
    ))
    .hint("to set some notices anew and keep the others, run over all records with `--only RECORD`")
    .hint("or write to another folder with `-o DIR`; nothing was written"))
}

/// The files of the earlier run that are not among those written now.
pub(super) fn lost<'m, 'n>(earlier: &'m Manifest, written: impl Iterator<Item = &'n str>) -> Vec<&'m File> {
    let written: BTreeSet<&str> = written.collect();
    let is_lost = |file: &&File| !written.contains(file.name.as_str());
    earlier.files.iter().filter(is_lost).collect()
}
