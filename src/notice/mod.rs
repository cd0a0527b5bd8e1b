//! Floor 6: the complete data a letter may see, and how it is drafted from records and obligations.

mod basis;
mod contents;
pub mod draft;
pub mod model;
mod say;
