//! What a finished document must not carry although a reader must understand it.
//!
//! Reading a text says what it means and warns where it is old, unsorted or lacks a companion: texts at rest need not be
//! re-marked (M16 p. 35), and the manual's own syntax examples leave companions out. A new document re-marks, so there the
//! same things are errors.

use crate::base::diagnostic::Severity;
use crate::marking::ast::{Classification, Marking, Program};
use crate::marking::parse::Form;
use crate::marking::problem::{self, Kind, Problem, Span};
use crate::marking::profile::ProfileKind;
use crate::marking::validate;
use crate::marking::vocabulary::Vocabulary;

/// SIGMA numbers that new information may carry (M16 p. 108).
const CURRENT_SIGMAS: [u8; 4] = [14, 15, 18, 20];

impl Marking {
    /// Everything wrong with this marking as a portion mark or as the banner of a new document.
    ///
    /// Besides the rules of reading: companions must be there, names stand in order, what is retired is re-marked, and
    /// markings of Defense stand only in documents of its profile. That a classified banner says something about release
    /// is demanded of the banner alone (ISM-ID-00119), since an unmarked portion is legal outside disseminated analytic
    /// products (M16 p. 21) and rolls up to NOFORN beside marked ones; `DoDM` 10.d.(8)(a) has banners of a level alone.
    pub fn document_problems(&self, form: Form, profile: ProfileKind, vocabulary: &Vocabulary) -> Vec<Problem> {
        let portion = form == Form::Portion;
        let mut found = validate::judge(self, portion, vocabulary);
        for problem in &mut found {
            let hard = problem.code == problem::MISSING_COMPANION.code
                || problem.code == problem::IMCON_LEVEL.code
                || (problem.code == problem::NO_RELEASE_MARKING.code && !portion && profile == ProfileKind::Ic);
            if hard {
                problem.severity = Severity::Error;
            }
        }
        let mut refuse = |kind: &'static Kind, message: String, help: &str, page: &'static str| {
            let problem = Problem::new(kind, Span::default(), message).help(help).cite(page);
            found.push(problem.severity(Severity::Error));
        };
        for (programs, what, page) in [(&self.sci, "SCI", "M16 p. 61"), (&self.sap, "SAP", "M16 p. 100")] {
            if let Some(message) = disorder(programs) {
                let help = format!("{what} names ascend on every level, numbers first, each once");
                refuse(&problem::ENTRY_ORDER, message, &help, page);
            }
        }
        for program in &self.sci {
            match (program.name.as_str(), &program.compartments[..]) {
                ("KDK", _) => refuse(
                    &problem::LEGACY_FORM,
                    "KLONDIKE is closed".to_owned(),
                    "re-mark as TK-BLFH, TK-IDIT or TK-KAND",
                    "M16 p. 85",
                ),
                ("HCS", []) => refuse(
                    &problem::LEGACY_HCS,
                    "HCS alone is for legacy information".to_owned(),
                    "re-mark as HCS-O, HCS-P or HCS-O-P",
                    "M16 p. 62",
                ),
                ("HCS", all) if all.iter().any(|one| !matches!(one.name.as_str(), "O" | "P")) => refuse(
                    &problem::SCI_FORM,
                    "HCS has two compartments, O and P".to_owned(),
                    "write HCS-O, HCS-P or HCS-O-P",
                    "M16 p. 62",
                ),
                _ => {}
            }
        }
        let data = [&self.aea.rd, &self.aea.frd];
        let mut sigmas = data.into_iter().flatten().flat_map(|data| &data.sigmas);
        if let Some(sigma) = sigmas.find(|sigma| !CURRENT_SIGMAS.contains(sigma)) {
            refuse(
                &problem::LEGACY_SIGMA,
                format!("SIGMA {sigma} must not be carried forward"),
                "convert it to 14, 15, 18 or 20",
                "M16 p. 109",
            );
        }
        if let Some(name) = self.marking_of_defense().filter(|_| profile == ProfileKind::Ic) {
            refuse(
                &problem::DOD_MARKING,
                format!("{name} is not in the Register"),
                "leave it out, or set `profile = \"dod\"` if the document is Defense's",
                "M16 p. 36, Table 4",
            );
        }
        found
    }

    /// The first marking that only the Department of Defense knows.
    fn marking_of_defense(&self) -> Option<&'static str> {
        let joint = match &self.classification {
            Classification::Joint { owners, .. } => !owners.is_empty() && !owners.iter().any(|owner| owner == "USA"),
            _ => false,
        };
        let multiple = self.sap.iter().any(|program| program.name == "MULTIPLE PROGRAMS");
        [
            (joint, "JOINT without the United States"),
            (multiple, "SAR-MULTIPLE PROGRAMS"),
            (self.waived, "WAIVED"),
            (self.hvsaco, "HVSACO"),
            (!self.accm.is_empty(), "ACCM"),
        ]
        .into_iter()
        .find_map(|(holds, name)| holds.then_some(name))
    }
}

/// The first pair of names on any level that does not ascend.
fn disorder(programs: &[Program]) -> Option<String> {
    let pair = |before: &str, after: &str| (before >= after).then(|| format!("`{after}` stands after `{before}`"));
    let of_programs = programs.windows(2).find_map(|two| pair(&two[0].name, &two[1].name));
    of_programs.or_else(|| {
        programs.iter().find_map(|program| {
            program
                .compartments
                .windows(2)
                .find_map(|two| pair(&two[0].name, &two[1].name))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marking::parse::parse;

    fn refused(text: &str, profile: ProfileKind) -> Vec<&'static str> {
        let parsed = parse(text, Form::Auto, None);
        let marking = parsed
            .marking
            .unwrap_or_else(|| panic!("{text}: {:?}", parsed.problems));
        let found = marking.document_problems(parsed.form, profile, Vocabulary::standard());
        found
            .iter()
            .filter(|problem| problem.is_error())
            .map(|problem| problem.code)
            .collect()
    }

    #[test]
    fn what_a_reader_understands_a_new_document_does_not_carry() {
        for (text, code) in [
            ("(TS//SAR-CD/BP//NF)", "entry-order"),
            ("(TS//SAR-BP-K15-J12//NF)", "entry-order"),
            ("TOP SECRET//HCS-P JJJ-P DDDD//ORCON/NOFORN", "entry-order"),
            ("TOP SECRET//HCS//NOFORN", "legacy-hcs"),
            ("(S//HCS-XXX//NF)", "sci-form"),
            ("TOP SECRET//KDK-BLFH//NOFORN", "legacy-form"),
            ("SECRET//RD-SIGMA 2//NOFORN", "legacy-sigma"),
            ("(C//IMC/NF)", "imcon-level"),
            ("(S//HCS-P)", "missing-companion"),
            ("(TS//SI-G//NF)", "missing-companion"),
            ("(S//RD)", "missing-companion"),
            ("//JOINT SECRET GBR USA", "missing-companion"),
            ("SECRET", "no-release-marking"),
            ("TOP SECRET//SAR-BP//WAIVED//NOFORN", "dod-marking"),
            ("TOP SECRET//SAR-MULTIPLE PROGRAMS//NOFORN", "dod-marking"),
            ("SECRET//NOFORN//ACCM-EXAMPLE", "dod-marking"),
            ("//JOINT SECRET CAN GBR//REL TO USA, CAN, GBR", "dod-marking"),
        ] {
            assert_eq!(refused(text, ProfileKind::Ic), [code], "{text}");
        }
    }

    #[test]
    fn current_markings_are_fit_for_a_document() {
        for text in [
            "(S)",
            "(U)",
            "SECRET//REL TO USA, FVEY",
            "TOP SECRET//HCS-P JJJ/SI-G ABCD//SAR-BP/CD//RD-SIGMA 14 20//ORCON/NOFORN",
            "//JOINT SECRET GBR USA//REL TO USA, GBR",
            "SECRET//RD//REL TO USA, GBR",
        ] {
            assert!(refused(text, ProfileKind::Ic).is_empty(), "{text}");
        }
        for text in [
            "SECRET",
            "TOP SECRET//SAR-BP//WAIVED//NOFORN",
            "SECRET//NOFORN//ACCM-EXAMPLE",
        ] {
            assert!(refused(text, ProfileKind::Dod).is_empty(), "{text}");
        }
    }
}
