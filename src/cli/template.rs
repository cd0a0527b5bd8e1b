//! `relto template`: letters and parts listed, copied out, compared with relto's own.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::base::failure::Failure;
use crate::base::hash::sha256;
use crate::base::source::read_text;
use crate::base::suggest;
use crate::cli::args::TextFormat;
use crate::cli::args::template::{EjectArgs, ListArgs, Place, StatusArgs, TemplateArgs, TemplateCommand, UpgradeArgs};
use crate::cli::new::write_new;
use crate::cli::request::{today, which};
use crate::cli::terminal::Terminal;
use crate::cli::{preview, template_check, template_fields, worker};
use crate::report::json as documents;
use crate::report::summary::counted;
use crate::report::table::{self, Cell, Column, Give};
use crate::run::bench::Bench;
use crate::run::samples::samples;
use crate::run::{self, Request};
use crate::template::eject::{self, Standing, Upgrade};
use crate::template::lookup;
use crate::template::module::{Extras, module};
use crate::template::set::{FOLDER, Template};
use crate::workspace::locate::Origin;

const VERSION: &str = env!("CARGO_PKG_VERSION");

const LIST: [Column; 4] = [
    ("NAME", Give::Keep),
    ("WHAT", Give::Keep),
    ("WHOSE", Give::Keep),
    ("PURPOSE", Give::Wrap),
];

const STATUS: [Column; 3] = [("FILE", Give::Keep), ("STATE", Give::Keep), ("MEANING", Give::Wrap)];

pub fn run(args: &TemplateArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    match &args.command {
        TemplateCommand::List(args) => list(args, terminal),
        TemplateCommand::Fields(args) => template_fields::run(args, terminal),
        TemplateCommand::Check(args) => template_check::check(args, terminal),
        TemplateCommand::Eject(args) => eject(args, terminal),
        TemplateCommand::Status(args) => status(args, terminal),
        TemplateCommand::Upgrade(args) => upgrade(args, terminal),
        TemplateCommand::Diff(args) => template_check::diff(args, terminal),
        TemplateCommand::Preview(args) => preview::run(args, terminal),
    }
}

/// Opens the workspace of a command; none of its records is needed.
pub(super) fn open(place: &Place) -> Result<Bench, Failure> {
    let request = Request {
        workspace: place.workspace.clone(),
        sample: place.embedded.sample.map(which),
        ..Request::default()
    };
    Bench::open(run::policy(&request, &today)?, worker::workers())
}

/// The folder of the workspace.
///
/// # Errors
/// A [`Failure`] where there is none: templates of one's own need a place.
fn workspace(bench: &Bench) -> Result<PathBuf, Failure> {
    match &bench.checked.origin {
        Origin::Folder(folder) => Ok(folder.clone()),
        Origin::Sample(_) | Origin::Defaults => Err(Failure::new("there is no workspace here")
            .hint("`relto init DIR` makes one; or name it with `--workspace DIR`")),
    }
}

/// The comment that a template begins with.
fn purpose(text: &str) -> String {
    let (_, text) = eject::based_on(text);
    let lines = text.lines().map_while(|line| line.strip_prefix("// "));
    lines.collect::<Vec<_>>().join(" ")
}

fn list(args: &ListArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let bench = open(&args.place)?;
    let mut entries = Vec::new();
    let own = bench.templates.own().iter().map(|template| template.path.clone());
    let mut paths: Vec<String> = own.chain(eject::ejectable().map(str::to_owned)).collect();
    paths.sort_unstable();
    paths.dedup();
    for path in &paths {
        let what = if lookup::letter_name(path).is_some() {
            "letter"
        } else {
            "part"
        };
        let whose = if bench.templates.get(path).is_some() {
            "workspace"
        } else {
            "relto"
        };
        let purpose = purpose(bench.templates.text(path).unwrap_or_default());
        entries.push((eject::name(path), what, whose, purpose));
    }
    terminal.out(&match args.format {
        TextFormat::Human => {
            let row = |(name, what, whose, purpose): &(&str, &str, &str, String)| {
                let style = if *whose == "workspace" { "1" } else { "" };
                vec![
                    Cell::styled(name, style),
                    Cell::plain(what),
                    Cell::plain(whose),
                    Cell::plain(purpose),
                ]
            };
            let rows: Vec<Vec<Cell>> = entries.iter().map(row).collect();
            table::render(&LIST, &rows, terminal.look())
        }
        TextFormat::Json => {
            let entry = |(name, what, whose, purpose): &(&str, &str, &str, String)| {
                json!({ "name": name, "what": what, "whose": whose, "purpose": purpose })
            };
            let entries: Vec<Value> = entries.iter().map(entry).collect();
            documents::document(&json!({ "schema": documents::SCHEMA, "templates": entries }))
        }
    });
    Ok(0)
}

fn status(args: &StatusArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let bench = open(&args.place)?;
    workspace(&bench)?;
    let own = bench.templates.own();
    match args.format {
        TextFormat::Json => {
            let entry = |template: &Template| {
                let standing = Standing::of(template);
                let (base, _) = eject::based_on(&template.text);
                json!({ "file": template.name, "state": standing.word(), "meaning": standing.meaning(), "based_on": base })
            };
            let entries: Vec<Value> = own.iter().map(entry).collect();
            terminal.out(&documents::document(
                &json!({ "schema": documents::SCHEMA, "templates": entries }),
            ));
        }
        TextFormat::Human if own.is_empty() => {
            terminal.out("the workspace has no templates of its own; `relto template eject NAME` copies one out\n");
        }
        TextFormat::Human => {
            let row = |template: &Template| {
                let standing = Standing::of(template);
                let style = match standing {
                    Standing::Outdated | Standing::ChangedAndOutdated => "33",
                    _ => "",
                };
                vec![
                    Cell::plain(&template.name),
                    Cell::styled(standing.word(), style),
                    Cell::plain(standing.meaning()),
                ]
            };
            let rows: Vec<Vec<Cell>> = own.iter().map(row).collect();
            terminal.out(&table::render(&STATUS, &rows, terminal.look()));
        }
    }
    Ok(0)
}

fn eject(args: &EjectArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let bench = open(&args.place)?;
    let folder = workspace(&bench)?.join(FOLDER);
    let Some((path, text)) = eject::find(&args.name).and_then(|path| Some((path, lookup::file(path)?))) else {
        let failure = Failure::new(format!("relto has no letter or part `{}`", args.name));
        let names = || eject::ejectable().map(eject::name);
        return Err(match suggest::nearest(&args.name, names()) {
            _ if matches!(args.name.as_str(), "frame" | "relto" | "helpers") => {
                failure.hint("the frame and the helpers always come from relto; letters and parts can be changed")
            }
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint(format!("there are {}", suggest::quoted_list(names()))),
        });
    };
    let file = folder.join(path.trim_start_matches('/'));
    make(&file)?;
    write_new(&file, &eject::copy(VERSION, text))?;
    let original = folder.join(eject::KEPT).join(path.trim_start_matches('/'));
    write(&original, text)?;
    // What editors need is written anew each time: it follows the workspace's parts.
    let bench = open(&args.place)?;
    for written in eject::for_editors(&sample_module(&bench, path)?, &bench.templates) {
        write(&folder.join(&written.path), &written.text)?;
    }
    terminal.status(&format!(
        "wrote {FOLDER}{path}, and relto.typ and helpers.typ for editors"
    ));
    terminal.status("next: change it, look at it with `relto template preview`, then run `relto template check`");
    Ok(0)
}

/// The module with the data of a sample of a letter; of any, for a part.
fn sample_module(bench: &Bench, path: &str) -> Result<String, Failure> {
    let letter = lookup::letter_name(path).map(|_| path);
    let all = samples(&bench.templates, letter)?;
    let first = all
        .first()
        .ok_or_else(|| Failure::new("the embedded sample owes no notice"))?;
    let extras = Extras {
        letter: letter.unwrap_or("/letters/plain.typ"),
        families: &[],
        attachment: None,
        snug: false,
    };
    Ok(module(
        &first.notice,
        &first.notice.addressees[first.addressee],
        &extras,
    ))
}

fn upgrade(args: &UpgradeArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let bench = open(&args.place)?;
    let folder = workspace(&bench)?.join(FOLDER);
    let mut code = 0;
    let mut upgraded = 0;
    for template in bench.chosen(&args.names)? {
        let Some(shipped) = lookup::file(&template.path) else {
            continue;
        };
        let kept = folder.join(eject::KEPT).join(template.path.trim_start_matches('/'));
        let base = kept.is_file().then(|| read_text(&kept)).transpose()?;
        let (_, text) = eject::based_on(&template.text);
        let against = |new: &str| eject::difference((&template.name, text), ("after the upgrade", new));
        let merged = match eject::upgrade(&template, base.as_deref(), VERSION) {
            Upgrade::Current => continue,
            Upgrade::Merged(merged) => merged,
            Upgrade::Conflict(_) | Upgrade::NoBase if args.replace => eject::copy(VERSION, shipped),
            Upgrade::Conflict(both) => {
                terminal.out(&format!(
                    "{}: you and relto changed the same lines; nothing was written\n\n{both}\n",
                    template.name
                ));
                terminal.status(
                    "write it as it should be, or take relto's own with `--replace`; yours stays in the backup",
                );
                code = 1;
                continue;
            }
            Upgrade::NoBase => {
                terminal.out(&format!(
                    "{}: what it is based on is not known, so nothing can be merged; this is how relto's own differs\n\n{}\n",
                    template.name,
                    eject::difference((&template.name, text), ("relto's own", shipped))
                ));
                terminal.status("take relto's own with `--replace`; yours stays in the backup");
                code = 1;
                continue;
            }
        };
        let (_, new) = eject::based_on(&merged);
        terminal.out(&format!("{}\n", against(new)));
        if args.dry_run {
            continue;
        }
        let backup = format!("{}.backup-{}", template.name, &sha256(&template.text)[..8]);
        let place = folder.parent().unwrap_or(Path::new("."));
        write(&place.join(&backup), &template.text)?;
        write(&place.join(&template.name), &merged)?;
        write(&kept, shipped)?;
        terminal.status(&format!("upgraded {}; the old one is {backup}", template.name));
        upgraded += 1;
    }
    if code == 0 && upgraded == 0 && !args.dry_run {
        terminal.status("every template of the workspace is based on relto's own of today");
    } else if upgraded > 0 {
        terminal.status(&format!(
            "{} upgraded; run `relto template check`",
            counted(upgraded, "template")
        ));
    }
    Ok(code)
}

/// Writes a file whole: beside it first, then in its place.
fn write(path: &Path, text: &str) -> Result<(), Failure> {
    make(path)?;
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(".part");
    let beside = path.with_file_name(name);
    let _ = std::fs::remove_file(&beside);
    write_new(&beside, text)?;
    std::fs::rename(&beside, path).map_err(|error| Failure::writing(path, &error))
}

fn make(file: &Path) -> Result<(), Failure> {
    let folder = file.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| Failure::writing(folder, &error))
}
