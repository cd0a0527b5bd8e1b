//! Portion marks and required contents on the pages: nothing readable stands outside a marked portion, and what the rules
//! demand can be read.

use std::collections::BTreeMap;

use typst::syntax::Span;

use crate::base::code::Code;
use crate::notice::model::{Addressee, Notice};
use crate::template::lookup;
use crate::typeset::complete;
use crate::typeset::narrative;
use crate::typeset::paint::{Bracket, Item, Painted};
use crate::typeset::verify::{Problem, Sheet, shortened, squeezed, unseen};
use crate::typeset::world::file_id;

/// A bracket that was opened and not yet closed, with what was read inside it.
struct Open {
    what: String,
    name: String,
    /// By page.
    text: Vec<(usize, String)>,
    span: Span,
    /// What is painted inside it comes from there.
    spans: Vec<Span>,
    /// A second paragraph inside one portion, and where.
    second: bool,
    /// Inside `unmarked`: each stretch of text, and where it was written.
    runs: Vec<(String, Span)>,
}

/// Reads the pages through. Returns the page on which each required element starts.
pub(super) fn check(
    sheets: &[Sheet],
    notice: &Notice,
    addressee: &Addressee,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, usize> {
    let mut reader = Reader {
        notice,
        plain: plain_words(notice, addressee),
        open: Vec::new(),
        around: Vec::new(),
        elements: BTreeMap::new(),
        changed: Vec::new(),
        problems,
    };
    for sheet in sheets {
        for (at, item) in sheet.items.iter().enumerate() {
            match &item.painted {
                Painted::Bracket(bracket) if item.span.id() == Some(file_id(lookup::HELPERS)) => {
                    reader.bracket(bracket, item.span);
                }
                Painted::Aside(start) => reader.aside(*start),
                Painted::Paragraph => reader.paragraph(item.span),
                Painted::Text(run) if !item.framed => {
                    let readable = unseen(sheet, at).is_none();
                    reader.painted(item);
                    reader.text(&run.text, readable, sheet.number, item.span);
                }
                Painted::Fill(_) | Painted::Stroke(_) | Painted::Image if !item.framed => reader.painted(item),
                _ => {}
            }
        }
    }
    let (found, changed) = (reader.elements, reader.changed);
    let before = problems.len();
    let pages = required(notice, addressee, &found, problems);
    // Where a rule demands the narrative and its words are missing, that is said already.
    let said = |name: &str, problems: &[Problem]| {
        problems[before..]
            .iter()
            .any(|problem| problem.element.as_deref() == Some(name))
    };
    for (name, problem) in changed {
        if !said(&name, problems) {
            problems.push(problem);
        }
    }
    pages
}

struct Reader<'a> {
    notice: &'a Notice,
    plain: Vec<String>,
    open: Vec<Open>,
    /// The brackets open around a footnote or float while that is read.
    around: Vec<Vec<Open>>,
    elements: BTreeMap<String, Vec<Vec<(usize, String)>>>,
    /// By field, what to say of narratives whose words are not the record's.
    changed: Vec<(String, Problem)>,
    problems: &'a mut Vec<Problem>,
}

impl Reader<'_> {
    fn bracket(&mut self, bracket: &Bracket, span: Span) {
        if bracket.start {
            self.open.push(Open {
                what: bracket.what.clone(),
                name: bracket.name.clone(),
                text: Vec::new(),
                span,
                spans: Vec::new(),
                second: false,
                runs: Vec::new(),
            });
            return;
        }
        let same = |open: &Open| open.what == bracket.what && open.name == bracket.name;
        let Some(at) = self.open.iter().rposition(same) else {
            return;
        };
        let closed = self.open.remove(at);
        self.close(closed);
    }

    /// A footnote stands on the page amid other text, yet outside its brackets: it needs a mark of its own.
    fn aside(&mut self, start: bool) {
        if start {
            self.around.push(std::mem::take(&mut self.open));
        } else if let Some(open) = self.around.pop() {
            self.open = open;
        }
    }

    fn close(&mut self, closed: Open) {
        let text = closed.text.iter().map(|(_, text)| text.as_str()).collect::<String>();
        match closed.what.as_str() {
            "portion" | "table" => {
                let mark = format!("({})", closed.name);
                if !squeezed(&text).starts_with(&squeezed(&mark)) {
                    self.problems.push(
                        Problem::new(
                            Code::PortionUnmarked,
                            closed.span,
                            format!("a portion that does not begin with its mark {mark}"),
                        )
                        .label(format!("it reads `{}`", shortened(&text)))
                        .help("the mark comes first: put nothing before it, and leave its words as they are")
                        .near(closed.spans.clone(), Some(closed.name.clone())),
                    );
                }
                if closed.name != "U" && !self.notice.marks.contains(&closed.name) {
                    self.problems.push(
                        Problem::new(
                            Code::BannerCheck,
                            closed.span,
                            format!("a portion is marked {mark}, which the banner was not computed from"),
                        )
                        .label("a mark that the record does not have")
                        .help(self.marks_to_use())
                        .near(closed.spans, Some(closed.name)),
                    );
                }
            }
            "element" if !closed.text.is_empty() => {
                if let Some(why) = narrative::changed(self.notice, &closed.name, &text) {
                    let problem = Problem::new(
                        Code::LetterInvalid,
                        closed.span,
                        format!("the letter changes the words of the record in `{}`", closed.name),
                    )
                    .label(why.words())
                    .help(format!(
                        "print the narrative with `section(\"{0}\")` or `sections()` as it stands, or leave it out; the \
                         record's field `{0}` is where its words are changed",
                        closed.name
                    ))
                    .near(closed.spans, Some(closed.name.clone()));
                    self.changed.push((closed.name.clone(), problem));
                }
                self.elements.entry(closed.name).or_default().push(closed.text);
            }
            "unmarked" => {
                let rest = without(&letters(&text), &self.plain);
                if !rest.is_empty() {
                    let stray = |(run, _): &&(String, Span)| !without(&letters(run), &self.plain).is_empty();
                    let (words, span) = closed
                        .runs
                        .iter()
                        .find(stray)
                        .map_or((rest.as_str(), closed.span), |(run, span)| (run.trim(), *span));
                    self.problems.push(
                        Problem::new(
                            Code::PortionUnmarked,
                            span,
                            format!("text without a portion mark: `{}`", shortened(words)),
                        )
                        .help("only addresses, dates, salutation, signature and copies stand without a mark; for anything else write `para(\"U\")[…]`")
                        .near(closed.spans, None),
                    );
                }
            }
            _ => {}
        }
    }

    /// A portion is one paragraph: a second one would stand without a mark.
    fn paragraph(&mut self, span: Span) {
        let Some(inner) = self.open.iter_mut().rev().find(|open| open.what != "element") else {
            return;
        };
        if inner.what == "portion" && !inner.text.is_empty() && !inner.second {
            inner.second = true;
            self.problems.push(
                Problem::new(
                    Code::PortionUnmarked,
                    span,
                    "a second paragraph without a mark of its own",
                )
                .help("give every paragraph its own `#para(\"…\")[…]`")
                .near(inner.spans.clone(), Some(inner.name.clone())),
            );
        }
    }

    /// Notes where what is painted comes from, in every bracket that is open around it.
    fn painted(&mut self, item: &Item) {
        for open in &mut self.open {
            for span in item.spans() {
                if open.spans.last() != Some(&span) {
                    open.spans.push(span);
                }
            }
        }
    }

    /// Which marks a letter may give to `para`, and from where it takes them.
    fn marks_to_use(&self) -> String {
        let own: Vec<&str> = self
            .notice
            .marks
            .iter()
            .map(String::as_str)
            .filter(|mark| *mark != "U")
            .collect();
        match own.as_slice() {
            [] => "write `para(\"U\")[…]`: the record has no other mark".to_owned(),
            own => format!(
                "take the mark from the notice, as in `para(notice.summary.mark)[…]`; beside (U) the record has ({})",
                own.join("), (")
            ),
        }
    }

    fn text(&mut self, text: &str, readable: bool, page: usize, span: Span) {
        let marked = self.open.iter().any(|open| open.what != "element");
        if !marked && text.chars().any(char::is_alphabetic) {
            self.problems.push(
                Problem::new(Code::PortionUnmarked, span, "text without a portion mark")
                    .label(format!("`{}`", shortened(text)))
                    .help("write `#para(\"U\")[…]` with the right mark"),
            );
        }
        if text.trim().is_empty() {
            return;
        }
        for open in &mut self.open {
            // Marks and salutations count as printed, elements only as read.
            if readable || open.what != "element" {
                match open.text.last_mut() {
                    Some((last, on_page)) if *last == page => on_page.push_str(text),
                    _ => open.text.push((page, text.to_owned())),
                }
                if open.what == "unmarked" {
                    open.runs.push((text.to_owned(), span));
                }
            }
        }
    }
}

/// Holds what the rules demand against what can be read.
fn required(
    notice: &Notice,
    addressee: &Addressee,
    found: &BTreeMap<String, Vec<Vec<(usize, String)>>>,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, usize> {
    let mut pages = BTreeMap::new();
    for element in notice.required.iter().chain(&complete::addressed(notice, addressee)) {
        let places: Vec<(usize, String)> = found
            .get(&element.name)
            .into_iter()
            .flatten()
            .flatten()
            .map(|(page, text)| (*page, squeezed(text)))
            .collect();
        let missing = element.expect.iter().find(|text| !reads(&places, &squeezed(text)));
        match (places.first(), missing) {
            (Some((page, _)), None) => {
                pages.insert(element.name.clone(), *page);
            }
            (place, _) => {
                let what = &element.label;
                let by = match element.rules.as_slice() {
                    [] => String::new(),
                    rules => format!(", which {} demands", rules.join(" and ")),
                };
                let why = match (place, missing) {
                    (Some(_), Some(text)) => format!("`{}` cannot be read in it", shortened(text)),
                    _ => "it is on no page".to_owned(),
                };
                problems.push(
                    Problem::new(
                        Code::ElementMissing,
                        Span::detached(),
                        format!("the letter does not show {what} (`{}`){by}: {why}", element.name),
                    )
                    .element(&element.name)
                    .help("print it with the part of that name, or with `section` or `particulars`"),
                );
            }
        }
    }
    // What no rule demands and stands there all the same has its page too.
    for (name, places) in found {
        if let Some((page, _)) = places.iter().flatten().next() {
            pages.entry(name.clone()).or_insert(*page);
        }
    }
    pages
}

/// Whether `text` was read, whole or continued over pages; a repeated table header may stand in between.
///
/// Lines of a right-to-left script come out in the order they are painted in, so only their characters are compared.
fn reads(pages: &[(usize, String)], text: &str) -> bool {
    let mut rest = text;
    for (_, read) in pages {
        rest = rest.get(longest_prefix(rest, read)..).unwrap_or_default();
    }
    if rest.is_empty() {
        return true;
    }
    let right_to_left = |c: char| matches!(u32::from(c), 0x590..=0x8ff | 0xfb1d..=0xfdff | 0xfe70..=0xfeff);
    text.chars().any(right_to_left) && {
        let mut have: BTreeMap<char, usize> = BTreeMap::new();
        for c in pages.iter().flat_map(|(_, read)| read.chars()) {
            *have.entry(c).or_insert(0) += 1;
        }
        text.chars().all(|c| {
            have.get_mut(&c).is_some_and(|count| {
                let left = *count > 0;
                *count = count.saturating_sub(1);
                left
            })
        })
    }
}

/// The length of the longest beginning of `text` that stands in `read`.
fn longest_prefix(text: &str, read: &str) -> usize {
    let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
    let fits = ends.partition_point(|end| text.get(..*end).is_some_and(|start| read.contains(start)));
    if fits == 0 { 0 } else { ends[fits - 1] }
}

/// The months as letters print them: `typeset` sees notices and templates, and no calendar.
pub(super) const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// What a letter prints without a mark, longest first.
fn plain_words(notice: &Notice, addressee: &Addressee) -> Vec<String> {
    let agency = &notice.agency;
    let month = MONTHS[(notice.date.month as usize + 11) % 12];
    let mut words = vec![
        agency.name.clone(),
        agency.name.to_uppercase(),
        agency.signatory.name.clone(),
        agency.signatory.title.clone(),
        notice.reference.clone(),
        notice.id.clone(),
        format!("{month} {}, {}", notice.date.day, notice.date.year),
        addressee.salutation.clone(),
    ];
    words.extend(
        [
            "Reference",
            "Date",
            "Sincerely",
            "Sincerely yours",
            "Respectfully",
            "Respectfully yours",
            "Respectfully submitted",
            "Very respectfully",
            "Very truly yours",
            "With respect",
            "Enclosure",
            "Enclosures",
            "cc",
            "Memorandum for the file",
            "MEMORANDUM FOR THE FILE",
        ]
        .map(str::to_owned),
    );
    words.extend(
        agency
            .address
            .iter()
            .chain(&addressee.lines)
            .chain(&addressee.cc)
            .chain(&notice.enclosures)
            .cloned(),
    );
    let mut words: Vec<String> = words
        .iter()
        .map(|word| letters(word))
        .filter(|word| !word.is_empty())
        .collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
}

/// The letters of a text, nothing else: numbers and punctuation need no mark.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).collect()
}

/// Takes the known words from the front of a text; returns the rest.
fn without(text: &str, words: &[String]) -> String {
    let mut rest = text;
    while let Some(after) = words.iter().find_map(|word| rest.strip_prefix(word.as_str())) {
        rest = after;
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_words_may_stand_alone() {
        let words = ["ExampleAgency", "Example"].map(str::to_owned);
        assert_eq!(without(&letters("Example Agency · Example:"), &words), "");
        assert_eq!(without("ExampleAgencysecretthing", &words), "secretthing");
    }

    #[test]
    fn texts_are_read_whole_or_over_pages() {
        let reads = |pages: &[&str], text: &str| {
            let pages: Vec<(usize, String)> = pages.iter().map(|page| (1, (*page).to_owned())).collect();
            reads(&pages, text)
        };
        assert!(reads(&["abcdef"], "cde"));
        assert!(!reads(&["abcdef"], "ce"));
        assert!(reads(&["abc", "HEADdef"], "bcde"));
        assert!(!reads(&["abc", "HEADef"], "bcde"));
        assert!(reads(&["שלוםabc"], "abcשלום"));
        assert!(!reads(&["abc"], "שלום"));
    }
}
