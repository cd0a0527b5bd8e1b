//! What a rule makes of every record of a workspace: where it fires, where it nearly does, where nobody can say.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::base::source::Sources;
use crate::cli::explain_trace::at;
use crate::evaluate::nearest::{Nearest, Turn};
use crate::evaluate::obligation::Obligation;
use crate::policy::rule::{Outcome, Rule};
use crate::record::value::Record;
use crate::report::short::location;
use crate::report::summary::counted;
use crate::report::table::{self, Cell, Column, Give};
use crate::report::{Look, docket, visible};
use crate::run::{self, Checked};

/// More near misses than this are not listed.
const MOST: usize = 12;

const COLUMNS: [Column; 3] = [("RECORD", Give::Keep), ("OUTCOME", Give::Keep), ("WHY", Give::Wrap)];

/// The smallest sets of conditions that would have to turn, in words; nothing where the rule fires.
pub fn miss(nearest: &Nearest, sources: &Sources) -> String {
    let mut text = String::new();
    for (at, way) in nearest.ways.iter().enumerate() {
        let head = match (at, way.len()) {
            (0, 1) => "nearest miss: one condition would have to turn".to_owned(),
            (0, count) => format!("nearest miss: {count} conditions would have to turn together"),
            (_, 1) => "or".to_owned(),
            (_, _) => "or together".to_owned(),
        };
        let _ = writeln!(text, "\n{head}");
        for turn in way {
            let place = turn
                .place
                .as_ref()
                .map_or_else(String::new, |place| format!(", {}", location(place, sources)));
            let _ = writeln!(
                text,
                "  - {} ({}; now: {}{place})",
                visible::line(&turn.words),
                turn.site.word(),
                visible::line(if turn.seen.is_empty() { "not given" } else { &turn.seen }),
            );
        }
    }
    text
}

/// The smallest sets as a document.
pub fn ways(nearest: &Nearest, checked: &Checked) -> Value {
    let turn = |turn: &Turn| {
        json!({
            "condition": turn.text,
            "words": turn.words,
            "in": turn.site.word(),
            "seen": turn.seen,
            "at": turn.place.as_ref().map(|place| at(place, checked)),
            "policy": at(&turn.policy, checked),
        })
    };
    let ways: Vec<Vec<Value>> = nearest.ways.iter().map(|way| way.iter().map(turn).collect()).collect();
    json!(ways)
}

/// How far the rule is from each record of its kinds.
#[derive(Debug)]
pub struct Records<'c> {
    checked: &'c Checked,
    fires: Vec<(&'c Record, Vec<&'c Obligation>)>,
    undetermined: Vec<(&'c Record, Nearest)>,
    nearly: Vec<(&'c Record, Nearest)>,
    /// Records that are further away.
    further: usize,
}

impl<'c> Records<'c> {
    /// Judges every reported record of the rule's kinds.
    pub fn of(rule: &Rule, checked: &'c Checked) -> Records<'c> {
        let mut found = Records {
            checked,
            fires: Vec::new(),
            undetermined: Vec::new(),
            nearly: Vec::new(),
            further: 0,
        };
        let case = &checked.case;
        let Some(rule) = case.policy.rules.iter().find(|other| other.id == rule.id) else {
            return found;
        };
        let of_kind = |record: &&Record| rule.applies_to.contains(&record.kind) && case.reported.contains(&record.id);
        for record in case.records.iter().filter(of_kind) {
            let nearest = run::nearest(checked, rule, record);
            match nearest.outcome {
                Outcome::True => {
                    let owed =
                        |owed: &&Obligation| owed.rule == rule.id && owed.record.as_deref() == Some(record.id.as_str());
                    found
                        .fires
                        .push((record, checked.obligations.iter().filter(owed).collect()));
                }
                Outcome::Unknown => found.undetermined.push((record, nearest)),
                Outcome::False if nearest.ways.first().is_some_and(|way| way.len() == 1) => {
                    found.nearly.push((record, nearest));
                }
                Outcome::False => found.further += 1,
            }
        }
        found
    }

    /// Renders the records as a table; nothing where there are none of the rule's kinds.
    pub fn page(&self, look: Look) -> String {
        let mut rows = Vec::new();
        for (record, owed) in &self.fires {
            let why = match owed.first() {
                Some(owed) => format!("due {}; {}", docket::due_in_words(&owed.due), owed.state.word()),
                None => "nothing is owed: the rule is switched off, or it owes nothing here".to_owned(),
            };
            rows.push(vec![
                Cell::plain(&record.id),
                Cell::styled("fires", "32"),
                Cell::plain(why),
            ]);
        }
        for (outcome, style, list) in [("undetermined", "33", &self.undetermined), ("nearly", "", &self.nearly)] {
            for (record, nearest) in list.iter().take(MOST) {
                rows.push(vec![
                    Cell::plain(&record.id),
                    Cell::styled(outcome, style),
                    Cell::plain(short(nearest)),
                ]);
            }
        }
        if rows.is_empty() && self.further == 0 {
            return String::new();
        }
        let mut text = format!("records as of {}\n", self.checked.as_of);
        if !rows.is_empty() {
            text.push_str(&table::render(&COLUMNS, &rows, look));
        }
        let hidden = self.undetermined.len().saturating_sub(MOST) + self.nearly.len().saturating_sub(MOST);
        if hidden > 0 {
            let _ = writeln!(text, "{} more like these", counted(hidden, "record"));
        }
        if self.further > 0 {
            let _ = writeln!(text, "{} of its kinds further away", counted(self.further, "record"));
        }
        text
    }

    /// Returns the records as a document.
    pub fn document(&self) -> Value {
        let near = |list: &[(&Record, Nearest)]| -> Vec<Value> {
            list.iter()
                .map(|(record, nearest)| json!({ "record": record.id, "nearest": ways(nearest, self.checked) }))
                .collect()
        };
        json!({
            "as_of": self.checked.as_of.to_string(),
            "fires": self.fires.iter().map(|(record, _)| &record.id).collect::<Vec<_>>(),
            "undetermined": near(&self.undetermined),
            "nearly": near(&self.nearly),
            "further": self.further,
        })
    }
}

/// What would have to be so, in one line.
fn short(nearest: &Nearest) -> String {
    let turn = |turn: &Turn| {
        let seen = if turn.seen.is_empty() { "not given" } else { &turn.seen };
        format!("{} (now: {seen})", turn.words)
    };
    let ways: Vec<String> = nearest
        .ways
        .iter()
        .take(2)
        .map(|way| way.iter().map(turn).collect::<Vec<_>>().join(", and "))
        .collect();
    format!("if {}", ways.join("; or if "))
}
