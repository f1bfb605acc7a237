//! Labels that character recognition has all but lost: their place says what they are. A label between two others of the
//! form may have nothing left of it; a word of a vocabulary, which becomes a value, must have one of its characters. Looked
//! for only in cells of a layer that it left, and taken only where one fits.

use std::sync::Arc;

use super::cells::cell_of;
use super::hits::Hit;
use super::lexicon::{Entry, Lexicon, Owner};
use super::near::{plain, shared};
use super::segment::Segment;
use super::smudged::{self, MOST_CELLS, grid_cell, unclaimed};
use super::stream::{CellId, Span, Stream};
use crate::layout::{Block, GridCell, Layout};
use crate::pattern::{Body, Field, Pattern};
use crate::value::Type;

/// A cell with more characters is no label.
const MAX_LENGTH: usize = 24;

/// A label that is more than this part of its cell is the cell's.
const HALF: (usize, usize) = (1, 2);

/// How like its label such text counts as.
const SIMILARITY: f32 = 0.3;

/// A value of so many characters is a paragraph.
const PARAGRAPH: usize = 20;

/// The lost words of the groups, and the lost labels of fields.
pub(crate) fn lost_hits(
    stream: &Stream,
    layout: &Layout,
    lexicon: &Lexicon,
    segment: &Segment,
    pattern: &Pattern,
) -> Vec<Hit> {
    let cells: Vec<(CellId, Span)> = unclaimed(stream, layout, segment, HALF)
        .into_iter()
        .filter(|(_, span)| (1..=MAX_LENGTH).contains(&span.len()))
        .collect();
    if cells.len() > MOST_CELLS {
        return Vec::new();
    }
    let search = Search { stream, layout, lexicon, segment, pattern };
    let mut hits = search.words(&cells);
    let taken: Vec<usize> = hits.iter().map(Hit::start).collect();
    let left: Vec<(CellId, Span)> = cells.into_iter().filter(|(_, span)| !taken.contains(&span.start)).collect();
    hits.extend(search.labels(&left));
    hits
}

struct Search<'a> {
    stream: &'a Stream,
    layout: &'a Layout,
    lexicon: &'a Lexicon,
    segment: &'a Segment,
    pattern: &'a Pattern,
}

/// A word of a group at its place.
struct Known {
    place: GridCell,
    word: usize,
}

impl<'a> Search<'a> {
    /// The hits of this block with their cells.
    fn placed(&self, block: u32) -> Vec<(&'a Hit, &'a GridCell)> {
        let of_block = |hit: &'a Hit| {
            let cell = cell_of(self.stream, hit).filter(|cell| cell.block == block)?;
            grid_cell(self.layout, cell).map(|place| (hit, place))
        };
        self.segment.hits.iter().filter_map(of_block).collect()
    }

    fn words(&self, cells: &[(CellId, Span)]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (section, part) in self.pattern.sections.iter().enumerate() {
            let Body::Table(table) = &part.body else { continue };
            // The inner words tell what the outer are, and these in turn which inner ones can stand beside them.
            for (group, it) in table.groups.iter().enumerate().rev() {
                let Some(vocabulary) = self.pattern.vocabularies.get(&it.vocabulary) else { continue };
                for (cell, span) in cells {
                    let Some(own) = grid_cell(self.layout, *cell) else { continue };
                    let column = |group| {
                        let placed = self.placed(cell.block).into_iter().map(|(hit, place)| (hit, place.col));
                        smudged::words_column(placed, section, group)
                    };
                    // Where all words of a group are lost, those of the next one tell where they stood.
                    let in_place = match (column(group), column(group + 1)) {
                        (Some(col), inner) if inner != Some(col) => own.col == col,
                        (_, Some(inner)) => own.col + own.cols == inner,
                        _ => false,
                    };
                    if !in_place || !self.is_in_table(cell.block, own, section) {
                        continue;
                    }
                    let known = self.known(cell.block, section, group);
                    let mut in_column: Vec<&Known> = known.iter().filter(|known| known.place.col == own.col).collect();
                    in_column.sort_by_key(|known| known.place.row);
                    let before = in_column.iter().rev().find(|known| known.place.row < own.row).map(|known| known.word);
                    let after = in_column.iter().find(|known| known.place.row > own.row).map(|known| known.word);
                    let fits = |word: usize| {
                        before.is_none_or(|before| word > before) && after.is_none_or(|after| word < after)
                    };
                    let inner = self.under_words(cell.block, section, group + 1, own);
                    let outer = group.checked_sub(1).and_then(|outer| self.outer_word(cell.block, section, outer, own));
                    let mut candidates: Vec<usize> = (0..vocabulary.len()).filter(|word| fits(*word)).collect();
                    if !inner.is_empty() {
                        candidates.retain(|word| vocabulary.get(*word).is_some_and(|word| inner.contains(&word.value)));
                    } else if let Some(outer) = &outer {
                        candidates.retain(|word| {
                            vocabulary
                                .get(*word)
                                .is_some_and(|word| word.under.as_ref().is_none_or(|under| under == outer))
                        });
                    }
                    let likeness =
                        |word: &usize| vocabulary.get(*word).map_or(0, |word| self.shared_with(span, &word.value));
                    let word = match candidates.as_slice() {
                        [only] if likeness(only) > 0 => Some(*only),
                        [] => None,
                        several => {
                            let most = several.iter().map(&likeness).max().unwrap_or(0);
                            let mut best = several.iter().filter(|word| likeness(word) == most && most > 0);
                            best.next().filter(|_| best.next().is_none()).copied()
                        }
                    };
                    let owner = word.map(|word| Owner::Word { section, group, word });
                    hits.extend(owner.and_then(|owner| self.hit(owner, span)));
                }
            }
        }
        hits
    }

    /// The words of a group that were found, with their places.
    fn known(&self, block: u32, section: usize, group: usize) -> Vec<Known> {
        let word = |hit: &Hit| {
            hit.owners.iter().find_map(|owner| match owner {
                Owner::Word { section: of, group: its, word } if *of == section && *its == group => Some(*word),
                _ => None,
            })
        };
        let known = self
            .placed(block)
            .into_iter()
            .filter_map(|(hit, place)| word(hit).map(|word| Known { place: place.clone(), word }));
        known.collect()
    }

    /// Whether a cell stands below a head of the table, with no label of another part of the form between.
    fn is_in_table(&self, block: u32, own: &GridCell, section: usize) -> bool {
        let placed = self.placed(block);
        let heads = placed.iter().filter(|(hit, place)| {
            matches!(hit.owner, Owner::Column { section: of, .. } if of == section) && place.row < own.row
        });
        let Some(head) = heads.map(|(_, place)| place.row).max() else { return false };
        let foreign = |owner: Owner| match owner {
            Owner::Label { .. } | Owner::Total { .. } => true,
            owner => at(owner).is_some_and(|(of, _)| of != section),
        };
        !placed.iter().any(|(hit, place)| foreign(hit.owner) && head < place.row && place.row <= own.row)
    }

    /// The outer words that the words of the inner group beside a cell stand under; none when they disagree.
    fn under_words(&self, block: u32, section: usize, group: usize, own: &GridCell) -> Vec<String> {
        let Some(vocabulary) = self.vocabulary(section, group) else { return Vec::new() };
        let beside = |place: &GridCell| (own.row..own.row + own.rows).contains(&place.row) && place.col > own.col;
        let known = self.known(block, section, group);
        let mut under: Vec<String> = known
            .iter()
            .filter(|known| beside(&known.place))
            .filter_map(|known| vocabulary.get(known.word)?.under.clone())
            .collect();
        under.sort();
        under.dedup();
        if under.len() == 1 { under } else { Vec::new() }
    }

    /// The word of the outer group that a cell stands beside.
    fn outer_word(&self, block: u32, section: usize, group: usize, own: &GridCell) -> Option<String> {
        let known = self.known(block, section, group);
        let beside = |place: &GridCell| (place.row..place.row + place.rows).contains(&own.row) && place.col < own.col;
        let outer = known.iter().find(|known| beside(&known.place))?;
        self.vocabulary(section, group)?.get(outer.word).map(|word| word.value.clone())
    }

    fn vocabulary(&self, section: usize, group: usize) -> Option<&'a [crate::pattern::Word]> {
        let Body::Table(table) = &self.pattern.sections.get(section)?.body else { return None };
        self.pattern.vocabularies.get(&table.groups.get(group)?.vocabulary).map(Vec::as_slice)
    }

    /// How many characters a cell shares with a word, those left out that all words of vocabularies have.
    fn shared_with(&self, span: &Span, word: &str) -> usize {
        let own = |ch: &char| !matches!(ch, '指' | '标');
        let wanted: Vec<char> = word.chars().map(plain).filter(own).collect();
        let chars = self.stream.chars.get(span.clone()).unwrap_or_default();
        let text: Vec<char> = chars.iter().map(|char| plain(char.ch)).filter(own).collect();
        shared(&wanted, &text)
    }

    /// The labels of fields in the first column of a grid, or behind a label and its value: as many as the pattern has between those around them.
    fn labels(&self, cells: &[(CellId, Span)]) -> Vec<Hit> {
        let mut lost: Vec<(&CellId, &Span, &GridCell)> = cells
            .iter()
            .filter_map(|(cell, span)| grid_cell(self.layout, *cell).map(|place| (cell, span, place)))
            .filter(|(cell, _, place)| place.rows == 1 && (place.col == 0 || self.is_second(cell.block, place)))
            .collect();
        lost.sort_by_key(|(cell, _, place)| (cell.block, place.row, place.col));
        let mut hits = Vec::new();
        let mut rest = lost.as_slice();
        while let Some((cell, _, first)) = rest.first() {
            let placed = self.placed(cell.block);
            let order = |place: &GridCell| (place.row, place.col);
            let before =
                placed.iter().filter(|(_, place)| order(place) < order(first)).filter_map(|(hit, _)| at(hit.owner));
            let before = before.max();
            let next = placed.iter().filter(|(_, place)| order(place) > order(first));
            let next = next.filter(|(hit, _)| at(hit.owner).is_some()).min_by_key(|(_, place)| order(place));
            let until = next.map_or(usize::MAX, |(_, place)| place.row + usize::from(place.col > 0));
            let count =
                rest.iter().take_while(|(of, _, place)| of.block == cell.block && place.row < until).count().max(1);
            let (run, tail) = rest.split_at(count);
            rest = tail;
            let after = next.and_then(|(hit, _)| at(hit.owner));
            let candidates = self.between(before, after);
            let fits =
                |(_, field): &&(Owner, &Field)| run.iter().any(|(cell, _, place)| self.suits(cell, place, field));
            let candidates: Vec<&(Owner, &Field)> = candidates.iter().filter(fits).collect();
            if candidates.len() == run.len() {
                for ((owner, field), (cell, span, place)) in candidates.iter().zip(run) {
                    if self.suits(cell, place, field) {
                        hits.extend(self.hit(*owner, span));
                    }
                }
            }
        }
        hits
    }

    /// Whether a cell stands behind a label and its value.
    fn is_second(&self, block: u32, own: &GridCell) -> bool {
        let Some(Block::Grid(grid)) = self.layout.blocks.get(block as usize) else { return false };
        let left = |of: &GridCell| {
            let (row, col) = (of.row, of.col);
            grid.cells.iter().find(move |cell| cell.row == row && cell.col + cell.cols == col)
        };
        let Some(value) = left(own) else { return false };
        let Some(label) = left(value) else { return false };
        let placed = self.placed(block);
        let is = |cell: &GridCell, owner: &dyn Fn(Owner) -> bool| {
            placed.iter().any(|(hit, place)| (place.row, place.col) == (cell.row, cell.col) && owner(hit.owner))
        };
        is(label, &|owner| matches!(owner, Owner::Label { .. })) && !is(value, &|owner| at(owner).is_some())
    }

    /// The fields with labels that the form lacks, between two places of the pattern.
    fn between(&self, before: Option<(usize, usize)>, after: Option<(usize, usize)>) -> Vec<(Owner, &'a Field)> {
        let mut found = Vec::new();
        let first = before.or(after).map_or(0, |place| place.0);
        for (section, part) in self.pattern.sections.iter().enumerate().skip(first) {
            let Body::Fields(fields) = &part.body else { continue };
            for (number, field) in fields.iter().enumerate() {
                let place = (section, number);
                let owner = Owner::Label { section, field: number };
                let inside = before.is_none_or(|before| place > before) && after.is_none_or(|after| place < after);
                let lacks = !self.segment.hits.iter().any(|hit| hit.owners.contains(&owner));
                if inside && lacks && field.labels.iter().any(|label| label.literal().len() > 1) {
                    found.push((owner, field));
                }
            }
        }
        found
    }

    /// Whether what stands right of a cell can be the value of a field.
    fn suits(&self, cell: &CellId, place: &GridCell, field: &Field) -> bool {
        let Some(Block::Grid(grid)) = self.layout.blocks.get(cell.block as usize) else { return false };
        let value = grid.cells.iter().find(|other| other.row == place.row && other.col == place.col + place.cols);
        let Some(value) = value else { return false };
        let texts = value.runs.iter().filter_map(|run| self.layout.runs.get(run.0 as usize));
        let text: String = texts.map(|run| run.text.as_str()).collect();
        let length = text.chars().filter(|ch| !ch.is_whitespace()).count();
        match field.kind {
            Type::Prose => length >= PARAGRAPH,
            Type::Text => length > 0 && length < PARAGRAPH,
            _ => false,
        }
    }

    /// A hit of `owner` on all of `span`.
    fn hit(&self, owner: Owner, span: &Span) -> Option<Hit> {
        let own = |entry: &&Entry| entry.owners.contains(&owner) && entry.holes.is_empty();
        let entry = self.lexicon.entries.iter().find(own)?;
        let mut hit = Hit::new(entry, vec![span.clone()], Vec::new(), SIMILARITY, false)?;
        hit.owner = owner;
        hit.owners = Arc::new([owner]);
        hit.core = span.len();
        Some(hit)
    }
}

/// The place in the pattern of what a hit stands for.
fn at(owner: Owner) -> Option<(usize, usize)> {
    match owner {
        Owner::Label { section, field } => Some((section, field)),
        Owner::Heading { section } => Some((section, 0)),
        Owner::Column { section, .. } | Owner::Total { section } => Some((section, usize::MAX)),
        _ => None,
    }
}
