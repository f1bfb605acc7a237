//! The parts of a page that may be tables without rulings: lines with gaps that follow each other, apart from the prose
//! above, below and beside them.

use super::unruled::{Word, parted};
use super::words::{Mark, WIDE_GAP};

/// A line of running text takes at least this share of the width of its column; cells are narrower.
const PROSE_WIDTH: f64 = 0.6;

/// A line that stands beside one with gaps belongs to a cell of it when the space between is less than this, in ems.
const NEAR: f64 = 0.6;

/// So many lines with gaps are a table: a head and two rows.
const MIN_LINES: usize = 3;

/// Two columns of text are parted by a gutter near the middle of the page: within this share of the width.
const MIDDLE: f64 = 0.15;

/// A gutter is free in all but this share of the lines: a headline may run over it.
const CROSSED: f64 = 0.2;

/// At least this share of the lines beside a gutter fill their column.
const FULL_LINES: f64 = 0.4;

/// Such a line fills this share of its column.
const FULL: f64 = 0.85;

/// Fewer lines than this are no columns of text.
const MIN_COLUMN: usize = 12;

/// The stretches of lines that may be tables, each with its lines, and the lines that are left.
pub(super) fn regions(lines: Vec<Vec<Mark>>) -> (Vec<Vec<Vec<Mark>>>, Vec<Vec<Mark>>) {
    let (mut found, mut left) = (Vec::new(), Vec::new());
    for column in columns(lines) {
        let width = reach(column.iter().flatten()).map_or(0.0, |(x0, x1)| x1 - x0);
        let kinds: Vec<Kind> = column.iter().map(|line| kind(line, width)).collect();
        let mut taken = vec![false; column.len()];
        let mut from = 0;
        for stretch in kinds.split(|kind| *kind == Kind::Prose) {
            let range = from..from + stretch.len();
            from = range.end + 1;
            let Some(range) = trimmed(&column, &kinds, range) else { continue };
            if kinds.get(range.clone()).unwrap_or_default().iter().filter(|kind| **kind == Kind::Gapped).count()
                >= MIN_LINES
            {
                taken.get_mut(range.clone()).unwrap_or_default().fill(true);
                found.push(column.get(range).unwrap_or_default().to_vec());
            }
        }
        left.extend(column.into_iter().zip(taken).filter(|(_, taken)| !taken).map(|(line, _)| line));
    }
    (found, left)
}

/// What a line looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Cells side by side.
    Gapped,
    /// Running text.
    Prose,
    /// Little text: a caption, or a line of one cell.
    Short,
}

fn kind(line: &[Mark], width: f64) -> Kind {
    let words = parted(line);
    let em = line.iter().map(|mark| mark.size).fold(1.0, f64::max);
    let gap = |pair: &[Word]| matches!(pair, [a, b] if b.x0 - a.x1 >= WIDE_GAP * em);
    match reach(line) {
        _ if words.windows(2).any(gap) => Kind::Gapped,
        Some((x0, x1)) if x1 - x0 >= PROSE_WIDTH * width => Kind::Prose,
        _ => Kind::Short,
    }
}

/// The ends of some text.
fn reach<'a>(marks: impl IntoIterator<Item = &'a Mark>) -> Option<(f64, f64)> {
    let inked = marks.into_iter().filter(|mark| !mark.is_blank()).map(|mark| (mark.bbox.x0, mark.bbox.x1));
    inked.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
}

/// The range from its first line with gaps to the last, with the lines beside them that are lines of their cells.
fn trimmed(lines: &[Vec<Mark>], kinds: &[Kind], range: std::ops::Range<usize>) -> Option<std::ops::Range<usize>> {
    let gapped = |at: &usize| kinds.get(*at) == Some(&Kind::Gapped);
    let mut first = range.clone().find(gapped)?;
    let mut last = range.clone().rev().find(gapped)?;
    while first > range.start && is_of_cell(lines.get(first - 1), lines.get(first)) {
        first -= 1;
    }
    while last + 1 < range.end && is_of_cell(lines.get(last + 1), lines.get(last)) {
        last += 1;
    }
    Some(first..last + 1)
}

/// Whether a short line is part of a cell on the line beside it: near, and over or under one word of it.
fn is_of_cell(short: Option<&Vec<Mark>>, beside: Option<&Vec<Mark>>) -> bool {
    let (Some(short), Some(beside)) = (short, beside) else { return false };
    let Some((x0, x1)) = reach(short) else { return false };
    let height = |line: &[Mark]| {
        let top = line.iter().map(|mark| mark.bbox.y0).fold(f64::INFINITY, f64::min);
        (top, line.iter().map(|mark| mark.bbox.y1).fold(f64::NEG_INFINITY, f64::max))
    };
    let (own, other) = (height(short), height(beside));
    let em = short.iter().chain(beside).map(|mark| mark.size).fold(1.0, f64::max);
    let space = (own.0 - other.1).max(other.0 - own.1);
    let met = parted(beside).iter().filter(|word| word.x0 < x1 && x0 < word.x1).count();
    space < NEAR * em && met <= 1
}

/// The lines as they stand, or those of two columns of text one after the other.
fn columns(lines: Vec<Vec<Mark>>) -> Vec<Vec<Vec<Mark>>> {
    let Some(at) = gutter(&lines) else { return vec![lines] };
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for line in lines {
        let crosses = line.iter().any(|mark| !mark.is_blank() && mark.bbox.x0 < at && at < mark.bbox.x1);
        if crosses {
            left.push(line);
            continue;
        }
        let (before, after): (Vec<Mark>, Vec<Mark>) = line.into_iter().partition(|mark| mark.bbox.centre().0 < at);
        for (part, side) in [(before, &mut left), (after, &mut right)] {
            if part.iter().any(|mark| !mark.is_blank()) {
                side.push(part);
            }
        }
    }
    vec![left, right]
}

/// Where the gutter between two columns of text runs.
fn gutter(lines: &[Vec<Mark>]) -> Option<f64> {
    let (x0, x1) = reach(lines.iter().flatten())?;
    let (middle, slack) = ((x0 + x1) / 2.0, (x1 - x0) * MIDDLE);
    let words: Vec<Vec<(f64, f64)>> =
        lines.iter().map(|line| parted(line).iter().map(|word| (word.x0, word.x1)).collect()).collect();
    let gaps = words.iter().flat_map(|line| line.windows(2)).filter_map(|pair| match pair {
        [a, b] => Some((a.1 + b.0) / 2.0),
        _ => None,
    });
    let mut places: Vec<f64> = gaps.filter(|at| (at - middle).abs() <= slack).collect();
    places.sort_by(f64::total_cmp);
    places.dedup_by(|a, b| (*a - *b).abs() < 1.0);
    let crossed = |at: f64| words.iter().flatten().filter(|(from, to)| *from < at && at < *to).count();
    let at = places.into_iter().min_by_key(|at| crossed(*at))?;
    // The lines of each side, and those of them that fill it.
    let side = |left: bool| -> (usize, usize) {
        let inside = |word: &&(f64, f64)| if left { word.1 <= at } else { word.0 >= at };
        let own: Vec<(f64, f64)> = words
            .iter()
            .filter_map(|line| line.iter().filter(inside).copied().reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))))
            .collect();
        let (from, to) = own.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |a, b| (a.0.min(b.0), a.1.max(b.1)));
        let full = words.iter().zip(lines).filter(|(line, marks)| {
            let own: Vec<&(f64, f64)> = line.iter().filter(inside).collect();
            let em = marks.iter().map(|mark| mark.size).fold(1.0, f64::max);
            let wide = own.windows(2).any(|pair| matches!(pair, [a, b] if b.0 - a.1 >= WIDE_GAP * em));
            let reach = own.first().zip(own.last()).map_or(0.0, |(first, last)| last.1 - first.0);
            !wide && reach >= FULL * (to - from)
        });
        (own.len(), full.count())
    };
    let is_text = |(lines, full): (usize, usize)| lines >= MIN_COLUMN && full as f64 >= FULL_LINES * lines as f64;
    let free = crossed(at) as f64 <= CROSSED * words.len() as f64;
    (free && is_text(side(true)) && is_text(side(false))).then_some(at)
}
