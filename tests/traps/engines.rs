//! Traps that other policy engines fell into.

use super::*;

#[test]
fn a_waiver_with_a_slip_is_never_silent() {
    let party = "counterpart = { category = \"un_or_affiliate\", organization = \"Example\" }";
    let waived = |waiver: &str| {
        let text =
            format!("commenced = 2025-03-01\ndirection = \"us_to_foreign\"\n{party}\nwaivers = [{{ {waiver} }}]");
        judged(&[], "2025-03-12", &record("exchange", &text))
    };
    let codes = |checked: &Checked| -> Vec<&'static str> {
        checked.diagnostics.iter().map(|found| found.code.name()).collect()
    };
    let right = "rule = \"NSA-3047-UN\", ground = \"interest\", by = \"President\", expires = 2026-01-31";
    assert_eq!(owed(&waived(right), "NSA-3047-UN").state, State::Waived);
    for (waiver, code) in [
        (right.replace("NSA-3047-UN", "NSA-3047-NU"), "unknown-rule"),
        (right.replace(", expires = 2026-01-31", ""), "missing-field"),
        (right.replace("2026-01-31", "\"31 January\""), "bad-date"),
        (right.replace("2026-01-31", "2025-03-11"), "waiver-expired"),
        (right.replace("2026-01-31", "\"unknown\""), "prohibited"),
        (right.replace("President", "Director"), "waiver-unused"),
        (right.replace("NSA-3047-UN", "NSA-3091-FCI"), "waiver-unused"),
    ] {
        let checked = waived(&waiver);
        assert!(codes(&checked).contains(&code), "{waiver}: {:?}", codes(&checked));
        assert!(
            checked.obligations.iter().all(|owed| owed.state != State::Waived),
            "{waiver}"
        );
    }
}

#[test]
fn a_header_inside_a_text_is_text() {
    let text = record(
        "exchange",
        "commenced = 2025-03-01\nfacts = \"\"\"\nA line.\n[[liaison_contact]]\nid = \"V-2\"\n\"\"\"",
    );
    let checked = judged(
        &[],
        "2025-03-12",
        &format!(
            "{text}\n{}",
            record("agreement", "instrument = \"other\"").replace("V-1", "V-3")
        ),
    );
    assert_eq!(checked.records, 2);
    let ids: Vec<&str> = checked.case.records.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids, ["V-1", "V-3"]);
    // And a mistake after it stands at its own place.
    let wrong = judged(
        &[],
        "2025-03-12",
        &format!(
            "{text}\n{}",
            record("agreement", "instrumnet = \"other\"").replace("V-1", "V-3")
        ),
    );
    let found = wrong.diagnostics.iter().find(|found| found.is_error()).unwrap();
    let place = found.place.as_ref().unwrap();
    let source = wrong.sources.get(place.source);
    assert!(source.text()[place.start()..].starts_with("instrumnet"), "{found:#?}");
}

#[test]
fn the_only_now_is_the_as_of_date() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for name in relto::base::source::files_under(&root, "rs", &|_, _| false).unwrap() {
        let inner = name.strip_prefix(&root).unwrap();
        let text = fs::read_to_string(&name).unwrap();
        let clock = ["Utc::now", "Local::now", "SystemTime::now"]
            .iter()
            .any(|call| text.contains(call));
        assert!(!clock || inner.starts_with("cli"), "{}", inner.display());
    }
    let text = record(
        "liaison_contact",
        "commenced = 2025-03-11\ncontact_purpose = \"exchange\"\nofficial = { title = \"D\", rank = \"head\" }\ncounterpart = { country = \"RUS\", service = \"SVR\" }",
    );
    for (as_of, state) in [
        ("2025-03-10", State::Upcoming),
        ("2025-03-18", State::Open),
        ("2025-03-19", State::Overdue),
    ] {
        let checked = judged(&[], as_of, &text);
        let contact = owed(&checked, "CONTACT-ADV-PRINCIPAL");
        assert_eq!(
            (contact.state, contact.due.at.as_deref()),
            (state, Some("2025-03-18")),
            "{as_of}"
        );
    }
}
