//! Whether an actual meets its target, as far as the two can be compared at all.
//!
//! Only figures of the same unit, dates and equal words compare. What does not is unknown, never missed.

use rust_decimal::Decimal;

use super::interval::Interval;
use super::unit::Unit;
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Datum, Kind, Op, Value, Where};
use crate::value::Type;

/// Units of time. A bare `3天` may be a deadline or a duration to be kept up, so only equality settles it.
const TIMES: [&str; 12] = ["年", "月", "个月", "周", "天", "日", "个工作日", "工作日", "小时", "分", "分钟", "秒"];

/// Signs between the ends of a range, as folded, the longer ones first.
const THROUGH: [&str; 7] = ["--", "——", "-", "—", "~", "至", "到"];

/// What comparing came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The actual meets the target.
    Met,
    /// A target of just so much was passed. No rule is known that takes points for it.
    Passed,
    /// It does not. `share`: how much of the target was reached, from 0 to 1, where figures tell.
    Missed { share: Option<Interval> },
    /// They do not compare, for this reason.
    Unknown(Message),
}

/// A target or an actual with what its row says of it.
#[derive(Clone, Copy)]
pub(super) struct Quantity<'a> {
    pub(super) value: &'a Value,
    /// The unit that the row writes in a column of its own.
    pub(super) unit: Option<&'a str>,
    /// The comparator: its own, else the one that the row writes in a column of its own.
    pub(super) op: Option<Op>,
}

/// Whether `actual` meets `target`. `ceiling`: a bare figure under the row's heading is not to be exceeded (costs).
pub(super) fn compare(target: Quantity<'_>, actual: Quantity<'_>, ceiling: bool) -> Outcome {
    let (raw_target, raw_actual) = (fold_text(&target.value.raw), fold_text(&actual.value.raw));
    if raw_target == raw_actual && !raw_target.is_empty() {
        return Outcome::Met;
    }
    match (&target.value.value, &actual.value.value) {
        (Datum::Number(wanted), Datum::Number(reached)) => figures(target, actual, wanted.0, reached.0, ceiling),
        (Datum::Text(_), Datum::Number(reached)) if target.value.kind == Some(Kind::Range) => {
            range(target, actual, reached.0, ceiling)
        }
        (Datum::Text(wanted), Datum::Text(reached)) => match (Span::of(target.value), Span::of(actual.value)) {
            (Some(wanted), Some(reached)) => dates(target.op, wanted, reached),
            _ if fold_text(wanted) == fold_text(reached) => Outcome::Met,
            _ => unknown("目标值与完成值均为文字且不相同", "target and actual are words, and differ"),
        },
        _ => unknown("目标值与完成值不属同类", "target and actual are not of one kind"),
    }
}

fn unknown(zh: &str, en: &str) -> Outcome {
    Outcome::Unknown(Message::new(zh, en))
}

/// How surely the units allow a comparison.
#[derive(Clone, Copy)]
enum Units {
    /// They are the same.
    Same,
    /// One of the two writes none.
    Assumed,
}

/// A target and an actual in the same steps of the same unit.
#[derive(Clone, Copy)]
struct Sized {
    bound: Decimal,
    reached: Interval,
    percent: bool,
    time: bool,
    units: Units,
}

/// Brings both figures to the same steps, or says why they do not compare.
fn sized(target: Quantity<'_>, actual: Quantity<'_>, wanted: Decimal, reached: Decimal) -> Result<Sized, Outcome> {
    let (unit, other) = (Unit::of(target.value, target.unit), Unit::of(actual.value, actual.unit));
    let units = match (&unit, &other) {
        (Some(unit), Some(other)) if unit.base == other.base => Units::Same,
        (None, None) => Units::Same,
        (Some(unit), None) | (None, Some(unit)) if !unit.is_percent() && unit.step == Decimal::ONE => Units::Assumed,
        _ => return Err(unknown("目标值与完成值单位不同", "target and actual differ in their units")),
    };
    let step = |unit: &Option<Unit>| unit.as_ref().map_or(Decimal::ONE, |unit| unit.step);
    // A figure with a comparator (≥93%) is a bound as written; one without is rounded.
    let reached = if actual.value.op.is_some() { Some(Interval::exact(reached)) } else { Interval::stated(reached) };
    let (Some(bound), Some(reached)) =
        (wanted.checked_mul(step(&unit)), reached.and_then(|reached| reached.times(Interval::exact(step(&other)))))
    else {
        return Err(unknown("数字超出精确计算的范围", "a figure is beyond exact arithmetic"));
    };
    let percent = unit.as_ref().is_some_and(Unit::is_percent);
    if percent && (is_fraction(target.value) != is_fraction(actual.value)) {
        return Err(unknown("比率可能有一方写成小数", "one of the shares may be written as a fraction"));
    }
    let time = unit.or(other).is_some_and(|unit| TIMES.contains(&unit.base.as_str()));
    Ok(Sized { bound, reached, percent, time, units })
}

/// Whether a share that writes no sign of its own may be a fraction: 0.9 for 90%.
fn is_fraction(value: &Value) -> bool {
    let between = |figure: Decimal| figure > Decimal::ZERO && figure <= Decimal::ONE;
    value.unit.is_none() && value.value.number().is_some_and(between)
}

fn figures(target: Quantity<'_>, actual: Quantity<'_>, wanted: Decimal, reached: Decimal, ceiling: bool) -> Outcome {
    let Sized { bound, reached, percent, time, units } = match sized(target, actual, wanted, reached) {
        Ok(sized) => sized,
        Err(unknown) => return unknown,
    };
    assured(against(target.op, bound, reached, Nature { ceiling, percent, time }), units)
}

/// A miss is held against nobody whose unit had to be assumed.
fn assured(outcome: Outcome, units: Units) -> Outcome {
    match (outcome, units) {
        (Outcome::Missed { .. }, Units::Assumed) => {
            unknown("目标值与完成值只有一方写明单位", "only one of target and actual writes a unit")
        }
        (outcome, _) => outcome,
    }
}

/// How far an actual goes beyond a target that is to be reached, as actual ÷ target; `None` for targets that are
/// ceilings or deadlines, and for what does not compare for certain.
pub(super) fn overshoot(target: Quantity<'_>, actual: Quantity<'_>, ceiling: bool) -> Option<Interval> {
    let (wanted, reached) = (target.value.value.number()?, actual.value.value.number()?);
    let sized = sized(target, actual, wanted, reached).ok()?;
    let floor = match target.op {
        Some(Op::AtLeast | Op::Above) => true,
        None | Some(Op::Equal) => !ceiling && !sized.time,
        Some(Op::AtMost | Op::Below) => false,
    };
    if !floor || sized.bound <= Decimal::ZERO || matches!(sized.units, Units::Assumed) {
        return None;
    }
    sized.reached.over(Interval::exact(sized.bound))
}

/// Sets a figure against a range, `90%-95%`. Below a range that is to be reached it is missed; beyond it, or beside a
/// range of time or of percentages of costs, nothing says which way is meant.
fn range(target: Quantity<'_>, actual: Quantity<'_>, reached: Decimal, ceiling: bool) -> Outcome {
    let unclear = || unknown("区间目标与完成值无法比较", "the range and the actual do not compare");
    let Some((low, high)) = ends(&target.value.raw) else { return unclear() };
    let end = |value| Quantity { value, ..target };
    let (Some(from), Some(to)) = (low.value.number(), high.value.number()) else { return unclear() };
    let (low, high) = match (sized(end(&low), actual, from, reached), sized(end(&high), actual, to, reached)) {
        (Ok(low), Ok(high)) => (low, high),
        (Err(unknown), _) | (_, Err(unknown)) => return unknown,
    };
    let (below, above) = (low.reached.high() < low.bound, high.reached.low() > high.bound);
    let missed = |share: Option<Interval>| {
        assured(
            Outcome::Missed { share: share.map(|share| share.at_least(Decimal::ZERO).at_most(Decimal::ONE)) },
            low.units,
        )
    };
    match () {
        () if low.bound > high.bound => unclear(),
        () if !below && !above => Outcome::Met,
        () if below && !ceiling && !low.time => missed(low.reached.over(Interval::exact(low.bound))),
        () if above && ceiling && !low.percent => missed(Interval::exact(high.bound).over(high.reached)),
        () => unknown(
            "完成值在目标区间之外，方向不明",
            "the actual lies outside the range, and nothing says which way counts",
        ),
    }
}

/// The ends of a range of figures, each with the unit that stands behind the last.
fn ends(raw: &str) -> Option<(Value, Value)> {
    let folded = fold_text(raw);
    THROUGH.iter().find_map(|sign| {
        let (low, high) = folded.split_once(sign)?;
        let high = figure(high)?;
        let mut low = figure(low)?;
        if low.unit.is_none() && low.scale.is_none() {
            (low.unit, low.scale) = (high.unit.clone(), high.scale);
        }
        Some((low, high))
    })
}

/// A figure with its unit, as a value of its own.
fn figure(raw: &str) -> Option<Value> {
    let reading = crate::value::read(raw, Type::Quantity, &[], &[]);
    reading.value.number()?;
    Some(Value {
        raw: raw.to_owned(),
        value: reading.value,
        op: None,
        unit: reading.unit,
        scale: reading.scale,
        kind: reading.kind,
        percent: None,
        inferred: None,
        invisible: false,
        place: Where::Text { line: 0, columns: [0, 0], last_line: None },
        confidence: 1.0,
    })
}

/// What tells which way a bare figure is meant.
#[derive(Clone, Copy)]
struct Nature {
    ceiling: bool,
    percent: bool,
    time: bool,
}

/// Sets `reached` against `bound`.
fn against(op: Option<Op>, bound: Decimal, reached: Interval, nature: Nature) -> Outcome {
    let (low, high) = (reached.low(), reached.high());
    // Of what should be reached, the part that was; of what should not be passed, the part that was allowed.
    let bound_range = Interval::exact(bound);
    let share = if low > bound { bound_range.over(reached) } else { reached.over(bound_range) };
    let missed = Outcome::Missed { share: share.map(|share| share.at_least(Decimal::ZERO).at_most(Decimal::ONE)) };
    let settled = |met: bool| if met { Outcome::Met } else { missed.clone() };
    let strict = |met: bool, touches: bool| match () {
        () if met && !touches => Outcome::Met,
        () if touches => unknown("完成值恰在目标界限上", "the actual lies just on the bound"),
        () => missed.clone(),
    };
    match op {
        Some(Op::AtLeast) => settled(high >= bound),
        Some(Op::AtMost) => settled(low <= bound),
        Some(Op::Above) => strict(low > bound, low <= bound && bound <= high),
        Some(Op::Below) => strict(high < bound, low <= bound && bound <= high),
        None | Some(Op::Equal) => match () {
            () if low <= bound && bound <= high => Outcome::Met,
            () if bound.is_zero() => unknown("目标值为0，方向不明", "a target of nought does not say which way"),
            () if nature.time => {
                unknown("时间目标未写明是上限还是下限", "a time without a comparator may be a limit or a minimum")
            }
            () if nature.ceiling && nature.percent => unknown(
                "比率目标未写明是上限还是下限",
                "a percentage of costs without a comparator may be either bound",
            ),
            () if nature.ceiling => settled(low <= bound),
            () if low > bound && op == Some(Op::Equal) => Outcome::Passed,
            () => settled(high >= bound),
        },
    }
}

/// The first and last day that a date of some precision may be, as year × 10000 + month × 100 + day.
#[derive(Clone, Copy)]
struct Span {
    dated: bool,
    first: u32,
    last: u32,
}

impl Span {
    /// The days of a value that is a date. One without its year stands as the form writes it, 12月底前.
    fn of(value: &Value) -> Option<Span> {
        let text = value.value.text()?;
        Span::read(text).or_else(|| Span::read(&crate::value::date_of(text)?.to_string()))
    }

    /// Reads an ISO 8601 date: `2021`, `2021-02`, `2021-02-25`; without its year `--02`, `--02-25`. Of an interval,
    /// `2020-01/2020-11`, its end counts: things are done by then.
    fn read(text: &str) -> Option<Span> {
        let text = text.rsplit_once('/').map_or(text, |(_, end)| end);
        let (dated, rest) = match text.strip_prefix("--") {
            Some(rest) => (false, rest),
            None => (true, text),
        };
        let mut parts = rest.split('-').map(|part| {
            let digits = !part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse::<u32>().ok()).flatten()
        });
        let year = if dated { parts.next()?.filter(|year| *year >= 1000)? } else { 0 };
        let (month, day) = match (parts.next(), parts.next(), parts.next()) {
            (None, None, None) if dated => (None, None),
            (Some(month), None, None) => (Some(month?), None),
            (Some(month), Some(day), None) => (Some(month?), Some(day?)),
            _ => return None,
        };
        if month.is_some_and(|month| !(1..=12).contains(&month)) || day.is_some_and(|day| !(1..=31).contains(&day)) {
            return None;
        }
        let number = |month: u32, day: u32| year * 10_000 + month * 100 + day;
        let last_month = month.unwrap_or(12);
        Some(Span {
            dated,
            first: number(month.unwrap_or(1), day.unwrap_or(1)),
            last: number(last_month, day.unwrap_or(last_day(year, last_month))),
        })
    }
}

/// The last day of a month; without a year February has 29.
fn last_day(year: u32, month: u32) -> u32 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 31,
    }
}

/// Done by the date is met.
fn dates(op: Option<Op>, wanted: Span, reached: Span) -> Outcome {
    if wanted.dated != reached.dated {
        return unknown("目标日期与完成日期只有一方写明年份", "only one of the dates has a year");
    }
    let (met, missed) = match op {
        None | Some(Op::AtMost | Op::Equal) => (reached.last <= wanted.last, reached.first > wanted.last),
        Some(Op::Below) => (reached.last < wanted.first, reached.first > wanted.last),
        Some(Op::AtLeast | Op::Above) => (reached.first >= wanted.last, false),
    };
    match (met, missed) {
        (true, _) => Outcome::Met,
        (_, true) if !wanted.dated => unknown("日期均未写年份", "neither of the dates has a year"),
        (_, true) => Outcome::Missed { share: None },
        _ => unknown("日期不够精确", "the dates are not precise enough"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::testing::value;

    fn outcome(target: &str, actual: &str, ceiling: bool) -> &'static str {
        let (target, actual) = (value(target), value(actual));
        fn quantity(value: &Value) -> Quantity<'_> {
            Quantity { value, unit: None, op: value.op }
        }
        match compare(quantity(&target), quantity(&actual), ceiling) {
            Outcome::Met => "met",
            Outcome::Passed => "passed",
            Outcome::Missed { .. } => "missed",
            Outcome::Unknown(_) => "unknown",
        }
    }

    #[test]
    fn compares_what_compares() {
        for (target, actual, expected) in [
            ("≥95%", "≥95%", "met"),
            ("≥95%", "≥93%", "missed"),
            ("≥95%", "95.00%", "met"),
            ("≥95%", "94.5%", "missed"),
            ("≥95.5%", "95%", "met"), // 95 stands for up to 95.5
            ("≥95.6%", "95%", "missed"),
            ("100%", "98%", "missed"),
            ("300条", "338条", "met"),
            ("300条", "299条", "missed"),
            ("300条", "338", "met"),
            ("300条", "260", "unknown"),
            ("300条", "338次", "unknown"),
            ("98%", "97", "unknown"),
            ("100", "100元", "met"),
            ("≤24小时", "≤24小时", "met"),
            ("≤24小时", "30小时", "missed"),
            ("≤24小时", "2小时", "met"),
            ("3天", "3天", "met"),
            ("3天", "2天", "unknown"),
            ("=8个", "9个", "passed"),
            ("=8个", "7个", "missed"),
            ("3万条", "29000条", "missed"),
            ("3万条", "31000条", "met"),
            ("2万元", "3元", "missed"),
            ("0起", "0起", "met"),
            ("0起", "1起", "unknown"),
            (">90%", "90%", "unknown"),
            (">90%", "≥90%", "unknown"),
            (">90%", "91%", "met"),
            (">90%", "89%", "missed"),
            ("<5%", "6%", "missed"),
            ("<5%", "4%", "met"),
            ("有效增强", "有效\n增强", "met"),
            ("有效增强", "完成", "unknown"),
            ("≤45万元", "完成", "unknown"),
            ("2021-11-30", "2021-11", "met"),
            ("2021-11-30", "2021-12", "missed"),
            ("2021-12-15", "2021-12", "unknown"),
            ("2021-12", "2021-12-31", "met"),
            ("2020-01/2020-11", "2020-10", "met"),
            ("2020-01/2020-11", "2020-12-01", "missed"),
            ("--12", "--11", "met"),
            ("--12", "2021-11", "unknown"),
            ("2021-13", "2021-14", "unknown"),
            ("90%~95%", "93%", "met"),
            ("90%~95%", "89%", "missed"),
            ("90~95%", "89.6%", "missed"),
            ("90%~95%", "89.95%", "missed"),
            ("90%~95%", "96%", "unknown"),
            ("10~20场", "9场", "missed"),
            ("10~20场", "9", "unknown"),
            ("3~5天", "2天", "unknown"),
            ("10~20场", "15次", "unknown"),
            ("20~10场", "15场", "unknown"),
        ] {
            assert_eq!(outcome(target, actual, false), expected, "{target} | {actual}");
        }
    }

    #[test]
    fn deadlines_without_a_year_are_dates() {
        let read = |raw: &str| {
            let reading = crate::value::read(raw, Type::Quantity, &[], &[]);
            Value { value: reading.value, op: reading.op, kind: reading.kind, ..value("") }
        };
        for (target, actual, expected) in [
            ("12月底前", "12月20日", "met"),
            ("12月31日前完成", "12月底", "met"),
            ("6月底前", "12月20日", "unknown"), // which may be that of the year before
            ("12月15日前", "12月", "unknown"),
            ("2021年12月底前", "12月20日", "unknown"),
            ("12月底前", "合格", "unknown"),
        ] {
            let (target, actual) = (read(target), read(actual));
            let quantity = |value| Quantity { value, unit: None, op: None };
            let outcome = compare(quantity(&target), quantity(&actual), false);
            let found = match outcome {
                Outcome::Met => "met",
                Outcome::Unknown(_) => "unknown",
                Outcome::Passed | Outcome::Missed { .. } => "missed",
            };
            assert_eq!(found, expected, "{:?} | {:?}", target.value, actual.value);
        }
    }

    #[test]
    fn costs_are_not_to_be_exceeded() {
        for (target, actual, expected) in [
            ("100万元", "90万元", "met"),
            ("100万元", "110万元", "missed"),
            ("=100万元", "110万元", "missed"),
            ("98%", "98.00%", "met"),
            ("98%", "95%", "unknown"),
            ("10~20万元", "21万元", "missed"),
            ("10~20万元", "9万元", "unknown"),
            ("≥98%", "95%", "missed"),
        ] {
            assert_eq!(outcome(target, actual, true), expected, "{target} | {actual}");
        }
    }
}
