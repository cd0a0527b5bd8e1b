//! `relto fmt`: record files in their canonical order and layout.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use crate::base::failure::Failure;
use crate::base::source::{Sources, read_bytes, read_text};
use crate::cli::args::fmt::FmtArgs;
use crate::cli::files::{diff, hidden_difference, replace};
use crate::cli::terminal::Terminal;
use crate::marking::level::Level;
use crate::record::format::format;
use crate::record::load::load;
use crate::report::summary::counted;
use crate::report::visible;
use crate::workspace::locate::{Origin, display_name, record_files};
use crate::workspace::open::{origin, read_settings};

pub fn run(args: &FmtArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    if args.paths.iter().any(|path| path == Path::new("-")) {
        return standard_input(args, terminal);
    }
    // The layout is the same in every workspace; what a difference may show is not.
    let asked = if args.diff { args.paths.len() } else { 1 };
    let paths: Vec<PathBuf> = args.paths.iter().take(asked).cloned().collect();
    let origin = origin(&paths, args.workspace.as_deref(), None)?;
    // Only a difference shows what is in a record.
    let ceiling = if args.diff {
        read_settings(&origin, &mut Sources::default())?.ceiling
    } else {
        Level::TopSecret
    };
    let folder = match origin {
        Origin::Folder(folder) => Some(folder),
        _ => None,
    };
    let files = files(args, folder.as_deref())?;
    let (mut changed, mut broken) = (0, 0);
    for path in &files {
        let old = read_text(path)?;
        let name = display_name(path, folder.as_deref());
        // What was read in the place of a byte that is no UTF-8 is never written back.
        let is_whole = !old.contains('\u{FFFD}') || String::from_utf8(read_bytes(path)?).is_ok();
        let Some(new) = format(&old).filter(|_| is_whole) else {
            broken += 1;
            terminal.status(&format!(
                "{name} is no TOML that can be laid out: `relto check` says why"
            ));
            continue;
        };
        if new == old {
            continue;
        }
        changed += 1;
        if args.diff && is_withheld(&old, ceiling) {
            terminal.status(&hidden_difference(&name));
        } else if args.diff {
            terminal.out(&diff(&name, &old, &new));
        } else if args.check {
            terminal.out(&format!("{}\n", visible::line(&name)));
        } else {
            replace(path, &new)?;
        }
    }
    let did = if args.check || args.diff {
        "would change"
    } else {
        "changed"
    };
    terminal.status(&format!("{did} {} of {}", changed, counted(files.len(), "file")));
    Ok(u8::from(broken > 0 || (changed > 0 && (args.check || args.diff))))
}

/// Whether the mark of a record is above the ceiling or cannot be read.
fn is_withheld(text: &str, ceiling: Level) -> bool {
    let mut sources = Sources::default();
    let source = sources.add("", text);
    !load(source, &sources, ceiling).0.withheld.is_empty()
}

fn files(args: &FmtArgs, folder: Option<&Path>) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in &args.paths {
        files.extend(record_files(path, folder)?.into_iter().map(|found| found.path));
    }
    if args.paths.is_empty() {
        let records = folder.map_or_else(|| PathBuf::from("records"), |folder| folder.join("records"));
        files.extend(record_files(&records, folder)?.into_iter().map(|found| found.path));
    }
    files.sort();
    files.dedup();
    Ok(files)
}

fn standard_input(args: &FmtArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    if args.paths.len() > 1 {
        return Err(Failure::new("`-` stands alone").hint("leave out the other paths"));
    }
    let mut old = String::new();
    std::io::stdin()
        .read_to_string(&mut old)
        .map_err(|error| Failure::reading(Path::new("-"), &error))?;
    let Some(new) = format(&old) else {
        terminal.out(&old);
        terminal.status("standard input is no TOML that can be laid out");
        return Ok(1);
    };
    if args.diff {
        terminal.out(&diff("standard input", &old, &new));
    } else if !args.check {
        terminal.out(&new);
    }
    Ok(u8::from(new != old && (args.check || args.diff)))
}
