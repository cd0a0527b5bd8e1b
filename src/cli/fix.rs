//! `check --fix`: what is clear and safe is mended in the files, or shown as a difference.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::base::diagnostic::Fix;
use crate::base::failure::Failure;
use crate::base::source::SourceId;
use crate::cli::files::{diff, hidden_difference, replace};
use crate::cli::terminal::Terminal;
use crate::report::summary::counted;
use crate::run::Checked;
use crate::workspace::locate::Origin;

/// What mending came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mended {
    pub places: usize,
    pub files: usize,
}

/// Mends the record files of a run, or shows how they would change.
///
/// # Errors
/// A [`Failure`] where a file cannot be written, or the records are an embedded sample.
pub fn mend(checked: &Checked, show: bool, terminal: &mut Terminal) -> Result<Mended, Failure> {
    let folder = match &checked.origin {
        Origin::Folder(folder) => folder.clone(),
        Origin::Defaults => PathBuf::from("."),
        Origin::Sample(_) => {
            return Err(Failure::new("`--fix` mends files, and a sample has none")
                .hint("`relto init DIR --sample` writes the sample to disk"));
        }
    };
    let files: BTreeSet<SourceId> = checked.files.iter().copied().collect();
    let mut by_file: BTreeMap<SourceId, Vec<&Fix>> = BTreeMap::new();
    for diagnostic in checked.diagnostics.iter().filter(|found| !found.withhold) {
        if let Some(fix) = diagnostic.fix.as_ref().filter(|fix| files.contains(&fix.place.source)) {
            by_file.entry(fix.place.source).or_default().push(fix);
        }
    }
    let mut mended = Mended::default();
    for (id, fixes) in by_file {
        let source = checked.sources.get(id);
        let (new, places) = apply(source.text(), fixes);
        let sound = toml::from_str::<toml::Table>(&new).is_ok();
        if places == 0 || !sound {
            continue;
        }
        mended.places += places;
        mended.files += 1;
        if show && checked.withheld.is_in(id) {
            terminal.status(&hidden_difference(&source.name));
        } else if show {
            terminal.out(&diff(&source.name, source.text(), &new));
        } else {
            let inside = folder.join(&source.name);
            let path = if inside.is_file() {
                inside
            } else {
                PathBuf::from(&source.name)
            };
            replace(&path, &new)?;
        }
    }
    let did = if show { "would mend" } else { "mended" };
    terminal.status(&format!(
        "{did} {} in {}",
        counted(mended.places, "place"),
        counted(mended.files, "file")
    ));
    Ok(mended)
}

/// Puts the fixes into a text, from its end; of two that overlap the first stays. Returns how many were put in.
fn apply(text: &str, mut fixes: Vec<&Fix>) -> (String, usize) {
    fixes.sort_by_key(|fix| (fix.place.start(), fix.place.end()));
    let mut kept: Vec<&Fix> = Vec::new();
    for fix in fixes {
        if kept.last().is_none_or(|last| last.place.end() <= fix.place.start()) {
            kept.push(fix);
        }
    }
    let mut out = text.to_owned();
    for fix in kept.iter().rev() {
        out.replace_range(fix.place.span(), &fix.text);
    }
    (out, kept.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::{Place, Sources};

    #[test]
    fn of_two_that_overlap_the_first_is_put_in() {
        let mut sources = Sources::default();
        let source = sources.add("records/a.toml", "abcdef");
        let fix = |span, text: &str| Fix {
            place: Place::new(source, span),
            text: text.to_owned(),
        };
        let (one, two, three) = (fix(4..6, "Z"), fix(1..3, ""), fix(2..4, "no"));
        assert_eq!(apply("abcdef", vec![&one, &two, &three]), ("adZ".to_owned(), 2));
    }
}
