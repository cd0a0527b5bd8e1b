//! Conditions: `when`, `unless` and what stands inside them, from TOML tables to the checked form.

use crate::base::code::Code;
use crate::base::decode::{Entries, Item, Raw, Reader};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed};
use crate::base::suggest;
use crate::policy::clock;
use crate::policy::fields::{self, Part};
use crate::policy::operand::{self, Tested};
use crate::policy::rule::{Condition, Measure, Operator, Path, Test, WindowTest};
use crate::policy::scope::{Reference, Scope, bad_rule, dead};
use crate::record::field::Type;

/// Words with a meaning of their own where a field could stand.
pub(super) const RESERVED: &[&str] = &["any", "all", "not", "window", "fires", "when"];

/// Every test.
pub(super) const TESTS: &[&str] = &[
    "is",
    "any_of",
    "all_of",
    "none_of",
    "at_least",
    "at_most",
    "more_than",
    "present",
    "count",
    "later_than",
];

/// What other rule languages call the tests.
const ALIASES: &[(&str, &str)] = &[
    ("any", "any_of"),
    ("in", "any_of"),
    ("one_of", "any_of"),
    ("contains", "any_of"),
    ("includes", "any_of"),
    ("all", "all_of"),
    ("none", "none_of"),
    ("not", "none_of"),
    ("is_not", "none_of"),
    ("not_in", "none_of"),
    ("equals", "is"),
    ("eq", "is"),
    ("min", "at_least"),
    ("max", "at_most"),
    ("exists", "present"),
    ("length", "count"),
];

/// Reads a table of conditions: all its lines must hold.
pub(super) fn table(scope: &mut Scope<'_>, entries: &Entries, place: &Place) -> Condition {
    let mut conditions = Vec::new();
    if entries.list.is_empty() {
        scope.report(
            bad_rule("a condition without a line", place, "empty: it holds for every record")
                .help("write a test such as `action.is = \"suspend\"`, or leave the condition out"),
        );
    }
    lines(scope, entries, &mut Vec::new(), &mut conditions);
    Condition::All(conditions)
}

fn lines(scope: &mut Scope<'_>, entries: &Entries, prefix: &mut Vec<Part>, conditions: &mut Vec<Condition>) {
    for (key, item) in &entries.list {
        if prefix.is_empty() && RESERVED.contains(&key.value.as_str()) {
            conditions.extend(reserved(scope, key, item));
            continue;
        }
        match &item.value {
            Raw::Table(inner) if !TESTS.contains(&key.value.as_str()) || prefix.is_empty() => {
                prefix.push(Part {
                    name: key.value.clone(),
                    place: key.place.clone(),
                });
                if inner.list.is_empty() {
                    let path = fields::joined(prefix);
                    scope.report(
                        bad_rule(format!("`{path}` without a test"), &key.place, "a test is missing")
                            .help(format!("write `{path}.present = true` or another test")),
                    );
                }
                lines(scope, inner, prefix, conditions);
                prefix.pop();
            }
            _ if prefix.is_empty() => without_test(scope, key, item),
            _ => conditions.extend(test(scope, prefix, key, item)),
        }
    }
}

/// `any`, `all`, `not`, `window`, `fires`.
fn reserved(scope: &mut Scope<'_>, key: &Placed<String>, item: &Item) -> Option<Condition> {
    match (key.value.as_str(), &item.value) {
        ("any", Raw::Array(items)) => {
            if items.is_empty() {
                scope.report(
                    dead("`any` of nothing never holds", &item.place, "empty")
                        .help("write at least one alternative, as in `any = [{ action.is = \"suspend\" }]`"),
                );
            }
            Some(Condition::Any(branches(scope, "any", items)))
        }
        ("all", Raw::Array(items)) => {
            if items.is_empty() {
                scope.report(bad_rule("`all` of nothing says nothing", &item.place, "empty").help("leave it out"));
            }
            Some(Condition::All(branches(scope, "all", items)))
        }
        ("not", Raw::Table(entries)) => Some(Condition::Not(Box::new(table(scope, entries, &item.place)))),
        ("window", Raw::Table(entries)) => window(scope, entries, key, item),
        ("fires", Raw::Table(entries)) => fires(scope, entries, key, item),
        ("when", _) => {
            scope.report(
                Diagnostic::new(Code::UnknownKey, "`when` inside a condition")
                    .at(key.place.clone())
                    .label("reserved")
                    .help("write the tests here directly, or combine them with `any`, `all` and `not`"),
            );
            None
        }
        (word, _) => {
            let (wanted, example) = match word {
                "any" | "all" => ("a list of conditions", "[{ action.is = \"suspend\" }, { … }]"),
                "not" => ("a condition", "{ action.is = \"resume\" }"),
                "window" => (
                    "a table",
                    "{ at_least = 2, within = \"180 days\", same = [\"partner\"] }",
                ),
                _ => ("a table", "{ any_of = [\"RULE-ID\"] }"),
            };
            scope.report(wrong_type(word, &item.value, &item.place, wanted, example));
            None
        }
    }
}

fn branches(scope: &mut Scope<'_>, word: &str, items: &[Item]) -> Vec<Condition> {
    let mut conditions = Vec::new();
    for item in items {
        match &item.value {
            Raw::Table(entries) => conditions.push(table(scope, entries, &item.place)),
            other => {
                scope.report(wrong_type(
                    word,
                    other,
                    &item.place,
                    "a condition",
                    "[{ action.is = \"suspend\" }]",
                ));
            }
        }
    }
    conditions
}

fn wrong_type(key: &str, found: &Raw, place: &Place, wanted: &str, example: &str) -> Diagnostic {
    Diagnostic::new(
        Code::WrongType,
        format!("`{key}` holds {}, not {wanted}", found.words()),
    )
    .at(place.clone())
    .label(format!("{wanted} is wanted here"))
    .help(format!("write it as in `{key} = {example}`"))
}

/// `when.exigency = "other"`: a field and no test.
fn without_test(scope: &mut Scope<'_>, key: &Placed<String>, item: &Item) {
    let part = Part {
        name: key.value.clone(),
        place: key.place.clone(),
    };
    match fields::find(&scope.kinds, &[part]) {
        Ok(found) => scope.report(missing_test(&found.path, &key.place, item)),
        Err(diagnostic) => scope.report(*diagnostic),
    }
}

fn missing_test(path: &Path, place: &Place, item: &Item) -> Diagnostic {
    let many = matches!(item.value, Raw::Array(_)) || operand::written(item).starts_with('@');
    let test = if many || path.many { "any_of" } else { "is" };
    let test = if fitting(path).contains(&test) { test } else { "present" };
    Diagnostic::new(Code::WrongTest, format!("`{}` without a test", path.text))
        .at(place.clone())
        .label("the last key is the test, and there is none")
        .help(format!("write `{}.{test} = …`", path.text))
}

/// `field.test = value`.
fn test(scope: &mut Scope<'_>, prefix: &[Part], key: &Placed<String>, item: &Item) -> Option<Condition> {
    if !TESTS.contains(&key.value.as_str()) {
        let whole: Vec<Part> = prefix
            .iter()
            .cloned()
            .chain([Part {
                name: key.value.clone(),
                place: key.place.clone(),
            }])
            .collect();
        let diagnostic = match (fields::find(&scope.kinds, &whole), fields::find(&scope.kinds, prefix)) {
            (Ok(found), _) => missing_test(&found.path, &key.place, item),
            (Err(_), Ok(found)) => unknown_test(&found.path, key),
            (Err(_), Err(diagnostic)) => *diagnostic,
        };
        scope.report(diagnostic);
        return None;
    }
    let found = match fields::find(&scope.kinds, prefix) {
        Ok(found) => found,
        Err(diagnostic) => {
            scope.report(*diagnostic);
            return None;
        }
    };
    let path = found.path;
    if !fitting(&path).contains(&key.value.as_str()) {
        scope.report(wrong_test(&path, key));
        return None;
    }
    let place = scope.through(&prefix[prefix.len() - 1].place, &item.place);
    let place = if place == item.place {
        scope.through(&key.place, &item.place)
    } else {
        place
    };
    let text = format!("{} {} {}", path.text, key.value, operand::written(item));
    let types = found.types.into_iter().map(one_of).collect();
    let operator = operator(scope, &path, types, key, item)?;
    Some(Condition::Test(Test {
        path,
        operator,
        text,
        place,
    }))
}

/// The type of one value of a field.
fn one_of(of: Type) -> Type {
    match of {
        Type::List(item) => *item,
        other => other,
    }
}

/// Returns the tests that fit a field.
fn fitting(path: &Path) -> &'static [&'static str] {
    fitting_of(path.of, path.many)
}

/// Returns the tests that fit a type, of one value or of many.
pub(super) fn fitting_of(of: Type, many: bool) -> &'static [&'static str] {
    match (one_of(of), many) {
        (Type::Table(_) | Type::Portion | Type::PortionMark | Type::OtherMarking | Type::Period, false) => &["present"],
        (Type::Table(_) | Type::Portion | Type::PortionMark | Type::OtherMarking | Type::When, true) => {
            &["present", "count"]
        }
        (Type::When, false) => &["present", "later_than"],
        (_, true) => &["is", "any_of", "all_of", "none_of", "present", "count"],
        (Type::Bool, false) => &["is", "present"],
        (Type::Integer | Type::Level, false) => {
            &["is", "any_of", "none_of", "at_least", "at_most", "more_than", "present"]
        }
        (_, false) => &["is", "any_of", "none_of", "present"],
    }
}

fn unknown_test(path: &Path, key: &Placed<String>) -> Diagnostic {
    if let Some(fields) = fields::inside(path.of) {
        let known = fields.iter().map(|field| field.name);
        let diagnostic = Diagnostic::new(
            Code::UnknownField,
            format!("`{}` has no field `{}`", path.text, key.value),
        )
        .at(key.place.clone());
        return match suggest::nearest(&key.value, known.clone()) {
            Some(near) => diagnostic.label(format!("did you mean `{near}`?")).help(format!(
                "write `{}.{near}` and a test, as in `{}.{near}.present = true`",
                path.text, path.text
            )),
            None => diagnostic
                .label("neither a field nor a test")
                .help(format!("its fields are {}", suggest::quoted_list(known))),
        };
    }
    let fit = fitting(path);
    let diagnostic =
        Diagnostic::new(Code::WrongTest, format!("there is no test `{}`", key.value)).at(key.place.clone());
    let alias = ALIASES
        .iter()
        .find(|(word, test)| *word == key.value && fit.contains(test))
        .map(|(_, test)| *test);
    match alias.or_else(|| suggest::nearest(&key.value, fit.iter().copied())) {
        Some(near) => diagnostic
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{}.{near}`", path.text)),
        None => diagnostic.label("unknown test").help(format!(
            "`{}` takes {}",
            path.text,
            suggest::quoted_list(fit.iter().copied())
        )),
    }
}

fn wrong_test(path: &Path, key: &Placed<String>) -> Diagnostic {
    let fit = suggest::quoted_list(fitting(path).iter().copied());
    let diagnostic = Diagnostic::new(
        Code::WrongTest,
        format!("`{}` does not fit `{}`, a {}", key.value, path.text, path.of),
    )
    .at(key.place.clone())
    .label("wrong test for this field")
    .help(format!("tests that fit are {fit}"));
    match (path.of, fields::inside(path.of)) {
        (Type::OtherMarking | Type::PortionMark, _) => diagnostic.help(
            "what a marking means is tested with `level`, `shared_level`, `added`, `removed` or `audience_changed`",
        ),
        (_, Some(fields)) => diagnostic.help(format!(
            "or test one of its fields: {}",
            suggest::quoted_list(fields.iter().map(|field| field.name))
        )),
        _ => diagnostic,
    }
}

fn operator(
    scope: &mut Scope<'_>,
    path: &Path,
    types: Vec<Type>,
    key: &Placed<String>,
    item: &Item,
) -> Option<Operator> {
    let tested = Tested {
        path: &path.text,
        types,
    };
    let nothing = |scope: &mut Scope<'_>, operands: &[_]| {
        let empty = operands.is_empty() && matches!(&item.value, Raw::Array(items) if items.is_empty());
        if empty {
            scope.report(match key.value.as_str() {
                "any_of" => dead("`any_of` nothing never holds", &item.place, "empty")
                    .help("write at least one value, as in `any_of = [\"…\"]`"),
                word => bad_rule(format!("`{word}` nothing says nothing"), &item.place, "empty")
                    .help("write at least one value, or leave the test out"),
            });
        }
    };
    Some(match key.value.as_str() {
        "is" if path.many => Operator::Is(operand::several(scope, &tested, item)),
        "is" => Operator::Is(vec![operand::one(scope, &tested, item)?]),
        "any_of" => {
            let operands = operand::several(scope, &tested, item);
            nothing(scope, &operands);
            Operator::AnyOf(operands)
        }
        "all_of" => {
            let operands = operand::several(scope, &tested, item);
            nothing(scope, &operands);
            Operator::AllOf(operands)
        }
        "none_of" => {
            let operands = operand::several(scope, &tested, item);
            nothing(scope, &operands);
            Operator::NoneOf(operands)
        }
        "at_least" => Operator::AtLeast(operand::bound(scope, &tested, "at_least", item)?),
        "at_most" => Operator::AtMost(operand::bound(scope, &tested, "at_most", item)?),
        "more_than" => Operator::MoreThan(operand::bound(scope, &tested, "more_than", item)?),
        "present" => {
            let Raw::Boolean(value) = item.value else {
                scope.report(wrong_type("present", &item.value, &item.place, "true or false", "true"));
                return None;
            };
            Operator::Present(value)
        }
        "count" => match item.value {
            Raw::Integer(value) if value >= 0 => Operator::Count(value),
            Raw::Integer(_) => {
                scope.report(
                    dead("`count` of less than nothing never holds", &item.place, "negative").help("write 0 or more"),
                );
                return None;
            }
            _ => {
                scope.report(wrong_type("count", &item.value, &item.place, "a whole number", "2"));
                return None;
            }
        },
        _ => {
            let Raw::String(text) = &item.value else {
                let example = "\"48 hours after decided\"";
                scope.report(wrong_type(
                    "later_than",
                    &item.value,
                    &item.place,
                    "a deadline",
                    example,
                ));
                return None;
            };
            let text = Placed {
                value: text.clone(),
                place: item.place.clone(),
            };
            Operator::LaterThan(clock::deadline(scope, &text)?)
        }
    })
}

/// `fires.any_of = ["ID"]`.
fn fires(scope: &mut Scope<'_>, entries: &Entries, key: &Placed<String>, item: &Item) -> Option<Condition> {
    let mut reader = Reader::new(entries, key.place.clone(), "`fires`");
    let any = reader.texts("any_of");
    let is = reader.text("is");
    scope.diagnostics.extend(reader.finish());
    let ids: Vec<Placed<String>> = any.into_iter().flatten().chain(is).collect();
    if ids.is_empty() {
        scope.report(
            dead("`fires` names no rule", &key.place, "never holds").help("write `fires.any_of = [\"RULE-ID\"]`"),
        );
        return None;
    }
    let place = scope.through(&key.place, &item.place);
    let rules = ids.iter().map(|id| id.value.clone()).collect();
    scope
        .references
        .extend(ids.into_iter().map(|id| Reference { id, fires: true }));
    Some(Condition::Fires { rules, place })
}

/// `window = { at_least = 2, within = "180 days", same = […], where = {…} }`.
fn window(scope: &mut Scope<'_>, entries: &Entries, key: &Placed<String>, item: &Item) -> Option<Condition> {
    let mut reader = Reader::new(entries, key.place.clone(), "`window`");
    let at_least = reader.integer("at_least");
    let counts = reader.take("at_least").map(|item| item.place.clone());
    let within = reader.required_text("within", "\"180 days\"");
    let same = reader.texts("same").unwrap_or_default();
    let filter = reader.table("where");
    let sum = reader.text("sum");
    let more_than = reader.integer("more_than");
    scope.diagnostics.extend(reader.finish());

    let length = within.as_ref().and_then(|within| clock::window(scope, within));
    let same = same.iter().filter_map(|path| countable(scope, path)).collect();
    let filter = filter.map(|(entries, place)| Box::new(table(scope, entries, place)));
    let measure = measure(scope, key, at_least, counts.as_ref(), sum, more_than)?;
    let text = match &measure {
        Measure::AtLeast(number) => format!("window at_least {number} within {}", within.as_ref()?.value),
        Measure::SumMoreThan { path, bound } => {
            format!(
                "window sum of {} more_than {bound} within {}",
                path.text,
                within.as_ref()?.value
            )
        }
    };
    let place = scope.through(&key.place, &item.place);
    Some(Condition::Window(WindowTest {
        measure,
        within: length?,
        same,
        filter,
        text,
        place,
    }))
}

fn measure(
    scope: &mut Scope<'_>,
    key: &Placed<String>,
    at_least: Option<i64>,
    counts: Option<&Place>,
    sum: Option<Placed<String>>,
    more_than: Option<i64>,
) -> Option<Measure> {
    match (counts, sum, more_than) {
        (Some(place), None, None) => {
            let number = at_least?;
            if number < 2 {
                scope.report(
                    Diagnostic::new(
                        Code::BadPeriod,
                        format!("a window of at least {number} holds for every record"),
                    )
                    .at(place.clone())
                    .label("at least 2 are wanted: the record itself counts")
                    .help("write `at_least = 2`, or leave the window out"),
                );
            }
            Some(Measure::AtLeast(number))
        }
        (None, Some(sum), Some(bound)) => {
            let parts = fields::parts_of(&sum, scope.sources);
            match fields::find(&scope.kinds, &parts) {
                Ok(found) if matches!(found.path.of, Type::Integer) => Some(Measure::SumMoreThan {
                    path: found.path,
                    bound,
                }),
                Ok(found) => {
                    scope.report(
                        Diagnostic::new(Code::WrongTest, format!("`{}` cannot be added up", sum.value))
                            .at(sum.place)
                            .label(format!("its type is {}", found.path.of))
                            .help("sum a whole number, such as `defense_articles_value_usd`"),
                    );
                    None
                }
                Err(diagnostic) => {
                    scope.report(*diagnostic);
                    None
                }
            }
        }
        _ => {
            scope.report(
                bad_rule("a window that neither counts nor sums", &key.place, "`at_least`, or `sum` with `more_than`")
                    .help("write `window = { at_least = 2, within = \"180 days\" }`, or `{ sum = \"…\", more_than = 1000000, within = \"fiscal year\" }`"),
            );
            None
        }
    }
}

/// A field whose values say which records of a window belong together.
fn countable(scope: &mut Scope<'_>, text: &Placed<String>) -> Option<Path> {
    let parts = fields::parts_of(text, scope.sources);
    match fields::find(&scope.kinds, &parts) {
        Ok(found) if matches!(found.path.of, Type::Table(_) | Type::List(Type::Table(_))) => {
            scope.report(
                Diagnostic::new(Code::WrongTest, format!("`{}` is a table, not one value", text.value))
                    .at(text.place.clone())
                    .label("records cannot be compared by it")
                    .help("name one of its fields, as in `counterpart.country`"),
            );
            None
        }
        Ok(found) => Some(found.path),
        Err(diagnostic) => {
            scope.report(*diagnostic);
            None
        }
    }
}
