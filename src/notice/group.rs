//! Who gets the same letter: recipients grouped by the rules owed to them, each addressee once.

use std::collections::BTreeMap;

use crate::base::shared::Shared;
use crate::calendar::due::DueKind;
use crate::evaluate::obligation::Obligation;
use crate::policy::recipients::Recipients;
use crate::record::value::{Record, Value};

/// Recipients that are owed the same rules, and what they are owed.
#[derive(Debug)]
pub(super) struct Group<'a> {
    pub(super) recipients: Vec<&'a str>,
    /// Earliest due first.
    pub(super) owed: Vec<&'a Obligation>,
}

impl Group<'_> {
    /// The rules cited, each once, earliest due first.
    pub(super) fn rules(&self) -> Vec<String> {
        let mut rules: Vec<String> = Vec::new();
        for owed in &self.owed {
            if !rules.iter().any(|rule| owed.rule == *rule) {
                rules.push(owed.rule.to_string());
            }
        }
        rules
    }
}

/// Groups the recipients by the list of rules owed to them, in the order in which they are first named.
///
/// A committee and its chair are one addressee: the committee's letter goes to its chair, with a copy to the vice
/// chairman or ranking member, and answers the rules owed to any of them. Only where the committee itself is owed
/// nothing, or a rule asks for a receipt per Member, is each office written to.
pub(super) fn groups<'a>(record: &Record, owed: &[&'a Obligation], recipients: &Recipients) -> Vec<Group<'a>> {
    let told = told_in_writing(record);
    let open = |obligation: &Obligation, recipient: &str| {
        // Told once is told, except where the duty comes again.
        !told.contains(&recipient) || obligation.due.kind == DueKind::Recurring
    };
    let bodies: Vec<&str> = owed
        .iter()
        .flat_map(|obligation| obligation.recipients.iter().map(move |id| (*obligation, id.as_str())))
        .filter(|(obligation, id)| open(obligation, id))
        .map(|(_, id)| id)
        .collect();
    let mut order: Vec<&str> = Vec::new();
    let mut rules: BTreeMap<&str, Vec<&'a Obligation>> = BTreeMap::new();
    for obligation in owed {
        for recipient in obligation.recipients.iter() {
            if !open(obligation, recipient) {
                continue;
            }
            let addressee = match recipients.get(recipient).and_then(|office| office.of.as_deref()) {
                Some(body) if !per_member(obligation) => {
                    bodies.iter().copied().find(|id| *id == body).unwrap_or(recipient)
                }
                _ => recipient,
            };
            if !rules.contains_key(addressee) {
                order.push(addressee);
            }
            let list = rules.entry(addressee).or_default();
            if !list.iter().any(|known| std::ptr::eq(*known, *obligation)) {
                list.push(obligation);
            }
        }
    }
    let mut groups: Vec<Group<'a>> = Vec::new();
    for recipient in order {
        let list = rules.remove(recipient).unwrap_or_default();
        let names = |owed: &[&Obligation]| {
            let mut names: Vec<Shared> = owed.iter().map(|owed| owed.rule.clone()).collect();
            names.sort();
            names.dedup();
            names
        };
        if let Some(group) = groups.iter_mut().find(|group| names(&group.owed) == names(&list)) {
            group.recipients.push(recipient);
        } else {
            groups.push(Group {
                recipients: vec![recipient],
                owed: list,
            });
        }
    }
    groups
}

/// Whether the law wants every Member written to: "per Member" in the form that its rule gives.
fn per_member(obligation: &Obligation) -> bool {
    obligation
        .form
        .as_deref()
        .is_some_and(|form| form.to_lowercase().contains("per member"))
}

/// Who was told otherwise than by word of mouth: an oral notice is followed by a letter.
fn told_in_writing(record: &Record) -> Vec<&str> {
    record
        .tables("notified")
        .filter(|entry| entry.word("how") != Some("oral"))
        .filter_map(|entry| match &entry.get("recipient")?.value {
            Value::Text(id) => Some(id.as_str()),
            _ => None,
        })
        .collect()
}

/// `SSCI+HPSCI`; from the fourth recipient on, how many more. The first alone tells the groups of a record apart.
pub(super) fn name(recipients: &[&str]) -> String {
    match recipients {
        [first, second, rest @ ..] if rest.len() > 1 => format!("{first}+{second}+{}-more", rest.len()),
        all => all.join("+"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_have_short_names() {
        assert_eq!(name(&["SSCI"]), "SSCI");
        assert_eq!(name(&["SSCI", "HPSCI", "SASC"]), "SSCI+HPSCI+SASC");
        assert_eq!(name(&["SSCI", "HPSCI", "SASC", "HASC"]), "SSCI+HPSCI+2-more");
    }
}
