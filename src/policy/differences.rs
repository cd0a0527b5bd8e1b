//! Two versions of rules compared in words: what was added, removed and changed.

use std::collections::BTreeSet;

use crate::calendar::deadline::Deadline;
use crate::policy::rule::{Condition, Duty, Followed, Parameter, Rule};
use crate::policy::sentence;

/// What became of a rule.
#[derive(Debug)]
pub struct RuleChange {
    pub rule: String,
    /// The title of the newer version.
    pub title: String,
    pub what: What,
}

#[derive(Debug)]
pub enum What {
    Added,
    Removed,
    /// Each property that differs.
    Changed(Vec<Property>),
}

/// One property of a rule that differs; nothing stands for "not there".
#[derive(Debug, PartialEq, Eq)]
pub struct Property {
    pub name: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

impl Property {
    /// Whether it bears on when the rule fires.
    pub fn is_condition(&self) -> bool {
        [
            "when",
            "unless",
            "unless_followed",
            "preceded",
            "effective",
            "applies_to",
        ]
        .contains(&self.name.as_str())
    }
}

/// Compares rules by id; rules that are alike are left out.
pub fn between(old: &[&Rule], new: &[&Rule]) -> Vec<RuleChange> {
    let mut changes = Vec::new();
    for rule in old {
        match new.iter().find(|other| other.id == rule.id) {
            None => changes.push(RuleChange {
                rule: rule.id.clone(),
                title: rule.title.clone(),
                what: What::Removed,
            }),
            Some(other) => {
                let properties = properties(rule, other);
                if !properties.is_empty() {
                    changes.push(RuleChange {
                        rule: rule.id.clone(),
                        title: other.title.clone(),
                        what: What::Changed(properties),
                    });
                }
            }
        }
    }
    let added = new.iter().filter(|rule| old.iter().all(|other| other.id != rule.id));
    changes.extend(added.map(|rule| RuleChange {
        rule: rule.id.clone(),
        title: rule.title.clone(),
        what: What::Added,
    }));
    changes
}

fn properties(old: &Rule, new: &Rule) -> Vec<Property> {
    let (before, after) = (all(old), all(new));
    let mut names: Vec<&String> = before.iter().map(|(name, _)| name).collect();
    for (name, _) in &after {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    let of = |list: &[(String, String)], name: &String| {
        let found = list
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.clone());
        found.filter(|value| !value.is_empty())
    };
    names
        .into_iter()
        .map(|name| Property {
            name: name.clone(),
            old: of(&before, name),
            new: of(&after, name),
        })
        .filter(|property| property.old != property.new)
        .collect()
}

/// Every property of a rule in words, in the order of a pack.
fn all(rule: &Rule) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut put = |name: &str, value: String| found.push((name.to_owned(), value));
    let until = rule
        .effective_until
        .map_or_else(String::new, |day| format!(" until {day}"));
    let kinds: Vec<&str> = rule.applies_to.iter().map(|kind| kind.name()).collect();
    let fields: Vec<&str> = rule.fields.iter().map(|path| path.text.as_str()).collect();
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    put("title", rule.title.clone());
    put("status", rule.status.word().to_owned());
    put("confidence", rule.confidence.word().to_owned());
    put("enabled", if rule.enabled { "yes" } else { "no" }.to_owned());
    put(
        "reference_only",
        if rule.reference_only {
            "yes".to_owned()
        } else {
            String::new()
        },
    );
    put("authority", rule.authority.join("; "));
    put(
        "checked_on",
        rule.checked_on.map_or_else(String::new, |day| day.to_string()),
    );
    put("effective", format!("from {}{until}", rule.effective_from));
    put("applies_to", kinds.join(", "));
    put("per", rule.per.map_or_else(String::new, |per| per.word().to_owned()));
    put("effect", rule.effect.word().to_owned());
    put("fields", fields.join(", "));
    put(
        "when",
        if is_empty(&rule.when) {
            String::new()
        } else {
            sentence::condition(&rule.when)
        },
    );
    put(
        "unless",
        rule.unless.as_ref().map_or_else(String::new, sentence::condition),
    );
    put("unless_followed", other(rule.unless_followed.as_ref()));
    put("preceded", other(rule.preceded.as_ref()));
    put("waivable_by", rule.waivable_by.join(", "));
    put(
        "parameters",
        rule.parameters.iter().map(parameter).collect::<Vec<_>>().join("; "),
    );
    put("responsible", said(&rule.responsible));
    put("late", said(&rule.late));
    put("note", said(&rule.note));
    put("read_first", said(&rule.read_first));
    for (at, duty) in rule.duties.iter().enumerate() {
        let name = match &duty.name {
            Some(name) => format!("duty {name}"),
            None if rule.duties.len() == 1 => "duty".to_owned(),
            None => format!("duty {}", at + 1),
        };
        for (key, value) in of_duty(duty) {
            found.push((format!("{name}: {key}"), value));
        }
    }
    found
}

fn of_duty(duty: &Duty) -> Vec<(&'static str, String)> {
    let said = |text: &Option<String>| text.clone().unwrap_or_default();
    let or_else = duty.or_else.as_ref().map_or_else(String::new, |other| {
        format!("{}, where {}", other.due.text(), sentence::condition(&other.when))
    });
    vec![
        ("notify", duty.notify.join(", ")),
        ("due", duty.due.text().to_owned()),
        ("when", duty.when.as_ref().map_or_else(String::new, sentence::condition)),
        ("or_else", or_else),
        (
            "target",
            duty.target.as_ref().map(Deadline::text).unwrap_or_default().to_owned(),
        ),
        (
            "postpone",
            duty.postpone
                .as_ref()
                .map_or_else(String::new, |postpone| postpone.text.clone()),
        ),
        ("form", said(&duty.form)),
        ("contains", duty.contains.join(", ")),
        ("letter", said(&duty.letter)),
        ("discharged_by", said(&duty.discharged_by)),
    ]
}

fn is_empty(condition: &Condition) -> bool {
    matches!(condition, Condition::All(parts) if parts.is_empty())
}

fn other(followed: Option<&Followed>) -> String {
    followed.map_or_else(String::new, |followed| {
        format!("{}, same {}", sentence::follower(followed), followed.same.join(" and "))
    })
}

fn parameter(parameter: &Parameter) -> String {
    let values: Vec<String> = parameter
        .values
        .iter()
        .map(|(from, value)| match *from {
            chrono::NaiveDate::MIN => value.clone(),
            from => format!("{value} from {from}"),
        })
        .collect();
    format!("{} {}", parameter.name, values.join(", "))
}

/// What a list of words gained and lost; nothing where either side is no list or they share nothing.
pub fn list_change(old: &str, new: &str) -> Option<(Vec<String>, Vec<String>)> {
    let split = |text: &str| -> BTreeSet<String> { text.split(", ").map(str::to_owned).collect() };
    let (before, after) = (split(old), split(new));
    (before.intersection(&after).next().is_some() && before.len().max(after.len()) > 2).then(|| {
        let gained = after.difference(&before).cloned().collect();
        let lost = before.difference(&after).cloned().collect();
        (gained, lost)
    })
}
