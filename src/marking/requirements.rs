//! Levels, exclusions and requirements of what a document holds: SCI, SAP and Atomic Energy Act information.

use std::collections::BTreeSet;

use crate::marking::ast::Marking;
use crate::marking::level::Level;
use crate::marking::parse::Part;
use crate::marking::problem;
use crate::marking::register::{Control, NonIc};
use crate::marking::validate::Checker;

impl Checker<'_> {
    /// Levels, exclusions and requirements of SCI (M16 pp. 62-98; ISM-ID-00044).
    pub(super) fn check_sci(&mut self) {
        let marking = self.marking;
        let level = marking.level();
        for (index, program) in marking.sci.iter().enumerate() {
            let part = Part::Sci(index);
            let has = |name: &str| program.compartments.iter().any(|compartment| compartment.name == name);
            let lowest = match program.name.as_str() {
                "SI" if program.compartments.is_empty() => Some((Level::Confidential, "M16 p. 74")),
                "SI" => Some((Level::TopSecret, "M16 p. 76")),
                "TK" if has("BLFH") => Some((Level::TopSecret, "M16 p. 87")),
                "RSV" => Some((Level::Secret, "M16 p. 70")),
                "TK" | "KDK" => Some((Level::Secret, "M16 p. 85")),
                "HCS"
                    if program
                        .compartments
                        .iter()
                        .any(|compartment| compartment.name == "P" && !compartment.subs.is_empty()) =>
                {
                    Some((Level::TopSecret, "M16 p. 68"))
                }
                "HCS" if program.compartments.is_empty() => Some((Level::Confidential, "M16 p. 62")),
                "HCS" => Some((Level::Secret, "M16 p. 64")),
                _ => Some((Level::Confidential, "M16 p. 60")),
            };
            if let Some((lowest, page)) = lowest.filter(|(lowest, _)| level < *lowest) {
                let allowed = Level::ALL
                    .into_iter()
                    .rev()
                    .filter(|allowed| *allowed >= lowest)
                    .map(Level::word)
                    .collect::<Vec<_>>();
                self.level_error(part, &program.name, &allowed.join(", "), page);
            }
        }
        self.check_sci_companions();
    }

    fn check_sci_companions(&mut self) {
        let marking = self.marking;
        let hcs_p_sub = marking.sci.iter().any(|program| {
            program.name == "HCS"
                && program
                    .compartments
                    .iter()
                    .any(|compartment| compartment.name == "P" && !compartment.subs.is_empty())
        });
        let gamma = marking.has_sci("SI", Some("G"));
        let operations = marking.has_sci("HCS", Some("O"));
        for (holds, name, page) in [
            (gamma, "SI-G", "M16 p. 80; ISM-ID-00044"),
            (operations, "HCS-O", "M16 p. 64"),
            (hcs_p_sub, "HCS-P sub-compartments", "M16 p. 68"),
        ] {
            if !holds {
                continue;
            }
            if marking.has(Control::OrconUsgov) {
                self.refuse(
                    &problem::CONFLICTING_MARKINGS,
                    Part::Control(Control::OrconUsgov),
                    format!("{name} may not be used with ORCON-USGOV"),
                    "ORCON is required",
                    page,
                );
            } else if !marking.has(Control::Orcon) {
                self.missing(Part::Sci(0), name, "ORCON", page);
            }
        }
        if let Some(index) = marking.sci.iter().position(|program| program.name == "KDK")
            && !marking.has(Control::Noforn)
        {
            // a closed system is accepted only in the form that was authorized
            let help = "re-mark as TK-BLFH, TK-IDIT or TK-KAND, with NOFORN";
            self.refuse(
                &problem::LEGACY_MARKING,
                Part::Sci(index),
                "KDK without NOFORN".to_owned(),
                help,
                "M16 p. 85; DoDM 6.f",
            );
        }
        for (name, page) in noforn_needs(marking) {
            let release = [Control::RelTo, Control::Relido, Control::DisplayOnly]
                .into_iter()
                .find(|control| marking.has(*control));
            if let Some(release) = release {
                self.refuse(
                    &problem::CONFLICTING_MARKINGS,
                    Part::Control(release),
                    format!("{name} requires NOFORN, which excludes {}", release.names().banner()),
                    "one of the two is wrong",
                    page,
                );
            } else if !marking.has(Control::Noforn) {
                self.missing(Part::Classification, name, "NOFORN", page);
            }
        }
    }

    /// Levels and precedence of Atomic Energy Act information (M16 pp. 103-121).
    pub(super) fn check_aea(&mut self) {
        let marking = self.marking;
        let level = marking.level();
        let aea = &marking.aea;
        let classified = "TOP SECRET, SECRET, CONFIDENTIAL";
        for (holds, part, name, page) in [
            (aea.rd.is_some(), Part::Rd, "RD", "M16 p. 104"),
            (aea.frd.is_some(), Part::Frd, "FRD", "M16 p. 111"),
            (aea.tfni, Part::Tfni, "TFNI", "M16 p. 120"),
        ] {
            if holds && !level.is_classified() {
                self.level_error(part, name, classified, page);
            }
        }
        for (holds, part, name, page) in [
            (aea.dod_ucni, Part::DodUcni, "DOD UCNI", "M16 p. 116"),
            (aea.doe_ucni, Part::DoeUcni, "DOE UCNI", "M16 p. 118"),
        ] {
            if holds && level.is_classified() {
                self.level_error(part, name, "UNCLASSIFIED", page);
            }
        }
        let cnwdi = aea.rd.as_ref().is_some_and(|data| data.cnwdi);
        if cnwdi && level == Level::Confidential {
            self.level_error(Part::Cnwdi, "CNWDI", "TOP SECRET, SECRET", "M16 p. 106");
        }
        let sigma = [&aea.rd, &aea.frd]
            .into_iter()
            .flatten()
            .any(|data| !data.sigmas.is_empty());
        if sigma && level == Level::Confidential {
            self.level_error(Part::Sigma, "SIGMA", "TOP SECRET, SECRET", "M16 p. 108");
        }
        if aea.rd.is_some() && aea.frd.is_some() {
            self.refuse(
                &problem::CONFLICTING_MARKINGS,
                Part::Frd,
                "RD takes precedence over FRD: only RD is used".to_owned(),
                "write RD, with all SIGMA numbers",
                "M16 p. 105",
            );
        }
        if (aea.rd.is_some() || aea.frd.is_some()) && aea.tfni {
            self.refuse(
                &problem::CONFLICTING_MARKINGS,
                Part::Tfni,
                "RD and FRD take precedence over TFNI".to_owned(),
                "leave TFNI out",
                "M16 p. 120",
            );
        }
        let restricted = if aea.rd.is_some() {
            Some((Part::Rd, "RD", "M16 p. 104"))
        } else {
            aea.frd.is_some().then_some((Part::Frd, "FRD", "M16 p. 111"))
        };
        if let Some((part, name, page)) = restricted {
            if marking.has(Control::RelTo) {
                self.warn(
                    &problem::SHARING_AGREEMENT,
                    part,
                    format!("{name} with REL TO needs a sharing agreement under the Atomic Energy Act"),
                    "make sure that there is one",
                    "M16 p. 104; ISM-ID-00467",
                );
            } else if level.is_classified() && !marking.is_noforn() {
                self.missing(part, name, "NOFORN", page);
            }
        }
    }

    /// SAP is for classified information only (M16 p. 101); WAIVED goes with a program (`DoDM` 7.f).
    pub(super) fn check_sap(&mut self) {
        let marking = self.marking;
        if !marking.sap.is_empty() && !marking.level().is_classified() {
            self.level_error(Part::Sap, "SAR", "TOP SECRET, SECRET, CONFIDENTIAL", "M16 p. 101");
        }
        if marking.waived && marking.sap.is_empty() {
            self.refuse(
                &problem::CONFLICTING_MARKINGS,
                Part::Waived,
                "WAIVED without a special access program".to_owned(),
                "name the program",
                "DoDM 7.f",
            );
        }
        let listed: BTreeSet<&str> = marking.sap.iter().map(|program| program.name.as_str()).collect();
        if listed.len() > 1 && listed.contains("MULTIPLE PROGRAMS") {
            self.refuse(
                &problem::CONFLICTING_MARKINGS,
                Part::Sap,
                "MULTIPLE PROGRAMS stands for all programs".to_owned(),
                "list the programs or write MULTIPLE PROGRAMS",
                "DoDM 7.e",
            );
        }
    }
}

/// What in a marking requires NOFORN, with the page (M16 pp. 64-97, 172, 174).
pub(super) fn noforn_needs(marking: &Marking) -> Vec<(&'static str, &'static str)> {
    let mut needs = Vec::new();
    if marking.sci.iter().any(|program| program.name == "HCS") {
        needs.push(("HCS", "M16 pp. 64, 66"));
    }
    if marking.sci.iter().any(|program| program.name == "RSV") {
        needs.push(("RSV", "ISM; M16 p. 71"));
    }
    for (compartment, name, page) in [
        ("BLFH", "TK-BLFH", "M16 p. 87"),
        ("IDIT", "TK-IDIT", "M16 p. 91"),
        ("KAND", "TK-KAND", "M16 p. 95"),
    ] {
        if marking.has_sci("TK", Some(compartment)) {
            needs.push((name, page));
        }
    }
    for (control, page) in [
        (NonIc::Exdis, "M16 p. 172; ISM-ID-00313"),
        (NonIc::Nodis, "M16 p. 174; ISM-ID-00314"),
    ] {
        if marking.non_ic.contains(control) {
            needs.push((control.names().abbreviation.unwrap_or_default(), page));
        }
    }
    needs
}
