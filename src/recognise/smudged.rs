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

/// In a form with more cells than these none is looked at closer: the longest has some hundred rows of ten.
pub(super) const MOST_CELLS: usize = 1000;

/// The shortest label that is looked for.
const MIN_LENGTH: usize = 4;

/// The shortest that is known when all of it stands there, with no more than one mark or letter beside it.
const MIN_WHOLE: usize = 2;

/// A cell with more characters than this has no label alone.
const MAX_LENGTH: usize = 40;

/// At most this part of a label's characters is wrong, where the cell is one that such a label stands in.
const WRONG_IN_PLACE: f64 = 0.5;

/// The same of a heading that stands beside all rows of its table: no other text does.
const WRONG_BESIDE: f64 = 0.65;

/// The same elsewhere.
const WRONG: f64 = 0.34;

/// A letter before or after a label counts as this part of a wrong one.
const AROUND: f64 = 0.5;

/// A label within a cell is the cell's when it has this part of its text, or no longer one is like all of it.
const MOST_OF_CELL: (usize, usize) = (3, 4);

/// A label that may stand anywhere has at least so many characters.
const MIN_ANYWHERE: usize = 6;

/// So many heads of a table beside a cell show that it is in the row of heads.
const HEADS: usize = 2;

/// The labels in the cells of a layer of recognised text that nothing has claimed.
pub(crate) fn smudged_hits(stream: &Stream, layout: &Layout, lexicon: &Lexicon, segment: &Segment) -> Vec<Hit> {
    let cells = unclaimed(stream, layout, segment, MOST_OF_CELL);
    if cells.len() > MOST_CELLS {
        return Vec::new();
    }
    let found = cells.into_iter().filter(|(_, span)| (MIN_WHOLE..=MAX_LENGTH).contains(&span.len()));
    let hits = found.filter_map(|(cell, span)| best(stream, layout, lexicon, segment, cell, &span));
    let length = |hit: &Hit| hit.spans().map(|span| span.len()).sum::<usize>();
    let within = |hit: &Hit, other: &Hit| hit.start() < other.end() && other.start() < hit.end();
    hits.filter(|hit| segment.hits.iter().filter(|other| within(hit, other)).all(|other| length(other) < length(hit)))
        .collect()
}

/// The cells of such a layer without a label that is more than this part of their text; with that.
pub(super) fn unclaimed(
    stream: &Stream,
    layout: &Layout,
    segment: &Segment,
    (part, whole): (usize, usize),
) -> BTreeMap<CellId, Span> {
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
            if cells.get(&cell).is_some_and(|span| whole * own > part * span.len()) {
                cells.remove(&cell);
            }
        }
    }
    cells
}

/// Whether the form has cells of such a layer.
pub(super) fn has_unseen_cells(stream: &Stream, layout: &Layout, segment: &Segment) -> bool {
    let in_cell = |hit: &&Hit| cell_of(stream, hit).is_some();
    segment.hits.iter().filter(in_cell).any(|hit| is_unseen(stream, layout, hit.start()))
}

pub(super) fn is_unseen(stream: &Stream, layout: &Layout, at: usize) -> bool {
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
    for entry in lexicon.entries.iter().filter(|entry| entry.length >= MIN_WHOLE) {
        let wanted: Vec<char> = entry.template.parts.iter().flat_map(literal).collect();
        let Some((text, figures)) = core(stream, span, &wanted) else { continue };
        if figures.len() != entry.holes.len() || wanted.len().abs_diff(text.1.len()) > wanted.len() / 2 {
            continue;
        }
        let most = allowed(stream, layout, segment, entry, cell) * entry.length as f64;
        if ((wanted.len() - shared(&wanted, &text.1).min(wanted.len())) as f64) > most {
            continue;
        }
        // A letter beside the label may be one that it lacks.
        let lacks = wanted.len().saturating_sub(text.1.len());
        let around = letters(stream, span).saturating_sub(letters(stream, &text.0)).saturating_sub(lacks) as f64;
        let edits = generic_damerau_levenshtein(&wanted, &text.1) as f64;
        let cost = edits + AROUND * around;
        // A heading stands alone beside its table, whatever has come to its text.
        let heading = entry.owners.iter().all(|owner| matches!(owner, Owner::Heading { .. }));
        let edits = if heading { edits } else { cost };
        let whole = edits <= AROUND;
        if edits > most || (entry.length < MIN_LENGTH && !whole) {
            continue;
        }
        let share = cost / wanted.len() as f64;
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

fn letters(stream: &Stream, span: &Span) -> usize {
    span.clone().filter(|at| stream.chars.get(*at).is_some_and(|char| char.ch.is_alphanumeric())).count()
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
            // A column has its head once.
            let again = places().any(|(hit, place)| beside(place) && hit.owner == *owner);
            if heads >= HEADS && !again { WRONG_IN_PLACE } else { 0.0 }
        }
        Owner::Heading { section } => {
            let kin = |hit: &Hit| matches!(hit.owner, Owner::Column { section: s, .. } if s == *section);
            let beside = |place: &GridCell| (own.row..own.row + own.rows).contains(&place.row) && own.col < place.col;
            let heads = places().filter(|(hit, place)| beside(place) && kin(hit)).count();
            match () {
                () if own.rows > 1 && heads >= HEADS => WRONG_BESIDE,
                () if entry.length >= MIN_ANYWHERE || own.col == 0 => WRONG,
                () => 0.0,
            }
        }
        Owner::Label { .. } | Owner::RowLabel { .. } | Owner::Total { .. } => {
            if entry.length >= MIN_ANYWHERE || own.col == 0 { WRONG } else { 0.0 }
        }
    };
    entry.owners.iter().map(part).fold(0.0, f64::max)
}

/// The column in which the words of a group stand; words that another group has too tell nothing.
pub(super) fn words_column<'h>(
    hits: impl Iterator<Item = (&'h Hit, usize)>,
    section: usize,
    group: usize,
) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    let of_group =
        |owner: &Owner| matches!(owner, Owner::Word { section: of, group: its, .. } if *of == section && *its == group);
    for (_, col) in hits.filter(|(hit, _)| hit.owners.iter().all(of_group)) {
        *counts.entry(col).or_default() += 1;
    }
    let most = counts.values().copied().max()?;
    counts.into_iter().find(|(_, count)| *count == most).map(|(col, _)| col)
}

pub(super) fn grid_cell(layout: &Layout, id: CellId) -> Option<&GridCell> {
    match layout.blocks.get(id.block as usize)? {
        Block::Grid(grid) => grid.cells.get(id.cell as usize),
        Block::Line(_) => None,
    }
}
