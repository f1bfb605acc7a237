//! What stands on a sample: lines of pieces, and grids of cells with their text.

use std::collections::BTreeSet;

use crate::fold::fold_text;
use crate::layout::{Block, Layout, RunId};
use crate::value::joined;

/// So many blanks part two pieces of a line: one blank parts words.
const GAP: &str = "  ";

/// A sample.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    pub(super) blocks: Vec<Stretch>,
    /// The folded text of every cell and piece.
    pub(super) texts: BTreeSet<String>,
}

/// A stretch of a sample.
#[derive(Clone, Debug)]
pub(super) enum Stretch {
    /// The pieces of a line.
    Line(Vec<String>),
    /// A grid.
    Grid(Grid),
}

/// A grid of cells.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    pub(super) rows: usize,
    pub(super) cols: usize,
    /// By row, then column; blank ones too.
    pub(super) cells: Vec<CellText>,
}

/// A cell with its text.
#[derive(Clone, Debug, Default)]
pub(super) struct CellText {
    pub(super) row: usize,
    pub(super) col: usize,
    pub(super) rows: usize,
    pub(super) cols: usize,
    pub(super) text: String,
}

impl Grid {
    /// The cells that begin in `row`, from left to right.
    pub(super) fn begin(&self, row: usize) -> Vec<&CellText> {
        self.cells.iter().filter(|cell| cell.row == row).collect()
    }

    /// The cell that covers a place.
    pub(super) fn at(&self, row: usize, col: usize) -> Option<&CellText> {
        let covers = |cell: &&CellText| {
            (cell.row..cell.row + cell.rows).contains(&row) && (cell.col..cell.col + cell.cols).contains(&col)
        };
        self.cells.iter().find(covers)
    }
}

/// Surveys a sample.
pub(super) fn survey(layout: &Layout) -> Survey {
    let text_of = |run: &RunId| layout.runs.get(run.0 as usize).map_or("", |run| run.text.as_str());
    let mut survey = Survey::default();
    for block in &layout.blocks {
        let stretch = match block {
            Block::Line(runs) => {
                let pieces = runs.iter().flat_map(|run| text_of(run).split(GAP)).map(str::trim);
                Stretch::Line(pieces.filter(|piece| !piece.is_empty()).map(str::to_owned).collect())
            }
            Block::Grid(grid) => {
                let cells = grid.cells.iter().map(|cell| {
                    let lines: Vec<&str> = cell.runs.iter().map(text_of).collect();
                    let text = joined(&lines.join("\n"));
                    CellText { row: cell.row, col: cell.col, rows: cell.rows, cols: cell.cols, text }
                });
                Stretch::Grid(Grid { rows: grid.rows, cols: grid.cols, cells: cells.collect() })
            }
        };
        match &stretch {
            Stretch::Line(pieces) => survey.texts.extend(pieces.iter().map(|piece| fold_text(label_of(piece)))),
            Stretch::Grid(grid) => survey.texts.extend(grid.cells.iter().map(|cell| fold_text(&cell.text))),
        }
        survey.blocks.push(stretch);
    }
    survey
}

/// What stands before the colon of a piece; all of it when it has none.
pub(super) fn label_of(piece: &str) -> &str {
    piece.split_once([':', '：']).map_or(piece, |(label, _)| label).trim()
}
