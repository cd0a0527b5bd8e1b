//! `relto explain`: codes, rules, and rules for a record.

use super::*;

#[test]
fn codes_are_explained() {
    let place = Place::new();
    let run = place.relto(&["explain", "date-order"]).ends(0);
    assert!(
        run.out
            .starts_with("error[date-order]: dates in an impossible order\n\n"),
        "{run}"
    );
    let run = place.relto(&["explain", "list-order"]).ends(0);
    assert!(run.out.contains("M16 p. 151"), "{run}");
    let err = place.relto(&["explain", "date-odrer"]).refused();
    insta::assert_snapshot!(err, @r"
    error: `date-odrer` is no rule and no diagnostic code
    hint: did you mean `date-order`?
    ");
}

#[test]
fn every_code_can_be_explained() {
    let place = Place::new();
    for code in relto::base::code::Code::ALL {
        let run = place.relto(&["explain", code.name(), "--format", "json"]).ends(0);
        let value: serde_json::Value = serde_json::from_str(&run.out).expect("one JSON document");
        assert_eq!(value["code"], code.name());
    }
}

#[test]
fn a_rule_is_explained_without_any_record() {
    let place = Place::new();
    let run = place.relto(&["explain", "rel-adv-add"]).ends(0);
    assert!(run.out.contains("No statute requires this notice."), "{run}");
    assert!(run.out.contains("30 days before effective"), "{run}");
    let run = place.relto(&["explain", "NSA-3091-ILLEGAL"]).ends(0);
    assert!(!run.out.contains("No statute"), "{run}");
    for (rule, standing) in [
        ("NSA-3091-ILLEGAL", "In force: a statute requires this notice."),
        ("ADV-10USC5551", "In force: a statute prohibits this."),
        ("NSA-3093-48H", "In force: a statute requires this."),
        ("LATE-EXPLAIN", "A model rule. No statute requires this."),
    ] {
        let run = place.relto(&["explain", rule]).ends(0);
        assert!(run.out.lines().any(|line| line == standing), "{run}");
    }
}

#[test]
fn a_rule_per_period_says_where_a_record_counts() {
    let place = Place::new();
    place.file("records/a.toml", RECORD);
    let run = place
        .relto(&["explain", "PER-QTR", "--record", "LC-1", "--as-of", "2025-04-01"])
        .ends(0);
    assert!(run.out.contains("LC-1 counts in its period\n"), "{run}");
    assert!(
        run.out
            .contains("\ndue (2025-Q1): 2025-05-30, submit by 2025-05-30; open as of 2025-04-01\nto: SSCI, HPSCI\n"),
        "{run}"
    );
    let err = place.relto(&["explain", "PER-QTR", "--record", "LC"]).refused();
    assert!(err.contains("ids that begin so: `LC-1`"), "{err}");
}

#[test]
fn a_rule_is_explained_for_a_record() {
    let place = Place::new();
    place.file("records/a.toml", RECORD);
    let explain =
        |rule: &str, record: &str| place.relto(&["explain", rule, "--record", record, "--as-of", "2025-03-20"]);
    let run = explain("CONTACT-ADV-PRINCIPAL", "LC-1").ends(0);
    insta::assert_snapshot!(run.out, @r"
    CONTACT-ADV-PRINCIPAL: The head or deputy head of an agency is in contact with an adversary's service
    A model rule. No statute requires this notice.

    OUTCOME          CONDITION                              SEEN        PLACE
    ✓ holds          date in force from 1991-08-14          2025-03-11
    ✓ holds          counterpart.country any_of @adversary  RUS         records/a.toml:13:27
    ✓ holds          official.rank any_of [head, deputy]    head        records/a.toml:12:41
    ✗ does not hold  unless
    ✗ does not hold    all of
    ✗ does not hold      contact_purpose is deconfliction   exchange    records/a.toml:11:19

    the rule fires for LC-1

    due: 2025-03-18, submit by 2025-03-18; overdue as of 2025-03-20
    to: SSCI, HPSCI
      because counterpart.country is RUS, in @adversary
      because official.rank is head
      because the clock starts from ended, 2025-03-11
    ");
    let err = explain("CONTACT-ADV-PRINCIPAL", "LC-2").refused();
    assert!(err.contains("did you mean `LC-1`?"), "{err}");
    let err = explain("date-order", "LC-1").refused();
    assert!(err.contains("not a rule"), "{err}");
}
