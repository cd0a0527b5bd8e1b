//! Letters refused by their syntax tree: what the frame owns, what hides text, and comments that swallow it.

use std::ops::Range;

use typst::syntax::{LinkedNode, SyntaxKind, SyntaxNode, parse};

use crate::base::suggest;
use crate::template::lookup;

/// Why a letter is refused, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) range: Range<usize>,
    pub(super) message: String,
    pub(super) label: &'static str,
    pub(super) help: String,
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

/// What a template is, and so what it may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Letter,
    Part,
}

/// Returns every reason to refuse a letter, in the order of its text.
pub(super) fn lint(text: &str) -> Vec<Refusal> {
    read(&parse(text), text, Role::Letter)
}

/// Returns every reason to refuse a part, in the order of its text: the shipped part of that path says what it must
/// define.
pub(super) fn lint_part(path: &str, text: &str) -> Vec<Refusal> {
    let root = parse(text);
    let mut found = read(&root, text, Role::Part);
    let here = functions(&root);
    let shipped = lookup::file(path)
        .map(parse)
        .map(|root| functions(&root))
        .unwrap_or_default();
    for (name, usage) in shipped.iter().filter(|(name, _)| lookup::is_bound(path, name)) {
        if here.iter().any(|(known, _)| known == name) {
            continue;
        }
        let near = suggest::nearest(name, here.iter().map(|(name, _)| name.as_str()));
        found.push(Refusal {
            range: 0..0,
            message: format!("the part does not define `{name}`"),
            label: "every letter that uses it fails",
            help: match near {
                Some(near) => format!("write `#let {usage} = …`; `{near}` is not what letters look for"),
                None => format!("write `#let {usage} = …`"),
            },
        });
    }
    found
}

fn read(root: &SyntaxNode, text: &str, role: Role) -> Vec<Refusal> {
    let mut found = Vec::new();
    visit(&LinkedNode::new(root), text, role, &mut found);
    found
}

/// The functions that a file defines at its top, each with how it is called: `closing(notice, addressee)`.
fn functions(root: &SyntaxNode) -> Vec<(String, String)> {
    let bindings = root.children().filter(|node| node.kind() == SyntaxKind::LetBinding);
    let closures = bindings.filter_map(|binding| binding.children().find(|node| node.kind() == SyntaxKind::Closure));
    let parts = closures.map(|closure| {
        let text = |kind| {
            let node = closure.children().find(|node| node.kind() == kind);
            node.map(|node| node.full_text().to_string()).unwrap_or_default()
        };
        let name = text(SyntaxKind::Ident);
        let usage = format!("{name}{}", text(SyntaxKind::Params));
        (name, usage)
    });
    parts.collect()
}

fn visit(node: &LinkedNode<'_>, text: &str, role: Role, found: &mut Vec<Refusal>) {
    match node.kind() {
        SyntaxKind::Ident | SyntaxKind::MathIdent => owned(node, role, found),
        SyntaxKind::LineComment | SyntaxKind::BlockComment => comment(node, text, found),
        SyntaxKind::ModuleImport | SyntaxKind::ModuleInclude => import(node, role, found),
        SyntaxKind::ShowRule => show(node, role, found),
        _ => {}
    }
    for child in node.children() {
        visit(&child, text, role, found);
    }
}

fn owned(node: &LinkedNode<'_>, role: Role, found: &mut Vec<Refusal>) {
    let name = node.leaf_text();
    // The name of an argument (`outline(title: …)`) is no use of a function.
    if node.parent_kind() == Some(SyntaxKind::Named) && node.index() == 0 {
        return;
    }
    // A part may print text without a mark: the check after layout knows which words may stand so.
    if role == Role::Part && name == "unmarked" {
        return;
    }
    if let Some((name, label, help)) = OWNED.iter().find(|(owned, ..)| name == owned) {
        found.push(Refusal {
            range: node.range(),
            message: format!("a {} may not use `{name}`", role.word()),
            label,
            help: (*help).to_owned(),
        });
    }
}

/// A show rule puts something else in the place of what is printed, words of the record among it: only one that sets how
/// things look stays.
fn show(node: &LinkedNode<'_>, role: Role, found: &mut Vec<Refusal>) {
    let parts: Vec<LinkedNode<'_>> = node.children().filter(|part| !part.kind().is_trivia()).collect();
    if parts.last().is_some_and(|last| last.kind() == SyntaxKind::SetRule) {
        return;
    }
    let selector = parts
        .get(1)
        .filter(|part| part.kind() != SyntaxKind::Colon)
        .map(|part| part.full_text().to_string());
    let (label, usage) = match &selector {
        Some(selector) if !selector.contains('\n') => (
            "this can rewrite or drop what the record says",
            format!("write `#show {selector}: set text(…)`, which changes only how it looks"),
        ),
        Some(_) => (
            "this can rewrite or drop what the record says",
            "write `#show …: set text(…)`, which changes only how it looks".to_owned(),
        ),
        None => (
            "this can rewrite or drop all that follows",
            "write `#set text(…)`, which changes only how what follows looks".to_owned(),
        ),
    };
    found.push(Refusal {
        range: node.range(),
        message: format!(
            "a {} may change how things look, not what they say: a show rule only with `set`",
            role.word()
        ),
        label,
        help: format!("{usage}; words of the record are changed in the record"),
    });
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
            help:
                "print marks with `#para(\"S//NF\")[…]`; write a comment on a line of its own; where a text shall show \
                   two slashes, write `#\"//\"`"
                    .to_owned(),
        });
    }
}

impl Role {
    fn word(self) -> &'static str {
        match self {
            Role::Letter => "letter",
            Role::Part => "part",
        }
    }
}

/// A letter takes everything from `/relto.typ`, a part from `/helpers.typ` and from relto's other parts.
fn import(node: &LinkedNode<'_>, role: Role, found: &mut Vec<Refusal>) {
    let (module, usage) = match role {
        Role::Letter => (lookup::MODULE, "#import \"/relto.typ\": *"),
        Role::Part => (lookup::HELPERS, "#import \"/helpers.typ\": para, unmarked"),
    };
    let source = node.children().find(|child| {
        !matches!(
            child.kind(),
            SyntaxKind::Import | SyntaxKind::Include | SyntaxKind::Space | SyntaxKind::Hash
        )
    });
    let allowed = node.kind() == SyntaxKind::ModuleImport
        && source
            .as_ref()
            .filter(|source| source.kind() == SyntaxKind::Str)
            .is_some_and(|source| {
                let path = source.leaf_text().trim_matches('"');
                path == module || (role == Role::Part && path.starts_with("/parts/") && lookup::file(path).is_some())
            });
    if !allowed {
        found.push(Refusal {
            range: source.map_or_else(|| node.range(), |source| source.range()),
            message: format!("a {} imports only `{module}`", role.word()),
            label: "no package and no other file",
            help: format!("write `{usage}`"),
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
    fn a_show_rule_only_sets() {
        for text in [
            "#show heading: none",
            "#show \"the control group withdrew\": \"\"",
            "#show regex(\"not \"): it => []",
            "#show heading: it => { set text(red); it }",
            "#show heading: { set text(red) }",
            "#show: columns.with(2)",
            "#{ show heading: none }",
            "#let f(x) = { show text: none; x }",
            "#para(\"U\")[#show \"a\": [b]; a]",
            "$ show x: none $ #show math.equation: none",
        ] {
            let found = lint(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert!(text[found[0].range.clone()].starts_with("show"), "{text}");
            assert_eq!(lint_part("/parts/none.typ", text).len(), 1, "{text}");
        }
        for text in [
            "#show heading: set text(fill: blue)",
            "#show heading.where(level: 1): set block(above: 2em)",
            "#show \"Five Eyes\": set text(weight: \"bold\")",
            "#show: set text(size: 12pt)",
            "#{ show table: set text(size: 9pt) }",
            "(U) We show heading: none.",
        ] {
            assert_eq!(lint(text), [], "{text}");
        }
        let found = lint("#show heading: none");
        assert_eq!(
            found[0].help,
            "write `#show heading: set text(…)`, which changes only how it looks; words of the record are changed in the \
             record"
        );
    }

    #[test]
    fn a_part_defines_what_letters_call() {
        let text = "#import \"/helpers.typ\": unmarked\n#let closeing(notice, addressee) = unmarked[x]\n";
        let found = lint_part("/parts/closing.typ", text);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].message, "the part does not define `closing`");
        assert_eq!(
            found[0].help,
            "write `#let closing(notice, addressee) = …`; `closeing` is not what letters look for"
        );
    }

    #[test]
    fn the_shipped_parts_pass() {
        for (path, text) in lookup::FILES.iter().filter(|(path, _)| path.starts_with("/parts/")) {
            assert_eq!(lint_part(path, text), [], "{path}");
        }
    }

    #[test]
    fn the_shipped_letters_pass() {
        for (name, path) in lookup::letters() {
            let text = lookup::file(path).expect("shipped");
            assert_eq!(lint(text), [], "{name}");
        }
    }
}
