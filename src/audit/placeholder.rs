//! `form.placeholder`: no printed instruction stands where a value belongs.
//!
//! Manual: `retally checks form.placeholder`.

use super::context::{Context, Policy, Spot};
use super::finding::Finding;
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Check, Datum, Severity, Value};

const ID: &str = "form.placeholder";

/// A finding for each place with an instruction left in; one consistent check where there is none.
pub(super) fn checks(context: Context<'_>) -> Vec<Check> {
    let Policy::Rule(rule) = context.policy(ID) else { return Vec::new() };
    let words: Vec<String> = rule.words.iter().map(|word| fold_text(word)).collect();
    let is_left = |value: &Value| {
        let folded = if matches!(value.value, Datum::Number(_)) { String::new() } else { fold_text(&value.raw) };
        words.iter().any(|word| folded.contains(word))
    };
    let mut first = None;
    let mut checks = Vec::new();
    for spot in spots(context) {
        let Ok(value) = context.sure(spot) else { continue };
        first.get_or_insert(spot);
        if is_left(value) {
            let (name, raw) = (context.name(spot), context.raw(spot));
            checks.push(Finding::new(context, ID, Severity::Warning, spot).inconsistent(Message::new(
                format!("{}填的是表上印的说明“{raw}”。", name.zh),
                format!("{} holds a printed instruction, “{raw}”.", name.en),
            )));
        }
    }
    if let (Some(first), true) = (first, checks.is_empty()) {
        checks.push(Finding::new(context, ID, Severity::Warning, first).unstated().consistent(Message::new(
            "没有留下未填的说明文字。",
            "No printed instruction is left in place of a value.",
        )));
    }
    checks
}

/// Every place with a value of its own.
fn spots(context: Context<'_>) -> impl Iterator<Item = Spot<'_>> {
    let fields = context.form.fields.keys().map(|id| Spot::Field(id));
    let cells = context.form.tables.iter().flat_map(|(table, rows)| {
        rows.iter().enumerate().flat_map(move |(row, cells)| {
            let own = cells.iter().filter(|(_, cell)| cell.value().is_some());
            own.map(move |(column, _)| Spot::Cell { table, row, column })
        })
    });
    fields.chain(cells)
}
