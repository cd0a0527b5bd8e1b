//! The Register's simple markings (M16 pp. 36-38, Table 4): what each is called in a banner and in a portion.

use crate::marking::few::Ordinal;

/// A dissemination control, in Register order (M16 p. 131).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Control {
    Rsen,
    Fouo,
    Orcon,
    OrconUsgov,
    Imcon,
    Noforn,
    Propin,
    RelTo,
    Relido,
    Dsen,
    Fisa,
    DisplayOnly,
}

/// A non-IC dissemination control, in Register order (M16 p. 169). ACCM, a `DoD` marking, comes last (`DoDM` Fig. 25).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NonIc {
    Limdis,
    Exdis,
    Nodis,
    Sbu,
    SbuNoforn,
    Les,
    LesNoforn,
    Ssi,
}

/// A NATO control word (M16 p. 36, p. 192).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NatoWord {
    Atomal,
    Balk,
    Bohemia,
}

impl NatoWord {
    pub const ALL: [NatoWord; 3] = [NatoWord::Atomal, NatoWord::Balk, NatoWord::Bohemia];

    pub fn word(self) -> &'static str {
        match self {
            NatoWord::Atomal => "ATOMAL",
            NatoWord::Balk => "BALK",
            NatoWord::Bohemia => "BOHEMIA",
        }
    }
}

impl Ordinal for Control {
    const EVERY: &'static [Self] = &Control::ALL;

    fn ordinal(self) -> usize {
        self as usize
    }
}

impl Ordinal for NonIc {
    const EVERY: &'static [Self] = &NonIc::ALL;

    fn ordinal(self) -> usize {
        self as usize
    }
}

impl Ordinal for NatoWord {
    const EVERY: &'static [Self] = &NatoWord::ALL;

    fn ordinal(self) -> usize {
        self as usize
    }
}

/// The names of one marking.
#[derive(Debug)]
pub struct Names {
    pub title: &'static str,
    /// The banner abbreviation, where Table 4 has one.
    pub abbreviation: Option<&'static str>,
    pub portion: &'static str,
    /// The token of ODNI's ISM vocabulary.
    pub ism: &'static str,
    pub page: &'static str,
}

impl Names {
    /// What a computed banner prints: the abbreviation where there is one.
    pub fn banner(&self) -> &'static str {
        self.abbreviation.unwrap_or(self.title)
    }
}

const fn names(
    title: &'static str,
    abbreviation: Option<&'static str>,
    portion: &'static str,
    ism: &'static str,
    page: &'static str,
) -> Names {
    Names {
        title,
        abbreviation,
        portion,
        ism,
        page,
    }
}

impl Control {
    /// Every control, in Register order.
    pub const ALL: [Control; 12] = [
        Control::Rsen,
        Control::Fouo,
        Control::Orcon,
        Control::OrconUsgov,
        Control::Imcon,
        Control::Noforn,
        Control::Propin,
        Control::RelTo,
        Control::Relido,
        Control::Dsen,
        Control::Fisa,
        Control::DisplayOnly,
    ];

    /// The names; of REL TO and DISPLAY ONLY, the words before the list.
    pub fn names(self) -> &'static Names {
        &CONTROL_NAMES[self as usize]
    }

    /// Foreign disclosure and release markings: NOFORN, REL TO, RELIDO, DISPLAY ONLY (M16 p. 19).
    pub fn is_release(self) -> bool {
        matches!(
            self,
            Control::Noforn | Control::RelTo | Control::Relido | Control::DisplayOnly
        )
    }
}

static CONTROL_NAMES: [Names; 12] = [
    names("RISK SENSITIVE", Some("RSEN"), "RS", "RS", "M16 p. 132"),
    names("FOR OFFICIAL USE ONLY", Some("FOUO"), "FOUO", "FOUO", "M16 p. 134"),
    names("ORIGINATOR CONTROLLED", Some("ORCON"), "OC", "OC", "M16 p. 136"),
    names(
        "ORIGINATOR CONTROLLED-USGOV",
        Some("ORCON-USGOV"),
        "OC-USGOV",
        "OC-USGOV",
        "M16 p. 139",
    ),
    names("CONTROLLED IMAGERY", Some("IMCON"), "IMC", "IMC", "M16 p. 142"),
    names(
        "NOT RELEASABLE TO FOREIGN NATIONALS",
        Some("NOFORN"),
        "NF",
        "NF",
        "M16 p. 145",
    ),
    names(
        "CAUTION-PROPRIETARY INFORMATION INVOLVED",
        Some("PROPIN"),
        "PR",
        "PR",
        "M16 p. 148",
    ),
    names(
        "AUTHORIZED FOR RELEASE TO",
        Some("REL TO"),
        "REL TO",
        "REL",
        "M16 p. 150",
    ),
    names(
        "RELEASABLE BY INFORMATION DISCLOSURE OFFICIAL",
        Some("RELIDO"),
        "RELIDO",
        "RELIDO",
        "M16 p. 154",
    ),
    names("DEA SENSITIVE", None, "DSEN", "DSEN", "M16 p. 159"),
    names(
        "FOREIGN INTELLIGENCE SURVEILLANCE ACT",
        Some("FISA"),
        "FISA",
        "FISA",
        "M16 p. 161",
    ),
    names("DISPLAY ONLY", None, "DISPLAY ONLY", "DISPLAYONLY", "M16 p. 163"),
];

impl NonIc {
    /// Every control, in Register order.
    pub const ALL: [NonIc; 8] = [
        NonIc::Limdis,
        NonIc::Exdis,
        NonIc::Nodis,
        NonIc::Sbu,
        NonIc::SbuNoforn,
        NonIc::Les,
        NonIc::LesNoforn,
        NonIc::Ssi,
    ];

    pub fn names(self) -> &'static Names {
        &NON_IC_NAMES[self as usize]
    }

    /// Controls that count as NOFORN: SBU NOFORN and LES NOFORN by name, EXDIS and NODIS because they require it
    /// (M16 pp. 29, 172, 174).
    pub fn counts_as_noforn(self) -> bool {
        matches!(self, NonIc::SbuNoforn | NonIc::LesNoforn | NonIc::Exdis | NonIc::Nodis)
    }
}

static NON_IC_NAMES: [Names; 8] = [
    names("LIMITED DISTRIBUTION", Some("LIMDIS"), "DS", "DS", "M16 p. 170"),
    names("EXCLUSIVE DISTRIBUTION", Some("EXDIS"), "XD", "XD", "M16 p. 172"),
    names("NO DISTRIBUTION", Some("NODIS"), "ND", "ND", "M16 p. 174"),
    names("SENSITIVE BUT UNCLASSIFIED", Some("SBU"), "SBU", "SBU", "M16 p. 176"),
    names(
        "SENSITIVE BUT UNCLASSIFIED NOFORN",
        Some("SBU NOFORN"),
        "SBU-NF",
        "SBU-NF",
        "M16 p. 178",
    ),
    names("LAW ENFORCEMENT SENSITIVE", Some("LES"), "LES", "LES", "M16 p. 181"),
    names(
        "LAW ENFORCEMENT SENSITIVE NOFORN",
        Some("LES NOFORN"),
        "LES-NF",
        "LES-NF",
        "M16 p. 185",
    ),
    names(
        "SENSITIVE SECURITY INFORMATION",
        Some("SSI"),
        "SSI",
        "SSI",
        "M16 p. 189",
    ),
];

/// A published SCI control system with its published compartments (M16 p. 36): title, abbreviation.
#[derive(Debug)]
pub struct SciSystem {
    pub title: &'static str,
    pub name: &'static str,
    pub compartments: &'static [(&'static str, &'static str)],
    pub page: &'static str,
}

pub const SCI_SYSTEMS: [SciSystem; 5] = [
    SciSystem {
        title: "HCS",
        name: "HCS",
        compartments: &[("O", "O"), ("P", "P")],
        page: "M16 p. 62",
    },
    // closed; legacy information may retain it (M16 p. 85)
    SciSystem {
        title: "KLONDIKE",
        name: "KDK",
        compartments: &[("BLUEFISH", "BLFH"), ("IDITAROD", "IDIT"), ("KANDIK", "KAND")],
        page: "M16 p. 85",
    },
    SciSystem {
        title: "RESERVE",
        name: "RSV",
        compartments: &[],
        page: "M16 p. 70",
    },
    SciSystem {
        title: "SI",
        name: "SI",
        compartments: &[("ECRU", "EU"), ("GAMMA", "G"), ("NONBOOK", "NK")],
        page: "M16 p. 74",
    },
    SciSystem {
        title: "TALENT KEYHOLE",
        name: "TK",
        compartments: &[("BLUEFISH", "BLFH"), ("IDITAROD", "IDIT"), ("KANDIK", "KAND")],
        page: "M16 p. 85",
    },
];

/// Retired markings by their beginning, with what replaced them (M16 pp. 35, 74, 85, 164, 192; Table 8).
pub const LEGACY: &[(&str, &str)] = &[
    ("ENDSEAL", "the EL compartments moved to SI: SI-EU, SI-NK (M16 p. 78)"),
    ("EL", "the EL compartments moved to SI: SI-EU, SI-NK (M16 p. 78)"),
    ("FOR DISPLAY ONLY", "write DISPLAY ONLY and the list (M16 p. 164)"),
    ("SENSITIVE DISPLAY ONLY", "write DISPLAY ONLY and the list (M16 p. 164)"),
    ("DISPLAY ONLY TO", "write DISPLAY ONLY and the list (M16 p. 164)"),
    (
        "MR",
        "declassification stands in the authority block, not in the banner (M16 p. 192)",
    ),
    (
        "MANUAL REVIEW",
        "declassification stands in the authority block, not in the banner (M16 p. 192)",
    ),
    (
        "X1",
        "declassification stands in the authority block, not in the banner (M16 p. 192)",
    ),
    (
        "25X",
        "declassification stands in the authority block, not in the banner (M16 p. 192)",
    ),
    (
        "50X",
        "declassification stands in the authority block, not in the banner (M16 p. 192)",
    ),
    ("WNINTEL", "WNINTEL is retired; remove it"),
    ("NOCONTRACT", "NOCONTRACT is retired; remove it"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_in_register_order() {
        assert!(Control::ALL.windows(2).all(|pair| pair[0] < pair[1]));
        assert!(NonIc::ALL.windows(2).all(|pair| pair[0] < pair[1]));
        assert_eq!(Control::Noforn.names().banner(), "NOFORN");
        assert_eq!(Control::DisplayOnly.names().ism, "DISPLAYONLY");
        assert_eq!(NonIc::LesNoforn.names().portion, "LES-NF");
    }

    #[test]
    fn ds_is_limdis_and_dsen_is_dea_sensitive() {
        assert_eq!(NonIc::Limdis.names().portion, "DS");
        assert_eq!(Control::Dsen.names().portion, "DSEN");
        assert_eq!(Control::Dsen.names().banner(), "DEA SENSITIVE");
    }
}
