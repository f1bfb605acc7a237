//! `indicator.target`: the actual meets the target, or points were deducted.
//!
//! Manual: `retally checks indicator.target`.

use rust_decimal::Decimal;

use super::context::{Context, Lack, Spot};
use super::finding::{Finding, is_off};
use super::interval::Interval;
use super::marks::{Marker, Marks};
use super::quantity::{self, Bare, Outcome, Quantity, compare};
use crate::fold::fold_text;
use crate::message::Message;
use crate::pattern::Word;
use crate::record::{Check, Datum, Op, Severity, Value};
use crate::value::read_op;

const TABLE: &str = "indicators";

/// The signs before a figure that a formula does not repeat.
const SIGNS: [char; 13] = ['≥', '≧', '≤', '≦', '>', '＞', '<', '＜', '=', '＝', '═', '﹥', ' '];

pub(super) const ID: &str = "indicator.target";

/// Whether the actual of the row meets its target; an error says which of the two cannot be relied on.
pub(super) fn outcome(context: Context<'_>, row: usize) -> Result<Outcome, Vec<Lack<'_>>> {
    let (target, actual) = (context.sure(cell(row, "target")), context.sure(cell(row, "actual")));
    let (target, actual) = match (target, actual) {
        (Ok(target), Ok(actual)) => (target, actual),
        (target, actual) => return Err([target.err(), actual.err()].into_iter().flatten().collect()),
    };
    let quantity = |value| quantity(context, row, value);
    Ok(compare(quantity(target), quantity(actual), bare(context, row)))
}

/// How far the actual of the row goes beyond its target, as actual ÷ target, where that can be said.
pub(super) fn overshoot(context: Context<'_>, row: usize) -> Option<Interval> {
    let (target, actual) = (context.sure(cell(row, "target")).ok()?, context.sure(cell(row, "actual")).ok()?);
    let quantity = |value| quantity(context, row, value);
    quantity::overshoot(quantity(target), quantity(actual), bare(context, row))
}

/// What stands in a column of the row, for a formula: the figure with its unit and without its comparator.
pub(super) fn plain(context: Context<'_>, row: usize, column: &str) -> String {
    let spot = cell(row, column);
    context.value(spot).map_or_else(|| context.raw(spot), |value| quantity(context, row, value).shown())
}

/// A target or an actual with the unit and the comparator that its row writes in columns of their own.
pub(super) fn quantity<'a>(context: Context<'a>, row: usize, value: &'a Value) -> Quantity<'a> {
    Quantity { value, unit: text(context, row, "unit"), op: op(context, row, value) }
}

fn cell(row: usize, column: &str) -> Spot<'_> {
    Spot::Cell { table: TABLE, row, column }
}

fn text<'a>(context: Context<'a>, row: usize, column: &'a str) -> Option<&'a str> {
    context.sure(cell(row, column)).ok()?.value.text()
}

/// The comparator of a value: its own, else its row's.
fn op(context: Context<'_>, row: usize, value: &Value) -> Option<Op> {
    value.op.or_else(|| read_op(text(context, row, "nature")?))
}

/// How a figure without a comparator is meant in the row: by its headings, by its name, and of all there is, by the figure.
fn bare(context: Context<'_>, row: usize) -> Bare {
    let name = text(context, row, "name").map(fold_text).unwrap_or_default();
    let longest = |words: &[String]| {
        let found = words.iter().filter(|word| name.contains(word.as_str()));
        found.map(|word| word.chars().count()).max().unwrap_or_default()
    };
    let (more, fewer) = (longest(&context.pattern.more_is_better), longest(&context.pattern.fewer_is_better));
    match () {
        () if is_under(context, row, |word| word.ceiling) => {
            if more > fewer {
                Bare::Saved
            } else {
                Bare::Ceiling
            }
        }
        // In doubt a word speaks of less.
        () if fewer > 0 && fewer >= more => Bare::Fewer,
        () if more > 0 || is_all(context, row) || is_under(context, row, |word| word.floor) => Bare::Floor,
        () => Bare::Unclear,
    }
}

/// Whether the target is 100%: nothing is above it.
fn is_all(context: Context<'_>, row: usize) -> bool {
    let target = context.value(cell(row, "target"));
    target.is_some_and(|value| {
        let unit = value.unit.as_deref().or_else(|| text(context, row, "unit"));
        unit == Some("%") && value.value.number() == Some(Decimal::ONE_HUNDRED)
    })
}

/// Whether the row stands under a heading of which the pattern says so.
fn is_under(context: Context<'_>, row: usize, says: fn(&Word) -> bool) -> bool {
    ["level2", "level1"].into_iter().filter_map(|column| text(context, row, column)).map(fold_text).any(|heading| {
        let mut words = context.pattern.vocabularies.values().flatten().filter(|word| says(word));
        words.any(|word| {
            fold_text(&word.value) == heading
                || word.also.iter().any(|also| also.literal().iter().copied().eq(heading.chars()))
        })
    })
}

/// The sign that the formula writes between actual and target.
fn sign<'a>(context: Context<'a>, row: usize, target: Spot<'a>) -> &'static str {
    let Some(value) = context.value(target).filter(|value| !matches!(value.value, Datum::Text(_))) else { return "=" };
    match op(context, row, value) {
        Some(Op::AtLeast) => "≥",
        Some(Op::AtMost) => "≤",
        Some(Op::Above) => ">",
        Some(Op::Below) => "<",
        Some(Op::Equal) => "=",
        None => match bare(context, row) {
            Bare::Floor | Bare::Saved => "≥",
            Bare::Ceiling => "≤",
            Bare::Fewer | Bare::Unclear => "=",
        },
    }
}

/// What stands at `spot`, with the unit and, of a target, the comparator that its row writes in columns of their own.
fn shown<'a>(context: Context<'a>, row: usize, spot: Spot<'a>) -> String {
    let mut shown = context.raw(spot);
    let Some(value) = context.value(spot).filter(|value| value.value.number().is_some()) else { return shown };
    if value.unit.is_none() && value.scale.is_none() {
        shown.push_str(text(context, row, "unit").unwrap_or_default());
    }
    let is_target = matches!(spot, Spot::Cell { column: "target", .. });
    if is_target && value.op.is_none() && op(context, row, value).is_some() {
        shown.insert_str(0, sign(context, row, spot));
    }
    shown
}

/// The check of one row; none where the form has neither target nor actual.
pub(super) fn check<'a>(
    context: Context<'a>,
    marker: &Marker<'a>,
    row: usize,
    outcome: &Result<Outcome, Vec<Lack<'a>>>,
) -> Option<Check> {
    let (target, actual) = (cell(row, "target"), cell(row, "actual"));
    if is_off(context, ID) || !(context.has(target) || context.has(actual)) {
        return None;
    }
    let finding = Finding::new(context, ID, Severity::Error, actual).from([target]);
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(lacks) => return Some(finding.lacking(lacks)),
    };
    let sign = sign(context, row, target);
    let (target, actual) = (shown(context, row, target), shown(context, row, actual));
    let name = context.row_name(TABLE, row);
    let finding =
        finding.formula(format!("{} {sign} {}", actual.trim_start_matches(SIGNS), target.trim_start_matches(SIGNS)));
    let facts = Message::new(
        format!("{}目标值{target}，完成值{actual}", name.zh),
        format!("{}: target {target}, actual {actual}", name.en),
    );
    let say = |zh: &str, en: &str| Message::new(format!("{}，{zh}。", facts.zh), format!("{}; {en}.", facts.en));
    Some(match outcome {
        Outcome::Met => finding.consistent(say("已达目标", "the target is met")),
        Outcome::Passed => finding
            .consistent_but(say("超过等于型目标，视为达标", "the target of just so much is passed, taken as met")),
        Outcome::Unknown(why) => {
            finding.unverifiable(say(&format!("无法核对：{}", why.zh), &format!("not verifiable: {}", why.en)))
        }
        Outcome::Missed { .. } => match marker.of(row) {
            Marks::Full(basis) => {
                let (score, weight) = (basis.score, basis.weight);
                finding.from(basis.spots(row)).giving_way().inconsistent(if basis.own {
                    say(
                        &format!("未达目标，却得满分（{score}/{weight}）"),
                        &format!("missed, yet given in full ({score} of {weight})"),
                    )
                } else {
                    say(
                        &format!("未达目标，而所在部分得满分（{score}/{weight}），未扣分"),
                        &format!(
                            "missed, yet its block is given in full ({score} of {weight}), so nothing was deducted"
                        ),
                    )
                })
            }
            Marks::Deducted(basis) => {
                let (score, weight) = (basis.score, basis.weight);
                finding.from(basis.spots(row)).consistent(say(
                    &format!("未达目标，已扣分（{score}/{weight}）"),
                    &format!("missed, and points were deducted ({score} of {weight})"),
                ))
            }
            Marks::Unknown(lacks) => {
                let check = finding.lacking(&lacks);
                let message = say(
                    &format!("未达目标；是否扣分{}", check.message.zh.trim_end_matches('。')),
                    &format!("missed; whether points were deducted: {}", check.message.en.trim_end_matches('.')),
                );
                Check { message, ..check }
            }
        },
    })
}
