//! A form whose table has geometry: cells with spans, to a draft.
//!
//! A label's value is the cell to its right; a table's columns are its head's; a merged cell stands for every row
//! that it covers.

use std::collections::BTreeMap;

use super::draft::{Draft, DraftCell, DraftRow, DraftText};
use super::hits::Hit;
use super::lexicon::Owner;
use super::segment::Segment;
use super::sequence::{self, field_of, table_of};
use super::stream::{CellId, Span, Stream};
use crate::layout::{Block, Grid, GridCell, Layout};
use crate::pattern::{Column, Pattern, Rows, Table};
use crate::value::Type;

/// A segment with this many labels in cells is read by its cells.
const MIN_LABELS_IN_CELLS: usize = 6;

/// Whether the labels of `segment` stand in cells.
pub(crate) fn is_gridded(stream: &Stream, segment: &Segment) -> bool {
    segment.hits.iter().filter(|hit| cell_of(stream, hit).is_some()).count() >= MIN_LABELS_IN_CELLS
}

fn cell_of(stream: &Stream, hit: &Hit) -> Option<CellId> {
    stream.token_of(hit.start()).and_then(|token| token.cell)
}

/// Drops the hits that are but a stretch of a cell's own text: a heading fills its cell.
pub(crate) fn drop_partial(stream: &Stream, segment: &mut Segment) {
    let texts = cell_spans(stream, &segment.span);
    segment.hits.retain(|hit| {
        let Some(cell) = cell_of(stream, hit).and_then(|cell| texts.get(&cell)) else { return true };
        let length: usize = cell.iter().map(|span| span.len()).sum();
        let own: usize = hit.spans().map(|span| span.len()).sum();
        let first = cell.first().is_some_and(|span| span.start == hit.start());
        match hit.owner {
            Owner::Words { .. } | Owner::Furniture { .. } => true,
            Owner::Label { .. } => own == length || hit.fragments.len() > 1 || !hit.holes.is_empty(),
            // A heading may carry a remark that the pattern does not know.
            _ => first && own * 2 > length,
        }
    });
}

/// The text of each cell in `span`, by cell.
fn cell_spans(stream: &Stream, span: &Span) -> BTreeMap<CellId, Vec<Span>> {
    let mut cells: BTreeMap<CellId, Vec<Span>> = BTreeMap::new();
    let first = stream.tokens.partition_point(|token| token.span.end <= span.start);
    for token in stream.tokens.get(first..).unwrap_or_default().iter().take_while(|token| token.span.start < span.end) {
        if let Some(cell) = token.cell {
            let part = token.span.start.max(span.start)..token.span.end.min(span.end);
            cells.entry(cell).or_default().push(part);
        }
    }
    cells
}

/// Reads a segment by its cells, and the lines around them as a sequence.
pub(crate) fn read(stream: &Stream, layout: &Layout, segment: &Segment, pattern: &Pattern) -> Draft {
    let around = Segment {
        hits: segment.hits.iter().filter(|hit| cell_of(stream, hit).is_none()).cloned().collect(),
        span: segment.span.clone(),
        coverage: segment.coverage,
    };
    let mut draft = sequence::read(stream, layout, &around, pattern);
    let inside = Segment {
        hits: segment.hits.iter().filter(|hit| cell_of(stream, hit).is_some()).cloned().collect(),
        span: segment.span.clone(),
        coverage: segment.coverage,
    };
    draft.end = draft.end.max(inside.hits.iter().map(Hit::end).max().unwrap_or_default());
    let texts = cell_spans(stream, &segment.span);
    let mut blocks: Vec<u32> = texts.keys().map(|cell| cell.block).collect();
    blocks.dedup();
    for block in blocks {
        if let Some(Block::Grid(grid)) = layout.blocks.get(block as usize) {
            let mut reader = GridReader::new(stream, grid, block, &inside, pattern, &texts);
            reader.read(&mut draft);
            draft.end = draft.end.max(reader.end());
        }
    }
    draft
}

/// A head cell of a table with its place.
struct Head<'a> {
    column: &'a Column,
    cell: usize,
    hit: &'a Hit,
}

struct GridReader<'a> {
    grid: &'a Grid,
    segment: &'a Segment,
    pattern: &'a Pattern,
    /// The hits of each cell, by number of the cell.
    labels: BTreeMap<usize, Vec<&'a Hit>>,
    /// The text of each cell that no hit covers.
    free: BTreeMap<usize, Vec<Span>>,
    /// Cells whose text is taken.
    taken: Vec<bool>,
    end: usize,
}

impl<'a> GridReader<'a> {
    fn new(
        stream: &Stream,
        grid: &'a Grid,
        block: u32,
        segment: &'a Segment,
        pattern: &'a Pattern,
        texts: &BTreeMap<CellId, Vec<Span>>,
    ) -> GridReader<'a> {
        let mut labels: BTreeMap<usize, Vec<&Hit>> = BTreeMap::new();
        for hit in &segment.hits {
            if let Some(cell) = cell_of(stream, hit).filter(|cell| cell.block == block) {
                labels.entry(cell.cell as usize).or_default().push(hit);
            }
        }
        let mut free = BTreeMap::new();
        let mut end = 0;
        for (cell, spans) in texts.iter().filter(|(cell, _)| cell.block == block) {
            let number = cell.cell as usize;
            let covered = |at: usize| {
                labels
                    .get(&number)
                    .is_some_and(|hits| hits.iter().any(|hit| hit.spans().any(|span| span.contains(&at))))
            };
            let left: Vec<Span> = spans.iter().flat_map(|span| uncovered(span, covered)).collect();
            end = end.max(spans.last().map_or(0, |span| span.end));
            free.insert(number, left);
        }
        let taken = vec![false; grid.cells.len()];
        GridReader { grid, segment, pattern, labels, free, taken, end }
    }

    /// One past the last character of the grid that belongs to the form.
    fn end(&self) -> usize {
        self.end
    }

    fn read(&mut self, draft: &mut Draft) {
        let hits = self.labels.values().flatten().map(|hit| (*hit).clone()).collect();
        let own = Segment { hits, span: self.segment.span.clone(), coverage: self.segment.coverage };
        sequence::place_labels(draft, &own, self.pattern);
        for section in 0..self.pattern.sections.len() {
            if let Some(table) = table_of(self.pattern, section) {
                self.read_table(section, table, draft);
            }
        }
        self.read_fields(draft);
    }

    /// The cell that covers a place.
    fn at(&self, row: usize, col: usize) -> Option<usize> {
        self.grid.cells.iter().position(|cell| covers(cell, row, col))
    }

    /// The next cell to the right. Without rulings a place between them may be nobody's.
    fn right_of(&self, cell: &GridCell) -> Option<usize> {
        (cell.col + cell.cols..self.grid.cols).find_map(|col| self.at(cell.row, col))
    }

    fn has_label(&self, cell: usize) -> bool {
        self.labels.get(&cell).is_some_and(|hits| hits.iter().any(|hit| !matches!(hit.owner, Owner::Furniture { .. })))
    }

    fn text(&self, cell: usize) -> &[Span] {
        self.free.get(&cell).map(Vec::as_slice).unwrap_or_default()
    }

    fn take(&mut self, cell: usize, kind: Type, label: &Hit) -> DraftText {
        if let Some(taken) = self.taken.get_mut(cell) {
            *taken = true;
        }
        DraftText {
            spans: self.text(cell).to_vec(),
            label: label.fragments.first().cloned(),
            confidence: f64::from(label.similarity),
            // In a cell of its own a figure over two lines is one figure, wrapped.
            torn: matches!(kind, Type::Decimal | Type::Integer | Type::Percent | Type::Date),
            is_label: false,
        }
    }

    fn read_fields(&mut self, draft: &mut Draft) {
        for (cell, hits) in self.labels.clone() {
            // A label takes the text after it in its own cell, else the cell to its right.
            let fields = hits.iter().filter_map(|hit| match hit.owner {
                Owner::Label { section, field } if hit.holes.is_empty() => {
                    Some((*hit, field_of(self.pattern, section, field)?))
                }
                _ => None,
            });
            let fields: Vec<_> = fields.collect();
            for (number, (hit, field)) in fields.iter().enumerate() {
                let next = fields.get(number + 1).map_or(usize::MAX, |(hit, _)| hit.start());
                let own: Vec<Span> = self
                    .text(cell)
                    .iter()
                    .filter(|span| span.start >= hit.end() && span.end <= next)
                    .cloned()
                    .collect();
                let beside = self.grid.cells.get(cell).and_then(|it| self.right_of(it));
                let text = match beside {
                    _ if !own.is_empty() => DraftText {
                        spans: own,
                        label: hit.fragments.first().cloned(),
                        confidence: f64::from(hit.similarity),
                        ..DraftText::default()
                    },
                    Some(beside)
                        if fields.len() == 1
                            && !self.has_label(beside)
                            && !self.taken.get(beside).is_none_or(|taken| *taken) =>
                    {
                        self.take(beside, field.kind, hit)
                    }
                    _ => continue,
                };
                draft.push_field(&field.id, text);
            }
        }
    }

    fn read_table(&mut self, section: usize, table: &'a Table, draft: &mut Draft) {
        let heads = self.heads(section, table);
        let Some(first) = heads.first() else { return };
        let below = heads
            .iter()
            .map(|head| self.grid.cells[head.cell].row + self.grid.cells[head.cell].rows)
            .max()
            .unwrap_or(0);
        let stop = self.stop_row(section, self.grid.cells[first.cell].row, below);
        let mut rows = match &table.rows {
            Rows::Listed => self.listed_rows(&heads, below, stop),
            Rows::Single => (below < stop).then_some(below).into_iter().collect(),
            Rows::Labelled { .. } => self.labelled_rows(section, below, stop),
        };
        let block = self.block_score(&heads, table, &rows).or_else(|| self.lone_score(&heads, table, &rows));
        if let Some((cell, _)) = block {
            rows.retain(|row| !self.has_only(&heads, *row, cell));
        }
        if let (Some((cell, head)), Some(id)) = (block, &table.block_score) {
            let text = self.take(cell, heads[head].column.kind, heads[head].hit);
            draft.push_field(id, text);
        }
        let mut first_row: BTreeMap<usize, usize> = BTreeMap::new();
        let labelled = draft.tables.remove(&section).unwrap_or_default();
        let mut made: Vec<DraftRow> = Vec::new();
        for (number, row) in rows.iter().enumerate() {
            let mut cells = labelled.get(number).cloned().unwrap_or_default();
            for (at, head) in heads.iter().enumerate() {
                let place = self.grid.cells[head.cell].clone();
                let block = block.filter(|(_, number)| *number == at).map(|(cell, _)| cell);
                let others = || rows.iter().filter_map(|row| self.under(head, *row, block));
                let only = |cell: usize| {
                    place.cols == 1
                        && self.grid.cells[cell].col == place.col
                        && !others().any(|other| !self.text(other).is_empty())
                };
                if block.is_some_and(only) {
                    continue;
                }
                let found = self.under(head, *row, block);
                let content = match found {
                    None => DraftCell::Text(DraftText {
                        label: head.hit.fragments.first().cloned(),
                        confidence: 1.0,
                        ..DraftText::default()
                    }),
                    Some(cell) => match first_row.get(&cell) {
                        Some(first) if !self.text(cell).is_empty() => DraftCell::Shared(*first),
                        _ => {
                            first_row.entry(cell).or_insert(number);
                            DraftCell::Text(self.take(cell, head.column.kind, head.hit))
                        }
                    },
                };
                cells.insert(head.column.id.clone(), content);
            }
            self.read_groups(section, table, &heads, *row, &mut cells);
            made.push(cells);
        }
        if !made.is_empty() {
            draft.tables.insert(section, made);
        }
    }

    /// The heads of a table's columns: the row of the grid with most of them.
    fn heads(&self, section: usize, table: &'a Table) -> Vec<Head<'a>> {
        let mut heads: Vec<Head> = Vec::new();
        for (cell, hits) in &self.labels {
            for hit in hits {
                if let Owner::Column { section: of, column } = hit.owner
                    && of == section
                    && let Some(column) = table.columns.get(column)
                {
                    heads.push(Head { column, cell: *cell, hit });
                }
            }
        }
        let row = |head: &Head| self.grid.cells[head.cell].row;
        let most = heads.iter().max_by_key(|one| {
            (heads.iter().filter(|other| row(other) == row(one)).count(), std::cmp::Reverse(row(one)))
        });
        let Some(most) = most.map(row) else { return Vec::new() };
        heads.retain(|head| {
            let cell = &self.grid.cells[head.cell];
            // A head over two lines of heads stands beside the lower line's.
            cell.row == most || (cell.row <= most && most < cell.row + cell.rows)
        });
        heads.sort_by_key(|head| self.grid.cells[head.cell].col);
        heads
    }

    /// The first row below a table's head that belongs to something else.
    fn stop_row(&self, section: usize, head: usize, below: usize) -> usize {
        let foreign = self.labels.iter().flat_map(|(cell, hits)| hits.iter().map(move |hit| (*cell, hit)));
        let foreign = foreign.filter(|(_, hit)| match hit.owner {
            Owner::Label { .. } | Owner::Words { .. } => true,
            Owner::Heading { section: of } | Owner::Column { section: of, .. } | Owner::RowLabel { section: of } => {
                of != section
            }
            _ => false,
        });
        let rows = foreign.map(|(cell, _)| self.grid.cells[cell].row).filter(|row| *row >= below && *row > head);
        rows.min().unwrap_or(self.grid.rows)
    }

    /// The rows whose lead cell, or any other, has text.
    fn listed_rows(&self, heads: &[Head], below: usize, stop: usize) -> Vec<usize> {
        let lead = heads.iter().find(|head| head.column.required && head.column.kind == Type::Text).or(heads.first());
        let Some(lead) = lead.map(|head| self.grid.cells[head.cell].col) else { return Vec::new() };
        let mut rows = Vec::new();
        let mut last = None;
        for row in below..stop {
            let cell = self.at(row, lead);
            if cell.is_some() && cell == last {
                continue;
            }
            last = cell;
            let spare = cell.is_some_and(|cell| self.has_label(cell));
            let begins_here = |head: &&Head| {
                let place = &self.grid.cells[head.cell];
                self.at(row, place.col).is_some_and(|cell| {
                    self.grid.cells[cell].row == row
                        && self.grid.cells[cell].rows == 1
                        && !self.has_label(cell)
                        && !self.text(cell).is_empty()
                })
            };
            let named = cell.is_some_and(|cell| !self.has_label(cell) && !self.text(cell).is_empty());
            if named || (!spare && heads.iter().any(|head| begins_here(&head))) {
                rows.push(row);
            }
        }
        rows
    }

    fn labelled_rows(&self, section: usize, below: usize, stop: usize) -> Vec<usize> {
        let labels =
            self.labels.iter().filter(|(_, hits)| hits.iter().any(|hit| hit.owner == Owner::RowLabel { section }));
        let mut rows: Vec<usize> =
            labels.map(|(cell, _)| self.grid.cells[*cell].row).filter(|row| (below..stop).contains(row)).collect();
        rows.sort_unstable();
        rows
    }

    /// The cell with the one score for the whole table, and the number of its head.
    fn block_score(&self, heads: &[Head], table: &Table, rows: &[usize]) -> Option<(usize, usize)> {
        table.block_score.as_ref()?;
        let (first, last) = (rows.first()?, rows.last()?);
        if first == last {
            return None;
        }
        let scores = || heads.iter().enumerate().filter(|(_, head)| head.column.kind == Type::Decimal);
        let over_all_rows = |col: usize| {
            let cell = self.at(*first, col)?;
            (self.at(*last, col) == Some(cell) && !self.text(cell).is_empty()).then_some(cell)
        };
        let headed = scores().find_map(|(number, head)| {
            let place = &self.grid.cells[head.cell];
            (place.col..place.col + place.cols).find_map(over_all_rows).map(|cell| (cell, number))
        });
        // It may also stand in a column of its own, right of all heads.
        let right = heads.iter().map(|head| self.grid.cells[head.cell].col + self.grid.cells[head.cell].cols).max()?;
        headed.or_else(|| {
            let (number, _) = scores().next_back()?;
            (right..self.grid.cols).find_map(over_all_rows).map(|cell| (cell, number))
        })
    }

    /// The one score for the whole table where nothing draws how far its cell reaches: the only figure under its head,
    /// or the only text of a row.
    fn lone_score(&self, heads: &[Head], table: &Table, rows: &[usize]) -> Option<(usize, usize)> {
        table.block_score.as_ref().filter(|_| rows.len() > 1)?;
        let (number, head) = heads.iter().enumerate().rfind(|(_, head)| head.column.kind == Type::Decimal)?;
        let scores: Vec<(usize, usize)> =
            rows.iter().filter_map(|row| self.under(head, *row, None).map(|cell| (*row, cell))).collect();
        let written = || scores.iter().filter(|(_, cell)| !self.text(*cell).is_empty());
        let mut alone = written().filter(|(row, cell)| self.has_only(heads, *row, *cell));
        match (written().count(), alone.next(), alone.next()) {
            (1, _, _) => written().next().map(|(_, cell)| (*cell, number)),
            (_, Some((_, cell)), None) => Some((*cell, number)),
            _ => None,
        }
    }

    /// Whether a row has no text under the heads but that of `cell`.
    fn has_only(&self, heads: &[Head], row: usize, cell: usize) -> bool {
        let others = heads.iter().filter_map(|head| self.under(head, row, None));
        let text = |other: &usize| *other != cell && !self.has_label(*other) && !self.text(*other).is_empty();
        self.grid.cells.get(cell).is_some_and(|cell| cell.rows == 1 && cell.row == row)
            && !{ others }.any(|other| text(&other))
    }

    /// The cell of a row that stands under a head: of several the one with most of its width there.
    fn under(&self, head: &Head, row: usize, except: Option<usize>) -> Option<usize> {
        let place = self.grid.cells.get(head.cell)?;
        let mut best: Option<(usize, usize)> = None;
        for col in place.col..place.col + place.cols {
            let Some(found) = self.at(row, col).filter(|cell| !self.has_label(*cell) && Some(*cell) != except) else {
                continue;
            };
            let Some(cell) = self.grid.cells.get(found) else { continue };
            let shared = (cell.col + cell.cols).min(place.col + place.cols).saturating_sub(cell.col.max(place.col));
            if best.is_none_or(|(_, most)| shared > most) {
                best = Some((found, shared));
            }
        }
        best.map(|(cell, _)| cell)
    }

    /// The group words that a row stands under: the cells left of its lead, under the heads of the groups.
    fn read_groups(&mut self, section: usize, table: &Table, heads: &[Head], row: usize, cells: &mut DraftRow) {
        let right = heads.iter().map(|head| self.grid.cells[head.cell].col).min().unwrap_or(0);
        for (number, group) in table.groups.iter().enumerate() {
            let head = self
                .labels
                .iter()
                .find(|(_, hits)| hits.iter().any(|hit| hit.owner == Owner::GroupHead { section, group: number }));
            let head = head.map(|(cell, _)| self.grid.cells[*cell].col);
            let is_word = |cell: &usize| {
                let words = |hit: &&Hit| {
                    hit.owners.iter().any(|owner| matches!(owner, Owner::Word { section: of, group, .. } if *of == section && *group == number))
                };
                self.labels.get(cell).is_some_and(|hits| hits.iter().any(words))
            };
            let found = match head {
                Some(col) => self.at(row, col),
                None => (0..right).find_map(|col| self.at(row, col).filter(is_word)),
            };
            let Some(cell) = found else { continue };
            let words: Vec<Span> =
                self.labels.get(&cell).into_iter().flatten().flat_map(|hit| hit.fragments.iter().cloned()).collect();
            let text = if words.is_empty() {
                let is_label = self.taken.get(cell).copied().unwrap_or(false);
                if let Some(taken) = self.taken.get_mut(cell) {
                    *taken = true;
                }
                DraftText {
                    spans: self.text(cell).to_vec(),
                    confidence: 1.0,
                    torn: true,
                    is_label,
                    ..DraftText::default()
                }
            } else {
                DraftText { spans: words, confidence: 1.0, torn: true, is_label: true, ..DraftText::default() }
            };
            if !text.spans.is_empty() {
                cells.insert(group.column.clone(), DraftCell::Text(text));
            }
        }
    }
}

fn covers(cell: &GridCell, row: usize, col: usize) -> bool {
    (cell.row..cell.row + cell.rows).contains(&row) && (cell.col..cell.col + cell.cols).contains(&col)
}

/// The stretches of `span` for which `covered` does not hold.
fn uncovered(span: &Span, covered: impl Fn(usize) -> bool) -> Vec<Span> {
    let mut left: Vec<Span> = Vec::new();
    for at in span.clone().filter(|at| !covered(*at)) {
        match left.last_mut() {
            Some(last) if last.end == at => last.end += 1,
            _ => left.push(at..at + 1),
        }
    }
    left
}
