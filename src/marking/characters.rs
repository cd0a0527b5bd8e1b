//! The characters of a marking: names what pasted text smuggles in, and cleans the text so that reading can go on.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::marking::problem::{self, Problem, Span};

/// Problems shown for one text; a hostile line must not cost a page.
const MOST_PROBLEMS: usize = 50;

/// A text with only plain upper case ASCII in it, and where each byte came from.
#[derive(Debug)]
pub struct Clean<'a> {
    pub text: Cow<'a, str>,
    /// For each byte of `text` the scalar index in the input; `None`: the same.
    pub origins: Option<Vec<usize>>,
    pub problems: Vec<Problem>,
    pub input_length: usize,
}

impl Clean<'_> {
    /// Translates a place of the cleaned text into one of the input.
    pub fn place(&self, span: Span) -> Span {
        let Some(origins) = &self.origins else {
            let start = span.start.min(self.input_length);
            return Span::new(start, span.length.min(self.input_length - start));
        };
        let at = |index: usize| origins.get(index).copied().unwrap_or(self.input_length);
        let start = at(span.start);
        if span.length == 0 {
            return Span::new(start, 0);
        }
        let last = at(span.start + span.length - 1);
        Span::new(start, (last + 1).min(self.input_length).saturating_sub(start))
    }
}

/// Cleans a text: look-alikes become what they look like, hidden characters and stray blanks go, letters become upper
/// case. Every change is a problem.
pub fn clean(input: &str) -> Clean<'_> {
    if is_plain(input.as_bytes()) {
        return Clean {
            text: Cow::Borrowed(input),
            origins: None,
            problems: Vec::new(),
            input_length: input.len(),
        };
    }
    let mut problems = Vec::new();
    let mut kept: Vec<(char, usize)> = Vec::with_capacity(input.len());
    let mut lower: Option<Span> = None;
    let mut count = 0;
    for (index, c) in input.chars().enumerate() {
        count = index + 1;
        if c.is_ascii_lowercase() {
            let run = lower.get_or_insert(Span::new(index, 0));
            run.length = index + 1 - run.start;
            kept.push((c.to_ascii_uppercase(), index));
            continue;
        }
        if let Some(run) = lower.take() {
            problems.push(lower_case(run));
        }
        let span = Span::new(index, 1);
        if is_allowed(c) {
            kept.push((c, index));
        } else if let Some(name) = hidden_name(c) {
            problems.push(
                Problem::new(
                    &problem::HIDDEN_CHARACTER,
                    span,
                    format!("hidden character {} {name}", point(c)),
                )
                .help("remove it"),
            );
        } else if let Some((ascii, name)) = LOOKALIKES.get(&c) {
            let shown = if *ascii == ' ' {
                "a blank".to_owned()
            } else {
                format!("`{ascii}`")
            };
            problems.push(
                Problem::new(
                    &problem::LOOKALIKE_CHARACTER,
                    span,
                    format!("{} {name} looks like {shown} and is not", point(c)),
                )
                .help(format!("type {shown} anew")),
            );
            kept.push((*ascii, index));
        } else {
            problems.push(Problem::new(
                &problem::FOREIGN_CHARACTER,
                span,
                format!("character {} is in no marking", point(c)),
            ));
            kept.push((if c.is_ascii() { c } else { '?' }, index));
        }
    }
    if let Some(run) = lower {
        problems.push(lower_case(run));
    }
    let kept = without_stray_blanks(&kept, &mut problems);
    problems.sort_by_key(|problem| problem.offset);
    if problems.len() > MOST_PROBLEMS {
        let rest = problems.len() - MOST_PROBLEMS;
        problems.truncate(MOST_PROBLEMS);
        problems.push(Problem::new(
            &problem::TOO_MANY_PROBLEMS,
            Span::new(0, count),
            format!("{rest} more problems of this marking are not shown"),
        ));
    }
    Clean {
        text: kept.iter().map(|(c, _)| *c).collect::<String>().into(),
        origins: Some(kept.iter().map(|(_, index)| *index).collect()),
        problems,
        input_length: count,
    }
}

fn lower_case(run: Span) -> Problem {
    Problem::new(&problem::LOWER_CASE, run, "markings are written in upper case").help("use upper case letters")
}

fn point(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

fn is_allowed(c: char) -> bool {
    c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, ' ' | '/' | ',' | '-' | '(' | ')' | ':' | '_')
}

/// Characters next to which no blank belongs (M16 p. 27).
fn repels_blanks(c: char) -> bool {
    matches!(c, '/' | '-' | '(' | ')')
}

/// Returns true if there is nothing to clean: the common case, without an allocation.
fn is_plain(bytes: &[u8]) -> bool {
    let mut previous = b'(';
    for &byte in bytes {
        let c = char::from(byte);
        if !is_allowed(c) {
            return false;
        }
        let before = char::from(previous);
        if c == ' ' && (before == ' ' || repels_blanks(before)) {
            return false;
        }
        if before == ' ' && (repels_blanks(c) || c == ',') {
            return false;
        }
        previous = byte;
    }
    previous != b' '
}

fn without_stray_blanks(kept: &[(char, usize)], problems: &mut Vec<Problem>) -> Vec<(char, usize)> {
    let mut out: Vec<(char, usize)> = Vec::with_capacity(kept.len());
    let mut index = 0;
    while let Some(&(c, origin)) = kept.get(index) {
        if c != ' ' {
            out.push((c, origin));
            index += 1;
            continue;
        }
        let run = kept[index..].iter().take_while(|(c, _)| *c == ' ').count();
        let before = out.last().map(|(c, _)| *c);
        let after = kept.get(index + run).map(|(c, _)| *c);
        let belongs = before.is_some_and(|c| !repels_blanks(c)) && after.is_some_and(|c| !repels_blanks(c) && c != ',');
        let stray = if belongs { run - 1 } else { run };
        if belongs {
            out.push((' ', origin));
        }
        if stray > 0 {
            let first = kept[index + run - stray].1;
            let last = kept[index + run - 1].1;
            problems.push(
                Problem::new(
                    &problem::STRAY_BLANK,
                    Span::new(first, last + 1 - first),
                    "no blank belongs here",
                )
                .help("remove it"),
            );
        }
        index += run;
    }
    out
}

/// Characters that look like those of markings (Unicode UTS 39 and relatives).
static LOOKALIKES: LazyLock<BTreeMap<char, (char, &'static str)>> = LazyLock::new(|| {
    include_str!("../../policy/vocabulary/lookalikes.csv")
        .lines()
        .skip(1)
        .filter_map(|line| {
            let (code, rest) = line.split_once(',')?;
            // the look-alike of a comma is quoted: `",",NAME`
            let (looks, name) = match rest.strip_prefix("\",\",") {
                Some(name) => (',', name),
                None => (rest.chars().next()?, rest.get(2..)?),
            };
            let c = u32::from_str_radix(code, 16).ok().and_then(char::from_u32)?;
            Some((c, (looks, name)))
        })
        .collect()
});

/// Returns the plain character that another one is mistaken for.
pub fn lookalike(c: char) -> Option<char> {
    LOOKALIKES.get(&c).map(|(plain, _)| *plain)
}

/// Returns the name of an invisible or control character.
pub fn hidden_name(c: char) -> Option<&'static str> {
    Some(match u32::from(c) {
        0x09 => "TAB",
        0x0A => "LINE FEED",
        0x0D => "CARRIAGE RETURN",
        0x85 => "NEXT LINE",
        0x00..=0x1F | 0x7F..=0x9F => "CONTROL CHARACTER",
        0xAD => "SOFT HYPHEN",
        0x34F => "COMBINING GRAPHEME JOINER",
        0x61C => "ARABIC LETTER MARK",
        0x115F | 0x1160 | 0x3164 | 0xFFA0 => "HANGUL FILLER",
        0x17B4 | 0x17B5 => "KHMER INHERENT VOWEL",
        0x180B..=0x180F => "MONGOLIAN VARIATION SELECTOR",
        0x200B => "ZERO WIDTH SPACE",
        0x200C => "ZERO WIDTH NON-JOINER",
        0x200D => "ZERO WIDTH JOINER",
        0x200E => "LEFT-TO-RIGHT MARK",
        0x200F => "RIGHT-TO-LEFT MARK",
        0x2028 => "LINE SEPARATOR",
        0x2029 => "PARAGRAPH SEPARATOR",
        0x202A => "LEFT-TO-RIGHT EMBEDDING",
        0x202B => "RIGHT-TO-LEFT EMBEDDING",
        0x202C => "POP DIRECTIONAL FORMATTING",
        0x202D => "LEFT-TO-RIGHT OVERRIDE",
        0x202E => "RIGHT-TO-LEFT OVERRIDE",
        0x2060 => "WORD JOINER",
        0x2061..=0x2064 => "INVISIBLE OPERATOR",
        0x2066 => "LEFT-TO-RIGHT ISOLATE",
        0x2067 => "RIGHT-TO-LEFT ISOLATE",
        0x2068 => "FIRST STRONG ISOLATE",
        0x2069 => "POP DIRECTIONAL ISOLATE",
        0x206A..=0x206F => "DEPRECATED FORMAT CHARACTER",
        0xFE00..=0xFE0F | 0xE0100..=0xE01EF => "VARIATION SELECTOR",
        0xFEFF => "ZERO WIDTH NO-BREAK SPACE (byte order mark)",
        0xFFF9..=0xFFFB => "INTERLINEAR ANNOTATION",
        0xE0000..=0xE007F => "TAG CHARACTER",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_costs_nothing() {
        let clean = clean("(S//REL TO USA, GBR)");
        assert!(clean.origins.is_none() && clean.problems.is_empty());
    }

    #[test]
    fn names_what_was_pasted_and_where() {
        let clean = clean("S\u{415}CRET//NOFORN\u{200b}");
        assert_eq!(clean.text, "SECRET//NOFORN");
        assert_eq!(clean.problems.len(), 2);
        assert_eq!(
            (clean.problems[0].offset, clean.problems[0].code),
            (1, "lookalike-character")
        );
        assert!(clean.problems[0].message.contains("CYRILLIC CAPITAL LETTER IE"));
        assert_eq!(
            (clean.problems[1].offset, clean.problems[1].code),
            (14, "hidden-character")
        );
    }

    #[test]
    fn blanks_around_separators_go() {
        let clean = clean(" SECRET // REL TO  USA , GBR ");
        assert_eq!(clean.text, "SECRET//REL TO USA, GBR");
        assert_eq!(clean.problems.len(), 6);
        assert_eq!(clean.place(Span::new(0, 6)), Span::new(1, 6));
    }

    #[test]
    fn a_comma_has_lookalikes_too() {
        assert_eq!(LOOKALIKES.get(&'\u{ff0c}').map(|(c, _)| *c), Some(','));
        assert_eq!(LOOKALIKES.get(&'\u{2013}'), Some(&('-', "EN DASH")));
        assert!(LOOKALIKES.len() > 700);
    }
}
