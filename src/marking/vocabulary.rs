//! The codes of REL TO, DISPLAY ONLY, FGI and JOINT lists, and who belongs to which organization on which day.
//!
//! Source: ODNI ISMCAT 202211 (ISM-ID-00265, -00199), with later NATO accessions; see `policy/vocabulary/README.md`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;

use crate::base::suggest;
use crate::marking::shelf::Shelf;

/// The codes that may stand in a list, with names, deprecation dates and dated memberships.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    entries: Shelf<Entry>,
    display_names: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
struct Entry {
    name: String,
    organization: bool,
    deprecated: Option<NaiveDate>,
    membership: Membership,
}

#[derive(Debug, Clone)]
enum Membership {
    /// A country.
    Itself,
    /// Not public, or retired: never expanded.
    Opaque,
    Known {
        members: BTreeSet<String>,
        /// Members counted only from a day on.
        joined: BTreeMap<String, NaiveDate>,
        /// Members counted only up to and including a day.
        left: BTreeMap<String, NaiveDate>,
        /// Organizations whose later accessions count here too.
        nested: Vec<String>,
    },
}

/// What a list must know of a code.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub organization: bool,
    pub deprecated: Option<NaiveDate>,
}

/// A member's code, its first day and its last day, where they are known.
pub type DatedMember = (String, Option<NaiveDate>, Option<NaiveDate>);

/// The pattern of NATO special words, `NATO:` and up to 256 letters, `-` or `_` (ISMCAT `CVEnumISMCATRelTo`).
const NATO_WORD_PREFIX: &str = "NATO:";

static STANDARD: LazyLock<Arc<Vocabulary>> = LazyLock::new(|| {
    let mut vocabulary = Vocabulary::default();
    vocabulary.read_standard();
    Arc::new(vocabulary)
});

/// Everyday abbreviations and codes of other lists, with the code that is meant.
const OTHERS_SAY: &[(&str, &str)] = &[
    ("UK", "GBR"),
    ("GB", "GBR"),
    ("ENG", "GBR"),
    ("GER", "DEU"),
    ("US", "USA"),
    ("ROM", "ROU"),
    ("ZAR", "COD"),
    ("XKX", "XKS"),
    ("KOS", "XKS"),
    ("SCG", "SRB"),
    ("CHI", "CHN"),
    ("PRC", "CHN"),
    ("JAP", "JPN"),
    ("NET", "NLD"),
    ("HOL", "NLD"),
    ("SWI", "CHE"),
    ("DEN", "DNK"),
    ("SPA", "ESP"),
    ("POR", "PRT"),
    ("UAE", "ARE"),
    ("KSA", "SAU"),
    ("RSA", "ZAF"),
    ("ROK", "KOR"),
    ("DPRK", "PRK"),
    ("ALA", "FIN"),
    ("SJM", "XSV"),
    ("FIVE EYES", "FVEY"),
    ("5EYES", "FVEY"),
];

impl Vocabulary {
    /// The shared vocabulary, as vendored.
    pub fn standard() -> &'static Vocabulary {
        &STANDARD
    }

    /// The shared vocabulary for those that may get one of their own.
    pub fn shared() -> Arc<Vocabulary> {
        Arc::clone(&STANDARD)
    }

    /// Returns true if the code may stand in a list, deprecated or not.
    pub fn knows(&self, code: &str) -> bool {
        self.standing(code).is_some()
    }

    /// Returns true for organizations: told from countries by the vocabulary, never by length (EU has two letters, NSG three).
    pub fn is_organization(&self, code: &str) -> bool {
        self.standing(code).is_some_and(|standing| standing.organization)
    }

    /// What a list must know of a code, found once; `None`: it is in no vocabulary.
    pub(super) fn standing(&self, code: &str) -> Option<Standing> {
        match self.entries.get(code) {
            Some(entry) => Some(Standing {
                organization: entry.organization,
                deprecated: entry.deprecated,
            }),
            None => is_nato_word(code).then_some(Standing {
                organization: true,
                deprecated: None,
            }),
        }
    }

    /// Returns true for a country whose code was never retired: it means itself on every day.
    pub fn is_lasting_country(&self, code: &str) -> bool {
        self.entries.get(code).is_some_and(|entry| {
            matches!(entry.membership, Membership::Itself) && !entry.organization && entry.deprecated.is_none()
        })
    }

    /// The official long name.
    pub fn name(&self, code: &str) -> Option<&str> {
        self.entries.get(code).map(|entry| entry.name.as_str())
    }

    /// A short everyday name for letters: "Russia", "United Kingdom"; of an organization, its official name.
    pub fn display_name(&self, code: &str) -> Option<&str> {
        self.display_names
            .get(code)
            .map(String::as_str)
            .or_else(|| self.name(code))
    }

    /// The last day on which a new document may use the code, if it is retired (ISM-ID-00199).
    pub fn deprecated(&self, code: &str) -> Option<NaiveDate> {
        self.entries.get(code)?.deprecated
    }

    /// The members of a code on a day, USA included where it is one; a country is its own member.
    ///
    /// `None`: the code is unknown, or its membership is not public or retired.
    pub fn members(&self, code: &str, on: NaiveDate) -> Option<BTreeSet<String>> {
        self.members_between(code, on, on)
    }

    /// The members of a code on every day whatever: what may be counted on without a date.
    pub fn members_always(&self, code: &str) -> Option<BTreeSet<String>> {
        self.members_between(code, NaiveDate::MIN, NaiveDate::MAX)
    }

    /// Those who are members on both days and all days between.
    fn members_between(&self, code: &str, first: NaiveDate, last: NaiveDate) -> Option<BTreeSet<String>> {
        match &self.entries.get(code)?.membership {
            Membership::Itself => Some(BTreeSet::from([code.to_owned()])),
            Membership::Opaque => None,
            Membership::Known {
                members,
                joined,
                left,
                nested,
            } => {
                let mut found: BTreeSet<String> = members
                    .iter()
                    .filter(|member| joined.get(*member).is_none_or(|day| *day <= first))
                    .filter(|member| left.get(*member).is_none_or(|day| *day >= last))
                    .cloned()
                    .collect();
                for organization in nested {
                    if organization != code {
                        found.extend(self.members_between(organization, first, last)?);
                    }
                }
                Some(found)
            }
        }
    }

    /// The days on which the members of some organization are others than on the day before.
    pub fn days_of_change(&self) -> BTreeSet<NaiveDate> {
        let mut days = BTreeSet::new();
        for (_, entry) in self.entries.iter() {
            if let Membership::Known { joined, left, .. } = &entry.membership {
                days.extend(joined.values());
                days.extend(left.values().filter_map(NaiveDate::succ_opt));
            }
        }
        days
    }

    /// The code that was probably meant.
    pub fn suggest(&self, code: &str) -> Option<String> {
        if code.len() > 40 {
            return None;
        }
        let meant = OTHERS_SAY
            .iter()
            .find(|(said, _)| *said == code)
            .map(|(_, meant)| *meant);
        let named = || {
            let folded = code.to_lowercase();
            let hit = self
                .display_names
                .iter()
                .find(|(_, name)| name.to_lowercase() == folded);
            hit.map(|(code, _)| code.as_str())
        };
        meant
            .or_else(named)
            .or_else(|| suggest::nearest(code, self.entries.iter().map(|(code, _)| code)))
            .map(str::to_owned)
    }

    /// Every code with its official name: countries A to Z, then organizations A to Z.
    pub fn codes(&self) -> Vec<(&str, &str)> {
        let mut codes: Vec<_> = self
            .entries
            .iter()
            .map(|(code, entry)| (code, entry.name.as_str()))
            .collect();
        codes.sort_by_key(|(code, _)| (self.is_organization(code), *code));
        codes
    }

    /// The key by which lists are ordered: countries A to Z, then organizations A to Z (M16 p. 151).
    pub fn order<'a>(&self, code: &'a str) -> (bool, &'a str) {
        (self.is_organization(code), code)
    }

    /// Adds or replaces an organization with its members, for a workspace's own file.
    ///
    /// Every member must be a known country; the first that is not is returned as the error.
    pub fn add_organization(&mut self, code: &str, name: &str, members: &[DatedMember]) -> Result<(), String> {
        let stranger = members
            .iter()
            .find(|(member, _, _)| !self.knows(member) || self.is_organization(member));
        if let Some((stranger, _, _)) = stranger {
            return Err(stranger.clone());
        }
        let dated = |pick: fn(&DatedMember) -> Option<NaiveDate>| {
            members
                .iter()
                .filter_map(|member| Some((member.0.clone(), pick(member)?)))
                .collect()
        };
        let entry = Entry {
            name: name.to_owned(),
            organization: true,
            deprecated: self.deprecated(code),
            membership: Membership::Known {
                members: members.iter().map(|(member, _, _)| member.clone()).collect(),
                joined: dated(|member| member.1),
                left: dated(|member| member.2),
                nested: Vec::new(),
            },
        };
        self.entries.insert(code, entry);
        Ok(())
    }

    fn read_standard(&mut self) {
        for row in rows(include_str!("../../policy/vocabulary/relto_codes.csv")) {
            let [code, kind, name, deprecated, ..] = &row[..] else {
                continue;
            };
            if code.starts_with(NATO_WORD_PREFIX) {
                continue;
            }
            let organization = kind == "organization";
            let entry = Entry {
                name: name.clone(),
                organization,
                deprecated: deprecated.parse().ok(),
                membership: if organization {
                    Membership::Opaque
                } else {
                    Membership::Itself
                },
            };
            self.entries.insert(code, entry);
        }
        for row in rows(include_str!("../../policy/vocabulary/tetragraphs.csv")) {
            let [code, _, decomposable, _, _, _, members, nested, _] = &row[..] else {
                continue;
            };
            if decomposable != "Yes" {
                continue;
            }
            if let Some(entry) = self.entries.get_mut(code) {
                entry.membership = Membership::Known {
                    members: members.split_whitespace().map(str::to_owned).collect(),
                    joined: BTreeMap::new(),
                    left: BTreeMap::new(),
                    nested: nested.split_whitespace().map(str::to_owned).collect(),
                };
            }
        }
        for row in rows(include_str!("../../policy/vocabulary/accessions.csv")) {
            let [code, member, day, _] = &row[..] else { continue };
            let (Some(entry), Ok(day)) = (self.entries.get_mut(code), day.parse()) else {
                continue;
            };
            if let Membership::Known { members, joined, .. } = &mut entry.membership {
                members.insert(member.clone());
                joined.insert(member.clone(), day);
            }
        }
        for row in rows(include_str!("../../policy/vocabulary/display_names.csv")) {
            let [code, name] = &row[..] else { continue };
            self.display_names.insert(code.clone(), name.clone());
        }
    }
}

fn is_nato_word(code: &str) -> bool {
    code.strip_prefix(NATO_WORD_PREFIX).is_some_and(|word| {
        (1..=256).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-' || b == b'_')
    })
}

fn rows(text: &str) -> Vec<Vec<String>> {
    csv::Reader::from_reader(text.as_bytes())
        .into_records()
        .filter_map(Result::ok)
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn nothing_is_lost_from_the_files() {
        let vocabulary = Vocabulary::standard();
        assert_eq!(vocabulary.codes().len(), 340, "341 rows, one of them the NATO: pattern");
        assert_eq!(vocabulary.display_names.len(), 279);
        let organizations = rows(include_str!("../../policy/vocabulary/tetragraphs.csv"));
        assert_eq!(organizations.len(), 62);
        assert!(
            organizations
                .iter()
                .all(|row| vocabulary.is_organization(&row[0]) || row[0].contains('['))
        );
        for row in &organizations {
            let known: BTreeSet<String> = row[6].split_whitespace().map(str::to_owned).collect();
            assert_eq!(row[8], known.len().to_string(), "{}", row[0]);
            assert!(
                known
                    .iter()
                    .all(|code| vocabulary.knows(code) && !vocabulary.is_organization(code))
            );
        }
    }

    #[test]
    fn the_files_are_in_the_official_order() {
        let vocabulary = Vocabulary::standard();
        let codes: Vec<String> = rows(include_str!("../../policy/vocabulary/relto_codes.csv"))
            .into_iter()
            .map(|row| row[0].clone())
            .collect();
        assert_eq!(codes[0], "USA");
        assert!(
            codes[1..]
                .windows(2)
                .all(|pair| vocabulary.order(&pair[0]) < vocabulary.order(&pair[1])
                    || pair[1].contains('[')
                    || pair[0].contains('['))
        );
    }

    #[test]
    fn the_files_are_complete_against_each_other() {
        let codes = rows(include_str!("../../policy/vocabulary/relto_codes.csv"));
        let of_kind = |kind: &str| -> Vec<&str> {
            let found = codes.iter().filter(|row| row[1] == kind && !row[0].contains('['));
            found.map(|row| row[0].as_str()).collect()
        };
        let first = |text: &str| -> Vec<String> { rows(text).into_iter().map(|row| row[0].clone()).collect() };
        let mut organizations = first(include_str!("../../policy/vocabulary/tetragraphs.csv"));
        organizations.retain(|code| !code.contains('['));
        assert!(organizations.is_sorted(), "{organizations:?}");
        assert_eq!(organizations, of_kind("organization"));
        let mut countries = of_kind("trigraph");
        countries.sort_unstable();
        let mut named = first(include_str!("../../policy/vocabulary/display_names.csv"));
        assert!(named[1..].is_sorted());
        named.sort_unstable();
        assert_eq!(named, countries);
        let vocabulary = Vocabulary::standard();
        for row in rows(include_str!("../../policy/vocabulary/accessions.csv")) {
            assert!(
                vocabulary.is_organization(&row[0]) && vocabulary.knows(&row[1]),
                "{row:?}"
            );
            assert!(row[2].parse::<NaiveDate>().is_ok() && row[3].len() > 10, "{row:?}");
        }
    }

    #[test]
    fn length_does_not_tell_organizations() {
        let vocabulary = Vocabulary::standard();
        for code in ["EU", "NSG", "FVEY", "AUSTRALIA_GROUP", "NATO:Partners-Only"] {
            assert!(vocabulary.is_organization(code), "{code}");
        }
        assert!(!vocabulary.is_organization("GBR") && !vocabulary.is_organization("AX2"));
    }

    #[test]
    fn iso_is_not_the_vocabulary() {
        let vocabulary = Vocabulary::standard();
        assert!(vocabulary.knows("XKS") && vocabulary.knows("TWN"));
        for code in ["XKX", "PSE", "ALA", "SJM", "UMI", "UK", "GER", "AX1", ""] {
            assert!(!vocabulary.knows(code), "{code}");
        }
        assert_eq!(vocabulary.suggest("UK").as_deref(), Some("GBR"));
        assert_eq!(vocabulary.suggest("FEVY").as_deref(), Some("FVEY"));
    }

    #[test]
    fn nato_is_dated() {
        let vocabulary = Vocabulary::standard();
        let count = |on: &str| vocabulary.members("NATO", day(on)).unwrap().len();
        assert_eq!(count("2019-01-01"), 29);
        assert_eq!(count("2022-11-02"), 30);
        assert_eq!(count("2023-04-03"), 30);
        assert_eq!(count("2023-04-04"), 31);
        assert_eq!(count("2024-03-07"), 32);
        assert!(vocabulary.members("GMIF", day("2024-03-07")).unwrap().contains("SWE"));
    }

    #[test]
    fn opaque_and_retired_codes_have_no_members() {
        let vocabulary = Vocabulary::standard();
        assert_eq!(vocabulary.members("EU", day("2024-01-01")), None);
        assert_eq!(vocabulary.members("ISAF", day("2012-01-01")), None);
        assert_eq!(vocabulary.deprecated("ISAF"), Some(day("2016-03-17")));
        assert_eq!(vocabulary.members("FVEY", day("2024-01-01")).unwrap().len(), 5);
    }

    #[test]
    fn letters_say_everyday_names() {
        let vocabulary = Vocabulary::standard();
        assert_eq!(vocabulary.display_name("RUS"), Some("Russia"));
        assert_eq!(vocabulary.display_name("GBR"), Some("United Kingdom"));
        assert_eq!(vocabulary.display_name("KOR"), Some("South Korea"));
    }

    #[test]
    fn a_workspace_may_add_an_organization() {
        let mut vocabulary = Vocabulary::standard().clone();
        let members = [
            ("USA".to_owned(), None, None),
            ("JPN".to_owned(), Some(day("2024-01-01")), None),
        ];
        vocabulary.add_organization("QUAD", "Example", &members).unwrap();
        assert_eq!(vocabulary.members("QUAD", day("2023-01-01")).unwrap().len(), 1);
        assert_eq!(vocabulary.members("QUAD", day("2024-01-01")).unwrap().len(), 2);
        assert_eq!(
            vocabulary.add_organization("X", "Y", &[("ZZZ".to_owned(), None, None)]),
            Err("ZZZ".to_owned())
        );
    }
}
