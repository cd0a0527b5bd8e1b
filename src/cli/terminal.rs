//! Standard output and standard error: colours, width, progress, and readers that go away.

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

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
    /// Whether a line of progress stands on standard error.
    progress: bool,
    say: Say,
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
            progress: false,
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
    }

    /// Lets `write` write to standard output, piece by piece. Once the reader has gone away, it is not called.
    pub fn write(&mut self, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) {
        if self.broken.is_none() {
            self.broken = write(&mut self.out).err();
        }
    }

    /// Reads all of standard input.
    ///
    /// # Errors
    /// Where it cannot be read or is not UTF-8.
    pub fn input(&self) -> io::Result<String> {
        io::read_to_string(io::stdin().lock())
    }

    /// Writes a line of summary or status to standard error, unless quiet.
    pub fn status(&mut self, line: &str) {
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

    /// Shows how far a long command is, on a terminal only.
    pub fn progress(&mut self, done: usize, total: usize) {
        if self.say == Say::Little || !self.err.is_terminal() {
            return;
        }
        let _ = write!(self.err, "\rsetting notices: {done} of {total}\u{1b}[K");
        self.progress = true;
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
        if std::mem::take(&mut self.progress) {
            let _ = write!(self.err, "\r\u{1b}[K");
        }
    }
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
