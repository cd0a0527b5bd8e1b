//! An exchange of intelligence with a foreign party, planned or carried out.

use crate::record::common::{COUNTERPART_FIELD, DIRECTION, GIVEN, RECEIVED, RECIPROCITY};
use crate::record::field::{Field, Type, optional};

#[rustfmt::skip] // a table reads best in rows
pub(super) const FIELDS: &[Field] = &[
    optional("type", Type::Choice(&["analytic", "collection_coordination", "collection_deconfliction", "joint_operation", "ct_adhoc", "duty_to_warn", "technical", "document", "other"]), "what kind of exchange", "\"analytic\""),
    optional("stage", Type::Choice(&["proposed", "approved", "started", "ended", "declined"]), "how far it has come", "\"approved\""),
    optional("established_channel", Type::Bool, "through an established intelligence channel", "true"),
    optional("shared_marking", Type::OtherMarking, "the marking of what was shared", "\"SECRET//REL TO USA, RUS\""),
    optional("collection_tasking", Type::Bool, "whether collection is tasked together", "false"),
    optional("outcome", Type::Portion, "what came of it", "{ mark = \"U\", text = \"In words.\" }"),
    optional("delivery", Type::Portion, "how it was delivered", "\"through the embassy\""),
    optional("defense_articles_value_usd", Type::Integer, "value of defense articles or services, in US dollars", "250000"),
    optional("shared_level", Type::Level, "level of what was shared: U, C, S, TS or classified; taken from shared_marking where that gives it", "\"classified\""),
    COUNTERPART_FIELD,
    DIRECTION,
    GIVEN,
    RECEIVED,
    RECIPROCITY,
];
