//! The rules between the parts of one marking: levels, exclusions, requirements (M16 sections H.1-H.9).

use std::collections::BTreeSet;

use crate::base::diagnostic::Severity;
use crate::marking::ast::{Classification, Fgi, Marking};
use crate::marking::level::{ForeignLevel, Level};
use crate::marking::parse::{Form, Part, Reader};
use crate::marking::problem::{self, Kind, Problem, Span};
use crate::marking::register::{Control, NatoWord, NonIc};
use crate::marking::vocabulary::Vocabulary;

/// Checks the rules of a marking being read; each problem points at its part.
pub(super) fn check(reader: &mut Reader<'_>) {
    let whole = whole_of(&reader.places);
    let mut checker = Checker {
        marking: &reader.draft,
        portion: reader.form == Form::Portion,
        places: &reader.places,
        whole,
        vocabulary: reader.vocabulary,
        problems: Vec::new(),
        refused: false,
    };
    checker.check_all();
    let Checker { problems, refused, .. } = checker;
    reader.mendable &= !refused;
    reader.problems.extend(problems);
}

/// Judges a marking that need not have been read from a text: the places are empty.
pub(super) fn judge(marking: &Marking, portion: bool, vocabulary: &Vocabulary) -> Vec<Problem> {
    let mut checker = Checker {
        marking,
        portion,
        places: &[],
        whole: Span::default(),
        vocabulary,
        problems: Vec::new(),
        refused: false,
    };
    checker.check_all();
    checker.problems
}

fn whole_of(places: &[(Part, Span)]) -> Span {
    let start = places.iter().map(|(_, span)| span.start).min().unwrap_or(0);
    let end = places
        .iter()
        .map(|(_, span)| span.start + span.length)
        .max()
        .unwrap_or(0);
    Span::new(start, end - start)
}

pub(super) struct Checker<'a> {
    pub(super) marking: &'a Marking,
    portion: bool,
    places: &'a [(Part, Span)],
    whole: Span,
    vocabulary: &'a Vocabulary,
    problems: Vec<Problem>,
    refused: bool,
}

impl Checker<'_> {
    fn check_all(&mut self) {
        self.check_control_levels();
        self.check_non_ic_levels();
        self.check_sci();
        self.check_aea();
        self.check_sap();
        self.check_release_conflicts();
        self.check_other_conflicts();
        self.check_foreign();
        self.check_joint();
        self.check_nato_words();
        self.check_superseded();
        self.check_companions();
    }

    pub(super) fn at(&self, part: Part) -> Span {
        self.places
            .iter()
            .find(|(place, _)| *place == part)
            .map_or(self.whole, |(_, span)| *span)
    }

    pub(super) fn refuse(&mut self, kind: &'static Kind, part: Part, message: String, help: &str, page: &'static str) {
        self.refused = true;
        self.problems
            .push(Problem::new(kind, self.at(part), message).help(help).cite(page));
    }

    pub(super) fn warn(&mut self, kind: &'static Kind, part: Part, message: String, help: &str, page: &'static str) {
        self.problems
            .push(Problem::new(kind, self.at(part), message).help(help).cite(page));
    }

    pub(super) fn level_error(&mut self, part: Part, name: &str, allowed: &str, page: &'static str) {
        let level = self.marking.level();
        self.refuse(
            &problem::LEVEL_NOT_ALLOWED,
            part,
            format!("`{name}` may not be used with {level}"),
            &format!("allowed: {allowed}"),
            page,
        );
    }

    fn name(&self, control: Control) -> &'static str {
        if self.portion {
            control.names().portion
        } else {
            control.names().banner()
        }
    }

    /// Levels of dissemination controls (M16 pp. 132-163).
    fn check_control_levels(&mut self) {
        let level = self.marking.level();
        for control in self.marking.controls.iter() {
            let part = Part::Control(control);
            let page = control.names().page;
            let name = self.name(control);
            match control {
                Control::Imcon if level == Level::Confidential => {
                    self.warn(
                        &problem::IMCON_LEVEL,
                        part,
                        format!("`{name}` with CONFIDENTIAL"),
                        "the manual allows TOP SECRET and SECRET",
                        page,
                    );
                }
                Control::Rsen | Control::Imcon if level < Level::Secret => {
                    self.level_error(part, name, "TOP SECRET, SECRET", page);
                }
                Control::Orcon | Control::OrconUsgov if !level.is_classified() => {
                    self.level_error(part, name, "TOP SECRET, SECRET, CONFIDENTIAL", page);
                }
                Control::Fouo if level.is_classified() => self.level_error(part, name, "UNCLASSIFIED", page),
                Control::Fouo => self.warn(
                    &problem::LEGACY_FOUO,
                    part,
                    "FOUO predates Controlled Unclassified Information".to_owned(),
                    "ask whether the agency still uses it",
                    page,
                ),
                _ => {}
            }
        }
    }

    /// Levels of non-IC controls (M16 pp. 170-191).
    fn check_non_ic_levels(&mut self) {
        if !self.marking.level().is_classified() {
            return;
        }
        for control in self.marking.non_ic.iter() {
            let names = control.names();
            let name = if self.portion { names.portion } else { names.banner() };
            match control {
                NonIc::Limdis | NonIc::Sbu | NonIc::SbuNoforn => {
                    self.level_error(Part::NonIc(control), name, "UNCLASSIFIED", names.page);
                }
                NonIc::LesNoforn if !self.portion => self.refuse(
                    &problem::CONFLICTING_MARKINGS,
                    Part::NonIc(control),
                    "a classified banner has no LES NOFORN".to_owned(),
                    "write `NOFORN//LES`",
                    names.page,
                ),
                _ => {}
            }
        }
    }

    pub(super) fn missing(&mut self, part: Part, name: &str, companion: &str, page: &'static str) {
        self.warn(
            &problem::MISSING_COMPANION,
            part,
            format!("{name} requires {companion}"),
            &format!("add {companion}"),
            page,
        );
    }

    /// NOFORN, REL TO, RELIDO and DISPLAY ONLY among themselves (M16 pp. 145, 151, 154, 163; ISM-ID-00033, -00169, -00372).
    fn check_release_conflicts(&mut self) {
        let marking = self.marking;
        let pairs = [
            (Control::Noforn, Control::RelTo, "M16 p. 145; ISM-ID-00033"),
            (Control::Noforn, Control::Relido, "M16 p. 145; ISM-ID-00033"),
            (Control::Noforn, Control::DisplayOnly, "M16 p. 145; ISM-ID-00169"),
            (Control::Relido, Control::DisplayOnly, "M16 pp. 154, 163; ISM-ID-00169"),
            (Control::Relido, Control::Orcon, "M16 p. 136; ISM-ID-00325"),
            (Control::Relido, Control::OrconUsgov, "M16 p. 140; ISM-ID-00325"),
            (Control::Orcon, Control::OrconUsgov, "M16 p. 136"),
        ];
        for (one, other, page) in pairs {
            if marking.has(one) && marking.has(other) {
                let later = self.later(Part::Control(one), Part::Control(other));
                let message = format!(
                    "{} and {} exclude one another",
                    one.names().banner(),
                    other.names().banner()
                );
                self.refuse(
                    &problem::CONFLICTING_MARKINGS,
                    later,
                    message,
                    "keep the one that was decided",
                    page,
                );
            }
        }
        let both: Vec<&String> = marking
            .rel_to
            .iter()
            .filter(|code| marking.display_only.contains(code))
            .collect();
        if let Some(code) = both.first() {
            let message = format!("`{code}` stands in REL TO and in DISPLAY ONLY");
            self.refuse(
                &problem::CONFLICTING_MARKINGS,
                Part::Control(Control::DisplayOnly),
                message,
                "release includes disclosure: leave it out of DISPLAY ONLY",
                "M16 p. 164",
            );
        }
        for control in marking
            .non_ic
            .iter()
            .filter(|control| matches!(control, NonIc::SbuNoforn | NonIc::LesNoforn))
        {
            if let Some(other) = marking.controls.iter().find(|other| other.is_release()) {
                let help = match (control, other) {
                    (NonIc::SbuNoforn, Control::Noforn) => "write NOFORN and SBU",
                    (NonIc::LesNoforn, Control::Noforn) => "write NOFORN and LES",
                    _ => "keep the one that was decided",
                };
                let message = format!(
                    "{} and {} exclude one another",
                    control.names().banner(),
                    other.names().banner()
                );
                self.refuse(
                    &problem::CONFLICTING_MARKINGS,
                    Part::NonIc(control),
                    message,
                    help,
                    "M16 p. 178; ISM-ID-00372",
                );
            }
        }
    }

    fn later(&self, one: Part, other: Part) -> Part {
        if self.at(one).start > self.at(other).start {
            one
        } else {
            other
        }
    }

    fn check_other_conflicts(&mut self) {
        let non_ic = &self.marking.non_ic;
        if non_ic.contains(NonIc::Exdis) && non_ic.contains(NonIc::Nodis) {
            self.refuse(
                &problem::CONFLICTING_MARKINGS,
                Part::NonIc(NonIc::Nodis),
                "EXDIS and NODIS cannot be used together".to_owned(),
                "NODIS supersedes EXDIS",
                "M16 p. 172; ISM-ID-00038",
            );
        }
        for (one, other) in [(NonIc::Sbu, NonIc::SbuNoforn), (NonIc::Les, NonIc::LesNoforn)] {
            if non_ic.contains(one) && non_ic.contains(other) {
                let message = format!("{} supersedes {}", other.names().banner(), one.names().banner());
                self.refuse(
                    &problem::CONFLICTING_MARKINGS,
                    Part::NonIc(one),
                    message,
                    "keep the stricter one",
                    "M16 p. 178",
                );
            }
        }
    }

    /// RELIDO is for US portions (ISM-ID-00124); no NOFORN on NATO information (`DoDM` 4.b.(3)); no FGI in a foreign portion.
    fn check_foreign(&mut self) {
        let marking = self.marking;
        let foreign = !matches!(
            marking.classification,
            Classification::Us(_) | Classification::Joint { .. }
        );
        if foreign && marking.has(Control::Relido) {
            self.refuse(
                &problem::CONFLICTING_MARKINGS,
                Part::Control(Control::Relido),
                "RELIDO is for US information".to_owned(),
                "the owner's release decision is a REL TO",
                "ISM-ID-00124",
            );
        }
        if matches!(marking.classification, Classification::Nato { .. }) && marking.is_noforn() {
            let part = if marking.has(Control::Noforn) {
                Part::Control(Control::Noforn)
            } else {
                Part::Classification
            };
            self.refuse(
                &problem::CONFLICTING_MARKINGS,
                part,
                "NATO information cannot be NOFORN".to_owned(),
                "it is releasable to NATO by its nature",
                "DoDM 4.b.(3)",
            );
        }
        if foreign && marking.fgi.is_some() {
            self.refuse(
                &problem::FGI_PLACE,
                Part::Fgi,
                "FGI in a marking that is foreign already".to_owned(),
                "name all owners in the classification, or begin with the US level",
                "M16 p. 124",
            );
        }
    }

    /// JOINT: REL TO with all owners, never NOFORN or HCS (M16 p. 57; ISM-ID-00377).
    fn check_joint(&mut self) {
        let marking = self.marking;
        let Classification::Joint { owners, .. } = &marking.classification else {
            return;
        };
        if marking.is_noforn() {
            let part = if marking.has(Control::Noforn) {
                Part::Control(Control::Noforn)
            } else {
                Part::Classification
            };
            self.refuse(
                &problem::CONFLICTING_MARKINGS,
                part,
                "JOINT information cannot be NOFORN".to_owned(),
                "it is released to its owners by its nature",
                "M16 p. 57",
            );
        }
        if let Some(index) = marking.sci.iter().position(|program| program.name == "HCS") {
            self.refuse(
                &problem::CONFLICTING_MARKINGS,
                Part::Sci(index),
                "JOINT may not be used with HCS".to_owned(),
                "one of the two is wrong",
                "M16 p. 57",
            );
        }
        if !marking.has(Control::RelTo) {
            self.missing(
                Part::Classification,
                "JOINT",
                "REL TO with all its owners",
                "M16 p. 57; ISM-ID-00377",
            );
            return;
        }
        if marking.rel_to.is_empty() {
            return;
        }
        let expanded: Vec<Option<BTreeSet<String>>> = marking
            .rel_to
            .iter()
            .map(|code| self.vocabulary.members_always(code))
            .collect();
        let opaque = expanded.iter().any(Option::is_none);
        let reached: BTreeSet<&str> = expanded
            .iter()
            .flatten()
            .flatten()
            .map(String::as_str)
            .chain(marking.rel_to.iter().map(String::as_str))
            .collect();
        let missing = owners
            .iter()
            .find(|owner| *owner != "USA" && !reached.contains(owner.as_str()));
        if let Some(owner) = missing {
            let part = Part::Control(Control::RelTo);
            if opaque {
                self.warn(
                    &problem::MISSING_COMPANION,
                    part,
                    format!("REL TO does not show that it reaches the owner `{owner}`"),
                    "name the owner",
                    "M16 p. 57",
                );
            } else {
                self.refuse(
                    &problem::JOINT_RELEASE,
                    part,
                    format!("REL TO lacks the owner `{owner}`"),
                    "release JOINT information to all its owners",
                    "M16 p. 57; ISM-ID-00377",
                );
            }
        }
    }

    /// BOHEMIA and BALK with COSMIC TOP SECRET only, ATOMAL with NATO C, S, TS; in a US marking FGI must be there
    /// (M16 pp. 122, 127; `DoDM` 4.b.(2)).
    fn check_nato_words(&mut self) {
        let marking = self.marking;
        for word in marking.nato_words.iter() {
            let top_only = word != NatoWord::Atomal;
            let fits = match &marking.classification {
                Classification::Nato { level, .. } if top_only => *level == ForeignLevel::TopSecret,
                Classification::Nato { level, .. } => *level >= ForeignLevel::Confidential,
                Classification::Us(level) => {
                    let named = match &marking.fgi {
                        Some(Fgi::Open(codes)) => codes.iter().any(|code| code == "NATO"),
                        Some(Fgi::Concealed) => true,
                        None => false,
                    };
                    named
                        && (if top_only {
                            *level == Level::TopSecret
                        } else {
                            level.is_classified()
                        })
                }
                _ => false,
            };
            if !fits {
                let help = if top_only {
                    "COSMIC TOP SECRET, or TOP SECRET with FGI NATO"
                } else {
                    "NATO CONFIDENTIAL, SECRET or COSMIC TOP SECRET, or a US level with FGI NATO"
                };
                self.refuse(
                    &problem::NATO_WORD,
                    Part::Nato(word),
                    format!("{} does not go with this classification", word.word()),
                    help,
                    "M16 p. 192; DoDM 4.b.(2)",
                );
            }
        }
    }

    /// FOUO gives way to every other dissemination control (M16 p. 134): in a banner an error, in a portion a warning.
    fn check_superseded(&mut self) {
        let marking = self.marking;
        if !marking.has(Control::Fouo) || marking.level().is_classified() {
            return;
        }
        let other = marking
            .controls
            .iter()
            .find(|control| *control != Control::Fouo && !control.is_release())
            .map(|control| self.name(control));
        let other = other.or_else(|| marking.non_ic.iter().next().map(|control| control.names().banner()));
        if let Some(other) = other {
            let message = format!("{other} supersedes FOUO");
            let part = Part::Control(Control::Fouo);
            if self.portion {
                self.warn(
                    &problem::SUPERSEDED_MARKING,
                    part,
                    message,
                    "leave FOUO out",
                    "M16 p. 134; ISM-ID-00066",
                );
            } else {
                self.refused = true;
                let found = Problem::new(&problem::SUPERSEDED_MARKING, self.at(part), message)
                    .help("leave FOUO out")
                    .cite("M16 p. 134; ISM-ID-00066");
                self.problems.push(found.severity(Severity::Error));
            }
        }
    }

    /// What a marking requires beside itself; the manual's syntax examples leave it out, so these are warnings.
    fn check_companions(&mut self) {
        let marking = self.marking;
        if marking.says_release() || matches!(marking.classification, Classification::Joint { .. }) {
            return;
        }
        if marking.has(Control::Propin) {
            self.warn(
                &problem::MISSING_COMPANION,
                Part::Control(Control::Propin),
                "PROPIN needs a release marking".to_owned(),
                "add NOFORN, REL TO, RELIDO or DISPLAY ONLY",
                "ISM-ID-00473",
            );
        } else if marking.level().is_classified() {
            self.warn(
                &problem::NO_RELEASE_MARKING,
                Part::Classification,
                "nothing is said about release to foreigners".to_owned(),
                "add NOFORN, REL TO, RELIDO or DISPLAY ONLY",
                "M16 p. 19; ISM-ID-00119",
            );
        }
    }
}
