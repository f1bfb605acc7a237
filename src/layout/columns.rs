//! The edges of columns that no ruling draws, from the gaps between the words of many lines.

/// A gap of this width, in ems, parts two cells wherever it stands: blanks within a sentence are narrower.
const STRONG_GAP: f64 = 1.0;

/// A narrower gap parts two cells when so many lines have one at the same place. Two may be chance.
const WEAK_WITNESSES: usize = 3;

/// Of the lines that reach over such a place, weak gaps must make up at least this share: a column is a column in
/// most of its rows, while wrapped prose shows a gap by chance in one line of many.
const WEAK_SHARE: f64 = 0.4;

/// A column whose cells share no line with those beside it has at least so many lines of text.
const RIVER_LINES: usize = 2;

/// Edges are sought at places this far apart, in points: a quarter of the type's size, half a column of a text.
const PLACE: f64 = 2.5;

/// So many places there are at most: pages are not wider than 5000 points.
const MAX_PLACES: usize = 2000;

/// A word lies wholly over a place that is so far, in points, from both its ends. Nearer to them it may have been shifted:
/// dumps shift text by a column or two.
const DEEP: f64 = 15.0;

/// What a word counts that lies wholly over a place.
const WHOLE: f64 = 100.0;

/// A gap between two words of a line, where a cell may end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gap {
    /// Right end of the word before.
    pub(super) from: f64,
    /// Left end of the word after.
    pub(super) to: f64,
    /// Size of the type beside it.
    pub(super) em: f64,
    /// Whether a label ends or begins at it.
    pub(super) known: bool,
}

impl Gap {
    pub(super) fn is_strong(&self) -> bool {
        self.known || self.to - self.from >= STRONG_GAP * self.em
    }
}

/// A stretch across in which an edge may lie.
#[derive(Clone, Copy, Debug)]
pub(super) struct Corridor {
    pub(super) from: f64,
    pub(super) to: f64,
}

impl Corridor {
    fn middle(&self) -> f64 {
        (self.from + self.to) / 2.0
    }

    /// Whether an edge may run at `at`.
    pub(super) fn holds(&self, at: f64) -> bool {
        self.from <= at && at <= self.to
    }

    /// Makes the corridor narrower so that it lies in `gap` too; false when they have nothing in common.
    fn narrow(&mut self, gap: &Gap) -> bool {
        let (from, to) = (self.from.max(gap.from), self.to.min(gap.to));
        let meet = from < to;
        if meet {
            *self = Corridor { from, to };
        }
        meet
    }
}

/// The places across that a word takes up: left and right end.
pub(super) type Reach = (f64, f64);

/// A line: its words from left to right, and the gaps between them.
pub(super) type Strip = (Vec<Reach>, Vec<Gap>);

/// How much words lie over each place across: by [`WHOLE`] where one has its middle there, less near its ends.
#[derive(Clone, Debug, Default)]
pub(super) struct Coverage {
    counts: Vec<u32>,
}

impl Coverage {
    /// Takes a word in.
    pub(super) fn add(&mut self, word: &Reach) {
        let places = places(word.0, word.1);
        let (first, end) = (*places.start(), *places.end());
        if self.counts.len() < end {
            self.counts.resize(end, 0);
        }
        for (place, count) in (first..end).zip(self.counts.get_mut(first..end).unwrap_or_default()) {
            let at = place as f64 * PLACE;
            let depth = ((at - word.0).min(word.1 - at) / DEEP).clamp(0.0, 1.0);
            *count += (depth * depth * WHOLE).round() as u32;
        }
    }

    /// The place in a corridor that the fewest words lie over, and how many do.
    pub(super) fn least(&self, corridor: &Corridor) -> (f64, f64) {
        let (narrow, least) = self.freest(corridor);
        (narrow.middle(), f64::from(least) / WHOLE)
    }

    /// The widest part of a corridor that the fewest words lie over.
    pub(super) fn narrowed(&self, corridor: &Corridor) -> Corridor {
        self.freest(corridor).0
    }

    fn freest(&self, corridor: &Corridor) -> (Corridor, u32) {
        let places = places(corridor.from, corridor.to);
        let count = |place: usize| self.counts.get(place).copied().unwrap_or(0);
        let least = places.clone().map(count).min().unwrap_or(0);
        // The widest stretch of such places.
        let (mut best, mut begin) = ((0, 0), None);
        for place in places.clone().chain([places.end() + 1]) {
            let good = places.contains(&place) && count(place) == least;
            match begin {
                None if good => begin = Some(place),
                Some(from) if !good => {
                    begin = None;
                    if place - from > best.1 - best.0 {
                        best = (from, place);
                    }
                }
                _ => {}
            }
        }
        if best.0 == best.1 {
            return (*corridor, 0);
        }
        let at = |place: usize| (place as f64 * PLACE).max(corridor.from).min(corridor.to);
        (Corridor { from: at(best.0 - 1), to: at(best.1) }, least)
    }
}

/// The numbers of the places within a stretch, its ends left out.
fn places(from: f64, to: f64) -> std::ops::RangeInclusive<usize> {
    let number = |at: f64| at.clamp(0.0, MAX_PLACES as f64 * PLACE);
    let first = (number(from) / PLACE).floor() as usize + 1;
    let end = (number(to) / PLACE).ceil() as usize;
    first..=end.saturating_sub(1).max(first)
}

/// The least corridors that pass through every strong gap, and through weak ones that stand above each other.
/// `gaps` are those of all lines; `words` are the extents of all words.
pub(super) fn corridors(gaps: &[Gap], coverage: &Coverage) -> Vec<Corridor> {
    let mut corridors = stabbed(gaps.iter().filter(|gap| gap.is_strong()).map(|gap| (gap.from, gap.to)));
    let mut weak: Vec<&Gap> = gaps.iter().filter(|gap| !gap.is_strong()).collect();
    weak.sort_by(|a, b| (b.to - b.from).total_cmp(&(a.to - a.from)));
    weak.retain(|gap| !corridors.iter_mut().any(|corridor| corridor.narrow(gap)));
    for corridor in stabbed(weak.iter().map(|gap| (gap.from, gap.to))) {
        let (at, crossing) = coverage.least(&corridor);
        let witnesses = weak.iter().filter(|gap| gap.from <= at && at <= gap.to).count();
        if witnesses >= WEAK_WITNESSES && witnesses as f64 >= WEAK_SHARE * (witnesses as f64 + crossing) {
            corridors.push(corridor);
        }
    }
    corridors
}

/// The edges between columns whose cells share no line, as headings do that stand in the middle of different rows: over
/// several lines no word crosses them, and there is text on both sides by turns. `words` come with their lines.
pub(super) fn rivers(words: &[(usize, Reach)], corridors: &[Corridor]) -> Vec<Corridor> {
    let mut places: Vec<f64> = words.iter().map(|(_, word)| ((word.1 / PLACE).ceil() + 0.5) * PLACE).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    let mut found: Vec<Corridor> = Vec::new();
    for at in places {
        let taken = |corridor: &Corridor| corridor.from <= at && at <= corridor.to;
        if corridors.iter().chain(&found).any(taken) {
            continue;
        }
        let posts = || corridors.iter().chain(&found).map(Corridor::middle);
        let left = posts().filter(|post| *post < at).fold(f64::NEG_INFINITY, f64::max);
        let right = posts().filter(|post| *post > at).fold(f64::INFINITY, f64::min);
        let near: Vec<(usize, Reach)> =
            words.iter().filter(|(_, word)| left < word.1 && word.0 < right).copied().collect();
        let crosses = |word: &Reach| word.0 < at && at < word.1;
        let runs = near.split(|(_, word)| crosses(word));
        found.extend(runs.filter_map(|run| river(run, at)).next());
    }
    found
}

/// The stretch around `at` between these words, when there are enough on both sides, by turns.
fn river(words: &[(usize, Reach)], at: f64) -> Option<Corridor> {
    let side = |left: bool| words.iter().filter(move |(_, word)| (word.1 <= at) == left);
    let lines = |left: bool| {
        let mut lines: Vec<usize> = side(left).map(|(line, _)| *line).collect();
        lines.dedup();
        lines
    };
    let (before, after) = (lines(true), lines(false));
    let by_turns = after.first() < before.last() && before.first() < after.last();
    let corridor = Corridor {
        from: side(true).map(|(_, word)| word.1).fold(f64::NEG_INFINITY, f64::max),
        to: side(false).map(|(_, word)| word.0).fold(f64::INFINITY, f64::min),
    };
    let enough = before.len() >= RIVER_LINES && after.len() >= RIVER_LINES;
    (by_turns && enough && corridor.from < corridor.to).then_some(corridor)
}

/// The least edges such that each corridor holds one, where the fewest words lie over them. Ascending.
pub(super) fn placed(corridors: &[Corridor], coverage: &Coverage) -> Vec<f64> {
    let common = stabbed(corridors.iter().map(|corridor| (corridor.from, corridor.to)));
    let mut edges: Vec<f64> = common.iter().map(|corridor| coverage.least(corridor).0).collect();
    edges.sort_by(f64::total_cmp);
    edges
}

/// The least corridors such that each of these stretches holds one of them.
fn stabbed(stretches: impl Iterator<Item = (f64, f64)>) -> Vec<Corridor> {
    let mut sorted: Vec<(f64, f64)> = stretches.filter(|(from, to)| from < to).collect();
    sorted.sort_by(|a, b| a.1.total_cmp(&b.1));
    let mut corridors: Vec<Corridor> = Vec::new();
    for (from, to) in sorted {
        match corridors.last_mut() {
            Some(last) if from < last.to => last.from = last.from.max(from),
            _ => corridors.push(Corridor { from, to }),
        }
    }
    corridors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coverage(words: &[Reach]) -> Coverage {
        let mut coverage = Coverage::default();
        words.iter().for_each(|word| coverage.add(word));
        coverage
    }

    fn gap(from: f64, to: f64) -> Gap {
        Gap { from, to, em: 10.0, known: false }
    }

    #[test]
    fn one_edge_goes_through_gaps_above_each_other() {
        let corridors = corridors(&[gap(40.0, 80.0), gap(55.0, 70.0), gap(62.0, 66.0)], &Coverage::default());
        assert_eq!(corridors.iter().map(|c| (c.from, c.to)).collect::<Vec<_>>(), [(62.0, 66.0)]);
    }

    #[test]
    fn a_narrow_gap_alone_is_a_blank() {
        assert!(corridors(&[gap(40.0, 45.0), gap(40.0, 44.0)], &Coverage::default()).is_empty());
        assert_eq!(corridors(&[gap(40.0, 45.0); 3], &Coverage::default()).len(), 1);
    }

    #[test]
    fn an_edge_stands_where_the_fewest_words_are() {
        let words = [(0.0, 50.0), (0.0, 50.0), (90.0, 150.0), (60.0, 150.0)];
        let (at, crossing) = coverage(&words).least(&Corridor { from: 20.0, to: 100.0 });
        assert!((50.0..=60.0).contains(&at) && crossing == 0.0);
    }

    #[test]
    fn headings_by_turns_show_an_edge_and_lines_above_each_other_do_not() {
        let (left, right) = ((0.0, 20.0), (30.0, 60.0));
        let by_turns = [(0, right), (1, left), (2, left), (3, right)];
        assert_eq!(rivers(&by_turns, &[]).len(), 1);
        let above = [(0, left), (1, left), (2, right), (3, right)];
        assert!(rivers(&above, &[]).is_empty());
        let crossed = [(0, right), (1, left), (2, (0.0, 60.0)), (3, left), (4, right)];
        assert!(rivers(&crossed, &[]).is_empty());
    }
}
