//! One `[[rule]]`: its keys read, each held against the others.

use chrono::NaiveDate;

use crate::base::code::Code;
use crate::base::decode::{self, Entries, Item, Raw, Reader};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed};
use crate::base::suggest;
use crate::policy::clock;
use crate::policy::condition;
use crate::policy::duty;
use crate::policy::fields;
use crate::policy::names;
use crate::policy::per_period;
use crate::policy::rule::{Condition, Confidence, Effect, Followed, Parameter, Path, Per, Rule, Status};
use crate::policy::scope::{Reference, Scope, bad_rule, dead};
use crate::policy::test_format;
use crate::record::field::Type;
use crate::record::kind::Kind;

/// What no record can be; rules about it are listed only.
const LATER_KINDS: &[&str] = &["notice"];

/// A rule with what the checks over all packs need.
#[derive(Debug)]
pub(super) struct Read {
    pub(super) rule: Rule,
    /// The rules it names.
    pub(super) references: Vec<Reference>,
}

/// Returns the id of a rule, where it is written at all.
pub(super) fn id_of(entries: &Entries) -> Option<Placed<String>> {
    let item = entries.get("id")?;
    match &item.value {
        Raw::String(id) => Some(Placed {
            value: id.clone(),
            place: item.place.clone(),
        }),
        _ => None,
    }
}

/// Reads one `[[rule]]`. `None` where so much is wrong that no rule comes out; all of it is reported.
pub(super) fn read(scope: &mut Scope<'_>, entries: &Entries, header: &Place, pack: &str) -> Option<Read> {
    let mut reader = Reader::new(entries, header.clone(), "rule");
    let id = reader.required_text("id", "\"REL-ANY\"");
    let title = reader.required_text("title", "\"REL TO audience changed\"");
    let status = required_choice(&mut reader, "status", "\"model\"", Status::WORDS).and_then(Status::named);
    let confidence = reader
        .choice("confidence", Confidence::WORDS)
        .and_then(|word| Confidence::named(word.value));
    let enabled = reader.boolean("enabled");
    let enabled_place = reader
        .take("enabled")
        .map_or_else(|| header.clone(), |item| item.place.clone());
    let read_first = reader.text("read_first");
    let reference_only = reader.boolean("reference_only").unwrap_or(false);
    reader.required("authority", "[\"50 U.S.C. 3091(a)(1)\"]");
    let authority = reader.texts("authority").unwrap_or_default();
    let checked_on = reader.date("checked_on").map(|date| date.value);
    // Rules that are no law are judged as if adopted on the day of the present duty to inform (50 U.S.C. 3091).
    let as_if_adopted = matches!(status, Some(Status::Model | Status::Proposed | Status::SenseOfCongress));
    if !as_if_adopted {
        reader.required("effective", "{ from = 1991-08-14 }");
    }
    let effective = reader.table("effective");
    let applies_to = reader.texts("applies_to");
    let per = reader.choice("per", Per::WORDS);
    let effect = required_choice(&mut reader, "effect", "\"notify\"", Effect::WORDS).and_then(Effect::named);
    let fields = reader.texts("fields");
    let fields_place = reader
        .take("fields")
        .map_or_else(|| header.clone(), |item| item.place.clone());
    let when = reader.table("when");
    let unless = reader.table("unless");
    let unless_followed = reader.table("unless_followed");
    let preceded = reader.table("preceded");
    let duties = reader.tables("duty");
    let waivable_by = reader.texts("waivable_by").unwrap_or_default();
    let parameters = reader.table("parameters");
    let responsible = reader.text("responsible").map(|text| text.value);
    let late = reader.text("late").map(|text| text.value);
    let note = reader.text("note").map(|text| text.value);
    let tests = reader.tables("test");
    scope.diagnostics.extend(reader.finish());

    let place = id.as_ref().map_or_else(|| header.clone(), |id| id.place.clone());
    let id = id.and_then(|id| check_id(scope, id));
    if let Some(title) = &title {
        not_empty(scope, "title", title);
    }
    if authority.is_empty()
        && entries
            .get("authority")
            .is_some_and(|item| matches!(item.value, Raw::Array(_)))
    {
        scope.report(
            bad_rule("a rule without an authority", &place, "`authority` is empty")
                .help("cite the statute, or say `authority = [\"model; …\"]`"),
        );
    }
    let span = effective.and_then(|(entries, place)| effective_span(scope, entries, place));
    scope.per = entries.get("per").is_some();
    let per = per.and_then(|per| Per::named(per.value));
    let applies_written = applies_to.is_some();
    scope.kinds = kinds(scope, applies_to.unwrap_or_default(), reference_only);
    if !applies_written && !scope.per && !reference_only {
        scope.report(
            Diagnostic::new(Code::MissingField, "rule without `applies_to`")
                .at(header.clone())
                .label("`applies_to` is missing")
                .help("add `applies_to = [\"rel_to_change\"]`, or `per = \"quarter\"` for a rule without a record"),
        );
    }
    if applies_written
        && !scope.per
        && !reference_only
        && let Some(item) = entries.get("applies_to")
        && matches!(&item.value, Raw::Array(items) if items.is_empty())
    {
        scope.report(
            dead("the rule applies to no kind of record", &item.place, "empty")
                .help(format!("name at least one of {}", kind_names())),
        );
    }
    switched_off(scope, enabled, &enabled_place, read_first.as_ref(), reference_only);

    let mut rule = Rule {
        id: id.map(|id| id.value).unwrap_or_default(),
        title: title.map(|title| title.value).unwrap_or_default(),
        pack: pack.to_owned(),
        status: status.unwrap_or(Status::Model),
        // What nobody has confirmed is unconfirmed; a model has nothing to confirm.
        confidence: confidence.unwrap_or(if status == Some(Status::Model) {
            Confidence::Model
        } else {
            Confidence::Unconfirmed
        }),
        enabled: enabled.unwrap_or(true) && !reference_only,
        read_first: read_first.map(|text| text.value),
        reference_only,
        authority: authority.into_iter().map(|text| text.value).collect(),
        checked_on,
        effective_from: match span {
            Some((from, _)) => from,
            None if as_if_adopted => NaiveDate::from_ymd_opt(1991, 8, 14).unwrap_or(NaiveDate::MIN),
            None => NaiveDate::MIN,
        },
        effective_until: span.and_then(|span| span.1),
        applies_to: scope.kinds.clone(),
        per,
        effect: effect.unwrap_or(Effect::Notify),
        fields: Vec::new(),
        when: Condition::All(Vec::new()),
        unless: None,
        unless_followed: None,
        preceded: None,
        duties: Vec::new(),
        waivable_by: waivable_by.into_iter().map(|text| text.value).collect(),
        parameters: parameters
            .map(|(entries, _)| dated_values(scope, entries))
            .unwrap_or_default(),
        responsible,
        late,
        note,
        tests: Vec::new(),
        place: place.clone(),
    };
    if !reference_only {
        if let Some((entries, place)) = when {
            rule.when = condition::table(scope, entries, place);
        }
        rule.unless = unless.map(|(entries, place)| condition::table(scope, entries, place));
        rule.unless_followed =
            unless_followed.and_then(|(entries, place)| followed(scope, entries, place, "`unless_followed`"));
        rule.preceded = preceded.and_then(|(entries, place)| followed(scope, entries, place, "`preceded`"));
        rule.fields = fields
            .iter()
            .flatten()
            .filter_map(|text| required_field(scope, text))
            .collect();
        if effect.is_some() {
            fits_effect(
                scope,
                rule.effect,
                fields.as_deref(),
                &fields_place,
                duties.len(),
                &place,
            );
        }
        rule.duties = duties
            .iter()
            .filter_map(|(entries, header)| duty::read(scope, entries, header))
            .collect();
        names_differ(scope, &duties, "duty");
        if let (Some(item), Some(per)) = (entries.get("per"), rule.per) {
            per_period::check(scope, &rule, per, &item.place);
        }
        if scope.tests {
            rule.tests = tests
                .iter()
                .filter_map(|(entries, header)| test_format::read(scope, entries, header, &rule))
                .collect();
            names_differ(scope, &tests, "test");
        }
    }
    let references = std::mem::take(&mut scope.references);
    (!rule.id.is_empty()).then_some(Read { rule, references })
}

fn required_choice(
    reader: &mut Reader<'_>,
    key: &'static str,
    example: &str,
    words: &'static [&'static str],
) -> Option<&'static str> {
    reader.required(key, example)?;
    reader.choice(key, words).map(|word| word.value)
}

fn not_empty(scope: &mut Scope<'_>, key: &str, text: &Placed<String>) {
    if text.value.trim().is_empty() {
        scope.report(
            bad_rule(format!("`{key}` is empty"), &text.place, "nothing in it").help(format!("write the {key}")),
        );
    }
}

/// Ids of rules look like ids of records: they stand in notices and in the ledger.
fn check_id(scope: &mut Scope<'_>, id: Placed<String>) -> Option<Placed<String>> {
    let good = (2..=64).contains(&id.value.len())
        && id
            .value
            .split(['.', '_', '-'])
            .all(|group| !group.is_empty() && group.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
    if good {
        return Some(id);
    }
    scope.report(
        Diagnostic::new(
            Code::BadId,
            format!("`{}` cannot be the id of a rule", id.value.escape_debug()),
        )
        .at(id.place)
        .label("A-Z and 0-9 in groups joined by `.`, `_` or `-`, 2 to 64 characters")
        .help("write it as in `REL-ADV-ADD`"),
    );
    None
}

/// `effective = { from = …, until = … }`.
fn effective_span(scope: &mut Scope<'_>, entries: &Entries, place: &Place) -> Option<(NaiveDate, Option<NaiveDate>)> {
    let mut reader = Reader::new(entries, place.clone(), "`effective`");
    reader.required("from", "1991-08-14");
    let from = reader.date("from");
    let until = reader.date("until");
    scope.diagnostics.extend(reader.finish());
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value < from.value
    {
        scope.report(
            dead(
                "the rule ends before it begins",
                &until.place,
                format!("earlier than {}", from.value),
            )
            .related(from.place.clone(), "in force from here")
            .help("`until` is the last day in force"),
        );
    }
    from.map(|from| (from.value, until.map(|until| until.value)))
}

fn kind_names() -> String {
    suggest::quoted_list(Kind::ALL.iter().map(|kind| kind.name()))
}

/// Reads `applies_to`.
fn kinds(scope: &mut Scope<'_>, names: Vec<Placed<String>>, reference_only: bool) -> Vec<Kind> {
    let mut found = Vec::new();
    for name in names {
        match Kind::named(&name.value) {
            Some(kind) if found.contains(&kind) => {
                scope.report(bad_rule(format!("`{kind}` is there twice"), &name.place, "again").help("leave it out"));
            }
            Some(kind) => found.push(kind),
            None if LATER_KINDS.contains(&name.value.as_str()) => {
                if !reference_only {
                    scope.report(
                        Diagnostic::new(
                            Code::UnknownKind,
                            format!("records of the kind `{}` do not exist yet", name.value),
                        )
                        .at(name.place)
                        .label("no record can be of it")
                        .help("add `reference_only = true`, so that the rule is listed and not evaluated"),
                    );
                }
            }
            None => {
                let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
                scope.report(
                    Diagnostic {
                        code: Code::UnknownKind,
                        ..decode::unknown_value("applies_to", &name.value, &names)
                    }
                    .at(name.place),
                );
            }
        }
    }
    found
}

/// A rule that ships disabled says what to read first; one that is listed only cannot be enabled.
fn switched_off(
    scope: &mut Scope<'_>,
    enabled: Option<bool>,
    place: &Place,
    read_first: Option<&Placed<String>>,
    reference_only: bool,
) {
    if reference_only {
        if enabled == Some(true) {
            scope.report(
                bad_rule("a rule for reference only cannot be enabled", place, "enabled here")
                    .help("leave `enabled` out, or take `reference_only` away"),
            );
        }
        return;
    }
    if enabled == Some(false) && read_first.is_none_or(|text| text.value.trim().is_empty()) {
        scope.report(
            bad_rule(
                "a disabled rule that does not say what to read first",
                place,
                "disabled here",
            )
            .help("add `read_first = \"what must be read before turning this on\"`"),
        );
    }
}

/// Holds effect, fields and duties against each other.
fn fits_effect(
    scope: &mut Scope<'_>,
    effect: Effect,
    fields: Option<&[Placed<String>]>,
    fields_place: &Place,
    duties: usize,
    id: &Place,
) {
    match effect {
        Effect::Notify if duties == 0 => scope.report(
            bad_rule(
                "a rule that notifies has no duty",
                id,
                "nothing says who is told, and when",
            )
            .help("add `[[rule.duty]]` with `notify = [\"SSCI\", \"HPSCI\"]` and `due = \"7 days after ended\"`"),
        ),
        Effect::Require if fields.is_none_or(<[_]>::is_empty) => scope.report(
            bad_rule("a rule that requires names no fields", id, "nothing is required")
                .help("add `fields = [\"certification\"]`"),
        ),
        Effect::Advise if duties > 0 => scope.report(
            bad_rule("a rule that advises has a duty", id, "nothing is owed under it")
                .help("write `effect = \"notify\"`, or leave the duty out"),
        ),
        _ => {}
    }
    if effect != Effect::Require && fields.is_some() {
        scope.report(
            bad_rule(
                format!("`fields` in a rule with `effect = \"{}\"`", effect.word()),
                fields_place,
                "only `require` reads it",
            )
            .help("write `effect = \"require\"`, or leave `fields` out; what a notice must hold is `contains` of its duty"),
        );
    }
}

fn required_field(scope: &mut Scope<'_>, text: &Placed<String>) -> Option<Path> {
    let parts = fields::parts_of(text, scope.sources);
    match fields::find(&scope.kinds, &parts) {
        Ok(found) => Some(found.path),
        Err(diagnostic) => {
            scope.report(*diagnostic);
            None
        }
    }
}

/// The names of a rule's duties differ, and those of its tests: `what` says which.
pub(super) fn names_differ(scope: &mut Scope<'_>, tables: &[(&Entries, &Place)], what: &str) {
    let mut seen: Vec<(&str, &Place)> = Vec::new();
    for (entries, _) in tables {
        let Some(Item {
            value: Raw::String(name),
            place,
        }) = entries.get("name")
        else {
            continue;
        };
        match seen.iter().find(|(known, _)| known == name) {
            Some((_, first)) => {
                let words = if what == "duty" { "duties" } else { "tests" };
                scope.report(
                    bad_rule(format!("two {words} are called `{name}`"), place, "again")
                        .related((*first).clone(), "first here")
                        .help(format!("name each {what} of a rule differently")),
                );
            }
            None => seen.push((name, place)),
        }
    }
}

/// `[rule.unless_followed]` and `[rule.preceded]`.
fn followed(scope: &mut Scope<'_>, entries: &Entries, place: &Place, what: &str) -> Option<Followed> {
    let mut reader = Reader::new(entries, place.clone(), what);
    reader.required(
        "by",
        "{ kind = \"sharing_change\", when = { action = { is = \"resume\" } } }",
    );
    let by = reader.table("by");
    let within = reader.required_text("within", "\"24 hours\"");
    reader.required("same", "\"resumes\"");
    let same = reader.texts("same").unwrap_or_default();
    scope.diagnostics.extend(reader.finish());

    let within = within.and_then(|within| clock::within(scope, &within));
    let (entries, by_place) = by?;
    let mut reader = Reader::new(entries, by_place.clone(), "`by`");
    let kind = required_choice(&mut reader, "kind", "\"sharing_change\"", Kind::NAMES).and_then(Kind::named);
    let when = reader.table("when");
    scope.diagnostics.extend(reader.finish());
    let kind = kind?;
    let when =
        when.map(|(entries, place)| scope.with_kinds(vec![kind], |scope| condition::table(scope, entries, place)));
    let same = same.iter().filter_map(|field| shared(scope, kind, field)).collect();
    Some(Followed {
        kind,
        when,
        within: within?,
        same,
        place: place.clone(),
    })
}

/// A link of the follower, or a field that both records have.
fn shared(scope: &mut Scope<'_>, follower: Kind, text: &Placed<String>) -> Option<String> {
    let parts = fields::parts_of(text, scope.sources);
    let found = fields::find(&[follower], &parts).and_then(|found| match found.path.of {
        Type::Link | Type::List(Type::Link) => Ok(found),
        _ => fields::find(&scope.kinds, &parts),
    });
    match found {
        Ok(_) => Some(text.value.clone()),
        Err(diagnostic) => {
            scope.report(*diagnostic);
            None
        }
    }
}

/// `[rule.parameters]`: a value, or values by date.
fn dated_values(scope: &mut Scope<'_>, entries: &Entries) -> Vec<Parameter> {
    let mut parameters = Vec::new();
    for (name, item) in &entries.list {
        if !names::is_name(&name.value) {
            scope.report(
                bad_rule(
                    format!("`{}` cannot name a parameter", name.value),
                    &name.place,
                    "lower-case letters are wanted",
                )
                .help("write it as in `threshold_usd`"),
            );
        }
        let mut values = match &item.value {
            Raw::Array(items) => items.iter().filter_map(|item| dated_value(scope, item)).collect(),
            _ => vec![(NaiveDate::MIN, crate::policy::operand::written(item))],
        };
        values.sort_by_key(|(from, _)| *from);
        if let Some([(from, _), _]) = values.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            scope.report(
                bad_rule(
                    format!("`{}` has two values from {from}", name.value),
                    &item.place,
                    "which one?",
                )
                .help("give each value its own first day"),
            );
        }
        parameters.push(Parameter {
            name: name.value.clone(),
            values,
        });
    }
    parameters
}

fn dated_value(scope: &mut Scope<'_>, item: &Item) -> Option<(NaiveDate, String)> {
    let Raw::Table(entries) = &item.value else {
        scope.report(
            Diagnostic::new(
                Code::WrongType,
                format!("a value by date is a table, not {}", item.value.words()),
            )
            .at(item.place.clone())
            .label("a table is wanted here")
            .help("write it as in `{ from = 1986-10-27, value = 1000000 }`"),
        );
        return None;
    };
    let mut reader = Reader::new(entries, item.place.clone(), "value");
    reader.required("from", "1986-10-27");
    let from = reader.date("from");
    let value = reader.required("value", "1000000").map(crate::policy::operand::written);
    scope.diagnostics.extend(reader.finish());
    from.map(|from| from.value).zip(value)
}
