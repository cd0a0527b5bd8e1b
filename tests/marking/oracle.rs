//! A second roll-up of the release marking, written from Table 3 (M16 pp. 28-30) and not from the engine: it knows only
//! sets of people, no codes. It must agree on a hundred thousand random documents.

use std::collections::BTreeSet;

use relto::marking::ast::Marking;
use relto::marking::rollup::{Profile, roll_up};

use super::hostile::Random;
use super::portion;

type People = BTreeSet<&'static str>;

/// One portion as the oracle sees it.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "a portion as a row of yes and no")]
struct Portion {
    text: String,
    marking: Option<Marking>,
    classified: bool,
    controlled: bool,
    noforn: bool,
    relido: bool,
    rel: Option<People>,
    display: Option<People>,
}

/// What the banner says about release.
#[derive(Debug, PartialEq, Eq)]
enum Outcome {
    Nothing,
    Noforn,
    Lists { rel: People, display: People, relido: bool },
}

fn members(code: &'static str) -> People {
    match code {
        "FVEY" => People::from(["AUS", "CAN", "GBR", "NZL"]),
        "ACGU" => People::from(["AUS", "CAN", "GBR"]),
        "TEYE" => People::from(["AUS", "GBR"]),
        other => People::from([other]),
    }
}

fn people(codes: &[&'static str]) -> People {
    codes.iter().flat_map(|code| members(code)).collect()
}

fn shared_by_all(sets: &[People]) -> People {
    let Some((first, rest)) = sets.split_first() else {
        return People::new();
    };
    first
        .iter()
        .copied()
        .filter(|person| rest.iter().all(|set| set.contains(person)))
        .collect()
}

fn oracle(portions: &[Portion]) -> Outcome {
    // an uncontrolled unclassified portion has no say (p. 51)
    let voices: Vec<&Portion> = portions
        .iter()
        .filter(|portion| portion.classified || portion.controlled)
        .collect();
    // rules 1 to 8, 14, 15
    if voices.iter().any(|voice| voice.noforn) {
        return Outcome::Noforn;
    }
    let silent = |voice: &&&Portion| !voice.relido && voice.rel.is_none() && voice.display.is_none();
    let quiet = voices.iter().filter(silent).count();
    if quiet == voices.len() {
        return Outcome::Nothing;
    }
    // rules 12, 16, 17, 19
    if quiet > 0 {
        return Outcome::Noforn;
    }
    let relido = voices.iter().all(|voice| voice.relido);
    let listed = voices
        .iter()
        .all(|voice| voice.rel.is_some() || voice.display.is_some());
    // rules 10, 18, 24
    if !listed {
        return if relido {
            Outcome::Lists {
                rel: People::new(),
                display: People::new(),
                relido,
            }
        } else {
            Outcome::Noforn
        };
    }
    // rules 9, 11, 20, 21, 23, 25 to 27: who may keep a copy of everything, who may see everything
    let keep: Vec<People> = voices
        .iter()
        .map(|voice| voice.rel.clone().unwrap_or_default())
        .collect();
    let see: Vec<People> = voices
        .iter()
        .map(|voice| voice.rel.iter().chain(&voice.display).flatten().copied().collect())
        .collect();
    let rel = shared_by_all(&keep);
    let shown = voices.iter().any(|voice| voice.display.is_some());
    let display = if shown {
        shared_by_all(&see).difference(&rel).copied().collect()
    } else {
        People::new()
    };
    if rel.is_empty() && display.is_empty() && !relido {
        Outcome::Noforn
    } else {
        Outcome::Lists { rel, display, relido }
    }
}

fn engine(portions: &[Portion]) -> Outcome {
    let markings: Vec<Marking> = portions.iter().filter_map(|one| one.marking.clone()).collect();
    let banner = roll_up(&markings, &Profile::default())
        .marking
        .expect("every such document has a banner");
    let release = banner.release();
    if release.is_noforn() {
        return Outcome::Noforn;
    }
    if release.is_unmarked() {
        return Outcome::Nothing;
    }
    let people = |codes: &[String]| -> People {
        codes
            .iter()
            .flat_map(|code| members(CODES.iter().find(|known| *known == code).expect("a known code")))
            .collect()
    };
    let rel = people(release.released_to());
    let display = people(&release.display_only).difference(&rel).copied().collect();
    Outcome::Lists {
        rel,
        display,
        relido: release.relido,
    }
}

/// In the order of a list: countries, then organizations; EU and KFOR are opaque.
const CODES: [&str; 11] = [
    "AUS", "CAN", "DEU", "GBR", "JPN", "NZL", "ACGU", "EU", "FVEY", "KFOR", "TEYE",
];

fn codes(random: &mut Random, without: &[&str]) -> Vec<&'static str> {
    let weight = 2 + random.below(3);
    let mut chosen: Vec<&str> = CODES
        .into_iter()
        .filter(|code| !without.contains(code) && random.below(weight) == 0)
        .collect();
    if chosen.is_empty() {
        chosen.extend(
            CODES
                .into_iter()
                .filter(|code| !without.contains(code))
                .nth(random.below(3)),
        );
    }
    chosen
}

fn some_portion(random: &mut Random) -> Portion {
    let classified = random.below(4) > 0;
    let mut one = Portion {
        classified,
        controlled: true,
        ..Portion::default()
    };
    let level = if classified {
        *random.pick(&["C", "S", "TS"])
    } else {
        "U"
    };
    let mut parts = Vec::new();
    match random.below(12) {
        0 => {
            one.noforn = true;
            parts.push("NF".to_owned());
        }
        1 => one.controlled = false,
        2 => {
            one.relido = true;
            parts.push("RELIDO".to_owned());
        }
        kind => {
            let mut taken = Vec::new();
            if kind != 3 {
                taken = codes(random, &[]);
                parts.push(format!("REL TO USA, {}", taken.join(", ")));
                one.rel = Some(people(&taken));
            }
            if kind == 4 || kind == 5 {
                one.relido = true;
                parts.push("RELIDO".to_owned());
            } else if matches!(kind, 3 | 6 | 7) && taken.len() < 6 {
                let shown = codes(random, &taken);
                parts.push(format!("DISPLAY ONLY {}", shown.join(", ")));
                one.display = Some(people(&shown));
            }
        }
    }
    one.text = if parts.is_empty() {
        format!("({level})")
    } else {
        format!("({level}//{})", parts.join("/"))
    };
    one.marking = Some(portion(&one.text));
    one
}

#[test]
fn agrees_with_the_engine_on_random_documents() {
    compare(20_000);
}

/// Compares so many documents and returns how often each outcome was met: nothing, NOFORN, lists. The tests take a fifth
/// of the hundred thousand that the benchmark takes in an optimised build.
pub(super) fn compare(documents: usize) -> [usize; 3] {
    let mut random = Random(20_161_231);
    let pool: Vec<Portion> = (0..4000).map(|_| some_portion(&mut random)).collect();
    let mut met = [0usize; 3];
    for _ in 0..documents {
        let count = 1 + random.below(5);
        // half of the documents have portions of one kind, or the outcome would nearly always be NOFORN
        let lists_only = random.below(4) > 0;
        let mut portions: Vec<Portion> = Vec::new();
        while portions.len() < count {
            let one = random.pick(&pool);
            if !lists_only || one.rel.is_some() || one.display.is_some() || !(one.classified || one.controlled) {
                portions.push(one.clone());
            }
        }
        let (expected, found) = (oracle(&portions), engine(&portions));
        met[match expected {
            Outcome::Nothing => 0,
            Outcome::Noforn => 1,
            Outcome::Lists { .. } => 2,
        }] += 1;
        assert_eq!(
            found,
            expected,
            "{:?}",
            portions.iter().map(|one| &one.text).collect::<Vec<_>>()
        );
    }
    assert!(
        met.iter().all(|count| *count > 100),
        "each outcome is met often: {met:?}"
    );
    met
}
