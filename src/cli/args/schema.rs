//! `relto schema`.

use clap::{Args, ValueEnum};

/// Print the JSON Schema of records, policy packs or relto.toml
///
/// For editors and validators of TOML, such as taplo and tombi: they then complete and explain every key. relto itself
/// checks far more. A file names its schema in a comment on its first line: `#:schema ./records.schema.json`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  relto schema records > records.schema.json\n  relto schema config > relto.schema.json"
)]
pub struct SchemaArgs {
    /// Which schema
    #[arg(value_enum, value_name = "WHICH")]
    pub which: Schema,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Schema {
    /// Record files
    Records,
    /// Policy packs
    Policy,
    /// The settings of a workspace
    Config,
}
