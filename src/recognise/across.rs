//! Sources side by side in a text: 中央 省 本级 合计 in one row, and below them the figures in the same order.

use super::draft::{Draft, DraftText};
use super::items::{Item, Piece};
use super::lexicon::Owner;
use super::placement::Placement;
use super::segment::Segment;
use super::sequence::table_of;
use super::shape::Shape;
use crate::pattern::{Pattern, Rows};

/// A head of such a table: its item, and the column and row that its figure goes to.
struct Head {
    item: usize,
    column: String,
    row: usize,
}

/// Gives the figures under the heads of every table of sources side by side to its rows, and takes both out of
/// `items`. Where figures and heads are not as many, a dump has lost some, and nothing tells which: they stay.
pub(crate) fn read(items: &mut Vec<Item>, segment: &Segment, pattern: &Pattern, draft: &mut Draft) {
    for (section, _) in pattern.sections.iter().enumerate() {
        let Some(Rows::Across { value, .. }) = table_of(pattern, section).map(|table| &table.rows) else { continue };
        let heads = heads(items, segment, pattern, section, value);
        let Some(figures) = figures(items, segment, section, &heads) else { continue };
        for (head, figure) in heads.iter().zip(&figures) {
            if let Some(Item::Piece(piece)) = items.get(*figure) {
                let label = match items.get(head.item) {
                    Some(Item::Hit(hit)) => segment.hits.get(*hit).and_then(|hit| hit.fragments.first().cloned()),
                    _ => None,
                };
                let spans = vec![piece.span.clone()];
                let placement = Placement::UnderHead;
                let text = DraftText { spans, label, confidence: 1.0, placement, ..DraftText::default() };
                draft.push_cell(section, head.row, &head.column, text);
            }
        }
        let mut labels_gone = 0;
        let all = std::mem::take(items).into_iter().enumerate();
        items.extend(all.filter_map(|(number, mut item)| {
            if heads.iter().any(|head| head.item == number) {
                labels_gone += 1;
                return None;
            }
            if let Item::Piece(piece) = &mut item {
                piece.labels_before -= labels_gone.min(piece.labels_before);
            }
            (!figures.contains(&number)).then_some(item)
        }));
    }
}

/// The heads in order. The row labels make a row each; what the columns name belongs to the last, the sum.
fn heads(items: &[Item], segment: &Segment, pattern: &Pattern, section: usize, value: &str) -> Vec<Head> {
    let mut heads = Vec::new();
    let mut rows = 0;
    for (item, it) in items.iter().enumerate() {
        let Item::Hit(hit) = it else { continue };
        match segment.hits.get(*hit).map(|hit| hit.owner) {
            Some(Owner::RowLabel { section: of }) if of == section => {
                heads.push(Head { item, column: value.to_owned(), row: rows });
                rows += 1;
            }
            Some(Owner::Column { section: of, column }) if of == section => {
                let column = table_of(pattern, section).and_then(|table| table.columns.get(column));
                let column = column.map(|column| column.id.clone()).unwrap_or_default();
                heads.push(Head { item, column, row: usize::MAX });
            }
            _ => {}
        }
    }
    let last = rows.saturating_sub(1);
    heads.iter_mut().filter(|head| head.row == usize::MAX).for_each(|head| head.row = last);
    heads
}

/// The figure of each head: right behind it, or in the row below all of them.
fn figures(items: &[Item], segment: &Segment, section: usize, heads: &[Head]) -> Option<Vec<usize>> {
    let (first, last) = (heads.first()?.item, heads.last()?.item);
    let figure = |item: usize| matches!(items.get(item), Some(Item::Piece(piece)) if is_figure(piece));
    let between = items.get(first..last)?.iter().any(|item| matches!(item, Item::Piece(_)));
    if between {
        return heads.iter().map(|head| Some(head.item + 1).filter(|next| figure(*next))).collect();
    }
    let heading = |item: &Item| match item {
        Item::Hit(hit) => segment.hits.get(*hit).is_some_and(|hit| hit.owner == Owner::Heading { section }),
        Item::Piece(_) => false,
    };
    let below = (last + 1..items.len()).filter(|item| !items.get(*item).is_some_and(heading));
    let run: Vec<usize> = below.take_while(|item| figure(*item)).collect();
    (run.len() == heads.len()).then_some(run)
}

fn is_figure(piece: &Piece) -> bool {
    matches!(piece.shape, Shape::Number | Shape::Month | Shape::Percent | Shape::Quantity | Shape::Mark)
}
