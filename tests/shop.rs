//! A small workspace on disk, for the tests of letters.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use relto::template::lookup;

/// A workspace of its own: three small records that owe two copies each.
pub(crate) struct Shop {
    place: tempfile::TempDir,
}

impl Shop {
    pub(crate) fn new() -> Self {
        let shop = Self {
            place: tempfile::tempdir().unwrap(),
        };
        shop.write("relto.toml", "");
        for number in 1..=3 {
            shop.record(number);
        }
        shop
    }

    pub(crate) fn path(&self) -> &Path {
        self.place.path()
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path().join(name)).unwrap()
    }

    pub(crate) fn record(&self, number: usize) {
        let text = format!(
            "[[liaison_contact]]\nid = \"LC-{number}\"\ntitle = \"Call number {number}\"\nmarking = \"U\"\nbasis = \"sample\"\n\
             covert_action = \"no\"\nelement = \"CIA\"\ncommenced = 2025-03-{:02}\nended = 2025-03-{:02}\nmode = \"call\"\n\
             initiator = \"us\"\ncontact_purpose = \"exchange\"\nofficial = {{ title = \"Director\", rank = \"head\" }}\n\
             counterpart = {{ country = \"RUS\", service = \"SVR\", title = \"Director\", rank = \"head\" }}\n\
             facts = \"The two directors spoke for the time number {number}.\"\n",
            number % 28 + 1,
            number % 28 + 1
        );
        self.write(&format!("records/lc-{number}.toml"), &text);
    }

    /// A shipped template, changed, in the workspace's folder.
    pub(crate) fn change(&self, path: &str, from: &str, to: &str) {
        let text = lookup::file(path).unwrap();
        assert!(text.contains(from), "{path} has no `{from}`");
        self.write(&format!("templates{path}"), &text.replacen(from, to, 1));
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        self.here(Command::new(env!("CARGO_BIN_EXE_relto")), args)
    }

    /// A command that Ctrl-C ends even where whoever runs the tests ignores it, as shells do for jobs in the background.
    pub(crate) fn interruptible(&self, args: &[&str]) -> Command {
        let mut command = Command::new("env");
        command.args(["--default-signal=INT", env!("CARGO_BIN_EXE_relto")]);
        self.here(command, args)
    }

    fn here(&self, mut command: Command, args: &[&str]) -> Command {
        command
            .args(args)
            .current_dir(self.path())
            .env_clear()
            .envs([("COLUMNS", "100"), ("PATH", "/usr/bin:/bin")]);
        command
    }

    pub(crate) fn relto(&self, args: &[&str]) -> (i32, String, String) {
        read(&self.command(args).output().unwrap())
    }

    pub(crate) fn notice(&self, more: &[&str]) -> (i32, String, String) {
        self.relto(&[&["notice", "--as-of", "2026-01-15"], more].concat())
    }

    /// What stands in a folder, by name.
    pub(crate) fn contents(&self, folder: &str) -> Vec<(String, Vec<u8>)> {
        let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(self.path().join(folder))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .filter(|path| path.is_file())
            .map(|path| (name_of(&path), fs::read(&path).unwrap()))
            .collect();
        files.sort();
        files
    }

    /// The hidden folder of a run at work.
    pub(crate) fn hidden(&self) -> Option<PathBuf> {
        let entries = fs::read_dir(self.path()).unwrap().map(|entry| entry.unwrap().path());
        entries
            .into_iter()
            .find(|path| name_of(path).starts_with(".notices.new-"))
    }
}

pub(crate) fn name_of(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

pub(crate) fn read(output: &Output) -> (i32, String, String) {
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8(output.stdout.clone()).unwrap(),
        String::from_utf8(output.stderr.clone()).unwrap(),
    )
}
