//! Headings beside the rows of a text's table: which lines are one heading, and over which rows it reaches.
//!
//! A dump keeps the order of lines and little of their distances, and a merged heading stands in the middle of its rows,
//! on lines of its own or on those of any row. So rows come from the columns of data alone, and the headings of each
//! column are laid over them all at once, at the least cost.

use super::dump::Spacing;
use super::rows::{Segment, fits};

/// What a heading costs: less than two lines in one heading that were not wrapped.
const HEADING: f64 = 0.8;

/// What it costs that the line after one would have had room on it.
const UNWRAPPED: f64 = 0.9;

/// What it costs that a heading has a row of its own, with nothing beside it.
const OWN_ROW: f64 = 1.3;

/// What a row without a heading costs.
const BARE_ROW: f64 = 0.8;

/// What a line costs by which a heading stands off the middle of its rows.
const OFF: f64 = 0.6;

/// What it costs that a heading reaches over the rows that it stands for, a line.
const OUTSIDE: f64 = 0.8;

/// What it costs that two lines of one heading are not of one label.
const OTHER: f64 = 3.0;

/// What it costs that a heading ends in the middle of one of the column inside.
const CUT: f64 = 1.2;

/// What it costs that a heading stands for a row whose heading in the column inside is known to stand under another: more
/// than to stand off the middle by some rows.
const STRANGE: f64 = 2.0;

/// What it costs that a heading stands for a row whose name speaks of another one of its column. Names are no proof: this
/// turns the scale where places leave two ways open, and outweighs no line by which a heading stands off.
const OTHER_SENSE: f64 = 0.2;

/// What each line of a dump costs by which a heading stands off the middle of its rows. They say little of distances, so
/// that it only turns the scale.
const ASTRAY: f64 = 0.25;

/// Rounding takes a heading off the middle by so many lines.
const HALF_LINE: f64 = 0.5;

/// What it costs that a heading of one line stands for a row of one line, and on another line of the dump: both stood in
/// the middle of the row.
const ASIDE: f64 = 0.8;

/// A heading that goes on over a page stands off the middle of its rows by no more lines than count: it stands in the
/// middle of a part of them.
const PARTED_OFF: f64 = 0.5;

/// What a blank line within a heading costs.
const TORN: f64 = 0.5;

/// What it costs that two lines of a heading stand in the middle of two rows, each where a heading of its own would.
const ALIGNED: f64 = 1.0;

/// A heading has no more lines than this: set one character a line, the longest are some 14.
const MAX_LINES: usize = 16;

/// A heading stands for no more rows than this.
const MAX_ROWS: usize = 60;

/// A heading: the numbers of its segments, and its rows, first and last; none when it has a row of its own, before the row
/// `next`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Heading {
    pub(super) segments: Vec<usize>,
    pub(super) rows: Option<(usize, usize)>,
    pub(super) next: usize,
}

/// A row, from the top of its text to the foot.
#[derive(Clone, Debug)]
pub(super) struct Extent<'a> {
    pub(super) y0: f64,
    pub(super) y1: f64,
    /// The lines of its text, first and last.
    pub(super) lines: (usize, usize),
    /// The number of its page.
    pub(super) page: usize,
    /// Whether it has a place for a heading of this column.
    pub(super) headed: bool,
    /// Whether a heading of the column inside reaches over it and the row above.
    pub(super) joined: bool,
    /// The heading that its heading of the column inside is known to stand under.
    pub(super) under: Option<&'a str>,
    /// The headings of the column that its name speaks of.
    pub(super) speaks: Vec<&'a str>,
}

/// Puts the `segments` of one column, sorted by line, together to headings and lays them over the `rows`. `words` are the
/// headings that they are known to be pieces of, `spacing` says how far apart lines are.
pub(super) fn laid(
    segments: &[Segment],
    words: &[Option<&str>],
    rows: &[Extent<'_>],
    spacing: &Spacing,
) -> Vec<Heading> {
    let line = spacing.line;
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
            if let (Some(bare), Some(at)) = (bare.get(row), rows.get(row)) {
                // A row that is known to stand under the heading above.
                let above = done.checked_sub(1).and_then(|above| words.get(above)).copied().flatten();
                let left = if at.under.is_some() && at.under == above { STRANGE } else { 0.0 };
                offer(done, row + 1, cost + bare + left, Step::Bare);
            }
            let before = done.checked_sub(1).and_then(|before| segments.get(before)).and_then(|before| before.label);
            let cut = before.is_some() && before == segments.get(done).and_then(|first| first.label);
            let mut inner = HEADING + if cut { OTHER } else { 0.0 };
            for end in done + 1..=(done + MAX_LINES).min(segments.len()) {
                let (Some(first), Some(last)) = (segments.get(done), segments.get(end - 1)) else { break };
                if let Some(above) = (end - 1 > done).then(|| segments.get(end - 2)).flatten() {
                    inner += inside(above, last, spacing);
                    let whole = above.label.is_some() && above.label == last.label;
                    if on_row(above) && on_row(last) && !whole {
                        inner += ALIGNED;
                    }
                }
                let (y0, y1) = (first.y0, last.y1);
                let (above, under) = (row.checked_sub(1).and_then(|row| rows.get(row)), rows.get(row));
                let clear = if spacing.rounded {
                    above.is_none_or(|above| above.lines.1 < first.line)
                        && under.is_none_or(|under| last.line < under.lines.0)
                } else {
                    above.is_none_or(|above| above.y1 <= y0 + line / 2.0)
                        && under.is_none_or(|under| y1 <= under.y0 + line / 2.0)
                };
                if clear {
                    offer(end, row, cost + inner + OWN_ROW, Step::Own(end - done));
                }
                let word = words.get(done).copied().flatten();
                for count in 1..=MAX_ROWS.min(rows.len().saturating_sub(row)) {
                    let (Some(top), Some(bottom)) = (bounds.get(row), bounds.get(row + count)) else { break };
                    let (Some(first), Some(last)) = (rows.get(row), rows.get(row + count - 1)) else { break };
                    // Text stands in the middle of its row, so that the middle of all text is that of the rows.
                    let off = ((y0 + y1) - (first.y0 + last.y1)).abs() / 2.0 / line;
                    let out = ((top - y0).max(0.0) + (y1 - bottom).max(0.0)) / line;
                    // Lines that have nothing but headings are room that the rows beside them had.
                    let beyond = |line: usize| {
                        let before = row.checked_sub(1).and_then(|row| rows.get(row));
                        before.is_some_and(|row| line <= row.lines.1)
                            || rows.get(row + count).is_some_and(|row| row.lines.0 <= line)
                    };
                    let crosses =
                        segments.get(done..end).unwrap_or_default().iter().any(|segment| beyond(segment.line));
                    let out = if spacing.rounded && !crosses { 0.0 } else { out };
                    let parted = first.page != last.page;
                    let off = if parted { off.min(PARTED_OFF) } else { off };
                    let lines = segments.get(done..end).unwrap_or_default();
                    let astray = if spacing.rounded && !parted { astray(lines, (first, last), count) } else { 0.0 };
                    let rounded = |lines: f64| (lines - spacing.rounding).max(0.0) * spacing.exactness;
                    let fit = astray + OFF * rounded(off) + OUTSIDE * rounded(out);
                    let unheaded = rows.get(row..row + count).unwrap_or_default().iter().any(|row| !row.headed);
                    let fit = if unheaded { fit + HEADING } else { fit };
                    let joined = |row: usize| rows.get(row).is_some_and(|row| row.joined);
                    let cut = usize::from(joined(row)) + usize::from(joined(row + count));
                    let fit = fit + CUT * cut as f64;
                    let is_strange =
                        |row: &&Extent<'_>| word.is_some() && row.under.is_some_and(|under| word != Some(under));
                    let strange = rows.get(row..row + count).unwrap_or_default().iter().filter(is_strange).count();
                    let fit = fit + STRANGE * strange as f64;
                    let speaks_of_other = |row: &&Extent<'_>| {
                        word.is_some_and(|word| !row.speaks.is_empty() && !row.speaks.contains(&word))
                    };
                    let other = rows.get(row..row + count).unwrap_or_default().iter().filter(speaks_of_other).count();
                    let fit = fit + OTHER_SENSE * other as f64;
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
                headings.push(Heading { segments: (done - lines..done).collect(), rows: None, next: row });
                done -= lines;
            }
            Step::Over(lines, count) => {
                let rows = Some((row - count, row - 1));
                headings.push(Heading { segments: (done - lines..done).collect(), rows, next: row });
                (done, row) = (done - lines, row - count);
            }
        }
    }
    headings.reverse();
    headings
}

/// What it costs that a heading of these lines stands off the middle of its `count` rows, from the first to the last, by the
/// lines of a dump.
fn astray(lines: &[Segment], (first, last): (&Extent<'_>, &Extent<'_>), count: usize) -> f64 {
    let (Some(from), Some(to)) = (lines.first(), lines.last()) else { return 0.0 };
    let off = ((from.line + to.line) as f64 - (first.lines.0 + last.lines.1) as f64).abs() / 2.0;
    let single = count == 1 && lines.len() == 1 && first.lines.0 == first.lines.1;
    let aside = if single && off > 0.0 { ASIDE } else { 0.0 };
    ASTRAY * (off - HALF_LINE).max(0.0) + aside
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
fn inside(above: &Segment, under: &Segment, spacing: &Spacing) -> f64 {
    if above.label != under.label {
        return OTHER;
    } else if above.label.is_some() {
        return 0.0;
    }
    let blank = ((under.y0 - above.y0) / spacing.line - 1.0).max(0.0);
    let far = under.y0 - above.y1 > spacing.wrap * above.em.max(under.em);
    // Lines of one text stand above each other, whichever way they are set.
    let apart = above.x1 <= under.x0 || under.x1 <= above.x0;
    let parted = if apart || far { 3.0 * HEADING } else { 0.0 };
    parted + TORN * blank + if fits(above, under) { UNWRAPPED } else { 0.0 }
}

/// The edges of the rows: in the middle between the text of each and the next.
fn bounds(rows: &[Extent<'_>]) -> Vec<f64> {
    let mut bounds: Vec<f64> = rows.first().map(|row| row.y0).into_iter().collect();
    bounds.extend(rows.windows(2).filter_map(|pair| match pair {
        [above, under] => Some((above.y1 + under.y0) / 2.0),
        _ => None,
    }));
    bounds.extend(rows.last().map(|row| row.y1));
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Spacing =
        Spacing { wrap: 0.5, blank: 0.5, line: 13.0, rounding: 0.25, exactness: 3.0, dense: false, rounded: false };

    /// Lines of 10 points with their tops at these heights, four characters wide but for the last of each text.
    fn lines(tops: &[f64]) -> Vec<Segment> {
        let line = |top: &f64| Segment {
            x1: 40.0,
            y0: *top,
            y1: top + 10.0,
            em: 10.0,
            first_word: 10.0,
            widest: 40.0,
            ..Segment::default()
        };
        tops.iter().map(line).collect()
    }

    fn rows(tops: &[f64]) -> Vec<Extent<'static>> {
        tops.iter()
            .map(|top| Extent {
                y0: *top,
                y1: top + 10.0,
                lines: (0, 0),
                page: 0,
                headed: true,
                joined: false,
                under: None,
                speaks: Vec::new(),
            })
            .collect()
    }

    fn shown(tops: &[f64], row_tops: &[f64]) -> Vec<(usize, Option<(usize, usize)>)> {
        laid(&lines(tops), &[], &rows(row_tops), &PAGE).iter().map(|it| (it.segments.len(), it.rows)).collect()
    }

    #[test]
    fn a_heading_stands_for_the_rows_that_it_is_in_the_middle_of() {
        // Two lines in the middle of four rows, one line on the fifth.
        let headings = shown(&[23.5, 36.5, 80.0], &[0.0, 20.0, 40.0, 60.0, 80.0]);
        assert_eq!(headings, [(2, Some((0, 3))), (1, Some((4, 4)))]);
    }

    #[test]
    fn a_heading_without_text_beside_it_has_a_row_of_its_own() {
        assert_eq!(shown(&[0.0, 20.0, 40.0], &[0.0, 40.0]), [(1, Some((0, 0))), (1, None), (1, Some((1, 1)))]);
    }

    #[test]
    fn a_heading_stands_for_the_rows_that_are_known_to_be_under_it() {
        let row = |number: usize, under| Extent { under: Some(under), ..rows(&[number as f64 * 20.0]).remove(0) };
        let rows: Vec<Extent<'_>> =
            ["a", "a", "a", "b", "b"].iter().enumerate().map(|(number, under)| row(number, under)).collect();
        let over = |words: &[Option<&str>]| -> Vec<_> {
            laid(&lines(&[28.0, 75.0]), words, &rows, &PAGE).iter().map(|it| it.rows).collect()
        };
        assert_eq!(over(&[Some("a"), Some("b")]), [Some((0, 2)), Some((3, 4))]);
        assert_eq!(over(&[None, None]), [Some((0, 3)), Some((4, 4))]);
    }

    #[test]
    fn names_turn_the_scale_where_places_leave_two_ways_open() {
        // A heading half-way between each two of three places, and a row that either may have.
        let over = |speaks: &[&'static str]| -> Vec<_> {
            let mut rows = rows(&[0.0, 20.0, 40.0, 60.0, 80.0]);
            rows[2].speaks = speaks.to_vec();
            let words = [Some("a"), Some("b")];
            laid(&lines(&[15.0, 65.0]), &words, &rows, &PAGE).iter().map(|it| it.rows).collect()
        };
        assert_eq!(over(&["a"]), [Some((0, 2)), Some((3, 4))]);
        assert_eq!(over(&["b"]), [Some((0, 1)), Some((2, 4))]);
    }

    #[test]
    fn nothing_gives_nothing() {
        assert!(shown(&[], &[0.0]).is_empty());
        assert_eq!(shown(&[5.0], &[]), [(1, None)]);
    }
}
