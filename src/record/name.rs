//! The names of all fields, each with a number of its own: what a table holds is found by number, not by comparing texts.
//!
//! The numbers come from the field table when relto is compiled. They mean nothing beyond one build.

use crate::record::common::{COMMON, DERIVED};
use crate::record::field::{Field, Type};
use crate::record::{
    agreement, disclosure, exchange, legal_interpretation, liaison_contact, notice, periodic_report, rel_to_change,
    sharing_change,
};

/// Every list of fields; tables and lists of tables inside them count, too.
const LISTS: [&[Field]; 12] = [
    COMMON,
    DERIVED,
    rel_to_change::FIELDS,
    rel_to_change::DERIVED,
    liaison_contact::FIELDS,
    exchange::FIELDS,
    sharing_change::FIELDS,
    agreement::FIELDS,
    disclosure::FIELDS,
    legal_interpretation::FIELDS,
    periodic_report::FIELDS,
    notice::FIELDS,
];

/// Numbers are below this.
pub(super) const NAMES: usize = 192;

/// Many more than there are names, so that most stand where they are looked for first.
const SLOTS: usize = 1024;

/// The names by their numbers, and at each slot one more than the number of the name that stands there.
struct Names {
    all: [&'static str; NAMES],
    count: u8,
    slots: [u8; SLOTS],
}

static ALL: Names = all();

/// Returns the number of a field's name; nothing where no field has the name.
pub(super) const fn number(name: &str) -> Option<u8> {
    ALL.number(name)
}

/// As [`number`], for any text. Where the text is a literal, the compiler finds its number, if this is inlined: hence the
/// one look without a loop.
#[inline]
pub(super) fn find(name: &str) -> Option<u8> {
    let at = slot(name);
    let number = ALL.slots[at].checked_sub(1)?;
    if ALL.all[usize::from(number)] == name {
        return Some(number);
    }
    find_after(at, name)
}

/// For the few names whose first slot is taken by another.
#[inline(never)]
fn find_after(mut at: usize, name: &str) -> Option<u8> {
    loop {
        at = (at + 1) % SLOTS;
        let number = ALL.slots[at].checked_sub(1)?;
        if ALL.all[usize::from(number)] == name {
            return Some(number);
        }
    }
}

/// Returns the name of a number.
pub(super) fn name(number: usize) -> &'static str {
    ALL.all.get(number).copied().unwrap_or_default()
}

const fn all() -> Names {
    let mut names = Names {
        all: [""; NAMES],
        count: 0,
        slots: [0; SLOTS],
    };
    let mut list = 0;
    while list < LISTS.len() {
        names = names.with(LISTS[list]);
        list += 1;
    }
    names
}

impl Names {
    const fn with(mut self, fields: &[Field]) -> Self {
        let mut at = 0;
        while at < fields.len() {
            self = self.with_name(fields[at].name);
            self = self.with_type(&fields[at].kind_of_value);
            at += 1;
        }
        self
    }

    const fn with_type(self, of: &Type) -> Self {
        match of {
            Type::Table(fields) => self.with(fields),
            Type::List(item) => self.with_type(item),
            _ => self,
        }
    }

    const fn with_name(mut self, name: &'static str) -> Self {
        if self.number(name).is_some() {
            return self;
        }
        let mut at = slot(name);
        while self.slots[at] != 0 {
            at = (at + 1) % SLOTS;
        }
        // More names than there is room for do not compile: this index is out of bounds then.
        self.all[self.count as usize] = name;
        self.count += 1;
        self.slots[at] = self.count;
        self
    }

    const fn number(&self, name: &str) -> Option<u8> {
        let mut at = slot(name);
        while self.slots[at] != 0 {
            let number = self.slots[at] - 1;
            if same(self.all[number as usize], name) {
                return Some(number);
            }
            at = (at + 1) % SLOTS;
        }
        None
    }
}

/// Where the look-up of a name begins: its length, its ends and its middle tell most names apart.
#[inline]
const fn slot(name: &str) -> usize {
    let bytes = name.as_bytes();
    let length = bytes.len();
    if length == 0 {
        return 0;
    }
    let (first, middle, last) = (
        bytes[0] as usize,
        bytes[length / 2] as usize,
        bytes[length - 1] as usize,
    );
    (first * 31 + middle * 173 + last * 7 + length * 67) % SLOTS
}

const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::field::fields_of;
    use crate::record::kind::Kind;

    #[test]
    fn every_field_has_a_number_of_its_own() {
        let mut kinds: Vec<Kind> = Kind::ALL.to_vec();
        kinds.push(Kind::Notice);
        for field in kinds.into_iter().flat_map(fields_of) {
            let number = number(field.name);
            assert_eq!(number.map(|number| ALL.all[usize::from(number)]), Some(field.name));
        }
        for name in ["", "addedd", "a", "counterpart.country"] {
            assert_eq!(number(name), None, "{name}");
        }
    }
}
