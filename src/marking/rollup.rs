//! Rolls portions up to the banner, and says which portion and which rule put each element there
//! (M16 section D.2, pp. 28-30; ISM-Rollup; `DoD` differences by `DoDM` Ch. 4, second hand).

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::marking::ast::{Classification, Compartment, Fgi, Marking, Program, Rd};
use crate::marking::common::Expansion;
use crate::marking::few::Few;
use crate::marking::level::{ForeignLevel, Level};
use crate::marking::problem::{self, Problem, Span};
pub use crate::marking::profile::{Profile, ProfileKind};
use crate::marking::register::{Control, NatoWord, NonIc};
use crate::marking::validate;
use crate::marking::vocabulary::Vocabulary;

/// A computed banner with its reasons.
#[derive(Debug, Clone, Default)]
pub struct RollUp {
    /// The banner line; none if the roll-up is undecidable.
    pub banner: Option<String>,
    pub marking: Option<Marking>,
    pub because: Vec<Because>,
    pub problems: Vec<Problem>,
}

/// Why an element stands in the banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Because {
    pub element: String,
    /// Counted from 1; nothing where it comes from no portion but from a reason that was given.
    pub portion: Option<usize>,
    pub rule: String,
}

/// Rolls portions up with the standard vocabulary and no date.
pub fn roll_up(portions: &[Marking], profile: &Profile) -> RollUp {
    roll_up_with(portions, profile, Vocabulary::standard(), None)
}

/// Rolls portions up; organizations that may be expanded have the members of the day, without a day those of every day.
pub fn roll_up_with(portions: &[Marking], profile: &Profile, vocabulary: &Vocabulary, on: Option<NaiveDate>) -> RollUp {
    let mut result = RollUp::default();
    if portions.is_empty() {
        result.problems.push(Problem::new(
            &problem::NO_PORTIONS,
            Span::default(),
            "there are no portions to roll up",
        ));
        return result;
    }
    for (index, _) in portions
        .iter()
        .enumerate()
        .filter(|(_, portion)| portion.is_shorthand())
    {
        result.problems.push(
            Problem::new(
                &problem::ROLL_UP_UNDECIDABLE,
                Span::default(),
                format!(
                    "portion {} leaves its list to a banner that is not there yet",
                    index + 1
                ),
            )
            .help("write the list out"),
        );
    }
    if !result.problems.is_empty() {
        return result;
    }
    let expansion = Expansion {
        allowed: &profile.expand,
        vocabulary,
        on,
    };
    let mut carried = Carried::default();
    for portion in portions {
        carried.controls.extend(portion.controls.iter());
        carried.non_ic.extend(portion.non_ic.iter());
        carried.words.extend(portion.nato_words.iter());
    }
    let mut builder = Builder {
        portions,
        carried,
        profile,
        expansion,
        because: Vec::new(),
        banner: Marking::us(Level::Unclassified),
    };
    builder.classification();
    builder.sci();
    builder.sap();
    builder.aea();
    builder.fgi();
    builder.release();
    builder.controls();
    builder.non_ic();
    let Builder { banner, because, .. } = builder;
    let companions = [problem::MISSING_COMPANION.code, problem::NO_RELEASE_MARKING.code];
    let found = validate::judge(&banner, false, vocabulary);
    for conflict in found.iter().filter(|found| found.is_error()) {
        let message = format!("the portions roll up to an unauthorized banner: {}", conflict.message);
        result
            .problems
            .push(Problem::new(&problem::ROLL_UP_UNDECIDABLE, Span::default(), message).cite(conflict.citation));
    }
    if result.problems.is_empty() {
        let warnings = found.into_iter().filter(|found| companions.contains(&found.code));
        result.problems.extend(warnings);
        result.banner = Some(banner.banner());
        result.marking = Some(banner);
        result.because = because;
    }
    result
}

/// Says of each element of a banner that was typed and is stricter than the roll-up where it comes from: from portions, or
/// from the reason for classification by compilation (32 CFR 2001.24(g)).
pub fn because_typed(
    rolled: &RollUp,
    typed: &Marking,
    reason: &str,
    profile: &Profile,
    vocabulary: &Vocabulary,
    on: Option<NaiveDate>,
) -> Vec<Because> {
    // The elements of a banner are those to which it rolls up alone.
    let elements = |banner: &Marking| -> Vec<String> {
        let alone = roll_up_with(std::slice::from_ref(banner), profile, vocabulary, on);
        alone.because.into_iter().map(|because| because.element).collect()
    };
    let computed = rolled.marking.as_ref().map(elements).unwrap_or_default();
    let atomic = rolled
        .marking
        .as_ref()
        .is_some_and(|computed| computed.aea != typed.aea);
    let typed = elements(typed);
    if typed.is_empty() {
        return rolled.because.clone();
    }
    // What the typed banner replaced stands in it no more; a program that it only adds to does.
    let grown = |element: &str| {
        let mut rest = typed.iter().filter_map(|typed| typed.strip_prefix(element));
        rest.any(|rest| rest.starts_with(['-', ' ']))
    };
    let replaced = |element: &String| computed.contains(element) && !typed.contains(element) && !grown(element);
    // The numbers and words behind RD and FRD are not told in the element.
    let raised = |element: &String| !computed.contains(element) || atomic && matches!(element.as_str(), "RD" | "FRD");
    let kept = rolled.because.iter().filter(|because| !replaced(&because.element));
    let mut because: Vec<Because> = kept.cloned().collect();
    for (at, element) in typed.iter().enumerate().filter(|(_, element)| raised(element)) {
        let before = typed.get(..=at).unwrap_or_default();
        let precedes = |because: &Because| {
            before
                .iter()
                .any(|element| element.starts_with(because.element.as_str()))
        };
        let place = because.iter().rposition(precedes);
        let raised = Because {
            element: element.clone(),
            portion: None,
            rule: format!("classification by compilation, 32 CFR 2001.24(g): {reason}"),
        };
        because.insert(place.map_or(0, |place| place + 1), raised);
    }
    because
}

/// The simple markings that any portion carries.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Carried {
    pub controls: Few<Control>,
    non_ic: Few<NonIc>,
    words: Few<NatoWord>,
}

pub(super) struct Builder<'a> {
    pub portions: &'a [Marking],
    pub carried: Carried,
    pub profile: &'a Profile,
    pub expansion: Expansion<'a>,
    pub because: Vec<Because>,
    pub banner: Marking,
}

impl Builder<'_> {
    pub(super) fn because(&mut self, element: impl Into<String>, index: usize, rule: impl Into<String>) {
        self.because.push(Because {
            element: element.into(),
            portion: Some(index + 1),
            rule: rule.into(),
        });
    }

    fn first(&self, holds: impl Fn(&Marking) -> bool) -> Option<usize> {
        self.portions.iter().position(holds)
    }

    /// The highest level (32 CFR 2001.21(b); ISM-ID-00056). JOINT stays only in a document whose portions all have the
    /// same owners; else the marking is US and the owners become FGI (M16 pp. 57, 59).
    fn classification(&mut self) {
        let level = self
            .portions
            .iter()
            .map(Marking::level)
            .max()
            .unwrap_or(Level::TopSecret);
        let index = self.first(|portion| portion.level() == level).unwrap_or(0);
        let joint = owners(&self.portions[0]).filter(|first| {
            let ours = first.iter().any(|owner| owner == "USA");
            ours && self.portions.iter().all(|portion| owners(portion) == Some(first))
        });
        if let Some(owners) = joint.cloned() {
            let names = owners.join(" ");
            self.banner.classification = Classification::Joint {
                owners,
                level: ForeignLevel::from(level),
            };
            self.because(
                format!("JOINT {level} {names}"),
                index,
                "highest level of all portions, all with the same owners: M16 pp. 28, 58",
            );
        } else {
            self.banner.classification = Classification::Us(level);
            self.because(
                level.word(),
                index,
                "highest level of all portions: M16 p. 28, 32 CFR 2001.21(b)",
            );
        }
    }

    /// Union of control systems, compartments and sub-compartments (M16 p. 28), and of the NATO words among them.
    fn sci(&mut self) {
        self.banner.sci = self.merge(|portion| &portion.sci, "all SCI markings of the portions: M16 p. 28");
        for word in self.carried.words.iter() {
            if let Some(index) = self.first(|portion| portion.nato_words.contains(word)) {
                self.banner.nato_words.insert(word);
                self.because(
                    word.word(),
                    index,
                    "foreign controls follow the US controls of their category: M16 p. 122",
                );
            }
        }
    }

    fn sap(&mut self) {
        self.banner.sap = self.merge(|portion| &portion.sap, "all SAP markings of the portions: M16 p. 28");
        if let Some(index) = self.first(|portion| portion.waived) {
            self.banner.waived = true;
            self.because("WAIVED", index, "waived programs stay waived: DoDM 7.f");
        }
        if let Some(index) = self.first(|portion| portion.hvsaco) {
            self.banner.hvsaco = true;
            self.because("HVSACO", index, "handling of any portion: DoDM Encl. 4");
        }
        if self.profile.kind == ProfileKind::Dod && self.banner.sap.len() > 2 {
            self.banner.sap = vec![Program {
                name: "MULTIPLE PROGRAMS".to_owned(),
                compartments: Vec::new(),
            }];
            self.because("SAR-MULTIPLE PROGRAMS", 0, "three or more programs: DoDM 7.e");
        }
    }

    fn merge(&mut self, pick: fn(&Marking) -> &Vec<Program>, rule: &str) -> Vec<Program> {
        let mut merged: BTreeMap<&str, BTreeMap<&str, BTreeSet<&str>>> = BTreeMap::new();
        let mut reasons = Vec::new();
        for (index, portion) in self.portions.iter().enumerate() {
            for program in pick(portion) {
                let before = merged.len();
                let compartments = merged.entry(&program.name).or_default();
                let mut news = before != 0 && compartments.is_empty();
                for compartment in &program.compartments {
                    let known = compartments.contains_key(compartment.name.as_str());
                    let subs = compartments.entry(&compartment.name).or_default();
                    let count = subs.len();
                    subs.extend(compartment.subs.iter().map(String::as_str));
                    news |= !known || subs.len() > count;
                }
                if news || merged.len() > before {
                    reasons.push((spelled(program), index));
                }
            }
        }
        let programs = merged.into_iter().map(|(name, compartments)| Program {
            name: name.to_owned(),
            compartments: compartments
                .into_iter()
                .map(|(name, subs)| Compartment {
                    name: name.to_owned(),
                    subs: subs.into_iter().map(str::to_owned).collect(),
                })
                .collect(),
        });
        let programs = programs.collect();
        for (element, index) in reasons {
            self.because(element, index, rule);
        }
        programs
    }

    /// RD over FRD over TFNI, SIGMA numbers joined (M16 pp. 104, 109, 120); UCNI only in unclassified documents (p. 116).
    fn aea(&mut self) {
        let mut sigmas = BTreeSet::new();
        let (mut rd, mut frd, mut tfni, mut cnwdi, mut dod, mut doe) = (None, None, None, false, None, None);
        for (index, portion) in self.portions.iter().enumerate() {
            let aea = &portion.aea;
            for data in [&aea.rd, &aea.frd].into_iter().flatten() {
                sigmas.extend(data.sigmas.iter().copied());
                cnwdi |= data.cnwdi;
            }
            rd = rd.or(aea.rd.is_some().then_some(index));
            frd = frd.or(aea.frd.is_some().then_some(index));
            tfni = tfni.or(aea.tfni.then_some(index));
            dod = dod.or(aea.dod_ucni.then_some(index));
            doe = doe.or(aea.doe_ucni.then_some(index));
        }
        let data = Rd { cnwdi, sigmas };
        if let Some(index) = rd {
            self.banner.aea.rd = Some(data);
            self.because(
                "RD",
                index,
                "RD takes precedence over FRD and TFNI, with all SIGMA numbers: M16 pp. 104, 109",
            );
        } else if let Some(index) = frd {
            self.banner.aea.frd = Some(data);
            self.because("FRD", index, "FRD takes precedence over TFNI: M16 pp. 111, 120");
        } else if let Some(index) = tfni {
            self.banner.aea.tfni = true;
            self.because("TFNI", index, "TFNI of any portion appears in the banner: M16 p. 120");
        }
        if self.banner.level().is_classified() {
            return;
        }
        if let Some(index) = dod {
            self.banner.aea.dod_ucni = true;
            self.because(
                "DOD UCNI",
                index,
                "always in the banner of an unclassified document: M16 p. 116",
            );
        }
        if let Some(index) = doe {
            self.banner.aea.doe_ucni = true;
            self.because(
                "DOE UCNI",
                index,
                "always in the banner of an unclassified document: M16 p. 118",
            );
        }
    }

    /// Union of the sources of all foreign, JOINT and commingled portions; one concealed source conceals all
    /// (M16 pp. 28, 57, 124; ISM-ID-00064).
    fn fgi(&mut self) {
        let joint = matches!(self.banner.classification, Classification::Joint { .. });
        let mut concealed = None;
        let mut sources: BTreeMap<&str, usize> = BTreeMap::new();
        for (index, portion) in self.portions.iter().enumerate() {
            let mut add = |code| {
                sources.entry(code).or_insert(index);
            };
            match &portion.classification {
                Classification::Foreign { owners, .. } => owners.iter().for_each(|owner| add(owner)),
                Classification::Concealed { .. } => concealed = concealed.or(Some(index)),
                Classification::Nato { activity, .. } => {
                    add("NATO");
                    if let Some(activity) = activity {
                        add(activity);
                    }
                }
                Classification::Joint { owners, .. } if !joint => owners
                    .iter()
                    .filter(|owner| *owner != "USA")
                    .for_each(|owner| add(owner)),
                Classification::Us(_) | Classification::Joint { .. } => {}
            }
            match &portion.fgi {
                Some(Fgi::Concealed) => concealed = concealed.or(Some(index)),
                Some(Fgi::Open(codes)) => codes.iter().for_each(|code| add(code)),
                None => {}
            }
        }
        if let Some(index) = concealed {
            self.banner.fgi = Some(Fgi::Concealed);
            self.because(
                "FGI",
                index,
                "a concealed source conceals all sources in the banner: M16 pp. 28, 124",
            );
        } else if !sources.is_empty() {
            let vocabulary = self.expansion.vocabulary;
            let mut codes: Vec<String> = sources.keys().map(|code| (*code).to_owned()).collect();
            codes.sort_by(|a, b| vocabulary.order(a).cmp(&vocabulary.order(b)));
            for code in &codes {
                let index = sources.get(code.as_str()).copied().unwrap_or(0);
                self.because(
                    format!("FGI {code}"),
                    index,
                    "sources of all foreign portions: M16 p. 28",
                );
            }
            self.banner.fgi = Some(Fgi::Open(codes));
        }
    }

    /// Other dissemination controls always rise; ORCON beats ORCON-USGOV; FOUO gives way (M16 pp. 132-161).
    fn controls(&mut self) {
        for control in self
            .carried
            .controls
            .iter()
            .filter(|control| !control.is_release() && *control != Control::Fouo)
        {
            let Some(index) = self.first(|portion| portion.has(control)) else {
                continue;
            };
            if control == Control::OrconUsgov && self.banner.has(Control::Orcon) {
                continue;
            }
            self.banner.controls.insert(control);
            let rule = format!("of any portion appears in the banner: {}", control.names().page);
            self.because(control.names().banner(), index, rule);
        }
        if !self.carried.controls.contains(Control::Fouo) {
            return;
        }
        let index = self.first(|portion| portion.has(Control::Fouo)).unwrap_or(0);
        let other = self.banner.controls.iter().any(|control| !control.is_release());
        let non_ic = !self.carried.non_ic.is_empty();
        if !self.banner.level().is_classified() && !other && !non_ic {
            self.banner.controls.insert(Control::Fouo);
            self.because(
                "FOUO",
                index,
                "unclassified, and no other dissemination control but release markings: M16 p. 134",
            );
        }
    }

    /// Non-IC controls by their own precedence rules (M16 pp. 170-191).
    fn non_ic(&mut self) {
        let classified = self.banner.level().is_classified();
        let noforn = self.banner.has(Control::Noforn);
        let has = |control: NonIc| {
            let carried = self.carried.non_ic.contains(control);
            carried.then(|| self.first(|portion| portion.non_ic.contains(control)))?
        };
        let mut found: Vec<(NonIc, usize, &str)> = Vec::new();
        if let Some(index) = has(NonIc::Limdis).filter(|_| !classified) {
            found.push((NonIc::Limdis, index, "in unclassified documents only: M16 p. 170"));
        }
        let state = has(NonIc::Nodis).map(|index| (NonIc::Nodis, index, "NODIS has priority over EXDIS: M16 p. 174"));
        let state = state.or_else(|| {
            has(NonIc::Exdis).map(|index| (NonIc::Exdis, index, "EXDIS appears in the banner: M16 p. 172"))
        });
        found.extend(state);
        if !classified && state.is_none() {
            match (has(NonIc::SbuNoforn), has(NonIc::Sbu)) {
                (Some(index), _) if noforn => {
                    found.push((NonIc::Sbu, index, "SBU NOFORN beside NOFORN is SBU: M16 pp. 53, 180"));
                }
                (Some(index), _) => found.push((
                    NonIc::SbuNoforn,
                    index,
                    "SBU NOFORN supersedes SBU and FOUO: M16 pp. 178, 179",
                )),
                (None, Some(index)) => found.push((
                    NonIc::Sbu,
                    index,
                    "always in the banner of an unclassified document: M16 p. 176",
                )),
                (None, None) => {}
            }
        }
        match (has(NonIc::LesNoforn), has(NonIc::Les)) {
            (Some(index), _) if noforn => {
                found.push((NonIc::Les, index, "LES NOFORN beside NOFORN is LES: M16 p. 185"));
            }
            (Some(index), _) => found.push((
                NonIc::LesNoforn,
                index,
                "LES NOFORN takes precedence over FOUO: M16 p. 185",
            )),
            (None, Some(index)) => found.push((NonIc::Les, index, "always in the banner: M16 p. 181")),
            (None, None) => {}
        }
        if let Some(index) = has(NonIc::Ssi) {
            found.push((NonIc::Ssi, index, "always in the banner: M16 p. 189"));
        }
        for (control, index, rule) in found {
            self.banner.non_ic.insert(control);
            self.because(control.names().banner(), index, rule);
        }
        for (index, portion) in self.portions.iter().enumerate() {
            for name in &portion.accm {
                if !self.banner.accm.contains(name) {
                    self.banner.accm.push(name.clone());
                    self.because.push(Because {
                        element: format!("ACCM-{name}"),
                        portion: Some(index + 1),
                        rule: "all nicknames of the portions: DoDM 11.a".to_owned(),
                    });
                }
            }
        }
    }
}

fn spelled(program: &Program) -> String {
    let compartments: String = program.compartments.iter().fold(String::new(), |text, compartment| {
        let subs: String = compartment
            .subs
            .iter()
            .fold(String::new(), |text, sub| text + " " + sub);
        text + "-" + &compartment.name + &subs
    });
    program.name.clone() + &compartments
}

/// The owners of a JOINT portion.
fn owners(portion: &Marking) -> Option<&Vec<String>> {
    match &portion.classification {
        Classification::Joint { owners, .. } => Some(owners),
        _ => None,
    }
}
