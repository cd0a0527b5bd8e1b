//! From a judged workspace to what the renderers for programs take.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use crate::record::value::{Record, Value};
use crate::report::outcome::Outcome;
use crate::report::summary::Summary;
use crate::run::Checked;
use crate::workspace::locate::{Origin, repository_of};

/// Gathers what renderers need.
pub fn outcome<'a>(checked: &'a Checked, summary: &Summary) -> Outcome<'a> {
    let owed: BTreeSet<&str> = checked
        .obligations
        .iter()
        .filter_map(|owed| owed.record.as_deref())
        .collect();
    let records = || owed.iter().filter_map(|id| checked.case.record(id));
    let mut excuses = BTreeMap::new();
    for record in records() {
        excuses.extend(excuses_of(record));
    }
    let files: BTreeSet<&str> = checked
        .files
        .iter()
        .map(|id| checked.sources.get(*id).name.as_str())
        .collect();
    Outcome {
        as_of: checked.as_of,
        summary: *summary,
        diagnostics: &checked.diagnostics,
        obligations: &checked.obligations,
        sources: &checked.sources,
        places: records().map(|record| (record.id.as_str(), &record.header)).collect(),
        files: files.into_iter().collect(),
        paths: paths(checked),
        excuses,
    }
}

/// The grounds of a record's waivers and the reasons of its decisions not to notify, by record and rule.
fn excuses_of(record: &Record) -> Vec<((&str, &str), String)> {
    let mut found = Vec::new();
    for (list, reason) in [("not_notified", "reason"), ("waivers", "ground")] {
        let Some(Value::List(items)) = record.get(list).map(|node| &node.value) else {
            continue;
        };
        for item in items {
            let Value::Table(entry) = &item.value else { continue };
            let text = |name: &str| match entry.get(name).map(|node| &node.value) {
                Some(Value::Text(text)) => Some(text.as_str()),
                _ => None,
            };
            if let (Some(rule), Some(reason), Some(by)) = (text("rule"), text(reason), text("by")) {
                found.push(((record.id.as_str(), rule), format!("{reason} ({by})")));
            }
        }
    }
    found
}

/// Code hosts know a file by its path from the root of its repository, people by the one from its workspace.
fn paths(checked: &Checked) -> BTreeMap<&str, String> {
    let base: PathBuf = match &checked.origin {
        Origin::Folder(folder) => folder.clone(),
        Origin::Defaults => PathBuf::from("."),
        Origin::Sample(_) => return BTreeMap::new(),
    };
    let Some(root) = repository_of(&base) else {
        return BTreeMap::new();
    };
    let from_root = |path: &Path| {
        let absolute = std::path::absolute(path).ok()?;
        let inner = absolute.strip_prefix(&root).ok()?.to_path_buf();
        let parts: Vec<_> = inner
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect();
        Some(parts.join("/"))
    };
    checked
        .sources
        .iter()
        .filter_map(|source| {
            let name = source.name.as_str();
            let in_workspace = base.join(name);
            let path = if in_workspace.is_file() {
                in_workspace
            } else {
                PathBuf::from(name)
            };
            let path = from_root(&path).filter(|path| path != name)?;
            Some((name, path))
        })
        .filter(|(name, _)| !name.starts_with("built-in/"))
        .collect()
}
