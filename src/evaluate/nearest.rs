//! The nearest miss: the smallest set of conditions that would have to turn for a rule to fire for a record.

use crate::base::source::Place;
use crate::evaluate::case::Case;
use crate::evaluate::condition::seen;
use crate::evaluate::decision::{self, Decision, Site, Want, What};
use crate::evaluate::derive::date_of;
use crate::evaluate::evaluate::Evaluator;
use crate::policy::rule::{Condition, Outcome, Rule};
use crate::record::value::Record;

/// More ways than this are not told.
const WAYS: usize = 3;

/// How far a rule is from firing for a record.
#[derive(Debug)]
pub struct Nearest {
    /// Whether it fires, lapses left out.
    pub outcome: Outcome,
    /// The smallest sets of conditions that would have to turn; empty where it fires.
    pub ways: Vec<Vec<Turn>>,
}

/// One condition that would have to turn.
#[derive(Debug)]
pub struct Turn {
    pub site: Site,
    /// As written in the pack.
    pub text: String,
    /// What would have to be so, in English.
    pub words: String,
    /// What the record says now.
    pub seen: String,
    /// Where the record says it.
    pub place: Option<Place>,
    /// Where the condition stands in the pack.
    pub policy: Place,
}

/// Judges one rule for one record as if it were switched on.
pub fn nearest(case: &Case, rule: &Rule, record: &Record) -> Nearest {
    let evaluator = Evaluator::new(case);
    let decision = Decision::of(evaluator.edition(rule, record));
    let values = decision::values(&decision, &evaluator, record);
    let outcome = decision.fires.outcome(&values);
    let ways = if outcome == Outcome::True {
        Vec::new()
    } else {
        decision.fires.nearest(&values, Want::True, WAYS)
    };
    let turn = |(leaf, want): (usize, Want)| {
        let found = &decision.leaves[leaf];
        let (now, place) = now(&found.what, &evaluator, record);
        let words = match want {
            Want::True | Want::NotFalse => found.words.clone(),
            Want::False | Want::NotTrue => format!("not so that {}", found.words),
        };
        Turn {
            site: found.site,
            text: found.text.clone(),
            words,
            seen: now,
            place,
            policy: found.place.clone(),
        }
    };
    Nearest {
        outcome,
        ways: ways
            .into_iter()
            .map(|way| way.into_iter().map(turn).collect())
            .collect(),
    }
}

/// What the record says of a condition, and where.
fn now(what: &What<'_>, evaluator: &Evaluator<'_>, record: &Record) -> (String, Option<Place>) {
    let given = |place: &Place| (*place != record.header).then(|| place.clone());
    match what {
        What::From(_) | What::Until(_) => {
            let said = date_of(record).map_or("not given".to_owned(), ToString::to_string);
            let field = record.kind.date_fields().iter().find_map(|name| record.get(name));
            (said, field.and_then(|node| given(&node.place)))
        }
        What::Condition(Condition::Test(test)) => {
            let nodes = record.all(&test.path.text);
            let place = nodes.first().and_then(|node| given(&node.place));
            (seen(&nodes), place)
        }
        What::Condition(Condition::Window(window)) => (evaluator.window(window, record).words(window), None),
        What::Condition(Condition::Fires { .. }) => ("none of them fires".to_owned(), None),
        What::Condition(_) | What::Preceded(_) => ("none".to_owned(), None),
        What::Followed(_) => ("it followed".to_owned(), None),
    }
}
