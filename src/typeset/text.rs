//! The text of a laid-out page, line by line from top to bottom: what a difference between two letters is shown in.

use typst::layout::Frame;

use crate::template::lookup;
use crate::typeset::paint::{Item, Painted, items};
use crate::typeset::world::file_id;

/// How far apart two baselines may lie and still be one line, in points.
const SAME_LINE: f64 = 2.5;
/// A gap between two stretches of text that counts as a blank, in points.
const BLANK: f64 = 1.2;
/// A gap that stands between two cells of a table.
const CELL: f64 = 12.0;

/// Returns the text of a page.
pub(super) fn text(frame: &Frame) -> String {
    let all = items(frame, file_id(lookup::FRAME), &mut Vec::new());
    let mut runs: Vec<(&Item, &str)> = all
        .iter()
        .filter_map(|item| match &item.painted {
            Painted::Text(run) if !run.text.trim().is_empty() => Some((item, run.text.as_str())),
            _ => None,
        })
        .collect();
    runs.sort_by(|(a, _), (b, _)| a.area.bottom.total_cmp(&b.area.bottom));
    let mut lines: Vec<Vec<(&Item, &str)>> = Vec::new();
    for run in runs {
        match lines.last_mut() {
            Some(line) if run.0.area.bottom - line[0].0.area.bottom <= SAME_LINE => line.push(run),
            _ => lines.push(vec![run]),
        }
    }
    let mut out = String::new();
    for mut line in lines {
        line.sort_by(|(a, _), (b, _)| a.area.left.total_cmp(&b.area.left));
        let mut end: Option<f64> = None;
        for (item, text) in line {
            let gap = end.map_or(0.0, |end| item.area.left - end);
            out.push_str(match gap {
                gap if gap >= CELL => "   ",
                gap if gap >= BLANK && !out.ends_with(' ') => " ",
                _ => "",
            });
            out.push_str(text);
            end = Some(item.area.right);
        }
        while out.ends_with(' ') {
            out.pop();
        }
        out.push('\n');
    }
    out
}
