//! Every table of a document as cells with spans and boxes, whatever it is about: the JSON contract of
//! `retally tables` as Rust types.

use schemars::{JsonSchema, Schema};
use serde::{Deserialize, Serialize};

use crate::layout::{Block, Grid, GridCell, Layout, Place};
use crate::problem::Problem;
use crate::record::{Source, Status};
use crate::source::BBox;
use crate::value;

pub mod csv;
mod likely;
pub mod markdown;

/// The tables of one input document, and what went wrong on the way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Tables {
    /// Always [`SCHEMA`](crate::record::SCHEMA).
    pub schema: String,
    /// Where they come from.
    pub source: Source,
    /// Whether the document came out whole.
    pub status: Status,
    /// What was lost or is doubtful; empty when `status` is `ok`.
    pub problems: Vec<Problem>,
    /// The tables in reading order.
    pub tables: Vec<Table>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Table {
    /// 1-based page on which it begins; 1 in a text without pages.
    pub page: u32,
    /// 1-based page on which it ends, where that is another one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_page: Option<u32>,
    /// Left, top, right, bottom of its part on `page`, in points from the page's top left; absent in a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f64; 4]>,
    /// 1-based first and last line in a text; absent on a page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lines: Option<[u32; 2]>,
    /// Its cells by row, then column, blank ones too. They do not overlap; a place that none covers is empty.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Cell {
    /// 0-based first row.
    pub row: usize,
    /// 0-based first column.
    pub col: usize,
    /// Rows that it spans, at least 1.
    pub rows: usize,
    /// Columns that it spans, at least 1.
    pub cols: usize,
    /// Its text with the wraps joined.
    pub text: String,
    /// Left, top, right, bottom in points from the page's top left; absent in a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bbox: Option<[f64; 4]>,
    /// 1-based page, where it is not the one on which the table begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Whether its text is drawn without ink: the layer that OCR puts under a picture, or hidden text.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub invisible: bool,
}

impl Table {
    /// Rows and columns.
    pub fn size(&self) -> (usize, usize) {
        let end = |end: fn(&Cell) -> usize| self.cells.iter().map(end).max().unwrap_or(0);
        (end(|cell| cell.row + cell.rows), end(|cell| cell.col + cell.cols))
    }

    /// The texts row by row; that of a cell with spans stands in its first place, the others are empty.
    fn rows(&self) -> Vec<Vec<&str>> {
        let (rows, cols) = self.size();
        let mut texts = vec![vec![""; cols]; rows];
        for cell in &self.cells {
            if let Some(place) = texts.get_mut(cell.row).and_then(|row| row.get_mut(cell.col)) {
                *place = &cell.text;
            }
        }
        texts
    }
}

/// The tables in `layout`. Frames around prose, text in columns, lists, contents and charts are none.
pub fn tables(layout: &Layout) -> Vec<Table> {
    let grids = layout.blocks.iter().filter_map(|block| match block {
        Block::Grid(grid) => Some(grid),
        Block::Line(_) => None,
    });
    grids.filter(|grid| likely::is_table(grid, layout)).map(|grid| table(grid, layout)).collect()
}

/// The JSON Schema of [`Tables`].
pub fn schema() -> Schema {
    schemars::schema_for!(Tables)
}

fn table(grid: &Grid, layout: &Layout) -> Table {
    let page = grid.pages.0.max(1);
    let lines = || grid.cells.iter().flat_map(|cell| &cell.runs).filter_map(|run| layout.line_number(*run));
    let here = grid.cells.iter().filter(|cell| cell.page <= page).filter_map(|cell| cell.bbox);
    Table {
        page,
        last_page: (grid.pages.1 > page).then_some(grid.pages.1),
        bbox: here.reduce(BBox::union).map(rounded),
        lines: lines().min().zip(lines().max()).map(|(first, last)| [first, last]),
        cells: grid.cells.iter().map(|cell| self::cell(cell, page, layout)).collect(),
    }
}

fn cell(cell: &GridCell, page: u32, layout: &Layout) -> Cell {
    let runs = || cell.runs.iter().filter_map(|run| layout.runs.get(run.0 as usize));
    let is_invisible = |place: &Place| matches!(place, Place::Page { invisible: true, .. });
    Cell {
        row: cell.row,
        col: cell.col,
        rows: cell.rows,
        cols: cell.cols,
        text: text(cell, layout),
        bbox: cell.bbox.map(rounded),
        page: (cell.page > page).then_some(cell.page),
        invisible: runs().any(|run| is_invisible(&run.place)),
    }
}

/// The text of a cell with its wraps joined.
fn text(cell: &GridCell, layout: &Layout) -> String {
    let runs = cell.runs.iter().filter_map(|run| layout.runs.get(run.0 as usize));
    let lines: Vec<&str> = runs.map(|run| run.text.as_str()).collect();
    value::joined(&lines.join("\n"))
}

/// A box to a hundredth of a point.
fn rounded(bbox: BBox) -> [f64; 4] {
    [bbox.x0, bbox.y0, bbox.x1, bbox.y1].map(|length| (length * 100.0).round() / 100.0)
}

#[cfg(test)]
mod tests;
