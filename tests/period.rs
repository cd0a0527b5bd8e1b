//! The report of a period: every number against records whose answer is plain.

use std::fmt::Write as _;

use chrono::NaiveDate;
use relto::calendar::window::Period;
use relto::notice::draft::Office;
use relto::notice::period::report::{Counted, count, draft};
use relto::notice::period::tally::{Indicator, Rung, Side};
use relto::run::{Checked, Request, check};
use relto::workspace::sample::Which;

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
    let checked = check(&request, &|_| NaiveDate::default()).expect("a workspace");
    let errors: Vec<_> = checked.diagnostics.iter().filter(|found| found.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    checked
}

fn counted<'a>(checked: &'a Checked, period: &str) -> Counted<'a> {
    count(&checked.case, &checked.obligations, Period::parse(period).unwrap())
}

fn record(kind: &str, id: &str, fields: &str) -> String {
    format!(
        "[[{kind}]]\nid = \"{id}\"\ntitle = \"Example {id}\"\nmarking = \"U\"\nbasis = \"official\"\ncovert_action = \"no\"\n{fields}\n"
    )
}

fn contact(id: &str, on: &str, country: &str, rank: &str) -> String {
    record(
        "liaison_contact",
        id,
        &format!(
            "mode = \"call\"\ncommenced = {on}\nofficial = {{ title = \"Officer\", rank = \"working\" }}\n\
             counterpart = {{ country = \"{country}\", service = \"SVC\", rank = \"{rank}\" }}"
        ),
    )
}

fn change(id: &str, on: &str, from: &str, to: &str) -> String {
    record(
        "rel_to_change",
        id,
        &format!(
            "decided = {on}\neffective = {on}\nsubject = {{ type = \"series\", name = \"Example\" }}\nfrom = \"{from}\"\nto = \"{to}\""
        ),
    )
}

fn of<'a>(counted: &'a Counted<'_>, partner: &str, quarter: &str) -> &'a Indicator {
    counted
        .tally
        .indicators
        .iter()
        .find(|one| one.partner == partner && one.quarter == quarter)
        .unwrap_or_else(|| panic!("{partner} {quarter}: {:?}", counted.tally.indicators))
}

#[test]
fn a_period_holds_what_is_dated_wholly_within_it() {
    let mut records = contact("LC-IN-FIRST", "2025-01-01", "RUS", "head");
    records += &contact("LC-IN-LAST", "2025-03-31", "RUS", "head");
    records += &contact("LC-BEFORE", "2024-12-31", "RUS", "head");
    records += &contact("LC-AFTER", "2025-04-01", "RUS", "head");
    records += &contact("LC-MAYBE", "\"2025-03/2025-04\"", "RUS", "head");
    records += &contact("LC-UNKNOWN", "\"unknown\"", "RUS", "head");
    let checked = judged(&records, "2025-12-31");
    let report = counted(&checked, "2025-Q1");
    assert_eq!(report.tally.records, 2);
    assert_eq!(report.tally.date_not_certain, ["LC-MAYBE", "LC-UNKNOWN"]);
    let months: Vec<(&str, usize)> = report
        .tally
        .by_month
        .iter()
        .map(|month| (month.month.as_str(), month.records))
        .collect();
    assert_eq!(
        months,
        [("2025-01", 1), ("2025-02", 0), ("2025-03", 1)],
        "nil months are printed"
    );
    assert_eq!(counted(&checked, "2025").tally.records, 4);
    assert_eq!(counted(&checked, "2025-02").tally.records, 0);
}

#[test]
fn the_ladder_is_climbed_step_by_step() {
    let mut records = contact("LC-1", "2025-01-10", "RUS", "head");
    records += &contact("LC-2", "2025-06-01", "RUS", "deputy");
    records += &contact("LC-3", "2025-01-10", "CHN", "senior");
    records += &record(
        "exchange",
        "EX-1",
        "type = \"analytic\"\nstage = \"started\"\ncommenced = 2025-02-01\ncounterpart = { country = \"RUS\" }",
    );
    records += &record(
        "exchange",
        "EX-2",
        "type = \"collection_coordination\"\nstage = \"declined\"\ncommenced = 2025-02-01\ncounterpart = { country = \"RUS\" }",
    );
    records += &change(
        "RC-1",
        "2025-05-01",
        "SECRET//REL TO USA, FVEY",
        "SECRET//REL TO USA, GBR, RUS",
    );
    records += &record(
        "sharing_change",
        "SC-1",
        "action = \"suspend\"\npartner = \"UKR\"\ndecided = 2025-03-03",
    );
    let checked = judged(&records, "2025-12-31");
    let report = counted(&checked, "2025");
    let first = of(&report, "RUS", "2025-Q1");
    assert_eq!(first.side, Side::Adversary);
    assert_eq!((first.steps.contacts_by_heads, first.steps.regular_contacts), (1, 0));
    assert_eq!(
        (first.steps.analytic_exchanges, first.steps.collection_coordination),
        (1, 0),
        "declined is nothing"
    );
    assert_eq!(first.rung, Some(Rung::AnalyticExchange));
    let second = of(&report, "RUS", "2025-Q2");
    assert_eq!(second.steps.contacts_by_deputies, 1);
    assert_eq!(second.steps.regular_contacts, 1, "the second contact within 180 days");
    assert_eq!((second.steps.audiences_widened, second.steps.standing_releases), (1, 1));
    assert_eq!(second.rung, Some(Rung::StandingRelease));
    assert_eq!(of(&report, "CHN", "2025-Q1").steps.contacts_by_senior_officials, 1);
    for ally in ["AUS", "CAN", "NZL"] {
        let narrowed = of(&report, ally, "2025-Q2");
        assert_eq!((narrowed.side, narrowed.steps.audiences_narrowed), (Side::Ally, 1));
        assert_eq!(narrowed.rung, None);
    }
    assert!(
        !report.tally.indicators.iter().any(|one| one.partner == "GBR"),
        "the United Kingdom keeps what it had"
    );
    assert_eq!(of(&report, "UKR", "2025-Q1").steps.pauses, 1);
    let sides: Vec<Side> = report.tally.indicators.iter().map(|one| one.side).collect();
    assert!(sides.is_sorted(), "adversaries first: {sides:?}");
}

#[test]
fn late_is_counted_in_days_with_the_reason() {
    let told = |id: &str, on: &str| {
        change(
            id,
            "2025-03-05",
            "SECRET//REL TO USA, FVEY",
            "SECRET//REL TO USA, RUS, FVEY",
        ) + &format!(
            "notified = [{{ recipient = \"SSCI\", on = {on}, how = \"letter\" }}, {{ recipient = \"HPSCI\", on = {on}, how = \"letter\" }}]\n"
        )
    };
    let records = told("RC-TOLD", "2025-05-01");
    let checked = judged(&records, "2025-12-31");
    let report = counted(&checked, "2025-Q1");
    let states = report.tally.timeliness;
    assert_eq!(
        states.owed,
        states.met
            + states.met_late
            + states.open
            + states.overdue
            + states.upcoming
            + states.waived
            + states.not_notified
    );
    for item in &report.tally.late {
        let due: NaiveDate = item.due.parse().unwrap();
        let until: NaiveDate = if item.given { "2025-05-01" } else { "2025-12-31" }.parse().unwrap();
        assert_eq!(item.days, (until - due).num_days(), "{item:?}");
        assert!(item.days > 0);
    }
    assert!(
        report.tally.late.iter().any(|item| item.given),
        "{:?}",
        report.tally.late
    );
    assert!(
        report.tally.late.windows(2).all(|pair| pair[0].days >= pair[1].days),
        "longest first"
    );
}

#[test]
fn the_tables_add_up() {
    for (which, period) in [
        (Which::Public, "2025"),
        (Which::Public, "2023-H1"),
        (Which::Exercise, "2026"),
    ] {
        let request = Request {
            sample: Some(which),
            ..Request::default()
        };
        let checked = check(&request, &|_| NaiveDate::default()).expect("the sample is sound");
        let report = counted(&checked, period);
        let tally = &report.tally;
        assert_eq!(
            tally.by_month.iter().map(|month| month.records).sum::<usize>(),
            tally.records
        );
        assert_eq!(
            tally.by_kind.iter().map(|kind| kind.count).sum::<usize>(),
            tally.records
        );
        assert_eq!(
            tally.by_rule.iter().map(|rule| rule.states.owed).sum::<usize>(),
            tally.timeliness.owed
        );
        assert_eq!(
            tally
                .timeliness_by_month
                .iter()
                .map(|month| month.states.owed)
                .sum::<usize>(),
            tally.timeliness.owed
        );
        for partner in &tally.by_partner {
            let parts = partner.rel_to_changes
                + partner.contacts
                + partner.exchanges
                + partner.sharing_changes
                + partner.agreements
                + partner.other;
            assert_eq!(parts, partner.total, "{partner:?}");
        }
        for grid in &report.grids {
            assert!(
                grid.rows.iter().all(|row| row.len() == grid.header.len()),
                "{}",
                grid.name
            );
            assert!(grid.takeaway.ends_with('.'), "{}: {}", grid.name, grid.takeaway);
        }
    }
}

#[test]
fn the_report_is_marked_by_what_it_counts() {
    let request = Request {
        sample: Some(Which::Exercise),
        ..Request::default()
    };
    let checked = check(&request, &|_| NaiveDate::default()).expect("the sample is sound");
    let report = counted(&checked, "2026");
    assert!(report.tally.records > 0);
    let without = Office::placeholder();
    let problems = draft(&report, &checked.case, &without, &checked.sources).expect_err("no authority is named");
    assert!(
        problems.iter().all(|found| found.code.name() == "missing-authority"),
        "{problems:?}"
    );
    let mut with = Office::placeholder();
    with.authority = Some(relto::notice::model::Authority {
        classified_by: "A. Sample, Director".to_owned(),
        derived_from: "Example Guide 1-1, dated 20260101".to_owned(),
        declassify_on: "20510101".to_owned(),
    });
    let notice = draft(&report, &checked.case, &with, &checked.sources).expect("a report");
    assert!(notice.banner.classified, "{}", notice.banner.text);
    let printed = notice.report.as_ref().expect("its figures");
    assert!(notice.marks.contains(&printed.mark));
    assert_eq!(notice.file_name(&notice.addressees[0]), "REPORT-2026--CONGRESS.pdf");
    let mut rows = String::new();
    for required in &notice.required {
        let _ = write!(rows, "{} ", required.name);
    }
    assert!(
        rows.contains("indicators") && rows.contains("late_items") && rows.contains("method"),
        "{rows}"
    );
}

#[test]
fn who_appears_most_is_named_with_its_article_and_its_equals() {
    let takeaway = |contacts: &[&str]| {
        let records: String = contacts
            .iter()
            .enumerate()
            .map(|(at, country)| contact(&format!("LC-{at}"), "2025-02-03", country, "working"))
            .collect();
        let checked = judged(&records, "2025-06-01");
        let counted = counted(&checked, "2025-Q1");
        let office = Office::placeholder();
        let report = draft(&counted, &checked.case, &office, &checked.sources).expect("a report");
        let report = report.report.expect("its tables");
        let grid = report
            .grids
            .iter()
            .find(|grid| grid.name == "by_partner")
            .expect("partners");
        grid.takeaway.clone()
    };
    assert_eq!(
        takeaway(&["GBR"]),
        "1 partner country appears, the United Kingdom, in 1 record."
    );
    assert_eq!(
        takeaway(&["GBR", "IRQ"]),
        "2 partner countries appear, each in 1 record."
    );
    assert_eq!(
        takeaway(&["GBR", "GBR", "IRQ"]),
        "2 partner countries appear; the most records, 2, concern the United Kingdom."
    );
    assert_eq!(
        takeaway(&["GBR", "GBR", "IRQ", "IRQ", "FRA"]),
        "3 partner countries appear; the most records, 2 each, concern the United Kingdom and Iraq."
    );
}
