//! `relto baseline`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::args::RunArgs;

/// Write or show a baseline: the diagnostics that are known
///
/// `relto check --baseline FILE` reports only what the baseline does not know, so that old problems do not block new
/// work. A baseline names code, record, rule and field, never a line. Only this command writes one.
#[derive(Debug, Args)]
pub struct BaselineArgs {
    #[command(subcommand)]
    pub command: BaselineCommand,
}

#[derive(Debug, Subcommand)]
pub enum BaselineCommand {
    Write(BaselineWriteArgs),
    Show(BaselineShowArgs),
}

/// Write the diagnostics of a check as the baseline
///
/// Files that are no TOML and markings that are too high are never part of a baseline. A baseline that is there already
/// is refused unless --shrink or --replace says what to do with it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto baseline write\n  relto baseline write --shrink\n  relto check --baseline relto-baseline.json"
)]
pub struct BaselineWriteArgs {
    /// Record files or folders of them [default: records/ of the workspace]
    #[arg(value_name = "PATH", conflicts_with_all = ["sample"])]
    pub paths: Vec<PathBuf>,
    /// The file to write
    #[arg(short, long, value_name = "FILE", default_value = "relto-baseline.json")]
    pub output: PathBuf,
    /// Take out of the baseline what no longer occurs; add nothing
    #[arg(long, conflicts_with = "replace")]
    pub shrink: bool,
    /// Write it anew, new diagnostics included
    #[arg(long)]
    pub replace: bool,
    #[command(flatten)]
    pub run: RunArgs,
}

/// Show what a baseline knows, and how much of it no longer occurs
#[derive(Debug, Args)]
pub struct BaselineShowArgs {
    /// The baseline
    #[arg(value_name = "FILE", default_value = "relto-baseline.json")]
    pub file: PathBuf,
    #[command(flatten)]
    pub run: RunArgs,
}
