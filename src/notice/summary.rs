//! What happened, in one or two sentences, and what stands in the box at the head of a letter.

use crate::calendar::date::When;
use crate::marking::vocabulary::Vocabulary;
use crate::notice::model::Portion;
use crate::notice::{phrase, say};
use crate::record::kind::Kind;
use crate::record::value::Record;

/// What happened. A memorandum for the file gives no notice: it says what it is about.
pub(super) fn summary(record: &Record, mark: &str, for_file: bool) -> Portion {
    let opening = match (for_file, record.kind) {
        (true, _) => "This memorandum concerns",
        (false, Kind::PeriodicReport) => "This notice concerns",
        (false, _) => "This notice reports",
    };
    let matter = match record.kind {
        Kind::RelToChange => rel_to_change(record),
        Kind::LiaisonContact => liaison_contact(record),
        Kind::Exchange => exchange(record),
        Kind::SharingChange => sharing_change(record),
        Kind::Agreement => agreement(record),
        Kind::Disclosure => disclosure(record),
        Kind::LegalInterpretation => format!(
            "a significant legal interpretation and what is done under it{}.",
            phrase::dates(record, &[("decided", "adopted"), ("commenced", "acted on beginning")])
        ),
        Kind::PeriodicReport => periodic_report(record),
        // Nothing is drafted about a notice itself.
        Kind::Notice => return Portion::new(mark, ""),
    };
    Portion::new(mark, format!("{opening} {matter}"))
}

/// The word at the head of a pause or a resumption: "PAUSE of intelligence sharing with Ukraine".
pub(super) fn headline(record: &Record, mark: &str) -> Option<Portion> {
    let word = match (record.kind, record.text("action")) {
        (Kind::SharingChange, Some("suspend")) => "PAUSE",
        (Kind::SharingChange, Some("restrict")) => "RESTRICTION",
        (Kind::SharingChange, Some("resume")) => "RESUMPTION",
        _ => return None,
    };
    Some(Portion::new(
        mark,
        format!("{word} of intelligence sharing with {}", partner(record)),
    ))
}

fn partner(record: &Record) -> String {
    record
        .text("partner")
        .map_or_else(|| "a partner".to_owned(), phrase::country)
}

fn rel_to_change(record: &Record) -> String {
    let name = record
        .text("subject.name")
        .map_or_else(|| "the information named below".to_owned(), say::one_line);
    let dates = phrase::dates(record, &[("decided", "decided"), ("effective", "taking effect")]);
    let mut text = format!("a change in who may receive {name}{dates}.");
    let added = record.texts("added");
    let removed = record.texts("removed");
    let more = match (added.is_empty(), removed.is_empty()) {
        (false, true) => format!(" It may now also be released to {}.", phrase::countries(&added)),
        (true, false) => format!(" It may no longer be released to {}.", phrase::countries(&removed)),
        (false, false) => format!(
            " It may now also be released to {}; {} {} no longer among its readers.",
            phrase::countries(&added),
            phrase::countries(&removed),
            if removed.len() == 1 { "is" } else { "are" },
        ),
        (true, true) => String::new(),
    };
    text.push_str(&more);
    text
}

/// "a call on March 11, 2025, between Pat Example, Director, and Sam Sample, Director, SVR of Russia."
fn liaison_contact(record: &Record) -> String {
    let mode = match record.text("mode") {
        Some("call") => "a telephone call",
        Some("video") => "a video conference",
        Some("meeting") => "a meeting",
        Some("message") => "an exchange of messages",
        Some("delegation") => "a visit by a delegation",
        _ => "a contact",
    };
    let place = record
        .text("place")
        .map_or_else(String::new, |place| format!(" in {}", say::one_line(place)));
    let when = match record.when("commenced") {
        Some(when) if when.is_known() => format!(" {}", phrase::on(when)),
        _ => String::new(),
    };
    let other = phrase::party(record);
    let theirs = match phrase::person(record, "counterpart") {
        person if person.is_empty() => other,
        person => format!("{person}, {other}"),
    };
    match phrase::person(record, "official") {
        ours if ours.is_empty() => format!("{mode}{place}{when} with {theirs}."),
        ours if when.is_empty() && place.is_empty() => {
            format!("{mode} between {ours}, and {theirs}.")
        }
        ours => format!("{mode}{place}{when}, between {ours}, and {theirs}."),
    }
}

fn exchange(record: &Record) -> String {
    let what = match record.text("type") {
        Some("analytic") => "an exchange of analysis",
        Some("collection_coordination") => "the coordination of intelligence collection",
        Some("collection_deconfliction") => "the deconfliction of intelligence collection",
        Some("joint_operation") => "a joint intelligence operation",
        Some("ct_adhoc") => "an ad hoc exchange on counterterrorism",
        Some("duty_to_warn") if record.text("direction") == Some("mutual") => {
            "an exchange of warnings under the duty to warn"
        }
        Some("duty_to_warn") => "a warning given under the duty to warn",
        Some("technical") => "an exchange of technical information",
        Some("document") => "an exchange of documents",
        _ => "an exchange of intelligence",
    };
    let stage = match record.text("stage") {
        Some("proposed") => " It is proposed and has not been approved.",
        Some("approved") => " It has been approved.",
        Some("started") => " It has begun.",
        Some("ended") => " It has ended.",
        Some("declined") => " It was declined.",
        _ => "",
    };
    let dates = phrase::dates(
        record,
        &[
            ("decided", "decided"),
            ("approved", "approved"),
            ("commenced", "beginning"),
        ],
    );
    // A warning goes to its reader or comes from its giver.
    let with = match (record.text("type"), record.text("direction")) {
        (Some("duty_to_warn"), Some("foreign_to_us")) => "by",
        (Some("duty_to_warn"), direction) if direction != Some("mutual") => "to",
        _ => "with",
    };
    format!("{what} {with} {}{dates}.{stage}", phrase::party(record))
}

fn sharing_change(record: &Record) -> String {
    let action = match record.text("action") {
        Some("suspend") => "a pause",
        Some("restrict") => "a restriction",
        Some("resume") => "the resumption",
        _ => "a change",
    };
    let scope = match record.text("scope") {
        Some("all") => " It covers all sharing with the partner.",
        Some("partial") => " It covers a part of the sharing with the partner.",
        _ => "",
    };
    let dates = phrase::dates(
        record,
        &[
            ("decided", "decided"),
            ("effective", "taking effect"),
            ("aware", "which became known to the agency"),
            ("published", after_aware(record, "was made public", "made public")),
        ],
    );
    format!(
        "{action} of intelligence sharing with {}{dates}.{scope}",
        partner(record)
    )
}

/// The words of a date that stands after "which became known to the agency" where that is said, and those of one that
/// stands alone.
fn after_aware(record: &Record, after: &'static str, alone: &'static str) -> &'static str {
    if record.when("aware").is_some_and(When::is_known) {
        after
    } else {
        alone
    }
}

fn agreement(record: &Record) -> String {
    let parties: Vec<String> = record
        .texts("parties")
        .into_iter()
        .map(|code| match Vocabulary::standard().display_name(code) {
            Some(_) => phrase::country(code),
            None => code.to_owned(),
        })
        .collect();
    let among = if parties.is_empty() {
        String::new()
    } else {
        format!(" between {}", say::and_list(&parties))
    };
    let what = match record.text("instrument") {
        Some("binding") => "a binding agreement",
        Some("qualifying_non_binding") => "a non-binding instrument",
        _ => "an agreement or understanding",
    };
    let oral = match record.get("oral").map(|node| &node.value) {
        Some(crate::record::value::Value::Bool(true)) => " It was made by word of mouth.",
        _ => "",
    };
    format!(
        "{what}{among}{}.{oral}",
        phrase::dates(record, &[("decided", "decided"), ("concluded", "concluded")])
    )
}

fn disclosure(record: &Record) -> String {
    let what = match record.text("authorized") {
        Some("yes") => "an authorized disclosure",
        Some("no") => "an unauthorized disclosure or compromise",
        _ => "a disclosure whose authorization is not settled",
    };
    let audience = match record.text("audience") {
        Some("public") => " to the public",
        Some("foreign") => " to a foreign party",
        _ => "",
    };
    let dates = phrase::dates(
        record,
        &[
            ("approved", "approved"),
            ("aware", "which became known to the agency"),
            (
                "determined",
                after_aware(
                    record,
                    "was determined to be significant",
                    "determined to be significant",
                ),
            ),
            ("published", after_aware(record, "was made public", "made public")),
        ],
    );
    format!("{what} of intelligence{audience}{dates}.")
}

fn periodic_report(record: &Record) -> String {
    let frequency = match record.text("frequency") {
        Some("annual") => "an annual",
        Some("semiannual") => "a semiannual",
        Some("quarterly") => "a quarterly",
        Some("monthly") => "a monthly",
        _ => "a periodic",
    };
    let period = record
        .when("period")
        .map_or_else(String::new, |period| format!(" for {}", period.long()));
    let dates = phrase::dates(
        record,
        &[
            ("postponed_to", "postponed to a day"),
            ("certified_to", "certified to follow"),
        ],
    );
    format!("{frequency} report{period}{dates}.")
}
