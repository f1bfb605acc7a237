//! Typed reading of a spanned TOML table that collects every mistake instead of stopping at the first.
//!
//! [`Keys`] remembers which keys were asked for; [`Keys::done`] reports the others as unknown. So a key of the
//! language is known as soon as it is read, and no list of keys stands anywhere else.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ops::Range;

use rust_decimal::Decimal;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::reader::Reader;
use super::template::Template;
use super::texts::{Holes, MAX_NOTE, MAX_TEXT};
use super::{hints, wording};
use crate::fold::fold_text;
use crate::message::Message;

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
            self.reader.mistake(self.span(), wording::missing_key(key), hints::write_key(&self.example(key)));
        }
    }

    /// Notes a mistake unless exactly one of the keys is there; gives that one.
    pub(super) fn need_one(&self, keys: &[&'static str]) -> Option<&'static str> {
        let mut there = keys.iter().copied().filter(|key| self.has(key));
        let first = there.next();
        match (first, there.next()) {
            (None, _) => {
                self.reader.mistake(self.span(), wording::one_of_keys(keys), hints::one_of(&self.examples(keys)));
            }
            (Some(one), Some(other)) => {
                self.reader.mistake(self.span_of(other), wording::both_keys(one, other), hints::keep_one());
            }
            (Some(_), None) => {}
        }
        first
    }

    /// Reports every key that was never asked for. Call it when all keys are read.
    pub(super) fn done(self) {
        let asked = self.asked.borrow();
        for key in self.table.keys().filter(|key| !asked.contains(&key.get_ref().as_ref())) {
            let hint = self.reader.suggest(key.get_ref(), &asked, || wording::known_here(&asked));
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

    /// A text of several sentences, one for both languages or `{ zh = "…", en = "…" }`.
    pub(super) fn either_message(&self, key: &'static str) -> Message {
        let one = |text: Option<Spanned<String>>| text.map(Spanned::into_inner).unwrap_or_default();
        if self.get(key).is_some_and(|value| matches!(value.get_ref(), DeValue::Table(_)))
            && let Some(keys) = self.table(key)
        {
            keys.need(&["zh", "en"]);
            let message = Message::new(one(keys.note("zh")), one(keys.note("en")));
            keys.done();
            return message;
        }
        let text = one(self.note(key));
        Message::new(text.clone(), text)
    }

    /// A non-empty list of texts, none twice.
    pub(super) fn texts(&self, key: &'static str) -> Vec<String> {
        let mut seen = HashSet::new();
        let mut texts = Vec::new();
        for text in self.strings(key) {
            let span = text.span();
            let Some(text) = self.reader.plain(key, text, MAX_TEXT) else { continue };
            if !seen.insert(fold_text(&text)) {
                self.reader.mistake(span, wording::twice_in_list(key, &text), wording::folding());
            }
            texts.push(text);
        }
        texts
    }

    /// A non-empty list of names, each in its place, none twice.
    pub(super) fn names(&self, key: &'static str) -> Vec<Spanned<String>> {
        let mut names: Vec<Spanned<String>> = Vec::new();
        for name in self.strings(key) {
            if names.iter().any(|known| known.get_ref() == name.get_ref()) {
                self.reader.mistake(name.span(), wording::twice_in_list(key, name.get_ref()), hints::keep_one());
            } else {
                names.push(name);
            }
        }
        names
    }

    /// A non-empty list of texts with holes.
    pub(super) fn templates(&self, key: &'static str, holes: Holes) -> Vec<Spanned<Template>> {
        self.as_templates(key, self.strings(key), holes)
    }

    /// The texts as templates; `@name` stands for the texts of a term.
    fn as_templates(&self, key: &str, texts: Vec<Spanned<String>>, holes: Holes) -> Vec<Spanned<Template>> {
        let mut templates = Vec::new();
        for text in texts {
            match text.get_ref().strip_prefix('@') {
                Some(name) => {
                    let term = self.reader.term(name, text.span());
                    if !self.reader.takes(term.len(), text.span()) {
                        break;
                    }
                    templates.extend(term.into_iter().map(|template| Spanned::new(text.span(), template)));
                }
                None => templates.extend(self.reader.template(key, text, holes, MAX_TEXT)),
            }
        }
        templates
    }

    /// Lists of texts with named holes under names of the author's own, in the order of the file.
    pub(super) fn named_templates(&self, key: &'static str) -> Vec<(Spanned<String>, Vec<Spanned<Template>>)> {
        let named = self.named(key, &format!("[{key}]"));
        let lists = named.into_iter().map(|(name, value)| {
            let texts = self.strings_in(name.get_ref(), value);
            let templates = self.as_templates(name.get_ref(), texts, Holes::Own);
            (name, templates)
        });
        lists.collect()
    }

    /// Texts under names of the author's own, in the order of the file.
    pub(super) fn named_texts(&self, key: &'static str) -> Vec<(Spanned<String>, Spanned<String>)> {
        let named = self.named(key, &format!("{key} = {{ name = \"…\" }}"));
        named.into_iter().filter_map(|(name, value)| Some((name, self.string(key, value)?))).collect()
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
        self.reader.regex(key, text)
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        match value.get_ref() {
            DeValue::Boolean(flag) => Some(*flag),
            _ => self.wrong_type(key, value, Message::new("true或false", "true or false"), &format!("{key} = true")),
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
            _ => return self.wrong_type(key, value, Message::new("数", "a number"), &format!("{key} = 90")),
        };
        if number.is_none() {
            self.reader.mistake(value.span(), wording::not_a_figure(key, written), hints::plain_figure());
        }
        number
    }

    /// One of a few words.
    pub(super) fn one_of<T: Copy>(&self, key: &'static str, choices: &[(&'static str, T)]) -> Option<T> {
        let text = self.string(key, self.get(key)?)?;
        let found = choices.iter().find(|(word, _)| word == text.get_ref());
        if found.is_none() {
            let words: Vec<_> = choices.iter().map(|(word, _)| *word).collect();
            let hint = self.reader.suggest(text.get_ref(), &words, || wording::known_here(&words));
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
        let named = self.named(key, &format!("[[{key}.NAME]]")).into_iter();
        named
            .map(|(name, list)| {
                let path = format!("{key}.{}", name.get_ref());
                (name, self.tables_in(&path, list))
            })
            .collect()
    }

    /// What stands under names of the author's own, in the order of the file.
    fn named(&self, key: &'static str, example: &str) -> Vec<(Spanned<String>, &'r Spanned<DeValue<'a>>)> {
        let Some(value) = self.get(key) else { return Vec::new() };
        let DeValue::Table(table) = value.get_ref() else {
            let _: Option<()> = self.wrong_type(key, value, a_table(), example);
            return Vec::new();
        };
        let mut named: Vec<_> = table
            .iter()
            .map(|(name, value)| (Spanned::new(name.span(), name.get_ref().clone().into_owned()), value))
            .collect();
        named.sort_by_key(|(name, _)| name.span().start);
        named
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
            _ => self.wrong_type(key, value, Message::new("文字", "a text"), &format!("{key} = \"…\"")),
        }
    }

    fn strings(&self, key: &'static str) -> Vec<Spanned<String>> {
        self.get(key).map(|value| self.strings_in(key, value)).unwrap_or_default()
    }

    fn strings_in(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Vec<Spanned<String>> {
        let DeValue::Array(array) = value.get_ref() else {
            let list = Message::new("文字的列表", "a list of texts");
            let _: Option<()> = self.wrong_type(key, value, list, &format!("{key} = [\"…\", \"…\"]"));
            return Vec::new();
        };
        if array.is_empty() {
            self.reader.mistake(value.span(), wording::empty_list(key), wording::leave_out());
        }
        array.iter().filter_map(|item| self.item(key, item)).collect()
    }

    /// A text within a list.
    fn item(&self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<Spanned<String>> {
        match value.get_ref() {
            DeValue::String(text) => Some(Spanned::new(value.span(), text.clone().into_owned())),
            _ => {
                let list = Message::new("只含文字的列表", "a list of texts alone");
                self.wrong_type(key, value, list, &format!("{key} = [\"…\", \"…\"]"))
            }
        }
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

    /// How some keys are written in this table.
    pub(super) fn examples(&self, keys: &[&'static str]) -> Vec<String> {
        keys.iter().map(|key| self.example(key)).collect()
    }

    /// How a key is written in this table.
    fn example(&self, key: &'static str) -> String {
        let in_form = self.reader.text().get(self.span()).is_some_and(|header| header.trim() == "[section.table]");
        match key {
            "section" => "[[section]]".to_owned(),
            "tier" => "[[policy.tier]]".to_owned(),
            "field" => "[[section.field]]".to_owned(),
            "table" => "[section.table]".to_owned(),
            "column" if in_form => "[[section.table.column]]".to_owned(),
            "name" => "name = { zh = \"…\", en = \"…\" }".to_owned(),
            "row_label" => "row_label = { column = \"…\", labels = [\"…\"] }".to_owned(),
            "fields" => "fields = { score = \"total_score\" }".to_owned(),
            "labels" | "words" | "choices" => format!("{key} = [\"…\"]"),
            "type" => "type = \"text\"".to_owned(),
            "rows" => "rows = \"listed\"".to_owned(),
            "standing" => "standing = \"seen\"".to_owned(),
            "from" => "from = 80".to_owned(),
            "line" => "line = '…'".to_owned(),
            _ => format!("{key} = \"…\""),
        }
    }

    /// How the header of a table under this one is written; inline tables show the key alone.
    fn header(&self, key: &str, open: &str, close: &str) -> String {
        let own = self.reader.text().get(self.span()).unwrap_or_default();
        let path = own.trim_matches(['[', ']']);
        match own.starts_with('[') && !path.contains(['[', '\n']) {
            true => format!("{open}{path}.{key}{close}"),
            false => format!("{open}{key}{close}"),
        }
    }

    fn wrong_type<T>(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: Message, example: &str) -> Option<T> {
        let found = type_in_words(value.get_ref());
        self.reader.mistake(value.span(), wording::wrong_type(key, expected, found), wording::write_so(example));
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
