//! The assignment of a form's pieces to its slots, as one search for the cheapest reading of the whole form.
//!
//! A dump tool walks a form row by row, or column by column for a while. The search goes over the items once and
//! keeps the cheapest readings so far. A reading's cost grows with each piece that does not look like its slot's
//! type, with each label passed over, with each change of the walk and with each cell left empty; so that counts
//! agree at the end (as many names as targets, as many targets as actuals) without any rule that says where a row
//! ends. Work is bounded: items × [`BEAM`] × slots.

use super::items::{Item, Piece};
use super::lexicon::Owner;
use super::segment::Segment;
use super::shape::{Shape, misfit};
use super::slots::{MAX_ROWS, MAX_SLOTS, Slot, SlotPart, SlotTable, Slots};
use crate::value::Type;

/// Readings kept after each item. Forty suffice where order is lost for a dozen pieces; more costs time only.
const BEAM: usize = 40;
/// A reading this much dearer than the cheapest is given up: about two pieces left unread.
const MARGIN: f32 = 7.0;
/// Final readings compared for the confidence of each value.
const RUNNERS_UP: usize = 8;

/// Cost a piece up to which a reading is an easy one: whole dumps that a person reads without stopping stay below.
const EASY_STRAIN: f64 = 0.07;
/// Confidence lost for each doubt a piece beyond that. At a strain of 0.12 half is lost: the order of the dump is
/// lost too, and a figure may stand in another's row.
const LOST_BY_STRAIN: f64 = 11.0;

// Costs. Their unit is a doubt; about 4 of them amount to not understanding a piece at all.

/// A piece that no slot takes.
const UNREAD: f32 = 4.0;
/// Passing over an open label whose value may still come.
const PASS_OPEN_LABEL: f32 = 0.4;
/// Each label between a field's own and the piece.
const LABEL_BETWEEN: f32 = 0.25;
const MAX_LABELS_BETWEEN: f32 = 2.0;
/// A value that stands before its label, and each item between.
const BEFORE_LABEL: f32 = 1.4;
const BEFORE_LABEL_ITEM: f32 = 0.3;
/// The same again: a tool that puts one value before its label does so with the next.
const BEFORE_LABEL_AGAIN: f32 = 0.1;
/// A blank line between a label and its value, either way.
const GAP_TO_LABEL: f32 = 0.3;
/// How many items ahead a label may stand.
const LOOK_AHEAD: usize = 8;
/// A cell before any head of its table.
const BEFORE_HEAD: f32 = 2.5;
/// A cell after a label of a later section.
const AFTER_SECTION: f32 = 0.6;
/// A change from rows to columns, a step to the head of another column, and the way back to rows.
const TO_COLUMNS: f32 = 1.2;
const NEXT_COLUMN: f32 = 0.5;
const TO_ROWS: f32 = 0.6;
/// A cell in a row that does not go on from the cell before.
const OUT_OF_TURN: f32 = 0.8;
/// A row that begins in the middle of a line.
const ROW_IN_LINE: f32 = 0.4;
/// Each required cell of a column that a reading leaves empty, and each other.
const EMPTY_REQUIRED: f32 = 1.2;
const EMPTY_OPTIONAL: f32 = 0.05;
/// A required field left empty, and another.
const BLANK_REQUIRED: f32 = 0.8;
const BLANK_OPTIONAL: f32 = 0.3;
/// A block score that does not stand on a line of its own.
const BLOCK_SCORE: f32 = 0.6;
const BLOCK_SCORE_IN_LINE: f32 = 2.0;
/// The end of the form before the end of its stretch.
const END_OF_FORM: f32 = 0.8;

/// What became of a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    /// It begins the text of a slot (and row).
    Begin { slot: usize, row: usize },
    /// It goes on with the text of the piece before.
    Continue { slot: usize, row: usize },
    /// Nothing takes it.
    Unread,
    /// It stands behind the end of the form.
    Outside,
}

/// A piece, what became of it, and how sure that is.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) item: usize,
    pub(crate) action: Action,
    /// From 0 to 1: how much dearer the best reading with another action is.
    pub(crate) confidence: f64,
}

#[derive(Clone, Copy)]
struct State {
    cost: f32,
    trail: u32,
    open: u64,
    filled: u64,
    counts: [u8; MAX_SLOTS],
    last: Option<(u8, u8)>,
    by_columns: bool,
    /// Whether the last field was filled before its label.
    values_first: bool,
    ended: bool,
}

impl State {
    fn same_future(&self, other: &State) -> bool {
        self.filled == other.filled
            && self.last == other.last
            && self.by_columns == other.by_columns
            && self.values_first == other.values_first
            && self.ended == other.ended
            && self.counts == other.counts
    }
}

struct Step {
    before: u32,
    item: u32,
    action: Action,
}

struct Search<'a> {
    segment: &'a Segment,
    slots: &'a Slots,
    steps: Vec<Step>,
    /// For each table the rows begun by row labels so far.
    labelled_rows: Vec<usize>,
    last_label: usize,
}

/// Finds the cheapest reading.
pub(crate) fn align(items: &[Item], segment: &Segment, slots: &Slots) -> Vec<Placed> {
    let last_label = items
        .iter()
        .rposition(
            |item| matches!(item, Item::Hit(hit) if !matches!(segment.hits[*hit].owner, Owner::Furniture { .. })),
        )
        .unwrap_or(0);
    let mut search =
        Search { segment, slots, steps: Vec::new(), labelled_rows: vec![0; slots.tables.len()], last_label };
    let start = State {
        cost: 0.0,
        trail: u32::MAX,
        open: 0,
        filled: 0,
        counts: [0; MAX_SLOTS],
        last: None,
        by_columns: false,
        values_first: false,
        ended: false,
    };
    let mut beam = vec![start];
    let mut next = Vec::new();
    for (number, item) in items.iter().enumerate() {
        match item {
            Item::Hit(hit) => search.pass_label(*hit, &mut beam),
            Item::Piece(piece) => {
                next.clear();
                for state in &beam {
                    search.expand(state, number, piece, &mut next);
                }
                prune(&mut next, &mut beam);
            }
        }
    }
    search.finish(beam)
}

/// Keeps the cheapest of `candidates` in `beam`, of those with the same future only one.
fn prune(candidates: &mut [State], beam: &mut Vec<State>) {
    candidates.sort_by(|one, other| one.cost.total_cmp(&other.cost).then(one.trail.cmp(&other.trail)));
    beam.clear();
    let limit = candidates.first().map_or(0.0, |best| best.cost + MARGIN);
    for candidate in candidates.iter() {
        if candidate.cost > limit || beam.len() >= BEAM {
            break;
        }
        if !beam.iter().any(|kept| kept.same_future(candidate)) {
            beam.push(*candidate);
        }
    }
}

impl Search<'_> {
    fn pass_label(&mut self, hit: usize, beam: &mut [State]) {
        let hit = &self.segment.hits[hit];
        let mut last = None;
        match hit.owner {
            Owner::Furniture { .. } => return,
            Owner::Label { section, field } => {
                if let Some(slot) = self.slots.field(section, field) {
                    beam.iter_mut().for_each(|state| state.open |= 1 << slot);
                }
            }
            Owner::Total { section } => {
                let totals = self.slots.list.iter().enumerate();
                let totals = totals.filter(|(_, it)| it.section == section && matches!(it.part, SlotPart::Total(_)));
                let bits = totals.fold(0u64, |bits, (at, _)| bits | 1 << at);
                beam.iter_mut().for_each(|state| state.open |= bits);
            }
            Owner::RowLabel { section } => {
                if let Some(number) = self.slots.tables.iter().position(|table| table.section == section) {
                    self.labelled_rows[number] += 1;
                }
                last = None;
            }
            _ if hit.torn => return,
            _ => {}
        }
        beam.iter_mut().for_each(|state| state.last = last);
    }

    fn push(&mut self, next: &mut Vec<State>, mut state: State, item: usize, action: Action, cost: f32) {
        state.cost += cost;
        self.steps.push(Step { before: state.trail, item: item as u32, action });
        state.trail = self.steps.len() as u32 - 1;
        next.push(state);
    }

    fn expand(&mut self, state: &State, number: usize, piece: &Piece, next: &mut Vec<State>) {
        if state.ended {
            self.push(next, *state, number, Action::Outside, 0.02);
            return;
        }
        if number > self.last_label && piece.after_gap && piece.first_on_line {
            let ended = State { ended: true, last: None, ..*state };
            self.push(next, ended, number, Action::Outside, END_OF_FORM);
        }
        let unread = State { last: None, ..*state };
        self.push(next, unread, number, Action::Unread, UNREAD);
        self.go_on(state, number, piece, next);
        for at in 0..self.slots.list.len() {
            let slot = &self.slots.list[at];
            let misfit = misfit(slot.kind, piece.shape);
            if misfit >= UNREAD {
                continue;
            }
            match (slot.part, slot.table) {
                (SlotPart::Field(_) | SlotPart::Total(_), _) => self.fill_field(state, number, piece, at, misfit, next),
                (SlotPart::Column(_), Some(table)) => self.fill_cell(state, number, piece, (at, table), misfit, next),
                (SlotPart::BlockScore, Some(table)) => self.fill_block(state, number, piece, (at, table), misfit, next),
                _ => {}
            }
        }
    }

    /// The piece goes on with the text of the piece before.
    fn go_on(&mut self, state: &State, number: usize, piece: &Piece, next: &mut Vec<State>) {
        let Some((slot, row)) = state.last else { return };
        if !piece.joins {
            return;
        }
        let Some(it) = self.slots.list.get(slot as usize) else { return };
        let same_line = !piece.first_on_line;
        let figure = matches!(piece.shape, Shape::Number | Shape::Percent);
        let mut cost = match (it.kind, same_line) {
            (Type::Prose, true) => 0.1,
            (Type::Prose, false) => 0.08,
            (Type::Choices, _) => 0.1,
            (Type::Text, true) if it.table.is_none() => 0.3,
            (Type::Text, true) => 0.7,
            (Type::Text, false) if it.table.is_none() => 0.5,
            (Type::Text, false) => 0.9,
            (Type::Quantity | Type::Date, true) => 1.1,
            (Type::Quantity | Type::Date, false) => 1.3,
            (Type::Decimal | Type::Percent | Type::Integer, _) => return,
        };
        if same_line && piece.blanks_before > 1 && it.kind != Type::Choices {
            cost += 0.5;
        }
        if piece.first_on_line && piece.after_gap {
            cost += if it.kind == Type::Prose { 0.15 } else { 1.0 };
        }
        if figure {
            cost += if piece.alone || it.kind != Type::Prose { 2.5 } else { 0.3 };
        }
        let action = Action::Continue { slot: slot as usize, row: row as usize };
        self.push(next, *state, number, action, cost);
    }

    fn fill_field(
        &mut self,
        state: &State,
        number: usize,
        piece: &Piece,
        at: usize,
        misfit: f32,
        next: &mut Vec<State>,
    ) {
        let bit = 1u64 << at;
        if state.filled & bit != 0 {
            return;
        }
        let slot = &self.slots.list[at];
        let values_first = slot.label_item > number;
        let cost = if !values_first {
            let passed = self.slots.list.iter().enumerate().filter(|(other, it)| {
                state.open & !state.filled & (1u64 << other) != 0
                    && it.label_item > slot.label_item
                    && it.label_item < number
                    && matches!(it.part, SlotPart::Field(_))
            });
            // The fields of one label fill in their order.
            let siblings = self.slots.list.iter().enumerate().filter(|(other, it)| {
                it.label_item == slot.label_item
                    && (*other < at) == (state.filled & (1u64 << other) == 0)
                    && *other != at
            });
            let out_of_order = siblings.count() as f32 * PASS_OPEN_LABEL;
            let between = (piece.labels_before.saturating_sub(slot.label_number + 1)) as f32;
            let gap = if piece.first_on_line && piece.after_gap { GAP_TO_LABEL } else { 0.0 };
            gap + out_of_order
                + passed.count() as f32 * PASS_OPEN_LABEL
                + (between * LABEL_BETWEEN).min(MAX_LABELS_BETWEEN)
        } else if slot.label_item - number <= LOOK_AHEAD {
            let habit = if state.values_first { BEFORE_LABEL_AGAIN } else { BEFORE_LABEL };
            habit + BEFORE_LABEL_ITEM * (slot.label_item - number - 1) as f32
        } else {
            return;
        };
        let state = State { filled: state.filled | bit, last: Some((at as u8, 0)), values_first, ..*state };
        self.push(next, state, number, Action::Begin { slot: at, row: 0 }, cost + misfit);
    }

    fn fill_block(
        &mut self,
        state: &State,
        number: usize,
        piece: &Piece,
        (at, table): (usize, usize),
        misfit: f32,
        next: &mut Vec<State>,
    ) {
        if state.counts[at] > 0 || number < self.slots.tables[table].opens_at {
            return;
        }
        let cost = if piece.alone { BLOCK_SCORE } else { BLOCK_SCORE_IN_LINE };
        let mut state = State { last: None, ..*state };
        state.counts[at] = 1;
        self.push(next, state, number, Action::Begin { slot: at, row: 0 }, cost + misfit);
    }

    fn fill_cell(
        &mut self,
        state: &State,
        number: usize,
        piece: &Piece,
        (at, table_number): (usize, usize),
        misfit: f32,
        next: &mut Vec<State>,
    ) {
        let table = &self.slots.tables[table_number];
        let slot = &self.slots.list[at];
        let mut base = misfit;
        if number < table.opens_at {
            base += BEFORE_HEAD;
        } else if number < slot.label_item {
            base += BEFORE_LABEL;
        }
        if self.in_later_section(slot, number) {
            base += AFTER_SECTION;
        }
        if slot.kind == Type::Prose && piece.joins && state.last.is_some() {
            base += new_paragraph(piece);
        }
        let filled = state.counts[at] as usize;
        let row_wise = self.row_step(state, piece, at, table_number, table);
        let column_wise = self.column_step(state, at, table);
        let choices = match (row_wise, column_wise) {
            (Some((row, cost)), Some((other, dearer))) if row == other && cost <= dearer => {
                [row_wise.map(|it| (it, false)), None]
            }
            (row, column) => [row.map(|it| (it, false)), column.map(|it| (it, true))],
        };
        for ((row, cost), by_columns) in choices.into_iter().flatten() {
            if row >= table.limit || row < filled {
                continue;
            }
            let empty = (row - filled) as f32 * if slot.required { EMPTY_REQUIRED } else { EMPTY_OPTIONAL };
            let mut state = State { by_columns, last: Some((at as u8, row as u8)), ..*state };
            state.counts[at] = (row + 1) as u8;
            self.push(next, state, number, Action::Begin { slot: at, row }, base + cost + empty);
        }
    }

    /// The row and cost of a cell in this column when the tool goes on row by row.
    fn row_step(
        &self,
        state: &State,
        piece: &Piece,
        at: usize,
        table_number: usize,
        table: &SlotTable,
    ) -> Option<(usize, f32)> {
        let last = state.last.filter(|(slot, _)| self.slots.list[*slot as usize].table == Some(table_number));
        let mut cost = if state.by_columns { TO_ROWS } else { 0.0 };
        let lead_count = table.lead.map(|lead| state.counts[lead] as usize);
        let row = match (table.labelled, table.lead) {
            (true, _) => self.labelled_rows[table_number].max(1) - 1,
            (false, Some(lead)) if lead == at => {
                if last.is_some() && !piece.first_on_line {
                    cost += ROW_IN_LINE;
                }
                return Some((lead_count?, cost)).filter(|(row, _)| *row < MAX_ROWS);
            }
            (false, Some(_)) => lead_count?.checked_sub(1)?,
            (false, None) => 0,
        };
        let position = |slot: usize| table.columns.iter().position(|it| *it == slot);
        match last {
            Some((slot, last_row)) if last_row as usize == row && position(slot as usize) < position(at) => {}
            None if table.labelled || table.limit == 1 => {}
            _ => cost += OUT_OF_TURN,
        }
        Some((row, cost))
    }

    /// The row and cost of a cell in this column when the tool goes on column by column.
    fn column_step(&self, state: &State, at: usize, table: &SlotTable) -> Option<(usize, f32)> {
        let row = state.counts[at] as usize;
        if table.limit == 1 || row >= table.limit {
            return None;
        }
        let mut cost = if state.by_columns { 0.0 } else { TO_COLUMNS };
        if state.last != row.checked_sub(1).map(|row| (at as u8, row as u8)) {
            cost += NEXT_COLUMN;
        }
        Some((row, cost))
    }

    fn in_later_section(&self, slot: &Slot, number: usize) -> bool {
        self.slots.list.iter().any(|other| {
            other.section > slot.section && matches!(other.part, SlotPart::Field(_)) && other.label_item < number
        })
    }

    fn finish(&self, beam: Vec<State>) -> Vec<Placed> {
        let mut finals: Vec<(f32, u32)> =
            beam.iter().map(|state| (state.cost + self.left_empty(state), state.trail)).collect();
        finals.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        finals.truncate(RUNNERS_UP);
        let Some((best_cost, best)) = finals.first().copied() else { return Vec::new() };
        let mut placed = self.trail(best);
        let strain = f64::from(best_cost) / placed.len().max(1) as f64;
        let trust = 1.0 - (strain - EASY_STRAIN).max(0.0) * LOST_BY_STRAIN;
        placed.iter_mut().for_each(|one| one.confidence = trust.max(0.0));
        for (cost, trail) in finals.iter().skip(1) {
            // Two readings as cheap as each other are worth one half; a whole doubt of distance leaves little.
            let confidence = 1.0 - 0.5 * f64::from(best_cost - cost).exp();
            for (one, other) in placed.iter_mut().zip(self.trail(*trail)) {
                if one.action != other.action && confidence < one.confidence {
                    one.confidence = confidence;
                }
            }
        }
        placed
    }

    fn left_empty(&self, state: &State) -> f32 {
        let mut cost = 0.0;
        for (at, slot) in self.slots.list.iter().enumerate() {
            cost +=
                match (slot.part, slot.table) {
                    (SlotPart::Field(_) | SlotPart::Total(_), _) if state.filled & (1u64 << at) == 0 => {
                        if slot.required { BLANK_REQUIRED } else { BLANK_OPTIONAL }
                    }
                    (SlotPart::Column(_), Some(table)) if slot.required => {
                        let lead = self.slots.tables[table].lead.map_or(0, |lead| state.counts[lead]);
                        f32::from(lead.abs_diff(state.counts[at])) * EMPTY_REQUIRED
                    }
                    _ => 0.0,
                };
        }
        cost
    }

    fn trail(&self, mut at: u32) -> Vec<Placed> {
        let mut placed = Vec::new();
        while let Some(step) = self.steps.get(at as usize) {
            placed.push(Placed { item: step.item as usize, action: step.action, confidence: 1.0 });
            at = step.before;
        }
        placed.reverse();
        placed
    }
}

/// What it costs to begin another paragraph cell at this piece: little after a blank line.
fn new_paragraph(piece: &Piece) -> f32 {
    match (piece.first_on_line, piece.after_gap) {
        (true, true) => 0.2,
        (true, false) => 0.5,
        (false, _) => 0.9,
    }
}

/// The piece of an item.
pub(crate) fn piece_of(items: &[Item], at: usize) -> Option<&Piece> {
    match items.get(at)? {
        Item::Piece(piece) => Some(piece),
        Item::Hit(_) => None,
    }
}
