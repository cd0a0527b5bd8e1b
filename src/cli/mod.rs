//! Floor 9: the command line. One file per command; the only floor that prints and reads clock and environment.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, ValueEnum};

use crate::base::failure::Failure;
use crate::cli::args::{Arguments, Colour, Command, Sample, Screen};
use crate::cli::terminal::Terminal;
use crate::report::visible;

pub mod answers;
pub mod args;
pub mod baseline;
mod cache;
pub mod cells;
pub mod changed;
pub mod check;
pub mod completions;
pub mod deadline;
pub mod docket;
pub mod explain;
pub mod explain_records;
pub mod explain_rule;
pub mod explain_trace;
pub mod fields;
pub mod files;
pub mod fix;
pub mod fmt;
pub mod import;
pub mod init;
pub mod mapping;
pub mod marking;
pub mod new;
pub mod notice;
pub mod outcome;
mod partition;
pub mod pages;
pub mod policy;
pub mod preview;
pub mod report;
pub mod policy_diff;
pub mod policy_lint;
pub mod policy_test;
pub mod policy_what_if;
pub mod request;
pub mod rows;
pub mod schema;
pub mod template;
pub mod template_check;
pub mod template_fields;
pub mod terminal;
pub mod watch;
pub mod worker;

/// Parses the command line, runs the command and returns its exit code.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse_from(with_samples(std::env::args_os())) {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    let mut terminal = Terminal::new(&arguments.screen);
    match dispatch(&arguments.command, &mut terminal) {
        Ok(code) => terminal.close(code),
        Err(failure) => {
            terminal.failure(&failure);
            terminal.close(2)
        }
    }
}

fn dispatch(command: &Command, terminal: &mut Terminal) -> Result<u8, Failure> {
    match command {
        Command::Init(args) => init::run(args, terminal),
        Command::Check(args) => check::run(args, terminal),
        Command::Baseline(args) => baseline::run(args, terminal),
        Command::Notice(args) => notice::run(args, terminal),
        Command::Docket(args) => docket::run(args, terminal),
        Command::Report(args) => report::run(args, terminal),
        Command::Explain(args) => explain::run(args, terminal),
        Command::Policy(args) => policy::run(args, terminal),
        Command::Template(args) => template::run(args, terminal),
        Command::Marking(args) => {
            let today = request::today(chrono_tz::America::New_York);
            let (out, err) = terminal.streams();
            marking::run(args, today, out, err)
        }
        Command::Deadline(args) => {
            let (out, err) = terminal.streams();
            Ok(deadline::run(args, out, err))
        }
        Command::Fields(args) => fields::run(args, terminal),
        Command::New(args) => new::run(args, terminal),
        Command::Import(args) => import::run(args, terminal),
        Command::Fmt(args) => fmt::run(args, terminal),
        Command::Schema(args) => Ok(schema::run(args, terminal)),
        Command::Completions(args) => Ok(completions::completions(args, terminal)),
        Command::Man(args) => completions::man(args, terminal),
        Command::Worker(args) => worker::run(args),
    }
}

/// Help and version go to standard output, a usage error to standard error with exit code 2.
fn usage(error: &clap::Error) -> ExitCode {
    let mut terminal = Terminal::new(&Screen {
        color: Colour::Auto,
        quiet: false,
        verbose: false,
    });
    let text = error.render().to_string();
    let text = visible::lines(&text);
    if error.use_stderr() {
        terminal.error(&text);
        return terminal.close(2);
    }
    terminal.out(&text);
    terminal.close(0)
}

/// Returns the help of every command as `(command line, text)`, for the tests that hold it.
pub fn help() -> Vec<(String, String)> {
    let mut pages = Vec::new();
    let mut command = Arguments::command().term_width(100);
    command.build();
    collect(&mut command, &mut pages);
    pages
}

fn collect(command: &mut clap::Command, pages: &mut Vec<(String, String)>) {
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
    pages.push((name, command.render_long_help().to_string()));
    for inner in command.get_subcommands_mut().filter(|inner| !inner.is_hide_set()) {
        collect(inner, pages);
    }
}

/// `--sample` takes its value only where the next argument is one, so that `init --sample DIR` means what it says.
fn with_samples(args: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut out: Vec<OsString> = Vec::new();
    let mut args = args.peekable();
    while let Some(arg) = args.next() {
        if arg == "--" {
            out.push(arg);
            out.extend(args);
            break;
        }
        let next = args.peek().and_then(|next| next.to_str());
        let is_value = next.is_some_and(|next| Sample::from_str(next, false).is_ok());
        if arg == "--sample" && !is_value {
            out.push("--sample=public".into());
        } else {
            out.push(arg);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_sample_takes_only_its_own_values() {
        let args = |line: &str| {
            let args = with_samples(line.split(' ').map(OsString::from));
            args.iter()
                .map(|arg| arg.to_string_lossy().into_owned())
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(args("relto init --sample demo"), "relto init --sample=public demo");
        assert_eq!(args("relto check --sample exercise"), "relto check --sample exercise");
        assert_eq!(args("relto check --sample"), "relto check --sample=public");
        assert_eq!(args("relto check -- --sample"), "relto check -- --sample");
    }
}
