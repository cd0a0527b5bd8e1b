//! Drafting: the obligations of a record, grouped by recipient, become notices with everything a letter may see.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::base::code::Code;
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::hash::Hasher;
use crate::base::source::Sources;
use crate::calendar::due::DueKind;
use crate::evaluate::case::Case;
use crate::evaluate::obligation::{Obligation, State};
use crate::marking::ast::Marking;
use crate::marking::authority;
use crate::marking::level::Level;
use crate::marking::rollup::{Profile, roll_up_with};
use crate::marking::vocabulary::Vocabulary;
use crate::notice::model::{Addressee, Agency, Authority, Banner, Day, Hashes, Notice, Portion, Required, Signatory};
use crate::notice::{basis, contents, say};
use crate::policy::recipients::{Recipients, honorable};
use crate::policy::rule::Effect;
use crate::record::value::{Record, Value};

/// The office that writes: what a workspace says of its letters.
#[derive(Debug, Clone)]
pub struct Office {
    pub agency: Agency,
    /// For classified notices.
    pub authority: Option<Authority>,
    pub profile: Profile,
    /// Printed on every page of a notice that is no real one.
    pub training: Option<String>,
}

impl Office {
    /// A placeholder office, whose letters say EXAMPLE.
    pub fn placeholder() -> Self {
        Self {
            agency: Agency {
                name: "Example Agency".to_owned(),
                element: String::new(),
                address: ["Office of Legislative Affairs", "Washington, DC 20000"]
                    .map(str::to_owned)
                    .to_vec(),
                signatory: Signatory {
                    name: "Alex Sample".to_owned(),
                    title: "Director of Legislative Affairs".to_owned(),
                },
                identifier_prefix: "EA".to_owned(),
            },
            authority: None,
            profile: Profile::default(),
            training: Some("EXAMPLE — not a real notice".to_owned()),
        }
    }
}

/// Drafts a notice for every group of recipients that a record's open obligations name.
///
/// Recipients owed the same list of rules share a notice; it cites them all, holds the union of their contents, and is
/// written on the letter of the earliest due. A record whose notice cannot be marked gives diagnostics and no notice.
pub fn draft(
    case: &Case,
    obligations: &[Obligation],
    office: &Office,
    sources: &Sources,
) -> (Vec<Notice>, Vec<Diagnostic>) {
    let mut notices = Vec::new();
    let mut diagnostics = Vec::new();
    for record in &case.records {
        let mut owed: Vec<&Obligation> = obligations
            .iter()
            .filter(|owed| {
                owed.record.as_deref() == Some(&record.id)
                    && owed.effect == Effect::Notify
                    && matches!(owed.state, State::Overdue | State::Open)
            })
            .collect();
        owed.sort_by_key(|owed| {
            (
                owed.due.local_date(case.calendar.timezone).unwrap_or(NaiveDate::MAX),
                owed.rule.clone(),
            )
        });
        for group in groups(record, &owed) {
            match notice(case, record, &group, office, sources) {
                Ok(notice) => notices.push(notice),
                Err(problems) => diagnostics.extend(problems),
            }
        }
    }
    diagnostics.dedup();
    (notices, diagnostics)
}

/// Recipients that are owed the same rules, and what they are owed.
struct Group<'a> {
    recipients: Vec<&'a str>,
    /// Earliest due first.
    owed: Vec<&'a Obligation>,
}

/// Groups the recipients by the list of rules owed to them, in the order in which they are first named.
fn groups<'a>(record: &Record, owed: &[&'a Obligation]) -> Vec<Group<'a>> {
    let told: Vec<&str> = record
        .all("notified.recipient")
        .into_iter()
        .filter_map(|node| match &node.value {
            Value::Text(id) => Some(id.as_str()),
            _ => None,
        })
        .collect();
    let mut order: Vec<&str> = Vec::new();
    let mut rules: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for obligation in owed {
        for recipient in &obligation.recipients {
            // Told once is told, except where the duty comes again.
            if told.contains(&recipient.as_str()) && obligation.due.kind != DueKind::Recurring {
                continue;
            }
            if !rules.contains_key(recipient.as_str()) {
                order.push(recipient);
            }
            let list = rules.entry(recipient).or_default();
            if !list.contains(&obligation.rule.as_str()) {
                list.push(&obligation.rule);
            }
        }
    }
    let mut groups: Vec<(Vec<&str>, Group<'a>)> = Vec::new();
    for recipient in order {
        let mut list = rules.remove(recipient).unwrap_or_default();
        list.sort_unstable();
        if let Some((_, group)) = groups.iter_mut().find(|(known, _)| *known == list) {
            group.recipients.push(recipient);
        } else {
            groups.push((
                list,
                Group {
                    recipients: vec![recipient],
                    owed: Vec::new(),
                },
            ));
        }
    }
    groups
        .into_iter()
        .map(|(list, mut group)| {
            let to_group = |obligation: &&&Obligation| {
                list.contains(&obligation.rule.as_str())
                    && obligation
                        .recipients
                        .iter()
                        .any(|id| group.recipients.contains(&id.as_str()))
            };
            group.owed = owed.iter().filter(to_group).copied().collect();
            group
        })
        .collect()
}

/// `SSCI+HPSCI`; from the fourth recipient on, how many more. The first alone tells the groups of a record apart.
fn group_name(recipients: &[&str]) -> String {
    match recipients {
        [first, second, rest @ ..] if rest.len() > 1 => format!("{first}+{second}+{}-more", rest.len()),
        all => all.join("+"),
    }
}

fn notice(
    case: &Case,
    record: &Record,
    group: &Group<'_>,
    office: &Office,
    sources: &Sources,
) -> Result<Notice, Vec<Diagnostic>> {
    let Some(mark) = record.marking() else {
        return Err(vec![undecided(record, "the record has no marking")]);
    };
    let own = mark.portion();
    let demands = contents::demands(
        group
            .owed
            .iter()
            .map(|owed| (owed.rule.as_str(), owed.contains.as_slice())),
    );
    let contents = contents::contents(record, mark, &demands);
    let (banner, level) = banner(case, record, &contents.marks, office)?;
    let authority_block = authority_block(record, level, office, case.as_of)?;

    let id = format!("{}--{}", record.id, group_name(&group.recipients));
    let authority = basis::authority(&group.owed, &office.agency.name, &own);
    let provenance = basis::provenance(record, &own);
    let lateness = basis::lateness(&group.owed, case.as_of, case.calendar.timezone, &own);
    let mut required = contents.required;
    let own_words = [
        (
            "authority_statement",
            "the legal basis",
            authority.iter().map(|basis| basis.text.clone()).collect::<Vec<_>>(),
        ),
        ("provenance", "what the record rests on", texts(&provenance)),
        ("lateness", "that the notice is late", texts(&lateness)),
    ];
    required.extend(
        own_words
            .into_iter()
            .filter(|(.., expect)| !expect.is_empty())
            .map(|(name, label, expect)| Required {
                name: name.to_owned(),
                label: label.to_owned(),
                rules: Vec::new(),
                stated: true,
                expect,
                place: Some(record.header.clone()),
            }),
    );
    let mut marks = vec!["U".to_owned()];
    for mark in contents.marks.iter().map(Marking::portion) {
        if !marks.contains(&mark) {
            marks.push(mark);
        }
    }
    let title = say::one_line(record.title());
    Ok(Notice {
        reference: format!("{} {id}", office.agency.identifier_prefix).trim().to_owned(),
        id,
        records: vec![record.id.clone()],
        rules: rules(group),
        kind: record.kind.name().to_owned(),
        letter: group
            .owed
            .iter()
            .find_map(|owed| owed.letter.clone())
            .unwrap_or_else(|| "plain".to_owned()),
        title: title.clone(),
        subject: Portion::unclassified(title),
        summary: basis::summary(record, contents.releasability.as_ref(), &own),
        date: Day {
            year: case.as_of.year(),
            month: case.as_of.month(),
            day: case.as_of.day(),
        },
        draft: true,
        training: office.training.clone().or_else(|| {
            // A sample record never looks like a real notice, whatever workspace it stands in.
            (record.text("basis") == Some("sample")).then(|| "EXAMPLE — a sample record, not a real notice".to_owned())
        }),
        agency: office.agency.clone(),
        banner,
        authority_block,
        marks,
        addressees: group
            .recipients
            .iter()
            .map(|id| addressee(id, &case.recipients))
            .collect(),
        authority,
        provenance,
        releasability: contents.releasability,
        particulars: contents.particulars,
        sections: contents.sections,
        commitments: contents.commitments,
        claims: contents.claims,
        required,
        duties: basis::duties(&group.owed),
        duties_mark: own,
        lateness,
        enclosures: Vec::new(),
        hashes: hashes(case, record, group, sources),
        place: Some(record.header.clone()),
    })
}

fn texts(portions: &[Portion]) -> Vec<String> {
    portions.iter().map(|portion| portion.text.clone()).collect()
}

fn rules(group: &Group<'_>) -> Vec<String> {
    let mut rules: Vec<String> = Vec::new();
    for owed in &group.owed {
        if !rules.contains(&owed.rule) {
            rules.push(owed.rule.clone());
        }
    }
    rules
}

fn undecided(record: &Record, why: &str) -> Diagnostic {
    Diagnostic::new(
        Code::MarkingUndecided,
        format!("no banner can be computed for `{}`: {why}", record.id),
    )
    .at(record.header.clone())
    .label("no notice is drafted for it")
    .record(&record.id)
}

/// Rolls up every portion of the document, relto's own unclassified sentences among them.
fn banner(
    case: &Case,
    record: &Record,
    marks: &[Marking],
    office: &Office,
) -> Result<(Banner, Level), Vec<Diagnostic>> {
    let mut portions = vec![Marking::us(Level::Unclassified)];
    portions.extend_from_slice(marks);
    let rolled = roll_up_with(&portions, &office.profile, Vocabulary::standard(), Some(case.as_of));
    match (rolled.banner, rolled.marking) {
        (Some(text), Some(marking)) => {
            let level = marking.level();
            Ok((
                Banner {
                    text,
                    level: level.word().to_owned(),
                    classified: level.is_classified(),
                },
                level,
            ))
        }
        _ => Err(rolled
            .problems
            .iter()
            .filter(|problem| problem.severity == Severity::Error)
            .map(|problem| {
                let mut diagnostic = undecided(record, &problem.message).cite(problem.citation);
                diagnostic.help.extend(problem.help.clone());
                diagnostic
            })
            .collect()),
    }
}

/// The authority block of a classified notice; nothing on an unclassified one.
fn authority_block(
    record: &Record,
    level: Level,
    office: &Office,
    as_of: NaiveDate,
) -> Result<Option<Authority>, Vec<Diagnostic>> {
    if !level.is_classified() {
        return Ok(None);
    }
    let missing = |message: String| {
        Diagnostic::new(Code::MissingAuthority, message)
            .at(record.header.clone())
            .label(format!("its notice is {level}"))
            .record(&record.id)
    };
    let Some(block) = &office.authority else {
        return Err(vec![
            missing(format!("the notice for `{}` is {level}, and relto.toml names no classification authority", record.id))
                .help("write in relto.toml: `[classification]` `authority = { classified_by = \"…\", derived_from = \"…\", declassify_on = \"20510115\" }`"),
        ]);
    };
    let written = authority::Authority {
        classified_by: Some(block.classified_by.clone()),
        derived_from: Some(block.derived_from.clone()),
        declassify_on: Some(block.declassify_on.clone()),
        ..authority::Authority::default()
    };
    let problems: Vec<Diagnostic> = authority::check(&written, level, Some(as_of))
        .into_iter()
        .filter(|problem| problem.severity == Severity::Error)
        .map(|problem| {
            let mut diagnostic = missing(format!(
                "the classification authority of relto.toml: {}",
                problem.message
            ))
            .cite(problem.citation);
            diagnostic.help.extend(problem.help);
            diagnostic
        })
        .collect();
    if problems.is_empty() {
        Ok(Some(block.clone()))
    } else {
        Err(problems)
    }
}

fn addressee(id: &str, recipients: &Recipients) -> Addressee {
    let Some(recipient) = recipients.get(id) else {
        return Addressee {
            id: id.to_owned(),
            lines: vec![id.to_owned()],
            salutation: "To whom it may concern".to_owned(),
            cc: Vec::new(),
        };
    };
    let copy = |office: &crate::policy::recipients::Office| match &office.name {
        Some(name) => format!("{}, {}", honorable(name), office.title),
        None => format!("{}, {}", office.title, recipient.name),
    };
    Addressee {
        id: id.to_owned(),
        lines: recipient.addressee(),
        salutation: recipient.salutation().trim_end_matches(':').to_owned(),
        cc: recipient.copies().iter().map(copy).collect(),
    }
}

/// Hashes the record as written, and the packs whose rules are cited.
fn hashes(case: &Case, record: &Record, group: &Group<'_>, sources: &Sources) -> Hashes {
    let mut of_record = Hasher::default();
    of_record.update(
        sources
            .get(record.whole.source)
            .text
            .get(record.whole.span())
            .unwrap_or_default(),
    );
    let mut of_packs = Hasher::default();
    for pack in &case.policy.packs {
        if group.owed.iter().any(|owed| owed.pack == pack.id) {
            of_packs.update(&sources.get(pack.place.source).text);
        }
    }
    Hashes {
        record: of_record.hex(),
        policy: of_packs.hex(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_have_short_names() {
        assert_eq!(group_name(&["SSCI"]), "SSCI");
        assert_eq!(group_name(&["SSCI", "HPSCI", "SASC"]), "SSCI+HPSCI+SASC");
        assert_eq!(group_name(&["SSCI", "HPSCI", "SASC", "HASC"]), "SSCI+HPSCI+2-more");
    }
}
