//! How two rules stand to each other, decided by the algebra of their conditions.
//!
//! What is answered is proved: conditions are multiplied out over finite domains as for dead rules, and what cannot be
//! multiplied out (windows, `fires`, members of organizations) counts as possible. So a yes is a yes, and a no is only "not
//! proved".

use chrono::NaiveDate;

use crate::policy::dead::{Conjunctions, Want, expand, never, times};
use crate::policy::rule::Rule;
use crate::record::kind::Kind;

/// Returns the kinds of records that both rules apply to.
pub fn shared_kinds(a: &Rule, b: &Rule) -> Vec<Kind> {
    let both = a.applies_to.iter().filter(|kind| b.applies_to.contains(kind));
    both.copied().collect()
}

/// Whether it is proved that no record makes both rules fire.
pub fn exclusive(a: &Rule, b: &Rule) -> bool {
    let kinds = shared_kinds(a, b);
    let apart = a.effective_until.is_some_and(|until| until < b.effective_from)
        || b.effective_until.is_some_and(|until| until < a.effective_from);
    kinds.is_empty() || apart || never(times(fires(a), fires(b)).as_ref(), &kinds)
}

/// Whether it is proved that every record that makes `a` fire makes `b` fire.
pub fn implies(a: &Rule, b: &Rule) -> bool {
    let last = |rule: &Rule| rule.effective_until.unwrap_or(NaiveDate::MAX);
    if !a.applies_to.iter().all(|kind| b.applies_to.contains(kind))
        || a.effective_from < b.effective_from
        || last(a) > last(b)
        || b.preceded.is_some()
        || b.unless_followed.is_some()
    {
        return false;
    }
    let without = times(fires(a), expand(&b.when, Want::NotTrue));
    let excepted = b
        .unless
        .as_ref()
        .map(|unless| times(fires(a), expand(unless, Want::True)));
    never(without.as_ref(), &a.applies_to) && excepted.is_none_or(|both| never(both.as_ref(), &a.applies_to))
}

/// The conjunctions in which a rule fires; what precedes and follows is left open.
fn fires(rule: &Rule) -> Conjunctions<'_> {
    let when = expand(&rule.when, Want::True);
    match &rule.unless {
        Some(unless) => times(when, expand(unless, Want::NotTrue)),
        None => when,
    }
}
