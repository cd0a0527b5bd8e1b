//! The rule language at work: packs that extend packs, values by date, what recurs, what supersedes, what comes late.

use std::fs;
use std::path::Path;

use chrono::NaiveDate;
use relto::evaluate::obligation::{Decision, Obligation};
use relto::report::{csv, docket};
use relto::run::{Checked, Request, check};
use tempfile::TempDir;

const CONTACT: &str = "[[liaison_contact]]\ntitle = \"A call\"\nmarking = \"U\"\nbasis = \"official\"\ncovert_action = \"no\"\n\
legality = \"lawful\"\nelement = \"CIA\"\nmode = \"call\"\ncontact_purpose = \"exchange\"\n\
official = { title = \"Director\", rank = \"head\" }\n\
counterpart = { country = \"RUS\", service = \"SVR\", rank = \"head\" }\nfacts = \"They spoke.\"\n";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Judges one record file as of a day, in a workspace with the packs of `relto.toml`, and a pack of its own.
pub(crate) fn judged(settings: &str, pack: &str, records: &str, as_of: &str) -> (TempDir, Checked) {
    let folder = TempDir::new().unwrap();
    let write = |path: &Path, text: &str| {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(&folder.path().join("relto.toml"), settings);
    write(&folder.path().join("records/a.toml"), records);
    if !pack.is_empty() {
        write(&folder.path().join("policy/own.toml"), pack);
    }
    let request = Request {
        workspace: Some(folder.path().to_owned()),
        as_of: Some(day(as_of)),
        ..Request::default()
    };
    let checked = check(&request, &|_| day(as_of)).unwrap();
    (folder, checked)
}

/// Each obligation as a line: what it is about, its rule, due date and state.
pub(crate) fn lines(obligations: &[Obligation]) -> Vec<String> {
    obligations
        .iter()
        .filter(|owed| owed.record.is_some())
        .map(|owed| {
            format!(
                "{} {} {} {}",
                owed.record.as_deref().unwrap_or_default(),
                owed.rule,
                owed.due.at.as_deref().unwrap_or("-"),
                owed.state.word()
            )
        })
        .collect()
}

pub(crate) fn codes(checked: &Checked) -> Vec<String> {
    checked
        .diagnostics
        .iter()
        .map(|found| {
            format!(
                "{} {}",
                found.code.name(),
                found.rule.as_deref().or(found.record.as_deref()).unwrap_or("-")
            )
        })
        .collect()
}

/// A contact on each of the first twenty-eight days of 2025.
fn of_january() -> String {
    let contact = |number: u32| format!("{CONTACT}id = \"LC-{number:03}\"\ncommenced = 2025-01-{number:02}\n");
    (1..=28).map(contact).collect::<Vec<_>>().concat()
}

/// A pack on top of `rel-to`: its sets, groups and one parameter by date, and one rule replaced in so many words.
const OWN: &str = r#"
[pack]
id = "own"
title = "Own"
extends = ["rel-to"]

[parameters]
days = [{ from = 1991-08-14, value = 7 }, { from = 2025-01-01, value = 3 }]

[[rule]]
id = "CONTACT-ADV-PRINCIPAL"
overrides = true
title = "Sooner since 2025"
status = "model"
authority = ["model"]
applies_to = ["liaison_contact"]
effect = "notify"
when.counterpart.country.any_of = "@adversary"
[[rule.duty]]
notify = ["@intelligence_committees"]
due = "$days days after ended"
"#;

#[test]
fn a_pack_extends_another_and_values_change_with_the_date() {
    let records = format!(
        "{CONTACT}id = \"LC-1\"\ncommenced = 2024-12-20\n{CONTACT}id = \"LC-2\"\ncommenced = 2025-01-20\n\
         {CONTACT}id = \"LC-3\"\ncommenced = \"2024-12/2025-01\"\n"
    );
    // The pack that is extended comes along although `packs` does not name it.
    let settings = "[policy]\npacks = [\"./policy\"]\ndisable = [\"CONTACT-PATTERN\"]\n";
    let (_folder, checked) = judged(settings, OWN, &records, "2024-12-01");
    assert_eq!(
        lines(&checked.obligations),
        [
            "LC-1 CONTACT-ADV-PRINCIPAL 2024-12-27 upcoming",
            "LC-2 CONTACT-ADV-PRINCIPAL 2025-01-23 upcoming",
        ]
    );
    // Which value holds for the third cannot be said, and that is said.
    assert_eq!(codes(&checked), ["rule-undetermined CONTACT-ADV-PRINCIPAL"]);
    let rule = checked
        .case
        .policy
        .rules
        .iter()
        .find(|rule| rule.overrides.is_some())
        .unwrap();
    assert_eq!(
        (rule.id.as_str(), rule.overrides.as_deref()),
        ("CONTACT-ADV-PRINCIPAL", Some("rel-to"))
    );
    assert_eq!(rule.earlier.len(), 1);
}

#[test]
fn a_value_from_a_day_on_leaves_everything_before_it_unchanged() {
    let records = of_january();
    let settings = "[policy]\npacks = [\"./policy\"]\n";
    let before = OWN.replace(", { from = 2025-01-01, value = 3 }", "");
    let (_folder, old) = judged(settings, &before, &records, "2025-02-01");
    for from in ["2025-01-01", "2025-01-10", "2025-01-28", "2025-02-01"] {
        let (_folder, new) = judged(settings, &OWN.replace("2025-01-01", from), &records, "2025-02-01");
        let until = |checked: &Checked| -> Vec<String> {
            let dated = |owed: &&Obligation| {
                let record = checked.case.record(owed.record.as_deref().unwrap()).unwrap();
                record.when("commenced").unwrap().to_string().as_str() < from
            };
            let kept: Vec<Obligation> = checked.obligations.iter().filter(dated).cloned().collect();
            lines(&kept)
        };
        assert_eq!(until(&old), until(&new), "{from}");
    }
}

#[test]
fn a_rule_in_force_from_a_day_leaves_everything_before_it_unchanged() {
    let records = of_january();
    let settings = "[policy]\npacks = [\"rel-to\", \"./policy\"]\n";
    let rule = |from: &str| {
        format!(
            "[pack]\nid = \"own\"\ntitle = \"Own\"\n[[rule]]\nid = \"OWN-1\"\ntitle = \"New\"\nstatus = \"in_force\"\n\
             authority = [\"a\"]\neffective = {{ from = {from} }}\napplies_to = [\"liaison_contact\"]\neffect = \"notify\"\n\
             [[rule.duty]]\nnotify = [\"SSCI\"]\ndue = \"7 days after ended\"\n"
        )
    };
    let (_folder, without) = judged(settings, "", &records, "2025-02-01");
    for number in 1..=28 {
        let from = format!("2025-01-{number:02}");
        let (_folder, with) = judged(settings, &rule(&from), &records, "2025-02-01");
        let first = format!("LC-{number:03}");
        let early = |checked: &Checked| -> Vec<String> {
            lines(&checked.obligations)
                .into_iter()
                .filter(|line| *line < first)
                .collect()
        };
        assert_eq!(early(&without), early(&with), "{from}");
        let new = with.obligations.iter().filter(|owed| owed.rule == "OWN-1").count();
        assert_eq!(new, 29 - number, "{from}");
    }
}

#[test]
fn what_a_superseded_record_owed_goes_on_and_who_was_told_is_told_again() {
    let told = "notified = [{ recipient = \"SSCI\", on = 2025-03-20, how = \"letter\" }, \
                { recipient = \"HPSCI\", on = 2025-03-20, how = \"letter\" }]\n";
    let records = format!(
        "{CONTACT}id = \"LC-1\"\ncommenced = 2025-03-11\n{told}\
         {CONTACT}id = \"LC-2\"\ncommenced = 2025-03-11\nsupersedes = \"LC-1\"\ncorrected = 2025-04-01\n\
         {CONTACT}id = \"LC-3\"\ncommenced = 2025-06-11\n\
         {CONTACT}id = \"LC-4\"\ncommenced = 2025-06-11\nsupersedes = \"LC-3\"\n"
    )
    .replacen("They spoke.", "They spoke for an hour.", 1)
    .replace(
        "id = \"LC-4\"\n",
        "id = \"LC-4\"\nnot_notified = [{ rule = \"CONTACT-PATTERN\", by = \"General Counsel\", reason = \"same facts\", on = 2025-07-01 }]\n",
    );
    let settings = "[policy]\npacks = [\"rel-to\", \"periodic\"]\ndisable = [\"PER-QTR\"]\n";
    let (_folder, checked) = judged(settings, "", &records, "2025-06-15");
    assert_eq!(
        lines(&checked.obligations),
        [
            // Told late, and its place taken by the next.
            "LC-1 CONTACT-ADV-PRINCIPAL 2025-03-18 met_late",
            // What was told is told; what changed since is owed within seven days of the correction.
            "LC-2 CONTACT-ADV-PRINCIPAL 2025-03-18 met_late",
            "LC-2 AMEND-SUPERSEDE 2025-04-08 overdue",
            // Nobody was told of the third: it goes on under the fourth, and the pattern counts one event once.
            "LC-3 CONTACT-ADV-PRINCIPAL 2025-06-18 superseded",
            "LC-4 CONTACT-ADV-PRINCIPAL 2025-06-18 open",
            "LC-4 CONTACT-PATTERN 2025-07-11 not_notified",
        ]
    );
    assert_eq!(
        codes(&checked),
        ["notice-incomplete LATE-EXPLAIN", "obligation-overdue AMEND-SUPERSEDE"]
    );
    let because = |record: &str, rule: &str| -> String {
        let owed = checked.obligations.iter();
        owed.filter(|owed| owed.record.as_deref() == Some(record) && owed.rule == rule)
            .flat_map(|owed| owed.because.clone())
            .collect::<Vec<_>>()
            .join("; ")
    };
    assert!(
        because("LC-4", "CONTACT-ADV-PRINCIPAL").ends_with("continues what was owed for LC-3, which it supersedes")
    );
    assert!(because("LC-3", "CONTACT-ADV-PRINCIPAL").ends_with("LC-4 supersedes it and continues it"));
    assert!(because("LC-4", "CONTACT-PATTERN").contains("not notified by General Counsel on 2025-07-01: same facts"));
}

#[test]
fn superseding_in_a_circle_or_twice_is_an_error() {
    let records = format!(
        "{CONTACT}id = \"LC-1\"\ncommenced = 2025-03-11\nsupersedes = \"LC-2\"\n\
         {CONTACT}id = \"LC-2\"\ncommenced = 2025-03-11\nsupersedes = \"LC-1\"\n\
         {CONTACT}id = \"LC-3\"\ncommenced = 2025-03-11\n\
         {CONTACT}id = \"LC-4\"\ncommenced = 2025-03-11\nsupersedes = \"LC-3\"\n\
         {CONTACT}id = \"LC-5\"\ncommenced = 2025-03-11\nsupersedes = \"LC-3\"\n\
         {CONTACT}id = \"LC-6\"\ncommenced = 2025-03-11\nsupersedes = \"LC-9\"\n"
    );
    let (_folder, checked) = judged("[policy]\npacks = [\"history\"]\n", "", &records, "2025-06-15");
    assert_eq!(
        codes(&checked),
        [
            "supersede-cycle LC-1",
            "supersede-cycle LC-2",
            "superseded-twice LC-5",
            "unknown-record LC-6"
        ]
    );
}

/// A review every ninety days, the first thirty days after it began, until it ended.
const REVIEW: &str = r#"
[pack]
id = "own"
title = "Own"
[[rule]]
id = "REVIEW"
title = "Reviewed again and again"
status = "model"
authority = ["model"]
applies_to = ["exchange"]
effect = "notify"
[[rule.duty]]
notify = ["SSCI"]
due = "30 days after commenced then every 90 days until ended"
"#;

fn review(more: &str, told: &[&str], as_of: &str) -> String {
    reviewed(more, told, as_of).obligations[0].state.word().to_owned()
}

fn reviewed(more: &str, told: &[&str], as_of: &str) -> Checked {
    let told: Vec<String> = told
        .iter()
        .map(|on| format!("{{ recipient = \"SSCI\", on = {on}, how = \"letter\" }}"))
        .collect();
    let records = format!(
        "[[exchange]]\nid = \"EX-1\"\ntitle = \"An exchange\"\nmarking = \"U\"\nbasis = \"official\"\ncovert_action = \"no\"\n\
         commenced = 2025-01-01\n{more}notified = [{}]\n",
        told.join(", ")
    );
    let (_folder, checked) = judged("[policy]\npacks = [\"./policy\"]\n", REVIEW, &records, as_of);
    checked
}

#[test]
fn everyone_says_the_same_occurrence_of_a_recurring_duty() {
    // Occurrences: January 31, May 1, July 30, October 28.
    let open = "ended = \"2025-01-01/..\"\n";
    let owed = |told: &[&str], as_of: &str| {
        let checked = reviewed(open, told, as_of);
        let owed = &checked.obligations[0];
        let listed = vec![owed];
        let csv = csv::docket(&listed);
        let row: Vec<&str> = csv.lines().nth(1).unwrap().split(',').collect();
        assert_eq!(owed.due.at.as_deref(), Some(row[0]), "{csv}");
        assert_eq!(owed.due.submit_by.as_deref(), Some(row[1]), "{csv}");
        assert_eq!(docket::due_in_words(&owed.due), row[0]);
        let late = owed
            .days_late
            .map_or(String::new(), |days| format!(", {days} days late"));
        let said = checked
            .diagnostics
            .first()
            .map_or(String::new(), |said| format!("; {}", said.message));
        format!("{} {}{late}{said}", row[0], owed.state.word())
    };
    assert_eq!(owed(&[], "2025-01-20"), "2025-01-31 open");
    assert_eq!(
        owed(&[], "2025-08-01"),
        "2025-01-31 overdue, 182 days late; the notice to SSCI under REVIEW was due on 2025-01-31, with 2 more since, \
         the last on 2025-07-30"
    );
    assert_eq!(
        owed(&["2025-01-30"], "2025-05-04"),
        "2025-05-01 overdue, 3 days late; the notice to SSCI under REVIEW was due on 2025-05-01"
    );
    // Met so far: the next is what is owed, on its day too.
    assert_eq!(owed(&["2025-01-30"], "2025-02-10"), "2025-05-01 open");
    assert_eq!(owed(&["2025-01-30"], "2025-05-01"), "2025-05-01 open");
    assert_eq!(owed(&["2025-01-30", "2025-04-30"], "2025-05-01"), "2025-07-30 open");
}

#[test]
fn a_recurring_duty_is_met_once_for_each_occurrence() {
    // Occurrences: January 31, May 1, July 30, October 28.
    let open = "ended = \"2025-01-01/..\"\n";
    assert_eq!(review(open, &[], "2025-01-31"), "open");
    assert_eq!(review(open, &[], "2025-02-01"), "overdue");
    assert_eq!(review(open, &["2025-01-31"], "2025-05-01"), "open");
    assert_eq!(
        review(open, &["2025-01-31"], "2025-05-02"),
        "overdue",
        "told once is not told again"
    );
    assert_eq!(review(open, &["2025-01-31", "2025-04-30"], "2025-05-02"), "open");
    assert_eq!(
        review(open, &["2025-01-20", "2025-01-31"], "2025-05-02"),
        "overdue",
        "two at once are one"
    );
    // Ended in June: two occurrences, and no third.
    let ended = "ended = 2025-06-15\n";
    assert_eq!(review(ended, &["2025-01-31"], "2026-01-01"), "overdue");
    assert_eq!(review(ended, &["2025-01-31", "2025-05-01"], "2026-01-01"), "met");
    assert_eq!(review(ended, &["2025-01-31", "2025-05-09"], "2026-01-01"), "met_late");
}

#[test]
fn what_was_told_before_the_event_is_questioned() {
    let records = format!(
        "{CONTACT}id = \"LC-1\"\ncommenced = 2025-03-11\n\
         notified = [{{ recipient = \"SSCI\", on = 2025-03-01, how = \"letter\" }}, {{ recipient = \"HPSCI\", on = 2025-03-12, how = \"letter\" }}]\n"
    );
    let (_folder, checked) = judged("[policy]\npacks = [\"rel-to\"]\n", "", &records, "2025-06-15");
    assert_eq!(codes(&checked), ["notified-early CONTACT-ADV-PRINCIPAL"]);
    assert_eq!(
        checked.diagnostics[0].message,
        "SSCI was told on 2025-03-01, before `ended` on 2025-03-11"
    );
}

#[test]
fn a_waiver_says_who_and_until_when_and_warns_before_it_ends() {
    let records = |expires: &str| {
        format!(
            "[[exchange]]\nid = \"EX-1\"\ntitle = \"To the United Nations\"\nmarking = \"U\"\nbasis = \"official\"\n\
             covert_action = \"no\"\nlegality = \"lawful\"\ncommenced = 2025-03-11\ndirection = \"us_to_foreign\"\n\
             counterpart = {{ category = \"un_or_affiliate\", organization = \"United Nations\" }}\n\
             waivers = [{{ rule = \"NSA-3047-UN\", ground = \"national security interest\", by = \"President\", expires = {expires} }}]\n"
        )
    };
    let settings = "[policy]\npacks = [\"nsa47\"]\n";
    let at = |expires: &str| {
        let (_folder, checked) = judged(settings, "", &records(expires), "2025-06-15");
        let owed = checked
            .obligations
            .iter()
            .find(|owed| owed.rule == "NSA-3047-UN")
            .unwrap();
        let mut found = codes(&checked);
        found.retain(|code| code.starts_with("waiver") || code.starts_with("prohibited"));
        (
            owed.state.word().to_owned(),
            owed.decision.as_deref().map(Decision::words),
            found,
        )
    };
    let words = |expires: &str| {
        Some(format!(
            "waived by President until {expires}: national security interest"
        ))
    };
    let without = || "waiver-without-authority EX-1".to_owned();
    assert_eq!(
        at("2025-12-31"),
        ("waived".to_owned(), words("2025-12-31"), vec![without()])
    );
    assert_eq!(
        at("2025-07-15"),
        (
            "waived".to_owned(),
            words("2025-07-15"),
            vec![without(), "waiver-expiring NSA-3047-UN".to_owned()]
        )
    );
    let (state, decision, found) = at("2025-06-14");
    assert_eq!((state.as_str(), decision), ("prohibited", None));
    assert!(
        found.contains(&"waiver-expired NSA-3047-UN".to_owned())
            && found.contains(&"prohibited NSA-3047-UN".to_owned())
    );
}

#[test]
fn a_rule_may_name_a_letter_of_the_workspace_and_none_that_nobody_wrote() {
    let records = format!("{CONTACT}id = \"LC-1\"\ncommenced = 2025-03-11\n");
    let settings = "[policy]\npacks = [\"./policy\"]\n";
    let pack = OWN.replace("due = ", "letter = \"our-own\"\ndue = ");
    let (folder, checked) = judged(settings, &pack, &records, "2025-03-12");
    assert_eq!(codes(&checked), ["unknown-letter CONTACT-ADV-PRINCIPAL"]);
    assert!(checked.obligations.is_empty(), "a pack with an error demands nothing");
    let letters = folder.path().join("templates/letters");
    fs::create_dir_all(&letters).unwrap();
    fs::write(letters.join("our-own.typ"), "#import \"/relto.typ\": *\n").unwrap();
    let request = Request {
        workspace: Some(folder.path().to_owned()),
        as_of: Some(day("2025-03-12")),
        ..Request::default()
    };
    let checked = check(&request, &|_| day("2025-03-12")).unwrap();
    assert_eq!(codes(&checked), Vec::<String>::new());
    assert_eq!(checked.obligations[0].letter.as_deref(), Some("our-own"));
}

#[test]
fn who_was_added_is_undecided_only_where_members_matter() {
    let change = |from: &str, to: &str, decided: &str| {
        let record = format!(
            "[[rel_to_change]]\nid = \"RC-1\"\ntitle = \"T\"\nmarking = \"U\"\nbasis = \"sample\"\ncovert_action = \"no\"\n\
             decided = {decided}\nsubject = {{ type = \"series\", name = \"x\" }}\nfrom = \"SECRET//{from}\"\n\
             to = \"SECRET//{to}\"\n"
        );
        let (_folder, checked) = judged("", "", &record, "2025-06-03");
        let found = checked
            .diagnostics
            .iter()
            .filter(|found| found.code.name() == "rule-undetermined");
        found
            .map(|found| format!("{}; {}", found.message, found.help[0]))
            .collect::<Vec<_>>()
    };
    let day = "2025-01-02";
    // NOFORN adds nobody, and had nobody to take away.
    assert_eq!(change("REL TO USA, GBR, KFOR", "NOFORN", day), [] as [&str; 0]);
    let added = change("NOFORN", "REL TO USA, KFOR", day);
    assert_eq!(
        added,
        [
            "`REL-ADV-ADD` is undecided: `added` is not known; `added` is derived, and the members of `KFOR` are not public: \
          name the countries in `from` and `to`; until then nobody can say whether a notice is owed"
        ]
    );
    let by_day = change("NOFORN", "REL TO USA, NATO", "\"2023\"");
    assert!(
        by_day
            .iter()
            .all(|said| said.contains("whether `FIN` belongs to it hangs on the day; give the day in `decided`")),
        "{by_day:?}"
    );
    assert!(!by_day.is_empty());
}
