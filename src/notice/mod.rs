//! Floor 6: the complete data a letter may see, and how it is drafted from records and obligations.

mod basis;
pub mod brief;
mod compiled;
mod contents;
pub mod coordination;
pub mod draft;
mod earlier;
mod group;
mod memo;
pub mod model;
mod overall;
pub mod period;
mod phrase;
pub mod printed;
mod reception;
mod say;
pub mod sheaf;
mod summary;
pub mod transmittal;
