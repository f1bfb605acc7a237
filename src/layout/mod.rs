//! A document to runs of text, free lines and grids of cells. Knows nothing of labels, Chinese or patterns.

use crate::source::{BBox, Content, Document, TextLine};
use page::Seek;
use table::Piece;

mod bands;
mod columns;
mod delimited;
mod dump;
mod headings;
mod join;
mod known;
mod lattice;
mod mend;
mod page;
mod regions;
mod render;
mod rows;
mod rulings;
mod sheet;
mod shift;
mod table;
mod text;
mod under;
mod unruled;
mod unseen;
mod words;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use known::{Head, Known, Label, Stretch};
pub use render::render;

/// The text of a document as it stands on its pages.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Layout {
    /// Every run of text. Together they hold every non-blank character of the document exactly once.
    pub runs: Vec<Run>,
    /// How they stand, in reading order over all pages. Every run is in exactly one block.
    pub blocks: Vec<Block>,
}

impl Layout {
    /// The 1-based line of a run of a text; none for a run of a page.
    pub fn line_number(&self, run: RunId) -> Option<u32> {
        match self.runs.get(run.0 as usize)?.place {
            Place::Text { line, .. } => Some(line),
            Place::Page { .. } => None,
        }
    }
}

/// Number of a run in [`Layout::runs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunId(pub u32);

/// A run of text on one line: a line of a dump, a line of a cell, or a stretch of a free line of a page.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Run {
    /// Its characters as they stand; blanks within are kept.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// Where a run stands.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Place {
    /// In a text dump.
    Text {
        /// 1-based page.
        page: u32,
        /// 1-based line.
        line: u32,
        /// 1-based column, in characters, of the run's first character.
        column: u32,
    },
    /// On a page of a PDF.
    Page {
        /// 1-based page.
        page: u32,
        /// One box for each character (not byte) of the run, blanks included.
        boxes: Vec<BBox>,
        /// Whether the text is an invisible OCR layer.
        invisible: bool,
    },
}

/// A stretch of a document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Block {
    /// Runs side by side on one line, outside of any grid.
    Line(Vec<RunId>),
    /// A table.
    Grid(Grid),
}

/// A table: cells with spans. Cells do not overlap; a place that no cell covers is empty.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Grid {
    /// Number of rows.
    pub rows: usize,
    /// Number of columns.
    pub cols: usize,
    /// The cells by row, then column.
    pub cells: Vec<GridCell>,
    /// The pages that the grid stands on, first and last.
    pub pages: (u32, u32),
}

/// A cell of a grid.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct GridCell {
    /// 0-based first row.
    pub row: usize,
    /// 0-based first column.
    pub col: usize,
    /// Rows that it spans, at least 1.
    pub rows: usize,
    /// Columns that it spans, at least 1.
    pub cols: usize,
    /// Its page, 1-based; 0 in a text.
    pub page: u32,
    /// Its box in points; none in a text.
    pub bbox: Option<BBox>,
    /// Its text, line by line.
    pub runs: Vec<RunId>,
}

impl GridCell {
    /// The rows that it spans.
    pub(crate) fn all_rows(&self) -> std::ops::Range<usize> {
        self.row..self.row.saturating_add(self.rows)
    }
}

impl Layout {
    /// Takes `run` in and gives its number.
    fn add(&mut self, run: Run) -> RunId {
        self.runs.push(run);
        RunId((self.runs.len() - 1) as u32)
    }
}

/// Lays `document` out: runs, free lines and grids, in reading order. A text comes out as its lines.
pub fn lay_out(document: &Document) -> Layout {
    laid_out(document, Seek::Form, text::lines)
}

/// The same for tables of any kind: on pages without rulings there may be several, with prose between.
pub fn lay_out_tables(document: &Document) -> Layout {
    laid_out(document, Seek::Tables, text::lines)
}

/// Whether the blanks of a text may keep columns: without knowing more than its lines.
pub fn may_keep_columns(document: &Document) -> bool {
    document.pages.iter().any(|page| match &page.content {
        Content::Lines(lines) => text::may_be_gapped(lines),
        Content::Placed(_) => false,
    })
}

/// Lays a text out by the columns that its blanks keep, as `pdftotext -layout` writes them; none when there are none.
/// `known` is what was recognised in its lines.
pub fn lay_out_columns(document: &Document, known: &Known) -> Option<Layout> {
    if !is_text(document) {
        return None;
    }
    let pages = document.pages.iter().filter_map(|page| match &page.content {
        Content::Lines(lines) => Some((page.number, lines.as_slice())),
        Content::Placed(_) => None,
    });
    let sheets = text::sheets(&pages.collect::<Vec<_>>(), known);
    if !text::may_have_columns(&sheets) {
        return None;
    }
    with_grids(assembled(sheets.iter().map(|sheet| text::columns(sheet, known)).collect()))
}

/// Which rulings are trusted to draw tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// All that enclose cells.
    All,
    /// Those of pages on which none has a gap as long as a cell.
    Whole,
}

/// Whether there are pages of a PDF whose tables are not ruled throughout.
pub fn is_patchy(document: &Document) -> bool {
    document.pages.iter().any(|page| match &page.content {
        Content::Placed(placed) => page::is_ruled(placed, Trust::All) && !page::is_ruled(placed, Trust::Whole),
        Content::Lines(_) => false,
    })
}

/// The pages of a PDF that no rulings draw tables on, as lines alone: what is recognised in them makes a [`Known`]. None
/// when there are no such pages.
pub fn lay_out_lines(document: &Document, trust: Trust) -> Option<Layout> {
    let mut layout = Layout::default();
    for (page, lines) in sheet::numbered(document, trust) {
        for line in lines {
            let runs = sheet::runs(page, &line).into_iter().map(|run| layout.add(run)).collect();
            layout.blocks.push(Block::Line(runs));
        }
    }
    (!layout.blocks.is_empty()).then_some(layout)
}

/// Lays a PDF out, with what is `known` of its pages as [`lay_out_lines`] gives them. Tables that rulings draw are as in
/// [`lay_out`].
pub fn lay_out_known(document: &Document, known: &Known, trust: Trust) -> Layout {
    assembled(sheet::pieces(document, known, trust))
}

/// Lays a text out by the tabs or bars that keep its cells apart; none when none do.
pub fn lay_out_cells(document: &Document) -> Option<Layout> {
    let pieces = |page, lines: &[TextLine]| delimited::pieces(page, lines).unwrap_or_else(|| text::lines(page, lines));
    let apart = document.pages.iter().any(|page| match &page.content {
        Content::Lines(lines) => delimited::is_delimited(lines),
        Content::Placed(_) => true,
    });
    if apart && is_text(document) { with_grids(laid_out(document, Seek::Form, pieces)) } else { None }
}

/// Whether a document is a text, or has pages that are one.
pub fn is_text(document: &Document) -> bool {
    document.pages.iter().any(|page| matches!(page.content, Content::Lines(_)))
}

/// A layout of a text when it has grids.
fn with_grids(layout: Layout) -> Option<Layout> {
    layout.blocks.iter().any(|block| matches!(block, Block::Grid(_))).then_some(layout)
}

/// Lays `document` out, pages of text by `text`.
fn laid_out(document: &Document, seek: Seek, text: impl Fn(u32, &[TextLine]) -> Vec<Piece>) -> Layout {
    let pages = document.pages.iter().map(|page| match &page.content {
        Content::Lines(lines) => text(page.number, lines),
        Content::Placed(placed) => page::pieces(page.number, placed, seek),
    });
    assembled(pages.collect())
}

/// The layout that the pieces of all pages make.
fn assembled(pages: Vec<Vec<Piece>>) -> Layout {
    let mut layout = Layout::default();
    for piece in join::join(pages) {
        let block = match piece {
            Piece::Line(runs) => Block::Line(runs.into_iter().map(|run| layout.add(run)).collect()),
            Piece::Table(table) => Block::Grid(table.into_grid(&mut layout)),
        };
        layout.blocks.push(block);
    }
    layout
}
