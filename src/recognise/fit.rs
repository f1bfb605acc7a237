//! How well a reading of a document suits it, to choose between two layouts of one text.

use super::Recognised;
use crate::fold::is_blank;
use crate::record::{Cell, Form, Row, Value};

/// A value that may be another's counts for so many characters at least: the length of a common figure.
const DOUBT: usize = 4;

/// A table with so many columns has text in most of them in every row.
const MANY_COLUMNS: usize = 5;

impl Recognised {
    /// How many of the document's `characters`, blanks left out, stand where they should: in a label, or in a value that
    /// reads as its type, as far as can be expected: of a value's characters, those that its confidence leaves.
    pub(crate) fn fit(&self) -> usize {
        let owned: usize = self.accounts.iter().map(|account| account.characters).sum();
        let lost: usize = self.forms.iter().map(misplaced).sum();
        owned.saturating_sub(lost)
    }
}

/// Characters of `form` that no label or value has, or a value that they do not suit.
fn misplaced(form: &Form) -> usize {
    let cells = form.tables.values().flatten().flat_map(|row| row.values()).filter_map(Cell::value);
    let values = || form.fields.values().chain(cells.clone());
    let unmatched: usize = form.unmatched.iter().map(|piece| length(&piece.text)).sum();
    let unreadable = |value: &&Value| value.value.is_null();
    let lost: usize = values().filter(unreadable).map(|value| length(&value.raw)).sum();
    let rows = form.tables.values().flatten().filter(|row| is_sparse(row));
    let sparse: usize = rows.flat_map(|row| row.values()).filter_map(Cell::value).map(|value| length(&value.raw)).sum();
    let doubt: f64 = values().map(|value| (1.0 - value.confidence) * length(&value.raw).max(DOUBT) as f64).sum();
    unmatched + lost + sparse + doubt as usize
}

/// Whether less than half of a row's cells have text: what is left when a row was torn apart.
fn is_sparse(row: &Row) -> bool {
    let written = row.values().filter(|cell| cell.value().is_none_or(|value| length(&value.raw) > 0)).count();
    row.len() >= MANY_COLUMNS && 2 * written < row.len()
}

fn length(text: &str) -> usize {
    text.chars().filter(|ch| !is_blank(*ch)).count()
}
