//! Sums over a form of which a part stands in the document twice prove nothing.
//!
//! A dump may give rows or a whole section once more, or lose the head of a form so that its sections follow those of the
//! form before. The sum of what was read is then not the sum of what was filled in. The pages of a PDF show what stands
//! where, and are taken at their word.

use std::collections::BTreeSet;

use super::context::Context;
use super::doubt::withdraw;
use super::sources;
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Cell, Check, Extent, Form, Row};

/// The checks of points that belong to the form as a whole.
const SUMS: [&str; 9] = [
    "budget.total",
    "goals.score",
    "grade.band",
    "indicators.score",
    "indicators.weight",
    "scores.level1",
    "total.score",
    "total.weight",
    "weights.level1",
];
/// The field that tells whether points were deducted where rows have no weights.
const BLOCK_SCORE: &str = "fields.indicators_score";

/// Takes back each accusation that rests on a part of the form which may be there twice.
pub(super) fn take_back(context: Context<'_>, checks: &mut [Check]) {
    let form = context.form;
    if !matches!(form.extent, Extent::Lines(_)) {
        return;
    }
    take_back_twofold(checks);
    let reason = if !form.repeated.is_empty() {
        let parts = form.repeated.join(", ");
        Message::new(
            format!("表中有的部分出现不止一次：{parts}"),
            format!("parts of the form stand in it more than once: {parts}"),
        )
    } else if let Some(name) = sources::second_total(context).or_else(|| twice(form)) {
        Message::new(
            format!("“{name}”出现两次，可能是重复的内容"),
            format!("“{name}” stands there twice, and may be a repetition"),
        )
    } else {
        return;
    };
    let rests = |check: &Check| SUMS.contains(&check.id.as_str()) || check.refs.iter().any(|path| path == BLOCK_SCORE);
    checks.iter_mut().filter(|check| rests(check)).for_each(|check| withdraw(check, &reason));
}

/// Takes back what is said of sums that are just twice what is stated: everything was counted twice, or the total itself
/// as one more part.
fn take_back_twofold(checks: &mut [Check]) {
    let reason = Message::new(
        "合计恰为填报数的两倍，可能有内容重复",
        "the sum is just twice what is stated, and something may stand there twice",
    );
    let is_twofold = |check: &Check| {
        let twice = check.stated.number().and_then(|stated| stated.checked_add(stated));
        let sum = check.computed.filter(|sum| !sum.0.is_zero()).map(|sum| sum.0);
        // What is checked, and two parts at least.
        check.refs.len() > 2 && twice.is_some() && twice == sum
    };
    let sums = checks.iter_mut().filter(|check| SUMS.contains(&check.id.as_str()));
    sums.filter(|check| is_twofold(check)).for_each(|check| withdraw(check, &reason));
}

/// The name of an indicator that two rows state alike, both the figure aimed at and the one reached.
fn twice(form: &Form) -> Option<String> {
    let rows = form.tables.get("indicators")?;
    let mut seen = BTreeSet::new();
    // The same indicator may well serve two goals, or split two others.
    let counted = rows.iter().filter(|row| !row.contains_key("parent"));
    counted.filter_map(|row| Some((key(row)?, row))).find_map(|(key, row)| {
        let name = row.get("name")?.value()?.raw.replace('\n', "");
        (!seen.insert(key)).then_some(name)
    })
}

/// What makes an indicator: goal, name, target and actual, none of them blank.
fn key(row: &Row) -> Option<(Option<usize>, [String; 3])> {
    let text = |column| {
        let text = fold_text(&row.get(column)?.value()?.raw);
        (!text.is_empty()).then_some(text)
    };
    let goal = match row.get("goal") {
        Some(Cell::Index(goal)) => Some(*goal),
        _ => None,
    };
    Some((goal, [text("name")?, text("target")?, text("actual")?]))
}
