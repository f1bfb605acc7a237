//! What cells that stay empty cost: as a reading goes on, and at its end.

use std::ops::Range;

use super::super::slots::SlotPart;
use super::Search;
use super::costs::{
    BLANK_OPTIONAL, BLANK_REQUIRED, EMPTY_COLUMN, EMPTY_NAME, EMPTY_OPTIONAL, EMPTY_REQUIRED, EMPTY_USUAL, LONE_SCORE,
    PENDING, PENDING_BY_COLUMNS, PENDING_IN_WALK,
};
use super::plan::{column_bit, slot_bit};
use super::state::State;
use crate::value::Type;

impl Search<'_> {
    /// The required cells other than its name that a row lacks, a bit each.
    pub(super) fn lacks(&self, state: &State, table: usize, row: usize) -> u16 {
        self.plan.columns(table).required & !state.mask(&self.room, table, row)
    }

    /// How many such cells rows lack together.
    fn lacking(&self, state: &State, table: usize, rows: Range<usize>) -> u32 {
        rows.map(|row| self.lacks(state, table, row).count_ones()).sum()
    }

    /// What a cell adds to the charge for what rows lack, and to their number: a further row leaves those before it
    /// behind, lacking what they lack; a cell that comes later is taken off.
    pub(super) fn pending(
        &self,
        state: &State,
        table_number: usize,
        column: usize,
        row: usize,
        by_columns: bool,
    ) -> (f32, i32) {
        let begun = state.begun(table_number);
        if row >= begun {
            let count = self.lacking(state, table_number, begun.saturating_sub(1)..row);
            let each = match (self.comes_back, by_columns) {
                (true, _) => PENDING_IN_WALK,
                (false, _) if self.along_rows => EMPTY_REQUIRED,
                (false, true) => PENDING_BY_COLUMNS,
                (false, false) => PENDING,
            };
            (count as f32 * each, count as i32)
        } else if row + 1 < begun && state.lacking > 0 && self.lacks(state, table_number, row) & column_bit(column) != 0
        {
            (-state.pending / f32::from(state.lacking), -1)
        } else {
            (0.0, 0)
        }
    }

    /// What a cell of a row adds to the charge for what the rows before it lack, in a walk that brings what rows lack: it
    /// does not come back to them.
    pub(super) fn given_up(&self, state: &State, table: usize, row: usize) -> f32 {
        if !self.along_rows || !self.brings_wrapped {
            return 0.0;
        }
        let passed = state.passed.get(table).copied().map_or(0, usize::from);
        self.lacking(state, table, passed..row.min(state.begun(table))) as f32 * EMPTY_REQUIRED
    }

    /// Notes the rows before `row` as passed over by such a walk.
    pub(super) fn pass_over(&self, state: &mut State, table: usize, row: usize) {
        if self.along_rows
            && self.brings_wrapped
            && let Some(passed) = state.passed.get_mut(table)
        {
            *passed = (*passed).max(row as u8);
        }
    }

    /// What a whole reading leaves empty costs.
    pub(super) fn left_empty(&self, state: &State) -> f32 {
        let fields = self.slots.list.iter().enumerate().filter(|(at, slot)| {
            matches!(slot.part, SlotPart::Field(_) | SlotPart::Total(_)) && state.filled & slot_bit(*at) == 0
        });
        let mut cost: f32 = fields.map(|(_, slot)| if slot.required { BLANK_REQUIRED } else { BLANK_OPTIONAL }).sum();
        for (number, table) in self.slots.tables.iter().enumerate() {
            let rows = state.begun(number);
            for (position, slot) in table.columns.iter().enumerate() {
                let Some(slot_of) = self.slots.list.get(*slot) else { continue };
                let bit = column_bit(position);
                let empty = (0..rows).filter(|row| state.mask(&self.room, number, *row) & bit == 0).count();
                let leads = table.lead == Some(*slot);
                let lone =
                    rows > 1 && empty + 1 == rows && self.has_block_score(number) && slot_of.kind == Type::Decimal;
                if lone {
                    cost += LONE_SCORE;
                }
                cost += match (leads, slot_of.required) {
                    (true, _) => empty as f32 * EMPTY_NAME,
                    (false, true) if empty == rows && rows > 1 => EMPTY_COLUMN,
                    (false, true) => empty as f32 * EMPTY_REQUIRED,
                    (false, false)
                        if 2 * empty <= rows
                            && matches!(slot_of.kind, Type::Decimal | Type::Percent | Type::Quantity) =>
                    {
                        empty as f32 * EMPTY_USUAL
                    }
                    (false, false) => empty as f32 * EMPTY_OPTIONAL,
                };
            }
        }
        cost
    }

    pub(super) fn has_block_score(&self, table: usize) -> bool {
        self.slots.list.iter().any(|slot| slot.part == SlotPart::BlockScore && slot.table == Some(table))
    }
}
