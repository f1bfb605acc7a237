//! A form whose table has geometry: cells with spans, to a draft.
//!
//! A label's value is the cell to its right; a table's columns are its head's; a merged cell stands for every row
//! that it covers.

use std::collections::BTreeMap;

use super::draft::{Draft, DraftText};
use super::heads::{self, Band};
use super::hits::Hit;
use super::lexicon::Owner;
use super::placement::Placement;
use super::row_labels;
use super::segment::Segment;
use super::sequence::{self, field_of, table_of};
use super::smudged;
use super::stream::{CellId, Span, Stream};
use super::tail;
use crate::fold::fold_text;
use crate::layout::{Block, Grid, GridCell, Layout};
use crate::pattern::{Pattern, Rows};
use crate::value::Type;

/// A segment with this many labels in cells is read by its cells.
const MIN_LABELS_IN_CELLS: usize = 6;

/// To three letters of a label there may be two of dirt.
const SPECKS: (usize, usize) = (2, 3);

/// Whether the labels of `segment` stand in cells.
pub(crate) fn is_gridded(stream: &Stream, segment: &Segment) -> bool {
    segment.hits.iter().filter(|hit| cell_of(stream, hit).is_some()).count() >= MIN_LABELS_IN_CELLS
}

pub(crate) fn cell_of(stream: &Stream, hit: &Hit) -> Option<CellId> {
    stream.token_of(hit.start()).and_then(|token| token.cell)
}

/// Drops the hits that are but a stretch of a cell's own text: a heading fills its cell.
pub(crate) fn drop_partial(stream: &Stream, layout: &Layout, segment: &mut Segment, pattern: &Pattern) {
    let texts = cell_spans(stream, &segment.span);
    heads::settle(stream, layout, &mut segment.hits);
    segment.hits.retain(|hit| {
        let Some(cell) = cell_of(stream, hit).and_then(|cell| texts.get(&cell)) else { return true };
        let length: usize = cell.iter().map(|span| span.len()).sum();
        let own: usize = hit.spans().map(|span| span.len()).sum();
        let first = cell.first().is_some_and(|span| span.start == hit.start());
        if smudged::is_unseen(stream, layout, hit.start()) {
            let head = matches!(hit.owner, Owner::Column { .. } | Owner::GroupHead { .. });
            if is_but_specked(stream, hit, cell) || head && is_whole_line(stream, hit) {
                return true;
            }
        }
        match hit.owner {
            Owner::Furniture { .. } => true,
            Owner::Label { .. } => own == length || hit.fragments.len() > 1 || !hit.holes.is_empty(),
            // A heading may carry a remark that the pattern does not know; and a dump may leave no line between a head and
            // the one value under it.
            _ => first && (own * 2 > length || is_over_its_value(stream, hit, pattern)),
        }
    });
}

/// Whether the rest of a cell is what character recognition adds: marks, and letters less than the label has.
fn is_but_specked(stream: &Stream, hit: &Hit, cell: &[Span]) -> bool {
    let letters = |span: &Span| {
        span.clone().filter(|at| stream.chars.get(*at).is_some_and(|char| char.ch.is_alphanumeric())).count()
    };
    let all: usize = cell.iter().map(letters).sum();
    let own: usize = hit.spans().map(letters).sum();
    all.saturating_sub(own) * SPECKS.1 <= own * SPECKS.0
}

/// Whether the hit has lines to itself: what stands on others was made of the lines of the table.
fn is_whole_line(stream: &Stream, hit: &Hit) -> bool {
    let run = |at: usize| stream.chars.get(at).map(|char| char.run);
    let (first, last) = (hit.start(), hit.end().saturating_sub(1));
    let begins = first.checked_sub(1).is_none_or(|before| run(before) != run(first));
    begins && run(last + 1) != run(last)
}

/// Whether the hit is the head of a table of one row and has the first lines of its cell to itself.
fn is_over_its_value(stream: &Stream, hit: &Hit, pattern: &Pattern) -> bool {
    let single = match hit.owner {
        Owner::Column { section, .. } => {
            table_of(pattern, section).is_some_and(|table| matches!(table.rows, Rows::Single))
        }
        _ => false,
    };
    let line = |at: usize| stream.token_of(at).map(|token| token.line);
    single && line(hit.end()) != line(hit.end().saturating_sub(1))
}

/// The stretches of `span` outside of cells: what stands above a grid has nothing to do with what stands below it.
fn stretches_around(stream: &Stream, span: &Span) -> Vec<Span> {
    let first = stream.tokens.partition_point(|token| token.span.end <= span.start);
    let tokens = stream.tokens.get(first..).unwrap_or_default().iter().take_while(|token| token.span.start < span.end);
    let mut stretches: Vec<Span> = Vec::new();
    let mut open = false;
    for token in tokens {
        let part = token.span.start.max(span.start)..token.span.end.min(span.end);
        match stretches.last_mut() {
            _ if token.cell.is_some() => open = false,
            Some(last) if open => last.end = part.end,
            _ => {
                stretches.push(part);
                open = true;
            }
        }
    }
    stretches
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

/// What of a segment stands outside of cells, stretch by stretch, where it has labels.
pub(crate) fn around(stream: &Stream, segment: &Segment) -> Vec<Segment> {
    let stretches = stretches_around(stream, &segment.span).into_iter().map(|span| {
        let inside = |hit: &&Hit| cell_of(stream, hit).is_none() && span.contains(&hit.start());
        let hits: Vec<Hit> = segment.hits.iter().filter(inside).cloned().collect();
        Segment { hits, span, coverage: segment.coverage, evidence: segment.evidence }
    });
    stretches.filter(|segment| !segment.hits.is_empty()).collect()
}

/// Reads a segment by its cells, and the lines around them as a sequence.
pub(crate) fn read(stream: &Stream, layout: &Layout, segment: &Segment, pattern: &Pattern) -> Draft {
    let mut draft = Draft::default();
    for around in around(stream, segment) {
        let mut lines = sequence::read(stream, layout, &around, pattern);
        lines.doubt_if_disordered();
        draft.merge(lines);
    }
    let inside = Segment {
        hits: segment.hits.iter().filter(|hit| cell_of(stream, hit).is_some()).cloned().collect(),
        span: segment.span.clone(),
        coverage: segment.coverage,
        evidence: segment.evidence,
    };
    draft.end = draft.end.max(inside.hits.iter().map(Hit::end).max().unwrap_or_default());
    let texts = cell_spans(stream, &segment.span);
    let mut blocks: Vec<u32> = texts.keys().map(|cell| cell.block).collect();
    blocks.dedup();
    for block in blocks {
        if let Some(Block::Grid(grid)) = layout.blocks.get(block as usize) {
            let mut reader = GridReader::new(stream, grid, block, &inside, pattern, &texts);
            reader.unseen = smudged::has_unseen_cells(stream, layout, &inside);
            reader.read(&mut draft);
            draft.end = draft.end.max(reader.end());
        }
    }
    let end = draft.end;
    tail::doubt_last_row(&mut draft, stream, layout, &segment.span, end);
    draft.end = tail::end(stream, layout, &segment.span, end);
    draft
}

pub(super) struct GridReader<'a> {
    pub(super) stream: &'a Stream,
    pub(super) grid: &'a Grid,
    segment: &'a Segment,
    pub(super) pattern: &'a Pattern,
    /// The hits of each cell, by number of the cell.
    pub(super) labels: BTreeMap<usize, Vec<&'a Hit>>,
    /// The text of each cell that no hit covers, and all of it.
    pub(super) free: BTreeMap<usize, Vec<Span>>,
    all: BTreeMap<usize, Vec<Span>>,
    /// Cells whose text is taken.
    pub(super) taken: Vec<bool>,
    /// Cells of spare rows: their marks are no values.
    pub(super) spare: Vec<usize>,
    /// Marks for nothing, folded.
    blanks: Vec<String>,
    /// Whether the text is a layer that character recognition has left.
    pub(super) unseen: bool,
    end: usize,
}

impl<'a> GridReader<'a> {
    fn new(
        stream: &'a Stream,
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
        let mut all = BTreeMap::new();
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
            all.insert(number, spans.clone());
        }
        let taken = vec![false; grid.cells.len()];
        let blanks = pattern.blanks.iter().map(|mark| fold_text(mark)).collect();
        GridReader {
            stream,
            grid,
            segment,
            pattern,
            labels,
            free,
            all,
            taken,
            spare: Vec::new(),
            blanks,
            unseen: false,
            end,
        }
    }

    /// One past the last character of the grid that belongs to the form.
    fn end(&self) -> usize {
        self.end
    }

    fn read(&mut self, draft: &mut Draft) {
        self.release_values();
        let segment = self.own_segment();
        sequence::place_labels(draft, &segment, self.pattern, &row_labels::in_order(&segment));
        for section in 0..self.pattern.sections.len() {
            if let Some(table) = table_of(self.pattern, section) {
                self.read_table(section, table, draft);
            }
        }
        self.read_fields(draft);
        for cell in std::mem::take(&mut self.spare) {
            if self.is_free(cell) {
                draft.labels.extend(self.text(cell).to_vec());
            }
        }
    }

    /// The segment with the hits of this grid alone.
    pub(super) fn own_segment(&self) -> Segment {
        let mut hits: Vec<Hit> = self.labels.values().flatten().map(|hit| (*hit).clone()).collect();
        hits.sort_by_key(Hit::start);
        Segment {
            hits,
            span: self.segment.span.clone(),
            coverage: self.segment.coverage,
            evidence: self.segment.evidence,
        }
    }

    /// Lets go of the words of headings that are values here: an indicator may be called as a heading is.
    fn release_values(&mut self) {
        for section in 0..self.pattern.sections.len() {
            let Some(table) = table_of(self.pattern, section).filter(|table| !table.groups.is_empty()) else {
                continue;
            };
            let cells: Vec<usize> = self.bands(section, table).iter().flat_map(|band| self.value_cells(band)).collect();
            for cell in cells {
                let words = |hits: &Vec<&Hit>| hits.iter().all(|hit| matches!(hit.owner, Owner::Word { .. }));
                if self.labels.get(&cell).is_some_and(words) {
                    self.labels.remove(&cell);
                    self.free.insert(cell, self.all.get(&cell).cloned().unwrap_or_default());
                }
            }
        }
    }

    /// The cells below the heads of a band that stand under a head alone, without a column left of it.
    fn value_cells(&self, band: &Band) -> Vec<usize> {
        let cols: Vec<usize> = band.heads.iter().map(|head| head.place.col).collect();
        let under = |cell: &&usize| {
            let it = self.cell(**cell);
            it.row >= band.below && cols.contains(&it.col)
        };
        self.labels.keys().filter(under).copied().collect()
    }

    /// The cell that covers a place.
    pub(super) fn at(&self, row: usize, col: usize) -> Option<usize> {
        self.grid.cells.iter().position(|cell| covers(cell, row, col))
    }

    pub(super) fn cell(&self, number: usize) -> &GridCell {
        &self.grid.cells[number]
    }

    /// The next cell to the right. Without rulings a place between them may be nobody's.
    fn right_of(&self, cell: &GridCell) -> Option<usize> {
        (cell.col + cell.cols..self.grid.cols).find_map(|col| self.at(cell.row, col))
    }

    /// `cell`, or where it is blank and nothing has drawn it, the next cell of its row with text, if no label stands
    /// before that: in a text a value in the middle of a wide cell stands columns off its label.
    fn written_from(&self, cell: usize) -> usize {
        let drawn = self.cell(cell).bbox.is_some();
        let mut at = cell;
        while !drawn && self.text(at).is_empty() && !self.has_label(at) {
            match self.right_of(self.cell(at)) {
                Some(next) => at = next,
                None => return cell,
            }
        }
        if self.is_free(at) { at } else { cell }
    }

    pub(super) fn has_label(&self, cell: usize) -> bool {
        self.labels.get(&cell).is_some_and(|hits| hits.iter().any(|hit| !matches!(hit.owner, Owner::Furniture { .. })))
    }

    pub(super) fn text(&self, cell: usize) -> &[Span] {
        self.free.get(&cell).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether nothing but marks for nothing stands in the cell.
    pub(super) fn is_blank(&self, cell: usize) -> bool {
        let text: String = self.text(cell).iter().map(|span| self.stream.text_of(span)).collect();
        text.is_empty() || self.blanks.contains(&text)
    }

    pub(super) fn take(&mut self, cell: usize, kind: Type, label: &Hit) -> DraftText {
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
            placement: Placement::in_cell(label.owner),
            word: None,
        }
    }

    /// The free cell below one that is alone in its row, where that is alone in its row too.
    fn alone_below(&self, cell: usize) -> Option<usize> {
        let row = self.cell(cell).row;
        let of_row = |row: usize| self.grid.cells.iter().enumerate().filter(move |(_, it)| covers_row(it, row));
        let below = of_row(row + 1).next().map(|(number, _)| number)?;
        let alone = of_row(row).count() == 1 && of_row(row + 1).count() == 1;
        (alone && self.is_free(below)).then_some(below)
    }

    fn is_free(&self, cell: usize) -> bool {
        !self.has_label(cell) && !self.taken.get(cell).is_none_or(|taken| *taken)
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
                let beside = beside.map(|beside| self.written_from(beside));
                let mut text = match beside {
                    _ if !own.is_empty() => DraftText {
                        spans: own,
                        label: hit.fragments.first().cloned(),
                        confidence: f64::from(hit.similarity),
                        placement: Placement::SameCell,
                        ..DraftText::default()
                    },
                    Some(beside) if fields.len() == 1 && self.is_free(beside) => self.take(beside, field.kind, hit),
                    None if hit.colon.is_some() => match self.alone_below(cell) {
                        Some(below) => self.take(below, field.kind, hit),
                        None => continue,
                    },
                    _ => continue,
                };
                // Each choice may have a cell of its own.
                if let (Type::Choices, Some(mut last)) = (field.kind, beside) {
                    while let Some(next) = self.at(self.cell(last).row, self.cell(last).col + self.cell(last).cols) {
                        if !self.is_free(next) {
                            break;
                        }
                        text.spans.extend(self.take(next, field.kind, hit).spans);
                        last = next;
                    }
                }
                draft.push_field(&field.id, text);
            }
        }
    }
}

fn covers_row(cell: &GridCell, row: usize) -> bool {
    (cell.row..cell.row + cell.rows).contains(&row)
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
