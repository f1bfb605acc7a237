//! Headings that stand beside several rows of a table without rulings: over how many rows they reach.

use super::rows::{Block, Segment, fits};

/// A heading stands in the middle of the rows that it spans; the end that this gives may miss the edge of a row by
/// this, in ems.
const OFF_CENTRE: f64 = 0.6;

/// The same as a share of the last row's height: where an unruled row ends is known no better.
const OFF_EDGE: f64 = 0.4;

/// A row with so many cells that stand in its middle is a row of data, or a head.
const FULL_ROW: usize = 3;

/// A block of text in its row or rows.
#[derive(Clone, Debug)]
pub(super) struct Placed {
    pub(super) block: Block,
    /// First and last row.
    pub(super) rows: (usize, usize),
    /// Whether it stands off the middle of its row.
    pub(super) off: bool,
    /// Its first and last line.
    pub(super) first: Segment,
    pub(super) last: Segment,
    /// Size of its type.
    pub(super) em: f64,
}

/// Puts the lines of one heading together that came into several rows, and spreads headings over the rows that they
/// stand in the middle of. `ys` are the edges of the rows; lines of one
/// text are no further apart than `wrap` ems.
pub(super) fn spread(placed: Vec<Placed>, ys: &[f64], wrap: f64) -> Vec<Placed> {
    let mut cells = joined(placed, wrap);
    let count = cells.iter().map(|cell| cell.block.cols.1 + 1).max().unwrap_or(0);
    let steady = |row: usize| cells.iter().filter(|cell| cell.rows == (row, row) && !cell.off).count();
    let full: Vec<bool> = (1..ys.len()).map(|edge| steady(edge - 1) >= FULL_ROW).collect();
    let is_steady = |cell: &Placed| !cell.off && full.get(cell.rows.0).copied().unwrap_or(false);
    let begins = |col: usize| cells.iter().filter(|cell| cell.block.cols.0 == col && is_steady(cell)).count();
    // Headings stand left of the column in which most full rows have a cell.
    let dense = (0..count).max_by_key(|col| begins(*col)).unwrap_or(0);
    let alone = |cell: &Placed| cells.iter().filter(|other| other.rows.0 == cell.rows.0).count() == 1;
    let is_heading = |cell: &&Placed| cell.off || cell.rows.0 < cell.rows.1 || alone(cell);
    let left = cells.iter().filter(|cell| cell.block.cols.1 < dense).filter(is_heading);
    let last = left.map(|cell| cell.block.cols.1).max();
    for col in 0..count {
        let mut order: Vec<usize> = (0..cells.len())
            .filter(|n| cells.get(*n).is_some_and(|cell| cell.block.cols.0 <= col && col <= cell.block.cols.1))
            .collect();
        order.sort_by_key(|n| cells.get(*n).map(|cell| cell.rows.0));
        for at in 0..order.len() {
            let before =
                at.checked_sub(1).and_then(|at| order.get(at)).and_then(|n| cells.get(*n)).map(|cell| cell.rows.1);
            let after = order.get(at + 1).and_then(|n| cells.get(*n)).map(|cell| cell.rows.0);
            let Some(number) = order.get(at).copied() else { continue };
            let Some(cell) = cells.get(number) else { continue };
            let heading = last.is_some_and(|last| cell.block.cols.1 <= last) || cell.off || cell.rows.0 < cell.rows.1;
            if !heading || cell.block.cols.0 != col {
                continue;
            }
            let limits = (before.map_or(0, |row| row + 1), after.unwrap_or(ys.len().saturating_sub(1)));
            let Some(rows) = centred(cell, limits, ys) else { continue };
            let clear = cells
                .iter()
                .enumerate()
                .all(|(other, cell)| other == number || !clash(cell, cells.get(number).map(|c| c.block.cols), rows));
            if clear && let Some(cell) = cells.get_mut(number) {
                cell.rows = rows;
            }
        }
    }
    cells
}

fn clash(cell: &Placed, cols: Option<(usize, usize)>, rows: (usize, usize)) -> bool {
    cols.is_some_and(|cols| cell.block.cols.0 <= cols.1 && cols.0 <= cell.block.cols.1)
        && cell.rows.0 <= rows.1
        && rows.0 <= cell.rows.1
}

/// The rows from the first of `limits` on that `cell` stands in the middle of; `limits` are its first possible row and
/// the one after its last.
fn centred(cell: &Placed, limits: (usize, usize), ys: &[f64]) -> Option<(usize, usize)> {
    let (first, end) = limits;
    let top = ys.get(first)?;
    let bottom = 2.0 * cell.block.middle() - top;
    let (last, miss) = (cell.rows.1 + 1..=end)
        .filter_map(|edge| ys.get(edge).map(|y| (edge - 1, (y - bottom).abs())))
        .min_by(|a, b| a.1.total_cmp(&b.1))?;
    let height = ys.get(last + 1)? - ys.get(last)?;
    let close = miss <= (OFF_CENTRE * cell.em).max(OFF_EDGE * height);
    (first <= cell.rows.0 && close).then_some((first, last))
}

/// Puts the lines of one text together that came into neighbouring rows.
fn joined(placed: Vec<Placed>, wrap: f64) -> Vec<Placed> {
    let mut cells: Vec<Placed> = Vec::new();
    for cell in placed {
        let above = cells.iter().rposition(|above| {
            let near = cell.block.y0 - above.block.y1 <= wrap * cell.em.max(above.em);
            // A line that stands in the middle of its row may well be a cell of its own.
            let torn = (above.off && cell.off) || ((above.off || cell.off) && !fits(&above.last, &cell.first));
            near && torn && above.rows.1 + 1 == cell.rows.0 && above.block.cols == cell.block.cols
        });
        match above.and_then(|above| cells.get_mut(above)) {
            Some(above) => {
                above.rows.1 = cell.rows.1;
                above.off |= cell.off;
                above.last = cell.last;
                above.block.y1 = above.block.y1.max(cell.block.y1);
                above.block.segments.extend(cell.block.segments);
            }
            None => cells.push(cell),
        }
    }
    cells
}
