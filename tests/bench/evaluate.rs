//! How long all packs take over decoded records, beside a hand-written program for a few of the same questions.
//!
//! `cargo bench --no-default-features --bench evaluate` judges 100,000 records under every rule of every shipped pack that
//! is switched on: changes of REL TO markings and liaison contacts in halves, and then a tenth of them of every other kind,
//! where far more is owed. It prints CPU time a record, and how many times the baseline that is. `-- RECORDS` takes another
//! number.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use chrono::{Days, NaiveDate};
use relto::base::diagnostic::{Diagnostic, has_errors};
use relto::base::shared::Shared;
use relto::base::source::{Sources, read_text};
use relto::calendar::holidays::Calendar;
use relto::evaluate::case::{Frame, resolve};
use relto::evaluate::evaluate::evaluate;
use relto::marking::level::Level;
use relto::policy::builtin;
use relto::policy::load::{Selection, load as load_packs};
use relto::policy::recipients::{Changes, Recipients};
use relto::policy::rule::Policy;
use relto::record::kind::Kind;
use relto::record::load::load;
use relto::record::value::{Record, Value};
use relto::workspace::settings::Settings;

/// The program's own.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The bar, in microseconds a record.
const BAR: f64 = 2.0;

fn main() -> io::Result<()> {
    let count = std::env::args()
        .skip(1)
        .find_map(|word| word.parse().ok())
        .unwrap_or(100_000);
    let out = &mut io::stdout().lock();
    for others in [None, Some(10)] {
        measure(count, others, out)?;
    }
    Ok(())
}

/// Measures one mix of records: one of so many is of another kind.
fn measure(count: usize, others: Option<usize>, out: &mut impl Write) -> io::Result<()> {
    let (records, ids) = records(count, others);
    let (policy, recipients) = packs();
    let rules = policy.rules.iter().filter(|rule| rule.enabled).count();
    let reported = records.iter().map(|record| record.id.clone()).collect();
    let baseline = best(|| by_hand(&records));
    let frame = Frame {
        policy,
        recipients,
        calendar: Calendar::default(),
        vocabulary: Settings::default().vocabulary,
        as_of: NaiveDate::from_ymd_opt(2026, 1, 15).unwrap_or_default(),
    };
    let ((case, found), resolving) = timed(|| resolve(records, &[], &ids, reported, frame));
    assert!(!has_errors(&found), "the records have broken links");
    let judged = best(|| evaluate(&case).0.len());
    let (owed, notes) = evaluate(&case);
    writeln!(
        out,
        "{count} records {}, {rules} rules: {} obligations, {} diagnostics",
        if others.is_some() {
            "of all kinds"
        } else {
            "of two kinds"
        },
        owed.len(),
        notes.len()
    )?;
    let line = |name: &str, time: Duration| {
        let each = micros(time, count);
        format!(
            "{name:<34} {each:>7.3} µs a record {:>8.1} × baseline",
            each / micros(baseline.1, count)
        )
    };
    writeln!(out, "{}", line("by hand: five rules, one window", baseline.1))?;
    writeln!(out, "{}", line("resolve: links, derived fields", resolving))?;
    writeln!(out, "{}", line("evaluate: all packs, windows too", judged.1))?;
    let share = micros(judged.1, count) / BAR;
    writeln!(
        out,
        "evaluate takes {share:.2} of its bar of {BAR} µs a record; by hand {} fire",
        baseline.0
    )
}

fn micros(time: Duration, count: usize) -> f64 {
    time.as_secs_f64() * 1e6 / f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// The value, and the CPU time it took.
fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let before = cpu();
    let value = work();
    (value, cpu().saturating_sub(before))
}

/// The fastest of seven.
fn best<T>(mut work: impl FnMut() -> T) -> (T, Duration) {
    let mut best = timed(&mut work);
    for _ in 0..6 {
        let next = timed(&mut work);
        if next.1 < best.1 {
            best = next;
        }
    }
    best
}

/// The CPU time of this thread, so that other programs on the machine do not count.
fn cpu() -> Duration {
    let text = read_text(Path::new("/proc/thread-self/schedstat")).unwrap_or_default();
    let nanos = text.split(' ').next().and_then(|word| word.parse().ok());
    Duration::from_nanos(nanos.unwrap_or_default())
}

fn packs() -> (Policy, Recipients) {
    let mut sources = Sources::default();
    let packs: Vec<_> = builtin::PACKS
        .iter()
        .map(|(id, text)| sources.add(*id, *text))
        .collect();
    let (recipients, _) = Recipients::standard(&Changes::new());
    let (policy, found) = load_packs(&packs, &Selection::default(), &sources, &recipients);
    assert!(!has_errors(&found), "the packs have errors");
    (policy, recipients)
}

type Ids = Vec<(Shared, relto::base::source::Place)>;

/// Synthetic records of three years: most are routine, a few are what the rules are about.
fn records(count: usize, others: Option<usize>) -> (Vec<Record>, Ids) {
    const FROM: [&str; 4] = [
        "SECRET//REL TO USA, FVEY",
        "SECRET//REL TO USA, AUS, CAN, GBR",
        "SECRET//REL TO USA, NATO",
        "SECRET//REL TO USA, DEU, FRA",
    ];
    const TO: [&str; 8] = [
        "SECRET//REL TO USA, FVEY",
        "SECRET//REL TO USA, AUS, CAN, GBR, NZL",
        "SECRET//REL TO USA, AUS, CAN, GBR",
        "SECRET//REL TO USA, NATO",
        "SECRET//REL TO USA, DEU, FRA",
        "SECRET//NOFORN",
        "SECRET//REL TO USA, JPN, FVEY",
        "SECRET//REL TO USA, AUS, GBR",
    ];
    const PARTNERS: [&str; 8] = ["GBR", "AUS", "FRA", "DEU", "JPN", "KOR", "ISR", "POL"];
    const RANKS: [&str; 4] = ["working", "working", "senior", "head"];
    let first = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap_or_default();
    let mut random = Random(7);
    let mut text = String::new();
    let mut records = Vec::with_capacity(count);
    let mut ids = Vec::with_capacity(count);
    let mut sources = Sources::default();
    let mut flush = |text: &mut String| {
        let source = sources.add(format!("records/{}.toml", text.len()), std::mem::take(text));
        let (loaded, found) = load(source, &sources, Level::Secret);
        let errors: Vec<&Diagnostic> = found.iter().filter(|found| found.is_error()).collect();
        assert!(errors.is_empty(), "{:?}", errors.first());
        records.extend(loaded.records);
        ids.extend(loaded.ids);
    };
    for number in 0..count {
        let day = first + Days::new(random.below(1095));
        let common =
            "marking = \"U\"\nbasis = \"sample\"\ncovert_action = \"no\"\nelement = \"ODNI\"\nlegality = \"lawful\"\n";
        if others.is_some_and(|others| number % others == others - 1) {
            let partner = PARTNERS[random.pick(PARTNERS.len())];
            other(number, day, partner, &mut random, &mut text);
        } else if number % 2 == 0 {
            let from = FROM[random.pick(FROM.len())];
            // Seven of ten change nothing but the wording; one of two hundred adds an adversary.
            let to = match random.below(200) {
                0 => "SECRET//REL TO USA, RUS, FVEY",
                1..140 => from,
                _ => TO[random.pick(TO.len())],
            };
            let subject = ["product", "product", "product", "series"][random.pick(4)];
            let _ = write!(
                text,
                "[[rel_to_change]]\nid = \"RC-{number}\"\ntitle = \"Change {number}\"\n{common}\
                 subject = {{ type = \"{subject}\", name = \"Series {number}\" }}\nfrom = \"{from}\"\nto = \"{to}\"\n\
                 decided = {day}\neffective = {day}\nfacts = \"The marking was changed.\"\npurpose = \"Sharing.\"\n"
            );
        } else {
            // One of fifty is with an adversary's service.
            let partner = match random.below(100) {
                0 => "RUS",
                1 => "CHN",
                _ => PARTNERS[random.pick(PARTNERS.len())],
            };
            let service = random.below(40);
            let rank = RANKS[random.pick(RANKS.len())];
            let _ = write!(
                text,
                "[[liaison_contact]]\nid = \"LC-{number}\"\ntitle = \"Contact {number}\"\n{common}\
                 mode = \"meeting\"\ncommenced = {day}\ninitiator = \"us\"\ncontact_purpose = \"exchange\"\n\
                 counterpart = {{ country = \"{partner}\", service = \"Service {service}\", rank = \"{rank}\" }}\n\
                 official = {{ title = \"Officer\", rank = \"{rank}\" }}\ntopics = [\"counterterrorism\"]\n\
                 facts = \"A meeting took place.\"\n"
            );
        }
        if number % 1000 == 999 {
            flush(&mut text);
        }
    }
    flush(&mut text);
    (records, ids)
}

/// A record of one of the other kinds.
fn other(number: usize, day: NaiveDate, partner: &str, random: &mut Random, text: &mut String) {
    let (kind, fields) = match random.below(12) {
        0..6 => {
            let exchange = ["analytic", "ct_adhoc", "technical", "collection_coordination"][random.pick(4)];
            (
                "exchange",
                format!(
                    "commenced = {day}\ntype = \"{exchange}\"\ndirection = \"mutual\"\n\
                     counterpart = {{ country = \"{partner}\", service = \"Service {}\" }}\n",
                    random.below(40)
                ),
            )
        }
        6..8 => (
            "sharing_change",
            format!(
                "commenced = {day}\naction = \"restrict\"\npartner = \"{partner}\"\ndirection = \"us_to_foreign\"\n\
                 scope = \"partial\"\n"
            ),
        ),
        8..10 => (
            "agreement",
            format!(
                "concluded = {day}\nparties = [\"{partner}\", \"USA\"]\ninstrument = \"other\"\n\
                 stage = \"in_force\"\noral = false\n"
            ),
        ),
        10 => (
            "disclosure",
            format!(
                "commenced = {day}\naware = {day}\nauthorized = \"no\"\naudience = \"public\"\nsignificant = true\n\
                 actual = true\nprior_level = \"S\"\n"
            ),
        ),
        _ => (
            "legal_interpretation",
            format!(
                "decided = {day}\ncommenced = {day}\ninterpreted = \"A word.\"\nactivities = \"A deed.\"\n\
                 previously_notified = false\n"
            ),
        ),
    };
    let _ = write!(
        text,
        "[[{kind}]]\nid = \"OT-{number}\"\ntitle = \"Other {number}\"\nmarking = \"U\"\nbasis = \"sample\"\n\
         covert_action = \"no\"\nelement = \"ODNI\"\nlegality = \"lawful\"\n{fields}facts = \"It took place.\"\n"
    );
}

/// Numbers that are the same on every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn pick(&mut self, length: usize) -> usize {
        usize::try_from(self.below(length as u64)).unwrap_or(0)
    }
}

/// What a programmer would write for five of the rules, with their dates and recipients: an adversary added, an ally
/// removed, any change of a series, a principal's contact with an adversary, two contacts with one service in 180 days.
fn by_hand(records: &[Record]) -> usize {
    struct Owed<'r> {
        record: &'r str,
        rule: &'static str,
        due: NaiveDate,
        recipients: [&'static str; 2],
    }
    const ADVERSARIES: [&str; 4] = ["RUS", "CHN", "IRN", "PRK"];
    let day = |record: &Record, field: &str| {
        record
            .when(field)
            .and_then(|when| when.day(chrono_tz::America::New_York))
    };
    let mut owed: Vec<Owed<'_>> = Vec::new();
    let mut seen: BTreeMap<(&str, &str), Vec<(NaiveDate, &str)>> = BTreeMap::new();
    for record in records {
        let mut owe = |rule, due| {
            owed.push(Owed {
                record: &record.id,
                rule,
                due,
                recipients: ["SSCI", "HPSCI"],
            });
        };
        match record.kind {
            Kind::RelToChange => {
                let (Some(from), Some(to)) = (record.get("from"), record.get("to")) else {
                    continue;
                };
                let (Value::Release(from), Value::Release(to)) = (&from.value, &to.value) else {
                    continue;
                };
                let Some(decided) = day(record, "decided") else {
                    continue;
                };
                if from.text == to.text {
                    continue;
                }
                if ADVERSARIES
                    .iter()
                    .any(|code| to.text.contains(code) && !from.text.contains(code))
                {
                    owe("ADD", decided - Days::new(30));
                }
                if to.text.ends_with("NOFORN") {
                    owe("CUT", decided + Days::new(2));
                }
                if record.text("subject.type") == Some("series") {
                    owe("ANY", decided + Days::new(14));
                }
            }
            Kind::LiaisonContact => {
                let (Some(country), Some(service)) =
                    (record.text("counterpart.country"), record.text("counterpart.service"))
                else {
                    continue;
                };
                let Some(on) = day(record, "commenced") else { continue };
                if !ADVERSARIES.contains(&country) {
                    continue;
                }
                if matches!(record.text("official.rank"), Some("head" | "deputy")) {
                    owe("PRINCIPAL", on + Days::new(7));
                }
                seen.entry((country, service)).or_default().push((on, &record.id));
            }
            _ => {}
        }
    }
    for contacts in seen.values_mut() {
        contacts.sort_unstable();
        for at in 1..contacts.len() {
            let (on, record) = contacts[at];
            if on - contacts[at - 1].0 <= chrono::TimeDelta::days(180) {
                owed.push(Owed {
                    record,
                    rule: "PATTERN",
                    due: on + Days::new(30),
                    recipients: ["SSCI", "HPSCI"],
                });
            }
        }
    }
    owed.sort_by_key(|one| (one.record, one.rule, one.due));
    owed.iter().map(|one| one.recipients.len()).sum::<usize>() / 2
}
