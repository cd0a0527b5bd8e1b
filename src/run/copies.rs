//! The coordination copies of a run, written beside their PDFs and named in the manifest.

use std::collections::BTreeMap;

use crate::base::failure::Failure;
use crate::base::hash::sha256;
use crate::notice::coordination::{Form, Wording, copy};
use crate::notice::model::Notice;
use crate::notice::sheaf::Notices;
use crate::run::notices::changed;
use crate::template::set::Templates;
use crate::typeset::manifest::File;
use crate::typeset::output::Draft;
use crate::typeset::pressed::Planned;

/// Writes the copies of some PDFs in every form wanted. A PDF that stays from an earlier run keeps the copies it had.
///
/// # Errors
/// A [`Failure`] where a file cannot be read or written, or a copy that has to stay is not as relto wrote it.
pub(super) fn write(
    forms: &[Form],
    files: &mut [File],
    planned: &[Planned],
    notices: &dyn Notices,
    templates: &Templates,
    run: &mut Draft,
) -> Result<(), Failure> {
    let planned: BTreeMap<&str, &Planned> = planned.iter().map(|one| (one.name.as_str(), one)).collect();
    for file in files {
        let Some(one) = planned.get(file.name.as_str()) else {
            continue;
        };
        let of_today = file.sha256.input == one.input;
        for (name, hash) in std::mem::take(&mut file.coordination) {
            if run.keep(&name, &hash)? {
                file.coordination.insert(name, hash);
            } else if !of_today {
                return Err(changed(&name));
            }
        }
        if !of_today {
            continue;
        }
        if forms.is_empty() {
            continue;
        }
        let notice = notices.at(one.notice);
        let wording = wording(&notice, templates);
        for form in forms {
            let name = form.name(&file.name);
            if file.coordination.contains_key(&name) {
                continue;
            }
            let text = copy(&notice, &notice.addressees[one.addressee], *form, wording);
            run.put(&name, text.as_bytes())?;
            file.coordination.insert(name, sha256(text.as_bytes()));
        }
    }
    Ok(())
}

/// Whether anything that words the letter is the workspace's own.
fn wording(notice: &Notice, templates: &Templates) -> Wording {
    let letter = templates.letter_path(&notice.letter);
    let own = templates
        .own()
        .iter()
        .any(|template| template.path == letter || template.path.starts_with("/parts/"));
    if own { Wording::Workspace } else { Wording::Shipped }
}
