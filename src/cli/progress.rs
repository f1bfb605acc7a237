//! How far the work has come, shown on standard error when a person waits for it.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use retally::report::safe;

/// Work shorter than this shows no progress: a bar that comes and goes is only a flicker.
const MOMENT: Duration = Duration::from_millis(500);

/// One input of more bytes than this is more than a moment's work: some fifty pages of a PDF.
const LARGE: usize = 2 << 20;

/// How often the time is redrawn.
const TICK: Duration = Duration::from_millis(200);

/// A bar with one step an input.
pub(crate) struct Progress {
    bar: ProgressBar,
    started: Instant,
    wanted: bool,
}

impl Progress {
    /// Progress over `inputs`, which stays unseen until the work takes more than a moment.
    pub(crate) fn new(inputs: usize, quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(Some(inputs as u64), ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template("{elapsed} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        Progress { bar, started: Instant::now(), wanted: !quiet && io::stderr().is_terminal() }
    }

    /// The work on `name`, of so many bytes, begins.
    pub(crate) fn begin(&mut self, name: &str, bytes: usize) {
        self.bar.set_message(safe::line(name).into_owned());
        if self.wanted && (self.started.elapsed() > MOMENT || bytes > LARGE) {
            self.wanted = false;
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            self.bar.enable_steady_tick(TICK);
        }
    }

    /// The work on one input is done; `show` gives its results, and the bar stays out of their way.
    pub(crate) fn end<T>(&self, show: impl FnOnce() -> T) -> T {
        let shown = self.bar.suspend(show);
        self.bar.inc(1);
        shown
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
