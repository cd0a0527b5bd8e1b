//! Mistakes in policy packs: each file of `tests/policy/` is a pack with mistakes and the diagnostics that it must give.
//!
//! A line `#> code line:column | message | label | help` at the end expects a diagnostic; `#! enable ID` and `#! disable ID` stand
//! for `[policy]` of relto.toml, `#! letter NAME` for a letter of the workspace; `#--- next pack` starts a second pack, whose places are written `2:line:column` and
//! counted in the same file.

use std::path::{Path, PathBuf};

use relto::base::code::Code;
use relto::base::diagnostic::{self, Diagnostic};
use relto::base::source::{Place, Placed, SourceId, Sources, files_under, read_text};
use relto::policy::load::{Selection, load};
use relto::policy::recipients::{Changes, Recipients};
use relto::policy::rule::{Condition, Operand, Operator};

const NEXT: &str = "#--- next pack\n";

/// Loads the packs of a file and returns each diagnostic as a line.
fn found(text: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let mut packs = Vec::new();
    let mut at = 0;
    for part in text.split_inclusive(NEXT) {
        // Blank lines in the place of earlier packs, so that lines are counted in the file.
        let before = "\n".repeat(text[..at].matches('\n').count());
        packs.push(sources.add(format!("{}", packs.len() + 1), format!("{before}{part}")));
        at += part.len();
    }
    if packs.is_empty() {
        packs.push(sources.add("1", ""));
    }
    let settings = settings(text, packs[0]);
    let (recipients, _) = Recipients::standard(&Changes::new());
    let (_, mut diagnostics) = load(&packs, &settings, &sources, &recipients);
    diagnostic::sort(&mut diagnostics, &sources);
    diagnostics
        .iter()
        .map(|diagnostic| line(diagnostic, &sources))
        .collect()
}

fn settings(text: &str, source: SourceId) -> Selection {
    let named = |word: &str| -> Vec<Placed<String>> {
        text.match_indices(&format!("#! {word} "))
            .map(|(at, matched)| {
                let start = at + matched.len();
                let id = text[start..].lines().next().unwrap_or_default();
                Placed {
                    value: id.to_owned(),
                    place: Place::new(source, start..start + id.len()),
                }
            })
            .collect()
    };
    Selection {
        enable: named("enable"),
        disable: named("disable"),
        letters: named("letter").into_iter().map(|letter| letter.value).collect(),
        ..Selection::default()
    }
}

fn line(diagnostic: &Diagnostic, sources: &Sources) -> String {
    let place = diagnostic.place.as_ref().expect("a place");
    let source = sources.get(place.source);
    let (line, column) = source.line_column(place.start());
    let pack = if source.name == "1" {
        String::new()
    } else {
        format!("{}:", source.name)
    };
    let help = diagnostic.help.join(" / ");
    format!(
        "{} {pack}{line}:{column} | {} | {} | {help}",
        diagnostic.code.name(),
        diagnostic.message,
        diagnostic.label
    )
}

fn expected(text: &str) -> Vec<String> {
    text.lines()
        .filter_map(|line| line.strip_prefix("#> "))
        .map(str::to_owned)
        .collect()
}

fn files() -> Vec<(PathBuf, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy");
    files_under(&folder, "toml", &|_, _| false)
        .unwrap()
        .into_iter()
        .map(|path| {
            let text = read_text(&path).unwrap();
            (path, text)
        })
        .collect()
}

#[test]
fn every_mistake_is_reported_at_its_place_with_what_to_write() {
    let mut wrong = Vec::new();
    for (path, text) in files() {
        let (expected, found) = (expected(&text), found(&text));
        if expected != found {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let found: Vec<String> = found.iter().map(|line| format!("#> {line}")).collect();
            wrong.push(format!("{name} gives\n{}", found.join("\n")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_diagnostic_of_a_pack_helps() {
    for (path, text) in files() {
        for line in found(&text) {
            let parts: Vec<&str> = line.split(" | ").collect();
            assert_eq!(parts.len(), 4, "{}: {line}", path.display());
            let labelled = line.starts_with("toml-syntax ") || !parts[2].is_empty();
            assert!(
                labelled && !parts[1].is_empty() && !parts[3].is_empty(),
                "{}: {line}",
                path.display()
            );
            assert!(
                !parts[1].ends_with('.') && !parts[3].ends_with('.'),
                "{}: {line}",
                path.display()
            );
            let first = parts[1].chars().next().unwrap();
            assert!(!first.is_uppercase(), "{}: {line}", path.display());
        }
    }
}

#[test]
fn every_code_of_packs_has_a_mistake_here() {
    let all: String = files().into_iter().map(|(_, text)| text).collect();
    for code in [
        Code::UnknownField,
        Code::WrongTest,
        Code::UnknownSet,
        Code::UnknownGroup,
        Code::UnknownLetter,
        Code::BadDeadline,
        Code::BadPeriod,
        Code::UnknownRule,
        Code::DuplicateRule,
        Code::DeadRule,
        Code::RuleCycle,
        Code::BadRule,
    ] {
        assert!(
            all.contains(&format!("#> {} ", code.name())),
            "{} has no file",
            code.name()
        );
    }
}

/// Each kind of mistake that an author of rules makes, the file that makes it, and what is said of it.
const KINDS: &[(&str, &str, &str)] = &[
    ("a file that is no TOML", "syntax", "toml-syntax"),
    (
        "a table where an array of tables belongs",
        "single-bracket",
        "wrong-type",
    ),
    ("a misspelt key", "unknown-key", "unknown-key"),
    ("a key left out", "missing-keys", "missing-field"),
    ("a misspelt field", "unknown-field", "unknown-field"),
    (
        "a field of another kind of record",
        "field-of-another-kind",
        "unknown-field",
    ),
    ("a misspelt test", "unknown-test", "wrong-test"),
    ("a test that does not fit the type", "wrong-test", "wrong-test"),
    ("a value of another type", "other-kinds", "wrong-type"),
    ("a word outside its list", "word-outside-its-list", "unknown-value"),
    ("a test for what is not known", "unknown-is-no-value", "wrong-test"),
    ("a code that is none", "unknown-code", "unknown-country-code"),
    (
        "an organization without public members",
        "opaque-organization",
        "unknown-set",
    ),
    ("a set that no pack defines", "unknown-set", "unknown-set"),
    ("a recipient that is none", "unknown-recipient", "unknown-group"),
    ("a letter that nobody wrote", "unknown-letter", "unknown-letter"),
    ("a rule that no pack has", "unknown-rule", "unknown-rule"),
    (
        "a test that switches on a rule that is none",
        "test-enables-what",
        "unknown-rule",
    ),
    ("an id used twice", "duplicate-rule", "duplicate-rule"),
    ("a deadline that nobody can count", "bad-deadline", "bad-deadline"),
    ("a clock that is no date", "other-kinds", "wrong-test"),
    ("a clock that no record has", "clock-without-field", "unknown-field"),
    ("a window that nobody can count", "bad-window", "bad-period"),
    ("conditions that contradict one another", "contradiction", "dead-rule"),
    (
        "an exception that excepts everything",
        "excepts-everything",
        "dead-rule",
    ),
    (
        "a rule that ends before it begins",
        "ends-before-it-begins",
        "dead-rule",
    ),
    ("rules in a circle", "rules-in-a-circle", "rule-cycle"),
    (
        "a rule that is off and does not say why",
        "disabled-without-reason",
        "bad-rule",
    ),
    ("a duty that tells nobody", "duty-without-recipient", "bad-rule"),
    ("a test of a duty that is not there", "other-kinds", "bad-rule"),
    ("a kind of record that is none", "other-kinds", "unknown-kind"),
];

#[test]
fn each_kind_of_mistake_is_found_at_its_place_with_a_suggestion() {
    assert!(KINDS.len() >= 20);
    let files = files();
    for (kind, file, code) in KINDS {
        let name = format!("{file}.toml");
        let (_, text) = files.iter().find(|(path, _)| path.ends_with(&name)).expect("the file");
        let said: Vec<String> = found(text)
            .into_iter()
            .filter(|line| line.starts_with(&format!("{code} ")))
            .collect();
        assert!(!said.is_empty(), "{kind}: {file} gives no {code}");
        for line in said {
            let help = line.split(" | ").nth(3).unwrap_or_default();
            let place = line.split(' ').nth(1).unwrap_or_default();
            assert!(!help.is_empty() && place.contains(':'), "{kind}: {line}");
        }
    }
}

#[test]
fn a_set_may_lead_to_the_set_of_that_name_in_another_pack() {
    let header = |id: &str| format!("[pack]\nid = \"{id}\"\ntitle = \"T\"\nversion = \"1\"\nsource = \"s\"\n");
    let first = format!("{}[sets]\nally = [\"GBR\", \"@friends\"]\n", header("a"))
        + "[[rule]]\nid = \"T-1\"\ntitle = \"T\"\nstatus = \"model\"\nconfidence = \"model\"\nauthority = [\"a\"]\n"
        + "effective = { from = 2000-01-01 }\napplies_to = [\"exchange\"]\neffect = \"advise\"\n"
        + "when.partners.any_of = \"@ally\"\n";
    let second = format!(
        "{}[sets]\nally = [\"FRA\"]\nfriends = [\"JPN\", \"@ally\", \"@FVEY\"]\n",
        header("b")
    );
    let mut sources = Sources::default();
    let packs = [sources.add("a", first), sources.add("b", second)];
    let (recipients, _) = Recipients::standard(&Changes::new());
    let (policy, diagnostics) = load(&packs, &Selection::default(), &sources, &recipients);
    assert_eq!(diagnostics, []);
    let Condition::All(lines) = &policy.rules[0].when else {
        panic!("no lines")
    };
    let [Condition::Test(test)] = lines.as_slice() else {
        panic!("no test")
    };
    assert_eq!(test.text, "partners any_of @ally");
    let word = |code: &str| Operand::Word(code.to_owned());
    let Operator::AnyOf(operands) = &test.operator else {
        panic!("no any_of")
    };
    let expected = [
        word("GBR"),
        word("JPN"),
        word("FRA"),
        Operand::Organization("FVEY".to_owned()),
    ];
    assert_eq!(operands.as_slice(), expected);
}

/// The worst failure of a rule language: a slip of the hand that means "no report due".
#[test]
fn no_slip_in_a_condition_loads() {
    let pack = |condition: &str| {
        format!(
            "pack = {{ id = \"t\", title = \"T\", version = \"1\", source = \"s\" }}\nsets.adversary = [\"RUS\"]\n\
             [[rule]]\nid = \"T-1\"\ntitle = \"T\"\nstatus = \"model\"\nconfidence = \"model\"\nauthority = [\"a\"]\n\
             effective = {{ from = 2000-01-01 }}\napplies_to = [\"exchange\"]\neffect = \"notify\"\n{condition}\n\
             [[rule.duty]]\nnotify = [\"SSCI\"]\ndue = \"7 days after ended\"\n"
        )
    };
    let right = "when.partners.any_of = \"@adversary\"";
    assert_eq!(found(&pack(right)), Vec::<String>::new());
    // Every letter of the line left out, doubled, or exchanged with the next one.
    let letters: Vec<char> = right.chars().collect();
    for at in 0..letters.len() {
        let mut without = letters.clone();
        without.remove(at);
        let mut doubled = letters.clone();
        doubled.insert(at, letters[at]);
        let mut swapped = letters.clone();
        swapped.swap(at, (at + 1).min(letters.len() - 1));
        for slip in [without, doubled, swapped] {
            let slip: String = slip.into_iter().collect();
            // A blank more or less is no slip.
            let same = slip.split_whitespace().collect::<String>() == right.split_whitespace().collect::<String>();
            assert!(same || !found(&pack(&slip)).is_empty(), "{slip} loads");
        }
    }
}

#[test]
fn loading_never_panics_on_a_damaged_pack() {
    let text = include_str!("../policy/rel-to.toml");
    // Cut at some lines, and with one of them left out.
    let lines: Vec<&str> = text.lines().collect();
    for at in (0..lines.len()).step_by(17) {
        let _ = found(&lines[..at].join("\n"));
        let left: Vec<&str> = lines
            .iter()
            .enumerate()
            .filter(|(line, _)| *line != at)
            .map(|(_, line)| *line)
            .collect();
        let _ = found(&left.join("\n"));
    }
}
