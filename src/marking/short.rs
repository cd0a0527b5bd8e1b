//! The common release markings, read at a glance: a level at most, then REL TO and a list of countries.
//!
//! What is read here is valid, and says what [`parse_release_with`](crate::marking::parse::parse_release_with) reads in
//! it; everything else is left to that.

use crate::marking::ast::Release;
use crate::marking::level::Level;
use crate::marking::vocabulary::Vocabulary;

const LEVELS: [(&str, Level); 3] = [
    ("SECRET//", Level::Secret),
    ("TOP SECRET//", Level::TopSecret),
    ("CONFIDENTIAL//", Level::Confidential),
];

/// Returns the level, where one is written, and the release part; nothing where a closer look is needed.
pub fn release(text: &str, vocabulary: &Vocabulary) -> Option<(Option<Level>, Release)> {
    let above = LEVELS
        .iter()
        .find_map(|(words, level)| Some((Some(*level), text.strip_prefix(words)?)));
    let (level, part) = above.unwrap_or((None, text));
    let list = part.strip_prefix("REL TO USA, ")?;
    let mut codes: Vec<String> = Vec::with_capacity(list.len() / 5 + 1);
    for code in list.split(", ") {
        let ordered = codes.last().is_none_or(|last| last.as_str() < code);
        // One is written first; the other joined codes until 2005.
        let special = matches!(code, "USA" | "AND");
        if !ordered || special || !vocabulary.is_lasting_country(code) {
            return None;
        }
        codes.push(code.to_owned());
    }
    let release = Release {
        rel_to: Some(codes),
        ..Release::unmarked()
    };
    Some((level, release))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marking::parse::parse_release_with;

    #[test]
    fn what_is_read_at_a_glance_is_what_is_read() {
        let vocabulary = Vocabulary::standard();
        let lists = ["GBR", "AUS, CAN, GBR, NZL", "CHN, RUS", "DEU, POL, UKR", "ABW, ZWE"];
        for level in ["", "SECRET//", "TOP SECRET//", "CONFIDENTIAL//"] {
            for list in lists {
                let text = format!("{level}REL TO USA, {list}");
                let (level, found) = release(&text, vocabulary).expect("a plain marking");
                for on in [None, chrono::NaiveDate::from_ymd_opt(2025, 1, 1)] {
                    let read = parse_release_with(&text, on, vocabulary);
                    assert_eq!((read.level, read.release), (level, Some(found.clone())), "{text}");
                    assert!(read.problems.is_empty(), "{text}: {:?}", read.problems);
                }
            }
        }
    }

    #[test]
    fn every_country_is_read_as_it_is_read_alone() {
        let vocabulary = Vocabulary::standard();
        let (mut short, mut long) = (0, 0);
        for (code, _) in vocabulary.codes() {
            let text = format!("SECRET//REL TO USA, {code}");
            let read = parse_release_with(&text, None, vocabulary);
            match release(&text, vocabulary) {
                Some((_, found)) => {
                    assert_eq!((read.release, read.problems.len()), (Some(found), 0), "{text}");
                    short += 1;
                }
                None => long += 1,
            }
        }
        assert!(short > 150 && long > 10, "{short} and {long}");
    }

    #[test]
    fn what_needs_a_closer_look() {
        for text in [
            "",
            "SECRET",
            "NOFORN",
            "SECRET//NOFORN",
            "REL TO USA",
            "REL TO USA, ",
            "REL TO USA, FVEY",
            "REL TO USA, GBR, AUS",
            "REL TO USA, AUS, AUS",
            "REL TO USA, GBR, USA",
            "REL TO USA,GBR",
            "REL TO USA, GBR ",
            "REL TO GBR",
            "REL TO USA, GBR/RELIDO",
            "REL TO USA, XYZ",
            "REL TO USA, AND",
            "REL TO USA, ANT",
            "UNCLASSIFIED//REL TO USA, GBR",
            "S//REL TO USA, GBR",
            "SECRET//SI//REL TO USA, GBR",
            "(S//REL TO USA, GBR)",
        ] {
            assert_eq!(release(text, Vocabulary::standard()), None, "{text:?}");
        }
    }
}
