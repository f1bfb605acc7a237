//! The texts of a pattern: labels with holes, printed notes, regular expressions; what each may be.

use std::ops::Range;

use regex::{Regex, RegexBuilder};
use toml::Spanned;

use super::name::IdForm;
use super::reader::Reader;
use super::template::{Part, Template};
use super::{hints, wording};
use crate::fold::fold_text;
use crate::message::Message;

/// Characters of a label, a word or a name. The longest label seen on a form has some forty.
pub(super) const MAX_TEXT: usize = 200;

/// Characters of a printed note. Notes that state scoring rules run to several hundred.
pub(super) const MAX_NOTE: usize = 2000;

/// Labels, words and other texts in one pattern. A family lists about a hundred; recognition compares each with every line.
pub(super) const MAX_TEXTS: usize = 2000;

/// Characters of a regular expression; page numbers and footers need fewer than eighty.
const MAX_REGEX: usize = 500;

/// Bytes of a compiled regular expression: room for a few Unicode classes, none for nested counted repeats.
const MAX_REGEX_SIZE: usize = 1 << 18;

/// Regular expressions in one pattern; each runs over every line of a document.
const MAX_REGEXES: usize = 50;

/// Which holes a text may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holes {
    /// `{}` for the owning field, and named ones.
    Own,
    /// Named ones only: nothing owns the text.
    Named,
    /// None.
    Never,
}

impl Reader<'_> {
    /// A text with holes; `key` is what mistakes call it.
    pub(super) fn template(
        &self,
        key: &str,
        text: Spanned<String>,
        holes: Holes,
        limit: usize,
    ) -> Option<Spanned<Template>> {
        let (span, text) = (text.span(), self.plain(key, text, limit)?);
        match Template::parse(&text) {
            Ok(template) => {
                let right = self.check_holes(key, &template, span.clone(), holes);
                right.then(|| Spanned::new(span, template))
            }
            Err((offset, _)) => {
                let open = text.get(offset..).is_some_and(|rest| rest.starts_with('{'));
                // Escapes and line ends make the text another than what is written; then all of it is shown.
                let written = self.text().get(span.clone()).and_then(|written| written.find(&text));
                let brace = written.map(|quotes| span.start + quotes + offset);
                self.mistake(brace.map_or(span, |at| at..at + 1), wording::brace(open), hints::brace());
                None
            }
        }
    }

    /// A text as it stands, counted among the texts of the pattern.
    pub(super) fn plain(&self, key: &str, text: Spanned<String>, limit: usize) -> Option<String> {
        let what = Message::new("文本", "texts");
        let counted = self.count(&self.texts, MAX_TEXTS, text.span(), what);
        (counted && self.fits(key, text.get_ref(), text.span(), limit)).then(|| text.into_inner())
    }

    /// Whether the holes of the text may be there.
    fn check_holes(&self, key: &str, template: &Template, span: Range<usize>, holes: Holes) -> bool {
        let mut seen: Vec<&str> = Vec::new();
        let mut wrong: Vec<(Message, Option<Message>)> = Vec::new();
        for part in &template.parts {
            let Part::Hole(name) = part else { continue };
            match name.as_str() {
                _ if holes == Holes::Never => wrong.push((wording::hole_not_allowed(key), Some(hints::without_hole()))),
                "" if holes == Holes::Named => {
                    wrong.push((wording::nameless_hole(key), Some(wording::name_the_hole())));
                }
                name if !name.is_empty() && !IdForm::Snake.fits(name) => {
                    wrong.push((wording::hole_name(name), Some(hints::id_example("{budget_weight}"))))
                }
                name if seen.contains(&name) => wrong.push((wording::hole_twice(name), Some(hints::hole_once()))),
                _ => {}
            }
            seen.push(name);
        }
        if template.parts.windows(2).any(|pair| matches!(pair, [Part::Hole(_), Part::Hole(_)])) {
            wrong.push((wording::holes_touch(), Some(hints::between_holes())));
        } else if template.literal().is_empty() {
            wrong.push((wording::only_holes(key), Some(hints::around_hole())));
        }
        let right = wrong.is_empty();
        for (message, hint) in wrong {
            self.mistake(span.clone(), message, hint);
        }
        right
    }

    /// Whether the text is short enough, and leaves a mark when folded.
    pub(super) fn fits(&self, key: &str, text: &str, span: Range<usize>, limit: usize) -> bool {
        if fold_text(text).is_empty() {
            self.mistake(span, wording::empty_text(key), hints::printed_text());
            return false;
        }
        let chars = text.chars().count();
        if chars > limit {
            self.mistake(span, wording::too_long(key, chars, limit), hints::shorten());
            return false;
        }
        true
    }

    /// A regular expression that matches whole folded lines.
    pub(super) fn regex(&self, key: &str, text: Spanned<String>) -> Option<Regex> {
        let (span, text) = (text.span(), text.into_inner());
        let what = Message::new("正则表达式", "regular expressions");
        if !self.count(&self.regexes, MAX_REGEXES, span.clone(), what)
            || !self.fits(key, &text, span.clone(), MAX_REGEX)
        {
            return None;
        }
        for ch in text.chars() {
            let folded = fold_text(ch.encode_utf8(&mut [0; 4]));
            if folded.chars().ne([ch]) {
                let hint = wording::regex_folded(&regex::escape(&folded));
                self.mistake(span.clone(), wording::regex_unfolded(ch), hint);
            }
        }
        // By itself first: `a)(b` must not become right by what is put around it.
        match build(&text).and_then(|_| build(&format!("^(?:{text})$"))) {
            Ok(regex) if regex.is_match("") => {
                self.mistake(span, wording::regex_matches_nothing(), hints::regex_needs_text());
            }
            Ok(regex) => return Some(regex),
            Err(error) => self.mistake(span, wording::bad_regex(&reason(&error)), hints::regex()),
        }
        None
    }
}

fn build(text: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(text).size_limit(MAX_REGEX_SIZE).build()
}

/// The last line of a regex error: its reason, without the picture of the expression above it.
fn reason(error: &regex::Error) -> String {
    let whole = error.to_string();
    let last = whole.lines().last().unwrap_or_default().trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}
