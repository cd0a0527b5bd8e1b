//! What a notice says of itself: its legal basis, what the record rests on, due dates, delay.

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::calendar::date::long_day;
use crate::evaluate::case::Case;
use crate::evaluate::obligation::{Obligation, State};
use crate::marking::ast::Marking;
use crate::notice::model::{Basis, Duty, Portion, Standing};
use crate::notice::{phrase, say};
use crate::policy::rule::{Pack, Status};
use crate::record::value::{Record, Value};

/// One sentence per status of the rules. "Pursuant to" stands for law alone.
pub(super) fn authority(obligations: &[&Obligation], case: &Case, agency: &str, mark: &str) -> Vec<Basis> {
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
            let titles: Vec<String> = rules
                .iter()
                .map(|rule| {
                    let title = cited
                        .iter()
                        .find(|owed| owed.rule == *rule)
                        .map_or("", |owed| owed.rule_title.as_str());
                    format!("\u{201c}{title}\u{201d} ({rule})")
                })
                .collect();
            let packs: Vec<String> = packs.iter().map(|pack| pack_title(pack, &case.policy.packs)).collect();
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

/// "“Model rules on releasability and foreign liaison” (policy pack rel-to)".
fn pack_title(id: &str, packs: &[Pack]) -> String {
    match packs.iter().find(|pack| pack.id == id) {
        Some(pack) if !pack.title.is_empty() => format!("\u{201c}{}\u{201d} (policy pack {id})", pack.title),
        _ => format!("policy pack {id}"),
    }
}

fn standing(status: Status) -> Standing {
    match status {
        status if status.is_law() => Standing::Law,
        status if status.was_law() => Standing::FormerLaw,
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
    let packs = say::and_list(packs);
    let none = if law {
        format!("No statute requires what these rules add to the notice; it follows {packs}.")
    } else {
        format!("No statute requires this notice; it follows {packs}.")
    };
    match status {
        Status::InForce => format!("Pursuant to {citations}, {notice}."),
        Status::Expired => {
            format!("Consistent with {citations}, in force when the matter arose and since expired, {notice}.")
        }
        Status::Repealed => {
            format!("Consistent with {citations}, in force when the matter arose and since repealed, {notice}.")
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

/// What the record rests on, where that is not an official source, and who disputes it. `document`: "notice".
pub(super) fn provenance(record: &Record, mark: &str, document: &str) -> Vec<Portion> {
    let mut said = Vec::new();
    let list = |field: &str| say::and_list(&record.texts(field).into_iter().map(say::one_line).collect::<Vec<_>>());
    match record.text("basis") {
        Some("press") => said.push(format!(
            "The facts of this {document} are known only from press reports ({}). No official record of them was at hand.",
            record
                .texts("reported_by")
                .into_iter()
                .map(say::one_line)
                .collect::<Vec<_>>()
                .join("; "),
        )),
        Some("sample") => said.push(format!("The facts of this {document} are made up for a sample.")),
        _ => {}
    }
    let announced = list("announced_by");
    if !announced.is_empty() {
        let retracted = match record.when("retracted") {
            Some(when) => format!(" The announcement was retracted {}.", phrase::on(when)),
            None => String::new(),
        };
        said.push(if only_the_other_side(record) {
            format!(
                "The matter is known from the other side alone: it was announced by {announced}, and the record names no \
                 source of the United States.{retracted}"
            )
        } else {
            format!("The matter was announced by {announced}.{retracted}")
        });
    }
    let disputed = list("disputed_by");
    if !disputed.is_empty() {
        said.push(format!("The facts as stated are disputed by {disputed}."));
    }
    said.into_iter().map(|text| Portion::new(mark, text)).collect()
}

/// Whether everyone who announced the matter is of the foreign party, and nobody else reports it officially.
fn only_the_other_side(record: &Record) -> bool {
    if record.text("basis") == Some("official") {
        return false;
    }
    let mut names: Vec<String> = Vec::new();
    if let Some(Value::Table(table)) = record.get("counterpart").map(|node| &node.value) {
        names.extend(
            ["service", "organization"]
                .iter()
                .filter_map(|key| table.word(key))
                .map(str::to_owned),
        );
        names.extend(table.word("country").map(phrase::country));
    }
    names.extend(record.text("partner").map(phrase::country));
    // A joint statement is no word of the other side alone.
    let ours = |who: &str| {
        ["United States", "U.S.", "White House", "Joint", "joint"]
            .iter()
            .any(|name| who.contains(name))
    };
    let foreign = |who: &str| names.iter().any(|name| who.contains(name.as_str())) && !ours(who);
    let announcers = record.texts("announced_by");
    !announcers.is_empty() && announcers.iter().all(|who| foreign(who))
}

/// That what was said by word of mouth is now given in writing; nothing where nobody was told so.
pub(super) fn spoken(record: &Record, recipients: &[&str], mark: &str) -> Option<Portion> {
    let mut said: Vec<String> = Vec::new();
    for entry in record
        .tables("notified")
        .filter(|entry| entry.word("how") == Some("oral"))
    {
        let (Some(to), Some(Value::When(on))) = (entry.word("recipient"), entry.get("on").map(|node| &node.value))
        else {
            continue;
        };
        if recipients.contains(&to) {
            let line = format!("to {to} {}", phrase::on(on));
            if !said.contains(&line) {
                said.push(line);
            }
        }
    }
    (!said.is_empty()).then(|| {
        Portion::new(
            mark,
            format!(
                "This letter confirms in writing the notice given by word of mouth {}.",
                say::and_list(&said)
            ),
        )
    })
}

/// The obligations as the letter lists them.
pub(super) fn duties(obligations: &[&Obligation], timezone: Tz) -> Vec<Duty> {
    let mut duties: Vec<Duty> = obligations
        .iter()
        .map(|owed| Duty {
            rule: owed.rule.to_string(),
            title: owed.rule_title.to_string(),
            pack: owed.pack.to_string(),
            status: match owed.status {
                Status::SenseOfCongress => "sense of Congress".to_owned(),
                Status::Proposed => "proposed, not law".to_owned(),
                Status::Model => "model rule".to_owned(),
                status => status.word().replace('_', " "),
            },
            due: phrase::due(&owed.due, timezone),
            submit_by: owed.due.submit_by.as_ref().map(String::from),
            state: owed.state.word().replace('_', " "),
            late: owed.state == State::Overdue,
        })
        .collect();
    // Two duties of one rule that say the same are one line.
    duties.dedup();
    duties
}

/// How late the notice is drafted: the box at its head, and what the record says of the reason.
pub(super) fn lateness(
    obligations: &[&Obligation],
    record: &Record,
    as_of: NaiveDate,
    timezone: Tz,
    mark: &str,
) -> (Option<Portion>, Vec<Portion>) {
    let earliest = obligations
        .iter()
        .filter(|owed| owed.state == State::Overdue)
        .filter_map(|owed| owed.due.local_date(timezone))
        .min();
    let Some(due) = earliest.filter(|due| *due < as_of) else {
        return (None, Vec::new());
    };
    let days = (as_of - due).num_days();
    let head = format!(
        "LATE: first due {}; drafted {}, {days} day{} later",
        long_day(due),
        long_day(as_of),
        if days == 1 { "" } else { "s" },
    );
    let reason = match record.get("late_explanation").map(|node| &node.value) {
        Some(Value::Portion(reason)) => {
            let own = reason.mark.as_deref().map_or_else(|| mark.to_owned(), Marking::portion);
            say::paragraphs(&reason.text)
                .into_iter()
                .map(|text| Portion::new(own.clone(), text))
                .collect()
        }
        _ => vec![Portion::new(
            mark,
            "The record does not state the reason for the delay.",
        )],
    };
    (Some(Portion::new(mark, head)), reason)
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
