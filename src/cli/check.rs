//! `relto check`: records and rules into diagnostics; writes nothing.

use std::path::PathBuf;

use crate::base::diagnostic::{Diagnostic, has_errors};
use crate::base::failure::Failure;
use crate::cli::args::check::{CheckArgs, CheckFormat};
use crate::cli::cache::Cache;
use crate::cli::outcome::outcome;
use crate::cli::request::{request, today, which};
use crate::cli::terminal::Terminal;
use crate::cli::{baseline, changed, fix, watch};
use crate::evaluate::obligation::Obligation;
use crate::record::lines::Lines;
use crate::report::summary::{Judged, Summary};
use crate::report::{docket, github, gitlab, human, json, junit, narrated, sarif, short, tap, visible};
use crate::run::ready::Ready;
use crate::run::{self, Checked, Wanted};
use crate::workspace::locate::Origin;
use crate::workspace::open::origin;

pub fn run(args: &CheckArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    if args.watch {
        return watch::watch(&watched(args)?, terminal, &mut |terminal| once(args, terminal));
    }
    once(args, terminal)
}

fn once(args: &CheckArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let mut asked = request(&args.run, &args.paths)?;
    if let (Some("HEAD"), [path]) = (args.changed.as_deref(), args.paths.as_slice())
        && !path.exists()
    {
        let path = path.display();
        return Err(Failure::new(format!("cannot read `{path}`"))
            .hint(format!("where it is a commit: `--changed={path}`, with the sign")));
    }
    asked.wanted = match args.format {
        _ if args.changed.is_some() => Wanted::Records,
        CheckFormat::Human if !terminal.is_verbose() => Wanted::Counts,
        CheckFormat::Short => Wanted::Counts,
        CheckFormat::Human | CheckFormat::Json | CheckFormat::JsonLines => Wanted::Obligations,
        _ => Wanted::Records,
    };
    let mut cache = None;
    let mut checked = if args.stdin {
        run::check_lines(&asked, lines(args, terminal)?, &today)?
    } else {
        let ready = Ready::files(&asked, &today)?;
        if let Some(folder) = &args.cache {
            let answer = Cache::open(folder, args, (&asked, &ready), terminal)?;
            if let Some(code) = answer.replay(terminal) {
                return Ok(code);
            }
            terminal.record();
            cache = Some(answer);
        }
        run::judge(ready)?
    };
    if args.fix {
        // What cannot run later must not have changed a file before.
        if let Some(base) = &args.changed {
            changed::ask(base, &checked)?;
        }
        if let Some(file) = &args.baseline {
            baseline::read(file)?;
        }
        let mended = fix::mend(&checked, args.diff, terminal)?;
        if args.diff {
            return Ok(u8::from(mended.places > 0 || has_errors(&checked.diagnostics)));
        }
        if mended.places > 0 {
            checked = run::check(&asked, &today)?;
        }
    }
    if let Some(base) = &args.changed {
        changed::keep(base, &mut checked, terminal)?;
    }
    if let Some(file) = &args.baseline {
        baseline::hold(file, &mut checked, terminal)?;
    }
    let summary = summary(&checked);
    show(args.format, &checked, &summary, terminal);
    terminal.status(&summary.line());
    let code = u8::from(has_errors(&checked.diagnostics));
    if let Some(cache) = &cache {
        cache.keep(code, terminal);
    }
    if !args.watch {
        // The process ends here: to free a million records one by one would only keep the reader waiting.
        std::mem::forget(checked);
    }
    Ok(code)
}

/// The records on standard input.
fn lines(args: &CheckArgs, terminal: &Terminal) -> Result<(Lines, Vec<Diagnostic>), Failure> {
    if args.format != CheckFormat::JsonLines {
        return Err(Failure::new("`--stdin` reads and writes JSON Lines")
            .hint("add `--format json-lines`; for record files, name them instead"));
    }
    Lines::read(&mut terminal.input()).map_err(|error| {
        Failure::new(format!("cannot read standard input: {error}"))
            .hint("pipe records in, one JSON object a line, in UTF-8")
    })
}

/// The folders whose changes matter: the workspace, the PATHs and the packs beside it.
fn watched(args: &CheckArgs) -> Result<Vec<PathBuf>, Failure> {
    let sample = args.run.embedded.sample.map(which);
    let mut folders = match origin(&args.paths, args.run.workspace.as_deref(), sample)? {
        Origin::Folder(folder) => vec![folder],
        Origin::Defaults if args.paths.is_empty() => vec![PathBuf::from(".")],
        Origin::Defaults => Vec::new(),
        Origin::Sample(_) => {
            return Err(Failure::new("`--watch` watches files, and a sample has none")
                .hint("`relto init DIR --sample` writes the sample to disk"));
        }
    };
    folders.extend(args.paths.iter().chain(&args.run.policy).cloned());
    Ok(folders)
}

fn show(format: CheckFormat, checked: &Checked, summary: &Summary, terminal: &mut Terminal) {
    let text = match format {
        CheckFormat::Human => {
            print(checked, terminal);
            if terminal.is_verbose() {
                checked.obligations.iter().map(reasons).collect()
            } else {
                String::new()
            }
        }
        CheckFormat::Short => {
            let mut line = String::new();
            for diagnostic in &checked.diagnostics {
                line.clear();
                short::one(diagnostic, &checked.sources, &mut line);
                terminal.out(&line);
            }
            return;
        }
        CheckFormat::Json => {
            terminal.write(|out| {
                json::check(
                    out,
                    checked.as_of,
                    summary,
                    &checked.diagnostics,
                    &checked.obligations,
                    &checked.sources,
                )
            });
            return;
        }
        CheckFormat::JsonLines => {
            terminal.write(|out| json::lines(out, &checked.diagnostics, &checked.obligations, &checked.sources));
            return;
        }
        CheckFormat::Narrated => narrated::render(&outcome(checked, summary)),
        CheckFormat::Junit => junit::render(&outcome(checked, summary)),
        CheckFormat::Gitlab => gitlab::render(&outcome(checked, summary)),
        CheckFormat::Tap => tap::render(&outcome(checked, summary)),
        CheckFormat::Sarif => {
            let (text, warnings) = sarif::render(&outcome(checked, summary));
            for warning in warnings {
                terminal.status(&format!("warning: {warning}"));
            }
            text
        }
        CheckFormat::Github => {
            let (text, warning) = github::render(&outcome(checked, summary));
            if let Some(warning) = warning {
                terminal.status(&format!("warning: {warning}"));
            }
            text
        }
    };
    terminal.out(&text);
}

/// Prints diagnostics for people.
pub(super) fn print(checked: &Checked, terminal: &mut Terminal) {
    let look = terminal.look();
    human::each(&checked.diagnostics, &checked.sources, look, &mut |text| {
        terminal.out(text);
    });
}

/// Prints the errors alone: what keeps notices from being drafted.
pub(super) fn print_errors(checked: &Checked, terminal: &mut Terminal) {
    let look = terminal.look();
    for diagnostic in checked.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()) {
        terminal.out(&human::one(diagnostic, &checked.sources, look));
    }
}

pub(super) fn summary(checked: &Checked) -> Summary {
    let rules = checked.case.policy.rules.iter().filter(|rule| rule.enabled).count();
    let records = Judged {
        all: checked.records,
        judged: checked.judged,
        unread: checked.unread.len(),
    };
    Summary::of(records, rules, &checked.diagnostics, &checked.obligations).with(checked.counted)
}

/// What one obligation is and why, for `--verbose`.
pub(super) fn reasons(obligation: &Obligation) -> String {
    let submit = obligation
        .due
        .submit_by
        .as_ref()
        .map_or_else(String::new, |day| format!(", submit by {day}"));
    let untold = obligation.untold();
    let to = if untold.is_empty() {
        String::new()
    } else {
        format!(", to {}", untold.join(", "))
    };
    let mut text = format!(
        "{} {}: due {}{submit}{to} ({})\n",
        docket::subject(obligation),
        obligation.rule,
        docket::due_in_words(&obligation.due),
        obligation.state.word(),
    );
    for reason in &obligation.because {
        text.push_str("  because ");
        text.push_str(&visible::line(reason));
        text.push('\n');
    }
    text.push('\n');
    text
}
