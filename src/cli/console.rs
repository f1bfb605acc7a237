//! Standard output and standard error as this run uses them.

use std::io::{self, BufWriter, IsTerminal, Write};

use annotate_snippets::{Group, Level, Renderer};
use anstream::{AutoStream, ColorChoice};
use retally::message::{Lang, Message};
use retally::problem::Problem;
use retally::record::Status;
use retally::report::{human, safe};

use crate::cli::flags::raw::{Colour, Raw};
use crate::cli::language;

/// Columns to write for when no terminal says how many: what compilers take.
const WIDTH: usize = 140;

/// How the run speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Console {
    lang: Lang,
    volume: Volume,
}

/// How much is said beside the results.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Volume {
    Quiet,
    Normal,
    Verbose,
}

impl Console {
    /// A console as the arguments ask for it. Sets the use of colour for the whole program.
    pub(crate) fn new(raw: &Raw) -> Self {
        let choice = match raw.common.color {
            Colour::Auto => ColorChoice::Auto,
            Colour::Always => ColorChoice::Always,
            Colour::Never => ColorChoice::Never,
        };
        choice.write_global();
        let volume = match (raw.common.quiet, raw.common.verbose) {
            (true, _) => Volume::Quiet,
            (false, true) => Volume::Verbose,
            (false, false) => Volume::Normal,
        };
        Console { lang: raw.common.lang.map_or_else(language::of_locale, Lang::from), volume }
    }

    /// The language of messages.
    pub(crate) fn lang(&self) -> Lang {
        self.lang
    }

    /// Whether nothing is to be said beside the results.
    pub(crate) fn is_quiet(&self) -> bool {
        self.volume == Volume::Quiet
    }

    /// Whether a person reads standard output.
    pub(crate) fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// How a report on standard output looks.
    pub(crate) fn style(&self, all: bool) -> human::Style {
        let colour = has_colour(AutoStream::choice(&io::stdout()));
        human::Style { lang: self.lang, colour, width: width(), all, brief: self.is_quiet() }
    }

    /// How a report on standard error looks.
    pub(crate) fn error_style(&self) -> human::Style {
        let colour = has_colour(AutoStream::choice(&io::stderr()));
        human::Style { lang: self.lang, colour, width: width(), all: false, brief: false }
    }

    /// Says what ends the run.
    pub(crate) fn error(&self, message: &Message) {
        let (level, style) = (Level::ERROR.with_name(self.word("错误", "error")), self.error_style());
        let renderer = if style.colour { Renderer::styled() } else { Renderer::plain() };
        let title = level.primary_title(safe::line(message.get(self.lang)));
        self.print_error(&(renderer.render(&[Group::with_title(title)]) + "\n"));
    }

    /// Says that an input could not be read, or not wholly.
    pub(crate) fn trouble(&self, path: &str, problem: &Problem, status: Status) {
        if !self.is_quiet() {
            self.print_error(&human::trouble(path, problem, status, &self.error_style()));
        }
    }

    /// Sums up a run whose results are not for people.
    pub(crate) fn summary(&self, tally: &human::Tally) {
        if !self.is_quiet() {
            self.print_error(&format!("{}\n", human::summary(tally, self.lang)));
        }
    }

    /// Says how the work goes.
    pub(crate) fn note(&self, message: &Message) {
        if !self.is_quiet() {
            self.print_error(&format!("{}\n", safe::line(message.get(self.lang))));
        }
    }

    /// Says what the program does, when that is asked for.
    pub(crate) fn detail(&self, message: &Message) {
        if self.volume == Volume::Verbose {
            self.print_error(&format!("{}\n", safe::line(message.get(self.lang))));
        }
    }

    /// Writes a rendered text to standard error. There is nobody left to tell when that fails.
    pub(crate) fn print_error(&self, text: &str) {
        let _ = AutoStream::auto(io::stderr()).write_all(text.as_bytes());
    }

    fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// Standard output for data: bytes go out as they are.
pub(crate) fn data() -> impl Write {
    BufWriter::new(io::stdout().lock())
}

/// Standard output for reports: colours go out as the terminal takes them.
pub(crate) fn report() -> impl Write {
    BufWriter::new(AutoStream::auto(io::stdout()).lock())
}

/// A writer that takes no notice when nobody reads any more: for a run that has more to do than to be read.
pub(crate) struct Undisturbed<W>(pub(crate) W);

impl<W: Write> Write for Undisturbed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        unless_closed(self.0.write(bytes), bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        unless_closed(self.0.flush(), ())
    }
}

/// `result`, or `instead` when the reader at the other end of the pipe has gone.
fn unless_closed<T>(result: io::Result<T>, instead: T) -> io::Result<T> {
    result.or_else(|error| if error.kind() == io::ErrorKind::BrokenPipe { Ok(instead) } else { Err(error) })
}

fn has_colour(choice: ColorChoice) -> bool {
    choice != ColorChoice::Never
}

fn width() -> usize {
    terminal_size::terminal_size().map_or(WIDTH, |(terminal_size::Width(columns), _)| columns.into())
}
