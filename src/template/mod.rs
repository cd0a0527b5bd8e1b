//! Floor 7: letters and parts — lookup, the module that a letter imports, and the contract between the two.

pub mod contract;
pub mod eject;
pub mod literal;
pub mod lookup;
pub mod module;
pub mod set;
pub mod variables;
