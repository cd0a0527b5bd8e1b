//! A copy as plain text: UTF-8, lines of at most 76 columns, read from top to bottom without any drawing.

use unicode_width::UnicodeWidthStr;

use crate::notice::coordination::blocks::{Block, Document};
use crate::notice::coordination::tables::Table;
use crate::notice::model::Portion;
use crate::report::table::wrapped;
use crate::report::visible;

const WIDTH: usize = 76;
/// How far a table is set in.
const INDENT: usize = 2;
/// The space between two columns.
const GAP: usize = 2;

pub(super) fn render(document: &Document) -> String {
    let mut page = Page(String::new());
    page.banner(&document.banner);
    for note in &document.notes {
        page.paragraph(note, 0);
    }
    page.gap();
    for block in &document.body {
        page.block(block);
    }
    if !document.authority.is_empty() {
        page.gap();
        for (label, value) in &document.authority {
            page.paragraph(&format!("{label}: {value}"), INDENT);
        }
    }
    page.gap();
    page.banner(&document.banner);
    page.0
}

struct Page(String);

impl Page {
    fn line(&mut self, line: &str) {
        self.0.push_str(line.trim_end());
        self.0.push('\n');
    }

    /// An empty line, if the last one is not empty already.
    fn gap(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with("\n\n") {
            self.0.push('\n');
        }
    }

    fn banner(&mut self, banner: &str) {
        for line in wrapped(&visible::line(banner), WIDTH) {
            self.line(&line);
        }
        self.line("");
    }

    /// A paragraph; all lines but the first are set in.
    fn paragraph(&mut self, text: &str, hanging: usize) {
        for (at, line) in wrapped(&visible::line(text), WIDTH - hanging).iter().enumerate() {
            let indent = if at == 0 { 0 } else { hanging };
            self.line(&format!("{:indent$}{line}", ""));
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Letterhead { name, address } => {
                self.paragraph(&name.to_uppercase(), 0);
                self.paragraph(address, 0);
            }
            Block::Reference { reference, date } => {
                self.paragraph(&format!("Reference: {reference}"), INDENT);
                self.paragraph(&format!("Date: {date}"), INDENT);
            }
            Block::Lines { lines, .. } => {
                for line in lines {
                    self.paragraph(line, INDENT);
                }
            }
            Block::Alerts(alerts) => {
                for alert in alerts {
                    self.paragraph(&format!("({}) IMPORTANT: {}", alert.mark, alert.text), INDENT);
                }
            }
            Block::Subject(subject) => self.paragraph(&format!("({}) Subject: {}", subject.mark, subject.text), INDENT),
            Block::Heading(heading) => {
                self.gap();
                let text = visible::line(&marked(heading)).into_owned();
                self.paragraph(&text, 0);
                self.line(&"-".repeat(text.width().min(WIDTH)));
                return;
            }
            Block::Paragraph(portion) => self.paragraph(&marked(portion), 0),
            Block::Table(table) => self.table(table),
        }
        self.gap();
    }

    /// Side by side where every row fits on a line; else each row as a list of its cells with their headings.
    fn table(&mut self, table: &Table) {
        self.paragraph(&format!("({}) {}", table.mark, table.caption), 0);
        let all = || std::iter::once(&table.header).chain(&table.rows);
        let widths: Vec<usize> = (0..table.header.len())
            .map(|at| {
                let cells = all().filter_map(|row| row.get(at));
                cells.map(|cell| visible::line(cell).width()).max().unwrap_or(0)
            })
            .collect();
        let whole = INDENT + widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
        self.gap();
        if whole <= WIDTH {
            for row in all() {
                self.line(&side_by_side(row, &widths));
            }
            return;
        }
        for (at, row) in table.rows.iter().enumerate() {
            if at > 0 && table.header.len() > 2 {
                self.gap();
            }
            self.listed(row, &table.header);
        }
    }

    fn listed(&mut self, row: &[String], header: &[String]) {
        let pairs: Vec<(&str, &str)> = match row {
            // The heading of the first of two columns says nothing that the row does not.
            [label, value] => vec![(label, value)],
            row => header
                .iter()
                .map(String::as_str)
                .zip(row.iter().map(String::as_str))
                .collect(),
        };
        for (label, value) in pairs {
            let text = format!("{label}: {value}");
            for (at, line) in wrapped(&visible::line(&text), WIDTH - 2 * INDENT).iter().enumerate() {
                let indent = if at == 0 { INDENT } else { 2 * INDENT };
                self.line(&format!("{:indent$}{line}", ""));
            }
        }
    }
}

fn marked(portion: &Portion) -> String {
    format!("({}) {}", portion.mark, portion.text)
}

fn side_by_side(row: &[String], widths: &[usize]) -> String {
    let mut line = " ".repeat(INDENT);
    for (cell, width) in row.iter().zip(widths) {
        let cell = visible::line(cell);
        line.push_str(&cell);
        line.push_str(&" ".repeat(width.saturating_sub(cell.width()) + GAP));
    }
    line
}
