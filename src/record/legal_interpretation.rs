//! A significant legal interpretation under which an intelligence activity is conducted (50 U.S.C. 3109).

use crate::record::field::{Field, Type, optional};

#[rustfmt::skip] // a table reads best in rows
pub(super) const FIELDS: &[Field] = &[
    optional("interpreted", Type::Portion, "summary of the interpretation", "{ mark = \"U\", text = \"In words.\" }"),
    optional("activities", Type::Portion, "the activity or activities conducted under it", "{ mark = \"U\", text = \"In words.\" }"),
    optional("previously_notified", Type::Bool, "whether Congress was told of it before", "false"),
];
