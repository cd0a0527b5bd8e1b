//! Floor 5: a case (records with links bound and an as-of date) and its evaluation into obligations.
//!
//! Conditions are three-valued: what the record does not say is *unknown*, never false.

pub mod case;
pub mod clock;
pub mod condition;
pub mod derive;
#[expect(clippy::module_inception, reason = "the floor is named for its one act")]
pub mod evaluate;
mod notices;
pub mod obligation;
pub mod pack_test;
mod period;
mod postpone;
mod say;
pub mod state;
pub mod trace;
pub mod window;
