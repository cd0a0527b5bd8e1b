//! The categories after the classification: which entry belongs where, in which form and order (M16 p. 27, Table 4).

use crate::base::suggest;
use crate::marking::ast::Fgi;
use crate::marking::atomic::{Atomic, atomic};
use crate::marking::codes::List;
use crate::marking::parse::{Part, Reader};
use crate::marking::problem::{self, Problem, Span};
use crate::marking::programs;
use crate::marking::register::{Control, LEGACY, Names, NatoWord, NonIc};

/// The categories of Table 4 after the classification, in their order. WAIVED is `DoD`'s (`DoDM` 7.f).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Category {
    Sci,
    Sap,
    Waived,
    Aea,
    Fgi,
    Dissemination,
    NonIc,
}

impl Category {
    fn name(self) -> &'static str {
        match self {
            Category::Sci => "SCI",
            Category::Sap => "SAP",
            Category::Waived => "SAP waiver",
            Category::Aea => "AEA",
            Category::Fgi => "FGI",
            Category::Dissemination => "dissemination control",
            Category::NonIc => "non-IC dissemination control",
        }
    }
}

/// How well the written form fits where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    Right,
    Wrong,
}

/// REL TO or DISPLAY ONLY as written: the words before the list, the list, and where it begins.
struct Listed<'a> {
    head: &'a str,
    list: &'a str,
    start: usize,
    fit: Fit,
}

/// What an entry turned out to be.
#[derive(Clone, Copy)]
enum Entry<'a> {
    Control(Control, Fit),
    /// REL TO or DISPLAY ONLY, with the list and its distance from the entry's beginning.
    Listed(Control, &'a str, usize, Fit),
    RelShorthand,
    NonIc(NonIc, Fit),
    Accm(&'a str),
    Sci,
    Sap,
    Waived,
    Hvsaco,
    Atomic(Atomic),
    Nato(NatoWord),
    Fgi(&'a str, usize, Fit),
    Eyes,
    Cui,
    Legacy(&'static str),
    Unknown,
}

impl Entry<'_> {
    fn category(self) -> Option<Category> {
        Some(match self {
            Entry::Control(..) | Entry::Listed(..) | Entry::RelShorthand => Category::Dissemination,
            Entry::NonIc(..) | Entry::Accm(_) => Category::NonIc,
            Entry::Sci | Entry::Nato(NatoWord::Balk | NatoWord::Bohemia) => Category::Sci,
            Entry::Sap | Entry::Hvsaco => Category::Sap,
            Entry::Waived => Category::Waived,
            Entry::Atomic(_) | Entry::Nato(NatoWord::Atomal) => Category::Aea,
            Entry::Fgi(..) => Category::Fgi,
            Entry::Eyes | Entry::Cui | Entry::Legacy(_) | Entry::Unknown => return None,
        })
    }
}

impl<'a> Reader<'a> {
    /// Reads one piece between double slashes.
    pub(super) fn read_category(&mut self, piece: &'a str, at: usize) {
        let whole = Span::new(at, piece.len());
        if piece.is_empty() {
            self.slip(
                &problem::EMPTY_CATEGORY,
                Span::new(at.saturating_sub(2), 4),
                "an empty category",
                "leave the extra `//` out",
            );
            return;
        }
        if piece.ends_with("EYES ONLY") || piece == "EYES" {
            self.refuse(eyes_only(whole));
            return;
        }
        let category = piece.split('/').find_map(|text| self.recognize(text).category());
        if let Some(category) = category {
            self.check_category_order(category, whole);
        }
        let mut ranks = Ranks::default();
        let mut sap_or_accm = None;
        let mut place = at;
        for (index, text) in piece.split('/').enumerate() {
            let (entry, span) = (self.recognize(text), Span::new(place, text.len()));
            place += text.len() + 1;
            if text.is_empty() {
                self.slip(
                    &problem::EMPTY_CATEGORY,
                    Span::new(span.start.saturating_sub(1), 1),
                    "an empty entry",
                    "leave the extra `/` out",
                );
                continue;
            }
            // a program or a nickname goes on with the entries after it
            let entry = match (sap_or_accm, entry) {
                (Some(Category::Sap), entry) if !clearly_other(entry, text) => Entry::Sap,
                (Some(Category::NonIc), Entry::Unknown) => Entry::Accm(text),
                (_, entry) => entry,
            };
            match entry {
                Entry::Sap => sap_or_accm = Some(Category::Sap),
                Entry::Accm(_) => sap_or_accm = Some(Category::NonIc),
                _ => {}
            }
            if let (Some(own), Some(category)) = (entry.category(), category)
                && own != category
            {
                self.slip(
                    &problem::WRONG_CATEGORY,
                    span,
                    format!(
                        "`{text}` is a {} marking among {} markings",
                        own.name(),
                        category.name()
                    ),
                    "begin a new category with `//`",
                );
            }
            self.apply(entry, text, span, index, category, &mut ranks);
        }
        if category == Some(Category::Sci) {
            self.check_sci_order(whole);
        }
        if category == Some(Category::Sap) {
            self.check_sap_order(whole);
        }
    }

    fn check_category_order(&mut self, category: Category, span: Span) {
        match self.last {
            Some(last) if last == category => self.slip(
                &problem::CATEGORY_REPEATED,
                span,
                format!("a second category of {} markings", category.name()),
                "join the entries of one category with `/`",
            ),
            Some(last) if last > category => self.slip(
                &problem::CATEGORY_ORDER,
                span,
                format!("{} markings stand before {} markings", category.name(), last.name()),
                "order: SCI, SAP, AEA, FGI, dissemination, non-IC dissemination",
            ),
            _ => {}
        }
        self.last = Some(self.last.map_or(category, |last| last.max(category)));
    }

    fn recognize(&self, text: &'a str) -> Entry<'a> {
        if let Some(listed) = self.recognize_list(text) {
            return listed;
        }
        if let Some((control, fit)) = Control::ALL
            .into_iter()
            .find_map(|control| Some((control, self.fit(control.names(), text)?)))
            && !matches!(control, Control::RelTo | Control::DisplayOnly)
        {
            return Entry::Control(control, fit);
        }
        if let Some((control, fit)) = NonIc::ALL
            .into_iter()
            .find_map(|control| Some((control, self.fit(control.names(), text)?)))
        {
            return Entry::NonIc(control, fit);
        }
        if let Some(word) = NatoWord::ALL.into_iter().find(|word| word.word() == text) {
            return Entry::Nato(word);
        }
        if let Some(help) = legacy(text) {
            return Entry::Legacy(help);
        }
        if let Some(atomic) = atomic(text) {
            return Entry::Atomic(atomic);
        }
        if programs::published_sci(text).is_some() {
            return Entry::Sci;
        }
        match text {
            "WAIVED" => Entry::Waived,
            "HVSACO" => Entry::Hvsaco,
            "EYES" => Entry::Eyes,
            _ if text.starts_with("SAR-") || text.starts_with("SPECIAL ACCESS REQUIRED-") => Entry::Sap,
            _ if text.starts_with("CUI") => Entry::Cui,
            _ => match text.strip_prefix("ACCM-") {
                Some(nickname) => Entry::Accm(nickname),
                None => Entry::Unknown,
            },
        }
    }

    fn recognize_list(&self, text: &'a str) -> Option<Entry<'a>> {
        let is_portion = self.is_portion();
        let after = |prefix: &str| {
            let rest = text.strip_prefix(prefix)?;
            if rest.is_empty() {
                Some((rest, prefix.len()))
            } else {
                Some((rest.strip_prefix(' ')?, prefix.len() + 1))
            }
        };
        let title = if is_portion { Fit::Wrong } else { Fit::Right };
        if text == "REL" {
            return Some(Entry::RelShorthand);
        }
        if let Some((list, start)) = after("REL TO") {
            return Some(Entry::Listed(Control::RelTo, list, start, Fit::Right));
        }
        if let Some((list, start)) = after("AUTHORIZED FOR RELEASE TO") {
            return Some(Entry::Listed(Control::RelTo, list, start, title));
        }
        if let Some((list, start)) = after("REL") {
            return Some(Entry::Listed(Control::RelTo, list, start, Fit::Wrong));
        }
        if let Some((list, start)) = after("DISPLAY ONLY").filter(|(list, _)| !list.starts_with("TO ") && *list != "TO")
        {
            return Some(Entry::Listed(Control::DisplayOnly, list, start, Fit::Right));
        }
        if let Some((list, start)) = after("FGI") {
            return Some(Entry::Fgi(list, start, Fit::Right));
        }
        after("FOREIGN GOVERNMENT INFORMATION").map(|(list, start)| Entry::Fgi(list, start, title))
    }

    fn fit(&self, names: &Names, text: &str) -> Option<Fit> {
        let banner = text == names.title || names.abbreviation == Some(text);
        let portion = text == names.portion;
        if !banner && !portion {
            return None;
        }
        Some(if if self.is_portion() { portion } else { banner } {
            Fit::Right
        } else {
            Fit::Wrong
        })
    }

    fn check_fit(&mut self, fit: Fit, text: &str, span: Span, banner: &str, portion: &str) {
        match fit {
            Fit::Right => {}
            Fit::Wrong if self.is_portion() => {
                self.slip(
                    &problem::WRONG_FORM,
                    span,
                    format!("`{text}` is a banner form in a portion mark"),
                    &format!("write `{portion}`"),
                );
            }
            Fit::Wrong => {
                self.slip(
                    &problem::WRONG_FORM,
                    span,
                    format!("`{text}` is a portion form in a banner line"),
                    &format!("write `{banner}`"),
                );
            }
        }
    }

    fn apply(
        &mut self,
        entry: Entry<'a>,
        text: &'a str,
        span: Span,
        index: usize,
        category: Option<Category>,
        ranks: &mut Ranks,
    ) {
        match entry {
            Entry::Control(control, fit) => {
                let names = control.names();
                self.check_fit(fit, text, span, names.banner(), names.portion);
                self.add_control(control, span, ranks);
            }
            Entry::Listed(control, list, start, fit) => {
                let head = text[..start].trim_end();
                self.add_listed(control, &Listed { head, list, start, fit }, span, ranks);
            }
            Entry::RelShorthand => {
                if self.is_portion() {
                    self.warn(
                        &problem::REL_SHORTHAND,
                        span,
                        "`REL` stands for the list of its banner",
                        "write the list out: `REL TO USA, …`",
                    );
                } else {
                    self.refuse(
                        Problem::new(&problem::EMPTY_LIST, span, "`REL` without a list in a banner line")
                            .help("write `REL TO USA, …`"),
                    );
                }
                self.add_control(Control::RelTo, span, ranks);
            }
            Entry::NonIc(control, fit) => {
                let names = control.names();
                self.check_fit(fit, text, span, names.banner(), names.portion);
                self.check_rank(&mut ranks.non_ic, control as usize, text, span);
                self.draft.non_ic.insert(control);
                self.place(Part::NonIc(control), span);
            }
            Entry::Accm(name) => {
                self.check_rank(&mut ranks.non_ic, NonIc::ALL.len(), "", span);
                if index == 0 || self.draft.accm.is_empty() {
                    self.warn(
                        &problem::DOD_MARKING,
                        span,
                        "ACCM is a marking of the Department of Defense",
                        "outside DoD it is not registered",
                    );
                }
                if self.draft.accm.iter().any(|earlier| earlier == name) {
                    self.slip(
                        &problem::DUPLICATE_ENTRY,
                        span,
                        format!("`{name}` is written twice"),
                        "write it once",
                    );
                } else {
                    self.draft.accm.push(name.to_owned());
                }
            }
            Entry::Sci => self.read_sci(text, span.start),
            Entry::Sap => self.read_sap(text, span.start, index),
            Entry::Hvsaco => {
                let help = "handle via special access control only; outside DoD it is not registered";
                self.warn(
                    &problem::DOD_MARKING,
                    span,
                    "HVSACO is a marking of the Department of Defense",
                    help,
                );
                self.draft.hvsaco = true;
            }
            Entry::Waived => {
                self.warn(
                    &problem::DOD_MARKING,
                    span,
                    "WAIVED is a marking of the Department of Defense",
                    "outside DoD it is not registered",
                );
                self.draft.waived = true;
                self.place(Part::Waived, span);
            }
            Entry::Atomic(atomic) => {
                self.check_rank(&mut ranks.aea, atomic as usize, text, span);
                self.read_atomic(atomic, text, span.start);
            }
            Entry::Nato(word) => {
                if word == NatoWord::Atomal {
                    self.check_rank(&mut ranks.aea, Atomic::COUNT, text, span);
                }
                if !self.draft.nato_words.insert(word) {
                    self.slip(
                        &problem::DUPLICATE_ENTRY,
                        span,
                        format!("`{text}` is written twice"),
                        "write it once",
                    );
                }
                self.place(Part::Nato(word), span);
            }
            Entry::Fgi(list, start, fit) => {
                self.check_fit(fit, text, span, "FGI", "FGI");
                let codes = self.read_list(List::Fgi, list, span.start + start);
                self.draft.fgi = Some(if codes.is_empty() {
                    Fgi::Concealed
                } else {
                    Fgi::Open(codes)
                });
                self.place(Part::Fgi, span);
            }
            Entry::Eyes => self.refuse(eyes_only(span)),
            Entry::Cui => self.refuse(
                Problem::new(&problem::CUI_UNDECIDED, span, "relto does not read CUI markings")
                    .help("the agency's CUI office decides how it is marked"),
            ),
            Entry::Legacy(help) => {
                self.refuse(Problem::new(&problem::LEGACY_MARKING, span, format!("`{text}` is retired")).help(help));
            }
            Entry::Unknown if category == Some(Category::Sci) && programs::may_be_unpublished(text) => {
                self.read_sci(text, span.start);
            }
            Entry::Unknown => self.refuse_unknown(text, span),
        }
    }

    fn add_listed(&mut self, control: Control, written: &Listed<'a>, span: Span, ranks: &mut Ranks) {
        let names = control.names();
        let Listed { head, list, start, fit } = *written;
        let head_span = Span::new(span.start, head.len());
        if head == "REL" {
            self.slip(
                &problem::WRONG_FORM,
                head_span,
                "`REL` before a list lacks `TO`",
                "write `REL TO`",
            );
        } else {
            self.check_fit(fit, head, head_span, names.banner(), names.portion);
        }
        self.add_control(control, span, ranks);
        let kind = if control == Control::RelTo {
            List::RelTo
        } else {
            List::DisplayOnly
        };
        if list.is_empty() {
            self.refuse(
                Problem::new(&problem::EMPTY_LIST, span, format!("`{}` says nobody", names.banner()))
                    .help("name the countries and organizations"),
            );
        }
        let codes = self.read_list(kind, list, span.start + start);
        match control {
            Control::RelTo => self.draft.rel_to = codes,
            _ => self.draft.display_only = codes,
        }
    }

    fn add_control(&mut self, control: Control, span: Span, ranks: &mut Ranks) {
        let name = if self.is_portion() {
            control.names().portion
        } else {
            control.names().banner()
        };
        self.check_rank(&mut ranks.controls, control as usize, name, span);
        self.draft.controls.insert(control);
        self.place(Part::Control(control), span);
    }

    /// Entries stand in Register order (M16 p. 27); nothing stands twice.
    fn check_rank(&mut self, last: &mut Option<usize>, rank: usize, text: &str, span: Span) {
        match *last {
            Some(before) if before > rank => {
                self.slip(
                    &problem::ENTRY_ORDER,
                    span,
                    format!("`{text}` is not in Register order"),
                    "write the entries in the order of Table 4",
                );
            }
            Some(before) if before == rank && !text.is_empty() => {
                self.slip(
                    &problem::DUPLICATE_ENTRY,
                    span,
                    format!("`{text}` is written twice"),
                    "write it once",
                );
            }
            _ => {}
        }
        *last = Some(last.map_or(rank, |before| before.max(rank)));
    }

    pub(super) fn refuse_unknown(&mut self, text: &str, span: Span) {
        let mut problem = Problem::new(
            &problem::UNKNOWN_MARKING,
            span,
            format!("`{text}` is not a marking of the Register"),
        );
        if let Some(meant) = nearest(text) {
            problem = problem.help(format!("did you mean `{meant}`?"));
        }
        self.refuse(problem);
    }
}

/// The last rank seen in each category that has an order of its own.
#[derive(Default)]
struct Ranks {
    controls: Option<usize>,
    non_ic: Option<usize>,
    aea: Option<usize>,
}

fn eyes_only(span: Span) -> Problem {
    Problem::new(
        &problem::EYES_ONLY,
        span,
        "EYES ONLY has not been authorized since 1 October 2017",
    )
    .help("re-mark as REL TO with the same countries: `REL TO USA, …`")
}

/// Within a program list an entry is another category only if it is a whole word of it: `DS` may be a program.
fn clearly_other(entry: Entry<'_>, text: &str) -> bool {
    text.starts_with("SAR-")
        || (text.len() > 3 && !matches!(entry, Entry::Unknown | Entry::Sci | Entry::Sap | Entry::Legacy(_)))
}

fn legacy(text: &str) -> Option<&'static str> {
    LEGACY.iter().find_map(|(word, help)| {
        let rest = text.strip_prefix(word)?;
        let ends = rest.is_empty()
            || rest.starts_with([' ', '-', ','])
            || (word.ends_with('X') && rest.starts_with(|c: char| c.is_ascii_digit()));
        ends.then_some(*help)
    })
}

/// The known marking nearest to an unknown one.
pub(super) fn nearest(text: &str) -> Option<&'static str> {
    if text.len() < 2 || text.len() > 48 {
        return None;
    }
    let all = Control::ALL
        .iter()
        .map(|control| control.names())
        .chain(NonIc::ALL.iter().map(|control| control.names()));
    let words = all.flat_map(|names| [names.banner(), names.title, names.portion]);
    let more = [
        "SI",
        "TK",
        "HCS-P",
        "HCS-O",
        "SI-G",
        "TALENT KEYHOLE",
        "RSV",
        "RD",
        "FRD",
        "TFNI",
        "DOD UCNI",
        "DOE UCNI",
        "FGI",
        "SI-GAMMA",
    ];
    suggest::nearest(text, words.chain(more))
}
