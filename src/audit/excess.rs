//! `indicator.excess`: an actual far above its target is explained, or cost points.
//!
//! Manual: `retally checks indicator.excess`.

use rust_decimal::Decimal;

use super::context::{Context, Policy, Spot, Why};
use super::finding::Finding;
use super::interval::Interval;
use super::marks::{Marker, Marks};
use super::target;
use crate::message::Message;
use crate::record::{Check, Severity};

const ID: &str = "indicator.excess";

/// How far above its target an actual may lie, in percent, where the rule does not say. No regulation names a figure;
/// 30 is what local rules mostly take.
const ALLOWED: i64 = 30;

/// The check of one row; none without a rule, for targets that are ceilings, and where there is no place for a reason.
pub(super) fn check<'a>(context: Context<'a>, marker: &Marker<'a>, row: usize, notes: bool) -> Option<Check> {
    let Policy::Rule(rule) = context.policy(ID) else { return None };
    let cell = |column| Spot::Cell { table: "indicators", row, column };
    let note = if notes { cell("note") } else { Spot::Field("deviation") };
    if context.is_part("indicators", row) || !context.has(note) {
        return None;
    }
    let allowed = rule.threshold.unwrap_or(Decimal::from(ALLOWED));
    let reached = target::overshoot(context, row)?.times(Interval::exact(Decimal::ONE_HUNDRED))?;
    let limit = allowed.checked_add(Decimal::ONE_HUNDRED)?;
    let (raw_target, raw_actual) = (context.raw(cell("target")), context.raw(cell("actual")));
    let finding = Finding::new(context, ID, Severity::Info, cell("actual")).from([cell("target"), note]).formula(
        format!("{} ≤ {limit}% × {}", target::plain(context, row, "actual"), target::plain(context, row, "target")),
    );
    let name = context.row_name("indicators", row);
    let says = |zh: &str, en: &str| {
        Message::new(
            format!("{}目标值{raw_target}，完成值{raw_actual}，{zh}。", name.zh),
            format!("{}: target {raw_target}, actual {raw_actual}; {en}.", name.en),
        )
    };
    if reached.low() <= limit {
        return Some(finding.consistent(says("未明显超出目标", "not far above the target")));
    }
    Some(match (context.sure(note), marker.of(row)) {
        (Ok(_), _) => {
            finding.consistent(says("明显超出目标，已写明原因", "far above the target, and a reason is written"))
        }
        (_, Marks::Deducted(basis)) if basis.own => finding
            .from(basis.spots(row))
            .consistent(says("明显超出目标，已扣分", "far above the target, and points were deducted")),
        (Err(lack), _) if lack.why == Why::Blank => finding.inconsistent(says(
            &format!("超出目标{allowed}%以上，但未写原因"),
            &format!("more than {allowed}% above the target, and no reason is written"),
        )),
        (Err(lack), _) => finding.lacking(&[lack]),
    })
}
