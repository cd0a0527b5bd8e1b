//! Rules without a record: one obligation a period, nil periods included.
//!
//! Listed are the periods that ended on or before the as-of date and on whose last day the rule was in force, beginning
//! with the one that holds the date of the first record that counts, the rule's first day, or the day that `[policy] reports_from` names,
//! whichever is latest. Values of parameters are those in force on the last day of the period. Of rules with fixed dates (`per = "dates"`) the next date is listed too: nobody else would
//! announce it. A record belongs to the period that holds the last day its date can be. Periods are of the workspace:
//! a run that looks at single files of it lists none.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::diagnostic::Diagnostic;
use crate::base::shared::Shared;
use crate::calendar::deadline::resolve_period;
use crate::calendar::due::{Due, DueKind, Moment};
use crate::calendar::window::Period;
use crate::evaluate::common::{OfDuty, OfRule};
use crate::evaluate::derive;
use crate::evaluate::evaluate::Evaluator;
use crate::evaluate::judge::of_duty;
use crate::evaluate::obligation::Obligation;
use crate::evaluate::postpone;
use crate::evaluate::say::{listed, overdue_periods};
use crate::evaluate::sift::Counted;
use crate::evaluate::state;
use crate::evaluate::trace::Trace;
use crate::evaluate::undecided::Undecided;
use crate::policy::rule::{Duty, Effect, Outcome, Per, Rule};
use crate::record::value::Record;

/// The kind of record that answers a period.
pub(super) const REPORT: &str = "periodic_report";

/// The ids of records by their day, with the records that only may count.
type Dated<'r> = Vec<(NaiveDate, Shared, Option<&'r Record>)>;

/// One period of a rule.
struct Span {
    /// `2025-Q1`, or the date of a rule with fixed dates.
    label: String,
    first: NaiveDate,
    last: NaiveDate,
    /// Nothing for fixed dates: the last day is the due date.
    period: Option<Period>,
    /// Which edition of the rule is in force on the last day, counted from the earliest.
    edition: usize,
}

/// One edition of a rule.
struct Edition<'c> {
    rule: &'c Rule,
    dated: Dated<'c>,
    texts: OfRule,
    duties: Vec<(&'c Duty, OfDuty)>,
}

impl<'c> Evaluator<'c> {
    /// Judges every rule per period. Obligations come in the order of rules, periods and duties.
    pub(super) fn periods(&self, mut counted: Counted) -> (Vec<Obligation>, Vec<Diagnostic>) {
        let mut obligations = Vec::new();
        let mut found = Vec::new();
        if !self.lists_periods() {
            return (obligations, found);
        }
        let case = self.case;
        let reports = self.reports();
        let mut undecided: BTreeMap<&str, (&Record, Undecided)> = BTreeMap::new();
        for rule in self.periodic() {
            let editions = self.editions(rule, &mut counted);
            for number in 0..rule.duties.len() {
                let mut owed = Vec::new();
                // Listed from the first period on in which a record counts.
                let mut begun = false;
                for (at, span) in self.spans(rule, number, &editions).into_iter().enumerate() {
                    let Some(edition) = editions.get(span.edition) else {
                        continue;
                    };
                    let dated = &edition.dated;
                    let from = dated.partition_point(|(day, ..)| *day < span.first);
                    let to = dated.partition_point(|(day, ..)| *day <= span.last);
                    begun |= to > if at == 0 { 0 } else { from };
                    if !begun || case.reports_from.is_some_and(|from| span.last < from) {
                        continue;
                    }
                    let mut covers = Vec::new();
                    for (_, id, doubtful) in &dated[from..to] {
                        let Some(record) = doubtful else {
                            covers.push(id.clone());
                            continue;
                        };
                        let mut trace = Trace::default();
                        self.fires(edition.rule, record, Some(&mut trace));
                        let (_, undecided) = undecided
                            .entry(&record.id)
                            .or_insert_with(|| (record, Undecided::default()));
                        undecided.add(edition.rule, record, &trace);
                    }
                    let report = reports
                        .get(rule.id.as_str())
                        .and_then(|reports| reports.iter().find(|report| span.is_answered_by(report)).copied());
                    if let Some(duty) = edition.duties.get(number) {
                        owed.push(self.of_period(edition, duty, &span, covers, report, &mut found));
                    }
                }
                found.extend(overdue_periods(rule, &owed));
                obligations.extend(owed);
            }
        }
        for (_, (record, undecided)) in undecided {
            found.extend(undecided.into_diagnostics(record));
        }
        (obligations, found)
    }

    /// The rules per period that are switched on.
    pub(super) fn periodic(&self) -> impl Iterator<Item = &'c Rule> + use<'_, 'c> {
        let rules = self.case.policy.rules.iter();
        rules.filter(|rule| rule.enabled && !rule.reference_only && rule.effect == Effect::Notify && rule.per.is_some())
    }

    /// Whether there are periods to list, and all records are there to be counted.
    pub(super) fn lists_periods(&self) -> bool {
        self.periodic().next().is_some() && self.case.reports_all()
    }

    /// The editions of a rule, earliest first, each with the records that count under its values.
    fn editions(&self, rule: &'c Rule, counted: &mut Counted) -> Vec<Edition<'c>> {
        let edition = |rule: &'c Rule| Edition {
            rule,
            dated: self.dated(rule, counted),
            texts: OfRule::of(rule),
            duties: rule.duties.iter().map(|duty| (duty, OfDuty::of(duty))).collect(),
        };
        let mut editions: Vec<Edition<'c>> = rule.editions().map(edition).collect();
        editions.reverse();
        editions
    }

    /// The periodic reports by the rule that they answer.
    fn reports(&self) -> BTreeMap<&str, Vec<&Record>> {
        let mut reports: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
        for record in self.case.records.iter().filter(|record| record.kind.name() == REPORT) {
            if let Some(rule) = record.text("authority_rule") {
                reports.entry(rule).or_default().push(record);
            }
        }
        reports
    }

    /// The records that count in a rule's periods, by their day, and those that only may.
    fn dated(&self, rule: &Rule, counted: &mut Counted) -> Dated<'c> {
        let found = counted.remove(&std::ptr::from_ref(rule).addr());
        let mut found = found.unwrap_or_default();
        // Those of one day stand in the order of their ids.
        found.sort_unstable_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        let counted = found.into_iter().filter_map(|(day, id, outcome)| {
            if outcome == Outcome::True {
                return Some((day, id, None));
            }
            // Those that were judged where they were read count for certain: whatever is in doubt is in the case.
            let record = self.case.record(&id)?;
            match self.counts(rule, record) {
                Outcome::True => Some((day, id, None)),
                Outcome::Unknown => Some((day, id, Some(record))),
                Outcome::False => None,
            }
        });
        counted.collect()
    }

    /// Whether a record counts in a rule's periods: its conditions hold and no exception is shown to.
    fn counts(&self, rule: &Rule, record: &Record) -> Outcome {
        let excepted = rule
            .unless
            .as_ref()
            .is_some_and(|unless| self.holds(unless, record) == Outcome::True);
        if excepted {
            return Outcome::False;
        }
        self.holds(&rule.when, record)
    }

    /// The periods of a duty, from the one that holds the first day of any record on. Each has the values of parameters
    /// that were in force on its last day.
    fn spans(&self, rule: &Rule, duty: usize, editions: &[Edition<'_>]) -> Vec<Span> {
        let as_of = self.case.as_of;
        let Some(first) = editions
            .iter()
            .filter_map(|edition| Some(edition.dated.first()?.0))
            .min()
        else {
            return Vec::new();
        };
        let start = first.max(rule.effective_from);
        let edition_on = |day: NaiveDate| editions.iter().rposition(|edition| edition.rule.edition_from <= day);
        let in_force = |last: NaiveDate| rule.effective_until.is_none_or(|until| last <= until);
        match rule.per {
            Some(Per::Period(kind)) => {
                std::iter::successors(Some(Period::containing(kind, start)), |period| Some(period.next()))
                    .take_while(|period| period.last_day() <= as_of && in_force(period.last_day()))
                    .filter_map(|period| {
                        Some(Span {
                            label: period.to_string(),
                            first: period.first_day(),
                            last: period.last_day(),
                            period: Some(period),
                            edition: edition_on(period.last_day())?,
                        })
                    })
                    .collect()
            }
            Some(Per::Dates) => {
                // Two years past the as-of date hold the next of any yearly dates.
                let horizon = as_of.checked_add_days(chrono::Days::new(731)).unwrap_or(NaiveDate::MAX);
                let dates: Vec<(NaiveDate, usize)> = editions
                    .iter()
                    .enumerate()
                    .filter_map(|(number, edition)| Some((number, edition.rule, edition.rule.duties.get(duty)?)))
                    .flat_map(|(number, edition, duty)| {
                        let horizon = edition.effective_until.map_or(horizon, |until| until.min(horizon));
                        let dates = duty.due.dates_between(edition.edition_from, horizon);
                        dates.into_iter().map(move |date| (date, number))
                    })
                    .collect();
                let past = dates.partition_point(|(date, _)| *date <= as_of);
                let mut first = rule.effective_from;
                let mut spans = Vec::new();
                for (date, edition) in dates.into_iter().take(past + 1) {
                    if date >= start {
                        spans.push(Span {
                            label: date.to_string(),
                            first,
                            last: date,
                            period: None,
                            edition,
                        });
                    }
                    first = date.succ_opt().unwrap_or(date);
                }
                spans
            }
            None => Vec::new(),
        }
    }

    /// The edition of a rule per period under which a record counts: that of the last day of its period.
    pub(super) fn edition_of_period<'r>(&self, rule: &'r Rule, record: &Record) -> Option<&'r Rule> {
        let day = derive::latest_day(record, self.case.calendar.timezone)?;
        let horizon = day.checked_add_days(chrono::Days::new(731)).unwrap_or(NaiveDate::MAX);
        let last = |edition: &Rule| match edition.per? {
            Per::Period(kind) => Some(Period::containing(kind, day).last_day()),
            Per::Dates => edition
                .duties
                .iter()
                .filter_map(|duty| duty.due.dates_between(day, horizon).first().copied())
                .min(),
        };
        rule.editions().find(|edition| {
            last(edition).is_some_and(|last| {
                edition.edition_from <= last && edition.effective_until.is_none_or(|until| last <= until)
            })
        })
    }

    fn of_period(
        &self,
        edition: &Edition<'c>,
        (duty, texts): &(&'c Duty, OfDuty),
        span: &Span,
        covers: Vec<Shared>,
        report: Option<&Record>,
        found: &mut Vec<Diagnostic>,
    ) -> Obligation {
        let (rule, case) = (edition.rule, self.case);
        let mut due = Arc::new(span.due(duty, self));
        let named = match span.period {
            Some(period) => format!("{} ended on {}", period.long(), span.last),
            None => format!("{} names {}", rule.id, span.label),
        };
        let mut because = vec![Shared::from(named)];
        because.push(match covers.len() {
            0 => "no record counts in the period: a nil return".into(),
            number => {
                let ids = listed(number, covers.iter().map(Shared::as_str));
                format!("counted in the period: {ids}").into()
            }
        });
        if let Some(report) = report {
            because.push(format!("answered by {}", report.id).into());
            found.extend(postpone::apply(rule, duty, report, &mut due, &mut because, case));
        }
        let state = match report {
            Some(report) => state::state(rule, duty, report, &due, &duty.notify, case),
            None => state::by_dates(&due, case),
        };
        Obligation {
            target: None,
            due,
            recipients: duty.notify.as_slice().into(),
            because,
            period: Some(Shared::from(&span.label)),
            covers,
            report: report.map(|report| report.id.clone()),
            ..of_duty(rule, &edition.texts, texts, None, state)
        }
    }
}

impl Span {
    /// Whether a periodic report is about this period: it names it, or holds the fixed date.
    fn is_answered_by(&self, report: &Record) -> bool {
        let Some(period) = report.when("period") else {
            return false;
        };
        match self.period {
            Some(_) => period.to_string() == self.label,
            None => Period::parse(&period.to_string()).is_ok_and(|period| period.contains(self.last)),
        }
    }

    fn due(&self, duty: &Duty, evaluator: &Evaluator<'_>) -> Due {
        let case = evaluator.case;
        if let Some(period) = self.period {
            return resolve_period(&duty.due, &case.calendar, period, case.as_of);
        }
        let mut due = Due {
            kind: DueKind::Periodic,
            expression: duty.due.text().into(),
            period: Some(Shared::from(&self.label)),
            ..Due::default()
        };
        due.set_due(Moment::Day(self.last), &case.calendar);
        let after = case.as_of.succ_opt().unwrap_or(NaiveDate::MAX);
        due.set_next(duty.due.dates_between(after, NaiveDate::MAX).first().copied());
        due
    }
}
