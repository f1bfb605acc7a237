//! The lines of a text layer that character recognition has left. Its boxes are a word's and but roughly placed: those of
//! neighbours overlap, and so do lines that stand close. Its order is that of reading, and says more than the boxes.

use super::words::Mark;

/// A strand goes on while the next character is no higher or lower than this, in ems.
const DROP: f64 = 0.3;

/// And while it begins no farther left than the word before began, or than this before the last one's middle, in ems.
const BACK: f64 = 0.5;

/// Strands are on one line when their middles are less than this apart, in ems of the smaller one, ...
const SAME_LINE: f64 = 0.45;

/// ... unless they share more than this part of the shorter one's width: these stand one over the other.
const SHARED: f64 = 0.4;

/// More strands than this on a line, or to be compared, are no text: the work grows with their square.
const MOST: usize = 1_000;

/// Characters that follow each other in the layer, from left to right.
struct Strand {
    /// Its number in the layer.
    order: usize,
    marks: Vec<Mark>,
}

impl Strand {
    fn left(&self) -> f64 {
        self.inked().map(|mark| mark.bbox.x0).fold(f64::INFINITY, f64::min)
    }

    fn right(&self) -> f64 {
        self.inked().map(|mark| mark.bbox.x1).fold(f64::NEG_INFINITY, f64::max)
    }

    fn inked(&self) -> impl Iterator<Item = &Mark> {
        self.marks.iter().filter(|mark| !mark.is_blank())
    }

    fn middle(&self) -> f64 {
        let count = self.inked().count().max(1) as f64;
        self.inked().map(|mark| mark.bbox.centre().1).sum::<f64>() / count
    }

    fn size(&self) -> f64 {
        self.inked().map(|mark| mark.size).fold(0.0, f64::max)
    }

    /// Whether the two stand one over the other.
    fn overlaps(&self, other: &Strand) -> bool {
        let shared = self.right().min(other.right()) - self.left().max(other.left());
        shared > SHARED * (self.right() - self.left()).min(other.right() - other.left())
    }
}

/// The lines of `marks`, which are in the order of the layer, from top to bottom.
pub(super) fn lines(marks: &[Mark]) -> Vec<Vec<Mark>> {
    let mut strands = strands(marks);
    drop_ghosts(&mut strands);
    strands.sort_by(|a, b| a.middle().total_cmp(&b.middle()));
    let mut lines: Vec<Vec<Strand>> = Vec::new();
    for strand in strands {
        let fits = |line: &Vec<Strand>| {
            line.len() < MOST
                && line.iter().all(|other| !strand.overlaps(other))
                && line.first().is_some_and(|first| {
                    (strand.middle() - first.middle()).abs() < SAME_LINE * first.size().min(strand.size())
                })
        };
        match lines.last_mut().filter(|line| fits(line)) {
            Some(line) => line.push(strand),
            None => lines.push(vec![strand]),
        }
    }
    // Of two that lie over each other the layer's order tells which is first.
    for at in 1..lines.len() {
        let (Some(upper), Some(lower)) =
            (lines.get(at - 1).and_then(|line| line.first()), lines.get(at).and_then(|line| line.first()))
        else {
            continue;
        };
        let near = (lower.middle() - upper.middle()).abs() < SAME_LINE * upper.size().min(lower.size());
        if near && lower.order < upper.order {
            lines.swap(at - 1, at);
        }
    }
    let joined = lines.into_iter().map(|mut line| {
        line.sort_by(|a, b| a.left().total_cmp(&b.left()));
        line.into_iter().flat_map(|strand| strand.marks).collect()
    });
    joined.collect()
}

/// Drops what the layer has twice: a strand that lies on a longer one and has no other characters.
fn drop_ghosts(strands: &mut Vec<Strand>) {
    if strands.len() > MOST {
        return;
    }
    let is_ghost = |strand: &Strand, of: &Strand| {
        let (own, other) = (strand.inked().count(), of.inked().count());
        let on = (strand.middle() - of.middle()).abs() < DROP * strand.size().min(of.size()) && strand.overlaps(of);
        // Of figures only the very same are one.
        let figures = || strand.inked().any(|mark| mark.ch.is_ascii_digit());
        let same = || strand.inked().map(|mark| mark.ch).eq(of.inked().map(|mark| mark.ch));
        let shared = || strand.inked().filter(|mark| of.inked().any(|other| other.ch == mark.ch)).count();
        on && own > 1
            && own <= other
            && (own < other || strand.order > of.order)
            && shared() == own
            && (!figures() || same())
    };
    let ghosts: Vec<bool> = strands
        .iter()
        .map(|strand| strands.iter().any(|of| of.order != strand.order && is_ghost(strand, of)))
        .collect();
    let mut ghosts = ghosts.into_iter();
    strands.retain(|_| !ghosts.next().unwrap_or_default());
}

/// The strands of `marks`; blanks go with what stands before them.
fn strands(marks: &[Mark]) -> Vec<Strand> {
    let mut strands: Vec<Strand> = Vec::new();
    let mut last: Option<&Mark> = None;
    // Where the last word began: one that was measured too wide lies over the next.
    let mut word = f64::INFINITY;
    let mut in_word = false;
    for mark in marks {
        if mark.is_blank() {
            if let Some(strand) = strands.last_mut() {
                strand.marks.push(*mark);
            }
            in_word = false;
            continue;
        }
        let goes_on = last.is_some_and(|last| {
            let em = last.size.min(mark.size);
            let drop = (mark.bbox.centre().1 - last.bbox.centre().1).abs();
            let from = (last.bbox.centre().0 - BACK * em).min(word);
            drop <= DROP * em && mark.bbox.x0 >= from
        });
        match strands.last_mut().filter(|_| goes_on) {
            Some(strand) => strand.marks.push(*mark),
            None => {
                let order = strands.len();
                strands.push(Strand { order, marks: vec![*mark] });
                in_word = false;
            }
        }
        if !in_word {
            word = mark.bbox.x0;
            in_word = true;
        }
        last = Some(mark);
    }
    strands
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::BBox;

    /// Words of a layer: text, left edge, width and height on the page; a blank behind each.
    fn layer(words: &[(&str, f64, f64, f64)]) -> Vec<Mark> {
        let mut marks = Vec::new();
        for (text, x, width, y) in words {
            let step = width / text.chars().count() as f64;
            for (number, ch) in text.chars().chain([' ']).enumerate() {
                let x0 = x + step * number as f64;
                let bbox = BBox { x0, y0: *y, x1: x0 + step, y1: y + 10.0 };
                marks.push(Mark { ch, bbox, size: 10.0, invisible: true });
            }
        }
        marks
    }

    fn read(words: &[(&str, f64, f64, f64)]) -> Vec<String> {
        let text = |line: &Vec<Mark>| line.iter().filter(|mark| !mark.is_blank()).map(|mark| mark.ch).collect();
        lines(&layer(words)).iter().map(text).collect()
    }

    #[test]
    fn a_word_that_lies_over_the_next_stays_before_it() {
        assert_eq!(read(&[("带动", 0.0, 60.0, 0.0), ("就业", 20.0, 20.0, 0.0)]), ["带动就业"]);
    }

    #[test]
    fn lines_that_stand_close_are_not_mixed() {
        let words = [("机构", 0.0, 20.0, 0.0), ("改革", 20.0, 20.0, 0.0), ("接不够", 0.0, 30.0, 4.0)];
        assert_eq!(read(&words), ["机构改革", "接不够"]);
    }

    #[test]
    fn what_is_there_twice_is_taken_once() {
        let line = [("质量", 0.0, 20.0, 0.0), ("指标", 20.0, 20.0, 0.0)];
        let and = |word| read(&[line[0], line[1], word]);
        assert_eq!(and(("量指标", 10.0, 30.0, 1.0)), ["质量指标"]);
        assert_eq!(and(("成本", 60.0, 20.0, 1.0)), ["质量指标成本"]);
    }
}
