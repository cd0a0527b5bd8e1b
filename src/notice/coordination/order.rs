//! In which order the letters bring their parts; a test holds it against the letters themselves.

/// A part of a letter's body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Authority,
    Summary,
    Provenance,
    Correction,
    Decisions,
    Releasability,
    /// The narrative of one field.
    Section(&'static str),
    /// All narratives that have no place of their own.
    Sections,
    Timeline,
    Particulars,
    Commitments,
    Claims,
    Duties,
    Lateness,
    EnclosureList,
    ReportTables,
    ReportMethod,
    ReportGlossary,
}

use Part::{
    Authority, Claims, Commitments, Correction, Decisions, Duties, EnclosureList, Lateness, Particulars, Provenance,
    Releasability, ReportGlossary, ReportMethod, ReportTables, Section, Sections, Summary, Timeline,
};

const FACTS: Part = Section("facts");
const SIGNIFICANCE: Part = Section("significance_text");
const ELEMENTS: Part = Section("elements_involved");

const LETTERS: &[(&str, &[Part])] = &[
    (
        "rel-to-change",
        &[
            Authority,
            Summary,
            Provenance,
            Correction,
            Releasability,
            FACTS,
            SIGNIFICANCE,
            ELEMENTS,
            Sections,
            Particulars,
            Commitments,
            Claims,
            Duties,
            Lateness,
        ],
    ),
    (
        "liaison-contact",
        &[
            Authority,
            Summary,
            Provenance,
            Correction,
            FACTS,
            SIGNIFICANCE,
            ELEMENTS,
            Section("purpose"),
            Section("given"),
            Section("received"),
            Commitments,
            Sections,
            Particulars,
            Claims,
            Duties,
            Lateness,
        ],
    ),
    (
        "exchange",
        &[
            Authority,
            Summary,
            Provenance,
            Correction,
            FACTS,
            SIGNIFICANCE,
            ELEMENTS,
            Section("given"),
            Section("received"),
            Section("reciprocity"),
            Sections,
            Particulars,
            Commitments,
            Claims,
            Duties,
            Lateness,
        ],
    ),
    (
        "sharing-change",
        &[
            Authority,
            Summary,
            Provenance,
            Correction,
            FACTS,
            Section("rationale"),
            Section("conditions"),
            Section("exceptions_kept"),
            SIGNIFICANCE,
            ELEMENTS,
            Sections,
            Timeline,
            Particulars,
            Claims,
            Duties,
            Lateness,
        ],
    ),
    (
        "disclosure",
        &[
            Authority,
            Summary,
            Provenance,
            Correction,
            FACTS,
            Section("contents_revealed"),
            Section("damage_appraisal"),
            ELEMENTS,
            Section("corrective_action"),
            SIGNIFICANCE,
            Sections,
            Particulars,
            Claims,
            Duties,
            Lateness,
        ],
    ),
    (
        "legal-interpretation",
        &[
            Authority,
            Summary,
            Provenance,
            Correction,
            Section("interpreted"),
            Section("activities"),
            FACTS,
            SIGNIFICANCE,
            ELEMENTS,
            Sections,
            Particulars,
            Claims,
            Duties,
            Lateness,
        ],
    ),
    (
        "correction",
        &[
            Authority,
            Summary,
            Correction,
            Lateness,
            Provenance,
            Releasability,
            FACTS,
            SIGNIFICANCE,
            ELEMENTS,
            Sections,
            Timeline,
            Particulars,
            Commitments,
            Claims,
            Duties,
        ],
    ),
    (
        "memo",
        &[
            Summary,
            Provenance,
            Decisions,
            Correction,
            FACTS,
            SIGNIFICANCE,
            ELEMENTS,
            Releasability,
            Timeline,
            Particulars,
            Claims,
        ],
    ),
    ("transmittal", &[Summary, EnclosureList]),
    (
        "periodic-report",
        &[Summary, ReportTables, ReportMethod, ReportGlossary],
    ),
    ("what-if", &[Summary, ReportTables, ReportMethod]),
];

/// The letter for every kind that has none of its own.
const PLAIN: &[Part] = &[
    Authority,
    Summary,
    Provenance,
    Correction,
    FACTS,
    SIGNIFICANCE,
    ELEMENTS,
    Sections,
    Releasability,
    Timeline,
    Particulars,
    Commitments,
    Claims,
    Duties,
    Lateness,
];

/// The parts of a letter in their order; those of the plain one for a letter that is not relto's own.
pub(super) fn parts(letter: &str) -> &'static [Part] {
    LETTERS
        .iter()
        .find(|(name, _)| *name == letter)
        .map_or(PLAIN, |(_, parts)| parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::{files_under, read_text};

    /// The call that brings a part, as a letter writes it.
    fn call(part: Part, letter: &str) -> String {
        let report = ["periodic-report", "what-if"].contains(&letter);
        let name = match part {
            Section(field) => return format!("section(\"{field}\""),
            Authority => "authority",
            Summary if report => "report-summary",
            Summary => "summary",
            Provenance => "provenance",
            Correction => "correction",
            Decisions => "decisions",
            Releasability => "releasability",
            Sections => "sections",
            Timeline => "timeline",
            Particulars => "particulars",
            Commitments => "commitments",
            Claims => "claims",
            Duties => "duties",
            Lateness => "lateness",
            EnclosureList => "enclosure-list",
            ReportTables => "report-tables",
            ReportMethod => "report-method",
            ReportGlossary => "report-glossary",
        };
        format!("{name}(")
    }

    /// What stands around the body: the renderers bring it for every letter alike.
    const AROUND: &[&str] = &[
        "letterhead(",
        "reference-line(",
        "inside-address(",
        "subject-line(",
        "salutation(",
        "closing(",
        "memo-head(",
        "memo-closing(",
        "receipt(",
        "distribution(",
        "report-cover(",
        "report-contents(",
        "colbreak(",
        "block(",
        "import",
    ];

    #[test]
    fn copies_follow_the_letters() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/letters");
        let letters = files_under(&folder, "typ", &|_, _| false).expect("the letters");
        assert!(letters.len() > LETTERS.len());
        for path in letters {
            let letter = read_text(&path).expect("a letter");
            let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
            let written: Vec<&str> = letter
                .lines()
                .filter_map(|line| line.strip_prefix('#'))
                .filter(|line| !AROUND.iter().any(|around| line.starts_with(around)))
                .collect();
            let ours: Vec<String> = parts(name).iter().map(|part| call(*part, name)).collect();
            assert_eq!(written.len(), ours.len(), "{name}: {written:?} {ours:?}");
            for (line, call) in written.iter().zip(&ours) {
                assert!(line.starts_with(call.as_str()), "{name}: `{line}` is no {call}");
            }
        }
    }
}
