//! How fast the marking engine is, and how it stands ten million strings.
//!
//! `cargo bench --no-default-features --bench marking` prints the median of many samples and how far it is below its bar.
//! `cargo bench --no-default-features --bench marking -- strings 10000000` reads that many random and mutated strings;
//! `-- documents 100000` rolls that many random documents up and compares them with the oracle.

use std::hint::black_box;
use std::io::{self, Write};
use std::time::{Duration, Instant};

use relto::marking::ast::Marking;
use relto::marking::level::Level;
use relto::marking::parse::{Form, parse};
use relto::marking::rollup::{Profile, roll_up};

#[path = "../marking/hostile.rs"]
mod hostile;
#[path = "../marking/oracle.rs"]
mod oracle;

/// Markings of everyday length, valid ones and one with a slip.
const TEXTS: [&str; 8] = [
    "SECRET//REL TO USA, AUS, GBR, FVEY",
    "(TS//SI-G ABCD/TK//OC/NF)",
    "UNCLASSIFIED",
    "(S//REL TO USA, FVEY)",
    "TOP SECRET//SI/TK//ORCON/NOFORN",
    "(//GBR S//REL TO USA, GBR)",
    "(U)",
    "SECRET//FGI CAN DEU//REL TO USA, CAN, DEU, FVEY",
];

const PORTIONS: [&str; 5] = [
    "(U)",
    "(S//REL TO USA, FVEY)",
    "(TS//SI//REL TO USA, AUS, CAN, GBR)",
    "(C//REL TO USA, DEU, ACGU)",
    "(//GBR S//REL TO USA, GBR)",
];

fn main() -> io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let out = &mut io::stdout().lock();
    match &arguments[..] {
        [] => measure(out),
        [word, count] if word == "strings" => match count.parse() {
            Ok(count) => strings(out, count),
            Err(_) => writeln!(out, "`{count}` is no count"),
        },
        [word, count] if word == "documents" => match count.parse() {
            Ok(count) => documents(out, count),
            Err(_) => writeln!(out, "`{count}` is no count"),
        },
        _ => writeln!(out, "nothing, `strings COUNT` or `documents COUNT`"),
    }
}

fn measure(out: &mut dyn Write) -> io::Result<()> {
    let one = median(101, || {
        const ROUNDS: u32 = 2_000;
        let start = Instant::now();
        for round in 0..ROUNDS as usize {
            black_box(parse(black_box(TEXTS[round % TEXTS.len()]), Form::Auto, None));
        }
        start.elapsed() / ROUNDS
    });
    report(out, "one marking read and judged", one, Duration::from_micros(2))?;
    let portions: Vec<Marking> = PORTIONS.into_iter().cycle().take(500).map(portion).collect();
    let document = median(101, || {
        const ROUNDS: u32 = 20;
        let start = Instant::now();
        for _ in 0..ROUNDS {
            black_box(roll_up(black_box(&portions), &Profile::default()));
        }
        start.elapsed() / ROUNDS
    });
    report(out, "500 portions rolled up", document, Duration::from_micros(200))
}

fn median(samples: usize, mut sample: impl FnMut() -> Duration) -> Duration {
    let mut found: Vec<Duration> = (0..samples).map(|_| sample()).collect();
    found.sort_unstable();
    found[samples / 2]
}

fn report(out: &mut dyn Write, what: &str, found: Duration, bar: Duration) -> io::Result<()> {
    let ratio = found.as_secs_f64() / bar.as_secs_f64();
    writeln!(
        out,
        "{what:28} median {found:>10.2?}   bar {bar:>6.0?}   {ratio:.2} of the bar"
    )
}

/// Reads a portion that must be valid.
fn portion(text: &str) -> Marking {
    let parsed = parse(text, Form::Portion, None);
    assert!(parsed.is_valid(), "{text}: {:?}", parsed.problems);
    parsed.marking.unwrap_or_else(|| Marking::us(Level::TopSecret))
}

fn documents(out: &mut dyn Write, count: usize) -> io::Result<()> {
    let start = Instant::now();
    let [nothing, noforn, lists] = oracle::compare(count);
    writeln!(
        out,
        "{count} documents in {:.0?} agree with the oracle: {nothing} say nothing, {noforn} NOFORN, {lists} lists",
        start.elapsed()
    )
}

fn strings(out: &mut dyn Write, count: usize) -> io::Result<()> {
    let start = Instant::now();
    let valid = hostile::read_all(2_016, count);
    writeln!(
        out,
        "{count} strings in {:.0?}, {valid} of them valid markings, none panicked",
        start.elapsed()
    )
}
