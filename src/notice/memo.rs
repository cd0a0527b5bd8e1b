//! The memorandum for the file: each decision not to notify, who took it, and why.

use crate::evaluate::case::Case;
use crate::evaluate::obligation::Obligation;
use crate::notice::model::Decision;
use crate::notice::say;
use crate::record::value::{Record, Value};

/// The decisions of a record that the obligations rest on, in the order of the rules.
pub(super) fn decisions(record: &Record, owed: &[&Obligation], case: &Case, mark: &str) -> Vec<Decision> {
    let mut decisions: Vec<Decision> = Vec::new();
    for obligation in owed {
        let entries = record
            .tables("not_notified")
            .filter(|entry| entry.word("rule") == Some(obligation.rule.as_str()));
        for entry in entries {
            let said = |key: &str| entry.word(key).map(say::one_line).unwrap_or_default();
            let decision = Decision {
                mark: mark.to_owned(),
                rule: obligation.rule.to_string(),
                title: obligation.rule_title.to_string(),
                by: said("by"),
                on: match entry.get("on").map(|node| &node.value) {
                    Some(Value::When(when)) => say::capital(&when.long()),
                    _ => "Not stated".to_owned(),
                },
                reason: said("reason"),
                recipients: obligation
                    .recipients
                    .iter()
                    .map(|id| {
                        case.recipients
                            .get(id)
                            .map_or_else(|| id.clone(), |found| found.name.clone())
                    })
                    .collect(),
            };
            // Two duties of one rule rest on one decision.
            if !decisions.contains(&decision) {
                decisions.push(decision);
            }
        }
    }
    decisions
}
