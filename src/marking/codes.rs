//! Lists of codes: reads, checks and orders them (M16 pp. 56, 124, 151, 163).

use crate::marking::parse::Reader;
use crate::marking::problem::{self, Problem, Span};
use crate::marking::vocabulary::Standing;

/// Which list is being read; each has its own separator and its own place for USA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum List {
    RelTo,
    DisplayOnly,
    Fgi,
    Owners,
    Joint,
}

impl List {
    fn separator(self) -> char {
        match self {
            List::RelTo | List::DisplayOnly => ',',
            List::Fgi | List::Owners | List::Joint => ' ',
        }
    }

    fn name(self) -> &'static str {
        match self {
            List::RelTo => "REL TO",
            List::DisplayOnly => "DISPLAY ONLY",
            List::Fgi => "FGI",
            List::Owners => "owner",
            List::Joint => "JOINT",
        }
    }
}

/// A code and where it stands.
#[derive(Debug, Clone, Copy)]
struct Item<'a> {
    code: &'a str,
    span: Span,
    /// Nothing: it is in no vocabulary.
    standing: Option<Standing>,
}

impl<'a> Item<'a> {
    /// Countries A to Z, then organizations A to Z.
    fn order(self) -> (bool, &'a str) {
        (self.standing.is_some_and(|standing| standing.organization), self.code)
    }
}

impl<'a> Reader<'a> {
    /// Reads a list that begins at `start`, reports everything wrong with it, and returns it in order, without duplicates.
    /// USA is left out of a REL TO list, which must begin with it.
    pub(super) fn read_list(&mut self, list: List, text: &'a str, start: usize) -> Vec<String> {
        let items = self.split_list(list, text, start);
        for item in &items {
            self.check_code(*item);
        }
        self.check_duplicates(&items);
        self.check_usa(list, &items, Span::new(start, text.len()));
        self.check_order(list, &items);
        let mut ordered = items;
        ordered.retain(|item| list != List::RelTo || item.code != "USA");
        ordered.sort_by_key(|item| item.order());
        let mut codes: Vec<String> = ordered.into_iter().map(|item| item.code.to_owned()).collect();
        codes.dedup();
        codes
    }

    fn split_list(&mut self, list: List, text: &'a str, start: usize) -> Vec<Item<'a>> {
        // three letters and a separator are the least that a code takes
        let mut items: Vec<Item<'a>> = Vec::with_capacity(text.len() / 4 + 1);
        let mut at = 0;
        let mut after_and = false;
        // each word, and what stood between it and the one before
        while at < text.len() {
            let gap_length = text[at..].bytes().take_while(|b| matches!(b, b' ' | b',')).count();
            let gap = &text[at..at + gap_length];
            let word_start = at + gap_length;
            let word_length = text[word_start..]
                .bytes()
                .take_while(|b| !matches!(b, b' ' | b','))
                .count();
            let right = match (items.is_empty(), list.separator()) {
                (true, _) => gap.is_empty(),
                (false, ',') => gap == ", ",
                (false, _) => gap == " ",
            };
            if word_length == 0 {
                self.slip(
                    &problem::LIST_SEPARATOR,
                    Span::new(start + at, gap_length),
                    format!("the {} list ends with a separator", list.name()),
                    "remove it",
                );
                break;
            }
            let word = &text[word_start..word_start + word_length];
            // Andorra has the letters of the old connective, which stands between two codes, with no comma after it.
            let next = text.as_bytes().get(word_start + word_length);
            let andorra = word == "AND"
                && match list.separator() {
                    ',' => (items.is_empty() || gap.contains(',')) && next != Some(&b' '),
                    _ => items.is_empty() || next.is_none(),
                };
            if matches!(word, "AND" | "OR") && !andorra {
                self.slip(
                    &problem::LEGACY_MARKING,
                    Span::new(start + word_start, word_length),
                    format!("`{word}` in a list of codes was abolished in July 2005"),
                    "separate codes by a comma and a space",
                );
                after_and = true;
            } else {
                if !right && !after_and {
                    let (wanted, shown) = if list.separator() == ',' {
                        ("a comma and a space", "`, `")
                    } else {
                        ("a single space", "a space")
                    };
                    self.slip(
                        &problem::LIST_SEPARATOR,
                        Span::new(start + at, gap_length.max(1)),
                        format!("codes of a {} list are separated by {wanted}", list.name()),
                        &format!("write {shown} before {word}"),
                    );
                }
                after_and = false;
                items.push(Item {
                    code: word,
                    span: Span::new(start + word_start, word_length),
                    standing: self.vocabulary.standing(word),
                });
            }
            at = word_start + word_length;
        }
        items
    }

    fn check_code(&mut self, item: Item<'_>) {
        let vocabulary = self.vocabulary;
        let Some(standing) = item.standing else {
            let mut problem = Problem::new(
                &problem::UNKNOWN_COUNTRY_CODE,
                item.span,
                format!("`{}` is not a code of the vocabulary", item.code),
            );
            if let Some(meant) = vocabulary.suggest(item.code) {
                let name = vocabulary.display_name(&meant).unwrap_or_default().to_owned();
                problem = problem.help(format!("did you mean `{meant}` ({name})?"));
            }
            self.refuse(problem);
            return;
        };
        if let (Some(last), Some(on)) = (standing.deprecated, self.on)
            && on > last
        {
            self.refuse(
                Problem::new(
                    &problem::DEPRECATED_CODE,
                    item.span,
                    format!("`{}` was retired after {last}", item.code),
                )
                .help("name the countries, or a code in force"),
            );
        }
    }

    fn check_duplicates(&mut self, items: &[Item<'_>]) {
        for (index, item) in items.iter().enumerate() {
            if items[..index].iter().any(|earlier| earlier.code == item.code) {
                self.slip(
                    &problem::DUPLICATE_CODE,
                    item.span,
                    format!("`{}` is listed twice", item.code),
                    "list it once",
                );
            }
        }
    }

    fn check_usa(&mut self, list: List, items: &[Item<'_>], whole: Span) {
        let place = items.iter().position(|item| item.code == "USA");
        match (list, place) {
            (List::RelTo, None) if !items.is_empty() => {
                self.refuse(
                    Problem::new(&problem::USA_FIRST, items[0].span, "the REL TO list lacks USA")
                        .help("write `REL TO USA, …` if the United States released it"),
                );
            }
            (List::RelTo, Some(place)) if place > 0 => {
                self.slip(
                    &problem::USA_FIRST,
                    items[place].span,
                    "USA must stand first in a REL TO list",
                    "write `REL TO USA, …`",
                );
            }
            (List::RelTo, Some(0)) if items.iter().all(|item| item.code == "USA") => {
                self.refuse(
                    Problem::new(
                        &problem::REL_TO_USA_ALONE,
                        whole,
                        "`REL TO USA` is not an authorized marking",
                    )
                    .help("name at least one other country or organization, or write NOFORN"),
                );
            }
            (List::DisplayOnly | List::Fgi | List::Owners, Some(place)) => {
                self.refuse(
                    Problem::new(
                        &problem::USA_IN_LIST,
                        items[place].span,
                        format!(
                            "USA does not belong in a list of {}",
                            if list == List::DisplayOnly {
                                "DISPLAY ONLY"
                            } else {
                                "foreign sources"
                            }
                        ),
                    )
                    .help("leave USA out"),
                );
            }
            _ => {}
        }
    }

    fn check_order(&mut self, list: List, items: &[Item<'_>]) {
        let written = items
            .iter()
            .copied()
            .filter(|item| list != List::RelTo || item.code != "USA");
        if written.clone().is_sorted_by_key(Item::order) {
            return;
        }
        let written: Vec<Item<'_>> = written.collect();
        let mut sorted = written.clone();
        sorted.sort_by_key(|item| item.order());
        let mut ordered: Vec<&str> = sorted.iter().map(|item| item.code).collect();
        let wrong = written.iter().zip(&ordered).find(|(item, code)| item.code != **code);
        let Some((item, first)) = wrong.map(|(item, code)| (*item, *code)) else {
            return;
        };
        ordered.dedup();
        let separator = if list.separator() == ',' { ", " } else { " " };
        let usa = if list == List::RelTo { "USA, " } else { "" };
        self.slip(
            &problem::LIST_ORDER,
            item.span,
            format!(
                "`{}` stands before `{first}`: countries A to Z, then organizations A to Z",
                item.code
            ),
            &format!("write `{usa}{}`", ordered.join(separator)),
        );
    }
}
