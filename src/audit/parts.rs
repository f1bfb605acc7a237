//! `indicator.parts`: rows that split an indicator sum to it.
//!
//! Manual: `retally checks indicator.parts`.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::context::{Context, Lack, Spot};
use super::doubt::withdraw;
use super::finding::{Finding, is_off};
use super::interval::{Agreement, Interval, agreement};
use super::target;
use super::unit::Unit;
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Cell, Check, Severity, Verdict};

const ID: &str = "indicator.parts";
const TABLE: &str = "indicators";

/// The checks of every indicator that is split, targets and actuals apart.
pub(super) fn checks(context: Context<'_>) -> Vec<Check> {
    if is_off(context, ID) {
        return Vec::new();
    }
    let mut parts: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (row, cells) in context.rows(TABLE).iter().enumerate() {
        if let Some(Cell::Index(parent)) = cells.get("parent")
            && *parent != row
        {
            parts.entry(*parent).or_default().push(row);
        }
    }
    let columns = ["target", "actual"];
    parts
        .iter()
        .flat_map(|(parent, rows)| columns.iter().filter_map(|column| check(context, *parent, rows, column)))
        .collect()
}

/// A figure of a row with its unit.
struct Part {
    figure: Decimal,
    range: Interval,
    unit: Option<Unit>,
}

impl Part {
    fn read<'a>(context: Context<'a>, row: usize, spot: Spot<'a>) -> Result<Part, Lack<'a>> {
        let figure = context.figure(spot)?.figure;
        let quantity = context.value(spot).map(|value| target::quantity(context, row, value));
        let unit = quantity.and_then(|quantity| Unit::of(quantity.value, quantity.unit));
        Ok(Part { figure, range: Interval::stated(figure).ok_or(Lack::unreadable(spot))?, unit })
    }

    fn step(&self) -> Decimal {
        self.unit.as_ref().map_or(Decimal::ONE, |unit| unit.step)
    }

    fn base(&self) -> Option<&str> {
        self.unit.as_ref().map(|unit| unit.base.as_str())
    }
}

/// None where the figures are shares, or do not count the same thing: these have no sum.
fn check<'a>(context: Context<'a>, parent: usize, rows: &[usize], column: &'a str) -> Option<Check> {
    let cell = |row| Spot::Cell { table: TABLE, row, column };
    let whole = cell(parent);
    if !context.is_filled(whole) || !rows.iter().any(|row| context.is_filled(cell(*row))) {
        return None;
    }
    let finding = Finding::new(context, ID, Severity::Warning, whole).from(rows.iter().map(|row| cell(*row)));
    let (stated, mut lacks) = match Part::read(context, parent, whole) {
        Ok(stated) => (Some(stated), Vec::new()),
        Err(lack) => (None, vec![lack]),
    };
    let mut parts = Vec::new();
    for row in rows {
        match Part::read(context, *row, cell(*row)) {
            Ok(part) => parts.push(part),
            Err(lack) => lacks.push(lack),
        }
    }
    let Some(stated) = stated.filter(|_| lacks.is_empty()) else { return Some(finding.lacking(&lacks)) };
    if stated.base() == Some("%") || parts.iter().any(|part| part.base() != stated.base()) {
        return None;
    }
    let Some((total, all)) = sum(&parts, stated.step()) else { return Some(finding.out_of_range()) };
    let total = total.normalize();
    // Parts that count in other steps than their whole are shown with them.
    let same = parts.iter().all(|part| part.step() == stated.step());
    let shown = |part: &Part, row| if same { part.figure.to_string() } else { context.raw(cell(row)) };
    let formula = parts.iter().zip(rows).map(|(part, row)| shown(part, *row)).collect::<Vec<_>>().join(" + ");
    let figure = shown(&stated, parent);
    let finding = finding.formula(&formula).computed(total, all);
    let name = context.name(whole);
    let says = |zh: &str, en: &str| {
        Message::new(
            format!("{}{figure}{zh}其中各项之和{formula} = {total}。", name.zh),
            format!("{}, {figure}, {en} the sum of its parts, {formula} = {total}.", name.en),
        )
    };
    Some(match agreement(stated.figure, all) {
        None => finding.out_of_range(),
        Some(Agreement::Rounded) => finding.consistent(says("等于", "is")),
        Some(Agreement::Truncated) => {
            finding.consistent_but(says("截尾后等于", "when cut off rather than rounded, is"))
        }
        Some(Agreement::None) if all.low() > stated.figure => finding.inconsistent(says("小于", "is less than")),
        Some(Agreement::None) if rows.len() > 1 => finding.inconsistent(says("大于", "is more than")),
        Some(Agreement::None) => finding.unverifiable(says(
            "无法核对：其中各项可能未列全；大于",
            "may have parts that are not listed, being more than",
        )),
    })
}

/// The sums of points that rows may be counted in beside the indicator that they split.
const POINTS: [&str; 6] =
    ["indicators.score", "indicators.weight", "total.score", "total.weight", "weights.level1", "scores.level1"];

/// So many sums of rows left out are looked at; a form splits two or three indicators.
const SUMS_KEPT: usize = 1000;

/// Rows behind one that splits an indicator which may split it too: of longer lists nobody would say it in one word.
const FOLLOWING: usize = 8;

/// Takes back what is said of sums that agree once rows which may split an indicator are left out. Behind a row that is
/// known to split one, a row with points of its own may be the next part as well as the next indicator.
pub(super) fn take_back_counted_twice(context: Context<'_>, checks: &mut [Check]) {
    let runs = following(context);
    if runs.is_empty() {
        return;
    }
    let reason = Message::new(
        "“其中”各行自有分值，可能与所属指标重复计算",
        "rows that split an indicator have points of their own, and may be counted beside it",
    );
    let is_point = |check: &&mut Check| POINTS.contains(&check.id.as_str()) && check.verdict == Verdict::Inconsistent;
    for check in checks.iter_mut().filter(is_point) {
        let (Some(stated), Some(sum)) = (check.stated.number(), check.computed) else { continue };
        // What may be left out of the sum so far, run by run.
        let mut left_out = BTreeSet::from([Decimal::ZERO]);
        for run in &runs {
            let points = |row: &usize| {
                let at = |column| Spot::Cell { table: TABLE, row: *row, column }.path();
                let path = [at("score"), at("weight")].into_iter().find(|path| check.refs.contains(path))?;
                context.form.value(&path)?.value.number()
            };
            let lengths = run.iter().map_while(points).scan(Decimal::ZERO, |sum, points| {
                *sum = sum.checked_add(points)?;
                Some(*sum)
            });
            let lengths: Vec<Decimal> = lengths.collect();
            let known: Vec<Decimal> = left_out.iter().copied().collect();
            left_out.extend(known.iter().flat_map(|sum| lengths.iter().filter_map(|more| sum.checked_add(*more))));
            if left_out.len() > SUMS_KEPT {
                break;
            }
        }
        // A stated sum is rounded; rows count as written.
        let fits = |points: &Decimal| {
            let rest = sum.0.checked_sub(*points).map(Interval::exact);
            !points.is_zero() && Interval::stated(stated).zip(rest).is_some_and(|(stated, rest)| stated.meets(rest))
        };
        if left_out.iter().any(fits) {
            withdraw(check, &reason);
        }
    }
}

/// The rows right behind those that split an indicator, under the same headings as it.
fn following(context: Context<'_>) -> Vec<Vec<usize>> {
    let rows = context.rows(TABLE).len();
    let heading = |row| {
        ["level1", "level2"]
            .map(|column| context.value(Spot::Cell { table: TABLE, row, column }).map(|value| fold_text(&value.raw)))
    };
    let ends = (0..rows).filter(|row| context.is_part(TABLE, *row) && !context.is_part(TABLE, row + 1));
    let run = |last: usize| -> Vec<usize> {
        (last + 1..rows)
            .take_while(|row| !context.is_part(TABLE, *row) && heading(*row) == heading(last))
            .take(FOLLOWING)
            .collect()
    };
    ends.map(run).filter(|run| !run.is_empty()).collect()
}

/// The sum of the parts, as written and as it may be, counted by `step` at a time.
fn sum(parts: &[Part], step: Decimal) -> Option<(Decimal, Interval)> {
    let nothing = (Decimal::ZERO, Interval::exact(Decimal::ZERO));
    parts.iter().try_fold(nothing, |(total, all), part| {
        let times = part.step().checked_div(step)?;
        let range = part.range.times(Interval::exact(times))?;
        Some((total.checked_add(part.figure.checked_mul(times)?)?, all.plus(range)?))
    })
}
