//! `relto check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::args::RunArgs;

/// Check records against the rules
///
/// Reads every record, reports all problems at their places in one pass, and reckons what is owed to whom by when.
/// Writes nothing but what `--fix` mends and `--cache` keeps. An overdue notice is a warning; `--deny obligation-overdue` makes it an error.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto check\n  relto check records/2025 --as-of 2025-03-20\n  relto check --sample --format json\n  relto check --changed=origin/main --baseline relto-baseline.json"
)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct CheckArgs {
    /// Record files or folders of them [default: records/ of the workspace]
    #[arg(value_name = "PATH", conflicts_with_all = ["sample"])]
    pub paths: Vec<PathBuf>,
    /// Read records as JSON Lines from standard input and write diagnostics and obligations as JSON Lines
    ///
    /// One record a line, its kind beside its fields: {"kind": "agreement", "id": "AG-1", ...}; a key that is null counts as
    /// left out. Only these records are judged, under the rules of the workspace, so that any program that pipes parts of
    /// a large set runs relto unchanged; `relto policy list --partition-keys` says what must stay in one part. Takes
    /// `--format json-lines`. No file, line or column is given: the record's id says where it is. What is owed for a period
    /// and not for a record is left out.
    #[arg(long, conflicts_with_all = ["paths", "sample", "changed", "watch"])]
    pub stdin: bool,
    /// How to print the diagnostics
    #[arg(long, value_enum, default_value_t = CheckFormat::Human, help_heading = "Output")]
    pub format: CheckFormat,
    /// Report only records changed since a commit, as in `--changed=origin/main` [default: HEAD]
    ///
    /// Asks git which records differ from the commit at which the current branch left BASE. Links and windows are judged
    /// over the whole workspace all the same; a change of a rule or of relto.toml concerns every record.
    #[arg(
        long,
        value_name = "BASE",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "HEAD",
        conflicts_with_all = ["sample"],
        help_heading = "Only new problems"
    )]
    pub changed: Option<String>,
    /// Report only what this baseline does not know; `relto baseline write` makes one
    #[arg(long, value_name = "FILE", help_heading = "Only new problems")]
    pub baseline: Option<PathBuf>,
    /// Mend what is clear and safe: misspelt keys and words, look-alike and invisible characters, the order of lists
    #[arg(long, conflicts_with_all = ["sample", "watch", "stdin"], help_heading = "Mending")]
    pub fix: bool,
    /// With --fix, show what would be changed and write nothing
    #[arg(long, requires = "fix", help_heading = "Mending")]
    pub diff: bool,
    /// Keep the answer in DIR, and give it again as long as nothing that was read has changed
    ///
    /// An answer is found by the text of every record, pack, calendar and font, the as-of date, the options and the
    /// program, never by the date of a file: a folder brought back by CI serves as well. Without `--as-of` every day
    /// begins anew. DIR holds what was printed: keep it where the records may be kept.
    #[arg(
        long,
        value_name = "DIR",
        conflicts_with_all = ["sample", "watch", "stdin", "fix", "changed"],
    )]
    pub cache: Option<PathBuf>,
    /// Check again whenever a record, a pack or relto.toml changes
    #[arg(long)]
    pub watch: bool,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// With excerpts of the files, for people
    Human,
    /// Whole sentences in reading order, for screen readers
    Narrated,
    /// One line each: `file:line:column: severity[code]: message`
    Short,
    /// One document with diagnostics and obligations
    Json,
    /// One diagnostic or obligation a line
    JsonLines,
    /// SARIF 2.1.0, for code hosts
    Sarif,
    /// The XML of `JUnit`, for test reports
    Junit,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's Code Quality report
    Gitlab,
    /// TAP version 14
    Tap,
}
