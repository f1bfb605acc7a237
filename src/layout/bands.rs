//! The bands of a page: lines that follow each other and share columns. A form changes its columns from part to part, and
//! the edges of one part cut through the cells of the next.

use super::columns::{Corridor, Coverage, Gap, Reach, corridors, placed, rivers};

/// What a band costs. More than a line that crosses an edge, so that a merged cell does not end a band; less than
/// the edges that another part of a form would need.
const BAND: f64 = 2.5;

/// What an edge of a band costs.
const EDGE: f64 = 1.0;

/// What a word that crosses an edge costs. Merged cells do that, so that it is less than an edge.
const CROSSING: f64 = 1.0;

/// A band has no more lines than this: a page of a dump has some 80.
const MAX_LINES: usize = 90;

/// The edges of columns, band by band.
pub(super) struct Columns {
    /// The edges of all bands, ascending.
    pub(super) edges: Vec<f64>,
    /// For each line, the numbers of its band's edges.
    pub(super) of_lines: Vec<Vec<usize>>,
}

impl Columns {
    /// The edges of a line's band.
    pub(super) fn of_line(&self, line: usize) -> Vec<f64> {
        let numbers = self.of_lines.get(line).map(Vec::as_slice).unwrap_or_default();
        numbers.iter().filter_map(|number| self.edges.get(*number)).copied().collect()
    }

    /// The columns of all bands, first and last, that the columns `first` to `last` of a line's band take up.
    pub(super) fn spanned(&self, line: usize, first: usize, last: usize) -> (usize, usize) {
        let numbers = self.of_lines.get(line).map(Vec::as_slice).unwrap_or_default();
        let before = first.checked_sub(1).and_then(|before| numbers.get(before));
        (before.map_or(0, |edge| edge + 1), numbers.get(last).copied().unwrap_or(self.edges.len()))
    }
}

/// The columns of these lines, each a row of words from left to right with the gaps between them.
pub(super) fn columns(lines: &[(Vec<Reach>, Vec<Gap>)]) -> Columns {
    let mut bands: Vec<(usize, usize, Vec<Corridor>)> = Vec::new();
    for (from, to) in parts(lines) {
        let band = lines.get(from..to).unwrap_or_default();
        let words: Vec<(usize, Reach)> = band
            .iter()
            .enumerate()
            .flat_map(|(line, (words, _))| words.iter().map(move |word| (line, *word)))
            .collect();
        let gaps: Vec<Gap> = band.iter().flat_map(|(_, gaps)| gaps.iter().copied()).collect();
        let coverage = coverage(band);
        let mut corridors = corridors(&gaps, &coverage);
        corridors.extend(rivers(&words, &corridors));
        bands.push((from, to, corridors.into_iter().map(|corridor| coverage.narrowed(&corridor)).collect()));
    }
    let all: Vec<Corridor> = bands.iter().flat_map(|(_, _, corridors)| corridors.iter().copied()).collect();
    let edges = placed(&all, &coverage(lines));
    let mut of_lines = vec![Vec::new(); lines.len()];
    for (from, to, corridors) in bands {
        let mut own: Vec<usize> = corridors
            .iter()
            .filter_map(|corridor| edges.iter().position(|edge| corridor.from <= *edge && *edge <= corridor.to))
            .collect();
        own.sort_unstable();
        own.dedup();
        of_lines.get_mut(from..to).unwrap_or_default().fill(own);
    }
    Columns { edges, of_lines }
}

fn coverage(lines: &[(Vec<Reach>, Vec<Gap>)]) -> Coverage {
    let mut coverage = Coverage::default();
    lines.iter().flat_map(|(words, _)| words).for_each(|word| coverage.add(word));
    coverage
}

/// Parts the lines into bands at the least cost: for each its first line and the one after its last.
fn parts(lines: &[(Vec<Reach>, Vec<Gap>)]) -> Vec<(usize, usize)> {
    let mut best: Vec<(f64, usize)> = vec![(0.0, 0)];
    for end in 1..=lines.len() {
        let mut least = (f64::INFINITY, end - 1);
        let mut coverage = Coverage::default();
        let mut gaps: Vec<Gap> = Vec::new();
        for begin in (end.saturating_sub(MAX_LINES)..end).rev() {
            if let Some((words, own)) = lines.get(begin) {
                words.iter().for_each(|word| coverage.add(word));
                gaps.extend_from_slice(own);
            }
            let cost = cost(&gaps, &coverage);
            if cost > least.0 {
                break;
            }
            let cost = best.get(begin).map_or(0.0, |best| best.0) + cost;
            if cost < least.0 {
                least = (cost, begin);
            }
        }
        best.push(least);
    }
    let mut parts = Vec::new();
    let mut end = lines.len();
    while end > 0 {
        let begin = best.get(end).map_or(0, |best| best.1).min(end - 1);
        parts.push((begin, end));
        end = begin;
    }
    parts.reverse();
    parts
}

fn cost(gaps: &[Gap], coverage: &Coverage) -> f64 {
    let corridors = corridors(gaps, coverage);
    let crossings: f64 = corridors.iter().map(|corridor| coverage.least(corridor).1).sum();
    BAND + EDGE * corridors.len() as f64 + CROSSING * crossings
}
