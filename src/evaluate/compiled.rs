//! The rules of one kind, compiled for judging many records.
//!
//! A test that several rules ask is asked once a record. The parts of `all` and `any` stand cheapest first, and
//! evaluation stops as soon as the outcome is certain. Rules that share their cheapest part stand behind it as behind a
//! gate: where it does not hold, none of them is looked at.
//!
//! How a rule came out, test by test, is told by evaluation with a trace, which asks everything in the order written; a
//! test holds both to the same outcomes.

use std::cell::{Cell, OnceCell};

use crate::evaluate::ask::Question;
use crate::evaluate::condition::{Windows, in_force};
use crate::evaluate::evaluate::{Days, Evaluator, both};
use crate::evaluate::neighbour::Direction;
use crate::policy::rule::{Condition, Outcome, Rule, WindowTest};
use crate::record::kind::Kind;
use crate::record::value::Record;

/// The compiled rules of each kind, made when first needed.
#[derive(Default)]
pub(super) struct Programs<'c> {
    kinds: [OnceCell<Program<'c>>; KINDS],
    /// What the last record left: its memory is used again.
    answers: Cell<Vec<Option<Outcome>>>,
}

/// Every kind a record file can hold, and notices.
const KINDS: usize = Kind::ALL.len() + 1;

/// The rules of one kind.
pub(super) struct Program<'c> {
    questions: Vec<Question<'c>>,
    rules: Vec<Compiled<'c>>,
    gates: Vec<Gate<'c>>,
}

struct Compiled<'c> {
    rule: &'c Rule,
    /// All must hold.
    when: Vec<Form<'c>>,
    unless: Option<Form<'c>>,
}

/// What must not fail for any of some rules to fire.
struct Gate<'c> {
    form: Form<'c>,
    /// The numbers of the rules.
    rules: Vec<usize>,
}

#[derive(Clone)]
enum Form<'c> {
    All(Vec<Form<'c>>),
    Any(Vec<Form<'c>>),
    Not(Box<Form<'c>>),
    /// The number of a question.
    Ask(usize),
    Window(&'c WindowTest),
    /// The numbers of rules, any of which fires.
    Fires(Vec<usize>),
}

/// What is known of a record so far.
pub(super) struct Facts<'r> {
    record: &'r Record,
    days: Days,
    windows: Windows,
    /// The answers to the questions, then the outcomes of the rules.
    answers: Vec<Option<Outcome>>,
}

impl<'c> Program<'c> {
    /// Compiles rules of a kind.
    pub(super) fn of(kind: Kind, rules: &[&'c Rule]) -> Self {
        let mut program = Program {
            questions: Vec::new(),
            rules: Vec::new(),
            gates: Vec::new(),
        };
        for rule in rules {
            let when = match program.form(&rule.when, kind, rules) {
                Form::All(parts) => parts,
                form => vec![form],
            };
            let unless = rule.unless.as_ref().map(|unless| program.form(unless, kind, rules));
            program.rules.push(Compiled { rule, when, unless });
        }
        for number in 0..rules.len() {
            program.stand_behind_gate(number);
        }
        program
    }

    fn stand_behind_gate(&mut self, number: usize) {
        let first = self.rules[number]
            .when
            .first()
            .cloned()
            .unwrap_or(Form::All(Vec::new()));
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

    fn form(&mut self, condition: &'c Condition, kind: Kind, rules: &[&'c Rule]) -> Form<'c> {
        match condition {
            Condition::All(parts) => self.several(parts, kind, rules, Form::All),
            Condition::Any(parts) => self.several(parts, kind, rules, Form::Any),
            Condition::Not(part) => Form::Not(Box::new(self.form(part, kind, rules))),
            Condition::Test(test) => {
                let known = self.questions.iter().position(|question| question.asks(test));
                Form::Ask(known.unwrap_or_else(|| {
                    self.questions.push(Question::of(test, kind));
                    self.questions.len() - 1
                }))
            }
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
        kind: Kind,
        rules: &[&'c Rule],
        of: impl Fn(Vec<Form<'c>>) -> Form<'c>,
    ) -> Form<'c> {
        let mut parts: Vec<Form<'c>> = parts.iter().map(|part| self.form(part, kind, rules)).collect();
        if parts.len() == 1 {
            return parts.remove(0);
        }
        parts.sort_by_key(|part| self.cost(part));
        of(parts)
    }

    /// About how many steps it takes to ask; more for what seldom decides.
    fn cost(&self, form: &Form<'_>) -> usize {
        match form {
            Form::All(parts) | Form::Any(parts) => parts.iter().map(|part| self.cost(part)).sum(),
            Form::Not(part) => self.cost(part) + 1,
            Form::Ask(number) => self.questions[*number].cost(),
            Form::Window(_) => 200,
            Form::Fires(rules) => 50 * rules.len(),
        }
    }
}

impl<'c> Evaluator<'c> {
    /// Which rules fire for a record, or may fire, in their order.
    pub(super) fn firing(&self, record: &Record) -> Vec<(&'c Rule, Outcome)> {
        let program = self.programs.kinds[record.kind as usize]
            .get_or_init(|| Program::of(record.kind, self.rules_of(record.kind)));
        let mut facts = self.facts(program, record, Windows::Counted);
        let mut candidates = Vec::new();
        for gate in &program.gates {
            if self.form(program, &gate.form, &mut facts) != Outcome::False {
                candidates.extend_from_slice(&gate.rules);
            }
        }
        candidates.sort_unstable();
        let firing = candidates
            .into_iter()
            .map(|number| (program.rules[number].rule, self.rule(program, number, &mut facts)))
            .filter(|(_, outcome)| *outcome != Outcome::False)
            .collect();
        self.programs.answers.set(facts.answers);
        firing
    }

    /// Of some records, those of a kind that a rule's windows may count: its conditions hold and no exception is shown
    /// to, windows taken as met. An exception that has windows of its own is left out.
    pub(super) fn counted<'r>(
        &self,
        rule: &'c Rule,
        kind: Kind,
        has_window: bool,
        records: impl Iterator<Item = &'r Record>,
    ) -> impl Iterator<Item = &'r Record> {
        // The others are there for `fires`.
        let mut rules = self.rules_of(kind).to_vec();
        let known = rules.iter().position(|other| std::ptr::eq(*other, rule));
        let number = known.unwrap_or(rules.len());
        if known.is_none() {
            rules.push(rule);
        }
        let program = Program::of(kind, &rules);
        records.filter(move |record| {
            let compiled = &program.rules[number];
            let mut facts = self.facts(&program, record, Windows::Assumed);
            let holds = compiled
                .when
                .iter()
                .all(|part| self.form(&program, part, &mut facts) == Outcome::True)
                && !compiled
                    .unless
                    .as_ref()
                    .is_some_and(|unless| !has_window && self.form(&program, unless, &mut facts) == Outcome::True);
            self.programs.answers.set(facts.answers);
            holds
        })
    }

    fn facts<'r>(&self, program: &Program<'_>, record: &'r Record, windows: Windows) -> Facts<'r> {
        let mut answers = self.programs.answers.take();
        answers.clear();
        answers.resize(program.questions.len() + program.rules.len(), None);
        Facts {
            record,
            days: self.days(record),
            windows,
            answers,
        }
    }

    fn rule(&self, program: &Program<'c>, number: usize, facts: &mut Facts<'_>) -> Outcome {
        let at = program.questions.len() + number;
        if let Some(known) = facts.answers[at] {
            return known;
        }
        // Of other rules windows count, even where this one's are taken as met.
        let windows = std::mem::replace(&mut facts.windows, Windows::Counted);
        let result = self.unknown_rule(&program.rules[number], program, facts);
        facts.windows = windows;
        facts.answers[at] = Some(result);
        result
    }

    fn unknown_rule(&self, compiled: &Compiled<'c>, program: &Program<'c>, facts: &mut Facts<'_>) -> Outcome {
        let rule = compiled.rule;
        let force = in_force(facts.days, rule.edition_from, rule.effective_until, self.case.as_of);
        let mut result = force;
        for part in &compiled.when {
            if result == Outcome::False {
                break;
            }
            result = both(result, self.form(program, part, facts));
        }
        if result != Outcome::False
            && let Some(unless) = &compiled.unless
            && self.form(program, unless, facts) == Outcome::True
        {
            result = Outcome::False;
        }
        if result != Outcome::False
            && let Some(preceded) = &rule.preceded
            && self.neighbour(preceded, facts.record, Direction::Before).is_none()
        {
            result = Outcome::False;
        }
        result
    }

    fn form(&self, program: &Program<'c>, form: &Form<'c>, facts: &mut Facts<'_>) -> Outcome {
        match form {
            Form::Ask(number) => {
                if let Some(known) = facts.answers[*number] {
                    return known;
                }
                let answer = self.ask(&program.questions[*number], facts.record, facts.days);
                facts.answers[*number] = Some(answer);
                answer
            }
            Form::All(parts) => {
                let mut result = Outcome::True;
                for part in parts {
                    result = both(result, self.form(program, part, facts));
                    if result == Outcome::False {
                        break;
                    }
                }
                result
            }
            Form::Any(parts) => any(parts.iter().map(|part| self.form(program, part, facts))),
            Form::Not(part) => self.form(program, part, facts).negated(),
            Form::Window(_) if facts.windows == Windows::Assumed => Outcome::True,
            Form::Window(window) => self.window(window, facts.record).outcome(window),
            Form::Fires(rules) => any(rules.iter().map(|number| self.rule(program, *number, facts))),
        }
    }
}

/// Certain as soon as one holds.
fn any(outcomes: impl Iterator<Item = Outcome>) -> Outcome {
    let mut result = Outcome::False;
    for outcome in outcomes {
        match outcome {
            Outcome::True => return Outcome::True,
            Outcome::Unknown => result = Outcome::Unknown,
            Outcome::False => {}
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{Days as Span, NaiveDate};

    use super::*;
    use crate::base::diagnostic::has_errors;
    use crate::base::source::{Place, Sources};
    use crate::calendar::date::When;
    use crate::calendar::holidays::Calendar;
    use crate::evaluate::case::{Case, Frame, resolve};
    use crate::evaluate::trace::Trace;
    use crate::marking::ast::Release;
    use crate::marking::level::Level;
    use crate::marking::vocabulary::Vocabulary;
    use crate::policy::builtin;
    use crate::policy::load::{Selection, load};
    use crate::policy::recipients::{Changes, Recipients};
    use crate::record::field::{Need, Type, fields_of};
    use crate::record::value::{Node, OtherMarking, Portion, SharedLevel, Table, Value};

    /// Numbers that are the same on every run.
    struct Random(u64);

    impl Random {
        fn below(&mut self, bound: usize) -> usize {
            self.0 = self
                .0
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % bound
        }

        fn of<T: Copy>(&mut self, all: &[T]) -> T {
            all[self.below(all.len())]
        }
    }

    fn day(random: &mut Random) -> NaiveDate {
        let first = NaiveDate::from_ymd_opt(1990, 1, 1).unwrap();
        // Most are close together, some are of other times.
        let days = match random.below(5) {
            0 => random.below(13_000),
            _ => 12_800 + random.below(300),
        };
        first + Span::new(days.try_into().unwrap())
    }

    fn value(of: Type, random: &mut Random, place: &Place) -> Value {
        const CODES: &[&str] = &["RUS", "CHN", "GBR", "FRA", "JPN", "UKR", "USA", "BRA"];
        match of {
            Type::Choice(words) => Value::Choice(random.of(words)),
            Type::Code => Value::Code(random.of(CODES).to_owned()),
            Type::Bool => Value::Bool(random.below(2) == 0),
            Type::Integer => Value::Integer(random.of(&[0, 1, 14_000_000, 400_000_000])),
            Type::When => Value::When(match random.below(8) {
                0 => When::Unknown,
                1 => When::parse("2025").unwrap(),
                2 => When::parse("../2025-03-01").unwrap(),
                3 => When::parse("2025-03-11T09:30:00-05:00").unwrap(),
                _ => When::Day(day(random)),
            }),
            Type::Level => Value::Level(match random.below(3) {
                0 => SharedLevel::Classified,
                1 => SharedLevel::Exactly(Level::Unclassified),
                _ => SharedLevel::Exactly(Level::Secret),
            }),
            Type::Portion => Value::Portion(Box::new(Portion {
                mark: None,
                mark_place: None,
                text: "Example".to_owned(),
            })),
            Type::OtherMarking | Type::PortionMark => {
                let release = |codes: &[&str]| Release {
                    rel_to: Some(codes.iter().map(|code| (*code).to_owned()).collect()),
                    ..Release::default()
                };
                Value::Release(Box::new(OtherMarking {
                    text: "SECRET//REL TO".to_owned(),
                    release: match random.below(4) {
                        0 => release(&["FVEY"]),
                        1 => release(&["RUS", "GBR"]),
                        2 => release(&["NATO", "ISAF"]),
                        _ => Release {
                            noforn: true,
                            ..Release::default()
                        },
                    },
                    level: Some(Level::Secret),
                }))
            }
            Type::Id | Type::Text | Type::Period | Type::Link | Type::Rule | Type::Recipient => {
                Value::Text(random.of(&["Example", "unknown", "SVR", "Other"]).to_owned())
            }
            Type::List(item) => Value::List(
                (0..random.below(3))
                    .map(|_| Node {
                        value: value(*item, random, place),
                        place: place.clone(),
                    })
                    .collect(),
            ),
            Type::Table(fields) => {
                let mut table = Table::default();
                for field in fields {
                    if random.below(3) > 0 {
                        let value = value(field.kind_of_value, random, place);
                        table.push(
                            field.name,
                            Node {
                                value,
                                place: place.clone(),
                            },
                        );
                    }
                }
                Value::Table(Box::new(table))
            }
        }
    }

    fn record(number: usize, random: &mut Random) -> Record {
        // A place of its own for what is written: a stated default stands at the header.
        let mut sources = Sources::default();
        let source = sources.add("random.toml", "[[kind]]\nfield");
        let (header, place) = (Place::new(source, 0..8), Place::new(source, 9..14));
        let kind = random.of(Kind::ALL);
        let mut fields = Table::default();
        for field in fields_of(kind).filter(|field| field.need != Need::Derived) {
            let links = ["supersedes", "related", "resumes", "may_duplicate", "notified"];
            if random.below(4) == 0 || links.contains(&field.name) {
                continue;
            }
            let value = match field.name {
                "covert_action" => Value::Choice(random.of(&["yes", "yes", "no", "undetermined"])),
                _ => value(field.kind_of_value, random, &place),
            };
            fields.push(
                field.name,
                Node {
                    value,
                    place: place.clone(),
                },
            );
        }
        Record {
            kind,
            id: format!("R-{number:05}"),
            header: header.clone(),
            whole: header,
            fields,
        }
    }

    fn case(records: Vec<Record>) -> Case {
        let mut sources = Sources::default();
        let packs: Vec<_> = builtin::PACKS
            .iter()
            .map(|(id, text)| sources.add(*id, *text))
            .collect();
        let (recipients, _) = Recipients::standard(&Changes::new());
        let (mut policy, found) = load(&packs, &Selection::default(), &sources, &recipients);
        assert!(!has_errors(&found));
        policy.rules.iter_mut().for_each(|rule| rule.enabled = true);
        let frame = Frame {
            policy,
            recipients,
            calendar: Calendar::default(),
            vocabulary: Vocabulary::shared(),
            as_of: NaiveDate::from_ymd_opt(2025, 6, 1).unwrap(),
        };
        resolve(records, &[], &[], BTreeSet::new(), frame).0
    }

    /// The outcomes of one record under every rule of its kind, told with a trace.
    fn explained(evaluator: &Evaluator<'_>, record: &Record) -> Vec<(String, Outcome)> {
        let rules = evaluator.rules_of(record.kind).iter();
        let outcome = |rule: &&Rule| evaluator.fires(rule, record, Some(&mut Trace::default()));
        rules
            .map(|rule| (rule.id.clone(), outcome(rule)))
            .filter(|(_, outcome)| *outcome != Outcome::False)
            .collect()
    }

    fn compiled(evaluator: &Evaluator<'_>, record: &Record) -> Vec<(String, Outcome)> {
        let firing = evaluator.firing(record).into_iter();
        firing.map(|(rule, outcome)| (rule.id.clone(), outcome)).collect()
    }

    #[test]
    fn records_come_out_as_they_are_explained() {
        let mut random = Random(11);
        let mut records: Vec<Record> = (0..2500).map(|number| record(number, &mut random)).collect();
        let of_tests = case(Vec::new()).policy.rules;
        let of_tests = of_tests
            .iter()
            .flat_map(|rule| &rule.tests)
            .flat_map(|test| &test.records);
        for (number, record) in of_tests.enumerate() {
            let id = format!("T-{number:05}");
            records.push(Record { id, ..record.clone() });
        }
        let case = case(records);
        assert!(case.records.len() > 2700, "{}", case.records.len());
        let (evaluator, explaining) = (Evaluator::new(&case), Evaluator::new(&case));
        let mut firing = Vec::new();
        for record in &case.records {
            let found = compiled(&evaluator, record);
            assert_eq!(found, explained(&explaining, record), "{record:#?}");
            firing.extend(found.into_iter().filter(|(_, outcome)| *outcome == Outcome::True));
        }
        let rules = evaluator.case.policy.rules.iter();
        let never: Vec<&str> = rules
            .filter(|rule| rule.per.is_none() && !rule.reference_only && !rule.applies_to.contains(&Kind::Notice))
            .filter(|rule| firing.iter().all(|(firing, _)| *firing != rule.id))
            .map(|rule| rule.id.as_str())
            .collect();
        assert_eq!(never, Vec::<&str>::new(), "no record shows how these come out");
    }
}
