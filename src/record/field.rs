//! The field table: the single source of what a record may hold. Loading, rules, `relto fields`, `relto new` and the
//! letters all read it.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::LazyLock;

use crate::record::common::{COMMON, DERIVED};
use crate::record::kind::Kind;
use crate::record::name::{self, NAMES};
use crate::record::{
    agreement, disclosure, exchange, legal_interpretation, liaison_contact, notice, periodic_report, rel_to_change,
    sharing_change,
};

/// One field: its name, its type, what it means, and an example in TOML.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    pub name: &'static str,
    pub kind_of_value: Type,
    pub need: Need,
    pub meaning: &'static str,
    pub example: &'static str,
}

/// Whether a field must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    Required,
    Optional,
    /// Computed by relto: rules, letters and `explain` can read it, a record file cannot set it.
    Derived,
}

/// The type of a field's value.
#[derive(Debug, Clone, Copy)]
pub enum Type {
    Id,
    Text,
    /// A narrative: `"text"` or `{ mark = "S//NF", text = "…" }`.
    Portion,
    /// A portion mark without parentheses.
    PortionMark,
    /// The marking of other material: a banner, a portion mark, or the release part alone.
    OtherMarking,
    Level,
    Choice(&'static [&'static str]),
    /// A country or organization code of the vocabulary.
    Code,
    Bool,
    Integer,
    When,
    /// A year, half, quarter or month, by its label.
    Period,
    /// The id of another record.
    Link,
    /// The id of a rule.
    Rule,
    Recipient,
    List(&'static Type),
    Table(&'static [Field]),
}

pub(super) const fn required(
    name: &'static str,
    kind_of_value: Type,
    meaning: &'static str,
    example: &'static str,
) -> Field {
    Field {
        name,
        kind_of_value,
        need: Need::Required,
        meaning,
        example,
    }
}

pub(super) const fn optional(
    name: &'static str,
    kind_of_value: Type,
    meaning: &'static str,
    example: &'static str,
) -> Field {
    Field {
        name,
        kind_of_value,
        need: Need::Optional,
        meaning,
        example,
    }
}

pub(super) const fn derived(
    name: &'static str,
    kind_of_value: Type,
    meaning: &'static str,
    example: &'static str,
) -> Field {
    Field {
        name,
        kind_of_value,
        need: Need::Derived,
        meaning,
        example,
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Id => f.write_str("id"),
            Type::Text => f.write_str("text"),
            Type::Portion => f.write_str("portion text"),
            Type::PortionMark => f.write_str("portion mark"),
            Type::OtherMarking => f.write_str("marking"),
            Type::Level => f.write_str("level"),
            Type::Choice(_) => f.write_str("word"),
            Type::Code => f.write_str("code"),
            Type::Bool => f.write_str("true or false"),
            Type::Integer => f.write_str("whole number"),
            Type::When => f.write_str("date"),
            Type::Period => f.write_str("period"),
            Type::Link => f.write_str("record id"),
            Type::Rule => f.write_str("rule id"),
            Type::Recipient => f.write_str("recipient"),
            Type::List(item) => write!(f, "list of {item}"),
            Type::Table(_) => f.write_str("table"),
        }
    }
}

/// The fields that name other records, of all kinds.
pub fn link_fields() -> BTreeSet<&'static str> {
    let fields = Kind::ALL.iter().flat_map(|kind| fields_of(*kind));
    let links = fields.filter(|field| matches!(field.kind_of_value, Type::Link | Type::List(Type::Link)));
    links.map(|field| field.name).collect()
}

/// Returns the fields of a kind, in the order of the table; derived ones last.
pub fn fields_of(kind: Kind) -> impl Iterator<Item = &'static Field> {
    let (own, derived): (&[Field], &[Field]) = match kind {
        Kind::RelToChange => (rel_to_change::FIELDS, rel_to_change::DERIVED),
        Kind::LiaisonContact => (liaison_contact::FIELDS, &[]),
        Kind::Exchange => (exchange::FIELDS, &[]),
        Kind::SharingChange => (sharing_change::FIELDS, &[]),
        Kind::Agreement => (agreement::FIELDS, &[]),
        Kind::Disclosure => (disclosure::FIELDS, &[]),
        Kind::LegalInterpretation => (legal_interpretation::FIELDS, &[]),
        Kind::PeriodicReport => (periodic_report::FIELDS, &[]),
        Kind::Notice => (notice::FIELDS, &[]),
    };
    // A notice is no record: it has nothing of what all records share.
    let (common, shared): (&[Field], &[Field]) = match kind {
        Kind::Notice => (&[], &[]),
        _ => (COMMON, DERIVED),
    };
    common.iter().chain(own).chain(shared).chain(derived)
}

/// The fields of a kind that a record file can set.
struct Written {
    /// Each with its number among all fields of the kind, at the number of its name.
    fields: [Option<(u32, &'static Field)>; NAMES],
    /// A bit for the number of every field that must be there.
    required: u128,
    /// How many more there are that relto derives.
    derived: usize,
}

static WRITTEN: LazyLock<Vec<Written>> = LazyLock::new(|| {
    let of = |kind: &Kind| {
        let mut written = Written {
            fields: [None; NAMES],
            required: 0,
            derived: 0,
        };
        for (number, field) in (0u32..).zip(fields_of(*kind)) {
            if field.need == Need::Derived {
                written.derived += 1;
                continue;
            }
            if field.need == Need::Required {
                written.required |= 1 << number;
            }
            if let Some(name) = name::find(field.name) {
                written.fields[usize::from(name)] = Some((number, field));
            }
        }
        written
    };
    Kind::ALL.iter().map(of).collect()
});

/// A field that a record file can set.
pub(super) struct Settable {
    pub(super) field: &'static Field,
    /// Its number, below 128, among all fields of the kind.
    pub(super) number: u32,
    /// The number of its name.
    pub(super) name: u8,
}

/// Returns the field of a kind that a record file can set.
pub(super) fn written_field(kind: Kind, name: &str) -> Option<Settable> {
    let name = name::find(name)?;
    let (number, field) = WRITTEN.get(kind as usize)?.fields[usize::from(name)]?;
    Some(Settable { field, number, name })
}

/// Returns a bit for the number of every field that a record of the kind must have.
pub(super) fn required_fields(kind: Kind) -> u128 {
    WRITTEN.get(kind as usize).map_or(0, |written| written.required)
}

/// Returns how many fields relto may add to a record of the kind: those it derives, and the stated defaults.
pub(super) fn derived_fields(kind: Kind) -> usize {
    const DEFAULTS: usize = 4;
    WRITTEN
        .get(kind as usize)
        .map_or(0, |written| written.derived + DEFAULTS)
}

/// Whether every kind has the field.
pub fn is_common(field: &Field) -> bool {
    COMMON.iter().chain(DERIVED).any(|common| common.name == field.name)
}

/// Where a field is written in a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    Required,
    /// When it happened, and which element reports it.
    When,
    /// What only this kind has.
    Own,
    /// What every kind may have besides.
    Common,
}

impl Field {
    /// Returns where the field is written.
    pub fn part(&self) -> Part {
        match self.kind_of_value {
            _ if self.need == Need::Required => Part::Required,
            _ if !is_common(self) => Part::Own,
            Type::When => Part::When,
            _ if self.name.starts_with("element") => Part::When,
            _ => Part::Common,
        }
    }
}

/// Returns the fields that a record can hold in the order in which they are written, part by part.
pub fn written_order(kind: Kind) -> Vec<&'static Field> {
    let mut fields: Vec<&Field> = fields_of(kind).filter(|field| field.need != Need::Derived).collect();
    fields.sort_by_key(|field| field.part());
    fields
}

/// Returns the field of a kind by its name.
pub fn field(kind: Kind, name: &str) -> Option<&'static Field> {
    // Most names are of fields that a record file can set, which are found at once.
    match written_field(kind, name) {
        Some(settable) => Some(settable.field),
        None => fields_of(kind).find(|field| field.name == name),
    }
}

/// Returns the type at a dotted path of a kind, going through tables and lists of tables; a path through a list gives
/// the type of the list's parts as a list.
pub fn type_at(kind: Kind, path: &str) -> Option<(Type, bool)> {
    let mut parts = path.split('.');
    let mut found = field(kind, parts.next()?)?.kind_of_value;
    let mut many = false;
    for part in parts {
        let table = match found {
            Type::Table(table) => table,
            Type::List(Type::Table(table)) => {
                many = true;
                table
            }
            _ => return None,
        };
        found = table.iter().find(|field| field.name == part)?.kind_of_value;
    }
    Some((found, many))
}

/// The words that a test counts as unknown, not as a value.
pub const UNKNOWN_WORDS: &[&str] = &["undetermined", "unknown"];
