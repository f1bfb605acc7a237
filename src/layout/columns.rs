//! The edges of columns that no ruling draws, from the gaps between the words of many lines.

/// A gap of this width, in ems, parts two cells wherever it stands: blanks within a sentence are narrower.
const STRONG_GAP: f64 = 1.0;

/// A narrower gap parts two cells when so many lines have one at the same place. Two may be chance.
const WEAK_WITNESSES: usize = 3;

/// Of the lines that reach over such a place, weak gaps must make up at least this share: a column is a column in
/// most of its rows, while wrapped prose shows a gap by chance in one line of many.
const WEAK_SHARE: f64 = 0.4;

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
struct Corridor {
    from: f64,
    to: f64,
}

impl Corridor {
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

/// The least edges that pass through every strong gap, and through weak ones that stand above each other.
/// `gaps` are those of all lines; `words` are the extents of all words. Ascending.
pub(super) fn edges(gaps: &[Gap], words: &[(f64, f64)]) -> Vec<f64> {
    let mut corridors = stabbed(gaps.iter().filter(|gap| gap.is_strong()));
    let mut weak: Vec<&Gap> = gaps.iter().filter(|gap| !gap.is_strong()).collect();
    weak.sort_by(|a, b| (b.to - b.from).total_cmp(&(a.to - a.from)));
    weak.retain(|gap| !corridors.iter_mut().any(|corridor| corridor.narrow(gap)));
    for corridor in stabbed(weak.iter().copied()) {
        let at = (corridor.from + corridor.to) / 2.0;
        let witnesses = weak.iter().filter(|gap| gap.from < at && at < gap.to).count();
        let crossing = words.iter().filter(|(from, to)| *from < at && at < *to).count();
        if witnesses >= WEAK_WITNESSES && witnesses as f64 >= WEAK_SHARE * (witnesses + crossing) as f64 {
            corridors.push(corridor);
        }
    }
    let mut edges: Vec<f64> = corridors.iter().map(|corridor| (corridor.from + corridor.to) / 2.0).collect();
    edges.sort_by(f64::total_cmp);
    edges
}

/// The least corridors such that each gap holds one of them.
fn stabbed<'a>(gaps: impl Iterator<Item = &'a Gap>) -> Vec<Corridor> {
    let mut sorted: Vec<&Gap> = gaps.filter(|gap| gap.from < gap.to).collect();
    sorted.sort_by(|a, b| a.to.total_cmp(&b.to));
    let mut corridors: Vec<Corridor> = Vec::new();
    for gap in sorted {
        match corridors.last_mut() {
            Some(last) if gap.from < last.to => last.from = last.from.max(gap.from),
            _ => corridors.push(Corridor { from: gap.from, to: gap.to }),
        }
    }
    corridors
}
