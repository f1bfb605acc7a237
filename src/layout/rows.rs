//! The rows of a table that no ruling draws: lines put together so that every cell's lines follow each other and
//! the cells of a row stand beside each other, in the middle or at the top.

use super::dump::Spacing;

/// Lines of one cell stand no further apart than this, in ems: wrapped text leaves 0.1 to 0.6.
const WRAP_GAP: f64 = 0.8;

/// Where a table's nearest lines are nearer, the lines of all its cells are: they differ by less than this, in ems.
const WRAP_SPREAD: f64 = 0.25;

/// The nearest lines are those of this part of all neighbours; single ones may be a printer's slip.
const NEAREST: usize = 10;

/// What a row costs. More than a heading that stands off the middle of its row, so that such a heading makes no
/// row of its own; less than one sign that two lines are two rows.
const ROW: f64 = 2.0;

/// What it costs that two lines of a cell were not wrapped, where nothing else stands on both lines: a little more
/// than a row. The lines of a heading that then come into several rows are put together again.
const LONE: f64 = 2.2;

/// The same for lines of prose, where a new paragraph is likelier than a new row that has nothing else in it.
const LONE_PROSE: f64 = 1.0;

/// A line from this width on, in ems, is prose: headings and names that are set on a line of their own are shorter.
const PROSE: f64 = 12.0;

/// Lines of one cell are set in one size, or nearly so.
const SAME_TYPE: f64 = 1.12;

/// So much room, in ems, between a line and the edge of its columns is more than the margins of a cell.
const CLEAR_ROOM: f64 = 3.0;

/// What it costs that the first of several points stands under other text in a cell: a list mostly begins one.
const LIST_WITHIN: f64 = 1.0;

/// What a sign costs that two lines are not of one row.
const PARTED: f64 = 3.0;

/// A cell stands off the middle (or top) of its row from here on, in ems; as much again is as bad as can be.
const OFF: f64 = 0.25;

/// The next line of a column is among so many segments that follow: no form has as many columns.
const LOOK_AHEAD: usize = 60;

/// Where rows are mostly one line high, two lines that have text in this share of a row's cells are two rows.
const DENSE: f64 = 0.5;

/// No row has more lines than this: a page of prose in one cell has about 50.
const MAX_LINES: usize = 60;

/// A stretch of text on one line of a table without rulings.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Segment {
    pub(super) x0: f64,
    pub(super) x1: f64,
    pub(super) y0: f64,
    pub(super) y1: f64,
    /// Size of its type.
    pub(super) em: f64,
    /// How wide its text is set.
    pub(super) width: f64,
    /// The number of the label that it is a piece of.
    pub(super) label: Option<usize>,
    /// Whether it begins with the number of the first of several points.
    pub(super) opens: bool,
    /// Width of its first word: a Han character, or letters and figures without a blank.
    pub(super) first_word: f64,
    /// Width of the widest text that stands in the same columns.
    pub(super) widest: f64,
    /// The space between its end and the right edge of its columns.
    pub(super) room: f64,
    /// Number of its line.
    pub(super) line: usize,
    /// Its columns, first and last.
    pub(super) cols: (usize, usize),
}

/// Some segments that stand in one place of a row.
#[derive(Clone, Debug)]
pub(super) struct Block {
    /// Their numbers, line by line.
    pub(super) segments: Vec<usize>,
    pub(super) cols: (usize, usize),
    pub(super) y0: f64,
    pub(super) y1: f64,
}

impl Block {
    pub(super) fn middle(&self) -> f64 {
        (self.y0 + self.y1) / 2.0
    }
}

/// The widest space, in ems, between two lines of one cell in a table of these segments, sorted by line.
pub(super) fn wrap_gap(segments: &[Segment]) -> f64 {
    let mut gaps: Vec<f64> = Vec::new();
    for (number, segment) in segments.iter().enumerate() {
        let later = segments.get(number + 1..).unwrap_or_default().iter().take(LOOK_AHEAD);
        let meets = |under: &&Segment| under.line > segment.line && overlap(under.cols, segment.cols);
        if let Some(under) = { later }.find(meets) {
            gaps.push((under.y0 - segment.y1) / segment.em.max(under.em));
        }
    }
    gaps.sort_by(f64::total_cmp);
    let nearest = gaps.get(gaps.len() / NEAREST).copied().unwrap_or(WRAP_GAP);
    (nearest + WRAP_SPREAD).clamp(WRAP_SPREAD, WRAP_GAP)
}

fn overlap(a: (usize, usize), b: (usize, usize)) -> bool {
    a.0 <= b.1 && b.0 <= a.1
}

/// Parts the lines into rows: for each row its first line and the one after its last. `segments` are sorted by line;
/// `breaks[n]` says that a row must end before line n, `joins[n]` that none can. `spacing` has their [`wrap_gap`].
pub(super) fn rows(segments: &[Segment], breaks: &[bool], joins: &[bool], spacing: &Spacing) -> Vec<(usize, usize)> {
    let count = breaks.len();
    let starts: Vec<usize> = (0..=count).map(|line| segments.partition_point(|segment| segment.line < line)).collect();
    let of = |from: usize, to: usize| {
        let range = starts.get(from).copied().unwrap_or(0)..starts.get(to).copied().unwrap_or(segments.len());
        (range.start, segments.get(range).unwrap_or_default())
    };
    // The least cost of the lines up to each, and where the last row begins then.
    let mut best: Vec<(f64, usize)> = vec![(0.0, 0)];
    for end in 1..=count {
        let mut least = (f64::INFINITY, end - 1);
        for begin in (end.saturating_sub(MAX_LINES)..end).rev() {
            let must_end = breaks.get(begin).copied().unwrap_or(true);
            if !must_end && joins.get(begin).copied().unwrap_or(false) {
                continue;
            }
            let (offset, lines) = of(begin, end);
            let before = best.get(begin).map_or(0.0, |best| best.0);
            let cost = before + cost(lines, offset, segments, spacing);
            if cost < least.0 {
                least = (cost, begin);
            }
            if must_end {
                break;
            }
        }
        best.push(least);
    }
    let mut rows = Vec::new();
    let mut end = count;
    while end > 0 {
        let begin = best.get(end).map_or(0, |best| best.1).min(end - 1);
        rows.push((begin, end));
        end = begin;
    }
    rows.reverse();
    rows
}

/// The blocks of some lines: segments whose columns overlap are one block.
pub(super) fn blocks(lines: &[Segment], offset: usize) -> Vec<Block> {
    let mut sorted: Vec<(usize, &Segment)> =
        lines.iter().enumerate().map(|(n, segment)| (n + offset, segment)).collect();
    sorted.sort_by_key(|(number, segment)| (segment.cols.0, *number));
    let mut blocks: Vec<Block> = Vec::new();
    for (number, segment) in sorted {
        match blocks.last_mut() {
            Some(block) if segment.cols.0 <= block.cols.1 => {
                block.cols.1 = block.cols.1.max(segment.cols.1);
                block.y0 = block.y0.min(segment.y0);
                block.y1 = block.y1.max(segment.y1);
                block.segments.push(number);
            }
            _ => {
                let (y0, y1) = (segment.y0, segment.y1);
                blocks.push(Block { segments: vec![number], cols: segment.cols, y0, y1 });
            }
        }
    }
    for block in &mut blocks {
        block.segments.sort_unstable();
    }
    blocks
}

/// How far the blocks of a row stand off the line that suits most of them, in ems: in the middle or at the top.
pub(super) fn offsets(blocks: &[Block], em: f64) -> Vec<f64> {
    let middles: Vec<f64> = blocks.iter().map(Block::middle).collect();
    let tops: Vec<f64> = blocks.iter().map(|block| block.y0).collect();
    let off = |places: &[f64]| -> (f64, Vec<f64>) {
        let about = |place: f64| places.iter().map(|other| (other - place).abs() / em).collect::<Vec<f64>>();
        let all = places.iter().map(|place| about(*place));
        let sums = all.map(|off| (off.iter().map(|off| penalty(*off)).sum::<f64>(), off));
        sums.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or_default()
    };
    let (middle, top) = (off(&middles), off(&tops));
    if top.0 < middle.0 { top.1 } else { middle.1 }
}

/// Whether a block at this offset stands off its row.
pub(super) fn is_off(offset: f64) -> bool {
    offset > OFF
}

fn penalty(offset: f64) -> f64 {
    ((offset - OFF) / OFF).clamp(0.0, 1.0)
}

/// What the lines cost as one row.
fn cost(lines: &[Segment], offset: usize, all: &[Segment], spacing: &Spacing) -> f64 {
    let wrap = spacing.wrap;
    let blocks = blocks(lines, offset);
    let em = lines.iter().map(|segment| segment.em).fold(1.0, f64::max);
    let offsets = offsets(&blocks, em);
    let mut cost = ROW + offsets.iter().copied().map(penalty).sum::<f64>();
    // What stands off the row and wholly above or below the rest of it belongs elsewhere.
    let core = || blocks.iter().zip(&offsets).filter(|(_, offset)| !is_off(**offset)).map(|(block, _)| block);
    let top = core().map(|block| block.y0).fold(f64::INFINITY, f64::min);
    let bottom = core().map(|block| block.y1).fold(f64::NEG_INFINITY, f64::max);
    cost += PARTED * blocks.iter().filter(|block| block.y1 <= top || block.y0 >= bottom).count() as f64;
    // For each two lines that follow each other in a block: in how many blocks, and in how many of them the first
    // word of the second would have had room on the first.
    let mut follows: Vec<((usize, usize), f64)> = Vec::new();
    for block in &blocks {
        let widest = block.segments.iter().filter_map(|n| all.get(*n)).map(|s| s.width).fold(0.0, f64::max);
        for pair in block.segments.windows(2) {
            let (Some(above), Some(under)) =
                (pair.first().and_then(|n| all.get(*n)), pair.last().and_then(|n| all.get(*n)))
            else {
                continue;
            };
            let (small, large) = (above.em.min(under.em), above.em.max(under.em));
            // Side by side they are cells of their own, brought together by a line that reaches over both.
            if under.line == above.line || under.y0 - above.y1 > wrap * large || large > SAME_TYPE * small {
                cost += PARTED;
            }
            let width = above.width;
            if above.label != under.label {
                cost += PARTED;
            }
            if under.opens && spacing.rounded {
                cost += LIST_WITHIN;
            }
            let whole = above.label.is_some() && above.label == under.label;
            let fits = !whole && (fits(above, under) || under.first_word < widest - width);
            let sign = if width < PROSE * above.em { LONE } else { LONE_PROSE };
            follows.push(((above.line, under.line), if fits { sign } else { 0.0 }));
        }
    }
    follows.sort_by_key(|(lines, _)| *lines);
    for pair in follows.chunk_by(|a, b| a.0 == b.0) {
        let Some(((above, under), _)) = pair.first() else { continue };
        if spacing.dense && pair.len() > 1 && pair.len() as f64 >= DENSE * blocks.len() as f64 {
            cost += PARTED;
            continue;
        }
        // Lines above and below the middle of a row have most of the row between them.
        let between = lines.iter().filter(|segment| *above < segment.line && segment.line < *under).count();
        if between < pair.len() {
            cost += match pair {
                [(_, sign)] => *sign,
                _ => PARTED * pair.iter().filter(|(_, sign)| *sign > 0.0).count() as f64,
            };
        }
    }
    cost
}

/// Whether the first word of the line `under` would have had room at the end of the line `above`: then the text did
/// not wrap there.
pub(super) fn fits(above: &Segment, under: &Segment) -> bool {
    let room = above.widest - above.width;
    under.first_word < room || above.room > CLEAR_ROOM * above.em
}
