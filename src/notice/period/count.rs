//! Counts a period over the records and obligations of a case.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::calendar::date::long_day;
use crate::calendar::window::{Period, PeriodKind};
use crate::evaluate::case::Case;
use crate::evaluate::derive;
use crate::evaluate::obligation::{Obligation, State};
use crate::notice::period::indicators::{Sides, indicators, name, partners};
use crate::notice::period::tally::{
    KindCount, LateItem, MonthCount, MonthStates, NoticeLine, PartnerCount, RuleCount, Side, States, Tally,
};
use crate::notice::say;
use crate::policy::rule::{Effect, Status};
use crate::record::kind::Kind;
use crate::record::value::{Record, Value};

/// The records that a period reports on.
#[derive(Debug)]
pub(super) struct Chosen<'a> {
    pub(super) records: Vec<&'a Record>,
    pub(super) obligations: Vec<&'a Obligation>,
    /// May or may not belong to the period.
    uncertain: Vec<&'a Record>,
}

/// Chooses the records dated wholly within the period, and what is owed for them and for periods that end in it.
pub(super) fn choose<'a>(case: &'a Case, obligations: &'a [Obligation], period: Period) -> Chosen<'a> {
    let timezone = case.calendar.timezone;
    let (mut records, mut uncertain) = (Vec::new(), Vec::new());
    for record in case.records.iter().filter(|record| case.reported.contains(&record.id)) {
        let (first, last) = (
            derive::earliest_day(record, timezone),
            derive::latest_day(record, timezone),
        );
        match (first, last) {
            (Some(first), Some(last)) if period.contains(first) && period.contains(last) => records.push(record),
            (Some(first), Some(last)) if last < period.first_day() || first > period.last_day() => {}
            (None, Some(last)) if last < period.first_day() => {}
            (Some(first), None) if first > period.last_day() => {}
            _ => uncertain.push(record),
        }
    }
    let ids: BTreeSet<&str> = records.iter().map(|record| record.id.as_str()).collect();
    let ends_within = |label: &str| {
        Period::parse(label).is_ok_and(|one| period.contains(one.last_day()) && one.first_day() >= period.first_day())
    };
    let obligations = obligations
        .iter()
        .filter(|owed| owed.effect == Effect::Notify)
        .filter(|owed| match (&owed.record, &owed.period) {
            (Some(record), _) => ids.contains(record.as_str()),
            (None, Some(label)) => ends_within(label),
            (None, None) => false,
        })
        .collect();
    Chosen {
        records,
        obligations,
        uncertain,
    }
}

/// Counts what was chosen.
pub(super) fn tally(case: &Case, chosen: &Chosen<'_>, period: Period) -> Tally {
    let timezone = case.calendar.timezone;
    let sides = Sides::on(period.last_day().min(case.as_of));
    Tally {
        period: period.to_string(),
        words: period.long(),
        from: period.first_day().to_string(),
        to: period.last_day().to_string(),
        as_of: case.as_of.to_string(),
        records: chosen.records.len(),
        date_not_certain: chosen.uncertain.iter().map(|record| record.id.to_string()).collect(),
        by_kind: by_kind(&chosen.records),
        by_month: by_month(case, &chosen.records, period, &sides),
        by_partner: by_partner(&chosen.records, &sides),
        by_rule: by_rule(&chosen.obligations),
        timeliness: states(chosen.obligations.iter().copied()),
        timeliness_by_month: timeliness_by_month(case, &chosen.obligations),
        late: late(case, &chosen.obligations),
        notices: notices(case, chosen),
        indicators: indicators(&chosen.records, &case.records, &sides, timezone),
        undeterminable_changes: chosen
            .records
            .iter()
            .filter(|record| !record.texts("undeterminable").is_empty())
            .count(),
    }
}

fn by_kind(records: &[&Record]) -> Vec<KindCount> {
    Kind::ALL
        .iter()
        .map(|kind| KindCount {
            kind: kind.name().to_owned(),
            words: say::capital(kind.words()),
            count: records.iter().filter(|record| record.kind == *kind).count(),
        })
        .filter(|count| count.count > 0)
        .collect()
}

fn month(day: NaiveDate) -> Period {
    Period::containing(PeriodKind::Month, day)
}

/// Every month of the period, nil months included, then the records whose month is not certain.
fn by_month(case: &Case, records: &[&Record], period: Period, sides: &Sides) -> Vec<MonthCount> {
    let timezone = case.calendar.timezone;
    let mut months: Vec<MonthCount> = Vec::new();
    let mut at = month(period.first_day());
    while at.first_day() <= period.last_day() {
        months.push(MonthCount {
            month: at.to_string(),
            words: at.long(),
            ..MonthCount::default()
        });
        at = at.next();
    }
    let mut uncertain = MonthCount {
        words: "Month not certain".to_owned(),
        ..MonthCount::default()
    };
    for record in records {
        let bounds = derive::earliest_day(record, timezone).zip(derive::latest_day(record, timezone));
        let label = bounds
            .filter(|(first, last)| month(*first) == month(*last))
            .map(|(first, _)| month(first).to_string());
        let row = match label {
            Some(label) => months
                .iter_mut()
                .find(|row| row.month == label)
                .unwrap_or(&mut uncertain),
            None => &mut uncertain,
        };
        row.records += 1;
        let with: BTreeSet<Side> = partners(record).into_iter().map(|partner| sides.of(partner)).collect();
        for side in with {
            match side {
                Side::Adversary => row.adversaries += 1,
                Side::Ally => row.allies += 1,
                Side::Other => row.others += 1,
            }
        }
    }
    months.extend((uncertain.records > 0).then_some(uncertain));
    months
}

fn by_partner(records: &[&Record], sides: &Sides) -> Vec<PartnerCount> {
    let mut found: BTreeMap<&str, PartnerCount> = BTreeMap::new();
    for record in records {
        for partner in partners(record) {
            let row = found.entry(partner).or_insert_with(|| PartnerCount {
                partner: partner.to_owned(),
                name: name(partner),
                side: sides.of(partner),
                rel_to_changes: 0,
                contacts: 0,
                exchanges: 0,
                sharing_changes: 0,
                agreements: 0,
                other: 0,
                total: 0,
            });
            match record.kind {
                Kind::RelToChange => row.rel_to_changes += 1,
                Kind::LiaisonContact => row.contacts += 1,
                Kind::Exchange => row.exchanges += 1,
                Kind::SharingChange => row.sharing_changes += 1,
                Kind::Agreement => row.agreements += 1,
                _ => row.other += 1,
            }
            row.total += 1;
        }
    }
    let mut rows: Vec<PartnerCount> = found.into_values().collect();
    rows.sort_by(|a, b| (a.side, usize::MAX - a.total, &a.name).cmp(&(b.side, usize::MAX - b.total, &b.name)));
    rows
}

fn states<'a>(obligations: impl Iterator<Item = &'a Obligation>) -> States {
    let mut states = States::default();
    for owed in obligations {
        states.owed += 1;
        match owed.state {
            State::Met => states.met += 1,
            State::MetLate => states.met_late += 1,
            State::Open => states.open += 1,
            State::Overdue => states.overdue += 1,
            State::Upcoming => states.upcoming += 1,
            State::Waived => states.waived += 1,
            State::NotNotified => states.not_notified += 1,
            // What was superseded is counted where it goes on.
            State::Prohibited | State::Superseded => {}
        }
    }
    states
}

fn by_rule(obligations: &[&Obligation]) -> Vec<RuleCount> {
    let mut rules: Vec<&Obligation> = Vec::new();
    for owed in obligations {
        if !rules.iter().any(|known| known.rule == owed.rule) {
            rules.push(owed);
        }
    }
    rules.sort_by(|a, b| a.rule.cmp(&b.rule));
    rules
        .into_iter()
        .map(|one| RuleCount {
            rule: one.rule.to_string(),
            title: one.rule_title.to_string(),
            status: match one.status {
                Status::Model => "model rule".to_owned(),
                status => status.word().replace('_', " "),
            },
            states: states(obligations.iter().copied().filter(|owed| owed.rule == one.rule)),
        })
        .collect()
}

fn timeliness_by_month(case: &Case, obligations: &[&Obligation]) -> Vec<MonthStates> {
    let mut months: BTreeMap<Option<Period>, Vec<&Obligation>> = BTreeMap::new();
    for owed in obligations {
        let due = owed.due.local_date(case.calendar.timezone).map(month);
        months.entry(due).or_default().push(owed);
    }
    let none = months.remove(&None);
    months
        .into_iter()
        .chain(none.map(|owed| (None, owed)))
        .map(|(due, owed)| MonthStates {
            month: due.map(|due| due.to_string()).unwrap_or_default(),
            words: due.map_or_else(|| "No certain date".to_owned(), Period::long),
            states: states(owed.into_iter()),
        })
        .collect()
}

/// The records' late notices: one line for a record and rule, the most days first.
fn late(case: &Case, obligations: &[&Obligation]) -> Vec<LateItem> {
    let mut items: Vec<LateItem> = Vec::new();
    for owed in obligations {
        let given = match owed.state {
            State::Overdue => false,
            State::MetLate => true,
            _ => continue,
        };
        let Some(due) = owed.due.local_date(case.calendar.timezone) else {
            continue;
        };
        let record = owed.record.as_deref().and_then(|id| case.record(id));
        let until = if given {
            record
                .and_then(|record| last_told(record, owed, case))
                .unwrap_or(case.as_of)
        } else {
            case.as_of
        };
        let subject = owed.record.as_deref().or(owed.period.as_deref());
        let item = LateItem {
            record: subject.unwrap_or_default().to_owned(),
            title: record.map_or_else(|| owed.rule_title.to_string(), |record| say::one_line(record.title())),
            rule: owed.rule.to_string(),
            due: due.to_string(),
            due_words: long_day(due),
            days: (until - due).num_days().max(0),
            given,
            reason: record
                .and_then(|record| record.text("late_explanation"))
                .map(say::one_line),
        };
        match items
            .iter_mut()
            .find(|known| known.record == item.record && known.rule == item.rule)
        {
            Some(known) if known.days < item.days => *known = item,
            Some(_) => {}
            None => items.push(item),
        }
    }
    items.sort_by(|a, b| (b.days, &a.record, &a.rule).cmp(&(a.days, &b.record, &b.rule)));
    items
}

/// The last day on which one of the recipients was told.
fn last_told(record: &Record, owed: &Obligation, case: &Case) -> Option<NaiveDate> {
    record
        .tables("notified")
        .filter(|entry| {
            entry.word("recipient").is_some_and(|to| {
                owed.recipients
                    .iter()
                    .any(|recipient| recipient == to || recipient.split('.').next() == Some(to))
            })
        })
        .filter_map(|entry| match entry.get("on").map(|node| &node.value) {
            Some(Value::When(on)) => on.latest_day(case.calendar.timezone),
            _ => None,
        })
        .max()
}

/// One line for each record that owes a notice, and for each report of a period.
fn notices(case: &Case, chosen: &Chosen<'_>) -> Vec<NoticeLine> {
    const WORST: [State; 7] = [
        State::Overdue,
        State::Open,
        State::Upcoming,
        State::MetLate,
        State::Met,
        State::NotNotified,
        State::Waived,
    ];
    let mut lines: Vec<NoticeLine> = Vec::new();
    let mut of: BTreeMap<&str, Vec<&Obligation>> = BTreeMap::new();
    for owed in &chosen.obligations {
        if let Some(key) = owed.record.as_deref().or(owed.period.as_deref()) {
            of.entry(key).or_default().push(owed);
        }
    }
    for (key, owed) in of {
        let record = case.record(key);
        let (mut rules, mut recipients): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
        for one in &owed {
            if !rules.iter().any(|rule| one.rule == *rule) {
                rules.push(one.rule.to_string());
            }
            for recipient in one.recipients.iter() {
                if !recipients.contains(recipient) {
                    recipients.push(recipient.clone());
                }
            }
        }
        let state = WORST
            .into_iter()
            .find(|state| owed.iter().any(|one| one.state == *state))
            .unwrap_or(State::Open);
        lines.push(NoticeLine {
            record: key.to_owned(),
            title: match (record, owed.first()) {
                (Some(record), _) => say::one_line(record.title()),
                (None, Some(first)) => first.rule_title.to_string(),
                (None, None) => String::new(),
            },
            date: record
                .and_then(derive::date_of)
                .map_or_else(String::new, |when| say::capital(&when.long())),
            rules,
            recipients,
            state: state.word().replace('_', " "),
        });
    }
    lines
}
