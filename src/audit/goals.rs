//! `goals.score`: the score of the overall goal lies between nought and its weight.
//!
//! The form writes the weight into its heading, 项目绩效总目标（20分）, and nothing earns more than its weight. A score
//! above it lifts the total by points that do not exist. Example: `22` under a heading of 20 points is inconsistent;
//! `18` is not, whatever the reasons. Error.
//!
//! Source: the form's own heading; the whole form is worth 100 points, no bonus (help text of Hubei's system).

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
