//! The output folder: written whole or not at all. A folder that is not ours is refused; files that are not ours stay.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::base::failure::Failure;
use crate::typeset::manifest::{self, Manifest};
use crate::typeset::pressed::Pressed;

/// Says whether notices may be written to `folder`: it is not there, is empty, or holds a manifest of ours.
///
/// # Errors
/// A [`Failure`] where it is a file, cannot be read, or holds files and no manifest of ours.
pub fn check(folder: &Path) -> Result<(), Failure> {
    state(folder).map(|_| ())
}

/// Writes the PDFs and `manifest.json` to a folder beside `folder`, reads them back, and puts it in its place.
///
/// The files that an earlier manifest names are replaced or removed; all others are taken over.
///
/// # Errors
/// A [`Failure`] naming the file or folder; `folder` is then as it was.
pub fn write(folder: &Path, pressed: &[Pressed], manifest: &Manifest) -> Result<(), Failure> {
    let state = state(folder)?;
    let folder = std::path::absolute(folder).map_err(|error| Failure::writing(folder, &error))?;
    let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
        return Err(Failure::new(format!(
            "`{}` cannot be an output folder",
            folder.display()
        )));
    };
    let beside = |what: &str| parent.join(format!(".{}.{what}-{}", name.to_string_lossy(), std::process::id()));
    let (fresh, old) = (beside("new"), beside("old"));
    fs::create_dir_all(parent).map_err(|error| Failure::writing(parent, &error))?;
    let done = fill(&fresh, pressed, manifest).and_then(|()| replace(&folder, &fresh, &old, &state));
    if done.is_err() {
        // Best effort: what matters is that `folder` is as it was.
        let _ = fs::remove_dir_all(&fresh);
    }
    done
}

/// What the output folder is now.
enum State {
    Absent,
    Empty,
    /// The manifest of an earlier run.
    Ours(Manifest),
}

fn state(folder: &Path) -> Result<State, Failure> {
    let reading = |error: &std::io::Error| Failure::reading(folder, error);
    match fs::symlink_metadata(folder) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(State::Absent),
        Err(error) => return Err(reading(&error)),
        Ok(found) if !found.is_dir() => {
            return Err(Failure::new(format!("`{}` is no folder", folder.display())).hint("name another with `-o DIR`"));
        }
        Ok(_) => {}
    }
    if entries(folder)?.is_empty() {
        return Ok(State::Empty);
    }
    let path = folder.join(manifest::NAME);
    let ours = path
        .is_file()
        .then(|| crate::base::source::read_text(&path))
        .transpose()?
        .and_then(|text| Manifest::read(&text));
    ours.map(State::Ours).ok_or_else(|| {
        Failure::new(format!(
            "`{}` is not empty and has no manifest.json of relto's",
            folder.display()
        ))
        .hint("name an empty folder or a new one with `-o DIR`; nothing was written")
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the output folder is listed here and nowhere else"
)]
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let reading = |error: &std::io::Error| Failure::reading(folder, error);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| reading(&error))? {
        found.push(entry.map_err(|error| reading(&error))?.path());
    }
    found.sort();
    Ok(found)
}

/// Writes everything into a new folder and reads it back.
fn fill(fresh: &Path, pressed: &[Pressed], manifest: &Manifest) -> Result<(), Failure> {
    fs::create_dir(fresh).map_err(|error| Failure::writing(fresh, &error))?;
    for pdf in pressed {
        put(&fresh.join(&pdf.name), &pdf.bytes)?;
    }
    if manifest.distribution.is_some() {
        put(
            &fresh.join(manifest::DISTRIBUTION),
            manifest.distribution_list().as_bytes(),
        )?;
    }
    put(&fresh.join(manifest::NAME), manifest.to_json().as_bytes())
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let writing = |error: &std::io::Error| Failure::writing(path, error);
    let mut file = fs::File::create_new(path).map_err(|error| writing(&error))?;
    file.write_all(bytes).map_err(|error| writing(&error))?;
    file.sync_all().map_err(|error| writing(&error))?;
    drop(file);
    if crate::base::source::read_bytes(path)? == bytes {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "`{}` did not read back as it was written",
            path.display()
        )))
    }
}

/// Puts the new folder in the place of the old one, with the files that are not ours.
fn replace(folder: &Path, fresh: &Path, old: &Path, state: &State) -> Result<(), Failure> {
    let writing = |error: &std::io::Error| Failure::writing(folder, error);
    let earlier = match state {
        State::Absent => return fs::rename(fresh, folder).map_err(|error| writing(&error)),
        State::Empty => {
            fs::remove_dir(folder).map_err(|error| writing(&error))?;
            return fs::rename(fresh, folder).map_err(|error| writing(&error));
        }
        State::Ours(earlier) => earlier,
    };
    let is_ours = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        name == manifest::NAME
            || (name == manifest::DISTRIBUTION && earlier.distribution.is_some())
            || earlier.files.iter().any(|file| name == file.name.as_str())
    };
    let others: Vec<PathBuf> = entries(folder)?.into_iter().filter(|path| !is_ours(path)).collect();
    if let Some(path) = others
        .iter()
        .find(|path| fresh.join(path.file_name().unwrap_or_default()).exists())
    {
        return Err(Failure::new(format!(
            "`{}` is in the way: no manifest of relto's names it",
            path.display()
        ))
        .hint("move it away, or name another folder with `-o DIR`"));
    }
    fs::rename(folder, old).map_err(|error| writing(&error))?;
    if let Err(error) = fs::rename(fresh, folder) {
        let _ = fs::rename(old, folder);
        return Err(writing(&error));
    }
    for path in &others {
        let name = path.file_name().unwrap_or_default();
        fs::rename(old.join(name), folder.join(name)).map_err(|error| Failure::writing(path, &error))?;
    }
    fs::remove_dir_all(old).map_err(|error| Failure::writing(old, &error))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn pdf(name: &str, bytes: &[u8]) -> Pressed {
        Pressed {
            name: name.to_owned(),
            bytes: bytes.to_vec(),
            pages: 1,
            elements: BTreeMap::new(),
            notice: 0,
            recipient: "SSCI".to_owned(),
            template: String::new(),
            fonts: String::new(),
        }
    }

    fn manifest_of(names: &[&str]) -> Manifest {
        let hashes = manifest::Hashes {
            pdf: String::new(),
            record: String::new(),
            template: String::new(),
            policy: String::new(),
            fonts: String::new(),
        };
        let files = names.iter().map(|name| manifest::File {
            name: (*name).to_owned(),
            notice: "R-1--SSCI".to_owned(),
            recipient: "SSCI".to_owned(),
            records: Vec::new(),
            rules: Vec::new(),
            banner: "UNCLASSIFIED".to_owned(),
            pages: 1,
            sha256: hashes.clone(),
            elements: BTreeMap::new(),
            addressee: "Senate Select Committee on Intelligence".to_owned(),
            chamber: "senate".to_owned(),
            cc: vec!["=cmd, Vice Chairman".to_owned()],
            enclosures: Vec::new(),
            executive_communication: None,
            title: "An example".to_owned(),
        });
        Manifest {
            schema: 1,
            as_of: "2026-01-15".to_owned(),
            tool: "relto 0.1.0".to_owned(),
            files: files.collect(),
            distribution: None,
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        entries(folder)
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn replaces_its_own_files_and_leaves_others_alone() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("deep/notices");
        write(
            &folder,
            &[pdf("a.pdf", b"1"), pdf("b.pdf", b"2")],
            &manifest_of(&["a.pdf", "b.pdf"]),
        )
        .unwrap();
        assert_eq!(names(&folder), ["a.pdf", "b.pdf", "manifest.json"]);
        put(&folder.join("mine.txt"), b"mine").unwrap();
        fs::create_dir(folder.join("sub")).unwrap();
        write(&folder, &[pdf("b.pdf", b"3")], &manifest_of(&["b.pdf"])).unwrap();
        assert_eq!(names(&folder), ["b.pdf", "manifest.json", "mine.txt", "sub"]);
        assert_eq!(crate::base::source::read_bytes(&folder.join("b.pdf")).unwrap(), b"3");
        assert_eq!(names(folder.parent().unwrap()), ["notices"]);
    }

    #[test]
    fn the_distribution_list_is_ours_once_a_manifest_names_it() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("notices");
        let mut manifest = manifest_of(&["a.pdf"]);
        manifest.distribution = Some(String::new());
        for _ in 0..2 {
            write(&folder, &[pdf("a.pdf", b"1")], &manifest).unwrap();
            assert_eq!(names(&folder), ["a.pdf", "distribution.csv", "manifest.json"]);
        }
        let list = crate::base::source::read_text(&folder.join("distribution.csv")).unwrap();
        assert_eq!(
            list.lines().nth(2).unwrap(),
            "a.pdf,copy,SSCI,\"'=cmd, Vice Chairman\",senate,R-1--SSCI,An example,UNCLASSIFIED,1,0"
        );
    }

    #[test]
    fn refuses_what_is_not_its_own() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("notices");
        fs::create_dir(&folder).unwrap();
        put(&folder.join("mine.txt"), b"mine").unwrap();
        assert!(write(&folder, &[], &manifest_of(&[])).is_err());
        put(&folder.join("manifest.json"), b"{\"name\": \"an app\"}").unwrap();
        assert!(write(&folder, &[], &manifest_of(&[])).is_err());
        assert_eq!(names(&folder), ["manifest.json", "mine.txt"]);
        assert!(check(&folder.join("mine.txt")).is_err());
    }

    #[test]
    fn refuses_a_manifest_that_names_files_elsewhere() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("notices");
        fs::create_dir(&folder).unwrap();
        put(
            &folder.join("manifest.json"),
            manifest_of(&["../a.pdf"]).to_json().as_bytes(),
        )
        .unwrap();
        assert!(write(&folder, &[], &manifest_of(&[])).is_err());
    }

    #[test]
    fn does_not_overwrite_a_file_that_no_manifest_names() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("notices");
        write(&folder, &[], &manifest_of(&[])).unwrap();
        put(&folder.join("a.pdf"), b"mine").unwrap();
        assert!(write(&folder, &[pdf("a.pdf", b"1")], &manifest_of(&["a.pdf"])).is_err());
        assert_eq!(crate::base::source::read_bytes(&folder.join("a.pdf")).unwrap(), b"mine");
        assert_eq!(names(place.path()), ["notices"]);
    }
}
