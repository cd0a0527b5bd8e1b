//! `relto notice`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::{CopyArgs, RunArgs};

/// Draft the notices that are owed as PDF
///
/// Checks first, then drafts one notice per group of recipients and sets one PDF per addressee, with a manifest.json
/// beside them. Every page is verified before anything is written; on any error nothing is. Where a record says under
/// `not_notified` that no notice is given under a rule, a memorandum for the file (RECORD--FILE.pdf) says who decided and why.
///
/// A run takes the place of the earlier one in its folder. It refuses a folder with letters of records that it has not read,
/// with a report, or with a PDF that somebody changed.
///
/// Letters of the workspace (templates/letters/, templates/parts/) take the place of relto's own, file by file. They are
/// set in processes of their own with a limit on time and memory.
///
/// --text and --html add copies for coordination, made from the same data: the overall marking first and last, every
/// portion marked. The PDF is the notice. There is no output for word processors as such.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto notice -o notices\n  relto notice --sample -o notices\n  relto notice records/rc-1.toml -o draft --attach\n  relto notice --only RC-1 --only LC-4/SSCI\n  relto notice --html -o for-coordination"
)]
pub struct NoticeArgs {
    /// Record files or folders of them [default: records/ of the workspace]
    #[arg(value_name = "PATH", conflicts_with_all = ["sample"])]
    pub paths: Vec<PathBuf>,
    /// The folder to write to [default: notices/ of the workspace]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Embed the data of each notice in its PDF, which then is PDF/A-3a
    #[arg(long)]
    pub attach: bool,
    /// Add a covering letter for each addressee: its enclosures with their markings, a receipt, the distribution
    #[arg(long)]
    pub transmittal: bool,
    /// Set only the notices of a record, or one copy of it; the others stay as they are (can be repeated)
    #[arg(long, value_name = "RECORD[/RECIPIENT]", conflicts_with = "transmittal")]
    pub only: Vec<String>,
    /// Keep the PDFs of the earlier run whose input and bytes still have the hashes in manifest.json
    #[arg(long)]
    pub resume: bool,
    #[command(flatten)]
    pub copies: CopyArgs,
    #[command(flatten)]
    pub run: RunArgs,
}
