//! `relto docket`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::args::RunArgs;

/// List what is owed: due, submit-by, recipients, state
///
/// One line an obligation, overdue ones first, then by due date. `submit-by` is the last business day on or before the
/// due date.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto docket --due-within 14d\n  relto docket --recipient SSCI --format csv\n  relto docket --format ics --alarm 7d > docket.ics\n  relto docket --sample --as-of 2025-03-20"
)]
pub struct DocketArgs {
    /// Record files or folders of them [default: records/ of the workspace]
    #[arg(value_name = "PATH", conflicts_with_all = ["sample"])]
    pub paths: Vec<PathBuf>,
    /// Only what still has to be met and is due in this time: 14d, 2w
    #[arg(long, value_name = "TIME", value_parser = days)]
    pub due_within: Option<u32>,
    /// Only what this recipient is owed, such as SSCI
    #[arg(long, value_name = "ID")]
    pub recipient: Option<String>,
    /// How to print the docket
    #[arg(long, value_enum, default_value_t = DocketFormat::Human, help_heading = "Output")]
    pub format: DocketFormat,
    /// In a calendar, remind this long before: 7d, 2w
    #[arg(long, value_name = "TIME", value_parser = days, help_heading = "Output")]
    pub alarm: Option<u32>,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DocketFormat {
    /// A table
    Human,
    /// For spreadsheets; no cell can be taken for a formula
    Csv,
    /// One document
    Json,
    /// iCalendar: a day or a moment for each notice owed that has a date
    Ics,
}

/// `14d`, `2w` or `14` as days.
fn days(text: &str) -> Result<u32, String> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let factor = match unit.trim() {
        "" | "d" | "day" | "days" => 1,
        "w" | "week" | "weeks" => 7,
        _ => return Err("write days or weeks, such as 14d or 2w".to_owned()),
    };
    let number: u32 = number
        .parse()
        .map_err(|_| "write days or weeks, such as 14d or 2w".to_owned())?;
    number
        .checked_mul(factor)
        .filter(|days| *days <= 36_500)
        .ok_or_else(|| "that is more than a century".to_owned())
}
