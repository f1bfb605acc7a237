//! `indicator.score` and `indicator.note`; the checks of an indicator row are made here, in turn.
//!
//! Manual: `retally checks indicator.score`, `retally checks indicator.note`.

use std::collections::BTreeMap;

use super::bounds::{self, Limit};
use super::context::{Context, Lack, Spot, Why};
use super::finding::{Finding, is_off};
use super::marks::{Marker, Marks};
use super::quantity::Outcome;
use super::ratio;
use super::target;
use super::{excess, kind, tier};
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Check, Severity, Verdict};

const TABLE: &str = "indicators";
pub(super) const SCORE: &str = "indicator.score";
const NOTE: &str = "indicator.note";

/// What holds for all rows of the table.
struct Columns {
    /// Whether rows have weights of their own.
    weights: bool,
    /// Whether rows are scored; a form that gives one score for the block leaves the column blank.
    scores: bool,
    /// Whether the form has a column for reasons.
    notes: bool,
    /// The rows of the table of level-1 weights, by the folded words of level 1.
    levels: BTreeMap<String, usize>,
}

/// The checks of every indicator row, from the top.
pub(super) fn checks(context: Context<'_>) -> Vec<Check> {
    let rows = context.rows(TABLE).len();
    let columns = Columns {
        weights: context.has_column(TABLE, "weight"),
        scores: !context.has(Spot::Field("indicators_score"))
            || (0..rows).any(|row| context.is_filled(cell(row, "score"))),
        notes: context.has_column(TABLE, "note"),
        levels: context.levels().into_iter().collect(),
    };
    let marker = Marker::new(context);
    let mut checks = Vec::new();
    for row in (0..rows).filter(|row| !context.is_subtotal(TABLE, *row)) {
        let outcome = target::outcome(context, row);
        let scored = score(context, &marker, &columns, row);
        let by_ratio = match (&scored, &outcome) {
            (Some(check), Ok(Outcome::Missed { share: Some(share) })) if check.verdict == Verdict::Consistent => {
                ratio::check(context, &marker, row, share)
            }
            _ => None,
        };
        checks.extend(by_ratio.or(scored));
        checks.extend(target::check(context, &marker, row, &outcome));
        checks.extend(note(context, &marker, &columns, row, &outcome));
        checks.extend(kind::check(context, row));
        checks.extend(tier::check(context, &marker, row));
        checks.extend(excess::check(context, &marker, row, columns.notes));
    }
    checks
}

fn cell(row: usize, column: &str) -> Spot<'_> {
    Spot::Cell { table: TABLE, row, column }
}

fn score<'a>(context: Context<'a>, marker: &Marker<'a>, columns: &Columns, row: usize) -> Option<Check> {
    let score = cell(row, "score");
    let skipped = context.is_shared(score) || context.is_part(TABLE, row) || !columns.scores;
    if is_off(context, SCORE) || skipped || !context.has(score) {
        return None;
    }
    let limit = if columns.weights {
        let weight = cell(row, "weight");
        match marker.of(row) {
            Marks::Full(basis) | Marks::Deducted(basis) if basis.own => {
                Ok(Limit { most: basis.weight, spot: weight, name: context.name(weight) })
            }
            _ => Limit::at(context, weight),
        }
    } else {
        block_weight(context, columns, row)
    };
    Some(bounds::check(context, Finding::new(context, SCORE, Severity::Error, score), score, limit))
}

/// The weight of the level 1 or the block that a row without a weight stands in.
fn block_weight<'a>(context: Context<'a>, columns: &Columns, row: usize) -> Result<Limit<'a>, Vec<Lack<'a>>> {
    let block = level(context, cell(row, "level1")).and_then(|level| columns.levels.get(&level)).copied();
    let weight = block.map(|row| Spot::Cell { table: "blocks", row, column: "weight" });
    Limit::at(context, weight.filter(|weight| context.is_filled(*weight)).unwrap_or(Spot::Field("indicators_weight")))
}

/// The folded words at `spot`.
fn level<'a>(context: Context<'a>, spot: Spot<'a>) -> Option<String> {
    Some(fold_text(context.value(spot)?.value.text()?))
}

/// Why a row needs a reason.
enum Need {
    Missed,
    Deducted,
}

fn note<'a>(
    context: Context<'a>,
    marker: &Marker<'a>,
    columns: &Columns,
    row: usize,
    outcome: &Result<Outcome, Vec<Lack<'a>>>,
) -> Option<Check> {
    let deviation = Spot::Field("deviation");
    if is_off(context, NOTE) || context.is_part(TABLE, row) || !(columns.notes || context.has(deviation)) {
        return None;
    }
    let marks = marker.of(row);
    let need = match (&marks, outcome) {
        (_, Ok(Outcome::Missed { .. })) => Some(Need::Missed),
        (Marks::Deducted(basis), _) if basis.own => Some(Need::Deducted),
        _ => None,
    };
    if !columns.notes && need.is_none() {
        return None;
    }
    let note = if columns.notes { cell(row, "note") } else { deviation };
    let mut spots = vec![cell(row, "actual"), cell(row, "target")];
    if let (Marks::Deducted(basis), Some(Need::Deducted)) = (&marks, &need) {
        spots.extend(basis.spots(row));
    }
    // The row comes first: a field for all rows is not what the check is about.
    let subject = if columns.notes { note } else { cell(row, "actual") };
    let finding = Finding::new(context, NOTE, Severity::Warning, subject).from([note]).from(spots);
    let name = context.row_name(TABLE, row);
    let written = context.sure(note);
    Some(match (need, written) {
        (_, Ok(_)) => finding
            .consistent(Message::new(format!("{}已写明原因。", name.zh), format!("{}: a reason is written.", name.en))),
        (None, Err(_)) if matches!(outcome, Err(_) | Ok(Outcome::Unknown(_))) => finding.unverifiable(Message::new(
            format!("{}无法核对：是否未达目标不明，故不知是否须写原因。", name.zh),
            format!(
                "{}: not verifiable: whether the target was missed is unknown, so is the need of a reason.",
                name.en
            ),
        )),
        (None, Err(_)) => finding.consistent(Message::new(
            format!("{}未见未达目标或扣分，无须写原因。", name.zh),
            format!("{}: no miss and no deduction, so no reason is needed.", name.en),
        )),
        (Some(need), Err(Lack { why: Why::Blank, .. })) => {
            let (zh, en) = match need {
                Need::Missed => ("未达目标", "the target is missed"),
                Need::Deducted => ("已扣分", "points were deducted"),
            };
            // Forms call the place for reasons by many names, and the record does not say by which.
            finding.giving_way().inconsistent(Message::new(
                format!("{}{zh}，但未写原因（填写原因之处为空）。", name.zh),
                format!("{}: {en}, and no reason is written (the place for it is blank).", name.en),
            ))
        }
        (Some(_), Err(lack)) => finding.lacking(&[lack]),
    })
}
