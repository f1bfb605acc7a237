//! `goals.score`: the score of the overall goal lies between nought and its weight.
//!
//! Manual: `retally checks goals.score`.

use super::bounds::{self, Limit};
use super::context::{Context, Spot};
use super::finding::{Finding, is_off};
use crate::record::{Check, Severity};

const ID: &str = "goals.score";

/// The checks of every scored row of the goals table.
pub(super) fn checks(context: Context<'_>) -> Vec<Check> {
    if is_off(context, ID) {
        return Vec::new();
    }
    (0..context.rows("goals").len())
        .map(|row| Spot::Cell { table: "goals", row, column: "score" })
        .filter(|score| context.has(*score) && !context.is_shared(*score))
        .map(|score| {
            let finding = Finding::new(context, ID, Severity::Error, score);
            bounds::check(context, finding, score, Limit::at(context, Spot::Field("goals_weight")))
        })
        .collect()
}
