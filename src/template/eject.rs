//! Templates copied out for a workspace: with the hash of what they are based on, so that a later version of relto can
//! tell what the writer changed from what relto changed.

use serde_json::Value;

use crate::base::hash::sha256;
use crate::template::lookup;
use crate::template::set::{Template, Templates};

/// Before the version and the hash, on the first line.
const HEADER: &str = "// based on relto ";
/// The folder in `templates/` that relto keeps for itself: the originals, and what editors need.
pub const KEPT: &str = ".relto";

/// A file to write, by its path under `templates/`, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    pub path: String,
    pub text: String,
}

/// Returns the path of a shipped template by the name that people use: a letter's or a part's, with or without its folder.
pub fn find(name: &str) -> Option<&'static str> {
    let name = name.trim_start_matches('/').trim_end_matches(".typ");
    let wanted = [
        format!("/{name}.typ"),
        format!("/letters/{name}.typ"),
        format!("/parts/{name}.typ"),
    ];
    wanted.iter().find_map(|wanted| ejectable().find(|path| path == wanted))
}

/// The shipped templates that a workspace may change, letters first.
pub fn ejectable() -> impl Iterator<Item = &'static str> {
    let all = || lookup::FILES.iter().map(|(path, _)| *path);
    let letters = all().filter(|path| path.starts_with("/letters/"));
    letters.chain(all().filter(|path| path.starts_with("/parts/")))
}

/// The name people use for a template: `/parts/closing.typ` is `closing`.
pub fn name(path: &str) -> &str {
    let file = path.rsplit('/').next().unwrap_or(path);
    file.strip_suffix(".typ").unwrap_or(file)
}

/// The copy of a shipped template for a workspace: its text under a line that says what it is based on.
pub fn copy(version: &str, text: &str) -> String {
    format!("{HEADER}{version}, sha256 {}\n{text}", sha256(text))
}

/// Takes a copy apart: the hash it is based on, and the text below that line.
pub fn based_on(text: &str) -> (Option<&str>, &str) {
    let Some((first, rest)) = text.split_once('\n').filter(|(first, _)| first.starts_with(HEADER)) else {
        return (None, text);
    };
    (first.rsplit("sha256 ").next().map(str::trim), rest)
}

/// How a template of a workspace stands to relto's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Word for word relto's own.
    Same,
    /// Changed by the writer; relto's own is what it was.
    Changed,
    /// Not changed by the writer; relto's own is newer.
    Outdated,
    /// Changed by both.
    ChangedAndOutdated,
    /// It does not say what it is based on.
    Unknown,
    /// relto has none of this name.
    New,
}

impl Standing {
    pub fn of(template: &Template) -> Self {
        let Some(shipped) = lookup::file(&template.path) else {
            return Standing::New;
        };
        let (base, text) = based_on(&template.text);
        let now = sha256(shipped);
        match base {
            _ if text == shipped => Standing::Same,
            None => Standing::Unknown,
            Some(base) if base == now => Standing::Changed,
            Some(base) if base == sha256(text) => Standing::Outdated,
            Some(_) => Standing::ChangedAndOutdated,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Standing::Same => "unchanged",
            Standing::Changed => "changed",
            Standing::Outdated => "outdated",
            Standing::ChangedAndOutdated => "changed, outdated",
            Standing::Unknown => "own",
            Standing::New => "new",
        }
    }

    pub fn meaning(self) -> &'static str {
        match self {
            Standing::Same => "word for word relto's own",
            Standing::Changed => "yours; relto's own is still what it is based on",
            Standing::Outdated => "relto's own is newer: `relto template upgrade` takes it",
            Standing::ChangedAndOutdated => {
                "you changed it, and relto's own is newer: `relto template upgrade` merges the two"
            }
            Standing::Unknown => "it does not say which version of relto's own it is based on",
            Standing::New => "a letter of yours; relto has none of this name",
        }
    }
}

/// What an upgrade makes of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Upgrade {
    /// Nothing to do.
    Current,
    /// The new text, its header among it.
    Merged(String),
    /// Both changed the same lines: the text with both, between markers.
    Conflict(String),
    /// What it is based on is not known, so nothing can be merged.
    NoBase,
}

/// Brings a template up to relto's own: what the writer changed since `base`, the original, is kept.
pub fn upgrade(template: &Template, base: Option<&str>, version: &str) -> Upgrade {
    let standing = Standing::of(template);
    let Some(shipped) = lookup::file(&template.path) else {
        return Upgrade::Current;
    };
    let (hash, text) = based_on(&template.text);
    match standing {
        Standing::New | Standing::Same | Standing::Changed => Upgrade::Current,
        Standing::Outdated => Upgrade::Merged(copy(version, shipped)),
        Standing::Unknown => Upgrade::NoBase,
        Standing::ChangedAndOutdated => match base.filter(|base| hash == Some(sha256(base).as_str())) {
            None => Upgrade::NoBase,
            Some(base) => match diffy::merge(base, text, shipped) {
                Ok(merged) => Upgrade::Merged(format!("{HEADER}{version}, sha256 {}\n{merged}", sha256(shipped))),
                Err(both) => Upgrade::Conflict(both),
            },
        },
    }
}

/// The difference between two texts as a patch, three lines around each change.
pub fn difference(old: (&str, &str), new: (&str, &str)) -> String {
    let mut options = diffy::DiffOptions::new();
    options.set_original_filename(old.0.to_owned());
    options.set_modified_filename(new.0.to_owned());
    options.create_patch(old.1, new.1).to_string()
}

/// What an editor or plain Typst needs to show a letter: the module with the data of a sample, and what it imports.
/// relto reads none of it.
pub fn for_editors(module: &str, own: &Templates) -> Vec<Written> {
    let note =
        "// For editors and plain Typst only, written by relto: the data of a sample. relto never reads this file.\n";
    let mut module = format!("{note}{module}");
    let mut files = Vec::new();
    for (path, text) in lookup::FILES {
        if *path == lookup::HELPERS {
            files.push(Written {
                path: path.trim_start_matches('/').to_owned(),
                text: format!("{note}{text}"),
            });
        } else if path.starts_with("/parts/") && own.get(path).is_none() {
            let kept = format!("/{KEPT}{path}");
            module = module.replace(&format!("\"{path}\""), &format!("\"{kept}\""));
            files.push(Written {
                path: kept.trim_start_matches('/').to_owned(),
                text: (*text).to_owned(),
            });
        }
    }
    files.push(Written {
        path: lookup::MODULE.trim_start_matches('/').to_owned(),
        text: module,
    });
    files
}

/// A value of a sample as an example: short, as it would be written in TOML.
pub fn example(sample: &Value, path: &str) -> Option<String> {
    let mut value = sample;
    for step in path.split('.') {
        let (key, list) = step.strip_suffix("[]").map_or((step, false), |key| (key, true));
        value = value.get(key)?;
        if list {
            value = value.get(0)?;
        }
    }
    match value {
        Value::Array(items) if items.iter().all(Value::is_string) && !items.is_empty() => Some(value.to_string()),
        Value::Null | Value::Object(_) | Value::Array(_) => None,
        other => Some(other.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: String) -> Template {
        Template {
            path: "/parts/closing.typ".to_owned(),
            name: "templates/parts/closing.typ".to_owned(),
            text,
        }
    }

    fn shipped() -> &'static str {
        lookup::file("/parts/closing.typ").expect("shipped")
    }

    /// As if an older relto had been shipped with another word.
    fn older() -> String {
        shipped().replace("prepared", "ready")
    }

    #[test]
    fn a_copy_says_what_it_is_based_on() {
        let text = copy("0.1.0", shipped());
        assert_eq!(based_on(&text), (Some(sha256(shipped()).as_str()), shipped()));
        assert_eq!(Standing::of(&own(text.clone())), Standing::Same);
        assert_eq!(
            Standing::of(&own(text.replace("Sincerely", "Respectfully"))),
            Standing::Changed
        );
        assert_eq!(Standing::of(&own(copy("0.0.9", &older()))), Standing::Outdated);
        let changed = copy("0.0.9", &older()).replace("v(3em)", "v(4em)");
        assert_eq!(Standing::of(&own(changed)), Standing::ChangedAndOutdated);
        assert_eq!(Standing::of(&own("#let x = 1\n".to_owned())), Standing::Unknown);
    }

    #[test]
    fn an_upgrade_keeps_what_the_writer_changed() {
        let changed = own(copy("0.0.9", &older()).replace("v(3em)", "v(4em)"));
        let Upgrade::Merged(text) = upgrade(&changed, Some(&older()), "0.1.0") else {
            panic!("they change different lines");
        };
        let (base, merged) = based_on(&text);
        assert_eq!(base, Some(sha256(shipped()).as_str()));
        assert_eq!(merged, shipped().replace("v(3em)", "v(4em)"));
        assert_eq!(upgrade(&changed, None, "0.1.0"), Upgrade::NoBase);
        assert_eq!(upgrade(&changed, Some("another"), "0.1.0"), Upgrade::NoBase);
        let both = own(copy("0.0.9", &older()).replace("ready", "willing"));
        assert!(matches!(upgrade(&both, Some(&older()), "0.1.0"), Upgrade::Conflict(_)));
        let untouched = own(copy("0.0.9", &older()));
        assert_eq!(
            upgrade(&untouched, None, "0.1.0"),
            Upgrade::Merged(copy("0.1.0", shipped()))
        );
    }

    #[test]
    fn templates_go_by_the_names_people_use() {
        assert_eq!(find("closing"), Some("/parts/closing.typ"));
        assert_eq!(find("parts/closing.typ"), Some("/parts/closing.typ"));
        assert_eq!(find("rel-to-change"), Some("/letters/rel-to-change.typ"));
        assert_eq!(find("frame"), None);
    }

    #[test]
    fn examples_come_from_a_sample() {
        let sample = serde_json::json!({ "notice": { "id": "A", "rows": [{ "value": "x" }], "none": null } });
        assert_eq!(example(&sample, "notice.id").as_deref(), Some("\"A\""));
        assert_eq!(example(&sample, "notice.rows[].value").as_deref(), Some("\"x\""));
        assert_eq!(example(&sample, "notice.none"), None);
        assert_eq!(example(&sample, "notice.gone"), None);
    }
}
