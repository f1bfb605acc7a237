//! Whether an actual meets its target, as far as the two can be compared at all.
//!
//! Only figures of the same unit, dates and equal words compare. What does not is unknown, never missed.

use rust_decimal::Decimal;

use super::deadline::{self, Span};
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

/// From here up to 100 a bare figure is usual for a share in percent, and a bare 1 beside it may be all of it.
const USUAL_SHARE: i64 = 50;

/// The scales that a sign before a unit stands for.
const TEN_THOUSAND: u64 = 10_000;
const HUNDRED_MILLION: u64 = 100_000_000;

/// What comparing came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The actual meets the target.
    Met,
    /// A target of just so much was passed. No rule is known that takes points for it.
    Passed,
    /// It does not. `share`: how much of the target was reached, where figures tell.
    Missed { share: Option<Share> },
    /// They do not compare, for this reason.
    Unknown(Message),
}

/// How much of a target was reached: of what should be reached, the part that was; of what should not be passed, the
/// part that was allowed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Share {
    /// From 0 to 1.
    pub(super) range: Interval,
    /// Of the figures as written.
    pub(super) likeliest: Decimal,
    /// Part ÷ whole, as the form writes them.
    pub(super) formula: String,
}

impl Share {
    /// `part` ÷ `whole`, each the range, the figure as written and what is shown of it.
    fn of(part: (Interval, Decimal, String), whole: (Interval, Decimal, String)) -> Option<Share> {
        Some(Share {
            range: part.0.over(whole.0)?.at_least(Decimal::ZERO).at_most(Decimal::ONE),
            likeliest: part.1.checked_div(whole.1)?.max(Decimal::ZERO).min(Decimal::ONE),
            formula: format!("{} ÷ {}", part.2, whole.2),
        })
    }
}

/// Which way a figure without a comparator is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bare {
    /// It is to be reached.
    Floor,
    /// It is not to be passed.
    Ceiling,
    /// More is better by the name, under a heading of ceilings: what is saved.
    Saved,
    /// Less may be better, by the name.
    Fewer,
    /// Nothing tells.
    Unclear,
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

impl Quantity<'_> {
    /// The figure with its unit and without its comparator, for a formula.
    pub(super) fn shown(self) -> String {
        let Some(figure) = self.value.value.number() else { return self.value.raw.replace('\n', "") };
        let step = match self.value.scale {
            None | Some(1) => String::new(),
            Some(TEN_THOUSAND) => "万".to_owned(),
            Some(HUNDRED_MILLION) => "亿".to_owned(),
            Some(scale) => format!("×{scale}"),
        };
        let column = self.unit.filter(|_| self.value.scale.is_none());
        format!("{figure}{step}{}", self.value.unit.as_deref().or(column).unwrap_or_default())
    }
}

/// Whether `actual` meets `target`; `bare` tells how a figure without a comparator is meant.
pub(super) fn compare(target: Quantity<'_>, actual: Quantity<'_>, bare: Bare) -> Outcome {
    let (raw_target, raw_actual) = (fold_text(&target.value.raw), fold_text(&actual.value.raw));
    // Beside a comparator in a column of its own an equal figure may just not do.
    let strict = matches!(target.op, Some(Op::Above | Op::Below)) && actual.value.op.is_none();
    if raw_target == raw_actual && !raw_target.is_empty() && !strict {
        return Outcome::Met;
    }
    match (&target.value.value, &actual.value.value) {
        (Datum::Number(wanted), Datum::Number(reached)) => figures(target, actual, wanted.0, reached.0, bare),
        (Datum::Text(_), Datum::Number(reached)) if target.value.kind == Some(Kind::Range) => {
            range(target, actual, reached.0, bare)
        }
        (Datum::Text(wanted), Datum::Text(reached)) => match (Span::of(target.value), Span::of(actual.value)) {
            (Some(wanted), Some(reached)) => deadline::compare(target.op, wanted, reached),
            _ if fold_text(wanted) == fold_text(reached) => Outcome::Met,
            _ => unknown("目标值与完成值均为文字且不相同", "target and actual are words, and differ"),
        },
        _ => unknown("目标值与完成值不属同类", "target and actual are not of one kind"),
    }
}

pub(super) fn unknown(zh: &str, en: &str) -> Outcome {
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
    /// The middle of `reached`: the figure as written.
    figure: Decimal,
    percent: bool,
    time: bool,
    units: Units,
    /// On which side of the figure the actual lies, where it says so: 近3万.
    side: Option<Op>,
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
    // A figure with a comparator (≥93%) is a bound as written, and nought is nothing at all; others are rounded.
    let is_exact = actual.value.op.is_some() || reached.is_zero();
    let range = if is_exact { Some(Interval::exact(reached)) } else { Interval::stated(reached) };
    let (Some(bound), Some(figure), Some(range)) = (
        wanted.checked_mul(step(&unit)),
        reached.checked_mul(step(&other)),
        range.and_then(|range| range.times(Interval::exact(step(&other)))),
    ) else {
        return Err(unknown("数字超出精确计算的范围", "a figure is beyond exact arithmetic"));
    };
    let percent = unit.as_ref().is_some_and(Unit::is_percent);
    let shares = percent || (unit.is_none() && other.is_none());
    if shares
        && (may_be_fraction(target.value, actual.value, percent)
            || may_be_fraction(actual.value, target.value, percent))
    {
        return Err(unknown("比率可能有一方写成小数", "one of the shares may be written as a fraction"));
    }
    let time = unit.or(other).is_some_and(|unit| TIMES.contains(&unit.base.as_str()));
    Ok(Sized { bound, reached: range, figure, percent, time, units, side: actual.value.op })
}

/// Whether `value`, which writes no sign of its own, may be a share written as a fraction beside `other` in percent: 0.9
/// beside 90. `percent`: the row says that both are shares.
fn may_be_fraction(value: &Value, other: &Value, percent: bool) -> bool {
    let (Some(figure), Some(beside)) = (value.value.number(), other.value.number()) else { return false };
    let is_share = value.unit.is_none() && figure > Decimal::ZERO && figure <= Decimal::ONE;
    if !is_share || beside <= Decimal::ONE {
        return false;
    }
    // Of counts a bare 1 is just that, unless the other figure is what shares mostly are.
    let usual = Decimal::from(USUAL_SHARE)..=Decimal::ONE_HUNDRED;
    if !percent && !(beside <= Decimal::ONE_HUNDRED && (figure.scale() > 0 || usual.contains(&beside))) {
        return false;
    }
    // The reading that brings the two closer together is the likelier one.
    figure.checked_mul(Decimal::TEN).is_some_and(|middle| middle < beside)
}

fn figures(target: Quantity<'_>, actual: Quantity<'_>, wanted: Decimal, reached: Decimal, bare: Bare) -> Outcome {
    let sized = match sized(target, actual, wanted, reached) {
        Ok(sized) => sized,
        Err(unknown) => return unknown,
    };
    let bound = (Interval::exact(sized.bound), sized.bound, target.shown());
    let figure = (sized.reached, sized.figure, actual.shown());
    // Above a target that is missed, it was not to be passed.
    let share = if sized.figure == sized.bound {
        // Just under it, or just over.
        None
    } else if sized.reached.low() > sized.bound {
        Share::of(bound, figure)
    } else {
        Share::of(figure, bound)
    };
    assured(against(target.op, sized, bare, share), sized.units)
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
pub(super) fn overshoot(target: Quantity<'_>, actual: Quantity<'_>, bare: Bare) -> Option<Interval> {
    let (wanted, reached) = (target.value.value.number()?, actual.value.value.number()?);
    let sized = sized(target, actual, wanted, reached).ok()?;
    let floor = match target.op {
        Some(Op::AtLeast | Op::Above) => true,
        None | Some(Op::Equal) => bare == Bare::Floor && !sized.time,
        Some(Op::AtMost | Op::Below) => false,
    };
    if !floor || sized.bound <= Decimal::ZERO || matches!(sized.units, Units::Assumed) {
        return None;
    }
    sized.reached.over(Interval::exact(sized.bound))
}

/// Sets a figure against a range, `90%-95%`. Below a range that is to be reached it is missed; beyond it, or beside a
/// range of time or of percentages of costs, nothing says which way is meant.
fn range(target: Quantity<'_>, actual: Quantity<'_>, reached: Decimal, bare: Bare) -> Outcome {
    let unclear = || unknown("区间目标与完成值无法比较", "the range and the actual do not compare");
    let Some((lower, upper)) = ends(&target.value.raw) else { return unclear() };
    let end = |value| Quantity { value, ..target };
    let (Some(from), Some(to)) = (lower.value.number(), upper.value.number()) else { return unclear() };
    let (low, high) = match (sized(end(&lower), actual, from, reached), sized(end(&upper), actual, to, reached)) {
        (Ok(low), Ok(high)) => (low, high),
        (Err(unknown), _) | (_, Err(unknown)) => return unknown,
    };
    let (below, above) = (low.reached.high() < low.bound, high.reached.low() > high.bound);
    let missed = |share: Option<Share>| assured(Outcome::Missed { share }, low.units);
    let figure = |sized: Sized| (sized.reached, sized.figure, actual.shown());
    let bound = |sized: Sized, value| (Interval::exact(sized.bound), sized.bound, end(value).shown());
    match () {
        () if low.bound > high.bound => unclear(),
        () if !below && !above => Outcome::Met,
        () if below && bare == Bare::Floor && !low.time => missed(Share::of(figure(low), bound(low, &lower))),
        () if above && bare == Bare::Ceiling && !low.percent => missed(Share::of(bound(high, &upper), figure(high))),
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

/// Sets what was reached against the bound; `share` is what a miss comes to.
fn against(op: Option<Op>, sized: Sized, bare: Bare, share: Option<Share>) -> Outcome {
    let Sized { bound, reached, percent, time, side, .. } = sized;
    let (low, high) = (reached.low(), reached.high());
    // What lies just under a figure does not reach it, and what lies just over it does not keep to it.
    let reaches = high >= bound && !(side == Some(Op::Below) && high == bound);
    let keeps = low <= bound && !(side == Some(Op::Above) && low == bound);
    let missed = Outcome::Missed { share };
    let settled = |met: bool| if met { Outcome::Met } else { missed.clone() };
    let strict = |met: bool, touches: bool| match () {
        () if met && !touches => Outcome::Met,
        () if touches => unknown("完成值恰在目标界限上", "the actual lies just on the bound"),
        () => missed.clone(),
    };
    match op {
        Some(Op::AtLeast) => settled(reaches),
        Some(Op::AtMost) => settled(keeps),
        Some(Op::Above) => strict(low > bound, low <= bound && bound <= high),
        Some(Op::Below) => strict(high < bound, low <= bound && bound <= high),
        None | Some(Op::Equal) => match () {
            () if reaches && keeps => Outcome::Met,
            () if bound.is_zero() => unknown("目标值为0，方向不明", "a target of nought does not say which way"),
            () if time => {
                unknown("时间目标未写明是上限还是下限", "a time without a comparator may be a limit or a minimum")
            }
            () if bare == Bare::Ceiling && percent => unknown(
                "比率目标未写明是上限还是下限",
                "a percentage of costs without a comparator may be either bound",
            ),
            () if bare == Bare::Ceiling => settled(keeps),
            () if bare == Bare::Fewer => unknown(
                "指标宜少不宜多，目标未写明是上限还是下限",
                "less may be better here, and a target without a comparator may be either bound",
            ),
            () if bare == Bare::Saved && reaches => Outcome::Met,
            () if low > bound && op == Some(Op::Equal) => Outcome::Passed,
            () if bare == Bare::Floor || op == Some(Op::Equal) => settled(reaches),
            () => unknown("表中未说明越多越好还是越少越好", "the form does not say which way is better"),
        },
    }
}
