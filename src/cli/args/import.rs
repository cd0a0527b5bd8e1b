//! `relto import`.

use std::path::PathBuf;

use clap::Args;

/// Make records from a CSV or JSON file
///
/// Nothing is guessed. A column is a field by its name (`commenced`, `counterpart.country`) or by a mapping file; a column
/// that is neither mapped nor ignored is an error, and so is a value that does not fit its field. With any error nothing
/// is written. An empty cell leaves its field out. Lists are separated by semicolons.
#[derive(Debug, Args)]
#[command(after_help = "A mapping file (every table is optional):\n  \
      kind = \"liaison_contact\"\n  \
      date_format = \"%m/%d/%Y\"          # how days are written; otherwise 2025-03-11 and the other forms of records\n  \
      separator = \",\"                  # between the parts of a list; otherwise a semicolon\n  \
      ignore = [\"Row\"]\n  \
      [columns]\n  \
      \"Date of contact\" = \"commenced\"\n  \
      \"Country\" = \"counterpart.country\"\n  \
      [values.\"Country\"]\n  \
      \"Russia\" = \"RUS\"\n  \
      [constants]\n  \
      marking = \"U\"\n\n\
      Examples:\n  relto import contacts.csv --kind liaison_contact --dry-run\n  \
      relto import contacts.csv --map contacts-map.toml -o records/2025-contacts.toml")]
pub struct ImportArgs {
    /// The file: .csv with a heading, or .json with a list of objects
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The kind of the records; may be left out where the mapping file names it, and is the same there
    #[arg(long, value_name = "KIND")]
    pub kind: Option<String>,
    /// The mapping file
    #[arg(long, value_name = "FILE")]
    pub map: Option<PathBuf>,
    /// Check everything and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The file to write; one that is there already is refused [default: standard output]
    #[arg(short, long, value_name = "FILE", conflicts_with = "dry_run")]
    pub output: Option<PathBuf>,
}
