//! Letters refused by their syntax tree: what the frame owns, what hides text, and comments that swallow it.

use std::ops::Range;

use typst::syntax::{LinkedNode, SyntaxKind, parse};

/// Why a letter is refused, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) label: &'static str,
    pub(super) help: &'static str,
}

/// Names that a letter may not use, why, and what to do instead.
const OWNED: &[(&str, &str, &str)] = &[
    (
        "page",
        "the page belongs to the frame",
        "leave it out: paper, margins, banner and page numbers are set for you",
    ),
    (
        "document",
        "the document's data belongs to the frame",
        "leave it out: title, author and date come from the notice",
    ),
    ("pagebreak", "page breaks belong to the frame", "write `#colbreak()`"),
    ("hide", "hides text", "print the text or leave it out"),
    (
        "pdf",
        "artifacts and attachments belong to the frame",
        "leave it out: text in an artifact is not read aloud",
    ),
    (
        "metadata",
        "brackets belong to the helpers",
        "use `element` for contents that a rule demands",
    ),
    (
        "unmarked",
        "only parts may print text without a mark",
        "write `#para(\"U\")[…]`",
    ),
    (
        "bracket",
        "only the helpers may set brackets",
        "use `para` or `element`",
    ),
    (
        "std",
        "the library is reached by its plain names",
        "write the function's name alone",
    ),
    ("sys", "the program is none of the letter's business", "leave it out"),
];

/// Returns every reason to refuse a letter, in the order of its text.
pub(super) fn lint(text: &str) -> Vec<Refusal> {
    let root = parse(text);
    let mut found = Vec::new();
    visit(&LinkedNode::new(&root), text, &mut found);
    found
}

fn visit(node: &LinkedNode<'_>, text: &str, found: &mut Vec<Refusal>) {
    match node.kind() {
        SyntaxKind::Ident | SyntaxKind::MathIdent => owned(node, found),
        SyntaxKind::LineComment | SyntaxKind::BlockComment => comment(node, text, found),
        SyntaxKind::ModuleImport | SyntaxKind::ModuleInclude => import(node, found),
        _ => {}
    }
    for child in node.children() {
        visit(&child, text, found);
    }
}

fn owned(node: &LinkedNode<'_>, found: &mut Vec<Refusal>) {
    let name = node.leaf_text();
    // The name of an argument (`outline(title: …)`) is no use of a function.
    if node.parent_kind() == Some(SyntaxKind::Named) && node.index() == 0 {
        return;
    }
    if let Some((name, label, help)) = OWNED.iter().find(|(owned, ..)| name == owned) {
        found.push(Refusal {
            range: node.range(),
            message: format!("a letter may not use `{name}`"),
            label,
            help,
        });
    }
}

/// A comment after text on its line, or before text that goes on, is most likely a mark: `(S//NF) …` prints `(S`.
fn comment(node: &LinkedNode<'_>, text: &str, found: &mut Vec<Refusal>) {
    let range = node.range();
    let line_start = text
        .get(..range.start)
        .and_then(|before| before.rfind('\n'))
        .map_or(0, |at| at + 1);
    let before = text.get(line_start..range.start).unwrap_or_default();
    let after = text
        .get(range.end..)
        .and_then(|rest| rest.lines().next())
        .unwrap_or_default();
    let swallows = match node.kind() {
        SyntaxKind::LineComment => !before.trim().is_empty(),
        _ => !before.trim().is_empty() || !after.trim().is_empty(),
    };
    if swallows {
        found.push(Refusal {
            range,
            message: "a comment after text: what follows is not printed".to_owned(),
            label: "this is not printed",
            help: "print marks with `#para(\"S//NF\")[…]`; write a comment on a line of its own",
        });
    }
}

/// A letter takes everything from `/relto.typ`.
fn import(node: &LinkedNode<'_>, found: &mut Vec<Refusal>) {
    let source = node.children().find(|child| {
        !matches!(
            child.kind(),
            SyntaxKind::Import | SyntaxKind::Include | SyntaxKind::Space | SyntaxKind::Hash
        )
    });
    let allowed = node.kind() == SyntaxKind::ModuleImport
        && source.as_ref().is_some_and(|source| {
            source.kind() == SyntaxKind::Str && source.leaf_text().trim_matches('"') == "/relto.typ"
        });
    if !allowed {
        found.push(Refusal {
            range: source.map_or_else(|| node.range(), |source| source.range()),
            message: "a letter imports only `/relto.typ`".to_owned(),
            label: "no package and no other file",
            help: "write `#import \"/relto.typ\": *`",
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_the_frame_owns() {
        let refused = |text: &str| {
            lint(text)
                .into_iter()
                .map(|refusal| text[refusal.range].to_owned())
                .collect::<Vec<_>>()
        };
        assert_eq!(refused("#set page(header: none)"), ["page"]);
        assert_eq!(refused("#std.page[x] #let f = hide"), ["std", "page", "hide"]);
        assert_eq!(refused("#import \"@preview/x:1.0.0\": *"), ["\"@preview/x:1.0.0\""]);
        assert_eq!(refused("#include \"/letters/plain.typ\""), ["\"/letters/plain.typ\""]);
        assert_eq!(refused("(S//NF) He came."), ["//NF) He came."]);
        assert_eq!(refused("text /* gone */ text"), ["/* gone */"]);
        assert_eq!(
            refused("// a comment\n#import \"/relto.typ\": *\nhttps://example.org\n"),
            Vec::<String>::new()
        );
    }

    #[test]
    fn the_shipped_letters_pass() {
        for (name, path) in crate::template::lookup::letters() {
            let text = crate::template::lookup::file(path).expect("shipped");
            assert_eq!(lint(text), [], "{name}");
        }
    }
}
