//! Targets and actuals: a figure with comparator and unit, a rate, a range, a date, or words.

use rust_decimal::Decimal;

use super::sign::{Sign, signs, strip, strip_any, take};
use super::unit::{Unit, strip_percent};
use super::{Reading, comparator, date, figure, text, unit};
use crate::record::{Datum, Figure, Kind, Op};

/// A figure with everything around it is shorter; what is longer is read as words.
const LONGEST: usize = 48;

/// Words before a figure that say only that it was reached.
const LEADS: &[&str] = &["实际完成", "已完成", "达到", "完成", "累计", "共计", "于", "在", "达", "共"];

/// Words after a figure that say only that it was reached.
const TAILS: &[&str] =
    &["全部完成", "已完成", "全覆盖", "覆盖率", "覆盖", "完成率", "完成", "达标", "达成", "到位", "落实", "开放"];

/// Signs between the ends of a range.
const THROUGH: &[&str] = &["--", "——", "-", "—", "~", "至", "到"];

/// A figure as it stands, with what belongs to it.
struct Amount {
    figure: Decimal,
    op: Option<Op>,
    percent: bool,
    unit: Unit,
}

/// Reads `raw` as a target or an actual.
pub(super) fn read(raw: &str) -> Reading {
    let Some(signs) = signs(raw, LONGEST) else {
        return words(raw, None);
    };
    period(raw, &signs)
        .or_else(|| deadline(raw, &signs))
        .or_else(|| range(raw, &signs))
        .or_else(|| amount(&signs))
        .unwrap_or_else(|| leftover(raw, &signs))
}

/// Reads `raw` as a figure with or without a unit, and nothing else beside it.
pub(super) fn plain(raw: &str) -> Option<Reading> {
    let signs = signs(raw, LONGEST)?;
    let (amount, rest) = bare(&signs)?;
    (rest.is_empty() && amount.op.is_none()).then(|| reading(amount))
}

/// A figure with its comparators and unit.
fn amount(signs: &[Sign]) -> Option<Reading> {
    let rest = strip_any(signs, LEADS).unwrap_or(signs);
    let (before, rest) = match take(rest, comparator::BEFORE) {
        Some((op, rest)) => (Some(op), rest),
        None => (None, rest),
    };
    let (mut amount, rest) = bare(rest)?;
    let (after, rest) = match take(rest, comparator::AFTER) {
        Some((op, rest)) => (Some(op), rest),
        None => (None, rest),
    };
    let rest = strip(rest, "(含)").unwrap_or(rest);
    let rest = strip_any(rest, TAILS).unwrap_or(rest);
    if !rest.is_empty() {
        return None;
    }
    amount.op = agreed([before, amount.op, after])?;
    Some(reading(amount))
}

/// The one comparator that all that are written agree on; `None` when they contradict each other.
fn agreed(ops: [Option<Op>; 3]) -> Option<Option<Op>> {
    let mut written = ops.into_iter().flatten();
    let first = written.next();
    written.all(|op| Some(op) == first).then_some(first)
}

/// A figure with its unit.
fn bare(signs: &[Sign]) -> Option<(Amount, &[Sign])> {
    let (figure, rest) = figure::take(signs)?;
    if let Some(rest) = strip_percent(rest) {
        return Some((Amount { figure, op: None, percent: true, unit: Unit::default() }, rest));
    }
    let more = strip_any(rest, comparator::MORE);
    let (unit, rest) = unit::take(more.unwrap_or(rest)).unwrap_or((Unit::default(), more.unwrap_or(rest)));
    let behind = strip_any(rest, comparator::MORE).filter(|_| more.is_none());
    let op = (more.or(behind).is_some()).then_some(Op::Above);
    // 余 stands between scale and unit too: 3万余条.
    let (unit, rest) = match behind {
        Some(after) if unit.name.is_empty() && unit.scale.is_some() => match unit::take(after) {
            Some((named, rest)) if named.scale.is_none() => (Unit { scale: unit.scale, ..named }, rest),
            _ => (unit, after),
        },
        Some(after) => (unit, after),
        None => (unit, rest),
    };
    Some((Amount { figure, op, percent: false, unit }, rest))
}

/// What an amount reads as.
fn reading(amount: Amount) -> Reading {
    let kind = match () {
        () if amount.percent => Kind::Percent,
        () if amount.unit.rate => Kind::Rate,
        () => Kind::Number,
    };
    let unit = if amount.percent { "%".to_owned() } else { amount.unit.name };
    Reading {
        value: Datum::Number(Figure(amount.figure)),
        op: amount.op,
        unit: Some(unit).filter(|unit| !unit.is_empty()),
        scale: amount.unit.scale,
        kind: Some(kind),
        blank: false,
    }
}

/// From one date to another: 2020年1月--11月.
fn period(raw: &str, signs: &[Sign]) -> Option<Reading> {
    let (from, rest) = date::take(signs, false)?;
    let rest = strip_any(date::strip_part(rest), THROUGH)?;
    let (mut to, rest) = date::take(rest, false)?;
    if !date::strip_part(rest).is_empty() {
        return None;
    }
    if to.year.is_none() {
        to.year = from.year;
    }
    let value = match from.year {
        Some(_) => format!("{from}/{to}"),
        None => text::join(raw),
    };
    Some(Reading { value: Datum::Text(value), kind: Some(Kind::Range), ..Reading::default() })
}

/// A date, or the date by which something is to be done: 12月底前完成.
fn deadline(raw: &str, signs: &[Sign]) -> Option<Reading> {
    let (date, op) = by_when(signs)?;
    // ISO 8601 has no date without a year, and the form's year is not this value's to say.
    let value = if date.year.is_some() { date.to_string() } else { text::join(raw) };
    Some(Reading { value: Datum::Text(value), op, kind: Some(Kind::Date), ..Reading::default() })
}

/// The date of a deadline, with its comparator.
fn by_when(signs: &[Sign]) -> Option<(date::Date, Option<Op>)> {
    let rest = strip_any(signs, LEADS).unwrap_or(signs);
    let (before, rest) = match take(rest, comparator::BEFORE) {
        Some((op, rest)) => (Some(op), rest),
        None => (None, rest),
    };
    let (date, rest) = date::take(rest, false)?;
    let rest = date::strip_part(rest);
    let (after, rest) = match strip_any(rest, comparator::DEADLINE) {
        Some(rest) => (Some(Op::AtMost), rest),
        None => (None, rest),
    };
    let rest = strip_any(rest, TAILS).unwrap_or(rest);
    rest.is_empty().then_some(())?;
    Some((date, agreed([before, after, None])?))
}

/// The date that a quantity of [`Kind::Date`] names, its comparator left out: of `12月底前` the month without a year.
pub fn date_of(raw: &str) -> Option<date::Date> {
    by_when(&signs(raw, date::LONGEST)?).map(|(date, _)| date)
}

/// From one figure to another: 10-15天.
fn range(raw: &str, signs: &[Sign]) -> Option<Reading> {
    let (_, rest) = bare(signs)?;
    let (to, rest) = bare(strip_any(rest, THROUGH)?)?;
    rest.is_empty().then(|| Reading {
        value: Datum::Text(text::join(raw)),
        unit: reading(to).unit,
        kind: Some(Kind::Range),
        ..Reading::default()
    })
}

/// What no rule reads: words, or a figure that is broken and therefore no value.
fn leftover(raw: &str, signs: &[Sign]) -> Reading {
    let rest = take(signs, comparator::BEFORE);
    let figures = rest.map_or(signs, |(_, rest)| rest);
    if figures.iter().all(|sign| sign.ch.is_ascii_digit() || matches!(sign.ch, '.' | ',' | '%')) {
        return Reading::default();
    }
    words(raw, rest.map(|(op, _)| op))
}

/// Words with their wraps joined.
fn words(raw: &str, op: Option<Op>) -> Reading {
    Reading { value: Datum::Text(text::join(raw)), op, kind: Some(Kind::Word), ..Reading::default() }
}
