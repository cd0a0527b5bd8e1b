//! The fields every kind has, and those that several kinds share.

use crate::record::field::{Field, Type, derived, optional, required};
use crate::record::kind::Kind;

const RANK: Type = Type::Choice(&["head", "deputy", "senior", "working", "unknown"]);

/// Reporting elements.
const ELEMENT: Type = Type::Choice(&[
    "CIA",
    "ODNI",
    "NSA",
    "DIA",
    "NGA",
    "NRO",
    "FBI",
    "STATE",
    "DOD",
    "DOE",
    "DHS",
    "TREASURY",
    "DEA",
    "USCG",
    "ARMY",
    "NAVY",
    "AIR_FORCE",
    "MARINE_CORPS",
    "SPACE_FORCE",
    "EOP",
    "OSS",
]);

/// Who decided, or led the contact.
#[rustfmt::skip] // a table reads best in rows
const OFFICIAL: &[Field] = &[
    required("title", Type::Text, "position", "\"Director\""),
    optional("name", Type::Text, "name, where it may be printed", "\"Pat Example\""),
    optional("rank", RANK, "rank in the service or agency", "\"head\""),
];

/// A sourced claim: what a source says of a field, not what the record asserts.
#[rustfmt::skip] // a table reads best in rows
const CLAIM: &[Field] = &[
    required("field", Type::Text, "the field the claim is about", "\"commenced\""),
    required("value", Type::Text, "what the source says", "\"2025-09\""),
    required("by", Type::Text, "who says so", "\"The Week\""),
];

/// The presidential finding (50 U.S.C. 3093).
#[rustfmt::skip] // a table reads best in rows
const FINDING: &[Field] = &[
    optional("id", Type::Text, "reference of the finding", "\"F-1\""),
    optional("decided", Type::When, "when the President decided", "2025-03-11"),
    optional("written", Type::When, "when it was reduced to writing", "2025-03-12"),
    optional("approved", Type::When, "when it was approved", "2025-03-12"),
    optional("told_congress", Type::When, "when Congress was told", "2025-03-13"),
    optional("members_told", Type::When, "when all members of both committees were told, in general terms (3093(g))", "2025-03-13"),
    optional("access_limited", Type::Bool, "access limited under 3093(c)(2)", "false"),
    optional("reasons_submitted", Type::List(&Type::When), "dates of the statements of reasons", "[2025-03-13]"),
    optional("change", Type::Choice(&["none", "significant", "undetermined"]), "a change under the finding", "\"significant\""),
    optional("factors", Type::List(&Type::Text), "factors (A) to (F) of 3093(d)(2)", "[\"F\"]"),
    optional("opened_to_all", Type::When, "when all members were given access", "2025-09-01"),
];

/// What was told before or outside the ledger.
#[rustfmt::skip] // a table reads best in rows
const NOTIFIED: &[Field] = &[
    required("recipient", Type::Recipient, "who was told", "\"SSCI\""),
    required("on", Type::When, "when", "2025-03-14"),
    required("how", Type::Choice(&["letter", "oral", "briefing"]), "how", "\"letter\""),
    optional("reference", Type::Text, "file reference", "\"EA-2025-014\""),
];

/// A waiver of one rule for this record.
#[rustfmt::skip] // a table reads best in rows
const WAIVER: &[Field] = &[
    required("rule", Type::Rule, "the rule waived", "\"NSA-3047-UN\""),
    required("ground", Type::Text, "on what ground", "\"national security interest\""),
    required("by", Type::Text, "who waived", "\"President\""),
    optional("authority", Type::Text, "under which authority", "\"50 U.S.C. 3047(a)(2)\""),
    required("expires", Type::When, "last day it counts", "2026-01-31"),
];

/// A decision not to notify.
#[rustfmt::skip] // a table reads best in rows
const NOT_NOTIFIED: &[Field] = &[
    required("rule", Type::Rule, "the rule concerned", "\"REL-ANY\""),
    required("by", Type::Text, "who decided", "\"General Counsel\""),
    required("reason", Type::Text, "why", "\"same facts as EA-2025-014\""),
    required("on", Type::When, "when", "2025-03-14"),
];

/// The other side of a liaison contact, or the recipient of an exchange.
#[rustfmt::skip] // a table reads best in rows
const COUNTERPART: &[Field] = &[
    optional("category", Type::Choice(&["state", "international_organization", "un_or_affiliate", "nonstate"]), "what the counterpart is (exchange)", "\"state\""),
    optional("country", Type::Code, "country code", "\"RUS\""),
    optional("organization", Type::Text, "organization, where it is no state", "\"United Nations\""),
    optional("service", Type::Text, "foreign service; one stable name for windows to count by", "\"SVR\""),
    optional("title", Type::Text, "position", "\"Director\""),
    optional("name", Type::Text, "name", "\"Sam Sample\""),
    optional("rank", RANK, "rank in the service", "\"head\""),
];

pub(super) const COUNTERPART_FIELD: Field = optional(
    "counterpart",
    Type::Table(COUNTERPART),
    "the other side",
    "{ category = \"state\", country = \"RUS\", service = \"SVR\", rank = \"head\" }",
);
pub(super) const GIVEN: Field = optional(
    "given",
    Type::Portion,
    "what the United States gave",
    "{ mark = \"U\", text = \"In words.\" }",
);
pub(super) const RECEIVED: Field = optional(
    "received",
    Type::Portion,
    "what it received",
    "{ mark = \"U\", text = \"In words.\" }",
);
pub(super) const DIRECTION: Field = optional(
    "direction",
    Type::Choice(&["us_to_foreign", "foreign_to_us", "mutual"]),
    "whose intelligence",
    "\"us_to_foreign\"",
);
pub(super) const RECIPROCITY: Field = optional(
    "reciprocity",
    Type::Portion,
    "what the partner gives in return",
    "{ mark = \"U\", text = \"In words.\" }",
);

/// The fields of every kind.
#[rustfmt::skip] // a table reads best in rows
pub(super) const COMMON: &[Field] = &[
    required("id", Type::Id, "unique in the workspace; used in file names", "\"RC-2025-001\""),
    required("title", Type::Text, "unclassified; appears in metadata, bookmarks and file listings", "\"Release of an example series to a new partner\""),
    required("marking", Type::PortionMark, "the record's own portion mark, the highest of its parts", "\"U\""),
    required("basis", Type::Choice(&["official", "press", "sample"]), "what the record rests on", "\"official\""),
    required("covert_action", Type::Choice(&["yes", "no", "undetermined"]), "whether covert action is concerned; must be answered", "\"no\""),
    optional("published", Type::When, "when it was made public", "2025-03-12"),
    optional("reported_by", Type::List(&Type::Text), "press sources; required with basis = \"press\"", "[\"Reuters 2025-03-12\"]"),
    optional("announced_by", Type::List(&Type::Text), "who made it public", "[\"White House\"]"),
    optional("disputed_by", Type::List(&Type::Text), "who disputes it; printed in every notice", "[\"Agency spokesperson\"]"),
    optional("retracted", Type::When, "when the announcement was retracted", "2025-11-13"),
    optional("claims", Type::List(&Type::Table(CLAIM)), "sourced claims where sources differ", "[{ field = \"commenced\", value = \"2025-09\", by = \"The Week\" }]"),
    optional("element", ELEMENT, "reporting element", "\"ODNI\""),
    optional("elements_involved", Type::List(&ELEMENT), "every element that took part", "[\"CIA\", \"DOD\"]"),
    optional("decided", Type::When, "when it was decided", "2025-03-05"),
    optional("determined", Type::When, "when it was determined: that it is significant, or that it happened", "2025-03-06"),
    optional("approved", Type::When, "when it was approved", "2025-03-06"),
    optional("effective", Type::When, "when it takes effect", "2025-03-10"),
    optional("commenced", Type::When, "when it began", "2025-03-11"),
    optional("ended", Type::When, "when it ended; a contact or exchange ends when it commenced unless this says otherwise", "2025-03-11"),
    optional("until", Type::When, "last day, where it is temporary", "2025-09-30"),
    optional("aware", Type::When, "when the agency became aware", "2025-03-12"),
    optional("official", Type::Table(OFFICIAL), "who decided, or led the contact", "{ title = \"Director\", rank = \"head\" }"),
    optional("authority", Type::Text, "legal basis cited", "\"50 U.S.C. 3024(k)\""),
    optional("approver", Type::Text, "who approved", "\"Deputy Director\""),
    optional("disclosure_officer", Type::Text, "foreign disclosure officer", "\"Foreign Disclosure Officer\""),
    optional("finding", Type::Table(FINDING), "the presidential finding", "{ id = \"F-1\", access_limited = false }"),
    optional("significance", Type::Choice(&["routine", "significant_anticipated", "significant_failure"]), "significance as determined; routine unless said", "\"significant_anticipated\""),
    optional("legality", Type::Choice(&["lawful", "unlawful", "undetermined"]), "undetermined unless said", "\"lawful\""),
    optional("corrective_action", Type::Portion, "what was done about it", "\"Access was withdrawn.\""),
    optional("coordinated_with", Type::List(&Type::Text), "with whom it was coordinated", "[\"DNI\", \"STATE\"]"),
    optional("chief_of_mission_informed", Type::Bool, "22 U.S.C. 3927", "true"),
    optional("allies_informed", Type::List(&Type::Code), "partners told beforehand", "[\"GBR\"]"),
    optional("originator", Type::Text, "who owns the information", "\"GBR\""),
    optional("originator_consent", Type::Bool, "whether the originator agreed", "true"),
    optional("certification", Type::Text, "certification on file", "\"CERT-2025-1\""),
    optional("facts", Type::Portion, "concise statement of the facts", "{ mark = \"U\", text = \"In words.\" }"),
    optional("significance_text", Type::Portion, "why it matters", "{ mark = \"U\", text = \"In words.\" }"),
    optional("purpose", Type::Portion, "what it is for", "{ mark = \"U\", text = \"In words.\" }"),
    optional("rationale", Type::Portion, "why it was decided", "{ mark = \"U\", text = \"In words.\" }"),
    optional("nature", Type::Portion, "nature of the intelligence", "{ mark = \"U\", text = \"In words.\" }"),
    optional("expected_value", Type::Portion, "expected value to national security", "{ mark = \"U\", text = \"In words.\" }"),
    optional("ci_concerns", Type::Portion, "counterintelligence concerns", "{ mark = \"U\", text = \"In words.\" }"),
    optional("mitigation", Type::Portion, "how they are met", "{ mark = \"U\", text = \"In words.\" }"),
    optional("subjects", Type::List(&Type::Choice(&["missile_defense", "missile_warning", "cyber", "counterterrorism", "counterproliferation", "counternarcotics", "counterintelligence", "arms_control", "restricted_data", "military_operations", "political", "economic", "other"])), "subject matter", "[\"counterterrorism\"]"),
    optional("notified", Type::List(&Type::Table(NOTIFIED)), "what was told before or outside the ledger", "[{ recipient = \"SSCI\", on = 2025-03-14, how = \"letter\" }]"),
    optional("waivers", Type::List(&Type::Table(WAIVER)), "waivers of rules", "[{ rule = \"NSA-3047-UN\", ground = \"…\", by = \"President\", expires = 2026-01-31 }]"),
    optional("not_notified", Type::List(&Type::Table(NOT_NOTIFIED)), "decisions not to notify", "[{ rule = \"REL-ANY\", by = \"…\", reason = \"…\", on = 2025-03-14 }]"),
    optional("related", Type::List(&Type::Link), "related records", "[\"LC-2025-001\"]"),
    optional("supersedes", Type::Link, "the record this one replaces", "\"RC-2025-001\""),
    optional("corrected", Type::When, "when the need to correct the superseded record was known", "2025-04-01"),
    optional("clerical", Type::Bool, "the correction is clerical: it changes no fact that was told", "false"),
    optional("late_explanation", Type::Portion, "why a notice is or was late", "{ mark = \"U\", text = \"In words.\" }"),
    optional("may_duplicate", Type::Link, "a record that may describe the same event", "\"LC-2025-001\""),
];

/// What relto derives for every kind.
#[rustfmt::skip] // a table reads best in rows
pub(super) const DERIVED: &[Field] = &[
    derived("kind", Type::Choice(Kind::NAMES), "the record's kind", "\"exchange\""),
    derived("date", Type::When, "the record's date: the first present of its kind's date fields", "2025-03-11"),
    derived("departments", Type::List(&Type::Choice(&["DOD", "DOJ", "STATE", "DOE", "DHS", "TREASURY", "EOP", "independent", "historical"])), "departments of the reporting element and the elements involved", "[\"DOD\"]"),
    derived("level", Type::Level, "level of the record's own marking", "\"U\""),
    derived("partners", Type::List(&Type::Code), "every code in counterpart, partner or parties, without USA", "[\"RUS\"]"),
];
