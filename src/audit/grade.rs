//! `grade.band`: the grade word and the total agree.
//!
//! Manual: `retally checks grade.band`.

use rust_decimal::{Decimal, RoundingStrategy};

use super::context::{Context, Lack, Policy, Spot, Why};
use super::finding::Finding;
use super::interval::Interval;
use super::scale;
use crate::fold::fold_text;
use crate::message::Message;
use crate::record::{Check, Severity};

const ID: &str = "grade.band";

/// The check of the form; none without a rule that says which grade begins where.
pub(super) fn check<'a>(context: Context<'a>) -> Option<Check> {
    let Policy::Rule(rule) = context.policy(ID) else { return None };
    let grade = Spot::Field("grade");
    if !context.is_filled(grade) {
        return None;
    }
    let total = ["total_score", "self_score"].map(Spot::Field).into_iter().find(|spot| context.is_filled(*spot));
    let total = total.unwrap_or(Spot::Field("total_score"));
    let finding = Finding::new(context, ID, Severity::Error, grade).from([total]).giving_way();
    let (word, points) = match (context.sure(grade), context.figure(total)) {
        (Ok(word), Ok(points)) => (fold_text(&word.raw), points.figure),
        (word, points) => {
            // The grade stands beside the total: the place is there, and what is not in it is blank.
            let blank = |mut lack: Lack<'a>| {
                if lack.why == Why::Absent {
                    lack.why = Why::Blank;
                }
                lack
            };
            let lacks: Vec<_> = word.err().into_iter().chain(points.err().map(blank)).collect();
            return Some(finding.lacking(&lacks));
        }
    };
    let raw = context.raw(grade);
    let Some(band) = scale::band(&rule.tiers, &word) else {
        return Some(finding.unverifiable(Message::new(
            format!("无法核对：“{raw}”不是规则所列的等级。"),
            format!("Not verifiable: “{raw}” is none of the grades that the rule lists."),
        )));
    };
    // Of a form whose whole is not 100 points the share counts.
    let whole = context.figure(Spot::Field("total_weight"));
    let finding = finding.from(whole.iter().map(|whole| whole.spot));
    let whole = whole.map_or(Decimal::ONE_HUNDRED, |whole| whole.figure);
    let share = |points: Decimal| points.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(whole);
    let Some(percent) = share(points) else { return Some(finding.out_of_range()) };
    let Some(stated) = Interval::stated(points)
        .and_then(|range| range.times(Interval::exact(Decimal::ONE_HUNDRED))?.over(Interval::exact(whole)))
    else {
        return Some(finding.out_of_range());
    };
    // Grades are often given by whole points: 89.5 rounds to 90.
    let in_points = percent.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    let finding = finding.formula(band.formula(points));
    let says = |zh: &str, en: &str| {
        Message::new(
            format!("{points}分评为“{raw}”，{zh}（{}）。", band.words()),
            format!("{points} points are called “{raw}”, {en} ({}).", band.words()),
        )
    };
    Some(match () {
        () if band.holds(stated) => finding.consistent(says("与等级相符", "which agrees")),
        () if band.holds(Interval::exact(in_points)) => {
            finding.consistent_but(says("取整后与等级相符", "which agrees when rounded to whole points"))
        }
        () => finding.inconsistent(says("与等级不符", "which does not agree")),
    })
}
