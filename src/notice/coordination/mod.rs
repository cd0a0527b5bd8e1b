//! Coordination copies: a notice as plain text or as one HTML page, for reading and commenting before the PDF is signed.
//!
//! They are made from the same data as the PDF, and in the same order. The overall marking stands first and last and, in
//! print, on every page; every portion bears its mark. Nothing in a copy acts: no script, no link, nothing from elsewhere.

mod blocks;
mod html;
mod order;
mod tables;
mod text;

use crate::notice::model::{Addressee, Notice};

/// How a copy is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    Text,
    Html,
}

/// Whose words the PDF is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wording {
    /// Those of relto's own letter, which are those of the copy.
    Shipped,
    /// The workspace's letter or one of its parts; the copy says that its words may differ.
    Workspace,
}

impl Form {
    /// The name of the copy of a PDF: `RC-1--SSCI.txt` of `RC-1--SSCI.pdf`.
    pub fn name(self, pdf: &str) -> String {
        let ending = match self {
            Form::Text => "txt",
            Form::Html => "html",
        };
        format!("{}.{ending}", pdf.strip_suffix(".pdf").unwrap_or(pdf))
    }
}

/// Returns the copy of a notice for one of its addressees. The same notice gives the same bytes.
pub fn copy(notice: &Notice, addressee: &Addressee, form: Form, wording: Wording) -> String {
    let document = blocks::document(notice, addressee, wording);
    match form {
        Form::Text => text::render(&document),
        Form::Html => html::render(&document),
    }
}
