//! Whether a letter is worth setting once more, a little smaller: where its last page holds little, and all of it would go
//! on one page less.

use crate::typeset::verify::Sheet;

/// What smaller letters and less space leave of a letter's height, 0.86 to 0.90 over the samples, and what the ends of pages
/// lose: a letter that needs less room than this is not worth a second layout.
const SHRINKS_TO: f64 = 0.91;
/// Share of the last page from which on it may stay.
const ENOUGH: f64 = 0.5;

/// Says whether smaller letters may well save the last page.
pub(super) fn may_save_a_page(sheets: &[Sheet]) -> bool {
    let Some((last, others)) = sheets.split_last() else {
        return false;
    };
    let room: f64 = others.iter().map(Sheet::room).sum();
    let filled: f64 = sheets.iter().map(Sheet::filled).sum();
    !others.is_empty() && last.filled() < ENOUGH * last.room() && filled * SHRINKS_TO < room
}
