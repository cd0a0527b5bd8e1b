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
//!
//! # For users of the library alone
//!
//! ```
//! use relto::marking::audience::compare;
//! use relto::marking::parse::{Form, parse};
//! use relto::marking::rollup::{Profile, roll_up};
//! use relto::marking::vocabulary::Vocabulary;
//!
//! let parsed = parse("SECRET//REL TO USA, GBR, AUS", Form::Auto, None);
//! assert!(!parsed.is_valid());
//! assert_eq!(parsed.problems[0].code, "list-order");
//! assert_eq!(parsed.canonical.as_deref(), Some("SECRET//REL TO USA, AUS, GBR"));
//!
//! let portion = |text: &str| parse(text, Form::Portion, None).marking.expect("a valid portion mark");
//! let (secret, plain) = (portion("(S//REL TO USA, FVEY)"), portion("(U)"));
//! let rolled = roll_up(&[secret.clone(), plain], &Profile::default());
//! assert_eq!(rolled.banner.as_deref(), Some("SECRET//REL TO USA, FVEY"));
//! assert_eq!(rolled.because[1].portion, Some(1));
//!
//! let on = chrono::NaiveDate::from_ymd_opt(2025, 7, 20).expect("a day");
//! let change = compare(&secret.release(), &portion("(S//NF)").release(), on, Vocabulary::standard());
//! assert!(change.to_noforn && change.removed.contains("GBR"));
//! ```
//!
//! # Reading and writing
//!
//! A text is read as generously as its meaning allows, a document is written as strictly as the manual demands
//! ([`document`]): texts at rest need not be re-marked (M16 p. 35), new documents are.
//!
//! | what stands in a text | the manual | read | in a new document |
//! |---|---|---|---|
//! | a companion is missing (HCS without NOFORN) | its examples leave it out | warning | error |
//! | SAP programs or compartments out of order | "must" ascend, pp. 61, 100 | warning | error |
//! | `SAR-` repeated, COMINT, `RD-N`, `UCNI` in a banner | re-mark, pp. 74, 100, 107 | warning | printed in today's form |
//! | KLONDIKE, HCS alone | legacy only, pp. 62, 85 | warning; KDK without NOFORN error | error |
//! | HCS compartments but O and P | there are two, p. 62 | warning | error |
//! | unpublished control systems and TK compartments | registered elsewhere, p. 61 | warning | warning |
//! | an unknown word in an SCI position without a published system | may be a misspelling | error | error |
//! | SIGMA 1-5, 9-13 | obsolete, not carried forward, p. 109 | warning | error |
//! | any other SIGMA | not in the manual | error | error |
//! | IMCON with CONFIDENTIAL | TS and S only, p. 142 | warning | error |
//! | ACCM, HVSACO, WAIVED, MULTIPLE PROGRAMS, JOINT without USA | not registered; Defense's | warning | error, but under the profile `dod` |
//! | RD or FRD with REL TO | by agreement, p. 104 | warning | warning |
//! | a classified portion without release marking | legal outside analytic products, p. 21 | warning | warning |
//! | a classified banner without one | ISM-ID-00119 | warning | error, but under the profile `dod` |
//!
//! Other programs accept more than the manual does: portion forms in banners, lists and entries in any order, USA in
//! DISPLAY ONLY, LIMDIS in classified banners, SI compartments below TOP SECRET, blanks around the text, any unknown word as
//! SCI. None of it is accepted here. They also refuse what the manual allows: four and more SAP programs, IMCON beside FISA.

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
pub mod short;
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
