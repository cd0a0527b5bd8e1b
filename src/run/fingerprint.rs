//! What a check reads, in one number: two runs with the same fingerprint come to the same answer.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use rayon::prelude::*;

use crate::base::failure::Failure;
use crate::base::hash::{Hasher, sha256};
use crate::base::source::{Source, SourceId, Sources, read_text};
use crate::record::load::{RecordFile, read_all};
use crate::run::ready::Ready;
use crate::workspace::locate::Origin;
use crate::workspace::open::fonts;
use crate::workspace::settings::Settings;

/// Reads everything that a run would read, and judges nothing: what is judged afterwards is what was read here.
///
/// # Errors
/// The [`Failure`] of the first file that cannot be read.
pub fn of(ready: &Ready) -> Result<String, Failure> {
    let files: Vec<&RecordFile> = ready.inputs.iter().map(|input| &input.file).collect();
    read_all(&files, &ready.sources)?;
    let reported = ready.inputs.iter().filter(|input| input.reported);
    let reported = reported.map(|input| input.file.source).collect();
    all(
        &ready.sources,
        &reported,
        &ready.settings,
        &ready.origin,
        ready.case.as_of,
    )
}

/// Every text is hashed by itself, and then these in the order of their names: in which order they were read does not
/// matter.
fn all(
    sources: &Sources,
    reported: &BTreeSet<SourceId>,
    settings: &Settings,
    origin: &Origin,
    as_of: NaiveDate,
) -> Result<String, Failure> {
    let all: Vec<(SourceId, &Source)> = sources.iter_with_ids().collect();
    let hash = |(id, source): &(SourceId, &Source)| {
        let role = if reported.contains(id) { "reported" } else { "read" };
        format!("{role} {} {}", sha256(source.text()), source.name)
    };
    let mut lines: Vec<String> = all.par_iter().map(hash).collect();
    if let Origin::Folder(folder) = origin {
        for name in settings.closures.iter().chain(&settings.session) {
            lines.push(format!(
                "calendar {} {}",
                sha256(read_text(&folder.join(&name.value))?),
                name.value
            ));
        }
    }
    lines.extend(fonts(origin)?.iter().map(|face| format!("font {}", sha256(face))));
    lines.sort_unstable();
    let mut hasher = Hasher::default();
    hasher.update(format!("as of {as_of}\n"));
    for line in lines {
        // A name may hold a line break: its length says where it ends.
        hasher.update(format!("{} {line}\n", line.len()));
    }
    Ok(hasher.hex())
}
