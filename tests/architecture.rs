//! The house: who may use whom, how long a file may be, and that each says what it is.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules by floor, as in `lib.rs`.
const FLOORS: &[(u8, &[&str])] = &[
    (9, &["cli"]),
    (8, &["run"]),
    (7, &["typeset", "template", "ledger"]),
    (6, &["notice", "report"]),
    (5, &["evaluate"]),
    (4, &["policy"]),
    (3, &["record", "workspace"]),
    (2, &["marking", "calendar"]),
    (1, &["base"]),
];

/// What a module may not use although it stands on a lower floor.
const HIDDEN: &[(&str, &[&str])] = &[
    (
        "typeset",
        &[
            "record",
            "policy",
            "evaluate",
            "workspace",
            "report",
            "calendar",
            "marking",
        ],
    ),
    ("report", &["record", "workspace", "notice"]),
    ("calendar", &["marking"]),
    ("marking", &["calendar"]),
];

/// What `marking` and `calendar` may use, so that they stand alone.
const ALONE: &[&str] = &["base::diagnostic", "base::shared", "base::suggest"];

/// Files over the length that a file may have, with the reason.
const LONG: &[(&str, &str)] = &[];

fn sources() -> Vec<(PathBuf, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&root, &mut files);
    files.sort();
    files
        .into_iter()
        .map(|path| {
            (
                path.strip_prefix(&root).unwrap().to_path_buf(),
                fs::read_to_string(&path).unwrap(),
            )
        })
        .collect()
}

fn floor(module: &str) -> Option<u8> {
    FLOORS
        .iter()
        .find(|(_, modules)| modules.contains(&module))
        .map(|(floor, _)| *floor)
}

fn module_of(path: &Path) -> String {
    let first = path
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy()
        .into_owned();
    first.trim_end_matches(".rs").to_string()
}

/// Every `crate::a::b` of a file, tests included.
fn uses(text: &str) -> Vec<String> {
    text.match_indices("crate::")
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '$'))
        .map(|(at, _)| {
            let rest = &text[at + "crate::".len()..];
            rest.chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':')
                .collect()
        })
        .collect()
}

#[test]
fn a_module_uses_its_own_floor_and_those_below() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let module = module_of(&path);
        if matches!(module.as_str(), "lib" | "main") {
            continue;
        }
        let own = floor(&module).unwrap_or_else(|| panic!("{module} stands on no floor"));
        for used in uses(&text) {
            let other = used.split("::").next().unwrap_or_default().to_string();
            let Some(below) = floor(&other) else {
                wrong.push(format!("{}: crate::{used} stands on no floor", path.display()));
                continue;
            };
            let hidden = HIDDEN
                .iter()
                .any(|(name, hidden)| *name == module && hidden.contains(&other.as_str()));
            let alone = matches!(module.as_str(), "marking" | "calendar")
                && other == "base"
                && !ALONE.iter().any(|allowed| used.starts_with(allowed));
            if other != module && (below > own || hidden || alone) {
                wrong.push(format!("{}: uses crate::{used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_typeset_names_typst() {
    for (path, text) in sources() {
        let named = [
            "typst::",
            "typst_as_lib",
            "typst_layout",
            "typst_pdf",
            "typst_assets",
            "comemo::",
        ];
        assert!(
            module_of(&path) == "typeset" || !named.iter().any(|name| text.contains(name)),
            "{} names a typst crate",
            path.display()
        );
    }
}

#[test]
fn files_are_short_and_say_what_they_are() {
    for (path, text) in sources() {
        assert!(text.starts_with("//!"), "{} does not begin with `//!`", path.display());
        let lines = text.lines().count();
        let excused = LONG.iter().any(|(name, _)| Path::new(name) == path);
        assert!(lines <= 600 || excused, "{} has {lines} lines", path.display());
    }
}
