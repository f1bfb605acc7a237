//! A page of glyphs and rulings to its pieces: ruled tables, and the free lines above, between and below them.

use super::lattice::{Area, Lattice, Piece as Enclosed};
use super::mend;
use super::regions::regions;
use super::table::{Cell, Piece, Table, run};
use super::unruled::{self, Unruled};
use super::words::{Mark, WIDE_GAP, lines, marks, stretches};
use super::{Run, Trust, rulings};
use crate::source::{BBox, PlacedPage, Ruling};

/// What is sought on pages without rulings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seek {
    /// A form, which is the page.
    Form,
    /// Tables between other text.
    Tables,
}

/// The pieces of a page, top to bottom.
pub(super) fn pieces(number: u32, page: &PlacedPage, seek: Seek) -> Vec<Piece> {
    let mut tables = Vec::new();
    for group in rulings::groups(&page.rulings) {
        tables.extend(Ruled::of(&group));
    }
    // Where one table stands in a cell of another, the text is the inner one's.
    tables.sort_by(|a, b| size(a.bbox()).total_cmp(&size(b.bbox())));
    let mut free = Vec::new();
    for mark in marks(&page.glyphs) {
        let (x, y) = mark.bbox.centre();
        match tables.iter_mut().find_map(|table| table.at(x, y)) {
            Some(cell) => cell.push(mark),
            None => free.push(mark),
        }
    }
    let mut placed: Vec<(f64, f64, Piece)> = Vec::new();
    let at = |edges: &[f64]| edges.first().copied().unwrap_or_default();
    let mut free = lines(&free);
    if seek == Seek::Tables {
        let (found, mut left) = regions(free);
        for mut region in found {
            let known = unruled::Known::default();
            if let Some(table) = unruled::table(&region, &known, &unruled::REGION) {
                region.drain(table.lines.clone());
                placed.push((at(&table.ys), at(&table.xs), Piece::Table(from_text(number, table))));
            }
            left.append(&mut region);
        }
        free = left;
    } else if tables.is_empty()
        && let Some(table) = unruled::table(&free, &unruled::Known::default(), &unruled::PAGE)
    {
        free.drain(table.lines.clone());
        placed.push((at(&table.ys), at(&table.xs), Piece::Table(from_text(number, table))));
    }
    for table in tables {
        let bbox = table.bbox();
        placed.push((bbox.y0, bbox.x0, Piece::Table(table.filled(number))));
    }
    for line in free {
        let runs: Vec<Run> = stretches(&line, WIDE_GAP).into_iter().map(|stretch| run(number, stretch)).collect();
        if let Some(first) = line.iter().find(|mark| !mark.is_blank()) {
            placed.push((first.bbox.centre().1, first.bbox.x0, Piece::Line(runs)));
        }
    }
    placed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    placed.into_iter().map(|(_, _, piece)| piece).collect()
}

/// Whether rulings draw a table on the page, and are to be trusted.
pub(super) fn is_ruled(page: &PlacedPage, trust: Trust) -> bool {
    let groups = rulings::groups(&page.rulings);
    let mut tables = groups.iter().filter_map(|group| Ruled::of(group));
    match trust {
        Trust::All => tables.next().is_some(),
        Trust::Whole => {
            let tables: Vec<Ruled> = tables.collect();
            !tables.is_empty() && !tables.iter().any(Ruled::is_faulty)
        }
    }
}

fn size(bbox: BBox) -> f64 {
    (bbox.x1 - bbox.x0) * (bbox.y1 - bbox.y0)
}

/// A ruled table that is being filled with text.
struct Ruled {
    lattice: Lattice,
    pieces: Vec<(Enclosed, Vec<Mark>)>,
    /// For each place of the lattice, row by row, the number of its piece.
    owners: Vec<usize>,
}

impl Ruled {
    /// The table that connected rulings draw; none when it has less than two cells.
    fn of(rulings: &[Ruling]) -> Option<Ruled> {
        let lattice = Lattice::of(rulings)?;
        let pieces = lattice.pieces();
        if pieces.len() < 2 {
            return None;
        }
        let mut owners = vec![0; lattice.rows() * lattice.cols()];
        for (number, piece) in pieces.iter().enumerate() {
            let area = piece.area;
            for row in area.row..area.row + area.rows {
                for col in (area.col..area.col + area.cols).filter(|col| piece.has(row, *col)) {
                    if let Some(owner) = owners.get_mut(row * lattice.cols() + col) {
                        *owner = number;
                    }
                }
            }
        }
        let pieces = pieces.into_iter().map(|piece| (piece, Vec::new())).collect();
        Some(Ruled { lattice, pieces, owners })
    }

    /// Whether parts of its rulings are missing.
    fn is_faulty(&self) -> bool {
        self.lattice.is_patchy() || self.pieces.iter().any(|(piece, _)| !piece.is_whole())
    }

    fn bbox(&self) -> BBox {
        self.lattice.bbox(Area { row: 0, col: 0, rows: self.lattice.rows(), cols: self.lattice.cols() })
    }

    /// The text of the piece at a point; none outside of the table.
    fn at(&mut self, x: f64, y: f64) -> Option<&mut Vec<Mark>> {
        let (row, col) = self.lattice.place(x, y)?;
        let owner = self.owners.get(row * self.lattice.cols() + col)?;
        self.pieces.get_mut(*owner).map(|(_, marks)| marks)
    }

    /// The table with the text that has come together in its cells.
    fn filled(self, page: u32) -> Table {
        let Ruled { lattice, pieces, .. } = self;
        let cells = mend::cells(&lattice, pieces).into_iter().map(|(area, marks)| Cell {
            area,
            page,
            bbox: Some(lattice.bbox(area)),
            runs: cell_runs(page, &marks),
            open_above: !(area.col..area.col + area.cols).any(|col| lattice.across(area.row, col)),
            open_below: !(area.col..area.col + area.cols).any(|col| lattice.across(area.row + area.rows, col)),
        });
        let mut table = Table { cells: cells.collect(), rows: lattice.rows(), pages: (page, page), xs: lattice.xs };
        table.tidy();
        table
    }
}

/// The table on this page that its text shows.
fn from_text(page: u32, table: Unruled) -> Table {
    let Unruled { xs, ys, cells, .. } = table;
    let bbox = |area: Area| {
        let at = |edges: &[f64], number: usize| edges.get(number).or(edges.last()).copied().unwrap_or_default();
        let (x0, x1) = (at(&xs, area.col), at(&xs, area.col + area.cols));
        BBox { x0, y0: at(&ys, area.row), x1, y1: at(&ys, area.row + area.rows) }
    };
    let cells = cells.into_iter().map(|(area, marks)| Cell {
        area,
        page,
        bbox: Some(bbox(area)),
        runs: cell_runs(page, &marks),
        open_above: false,
        open_below: false,
    });
    let cells = cells.collect();
    let mut table = Table { cells, rows: ys.len().saturating_sub(1), pages: (page, page), xs };
    table.tidy();
    table
}

/// The text of a cell, a run a line.
pub(super) fn cell_runs(page: u32, marks: &[Mark]) -> Vec<Run> {
    let lines = lines(marks);
    lines.iter().flat_map(|line| stretches(line, f64::INFINITY)).map(|stretch| run(page, stretch)).collect()
}
