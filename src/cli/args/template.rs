//! `relto template`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::args::{Embedded, TextFormat};

/// Change letters: list, copy out, check, compare, preview
///
/// The frame with banner, page numbers and authority block always comes from relto. Letters stand in templates/letters/,
/// parts such as the letterhead and the closing in templates/parts/ of the workspace; each file there takes the place of
/// relto's own file of the same name.
#[derive(Debug, Args)]
#[command(
    after_help = "To change the closing of every letter:\n  relto template eject closing\n  relto template preview\n  \
                        relto template check"
)]
pub struct TemplateArgs {
    #[command(subcommand)]
    pub command: TemplateCommand,
}

#[derive(Debug, Subcommand)]
pub enum TemplateCommand {
    List(ListArgs),
    Fields(FieldsArgs),
    Check(CheckArgs),
    Eject(EjectArgs),
    Status(StatusArgs),
    Upgrade(UpgradeArgs),
    Diff(DiffArgs),
    Preview(PreviewArgs),
}

/// How what a check finds is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// With the line it is about
    Human,
    /// One line each
    Short,
    Json,
}

/// Which workspace.
#[derive(Debug, Clone, Args)]
pub struct Place {
    #[command(flatten)]
    pub embedded: Embedded,
    /// The folder with relto.toml [default: the nearest one around the current folder]
    #[arg(long, value_name = "DIR", help_heading = "Run")]
    pub workspace: Option<PathBuf>,
}

/// List letters and parts, and whose they are
#[derive(Debug, Args)]
pub struct ListArgs {
    /// How to print the list
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    #[command(flatten)]
    pub place: Place,
}

/// List everything a letter may use: type, meaning, example, and the rules that demand it
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  relto template fields\n  relto template fields rel-to-change --format json")]
pub struct FieldsArgs {
    /// A letter, whose sample gives the examples [default: plain]
    #[arg(value_name = "LETTER")]
    pub letter: Option<String>,
    /// How to print the list
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    #[command(flatten)]
    pub place: Place,
}

/// Check the workspace's letters and parts, and set each on all samples
///
/// Finds what prints otherwise than it looks (`//`, `$`, `#3`, `@`, `<b>`, `*`), what is typed and should come from the
/// notice (markings, dates, committees), values that print as code, tables without a header, what changes the words of
/// the record, and everything else that would stop `relto notice`. Writes nothing.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Letters, parts or their files [default: all of the workspace]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// How to print what is found
    #[arg(long, value_enum, default_value_t = ReportFormat::Human, help_heading = "Output")]
    pub format: ReportFormat,
    #[command(flatten)]
    pub place: Place,
}

/// Copy a letter or a part into the workspace, to change it there
///
/// The copy says what it is based on, so that `status` and `upgrade` can tell your changes from relto's. Beside it stand
/// relto.typ and helpers.typ with the data of a sample: with them, plain Typst and editors show the letter too.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  relto template eject closing\n  relto template eject rel-to-change")]
pub struct EjectArgs {
    /// A letter or a part; `relto template list` names them
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub place: Place,
}

/// Show how the workspace's templates stand to relto's own
#[derive(Debug, Args)]
pub struct StatusArgs {
    /// How to print the list
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    #[command(flatten)]
    pub place: Place,
}

/// Bring templates up to relto's own, keeping your changes
///
/// Shows the difference, keeps the old file as a backup beside it, and writes the merged one. Where you and relto changed
/// the same lines, nothing is written and both are shown.
#[derive(Debug, Args)]
pub struct UpgradeArgs {
    /// Letters or parts [default: all of the workspace]
    #[arg(value_name = "NAME")]
    pub names: Vec<String>,
    /// Only show the difference
    #[arg(long)]
    pub dry_run: bool,
    /// Where nothing can be merged, take relto's own; yours stays in the backup
    #[arg(long)]
    pub replace: bool,
    #[command(flatten)]
    pub place: Place,
}

/// Show what a change of a letter changes on the pages, over all samples
///
/// Sets every sample with the old and the new template and prints the difference of their text. Exit 0 where the pages
/// are the same, 1 where they differ.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto template diff closing templates/parts/closing.typ\n  \
                        relto template diff old/rel-to-change.typ templates/letters/rel-to-change.typ"
)]
pub struct DiffArgs {
    /// A file, or the name of one of relto's own
    #[arg(value_name = "OLD")]
    pub old: String,
    /// A file, or the name of one of relto's own
    #[arg(value_name = "NEW")]
    pub new: String,
    #[command(flatten)]
    pub place: Place,
}

/// Show a letter in the browser, set anew whenever a file is saved
///
/// A page on this machine only, at an address that nobody can guess: every page of the notice, a choice of samples and of
/// the workspace's own records, and the fields of the letter. While there is an error, the last good pages stay and the
/// error stands above them with its line. Ends with Ctrl-C.
#[derive(Debug, Args)]
pub struct PreviewArgs {
    /// A letter [default: the first that the workspace changed]
    #[arg(value_name = "LETTER")]
    pub letter: Option<String>,
    /// The port [default: any free one]
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    pub port: u16,
    #[command(flatten)]
    pub place: Place,
}
