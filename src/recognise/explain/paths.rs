//! Places of a form in the words of its record: `fields.unit`, `tables.budget[0].score`.

use crate::pattern::Pattern;
use crate::recognise::lexicon::Owner;
use crate::recognise::sequence::{field_of, table_of};
use crate::recognise::slots::{Slot, SlotPart};

/// The field `id`.
pub(super) fn field(id: &str) -> String {
    format!("fields.{id}")
}

/// A cell of the table that a section is; of any row without one.
pub(super) fn cell(pattern: &Pattern, section: usize, row: Option<usize>, column: &str) -> String {
    let table = pattern.sections.get(section).map_or("", |section| section.id.as_str());
    let row = row.map(|row| row.to_string()).unwrap_or_default();
    format!("tables.{table}[{row}].{column}")
}

/// What text in `slot` becomes.
pub(super) fn of_slot(pattern: &Pattern, slot: &Slot, row: usize) -> Option<String> {
    match slot.part {
        SlotPart::Field(at) => field_of(pattern, slot.section, at).map(|it| field(&it.id)),
        SlotPart::Column(at) => {
            let column = table_of(pattern, slot.section)?.columns.get(at)?;
            Some(cell(pattern, slot.section, Some(row), &column.id))
        }
        SlotPart::BlockScore => table_of(pattern, slot.section)?.block_score.as_deref().map(field),
        SlotPart::Total(at) => {
            let (_, id) = table_of(pattern, slot.section)?.total.as_ref()?.fields.get(at)?;
            Some(field(id))
        }
    }
}

/// What a text of the pattern is the label of.
pub(super) fn of_owner(pattern: &Pattern, owner: Owner) -> String {
    let id = |section: usize| pattern.sections.get(section).map_or("", |section| section.id.as_str());
    let found = match owner {
        Owner::Label { section, field: at } | Owner::Words { section, field: at } => {
            field_of(pattern, section, at).map(|it| field(&it.id))
        }
        Owner::Column { section, column } => table_of(pattern, section)
            .and_then(|table| table.columns.get(column))
            .map(|column| cell(pattern, section, None, &column.id)),
        Owner::GroupHead { section, group } | Owner::Word { section, group, .. } => table_of(pattern, section)
            .and_then(|table| table.groups.get(group))
            .map(|group| cell(pattern, section, None, &group.column)),
        Owner::RowLabel { section } => Some(format!("tables.{}[]", id(section))),
        Owner::Total { section } => Some(format!("tables.{}.total", id(section))),
        Owner::Spare { section } => Some(format!("tables.{}.spare", id(section))),
        Owner::Heading { section } => Some(format!("sections.{}", id(section))),
        Owner::Furniture { .. } => Some("furniture".to_owned()),
    };
    found.unwrap_or_default()
}
