//! How compiled rules come out for a record.
//!
//! How a rule came out, test by test, is told by evaluation with a trace, which asks everything in the order written; a
//! test holds both to the same outcomes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::base::shared::Shared;
use crate::evaluate::ask::{Answers, Question};
use crate::evaluate::case::Days;
use crate::evaluate::condition::{Windows, because, in_force, seen, seen_at};
use crate::evaluate::evaluate::{Evaluator, both};
use crate::evaluate::neighbour::Direction;
use crate::evaluate::program::{Compiled, CompiledDuty, Form, Program, Reason};
use crate::policy::rule::{Outcome, Test};
use crate::record::value::Record;

/// A rule that may fire for a record.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    /// Its number in the program of the record's kind.
    pub(super) rule: usize,
    /// It fires, whatever windows count.
    pub(super) certain: bool,
}

/// What is known of a record so far.
pub(super) struct Facts<'r> {
    pub(super) record: &'r Record,
    pub(super) days: Days,
    pub(super) windows: Windows,
    known: Box<Known>,
}

/// The answers about one record after the other, each with the number of the record that it is about.
#[derive(Default)]
pub(super) struct Known {
    record: u64,
    fields: Vec<(u64, Answers)>,
    others: Vec<(u64, Outcome)>,
    rules: Vec<(u64, Outcome)>,
}

impl Program<'_> {
    /// Begins with a record of which nothing is known but its days.
    pub(super) fn facts<'r>(&self, record: &'r Record, days: Days) -> Facts<'r> {
        let mut known = self.known.take().unwrap_or_default();
        known.record += 1;
        known
            .fields
            .resize(self.questions.fields.len(), <(u64, Answers)>::default());
        known.others.resize(self.questions.others.len(), (0, Outcome::Unknown));
        known.rules.resize(self.rules.len(), (0, Outcome::Unknown));
        Facts {
            record,
            days,
            windows: Windows::Counted,
            known,
        }
    }

    /// Ends with a record.
    pub(super) fn done(&self, facts: Facts<'_>) {
        self.known.set(Some(facts.known));
    }
}

impl<'c> Evaluator<'c> {
    /// The rules that may fire for a record, in their order, windows not counted yet.
    pub(super) fn candidates(&self, program: &Program<'c>, facts: &mut Facts<'_>, found: &mut Vec<Candidate>) {
        found.clear();
        facts.windows = Windows::Open;
        for gate in &program.gates {
            if self.form(program, &gate.form, facts) == Outcome::False {
                continue;
            }
            for number in &gate.rules {
                let compiled = &program.rules[*number];
                match self.first_look(compiled, program, facts) {
                    Outcome::False => {}
                    outcome => found.push(Candidate {
                        rule: *number,
                        certain: outcome == Outcome::True && compiled.rule.preceded.is_none(),
                    }),
                }
            }
        }
        facts.windows = Windows::Counted;
        found.sort_unstable_by_key(|candidate| candidate.rule);
    }

    /// How a rule comes out as long as windows are not counted: where they may still turn it, it is unknown.
    fn first_look(&self, compiled: &Compiled<'c>, program: &Program<'c>, facts: &mut Facts<'_>) -> Outcome {
        let rule = compiled.rule;
        let force = in_force(facts.days, rule.edition_from, rule.effective_until, self.case.as_of);
        if force == Outcome::False {
            return Outcome::False;
        }
        let result = both(force, self.all(program, &compiled.when, facts));
        match &compiled.unless {
            Some(unless) if result != Outcome::False => match self.form(program, unless, facts) {
                Outcome::True => Outcome::False,
                // Windows may show that the exception holds.
                Outcome::Unknown => Outcome::Unknown,
                Outcome::False => result,
            },
            _ => result,
        }
    }

    /// How a rule of which nothing but windows is open comes out where none of them is met.
    pub(super) fn with_windows_unmet(
        &self,
        program: &Program<'c>,
        compiled: &Compiled<'c>,
        facts: &mut Facts<'_>,
    ) -> Outcome {
        facts.windows = Windows::Unmet;
        let outcome = self.first_look(compiled, program, facts);
        facts.windows = Windows::Counted;
        outcome
    }

    /// How a rule comes out for a record.
    pub(super) fn rule(&self, program: &Program<'c>, number: usize, facts: &mut Facts<'_>) -> Outcome {
        if let (of, known) = facts.known.rules[number]
            && of == facts.known.record
        {
            return known;
        }
        // Of other rules windows count, even where this one's are taken as met.
        let windows = std::mem::replace(&mut facts.windows, Windows::Counted);
        let result = self.unknown_rule(&program.rules[number], program, facts);
        facts.windows = windows;
        facts.known.rules[number] = (facts.known.record, result);
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

    /// How parts come out that must all hold.
    pub(super) fn all(&self, program: &Program<'c>, parts: &[Form<'c>], facts: &mut Facts<'_>) -> Outcome {
        let mut result = Outcome::True;
        for part in parts {
            result = both(result, self.form(program, part, facts));
            if result == Outcome::False {
                break;
            }
        }
        result
    }

    pub(super) fn form(&self, program: &Program<'c>, form: &Form<'c>, facts: &mut Facts<'_>) -> Outcome {
        match form {
            Form::Ask(question) => self.answer(program, *question, facts),
            Form::All(parts) => self.all(program, parts, facts),
            Form::Any(parts) => any(parts.iter().map(|part| self.form(program, part, facts))),
            Form::Not(part) => self.form(program, part, facts).negated(),
            Form::Window(_) if facts.windows == Windows::Assumed => Outcome::True,
            Form::Window(_) if facts.windows == Windows::Open => Outcome::Unknown,
            Form::Window(_) if facts.windows == Windows::Unmet => Outcome::False,
            Form::Fires(rules) if facts.windows == Windows::Open => {
                // A rule that fires at first look may still lack the record that it must be preceded by.
                let may_fire =
                    |number: &usize| self.first_look(&program.rules[*number], program, facts) != Outcome::False;
                if rules.iter().any(may_fire) {
                    Outcome::Unknown
                } else {
                    Outcome::False
                }
            }
            Form::Window(window) => self.window(window, facts.record).outcome(window),
            Form::Fires(rules) => any(rules.iter().map(|number| self.rule(program, *number, facts))),
        }
    }

    fn answer(&self, program: &Program<'c>, question: Question, facts: &mut Facts<'_>) -> Outcome {
        let record = facts.known.record;
        match question {
            Question::Of { field, bit } => {
                let (of, mut answers) = facts.known.fields[field];
                if of != record {
                    answers = self.ask(&program.questions.fields[field], facts.record, facts.days);
                    facts.known.fields[field] = (record, answers);
                }
                answers.outcome(bit)
            }
            Question::Other(number) => {
                let (of, mut answer) = facts.known.others[number];
                if of != record {
                    answer = self.test(program.questions.others[number], facts.record);
                    facts.known.others[number] = (record, answer);
                }
                answer
            }
        }
    }

    /// Each test that made a rule fire, in words.
    pub(super) fn reasons(&self, program: &Program<'c>, compiled: &Compiled<'c>, facts: &mut Facts<'_>) -> Vec<Shared> {
        let mut said = Vec::with_capacity(compiled.reasons.len() + 1);
        self.say(program, &compiled.reasons, facts, &mut said);
        said
    }

    /// Each test that made a duty owed, in words.
    pub(super) fn reasons_of_duty(
        &self,
        program: &Program<'c>,
        duty: &CompiledDuty<'c>,
        facts: &mut Facts<'_>,
        said: &mut Vec<Shared>,
    ) {
        self.say(program, &duty.reasons, facts, said);
    }

    fn say(&self, program: &Program<'c>, reasons: &[Reason<'c>], facts: &mut Facts<'_>, all: &mut Vec<Shared>) {
        for reason in reasons {
            if self.is_terse && !all.is_empty() {
                return;
            }
            match reason {
                Reason::Test { question, test, said } => {
                    if self.answer(program, *question, facts) == Outcome::True {
                        let seen = match program.questions.node(*question, facts.record) {
                            Some(node) => seen_at(node),
                            None => seen(&test.path.nodes(facts.record)).into(),
                        };
                        all.push(words(test, &seen, said));
                    }
                }
                Reason::Other(condition) => all.extend(self.met(condition, facts.record)),
            }
        }
    }
}

/// Longer values are seldom those of another record, too.
const LONG: usize = 48;

/// The words for a test that was met by a value.
fn words(test: &Test, seen: &str, said: &RefCell<BTreeMap<String, Shared>>) -> Shared {
    if seen.len() > LONG {
        return because(test, seen).into();
    }
    let mut said = said.borrow_mut();
    if let Some(words) = said.get(seen) {
        return words.clone();
    }
    let words = Shared::from(because(test, seen));
    said.insert(seen.to_owned(), words.clone());
    words
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
    use crate::policy::rule::Rule;
    use crate::record::field::{Need, Type, fields_of};
    use crate::record::kind::Kind;
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
            Type::Code => Value::Code(random.of(CODES).into()),
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
                text: "Example".into(),
            })),
            Type::OtherMarking | Type::PortionMark => {
                let release = |codes: &[&str]| Release {
                    rel_to: Some(codes.iter().map(|code| (*code).to_owned()).collect()),
                    ..Release::default()
                };
                Value::Release(Box::new(OtherMarking {
                    text: "SECRET//REL TO".into(),
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
                Value::Text(random.of(&["Example", "unknown", "SVR", "Other"]).into())
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
            id: Shared::from(format!("R-{number:05}")),
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
        let program = evaluator.program(record.kind);
        let mut facts = program.facts(record, evaluator.days(record));
        let mut candidates = Vec::new();
        evaluator.candidates(program, &mut facts, &mut candidates);
        let outcomes = candidates.into_iter().map(|candidate: Candidate| {
            let id = program.rules[candidate.rule].rule.id.clone();
            let outcome = evaluator.rule(program, candidate.rule, &mut facts);
            assert!(!candidate.certain || outcome == Outcome::True, "{id}: {record:#?}");
            (id, outcome)
        });
        let firing = outcomes.filter(|(_, outcome)| *outcome != Outcome::False).collect();
        program.done(facts);
        firing
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
            records.push(Record {
                id: id.into(),
                ..record.clone()
            });
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
