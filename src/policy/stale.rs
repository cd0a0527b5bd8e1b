//! How long ago somebody last held a rule against the law it cites: `checked_on`.

use chrono::{Datelike, NaiveDate};

use crate::base::code::Code;
use crate::base::diagnostic::Diagnostic;
use crate::policy::rule::Rule;

/// Returns the whole months between the day a rule was checked and the as-of date; 0 where it was checked later.
pub fn age_in_months(checked_on: NaiveDate, as_of: NaiveDate) -> u32 {
    let months = |day: NaiveDate| i64::from(day.year()) * 12 + i64::from(day.month0());
    let whole = months(as_of) - months(checked_on) - i64::from(as_of.day() < checked_on.day());
    u32::try_from(whole).unwrap_or(0)
}

/// Whether a rule was checked longer ago than so many months, or never.
pub fn is_stale(rule: &Rule, as_of: NaiveDate, months: u32) -> bool {
    rule.checked_on.is_none_or(|day| age_in_months(day, as_of) >= months)
}

/// Names every rule that is stale.
pub fn check(rules: &[Rule], as_of: NaiveDate, months: u32) -> Vec<Diagnostic> {
    rules
        .iter()
        .filter(|rule| is_stale(rule, as_of, months))
        .map(|rule| {
            let (message, label) = match rule.checked_on {
                Some(day) => (
                    format!("{} was last checked {} months ago", rule.id, age_in_months(day, as_of)),
                    format!("checked on {day}"),
                ),
                None => (
                    format!("nobody says when {} was checked", rule.id),
                    "no `checked_on`".to_owned(),
                ),
            };
            Diagnostic::new(Code::RuleStale, message)
                .at(rule.place.clone())
                .label(label)
                .help(
                    "hold the rule against its authority, then set `checked_on`; `[policy] stale_after_months` in \
                     relto.toml says how old is too old",
                )
                .rule(rule.id.clone())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_whole_ones() {
        let age = |from: &str, to: &str| age_in_months(from.parse().unwrap(), to.parse().unwrap());
        assert_eq!(age("2025-01-31", "2026-01-30"), 11);
        assert_eq!(age("2025-01-31", "2026-01-31"), 12);
        assert_eq!(age("2025-01-15", "2025-02-14"), 0);
        assert_eq!(age("2026-11-21", "2026-01-15"), 0, "checked after the as-of date");
    }
}
