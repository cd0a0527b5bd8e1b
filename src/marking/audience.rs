//! Compares two states of release by the audiences they reach, not by their text (M16 pp. 150, 163; ICD 403 as cited there).

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::marking::ast::Release;
use crate::marking::vocabulary::Vocabulary;

/// What changed between two states of release. USA is never listed; no REL TO means USA alone.
///
/// Release (a copy to keep) and disclosure (seeing it) are two axes, and release includes disclosure: from REL TO GBR to
/// DISPLAY ONLY GBR, GBR is removed from release and nothing is removed from disclosure.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Comparison {
    pub added: BTreeSet<String>,
    pub removed: BTreeSet<String>,
    pub unchanged: BTreeSet<String>,
    /// Codes on one side only whose membership is not public, retired or not written out.
    pub undeterminable: BTreeSet<String>,
    pub disclosure_added: BTreeSet<String>,
    pub disclosure_removed: BTreeSet<String>,
    /// NOFORN after the change and not before.
    pub to_noforn: bool,
    /// Anything added, removed or undeterminable on either axis.
    pub audience_changed: bool,
}

/// Compares the effective audiences as of a day: organizations are expanded to their members of that day.
pub fn compare(from: &Release, to: &Release, on: NaiveDate, vocabulary: &Vocabulary) -> Comparison {
    let (before, after) = (Audience::of(from, on, vocabulary), Audience::of(to, on, vocabulary));
    let without =
        |set: &BTreeSet<String>, other: &BTreeSet<String>| set.difference(other).cloned().collect::<BTreeSet<_>>();
    let mut comparison = Comparison {
        added: without(&after.released, &before.released),
        removed: without(&before.released, &after.released),
        unchanged: before.released.intersection(&after.released).cloned().collect(),
        undeterminable: before
            .released_opaque
            .symmetric_difference(&after.released_opaque)
            .cloned()
            .collect(),
        disclosure_added: without(&after.disclosed, &before.disclosed),
        disclosure_removed: without(&before.disclosed, &after.disclosed),
        to_noforn: to.is_noforn() && !from.is_noforn(),
        audience_changed: false,
    };
    // an opaque code on both sides means the same members on both
    comparison
        .unchanged
        .extend(before.released_opaque.intersection(&after.released_opaque).cloned());
    comparison.undeterminable.extend(
        before
            .disclosed_opaque
            .symmetric_difference(&after.disclosed_opaque)
            .cloned(),
    );
    if before.unwritten || after.unwritten {
        comparison.undeterminable.insert("REL".to_owned());
    }
    comparison.audience_changed = [
        &comparison.added,
        &comparison.removed,
        &comparison.undeterminable,
        &comparison.disclosure_added,
        &comparison.disclosure_removed,
    ]
    .iter()
    .any(|set| !set.is_empty());
    comparison
}

/// The comparisons of a run, each made once: a hundred thousand records change between a few dozen markings.
#[derive(Debug)]
pub struct Comparisons<'v> {
    vocabulary: &'v Vocabulary,
    days_of_change: Vec<NaiveDate>,
    /// By the two states and the number of changes of membership up to the day.
    known: BTreeMap<(Release, Release, usize), Comparison>,
}

/// What changed between two lists of countries, in order. Disclosure changed as release did, and nothing is uncertain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Countries<'r> {
    pub added: Vec<&'r str>,
    pub removed: Vec<&'r str>,
    pub unchanged: Vec<&'r str>,
    pub to_noforn: bool,
}

impl<'v> Comparisons<'v> {
    pub fn new(vocabulary: &'v Vocabulary) -> Self {
        Self {
            vocabulary,
            days_of_change: vocabulary.days_of_change().into_iter().collect(),
            known: BTreeMap::new(),
        }
    }

    /// What [`compare`] returns on whatever day, where both states are lists of countries: they are compared as they stand
    /// and not kept.
    pub fn plain<'r>(&self, from: &'r Release, to: &'r Release) -> Option<Countries<'r>> {
        let (before, after) = (countries(from, self.vocabulary)?, countries(to, self.vocabulary)?);
        let pick = |list: &'r [String], other: &[String], there: bool| -> Vec<&'r str> {
            let wanted = |code: &&String| other.binary_search(code).is_ok() == there;
            list.iter().filter(wanted).map(String::as_str).collect()
        };
        Some(Countries {
            added: pick(after, before, false),
            removed: pick(before, after, false),
            unchanged: pick(before, after, true),
            to_noforn: to.is_noforn() && !from.is_noforn(),
        })
    }

    /// What [`compare`] returns.
    pub fn of(&mut self, from: &Release, to: &Release, on: NaiveDate) -> &Comparison {
        let changes = self.days_of_change.partition_point(|day| *day <= on);
        match self.known.entry((from.clone(), to.clone(), changes)) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => {
                let (from, to, _) = vacant.key();
                let comparison = compare(from, to, on, self.vocabulary);
                vacant.insert(comparison)
            }
        }
    }
}

/// The countries that a state of release reaches, on every day alike, in order; nothing where one cannot tell at a glance.
fn countries<'r>(release: &'r Release, vocabulary: &Vocabulary) -> Option<&'r [String]> {
    let listed = release.rel_to.as_deref();
    if !release.display_only.is_empty() || listed.is_some_and(<[String]>::is_empty) {
        return None;
    }
    let codes = listed.unwrap_or_default();
    let plain = codes.is_sorted_by(|a, b| a < b)
        && codes
            .iter()
            .all(|code| code != "USA" && vocabulary.is_lasting_country(code));
    plain.then_some(if release.is_noforn() { &[] } else { codes })
}

/// Who is reached by a state of release.
#[derive(Default)]
struct Audience {
    released: BTreeSet<String>,
    released_opaque: BTreeSet<String>,
    disclosed: BTreeSet<String>,
    disclosed_opaque: BTreeSet<String>,
    /// `REL` without its list.
    unwritten: bool,
}

impl Audience {
    fn of(release: &Release, on: NaiveDate, vocabulary: &Vocabulary) -> Self {
        let mut audience = Audience {
            unwritten: release.rel_to.as_ref().is_some_and(Vec::is_empty),
            ..Audience::default()
        };
        if release.is_noforn() {
            return audience;
        }
        let expand = |codes: &[String], known: &mut BTreeSet<String>, opaque: &mut BTreeSet<String>| {
            for code in codes {
                match vocabulary.members(code, on) {
                    Some(members) => known.extend(members),
                    None => {
                        opaque.insert(code.clone());
                    }
                }
            }
            known.remove("USA");
        };
        expand(
            release.released_to(),
            &mut audience.released,
            &mut audience.released_opaque,
        );
        audience.disclosed.clone_from(&audience.released);
        audience.disclosed_opaque.clone_from(&audience.released_opaque);
        expand(
            &release.display_only,
            &mut audience.disclosed,
            &mut audience.disclosed_opaque,
        );
        audience
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marking::parse::parse_release;

    fn diff(from: &str, to: &str, on: &str) -> Comparison {
        let read = |text: &str| parse_release(text, None).release.unwrap();
        compare(&read(from), &read(to), on.parse().unwrap(), Vocabulary::standard())
    }

    fn list(set: &BTreeSet<String>) -> String {
        set.iter().cloned().collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn writing_fvey_out_changes_nothing_but_the_text() {
        let found = diff("REL TO USA, FVEY", "REL TO USA, AUS, CAN, GBR, NZL", "2025-01-01");
        assert!(!found.audience_changed);
        assert_eq!(list(&found.unchanged), "AUS CAN GBR NZL");
    }

    #[test]
    fn a_comparison_is_kept_until_a_membership_changes() {
        let read = |text: &str| parse_release(text, None).release.unwrap();
        let (from, to) = (read("REL TO USA, DEU"), read("REL TO USA, NATO"));
        let mut kept = Comparisons::new(Vocabulary::standard());
        for on in [
            "1990-01-01",
            "2023-04-03",
            "2023-04-04",
            "2023-04-05",
            "2024-03-06",
            "2024-03-07",
            "2026-01-01",
        ] {
            let on = on.parse().unwrap();
            for (from, to) in [(&from, &to), (&to, &from)] {
                let made = compare(from, to, on, Vocabulary::standard());
                assert_eq!(*kept.of(from, to, on), made, "{on}");
            }
        }
        assert!(kept.known.len() < 14, "{}", kept.known.len());
    }

    #[test]
    fn lists_of_countries_compare_as_any_others() {
        let read = |text: &str| parse_release(text, None).release.unwrap();
        let states = [
            "SECRET",
            "NOFORN",
            "REL TO USA, GBR",
            "REL TO USA, AUS, GBR",
            "REL TO USA, CHN, RUS",
            "REL TO USA, GBR, KFOR",
            "REL TO USA, JPN, FVEY",
            "DISPLAY ONLY GBR",
            "(S//REL)",
        ];
        let kept = Comparisons::new(Vocabulary::standard());
        let on = "2009-01-01".parse().unwrap();
        let mut plain = 0;
        for from in states {
            for to in states {
                let (before, after) = (read(from), read(to));
                let Some(found) = kept.plain(&before, &after) else {
                    continue;
                };
                plain += 1;
                let set = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect::<BTreeSet<_>>();
                let (added, removed) = (set(&found.added), set(&found.removed));
                let whole = Comparison {
                    unchanged: set(&found.unchanged),
                    undeterminable: BTreeSet::new(),
                    disclosure_added: added.clone(),
                    disclosure_removed: removed.clone(),
                    to_noforn: found.to_noforn,
                    audience_changed: !(added.is_empty() && removed.is_empty()),
                    added,
                    removed,
                };
                assert_eq!(
                    whole,
                    compare(&before, &after, on, Vocabulary::standard()),
                    "{from} to {to}"
                );
            }
        }
        assert_eq!(plain, 5 * 5);
    }

    #[test]
    fn a_swap_is_both_an_addition_and_a_removal() {
        let found = diff("SECRET//REL TO USA, GBR", "SECRET//REL TO USA, RUS, FVEY", "2025-01-01");
        assert_eq!(
            (list(&found.added), list(&found.removed)),
            ("AUS CAN NZL RUS".to_owned(), String::new())
        );
        let found = diff("REL TO USA, GBR", "REL TO USA, RUS", "2025-01-01");
        assert_eq!(
            (list(&found.added), list(&found.removed)),
            ("RUS".to_owned(), "GBR".to_owned())
        );
    }

    #[test]
    fn nato_of_2019_is_not_nato_of_2025() {
        let names = "REL TO USA, FIN, SWE, NATO";
        assert_eq!(list(&diff("REL TO USA, NATO", names, "2019-05-01").added), "FIN SWE");
        assert_eq!(list(&diff("REL TO USA, NATO", names, "2023-05-01").added), "SWE");
        assert!(!diff("REL TO USA, NATO", names, "2025-05-01").audience_changed);
    }

    #[test]
    fn display_only_narrows_release_and_keeps_disclosure() {
        let found = diff("REL TO USA, GBR", "DISPLAY ONLY GBR", "2025-01-01");
        assert_eq!(list(&found.removed), "GBR");
        assert!(found.disclosure_removed.is_empty() && found.disclosure_added.is_empty() && found.audience_changed);
    }

    #[test]
    fn relido_releases_to_nobody() {
        assert!(!diff("NOFORN", "RELIDO", "2025-01-01").audience_changed);
        assert!(!diff("SECRET", "SECRET//NOFORN", "2025-01-01").audience_changed);
        assert!(diff("SECRET", "SECRET//NOFORN", "2025-01-01").to_noforn);
    }

    #[test]
    fn opaque_codes_cannot_be_shown_to_change_nothing() {
        let found = diff("REL TO USA, GBR", "REL TO USA, GBR, KFOR", "2025-01-01");
        assert_eq!(list(&found.undeterminable), "KFOR");
        assert!(found.audience_changed);
        assert!(!diff("REL TO USA, KFOR", "REL TO USA, KFOR", "2025-01-01").audience_changed);
    }

    #[test]
    fn a_portion_shorthand_is_undeterminable() {
        assert_eq!(list(&diff("(S//REL)", "(S//NF)", "2025-01-01").undeterminable), "REL");
    }
}
