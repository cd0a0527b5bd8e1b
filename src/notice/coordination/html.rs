//! A copy as one HTML page: headings, tables with headings, an address; no script, no link, nothing from elsewhere. In
//! print the overall marking stands at the head and foot of every page.

use std::fmt::Write as _;

use crate::notice::coordination::blocks::{Block, Document, Lines};
use crate::notice::coordination::tables::Table;
use crate::notice::model::Portion;
use crate::report::visible;

const STYLE: &str = include_str!("coordination.css");

pub(super) fn render(document: &Document) -> String {
    let mut page = format!(
        "<!DOCTYPE html>\n<html lang=\"en-US\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"robots\" \
         content=\"noindex\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        escaped(&document.title)
    );
    let level = document.level.to_lowercase().replace(' ', "-");
    let banner = format!("<p class=\"banner {level}\">{}</p>\n", escaped(&document.banner));
    let _ = write!(page, "<header>\n{banner}</header>\n<main>\n");
    for note in &document.notes {
        let _ = writeln!(page, "<p class=\"note\">{}</p>", escaped(note));
    }
    for block in &document.body {
        push(&mut page, block);
    }
    if !document.authority.is_empty() {
        page.push_str("<dl class=\"authority\">\n");
        for (label, value) in &document.authority {
            let _ = writeln!(page, "<div><dt>{label}:</dt> <dd>{}</dd></div>", escaped(value));
        }
        page.push_str("</dl>\n");
    }
    let _ = write!(page, "</main>\n<footer>\n{banner}</footer>\n</body>\n</html>\n");
    page
}

fn push(page: &mut String, block: &Block) {
    // Writing to a string does not fail.
    let _ = match block {
        Block::Letterhead { name, address } => writeln!(
            page,
            "<div class=\"letterhead\"><p class=\"agency\">{}</p><p>{}</p></div>",
            escaped(name),
            escaped(address)
        ),
        Block::Reference { reference, date } => writeln!(
            page,
            "<p class=\"reference\"><span>Reference: {}</span> <span>{}</span></p>",
            escaped(reference),
            escaped(date)
        ),
        Block::Lines { what, lines } => {
            let lines: Vec<String> = lines.iter().map(|line| escaped(line)).collect();
            let lines = lines.join("<br>\n");
            match what {
                Lines::Address => writeln!(page, "<address>{lines}</address>"),
                Lines::Salutation | Lines::List => writeln!(page, "<p>{lines}</p>"),
                Lines::Signature => writeln!(page, "<p class=\"signature\">{lines}</p>"),
            }
        }
        Block::Alerts(alerts) => {
            page.push_str("<section class=\"alerts\" aria-label=\"Important\">\n");
            for alert in alerts {
                let _ = writeln!(page, "<p><strong>{}</strong></p>", marked(alert));
            }
            writeln!(page, "</section>")
        }
        Block::Subject(subject) => {
            writeln!(
                page,
                "<h1>({}) Subject: {}</h1>",
                escaped(&subject.mark),
                text(&subject.text)
            )
        }
        Block::Heading(heading) => writeln!(page, "<h2>{}</h2>", marked(heading)),
        Block::Paragraph(portion) => writeln!(page, "<p>{}</p>", marked(portion)),
        Block::Table(table) => writeln!(page, "{}", table_of(table)),
    };
}

fn table_of(table: &Table) -> String {
    let mut out = format!(
        "<table>\n<caption>({}) {}</caption>\n<thead><tr>",
        escaped(&table.mark),
        escaped(&table.caption)
    );
    for name in &table.header {
        let _ = write!(out, "<th scope=\"col\">{}</th>", escaped(name));
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for (at, row) in table.rows.iter().enumerate() {
        let total = table.total && at + 1 == table.rows.len();
        out.push_str(if total { "<tr class=\"total\">" } else { "<tr>" });
        for (column, cell) in row.iter().enumerate() {
            let _ = match column {
                0 => write!(out, "<th scope=\"row\">{}</th>", text(cell)),
                _ => write!(out, "<td>{}</td>", text(cell)),
            };
        }
        out.push_str("</tr>\n");
    }
    out.push_str("</tbody>\n</table>");
    out
}

/// A portion with its mark; its text is set apart, so that a name in another script leaves the order of the rest alone.
fn marked(portion: &Portion) -> String {
    format!("({}) {}", escaped(&portion.mark), text(&portion.text))
}

fn text(text: &str) -> String {
    format!("<bdi>{}</bdi>", escaped(text))
}

/// Text that is nothing but text, whatever stands in it.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in visible::line(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}
