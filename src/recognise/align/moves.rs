//! The steps that a reading may take with a piece, and what each costs.

use super::super::items::Piece;
use super::super::shape::{Holds, Kin, Shape, misfit};
use super::super::slots::{Slot, SlotPart, SlotTable};
use super::costs::*;
use super::plan::{column_bit, slot_bit};
use super::state::{Action, NO_STEP, State};
use super::{Candidate, Search, piece_of};
use crate::value::Type;

/// How many steps back the other value of a row is looked for; a column of a long form has some sixty.
const MAX_LOOK_BACK: usize = 90;

/// Digits of a page's number, at most.
const MAX_PAGE_NUMBER: usize = 3;

/// How many more rows that want a cell are looked at in a walk that brings what rows lack.
const FURTHER_ROWS: usize = 3;

/// Sums of the same costs in another order differ by less.
const ROUNDING: f32 = 0.01;

/// The cost of going back to an earlier section.
fn back_to(state: &State, slot: &Slot) -> f32 {
    match slot.section < usize::from(state.section) {
        true if state.by_columns && slot.table.is_some() && matches!(slot.kind, Type::Decimal | Type::Percent) => {
            BACK_BY_COLUMNS
        }
        true => BACK_TO_SECTION,
        false => 0.0,
    }
}

/// The cost of a piece as a name by its length.
pub(super) fn as_name(piece: &Piece) -> f32 {
    match piece.look.length {
        1 => NAME_OF_ONE,
        2 => NAME_OF_TWO,
        3 => NAME_OF_THREE,
        _ if piece.shape == Shape::Prose => SENTENCE_AS_NAME,
        _ => 0.0,
    }
}

impl Search<'_> {
    pub(super) fn push(&mut self, state: &State, from: u32, action: Action, cost: f32, by_columns: bool) {
        let cost = state.cost + cost;
        if cost <= self.limit {
            self.limit = self.limit.min(cost + self.margin);
            self.candidates.push(Candidate { cost, from, action, by_columns });
        }
    }

    /// Finds the slots that the piece may begin.
    pub(super) fn fit(&mut self, number: usize, piece: &Piece) {
        self.fitting.clear();
        let woven = self.walks.get(number).map(|walk| walk.section);
        let elsewhere =
            |slot: &Slot| if woven.is_some_and(|section| section != slot.section) { IN_OTHER_SECTION } else { 0.0 };
        let own = |slot: &Slot| slot.words.contains(&piece.look.hash);
        self.owned = self.slots.list.iter().any(own);
        for (at, slot) in self.slots.list.iter().enumerate() {
            if self.owned {
                let misfit = if own(slot) { 0.0 } else { misfit(slot.kind, piece.shape) + OTHERS_WORD };
                let misfit = misfit + elsewhere(slot);
                if misfit < UNREAD {
                    self.fitting.push((at, misfit));
                }
                continue;
            }
            let by_column = slot.holds.misfit(piece.shape, piece.look.length);
            let by_column =
                by_column.or((slot.holds == Holds::Points && piece.look.beyond_points).then_some(NO_POINTS));
            let mut misfit = by_column.unwrap_or_else(|| misfit(slot.kind, piece.shape));
            let labelled = || slot.table.and_then(|table| self.slots.tables.get(table)).is_some_and(|it| it.labelled);
            if slot.holds == Holds::Points && piece.look.is_zero && labelled() {
                misfit += NOUGHT_AS_POINTS;
            }
            if self.figures_have_units && slot.kind == Type::Quantity && piece.shape == Shape::Number {
                misfit += BARE_AMONG_UNITS;
            }
            misfit += elsewhere(slot);
            if misfit < UNREAD {
                self.fitting.push((at, misfit));
            }
        }
    }

    /// Puts every step that the reading can take with the piece among the candidates.
    pub(super) fn expand(&mut self, state: &State, from: u32, number: usize, piece: &Piece) {
        if state.ended {
            self.push(state, from, Action::Outside, OUTSIDE, state.by_columns);
            return;
        }
        // A number alone at the very end is that of the page.
        let page = piece.alone && piece.look.is_digits && number + 1 == self.items.len();
        if number > self.last_label && (page || piece.after_gap && piece.first_on_line) {
            self.push(state, from, Action::Outside, END_OF_FORM, state.by_columns);
        }
        let stray = self.rows_on_lines && piece.alone && piece.look.is_digits && piece.look.length <= MAX_PAGE_NUMBER;
        self.push(state, from, Action::Unread, if stray { STRAY_FIGURE } else { UNREAD }, state.by_columns);
        self.go_on(state, from, piece);
        let broken = self.breaks_off(state, piece);
        // What a step may take off at most.
        let credit = if state.lacking > 0 { -state.pending / f32::from(state.lacking) } else { 0.0 };
        let slots = self.slots;
        for number_of in 0..self.fitting.len() {
            let Some((at, misfit)) = self.fitting.get(number_of).copied() else { break };
            let Some(slot) = slots.list.get(at) else { continue };
            let wide = self.widths.limit(at).is_some_and(|width| piece.look.width > width + ROUND);
            let cost = misfit + broken + if wide { TOO_WIDE } else { 0.0 };
            if state.cost + cost + credit > self.limit + ROUNDING {
                continue;
            }
            match (slot.part, slot.table) {
                (SlotPart::Field(_) | SlotPart::Total(_), _) => self.fill_field(state, from, number, piece, at, cost),
                (SlotPart::Column(_), Some(table)) => self.fill_cell(state, from, number, piece, (at, table), cost),
                (SlotPart::BlockScore, Some(table)) => self.fill_block(state, from, number, piece, (at, table), cost),
                (SlotPart::Column(_) | SlotPart::BlockScore, None) => {}
            }
        }
    }

    /// How many fields of a slot's label are filled out of turn when it is next: those of one label fill in their order.
    pub(super) fn siblings_out_of_order(&self, state: &State, at: usize) -> u32 {
        let standing = self.plan.standing(at);
        ((standing.siblings_before & !state.filled) | (standing.siblings_after & state.filled)).count_ones()
    }

    pub(super) fn fill_field(
        &mut self,
        state: &State,
        from: u32,
        number: usize,
        piece: &Piece,
        at: usize,
        misfit: f32,
    ) {
        if state.filled & slot_bit(at) != 0 {
            return;
        }
        let slots = self.slots;
        let Some(slot) = slots.list.get(at) else { return };
        let cost = if slot.label_item < number {
            let standing = self.plan.standing(at);
            let passed = (standing.fields_behind & self.fields_before & !state.filled).count_ones();
            let out_of_order = self.siblings_out_of_order(state, at) as f32 * PASS_OPEN_LABEL;
            let between = (piece.labels_before.saturating_sub(slot.label_number + 1)) as f32;
            let gap = if piece.first_on_line && piece.after_gap { GAP_TO_LABEL } else { 0.0 };
            let order = if state.furthest_label > slot.label_item as u32 { AGAINST_ORDER } else { 0.0 };
            let back = back_to(state, slot);
            if self.along_rows && back > 0.0 {
                return;
            }
            gap + order
                + out_of_order
                + back
                + passed as f32 * PASS_OPEN_LABEL
                + (between * LABEL_BETWEEN).min(MAX_LABELS_BETWEEN)
        } else if self.along_rows && matches!(slot.part, SlotPart::Total(_)) {
            return;
        } else if self.walk(slot.label_item) != self.walk(number) {
            LABEL_IN_OTHER_WALK
        } else if slot.label_item - number <= LOOK_AHEAD {
            let habit = if state.values_first { BEFORE_LABEL_AGAIN } else { BEFORE_LABEL };
            habit + BEFORE_LABEL_ITEM * (slot.label_item - number).saturating_sub(1) as f32
        } else {
            return;
        };
        self.push(state, from, Action::Begin { slot: at, row: 0 }, cost + misfit, state.by_columns);
    }

    pub(super) fn fill_block(
        &mut self,
        state: &State,
        from: u32,
        number: usize,
        piece: &Piece,
        (at, table): (usize, usize),
        misfit: f32,
    ) {
        let opens_at = self.slots.tables.get(table).map_or(0, |table| table.opens_at);
        if state.filled & slot_bit(at) != 0 || number < opens_at {
            return;
        }
        let mut cost = if piece.alone { BLOCK_SCORE } else { BLOCK_SCORE_IN_LINE };
        let row = state.begun(table).saturating_sub(1);
        if self.plan.columns(table).points & !state.mask(&self.room, table, row) != 0 {
            cost += BLOCK_SCORE_TOO_EARLY;
        }
        self.push(state, from, Action::Begin { slot: at, row: 0 }, cost + misfit, state.by_columns);
    }

    fn fill_cell(
        &mut self,
        state: &State,
        from: u32,
        number: usize,
        piece: &Piece,
        (at, table_number): (usize, usize),
        misfit: f32,
    ) {
        let slots = self.slots;
        let (Some(table), Some(slot)) = (slots.tables.get(table_number), slots.list.get(at)) else { return };
        let position = self.plan.standing(at).position;
        let bit = column_bit(position);
        let begun = state.begun(table_number);
        let limit = self.room.limit(table_number);
        let has = |row: usize| state.mask(&self.room, table_number, row) & bit != 0;
        let mut base = misfit;
        if state.used(table_number) & bit == 0 {
            if number < table.opens_at {
                base += BEFORE_TABLE;
            } else if number < slot.label_item && self.walk(number) == self.walk(slot.label_item) {
                base += BEFORE_HEAD;
            }
        } else if number < table.opens_at {
            base += FURTHER_BEFORE_TABLE;
        }
        if slot.kind != Type::Prose && self.labelled.is_some_and(|label| state.filled & slot_bit(label) == 0) {
            base += LEFT_LABEL;
        }
        let back = back_to(state, slot);
        if self.along_rows && back > 0.0 {
            return;
        }
        base += back;
        if self.along_rows && self.totalled == Some(slot.section) {
            base += BELOW_TOTAL;
        }
        if state.by_columns {
            base += self.under_heads(table, at);
        }
        if slot.kind == Type::Prose && piece.joins && state.last.is_some() {
            base += match (piece.first_on_line, piece.after_gap) {
                (true, true) => PARAGRAPH_AFTER_GAP,
                (true, false) => PARAGRAPH_AT_LINE,
                (false, _) => PARAGRAPH_IN_LINE,
            };
        }
        if slot.kind == Type::Quantity && piece.look.compares && self.plan.columns(table_number).target != Some(at) {
            base += COMPARED_ACTUAL;
        }
        if table.lead == Some(at) {
            base += as_name(piece);
        }
        let here = state.cursor.and_then(|(slot, row)| {
            let it = slots.list.get(slot as usize)?;
            (it.table == Some(table_number)).then(|| (self.plan.standing(slot as usize).position, row as usize))
        });
        // The rows where this cell may stand: this row, the next that wants the column, the first that does, a new one.
        let wants = |rows: std::ops::Range<usize>| rows.clone().find(|row| !has(*row));
        let start = here.map_or(0, |(_, row)| row);
        let mut rows = [None; 4 + FURTHER_ROWS];
        rows[0] = wants(start..begun.min(start + 1));
        rows[1] = wants(start + 1..begun);
        // A walk that goes along rows does not come back to one above.
        let above = !self.along_rows || here.is_none() || table.labelled;
        rows[2] = if above { wants(0..begun) } else { None };
        rows[3] = (begun < limit).then_some(begun);
        if self.along_rows && self.brings_wrapped {
            for number in 4..rows.len() {
                let before = if number == 4 { rows[1] } else { rows[number - 1] };
                rows[number] = before.and_then(|row| wants(row + 1..begun));
            }
        }
        if table.labelled {
            // Rows that their labels tell may be filled in any order.
            let labelled = self.labelled_rows.get(table_number).copied().unwrap_or(0).max(1) - 1;
            rows[0] = Some(labelled).filter(|row| *row < limit && !has(*row));
        }
        for number in 0..rows.len() {
            let Some(row) = rows[number] else { continue };
            if rows[..number].contains(&Some(row)) {
                continue;
            }
            let Some((step, by_columns)) = self.step(state, piece, (table_number, table), (at, position), here, row)
            else {
                continue;
            };
            let pending = self.pending(state, table_number, position, row, by_columns).0
                + self.given_up(state, table_number, row);
            if state.cost + base + step + pending > self.limit + ROUNDING {
                continue;
            }
            let kin = self.beside(state, piece, (table_number, table), (at, slot), row);
            self.push(state, from, Action::Begin { slot: at, row }, base + step + kin + pending, by_columns);
        }
    }

    /// The cost of a cell right behind heads of its table, but not of its column: a dump that goes down columns puts
    /// each head before its cells.
    pub(super) fn under_heads(&self, table: &SlotTable, at: usize) -> f32 {
        let led: Vec<usize> = self.led.iter().copied().filter(|slot| table.columns.contains(slot)).collect();
        match led.iter().position(|slot| *slot == at) {
            // The whole head row tells nothing.
            _ if led.is_empty() || led.len() >= table.columns.len() => 0.0,
            Some(passed) => passed as f32 * PASS_HEAD,
            None => OTHER_HEAD,
        }
    }

    /// The cost of the walk's step to a row, and whether it goes down the columns then.
    fn step(
        &self,
        state: &State,
        piece: &Piece,
        (table_number, table): (usize, &SlotTable),
        (at, position): (usize, usize),
        here: Option<(usize, usize)>,
        row: usize,
    ) -> Option<(f32, bool)> {
        let begun = state.begun(table_number);
        let leads = table.lead == Some(at);
        let lead = self.plan.columns(table_number).lead;
        let mask = |row: usize| state.mask(&self.room, table_number, row);
        let named = |row: usize| lead == 0 || mask(row) & lead != 0;
        let mut cost = 0.0;
        let later = self.brings_wrapped;
        if self.along_rows {
            if here.is_some_and(|(column, before)| (row, position) <= (before, column)) {
                return None;
            }
            if !table.labelled && self.headed == Some(table.section) && here.is_some_and(|(_, before)| row == before) {
                cost += ROW_OVER_HEADING;
            }
        }
        if row >= begun {
            // A further row: those before it are behind, and what they lack may be lacking for good.
            if table.lead.is_some() && !leads {
                cost += NAMELESS;
            }
            if self.along_rows && later && !table.labelled {
                cost += ROW_IN_LATER_WALK;
            }
        }
        if table.labelled {
            let labelled = self.labelled_rows.get(table_number).copied().unwrap_or(0);
            let down_column = here.is_some_and(|(column, before)| column == position && before + 1 == row);
            // A later walk may bring the label of a row below.
            let to_come = self.comes_back && row >= labelled;
            // Behind all the labels the cells of a column begin with the first row.
            let none_before = if row == 0 { begun == 0 } else { down_column && begun == row };
            let down_from_first =
                labelled == table.limit && table.limit > 1 && (none_before || (state.by_columns && row == 0));
            let by_columns = (down_column && state.by_columns) || down_from_first;
            if labelled > 0 && row + 1 != labelled && !to_come && !by_columns {
                cost += OTHER_ROW_LABEL;
            }
        }
        let Some((column, before)) = here else {
            return Some((cost, state.by_columns && table.limit > 1));
        };
        if row == before {
            if self.comes_back && self.rows_on_lines && piece.leads_line {
                cost += ROW_OVER_LINES;
            }
            if position > column {
                // The bits of the columns between the two.
                let between = column_bit(position) - (column_bit(column) << 1);
                let passed = (self.lacks(state, table_number, row) & between).count_ones();
                let each = if self.comes_back { PASS_COLUMN_IN_WALK } else { PASS_COLUMN };
                return Some((cost + passed as f32 * each, false));
            }
            return Some((cost + LEFTWARD, false));
        }
        if row < before {
            let next_column = state.by_columns && position != column;
            let back = if next_column { NEXT_COLUMN } else { UPWARD };
            let passed = (0..row).filter(|row| mask(*row) & column_bit(position) == 0).count();
            return Some((cost + back + (passed as f32 * PASS_ROW).min(MAX_PASS_ROWS), next_column));
        }
        let passed = (before + 1..row).filter(|row| mask(*row) & column_bit(position) == 0).count();
        cost += (passed as f32 * PASS_ROW).min(MAX_PASS_ROWS);
        if position == column && !(leads && row >= begun) && !self.along_rows {
            return Some((cost + if state.by_columns { 0.0 } else { TO_COLUMNS }, true));
        }
        if leads || named(row) {
            if state.by_columns && position != column {
                cost += TO_ROWS;
            }
            if leads && row >= begun {
                // A name after a name: the row before has nothing else, or the names stand in a column.
                let in_line = if piece.leads_line { 0.0 } else { ROW_IN_LINE };
                return Some((cost + in_line, position == column));
            }
            let down = if self.along_rows && later { DOWN_IN_LATER_WALK } else { DOWN_TO_NAMED };
            return Some((cost + down, false));
        }
        Some((cost, false))
    }

    /// How ill the piece goes with the other figure of its row: what was aimed at and what was reached are alike.
    pub(super) fn beside(
        &self,
        state: &State,
        piece: &Piece,
        (table_number, table): (usize, &SlotTable),
        (at, slot): (usize, &Slot),
        row: usize,
    ) -> f32 {
        let is_unit = slot.holds == Holds::Unit && !self.slots.blanks.contains(&piece.look.hash);
        if slot.kind != Type::Quantity && !is_unit {
            return 0.0;
        }
        let others = self.plan.columns(table_number).quantities & !column_bit(self.plan.standing(at).position);
        if state.mask(&self.room, table_number, row) & others == 0 {
            return 0.0;
        }
        let is_other = |other: usize| {
            other != at
                && table.columns.contains(&other)
                && self.slots.list.get(other).is_some_and(|slot| slot.kind == Type::Quantity)
        };
        let mut trail = state.trail;
        for _ in 0..MAX_LOOK_BACK {
            if trail == NO_STEP {
                break;
            }
            let Some(step) = self.steps.get(trail as usize) else { break };
            if let Action::Begin { slot: other, row: of } = step.action
                && of == row
                && is_other(other)
            {
                let Some(other) = piece_of(self.items, step.item as usize) else { break };
                return match (piece.look.kin, other.look.kin) {
                    (_, Kin::Word) if is_unit && !self.slots.blanks.contains(&other.look.hash) => UNIT_OF_WORD,
                    _ if is_unit => 0.0,
                    (Kin::Word, Kin::Word) if piece.look.hash == other.look.hash => -SAME_WORD,
                    (Kin::Word, Kin::Word) | (Kin::Mark, _) | (_, Kin::Mark) => 0.0,
                    (Kin::Word, _) | (_, Kin::Word) => WORD_BESIDE_FIGURE,
                    (one, other) if one == other => 0.0,
                    (Kin::Bare, _) | (_, Kin::Bare) => BARE_BESIDE_UNIT,
                    _ => OTHER_KIND,
                };
            }
            trail = step.before;
        }
        0.0
    }
}
