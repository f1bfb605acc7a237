//! `weights.level1` and `scores.level1`: what the form prints beside a level 1, 产出指标（50分）, holds for the rows under it.
//!
//! Manual: `retally checks weights.level1`, `retally checks scores.level1`.

use std::collections::BTreeMap;

use super::context::{Context, Spot};
use super::finding::{Finding, is_off};
use super::interval::{Agreement, Interval, agreement};
use super::sum::Sum;
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Check, Severity};

const BLOCKS: &str = "blocks";
const ROWS: &str = "indicators";
const SCORES: &str = "scores.level1";

/// What a column of the rows under a level 1 is held to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Bound {
    /// Their sum is the weight.
    Equal,
    /// Their sum is not above it.
    AtMost,
}

/// The checks of every level 1 with a weight.
pub(super) fn checks(context: Context<'_>) -> Vec<Check> {
    let level = |spot| context.value(spot).and_then(|value| value.value.text()).map(fold_text);
    let mut under: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in 0..context.rows(ROWS).len() {
        if let Some(level) = level(Spot::Cell { table: ROWS, row, column: "level1" }) {
            under.entry(level).or_default().push(row);
        }
    }
    let mut checks = Vec::new();
    for (level, block) in context.levels() {
        let Some(rows) = under.remove(&level) else { continue };
        checks.extend(check(context, "weights.level1", block, &rows, "weight", Bound::Equal));
        checks.extend(check(context, SCORES, block, &rows, "score", Bound::AtMost));
        checks.extend(stated_score(context, block, &rows));
    }
    checks
}

/// Where the heading has a score too, the rows' scores sum to it; it is rounded, they count as written.
fn stated_score<'a>(context: Context<'a>, block: usize, rows: &[usize]) -> Option<Check> {
    let spot = Spot::Cell { table: BLOCKS, row: block, column: "score" };
    if is_off(context, SCORES) || !context.is_filled(spot) {
        return None;
    }
    let finding = Finding::new(context, SCORES, Severity::Error, spot);
    let (score, sum) = match (context.figure(spot), Sum::of(context, ROWS, "score", rows.iter().copied())) {
        (Ok(score), Ok(sum)) => (score.figure, sum?),
        (score, sum) => {
            let lacks: Vec<_> = score.err().into_iter().chain(sum.err().into_iter().flatten()).collect();
            return Some(finding.lacking(&lacks));
        }
    };
    let (formula, equation, total) = (sum.formula(), sum.equation(), sum.total.normalize());
    let finding = finding.from(sum.spots).formula(&formula).computed(total, Interval::exact(total));
    let name = context.row_name(BLOCKS, block);
    let message = |zh: &str, en: &str| {
        Message::new(
            format!("{}得分{score}，其下各项合计{equation}，{zh}。", name.zh),
            format!("{} is given {score}; the rows under it come to {equation}, {en}.", name.en),
        )
    };
    Some(match agreement(score, Interval::exact(total)) {
        None => finding.out_of_range(),
        Some(Agreement::Rounded) => finding.consistent(message("相符", "which agrees")),
        Some(Agreement::Truncated) => finding.consistent_but(message("截尾后相符", "which agrees when cut off")),
        Some(Agreement::None) => finding.inconsistent(message("不相符", "which does not agree")),
    })
}

fn check<'a>(
    context: Context<'a>,
    id: &str,
    block: usize,
    rows: &[usize],
    column: &'a str,
    bound: Bound,
) -> Option<Check> {
    let spot = Spot::Cell { table: BLOCKS, row: block, column: "weight" };
    if is_off(context, id) || !context.is_filled(spot) {
        return None;
    }
    // What the form states is arithmetic; a rule of usual weights says nothing of it.
    let finding = Finding::new(context, id, Severity::Error, spot).arithmetic(Severity::Error);
    let weight = match context.figure(spot) {
        Ok(weight) => weight.figure,
        Err(lack) => return Some(finding.lacking(&[lack])),
    };
    let sum = match Sum::of(context, ROWS, column, rows.iter().copied()) {
        Ok(sum) => sum?,
        Err(lacks) => return Some(finding.lacking(&lacks)),
    };
    let holds = match bound {
        Bound::Equal => sum.total == weight,
        Bound::AtMost => sum.total <= weight,
    };
    let (formula, equation, total) = (sum.formula(), sum.equation(), sum.total.normalize());
    let finding = finding.from(sum.spots).formula(&formula).computed(total, Interval::exact(total));
    let name = context.row_name(BLOCKS, block);
    let message = |zh: &str, en: &str| {
        Message::new(
            format!("{}分值{weight}，其下各项合计{equation}，{zh}。", name.zh),
            format!("{} weighs {weight}; the rows under it come to {equation}, {en}.", name.en),
        )
    };
    Some(if holds {
        finding.consistent(message("相符", "which agrees"))
    } else {
        finding.inconsistent(message("不相符", "which does not agree"))
    })
}
