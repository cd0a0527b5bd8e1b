//! The packs that relto ships, embedded.

/// Id and text of every pack, in the order in which they are loaded.
pub const PACKS: &[(&str, &str)] = &[
    ("nsa47", include_str!("../../policy/nsa47.toml")),
    ("adversary", include_str!("../../policy/adversary.toml")),
    ("rel-to", include_str!("../../policy/rel-to.toml")),
    ("suspension", include_str!("../../policy/suspension.toml")),
    ("agreements", include_str!("../../policy/agreements.toml")),
    ("military", include_str!("../../policy/military.toml")),
    ("periodic", include_str!("../../policy/periodic.toml")),
    ("history", include_str!("../../policy/history.toml")),
];

/// The letters that relto ships, by name: what a rule's `letter` can say without a template of the workspace's own.
pub const LETTERS: &[&str] = &[
    "correction",
    "disclosure",
    "exchange",
    "legal-interpretation",
    "liaison-contact",
    "memo",
    "periodic-report",
    "plain",
    "rel-to-change",
    "sharing-change",
    "transmittal",
    "what-if",
];

/// Whether any shipped pack has a rule of this id, loaded or not.
pub fn has_rule(id: &str) -> bool {
    let line = format!("id = \"{id}\"");
    PACKS
        .iter()
        .any(|(_, text)| text.lines().any(|found| found.trim_end() == line))
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::path::Path;

    use super::*;
    use crate::base::diagnostic::{self, Diagnostic};
    use crate::base::source::{Sources, files_under};
    use crate::policy::load::{Selection, load};
    use crate::policy::recipients::{Changes, Recipients};

    #[test]
    fn the_table_is_the_folder() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("policy");
        let skip = |_: &Path, name: &OsStr| name == "recipients.toml";
        let mut files: Vec<String> = files_under(&folder, "toml", &skip)
            .unwrap()
            .iter()
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect();
        let mut table: Vec<String> = PACKS.iter().map(|(id, _)| (*id).to_owned()).collect();
        files.sort();
        table.sort();
        assert_eq!(table, files);
    }

    #[test]
    fn the_letters_are_the_folder_of_letters() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/letters");
        let mut files: Vec<String> = files_under(&folder, "typ", &|_, _| false)
            .unwrap()
            .iter()
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .collect();
        files.sort();
        assert_eq!(LETTERS, files);
    }

    #[test]
    fn every_pack_loads_without_an_error_under_its_own_id() {
        let mut sources = Sources::default();
        let packs: Vec<_> = PACKS
            .iter()
            .map(|(id, text)| sources.add(format!("policy/{id}.toml"), *text))
            .collect();
        let (recipients, _) = Recipients::standard(&Changes::new());
        let (policy, mut diagnostics) = load(&packs, &Selection::default(), &sources, &recipients);
        diagnostic::sort(&mut diagnostics, &sources);
        let shown: Vec<String> = diagnostics
            .iter()
            .filter(|found| found.is_error())
            .map(|found| shown(found, &sources))
            .collect();
        assert!(shown.is_empty(), "{}", shown.join("\n"));
        let ids: Vec<&str> = policy.packs.iter().map(|pack| pack.id.as_str()).collect();
        assert_eq!(ids, PACKS.iter().map(|(id, _)| *id).collect::<Vec<_>>());
        assert!(!policy.rules.is_empty());
    }

    fn shown(diagnostic: &Diagnostic, sources: &Sources) -> String {
        let at = diagnostic.place.as_ref().map_or_else(String::new, |place| {
            let source = sources.get(place.source);
            let (line, column) = source.line_column(place.start());
            format!("{}:{line}:{column}", source.name)
        });
        format!(
            "{at} {} {} ({}) {:?}",
            diagnostic.code.name(),
            diagnostic.message,
            diagnostic.label,
            diagnostic.help
        )
    }

    #[test]
    fn the_packs_are_the_same_without_their_tests() {
        let mut sources = Sources::default();
        let packs: Vec<_> = PACKS.iter().map(|(id, text)| sources.add(*id, *text)).collect();
        let (recipients, _) = Recipients::standard(&Changes::default());
        let untested = Selection {
            untested: packs.clone(),
            ..Selection::default()
        };
        let (whole, _) = load(&packs, &Selection::default(), &sources, &recipients);
        let (lean, found) = load(&packs, &untested, &sources, &recipients);
        assert!(found.is_empty(), "{found:?}");
        let facts = |policy: &crate::policy::rule::Policy| -> Vec<String> {
            policy
                .rules
                .iter()
                .map(|rule| format!("{:?} {:?} {:?} {:?}", rule.place, rule.when, rule.unless, rule.duties))
                .collect()
        };
        assert_eq!(facts(&whole), facts(&lean));
        assert!(
            whole.rules.iter().any(|rule| !rule.tests.is_empty())
                && lean.rules.iter().all(|rule| rule.tests.is_empty())
        );
    }
}
