//! A pattern file while it is read: its text and the mistakes found so far.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::mistake::Mistake;
use super::name::{IdForm, nearest};
use super::template::Template;
use super::texts::MAX_TEXTS;
use super::{hints, wording};
use crate::message::Message;

/// Mistakes that are listed; a file with more is not a pattern gone wrong but another kind of file.
const MAX_LISTED: usize = 100;

/// Mistakes that are kept until they can be put in order. Beyond it nothing more is looked for.
const MAX_KEPT: usize = 1000;

/// A pattern file while it is read, with the mistakes found so far.
pub(super) struct Reader<'a> {
    source: &'a str,
    text: &'a str,
    mistakes: RefCell<Vec<Mistake>>,
    /// Texts so far.
    pub(super) texts: Cell<usize>,
    /// Texts so far that terms and suffixes stand for.
    expanded: Cell<usize>,
    /// Regular expressions so far.
    pub(super) regexes: Cell<usize>,
    /// Texts that stand under a name: `@name` in a list of labels.
    pub(super) terms: RefCell<BTreeMap<String, Vec<Template>>>,
}

impl<'a> Reader<'a> {
    /// A reader of `text`, which mistakes call `source`.
    pub(super) fn new(source: &'a str, text: &'a str) -> Self {
        Reader {
            source,
            text,
            mistakes: RefCell::default(),
            texts: Cell::new(0),
            expanded: Cell::new(0),
            regexes: Cell::new(0),
            terms: RefCell::default(),
        }
    }

    /// The text that is read.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Notes a mistake. Its span is brought to whole characters within the text.
    pub(super) fn mistake(&self, span: Range<usize>, message: Message, hint: impl Into<Option<Message>>) {
        if self.is_full() {
            return;
        }
        let start = self.text.floor_char_boundary(span.start);
        let end = self.text.ceil_char_boundary(span.end).max(start);
        let source = self.source.to_owned();
        self.mistakes.borrow_mut().push(Mistake { source, span: start..end, message, hint: hint.into() });
    }

    /// Whether there are so many mistakes, or texts, that no more are looked for.
    pub(super) fn is_full(&self) -> bool {
        self.mistakes.borrow().len() >= MAX_KEPT || self.expanded.get() > MAX_TEXTS
    }

    /// A hint at one of the `known` names: the one that `name` is a slip for, else what `otherwise` says.
    pub(super) fn suggest(&self, name: &str, known: &[&str], otherwise: impl FnOnce() -> Message) -> Option<Message> {
        if self.is_full() {
            return None;
        }
        Some(match nearest(name, known.iter().copied()) {
            Some(near) => wording::did_you_mean(near),
            None => otherwise(),
        })
    }

    /// The texts of the term `name`; none, with a mistake at `span`, when there is no such term.
    pub(super) fn term(&self, name: &str, span: Range<usize>) -> Vec<Template> {
        let terms = self.terms.borrow();
        terms.get(name).cloned().unwrap_or_else(|| {
            let known: Vec<&str> = terms.keys().map(String::as_str).collect();
            let hint = self.suggest(name, &known, || wording::known_here(&known));
            self.mistake(span, wording::unknown_term(name), hint);
            Vec::new()
        })
    }

    /// Counts so many more texts that stand for themselves by way of a term; false when there are too many for one
    /// pattern, with a mistake for the first time.
    pub(super) fn takes(&self, texts: usize, span: Range<usize>) -> bool {
        let all = self.expanded.get().saturating_add(texts);
        if all > MAX_TEXTS {
            let what = Message::new("文本", "texts");
            self.mistake(span, wording::too_many(what, MAX_TEXTS), hints::fewer());
        }
        self.expanded.set(all);
        all <= MAX_TEXTS
    }

    /// Notes a mistake when `id` is not of this form.
    pub(super) fn check_id(&self, id: &Spanned<String>, form: IdForm) {
        if !form.fits(id.get_ref()) {
            self.mistake(id.span(), wording::bad_id(id.get_ref(), form.in_words()), hints::id_example(form.example()));
        }
    }

    /// Counts one more of `what`; false beyond `limit`, with a mistake for the first one there.
    pub(super) fn count(&self, counter: &Cell<usize>, limit: usize, span: Range<usize>, what: Message) -> bool {
        counter.set(counter.get() + 1);
        if counter.get() == limit + 1 {
            self.mistake(span, wording::too_many(what, limit), hints::fewer());
        }
        counter.get() <= limit
    }

    /// The mistakes in the order of the file, each once.
    pub(super) fn into_mistakes(self) -> Vec<Mistake> {
        let mut mistakes = self.mistakes.into_inner();
        mistakes.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
        mistakes.dedup();
        if mistakes.len() > MAX_LISTED {
            mistakes.truncate(MAX_LISTED);
            let span = mistakes.last().map_or(0..0, |last| last.span.clone());
            let message = wording::more_mistakes(MAX_LISTED);
            mistakes.push(Mistake { source: self.source.to_owned(), span, message, hint: None });
        }
        mistakes
    }
}
