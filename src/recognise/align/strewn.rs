//! The steps of a reading through a text that a tool has strewn: it takes a page apart into blocks, which are a cell, a
//! stretch of a column or of a row, and puts these out in an order of its own.
//!
//! Two things still hold. Each column comes from top to bottom, so that a cell belongs to the first row that wants it,
//! but for names, which a tool may keep with the merged headings and put out after the figures. And a block goes down
//! one column or along one row. Labels tell little: they may stand before their values, or behind all of them.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::super::items::{Item, Piece};
use super::super::row_labels::RowLabels;
use super::super::segment::Segment;
use super::super::shape::{Holds, Shape};
use super::super::slots::{Slot, SlotPart, SlotTable, Slots};
use super::costs::{BARE_BESIDE_UNIT, END_OF_FORM, LEFT_LABEL, LOOK_AHEAD, NO_POINTS, OUTSIDE, UNREAD};
use super::moves::as_name;
use super::plan::{column_bit, slot_bit};
use super::state::{Action, State};
use super::widths::Widths;
use super::{Breadth, DISORDER, NARROW, Reading, Search, WIDER};
use crate::value::Type;

/// For those that a tool has strewn in blocks: what rows lack shows only when the last block has come.
const STREWN: Breadth = Breadth { beam: 400, margin: 12.0 };
/// A number alone at the end of the text is a page's; text that goes with nothing near it is no doubt of the reading.
const STRAY_NUMBER: f32 = 0.5;
const STRAY_TEXT: f32 = 1.6;
/// The last character of a head that is torn, and such a character as the text of a field.
const STRAY_CHARACTER: f32 = 0.8;
const FIELD_OF_ONE: f32 = 1.0;

/// A piece of a merged heading that the tool has left somewhere; and such a piece taken for the end of a cell's text.
const HEADING_FRAGMENT: f32 = 0.2;
pub(super) const FRAGMENT_IN_CELL: f32 = 1.0;

/// Characters of such a scrap at most.
const SCRAP: usize = 3;
/// A text that does not end as the values of a field mostly do, or ends as those of other fields; and the same in a table.
const UNLIKELY: f32 = 0.5;
const OTHERS_IN_TABLE: f32 = 0.8;
/// The most that a number costs as the text of a label right before it.
const LABEL_BESIDE: f32 = 0.3;
/// A field whose label does not stand right before it, each open field whose label stands between, each other label
/// between and the most of these, and a field whose label stands before that of a field filled already.
const FIELD_APART: f32 = 0.25;
const PASS_LABEL: f32 = 0.2;
const MOST_PASSED_LABELS: f32 = 0.8;
const LABEL_BETWEEN: f32 = 0.05;
const MOST_BETWEEN: f32 = 0.5;
const OUT_OF_ORDER: f32 = 0.4;
/// A field before its label, and each item between.
const BEFORE_LABEL: f32 = 0.7;
const BEFORE_LABEL_ITEM: f32 = 0.1;
/// A name though the reading has come to what follows its table.
const NAME_BEHIND_TABLE: f32 = 0.9;
/// A cell before any head of its table.
const BEFORE_TABLE: f32 = 1.5;
/// A remark, and one right behind a merged heading, where names stand.
const REMARK: f32 = 0.15;
const REMARK_UNDER_HEADING: f32 = 0.7;
/// A comparator as a unit, a percent sign as a comparator.
const OTHERS_SIGN: f32 = 2.5;
/// A cell begun on a further line of a block.
const WITHIN_BLOCK_CELL: f32 = 0.45;
/// A paragraph begun within a block.
const WITHIN_BLOCK: f32 = 0.9;
/// A mark for nothing, or nought, as the points of a row, where rows have points; points where only the first row has any.
const NO_POINTS_IN_ROW: f32 = 0.8;
const POINTS_OF_SOURCE: f32 = 0.8;
/// A word that stands elsewhere in the form too, as a name: rather it is what was aimed at and what was reached.
const NAME_AGAIN: f32 = 0.8;
/// A figure with a unit as a name.
const FIGURE_AS_NAME: f32 = 1.0;
/// Such a word as a unit or a remark.
const UNIT_AGAIN: f32 = 0.5;
/// A paragraph of a table that the reading has left.
const LATE_PARAGRAPH: f32 = 1.5;
/// A total below what it adds up.
const BELOW_SUM: f32 = 2.0;

/// Each wanted column passed over along a row.
const PASS_COLUMN: f32 = 0.12;
/// A cell left of the one before.
const LEFTWARD: f32 = 0.9;
/// A step down a column, the first and each further one.
const DOWN: f32 = 0.35;
const FURTHER_DOWN: f32 = 0.08;
/// The next row, begun with its name; with its first figure, the name being there, and not being there.
const NEXT_ROW: f32 = 0.05;
const NEXT_NAMED_ROW: f32 = 0.12;
const NEXT_NAMELESS_ROW: f32 = 0.4;
/// A name that comes behind the figures of its row.
const LATE_NAME: f32 = 0.3;
/// The same right behind them.
const NAME_BEHIND: f32 = 0.15;
/// The step from the foot of a column to the head of another.
const NEXT_COLUMN: f32 = 0.3;
/// The same to the left, and from a row below which the column has a gap.
const COLUMN_BACK: f32 = 0.3;
const UNFINISHED: f32 = 0.25;
/// The step back to the first gap of a column.
const GAP_FILLED: f32 = 0.5;
/// Any other step within a table, and the step to another table, onwards and back.
const LEAP: f32 = 0.9;
const OTHER_TABLE: f32 = 0.3;
const EARLIER_TABLE: f32 = 0.5;
/// Each row passed over that wants the column: for a name, a figure, a cell that rows may lack; and the most of it.
const PASS_NAME: f32 = 0.2;
const PASS_FIGURE: f32 = 0.5;
const PASS_SPARE: f32 = 0.02;
const MOST_PASSED: f32 = 1.6;
/// Another row than that of the cell before it on its line.
const OTHER_ROW_ON_LINE: f32 = 0.9;
/// Another row than its label says, where a label stands right before the cells.
const OTHER_LABEL: f32 = 0.4;
/// A further row begun with a figure.
const NAMELESS: f32 = 0.9;
/// A remark that does not follow the figures of its row.
const LOOSE_REMARK: f32 = 1.8;
/// The figures that add up a table, right behind their label and elsewhere; and each row that still lacks one.
const TOTAL: f32 = 0.05;
const TOTAL_APART: f32 = 0.3;
const TOTAL_TOO_EARLY: f32 = 0.6;
const MOST_TOO_EARLY: f32 = 3.0;
/// A hundred points in a row: the whole form has no more.
const ALL_POINTS: f32 = 0.9;

/// The strain of such a reading, however well its pieces fit: far beyond where order is lost.
const OUT_OF_ALL_ORDER: f64 = DISORDER * 2.0;

/// Whether a text in blocks is out of order: a look at it along rows, and a narrow one any way, find none.
pub(crate) fn is_strewn(items: &[Item], segment: &Segment, slots: &Slots, rows: &RowLabels) -> bool {
    let widths = Widths::of_heads(slots);
    let search = || Search::new(items, &[], segment, slots, rows, &widths);
    search().along_rows().run(WIDER).is_disordered() && search().run(NARROW).is_disordered()
}

/// The cheapest reading of a text that a tool has strewn in blocks.
pub(crate) fn strewn(items: &[Item], segment: &Segment, slots: &Slots, rows: &RowLabels) -> Reading {
    let widths = Widths::of_heads(slots);
    let reading = Search::new(items, &[], segment, slots, rows, &widths).strewn().run(STREWN);
    Reading { strain: reading.strain.max(OUT_OF_ALL_ORDER), ..reading }
}

/// Whether a text is a few characters with half of a bracket.
fn is_scrap(piece: &Piece) -> bool {
    piece.look.length <= SCRAP && (piece.look.leaves_open || piece.look.goes_on || piece.look.closes)
}

impl<'a> Search<'a> {
    /// Lets the walk go as through a text that a tool has strewn in blocks.
    pub(super) fn strewn(self) -> Search<'a> {
        let mut seen = BTreeSet::new();
        let mut again = BTreeSet::new();
        for item in self.items {
            if let Item::Piece(piece) = item
                && piece.shape == Shape::Word
                && !seen.insert(piece.look.hash)
            {
                again.insert(piece.look.hash);
            }
        }
        // A figure behind the last label is a cell's like any, but for the number of a page at the very end.
        let is_figure = |item: &Item| matches!(item, Item::Piece(piece) if piece.look.figure.is_some());
        let cells = self.items.split_last().map_or(&[][..], |(_, before)| before);
        let last_label = self.last_label.max(cells.iter().rposition(is_figure).unwrap_or(0));
        Search { strewn: true, again, last_label, ..self }
    }
}

impl Search<'_> {
    /// Puts every step that a reading of a strewn text can take with the piece among the candidates.
    pub(super) fn strew(&mut self, state: &State, from: u32, number: usize, piece: &Piece) {
        if state.ended {
            self.push(state, from, Action::Outside, OUTSIDE, state.by_columns);
            return;
        }
        let last = number + 1 == self.items.len();
        if number > self.last_label
            && (piece.alone && piece.look.is_digits && last || piece.after_gap && piece.first_on_line)
        {
            self.push(state, from, Action::Outside, END_OF_FORM, state.by_columns);
        }
        let unread = match piece.shape {
            Shape::Number if piece.alone && piece.look.is_digits && last => STRAY_NUMBER,
            _ if self.slots.fragments.contains(&piece.look.hash) => HEADING_FRAGMENT,
            // Of a torn heading with its points: 标, (10, 分).
            Shape::Word if piece.look.length == 1 => STRAY_CHARACTER,
            _ if is_scrap(piece) => STRAY_CHARACTER,
            Shape::Word | Shape::Prose => STRAY_TEXT,
            _ => UNREAD,
        };
        self.push(state, from, Action::Unread, unread, state.by_columns);
        self.go_on(state, from, piece);
        let broken = self.breaks_off(state, piece);
        let slots = self.slots;
        for number_of in 0..self.fitting.len() {
            let Some((at, misfit)) = self.fitting.get(number_of).copied() else { break };
            let Some(slot) = slots.list.get(at) else { continue };
            let cost = misfit + broken + self.unlikely(slot, piece);
            match (slot.part, slot.table) {
                (SlotPart::Field(_), _) => self.fill_strewn_field(state, from, number, piece, at, cost),
                (SlotPart::Total(_), _) => self.fill_total(state, from, number, piece, at, cost),
                (SlotPart::Column(_), Some(table)) => self.fill_strewn(state, from, number, piece, (at, table), cost),
                (SlotPart::BlockScore, Some(table)) => self.fill_block(state, from, number, piece, (at, table), cost),
                (SlotPart::Column(_) | SlotPart::BlockScore, None) => {}
            }
        }
    }

    /// The cost of a text that ends otherwise than the values of a field mostly do, or as those of another do.
    fn unlikely(&self, slot: &Slot, piece: &Piece) -> f32 {
        let is_likely = |slot: &Slot| slot.likely.as_ref().map(|likely| likely.contains(&piece.look.hash));
        match is_likely(slot) {
            Some(true) => 0.0,
            Some(false) => UNLIKELY,
            None if slot.kind == Type::Text && self.slots.list.iter().any(|other| is_likely(other) == Some(true)) => {
                if slot.table.is_some() {
                    OTHERS_IN_TABLE
                } else {
                    UNLIKELY
                }
            }
            None => 0.0,
        }
    }

    /// A field, whose label may stand anywhere before it, or a little behind.
    fn fill_strewn_field(&mut self, state: &State, from: u32, number: usize, piece: &Piece, at: usize, misfit: f32) {
        let open = |slot: usize| state.filled & slot_bit(slot) == 0;
        if !open(at) {
            return;
        }
        let slots = self.slots;
        let Some(slot) = slots.list.get(at) else { return };
        let is_character = slot.kind == Type::Text && piece.shape == Shape::Word && piece.look.length == 1;
        let misfit = misfit + if is_character || is_scrap(piece) { FIELD_OF_ONE } else { 0.0 };
        let cost = if slot.label_item + 1 == number {
            // A number may be text where its label leaves no doubt.
            if piece.after_gap { misfit } else { misfit.min(LABEL_BESIDE) }
        } else if slot.label_item < number {
            // Of several labels in a row the first has the first value.
            let before = |it: &Slot| matches!(it.part, SlotPart::Field(_)) && it.label_item < slot.label_item;
            let passed = slots.list.iter().enumerate().filter(|(other, it)| open(*other) && before(it)).count();
            let siblings = self.siblings_out_of_order(state, at);
            let labels = piece.labels_before.saturating_sub(slot.label_number + 1);
            let order = if state.furthest_label > slot.label_item as u32 { OUT_OF_ORDER } else { 0.0 };
            let others = if self.labelled.is_some_and(|label| label != at && open(label)) { LEFT_LABEL } else { 0.0 };
            let passed = (passed as f32 * PASS_LABEL).min(MOST_PASSED_LABELS) + siblings as f32 * PASS_LABEL;
            misfit + FIELD_APART + passed + (labels as f32 * LABEL_BETWEEN).min(MOST_BETWEEN) + order + others
        } else if slot.label_item - number <= LOOK_AHEAD {
            misfit + BEFORE_LABEL + (slot.label_item - number - 1) as f32 * BEFORE_LABEL_ITEM
        } else {
            return;
        };
        self.push(state, from, Action::Begin { slot: at, row: 0 }, cost, state.by_columns);
    }

    /// A figure of the row that adds up a table: behind all the rows.
    fn fill_total(&mut self, state: &State, from: u32, number: usize, piece: &Piece, at: usize, misfit: f32) {
        if state.filled & slot_bit(at) != 0 {
            return;
        }
        let Some(slot) = self.slots.list.get(at) else { return };
        let mut cost = misfit + if piece.look.beyond_points { NO_POINTS } else { 0.0 };
        let behind_label = slot.label_item < number && self.totalled == Some(slot.section);
        cost += if behind_label { TOTAL } else { TOTAL_APART };
        if let Some(table) = self.slots.tables.iter().position(|table| table.section == slot.section)
            && let Some(column) = slot.adds_up
        {
            let bit = column_bit(self.plan.standing(column).position);
            let begun = state.begun(table);
            let lacking = (0..begun).filter(|row| state.mask(&self.room, table, *row) & bit == 0).count();
            cost += (lacking as f32 * TOTAL_TOO_EARLY).min(MOST_TOO_EARLY);
            if begun == 0 {
                cost += MOST_TOO_EARLY;
            }
            if let Some(whole) = piece.look.figure
                && whole < self.sum_of(state, column)
            {
                cost += BELOW_SUM;
            }
        }
        // The figures of one row come in order.
        let passed = self.slots.list.iter().enumerate().filter(|(other, it)| {
            it.section == slot.section
                && matches!(it.part, SlotPart::Total(_))
                && *other != at
                && (*other < at) == (state.filled & slot_bit(*other) == 0)
        });
        cost += passed.count() as f32 * PASS_COLUMN;
        self.push(state, from, Action::Begin { slot: at, row: 0 }, cost, state.by_columns);
    }

    /// A cell of a table, in each row where it may stand.
    fn fill_strewn(
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
        let (begun, limit) = (state.begun(table_number), self.room.limit(table_number));
        let has = |row: usize| state.mask(&self.room, table_number, row) & bit != 0;
        let mut base = misfit + self.under_heads(table, at) + if is_scrap(piece) { FIELD_OF_ONE } else { 0.0 };
        let has_units = || table.columns.iter().any(|at| slots.list.get(*at).is_some_and(|it| it.holds == Holds::Unit));
        if slot.kind == Type::Quantity && piece.shape == Shape::Number && has_units() {
            base -= misfit;
        }
        if slot.section < usize::from(state.section) && table.lead == Some(at) {
            base += NAME_BEHIND_TABLE;
        }
        if number < table.opens_at {
            base += BEFORE_TABLE;
        }
        if slot.kind == Type::Prose && piece.joins && !piece.after_gap && state.last.is_some() {
            base += WITHIN_BLOCK;
        }
        if slot.kind != Type::Prose && self.labelled.is_some_and(|label| state.filled & slot_bit(label) == 0) {
            base += LEFT_LABEL;
        }
        if table.lead == Some(at) {
            base += as_name(piece);
            if self.again.contains(&piece.look.hash) {
                base += NAME_AGAIN;
            }
            if piece.look.figure.is_some() {
                base += FIGURE_AS_NAME;
            }
        }
        let is_remark = !slot.required && slot.kind == Type::Text && table.lead != Some(at);
        if is_remark
            && piece.look.length > 2
            && !slots.blanks.contains(&piece.look.hash)
            && slot.words.is_empty()
            && self.again.contains(&piece.look.hash)
        {
            base += UNIT_AGAIN;
        }
        if is_remark && slot.holds == Holds::Anything {
            base += if self.headed == Some(slot.section) { REMARK_UNDER_HEADING } else { REMARK };
        }
        base += match (slot.holds, piece.shape) {
            (Holds::Nature, Shape::Sign) if !piece.look.compares => OTHERS_SIGN,
            (Holds::Unit, Shape::Sign) if piece.look.compares => OTHERS_SIGN,
            (Holds::Nature, Shape::Word) if !slot.words.is_empty() && !self.owned => OTHERS_SIGN,
            _ => 0.0,
        };
        // A block goes on with its cell.
        if piece.joins && piece.first_on_line && !piece.after_gap && state.last.is_some() {
            base += WITHIN_BLOCK_CELL;
        }
        if slot.holds == Holds::Points && !table.labelled {
            let weighs =
                table.columns.iter().find(|at| slots.list.get(**at).is_some_and(|it| it.holds == Holds::Points));
            base += match piece.shape {
                Shape::Mark => NO_POINTS_IN_ROW,
                _ if piece.look.figure == Some(Decimal::ONE_HUNDRED) => ALL_POINTS,
                _ if piece.look.is_zero && weighs == Some(&at) => NO_POINTS_IN_ROW,
                _ => 0.0,
            };
        }
        let here = state.cursor.and_then(|(slot, row)| {
            let it = slots.list.get(slot as usize)?;
            (it.table == Some(table_number)).then(|| (self.plan.standing(slot as usize).position, row as usize))
        });
        let end = if table.labelled { limit } else { begun };
        let wants = |rows: std::ops::Range<usize>| rows.clone().find(|row| !has(*row));
        let start = here.map_or(0, |(_, row)| row);
        let rows = [
            wants(start..end.min(start + 1)),
            wants(start + 1..end),
            wants(0..end),
            (begun < limit).then_some(begun),
            self.labelled_row(table_number).filter(|row| *row < limit && !has(*row)),
        ];
        for number_of in 0..rows.len() {
            let Some(row) = rows[number_of] else { continue };
            if rows[..number_of].contains(&Some(row)) {
                continue;
            }
            let (step, down) = self.strewn_step(state, piece, (table_number, table), (at, position), here, row);
            let mut cost = base + step;
            if table.labelled && self.labelled_row(table_number).is_some_and(|labelled| labelled != row) {
                cost += OTHER_LABEL;
            }
            if slot.holds == Holds::Points
                && table.labelled
                && row > 0
                && piece.look.figure.is_some_and(|it| !it.is_zero())
            {
                cost += POINTS_OF_SOURCE;
            }
            // Beside a column of units the figure aimed at is bare, and the one reached may have its unit.
            let kin = self.beside(state, piece, (table_number, table), (at, slot), row);
            if !(kin == BARE_BESIDE_UNIT && has_units()) {
                cost += kin;
            }
            cost += self.unlike(state, piece, (table_number, table), at, row);
            self.push(state, from, Action::Begin { slot: at, row }, cost, down);
        }
    }

    /// The row whose label stands right before the cells.
    fn labelled_row(&self, table: usize) -> Option<usize> {
        let it = self.slots.tables.get(table)?;
        (it.labelled && self.row_labelled == Some(table))
            .then(|| self.labelled_rows.get(table)?.checked_sub(1))
            .flatten()
    }

    /// The cost of the step to a row, and whether it goes down a column.
    fn strewn_step(
        &self,
        state: &State,
        piece: &Piece,
        (table_number, table): (usize, &SlotTable),
        (at, position): (usize, usize),
        here: Option<(usize, usize)>,
        row: usize,
    ) -> (f32, bool) {
        let begun = state.begun(table_number);
        let leads = table.lead == Some(at);
        let lead = table.lead.map(|lead| self.plan.standing(lead).position);
        let bit = column_bit(position);
        let mask = |row: usize| state.mask(&self.room, table_number, row);
        let slot = self.slots.list.get(at);
        let remark =
            slot.is_some_and(|slot| !slot.required && slot.kind == Type::Text && slot.holds == Holds::Anything);
        let each = match (leads, remark) {
            (true, _) => PASS_NAME,
            (_, true) => PASS_SPARE,
            _ => PASS_FIGURE,
        };
        let passed = (0..row.min(begun)).filter(|row| mask(*row) & bit == 0).count();
        // Cells on a line are one row's.
        let on_line = !piece.leads_line && here.is_some_and(|(_, before)| before == row);
        let mut cost = if on_line { 0.0 } else { (passed as f32 * each).min(MOST_PASSED) };
        if !piece.leads_line && here.is_some_and(|(_, before)| before != row) {
            cost += OTHER_ROW_ON_LINE;
        }
        if row >= begun && !leads && lead.is_some() {
            cost += NAMELESS;
        }
        let Some((column, before)) = here else {
            let earlier = slot.is_some_and(|slot| slot.section < usize::from(state.section));
            let loose = match slot.map(|slot| slot.kind) {
                Some(Type::Prose) if earlier => LATE_PARAGRAPH,
                _ if remark => LOOSE_REMARK,
                _ => 0.0,
            };
            return (cost + loose + if earlier { EARLIER_TABLE } else { OTHER_TABLE }, false);
        };
        let wanted = |of: usize, row: usize| {
            mask(row) & column_bit(of) == 0
                && table
                    .columns
                    .get(of)
                    .and_then(|at| self.slots.list.get(*at))
                    .is_some_and(|slot| !matches!(slot.kind, Type::Text) || slot.holds != Holds::Anything)
        };
        if row == before {
            if position > column {
                let passed = (column + 1..position).filter(|of| Some(*of) != lead && wanted(*of, row)).count();
                return (cost + passed as f32 * PASS_COLUMN, false);
            }
            return (cost + if leads { NAME_BEHIND } else { LEFTWARD }, false);
        }
        if remark && position != column {
            return (cost + LOOSE_REMARK, false);
        }
        if position == column && row > before {
            return (cost + if state.by_columns { FURTHER_DOWN } else { DOWN }, true);
        }
        if row > before {
            let first = (0..position).all(|of| Some(of) == lead || !wanted(of, row));
            let step = match (leads, first) {
                (true, _) => NEXT_ROW,
                (false, true) if lead.is_none_or(|lead| mask(row) & column_bit(lead) != 0) => NEXT_NAMED_ROW,
                (false, true) => NEXT_NAMELESS_ROW,
                (false, false) => LEAP,
            };
            return (cost + step, false);
        }
        if leads {
            return (cost + LATE_NAME, false);
        }
        if position == column {
            return (cost + if passed == 0 { GAP_FILLED } else { LEAP }, true);
        }
        if !state.by_columns {
            return (cost + LEAP, false);
        }
        let over = match position > column {
            true => {
                (column + 1..position).filter(|of| Some(*of) != lead && wanted(*of, row)).count() as f32 * PASS_COLUMN
            }
            false => COLUMN_BACK,
        };
        let unfinished = before + 1 < begun && wanted(column, before + 1);
        (cost + NEXT_COLUMN + over + if unfinished { UNFINISHED } else { 0.0 }, true)
    }
}
