//! What a test compares a field with: words, codes, numbers and levels, sets resolved, each held against the field's type.

use crate::base::code::Code;
use crate::base::decode::{Item, Raw};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed};
use crate::base::suggest;
use crate::policy::names::{self, Found, Named, Table};
use crate::policy::rule::Operand;
use crate::policy::scope::{Reference, Scope, bad_rule};
use crate::record::field::{Type, UNKNOWN_WORDS};

/// Codes of these fields stand for countries alone: the organizations in a marking are expanded before they are compared.
const EXPANDED: &[&str] = &[
    "added",
    "removed",
    "unchanged",
    "disclosure_added",
    "disclosure_removed",
];

/// A field as its tests see it: the path, and the type of one value in each kind of the rule.
#[derive(Debug)]
pub(super) struct Tested<'a> {
    pub(super) path: &'a str,
    pub(super) types: Vec<Type>,
}

/// Reads one value.
pub(super) fn one(scope: &mut Scope<'_>, tested: &Tested<'_>, item: &Item) -> Option<Operand> {
    match (&item.value, tested.types[0]) {
        (Raw::Boolean(value), Type::Bool) => Some(Operand::Bool(*value)),
        (Raw::Integer(value), Type::Integer) => Some(Operand::Number(*value)),
        (Raw::String(text), of) if !matches!(of, Type::Bool | Type::Integer) => {
            if text.starts_with('@') {
                scope.report(
                    Diagnostic::new(
                        Code::WrongTest,
                        format!("`{text}` stands for several values, `is` takes one"),
                    )
                    .at(item.place.clone())
                    .label("a set")
                    .help(format!("write `{}.any_of = \"{text}\"`", tested.path)),
                );
                return None;
            }
            word(
                scope,
                tested,
                &Placed {
                    value: text.clone(),
                    place: item.place.clone(),
                },
                None,
            )
        }
        (Raw::Array(_), _) => {
            scope.report(
                Diagnostic::new(Code::WrongTest, format!("`{}` has one value, not a list", tested.path))
                    .at(item.place.clone())
                    .label("a list")
                    .help("write `any_of` in the place of `is`"),
            );
            None
        }
        (other, of) => {
            scope.report(wrong_value(tested.path, other, of, &item.place));
            None
        }
    }
}

/// Reads a list of values, or `"@name"` alone. A mistake in one does not hide those in the others.
pub(super) fn several(scope: &mut Scope<'_>, tested: &Tested<'_>, item: &Item) -> Vec<Operand> {
    let items: &[Item] = match &item.value {
        Raw::Array(items) => items,
        _ => std::slice::from_ref(item),
    };
    let mut operands: Vec<Operand> = Vec::new();
    for item in items {
        let found = match &item.value {
            Raw::String(text) if text.starts_with('@') => named(
                scope,
                tested,
                &Placed {
                    value: text.clone(),
                    place: item.place.clone(),
                },
            ),
            Raw::Array(_) => {
                scope.report(wrong_value(tested.path, &item.value, tested.types[0], &item.place));
                Vec::new()
            }
            _ => one(scope, tested, item).into_iter().collect(),
        };
        for operand in found {
            if !operands.contains(&operand) {
                operands.push(operand);
            }
        }
    }
    operands
}

/// Reads the bound of `at_least`, `at_most` or `more_than`.
pub(super) fn bound(scope: &mut Scope<'_>, tested: &Tested<'_>, operator: &str, item: &Item) -> Option<i64> {
    match (&item.value, tested.types[0]) {
        (Raw::Integer(value), Type::Integer) => Some(*value),
        (Raw::String(text), Type::Level) => match level(text) {
            Some(rank) => Some(rank),
            None if text == "classified" && operator == "at_least" => Some(1),
            None => {
                scope.report(unknown_level(text, &item.place));
                None
            }
        },
        (other, of) => {
            scope.report(wrong_value(tested.path, other, of, &item.place));
            None
        }
    }
}

/// Resolves `@name` or `@FVEY`.
fn named(scope: &mut Scope<'_>, tested: &Tested<'_>, text: &Placed<String>) -> Vec<Operand> {
    let name = &text.value[1..];
    if !names::is_name(name) {
        return organization(scope, tested, text).into_iter().collect();
    }
    let mut operands = Vec::new();
    members(scope, tested, text, &text.place, &mut Vec::new(), &mut operands);
    operands
}

/// Adds the members of a set. `from` is the reference, `used` the test that led to it.
fn members(
    scope: &mut Scope<'_>,
    tested: &Tested<'_>,
    from: &Placed<String>,
    used: &Place,
    above: &mut Vec<(usize, String)>,
    operands: &mut Vec<Operand>,
) {
    let names = scope.names;
    let Some((pack, set)) = set(scope, from) else { return };
    let this = (pack, set.name.value.clone());
    if above.contains(&this) {
        return; // reported where the sets are checked
    }
    above.push(this);
    let own = std::mem::replace(&mut scope.pack, pack);
    for member in &set.members {
        match member.value.strip_prefix('@') {
            Some(name) if names::is_name(name) => {
                if !matches!(names.find(Table::Sets, pack, name), Found::Missing) {
                    members(scope, tested, member, used, above, operands);
                }
            }
            Some(code) if matches!(tested.types[0], Type::Code) => {
                operands.push(Operand::Organization(code.to_owned()));
            }
            Some(_) => scope.report(not_codes(tested.path, member).related(used.clone(), "used here")),
            None => operands.extend(word(scope, tested, member, Some(used))),
        }
    }
    scope.pack = own;
    above.pop();
}

/// Finds a set, or says that there is none.
fn set<'a>(scope: &mut Scope<'a>, text: &Placed<String>) -> Option<(usize, &'a Named)> {
    let names = scope.names;
    let name = &text.value[1..];
    match names.find(Table::Sets, scope.pack, name) {
        Found::One(pack, set) => Some((pack, set)),
        Found::Several(several) => {
            scope.report(ambiguous("set", name, &several, &text.place));
            None
        }
        Found::Missing => {
            let unknown = unknown(scope, Code::UnknownSet, Table::Sets, text);
            scope.report(unknown);
            None
        }
    }
}

/// The diagnostic of a `@name` that no pack defines.
pub(super) fn unknown(scope: &Scope<'_>, code: Code, table: Table, text: &Placed<String>) -> Diagnostic {
    let (what, other, key) = match table {
        Table::Sets => ("set", Table::Groups, "sets"),
        Table::Groups => ("group", Table::Sets, "groups"),
    };
    let name = &text.value[1..];
    let diagnostic = Diagnostic::new(code, format!("no pack defines a {what} `{name}`")).at(text.place.clone());
    if let Some(near) = suggest::nearest(name, scope.names.all(table)) {
        return diagnostic
            .label(format!("did you mean `@{near}`?"))
            .help(format!("write `@{near}`"));
    }
    if scope.names.all(other).any(|defined| defined == name) {
        let help = match table {
            Table::Sets => "`[groups]` hold recipients and go with `notify`; define the codes under `[sets]`",
            Table::Groups => "`[sets]` hold values and go with tests; define the recipients under `[groups]`",
        };
        return diagnostic.label(format!("not a {what}")).help(help);
    }
    diagnostic
        .label(format!("unknown {what}"))
        .help(format!("define `{name} = […]` under `[{key}]`"))
}

/// The diagnostic of a name that other packs define differently.
pub(super) fn ambiguous(what: &str, name: &str, several: &[(&str, &Named)], place: &Place) -> Diagnostic {
    let packs = suggest::quoted_list(several.iter().map(|(pack, _)| *pack));
    let code = if what == "set" {
        Code::UnknownSet
    } else {
        Code::UnknownGroup
    };
    let mut diagnostic = Diagnostic::new(
        code,
        format!("the packs {packs} define the {what} `{name}` differently"),
    )
    .at(place.clone())
    .label("which one?")
    .help(format!(
        "define `{name}` in this pack too: a pack's own names come first"
    ));
    for (pack, named) in several {
        diagnostic = diagnostic.related(named.name.place.clone(), format!("in the pack `{pack}`"));
    }
    diagnostic
}

/// Reads `@FVEY`.
fn organization(scope: &mut Scope<'_>, tested: &Tested<'_>, text: &Placed<String>) -> Option<Operand> {
    if !matches!(tested.types[0], Type::Code) {
        scope.report(not_codes(tested.path, text));
        return None;
    }
    match organization_problem(scope, text) {
        Some(problem) => {
            scope.report(problem);
            None
        }
        None => Some(Operand::Organization(text.value[1..].to_owned())),
    }
}

/// Says why `@CODE` cannot be expanded, if it cannot.
pub(super) fn organization_problem(scope: &Scope<'_>, text: &Placed<String>) -> Option<Diagnostic> {
    let code = &text.value[1..];
    let vocabulary = scope.vocabulary;
    let place = text.place.clone();
    if code.is_empty() {
        return Some(
            Diagnostic::new(Code::UnknownSet, "`@` without a name")
                .at(place)
                .label("a name is missing")
                .help("write a set as in `@adversary`, or an organization as in `@FVEY`"),
        );
    }
    if !vocabulary.knows(code) {
        let diagnostic = Diagnostic::new(
            Code::UnknownSet,
            format!("`@{code}` is neither a set nor an organization"),
        );
        let lower = code.to_lowercase();
        let near = suggest::nearest(&lower, scope.names.all(Table::Sets)).map(str::to_owned);
        let near = near.or_else(|| vocabulary.suggest(code));
        return Some(match near {
            Some(near) => diagnostic
                .at(place)
                .label(format!("did you mean `@{near}`?"))
                .help(format!("write `@{near}`")),
            None => diagnostic
                .at(place)
                .label("unknown")
                .help("sets are in lower case, organizations in capitals"),
        });
    }
    if !vocabulary.is_organization(code) {
        return Some(
            Diagnostic::new(Code::UnknownSet, format!("`{code}` is a country, not an organization"))
                .at(place)
                .label("nothing to expand")
                .help(format!("write `{code}` without `@`")),
        );
    }
    if let Some(day) = vocabulary.deprecated(code) {
        return Some(
            Diagnostic::new(Code::UnknownSet, format!("`{code}` is retired since {day}"))
                .at(place)
                .label("cannot be expanded")
                .help("name its members one by one, as they were"),
        );
    }
    if vocabulary.members_always(code).is_none() {
        return Some(
            Diagnostic::new(Code::UnknownSet, format!("the membership of `{code}` is not public"))
                .at(place)
                .label("cannot be expanded")
                .help("name the countries one by one"),
        );
    }
    None
}

fn not_codes(path: &str, text: &Placed<String>) -> Diagnostic {
    Diagnostic::new(
        Code::WrongTest,
        format!("`{}` stands for country codes, and `{path}` holds none", text.value),
    )
    .at(text.place.clone())
    .label("an organization")
    .help("compare with words, or with a set of words")
}

/// Holds one word against the type. `used`: the test, where the word stands in a set.
fn word(scope: &mut Scope<'_>, tested: &Tested<'_>, text: &Placed<String>, used: Option<&Place>) -> Option<Operand> {
    let mut operand = None;
    for of in &tested.types {
        match typed(scope, tested.path, *of, text) {
            Ok(found) => operand = Some(found),
            Err(diagnostic) => {
                scope.report(match used {
                    Some(used) => diagnostic.related(used.clone(), format!("compared with `{}` here", tested.path)),
                    None => *diagnostic,
                });
                return None;
            }
        }
    }
    if used.is_none() && text.value == "USA" && (tested.path == "partners" || EXPANDED.contains(&tested.path)) {
        scope.report(
            Diagnostic::new(Code::WrongTest, format!("`{}` never holds `USA`", tested.path))
                .at(text.place.clone())
                .label("always left out")
                .help("leave it out, or test `parties`"),
        );
        return None;
    }
    if matches!(tested.types[0], Type::Rule) {
        scope.references.push(Reference {
            id: text.clone(),
            fires: false,
        });
    }
    operand
}

fn typed(scope: &Scope<'_>, path: &str, of: Type, text: &Placed<String>) -> Result<Operand, Box<Diagnostic>> {
    let word = &text.value;
    let place = || text.place.clone();
    match of {
        Type::Choice(words) => {
            if !words.contains(&word.as_str()) {
                return Err(Box::new(
                    crate::base::decode::unknown_value(path, word, words).at(place()),
                ));
            }
            if UNKNOWN_WORDS.contains(&word.as_str()) {
                let others: Vec<&str> = words
                    .iter()
                    .copied()
                    .filter(|word| !UNKNOWN_WORDS.contains(word))
                    .collect();
                return Err(Box::new(
                    Diagnostic::new(Code::WrongTest, format!("`{word}` is not a value that a test can meet"))
                        .at(place())
                        .label("counts as not known")
                        .help(format!(
                            "leave it out: a record that says `{word}` leaves the rule undetermined, and relto says so; \
                             test for {}",
                            suggest::quoted_list(others)
                        )),
                ));
            }
            Ok(Operand::Word(word.clone()))
        }
        Type::Code => {
            if !scope.vocabulary.knows(word) {
                return Err(Box::new(unknown_code(scope, text)));
            }
            if scope.vocabulary.is_organization(word) && EXPANDED.contains(&path) {
                return Err(Box::new(
                    Diagnostic::new(
                        Code::WrongTest,
                        format!("`{path}` holds countries, never `{word}` itself"),
                    )
                    .at(place())
                    .label("an organization")
                    .help(format!("write `@{word}` for its members")),
                ));
            }
            Ok(Operand::Word(word.clone()))
        }
        Type::Level => level(word)
            .map(Operand::Level)
            .ok_or_else(|| Box::new(unknown_level(word, &text.place))),
        Type::Recipient => match scope.recipients.get(word) {
            Some(_) => Ok(Operand::Word(word.clone())),
            None => Err(Box::new(unknown_recipient(scope, text))),
        },
        _ if word.is_empty() => Err(Box::new(
            bad_rule("a test against nothing", &text.place, "empty").help("write `present = false`"),
        )),
        _ => Ok(Operand::Word(word.clone())),
    }
}

/// The diagnostic of a code that is in no vocabulary.
fn unknown_code(scope: &Scope<'_>, text: &Placed<String>) -> Diagnostic {
    let code = &text.value;
    let diagnostic = Diagnostic::new(
        Code::UnknownCountryCode,
        format!("`{code}` is not a country or organization code"),
    )
    .at(text.place.clone());
    if names::is_name(code) && scope.names.all(Table::Sets).any(|name| name == code) {
        return diagnostic.label("a set without `@`").help(format!("write `@{code}`"));
    }
    match scope.vocabulary.suggest(code) {
        Some(near) => diagnostic
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{near}`")),
        None => diagnostic
            .label("unknown code")
            .help("write a GENC code such as `GBR`, or an organization such as `@FVEY`"),
    }
}

/// The diagnostic of a recipient that is in no table.
pub(super) fn unknown_recipient(scope: &Scope<'_>, text: &Placed<String>) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::UnknownGroup, format!("no recipient `{}`", text.value)).at(text.place.clone());
    if names::is_name(&text.value) && scope.names.all(Table::Groups).any(|name| name == text.value) {
        return diagnostic
            .label("a group without `@`")
            .help(format!("write `@{}`", text.value));
    }
    if let Some((body, _)) = text.value.split_once('.')
        && scope.recipients.get(body).is_some()
    {
        let offices = scope
            .recipients
            .iter()
            .filter(|office| office.of.as_deref() == Some(body));
        let offices: Vec<&str> = offices.map(|office| office.id.as_str()).collect();
        return diagnostic.label("no such office").help(if offices.is_empty() {
            format!("write `{body}`")
        } else {
            format!("the offices of `{body}` are {}", suggest::quoted_list(offices))
        });
    }
    if let Some(near) = suggest::nearest(&text.value, scope.recipients.names()) {
        return diagnostic
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{near}`"));
    }
    diagnostic.label("unknown recipient").help(format!(
        "known are {}; `[recipients]` in relto.toml adds others",
        suggest::quoted_list(scope.recipients.bodies())
    ))
}

fn level(text: &str) -> Option<i64> {
    ["U", "C", "S", "TS"]
        .into_iter()
        .position(|letter| letter == text)
        .and_then(|rank| i64::try_from(rank).ok())
}

fn unknown_level(text: &str, place: &Place) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownValue, format!("`{text}` is not a level")).at(place.clone());
    match text {
        "classified" => diagnostic.label("at least `C`").help("write `at_least = \"C\"`"),
        "UNCLASSIFIED" | "CONFIDENTIAL" | "SECRET" | "TOP SECRET" => {
            let letters: String = text.split(' ').filter_map(|word| word.chars().next()).collect();
            diagnostic
                .label(format!("did you mean `{letters}`?"))
                .help(format!("write `{letters}`"))
        }
        _ => diagnostic
            .label("unknown level")
            .help("write one of `U`, `C`, `S` and `TS`"),
    }
}

/// The diagnostic of a value that cannot be one of the field's.
fn wrong_value(path: &str, found: &Raw, of: Type, place: &Place) -> Diagnostic {
    let (wanted, help) = match of {
        Type::Bool => ("true or false", "write `true` or `false`, without quotes".to_owned()),
        Type::Integer => ("a whole number", "write a number without quotes".to_owned()),
        Type::Level => ("a level", "write one of `U`, `C`, `S` and `TS`".to_owned()),
        Type::Choice(words) => {
            let known = words.iter().copied().filter(|word| !UNKNOWN_WORDS.contains(word));
            ("a word", format!("write one of {}", suggest::quoted_list(known)))
        }
        Type::Code => (
            "a code",
            "write a code such as `\"RUS\"`, a set such as `\"@adversary\"`".to_owned(),
        ),
        _ => ("text", "write it in quotes".to_owned()),
    };
    Diagnostic::new(
        Code::WrongType,
        format!("`{path}` is compared with {}, not {wanted}", found.words()),
    )
    .at(place.clone())
    .label(format!("{wanted} is wanted here"))
    .help(help)
}

/// A value as written, for the text of a test.
pub(super) fn written(item: &Item) -> String {
    match &item.value {
        Raw::String(text) => text.clone(),
        Raw::Integer(number) => number.to_string(),
        Raw::Boolean(value) => value.to_string(),
        Raw::Array(items) => format!("[{}]", items.iter().map(written).collect::<Vec<_>>().join(", ")),
        Raw::Float(_) | Raw::Datetime(_) | Raw::Table(_) => item.value.words().to_owned(),
    }
}
