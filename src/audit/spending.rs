//! `budget.over` and `budget.note`: no more is spent than was planned, and what deviates has a reason. Of the total row
//! alone.
//!
//! Manual: `retally checks budget.over`, `retally checks budget.note`.

use rust_decimal::Decimal;

use super::budget::{cell, total_row};
use super::context::{Context, Policy, Why};
use super::finding::Finding;
use super::interval::Interval;
use crate::message::Message;
use crate::record::{Check, Severity};

/// The checks of the total row.
pub(super) fn checks(context: Context<'_>) -> Vec<Check> {
    over(context).into_iter().chain(note(context)).collect()
}

fn over(context: Context<'_>) -> Option<Check> {
    let Policy::Rule(_) = context.policy("budget.over") else { return None };
    let row = total_row(context)?;
    let (executed, budgeted) = (cell(row, "executed"), cell(row, "budgeted"));
    if !context.is_filled(executed) {
        return None;
    }
    let finding = Finding::new(context, "budget.over", Severity::Warning, executed).from([budgeted]);
    let (spent, planned) = match (context.figure(executed), context.figure(budgeted)) {
        (Ok(spent), Ok(planned)) => (spent.figure, planned.figure),
        (spent, planned) => {
            let lacks: Vec<_> = spent.err().into_iter().chain(planned.err()).collect();
            return Some(finding.lacking(&lacks));
        }
    };
    let finding = finding.formula(format!("{spent} ≤ {planned}"));
    let (Some(low), Some(high)) = (Interval::stated(spent), Interval::stated(planned)) else {
        return Some(finding.out_of_range());
    };
    let name = context.name(executed);
    Some(if low.low() > high.high() {
        finding.inconsistent(Message::new(
            format!("{}{spent}超过预算{planned}。", name.zh),
            format!("{}, {spent}, is above the budget, {planned}.", name.en),
        ))
    } else {
        finding.consistent(Message::new(
            format!("{}{spent}未超过预算{planned}。", name.zh),
            format!("{}, {spent}, is within the budget, {planned}.", name.en),
        ))
    })
}

fn note(context: Context<'_>) -> Option<Check> {
    let Policy::Rule(rule) = context.policy("budget.note") else { return None };
    let row = total_row(context)?;
    let (note, executed, budgeted, initial) =
        (cell(row, "note"), cell(row, "executed"), cell(row, "budgeted"), cell(row, "initial"));
    if !context.has(note) {
        return None;
    }
    let finding = Finding::new(context, "budget.note", Severity::Warning, note).from([executed, budgeted]);
    let (spent, planned) = match (context.figure(executed), context.figure(budgeted)) {
        (Ok(spent), Ok(planned)) => (spent.figure, planned.figure),
        (spent, planned) => {
            let lacks: Vec<_> = spent.err().into_iter().chain(planned.err()).collect();
            return Some(finding.lacking(&lacks));
        }
    };
    let low = rule.threshold.is_some_and(|threshold| is_under(spent, planned, threshold));
    let adjusted = context.figure(initial).is_ok_and(|initial| initial.figure != planned);
    let finding = if adjusted { finding.from([initial]) } else { finding };
    let because = match (low, adjusted) {
        (false, false) => {
            return Some(finding.consistent(Message::new(
                "预算执行与调整无须另写原因。",
                "Neither the rate nor a change of the budget needs a reason.",
            )));
        }
        (true, _) => Message::new(
            format!("执行{spent}/{planned}低于规定比例"),
            format!("{spent} of {planned} is under the threshold"),
        ),
        (false, true) => Message::new("预算有调整".to_owned(), "the budget was changed".to_owned()),
    };
    Some(match context.sure(note) {
        Ok(_) => finding.consistent(Message::new(
            format!("{}，已写明原因。", because.zh),
            format!("The reason is written: {}.", because.en),
        )),
        Err(lack) if lack.why == Why::Blank => finding.inconsistent(Message::new(
            format!("{}，但未写原因。", because.zh),
            format!("No reason is written, though {}.", because.en),
        )),
        Err(lack) => finding.lacking(&[lack]),
    })
}

/// Whether `spent` is surely under `threshold` percent of `planned`.
fn is_under(spent: Decimal, planned: Decimal, threshold: Decimal) -> bool {
    let rate = || {
        let rate = Interval::stated(spent)?.over(Interval::stated(planned)?)?;
        rate.times(Interval::exact(Decimal::ONE_HUNDRED))
    };
    rate().is_some_and(|rate| rate.high() < threshold)
}
