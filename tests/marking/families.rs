//! Every family of markings in many variants (`families.txt`), and the families of roll-ups.

use relto::marking::parse::{Form, parse};

use super::banner;

#[test]
fn every_variant_comes_out_as_the_manual_has_it() {
    let mut wrong = Vec::new();
    for line in include_str!("families.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
    {
        let mut words = line.splitn(3, ' ');
        let (form, outcome, text) = (words.next(), words.next(), words.next().unwrap_or_default());
        let form = if form == Some("b") { Form::Banner } else { Form::Portion };
        let parsed = parse(text, form, None);
        let warned = |code: &str| parsed.problems.iter().any(|problem| problem.code == code);
        let found = if !parsed.is_valid() {
            "I"
        } else if ["legacy-form", "unpublished-order"].into_iter().any(warned) {
            "O"
        } else {
            "V"
        };
        if outcome != Some(found) {
            let said: Vec<&str> = parsed.problems.iter().map(|problem| problem.code).collect();
            wrong.push(format!("{line}: {found} {said:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn roll_ups_of_every_category() {
    let families = include_str!("rollups.txt")
        .lines()
        .filter(|line| !line.starts_with('#'));
    let mut count = 0;
    for line in families {
        let (portions, expected) = line.split_once(" = ").expect("portions and a banner");
        let portions: Vec<&str> = portions.split(" + ").collect();
        assert_eq!(banner(&portions), expected, "{portions:?}");
        count += 1;
    }
    assert!(count > 30);
}
