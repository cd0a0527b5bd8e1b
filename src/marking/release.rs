//! The release marking of a banner: Table 3 of the manual (M16 pp. 28-30) and, for `DoD`, `DoDM` 10.d and 10.e.

use std::collections::BTreeSet;

use crate::marking::ast::{Classification, Marking};
use crate::marking::common::common_codes;
use crate::marking::level::Level;
use crate::marking::register::{Control, NonIc};
use crate::marking::requirements::noforn_needs;
use crate::marking::rollup::{Builder, ProfileKind};

impl Builder<'_> {
    /// Computes NOFORN, REL TO, RELIDO and DISPLAY ONLY of the banner.
    pub(super) fn release(&mut self) {
        let participants: Vec<usize> = (0..self.portions.len())
            .filter(|index| takes_part(&self.portions[*index]))
            .collect();
        if let Some(index) = participants
            .iter()
            .copied()
            .find(|index| self.portions[*index].is_noforn())
        {
            self.noforn_of(index);
            return;
        }
        if self.noforn_of_contents() {
            return;
        }
        if !participants.iter().any(|index| self.portions[*index].says_release()) {
            // Nothing is said anywhere: level and other controls only (M16 p. 21, i.)
            return;
        }
        if let Some(index) = participants
            .iter()
            .copied()
            .find(|index| !self.portions[*index].says_release())
        {
            self.unmarked(index);
            return;
        }
        let listed = |marking: &Marking| marking.has(Control::RelTo) || marking.has(Control::DisplayOnly);
        let relido = participants
            .iter()
            .all(|index| self.portions[*index].has(Control::Relido));
        if participants.iter().all(|index| listed(&self.portions[*index])) {
            self.lists(&participants, relido);
        } else if relido {
            self.relido(&participants);
        } else {
            self.mixture(&participants);
        }
    }

    /// A portion says NOFORN, or carries a control that counts as NOFORN (rules 1-8, 14, 15).
    fn noforn_of(&mut self, index: usize) {
        let portion = &self.portions[index];
        let compound = |marking: &Marking| {
            marking
                .non_ic
                .iter()
                .all(|control| !matches!(control, NonIc::Exdis | NonIc::Nodis))
                && !marking.controls.iter().any(Control::is_release)
        };
        if !self.banner.level().is_classified() && self.portions.iter().all(compound) {
            // SBU NOFORN and LES NOFORN alone stay what they are in an unclassified document (M16 pp. 179, 187)
            return;
        }
        let explicit = self.portions.iter().position(|portion| portion.has(Control::Noforn));
        let (index, rule) = match explicit {
            Some(index) => (index, "NF with anything is NOFORN: M16 Table 3 rules 1-3, 6"),
            None if portion.non_ic.contains(NonIc::Exdis) || portion.non_ic.contains(NonIc::Nodis) => {
                (index, "EXDIS and NODIS require NOFORN: M16 pp. 172, 174")
            }
            None => (
                index,
                "SBU-NF and LES-NF with anything else are NOFORN: M16 Table 3 rules 4, 5, 7, 8, 14, 15",
            ),
        };
        self.add_noforn(index, rule);
    }

    /// What the document holds requires NOFORN although no portion says so.
    fn noforn_of_contents(&mut self) -> bool {
        let classified = self.banner.level().is_classified();
        let ucni = self
            .portions
            .iter()
            .position(|portion| portion.aea.dod_ucni || portion.aea.doe_ucni);
        if let Some(index) = ucni.filter(|_| classified) {
            self.add_noforn(
                index,
                "UCNI leaves a classified banner and NOFORN comes in its place: M16 pp. 116, 118",
            );
            return true;
        }
        let needs = self
            .portions
            .iter()
            .enumerate()
            .find_map(|(index, portion)| Some((index, *noforn_needs(portion).first()?)));
        if let Some((index, (name, page))) = needs {
            self.add_noforn(index, &format!("{name} requires NOFORN: {page}"));
            return true;
        }
        false
    }

    /// Some portions say something about release and this one does not (rules 12, 16, 17, 19).
    fn unmarked(&mut self, index: usize) {
        let says = |control: Control| self.carried.controls.contains(control);
        let classified = self.portions[index].level().is_classified();
        if self.profile.kind == ProfileKind::Dod && classified && says(Control::RelTo) && !says(Control::Relido) {
            self.because(
                self.banner.level().word(),
                index,
                "REL TO beside an unmarked portion is the level alone: DoDM 10.d.(8)(a)",
            );
            return;
        }
        let rule = match (says(Control::RelTo), says(Control::Relido), says(Control::DisplayOnly)) {
            (true, true, _) => "no release marking beside REL TO and RELIDO: M16 Table 3 rule 12",
            (true, false, _) => "no release marking beside REL TO: M16 Table 3 rule 16",
            (false, true, _) => "no release marking beside RELIDO: M16 Table 3 rule 17, the stricter outcome",
            (false, false, _) => "no release marking beside DISPLAY ONLY: M16 Table 3 rule 19",
        };
        let rule = if classified {
            rule.to_owned()
        } else {
            format!("{rule}; an unclassified portion with controls counts (M16 p. 53, ISM-ID-00088)")
        };
        self.add_noforn(index, &rule);
    }

    /// Every portion has REL TO or DISPLAY ONLY (rules 9, 11, 20-23, 25-27).
    fn lists(&mut self, participants: &[usize], relido: bool) {
        let portions = self.portions;
        let all_rel = participants.iter().all(|index| portions[*index].has(Control::RelTo));
        let any_display = participants
            .iter()
            .any(|index| portions[*index].has(Control::DisplayOnly));
        // a document repeats a few lists many times
        let mut distinct: BTreeSet<(&[String], &[String])> = BTreeSet::new();
        for index in participants {
            distinct.insert((&portions[*index].rel_to, &portions[*index].display_only));
        }
        let rel_lists: Vec<BTreeSet<String>> = distinct.iter().map(|(rel, _)| set(rel)).collect();
        let shown_lists: Vec<BTreeSet<String>> = distinct
            .iter()
            .map(|(rel, display)| rel.iter().chain(*display).cloned().collect())
            .collect();
        let released = if all_rel {
            common_codes(&rel_lists, self.expansion)
        } else {
            Vec::new()
        };
        let mut shown = if any_display {
            common_codes(&shown_lists, self.expansion)
        } else {
            Vec::new()
        };
        shown.retain(|code| !self.expansion.covers(&released, code));
        if self.profile.kind == ProfileKind::Dod && shown_lists.windows(2).any(|pair| pair[0] != pair[1]) {
            // only identical lists reach a DoD banner (DoDM 10.e.(6))
            shown.clear();
        }
        let first = participants.first().copied().unwrap_or(0);
        if !released.is_empty() {
            self.banner.controls.insert(Control::RelTo);
            self.because(
                format!("REL TO USA, {}", released.join(", ")),
                first,
                "codes common to all portions: M16 Table 3 rules 21, 23, 27",
            );
        }
        if relido {
            self.banner.controls.insert(Control::Relido);
            self.because("RELIDO", first, "every portion carries RELIDO: M16 p. 155");
        }
        if !shown.is_empty() {
            self.banner.controls.insert(Control::DisplayOnly);
            self.because(
                format!("DISPLAY ONLY {}", shown.join(", ")),
                first,
                "codes common to all portions, release included: M16 Table 3 rules 25-27",
            );
        }
        if released.is_empty() && shown.is_empty() && !relido {
            self.nothing_in_common(participants, any_display, all_rel);
        }
        self.banner.rel_to = released;
        self.banner.display_only = shown;
    }

    /// "NOFORN is the most restrictive": no common code is NOFORN, never a bare level (rules 9, 11, 20).
    fn nothing_in_common(&mut self, participants: &[usize], display: bool, all_rel: bool) {
        let portions = self.portions;
        let list = |index: usize| {
            let shown = if all_rel {
                &[][..]
            } else {
                &portions[index].display_only[..]
            };
            portions[index]
                .rel_to
                .iter()
                .chain(shown)
                .cloned()
                .collect::<BTreeSet<String>>()
        };
        // the portion after which nothing was left
        let mut lists = Vec::new();
        let emptied = participants.iter().copied().find(|index| {
            let next = list(*index);
            if lists.contains(&next) {
                return false;
            }
            lists.push(next);
            common_codes(&lists, self.expansion).is_empty()
        });
        let index = emptied.or(participants.first().copied()).unwrap_or(0);
        if self.profile.kind == ProfileKind::Dod && self.banner.level() > Level::Unclassified {
            self.because(
                self.banner.level().word(),
                index,
                "no code in common is the level alone: DoDM 10.d.(8)(a)",
            );
            return;
        }
        let rule = match (display, all_rel) {
            (false, _) => "REL TO lists with no code in common: M16 Table 3 rule 9",
            (true, true) => "REL TO and DISPLAY ONLY lists with no code in common: M16 Table 3 rule 27",
            (true, false) => "DISPLAY ONLY and REL TO lists with no code in common: M16 Table 3 rules 11, 20",
        };
        self.add_noforn(index, rule);
    }

    fn relido(&mut self, participants: &[usize]) {
        self.banner.controls.insert(Control::Relido);
        let first = participants.first().copied().unwrap_or(0);
        self.because(
            "RELIDO",
            first,
            "every portion carries RELIDO: M16 Table 3 rule 24, p. 155",
        );
    }

    /// RELIDO on some portions only (rules 10, 18).
    fn mixture(&mut self, participants: &[usize]) {
        let portions = self.portions;
        let index = participants
            .iter()
            .copied()
            .find(|index| portions[*index].has(Control::Relido))
            .unwrap_or(0);
        let display = participants
            .iter()
            .any(|index| portions[*index].has(Control::DisplayOnly));
        let rule = if display {
            "RELIDO beside DISPLAY ONLY: M16 Table 3 rule 18"
        } else {
            "RELIDO beside REL TO: M16 Table 3 rule 10"
        };
        self.add_noforn(index, rule);
    }

    fn add_noforn(&mut self, index: usize, rule: &str) {
        self.banner.controls.insert(Control::Noforn);
        self.because("NOFORN", index, rule);
    }
}

/// Every classified portion takes part, and every unclassified one with any control or a foreign owner; `(U)` never
/// (M16 p. 51; Table 2 for FGI without release marking).
fn takes_part(portion: &Marking) -> bool {
    portion.level().is_classified() || !portion.is_bare() || !matches!(portion.classification, Classification::Us(_))
}

fn set(codes: &[String]) -> BTreeSet<String> {
    codes.iter().cloned().collect()
}
