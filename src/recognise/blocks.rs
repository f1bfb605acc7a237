//! Headings that carry a weight of their own in their cell, 产出指标（50分）: rows of `blocks`.

use super::draft::{Draft, DraftCell, DraftRow, DraftText};
use super::hits::Hit;
use super::placement::Placement;
use super::sequence::table_of;
use crate::pattern::Pattern;

/// Gives what stands in the holes of a heading to a row of `blocks`, and the heading itself to the labels. A heading
/// that is printed again right after itself, on the next page, makes no other row.
pub(crate) fn place(draft: &mut Draft, hit: &Hit, pattern: &Pattern, word: (usize, usize, usize)) {
    draft.labels.extend(hit.fragments.iter().cloned());
    let group = table_of(pattern, word.0).and_then(|table| table.groups.get(word.1));
    let again = draft.last_block == Some(word);
    draft.last_block = Some(word);
    let Some(group) = group.filter(|_| !again) else {
        draft.labels.extend(hit.holes.iter().cloned());
        return;
    };
    let confidence = f64::from(hit.similarity);
    let text = |spans, is_label| {
        let placement = if is_label { Placement::Heading } else { Placement::Hole };
        DraftText { spans, confidence, torn: true, is_label, placement, ..DraftText::default() }
    };
    let mut row = DraftRow::new();
    row.insert(group.column.clone(), DraftCell::Text(text(hit.word(), true)));
    for (id, span) in hit.hole_ids.iter().zip(&hit.holes) {
        row.insert(id.clone(), DraftCell::Text(text(vec![span.clone()], false)));
    }
    draft.blocks.push(row);
}
