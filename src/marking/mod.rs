//! Floor 2: classification markings — grammar, vocabulary, rules, roll-up, audience, authority. Needs nothing of ours but diagnostics.
//!
//! ```text
//! text ─characters─▶ clean text ─parse (class, entries, programs, codes)─▶ Marking ─validate─▶ problems
//! Marking ─print─▶ banner, portion      Marking[] ─rollup─▶ banner + because      Release × Release ─audience─▶ Comparison
//! ```
//!
//! Page numbers are those of the *Intelligence Community Markings System Register and Manual* of 31 December 2016 ("M16",
//! released by ODNI on 7 July 2021, FOIA DF-2019-00061); `ISM-ID-…` are rules of ODNI's ISM.XML; `DoDM` is `DoDM` 5200.01
//! Volume 2, Enclosure 4, Change 4, read second hand. When in doubt about a marking, everything here refuses it.

pub mod level;
pub mod problem;
mod shelf;
pub mod vocabulary;
pub mod few;
pub mod register;
pub mod ast;
pub mod print;
pub mod characters;
pub mod parse;
mod class;
mod entries;
mod programs;
mod atomic;
mod codes;
pub mod validate;
mod requirements;
pub mod common;
pub mod profile;
pub mod document;
pub mod rollup;
mod release;
pub mod strictness;
pub mod audience;
pub mod authority;
pub mod declassify;
pub mod ism;
pub mod words;
