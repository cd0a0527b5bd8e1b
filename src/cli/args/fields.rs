//! `relto fields`.

use clap::Args;

use crate::cli::args::TextFormat;

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
