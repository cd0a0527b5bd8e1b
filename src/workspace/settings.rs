//! `relto.toml`: every key is optional, an unknown one is an error. Without the file the defaults apply.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;
use chrono_tz::Tz;

use crate::base::code::Code;
use crate::base::decode::{self, Reader};
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::source::{Place, Placed, SourceId, Sources};
use crate::base::suggest;
use crate::marking::level::Level;
use crate::marking::rollup::{Profile, ProfileKind};
use crate::marking::vocabulary::Vocabulary;

/// What helps where a line of `relto.toml` is no TOML.
const SHOWN: &str = "mend this line; the `relto.toml` that `relto init DIR` writes shows every key";

/// The packs of a workspace that does not choose: all that ship, so that a rule that is off can be switched on by its id.
pub const CORE_PACKS: &[&str] = &[
    "nsa47",
    "adversary",
    "rel-to",
    "suspension",
    "agreements",
    "military",
    "periodic",
    "history",
];

pub(super) const LEVELS: &[&str] = &["UNCLASSIFIED", "CONFIDENTIAL", "SECRET", "TOP SECRET"];
pub(super) const SEVERITIES: &[&str] = &["error", "warning", "note", "allow"];

/// The settings of a workspace.
#[derive(Debug, Clone)]
pub struct Settings {
    pub agency: Agency,
    /// No record marked above this is read into a document.
    pub ceiling: Level,
    pub profile: Profile,
    /// A file of organizations, relative to the workspace.
    pub organizations: Option<Placed<String>>,
    /// The shipped vocabulary, with the organizations of that file.
    pub vocabulary: Arc<Vocabulary>,
    /// The codes of `expand` as written.
    expand: Vec<Placed<String>>,
    pub authority: Option<Authority>,
    /// Ids of built-in packs, or folders that start with `./`; nothing for the core packs.
    pub packs: Option<Vec<Placed<String>>>,
    pub disable: Vec<Placed<String>>,
    pub enable: Vec<Placed<String>>,
    /// Periodic reports are listed from the period that holds this day on; nothing: from the first record on.
    pub reports_from: Option<NaiveDate>,
    /// After so many months a rule wants to be checked anew.
    pub stale_after_months: u32,
    /// Notices carry their data: PDF/A-3a with `relto.json` embedded.
    pub attach: bool,
    /// A line on every page of every notice, such as "EXERCISE — not a real notice".
    pub training: Option<String>,
    /// Severities by code; nothing for "allow".
    pub severity: BTreeMap<&'static str, Option<Severity>>,
    pub timezone: Tz,
    pub dc_area: bool,
    /// A file of closures, relative to the workspace.
    pub closures: Option<Placed<String>>,
    /// A file of the days on which Congress sat, relative to the workspace.
    pub session: Option<Placed<String>>,
    /// Names and forms of address by recipient id.
    pub recipients: BTreeMap<String, BTreeMap<String, String>>,
}

/// Who writes the letters.
#[derive(Debug, Clone)]
pub struct Agency {
    pub name: String,
    pub element: Option<String>,
    pub address: Vec<String>,
    pub signatory: Option<Signatory>,
    pub identifier_prefix: Option<String>,
    /// The placeholder of the defaults: its letters say EXAMPLE.
    pub placeholder: bool,
}

/// Who signs.
#[derive(Debug, Clone)]
pub struct Signatory {
    pub name: String,
    pub title: String,
}

/// The classification authority of the workspace's documents (32 CFR 2001.21, 2001.22).
#[derive(Debug, Clone)]
pub struct Authority {
    pub classified_by: String,
    pub derived_from: String,
    pub declassify_on: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            agency: Agency {
                name: "Example Agency".to_string(),
                element: None,
                address: vec![
                    "Office of Legislative Affairs".to_string(),
                    "Washington, DC 20000".to_string(),
                ],
                signatory: None,
                identifier_prefix: None,
                placeholder: true,
            },
            ceiling: Level::Unclassified,
            profile: Profile::default(),
            organizations: None,
            vocabulary: Vocabulary::shared(),
            expand: Vec::new(),
            authority: None,
            packs: None,
            disable: Vec::new(),
            enable: Vec::new(),
            reports_from: None,
            stale_after_months: 12,
            attach: false,
            training: None,
            severity: BTreeMap::new(),
            timezone: chrono_tz::America::New_York,
            dc_area: true,
            closures: None,
            session: None,
            recipients: BTreeMap::new(),
        }
    }
}

/// Reads `relto.toml`. Its problems end the run: a workspace whose settings are in doubt is not checked.
pub fn read(source: SourceId, sources: &Sources) -> (Settings, Vec<Diagnostic>) {
    let mut settings = Settings::default();
    let (document, mut found) = decode::parse_as(source, sources, SHOWN);
    let Some(root) = document else { return (settings, found) };
    let top = Place::new(source, 0..0);
    let mut reader = Reader::new(&root, top, "relto.toml");
    if let Some((entries, header)) = reader.table("agency") {
        found.extend(agency(
            &mut settings,
            Reader::new(entries, header.clone(), "`[agency]`"),
        ));
    }
    if let Some((entries, header)) = reader.table("classification") {
        found.extend(classification(
            &mut settings,
            Reader::new(entries, header.clone(), "`[classification]`"),
        ));
    }
    if let Some((entries, header)) = reader.table("policy") {
        let mut policy = Reader::new(entries, header.clone(), "`[policy]`");
        settings.packs = policy.texts("packs");
        settings.disable = policy.texts("disable").unwrap_or_default();
        settings.enable = policy.texts("enable").unwrap_or_default();
        settings.reports_from = policy.date("reports_from").map(|date| date.value);
        if let Some(months) = policy.integer("stale_after_months") {
            match u32::try_from(months).ok().filter(|months| (1..=1200).contains(months)) {
                Some(months) => settings.stale_after_months = months,
                None => found.extend(policy.take("stale_after_months").map(|item| {
                    Diagnostic::new(Code::UnknownValue, format!("`{months}` is no number of months to wait"))
                        .at(item.place.clone())
                        .label("too small or too large")
                        .help("write a number from 1 to 1200, such as `stale_after_months = 12`")
                })),
            }
        }
        found.extend(policy.finish());
    }
    if let Some((entries, header)) = reader.table("notices") {
        let mut notices = Reader::new(entries, header.clone(), "`[notices]`");
        settings.attach = notices.boolean("attach").unwrap_or(false);
        settings.training = notices.text("training").map(|text| text.value);
        found.extend(notices.finish());
    }
    if let Some((entries, _)) = reader.table("severity") {
        for (key, item) in &entries.list {
            found.extend(severity(&mut settings, key, item));
        }
    }
    if let Some((entries, header)) = reader.table("calendar") {
        found.extend(calendar(
            &mut settings,
            Reader::new(entries, header.clone(), "`[calendar]`"),
        ));
    }
    if let Some((entries, _)) = reader.table("recipients") {
        for (key, item) in &entries.list {
            found.extend(recipient(&mut settings, key, item));
        }
    }
    found.extend(reader.finish());
    (settings, found)
}

fn agency(settings: &mut Settings, mut reader: Reader<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(name) = reader.text("name") {
        settings.agency.name = name.value;
        settings.agency.placeholder = false;
        settings.agency.address.clear();
    }
    settings.agency.element = reader.text("element").map(|text| text.value);
    if let Some(lines) = reader.texts("address") {
        settings.agency.address = lines.into_iter().map(|line| line.value).collect();
    }
    settings.agency.identifier_prefix = reader.text("identifier_prefix").map(|text| text.value);
    if let Some((entries, header)) = reader.table("signatory") {
        let mut signatory = Reader::new(entries, header.clone(), "`signatory`");
        let name = signatory.required_text("name", "\"Alex Sample\"");
        let title = signatory.required_text("title", "\"Director of Legislative Affairs\"");
        if let (Some(name), Some(title)) = (name, title) {
            settings.agency.signatory = Some(Signatory {
                name: name.value,
                title: title.value,
            });
        }
        found.extend(signatory.finish());
    }
    found.extend(reader.finish());
    found
}

fn classification(settings: &mut Settings, mut reader: Reader<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(word) = reader.choice("ceiling", LEVELS)
        && let Some(level) = Level::from_word(word.value)
    {
        settings.ceiling = level;
    }
    match reader.choice("profile", &["ic", "dod"]).map(|word| word.value) {
        Some("dod") => settings.profile.kind = ProfileKind::Dod,
        _ => settings.profile.kind = ProfileKind::Ic,
    }
    if let Some(codes) = reader.texts("expand") {
        settings.profile.expand = codes.iter().map(|code| code.value.clone()).collect();
        settings.expand = codes;
    }
    settings.organizations = reader.text("organizations");
    if let Some((entries, header)) = reader.table("authority") {
        let mut authority = Reader::new(entries, header.clone(), "`authority`");
        let by = authority.required_text("classified_by", "\"A. Sample, Director\"");
        let from = authority.required_text("derived_from", "\"Example Guide 1-1, dated 20260101\"");
        let on = authority.required_text("declassify_on", "\"20510115\"");
        if let (Some(by), Some(from), Some(on)) = (by, from, on) {
            settings.authority = Some(Authority {
                classified_by: by.value,
                derived_from: from.value,
                declassify_on: on.value,
            });
        }
        found.extend(authority.finish());
    }
    found.extend(reader.finish());
    found
}

/// What is wrong with the codes of `expand`, once the organizations of the workspace are known.
pub fn check_expand(settings: &Settings) -> Vec<Diagnostic> {
    let vocabulary = &settings.vocabulary;
    let say = |code: &Placed<String>| {
        let (message, label) = if !vocabulary.is_organization(&code.value) {
            (
                format!("`{}` is no organization code", code.value),
                "not an organization",
            )
        } else if vocabulary.members_always(&code.value).is_some() {
            return None;
        } else {
            (
                format!(
                    "the members of `{}` are not public, or it is retired: no countries can stand in its place",
                    code.value
                ),
                "cannot be expanded",
            )
        };
        let diagnostic = Diagnostic::new(Code::UnknownCountryCode, message).at(code.place.clone());
        Some(diagnostic.label(label).help("name codes such as FVEY, ACGU or TEYE"))
    };
    settings.expand.iter().filter_map(say).collect()
}

fn calendar(settings: &mut Settings, mut reader: Reader<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(zone) = reader.text("timezone") {
        if let Ok(timezone) = zone.value.parse::<Tz>() {
            settings.timezone = timezone;
        } else {
            let near = suggest::nearest(&zone.value, chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name()));
            let help = near.map_or("write a name such as \"America/New_York\"".to_string(), |near| {
                format!("did you mean \"{near}\"?")
            });
            found.push(
                Diagnostic::new(Code::UnknownValue, format!("`{}` is no time zone", zone.value))
                    .at(zone.place)
                    .label("unknown time zone")
                    .help(help),
            );
        }
    }
    settings.dc_area = reader.boolean("dc_area").unwrap_or(true);
    settings.closures = reader.text("closures");
    settings.session = reader.text("session");
    found.extend(reader.finish());
    found
}

fn severity(settings: &mut Settings, key: &Placed<String>, item: &decode::Item) -> Vec<Diagnostic> {
    let Some(code) = Code::named(&key.value) else {
        let names = Code::ALL.iter().map(|code| code.name());
        let diagnostic = Diagnostic::new(Code::UnknownKey, format!("`{}` is no diagnostic code", key.value));
        let help = suggest::nearest(&key.value, names)
            .map_or("`relto explain CODE` explains every code".to_string(), |near| {
                format!("did you mean `{near}`?")
            });
        return vec![diagnostic.at(key.place.clone()).label("unknown code").help(help)];
    };
    let word = match &item.value {
        decode::Raw::String(word) => word.as_str(),
        _ => "",
    };
    let level = match word {
        "error" => Some(Severity::Error),
        "warning" => Some(Severity::Warning),
        "note" => Some(Severity::Note),
        "allow" => None,
        _ => return vec![decode::unknown_value(&key.value, word, SEVERITIES).at(item.place.clone())],
    };
    if code.severity() == Severity::Error && level != Some(Severity::Error) {
        return vec![
            Diagnostic::new(Code::UnknownValue, format!("`{}` is an error and stays one", key.value))
                .at(item.place.clone())
                .label("cannot be lowered")
                .help("mend what it reports; only warnings and notes can be changed"),
        ];
    }
    settings.severity.insert(code.name(), level);
    Vec::new()
}

fn recipient(settings: &mut Settings, key: &Placed<String>, item: &decode::Item) -> Vec<Diagnostic> {
    let decode::Raw::Table(entries) = &item.value else {
        return vec![
            Diagnostic::new(
                Code::WrongType,
                format!("`recipients.{}` is {}, not a table", key.value, item.value.words()),
            )
            .at(item.place.clone())
            .help(format!(
                "write `[recipients.{}]` and below it `chair = \"…\"`",
                key.value
            )),
        ];
    };
    let mut found = Vec::new();
    let values = settings.recipients.entry(key.value.clone()).or_default();
    for (name, item) in &entries.list {
        match &item.value {
            decode::Raw::String(text) => {
                values.insert(name.value.clone(), text.clone());
            }
            other => found.push(
                Diagnostic::new(
                    Code::WrongType,
                    format!("`{}` is {}, not a string", name.value, other.words()),
                )
                .at(item.place.clone())
                .help("write a name or a form of address in quotes"),
            ),
        }
    }
    found
}
