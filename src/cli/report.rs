//! `relto report`: the figures of a period, as text, JSON or PDF.

use std::fmt::Write as _;

use crate::base::diagnostic::has_errors;
use crate::base::failure::Failure;
use crate::base::interrupt;
use crate::calendar::window::Period;
use crate::cli::args::TextFormat;
use crate::cli::args::report::ReportArgs;
use crate::cli::check;
use crate::cli::notice::{copies, said};
use crate::cli::request::{request, today};
use crate::cli::terminal::Terminal;
use crate::cli::worker;
use crate::notice::period::report::{Counted, count};
use crate::report::summary::counted;
use crate::report::table::{self, Cell, Column, Give};
use crate::report::{Look, human, visible};
use crate::run;
use crate::run::notices::Wish;

pub fn run(args: &ReportArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let period = Period::parse(&args.period)
        .map_err(|help| Failure::new(format!("`--period {}` is no period", args.period)).hint(help))?;
    let mut checked = run::check(&request(&args.run, &args.paths)?, &today)?;
    let errors = checked.diagnostics.iter().filter(|found| found.is_error()).count();
    let Some(folder) = &args.output else {
        if args.copies.text || args.copies.html {
            return Err(
                Failure::new("`--text` and `--html` write copies beside the PDF, and no PDF is asked for")
                    .hint("give a folder with `-o DIR`; without one the report is printed as text"),
            );
        }
        let report = count(&checked.case, &checked.obligations, period);
        let text = match args.format {
            TextFormat::Human => text(&report, terminal.look()),
            TextFormat::Json => json(&report),
        };
        terminal.out(&text);
        if errors > 0 {
            terminal.status(&format!(
                "{}: the report is not complete; `relto check` shows them",
                counted(errors, "error")
            ));
        }
        return Ok(u8::from(errors > 0));
    };
    if errors > 0 {
        check::print_errors(&checked, terminal);
        terminal.status("nothing was written: a report is set only when there is no error");
        return Ok(1);
    }
    let wish = Wish {
        attach: args.attach || checked.settings.attach,
        copies: copies(args.copies),
        workers: worker::workers(),
        ..Wish::default()
    };
    interrupt::heed();
    let mut progress = |done, total| terminal.progress(done, total);
    let written = run::notices::report(&mut checked, period, folder, &wish, &mut progress)?;
    let look = terminal.look();
    for diagnostic in &written.diagnostics {
        terminal.out(&human::one(diagnostic, &checked.sources, look));
    }
    if has_errors(&written.diagnostics) {
        terminal.status("nothing was written");
        return Ok(1);
    }
    for file in &written.files {
        terminal.status(&format!(
            "wrote {} ({}, {}){} and manifest.json to {}",
            file.name,
            file.banner,
            counted(file.pages, "page"),
            said(file.copies),
            folder.display()
        ));
    }
    Ok(0)
}

/// The tables under their headings, each with its takeaway.
fn text(report: &Counted<'_>, look: Look) -> String {
    let mut out = format!("Report for {} (as of {})\n", report.tally.words, report.tally.as_of);
    for grid in &report.grids {
        let _ = write!(
            out,
            "\n{}\n{}\n",
            visible::line(&grid.heading),
            visible::line(&grid.takeaway)
        );
        if grid.rows.is_empty() {
            continue;
        }
        let columns: Vec<Column<'_>> = grid
            .header
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let numbers = grid
                    .rows
                    .iter()
                    .all(|row| row.get(at).is_some_and(|cell| cell.value.is_some()));
                (name.as_str(), if numbers { Give::Keep } else { Give::Wrap })
            })
            .collect();
        let rows: Vec<Vec<Cell>> = grid
            .rows
            .iter()
            .map(|row| row.iter().map(|cell| Cell::plain(&cell.text)).collect())
            .collect();
        out.push('\n');
        out.push_str(table::render(&columns, &rows, look).trim_end());
        out.push('\n');
    }
    out
}

fn json(report: &Counted<'_>) -> String {
    let mut value = serde_json::json!({ "schema": 1 });
    if let (Some(object), Ok(serde_json::Value::Object(tally))) =
        (value.as_object_mut(), serde_json::to_value(&report.tally))
    {
        object.extend(tally);
    }
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}
