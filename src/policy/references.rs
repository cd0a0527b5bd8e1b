//! Rules that name rules: unknown ids, references that can never hold, circles.

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::Placed;
use crate::base::suggest;
use crate::policy::builtin;
use crate::policy::rules::Read;
use crate::policy::scope::{Reference, bad_rule, dead};

/// Checks every reference. `written` holds the ids of all rules, those with errors too.
pub(super) fn check(rules: &[Read], written: &[Placed<String>], diagnostics: &mut Vec<Diagnostic>) {
    for read in rules {
        for reference in &read.references {
            let found = rules.iter().find(|other| other.rule.id == reference.id.value);
            let problem = match found {
                Some(found) if reference.fires => never_fires_too(read, found, reference),
                Some(_) => None,
                None if written.iter().any(|known| known.value == reference.id.value) => None,
                // A rule of a pack that this run leaves out never fires; that is no mistake of the pack that names it.
                None if builtin::has_rule(&reference.id.value) => None,
                None => Some(unknown(&reference.id, written.iter().map(|known| known.value.as_str()))),
            };
            diagnostics.extend(problem.map(|problem| problem.rule(read.rule.id.clone())));
        }
    }
    circles(rules, diagnostics);
}

/// The diagnostic of an id that no rule has.
pub(super) fn unknown<'a>(id: &Placed<String>, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let diagnostic =
        Diagnostic::new(Code::UnknownRule, format!("no rule `{}`", id.value.escape_debug())).at(id.place.clone());
    match suggest::nearest(&id.value, known) {
        Some(near) => diagnostic
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{near}`")),
        None => diagnostic
            .label("unknown rule")
            .help("`relto policy list` lists every rule of the packs that are loaded"),
    }
}

/// A rule named in `fires` that can never fire for the same record.
fn never_fires_too(read: &Read, found: &Read, reference: &Reference) -> Option<Diagnostic> {
    let id = &reference.id.value;
    if found.rule.reference_only {
        return Some(
            bad_rule(
                format!("`{id}` is listed for reference only and never fires"),
                &reference.id.place,
                "never holds",
            )
            .related(found.rule.place.clone(), "the rule")
            .help("leave it out"),
        );
    }
    let shared = found
        .rule
        .applies_to
        .iter()
        .any(|kind| read.rule.applies_to.contains(kind));
    if shared || found.rule.applies_to.is_empty() || read.rule.applies_to.is_empty() {
        return None;
    }
    let kinds = suggest::quoted_list(found.rule.applies_to.iter().map(|kind| kind.name()));
    Some(
        dead(
            format!("`{id}` never fires for a record of this rule"),
            &reference.id.place,
            format!("it applies to {kinds}"),
        )
        .related(found.rule.place.clone(), "the rule")
        .help("name a rule that applies to the same kind of record"),
    )
}

/// Reports each circle once, at the reference of its first rule.
fn circles(rules: &[Read], diagnostics: &mut Vec<Diagnostic>) {
    let next = |at: usize| -> Vec<(usize, &Reference)> {
        rules[at]
            .references
            .iter()
            .filter(|reference| reference.fires)
            .filter_map(|reference| {
                let to = rules.iter().position(|read| read.rule.id == reference.id.value)?;
                Some((to, reference))
            })
            .collect()
    };
    for start in 0..rules.len() {
        // A circle is reported by the first of its rules, so paths through earlier rules do not count.
        for (first, reference) in next(start) {
            let mut trail = vec![first];
            let mut seen = vec![first];
            if first >= start && leads_back(start, first, &next, &mut seen, &mut trail) {
                let ids = std::iter::once(start).chain(trail).map(|at| rules[at].rule.id.as_str());
                let message = if first == start {
                    format!("`{}` refers to itself", rules[start].rule.id)
                } else {
                    format!(
                        "rules refer to one another in a circle: {}",
                        ids.collect::<Vec<_>>().join(" → ")
                    )
                };
                diagnostics.push(
                    Diagnostic::new(Code::RuleCycle, message)
                        .at(reference.id.place.clone())
                        .label("leads back to this rule")
                        .rule(rules[start].rule.id.clone())
                        .help("write the tests of the other rule here instead of its id"),
                );
                break;
            }
        }
    }
}

fn leads_back<'a>(
    start: usize,
    at: usize,
    next: &impl Fn(usize) -> Vec<(usize, &'a Reference)>,
    seen: &mut Vec<usize>,
    trail: &mut Vec<usize>,
) -> bool {
    if at == start {
        return true;
    }
    for (to, _) in next(at) {
        if to < start || (to != start && seen.contains(&to)) {
            continue;
        }
        seen.push(to);
        trail.push(to);
        if leads_back(start, to, next, seen, trail) {
            return true;
        }
        trail.pop();
    }
    false
}
