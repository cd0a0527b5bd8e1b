//! "Did you mean": the nearest of the words that would have been right.

/// Returns the candidate nearest to `word`, if it is near enough to be a slip of the hand.
///
/// Near means at most a third of the longer word in Damerau-Levenshtein distance, compared without regard to case and
/// to `-` against `_`. Among candidates that are equally near, one of the same letters in another order goes first (`RUS`
/// for `RSU`), then one that begins with the same letter (`HFAC` for `HFRC`), then the one that comes first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |text: &str| text.to_lowercase().replace('-', "_");
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let word = fold(word);
    let letters = word.chars().count();
    let near = |distance: usize, candidate: &str| distance * 3 <= letters.max(candidate.chars().count());
    candidates
        .into_iter()
        // the distance is dear and most candidates share few letters
        .filter(|candidate| near(at_least(&word, candidate), candidate))
        .map(|candidate| (strsim::damerau_levenshtein(&word, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| near(*distance, candidate))
        .min_by_key(|(distance, candidate)| {
            let candidate = fold(candidate);
            let other_letters = sorted(&candidate) != sorted(&word);
            let other_start = candidate.chars().next() != word.chars().next();
            (*distance, other_letters, other_start)
        })
        .map(|(_, candidate)| candidate)
}

/// How many changes it takes at the least: the letters that one word has and the other lacks.
fn at_least(folded: &str, candidate: &str) -> usize {
    let mut count = [0i32; 128];
    let mut other = 0;
    for c in folded.chars() {
        match count.get_mut(c as usize) {
            Some(count) => *count += 1,
            None => other += 1,
        }
    }
    for c in candidate.chars() {
        let c = if c == '-' { '_' } else { c.to_ascii_lowercase() };
        match count.get_mut(c as usize) {
            Some(count) => *count -= 1,
            // letters beyond ASCII may be the same ones
            None => return 0,
        }
    }
    let more: i32 = count.iter().filter(|count| **count > 0).sum();
    let fewer: i32 = count.iter().filter(|count| **count < 0).sum();
    usize::try_from(more.max(-fewer - other)).unwrap_or(0)
}

/// Returns the candidate that can only be meant: near as for [`nearest`], spelt with four letters or more, and nearer by
/// two changes than every other one.
pub fn clear<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let fold = |text: &str| text.to_lowercase().replace('-', "_");
    let near = nearest(word, candidates.clone())?;
    let distance = |candidate: &str| strsim::damerau_levenshtein(&fold(word), &fold(candidate));
    let others = candidates.into_iter().filter(|other| *other != near);
    let next = others.map(distance).min().unwrap_or(usize::MAX);
    (near.len() >= 4 && distance(near).saturating_add(2) <= next).then_some(near)
}

/// Returns `a`, `b` and `c` as one English list, each in backquotes.
pub fn quoted_list<'a>(items: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = items.into_iter().map(|item| format!("`{item}`")).collect();
    match quoted.as_slice() {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// Returns the first `most` of a list and how many more there are: "a, b and 9 more"; all of a short list, with commas.
pub fn first_few<T: AsRef<str>>(items: &[T], most: usize) -> String {
    let shown: Vec<&str> = items.iter().take(most).map(AsRef::as_ref).collect();
    match items.len().saturating_sub(most) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_slips_and_leaves_strangers_alone() {
        assert_eq!(
            nearest("covert_acton", ["covert_action", "facts"]),
            Some("covert_action")
        );
        assert_eq!(
            nearest("covert-action", ["covert_action", "facts"]),
            Some("covert_action")
        );
        assert_eq!(nearest("banana", ["covert_action", "facts"]), None);
        assert_eq!(nearest("RSU", ["REU", "RUS"]), Some("RUS"));
        assert_eq!(nearest("HFRC", ["SFRC", "HFAC"]), Some("HFAC"));
    }

    #[test]
    fn clear_is_what_can_only_be_meant() {
        assert_eq!(clear("covert_acton", ["covert_action", "facts"]), Some("covert_action"));
        assert_eq!(clear("Mode", ["mode", "nodes"]), Some("mode"));
        assert_eq!(clear("given_b", ["given_a", "given_c"]), None);
        assert_eq!(clear("yse", ["yes", "no"]), None);
    }

    #[test]
    fn lists_read_as_english() {
        assert_eq!(quoted_list(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(first_few(&["a", "b", "c"], 2), "a, b and 1 more");
        assert_eq!(first_few(&["a", "b"], 2), "a, b");
    }
}
