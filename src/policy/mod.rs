//! Floor 4: policy packs, rules, tests on fields, duties, recipients.
//!
//! [`load::load`] reads packs into the typed form of [`rule`]; nothing else builds a rule.

pub mod rule;
pub mod recipients;
pub mod load;
pub mod builtin;
pub mod choose;
pub mod partition;
pub mod sentence;
pub mod schema;
pub mod stale;
pub mod differences;
pub mod algebra;
mod scope;
mod names;
mod rules;
mod condition;
mod operand;
mod fields;
mod clock;
mod duty;
mod per_period;
mod test_format;
mod references;
mod dead;
mod extend;
mod parameters;
mod follow;
