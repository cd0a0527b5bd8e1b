//! What goes between relto and its worker processes: messages in JSON, each followed by bytes as they are.

use std::io::{self, Read, Write};

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::notice::model::Notice;
use crate::typeset::copy::{Complaint, Finished};
use crate::typeset::pressed::Options;

/// The longest message that is taken, in bytes.
const LONGEST: u64 = 512 << 20;

/// The first message to a worker. The fonts follow as bytes, one after the other.
#[derive(Serialize, Deserialize)]
pub(super) struct Setup {
    pub(super) options: Options,
    /// Their lengths.
    pub(super) fonts: Vec<usize>,
}

/// One copy to set.
#[derive(Serialize, Deserialize)]
pub(super) struct Task {
    pub(super) notice: Notice,
    pub(super) addressee: usize,
    /// The path of the letter.
    pub(super) letter: String,
}

/// What a worker says of a task. The PDF follows as bytes.
#[derive(Serialize, Deserialize)]
pub(super) enum Answer {
    Done(Finished),
    Refused(Vec<Complaint>),
}

/// Writes one message.
pub(super) fn send(to: &mut dyn Write, message: &impl Serialize, bytes: &[u8]) -> io::Result<()> {
    let text = serde_json::to_vec(message)?;
    for part in [text.as_slice(), bytes] {
        to.write_all(&(part.len() as u64).to_le_bytes())?;
        to.write_all(part)?;
    }
    to.flush()
}

/// Reads one message; nothing where the other side has closed.
pub(super) fn receive<T: DeserializeOwned>(from: &mut dyn Read) -> io::Result<Option<(T, Vec<u8>)>> {
    let Some(text) = part(from)? else {
        return Ok(None);
    };
    let bytes = part(from)?.ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(Some((serde_json::from_slice(&text)?, bytes)))
}

fn part(from: &mut dyn Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match from.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = u64::from_le_bytes(length);
    if length > LONGEST {
        return Err(io::Error::other("a message longer than any that relto writes"));
    }
    let mut bytes = Vec::new();
    from.take(length).read_to_end(&mut bytes)?;
    if bytes.len() as u64 == length {
        Ok(Some(bytes))
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_come_out_as_they_went_in() {
        let mut wire = Vec::new();
        let refused = Answer::Refused(Vec::new());
        send(&mut wire, &refused, b"one").unwrap();
        send(&mut wire, &refused, b"").unwrap();
        let mut from = wire.as_slice();
        let (_, bytes) = receive::<Answer>(&mut from).unwrap().unwrap();
        assert_eq!(bytes, b"one");
        assert!(receive::<Answer>(&mut from).unwrap().is_some());
        assert!(receive::<Answer>(&mut from).unwrap().is_none());
        assert!(receive::<Answer>(&mut &wire[..wire.len() - 20]).unwrap().is_some());
        assert!(receive::<Answer>(&mut u64::MAX.to_le_bytes().as_slice()).is_err());
    }
}
