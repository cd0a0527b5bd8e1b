//! `relto notice`: check, then draft the notices as PDF with a manifest.

use std::path::PathBuf;

use crate::base::diagnostic::has_errors;
use crate::base::failure::Failure;
use crate::base::interrupt;
use crate::base::suggest::first_few;
use crate::cli::args::CopyArgs;
use crate::cli::args::notice::NoticeArgs;
use crate::cli::check;
use crate::cli::request::{request, today};
use crate::cli::terminal::Terminal;
use crate::cli::worker;
use crate::notice::coordination::Form;
use crate::report::human;
use crate::report::summary::counted;
use crate::run;
use crate::run::notices::Wish;
use crate::workspace::locate::Origin;

/// The forms of coordination copies that are asked for.
pub(super) fn copies(args: CopyArgs) -> Vec<Form> {
    let wanted = [(args.text, Form::Text), (args.html, Form::Html)];
    wanted
        .iter()
        .filter(|(wanted, _)| *wanted)
        .map(|(_, form)| *form)
        .collect()
}

/// ", 2 coordination copies"; nothing where there is none.
pub(super) fn said(copies: usize) -> String {
    match copies {
        0 => String::new(),
        1 => ", 1 coordination copy".to_owned(),
        copies => format!(", {copies} coordination copies"),
    }
}

/// Which files of the earlier run are gone.
fn removed(names: &[String]) -> String {
    const SHOWN: usize = 5;
    let are = if names.len() == 1 { "is" } else { "are" };
    format!(
        "{} of the earlier run {are} gone, being no longer owed or asked for: {}",
        counted(names.len(), "PDF"),
        first_few(names, SHOWN)
    )
}

pub fn run(args: &NoticeArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mut checked = run::check(&request(&args.run, &args.paths)?, &today)?;
    if has_errors(&checked.diagnostics) {
        check::print_errors(&checked, terminal);
        terminal.status(&check::summary(&checked).line());
        terminal.status("nothing was written: notices are drafted only when there is no error");
        return Ok(1);
    }
    let folder = args.output.clone().unwrap_or_else(|| match &checked.origin {
        Origin::Folder(workspace) => workspace.join("notices"),
        Origin::Sample(_) | Origin::Defaults => PathBuf::from("notices"),
    });
    let wish = Wish {
        attach: args.attach || checked.settings.attach,
        copies: copies(args.copies),
        only: args.only.clone(),
        resume: args.resume,
        transmittal: args.transmittal,
        workers: worker::workers(),
    };
    interrupt::heed();
    let mut progress = |done, total| terminal.progress(done, total);
    let noticed = run::notices::notice(&mut checked, &folder, &wish, &mut progress)?;
    if terminal.is_verbose() {
        check::print(&checked, terminal);
    }
    let look = terminal.look();
    for diagnostic in &noticed.diagnostics {
        terminal.out(&human::one(diagnostic, &checked.sources, look));
    }
    if terminal.is_verbose() {
        for file in &noticed.files {
            terminal.out(&format!(
                "{}  {}, {}\n",
                file.name,
                file.banner,
                counted(file.pages, "page")
            ));
        }
    }
    terminal.status(&check::summary(&checked).line());
    if !terminal.is_verbose() && !checked.diagnostics.is_empty() {
        terminal.status("the warnings about records and rules are not shown here; `relto check` shows them");
    }
    if has_errors(&noticed.diagnostics) {
        terminal.status("nothing was written");
        return Ok(1);
    }
    let written = counted(noticed.files.len(), "notice");
    let kept = match noticed.kept {
        0 => String::new(),
        kept => format!(" ({kept} of them as the earlier run wrote them)"),
    };
    if !noticed.removed.is_empty() {
        terminal.status(&removed(&noticed.removed));
    }
    terminal.status(&format!(
        "wrote {written}{kept}{} and manifest.json to {}",
        said(noticed.files.iter().map(|file| file.copies).sum()),
        folder.display()
    ));
    Ok(0)
}
