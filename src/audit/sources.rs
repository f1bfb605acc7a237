//! `budget.total`: the total row of the budget is the sum of its sources, column by column.
//!
//! Manual: `retally checks budget.total`.

use rust_decimal::Decimal;

use super::amount::{Amount, align};
use super::budget::total_row;
use super::context::{Context, Lack, Spot, Why};
use super::doubt::withdraw;
use super::finding::{Finding, is_off};
use super::interval::{Agreement, Interval, agreement};
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Check, Severity, Verdict, Where};

const TABLE: &str = "budget";
const ID: &str = "budget.total";

/// The columns of amounts.
const COLUMNS: [&str; 3] = ["initial", "budgeted", "executed"];

/// A budget with more ways than this to tell its sources from their parts is not searched for the right one.
const WAYS: usize = 256;

/// The checks of every column of amounts that has sources.
///
/// Where a row may split the source above it, each way to take the rows is tried: one by which most columns add up is the
/// form's own, and when none does, nobody knows.
pub(super) fn checks(context: Context<'_>) -> Vec<Check> {
    let Some(row) = total_row(context).filter(|_| !is_off(context, ID)) else { return Vec::new() };
    let mut tried: Vec<Vec<Option<Check>>> = Vec::new();
    for parts in ways(context, row) {
        tried.push(COLUMNS.iter().map(|column| check(context, row, &parts, column)).collect());
    }
    let holds = |check: &Option<Check>| check.as_ref().is_some_and(|check| check.verdict == Verdict::Consistent);
    let agreeing = |checks: &Vec<Option<Check>>| checks.iter().filter(|check| holds(check)).count();
    let most = tried.iter().map(agreeing).max().unwrap_or_default();
    let is_settled = tried.len() == 1 || most > 0;
    tried.retain(|checks| agreeing(checks) == most);
    let reason =
        Message::new("有的“其中”行可能是上一来源的一部分", "a row may split the source above it, not the total");
    let mut found = Vec::new();
    for column in 0..COLUMNS.len() {
        let checks: Vec<&Check> = tried.iter().filter_map(|checks| checks.get(column)?.as_ref()).collect();
        let of = |verdict| checks.iter().find(|check| check.verdict == verdict);
        let best = of(Verdict::Consistent).or_else(|| of(Verdict::Unverifiable)).or_else(|| of(Verdict::Inconsistent));
        // What no way explains is wrong; of what one may explain the plainest way is shown.
        let (Some(best), Some(plainest)) = (best, checks.first()) else { continue };
        let mut check = (*if is_settled { best } else { plainest }).clone();
        if best.verdict != Verdict::Inconsistent {
            withdraw(&mut check, &reason);
        }
        found.push(check);
    }
    found
}

/// The rows that may be the sources of the total: all of them first, then without those that may split another source. Such
/// a one begins with a mark, and is not the first below the total; rows behind it without a mark may be like it.
fn ways(context: Context<'_>, total: usize) -> Vec<Vec<usize>> {
    let is_source =
        |part: &usize| *part != total && !context.is_part(TABLE, *part) && !is_total_again(context, total, *part);
    let sources: Vec<usize> = (0..context.rows(TABLE).len()).filter(is_source).collect();
    let marks: Vec<String> = context.pattern.splits.iter().map(|mark| fold_text(mark)).collect();
    let splits = |(at, row): (usize, &usize)| {
        let name = context.value(Spot::Cell { table: TABLE, row: *row, column: "source" });
        let name = name.map(|value| fold_text(&value.raw)).unwrap_or_default();
        (at > 0 && marks.iter().any(|mark| name.starts_with(mark))).then_some(at)
    };
    let marked: Vec<usize> = sources.iter().enumerate().filter_map(splits).collect();
    let first = marked.first().copied().unwrap_or(sources.len());
    let mut ways = vec![sources.get(..first).unwrap_or_default().to_vec()];
    for (number, at) in marked.iter().copied().enumerate() {
        let end = marked.get(number + 1).copied().unwrap_or(sources.len());
        let group = sources.get(at..end).unwrap_or_default();
        let mut longer = Vec::new();
        for left_out in 0..=group.len() {
            let kept = group.get(left_out..).unwrap_or_default();
            longer.extend(ways.iter().map(|way| [way.as_slice(), kept].concat()));
        }
        if longer.len() > WAYS {
            return vec![sources];
        }
        ways = longer;
    }
    ways
}

/// The check of one column, `rows` being the sources of the total in `row`.
fn check<'a>(context: Context<'a>, row: usize, rows: &[usize], column: &'a str) -> Option<Check> {
    let cell = |row| Spot::Cell { table: TABLE, row, column };
    let parts: Vec<Spot<'a>> = rows.iter().copied().map(cell).collect();
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
