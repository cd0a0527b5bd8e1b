//! Which records a rule has to see together: what a run over parts of the records has to keep in one part.

use crate::policy::rule::{Condition, Followed, Policy, Rule};
use crate::record::kind::Kind;

/// One rule that looks beyond its record, and the fields whose values the records it looks at have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartitionKey {
    pub rule: String,
    pub enabled: bool,
    /// The kinds of the records that must be seen together.
    pub kinds: Vec<Kind>,
    /// Dotted paths; a link such as `resumes` puts a record beside the one it names.
    pub same: Vec<String>,
    /// What it looks for, in words.
    pub why: String,
}

/// Returns the partition keys of every rule with a window, a follower or a predecessor, in the order of the rules.
pub fn partition_keys(policy: &Policy) -> Vec<PartitionKey> {
    policy
        .rules
        .iter()
        .flat_map(|rule| {
            let mut keys: Vec<PartitionKey> = rule.editions().flat_map(of_rule).collect();
            keys.dedup();
            keys
        })
        .collect()
}

fn of_rule(rule: &Rule) -> Vec<PartitionKey> {
    let mut keys = Vec::new();
    let of_duties = rule
        .duties
        .iter()
        .flat_map(|duty| duty.when.iter().chain(duty.or_else.iter().map(|other| &other.when)));
    for condition in std::iter::once(&rule.when).chain(&rule.unless).chain(of_duties) {
        windows(condition, rule, &mut keys);
    }
    let followed = |followed: &Followed, word: &str| {
        let mut kinds = rule.applies_to.clone();
        kinds.push(followed.kind);
        kinds.dedup();
        PartitionKey {
            kinds,
            same: followed.same.clone(),
            why: format!(
                "{word} by {} within {}",
                followed.kind.words_with_article(),
                followed.within
            ),
            ..of(rule)
        }
    };
    keys.extend(rule.unless_followed.as_ref().map(|found| followed(found, "followed")));
    keys.extend(rule.preceded.as_ref().map(|found| followed(found, "preceded")));
    for name in rule.duties.iter().flat_map(|duty| &duty.notify) {
        if let Some(link) = name.strip_prefix("@same_as:") {
            keys.push(PartitionKey {
                kinds: rule.applies_to.clone(),
                same: vec![link.to_string()],
                why: format!("told whom the record in `{link}` was told"),
                ..of(rule)
            });
        }
    }
    keys.dedup();
    keys
}

fn of(rule: &Rule) -> PartitionKey {
    PartitionKey {
        rule: rule.id.clone(),
        enabled: rule.enabled,
        kinds: Vec::new(),
        same: Vec::new(),
        why: String::new(),
    }
}

fn windows(condition: &Condition, rule: &Rule, keys: &mut Vec<PartitionKey>) {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| windows(part, rule, keys)),
        Condition::Not(part) => windows(part, rule, keys),
        Condition::Window(window) => keys.push(PartitionKey {
            kinds: rule.applies_to.clone(),
            same: window.same.iter().map(|path| path.text.clone()).collect(),
            why: format!("counted within {}", window.within),
            ..of(rule)
        }),
        Condition::Test(_) | Condition::Fires { .. } => {}
    }
}
