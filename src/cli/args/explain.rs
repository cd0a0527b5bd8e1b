//! `relto explain`.

use clap::Args;

use crate::cli::args::{RunArgs, TextFormat};

/// Explain a rule or a diagnostic code
///
/// For a rule: what it demands in plain English, its authority and standing, its tests, and for which records of the
/// workspace it fires or nearly does. With --record: each of its
/// conditions, the value it saw in that record and where, how it came out, and the deadline that follows; where the rule does
/// not fire, the nearest miss: the fewest conditions that would have to turn.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto explain date-order\n  relto explain REL-ADV-ADD\n  relto explain --sample CONTACT-ADV-PRINCIPAL --record C01"
)]
pub struct ExplainArgs {
    /// The id of a rule, or a diagnostic code
    #[arg(value_name = "CODE|RULE")]
    pub word: String,
    /// Show why the rule fired or did not for this record
    #[arg(long, value_name = "ID")]
    pub record: Option<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    #[command(flatten)]
    pub run: RunArgs,
}
