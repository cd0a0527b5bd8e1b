//! `relto baseline`: the diagnostics that are known, written and shown.

use std::path::Path;

use crate::base::failure::Failure;
use crate::base::source::read_text;
use crate::cli::args::baseline::{BaselineArgs, BaselineCommand, BaselineShowArgs, BaselineWriteArgs};
use crate::cli::request::{request, today};
use crate::cli::terminal::Terminal;
use crate::report::baseline::Baseline;
use crate::report::summary::counted;
use crate::report::table::{self, Cell, Column, Give};
use crate::run::{self, Checked};

pub fn run(args: &BaselineArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    match &args.command {
        BaselineCommand::Write(args) => write(args, terminal),
        BaselineCommand::Show(args) => show(args, terminal),
    }
}

/// Reads a baseline.
///
/// # Errors
/// A [`Failure`] where the file cannot be read or is no baseline: a check with a doubtful one is not run.
pub(super) fn read(file: &Path) -> Result<Baseline, Failure> {
    Baseline::parse(&read_text(file)?).map_err(|problem| {
        Failure::new(format!("`{}` is no baseline: {problem}", file.display()))
            .hint("`relto baseline write --replace` writes it anew")
    })
}

/// Takes out of a run what the baseline knows, and says what it held.
pub(super) fn hold(file: &Path, checked: &mut Checked, terminal: &mut Terminal) -> Result<(), Failure> {
    let baseline = read(file)?;
    let held = baseline.hold(std::mem::take(&mut checked.diagnostics), &checked.sources);
    checked.diagnostics = held.fresh;
    let name = file.display();
    terminal.status(&format!("new only: {} not shown, as {name} knows", are(held.known)));
    if held.slack > 0 {
        terminal.status(&format!(
            "{} of {name} no longer {}: `relto baseline write --shrink` takes {} out",
            are(held.slack),
            occur(held.slack),
            if held.slack == 1 { "it" } else { "them" }
        ));
    }
    Ok(())
}

fn are(count: usize) -> String {
    counted(count, "known diagnostic")
}

fn occur(count: usize) -> &'static str {
    if count == 1 { "occurs" } else { "occur" }
}

fn write(args: &BaselineWriteArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let checked = run::check(&request(&args.run, &args.paths)?, &today)?;
    let (now, refused) = Baseline::of(&checked.diagnostics, &checked.sources);
    let file = &args.output;
    let name = file.display();
    let there = file.exists();
    if there && !args.shrink && !args.replace {
        return Err(Failure::new(format!("`{name}` is there already"))
            .hint("`--shrink` takes out what no longer occurs; `--replace` writes it anew, new diagnostics included"));
    }
    let said = if args.shrink {
        let old = read(file)?;
        let smaller = old.shrunk_to(&now);
        put(file, &smaller)?;
        let gone = old.count() - smaller.count();
        format!(
            "{} taken out of {name}, {} left",
            counted(gone, "diagnostic"),
            smaller.count()
        )
    } else {
        // An unreadable one is replaced all the same: that is what was asked for.
        let old = if there {
            read(file).unwrap_or_default()
        } else {
            Baseline::default()
        };
        put(file, &now)?;
        let kept = old.shrunk_to(&now).count();
        format!(
            "wrote {name}: {}, {} of them new; {} gone",
            counted(now.count(), "diagnostic"),
            now.count() - kept,
            old.count() - kept
        )
    };
    terminal.status(&said);
    if refused > 0 {
        terminal.status(&format!(
            "{} left out: no baseline holds files that are no TOML or markings that are too high",
            counted(refused, "diagnostic")
        ));
    }
    Ok(0)
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where files that people ask for are written"
)]
fn put(file: &Path, baseline: &Baseline) -> Result<(), Failure> {
    std::fs::write(file, baseline.render()).map_err(|error| Failure::writing(file, &error))
}

const COLUMNS: [Column; 6] = [
    ("CODE", Give::Keep),
    ("RECORD", Give::Wrap),
    ("RULE", Give::Keep),
    ("FIELD", Give::Keep),
    ("KNOWN", Give::Keep),
    ("NOW", Give::Keep),
];

fn show(args: &BaselineShowArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let baseline = read(&args.file)?;
    let checked = run::check(&request(&args.run, &[])?, &today)?;
    let (now, _) = Baseline::of(&checked.diagnostics, &checked.sources);
    let rows: Vec<Vec<Cell>> = baseline
        .entries()
        .map(|(subject, count)| {
            let there = now
                .entries()
                .find(|(other, _)| *other == subject)
                .map_or(0, |(_, count)| count);
            let dash = |text: &str| Cell::plain(if text.is_empty() { "-" } else { text });
            vec![
                Cell::plain(subject.code),
                dash(&subject.record),
                dash(&subject.rule),
                dash(&subject.field),
                Cell::plain(count.to_string()),
                Cell::styled(there.to_string(), if there < count { "32" } else { "" }),
            ]
        })
        .collect();
    if !rows.is_empty() {
        terminal.out(&table::render(&COLUMNS, &rows, terminal.look()));
    }
    let slack = baseline.slack(&now);
    terminal.status(&format!(
        "{}, {slack} of them no longer {}",
        are(baseline.count()),
        occur(slack)
    ));
    Ok(0)
}
