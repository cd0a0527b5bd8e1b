//! The events of a record that is written plainly: one `key = value` a line, without a token in between.
//!
//! Most records are. What is written in any other way that TOML allows, and whatever it forbids, is left to the lexer and
//! the parser: this one only ever gives the events that they would give, or none.

use toml_parser::Span;
use toml_parser::decoder::Encoding;
use toml_parser::parser::{Event, EventKind};

use crate::base::quoted::clear;
use crate::record::events::Room;

/// Fills the room with the events of a text that holds one record under its header. Returns whether it is plain; if not,
/// what is in the room is of no use. Lists and tables stand in one another no deeper than `deepest`.
pub(super) fn events(text: &str, deepest: usize, room: &mut Room) -> bool {
    room.events.clear();
    room.clear.clear();
    let scan = Scan {
        bytes: text.as_bytes(),
        at: 0,
        deepest,
        events: &mut room.events,
        clear: &mut room.clear,
    };
    scan.record().is_some()
}

/// The bytes of bare keys.
const OF_KEY: [bool; 256] = {
    let mut of_key = [false; 256];
    let mut byte = 0u8;
    while byte < 0x80 {
        of_key[byte as usize] = byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        byte += 1;
    }
    of_key
};

struct Scan<'s> {
    bytes: &'s [u8],
    at: usize,
    deepest: usize,
    events: &'s mut Vec<Event>,
    clear: &'s mut Vec<bool>,
}

impl Scan<'_> {
    fn record(mut self) -> Option<()> {
        self.sign(b'[', 2, EventKind::ArrayTableOpen)?;
        self.key()?;
        self.sign(b']', 2, EventKind::ArrayTableClose)?;
        self.line_end()?;
        while self.at < self.bytes.len() {
            self.blanks();
            if !matches!(self.peek(), None | Some(b'#' | b'\r' | b'\n')) {
                self.pair(0)?;
            }
            self.line_end()?;
        }
        Some(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blanks(&mut self) {
        while let Some(b' ' | b'\t') = self.peek() {
            self.at += 1;
        }
    }

    fn push(&mut self, kind: EventKind, encoding: Option<Encoding>, start: usize) {
        self.push_string(kind, encoding, start, false);
    }

    fn push_string(&mut self, kind: EventKind, encoding: Option<Encoding>, start: usize, clear: bool) {
        let span = Span::new_unchecked(start, self.at);
        self.events.push(Event::new_unchecked(kind, encoding, span));
        self.clear.push(clear);
    }

    /// One sign, `count` times.
    fn sign(&mut self, sign: u8, count: usize, kind: EventKind) -> Option<()> {
        let start = self.at;
        let signs = self.bytes.get(start..start + count)?;
        if signs.iter().any(|byte| *byte != sign) {
            return None;
        }
        self.at += count;
        self.push(kind, None, start);
        Some(())
    }

    /// Blanks, perhaps a comment, and the end of the line or of the text.
    fn line_end(&mut self) -> Option<()> {
        self.blanks();
        if self.peek() == Some(b'#') {
            while self
                .peek()
                .is_some_and(|byte| byte == b'\t' || !byte.is_ascii_control())
            {
                self.at += 1;
            }
        }
        match (self.peek(), self.bytes.get(self.at + 1)) {
            (None, _) => {}
            (Some(b'\n'), _) => self.at += 1,
            (Some(b'\r'), Some(b'\n')) => self.at += 2,
            _ => return None,
        }
        Some(())
    }

    /// A bare key, its `=` and its value.
    fn pair(&mut self, depth: usize) -> Option<()> {
        self.key()?;
        self.blanks();
        if self.peek() != Some(b'=') {
            return None;
        }
        self.at += 1;
        self.blanks();
        self.value(depth)
    }

    fn key(&mut self) -> Option<()> {
        let start = self.at;
        let rest = self.bytes.get(start..)?;
        let of_key = |byte: &u8| OF_KEY[usize::from(*byte)];
        self.at += rest.iter().position(|byte| !of_key(byte)).unwrap_or(rest.len());
        self.push(EventKind::SimpleKey, None, start);
        (self.at > start).then_some(())
    }

    fn value(&mut self, depth: usize) -> Option<()> {
        match self.peek()? {
            b'"' => self.string(b'"', Encoding::BasicString),
            b'\'' => self.string(b'\'', Encoding::LiteralString),
            b'[' if depth < self.deepest => self.list(depth + 1),
            b'{' if depth < self.deepest => self.table(depth + 1),
            b'[' | b'{' => None,
            _ => self.bare(),
        }
    }

    /// A string of one line. What stands behind a backslash is looked at by whoever reads the string.
    fn string(&mut self, quote: u8, encoding: Encoding) -> Option<()> {
        let start = self.at;
        self.at += 1;
        let mut whole = true;
        loop {
            self.at += clear(self.bytes.get(self.at..)?, quote);
            match self.peek()? {
                byte if byte == quote => break,
                _ => whole = false,
            }
            match self.peek()? {
                b'\t' | 0x80.. => self.at += 1,
                b'\\' if quote == b'\'' => self.at += 1,
                // Behind a backslash stands no control character, and no half of a longer one.
                b'\\' if matches!(self.bytes.get(self.at + 1)?, b' '..=b'~') => self.at += 2,
                _ => return None,
            }
        }
        self.at += 1;
        // Two signs with nothing between, and a third: a string of several lines begins.
        if self.at == start + 2 && self.peek() == Some(quote) {
            return None;
        }
        self.push_string(EventKind::Scalar, Some(encoding), start, whole);
        Some(())
    }

    /// `true`, `false`, a whole number without signs, or a day.
    fn bare(&mut self) -> Option<()> {
        let start = self.at;
        while let Some(b'a'..=b'z' | b'0'..=b'9' | b'-') = self.peek() {
            self.at += 1;
        }
        let written = self.bytes.get(start..self.at)?;
        let digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
        let sound = match written {
            b"true" | b"false" => true,
            [y @ .., b'-', m1, m2, b'-', d1, d2] => y.len() == 4 && digits(y) && digits(&[*m1, *m2, *d1, *d2]),
            _ => !written.is_empty() && digits(written),
        };
        if !sound {
            return None;
        }
        self.push(EventKind::Scalar, None, start);
        // A time of day may stand behind a blank; an underscore or a point may go on with a number.
        self.blanks();
        matches!(self.peek(), None | Some(b'\r' | b'\n' | b'#' | b',' | b']' | b'}')).then_some(())
    }

    fn list(&mut self, depth: usize) -> Option<()> {
        self.sign(b'[', 1, EventKind::ArrayOpen)?;
        loop {
            self.gap()?;
            if self.peek()? == b']' {
                break;
            }
            self.value(depth)?;
            self.gap()?;
            match self.peek()? {
                b',' => self.at += 1,
                b']' => break,
                _ => return None,
            }
        }
        self.sign(b']', 1, EventKind::ArrayClose)
    }

    /// Blanks and ends of lines inside a list.
    fn gap(&mut self) -> Option<()> {
        loop {
            self.blanks();
            match self.peek()? {
                b'\n' => self.at += 1,
                b'\r' => return None,
                _ => return Some(()),
            }
        }
    }

    fn table(&mut self, depth: usize) -> Option<()> {
        self.sign(b'{', 1, EventKind::InlineTableOpen)?;
        self.blanks();
        while self.peek()? != b'}' {
            self.pair(depth)?;
            self.blanks();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => break,
                _ => return None,
            }
            self.blanks();
            // A comma before the end is for the parser to judge.
            if self.peek()? == b'}' {
                return None;
            }
        }
        self.sign(b'}', 1, EventKind::InlineTableClose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::events::{DEEPEST, parsed};

    /// The events of both ways; nothing where a way gives none.
    fn both(text: &str) -> (Option<Vec<Event>>, Option<Vec<Event>>) {
        let mut found = Room::default();
        let plain = events(text, DEEPEST, &mut found).then_some(found.events);
        let mut room = Room::default();
        (plain, parsed(text, &mut room).then_some(room.events))
    }

    #[test]
    fn a_plain_record_gives_the_events_of_the_parser() {
        for text in [
            "[[agreement]]",
            "[[exchange]] # why\r\n\r\n # more\nid = \"A-1\"\t# é\n",
            "[[agreement]]\nid=\"\"\n  oral = true  \nuntil=2025-03-11\nnumber = 12 # twelve\n",
            "[[agreement]]\ntitle = \"a \\\"b\\\" \\u00e9 \\q\ttab # é\"\nid = 'a\\'\n",
            "[[agreement]]\nparties = []\nrelated = [ \"A\" , \n\n \"B\",\n]\nfinding = {}\n",
            "[[agreement]]\nclaims = [{ by = \"x\", field = \"y\" }, { value = [1, false] }]\n-1_a = 1",
        ] {
            let (plain, parsed) = both(text);
            assert!(plain.is_some() && plain == parsed, "{text:?}\n{plain:?}\n{parsed:?}");
        }
    }

    #[test]
    fn what_is_not_plain_is_left_to_the_parser() {
        for text in [
            "",
            "[agreement]\n",
            "[[agreement]\n",
            "[[ agreement ]]\n",
            "[[agreement]]\n\"id\" = \"A\"\n",
            "[[agreement]]\na.b = 1\n",
            "[[agreement]]\nid = \"\"\"A\"\"\"\n",
            "[[agreement]]\nid = '''A'''\n",
            "[[agreement]]\nid = \"A\n",
            "[[agreement]]\nid = \"A\\\n\"\n",
            "[[agreement]]\nid = \"\\é\"\n",
            "[[agreement]]\nid = \"\u{7f}\"\n",
            "[[agreement]]\nid = \"A\" \"B\"\n",
            "[[agreement]]\nid = \"A\"\rtitle = \"B\"\n",
            "[[agreement]]\n# \u{1}\n",
            "[[agreement]]\non = 2025-03-11 10:00:00\n",
            "[[agreement]]\non = 2025-03-11T10:00:00Z\n",
            "[[agreement]]\non = 1_000\n",
            "[[agreement]]\non = +1\n",
            "[[agreement]]\non = 1.5\n",
            "[[agreement]]\non = inf\n",
            "[[agreement]]\non =\n",
            "[[agreement]]\n= 1\n",
            "[[agreement]]\nlist = [,]\n",
            "[[agreement]]\nlist = [1 2]\n",
            "[[agreement]]\nlist = [1, # one\n2]\n",
            "[[agreement]]\nlist = [1,",
            "[[agreement]]\nof = { a = 1, }\n",
            "[[agreement]]\nof = { a = 1\n}\n",
            "[[agreement]]\nof = { a = [[[[1]]]] }\n",
            "[[agreement]]\n[[exchange]]\n",
        ] {
            assert_eq!(both(text).0, None, "{text:?}");
        }
    }
}
