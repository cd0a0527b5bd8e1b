//! Conditions over one record, three-valued. What the record does not say is unknown, never false.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::shared::Shared;
use crate::calendar::date::When;
use crate::evaluate::case::Days;
use crate::evaluate::clock;
use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::trace::{Line, Trace};
use crate::policy::rule::{Condition, Operand, Operator, Outcome, Path, Test};
use crate::record::field::{Need, Type, UNKNOWN_WORDS, field};
use crate::record::kind::Kind;
use crate::record::value::{Key, Node, Record, SharedLevel, Value};

/// How windows count while a condition is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Windows {
    /// Count them.
    Counted,
    /// Take them as met: this is what a record must meet to be counted by the window itself.
    Assumed,
    /// They are not counted yet: what hangs on them is unknown.
    Open,
    /// Take them as not met.
    Unmet,
}

impl Evaluator<'_> {
    /// Evaluates a condition for a record. With a trace, every condition leaves a line; without one, evaluation stops
    /// as soon as the outcome is certain.
    pub(super) fn outcome(
        &self,
        condition: &Condition,
        record: &Record,
        windows: Windows,
        depth: usize,
        mut trace: Option<&mut Trace>,
    ) -> Outcome {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                let any = matches!(condition, Condition::Any(_));
                let decisive = Outcome::of(any);
                let at = trace.as_deref_mut().filter(|_| depth > 0 || any).map(|trace| {
                    trace.lines.push(branch(depth, if any { "any of" } else { "all of" }));
                    trace.lines.len() - 1
                });
                let inner = if at.is_some() { depth + 1 } else { depth };
                let mut result = decisive.negated();
                for part in parts {
                    let outcome = self.outcome(part, record, windows, inner, trace.as_deref_mut());
                    if outcome == decisive {
                        result = decisive;
                        if trace.is_none() {
                            break;
                        }
                    } else if outcome == Outcome::Unknown && result != decisive {
                        result = Outcome::Unknown;
                    }
                }
                if let (Some(at), Some(trace)) = (at, trace) {
                    trace.lines[at].outcome = result;
                }
                result
            }
            Condition::Not(part) => {
                let at = trace.as_deref_mut().map(|trace| {
                    trace.lines.push(branch(depth, "not"));
                    trace.lines.len() - 1
                });
                let result = self
                    .outcome(part, record, windows, depth + 1, trace.as_deref_mut())
                    .negated();
                if let (Some(at), Some(trace)) = (at, trace) {
                    trace.lines[at].outcome = result;
                }
                result
            }
            Condition::Test(test) => {
                let outcome = self.test(test, record);
                if let Some(trace) = trace {
                    trace.lines.push(test_line(test, record, depth, outcome));
                }
                outcome
            }
            Condition::Window(window) => {
                match windows {
                    Windows::Assumed => return Outcome::True,
                    Windows::Open => return Outcome::Unknown,
                    Windows::Unmet => return Outcome::False,
                    Windows::Counted => {}
                }
                let count = self.window(window, record);
                let outcome = count.outcome(window);
                if let Some(trace) = trace {
                    let seen = count.words(window);
                    trace.lines.push(Line {
                        depth,
                        text: window.text.clone(),
                        seen,
                        outcome,
                        place: None,
                        policy: Some(window.place.clone()),
                        unknown_field: None,
                        is_test: true,
                    });
                }
                outcome
            }
            Condition::Fires { rules, place } => {
                let (outcome, seen) = self.others_fire(rules, record);
                if let Some(trace) = trace {
                    trace.lines.push(Line {
                        depth,
                        text: format!("fires any_of {}", rules.join(", ")),
                        seen,
                        outcome,
                        place: None,
                        policy: Some(place.clone()),
                        unknown_field: None,
                        is_test: true,
                    });
                }
                outcome
            }
        }
    }

    /// Whether any of these rules fires for a record too, and which, in words.
    fn others_fire(&self, rules: &[String], record: &Record) -> (Outcome, String) {
        let firing: Vec<&str> = rules
            .iter()
            .filter(|id| self.rule_outcome(id, record) == Outcome::True)
            .map(String::as_str)
            .collect();
        if !firing.is_empty() {
            return (Outcome::True, format!("{} fires", firing.join(", ")));
        }
        let undecided = rules.iter().any(|id| self.rule_outcome(id, record) == Outcome::Unknown);
        let outcome = if undecided { Outcome::Unknown } else { Outcome::False };
        (outcome, "none of them fires".to_string())
    }

    /// Says a window or another rule by which a rule fires.
    pub(super) fn met(&self, condition: &Condition, record: &Record) -> Option<Shared> {
        match condition {
            Condition::Window(window) => {
                let count = self.window(window, record);
                (count.outcome(window) == Outcome::True).then(|| count.words(window).into())
            }
            Condition::Fires { rules, .. } => {
                let (outcome, seen) = self.others_fire(rules, record);
                (outcome == Outcome::True).then(|| seen.into())
            }
            _ => None,
        }
    }

    pub(super) fn test(&self, test: &Test, record: &Record) -> Outcome {
        let case = self.case;
        let nodes = test.path.nodes(record);
        if let Operator::Present(wanted) = test.operator {
            let empty = |node: &&Node| matches!(&node.value, Value::List(items) if items.is_empty());
            // A stated default is no answer of the record's own.
            let given = |node: &&Node| node.place != record.header || is_derived(record.kind, &test.path);
            let present = nodes.iter().any(|node| !empty(node) && given(node));
            if !present && opaque(record, &test.path) {
                return Outcome::Unknown;
            }
            return Outcome::of(present == wanted);
        }
        if let Operator::LaterThan(deadline) = &test.operator {
            let when = nodes.iter().find_map(|node| match &node.value {
                Value::When(when) => Some(when),
                _ => None,
            });
            return clock::later_than(when, deadline, record, case);
        }
        let values = Values::of(record, &test.path, &nodes);
        let operands = match &test.operator {
            Operator::Is(operands) | Operator::AllOf(operands) => operands.as_slice(),
            Operator::AnyOf(operands) | Operator::NoneOf(operands) if values.nodes().next().is_some() => operands,
            _ => &[],
        };
        if !operands
            .iter()
            .any(|operand| matches!(operand, Operand::Organization(_)))
        {
            return values.meet(&test.operator, &BTreeSet::new());
        }
        let days = self.days(record);
        let first = days.first.unwrap_or(case.as_of);
        let last = days.last.unwrap_or(first);
        let outcome = values.meet(&test.operator, &self.members(operands, first));
        // Who belongs to an organization may have changed between the first and the last day the date can be.
        if first == last || values.meet(&test.operator, &self.members(operands, last)) == outcome {
            outcome
        } else {
            Outcome::Unknown
        }
    }

    /// The members of the organizations that a test names, on a day, USA left out. They are worked out once for all days
    /// on which no organization's members change.
    pub(super) fn members(&self, operands: &[Operand], on: NaiveDate) -> Arc<BTreeSet<String>> {
        let vocabulary = &self.case.vocabulary;
        let changes = self
            .changes
            .get_or_init(|| vocabulary.days_of_change().into_iter().collect());
        let key = (operands.as_ptr().addr(), changes.partition_point(|day| *day <= on));
        if let Some(known) = self.members.borrow().get(&key) {
            return Arc::clone(known);
        }
        let mut members = BTreeSet::new();
        for operand in operands {
            if let Operand::Organization(code) = operand {
                members.extend(vocabulary.members(code, on).unwrap_or_default());
            }
        }
        members.remove("USA");
        let members = Arc::new(members);
        self.members.borrow_mut().insert(key, Arc::clone(&members));
        members
    }
}

fn test_line(test: &Test, record: &Record, depth: usize, outcome: Outcome) -> Line {
    let nodes = test.path.nodes(record);
    let seen = seen(&nodes);
    let unknown_field = (outcome == Outcome::Unknown).then(|| test.path.text.clone());
    let written = nodes
        .first()
        .map(|node| node.place.clone())
        .filter(|place| *place != record.header);
    Line {
        depth,
        text: test.text.clone(),
        seen,
        outcome,
        place: written,
        policy: Some(test.place.clone()),
        unknown_field,
        is_test: true,
    }
}

fn branch(depth: usize, text: &str) -> Line {
    Line {
        depth,
        text: text.to_string(),
        seen: String::new(),
        outcome: Outcome::Unknown,
        place: None,
        policy: None,
        unknown_field: None,
        is_test: false,
    }
}

/// A derived set of codes, which is open-ended where an organization's membership is not public.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OpenSet {
    Added,
    Removed,
    Unchanged,
}

impl OpenSet {
    pub(super) fn at(path: &Path) -> Option<Self> {
        match path.text.as_str() {
            "added" | "disclosure_added" => Some(Self::Added),
            "removed" | "disclosure_removed" => Some(Self::Removed),
            "unchanged" => Some(Self::Unchanged),
            _ => None,
        }
    }

    /// Whether nobody can say who else is in the set. NOFORN adds nobody, and takes nobody away from where it stood.
    pub(super) fn is_open(self, record: &Record) -> bool {
        const UNDETERMINABLE: Key = Key::of("undeterminable");
        const FROM: Key = Key::of("from");
        const TO: Key = Key::of("to");
        let shut = |side: Key| {
            let side = record.fields.at(side).map(|node| &node.value);
            matches!(side, Some(Value::Release(other)) if other.release.is_noforn())
        };
        let codes = record.fields.at(UNDETERMINABLE).map(|node| &node.value);
        matches!(codes, Some(Value::List(codes)) if !codes.is_empty())
            && match self {
                Self::Added => !shut(TO),
                Self::Removed => !shut(FROM),
                Self::Unchanged => !shut(FROM) && !shut(TO),
            }
    }
}

fn opaque(record: &Record, path: &Path) -> bool {
    OpenSet::at(path).is_some_and(|set| set.is_open(record))
}

pub(super) fn is_derived(kind: Kind, path: &Path) -> bool {
    let first = path.parts.first().and_then(|name| field(kind, name));
    first.is_some_and(|field| field.need == Need::Derived)
}

/// The values at a path, ready to be tested.
struct Values<'n, 'r> {
    found: &'n [&'r Node],
    /// The field is a list, or the path goes through one.
    list: bool,
    /// Something at the path is absent or explicitly unknown.
    unknown: bool,
}

impl<'n, 'r> Values<'n, 'r> {
    fn of(record: &Record, path: &Path, found: &'n [&'r Node]) -> Self {
        let list = path.many || matches!(path.of, Type::List(_));
        let absent = found.is_empty() && (!list || is_derived(record.kind, path));
        Self {
            found,
            list,
            unknown: absent || given(found).any(is_unknown) || opaque(record, path),
        }
    }

    /// The values that are known.
    fn nodes(&self) -> impl Iterator<Item = &'r Node> + use<'n, 'r> {
        given(self.found).filter(|node| !is_unknown(node))
    }

    fn meet(&self, operator: &Operator, members: &BTreeSet<String>) -> Outcome {
        match operator {
            Operator::Is(operands) if self.list => {
                let wanted = Wanted::of(operands, members);
                if self.unknown {
                    return Outcome::Unknown;
                }
                let all_in = self.nodes().all(|node| wanted.matches(node) == Outcome::True);
                let all_there = wanted
                    .items()
                    .all(|word| self.nodes().any(|node| text_of(node) == Some(word)));
                Outcome::of(all_in && all_there)
            }
            Operator::Is(operands) | Operator::AnyOf(operands) => self.any(&Wanted::of(operands, members)),
            Operator::NoneOf(operands) => self.any(&Wanted::of(operands, members)).negated(),
            Operator::AllOf(operands) => {
                let wanted = Wanted::of(operands, members);
                let missing = wanted
                    .items()
                    .any(|word| !self.nodes().any(|node| text_of(node) == Some(word)));
                match (missing, self.unknown) {
                    (false, _) => Outcome::True,
                    (true, true) => Outcome::Unknown,
                    (true, false) => Outcome::False,
                }
            }
            Operator::AtLeast(bound) => self.compare(|low, high| (low >= *bound, high < *bound)),
            Operator::AtMost(bound) => self.compare(|low, high| (high <= *bound, low > *bound)),
            Operator::MoreThan(bound) => self.compare(|low, high| (low > *bound, high <= *bound)),
            Operator::Count(wanted) => {
                if self.unknown {
                    Outcome::Unknown
                } else {
                    Outcome::of(i64::try_from(self.nodes().count()) == Ok(*wanted))
                }
            }
            // Handled where the record is at hand.
            Operator::Present(_) | Operator::LaterThan(_) => Outcome::Unknown,
        }
    }

    fn any(&self, wanted: &Wanted<'_>) -> Outcome {
        let mut result = if self.unknown { Outcome::Unknown } else { Outcome::False };
        for node in self.nodes() {
            match wanted.matches(node) {
                Outcome::True => return Outcome::True,
                Outcome::Unknown => result = Outcome::Unknown,
                Outcome::False => {}
            }
        }
        result
    }

    /// Compares the range each value may lie in; the closure says whether it certainly meets or certainly misses.
    fn compare(&self, certainly: impl Fn(i64, i64) -> (bool, bool)) -> Outcome {
        let mut result = if self.unknown { Outcome::Unknown } else { Outcome::False };
        for node in self.nodes() {
            let (low, high) = match &node.value {
                Value::Integer(number) => (*number, *number),
                Value::Level(SharedLevel::Exactly(level)) => (*level as i64, *level as i64),
                Value::Level(SharedLevel::Classified) => (1, 3),
                Value::Mark(marking) => (marking.level() as i64, marking.level() as i64),
                Value::Release(other) => match other.level {
                    Some(level) => (level as i64, level as i64),
                    None => (0, 3),
                },
                _ => continue,
            };
            match certainly(low, high) {
                (true, _) => return Outcome::True,
                (_, true) => {}
                _ => result = Outcome::Unknown,
            }
        }
        result
    }
}

/// The values at a path, those of a list one by one.
pub(super) fn given<'n, 'r>(found: &'n [&'r Node]) -> impl Iterator<Item = &'r Node> + use<'n, 'r> {
    found.iter().flat_map(|node| match &node.value {
        Value::List(items) => items,
        _ => std::slice::from_ref(*node),
    })
}

/// The operands of a test, organizations expanded as of a date.
struct Wanted<'o> {
    operands: &'o [Operand],
    expanded: &'o BTreeSet<String>,
}

impl<'o> Wanted<'o> {
    fn of(operands: &'o [Operand], expanded: &'o BTreeSet<String>) -> Self {
        Self { operands, expanded }
    }

    fn items(&self) -> impl Iterator<Item = &str> {
        let words = self.operands.iter().filter_map(|operand| match operand {
            Operand::Word(word) => Some(word.as_str()),
            _ => None,
        });
        words.chain(self.expanded.iter().map(String::as_str))
    }

    fn matches(&self, node: &Node) -> Outcome {
        if text_of(node).is_some_and(|text| self.expanded.contains(text)) {
            return Outcome::True;
        }
        let mut result = Outcome::False;
        for operand in self.operands {
            let outcome = match (operand, &node.value) {
                (Operand::Bool(a), Value::Bool(b)) => Outcome::of(a == b),
                (Operand::Number(a), Value::Integer(b)) => Outcome::of(a == b),
                (Operand::Level(a), Value::Level(SharedLevel::Exactly(b))) => Outcome::of(*a == *b as i64),
                (Operand::Level(a), Value::Level(SharedLevel::Classified)) => {
                    if *a == 0 {
                        Outcome::False
                    } else {
                        Outcome::Unknown
                    }
                }
                (Operand::Word(word), _) => Outcome::of(text_of(node) == Some(word)),
                _ => Outcome::False,
            };
            match outcome {
                Outcome::True => return Outcome::True,
                Outcome::Unknown => result = Outcome::Unknown,
                Outcome::False => {}
            }
        }
        result
    }
}

/// The text of a word, code or text value.
pub(super) fn text_of(node: &Node) -> Option<&str> {
    match &node.value {
        Value::Text(text) | Value::Code(text) => Some(text),
        Value::Choice(word) => Some(word),
        Value::Portion(portion) => Some(&portion.text),
        Value::Release(other) => Some(&other.text),
        _ => None,
    }
}

/// An explicit "undetermined" or "unknown".
pub(super) fn is_unknown(node: &Node) -> bool {
    match &node.value {
        Value::Choice(word) => UNKNOWN_WORDS.contains(word),
        Value::Text(text) => UNKNOWN_WORDS.iter().any(|word| word.eq_ignore_ascii_case(text)),
        Value::When(When::Unknown) => true,
        _ => false,
    }
}

/// The values at a path in words.
pub(super) fn seen(nodes: &[&Node]) -> String {
    if nodes.is_empty() {
        return "not given".to_string();
    }
    let mut said = String::new();
    for (at, node) in nodes.iter().enumerate() {
        if at > 0 {
            said.push_str(", ");
        }
        say(&node.value, &mut said);
    }
    said
}

/// One value in words.
pub(super) fn seen_at(node: &Node) -> Cow<'_, str> {
    match &node.value {
        Value::Text(text) | Value::Code(text) => Cow::Borrowed(text),
        Value::Choice(word) => Cow::Borrowed(word),
        value => {
            // Most lists of codes are short.
            let mut said = String::with_capacity(48);
            say(value, &mut said);
            Cow::Owned(said)
        }
    }
}

fn say(value: &Value, said: &mut String) {
    match value {
        Value::Text(text) | Value::Code(text) => said.push_str(text),
        Value::Choice(word) => said.push_str(word),
        Value::Bool(value) => said.push_str(if *value { "yes" } else { "no" }),
        Value::Integer(number) => said.push_str(&number.to_string()),
        Value::When(when) => said.push_str(&when.to_string()),
        Value::Level(SharedLevel::Exactly(level)) => said.push_str(level.letter()),
        Value::Level(SharedLevel::Classified) => said.push_str("classified, level not public"),
        Value::Mark(marking) => said.push_str(&marking.portion()),
        Value::Release(other) => said.push_str(&other.text),
        Value::List(items) if items.is_empty() => said.push_str("none"),
        Value::List(items) => {
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    said.push_str(", ");
                }
                say(&item.value, said);
            }
        }
        Value::Portion(_) | Value::Table(_) => said.push_str("given"),
    }
}

/// Says a met test in words, for `because`: "counterpart.country is RUS, in @adversary".
pub(super) fn because(test: &Test, seen: &str) -> String {
    let path = &test.path.text;
    let operand = test.text.strip_prefix(path.as_str()).unwrap_or_default().trim();
    let operand = operand.split_once(' ').map_or("", |(_, rest)| rest).trim();
    match &test.operator {
        Operator::AnyOf(_) | Operator::Is(_) | Operator::AllOf(_) if operand.contains('@') => {
            format!("{path} is {seen}, in {operand}")
        }
        Operator::NoneOf(_) => format!("{path} is {seen}, not {operand}"),
        Operator::AtLeast(_) => format!("{path} is {seen}, at least {operand}"),
        Operator::AtMost(_) => format!("{path} is {seen}, at most {operand}"),
        Operator::MoreThan(_) => format!("{path} is {seen}, more than {operand}"),
        Operator::Present(true) => format!("{path} is given"),
        Operator::Present(false) => format!("{path} is not given"),
        Operator::LaterThan(_) => format!("{path} ({seen}) is later than {operand}"),
        _ => format!("{path} is {seen}"),
    }
}

/// Whether a record is dated inside a rule's span in force. A date that is not known at all is judged as of the as-of
/// date, an open end by its known end.
pub(super) fn in_force(days: Days, from: NaiveDate, until: Option<NaiveDate>, as_of: NaiveDate) -> Outcome {
    let (first, last) = match (days.first, days.last) {
        (Some(first), Some(last)) => (first, last),
        (Some(day), None) | (None, Some(day)) => (day, day),
        (None, None) => (as_of, as_of),
    };
    let begun = if first >= from {
        Outcome::True
    } else if last < from {
        Outcome::False
    } else {
        Outcome::Unknown
    };
    let over = match until {
        None => Outcome::False,
        Some(until) if first > until => Outcome::True,
        Some(until) if last <= until => Outcome::False,
        Some(_) => Outcome::Unknown,
    };
    match (begun, over) {
        (Outcome::False, _) | (_, Outcome::True) => Outcome::False,
        (Outcome::True, Outcome::False) => Outcome::True,
        _ => Outcome::Unknown,
    }
}
