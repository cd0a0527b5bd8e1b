//! Standard output and standard error: colours, width, progress, and readers that go away.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::base::failure::Failure;
use crate::cli::args::{Colour, Screen};
use crate::report::{Look, visible};

/// Columns where neither the terminal nor COLUMNS says how many.
const WIDTH: usize = 100;

/// How many bytes are written to standard output at once.
const BUFFER: usize = 64 << 10;

/// Where a command writes to.
#[derive(Debug)]
pub struct Terminal {
    out: io::BufWriter<io::Stdout>,
    err: io::Stderr,
    /// Why standard output takes no more.
    broken: Option<io::Error>,
    colour: bool,
    err_colour: bool,
    width: usize,
    /// When the command whose progress stands on standard error began, and when that was last said.
    progress: Option<(Instant, Instant)>,
    say: Say,
    /// What was written since it was asked to be kept.
    record: Option<Vec<Piece>>,
}

/// Something that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// To standard output.
    Out(String),
    /// A line of status.
    Status(String),
}

/// How much is said beside the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Say {
    Little,
    Usual,
    More,
}

impl Terminal {
    pub fn new(screen: &Screen) -> Self {
        Self {
            colour: colour(screen.color, io::stdout().is_terminal()),
            err_colour: colour(screen.color, io::stderr().is_terminal()),
            out: io::BufWriter::with_capacity(BUFFER, io::stdout()),
            err: io::stderr(),
            broken: None,
            width: width(),
            progress: None,
            record: None,
            say: match (screen.quiet, screen.verbose) {
                (true, _) => Say::Little,
                (false, true) => Say::More,
                (false, false) => Say::Usual,
            },
        }
    }

    /// Whether more was asked for.
    pub fn is_verbose(&self) -> bool {
        self.say == Say::More
    }

    /// How text on standard output is laid out.
    pub fn look(&self) -> Look {
        Look {
            colour: self.colour,
            width: self.width,
        }
    }

    /// Writes to standard output. Once the reader has gone away, what is written is dropped.
    pub fn out(&mut self, text: &str) {
        if self.broken.is_none() {
            self.broken = self.out.write_all(text.as_bytes()).err();
        }
        let Some(record) = &mut self.record else { return };
        match record.last_mut() {
            Some(Piece::Out(last)) => last.push_str(text),
            _ => record.push(Piece::Out(text.to_owned())),
        }
    }

    /// Lets `write` write to standard output, piece by piece. Once the reader has gone away, it is not called.
    pub fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.record.is_some() {
            let mut written = Vec::new();
            if let Err(error) = write(&mut written) {
                self.broken.get_or_insert(error);
            }
            self.out(&String::from_utf8_lossy(&written));
        } else if self.broken.is_none() {
            self.broken = write(&mut self.out).err();
        }
    }

    /// Keeps what is written from now on.
    pub fn record(&mut self) {
        self.record = Some(Vec::new());
    }

    /// What was written since [`Terminal::record`]; nothing where standard output took not all of it.
    pub fn recorded(&mut self) -> Option<Vec<Piece>> {
        self.record.take().filter(|_| self.broken.is_none())
    }

    /// Standard input, read piece by piece.
    pub fn input(&self) -> io::BufReader<io::StdinLock<'static>> {
        io::BufReader::with_capacity(BUFFER, io::stdin().lock())
    }

    /// Writes a line of summary or status to standard error, unless quiet.
    pub fn status(&mut self, line: &str) {
        if let Some(record) = &mut self.record {
            record.push(Piece::Status(line.to_owned()));
        }
        if self.say != Say::Little {
            self.err_line(&visible::line(line));
        }
    }

    /// Writes text to standard error as it is.
    pub fn error(&mut self, text: &str) {
        self.err_line(text.trim_end());
    }

    /// Writes a question to standard error and leaves the cursor behind it.
    pub fn ask(&mut self, question: &str) {
        self.end_progress();
        let _ = write!(self.err, "{}", visible::lines(question));
        let _ = self.err.flush();
    }

    /// Writes why a command could not run.
    pub fn failure(&mut self, failure: &Failure) {
        let error = self.painted("1;31", "error");
        self.err_line(&format!("{error}: {}", visible::lines(&failure.message)));
        let hint = self.painted("1;36", "hint");
        for text in &failure.hints {
            self.err_line(&format!("{hint}: {}", visible::lines(text)));
        }
    }

    /// Shows how far a long command is, on a terminal only: how many a second, and how long the rest will take.
    pub fn progress(&mut self, done: usize, total: usize) {
        if self.say == Say::Little || !self.err.is_terminal() {
            return;
        }
        let now = Instant::now();
        let began = match self.progress {
            Some((_, said)) if now.duration_since(said) < Duration::from_millis(100) && done < total => return,
            Some((began, _)) => began,
            None => now,
        };
        self.progress = Some((began, now));
        let pace = pace(done, total, now.duration_since(began));
        let _ = write!(self.err, "\rsetting notices: {done} of {total}{pace}\u{1b}[K");
    }

    /// Ends the run: the exit code, or 2 where standard output failed. A reader that went away is no failure.
    pub fn close(mut self, code: u8) -> ExitCode {
        self.end_progress();
        let flushed = self.broken.take().map_or_else(|| self.out.flush(), Err);
        match flushed {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                self.failure(&Failure::new(format!("cannot write to standard output: {error}")));
                ExitCode::from(2)
            }
            _ => ExitCode::from(code),
        }
    }

    /// Standard output and standard error as plain streams.
    pub fn streams(&mut self) -> (&mut dyn Write, &mut dyn Write) {
        (&mut self.out, &mut self.err)
    }

    fn painted(&self, style: &str, word: &str) -> String {
        if self.err_colour {
            format!("\u{1b}[{style}m{word}\u{1b}[0m")
        } else {
            word.to_owned()
        }
    }

    /// Standard output comes first, so that the two streams read in order on one terminal. A failure to write to
    /// standard error can be told to nobody.
    fn err_line(&mut self, line: &str) {
        self.end_progress();
        if self.broken.is_none() {
            self.broken = self.out.flush().err();
        }
        let _ = writeln!(self.err, "{line}");
    }

    fn end_progress(&mut self) {
        if self.progress.take().is_some() {
            let _ = write!(self.err, "\r\u{1b}[K");
        }
    }
}

/// ", 143 a second, 1 min 9 s left"; nothing in the first second, when nobody can tell.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "an estimate for people"
)]
fn pace(done: usize, total: usize, spent: Duration) -> String {
    if done == 0 || spent < Duration::from_secs(1) {
        return String::new();
    }
    let rate = done as f64 / spent.as_secs_f64();
    let left = (total.saturating_sub(done) as f64 / rate).ceil() as u64;
    let left = match (left / 3600, left / 60 % 60, left % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    };
    format!(", {rate:.0} a second, {left} left")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment is read"
)]
fn colour(when: Colour, terminal: bool) -> bool {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    match when {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => terminal && set("NO_COLOR").is_none() && set("TERM").is_none_or(|term| term != "dumb"),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the command line is where the environment is read"
)]
fn width() -> usize {
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let columns = columns.or_else(|| terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)));
    columns.filter(|columns| *columns >= 40).unwrap_or(WIDTH)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pace_of_a_run_is_told_in_words() {
        let after = |seconds, done| pace(done, 10_000, Duration::from_secs(seconds));
        assert_eq!(after(0, 0), "");
        assert_eq!(after(10, 1430), ", 143 a second, 1 min 0 s left");
        assert_eq!(after(100, 9999), ", 100 a second, 1 s left");
        assert_eq!(after(100, 100), ", 1 a second, 2 h 45 min left");
    }
}
