//! A rule as an English sentence, for `relto explain` and `relto policy list`.

use crate::calendar::deadline::Deadline;
use crate::calendar::window::Window;
use crate::policy::rule::{
    Condition, Duty, Effect, Followed, Measure, Operand, Operator, Path, Per, Rule, Test, WindowTest,
};
use crate::record::field::Type;
use crate::record::kind::Kind;

/// Fields that are true or false: what they are about, and what is said of it where they are true, and where not.
const YES_OR_NO: &[(&str, &str, &str, &str)] = &[
    (
        "finding.access_limited",
        "finding",
        "is limited in access",
        "is open to all members",
    ),
    (
        "established_channel",
        "channel",
        "is an established one",
        "is no established one",
    ),
    ("collection_tasking", "collection", "is tasked", "is not tasked"),
    ("significant", "significance", "is established", "is ruled out"),
    ("actual", "loss", "is actual", "is not actual"),
    (
        "declassified_for_purpose",
        "declassification",
        "is for this purpose",
        "is not for this purpose",
    ),
    ("audience_changed", "audience", "changes", "does not change"),
    ("to_noforn", "new marking", "becomes NOFORN", "does not become NOFORN"),
    (
        "previously_notified",
        "interpretation",
        "was notified before",
        "was not notified before",
    ),
    ("oral", "form", "is oral", "is not oral"),
    ("late", "sending", "is late", "is in time"),
    ("record_changed", "record", "has changed since", "has not changed since"),
    ("clerical", "correction", "is clerical", "is not clerical"),
];

/// The rule as one sentence: when it holds, and what is then owed.
pub fn of(rule: &Rule) -> String {
    if rule.reference_only {
        return "Listed for reference only: no record kind can hold what it needs.".to_owned();
    }
    let consequence = consequence(rule);
    let mut text = match (rule.per, lines(&rule.when).is_empty()) {
        (Some(per), true) => format!("{}, {consequence}", each(per)),
        (Some(per), false) => {
            format!(
                "{}, over {} where {}, {consequence}",
                each(per),
                plural(&rule.applies_to),
                says(&rule.when, "its ")
            )
        }
        (None, empty) => {
            let head = match (rule.applies_to.as_slice(), empty) {
                ([only], false) => format!(
                    "When {}",
                    says(&rule.when, &format!("{}'s ", only.words_with_article()))
                ),
                (kinds, false) => format!("For {}, when {}", singular(kinds), says(&rule.when, "its ")),
                (kinds, true) => format!("For every {}", singular_bare(kinds)),
            };
            let mut head = vec![head];
            if let Some(preceded) = &rule.preceded {
                head.push(format!(", where {} came before it", other(preceded)));
            }
            if let Some(unless) = &rule.unless {
                head.push(format!(", unless {}", says(unless, "its ")));
            }
            if let Some(followed) = &rule.unless_followed {
                let and = if rule.unless.is_some() { " and" } else { "" };
                head.push(format!(",{and} unless {} follows", other(followed)));
            }
            format!("{}, {consequence}", head.concat())
        }
    };
    text.push('.');
    text
}

/// A condition in words, each field with `its`.
pub fn condition(condition: &Condition) -> String {
    says(condition, "its ")
}

/// A test in words: "counterpart country is one of RUS, CHN, IRN or PRK".
pub fn test(test: &Test) -> String {
    if let Operator::Is(operands) = &test.operator
        && let [Operand::Bool(value)] = operands.as_slice()
        && let Some((_, what, holds, fails)) = YES_OR_NO.iter().find(|(path, ..)| *path == test.path.text)
    {
        return format!("{what} {}", if *value { holds } else { fails });
    }
    format!("{} {}", field(&test.path.text), predicate(&test.path, &test.operator))
}

/// A single condition in words, without an owner where it is a test.
pub fn single(condition: &Condition) -> String {
    one(condition, "")
}

/// The record that follows or precedes, in words: "a sharing change (where its action is resume) within 24 hours".
pub fn follower(followed: &Followed) -> String {
    other(followed)
}

/// The lines of a condition that must all hold.
fn lines(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::All(parts) => parts.iter().flat_map(lines).collect(),
        other => vec![other],
    }
}

fn says(condition: &Condition, owner: &str) -> String {
    let parts: Vec<String> = lines(condition)
        .into_iter()
        .enumerate()
        .map(|(at, part)| one(part, if at == 0 { owner } else { "its " }))
        .collect();
    if parts.is_empty() {
        "nothing else is asked".to_owned()
    } else {
        joined(&parts, "and")
    }
}

fn one(condition: &Condition, owner: &str) -> String {
    match condition {
        Condition::All(_) => says(condition, owner),
        Condition::Any(parts) => {
            let parts: Vec<String> = parts
                .iter()
                .enumerate()
                .map(|(at, part)| {
                    let both = if lines(part).len() > 1 { "both " } else { "" };
                    format!("{both}{}", says(part, if at == 0 { owner } else { "its " }))
                })
                .collect();
            match parts.as_slice() {
                [] => "nothing can hold".to_owned(),
                [only] => only.clone(),
                several => format!("either {}", several.join(", or ")),
            }
        }
        Condition::Not(inner) => format!("it is not so that {}", says(inner, "its ")),
        Condition::Test(found) => format!("{owner}{}", test(found)),
        Condition::Window(window) => counted(window),
        Condition::Fires { rules, .. } => format!("the rule {} fires for it too", joined(rules, "or")),
    }
}

fn counted(window: &WindowTest) -> String {
    let length = match window.within {
        Window::Days(_) => window.within.to_string(),
        other => format!("one {other}"),
    };
    let same = if window.same.is_empty() {
        String::new()
    } else {
        let same: Vec<String> = window.same.iter().map(|path| field(&path.text)).collect();
        format!(" with the same {}", joined(&same, "and"))
    };
    let filter = window.filter.as_ref().map_or_else(String::new, |filter| {
        format!(", counting those where {}", says(filter, "its "))
    });
    match &window.measure {
        Measure::AtLeast(number) => format!("at least {number} such records{same} fall within {length}{filter}"),
        Measure::SumMoreThan { path, bound } => {
            format!(
                "the {} of such records{same} within {length} adds up to more than {bound}{filter}",
                field(&path.text)
            )
        }
    }
}

fn predicate(path: &Path, operator: &Operator) -> String {
    let list = |operands: &[Operand], word: &str| joined(&operands.iter().map(operand).collect::<Vec<_>>(), word);
    match operator {
        Operator::Is(operands) if operands.is_empty() => "are empty".to_owned(),
        Operator::Is(operands) if path.many => format!("are exactly {}", list(operands, "and")),
        Operator::AnyOf(operands) if path.many && operands.len() == 1 => format!("include {}", list(operands, "or")),
        Operator::AnyOf(operands) if path.many => format!("include at least one of {}", list(operands, "or")),
        Operator::Is(operands) => format!("is {}", list(operands, "or")),
        Operator::AnyOf(operands) if operands.len() == 1 => format!("is {}", list(operands, "or")),
        Operator::AnyOf(operands) => format!("is one of {}", list(operands, "or")),
        Operator::AllOf(operands) => format!("include {}", list(operands, "and")),
        Operator::NoneOf(operands) if path.many => format!("include none of {}", list(operands, "or")),
        Operator::NoneOf(operands) if operands.len() == 1 => format!("is not {}", list(operands, "or")),
        Operator::NoneOf(operands) => format!("is none of {}", list(operands, "or")),
        Operator::AtLeast(bound) => match level(path, *bound) {
            Some(level) => format!("is {level} or higher"),
            None => format!("is at least {bound}"),
        },
        Operator::AtMost(bound) => match level(path, *bound) {
            Some(level) => format!("is {level} or lower"),
            None => format!("is at most {bound}"),
        },
        Operator::MoreThan(bound) => match level(path, *bound) {
            Some(level) => format!("is higher than {level}"),
            None => format!("is more than {bound}"),
        },
        Operator::Present(true) if path.many => "are given".to_owned(),
        Operator::Present(false) if path.many => "are not given".to_owned(),
        Operator::Present(true) => "is given".to_owned(),
        Operator::Present(false) => "is not given".to_owned(),
        Operator::Count(1) => "have one value".to_owned(),
        Operator::Count(number) => format!("have {number} values"),
        Operator::LaterThan(deadline) => {
            let words = in_words(deadline);
            format!("is later than {}", words.strip_prefix("on ").unwrap_or(&words))
        }
    }
}

fn level(path: &Path, rank: i64) -> Option<&'static str> {
    matches!(path.of, Type::Level).then(|| level_word(rank))
}

fn level_word(rank: i64) -> &'static str {
    match rank {
        0 => "UNCLASSIFIED",
        1 => "CONFIDENTIAL",
        2 => "SECRET",
        _ => "TOP SECRET",
    }
}

fn operand(operand: &Operand) -> String {
    match operand {
        Operand::Word(word) => name(word),
        Operand::Bool(value) => value.to_string(),
        Operand::Number(number) => number.to_string(),
        Operand::Level(rank) => level_word(*rank).to_owned(),
        Operand::Organization(code) => format!("any member of {code}"),
    }
}

/// A word of a choice as people write it; codes stay as they are.
fn name(text: &str) -> String {
    match text {
        "us_to_foreign" => return "US-to-foreign".to_owned(),
        "foreign_to_us" => return "foreign-to-US".to_owned(),
        "ct_adhoc" => return "ad hoc counterterrorism".to_owned(),
        "un_or_affiliate" => return "the United Nations or an affiliate".to_owned(),
        "nonstate" => return "no state".to_owned(),
        _ => {}
    }
    if text.contains(|c: char| c.is_ascii_lowercase()) {
        text.replace(['.', '_'], " ")
    } else {
        text.to_owned()
    }
}

/// A field as people write it: in the plural where it has many values.
fn field(path: &str) -> String {
    match path {
        "added" => "added codes",
        "removed" => "removed codes",
        "unchanged" => "unchanged codes",
        "undeterminable" => "codes of unknown membership",
        "disclosure_added" => "codes added for disclosure",
        "disclosure_removed" => "codes removed from disclosure",
        "to_noforn" => "downgrade to NOFORN",
        "audience_changed" => "change of audience",
        "announced_by" => "announcers",
        "reported_by" => "press sources",
        "disputed_by" => "sources that dispute it",
        "restriction" => "restrictions",
        "commitments.type" => "types of commitments",
        "finding.reasons_submitted" => "statements of reasons",
        "finding.factors" => "factors of the finding",
        "finding.written" => "written finding",
        "finding.members_told" => "general notice to all members of both committees",
        "finding.access_limited" => "limit on access to the finding",
        "defense_articles_value_usd" => "value of defense articles in US dollars",
        "authorized" => "authorization",
        "significant" => "significance",
        "actual" => "occurrence",
        "prior_level" => "level before",
        "declassified_for_purpose" => "declassification for the purpose",
        "released_under" => "excepted process of release",
        "previously_notified" => "earlier notice to Congress",
        "covert_action" => "answer on covert action",
        "commenced" => "start",
        "decided" => "decision",
        "effective" => "effective date",
        "doj_referral" => "referral to the Department of Justice",
        "assessment_initiated" => "start of the damage assessment",
        "assessment_completed" => "end of the damage assessment",
        other => return name(other),
    }
    .to_owned()
}

fn consequence(rule: &Rule) -> String {
    let duties: Vec<String> = rule.duties.iter().map(duty).collect();
    let duties = duties.join("; ");
    let waiver = if rule.waivable_by.is_empty() {
        String::new()
    } else {
        format!(" unless waived by {}", joined(&rule.waivable_by, "or"))
    };
    match rule.effect {
        Effect::Notify => duties,
        Effect::Prohibit if duties.is_empty() => format!("it is prohibited{waiver}"),
        Effect::Prohibit => format!("it is prohibited{waiver}; {duties}"),
        Effect::Require => {
            let fields: Vec<String> = rule.fields.iter().map(|path| field(&path.text)).collect();
            let required = format!("{} must be answered", joined(&fields, "and"));
            if duties.is_empty() {
                required
            } else {
                format!("{required}; {duties}")
            }
        }
        Effect::Advise => "relto says so; nothing is owed".to_owned(),
    }
}

fn duty(duty: &Duty) -> String {
    let mut text = Vec::new();
    if let Some(when) = &duty.when {
        text.push(format!("where {}, ", says(when, "its ")));
    }
    let told: Vec<String> = duty
        .notify
        .iter()
        .map(|id| match id.strip_prefix("@same_as:") {
            Some(link) => format!("those who were told of the record in `{link}`"),
            None => id.clone(),
        })
        .collect();
    text.push(match &duty.discharged_by {
        Some(path) if told.is_empty() => format!("the {} is owed", field(path)),
        _ => format!("notify {}", joined(&told, "and")),
    });
    text.push(format!(" {}", by(&duty.due)));
    if let Some(or_else) = &duty.or_else {
        let when = says(&or_else.when, "its ");
        text.push(format!(" ({} instead where {when})", by(&or_else.due)));
    }
    match duty.form.as_deref() {
        Some("written") => text.push(", in writing".to_owned()),
        Some(form) => text.push(format!(" (form: {form})")),
        None => {}
    }
    text.concat()
}

/// Returns a deadline in words: "48 hours after it was decided, or else after it was made public". What is no deadline
/// comes back as it is.
pub fn deadline(expression: &str) -> String {
    crate::calendar::deadline::parse(expression).map_or_else(|_| expression.to_owned(), |deadline| in_words(&deadline))
}

/// A deadline with its preposition: "within 7 days after it ended", "at least 30 days before it takes effect".
fn by(deadline: &Deadline) -> String {
    let words = in_words(deadline);
    if !deadline.text().starts_with(|c: char| c.is_ascii_digit()) {
        return words;
    }
    if deadline.text().contains(" before ") {
        format!("at least {words}")
    } else {
        format!("within {words}")
    }
}

/// A deadline with the names of its clocks in words.
fn in_words(deadline: &Deadline) -> String {
    let fields = deadline.fields();
    let text = deadline.text();
    let ahead = text.starts_with("before ") || text.contains(" before ");
    let link = if ahead {
        "before "
    } else if text.starts_with("same day") {
        "as "
    } else {
        "after "
    };
    // What a recurring duty lasts until is to come, too.
    let until = text.find(" until ").unwrap_or(text.len());
    let mut at = 0;
    let words = text
        .split(' ')
        .map(|word| {
            let is_ahead = ahead || at > until;
            at += word.len() + 1;
            if fields.contains(&word) {
                clock(word, is_ahead)
            } else {
                word.to_owned()
            }
        })
        .collect::<Vec<_>>()
        .join(" ")
        .replace(" else ", &format!(", or else {link}"))
        .replace(" then every ", ", then every ")
        .replace(" session days ", " days of session ");
    if words.starts_with("same day") {
        format!("on the {words}")
    } else {
        words
    }
}

/// The date that starts a clock; `ahead` of it, it is still to come.
fn clock(field: &str, ahead: bool) -> String {
    match (field, ahead) {
        ("decided", false) => "it was decided",
        ("decided", true) => "it is decided",
        ("determined", _) => "it was determined",
        ("assessment_initiated", _) => "the damage assessment began",
        ("assessment_completed", false) => "the damage assessment was completed",
        ("assessment_completed", true) => "the damage assessment is completed",
        ("doj_referral", _) => "it was referred to the Department of Justice",
        ("finding.decided", _) => "the President decided",
        ("finding.written", _) => "the finding was written",
        ("finding.approved", _) => "the finding was approved",
        ("finding.told_congress", _) => "Congress was told of the finding",
        ("finding.reasons_submitted", _) => "a statement of reasons was submitted",
        ("finding.opened_to_all", _) => "all members are given access",
        ("approved", false) => "it was approved",
        ("approved", true) => "it is approved",
        ("effective", _) => "it takes effect",
        ("commenced", false) => "it began",
        ("commenced", true) => "it begins",
        ("ended", false) => "it ended",
        ("ended", true) => "it ends",
        ("aware", _) => "the agency became aware",
        ("published", _) => "it was made public",
        ("concluded", false) => "it was concluded",
        ("concluded", true) => "it is concluded",
        ("period_end", _) => "the end of the period",
        ("period_start", _) => "the start of the period",
        (other, _) => return format!("the date `{other}`"),
    }
    .to_owned()
}

fn other(followed: &Followed) -> String {
    let when = followed
        .when
        .as_ref()
        .map_or_else(String::new, |when| format!(" (where {})", says(when, "its ")));
    format!(
        "{}{when} within {}",
        followed.kind.words_with_article(),
        followed.within
    )
}

fn each(per: Per) -> String {
    match per {
        Per::Period(kind) if kind.word() == "half" => "Each half-year".to_owned(),
        Per::Period(kind) => format!("Each {}", kind.word()),
        Per::Dates => "On fixed dates".to_owned(),
    }
}

fn singular(kinds: &[Kind]) -> String {
    if kinds.is_empty() || kinds.len() == Kind::ALL.len() {
        return "a record of any kind".to_owned();
    }
    joined(
        &kinds.iter().map(|kind| kind.words_with_article()).collect::<Vec<_>>(),
        "or",
    )
}

fn singular_bare(kinds: &[Kind]) -> String {
    if kinds.is_empty() || kinds.len() == Kind::ALL.len() {
        return "record".to_owned();
    }
    joined(
        &kinds.iter().map(|kind| kind.words().to_owned()).collect::<Vec<_>>(),
        "or",
    )
}

fn plural(kinds: &[Kind]) -> String {
    if kinds.is_empty() || kinds.len() == Kind::ALL.len() {
        return "all records".to_owned();
    }
    joined(
        &kinds
            .iter()
            .map(|kind| format!("{}s", kind.words()))
            .collect::<Vec<_>>(),
        "and",
    )
}

fn joined(items: &[String], word: &str) -> String {
    match items {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} {word} {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::source::Sources;
    use crate::policy::builtin::PACKS;
    use crate::policy::load::{Selection, load};
    use crate::policy::recipients::{Changes, Recipients};
    use crate::policy::rule::Policy;

    fn shipped() -> Policy {
        let mut sources = Sources::default();
        let packs: Vec<_> = PACKS.iter().map(|(id, text)| sources.add(*id, *text)).collect();
        load(
            &packs,
            &Selection::default(),
            &sources,
            &Recipients::standard(&Changes::new()).0,
        )
        .0
    }

    fn sentence(id: &str) -> String {
        shipped().rules.iter().find(|rule| rule.id == id).map(of).unwrap()
    }

    #[test]
    fn a_rule_reads_as_a_sentence() {
        assert_eq!(
            sentence("CONTACT-ADV-PRINCIPAL"),
            "When a liaison contact's counterpart country is one of RUS, CHN, IRN or PRK and its official rank is one of \
             head or deputy, unless its contact purpose is deconfliction, notify SSCI and HPSCI within 7 days after it \
             ended, in writing."
        );
        assert_eq!(
            sentence("SUSP-RESUME"),
            "When a sharing change's action is resume, notify those who were told of the record in `resumes` within 7 \
             days after it takes effect, or else after it was decided, or else after it was made public, in \
             writing."
        );
    }

    #[test]
    fn yes_and_no_are_said_in_words() {
        assert!(sentence("ADV-10USC5551").starts_with(
            "When an exchange's direction is one of US-to-foreign or mutual, its partners include at least one of RUS or CHN,"
        ));
        let eight = sentence("NSA-3093-G8");
        assert!(
            eight.contains(
                "its answer on covert action is yes, its finding is given and its finding is limited in access"
            )
        );
        assert!(eight.contains(
            "the general notice to all members of both committees is owed on the same day as Congress was told of the finding"
        ));
        assert!(sentence("ADV-POISE-7D").contains("its channel is no established one"));
        assert_eq!(
            deadline("60 session days after concluded"),
            "60 days of session after it was concluded"
        );
    }

    #[test]
    fn every_shipped_rule_has_a_sentence() {
        for rule in &shipped().rules {
            let text = of(rule);
            assert!(
                text.ends_with('.') && !text.contains("  ") && !text.contains(" ,"),
                "{text}"
            );
        }
    }
}
