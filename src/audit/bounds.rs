//! What `goals.score` and `indicator.score` share: a score lies between nought and the weight it is scored by.
//!
//! Both are points as written, not measurements, so there is no rounding to allow for: 22 of 20 is wrong by 2.

use rust_decimal::Decimal;

use super::context::{Context, Lack, Spot};
use super::finding::Finding;
use super::interval::Interval;
use crate::message::Message;
use crate::record::Check;

/// The most that a score can be, where it stands and what people call it.
pub(super) struct Limit<'a> {
    pub(super) most: Decimal,
    pub(super) spot: Spot<'a>,
    pub(super) name: Message,
}

impl<'a> Limit<'a> {
    /// The figure that stands at `spot`.
    pub(super) fn at(context: Context<'a>, spot: Spot<'a>) -> Result<Limit<'a>, Vec<Lack<'a>>> {
        let stated = context.figure(spot).map_err(|lack| vec![lack])?;
        Ok(Limit { most: stated.figure, spot, name: context.name(spot) })
    }
}

/// Checks that the figure at `score` lies between nought and `limit`.
pub(super) fn check<'a>(
    context: Context<'a>,
    finding: Finding<'a>,
    score: Spot<'a>,
    limit: Result<Limit<'a>, Vec<Lack<'a>>>,
) -> Check {
    let name = context.name(score);
    let score = match context.figure(score) {
        Ok(score) => score.figure,
        Err(lack) => return finding.lacking(&[lack]),
    };
    if score < Decimal::ZERO {
        let message =
            Message::new(format!("{}为{score}，低于0。", name.zh), format!("{} is {score}, below nought.", name.en));
        return finding.formula(format!("0 ≤ {score}")).inconsistent(message);
    }
    let Limit { most, spot, name: limit } = match limit {
        Ok(limit) => limit,
        Err(lacks) => return finding.lacking(&lacks),
    };
    let finding = finding.from([spot]).formula(format!("0 ≤ {score} ≤ {most}"));
    if score > most {
        return finding.computed(most, Interval::between(Decimal::ZERO, most)).inconsistent(Message::new(
            format!("{}为{score}，超过{}{most}。", name.zh, limit.zh),
            format!("{} is {score}, above {}, {most}.", name.en, limit.en),
        ));
    }
    finding.consistent(Message::new(
        format!("{}为{score}，不超过{}{most}。", name.zh, limit.zh),
        format!("{} is {score}, within {}, {most}.", name.en, limit.en),
    ))
}
