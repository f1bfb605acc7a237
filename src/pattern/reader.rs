//! Typed reading of a spanned TOML table that collects every mistake instead of stopping at the first.
//!
//! [`Keys`] remembers which keys were asked for; [`Keys::done`] reports the others as unknown. So a key of the
//! language is known as soon as it is read, and no list of keys stands anywhere else.

use std::cell::{Cell, RefCell};
use std::ops::Range;

use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::mistake::Mistake;
use super::template::{Part, Template};
use super::wording;
use crate::fold::fold_text;
use crate::message::Message;

/// Characters of a label, a word or a name. The longest label seen on a form has some forty.
const MAX_TEXT: usize = 200;

/// Characters of a printed note. Notes that state scoring rules run to several hundred.
const MAX_NOTE: usize = 2000;

/// Texts with holes in one pattern. A family lists about a hundred; recognition compares each with every line.
const MAX_TEMPLATES: usize = 2000;

/// Characters of a regular expression; page numbers and footers need fewer than eighty.
const MAX_REGEX: usize = 500;

/// Bytes of a compiled regular expression: room for a few Unicode classes, none for nested counted repeats.
const MAX_REGEX_SIZE: usize = 1 << 18;

/// Regular expressions in one pattern; each runs over every line of a document.
const MAX_REGEXES: usize = 100;

/// Mistakes that are listed one by one; a file with more is not a pattern gone wrong but another kind of file.
const MAX_MISTAKES: usize = 100;

/// Names longer than this are no slip of the finger for a known one.
const MAX_NEAR: usize = 40;

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

/// A pattern file while it is read, with the mistakes found so far.
pub(super) struct Reader<'a> {
    source: &'a str,
    text: &'a str,
    mistakes: RefCell<Vec<Mistake>>,
    templates: Cell<usize>,
    regexes: Cell<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: &'a str, text: &'a str) -> Self {
        Reader { source, text, mistakes: RefCell::default(), templates: Cell::new(0), regexes: Cell::new(0) }
    }

    /// The text that is read.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// Notes a mistake.
    pub(super) fn mistake(&self, span: Range<usize>, message: Message, hint: impl Into<Option<Message>>) {
        let source = self.source.to_owned();
        self.mistakes.borrow_mut().push(Mistake { source, span, message, hint: hint.into() });
    }

    /// The mistakes in the order of the file.
    pub(super) fn into_mistakes(self) -> Vec<Mistake> {
        let mut mistakes = self.mistakes.into_inner();
        mistakes.sort_by_key(|mistake| (mistake.span.start, mistake.span.end));
        mistakes.dedup();
        if mistakes.len() > MAX_MISTAKES {
            let more = mistakes.len() - MAX_MISTAKES;
            mistakes.truncate(MAX_MISTAKES);
            let span = mistakes.last().map_or(0..0, |last| last.span.clone());
            let source = self.source.to_owned();
            mistakes.push(Mistake { source, span, message: wording::more_mistakes(more), hint: None });
        }
        mistakes
    }

    /// Checks that the text of `spanned` may be an id: `allowed` tests its characters, `words` names them.
    pub(super) fn check_id(&self, spanned: &Spanned<String>, form: IdForm) {
        if !form.fits(spanned.get_ref()) {
            self.mistake(spanned.span(), wording::bad_id(spanned.get_ref(), form.in_words()), None);
        }
    }

    /// Notes one mistake when `count` goes beyond `limit`.
    fn count(&self, count: &Cell<usize>, limit: usize, span: Range<usize>, what: Message) {
        count.set(count.get() + 1);
        if count.get() == limit + 1 {
            self.mistake(span, wording::too_many(what, limit), None);
        }
    }

    fn template(&self, key: &str, spanned: Spanned<String>, holes: Holes, limit: usize) -> Option<Spanned<Template>> {
        let (span, text) = (spanned.span(), spanned.into_inner());
        let what = Message::new("文本", "texts");
        self.count(&self.templates, MAX_TEMPLATES, span.clone(), what);
        if !self.fits(key, &text, span.clone(), limit) {
            return None;
        }
        match Template::parse(&text) {
            Ok(template) => {
                self.check_holes(key, &template, span.clone(), holes);
                Some(Spanned::new(span, template))
            }
            Err((offset, _)) => {
                let open = text[offset..].starts_with('{');
                let at = span.start + 1 + offset;
                // An escape before the brace moves it in the file; then the whole text is shown.
                let written = self.text.get(at..at + 1) == text.get(offset..offset + 1);
                self.mistake(if written { at..at + 1 } else { span }, wording::brace(open), None);
                None
            }
        }
    }

    fn check_holes(&self, key: &str, template: &Template, span: Range<usize>, holes: Holes) {
        let mut seen: Vec<&str> = Vec::new();
        for part in &template.parts {
            let Part::Hole(name) = part else { continue };
            if holes == Holes::Never {
                return self.mistake(span, wording::hole_not_allowed(key), None);
            }
            if name.is_empty() && holes == Holes::Named {
                self.mistake(span.clone(), wording::nameless_hole(key), wording::name_the_hole());
            }
            if !name.is_empty() && !IdForm::Snake.fits(name) {
                self.mistake(span.clone(), wording::hole_name(name), None);
            }
            if seen.contains(&name.as_str()) {
                self.mistake(span.clone(), wording::hole_twice(name), None);
            }
            seen.push(name);
        }
        if template.parts.windows(2).any(|pair| matches!(pair, [Part::Hole(_), Part::Hole(_)])) {
            self.mistake(span.clone(), wording::holes_touch(), None);
        }
        if template.literal().is_empty() {
            self.mistake(span, wording::only_holes(key), None);
        }
    }

    /// Whether the text is short enough, and leaves a mark when folded.
    fn fits(&self, key: &str, text: &str, span: Range<usize>, limit: usize) -> bool {
        if fold_text(text).is_empty() {
            self.mistake(span, wording::empty_text(key), None);
            return false;
        }
        let chars = text.chars().count();
        if chars > limit {
            self.mistake(span, wording::too_long(key, chars, limit), None);
            return false;
        }
        true
    }

    fn regex(&self, spanned: Spanned<String>) -> Option<regex::Regex> {
        let (span, text) = (spanned.span(), spanned.into_inner());
        self.count(&self.regexes, MAX_REGEXES, span.clone(), Message::new("正则表达式", "regular expressions"));
        if !self.fits("line", &text, span.clone(), MAX_REGEX) {
            return None;
        }
        for ch in text.chars() {
            let folded = fold_text(ch.encode_utf8(&mut [0; 4]));
            if folded.chars().ne([ch]) {
                let plain = regex::escape(&folded);
                self.mistake(span.clone(), wording::regex_unfolded(ch), wording::regex_folded(&plain));
            }
        }
        let built = regex::RegexBuilder::new(&format!("^(?:{text})$"))
            .size_limit(MAX_REGEX_SIZE)
            .build()
            .and_then(|whole| regex::Regex::new(&text).map(|_| whole));
        match built {
            Ok(regex) if regex.is_match("") => self.mistake(span, wording::regex_matches_nothing(), None),
            Ok(regex) => return Some(regex),
            Err(error) => self.mistake(span, wording::bad_regex(&in_a_line(&error)), wording::escape_hint()),
        }
        None
    }
}

/// The last line of a regex error: its reason, without the picture of the expression above it.
fn in_a_line(error: &regex::Error) -> String {
    let whole = error.to_string();
    let last = whole.lines().last().unwrap_or_default().trim();
    last.strip_prefix("error: ").unwrap_or(last).to_owned()
}

/// What an id is made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum IdForm {
    /// `wuhan-self-evaluation`: patterns.
    Kebab,
    /// `hubei/execution-rate`: rules.
    Path,
    /// `filled_on`: whatever is a key in the record.
    Snake,
}

impl IdForm {
    pub(super) fn fits(self, id: &str) -> bool {
        let plain = |part: &str, joint: char| {
            !part.is_empty() && part.chars().all(|ch| ch.is_ascii_lowercase() || ch.is_ascii_digit() || ch == joint)
        };
        match self {
            IdForm::Kebab => plain(id, '-'),
            IdForm::Path => id.split('/').all(|part| plain(part, '-')),
            IdForm::Snake => plain(id, '_') && id.starts_with(|first: char| first.is_ascii_lowercase()),
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            IdForm::Kebab => "a-z 0-9 -",
            IdForm::Path => "a-z 0-9 - /",
            IdForm::Snake => "a-z 0-9 _",
        }
    }
}

/// A table of the file and the keys that were asked of it.
pub(super) struct Keys<'r, 'a> {
    reader: &'r Reader<'a>,
    table: &'r DeTable<'a>,
    span: Range<usize>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'r, 'a> Keys<'r, 'a> {
    pub(super) fn new(reader: &'r Reader<'a>, table: &'r DeTable<'a>, span: Range<usize>) -> Self {
        Keys { reader, table, span, asked: RefCell::default() }
    }

    /// Where the table begins: its header.
    pub(super) fn span(&self) -> Range<usize> {
        self.span.clone()
    }

    /// Whether the key is written, rightly or not.
    pub(super) fn has(&self, key: &'static str) -> bool {
        self.get(key).is_some()
    }

    /// Where the key's value stands, else the table's header.
    pub(super) fn span_of(&self, key: &'static str) -> Range<usize> {
        self.get(key).map_or(self.span(), Spanned::span)
    }

    /// Notes a mistake for each of the keys that is missing.
    pub(super) fn need(&self, keys: &[&'static str]) {
        for key in keys.iter().copied().filter(|key| !self.has(key)) {
            self.reader.mistake(self.span(), wording::missing_key(key), None);
        }
    }

    /// Notes a mistake unless exactly one of the keys is there; gives that one.
    pub(super) fn need_one(&self, keys: &[&'static str]) -> Option<&'static str> {
        let mut there = keys.iter().copied().filter(|key| self.has(key));
        let first = there.next();
        match (first, there.next()) {
            (None, _) => self.reader.mistake(self.span(), wording::one_of_keys(keys), None),
            (Some(one), Some(other)) => {
                self.reader.mistake(self.span_of(other), wording::both_keys(one, other), None);
            }
            (Some(_), None) => {}
        }
        first
    }

    /// Reports every key that was never asked for. Call it when all keys are read.
    pub(super) fn done(self) {
        let asked = self.asked.borrow();
        for key in self.table.keys().filter(|key| !asked.contains(&key.get_ref().as_ref())) {
            let hint = match nearest(key.get_ref(), asked.iter().copied()) {
                Some(near) => wording::did_you_mean(near),
                None => wording::known_here(&asked),
            };
            self.reader.mistake(key.span(), wording::unknown_key(key.get_ref()), hint);
        }
    }

    /// A text that is not blank.
    pub(super) fn text(&self, key: &'static str) -> Option<Spanned<String>> {
        let text = self.string(key, self.get(key)?)?;
        self.reader.fits(key, text.get_ref(), text.span(), MAX_TEXT).then_some(text)
    }

    /// A text of several sentences.
    pub(super) fn note(&self, key: &'static str) -> Option<Spanned<String>> {
        let text = self.string(key, self.get(key)?)?;
        self.reader.fits(key, text.get_ref(), text.span(), MAX_NOTE).then_some(text)
    }

    /// A non-empty list of texts, none twice.
    pub(super) fn texts(&self, key: &'static str) -> Vec<String> {
        let mut folded: Vec<String> = Vec::new();
        let mut texts = Vec::new();
        for text in self.strings(key) {
            if !self.reader.fits(key, text.get_ref(), text.span(), MAX_TEXT) {
                continue;
            }
            let fold = fold_text(text.get_ref());
            if folded.contains(&fold) {
                self.reader.mistake(text.span(), wording::twice_in_list(key, text.get_ref()), wording::folding());
            }
            folded.push(fold);
            self.reader.count(&self.reader.templates, MAX_TEMPLATES, text.span(), Message::new("文本", "texts"));
            texts.push(text.into_inner());
        }
        texts
    }

    /// A non-empty list of texts with holes.
    pub(super) fn templates(&self, key: &'static str, holes: Holes) -> Vec<Spanned<Template>> {
        let texts = self.strings(key);
        texts.into_iter().filter_map(|text| self.reader.template(key, text, holes, MAX_TEXT)).collect()
    }

    /// A text with holes.
    pub(super) fn template(&self, key: &'static str, holes: Holes) -> Option<Spanned<Template>> {
        let text = self.string(key, self.get(key)?)?;
        self.reader.template(key, text, holes, MAX_TEXT)
    }

    /// A text that may be long, without holes.
    pub(super) fn print(&self, key: &'static str) -> Option<Template> {
        let text = self.string(key, self.get(key)?)?;
        self.reader.template(key, text, Holes::Never, MAX_NOTE).map(Spanned::into_inner)
    }

    /// A regular expression that whole lines match.
    pub(super) fn regex(&self, key: &'static str) -> Option<regex::Regex> {
        let text = self.string(key, self.get(key)?)?;
        self.reader.regex(text)
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.wrong_type(key, value, Message::new("true或false", "true or false"), "true"),
        }
    }

    /// An exact number.
    pub(super) fn number(&self, key: &'static str) -> Option<Decimal> {
        let value = self.get(key)?;
        let (number, written) = match value.get_ref() {
            DeValue::Integer(integer) => {
                let number = i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(Decimal::from);
                (number, integer.as_str())
            }
            DeValue::Float(float) => {
                let text = float.as_str();
                (Decimal::from_str_exact(text).or_else(|_| Decimal::from_scientific(text)).ok(), text)
            }
            _ => return self.wrong_type(key, value, Message::new("数", "a number"), "90"),
        };
        if number.is_none() {
            self.reader.mistake(value.span(), wording::not_a_figure(key, written), None);
        }
        number
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(&self, key: &'static str, choices: &[(&'static str, T)]) -> Option<T> {
        let text = self.string(key, self.get(key)?)?;
        let found = choices.iter().find(|(word, _)| word == text.get_ref());
        if found.is_none() {
            let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
            let hint = match nearest(text.get_ref(), words.iter().copied()) {
                Some(near) => wording::did_you_mean(near),
                None => wording::known_here(&words),
            };
            self.reader.mistake(text.span(), wording::unknown_value(key, text.get_ref()), hint);
        }
        found.map(|(_, value)| *value)
    }

    /// A table `[key]`.
    pub(super) fn table(&self, key: &'static str) -> Option<Keys<'r, 'a>> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Table(table) => Some(Keys::new(self.reader, table, value.span())),
            _ => self.wrong_type(key, value, a_table(), &self.header(key, "[", "]")),
        }
    }

    /// A non-empty list of tables `[[key]]`.
    pub(super) fn tables(&self, key: &'static str) -> Vec<Keys<'r, 'a>> {
        self.get(key).map(|value| self.tables_in(key, value)).unwrap_or_default()
    }

    /// Lists of tables under names of the author's own, `[[key.NAME]]`, in the order of the file.
    pub(super) fn named_tables(&self, key: &'static str) -> Vec<(Spanned<String>, Vec<Keys<'r, 'a>>)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Table(table) = value.get_ref() else {
            let _: Option<()> = self.wrong_type(key, value, a_table(), &format!("[[{key}.NAME]]"));
            return Vec::new();
        };
        let mut named: Vec<_> = table.iter().collect();
        named.sort_by_key(|(name, _)| name.span().start);
        named
            .into_iter()
            .map(|(name, list)| {
                let path = format!("{key}.{}", name.get_ref());
                let name = Spanned::new(name.span(), name.get_ref().clone().into_owned());
                (name, self.tables_in(&path, list))
            })
            .collect()
    }

    fn get(&self, key: &'static str) -> Option<&'r Spanned<DeValue<'a>>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&key) {
            asked.push(key);
        }
        self.table.get(key)
    }

    fn string(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Spanned<String>> {
        match value.get_ref() {
            DeValue::String(text) => Some(Spanned::new(value.span(), text.clone().into_owned())),
            _ => self.wrong_type(key, value, Message::new("文字", "a text"), "\"…\""),
        }
    }

    fn strings(&self, key: &'static str) -> Vec<Spanned<String>> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Array(array) = value.get_ref() else {
            let list = Message::new("文字的列表", "a list of texts");
            let _: Option<()> = self.wrong_type(key, value, list, "[\"…\", \"…\"]");
            return Vec::new();
        };
        if array.is_empty() {
            self.reader.mistake(value.span(), wording::empty_list(key), wording::leave_out());
        }
        array.iter().filter_map(|item| self.string(key, item)).collect()
    }

    fn tables_in(&self, key: &str, value: &'r Spanned<DeValue<'a>>) -> Vec<Keys<'r, 'a>> {
        let header = || self.header(key, "[[", "]]");
        let DeValue::Array(array) = value.get_ref() else {
            let list = Message::new("一个或多个表", "one or more tables");
            let _: Option<()> = self.wrong_type(key, value, list, &header());
            return Vec::new();
        };
        if array.is_empty() {
            self.reader.mistake(value.span(), wording::empty_list(key), wording::leave_out());
        }
        let tables = array.iter().filter_map(|item| match item.get_ref() {
            DeValue::Table(table) => Some(Keys::new(self.reader, table, item.span())),
            _ => self.wrong_type(key, item, a_table(), &header()),
        });
        tables.collect()
    }

    /// How the header of a table under this one is written; inline tables show the key alone.
    fn header(&self, key: &str, open: &str, close: &str) -> String {
        let own = self.reader.text.get(self.span()).unwrap_or_default();
        let path = own.trim_matches(['[', ']']);
        match own.starts_with('[') && !path.contains(['[', '\n']) {
            true => format!("{open}{path}.{key}{close}"),
            false => format!("{open}{key}{close}"),
        }
    }

    fn wrong_type<T>(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: Message, example: &str) -> Option<T> {
        let found = type_in_words(value.get_ref());
        let example = if example.starts_with("[[") || example.starts_with('[') && !example.starts_with("[\"") {
            example.to_owned()
        } else {
            format!("{key} = {example}")
        };
        self.reader.mistake(value.span(), wording::wrong_type(key, expected, found), wording::write_so(&example));
        None
    }
}

fn a_table() -> Message {
    Message::new("表", "a table")
}

fn type_in_words(value: &DeValue<'_>) -> Message {
    match value {
        DeValue::String(_) => Message::new("文字", "a text"),
        DeValue::Integer(_) | DeValue::Float(_) => Message::new("数", "a number"),
        DeValue::Boolean(_) => Message::new("true或false", "true or false"),
        DeValue::Datetime(_) => Message::new("日期", "a date"),
        DeValue::Array(_) => Message::new("列表", "a list"),
        DeValue::Table(_) => a_table(),
    }
}

/// The known name that `name` is probably a slip for.
pub(super) fn nearest<'n>(name: &str, known: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let length = name.chars().count();
    if length > MAX_NEAR {
        return None;
    }
    let name = name.to_lowercase();
    known
        .map(|known| (strsim::damerau_levenshtein(&name, known), known))
        .filter(|(distance, known)| *distance * 3 <= length.max(known.chars().count()))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}
