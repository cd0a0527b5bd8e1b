//! What a notice says of itself: its legal basis, what the record rests on, what happened in a sentence, due dates, delay.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::calendar::date::{When, long_day};
use crate::calendar::due::{Due, DueKind};
use crate::evaluate::obligation::{Obligation, State};
use crate::notice::model::{Basis, Duty, Portion, Releasability, Standing};
use crate::notice::say;
use crate::policy::rule::Status;
use crate::record::kind::Kind;
use crate::record::value::{Record, Table, Value};

/// One sentence per status of the rules. "Pursuant to" stands for law alone.
pub(super) fn authority(obligations: &[&Obligation], agency: &str, mark: &str) -> Vec<Basis> {
    let mut statuses: Vec<Status> = obligations.iter().map(|owed| owed.status).collect();
    statuses.sort_by_key(|status| (standing(*status), *status));
    statuses.dedup();
    let law = statuses.iter().any(|status| standing(*status) == Standing::Law);
    statuses
        .into_iter()
        .map(|status| {
            let cited: Vec<&&Obligation> = obligations.iter().filter(|owed| owed.status == status).collect();
            let rules = each_once(cited.iter().map(|owed| owed.rule.as_str()));
            let packs = each_once(cited.iter().map(|owed| owed.pack.as_str()));
            let citations = each_once(cited.iter().flat_map(|owed| owed.authority.iter().map(String::as_str)));
            let titles: Vec<String> = each_once(cited.iter().map(|owed| owed.rule.as_str()))
                .iter()
                .map(|rule| {
                    let title = cited
                        .iter()
                        .find(|owed| owed.rule == *rule)
                        .map_or("", |owed| owed.rule_title.as_str());
                    format!("{rule} ({title})")
                })
                .collect();
            let text = sentence(status, agency, &say::and_list(&citations), &titles, &packs, law);
            Basis {
                standing: standing(status),
                mark: mark.to_owned(),
                status: status.word().to_owned(),
                rules,
                citations,
                text,
            }
        })
        .collect()
}

fn standing(status: Status) -> Standing {
    match status {
        status if status.is_law() => Standing::Law,
        Status::Directive | Status::Directed => Standing::Directive,
        _ => Standing::Policy,
    }
}

fn sentence(status: Status, agency: &str, citations: &str, titles: &[String], packs: &[String], law: bool) -> String {
    let notice = format!("the {agency} gives notice of the matter described below");
    let rule = |word: &str| {
        format!(
            "{word} rule{} {}",
            if titles.len() == 1 { "" } else { "s" },
            say::and_list(titles)
        )
    };
    let packs = format!(
        "policy pack{} {}",
        if packs.len() == 1 { "" } else { "s" },
        say::and_list(packs)
    );
    let none = if law {
        format!("No statute requires what these rules add to the notice; it follows {packs}.")
    } else {
        format!("No statute requires this notice; it follows {packs}.")
    };
    match status {
        Status::InForce => format!("Pursuant to {citations}, {notice}."),
        Status::Expired => {
            format!("Pursuant to {citations}, as in force when the matter arose and since expired, {notice}.")
        }
        Status::Repealed => {
            format!("Pursuant to {citations}, as in force when the matter arose and since repealed, {notice}.")
        }
        Status::Directive | Status::Directed => format!("Consistent with {citations}, {notice}."),
        Status::SenseOfCongress => {
            format!("As a matter of policy, and consistent with a sense of Congress ({citations}), {notice}. {none}")
        }
        Status::Proposed => format!(
            "As a matter of policy, {notice} under the proposed {}, which {} not law. {none}",
            rule("").trim_start(),
            if titles.len() == 1 { "is" } else { "are" },
        ),
        Status::Model => format!("As a matter of policy, {notice} under the {}. {none}", rule("model")),
    }
}

/// What the record rests on, where that is not an official source, and who disputes it.
pub(super) fn provenance(record: &Record, mark: &str) -> Vec<Portion> {
    let mut said = Vec::new();
    let list = |field: &str| say::and_list(&record.texts(field).into_iter().map(say::one_line).collect::<Vec<_>>());
    match record.text("basis") {
        Some("press") => said.push(format!(
            "The facts of this notice are known only from press reports ({}). No official record of them was at hand.",
            record
                .texts("reported_by")
                .into_iter()
                .map(say::one_line)
                .collect::<Vec<_>>()
                .join("; "),
        )),
        Some("sample") => said.push("The facts of this notice are made up for a sample.".to_owned()),
        _ => {}
    }
    let announced = list("announced_by");
    if !announced.is_empty() {
        let retracted = match say::date(record, "retracted") {
            Some(when) => format!(" The announcement was retracted ({when})."),
            None => String::new(),
        };
        said.push(format!("The matter was announced by {announced}.{retracted}"));
    }
    let disputed = list("disputed_by");
    if !disputed.is_empty() {
        said.push(format!("The facts as stated are disputed by {disputed}."));
    }
    said.into_iter().map(|text| Portion::new(mark, text)).collect()
}

/// What happened, in one or two sentences.
pub(super) fn summary(record: &Record, change: Option<&Releasability>, mark: &str) -> Portion {
    let text = match record.kind {
        Kind::RelToChange => rel_to_change(record, change),
        Kind::LiaisonContact => liaison_contact(record),
        Kind::Exchange => {
            let kind = record
                .text("type")
                .filter(|word| *word != "other")
                .unwrap_or_default()
                .replace('_', " ");
            let kind = if kind.is_empty() {
                "exchange of intelligence".to_owned()
            } else {
                format!("exchange of intelligence ({kind})")
            };
            let stage = record
                .text("stage")
                .map_or_else(String::new, |stage| format!(" Stage: {}.", stage.replace('_', " ")));
            let dates = dated(
                record,
                &[("commenced", "start"), ("approved", "approved"), ("decided", "decided")],
            );
            format!("This notice reports an {kind} with {}{dates}.{stage}", with(record))
        }
        Kind::SharingChange => {
            let action = match record.text("action") {
                Some("suspend") => "a suspension",
                Some("restrict") => "a restriction",
                Some("resume") => "the resumption",
                _ => "a change",
            };
            let dates = dated(
                record,
                &[
                    ("decided", "decided"),
                    ("effective", "effective"),
                    ("aware", "known to the agency"),
                    ("published", "made public"),
                ],
            );
            let partner = record
                .text("partner")
                .map_or_else(|| "a partner".to_owned(), say::country);
            format!("This notice reports {action} of intelligence sharing with {partner}{dates}.")
        }
        Kind::Agreement => {
            let parties: Vec<String> = record.texts("parties").into_iter().map(say::country).collect();
            let among = if parties.is_empty() {
                String::new()
            } else {
                format!(" between {}", say::and_list(&parties))
            };
            format!(
                "This notice reports an agreement or understanding{among}{}.",
                dated(record, &[("concluded", "concluded")])
            )
        }
        Kind::Disclosure => disclosure(record),
        Kind::LegalInterpretation => format!(
            "This notice reports a significant legal interpretation and what is done under it{}.",
            dated(
                record,
                &[("decided", "interpreted"), ("commenced", "start of the activity")]
            )
        ),
        Kind::PeriodicReport => {
            let frequency = record.text("frequency").unwrap_or("periodic");
            let article = if frequency == "annual" { "an" } else { "a" };
            let period = record
                .when("period")
                .map_or_else(String::new, |period| format!(" for {}", period.long()));
            let dates = dated(
                record,
                &[("postponed_to", "postponed to"), ("certified_to", "certified date")],
            );
            format!("This notice concerns {article} {frequency} report{period}{dates}.")
        }
    };
    Portion::new(mark, text)
}

fn rel_to_change(record: &Record, change: Option<&Releasability>) -> String {
    let name = record
        .text("subject.name")
        .map_or_else(|| "the information named below".to_owned(), say::one_line);
    let dates = dated(record, &[("decided", "decided"), ("effective", "effective")]);
    let mut text = format!("This notice reports a change in who may receive {name}{dates}.");
    if let Some(change) = change {
        for (names, verb) in [(&change.added, "added for"), (&change.removed, "removed for")] {
            if !names.is_empty() {
                text.push_str(" Release was ");
                text.push_str(verb);
                text.push(' ');
                text.push_str(&say::and_list(names));
                text.push('.');
            }
        }
    }
    text
}

/// "This notice reports a call (March 11, 2025) between Pat Example, Director, and Sam Sample, Director, SVR, Russia (RUS)."
fn liaison_contact(record: &Record) -> String {
    let mode = match record.text("mode") {
        Some("unknown") | None => "contact",
        Some(mode) => mode,
    };
    let when = dated(record, &[("commenced", "")]);
    let ours = table(record, "official").map(say::person).unwrap_or_default();
    let theirs = table(record, "counterpart").map(say::person).unwrap_or_default();
    let place = record
        .text("place")
        .map_or_else(String::new, |place| format!(" in {}", say::one_line(place)));
    let other = with(record);
    match (ours.is_empty(), theirs.is_empty()) {
        (true, true) => format!("This notice reports a {mode}{place}{when} with {other}."),
        (true, false) => format!("This notice reports a {mode}{place}{when} with {theirs}, {other}."),
        (false, true) => format!("This notice reports a {mode}{place}{when} between {ours}, and {other}."),
        (false, false) => format!("This notice reports a {mode}{place}{when} between {ours}, and {theirs}, {other}."),
    }
}

/// "This notice reports an unauthorized disclosure of classified information to the public (known to the agency: …)."
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
    let dates = dated(
        record,
        &[
            ("approved", "approved"),
            ("aware", "known to the agency"),
            ("determined", "determined"),
            ("published", "made public"),
        ],
    );
    format!("This notice reports {what} of intelligence{audience}{dates}.")
}

fn table<'a>(record: &'a Record, field: &str) -> Option<&'a Table> {
    match &record.get(field)?.value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}

/// The other side: "SVR, Russia (RUS)".
fn with(record: &Record) -> String {
    let party = table(record, "counterpart").map(say::party).unwrap_or_default();
    if party.is_empty() {
        "a foreign party".to_owned()
    } else {
        party
    }
}

/// Dates in parentheses, so that a day, a month and "an unknown date" all read alike: " (decided: March 5, 2025)".
fn dated(record: &Record, fields: &[(&str, &str)]) -> String {
    let said: Vec<String> = fields
        .iter()
        .filter_map(|(field, word)| {
            let when = say::date(record, field)?;
            Some(if word.is_empty() {
                when
            } else {
                format!("{word}: {when}")
            })
        })
        .collect();
    if said.is_empty() {
        String::new()
    } else {
        format!(" ({})", said.join("; "))
    }
}

/// The obligations as the letter lists them.
pub(super) fn duties(obligations: &[&Obligation]) -> Vec<Duty> {
    let mut duties: Vec<Duty> = obligations
        .iter()
        .map(|owed| Duty {
            rule: owed.rule.clone(),
            title: owed.rule_title.clone(),
            pack: owed.pack.clone(),
            status: match owed.status {
                Status::SenseOfCongress => "sense of Congress".to_owned(),
                Status::Proposed => "proposed, not law".to_owned(),
                Status::Model => "model rule".to_owned(),
                status => status.word().replace('_', " "),
            },
            due: due(&owed.due),
            submit_by: owed.due.submit_by.clone(),
            state: owed.state.word().to_owned(),
            late: owed.state == State::Overdue,
        })
        .collect();
    // Two duties of one rule that say the same are one line.
    duties.dedup();
    duties
}

/// "March 18, 2025 (7 days after ended)".
fn due(due: &Due) -> String {
    let long = |text: &Option<String>| {
        text.as_deref()
            .map(|text| When::parse(text).map_or_else(|_| text.to_owned(), |when| when.long()))
    };
    let expression = due.expression.replace('_', " ");
    let said = match due.kind {
        DueKind::Date | DueKind::Instant | DueKind::Periodic => long(&due.at),
        DueKind::Recurring => long(&due.next).or_else(|| long(&due.at)),
        DueKind::BeforeEvent => long(&due.at).map(|event| format!("before {event}")),
        DueKind::Undetermined => Some(match long(&due.earliest) {
            Some(earliest) => format!("not determined, at the earliest {earliest}"),
            None => "not determined".to_owned(),
        }),
        DueKind::Prompt => due.word.as_ref().map(|word| match &due.start {
            Some(start) => format!("{word}, counted from {}", start.long()),
            None => word.clone(),
        }),
        DueKind::None => None,
    };
    if due.kind == DueKind::Prompt {
        return said.unwrap_or(expression);
    }
    match said {
        Some(said) => format!("{said} ({expression})"),
        None => expression,
    }
}

/// That the notice comes after its due date, and that the record gives no reason.
pub(super) fn lateness(obligations: &[&Obligation], as_of: NaiveDate, timezone: Tz, mark: &str) -> Vec<Portion> {
    let earliest = obligations
        .iter()
        .filter(|owed| owed.state == State::Overdue)
        .filter_map(|owed| owed.due.local_date(timezone))
        .min();
    let Some(due) = earliest.filter(|due| *due < as_of) else {
        return Vec::new();
    };
    let days = (as_of - due).num_days();
    let text = format!(
        "This notice is drafted {days} day{} after the earliest date on which it was due, {}. The record does not state \
         the reason for the delay.",
        if days == 1 { "" } else { "s" },
        long_day(due),
    );
    vec![Portion::new(mark, text)]
}

fn each_once<'a>(items: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for item in items {
        if !found.iter().any(|known| known == item) {
            found.push(item.to_owned());
        }
    }
    found
}
