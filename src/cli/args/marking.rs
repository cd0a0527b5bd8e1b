//! `relto marking`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand, ValueEnum};

use crate::cli::args::{TextFormat, day};

/// Parse, roll up, compare and explain classification markings
#[derive(Debug, Args)]
pub struct MarkingArgs {
    #[command(subcommand)]
    pub command: MarkingCommand,
    /// The folder with relto.toml, whose organizations, profile and expandable codes count [default: the nearest around]
    #[arg(long, value_name = "DIR", global = true)]
    pub workspace: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub enum MarkingCommand {
    Parse(MarkingParseArgs),
    Rollup(MarkingRollupArgs),
    Diff(MarkingDiffArgs),
    Explain(MarkingExplainArgs),
    Declassify(MarkingDeclassifyArgs),
}

/// Read markings and say what is wrong with them
///
/// Each problem is shown under its characters with the page of the manual, and the nearest valid marking is named.
/// Exit 1 where a marking is not valid.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto marking parse \"SECRET//REL TO USA, GBR\"\n  relto marking parse --form portion \"S//NF\" --format json\n  relto marking parse --stdin < markings.txt"
)]
pub struct MarkingParseArgs {
    /// Markings to read
    #[arg(value_name = "MARKING", required_unless_present = "stdin")]
    pub markings: Vec<String>,
    /// The form they are written in
    #[arg(long, value_enum, default_value_t = MarkingForm::Auto)]
    pub form: MarkingForm,
    /// Read one marking a line from standard input, write one JSON object a line
    #[arg(long, conflicts_with = "markings")]
    pub stdin: bool,
    /// The date of the document: codes retired before it are errors
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
}

/// Compute the banner of a document from its portion marks
///
/// Every element of the banner names the portion and the rule that put it there. Where the portions do not decide it
/// there is no banner, exit 1.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto marking rollup \"(S//REL TO USA, GBR)\" \"(U)\"\n  relto marking rollup \"(S//NF)\" \"(C//REL TO USA, FVEY)\" --format json\n  relto marking rollup --stdin < portions.jsonl"
)]
pub struct MarkingRollupArgs {
    /// Portion marks of one document
    #[arg(value_name = "PORTION", required_unless_present = "stdin")]
    pub portions: Vec<String>,
    /// Whose rules apply where the manuals of the intelligence community and of Defense differ [default: the workspace's, else ic]
    #[arg(long, value_enum)]
    pub profile: Option<MarkingProfile>,
    /// Organization codes that may be expanded to their members [default: the workspace's, else FVEY,ACGU,TEYE]
    #[arg(long, value_name = "CODE", value_delimiter = ',')]
    pub expand: Option<Vec<String>>,
    /// A banner to hold against the roll-up: it may only be stricter
    #[arg(long, conflicts_with = "stdin")]
    pub banner: Option<String>,
    /// The reason for a stricter banner (classification by compilation)
    #[arg(long, requires = "banner")]
    pub reason: Option<String>,
    /// Read one JSON array of portion marks a line from standard input, write one JSON object a line
    #[arg(long, conflicts_with = "portions")]
    pub stdin: bool,
    /// The date of the document
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
}

/// Compare the audiences of two markings
///
/// Organizations count with their members of the day, so that spelling out FVEY changes nothing.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto marking diff \"SECRET//REL TO USA, FVEY\" \"SECRET//NOFORN\" --on 2025-07-20\n  relto marking diff \"REL TO USA, GBR\" \"REL TO USA, FVEY\" --format json"
)]
pub struct MarkingDiffArgs {
    /// The marking before: a banner, a portion mark, or the release part alone
    pub from: String,
    /// The marking after
    pub to: String,
    /// The day whose memberships count [default: today]
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub on: Option<NaiveDate>,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
}

/// Say in words what a marking means, or what is wrong with it
///
/// Each part stands on a line of its own with its meaning, for a reviewer to read aloud.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto marking explain \"SECRET//REL TO USA, FVEY\"\n  relto marking explain \"(S//NF)\""
)]
pub struct MarkingExplainArgs {
    /// The marking
    pub marking: String,
    /// The form it is written in
    #[arg(long, value_enum, default_value_t = MarkingForm::Auto)]
    pub form: MarkingForm,
    /// The date of the document
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub on: Option<NaiveDate>,
}

/// Check Declassify On values
///
/// A value is a date, an event or an exemption as the rules of classification allow them (32 CFR 2001).
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  relto marking declassify 20510115\n  relto marking declassify 25X1 --format json")]
pub struct MarkingDeclassifyArgs {
    /// Values of a Declassify On line
    #[arg(value_name = "VALUE", required_unless_present = "stdin")]
    pub values: Vec<String>,
    /// The date of the document, for the 25 years of a date
    #[arg(long, value_name = "DATE", value_parser = day)]
    pub origin: Option<NaiveDate>,
    /// Read one value a line from standard input, write one JSON object a line
    #[arg(long, conflicts_with = "values")]
    pub stdin: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MarkingForm {
    Banner,
    Portion,
    /// Parentheses: a portion mark; a level spelled out: a banner; else a portion mark
    Auto,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MarkingProfile {
    /// The manual of the intelligence community
    Ic,
    /// The manual of the Department of Defense
    Dod,
}
