//! The 27 rules of the manual's Table 3 (M16 pp. 28-30), one line each, and the manual's own pages beyond the cases.

use relto::marking::ast::Marking;
use relto::marking::rollup::{Profile, roll_up};

use super::{banner, portion, rolled};

#[test]
fn every_rule_of_table_3() {
    for (rule, portions, expected) in [
        (1, vec!["(S//NF)", "(S)"], "SECRET//NOFORN"),
        (
            2,
            vec![
                "(S//NF)",
                "(S//REL TO USA, GBR)",
                "(S//RELIDO)",
                "(S//DISPLAY ONLY IRQ)",
            ],
            "SECRET//NOFORN",
        ),
        (3, vec!["(S//NF)", "(U//SBU-NF)"], "SECRET//NOFORN"),
        (4, vec!["(S)", "(U//SBU-NF)"], "SECRET//NOFORN"),
        (
            5,
            vec!["(S//REL TO USA, GBR)", "(S//RELIDO)", "(U//SBU-NF)"],
            "SECRET//NOFORN",
        ),
        (6, vec!["(S//NF)", "(U//LES-NF)"], "SECRET//NOFORN//LES"),
        (7, vec!["(S)", "(U//LES-NF)"], "SECRET//NOFORN//LES"),
        (
            8,
            vec!["(S//REL TO USA, GBR)", "(S//RELIDO)", "(U//LES-NF)"],
            "SECRET//NOFORN//LES",
        ),
        (
            9,
            vec!["(S//REL TO USA, GBR)", "(S//REL TO USA, JPN)"],
            "SECRET//NOFORN",
        ),
        (10, vec!["(S//REL TO USA, GBR)", "(S//RELIDO)"], "SECRET//NOFORN"),
        (
            11,
            vec!["(S//REL TO USA, GBR)", "(S//DISPLAY ONLY IRQ)"],
            "SECRET//NOFORN",
        ),
        (12, vec!["(S//REL TO USA, GBR/RELIDO)", "(S)"], "SECRET//NOFORN"),
        // rules 13 and 22 are of EYES ONLY, which is refused since 1 October 2017
        (14, vec!["(S//REL TO USA, GBR)", "(U//SBU-NF)"], "SECRET//NOFORN"),
        (15, vec!["(S//REL TO USA, GBR)", "(U//LES-NF)"], "SECRET//NOFORN//LES"),
        (16, vec!["(S//REL TO USA, GBR)", "(S)"], "SECRET//NOFORN"),
        (17, vec!["(S//RELIDO)", "(S)"], "SECRET//NOFORN"),
        (18, vec!["(S//RELIDO)", "(S//DISPLAY ONLY IRQ)"], "SECRET//NOFORN"),
        (19, vec!["(S//DISPLAY ONLY IRQ)", "(S)"], "SECRET//NOFORN"),
        (
            20,
            vec!["(S//DISPLAY ONLY AFG)", "(S//DISPLAY ONLY IRQ)"],
            "SECRET//NOFORN",
        ),
        (
            21,
            vec!["(S//REL TO USA, GBR, JPN)", "(S//REL TO USA, AUS, JPN)"],
            "SECRET//REL TO USA, JPN",
        ),
        (
            23,
            vec!["(S//REL TO USA, FVEY)", "(S//REL TO USA, CAN, DEU)"],
            "SECRET//REL TO USA, CAN",
        ),
        (24, vec!["(S//RELIDO)", "(C//RELIDO)"], "SECRET//RELIDO"),
        (
            25,
            vec!["(S//DISPLAY ONLY AFG)", "(S//DISPLAY ONLY AFG, IRQ)"],
            "SECRET//DISPLAY ONLY AFG",
        ),
        (
            26,
            vec!["(S//REL TO USA, IRQ)", "(S//DISPLAY ONLY IRQ)"],
            "SECRET//DISPLAY ONLY IRQ",
        ),
        (
            27,
            vec![
                "(S//REL TO USA, GBR, IRQ/DISPLAY ONLY AFG)",
                "(S//REL TO USA, IRQ/DISPLAY ONLY AFG, PAK)",
            ],
            "SECRET//REL TO USA, IRQ/DISPLAY ONLY AFG",
        ),
    ] {
        assert_eq!(banner(&portions), expected, "rule {rule}");
    }
}

/// Pages of the manual, each with its portions (the shorthand `REL` written out, as extraction demands).
#[test]
fn pages_of_the_manual() {
    for (page, portions, expected) in [
        (49, vec!["(S//REL TO USA, FVEY)", "(U)"], "SECRET//REL TO USA, FVEY"),
        (
            52,
            vec!["(U//FOUO/REL TO USA, JPN)", "(S//REL TO USA, JPN)"],
            "SECRET//REL TO USA, JPN",
        ),
        (
            58,
            vec![
                "(//JOINT S CAN GBR USA//REL TO USA, CAN, GBR)",
                "(//JOINT S CAN GBR USA//REL TO USA, FVEY)",
            ],
            "//JOINT SECRET CAN GBR USA//REL TO USA, CAN, GBR",
        ),
        (
            59,
            vec![
                "(//JOINT S GBR USA//REL TO USA, GBR)",
                "(//JOINT S GBR USA//FGI NZL//REL TO USA, FVEY)",
            ],
            "//JOINT SECRET GBR USA//FGI NZL//REL TO USA, GBR",
        ),
        (
            73,
            vec!["(TS//RSV-ABC//NF)", "(TS//RSV-123//NF)"],
            "TOP SECRET//RSV-123-ABC//NOFORN",
        ),
        (
            98,
            vec!["(TS//TK-KAND ABCD//NF)", "(TS//TK-IDIT//NF)"],
            "TOP SECRET//TK-IDIT-KAND ABCD//NOFORN",
        ),
        (
            109,
            vec!["(S//RD-SG 20//NF)", "(S//FRD-SG 14//NF)"],
            "SECRET//RD-SIGMA 14 20//NOFORN",
        ),
        (116, vec!["(U//DCNI)", "(S//REL TO USA, GBR)"], "SECRET//NOFORN"),
        (120, vec!["(S//TFNI//NF)", "(S//FRD//NF)"], "SECRET//FRD//NOFORN"),
        (
            129,
            vec![
                "(S//REL TO USA, AUS)",
                "(//CAN S//REL TO USA, AUS, CAN, GBR)",
                "(//DEU TS//NF)",
            ],
            "TOP SECRET//FGI CAN DEU//NOFORN",
        ),
        (
            144,
            vec!["(S//IMC/REL TO USA, AUS, CAN, GBR, NZL)", "(TS//NF)"],
            "TOP SECRET//IMCON/NOFORN",
        ),
        (147, vec!["(S//REL TO USA, JPN)", "(U//LES-NF)"], "SECRET//NOFORN//LES"),
        (
            155,
            vec!["(S//RELIDO)", "(S//REL TO USA, AUS, CAN/RELIDO)"],
            "SECRET//RELIDO",
        ),
        (
            167,
            vec![
                "(S//REL TO USA, AFG/DISPLAY ONLY IRQ)",
                "(S//REL TO USA, GBR/DISPLAY ONLY PAK)",
            ],
            "SECRET//NOFORN",
        ),
        (171, vec!["(U//DS)", "(S//NF)"], "SECRET//NOFORN"),
        (173, vec!["(S//NF//XD)"], "SECRET//NOFORN//EXDIS"),
        (174, vec!["(S//NF//ND)", "(S//NF//XD)"], "SECRET//NOFORN//NODIS"),
        (
            177,
            vec!["(U//SBU)", "(U//SBU/SSI)", "(U//FOUO)"],
            "UNCLASSIFIED//SBU/SSI",
        ),
        (179, vec!["(U//SBU-NF)", "(U//FOUO)"], "UNCLASSIFIED//SBU NOFORN"),
        (180, vec!["(U//SBU-NF)", "(U//FOUO/NF)"], "UNCLASSIFIED//NOFORN//SBU"),
        (183, vec!["(U//LES)", "(U//FOUO)"], "UNCLASSIFIED//LES"),
        (184, vec!["(S//NF)", "(U//LES)"], "SECRET//NOFORN//LES"),
        (187, vec!["(U//LES-NF)", "(U//FOUO)"], "UNCLASSIFIED//LES NOFORN"),
    ] {
        assert_eq!(banner(&portions), expected, "p. {page}");
    }
}

#[test]
fn the_department_of_defense_differs() {
    let dod = |portions: &[&str]| {
        let markings: Vec<Marking> = portions.iter().map(|text| portion(text)).collect();
        roll_up(&markings, &Profile::dod()).banner.unwrap_or_default()
    };
    assert_eq!(dod(&["(S//REL TO USA, GBR)", "(S)"]), "SECRET");
    assert_eq!(dod(&["(S//REL TO USA, GBR)", "(S//REL TO USA, JPN)"]), "SECRET");
    assert_eq!(
        dod(&["(S//REL TO USA, GBR)", "(S//REL TO USA, GBR, JPN)"]),
        "SECRET//REL TO USA, GBR"
    );
    assert_eq!(dod(&["(S//DISPLAY ONLY AFG)", "(S//DISPLAY ONLY AFG, IRQ)"]), "SECRET");
    assert_eq!(
        dod(&["(S//DISPLAY ONLY AFG)", "(S//DISPLAY ONLY AFG)"]),
        "SECRET//DISPLAY ONLY AFG"
    );
    assert_eq!(dod(&["(S//NF)", "(S)"]), "SECRET//NOFORN");
    assert_eq!(
        dod(&["(TS//SAR-AA//NF)", "(TS//SAR-BB/CC//NF)"]),
        "TOP SECRET//SAR-MULTIPLE PROGRAMS//NOFORN"
    );
}

#[test]
fn every_element_has_its_portion_and_rule() {
    let result = rolled(&["(U)", "(TS//SI//REL TO USA, GBR)", "(S)", "(C//OC/NF)"]);
    assert_eq!(result.banner.as_deref(), Some("TOP SECRET//SI//ORCON/NOFORN"));
    let because: Vec<(&str, Option<usize>)> = result
        .because
        .iter()
        .map(|because| (because.element.as_str(), because.portion))
        .collect();
    assert_eq!(
        because,
        [
            ("TOP SECRET", Some(2)),
            ("SI", Some(2)),
            ("NOFORN", Some(4)),
            ("ORCON", Some(4))
        ]
    );
    let result = rolled(&["(S//REL TO USA, GBR)", "(U)", "(S)"]);
    let noforn = result
        .because
        .iter()
        .find(|because| because.element == "NOFORN")
        .expect("NOFORN is explained");
    assert_eq!((noforn.portion, noforn.rule.contains("rule 16")), (Some(3), true));
}
