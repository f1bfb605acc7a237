//! `budget.total`: the total row of the budget is the sum of its sources, column by column.
//!
//! Manual: `retally checks budget.total`.

use rust_decimal::Decimal;

use super::amount::{Amount, align};
use super::budget::total_row;
use super::context::{Context, Lack, Spot, Why};
use super::finding::{Finding, is_off};
use super::interval::{Agreement, Interval, agreement};
use crate::fold::fold_text;
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
    let is_source =
        |part: &usize| *part != row && !context.is_part(TABLE, *part) && !is_total_again(context, row, *part);
    let parts: Vec<Spot<'a>> = rows.filter(is_source).map(cell).collect();
    let total = cell(row);
    if !context.has(total) || !parts.iter().any(|part| context.is_filled(*part)) {
        return None;
    }
    let finding = Finding::new(context, ID, Severity::Error, total).from(parts.iter().copied());
    let mut lacks: Vec<Lack<'a>> = Vec::new();
    let mut amounts: Vec<Amount<'a>> = Vec::new();
    for spot in std::iter::once(total).chain(parts.iter().copied()) {
        match Amount::read(context, spot) {
            Ok(amount) => amounts.push(amount),
            // A source that has nothing is left blank.
            Err(Lack { why: Why::Blank, .. }) if spot != total => {}
            Err(lack) => lacks.push(lack),
        }
    }
    if lacks.is_empty() {
        lacks.extend(align(context, &mut amounts).err());
    }
    let Some((whole, sources)) = amounts.split_first().filter(|_| lacks.is_empty()) else {
        return Some(finding.lacking(&lacks));
    };
    let Some((plain, range)) = sum(sources) else { return Some(finding.out_of_range()) };
    let (plain, figure) = (plain.normalize(), whole.figure);
    let formula = sources.iter().map(Amount::shown).collect::<Vec<_>>().join(" + ");
    let finding = finding.formula(&formula).computed(plain, range);
    let name = context.name(total);
    let shown = whole.shown();
    let words = |zh: &str, en: &str| {
        Message::new(
            format!("{}{shown}{zh}各来源合计{formula} = {plain}。", name.zh),
            format!("{}, {shown}, {en} the sum of its sources, {formula} = {plain}.", name.en),
        )
    };
    let all = sources.len() == parts.len() && parts.len() > 1;
    let mut rows = 0..context.rows(TABLE).len();
    Some(match agreement(figure, range) {
        None => finding.out_of_range(),
        Some(Agreement::Rounded) => finding.consistent(words("等于", "is")),
        Some(Agreement::Truncated) => {
            finding.consistent_but(words("截尾后等于", "when cut off rather than rounded, is"))
        }
        Some(Agreement::None) if rows.any(|row| may_be_shifted(context, row)) => finding.unverifiable(words(
            "无法核对：有的来源行缺数字，可能与相邻数字错位；不等于",
            "cannot be checked, as a row of a source lacks a figure and may have others in its place, but is not",
        )),
        Some(Agreement::None) if range.low() > figure => finding.inconsistent(words("小于", "is less than")),
        Some(Agreement::None) if all => finding.inconsistent(words("大于", "is more than")),
        Some(Agreement::None) => finding.unverifiable(words(
            "无法核对：其来源可能未列全；大于",
            "may have sources that are not listed, being more than",
        )),
    })
}

/// Whether the row `other` has the words of the total row: no source of it, but the total once more.
fn is_total_again(context: Context<'_>, total: usize, other: usize) -> bool {
    let words =
        |row| context.value(Spot::Cell { table: TABLE, row, column: "source" }).map(|value| fold_text(&value.raw));
    let total = words(total).filter(|words| !words.is_empty());
    total.is_some() && total == words(other)
}

/// The words of the budget's total where two of its rows have them.
pub(super) fn second_total(context: Context<'_>) -> Option<String> {
    let row = total_row(context)?;
    let again = (row + 1..context.rows(TABLE).len()).any(|other| is_total_again(context, row, other));
    again.then(|| context.raw(Spot::Cell { table: TABLE, row, column: "source" }))
}

/// The sum of the amounts in the steps of the first of all, and what it may be.
fn sum(amounts: &[Amount<'_>]) -> Option<(Decimal, Interval)> {
    let nothing = (Decimal::ZERO, Interval::exact(Decimal::ZERO));
    amounts.iter().try_fold(nothing, |(total, all), amount| {
        Some((total.checked_add(amount.counted()?)?, all.plus(amount.range()?)?))
    })
}

/// Whether a row of a text has some amounts and lacks others: without rulings nothing tells that each is in its column.
pub(super) fn may_be_shifted(context: Context<'_>, row: usize) -> bool {
    let amounts = COLUMNS.into_iter().map(|column| Spot::Cell { table: TABLE, row, column });
    let amounts: Vec<Spot<'_>> = amounts.filter(|amount| context.has(*amount)).collect();
    let in_text = |spot: &Spot<'_>| context.value(*spot).is_some_and(|value| matches!(value.place, Where::Text { .. }));
    let filled = amounts.iter().filter(|amount| context.figure(**amount).is_ok()).count();
    filled > 0 && filled < amounts.len() && amounts.iter().any(in_text)
}
