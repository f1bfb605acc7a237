//! What might be meant: the one slip of the pen that would explain an inconsistency. A hint, never a correction.
//!
//! Two kinds are looked for. A stated sum may leave one of its parts out, or count one twice. And one figure may have
//! two neighbouring digits swapped, or its decimal point moved: then putting that right must make every sum, rate and
//! score of the form agree. A hint is given only when there is just one; with two, nothing tells which is meant.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::context::{Context, Spot};
use super::interval::{Agreement, Interval, agreement};
use crate::message::Message;
use crate::record::{Cell, Check, Datum, Figure, Form, Value, Verdict};

/// The checks that are arithmetic through and through. The first [`SUMS`] compare a sum.
const ARITHMETIC: [&str; 9] = [
    "budget.total",
    "indicator.parts",
    "indicators.score",
    "indicators.weight",
    "total.score",
    "total.weight",
    "weights.level1",
    "budget.rate",
    "budget.score",
];

/// How many of [`ARITHMETIC`] are sums.
const SUMS: usize = 7;

/// Places that a decimal point is moved by: a slip of the hand.
const MOVES: [i32; 2] = [1, -1];

/// Places that percent and fraction are apart; points are neither, and are not moved by them.
const SHARE_MOVES: [i32; 2] = [2, -2];

/// Places that 元 and 万元 are apart; amounts alone are moved by them.
const MONEY_MOVES: [i32; 2] = [4, -4];

/// The arithmetic of a form is done anew so many times at most while a slip is looked for: a form of thirty rows has
/// some ten figures in doubt, with four or five ways to have slipped each.
const TRIES: usize = 150;

/// A form with more rows than this is not searched: each try adds up the whole form.
const ROWS: usize = 200;

/// Adds its hint to every inconsistency that has just one. `arithmetic` makes at least the checks named in
/// [`ARITHMETIC`], of a form that was changed.
pub(super) fn add(context: Context<'_>, checks: &mut [Check], arithmetic: impl Fn(&Form) -> Vec<Check>) {
    if !checks.iter().any(is_wrong) {
        return;
    }
    let mut form = context.form.clone();
    let settled = settled(&arithmetic(&form));
    let mut tries = TRIES;
    if context.form.tables.values().map(Vec::len).sum::<usize>() > ROWS {
        tries = 0;
    }
    let wrong_sums: BTreeSet<String> = checks
        .iter()
        .filter(|check| is_wrong(check) && is_sum(check))
        .filter_map(|check| check.refs.first().cloned())
        .collect();
    for check in checks.iter_mut().filter(|check| is_wrong(check)) {
        // Where a part is itself a sum that is wrong, that is the likelier slip.
        let is_built_on_sand = check.refs.iter().skip(1).any(|part| wrong_sums.contains(part));
        let mut hints = if is_built_on_sand { Vec::new() } else { miscounted(context, check) };
        if hints.is_empty() {
            hints = slips(context, check, &mut form, &mut tries, &settled, &arithmetic);
        }
        if let (Some(hint), None) = (hints.pop(), hints.pop()) {
            check.hint = Some(hint);
        }
    }
}

/// Whether a check of [`ARITHMETIC`] fails. A sum without a computed figure was held against a rule, not against its parts.
fn is_wrong(check: &Check) -> bool {
    let is_rule = is_sum(check) && check.computed.is_none();
    check.verdict == Verdict::Inconsistent && ARITHMETIC.contains(&check.id.as_str()) && !is_rule
}

fn is_sum(check: &Check) -> bool {
    ARITHMETIC.iter().take(SUMS).any(|id| *id == check.id)
}

/// The parts that a stated sum leaves out, or counts twice. Parts of the same size count as one slip each.
fn miscounted(context: Context<'_>, check: &Check) -> Vec<Message> {
    let (Some(stated), Some(computed)) = (check.stated.number(), check.computed) else { return Vec::new() };
    let Some(parts) = check.refs.get(1..).filter(|parts| is_sum(check) && parts.len() > 1) else { return Vec::new() };
    let mut hints = Vec::new();
    for path in parts {
        let Some(spot) = Spot::parse(path) else { continue };
        let Some(part) = context.form.value(path).and_then(|value| value.value.number()) else { continue };
        if part.is_zero() {
            continue;
        }
        let name = context.name(spot);
        let is = |sum: Option<Decimal>| {
            sum.and_then(|sum| agreement(stated, Interval::exact(sum))) == Some(Agreement::Rounded)
        };
        if is(computed.0.checked_sub(part)) {
            hints.push(Message::new(
                format!("{stated}恰好是不计{}（{part}）的合计。", name.zh),
                format!("{stated} is just the sum without {}, {part}.", name.en),
            ));
        }
        if is(computed.0.checked_add(part)) {
            hints.push(Message::new(
                format!("{stated}恰好是{}（{part}）计两次的合计。", name.zh),
                format!("{stated} is just the sum with {}, {part}, counted twice.", name.en),
            ));
        }
    }
    hints
}

/// What each check that could be made is of: its id and the figure that it checks.
fn settled(checks: &[Check]) -> BTreeSet<(String, Option<String>)> {
    let is_settled = |check: &&Check| check.verdict != Verdict::Unverifiable;
    checks.iter().filter(is_settled).map(|check| (check.id.clone(), check.refs.first().cloned())).collect()
}

/// Whether all of `checks` agree, and none of those that could be made before is lost: a figure so far off that the checks
/// give up on it explains nothing.
fn all_agree(checks: &[Check], before: &BTreeSet<(String, Option<String>)>) -> bool {
    !checks.iter().any(is_wrong) && before.is_subset(&settled(checks))
}

/// The figures of the check that would make all arithmetic of the form agree, were one slip in them put right. `form`
/// is the form, to be changed for each try and put back.
fn slips(
    context: Context<'_>,
    check: &Check,
    form: &mut Form,
    tries: &mut usize,
    before: &BTreeSet<(String, Option<String>)>,
    arithmetic: &impl Fn(&Form) -> Vec<Check>,
) -> Vec<Message> {
    let mut hints = Vec::new();
    for path in &check.refs {
        let (Some(spot), Some(value)) = (Spot::parse(path), context.form.value(path)) else { continue };
        let Some(written) = value.value.number() else { continue };
        for (meant, how) in variants(written, spot) {
            let Some(left) = tries.checked_sub(1) else { return hints };
            *tries = left;
            let Some(place) = value_at(form, spot) else { break };
            (place.value, place.percent) = (Datum::Number(Figure(meant)), None);
            let agrees = all_agree(&arithmetic(form), before);
            if let Some(place) = value_at(form, spot) {
                (place.value, place.percent) = (value.value.clone(), value.percent);
            }
            if !agrees {
                continue;
            }
            let (name, raw) = (context.name(spot), context.raw(spot));
            hints.push(Message::new(
                format!("{}{raw}若为{meant}（{}），各数即相符。", name.zh, how.zh),
                format!("all figures would agree if {}, {raw}, were {meant} ({}).", name.en, how.en),
            ));
        }
    }
    hints
}

/// Whether an amount of money stands there.
fn is_money(spot: Spot<'_>) -> bool {
    matches!(spot, Spot::Cell { table: "budget", column: "initial" | "budgeted" | "executed", .. })
}

/// Whether points stand there: of the form's fields all that are summed.
fn is_points(spot: Spot<'_>) -> bool {
    matches!(spot, Spot::Field(_) | Spot::Cell { column: "weight" | "score", .. })
}

/// Whether a nought stands in front of another digit.
fn leads_with_nought(digits: &[char]) -> bool {
    matches!(digits, ['0', next, ..] if next.is_ascii_digit())
}

/// What a figure may have been meant to be, and how it came to be what it is.
fn variants(written: Decimal, spot: Spot<'_>) -> Vec<(Decimal, Message)> {
    let mut variants: Vec<(Decimal, Message)> = Vec::new();
    let mut push = |meant: Decimal, how: &Message| {
        if meant != written && variants.iter().all(|(known, _)| *known != meant) {
            variants.push((meant, how.clone()));
        }
    };
    let swapped = Message::new("相邻数字颠倒", "two digits swapped");
    let digits: Vec<char> = written.to_string().chars().collect();
    for at in 0..digits.len() {
        let mut turned = digits.clone();
        let next = match digits.get(at + 1) {
            Some('.') => at + 2,
            _ => at + 1,
        };
        if next < turned.len() && digits.get(at).is_some_and(char::is_ascii_digit) {
            turned.swap(at, next);
            // Nobody writes a nought in front.
            if leads_with_nought(&turned) && !leads_with_nought(&digits) {
                continue;
            }
            if let Ok(meant) = turned.iter().collect::<String>().parse() {
                push(meant, &swapped);
            }
        }
    }
    let moved = Message::new("小数点错位", "its decimal point moved");
    let money_moves = if is_money(spot) { &MONEY_MOVES[..] } else { &[] };
    let share_moves = if is_points(spot) { &[][..] } else { &SHARE_MOVES[..] };
    for places in MOVES.iter().chain(share_moves).chain(money_moves).copied() {
        if let Some(meant) = ten_to(places).and_then(|power| written.checked_mul(power)) {
            push(meant.normalize(), &moved);
        }
    }
    variants
}

/// Ten to the power of `exponent`.
fn ten_to(exponent: i32) -> Option<Decimal> {
    let mut power = Decimal::ONE;
    for _ in 0..exponent.unsigned_abs() {
        power = if exponent > 0 { power.checked_mul(Decimal::TEN)? } else { power.checked_div(Decimal::TEN)? };
    }
    Some(power)
}

/// The value at `spot`, to be changed.
fn value_at<'f>(form: &'f mut Form, spot: Spot<'_>) -> Option<&'f mut Value> {
    match spot {
        Spot::Field(id) => form.fields.get_mut(id),
        Spot::Cell { table, row, column } => match form.tables.get_mut(table)?.get_mut(row)?.get_mut(column)? {
            Cell::Value(value) => Some(value),
            Cell::Shared { .. } | Cell::Index(_) => None,
        },
    }
}
