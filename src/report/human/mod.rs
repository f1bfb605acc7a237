//! The audit for people: every finding in its place in the document, as a compiler shows it.

use annotate_snippets::{Group, Origin, Renderer, Title};

use crate::layout::Layout;
use crate::message::Lang;
use crate::record::{Check, Form, Record, Verdict};
use crate::report::excerpt::Excerpts;

mod finding;
mod summary;
mod trouble;

pub use summary::{Tally, breakdown, summary};
pub use trouble::trouble;

/// How a report looks.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// The language of the report.
    pub lang: Lang,
    /// Whether colours are written, as ANSI escape sequences.
    pub colour: bool,
    /// Columns of the terminal: longer lines of the document are cut around what is underlined.
    pub width: usize,
    /// Whether consistent and unverifiable checks are shown too.
    pub all: bool,
    /// Whether only summaries are shown.
    pub brief: bool,
}

impl Style {
    /// Frames are ASCII: the box-drawing characters are of ambiguous width, and terminals set up for Chinese may draw
    /// them two columns wide, so that underlines would miss what they mark.
    fn renderer(&self) -> Renderer {
        let renderer = if self.colour { Renderer::styled() } else { Renderer::plain() };
        renderer.term_width(self.width)
    }

    fn shows(&self, check: &Check) -> bool {
        !self.brief && (self.all || check.verdict == Verdict::Inconsistent)
    }
}

/// The report of one document: its problems, the findings of each form, and a line that sums up each form.
pub fn document(record: &Record, layout: &Layout, style: &Style) -> String {
    let mut out = String::new();
    for problem in record.problems.iter().filter(|_| !style.brief) {
        out.push_str(&trouble(&record.source.path, problem, record.status, style));
        out.push('\n');
    }
    let excerpts = Excerpts::new(layout);
    for (number, form) in record.forms.iter().enumerate() {
        for check in shown(form, style) {
            out.push_str(&finding::finding(&record.source.path, form, check, &excerpts, style));
            out.push('\n');
        }
        out.push_str(&summary::form(record, number, form, style.lang));
        out.push_str("\n\n");
    }
    out
}

/// A title with the place that it speaks of, the arrow set in by `margin` columns.
///
/// Rendered apart from what follows: there, a place must be a line and a column, which a box on a page has not.
fn head(title: Title<'_>, place: String, margin: usize, style: &Style) -> String {
    let text = style.renderer().render(&[Group::with_title(title).element(Origin::path(place))]);
    text.lines().enumerate().fold(String::new(), |mut head, (nth, line)| {
        head.extend(std::iter::repeat_n(' ', if nth == 0 { 0 } else { margin }));
        head.push_str(line);
        head.push('\n');
        head
    })
}

fn shown<'a>(form: &'a Form, style: &Style) -> impl Iterator<Item = &'a Check> {
    form.checks.iter().flatten().filter(|check| style.shows(check))
}

#[cfg(test)]
mod tests;
