//! `relto init`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::Sample;

/// Write a workspace
///
/// Writes relto.toml with every default in a comment, and the folders records/, policy/ and templates/. With --sample
/// the workspace is filled with an embedded sample. A folder that already has a relto.toml is refused.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto init liaison\n  relto init demo --sample\n  relto init drill --sample exercise"
)]
pub struct InitArgs {
    /// The folder; made if it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
    /// Fill it with an embedded sample [possible values: public, exercise] [default: public]
    #[arg(
        long,
        value_enum,
        value_name = "WHICH",
        num_args = 0..=1,
        default_missing_value = "public",
        hide_possible_values = true
    )]
    pub sample: Option<Sample>,
}
