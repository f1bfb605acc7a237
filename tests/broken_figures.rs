//! A figure that a stray blank or the end of a line breaks in two accuses nobody.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;

use retally::audit::audit;
use retally::message::Lang;
use retally::pattern::Patterns;
use retally::recognise::Recogniser;
use retally::record::{Severity, Verdict};
use retally::{layout, source};

/// The errors in a text, each by the number of its form and its check.
fn errors(text: &str) -> BTreeSet<(usize, String)> {
    let patterns = Patterns::builtin();
    let document = source::read(text.as_bytes(), &source::Options::default());
    let recognised = Recogniser::new(&patterns).recognise(&layout::lay_out(&document));
    let mut errors = BTreeSet::new();
    for (number, form) in recognised.forms.iter().enumerate() {
        let pattern = patterns.get(&form.pattern).unwrap();
        let checks = audit(form, pattern, Lang::En);
        let accuses = checks.into_iter().filter(|check| check.verdict == Verdict::Inconsistent);
        errors.extend(accuses.filter(|check| check.severity == Severity::Error).map(|check| (number, check.id)));
    }
    errors
}

/// The runs of digits and points in a text that have two digits at least.
fn figures(text: &str) -> Vec<Range<usize>> {
    let mut figures = Vec::new();
    let mut start = None;
    for (at, ch) in text.char_indices().chain([(text.len(), ' ')]) {
        match (ch.is_ascii_digit() || ch == '.', start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                figures.push(from..at);
                start = None;
            }
            _ => {}
        }
    }
    figures.retain(|figure| figure.len() > 1);
    figures
}

#[test]
fn a_figure_broken_in_two_accuses_nobody() {
    let text = fs::read_to_string("samples/breakage/tidy.txt").unwrap();
    let known = errors(&text);
    let figures = figures(&text);
    assert!(figures.len() > 20, "only {} figures", figures.len());
    for figure in figures {
        for at in figure.start + 1..figure.end {
            for with in [" ", "\n"] {
                let (before, after) = text.split_at(at);
                let found = errors(&format!("{before}{with}{after}"));
                let new: Vec<_> = found.difference(&known).collect();
                assert!(new.is_empty(), "{} broken by {with:?} at {at}: {new:?}", &text[figure.clone()]);
            }
        }
    }
}
