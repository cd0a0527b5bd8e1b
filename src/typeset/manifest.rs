//! `manifest.json`: what a run wrote, from what, and where each element stands.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::base::hash::sha256;
use crate::base::shared::{Pool, Shared};
use crate::notice::model::{Addressee, Day, Notice};
use crate::typeset::pressed::Pressed;

/// The name of the manifest in the output folder.
pub const NAME: &str = "manifest.json";
/// The name of the distribution list beside it.
pub const DISTRIBUTION: &str = "distribution.csv";
/// The version of its form.
const SCHEMA: u32 = 1;

/// The manifest of one output folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub schema: u32,
    pub as_of: String,
    /// `relto 0.1.0`
    pub tool: String,
    #[serde(default)]
    pub holds: Holds,
    pub files: Vec<File>,
    /// SHA-256 of the distribution list; absent where an earlier version wrote none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<String>,
}

/// What the PDFs of a folder are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Holds {
    /// Notices, memoranda and covering letters.
    #[default]
    Notices,
    /// The report of a period.
    Report,
}

/// One PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub name: String,
    pub notice: String,
    pub recipient: Shared,
    pub records: Vec<String>,
    pub rules: Vec<Shared>,
    pub banner: Shared,
    pub pages: usize,
    pub sha256: Hashes,
    /// The page on which each element starts, whether a rule demands it or not: a field of the record by its name, a part of
    /// the letter such as `subject_line` by its own.
    pub elements: Elements,
    /// The recipient in words, and the first line of the address.
    #[serde(default)]
    pub addressee: Shared,
    #[serde(default)]
    pub chamber: Shared,
    #[serde(default)]
    pub cc: Vec<String>,
    #[serde(default)]
    pub enclosures: Vec<String>,
    /// The abstract under which the recipient's house enters the notice in the record.
    #[serde(default)]
    pub executive_communication: Option<String>,
    /// Unclassified.
    #[serde(default)]
    pub title: String,
    /// Coordination copies beside the PDF: their names and SHA-256.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub coordination: BTreeMap<String, String>,
}

/// Hexadecimal SHA-256 of a PDF and of what it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashes {
    pub pdf: Shared,
    pub record: Shared,
    pub template: Shared,
    pub policy: Shared,
    pub fonts: Shared,
    /// Over everything it was made from, this program's version among it: the same input gives the same PDF.
    #[serde(default)]
    pub input: Shared,
}

/// Elements and the pages on which they start; a clone copies nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Elements(Arc<BTreeMap<String, usize>>);

impl From<BTreeMap<String, usize>> for Elements {
    fn from(elements: BTreeMap<String, usize>) -> Self {
        Self(Arc::new(elements))
    }
}

impl Serialize for Elements {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Elements {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        BTreeMap::deserialize(deserializer).map(Self::from)
    }
}

/// What the files of a run have in common, kept once.
#[derive(Debug, Default)]
pub struct Common {
    texts: Pool,
    elements: BTreeSet<Elements>,
}

impl File {
    /// Describes one PDF of a notice.
    pub fn new(notice: &Notice, pdf: &Pressed, common: &mut Common) -> Self {
        let addressee = notice.addressees.iter().find(|one| one.id == pdf.recipient);
        let mut shared = |text: &str| common.texts.of(text);
        let mut file = File {
            name: pdf.name.clone(),
            notice: notice.id.clone(),
            recipient: shared(&pdf.recipient),
            records: notice.records.clone(),
            rules: notice.rules.iter().map(|rule| shared(rule)).collect(),
            banner: shared(&notice.banner.text),
            pages: pdf.pages,
            sha256: Hashes {
                pdf: sha256(&pdf.bytes).into(),
                record: Shared::from(&notice.hashes.record),
                template: shared(&pdf.template),
                policy: shared(&notice.hashes.policy),
                fonts: shared(&pdf.fonts),
                input: pdf.input.clone(),
            },
            elements: pdf.elements.clone().into(),
            addressee: addressee.map(|one| shared(&one.name)).unwrap_or_default(),
            chamber: addressee.map(|one| shared(&one.chamber)).unwrap_or_default(),
            cc: addressee.map(|one| one.cc.clone()).unwrap_or_default(),
            enclosures: notice.enclosures.clone(),
            executive_communication: addressee.and_then(|one| one.entry.clone()),
            title: notice.title.clone(),
            coordination: BTreeMap::new(),
        };
        match common.elements.get(&file.elements) {
            Some(known) => file.elements = known.clone(),
            None => _ = common.elements.insert(file.elements.clone()),
        }
        file
    }
}

impl Manifest {
    /// Describes what was written, in the order of the file names.
    pub fn new(as_of: &str, holds: Holds, mut files: Vec<File>) -> Self {
        files.sort_by(|a, b| a.name.cmp(&b.name));
        let mut manifest = Self {
            schema: SCHEMA,
            as_of: as_of.to_owned(),
            tool: tool(),
            holds,
            files,
            distribution: None,
        };
        manifest.distribution = Some(sha256(manifest.distribution_list().as_bytes()));
        manifest
    }

    /// The distribution list: a line for each PDF and each copy of it, as CSV that no spreadsheet takes for formulas.
    pub fn distribution_list(&self) -> String {
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        // Writing to a vector does not fail, and every row has as many cells as the heading.
        let _ = writer.write_record([
            "file",
            "kind",
            "recipient",
            "addressee",
            "chamber",
            "notice",
            "title",
            "marking",
            "pages",
            "enclosures",
        ]);
        for file in &self.files {
            let copies = file.cc.iter().map(|name| ("copy", name.as_str()));
            for (kind, name) in std::iter::once(("original", &*file.addressee)).chain(copies) {
                let pages = file.pages.to_string();
                let enclosures = file.enclosures.len().to_string();
                let cells: [&str; 10] = [
                    &file.name,
                    kind,
                    &file.recipient,
                    name,
                    &file.chamber,
                    &file.notice,
                    &file.title,
                    &file.banner,
                    &pages,
                    &enclosures,
                ];
                let _ = writer.write_record(cells.map(plain));
            }
        }
        writer
            .into_inner()
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .unwrap_or_default()
    }

    /// The text of the file.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Reads a manifest of ours. `None` for any other file, and for one that names files outside its folder.
    pub fn read(text: &str) -> Option<Manifest> {
        let manifest: Manifest = serde_json::from_str(text).ok()?;
        let plain = |name: &str, endings: &[&str]| {
            !name.is_empty()
                && !name.starts_with('.')
                && !name.contains(['/', '\\', '\0'])
                && std::path::Path::new(name)
                    .extension()
                    .is_some_and(|end| endings.iter().any(|ending| end == *ending))
        };
        let ours = manifest.schema == SCHEMA && manifest.tool.starts_with("relto ");
        let named = |file: &File| {
            plain(&file.name, &["pdf"]) && file.coordination.keys().all(|name| plain(name, &["txt", "html"]))
        };
        (ours && manifest.files.iter().all(named)).then_some(manifest)
    }
}

/// `relto.json`, which a PDF/A-3a carries: what the notice is, and what it was made from. Nothing in it that the pages do
/// not show.
pub fn attachment(notice: &Notice, addressee: &Addressee) -> String {
    let Day { year, month, day } = notice.date;
    let value = serde_json::json!({
        "banner": notice.banner.text,
        "date": format!("{year:04}-{month:02}-{day:02}"),
        "draft": notice.draft,
        "notice": notice.id,
        "recipient": addressee.id,
        "records": notice.records,
        "rules": notice.rules,
        "schema": SCHEMA,
        "sha256": { "policy": notice.hashes.policy, "record": notice.hashes.record },
        "tool": tool(),
    });
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    text
}

/// A cell that no spreadsheet takes for a formula.
fn plain(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{cell}")
    } else {
        cell.to_owned()
    }
}

/// This program and its version.
pub fn tool() -> String {
    format!("relto {}", env!("CARGO_PKG_VERSION"))
}
