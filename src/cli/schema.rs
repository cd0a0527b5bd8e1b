//! `relto schema`: what editors and validators of TOML read.

use crate::cli::args::schema::{Schema, SchemaArgs};
use crate::cli::terminal::Terminal;
use crate::report::json;

pub fn run(args: &SchemaArgs, terminal: &mut Terminal) -> u8 {
    terminal.out(&text(args.which));
    0
}

/// Returns a schema as a JSON document.
pub fn text(which: Schema) -> String {
    json::document(&match which {
        Schema::Records => crate::record::schema::records(),
        Schema::Policy => crate::policy::schema::pack(),
        Schema::Config => crate::workspace::schema::settings(),
    })
}
