//! Holds the two ways from text to record against each other on mutated documents: `relto-bench-ways COUNT [SEED]`. Stops
//! at the first document on which they differ.

#[path = "../../../ways/mutate.rs"]
mod mutate;
#[path = "../../../ways/tally.rs"]
mod tally;

use tally::Tally;

fn main() {
    let mut numbers = std::env::args().skip(1).map(|one| one.parse::<u64>().expect("a number"));
    let count = numbers.next().unwrap_or(400_000);
    let first = numbers.next().unwrap_or(1000);
    let mut tally = Tally::default();
    for seed in first..first + count {
        tally.compare(&mutate::document(seed));
    }
    println!("{tally:?}: 0 unsound");
}
