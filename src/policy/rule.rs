//! Rules as checked: the typed form that evaluation reads. Built by `policy::load`, never by hand.

use std::fmt;

use chrono::NaiveDate;

use crate::base::source::Place;
use crate::calendar::deadline::Deadline;
use crate::calendar::window::{PeriodKind, Window};
use crate::record::field::Type;
use crate::record::kind::Kind;
use crate::record::value::{Nodes, Record};

/// All packs of a run, checked.
#[derive(Debug, Default)]
pub struct Policy {
    pub packs: Vec<Pack>,
    /// Every rule, in pack order, enabled or not.
    pub rules: Vec<Rule>,
}

/// A policy pack.
#[derive(Debug, Clone)]
pub struct Pack {
    pub id: String,
    pub title: String,
    pub version: String,
    pub source: String,
    /// The packs whose names it inherits and whose rules it may override.
    pub extends: Vec<String>,
    /// Where the pack's text is, for its hash and its places.
    pub place: Place,
}

/// A rule: who must be told what, by when, under which authority.
#[derive(Debug)]
pub struct Rule {
    pub id: String,
    pub title: String,
    /// Id of its pack.
    pub pack: String,
    pub status: Status,
    pub confidence: Confidence,
    /// As the pack says, then as `[policy] enable` and `disable` say.
    pub enabled: bool,
    /// What must be read before a rule that ships disabled is turned on.
    pub read_first: Option<String>,
    /// Listed only: no record kind can hold what it needs.
    pub reference_only: bool,
    pub authority: Vec<String>,
    pub checked_on: Option<NaiveDate>,
    pub effective_from: NaiveDate,
    /// The first day of these values of its parameters; without parameters, the first day in force.
    pub edition_from: NaiveDate,
    /// Last day in force.
    pub effective_until: Option<NaiveDate>,
    pub applies_to: Vec<Kind>,
    pub per: Option<Per>,
    pub effect: Effect,
    /// For `effect = "require"`: the fields that must be there.
    pub fields: Vec<Path>,
    pub when: Condition,
    pub unless: Option<Condition>,
    pub unless_followed: Option<Followed>,
    pub preceded: Option<Followed>,
    pub duties: Vec<Duty>,
    /// Who may waive it. Empty: no waiver.
    pub waivable_by: Vec<String>,
    /// The same rule under earlier values of its parameters, latest first; each in force for a stretch of its own.
    pub earlier: Vec<Rule>,
    /// The pack whose rule of the same id this one replaces.
    pub overrides: Option<String>,
    /// Values of the rule by date: the thresholds and amounts that its text names, and those that `$name` stands for.
    pub parameters: Vec<Parameter>,
    pub responsible: Option<String>,
    pub late: Option<String>,
    pub note: Option<String>,
    pub tests: Vec<RuleTest>,
    /// The value of `id`.
    pub place: Place,
}

impl Rule {
    /// Every edition: the rule itself, then itself under earlier values of its parameters.
    pub fn editions(&self) -> impl Iterator<Item = &Rule> {
        std::iter::once(self).chain(&self.earlier)
    }
}

/// How often a rule without a record is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Per {
    /// `per = "quarter"`: one obligation a period.
    Period(PeriodKind),
    /// `per = "dates"`: one obligation a date of its deadlines.
    Dates,
}

impl Per {
    pub const WORDS: &'static [&'static str] = &["month", "quarter", "half", "year", "dates"];

    pub fn word(self) -> &'static str {
        match self {
            Per::Period(kind) => kind.word(),
            Per::Dates => "dates",
        }
    }

    pub fn named(word: &str) -> Option<Per> {
        match word {
            "dates" => Some(Per::Dates),
            _ => PeriodKind::named(word).map(Per::Period),
        }
    }
}

/// A named value of a rule and the days from which it held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    pub name: String,
    /// In the order of their dates.
    pub values: Vec<(NaiveDate, String)>,
}

/// How a rule stands in law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    InForce,
    Directive,
    Directed,
    SenseOfCongress,
    Proposed,
    Model,
    Expired,
    Repealed,
}

impl Status {
    pub const WORDS: &'static [&'static str] = &[
        "in_force",
        "directive",
        "directed",
        "sense_of_congress",
        "proposed",
        "model",
        "expired",
        "repealed",
    ];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    /// The status in plain words: "in force", "sense of Congress".
    pub fn words(self) -> &'static str {
        match self {
            Status::InForce => "in force",
            Status::Directive => "executive directive",
            Status::Directed => "directed by committee report",
            Status::SenseOfCongress => "sense of Congress, not binding",
            Status::Proposed => "proposed, not law",
            Status::Model => "model rule, not law",
            Status::Expired => "expired",
            Status::Repealed => "repealed",
        }
    }

    pub fn named(word: &str) -> Option<Status> {
        use Status::{Directed, Directive, Expired, InForce, Model, Proposed, Repealed, SenseOfCongress};
        [
            InForce,
            Directive,
            Directed,
            SenseOfCongress,
            Proposed,
            Model,
            Expired,
            Repealed,
        ]
        .into_iter()
        .find(|status| status.word() == word)
    }

    /// Whether a statute requires the notice. Only then may a letter say "pursuant to".
    pub fn is_law(self) -> bool {
        self == Status::InForce
    }

    /// Whether a statute required the notice when the matter arose and does no longer.
    pub fn was_law(self) -> bool {
        matches!(self, Status::Expired | Status::Repealed)
    }
}

/// How sure the wording of a rule is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    Text,
    Secondary,
    Unconfirmed,
    Model,
}

impl Confidence {
    pub const WORDS: &'static [&'static str] = &["text", "secondary", "unconfirmed", "model"];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    pub fn named(word: &str) -> Option<Confidence> {
        [
            Confidence::Text,
            Confidence::Secondary,
            Confidence::Unconfirmed,
            Confidence::Model,
        ]
        .into_iter()
        .find(|value| value.word() == word)
    }
}

/// What a rule does when it fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    Notify,
    Prohibit,
    Require,
    Advise,
}

impl Effect {
    pub const WORDS: &'static [&'static str] = &["notify", "prohibit", "require", "advise"];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    pub fn named(word: &str) -> Option<Effect> {
        [Effect::Notify, Effect::Prohibit, Effect::Require, Effect::Advise]
            .into_iter()
            .find(|value| value.word() == word)
    }
}

/// A checked dotted path of a field.
#[derive(Debug, Clone)]
pub struct Path {
    pub text: String,
    /// The text split at its dots.
    pub parts: Vec<String>,
    pub of: Type,
    /// The path goes through a list of tables and so has many values, or the field is itself a list.
    pub many: bool,
}

impl Path {
    /// Returns every node at the path in a record.
    pub fn nodes<'r>(&self, record: &'r Record) -> Nodes<'r> {
        record.along(self.parts.iter().map(String::as_str))
    }
}

/// A condition. Evaluation is three-valued: true, false, unknown.
#[derive(Debug)]
pub enum Condition {
    All(Vec<Condition>),
    Any(Vec<Condition>),
    Not(Box<Condition>),
    Test(Test),
    Window(WindowTest),
    /// Holds where another enabled rule fires for the same record.
    Fires {
        rules: Vec<String>,
        place: Place,
    },
}

/// `field.test = value`, checked against the field's type.
#[derive(Debug)]
pub struct Test {
    pub path: Path,
    pub operator: Operator,
    /// As written, for `because` and `explain`: `counterpart.country any_of @adversary`.
    pub text: String,
    pub place: Place,
}

/// A test with its operand.
#[derive(Debug, PartialEq, Eq)]
pub enum Operator {
    /// On a scalar: equal. On a list: the same set.
    Is(Vec<Operand>),
    AnyOf(Vec<Operand>),
    AllOf(Vec<Operand>),
    NoneOf(Vec<Operand>),
    AtLeast(i64),
    AtMost(i64),
    MoreThan(i64),
    Present(bool),
    /// Number of values of a list.
    Count(i64),
    /// The date lies later than the deadline reckoned from another field.
    LaterThan(Deadline),
}

/// What a value is compared with. Sets of a pack are resolved at load; organization codes are expanded at evaluation,
/// as of the record's date, USA left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Operand {
    Word(String),
    Bool(bool),
    Number(i64),
    /// A level as its rank: U 0, C 1, S 2, TS 3; `classified` is at least 1.
    Level(i64),
    /// `@FVEY`: an organization code to expand; the name of the set that led to it, if any, is in the test's text.
    Organization(String),
}

/// A count or a sum over records in a trailing window of the record's date.
#[derive(Debug)]
pub struct WindowTest {
    pub measure: Measure,
    pub within: Window,
    pub same: Vec<Path>,
    /// Further lines that a counted record must meet.
    pub filter: Option<Box<Condition>>,
    pub text: String,
    pub place: Place,
}

#[derive(Debug)]
pub enum Measure {
    AtLeast(i64),
    SumMoreThan { path: Path, bound: i64 },
}

/// `[rule.unless_followed]` or `[rule.preceded]`.
#[derive(Debug)]
pub struct Followed {
    pub kind: Kind,
    pub when: Option<Condition>,
    pub within: Span,
    /// A link field of the follower that names this record, or fields with the same value.
    pub same: Vec<String>,
    pub place: Place,
}

/// How far apart two records may be: "24 hours", elapsed; "30 days" of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    Hours(u16),
    Days(u16),
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (count, unit) = match self {
            Span::Hours(count) => (count, "hour"),
            Span::Days(count) => (count, "day"),
        };
        let plural = if *count == 1 { "" } else { "s" };
        write!(f, "{count} {unit}{plural}")
    }
}

/// What is owed when a rule fires.
#[derive(Debug)]
pub struct Duty {
    pub name: Option<String>,
    pub when: Option<Condition>,
    /// Recipient ids, groups resolved, in the order written: `SSCI`, `SSCI.chair`, `@same_as:resumes`.
    pub notify: Vec<String>,
    pub due: Deadline,
    pub or_else: Option<OrElse>,
    /// An internal goal, printed as such.
    pub target: Option<Deadline>,
    /// How far a written notice may postpone it.
    pub postpone: Option<Postpone>,
    pub form: Option<String>,
    /// Required contents: fields of the record.
    pub contains: Vec<String>,
    pub letter: Option<String>,
    pub discharged_by: Option<String>,
    pub place: Place,
}

/// `postpone = "to Mar 1 and Sep 1"`, `postpone = "30 days after due"`.
#[derive(Debug)]
pub struct Postpone {
    /// As written.
    pub text: String,
    /// Reckoned from the due date.
    pub to: Deadline,
}

/// Replaces `due` where its condition holds, never otherwise.
#[derive(Debug)]
pub struct OrElse {
    pub when: Condition,
    pub due: Deadline,
}

/// A rule's own test: records as in a record file, and what must come out.
#[derive(Debug)]
pub struct RuleTest {
    pub name: String,
    pub as_of: Option<NaiveDate>,
    /// Rules that ship disabled and are switched on for this test: those that `fires` names.
    pub enable: Vec<String>,
    pub expect: Expect,
    /// The first record is the one judged; the others stand around it.
    pub records: Vec<Record>,
    pub place: Place,
}

/// What a rule test expects. Absent keys are not compared.
#[derive(Debug, Default)]
pub struct Expect {
    /// Absent: not compared. "undetermined" is [`Outcome::Unknown`].
    pub fires: Option<Outcome>,
    pub due: Option<String>,
    pub earliest: Option<String>,
    pub recipients: Option<Vec<String>>,
    pub state: Option<String>,
    /// Which duty the dates are about, where a rule has several.
    pub duty: Option<String>,
    pub submit_by: Option<String>,
    /// The internal goal.
    pub target: Option<String>,
    /// Which period the dates are about, under a rule per period.
    pub period: Option<String>,
    /// The records that count in the period.
    pub covers: Option<Vec<String>>,
}

/// How a condition comes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    True,
    False,
    Unknown,
}
