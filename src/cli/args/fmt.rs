//! `relto fmt`.

use std::path::PathBuf;

use clap::Args;

/// Bring records into their canonical order and layout
///
/// Keys stand in the order of `relto new`, one blank line between records, lists on one line where they fit. Comments stay
/// with what they stand above. Meaning never changes. A file that is no TOML is left as it is.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto fmt\n  relto fmt --check\n  relto fmt --diff records/2025\n  relto fmt - < record.toml"
)]
pub struct FmtArgs {
    /// Record files or folders of them; `-` reads standard input and writes standard output [default: records/ of the workspace]
    #[arg(value_name = "PATH")]
    pub paths: Vec<PathBuf>,
    /// Write nothing; name the files that are not in their canonical form, exit 1 if there are any
    #[arg(long)]
    pub check: bool,
    /// Write nothing; show what would be changed, exit 1 if there is anything
    #[arg(long)]
    pub diff: bool,
    /// The folder with relto.toml [default: the nearest one around the PATHs]
    #[arg(long, value_name = "DIR")]
    pub workspace: Option<PathBuf>,
}
