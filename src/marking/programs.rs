//! SCI control systems and special access programs (M16 pp. 60-102).

use std::collections::BTreeSet;

use crate::marking::ast::{Compartment, Program};
use crate::marking::entries::nearest;
use crate::marking::parse::{Part, Reader};
use crate::marking::problem::{self, Problem, Span};
use crate::marking::register::{SCI_SYSTEMS, SciSystem};

/// The title of SI until M16 (p. 74).
const COMINT: &str = "COMINT";

/// Recognizes a published SCI control system by the head of an entry.
pub(super) fn published_sci(text: &str) -> Option<&'static SciSystem> {
    let head = text.split('-').next()?;
    let head = if head == COMINT { "SI" } else { head };
    SCI_SYSTEMS
        .iter()
        .find(|system| system.name == head || system.title == head)
}

/// An unknown entry among SCI markings may be an unpublished control system (M16 p. 61), unless it looks like a
/// misspelling of something else.
pub(super) fn may_be_unpublished(text: &str) -> bool {
    let head = text.split('-').next().unwrap_or_default();
    (2..=12).contains(&head.len()) && is_name(head) && (head.len() < 4 || nearest(head).is_none())
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}

/// Names the first pair of programs that does not ascend.
fn descending(programs: &[Program]) -> Option<String> {
    let pair = programs.windows(2).find(|pair| pair[0].name > pair[1].name)?;
    Some(format!("`{}` stands after `{}`", pair[1].name, pair[0].name))
}

/// The first name that stands twice.
fn repeated(programs: &[Program]) -> Option<String> {
    let mut seen = BTreeSet::new();
    programs
        .iter()
        .find(|program| !seen.insert(program.name.as_str()))
        .map(|program| program.name.clone())
}

impl<'a> Reader<'a> {
    /// Reads `SYSTEM-COMPARTMENT SUB SUB-COMPARTMENT …`.
    pub(super) fn read_sci(&mut self, text: &'a str, at: usize) {
        let span = Span::new(at, text.len());
        let head = text.split('-').next().unwrap_or_default();
        let system = published_sci(text);
        let name = system.map_or(head, |system| system.name);
        match system {
            None => self.warn(
                &problem::UNPUBLISHED_SCI,
                Span::new(at, head.len()),
                format!("`{head}` is not a published SCI control system"),
                "make sure that it is registered",
            ),
            Some(system) if head == system.title && head != system.name && self.is_portion() => {
                self.slip(
                    &problem::WRONG_FORM,
                    Span::new(at, head.len()),
                    format!("`{head}` is a banner form in a portion mark"),
                    &format!("write `{}`", system.name),
                );
            }
            Some(_) if name == "KDK" => {
                let place = Span::new(at, head.len());
                self.warn(
                    &problem::LEGACY_FORM,
                    place,
                    "KLONDIKE is closed",
                    "re-mark as TK-BLFH, TK-IDIT or TK-KAND",
                );
            }
            Some(_) if head == COMINT => {
                let place = Span::new(at, head.len());
                self.warn(
                    &problem::LEGACY_FORM,
                    place,
                    "COMINT is no longer valid",
                    "write `SI` (M16 p. 74)",
                );
            }
            Some(_) => {}
        }
        let mut compartments = self.read_compartments(text, at, head.len());
        for (compartment, place) in &mut compartments {
            self.check_compartment(system, compartment, *place);
        }
        self.check_compartment_order(system, &mut compartments, span);
        if name == "RSV" && compartments.is_empty() {
            self.refuse(
                Problem::new(
                    &problem::SCI_FORM,
                    span,
                    "RESERVE may not be used without a compartment",
                )
                .cite("M16 p. 70")
                .help("write `RSV-` and the compartment"),
            );
        }
        if name == "HCS" && compartments.is_empty() {
            self.warn(
                &problem::LEGACY_HCS,
                span,
                "HCS alone is for legacy information",
                "write HCS-O, HCS-P or HCS-O-P",
            );
        }
        self.place(Part::Sci(self.draft.sci.len()), span);
        let compartments = compartments.into_iter().map(|(compartment, _)| compartment).collect();
        self.draft.sci.push(Program {
            name: name.to_owned(),
            compartments,
        });
    }

    fn read_compartments(&mut self, text: &str, at: usize, head: usize) -> Vec<(Compartment, Span)> {
        let mut place = at + head + 1;
        let mut found = Vec::new();
        for piece in text.split('-').skip(1) {
            let span = Span::new(place, piece.len());
            place += piece.len() + 1;
            let mut words = piece.split(' ');
            let name = words.next().unwrap_or_default();
            let subs: Vec<String> = words.map(str::to_owned).collect();
            if !is_name(name) || !subs.iter().all(|sub| is_name(sub)) {
                self.refuse(
                    Problem::new(&problem::SCI_FORM, span, "a compartment that is not letters and digits")
                        .help("a hyphen precedes each compartment, a space each sub-compartment"),
                );
                continue;
            }
            if name == "ECI" {
                self.refuse(
                    Problem::new(&problem::LEGACY_MARKING, span, "ECI is a retired type indicator")
                        .cite("M16 p. 76")
                        .help("write the compartment alone: `SI-ABC`"),
                );
                continue;
            }
            if subs.windows(2).any(|pair| pair[0] >= pair[1]) {
                self.slip(
                    &problem::ENTRY_ORDER,
                    span,
                    "sub-compartments are listed in ascending order, each once",
                    "sort them, numbers first",
                );
            }
            let subs: BTreeSet<String> = subs.into_iter().collect();
            found.push((
                Compartment {
                    name: name.to_owned(),
                    subs: subs.into_iter().collect(),
                },
                span,
            ));
        }
        found
    }

    /// Abbreviates titles of compartments and checks the shapes of the published ones (M16 pp. 68-98).
    fn check_compartment(&mut self, system: Option<&SciSystem>, compartment: &mut Compartment, span: Span) {
        let Some(system) = system else { return };
        if let Some((title, short)) = system
            .compartments
            .iter()
            .find(|(title, short)| *title == compartment.name && title != short)
        {
            if self.is_portion() {
                self.slip(
                    &problem::WRONG_FORM,
                    Span::new(span.start, title.len()),
                    format!("`{title}` is a banner form in a portion mark"),
                    &format!("write `{short}`"),
                );
            }
            (*short).clone_into(&mut compartment.name);
        }
        let name = compartment.name.as_str();
        let published = system.compartments.iter().any(|(_, short)| *short == name);
        let letters = name.bytes().all(|b| b.is_ascii_uppercase());
        let wrong = match system.name {
            "RSV" if name.len() != 3 => Some(("a RESERVE compartment has three letters or digits", "M16 p. 72")),
            "SI" if !(published || letters && (2..=3).contains(&name.len())) => {
                Some(("an SI compartment has two or three letters", "M16 p. 76"))
            }
            "SI" if name == "G"
                && compartment
                    .subs
                    .iter()
                    .any(|sub| sub.len() != 4 || !sub.bytes().all(|b| b.is_ascii_uppercase())) =>
            {
                Some(("a GAMMA sub-compartment has four letters", "M16 p. 81"))
            }
            "HCS" | "TK" if compartment.subs.iter().any(|sub| sub.len() > 6) => {
                Some(("a sub-compartment has up to six letters or digits", "M16 p. 68"))
            }
            _ => None,
        };
        if let Some((message, page)) = wrong {
            self.refuse(
                Problem::new(&problem::SCI_FORM, span, message)
                    .cite(page)
                    .help("a hyphen precedes each compartment, a space each sub-compartment"),
            );
        } else if !published && (matches!(system.name, "HCS" | "TK") || published_sci(name).is_some()) {
            self.warn(
                &problem::UNPUBLISHED_SCI,
                span,
                format!("`{name}` is not a published compartment of TK"),
                "make sure that it is registered",
            );
        }
    }

    /// Compartments ascend (M16 p. 61). Unpublished ones "should be listed alphanumerically" (p. 27), so that is a warning.
    /// The manual's own `HCS-P JJJ-P DDDD` (p. 194) repeats one with other sub-compartments.
    fn check_compartment_order(
        &mut self,
        system: Option<&SciSystem>,
        compartments: &mut [(Compartment, Span)],
        span: Span,
    ) {
        let published = |name: &str| {
            let known = system.map_or(&[][..], |system| system.compartments);
            known.iter().any(|(_, short)| *short == name)
        };
        let mut unsorted = false;
        for index in 1..compartments.len() {
            let ((before, _), (after, place)) = (&compartments[index - 1], &compartments[index]);
            let (message, place) = (
                format!("compartment `{}` stands after `{}`", after.name, before.name),
                *place,
            );
            let twice = format!("compartment `{}` is written twice", after.name);
            if compartments[..index].iter().any(|(earlier, _)| earlier == after) {
                self.mendable = false;
                self.slip(&problem::DUPLICATE_ENTRY, place, twice, "write it once");
            } else if before.name == after.name {
                let help = "list its sub-compartments together";
                self.warn(&problem::COMPARTMENT_REPEATED, span, twice, help);
            } else if before.name > after.name {
                let help = "compartments ascend, numbers first";
                if published(&before.name) && published(&after.name) {
                    unsorted = true;
                    self.slip(&problem::ENTRY_ORDER, place, message, help);
                } else {
                    self.warn(&problem::UNPUBLISHED_ORDER, place, message, help);
                }
            }
        }
        if unsorted {
            compartments.sort_by(|(a, _), (b, _)| a.name.cmp(&b.name));
        }
    }

    /// Control systems ascend, each once (M16 p. 61).
    pub(super) fn check_sci_order(&mut self, whole: Span) {
        if let Some(message) = descending(&self.draft.sci) {
            self.slip(
                &problem::ENTRY_ORDER,
                whole,
                message,
                "write them in ascending order, numbers first",
            );
            self.draft.sci.sort_by(|a, b| a.name.cmp(&b.name));
        }
        self.check_twice(repeated(&self.draft.sci), whole);
    }

    /// Programs ascend, each once (M16 p. 100); all are unpublished, which "should be listed alphanumerically" (p. 27).
    pub(super) fn check_sap_order(&mut self, whole: Span) {
        if let Some(message) = descending(&self.draft.sap) {
            let help = "write them in ascending order, numbers first";
            self.warn(&problem::UNPUBLISHED_ORDER, whole, message, help);
        }
        self.check_twice(repeated(&self.draft.sap), whole);
    }

    fn check_twice(&mut self, name: Option<String>, whole: Span) {
        if let Some(name) = name {
            self.mendable = false;
            let message = format!("`{name}` is written twice");
            self.slip(&problem::DUPLICATE_ENTRY, whole, message, "write it once");
        }
    }

    /// Reads one program of the SAP category; `SAR-` stands before the first only (M16 p. 100).
    pub(super) fn read_sap(&mut self, text: &'a str, at: usize, index: usize) {
        let (indicator, title) = match text {
            _ if text.starts_with("SAR-") => (4, false),
            _ if text.starts_with("SPECIAL ACCESS REQUIRED-") => (24, true),
            _ => (0, false),
        };
        if title && self.is_portion() {
            self.slip(
                &problem::WRONG_FORM,
                Span::new(at, indicator),
                "a portion mark abbreviates SPECIAL ACCESS REQUIRED",
                "write `SAR-`",
            );
        }
        if indicator > 0 && index > 0 {
            self.warn(
                &problem::LEGACY_FORM,
                Span::new(at, indicator),
                "`SAR-` has not been repeated since December 2011",
                "write it once, before the first program",
            );
        }
        let (text, at) = (&text[indicator..], at + indicator);
        let span = Span::new(at, text.len());
        let name = text.split('-').next().unwrap_or_default();
        if name.is_empty() || !name.split(' ').all(is_name) {
            self.refuse(
                Problem::new(&problem::SCI_FORM, span, "a program identifier is letters and digits")
                    .cite("M16 p. 99")
                    .help("write `SAR-` and the program identifier"),
            );
            return;
        }
        if name == "MULTIPLE PROGRAMS" {
            self.warn(
                &problem::DOD_MARKING,
                span,
                "MULTIPLE PROGRAMS is the Department of Defense's form",
                "the Register lists every program",
            );
        } else if self.is_portion() && !(2..=3).contains(&name.len()) {
            self.refuse(
                Problem::new(
                    &problem::WRONG_FORM,
                    span,
                    format!("`{name}` is no abbreviation of a program"),
                )
                .cite("M16 p. 101")
                .help("a portion mark uses the program's two or three letters"),
            );
        }
        let mut compartments = self.read_compartments(text, at, name.len());
        self.check_compartment_order(None, &mut compartments, span);
        self.place(Part::Sap, span);
        let compartments = compartments.into_iter().map(|(compartment, _)| compartment).collect();
        self.draft.sap.push(Program {
            name: name.to_owned(),
            compartments,
        });
    }
}
