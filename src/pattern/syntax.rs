//! The TOML of a pattern, and what its syntax errors mostly come of.

use toml::Spanned;
use toml::de::DeTable;

use super::reader::Reader;
use super::{hints, wording};
use crate::fold::fold_text;
use crate::message::Message;

/// What the TOML parser says of a key that is written twice.
pub(super) const DUPLICATE: &str = "duplicate key";

/// The file as a table with the place of every key and value; `None` when it is not TOML, with the mistakes noted.
/// Nesting is bounded by the parser, at 80 levels.
pub(super) fn parse<'a>(reader: &Reader<'a>) -> Option<Spanned<DeTable<'a>>> {
    let text = reader.text();
    let (root, mut errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Some(root);
    }
    errors.sort_by_key(|error| error.span().map_or(0, |span| span.start));
    // After a broken header its keys fall to the table above: what is double there may be no mistake. And what is
    // wrong in the rest of a line mostly comes of the first thing in it.
    let broken = errors.iter().any(|error| error.message() != DUPLICATE);
    let mut last = None;
    for error in errors.iter().filter(|error| !broken || error.message() != DUPLICATE) {
        let span = error.span().unwrap_or(0..0);
        let between = last.replace(span.start).and_then(|last| text.get(last..span.start));
        if between.is_some_and(|between| !between.contains('\n')) {
            continue;
        }
        let hint = syntax_hint(error.message(), text.get(span.start..).unwrap_or_default());
        reader.mistake(span, wording::syntax(error.message()), hint);
    }
    None
}

/// What Chinese keyboards and regular expressions do to TOML.
fn syntax_hint(reason: &str, rest: &str) -> Option<Message> {
    let Some(found) = rest.chars().next() else { return Some(hints::see_examples()) };
    let plain = match found {
        '“' | '”' | '＂' => "\"",
        '‘' | '’' | '＇' => "'",
        _ => &fold_text(found.encode_utf8(&mut [0; 4])),
    };
    match () {
        () if reason.contains("escape") => Some(wording::escape_hint()),
        () if reason == DUPLICATE => Some(hints::keep_one()),
        () if found.is_ascii() || !plain.is_ascii() => Some(hints::see_examples()),
        () if plain.is_empty() => Some(wording::odd_blank()),
        () => Some(wording::full_width(found, plain)),
    }
}
