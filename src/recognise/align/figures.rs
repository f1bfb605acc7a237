//! What figures say of a reading of a strewn text: whether those of a row are alike, and whether columns add up.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::super::items::Piece;
use super::super::shape::Holds;
use super::super::slots::SlotTable;
use super::plan::column_bit;
use super::state::{Action, NO_STEP, State};
use super::{Search, piece_of};
use crate::value::Type;

/// An amount above the one that it is a part of, or that it was to come from.
const TOO_MUCH: f32 = 0.6;
/// Figures that do not add up to what the form says.
const NO_SUM: f32 = 0.6;
const NO_SUM_OF_MONEY: f32 = 1.2;
/// Each gap of a column that has some of its figures.
const GAP: f32 = 0.4;
/// Amounts of a row of which one is twice another.
const UNLIKE_AMOUNTS: f32 = 0.3;
/// More points reached than there are.
const TOO_MANY_POINTS: f32 = 0.7;
/// Another number reached than was aimed at, by more than half.
const FAR_FROM_TARGET: f32 = 0.35;
/// How many steps back the other figure of a row is looked for: some ten columns of a dozen rows.
const MAX_LOOK_BACK: usize = 150;

/// Whether a figure is more than twice another; one beyond all that can be doubled is not.
fn is_over_twice(more: Decimal, less: Decimal) -> bool {
    less.checked_mul(Decimal::TWO).is_some_and(|twice| more > twice)
}

impl Search<'_> {
    /// How ill a figure goes with the other of its kind in its row: points reached with those there are, a number
    /// reached with the one aimed at.
    pub(super) fn unlike(
        &self,
        state: &State,
        piece: &Piece,
        (number, table): (usize, &SlotTable),
        at: usize,
        row: usize,
    ) -> f32 {
        let Some(own) = piece.look.figure else { return 0.0 };
        let Some(slot) = self.slots.list.get(at) else { return 0.0 };
        let points = slot.holds == Holds::Points;
        if slot.holds == Holds::Money {
            let whole = if row > 0 { self.figure_at(state, at, 0) } else { None };
            let whole = if whole.is_some_and(|whole| own > whole) { TOO_MUCH } else { 0.0 };
            let beside = table.columns.iter().copied().filter(|other| {
                *other != at
                    && self.slots.list.get(*other).is_some_and(|other| other.holds == Holds::Money)
                    && state.mask(&self.room, number, row) & column_bit(self.plan.standing(*other).position) != 0
            });
            let mut figures = beside.filter_map(|other| self.figure_at(state, other, row));
            let unlike = figures.any(|other| is_over_twice(own.max(other), own.min(other)));
            return whole + if unlike { UNLIKE_AMOUNTS } else { 0.0 };
        }
        if !points && slot.kind != Type::Quantity {
            return 0.0;
        }
        let alike = |other: &usize| {
            *other != at
                && self.slots.list.get(*other).is_some_and(|other| other.kind == slot.kind && other.holds == slot.holds)
        };
        let Some(other) = table.columns.iter().copied().find(alike) else { return 0.0 };
        let (own_position, position) = (self.plan.standing(at).position, self.plan.standing(other).position);
        if state.mask(&self.room, number, row) & column_bit(position) == 0 {
            return 0.0;
        }
        let Some(figure) = self.figure_at(state, other, row) else { return 0.0 };
        let (aim, reached) = if own_position < position { (own, figure) } else { (figure, own) };
        let (less, more) = (aim.min(reached), aim.max(reached));
        match points {
            true if reached > aim => TOO_MANY_POINTS,
            false if is_over_twice(more, less) => FAR_FROM_TARGET,
            _ => 0.0,
        }
    }

    /// The sum of what a column has so far.
    pub(super) fn sum_of(&self, state: &State, column: usize) -> Decimal {
        let mut sum = Decimal::ZERO;
        let mut trail = state.trail;
        while let Some(step) = (trail != NO_STEP).then(|| self.steps.get(trail as usize)).flatten() {
            if let Action::Begin { slot, .. } = step.action
                && slot == column
                && let Some(figure) = piece_of(self.items, step.item as usize).and_then(|piece| piece.look.figure)
            {
                sum = sum.saturating_add(figure);
            }
            trail = step.before;
        }
        sum
    }

    /// The figure that a cell was begun with, if that was not long ago.
    fn figure_at(&self, state: &State, slot: usize, row: usize) -> Option<Decimal> {
        let mut trail = state.trail;
        for _ in 0..MAX_LOOK_BACK {
            let step = (trail != NO_STEP).then(|| self.steps.get(trail as usize)).flatten()?;
            if step.action == (Action::Begin { slot, row }) {
                return piece_of(self.items, step.item as usize)?.look.figure;
            }
            trail = step.before;
        }
        None
    }

    /// What columns of figures cost that have some of their cells.
    fn gaps(&self, figures: &BTreeMap<usize, BTreeMap<usize, Decimal>>) -> f32 {
        let mut cost = 0.0;
        for (number, table) in self.slots.tables.iter().enumerate() {
            let of = |at: &usize| figures.get(at).map_or(0, BTreeMap::len);
            let rows = match table.labelled {
                true => table.limit,
                false => table.lead.map_or(0, |_| table.columns.iter().map(&of).max().unwrap_or(0)),
            };
            for at in &table.columns {
                let wanted = self.slots.list.get(*at).is_some_and(|slot| match slot.holds {
                    Holds::Money => true,
                    Holds::Points => !table.labelled && !self.has_block_score(number),
                    _ => false,
                });
                let filled = of(at);
                if wanted && filled > 0 && rows > filled {
                    cost += (rows - filled) as f32 * GAP;
                }
            }
        }
        cost
    }

    /// What figures cost that do not add up: amounts to the first row's, points to those of the row that adds them up.
    pub(super) fn sums(&self, trail: u32) -> f32 {
        let mut figures: BTreeMap<usize, BTreeMap<usize, Decimal>> = BTreeMap::new();
        for one in self.trail(trail) {
            if let Action::Begin { slot, row } = one.action
                && let Some(figure) = piece_of(self.items, one.item).and_then(|piece| piece.look.figure)
            {
                figures.entry(slot).or_default().insert(row, figure);
            }
        }
        let sum =
            |of: &BTreeMap<usize, Decimal>| of.values().try_fold(Decimal::ZERO, |sum, figure| sum.checked_add(*figure));
        let mut cost = self.gaps(&figures);
        for (at, of) in &figures {
            let Some(slot) = self.slots.list.get(*at) else { continue };
            let labelled =
                slot.table.and_then(|table| self.slots.tables.get(table)).is_some_and(|table| table.labelled);
            if slot.holds == Holds::Money && labelled && of.len() > 1 {
                let whole = of.get(&0).copied().and_then(|whole| whole.checked_mul(Decimal::TWO));
                cost += if sum(of) == whole { 0.0 } else { NO_SUM_OF_MONEY };
            }
            if let Some(column) = slot.adds_up
                && let Some(whole) = of.get(&0)
                && let Some(rows) = figures.get(&column).and_then(sum)
            {
                let of_money = |other: &usize| {
                    let one = self.slots.list.get(column).map(|one| (one.part, one.holds));
                    self.slots
                        .list
                        .get(*other)
                        .is_some_and(|it| it.holds == Holds::Points && Some((it.part, it.holds)) != one)
                };
                let rest = *whole - rows;
                let first = figures.iter().filter(|(other, _)| **other != column && of_money(other));
                let fits = rest.is_zero() || first.filter_map(|(_, of)| of.get(&0)).any(|it| *it == rest);
                cost += if fits { 0.0 } else { NO_SUM };
            }
        }
        cost
    }
}
