//! The figures laid out as tables: what the letter and the terminal print, row by row.

use crate::notice::period::tally::{PartnerCount, Side, States, Steps, Tally};
use crate::notice::phrase;
use crate::notice::printed::{Grid, GridCell};
use crate::notice::say::{and_list, counted};

/// The tables of the report, in its order. Every table has a takeaway in a sentence.
pub(super) fn grids(tally: &Tally) -> Vec<Grid> {
    [
        Some(key_figures(tally)),
        Some(by_month(tally)),
        by_partner(tally),
        side_by_side(tally),
        indicators(tally),
        by_rule(tally),
        timeliness(tally),
        Some(late(tally)),
        Some(notices(tally)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn text(text: impl Into<String>) -> GridCell {
    GridCell::text(text)
}

fn number(count: usize) -> GridCell {
    GridCell::number(count)
}

fn key_figures(tally: &Tally) -> Grid {
    let mut rows: Vec<Vec<GridCell>> = tally
        .by_kind
        .iter()
        .map(|kind| vec![text(format!("{}: records", kind.words)), number(kind.count)])
        .collect();
    rows.push(vec![text("Records of the period"), number(tally.records)]);
    let states = tally.timeliness;
    for (label, count) in [
        ("Notices owed", states.owed),
        ("Given in time", states.met),
        ("Given late", states.met_late),
        ("Open, not yet due", states.open + states.upcoming),
        ("Overdue", states.overdue),
        ("Waived", states.waived),
        ("Not notified by decision", states.not_notified),
    ] {
        rows.push(vec![text(label), number(count)]);
    }
    let uncertain = match tally.date_not_certain.as_slice() {
        [] => String::new(),
        [one] => format!(" One more, {one}, may belong to it: its date is not certain, and it is in no figure."),
        more => format!(
            " {} more may belong to it ({}): their dates are not certain, and they are in no figure.",
            more.len(),
            more.join(", ")
        ),
    };
    let takeaway = format!(
        "{} and {} fall into {}.{uncertain}",
        counted(tally.records, "record", "records"),
        counted(states.owed, "notice owed", "notices owed"),
        tally.words
    );
    Grid {
        name: "key_figures".to_owned(),
        heading: "Key figures".to_owned(),
        takeaway,
        caption: "What was recorded, and what became of the notices.".to_owned(),
        header: ["Figure", "Count"].map(str::to_owned).to_vec(),
        rows,
        bars: vec![1],
        total: false,
    }
}

fn by_month(tally: &Tally) -> Grid {
    let most = tally.by_month.iter().max_by_key(|month| month.records);
    let takeaway = match most {
        Some(month) if month.records > 0 => format!(
            "The most, {}, are of {}.",
            counted(month.records, "record", "records"),
            if month.month.is_empty() {
                "months that are not certain"
            } else {
                &month.words
            }
        ),
        _ => "Nothing was recorded in the period.".to_owned(),
    };
    let mut rows: Vec<Vec<GridCell>> = tally
        .by_month
        .iter()
        .map(|month| {
            vec![
                text(&month.words),
                number(month.adversaries),
                number(month.allies),
                number(month.others),
                number(month.records),
            ]
        })
        .collect();
    let sum = |of: fn(&crate::notice::period::tally::MonthCount) -> usize| tally.by_month.iter().map(of).sum::<usize>();
    rows.push(vec![
        text("Total"),
        number(sum(|month| month.adversaries)),
        number(sum(|month| month.allies)),
        number(sum(|month| month.others)),
        number(sum(|month| month.records)),
    ]);
    Grid {
        name: "by_month".to_owned(),
        heading: "By month".to_owned(),
        takeaway,
        caption:
            "Records by month and by the side of their partners. A record with partners of two sides counts for both."
                .to_owned(),
        header: ["Month", "Adversaries", "Allies", "Other partners", "Records"]
            .map(str::to_owned)
            .to_vec(),
        rows,
        bars: vec![4],
        total: true,
    }
}

fn by_partner(tally: &Tally) -> Option<Grid> {
    let takeaway = who_appears(&tally.by_partner)?;
    let rows = tally
        .by_partner
        .iter()
        .map(|row| {
            vec![
                text(&row.name),
                text(row.side.words()),
                number(row.rel_to_changes),
                number(row.contacts),
                number(row.exchanges),
                number(row.sharing_changes),
                number(row.agreements + row.other),
                number(row.total),
            ]
        })
        .collect();
    Some(Grid {
        name: "by_partner".to_owned(),
        heading: "By partner".to_owned(),
        takeaway,
        caption: "Records by partner country.".to_owned(),
        header: [
            "Partner", "Side", "REL TO", "Contacts", "Exch.", "Sharing", "Other", "Total",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows,
        bars: vec![7],
        total: false,
    })
}

/// How many partners appear, and with which of them most records deal; nothing of that where they are many, or all of them.
fn who_appears(partners: &[PartnerCount]) -> Option<String> {
    const MANY: usize = 4;
    let most = partners.iter().map(|partner| partner.total).max()?;
    let first: Vec<String> = partners
        .iter()
        .filter(|partner| partner.total == most)
        .map(|partner| match phrase::country(&partner.partner) {
            // An organization of the workspace has its name from there.
            code if code == partner.partner => partner.name.clone(),
            name => name,
        })
        .collect();
    let count = counted(partners.len(), "partner country appears", "partner countries appear");
    let records = counted(most, "record", "records");
    Some(match first.as_slice() {
        all if all.len() == partners.len() && all.len() > 1 => format!("{count}, each in {records}."),
        [one] if partners.len() == 1 => format!("{count}, {one}, in {records}."),
        [one] => format!("{count}; the most records, {most}, concern {one}."),
        few if few.len() < MANY => format!("{count}; the most records, {most} each, concern {}.", and_list(few)),
        _ => format!("{count}."),
    })
}

/// The sums of one side.
pub(super) fn of_side(tally: &Tally, side: Side) -> Steps {
    let mut sum = Steps::default();
    for one in tally.indicators.iter().filter(|one| one.side == side) {
        sum.add(&one.steps);
    }
    sum
}

fn side_by_side(tally: &Tally) -> Option<Grid> {
    if tally.indicators.is_empty() {
        return None;
    }
    let [adversaries, allies, others] = [Side::Adversary, Side::Ally, Side::Other].map(|side| of_side(tally, side));
    let rows = adversaries
        .named()
        .into_iter()
        .zip(allies.named())
        .zip(others.named())
        .map(|(((name, adversary), (_, ally)), (_, other))| {
            vec![text(name), number(adversary), number(ally), number(other)]
        })
        .collect();
    Some(Grid {
        name: "side_by_side".to_owned(),
        heading: "Adversaries and allies side by side".to_owned(),
        takeaway: format!(
            "With adversaries: {}, {}, {}. With allies: {}, {}, {}.",
            counted(adversaries.contacts(), "contact", "contacts"),
            counted(adversaries.audiences_widened, "audience widened", "audiences widened"),
            counted(adversaries.pauses, "pause", "pauses"),
            counted(allies.contacts(), "contact", "contacts"),
            counted(allies.audiences_narrowed, "audience narrowed", "audiences narrowed"),
            counted(allies.pauses, "pause", "pauses"),
        ),
        caption: "The steps of a realignment, counted for each partner and added up by side.".to_owned(),
        header: ["Step", "Adversaries", "Allies", "Other partners"]
            .map(str::to_owned)
            .to_vec(),
        rows,
        bars: vec![1, 2, 3],
        total: false,
    })
}

fn indicators(tally: &Tally) -> Option<Grid> {
    let highest = tally
        .indicators
        .iter()
        .filter(|one| one.side == Side::Adversary && one.rung.is_some())
        .max_by_key(|one| one.rung)
        .or_else(|| tally.indicators.iter().max_by_key(|one| one.rung))?;
    let takeaway = match highest.rung {
        Some(rung) => format!(
            "The highest rung on the ladder {} is \u{201c}{}\u{201d}, with {} in {}.",
            if highest.side == Side::Adversary {
                "with an adversary"
            } else {
                "with any partner"
            },
            rung.words(),
            highest.name,
            highest.quarter
        ),
        None => "No partner reached a rung of the ladder; audiences narrowed and pauses are listed.".to_owned(),
    };
    let rows = tally
        .indicators
        .iter()
        .map(|one| {
            let steps = one.steps;
            vec![
                text(format!("{}, {}", one.name, one.quarter)),
                text(present(&[
                    (steps.audiences_widened, "widened"),
                    (steps.audiences_narrowed, "narrowed"),
                ])),
                text(present(&[
                    (steps.contacts_by_heads, "by heads"),
                    (steps.contacts_by_deputies, "by deputies"),
                    (steps.contacts_by_senior_officials, "by senior officials"),
                    (steps.contacts_at_working_level, "at working level"),
                    (steps.contacts_of_unknown_rank, "of unknown rank"),
                ])),
                text(present(&[
                    (steps.ad_hoc_exchanges, "ad hoc"),
                    (steps.analytic_exchanges, "analytic"),
                    (steps.collection_coordination, "of collection"),
                ])),
                text(present(&[(steps.pauses, "paused"), (steps.resumptions, "resumed")])),
                text(one.rung.map_or("\u{2014}", super::tally::Rung::words)),
            ]
        })
        .collect();
    Some(Grid {
        name: "indicators".to_owned(),
        heading: "Realignment indicators by partner and quarter".to_owned(),
        takeaway,
        caption:
            "Audiences, contacts by the higher rank, exchanges by type, pauses, and the highest rung reached on the \
                  ladder from contact to standing release."
                .to_owned(),
        header: [
            "Partner, quarter",
            "Audiences",
            "Contacts",
            "Exchanges",
            "Sharing",
            "Highest rung",
        ]
        .map(str::to_owned)
        .to_vec(),
        rows,
        bars: Vec::new(),
        total: false,
    })
}

/// "none was", "1 was", "2 were".
pub(super) fn none_or(count: usize, one: &str, many: &str) -> String {
    match count {
        0 => format!("none {one}"),
        count => counted(count, one, many),
    }
}

/// What there is: "1 widened, 2 narrowed"; a dash for nothing.
fn present(counts: &[(usize, &str)]) -> String {
    let said: Vec<String> = counts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    if said.is_empty() {
        "\u{2014}".to_owned()
    } else {
        said.join(", ")
    }
}

fn in_states(states: States) -> [GridCell; 6] {
    [
        states.owed,
        states.met,
        states.met_late,
        states.open + states.upcoming,
        states.overdue,
        states.waived + states.not_notified,
    ]
    .map(GridCell::number)
}

const STATES: [&str; 6] = ["Owed", "In time", "Late", "Open", "Overdue", "Waived"];

fn by_rule(tally: &Tally) -> Option<Grid> {
    let most = tally.by_rule.iter().max_by_key(|rule| rule.states.owed)?;
    let law = tally.by_rule.iter().filter(|rule| rule.status == "in force").count();
    let rows = tally
        .by_rule
        .iter()
        .map(|rule| {
            let mut row = vec![text(format!("{} ({}), {}", rule.title, rule.rule, rule.status))];
            row.extend(in_states(rule.states));
            row
        })
        .collect();
    Some(Grid {
        name: "by_rule".to_owned(),
        heading: "By rule".to_owned(),
        takeaway: format!(
            "{} called for a notice, {} law in force; most often {}.",
            counted(tally.by_rule.len(), "rule", "rules"),
            match law {
                0 => "none of them".to_owned(),
                law => format!("{law} of them"),
            },
            most.rule
        ),
        caption: "Notices owed under each rule and how they stand. The last column counts waivers and decisions not to notify."
            .to_owned(),
        header: std::iter::once("Rule").chain(STATES).map(str::to_owned).collect(),
        rows,
        bars: Vec::new(),
        total: false,
    })
}

fn timeliness(tally: &Tally) -> Option<Grid> {
    let all = tally.timeliness;
    if all.owed == 0 {
        return None;
    }
    let mut rows: Vec<Vec<GridCell>> = tally
        .timeliness_by_month
        .iter()
        .map(|month| {
            let mut row = vec![text(&month.words)];
            row.extend(in_states(month.states));
            row
        })
        .collect();
    let mut total = vec![text("Total")];
    total.extend(in_states(all));
    rows.push(total);
    let due = all.met + all.met_late + all.overdue;
    let takeaway = if due == 0 {
        "No notice has come due yet.".to_owned()
    } else {
        format!(
            "Of {} that came due, {} given in time, {} given late, and {} not recorded as given.",
            counted(due, "notice", "notices"),
            none_or(all.met, "was", "were"),
            none_or(all.met_late, "was", "were"),
            none_or(all.overdue, "is", "are"),
        )
    };
    Some(Grid {
        name: "timeliness".to_owned(),
        heading: "Timeliness".to_owned(),
        takeaway,
        caption: "Notices by the month in which they were due, on the earliest date they can be due.".to_owned(),
        header: std::iter::once("Due in").chain(STATES).map(str::to_owned).collect(),
        rows,
        bars: vec![5],
        total: true,
    })
}

fn late(tally: &Tally) -> Grid {
    let reasons = tally.late.iter().filter(|item| item.reason.is_some()).count();
    let takeaway = match tally.late.first() {
        None => "No notice of the period is late.".to_owned(),
        Some(longest) => format!(
            "{}; {}. The longest delay is {}.",
            counted(tally.late.len(), "item is late", "items are late"),
            match reasons {
                0 => "the records give no reason".to_owned(),
                reasons if reasons == tally.late.len() => "the records give the reason".to_owned(),
                reasons => format!("for {reasons} of them the record gives the reason"),
            },
            counted(usize::try_from(longest.days).unwrap_or(0), "day", "days"),
        ),
    };
    let rows = tally
        .late
        .iter()
        .map(|item| {
            vec![
                text(format!("{} ({}), {}", item.title, item.record, item.rule)),
                text(&item.due_words),
                number(usize::try_from(item.days).unwrap_or(0)),
                text(if item.given {
                    "Given late"
                } else {
                    "Not recorded as given"
                }),
                text(item.reason.as_deref().unwrap_or("The record states none.")),
            ]
        })
        .collect();
    Grid {
        name: "late_items".to_owned(),
        heading: "Late items".to_owned(),
        takeaway,
        caption: "What was late or still is, the longest delay first, with the reason the record gives.".to_owned(),
        header: ["Notice", "Due", "Days", "State", "Reason"].map(str::to_owned).to_vec(),
        rows,
        bars: Vec::new(),
        total: false,
    }
}

fn notices(tally: &Tally) -> Grid {
    let rows = tally
        .notices
        .iter()
        .map(|line| {
            vec![
                text(&line.record),
                text(&line.title),
                text(&line.date),
                text(line.recipients.join(", ")),
                text(&line.state),
            ]
        })
        .collect();
    Grid {
        name: "notices".to_owned(),
        heading: "List of notices".to_owned(),
        takeaway: format!(
            "{} owed for the period.",
            counted(tally.notices.len(), "notice is", "notices are")
        ),
        caption: "Every record or report that owes a notice, and the worst state of what is owed for it.".to_owned(),
        header: ["Record", "Title", "Date", "Recipients", "State"]
            .map(str::to_owned)
            .to_vec(),
        rows,
        bars: Vec::new(),
        total: false,
    }
}
