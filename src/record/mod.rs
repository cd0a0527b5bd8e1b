//! Floor 3: records — the field table, one file per kind, and loading. Never sees policy.

pub mod agreement;
pub mod blocks;
mod ceiling;
pub mod characters;
pub mod check;
pub mod common;
pub mod decode;
pub mod disclosure;
mod events;
pub mod exchange;
pub mod field;
pub mod glyphs;
pub mod format;
pub mod kind;
pub mod legal_interpretation;
pub mod lines;
pub mod load;
pub mod liaison_contact;
mod name;
pub mod notice;
pub mod periodic_report;
mod plain;
pub mod rel_to_change;
pub mod schema;
pub mod sharing_change;
mod slices;
pub mod value;
