//! Pieces of a table to its cells. In a table whose rulings have gaps, cells run together: they are parted again where
//! the walls that are left and the text in them show it.

use super::lattice::{Area, Lattice, Piece};
use super::words::Mark;

/// Text on both sides of an edge down keeps at least this gap, in ems, when it stands in two cells: their margins.
/// Set solid, Han characters leave none, and a gap of a sentence seldom falls on an edge.
const GAP_ACROSS: f64 = 0.25;

/// The same for text above and below an edge: the lines of one text are nearer.
const GAP_DOWN: f64 = 0.7;

/// Text stands in the middle of its cell when its middle is no further off than this, in ems.
const CENTRED: f64 = 0.3;

/// Text that stands this far, in ems, off the middle of a cell is not centred in it.
const OFF_CENTRE: f64 = 0.6;

/// The lines of one text in a tall cell may come beside an edge, but then not each in the middle of its part: by how
/// much of the part's height the space above and below the text may differ.
const CENTRED_SHARE: f64 = 0.25;

/// What it counts for an edge that text on both sides keeps well clear of it: as much as walls on a third of it.
const CLEAR_BONUS: f64 = 0.34;

/// The cells of the lattice's `pieces`, with the text of each.
pub(super) fn cells(lattice: &Lattice, pieces: Vec<(Piece, Vec<Mark>)>) -> Vec<(Area, Vec<Mark>)> {
    let patchy = lattice.is_patchy();
    let mut cells = Vec::new();
    let mut todo = pieces;
    while let Some((piece, marks)) = todo.pop() {
        let whole = piece.is_whole();
        if whole && !patchy {
            cells.push((piece.area, marks));
            continue;
        }
        let cut = cuts(lattice, &piece, &marks)
            .into_iter()
            .filter(|cut| !whole || cut.shown)
            .reduce(|best, cut| if cut.score > best.score { cut } else { best });
        match cut {
            Some(cut) => todo.append(&mut parted(lattice, &piece, marks, cut.parts)),
            None => cells.push((piece.area, marks)),
        }
    }
    cells.sort_by_key(|(area, _)| *area);
    cells
}

/// A way to part a piece along an edge.
struct Cut {
    parts: [Area; 2],
    /// How much speaks for it.
    score: f64,
    /// Whether the text shows it, so that even a whole rectangle is to be parted here.
    shown: bool,
}

fn cuts(lattice: &Lattice, piece: &Piece, marks: &[Mark]) -> Vec<Cut> {
    let area = piece.area;
    let em = marks.iter().map(|mark| mark.size).fold(1.0, f64::max);
    let mut cuts = Vec::new();
    for edge in area.col + 1..area.col + area.cols {
        let parts =
            [Area { cols: edge - area.col, ..area }, Area { col: edge, cols: area.col + area.cols - edge, ..area }];
        let Some(at) = lattice.xs.get(edge) else { continue };
        let sides = sides(marks, |mark| (mark.bbox.x0, mark.bbox.x1), *at);
        let [left, right, whole] = [parts[0], parts[1], area].map(|area| lattice.bbox(area)).map(|b| (b.x0, b.x1));
        let shown = match sides {
            (Some(before), Some(after)) => after.0 - before.1 >= GAP_ACROSS * em,
            (Some(text), None) => is_only_in(text, left, whole, em),
            (None, Some(text)) => is_only_in(text, right, whole, em),
            (None, None) => false,
        };
        let score = lattice.share_down(piece, edge) + standing(sides, shown);
        cuts.push(Cut { parts, score, shown });
    }
    for edge in area.row + 1..area.row + area.rows {
        let parts =
            [Area { rows: edge - area.row, ..area }, Area { row: edge, rows: area.row + area.rows - edge, ..area }];
        let Some(at) = lattice.ys.get(edge) else { continue };
        let sides = sides(marks, |mark| (mark.bbox.y0, mark.bbox.y1), *at);
        let [upper, lower, whole] = [parts[0], parts[1], area].map(|area| lattice.bbox(area)).map(|b| (b.y0, b.y1));
        let shown = match sides {
            (Some(before), Some(after)) => {
                // Blank rows may have run together with the ones that have text.
                let at = |edge: usize| lattice.ys.get(edge).copied().unwrap_or_default();
                let above = (area.row..edge).any(|top| is_centred(before, (at(top), at(edge))));
                let under = (edge + 1..=area.row + area.rows).any(|end| is_centred(after, (at(edge), at(end))));
                after.0 - before.1 >= GAP_DOWN * em && above && under
            }
            (Some(text), None) => parts[0].rows == 1 && is_only_in(text, upper, whole, em),
            (None, Some(text)) => parts[1].rows == 1 && is_only_in(text, lower, whole, em),
            (None, None) => false,
        };
        let score = lattice.share_across(piece, edge) + standing(sides, shown);
        cuts.push(Cut { parts, score, shown });
    }
    cuts
}

/// The extents of the text before and after an edge.
type Sides = (Option<(f64, f64)>, Option<(f64, f64)>);

/// What the text beside an edge says for it: nothing, something, or much against it, when text runs over it.
fn standing(sides: Sides, shown: bool) -> f64 {
    match sides {
        (Some(before), Some(after)) if before.1 > after.0 => -1.0,
        _ if shown => CLEAR_BONUS,
        _ => 0.0,
    }
}

/// The extents of the text before and after `edge`, sides told by the middle of each character. Blanks that are drawn
/// are text: a cell's own, they bridge a gap.
fn sides(marks: &[Mark], extent: impl Fn(&Mark) -> (f64, f64), edge: f64) -> Sides {
    let around = |after: bool| {
        marks
            .iter()
            .map(&extent)
            .filter(|(from, to)| ((from + to) / 2.0 >= edge) == after)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    };
    (around(false), around(true))
}

/// Whether `text` stands in the middle of `part`, and not in that of the `whole`.
fn is_only_in(text: (f64, f64), part: (f64, f64), whole: (f64, f64), em: f64) -> bool {
    let off = |cell: (f64, f64)| ((text.0 + text.1) / 2.0 - (cell.0 + cell.1) / 2.0).abs();
    off(part) <= CENTRED * em && off(whole) >= OFF_CENTRE * em
}

fn is_centred(text: (f64, f64), cell: (f64, f64)) -> bool {
    ((text.0 - cell.0) - (cell.1 - text.1)).abs() <= CENTRED_SHARE * (cell.1 - cell.0)
}

/// The pieces of `piece` in both `parts`, with the text of each.
fn parted(lattice: &Lattice, piece: &Piece, marks: Vec<Mark>, parts: [Area; 2]) -> Vec<(Piece, Vec<Mark>)> {
    let pieces = parts.into_iter().flat_map(|part| lattice.within(piece, part));
    let mut pieces: Vec<(Piece, Vec<Mark>)> = pieces.map(|piece| (piece, Vec::new())).collect();
    for mark in marks {
        let (x, y) = mark.bbox.centre();
        let home = lattice.place(x, y).and_then(|(row, col)| pieces.iter_mut().find(|(piece, _)| piece.has(row, col)));
        if let Some((_, marks)) = home {
            marks.push(mark);
        }
    }
    pieces
}
