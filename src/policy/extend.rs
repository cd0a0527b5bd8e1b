//! Packs that extend packs: whose names a pack inherits, and which rules it replaces in so many words.
//!
//! `[pack] extends = ["rel-to"]` lets a pack use the sets, groups and parameters of another as if they were its own; its
//! own come first. A rule of an extended pack is replaced by a whole rule of the same id with `overrides = true`, never
//! silently. The names inside an extended pack keep their meaning: what a pack defines anew changes its own rules only.

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed};
use crate::base::suggest;
use crate::policy::rules::Read;
use crate::policy::scope::bad_rule;

/// What a pack says of other packs.
#[derive(Debug)]
pub(super) struct Extending {
    pub(super) id: String,
    pub(super) extends: Vec<Placed<String>>,
}

/// Returns, for each pack, the packs that it extends, nearest first and those they extend after them.
pub(super) fn closures(packs: &[Extending], diagnostics: &mut Vec<Diagnostic>) -> Vec<Vec<usize>> {
    let mut direct: Vec<Vec<usize>> = Vec::new();
    for (at, pack) in packs.iter().enumerate() {
        let mut found: Vec<usize> = Vec::new();
        for name in &pack.extends {
            match packs.iter().position(|other| other.id == name.value) {
                Some(other) if found.contains(&other) => diagnostics.push(
                    bad_rule(format!("`{}` is extended twice", name.value), &name.place, "again").help("leave it out"),
                ),
                Some(other) if other == at => diagnostics.push(circle(&name.place, &pack.id, "itself")),
                Some(other) => found.push(other),
                None => diagnostics.push(unknown(name, packs.iter().map(|pack| pack.id.as_str()))),
            }
        }
        direct.push(found);
    }
    (0..packs.len())
        .map(|start| {
            let mut closure: Vec<usize> = Vec::new();
            let mut waiting: std::collections::VecDeque<usize> = direct[start].iter().copied().collect();
            let mut leads_back = false;
            while let Some(at) = waiting.pop_front() {
                if at == start {
                    leads_back = true;
                } else if !closure.contains(&at) {
                    closure.push(at);
                    waiting.extend(&direct[at]);
                }
            }
            // Each circle is reported once, by the first of its packs.
            if leads_back
                && closure.iter().all(|other| *other > start)
                && let Some(name) = packs[start].extends.first()
            {
                diagnostics.push(circle(&name.place, &packs[start].id, "itself, through other packs"));
            }
            closure
        })
        .collect()
}

fn circle(place: &Place, id: &str, what: &str) -> Diagnostic {
    bad_rule(
        format!("the pack `{id}` extends {what}"),
        place,
        "leads back to this pack",
    )
    .help("take one of them out")
}

fn unknown<'a>(name: &Placed<String>, known: impl Iterator<Item = &'a str> + Clone) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownPack,
        format!("no pack `{}` to extend", name.value.escape_debug()),
    )
    .at(name.place.clone());
    match suggest::nearest(&name.value, known.clone()) {
        Some(near) => diagnostic
            .label(format!("did you mean `{near}`?"))
            .help(format!("write `{near}`")),
        None => diagnostic.label("unknown pack").help(format!(
            "the packs of this run are {}",
            suggest::quoted_list(known.filter(|id| !id.is_empty()))
        )),
    }
}

/// A rule with the pack it stands in.
#[derive(Debug)]
pub(super) struct Standing {
    pub(super) pack: usize,
    pub(super) read: Read,
    /// Where `overrides = true` stands.
    pub(super) overrides: Option<Place>,
}

/// Takes out the rules that others override, and those whose id is used again.
pub(super) fn settle(
    mut found: Vec<Standing>,
    closures: &[Vec<usize>],
    packs: &[Extending],
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Read> {
    let mut replaced: Vec<usize> = Vec::new();
    for at in 0..found.len() {
        let Some(place) = found[at].overrides.clone() else {
            continue;
        };
        let extended = &closures[found[at].pack];
        let id = found[at].read.rule.id.clone();
        let base = extended.iter().find_map(|pack| {
            found
                .iter()
                .position(|other| other.pack == *pack && other.read.rule.id == id)
        });
        if let Some(base) = base {
            replaced.push(base);
            found[at].read.rule.overrides = Some(packs[found[base].pack].id.clone());
            continue;
        }
        let known = found
            .iter()
            .filter(|other| extended.contains(&other.pack))
            .map(|other| other.read.rule.id.as_str());
        let diagnostic = Diagnostic::new(Code::UnknownRule, format!("`{id}` overrides nothing"))
            .at(place)
            .label("no pack that this one extends has the rule")
            .rule(id.clone());
        diagnostics.push(if extended.is_empty() {
            diagnostic.help("say `extends = [\"…\"]` under `[pack]`, or leave `overrides` out")
        } else {
            match suggest::nearest(&id, known) {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None => diagnostic.help("leave `overrides` out: it is a rule of its own"),
            }
        });
    }
    let mut kept: Vec<Standing> = Vec::new();
    for (at, standing) in found.into_iter().enumerate() {
        if replaced.contains(&at) {
            continue;
        }
        let id = &standing.read.rule.id;
        let Some(first) = kept.iter().find(|other| other.read.rule.id == *id) else {
            kept.push(standing);
            continue;
        };
        let related = closures[standing.pack].contains(&first.pack);
        let help = if related {
            "to replace the rule of the extended pack, add `overrides = true`"
        } else {
            "give each rule its own id; to replace a rule of another pack, extend that pack and add `overrides = true`"
        };
        diagnostics.push(
            Diagnostic::new(Code::DuplicateRule, format!("two rules have the id `{id}`"))
                .at(standing.read.rule.place.clone())
                .label("again")
                .related(first.read.rule.place.clone(), "first here")
                .rule(id.clone())
                .help(help),
        );
    }
    kept.into_iter().map(|standing| standing.read).collect()
}
