//! `budget.total`: the total row of the budget is the sum of its sources, column by column.
//!
//! Manual: `retally checks budget.total`.

use rust_decimal::Decimal;

use super::budget::total_row;
use super::context::{Context, Lack, Spot, Why};
use super::finding::{Finding, is_off};
use super::interval::Interval;
use crate::message::Message;
use crate::record::{Check, Severity, Where};

const TABLE: &str = "budget";
const ID: &str = "budget.total";

/// The columns of amounts.
const COLUMNS: [&str; 3] = ["initial", "budgeted", "executed"];

/// The checks of every column of amounts that has sources.
pub(super) fn checks(context: Context<'_>) -> Vec<Check> {
    if is_off(context, ID) {
        return Vec::new();
    }
    COLUMNS.into_iter().filter_map(|column| check(context, column)).collect()
}

fn check<'a>(context: Context<'a>, column: &'a str) -> Option<Check> {
    let cell = |row| Spot::Cell { table: TABLE, row, column };
    let row = total_row(context)?;
    let rows = 0..context.rows(TABLE).len();
    let parts: Vec<Spot<'a>> = rows.filter(|part| *part != row && !context.is_part(TABLE, *part)).map(cell).collect();
    let total = cell(row);
    if !context.has(total) || !parts.iter().any(|part| context.is_filled(*part)) {
        return None;
    }
    let finding = Finding::new(context, ID, Severity::Error, total).from(parts.iter().copied());
    let mut lacks: Vec<Lack<'a>> = Vec::new();
    let mut sum = Some((Decimal::ZERO, Interval::exact(Decimal::ZERO)));
    let mut terms = Vec::new();
    for part in &parts {
        match context.figure(*part) {
            Ok(stated) => {
                terms.push(stated.figure.to_string());
                sum = sum.and_then(|sum| add(sum, stated.figure));
            }
            // A source that has nothing is left blank.
            Err(Lack { why: Why::Blank, .. }) => {}
            Err(lack) => lacks.push(lack),
        }
    }
    let stated = context.figure(total);
    lacks.extend(stated.err());
    let Ok(stated) = stated else { return Some(finding.lacking(&lacks)) };
    if !lacks.is_empty() {
        return Some(finding.lacking(&lacks));
    }
    let (Some((plain, range)), Some(whole)) = (sum, Interval::stated(stated.figure)) else {
        return Some(finding.out_of_range());
    };
    let (plain, formula) = (plain.normalize(), terms.join(" + "));
    let finding = finding.formula(&formula).computed(plain, range);
    let name = context.name(total);
    let figure = stated.figure;
    let words = |zh: &str, en: &str| {
        Message::new(
            format!("{}{figure}{zh}各来源合计{formula} = {plain}。", name.zh),
            format!("{}, {figure}, {en} the sum of its sources, {formula} = {plain}.", name.en),
        )
    };
    let all = terms.len() == parts.len() && parts.len() > 1;
    let rows = 0..context.rows(TABLE).len();
    Some(match () {
        () if whole.meets(range) => finding.consistent(words("等于", "is")),
        () if rows.into_iter().any(|row| may_be_shifted(context, row)) => finding.unverifiable(words(
            "无法核对：有的来源行缺数字，可能与相邻数字错位；不等于",
            "cannot be checked, as a row of a source lacks a figure and may have others in its place, but is not",
        )),
        () if range.low() > whole.high() => finding.inconsistent(words("小于", "is less than")),
        () if all => finding.inconsistent(words("大于", "is more than")),
        () => finding.unverifiable(words(
            "无法核对：其来源可能未列全；大于",
            "may have sources that are not listed, being more than",
        )),
    })
}

/// Whether a row of a text has some amounts and lacks others: without rulings nothing tells that each is in its column.
fn may_be_shifted(context: Context<'_>, row: usize) -> bool {
    let amounts = COLUMNS.into_iter().map(|column| Spot::Cell { table: TABLE, row, column });
    let amounts: Vec<Spot<'_>> = amounts.filter(|amount| context.has(*amount)).collect();
    let in_text = |spot: &Spot<'_>| context.value(*spot).is_some_and(|value| matches!(value.place, Where::Text { .. }));
    let filled = amounts.iter().filter(|amount| context.figure(**amount).is_ok()).count();
    filled > 0 && filled < amounts.len() && amounts.iter().any(in_text)
}

/// Adds a rounded amount to a sum and to what the sum may be.
fn add(sum: (Decimal, Interval), figure: Decimal) -> Option<(Decimal, Interval)> {
    Some((sum.0.checked_add(figure)?, sum.1.plus(Interval::stated(figure)?)?))
}
