//! A REL TO change: who may receive a product, series or program, before and after.

use crate::record::common::RECIPROCITY;
use crate::record::field::{Field, Type, derived, optional, required};

/// What the REL TO change is about.
#[rustfmt::skip] // a table reads best in rows
const SUBJECT: &[Field] = &[
    required("type", Type::Choice(&["product", "series", "program", "standing_designation"]), "how wide it is", "\"series\""),
    required("name", Type::Text, "its unclassified name", "\"Example Series\""),
    optional("ids", Type::List(&Type::Text), "product ids", "[\"EX-1\"]"),
];

#[rustfmt::skip] // a table reads best in rows
pub(super) const FIELDS: &[Field] = &[
    optional("subject", Type::Table(SUBJECT), "what the change is about", "{ type = \"series\", name = \"Example Series\" }"),
    optional("from", Type::OtherMarking, "the marking before", "\"SECRET//REL TO USA, FVEY\""),
    optional("to", Type::OtherMarking, "the marking after", "\"SECRET//NOFORN\""),
    optional("exigency", Type::Choice(&["none", "threat_to_life", "other"]), "why there was no time; none unless said", "\"threat_to_life\""),
    RECIPROCITY,
];

/// What relto derives by comparing `from` and `to`.
#[rustfmt::skip] // a table reads best in rows
pub(super) const DERIVED: &[Field] = &[
    derived("added", Type::List(&Type::Code), "codes whose release is added, effective audiences compared", "[\"RUS\"]"),
    derived("removed", Type::List(&Type::Code), "codes whose release is removed, effective audiences compared", "[\"RUS\"]"),
    derived("unchanged", Type::List(&Type::Code), "codes that keep release, effective audiences compared", "[\"RUS\"]"),
    derived("undeterminable", Type::List(&Type::Code), "organization codes whose membership is not public, effective audiences compared", "[\"RUS\"]"),
    derived("disclosure_added", Type::List(&Type::Code), "codes to which disclosure is added, effective audiences compared", "[\"RUS\"]"),
    derived("disclosure_removed", Type::List(&Type::Code), "codes from which disclosure is removed, effective audiences compared", "[\"RUS\"]"),
    derived("to_noforn", Type::Bool, "NOFORN in `to` and not in `from`", "true"),
    derived("audience_changed", Type::Bool, "whether the effective audience changed, or may have", "true"),
];
