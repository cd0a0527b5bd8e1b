//! Duties: who is told, by when, with what in it.

use crate::base::code::Code;
use crate::base::decode::{Entries, Reader};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed};
use crate::base::suggest;
use crate::policy::builtin;
use crate::policy::clock;
use crate::policy::condition;
use crate::policy::fields;
use crate::policy::names::{self, Found, Table};
use crate::policy::operand;
use crate::policy::rule::{Duty, OrElse};
use crate::policy::scope::{Scope, bad_rule};
use crate::record::field::Type;
use crate::record::kind::Kind;

/// Takes the recipients from the obligations of a linked record.
const SAME_AS: &str = "@same_as:";

/// Reads one `[[rule.duty]]`.
pub(super) fn read(scope: &mut Scope<'_>, entries: &Entries, header: &Place) -> Option<Duty> {
    let mut reader = Reader::new(entries, header.clone(), "duty");
    let name = reader.text("name").map(|name| name.value);
    let when = reader.table("when");
    reader.required("notify", "[\"SSCI\", \"HPSCI\"]");
    let notify = reader.texts("notify");
    let due = reader.required_text("due", "\"7 days after ended\"");
    let or_else = reader.table("or_else");
    let target = reader.text("target");
    let postpone = reader.text("postpone");
    let form = reader.text("form").map(|form| form.value);
    let contains = reader.texts("contains").unwrap_or_default();
    let letter = reader.text("letter");
    let discharged_by = reader.text("discharged_by");
    scope.diagnostics.extend(reader.finish());

    let when = when.map(|(entries, place)| condition::table(scope, entries, place));
    let written = notify.is_some();
    let notify = notify.unwrap_or_default();
    if written && notify.is_empty() && discharged_by.is_none() {
        scope.report(
            bad_rule("a duty that notifies nobody", header, "`notify` is empty")
                .help("name recipients, or the field that shows it was done: `discharged_by = \"finding.written\"`"),
        );
    }
    let notify = recipients(scope, &notify);
    let due = due.and_then(|due| clock::deadline(scope, &due));
    let or_else = or_else.and_then(|(entries, place)| alternative(scope, entries, place));
    let target = target.and_then(|target| clock::deadline(scope, &target));
    let postpone = postpone.and_then(|postpone| clock::postponement(scope, &postpone));
    let contains = contents(scope, contains);
    let discharged_by = discharged_by.and_then(|field| date(scope, field));
    let letter = letter.and_then(|letter| letter_name(scope, letter));
    Some(Duty {
        name,
        when,
        notify,
        due: due?,
        or_else,
        target,
        postpone,
        form,
        contains,
        letter,
        discharged_by,
        place: header.clone(),
    })
}

/// `or_else = { when = {…}, due = "…" }`.
fn alternative(scope: &mut Scope<'_>, entries: &Entries, place: &Place) -> Option<OrElse> {
    let mut reader = Reader::new(entries, place.clone(), "`or_else`");
    reader.required("when", "{ exigency = { is = \"other\" } }");
    let when = reader.table("when");
    let due = reader.required_text("due", "\"48 hours after decided\"");
    scope.diagnostics.extend(reader.finish());
    let when = when.map(|(entries, place)| condition::table(scope, entries, place));
    let due = due.and_then(|due| clock::deadline(scope, &due));
    Some(OrElse { when: when?, due: due? })
}

/// Resolves groups and checks every recipient; each once, in the order written.
fn recipients(scope: &mut Scope<'_>, notify: &[Placed<String>]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for recipient in notify {
        for id in resolve(scope, recipient, &mut Vec::new()) {
            if !found.contains(&id) {
                found.push(id);
            }
        }
    }
    found
}

fn resolve(scope: &mut Scope<'_>, text: &Placed<String>, above: &mut Vec<(usize, String)>) -> Vec<String> {
    if let Some(link) = text.value.strip_prefix(SAME_AS) {
        return same_as(scope, text, link).into_iter().collect();
    }
    let Some(name) = text.value.strip_prefix('@') else {
        if scope.recipients.get(&text.value).is_some() {
            return vec![text.value.clone()];
        }
        let unknown = operand::unknown_recipient(scope, text);
        scope.report(unknown);
        return Vec::new();
    };
    let names = scope.names;
    match names.find(Table::Groups, scope.pack, name) {
        Found::One(pack, group) => {
            let this = (pack, name.to_owned());
            if above.contains(&this) {
                return Vec::new(); // reported where the groups are checked
            }
            above.push(this);
            let own = std::mem::replace(&mut scope.pack, pack);
            let found = group
                .members
                .iter()
                // Wrong members are reported where the groups are checked.
                .flat_map(
                    |member| match (member.value.strip_prefix('@'), scope.recipients.get(&member.value)) {
                        (Some(inner), _) if !matches!(names.find(Table::Groups, pack, inner), Found::Missing) => {
                            resolve(scope, member, above)
                        }
                        (None, Some(recipient)) => vec![recipient.id.clone()],
                        _ => Vec::new(),
                    },
                )
                .collect();
            scope.pack = own;
            above.pop();
            found
        }
        Found::Several(several) => {
            let diagnostic = operand::ambiguous("group", name, &several, &text.place);
            scope.report(diagnostic);
            Vec::new()
        }
        Found::Missing if names::is_name(name) || name.is_empty() => {
            let diagnostic = operand::unknown(scope, Code::UnknownGroup, Table::Groups, text);
            scope.report(diagnostic);
            Vec::new()
        }
        Found::Missing => {
            let diagnostic =
                Diagnostic::new(Code::UnknownGroup, format!("no pack defines a group `{name}`")).at(text.place.clone());
            scope.report(match scope.recipients.get(name) {
                Some(_) => diagnostic
                    .label("a recipient, not a group")
                    .help(format!("write `{name}` without `@`")),
                None => diagnostic.label("unknown group").help(format!(
                    "write the name of a group in lower case: `@{}`",
                    name.to_lowercase()
                )),
            });
            Vec::new()
        }
    }
}

/// `@same_as:resumes`: the field must link to a record.
fn same_as(scope: &mut Scope<'_>, text: &Placed<String>, link: &str) -> Option<String> {
    let parts = fields::parts_in(text, SAME_AS.len()..SAME_AS.len() + link.len(), scope.sources);
    match fields::find(&scope.kinds, &parts) {
        Ok(found) if matches!(found.path.of, Type::Link | Type::List(Type::Link)) => Some(text.value.clone()),
        Ok(found) => {
            let links = links(&scope.kinds);
            scope.report(
                Diagnostic::new(
                    Code::WrongTest,
                    format!("`{link}` does not link to a record: its type is {}", found.path.of),
                )
                .at(scope.inside(text, SAME_AS.len()..text.value.len()))
                .label("a link is wanted")
                .help(format!("links are {}", suggest::quoted_list(links))),
            );
            None
        }
        Err(diagnostic) => {
            scope.report(*diagnostic);
            None
        }
    }
}

fn links(kinds: &[Kind]) -> Vec<&'static str> {
    kinds
        .first()
        .into_iter()
        .flat_map(|kind| crate::record::field::fields_of(*kind))
        .filter(|field| matches!(field.kind_of_value, Type::Link | Type::List(Type::Link)))
        .map(|field| field.name)
        .collect()
}

/// Required contents: each a field of at least one kind that the rule applies to.
fn contents(scope: &mut Scope<'_>, contains: Vec<Placed<String>>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in contains {
        let parts = fields::parts_of(&text, scope.sources);
        let known = scope.kinds.iter().any(|kind| fields::find(&[*kind], &parts).is_ok());
        if known || (scope.kinds.is_empty() && fields::find(&[], &parts).is_ok()) {
            if found.contains(&text.value) {
                scope.report(
                    bad_rule(format!("`{}` is required twice", text.value), &text.place, "again").help("leave it out"),
                );
            } else {
                found.push(text.value);
            }
        } else if let Err(diagnostic) = fields::find(&scope.kinds, &parts) {
            scope.report(*diagnostic);
        }
    }
    found
}

/// A field that holds the date on which a duty was met.
fn date(scope: &mut Scope<'_>, text: Placed<String>) -> Option<String> {
    let parts = fields::parts_of(&text, scope.sources);
    match fields::find(&scope.kinds, &parts) {
        Ok(found) if matches!(found.path.of, Type::When) => Some(text.value),
        Ok(found) => {
            scope.report(
                Diagnostic::new(
                    Code::WrongTest,
                    format!("`{}` is no date: its type is {}", text.value, found.path.of),
                )
                .at(text.place)
                .label("a date is wanted")
                .help("name the date on which the duty is met, such as `finding.written`"),
            );
            None
        }
        Err(diagnostic) => {
            scope.report(*diagnostic);
            None
        }
    }
}

/// The name of a letter is the name of a file without its ending: one that relto ships, or one of the workspace.
fn letter_name(scope: &mut Scope<'_>, text: Placed<String>) -> Option<String> {
    let usable = text.value.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .value
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if usable {
        let known = || {
            builtin::LETTERS
                .iter()
                .copied()
                .chain(scope.letters.iter().map(String::as_str))
        };
        if known().any(|letter| letter == text.value) {
            return Some(text.value);
        }
        let diagnostic =
            Diagnostic::new(Code::UnknownLetter, format!("no letter `{}`", text.value)).at(text.place.clone());
        let diagnostic = match suggest::nearest(&text.value, known()) {
            Some(near) => diagnostic
                .label(format!("did you mean `{near}`?"))
                .help(format!("write `{near}`")),
            None => diagnostic.label("unknown letter").help(format!(
                "write the letter as `templates/letters/{}.typ` in the workspace, or name one that there is: \
                 `relto template list`",
                text.value
            )),
        };
        scope.report(diagnostic);
        return None;
    }
    let plain = text
        .value
        .trim_end_matches(".typ")
        .to_lowercase()
        .replace([' ', '_'], "-");
    scope.report(
        Diagnostic::new(Code::BadId, format!("`{}` cannot name a letter", text.value))
            .at(text.place)
            .label("the name of a letter, without folder and ending")
            .help(format!("write `letter = \"{plain}\"`")),
    );
    None
}
