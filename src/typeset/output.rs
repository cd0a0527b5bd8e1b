//! The output folder: written whole or not at all. A folder that is not ours is refused; files that are not ours stay.
//!
//! Everything goes to a hidden folder beside it, which takes its place in one step. A run that is interrupted leaves the
//! old folder as it was; the next run clears away what it left beside it.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::base::failure::Failure;
use crate::base::hash::sha256;
use crate::base::source::read_bytes;
use crate::typeset::folder::{State, entries, manifest_of, state, unaltered};
use crate::typeset::manifest::{self, Manifest};

/// New contents of an output folder, on their way. Dropped before [`Draft::finish`], it leaves nothing behind.
#[derive(Debug)]
pub struct Draft {
    folder: PathBuf,
    /// The hidden folder beside it.
    fresh: PathBuf,
    state: State,
    /// Holds a lock on the hidden folder: nobody clears it away.
    _lock: fs::File,
    /// Folders that had to be made for it, outermost first.
    made: Vec<PathBuf>,
    names: BTreeSet<String>,
}

impl Draft {
    /// Begins new contents for `folder`.
    ///
    /// # Errors
    /// A [`Failure`] as for [`crate::typeset::folder::check`], where somebody changed a file that relto wrote there, or where no folder can be made
    /// beside it.
    pub fn begin(folder: &Path) -> Result<Self, Failure> {
        let state = state(folder)?;
        if let State::Ours(earlier) = &state {
            unaltered(folder, earlier)?;
        }
        let folder = std::path::absolute(folder).map_err(|error| Failure::writing(folder, &error))?;
        let (Some(parent), Some(name)) = (folder.parent(), folder.file_name()) else {
            return Err(Failure::new(format!(
                "`{}` cannot be an output folder",
                folder.display()
            )));
        };
        let prefix = format!(".{}.new-", name.to_string_lossy());
        let fresh = parent.join(format!("{prefix}{}", std::process::id()));
        let mut made: Vec<PathBuf> = parent
            .ancestors()
            .take_while(|up| !up.exists())
            .map(Path::to_path_buf)
            .collect();
        made.reverse();
        fs::create_dir_all(parent).map_err(|error| Failure::writing(parent, &error))?;
        clear_away(&folder, parent, &prefix)?;
        fs::create_dir(&fresh).map_err(|error| {
            Failure::writing(&fresh, &error).hint(format!(
                "relto fills a new folder and puts it in the place of `{name}`, so it has to write to `{parent}`",
                name = name.to_string_lossy(),
                parent = parent.display()
            ))
        })?;
        let lock = locked(&fresh).ok_or_else(|| Failure::new(format!("cannot lock `{}`", fresh.display())))?;
        Ok(Self {
            folder,
            fresh,
            state,
            _lock: lock,
            made,
            names: BTreeSet::new(),
        })
    }

    /// The manifest of the run that wrote the folder before.
    pub fn earlier(&self) -> Option<&Manifest> {
        match &self.state {
            State::Ours(manifest) => Some(manifest),
            State::Absent | State::Empty => None,
        }
    }

    /// Writes one file and reads it back.
    ///
    /// # Errors
    /// A [`Failure`] naming the file; two files of one name are one.
    pub fn put(&mut self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        if !self.names.insert(name.to_owned()) {
            return Err(Failure::new(format!("two notices would be written to `{name}`")));
        }
        put(&self.fresh.join(name), bytes)
            .map_err(|failure| failure.hint(format!("`{}` is as it was", self.folder.display())))
    }

    /// Takes a file over from the earlier run, if it still has this SHA-256. Says whether it has.
    ///
    /// # Errors
    /// A [`Failure`] where the file is there and cannot be read, or cannot be written.
    pub fn keep(&mut self, name: &str, hash: &str) -> Result<bool, Failure> {
        let old = self.folder.join(name);
        let regular = fs::symlink_metadata(&old).is_ok_and(|found| found.is_file());
        if !regular {
            return Ok(false);
        }
        let bytes = read_bytes(&old)?;
        let same = sha256(&bytes) == hash;
        if same {
            self.put(name, &bytes)?;
        }
        Ok(same)
    }

    /// Writes the manifest, makes everything durable, and puts it in the folder's place.
    ///
    /// The files that the earlier manifest names are replaced or removed; all others are taken over.
    ///
    /// # Errors
    /// A [`Failure`] naming the file or folder; the folder is then as it was.
    pub fn finish(mut self, manifest: &Manifest) -> Result<(), Failure> {
        if manifest.distribution.is_some() {
            self.put(manifest::DISTRIBUTION, manifest.distribution_list().as_bytes())?;
        }
        self.put(manifest::NAME, manifest.to_json().as_bytes())?;
        flush(&self.fresh)?;
        replace(&self.folder, &self.fresh, &self.state)?;
        self.made.clear();
        Ok(())
    }
}

impl Drop for Draft {
    /// Best effort: what matters is that the folder is as it was.
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.fresh);
        for folder in self.made.iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}

/// Says whether a single PDF may be written to `path`: it is not there, or is a PDF.
///
/// # Errors
/// A [`Failure`] where it is a folder, or another file.
pub fn check_file(path: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Failure::reading(path, &error)),
        Ok(found) if found.is_file() && read_bytes(path)?.starts_with(b"%PDF-") => Ok(()),
        Ok(_) => Err(
            Failure::new(format!("`{}` is there already and is no PDF", path.display()))
                .hint("name another file with `-o FILE`; nothing was written"),
        ),
    }
}

/// Writes a single PDF beside `path`, reads it back, and puts it in its place.
///
/// # Errors
/// A [`Failure`] naming the file; `path` is then as it was.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    check_file(path)?;
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
    let fresh = path.with_file_name(format!(".{}.new-{}", name.unwrap_or_default(), std::process::id()));
    let moved =
        put(&fresh, bytes).and_then(|()| fs::rename(&fresh, path).map_err(|error| Failure::writing(path, &error)));
    if moved.is_err() {
        // Best effort: what matters is that `path` is as it was.
        let _ = fs::remove_file(&fresh);
    }
    moved
}

fn put(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let writing = |error: &std::io::Error| Failure::writing(path, error);
    let mut file = fs::File::create_new(path).map_err(|error| writing(&error))?;
    file.write_all(bytes).map_err(|error| writing(&error))?;
    if !cfg!(target_os = "linux") {
        file.sync_all().map_err(|error| writing(&error))?;
    }
    drop(file);
    if read_bytes(path)? == bytes {
        Ok(())
    } else {
        Err(Failure::new(format!(
            "`{}` did not read back as it was written",
            path.display()
        )))
    }
}

/// Makes the files of a folder durable: all at once, where the system can.
fn flush(folder: &Path) -> Result<(), Failure> {
    let writing = |error: &std::io::Error| Failure::writing(folder, error);
    let handle = fs::File::open(folder).map_err(|error| writing(&error))?;
    #[cfg(target_os = "linux")]
    rustix::fs::syncfs(&handle).map_err(|error| writing(&error.into()))?;
    handle.sync_all().map_err(|error| writing(&error))
}

/// Opens a folder and locks it; nothing where another process holds the lock.
fn locked(folder: &Path) -> Option<fs::File> {
    let handle = fs::File::open(folder).ok()?;
    handle.try_lock().ok()?;
    Some(handle)
}

/// Whether a file of a folder is ours: its manifest names it. Without a manifest only what a run writes before it is.
fn is_ours(path: &Path, manifest: Option<&Manifest>) -> bool {
    let name = path.file_name().unwrap_or_default();
    name == manifest::NAME
        || match manifest {
            Some(manifest) => {
                (name == manifest::DISTRIBUTION && manifest.distribution.is_some())
                    || manifest.files.iter().any(|file| {
                        let copy = |copy: &String| name == copy.as_str();
                        name == file.name.as_str() || file.coordination.keys().any(copy)
                    })
            }
            None => {
                name == manifest::DISTRIBUTION
                    || path
                        .extension()
                        .is_some_and(|end| ["pdf", "txt", "html"].iter().any(|ending| end == *ending))
            }
        }
}

/// Removes what interrupted runs left beside the folder. A file that is not relto's goes back to where it was.
fn clear_away(folder: &Path, parent: &Path, prefix: &str) -> Result<(), Failure> {
    for left in entries(parent)? {
        let named = left
            .file_name()
            .is_some_and(|name| name.to_string_lossy().starts_with(prefix));
        if !named || !left.is_dir() {
            continue;
        }
        // Another relto at work holds the lock.
        let Some(_lock) = locked(&left) else { continue };
        let manifest = manifest_of(&left)?;
        for path in entries(&left)? {
            let done = if is_ours(&path, manifest.as_ref()) && path.is_file() {
                fs::remove_file(&path)
            } else {
                move_into(&path, folder)
            };
            done.map_err(|error| Failure::writing(&path, &error))?;
        }
        fs::remove_dir(&left).map_err(|error| Failure::writing(&left, &error))?;
    }
    Ok(())
}

fn move_into(path: &Path, folder: &Path) -> std::io::Result<()> {
    let to = folder.join(path.file_name().unwrap_or_default());
    if to.exists() {
        return Err(std::io::Error::other(format!("`{}` is in the way of it", to.display())));
    }
    fs::rename(path, to)
}

/// Puts the new folder in the place of the old one, with the files that are not ours.
fn replace(folder: &Path, fresh: &Path, state: &State) -> Result<(), Failure> {
    let writing = |error: &std::io::Error| Failure::writing(folder, error);
    let earlier = match state {
        State::Absent => return fs::rename(fresh, folder).map_err(|error| writing(&error)),
        State::Empty => {
            fs::remove_dir(folder).map_err(|error| writing(&error))?;
            return fs::rename(fresh, folder).map_err(|error| writing(&error));
        }
        State::Ours(earlier) => earlier,
    };
    let others: Vec<PathBuf> = entries(folder)?
        .into_iter()
        .filter(|path| !is_ours(path, Some(earlier)))
        .collect();
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
    // From here on `fresh` is the old folder: it keeps its lock until its files have moved.
    let _lock = locked(folder);
    exchange(folder, fresh).map_err(|error| writing(&error))?;
    for path in &others {
        let moved = fresh.join(path.file_name().unwrap_or_default());
        move_into(&moved, folder).map_err(|error| Failure::writing(path, &error))?;
    }
    fs::remove_dir_all(fresh).map_err(|error| Failure::writing(fresh, &error))?;
    if let Some(parent) = folder.parent() {
        let handle = fs::File::open(parent).map_err(|error| writing(&error))?;
        handle.sync_all().map_err(|error| writing(&error))?;
    }
    Ok(())
}

/// Swaps two folders in one step, where the system can; in three renames elsewhere.
fn exchange(folder: &Path, fresh: &Path) -> std::io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{CWD, RenameFlags, renameat_with};
        if renameat_with(CWD, folder, CWD, fresh, RenameFlags::EXCHANGE).is_ok() {
            return Ok(());
        }
    }
    let aside = fresh.with_extension("old");
    fs::rename(folder, &aside)?;
    if let Err(error) = fs::rename(fresh, folder) {
        let _ = fs::rename(&aside, folder);
        return Err(error);
    }
    fs::rename(&aside, fresh)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn write(folder: &Path, files: &[(&str, &[u8])]) -> Result<(), Failure> {
        let mut draft = Draft::begin(folder)?;
        for (name, bytes) in files {
            draft.put(name, bytes)?;
        }
        let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
        let mut manifest = manifest_naming(&names);
        for (file, (_, bytes)) in manifest.files.iter_mut().zip(files) {
            file.sha256.pdf = sha256(bytes).into();
        }
        draft.finish(&manifest)
    }

    fn manifest_naming(names: &[&str]) -> Manifest {
        let hashes = manifest::Hashes {
            pdf: "".into(),
            record: "".into(),
            template: "".into(),
            policy: "".into(),
            fonts: "".into(),
            input: "".into(),
        };
        let files = names.iter().map(|name| manifest::File {
            name: (*name).to_owned(),
            notice: "R-1--SSCI".to_owned(),
            recipient: "SSCI".into(),
            records: Vec::new(),
            rules: Vec::new(),
            banner: "UNCLASSIFIED".into(),
            pages: 1,
            sha256: hashes.clone(),
            elements: manifest::Elements::default(),
            addressee: "Senate Select Committee on Intelligence".into(),
            chamber: "senate".into(),
            cc: vec!["=cmd, Vice Chairman".to_owned()],
            enclosures: Vec::new(),
            executive_communication: None,
            title: "An example".to_owned(),
            coordination: BTreeMap::new(),
        });
        Manifest {
            schema: 1,
            as_of: "2026-01-15".to_owned(),
            tool: "relto 0.1.0".to_owned(),
            holds: manifest::Holds::Notices,
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
        write(&folder, &[("a.pdf", b"1"), ("b.pdf", b"2")]).unwrap();
        assert_eq!(names(&folder), ["a.pdf", "b.pdf", "manifest.json"]);
        put(&folder.join("mine.txt"), b"mine").unwrap();
        fs::create_dir(folder.join("sub")).unwrap();
        write(&folder, &[("b.pdf", b"3")]).unwrap();
        assert_eq!(names(&folder), ["b.pdf", "manifest.json", "mine.txt", "sub"]);
        assert_eq!(read_bytes(&folder.join("b.pdf")).unwrap(), b"3");
        assert_eq!(names(folder.parent().unwrap()), ["notices"]);
    }

    #[test]
    fn the_distribution_list_is_ours_once_a_manifest_names_it() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("notices");
        let mut manifest = manifest_naming(&["a.pdf"]);
        manifest.distribution = Some(String::new());
        for _ in 0..2 {
            let mut draft = Draft::begin(&folder).unwrap();
            draft.put("a.pdf", b"1").unwrap();
            manifest.files[0].sha256.pdf = sha256(b"1").into();
            draft.finish(&manifest).unwrap();
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
        assert!(write(&folder, &[]).is_err());
        put(&folder.join("manifest.json"), b"{\"name\": \"an app\"}").unwrap();
        assert!(write(&folder, &[]).is_err());
        assert_eq!(names(&folder), ["manifest.json", "mine.txt"]);
        assert!(state(&folder.join("mine.txt")).is_err());
    }

    #[test]
    fn refuses_a_manifest_that_names_files_elsewhere() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("notices");
        fs::create_dir(&folder).unwrap();
        put(
            &folder.join("manifest.json"),
            manifest_naming(&["../a.pdf"]).to_json().as_bytes(),
        )
        .unwrap();
        assert!(write(&folder, &[]).is_err());
    }

    #[test]
    fn does_not_overwrite_a_file_that_no_manifest_names() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("notices");
        write(&folder, &[]).unwrap();
        put(&folder.join("a.pdf"), b"mine").unwrap();
        assert!(write(&folder, &[("a.pdf", b"1")]).is_err());
        assert_eq!(read_bytes(&folder.join("a.pdf")).unwrap(), b"mine");
        assert_eq!(names(place.path()), ["notices"]);
    }

    #[test]
    fn a_draft_that_is_not_finished_leaves_nothing_behind() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("deep/er/notices");
        let mut draft = Draft::begin(&folder).unwrap();
        draft.put("a.pdf", b"1").unwrap();
        assert!(draft.put("a.pdf", b"1").is_err(), "two of one name");
        assert!(draft.put("no/such/folder.pdf", b"1").is_err());
        drop(draft);
        assert_eq!(names(place.path()), Vec::<String>::new());
    }

    #[test]
    fn keeps_only_what_is_as_it_was_written() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("notices");
        write(&folder, &[("a.pdf", b"1"), ("b.pdf", b"2")]).unwrap();
        let mut draft = Draft::begin(&folder).unwrap();
        assert_eq!(draft.earlier().map(|manifest| manifest.files.len()), Some(2));
        assert!(draft.keep("a.pdf", &sha256(b"1")).unwrap());
        assert!(!draft.keep("b.pdf", &sha256(b"other")).unwrap());
        assert!(!draft.keep("c.pdf", &sha256(b"1")).unwrap());
        drop(draft);
        fs::remove_file(folder.join("b.pdf")).unwrap();
        put(&folder.join("b.pdf"), b"changed").unwrap();
        let failure = Draft::begin(&folder).unwrap_err();
        assert!(
            failure.message.contains("was changed since relto wrote it"),
            "{failure}"
        );
        assert_eq!(names(&folder), ["a.pdf", "b.pdf", "manifest.json"]);
    }

    #[test]
    fn clears_away_what_an_interrupted_run_left_and_loses_no_file_of_others() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("notices");
        write(&folder, &[("a.pdf", b"1")]).unwrap();
        // Killed while it wrote, and killed after the swap, before the files of others had moved.
        let (half, swapped) = (place.path().join(".notices.new-1"), place.path().join(".notices.new-2"));
        fs::create_dir(&half).unwrap();
        put(&half.join("a.pdf"), b"half").unwrap();
        fs::create_dir(&swapped).unwrap();
        put(&swapped.join("old.pdf"), b"old").unwrap();
        put(&swapped.join("theirs.pdf"), b"theirs").unwrap();
        put(
            &swapped.join("manifest.json"),
            manifest_naming(&["old.pdf"]).to_json().as_bytes(),
        )
        .unwrap();
        // Another relto at work.
        let working = place.path().join(".notices.new-3");
        fs::create_dir(&working).unwrap();
        let lock = locked(&working).unwrap();
        drop(Draft::begin(&folder).unwrap());
        assert_eq!(names(place.path()), [".notices.new-3", "notices"]);
        assert_eq!(names(&folder), ["a.pdf", "manifest.json", "theirs.pdf"]);
        drop(lock);
    }
}
