//! `relto new`.

use std::path::PathBuf;

use clap::Args;

/// Write a commented record to fill in, or ask for its fields
///
/// On a terminal, relto asks for the required fields and those of the kind, and checks each answer at once. In scripts,
/// --set gives values. Every other field of the kind is there as a comment with its meaning and an example.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto new liaison_contact\n  relto new rel_to_change -o records/rc-2026-001.toml\n  \
                  relto new exchange --set id=EX-1 --set counterpart.country=JPN --set subjects=cyber,political"
)]
pub struct NewArgs {
    /// A kind of record, such as `rel_to_change`
    #[arg(value_name = "KIND")]
    pub kind: String,
    /// Give a field a value (can be repeated); lists are separated by commas, texts by semicolons, or written as TOML
    #[arg(long, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// Ask although standard input is no terminal
    #[arg(long, conflicts_with = "blank")]
    pub ask: bool,
    /// Ask nothing, also on a terminal
    #[arg(long)]
    pub blank: bool,
    /// The file to write; one that is there already is refused [default: standard output]
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
}
