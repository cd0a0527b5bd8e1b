//! `relto policy what-if`: what rules would have required of past records, had they been law.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::base::diagnostic::has_errors;
use crate::base::failure::Failure;
use crate::base::suggest;
use crate::cli::args::TextFormat;
use crate::cli::args::policy::PolicyWhatIfArgs;
use crate::cli::check;
use crate::cli::request::{request, today};
use crate::cli::terminal::Terminal;
use crate::evaluate::obligation::State;
use crate::evaluate::what_if::{Tally, WhatIf};
use crate::policy::builtin;
use crate::policy::choose::pack_ids;
use crate::policy::rule::{Rule, Status};
use crate::report::summary::counted;
use crate::report::table::{self, Cell, Column, Give, wrapped};
use crate::report::{docket, human, json as documents};
use crate::run::{self, Checked, notices};

const RULES: [Column; 7] = [
    ("RULE", Give::Keep),
    ("RECORDS", Give::Keep),
    ("IN TIME", Give::Keep),
    ("LATE", Give::Keep),
    ("NOT TOLD", Give::Keep),
    ("OPEN", Give::Keep),
    ("UNDECIDED", Give::Keep),
];

const NOTICES: [Column; 5] = [
    ("DATE", Give::Keep),
    ("RECORD", Give::Keep),
    ("RULE", Give::Keep),
    ("DUE", Give::Wrap),
    ("IN FACT", Give::Wrap),
];

pub fn run(args: &PolicyWhatIfArgs, terminal: &mut Terminal) -> Result<u8, Failure> {
    let (mut checked, chosen) = prepare(args)?;
    if has_errors(&checked.diagnostics) {
        check::print_errors(&checked, terminal);
    }
    let answer = run::what_if(&mut checked, &|rule| chosen.contains(&rule.id), args.since);
    match args.format {
        TextFormat::Human => {
            let look = terminal.look();
            let mut text = head(&answer, look.width.min(100));
            let rows: Vec<Vec<Cell>> = answer
                .rules
                .iter()
                .map(|sum| {
                    let mut row = vec![Cell::plain(&sum.rule), number(sum.records)];
                    row.extend(numbers(&sum.tally));
                    row.push(number(sum.undetermined.len()));
                    row
                })
                .collect();
            text.push_str(&table::render(&RULES, &rows, look));
            for (heading, tallies) in [("MONTH", &answer.months), ("PARTNER", &answer.partners)] {
                if tallies.is_empty() {
                    continue;
                }
                let columns = [
                    (heading, Give::Keep),
                    ("NOTICES", Give::Keep),
                    ("IN TIME", Give::Keep),
                    ("LATE", Give::Keep),
                    ("NOT TOLD", Give::Keep),
                    ("OPEN", Give::Keep),
                ];
                let rows: Vec<Vec<Cell>> = tallies
                    .iter()
                    .map(|(name, tally)| {
                        let mut row = vec![Cell::plain(name), number(tally.required)];
                        row.extend(numbers(tally));
                        row
                    })
                    .collect();
                text.push('\n');
                text.push_str(&table::render(&columns, &rows, look));
            }
            if !answer.entries.is_empty() {
                let rows: Vec<Vec<Cell>> = answer
                    .entries
                    .iter()
                    .map(|entry| {
                        vec![
                            Cell::plain(&entry.date),
                            Cell::plain(&entry.record),
                            Cell::plain(&entry.obligation.rule),
                            Cell::plain(docket::due_in_words(&entry.obligation.due)),
                            Cell::styled(entry.told(), style(entry.obligation.state)),
                        ]
                    })
                    .collect();
                text.push('\n');
                text.push_str(&table::render(&NOTICES, &rows, look));
            }
            terminal.out(&text);
        }
        TextFormat::Json => terminal.out(&document(&answer)),
    }
    let records: usize = answer
        .entries
        .iter()
        .map(|entry| entry.record.as_str())
        .collect::<std::collections::BTreeSet<_>>()
        .len();
    terminal.status(&format!(
        "{} of {} would have required notice",
        records,
        counted(answer.records, "record")
    ));
    if let Some(path) = &args.output {
        let title = title(args, &checked);
        let found = notices::brief(&mut checked, &answer, &title, path)?;
        if has_errors(&found) {
            let look = terminal.look();
            for problem in &found {
                terminal.out(&human::one(problem, &checked.sources, look));
            }
            terminal.status("refused: the brief was not written");
            return Ok(1);
        }
        terminal.status(&format!("wrote {}", path.display()));
    }
    Ok(u8::from(has_errors(&checked.diagnostics)))
}

/// What the brief is about: the title of the pack, or of the one rule.
fn title(args: &PolicyWhatIfArgs, checked: &Checked) -> String {
    let policy = &checked.case.policy;
    let name = args.what.to_string_lossy();
    if let Some(rule) = policy.rules.iter().find(|rule| rule.id.eq_ignore_ascii_case(&name)) {
        return rule.title.clone();
    }
    let ids = pack_ids(&args.what).unwrap_or_default();
    let pack = policy
        .packs
        .iter()
        .find(|pack| pack.id == name || ids.contains(&pack.id));
    pack.map_or_else(|| name.into_owned(), |pack| pack.title.clone())
}

/// Judges the records with the named pack loaded, and returns the ids of the rules that are asked about.
fn prepare(args: &PolicyWhatIfArgs) -> Result<(Checked, Vec<String>), Failure> {
    let mut request = request(&args.run, &[])?;
    let name = args.what.to_string_lossy().into_owned();
    let built_in = builtin::PACKS.iter().any(|(id, _)| *id == name);
    let ids = if args.what.exists() || built_in {
        request.instead = vec![args.what.clone()];
        pack_ids(&args.what)?
    } else {
        Vec::new()
    };
    let checked = run::check(&request, &today)?;
    let rules = &checked.case.policy.rules;
    let of_pack = |rule: &&Rule| ids.contains(&rule.pack) || (ids.is_empty() && rule.pack == name);
    let mut chosen: Vec<String> = rules.iter().filter(of_pack).map(|rule| rule.id.clone()).collect();
    if chosen.is_empty() {
        let one = rules.iter().find(|rule| rule.id.eq_ignore_ascii_case(&name));
        chosen.extend(one.map(|rule| rule.id.clone()));
    }
    if chosen.is_empty() && !has_errors(&checked.diagnostics) {
        let packs = builtin::PACKS.iter().map(|(id, _)| *id);
        let known = packs.chain(rules.iter().map(|rule| rule.id.as_str()));
        let failure = Failure::new(format!("`{name}` is no pack, no pack file and no rule"));
        return Err(match suggest::nearest(&name, known) {
            Some(near) => failure.hint(format!("did you mean `{near}`?")),
            None => failure.hint("`relto policy list` lists packs and rules"),
        });
    }
    Ok((checked, chosen))
}

fn head(answer: &WhatIf, width: usize) -> String {
    let mut text = format!("What if: had these rules been law since {}\n\n", answer.since);
    for line in wrapped(&method(answer), width) {
        let _ = writeln!(text, "{line}");
    }
    text.push('\n');
    text
}

/// How the answer was found, and what it is not.
fn method(answer: &WhatIf) -> String {
    let law = answer
        .rules
        .iter()
        .all(|sum| matches!(sum.status, Status::Model | Status::Proposed | Status::SenseOfCongress));
    let none = if law {
        " No statute requires any of these notices."
    } else {
        ""
    };
    format!(
        "{} dated since then are judged as of {}, each rule as if switched on and in force throughout.{none} Whether \
         Congress was told is what the records say of it; open is what was not told and had no day to be told by, or has \
         it still to come.",
        counted(answer.records, "record"),
        answer.as_of
    )
}

fn number(count: usize) -> Cell {
    Cell::styled(count.to_string(), if count == 0 { "2" } else { "" })
}

fn numbers(tally: &Tally) -> Vec<Cell> {
    vec![
        number(tally.in_time),
        number(tally.late),
        number(tally.not_told),
        number(tally.open),
    ]
}

fn style(state: State) -> &'static str {
    match state {
        State::Met => "32",
        State::Overdue | State::Prohibited => "31",
        State::MetLate => "33",
        _ => "",
    }
}

fn document(answer: &WhatIf) -> String {
    let tally = |tally: &Tally| {
        json!({
            "notices": tally.required,
            "in_time": tally.in_time,
            "late": tally.late,
            "not_told": tally.not_told,
            "open": tally.open,
            "other": tally.other,
        })
    };
    let rules: Vec<Value> = answer
        .rules
        .iter()
        .map(|sum| {
            json!({
                "rule": sum.rule,
                "pack": sum.pack,
                "title": sum.title,
                "status": sum.status.word(),
                "authority": sum.authority,
                "records": sum.records,
                "tally": tally(&sum.tally),
                "undetermined": sum.undetermined,
            })
        })
        .collect();
    let by = |list: &[(String, Tally)], key: &str| -> Vec<Value> {
        list.iter()
            .map(|(name, found)| json!({ key: name, "tally": tally(found) }))
            .collect()
    };
    let notices: Vec<Value> = answer
        .entries
        .iter()
        .map(|entry| {
            json!({
                "record": entry.record,
                "title": entry.title,
                "date": entry.date,
                "marking": entry.mark,
                "partners": entry.partners,
                "told": entry.told(),
                "obligation": documents::obligation(&entry.obligation),
            })
        })
        .collect();
    documents::document(&json!({
        "schema": documents::SCHEMA,
        "since": answer.since.to_string(),
        "as_of": answer.as_of.to_string(),
        "method": method(answer),
        "records": answer.records,
        "rules": rules,
        "months": by(&answer.months, "month"),
        "partners": by(&answer.partners, "partner"),
        "notices": notices,
    }))
}
