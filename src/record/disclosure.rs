//! A disclosure of intelligence: authorized for the public, or an unauthorized disclosure or compromise.

use crate::record::field::{Field, Type, optional};

#[rustfmt::skip] // a table reads best in rows
pub(super) const FIELDS: &[Field] = &[
    optional("authorized", Type::Choice(&["yes", "no", "undetermined"]), "whether someone with the authority allowed it", "\"no\""),
    optional("audience", Type::Choice(&["public", "foreign", "unknown"]), "who learned it", "\"public\""),
    optional("significant", Type::Bool, "whether it is significant (50 U.S.C. 3235a)", "true"),
    optional("actual", Type::Bool, "whether it took place, and is no mere possibility", "true"),
    optional("prior_level", Type::Level, "level before the disclosure: U, C, S, TS or classified", "\"classified\""),
    optional("declassified_for_purpose", Type::Bool, "whether it was declassified in order to be disclosed", "false"),
    optional("released_under", Type::Choice(&["foia", "legal_proceeding", "declassification_review", "cleared_person"]), "the process of release that 50 U.S.C. 3349 excepts, if one", "\"foia\""),
    optional("contents_revealed", Type::Portion, "what was revealed", "{ mark = \"U\", text = \"In words.\" }"),
    optional("damage_appraisal", Type::Portion, "first appraisal of the damage", "{ mark = \"U\", text = \"In words.\" }"),
    optional("assessment_initiated", Type::When, "when the damage assessment began", "2025-08-29"),
    optional("assessment_completed", Type::When, "when the damage assessment was completed", "2026-02-01"),
    optional("doj_referral", Type::When, "when it was referred to the Department of Justice", "2025-09-02"),
];
