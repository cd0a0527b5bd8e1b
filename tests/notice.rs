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
            for recipient in owed.recipients.iter() {
                let answers = notices
                    .iter()
                    .filter(|notice| {
                        notice.records.iter().any(|of| of == record)
                            && notice.rules.iter().any(|rule| owed.rule == *rule)
                    })
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
            .contains("No statute requires this notice; it follows \u{201c}")
    );
    assert!(notice.provenance[0].text.contains("known only from press reports"));
    assert!(notice.provenance[1].text.contains("known from the other side alone"));
    assert_eq!(
        notice.summary.text,
        "This notice reports a telephone call on March 11, 2025, between John Ratcliffe, Director of the Central \
         Intelligence Agency, and Sergey Naryshkin, Director, SVR of Russia."
    );
    assert_eq!(notice.letter, "liaison-contact");
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

/// Records of a workspace in memory, judged as of a day.
fn judged(records: &str, as_of: &str) -> Checked {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("records")).unwrap();
    std::fs::write(folder.path().join("relto.toml"), "").unwrap();
    std::fs::write(folder.path().join("records/all.toml"), records).unwrap();
    let request = Request {
        workspace: Some(folder.path().to_owned()),
        as_of: Some(as_of.parse().unwrap()),
        ..Request::default()
    };
    check(&request, &|_| NaiveDate::default()).expect("a workspace")
}

fn drafted(records: &str, as_of: &str) -> Vec<Notice> {
    let checked = judged(records, as_of);
    let errors: Vec<_> = checked.diagnostics.iter().filter(|found| found.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let (notices, diagnostics) = draft(&checked.case, &checked.obligations, &office(), &checked.sources);
    assert_eq!(diagnostics, []);
    notices
}

const CHANGE: &str = r#"
[[rel_to_change]]
id = "RC-1"
title = "Release of an example series to Russia"
marking = "U"
basis = "official"
covert_action = "no"
subject = { type = "series", name = "Example Series" }
from = "SECRET//REL TO USA, FVEY"
to = "SECRET//REL TO USA, RUS, FVEY"
decided = 2025-03-05
effective = 2025-03-10
facts = "Release was widened."
"#;

#[test]
fn no_letter_speaks_like_a_machine() {
    for notice in [notices(Which::Public), notices(Which::Exercise)].concat() {
        let mut said: Vec<&str> = notice.texts().into_iter().map(|(_, text)| text).collect();
        said.push(&notice.summary.text);
        said.extend(notice.authority.iter().map(|basis| basis.text.as_str()));
        said.extend(notice.duties.iter().map(|duty| duty.due.as_str()));
        for text in said {
            for machine in [
                "decided else ",
                " after decided",
                " after published",
                "us_to_foreign",
                "collection_coordination",
                "not_notified",
            ] {
                assert!(!text.contains(machine), "{}: `{machine}` in: {text}", notice.id);
            }
        }
    }
}

#[test]
fn a_committee_and_its_chair_are_one_addressee() {
    let all = [notices(Which::Public), notices(Which::Exercise)].concat();
    for notice in &all {
        for addressee in &notice.addressees {
            let Some((body, _)) = addressee.id.split_once('.') else {
                continue;
            };
            let both = all
                .iter()
                .filter(|other| other.records == notice.records)
                .any(|other| other.addressees.iter().any(|one| one.id == body));
            assert!(!both, "{}: {} and {body} both get a letter", notice.id, addressee.id);
        }
    }
}

#[test]
fn what_supersedes_says_what_it_corrects() {
    let second = CHANGE
        .replace("RC-1", "RC-2")
        .replace("2025-03-10", "2025-04-01")
        .replace("facts =", "supersedes = \"RC-1\"\ncorrected = 2025-04-02\nfacts =");
    let notices = drafted(&format!("{CHANGE}{second}"), "2025-05-01");
    let notice = notices.iter().find(|notice| notice.records == ["RC-2"]).expect("RC-2");
    assert_eq!(notice.letter, "correction");
    let correction = notice.correction.as_ref().expect("a correction");
    let rows: Vec<(&str, &str, &str)> = correction
        .rows
        .iter()
        .map(|row| (row.label.as_str(), row.before.as_str(), row.after.as_str()))
        .collect();
    assert_eq!(rows, [("Takes effect", "March 10, 2025", "April 1, 2025")]);
    assert!(correction.text.text.contains("particulars stand as reported"));
    assert!(
        notice
            .alerts
            .iter()
            .any(|alert| alert.text == "SUPERSEDES RC-1 (\u{201c}Release of an example series to Russia\u{201d})"),
        "{:?}",
        notice.alerts
    );
}

#[test]
fn the_reason_for_a_delay_keeps_its_own_mark() {
    let record = CHANGE.replace("marking = \"U\"", "marking = \"S//REL TO USA, FVEY\"")
        + "late_explanation = { mark = \"S//NF\", text = \"The matter was overlooked.\" }\n";
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("records")).unwrap();
    std::fs::write(
        folder.path().join("relto.toml"),
        "[classification]\nceiling = \"SECRET\"\n",
    )
    .unwrap();
    std::fs::write(folder.path().join("records/all.toml"), record).unwrap();
    let request = Request {
        workspace: Some(folder.path().to_owned()),
        as_of: Some("2026-05-01".parse().unwrap()),
        ..Request::default()
    };
    let checked = check(&request, &|_| NaiveDate::default()).expect("a workspace");
    let (notices, diagnostics) = draft(&checked.case, &checked.obligations, &office(), &checked.sources);
    assert_eq!(diagnostics, []);
    assert!(!notices.is_empty());
    for notice in notices {
        let [reason] = notice.lateness.as_slice() else {
            panic!("one reason")
        };
        assert_eq!(
            (reason.mark.as_str(), reason.text.as_str()),
            ("S//NF", "The matter was overlooked.")
        );
        assert_eq!(notice.banner.text, "SECRET//NOFORN");
    }
}

#[test]
fn a_decision_not_to_notify_is_kept_for_the_file() {
    let record = format!(
        "{CHANGE}not_notified = [{{ rule = \"REL-ANY\", by = \"General Counsel\", reason = \"The same facts stand in an \
         earlier letter.\", on = 2025-03-14 }}]\n"
    );
    let notices = drafted(&record, "2025-05-01");
    let memo = notices.iter().find(|notice| notice.letter == "memo").expect("a memo");
    assert_eq!(memo.id, "RC-1--FILE");
    assert_eq!(memo.file_name(&memo.addressees[0]), "RC-1--FILE.pdf");
    let [decision] = memo.decisions.as_slice() else {
        panic!("one decision")
    };
    assert_eq!(decision.by, "General Counsel");
    assert_eq!(decision.on, "March 14, 2025");
    assert_eq!(
        decision.recipients,
        [
            "Senate Select Committee on Intelligence",
            "House Permanent Select Committee on Intelligence"
        ]
    );
    assert!(memo.authority.is_empty(), "a memo gives no notice");
    assert_eq!(
        memo.summary.text,
        "This memorandum concerns a change in who may receive Example Series, decided on March 5, 2025 and taking effect \
         on March 10, 2025. It may now also be released to Russia."
    );
    // Another rule asks for a letter to the same committee all the same: the memorandum does not say that nothing was sent.
    let to_ssci = |notice: &&Notice| notice.addressees.iter().any(|addressee| addressee.id == "SSCI");
    let letter = notices.iter().find(to_ssci).expect("a letter to SSCI");
    assert!(!letter.rules.contains(&"REL-ANY".to_owned()), "{:?}", letter.rules);
    assert!(letter.summary.text.starts_with("This notice reports a change"));
    let text = copied(memo);
    assert!(
        text.ends_with(
            "No notice was given under the rule named above; what other rules ask for is not part of it. Alex Sample \
             Director of Legislative Affairs UNCLASSIFIED"
        ),
        "{text}"
    );
    assert!(
        text.contains("It names the Senate Select Committee on Intelligence; the House Permanent Select Committee on Intelligence."),
        "{text}"
    );
    assert!(
        !text.contains("Nothing was sent") && !text.contains("This notice"),
        "{text}"
    );
}

/// A coordination copy for the first addressee, every white space as one blank.
fn copied(notice: &Notice) -> String {
    use relto::notice::coordination::{Form, Wording, copy};
    let text = copy(notice, &notice.addressees[0], Form::Text, Wording::Shipped);
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| word.chars().any(char::is_alphanumeric))
        .collect();
    words.join(" ")
}

#[test]
fn a_step_that_nobody_is_told_of_names_nobody_in_a_memorandum() {
    let record = r#"
[[disclosure]]
id = "D-1"
title = "A page on a website"
marking = "U"
basis = "sample"
covert_action = "no"
authorized = "no"
significant = true
actual = true
audience = "public"
aware = 2026-01-09
determined = 2026-01-12
assessment_initiated = 2026-01-12
not_notified = [{ rule = "NSA-3235A-DA", by = "General Counsel", reason = "An example.", on = 2026-01-13 }]
"#;
    let notices = drafted(record, "2026-11-22");
    let memo = notices.iter().find(|notice| notice.letter == "memo").expect("a memo");
    let text = copied(memo);
    assert!(text.contains("(NSA-3235A-DA). It names the Senate"), "{text}");
    assert!(!text.contains("It names ."), "{text}");
    assert!(
        text.contains("The facts of this memorandum are made up for a sample."),
        "{text}"
    );
    let letter = notices.iter().find(|notice| notice.letter != "memo").expect("a letter");
    assert!(
        letter.summary.text.ends_with(
            ", which became known to the agency on January 9, 2026 and was determined to be significant on January 12, 2026."
        ),
        "{}",
        letter.summary.text
    );
}

#[test]
fn a_letter_says_each_occurrence_and_each_moment_in_one_way() {
    let request = Request {
        sample: Some(Which::Exercise),
        as_of: Some("2026-11-22".parse().unwrap()),
        ..Request::default()
    };
    let checked = check(&request, &|_| NaiveDate::default()).expect("the sample is sound");
    let (notices, _) = draft(&checked.case, &checked.obligations, &office(), &checked.sources);
    let of = |record: &str| {
        notices
            .iter()
            .find(|notice| notice.records == [record])
            .expect("a notice")
    };
    let due = |record: &str, rule: &str| {
        let duty = of(record).duties.iter().find(|duty| duty.rule == rule).expect("a duty");
        format!("{}{}", duty.due, if duty.late { ", overdue" } else { "" })
    };
    assert_eq!(
        due("EX-17", "NSA-3235A-DA"),
        "February 11, 2026, with 3 more since, the last on November 8, 2026 (30 days after the damage assessment began, \
         then every 90 days until the damage assessment is completed), overdue"
    );
    assert_eq!(
        due("EX-01", "REL-ALLY-CUT"),
        "October 8, 2025, 14:00 UTC-04:00 (48 hours after it was decided), overdue"
    );
    assert!(
        of("EX-01")
            .summary
            .text
            .contains("decided on October 6, 2025, 14:00 UTC-04:00")
    );
    assert!(
        of("EX-13")
            .summary
            .text
            .starts_with("This notice reports a warning given under the duty to warn to "),
        "{}",
        of("EX-13").summary.text
    );
    // The Secretary of State has no Members and staff to brief.
    let to_state = copied(of("EX-12"));
    assert!(
        to_state.contains("is prepared to give a briefing on this matter."),
        "{to_state}"
    );
    assert!(!to_state.contains("Members"), "{to_state}");
    assert!(copied(of("EX-17")).contains("is prepared to brief Members and staff on this matter."));
}

#[test]
fn what_was_said_is_confirmed_in_writing() {
    let record = format!("{CHANGE}notified = [{{ recipient = \"SSCI\", on = 2025-03-06, how = \"oral\" }}]\n");
    let notices = drafted(&record, "2025-05-01");
    let to_ssci: Vec<&Notice> = notices
        .iter()
        .filter(|notice| notice.addressees.iter().any(|addressee| addressee.id == "SSCI"))
        .collect();
    let [notice] = to_ssci.as_slice() else {
        panic!("one letter to SSCI")
    };
    assert!(notice.provenance.iter().any(|said| said.text
        == "This letter confirms in writing the notice given by word of mouth to SSCI on March 6, 2025."));
    let written = record.replace("\"oral\"", "\"letter\"");
    let notices = drafted(&written, "2025-05-01");
    assert!(
        notices
            .iter()
            .all(|notice| notice.addressees.iter().all(|addressee| addressee.id != "SSCI")),
        "told in writing is told"
    );
}

#[test]
fn a_covering_letter_shows_the_highest_marking_it_encloses() {
    use relto::notice::transmittal::{Set, transmittals};
    let all = notices(Which::Exercise);
    let copies = || {
        all.iter()
            .flat_map(|notice| notice.addressees.iter().map(move |addressee| (notice, &addressee.id)))
    };
    let set: Vec<Set> = copies()
        .filter_map(|(notice, recipient)| Set::of(notice, recipient, 2))
        .collect();
    let (letters, problems) = transmittals(&set, &office(), checked(Which::Exercise).as_of);
    assert_eq!(problems, []);
    let to = |id: &str| {
        letters
            .iter()
            .find(|letter| letter.addressees[0].id == id)
            .unwrap_or_else(|| panic!("a letter to {id}"))
    };
    let ssci = to("SSCI");
    let listed = ssci.transmittal.as_ref().expect("a list");
    let count = copies().filter(|(_, recipient)| *recipient == "SSCI").count();
    assert_eq!(listed.enclosures.len(), count);
    assert_eq!(ssci.enclosures.len(), count, "the closing counts the same enclosures");
    assert_eq!(listed.pages, 2 * count);
    assert_eq!(
        listed.wording.as_deref(),
        Some("Unclassified When Classified Enclosure Removed")
    );
    assert_eq!(ssci.banner.level, "SECRET");
    assert!(
        ssci.authority_block.is_none(),
        "without its enclosures it is unclassified"
    );
    assert_eq!(ssci.marks, ["U"]);
    assert_eq!(ssci.file_name(&ssci.addressees[0]), "TRANSMITTAL--SSCI.pdf");
    assert!(
        listed
            .entries
            .iter()
            .all(|entry| entry.starts_with("A communication from"))
    );
    let secretary = to("SECRETARY_OF_STATE");
    assert!(!secretary.banner.classified);
    assert_eq!(secretary.transmittal.as_ref().expect("a list").wording, None);
    assert_eq!(letters.len(), {
        let posted = copies().filter(|(notice, _)| notice.letter != "memo");
        let mut recipients: Vec<&str> = posted.map(|(_, recipient)| recipient.as_str()).collect();
        recipients.sort_unstable();
        recipients.dedup();
        recipients.len()
    });
}
