//! Pages drawn by hand for tests, and layouts written down as text.

use super::{Block, Grid, Layout, RunId, lay_out};
use crate::source::{Axis, BBox, Content, Document, Glyph, Page, PlacedPage, Ruling};

/// A page that is drawn on.
#[derive(Clone, Default)]
pub(super) struct Sheet(pub(super) PlacedPage);

impl Sheet {
    /// A sheet of paper, A4.
    pub(super) fn new() -> Sheet {
        Sheet(PlacedPage { width: 595.0, height: 842.0, ..PlacedPage::default() })
    }

    /// Writes `text` in 10 points from `x` on, its line's top at `y`. A space is a gap, half a character wide.
    pub(super) fn write(mut self, x: f64, y: f64, text: &str) -> Sheet {
        let mut at = x;
        for ch in text.chars() {
            let width = if ch.is_ascii() { 5.0 } else { 10.0 };
            if ch != ' ' {
                let bbox = BBox { x0: at, y0: y, x1: at + width, y1: y + 10.0 };
                self.0.glyphs.push(Glyph { text: ch.to_string(), bbox, size: 10.0, invisible: false });
            }
            at += width;
        }
        self
    }

    /// Rules across at `y`.
    pub(super) fn across(mut self, y: f64, from: f64, to: f64) -> Sheet {
        self.0.rulings.push(Ruling { axis: Axis::Horizontal, at: y, from, to });
        self
    }

    /// Rules down at `x`.
    pub(super) fn down(mut self, x: f64, from: f64, to: f64) -> Sheet {
        self.0.rulings.push(Ruling { axis: Axis::Vertical, at: x, from, to });
        self
    }

    /// Rules a whole table with these edges.
    pub(super) fn table(mut self, xs: &[f64], ys: &[f64]) -> Sheet {
        let (left, right) = (xs[0], xs[xs.len() - 1]);
        let (top, bottom) = (ys[0], ys[ys.len() - 1]);
        for y in ys {
            self = self.across(*y, left, right);
        }
        for x in xs {
            self = self.down(*x, top, bottom);
        }
        self
    }
}

/// The document of these pages, laid out.
pub(super) fn laid_out(sheets: &[Sheet]) -> Layout {
    lay_out(&document(sheets))
}

/// The document of these pages.
pub(super) fn document(sheets: &[Sheet]) -> Document {
    let pages =
        sheets.iter().zip(1..).map(|(sheet, number)| Page { number, content: Content::Placed(sheet.0.clone()) });
    Document { pages: pages.collect(), paged: true, ..Document::default() }
}

/// The blocks in words: a line as `a | b`, a grid as its cells, each `row,col[+rows×cols] text/text`.
pub(super) fn written(layout: &Layout) -> Vec<String> {
    let mut lines = Vec::new();
    for block in &layout.blocks {
        match block {
            Block::Line(runs) => lines.push(texts(layout, runs).join(" | ")),
            Block::Grid(grid) => lines.extend(cells(layout, grid)),
        }
    }
    lines
}

fn cells(layout: &Layout, grid: &Grid) -> Vec<String> {
    let mut lines = vec![format!("grid {}×{} pages {}–{}", grid.rows, grid.cols, grid.pages.0, grid.pages.1)];
    for cell in &grid.cells {
        let span =
            if (cell.rows, cell.cols) == (1, 1) { String::new() } else { format!("+{}×{}", cell.rows, cell.cols) };
        lines.push(format!("{},{}{span} {}", cell.row, cell.col, texts(layout, &cell.runs).join("/")));
    }
    lines
}

fn texts<'a>(layout: &'a Layout, runs: &[RunId]) -> Vec<&'a str> {
    runs.iter().map(|run| layout.runs[run.0 as usize].text.as_str()).collect()
}
