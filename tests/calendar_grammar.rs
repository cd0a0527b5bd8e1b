//! The grammar of deadlines: what is read, and where a problem points.

use relto::calendar::deadline::parse;

/// Expression, the words pointed at (`$` for the end), and what the help says.
const PROBLEMS: &[(&str, &str, &str)] = &[
    ("", "$", "7 days after ended"),
    ("   ", "$", "7 days after ended"),
    ("7 dayz after ended", "dayz", "write `days`"),
    ("7 days afer ended", "afer", "write `after`"),
    ("7 days", "$", "write `after` or `before`"),
    ("7 days after", "$", "`ended`"),
    ("7 days after else decided", "else", "`ended`"),
    ("7 days after Ended,", "Ended,", "write `ended`"),
    ("7 days after ended decided", "decided", "leave it out"),
    ("7 days after ended els decided", "els", "write `else`"),
    ("0 days after ended", "0", "same day as"),
    ("36501 days after ended", "36501", "36500"),
    ("99999999999999999999 days after ended", "99999999999999999999", "36500"),
    ("7.5 days after ended", "7.5", "whole number"),
    ("48h after decided", "48h", "write `48 hours`"),
    ("7days after decided", "7days", "write `7 days`"),
    ("2 weeks after decided", "weeks", "write `14 days`"),
    ("6 months after decided", "months", "not equally long"),
    ("7 calendar days after ended", "calendar", "write `7 days`"),
    ("5 working days after ended", "working", "write `5 business days`"),
    ("within 7 days after ended", "within", "leave it out"),
    ("promtly after aware", "promtly", "write `promptly`"),
    ("befor commenced", "befor", "write `before`"),
    ("as soon as practical", "practical", "write `practicable`"),
    ("7 days after 2025-02-29", "2025-02-29", "February 2025 has 28 days"),
    ("7 days after 2025-13-01", "2025-13-01", "there is no month 13"),
    (
        "7 days after 03/11/2025",
        "03/11/2025",
        "write a day such as `2025-03-11`",
    ),
    ("on feb 1", "feb", "write `Feb`"),
    ("on Feb 29", "29", "`Feb 28` or `Mar 1`"),
    ("on Apr 31", "31", "1 to 30"),
    ("on Feb 1 and 2025-08-01", "2025-08-01", "all dates alike"),
    ("on Feb", "$", "`Feb 1`"),
    ("every 48 hours after decided", "hours", "`days`"),
    ("48 hours after decided then every 90 days", "hours", "`days`"),
    ("30 days before decided then every 90 days", "then", "leave it out"),
    ("quarterly + 48 hours", "hours", "`days`"),
    ("quarterly +60 days please", "please", "leave it out"),
    ("7\u{a0}days after ended", "7\u{a0}days", "write `7 days`"),
    ("7 days after ended\u{200b}", "ended\u{200b}", "lower case"),
];

#[test]
fn problems_point_at_their_words() {
    for (text, words, help) in PROBLEMS {
        let problem = parse(text).expect_err(text);
        let pointed: String = text.chars().skip(problem.offset).take(problem.length).collect();
        if *words == "$" {
            assert_eq!((problem.offset, problem.length), (text.chars().count(), 0), "{text}");
        } else {
            assert_eq!(pointed, *words, "{text}");
        }
        let found = problem.help.expect("help");
        assert!(found.contains(help), "{text}: {found}");
        assert!(!problem.message.contains('\u{200b}'), "{text}");
    }
}

#[test]
fn fields_come_in_the_order_of_the_expression() {
    for (text, fields) in [
        (
            "7 days after ended else finding.decided",
            &["ended", "finding.decided"][..],
        ),
        ("30 days after a then every 90 days until b else c", &["a", "b", "c"]),
        ("7 days after 2025-03-11", &[]),
        ("7 days after until", &["until"]),
        ("quarterly+60 days", &[]),
        ("as soon as practicable after aware", &["aware"]),
    ] {
        let deadline = parse(text).unwrap();
        assert_eq!(deadline.fields(), fields, "{text}");
        assert_eq!(deadline.text(), text);
    }
    assert!(parse("7 days after 2025-03-11").unwrap().has_literal());
}

#[test]
fn the_deadlines_of_the_drafts_are_read() {
    let Some(draft) = crate::shared("prototypes/rules-draft.toml") else {
        return;
    };
    let mut count = 0;
    for line in draft.lines().filter(|line| !line.trim_start().starts_with('#')) {
        let Some((_, rest)) = line.split_once("due = \"").or_else(|| line.split_once("target = \"")) else {
            continue;
        };
        let text = rest.split('"').next().unwrap_or_default();
        // `with RULE` is no deadline of the design's grammar: `quarterly + 60 days` says the same for a record.
        if text.starts_with("with ") {
            continue;
        }
        parse(text).unwrap_or_else(|problem| panic!("{text}: {problem:?}"));
        count += 1;
    }
    assert!(count > 40, "{count}");
}
