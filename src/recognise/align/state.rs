//! A reading of the form's beginning: what is filled, where the tool's walk over the tables stands, what it cost.

use super::super::slots::Slots;
use super::plan::{column_bit, slot_bit};

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

/// No step: the beginning of every trail.
pub(super) const NO_STEP: u32 = u32::MAX;

/// A step of a reading.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    pub(super) before: u32,
    pub(super) item: u32,
    pub(super) action: Action,
}

/// A slot and row by number.
pub(super) type Place = (u8, u8);

/// A reading so far.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) cost: f32,
    /// Part of the cost: what is charged for cells that rows lack so far, and how many these are.
    pub(super) pending: f32,
    pub(super) lacking: u16,
    /// Part of the cost: what is charged for cells of rows that the walk which brings what rows lack has passed over.
    pub(super) given_up: f32,
    /// For each table the rows that such a walk has passed over.
    pub(super) passed: [u8; MAX_TABLES],
    /// The last of its steps.
    pub(super) trail: u32,
    /// The fields and block scores that have a value, a bit each.
    pub(super) filled: u64,
    /// For each row of each table (see [`Room`]) the columns that have a value, a bit each.
    pub(super) rows: Box<[u16]>,
    /// For each table the columns that have a value in any row, a bit each.
    pub(super) used: [u16; MAX_TABLES],
    /// For each table how many rows have begun.
    pub(super) begun: [u8; MAX_TABLES],
    /// Where the piece before went, if the next may go on with it.
    pub(super) last: Option<Place>,
    /// The last cell filled.
    pub(super) cursor: Option<Place>,
    /// The filled columns of the row of that cell.
    pub(super) at_cursor: u16,
    /// The section that the last value belongs to.
    pub(super) section: u8,
    /// The furthest label whose value has come after it.
    pub(super) furthest_label: u32,
    /// Whether the walk goes down columns.
    pub(super) by_columns: bool,
    /// Whether the last field was filled before its label.
    pub(super) values_first: bool,
    pub(super) ended: bool,
    /// Sum of a number for each bit of `filled` and `rows`.
    hash: u64,
}

/// Most tables of one form whose rows are told apart. The richest family has five.
pub(super) const MAX_TABLES: usize = 8;
/// Most columns of one table.
pub(super) const MAX_COLUMNS: usize = 16;

/// Where each table has its rows in [`State::rows`].
#[derive(Clone, Debug)]
pub(super) struct Room {
    start: Vec<usize>,
    limit: Vec<usize>,
    rows: usize,
}

impl Room {
    /// Rows for each table of `slots`, in a form of so many pieces.
    pub(super) fn new(slots: &Slots, pieces: usize) -> Room {
        let mut room = Room { start: Vec::new(), limit: Vec::new(), rows: 0 };
        for table in slots.tables.iter().take(MAX_TABLES) {
            let limit = table.limit.min(pieces.max(1)).min(usize::from(u8::MAX));
            room.start.push(room.rows);
            room.limit.push(limit);
            room.rows += limit;
        }
        room
    }

    /// How many rows the table can have.
    pub(super) fn limit(&self, table: usize) -> usize {
        self.limit.get(table).copied().unwrap_or(0)
    }

    fn at(&self, table: usize, row: usize) -> Option<usize> {
        (row < self.limit(table)).then(|| self.start.get(table).map(|start| start + row)).flatten()
    }
}

impl State {
    /// Nothing read yet.
    pub(super) fn new(room: &Room) -> State {
        State {
            cost: 0.0,
            pending: 0.0,
            lacking: 0,
            given_up: 0.0,
            passed: [0; MAX_TABLES],
            trail: NO_STEP,
            filled: 0,
            rows: vec![0; room.rows].into_boxed_slice(),
            used: [0; MAX_TABLES],
            begun: [0; MAX_TABLES],
            last: None,
            cursor: None,
            at_cursor: 0,
            section: 0,
            furthest_label: 0,
            by_columns: false,
            values_first: false,
            ended: false,
            hash: 0,
        }
    }

    /// Becomes the same as another reading of the same form, in the memory that it has.
    pub(super) fn copy_from(&mut self, other: &State) {
        let mut rows = std::mem::take(&mut self.rows);
        if rows.len() == other.rows.len() {
            rows.copy_from_slice(&other.rows);
        } else {
            rows = other.rows.clone();
        }
        *self = State { rows, ..*other };
    }

    /// Another walk over the form begins.
    pub(super) fn walk_anew(&mut self) {
        self.last = None;
        self.cursor = None;
        self.section = 0;
        self.by_columns = false;
    }

    /// The filled columns of a row.
    pub(super) fn mask(&self, room: &Room, table: usize, row: usize) -> u16 {
        room.at(table, row).and_then(|at| self.rows.get(at)).copied().unwrap_or(0)
    }

    /// The columns of a table that have a value in any row.
    pub(super) fn used(&self, table: usize) -> u16 {
        self.used.get(table).copied().unwrap_or(0)
    }

    /// Rows begun in a table.
    pub(super) fn begun(&self, table: usize) -> usize {
        self.begun.get(table).copied().map_or(0, usize::from)
    }

    /// Marks a cell as filled.
    pub(super) fn fill_cell(&mut self, room: &Room, table: usize, row: usize, column: usize) {
        let Some(at) = room.at(table, row) else { return };
        if let Some(mask) = self.rows.get_mut(at) {
            *mask |= column_bit(column);
            self.at_cursor = *mask;
        }
        if let Some(used) = self.used.get_mut(table) {
            *used |= column_bit(column);
        }
        if let Some(begun) = self.begun.get_mut(table) {
            *begun = (*begun).max(row as u8 + 1);
        }
        self.hash = self.hash.wrapping_add(scatter((at * MAX_COLUMNS + column) as u64 + 64));
    }

    /// Marks a field as filled.
    pub(super) fn fill_field(&mut self, slot: usize) {
        self.filled |= slot_bit(slot);
        self.hash = self.hash.wrapping_add(scatter(slot as u64));
    }

    /// Whether two readings differ in their past only. Where the rows are `behind`, for a walk that never goes back, what
    /// they lack is past too, but for the last row of each table.
    pub(super) fn same_future(&self, other: &State, behind: bool) -> bool {
        self.last == other.last
            && self.cursor == other.cursor
            && self.section == other.section
            && self.by_columns == other.by_columns
            && self.values_first == other.values_first
            && self.ended == other.ended
            && self.filled == other.filled
            && if behind {
                self.begun == other.begun && self.at_cursor == other.at_cursor
            } else {
                self.hash == other.hash && self.rows == other.rows
            }
    }
}

/// Spreads the bits of a small number (the finaliser of SplitMix64).
fn scatter(number: u64) -> u64 {
    let mut z = number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
