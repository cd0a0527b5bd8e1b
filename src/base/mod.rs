//! Floor 1: what every other floor stands on — source text with places, diagnostics as plain data,
//! the table of diagnostic codes, TOML decoding, quoted texts, and failures of the environment.

pub mod code;
pub mod decode;
pub mod diagnostic;
pub mod failure;
pub mod hash;
pub mod interrupt;
pub mod quoted;
pub mod shared;
pub mod source;
pub mod suggest;
