//! Files that a command changes: what would change, and the change itself, whole or not at all.

use std::io::Write as _;
use std::path::Path;

use similar::TextDiff;

use crate::base::failure::Failure;
use crate::report::visible;

/// Returns the difference between two versions of a file in the form of `diff -u`.
pub fn diff(name: &str, old: &str, new: &str) -> String {
    let name = visible::line(name);
    let text = TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(2)
        .header(&format!("a/{name}"), &format!("b/{name}"))
        .to_string();
    visible::lines(&text).into_owned()
}

/// Says why no difference of a file is shown.
pub fn hidden_difference(name: &str) -> String {
    format!(
        "{} would change; how is not shown: the mark of a record in it is above the ceiling or cannot be read",
        visible::line(name)
    )
}

/// Puts a text into the place of a file that is there: written beside it, then renamed, so that no reader and no crash
/// ever meets half of it.
///
/// # Errors
/// A [`Failure`] naming the file that cannot be written.
pub fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::writing(path, &error);
    // A link stays a link: what it leads to is replaced.
    let path = std::fs::canonicalize(path).map_err(failed)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".relto-new");
    let beside = path.with_file_name(name);
    let written = (|| {
        let mut file = std::fs::File::create(&beside)?;
        file.set_permissions(std::fs::metadata(&path)?.permissions())?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&beside, &path)
    })();
    written.map_err(|error| {
        // What is left of the attempt is of no use; that it cannot be removed changes nothing.
        let _ = std::fs::remove_file(&beside);
        failed(error)
    })
}
