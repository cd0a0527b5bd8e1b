//! The codes that several release lists have in common (M16 Table 3 rules 21, 23, 25-27; ISM-Rollup `unsortedCommonRelTokens`).

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::marking::vocabulary::Vocabulary;

/// How organization codes may be expanded.
#[derive(Debug, Clone, Copy)]
pub struct Expansion<'a> {
    /// The codes that may be expanded at all; the manual allows TEYE, ACGU and FVEY (Table 3 rule 23).
    pub allowed: &'a [String],
    pub vocabulary: &'a Vocabulary,
    /// The day whose membership counts; without one, those who are members on every day.
    pub on: Option<NaiveDate>,
}

impl Expansion<'_> {
    /// The members of a code that may be expanded, without USA; `None`: the code stands for itself.
    fn members(&self, code: &str) -> Option<BTreeSet<String>> {
        if !self.allowed.iter().any(|allowed| allowed == code) {
            return None;
        }
        let mut members = match self.on {
            Some(on) => self.vocabulary.members(code, on),
            None => self.vocabulary.members_always(code),
        }?;
        members.remove("USA");
        Some(members)
    }

    fn expand(&self, code: &str, into: &mut BTreeSet<String>) {
        match self.members(code) {
            Some(members) => into.extend(members),
            None => {
                into.insert(code.to_owned());
            }
        }
    }

    /// Returns true if one of the codes is the code itself or an organization with it.
    pub fn covers<'b>(&self, codes: impl IntoIterator<Item = &'b String>, code: &str) -> bool {
        codes
            .into_iter()
            .any(|cover| cover == code || self.members(cover).is_some_and(|members| members.contains(code)))
    }
}

/// Returns the codes common to all lists, in list order: first those literally in every list, then, of what is left,
/// those common after expansion. Codes that are not expandable are common only where they are literally in every list.
///
/// Without lists there is nothing in common. USA is not a member of the lists.
pub fn common_codes(lists: &[BTreeSet<String>], expansion: Expansion<'_>) -> Vec<String> {
    // a document repeats a few lists many times
    let distinct: BTreeSet<&BTreeSet<String>> = lists.iter().collect();
    let mut distinct = distinct.into_iter();
    let Some(first) = distinct.next() else {
        return Vec::new();
    };
    let rest: Vec<&BTreeSet<String>> = distinct.collect();
    let literal: BTreeSet<String> = first
        .iter()
        .filter(|code| rest.iter().all(|list| list.contains(*code)))
        .cloned()
        .collect();
    let remainder = |list: &BTreeSet<String>| {
        let mut left = BTreeSet::new();
        list.iter()
            .filter(|code| !literal.contains(*code))
            .for_each(|code| expansion.expand(code, &mut left));
        left
    };
    let mut expanded = remainder(first);
    for list in &rest {
        if expanded.is_empty() {
            break;
        }
        let other = remainder(list);
        expanded.retain(|code| other.contains(code));
    }
    expanded.retain(|code| !expansion.covers(&literal, code));
    let mut common: Vec<String> = literal.into_iter().chain(expanded).collect();
    common.sort_by(|a, b| expansion.vocabulary.order(a).cmp(&expansion.vocabulary.order(b)));
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(lists: &[&str]) -> String {
        let lists: Vec<BTreeSet<String>> = lists
            .iter()
            .map(|list| {
                list.split(' ')
                    .filter(|code| *code != "USA")
                    .map(str::to_owned)
                    .collect()
            })
            .collect();
        let allowed = ["FVEY", "ACGU", "TEYE"].map(str::to_owned);
        common_codes(
            &lists,
            Expansion {
                allowed: &allowed,
                vocabulary: Vocabulary::standard(),
                on: None,
            },
        )
        .join(" ")
    }

    /// ODNI's own unit tests of `util:unsortedCommonRelTokens` (ISM-Rollup CountryRollup-Functions.xspec).
    #[test]
    fn odni_unit_tests() {
        assert_eq!(common(&["AUS CAN NZL FVEY", "AUS CAN GBR NZL"]), "AUS CAN GBR NZL");
        assert_eq!(common(&["AUS CAN NZL FVEY", "AUS CAN GBR NZL APFS"]), "AUS CAN GBR NZL");
        assert_eq!(common(&["DEU JPN FVEY", "DEU FVEY", "DEU NZL FVEY"]), "DEU FVEY");
        assert_eq!(common(&["AUS CAN NZL", "AUS CAN GBR NZL"]), "AUS CAN NZL");
        assert_eq!(common(&["USA AUS CAN", "USA FVEY"]), "AUS CAN");
        assert_eq!(common(&["USA AUS CAN", "USA GBR"]), "");
    }

    #[test]
    fn four_of_five_are_not_collapsed_and_opaque_codes_are_atoms() {
        assert_eq!(common(&["AUS CAN GBR NZL", "AUS CAN GBR NZL"]), "AUS CAN GBR NZL");
        assert_eq!(common(&["FVEY KFOR", "FVEY KFOR"]), "FVEY KFOR");
        assert_eq!(common(&["NATO", "DEU"]), "", "NATO is not in the default set");
        assert_eq!(common(&["FVEY ACGU", "FVEY TEYE"]), "FVEY");
    }
}
