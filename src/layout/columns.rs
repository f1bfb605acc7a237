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
}

impl Gap {
    fn is_strong(&self) -> bool {
        self.to - self.from >= STRONG_GAP * self.em
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
        let at = |place: usize| (place as f64 * PLACE).clamp(corridor.from, corridor.to);
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

/// The stretches across that no word takes up and no corridor lies in, with enough text on both sides: columns whose
/// cells never stand on one line. `words` come with the numbers of their lines.
pub(super) fn rivers(words: &[(usize, Reach)], corridors: &[Corridor]) -> Vec<Corridor> {
    let mut sorted: Vec<Reach> = words.iter().map(|(_, word)| *word).collect();
    sorted.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut clear: Vec<Corridor> = Vec::new();
    let mut reach = f64::INFINITY;
    for (from, to) in sorted {
        if reach < from {
            clear.push(Corridor { from: reach, to: from });
        }
        reach = if reach.is_finite() { reach.max(to) } else { to };
    }
    clear.retain(|river| !corridors.iter().any(|corridor| corridor.from < river.to && river.from < corridor.to));
    let mut posts: Vec<f64> = corridors.iter().chain(&clear).map(Corridor::middle).collect();
    posts.sort_by(f64::total_cmp);
    clear.retain(|river| {
        let at = river.middle();
        let left = posts.iter().rev().find(|post| **post < at).copied().unwrap_or(f64::NEG_INFINITY);
        let right = posts.iter().find(|post| **post > at).copied().unwrap_or(f64::INFINITY);
        let lines = |from: f64, to: f64| {
            let mut lines: Vec<usize> =
                words.iter().filter(|(_, word)| from < word.1 && word.0 < to).map(|(line, _)| *line).collect();
            lines.dedup();
            lines.len()
        };
        // Left of all others stand the headings of a form's parts, and beside them there may be a single row.
        let first = !left.is_finite();
        lines(left, at) >= RIVER_LINES && lines(at, right) >= if first { 1 } else { RIVER_LINES }
    });
    clear
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
