//! `indicator.tier`: a tier phrase and its score agree.
//!
//! Manual: `retally checks indicator.tier`.

use rust_decimal::Decimal;

use super::context::{Context, Policy, Spot};
use super::finding::Finding;
use super::interval::Interval;
use super::marks::{Marker, Marks};
use super::scale;
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Check, Severity};

const ID: &str = "indicator.tier";

/// The check of one row; none where the actual is no phrase of the rule's, or where the row has no points of its own.
pub(super) fn check<'a>(context: Context<'a>, marker: &Marker<'a>, row: usize) -> Option<Check> {
    let Policy::Rule(rule) = context.policy(ID) else { return None };
    let cell = |column| Spot::Cell { table: "indicators", row, column };
    let (score, weight, actual) = (cell("score"), cell("weight"), cell("actual"));
    let phrase = context.sure(actual).ok()?;
    let band = scale::band(&rule.tiers, &fold_text(&phrase.raw))?;
    if !context.has(score) || !context.has(weight) {
        return None;
    }
    let finding = Finding::new(context, ID, Severity::Error, score).from([weight, actual]);
    let (points, most) = match marker.of(row) {
        // Points that several rows share say nothing of one of them.
        Marks::Full(basis) | Marks::Deducted(basis) if basis.rows > 1 || !basis.own => return None,
        Marks::Full(basis) | Marks::Deducted(basis) => (basis.score, basis.weight),
        Marks::Unknown(lacks) => return Some(finding.lacking(&lacks)),
    };
    let percent = |range: Interval| range.times(Interval::exact(Decimal::ONE_HUNDRED))?.over(Interval::exact(most));
    let Some(share) = Interval::stated(points).and_then(percent) else { return Some(finding.out_of_range()) };
    let finding = finding.formula(band.formula(format!("{points} / {most}"))).giving_way();
    let (name, raw) = (context.row_name("indicators", row), context.raw(actual));
    let says = |zh: &str, en: &str| {
        Message::new(
            format!("{}完成情况为“{raw}”，得{points}分（分值{most}），{zh}（{}）。", name.zh, band.words()),
            format!("{}: “{raw}” with {points} of {most} points, {en} ({}).", name.en, band.words()),
        )
    };
    // The share as written counts, and so does what rounds to it.
    let exact = percent(Interval::exact(points)).is_some_and(|share| band.holds(share));
    // All of the points are all of them, whatever they round to.
    Some(if exact || (points < most && band.holds(share)) {
        finding.consistent(says("在该档之内", "within its tier"))
    } else {
        finding.inconsistent(says("不在该档之内", "outside its tier"))
    })
}
