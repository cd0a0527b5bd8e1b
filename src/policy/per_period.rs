//! What a rule per period may say: a report that somebody is sent, due by the calendar.

use crate::base::source::Place;
use crate::calendar::due::DueKind;
use crate::policy::rule::{Effect, Per, Rule};
use crate::policy::scope::{Scope, bad_rule};

/// Holds `per` against the rest of the rule.
pub(super) fn check(scope: &mut Scope<'_>, rule: &Rule, per: Per, place: &Place) {
    if rule.effect != Effect::Notify {
        scope.report(
            bad_rule(
                format!("a rule per {} with `effect = \"{}\"`", per.word(), rule.effect.word()),
                place,
                "a period has no record to judge",
            )
            .help("write `effect = \"notify\"`, or leave `per` out"),
        );
    }
    for (key, there) in [
        ("unless_followed", rule.unless_followed.is_some()),
        ("preceded", rule.preceded.is_some()),
    ] {
        if there {
            scope.report(
                bad_rule(
                    format!("`{key}` in a rule per {}", per.word()),
                    place,
                    "a period follows no record",
                )
                .help(format!(
                    "leave `{key}` out; `when` says which records count in a period"
                )),
            );
        }
    }
    for duty in &rule.duties {
        if duty.when.is_some() || duty.or_else.is_some() {
            scope.report(
                bad_rule(
                    "a duty of a rule per period tests a record",
                    &duty.place,
                    "a period has none",
                )
                .help("leave `when` and `or_else` out of the duty, or write two rules with dates in `effective`"),
            );
        }
        let recipients = duty.notify.iter().filter(|name| name.starts_with('@'));
        for name in recipients {
            scope.report(
                bad_rule(
                    format!("`{name}` in a rule per period"),
                    &duty.place,
                    "a period links to no record",
                )
                .help("name the recipients"),
            );
        }
        let listed = duty.due.text().starts_with("on ");
        if per == Per::Dates && !listed {
            scope.report(
                bad_rule(
                    format!("`{}` names no dates", duty.due.text()),
                    &duty.place,
                    "a rule per dates is due on dates",
                )
                .help("write `due = \"on 2024-12-22 and 2025-12-22\"`, or `per = \"year\"`"),
            );
        }
        let by_calendar = matches!(duty.due.kind(), DueKind::Periodic | DueKind::Date)
            || duty.due.fields().iter().any(|clock| clock.starts_with("period_"));
        if per != Per::Dates && !by_calendar {
            scope.report(
                bad_rule(
                    format!(
                        "`{}` does not say when the report of a {} is due",
                        duty.due.text(),
                        per.word()
                    ),
                    &duty.place,
                    "no date follows from the period",
                )
                .help("count from the period, as in `60 days after period_end`, or name days: `on Feb 1 and Aug 1`"),
            );
        }
    }
}
