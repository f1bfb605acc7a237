//! Connected rulings to a lattice: the edges of columns and rows, and which of its places are parted by a wall.

use super::rulings::{TOUCH, bounds};
use crate::source::{Axis, BBox, Ruling};

/// Edges this near, in points, are one edge drawn a little off: no row of text is as low.
const SAME_EDGE: f64 = 4.0;

/// A part of an edge is a wall when rulings cover this share of it: enough to see through gaps in a ruling, too
/// much for a ruling that merely ends nearby.
const WALL_SHARE: f64 = 0.5;

/// Where the outer frame is missing, this many rulings must end at one place to show where it would run.
const FRAME_WITNESSES: usize = 2;

/// A lattice with more places than this is a drawing or graph paper, no form: a dense page of a form has some 2000.
const MAX_PLACES: usize = 20_000;

/// So many faults show that a table's rulings have gaps as long as a cell. A single one may be a slip of the pen.
const PATCHY_FAULTS: usize = 2;

/// Some places of a lattice, a rectangle.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Area {
    pub(super) row: usize,
    pub(super) col: usize,
    pub(super) rows: usize,
    pub(super) cols: usize,
}

/// The edges that connected rulings draw, and the walls on them.
#[derive(Clone, Debug)]
pub(super) struct Lattice {
    /// The edges of the columns, left to right: one more than there are columns.
    pub(super) xs: Vec<f64>,
    /// The edges of the rows, top to bottom.
    pub(super) ys: Vec<f64>,
    /// For each edge across, for each column: whether there is a wall.
    across: Vec<Vec<bool>>,
    /// For each edge down, for each row: whether there is a wall.
    down: Vec<Vec<bool>>,
}

impl Lattice {
    /// The lattice of `rulings`; none when they enclose less than two places, or too many.
    pub(super) fn of(rulings: &[Ruling]) -> Option<Lattice> {
        let xs = edges(rulings, Axis::Vertical);
        let ys = edges(rulings, Axis::Horizontal);
        let (cols, rows) = (xs.len().checked_sub(1)?, ys.len().checked_sub(1)?);
        if cols * rows < 2 || cols * rows > MAX_PLACES {
            return None;
        }
        let across = walls(rulings, Axis::Horizontal, &ys, &xs);
        let down = walls(rulings, Axis::Vertical, &xs, &ys);
        Some(Lattice { xs, ys, across, down })
    }

    /// Number of rows.
    pub(super) fn rows(&self) -> usize {
        self.ys.len().saturating_sub(1)
    }

    /// Number of columns.
    pub(super) fn cols(&self) -> usize {
        self.xs.len().saturating_sub(1)
    }

    /// The box of an area.
    pub(super) fn bbox(&self, area: Area) -> BBox {
        let at = |edges: &[f64], number: usize| edges.get(number).or(edges.last()).copied().unwrap_or_default();
        BBox {
            x0: at(&self.xs, area.col),
            y0: at(&self.ys, area.row),
            x1: at(&self.xs, area.col + area.cols),
            y1: at(&self.ys, area.row + area.rows),
        }
    }

    /// Whether there is a wall on the edge across with this number, in this column.
    pub(super) fn across(&self, edge: usize, col: usize) -> bool {
        self.across.get(edge).and_then(|walls| walls.get(col)).copied().unwrap_or(false)
    }

    /// Whether there is a wall on the edge down with this number, in this row.
    pub(super) fn down(&self, edge: usize, row: usize) -> bool {
        self.down.get(edge).and_then(|walls| walls.get(row)).copied().unwrap_or(false)
    }

    /// Whether the rulings have gaps as long as a cell: walls end nowhere or turn a corner inside the table, or parts
    /// of a side of the frame are missing. No whole table has that.
    pub(super) fn is_patchy(&self) -> bool {
        let mut faults = 0;
        for y in 1..self.rows() {
            for x in 1..self.cols() {
                let (up, under) = (self.down(x, y - 1), self.down(x, y));
                let (left, right) = (self.across(y, x - 1), self.across(y, x));
                let arms = [up, under, left, right].iter().filter(|wall| **wall).count();
                let corner = arms == 2 && up != under;
                faults += usize::from(arms == 1 || corner);
            }
        }
        for side in [self.across.first(), self.across.last(), self.down.first(), self.down.last()].into_iter().flatten()
        {
            if side.iter().any(|wall| *wall) {
                faults += side.iter().filter(|wall| !**wall).count();
            }
        }
        faults >= PATCHY_FAULTS
    }

    /// The pieces that walls enclose. They cover every place once; in a whole table each is a rectangle, a cell.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        let whole = Area { row: 0, col: 0, rows: self.rows(), cols: self.cols() };
        self.enclosed(whole, &vec![true; whole.rows * whole.cols])
    }

    /// The row and column of the place at a point; none outside of the table.
    pub(super) fn place(&self, x: f64, y: f64) -> Option<(usize, usize)> {
        let col = self.xs.partition_point(|edge| *edge <= x).checked_sub(1)?;
        let row = self.ys.partition_point(|edge| *edge <= y).checked_sub(1)?;
        (col < self.cols() && row < self.rows()).then_some((row, col))
    }

    /// What of `piece` lies in `part`, in connected pieces.
    pub(super) fn within(&self, piece: &Piece, part: Area) -> Vec<Piece> {
        let rows = part.row..part.row + part.rows;
        let places = rows.flat_map(|row| (part.col..part.col + part.cols).map(move |col| (row, col)));
        let inside: Vec<bool> = places.map(|(row, col)| piece.has(row, col)).collect();
        self.enclosed(part, &inside)
    }

    /// The share of an inner edge across `piece` on which there are walls, or at which the piece ends.
    pub(super) fn share_across(&self, piece: &Piece, edge: usize) -> f64 {
        let Area { col, cols, .. } = piece.area;
        let stops = (col..col + cols).filter(|&x| {
            let (above, under) = (piece.has(edge.saturating_sub(1), x), piece.has(edge, x));
            above != under || (above && self.across(edge, x))
        });
        stops.count() as f64 / cols.max(1) as f64
    }

    /// The same for an inner edge down.
    pub(super) fn share_down(&self, piece: &Piece, edge: usize) -> f64 {
        let Area { row, rows, .. } = piece.area;
        let stops = (row..row + rows).filter(|&y| {
            let (left, right) = (piece.has(y, edge.saturating_sub(1)), piece.has(y, edge));
            left != right || (left && self.down(edge, y))
        });
        stops.count() as f64 / rows.max(1) as f64
    }

    /// The connected pieces of those `places` of `area` that are set.
    fn enclosed(&self, area: Area, places: &[bool]) -> Vec<Piece> {
        let index = |row: usize, col: usize| (row - area.row) * area.cols + (col - area.col);
        let mut left = places.to_vec();
        let mut pieces = Vec::new();
        for start in 0..left.len() {
            if !left.get(start).copied().unwrap_or(false) {
                continue;
            }
            let mut found: Vec<(usize, usize)> = Vec::new();
            let mut stack = vec![(area.row + start / area.cols, area.col + start % area.cols)];
            while let Some((row, col)) = stack.pop() {
                match left.get_mut(index(row, col)) {
                    Some(waiting) if *waiting => *waiting = false,
                    _ => continue,
                }
                found.push((row, col));
                if col + 1 < area.col + area.cols && !self.down(col + 1, row) {
                    stack.push((row, col + 1));
                }
                if col > area.col && !self.down(col, row) {
                    stack.push((row, col - 1));
                }
                if row + 1 < area.row + area.rows && !self.across(row + 1, col) {
                    stack.push((row + 1, col));
                }
                if row > area.row && !self.across(row, col) {
                    stack.push((row - 1, col));
                }
            }
            pieces.push(Piece::of(&found));
        }
        pieces
    }
}

/// Connected places: those set in the area around them.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) area: Area,
    places: Vec<bool>,
}

impl Piece {
    fn of(found: &[(usize, usize)]) -> Piece {
        let row = found.iter().map(|place| place.0).min().unwrap_or(0);
        let col = found.iter().map(|place| place.1).min().unwrap_or(0);
        let rows = found.iter().map(|place| place.0 + 1 - row).max().unwrap_or(0);
        let cols = found.iter().map(|place| place.1 + 1 - col).max().unwrap_or(0);
        let mut places = vec![false; rows * cols];
        for (y, x) in found {
            if let Some(place) = places.get_mut((y - row) * cols + (x - col)) {
                *place = true;
            }
        }
        Piece { area: Area { row, col, rows, cols }, places }
    }

    /// Whether it fills the area around it.
    pub(super) fn is_whole(&self) -> bool {
        self.places.iter().all(|inside| *inside)
    }

    /// Whether this place is part of it.
    pub(super) fn has(&self, row: usize, col: usize) -> bool {
        let Area { row: top, col: left, rows, cols } = self.area;
        row >= top
            && col >= left
            && row < top + rows
            && col < left + cols
            && self.places.get((row - top) * cols + (col - left)).copied().unwrap_or(false)
    }
}

/// The edges that rulings along `axis` draw, with those that a missing side of the frame would draw.
fn edges(rulings: &[Ruling], axis: Axis) -> Vec<f64> {
    let mut along: Vec<f64> = rulings.iter().filter(|ruling| ruling.axis == axis).map(|ruling| ruling.at).collect();
    let crossing: Vec<&Ruling> = rulings.iter().filter(|ruling| ruling.axis != axis).collect();
    let bounds = bounds(rulings);
    let (low, high) = match axis {
        Axis::Vertical => (bounds.x0, bounds.x1),
        Axis::Horizontal => (bounds.y0, bounds.y1),
    };
    for (limit, ends) in [
        (low, crossing.iter().map(|ruling| ruling.from).collect::<Vec<f64>>()),
        (high, crossing.iter().map(|ruling| ruling.to).collect()),
    ] {
        let drawn = along.iter().any(|at| (at - limit).abs() <= SAME_EDGE + TOUCH);
        let witnesses = ends.iter().filter(|end| (*end - limit).abs() <= SAME_EDGE).count();
        if !drawn && witnesses >= FRAME_WITNESSES {
            along.push(limit);
        }
    }
    along.sort_by(f64::total_cmp);
    clusters(&along, SAME_EDGE)
}

/// The middles of groups of near values; `sorted` ascends.
pub(super) fn clusters(sorted: &[f64], tolerance: f64) -> Vec<f64> {
    let mut middles = Vec::new();
    let mut rest = sorted;
    while let Some(first) = rest.first() {
        let (near, after) = rest.split_at(rest.partition_point(|at| *at <= first + tolerance));
        middles.push(near.iter().sum::<f64>() / near.len() as f64);
        rest = after;
    }
    middles
}

/// The number of the edge nearest to `at`.
pub(super) fn nearest(edges: &[f64], at: f64) -> usize {
    let after = edges.partition_point(|edge| *edge < at);
    match (after.checked_sub(1).and_then(|before| edges.get(before)), edges.get(after)) {
        (Some(before), Some(next)) if at - before <= next - at => after - 1,
        (Some(_), None) => after - 1,
        _ => after,
    }
}

/// For each of `edges`, for each stretch between two of `posts`: whether rulings along `axis` cover it.
fn walls(rulings: &[Ruling], axis: Axis, edges: &[f64], posts: &[f64]) -> Vec<Vec<bool>> {
    let stretches = posts.len().saturating_sub(1);
    let mut covered = vec![vec![0.0; stretches]; edges.len()];
    for ruling in rulings.iter().filter(|ruling| ruling.axis == axis) {
        let Some(line) = covered.get_mut(nearest(edges, ruling.at)) else { continue };
        let first = posts.partition_point(|post| *post <= ruling.from).saturating_sub(1);
        for (share, pair) in line.iter_mut().zip(posts.windows(2)).skip(first) {
            let &[from, to] = pair else { continue };
            if from >= ruling.to {
                break;
            }
            *share += (ruling.to.min(to) - ruling.from.max(from)).max(0.0) / (to - from);
        }
    }
    covered.into_iter().map(|line| line.into_iter().map(|share| share >= WALL_SHARE).collect()).collect()
}
