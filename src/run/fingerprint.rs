//! What a check reads, in one number: two runs with the same fingerprint come to the same answer.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use chrono_tz::Tz;
use rayon::prelude::*;

use crate::base::failure::Failure;
use crate::base::hash::{Hasher, sha256};
use crate::base::source::{Source, SourceId, Sources, read_text};
use crate::policy::choose::{Named, choose};
use crate::record::load::{RecordFile, read_all};
use crate::run::{Checked, Request, as_of};
use crate::workspace::locate::Origin;
use crate::workspace::open::{fonts, inputs, origin, read_settings};
use crate::workspace::settings::Settings;

/// Reads everything that a check would read, and judges nothing.
///
/// # Errors
/// A [`Failure`] where the check could not start either.
pub fn before(request: &Request, today: &dyn Fn(Tz) -> NaiveDate) -> Result<String, Failure> {
    let mut sources = Sources::default();
    let origin = origin(&request.paths, request.workspace.as_deref(), request.sample)?;
    let settings = read_settings(&origin, &mut sources)?;
    let as_of = as_of(request, &origin, &settings, today);
    let inputs = inputs(&request.paths, &origin, &mut sources)?;
    let packs = Named {
        extra: request.policy.clone(),
        instead: request.instead.clone(),
    };
    choose(&packs, &origin, &settings, &mut sources, false)?;
    let files: Vec<&RecordFile> = inputs.iter().map(|input| &input.file).collect();
    read_all(&files, &sources)?;
    let reported = inputs.iter().filter(|input| input.reported);
    let reported = reported.map(|input| input.file.source).collect();
    of(&sources, &reported, &settings, &origin, as_of)
}

/// The fingerprint of what a check has read. It is that of [`before`] unless a file was changed in between.
///
/// # Errors
/// A [`Failure`] where a file is no longer there.
pub fn after(checked: &Checked) -> Result<String, Failure> {
    let reported = checked.files.iter().copied().collect();
    of(
        &checked.sources,
        &reported,
        &checked.settings,
        &checked.origin,
        checked.as_of,
    )
}

/// Every text is hashed by itself, and then these in the order of their names: in which order they were read does not
/// matter.
fn of(
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
