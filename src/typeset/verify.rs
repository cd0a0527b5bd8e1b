//! What is on the pages, judged before anything is written: banners, marks, required contents, legibility. It reads the
//! laid-out frames and not extracted text, so that white, tiny, clipped or covered text does not count as printed.

use std::collections::BTreeMap;

use typst::syntax::Span;
use typst_layout::PagedDocument;

use crate::base::code::Code;
use crate::notice::model::{Addressee, Notice};
use crate::template::lookup;
use crate::typeset::complete;
use crate::typeset::marks;
use crate::typeset::paint::{Area, Bracket, Colour, Item, Painted, Run, blend, contrast, items};
use crate::typeset::world::file_id;

/// Smallest size of letters, in points, that counts as readable; of the banner's letters.
const LEAST_SIZE: f64 = 8.0;
const BANNER_SIZE: f64 = 10.0;
/// Least contrast of text against what is under it (WCAG 2 AA).
const LEAST_CONTRAST: f64 = 4.5;
/// Share of a run of text that may lie under something else.
const MOST_COVERED: f64 = 0.25;
/// US letter, in points.
const SHEET: (f64, f64) = (612.0, 792.0);

/// Why a document is not written.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) label: String,
    pub(super) help: Option<String>,
    pub(super) span: Span,
    /// Where else the drafter may have written it.
    pub(super) near: Option<Near>,
    /// The required element that is missing.
    pub(super) element: Option<String>,
}

/// Where a drafter most likely wrote what a helper or a part printed.
#[derive(Debug, Default)]
pub(super) struct Near {
    /// Text and shapes of the same portion, the nearest first.
    pub(super) spans: Vec<Span>,
    /// The word that a template gives to the helper: a mark, a field.
    pub(super) word: Option<String>,
}

impl Problem {
    pub(super) fn new(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            label: String::new(),
            help: None,
            span,
            near: None,
            element: None,
        }
    }

    pub(super) fn element(mut self, name: &str) -> Self {
        self.element = Some(name.to_owned());
        self
    }

    pub(super) fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub(super) fn near(mut self, spans: Vec<Span>, word: Option<String>) -> Self {
        self.near = Some(Near { spans, word });
        self
    }

    /// Looks for the drafter's place beside this item of a sheet.
    fn beside(self, sheet: &Sheet, at: usize) -> Self {
        let (spans, word) = beside(sheet, at);
        self.near(spans, word)
    }

    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A page as painted, and the bands that its banners stand in.
pub(super) struct Sheet {
    pub(super) number: usize,
    pub(super) items: Vec<Item>,
    top: Option<Band>,
    bottom: Option<Band>,
}

impl Sheet {
    /// How high the room between the banners is, in points; the whole sheet where there are none.
    pub(super) fn room(&self) -> f64 {
        let top = self.top.map_or(0.0, |band| band.area.bottom);
        let bottom = self.bottom.map_or(SHEET.1, |band| band.area.top);
        (bottom - top).max(0.0)
    }

    /// How much of that room the letter's text takes, from its first line to its last, in points.
    pub(super) fn filled(&self) -> f64 {
        let printed =
            |item: &&Item| !item.framed && matches!(&item.painted, Painted::Text(run) if !run.text.trim().is_empty());
        let areas = || self.items.iter().filter(printed).map(|item| item.area);
        let top = areas().map(|area| area.top).fold(f64::INFINITY, f64::min);
        let bottom = areas().map(|area| area.bottom).fold(0.0, f64::max);
        (bottom - top).max(0.0)
    }
}

/// A band of the frame: its area, and where in the painting order its box comes.
#[derive(Debug, Clone, Copy)]
struct Band {
    area: Area,
    at: usize,
}

/// Reads the laid-out pages.
pub(super) fn sheets(document: &PagedDocument) -> Vec<Sheet> {
    let mut cells = Vec::new();
    document
        .pages()
        .iter()
        .enumerate()
        .map(|(index, page)| sheet(index + 1, items(&page.frame, file_id(lookup::FRAME), &mut cells)))
        .collect()
}

/// Checks a laid-out notice. Returns the page on which each required element starts, and every problem.
pub(super) fn verify(
    sheets: &[Sheet],
    notice: &Notice,
    addressee: &Addressee,
) -> (BTreeMap<String, usize>, Vec<Problem>) {
    let mut problems = Vec::new();
    for sheet in sheets {
        glyphs(sheet, notice, &mut problems);
        banners(sheet, notice, &mut problems);
        legible(sheet, &mut problems);
    }
    complete::pages(sheets, &mut problems);
    complete::placeholders(sheets, notice, &mut problems);
    let elements = marks::check(sheets, notice, addressee, &mut problems);
    (elements, problems)
}

fn sheet(number: usize, items: Vec<Item>) -> Sheet {
    let band = |touches: &dyn Fn(Area) -> bool| {
        items.iter().enumerate().rev().find_map(|(at, item)| {
            let white = matches!(item.painted, Painted::Fill(Some(c)) if c.iter().all(|part| *part >= 0.999));
            let wide = item.area.left <= 0.5 && item.area.right >= SHEET.0 - 0.5;
            let high = item.area.bottom - item.area.top >= 50.0;
            (white && wide && high && item.framed && touches(item.area)).then_some(Band { area: item.area, at })
        })
    };
    Sheet {
        number,
        top: band(&|area| area.top <= 0.5),
        bottom: band(&|area| area.bottom >= SHEET.1 - 0.5),
        items,
    }
}

/// Which fields of the record hold the text.
pub(super) fn fields_with(notice: &Notice, text: &str) -> String {
    let mut fields: Vec<&str> = notice
        .texts()
        .into_iter()
        .filter(|(_, found)| text.chars().any(|c| found.contains(c)))
        .map(|(field, _)| field)
        .collect();
    fields.dedup();
    match fields.as_slice() {
        [] => format!("it stands in the notice {}", notice.id),
        _ => format!(
            "it stands in `{}` of {}",
            fields.join("`, `"),
            notice.records.join(", ")
        ),
    }
}

fn glyphs(sheet: &Sheet, notice: &Notice, problems: &mut Vec<Problem>) {
    for item in &sheet.items {
        let Painted::Text(Run {
            missing: Some(text), ..
        }) = &item.painted
        else {
            continue;
        };
        let points: Vec<String> = text.chars().map(|c| format!("U+{:04X}", u32::from(c))).collect();
        problems.push(
            Problem::new(
                Code::MissingGlyph,
                item.span,
                format!("no font has the character `{text}` ({})", points.join(" ")),
            )
            .label("printed from here")
            .help(fields_with(notice, text))
            .help("put a font that has it into the workspace's `fonts/` folder"),
        );
    }
}

/// The colour of a banner's letters by level. TOP SECRET orange does not stand out on white: black letters on orange.
fn banner_colour(level: &str) -> [u8; 3] {
    match level {
        "UNCLASSIFIED" => [0x00, 0x7a, 0x33],
        "CONFIDENTIAL" => [0x00, 0x33, 0xa0],
        "SECRET" => [0xc8, 0x10, 0x2e],
        _ => [0, 0, 0],
    }
}

fn banners(sheet: &Sheet, notice: &Notice, problems: &mut Vec<Problem>) {
    let bands = [("top", sheet.top), ("bottom", sheet.bottom)];
    for (edge, band) in bands {
        let wrong = |message: String| Problem::new(Code::BannerCheck, Span::detached(), message);
        let Some(band) = band else {
            problems.push(wrong(format!(
                "page {}: there is no banner at the {edge}",
                sheet.number
            )));
            continue;
        };
        if let Err(why) = banner(sheet, band, notice) {
            problems.push(wrong(format!("page {}: the banner at the {edge} {why}", sheet.number)));
        }
        for (at, item) in sheet.items.iter().enumerate() {
            let seen = item.area.and(item.clip);
            if item.paints() && !item.framed && reaches(seen, band.area) {
                let over = if at > band.at { "covers" } else { "reaches into" };
                problems.push(
                    Problem::new(
                        Code::BannerCheck,
                        item.span,
                        format!("page {}: the letter {over} the banner at the {edge}", sheet.number),
                    )
                    .label("painted where the banner stands")
                    .help("keep within the margins: leave out the `place` or `move` that puts it there")
                    .beside(sheet, at),
                );
            }
        }
    }
}

/// Where an item comes from, then text and shapes of its portion, those after it first; and the field of the element around
/// it.
fn beside(sheet: &Sheet, at: usize) -> (Vec<Span>, Option<String>) {
    let portion = |bracket: &Bracket| matches!(bracket.what.as_str(), "portion" | "table" | "unmarked");
    let before = |fits: &dyn Fn(&Bracket) -> bool| edge(sheet.items[..at].iter().rev(), fits, true);
    let mut spans: Vec<Span> = sheet.items[at].spans().collect();
    if let Some(back) = before(&portion) {
        let rest = &sheet.items[at + 1..];
        let on = edge(rest.iter(), &portion, false).unwrap_or(rest.len());
        let same = rest[..on].iter().chain(sheet.items[at - back..at].iter().rev());
        spans.extend(same.filter(|item| item.paints() && !item.framed).flat_map(Item::spans));
    }
    let field =
        before(&|bracket| bracket.what == "element").and_then(|back| match &sheet.items[at - 1 - back].painted {
            Painted::Bracket(bracket) => Some(bracket.name.clone()),
            _ => None,
        });
    (spans, field)
}

/// How many items away the bracket around a place begins or ends.
fn edge<'a>(items: impl Iterator<Item = &'a Item>, fits: &dyn Fn(&Bracket) -> bool, start: bool) -> Option<usize> {
    let mut inner = 0_usize;
    for (away, item) in items.enumerate() {
        match &item.painted {
            Painted::Bracket(bracket) if !fits(bracket) => {}
            Painted::Bracket(bracket) if bracket.start != start => inner += 1,
            Painted::Bracket(_) if inner > 0 => inner -= 1,
            Painted::Bracket(_) => return Some(away),
            _ => {}
        }
    }
    None
}

/// What is painted over an item.
fn over(sheet: &Sheet, at: usize) -> Vec<Span> {
    let area = sheet.items[at].area;
    let above = sheet.items[at + 1..]
        .iter()
        .filter(|above| above.paints() && area.covered_by(above.area.and(above.clip)) > 0.0);
    above.flat_map(Item::spans).collect()
}

fn reaches(area: Area, band: Area) -> bool {
    let both = area.and(band);
    both.right - both.left > 0.5 && both.bottom - both.top > 0.5
}

/// Checks text, size, colour, place and freedom from cover of one banner.
fn banner(sheet: &Sheet, band: Band, notice: &Notice) -> Result<(), String> {
    let wanted = banner_colour(&notice.banner.level).map(|part| f64::from(part) / 255.0);
    let is_wanted = |colour: Colour| {
        colour.is_some_and(|[r, g, b, a]| {
            a >= 0.999
                && [r, g, b]
                    .iter()
                    .zip(wanted)
                    .all(|(have, want)| (have - want).abs() < 0.004)
        })
    };
    let mut text = String::new();
    let mut area: Option<Area> = None;
    for (at, item) in sheet.items.iter().enumerate().skip(band.at) {
        let Painted::Text(run) = &item.painted else { continue };
        if !item.framed || !band.area.holds(item.area) || run.size < BANNER_SIZE || !is_wanted(run.colour) {
            continue;
        }
        if let Some(why) = unseen(sheet, at) {
            return Err(format!("cannot be read: {}", why.words()));
        }
        text.push_str(&run.text);
        area = Some(area.map_or(item.area, |area| area.or(item.area)));
    }
    if squeezed(&text) != squeezed(&notice.banner.text) {
        return Err(format!("reads `{text}`, not `{}`", notice.banner.text));
    }
    let middle = area.map_or(0.0, |area| f64::midpoint(area.left, area.right));
    if (middle - SHEET.0 / 2.0).abs() > 4.0 {
        return Err("does not stand in the middle".to_owned());
    }
    Ok(())
}

/// Why text cannot be seen.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Unseen {
    OffPage,
    Clipped,
    Small(f64),
    Faint(f64),
    /// Painted with or upon a gradient or a tiling: nobody can say how it reads.
    Pattern,
    Covered,
}

impl Unseen {
    pub(super) fn words(self) -> String {
        match self {
            Unseen::OffPage => "it lies outside the page".to_owned(),
            Unseen::Clipped => "it is clipped away".to_owned(),
            Unseen::Small(size) => format!("it is {size:.1} pt high, less than {LEAST_SIZE} pt"),
            Unseen::Faint(contrast) => format!("its contrast is {contrast:.1}, less than {LEAST_CONTRAST}"),
            Unseen::Pattern => "it is painted with or upon a pattern".to_owned(),
            Unseen::Covered => "something is painted over it".to_owned(),
        }
    }
}

/// Returns why the text at this place of the painting order cannot be read; nothing where it can.
pub(super) fn unseen(sheet: &Sheet, at: usize) -> Option<Unseen> {
    let item = &sheet.items[at];
    let Painted::Text(run) = &item.painted else { return None };
    let page = Area::new(0.0, 0.0, SHEET.0, SHEET.1);
    if !page.holds(item.area) {
        return Some(Unseen::OffPage);
    }
    if !item.clip.grown(1.0).holds(item.area) {
        return Some(Unseen::Clipped);
    }
    if run.size < LEAST_SIZE - 0.01 {
        return Some(Unseen::Small(run.size));
    }
    let Some(colour) = run.colour else {
        return Some(Unseen::Pattern);
    };
    let centre = (
        f64::midpoint(item.area.left, item.area.right),
        f64::midpoint(item.area.top, item.area.bottom),
    );
    let over_centre =
        |area: Area| area.left <= centre.0 && centre.0 <= area.right && area.top <= centre.1 && centre.1 <= area.bottom;
    let mut under = [1.0, 1.0, 1.0, 1.0];
    for below in &sheet.items[..at] {
        if !over_centre(below.area.and(below.clip)) {
            continue;
        }
        match below.painted {
            Painted::Fill(Some(fill)) | Painted::Stroke(Some(fill)) => under = blend(fill, under),
            Painted::Fill(None) | Painted::Stroke(None) | Painted::Image => return Some(Unseen::Pattern),
            _ => {}
        }
    }
    let contrast = contrast(colour, under);
    if contrast < LEAST_CONTRAST {
        return Some(Unseen::Faint(contrast));
    }
    let mut covered = 0.0;
    for above in &sheet.items[at + 1..] {
        let share = item.area.covered_by(above.area.and(above.clip));
        covered += match &above.painted {
            Painted::Fill(colour) | Painted::Stroke(colour) if colour.is_none_or(|c| c[3] > 0.05) => share,
            Painted::Image => share,
            // Runs of one line touch; one run upon another is no text.
            Painted::Text(run) if share > 0.5 && run.colour.is_none_or(|c| c[3] > 0.3) => share,
            _ => 0.0,
        };
    }
    (covered > MOST_COVERED).then_some(Unseen::Covered)
}

/// Every run of the letter must be readable: what nobody can read must not be there either.
fn legible(sheet: &Sheet, problems: &mut Vec<Problem>) {
    for (at, item) in sheet.items.iter().enumerate() {
        let Painted::Text(run) = &item.painted else { continue };
        if item.framed || run.text.trim().is_empty() {
            continue;
        }
        if let Some(why) = unseen(sheet, at) {
            let message = format!("page {}: text that cannot be read: {}", sheet.number, why.words());
            let label = format!("`{}`", shortened(&run.text));
            // What lies over the text is to be moved, not the text.
            let over = if why == Unseen::Covered {
                over(sheet, at)
            } else {
                Vec::new()
            };
            let problem = match over.first() {
                Some(first) => Problem::new(Code::LetterInvalid, *first, message)
                    .label(format!("over {label}"))
                    .help("take away what lies over it, or put it where nothing else stands"),
                None => Problem::new(Code::LetterInvalid, item.span, message)
                    .label(label)
                    .help("print it legibly or leave it out"),
            };
            let (beside, field) = beside(sheet, at);
            let near = over.into_iter().chain(beside).collect();
            problems.push(problem.near(near, field));
        }
    }
}

/// Text without any white space: line breaks and justification do not count.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(std::iter::once('…')).collect()
}
