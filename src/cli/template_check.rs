//! `relto template check` and `relto template diff`: what a letter prints otherwise than meant, and what a change changes.

use serde_json::json;

use crate::base::diagnostic::{Diagnostic, has_errors};
use crate::base::failure::Failure;
use crate::cli::args::template::{CheckArgs, DiffArgs, ReportFormat};
use crate::cli::template::open;
use crate::cli::terminal::Terminal;
use crate::report::summary::counted;
use crate::report::{human, json as documents, short};
use crate::run::bench::Bench;

pub(super) fn check(args: &CheckArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mut bench = open(&args.place)?;
    let chosen = bench.chosen(&args.names)?;
    let found = bench.check(&chosen)?;
    let sources = &bench.checked.sources;
    match args.format {
        ReportFormat::Human => print(&found, &bench, terminal),
        ReportFormat::Short => terminal.out(&short::render(&found, sources)),
        ReportFormat::Json => {
            let diagnostics = documents::diagnostics(&found, sources);
            let templates: Vec<&str> = chosen.iter().map(|template| template.name.as_str()).collect();
            terminal.out(&documents::document(
                &json!({ "schema": documents::SCHEMA, "templates": templates, "diagnostics": diagnostics }),
            ));
        }
    }
    if chosen.is_empty() && found.is_empty() {
        terminal.status("the workspace has no templates of its own; `relto template eject NAME` copies one out");
    } else {
        let errors = found.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let rest = found.len() - errors;
        let templates = counted(chosen.len(), "template");
        terminal.status(&match (errors, rest) {
            (0, 0) => format!("checked {templates} on every sample: nothing to mend"),
            (0, rest) => format!("checked {templates}: {}", counted(rest, "warning")),
            (errors, 0) => format!("checked {templates}: {}", counted(errors, "error")),
            (errors, rest) => format!(
                "checked {templates}: {}, {}",
                counted(errors, "error"),
                counted(rest, "warning")
            ),
        });
    }
    Ok(u8::from(has_errors(&found)))
}

pub(super) fn diff(args: &DiffArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mut bench = open(&args.place)?;
    let (old, new) = (bench.side(&args.old)?, bench.side(&args.new)?);
    let (differences, found) = bench.diff(&old, &new)?;
    if has_errors(&found) {
        print(&found, &bench, terminal);
        terminal.status("nothing was compared");
        return Ok(1);
    }
    let changed: Vec<_> = differences.iter().filter(|one| !one.patch.is_empty()).collect();
    for one in &changed {
        terminal.out(&format!("{}, sample {}\n{}\n", one.letter, one.sample, one.patch));
    }
    let all = counted(differences.len(), "sample");
    terminal.status(&match changed.len() {
        0 => format!("the pages of {all} read the same"),
        changed => format!("the pages of {changed} of {all} differ"),
    });
    Ok(u8::from(!changed.is_empty()))
}

fn print(found: &[Diagnostic], bench: &Bench, terminal: &mut Terminal) {
    let look = terminal.look();
    for diagnostic in found {
        terminal.out(&human::one(diagnostic, &bench.checked.sources, look));
    }
}
