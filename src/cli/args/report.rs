//! `relto report`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{CopyArgs, RunArgs, TextFormat};

/// Report on a period: what was recorded, what was owed and given, and the steps of a realignment
///
/// Counts the records dated within the period: by month, partner and rule, how timely the notices were, what is late and
/// why, and per partner country and quarter the audiences widened and narrowed, contacts by rank, exchanges and pauses,
/// adversaries and allies side by side. Without -o it prints the tables; with -o it sets the report as PDF, verified and
/// marked like a notice, with a manifest.json beside it.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto report --period 2025-Q1\n  relto report --period 2025 --sample -o report\n  relto report --period 2025-03 --format json"
)]
pub struct ReportArgs {
    /// Record files or folders of them [default: records/ of the workspace]
    #[arg(value_name = "PATH", conflicts_with_all = ["sample"])]
    pub paths: Vec<PathBuf>,
    /// A month, quarter, half or year: 2025-03, 2025-Q1, 2025-H1 or 2025
    #[arg(long, value_name = "PERIOD")]
    pub period: String,
    /// The folder to write the PDF and its manifest to; without it the report is printed as text
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// How to print the report where no PDF is wanted
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = TextFormat::Human, conflicts_with = "output")]
    pub format: TextFormat,
    /// Embed the data of the report in its PDF, which then is PDF/A-3a
    #[arg(long, requires = "output")]
    pub attach: bool,
    #[command(flatten)]
    pub copies: CopyArgs,
    #[command(flatten)]
    pub run: RunArgs,
}
