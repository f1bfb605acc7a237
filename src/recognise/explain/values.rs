//! The values of a form one by one: the label that has each, and what else it could have been.

use super::rivals::{Ways, by_cells, by_label, holds};
use super::{LabelExplained, ValueExplained, assemble, paths};
use crate::layout::Layout;
use crate::pattern::Pattern;
use crate::recognise::assemble::BLOCKS;
use crate::recognise::draft::{Draft, DraftCell, DraftRow, DraftText};
use crate::recognise::hits::Hit;
use crate::recognise::placement::Placement;
use crate::recognise::segment::Segment;
use crate::recognise::stream::{Span, Stream};
use crate::record::{Cell, Form, Value};

struct Maker<'a> {
    stream: &'a Stream,
    layout: &'a Layout,
    segment: &'a Segment,
    pattern: &'a Pattern,
    ways: &'a Ways,
}

/// Every value of `form`, which was made from `draft`, in the order of the record.
pub(super) fn values(
    stream: &Stream,
    layout: &Layout,
    segment: &Segment,
    pattern: &Pattern,
    draft: &Draft,
    form: &Form,
    ways: &Ways,
) -> Vec<ValueExplained> {
    let maker = Maker { stream, layout, segment, pattern, ways };
    let mut values = Vec::new();
    for (id, value) in &form.fields {
        if let Some(DraftCell::Text(text)) = draft.fields.get(id) {
            values.push(maker.value(paths::field(id), value, text));
        }
    }
    for (table, rows) in &form.tables {
        let section = pattern.sections.iter().position(|section| section.id == *table);
        let drafts: &[DraftRow] = match section {
            Some(section) => draft.tables.get(&section).map(Vec::as_slice).unwrap_or_default(),
            None if table == BLOCKS => &draft.blocks,
            None => &[],
        };
        for (number, (row, draft)) in rows.iter().zip(drafts).enumerate() {
            for (column, cell) in row {
                let path = format!("tables.{table}[{number}].{column}");
                match (cell, draft.get(column)) {
                    (Cell::Value(value), Some(DraftCell::Text(text))) => values.push(maker.value(path, value, text)),
                    (Cell::Shared { shared }, _) => {
                        let first = rows.get(*shared).and_then(|row| row.get(column)).and_then(Cell::value);
                        values.extend(first.map(|first| shared_value(path, first)));
                    }
                    _ => {}
                }
            }
        }
    }
    values
}

/// A cell that is merged with one above: its value is that one's.
fn shared_value(path: String, first: &Value) -> ValueExplained {
    let (raw, place, confidence) = (first.raw.clone(), first.place.clone(), first.confidence);
    ValueExplained { path, raw, place, confidence, placed: Placement::Shared, label: None, lost: Vec::new() }
}

impl Maker<'_> {
    fn value(&self, path: String, value: &Value, text: &DraftText) -> ValueExplained {
        let hit = self.claimed_by(text);
        let mut lost = Vec::new();
        if let Some(first) = text.spans.first().filter(|_| !text.is_label) {
            lost.extend(self.ways.get(&first.start).cloned().unwrap_or_default());
            if matches!(text.placement, Placement::RightOfLabel | Placement::UnderHead | Placement::TotalRow) {
                lost.extend(by_cells(self.stream, self.layout, self.segment, self.pattern, first.start, hit));
            }
        }
        lost.extend(hit.map(|hit| by_label(self.pattern, hit)).unwrap_or_default());
        lost.retain(|lost| lost.path != path);
        ValueExplained {
            path,
            raw: value.raw.clone(),
            place: value.place.clone(),
            confidence: value.confidence,
            // A cell that was taken with nothing in it is blank, however it was taken.
            placed: if text.spans.is_empty() { Placement::Blank } else { text.placement },
            label: hit.map(|hit| self.label(hit)),
            lost,
        }
    }

    /// The hit that claims a text: the one that its label belongs to, else the one that the text itself is part of.
    fn claimed_by(&self, text: &DraftText) -> Option<&Hit> {
        let of = |span: &Span| self.segment.hits.iter().find(|hit| holds(hit, span));
        text.label.as_ref().and_then(of).or_else(|| text.spans.first().and_then(of))
    }

    fn label(&self, hit: &Hit) -> LabelExplained {
        let mut spans: Vec<Span> = hit.spans().cloned().collect();
        spans.sort_by_key(|span| span.start);
        LabelExplained {
            text: assemble::raw(self.stream, self.layout, &spans),
            place: assemble::place(self.stream, self.layout, &spans),
            similarity: assemble::rounded(f64::from(hit.similarity)),
        }
    }
}
