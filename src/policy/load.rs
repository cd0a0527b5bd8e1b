//! Loading policy packs: every mistake at its place, all in one pass.
//!
//! ```text
//! text ─parse─▶ entries ─names─▶ sets, groups ─rules─▶ Rule ─(over all packs)─▶ ids, fires, dead rules ─▶ Policy
//! ```
//!
//! Invariants: a rule that comes out names only fields, codes, sets, recipients and rules that exist; with an error in
//! any pack the caller judges nothing.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use crate::base::code::Code;
use crate::base::decode::{self, Entries, Raw, Reader};
use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::base::source::{Place, Placed, SourceId, Sources};
use crate::base::suggest;
use crate::marking::vocabulary::Vocabulary;
use crate::policy::dead;
use crate::policy::extend::{self, Extending, Standing};
use crate::policy::names::{self, Found, Names, PackNames, Table};
use crate::policy::operand;
use crate::policy::parameters;
use crate::policy::recipients::Recipients;
use crate::policy::references;
use crate::policy::rule::{Pack, Policy};
use crate::policy::rules::{self, Read};
use crate::policy::scope::{Scope, bad_rule};

/// What relto.toml says of single rules.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Rules to switch on that ship disabled.
    pub enable: Vec<Placed<String>>,
    pub disable: Vec<Placed<String>>,
    /// Packs whose rule tests are left unread: the shipped ones, wherever their tests are neither run nor shown.
    pub untested: Vec<SourceId>,
    /// The letters of the workspace's own templates, beside those that relto ships.
    pub letters: Vec<String>,
    /// Nothing for the shipped vocabulary.
    pub vocabulary: Option<Arc<Vocabulary>>,
}

/// A pack as it was read: its keys, and where its rules stand.
struct Opened {
    entries: Entries,
    header: Place,
    pack: Pack,
}

/// The lines of a pack without the tests beside the rules, which are the larger part: what is not read need not be parsed.
fn without_tests(text: &str) -> Vec<Range<usize>> {
    let mut kept: Vec<Range<usize>> = Vec::new();
    let (mut inside, mut at) = (false, 0);
    for line in text.split_inclusive('\n') {
        if line.starts_with('[') {
            inside = line.starts_with("[[rule.test");
        }
        let end = at + line.len();
        if !inside {
            match kept.last_mut() {
                Some(last) if last.end == at => last.end = end,
                _ => kept.push(at..end),
            }
        }
        at = end;
    }
    kept
}

/// Loads packs: the texts `packs` of `sources`, in order. The policy holds what could be read; it may only be used
/// when no diagnostic is an error.
pub fn load(
    packs: &[SourceId],
    settings: &Selection,
    sources: &Sources,
    recipients: &Recipients,
) -> (Policy, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut names = Names::default();
    let mut opened: Vec<Opened> = Vec::new();
    let mut extending: Vec<Extending> = Vec::new();
    for source in packs {
        let (entries, problems) = if settings.untested.contains(source) {
            decode::parse_kept(*source, &without_tests(sources.get(*source).text()), sources)
        } else {
            decode::parse(*source, sources)
        };
        diagnostics.extend(problems);
        let Some(entries) = entries else { continue };
        let (pack, own, extends) = open(&entries, *source, &mut diagnostics);
        if let Some(first) = opened
            .iter()
            .find(|other| other.pack.id == pack.id && !pack.id.is_empty())
        {
            diagnostics.push(
                Diagnostic::new(Code::DuplicateRule, format!("two packs have the id `{}`", pack.id))
                    .at(pack.place.clone())
                    .label("again")
                    .related(first.pack.place.clone(), "first here")
                    .help("give each pack its own id, or load one of them only"),
            );
        }
        names.push(own);
        extending.push(Extending {
            id: pack.id.clone(),
            extends,
        });
        opened.push(Opened {
            entries,
            header: Place::new(*source, 0..0),
            pack,
        });
    }

    let closures = extend::closures(&extending, &mut diagnostics);
    names.inherit(&closures);
    let mut scope = Scope {
        sources,
        recipients,
        vocabulary: settings.vocabulary.as_deref().unwrap_or(Vocabulary::standard()),
        names: &names,
        letters: &settings.letters,
        pack: 0,
        kinds: Vec::new(),
        per: false,
        tests: true,
        references: Vec::new(),
        diagnostics,
    };
    check_sets(&mut scope);
    check_groups(&mut scope);

    let mut written = Vec::new();
    let mut standing: Vec<Standing> = Vec::new();
    for (at, opened) in opened.iter().enumerate() {
        scope.pack = at;
        scope.tests = !settings.untested.contains(&opened.header.source);
        let mut reader = Reader::new(&opened.entries, opened.header.clone(), "the pack");
        let tables = reader.tables("rule");
        // What stands under `rule` and is no array of tables is reported here; the unknown keys of a pack elsewhere.
        scope.diagnostics.append(&mut reader.diagnostics);
        for (entries, header) in tables {
            let before = scope.diagnostics.len();
            let id = rules::id_of(entries);
            let read = rules::read(&mut scope, entries, header, &opened.pack.id);
            for diagnostic in &mut scope.diagnostics[before..] {
                diagnostic.rule = id.as_ref().map(|id| Shared::from(&id.value));
            }
            written.extend(id);
            standing.extend(read.map(|read| Standing {
                pack: at,
                read,
                overrides: rules::overrides(entries),
            }));
        }
    }
    let mut diagnostics = scope.diagnostics;
    let mut found = extend::settle(standing, &closures, &extending, &mut diagnostics);
    select(settings, &mut found, &written, &mut diagnostics);
    references::check(&found, &written, &mut diagnostics);
    // A condition with mistakes in it, or in what it names, says nothing about whether it can hold.
    let errors = diagnostics.iter().filter(|found| found.is_error());
    let faulty: BTreeSet<Option<Shared>> = errors.map(|error| error.rule.clone()).collect();
    if !faulty.contains(&None) {
        let sound = found
            .iter()
            .filter(|read| !faulty.contains(&Some(Shared::from(&read.rule.id))));
        for edition in sound.flat_map(|read| read.rule.editions()) {
            diagnostics.extend(dead::check(edition));
        }
    }
    let diagnostics = once_each(diagnostics);
    let policy = Policy {
        packs: opened.into_iter().map(|opened| opened.pack).collect(),
        rules: found.into_iter().map(|read| read.rule).collect(),
    };
    (policy, diagnostics)
}

/// Reads `[pack]`, `[sets]`, `[groups]` and `[parameters]`, and refuses other tables.
fn open(
    entries: &Entries,
    source: SourceId,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Pack, PackNames, Vec<Placed<String>>) {
    let mut reader = Reader::new(entries, Place::new(source, 0..0), "the pack");
    reader.required(
        "pack",
        "{ id = \"…\", title = \"…\", version = \"1.0.0\", source = \"…\" }",
    );
    let header = reader.table("pack");
    let sets = reader.table("sets");
    let groups = reader.table("groups");
    let parameters = reader.table("parameters");
    let mut extends = Vec::new();
    reader.take("rule");
    let mut pack = Pack {
        id: String::new(),
        title: String::new(),
        version: String::new(),
        source: String::new(),
        extends: Vec::new(),
        place: Place::new(source, 0..0),
    };
    let mut problems = reader.finish();
    if let Some((entries, header)) = header {
        let mut reader = Reader::new(entries, header.clone(), "`[pack]`");
        let text = |found: Option<Placed<String>>| found.map(|text| text.value).unwrap_or_default();
        pack.place = header.clone();
        if let Some(id) = reader.required_text("id", "\"my-agency\"") {
            pack.place = id.place.clone();
            let good = id.value.starts_with(|c: char| c.is_ascii_lowercase())
                && id
                    .value
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            if !good {
                reader.diagnostics.push(
                    Diagnostic::new(
                        Code::BadId,
                        format!("`{}` cannot be the id of a pack", id.value.escape_debug()),
                    )
                    .at(id.place)
                    .label("lower-case letters, digits and `-` only")
                    .help("write it as in `my-agency`"),
                );
            }
            pack.id = id.value;
        }
        pack.title = text(reader.required_text("title", "\"…\""));
        pack.version = text(reader.text("version"));
        pack.source = text(reader.text("source"));
        extends = reader.texts("extends").unwrap_or_default();
        pack.extends = extends.iter().map(|name| name.value.clone()).collect();
        problems.extend(reader.finish());
    }
    let own = PackNames {
        id: pack.id.clone(),
        sets: sets
            .map(|(entries, _)| names::read(entries, "set", &mut problems))
            .unwrap_or_default(),
        groups: groups
            .map(|(entries, _)| names::read(entries, "group", &mut problems))
            .unwrap_or_default(),
        parameters: parameters
            .map(|(entries, _)| parameters::read(entries, &mut problems))
            .unwrap_or_default(),
        inherits: Vec::new(),
    };
    diagnostics.extend(problems);
    (pack, own, extends)
}

/// Checks what can be known of a set without a test that uses it: references, organizations, circles.
fn check_sets(scope: &mut Scope<'_>) {
    let names = scope.names;
    for (pack, set) in names.definitions(Table::Sets) {
        scope.pack = pack;
        for member in &set.members {
            let Some(name) = member.value.strip_prefix('@') else {
                if member.value.trim().is_empty() {
                    scope.report(bad_rule("an empty value in a set", &member.place, "empty").help("leave it out"));
                }
                continue;
            };
            let problem = if names::is_name(name) {
                match names.find(Table::Sets, pack, name) {
                    Found::One(..) => circle(names, Table::Sets, pack, &set.name.value, member),
                    Found::Several(several) => Some(operand::ambiguous("set", name, &several, &member.place)),
                    Found::Missing => Some(operand::unknown(scope, Code::UnknownSet, Table::Sets, member)),
                }
            } else {
                operand::organization_problem(scope, member)
            };
            scope.diagnostics.extend(problem);
        }
    }
}

/// Checks every member of every group.
fn check_groups(scope: &mut Scope<'_>) {
    let names = scope.names;
    for (pack, group) in names.definitions(Table::Groups) {
        scope.pack = pack;
        for member in &group.members {
            let problem = match member.value.strip_prefix('@') {
                Some(name) => match names.find(Table::Groups, pack, name) {
                    Found::One(..) => circle(names, Table::Groups, pack, &group.name.value, member),
                    Found::Several(several) => Some(operand::ambiguous("group", name, &several, &member.place)),
                    Found::Missing => Some(operand::unknown(scope, Code::UnknownGroup, Table::Groups, member)),
                },
                None if scope.recipients.get(&member.value).is_none() => {
                    Some(operand::unknown_recipient(scope, member))
                }
                None => None,
            };
            scope.diagnostics.extend(problem);
        }
    }
}

/// Says so where a name refers back to itself.
fn circle(names: &Names, table: Table, pack: usize, start: &str, member: &Placed<String>) -> Option<Diagnostic> {
    let mut waiting = vec![(pack, member.value[1..].to_owned())];
    let mut seen: Vec<(usize, String)> = Vec::new();
    while let Some((at, name)) = waiting.pop() {
        let Found::One(home, found) = names.find(table, at, &name) else {
            continue;
        };
        if home == pack && name == start {
            let what = if table == Table::Sets { "set" } else { "group" };
            return Some(
                bad_rule(
                    format!("the {what} `{start}` contains itself"),
                    &member.place,
                    "leads back",
                )
                .help("name its members directly"),
            );
        }
        if seen.contains(&(home, name.clone())) {
            continue;
        }
        seen.push((home, name));
        waiting.extend(
            found
                .members
                .iter()
                .filter_map(|member| Some((home, member.value.strip_prefix('@')?.to_owned()))),
        );
    }
    None
}

/// Returns the built-in packs that a pack's text extends, for the run to load them too.
pub fn extended(source: SourceId, sources: &Sources) -> Vec<String> {
    let text = sources.get(source).text();
    // As a rule all of it stands above the first rule.
    let above = text.find("\n[[").map_or(text.len(), |end| end + 1);
    let has_pack = |root: &Entries| root.get("pack").is_some();
    let (entries, _) = decode::parse_kept(source, std::slice::from_ref(&(0..above)), sources);
    let entries = entries.filter(has_pack).or_else(|| decode::parse(source, sources).0);
    let Some(Raw::Table(header)) = entries
        .as_ref()
        .and_then(|root| root.get("pack"))
        .map(|item| &item.value)
    else {
        return Vec::new();
    };
    match header.get("extends").map(|item| &item.value) {
        Some(Raw::Array(items)) => items
            .iter()
            .filter_map(|item| match &item.value {
                Raw::String(name) => Some(name.clone()),
                _ => None,
            })
            .collect(),
        Some(Raw::String(name)) => vec![name.clone()],
        _ => Vec::new(),
    }
}

/// Applies `[policy] enable` and `disable`.
fn select(settings: &Selection, found: &mut [Read], written: &[Placed<String>], diagnostics: &mut Vec<Diagnostic>) {
    for (ids, enable) in [(&settings.enable, true), (&settings.disable, false)] {
        for id in ids {
            match found.iter_mut().find(|read| read.rule.id == id.value) {
                Some(read) if read.rule.reference_only && enable => diagnostics.push(
                    bad_rule(
                        format!("`{}` is listed for reference only", id.value),
                        &id.place,
                        "cannot be enabled",
                    )
                    .related(read.rule.place.clone(), "the rule")
                    .help("no record kind can hold what it needs; leave it out"),
                ),
                Some(read) => read.rule.enabled = enable,
                None if written.iter().any(|known| known.value == id.value) => {} // it has errors of its own
                None => diagnostics.push(references::unknown(
                    id,
                    written.iter().map(|known| known.value.as_str()),
                )),
            }
        }
    }
    for id in &settings.enable {
        if let Some(other) = settings.disable.iter().find(|other| other.value == id.value) {
            diagnostics.push(
                bad_rule(
                    format!("`{}` is both enabled and disabled", id.value),
                    &other.place,
                    "disabled here",
                )
                .related(id.place.clone(), "enabled here")
                .help(format!(
                    "leave {} out of one of them",
                    suggest::quoted_list([id.value.as_str()])
                )),
            );
        }
    }
}

/// Leaves out what was found twice: a wrong member of a set is found by every test that uses it.
fn once_each(diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let mut kept: Vec<Diagnostic> = Vec::new();
    for diagnostic in diagnostics {
        let twice = kept.iter().any(|other| {
            other.code == diagnostic.code && other.place == diagnostic.place && other.message == diagnostic.message
        });
        if !twice {
            kept.push(diagnostic);
        }
    }
    kept
}
