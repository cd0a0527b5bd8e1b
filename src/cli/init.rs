//! `relto init`: a workspace with every default in a comment, or a copy of an embedded sample.

use std::path::Path;

use crate::base::failure::Failure;
use crate::cli::args::init::InitArgs;
use crate::cli::args::schema::Schema;
use crate::cli::new::{SCHEMA, write_new};
use crate::cli::request::which;
use crate::cli::schema;
use crate::cli::terminal::Terminal;
use crate::report::summary::counted;

const SETTINGS: &str = include_str!("../../templates/workspace/relto.toml");
const README: &str = include_str!("../../templates/workspace/README.md");

/// Where editors find the schemas.
const SCHEMAS: [(&str, Schema); 3] = [
    (SCHEMA, Schema::Records),
    ("schema/policy.json", Schema::Policy),
    ("schema/config.json", Schema::Config),
];

/// The folders of a workspace that are filled by hand.
const FOLDERS: [&str; 3] = ["records", "policy", "templates"];

pub fn run(args: &InitArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let folder = &args.dir;
    if folder.join("relto.toml").exists() {
        let hint = "name another folder, or edit the relto.toml that is there";
        return Err(Failure::new(format!("`{}` is a workspace already", folder.display())).hint(hint));
    }
    let settings = format!("#:schema ./schema/config.json\n\n{SETTINGS}");
    let mut files: Vec<(&str, &str)> = Vec::new();
    if let Some(sample) = args.sample {
        files.extend(which(sample).files().iter().map(|file| (file.path, file.text)));
    }
    for (path, text) in [("relto.toml", settings.as_str()), ("README.md", README)] {
        if !files.iter().any(|(written, _)| *written == path) {
            files.push((path, text));
        }
    }
    let schemas = SCHEMAS.map(|(path, which)| (path, schema::text(which)));
    files.extend(schemas.iter().map(|(path, text)| (*path, text.as_str())));
    // Nothing is written where a file would be in the way.
    if let Some((path, _)) = files.iter().find(|(path, _)| folder.join(path).exists()) {
        let failure = Failure::new(format!("`{}` is there already", folder.join(path).display()));
        return Err(failure.hint("name another folder, or move the file away"));
    }
    for name in FOLDERS {
        make(&folder.join(name))?;
    }
    for (path, text) in &files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            make(parent)?;
        }
        write_new(&path, text)?;
    }
    let records = files.iter().filter(|(path, _)| path.starts_with("records/")).count();
    let with = if records == 0 {
        String::new()
    } else {
        format!(" with {}", counted(records, "record file"))
    };
    terminal.status(&format!("wrote a workspace{with} to {}", folder.display()));
    let inside = if folder == Path::new(".") {
        String::new()
    } else {
        format!("cd {} && ", folder.display())
    };
    let next = if records == 0 {
        "relto new rel_to_change -o records/first.toml"
    } else {
        "relto check"
    };
    terminal.status(&format!("next: {inside}{next}"));
    Ok(0)
}

fn make(folder: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::writing(folder, &error))
}
