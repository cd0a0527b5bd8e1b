//! Tables for a terminal: columns as wide as they need, long cells wrapped so that nothing is lost.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::report::{Look, visible};

/// The space between two columns.
const GAP: usize = 2;

/// A column gives way down to this width.
const NARROW: usize = 10;

/// Words up to this width are kept whole as long as anything else can give way.
const LONG_WORD: usize = 24;

/// The lines of a cell that may be cut.
const CUT_LINES: usize = 3;

/// A cell and, for a look with colours, its style: the codes of an ANSI "select graphic rendition".
#[derive(Debug, Clone)]
pub struct Cell {
    text: String,
    style: &'static str,
}

impl Cell {
    pub fn plain(text: impl AsRef<str>) -> Self {
        Self::styled(text, "")
    }

    pub fn styled(text: impl AsRef<str>, style: &'static str) -> Self {
        Self {
            text: visible::line(text.as_ref()).into_owned(),
            style,
        }
    }
}

/// How a column gives way where the table is too wide.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Give {
    /// Only when nothing else can: ids are there to be copied.
    Keep,
    /// Its cells go on below, so that nothing is lost.
    Wrap,
    /// Its cells take a few lines at most and end in `…`.
    Cut,
}

/// A column: its heading, and how it gives way.
pub type Column<'a> = (&'a str, Give);

/// Renders a table under its headings, every line within the width if the columns can give way that far.
pub fn render(columns: &[Column<'_>], rows: &[Vec<Cell>], look: Look) -> String {
    let heading: Vec<Cell> = columns.iter().map(|(name, _)| Cell::styled(name, "1")).collect();
    let all: Vec<&Vec<Cell>> = std::iter::once(&heading).chain(rows).collect();
    let widths = widths(columns, &all, look.width);
    all.iter().map(|row| line(row, columns, &widths, look.colour)).collect()
}

fn widths(columns: &[Column<'_>], rows: &[&Vec<Cell>], width: usize) -> Vec<usize> {
    let cells = |at: usize| {
        rows.iter()
            .filter_map(move |row| row.get(at))
            .map(|cell| cell.text.width())
    };
    let mut widths: Vec<usize> = (0..columns.len()).map(|at| cells(at).max().unwrap_or(0)).collect();
    let total = widths.iter().sum::<usize>() + GAP * columns.len().saturating_sub(1);
    let words = |at: usize| {
        let texts = rows.iter().filter_map(move |row| row.get(at));
        texts.flat_map(|cell| cell.text.split(' ')).map(UnicodeWidthStr::width)
    };
    let longest: Vec<usize> = (0..columns.len())
        .map(|at| words(at).max().unwrap_or(0).clamp(NARROW, LONG_WORD))
        .collect();
    let mut over = total.saturating_sub(width);
    // What may be cut gives way to a readable width first, then what may be wrapped without breaking a word, then what
    // may be cut, then words break, then ids.
    for (gives, floor, whole_words) in [
        (Give::Cut, NARROW * 2, false),
        (Give::Wrap, NARROW, true),
        (Give::Cut, NARROW, false),
        (Give::Wrap, NARROW, false),
        (Give::Keep, NARROW, false),
    ] {
        while over > 0 {
            let of_kind = widths.iter_mut().zip(columns).zip(&longest);
            let can_give = of_kind
                .filter(|((width, (_, give)), longest)| {
                    *give == gives && **width > if whole_words { **longest } else { floor }
                })
                .map(|((width, _), _)| width);
            let Some(column) = can_give.max_by_key(|width| **width) else {
                break;
            };
            *column -= 1;
            over -= 1;
        }
    }
    widths
}

fn line(row: &[Cell], columns: &[Column<'_>], widths: &[usize], colour: bool) -> String {
    let cells: Vec<(Vec<String>, &str)> = row
        .iter()
        .zip(columns.iter().zip(widths))
        .map(|(cell, ((_, give), width))| {
            let lines = wrapped(&cell.text, *width);
            let lines = if *give == Give::Cut {
                shortened(lines, *width)
            } else {
                lines
            };
            (lines, cell.style)
        })
        .collect();
    let height = cells.iter().map(|(lines, _)| lines.len()).max().unwrap_or(0);
    let mut out = String::new();
    for at in 0..height {
        let mut owed = 0;
        for ((lines, style), width) in cells.iter().zip(widths) {
            let part = lines.get(at).map_or("", |line| line.trim_end());
            if !part.is_empty() {
                out.push_str(&" ".repeat(owed));
                owed = 0;
                if colour && !style.is_empty() {
                    let _ = write!(out, "\u{1b}[{style}m{part}\u{1b}[0m");
                } else {
                    out.push_str(part);
                }
            }
            owed += width.saturating_sub(part.width()) + GAP;
        }
        out.push('\n');
    }
    out
}

/// Returns the first lines, the last ending in `…` where there are more.
fn shortened(mut lines: Vec<String>, width: usize) -> Vec<String> {
    if lines.len() > CUT_LINES {
        lines.truncate(CUT_LINES);
        if let Some(last) = lines.last_mut() {
            while last.width() + 1 > width && last.pop().is_some() {}
            last.push('…');
        }
    }
    lines
}

/// Breaks a text into lines of at most `width` columns: at spaces, else after `-`, `.`, `_`, else anywhere.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let width = width.max(1);
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let mut rest = word;
        while let Some(current) = lines.last_mut() {
            let space = usize::from(!current.is_empty());
            if current.width() + space + rest.width() <= width {
                if space == 1 {
                    current.push(' ');
                }
                current.push_str(rest);
                break;
            }
            if !current.is_empty() {
                lines.push(String::new());
                continue;
            }
            let cut = cut(rest, width);
            current.push_str(&rest[..cut]);
            rest = &rest[cut..];
            if rest.is_empty() {
                break;
            }
            lines.push(String::new());
        }
    }
    lines
}

/// Where to break a word that is wider than a line.
fn cut(word: &str, width: usize) -> usize {
    let mut fits = 0;
    let mut joint = None;
    for (at, c) in word.char_indices() {
        let end = at + c.len_utf8();
        if word[..end].width() > width {
            break;
        }
        fits = end;
        if matches!(c, '-' | '.' | '_' | '/') {
            joint = Some(end);
        }
    }
    let first = word.chars().next().map_or(0, char::len_utf8);
    joint.unwrap_or(fits).max(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_at_spaces_then_joints_then_anywhere() {
        assert_eq!(wrapped("SSCI HPSCI House", 10), ["SSCI HPSCI", "House"]);
        assert_eq!(wrapped("CONTACT-ADV-PRINCIPAL", 12), ["CONTACT-ADV-", "PRINCIPAL"]);
        assert_eq!(wrapped("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrapped("李李李", 1), ["李", "李", "李"]);
        assert_eq!(wrapped("", 5), [""]);
    }

    #[test]
    fn a_table_fits_the_width() {
        let row = vec![
            Cell::plain("2025-03-18"),
            Cell::plain("RC-1"),
            Cell::plain("a ".repeat(60)),
            Cell::plain("b ".repeat(60)),
        ];
        let text = render(
            &[
                ("DUE", Give::Wrap),
                ("RECORD", Give::Keep),
                ("RECIPIENTS", Give::Wrap),
                ("TITLE", Give::Cut),
            ],
            &[row],
            Look {
                colour: false,
                width: 80,
            },
        );
        assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
    }
}
