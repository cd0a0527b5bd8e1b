//! Advice for letter writers: characters that print something else than they show, and things typed that belong to the
//! notice. Read off the syntax tree, so that code and data are never mistaken for prose.

use std::ops::Range;

use typst::syntax::{LinkedNode, SyntaxKind, parse};

use crate::template::variables::VARIABLES;
use crate::typeset::marks::MONTHS;
use crate::typeset::placeholder::placeholder;

/// One piece of advice, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Advice {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) label: &'static str,
    pub(super) help: String,
}

/// Committees as people write them; addresses and names come from the recipient list.
const COMMITTEES: &[&str] = &[
    "Select Committee",
    "Permanent Select",
    "Committee on",
    "Subcommittee on",
    "Armed Services Committee",
    "HPSCI",
    "SSCI",
    "HASC",
    "SASC",
    "Speaker of the House",
];

/// Words that stand in markings and nowhere else.
const MARKING_WORDS: &[&str] = &[
    "NOFORN",
    "ORCON",
    "RELIDO",
    "REL TO ",
    "TOP SECRET",
    "FOUO",
    "DISPLAY ONLY",
];

/// Returns every piece of advice on a letter or part, in the order of its text.
pub(super) fn advice(text: &str) -> Vec<Advice> {
    let root = parse(text);
    let mut found = Vec::new();
    visit(&LinkedNode::new(&root), text, &mut found);
    found.sort_by_key(|advice| advice.range.start);
    found
}

fn visit(node: &LinkedNode<'_>, text: &str, found: &mut Vec<Advice>) {
    match node.kind() {
        // What is not closed stops the letter, and is said there.
        SyntaxKind::Equation | SyntaxKind::Strong if open(node) => {}
        SyntaxKind::Equation => push(
            found,
            node.range(),
            "`$` begins a formula, which prints in italics and without its blanks",
            "this is set as a formula",
            "write `\\$` for a dollar sign",
        ),
        SyntaxKind::Ref => {
            let written = node.full_text();
            push(
                found,
                node.range(),
                "`@` begins a reference",
                "there is no such label",
                format!("write `\\{written}` for an address or a sign"),
            );
        }
        SyntaxKind::Label => {
            let written = node.full_text();
            push(
                found,
                node.range(),
                format!("`{written}` is a label, and prints nothing"),
                "this is not printed",
                "write `#strong[…]` for bold and `#emph[…]` for italics; for the sign itself, `\\<`",
            );
        }
        SyntaxKind::Int | SyntaxKind::Float if after_hash(node) => {
            let written = node.full_text();
            push(
                found,
                node.range(),
                format!("`#{written}` prints `{written}`: the `#` is gone"),
                "`#` begins code",
                format!("write `\\#{written}`"),
            );
        }
        SyntaxKind::Strong => strong(node, text, found),
        SyntaxKind::FieldAccess if printed(node) => raw_value(node, found),
        SyntaxKind::FuncCall => table(node, found),
        SyntaxKind::Markup => prose(node, text, found),
        _ => {}
    }
    for child in node.children() {
        visit(&child, text, found);
    }
}

/// Whether what begins here does not end.
fn open(node: &LinkedNode<'_>) -> bool {
    node.children().any(|child| child.kind() == SyntaxKind::Error)
}

fn push(
    found: &mut Vec<Advice>,
    range: Range<usize>,
    message: impl Into<String>,
    label: &'static str,
    help: impl Into<String>,
) {
    found.push(Advice {
        range,
        message: message.into(),
        label,
        help: help.into(),
    });
}

fn after_hash(node: &LinkedNode<'_>) -> bool {
    node.prev_leaf().is_some_and(|leaf| leaf.kind() == SyntaxKind::Hash)
        && node.parent_kind() == Some(SyntaxKind::Markup)
}

/// Whether an expression stands in prose, so that its value is printed as it is.
fn printed(node: &LinkedNode<'_>) -> bool {
    matches!(node.parent_kind(), Some(SyntaxKind::Markup)) && after_hash(node)
}

/// `2 * 3 * 4` loses its signs: an asterisk after a number, or before a blank, is hardly meant as bold.
fn strong(node: &LinkedNode<'_>, text: &str, found: &mut Vec<Advice>) {
    let range = node.range();
    let inner = node.full_text();
    let inner = inner.trim_start_matches('*').trim_end_matches('*');
    let before = text
        .get(..range.start)
        .unwrap_or_default()
        .trim_end()
        .chars()
        .next_back();
    let loose = inner.starts_with(char::is_whitespace) || inner.ends_with(char::is_whitespace);
    if loose || before.is_some_and(|c| c.is_ascii_digit()) {
        push(
            found,
            range,
            "two `*` make what stands between them bold, and are not printed",
            "this prints in bold",
            "write `\\*` for the sign, or `×` for a product",
        );
    }
}

/// `#notice.date` prints `(year: 2026, …)`: tables and lists have a helper or a part that prints them.
fn raw_value(node: &LinkedNode<'_>, found: &mut Vec<Advice>) {
    // The outermost access is the value that is printed.
    let path = node.full_text().to_string();
    let Some(variable) = VARIABLES.iter().find(|variable| variable.path == path) else {
        return;
    };
    let scalar = matches!(variable.kind, "text" | "word" | "number" | "mark");
    if scalar {
        return;
    }
    let help = match variable.kind {
        "day" => format!("write `#long-date({path})`"),
        "list of texts" | "list of marks" => format!("write `#and-list({path})`"),
        "text or none" => format!("write `#if {path} != none [#{path}]`: it may be empty"),
        _ => match variable.meaning.split_once("print ") {
            Some((_, how)) => format!("print {how}"),
            None => format!("print one of its fields, such as `#{path}.{}`", first_field(&path)),
        },
    };
    push(
        found,
        node.range(),
        format!("`{path}` is a {}, and prints as code", variable.kind),
        "this prints as code",
        help,
    );
}

fn first_field(path: &str) -> &'static str {
    crate::template::variables::keys_of(path)
        .first()
        .copied()
        .unwrap_or("text")
}

/// A table without a header cannot be read aloud.
fn table(node: &LinkedNode<'_>, found: &mut Vec<Advice>) {
    let callee = node.children().next();
    let is_table = callee.as_ref().is_some_and(|callee| callee.full_text() == "table");
    if is_table && !node.full_text().contains("table.header") {
        push(
            found,
            callee.map_or_else(|| node.range(), |callee| callee.range()),
            "a table without a header row: a screen reader cannot tell its columns",
            "no `table.header` in it",
            "write `marked-table(\"U\", [caption], columns: …, header: (…), rows: (…))`, or put the first row into \
             `table.header(…)`",
        );
    }
}

/// What is typed as prose: markings, dates, committees, what a form left over.
fn prose(node: &LinkedNode<'_>, text: &str, found: &mut Vec<Advice>) {
    let mut start: Option<usize> = None;
    let mut stretches: Vec<Range<usize>> = Vec::new();
    for child in node.children() {
        let plain = matches!(
            child.kind(),
            SyntaxKind::Text | SyntaxKind::Space | SyntaxKind::SmartQuote | SyntaxKind::Shorthand
        );
        match (plain, start) {
            (true, None) => start = Some(child.range().start),
            (false, Some(from)) => {
                stretches.push(from..child.range().start);
                start = None;
            }
            _ => {}
        }
    }
    stretches.extend(start.map(|from| from..node.range().end));
    for stretch in stretches {
        let Some(part) = text.get(stretch.clone()) else {
            continue;
        };
        let at = |inner: Range<usize>| stretch.start + inner.start..stretch.start + inner.end;
        if let Some(inner) = portion_mark(part) {
            push(
                found,
                at(inner),
                "a portion mark that is typed is only text: it counts for nothing",
                "typed by hand",
                "write `#para(\"U\")[…]`, which prints the mark and counts it",
            );
        } else if let Some(inner) = first_of(part, MARKING_WORDS) {
            push(
                found,
                at(inner),
                "a marking that is typed is the same in every notice",
                "typed by hand",
                "leave it out: the frame prints the banner, `para` and the parts print the portion marks",
            );
        }
        if let Some(inner) = date(part) {
            push(
                found,
                at(inner),
                "a date that is typed is the same in every notice",
                "typed by hand",
                "write `#long-date(notice.date)` for the letter's date; dates of the record stand in `particulars()`",
            );
        }
        if let Some(inner) = first_of(part, COMMITTEES) {
            push(
                found,
                at(inner),
                "a committee that is typed is the same for every addressee",
                "typed by hand",
                "write `#inside-address()`, or `#addressee.lines.first()`: names and committees come from the recipients",
            );
        }
        if let Some(left) = placeholder(part) {
            let from = left.as_ptr() as usize - part.as_ptr() as usize;
            push(
                found,
                at(from..from + left.len()),
                "this looks like something still to be filled in",
                "left over",
                "fill it in, or take it from the notice: `relto template fields` lists what there is",
            );
        }
    }
}

fn first_of(text: &str, words: &[&str]) -> Option<Range<usize>> {
    let hit = |word: &&str| text.find(*word).map(|at| at..at + word.trim_end().len());
    words.iter().filter_map(hit).min_by_key(|range| range.start)
}

/// `(U)`, `(S//NF)`, `(TS//SI)`.
fn portion_mark(text: &str) -> Option<Range<usize>> {
    for (at, _) in text.match_indices('(') {
        let rest = &text[at + 1..];
        let end = rest.find(')')?;
        let inner = &rest[..end];
        let level = inner.split('/').next().unwrap_or_default();
        let rest_is_mark = inner
            .chars()
            .all(|c| c.is_ascii_uppercase() || matches!(c, '/' | ' ' | ',' | '-'));
        if matches!(level, "U" | "C" | "S" | "TS" | "CUI") && rest_is_mark {
            return Some(at..at + 1 + end + 1);
        }
    }
    None
}

/// `March 11, 2025`, `11 March 2025`, `2025-03-11`.
fn date(text: &str) -> Option<Range<usize>> {
    let words: Vec<(usize, &str)> = text
        .split_whitespace()
        .map(|word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
        .collect();
    let number = |word: &str, digits: Range<usize>| {
        let word = word.trim_end_matches([',', '.', ';', ')']);
        digits.contains(&word.len()) && word.chars().all(|c| c.is_ascii_digit())
    };
    for (at, (start, word)) in words.iter().enumerate() {
        let next = |by: usize| words.get(at + by).copied();
        if MONTHS.contains(word)
            && let Some((_, second)) = next(1)
        {
            let american = number(second, 1..3)
                .then(|| next(2))
                .flatten()
                .filter(|(_, year)| number(year, 4..5));
            let other =
                (at > 0 && number(words[at - 1].1, 1..3) && number(second, 4..5)).then_some((words[at - 1].0, second));
            if let Some((year_at, year)) = american {
                return Some(*start..year_at + year.trim_end_matches([',', '.', ';', ')']).len());
            }
            if let Some((from, _)) = other {
                return Some(from..words[at + 1].0 + 4);
            }
        }
        let parts: Vec<&str> = word.trim_end_matches([',', '.', ';', ')']).split('-').collect();
        if let [year, month, day] = parts.as_slice()
            && number(year, 4..5)
            && number(month, 2..3)
            && number(day, 2..3)
        {
            return Some(*start..start + 10);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is marked, and the help.
    fn of(text: &str) -> Vec<(String, String)> {
        let with = format!("#import \"/relto.typ\": *\n\n{text}\n");
        advice(&with)
            .into_iter()
            .map(|advice| (with[advice.range].to_owned(), advice.help))
            .collect()
    }

    #[track_caller]
    fn one(text: &str, marked: &str, help: &str) {
        let found = of(text);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].0, marked);
        assert!(found[0].1.contains(help), "{}", found[0].1);
    }

    #[test]
    fn characters_that_print_something_else() {
        one("It cost $5 million and $6 million.", "$5 million and $", "write `\\$`");
        one("Item #3 of the list", "3", "write `\\#3`");
        one("Write to jane@agency.gov now", "@agency.gov", "write `\\@agency.gov`");
        one("This is <b>bold", "<b>", "#strong");
        one("Area 2 * 3 * 4 feet", "* 3 *", "write `\\*`");
        assert_eq!(of("5 * 6"), []);
        assert_eq!(of("5 $ 6"), []);
        assert_eq!(of("This is *bold* and _slanted_; see https://example.org/a"), []);
    }

    #[test]
    fn things_typed_that_belong_to_the_notice() {
        // `(S//NF)` is a comment to the parser: the lint refuses it before any advice.
        one("(U) He met them.", "(U)", "#para");
        one("The (TS) paragraph follows.", "(TS)", "#para");
        one("This is SECRET and NOFORN.", "NOFORN", "leave it out");
        one("We met on March 11, 2025.", "March 11, 2025", "#long-date(notice.date)");
        one("We met on 11 March 2025.", "11 March 2025", "#long-date(notice.date)");
        one("As of 2025-03-11, nothing.", "2025-03-11", "#long-date(notice.date)");
        one(
            "To the Select Committee on Intelligence",
            "Select Committee",
            "#inside-address()",
        );
        one("The service is TBD here.", "TBD", "fill it in");
        assert_eq!(of("In March they spoke (see above), and may speak again."), []);
    }

    #[test]
    fn values_that_print_as_code() {
        one("Dated #notice.date here", "notice.date", "#long-date(notice.date)");
        one("Rules #notice.rules", "notice.rules", "#and-list(notice.rules)");
        one("See #notice.training", "notice.training", "!= none");
        one("#notice.summary", "notice.summary", "`summary()`");
        assert_eq!(
            of("#notice.title and #long-date(notice.date) and #notice.agency.name"),
            []
        );
    }

    #[test]
    fn tables_need_a_header() {
        one("#table(columns: 2, [a], [b])", "table", "table.header");
        assert_eq!(of("#table(columns: 2, table.header([a], [b]), [c], [d])"), []);
    }

    #[test]
    fn the_shipped_templates_need_no_advice() {
        for (path, text) in crate::template::lookup::FILES {
            let editable = path.starts_with("/letters/") || path.starts_with("/parts/");
            if editable {
                assert_eq!(advice(text), [], "{path}");
            }
        }
    }
}
