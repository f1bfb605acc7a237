//! Amounts of money, brought to the same steps before they are compared: a budget may write 元 beside 万元.

use rust_decimal::Decimal;

use super::context::{Context, Lack, Spot};
use super::interval::Interval;
use super::unit::Unit;

/// An amount as the form writes it.
pub(super) struct Amount<'a> {
    pub(super) spot: Spot<'a>,
    /// As written, in its own steps.
    pub(super) figure: Decimal,
    /// As it is shown: the figure, with its unit where others have another.
    shown: String,
    unit: Option<Unit>,
    /// What the figure is multiplied by to count in the steps of the first amount.
    step: Decimal,
}

impl<'a> Amount<'a> {
    /// The amount at `spot`.
    pub(super) fn read(context: Context<'a>, spot: Spot<'a>) -> Result<Amount<'a>, Lack<'a>> {
        let figure = context.figure(spot)?.figure;
        let unit = context.value(spot).and_then(|value| Unit::of(value, None));
        Ok(Amount { spot, figure, shown: figure.to_string(), unit, step: Decimal::ONE })
    }

    /// The figure in the steps of the first amount.
    pub(super) fn counted(&self) -> Option<Decimal> {
        self.figure.checked_mul(self.step)
    }

    /// What the figure stands for, in the steps of the first amount.
    pub(super) fn range(&self) -> Option<Interval> {
        Interval::stated(self.figure)?.times(Interval::exact(self.step))
    }

    /// The amount for a formula.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }
}

/// Makes all amounts count in the steps of the first. A unit that only some of them write is that of all, unless the form
/// names another one for its budget; where those that are written differ, every one must be. An error names the first
/// amount that does not fit.
pub(super) fn align<'a>(context: Context<'a>, amounts: &mut [Amount<'a>]) -> Result<(), Lack<'a>> {
    let written = |amount: &Amount<'a>| amount.unit.clone();
    let Some(first) = amounts.iter().find_map(written) else { return Ok(()) };
    if amounts.iter().filter_map(written).all(|unit| unit == first) {
        let odd = amounts.iter().find(|amount| amount.unit.is_some());
        let all = amounts.iter().all(|amount| amount.unit.is_some());
        let other = money_unit(context).is_some_and(|unit| unit != first);
        return match odd.filter(|_| other && !all) {
            Some(odd) => Err(Lack::other_unit(odd.spot)),
            None => Ok(()),
        };
    }
    let leading = amounts.first().and_then(written);
    for amount in amounts {
        let step = match (&leading, &amount.unit) {
            (Some(leading), Some(unit)) if leading.base == unit.base => unit.step.checked_div(leading.step),
            _ => None,
        };
        amount.step = step.ok_or(Lack::other_unit(amount.spot))?;
        amount.shown = context.raw(amount.spot);
    }
    Ok(())
}

/// The unit that the form's head of the budget names for all amounts.
fn money_unit(context: Context<'_>) -> Option<Unit> {
    let named = context.sure(Spot::Field("money_unit")).ok()?;
    Unit::of(named, named.value.text())
}
