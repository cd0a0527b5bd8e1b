//! The search for a record: from a few drafts, one change after another, until the score is nothing.

use std::collections::BTreeSet;

use crate::evaluate::draft::Draft;
use crate::evaluate::moves::Move;

/// More drafts than this are not judged: the answer is that none was found.
const LIMIT: usize = 1500;

/// Looks for a draft whose score is 0, by the best of all single changes, and by two at once where no single one helps.
/// The score is how far a draft is from what is wanted; nothing for one that cannot be judged.
pub(super) fn search(
    seeds: Vec<Draft>,
    moves: &[Move],
    score: &mut dyn FnMut(&Draft) -> Option<usize>,
) -> Option<Draft> {
    let mut judged = 0;
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut judge = |draft: &Draft| -> Option<usize> {
        if judged >= LIMIT || !seen.insert(format!("{}{}", draft.as_of, draft.print(""))) {
            return None;
        }
        judged += 1;
        score(draft)
    };
    let mut starts: Vec<(usize, Draft)> = seeds
        .into_iter()
        .filter_map(|draft| Some((judge(&draft)?, draft)))
        .collect();
    starts.sort_by_key(|(score, _)| *score);
    for (score, draft) in starts.into_iter().take(4) {
        if let Some(found) = climb(score, draft, moves, &mut judge) {
            return Some(found);
        }
    }
    None
}

fn climb(
    mut score: usize,
    mut draft: Draft,
    moves: &[Move],
    judge: &mut dyn FnMut(&Draft) -> Option<usize>,
) -> Option<Draft> {
    while score > 0 {
        let (next, better) = step(score, &draft, moves, judge).or_else(|| {
            moves.iter().find_map(|first| {
                let half = first.apply(&draft);
                step(score, &half, moves, judge)
            })
        })?;
        score = next;
        draft = better;
    }
    Some(draft)
}

/// The best single change that comes nearer; the first of equally good ones.
fn step(
    score: usize,
    draft: &Draft,
    moves: &[Move],
    judge: &mut dyn FnMut(&Draft) -> Option<usize>,
) -> Option<(usize, Draft)> {
    let mut best: Option<(usize, Draft)> = None;
    for change in moves {
        let next = change.apply(draft);
        if let Some(found) = judge(&next)
            && found < best.as_ref().map_or(score, |(least, _)| *least)
        {
            best = Some((found, next));
            if found == 0 {
                break;
            }
        }
    }
    best
}
