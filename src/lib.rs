//! relto makes a rule real: whoever changes who may receive the nation's intelligence tells Congress.
//!
//! # A run, in the order of the modules
//!
//! ```text
//! records/*.toml ─load─▶ Records ─┐
//! policy packs   ─load─▶ Policy  ─┴─resolve─▶ Case ─evaluate─▶ Diagnostics + Obligations ─▶ report (human, json, …)
//!                                                                  └─draft─▶ Notices ─typeset─▶ PDF + manifest
//! ```
//!
//! Each arrow is one public function; `run` calls them one after the other. A stage returns its value together with
//! diagnostics and goes on, so that one pass reports every problem. A check that prints no records has most of them
//! evaluated as they are loaded, and keeps only what came of them (`evaluate::at_once`).
//!
//! # Floors
//!
//! A module uses its own floor and those below, never one above; a test holds the source against this table.
//!
//! | floor | modules |
//! |---|---|
//! | 9 | `cli` |
//! | 8 | `run` |
//! | 7 | `typeset` (feature `pdf`; the only one naming a typst crate), `template`, `ledger` |
//! | 6 | `notice`, `report` |
//! | 5 | `evaluate` |
//! | 4 | `policy` |
//! | 3 | `record`, `workspace` |
//! | 2 | `marking`, `calendar` |
//! | 1 | `base` |
//!
//! `workspace` is the one room that the first design did not have: `relto.toml`, its samples and its files are read by
//! records, rules and letters alike, so they stand below all three. A record whose date nobody knows is judged as of the
//! as-of date, in force and membership alike; one known only as an interval is undecided where the interval matters.
//!
//! # Invariants
//!
//! - Only `cli` prints, exits, or reads the clock and the environment.
//! - `marking` and `calendar` use nothing of ours but `base::diagnostic`, `base::shared` and `base::suggest`.
//! - `record` never sees `policy`; `typeset` sees only notices and templates; `report` only diagnostics and obligations.
//! - No hash map is iterated into output; the one "now" is the as-of date of the run.
//! - When in doubt about a marking, refuse.

pub mod base;
pub mod marking;
pub mod calendar;
pub mod record;
pub mod workspace;
pub mod policy;
pub mod evaluate;
pub mod notice;
pub mod report;
pub mod template;
pub mod typeset;
pub mod run;
pub mod cli;
