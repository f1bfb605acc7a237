//! The sum of a column of points: exactly as written, merged cells counted once, rows that split another, or add up others, not at all.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::context::{Context, Lack, Spot};

/// A sum of figures as written.
pub(super) struct Sum<'a> {
    pub(super) total: Decimal,
    /// The figures, in the order of the form.
    pub(super) terms: Vec<Decimal>,
    /// Where they stand.
    pub(super) spots: Vec<Spot<'a>>,
}

impl<'a> Sum<'a> {
    /// Nothing added up yet.
    pub(super) fn empty() -> Sum<'a> {
        Sum { total: Decimal::ZERO, terms: Vec::new(), spots: Vec::new() }
    }

    /// Adds the figure at `spot`.
    pub(super) fn add(&mut self, context: Context<'a>, spot: Spot<'a>) -> Result<(), Lack<'a>> {
        let stated = context.figure(spot)?;
        self.total = self.total.checked_add(stated.figure).ok_or(Lack::unreadable(spot))?;
        self.terms.push(stated.figure);
        self.spots.push(context.owner(spot));
        Ok(())
    }

    /// The sum of `column` over `rows`; `None` when nothing at all stands in it, an error when only some of it does.
    pub(super) fn of(
        context: Context<'a>,
        table: &'a str,
        column: &'a str,
        rows: impl Iterator<Item = usize>,
    ) -> Result<Option<Sum<'a>>, Vec<Lack<'a>>> {
        let mut sum = Sum::empty();
        let mut lacks = Vec::new();
        let mut any = false;
        let mut counted = BTreeSet::new();
        for row in rows.filter(|row| !context.is_part(table, *row) && !context.is_subtotal(table, *row)) {
            let spot = Spot::Cell { table, row, column };
            let owner = context.owner(spot);
            any |= context.is_filled(owner);
            if counted.insert(owner.path())
                && let Err(lack) = sum.add(context, owner)
            {
                lacks.push(lack);
            }
        }
        match () {
            () if !any => Ok(None),
            () if lacks.is_empty() => Ok(Some(sum)),
            () => Err(lacks),
        }
    }

    /// The terms and what they come to, as an equation; of one term there is nothing to add up.
    pub(super) fn equation(&self) -> String {
        match self.terms.as_slice() {
            [term] => term.to_string(),
            _ => format!("{} = {}", self.formula(), self.total.normalize()),
        }
    }

    /// The terms as a formula.
    pub(super) fn formula(&self) -> String {
        self.terms.iter().map(Decimal::to_string).collect::<Vec<_>>().join(" + ")
    }
}
