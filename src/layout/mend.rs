//! Cells of a patchy table that only look merged, because the ruling between them is missing: parted again where
//! their text leaves the edge free.

use super::lattice::{Area, Lattice};
use super::words::Mark;

/// Text on both sides of an edge keeps at least this gap, in ems, when it stands in two cells. Within one cell
/// gaps so wide are rare, whether between the words of a line or between lines.
const CELL_GAP: f64 = 1.0;

/// Text stands in the middle of its cell when the space above and below differ by no more than this share of the
/// cell's height. Lines of one text in a tall cell do not centre on the rows beside it.
const CENTRED: f64 = 0.25;

/// Parts `area` with its text along inner edges of the lattice that the text keeps clear of.
pub(super) fn mend(lattice: &Lattice, area: Area, marks: Vec<Mark>) -> Vec<(Area, Vec<Mark>)> {
    let mut whole = Vec::new();
    let mut todo = vec![(area, marks)];
    while let Some((area, marks)) = todo.pop() {
        match down_cut(lattice, area, &marks).or_else(|| across_cut(lattice, area, &marks)) {
            Some(parts) => {
                let (first, second): (Vec<Mark>, Vec<Mark>) = marks.into_iter().partition(|mark| {
                    let (x, y) = mark.bbox.centre();
                    x < parts.at_x && y < parts.at_y
                });
                todo.push((parts.first, first));
                todo.push((parts.second, second));
            }
            None => whole.push((area, marks)),
        }
    }
    whole
}

struct Parts {
    first: Area,
    second: Area,
    /// What is left of this is in the first part.
    at_x: f64,
    /// What is above this is in the first part.
    at_y: f64,
}

fn down_cut(lattice: &Lattice, area: Area, marks: &[Mark]) -> Option<Parts> {
    (area.col + 1..area.col + area.cols).find_map(|edge| {
        let x = *lattice.xs.get(edge)?;
        let (left, right) = sides(marks, |mark| (mark.bbox.x0, mark.bbox.x1), x)?;
        let em = marks.iter().map(|mark| mark.size).fold(0.0, f64::max);
        (right.0 - left.1 >= CELL_GAP * em).then(|| Parts {
            first: Area { cols: edge - area.col, ..area },
            second: Area { col: edge, cols: area.col + area.cols - edge, ..area },
            at_x: x,
            at_y: f64::INFINITY,
        })
    })
}

fn across_cut(lattice: &Lattice, area: Area, marks: &[Mark]) -> Option<Parts> {
    (area.row + 1..area.row + area.rows).find_map(|edge| {
        let y = *lattice.ys.get(edge)?;
        let (above, under) = sides(marks, |mark| (mark.bbox.y0, mark.bbox.y1), y)?;
        let em = marks.iter().map(|mark| mark.size).fold(0.0, f64::max);
        let parts = Parts {
            first: Area { rows: edge - area.row, ..area },
            second: Area { row: edge, rows: area.row + area.rows - edge, ..area },
            at_x: f64::INFINITY,
            at_y: y,
        };
        let centred = |text: (f64, f64), area: Area| {
            let bbox = lattice.bbox(area);
            ((text.0 - bbox.y0) - (bbox.y1 - text.1)).abs() <= CENTRED * (bbox.y1 - bbox.y0)
        };
        let apart = under.0 - above.1 >= CELL_GAP * em;
        (apart && centred(above, parts.first) && centred(under, parts.second)).then_some(parts)
    })
}

/// The extents of the text before and after `edge`, sides told by the middle of each character; none when a side
/// has no text.
fn sides(marks: &[Mark], extent: impl Fn(&Mark) -> (f64, f64), edge: f64) -> Option<((f64, f64), (f64, f64))> {
    let around = |after: bool| {
        marks
            .iter()
            .filter(|mark| !mark.is_blank())
            .map(&extent)
            .filter(|(from, to)| ((from + to) / 2.0 >= edge) == after)
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    };
    Some((around(false)?, around(true)?))
}
