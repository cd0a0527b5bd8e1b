//! The consolidated report of a period: counted here, typed and tested; the letter only lays it out.

mod count;
mod grid;
mod indicators;
pub mod report;
pub mod tally;
