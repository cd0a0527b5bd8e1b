//! A marking as a typed value. Lists are kept in the order in which they are printed.

use std::collections::BTreeSet;
use std::fmt;

use crate::marking::few::Few;
use crate::marking::level::{ForeignLevel, Level};
use crate::marking::register::{Control, NatoWord, NonIc};

/// A marking of a portion or of a whole document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marking {
    pub classification: Classification,
    /// SCI control systems (category 4).
    pub sci: Vec<Program>,
    /// Special access programs (category 5).
    pub sap: Vec<Program>,
    /// HVSACO, handle via special access control only, a `DoD` marking.
    pub hvsaco: bool,
    /// WAIVED, a `DoD` marking of special access programs (`DoDM` 7.f).
    pub waived: bool,
    /// Atomic Energy Act information (category 6).
    pub aea: Aea,
    /// Foreign government information in a US or JOINT marking (category 7).
    pub fgi: Option<Fgi>,
    /// Dissemination controls (category 8). REL TO and DISPLAY ONLY have their lists beside them.
    pub controls: Few<Control>,
    /// The REL TO list without USA; empty with REL TO set: the shorthand `REL` of a portion mark.
    pub rel_to: Vec<String>,
    pub display_only: Vec<String>,
    /// Non-IC dissemination controls (category 9).
    pub non_ic: Few<NonIc>,
    /// Nicknames of alternative compensatory control measures, a `DoD` marking.
    pub accm: Vec<String>,
    pub nato_words: Few<NatoWord>,
}

/// Who classified, and how high. US, non-US and JOINT are mutually exclusive (M16 p. 46).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Classification {
    Us(Level),
    /// `//CAN DEU S`: owners are acknowledged.
    Foreign {
        owners: Vec<String>,
        level: ForeignLevel,
    },
    /// `//FGI S`: the owner is concealed.
    Concealed {
        level: ForeignLevel,
    },
    /// `//NS`, or with an activity of the North Atlantic Council `//NIS` (M16 p. 59).
    Nato {
        level: ForeignLevel,
        activity: Option<String>,
    },
    /// `//JOINT S CAN USA`; without owners, the portion shorthand `//JOINT S` (M16 p. 56).
    /// RESTRICTED and lists without USA are other governments' (`DoDM` 5.d); the manual's own always have USA.
    Joint {
        owners: Vec<String>,
        level: ForeignLevel,
    },
}

/// An SCI control system or a special access program with its compartments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    pub name: String,
    pub compartments: Vec<Compartment>,
}

/// A compartment with its sub-compartments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compartment {
    pub name: String,
    pub subs: Vec<String>,
}

/// Atomic Energy Act information (M16 pp. 103-121).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aea {
    pub rd: Option<Rd>,
    pub frd: Option<Rd>,
    pub dod_ucni: bool,
    pub doe_ucni: bool,
    pub tfni: bool,
}

/// Restricted Data or Formerly Restricted Data with its subsets.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rd {
    pub cnwdi: bool,
    pub sigmas: BTreeSet<u8>,
}

/// Foreign government information in a US or JOINT marking (M16 p. 123).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fgi {
    Concealed,
    Open(Vec<String>),
}

impl Aea {
    pub fn is_empty(&self) -> bool {
        self.rd.is_none() && self.frd.is_none() && !self.dod_ucni && !self.doe_ucni && !self.tfni
    }
}

impl Marking {
    /// A US marking with nothing but a level.
    pub fn us(level: Level) -> Self {
        Self::of(Classification::Us(level))
    }

    /// A marking with nothing but a classification.
    pub fn of(classification: Classification) -> Self {
        Self {
            classification,
            sci: Vec::new(),
            sap: Vec::new(),
            hvsaco: false,
            waived: false,
            aea: Aea::default(),
            fgi: None,
            controls: Few::new(),
            rel_to: Vec::new(),
            display_only: Vec::new(),
            non_ic: Few::new(),
            accm: Vec::new(),
            nato_words: Few::new(),
        }
    }

    /// The level, of a foreign marking its US equivalent (M16 p. 28; `DoDM` 4.c.(2) for RESTRICTED).
    pub fn level(&self) -> Level {
        match &self.classification {
            Classification::Us(level) => *level,
            Classification::Foreign { level, .. }
            | Classification::Concealed { level }
            | Classification::Nato { level, .. }
            | Classification::Joint { level, .. } => level.us_equivalent(),
        }
    }

    pub fn has(&self, control: Control) -> bool {
        self.controls.contains(control)
    }

    /// Whether it marks NATO information: NATO's own, or in a US or JOINT marking as foreign government information.
    pub fn is_nato(&self) -> bool {
        let is_nato = |owners: &[String]| owners.iter().any(|owner| owner == "NATO");
        match (&self.classification, &self.fgi) {
            (Classification::Nato { .. }, _) => true,
            (Classification::Foreign { owners, .. }, _) | (_, Some(Fgi::Open(owners))) => is_nato(owners),
            _ => !self.nato_words.is_empty(),
        }
    }

    /// The state of release: what the marking says about foreigners.
    pub fn release(&self) -> Release {
        Release {
            noforn: self.is_noforn(),
            relido: self.has(Control::Relido),
            rel_to: self.has(Control::RelTo).then(|| self.rel_to.clone()),
            display_only: self.display_only.clone(),
        }
    }

    /// NOFORN, or a non-IC control that counts as NOFORN (M16 pp. 29, 172, 174).
    pub fn is_noforn(&self) -> bool {
        self.has(Control::Noforn) || self.non_ic.iter().any(NonIc::counts_as_noforn)
    }

    /// Returns true if the marking carries a foreign disclosure or release marking, or a control that counts as NOFORN.
    pub fn says_release(&self) -> bool {
        self.is_noforn() || self.controls.iter().any(Control::is_release)
    }

    /// Returns true for `(U)` and nothing else: such portions never take part in the release marking (M16 p. 51).
    pub fn is_bare(&self) -> bool {
        let programs = self.sci.is_empty() && self.sap.is_empty() && !self.hvsaco && !self.waived;
        let controls = self.controls.is_empty() && self.non_ic.is_empty() && self.accm.is_empty();
        programs && controls && self.nato_words.is_empty() && self.fgi.is_none() && self.aea.is_empty()
    }

    /// Returns true for the portion shorthands `REL` and `//JOINT S`, which only their own banner completes.
    pub fn is_shorthand(&self) -> bool {
        (self.has(Control::RelTo) && self.rel_to.is_empty())
            || matches!(&self.classification, Classification::Joint { owners, .. } if owners.is_empty())
    }

    /// Returns true if the marking has this SCI system, with this compartment if one is named.
    pub fn has_sci(&self, system: &str, compartment: Option<&str>) -> bool {
        self.sci
            .iter()
            .filter(|program| program.name == system)
            .any(|program| match compartment {
                None => true,
                Some(name) => program.compartments.iter().any(|compartment| compartment.name == name),
            })
    }
}

/// What a marking says about release to foreigners: one of unmarked, NOFORN, RELIDO, a REL TO set, a DISPLAY ONLY set,
/// or one of the legal pairs REL TO + DISPLAY ONLY and REL TO + RELIDO.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Release {
    pub noforn: bool,
    pub relido: bool,
    /// The REL TO list without USA; `Some` of an empty list is the portion shorthand `REL`.
    pub rel_to: Option<Vec<String>>,
    pub display_only: Vec<String>,
}

impl Release {
    /// Nothing said: USA alone, and no decision about anyone else.
    pub fn unmarked() -> Self {
        Self::default()
    }

    pub fn is_unmarked(&self) -> bool {
        *self == Self::default()
    }

    pub fn is_noforn(&self) -> bool {
        self.noforn
    }

    /// The codes of REL TO other than USA, as written.
    pub fn released_to(&self) -> &[String] {
        self.rel_to.as_deref().unwrap_or_default()
    }
}

impl fmt::Display for Release {
    /// Writes the release part as in a banner; of an unmarked release, nothing.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if self.noforn {
            parts.push("NOFORN".to_owned());
        }
        match self.rel_to.as_deref() {
            None => {}
            Some([]) => parts.push("REL".to_owned()),
            Some(codes) => parts.push(format!("REL TO USA, {}", codes.join(", "))),
        }
        if self.relido {
            parts.push("RELIDO".to_owned());
        }
        if !self.display_only.is_empty() {
            parts.push(format!("DISPLAY ONLY {}", self.display_only.join(", ")));
        }
        f.write_str(&parts.join("/"))
    }
}
