//! The names that packs define, sets of values and groups of recipients, and which pack sees which.
//!
//! A pack sees its own names first, then those of the packs it extends, then those of every other pack. Where other packs give one name different meanings,
//! the name says nothing to a pack that does not define it itself.

use crate::base::code::Code;
use crate::base::decode::{Entries, Raw};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed};
use crate::policy::parameters::Dated;

/// Sets and groups of all packs of a run.
#[derive(Debug, Default)]
pub(super) struct Names {
    packs: Vec<PackNames>,
}

/// The names of one pack.
#[derive(Debug, Default)]
pub(super) struct PackNames {
    pub(super) id: String,
    pub(super) sets: Vec<Named>,
    pub(super) groups: Vec<Named>,
    pub(super) parameters: Vec<Dated>,
    /// The packs it extends, nearest first; their names are its own where it does not define them itself.
    pub(super) inherits: Vec<usize>,
}

/// A name and what it stands for, as written.
#[derive(Debug)]
pub(super) struct Named {
    pub(super) name: Placed<String>,
    pub(super) members: Vec<Placed<String>>,
}

/// Which of the two tables a name is looked up in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    Sets,
    Groups,
}

/// What a name comes to for one pack.
#[derive(Debug)]
pub(super) enum Found<'a> {
    /// The index of the pack that defines it, and the definition.
    One(usize, &'a Named),
    /// Other packs define it, differently.
    Several(Vec<(&'a str, &'a Named)>),
    Missing,
}

impl Names {
    pub(super) fn push(&mut self, names: PackNames) {
        self.packs.push(names);
    }

    pub(super) fn find(&self, table: Table, pack: usize, name: &str) -> Found<'_> {
        if let Some(own) = self.packs.get(pack).and_then(|own| own.named(table, name)) {
            return Found::One(pack, own);
        }
        let inherits = self.packs.get(pack).map_or(&[][..], |own| &own.inherits);
        if let Some((at, inherited)) = inherits
            .iter()
            .find_map(|at| Some((*at, self.packs[*at].named(table, name)?)))
        {
            return Found::One(at, inherited);
        }
        let others: Vec<(usize, &Named)> = self
            .packs
            .iter()
            .enumerate()
            .filter_map(|(at, other)| Some((at, other.named(table, name)?)))
            .collect();
        match others.as_slice() {
            [] => Found::Missing,
            [(at, first), rest @ ..] if rest.iter().all(|(_, other)| other.same_as(first)) => Found::One(*at, first),
            _ => Found::Several(
                others
                    .iter()
                    .map(|(at, named)| (self.packs[*at].id.as_str(), *named))
                    .collect(),
            ),
        }
    }

    /// Says which packs a pack inherits from.
    pub(super) fn inherit(&mut self, closures: &[Vec<usize>]) {
        for (pack, closure) in self.packs.iter_mut().zip(closures) {
            pack.inherits.clone_from(closure);
        }
    }

    /// Finds a parameter of a pack or of those it extends.
    pub(super) fn parameter(&self, pack: usize, name: &str) -> Option<&Dated> {
        self.own_and_inherited(pack)
            .find(|parameter| parameter.name.value == name)
    }

    /// Returns the names of the parameters that a pack sees.
    pub(super) fn parameters(&self, pack: usize) -> impl Iterator<Item = &str> {
        self.own_and_inherited(pack)
            .map(|parameter| parameter.name.value.as_str())
    }

    fn own_and_inherited(&self, pack: usize) -> impl Iterator<Item = &Dated> {
        let own = self.packs.get(pack);
        let inherited = own.map_or(&[][..], |own| &own.inherits).iter();
        own.into_iter()
            .chain(inherited.filter_map(|at| self.packs.get(*at)))
            .flat_map(|pack| &pack.parameters)
    }

    /// Returns every name of a table, for suggestions.
    pub(super) fn all(&self, table: Table) -> impl Iterator<Item = &str> + Clone {
        self.packs
            .iter()
            .flat_map(move |pack| pack.table(table).iter().map(|named| named.name.value.as_str()))
    }

    /// Returns every definition of a table with the index of its pack.
    pub(super) fn definitions(&self, table: Table) -> impl Iterator<Item = (usize, &Named)> {
        self.packs
            .iter()
            .enumerate()
            .flat_map(move |(at, pack)| pack.table(table).iter().map(move |named| (at, named)))
    }
}

impl PackNames {
    fn table(&self, table: Table) -> &[Named] {
        match table {
            Table::Sets => &self.sets,
            Table::Groups => &self.groups,
        }
    }

    fn named(&self, table: Table, name: &str) -> Option<&Named> {
        self.table(table).iter().find(|named| named.name.value == name)
    }
}

impl Named {
    fn same_as(&self, other: &Named) -> bool {
        let words = |named: &Named| -> Vec<String> {
            let mut words: Vec<String> = named.members.iter().map(|member| member.value.clone()).collect();
            words.sort();
            words
        };
        words(self) == words(other)
    }
}

/// Whether `name` can name a set or a group: lower case, so that it is never taken for an organization code.
pub(super) fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Reads `[sets]` or `[groups]`.
pub(super) fn read(entries: &Entries, what: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Named> {
    let mut all = Vec::new();
    for (name, item) in &entries.list {
        if !is_name(&name.value) {
            diagnostics.push(
                Diagnostic::new(Code::BadRule, format!("`{}` cannot name a {what}", name.value))
                    .at(name.place.clone())
                    .label("a name of lower-case letters is wanted")
                    .help(format!("write it as in `{} = […]`", plain(&name.value))),
            );
        }
        let Raw::Array(items) = &item.value else {
            diagnostics.push(not_a_list(
                &name.value,
                item.value.words(),
                &item.place,
                "a list of strings",
            ));
            continue;
        };
        let mut members: Vec<Placed<String>> = Vec::new();
        for member in items {
            match &member.value {
                Raw::String(text) => members.push(Placed {
                    value: text.clone(),
                    place: member.place.clone(),
                }),
                other => diagnostics.push(not_a_list(&name.value, other.words(), &member.place, "a string")),
            }
        }
        if items.is_empty() {
            diagnostics.push(
                Diagnostic::new(Code::BadRule, format!("the {what} `{}` is empty", name.value))
                    .at(item.place.clone())
                    .label("nothing in it")
                    .help(format!("name at least one member, or leave the {what} out")),
            );
        }
        all.push(Named {
            name: name.clone(),
            members,
        });
    }
    all
}

fn plain(name: &str) -> String {
    let lower: String = name
        .to_lowercase()
        .chars()
        .map(|c| {
            if c.is_ascii_lowercase() || c.is_ascii_digit() {
                c
            } else {
                '_'
            }
        })
        .collect();
    let trimmed = lower.trim_start_matches(|c: char| !c.is_ascii_lowercase());
    if trimmed.is_empty() {
        "name".to_owned()
    } else {
        trimmed.to_owned()
    }
}

fn not_a_list(name: &str, found: &str, place: &Place, wanted: &str) -> Diagnostic {
    Diagnostic::new(Code::WrongType, format!("`{name}` holds {found}, not {wanted}"))
        .at(place.clone())
        .label(format!("{wanted} is wanted here"))
        .help(format!("write it as in `{name} = [\"RUS\", \"CHN\"]`"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;

    fn named(name: &str, members: &[&str]) -> Named {
        let mut sources = Sources::default();
        let place = Place::new(sources.add("a", ""), 0..0);
        let placed = |value: &str| Placed {
            value: value.to_owned(),
            place: place.clone(),
        };
        Named {
            name: placed(name),
            members: members.iter().map(|member| placed(member)).collect(),
        }
    }

    fn pack(id: &str, sets: Vec<Named>) -> PackNames {
        PackNames {
            id: id.to_owned(),
            sets,
            ..PackNames::default()
        }
    }

    #[test]
    fn a_pack_sees_its_own_names_first_and_those_of_others_where_they_agree() {
        let mut names = Names::default();
        names.push(pack("a", vec![named("ally", &["GBR"]), named("foe", &["RUS", "CHN"])]));
        names.push(pack("b", vec![named("ally", &["FRA"]), named("foe", &["CHN", "RUS"])]));
        names.push(pack("c", Vec::new()));
        assert!(matches!(names.find(Table::Sets, 1, "ally"), Found::One(1, _)));
        assert!(matches!(names.find(Table::Sets, 2, "foe"), Found::One(0, _)));
        assert!(matches!(names.find(Table::Sets, 2, "ally"), Found::Several(several) if several.len() == 2));
        assert!(matches!(names.find(Table::Groups, 2, "ally"), Found::Missing));
    }

    #[test]
    fn names_are_lower_case() {
        assert!(is_name("un_3047") && !is_name("FVEY") && !is_name("a-b") && !is_name(""));
        assert_eq!(plain("Gang-of-Eight"), "gang_of_eight");
    }
}
