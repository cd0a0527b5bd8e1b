//! How fast it is. Ignored: run it in an optimised build, `cargo test --release -- --ignored --nocapture speed`.

use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

use relto::marking::ast::Marking;
use relto::marking::parse::{Form, parse};
use relto::marking::rollup::{Profile, roll_up};

use super::portion;

#[test]
#[ignore = "a measurement, for an optimised build"]
fn speed_of_reading_and_rolling_up() {
    const ROUNDS: u32 = 200_000;
    let texts = [
        "SECRET//REL TO USA, AUS, GBR, FVEY",
        "(TS//SI-G ABCD/TK//OC/NF)",
        "UNCLASSIFIED",
        "(S//REL TO USA, FVEY)",
    ];
    let start = Instant::now();
    for round in 0..ROUNDS {
        black_box(parse(black_box(texts[round as usize % texts.len()]), Form::Auto, None));
    }
    let one = start.elapsed() / ROUNDS;
    let marks = [
        "(U)",
        "(S//REL TO USA, FVEY)",
        "(TS//SI//REL TO USA, AUS, CAN, GBR)",
        "(C//REL TO USA, DEU, ACGU)",
        "(//GBR S//REL TO USA, GBR)",
    ];
    let portions: Vec<Marking> = (0..500).map(|index| portion(marks[index % marks.len()])).collect();
    let start = Instant::now();
    for _ in 0..1000 {
        black_box(roll_up(black_box(&portions), &Profile::default()));
    }
    let document = start.elapsed() / 1000;
    let _ = writeln!(
        std::io::stderr(),
        "one marking {one:?}, a document of 500 portions {document:?}"
    );
}
