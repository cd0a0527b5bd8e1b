//! Which packs a run uses: the core ones or those of `relto.toml`, the workspace's own, and what the command line adds.

use std::path::PathBuf;
use std::sync::Arc;

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::failure::Failure;
use crate::base::source::{Place, SourceId, Sources, files_under, read_text};
use crate::base::suggest;
use crate::policy::builtin;
use crate::policy::load::{Selection, extended, load};
use crate::policy::recipients::Recipients;
use crate::policy::rule::Policy;
use crate::workspace::locate::{Origin, display_name};
use crate::workspace::settings::{CORE_PACKS, Settings};

/// Packs that a command names besides those of the workspace: files, folders of them, or ids of built-in packs.
#[derive(Debug, Clone, Default)]
pub struct Named {
    /// Packs beside the others.
    pub extra: Vec<PathBuf>,
    /// Packs that each take the place of the pack with their id.
    pub instead: Vec<PathBuf>,
}

/// Loads the packs that a workspace chooses, then those that were named. The tests of shipped packs are read only where
/// `with_tests` says so.
///
/// # Errors
/// A [`Failure`] where a pack cannot be read or the recipients of `relto.toml` do not fit.
pub fn choose(
    given: &Named,
    origin: &Origin,
    settings: &Settings,
    sources: &mut Sources,
    with_tests: bool,
) -> Result<(Policy, Recipients, Vec<Diagnostic>), Failure> {
    let mut found = Vec::new();
    let mut packs = Vec::new();
    let mut shipped = Vec::new();
    let chosen: Vec<(&str, Option<&Place>)> = match &settings.packs {
        None => CORE_PACKS
            .iter()
            .copied()
            .chain(["./policy"])
            .map(|name| (name, None))
            .collect(),
        Some(packs) => packs
            .iter()
            .map(|name| (name.value.as_str(), Some(&name.place)))
            .collect(),
    };
    let mut named: Vec<&str> = Vec::new();
    for (name, place) in chosen {
        // A pack named twice is one pack.
        if named.contains(&name) {
            continue;
        }
        named.push(name);
        if let Some(folder) = name.strip_prefix("./") {
            let Origin::Folder(workspace) = origin else { continue };
            let folder = workspace.join(folder);
            if !folder.exists() {
                if let Some(place) = place.filter(|_| name != "./policy") {
                    found.push(
                        Diagnostic::new(Code::UnknownPack, format!("`{name}` is no folder of the workspace"))
                            .at(place.clone())
                            .label("no such folder")
                            .help("make the folder, or remove it from `packs`"),
                    );
                }
                continue;
            }
            for path in files_under(&folder, "toml", &|_, _| false)? {
                let text = read_text(&path)?;
                packs.push(sources.add(display_name(&path, Some(workspace)), text));
            }
        } else if let Some((id, text)) = builtin::PACKS.iter().find(|(id, _)| *id == name) {
            let source = sources.add(format!("built-in/{id}.toml"), *text);
            packs.push(source);
            shipped.push(source);
        } else if let Some(place) = place {
            let near = suggest::nearest(name, builtin::PACKS.iter().map(|(id, _)| *id));
            let help = near.map_or(
                "name a built-in pack, or a folder of the workspace as in \"./policy\"".to_string(),
                |near| format!("did you mean \"{near}\"?"),
            );
            found.push(
                Diagnostic::new(Code::UnknownPack, format!("`{name}` is no built-in pack"))
                    .at(place.clone())
                    .label("unknown pack")
                    .help(help),
            );
        }
    }
    let instead = texts(&given.instead)?;
    let ids: Vec<Option<String>> = instead.iter().map(|(_, text)| pack_id(text)).collect();
    packs.retain(|source| {
        let id = pack_id(sources.get(*source).text());
        id.is_none() || !ids.contains(&id)
    });
    for (name, text) in instead.into_iter().chain(texts(&given.extra)?) {
        packs.push(sources.add(name, text));
    }
    // A pack that extends a built-in one brings it along.
    let mut at = 0;
    while let Some(source) = packs.get(at).copied() {
        for name in extended(source, sources) {
            let loaded = |source: &SourceId| sources.get(*source).name == format!("built-in/{name}.toml");
            if let Some((id, text)) = builtin::PACKS.iter().find(|(id, _)| *id == name)
                && !packs.iter().any(loaded)
            {
                let source = sources.add(format!("built-in/{id}.toml"), *text);
                packs.push(source);
                shipped.push(source);
            }
        }
        at += 1;
    }
    let (recipients, problems) = Recipients::standard(&settings.recipients);
    if let Some(problem) = problems.first() {
        return Err(Failure::new("relto.toml has errors, so nothing was run").hint(problem.clone()));
    }
    let selection = Selection {
        disable: settings.disable.clone(),
        enable: settings.enable.clone(),
        untested: if with_tests { Vec::new() } else { shipped },
        letters: letters(origin)?,
        vocabulary: Some(Arc::clone(&settings.vocabulary)),
    };
    let (policy, problems) = load(&packs, &selection, sources, &recipients);
    found.extend(problems);
    Ok((policy, recipients, found))
}

/// The letters that a workspace supplies, by name: the files of `templates/letters`.
fn letters(origin: &Origin) -> Result<Vec<String>, Failure> {
    let Origin::Folder(workspace) = origin else {
        return Ok(Vec::new());
    };
    let folder = workspace.join("templates").join("letters");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let name = |path: &PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    Ok(files_under(&folder, "typ", &|_, _| false)?
        .iter()
        .filter_map(name)
        .collect())
}

/// Reads packs by file, folder, or built-in id, each with the name it is shown under.
///
/// # Errors
/// A [`Failure`] where a file cannot be read, or the name is neither a file nor a built-in pack.
fn texts(paths: &[PathBuf]) -> Result<Vec<(String, String)>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if !path.exists()
            && let Some((id, text)) = builtin::PACKS.iter().find(|(id, _)| path.as_os_str() == *id)
        {
            found.push((format!("built-in/{id}.toml"), (*text).to_owned()));
            continue;
        }
        let files = if path.is_dir() {
            files_under(path, "toml", &|_, _| false)?
        } else {
            vec![path.clone()]
        };
        for path in files {
            found.push((display_name(&path, None), read_text(&path)?));
        }
    }
    Ok(found)
}

/// The id that a pack's text gives itself, read without judging the rest.
pub fn pack_id(text: &str) -> Option<String> {
    let mut header = false;
    for line in text.lines().map(str::trim) {
        if line.starts_with('[') {
            header = line == "[pack]";
        } else if header && let Some(rest) = line.strip_prefix("id") {
            let value = rest.trim_start().strip_prefix('=')?.trim();
            return Some(value.split(['"', '\'']).nth(1)?.to_owned());
        }
    }
    None
}

/// The ids of the packs that a name stands for.
///
/// # Errors
/// A [`Failure`] as for the reading of packs.
pub fn pack_ids(name: &std::path::Path) -> Result<Vec<String>, Failure> {
    Ok(texts(&[name.to_path_buf()])?
        .iter()
        .filter_map(|(_, text)| pack_id(text))
        .collect())
}
