//! A form before its values are typed: which characters fill which field and cell.

use std::collections::BTreeMap;

use super::placement::Placement;
use super::stream::Span;

/// Which characters of the stream fill which slot of a form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    /// Fields by id. One with a label and no text has no spans.
    pub(crate) fields: BTreeMap<String, DraftCell>,
    /// Rows by section number.
    pub(crate) tables: BTreeMap<usize, Vec<DraftRow>>,
    /// Rows of `blocks`: headings with the weight or score printed beside them in their cell.
    pub(crate) blocks: Vec<DraftRow>,
    /// Section, group and word of the heading that the last of them is about.
    pub(crate) last_block: Option<(usize, usize, usize)>,
    /// Values inside of other text, by field: a project's name in the title. They stand in for a field without text.
    pub(crate) stand_ins: Vec<(String, DraftText)>,
    /// Characters of labels, headings, vocabulary words and boilerplate.
    pub(crate) labels: Vec<Span>,
    /// One past the last character of the form.
    pub(crate) end: usize,
    /// Whether the order of the text is lost; see [`crate::record::Form::disordered`].
    pub(crate) disordered: bool,
}

/// The confidence in a value that is as likely another's.
pub(crate) const ANOTHERS: f64 = 0.5;

/// A row of a table by column id.
pub(crate) type DraftRow = BTreeMap<String, DraftCell>;

/// The text of a field or a cell.
#[derive(Clone, Debug)]
pub(crate) enum DraftCell {
    /// Text of its own.
    Text(DraftText),
    /// Merged with the cell of an earlier row.
    Shared(usize),
    /// A number that the program gives: `goal`, `parent`.
    Index(usize),
}

/// Text that fills a slot.
#[derive(Clone, Debug, Default)]
pub(crate) struct DraftText {
    /// Its characters, in order; none when the slot is blank.
    pub(crate) spans: Vec<Span>,
    /// The label that claims it: the place of a blank value.
    pub(crate) label: Option<Span>,
    /// From 0 to 1.
    pub(crate) confidence: f64,
    /// Whether its pieces are one figure or word torn by a vertical or wrapped label, not lines of their own.
    pub(crate) torn: bool,
    /// Whether the characters are also a label or heading, counted there and not as a value of their own.
    pub(crate) is_label: bool,
    /// How it came here.
    pub(crate) placement: Placement,
    /// The word of the pattern that a badly read one stands for.
    pub(crate) word: Option<String>,
}

impl Draft {
    /// Adds text to a field, behind what is there.
    pub(crate) fn push_field(&mut self, id: &str, text: DraftText) {
        push(self.fields.entry(id.to_owned()).or_insert_with(empty), text);
    }

    /// Takes in what was read elsewhere in the form.
    pub(crate) fn merge(&mut self, other: Draft) {
        for (id, cell) in other.fields {
            match cell {
                DraftCell::Text(text) => self.push_field(&id, text),
                cell => {
                    self.fields.entry(id).or_insert(cell);
                }
            }
        }
        for (section, rows) in other.tables {
            self.tables.entry(section).or_default().extend(rows);
        }
        self.blocks.extend(other.blocks);
        self.last_block = other.last_block.or(self.last_block);
        self.stand_ins.extend(other.stand_ins);
        self.labels.extend(other.labels);
        self.end = self.end.max(other.end);
    }

    /// Doubts each value of lines whose order is lost, so that the cells they stand beside are none the worse for them.
    pub(crate) fn doubt_if_disordered(&mut self) {
        if !std::mem::take(&mut self.disordered) {
            return;
        }
        let rows = self.tables.values_mut().flatten().flat_map(|row| row.values_mut());
        for cell in self.fields.values_mut().chain(rows) {
            if let DraftCell::Text(text) = cell {
                text.confidence = text.confidence.min(ANOTHERS);
            }
        }
    }

    /// Whether the field has text.
    pub(crate) fn has_text(&self, id: &str) -> bool {
        matches!(self.fields.get(id), Some(DraftCell::Text(text)) if !text.spans.is_empty())
    }

    /// Puts a number that the program gives into a cell.
    pub(crate) fn push_index(&mut self, section: usize, row: usize, column: &str, number: usize) {
        if let Some(cells) = self.tables.get_mut(&section).and_then(|rows| rows.get_mut(row)) {
            cells.insert(column.to_owned(), DraftCell::Index(number));
        }
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
        if there.spans.is_empty() {
            there.placement = text.placement;
        }
        there.spans.extend(text.spans);
        there.label = there.label.take().or(text.label);
        there.confidence = there.confidence.min(text.confidence);
        there.is_label |= text.is_label;
        there.torn |= text.torn;
    } else {
        *cell = DraftCell::Text(text);
    }
}
