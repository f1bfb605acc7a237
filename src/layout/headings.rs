//! Headings beside the rows of a text's table: which lines are one heading, and over which rows it reaches.
//!
//! A dump keeps the order of lines and little of their distances, and a merged heading stands in the middle of its rows,
//! on lines of its own or on those of any row. So rows come from the columns of data alone, and the headings of each
//! column are laid over them all at once, at the least cost.

use super::rows::{Segment, fits};

/// What a heading costs: less than two lines in one heading that were not wrapped.
const HEADING: f64 = 0.8;

/// What it costs that the line after one would have had room on it.
const UNWRAPPED: f64 = 0.9;

/// What it costs that a heading has a row of its own, with nothing beside it.
const OWN_ROW: f64 = 1.3;

/// What a row without a heading costs.
const BARE_ROW: f64 = 0.8;

/// What a line costs by which a heading stands off the middle of its rows; half a line is how dumps round.
const OFF: f64 = 0.6;

/// What it costs that a heading reaches over the rows that it stands for, a line.
const OUTSIDE: f64 = 0.8;

/// What a blank line within a heading costs.
const TORN: f64 = 0.5;

/// What it costs that two lines of a heading stand in the middle of two rows, each where a heading of its own would.
const ALIGNED: f64 = 1.0;

/// A heading has no more lines than this: set one character a line, the longest are some 14.
const MAX_LINES: usize = 16;

/// A heading stands for no more rows than this.
const MAX_ROWS: usize = 60;

/// A heading: the numbers of its segments, and its rows, first and last; none when it has a row of its own.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Heading {
    pub(super) segments: Vec<usize>,
    pub(super) rows: Option<(usize, usize)>,
}

/// A row, from the top of its text to the foot.
#[derive(Clone, Copy, Debug)]
pub(super) struct Extent {
    pub(super) y0: f64,
    pub(super) y1: f64,
    /// Whether it has a place for a heading of this column.
    pub(super) headed: bool,
}

/// Puts the `segments` of one column, sorted by line, together to headings and lays them over the `rows`. `line` is
/// the distance from line to line.
pub(super) fn laid(segments: &[Segment], rows: &[Extent], line: f64) -> Vec<Heading> {
    let bounds = bounds(rows);
    let middle = |y0: f64, y1: f64| (y0 + y1) / 2.0;
    let on_row = |segment: &Segment| {
        let at = middle(segment.y0, segment.y1);
        let near = rows.partition_point(|row| middle(row.y0, row.y1) < at - line / 4.0);
        rows.get(near).is_some_and(|row| (middle(row.y0, row.y1) - at).abs() < line / 4.0)
    };
    let width = rows.len() + 1;
    // For the first n segments over the first r rows: the least cost, and the step that led there.
    let mut best: Vec<(f64, Step)> = vec![(f64::INFINITY, Step::None); (segments.len() + 1) * width];
    let bare: Vec<f64> = rows.iter().map(|row| if row.headed { BARE_ROW } else { 0.0 }).collect();
    if let Some(first) = best.first_mut() {
        first.0 = 0.0;
    }
    for done in 0..=segments.len() {
        for row in 0..width {
            let Some((cost, _)) = best.get(done * width + row).copied() else { continue };
            if !cost.is_finite() {
                continue;
            }
            let mut offer = |done: usize, row: usize, cost: f64, step: Step| {
                if let Some(there) = best.get_mut(done * width + row)
                    && cost < there.0
                {
                    *there = (cost, step);
                }
            };
            if let Some(bare) = bare.get(row) {
                offer(done, row + 1, cost + bare, Step::Bare);
            }
            let mut inner = HEADING;
            for end in done + 1..=(done + MAX_LINES).min(segments.len()) {
                let (Some(first), Some(last)) = (segments.get(done), segments.get(end - 1)) else { break };
                if let Some(above) = (end - 1 > done).then(|| segments.get(end - 2)).flatten() {
                    inner += inside(above, last, line);
                    if on_row(above) && on_row(last) {
                        inner += ALIGNED;
                    }
                }
                let (y0, y1) = (first.y0, last.y1);
                let clear =
                    row.checked_sub(1).and_then(|row| rows.get(row)).is_none_or(|above| above.y1 <= y0 + line / 2.0)
                        && rows.get(row).is_none_or(|under| y1 <= under.y0 + line / 2.0);
                if clear {
                    offer(end, row, cost + inner + OWN_ROW, Step::Own(end - done));
                }
                for count in 1..=MAX_ROWS.min(rows.len().saturating_sub(row)) {
                    let (Some(top), Some(bottom)) = (bounds.get(row), bounds.get(row + count)) else { break };
                    let off = ((y0 + y1) - (top + bottom)).abs() / 2.0 / line;
                    let out = ((top - y0).max(0.0) + (y1 - bottom).max(0.0)) / line;
                    let fit = OFF * (off - 0.5).max(0.0) + OUTSIDE * (out - 0.5).max(0.0);
                    let unheaded = rows.get(row..row + count).unwrap_or_default().iter().any(|row| !row.headed);
                    let fit = if unheaded { fit + HEADING } else { fit };
                    offer(end, row + count, cost + inner + fit, Step::Over(end - done, count));
                }
            }
        }
    }
    let mut headings = Vec::new();
    let (mut done, mut row) = (segments.len(), rows.len());
    while let Some((_, step)) = best.get(done * width + row).copied() {
        match step {
            Step::None => break,
            Step::Bare => row -= 1,
            Step::Own(lines) => {
                headings.push(Heading { segments: (done - lines..done).collect(), rows: None });
                done -= lines;
            }
            Step::Over(lines, count) => {
                let rows = Some((row - count, row - 1));
                headings.push(Heading { segments: (done - lines..done).collect(), rows });
                (done, row) = (done - lines, row - count);
            }
        }
    }
    headings.reverse();
    headings
}

/// How a state was come to.
#[derive(Clone, Copy, Debug)]
enum Step {
    None,
    /// A row without a heading.
    Bare,
    /// A heading of so many lines in a row of its own.
    Own(usize),
    /// A heading of so many lines over so many rows.
    Over(usize, usize),
}

/// What it costs that two lines follow each other in one heading.
fn inside(above: &Segment, under: &Segment, line: f64) -> f64 {
    let blank = ((under.y0 - above.y0) / line - 1.0).max(0.0);
    let apart = above.cols.1 < under.cols.0 || under.cols.1 < above.cols.0;
    let parted = if apart { 2.0 * HEADING } else { 0.0 };
    parted + TORN * blank + if fits(above, under) { UNWRAPPED } else { 0.0 }
}

/// The edges of the rows: in the middle between the text of each and the next.
fn bounds(rows: &[Extent]) -> Vec<f64> {
    let mut bounds: Vec<f64> = rows.first().map(|row| row.y0).into_iter().collect();
    bounds.extend(rows.windows(2).filter_map(|pair| match pair {
        [above, under] => Some((above.y1 + under.y0) / 2.0),
        _ => None,
    }));
    bounds.extend(rows.last().map(|row| row.y1));
    bounds
}
