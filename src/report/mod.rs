//! Floor 6: one renderer file per output format. Each takes plain data and gives text; nothing here prints.

pub mod baseline;
pub mod csv;
pub mod docket;
pub mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod ics;
pub mod json;
pub mod junit;
pub mod narrated;
pub mod outcome;
pub mod sarif;
pub mod short;
pub mod summary;
pub mod table;
pub mod tap;
pub mod visible;
mod writer;

/// How text for a reader is laid out: whether in colour, and how many columns it may take.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    pub colour: bool,
    pub width: usize,
}
