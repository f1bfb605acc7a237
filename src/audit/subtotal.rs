//! Rows of the indicator table that add up those above them, 小计: they are no indicators, and count in no sum.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::context::{Context, Spot};
use super::doubt::withdraw;
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::Check;

const TABLE: &str = "indicators";

/// What a row of points says besides them if it is an indicator.
const ANSWERS: [&str; 2] = ["target", "actual"];
/// The columns of points.
const POINTS: [&str; 2] = ["weight", "score"];
/// Where the word for a sum may stand.
const NAMES: [&str; 3] = ["name", "level2", "level1"];
/// A row without a word for it that repeats one other row is likelier an indicator whose name was not read.
const FEWEST_UNNAMED: usize = 2;

/// The sums that a row which may be such a sum itself would spoil.
const SPOILT: [&str; 6] =
    ["indicators.score", "indicators.weight", "total.score", "total.weight", "weights.level1", "scores.level1"];

/// The rows that add up others.
#[derive(Debug, Default)]
pub(super) struct Subtotals {
    /// Those whose points are the sum of rows above.
    rows: BTreeSet<usize>,
    /// Whether there are some of which that is not sure.
    doubtful: bool,
}

impl Subtotals {
    /// Those of the form.
    pub(super) fn find(context: Context<'_>) -> Subtotals {
        let mut found = Subtotals::default();
        let mut candidates = BTreeSet::new();
        for row in 0..context.rows(TABLE).len() {
            let is_said = is_said(context, row);
            let nameless = is_said || !is_filled(context, row, &["name"]);
            let bare = !is_filled(context, row, &ANSWERS) && is_filled(context, row, &POINTS);
            if !(nameless && bare) || context.is_part(TABLE, row) {
                continue;
            }
            let fewest = if is_said { 1 } else { FEWEST_UNNAMED };
            let adds_up = adds_up(context, row, &candidates, fewest);
            if adds_up {
                found.rows.insert(row);
            }
            found.doubtful |= !(adds_up && is_said);
            candidates.insert(row);
        }
        found
    }

    /// Whether the row adds up others.
    pub(super) fn has(&self, row: usize) -> bool {
        self.rows.contains(&row)
    }
}

/// Takes back each accusation of a sum to which a row may or may not belong.
pub(super) fn take_back(context: Context<'_>, checks: &mut [Check]) {
    if context.subtotals.doubtful {
        let reason = Message::new("有的行没有名称，可能是小计", "a row without a name may be a sum of others");
        for check in checks.iter_mut().filter(|check| SPOILT.contains(&check.id.as_str())) {
            withdraw(check, &reason);
        }
    }
}

fn is_filled(context: Context<'_>, row: usize, columns: &[&str]) -> bool {
    columns.iter().any(|column| context.is_filled(Spot::Cell { table: TABLE, row, column }))
}

/// Whether the row is called a sum, in its name or, where it has none, in a heading.
fn is_said(context: Context<'_>, row: usize) -> bool {
    let names = NAMES.iter().filter_map(|column| context.value(Spot::Cell { table: TABLE, row, column }));
    let first = names.map(|value| fold_text(&value.raw)).find(|name| !name.is_empty());
    first.is_some_and(|name| context.pattern.subtotals.iter().any(|word| name.ends_with(word.as_str())))
}

/// Whether every figure of points in the row is the sum of the same rows just above it, so many at least.
fn adds_up(context: Context<'_>, row: usize, others: &BTreeSet<usize>, fewest: usize) -> bool {
    let figure = |row, column| context.figure(Spot::Cell { table: TABLE, row, column }).ok().map(|found| found.figure);
    let stated: Vec<&str> = POINTS.into_iter().filter(|column| is_filled(context, row, &[*column])).collect();
    let above: Vec<usize> =
        (0..row).rev().filter(|above| !others.contains(above) && !context.is_part(TABLE, *above)).collect();
    let mut sums = vec![Decimal::ZERO; stated.len()];
    for (taken, above) in above.into_iter().enumerate() {
        for (sum, column) in sums.iter_mut().zip(&stated) {
            // What several rows share counts in the first of them.
            if context.is_shared(Spot::Cell { table: TABLE, row: above, column }) {
                continue;
            }
            match figure(above, column).and_then(|figure| sum.checked_add(figure)) {
                Some(more) => *sum = more,
                None => return false,
            }
        }
        let is_sum = sums.iter().zip(&stated).all(|(sum, column)| figure(row, column) == Some(*sum));
        if taken >= fewest.saturating_sub(1) && is_sum {
            return true;
        }
    }
    false
}
