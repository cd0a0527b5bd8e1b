//! The page of a rule: what it demands, under which authority, and its tests.

use serde_json::{Value, json};

use crate::calendar::deadline::Deadline;
use crate::policy::rule::{Duty, Effect, Parameter, Per, Rule, Status};
use crate::policy::sentence;
use crate::policy::stale::{age_in_months, is_stale};
use crate::record::kind::Kind;
use crate::report::table::wrapped;
use crate::report::{Look, json as documents, visible};
use crate::run::Checked;

/// Columns of the names on the left of a page.
const NAME: usize = 12;

/// Renders the page of a rule.
pub fn page(rule: &Rule, checked: &Checked, look: Look) -> String {
    let mut page = Page {
        text: String::new(),
        width: look.width.min(100),
    };
    page.paragraph(&format!("{}: {}", rule.id, rule.title));
    page.paragraph(&sentence::of(rule));
    page.paragraph(&standing(rule));
    if let (false, Some(read)) = (rule.enabled, &rule.read_first) {
        page.paragraph(&format!("Switched off. Read first: {read}"));
    }
    page.line("pack", &pack(rule, checked));
    page.line(
        "status",
        &format!(
            "{}, confidence {}{}",
            rule.status.word(),
            rule.confidence.word(),
            seen(rule, checked)
        ),
    );
    for authority in &rule.authority {
        page.line("authority", authority);
    }
    let until = rule
        .effective_until
        .map_or_else(String::new, |day| format!(" until {day}"));
    page.line("in effect", &format!("from {}{until}", rule.effective_from));
    page.line("applies to", &kinds(rule));
    if let Some(per) = rule.per {
        page.line("owed per", per.word());
    }
    page.line("effect", rule.effect.word());
    page.line("switched", if rule.enabled { "on" } else { "off" });
    page.maybe("responsible", rule.responsible.as_ref());
    page.maybe("when late", rule.late.as_ref());
    if !rule.waivable_by.is_empty() {
        page.line("waivable by", &rule.waivable_by.join(", "));
    }
    if let Some(pack) = &rule.overrides {
        page.line("overrides", &format!("the rule of the pack {pack}"));
    }
    for parameter in &rule.parameters {
        page.line("parameter", &in_words(parameter));
    }
    for duty in &rule.duties {
        page.duty(duty);
    }
    if let Some(note) = &rule.note {
        page.text.push('\n');
        page.paragraph(note);
    }
    if !rule.tests.is_empty() {
        if rule.note.is_none() {
            page.text.push('\n');
        }
        page.push("tests");
        for test in &rule.tests {
            page.item(&test.name);
        }
    }
    page.text
}

/// How a rule stands in law, as a sentence: whether a statute requires the notice, or forbids the act.
pub fn standing(rule: &Rule) -> String {
    let tells = rule.duties.is_empty() || rule.duties.iter().any(|duty| !duty.notify.is_empty());
    let does = match rule.effect {
        Effect::Notify if tells => "requires this notice",
        Effect::Notify | Effect::Require => "requires this",
        Effect::Prohibit => "prohibits this",
        Effect::Advise => "says this",
    };
    let by_none = |begin: &str| format!("{begin} No statute {does}.");
    match rule.status {
        Status::InForce => format!("In force: a statute {does}."),
        Status::Directive if rule.effect == Effect::Prohibit => by_none("Prohibited by a directive."),
        Status::Directive => by_none("Required by a directive."),
        Status::Directed => by_none("Directed by a committee of Congress."),
        Status::SenseOfCongress => by_none("A sense of Congress."),
        Status::Proposed => by_none("Proposed, not enacted."),
        Status::Model => by_none("A model rule."),
        Status::Expired => "Expired: it applies only to what happened while it was in force.".to_owned(),
        Status::Repealed => "Repealed: it applies only to what happened while it was in force.".to_owned(),
    }
}

struct Page {
    text: String,
    width: usize,
}

impl Page {
    fn paragraph(&mut self, text: &str) {
        for line in wrapped(text.trim(), self.width) {
            self.push(&line);
        }
        self.text.push('\n');
    }

    fn line(&mut self, name: &str, value: &str) {
        for (at, part) in wrapped(value, self.width.saturating_sub(NAME + 4))
            .into_iter()
            .enumerate()
        {
            let name = if at == 0 { name } else { "" };
            self.push(&format!("  {name:<NAME$}  {part}"));
        }
    }

    fn maybe(&mut self, name: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.line(name, value);
        }
    }

    fn item(&mut self, text: &str) {
        for (at, part) in wrapped(text, self.width.saturating_sub(4)).into_iter().enumerate() {
            self.push(&format!("  {} {part}", if at == 0 { "-" } else { " " }));
        }
    }

    fn duty(&mut self, duty: &Duty) {
        let name = duty.name.as_ref().map_or_else(String::new, |name| format!(" {name}"));
        self.push("");
        self.push(&format!("duty{name}"));
        if !duty.notify.is_empty() {
            self.line("to", &duty.notify.join(", "));
        }
        self.line("due", duty.due.text());
        self.maybe("met by", duty.discharged_by.as_ref());
        if let Some(or_else) = &duty.or_else {
            self.line("or else", or_else.due.text());
        }
        if let Some(target) = &duty.target {
            self.line("target", &format!("{} (an internal goal, not the law)", target.text()));
        }
        if let Some(postpone) = &duty.postpone {
            self.line("postponed", &format!("{}, by written notice", postpone.text));
        }
        self.maybe("form", duty.form.as_ref());
        if !duty.contains.is_empty() {
            self.line("contains", &duty.contains.join(", "));
        }
        self.maybe("letter", duty.letter.as_ref());
    }

    fn push(&mut self, line: &str) {
        self.text.push_str(visible::line(line).trim_end());
        self.text.push('\n');
    }
}

fn pack(rule: &Rule, checked: &Checked) -> String {
    match checked.case.policy.packs.iter().find(|pack| pack.id == rule.pack) {
        Some(pack) => format!("{} {}, {}", pack.id, pack.version, pack.title),
        None => rule.pack.clone(),
    }
}

/// "`threshold_usd`: 1000000 from 1986-10-27, 2000000 from 2030-01-01".
fn in_words(parameter: &Parameter) -> String {
    let values: Vec<String> = parameter
        .values
        .iter()
        .map(|(from, value)| match *from {
            chrono::NaiveDate::MIN => value.clone(),
            from => format!("{value} from {from}"),
        })
        .collect();
    format!("{}: {}", parameter.name, values.join(", "))
}

fn seen(rule: &Rule, checked: &Checked) -> String {
    let Some(day) = rule.checked_on else {
        return ", never checked".to_owned();
    };
    let ago = match age_in_months(day, checked.as_of) {
        0 => String::new(),
        1 => ", 1 month ago".to_owned(),
        months => format!(", {months} months ago"),
    };
    let stale = if is_stale(rule, checked.as_of, checked.settings.stale_after_months) {
        " (stale: check it anew)"
    } else {
        ""
    };
    format!(", checked on {day}{ago}{stale}")
}

/// The kinds of records a rule applies to, or that it applies to none.
pub fn kinds(rule: &Rule) -> String {
    let kinds: Vec<&str> = rule.applies_to.iter().map(|kind| kind.name()).collect();
    match kinds.as_slice() {
        all if all.len() == Kind::ALL.len() => "every kind".to_owned(),
        [] if rule.reference_only => "nothing: listed for reference".to_owned(),
        [] => "periods, not records".to_owned(),
        _ => kinds.join(", "),
    }
}

/// Returns the rule as a document.
pub fn document(rule: &Rule, checked: &Checked) -> Value {
    json!({
        "schema": documents::SCHEMA,
        "rule": rule.id,
        "title": rule.title,
        "pack": rule.pack,
        "pack_version": checked.case.policy.packs.iter().find(|pack| pack.id == rule.pack).map(|pack| &pack.version),
        "sentence": sentence::of(rule),
        "status": rule.status.word(),
        "standing": standing(rule),
        "confidence": rule.confidence.word(),
        "enabled": rule.enabled,
        "read_first": rule.read_first,
        "reference_only": rule.reference_only,
        "authority": rule.authority,
        "checked_on": rule.checked_on.map(|day| day.to_string()),
        "effective": { "from": rule.effective_from.to_string(), "until": rule.effective_until.map(|day| day.to_string()) },
        "applies_to": rule.applies_to.iter().map(|kind| kind.name()).collect::<Vec<_>>(),
        "per": rule.per.map(Per::word),
        "effect": rule.effect.word(),
        "overrides": rule.overrides,
        "parameters": rule.parameters.iter().map(|parameter| (parameter.name.clone(), values(parameter))).collect::<serde_json::Map<_, _>>(),
        "waivable_by": rule.waivable_by,
        "responsible": rule.responsible,
        "late": rule.late,
        "note": rule.note,
        "duties": rule.duties.iter().map(duty).collect::<Vec<_>>(),
        "tests": rule.tests.iter().map(|test| &test.name).collect::<Vec<_>>(),
    })
}

fn values(parameter: &Parameter) -> Value {
    let value = |(from, value): &(chrono::NaiveDate, String)| {
        let from = (*from != chrono::NaiveDate::MIN).then(|| from.to_string());
        json!({ "from": from, "value": value })
    };
    parameter.values.iter().map(value).collect()
}

fn duty(duty: &Duty) -> Value {
    json!({
        "name": duty.name,
        "notify": duty.notify,
        "due": duty.due.text(),
        "or_else": duty.or_else.as_ref().map(|or_else| or_else.due.text()),
        "target": duty.target.as_ref().map(Deadline::text),
        "discharged_by": duty.discharged_by,
        "postpone": duty.postpone.as_ref().map(|postpone| &postpone.text),
        "form": duty.form,
        "contains": duty.contains,
        "letter": duty.letter,
    })
}
