//! `indicator.parts`: rows that split an indicator sum to it.
//!
//! Manual: `retally checks indicator.parts`.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::context::{Context, Lack, Spot};
use super::finding::{Finding, is_off};
use super::interval::Interval;
use super::target;
use super::unit::Unit;
use crate::message::Message;
use crate::record::{Cell, Check, Severity};

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

/// A figure in single steps with its unit.
fn sized<'a>(
    context: Context<'a>,
    row: usize,
    spot: Spot<'a>,
) -> Result<(Decimal, Interval, Option<String>), Lack<'a>> {
    let stated = context.figure(spot)?;
    let quantity = context.value(spot).map(|value| target::quantity(context, row, value));
    let unit = quantity.and_then(|quantity| Unit::of(quantity.value, quantity.unit));
    let step = unit.as_ref().map_or(Decimal::ONE, |unit| unit.step);
    let figure = stated.figure.checked_mul(step);
    let range = Interval::stated(stated.figure).and_then(|range| range.times(Interval::exact(step)));
    let (Some(figure), Some(range)) = (figure, range) else { return Err(Lack::unreadable(spot)) };
    Ok((figure, range, unit.map(|unit| unit.base)))
}

/// None where the figures are shares, or do not count the same thing: these have no sum.
fn check<'a>(context: Context<'a>, parent: usize, rows: &[usize], column: &'a str) -> Option<Check> {
    let cell = |row| Spot::Cell { table: TABLE, row, column };
    let whole = cell(parent);
    if !context.is_filled(whole) || !rows.iter().any(|row| context.is_filled(cell(*row))) {
        return None;
    }
    let finding = Finding::new(context, ID, Severity::Warning, whole).from(rows.iter().map(|row| cell(*row)));
    let stated = sized(context, parent, whole);
    let mut lacks: Vec<Lack<'a>> = stated.as_ref().err().copied().into_iter().collect();
    let mut sum = Some((Decimal::ZERO, Interval::exact(Decimal::ZERO)));
    let (mut units, mut terms) = (Vec::new(), Vec::new());
    for row in rows {
        match sized(context, *row, cell(*row)) {
            Ok((figure, range, unit)) => {
                sum = sum.and_then(|(total, all)| Some((total.checked_add(figure)?, all.plus(range)?)));
                terms.push(figure.normalize().to_string());
                units.push(unit);
            }
            Err(lack) => lacks.push(lack),
        }
    }
    let (figure, range, unit) = match stated {
        Ok(stated) if lacks.is_empty() => stated,
        _ => return Some(finding.lacking(&lacks)),
    };
    if unit.as_deref() == Some("%") || units.iter().any(|other| *other != unit) {
        return None;
    }
    let Some((total, all)) = sum else { return Some(finding.out_of_range()) };
    let (total, figure, formula) = (total.normalize(), figure.normalize(), terms.join(" + "));
    let finding = finding.formula(&formula).computed(total, all);
    let name = context.name(whole);
    let says = |zh: &str, en: &str| {
        Message::new(
            format!("{}{figure}{zh}其中各项之和{formula} = {total}。", name.zh),
            format!("{}, {figure}, {en} the sum of its parts, {formula} = {total}.", name.en),
        )
    };
    Some(match () {
        () if range.meets(all) => finding.consistent(says("等于", "is")),
        () if all.low() > range.high() => finding.inconsistent(says("小于", "is less than")),
        () if rows.len() > 1 => finding.inconsistent(says("大于", "is more than")),
        () => finding.unverifiable(says(
            "无法核对：其中各项可能未列全；大于",
            "may have parts that are not listed, being more than",
        )),
    })
}
