//! Floor 2: dates, federal holidays and deadlines. Needs nothing of ours but diagnostics and suggestions.
//!
//! A deadline is three steps: [`deadline::parse`] reads the expression, [`deadline::resolve`] counts from the dates a
//! record gives, and the [`due::Due`] that comes out says when, why, or what is missing. Nothing here knows a clock:
//! "now" is the as-of date of the caller.

pub mod date;
pub mod window;
pub mod holidays;
pub mod session;
mod grammar;
mod count;
pub mod due;
pub mod deadline;
