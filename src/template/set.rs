//! The templates of a run: those that relto ships, and those that a workspace puts in their place, file by file.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::failure::Failure;
use crate::base::source::{Place, Sources, files_under, read_text};
use crate::base::suggest;
use crate::template::lookup;

/// The folder of a workspace that holds its templates.
pub const FOLDER: &str = "templates";
/// The largest template that is read, in bytes.
const LARGEST: usize = 1 << 20;

/// A template that a workspace supplies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// Its path in Typst: `/letters/rel-to-change.typ`.
    pub path: String,
    /// The name printed to people: `templates/letters/rel-to-change.typ`.
    pub name: String,
    pub text: String,
}

/// What a workspace supplies, by path; whatever it does not supply is relto's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Templates {
    own: Vec<Template>,
}

impl Templates {
    pub fn new(mut own: Vec<Template>) -> Self {
        own.sort_by(|a, b| a.path.cmp(&b.path));
        Self { own }
    }

    /// Whether everything is relto's own.
    pub fn is_empty(&self) -> bool {
        self.own.is_empty()
    }

    /// The workspace's templates, by path.
    pub fn own(&self) -> &[Template] {
        &self.own
    }

    /// The workspace's template at a path.
    pub fn get(&self, path: &str) -> Option<&Template> {
        self.own.iter().find(|template| template.path == path)
    }

    /// The text at a path: the workspace's, else relto's own.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.get(path)
            .map(|template| template.text.as_str())
            .or_else(|| lookup::file(path))
    }

    /// The path of a letter by the name that rules use: the workspace's, else relto's own, else the plain one.
    pub fn letter_path(&self, name: &str) -> String {
        let path = format!("/letters/{name}.typ");
        if self.get(&path).is_some() {
            path
        } else {
            lookup::letter_path(name).to_owned()
        }
    }

    /// Every letter there is, by name.
    pub fn letters(&self) -> Vec<String> {
        let own = self
            .own
            .iter()
            .filter_map(|template| lookup::letter_name(&template.path));
        let mut names: Vec<String> = own
            .chain(lookup::letters().map(|(name, _)| name))
            .map(str::to_owned)
            .collect();
        names.sort();
        names.dedup();
        names
    }
}

/// Reads the templates of a workspace, and says which of its files cannot be one.
///
/// `relto.typ` and `helpers.typ` are left out: `relto template eject` writes them for editors.
///
/// # Errors
/// A [`Failure`] where a file or folder cannot be read.
pub fn load(workspace: &Path, sources: &mut Sources) -> Result<(Templates, Vec<Diagnostic>), Failure> {
    let folder = workspace.join(FOLDER);
    let (mut own, mut found) = (Vec::new(), Vec::new());
    if !folder.is_dir() {
        return Ok((Templates::default(), found));
    }
    for file in files_under(&folder, "typ", &|_, _| false)? {
        let inner = file.strip_prefix(&folder).unwrap_or(&file);
        let path = format!("/{}", inner.to_string_lossy().replace('\\', "/"));
        if path == lookup::MODULE || path == lookup::HELPERS {
            continue;
        }
        let name = format!("{FOLDER}{path}");
        let text = read_text(&file)?;
        match refusal(&path, &name, &text) {
            None => own.push(Template { path, name, text }),
            Some((message, help)) => {
                let source = sources.add(name, text);
                let end = sources.get(source).lines_around(&(0..0)).0.end;
                found.push(
                    Diagnostic::new(Code::WorkspaceLetter, message)
                        .at(Place::new(source, 0..end))
                        .label("a template of the workspace")
                        .help(help),
                );
            }
        }
    }
    Ok((Templates::new(own), found))
}

/// Why a file of `templates/` can be no template, and what to do.
fn refusal(path: &str, name: &str, text: &str) -> Option<(String, String)> {
    if text.len() > LARGEST {
        return Some((
            format!("`{name}` is larger than 1 MiB"),
            "a letter holds only the letter; move everything else out of it".to_owned(),
        ));
    }
    if path.ends_with("/frame.typ") {
        return Some((
            format!("`{name}`: the frame always comes from relto"),
            "remove this file; letters belong into `templates/letters/`".to_owned(),
        ));
    }
    if let Some(letter) = lookup::letter_name(path) {
        let plain = !letter.is_empty()
            && letter
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        return (!plain).then(|| {
            (
                format!("`{name}`: a letter's name holds only a-z, 0-9 and `-`"),
                "rename the file; rules name a letter by it, as in `letter = \"rel-to-change\"`".to_owned(),
            )
        });
    }
    if path.starts_with("/parts/") {
        let parts = || {
            lookup::FILES
                .iter()
                .map(|(path, _)| *path)
                .filter(|path| path.starts_with("/parts/"))
        };
        if parts().any(|part| part == path) {
            return None;
        }
        let help = suggest::nearest(path, parts()).map_or_else(
            || {
                format!(
                    "the parts are {}",
                    suggest::quoted_list(parts().map(|part| part.trim_start_matches('/')))
                )
            },
            |near| format!("did you mean `{FOLDER}{near}`?"),
        );
        return Some((format!("`{name}`: no letter uses a part of this name"), help));
    }
    Some((
        format!("`{name}` is neither a letter nor a part"),
        "letters belong into `templates/letters/`, parts into `templates/parts/`".to_owned(),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(path: &str) -> Template {
        Template {
            path: path.to_owned(),
            name: format!("templates{path}"),
            text: "own".to_owned(),
        }
    }

    #[test]
    fn a_workspace_overrides_file_by_file() {
        let set = Templates::new(vec![own("/letters/plain.typ"), own("/letters/new-one.typ")]);
        assert_eq!(set.text("/letters/plain.typ"), Some("own"));
        assert_eq!(
            set.text("/letters/rel-to-change.typ"),
            lookup::file("/letters/rel-to-change.typ")
        );
        assert_eq!(set.letter_path("new-one"), "/letters/new-one.typ");
        assert_eq!(set.letter_path("no-such"), "/letters/plain.typ");
        assert!(set.letters().contains(&"new-one".to_owned()));
    }

    #[test]
    fn a_file_that_nothing_uses_is_refused() {
        for (path, expected) in [
            ("/frame.typ", "always comes from relto"),
            ("/letters/My Letter.typ", "a-z, 0-9"),
            ("/parts/closeing.typ", "no letter uses a part"),
            ("/notes.typ", "neither a letter nor a part"),
        ] {
            let (message, _) = refusal(path, path, "").expect(path);
            assert!(message.contains(expected), "{message}");
        }
        assert_eq!(refusal("/parts/closing.typ", "", ""), None);
        let (_, help) = refusal("/parts/closeing.typ", "", "").expect("refused");
        assert_eq!(help, "did you mean `templates/parts/closing.typ`?");
    }
}
