//! What was sent under a rule, as rules over notices see it (`applies_to = ["notice"]`). relto makes it from obligations
//! and from what a record says was told; no record file can hold one.

use crate::record::field::{Field, Type, optional};

#[rustfmt::skip] // a table reads best in rows
pub(super) const FIELDS: &[Field] = &[
    optional("id", Type::Id, "names the notice in a rule's test", "\"T-1\""),
    optional("record", Type::Link, "the record it is about", "\"LC-2025-001\""),
    optional("rule", Type::Rule, "the rule it was sent under", "\"REL-ANY\""),
    optional("notice", Type::Link, "the notice itself: `@same_as:notice` tells whom it told", "\"LC-2025-001\""),
    optional("recipients", Type::List(&Type::Recipient), "whom it told", "[\"SSCI\", \"HPSCI\"]"),
    optional("sent", Type::When, "when the last of them was told", "2025-03-14"),
    optional("due", Type::When, "when it was due", "2025-03-18"),
    optional("late", Type::Bool, "told after it was due", "true"),
    optional("late_explanation", Type::Portion, "why it was late", "{ mark = \"U\", text = \"In words.\" }"),
    optional("record_changed", Type::Bool, "a later record corrects what the notice had to hold", "true"),
    optional("corrected", Type::When, "when the correction was known", "2025-04-01"),
    optional("clerical", Type::Bool, "the correction is clerical: it changes no fact", "false"),
];
