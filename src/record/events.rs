//! The short way from a text to a record: its events, as `toml_parser` gives them, typed through the field table.
//!
//! It builds what the spanned way ([`crate::record::decode`]) builds, places included, or nothing. It gives up on
//! whatever is not plain sailing — an unknown or doubled key, a dotted one, a wrong type, a missing field, anything that
//! would make a diagnostic, be it a warning — so every wording has one home: the record is read again there. A test
//! holds the two ways against each other on mutated documents.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use toml_parser::decoder::{Encoding, ScalarKind};
use toml_parser::lexer::Token;
use toml_parser::parser::{Event, EventKind, EventReceiver, parse_document};
use toml_parser::{ErrorSink, ParseError, Source, Span};

use crate::base::diagnostic::Severity;
use crate::base::quoted::clear;
use crate::base::shared::Shared;
use crate::base::source::{Place, SourceId};
use crate::calendar::date::When;
use crate::marking::ast::Marking;
use crate::marking::level::Level;
use crate::marking::parse::{Form, parse_release_with, parse_with};
use crate::marking::short;
use crate::marking::vocabulary::Vocabulary;
use crate::record::ceiling::level_of;
use crate::record::characters;
use crate::record::check::check;
use crate::record::decode::Strictness;
use crate::record::field::{Field, Need, Settable, Type, derived_fields, required_fields, written_field};
use crate::record::kind::Kind;
use crate::record::load::Terms;
use crate::record::name;
use crate::record::periodic_report;
use crate::record::plain;
use crate::record::value::{Node, OtherMarking, Portion, Record, SharedLevel, Table, Value};

/// Lists and tables stand in one another no deeper than this in a record: `claims = [{ … }]`.
pub(super) const DEEPEST: usize = 4;

/// What the marks of most records and portions say, on whatever day: a level and no more. One of each for all records.
static LEVELS: LazyLock<[Option<Arc<Marking>>; 4]> = LazyLock::new(|| {
    Level::ALL.map(|level| {
        let parsed = parse_with(level.letter(), Form::Portion, None, Vocabulary::standard());
        parsed.marking.filter(|_| parsed.problems.is_empty()).map(Arc::new)
    })
});

/// Room for tokens and events, used again from record to record.
#[derive(Debug, Default)]
pub(super) struct Room {
    tokens: Vec<Token>,
    pub(super) events: Vec<Event>,
    /// Of the events that [`plain::events`] gave: which are strings that stand for themselves.
    pub(super) clear: Vec<bool>,
}

/// Reads a slice of a source that holds one record under a header such as `[[rel_to_change]]`. `start` is where the
/// slice stands in its source. Returns nothing where the spanned way has to look at it, which is not always a fault.
pub(super) fn read(text: &str, start: usize, source: SourceId, terms: Terms<'_>, room: &mut Room) -> Option<Record> {
    if !plain::events(text, DEEPEST, room) && !parsed(text, room) {
        return None;
    }
    let reader = Reader {
        text,
        start,
        source,
        terms,
        events: &room.events,
        clear: &room.clear,
        at: 0,
        date: OnceCell::new(),
    };
    reader.record()
}

/// Fills the room with the events that lexer and parser give. Returns false where they find a fault, or what no record
/// has.
pub(super) fn parsed(text: &str, room: &mut Room) -> bool {
    room.tokens.clear();
    room.tokens.extend(Source::new(text).lex());
    room.events.clear();
    room.clear.clear();
    let mut sound = Sound(true);
    let mut keeper = Keeper {
        text,
        events: &mut room.events,
        depth: 0,
        sound: true,
    };
    parse_document(&room.tokens, &mut keeper, &mut sound);
    sound.0 && keeper.sound
}

/// Whether the parser had nothing to say.
struct Sound(bool);

impl ErrorSink for Sound {
    fn report_error(&mut self, _: ParseError) {
        self.0 = false;
    }
}

/// Keeps the events that carry meaning, and checks those that do not.
struct Keeper<'k> {
    text: &'k str,
    events: &'k mut Vec<Event>,
    depth: usize,
    sound: bool,
}

impl Keeper<'_> {
    fn keep(&mut self, kind: EventKind, encoding: Option<Encoding>, span: Span) {
        self.events.push(Event::new_unchecked(kind, encoding, span));
    }

    fn open(&mut self, kind: EventKind, span: Span) -> bool {
        self.depth += 1;
        self.sound &= self.depth <= DEEPEST;
        self.keep(kind, None, span);
        self.depth <= DEEPEST
    }

    fn close(&mut self, kind: EventKind, span: Span) {
        self.depth = self.depth.saturating_sub(1);
        self.keep(kind, None, span);
    }
}

impl EventReceiver for Keeper<'_> {
    fn std_table_open(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.sound = false;
    }
    fn array_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.keep(EventKind::ArrayTableOpen, None, span);
    }
    fn array_table_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.keep(EventKind::ArrayTableClose, None, span);
    }
    fn inline_table_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.open(EventKind::InlineTableOpen, span)
    }
    fn inline_table_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.close(EventKind::InlineTableClose, span);
    }
    fn array_open(&mut self, span: Span, _: &mut dyn ErrorSink) -> bool {
        self.open(EventKind::ArrayOpen, span)
    }
    fn array_close(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.close(EventKind::ArrayClose, span);
    }
    fn simple_key(&mut self, span: Span, encoding: Option<Encoding>, _: &mut dyn ErrorSink) {
        self.keep(EventKind::SimpleKey, encoding, span);
    }
    fn key_sep(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.sound = false;
    }
    fn scalar(&mut self, span: Span, encoding: Option<Encoding>, _: &mut dyn ErrorSink) {
        self.keep(EventKind::Scalar, encoding, span);
    }
    fn comment(&mut self, span: Span, _: &mut dyn ErrorSink) {
        let text = self.text.as_bytes().get(span.start()..span.end());
        self.sound &= text.is_some_and(|text| text.iter().all(|byte| *byte == b'\t' || !byte.is_ascii_control()));
    }
    fn newline(&mut self, span: Span, _: &mut dyn ErrorSink) {
        self.sound &= matches!(self.text.get(span.start()..span.end()), Some("\n" | "\r\n"));
    }
    fn error(&mut self, _: Span, _: &mut dyn ErrorSink) {
        self.sound = false;
    }
}

/// A text of the record; `plain`: printable ASCII, nothing in it is hidden or looks like something else.
struct Text<'t> {
    words: Cow<'t, str>,
    plain: bool,
    place: Place,
}

/// Takes the events of one record apart, in order.
struct Reader<'t> {
    text: &'t str,
    start: usize,
    source: SourceId,
    terms: Terms<'t>,
    events: &'t [Event],
    /// Which of the events are strings known to stand for themselves; of those behind its end nothing is known.
    clear: &'t [bool],
    at: usize,
    /// Most records are read without asking for it.
    date: OnceCell<Option<NaiveDate>>,
}

impl<'t> Reader<'t> {
    fn record(mut self) -> Option<Record> {
        let open = self.next(EventKind::ArrayTableOpen)?;
        let key = self.next(EventKind::SimpleKey)?;
        let close = self.next(EventKind::ArrayTableClose)?;
        let kind = key
            .encoding()
            .is_none()
            .then(|| Kind::named(self.written(&key)))
            .flatten()?;
        let header = self.place(open.span().start(), close.span().end());

        let mut fields = Table::with_capacity(self.keys() + derived_fields(kind));
        let mut seen = 0u128;
        while self.at < self.events.len() {
            let name = self.key()?;
            let Settable { field, number, name } = written_field(kind, name)?;
            let bit = 1u128.checked_shl(number)?;
            if seen & bit != 0 {
                return None;
            }
            seen |= bit;
            let node = self.value(&field.kind_of_value, field.name)?;
            fields.push_at(name, node);
        }
        let id = match &fields.get("id")?.value {
            Value::Text(id) => id.clone(),
            _ => return None,
        };
        let required = required_fields(kind);
        if seen & required != required {
            return None;
        }
        let record = Record {
            kind,
            id,
            whole: self.place(open.span().start(), self.text.len()),
            header,
            fields,
        };
        check(&record, Strictness::Strict).is_empty().then_some(record)
    }

    /// The earliest day the record's date can be. What is written there and is no date is refused later.
    fn date(&self) -> Option<NaiveDate> {
        *self.date.get_or_init(|| self.find_date())
    }

    fn find_date(&self) -> Option<NaiveDate> {
        let names = Kind::named(self.written(self.events.get(1)?))?.date_fields();
        let mut first: Option<(usize, &Event)> = None;
        let mut depth = 0usize;
        for pair in self.events.windows(2) {
            match pair[0].kind() {
                EventKind::ArrayOpen | EventKind::InlineTableOpen => depth += 1,
                EventKind::ArrayClose | EventKind::InlineTableClose => depth = depth.saturating_sub(1),
                EventKind::SimpleKey if depth == 0 => {
                    let key = self.written(&pair[0]);
                    let Some(rank) = names.iter().position(|name| *name == key) else {
                        continue;
                    };
                    if first.is_none_or(|(best, _)| rank < best) {
                        first = Some((rank, &pair[1]));
                    }
                }
                _ => {}
            }
        }
        let (_, event) = first?;
        self.when_of(event)?.earliest_day(chrono_tz::UTC)
    }

    fn next(&mut self, kind: EventKind) -> Option<Event> {
        let event = self.events.get(self.at).filter(|event| event.kind() == kind)?;
        self.at += 1;
        Some(*event)
    }

    fn peek(&self) -> Option<EventKind> {
        self.events.get(self.at).map(Event::kind)
    }

    fn written(&self, event: &Event) -> &'t str {
        self.text
            .get(event.span().start()..event.span().end())
            .unwrap_or_default()
    }

    fn place(&self, start: usize, end: usize) -> Place {
        Place::new(self.source, self.start + start..self.start + end)
    }

    fn place_of(&self, event: &Event) -> Place {
        self.place(event.span().start(), event.span().end())
    }

    /// How many keys the table has whose keys come now.
    fn keys(&self) -> usize {
        let (mut keys, mut depth) = (0, 0usize);
        for event in self.events.get(self.at..).unwrap_or_default() {
            match event.kind() {
                EventKind::SimpleKey if depth == 0 => keys += 1,
                EventKind::ArrayOpen | EventKind::InlineTableOpen => depth += 1,
                EventKind::ArrayClose | EventKind::InlineTableClose => match depth.checked_sub(1) {
                    Some(outer) => depth = outer,
                    None => break,
                },
                _ => {}
            }
        }
        keys
    }

    /// A bare key.
    fn key(&mut self) -> Option<&'t str> {
        let key = self.next(EventKind::SimpleKey)?;
        key.encoding().is_none().then(|| self.written(&key))
    }

    fn value(&mut self, of: &Type, name: &str) -> Option<Node> {
        match of {
            Type::List(inner) => return self.list(inner, name),
            Type::Table(fields) => return self.table(fields),
            Type::Portion => return self.portion(),
            Type::When => {
                let event = self.next(EventKind::Scalar)?;
                let value = Value::When(self.when_of(&event)?);
                return Some(self.node(value, &event));
            }
            Type::Bool => {
                let event = self.next(EventKind::Scalar)?;
                let value = match (event.encoding(), self.written(&event)) {
                    (None, "true") => Value::Bool(true),
                    (None, "false") => Value::Bool(false),
                    _ => return None,
                };
                return Some(self.node(value, &event));
            }
            Type::Integer => {
                let event = self.next(EventKind::Scalar)?;
                let value = self.integer(&event)?;
                return Some(self.node(Value::Integer(value), &event));
            }
            _ => {}
        }
        let text = self.string()?;
        let value = match of {
            Type::Id => (text.plain && characters::bad_id(&text.words).is_none()).then(|| Value::Text(owned(&text)))?,
            Type::Text | Type::Link | Type::Rule | Type::Recipient => Value::Text(clean(&text)?),
            Type::PortionMark => {
                if level_of(&text.words)? > self.terms.ceiling {
                    return None;
                }
                Value::Mark(self.mark(&text.words)?)
            }
            Type::OtherMarking => self.release(&text.words, name)?,
            Type::Level => match &*text.words {
                "classified" => Value::Level(SharedLevel::Classified),
                letter => Value::Level(SharedLevel::Exactly(Level::from_letter(letter)?)),
            },
            Type::Period => Value::When(periodic_report::parse(&text.words).ok()?),
            Type::Choice(words) => Value::Choice(words.iter().find(|word| **word == text.words)?),
            Type::Code => {
                let vocabulary = self.terms.vocabulary;
                // Whether a retired code still stood on the record's day is asked on the spanned way.
                (text.plain && vocabulary.knows(&text.words) && vocabulary.deprecated(&text.words).is_none())
                    .then(|| Value::Code(owned(&text)))?
            }
            _ => return None,
        };
        Some(Node {
            value,
            place: text.place,
        })
    }

    fn node(&self, value: Value, event: &Event) -> Node {
        Node {
            value,
            place: self.place_of(event),
        }
    }

    fn list(&mut self, inner: &Type, name: &str) -> Option<Node> {
        let open = self.next(EventKind::ArrayOpen)?;
        let mut nodes = Vec::new();
        while self.peek()? != EventKind::ArrayClose {
            nodes.push(self.value(inner, name)?);
        }
        let close = self.next(EventKind::ArrayClose)?;
        Some(Node {
            value: Value::List(nodes.into_boxed_slice()),
            place: self.place(open.span().start(), close.span().end()),
        })
    }

    fn table(&mut self, fields: &'static [Field]) -> Option<Node> {
        let open = self.next(EventKind::InlineTableOpen)?;
        let mut table = Table::with_capacity(self.keys());
        while self.peek()? != EventKind::InlineTableClose {
            let name = self.key()?;
            let field = fields.iter().find(|field| field.name == name)?;
            let number = name::find(name)?;
            if table.has(number) {
                return None;
            }
            let node = self.value(&field.kind_of_value, "")?;
            table.push_at(number, node);
        }
        let close = self.next(EventKind::InlineTableClose)?;
        let required = |field: &&Field| field.need == Need::Required;
        if fields
            .iter()
            .filter(required)
            .any(|field| table.get(field.name).is_none())
        {
            return None;
        }
        Some(Node {
            value: Value::Table(Box::new(table)),
            place: self.place(open.span().start(), close.span().end()),
        })
    }

    fn portion(&mut self) -> Option<Node> {
        if self.peek()? == EventKind::Scalar {
            let text = self.string()?;
            let portion = Portion {
                mark: None,
                mark_place: None,
                text: clean(&text)?,
            };
            return Some(Node {
                value: Value::Portion(Box::new(portion)),
                place: text.place,
            });
        }
        let open = self.next(EventKind::InlineTableOpen)?;
        let mut mark = None;
        let mut words = None;
        while self.peek()? != EventKind::InlineTableClose {
            let part = match self.key()? {
                "mark" => &mut mark,
                "text" => &mut words,
                _ => return None,
            };
            if part.is_some() {
                return None;
            }
            *part = Some(self.string()?);
        }
        let close = self.next(EventKind::InlineTableClose)?;
        let mark = mark?;
        if level_of(&mark.words).is_some_and(|level| level > self.terms.ceiling) {
            return None;
        }
        let portion = Portion {
            mark: Some(self.mark(&mark.words)?),
            mark_place: Some(mark.place),
            text: clean(&words?)?,
        };
        Some(Node {
            value: Value::Portion(Box::new(portion)),
            place: self.place(open.span().start(), close.span().end()),
        })
    }

    /// A portion mark without any problem.
    fn mark(&self, text: &str) -> Option<Arc<Marking>> {
        if let Some(level) = Level::from_letter(text) {
            return LEVELS.get(level as usize)?.clone();
        }
        let parsed = parse_with(text, Form::Portion, self.date(), self.terms.vocabulary);
        parsed
            .problems
            .is_empty()
            .then_some(parsed.marking)
            .flatten()
            .map(Arc::new)
    }

    fn release(&self, text: &str, name: &str) -> Option<Value> {
        if let Some((level, release)) = short::release(text, self.terms.vocabulary) {
            let text = text.into();
            return Some(Value::Release(Box::new(OtherMarking { text, release, level })));
        }
        let on = if name == "from" { None } else { self.date() };
        let parsed = parse_release_with(text, on, self.terms.vocabulary);
        let faulty = parsed
            .problems
            .iter()
            .any(|problem| problem.severity == Severity::Error);
        let release = parsed.release.filter(|_| !faulty)?;
        Some(Value::Release(Box::new(OtherMarking {
            text: text.into(),
            release,
            level: parsed.level,
        })))
    }

    fn when_of(&self, event: &Event) -> Option<When> {
        if event.kind() != EventKind::Scalar {
            return None;
        }
        let written = self.written(event);
        if event.encoding().is_none() {
            let day = written.len() == 10 && written.as_bytes()[4] == b'-';
            if day {
                return When::parse(written).ok();
            }
            let (kind, decoded) = self.decoded(event)?;
            let instant = match kind {
                ScalarKind::DateTime => decoded.parse::<toml::value::Datetime>().ok()?,
                _ => return None,
            };
            return When::parse(&instant.to_string()).ok();
        }
        match self.decoded(event)? {
            (ScalarKind::String, text) => When::parse(&text).ok(),
            _ => None,
        }
    }

    fn integer(&self, event: &Event) -> Option<i64> {
        match self.decoded(event)? {
            (ScalarKind::Integer(radix), digits) => i64::from_str_radix(&digits, radix.value()).ok(),
            _ => None,
        }
    }

    /// A string that is not blank.
    fn string(&mut self) -> Option<Text<'t>> {
        let known = self.clear.get(self.at).is_some_and(|clear| *clear);
        let event = self.next(EventKind::Scalar)?;
        let place = self.place_of(&event);
        let written = self.written(&event);
        let quote = match event.encoding()? {
            Encoding::BasicString => b'"',
            Encoding::LiteralString => b'\'',
            Encoding::MlBasicString | Encoding::MlLiteralString => 0,
        };
        // Printable ASCII between two quotation marks stands for itself.
        if let [first, inner @ .., last] = written.as_bytes()
            && *first == quote
            && *last == quote
            && (known || clear(inner, quote) == inner.len())
            && inner.iter().any(|byte| *byte != b' ')
        {
            return Some(Text {
                words: Cow::Borrowed(&written[1..written.len() - 1]),
                plain: true,
                place,
            });
        }
        let (kind, words) = self.decoded(&event)?;
        let blank = words.trim().is_empty();
        let plain = words.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        (kind == ScalarKind::String && !blank).then_some(Text { words, plain, place })
    }

    fn decoded(&self, event: &Event) -> Option<(ScalarKind, Cow<'t, str>)> {
        let raw = Source::new(self.text).get(event)?;
        let mut sound = Sound(true);
        let mut decoded = Cow::Borrowed("");
        let kind = raw.decode_scalar(&mut decoded, &mut sound);
        sound.0.then_some((kind, decoded))
    }
}

/// The text, where nothing in it is hidden.
fn clean(text: &Text<'_>) -> Option<Shared> {
    let sound = text.plain || !text.words.chars().any(|c| characters::hidden(c).is_some());
    sound.then(|| owned(text))
}

fn owned(text: &Text<'_>) -> Shared {
    text.words.as_ref().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_alone_says_the_same_on_every_day() {
        for level in Level::ALL {
            for on in [
                None,
                NaiveDate::from_ymd_opt(1990, 1, 1),
                NaiveDate::from_ymd_opt(2026, 1, 1),
            ] {
                let parsed = parse_with(level.letter(), Form::Portion, on, Vocabulary::standard());
                let sound = parsed.marking.filter(|_| parsed.problems.is_empty());
                assert_eq!(sound.as_ref(), LEVELS[level as usize].as_deref(), "{level}");
            }
        }
        assert!(LEVELS[Level::Unclassified as usize].is_some());
    }
}
