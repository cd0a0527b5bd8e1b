//! `relto deadline`: what it prints and how it ends.

use relto::cli::args::TextFormat;
use relto::cli::args::deadline::DeadlineArgs;
use relto::cli::deadline::run;

/// Runs the command as of 2026-01-15: exit code, standard output, standard error.
fn deadline(expression: &str, change: impl FnOnce(&mut DeadlineArgs)) -> (u8, String, String) {
    let mut args = DeadlineArgs {
        expression: vec![expression.to_owned()],
        format: TextFormat::Human,
        timezone: "America/New_York".to_owned(),
        closures: None,
        session: None,
        no_dc_area: false,
        as_of: Some("2026-01-15".to_owned()),
    };
    change(&mut args);
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = run(&args, &mut out, &mut err);
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (code, text(out), text(err))
}

fn human(expression: &str) -> String {
    let (code, out, err) = deadline(expression, |_| {});
    assert_eq!((code, err.as_str()), (0, ""), "{expression}");
    out
}

#[test]
fn a_due_date_says_what_was_skipped() {
    insta::assert_snapshot!(human("10 business days after 2025-12-15"), @r#"
    10 business days after 2025-12-15
      due        Tuesday, December 30, 2025
      submit by  Tuesday, December 30, 2025
      skipped    Thursday, December 25, 2025: Christmas Day
                 4 days of weekends
    "#);
    insta::assert_snapshot!(human("30 days after 2025-06-04"), @r#"
    30 days after 2025-06-04
      due        Friday, July 4, 2025
      submit by  Thursday, July 3, 2025, because July 4, 2025 is Independence Day
    "#);
}

#[test]
fn moments_are_said_in_the_zone_and_in_utc() {
    insta::assert_snapshot!(human("48 hours after 2025-03-08T10:00-05:00"), @r#"
    48 hours after 2025-03-08T10:00-05:00
      due        Monday, March 10, 2025, 11:00 EDT (2025-03-10 15:00 UTC)
      submit by  Monday, March 10, 2025
    "#);
    insta::assert_snapshot!(human("48 hours after 2025-03-05"), @r#"
    48 hours after 2025-03-05
      due        undetermined
      because    `2025-03-05` gives a date without a time; a clock of hours needs the moment
      earliest   Friday, March 7, 2025, 00:00 EST (2025-03-07 05:00 UTC)
    "#);
}

#[test]
fn what_repeats_names_the_next() {
    insta::assert_snapshot!(human("30 days after 2025-08-29 then every 90 days"), @r#"
    30 days after 2025-08-29 then every 90 days
      first due  Sunday, September 28, 2025
      submit by  Friday, September 26, 2025, because September 28, 2025 is a Sunday
      next       Friday, March 27, 2026
    "#);
    insta::assert_snapshot!(human("quarterly + 60 days"), @r#"
    quarterly + 60 days
      due        Sunday, March 1, 2026
      submit by  Friday, February 27, 2026, because March 1, 2026 is a Sunday
      period     2025-Q4
      next       Sunday, March 1, 2026
    "#);
}

#[test]
fn without_a_number_it_stays_a_word() {
    insta::assert_snapshot!(human("promptly after 2025-03-05"), @r#"
    promptly after 2025-03-05
      due        promptly: the rule gives no number of days
    "#);
    insta::assert_snapshot!(human("before 2025-03-10"), @r#"
    before 2025-03-10
      due        before Monday, March 10, 2025
      submit by  Friday, March 7, 2025
    "#);
    insta::assert_snapshot!(human("7 days after ended else decided"), @r#"
    7 days after ended else decided
      due        undetermined
      because    `ended` is not given and `decided` is not given
      help       write a date in the place of the field to see the day it comes to
    "#);
}

#[test]
fn json_is_the_due_object_and_what_was_counted() {
    let (code, out, err) = deadline("3 business days after 2025-01-16", |args| {
        args.format = TextFormat::Json;
    });
    assert_eq!((code, err.as_str()), (0, ""));
    insta::assert_snapshot!(out, @r#"
    {
      "kind": "date",
      "at": "2025-01-22",
      "submit_by": "2025-01-22",
      "expression": "3 business days after 2025-01-16",
      "word": null,
      "reason": null,
      "earliest": null,
      "next": null,
      "period": null,
      "counted": [
        {
          "date": "2025-01-18",
          "why": "Saturday"
        },
        {
          "date": "2025-01-19",
          "why": "Sunday"
        },
        {
          "date": "2025-01-20",
          "why": "Birthday of Martin Luther King, Jr. and Inauguration Day"
        }
      ]
    }
    "#);
}

#[test]
fn zones_regions_and_closures_count() {
    let at = |expression: &str, change: &dyn Fn(&mut DeadlineArgs)| {
        let (code, out, err) = deadline(expression, |args| {
            args.format = TextFormat::Json;
            change(args);
        });
        assert_eq!((code, err.as_str()), (0, ""), "{expression}");
        let value: serde_json::Value = serde_json::from_str(&out).unwrap();
        value["at"].as_str().unwrap().to_owned()
    };
    let moment = "1 day after 2025-03-12T03:30:00Z";
    assert_eq!(at(moment, &|_| {}), "2025-03-12");
    assert_eq!(at(moment, &|args| args.timezone = "UTC".to_owned()), "2025-03-13");
    let inauguration = "1 business day after 2021-01-19";
    assert_eq!(at(inauguration, &|_| {}), "2021-01-21");
    assert_eq!(at(inauguration, &|args| args.no_dc_area = true), "2021-01-20");
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let closures = b"[[closure]]\ndate = 2025-12-24\nname = \"Christmas Eve\"\n";
    std::io::Write::write_all(&mut file, closures).unwrap();
    let with_file = |args: &mut DeadlineArgs| args.closures = Some(file.path().to_owned());
    assert_eq!(at("1 business day after 2025-12-23", &|_| {}), "2025-12-24");
    assert_eq!(at("1 business day after 2025-12-23", &with_file), "2025-12-26");
}

#[test]
fn session_days_are_counted_from_their_file() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let text = "from = 2025-01-03\nuntil = 2025-01-10\nsource = \"an example\"\n\
                [house]\ndays = [2025-01-03, 2025-01-06, 2025-01-07, 2025-01-09]\npro_forma = [2025-01-06]\n\
                [senate]\ndays = [2025-01-03, 2025-01-06, 2025-01-08, 2025-01-10]\n";
    std::io::Write::write_all(&mut file, text.as_bytes()).unwrap();
    let count = |expression: &str| {
        let (code, out, err) = deadline(expression, |args| args.session = Some(file.path().to_owned()));
        assert_eq!((code, err.as_str()), (0, ""), "{expression}");
        out
    };
    insta::assert_snapshot!(count("2 session days after 2025-01-03"), @r"
    2 session days after 2025-01-03
      due        Tuesday, January 7, 2025
      note       the House comes to it first; the Senate on 2025-01-08
      submit by  Tuesday, January 7, 2025
    ");
    insta::assert_snapshot!(count("60 session days after 2025-01-03"), @r"
    60 session days after 2025-01-03
      due        undetermined
      because    the session calendar ends on 2025-01-10 and holds only 3 of the House and 3 of the Senate after 2025-01-03
      earliest   Saturday, January 11, 2025
    ");
    insta::assert_snapshot!(human("60 session days after 2025-01-03"), @r"
    60 session days after 2025-01-03
      due        undetermined
      because    days of session need a session calendar of Congress, and there is none
    ");
}

#[test]
fn words_need_no_quotes() {
    let (code, out, _) = deadline("7", |args| {
        args.expression
            .extend(["days", "after", "2025-03-11"].map(str::to_owned));
    });
    assert_eq!(code, 0);
    assert!(out.starts_with("7 days after 2025-03-11\n"), "{out}");
}

#[test]
fn what_cannot_be_read_ends_with_2_and_prints_nothing() {
    let bad = |expression: &str, change: &dyn Fn(&mut DeadlineArgs)| {
        let (code, out, err) = deadline(expression, change);
        assert_eq!((code, out.as_str()), (2, ""), "{expression}");
        err
    };
    insta::assert_snapshot!(bad("7 dayz after ended", &|_| {}), @r#"
    error: `dayz` is not a unit of time that is counted
      7 dayz after ended
        ^^^^
    help: write `days`
    "#);
    insta::assert_snapshot!(bad("", &|_| {}), @r#"
    error: the deadline is empty
    help: write a deadline such as `7 days after ended` or `before commenced`
    "#);
    insta::assert_snapshot!(bad("7 days after \u{1b}[31mended", &|_| {}), @r#"
    error: `\u{1b}[31mended` is not the name of a field
      7 days after �[31mended
                   ^^^^^^^^^^
    help: write a field in lower case, such as `ended` or `finding.decided`
    "#);
    let good = "7 days after 2025-03-11";
    insta::assert_snapshot!(bad(good, &|args| args.timezone = "America/NewYork".to_owned()), @r#"
    error: `America/NewYork` is not a time zone
    hint: write `--timezone America/New_York`
    "#);
    insta::assert_snapshot!(bad(good, &|args| args.as_of = Some("2026-01".to_owned())), @r#"
    error: `2026-01` is not a day
    hint: write a day such as `--as-of 2026-01-15`
    "#);
    let err = bad(good, &|args| args.closures = Some("no/such/file.toml".into()));
    assert!(err.starts_with("error: cannot read `no/such/file.toml`: "), "{err}");
}
