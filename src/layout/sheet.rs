//! Pages without rulings, laid out with what is known of their labels and heads. Pages over which a known table goes on
//! are one sheet, so that its columns are sought in all its rows at once.

use super::known::{Known, Stretch};
use super::page;
use super::table::{Cell, Piece, Table, run};
use super::unruled::{self, PAGE, Unruled, parted};
use super::words::{Mark, WIDE_GAP, lines, marks, stretches};
use super::{Run, Trust, join};
use crate::source::{BBox, Content, Document, PlacedPage};

/// A stretch that is known is given in whole points: it may stand off the text by this.
const ROUNDING: f64 = 1.0;

/// The lines of the pages of a PDF that no rulings draw tables on, with the numbers of the pages.
pub(super) fn numbered(document: &Document, trust: Trust) -> impl Iterator<Item = (u32, Vec<Vec<Mark>>)> {
    document.pages.iter().filter_map(move |page| match &page.content {
        Content::Placed(placed) if !page::is_ruled(placed, trust) => Some((page.number, page_lines(placed))),
        _ => None,
    })
}

fn page_lines(placed: &PlacedPage) -> Vec<Vec<Mark>> {
    let mut lines = lines(&marks(&placed.glyphs));
    lines.retain(|line| line.iter().any(|mark| !mark.is_blank()));
    lines
}

/// The runs of a line, parted at every gap that may lie between two cells.
pub(super) fn runs(page: u32, line: &[Mark]) -> Vec<Run> {
    let words = parted(line).into_iter().flat_map(|word| stretches(&word.marks, f64::INFINITY));
    words.map(|stretch| run(page, stretch)).collect()
}

/// The pieces of a PDF, page by page; those of a sheet are with its first page.
pub(super) fn pieces(document: &Document, known: &Known, trust: Trust) -> Vec<Vec<Piece>> {
    let mut pieces = Vec::new();
    let mut sheet = Sheet::default();
    let mut next = 0;
    for page in &document.pages {
        match &page.content {
            Content::Lines(_) => {}
            Content::Placed(placed) if page::is_ruled(placed, trust) => {
                pieces.extend(std::mem::take(&mut sheet).pieces(known));
                pieces.push(page::pieces(page.number, placed, page::Seek::Form));
            }
            Content::Placed(placed) => {
                if !sheet.goes_on(known, next) {
                    pieces.extend(std::mem::take(&mut sheet).pieces(known));
                }
                let lines = page_lines(placed);
                let first = next;
                next += lines.len() as u32;
                sheet.add(page.number, placed.height, first, lines);
            }
        }
    }
    pieces.extend(sheet.pieces(known));
    pieces
}

/// Pages that are read as one, each under the one before.
#[derive(Default)]
struct Sheet {
    /// For each page where it begins, and its number.
    pages: Vec<(f64, u32)>,
    /// Where the last page ends.
    foot: f64,
    /// Each line with its number; places are those on the sheet.
    lines: Vec<(u32, Vec<Mark>)>,
    /// Page numbers between its pages.
    numbers: Vec<Vec<Mark>>,
}

impl Sheet {
    /// Whether a table of the sheet goes on in the line with number `next`, the first of a page.
    fn goes_on(&self, known: &Known, next: u32) -> bool {
        let Some((first, _)) = self.lines.first() else { return false };
        let above = known.heads.iter().rfind(|head| head.line < next);
        above.is_some_and(|head| head.line >= *first && head.end.is_none_or(|end| end > next))
    }

    fn add(&mut self, number: u32, height: f64, first: u32, lines: Vec<Vec<Mark>>) {
        let top = self.foot;
        let height = if height.is_finite() { height.max(0.0) } else { 0.0 };
        let drop =
            |mark: Mark| Mark { bbox: BBox { y0: mark.bbox.y0 + top, y1: mark.bbox.y1 + top, ..mark.bbox }, ..mark };
        let deepest = lines.iter().flatten().map(|mark| mark.bbox.y1).fold(height, f64::max);
        let mut lines: Vec<(u32, Vec<Mark>)> =
            (first..).zip(lines).map(|(number, line)| (number, line.into_iter().map(drop).collect())).collect();
        if let Some((_, before)) = self.pages.last().copied() {
            let is_number = |page: u32, line: &[Mark]| join::is_page_number(&runs(page, line));
            if self.lines.last().is_some_and(|(_, line)| is_number(before, line)) {
                self.numbers.extend(self.lines.pop().map(|(_, line)| line));
            }
            if lines.first().is_some_and(|(_, line)| is_number(number, line)) {
                self.numbers.push(lines.remove(0).1);
            }
        }
        self.pages.push((top, number));
        self.foot = top + deepest;
        self.lines.append(&mut lines);
    }

    /// The page at a height of the sheet: where it begins, and its number.
    fn page_at(&self, y: f64) -> (f64, u32) {
        let after = self.pages.partition_point(|(top, _)| *top <= y).max(1);
        self.pages.get(after - 1).copied().unwrap_or_default()
    }

    /// Marks of one page where they stand on it, and its number.
    fn on_page(&self, marks: &[Mark]) -> (u32, Vec<Mark>) {
        let (top, number) = self.page_at(marks.first().map_or(0.0, |mark| mark.bbox.centre().1));
        let lift =
            |mark: &Mark| Mark { bbox: BBox { y0: mark.bbox.y0 - top, y1: mark.bbox.y1 - top, ..mark.bbox }, ..*mark };
        (number, marks.iter().map(lift).collect())
    }

    fn line(&self, line: &[Mark]) -> Piece {
        let (page, line) = self.on_page(line);
        Piece::Line(stretches(&line, WIDE_GAP).into_iter().map(|stretch| run(page, stretch)).collect())
    }

    fn pieces(self, known: &Known) -> Option<Vec<Piece>> {
        let lines: Vec<Vec<Mark>> = self.lines.iter().map(|(_, line)| line.clone()).collect();
        let line_of = |number: u32| self.lines.partition_point(|(own, _)| *own < number);
        let known = known.placed(lines.len(), line_of, |stretch| self.place(stretch));
        let table = unruled::table(&lines, &known, &PAGE);
        let range = table.as_ref().map_or(0..0, |table| table.lines.clone());
        let mut table = table.map(|table| Piece::Table(self.table(table)));
        let mut pieces = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            if range.contains(&number) {
                pieces.extend(table.take());
            } else {
                pieces.push(self.line(line));
            }
        }
        pieces.extend(self.numbers.iter().map(|line| self.line(line)));
        (!self.pages.is_empty()).then_some(pieces)
    }

    /// Where a stretch stands: its line, and its ends.
    fn place(&self, (number, from, to): &Stretch) -> Option<(usize, (f64, f64))> {
        let at = self.lines.binary_search_by_key(number, |(own, _)| *own).ok()?;
        let (_, line) = self.lines.get(at)?;
        let (from, to) = (f64::from(*from) - ROUNDING, f64::from(*to) + ROUNDING);
        let inked = || line.iter().filter(|mark| !mark.is_blank());
        let x0 = inked().map(|mark| mark.bbox.x0).find(|x0| *x0 >= from)?;
        let x1 = inked().map(|mark| mark.bbox.x1).filter(|x1| *x1 <= to).fold(x0, f64::max);
        Some((at, (x0, x1)))
    }

    /// The table on its pages.
    fn table(&self, table: Unruled) -> Table {
        let Unruled { xs, ys, cells, .. } = table;
        let at = |edges: &[f64], number: usize| edges.get(number).or(edges.last()).copied().unwrap_or_default();
        let cells = cells.into_iter().map(|(area, marks)| {
            let (x0, x1) = (at(&xs, area.col), at(&xs, area.col + area.cols));
            let (y0, y1) = (at(&ys, area.row), at(&ys, area.row + area.rows));
            let (top, page) = self.page_at(marks.first().map_or(y0, |mark| mark.bbox.centre().1));
            let parts = marks.chunk_by(|a, b| self.page_at(a.bbox.centre().1) == self.page_at(b.bbox.centre().1));
            let runs = parts.flat_map(|part| {
                let (page, part) = self.on_page(part);
                page::cell_runs(page, &part)
            });
            let bbox = Some(BBox { x0, y0: y0 - top, x1, y1: y1 - top });
            Cell { area, page, bbox, runs: runs.collect(), open_above: false, open_below: false }
        });
        let cells: Vec<Cell> = cells.collect();
        let first = cells.iter().map(|cell| cell.page).min().unwrap_or_default();
        let last = cells.iter().map(|cell| cell.page).max().unwrap_or_default();
        let mut table = Table { cells, rows: ys.len().saturating_sub(1), pages: (first, last), xs };
        table.tidy();
        table
    }
}
