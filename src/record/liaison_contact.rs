//! A contact with a foreign service.

use crate::record::common::{COUNTERPART_FIELD, GIVEN, RECEIVED};
use crate::record::field::{Field, Type, optional, required};

/// Something promised in a contact.
#[rustfmt::skip] // a table reads best in rows
const COMMITMENT: &[Field] = &[
    required("type", Type::Choice(&["regular_contact", "follow_up", "information", "other"]), "what kind", "\"regular_contact\""),
    required("text", Type::Text, "in words", "\"Maintain regular contact.\""),
    optional("due", Type::When, "by when", "2025-04-01"),
    optional("owner", Type::Text, "who sees to it", "\"Chief of liaison\""),
];

#[rustfmt::skip] // a table reads best in rows
pub(super) const FIELDS: &[Field] = &[
    optional("mode", Type::Choice(&["call", "meeting", "video", "message", "delegation", "unknown"]), "how", "\"call\""),
    optional("place", Type::Text, "where", "\"Ankara\""),
    optional("host", Type::Code, "country that hosted", "\"TUR\""),
    optional("initiator", Type::Choice(&["us", "foreign", "third_party", "unknown"]), "who asked for it", "\"us\""),
    optional("topics", Type::List(&Type::Text), "what was talked about", "[\"detained citizens\"]"),
    optional("contact_purpose", Type::Choice(&["exchange", "strategic_warning", "deconfliction", "negotiation", "consular", "courtesy", "unknown"]), "what it was for", "\"exchange\""),
    optional("commitments", Type::List(&Type::Table(COMMITMENT)), "what was promised", "[{ type = \"regular_contact\", text = \"Maintain regular contact.\" }]"),
    COUNTERPART_FIELD,
    GIVEN,
    RECEIVED,
];
