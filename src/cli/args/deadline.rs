//! `relto deadline`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::args::TextFormat;

/// Work out a deadline, such as "7 days after 2025-03-11"
///
/// Prints the due date, the last business day on or before it, and the days that were left out and why. Nothing is
/// rolled off a weekend; a clock of hours needs a moment and not only a day.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto deadline \"10 business days after 2025-12-15\"\n  relto deadline \"48 hours after 2025-03-05T09:30:00-05:00\"\n  relto deadline \"on Feb 1 and Aug 1\" --as-of 2026-01-15 --format json"
)]
pub struct DeadlineArgs {
    /// The deadline, with dates in the place of fields
    #[arg(required = true, value_name = "EXPRESSION")]
    pub expression: Vec<String>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    /// The zone in which a moment becomes a day
    #[arg(long, value_name = "ZONE", default_value = "America/New_York")]
    pub timezone: String,
    /// A TOML file of further days off: `[[closure]]` with date, name, authority
    #[arg(long, value_name = "FILE")]
    pub closures: Option<PathBuf>,
    /// A TOML file of days in session: from, until, source, `[house]` and `[senate]`
    #[arg(long, value_name = "FILE")]
    pub session: Option<PathBuf>,
    /// Leave out Inauguration Day, which is a holiday in the Washington area only
    #[arg(long)]
    pub no_dc_area: bool,
    /// The day from which the next of a repeated deadline is sought [default: today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
}
