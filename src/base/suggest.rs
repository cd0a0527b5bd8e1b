//! "Did you mean": the nearest of the words that would have been right.

/// Returns the candidate nearest to `word`, if it is near enough to be a slip of the hand.
///
/// Near means at most a third of the longer word in Damerau-Levenshtein distance, compared without regard to case and
/// to `-` against `_`; ties go to the candidate that comes first.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let fold = |text: &str| text.to_lowercase().replace('-', "_");
    let word = fold(word);
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&word, &fold(candidate)), candidate))
        .filter(|(distance, candidate)| *distance * 3 <= word.chars().count().max(candidate.chars().count()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
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
    }

    #[test]
    fn lists_read_as_english() {
        assert_eq!(quoted_list(["a", "b", "c"]), "`a`, `b` and `c`");
    }
}
