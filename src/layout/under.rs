//! The columns of a table whose head is known: as many as the head has cells, and those of labels and headings before it.
//!
//! Dumps keep the order of cells and shift them, a head more than the rows below it, so that the edges come from the
//! rows and the head only says how many there are and where, roughly.

use std::cmp::Ordering;

use super::columns::{Gap, Reach, Strip};
use super::unruled::Setting;

/// What it costs that two words with a wide gap between them stand in one column.
const STRAY_GAP: f64 = 1.0;

/// What a blank between two words of one column costs: some stand within a sentence.
const STRAY_BLANK: f64 = 0.3;

/// What a word costs that crosses an edge: merged cells do. Near its ends it costs less, for dumps shift words by a place
/// or two.
const CROSSING: f64 = 1.0;

/// What a column without text costs: a column of remarks is often empty.
const EMPTY: f64 = 1.2;

/// What a column left of the head's cells costs.
const LABELS: f64 = 0.2;

/// What a word costs that stands left of all of the head, in the column of its first cell.
const LEFT: f64 = 0.3;

/// What it costs instead where rows have labels and the word does not look like text of that cell: it is a piece of one.
const LEFT_LABEL: f64 = 1.2;

/// A word that costs more than this by its looks is of another column: half of what is as bad as can be.
const UNLIKE: f64 = 1.5 * MISFIT;

/// What a word costs for each point that it does not fit into its column by its looks.
const MISFIT: f64 = 0.2;

/// What it costs that one column of labels holds words that stand beside each other, if on different lines.
const ASIDE: f64 = 0.5;

/// So many columns of headings at most stand left of the head's cells and the labels of rows.
const MAX_LABELS: usize = 1;

/// What it costs that an edge does not run between the middles of the cells beside it, for each em.
const OFF: f64 = 0.1;

/// The type of a text is taken for so many points.
pub(super) const EM: f64 = 10.0;

/// Edges are sought at the places that part the words differently; where there are more, at so many that the fewest
/// words cross.
const MAX_PLACES: usize = 80;

/// How much narrower a dump sets the rest of a table on its next page, where the widest texts of its columns are missing.
const SCALES: [f64; 6] = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5];

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
    /// Whether labels of the table stand left of those of its rows.
    pub(super) parted: bool,
    /// Whether its table has one row.
    pub(super) single: bool,
    /// Whether it is that of the table above, which goes on here, on a page that a dump may have set narrower.
    pub(super) goes_on: bool,
    /// For words below it, by line and left end, how badly they fit into each column, and into one of labels left of them:
    /// 0 fits, 3 is as bad as can be.
    pub(super) misfits: Vec<((usize, f64), Vec<f32>)>,
}

impl Head {
    /// The head of its table where that goes on, from the line `below` to the line `end`.
    pub(super) fn going_on(&self, below: usize, end: usize) -> Head {
        Head { line: below, below, end, goes_on: true, ..self.clone() }
    }

    /// The head on a page that is set so many times as wide.
    fn scaled(&self, scale: f64) -> Head {
        let columns = self.columns.iter().map(|(from, to)| (from * scale, to * scale)).collect();
        Head { columns, ..self.clone() }
    }

    /// How badly the word at a place fits into the column with this number, the first `labels` being left of its cells.
    pub(super) fn misfit(&self, line: usize, x0: f64, column: usize, labels: usize) -> f64 {
        let key = (line, x0);
        let own = self.misfits.partition_point(|(place, _)| *place < key);
        let misfits = self.misfits.get(own).filter(|(place, _)| *place == key);
        let column = column.checked_sub(labels).unwrap_or(self.columns.len());
        misfits.and_then(|(_, misfits)| misfits.get(column)).map_or(0.0, |misfit| f64::from(*misfit) * MISFIT)
    }

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
    /// The edges, from left to right: one fewer than there are columns, those of labels and those of the head.
    pub(super) edges: Vec<f64>,
    /// How many columns stand left of the head's cells.
    pub(super) labels: usize,
    cost: f64,
    /// What of the cost comes from text that stands across edges, or apart in one column.
    pub(super) misfit: f64,
}

fn middle(reach: &Reach) -> f64 {
    (reach.0 + reach.1) / 2.0
}

/// For each place, the sum of the weights of what stands before it: places and weights.
fn sums(places: &[f64], weights: impl Iterator<Item = (f64, f64)>) -> Vec<f64> {
    let mut sums = vec![0.0; places.len()];
    for (at, weight) in weights {
        if let Some(sum) = sums.get_mut(places.partition_point(|place| *place <= at)) {
            *sum += weight;
        }
    }
    let mut sum = 0.0;
    for own in &mut sums {
        sum += *own;
        *own = sum;
    }
    sums
}

/// What stands between two places, by such sums.
fn between(sums: &[f64], from: usize, to: usize) -> f64 {
    sums.get(to).copied().unwrap_or_default() - sums.get(from).copied().unwrap_or_default()
}

/// The edges that suit the lines under a head best. `labels` says how many columns stand left of the head's cells, where
/// that is known.
pub(super) fn under(head: &Head, lines: &[Strip], labels: Option<usize>, setting: &Setting) -> Under {
    let most = labels.unwrap_or(usize::from(head.labelled) + MAX_LABELS);
    let least = labels.unwrap_or(usize::from(head.labelled) + usize::from(head.parted)).min(most);
    let scales: &[f64] = if head.goes_on { &SCALES } else { &[1.0] };
    let ways = scales.iter().flat_map(|scale| {
        let head = head.scaled(*scale);
        let places = Places::new(&head, lines, setting);
        (least..=most).map(|labels| places.best(&head, labels)).collect::<Vec<Under>>()
    });
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
    before: Vec<f64>,
    /// For each place, what it costs in the column of the head's first cell that some stand left of all of it.
    left: Vec<f64>,
    /// For each column of the head, and last for one of labels, and each place, how badly the words before it fit in.
    misfits: Vec<Vec<f64>>,
    /// For each two places, whether words between them stand aside of each other.
    aside: Vec<bool>,
}

impl Places {
    fn new(head: &Head, lines: &[Strip], setting: &Setting) -> Places {
        let (deep, drift) = (setting.depth * EM, setting.drift * EM);
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
        let depth = |word: &Reach, at: f64| ((at - word.0).min(word.1 - at) / deep).clamp(0.0, 1.0).powi(2);
        let crosses = |at: f64| words.iter().map(|word| depth(word, at)).sum::<f64>();
        let mut places: Vec<(f64, f64)> = kept.iter().map(|at| (*at, crosses(*at) * CROSSING)).collect();
        if places.len() > MAX_PLACES {
            places.sort_by(|a, b| a.1.total_cmp(&b.1).then(a.0.total_cmp(&b.0)));
            places.truncate(MAX_PLACES);
            places.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        places.push((to + EM, 0.0));
        let (kept, crossing): (Vec<f64>, Vec<f64>) = places.into_iter().unzip();
        let count = kept.len();
        // A gap lies between two places when it is well clear of both.
        let mut stray = vec![0.0; count * count];
        for gap in &gaps {
            let before = kept.partition_point(|at| at + drift < gap.from);
            let after = kept.partition_point(|at| *at <= gap.to + drift);
            if let Some(cell) = before.checked_sub(1).and_then(|from| stray.get_mut(from * count + after))
                && after < count
            {
                *cell += if gap.is_strong() { STRAY_GAP } else { STRAY_BLANK };
            }
        }
        for from in (0..count).rev() {
            for to in 0..count {
                let at = |from: usize, to: usize| stray.get(from * count + to).copied().unwrap_or(0.0);
                let inner = if from + 1 < count { at(from + 1, to) } else { 0.0 };
                let nearer = if to > 0 { at(from, to - 1) } else { 0.0 };
                let both = if from + 1 < count && to > 0 { at(from + 1, to - 1) } else { 0.0 };
                let sum = at(from, to) + inner + nearer - both;
                if let Some(cell) = stray.get_mut(from * count + to) {
                    *cell = sum;
                }
            }
        }
        let first = head.columns.first().map_or(0.0, |column| column.0);
        let before = sums(&kept, words.iter().map(|word| (middle(word), 1.0)));
        let numbered = lines.iter().enumerate();
        let placed = numbered.flat_map(|(line, (words, _))| words.iter().map(move |word| (head.below + line, *word)));
        let is_left = placed.filter(|(_, word)| word.1 <= first).map(|(line, word)| {
            let of_label = head.labelled && head.misfit(line, word.0, 0, 0) > UNLIKE;
            (middle(&word), if of_label { LEFT_LABEL } else { LEFT })
        });
        let left = sums(&kept, is_left);
        // After those of the head's columns, those of one of labels.
        let misfits = (0..=head.columns.len()).map(|column| {
            let of_lines = lines.iter().enumerate().flat_map(|(line, (words, _))| {
                words.iter().map(move |word| (middle(word), head.misfit(head.below + line, word.0, column, 0)))
            });
            sums(&kept, of_lines)
        });
        let misfits = misfits.collect();
        let mut sorted = words.clone();
        sorted.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
        let mut aside = vec![false; count * count];
        for (number, from) in kept.iter().enumerate() {
            let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
            let mut inside = sorted.iter().filter(|word| middle(word) >= *from).peekable();
            for (other, to) in kept.iter().enumerate().skip(number + 1) {
                while let Some(word) = inside.next_if(|word| middle(word) < *to) {
                    (least, most) = (least.min(word.1), most.max(word.0));
                }
                if let Some(cell) = aside.get_mut(number * count + other) {
                    *cell = least <= most;
                }
            }
        }
        Places { at: kept, crossing, stray, before, left, misfits, aside }
    }

    /// What the gaps between two places cost.
    fn stray(&self, from: usize, to: usize) -> f64 {
        self.stray.get(from * self.at.len() + to).copied().unwrap_or(0.0)
    }

    /// What the words between two places cost as text of the head's first cell.
    fn left_of_head(&self, from: usize, to: usize) -> f64 {
        between(&self.left, from, to)
    }

    /// What a column between two places costs.
    fn column(&self, from: usize, to: usize) -> f64 {
        self.stray(from, to) + if between(&self.before, from, to) == 0.0 { EMPTY } else { 0.0 }
    }

    /// What the words between two places cost by their looks, in a column of the head, or in one left of it.
    fn misfit(&self, column: Option<usize>, from: usize, to: usize) -> f64 {
        let sums = column.map_or(self.misfits.last(), |column| self.misfits.get(column));
        sums.map_or(0.0, |sums| between(sums, from, to))
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
                    let cost = cost + edge + self.column(from, to) + self.misfit(number.checked_sub(labels), from, to);
                    let aside = self.aside.get(from * count + to).copied().unwrap_or(false);
                    let cost = match number.cmp(&labels) {
                        Ordering::Less if aside => cost + ASIDE,
                        Ordering::Equal => cost + self.left_of_head(from, to),
                        _ => cost,
                    };
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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: Setting =
        Setting { spacing: None, beside: 0.0, drift: 1.0, depth: 1.5, rows: 4, dense: false, dump: true };

    /// A head with cells at these columns of a text, each four wide.
    fn head(columns: &[f64]) -> Head {
        Head {
            line: 0,
            below: 1,
            end: 9,
            columns: columns.iter().map(|column| (column * 5.0, column * 5.0 + 20.0)).collect(),
            headings: 0,
            labelled: false,
            parted: false,
            single: false,
            goes_on: false,
            misfits: Vec::new(),
        }
    }

    /// Lines with words at these columns: the first, and the one after the last.
    fn lines(lines: &[&[(f64, f64)]]) -> Vec<Strip> {
        let strip = |words: &&[(f64, f64)]| {
            let words: Vec<Reach> = words.iter().map(|word| (word.0 * 5.0, word.1 * 5.0)).collect();
            let gap = |pair: &[Reach]| Gap { from: pair[0].1, to: pair[1].0, em: EM, known: false };
            let gaps = words.windows(2).map(gap).collect();
            (words, gaps)
        };
        lines.iter().map(strip).collect()
    }

    #[test]
    fn edges_run_between_the_words_where_the_head_is_shifted() {
        let rows = lines(&[&[(0.0, 6.0), (14.0, 16.0), (24.0, 26.0)], &[(0.0, 4.0), (13.0, 16.0), (24.0, 27.0)]]);
        let found = under(&head(&[1.0, 8.0, 14.0]), &rows, None, &TEXT);
        assert_eq!(found.labels, 0);
        let [first, second] = found.edges[..] else { panic!("two edges: {:?}", found.edges) };
        assert!((30.0..=65.0).contains(&first) && (80.0..=120.0).contains(&second), "{first} {second}");
    }

    #[test]
    fn labels_left_of_the_head_have_a_column() {
        let rows = lines(&[&[(0.0, 4.0), (10.0, 14.0), (20.0, 22.0)], &[(0.0, 4.0)], &[(10.0, 14.0), (20.0, 22.0)]]);
        let found = under(&head(&[10.0, 20.0]), &rows, None, &TEXT);
        assert_eq!((found.labels, found.edges.len()), (1, 2));
        assert!((20.0..=50.0).contains(&found.edges[0]));
    }

    #[test]
    fn a_piece_of_a_label_is_no_figure_of_the_column_beside() {
        // The last cell of the head has nothing below it, and the label of the third row stands further right.
        let row: &[(f64, f64)] = &[(15.0, 21.0), (29.0, 38.0), (46.0, 55.0)];
        let rows = lines(&[row, row, &[(20.0, 23.0)], &[(34.0, 38.0), (51.0, 55.0)]]);
        let edges = {
            let misfits = vec![((3, 100.0), vec![3.0, 3.0, 3.0, 0.0])];
            let head = Head { labelled: true, misfits, ..head(&[29.0, 46.0, 59.0]) };
            under(&head, &rows, Some(1), &TEXT).edges
        };
        assert!((115.0..145.0).contains(&edges[0]) && (190.0..230.0).contains(&edges[1]), "{edges:?}");
    }

    #[test]
    fn looks_tell_the_column_where_places_do_not() {
        // The word in the middle is nearer to the first cell of the head, and looks like the second one's.
        let rows = lines(&[&[(0.0, 4.0), (6.0, 8.0)], &[(0.0, 4.0)], &[(0.0, 4.0), (6.0, 8.0)]]);
        let head = Head {
            misfits: vec![((1, 30.0), vec![3.0, 0.0, 3.0]), ((3, 30.0), vec![3.0, 0.0, 3.0])],
            ..head(&[0.0, 10.0, 16.0])
        };
        let found = under(&head, &rows, None, &TEXT);
        assert!(found.edges[0] > 20.0 && found.edges[0] < 30.0, "{:?}", found.edges);
    }

    #[test]
    fn a_head_over_nothing_has_its_columns() {
        assert_eq!(under(&head(&[0.0, 10.0, 20.0]), &[], None, &TEXT).edges.len(), 2);
    }
}
