//! Typst's complaints in a letter writer's words: what was most likely meant, and what to write.

use std::ops::Range;

use typst::syntax::{LinkedNode, SyntaxKind, parse};

use crate::base::suggest;
use crate::template::{contract, variables};
use crate::typeset::copy::Complaint;

/// Adds to a complaint what a letter writer should do. `text` is the file that its place is in.
pub(super) fn explain(complaint: &mut Complaint, text: Option<&str>) {
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
    if let Some(name) = message.strip_prefix("unknown variable: ") {
        if here.is_some_and(|(before, _)| in_formula(before)) {
            "a `$` begins a formula".clone_into(&mut complaint.label);
            complaint.help.push("write `\\$` for a dollar sign".to_owned());
        } else if let Some(near) = suggest::nearest(name, contract::names()) {
            complaint.help.push(format!("did you mean `{near}`?"));
        } else {
            complaint
                .help
                .push("`relto template fields` lists everything that a letter may use".to_owned());
        }
    } else if let Some(key) = quoted("does not contain key \"") {
        let table = here.map(|(before, _)| table_before(before)).unwrap_or_default();
        let keys = variables::keys_of(&table);
        complaint.help.push(match suggest::nearest(&key, keys.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None if keys.is_empty() => "`relto template fields` lists every field".to_owned(),
            None => format!("`{table}` has {}", suggest::quoted_list(keys)),
        });
    } else if let Some(label) = quoted("label `<") {
        let label = label.trim_end_matches('>').to_owned();
        complaint.help.push(format!(
            "`@` begins a reference: write `\\@{label}` where an address or a sign is meant"
        ));
    } else if message.contains("unclosed") || message.starts_with("expected") || message.starts_with("unexpected") {
        complaint
            .help
            .push("every `[`, `(`, `{` and `\"` needs its partner; look at this line and the one before it".to_owned());
    } else if message.contains("maximum function call depth") {
        complaint
            .help
            .push("a function calls itself: give it an end".to_owned());
    } else if message.contains("infinite") {
        complaint.help.push("the loop never ends: give it an end".to_owned());
    }
}

/// Of delimiters that are not closed, only the innermost of a file: those around it are open because it is.
pub(super) fn innermost(complaints: Vec<Complaint>) -> Vec<Complaint> {
    let unclosed = |one: &Complaint| one.message == "unclosed delimiter";
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
        assert_eq!(
            help("dictionary does not contain key \"titel\"", "#notice.titel", "titel"),
            "did you mean `title`?"
        );
        assert_eq!(
            help(
                "dictionary does not contain key \"nam\"",
                "see #notice.agency.nam",
                "nam"
            ),
            "did you mean `name`?"
        );
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
