//! `relto policy`.

use clap::{Args, Subcommand};

use crate::cli::args::{RunArgs, TextFormat};

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
