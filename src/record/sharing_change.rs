//! A pause, restriction or resumption of sharing with a partner.

use crate::record::common::DIRECTION;
use crate::record::field::{Field, Type, optional};

#[rustfmt::skip] // a table reads best in rows
pub(super) const FIELDS: &[Field] = &[
    optional("action", Type::Choice(&["suspend", "restrict", "resume"]), "what happened", "\"suspend\""),
    optional("partner", Type::Code, "the partner", "\"UKR\""),
    optional("scope", Type::Choice(&["all", "partial", "unknown"]), "how much", "\"partial\""),
    optional("restriction", Type::List(&Type::Choice(&["access", "use", "onward_release"])), "what is restricted", "[\"access\"]"),
    optional("resumes", Type::Link, "the record of the pause that ends; required for resume", "\"SC-2025-001\""),
    optional("conditions", Type::Portion, "conditions for resumption", "{ mark = \"U\", text = \"In words.\" }"),
    optional("exceptions_kept", Type::Portion, "what goes on", "{ mark = \"U\", text = \"In words.\" }"),
    DIRECTION,
];
