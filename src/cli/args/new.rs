//! `relto new`.

use std::path::PathBuf;

use clap::Args;

/// Write a commented record to fill in
///
/// Every field of the kind is there with its meaning and an example; the required ones are to be filled in, the others
/// are comments to be taken up where they apply.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  relto new liaison_contact\n  relto new rel_to_change -o records/rc-2026-001.toml")]
pub struct NewArgs {
    /// A kind of record, such as `rel_to_change`
    #[arg(value_name = "KIND")]
    pub kind: String,
    /// The file to write; one that is there already is refused [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
