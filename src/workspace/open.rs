//! Opening a workspace: its settings, its calendar, its record files and its fonts.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use crate::base::diagnostic::Diagnostic;
use crate::base::failure::Failure;
use crate::base::source::{Found, Place, Sources, files_under, read_bytes, read_text};
use crate::calendar::holidays::{Calendar, parse_closures};
use crate::calendar::session::parse_sessions;
use crate::record::load::RecordFile;
use crate::workspace::locate::{Origin, display_name, record_files, workspace_of};
use crate::workspace::organizations;
use crate::workspace::sample::{SampleFile, Which};
use crate::workspace::settings::{self, Settings};

/// Finds the workspace of a run: a sample, the folder named, or the nearest around the first path.
///
/// # Errors
/// A [`Failure`] where a sample is asked for beside a path, the folder is not there, or the paths belong to several
/// workspaces.
pub fn origin(paths: &[PathBuf], workspace: Option<&Path>, sample: Option<Which>) -> Result<Origin, Failure> {
    if let Some(which) = sample {
        if !paths.is_empty() || workspace.is_some() {
            return Err(
                Failure::new("`--sample` uses the embedded workspace and takes no path and no `--workspace`")
                    .hint("leave out one of them; `relto init --sample DIR` writes the sample to disk"),
            );
        }
        return Ok(Origin::Sample(which));
    }
    if let Some(folder) = workspace {
        if !folder.is_dir() {
            return Err(
                Failure::new(format!("`{}` is no folder", folder.display())).hint("`relto init DIR` makes a workspace")
            );
        }
        let absolute = std::path::absolute(folder).map_err(|error| Failure::reading(folder, &error))?;
        return Ok(Origin::Folder(absolute));
    }
    let start = paths.first().map_or(Path::new("."), PathBuf::as_path);
    let found = workspace_of(start);
    // One ceiling and one calendar judge a run.
    for path in paths.iter().skip(1) {
        if let Some(other) = workspace_of(path)
            && found.as_ref() != Some(&other)
            && found.as_deref().map(identity) != Some(identity(&other))
        {
            return Err(Failure::new(format!(
                "`{}` and `{}` belong to different workspaces",
                start.display(),
                path.display()
            ))
            .hint("run once for each workspace, or name one for all with `--workspace DIR`"));
        }
    }
    Ok(found.map_or(Origin::Defaults, Origin::Folder))
}

/// Reads the settings of a workspace; the defaults where it has none.
///
/// # Errors
/// A [`Failure`] that lists every mistake of `relto.toml` with its place.
pub fn read_settings(origin: &Origin, sources: &mut Sources) -> Result<Settings, Failure> {
    let source = match origin {
        Origin::Defaults => return Ok(Settings::default()),
        Origin::Folder(folder) => {
            let path = folder.join("relto.toml");
            if !path.is_file() {
                return Ok(Settings::default());
            }
            sources.add("relto.toml", read_text(&path)?)
        }
        Origin::Sample(which) => {
            let text = which
                .files()
                .iter()
                .find(|file| file.path == "relto.toml")
                .map_or("", |file| file.text);
            sources.add("sample/relto.toml", text)
        }
    };
    let (mut settings, mut found) = settings::read(source, sources);
    if let (Some(name), Origin::Folder(folder)) = (&settings.organizations, origin) {
        let source = sources.add(name.value.clone(), read_text(&folder.join(&name.value))?);
        let (vocabulary, problems) = organizations::read(source, sources);
        settings.vocabulary = vocabulary;
        found.extend(problems);
    }
    found.extend(settings::check_expand(&settings));
    if found.is_empty() {
        Ok(settings)
    } else {
        Err(settings_failure(&found, sources))
    }
}

/// Whether a place stands in `relto.toml`.
pub fn is_settings(sources: &Sources, place: &Place) -> bool {
    matches!(
        sources.get(place.source).name.as_str(),
        "relto.toml" | "sample/relto.toml"
    )
}

/// The failure of a workspace whose `relto.toml` has mistakes: each with its place, nothing is run.
pub fn settings_failure(found: &[Diagnostic], sources: &Sources) -> Failure {
    let file = found.iter().find_map(|diagnostic| diagnostic.place.as_ref());
    let name = file.map_or("relto.toml", |place| sources.get(place.source).name.as_str());
    let name = name.strip_prefix("sample/").unwrap_or(name);
    let mut failure = Failure::new(format!("{name} has errors, so nothing was run"));
    for diagnostic in found {
        let at = diagnostic.place.as_ref().map_or(String::new(), |place| {
            let source = sources.get(place.source);
            let (line, column) = source.line_column(place.start());
            format!("{}:{line}:{column}: ", source.name)
        });
        let help = diagnostic
            .help
            .first()
            .map(|help| format!(" — {help}"))
            .unwrap_or_default();
        failure = failure.hint(format!("{at}{}{help}", diagnostic.message));
    }
    failure
}

/// The calendar of a workspace, with its closures and its days of session.
///
/// # Errors
/// A [`Failure`] where the file of closures or of days of session cannot be read.
pub fn calendar(settings: &Settings, origin: &Origin) -> Result<Calendar, Failure> {
    let mut calendar = Calendar::new(settings.timezone, settings.dc_area);
    let Origin::Folder(folder) = origin else {
        return Ok(calendar);
    };
    if let Some(name) = &settings.closures {
        let path = folder.join(&name.value);
        let closures = parse_closures(&read_text(&path)?).map_err(|message| {
            Failure::new(format!("`{}`: {message}", path.display())).hint("write `[[closure]]` with `date` and `name`")
        })?;
        calendar = calendar.with_closures(closures);
    }
    if let Some(name) = &settings.session {
        let path = folder.join(&name.value);
        let sessions = parse_sessions(&read_text(&path)?).map_err(|message| {
            Failure::new(format!("`{}`: {message}", path.display()))
                .hint("write `from`, `until`, `source`, and `[house]` and `[senate]` with `days` and `pro_forma`")
        })?;
        calendar = calendar.with_sessions(sessions);
    }
    Ok(calendar)
}

/// What is known of the folders that the files of a run stand in: asked once a folder.
#[derive(Debug, Default)]
struct Folders<'w> {
    workspace: Option<&'w Path>,
    /// By the path as it is spelt: to compare paths byte by byte is many times faster than by their parts.
    known: BTreeMap<OsString, Folder>,
}

#[derive(Debug)]
struct Folder {
    /// However its path is spelt, one folder has one identity.
    identity: PathBuf,
    /// What its files' names are printed with in front.
    shown: String,
}

impl Folders<'_> {
    /// Returns one identity a file, however its path is spelt, and the name it is printed under.
    fn of(&mut self, file: &Found) -> (PathBuf, String) {
        match self.place(file) {
            Some((folder, name)) => (
                folder.identity.join(name),
                folder.shown.clone() + &name.to_string_lossy(),
            ),
            None => (identity(&file.path), display_name(&file.path, self.workspace)),
        }
    }

    /// Returns the name that a file is printed under.
    fn name(&mut self, file: &Found) -> String {
        match self.place(file) {
            Some((folder, name)) => [folder.shown.as_str(), &name.to_string_lossy()].concat(),
            None => display_name(&file.path, self.workspace),
        }
    }

    /// The folder that a regular file stands in, and its name there.
    fn place<'f>(&mut self, file: &'f Found) -> Option<(&Folder, &'f OsStr)> {
        if !file.regular {
            return None;
        }
        let (parent, name) = (file.path.parent()?, file.path.file_name()?);
        if !self.known.contains_key(parent.as_os_str()) {
            let mut shown = display_name(&parent.join("x"), self.workspace);
            shown.pop();
            let folder = Folder {
                identity: identity(parent),
                shown,
            };
            self.known.insert(parent.as_os_str().to_owned(), folder);
        }
        Some((&self.known[parent.as_os_str()], name))
    }
}

fn identity(path: &Path) -> PathBuf {
    std::fs::canonicalize(path)
        .or_else(|_| std::path::absolute(path))
        .unwrap_or_else(|_| path.to_path_buf())
}

/// A record file of a run.
#[derive(Debug)]
pub struct Input {
    pub file: RecordFile,
    /// Named by the PATHs: its records are reported on.
    pub reported: bool,
}

/// Finds the record files: those of the PATHs, which are reported on, and the rest of the workspace's `records/`.
///
/// # Errors
/// A [`Failure`] where a path is not there, or nothing is left to check.
pub fn inputs(paths: &[PathBuf], origin: &Origin, sources: &mut Sources) -> Result<Vec<Input>, Failure> {
    let mut inputs = Vec::new();
    let workspace = match origin {
        Origin::Sample(which) => {
            for SampleFile { path, text } in which.files().iter().filter(|file| file.path.starts_with("records/")) {
                let source = sources.add(format!("sample/{path}"), *text);
                inputs.push(Input {
                    file: RecordFile { source, unread: None },
                    reported: true,
                });
            }
            return Ok(inputs);
        }
        Origin::Folder(folder) => Some(folder.as_path()),
        Origin::Defaults => None,
    };
    let records = workspace.map_or_else(|| PathBuf::from("records"), |folder| folder.join("records"));
    let mut asked: Vec<Found> = Vec::new();
    if paths.is_empty() {
        if records.is_dir() {
            asked = record_files(&records, workspace)?;
        }
    } else {
        for path in paths {
            asked.extend(record_files(path, workspace)?);
        }
    }
    if asked.is_empty() {
        let where_to = paths.first().unwrap_or(&records);
        return Err(Failure::new(format!(
            "nothing to check: no record file in `{}`",
            match display_name(where_to, workspace) {
                name if name.is_empty() => ".".to_string(),
                name => name,
            }
        ))
        .hint(if workspace.is_some() {
            "`relto new KIND -o records/first.toml` writes a record to fill in; record files end in .toml"
        } else {
            "`relto init` makes a workspace; `relto check --sample` shows how it looks"
        }));
    }
    let mut folders = Folders {
        workspace,
        known: BTreeMap::new(),
    };
    let beside = match workspace {
        Some(folder) if !paths.is_empty() && folder.join("records").is_dir() => {
            record_files(&folder.join("records"), workspace)?
        }
        _ => Vec::new(),
    };
    let mut input = |name: String, file: Found, reported: bool| Input {
        file: RecordFile {
            source: sources.announce(name),
            unread: Some(file),
        },
        reported,
    };
    // One walk comes upon no file twice, unless by a link.
    if paths.len() <= 1 && beside.is_empty() && asked.iter().all(|file| file.regular) {
        let named = asked.into_iter().map(|file| (folders.name(&file), file));
        return Ok(named.map(|(name, file)| input(name, file, true)).collect());
    }
    let mut all: Vec<(PathBuf, String, Found, bool)> = Vec::new();
    let asked = asked.into_iter().map(|file| (file, true));
    for (file, reported) in asked.chain(beside.into_iter().map(|file| (file, false))) {
        let (identity, name) = folders.of(&file);
        all.push((identity, name, file, reported));
    }
    // Of one file twice, what was asked for comes first, and of that the last spelling.
    all.reverse();
    all.sort_by(|a, b| (a.0.as_os_str(), b.3).cmp(&(b.0.as_os_str(), a.3)));
    all.dedup_by(|later, first| later.0.as_os_str() == first.0.as_os_str());
    let inputs = all.into_iter();
    Ok(inputs
        .map(|(_, name, file, reported)| input(name, file, reported))
        .collect())
}

/// The faces in the workspace's `fonts/` folder.
///
/// # Errors
/// A [`Failure`] where a face cannot be read.
pub fn fonts(origin: &Origin) -> Result<Vec<Vec<u8>>, Failure> {
    let Origin::Folder(workspace) = origin else {
        return Ok(Vec::new());
    };
    let folder = workspace.join("fonts");
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut fonts = Vec::new();
    for extension in ["ttf", "otf", "ttc", "otc"] {
        for path in files_under(&folder, extension, &|_, _| false)? {
            fonts.push(read_bytes(&path)?);
        }
    }
    Ok(fonts)
}
