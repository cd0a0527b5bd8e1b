//! Typst's complaints in a letter writer's words: what was most likely meant, and what to write.

use std::ops::Range;

use typst::syntax::{LinkedNode, SyntaxKind, parse};

use crate::base::suggest;
use crate::template::{contract, lookup, variables};
use crate::typeset::copy::{Complaint, GIVEN};
use crate::typeset::world;

/// A table of the notice that cannot have its fields listed in one line.
const MANY_FIELDS: usize = 12;

/// Adds to a complaint what a letter writer should do. `text` is the file that its place is in.
pub(super) fn explain(complaint: &mut Complaint, text: Option<&str>) {
    if let Some(said) = complaint.message.strip_prefix("assertion failed: ") {
        complaint.message = said.to_owned();
    }
    let message = complaint.message.clone();
    let quoted = |before: &str| {
        let rest = message.split_once(before)?.1;
        rest.split(['"', '`']).next().map(str::to_owned)
    };
    let here = complaint
        .at
        .as_ref()
        .zip(text)
        .and_then(|(at, text)| Some((text.get(..at.start)?, text.get(at.start..at.end)?)));
    let call = || {
        let (at, text) = complaint.at.as_ref().zip(text)?;
        callee(text, at.start)
    };
    let help: Vec<String> = if let Some(name) = message.strip_prefix("unknown variable: ") {
        if here.is_some_and(|(before, _)| in_formula(before)) {
            "a `$` begins a formula".clone_into(&mut complaint.label);
            vec!["write `\\$` for a dollar sign".to_owned()]
        } else if let Some(instead) = world::withheld(name) {
            vec![instead.to_owned()]
        } else if let Some(near) = suggest::nearest(name, contract::names()) {
            vec![format!("did you mean `{near}`?")]
        } else {
            vec!["`relto template fields` lists everything that a letter may use".to_owned()]
        }
    } else if let Some(key) = quoted("does not contain key \"") {
        let table = here.map(|(before, asked)| match asked.split_once(".at(") {
            Some((table, _)) => table_before(&format!("{table}.")),
            None => table_before(before),
        });
        let table = table.unwrap_or_default();
        field(&table, &key, complaint.at.as_ref().map(|at| at.path.as_str()))
    } else if let Some(label) = quoted("label `<") {
        let label = label.trim_end_matches('>');
        vec![format!(
            "`@` begins a reference: write `\\@{label}` where an address or a sign is meant"
        )]
    } else if let Some((sign, begins, help)) = here.and_then(|(_, sign)| sign_alone(&message, sign)) {
        complaint.message = format!("unclosed `{sign}`");
        complaint.label = format!("this begins {begins}");
        vec![help]
    } else if message.starts_with("unexpected argument") || message.starts_with("missing argument") || is_kind(&message)
    {
        call().as_deref().map(usage).into_iter().collect()
    } else if message.contains("unclosed") || message.starts_with("expected") || message.starts_with("unexpected") {
        vec!["every `[`, `(`, `{` and `\"` needs its partner; look at this line and the one before it".to_owned()]
    } else if message.contains("maximum function call depth") {
        vec!["a function calls itself: give it an end".to_owned()]
    } else if message.contains("infinite") || message.contains("condition is always true") {
        vec![
            "the loop never ends: write `#for row in notice.particulars [ … ]`, which goes over a list once, or leave it \
             out"
            .to_owned(),
        ]
    } else if message.contains("without a header row") {
        vec![
            "name every column: `header: ([What], [When])`; the rows follow in `rows: (([a], [b]), ([c], [d]))`"
                .to_owned(),
        ]
    } else if message == "`header` is not a list" {
        vec!["a list of one has a comma too: write `header: ([What],)`".to_owned()]
    } else {
        Vec::new()
    };
    complaint.help.extend(help);
}

/// What to write instead of a field that a table does not have.
fn field(table: &str, key: &str, path: Option<&str>) -> Vec<String> {
    let keys = variables::keys_of(table);
    let elsewhere = || {
        let last = format!(".{key}");
        let mut paths = variables::VARIABLES.iter().map(|variable| variable.path);
        paths.find(|path| path.ends_with(&last) && !path.contains("[]"))
    };
    let mut help = Vec::new();
    if let Some(near) = suggest::nearest(key, keys.iter().copied()) {
        help.push(format!("did you mean `{near}`?"));
    } else if let Some(path) = elsewhere() {
        help.push(format!("did you mean `{path}`?"));
    } else if !keys.is_empty() && keys.len() <= MANY_FIELDS && !table.is_empty() {
        help.push(format!("`{table}` has {}", suggest::quoted_list(keys)));
    }
    let letter = path.filter(|path| *path != GIVEN).and_then(lookup::letter_name);
    help.push(match letter {
        Some(letter) => format!("`relto template fields {letter}` lists every field"),
        None => "`relto template fields` lists every field".to_owned(),
    });
    help
}

/// A sign of the markup that stands alone: which, what it begins, and how it is printed.
fn sign_alone(message: &str, sign: &str) -> Option<(char, &'static str, String)> {
    if message != "unclosed delimiter" {
        return None;
    }
    let (sign, begins, end) = match sign.chars().next()? {
        '*' => ('*', "bold text", "bold text ends with a second `*`"),
        '_' => ('_', "slanted text", "slanted text ends with a second `_`"),
        '$' => ('$', "a formula", "a formula ends with a second `$`"),
        _ => return None,
    };
    Some((sign, begins, format!("write `\\{sign}` for the sign itself; {end}")))
}

/// Whether a value of another kind was expected: "expected string, found content". Typst says the same of syntax.
fn is_kind(message: &str) -> bool {
    const KINDS: &[&str] = &[
        "alignment",
        "array",
        "auto",
        "boolean",
        "color",
        "content",
        "dictionary",
        "float",
        "function",
        "integer",
        "length",
        "none",
        "relative",
        "string",
    ];
    let wanted = message.strip_prefix("expected ").unwrap_or_default();
    let word = wanted.split([' ', ',']).next().unwrap_or_default();
    KINDS.contains(&word) && message.contains(", found ")
}

/// The function in whose call a place stands.
fn callee(text: &str, at: usize) -> Option<String> {
    fn find(node: &LinkedNode<'_>, at: usize) -> Option<String> {
        let inside = |node: &LinkedNode<'_>| node.range().contains(&at);
        if let Some(found) = node.children().filter(inside).find_map(|child| find(&child, at)) {
            return Some(found);
        }
        let name = node.children().next().filter(|_| node.kind() == SyntaxKind::FuncCall)?;
        (!inside(&name)).then(|| name.full_text().to_string())
    }
    find(&LinkedNode::new(&parse(text)), at)
}

/// How a function of a letter is written.
fn usage(name: &str) -> String {
    if name == "marked-table" {
        return "write `#marked-table(\"U\", [caption], columns: (1fr, 1fr), header: ([What], [When]), rows: (([a], [b]), ([c], \
                [d])))`: the cells stand in `header` and `rows`"
            .to_owned();
    }
    let mut ours = contract::HELPERS.iter().chain(contract::PARTS);
    match ours.find(|known| known.name == name && !known.usage.is_empty()) {
        Some(known) => format!("write `{}`: {}", known.usage, known.meaning),
        None => format!("look at what stands between the parentheses of `{name}(…)`"),
    }
}

/// Of delimiters that are not closed, only the innermost of a file: those around it are open because it is. A bold or
/// slanted stretch ends with its paragraph and keeps nothing else open.
pub(super) fn innermost(complaints: Vec<Complaint>) -> Vec<Complaint> {
    let unclosed = |one: &Complaint| matches!(one.message.as_str(), "unclosed delimiter" | "unclosed `$`");
    let open: Vec<(String, usize)> = complaints
        .iter()
        .filter(|one| unclosed(one))
        .filter_map(|one| one.at.as_ref().map(|at| (at.path.clone(), at.start)))
        .collect();
    let inner = |one: &Complaint| {
        one.at
            .as_ref()
            .is_none_or(|at| !open.iter().any(|(path, start)| *path == at.path && *start > at.start))
    };
    complaints
        .into_iter()
        .filter(|one| !unclosed(one) || inner(one))
        .collect()
}

/// Where a text stands between quotation marks in a template, the first time.
pub(super) fn quoted(text: &str, word: &str) -> Option<Range<usize>> {
    fn find(node: &LinkedNode<'_>, wanted: &str) -> Option<Range<usize>> {
        if node.kind() == SyntaxKind::Str && node.leaf_text() == wanted {
            return Some(node.range());
        }
        node.children().find_map(|child| find(&child, wanted))
    }
    find(&LinkedNode::new(&parse(text)), &format!("\"{word}\""))
}

/// Whether a formula is open at the end of this text.
fn in_formula(before: &str) -> bool {
    let paragraph = before.rsplit("\n\n").next().unwrap_or(before);
    let escaped = paragraph.replace("\\$", "");
    escaped.matches('$').count() % 2 == 1
}

/// The table whose field is asked for at the end of this text: `notice.agency.` gives `notice.agency`.
fn table_before(before: &str) -> String {
    let start = before
        .rfind(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | '-' | '_')))
        .map_or(0, |at| at + before[at..].chars().next().map_or(1, char::len_utf8));
    before[start..].trim_end_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::code::Code;
    use crate::typeset::copy::At;

    fn help(message: &str, text: &str, at: &str) -> String {
        let start = text.find(at).unwrap();
        let mut complaint = Complaint::new(Code::LetterInvalid, message);
        complaint.at = Some(At {
            path: "/letters/mine.typ".to_owned(),
            start,
            end: start + at.len(),
        });
        explain(&mut complaint, Some(text));
        complaint.help.join("\n")
    }

    #[test]
    fn slips_get_a_suggestion() {
        assert_eq!(
            help("unknown variable: closeing", "#closeing()", "closeing"),
            "did you mean `closing`?"
        );
        let fields = "`relto template fields mine` lists every field";
        for (text, key, expected) in [
            ("#notice.titel", "titel", "did you mean `title`?"),
            ("see #notice.agency.nam", "nam", "did you mean `name`?"),
            (
                "#notice.salutation",
                "salutation",
                "did you mean `addressee.salutation`?",
            ),
            ("#notice.agency.colour", "colour", "`notice.agency` has `name`, "),
            ("#notice.foozle", "foozle", fields),
        ] {
            let said = help(&format!("dictionary does not contain key \"{key}\""), text, key);
            assert!(said.starts_with(expected) && said.ends_with(fields), "{said}");
        }
        assert!(help("unknown variable: image", "#image(\"a.png\")", "image").starts_with("letters show no pictures"));
        assert!(help("unknown variable: csv", "#csv(\"a.csv\")", "csv").starts_with("letters read no files"));
    }

    #[test]
    fn calls_are_told_from_brackets() {
        let text = "#para(\"U\")[x] #align(center, marked-table(\"U\", [C], [a]))";
        assert!(help("unexpected argument", text, "[a]").starts_with("write `#marked-table("));
        let text = "#block(closing(1))";
        assert_eq!(
            help("unexpected argument", text, "1"),
            "write `#closing()`: offer of a briefing, signature, enclosures, copies"
        );
        assert!(help("expected integer, found content", "#v([x])", "[x]").contains("`v(…)`"));
        for message in [
            "expected comma",
            "expected expression, found end of file",
            "unexpected closing bracket",
        ] {
            assert!(
                help(message, "#v([x])", "[x]").contains("needs its partner"),
                "{message}"
            );
        }
    }

    #[test]
    fn a_sign_that_stands_alone_is_named() {
        let of = |text: &str, sign: &str| {
            let start = text.find(sign).unwrap();
            let mut complaint = Complaint::new(Code::LetterInvalid, "unclosed delimiter");
            complaint.at = Some(At {
                path: "/letters/mine.typ".to_owned(),
                start,
                end: start + sign.len(),
            });
            explain(&mut complaint, Some(text));
            (complaint.message, complaint.help.concat())
        };
        for sign in ["*", "_", "$"] {
            let (message, help) = of(&format!("5 {sign} 6"), sign);
            assert_eq!(message, format!("unclosed `{sign}`"));
            assert!(
                help.starts_with(&format!("write `\\{sign}` for the sign itself")),
                "{help}"
            );
        }
        let (message, help) = of("#para(\"U\")[x", "[");
        assert_eq!(message, "unclosed delimiter");
        assert!(help.contains("needs its partner"), "{help}");
    }

    #[test]
    fn signs_of_the_markup_are_explained() {
        let text = "It cost $5 million and $6 million.";
        assert_eq!(
            help("unknown variable: million", text, "million"),
            "write `\\$` for a dollar sign"
        );
        assert!(
            help(
                "label `<agency.gov>` does not exist in the document",
                "a@agency.gov",
                "@agency.gov"
            )
            .contains("\\@agency.gov")
        );
    }
}
