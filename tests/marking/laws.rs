//! Laws of the engine: printing and reading are inverse, nothing panics, places are within the text, adding a portion
//! never lowers a banner.

use proptest::prelude::*;
use relto::marking::ast::{Aea, Classification, Compartment, Fgi, Marking, Program, Rd};
use relto::marking::characters::clean;
use relto::marking::declassify::parse_declassify;
use relto::marking::level::{ForeignLevel, Level};
use relto::marking::parse::{Form, parse, parse_release};
use relto::marking::register::{Control, NonIc};
use relto::marking::rollup::{Profile, roll_up};
use relto::marking::strictness::is_at_least;

use super::hostile::{Random, WORDS, check_reading, read_all};
use super::portion;

const COUNTRIES: [&str; 6] = ["AUS", "CAN", "DEU", "GBR", "JPN", "NZL"];
const ORGANIZATIONS: [&str; 4] = ["EU", "FVEY", "NATO", "NSG"];

fn codes() -> impl Strategy<Value = Vec<String>> {
    (
        proptest::sample::subsequence(COUNTRIES.to_vec(), 0..6),
        proptest::sample::subsequence(ORGANIZATIONS.to_vec(), 0..4),
    )
        .prop_map(|(countries, organizations)| countries.into_iter().chain(organizations).map(str::to_owned).collect())
}

fn programs(
    names: &'static [&'static str],
    compartments: &'static [&'static str],
) -> impl Strategy<Value = Vec<Program>> {
    let compartment = (
        proptest::sample::select(compartments),
        proptest::sample::subsequence(vec!["ABCD", "EFGH", "WXYZ"], 0..3),
    );
    let program = (
        proptest::sample::select(names),
        proptest::collection::vec(compartment, 0..3),
    );
    proptest::collection::vec(program, 0..3).prop_map(|mut programs| {
        programs.sort_by_key(|(name, _)| *name);
        programs.dedup_by_key(|(name, _)| *name);
        let program = |(name, mut found): (&str, Vec<(&str, Vec<&str>)>)| {
            found.sort();
            found.dedup_by_key(|(name, _)| *name);
            let compartments = found.into_iter().map(|(name, subs)| Compartment {
                name: name.to_owned(),
                subs: subs.into_iter().map(str::to_owned).collect(),
            });
            Program {
                name: name.to_owned(),
                compartments: compartments.collect(),
            }
        };
        programs.into_iter().map(program).collect()
    })
}

fn classification() -> impl Strategy<Value = Classification> {
    let foreign = proptest::sample::select(ForeignLevel::ALL.to_vec());
    let owned = (codes(), foreign.clone()).prop_map(|(mut owners, level)| {
        // NATO alone has its own classification
        owners.retain(|code| code != "NATO");
        if owners.is_empty() {
            owners.push("DEU".to_owned());
        }
        Classification::Foreign { owners, level }
    });
    let joint = (codes(), foreign.clone()).prop_map(|(mut owners, level)| {
        let at = owners
            .iter()
            .position(|code| ORGANIZATIONS.contains(&code.as_str()))
            .unwrap_or(owners.len());
        owners.insert(at, "USA".to_owned());
        Classification::Joint { owners, level }
    });
    prop_oneof![
        6 => proptest::sample::select(Level::ALL.to_vec()).prop_map(Classification::Us),
        1 => owned,
        1 => foreign.clone().prop_map(|level| Classification::Nato { level, activity: None }),
        1 => foreign.prop_map(|level| Classification::Concealed { level }),
        1 => joint,
    ]
}

prop_compose! {
    /// Markings of every shape; many break a rule, which only reading finds out.
    fn markings()(
        classification in classification(),
        sci in programs(&["HCS", "SI", "TK", "RSV"], &["ABC", "G", "O", "P", "XYZ"]),
        sap in programs(&["BP", "CA", "XR"], &["J12", "K15"]),
        rd in proptest::option::of((any::<bool>(), proptest::sample::subsequence(vec![14u8, 15, 18, 20], 0..4))),
        fgi in proptest::option::of(codes()),
        controls in proptest::sample::subsequence(Control::ALL.to_vec(), 0..4),
        non_ic in proptest::sample::subsequence(NonIc::ALL.to_vec(), 0..2),
        rel_to in codes(),
        display_only in codes(),
        some in 0u8..16,
    ) -> Marking {
        let mut marking = Marking::of(classification);
        if some & 1 != 0 { marking.sci = sci; }
        if some & 2 != 0 { marking.sap = sap; }
        if some & 4 != 0 {
            marking.aea = Aea { rd: rd.map(|(cnwdi, sigmas)| Rd { cnwdi, sigmas: sigmas.into_iter().collect() }), ..Aea::default() };
        }
        if some & 8 != 0 { marking.fgi = fgi.map(|codes| if codes.is_empty() { Fgi::Concealed } else { Fgi::Open(codes) }); }
        marking.controls = controls.into_iter().collect();
        marking.non_ic = non_ic.into_iter().collect();
        if marking.has(Control::RelTo) { marking.rel_to = rel_to; }
        if marking.has(Control::DisplayOnly) { marking.display_only = display_only; }
        marking
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_what_was_printed_gives_it_back(marking in markings()) {
        let portion = parse(&marking.portion(), Form::Portion, None);
        if let Some(found) = portion.marking {
            prop_assert_eq!(&found, &marking);
            prop_assert_eq!(found.portion(), marking.portion());
            prop_assert_eq!(parse(&format!("({})", marking.portion()), Form::Auto, None).marking, Some(marking.clone()));
        }
        let banner = parse(&marking.banner(), Form::Banner, None);
        if let (Some(found), false) = (banner.marking, matches!(marking.classification, Classification::Concealed { .. })) {
            prop_assert_eq!(found, marking);
        }
    }

    #[test]
    fn no_text_panics(text in ".{0,60}") {
        check_reading(&text, &parse(&text, Form::Auto, None));
        check_reading(&text, &parse(&text, Form::Banner, None));
        check_reading(&text, &parse(&text, Form::Portion, None));
        let _ = parse_release(&text, None);
        let _ = parse_declassify(&text, None);
    }

    #[test]
    fn no_text_of_marking_words_panics(words in proptest::collection::vec(proptest::sample::select(WORDS), 0..12)) {
        let text = words.concat();
        check_reading(&text, &parse(&text, Form::Auto, None));
        let release = parse_release(&text, None);
        prop_assert!(release.problems.iter().all(|problem| problem.offset + problem.length <= text.chars().count()));
    }

    #[test]
    fn cleaning_is_idempotent(text in ".{0,60}") {
        let once = clean(&text).text;
        prop_assert_eq!(&clean(&once).text, &once);
    }
}

/// The fuzz target and the benchmark read millions; this is their seeded replay.
#[test]
fn mutated_markings_never_panic() {
    assert!(read_all(7, 8_000) > 100, "some are valid");
}

const PORTIONS: &[&str] = &[
    "(U)",
    "(U//FOUO)",
    "(U//FISA)",
    "(U//DSEN)",
    "(U//SBU)",
    "(U//SBU-NF)",
    "(U//LES)",
    "(U//LES-NF)",
    "(U//SSI)",
    "(U//UCNI)",
    "(U//DCNI)",
    "(U//REL TO USA, FVEY)",
    "(U//NF)",
    "(U//RELIDO)",
    "(U//DS)",
    "(U//XD)",
    "(U//FOUO/REL TO USA, JPN)",
    "(U//PR)",
    "(C)",
    "(C//REL TO USA, GBR)",
    "(S)",
    "(S//NF)",
    "(S//RELIDO)",
    "(S//REL TO USA, AUS, CAN)",
    "(S//REL TO USA, FVEY)",
    "(S//REL TO USA, AUS/RELIDO)",
    "(S//DISPLAY ONLY AFG)",
    "(S//REL TO USA, IRQ/DISPLAY ONLY AFG)",
    "(S//OC/REL TO USA, GBR)",
    "(S//OC-USGOV/NF)",
    "(S//HCS-P//NF)",
    "(S//HCS-P)",
    "(S//SI//REL TO USA, FVEY)",
    "(TS//SI-G ABCD//OC/NF)",
    "(TS//TK-BLFH ABCD//NF)",
    "(TS//TK-IDIT//NF)",
    "(S//TK)",
    "(S//RD-SG 14//NF)",
    "(S//FRD//NF)",
    "(C//TFNI)",
    "(S//SAR-BP//NF)",
    "(TS//SAR-BP-J12/CD//NF)",
    "(S//FGI CAN//REL TO USA, CAN)",
    "(//DEU S//REL TO USA, DEU)",
    "(//FGI S//NF)",
    "(//NS//REL TO USA, NATO)",
    "(//CTS//BOHEMIA//REL TO USA, NATO)",
    "(//JOINT S GBR USA//REL TO USA, GBR)",
    "(S//NF//ND)",
    "(S//NF//LES)",
    "(S//IMC/NF)",
    "(TS//TK//RS/REL TO USA, ACGU)",
];

#[test]
fn adding_a_portion_never_lowers_a_banner() {
    let markings: Vec<Marking> = PORTIONS.iter().map(|text| portion(text)).collect();
    let profile = Profile::default();
    let mut random = Random(11);
    for _ in 0..15_000 {
        let chosen: Vec<usize> = (0..=random.below(4)).map(|_| random.below(markings.len())).collect();
        let added = random.below(markings.len());
        let mut portions: Vec<Marking> = chosen.iter().map(|index| markings[*index].clone()).collect();
        let before = roll_up(&portions, &profile);
        portions.push(markings[added].clone());
        let after = roll_up(&portions, &profile);
        let names: Vec<&str> = chosen.iter().chain([&added]).map(|index| PORTIONS[*index]).collect();
        let (Some(before), Some(after)) = (before.marking, after.marking) else {
            panic!("{names:?} has no banner")
        };
        // uncontrolled unclassified text has said nothing yet that a release could lower (M16 p. 51); a JOINT document
        // that gets a US portion is a US document of the same level with FGI (M16 p. 59)
        let silent = before.is_bare() && !before.level().is_classified();
        let joint = matches!(before.classification, Classification::Joint { .. });
        assert!(
            silent || joint || is_at_least(&after, &before),
            "{names:?}: {} after {}",
            after.banner(),
            before.banner()
        );
        let banner = after.banner();
        assert_eq!(parse(&banner, Form::Banner, None).marking, Some(after), "{banner}");
    }
}

#[test]
fn the_order_of_portions_does_not_matter() {
    let markings: Vec<Marking> = PORTIONS.iter().map(|text| portion(text)).collect();
    let mut random = Random(13);
    for _ in 0..3_000 {
        let mut portions: Vec<Marking> = (0..5).map(|_| random.pick(&markings).clone()).collect();
        let one = roll_up(&portions, &Profile::default()).banner;
        portions.reverse();
        assert_eq!(roll_up(&portions, &Profile::default()).banner, one);
    }
}
