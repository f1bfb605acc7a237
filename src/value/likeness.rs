//! How like a value of a type a piece of text is, as evidence for where it belongs.

use super::sign::signs;
use super::{Type, choices, date, figure, quantity};
use crate::fold::{is_blank, is_han};
use crate::record::{Datum, Kind};

/// From so many characters on a text is a paragraph rather than a name: names of projects seldom reach it.
const PROSE_LENGTH: usize = 24;

/// Up to so many characters words make a target or an actual: 达成预期指标 has six, with a remark some twelve.
const WORD_LENGTH: usize = 12;

/// The longest figure with its unit and comparator that is worth a look.
const FIGURE_LENGTH: usize = 48;

/// How like a value of type `kind` the text `raw` is, from 0 (not at all) to 1 (just so). Cheap enough to ask of
/// every piece and every type.
pub fn looks_like(raw: &str, kind: Type) -> f32 {
    let length = raw.chars().filter(|ch| !is_blank(*ch)).take(PROSE_LENGTH.max(FIGURE_LENGTH) + 1).count();
    if length == 0 {
        return 0.0;
    }
    match kind {
        Type::Text => text(raw, length),
        Type::Prose => prose(raw, length),
        Type::Choices => f32::from(u8::from(choices::has_box(raw))),
        _ if length > FIGURE_LENGTH => 0.0,
        Type::Integer => integer(raw),
        Type::Decimal => decimal(raw),
        Type::Percent => percent(raw),
        Type::Date => date::read(raw).map_or(0.0, |date| if date.year.is_some() { 1.0 } else { 0.3 }),
        Type::Quantity => quantity(raw, length),
    }
}

/// Whether `raw` is one figure and nothing else.
fn is_figure(raw: &str) -> bool {
    signs(raw, FIGURE_LENGTH).is_some_and(|signs| figure::take(&signs).is_some_and(|(_, rest)| rest.is_empty()))
}

/// Whether `raw` has the shape of a figure: digits with their points, signs and comparators, no words.
fn is_figurish(raw: &str) -> bool {
    raw.chars().any(|ch| ch.is_numeric()) && !raw.chars().any(|ch| ch.is_alphabetic() && !ch.is_numeric())
}

fn text(raw: &str, length: usize) -> f32 {
    match () {
        () if is_figurish(raw) => 0.1,
        () if length < 2 => 0.4,
        () if length < PROSE_LENGTH => 0.9,
        () => 0.5,
    }
}

fn prose(raw: &str, length: usize) -> f32 {
    let sentence = raw.chars().any(|ch| matches!(ch, '。' | '；' | '，' | '、' | ';' | '！'));
    match () {
        () if is_figurish(raw) => 0.05,
        () if length >= PROSE_LENGTH => 1.0,
        () if sentence => 0.9,
        () if raw.chars().any(is_han) => 0.4,
        () => 0.2,
    }
}

fn integer(raw: &str) -> f32 {
    match quantity::plain(raw) {
        Some(reading) if reading.unit.is_none() && reading.scale.is_none() => {
            if reading.value.number().is_some_and(|number| number.scale() == 0) { 1.0 } else { 0.1 }
        }
        _ => 0.0,
    }
}

fn decimal(raw: &str) -> f32 {
    match quantity::plain(raw) {
        _ if is_figure(raw) => 1.0,
        Some(reading) => match reading.unit.as_deref() {
            Some("%") => 0.2,
            Some(unit) if unit.ends_with('元') || unit == "分" => 0.9,
            _ => 0.4,
        },
        None => 0.0,
    }
}

fn percent(raw: &str) -> f32 {
    match quantity::plain(raw) {
        Some(reading) if reading.unit.as_deref() == Some("%") => 1.0,
        Some(reading) if reading.unit.is_none() && reading.scale.is_none() => 0.4,
        _ => 0.0,
    }
}

fn quantity(raw: &str, length: usize) -> f32 {
    let reading = quantity::read(raw);
    match (&reading.value, reading.kind) {
        (Datum::Null, _) => 0.2,
        (_, Some(Kind::Word)) if reading.op.is_some() => 0.8,
        (_, Some(Kind::Word)) if length <= WORD_LENGTH => 0.5,
        (_, Some(Kind::Word)) => 0.1,
        (_, Some(Kind::Number)) if reading.unit.is_none() && reading.op.is_none() && reading.scale.is_none() => 0.7,
        (_, Some(Kind::Date | Kind::Range)) => 0.8,
        _ => 1.0,
    }
}
