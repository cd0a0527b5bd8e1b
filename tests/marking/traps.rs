//! The traps that other programs fell into, each by name.

use chrono::NaiveDate;
use relto::marking::parse::{Form, parse, parse_release};
use relto::marking::rollup::ProfileKind;
use relto::marking::vocabulary::Vocabulary;

use super::{banner, errors};

#[test]
fn release_lists_intersect_and_never_unite() {
    assert_eq!(
        banner(&["(S//REL TO USA, AUS, GBR)", "(S//REL TO USA, CAN, GBR)"]),
        "SECRET//REL TO USA, GBR"
    );
}

#[test]
fn nothing_in_common_is_noforn_and_never_a_bare_level() {
    assert_eq!(
        banner(&["(S//REL TO USA, AUS)", "(S//REL TO USA, CAN)"]),
        "SECRET//NOFORN"
    );
}

#[test]
fn plain_unclassified_text_does_not_break_a_release_and_plain_secret_text_does() {
    assert_eq!(banner(&["(S//REL TO USA, GBR)", "(U)"]), "SECRET//REL TO USA, GBR");
    assert_eq!(banner(&["(S//REL TO USA, GBR)", "(S)"]), "SECRET//NOFORN");
    assert_eq!(banner(&["(S//REL TO USA, GBR)", "(U//LES)"]), "SECRET//NOFORN//LES");
}

#[test]
fn usa_stands_first_in_rel_to_and_in_its_place_in_joint() {
    assert_eq!(errors("SECRET//REL TO AUS, GBR, USA"), ["usa-first"]);
    assert_eq!(errors("SECRET//REL TO GBR"), ["usa-first"]);
    assert!(errors("//JOINT SECRET CAN GBR USA//REL TO USA, CAN, GBR").is_empty());
    assert_eq!(
        errors("//JOINT SECRET USA CAN GBR//REL TO USA, CAN, GBR"),
        ["list-order"]
    );
    assert_eq!(errors("SECRET//DISPLAY ONLY USA, AFG").first(), Some(&"usa-in-list"));
    assert_eq!(errors("SECRET//FGI USA DEU").first(), Some(&"usa-in-list"));
}

#[test]
fn organizations_are_told_by_the_vocabulary_and_not_by_length() {
    assert!(errors("SECRET//REL TO USA, ZAF, AUSTRALIA_GROUP, EU, FVEY, NSG").is_empty());
    assert_eq!(errors("SECRET//REL TO USA, EU, ZAF"), ["list-order"]);
}

#[test]
fn opaque_and_unlisted_organizations_are_never_expanded() {
    assert_eq!(
        banner(&["(S//REL TO USA, KFOR)", "(S//REL TO USA, DEU)"]),
        "SECRET//NOFORN"
    );
    assert_eq!(
        banner(&["(S//REL TO USA, NATO)", "(S//REL TO USA, DEU)"]),
        "SECRET//NOFORN"
    );
    assert_eq!(
        banner(&["(S//REL TO USA, KFOR)", "(S//REL TO USA, DEU, KFOR)"]),
        "SECRET//REL TO USA, KFOR"
    );
}

#[test]
fn four_countries_are_not_collapsed_into_fvey() {
    let four = "(S//REL TO USA, AUS, CAN, GBR, NZL)";
    assert_eq!(banner(&[four, four]), "SECRET//REL TO USA, AUS, CAN, GBR, NZL");
}

#[test]
fn iso_codes_are_not_the_vocabulary() {
    for code in ["UK", "XKX", "PSE", "ALA", "GER", "SJM"] {
        assert_eq!(
            errors(&format!("SECRET//REL TO USA, {code}")),
            ["unknown-country-code"],
            "{code}"
        );
    }
    assert!(errors("SECRET//REL TO USA, XKS").is_empty());
    let parsed = parse("SECRET//REL TO USA, UK", Form::Banner, None);
    assert_eq!(
        parsed.problems[0].help.as_deref(),
        Some("did you mean `GBR` (United Kingdom)?")
    );
}

#[test]
fn display_only_is_not_release() {
    assert_eq!(
        banner(&["(S//REL TO USA, IRQ)", "(S//DISPLAY ONLY IRQ)"]),
        "SECRET//DISPLAY ONLY IRQ"
    );
}

#[test]
fn relido_is_no_release_decision() {
    assert_eq!(banner(&["(S//RELIDO)", "(S//REL TO USA, GBR)"]), "SECRET//NOFORN");
    assert_eq!(errors("SECRET//ORCON/RELIDO"), ["conflicting-markings"]);
}

#[test]
fn each_form_has_its_own_words() {
    for text in ["SECRET//NF", "(S//NOFORN)", "SECRET//OC", "TS//NOFORN", "(SECRET//NF)"] {
        assert!(errors(text).contains(&"wrong-form"), "{text}");
    }
    // DS is LIMDIS, DSEN is DEA SENSITIVE
    assert_eq!(banner(&["(U//DS)"]), "UNCLASSIFIED//LIMDIS");
    assert_eq!(banner(&["(U//DSEN)"]), "UNCLASSIFIED//DEA SENSITIVE");
}

#[test]
fn sbu_noforn_and_les_noforn_are_sources_of_noforn() {
    assert_eq!(banner(&["(S//REL TO USA, GBR)", "(U//SBU-NF)"]), "SECRET//NOFORN");
    assert_eq!(banner(&["(S//REL TO USA, GBR)", "(U//LES-NF)"]), "SECRET//NOFORN//LES");
    assert_eq!(errors("SECRET//LES NOFORN"), ["conflicting-markings"]);
}

#[test]
fn fouo_is_never_in_a_classified_banner() {
    assert_eq!(errors("SECRET//FOUO"), ["level-not-allowed"]);
    assert_eq!(banner(&["(U//FOUO)", "(S//NF)"]), "SECRET//NOFORN");
}

#[test]
fn pasted_characters_are_named() {
    for (text, code, offset) in [
        ("SECRET//REL TO USA,GBR", "list-separator", 18),
        ("SECRET // NOFORN", "stray-blank", 6),
        ("SECRET//REL\u{a0}TO USA, GBR", "lookalike-character", 11),
        ("SECRET//ORCON\u{2013}USGOV", "lookalike-character", 13),
        ("SECRET\u{ff0f}\u{ff0f}NOFORN", "lookalike-character", 6),
        ("SECRET//NOF\u{41e}RN", "lookalike-character", 11),
        ("SECRET//NO\u{ad}FORN", "hidden-character", 10),
        ("secret//NOFORN", "lower-case", 0),
    ] {
        let parsed = parse(text, Form::Banner, None);
        let first = parsed.problems.iter().find(|problem| problem.is_error()).expect(text);
        assert_eq!((first.code, first.offset), (code, offset), "{text}");
        assert!(parsed.marking.is_none());
        let canonical = parsed.canonical.expect(text);
        assert!(parse(&canonical, Form::Banner, None).is_valid(), "{canonical}");
    }
}

#[test]
fn every_problem_of_one_marking_is_reported() {
    let found = errors("SECRET//REL TO USA, GBR, AUS//NF");
    assert_eq!(
        found,
        [
            "list-order",
            "category-repeated",
            "wrong-form",
            "entry-order",
            "conflicting-markings"
        ]
        .into_iter()
        .filter(|code| found.contains(code))
        .collect::<Vec<_>>()
    );
    for code in ["list-order", "category-repeated", "wrong-form", "conflicting-markings"] {
        assert!(found.contains(&code), "{code} in {found:?}");
    }
}

#[test]
fn empty_categories_and_trailing_separators_are_errors() {
    for text in [
        "(TS////NF)",
        "SECRET//",
        "SECRET//NOFORN/",
        "//",
        "()",
        "",
        "SECRET//NOFORN//",
        "SECRET///NOFORN",
    ] {
        assert!(!parse(text, Form::Auto, None).is_valid(), "{text}");
    }
}

#[test]
fn unknown_words_are_never_taken_for_compartments() {
    for text in [
        "SECRET//FROBNIZ",
        "SECRET//FOUOUO",
        "SECRET//SI/NOFRN",
        "SECRET//NOFORM",
        "TOP SECRET//SI/ORCN//NOFORN",
    ] {
        assert!(errors(text).contains(&"unknown-marking"), "{text}");
    }
}

#[test]
fn legacy_is_named_as_legacy() {
    for (text, code) in [
        ("SECRET//USA/GBR EYES ONLY", "eyes-only"),
        ("SECRET//FOR DISPLAY ONLY AFG", "legacy-marking"),
        ("SECRET//NOFORN//MR", "legacy-marking"),
        ("SECRET//25X1//NOFORN", "legacy-marking"),
        ("SECRET//REL TO USA AND GBR", "legacy-marking"),
        ("RESTRICTED", "restricted-not-us"),
    ] {
        assert!(errors(text).contains(&code), "{text}: {:?}", errors(text));
    }
    let fouo = parse("UNCLASSIFIED//FOUO", Form::Banner, None);
    assert!(fouo.is_valid() && fouo.problems.iter().any(|problem| problem.code == "legacy-fouo"));
}

#[test]
fn codes_are_judged_by_the_date_of_the_document() {
    let on = |year| NaiveDate::from_ymd_opt(year, 6, 1);
    assert!(parse("SECRET//REL TO USA, ISAF", Form::Banner, on(2015)).is_valid());
    let late = parse("SECRET//REL TO USA, ISAF", Form::Banner, on(2017));
    assert_eq!(late.problems[0].code, "deprecated-code");
}

#[test]
fn a_shorthand_is_never_rolled_up() {
    assert_eq!(banner(&["(S//REL)"]), "");
    assert_eq!(banner(&["(//JOINT S//REL)"]), "");
    assert_eq!(errors("SECRET//REL"), ["empty-list"]);
}

#[test]
fn prose_in_parentheses_is_not_a_marking() {
    for text in ["(see S)", "(C", "(S)(U)", "(s)", "( S )"] {
        assert!(!parse(text, Form::Auto, None).is_valid(), "{text}");
    }
}

#[test]
fn the_release_part_alone_is_read_too() {
    let release = |text: &str| parse_release(text, None).release.map(|release| release.to_string());
    assert_eq!(release("REL TO USA, FVEY").as_deref(), Some("REL TO USA, FVEY"));
    assert_eq!(release("NOFORN").as_deref(), Some("NOFORN"));
    assert_eq!(release("DISPLAY ONLY IRQ").as_deref(), Some("DISPLAY ONLY IRQ"));
    assert_eq!(release("SECRET").as_deref(), Some(""));
    assert_eq!(
        release("(S//REL TO USA, AUS/RELIDO)").as_deref(),
        Some("REL TO USA, AUS/RELIDO")
    );
    for text in ["", "REL TO USA", "USA, FVEY", "REL TO", "ORCON", "nobody", "NF"] {
        assert_eq!(release(text), None, "{text}");
    }
    let parsed = parse_release("REL TO USA, RSU", None);
    assert_eq!(
        (
            parsed.problems[0].code,
            parsed.problems[0].offset,
            parsed.problems[0].length
        ),
        ("unknown-country-code", 12, 3)
    );
}

#[test]
fn a_missing_companion_is_a_warning_in_a_text_and_an_error_in_a_document() {
    let parsed = parse("TOP SECRET//SI-G//NOFORN", Form::Banner, None);
    let marking = parsed.marking.expect("a warning only");
    assert!(
        parsed
            .problems
            .iter()
            .any(|problem| problem.code == "missing-companion" && !problem.is_error())
    );
    assert!(
        marking
            .document_problems(Form::Banner, ProfileKind::Ic, Vocabulary::standard())
            .iter()
            .any(|problem| problem.code == "missing-companion" && problem.is_error())
    );
}
