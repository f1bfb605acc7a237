//! The columns of a table whose head is known: as many as the head has cells, and those of labels and headings before it.
//!
//! Dumps keep the order of cells and shift them, a head more than the rows below it, so that the edges come from the
//! rows and the head only says how many there are and where, roughly.

use super::columns::{Gap, Reach, Strip};

/// What it costs that two words with a wide gap between them stand in one column.
const STRAY_GAP: f64 = 1.0;

/// What a blank between two words of one column costs: some stand within a sentence.
const STRAY_BLANK: f64 = 0.3;

/// What a word costs that crosses an edge: merged cells do. Near its ends it costs less, for dumps shift words by a place
/// or two.
const CROSSING: f64 = 1.0;
const DEEP: f64 = 1.5 * EM;

/// A gap may stand beside the edge that it belongs to by this.
const DRIFT: f64 = EM;

/// What a column without text costs: a column of remarks is often empty.
const EMPTY: f64 = 1.2;

/// What a column left of the head's cells costs.
const LABELS: f64 = 0.2;

/// What a word costs that stands left of all of the head, in the column of its first cell.
const LEFT: f64 = 0.3;

/// So many columns of headings at most stand left of the head's cells and the labels of rows.
const MAX_LABELS: usize = 1;

/// What it costs that an edge does not run between the middles of the cells beside it, for each em.
const OFF: f64 = 0.1;

/// Points to a column of a text's type.
const EM: f64 = 10.0;

/// Edges are sought at the places that part the words differently; where there are more, at so many that the fewest
/// words cross.
const MAX_PLACES: usize = 80;

/// The head of a table, in the places of the lines.
#[derive(Clone, Debug)]
pub(super) struct Head {
    /// Its first line.
    pub(super) line: usize,
    /// The line after its last.
    pub(super) below: usize,
    /// The line that its table ends before, at the latest.
    pub(super) end: usize,
    /// Where its cells stand, from left to right.
    pub(super) columns: Vec<Reach>,
    /// How many of the first ones hold merged headings.
    pub(super) headings: usize,
    /// Whether its rows have labels, left of its cells.
    pub(super) labelled: bool,
    /// Whether its table has one row.
    pub(super) single: bool,
}

impl Head {
    /// How many columns hold headings, when `labels` stand left of the head's cells.
    pub(super) fn levels(&self, labels: usize) -> usize {
        (labels + self.headings).saturating_sub(usize::from(self.labelled))
    }

    /// Where the edges run on the head's own lines, when they run at `edges` below it.
    pub(super) fn edges(&self, edges: &[f64], labels: usize) -> Vec<f64> {
        let first = self.columns.first().map_or(0.0, |column| column.0);
        let left = edges.iter().take(labels).map(|edge| edge.min(first));
        let inner = self.columns.windows(2).filter_map(|pair| match pair {
            [a, b] if a.1 <= b.0 => Some((a.1 + b.0) / 2.0),
            [a, b] => Some((middle(a) + middle(b)) / 2.0),
            _ => None,
        });
        left.chain(inner).collect()
    }
}

/// The columns under a head.
#[derive(Clone, Debug, Default)]
pub(super) struct Under {
    /// The edges, from left to right: one more than the head has cells, with those of labels, would need.
    pub(super) edges: Vec<f64>,
    /// How many columns stand left of the head's cells.
    pub(super) labels: usize,
    pub(super) cost: f64,
    /// The part of the cost that text has which stands across edges, or apart in one column.
    pub(super) misfit: f64,
}

fn middle(reach: &Reach) -> f64 {
    (reach.0 + reach.1) / 2.0
}

/// The edges that suit the lines under a head best.
pub(super) fn under(head: &Head, lines: &[Strip]) -> Under {
    let places = Places::new(head, lines);
    let least = usize::from(head.labelled);
    let ways = (least..=least + MAX_LABELS).map(|labels| places.best(head, labels));
    ways.min_by(|a, b| a.cost.total_cmp(&b.cost)).unwrap_or_default()
}

/// The places where edges may run, with what tells their worth.
struct Places {
    at: Vec<f64>,
    /// For each place, what it costs that words cross it.
    crossing: Vec<f64>,
    /// For each two places, what the gaps between them cost: `stray[from * at.len() + to]`.
    stray: Vec<f64>,
    /// For each place, how many words have their middle before it.
    before: Vec<usize>,
    /// For each place, how many of them stand left of all of the head.
    left: Vec<usize>,
}

impl Places {
    fn new(head: &Head, lines: &[Strip]) -> Places {
        let words: Vec<Reach> = lines.iter().flat_map(|(words, _)| words.iter().copied()).collect();
        let gaps: Vec<Gap> = lines.iter().flat_map(|(_, gaps)| gaps.iter().copied()).collect();
        let (from, to) = words
            .iter()
            .chain(&head.columns)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(from, to), word| (from.min(word.0), to.max(word.1)));
        // Between two ends of words all places are alike.
        let mut ends: Vec<f64> = words.iter().chain(&head.columns).flat_map(|word| [word.0, word.1]).collect();
        ends.sort_by(f64::total_cmp);
        ends.dedup();
        let mut kept = vec![from - EM];
        kept.extend(ends.windows(2).filter_map(|pair| match pair {
            [a, b] => Some((a + b) / 2.0),
            _ => None,
        }));
        let depth = |word: &Reach, at: f64| ((at - word.0).min(word.1 - at) / DEEP).clamp(0.0, 1.0).powi(2);
        let crosses = |at: f64| words.iter().map(|word| depth(word, at)).sum::<f64>();
        if kept.len() > MAX_PLACES {
            kept.sort_by(|a, b| crosses(*a).total_cmp(&crosses(*b)).then(a.total_cmp(b)));
            kept.truncate(MAX_PLACES);
            kept.sort_by(f64::total_cmp);
        }
        kept.push(to + EM);
        let count = kept.len();
        let crossing = kept.iter().map(|at| crosses(*at) * CROSSING).collect();
        let mut stray = vec![0.0; count * count];
        for (number, from) in kept.iter().enumerate() {
            for (other, to) in kept.iter().enumerate().skip(number + 1) {
                let inside = gaps.iter().filter(|gap| from + DRIFT < gap.from && gap.to + DRIFT < *to);
                if let Some(cell) = stray.get_mut(number * count + other) {
                    *cell = inside.map(|gap| if gap.is_strong() { STRAY_GAP } else { STRAY_BLANK }).sum();
                }
            }
        }
        let before = kept.iter().map(|at| words.iter().filter(|word| middle(word) < *at).count()).collect();
        let first = head.columns.first().map_or(0.0, |column| column.0);
        let left = kept.iter().map(|at| words.iter().filter(|word| middle(word) < *at && word.1 <= first).count());
        let left = left.collect();
        Places { at: kept, crossing, stray, before, left }
    }

    /// What the gaps between two places cost.
    fn stray(&self, from: usize, to: usize) -> f64 {
        self.stray.get(from * self.at.len() + to).copied().unwrap_or(0.0)
    }

    /// What the words between two places cost as text of the head's first cell.
    fn left_of_head(&self, from: usize, to: usize) -> f64 {
        let count = |place: usize| self.left.get(place).copied().unwrap_or(0) as f64;
        (count(to) - count(from)) * LEFT
    }

    /// What a column between two places costs.
    fn column(&self, from: usize, to: usize) -> f64 {
        let count = |place: usize| self.before.get(place).copied().unwrap_or(0);
        self.stray(from, to) + if count(from) == count(to) { EMPTY } else { 0.0 }
    }

    /// What an edge at a place costs, between two cells of a head.
    fn edge(&self, place: usize, before: Option<&Reach>, after: Option<&Reach>) -> f64 {
        let at = self.at.get(place).copied().unwrap_or_default();
        let least = before.map_or(f64::NEG_INFINITY, middle);
        let most = after.map_or(f64::INFINITY, |after| if before.is_some() { middle(after) } else { after.0 });
        self.crossing.get(place).copied().unwrap_or_default() + (least - at).max(at - most).max(0.0) / EM * OFF
    }

    /// The cheapest columns with so many of `labels` before the head's cells.
    fn best(&self, head: &Head, labels: usize) -> Under {
        let heads: Vec<Option<&Reach>> =
            std::iter::repeat_n(None, labels).chain(head.columns.iter().map(Some)).collect();
        let head_first = head.columns.first();
        let count = self.at.len();
        let last = count.saturating_sub(1);
        let mut steps: Vec<Vec<(f64, usize)>> = Vec::new();
        let mut now: Vec<f64> = vec![f64::INFINITY; count];
        if let Some(first) = now.first_mut() {
            *first = labels as f64 * LABELS;
        }
        for (number, head) in heads.iter().enumerate() {
            let closing = number + 1 == heads.len();
            let after = heads.get(number + 1).copied().flatten().or(head.is_none().then_some(head_first).flatten());
            let mut next = vec![(f64::INFINITY, 0); count];
            for (from, cost) in now.iter().enumerate().filter(|(_, cost)| cost.is_finite()) {
                let ends = if closing { last..last + 1 } else { from + 1..last };
                for to in ends.filter(|to| *to > from) {
                    let edge = if closing { 0.0 } else { self.edge(to, *head, after) };
                    let cost = cost + edge + self.column(from, to);
                    let cost = if number == labels { cost + self.left_of_head(from, to) } else { cost };
                    if let Some(there) = next.get_mut(to)
                        && cost < there.0
                    {
                        *there = (cost, from);
                    }
                }
            }
            now = next.iter().map(|(cost, _)| *cost).collect();
            steps.push(next);
        }
        let cost = now.get(last).copied().unwrap_or(f64::INFINITY);
        let (mut places, mut misfit) = (Vec::new(), 0.0);
        let mut to = last;
        for step in steps.iter().rev() {
            let from = step.get(to).map_or(0, |step| step.1);
            misfit += self.crossing.get(from).copied().unwrap_or_default() + self.stray(from, to);
            to = from;
            places.push(to);
        }
        places.pop();
        places.reverse();
        let edges = places.iter().filter_map(|place| self.at.get(*place)).copied().collect();
        Under { edges, labels, cost, misfit }
    }
}
