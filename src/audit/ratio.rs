//! The ratio half of `indicator.score`: what a missed target earns.

use super::context::{Context, Policy, Spot};
use super::finding::Finding;
use super::indicators::SCORE;
use super::interval::{Agreement, Interval, agreement};
use super::marks::{Marker, Marks};
use super::quantity::Share;
use crate::message::Message;
use crate::record::{Check, Severity};

/// Checks that an indicator which missed its target, `share` of it being reached, earned just that share of its weight.
/// None where the pattern has no rule for it, or where the row was given its full points.
pub(super) fn check<'a>(context: Context<'a>, marker: &Marker<'a>, row: usize, share: &Share) -> Option<Check> {
    let Policy::Rule(_) = context.policy(SCORE) else { return None };
    let cell = |column| Spot::Cell { table: "indicators", row, column };
    let basis = match marker.of(row) {
        Marks::Deducted(basis) if basis.own && basis.rows == 1 => basis,
        _ => return None,
    };
    let (points, most) = (basis.score, basis.weight);
    let computed = share.range.times(Interval::exact(most))?;
    let likeliest = share.likeliest.checked_mul(most)?;
    let finding = Finding::new(context, SCORE, Severity::Warning, cell("score"))
        .from([cell("weight"), cell("actual"), cell("target")])
        .computed(likeliest, computed)
        .giving_way();
    let shown = finding.shown();
    let finding = finding.formula(format!("{most} × ({})", share.formula));
    let name = context.name(cell("score"));
    Some(match agreement(points, computed)? {
        Agreement::Rounded => finding.consistent(Message::new(
            format!("{}{points}与按完成比例计算的{shown}相符。", name.zh),
            format!("{}, {points}, agrees with the share reached, {shown}.", name.en),
        )),
        Agreement::Truncated => finding.consistent_but(Message::new(
            format!("{}{points}与按完成比例计算的{shown}相符，但为截尾而非四舍五入。", name.zh),
            format!("{}, {points}, agrees with the share reached, {shown}, cut off rather than rounded.", name.en),
        )),
        Agreement::None => finding.inconsistent(Message::new(
            format!("{}填报为{points}，按完成比例应为{shown}。", name.zh),
            format!("{} is stated as {points}; by the share reached it is {shown}.", name.en),
        )),
    })
}
