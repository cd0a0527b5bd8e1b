//! The table of diagnostic codes: name, default severity, what it means, how to mend it.

use crate::base::diagnostic::Severity;

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $summary:literal $explanation:literal;)*) => {
        /// The kind of a diagnostic.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Code { $($variant,)* }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$variant,)*];

            /// The kebab-case name, as printed and as written in `[severity]`.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// The severity unless `relto.toml` or the command line says otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }

            /// One line: what it means.
            pub fn summary(self) -> &'static str {
                match self { $(Code::$variant => $summary,)* }
            }

            /// The explanation page: why it matters and how to mend it.
            pub fn explanation(self) -> &'static str {
                match self { $(Code::$variant => $explanation,)* }
            }
        }
    };
}

codes! {
    // files
    TomlSyntax "toml-syntax" Error "the file is not valid TOML"
        "relto reads records, packs and settings as TOML. While a file does not parse, nothing in it can be judged, so the first syntax errors are shown and the file is left out of the run.";
    JsonSyntax "json-syntax" Error "a line that is no record in JSON"
        "`relto check --stdin` reads one JSON object a line, with the record's `kind` beside its fields. A line that is none is left out of the run, so what it should have said is not judged.";
    UnknownKind "unknown-kind" Error "a table is of no record kind"
        "A record file holds arrays of tables named by kind, such as `[[rel_to_change]]` or `[[liaison_contact]]`. What fits no kind is out of scope: relto refuses it rather than forcing it into one.";
    UnknownKey "unknown-key" Error "a key that this table does not have"
        "A misspelt key must never silently mean \"not given\". `relto fields KIND` lists the keys of a kind.";
    UnknownValue "unknown-value" Error "a value outside the list of allowed values"
        "Fields such as `basis` or `mode` take one of a fixed list of words, in snake_case. The help names them.";
    WrongType "wrong-type" Error "a value of the wrong type"
        "The field wants another type of value, for example a date and not a string. `relto fields` shows the type and an example of every field.";
    MissingField "missing-field" Error "a required field is not there"
        "Every record needs `id`, `title`, `marking`, `basis` and `covert_action`; some fields are required with others, such as `reported_by` with `basis = \"press\"`.";
    BadDate "bad-date" Error "a date that is no date"
        "Dates are TOML dates (2025-03-11), offset date-times, or imprecise strings: \"2023-06\", \"2023-Q3\", \"2024-H2\", \"2023\", an interval \"2023-06/2023-09\", \"../2024-01-02\" or \"unknown\".";
    DateOrder "date-order" Error "dates in an impossible order"
        "An event cannot end before it starts. Where a date is not certain, write it imprecisely instead of guessing.";
    BadId "bad-id" Error "an id that cannot be used"
        "Ids are used in file names: A-Z and 0-9 in groups joined by `.`, `_` or `-`, 3 to 64 characters, and no Windows device name such as CON or NUL.";
    DuplicateId "duplicate-id" Error "an id that two records share"
        "Ids name notices and ledger entries, so each may be used once in a workspace.";
    // codes, markings, text
    UnknownCountryCode "unknown-country-code" Error "a code that is in no vocabulary"
        "REL TO lists and partners use GENC trigraphs and registered organization codes (ISMCAT), not ISO or everyday abbreviations: GBR, not UK; XKS, not XKX.";
    MarkingInvalid "marking-invalid" Error "a marking the manual does not allow"
        "Markings follow the IC Markings System Register and Manual. relto never repairs a marking silently: it names the character and what to write.";
    MarkingDoubtful "marking-doubtful" Warning "a marking that is allowed and still leaves a question"
        "The marking can be read, but it is a legacy form or lacks a companion that the manual expects, such as a release marking on a classified portion. Say what is meant.";
    PartAboveRecord "part-above-record" Error "a part marked higher than its record"
        "The record's `marking` is the highest of its parts. Raise the record's marking or lower the part's.";
    AboveCeiling "above-ceiling" Error "a record marked above the workspace's ceiling"
        "`[classification] ceiling` in relto.toml says how high the records of this workspace may be marked. A record above it is refused, and nothing of it but its id is printed.";
    HiddenCharacter "hidden-character" Error "an invisible or control character in text"
        "Invisible characters (zero-width, bidirectional controls, soft hyphens) change what a reader sees. Remove them.";
    LookalikeCharacter "lookalike-character" Error "a character that only looks like the right one"
        "Word processors and web pages put in characters that look like A-Z, `/`, `,` or `-` and are not. Type the character anew.";
    MissingGlyph "missing-glyph" Error "a character no embedded or workspace font can show"
        "A name printed as an empty box is a wrong notice. Put a font that has the character into the workspace's `fonts/` folder.";
    // links
    UnknownRecord "unknown-record" Error "a link to a record that is not there"
        "`related`, `supersedes`, `resumes` and `may_duplicate` name records of the same workspace by id.";
    OrphanResume "orphan-resume" Error "a resumption that resumes nothing"
        "A `sharing_change` with `action = \"resume\"` names with `resumes` the record of the suspension or restriction that it ends.";
    // rules
    RuleUndetermined "rule-undetermined" Warning "a rule that the record does not give enough to decide"
        "Unknown is not false: where the record lacks what a rule tests, relto says so instead of staying silent.";
    RuleLapsed "rule-lapsed" Note "a notice that is no longer owed because of what followed"
        "A rule with `unless_followed` fires at once and lapses when the follower arrives in time. The lapse is shown, so that nobody wonders where the notice went.";
    Prohibited "prohibited" Error "something a rule forbids"
        "The record falls under a prohibition and no waiver or exception is recorded.";
    RequiredField "required-field" Error "a field that a rule requires to be answered"
        "A rule with `effect = \"require\"` wants these fields to be there. An explicit \"undetermined\" is an answer, with a warning.";
    RequiredUndetermined "required-undetermined" Warning "a required answer that is still undetermined"
        "A rule wants this question answered; the record says \"undetermined\".";
    DeadlineUndetermined "deadline-undetermined" Warning "a notice is owed and nobody can say by when"
        "The record gives no date from which the rule's clock could start, not even an earliest one. Such a duty never turns overdue by itself: give the date, or an imprecise one such as \"2025-03\".";
    ObligationOverdue "obligation-overdue" Warning "a notice that was due and is not recorded as given"
        "The due date lies before the as-of date and the record's `notified` names no notice to the recipient.";
    PostponedTooFar "postponed-too-far" Warning "a report postponed further than its rule allows"
        "A report may be postponed by written notice to the date the rule names, and beyond it only by a written certification with a date that then binds (50 U.S.C. 3106(d)). The due date moves as far as the rule allows and no further.";
    Advice "advice" Note "advice of a rule"
        "A rule with `effect = \"advise\"` applies to this record. Nothing is owed.";
    PossibleDuplicate "possible-duplicate" Warning "two records that may be one event"
        "`may_duplicate` says that this record may describe the same event as another. relto asks; it never merges.";
    WaiverExpired "waiver-expired" Warning "a waiver past its expiry"
        "A waiver counts up to and including its `expires` date.";
    WaiverUnused "waiver-unused" Warning "a waiver that waives nothing"
        "The waiver names a rule that does not fire for this record, or that cannot be waived.";
    WaiverExpiring "waiver-expiring" Warning "a waiver that expires within thirty days"
        "A waiver counts up to and including its `expires` date; after it the obligation or the prohibition is back. Renew it in time, or prepare the notice.";
    WaiverWithoutAuthority "waiver-without-authority" Warning "a waiver that names no authority"
        "A waiver says on what ground, by whom, under which authority and until when. Whoever reads it later must be able to look the authority up.";
    NotifiedEarly "notified-early" Warning "a notice recorded as given before its clock started"
        "`notified` says that a recipient was told before the event that the notice is about. One of the two dates is wrong, or the notice was about something else.";
    NoticeIncomplete "notice-incomplete" Warning "a notice that lacks what a rule over notices requires"
        "For example a notice that was given late without the reasons: `late_explanation` on the record gives them.";
    SupersedeCycle "supersede-cycle" Error "records that supersede one another in a circle"
        "`supersedes` names the record that this one replaces. A circle leaves none that stands.";
    SupersededTwice "superseded-twice" Error "a record that two others supersede"
        "Each record is replaced by one other at most: let the later one supersede the earlier one.";
    // packs
    UnknownPack "unknown-pack" Error "a policy pack that is not there"
        "`[policy] packs` names built-in packs by id, or folders of the workspace that start with `./`.";
    UnknownField "unknown-field" Error "a condition on a field that the record kind does not have"
        "A misspelt field in a rule would silently mean \"no report due\". `relto fields KIND` lists what can be tested.";
    WrongTest "wrong-test" Error "a test that does not fit the field's type"
        "Lists, dates, levels and words have their own tests; the help names those that fit.";
    UnknownSet "unknown-set" Error "a set that no pack defines"
        "`@name` refers to `[sets]` of a pack, `@FVEY` to an organization code of the vocabulary.";
    UnknownGroup "unknown-group" Error "a recipient group or recipient that is not defined"
        "`@name` in `notify` refers to `[groups]` of a pack; other names are recipients of the built-in table or of relto.toml.";
    UnknownLetter "unknown-letter" Error "a letter that neither relto nor the workspace has"
        "`letter` of a duty names the letter that its notice is set with: one that relto ships, or a file of `templates/letters/` by its name without the ending. `relto template list` names them.";
    UnknownParameter "unknown-parameter" Error "a parameter that neither the rule nor its pack has"
        "`$name` in a condition or a deadline stands for a value of `parameters` of the rule, of `[parameters]` of its pack, or of a pack that it extends.";
    BadDeadline "bad-deadline" Error "a deadline the grammar does not know"
        "Deadlines are written as in \"7 days after ended\", \"48 hours after decided else published\", \"before commenced\". `relto deadline` tries one out.";
    BadPeriod "bad-period" Error "a window or period that cannot be counted"
        "Windows are written as in \"180 days\", \"fiscal year\" or \"quarter\".";
    UnknownRule "unknown-rule" Error "a reference to a rule that no pack has"
        "Waivers, tests, `fires` and `disable` name rules by id. A test of nothing must not pass.";
    DuplicateRule "duplicate-rule" Error "a rule id used twice"
        "Rule ids are unique over all packs of a run.";
    DeadRule "dead-rule" Error "a rule that can never fire"
        "The conditions contradict one another, or no record kind can meet them.";
    RuleCycle "rule-cycle" Error "rules that refer to one another in a circle"
        "`fires` may refer to other rules, but not in a circle.";
    BadRule "bad-rule" Error "a rule that says too little or contradicts itself"
        "For example a disabled rule without `read_first`, or a notify rule without a duty.";
    RuleStale "rule-stale" Note "a rule that nobody has held against the law for long"
        "`checked_on` says when somebody last held a rule against the text it cites. After a year, or the number of months that `[policy] stale_after_months` gives, the law may have moved on. `relto policy list` and `relto policy test` say so.";
    RuleTestFailed "rule-test-failed" Error "a rule's own test that does not come out"
        "The `[[rule.test]]` beside the rule expected another outcome.";
    // notices and templates
    LetterInvalid "letter-invalid" Error "a letter that does not compile or uses what the frame owns"
        "Letters hold only the letter: page, banner, fonts and page numbers belong to the frame. A letter may change how things look, not what they say: a show rule only with `set`, and a narrative of the record in the record's words.";
    LetterAdvice "letter-advice" Warning "a letter that most likely does not print what was meant"
        "Some characters mean something else in a letter than on paper: `//` starts a comment, `$` a formula, `#3` and `<b>` print nothing, `*` prints bold. Marks, dates and names that are typed into a letter are the same in every notice. `relto template check` finds them, and `relto notice` says so of what it prints.";
    LetterStopped "letter-stopped" Error "a letter that did not end, or took too much memory"
        "Letters of a workspace are set in processes of their own, with a limit on time, memory and pages. A letter that goes over it is stopped; nothing is written, and everything else goes on.";
    WorkspaceLetter "workspace-letter" Error "a file in `templates/` that cannot be a template"
        "Letters of a workspace stand in `templates/letters/`, parts in `templates/parts/` under the names of relto's own. The frame with banner and page numbers always comes from relto.";
    BannerCheck "banner-check" Error "a page whose banner is not as computed"
        "Every page is checked after layout: banner text, place, colour and size, at the top and at the bottom.";
    PortionUnmarked "portion-unmarked" Error "a portion without a portion mark"
        "Every paragraph, heading, table and caption carries its mark.";
    ElementMissing "element-missing" Error "required contents that are not visible on a page"
        "A rule requires this element in the notice. It must be on a page, in a readable size and colour.";
    MarkingUndecided "marking-undecided" Error "a document whose banner cannot be computed"
        "When the roll-up of the portions is undecidable there is no banner and no document.";
    MissingAuthority "missing-authority" Error "a classified document without a classification authority"
        "`[classification] authority` in relto.toml gives Classified By, Derived From and Declassify On.";
}

impl Code {
    /// Returns the code of this name.
    pub fn named(name: &str) -> Option<Code> {
        Code::ALL.iter().copied().find(|code| code.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_kebab_case() {
        let mut names: Vec<_> = Code::ALL.iter().map(|code| code.name()).collect();
        assert!(
            names
                .iter()
                .all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c == '-'))
        );
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
