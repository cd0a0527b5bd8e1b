//! Whether a laid-out letter is complete as a letter: addressed, dated, signed among text, its copies and enclosures
//! listed, nothing left to fill in, no empty page.

use std::collections::BTreeSet;

use typst::syntax::Span;

use crate::base::code::Code;
use crate::notice::model::{Addressee, Notice, Required};
use crate::template::lookup;
use crate::typeset::paint::Painted;
use crate::typeset::placeholder::placeholder;
use crate::typeset::verify::{Problem, Sheet, fields_with, shortened};
use crate::typeset::world::file_id;

/// What every letter shows to its addressee, as [`Required`] contents that relto itself demands.
pub(super) fn addressed(notice: &Notice, addressee: &Addressee) -> Vec<Required> {
    let signatory = &notice.agency.signatory;
    let enclosures: Vec<String> = notice
        .enclosures
        .iter()
        .enumerate()
        // A covering letter has a table of them, which is demanded on its own.
        .filter(|_| notice.transmittal.is_none())
        .map(|(at, name)| format!("{}. {name}", at + 1))
        .collect();
    let is_letter = !addressee.lines.is_empty();
    let all = [
        ("inside_address", "the inside address", addressee.lines.clone()),
        ("salutation", "the salutation", vec![addressee.salutation.clone()]),
        (
            "signature",
            "who signs",
            if is_letter {
                vec![signatory.name.clone(), signatory.title.clone()]
            } else {
                Vec::new()
            },
        ),
        ("cc", "who gets a copy", addressee.cc.clone()),
        ("enclosures", "the enclosures", enclosures),
    ];
    all.into_iter()
        .map(|(name, label, mut expect)| {
            expect.retain(|text| !text.trim().is_empty());
            Required {
                name: name.to_owned(),
                label: label.to_owned(),
                rules: Vec::new(),
                stated: true,
                expect,
                place: None,
            }
        })
        .filter(|required| !required.expect.is_empty())
        .collect()
}

/// Checks that the signature stands on a page with other text, and that no page is empty.
pub(super) fn pages(sheets: &[Sheet], problems: &mut Vec<Problem>) {
    let mut open: Vec<(String, String)> = Vec::new();
    for sheet in sheets {
        let mut lines: BTreeSet<i64> = BTreeSet::new();
        let mut signed: Option<Span> = None;
        let mut anything = false;
        for item in &sheet.items {
            match &item.painted {
                Painted::Bracket(bracket) if item.span.id() == Some(file_id(lookup::HELPERS)) => {
                    let key = (bracket.what.clone(), bracket.name.clone());
                    if bracket.start {
                        open.push(key);
                    } else if let Some(at) = open.iter().rposition(|known| *known == key) {
                        open.remove(at);
                    }
                }
                Painted::Text(run) if !item.framed && !run.text.trim().is_empty() => {
                    anything = true;
                    if open.iter().any(|(what, name)| what == "element" && name == "signature") {
                        signed.get_or_insert(item.span);
                    } else if open.iter().any(|(what, _)| what == "portion" || what == "table") {
                        #[expect(clippy::cast_possible_truncation, reason = "points on a sheet of paper")]
                        lines.insert(item.area.bottom.round() as i64);
                    }
                }
                Painted::Image | Painted::Fill(_) | Painted::Stroke(_) if !item.framed => anything = true,
                _ => {}
            }
        }
        if let (Some(span), true) = (signed, lines.is_empty()) {
            problems.push(
                Problem::new(
                    Code::LetterInvalid,
                    span,
                    format!("page {}: the signature stands alone on its page", sheet.number),
                )
                .help("print it with `closing`, which keeps two lines of text with it"),
            );
        }
        if !anything {
            problems.push(
                Problem::new(
                    Code::LetterInvalid,
                    Span::detached(),
                    format!("page {} is empty", sheet.number),
                )
                .help("take out the `colbreak` or the space that makes it"),
            );
        }
    }
}

/// Finds what a drafter meant to fill in.
pub(super) fn placeholders(sheets: &[Sheet], notice: &Notice, problems: &mut Vec<Problem>) {
    for sheet in sheets {
        for item in &sheet.items {
            let Painted::Text(run) = &item.painted else { continue };
            let Some(left) = placeholder(&run.text) else { continue };
            let from_record = notice.texts().iter().any(|(_, text)| text.contains(left));
            // Square brackets in a record may be an editor's: only what no editor writes counts there.
            if item.framed || (from_record && left.starts_with('[') && !left.to_lowercase().starts_with("[insert")) {
                continue;
            }
            let mut problem = Problem::new(
                Code::LetterInvalid,
                item.span,
                format!(
                    "page {}: something is left to fill in: `{}`",
                    sheet.number,
                    shortened(left)
                ),
            )
            .label("a placeholder")
            .help("write what belongs there, or take it out");
            if from_record {
                problem = problem.help(fields_with(notice, left));
            }
            problems.push(problem);
        }
    }
}
