//! The `relto` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    relto::cli::main()
}
