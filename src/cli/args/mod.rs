//! The command line as clap types. Imports nothing of ours, so that man pages and completions can be made from it.

pub mod baseline;
pub mod check;
pub mod completions;
pub mod deadline;
pub mod docket;
pub mod explain;
pub mod fields;
pub mod fmt;
pub mod import;
pub mod init;
pub mod marking;
pub mod new;
pub mod notice;
pub mod policy;
pub mod report;
pub mod schema;
pub mod template;
pub mod worker;

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

use self::baseline::BaselineArgs;
use self::check::CheckArgs;
use self::completions::{CompletionsArgs, ManArgs};
use self::deadline::DeadlineArgs;
use self::docket::DocketArgs;
use self::explain::ExplainArgs;
use self::fields::FieldsArgs;
use self::fmt::FmtArgs;
use self::import::ImportArgs;
use self::init::InitArgs;
use self::marking::MarkingArgs;
use self::new::NewArgs;
use self::notice::NoticeArgs;
use self::policy::PolicyArgs;
use self::report::ReportArgs;
use self::schema::SchemaArgs;
use self::template::TemplateArgs;
use self::worker::WorkerArgs;

/// Draft the notices that a change of releasability or a foreign liaison contact calls for
///
/// relto reads records (TOML) of REL TO changes and contacts with foreign services, holds them against rules that say
/// who must be told what by when, and drafts the notices to Congress as PDF.
#[derive(Debug, Parser)]
#[command(
    name = "relto",
    version,
    after_help = "Start with `relto check --sample`, or write a workspace with `relto init DIR --sample`.\n\
                  Exit codes: 0 clean (warnings allowed), 1 errors found or refused, 2 could not run."
)]
pub struct Arguments {
    #[command(flatten)]
    pub screen: Screen,
    #[command(subcommand)]
    pub command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Screen {
    /// When to use colours; `auto` means on a terminal, unless `NO_COLOR` is set
    #[arg(long, value_enum, value_name = "WHEN", default_value_t = Colour::Auto, global = true, help_heading = "Output")]
    pub color: Colour,
    /// Print no summaries and no progress
    #[arg(short, long, global = true, help_heading = "Output")]
    pub quiet: bool,
    /// Print more: why each notice is owed, what was written, which tests ran
    #[arg(short, long, global = true, conflicts_with = "quiet", help_heading = "Output")]
    pub verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    Init(InitArgs),
    Check(CheckArgs),
    Baseline(BaselineArgs),
    Notice(NoticeArgs),
    Docket(DocketArgs),
    Report(ReportArgs),
    Explain(ExplainArgs),
    Policy(PolicyArgs),
    Template(TemplateArgs),
    Marking(MarkingArgs),
    Deadline(DeadlineArgs),
    Fields(FieldsArgs),
    New(NewArgs),
    Import(ImportArgs),
    Fmt(FmtArgs),
    Schema(SchemaArgs),
    Completions(CompletionsArgs),
    Man(ManArgs),
    #[command(name = "__typeset", hide = true)]
    Worker(WorkerArgs),
}

/// Which coordination copies stand beside each PDF.
#[derive(Debug, Clone, Copy, Default, Args)]
#[command(next_help_heading = "Coordination copies")]
pub struct CopyArgs {
    /// Write each PDF's text beside it: plain text, for a mail or a screen reader
    #[arg(long)]
    pub text: bool,
    /// Write each PDF's text beside it as one page of HTML, for a browser or a word processor
    #[arg(long)]
    pub html: bool,
}

/// The choice of an embedded workspace.
#[derive(Debug, Clone, Default, Args)]
pub struct Embedded {
    /// Use an embedded sample workspace instead of files [possible values: public, exercise] [default: public]
    ///
    /// `public` holds cases from press reports, all unclassified; `exercise` holds fictional records with classified
    /// markings. The as-of date is 2026-01-15 unless --as-of says otherwise.
    #[arg(
        long,
        value_enum,
        value_name = "WHICH",
        num_args = 0..=1,
        default_missing_value = "public",
        hide_possible_values = true,
        conflicts_with = "workspace",
        help_heading = "Run"
    )]
    pub sample: Option<Sample>,
}

/// What a run is about: which records and packs, as of which day.
#[derive(Debug, Clone, Default, Args)]
pub struct RunArgs {
    #[command(flatten)]
    pub embedded: Embedded,
    /// The folder with relto.toml [default: the nearest one around the PATHs]
    #[arg(long, value_name = "DIR", help_heading = "Run")]
    pub workspace: Option<PathBuf>,
    /// The day to judge by, such as 2026-01-15; it means the end of that day [default: today in the workspace's timezone]
    #[arg(long, value_name = "DATE", value_parser = day, help_heading = "Run")]
    pub as_of: Option<NaiveDate>,
    /// A policy pack, or a folder of packs, in addition to those of the workspace (can be repeated)
    #[arg(long, value_name = "PATH", help_heading = "Run")]
    pub policy: Vec<PathBuf>,
    /// Treat a diagnostic code as an error (can be repeated)
    #[arg(long, value_name = "CODE", help_heading = "Run")]
    pub deny: Vec<String>,
    /// Treat a diagnostic code as a warning (can be repeated)
    #[arg(long, value_name = "CODE", help_heading = "Run")]
    pub warn: Vec<String>,
    /// Do not report a diagnostic code (can be repeated)
    #[arg(long, value_name = "CODE", help_heading = "Run")]
    pub allow: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sample {
    Public,
    Exercise,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    Human,
    Json,
}

pub(crate) fn day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| "write a day such as 2026-01-15".to_owned())
}
