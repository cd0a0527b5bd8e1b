//! An agreement or understanding with a foreign party.

use crate::record::field::{Field, Type, optional};

#[rustfmt::skip] // a table reads best in rows
pub(super) const FIELDS: &[Field] = &[
    optional("parties", Type::List(&Type::Code), "parties", "[\"USA\", \"RUS\"]"),
    optional("instrument", Type::Choice(&["binding", "qualifying_non_binding", "other"]), "what it is in law (1 U.S.C. 112b)", "\"other\""),
    optional("stage", Type::Choice(&["proposed", "concluded", "in_force", "ended"]), "how far it has come", "\"concluded\""),
    optional("oral", Type::Bool, "whether it is oral", "false"),
    optional("concluded", Type::When, "when it was signed or concluded", "2025-03-11"),
    optional("text_location", Type::Text, "where the text is kept", "\"Office of the Legal Adviser\""),
];
