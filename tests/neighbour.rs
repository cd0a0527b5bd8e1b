//! What follows and what precedes, found by an index: the same answers as looking at every record.

use std::fmt::Write;

use chrono::{Days, NaiveDate};
use proptest::prelude::*;

use crate::language::{codes, judged};

/// A pause that is over within three days lapses; a pause soon after one of the same kind is a second pause.
const PACK: &str = r#"
[pack]
id = "own"
title = "Own"
[[rule]]
id = "PAUSE"
title = "A pause that lasts"
status = "model"
authority = ["model"]
applies_to = ["sharing_change"]
effect = "notify"
when.action.is = "suspend"
[rule.unless_followed]
by = { kind = "sharing_change", when = { action = { is = "resume" } } }
within = "3 days"
same = ["resumes"]
[[rule.duty]]
notify = ["SSCI"]
due = "7 days after decided"
[[rule]]
id = "AGAIN"
title = "A second pause"
status = "model"
authority = ["model"]
applies_to = ["sharing_change"]
effect = "notify"
when.action.is = "suspend"
[rule.preceded]
by = { kind = "sharing_change", when = { action = { is = "suspend" } } }
within = "48 hours"
same = ["partner", "scope"]
[[rule.duty]]
notify = ["SSCI"]
due = "7 days after decided"
"#;

#[derive(Debug, Clone)]
struct Change {
    /// Days after March 1, 2025; whether the day after may be meant as well.
    day: u64,
    imprecise: bool,
    partner: &'static str,
    scope: &'static str,
    /// Which of the pauses before it this record ends.
    resumes: Option<prop::sample::Index>,
}

impl Change {
    fn first(&self) -> NaiveDate {
        NaiveDate::from_ymd_opt(2025, 3, 1).unwrap() + Days::new(self.day)
    }

    fn last(&self) -> NaiveDate {
        self.first() + Days::new(u64::from(self.imprecise))
    }
}

fn change() -> impl Strategy<Value = Change> {
    (
        0_u64..12,
        prop::bool::weighted(0.2),
        prop::sample::select(vec!["UKR", "ISR"]),
        prop::sample::select(vec!["all", "partial", "unknown"]),
        prop::option::of(any::<prop::sample::Index>()),
    )
        .prop_map(|(day, imprecise, partner, scope, resumes)| Change {
            day,
            imprecise,
            partner,
            scope,
            resumes,
        })
}

/// The id of the pause that each change ends, if any: a pause of the same partner.
fn links(changes: &[Change]) -> Vec<Option<usize>> {
    let mut links: Vec<Option<usize>> = Vec::new();
    for change in changes {
        let of_partner = |at: &usize| links[*at].is_none() && changes[*at].partner == change.partner;
        let pauses: Vec<usize> = (0..links.len()).filter(of_partner).collect();
        let link = change
            .resumes
            .filter(|_| !pauses.is_empty())
            .map(|index| *index.get(&pauses));
        links.push(link);
    }
    links
}

fn written(changes: &[Change], links: &[Option<usize>]) -> String {
    let mut text = String::new();
    for (at, (change, link)) in changes.iter().zip(links).enumerate() {
        let decided = if change.imprecise {
            format!("\"{}/{}\"", change.first(), change.last())
        } else {
            change.first().to_string()
        };
        let action = link.map_or("action = \"suspend\"".to_owned(), |link| {
            format!("action = \"resume\"\nresumes = \"SC-{link:02}\"")
        });
        write!(
            text,
            "[[sharing_change]]\nid = \"SC-{at:02}\"\ntitle = \"A change\"\nmarking = \"U\"\nbasis = \"official\"\n\
             covert_action = \"no\"\npartner = \"{}\"\nscope = \"{}\"\ndecided = {decided}\n{action}\n",
            change.partner, change.scope
        )
        .unwrap();
    }
    text
}

/// Rule and record of everything owed, and of everything that lapsed, by looking at every record.
fn by_looking(changes: &[Change], links: &[Option<usize>]) -> Vec<String> {
    let near = |earlier: &Change, later: &Change, days: i64| {
        later.first() >= earlier.first() && (later.last() - earlier.first()).num_days() <= days
    };
    let mut found = Vec::new();
    for at in (0..changes.len()).filter(|at| links[*at].is_none()) {
        let followed =
            (0..changes.len()).any(|other| links[other] == Some(at) && near(&changes[at], &changes[other], 3));
        found.push(format!("{} SC-{at:02}", if followed { "lapsed" } else { "PAUSE" }));
        let preceded = (0..changes.len()).any(|other| {
            other != at
                && links[other].is_none()
                && changes[other].partner == changes[at].partner
                && changes[other].scope == changes[at].scope
                // What is not known is never the same.
                && changes[at].scope != "unknown"
                // From the first moment of one day to the last of the next: forty-eight hours, and no date after it.
                && near(&changes[other], &changes[at], 1)
        });
        if preceded {
            found.push(format!("AGAIN SC-{at:02}"));
        }
    }
    found.sort();
    found
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_index_finds_what_looking_at_every_record_finds(changes in prop::collection::vec(change(), 1..14)) {
        let links = links(&changes);
        let settings = "[policy]\npacks = [\"./policy\"]\n";
        let (_folder, checked) = judged(settings, PACK, &written(&changes, &links), "2025-03-02");
        let owed = checked.obligations.iter();
        let mut found: Vec<String> = owed
            .map(|owed| format!("{} {}", owed.rule, owed.record.as_deref().unwrap()))
            .collect();
        let lapsed = checked.diagnostics.iter().filter(|found| found.code.name() == "rule-lapsed");
        found.extend(lapsed.map(|found| format!("lapsed {}", found.record.as_deref().unwrap())));
        found.sort();
        prop_assert_eq!(found, by_looking(&changes, &links));
    }
}

/// A pause within an hour of a contact that it is related to; either record may name the other.
const RELATED: &str = r#"
[pack]
id = "own"
title = "Own"
[[rule]]
id = "AFTER-A-CALL"
title = "A pause right after a call"
status = "model"
authority = ["model"]
applies_to = ["sharing_change"]
effect = "advise"
[rule.preceded]
by = { kind = "liaison_contact" }
within = "1 hour"
same = ["related"]
"#;

#[test]
fn a_list_of_links_links_either_way_and_an_hour_is_an_hour() {
    let advised = |call: &str, at: &str, change: &str| {
        let records = format!(
            "[[liaison_contact]]\nid = \"LC-1\"\ntitle = \"A call\"\nmarking = \"U\"\nbasis = \"official\"\n\
             covert_action = \"no\"\ncommenced = 2025-03-05T{at}:00-05:00\n{call}\n\
             [[liaison_contact]]\nid = \"LC-2\"\ntitle = \"Another\"\nmarking = \"U\"\nbasis = \"official\"\n\
             covert_action = \"no\"\ncommenced = 2025-03-05T09:59:00-05:00\n\
             [[sharing_change]]\nid = \"SC-1\"\ntitle = \"A pause\"\nmarking = \"U\"\nbasis = \"official\"\n\
             covert_action = \"no\"\npartner = \"UKR\"\naction = \"suspend\"\ndecided = 2025-03-05T10:00:00-05:00\n{change}\n"
        );
        codes(&judged("[policy]\npacks = [\"./policy\"]\n", RELATED, &records, "2025-03-06").1)
    };
    let advice = ["advice AFTER-A-CALL"];
    assert_eq!(advised("related = [\"SC-1\"]", "09:00", ""), advice);
    assert_eq!(advised("", "09:00", "related = [\"LC-1\"]"), advice);
    for (call, at) in [
        ("", "09:00"),
        ("related = [\"SC-1\"]", "08:59"),
        ("related = [\"SC-1\"]", "10:01"),
    ] {
        assert_eq!(advised(call, at, ""), Vec::<String>::new(), "{call} {at}");
    }
}
