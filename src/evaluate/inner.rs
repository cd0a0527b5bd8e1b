//! What tests show of the conditions that the judged record does not decide: which records count in a window, follow or
//! precede, and which count in a period.
//!
//! Such a condition is shown to matter by what breaks: a test shows it holding where the test would not come out if it
//! never held, and failing where the test would not come out if it always did.

use chrono::NaiveDate;

use crate::base::shared::Shared;
use crate::base::source::Place;
use crate::evaluate::case::Case;
use crate::evaluate::coverage::{Point, Shown, judged};
use crate::evaluate::decision::{Leaf, Site, What, leaf_text};
use crate::evaluate::draft::Draft;
use crate::evaluate::moves::{self, Move, date_of};
use crate::evaluate::obligation::Obligation;
use crate::evaluate::pack_test::{came, run_one, when_due};
use crate::policy::rule::{Condition, Duty, Outcome, Per, Rule, RuleTest, WindowTest};
use crate::policy::sentence;

/// More made-up records than this are not judged for one condition.
const LIMIT: usize = 400;

/// Where a condition stands among those that can be turned: the first or the last day in force, or the number of a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Spot {
    From,
    Until,
    Leaf(usize),
}

/// A condition as coverage names it.
struct Named {
    spot: Spot,
    site: Site,
    text: String,
    words: String,
    place: Place,
}

/// Measures the conditions on other records of one rule; those on the periods' records, and its span in force, where it is
/// owed per period. `tests` are those of the rule that came out.
pub(super) fn measure(case: &mut Case, at: usize, tests: &[&RuleTest], seeds: &[Draft]) -> Vec<Point> {
    let named = named(&mut case.policy.rules[at]);
    named
        .into_iter()
        .map(|named| {
            let mut shown = |wanted: bool| {
                let spot = named.spot;
                let breaks =
                    |test: &&&RuleTest| turned(case, at, spot, !wanted, |case| !run_one(case, at, test).is_empty());
                match tests.iter().find(breaks) {
                    Some(test) => Shown::By(test.name.clone()),
                    None => search(case, at, &named, wanted, seeds).map_or(Shown::NotFound, Shown::Missing),
                }
            };
            let (holding, failing) = (shown(true), shown(false));
            Point {
                site: named.site,
                text: named.text,
                words: named.words,
                place: named.place,
                holding,
                failing,
            }
        })
        .collect()
}

fn named(rule: &mut Rule) -> Vec<Named> {
    let mut all = Vec::new();
    if rule.per.is_some() {
        let from = rule.effective_from;
        if from > NaiveDate::MIN {
            all.push(Named {
                spot: Spot::From,
                site: Site::Force,
                text: format!("date in force from {from}"),
                words: format!("the period ends on {from} or later"),
                place: rule.place.clone(),
            });
        }
        if let Some(until) = rule.effective_until.filter(|until| goes_on_after(rule, *until)) {
            all.push(Named {
                spot: Spot::Until,
                site: Site::Force,
                text: format!("date in force until {until}"),
                words: format!("the period ends on {until} or earlier"),
                place: rule.place.clone(),
            });
        }
    }
    let mut number = 0;
    visit(rule, &mut |site, condition| {
        if let Some((text, place)) = leaf_text(condition) {
            all.push(Named {
                spot: Spot::Leaf(number),
                site,
                text,
                words: sentence::single(condition),
                place: place.clone(),
            });
        }
        number += 1;
    });
    all
}

/// Whether anything would be owed after the last day in force: where every date is named, none may be left.
fn goes_on_after(rule: &Rule, until: NaiveDate) -> bool {
    let (next, years) = (until.succ_opt(), until.checked_add_days(chrono::Days::new(731)));
    let dates = |duty: &Duty| {
        next.zip(years)
            .is_some_and(|(next, years)| !duty.due.dates_between(next, years).is_empty())
    };
    rule.per != Some(Per::Dates) || rule.duties.iter().any(dates)
}

/// Visits every condition that is measured here, in the order in which it is written; a window before those within it.
fn visit(rule: &mut Rule, each: &mut dyn FnMut(Site, &mut Condition)) {
    let per = rule.per.is_some();
    let own = [(Site::When, Some(&mut rule.when)), (Site::Unless, rule.unless.as_mut())];
    for (site, condition) in own {
        let Some(condition) = condition else { continue };
        if per {
            leaves(condition, site, each);
        } else {
            filters(condition, each);
        }
    }
    for (site, followed) in [
        (Site::Preceded, rule.preceded.as_mut()),
        (Site::Followed, rule.unless_followed.as_mut()),
    ] {
        if let Some(when) = followed.and_then(|followed| followed.when.as_mut()) {
            leaves(when, site, each);
        }
    }
    for duty in &mut rule.duties {
        let other = duty.or_else.as_mut().map(|other| &mut other.when);
        for condition in duty.when.as_mut().into_iter().chain(other) {
            filters(condition, each);
        }
    }
}

/// The leaves of a condition. What stands for a condition that always or never holds is a leaf as well.
fn leaves(condition: &mut Condition, site: Site, each: &mut dyn FnMut(Site, &mut Condition)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => {
            for part in parts {
                match part {
                    Condition::All(inner) | Condition::Any(inner) if inner.is_empty() => each(site, part),
                    _ => leaves(part, site, each),
                }
            }
        }
        Condition::Not(part) => leaves(part, site, each),
        Condition::Test(_) | Condition::Fires { .. } => each(site, condition),
        Condition::Window(_) => {
            each(site, condition);
            if let Condition::Window(window) = condition {
                within(window, each);
            }
        }
    }
}

/// The leaves of the `where` of every window in a condition.
fn filters(condition: &mut Condition, each: &mut dyn FnMut(Site, &mut Condition)) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter_mut().for_each(|part| filters(part, each)),
        Condition::Not(part) => filters(part, each),
        Condition::Window(window) => within(window, each),
        Condition::Test(_) | Condition::Fires { .. } => {}
    }
}

fn within(window: &mut WindowTest, each: &mut dyn FnMut(Site, &mut Condition)) {
    if let Some(filter) = window.filter.as_deref_mut() {
        leaves(filter, Site::Where, each);
    }
}

/// Judges with one condition of a rule, in each of its editions, held or failing whatever the records say.
fn turned<T>(case: &mut Case, at: usize, spot: Spot, holds: bool, judge: impl FnOnce(&mut Case) -> T) -> T {
    let rule = &mut case.policy.rules[at];
    let days = (rule.effective_from, rule.edition_from, rule.effective_until);
    let first = rule.earlier.last().map(|edition| edition.edition_from);
    let mut constant = Vec::new();
    match spot {
        Spot::From => {
            let from = if holds { NaiveDate::MIN } else { NaiveDate::MAX };
            rule.effective_from = from;
            let earliest = rule
                .earlier
                .last_mut()
                .map_or(&mut rule.edition_from, |edition| &mut edition.edition_from);
            *earliest = from;
        }
        Spot::Until => rule.effective_until = (!holds).then_some(NaiveDate::MIN),
        Spot::Leaf(number) => constant = swap(rule, number, constants(rule.earlier.len() + 1, holds)),
    }
    let value = judge(case);
    let rule = &mut case.policy.rules[at];
    (rule.effective_from, rule.edition_from, rule.effective_until) = days;
    if let (Some(edition), Some(from)) = (rule.earlier.last_mut(), first) {
        edition.edition_from = from;
    }
    if let Spot::Leaf(number) = spot {
        swap(rule, number, constant);
    }
    value
}

fn constants(count: usize, holds: bool) -> Vec<Condition> {
    let constant = || {
        if holds {
            Condition::All(Vec::new())
        } else {
            Condition::Any(Vec::new())
        }
    };
    std::iter::repeat_with(constant).take(count).collect()
}

/// Puts a condition in the place of the leaf of that number, one for each edition; returns what stood there.
fn swap(rule: &mut Rule, number: usize, with: Vec<Condition>) -> Vec<Condition> {
    let mut earlier = std::mem::take(&mut rule.earlier);
    let mut before = Vec::new();
    for (edition, with) in std::iter::once(&mut *rule).chain(&mut earlier).zip(with) {
        let mut at = 0;
        let mut with = Some(with);
        visit(edition, &mut |_, condition| {
            if at == number
                && let Some(with) = with.take()
            {
                before.push(std::mem::replace(condition, with));
            }
            at += 1;
        });
    }
    rule.earlier = earlier;
    before
}

/// Looks for records for which the condition matters, by single changes of any record of any test, and returns the test
/// that they make.
fn search(case: &mut Case, at: usize, named: &Named, wanted: bool, seeds: &[Draft]) -> Option<String> {
    let mut judged = 0;
    for seed in seeds {
        for draft in std::iter::once(seed.clone()).chain(changed(case, at, named, seed)) {
            judged += 1;
            if judged > LIMIT {
                return None;
            }
            let Some(now) = outcome(case, at, &draft) else { continue };
            let then = turned(case, at, named.spot, !wanted, |case| outcome(case, at, &draft));
            if let Some(then) = then
                && then != now
            {
                return Some(paste(named, wanted, &draft, &now, &then));
            }
        }
    }
    None
}

/// A draft with each of its records changed in every way that may turn the condition.
fn changed(case: &mut Case, at: usize, named: &Named, seed: &Draft) -> Vec<Draft> {
    let Some((_, on)) = seed.records.first().and_then(date_of) else {
        return Vec::new();
    };
    let rule = &mut case.policy.rules[at];
    let mut drafts = Vec::new();
    let mut try_on = |what: What<'_>| {
        let leaf = Leaf {
            site: named.site,
            what,
            text: String::new(),
            words: String::new(),
            place: named.place.clone(),
        };
        for number in 0..seed.records.len() {
            for change in moves::of(&leaf, seed.records[number].kind, on) {
                if matches!(change, Move::Set(_) | Move::Date(_)) {
                    let mut draft = seed.clone();
                    draft.records.swap(0, number);
                    let mut draft = change.apply(&draft);
                    draft.records.swap(0, number);
                    drafts.push(draft);
                }
            }
        }
    };
    match named.spot {
        Spot::From => try_on(What::From(rule.effective_from)),
        Spot::Until => rule
            .effective_until
            .into_iter()
            .for_each(|until| try_on(What::Until(until))),
        Spot::Leaf(number) => {
            let mut at = 0;
            visit(rule, &mut |_, condition| {
                if at == number {
                    try_on(What::Condition(condition));
                }
                at += 1;
            });
        }
    }
    drafts
}

/// What a rule makes of a draft, as far as a test can say it: whether it fires, and each obligation by its period.
#[derive(Debug, PartialEq, Eq)]
struct Seen {
    fires: Outcome,
    owed: Vec<Owed>,
}

#[derive(Debug, PartialEq, Eq)]
struct Owed {
    period: Option<Shared>,
    due: String,
    covers: Vec<Shared>,
}

fn outcome(case: &mut Case, at: usize, draft: &Draft) -> Option<Seen> {
    let (fires, owed) = judged(case, &[at], draft, |case, record| {
        came(case, &case.policy.rules[at], Some(record), None)
    })?;
    let seen = |owed: &Obligation| Owed {
        period: owed.period.clone(),
        due: when_due(owed),
        covers: owed.covers.clone(),
    };
    Some(Seen {
        fires,
        owed: owed.iter().map(seen).collect(),
    })
}

fn paste(named: &Named, wanted: bool, draft: &Draft, now: &Seen, then: &Seen) -> String {
    let word = |fires: Outcome| match fires {
        Outcome::True => "true",
        Outcome::False => "false",
        Outcome::Unknown => "\"undetermined\"",
    };
    let differs = |owed: &&Owed| !then.owed.contains(owed);
    let mut expect = Vec::new();
    if let Some(owed) = now.owed.iter().find(differs) {
        expect.push(format!("fires = {}", word(now.fires)));
        expect.extend(owed.period.as_ref().map(|period| format!("period = \"{period}\"")));
        expect.push(format!("due = \"{}\"", owed.due));
        if owed.period.is_some() {
            let ids: Vec<String> = owed.covers.iter().map(|id| format!("\"{id}\"")).collect();
            expect.push(format!("covers = [{}]", ids.join(", ")));
        }
    } else if let Some(period) = then
        .owed
        .iter()
        .find(|owed| !now.owed.contains(owed))
        .and_then(|owed| owed.period.as_ref())
    {
        expect.push("fires = false".to_owned());
        expect.push(format!("period = \"{period}\""));
    } else {
        expect.push(format!("fires = {}", word(now.fires)));
    }
    let words = named.words.replace('"', "'");
    let name = if wanted {
        format!("it matters that {words}")
    } else {
        format!("it matters that it is not so that {words}")
    };
    format!(
        "[[rule.test]]\nname = \"{name}\"\nas_of = {}\nexpect = {{ {} }}\n{}",
        draft.as_of,
        expect.join(", "),
        draft.print("rule.test.")
    )
}
