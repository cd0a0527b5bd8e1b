//! Values of a record in the words of a letter.

use crate::marking::vocabulary::Vocabulary;
use crate::record::value::{Record, SharedLevel, Table, Value};

/// What stands where a rule demands something that the record does not give.
pub(super) const NOT_STATED: &str = "Not stated in the record.";

/// Returns the label of a field in a letter: "Takes effect".
pub(super) fn label(field: &str) -> String {
    const LABELS: &[(&str, &str)] = &[
        ("facts", "Concise statement of the facts"),
        ("significance_text", "Significance"),
        ("elements_involved", "Roles of departments and agencies"),
        ("purpose", "Purpose"),
        ("rationale", "Reasons for the decision"),
        ("nature", "Nature of the intelligence"),
        ("expected_value", "Expected value to national security"),
        ("ci_concerns", "Counterintelligence concerns"),
        ("mitigation", "How the concerns are met"),
        ("corrective_action", "Corrective action"),
        ("given", "What the United States gave"),
        ("received", "What the United States received"),
        ("reciprocity", "What the partner gives in return"),
        ("outcome", "Outcome"),
        ("delivery", "How it was delivered"),
        ("conditions", "Conditions for resumption"),
        ("exceptions_kept", "What goes on"),
        ("effective", "Takes effect"),
        ("commenced", "Start"),
        ("aware", "Agency became aware"),
        ("determined", "Determined"),
        ("published", "Made public"),
        ("retracted", "Announcement retracted"),
        ("until", "Last day"),
        ("official", "Official responsible"),
        ("authority", "Legal basis cited"),
        ("approver", "Approved by"),
        ("disclosure_officer", "Foreign disclosure officer"),
        ("finding", "Presidential finding"),
        ("covert_action", "Covert action concerned"),
        ("chief_of_mission_informed", "Chief of mission informed"),
        ("allies_informed", "Partners informed beforehand"),
        ("originator_consent", "Originator's consent"),
        ("notified", "Already notified"),
        ("not_notified", "Not notified"),
        ("host", "Host country"),
        ("initiator", "Initiative"),
        ("contact_purpose", "Purpose of the contact"),
        ("shared_marking", "Marking of what was shared"),
        ("shared_level", "Level of what was shared"),
        ("established_channel", "Established intelligence channel"),
        ("collection_tasking", "Collection tasked together"),
        ("defense_articles_value_usd", "Value of defense articles (US dollars)"),
        ("from", "Marking before"),
        ("to", "Marking after"),
        ("added", "Release added"),
        ("removed", "Release removed"),
        ("unchanged", "Release unchanged"),
        ("disclosure_added", "Disclosure added"),
        ("disclosure_removed", "Disclosure removed"),
        ("undeterminable", "Membership not public"),
        ("to_noforn", "NOFORN after the change"),
        ("text_location", "Where the text is kept"),
        ("related", "Related records"),
        ("resumes", "Ends the pause of record"),
        ("audience", "Who learned it"),
        ("prior_level", "Level before the disclosure"),
        ("declassified_for_purpose", "Declassified in order to be disclosed"),
        ("contents_revealed", "Contents revealed"),
        ("damage_appraisal", "First appraisal of the damage"),
        ("assessment_initiated", "Damage assessment begun"),
        ("assessment_completed", "Damage assessment completed"),
        ("doj_referral", "Referred to the Department of Justice"),
        ("interpreted", "Summary of the interpretation"),
        ("activities", "Activities under the interpretation"),
        ("previously_notified", "Congress told before"),
        ("authority_rule", "Rule that demands the report"),
        ("certified_to", "Date certified"),
    ];
    match LABELS.iter().find(|(name, _)| *name == field) {
        Some((_, label)) => (*label).to_owned(),
        None => capital(&field.replace(['_', '.'], " ")),
    }
}

/// Returns the value at a path in words; nothing where the record does not give it.
pub(super) fn field(record: &Record, path: &str) -> Option<String> {
    let nodes = record.all(path);
    let said: Vec<String> = nodes.iter().filter_map(|node| value(path, &node.value)).collect();
    if said.is_empty() { None } else { Some(said.join("; ")) }
}

fn value(path: &str, found: &Value) -> Option<String> {
    let said = match found {
        Value::Text(text) => one_line(text),
        Value::Choice(word) => choice(path, word),
        Value::Code(code) => country(code),
        Value::Bool(yes) => if *yes { "Yes" } else { "No" }.to_owned(),
        Value::Integer(number) => thousands(*number),
        Value::When(when) => capital(&when.long()),
        Value::Level(SharedLevel::Exactly(level)) => level.word().to_owned(),
        Value::Level(SharedLevel::Classified) => "Classified, level not public".to_owned(),
        Value::Portion(portion) => one_line(&portion.text),
        Value::Mark(marking) => marking.portion(),
        Value::Release(other) => other.text.to_string(),
        Value::List(items) => {
            let said: Vec<String> = items.iter().filter_map(|item| value(path, &item.value)).collect();
            let flat = items.iter().all(|item| !matches!(item.value, Value::Table(_)));
            said.join(if flat { ", " } else { "; " })
        }
        Value::Table(table) => of_table(path, table),
    };
    (!said.is_empty()).then_some(said)
}

fn of_table(path: &str, table: &Table) -> String {
    match path {
        "official" => official(table),
        "counterpart" => counterpart(table),
        "subject" => {
            let name = text(table, "name").unwrap_or_default();
            let kind = text(table, "type").unwrap_or_default().to_lowercase();
            match table.get("ids").and_then(|node| value("ids", &node.value)) {
                Some(ids) => format!("{name} ({kind}; {ids})"),
                None => format!("{name} ({kind})"),
            }
        }
        "notified" => format!(
            "{} by {} on {}",
            text(table, "recipient").unwrap_or_default(),
            text(table, "how").unwrap_or_default(),
            text(table, "on").unwrap_or_default(),
        ),
        _ => {
            let parts: Vec<String> = table
                .entries()
                .filter_map(|(key, node)| Some(format!("{}: {}", key.replace('_', " "), value(key, &node.value)?)))
                .collect();
            parts.join(", ")
        }
    }
}

fn text(table: &Table, key: &str) -> Option<String> {
    table.get(key).and_then(|node| value(key, &node.value))
}

/// "Pat Example, Director".
pub(super) fn person(table: &Table) -> String {
    text(table, "name")
        .into_iter()
        .chain(text(table, "title"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// "SVR, Russia (RUS)".
pub(super) fn party(table: &Table) -> String {
    let parts = ["service", "organization", "country"]
        .iter()
        .filter_map(|key| text(table, key));
    parts.collect::<Vec<_>>().join(", ")
}

/// "Pat Example, Director (head of the service or agency)".
fn official(table: &Table) -> String {
    let mut parts: Vec<String> = text(table, "name").into_iter().chain(text(table, "title")).collect();
    if let Some(rank) = table.get("rank").and_then(|node| match &node.value {
        Value::Choice(word) => rank(word),
        _ => None,
    }) {
        let last = parts.pop().unwrap_or_default();
        parts.push(if last.is_empty() {
            rank.to_owned()
        } else {
            format!("{last} ({rank})")
        });
    }
    parts.join(", ")
}

/// "SVR, Russia (RUS); Director (head of the service or agency)".
fn counterpart(table: &Table) -> String {
    [party(table), official(table)]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("; ")
}

fn rank(word: &str) -> Option<&'static str> {
    match word {
        "head" => Some("head of the service or agency"),
        "deputy" => Some("deputy head"),
        "senior" => Some("senior official"),
        "working" => Some("working level"),
        _ => None,
    }
}

fn choice(path: &str, word: &str) -> String {
    let last = path.rsplit('.').next().unwrap_or(path);
    match (last, word) {
        ("element" | "elements_involved", _) => element(word),
        ("initiator", "us") => "The United States".to_owned(),
        ("initiator", "foreign") => "The foreign side".to_owned(),
        ("direction", "us_to_foreign") => "From the United States to the partner".to_owned(),
        ("direction", "foreign_to_us") => "From the partner to the United States".to_owned(),
        ("direction", "mutual") => "Both ways".to_owned(),
        _ => capital(&word.replace('_', " ")),
    }
}

/// "Central Intelligence Agency (CIA)".
pub(super) fn element(word: &str) -> String {
    const NAMES: &[(&str, &str)] = &[
        ("CIA", "Central Intelligence Agency"),
        ("ODNI", "Office of the Director of National Intelligence"),
        ("NSA", "National Security Agency"),
        ("DIA", "Defense Intelligence Agency"),
        ("NGA", "National Geospatial-Intelligence Agency"),
        ("NRO", "National Reconnaissance Office"),
        ("FBI", "Federal Bureau of Investigation"),
        ("STATE", "Department of State"),
        ("DOD", "Department of Defense"),
        ("DOE", "Department of Energy"),
        ("DHS", "Department of Homeland Security"),
        ("TREASURY", "Department of the Treasury"),
        ("DEA", "Drug Enforcement Administration"),
        ("USCG", "United States Coast Guard"),
        ("ARMY", "Department of the Army"),
        ("NAVY", "Department of the Navy"),
        ("AIR_FORCE", "Department of the Air Force"),
        ("MARINE_CORPS", "United States Marine Corps"),
        ("SPACE_FORCE", "United States Space Force"),
        ("EOP", "Executive Office of the President"),
        ("OSS", "Office of Strategic Services"),
    ];
    let name = NAMES.iter().find(|(code, _)| *code == word).map(|(_, name)| *name);
    match name {
        Some(name) if word.chars().count() <= 4 => format!("{name} ({word})"),
        Some(name) => name.to_owned(),
        None => word.replace('_', " "),
    }
}

/// "Russia (RUS)".
pub(super) fn country(code: &str) -> String {
    match Vocabulary::standard().display_name(code) {
        Some(name) if name != code => format!("{name} ({code})"),
        _ => code.to_owned(),
    }
}

/// "a", "a and b", "a, b, and c".
pub(super) fn and_list(items: &[String]) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [first, second] => format!("{first} and {second}"),
        [rest @ .., last] => format!("{}, and {last}", rest.join(", ")),
    }
}

/// "1 record", "2 records".
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// Splits a narrative at its blank lines; a single line break is a space.
pub(super) fn paragraphs(text: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines().chain(std::iter::once("")) {
        if line.trim().is_empty() {
            if !lines.is_empty() {
                found.push(one_line(&lines.join(" ")));
                lines.clear();
            }
        } else {
            lines.push(line);
        }
    }
    found
}

pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(super) fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn thousands(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if number < 0 { format!("-{out}") } else { out }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_lists_read_as_english() {
        assert_eq!(thousands(1_250_000), "1,250,000");
        assert_eq!(thousands(-999), "-999");
        assert_eq!(and_list(&["a".into(), "b".into(), "c".into()]), "a, b, and c");
        assert_eq!(country("RUS"), "Russia (RUS)");
        assert_eq!(element("CIA"), "Central Intelligence Agency (CIA)");
        assert_eq!(paragraphs("one\ntwo\n\n three \n"), ["one two", "three"]);
        assert_eq!(label("effective"), "Takes effect");
        assert_eq!(label("counterpart.country"), "Counterpart country");
    }
}
