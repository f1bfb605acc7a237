//! `budget.over` and `budget.note`: no more is spent than was planned, and what deviates has a reason. Of the total row
//! alone.
//!
//! Manual: `retally checks budget.over`, `retally checks budget.note`.

use rust_decimal::Decimal;

use super::amount::{Amount, align};
use super::budget::{Amounts, cell, planned, total_row};
use super::context::{Context, Policy, Spot, Why};
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
    let (executed, budgeted) = (cell(row, "executed"), planned(context, row));
    if !context.is_filled(executed) {
        return None;
    }
    let finding = Finding::new(context, "budget.over", Severity::Warning, executed).from([budgeted]);
    let amounts = match Amounts::read(context, row) {
        Ok(amounts) => amounts,
        Err(lacks) => return Some(finding.lacking(&lacks)),
    };
    let (spent, planned) = (amounts.executed.shown(), amounts.budgeted.shown());
    let finding = finding.formula(format!("{spent} ≤ {planned}"));
    let (Some(low), Some(high)) = (amounts.executed.range(), amounts.budgeted.range()) else {
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
    let (note, initial) = (cell(row, "note"), cell(row, "initial"));
    if !context.has(note) {
        return None;
    }
    let finding = Finding::new(context, "budget.note", Severity::Warning, note)
        .from([cell(row, "executed"), planned(context, row)]);
    let amounts = match Amounts::read(context, row) {
        Ok(amounts) => amounts,
        Err(lacks) => return Some(finding.lacking(&lacks)),
    };
    let low = rule.threshold.is_some_and(|threshold| is_under(&amounts, threshold));
    let adjusted = rule.adjusted && is_adjusted(context, initial, amounts.budgeted.spot);
    let (spent, planned) = (amounts.executed.shown(), amounts.budgeted.shown());
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
        Err(lack) if lack.why == Why::Blank => finding.giving_way().inconsistent(Message::new(
            format!("{}，但未写原因。", because.zh),
            format!("No reason is written, though {}.", because.en),
        )),
        Err(lack) => finding.lacking(&[lack]),
    })
}

/// Whether what was spent is surely under `threshold` percent of what was planned.
fn is_under(amounts: &Amounts<'_>, threshold: Decimal) -> bool {
    let rate = amounts.rate().and_then(|rate| rate.times(Interval::exact(Decimal::ONE_HUNDRED)));
    rate.is_some_and(|rate| rate.high() < threshold)
}

/// Whether the budget at its end is another than the one at the beginning of the year.
fn is_adjusted<'a>(context: Context<'a>, initial: Spot<'a>, budgeted: Spot<'a>) -> bool {
    let (Ok(initial), Ok(budgeted)) = (Amount::read(context, initial), Amount::read(context, budgeted)) else {
        return false;
    };
    let mut amounts = [initial, budgeted];
    let [initial, budgeted] = match align(context, &mut amounts) {
        Ok(()) => amounts.map(|amount| amount.range()),
        Err(_) => return false,
    };
    initial.zip(budgeted).is_some_and(|(initial, budgeted)| !initial.meets(budgeted))
}
