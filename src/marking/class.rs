//! The first piece of a marking: US, non-US, NATO or JOINT classification (M16 pp. 46-59).

use crate::base::suggest;
use crate::marking::ast::Classification;
use crate::marking::codes::List;
use crate::marking::level::{ForeignLevel, Level};
use crate::marking::parse::{Part, Reader};
use crate::marking::problem::{self, Problem, Span};
use crate::marking::vocabulary::Vocabulary;

/// Returns true if a piece begins with a US level in either form.
pub(super) fn begins_with_level(piece: &str) -> bool {
    level_at(piece).is_some()
}

/// A level at the beginning of a piece: the level, whether it is spelled out, and its length.
fn level_at(piece: &str) -> Option<(Level, bool, usize)> {
    let ends = |length: usize| piece[length..].is_empty() || piece[length..].starts_with([' ', '/', ',', '-']);
    for level in Level::ALL {
        if piece.starts_with(level.word()) && ends(level.word().len()) {
            return Some((level, true, level.word().len()));
        }
    }
    let length = piece.find([' ', '/', ',', '-']).unwrap_or(piece.len());
    Level::from_letter(&piece[..length]).map(|level| (level, false, length))
}

/// The level that a word of a banner was probably meant to be.
pub(super) fn nearest_level(word: &str) -> Option<&'static str> {
    let misspelt = (5..=16).contains(&word.len()) && Level::from_word(word).is_none();
    misspelt.then(|| suggest::nearest(word, Level::ALL.map(Level::word)))?
}

impl<'a> Reader<'a> {
    fn classify(&mut self, classification: Classification, span: Span) {
        self.draft.classification = classification;
        self.classified = true;
        self.place(Part::Classification, span);
    }

    /// Reads a US classification; what follows it after a wrong separator is read as a category of its own.
    pub(super) fn read_us(&mut self, piece: &'a str, at: usize) {
        let Some((level, spelled, length)) = level_at(piece) else {
            self.no_level(piece, at);
            return;
        };
        let span = Span::new(at, length);
        self.check_form(level.word(), level.letter(), spelled, span);
        self.classify(Classification::Us(level), span);
        if length < piece.len() {
            let separator = Span::new(at + length, 1);
            self.slip(
                &problem::CATEGORY_SEPARATOR,
                separator,
                "`//` separates the classification from what follows",
                "write `//`",
            );
            let rest = piece[length + 1..].trim_start();
            if !rest.is_empty() {
                self.read_category(rest, at + piece.len() - rest.len());
            }
        }
    }

    fn no_level(&mut self, piece: &'a str, at: usize) {
        let span = Span::new(at, piece.len());
        let word = piece.split([' ', '/']).next().unwrap_or_default();
        let meant = nearest_level(piece).or_else(|| nearest_level(word));
        let problem = if ForeignLevel::from_word(word).is_some() || word == "R" {
            Problem::new(
                &problem::RESTRICTED_NOT_US,
                Span::new(at, word.len()),
                "RESTRICTED is not a US classification",
            )
            .help("a foreign marking names its owner: `//DEU RESTRICTED`")
        } else if piece.is_empty() {
            Problem::new(&problem::CLASSIFICATION_MISSING, span, "there is no classification")
        } else if word == "CUI" {
            Problem::new(&problem::CUI_UNDECIDED, span, "relto does not read CUI markings")
                .help("write UNCLASSIFIED first if the document is")
        } else {
            Problem::new(
                &problem::CLASSIFICATION_MISSING,
                span,
                format!("`{piece}` is not a classification"),
            )
            .help(match meant {
                Some(level) => format!("did you mean `{level}`?"),
                None if self.is_portion() => "begin with TS, S, C or U".to_owned(),
                None => "begin with TOP SECRET, SECRET, CONFIDENTIAL or UNCLASSIFIED".to_owned(),
            })
        };
        self.refuse(problem);
    }

    /// Says that a level is written in the wrong one of its two forms.
    fn check_form(&mut self, word: &str, letter: &str, spelled: bool, span: Span) {
        if spelled && self.is_portion() {
            self.slip(
                &problem::WRONG_FORM,
                span,
                format!("a portion mark abbreviates {word}"),
                &format!("write `{letter}`"),
            );
        } else if !spelled && !self.is_portion() {
            self.slip(
                &problem::WRONG_FORM,
                span,
                "a banner line spells the classification out",
                &format!("write `{word}`"),
            );
        }
    }

    /// Reads what follows a leading `//`: owner and level, NATO, JOINT or concealed FGI.
    pub(super) fn read_foreign(&mut self, piece: &'a str, at: usize) {
        let piece_span = Span::new(at, piece.len());
        if let Some(slash) = piece.find('/') {
            self.slip(
                &problem::CATEGORY_SEPARATOR,
                Span::new(at + slash, 1),
                "`//` separates the classification from what follows",
                "write `//`",
            );
            self.read_foreign(&piece[..slash], at);
            self.read_category(&piece[slash + 1..], at + slash + 1);
            return;
        }
        let first = piece.split(' ').next().unwrap_or_default();
        if let Some(nato) = nato(piece, self.vocabulary) {
            self.read_nato(&nato, piece_span);
        } else if first == "JOINT" {
            self.read_joint(piece, at);
        } else if matches!(first, "COSMIC" | "NATO" | "CTS" | "CTSA" | "NSAT" | "NCA") || piece.starts_with("CTS-") {
            self.refuse(
                Problem::new(&problem::NATO_FORM, piece_span, format!("`{piece}` is not a NATO marking of the Register"))
                    .help("write COSMIC TOP SECRET or NATO SECRET, CONFIDENTIAL, RESTRICTED, UNCLASSIFIED (CTS, NS, NC, NR, NU); control words after `//`"),
            );
        } else {
            self.read_owned(piece, at);
        }
    }

    fn read_nato(&mut self, nato: &Nato, span: Span) {
        let long = Classification::Nato {
            level: nato.level,
            activity: nato.activity.clone(),
        };
        let mut printed = crate::marking::ast::Marking::of(long.clone());
        if nato.spelled && self.is_portion() {
            let write = format!("write `{}`", printed.portion());
            self.slip(
                &problem::WRONG_FORM,
                span,
                "a portion mark abbreviates the NATO level",
                &write,
            );
        } else if !nato.spelled && !self.is_portion() {
            printed.classification = long.clone();
            let write = format!("write `{}`", printed.banner());
            self.slip(
                &problem::WRONG_FORM,
                span,
                "a banner line spells the NATO level out",
                &write,
            );
        }
        self.classify(long, span);
    }

    fn read_joint(&mut self, piece: &'a str, at: usize) {
        let rest = piece.strip_prefix("JOINT").unwrap_or_default();
        let rest_at = at + piece.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let word = rest.split(' ').next().unwrap_or_default();
        let restricted = [("RESTRICTED", true), ("R", false)]
            .into_iter()
            .find(|(name, _)| *name == word);
        let restricted = restricted.map(|(name, spelled)| (ForeignLevel::Restricted, spelled, name.len()));
        let found = level_at(rest).map(|(level, spelled, length)| (ForeignLevel::from(level), spelled, length));
        let Some((level, spelled, length)) = restricted.or(found) else {
            self.refuse(
                Problem::new(
                    &problem::FOREIGN_OWNER,
                    Span::new(at, piece.len()),
                    "JOINT without a level",
                )
                .help("write `//JOINT SECRET GBR USA`, in a portion `//JOINT S GBR USA`"),
            );
            return;
        };
        self.check_form(level.word(), level.letter(), spelled, Span::new(rest_at, length));
        let list = rest[length..].trim_start();
        let list_at = rest_at + rest.len() - list.len();
        let owners = self.read_list(List::Joint, list, list_at);
        let owners_span = Span::new(list_at, list.len());
        if owners.is_empty() && self.is_portion() {
            self.warn(
                &problem::REL_SHORTHAND,
                Span::new(at, piece.len()),
                "`JOINT` without its owners stands for those of its banner",
                "write the owners out",
            );
        } else {
            self.check_owners(&owners, level, owners_span);
        }
        self.classify(Classification::Joint { owners, level }, Span::new(at, piece.len()));
    }

    /// The United States is always an owner in the manual's JOINT (M16 p. 55); other governments' JOINT is known to `DoD`
    /// (`DoDM` 5.d) and never has USA and RESTRICTED together.
    fn check_owners(&mut self, owners: &[String], level: ForeignLevel, span: Span) {
        let usa = owners.iter().any(|owner| owner == "USA");
        let message = match (owners.len(), usa, level) {
            (0 | 1, _, _) => "JOINT needs at least two owners",
            (_, true, ForeignLevel::Restricted) => {
                "JOINT may not be used with RESTRICTED: the United States has no such level"
            }
            (_, true, _) => return,
            (_, false, _) => {
                let help = "in the manual the United States is always an owner";
                self.warn(&problem::DOD_MARKING, span, "JOINT without the United States", help);
                return;
            }
        };
        let help = "list all owners in alphabetical order: `CAN GBR USA`";
        self.refuse(Problem::new(&problem::JOINT_OWNERS, span, message).help(help));
    }

    fn read_owned(&mut self, piece: &'a str, at: usize) {
        let span = Span::new(at, piece.len());
        let found = ForeignLevel::ALL.into_iter().rev().find_map(|level| {
            let spelled = piece.strip_suffix(level.word()).map(|owners| (level, true, owners));
            spelled
                .or_else(|| piece.strip_suffix(level.letter()).map(|owners| (level, false, owners)))
                .filter(|(_, _, owners)| owners.is_empty() || owners.ends_with(' '))
        });
        let Some((level, spelled, owners)) = found else {
            self.refuse(
                Problem::new(&problem::FOREIGN_OWNER, span, format!("`{piece}` has no level")).help(
                    if self.is_portion() {
                        "write `//DEU S`, `//NS` or `//FGI S`"
                    } else {
                        "write `//DEU SECRET`, `//NATO SECRET` or `//JOINT SECRET GBR USA`"
                    },
                ),
            );
            return;
        };
        let owners = owners.trim_end();
        let level_span = Span::new(
            at + piece.len()
                - if spelled {
                    level.word().len()
                } else {
                    level.letter().len()
                },
            if spelled {
                level.word().len()
            } else {
                level.letter().len()
            },
        );
        self.check_form(level.word(), level.letter(), spelled, level_span);
        if owners.is_empty() {
            self.refuse(
                Problem::new(
                    &problem::FOREIGN_OWNER,
                    span,
                    "`//` at the beginning announces a non-US owner, and there is none",
                )
                .help("leave `//` out of a US marking, or name the owner"),
            );
            return;
        }
        if owners == "FGI" {
            if !self.is_portion() {
                self.slip(
                    &problem::FOREIGN_OWNER,
                    span,
                    "concealed foreign information has a US banner",
                    "write the level, then `//FGI`",
                );
            }
            self.classify(Classification::Concealed { level }, span);
            return;
        }
        let owners = self.read_list(List::Owners, owners, at);
        self.classify(Classification::Foreign { owners, level }, span);
    }
}

/// A NATO classification as written.
struct Nato {
    level: ForeignLevel,
    activity: Option<String>,
    spelled: bool,
}

fn nato(piece: &str, vocabulary: &Vocabulary) -> Option<Nato> {
    let plain = |level, spelled| {
        Some(Nato {
            level,
            activity: None,
            spelled,
        })
    };
    match piece {
        "COSMIC TOP SECRET" => return plain(ForeignLevel::TopSecret, true),
        "CTS" => return plain(ForeignLevel::TopSecret, false),
        "NS" => return plain(ForeignLevel::Secret, false),
        "NC" => return plain(ForeignLevel::Confidential, false),
        "NR" => return plain(ForeignLevel::Restricted, false),
        "NU" => return plain(ForeignLevel::Unclassified, false),
        _ => {}
    }
    if let Some(rest) = piece.strip_prefix("NATO ") {
        let (activity, word) = match rest.rsplit_once(' ') {
            Some((activity, word)) if is_activity(activity, vocabulary) => (Some(activity.to_owned()), word),
            Some(_) => return None,
            None => (None, rest),
        };
        let level = ForeignLevel::from_word(word).filter(|level| *level < ForeignLevel::TopSecret)?;
        return Some(Nato {
            level,
            activity,
            spelled: true,
        });
    }
    // N[NAC Activity]S: ISAF is NIS (M16 p. 59)
    let letters = piece.strip_prefix('N')?;
    let level = ForeignLevel::from_letter(letters.get(letters.len().checked_sub(1)?..)?)
        .filter(|level| *level < ForeignLevel::TopSecret)?;
    let activity = &letters[..letters.len() - 1];
    let full = if activity == "I" { "ISAF" } else { activity };
    is_activity(full, vocabulary).then(|| Nato {
        level,
        activity: Some(full.to_owned()),
        spelled: false,
    })
}

/// An activity of the North Atlantic Council is an organization of the vocabulary, and not NATO itself.
fn is_activity(word: &str, vocabulary: &Vocabulary) -> bool {
    word != "NATO" && vocabulary.is_organization(word)
}
