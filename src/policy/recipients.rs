//! Recipients: committees, their leaders and other offices that notices go to, and how a letter addresses them.
//!
//! The table is data (`policy/recipients.toml`); `[recipients]` of relto.toml gives names, forms of address and
//! confirmed addresses, and may add recipients. Every office is a recipient of its own too: `SSCI.chair`.

use std::collections::BTreeMap;

use crate::base::decode::{self, Entries, Raw, Reader};
use crate::base::diagnostic::Diagnostic;
use crate::base::source::{Place, Placed, Sources};
use crate::base::suggest;

const STANDARD: &str = include_str!("../../policy/recipients.toml");

/// The offices a recipient can have, in the order in which a letter names them.
const ROLES: &[&str] = &["chair", "vice_chair", "ranking_member", "holder"];

/// Where a recipient sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Chamber {
    Senate,
    House,
    Executive,
    Public,
}

impl Chamber {
    pub const WORDS: &'static [&'static str] = &["senate", "house", "executive", "public"];

    pub fn word(self) -> &'static str {
        Self::WORDS[self as usize]
    }

    fn named(word: &str) -> Option<Chamber> {
        [Chamber::Senate, Chamber::House, Chamber::Executive, Chamber::Public]
            .into_iter()
            .find(|chamber| chamber.word() == word)
    }
}

/// Where an address comes from. Only a confirmed one is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressConfidence {
    /// Seen in a document of the body itself, or given by the workspace.
    Text,
    /// Seen in somebody else's letter.
    Secondary,
    /// Not confirmed.
    Memory,
}

/// One who may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// `SSCI`, `SSCI.chair`, `SPEAKER`.
    pub id: String,
    /// The body as an address names it: "Select Committee on Intelligence". Empty for a single office.
    pub body: String,
    /// The recipient in running text: "Senate Select Committee on Intelligence", "Chairman, Senate Select …".
    pub name: String,
    pub chamber: Chamber,
    /// Address lines below the body, as the table or the workspace gives them.
    pub address: Vec<String>,
    pub address_confidence: AddressConfidence,
    /// The offices a letter goes to, the one addressed first.
    pub offices: Vec<Office>,
    /// The recipient that this is an office of: `SSCI` of `SSCI.chair`.
    pub of: Option<String>,
    chamber_lines: Vec<String>,
}

/// An office of a recipient and who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    /// `chair`, `vice_chair`, `ranking_member`, or `holder` of a single office.
    pub role: String,
    /// "Vice Chairman".
    pub title: String,
    /// Who holds it, where the workspace says.
    pub name: Option<String>,
    /// "Mr.", "Madam", where the workspace says.
    pub form: Option<String>,
    /// "Dear Vice Chairman:".
    pub salutation: String,
    formal: Option<String>,
    own_salutation: Option<String>,
}

/// A name with its style, which the workspace may have written already.
pub fn honorable(name: &str) -> String {
    if name.starts_with("The Honorable") || name.starts_with("Hon.") {
        name.to_owned()
    } else {
        format!("The Honorable {name}")
    }
}

impl Recipient {
    /// Returns the lines of an address block: name, title, body, address. An unconfirmed address is left out.
    pub fn addressee(&self) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(office) = self.offices.first() {
            lines.extend(office.name.as_deref().map(honorable));
            lines.push(office.title.clone());
        }
        if !self.body.is_empty() {
            lines.push(self.body.clone());
        }
        if self.offices.is_empty() && self.body.is_empty() {
            lines.push(self.name.clone());
        }
        if self.address_confidence == AddressConfidence::Text {
            lines.extend(self.address.iter().cloned());
        }
        for line in &self.chamber_lines {
            if !lines.contains(line) {
                lines.push(line.clone());
            }
        }
        lines
    }

    /// Returns how a letter begins: "Dear Vice Chairman:", "Dear Madam Speaker:".
    pub fn salutation(&self) -> String {
        self.offices
            .first()
            .map_or_else(|| "To whom it may concern:".to_owned(), Office::salutation)
    }

    /// Returns the other offices that get a copy: the vice chairman or ranking member of a committee.
    pub fn copies(&self) -> &[Office] {
        self.offices.get(1..).unwrap_or_default()
    }
}

impl Office {
    /// Returns the salutation: as the workspace writes it, with its form of address, or the neutral one.
    pub fn salutation(&self) -> String {
        match (&self.own_salutation, &self.form, &self.formal) {
            (Some(own), ..) => own.clone(),
            (None, Some(form), Some(formal)) => formal.replace("{form}", form),
            _ => self.salutation.clone(),
        }
    }
}

/// What relto.toml says of recipients: keys and values by recipient id.
pub type Changes = BTreeMap<String, BTreeMap<String, String>>;

/// Every recipient, offices included, in the order of the table.
#[derive(Debug, Clone, Default)]
pub struct Recipients {
    all: Vec<Recipient>,
}

impl Recipients {
    /// Returns the built-in table with `[recipients]` of relto.toml merged in, and what is wrong with the latter.
    pub fn standard(changes: &Changes) -> (Recipients, Vec<String>) {
        let (mut recipients, problems) = Recipients::built_in();
        debug_assert!(problems.is_empty(), "policy/recipients.toml: {problems:?}");
        let problems = recipients.merge(changes);
        (recipients, problems)
    }

    fn built_in() -> (Recipients, Vec<Diagnostic>) {
        let mut sources = Sources::default();
        let source = sources.add("policy/recipients.toml", STANDARD);
        let (entries, mut diagnostics) = decode::parse(source, &sources);
        let mut recipients = Recipients::default();
        let Some(entries) = entries else {
            return (recipients, diagnostics);
        };
        let mut reader = Reader::new(&entries, Place::new(source, 0..0), "the table");
        let chambers = reader.table("chambers").map(|(entries, _)| entries);
        let table = reader.table("recipients").map(|(entries, _)| entries);
        diagnostics.extend(reader.finish());
        for (id, entries, header) in table.into_iter().flat_map(tables) {
            let (found, problems) = standard_one(id, entries, header);
            diagnostics.extend(problems);
            recipients.all.extend(found.map(|mut recipient| {
                recipient.chamber_lines = chamber_lines(chambers, recipient.chamber);
                recipient
            }));
        }
        (recipients, diagnostics)
    }

    /// Returns a recipient: `SSCI`, `SSCI.chair`.
    pub fn get(&self, id: &str) -> Option<&Recipient> {
        self.all.iter().find(|recipient| recipient.id == id)
    }

    /// Returns every id, in the order of the table, offices after their recipient.
    pub fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.all.iter().map(|recipient| recipient.id.as_str())
    }

    /// Returns the ids of committees and single offices, without `SSCI.chair` and the like.
    pub fn bodies(&self) -> impl Iterator<Item = &str> + Clone {
        self.all
            .iter()
            .filter(|recipient| recipient.of.is_none())
            .map(|recipient| recipient.id.as_str())
    }

    pub fn iter(&self) -> impl Iterator<Item = &Recipient> {
        self.all.iter()
    }

    /// Merges `[recipients]` of relto.toml: names, forms of address, addresses, further recipients.
    ///
    /// Of an office `chair`: `chair` is the name, `chair_form` the form of address ("Madam"), `chair_title` and
    /// `chair_salutation` replace the table's. A recipient that is one office has `holder`, `form`, `title` and
    /// `salutation`. `address` gives the address, one line a line. A new recipient needs a `name`.
    fn merge(&mut self, changes: &Changes) -> Vec<String> {
        let mut problems = Vec::new();
        for (id, keys) in changes {
            match self.all.iter_mut().find(|recipient| recipient.id == *id) {
                Some(recipient) => problems.extend(change(recipient, keys)),
                None => match self.added(id, keys) {
                    Ok(recipient) => self.all.push(recipient),
                    Err(problem) => problems.extend(problem),
                },
            }
        }
        self.add_offices();
        problems
    }

    /// A recipient that the built-in table does not have.
    fn added(&self, id: &str, keys: &BTreeMap<String, String>) -> Result<Recipient, Vec<String>> {
        let Some(name) = keys.get("name") else {
            let known = self.bodies();
            return Err(vec![match suggest::nearest(id, known.clone()) {
                Some(near) => format!("`[recipients.{id}]` names no recipient: did you mean `{near}`?"),
                None => format!(
                    "`[recipients.{id}]` names no recipient: known are {}, and a new one needs a `name`",
                    suggest::quoted_list(known)
                ),
            }]);
        };
        let usable = id
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || "_-".contains(c));
        if !usable || id.is_empty() {
            return Err(vec![format!(
                "`[recipients.{id}]`: an id of a recipient has capitals, digits, `_` and `-` only"
            )]);
        }
        let problems = unknown_keys(id, keys, &["name", "holder", "form", "title", "salutation", "address"]);
        if !problems.is_empty() {
            return Err(problems);
        }
        let title = keys.get("title").unwrap_or(name);
        Ok(Recipient {
            id: id.to_owned(),
            body: if title == name { String::new() } else { name.clone() },
            name: name.clone(),
            chamber: Chamber::Executive,
            address: keys.get("address").map(|text| lines(text)).unwrap_or_default(),
            address_confidence: AddressConfidence::Text,
            offices: vec![Office {
                role: "holder".to_owned(),
                title: title.clone(),
                name: keys.get("holder").cloned(),
                form: keys.get("form").cloned(),
                salutation: keys
                    .get("salutation")
                    .cloned()
                    .unwrap_or_else(|| "Dear Sir or Madam:".to_owned()),
                formal: None,
                own_salutation: None,
            }],
            of: None,
            chamber_lines: Vec::new(),
        })
    }

    /// Adds every office of a committee as a recipient of its own.
    fn add_offices(&mut self) {
        let committees = std::mem::take(&mut self.all);
        for committee in committees {
            let offices: Vec<Recipient> = committee
                .offices
                .iter()
                .filter(|office| office.role != "holder")
                .map(|office| Recipient {
                    id: format!("{}.{}", committee.id, office.role),
                    name: format!("{}, {}", office.title, committee.name),
                    offices: vec![office.clone()],
                    of: Some(committee.id.clone()),
                    ..committee.clone()
                })
                .collect();
            self.all.push(committee);
            self.all.extend(offices);
        }
    }
}

fn tables(entries: &Entries) -> Vec<(&Placed<String>, &Entries, &Place)> {
    entries
        .list
        .iter()
        .filter_map(|(id, item)| match &item.value {
            Raw::Table(entries) => Some((id, entries, &item.place)),
            _ => None,
        })
        .collect()
}

fn chamber_lines(chambers: Option<&Entries>, chamber: Chamber) -> Vec<String> {
    let Some(Raw::Table(entries)) = chambers
        .and_then(|entries| entries.get(chamber.word()))
        .map(|item| &item.value)
    else {
        return Vec::new();
    };
    match entries.get("lines").map(|item| &item.value) {
        Some(Raw::Array(items)) => items
            .iter()
            .filter_map(|item| match &item.value {
                Raw::String(line) => Some(line.clone()),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// The lines of an address that is written as one text.
fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// One entry of the built-in table.
fn standard_one(id: &Placed<String>, entries: &Entries, header: &Place) -> (Option<Recipient>, Vec<Diagnostic>) {
    let mut reader = Reader::new(entries, header.clone(), "recipient");
    let body = reader.text("name").map(|name| name.value).unwrap_or_default();
    let name = reader.required_text("full_name", "\"…\"").map(|name| name.value);
    let chamber = reader
        .choice("chamber", Chamber::WORDS)
        .and_then(|word| Chamber::named(word.value));
    let address = reader
        .texts("address")
        .unwrap_or_default()
        .into_iter()
        .map(|line| line.value)
        .collect();
    let confidence = reader.choice("address_confidence", &["text", "secondary", "memory"]);
    let mut offices = Vec::new();
    let mut problems = Vec::new();
    for role in ROLES {
        let Some((entries, header)) = reader.table(role) else {
            continue;
        };
        let mut office = Reader::new(entries, header.clone(), "office");
        let title = office.required_text("title", "\"Chairman\"");
        let salutation = office.required_text("salutation", "\"Dear Chairman:\"");
        let formal = office.text("formal").map(|formal| formal.value);
        problems.extend(office.finish());
        if let (Some(title), Some(salutation)) = (title, salutation) {
            offices.push(Office {
                role: (*role).to_owned(),
                title: title.value,
                name: None,
                form: None,
                salutation: salutation.value,
                formal,
                own_salutation: None,
            });
        }
    }
    problems.extend(reader.finish());
    let recipient = name.zip(chamber).map(|(name, chamber)| Recipient {
        id: id.value.clone(),
        body,
        name,
        chamber,
        address,
        address_confidence: match confidence.map(|word| word.value) {
            Some("text") => AddressConfidence::Text,
            Some("secondary") => AddressConfidence::Secondary,
            _ => AddressConfidence::Memory,
        },
        offices,
        of: None,
        chamber_lines: Vec::new(),
    });
    (recipient, problems)
}

/// Applies one table of relto.toml to a recipient of the built-in table.
fn change(recipient: &mut Recipient, keys: &BTreeMap<String, String>) -> Vec<String> {
    let mut known = vec!["address".to_owned()];
    if let Some(address) = keys.get("address") {
        recipient.address = lines(address);
        recipient.address_confidence = AddressConfidence::Text;
        recipient.chamber_lines.clear();
    }
    for office in &mut recipient.offices {
        let single = office.role == "holder";
        let key = |part: &str| {
            if single {
                part.to_owned()
            } else {
                format!("{}_{part}", office.role)
            }
        };
        let given = |key: &str| {
            keys.get(key)
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
        };
        let (form, title, salutation) = (key("form"), key("title"), key("salutation"));
        office.name = given(&office.role);
        office.form = given(&form);
        office.own_salutation = given(&salutation);
        if let Some(title) = given(&title) {
            office.title = title;
        }
        known.extend([office.role.clone(), form, title, salutation]);
    }
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    unknown_keys(&recipient.id, keys, &known)
}

fn unknown_keys(id: &str, keys: &BTreeMap<String, String>, known: &[&str]) -> Vec<String> {
    keys.keys()
        .filter(|key| !known.contains(&key.as_str()))
        .map(|key| match suggest::nearest(key, known.iter().copied()) {
            Some(near) => format!("`[recipients.{id}]` has no key `{key}`: did you mean `{near}`?"),
            None => format!(
                "`[recipients.{id}]` has no key `{key}`: its keys are {}",
                suggest::quoted_list(known.iter().copied())
            ),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(changes: &[(&str, &[(&str, &str)])]) -> (Recipients, Vec<String>) {
        let text = |text: &str| text.to_owned();
        let changes = changes
            .iter()
            .map(|(id, keys)| {
                (
                    text(id),
                    keys.iter().map(|(key, value)| (text(key), text(value))).collect(),
                )
            })
            .collect();
        Recipients::standard(&changes)
    }

    fn standard() -> Recipients {
        Recipients::standard(&Changes::new()).0
    }

    #[test]
    fn the_built_in_table_has_no_mistakes() {
        assert_eq!(Recipients::built_in().1, []);
    }

    #[test]
    fn every_recipient_of_the_law_is_in_the_table() {
        let recipients = standard();
        for id in [
            "SSCI",
            "HPSCI",
            "SASC",
            "HASC",
            "SAC",
            "HAC",
            "SAC-D",
            "HAC-D",
            "SFRC",
            "HFAC",
            "SPEAKER",
            "HOUSE_MINORITY_LEADER",
            "SENATE_MAJORITY_LEADER",
            "SENATE_MINORITY_LEADER",
            "PRESIDENT_PRO_TEMPORE",
            "SECRETARY_OF_STATE",
            "PUBLIC_WEBSITE",
            "SSCI.chair",
            "SSCI.vice_chair",
            "HPSCI.chair",
            "HPSCI.ranking_member",
            "SFRC.chair",
        ] {
            assert!(recipients.get(id).is_some(), "{id}");
        }
        assert!(
            recipients.get("SSCI.ranking_member").is_none(),
            "SSCI has a Vice Chairman"
        );
        assert!(
            recipients.get("HPSCI.vice_chair").is_none(),
            "HPSCI has a Ranking Member"
        );
        let mut ids: Vec<&str> = recipients.names().collect();
        let count = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    #[test]
    fn unconfirmed_addresses_are_not_printed() {
        let recipients = standard();
        let ssci = recipients.get("SSCI").unwrap();
        assert_eq!(
            ssci.addressee(),
            [
                "Chairman",
                "Select Committee on Intelligence",
                "United States Senate",
                "Washington, DC 20510"
            ]
        );
        assert_eq!(ssci.salutation(), "Dear Chairman:");
        assert_eq!(ssci.copies()[0].title, "Vice Chairman");
        let vice = recipients.get("SSCI.vice_chair").unwrap();
        assert_eq!(vice.salutation(), "Dear Vice Chairman:");
        assert_eq!(vice.name, "Vice Chairman, Senate Select Committee on Intelligence");
        assert_eq!(vice.of.as_deref(), Some("SSCI"));
    }

    #[test]
    fn the_workspace_gives_names_forms_and_addresses() {
        let (recipients, problems) = merged(&[
            (
                "SSCI",
                &[
                    ("chair", "Pat Example"),
                    ("chair_form", "Madam"),
                    ("address", "Room 1\nWashington, DC 20510"),
                ],
            ),
            ("SPEAKER", &[("holder", "Sam Sample"), ("form", "Mr.")]),
            ("OVERSIGHT", &[("name", "Office of Oversight")]),
        ]);
        assert_eq!(problems, Vec::<String>::new());
        let chair = recipients.get("SSCI.chair").unwrap();
        assert_eq!(
            chair.addressee(),
            [
                "The Honorable Pat Example",
                "Chairman",
                "Select Committee on Intelligence",
                "Room 1",
                "Washington, DC 20510"
            ]
        );
        assert_eq!(chair.salutation(), "Dear Madam Chairman:");
        assert_eq!(recipients.get("SPEAKER").unwrap().salutation(), "Dear Mr. Speaker:");
        assert_eq!(recipients.get("OVERSIGHT").unwrap().salutation(), "Dear Sir or Madam:");
    }

    #[test]
    fn mistakes_in_settings_are_reported_with_the_nearest_key() {
        let (_, problems) = merged(&[("HPSCI", &[("chiar", "X")]), ("SSIC", &[("chair", "X")])]);
        assert_eq!(
            problems[0],
            "`[recipients.HPSCI]` has no key `chiar`: did you mean `chair`?"
        );
        assert_eq!(
            problems[1],
            "`[recipients.SSIC]` names no recipient: did you mean `SSCI`?"
        );
    }
}
