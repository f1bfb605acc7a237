//! What else the text of a form could have been: by its order, by its cells, and by labels that say several things.

use std::collections::BTreeMap;

use super::{Lost, paths};
use crate::layout::{Block, Layout};
use crate::message::Message;
use crate::pattern::Pattern;
use crate::recognise::align::{Action, Rival, Why, piece_of, rivals as other_ways};
use crate::recognise::cells::{around, cell_of};
use crate::recognise::hits::Hit;
use crate::recognise::lexicon::Owner;
use crate::recognise::segment::Segment;
use crate::recognise::sequence::aligned;
use crate::recognise::slots::Slots;
use crate::recognise::stream::{Span, Stream};

/// Costs are told to a hundredth of a doubt: they are not set finer.
const STEPS: f64 = 100.0;

/// The other ways of a stretch with more characters are not looked for: that takes as long as to read it, and a form of
/// ten pages has some 10 000.
const LONGEST: usize = 50_000;

/// For the first character of each piece that was placed by its order, what else it could have been.
pub(super) type Ways = BTreeMap<usize, Vec<Lost>>;

/// The other ways of every piece that is read by its order, where the stretch is not too long.
pub(super) fn rivals(stream: &Stream, segment: &Segment, pattern: &Pattern, gridded: bool) -> Ways {
    let mut ways = Ways::new();
    let stretches = if gridded { around(stream, segment) } else { vec![segment.clone()] };
    for stretch in stretches.iter().filter(|stretch| stretch.span.len() <= LONGEST) {
        let reading = aligned(stream, stretch, pattern);
        for (item, rivals) in other_ways(&reading, stretch) {
            let Some(piece) = piece_of(&reading.items, item) else { continue };
            let lost = rivals.iter().filter_map(|rival| by_order(rival, &reading.slots, pattern));
            ways.insert(piece.span.start, lost.collect());
        }
    }
    ways
}

fn by_order(rival: &Rival, slots: &Slots, pattern: &Pattern) -> Option<Lost> {
    let (Action::Begin { slot, row } | Action::Continue { slot, row }) = rival.action else { return None };
    let path = paths::of_slot(pattern, slots.list.get(slot)?, row)?;
    let why = match rival.why {
        Why::Type => Message::new("不像这一类型的值", "it does not look like a value of that type"),
        Why::LabelBehind => Message::new("该标签在文字之后", "that label stands behind the text"),
        Why::LabelFar => {
            Message::new("该标签离得较远，或次序在后", "that label stands further off, or its turn comes later")
        }
        Why::Order => Message::new("不合逐行填写的次序", "that is out of the order of rows and columns"),
        Why::Apart => Message::new("另起一个值更合理", "it rather begins a value than goes on with the text before"),
        Why::Whole => Message::new(
            "此处并不更差，但整张表会有值落空或文字无处可归",
            "it is no worse here, but cells elsewhere in the form would stay empty or text without a place",
        ),
    };
    Some(Lost { path, dearer: Some((rival.dearer * STEPS).round() / STEPS), why })
}

/// The labels left of a cell and above it that could have had its text, but for `claimed`, that has it.
pub(super) fn by_cells(
    stream: &Stream,
    layout: &Layout,
    segment: &Segment,
    pattern: &Pattern,
    value: usize,
    claimed: Option<&Hit>,
) -> Vec<Lost> {
    let Some(id) = stream.token_of(value).and_then(|token| token.cell) else { return Vec::new() };
    let Some(Block::Grid(grid)) = layout.blocks.get(id.block as usize) else { return Vec::new() };
    let Some(own) = grid.cells.get(id.cell as usize) else { return Vec::new() };
    let hits = segment.hits.iter().filter_map(|hit| {
        let cell = cell_of(stream, hit).filter(|cell| cell.block == id.block)?;
        Some((hit, grid.cells.get(cell.cell as usize)?))
    });
    let hits: Vec<_> = hits.filter(|(_, cell)| !std::ptr::eq(*cell, own)).collect();
    let meets = |one: usize, length: usize, other: usize, others: usize| one < other + others && other < one + length;
    let left = hits.iter().filter(|(hit, cell)| {
        let beside = matches!(hit.owner, Owner::Label { .. }) && hit.holes.is_empty();
        beside && cell.col < own.col && meets(cell.row, cell.rows, own.row, own.rows)
    });
    let above = hits.iter().filter(|(hit, cell)| {
        let over = matches!(hit.owner, Owner::Column { .. });
        over && cell.row < own.row && meets(cell.col, cell.cols, own.col, own.cols)
    });
    let is_claimed = |hit: &Hit| claimed.is_some_and(|claimed| claimed.start() == hit.start());
    let in_total = claimed.is_some_and(|claimed| matches!(claimed.owner, Owner::Total { .. }));
    let in_table = claimed.is_some_and(|claimed| matches!(claimed.owner, Owner::Column { .. } | Owner::Total { .. }));
    let mut lost = Vec::new();
    if let Some((hit, _)) = left.max_by_key(|(_, cell)| cell.col).filter(|(hit, _)| !is_claimed(hit)) {
        let why = if in_table {
            Message::new(
                "同一行左边有该标签，但这一格已属表格的列",
                "that label stands left of it, but a table has the cell",
            )
        } else {
            Message::new("左边有该标签，但另一标签更近", "that label stands left of it, and another one nearer")
        };
        lost.push(Lost { path: paths::of_owner(pattern, hit.owner), dearer: None, why });
    }
    if let Some((hit, _)) = above.max_by_key(|(_, cell)| cell.row).filter(|(hit, _)| !is_claimed(hit)) {
        let why = if in_total {
            Message::new(
                "上方有该列标题，但合计行的值记到合计的字段",
                "that head stands above it, but in this row it is the sum",
            )
        } else if in_table {
            Message::new(
                "上方也有该列标题，但另一列标题所占的宽度更合",
                "that head stands above it, but another one covers more of it",
            )
        } else {
            Message::new(
                "上方有该列标题，但表格的行到此已经结束",
                "that head stands above it, but the rows of its table end before",
            )
        };
        lost.push(Lost { path: paths::of_owner(pattern, hit.owner), dearer: None, why });
    }
    lost
}

/// What else the words of the label `hit` could have been the label of.
pub(super) fn by_label(pattern: &Pattern, hit: &Hit) -> Vec<Lost> {
    let mut lost: Vec<Lost> = Vec::new();
    let own = paths::of_owner(pattern, hit.owner);
    for owner in hit.owners.iter().filter(|owner| **owner != hit.owner) {
        let path = paths::of_owner(pattern, *owner);
        if path == own || lost.iter().any(|lost| lost.path == path) {
            continue;
        }
        let why = Message::new(
            "标签文字相同，但此处邻近的标签不属于它那一部分，或它已另有标签",
            "the label reads the same, but those around it belong to another part, or it has a label already",
        );
        lost.push(Lost { path, dearer: None, why });
    }
    lost
}

/// Whether `span` is one of the spans of `hit`, or part of one.
pub(super) fn holds(hit: &Hit, span: &Span) -> bool {
    hit.spans().any(|own| own.start <= span.start && span.end <= own.end)
}
