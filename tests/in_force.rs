//! A rule applies to what happened while it was in force, from its first day to its last, and to nothing else. Where the
//! date is known only as an interval that one of the two days divides, nobody can say, and that is said.

use std::fmt::Write;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, TimeZone, Utc};
use chrono_tz::America::New_York;
use proptest::prelude::*;

use crate::language::judged;

const AS_OF: &str = "2025-03-15";

/// A date as a record may give it.
#[derive(Debug, Clone)]
enum Given {
    Day(u64),
    /// Minutes after the first midnight in Greenwich.
    Instant(i64),
    Interval(u64, u64),
    Until(u64),
    From(u64),
    Unknown,
    Absent,
}

fn instant(minutes: i64) -> DateTime<Utc> {
    Utc.from_utc_datetime(&day(0).and_hms_opt(0, 0, 0).unwrap()) + TimeDelta::minutes(minutes)
}

fn day(after: u64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 2, 10).unwrap() + Days::new(after)
}

impl Given {
    fn written(&self) -> String {
        match self {
            Given::Day(at) => format!("commenced = {}\n", day(*at)),
            Given::Instant(minutes) => {
                format!("commenced = {}\n", instant(*minutes).format("%Y-%m-%dT%H:%M:%SZ"))
            }
            Given::Interval(first, length) => format!("commenced = \"{}/{}\"\n", day(*first), day(first + length)),
            Given::Until(last) => format!("commenced = \"../{}\"\n", day(*last)),
            Given::From(first) => format!("commenced = \"{}/..\"\n", day(*first)),
            Given::Unknown => "commenced = \"unknown\"\n".to_owned(),
            Given::Absent => String::new(),
        }
    }

    /// The first and the last day in Washington. Of an open interval the known end counts; a date that nobody knows is
    /// judged as of the as-of date.
    fn days(&self) -> (NaiveDate, NaiveDate) {
        let one = |day: NaiveDate| (day, day);
        match self {
            Given::Day(at) | Given::Until(at) | Given::From(at) => one(day(*at)),
            Given::Instant(minutes) => one(instant(*minutes).with_timezone(&New_York).date_naive()),
            Given::Interval(first, length) => (day(*first), day(first + length)),
            Given::Unknown | Given::Absent => one(AS_OF.parse().unwrap()),
        }
    }
}

fn given() -> impl Strategy<Value = Given> {
    prop_oneof![
        4 => (0_u64..60).prop_map(Given::Day),
        4 => (0_i64..60 * 24 * 60).prop_map(Given::Instant),
        4 => (0_u64..50, 1_u64..15).prop_map(|(first, length)| Given::Interval(first, length)),
        1 => (0_u64..60).prop_map(Given::Until),
        1 => (0_u64..60).prop_map(Given::From),
        1 => Just(Given::Unknown),
        1 => Just(Given::Absent),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_rule_applies_to_its_own_days_and_to_no_others(
        from in 0_u64..60,
        length in prop::option::of(0_u64..30),
        dates in prop::collection::vec(given(), 1..16),
    ) {
        let until = length.map(|length| day(from + length));
        let from = day(from);
        let ends = until.map_or_else(String::new, |until| format!(", until = {until}"));
        let pack = format!(
            "[pack]\nid = \"own\"\ntitle = \"Own\"\n[[rule]]\nid = \"OWN-1\"\ntitle = \"A rule\"\nstatus = \"in_force\"\n\
             authority = [\"a\"]\neffective = {{ from = {from}{ends} }}\napplies_to = [\"exchange\"]\neffect = \"notify\"\n\
             [[rule.duty]]\nnotify = [\"SSCI\"]\ndue = \"promptly\"\n"
        );
        let mut records = String::new();
        for (at, date) in dates.iter().enumerate() {
            write!(
                records,
                "[[exchange]]\nid = \"EX-{at:02}\"\ntitle = \"An exchange\"\nmarking = \"U\"\nbasis = \"official\"\n\
                 covert_action = \"no\"\n{}",
                date.written()
            )
            .unwrap();
        }
        let (_folder, checked) = judged("[policy]\npacks = [\"./policy\"]\n", &pack, &records, AS_OF);
        for (at, date) in dates.iter().enumerate() {
            let id = format!("EX-{at:02}");
            let owed = checked.obligations.iter().any(|owed| owed.record.as_deref() == Some(id.as_str()));
            let undecided = checked
                .diagnostics
                .iter()
                .any(|found| found.code.name() == "rule-undetermined" && found.record.as_deref() == Some(id.as_str()));
            let (first, last) = date.days();
            let ended = until.is_some_and(|until| first > until);
            let inside = first >= from && until.is_none_or(|until| last <= until);
            let outside = last < from || ended;
            prop_assert_eq!(owed, inside, "{:?} under {} to {:?}", date, from, until);
            prop_assert_eq!(undecided, !inside && !outside, "{:?} under {} to {:?}", date, from, until);
        }
    }
}
