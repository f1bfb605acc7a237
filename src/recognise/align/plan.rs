//! What no reading changes: where slots and columns stand to each other, as masks with a bit for each, so that a step of
//! the search compares masks and looks nothing up.

use super::super::shape::Holds;
use super::super::slots::{Slot, SlotPart, Slots};
use super::state::MAX_COLUMNS;
use crate::value::Type;

/// Of a table's columns, a bit each by position, those of a kind.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Columns {
    /// Those that a row lacks when they are empty: required, and not its name.
    pub(super) required: u16,
    /// The one that begins a row; none in a table of which no column does.
    pub(super) lead: u16,
    pub(super) quantities: u16,
    pub(super) points: u16,
    /// The slot of the first quantity, which is what was aimed at.
    pub(super) target: Option<usize>,
}

/// How a slot stands to others.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Standing {
    /// Which column of its table it is.
    pub(super) position: usize,
    /// The fields whose label stands behind its own.
    pub(super) fields_behind: u64,
    /// The slots of the same label that come before it, and those that come after.
    pub(super) siblings_before: u64,
    pub(super) siblings_after: u64,
}

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Plan {
    slots: Vec<Standing>,
    tables: Vec<Columns>,
}

impl Plan {
    pub(super) fn new(slots: &Slots) -> Plan {
        let position = |at: usize, slot: &Slot| {
            let table = slot.table.and_then(|table| slots.tables.get(table))?;
            table.columns.iter().position(|it| *it == at)
        };
        let mask = |wanted: &dyn Fn(usize, &Slot) -> bool| {
            let those = slots.list.iter().enumerate().filter(|(at, slot)| wanted(*at, slot));
            those.fold(0u64, |mask, (at, _)| mask | slot_bit(at))
        };
        let standing = |(at, slot): (usize, &Slot)| Standing {
            position: position(at, slot).unwrap_or(0).min(MAX_COLUMNS - 1),
            fields_behind: mask(&|_, it| matches!(it.part, SlotPart::Field(_)) && it.label_item > slot.label_item),
            siblings_before: mask(&|other, it| it.label_item == slot.label_item && other < at),
            siblings_after: mask(&|other, it| it.label_item == slot.label_item && other > at),
        };
        let columns = |table: &super::super::slots::SlotTable| {
            let mut columns = Columns::default();
            for (position, at) in table.columns.iter().enumerate() {
                let Some(slot) = slots.list.get(*at) else { continue };
                let bit = column_bit(position);
                let leads = table.lead == Some(*at);
                columns.lead |= if leads { bit } else { 0 };
                columns.required |= if slot.required && !leads { bit } else { 0 };
                columns.points |= if slot.holds == Holds::Points { bit } else { 0 };
                if slot.kind == Type::Quantity {
                    columns.quantities |= bit;
                    columns.target = columns.target.or(Some(*at));
                }
            }
            columns
        };
        Plan {
            slots: slots.list.iter().enumerate().map(standing).collect(),
            tables: slots.tables.iter().map(columns).collect(),
        }
    }

    /// How a slot stands to others.
    pub(super) fn standing(&self, slot: usize) -> Standing {
        self.slots.get(slot).copied().unwrap_or_default()
    }

    /// The columns of a table by kind.
    pub(super) fn columns(&self, table: usize) -> Columns {
        self.tables.get(table).copied().unwrap_or_default()
    }
}

/// The bit of a slot.
pub(super) fn slot_bit(slot: usize) -> u64 {
    1 << slot.min(63)
}

/// The bit of a column by its position.
pub(super) fn column_bit(position: usize) -> u16 {
    1 << position.min(MAX_COLUMNS - 1)
}
