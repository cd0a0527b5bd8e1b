//! Questions over HTTP to a program on this machine.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// How long an answer may take: a busy machine sets a letter slowly.
const PATIENCE: Duration = Duration::from_mins(2);

/// The status and the body of the answer of `at`, asked in the name of `host`.
pub(super) fn ask(at: &str, host: &str, method: &str, path: &str, body: &str) -> io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(at)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let length = body.len();
    // In one piece, and no more after it.
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\
         TE: identity\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(format!("{head}{body}").as_bytes())?;
    let wrong = || io::Error::new(io::ErrorKind::InvalidData, "no answer over HTTP");
    let mut answer = BufReader::new(stream);
    let mut line = String::new();
    answer.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|word| word.parse().ok());
    let mut length = None;
    while line.trim_end() != "" {
        line.clear();
        answer.read_line(&mut line)?;
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().ok();
        }
    }
    let mut body = Vec::new();
    answer.take(length.unwrap_or(u64::MAX)).read_to_end(&mut body)?;
    let body = String::from_utf8(body).map_err(|_| wrong())?;
    Ok((status.ok_or_else(wrong)?, body))
}
