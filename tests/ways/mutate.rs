//! Documents of records by chance, made of the field table's own examples, and what a slip of the hand makes of them.
//! Seeded: the same number gives the same document everywhere.

use std::fmt::Write as _;

use relto::record::field::{Need, Type, fields_of};
use relto::record::kind::Kind;

/// A small generator of numbers (`SplitMix64`).
#[derive(Debug)]
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5851_F42D_4C95_7F2D)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        bits ^ (bits >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end.max(1) as u64).unwrap()
    }

    fn word<'o>(&mut self, of: &[&'o str]) -> &'o str {
        of[self.below(of.len())]
    }

    fn one<'o, T>(&mut self, of: &'o [T]) -> &'o T {
        let at = self.below(of.len());
        &of[at]
    }
}

const DATES: &[&str] = &[
    "2025-03-11",
    "2025-03-11T09:30:00-05:00",
    "2025-03-11 09:30:00Z",
    "2025-03-11t09:30:00.25z",
    "2024-02-29",
    "1999-12-31T23:59:60Z",
    "\"2023-06\"",
    "\"2023-Q3\"",
    "\"2024-H2\"",
    "\"2023\"",
    "\"2023-06/2023-09\"",
    "\"../2024-01-02\"",
    "\"unknown\"",
    "'2025-03-11'",
];

const TEXTS: &[&str] = &[
    "\"A call took place.\"",
    "'A call took place.'",
    "\"A \\\"call\\\" took\\tplace.\"",
    "\"\"\"\nSeveral lines,\n[[agreement]]\nand more.\n\"\"\"",
    "'''\nSeveral 'lines'.'''",
    "\"Naryshkin, Сергей\"",
    "\"\\u00e9t\\u00E9\"",
    "\"M\u{e4}rz\"",
    "\"\"\"one \\\n   line\"\"\"",
];

const CODES: &[&str] = &[
    "\"RUS\"",
    "\"GBR\"",
    "\"FVEY\"",
    "\"NATO\"",
    "\"UKR\"",
    "'AUS'",
    "\"ANT\"",
    "\"\"\"JPN\"\"\"",
];

const MARKINGS: &[&str] = &[
    "\"SECRET//REL TO USA, FVEY\"",
    "\"SECRET//NOFORN\"",
    "\"REL TO USA, RUS\"",
    "\"NOFORN\"",
    "\"(S//REL TO USA, AUS, GBR)\"",
    "\"UNCLASSIFIED//FOUO\"",
    "\"TOP SECRET//SI//REL TO USA, GBR\"",
    "\"CONFIDENTIAL//REL TO USA, ANT\"",
];

/// A value that a field of this type may have.
fn value(of: &Type, example: &str, chance: &mut Chance) -> String {
    match of {
        // Mostly the example of the field table: a record by chance alone is hardly ever sound.
        _ if chance.below(10) > 0 && !matches!(of, Type::Text | Type::Portion | Type::List(_)) => example.to_string(),
        Type::When => chance.word(DATES).to_string(),
        Type::Portion if chance.below(2) == 0 => format!("{{ mark = \"U\", text = {} }}", chance.word(TEXTS)),
        Type::Text | Type::Link | Type::Rule | Type::Recipient | Type::Portion => chance.word(TEXTS).to_string(),
        Type::Code => chance.word(CODES).to_string(),
        Type::OtherMarking => chance.word(MARKINGS).to_string(),
        Type::Choice(words) => format!("\"{}\"", chance.word(words)),
        Type::Bool => chance.word(&["true", "false"]).to_string(),
        Type::Integer => (*chance.one(&[
            "250000",
            "2_500",
            "0x1F",
            "-4",
            "+7",
            "0o17",
            "0b11",
            "9223372036854775807",
        ]))
        .to_string(),
        Type::List(_) if chance.below(2) == 0 => example.to_string(),
        Type::List(inner) => {
            let example = example.trim_start_matches('[').trim_end_matches(']');
            let example = example.split(',').next().unwrap().trim();
            let example = if example.starts_with('{') { "{ }" } else { example };
            let count = chance.below(4);
            let parts: Vec<String> = (0..count).map(|_| value(inner, example, chance)).collect();
            let (open, between, close) =
                *chance.one(&[("[", ", ", "]"), ("[\n  ", ",\n  ", ",\n]"), ("[ ", " , ", " ]")]);
            if parts.is_empty() {
                return "[]".to_string();
            }
            format!("{open}{}{close}", parts.join(between))
        }
        Type::Table(fields) => {
            let parts: Vec<_> = fields
                .iter()
                .filter(|field| field.need == Need::Required || chance.below(3) > 0)
                .collect();
            let parts: Vec<String> = parts
                .into_iter()
                .map(|field| {
                    format!(
                        "{} = {}",
                        field.name,
                        value(&field.kind_of_value, field.example, chance)
                    )
                })
                .collect();
            format!("{{ {} }}", parts.join(", "))
        }
        Type::Id | Type::PortionMark | Type::Level | Type::Period => example.to_string(),
    }
}

fn record(number: u64, chance: &mut Chance, text: &mut String) {
    let kind = *chance.one(Kind::ALL);
    let _ = writeln!(text, "[[{kind}]]{}", chance.word(&["", "", "", " # a comment", "  "]));
    let often = chance.below(8) + 1;
    let mut lines = Vec::new();
    for field in fields_of(kind).filter(|field| field.need != Need::Derived) {
        let written = match (field.need, field.name) {
            (_, "id") => format!("\"T-{number}-{}\"", chance.below(1000)),
            (_, "basis") => "\"sample\"".to_string(),
            (Need::Required, _) => match field.kind_of_value {
                Type::Text => "\"A title\"".to_string(),
                Type::Choice(words) => format!("\"{}\"", chance.word(words)),
                _ => "\"U\"".to_string(),
            },
            _ if chance.below(10) >= often => continue,
            _ => value(&field.kind_of_value, field.example, chance),
        };
        lines.push(format!("{} = {written}", field.name));
    }
    if chance.below(4) == 0 {
        let at = chance.below(lines.len());
        lines.swap(0, at);
    }
    for line in lines {
        text.push_str(&line);
        text.push_str(chance.word(&["\n", "\n", "\n", "\n", "\r\n", " # said\n", "\n\n", "\n# \u{e9}\n"]));
    }
}

/// What may slip in.
const SLIPS: &[&str] = &[
    "\"",
    "'",
    "\"\"\"",
    "'''",
    "\\",
    "\\u00e9",
    "\\x",
    "[",
    "]",
    "[[",
    "]]",
    "{",
    "}",
    ",",
    "=",
    ".",
    "#",
    "\n",
    "\r",
    "\r\n",
    "\t",
    " ",
    "\u{0}",
    "\u{7f}",
    "\u{200b}",
    "\u{feff}",
    "\u{fffd}",
    "\u{410}",
    "\u{e9}",
    "0",
    "1",
    "9",
    "-",
    "_",
    "+",
    "T",
    "Z",
    ":",
    "/",
    "true",
    "inf",
    "nan",
    "1.5",
    "1e3",
    "0x",
    "[[agreement]]\n",
    "\n[[exchange]]\n",
    "[table]\n",
    "[agreement.x]\n",
    "[[liaison_contact.commitments]]\n",
    "id = \"T-1\"\n",
    "a.b = 1\n",
    "\"id\" = \"T-2\"\n",
    "title = \"\"\n",
    "title = \"  \"\n",
    "marking = \"S\"\n",
    "marking = \"U//FOUO\"\n",
    "departments = []\n",
    "2025-02-30",
    "25:61:00",
];

/// Mutates a document a few times.
fn slip(text: &str, chance: &mut Chance) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    let at = chance.below(chars.len() + 1);
    match chance.below(7) {
        0 if at < chars.len() => {
            chars.remove(at);
        }
        1 | 2 => {
            let slip = chance.word(SLIPS);
            chars.splice(at..at, slip.chars());
        }
        3 if at < chars.len() => chars[at] = chance.word(SLIPS).chars().next().unwrap(),
        4 if !text.is_empty() => {
            // A line is doubled, left out, or goes elsewhere.
            let mut lines: Vec<&str> = text.split_inclusive('\n').collect();
            let from = chance.below(lines.len());
            let to = chance.below(lines.len());
            match chance.below(3) {
                0 => lines.insert(to, lines[from]),
                1 => {
                    lines.remove(from);
                }
                _ => lines.swap(from, to),
            }
            return lines.concat();
        }
        5 if at < chars.len() => {
            let end = (at + chance.below(12)).min(chars.len());
            chars.drain(at..end);
        }
        6 if chance.below(8) == 0 => chars.truncate(at),
        _ => {
            let word = chance.word(&[
                "\"UNKNOWN\"",
                "\"maybe\"",
                "12",
                "[ ]",
                "{ }",
                "{ mark = \"S\", text = \"x\" }",
                "2025-03-11",
                "[[1]]",
            ]);
            let lines: Vec<String> = text.split_inclusive('\n').map(str::to_string).collect();
            let which = chance.below(lines.len());
            return lines
                .iter()
                .enumerate()
                .map(|(number, line)| match (number == which, line.split_once('=')) {
                    (true, Some((key, _))) => format!("{key}= {word}\n"),
                    _ => line.clone(),
                })
                .collect();
        }
    }
    chars.into_iter().collect()
}

/// Returns the document of a seed: one to four records, none to three slips.
pub(crate) fn document(seed: u64) -> String {
    let mut chance = Chance::new(seed);
    let mut text = chance
        .word(&["", "", "", "\u{feff}", "# Records.\n\n", "\r\n"])
        .to_string();
    for _ in 0..=chance.below(8).saturating_sub(4) {
        record(seed, &mut chance, &mut text);
    }
    for _ in 0..[0, 0, 1, 1, 2, 3][chance.below(6)] {
        text = slip(&text, &mut chance);
    }
    text
}
