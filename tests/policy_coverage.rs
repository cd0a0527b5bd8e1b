//! Coverage of rules by their tests: what is missing is said, and the test that relto writes for it really shows it.

use chrono::NaiveDate;

use relto::base::diagnostic::Diagnostic;
use relto::base::source::Sources;
use relto::calendar::holidays::Calendar;
use relto::evaluate::case::{Case, Frame, resolve};
use relto::evaluate::coverage::{Coverage, Shown, measure};
use relto::evaluate::pack_test;
use relto::policy::builtin::PACKS;
use relto::policy::load::{Selection, load};
use relto::policy::recipients::{Changes, Recipients};

/// The packs as a case without records, as of the day of the sample.
pub(crate) fn case(packs: &[(&str, &str)]) -> Case {
    let mut sources = Sources::default();
    let ids: Vec<_> = packs.iter().map(|(id, text)| sources.add(*id, *text)).collect();
    let (recipients, _) = Recipients::standard(&Changes::new());
    let (policy, found) = load(&ids, &Selection::default(), &sources, &recipients);
    let errors: Vec<&Diagnostic> = found.iter().filter(|found| found.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let frame = Frame {
        policy,
        recipients,
        calendar: Calendar::default(),
        as_of: NaiveDate::from_ymd_opt(2026, 1, 15).unwrap(),
        vocabulary: std::sync::Arc::new(relto::marking::vocabulary::Vocabulary::standard().clone()),
    };
    resolve(Vec::new(), &[], &[], std::collections::BTreeSet::new(), frame).0
}

/// Runs every test and measures; no test may fail.
fn covered(packs: &[(&str, &str)]) -> Vec<Coverage> {
    let mut case = case(packs);
    let (results, _) = pack_test::run(&mut case);
    let failed: Vec<String> = results
        .iter()
        .filter(|result| !result.differences.is_empty())
        .map(|result| format!("{}: {} {:?}", result.rule, result.name, result.differences))
        .collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
    measure(&mut case, &results, &|_| true)
}

/// What is missing, rule by rule; nothing where everything is shown.
fn gaps(covered: &[Coverage]) -> Vec<String> {
    let mut gaps = Vec::new();
    for one in covered {
        for point in &one.points {
            for (shown, way) in [(&point.holding, "holds"), (&point.failing, "does not hold")] {
                let (Shown::Missing(_) | Shown::NotFound) = shown else {
                    continue;
                };
                gaps.push(format!("{}: {} ({}) {way}", one.rule, point.text, point.site.word()));
            }
        }
    }
    gaps
}

/// What the tests of a case do not show, given how they came out.
pub(crate) fn gaps_of(case: &mut Case, results: &[pack_test::TestResult]) -> Vec<String> {
    gaps(&measure(case, results, &|_| true))
}

/// The pack with the missing tests pasted below their rules.
fn pasted(text: &str, covered: &[Coverage]) -> String {
    let mut out = String::new();
    for part in text.split_inclusive("[[rule]]\n") {
        let (body, header) = match part.strip_suffix("[[rule]]\n") {
            Some(body) => (body, "[[rule]]\n"),
            None => (part, ""),
        };
        out.push_str(body);
        let rule = body
            .lines()
            .find_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
        for one in covered.iter().filter(|one| Some(one.rule.as_str()) == rule) {
            for point in &one.points {
                for shown in [&point.holding, &point.failing] {
                    if let Shown::Missing(test) = shown {
                        out.push('\n');
                        out.push_str(test);
                        out.push('\n');
                    }
                }
            }
        }
        out.push_str(header);
    }
    out
}

/// A pack without its tests.
fn untested(text: &str) -> String {
    let mut inside = false;
    text.lines()
        .filter(|line| {
            if line.starts_with('[') {
                inside = line.starts_with("[[rule.test");
            }
            !inside
        })
        .fold(String::new(), |text, line| text + line + "\n")
}

const PACK: &str = r#"
[pack]
id = "t"
title = "T"
version = "1"
source = "s"

[sets]
adversary = ["RUS", "CHN"]

[[rule]]
id = "T-1"
title = "A head of service meets an adversary's"
status = "model"
confidence = "model"
authority = ["model"]
effective = { from = 2000-01-01, until = 2024-12-31 }
applies_to = ["liaison_contact"]
effect = "notify"
when.counterpart.country.any_of = "@adversary"
when.any = [{ official.rank.any_of = ["head", "deputy"] }, { place.present = true }]
unless.contact_purpose.is = "deconfliction"

[[rule.duty]]
notify = ["SSCI"]
due = "7 days after ended"
or_else = { when = { mode = { is = "call" } }, due = "3 days after ended" }

[[rule.test]]
name = "a meeting with a Russian"
as_of = 2020-03-20
expect = { fires = true }
[[rule.test.liaison_contact]]
id = "T-1"
commenced = 2020-03-11
official = { title = "Director", rank = "head" }
counterpart = { country = "RUS" }
"#;

#[test]
fn what_no_test_shows_is_named_with_the_record_that_would() {
    let covered = covered(&[("t", PACK)]);
    let [one] = covered.as_slice() else { panic!("one rule") };
    // Shown: both ends of the span, the country, the rank — each by holding in the one test that there is.
    assert_eq!((one.shown(), one.total(), one.percent()), (4, 14, 28));
    let country = one.points.iter().find(|point| point.text.contains("country")).unwrap();
    assert_eq!(country.holding, Shown::By("a meeting with a Russian".to_owned()));
    let Shown::Missing(test) = &country.failing else {
        panic!("{country:?}")
    };
    assert_eq!(
        test,
        r#"[[rule.test]]
name = "not owed, for it is not so that counterpart country is one of RUS or CHN"
as_of = 2020-03-20
expect = { fires = false }
[[rule.test.liaison_contact]]
id = "T-1"
commenced = 2020-03-11
official = { title = "Director", rank = "head" }
counterpart = { country = "BRA" }
"#
    );
    // The deadline is not what the test is about, so it shows nothing of `or_else`.
    let call = one.points.iter().find(|point| point.text.contains("mode")).unwrap();
    assert!(
        matches!(&call.holding, Shown::Missing(test) if test.contains("due = \"2020-03-14\"") && test.contains("mode = \"call\"")),
        "{call:?}"
    );
}

#[test]
fn the_missing_tests_once_pasted_show_everything() {
    let before = covered(&[("t", PACK)]);
    let text = pasted(PACK, &before);
    assert_eq!(gaps(&covered(&[("t", &text)])), Vec::<String>::new(), "{text}");
}

/// The law of the generator, over shipped rules: all tests taken away, relto writes its own, and each of them comes out and
/// shows what it was written for.
#[test]
fn tests_written_for_untested_packs_come_out_and_show_what_they_say() {
    let some = PACKS.iter().filter(|(id, _)| matches!(*id, "rel-to" | "adversary"));
    let bare: Vec<(&str, String)> = some.map(|(id, text)| (*id, untested(text))).collect();
    let refs: Vec<(&str, &str)> = bare.iter().map(|(id, text)| (*id, text.as_str())).collect();
    let before = covered(&refs);
    let written = before.iter().flat_map(|one| &one.points);
    let not_found = written
        .flat_map(|point| [&point.holding, &point.failing])
        .filter(|shown| **shown == Shown::NotFound)
        .count();
    let full: Vec<(&str, String)> = bare.iter().map(|(id, text)| (*id, pasted(text, &before))).collect();
    let refs: Vec<(&str, &str)> = full.iter().map(|(id, text)| (*id, text.as_str())).collect();
    let after = covered(&refs);
    let left = gaps(&after);
    assert_eq!(left.len(), not_found, "{}", left.join("\n"));
}

/// Every condition of every rule that relto ships is shown to decide, holding and not holding.
#[test]
fn the_tests_of_shipped_rules_show_every_condition() {
    assert_eq!(gaps(&covered(PACKS)), Vec::<String>::new());
}
