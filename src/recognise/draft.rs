//! A form before its values are typed: which characters fill which field and cell.

use std::collections::BTreeMap;

use super::stream::Span;

/// Which characters of the stream fill which slot of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    /// Fields by id. One with a label and no text has no spans.
    pub(crate) fields: BTreeMap<String, DraftCell>,
    /// Rows by section number.
    pub(crate) tables: BTreeMap<usize, Vec<DraftRow>>,
    /// Characters of labels, headings, vocabulary words and boilerplate.
    pub(crate) labels: Vec<Span>,
    /// One past the last character of the form.
    pub(crate) end: usize,
}

/// A row of a table by column id.
pub(crate) type DraftRow = BTreeMap<String, DraftCell>;

/// The text of a field or a cell.
#[derive(Clone, Debug)]
pub(crate) enum DraftCell {
    /// Text of its own.
    Text(DraftText),
    /// Merged with the cell of an earlier row.
    Shared(usize),
}

/// Text that fills a slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct DraftText {
    /// Its characters, in order; none when the slot is blank.
    pub(crate) spans: Vec<Span>,
    /// The label that claims it, for the place of a blank value.
    pub(crate) label: Option<Span>,
    /// From 0 to 1.
    pub(crate) confidence: f64,
    /// Whether its pieces are one figure or word torn by a vertical or wrapped label, not lines of their own.
    pub(crate) torn: bool,
    /// Whether the characters are also a label or heading, counted there and not as a value of their own.
    pub(crate) is_label: bool,
}

impl Draft {
    /// Adds text to a field, behind what is there.
    pub(crate) fn push_field(&mut self, id: &str, text: DraftText) {
        push(self.fields.entry(id.to_owned()).or_insert_with(empty), text);
    }

    /// Adds text to a cell, behind what is there.
    pub(crate) fn push_cell(&mut self, section: usize, row: usize, column: &str, text: DraftText) {
        let rows = self.tables.entry(section).or_default();
        if rows.len() <= row {
            rows.resize_with(row + 1, DraftRow::new);
        }
        if let Some(cells) = rows.get_mut(row) {
            push(cells.entry(column.to_owned()).or_insert_with(empty), text);
        }
    }
}

fn empty() -> DraftCell {
    DraftCell::Text(DraftText { confidence: 1.0, ..DraftText::default() })
}

fn push(cell: &mut DraftCell, text: DraftText) {
    if let DraftCell::Text(there) = cell {
        there.spans.extend(text.spans);
        there.label = there.label.take().or(text.label);
        there.confidence = there.confidence.min(text.confidence);
        there.is_label |= text.is_label;
        there.torn |= text.torn;
    } else {
        *cell = DraftCell::Text(text);
    }
}
