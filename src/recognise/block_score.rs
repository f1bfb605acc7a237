//! The score that stands once for a whole table of a grid: in a cell beside all of its rows, alone under its head, or
//! put by a text into the cell of a row's own.

use rust_decimal::Decimal;

use super::cells::GridReader;
use super::heads::Head;
use super::stream::Span;
use crate::pattern::Table;
use crate::value::Type;

/// Of fewer rows two have all the points.
const LEAST_ROWS: usize = 3;

impl GridReader<'_> {
    /// The cell with the one score for the whole table, and the number of its head.
    pub(super) fn block_score(&self, heads: &[Head], table: &Table, rows: &[usize]) -> Option<(usize, usize)> {
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
            let place = head.place;
            (place.col..place.col + place.cols).find_map(over_all_rows).map(|cell| (cell, number))
        });
        // It may also stand in a column of its own, right of all heads.
        let right = heads.iter().map(|head| head.place.col + head.place.cols).max()?;
        headed.or_else(|| {
            let (number, _) = scores().next_back()?;
            (right..self.grid.cols).find_map(over_all_rows).map(|cell| (cell, number))
        })
    }

    /// The one score for the whole table where nothing draws how far its cell reaches: the only figure under its head,
    /// or the only text of a row.
    pub(super) fn lone_score(&self, heads: &[Head], table: &Table, rows: &[usize]) -> Option<(usize, usize)> {
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

    /// The one score for the whole table where a text has put it into the cell of a row's own, with the number of its
    /// head: of the two figures there the larger, and more than any two rows have together. A figure that its cell has
    /// wrapped is no more than others of its column, but for its last digits.
    pub(super) fn joined_score(&mut self, heads: &[Head], rows: &[usize]) -> Option<(usize, usize, Span)> {
        let (number, head) = heads.iter().enumerate().rfind(|(_, head)| head.column.kind == Type::Decimal)?;
        let cells: Vec<usize> = rows.iter().filter_map(|row| self.under(head, *row, None)).collect();
        let written: Vec<(usize, Vec<Span>)> =
            cells.iter().map(|cell| (*cell, self.pieces(*cell))).filter(|(_, pieces)| !pieces.is_empty()).collect();
        let figure = |span: &Span| self.stream.text_of(span).parse::<Decimal>().ok();
        let mut several = written.iter().filter(|(_, pieces)| pieces.len() > 1);
        let (Some((cell, pieces)), None) = (several.next(), several.next()) else { return None };
        let [one, other] = pieces.as_slice() else { return None };
        let larger = if figure(one)? > figure(other)? { one } else { other };
        let whole = figure(larger)?;
        let rest = written.iter().flat_map(|(_, pieces)| pieces).filter(|piece| *piece != larger);
        let mut parts: Vec<Decimal> = rest.map(figure).collect::<Option<_>>()?;
        parts.sort_unstable();
        let [.., second, first] = parts.as_slice() else { return None };
        if parts.len() < LEAST_ROWS || first.checked_add(*second)? >= whole {
            return None;
        }
        let (cell, larger, pieces) = (*cell, larger.clone(), pieces.clone());
        self.free.insert(cell, pieces);
        Some((cell, number, larger))
    }

    /// What stands in a cell, parted at its blanks and lines.
    fn pieces(&self, cell: usize) -> Vec<Span> {
        let tokens = |span: &Span| {
            let chars = self.stream.chars.get(span.clone()).unwrap_or_default();
            let mut numbers: Vec<u32> = chars.iter().map(|char| char.token).collect();
            numbers.dedup();
            let within = |span: &Span, token: &Span| token.start.max(span.start)..token.end.min(span.end);
            let tokens = numbers.into_iter().filter_map(|number| self.stream.tokens.get(number as usize));
            tokens.map(|token| within(span, &token.span)).collect::<Vec<Span>>()
        };
        self.text(cell).iter().flat_map(tokens).collect()
    }

    /// Whether a row has no text under the heads but that of `cell`.
    pub(super) fn has_only(&self, heads: &[Head], row: usize, cell: usize) -> bool {
        let others = heads.iter().filter_map(|head| self.under(head, row, None));
        let text = |other: &usize| *other != cell && !self.has_label(*other) && !self.text(*other).is_empty();
        self.grid.cells.get(cell).is_some_and(|cell| cell.rows == 1 && cell.row == row)
            && !{ others }.any(|other| text(&other))
    }
}
