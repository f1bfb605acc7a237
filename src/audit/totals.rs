//! `indicators.score`, `indicators.weight`, `total.score`, `total.weight`: what is stated as a sum is the sum of its
//! parts.
//!
//! Points are not measurements: what is summed counts exactly as written, and only the stated sum is taken as
//! rounded. A block's score stands for its rows where the form gives one, so that one slip is one finding.
//!
//! Manual: `retally checks total.score`.

use super::budget;
use super::context::{Context, Lack, Policy, Spot};
use super::finding::{Finding, is_off};
use super::interval::{Agreement, Interval, agreement};
use super::sum::Sum;
use crate::message::Message;
use crate::pattern::Standing;
use crate::record::{Check, Severity};

const ROWS: &str = "indicators";
const BLOCKS: &str = "blocks";
const TOTAL_WEIGHT: &str = "total.weight";

/// The checks of the sums.
pub(super) fn checks(context: Context<'_>) -> Vec<Check> {
    let mut checks = Vec::new();
    checks.extend(block(context, "indicators.score", "score", Spot::Field("indicators_score"), Cut::Allowed));
    checks.extend(block(context, "indicators.weight", "weight", Spot::Field("indicators_weight"), Cut::Refused));
    if !is_off(context, "total.score") {
        for id in ["self_score", "total_score"] {
            let spot = Spot::Field(id);
            if context.has(spot) {
                let finding = Finding::new(context, "total.score", Severity::Error, spot);
                checks.push(stated(context, finding, spot, score_parts(context), Cut::Allowed));
            }
        }
    }
    checks.extend(total_weight(context));
    checks.extend(whole_form(context));
    checks
}

/// Whether a stated sum may have its further digits cut off.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Cut {
    Allowed,
    /// Weights are set, not computed.
    Refused,
}

/// Checks the rows of the indicator table against what the form states for the block.
fn block<'a>(context: Context<'a>, id: &str, column: &'a str, spot: Spot<'a>, cut: Cut) -> Option<Check> {
    // With several goals each has a weight of its own in its heading, and the form's field is but that of the first.
    if is_off(context, id) || !context.has(spot) || context.has_goals() {
        return None;
    }
    let parts = match listed(context, column) {
        Ok(sum) => Ok(sum?),
        Err(lacks) => Err(lacks),
    };
    Some(stated(context, Finding::new(context, id, Severity::Error, spot), spot, parts, cut))
}

/// Checks the stated sum at `spot` against its parts.
fn stated<'a>(
    context: Context<'a>,
    finding: Finding<'a>,
    spot: Spot<'a>,
    parts: Result<Sum<'a>, Vec<Lack<'a>>>,
    cut: Cut,
) -> Check {
    let (total, parts) = match (context.figure(spot), parts) {
        (Ok(total), Ok(parts)) => (total.figure, parts),
        (total, parts) => {
            let mut lacks: Vec<Lack<'_>> = total.err().into_iter().collect();
            lacks.extend(parts.err().into_iter().flatten());
            return finding.lacking(&lacks);
        }
    };
    let name = context.name(spot);
    let (formula, equation) = (parts.formula(), parts.equation());
    let computed = Interval::exact(parts.total);
    let sum = parts.total.normalize();
    let finding = finding.from(parts.spots).formula(&formula).computed(sum, computed);
    match agreement(total, computed) {
        None => finding.out_of_range(),
        Some(Agreement::Rounded) => finding.consistent(Message::new(
            format!("{}{total}与{equation}相符。", name.zh),
            format!("{}, {total}, agrees with {equation}.", name.en),
        )),
        Some(Agreement::Truncated) if cut == Cut::Allowed => finding.consistent_but(Message::new(
            format!("{}{total}与{equation}相符，但为截尾而非四舍五入。", name.zh),
            format!("{}, {total}, agrees with {equation}, cut off rather than rounded.", name.en),
        )),
        Some(Agreement::Truncated | Agreement::None) => finding.inconsistent(Message::new(
            format!("{}填报为{total}，各项合计{equation}。", name.zh),
            format!("{} is stated as {total}; its parts come to {equation}.", name.en),
        )),
    }
}

/// The points that the form's total is made of.
fn score_parts(context: Context<'_>) -> Result<Sum<'_>, Vec<Lack<'_>>> {
    let mut sum = Sum::empty();
    let mut lacks = Vec::new();
    let mut budget = budget::scored_rows(context);
    if budget.is_empty() && context.has(Spot::Field("budget_weight")) {
        budget.push(0);
    }
    for row in budget {
        lacks.extend(sum.add(context, budget::cell(row, "score")).err());
    }
    if context.has_column("goals", "score") || context.has(Spot::Field("goals_weight")) {
        let goals = Sum::of(context, "goals", "score", 0..context.rows("goals").len());
        lacks.extend(add(&mut sum, goals, cell("goals", "score")));
    }
    let block = Spot::Field("indicators_score");
    if context.is_filled(block) {
        lacks.extend(sum.add(context, block).err());
    } else {
        lacks.extend(add(&mut sum, listed(context, "score"), cell(ROWS, "score")));
    }
    if lacks.is_empty() { Ok(sum) } else { Err(lacks) }
}

/// The weights that the form's total weight is made of.
fn weight_parts(context: Context<'_>) -> Result<Sum<'_>, Vec<Lack<'_>>> {
    let mut sum = Sum::empty();
    let mut lacks = Vec::new();
    let scored = budget::scored_rows(context);
    for row in if scored.is_empty() { vec![0] } else { scored } {
        let weight = budget::weight(context, row);
        if context.has(weight) || context.has(budget::cell(row, "weight")) {
            lacks.extend(sum.add(context, weight).err());
        }
    }
    let goals = Spot::Field("goals_weight");
    if context.has(goals) {
        lacks.extend(sum.add(context, goals).err());
    }
    let block = Spot::Field("indicators_weight");
    if context.is_filled(block) && !context.has_goals() {
        lacks.extend(sum.add(context, block).err());
    } else {
        lacks.extend(add(&mut sum, listed(context, "weight"), cell(ROWS, "weight")));
    }
    if lacks.is_empty() { Ok(sum) } else { Err(lacks) }
}

/// The sum of a column of the indicators; where no row has anything in it, that of the level-1 headings.
fn listed<'a>(context: Context<'a>, column: &'a str) -> Result<Option<Sum<'a>>, Vec<Lack<'a>>> {
    match Sum::of(context, ROWS, column, 0..context.rows(ROWS).len()) {
        Ok(None) => Sum::of(context, BLOCKS, column, 0..context.rows(BLOCKS).len()),
        sum => sum,
    }
}

fn cell<'a>(table: &'a str, column: &'a str) -> Spot<'a> {
    Spot::Cell { table, row: 0, column }
}

/// Adds `part` to `sum`, or gives what is wanting; `first` is where the part begins.
fn add<'a>(sum: &mut Sum<'a>, part: Result<Option<Sum<'a>>, Vec<Lack<'a>>>, first: Spot<'a>) -> Vec<Lack<'a>> {
    match part {
        Ok(Some(part)) => match sum.total.checked_add(part.total) {
            Some(total) => {
                sum.total = total;
                sum.terms.extend(part.terms);
                sum.spots.extend(part.spots);
                Vec::new()
            }
            None => vec![Lack::unreadable(first)],
        },
        Ok(None) => vec![Lack::absent(first)],
        Err(lacks) => lacks,
    }
}

/// What the form states as its total weight against the rule's; none where the two are the same, or where the form does
/// not even agree with itself. What follows from a rule that was read is a warning, from one that was told a remark.
fn whole_form(context: Context<'_>) -> Option<Check> {
    let spot = Spot::Field("total_weight");
    let Policy::Rule(rule) = context.policy(TOTAL_WEIGHT) else { return None };
    let (stated, whole, parts) = (context.figure(spot).ok()?.figure, rule.threshold?, weight_parts(context).ok()?);
    if stated == whole || parts.total != stated {
        return None;
    }
    let severity = if rule.standing == Standing::Seen { Severity::Warning } else { Severity::Info };
    let (name, formula) = (context.name(spot), parts.formula());
    let finding =
        Finding::new(context, TOTAL_WEIGHT, severity, spot).from(parts.spots).formula(format!("{formula} = {whole}"));
    Some(finding.inconsistent(Message::new(
        format!("{}填报为{stated}，各项分值合计亦为{stated}，但按规则满分应为{whole}。", name.zh),
        format!("{} is stated as {stated}, and its parts come to it; by the rule a whole form has {whole}.", name.en),
    )))
}

fn total_weight(context: Context<'_>) -> Option<Check> {
    let spot = Spot::Field("total_weight");
    if context.has(spot) {
        // What the form states is arithmetic, whatever the policy says.
        let finding = Finding::new(context, TOTAL_WEIGHT, Severity::Error, spot).arithmetic(Severity::Error);
        return Some(stated(context, finding, spot, weight_parts(context), Cut::Refused));
    }
    let Policy::Rule(rule) = context.policy(TOTAL_WEIGHT) else { return None };
    let whole = rule.threshold?;
    let parts = weight_parts(context).ok()?;
    let first = *parts.spots.first()?;
    let (sum, formula, equation) = (parts.total.normalize(), parts.formula(), parts.equation());
    let finding = Finding::new(context, TOTAL_WEIGHT, Severity::Info, first)
        .unstated()
        .from(parts.spots)
        .formula(&formula)
        .computed(sum, Interval::exact(sum));
    Some(if sum == whole {
        finding
            .consistent(Message::new(format!("各项分值合计{equation}。"), format!("The weights come to {equation}.")))
    } else {
        finding.inconsistent(Message::new(
            format!("各项分值合计{equation}，应为{whole}。"),
            format!("The weights come to {equation}, not {whole}."),
        ))
    })
}
