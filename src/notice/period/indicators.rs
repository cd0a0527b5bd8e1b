//! The steps of a realignment, counted per partner country and quarter.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::calendar::window::{Period, PeriodKind};
use crate::evaluate::derive;
use crate::marking::vocabulary::Vocabulary;
use crate::notice::period::tally::{Indicator, Rung, Side, Steps};
use crate::record::kind::Kind;
use crate::record::value::{Record, Value};

/// The sets of the pack `rel-to`, which a workspace's own rules may draw otherwise; the method note prints them.
pub(super) const ADVERSARIES: &[&str] = &["RUS", "CHN", "IRN", "PRK"];
/// NATO and the Five Eyes with their members of the period's last day, and these.
pub(super) const OTHER_ALLIES: &[&str] = &["JPN", "KOR", "ISR"];

/// Contacts with one service at most this many days apart are regular (as in the model rule on patterns).
const REGULAR_WITHIN_DAYS: i64 = 180;

/// Says on which side every partner stands on a day.
pub(super) struct Sides {
    allies: BTreeSet<String>,
}

impl Sides {
    pub(super) fn on(day: NaiveDate) -> Self {
        let vocabulary = Vocabulary::standard();
        let mut allies: BTreeSet<String> = OTHER_ALLIES.iter().map(|code| (*code).to_owned()).collect();
        for organization in ["NATO", "FVEY"] {
            allies.extend(vocabulary.members(organization, day).unwrap_or_default());
        }
        allies.remove("USA");
        Self { allies }
    }

    pub(super) fn of(&self, partner: &str) -> Side {
        if ADVERSARIES.contains(&partner) {
            Side::Adversary
        } else if self.allies.contains(partner) {
            Side::Ally
        } else {
            Side::Other
        }
    }
}

/// The partners that a record concerns: those of its fields, and for a REL TO change those who gain or lose.
pub(super) fn partners(record: &Record) -> BTreeSet<&str> {
    let mut partners: BTreeSet<&str> = record.texts("partners").into_iter().collect();
    if record.kind == Kind::RelToChange {
        partners.extend(record.texts("added"));
        partners.extend(record.texts("removed"));
    }
    partners.remove("USA");
    partners
}

/// Counts the steps of `records`, which are those of the period; `all` are those of the case, among which a contact may
/// have had a forerunner. Adversaries come first, then allies, then others; by name, then by quarter.
pub(super) fn indicators(records: &[&Record], all: &[Record], sides: &Sides, timezone: Tz) -> Vec<Indicator> {
    let mut counted: BTreeMap<(String, String), Steps> = BTreeMap::new();
    for record in records {
        let bounds = derive::earliest_day(record, timezone).zip(derive::latest_day(record, timezone));
        let Some((first, last)) = bounds else { continue };
        let [first, last] = [first, last].map(|day| Period::containing(PeriodKind::Quarter, day));
        let quarter = if first == last {
            first.to_string()
        } else {
            "quarter not certain".to_owned()
        };
        for partner in partners(record) {
            let steps = steps(record, partner, all, timezone);
            if steps != Steps::default() {
                counted
                    .entry((partner.to_owned(), quarter.clone()))
                    .or_default()
                    .add(&steps);
            }
        }
    }
    let mut found: Vec<Indicator> = counted
        .into_iter()
        .map(|((partner, quarter), steps)| Indicator {
            name: name(&partner),
            side: sides.of(&partner),
            partner,
            quarter,
            rung: Rung::of(&steps),
            steps,
        })
        .collect();
    found.sort_by(|a, b| (a.side, &a.name, &a.quarter).cmp(&(b.side, &b.name, &b.quarter)));
    found
}

pub(super) fn name(code: &str) -> String {
    Vocabulary::standard().display_name(code).unwrap_or(code).to_owned()
}

/// What one record counts for, for one partner.
fn steps(record: &Record, partner: &str, all: &[Record], timezone: Tz) -> Steps {
    let mut steps = Steps::default();
    match record.kind {
        Kind::RelToChange => {
            let has = |field: &str| record.texts(field).contains(&partner);
            if has("added") {
                steps.audiences_widened = 1;
                let standing = matches!(
                    record.text("subject.type"),
                    Some("series" | "program" | "standing_designation")
                );
                steps.standing_releases = usize::from(standing);
            }
            steps.audiences_narrowed = usize::from(has("removed"));
        }
        Kind::LiaisonContact => {
            match highest_rank(record) {
                Some("head") => steps.contacts_by_heads = 1,
                Some("deputy") => steps.contacts_by_deputies = 1,
                Some("senior") => steps.contacts_by_senior_officials = 1,
                Some("working") => steps.contacts_at_working_level = 1,
                _ => steps.contacts_of_unknown_rank = 1,
            }
            steps.regular_contacts = usize::from(is_regular(record, all, timezone));
        }
        Kind::Exchange if record.text("stage") != Some("declined") => match record.text("type") {
            Some("analytic" | "technical" | "document") => steps.analytic_exchanges = 1,
            Some("collection_coordination" | "collection_deconfliction" | "joint_operation") => {
                steps.collection_coordination = 1;
            }
            _ => steps.ad_hoc_exchanges = 1,
        },
        Kind::SharingChange => match record.text("action") {
            Some("suspend" | "restrict") => steps.pauses = 1,
            Some("resume") => steps.resumptions = 1,
            _ => {}
        },
        _ => {}
    }
    steps
}

/// The higher of the two ranks that met.
fn highest_rank(record: &Record) -> Option<&str> {
    const ORDER: [&str; 4] = ["head", "deputy", "senior", "working"];
    let ranks = [record.text("official.rank"), record.text("counterpart.rank")];
    ORDER.into_iter().find(|rank| ranks.contains(&Some(*rank)))
}

/// Regular contact: promised, or not the first with this service within half a year.
fn is_regular(record: &Record, all: &[Record], timezone: Tz) -> bool {
    if record.text("contact_purpose") == Some("strategic_warning") {
        return false;
    }
    let promised = record
        .all("commitments.type")
        .iter()
        .any(|node| matches!(node.value, Value::Choice("regular_contact")));
    promised || has_forerunner(record, all, timezone)
}

fn has_forerunner(record: &Record, all: &[Record], timezone: Tz) -> bool {
    let same = |other: &Record, field: &str| other.text(field).is_some() && other.text(field) == record.text(field);
    let Some(day) = derive::earliest_day(record, timezone) else {
        return false;
    };
    all.iter().any(|other| {
        other.kind == Kind::LiaisonContact
            && other.id != record.id
            && other.text("contact_purpose") != Some("strategic_warning")
            && same(other, "counterpart.country")
            && same(other, "counterpart.service")
            && derive::latest_day(other, timezone)
                .is_some_and(|before| before < day && (day - before).num_days() <= REGULAR_WITHIN_DAYS)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sides_are_those_of_the_model_rules() {
        let pack: toml::Table = crate::policy::builtin::PACKS
            .iter()
            .find(|(id, _)| *id == "rel-to")
            .map(|(_, text)| text.parse().expect("TOML"))
            .expect("it is shipped");
        let set = |name: &str| -> Vec<String> {
            pack["sets"][name]
                .as_array()
                .expect("a list")
                .iter()
                .map(|code| code.as_str().expect("a code").to_owned())
                .collect()
        };
        assert_eq!(set("adversary"), ADVERSARIES);
        let mut allies = vec!["@NATO", "@FVEY"];
        allies.extend(OTHER_ALLIES);
        assert_eq!(set("ally"), allies);
        let day = |text: &str| text.parse().expect("a day");
        assert_eq!(Sides::on(day("2022-12-31")).of("FIN"), Side::Other);
        assert_eq!(Sides::on(day("2023-12-31")).of("FIN"), Side::Ally);
    }
}
