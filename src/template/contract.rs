//! What a letter may use: every name of the module, with its meaning.

/// A name that `#import "/relto.typ": *` brings.
#[derive(Debug, Clone, Copy)]
pub struct Name {
    pub name: &'static str,
    /// How it is written in a letter.
    pub usage: &'static str,
    pub meaning: &'static str,
}

const fn name(name: &'static str, usage: &'static str, meaning: &'static str) -> Name {
    Name { name, usage, meaning }
}

/// The data.
pub const DATA: &[Name] = &[
    name("notice", "#notice.title", "the whole notice"),
    name("addressee", "#addressee.salutation", "the reader of this copy"),
    name("letter-file", "", "the path of the letter"),
    name("families", "", "font families of the workspace"),
    name("attachment", "", "machine-readable data, where it is embedded"),
];

/// The helpers: marks and text.
pub const HELPERS: &[Name] = &[
    name("para", "#para(\"U\")[text]", "one marked paragraph"),
    name("item", "#list(item(\"U\")[text])", "one marked item of a list"),
    name("portion", "#portion(\"U\")[text]", "a marked stretch of text"),
    name("section-heading", "#section-heading(\"U\")[text]", "a marked heading"),
    name(
        "marked-table",
        "#marked-table(\"U\", [caption], …)",
        "a table with its mark in the caption",
    ),
    name(
        "marked-figure",
        "#marked-figure(\"U\", [caption], \"alt\", …)",
        "a figure with its mark in the caption",
    ),
    name("element", "#element(\"facts\")[…]", "contents that a rule demands"),
    name("silent", "#silent[…]", "what the record does not say"),
    name("and-list", "#and-list((\"a\", \"b\"))", "\"a and b\""),
    name("long-date", "#long-date(notice.date)", "\"March 11, 2025\""),
    name("ink", "", "the colour of letterhead and headings"),
    name("faint", "", "the colour of small print"),
];

/// The parts, in the order of a letter.
pub const PARTS: &[Name] = &[
    name("letterhead", "#letterhead()", "the agency's name and address"),
    name("reference-line", "#reference-line()", "reference and date"),
    name("inside-address", "#inside-address()", "the addressee's address"),
    name("subject-line", "#subject-line()", "the subject, marked"),
    name("salutation", "#salutation()", "\"Dear Mr. Chairman:\""),
    name(
        "authority",
        "#authority()",
        "what requires the notice: one sentence per status of the rules",
    ),
    name("summary", "#summary()", "what happened, in one sentence"),
    name(
        "provenance",
        "#provenance()",
        "what the record rests on, and who disputes it",
    ),
    name("lateness", "#lateness()", "why the notice is late"),
    name(
        "releasability",
        "#releasability()",
        "table: who may receive the information, before and after",
    ),
    name("correction", "#correction()", "what a superseding record corrects"),
    name("timeline", "#timeline()", "table: the course of a pause of sharing"),
    name("particulars", "#particulars()", "table: dates, officials, references"),
    name("commitments", "#commitments()", "table: what was promised"),
    name("claims", "#claims()", "table: what each source says, where they differ"),
    name(
        "duties",
        "#duties()",
        "table: the rules this notice answers, with due dates",
    ),
    name("section", "#section(\"facts\")", "one narrative under its heading"),
    name(
        "sections",
        "#sections(except: (\"facts\",))",
        "every narrative but those named",
    ),
    name(
        "closing",
        "#closing()",
        "offer of a briefing, signature, enclosures, copies",
    ),
    name(
        "enclosure-list",
        "#enclosure-list()",
        "table: what is enclosed, each with its marking and pages",
    ),
    name("receipt", "#receipt()", "table: a receipt to sign"),
    name(
        "distribution",
        "#distribution()",
        "table: who got what; the entries for the record",
    ),
    name("report-cover", "#report-cover()", "the cover of a report"),
    name("report-contents", "#report-contents()", "its table of contents"),
    name("report-summary", "#report-summary()", "what it says in a paragraph"),
    name("report-tables", "#report-tables()", "its tables and charts"),
    name("report-method", "#report-method()", "how the figures were counted"),
    name("report-glossary", "#report-glossary()", "what its words mean"),
    name("memo-head", "#memo-head()", "the title of a memorandum for the file"),
    name("decisions", "#decisions()", "table: decisions not to notify"),
    name(
        "memo-closing",
        "#memo-closing()",
        "the end of a memorandum for the file",
    ),
];

/// Functions of Typst's own that letters use.
const TYPST: &[&str] = &[
    "align",
    "block",
    "box",
    "calc",
    "colbreak",
    "columns",
    "datetime",
    "emph",
    "enum",
    "figure",
    "footnote",
    "grid",
    "h",
    "heading",
    "line",
    "linebreak",
    "link",
    "list",
    "lower",
    "luma",
    "measure",
    "pad",
    "par",
    "parbreak",
    "place",
    "rect",
    "repeat",
    "rgb",
    "smallcaps",
    "stack",
    "str",
    "strong",
    "sub",
    "super",
    "table",
    "terms",
    "text",
    "title",
    "underline",
    "upper",
    "v",
];

/// Every name that a letter may write: data, helpers, parts, and Typst's own functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    let ours = DATA.iter().chain(HELPERS).chain(PARTS).map(|name| name.name);
    ours.chain(TYPST.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::template::lookup::MODULE_TAIL;

    #[test]
    fn the_module_defines_every_name_of_the_contract() {
        for part in PARTS {
            let defined = |after: &str| MODULE_TAIL.contains(&format!("#let {}{after}", part.name));
            assert!(defined(" = ") || defined("("), "{}", part.name);
        }
        for helper in HELPERS {
            assert!(
                MODULE_TAIL.contains(&format!("{},", helper.name)),
                "{} is not imported from helpers.typ",
                helper.name
            );
        }
        assert_eq!(MODULE_TAIL.matches("#let ").count(), PARTS.len());
    }
}
