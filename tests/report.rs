//! Every output format, from one set of diagnostics and obligations: two files, a place in several lines, related
//! places, no place, hidden characters, a record that may not be shown.

use chrono::NaiveDate;
use relto::base::code::Code;
use relto::base::diagnostic::{Diagnostic, Severity};
use relto::base::source::{Place, SourceId, Sources};
use relto::calendar::date::When;
use relto::calendar::deadline::{Due, parse, resolve};
use relto::calendar::holidays::Calendar;
use relto::evaluate::obligation::{Obligation, State};
use relto::policy::rule::{Effect, Status};
use relto::report::docket::Filter;
use relto::report::summary::{Judged, Summary};
use relto::report::{Look, csv, docket, human, json, short};

mod formats;

const PLAIN: Look = Look {
    colour: false,
    width: 100,
};

/// One of the three records has an error, so nobody judged it; one file is no TOML.
const JUDGED: Judged = Judged {
    all: 3,
    judged: 2,
    unread: 1,
};

const RECORDS: &str = "\
[[rel_to_change]]
id = \"RC-1\"
title = \"A \u{202e}title\u{200b} with \u{1b}[31m red\"
covert_acton = \"no\"
to = \"REL TO USA, UK\"
effective = [
  2025-03-01,
  2025-03-02,
]








[[rel_to_change]]
id = \"RC-1\"
title = \"李明 and Сергей\" # кириллица
";

const PACK: &str = "[[rule]]\nid = \"REL-ADV-ADD\"\ndue = \"30 days before effective\"\n";

fn at(sources: &Sources, source: SourceId, text: &str) -> Place {
    let start = sources.get(source).text().find(text).expect("the text is there");
    Place::new(source, start..start + text.len())
}

fn diagnostics() -> (Vec<Diagnostic>, Sources) {
    let mut sources = Sources::default();
    let records = sources.add("records/a.toml", RECORDS);
    let pack = sources.add("policy/rel-to.toml", PACK);
    let long = sources.add(
        "records/long\u{7}.toml",
        format!("x = \"{}BAD{}\"\n", "à ".repeat(2000), " ù".repeat(2000)),
    );
    let secret = sources.add("records/secret.toml", "[[exchange]]\nmarking = \"S//NF\"\n");
    let again = RECORDS.rfind("RC-1").expect("the text is there");
    let list = "[\n  2025-03-01,\n  2025-03-02,\n]";
    let mut withheld = Diagnostic::new(Code::AboveCeiling, "this exchange is marked SECRET")
        .at(at(&sources, secret, "\"S//NF\""))
        .label("above the ceiling")
        .help("keep it in a workspace of its level");
    withheld.withhold = true;
    let mut note = Diagnostic::new(Code::Advice, "consider telling the partner")
        .record("RC-1")
        .rule("REL-ANY");
    note.severity = Severity::Note;
    let all = vec![
        Diagnostic::new(Code::UnknownKey, "rel_to_change has no key `covert_acton`")
            .at(at(&sources, records, "covert_acton"))
            .label("unknown key")
            .help("a key with a similar name exists: `covert_action`")
            .record("RC-1"),
        Diagnostic::new(Code::HiddenCharacter, "hidden character U+200B in `title`")
            .at(at(&sources, records, "\u{200b}"))
            .label("ZERO WIDTH SPACE")
            .help("remove it"),
        Diagnostic::new(Code::WrongType, "`effective` is a list, not a date")
            .at(at(&sources, records, list))
            .label("a date is wanted here")
            .related(at(&sources, records, "UK"), "beside this"),
        Diagnostic::new(Code::DuplicateId, "the id `RC-1` is used twice")
            .at(Place::new(records, again..again + 4))
            .label("used again here")
            .related(at(&sources, records, "RC-1"), "first used here")
            .help("give this record an id of its own"),
        Diagnostic::new(Code::LookalikeCharacter, "a character that only looks right")
            .at(at(&sources, records, "Сергей"))
            .label("after wide characters"),
        Diagnostic::new(Code::ObligationOverdue, "the notice under `REL-ADV-ADD` is overdue")
            .at(at(&sources, records, "[[rel_to_change]]"))
            .label("owed for this record")
            .related(at(&sources, pack, "\"30 days before effective\""), "demanded here")
            .cite("model; analogue: S. 1761 (115th) s. 610")
            .help("send it,\nor record in `notified` that it was given")
            .record("RC-1")
            .rule("REL-ADV-ADD"),
        Diagnostic::new(Code::MarkingInvalid, "far along a long line")
            .at(at(&sources, long, "BAD"))
            .label("here"),
        withheld,
        Diagnostic::new(
            Code::UnknownPack,
            "no place \u{1b}[2J\u{85} at all\r\nnor a second line",
        )
        .help("a\u{9b}b"),
        note,
    ];
    (all, sources)
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

fn due(expression: &str, date: &str) -> Due {
    let deadline = parse(expression).expect("a deadline");
    let calendar = Calendar::new(chrono_tz::America::New_York, true);
    resolve(&deadline, &calendar, &|_| When::parse(date).ok(), day("2025-03-20"))
}

fn obligation(record: &str, rule: &str, due: Due, state: State) -> Obligation {
    Obligation {
        record: Some(record.into()),
        rule: rule.into(),
        rule_title: "A contact between heads of service with an adversary".into(),
        pack: "rel-to".into(),
        status: Status::Model,
        effect: Effect::Notify,
        due: due.into(),
        recipients: ["SSCI", "HPSCI"].map(str::to_owned).into(),
        state,
        authority: ["model".to_owned()].into(),
        duty: None,
        period: None,
        because: vec!["counterpart.country is RUS, in @adversary".into()],
        contains: Vec::new().into(),
        letter: None,
        form: None,
        target: None,
        responsible: None,
        covers: Vec::new(),
        report: None,
        decision: None,
        superseded_by: None,
        supersedes: None,
        told: Box::default(),
        days_late: None,
    }
}

fn obligations() -> Vec<Obligation> {
    let mut formula = obligation(
        "LC-5",
        "=HYPERLINK(\"x\")",
        due("7 days after ended", "2025-03-16"),
        State::Open,
    );
    formula.rule_title = "+cmd|' /C calc'!A0 \u{202e}".into();
    let mut periodic = obligation("", "PER-Q", due("quarterly + 60 days", "unknown"), State::Upcoming);
    periodic.record = None;
    periodic.period = Some("2025-Q1".into());
    vec![
        obligation(
            "LC-1",
            "CONTACT-PATTERN",
            due("30 days after ended", "2025-03-11"),
            State::Open,
        ),
        obligation(
            "SC-1",
            "SUSP-ANY",
            due("48 hours after decided", "2025-03-19T09:30:00-05:00"),
            State::Open,
        ),
        obligation(
            "LC-2",
            "CONTACT-ADV-PRINCIPAL",
            due("7 days after ended", "2023-06/2023-09"),
            State::Open,
        ),
        obligation(
            "LC-1",
            "CONTACT-ADV-PRINCIPAL",
            due("7 days after ended", "2025-03-11"),
            State::Overdue,
        ),
        obligation(
            "LC-3",
            "CONTACT-ADV-PRINCIPAL",
            due("7 days after ended", "2022-11-14"),
            State::Met,
        ),
        obligation(
            "EX-1",
            "DTW-DISCLOSE",
            due("promptly after ended", "2025-03-01"),
            State::Open,
        ),
        formula,
        periodic,
    ]
}

fn filter() -> Filter<'static> {
    Filter {
        as_of: day("2025-03-20"),
        timezone: chrono_tz::America::New_York,
        due_within: None,
        recipient: None,
    }
}

#[test]
fn human_is_rustcs_look() {
    let (all, sources) = diagnostics();
    insta::assert_snapshot!("human", human::render(&all, &sources, PLAIN));
}

#[test]
fn short_is_one_line_each() {
    let (all, sources) = diagnostics();
    let text = short::render(&all, &sources);
    assert_eq!(text.lines().count(), all.len());
    insta::assert_snapshot!("short", text);
}

/// What a renderer writes, as text.
fn written(write: impl FnOnce(&mut dyn std::io::Write) -> std::io::Result<()>) -> String {
    let mut bytes = Vec::new();
    write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn json_is_the_contract() {
    let (all, sources) = diagnostics();
    let obligations = &obligations()[..2];
    let summary = Summary::of(JUDGED, 18, &all, obligations);
    let text = written(|out| json::check(out, day("2025-03-20"), &summary, &all[..2], obligations, &sources));
    serde_json::from_str::<serde_json::Value>(&text).expect("one JSON document");
    insta::assert_snapshot!("json", text);
}

#[test]
fn no_format_lets_a_control_character_through() {
    let (all, sources) = diagnostics();
    let owed = obligations();
    let chosen = docket::select(&owed, &filter());
    let summary = Summary::of(JUDGED, 18, &all, &owed);
    for text in [
        human::render(&all, &sources, PLAIN),
        short::render(&all, &sources),
        written(|out| json::check(out, day("2025-03-20"), &summary, &all, &owed, &sources)),
        docket::render(&chosen, PLAIN),
        csv::docket(&chosen).replace("\r\n", "\n"),
    ] {
        let hidden = text
            .chars()
            .find(|c| *c != '\n' && relto::report::visible::is_hidden(*c));
        assert_eq!(hidden, None, "{text}");
    }
}

#[test]
fn what_a_record_may_not_hold_is_never_printed_raw() {
    for c in '\0'..=char::MAX {
        if relto::record::characters::hidden(c).is_some() {
            assert!(relto::report::visible::is_hidden(c), "U+{:04X}", u32::from(c));
        }
    }
}

#[test]
fn colour_is_only_in_escapes() {
    let (all, sources) = diagnostics();
    let coloured = human::render(
        &all,
        &sources,
        Look {
            colour: true,
            width: 100,
        },
    );
    let mut plain = String::new();
    let mut rest = coloured.as_str();
    while let Some(start) = rest.find("\u{1b}[") {
        plain.push_str(&rest[..start]);
        let end = rest[start..].find('m').expect("the end of an escape");
        rest = &rest[start + end + 1..];
    }
    plain.push_str(rest);
    assert!(coloured.contains("\u{1b}["));
    let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    assert_eq!(trimmed(&plain), trimmed(&human::render(&all, &sources, PLAIN)));
}

#[test]
fn the_docket_is_sorted_and_fits() {
    let owed = obligations();
    insta::assert_snapshot!("docket", docket::render(&docket::select(&owed, &filter()), PLAIN));
    let narrow = docket::render(
        &docket::select(&owed, &filter()),
        Look {
            colour: true,
            width: 80,
        },
    );
    assert!(narrow.contains("\u{1b}[1;31moverdue\u{1b}[0m"), "{narrow}");
}

#[test]
fn the_docket_filters_by_time_and_recipient() {
    let owed = obligations();
    let listed = |filter: &Filter<'_>| {
        docket::select(&owed, filter)
            .iter()
            .map(|owed| format!("{} {}", docket::subject(owed), owed.rule))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        listed(&Filter {
            due_within: Some(3),
            ..filter()
        }),
        [
            "LC-1 CONTACT-ADV-PRINCIPAL",
            "LC-2 CONTACT-ADV-PRINCIPAL",
            "SC-1 SUSP-ANY",
            "LC-5 =HYPERLINK(\"x\")",
            "EX-1 DTW-DISCLOSE",
        ]
    );
    assert_eq!(
        listed(&Filter {
            recipient: Some("ssci"),
            ..filter()
        })
        .len(),
        owed.len()
    );
    assert_eq!(
        listed(&Filter {
            recipient: Some("SFRC"),
            ..filter()
        })
        .len(),
        0
    );
}

#[test]
fn csv_holds_no_formula() {
    let owed = obligations();
    insta::assert_snapshot!(
        "csv",
        csv::docket(&docket::select(&owed, &filter())).replace("\r\n", "\n")
    );
}

proptest::proptest! {
    #[test]
    fn no_text_and_no_place_makes_the_renderer_fail(
        text in "(\\PC|[\u{0}-\u{1f}\u{80}-\u{9f}\u{202a}-\u{202e}\u{200b}-\u{200f}\u{fdd0}\u{ffff}\u{10ffff}\n\r\t ]){0,80}",
        (a, b) in (0_usize..300, 0_usize..300),
        (c, d) in (0_usize..300, 0_usize..300),
        repeat in 1_usize..60,
    ) {
        let mut sources = Sources::default();
        let source = sources.add("records/a.toml", text.repeat(repeat));
        let place = |a: usize, b: usize| Place::new(source, a.min(b)..a.max(b));
        let diagnostic = Diagnostic::new(Code::BadDate, text.as_str())
            .at(place(a, b))
            .label(text.as_str())
            .related(place(c, d), text.as_str())
            .help(text.as_str());
        let shown = human::one(&diagnostic, &sources, PLAIN);
        proptest::prop_assert!(!shown.chars().any(|c| c != '\n' && c != '\t' && relto::report::visible::is_hidden(c)), "{:?}", shown);
        proptest::prop_assert!(shown.contains(" --> records/a.toml:") || shown.contains("--> records/a.toml:"));
    }
}

#[test]
fn one_diagnostic_in_a_large_file_costs_little() {
    let mut sources = Sources::default();
    let text = "[[rel_to_change]]\nid = \"RC-1\"\nkey = 1\n".repeat(50_000);
    let source = sources.add("records/big.toml", text.as_str());
    let all: Vec<Diagnostic> = text
        .match_indices("key")
        .take(5_000)
        .map(|(start, word)| {
            Diagnostic::new(Code::UnknownKey, "no such key")
                .at(Place::new(source, start..start + word.len()))
                .label("here")
        })
        .collect();
    let rendered = human::render(&all, &sources, PLAIN);
    assert_eq!(rendered.matches("key = 1").count(), 5_000);
}
