//! Labels that character recognition has read badly: `1-i级指标`, `柯持续影响指标`. Looked for only in cells of a layer that
//! it left, where no label was found, and mostly where others of the same kind stand: a wrong character is common there,
//! so that likeness alone proves little.

use std::collections::BTreeMap;

use strsim::generic_damerau_levenshtein;

use super::cells::cell_of;
use super::hits::Hit;
use super::lexicon::{Entry, Lexicon, Owner};
use super::near::{FIGURE, plain, shared, signs};
use super::segment::Segment;
use super::stream::{CellId, Span, Stream};
use crate::layout::{Block, GridCell, Layout, Place};
use crate::pattern::Part;

/// The shortest label that is looked for.
const MIN_LENGTH: usize = 4;

/// A cell with more characters than this has no label alone.
const MAX_LENGTH: usize = 40;

/// At most this part of a label's characters is wrong, where the cell is one that such a label stands in.
const WRONG_IN_PLACE: f64 = 0.5;

/// The same elsewhere.
const WRONG: f64 = 0.34;

/// A label that may stand anywhere has at least so many characters.
const MIN_ANYWHERE: usize = 6;

/// So many heads of a table beside a cell show that it is in the row of heads.
const HEADS: usize = 2;

/// The labels in the cells of a layer of recognised text that nothing has claimed.
pub(crate) fn smudged_hits(stream: &Stream, layout: &Layout, lexicon: &Lexicon, segment: &Segment) -> Vec<Hit> {
    let mut cells: BTreeMap<CellId, Span> = BTreeMap::new();
    let inside = |span: &Span| segment.span.start <= span.start && span.end <= segment.span.end;
    for token in stream.tokens.iter().filter(|token| inside(&token.span)) {
        if let Some(cell) = token.cell.filter(|_| is_unseen(stream, layout, token.span.start)) {
            let span = cells.entry(cell).or_insert(token.span.clone());
            span.end = span.end.max(token.span.end);
        }
    }
    for hit in &segment.hits {
        if !matches!(hit.owner, Owner::Furniture { .. })
            && let Some(cell) = cell_of(stream, hit)
        {
            // A label within other text may be a part of it.
            let own: usize = hit.spans().map(|span| span.len()).sum();
            if cells.get(&cell).is_some_and(|span| 2 * own > span.len()) {
                cells.remove(&cell);
            }
        }
    }
    let found = cells.into_iter().filter(|(_, span)| (MIN_LENGTH - 1..=MAX_LENGTH).contains(&span.len()));
    found.filter_map(|(cell, span)| best(stream, layout, lexicon, segment, cell, &span)).collect()
}

fn is_unseen(stream: &Stream, layout: &Layout, at: usize) -> bool {
    let run = stream.chars.get(at).and_then(|char| layout.runs.get(char.run.0 as usize));
    matches!(run.map(|run| &run.place), Some(Place::Page { invisible: true, .. }))
}

/// The label that the text of a cell is like, if there is one and only one.
fn best(
    stream: &Stream,
    layout: &Layout,
    lexicon: &Lexicon,
    segment: &Segment,
    cell: CellId,
    span: &Span,
) -> Option<Hit> {
    let mut best: Option<(f64, Hit)> = None;
    let mut rival = f64::INFINITY;
    for entry in lexicon.entries.iter().filter(|entry| entry.length >= MIN_LENGTH) {
        let wanted: Vec<char> = entry.template.parts.iter().flat_map(literal).collect();
        let Some((text, figures)) = core(stream, span, &wanted) else { continue };
        if figures.len() != entry.holes.len() || wanted.len().abs_diff(text.1.len()) > wanted.len() / 2 {
            continue;
        }
        let most = allowed(stream, layout, segment, entry, cell) * entry.length as f64;
        if ((wanted.len() - shared(&wanted, &text.1).min(wanted.len())) as f64) > most {
            continue;
        }
        let edits = generic_damerau_levenshtein(&wanted, &text.1) as f64;
        if edits > most {
            continue;
        }
        let share = edits / wanted.len() as f64;
        let same = |hit: &Hit| hit.owners == entry.owners;
        match &best {
            Some((least, hit)) if share >= *least => {
                if !same(hit) {
                    rival = rival.min(share);
                }
                continue;
            }
            Some((least, hit)) if !same(hit) => rival = rival.min(*least),
            _ => {}
        }
        let mut fragments = Vec::new();
        let mut at = text.0.start;
        for figure in &figures {
            if at < figure.start {
                fragments.push(at..figure.start);
            }
            at = figure.end;
        }
        if at < text.0.end {
            fragments.push(at..text.0.end);
        }
        let similarity = (1.0 - share) as f32;
        if let Some(hit) = Hit::new(entry, fragments, figures, similarity, false) {
            best = Some((share, hit));
        }
    }
    best.filter(|(share, _)| *share < rival).map(|(_, hit)| hit)
}

fn literal(part: &Part) -> Vec<char> {
    match part {
        Part::Literal(chars) => chars.iter().map(|ch| plain(*ch)).collect(),
        Part::Hole(_) => vec![FIGURE],
    }
}

type Text = (Span, Vec<char>);

/// The text of a cell from the first character that a label has to the last, for comparison, and the figures in it. What
/// stands around it is dirt.
fn core(stream: &Stream, span: &Span, wanted: &[char]) -> Option<(Text, Vec<Span>)> {
    let has = |at: &usize| {
        let ch = stream.chars.get(*at).map(|char| if char.ch.is_ascii_digit() { FIGURE } else { plain(char.ch) });
        ch.is_some_and(|ch| wanted.contains(&ch))
    };
    let first = span.clone().find(has)?;
    let last = span.clone().rev().find(has)?;
    let span = first..last + 1;
    let (text, figures) = signs(stream, span.clone());
    Some(((span, text), figures))
}

/// Which part of a label may be wrong in this cell; none of it where such a label does not stand.
fn allowed(stream: &Stream, layout: &Layout, segment: &Segment, entry: &Entry, cell: CellId) -> f64 {
    let Some(own) = grid_cell(layout, cell) else { return 0.0 };
    let places = || {
        segment.hits.iter().filter_map(|hit| {
            let other = cell_of(stream, hit).filter(|other| other.block == cell.block)?;
            grid_cell(layout, other).map(|place| (hit, place))
        })
    };
    let part = |owner: &Owner| match owner {
        Owner::Words { .. } | Owner::Spare { .. } | Owner::Furniture { .. } => 0.0,
        Owner::Word { section, group, .. } => {
            let kin = |hit: &Hit| {
                hit.owners.iter().any(
                    |owner| matches!(owner, Owner::Word { section: s, group: g, .. } if s == section && g == group),
                )
            };
            let beside = places().any(|(hit, place)| place.col == own.col && kin(hit));
            if beside { WRONG_IN_PLACE } else { 0.0 }
        }
        Owner::Column { section, .. } | Owner::GroupHead { section, .. } => {
            let kin = |hit: &Hit| {
                hit.owners.iter().any(|owner| {
                    matches!(owner, Owner::Column { section: s, .. } | Owner::GroupHead { section: s, .. } if s == section)
                })
            };
            let beside = |place: &GridCell| place.row < own.row + own.rows && own.row < place.row + place.rows;
            let heads = places().filter(|(hit, place)| beside(place) && kin(hit)).count();
            if heads >= HEADS { WRONG_IN_PLACE } else { 0.0 }
        }
        Owner::Label { .. } | Owner::Heading { .. } | Owner::RowLabel { .. } | Owner::Total { .. } => {
            if entry.length >= MIN_ANYWHERE || own.col == 0 { WRONG } else { 0.0 }
        }
    };
    entry.owners.iter().map(part).fold(0.0, f64::max)
}

fn grid_cell(layout: &Layout, id: CellId) -> Option<&GridCell> {
    match layout.blocks.get(id.block as usize)? {
        Block::Grid(grid) => grid.cells.get(id.cell as usize),
        Block::Line(_) => None,
    }
}
