//! One `[[rule]]`: its keys read, each held against the others.

use chrono::NaiveDate;

use crate::base::code::Code;
use crate::base::decode::{self, Entries, Item, Raw, Reader};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed};
use crate::base::suggest;
use crate::policy::condition;
use crate::policy::duty;
use crate::policy::fields;
use crate::policy::follow;
use crate::policy::parameters::{self, Dated};
use crate::policy::per_period;
use crate::policy::rule::{Condition, Confidence, Effect, Path, Per, Rule, Status};
use crate::policy::scope::{Reference, Scope, bad_rule, dead};
use crate::policy::test_format;
use crate::record::kind::Kind;

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
    reader.texts("fields");
    reader.table("when");
    reader.table("unless");
    reader.table("unless_followed");
    reader.table("preceded");
    reader.tables("duty");
    let waivable_by = reader.texts("waivable_by").unwrap_or_default();
    let parameters = reader.table("parameters");
    reader.boolean("overrides");
    let responsible = reader.text("responsible").map(|text| text.value);
    let late = reader.text("late").map(|text| text.value);
    let note = reader.text("note").map(|text| text.value);
    reader.tables("test");
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
    scope.kinds = kinds(scope, applies_to.unwrap_or_default());
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

    let parameters = parameters
        .map(|(entries, _)| parameters::read(entries, &mut scope.diagnostics))
        .unwrap_or_default();
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
        edition_from: NaiveDate::MIN,
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
        earlier: Vec::new(),
        overrides: None,
        parameters: parameters.iter().map(Dated::shown).collect(),
        responsible,
        late,
        note,
        tests: Vec::new(),
        place: place.clone(),
    };
    rule.edition_from = rule.effective_from;
    if !reference_only {
        let editions = parameters::editions(scope, entries, &parameters, rule.effective_from, rule.effective_until);
        if let Some((_, used)) = &editions {
            let inherited = used
                .iter()
                .filter(|used| !parameters.iter().any(|own| own.name == used.name));
            rule.parameters.extend(inherited.map(Dated::shown));
        }
        match editions.as_ref().map(|(editions, _)| editions.as_slice()) {
            None => body(scope, &mut rule, entries, header),
            Some([]) => {} // a name that no table has: nothing more can be said of the rule
            Some(all @ [.., last]) => {
                let tests = std::mem::replace(&mut scope.tests, false);
                for pair in all.windows(2) {
                    let [edition, next] = pair else { continue };
                    let mut old = Rule {
                        edition_from: edition.from,
                        effective_until: next.from.pred_opt(),
                        ..bare(&rule)
                    };
                    body(scope, &mut old, &edition.entries, header);
                    rule.earlier.insert(0, old);
                }
                scope.references.clear();
                scope.tests = tests;
                rule.edition_from = last.from;
                body(scope, &mut rule, &last.entries, header);
            }
        }
        if let (Some(item), Some(per)) = (entries.get("per"), rule.per) {
            for edition in rule.editions() {
                per_period::check(scope, edition, per, &item.place);
            }
        }
    }
    let references = std::mem::take(&mut scope.references);
    (!rule.id.is_empty()).then_some(Read { rule, references })
}

/// A rule without its body, for another edition of it.
fn bare(rule: &Rule) -> Rule {
    Rule {
        id: rule.id.clone(),
        title: rule.title.clone(),
        pack: rule.pack.clone(),
        read_first: rule.read_first.clone(),
        authority: rule.authority.clone(),
        applies_to: rule.applies_to.clone(),
        fields: Vec::new(),
        when: Condition::All(Vec::new()),
        unless: None,
        unless_followed: None,
        preceded: None,
        duties: Vec::new(),
        waivable_by: rule.waivable_by.clone(),
        earlier: Vec::new(),
        overrides: None,
        parameters: Vec::new(),
        responsible: rule.responsible.clone(),
        late: rule.late.clone(),
        note: rule.note.clone(),
        tests: Vec::new(),
        place: rule.place.clone(),
        ..*rule
    }
}

/// Reads the conditions, duties and tests of a rule, or of one edition of it.
fn body(scope: &mut Scope<'_>, rule: &mut Rule, entries: &Entries, header: &Place) {
    // What is of the wrong type is reported where the whole rule is read.
    let mut reader = Reader::new(entries, header.clone(), "rule");
    let fields = reader.texts("fields");
    let fields_place = reader
        .take("fields")
        .map_or_else(|| header.clone(), |item| item.place.clone());
    let when = reader.table("when");
    let unless = reader.table("unless");
    let unless_followed = reader.table("unless_followed");
    let preceded = reader.table("preceded");
    let duties = reader.tables("duty");
    let tests = reader.tables("test");
    if let Some((entries, place)) = when {
        rule.when = condition::table(scope, entries, place);
    }
    rule.unless = unless.map(|(entries, place)| condition::table(scope, entries, place));
    rule.unless_followed =
        unless_followed.and_then(|(entries, place)| follow::followed(scope, entries, place, "`unless_followed`"));
    rule.preceded = preceded.and_then(|(entries, place)| follow::followed(scope, entries, place, "`preceded`"));
    rule.fields = fields
        .iter()
        .flatten()
        .filter_map(|text| required_field(scope, text))
        .collect();
    let known = |item: &Item| matches!(&item.value, Raw::String(word) if Effect::named(word).is_some());
    if entries.get("effect").is_some_and(known) {
        fits_effect(
            scope,
            rule.effect,
            fields.as_deref(),
            &fields_place,
            duties.len(),
            &rule.place,
        );
    }
    rule.duties = duties
        .iter()
        .filter_map(|(entries, header)| duty::read(scope, entries, header))
        .collect();
    names_differ(scope, &duties, "duty");
    if scope.tests {
        rule.tests = tests
            .iter()
            .filter_map(|(entries, header)| test_format::read(scope, entries, header, rule))
            .collect();
        names_differ(scope, &tests, "test");
    }
}

/// Where a rule says that it replaces one of an extended pack.
pub(super) fn overrides(entries: &Entries) -> Option<Place> {
    let item = entries.get("overrides")?;
    matches!(item.value, Raw::Boolean(true)).then(|| item.place.clone())
}

pub(super) fn required_choice(
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
fn kinds(scope: &mut Scope<'_>, names: Vec<Placed<String>>) -> Vec<Kind> {
    let mut found = Vec::new();
    let notice = names.iter().find(|name| name.value == Kind::Notice.name());
    let notice = notice.map(|name| name.place.clone());
    for name in names {
        match Kind::named(&name.value) {
            Some(kind) if found.contains(&kind) => {
                scope.report(bad_rule(format!("`{kind}` is there twice"), &name.place, "again").help("leave it out"));
            }
            Some(kind) => found.push(kind),
            None if name.value == Kind::Notice.name() && !found.contains(&Kind::Notice) => found.push(Kind::Notice),
            None => {
                let names: Vec<&str> = Kind::ALL.iter().map(|kind| kind.name()).collect();
                scope.report(
                    decode::unknown_value("applies_to", &name.value, &names)
                        .coded(Code::UnknownKind)
                        .at(name.place),
                );
            }
        }
    }
    if let Some(place) = notice.filter(|_| found.len() > 1) {
        scope.report(
            bad_rule("a rule over notices and over records", &place, "of its own kind")
                .help("write two rules: a notice has none of the fields of a record"),
        );
        found.retain(|kind| *kind != Kind::Notice);
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
