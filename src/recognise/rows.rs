//! The rows of a table in a grid: below its heads, beside its row labels, or beside its heads.

use std::collections::BTreeMap;

use super::cells::GridReader;
use super::draft::{ANOTHERS, Draft, DraftCell, DraftRow, DraftText};
use super::groups::{self, GOAL};
use super::halves;
use super::heads::{Band, Head};
use super::hits::Hit;
use super::lexicon::{Owner, hole_type};
use super::placement::Placement;
use super::smudged;
use super::stream::Span;
use crate::layout::GridCell;
use crate::pattern::{Rows, Table, Total};
use crate::value::Type;

/// A word less like that of the pattern was read badly, and stands for it.
const READ: f32 = 0.9;

/// A row whose label character recognition has lost has so many figures.
const FIGURES: usize = 2;

/// How sure such a word is.
const UNSURE: f64 = 0.5;

impl<'a> GridReader<'a> {
    /// Reads a table, with the row that adds it up.
    pub(super) fn read_table(&mut self, section: usize, table: &'a Table, draft: &mut Draft) {
        let bands = self.bands(section, table);
        let Some(last) = bands.last().cloned() else { return };
        if matches!(table.rows, Rows::Single) && self.heads_stand_beside(&bands) {
            self.read_beside(section, &bands, draft);
            return;
        }
        if matches!(table.rows, Rows::Single) && self.heads_stand_over_values(&bands) {
            self.read_within(section, &bands, draft);
            return;
        }
        if let Rows::Across { column, value, .. } = &table.rows {
            self.read_across(section, (column, value), &last, draft);
            return;
        }
        let mut made: Vec<DraftRow> = Vec::new();
        let mut places: Vec<usize> = Vec::new();
        for (number, band) in bands.iter().enumerate() {
            let next = bands.get(number + 1).map_or(self.grid.rows, |next| next.top);
            let stop = self.stop_row(section, band).min(next);
            let rows = match &table.rows {
                Rows::Listed => self.listed_rows(band, stop),
                Rows::Single => (band.below < stop).then_some(band.below).into_iter().collect(),
                Rows::Labelled { .. } | Rows::Across { .. } => self.labelled_rows(band, stop),
            };
            self.read_rows(section, table, band, &rows, &mut made, draft);
            places.extend(rows);
        }
        // On a page a row without a name is one: its cells are drawn, or stand where they were set.
        if self.is_of_text() {
            halves::join(table, &mut made, &mut places);
        }
        self.number_goals(section, &places, &mut made);
        draft.tables.remove(&section);
        if !made.is_empty() {
            draft.tables.insert(section, made);
        }
        if let Some(total) = &table.total {
            self.read_total(section, total, &last, draft);
        }
    }

    fn read_rows(
        &mut self,
        section: usize,
        table: &'a Table,
        band: &Band<'a>,
        rows: &[usize],
        made: &mut Vec<DraftRow>,
        draft: &mut Draft,
    ) {
        let heads = &band.heads;
        let block = self.block_score(heads, table, rows).or_else(|| self.lone_score(heads, table, rows));
        let kept: Vec<usize>;
        let rows = match block {
            Some((cell, _)) => {
                kept = rows.iter().copied().filter(|row| !self.has_only(heads, *row, cell)).collect();
                kept.as_slice()
            }
            None => rows,
        };
        if let (Some((cell, head)), Some(id)) = (block, &table.block_score) {
            let text = self.take(cell, heads[head].column.kind, heads[head].hit);
            draft.push_field(id, DraftText { placement: Placement::BlockScore, ..text });
        }
        if block.is_none()
            && self.is_of_text()
            && let Some(id) = &table.block_score
            && let Some((cell, head, figure)) = self.joined_score(heads, rows)
        {
            let text = self.take(cell, heads[head].column.kind, heads[head].hit);
            let (spans, rest) = text.spans.iter().cloned().partition(|span| *span == figure);
            self.free.insert(cell, rest);
            draft.push_field(id, DraftText { spans, placement: Placement::BlockScore, ..text });
        }
        let mut first_row: BTreeMap<usize, usize> = BTreeMap::new();
        for row in rows {
            let number = made.len();
            let mut cells = DraftRow::new();
            if let Rows::Labelled { column, .. } = &table.rows {
                cells.insert(column.clone(), DraftCell::Text(self.row_label(band, *row)));
            }
            for (at, head) in heads.iter().enumerate() {
                let place = head.place;
                let block = block.filter(|(_, number)| *number == at).map(|(cell, _)| cell);
                let others = || rows.iter().filter_map(|row| self.under(head, *row, block));
                let only = |cell: usize| {
                    place.cols == 1
                        && self.cell(cell).col == place.col
                        && !others().any(|other| !self.text(other).is_empty())
                };
                if block.is_some_and(only) || cells.contains_key(&head.column.id) {
                    continue;
                }
                let found = self.under(head, *row, block);
                let blank = |confidence| {
                    let label = head.hit.fragments.first().cloned();
                    DraftCell::Text(DraftText { label, confidence, ..DraftText::default() })
                };
                let content = match found {
                    None => blank(1.0),
                    Some(cell) => match first_row.get(&cell).filter(|_| !self.text(cell).is_empty()) {
                        // One cell over several columns: the first of them has its text.
                        Some(first) if *first == number => blank(ANOTHERS),
                        Some(first) => DraftCell::Shared(*first),
                        None => {
                            first_row.entry(cell).or_insert(number);
                            let text = self.take(cell, head.column.kind, head.hit);
                            let confidence = if head.lost { text.confidence * UNSURE } else { text.confidence };
                            DraftCell::Text(DraftText { confidence, ..text })
                        }
                    },
                };
                cells.insert(head.column.id.clone(), content);
            }
            self.read_groups(section, table, heads, *row, &mut cells);
            self.read_group_weights(section, table, band, *row, &cells, draft);
            made.push(cells);
        }
    }

    /// Whether the table is one of a text, which keeps little of where its cells were.
    fn is_of_text(&self) -> bool {
        self.grid.cells.iter().all(|cell| cell.page == 0)
    }

    /// The first row below the heads that belongs to something else.
    fn stop_row(&self, section: usize, band: &Band) -> usize {
        let foreign = self.labels.iter().flat_map(|(cell, hits)| hits.iter().map(move |hit| (*cell, hit)));
        let foreign = foreign.filter(|(_, hit)| match hit.owner {
            Owner::Label { .. } | Owner::Words { .. } => true,
            Owner::Total { .. } => !hit.owners.contains(&Owner::RowLabel { section }),
            Owner::Heading { section: of } | Owner::Column { section: of, .. } => of != section,
            Owner::RowLabel { section: of } => of != section && !hit.owners.contains(&Owner::RowLabel { section }),
            _ => false,
        });
        let rows = foreign.map(|(cell, _)| self.cell(cell).row).filter(|row| *row >= band.below && *row > band.top);
        rows.min().unwrap_or(self.grid.rows)
    }

    /// The rows whose lead cell, or any other, has text.
    fn listed_rows(&mut self, band: &Band, stop: usize) -> Vec<usize> {
        let heads = &band.heads;
        let lead = heads.iter().find(|head| head.column.required && head.column.kind == Type::Text).or(heads.first());
        let Some(lead) = lead.map(|head| head.place.col) else { return Vec::new() };
        let mut rows = Vec::new();
        let mut last = None;
        for row in band.below..stop {
            let cell = self.at(row, lead);
            if cell.is_some() && cell == last {
                continue;
            }
            last = cell;
            let of_row: Vec<usize> = heads
                .iter()
                .filter_map(|head| self.at(row, head.place.col))
                .filter(|cell| self.cell(*cell).row == row && !self.has_label(*cell))
                .collect();
            let spare = cell.is_some_and(|cell| self.has_label(cell));
            let named = cell.is_some_and(|cell| !self.has_label(cell) && !self.text(cell).is_empty());
            let filled = |cell: &usize| self.cell(*cell).rows == 1 && !self.is_blank(*cell);
            if of_row.iter().all(|cell| self.is_blank(*cell)) {
                // Strokes in every cell make a spare row, and are no values.
                if !named || cell.is_some_and(|cell| self.is_blank(cell)) {
                    let marks: Vec<usize> = of_row.into_iter().filter(|cell| self.is_blank(*cell)).collect();
                    self.spare.extend(marks);
                    continue;
                }
            }
            if named || (!spare && of_row.iter().any(filled)) {
                rows.push(row);
            }
        }
        rows
    }

    /// The rows beside which a label stands: in the last cell with text left of the first head.
    fn labelled_rows(&self, band: &Band, stop: usize) -> Vec<usize> {
        let mut rows: Vec<usize> = Vec::new();
        let mut last = None;
        for row in band.below..stop {
            let cell = self.label_cell(band, row);
            if cell.is_some() && cell != last {
                rows.push(row);
                last = cell;
            } else if cell.is_none() && self.unseen && self.figures(band, row) >= FIGURES {
                rows.push(row);
            }
        }
        rows
    }

    /// How many heads have a figure under them in a row.
    fn figures(&self, band: &Band, row: usize) -> usize {
        let is_figure = |cell: &usize| {
            let own = self.cell(*cell);
            let text = self.text(*cell).iter().map(|span| self.stream.text_of(span));
            own.row == row && own.rows == 1 && text.collect::<String>().chars().any(|ch| ch.is_ascii_digit())
        };
        let heads = band.heads.iter().filter(|head| head.column.kind == Type::Decimal);
        heads.filter_map(|head| self.under(head, row, None)).filter(is_figure).count()
    }

    fn label_cell(&self, band: &Band, row: usize) -> Option<usize> {
        let right = band.heads.iter().map(|head| head.place.col).min()?;
        let cells = (0..right).rev().filter_map(|col| self.at(row, col));
        let mut cells = cells.filter(|cell| self.has_label(*cell) || !self.text(*cell).is_empty());
        let of_row =
            |hit: &&&Hit| matches!(hit.owner, Owner::RowLabel { .. } | Owner::Furniture { .. } | Owner::Total { .. });
        let is_label = |cell: &usize| self.labels.get(cell).is_none_or(|hits| hits.iter().all(|hit| of_row(&hit)));
        cells.next().filter(is_label).filter(|cell| self.cell(*cell).row >= band.below)
    }

    /// The label of a row with all of its cell's text.
    fn row_label(&mut self, band: &Band, row: usize) -> DraftText {
        let Some(cell) = self.label_cell(band, row) else { return DraftText::default() };
        if let Some(taken) = self.taken.get_mut(cell) {
            *taken = true;
        }
        let hits = self.labels.get(&cell).into_iter().flatten();
        let colon = |span: &Span| hits.clone().any(|hit| hit.colon.as_ref() == Some(span));
        let mut spans: Vec<Span> =
            hits.clone().flat_map(|hit| hit.spans().cloned()).filter(|span| !colon(span)).collect();
        spans.extend(self.text(cell).iter().cloned());
        spans.sort_by_key(|span| span.start);
        let mut joined: Vec<Span> = Vec::new();
        for span in spans {
            match joined.last_mut() {
                Some(last) if last.end == span.start => last.end = span.end,
                _ => joined.push(span),
            }
        }
        DraftText { spans: joined, confidence: 1.0, placement: Placement::RowLabel, ..DraftText::default() }
    }

    /// Whether each head of a table of one row stands left of its value, with another head or nothing below it.
    fn heads_stand_beside(&self, bands: &[Band]) -> bool {
        let alone = bands.iter().all(|band| band.heads.len() == 1);
        let beside = |head: &Head| {
            let place = head.place;
            self.at(place.row, place.col + place.cols).is_some_and(|cell| !self.has_label(cell))
        };
        alone && bands.iter().flat_map(|band| &band.heads).all(beside)
    }

    /// Whether some head of a table of one row has text below it in its own cell, and none has any in a cell below.
    fn heads_stand_over_values(&self, bands: &[Band]) -> bool {
        let [band] = bands else { return false };
        let line = |at: usize| self.stream.token_of(at).map(|token| token.line);
        let own = |head: &Head| {
            let text = self.text(head.cell).first();
            text.is_some_and(|text| line(text.start) != line(head.hit.end().saturating_sub(1)))
        };
        let below = |head: &Head| {
            let cell = self.under(head, band.below, None);
            cell.is_some_and(|cell| !self.text(cell).is_empty() && !self.has_label(cell))
        };
        band.heads.iter().any(own) && !band.heads.iter().any(below)
    }

    fn read_within(&mut self, section: usize, bands: &[Band], draft: &mut Draft) {
        let mut cells = DraftRow::new();
        for head in bands.iter().flat_map(|band| &band.heads) {
            let text = self.take(head.cell, head.column.kind, head.hit);
            let text = DraftText { placement: Placement::SameCell, ..text };
            cells.insert(head.column.id.clone(), DraftCell::Text(text));
        }
        draft.tables.insert(section, vec![cells]);
    }

    fn read_beside(&mut self, section: usize, bands: &[Band], draft: &mut Draft) {
        let mut cells = DraftRow::new();
        for head in bands.iter().flat_map(|band| &band.heads) {
            let place = head.place;
            if let Some(cell) = self.at(place.row, place.col + place.cols) {
                let text = self.take(cell, head.column.kind, head.hit);
                let text = DraftText { placement: Placement::RightOfLabel, ..text };
                cells.insert(head.column.id.clone(), DraftCell::Text(text));
            }
        }
        draft.tables.insert(section, vec![cells]);
    }

    /// Sources side by side: a row for each label among the heads. What the other heads name goes to the last, the sum.
    fn read_across(&mut self, section: usize, (column, value): (&str, &str), band: &Band<'a>, draft: &mut Draft) {
        let owner = Owner::RowLabel { section };
        let labels = self.labels.iter().flat_map(|(cell, hits)| hits.iter().map(move |hit| (*cell, *hit)));
        let mut labels: Vec<(usize, &Hit)> = labels
            .filter(|(cell, hit)| hit.owners.contains(&owner) && (band.top..band.below).contains(&self.cell(*cell).row))
            .collect();
        labels.sort_by_key(|(cell, _)| self.cell(*cell).col);
        let below = |reader: &Self, cell: usize| {
            let place = reader.cell(cell);
            reader.at(place.row + place.rows, place.col).filter(|cell| !reader.has_label(*cell))
        };
        let mut rows: Vec<DraftRow> = Vec::new();
        for (cell, hit) in labels {
            let mut row = DraftRow::new();
            let (spans, placement) = (hit.fragments.clone(), Placement::RowLabel);
            let label = DraftText { spans, confidence: 1.0, placement, ..DraftText::default() };
            row.insert(column.to_owned(), DraftCell::Text(label));
            if let Some(under) = below(self, cell) {
                row.insert(value.to_owned(), DraftCell::Text(self.take(under, Type::Decimal, hit)));
            }
            rows.push(row);
        }
        if let Some(last) = rows.last_mut() {
            for head in &band.heads {
                if let Some(under) = below(self, head.cell) {
                    let text = self.take(under, head.column.kind, head.hit);
                    last.insert(head.column.id.clone(), DraftCell::Text(text));
                }
            }
        }
        if !rows.is_empty() {
            draft.tables.insert(section, rows);
        }
    }

    /// The fields of the row that adds up: what stands under the columns, else from left to right.
    fn read_total(&mut self, section: usize, total: &Total, band: &Band, draft: &mut Draft) {
        let hits = self.labels.iter().flat_map(|(cell, hits)| hits.iter().map(move |hit| (*cell, *hit)));
        let owner = Owner::Total { section };
        let found = hits.rev().find(|(cell, hit)| hit.owner == owner && self.cell(*cell).row >= band.below);
        let Some((label, hit)) = found else { return };
        let row = self.cell(label).row;
        for (column, field) in &total.fields {
            let Some(head) = band.heads.iter().find(|head| head.column.id == *column) else { continue };
            let kind = hole_type(self.pattern, field);
            let place = head.place;
            let cell = (place.col..place.col + place.cols)
                .find_map(|col| self.at(row, col))
                .filter(|cell| !self.has_label(*cell) && !self.taken[*cell]);
            match cell {
                Some(cell) if kind == Type::Decimal || !self.text(cell).is_empty() => {
                    let text = self.take(cell, kind, hit);
                    draft.push_field(field, text);
                }
                _ => {}
            }
        }
    }

    /// Gives the rows the number of the goal whose heading stands beside or above them, when there are several.
    fn number_goals(&self, section: usize, places: &[usize], made: &mut [DraftRow]) {
        let own = self.own_segment();
        let goals = groups::goals(self.stream, &own, section);
        if goals.len() < 2 {
            return;
        }
        let row_of = |start: &usize| {
            let cell = self.stream.token_of(*start).and_then(|token| token.cell)?;
            Some(self.grid.cells.get(cell.cell as usize)?.row)
        };
        let tops: Vec<usize> = goals.iter().filter_map(row_of).collect();
        for (place, row) in places.iter().zip(made) {
            let number = tops.iter().filter(|top| **top <= *place).count().max(1);
            row.insert(GOAL.to_owned(), DraftCell::Index(number));
        }
    }

    /// The cell of a row that stands under a head: of several the one with most of its width there.
    pub(super) fn under(&self, head: &Head, row: usize, except: Option<usize>) -> Option<usize> {
        let place = head.place;
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

    /// The cell that says what a row stands under: the one at `row` and `col`, or where that is empty (the merged cell goes
    /// on on the next page, or the word is written once) the last with text above it, yet not above the `outer` group's.
    fn group_cell(&self, row: usize, col: usize, outer: Option<usize>) -> Option<usize> {
        // In a text a place with nothing in it may have no cell.
        let here = self.at(row, col);
        let (row, rows) = here.map_or((row, 1), |here| (self.cell(here).row, self.cell(here).rows));
        let top = outer.map_or(0, |outer| self.cell(outer).row);
        let filled = |cell: &usize| self.has_label(*cell) || !self.text(*cell).is_empty();
        let below = self.at(row + rows, col).filter(|below| filled(below) && self.crosses_page(*below));
        if !here.is_some_and(|here| filled(&here)) && below.is_some() {
            return below;
        }
        let above = (top..=row).rev().filter_map(|row| self.at(row, col)).find(filled)?;
        let group_head = |hit: &&Hit| matches!(hit.owner, Owner::GroupHead { .. } | Owner::Column { .. });
        (self.cell(above).row >= top && !self.labels.get(&above).is_some_and(|hits| hits.iter().any(group_head)))
            .then_some(above)
    }

    /// Whether a merged cell goes on over a page. A program that cuts it there may draw a wall above the last row of the
    /// page, so that an empty cell stands over it which is its upper part.
    fn crosses_page(&self, cell: usize) -> bool {
        let GridCell { row, rows, page, .. } = *self.cell(cell);
        rows > 1 && self.grid.cells.iter().any(|other| other.row + 1 == row + rows && other.page > page)
    }

    /// The cell right of an outer group's, where the head of that stands over both.
    fn beside_outer(&self, section: usize, outer: usize, row: usize, right: usize) -> Option<usize> {
        let place = self.cell(outer);
        let next = place.col + place.cols;
        let over = self.labels.iter().any(|(cell, hits)| {
            let head = self.cell(*cell);
            let of_group = |hit: &&Hit| matches!(hit.owner, Owner::GroupHead { section: of, .. } if of == section);
            hits.iter().any(of_group) && head.row < row && (head.col..head.col + head.cols).contains(&next)
        });
        self.at(row, next).filter(|cell| over && self.cell(*cell).col < right)
    }

    /// The weights and scores that stand in columns between those of the groups: rows of `blocks`.
    fn read_group_weights(
        &mut self,
        section: usize,
        table: &Table,
        band: &Band<'a>,
        row: usize,
        cells: &DraftRow,
        draft: &mut Draft,
    ) {
        for head in &band.of_groups {
            let left = |group: usize| {
                let owner = Owner::GroupHead { section, group };
                self.labels.iter().any(|(cell, hits)| {
                    self.cell(*cell).col < head.place.col && hits.iter().any(|hit| hit.owner == owner)
                })
            };
            let Some(group) = (0..table.groups.len()).rev().find(|group| left(*group)) else { continue };
            let Some(cell) = self.under(head, row, None).filter(|cell| self.cell(*cell).row == row) else { continue };
            let Some(group) = table.groups.get(group).filter(|_| !self.text(cell).is_empty()) else { continue };
            let Some(DraftCell::Text(word)) = cells.get(&group.column) else { continue };
            let mut block = DraftRow::new();
            block.insert(group.column.clone(), DraftCell::Text(DraftText { is_label: true, ..word.clone() }));
            block.insert(head.column.id.clone(), DraftCell::Text(self.take(cell, head.column.kind, head.hit)));
            draft.blocks.push(block);
        }
    }

    /// The group words that a row stands under: the cells left of its lead, under the heads of the groups.
    fn read_groups(&mut self, section: usize, table: &Table, heads: &[Head], row: usize, cells: &mut DraftRow) {
        let right = heads.iter().map(|head| head.place.col).min().unwrap_or(0);
        let mut outer = None;
        for (number, group) in table.groups.iter().enumerate() {
            let head = self
                .labels
                .iter()
                .filter(|(cell, _)| self.cell(**cell).row < row)
                .rfind(|(_, hits)| hits.iter().any(|hit| hit.owner == Owner::GroupHead { section, group: number }));
            // Character recognition takes 二级指标 for 一级指标, so that in its layer heads alone prove little.
            let placed =
                self.labels.iter().flat_map(|(cell, hits)| hits.iter().map(|hit| (*hit, self.cell(*cell).col)));
            let words = smudged::words_column(placed, section, number).filter(|_| self.unseen);
            let head = words.or(head.map(|(cell, _)| self.cell(*cell).col));
            let spread = outer.and_then(|outer| self.beside_outer(section, outer, row, right));
            let is_word = |cell: &usize| {
                let words = |hit: &&Hit| {
                    hit.owners.iter().any(|owner| matches!(owner, Owner::Word { section: of, group, .. } if *of == section && *group == number))
                };
                self.labels.get(cell).is_some_and(|hits| hits.iter().any(words))
            };
            let col = head.or_else(|| {
                let found = (0..right).find_map(|col| self.at(row, col).filter(is_word)).or(spread)?;
                Some(self.cell(found).col)
            });
            let Some(col) = col else { continue };
            // What stands over a place without a cell is its heading only when it reads like one of the group.
            let heading = |cell: &usize| self.at(row, col).is_some() || is_word(cell);
            let Some(cell) = self.group_cell(row, col, outer).filter(heading) else { continue };
            let here = self.at(row, col).filter(|here| self.cell(*here).row < self.cell(cell).row);
            outer = Some(here.unwrap_or(cell));
            let hits = self.labels.get(&cell).map(Vec::as_slice).unwrap_or_default();
            let words: Vec<Span> = hits.iter().flat_map(|hit| hit.word()).collect();
            let word = hits.iter().find(|hit| hit.similarity < READ).and_then(|hit| {
                let word = hit.owners.iter().find_map(|owner| match owner {
                    Owner::Word { section: of, group, word } if *of == section && *group == number => Some(*word),
                    _ => None,
                });
                self.pattern.vocabularies.get(&group.vocabulary)?.get(word?).map(|word| word.value.clone())
            });
            let confidence = if word.is_some() { UNSURE } else { 1.0 };
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
                    placement: Placement::Heading,
                    ..DraftText::default()
                }
            } else {
                DraftText {
                    spans: words,
                    confidence,
                    torn: true,
                    is_label: true,
                    word,
                    placement: Placement::Heading,
                    ..DraftText::default()
                }
            };
            if !text.spans.is_empty() {
                cells.insert(group.column.clone(), DraftCell::Text(text));
            }
        }
    }
}
