//! A raw string to a typed value: exact decimals, percentages, comparators, dates, units, check boxes.
//!
//! Nothing is guessed: what does not read as its type as a whole has no value, and the raw string stays.

use crate::fold::{fold_text, folds_to};
use crate::record::{Datum, Figure, Kind, Op};

mod choices;
mod comparator;
pub mod date;
mod figure;
mod likeness;
mod quantity;
mod sign;
mod text;
mod unit;
pub mod unseen;

#[cfg(test)]
mod tests;

pub(crate) use choices::has_box;
pub use likeness::looks_like;
pub use quantity::date_of;
pub use text::join as joined;

/// How a value reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// A short text on one or a few lines.
    Text,
    /// A paragraph.
    Prose,
    /// A whole number.
    Integer,
    /// An exact decimal: an amount, a weight, a score.
    Decimal,
    /// A percentage, with or without its sign.
    Percent,
    /// A date to year, month or day.
    Date,
    /// A target or an actual: a figure with comparator and unit, a date, or words.
    Quantity,
    /// The ticked ones of a group of choices.
    Choices,
}

/// What a raw string reads as.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Reading {
    /// The typed value; null when blank or not readable as the type.
    pub value: Datum,
    /// The comparator.
    pub op: Option<Op>,
    /// The unit.
    pub unit: Option<String>,
    /// 10000 for 万, 100000000 for 亿 before a unit.
    pub scale: Option<u64>,
    /// What sort of target or actual it is.
    pub kind: Option<Kind>,
    /// Whether the raw string means "nothing" (empty, or one of the blank marks).
    pub blank: bool,
}

/// Reads `raw` as `kind`. `blanks` are the marks that stand for nothing, `choices` the choices of a checkbox group.
///
/// Never fails: what does not read as `kind` gives a null value with `blank` false.
///
/// | type | reads | gives |
/// | --- | --- | --- |
/// | text, prose | anything | text with its wraps joined |
/// | integer | `2020`, `（2020年度）` | a number |
/// | decimal | `1,083.2440`, `120万元` | a number with every place written, and its unit |
/// | percent | `46.66%`, `25` | the number before the sign; unit `%` when the sign is written |
/// | date | `2021年2月`, `2021-02-25`, `2023.6.28` | ISO 8601 to the precision written |
/// | quantity | `≥95%`, `3万条`, `12月底前`, `达成预期指标` | a number, a date or words; see [`Kind`] |
/// | choices | `1、持续性项目□ 2、新增性项目☑` | the ticked ones; null when the boxes are lost |
///
/// A range of dates is an ISO 8601 interval, `2020-01/2020-11`; a range of figures, and a date without its year, keep
/// their words. A mark for nothing that is a word (无) stays as the text of a text, with `blank` set.
pub fn read(raw: &str, kind: Type, blanks: &[String], choices: &[String]) -> Reading {
    let folded = fold_text(raw);
    let blank = folded.is_empty() || blanks.iter().any(|mark| folds_to(mark, &folded));
    if blank {
        let worded =
            folded.chars().any(char::is_alphabetic) && matches!(kind, Type::Text | Type::Prose | Type::Quantity);
        let value = if worded { Datum::Text(text::join(raw)) } else { Datum::Null };
        let kind = (worded && kind == Type::Quantity).then_some(Kind::Word);
        return Reading { value, kind, blank, ..Reading::default() };
    }
    match kind {
        Type::Text | Type::Prose => Reading { value: Datum::Text(text::join(raw)), ..Reading::default() },
        Type::Integer => integer(raw),
        Type::Decimal => Reading { kind: None, ..quantity::plain(raw).unwrap_or_default() },
        Type::Percent => percent(raw),
        Type::Date => date(raw),
        Type::Quantity => quantity::read(raw),
        Type::Choices => {
            Reading { value: choices::read(raw, choices).map_or(Datum::Null, Datum::Choices), ..Reading::default() }
        }
    }
}

/// The unit that `raw` as a whole names, with the scale before it: `万条` gives 条 and 10000. For columns of units.
pub fn read_unit(raw: &str) -> Option<(String, Option<u64>)> {
    let signs = sign::signs(raw, LONGEST_WORD)?;
    if unit::strip_percent(&signs).is_some_and(<[_]>::is_empty) {
        return Some(("%".to_owned(), None));
    }
    let (unit, rest) = unit::take(&signs)?;
    rest.is_empty().then_some((unit.name, unit.scale))
}

/// The comparator that `raw` as a whole is: `≥`, `大于等于`. For columns of comparators.
pub fn read_op(raw: &str) -> Option<Op> {
    let signs = sign::signs(raw, LONGEST_WORD)?;
    let (op, rest) = sign::take(&signs, comparator::BEFORE)?;
    rest.is_empty().then_some(op)
}

/// The longest unit or comparator is shorter.
const LONGEST_WORD: usize = 16;

/// The longest whole number, with separators and brackets, is shorter.
const LONGEST_INTEGER: usize = 48;

/// Reads a whole number; a year may stand in brackets and have its 年 or 年度.
fn integer(raw: &str) -> Reading {
    let value = sign::signs(raw, LONGEST_INTEGER).and_then(|signs| {
        let inner = sign::strip(&signs, "(");
        let (figure, rest) = figure::take(inner.unwrap_or(&signs))?;
        let rest = sign::strip_any(rest, &["年度", "年"]).unwrap_or(rest);
        let rest = if inner.is_some() { sign::strip(rest, ")")? } else { rest };
        (rest.is_empty() && figure.scale() == 0).then_some(Datum::Number(Figure(figure)))
    });
    Reading { value: value.unwrap_or_default(), ..Reading::default() }
}

/// Reads a rate with or without its sign.
fn percent(raw: &str) -> Reading {
    match quantity::plain(raw) {
        Some(reading) if reading.unit.as_deref().is_none_or(|unit| unit == "%") && reading.scale.is_none() => {
            Reading { kind: None, op: None, ..reading }
        }
        _ => Reading::default(),
    }
}

/// Reads a date that has its year.
fn date(raw: &str) -> Reading {
    if sign::signs(raw, date::LONGEST).is_some_and(|signs| date::is_unfilled(&signs)) {
        return Reading { blank: true, ..Reading::default() };
    }
    let date = date::read(raw).filter(|date| date.year.is_some());
    Reading { value: date.map_or(Datum::Null, |date| Datum::Text(date.to_string())), ..Reading::default() }
}
