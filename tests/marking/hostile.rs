//! Hostile strings, the same on every machine: random, mutated, and put together from the words of markings. What must hold
//! of every reading is checked on each. The tests read thousands of them, the benchmark ten million.

use relto::marking::declassify::parse_declassify;
use relto::marking::parse::{Form, Parsed, parse, parse_release};
use relto::marking::problem::{self, Problem};

/// A small generator of numbers: the same on every machine and run.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % limit
    }

    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

const SEEDS: &[&str] = &[
    "TOP SECRET//HCS-P JJJ XYZ/SI-G ABCD/TK-BLFH//SAR-BP-J12 J54/CD//RD-CNWDI-SIGMA 14 18//FGI CAN DEU NATO//RSEN/ORCON/NOFORN/PROPIN/FISA//LES/SSI",
    "(//JOINT S CAN GBR USA//SI//REL TO USA, CAN, GBR/DISPLAY ONLY AFG, IRQ)",
    "(S//REL TO USA, AUS, FVEY, NATO/RELIDO)",
    "//COSMIC TOP SECRET//BOHEMIA",
    "//NATO ISAF SECRET//REL TO USA, NATO",
    "UNCLASSIFIED//DOD UCNI//FOUO",
    "SECRET//FGI//ORCON-USGOV/IMCON/NOFORN//NODIS",
    "N/A to RD and NATO portions. See source list for NSI portions.",
    "25X1, 20501231",
];

pub(super) const WORDS: &[&str] = &[
    "//",
    "/",
    " ",
    ", ",
    ",",
    "-",
    "(",
    ")",
    "TOP SECRET",
    "SECRET",
    "UNCLASSIFIED",
    "TS",
    "S",
    "C",
    "U",
    "R",
    "JOINT",
    "NATO",
    "COSMIC",
    "CTS",
    "FGI",
    "REL TO ",
    "REL",
    "USA",
    "GBR",
    "FVEY",
    "NF",
    "NOFORN",
    "RELIDO",
    "DISPLAY ONLY ",
    "OC",
    "ORCON",
    "-USGOV",
    "SI",
    "TK",
    "HCS",
    "G",
    "SAR-",
    "BP",
    "RD",
    "FRD",
    "SIGMA ",
    "SG ",
    "14",
    "20",
    "CNWDI",
    "FOUO",
    "SBU",
    "LES-NF",
    "EYES ONLY",
    "ACCM-",
    "WAIVED",
    "HVSACO",
    "KDK",
    "ATOMAL",
    "DOD UCNI",
    "LIMDIS",
    "ISAF",
    "X",
    "s",
    "\u{2013}",
    "\u{200b}",
];

/// What must hold of every reading, whatever the text.
pub(super) fn check_reading(text: &str, parsed: &Parsed) {
    let length = text.chars().count();
    for problem in &parsed.problems {
        assert!(
            problem.offset + problem.length <= length,
            "{text:?}: {problem:?} is outside of the text"
        );
        assert!(
            problem::kind(problem.code).is_some(),
            "{} is in the table",
            problem.code
        );
    }
    assert_eq!(parsed.is_valid(), !parsed.problems.iter().any(Problem::is_error));
    match &parsed.canonical {
        Some(canonical) if parsed.is_valid() => assert_eq!(canonical, text),
        Some(canonical) => assert!(
            parse(canonical, parsed.form, None).is_valid(),
            "{text:?} -> {canonical:?}"
        ),
        None => assert!(!parsed.is_valid()),
    }
    if let Some(marking) = &parsed.marking {
        let back = parse(&marking.portion(), Form::Portion, None);
        if let Some(back) = back.marking {
            assert_eq!(&back, marking, "{text}");
        }
    }
}

/// The next string: a mutated seed, words of markings in a row, or any characters at all.
fn next(random: &mut Random, text: &mut String) {
    text.clear();
    match random.below(8) {
        0 => {
            for _ in 0..random.below(40) {
                text.push(any(random));
            }
        }
        1 | 2 => {
            for _ in 0..random.below(14) {
                text.push_str(random.pick::<&str>(WORDS));
            }
        }
        _ => {
            let mut characters: Vec<char> = random.pick::<&str>(SEEDS).chars().collect();
            for _ in 0..random.below(5) {
                mutate(random, &mut characters);
            }
            text.extend(characters);
        }
    }
}

fn any(random: &mut Random) -> char {
    let below = [0x80, 0x80, 0x3000, 0x11_0000][random.below(4)];
    char::from_u32(u32::try_from(random.below(below)).unwrap_or(0)).unwrap_or('?')
}

fn mutate(random: &mut Random, text: &mut Vec<char>) {
    let at = random.below(text.len() + 1);
    match random.below(5) {
        0 if at < text.len() => {
            text.remove(at);
        }
        1 if at < text.len() => text[at] = any(random),
        2 if at < text.len() => {
            let other = random.below(text.len());
            text.swap(at, other);
        }
        3 => text.insert(at, any(random)),
        _ => {
            let word: Vec<char> = random.pick::<&str>(WORDS).chars().collect();
            text.splice(at..at, word);
        }
    }
}

/// Reads so many strings in every form and checks what must hold; returns how many were valid markings.
pub(super) fn read_all(seed: u64, count: usize) -> usize {
    let mut random = Random(seed);
    let mut text = String::new();
    let mut valid = 0;
    for _ in 0..count {
        next(&mut random, &mut text);
        let form = *random.pick(&[Form::Auto, Form::Banner, Form::Portion]);
        let parsed = parse(&text, form, None);
        check_reading(&text, &parsed);
        valid += usize::from(parsed.is_valid());
        let length = text.chars().count();
        let inside = |problem: &Problem| problem.offset + problem.length <= length;
        if random.below(4) == 0 {
            assert!(parse_release(&text, None).problems.iter().all(inside), "{text:?}");
        }
        if random.below(4) == 0 {
            assert!(parse_declassify(&text, None).problems.iter().all(inside), "{text:?}");
        }
    }
    valid
}
