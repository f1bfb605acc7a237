//! The bands of a page: lines that follow each other and share columns. A form changes its columns from part to part, and
//! the edges of one part cut through the cells of the next.

use std::ops::Range;

use super::columns::{Corridor, Coverage, Gap, Reach, Strip, corridors, placed, rivers};
use super::shift::shifted;
use super::under::{Head, Under, under};
use super::unruled::Setting;

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
    /// For each line its band.
    pub(super) of_lines: Vec<Band>,
    /// What they cost: the more, the worse they suit the lines.
    pub(super) cost: f64,
}

/// The columns of a line.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Band {
    /// Its number.
    part: usize,
    /// The numbers of its edges.
    pub(super) numbers: Vec<usize>,
    /// How many columns of headings it has, where a head tells it.
    pub(super) headings: Option<usize>,
    /// Whether the line belongs to the row of the line above.
    pub(super) joined: bool,
    /// Whether the line is one of the head that gives the columns.
    pub(super) head: bool,
    /// Whether the line is a row that adds up.
    pub(super) total: bool,
    /// How often the table has gone on over a page above the line.
    pub(super) page: usize,
    /// Whether they are those of this line alone, so that each runs between the words that it parts.
    own: bool,
    /// Where its edges run on this line.
    edges: Vec<f64>,
}

impl Columns {
    /// The bands: the lines of each.
    pub(super) fn bands(&self) -> Vec<std::ops::Range<usize>> {
        let mut from = 0;
        let lines = self.of_lines.chunk_by(|a, b| a.part == b.part).map(|chunk| {
            let band = from..from + chunk.len();
            from = band.end;
            band
        });
        lines.collect()
    }

    /// Whether heads of tables are known.
    pub(super) fn are_known(&self) -> bool {
        self.of_lines.iter().any(|band| band.headings.is_some())
    }

    /// Whether two lines are of one band.
    pub(super) fn are_alike(&self, one: usize, other: usize) -> bool {
        self.of_lines.get(one).map(|band| band.part) == self.of_lines.get(other).map(|band| band.part)
    }

    /// Where the edges of its band run on a line.
    pub(super) fn of_line(&self, line: usize) -> &[f64] {
        self.of_lines.get(line).map(|band| band.edges.as_slice()).unwrap_or_default()
    }

    /// Whether the edges of a line are its own, so that each runs between the words that it parts.
    pub(super) fn are_own(&self, line: usize) -> bool {
        self.of_lines.get(line).is_some_and(|band| band.own)
    }

    /// The columns of all bands, first and last, that the columns `first` to `last` of a line's band take up.
    pub(super) fn spanned(&self, line: usize, first: usize, last: usize) -> (usize, usize) {
        let numbers = self.of_lines.get(line).map(|band| band.numbers.as_slice()).unwrap_or_default();
        let before = first.checked_sub(1).and_then(|before| numbers.get(before));
        (before.map_or(0, |edge| edge + 1), numbers.get(last).copied().unwrap_or(self.edges.len()))
    }
}

/// The columns of these lines. `heads` are those that are known, from top to bottom.
pub(super) fn columns(lines: &[Strip], heads: &[Head], setting: &Setting) -> Columns {
    let (parts, cost) = parts(lines, heads, setting);
    // The edges under a head stand; those of other bands take one of them where they can.
    let mut fixed: Vec<f64> = Vec::new();
    let mut open: Vec<Corridor> = Vec::new();
    let mut bands: Vec<(Part, Vec<Corridor>, usize)> = Vec::new();
    // The labels of the table above, and its parts that go on, with the edges of their columns.
    let mut above = None;
    let mut rests: Vec<(Part, Under)> = Vec::new();
    for part in parts {
        let band = |from: usize| lines.get(from..part.to).unwrap_or_default();
        match part.head.and_then(|head| heads.get(head)) {
            Some(head) if head.goes_on && above.is_some() => {
                rests.push((part, under(head, band(head.below), above, setting)));
            }
            Some(head) => {
                let under = under(head, band(head.below), None, setting);
                above = Some(under.labels);
                fixed.extend(&under.edges);
                let edges = under.edges.iter().map(|edge| Corridor { from: *edge, to: *edge });
                bands.push((part, edges.collect(), under.labels));
            }
            None => {
                above = None;
                let corridors = free(band(part.from));
                open.extend(&corridors);
                bands.push((part, corridors, 0));
            }
        }
    }
    open.retain(|corridor| !fixed.iter().any(|edge| corridor.holds(*edge)));
    let mut edges = [fixed, placed(&open, &coverage(lines))].concat();
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    let mut of_lines = vec![Band::default(); lines.len()];
    for (order, (part, corridors, labels)) in bands.into_iter().enumerate() {
        let number = |corridor: &Corridor| edges.iter().position(|edge| corridor.holds(*edge));
        let mut numbers: Vec<usize> = corridors.iter().filter_map(number).collect();
        numbers.sort_unstable();
        numbers.dedup();
        let own: Vec<f64> = numbers.iter().filter_map(|number| edges.get(*number)).copied().collect();
        let head = part.head.and_then(|head| heads.get(head));
        // Where the heads of tables are known, what stands between the tables has no headings.
        let bare = if heads.is_empty() { None } else { Some(0) };
        let headings = head.map_or(bare, |head| Some(head.levels(labels)));
        let band = Band {
            part: order,
            numbers,
            headings,
            joined: false,
            head: false,
            total: false,
            page: 0,
            own: false,
            edges: own,
        };
        if let Some(head) = head
            && band.edges.len() + 1 == labels + head.columns.len()
        {
            let edges = head.edges(&band.edges, labels);
            let of_head = Band { edges, head: true, ..band.clone() };
            of_lines.get_mut(part.from..head.below).unwrap_or_default().fill(of_head);
            let joined = Band { joined: head.single, ..band.clone() };
            of_lines.get_mut(head.below..part.to).unwrap_or_default().fill(joined);
            if let Some(first) = of_lines.get_mut(head.below) {
                first.joined = false;
            }
            if setting.dump {
                set_off(&mut of_lines, head, labels, lines, head.below..part.to);
            }
        } else {
            of_lines.get_mut(part.from..part.to).unwrap_or_default().fill(band);
        }
    }
    for (part, Under { edges: own, labels, .. }) in rests {
        let above = part.from.checked_sub(1).and_then(|line| of_lines.get(line)).cloned().unwrap_or_default();
        let band = if above.edges.len() == own.len() { Band { edges: own, ..above } } else { above };
        let band = Band { head: false, total: false, joined: false, own: false, page: band.page + 1, ..band };
        of_lines.get_mut(part.from..part.to).unwrap_or_default().fill(band);
        if let Some(head) = part.head.and_then(|head| heads.get(head)).filter(|_| setting.dump) {
            set_off(&mut of_lines, head, labels, lines, part.from..part.to);
        }
    }
    Columns { edges, of_lines, cost }
}

/// Sets the edges of each line where a dump has shifted its words.
fn set_off(of_lines: &mut [Band], head: &Head, labels: usize, lines: &[Strip], of_table: Range<usize>) {
    for number in of_table {
        let (Some(band), Some((words, _))) = (of_lines.get_mut(number), lines.get(number)) else { continue };
        band.own = true;
        band.edges = shifted(head, &band.edges, labels, number, words);
    }
}

/// The corridors that the gaps of a band show.
fn free(band: &[Strip]) -> Vec<Corridor> {
    let words: Vec<(usize, Reach)> =
        band.iter().enumerate().flat_map(|(line, (words, _))| words.iter().map(move |word| (line, *word))).collect();
    let gaps: Vec<Gap> = band.iter().flat_map(|(_, gaps)| gaps.iter().copied()).collect();
    let coverage = coverage(band);
    let mut corridors = corridors(&gaps, &coverage);
    corridors.extend(rivers(&words, &corridors));
    corridors.into_iter().map(|corridor| coverage.narrowed(&corridor)).collect()
}

fn coverage(lines: &[Strip]) -> Coverage {
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
fn parts(lines: &[Strip], heads: &[Head], setting: &Setting) -> (Vec<Part>, f64) {
    let mut best: Vec<(f64, Part)> = vec![(0.0, Part::default())];
    for end in 1..=lines.len() {
        let mut least = (f64::INFINITY, Part { from: end - 1, to: end, head: None });
        let before = |begin: usize| best.get(begin).map_or(0.0, |best: &(f64, Part)| best.0);
        // The head that stands above this line, if its table may reach so far.
        let head = heads.iter().rposition(|head| head.line < end);
        let fixed = head.and_then(|number| heads.get(number).map(|head| (number, head)));
        if let Some((number, head)) = fixed
            && (head.below..=head.end.min(head.below + MAX_LINES)).contains(&end)
        {
            let under = under(head, lines.get(head.below..end).unwrap_or_default(), None, setting);
            least = (before(head.line) + under.misfit, Part { from: head.line, to: end, head: Some(number) });
        }
        let floor = fixed.map_or(0, |(_, head)| head.below);
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
