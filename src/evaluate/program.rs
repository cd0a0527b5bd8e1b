//! The rules of one kind, compiled for judging many records.
//!
//! What rules ask of a field is answered together and once a record. The parts of `all` and `any` stand cheapest first, and
//! evaluation stops as soon as the outcome is certain. Rules that share their cheapest part stand behind it as behind a
//! gate: where it does not hold, none of them is looked at.

use std::cell::{Cell, OnceCell, RefCell};
use std::collections::BTreeMap;

use crate::base::shared::Shared;
use crate::evaluate::ask::{Question, Questions};
use crate::evaluate::common::{Clock, OfDuty, OfRule};
use crate::evaluate::compiled::Known;
use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::say::Late;
use crate::evaluate::sift::{Counting, Periodic, counting, counts_kind};
use crate::policy::rule::{Condition, Duty, Rule, Test, WindowTest};
use crate::record::kind::Kind;

/// The compiled rules of each kind, made when first needed.
#[derive(Default)]
pub(super) struct Programs<'c> {
    kinds: [OnceCell<Program<'c>>; KINDS],
}

impl<'c> Programs<'c> {
    /// Those that were made so far.
    pub(super) fn made(&self) -> impl Iterator<Item = &Program<'c>> {
        self.kinds.iter().filter_map(OnceCell::get)
    }
}

/// Every kind a record file can hold, and notices.
const KINDS: usize = Kind::ALL.len() + 1;

/// The rules of one kind.
pub(super) struct Program<'c> {
    kind: Kind,
    pub(super) questions: Questions<'c>,
    pub(super) rules: Vec<Compiled<'c>>,
    pub(super) gates: Vec<Gate<'c>>,
    /// The windows of the rules.
    pub(super) counting: Vec<Counting<'c>>,
    /// The rules per period in which records of the kind count.
    pub(super) periodic: Vec<Periodic<'c>>,
    /// What the last record left: its memory is used again.
    pub(super) known: Cell<Option<Box<Known>>>,
}

pub(super) struct Compiled<'c> {
    pub(super) rule: &'c Rule,
    /// What has to be known of other records to judge one under it.
    pub(super) needs: Needs,
    /// All must hold.
    pub(super) when: Vec<Form<'c>>,
    pub(super) unless: Option<Form<'c>>,
    pub(super) reasons: Vec<Reason<'c>>,
    pub(super) texts: OfRule,
    pub(super) late: Late,
    pub(super) duties: Vec<CompiledDuty<'c>>,
}

pub(super) struct CompiledDuty<'c> {
    pub(super) duty: &'c Duty,
    pub(super) when: Option<Form<'c>>,
    pub(super) or_else: Option<Form<'c>>,
    pub(super) reasons: Vec<Reason<'c>>,
    pub(super) texts: OfDuty,
    pub(super) due: Clock<'c>,
    /// The deadline that `or_else` puts in its place, and how that is said.
    pub(super) other: Option<(Clock<'c>, Shared)>,
    pub(super) target: Option<Clock<'c>>,
}

/// What has to be known of other records before one is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Needs {
    Nothing,
    /// How many of them windows count.
    Windows,
    /// What they say.
    Records,
}

/// What must not fail for any of some rules to fire.
pub(super) struct Gate<'c> {
    pub(super) form: Form<'c>,
    /// The numbers of the rules.
    pub(super) rules: Vec<usize>,
}

/// A condition over the questions of its program.
#[derive(Clone)]
pub(super) enum Form<'c> {
    All(Vec<Form<'c>>),
    Any(Vec<Form<'c>>),
    Not(Box<Form<'c>>),
    Ask(Question),
    Window(&'c WindowTest),
    /// The numbers of rules, any of which fires.
    Fires(Vec<usize>),
}

impl Form<'_> {
    /// What has to be known of other records to say how it comes out. Of the rules that it names nothing is known.
    fn needs(&self) -> Needs {
        let most = |parts: &[Form<'_>]| parts.iter().map(Form::needs).max().unwrap_or(Needs::Nothing);
        match self {
            Form::All(parts) | Form::Any(parts) => most(parts),
            Form::Not(part) => part.needs(),
            Form::Ask(_) => Needs::Nothing,
            Form::Window(_) => Needs::Windows,
            Form::Fires(_) => Needs::Records,
        }
    }

    /// Whether its outcome hangs on other rules.
    pub(super) fn has_fires(&self) -> bool {
        match self {
            Form::All(parts) | Form::Any(parts) => parts.iter().any(Form::has_fires),
            Form::Not(part) => part.has_fires(),
            Form::Fires(_) => true,
            Form::Ask(_) | Form::Window(_) => false,
        }
    }
}

/// A single condition that is said where it made a rule fire.
pub(super) enum Reason<'c> {
    Test {
        question: Question,
        test: &'c Test,
        /// The words by what was seen.
        said: RefCell<BTreeMap<String, Shared>>,
    },
    Other(&'c Condition),
}

impl Compiled<'_> {
    fn needs(&self) -> Needs {
        let rule = self.rule;
        let is_same_as = |name: &String| name.starts_with("@same_as:");
        if rule.preceded.is_some()
            || rule.unless_followed.is_some()
            || rule.duties.iter().any(|duty| duty.notify.iter().any(is_same_as))
        {
            return Needs::Records;
        }
        let of_duties = self
            .duties
            .iter()
            .flat_map(|duty| duty.when.iter().chain(&duty.or_else));
        let forms = self.when.iter().chain(&self.unless).chain(of_duties);
        forms.map(Form::needs).max().unwrap_or(Needs::Nothing)
    }
}

impl<'c> Program<'c> {
    /// Compiles rules of a kind.
    pub(super) fn of(kind: Kind, rules: &[&'c Rule]) -> Self {
        let mut program = Program {
            kind,
            questions: Questions::default(),
            rules: Vec::new(),
            gates: Vec::new(),
            counting: Vec::new(),
            periodic: Vec::new(),
            known: Cell::default(),
        };
        for rule in rules {
            let compiled = program.compiled(rule, rules);
            program.rules.push(compiled);
        }
        for number in 0..rules.len() {
            program.stand_behind_gate(number);
        }
        program
    }

    fn compiled(&mut self, rule: &'c Rule, rules: &[&'c Rule]) -> Compiled<'c> {
        let duty = |program: &mut Self, duty: &'c Duty| CompiledDuty {
            duty,
            when: duty.when.as_ref().map(|when| program.form_of(when, rules)),
            or_else: duty.or_else.as_ref().map(|other| program.form_of(&other.when, rules)),
            reasons: duty.when.as_ref().map_or_else(Vec::new, |when| program.reasons(when)),
            texts: OfDuty::of(duty),
            due: Clock::of(&duty.due),
            other: duty.or_else.as_ref().map(|other| {
                let words = format!("`or_else` applies: {}", other.due.text());
                (Clock::of(&other.due), Shared::from(words))
            }),
            target: duty.target.as_ref().map(Clock::of),
        };
        let mut compiled = Compiled {
            rule,
            needs: Needs::Nothing,
            when: self.parts_of(&rule.when, rules),
            unless: rule.unless.as_ref().map(|unless| self.form_of(unless, rules)),
            reasons: self.reasons(&rule.when),
            texts: OfRule::of(rule),
            late: Late::of(rule),
            duties: rule.duties.iter().map(|of| duty(self, of)).collect(),
        };
        compiled.needs = compiled.needs();
        compiled
    }

    fn stand_behind_gate(&mut self, number: usize) {
        let first = self.rules[number].when.first().cloned();
        let first = first.unwrap_or(Form::All(Vec::new()));
        let same = |gate: &&mut Gate<'_>| match (&gate.form, &first) {
            (Form::Ask(one), Form::Ask(other)) => one == other,
            _ => false,
        };
        if let Some(gate) = self.gates.iter_mut().find(same) {
            gate.rules.push(number);
        } else {
            self.gates.push(Gate {
                form: first,
                rules: vec![number],
            });
        }
    }

    /// The parts of a condition that must all hold.
    pub(super) fn parts_of(&mut self, condition: &'c Condition, rules: &[&'c Rule]) -> Vec<Form<'c>> {
        match self.form_of(condition, rules) {
            Form::All(parts) => parts,
            form => vec![form],
        }
    }

    pub(super) fn form_of(&mut self, condition: &'c Condition, rules: &[&'c Rule]) -> Form<'c> {
        match condition {
            Condition::All(parts) => self.several(parts, rules, Form::All),
            Condition::Any(parts) => self.several(parts, rules, Form::Any),
            Condition::Not(part) => Form::Not(Box::new(self.form_of(part, rules))),
            Condition::Test(test) => Form::Ask(self.questions.question(test, self.kind)),
            Condition::Window(window) => Form::Window(window),
            Condition::Fires { rules: ids, .. } => Form::Fires(
                (0..rules.len())
                    .filter(|number| ids.contains(&rules[*number].id))
                    .collect(),
            ),
        }
    }

    /// The parts of `all` or `any`, cheapest first; one part alone stands for itself.
    fn several(
        &mut self,
        parts: &'c [Condition],
        rules: &[&'c Rule],
        of: impl Fn(Vec<Form<'c>>) -> Form<'c>,
    ) -> Form<'c> {
        let mut parts: Vec<Form<'c>> = parts.iter().map(|part| self.form_of(part, rules)).collect();
        if parts.len() == 1 {
            return parts.remove(0);
        }
        parts.sort_by_key(|part| self.cost(part));
        of(parts)
    }

    /// The single conditions, in the order in which they are written.
    fn reasons(&mut self, condition: &'c Condition) -> Vec<Reason<'c>> {
        match condition {
            Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(|part| self.reasons(part)).collect(),
            Condition::Not(part) => self.reasons(part),
            Condition::Test(test) => vec![Reason::Test {
                question: self.questions.question(test, self.kind),
                test,
                said: RefCell::default(),
            }],
            Condition::Window(_) | Condition::Fires { .. } => vec![Reason::Other(condition)],
        }
    }

    /// About how many steps it takes to ask; more for what seldom decides.
    fn cost(&self, form: &Form<'_>) -> usize {
        match form {
            Form::All(parts) | Form::Any(parts) => parts.iter().map(|part| self.cost(part)).sum(),
            Form::Not(part) => self.cost(part) + 1,
            Form::Ask(question) => self.questions.cost(*question),
            Form::Window(_) => 200,
            Form::Fires(rules) => 50 * rules.len(),
        }
    }
}

impl<'c> Evaluator<'c> {
    /// The rules that are switched on for a kind, compiled.
    pub(super) fn program(&self, kind: Kind) -> &Program<'c> {
        self.programs.kinds[kind as usize].get_or_init(|| {
            let rules = self.rules_of(kind);
            let mut program = Program::of(kind, rules);
            program.counting = counting(rules, &mut program, rules);
            let periodic = self
                .periodic()
                .flat_map(Rule::editions)
                .filter(|rule| counts_kind(rule, kind));
            program.periodic = periodic.map(|rule| Periodic::of(rule, &mut program, rules)).collect();
            program
        })
    }
}
