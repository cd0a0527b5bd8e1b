//! The command line as clap types. Imports nothing of ours, so that man pages and completions can be made from it.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand, ValueEnum};

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
    Notice(NoticeArgs),
    Docket(DocketArgs),
    Explain(ExplainArgs),
    Policy(PolicyArgs),
    Marking(MarkingArgs),
    Deadline(DeadlineArgs),
    Fields(FieldsArgs),
    New(NewArgs),
}

/// What a run is about: which records and packs, as of which day.
#[derive(Debug, Clone, Default, Args)]
pub struct RunArgs {
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

/// Check records against the rules
///
/// Reads every record, reports all problems at their places in one pass, and reckons what is owed to whom by when.
/// Writes nothing. An overdue notice is a warning; `--deny obligation-overdue` makes it an error.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto check\n  relto check records/2025 --as-of 2025-03-20\n  relto check --sample --format json"
)]
pub struct CheckArgs {
    /// Record files or folders of them [default: records/ of the workspace]
    #[arg(value_name = "PATH", conflicts_with_all = ["sample"])]
    pub paths: Vec<PathBuf>,
    /// How to print the diagnostics
    #[arg(long, value_enum, default_value_t = CheckFormat::Human, help_heading = "Output")]
    pub format: CheckFormat,
    #[command(flatten)]
    pub run: RunArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// With excerpts of the files, for people
    Human,
    /// One line each: `file:line:column: severity[code]: message`
    Short,
    /// One document with diagnostics and obligations
    Json,
}

/// Draft the notices that are owed as PDF
///
/// Checks first, then drafts one notice per group of recipients and sets one PDF per addressee, with a manifest.json
/// beside them. Every page is verified before anything is written; on any error nothing is.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto notice -o notices\n  relto notice --sample -o notices\n  relto notice records/rc-1.toml -o draft --attach"
)]
pub struct NoticeArgs {
    /// Record files or folders of them [default: records/ of the workspace]
    #[arg(value_name = "PATH", conflicts_with_all = ["sample"])]
    pub paths: Vec<PathBuf>,
    /// The folder to write to [default: notices/ of the workspace]
    #[arg(short, long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Embed the data of each notice in its PDF, which then is PDF/A-3a
    #[arg(long)]
    pub attach: bool,
    #[command(flatten)]
    pub run: RunArgs,
}

/// List what is owed: due, submit-by, recipients, state
///
/// One line an obligation, overdue ones first, then by due date. `submit-by` is the last business day on or before the
/// due date.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto docket --due-within 14d\n  relto docket --recipient SSCI --format csv\n  relto docket --sample --as-of 2025-03-20"
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
}

/// Explain a rule or a diagnostic code
///
/// For a rule: what it demands in plain English, its authority and standing, and its tests. With --record: each of its
/// conditions, the value it saw in that record, how it came out, and the deadline that follows.
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TextFormat {
    Human,
    Json,
}

/// List the rules, or run their tests
#[derive(Debug, Args)]
pub struct PolicyArgs {
    #[command(subcommand)]
    pub command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    List(PolicyListArgs),
    Test(PolicyTestArgs),
}

/// List the rules of every pack
///
/// Shows each rule's standing in law, whether it is switched on, the kinds of records it applies to, and its deadline.
#[derive(Debug, Args)]
pub struct PolicyListArgs {
    /// How to print the list
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    #[command(flatten)]
    pub run: RunArgs,
}

/// Run the tests that stand beside the rules
///
/// Every rule is tested, disabled ones too. A test that does not come out is an error, exit 1.
#[derive(Debug, Args)]
pub struct PolicyTestArgs {
    /// Only the tests of these rules
    #[arg(value_name = "RULE")]
    pub rules: Vec<String>,
    /// How to print the results
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    #[command(flatten)]
    pub run: RunArgs,
}

/// Parse, roll up, compare and explain classification markings
#[derive(Debug, Args)]
pub struct MarkingArgs {
    #[command(subcommand)]
    pub command: MarkingCommand,
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
    /// Whose rules apply where the manuals of the intelligence community and of Defense differ
    #[arg(long, value_enum, default_value_t = MarkingProfile::Ic)]
    pub profile: MarkingProfile,
    /// Organization codes that may be expanded to their members
    #[arg(long, value_name = "CODE", value_delimiter = ',', default_values = ["FVEY", "ACGU", "TEYE"])]
    pub expand: Vec<String>,
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
    /// Leave out Inauguration Day, which is a holiday in the Washington area only
    #[arg(long)]
    pub no_dc_area: bool,
    /// The day from which the next of a repeated deadline is sought [default: today]
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<String>,
}

/// List the fields of records: type, meaning and example
///
/// Fields marked `derived` are worked out by relto: rules and letters can read them, a record cannot set them.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  relto fields\n  relto fields liaison_contact\n  relto fields --format json")]
pub struct FieldsArgs {
    /// A kind of record, such as `liaison_contact` [default: all]
    #[arg(value_name = "KIND")]
    pub kind: Option<String>,
    /// How to print the list
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
}

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

fn day(text: &str) -> Result<NaiveDate, String> {
    NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| "write a day such as 2026-01-15".to_owned())
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
