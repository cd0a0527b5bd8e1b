//! Parts of sentences: dates with their prepositions, countries with their articles, persons and parties.

use chrono_tz::Tz;

use crate::base::shared::Shared;
use crate::calendar::date::{When, long_day};
use crate::calendar::due::{Due, DueKind, Moment};
use crate::marking::vocabulary::Vocabulary;
use crate::notice::say;
use crate::policy::sentence;
use crate::record::value::{Record, Table, Value};

/// "on March 11, 2025", "in June 2023", "before January 3, 2024", "on a date that is not known".
pub(super) fn on(when: &When) -> String {
    let long = when.long();
    match when {
        When::Unknown => "on a date that is not known".to_owned(),
        When::Day(_) | When::Instant(_) => format!("on {long}"),
        When::Span(_) if long.starts_with("before ") || long.starts_with("on or after ") => long,
        When::Span(span) if span.text.contains('/') => format!("in the time from {long}"),
        When::Span(_) => format!("in {long}"),
    }
}

/// Several dates after a comma: ", decided on March 5, 2025, and effective from March 10, 2025". A date that nobody
/// knows is left out.
pub(super) fn dates(record: &Record, fields: &[(&str, &str)]) -> String {
    let said: Vec<String> = fields
        .iter()
        .filter_map(|(field, word)| {
            let when = record.when(field).filter(|when| when.is_known())?;
            Some(format!("{word} {}", on(when)).trim().to_owned())
        })
        .collect();
    match said.as_slice() {
        [] => String::new(),
        [one] => format!(", {one}"),
        [first, second] => format!(", {first} and {second}"),
        more => format!(", {}", say::and_list(more)),
    }
}

/// "Russia", "the United Kingdom": a country in running text, without its code.
pub(super) fn country(code: &str) -> String {
    const WITH_ARTICLE: &[&str] = &[
        "USA", "GBR", "NLD", "ARE", "PHL", "BHS", "GMB", "MDV", "SLB", "MHL", "CAF", "COD", "COG", "DOM", "COM", "SYC",
    ];
    let name = match Vocabulary::standard().display_name(code) {
        Some(name) if name != code => name.to_owned(),
        _ => code.to_owned(),
    };
    if WITH_ARTICLE.contains(&code) {
        format!("the {name}")
    } else {
        name
    }
}

/// "Russia and the United Kingdom"; from the seventh on they are counted, for the table names them all.
pub(super) fn countries(codes: &[&str]) -> String {
    const MOST: usize = 6;
    if codes.len() > MOST {
        return format!("{} countries named in the table below", codes.len());
    }
    say::and_list(&codes.iter().map(|code| country(code)).collect::<Vec<_>>())
}

/// The other side in running text: "SVR of Russia", "Russia", "the United Nations".
pub(super) fn party(record: &Record) -> String {
    let Some(Value::Table(table)) = record.get("counterpart").map(|node| &node.value) else {
        return "a foreign party".to_owned();
    };
    let said = |key: &str| match table.get(key).map(|node| &node.value) {
        Some(Value::Text(text)) => Some(say::one_line(text)),
        Some(Value::Code(code)) => Some(country(code)),
        _ => None,
    };
    match (said("service").or_else(|| said("organization")), said("country")) {
        (Some(service), Some(country)) => format!("{service} of {country}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => "a foreign party".to_owned(),
    }
}

/// "Pat Example, Director"; empty where the record names nobody.
pub(super) fn person(record: &Record, field: &str) -> String {
    let found: Option<&Table> = match record.get(field).map(|node| &node.value) {
        Some(Value::Table(table)) => Some(&**table),
        _ => None,
    };
    found.map(say::person).unwrap_or_default()
}

/// A clock in words: "within" is left to the sentence: "48 hours after it was decided, or else after it was made public".
fn clock(expression: &str) -> String {
    let words = sentence::deadline(expression);
    // A field without a phrase of its own is named by its label, never by its key.
    match words.split_once("the date `") {
        Some((before, rest)) => match rest.split_once('`') {
            Some((field, after)) => format!("{before}the date \u{201c}{}\u{201d}{after}", say::label(field)),
            None => words,
        },
        None => words,
    }
}

/// A due date as a letter says it: "March 18, 2025 (7 days after it ended)".
pub(super) fn due(due: &Due, timezone: Tz) -> String {
    let moment = |moment: Option<Moment>| {
        moment.map(|moment| match moment {
            Moment::Day(day) => long_day(day),
            // In the form in which the record's own moments are printed.
            Moment::Instant(at) => When::Instant(at.with_timezone(&timezone).fixed_offset()).long(),
        })
    };
    let long = |text: &Option<Shared>| {
        text.as_deref()
            .map(|text| When::parse(text).map_or_else(|_| text.to_owned(), |when| when.long()))
    };
    let said = match due.kind {
        DueKind::Date | DueKind::Instant | DueKind::Periodic => moment(due.moment()).or_else(|| long(&due.at)),
        DueKind::Recurring => long(&due.at).map(|owed| match due.more_since() {
            Some((more, last)) => format!("{owed}, with {more} more since, the last on {}", long_day(last)),
            None => owed,
        }),
        DueKind::BeforeEvent => long(&due.at).map(|event| format!("before {event}")),
        DueKind::Undetermined => Some(match moment(due.earliest_moment()).or_else(|| long(&due.earliest)) {
            Some(earliest) => format!("not certain; {earliest} at the earliest"),
            None => "not certain".to_owned(),
        }),
        DueKind::Prompt => due.word.as_ref().map(|word| match &due.start {
            Some(start) => format!("{word}, counted from {}", start.long()),
            None => word.to_string(),
        }),
        DueKind::None => None,
    };
    let words = clock(&due.expression);
    match said {
        Some(said) if due.kind == DueKind::Prompt => said,
        Some(said) if words.is_empty() => said,
        Some(said) => format!("{said} ({words})"),
        None => words,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_countries_read_as_english() {
        let said = |text: &str| on(&When::parse(text).expect("a date"));
        assert_eq!(said("2025-03-11"), "on March 11, 2025");
        assert_eq!(said("2023-06"), "in June 2023");
        assert_eq!(said("../2024-01-02"), "before January 3, 2024");
        assert_eq!(said("2023-06/2023-09"), "in the time from June to September 2023");
        assert_eq!(said("unknown"), "on a date that is not known");
        assert_eq!(countries(&["RUS", "GBR"]), "Russia and the United Kingdom");
        assert_eq!(
            clock("48 hours after decided else published"),
            "48 hours after it was decided, or else after it was made public"
        );
        assert_eq!(
            clock("30 days after told_congress"),
            "30 days after the date \u{201c}Told congress\u{201d}"
        );
    }

    #[test]
    fn a_recurring_duty_says_the_occurrence_that_is_owed() {
        use crate::calendar::deadline::{parse, resolve};
        let deadline = parse("30 days after decided then every 90 days until ended").expect("a deadline");
        let calendar = crate::calendar::holidays::Calendar::default();
        let started = |_: &str| Some(When::parse("2026-01-12").expect("a date"));
        let lookup = |field: &str| (field == "decided").then(|| started(field)).flatten();
        let said = |as_of: &str| {
            let resolved = resolve(&deadline, &calendar, &lookup, as_of.parse().expect("a day"));
            let said = due(&resolved, chrono_tz::America::New_York);
            said.split(" (").next().unwrap_or_default().to_owned()
        };
        assert_eq!(said("2026-02-01"), "February 11, 2026");
        assert_eq!(
            said("2026-11-22"),
            "February 11, 2026, with 3 more since, the last on November 8, 2026"
        );
    }
}
