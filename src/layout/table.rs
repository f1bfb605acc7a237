//! A table while it is put together: cells with their runs, and which of them are open above or below.

use super::lattice::Area;
use super::{Grid, GridCell, Layout, Place, Run};
use crate::source::BBox;

/// A cell with its text.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    pub(super) area: Area,
    /// 1-based page; 0 in a text.
    pub(super) page: u32,
    pub(super) bbox: Option<BBox>,
    pub(super) runs: Vec<Run>,
    /// No wall above: the cell may go on from the page before.
    pub(super) open_above: bool,
    /// No wall below: the cell may go on on the next page.
    pub(super) open_below: bool,
}

/// A table, on one page or several.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// The edges of its columns, left to right: points on a page, columns of characters in a text.
    pub(super) xs: Vec<f64>,
    pub(super) rows: usize,
    pub(super) cells: Vec<Cell>,
    /// First and last page.
    pub(super) pages: (u32, u32),
}

/// A part of a page.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// Runs side by side.
    Line(Vec<Run>),
    /// A table.
    Table(Table),
}

impl Table {
    /// Drops the rows and columns in which no cell begins, and sorts the cells.
    pub(super) fn tidy(&mut self) {
        let columns = self.xs.len().saturating_sub(1);
        let rows = kept(self.rows, self.cells.iter().map(|cell| cell.area.row));
        let cols = kept(columns, self.cells.iter().map(|cell| cell.area.col));
        for cell in &mut self.cells {
            let Area { row, col, rows: tall, cols: wide } = cell.area;
            let (top, bottom) = (renumbered(&rows, row), renumbered(&rows, row + tall));
            let (left, right) = (renumbered(&cols, col), renumbered(&cols, col + wide));
            cell.area = Area { row: top, col: left, rows: bottom - top, cols: right - left };
        }
        self.rows = renumbered(&rows, self.rows);
        let mut number = 0;
        self.xs.retain(|_| {
            number += 1;
            number > columns || kept_at(&cols, number - 1)
        });
        self.cells.sort_by_key(|cell| cell.area);
    }

    /// The table as a part of `layout`.
    pub(super) fn into_grid(self, layout: &mut Layout) -> Grid {
        let cols = self.xs.len().saturating_sub(1);
        let mut grid = Grid { rows: self.rows, cols, cells: Vec::with_capacity(self.cells.len()), pages: self.pages };
        for cell in self.cells {
            let Area { row, col, rows, cols } = cell.area;
            let runs = cell.runs.into_iter().map(|run| layout.add(run)).collect();
            grid.cells.push(GridCell { row, col, rows, cols, page: cell.page, bbox: cell.bbox, runs });
        }
        grid
    }
}

/// For each of `count` rows or columns, how many before it are kept: those that are among `starts`. One more entry
/// for the end.
fn kept(count: usize, starts: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut begins = vec![false; count];
    for start in starts {
        if let Some(begin) = begins.get_mut(start) {
            *begin = true;
        }
    }
    let mut before = Vec::with_capacity(count + 1);
    let mut sum = 0;
    for begin in begins {
        before.push(sum);
        sum += usize::from(begin);
    }
    before.push(sum);
    before
}

/// The new number of the row or column that had `number`.
fn renumbered(kept: &[usize], number: usize) -> usize {
    kept.get(number).or(kept.last()).copied().unwrap_or(0)
}

fn kept_at(kept: &[usize], number: usize) -> bool {
    renumbered(kept, number) != renumbered(kept, number + 1)
}

/// A run on a page.
pub(super) fn run(page: u32, stretch: super::words::Stretch) -> Run {
    let super::words::Stretch { text, boxes, invisible, .. } = stretch;
    Run { text, place: Place::Page { page, boxes, invisible } }
}
