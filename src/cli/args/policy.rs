//! `relto policy`.

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{Args, Subcommand};

use crate::cli::args::{RunArgs, TextFormat, day};

/// List, test and compare rules, and try them on past records
#[derive(Debug, Args)]
pub struct PolicyArgs {
    #[command(subcommand)]
    pub command: PolicyCommand,
}

#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    List(PolicyListArgs),
    Test(PolicyTestArgs),
    Lint(PolicyLintArgs),
    Diff(PolicyDiffArgs),
    WhatIf(PolicyWhatIfArgs),
}

/// List the rules of every pack
///
/// Shows each rule's standing in law, how sure its wording is, whether it is switched on, when somebody last held it against
/// the law, and its deadline. What was checked longer ago than `[policy] stale_after_months` (12 unless set) is flagged.
#[derive(Debug, Args)]
pub struct PolicyListArgs {
    /// List what the rules with windows, followers and links need to see together
    ///
    /// A run over parts of the records (`relto check --stdin`) gives what one run gives if records that agree in these
    /// fields are in one part.
    #[arg(long)]
    pub partition_keys: bool,
    /// How to print the list
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    #[command(flatten)]
    pub run: RunArgs,
}

/// Run the tests that stand beside the rules, and measure what they show
///
/// Every rule is tested, disabled ones too. A test that does not come out is an error, exit 1.
///
/// Coverage: a condition is shown where one test sees it decide the outcome by holding, and another by not holding; it
/// decides where turning it alone would change whether the rule fires. For what no test shows, a test that would is
/// printed, ready to be pasted below the rule; its record was judged before it was printed.
#[derive(Debug, Args)]
pub struct PolicyTestArgs {
    /// Only the tests of these rules
    #[arg(value_name = "RULE")]
    pub rules: Vec<String>,
    /// Exit 1 where the tests show less than this of all conditions, in per cent
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(0..=100), help_heading = "Run")]
    pub coverage_at_least: Option<u8>,
    /// How to print the results
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    #[command(flatten)]
    pub run: RunArgs,
}

/// Look for rules that overlap, or that another rule makes superfluous
///
/// For every two rules that apply to the same kind of record: whether one only ever fires where the other does
/// (implied), or whether both fire for some records and each alone for others (overlap). Whatever is said is proved, by
/// the algebra of their conditions or by a record that relto judged; what neither proves is `not decided`. A rule that can
/// never fire is an error of every command (`dead-rule`), and so is not listed here. Plain overlaps are only counted, unless
/// a RULE is named or --witnesses is given. Exits 1 only for errors in a pack.
#[derive(Debug, Args)]
pub struct PolicyLintArgs {
    /// Only what concerns these rules
    #[arg(value_name = "RULE")]
    pub rules: Vec<String>,
    /// Print the record that proves each overlap
    #[arg(long, help_heading = "Output")]
    pub witnesses: bool,
    /// How to print what was found
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    #[command(flatten)]
    pub run: RunArgs,
}

/// Compare two versions of a pack, in words and by what they require
///
/// OLD and NEW each are a pack file, a folder of packs, or the id of a built-in pack such as `rel-to`; each takes the place
/// of the pack of the same id while it is judged. Shown are the rules that were added, removed and changed, and over the
/// records of the workspace or sample what is newly due, no longer due, moved, or owed to others. Where a condition
/// changed, a record is shown that only one version applies to, if one was found.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto policy diff rel-to policy/rel-to.toml\n  relto policy diff old/ new/ --sample --format json"
)]
pub struct PolicyDiffArgs {
    /// The version before: a file, a folder, or a built-in id
    #[arg(value_name = "OLD")]
    pub old: PathBuf,
    /// The version after
    #[arg(value_name = "NEW")]
    pub new: PathBuf,
    /// How to print the difference
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    #[command(flatten)]
    pub run: RunArgs,
}

/// Ask what rules would have required of past records, had they been law since a day
///
/// PACK is the id of a pack (`rel-to`), a pack file, or the id of one rule. Its rules count as switched on and in force
/// since DATE without an end, whatever the pack says; only records dated since then count. Shown per rule: for how many
/// records notice would have been required, whether it was given in fact (by the records' `notified`), and what the
/// records leave undecided; then by month and by partner, and every notice with its due date.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto policy what-if rel-to --since 2022-01-01 --sample\n  relto policy what-if rel-to --since 2022-01-01 -o brief.pdf"
)]
pub struct PolicyWhatIfArgs {
    /// A pack, built-in or a file, or one rule
    #[arg(value_name = "PACK|RULE")]
    pub what: PathBuf,
    /// The day since when it would have been law
    #[arg(long, value_name = "DATE", value_parser = day, help_heading = "Run")]
    pub since: NaiveDate,
    /// Also set a brief for Members as a PDF: the tables, how they were found, and that no statute requires the notices
    ///
    /// The brief is marked, verified page by page, and accessible like every notice. An existing PDF is replaced; any
    /// other file is left alone, and nothing is written.
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,
    /// How to print the answer
    #[arg(long, value_enum, default_value_t = TextFormat::Human, help_heading = "Output")]
    pub format: TextFormat,
    #[command(flatten)]
    pub run: RunArgs,
}
