//! Drafting: the sample workspaces, as notices in plain data.

use chrono::NaiveDate;
use relto::base::code::Code;
use relto::marking::level::Level;
use relto::notice::draft::{Office, draft};
use relto::notice::model::{Authority, Notice, Standing};
use relto::run::{Checked, Request, check};
use relto::workspace::sample::Which;

fn checked(which: Which) -> Checked {
    let request = Request {
        sample: Some(which),
        ..Request::default()
    };
    check(&request, &|_| NaiveDate::default()).expect("the sample is sound")
}

fn office() -> Office {
    let mut office = Office::placeholder();
    office.authority = Some(Authority {
        classified_by: "A. Sample, Director".to_owned(),
        derived_from: "Example Guide 1-1, dated 20260101".to_owned(),
        declassify_on: "20510101".to_owned(),
    });
    office
}

fn notices(which: Which) -> Vec<Notice> {
    let checked = checked(which);
    let (notices, diagnostics) = draft(&checked.case, &checked.obligations, &office(), &checked.sources);
    assert_eq!(diagnostics, []);
    assert!(!notices.is_empty());
    notices
}

#[test]
fn every_open_obligation_is_answered_once_for_each_recipient() {
    for which in [Which::Public, Which::Exercise] {
        let checked = checked(which);
        let notices = notices(which);
        for owed in &checked.obligations {
            let Some(record) = &owed.record else { continue };
            if !owed.state.is_owed() || owed.effect.word() != "notify" {
                continue;
            }
            for recipient in &owed.recipients {
                let answers = notices
                    .iter()
                    .filter(|notice| notice.records.contains(record) && notice.rules.contains(&owed.rule))
                    .filter(|notice| notice.addressees.iter().any(|addressee| addressee.id == *recipient))
                    .count();
                assert!(answers <= 1, "{record} {} {recipient}", owed.rule);
            }
        }
        let mut names: Vec<String> = notices
            .iter()
            .flat_map(|notice| notice.addressees.iter().map(|addressee| notice.file_name(addressee)))
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "one file for each addressee of a record");
    }
}

#[test]
fn the_call_of_march_2025_follows_two_model_rules() {
    let notices = notices(Which::Public);
    let notice = notices.iter().find(|notice| notice.records == ["C01"]).expect("C01");
    assert_eq!(notice.id, "C01--SSCI+HPSCI");
    assert_eq!(notice.rules, ["CONTACT-ADV-PRINCIPAL", "CONTACT-PATTERN"]);
    assert_eq!(notice.banner.text, "UNCLASSIFIED");
    assert!(notice.authority_block.is_none());
    let [basis] = notice.authority.as_slice() else {
        panic!("one sentence per status")
    };
    assert_eq!(basis.standing, Standing::Policy);
    assert!(!basis.text.contains("ursuant"), "{}", basis.text);
    assert!(
        basis
            .text
            .ends_with("No statute requires this notice; it follows policy pack rel-to.")
    );
    assert!(notice.provenance[0].text.contains("known only from press reports"));
    assert!(
        notice
            .required
            .iter()
            .any(|required| required.name == "facts" && required.stated)
    );
}

#[test]
fn only_law_is_followed_pursuant_to() {
    for notice in [notices(Which::Public), notices(Which::Exercise)].concat() {
        for basis in &notice.authority {
            let law = basis.status == "in_force" || basis.status == "expired" || basis.status == "repealed";
            assert_eq!(basis.text.contains("Pursuant to"), law, "{}", basis.text);
            assert_eq!(
                basis.text.contains("No statute requires"),
                basis.standing == Standing::Policy
            );
        }
        let standings: Vec<Standing> = notice.authority.iter().map(|basis| basis.standing).collect();
        assert!(standings.is_sorted(), "law first: {standings:?}");
    }
}

#[test]
fn what_is_disputed_says_so() {
    let checked = checked(Which::Public);
    for notice in notices(Which::Public) {
        let record = checked.case.record(&notice.records[0]).expect("its record");
        for name in record.texts("disputed_by") {
            let said = |text: &String| text.contains("disputed by") && text.contains(name);
            let demanded = notice
                .required
                .iter()
                .find(|required| required.name == "provenance")
                .expect("provenance");
            assert!(demanded.expect.iter().any(said), "{}: {name}", notice.id);
        }
    }
}

#[test]
fn a_classified_notice_needs_an_authority() {
    let checked = checked(Which::Exercise);
    let without = Office {
        authority: None,
        ..office()
    };
    let (notices, diagnostics) = draft(&checked.case, &checked.obligations, &without, &checked.sources);
    assert!(notices.iter().all(|notice| !notice.banner.classified));
    assert!(!diagnostics.is_empty());
    for diagnostic in &diagnostics {
        assert_eq!(diagnostic.code, Code::MissingAuthority);
        assert!(diagnostic.place.is_some());
    }
}

#[test]
fn the_banner_is_the_roll_up_and_marks_are_not_above_it() {
    for notice in notices(Which::Exercise) {
        let level = Level::from_word(&notice.banner.level).expect("a level");
        assert_eq!(notice.authority_block.is_some(), level.is_classified(), "{}", notice.id);
        assert!(notice.banner.text.starts_with(level.word()));
        for mark in &notice.marks {
            let letter = mark.split('/').next().unwrap_or_default();
            assert!(
                Level::from_letter(letter).expect("a US level") <= level,
                "{}: {mark}",
                notice.id
            );
        }
    }
}

#[test]
fn what_the_record_lacks_is_said() {
    let notices = notices(Which::Public);
    let silent = notices
        .iter()
        .flat_map(|notice| &notice.required)
        .filter(|required| !required.stated);
    let mut count = 0;
    for required in silent {
        assert_eq!(required.expect, ["Not stated in the record."], "{}", required.name);
        count += 1;
    }
    assert!(count > 0);
}
