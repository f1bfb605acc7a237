//! Rows that a text prints unbroken: name and figures one after the other, in the order of the columns.
//!
//! A dump that has lost its order as a whole may yet print single rows so. What compares the figures of such a row with
//! each other needs no more than that.

use super::context::Spot;
use crate::pattern::{Body, Pattern, Rows, Table};
use crate::record::{Cell, Check, Form, Value, Verdict, Where};

/// The checks of the figures of one row against each other. What a blank means, and what is summed over rows, turns on the
/// rest of the form.
const OF_A_ROW: [&str; 4] = ["budget.rate", "budget.score", "indicator.score", "indicator.target"];

/// A figure less sure than this is none to accuse by where the order of the text is lost. In dumps of known forms, rows
/// of which a figure was broken in two, and so shifted, came with 0.77 at most.
const SURE: f64 = 0.85;

/// Where a value begins and ends: line and column.
type Extent = ((u32, u32), (u32, u32));

/// Whether the sums of the form bear out how the figures of `check` were read: amounts that add up to the budget, points
/// and weights that add up to the total. A stray number among the figures of a row, or two that are exchanged, would
/// break them.
pub(super) fn is_borne_out(check: &Check, checks: &[Check]) -> bool {
    let of_budget = check.id.starts_with("budget.");
    let is_sum = |sum: &&Check| match sum.id.as_str() {
        "budget.total" => of_budget,
        "total.score" | "indicators.score" => check.id != "budget.rate",
        "total.weight" | "indicators.weight" | "weights.level1" => !of_budget,
        _ => false,
    };
    let mut sums = checks.iter().filter(is_sum);
    let all_hold = sums.clone().all(|sum| sum.verdict == Verdict::Consistent);
    // A budget of one row has no sum.
    all_hold && (of_budget || sums.next().is_some())
}

/// Whether the figures of `check` stand in one row that the text prints unbroken: its name and its figures come in the
/// order of the columns, and nothing of another row, of a field or without a place stands between them.
pub(super) fn holds(form: &Form, pattern: &Pattern, check: &Check) -> bool {
    // An actual may repeat the comparator of its target; one that alone has it was exchanged with it.
    let compares = |column: &str| {
        let mut own = check.refs.iter().filter(|path| path.ends_with(column));
        own.any(|path| form.value(path).is_some_and(|value| value.op.is_some()))
    };
    if compares(".actual") && !compares(".target") {
        return false;
    }
    let first = check.refs.first().filter(|_| OF_A_ROW.contains(&check.id.as_str()));
    let Some(Spot::Cell { table, row, .. }) = first.and_then(|path| Spot::parse(path)) else { return false };
    let is_sure = |path: &String| match Spot::parse(path) {
        Some(Spot::Cell { table: its, row: at, .. }) if (its, at) == (table, row) => {
            form.value(path).is_some_and(|value| value.confidence >= SURE && is_written(value))
        }
        _ => false,
    };
    let Some(columns) = columns_of(pattern, table) else { return false };
    let Some(cells) = form.tables.get(table).and_then(|rows| rows.get(row)) else { return false };
    if !check.refs.iter().all(is_sure) {
        return false;
    }
    let lead = match &columns.rows {
        Rows::Labelled { column, .. } => Some(column.as_str()),
        Rows::Listed | Rows::Single => None,
        Rows::Across { .. } => return false,
    };
    let order = lead.into_iter().chain(columns.columns.iter().map(|column| column.id.as_str()));
    let printed = order.filter_map(|column| cells.get(column)?.value().filter(|value| is_written(value)));
    // A row begins with its name; what is written beside its figures may be wrapped around them.
    let printed: Option<Vec<Extent>> = printed
        .enumerate()
        .filter(|(at, value)| *at == 0 || is_figure(value))
        .map(|(_, value)| extent(value))
        .collect();
    let Some(printed) = printed else { return false };
    let (Some(first), Some(last)) = (printed.first(), printed.last()) else { return false };
    let whole = (first.0, last.1);
    let in_order = printed.windows(2).all(|two| matches!(two, [one, next] if one.1 < next.0));
    in_order && !others(form, table, row).any(|other| other.0 <= whole.1 && whole.0 <= other.1)
}

fn is_written(value: &Value) -> bool {
    !value.raw.trim().is_empty()
}

fn is_figure(value: &Value) -> bool {
    value.value.number().is_some()
}

/// Where everything stands that is not of this row.
fn others<'a>(form: &'a Form, table: &'a str, row: usize) -> impl Iterator<Item = Extent> + 'a {
    let rows = form.tables.iter().flat_map(|(id, rows)| rows.iter().enumerate().map(move |(at, row)| (id, at, row)));
    let rows = rows.filter(move |(id, at, _)| *id != table || *at != row);
    let cells = rows.flat_map(|(_, _, row)| row.values()).filter_map(Cell::value);
    let values = form.fields.values().chain(cells).filter(|value| is_written(value)).filter_map(extent);
    values.chain(form.unmatched.iter().filter_map(|piece| place(&piece.place)))
}

fn columns_of<'a>(pattern: &'a Pattern, table: &str) -> Option<&'a Table> {
    let section = pattern.sections.iter().find(|section| section.id == table)?;
    match &section.body {
        Body::Table(table) => Some(table),
        Body::Fields(_) => None,
    }
}

fn extent(value: &Value) -> Option<Extent> {
    place(&value.place)
}

fn place(place: &Where) -> Option<Extent> {
    match place {
        // Where on its last line a wrapped value ends is not said.
        Where::Text { line, columns: [from, to], last_line } => {
            Some(((*line, *from), last_line.map_or((*line, *to), |last| (last, 0))))
        }
        Where::Page { .. } => None,
    }
}
