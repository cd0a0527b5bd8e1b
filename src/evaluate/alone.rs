//! A few records judged by themselves, one rule switched on: for the tests beside the rules, and for records that relto
//! makes up.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::evaluate::case::{Case, Frame};
use crate::evaluate::derive::derive;
use crate::marking::audience::Comparisons;
use crate::record::value::Record;

/// Judges `records`, of which `judged` is reported on, under the policy of `case` with the rules `on` switched on, and
/// puts the policy back as it was. A rule per period is judged over all of them.
pub(super) fn alone<T>(
    case: &mut Case,
    on: &[usize],
    records: &[Record],
    judged: &str,
    as_of: NaiveDate,
    judge: impl FnOnce(&Case) -> T,
) -> T {
    let mut records = records.to_vec();
    let mut comparisons = Comparisons::new(&case.vocabulary);
    for record in &mut records {
        derive(record, case.calendar.timezone, as_of, &mut comparisons);
    }
    records.sort_by(|a, b| a.id.cmp(&b.id));
    let mut policy = std::mem::take(&mut case.policy);
    let before: Vec<bool> = on
        .iter()
        .map(|at| std::mem::replace(&mut policy.rules[*at].enabled, true))
        .collect();
    let per = on.iter().any(|at| policy.rules[*at].per.is_some());
    let reported = if per {
        records.iter().map(|record| record.id.clone()).collect()
    } else {
        BTreeSet::from([judged.into()])
    };
    let frame = Frame {
        policy,
        recipients: std::mem::take(&mut case.recipients),
        calendar: std::mem::take(&mut case.calendar),
        vocabulary: Arc::clone(&case.vocabulary),
        as_of,
    };
    let mut inner = Case::of(records, reported, frame);
    let value = judge(&inner);
    case.policy = std::mem::take(&mut inner.policy);
    case.recipients = std::mem::take(&mut inner.recipients);
    case.calendar = std::mem::take(&mut inner.calendar);
    for (at, enabled) in on.iter().zip(before) {
        case.policy.rules[*at].enabled = enabled;
    }
    value
}
