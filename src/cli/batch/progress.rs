//! How far a batch has come: a bar for people who wait, a line now and then for a log.

use std::io::{self, IsTerminal};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use retally::batch::run::Tally;
use retally::message::Message;

use crate::cli::console::Console;

/// A log gets a line so often: a run of a night fills a thousand lines.
const LINE: Duration = Duration::from_secs(30);

/// How often the time is redrawn.
const TICK: Duration = Duration::from_millis(200);

/// So long a run has to go on before its speed says how long it will take.
const SPEED: Duration = Duration::from_secs(3);

/// Progress over the inputs of a run.
pub(super) struct Progress<'a> {
    console: &'a Console,
    bar: ProgressBar,
    inputs: usize,
    started: Instant,
    /// When the log got its last line.
    said: Instant,
    /// Whether a person waits.
    watched: bool,
}

impl<'a> Progress<'a> {
    pub(super) fn new(inputs: usize, console: &'a Console) -> Self {
        let watched = io::stderr().is_terminal() && !console.is_quiet();
        let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(inputs as u64), target);
        if let Ok(style) = ProgressStyle::with_template("{elapsed} {bar:20} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        if watched {
            bar.enable_steady_tick(TICK);
        }
        Progress { console, bar, inputs, started: Instant::now(), said: Instant::now(), watched }
    }

    /// One more input is done.
    pub(super) fn step(&mut self, tally: &Tally) {
        self.bar.set_position(tally.inputs as u64);
        if self.watched {
            self.bar.set_message(self.words(tally).get(self.console.lang()).to_owned());
        } else if self.said.elapsed() >= LINE {
            self.said = Instant::now();
            let (done, all, words) = (tally.inputs, self.inputs, self.words(tally));
            self.console
                .note(&Message::new(format!("{done}/{all}，{}", words.zh), format!("{done} of {all}, {}", words.en)));
        }
    }

    /// Says something without the bar in the way.
    pub(super) fn aside(&self, say: impl FnOnce()) {
        self.bar.suspend(say);
    }

    fn words(&self, tally: &Tally) -> Message {
        let Tally { inputs, read, forms, findings, failed } = *tally;
        let elapsed = self.started.elapsed();
        let speed = inputs as f64 / elapsed.as_secs_f64().max(f64::EPSILON);
        let mut words = Message::new(
            format!("读取 {read}，表 {forms}，不一致 {findings}，失败 {failed}"),
            format!("read: {read}, forms: {forms}, findings: {findings}, failed: {failed}"),
        );
        if elapsed >= SPEED {
            let left = (self.inputs.saturating_sub(inputs)) as f64 / speed.max(f64::EPSILON);
            let (minutes, seconds) = ((left / 60.0).floor(), (left % 60.0).floor());
            words.zh += &format!("，每秒 {speed:.1}，剩余 {minutes}:{seconds:02}");
            words.en += &format!(", {speed:.1}/s, {minutes}:{seconds:02} left");
        }
        words
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
