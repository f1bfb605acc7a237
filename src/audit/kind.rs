//! `indicator.kind`: a target that is a figure is answered by a figure.
//!
//! Manual: `retally checks indicator.kind`.

use super::context::{Context, Policy, Spot};
use super::finding::Finding;
use crate::message::Message;
use crate::record::{Check, Datum, Kind, Severity};

const ID: &str = "indicator.kind";

/// The check of one row; none where the target is no figure.
pub(super) fn check(context: Context<'_>, row: usize) -> Option<Check> {
    let Policy::Rule(_) = context.policy(ID) else { return None };
    let cell = |column| Spot::Cell { table: "indicators", row, column };
    context.sure(cell("target")).ok()?.value.number()?;
    let finding = Finding::new(context, ID, Severity::Warning, cell("actual")).from([cell("target")]);
    let actual = match context.sure(cell("actual")) {
        Ok(actual) => actual,
        Err(lack) => return Some(finding.lacking(&[lack])),
    };
    let name = context.row_name("indicators", row);
    let (target, answer) = (context.raw(cell("target")), context.raw(cell("actual")));
    let words = matches!((&actual.value, actual.kind), (Datum::Text(_), None | Some(Kind::Word)));
    Some(if words {
        finding.inconsistent(Message::new(
            format!("{}目标值{target}为数值，完成值“{answer}”不是数值。", name.zh),
            format!("{}: the target {target} is a figure, the actual “{answer}” is not.", name.en),
        ))
    } else {
        finding.consistent(Message::new(
            format!("{}目标值{target}与完成值{answer}均可比较。", name.zh),
            format!("{}: the target {target} is answered by {answer}.", name.en),
        ))
    })
}
