//! `manifest.json`: what a run wrote, from what, and where each required element stands.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::base::hash::sha256;
use crate::notice::model::{Addressee, Day, Notice};
use crate::typeset::pressed::Pressed;

/// The name of the manifest in the output folder.
pub const NAME: &str = "manifest.json";
/// The version of its form.
const SCHEMA: u32 = 1;

/// The manifest of one output folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    pub schema: u32,
    pub as_of: String,
    /// `relto 0.1.0`
    pub tool: String,
    pub files: Vec<File>,
}

/// One PDF.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    pub name: String,
    pub notice: String,
    pub recipient: String,
    pub records: Vec<String>,
    pub rules: Vec<String>,
    pub banner: String,
    pub pages: usize,
    pub sha256: Hashes,
    /// The page on which each required element starts.
    pub elements: BTreeMap<String, usize>,
}

/// Hexadecimal SHA-256 of a PDF and of what it was made from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hashes {
    pub pdf: String,
    pub record: String,
    pub template: String,
    pub policy: String,
    pub fonts: String,
}

impl Manifest {
    /// Describes what was pressed, in the order of the file names.
    pub fn new(as_of: &str, notices: &[Notice], pressed: &[Pressed]) -> Self {
        let mut files: Vec<File> = pressed
            .iter()
            .map(|pdf| {
                let notice = &notices[pdf.notice];
                File {
                    name: pdf.name.clone(),
                    notice: notice.id.clone(),
                    recipient: pdf.recipient.clone(),
                    records: notice.records.clone(),
                    rules: notice.rules.clone(),
                    banner: notice.banner.text.clone(),
                    pages: pdf.pages,
                    sha256: Hashes {
                        pdf: sha256(&pdf.bytes),
                        record: notice.hashes.record.clone(),
                        template: pdf.template.clone(),
                        policy: notice.hashes.policy.clone(),
                        fonts: pdf.fonts.clone(),
                    },
                    elements: pdf.elements.clone(),
                }
            })
            .collect();
        files.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            schema: SCHEMA,
            as_of: as_of.to_owned(),
            tool: tool(),
            files,
        }
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
        let plain = |name: &str| {
            !name.is_empty()
                && !name.starts_with('.')
                && !name.contains(['/', '\\', '\0'])
                && std::path::Path::new(name).extension().is_some_and(|end| end == "pdf")
        };
        let ours = manifest.schema == SCHEMA && manifest.tool.starts_with("relto ");
        (ours && manifest.files.iter().all(|file| plain(&file.name))).then_some(manifest)
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

fn tool() -> String {
    format!("relto {}", env!("CARGO_PKG_VERSION"))
}
