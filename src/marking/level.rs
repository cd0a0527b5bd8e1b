//! Classification levels.

use std::fmt;

/// A level of US classification, lowest first (EO 13526 s. 1.2; M16 p. 46).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    Unclassified,
    Confidential,
    Secret,
    TopSecret,
}

impl Level {
    /// Every level, lowest first.
    pub const ALL: [Level; 4] = [
        Level::Unclassified,
        Level::Confidential,
        Level::Secret,
        Level::TopSecret,
    ];

    /// The portion mark: `U`, `C`, `S`, `TS`.
    pub fn letter(self) -> &'static str {
        match self {
            Level::Unclassified => "U",
            Level::Confidential => "C",
            Level::Secret => "S",
            Level::TopSecret => "TS",
        }
    }

    /// The banner word: "in English without abbreviation" (M16 p. 27).
    pub fn word(self) -> &'static str {
        match self {
            Level::Unclassified => "UNCLASSIFIED",
            Level::Confidential => "CONFIDENTIAL",
            Level::Secret => "SECRET",
            Level::TopSecret => "TOP SECRET",
        }
    }

    pub fn from_letter(letter: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.letter() == letter)
    }

    pub fn from_word(word: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.word() == word)
    }

    /// Returns true for CONFIDENTIAL and above; UNCLASSIFIED "is not considered a classification level" (M16 p. 46).
    pub fn is_classified(self) -> bool {
        self > Level::Unclassified
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A level of a foreign government or organization, lowest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ForeignLevel {
    Unclassified,
    Restricted,
    Confidential,
    Secret,
    TopSecret,
}

impl From<Level> for ForeignLevel {
    fn from(level: Level) -> ForeignLevel {
        match level {
            Level::Unclassified => ForeignLevel::Unclassified,
            Level::Confidential => ForeignLevel::Confidential,
            Level::Secret => ForeignLevel::Secret,
            Level::TopSecret => ForeignLevel::TopSecret,
        }
    }
}

impl ForeignLevel {
    /// Every level, lowest first.
    pub const ALL: [ForeignLevel; 5] = [
        ForeignLevel::Unclassified,
        ForeignLevel::Restricted,
        ForeignLevel::Confidential,
        ForeignLevel::Secret,
        ForeignLevel::TopSecret,
    ];

    /// The US level at which the information is handled: RESTRICTED as "CONFIDENTIAL - Modified Handling" (`DoDM` 4.c.(2)).
    pub fn us_equivalent(self) -> Level {
        match self {
            ForeignLevel::Unclassified => Level::Unclassified,
            ForeignLevel::Restricted | ForeignLevel::Confidential => Level::Confidential,
            ForeignLevel::Secret => Level::Secret,
            ForeignLevel::TopSecret => Level::TopSecret,
        }
    }

    pub fn letter(self) -> &'static str {
        match self {
            ForeignLevel::Restricted => "R",
            other => other.us_equivalent().letter(),
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            ForeignLevel::Restricted => "RESTRICTED",
            other => other.us_equivalent().word(),
        }
    }

    pub fn from_letter(letter: &str) -> Option<ForeignLevel> {
        ForeignLevel::ALL.into_iter().find(|level| level.letter() == letter)
    }

    pub fn from_word(word: &str) -> Option<ForeignLevel> {
        ForeignLevel::ALL.into_iter().find(|level| level.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_ordered_and_named() {
        assert!(Level::Unclassified < Level::Confidential && Level::Secret < Level::TopSecret);
        assert_eq!(Level::from_letter("TS"), Some(Level::TopSecret));
        assert_eq!(Level::from_word("RESTRICTED"), None);
        assert_eq!(ForeignLevel::from_letter("R"), Some(ForeignLevel::Restricted));
        assert_eq!(ForeignLevel::Restricted.us_equivalent(), Level::Confidential);
    }
}
