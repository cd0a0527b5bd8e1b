//! Floor 5: a case (records with links bound and an as-of date) and its evaluation into obligations.
//!
//! Conditions are three-valued: what the record does not say is *unknown*, never false.
//!
//! A run looks at every record twice at most. The rules of a kind are compiled (`program`), and what they ask of one field
//! is answered together (`ask`). At the first look (`sift`) a record is asked which rules it may fall under, and which
//! windows and periods count it; most are routine and done with. The others are judged (`judge`), now that windows can be
//! counted. `trace`, `nearest` and `coverage` ask one rule of one record, everything in the order written, and a test
//! holds both ways to the same outcomes.
//!
//! Where nobody asks for the records themselves, most of them are looked at and judged where they are read, on every core,
//! and are not kept (`at_once`): a million cost little more memory than their text. Those that say something of others, or
//! of which others do, go the long way; a test holds both ways to the same answer over mixed workspaces and rules.

mod alone;
mod ask;
pub mod at_once;
pub mod case;
pub mod changes;
pub mod clock;
mod common;
mod compiled;
pub mod condition;
pub mod coverage;
pub mod decision;
pub mod derive;
pub mod draft;
#[expect(clippy::module_inception, reason = "the floor is named for its one act")]
pub mod evaluate;
mod inner;
mod judge;
mod moves;
pub mod nearest;
mod neighbour;
mod notices;
pub mod obligation;
pub mod pack_test;
mod period;
mod postpone;
mod program;
mod say;
mod search;
mod sift;
pub mod state;
pub mod trace;
mod undecided;
pub mod what_if;
pub mod window;
pub mod witness;
