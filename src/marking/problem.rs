//! What can be wrong with a marking: one table of kinds, and the problem that names a place.

use crate::base::diagnostic::Severity;

/// One problem of one marking. `offset` and `length` count Unicode scalar values within the input string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub code: &'static str,
    pub severity: Severity,
    pub message: String,
    pub offset: usize,
    pub length: usize,
    pub help: Option<String>,
    pub citation: &'static str,
}

/// A place in the text being read, in bytes of the cleaned text until the reader translates it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    pub start: usize,
    pub length: usize,
}

impl Span {
    pub fn new(start: usize, length: usize) -> Self {
        Self { start, length }
    }
}

impl Problem {
    /// A problem of this kind, with the kind's severity and citation.
    pub fn new(kind: &'static Kind, span: Span, message: impl Into<String>) -> Self {
        Self {
            code: kind.code,
            severity: kind.severity,
            message: message.into(),
            offset: span.start,
            length: span.length,
            help: None,
            citation: kind.citation,
        }
    }

    /// Adds what to write instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Cites another page than the kind's own.
    #[must_use]
    pub fn cite(mut self, citation: &'static str) -> Self {
        self.citation = citation;
        self
    }

    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// Returns true if one of the problems makes the marking invalid.
pub fn has_errors(problems: &[Problem]) -> bool {
    problems.iter().any(Problem::is_error)
}

/// A kind of problem: what `relto explain CODE` prints.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    pub code: &'static str,
    pub severity: Severity,
    pub citation: &'static str,
    pub summary: &'static str,
    pub explanation: &'static str,
}

/// Returns the kind of this code.
pub fn kind(code: &str) -> Option<&'static Kind> {
    KINDS.iter().copied().find(|kind| kind.code == code)
}

macro_rules! kinds {
    ($($name:ident $code:literal $severity:ident $citation:literal $summary:literal $explanation:literal;)*) => {
        $(
            #[doc = $summary]
            pub static $name: Kind = Kind {
                code: $code, severity: Severity::$severity, citation: $citation, summary: $summary, explanation: $explanation,
            };
        )*
        /// Every kind, in the order of the table.
        pub static KINDS: &[&Kind] = &[$(&$name,)*];
    };
}

kinds! {
    // characters
    EMPTY_MARKING "empty-marking" Error "M16 p. 27" "no marking at all"
        "A banner line contains, at a minimum, a classification level. Nothing is never the same as UNCLASSIFIED.";
    TOO_LONG "marking-too-long" Error "M16 p. 27" "a text far too long for a marking"
        "The longest possible release list is under two thousand characters. Longer text is not read.";
    HIDDEN_CHARACTER "hidden-character" Error "M16 p. 27" "an invisible or control character"
        "Invisible characters (zero-width, bidirectional, soft hyphens, controls) change what a reader sees. Remove them.";
    LOOKALIKE_CHARACTER "lookalike-character" Error "M16 p. 27" "a character that only looks like the right one"
        "Word processors and web pages put in characters that look like A-Z, `/`, `,`, `-` or a blank and are not. Type the character anew.";
    FOREIGN_CHARACTER "foreign-character" Error "M16 p. 27" "a character that no marking uses"
        "Markings are written with A-Z, 0-9, blank, `/`, `-`, `,` and the parentheses of a portion mark.";
    LOWER_CASE "lower-case" Error "M16 p. 27" "lower case letters"
        "The banner line must be in uppercase letters, and portion marks are written as the Register lists them.";
    STRAY_BLANK "stray-blank" Error "M16 p. 27" "a blank where none belongs"
        "Separators stand with no interjected space: `SECRET//NOFORN`. Only words, sub-compartments and codes have blanks between them, one each.";
    // shape
    PARENTHESES "parentheses" Error "M16 p. 25" "parentheses missing or out of place"
        "A portion mark stands in one pair of parentheses; a banner line in none.";
    CATEGORY_SEPARATOR "category-separator" Error "M16 p. 27" "categories not separated by `//`"
        "A double slash separates categories; a single slash only entries of one category.";
    EMPTY_CATEGORY "empty-category" Error "M16 p. 27" "an empty category or entry"
        "No slashes, hyphens or spaces are used to hold the place of what is not there.";
    TRAILING_SEPARATOR "trailing-separator" Error "M16 p. 27" "a separator after the last marking"
        "If no markings follow, then no separating characters follow.";
    CLASSIFICATION_MISSING "classification-missing" Error "M16 p. 46" "no classification at the beginning"
        "The classification marking is the first entry: TOP SECRET, SECRET, CONFIDENTIAL or UNCLASSIFIED (TS, S, C, U in a portion mark), or `//` and a non-US or JOINT classification.";
    RESTRICTED_NOT_US "restricted-not-us" Error "32 CFR 2001.24(a)" "RESTRICTED as a US level"
        "RESTRICTED is a level of other governments and of NATO, never of the United States.";
    WRONG_FORM "wrong-form" Error "M16 p. 36, Table 4" "the form of a portion mark in a banner, or the other way round"
        "A banner line spells the classification out and uses titles or banner abbreviations (NOFORN); a portion mark uses only portion marks (NF).";
    UNKNOWN_MARKING "unknown-marking" Error "M16 p. 36, Table 4" "a marking that the Register does not have"
        "All markings used must be in accordance with the Register. An unknown marking may hide a restriction, so it is refused.";
    WRONG_CATEGORY "wrong-category" Error "M16 p. 27" "an entry in a category that is not its own"
        "Entries of another category begin a new one after `//`.";
    CATEGORY_ORDER "category-order" Error "M16 p. 36, Table 4" "categories in the wrong order"
        "Order: classification, SCI, SAP, AEA, FGI, dissemination controls, non-IC dissemination controls.";
    CATEGORY_REPEATED "category-repeated" Error "M16 p. 27" "one category written twice"
        "All entries of a category stand together, separated by a single slash.";
    ENTRY_ORDER "entry-order" Error "M16 p. 27" "entries of a category in the wrong order"
        "Multiple entries are listed in the order they appear in the Register; SCI and SAP in ascending order, numbers first.";
    DUPLICATE_ENTRY "duplicate-entry" Error "M16 p. 61" "an entry written twice"
        "Only unique markings are used; none is repeated.";
    // lists of codes
    LIST_SEPARATOR "list-separator" Error "M16 p. 151" "codes not separated as the list wants it"
        "REL TO and DISPLAY ONLY separate codes by a comma and a space; FGI and JOINT by a single space.";
    LIST_ORDER "list-order" Error "M16 p. 151" "codes in the wrong order"
        "Countries A to Z, then organizations A to Z; in REL TO, USA first.";
    DUPLICATE_CODE "duplicate-code" Error "ISM-ID-00236" "a code listed twice"
        "Duplicate codes are not permitted.";
    UNKNOWN_COUNTRY_CODE "unknown-country-code" Error "ISM-ID-00265" "a code that is in no vocabulary"
        "REL TO lists use GENC trigraphs and registered organization codes (ISMCAT), not ISO or everyday abbreviations: GBR, not UK; XKS, not XKX.";
    DEPRECATED_CODE "deprecated-code" Error "ISM-ID-00199" "a code past its deprecation date"
        "A document must not use a code after the date on which it was retired. Older documents may hold it.";
    USA_FIRST "usa-first" Error "M16 p. 151; ISM-ID-00214" "a REL TO list that does not begin with USA"
        "USA must always appear first in a REL TO list, also when another government's release decision is shown.";
    REL_TO_USA_ALONE "rel-to-usa-alone" Error "M16 p. 151; ISM-ID-00319" "REL TO with nobody but USA"
        "`REL TO USA` and `REL USA` are not authorized markings. What goes to nobody else is NOFORN or has no release marking.";
    USA_IN_LIST "usa-in-list" Error "M16 p. 163" "USA in a list of foreigners"
        "DISPLAY ONLY and FGI lists name others than the United States.";
    EMPTY_LIST "empty-list" Error "M16 p. 151" "a list without a code"
        "REL TO and DISPLAY ONLY say to whom.";
    REL_SHORTHAND "rel-shorthand" Warning "M16 p. 151" "REL without its list"
        "`(S//REL)` stands for the list of its banner. Outside its document nobody knows that list: write it out. It is never rolled up.";
    // legacy
    LEGACY_MARKING "legacy-marking" Error "M16 p. 35" "a retired marking"
        "Legacy markings must be re-marked when the information is reused. The help says what replaced it.";
    LEGACY_FOUO "legacy-fouo" Warning "M16 p. 134" "FOUO predates CUI"
        "FOR OFFICIAL USE ONLY is being replaced by Controlled Unclassified Information. It is still in the Register of 2016.";
    LEGACY_HCS "legacy-hcs" Warning "M16 p. 62" "HCS without a compartment"
        "HCS alone is for legacy information only; new information is HCS-O, HCS-P or HCS-O-P.";
    LEGACY_SIGMA "legacy-sigma" Warning "M16 p. 109" "a SIGMA number that is not current"
        "The current categories are SIGMA 14, 15, 18 and 20; 1-5 and 9-13 are obsolete and must be converted when the information is reused.";
    LEGACY_FORM "legacy-form" Warning "M16 p. 35" "an old form that is still understood"
        "COMINT was the title of SI, KLONDIKE (KDK) held the compartments that TK has now, and `SAR-` was repeated until December 2011. Old documents need not be re-marked; new ones use the current form.";
    EYES_ONLY "eyes-only" Error "M16 p. 157" "EYES ONLY is dead since 1 October 2017"
        "All systems reject EYES ONLY since that day. Re-mark as REL TO with the same countries.";
    CUI_UNDECIDED "cui-undecided" Error "M16 p. 134" "CUI in a banner line differs by agency"
        "Whether and how CUI stands in a banner line of an intelligence document is not settled in the public manual. relto refuses to guess.";
    // rules
    LEVEL_NOT_ALLOWED "level-not-allowed" Error "M16 p. 36, Table 4" "a control that this level cannot have"
        "Every control has its levels: SI compartments only TOP SECRET, FOUO and UCNI only UNCLASSIFIED, ORCON never UNCLASSIFIED, and so on.";
    IMCON_LEVEL "imcon-level" Warning "M16 p. 142" "IMCON below SECRET"
        "The manual allows IMCON with TOP SECRET and SECRET; ODNI's stylesheet also printed it with CONFIDENTIAL.";
    CONFLICTING_MARKINGS "conflicting-markings" Error "M16 p. 145" "two markings that exclude one another"
        "NOFORN excludes REL TO, RELIDO and DISPLAY ONLY; RELIDO excludes ORCON and DISPLAY ONLY; ORCON excludes ORCON-USGOV; and so on.";
    SUPERSEDED_MARKING "superseded-marking" Warning "M16 p. 134" "a marking that another one supersedes"
        "FOUO gives way to every other dissemination control, FRD and TFNI to RD, SBU to SBU NOFORN.";
    MISSING_COMPANION "missing-companion" Warning "M16 p. 36" "a marking without the one it requires"
        "HCS requires NOFORN, SI-G requires ORCON, JOINT requires REL TO with all owners. The manual's syntax examples leave companions out; a finished document must not.";
    NO_RELEASE_MARKING "no-release-marking" Warning "M16 p. 19; ISM-ID-00119" "classified, and nothing said about release"
        "A classified marking without NOFORN, REL TO, RELIDO or DISPLAY ONLY is allowed outside disseminated analytic products; elsewhere it needs one.";
    SHARING_AGREEMENT "sharing-agreement" Warning "M16 p. 104; ISM-ID-00467" "atomic energy information released to foreigners"
        "RD and FRD are always used with NOFORN unless a sharing agreement under the Atomic Energy Act allows the release. No program can see the agreement.";
    FOREIGN_OWNER "foreign-owner" Error "M16 p. 122" "a non-US classification without owner or level"
        "After `//` come the owner and the level: `//DEU SECRET`, `//NATO SECRET`, `//JOINT SECRET GBR USA`; in a portion `//DEU S`, `//NS`, `//FGI S`.";
    NATO_FORM "nato-form" Error "M16 p. 36, Table 4" "a NATO marking in a form the Register does not have"
        "COSMIC goes with TOP SECRET, NATO with the lower levels; portions are CTS, NS, NC, NR, NU. ATOMAL, BALK and BOHEMIA are categories of their own.";
    JOINT_OWNERS "joint-owners" Error "M16 p. 56" "a JOINT classification with the wrong owners"
        "JOINT lists at least two owners in alphabetical order, separated by single spaces; with USA among them never RESTRICTED.";
    JOINT_RELEASE "joint-release" Error "M16 p. 57; ISM-ID-00377" "a JOINT marking not releasable to all its owners"
        "JOINT information must be explicitly marked with a REL TO that includes the US and all co-owners.";
    FGI_PLACE "fgi-place" Error "M16 p. 124" "FGI where the classification is foreign already"
        "A portion that is wholly foreign says so in its classification; the FGI category is for US and JOINT markings.";
    NATO_WORD "nato-word" Error "M16 p. 192; DoDM 4.b.(2)" "a NATO control word without its NATO information"
        "BOHEMIA and BALK go with COSMIC TOP SECRET, ATOMAL with NATO SECRET, CONFIDENTIAL or COSMIC TOP SECRET; in a US marking FGI must be named.";
    SCI_FORM "sci-form" Error "M16 p. 61" "an SCI or SAP marking of the wrong shape"
        "A hyphen precedes each compartment, a space each sub-compartment. Published systems have compartments of a fixed shape.";
    UNPUBLISHED_SCI "unpublished-sci" Warning "M16 p. 61" "an SCI name that is not published"
        "Registered but unpublished control systems and compartments cannot be checked here. Make sure that it is not a misspelling.";
    UNPUBLISHED_ORDER "unpublished-order" Warning "M16 pp. 27, 61, 100" "unpublished names not in ascending order"
        "Unpublished SCI and SAP names should be listed alphanumerically, numbers first. Their register is not public, so this is no error here.";
    COMPARTMENT_REPEATED "compartment-repeated" Warning "M16 p. 61" "one compartment written twice"
        "Sub-compartments of one compartment stand together: HCS-P DDDD JJJ.";
    DOD_MARKING "dod-marking" Warning "DoDM 5200.01-V2 Encl. 4" "a marking of the Department of Defense that the Register does not have"
        "ACCM, WAIVED, HVSACO, RD-N, SAR-MULTIPLE PROGRAMS and JOINT without USA are used by DoD outside the intelligence community.";
    OFFICIAL_VARIANT "official-variant" Warning "M16 p. 36, Table 4" "a form that ODNI's stylesheet prints and the Register does not have"
        "ODNI's published stylesheet prints UCNI and DCNI in banners, where the Register says DOE UCNI and DOD UCNI.";
    TOO_MANY_PROBLEMS "too-many-problems" Note "" "more problems than are shown"
        "Only the first problems of one marking are shown.";
    // roll-up
    NO_PORTIONS "no-portions" Error "M16 p. 28" "nothing to roll up"
        "A banner is developed from portion marks. Without portions there is none.";
    NOT_PORTIONS "not-portions" Error "M16 p. 28" "input that is no list of portion marks"
        "Write one JSON array of portion marks a line: [\"(U)\", \"(S//NF)\"].";
    ROLL_UP_UNDECIDABLE "roll-up-undecidable" Error "M16 p. 151" "a banner that cannot be computed"
        "A portion leaves open what the banner would have to say, for example `REL` without its list. Then there is no banner and no document.";
    BANNER_WEAKER "banner-weaker" Error "32 CFR 2001.24(g)" "a typed banner weaker than its portions"
        "A banner may only be stricter than the roll-up of its portions.";
    COMPILATION_REASON "compilation-reason" Error "32 CFR 2001.24(g)" "a stricter banner without a reason"
        "Classification by compilation needs a written reason that is printed with the document.";
    // authority block
    DECLASSIFY_VALUE "declassify-value" Error "M16 p. 31" "a Declassify On value that is not authorized"
        "One value: a date as YYYYMMDD, an event, 50X1-HUM, 50X2-WMD, `25X# …`, `50X# …`, `75X# …` with a date or event, or the N/A strings for RD, FRD, TFNI and NATO.";
    DECLASSIFY_RETIRED "declassify-retired" Error "M16 p. 33" "a retired Declassify On value"
        "OADR, MR, X1-X8, DCI Only, DNI Only and 25X1-human are not carried forward: calculate a date.";
    DECLASSIFY_TERM "declassify-term" Error "32 CFR 2001.21(e)" "a declassification date too far off or past"
        "A date lies at most 25 years after the document's own date.";
    DECLASSIFY_EVENT "declassify-event" Warning "M16 p. 31" "a declassification event"
        "An event must be reasonably definite, foreseeable and less than 10 years in the future. No program can see that.";
    AUTHORITY_BLOCK "authority-block" Error "32 CFR 2001.21, 2001.22" "an authority block that lacks or has too much"
        "Original: Classified By, Reason, Declassify On. Derivative: Classified By, Derived From, Declassify On, and no Reason. Unclassified: none.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_kebab_case_and_explained() {
        let mut codes: Vec<_> = KINDS.iter().map(|kind| kind.code).collect();
        assert!(
            codes
                .iter()
                .all(|code| code.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        );
        assert!(
            KINDS
                .iter()
                .all(|kind| !kind.summary.is_empty() && kind.explanation.ends_with(['.', ']']))
        );
        codes.sort_unstable();
        let count = codes.len();
        codes.dedup();
        assert_eq!(codes.len(), count);
        assert_eq!(kind("usa-first").map(|kind| kind.severity), Some(Severity::Error));
    }
}
