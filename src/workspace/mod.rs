//! Floor 3: the workspace — the folder with `relto.toml`: its settings, its files, and the embedded samples.

pub mod glyphs;
pub mod locate;
pub mod open;
pub mod organizations;
pub mod sample;
pub mod schema;
pub mod settings;
