//! The examples of every diagnostic code: what gives it, and what does not. One section a code in a Markdown file.

use crate::record::kind::Kind;

/// The pages as they are written.
pub const TEXT: &str = include_str!("../../policy/explain/codes.md");

/// What a page has beside the explanation of its code.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub code: &'static str,
    /// How it comes about, where the examples do not show it.
    pub remark: &'static str,
    pub wrong: Option<Example>,
    pub right: Option<Example>,
}

/// An example: TOML, or what its form says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Example {
    /// What the text is: `record KIND`, `file`, `rule`, `rule and record`, `settings`, `line`, `template`, `letter line`,
    /// `letter`.
    pub form: &'static str,
    pub text: &'static str,
}

impl Example {
    /// Where the lines of the example stand, in words.
    pub fn place(&self) -> String {
        match self.form.strip_prefix("record ") {
            Some(kind) => Kind::named(kind).map_or_else(
                || format!("in a `{kind}` record"),
                |kind| format!("in {} record", kind.with_article()),
            ),
            None => match self.form {
                "file" => "a record file".to_owned(),
                "rule" => "in a rule".to_owned(),
                "settings" => "in relto.toml".to_owned(),
                "line" => "a line of `relto check --stdin`".to_owned(),
                "template" => "a file of the workspace".to_owned(),
                "letter line" => "a line of a letter".to_owned(),
                "letter" => "a letter below its import".to_owned(),
                _ => "a rule and a record".to_owned(),
            },
        }
    }
}

/// Returns the page of a code.
pub fn page(code: &str) -> Option<Page> {
    pages().into_iter().find(|page| page.code == code)
}

/// Returns every page, in the order of the file.
pub fn pages() -> Vec<Page> {
    TEXT.split("\n## ").skip(1).map(section).collect()
}

fn section(text: &'static str) -> Page {
    let (code, body) = text.split_once('\n').unwrap_or((text, ""));
    let mut page = Page {
        code,
        ..Page::default()
    };
    let mut parts = body.split("```");
    page.remark = parts.next().unwrap_or_default().trim();
    // Between two fences the parts are an example and the blank lines after it, in turns.
    for example in parts.step_by(2) {
        let (head, text) = example.split_once('\n').unwrap_or((example, ""));
        let head = head.split_once(' ').map_or("", |(_language, head)| head);
        if let Some(form) = head.strip_prefix("wrong ") {
            page.wrong = Some(Example { form, text });
        } else if let Some(form) = head.strip_prefix("right ") {
            page.right = Some(Example { form, text });
        }
    }
    page
}
