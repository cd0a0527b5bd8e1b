//! Atomic Energy Act information: RD, FRD, CNWDI, SIGMA, UCNI, TFNI (M16 pp. 103-121).

use crate::base::diagnostic::Severity;
use crate::marking::ast::Rd;
use crate::marking::parse::{Part, Reader};
use crate::marking::problem::{self, Problem, Span};

/// The markings of the AEA category, in Register order (M16 p. 37).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Atomic {
    Rd,
    Frd,
    DodUcni,
    DoeUcni,
    Tfni,
}

impl Atomic {
    pub(super) const COUNT: usize = 5;
}

/// Recognizes an AEA entry by its head.
pub(super) fn atomic(text: &str) -> Option<Atomic> {
    match text {
        "DOD UCNI" | "DOD UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION" | "DCNI" => return Some(Atomic::DodUcni),
        "DOE UCNI" | "DOE UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION" | "UCNI" => return Some(Atomic::DoeUcni),
        "TFNI" | "TRANSCLASSIFIED FOREIGN NUCLEAR INFORMATION" => return Some(Atomic::Tfni),
        _ => {}
    }
    match text.split('-').next()? {
        "RD" | "RESTRICTED DATA" => Some(Atomic::Rd),
        "FRD" | "FORMERLY RESTRICTED DATA" => Some(Atomic::Frd),
        _ => None,
    }
}

impl<'a> Reader<'a> {
    /// Reads one entry of the AEA category.
    pub(super) fn read_atomic(&mut self, atomic: Atomic, text: &'a str, at: usize) {
        let span = Span::new(at, text.len());
        let portion = self.is_portion();
        let forms = |title: &str, banner: &str, mark: &str| match text {
            _ if text == title || text == banner => (!portion || banner == mark && text == banner, false),
            _ => (portion, !portion),
        };
        let (flag, right, variant, write) = match atomic {
            Atomic::Rd | Atomic::Frd => {
                self.read_rd(atomic, text, at);
                return;
            }
            Atomic::DodUcni => {
                let (right, variant) = forms("DOD UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION", "DOD UCNI", "DCNI");
                (Part::DodUcni, right, variant, if portion { "DCNI" } else { "DOD UCNI" })
            }
            Atomic::DoeUcni => {
                let (right, variant) = forms("DOE UNCLASSIFIED CONTROLLED NUCLEAR INFORMATION", "DOE UCNI", "UCNI");
                (Part::DoeUcni, right, variant, if portion { "UCNI" } else { "DOE UCNI" })
            }
            Atomic::Tfni => {
                let (right, variant) = forms("TRANSCLASSIFIED FOREIGN NUCLEAR INFORMATION", "TFNI", "TFNI");
                (Part::Tfni, right, variant, "TFNI")
            }
        };
        if variant {
            self.warn(
                &problem::OFFICIAL_VARIANT,
                span,
                format!("`{text}` is not the Register's form for a banner"),
                &format!("write `{write}`"),
            );
        } else if !right {
            self.slip(
                &problem::WRONG_FORM,
                span,
                format!("`{text}` is a banner form in a portion mark"),
                &format!("write `{write}`"),
            );
        }
        match atomic {
            Atomic::DodUcni => self.draft.aea.dod_ucni = true,
            Atomic::DoeUcni => self.draft.aea.doe_ucni = true,
            _ => self.draft.aea.tfni = true,
        }
        self.place(flag, span);
    }

    fn read_rd(&mut self, atomic: Atomic, text: &'a str, at: usize) {
        let span = Span::new(at, text.len());
        let head = text.split('-').next().unwrap_or_default();
        let short = if atomic == Atomic::Rd { "RD" } else { "FRD" };
        if head != short && self.is_portion() {
            self.slip(
                &problem::WRONG_FORM,
                Span::new(at, head.len()),
                format!("`{head}` is a banner form in a portion mark"),
                &format!("write `{short}`"),
            );
        }
        let mut data = Rd::default();
        let mut place = at + head.len() + 1;
        for piece in text.split('-').skip(1) {
            let here = Span::new(place, piece.len());
            place += piece.len() + 1;
            match piece {
                "CNWDI" | "CRITICAL NUCLEAR WEAPON DESIGN INFORMATION" | "N" => {
                    self.read_cnwdi(piece, here, atomic, &mut data);
                }
                _ => self.read_sigma(piece, here, &mut data),
            }
        }
        self.place(if atomic == Atomic::Rd { Part::Rd } else { Part::Frd }, span);
        if atomic == Atomic::Rd {
            self.draft.aea.rd = Some(data);
        } else {
            self.draft.aea.frd = Some(data);
        }
    }

    fn read_cnwdi(&mut self, piece: &str, span: Span, atomic: Atomic, data: &mut Rd) {
        if atomic == Atomic::Frd {
            self.refuse(
                Problem::new(
                    &problem::CONFLICTING_MARKINGS,
                    span,
                    "CNWDI is a subset of RD, never of FRD",
                )
                .cite("M16 p. 106")
                .help("remove it"),
            );
            return;
        }
        if !data.sigmas.is_empty() {
            self.slip(
                &problem::ENTRY_ORDER,
                span,
                "CNWDI stands before SIGMA",
                "write `RD-CNWDI-SIGMA …`",
            );
        }
        if piece == "N" {
            self.warn(
                &problem::DOD_MARKING,
                span,
                "`N` is the Department of Defense's form of CNWDI",
                "when sourcing, re-mark `N` as `CNWDI` (M16 p. 107)",
            );
        } else if piece != "CNWDI" && self.is_portion() {
            self.slip(
                &problem::WRONG_FORM,
                span,
                "a portion mark abbreviates the title",
                "write `CNWDI`",
            );
        }
        data.cnwdi = true;
        self.place(Part::Cnwdi, span);
    }

    fn read_sigma(&mut self, piece: &str, span: Span, data: &mut Rd) {
        let (word, numbers) = piece.split_once(' ').unwrap_or((piece, ""));
        if !matches!(word, "SIGMA" | "SG") {
            self.refuse(
                Problem::new(
                    &problem::UNKNOWN_MARKING,
                    span,
                    format!("`{piece}` is no subset of RD or FRD"),
                )
                .cite("M16 p. 108")
                .help("CNWDI or SIGMA and numbers"),
            );
            return;
        }
        if (word == "SG") != self.is_portion() {
            let (is, write) = if word == "SG" {
                ("a portion form in a banner line", "SIGMA")
            } else {
                ("a banner form in a portion mark", "SG")
            };
            self.slip(
                &problem::WRONG_FORM,
                Span::new(span.start, word.len()),
                format!("`{word}` is {is}"),
                &format!("write `{write}`"),
            );
        }
        let mut last = None;
        for number in numbers.split(' ') {
            let value = number.parse::<u8>().ok().filter(|_| !number.starts_with('0'));
            let message = match value {
                Some(14 | 15 | 18 | 20) => None,
                Some(1..=5 | 9..=13) => Some((&problem::LEGACY_SIGMA, format!("SIGMA {number} is obsolete"))),
                _ if number.is_empty() => Some((&problem::UNKNOWN_MARKING, "SIGMA without a number".to_owned())),
                // ISM and DoDM 8.d allow every number up to 99; the manual names those that are and were
                _ => Some((&problem::UNKNOWN_MARKING, format!("SIGMA `{number}` does not exist"))),
            };
            if let Some((kind, message)) = message {
                let found = Problem::new(kind, span, message)
                    .cite("M16 p. 108")
                    .help("the current numbers are 14, 15, 18 and 20");
                if found.severity == Severity::Error {
                    self.refuse(found);
                } else {
                    self.problems.push(found);
                }
            }
            if last.is_some() && last >= value {
                self.slip(
                    &problem::ENTRY_ORDER,
                    span,
                    "SIGMA numbers ascend, each once",
                    "sort the numbers",
                );
            }
            last = value.or(last);
            data.sigmas.extend(value);
        }
        self.place(Part::Sigma, span);
    }
}
