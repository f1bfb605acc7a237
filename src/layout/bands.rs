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

/// What it costs that a wide gap lies in none of the edges that a head gives.
const STRAY_GAP: f64 = 1.0;

/// The head of a table whose columns are known, in the places of the lines.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// Its first line.
    pub(super) line: usize,
    /// The line that its table ends before, at the latest.
    pub(super) end: usize,
    /// Where its cells stand, from left to right.
    pub(super) columns: Vec<Reach>,
    /// How many of the first ones hold merged headings.
    pub(super) headings: usize,
    /// Whether its rows have labels, left of its cells.
    pub(super) labelled: bool,
}

/// The edges of columns, band by band.
pub(super) struct Columns {
    /// The edges of all bands, ascending.
    pub(super) edges: Vec<f64>,
    /// For each line, the numbers of its band's edges.
    pub(super) of_lines: Vec<Vec<usize>>,
    /// For each line, how many columns of headings its band has, where a head tells it.
    pub(super) headings: Vec<Option<usize>>,
    /// What they cost: the more, the worse they suit the lines.
    pub(super) cost: f64,
}

impl Columns {
    /// The bands: the first line of each, the one after its last, and the numbers of its edges.
    pub(super) fn bands(&self) -> Vec<(usize, usize, &[usize])> {
        let lines: Vec<(&Vec<usize>, &Option<usize>)> = self.of_lines.iter().zip(&self.headings).collect();
        let mut from = 0;
        let chunks = lines.chunk_by(|a, b| a == b).map(|chunk| {
            let to = from + chunk.len();
            let band = (from, to, chunk.first().map(|(edges, _)| edges.as_slice()).unwrap_or_default());
            from = to;
            band
        });
        chunks.collect()
    }

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

/// The columns of these lines, each a row of words from left to right with the gaps between them. `heads` are those that
/// are known, from top to bottom.
pub(super) fn columns(lines: &[(Vec<Reach>, Vec<Gap>)], heads: &[Head]) -> Columns {
    let mut bands: Vec<(usize, usize, Vec<Corridor>)> = Vec::new();
    let mut headings = vec![None; lines.len()];
    let (parts, cost) = parts(lines, heads);
    for part in parts {
        let band = lines.get(part.from..part.to).unwrap_or_default();
        let corridors = match part.head.and_then(|head| heads.get(head)) {
            Some(head) => {
                let under = under(head, band);
                let levels = (under.left.len() + head.headings).saturating_sub(usize::from(head.labelled));
                headings.get_mut(part.from..part.to).unwrap_or_default().fill(Some(levels));
                [under.left, under.inner].concat()
            }
            None => free(band),
        };
        bands.push((part.from, part.to, corridors));
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
    Columns { edges, of_lines, headings, cost }
}

/// The corridors that the gaps of a band show.
fn free(band: &[(Vec<Reach>, Vec<Gap>)]) -> Vec<Corridor> {
    let words: Vec<(usize, Reach)> =
        band.iter().enumerate().flat_map(|(line, (words, _))| words.iter().map(move |word| (line, *word))).collect();
    let gaps: Vec<Gap> = band.iter().flat_map(|(_, gaps)| gaps.iter().copied()).collect();
    let coverage = coverage(band);
    let mut corridors = corridors(&gaps, &coverage);
    corridors.extend(rivers(&words, &corridors));
    corridors.into_iter().map(|corridor| coverage.narrowed(&corridor)).collect()
}

/// The corridors of a band under a head.
struct Under {
    /// Between the columns left of the head's first cell.
    left: Vec<Corridor>,
    /// One between each two cells of the head.
    inner: Vec<Corridor>,
    cost: f64,
}

fn middle(reach: &Reach) -> f64 {
    (reach.0 + reach.1) / 2.0
}

fn under(head: &Head, band: &[(Vec<Reach>, Vec<Gap>)]) -> Under {
    let coverage = coverage(band);
    let mut cost = 0.0;
    let mut inner = Vec::new();
    for pair in head.columns.windows(2) {
        let [a, b] = pair else { continue };
        let corridor = Corridor { from: middle(a), to: middle(b) };
        if corridor.from >= corridor.to {
            cost += EDGE;
            continue;
        }
        cost += CROSSING * coverage.least(&corridor).1;
        inner.push(coverage.narrowed(&corridor));
    }
    let first = head.columns.first().map_or(0.0, |column| column.0);
    let outside: Vec<(Vec<Reach>, Vec<Gap>)> = band
        .iter()
        .map(|(words, gaps)| {
            let words = words.iter().filter(|word| word.0 < first).copied();
            (words.collect(), gaps.iter().filter(|gap| gap.from < first).map(|gap| Gap { to: gap.to.min(first), ..*gap }).collect())
        })
        .collect();
    let left = free(&outside);
    let holds = |gap: &Gap| {
        left.iter().chain(&inner).any(|corridor| corridor.from < gap.to && gap.from < corridor.to)
    };
    let stray = band.iter().flat_map(|(_, gaps)| gaps).filter(|gap| gap.is_strong() && !holds(gap)).count();
    cost += STRAY_GAP * stray as f64 + EDGE * left.len() as f64;
    Under { left, inner, cost }
}

fn coverage(lines: &[(Vec<Reach>, Vec<Gap>)]) -> Coverage {
    let mut coverage = Coverage::default();
    lines.iter().flat_map(|(words, _)| words).for_each(|word| coverage.add(word));
    coverage
}

/// Lines that share columns: the first, the one after the last, and the head that gives the columns.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    from: usize,
    to: usize,
    head: Option<usize>,
}

/// Parts the lines into bands at the least cost, which is given too. A band begins with each head.
fn parts(lines: &[(Vec<Reach>, Vec<Gap>)], heads: &[Head]) -> (Vec<Part>, f64) {
    let mut best: Vec<(f64, Part)> = vec![(0.0, Part::default())];
    for end in 1..=lines.len() {
        let mut least = (f64::INFINITY, Part { from: end - 1, to: end, head: None });
        let before = |begin: usize| best.get(begin).map_or(0.0, |best: &(f64, Part)| best.0);
        // The head that stands above this line, if its table may reach so far.
        let head = heads.iter().rposition(|head| head.line < end);
        let fixed = head.and_then(|number| heads.get(number).map(|head| (number, head)));
        if let Some((number, head)) = fixed
            && end <= head.end
        {
            let under = under(head, lines.get(head.line..end).unwrap_or_default());
            least = (before(head.line) + under.cost, Part { from: head.line, to: end, head: Some(number) });
        }
        let floor = fixed.map_or(0, |(_, head)| head.line + 1);
        let mut coverage = Coverage::default();
        let mut gaps: Vec<Gap> = Vec::new();
        for begin in (end.saturating_sub(MAX_LINES).max(floor)..end).rev() {
            if let Some((words, own)) = lines.get(begin) {
                words.iter().for_each(|word| coverage.add(word));
                gaps.extend_from_slice(own);
            }
            let cost = cost(&gaps, &coverage);
            if cost > least.0 {
                break;
            }
            let cost = before(begin) + cost;
            if cost < least.0 {
                least = (cost, Part { from: begin, to: end, head: None });
            }
        }
        best.push(least);
    }
    let cost = best.last().map_or(0.0, |best| best.0);
    let mut parts = Vec::new();
    let mut end = lines.len();
    while end > 0 {
        let part = best.get(end).map_or(Part::default(), |best| best.1);
        let part = Part { from: part.from.min(end - 1), to: end, ..part };
        parts.push(part);
        end = part.from;
    }
    parts.reverse();
    (parts, cost)
}

fn cost(gaps: &[Gap], coverage: &Coverage) -> f64 {
    let corridors = corridors(gaps, coverage);
    let crossings: f64 = corridors.iter().map(|corridor| coverage.least(corridor).1).sum();
    BAND + EDGE * corridors.len() as f64 + CROSSING * crossings
}
