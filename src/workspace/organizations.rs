//! The workspace's own organizations: who belongs to which from when until when, beside the vocabulary that is shipped.

use std::sync::Arc;

use chrono::NaiveDate;

use crate::base::code::Code;
use crate::base::decode::{self, Entries, Item, Raw, Reader};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed, SourceId, Sources};
use crate::marking::vocabulary::{DatedMember, Vocabulary};

const MEMBER: &str = "[\"AUS\", { code = \"JPN\", from = 2024-01-01 }]";

/// Reads `[[organization]]` tables into the shipped vocabulary; each adds an organization or replaces its membership.
///
/// Every organization says where its membership is stated; every member is a country of the vocabulary. All problems
/// are reported, each at its place.
pub fn read(source: SourceId, sources: &Sources) -> (Arc<Vocabulary>, Vec<Diagnostic>) {
    let mut vocabulary = Vocabulary::standard().clone();
    let (document, mut found) = decode::parse(source, sources);
    let Some(root) = document else {
        return (Arc::new(vocabulary), found);
    };
    let mut reader = Reader::new(&root, Place::new(source, 0..0), "the file of organizations");
    let mut seen: Vec<Placed<String>> = Vec::new();
    for (entries, header) in reader.tables("organization") {
        found.extend(organization(entries, header, &mut vocabulary, &mut seen));
    }
    found.extend(reader.finish());
    (Arc::new(vocabulary), found)
}

fn organization(
    entries: &Entries,
    header: &Place,
    vocabulary: &mut Vocabulary,
    seen: &mut Vec<Placed<String>>,
) -> Vec<Diagnostic> {
    let mut reader = Reader::new(entries, header.clone(), "`[[organization]]`");
    let code = reader.required_text("code", "\"EXMP\"");
    let name = reader.required_text("name", "\"Example Partnership\"");
    // where the membership is stated: a file that says less is only somebody's memory
    let cited = reader.required_text("source", "\"Joint statement of 2024-01-01\"");
    let members = match reader.required("members", MEMBER).map(|item| (item, &item.value)) {
        Some((_, Raw::Array(items))) if !items.is_empty() => items.as_slice(),
        Some((item, _)) => {
            let _: Option<()> = reader.wrong("members", item, "a list of members", MEMBER);
            &[]
        }
        None => &[],
    };
    let mut found = reader.finish();
    let mut dated = Vec::new();
    for item in members {
        match member(item, vocabulary) {
            Ok(member) => dated.push(member),
            Err(problems) => found.extend(problems),
        }
    }
    if let Some(code) = &code {
        found.extend(unfit(code, vocabulary, seen));
        seen.push(code.clone());
    }
    if let (Some(code), Some(name), Some(_), true) = (code, name, cited, found.is_empty())
        && let Err(stranger) = vocabulary.add_organization(&code.value, &name.value, &dated)
    {
        found.push(no_country(&stranger, vocabulary, header.clone()));
    }
    found
}

/// What is wrong with the code of an organization.
fn unfit(code: &Placed<String>, vocabulary: &Vocabulary, seen: &[Placed<String>]) -> Option<Diagnostic> {
    let text = code.value.as_str();
    let letters = |b: u8| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_';
    let at = |diagnostic: Diagnostic| diagnostic.at(code.place.clone());
    if !(2..=24).contains(&text.len()) || !text.bytes().all(letters) {
        let diagnostic = Diagnostic::new(Code::UnknownValue, format!("`{text}` cannot be a code"));
        return Some(
            at(diagnostic)
                .label("2 to 24 of A-Z, 0-9 and `_`")
                .help("write a code such as \"EXMP\""),
        );
    }
    if vocabulary.knows(text) && !vocabulary.is_organization(text) {
        let diagnostic = Diagnostic::new(Code::UnknownValue, format!("`{text}` is the code of a country"));
        return Some(
            at(diagnostic)
                .label("a country")
                .help("give the organization a code of its own"),
        );
    }
    let first = seen.iter().find(|earlier| earlier.value == text)?;
    let diagnostic = Diagnostic::new(Code::DuplicateId, format!("`{text}` stands in the file twice"));
    Some(
        at(diagnostic)
            .label("again")
            .related(first.place.clone(), "first here")
            .help("write all its members, with their dates, in one table"),
    )
}

/// A member: a code, or a table with its first and last day.
fn member(item: &Item, vocabulary: &Vocabulary) -> Result<DatedMember, Vec<Diagnostic>> {
    let (code, from, until, mut found) = match &item.value {
        Raw::String(code) => {
            let code = Placed {
                value: code.clone(),
                place: item.place.clone(),
            };
            (Some(code), None, None, Vec::new())
        }
        Raw::Table(entries) => {
            let mut reader = Reader::new(entries, item.place.clone(), "a member");
            let code = reader.required_text("code", "\"JPN\"");
            let (from, until) = (reader.date("from"), reader.date("until"));
            (code, from, until, reader.finish())
        }
        other => {
            let message = format!("a member is {}, not a code", other.words());
            let diagnostic = Diagnostic::new(Code::WrongType, message).at(item.place.clone());
            return Err(vec![diagnostic.help(format!("write it as in `members = {MEMBER}`"))]);
        }
    };
    let day = |date: &Option<Placed<NaiveDate>>| date.as_ref().map(|date| date.value);
    if let (Some(from), Some(until)) = (&from, &until)
        && until.value < from.value
    {
        found.push(
            Diagnostic::new(Code::DateOrder, "a membership that ends before it begins")
                .at(until.place.clone())
                .label("the last day")
                .related(from.place.clone(), "the first day")
                .help("`from` is the first day of membership, `until` the last"),
        );
    }
    if let Some(code) = &code
        && (!vocabulary.knows(&code.value) || vocabulary.is_organization(&code.value))
    {
        found.push(no_country(&code.value, vocabulary, code.place.clone()));
    }
    match code {
        Some(code) if found.is_empty() => Ok((code.value, day(&from), day(&until))),
        _ => Err(found),
    }
}

fn no_country(code: &str, vocabulary: &Vocabulary, place: Place) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::UnknownCountryCode, format!("`{code}` is no country code"))
        .at(place)
        .label("members are countries");
    match vocabulary
        .suggest(code)
        .filter(|near| !vocabulary.is_organization(near))
    {
        Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
        None => diagnostic.help("use the GENC trigraph, such as GBR or JPN"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<(&'static str, usize)> {
        let mut sources = Sources::default();
        let source = sources.add("organizations.toml", text);
        let (_, found) = read(source, &sources);
        let line = |place: &Place| sources.get(place.source).line_column(place.start()).0;
        found
            .iter()
            .map(|diagnostic| (diagnostic.code.name(), diagnostic.place.as_ref().map_or(0, line)))
            .collect()
    }

    #[test]
    fn a_file_adds_organizations_and_replaces_memberships() {
        let text = r#"
            [[organization]]
            code = "EXMP"
            name = "Example Partnership"
            source = "an example"
            members = ["USA", "AUS", { code = "JPN", from = 2024-01-01, until = 2025-06-30 }]

            [[organization]]
            code = "KFOR"
            name = "Example force"
            source = "an example"
            members = ["USA", "DEU"]
        "#;
        let mut sources = Sources::default();
        let source = sources.add("organizations.toml", text);
        let (vocabulary, found) = read(source, &sources);
        assert!(found.is_empty(), "{found:?}");
        let has_japan = |day: &str| {
            let members = vocabulary.members("EXMP", day.parse().unwrap()).unwrap();
            members.contains("JPN")
        };
        assert_eq!(
            ["2023-12-31", "2024-01-01", "2025-06-30", "2025-07-01"].map(has_japan),
            [false, true, true, false]
        );
        assert_eq!(vocabulary.members_always("KFOR").unwrap().len(), 2);
    }

    #[test]
    fn every_mistake_is_named_at_its_place() {
        let text = r#"[[organization]]
code = "GBR"
name = "x"
source = "x"
members = ["AUS", "UK",
  { code = "JPN", from = 2025-01-01, until = 2024-01-01 },
  "FVEY", 3]
[[organization]]
code = "lower"
title = "x"
members = []
"#;
        assert_eq!(
            found(text),
            [
                ("unknown-country-code", 5),
                ("date-order", 6),
                ("unknown-country-code", 7),
                ("wrong-type", 7),
                ("unknown-value", 2),
                ("missing-field", 8),
                ("missing-field", 8),
                ("wrong-type", 11),
                ("unknown-key", 10),
                ("unknown-value", 9),
            ]
        );
    }
}
