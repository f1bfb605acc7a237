//! Glyphs to characters, characters to lines by their height on the page, lines to runs by the gaps in them.

use super::unseen;
use crate::fold::{is_blank, is_han};
use crate::source::{BBox, Glyph};

/// Characters are on one line when their middles are less than this apart, in ems of the larger one. Lines of a
/// paragraph are at least 1 em apart, a raised or lowered figure stands about 0.3 em off.
const SAME_LINE: f64 = 0.45;

/// A gap from here on, in ems, between characters of an alphabetic script stands for a blank. The blank of most
/// fonts is 0.25 to 0.5 em wide, the gaps that justification or kerning makes within a word stay under 0.2 em.
pub(super) const BLANK_GAP: f64 = 0.3;

/// A gap from here on, in ems, parts a line in two runs: a little more than one full-width blank, which titles
/// put between their characters.
pub(super) const WIDE_GAP: f64 = 1.2;

/// A character with its place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mark {
    pub(super) ch: char,
    pub(super) bbox: BBox,
    /// Font size in points.
    pub(super) size: f64,
    pub(super) invisible: bool,
}

impl Mark {
    pub(super) fn is_blank(&self) -> bool {
        is_blank(self.ch)
    }
}

/// Some characters of a line, with a box each.
#[derive(Clone, Debug, Default)]
pub(super) struct Stretch {
    pub(super) text: String,
    pub(super) boxes: Vec<BBox>,
    /// Font size in points, the largest of its characters'.
    pub(super) size: f64,
    pub(super) invisible: bool,
}

impl Stretch {
    /// The box around all its characters.
    pub(super) fn bbox(&self) -> BBox {
        self.boxes.iter().copied().reduce(BBox::union).unwrap_or_default()
    }

    fn push(&mut self, ch: char, bbox: BBox) {
        self.text.push(ch);
        self.boxes.push(bbox);
    }
}

/// The characters of `glyphs` in their order; a glyph of several characters gives each an even share of its box.
pub(super) fn marks(glyphs: &[Glyph]) -> Vec<Mark> {
    let mut marks = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let bbox = sound(glyph.bbox);
        let size = if glyph.size.is_finite() && glyph.size > 0.0 { glyph.size } else { bbox.y1 - bbox.y0 };
        let count = glyph.text.chars().count() as f64;
        for (number, ch) in glyph.text.chars().enumerate() {
            let step = (bbox.x1 - bbox.x0) / count;
            let x0 = bbox.x0 + step * number as f64;
            let bbox = BBox { x0, x1: x0 + step, ..bbox };
            marks.push(Mark { ch, bbox, size, invisible: glyph.invisible });
        }
    }
    marks
}

/// The box with its edges in order; what is no number counts as 0.
fn sound(bbox: BBox) -> BBox {
    let fix = |at: f64| if at.is_finite() { at } else { 0.0 };
    let (x0, x1, y0, y1) = (fix(bbox.x0), fix(bbox.x1), fix(bbox.y0), fix(bbox.y1));
    BBox { x0: x0.min(x1), y0: y0.min(y1), x1: x0.max(x1), y1: y0.max(y1) }
}

/// Groups `marks` to lines, top to bottom; within a line from left to right. An invisible text layer has lines of
/// its own, since it often lies over the same words. Blanks stay only between characters of a line.
pub(super) fn lines(marks: &[Mark]) -> Vec<Vec<Mark>> {
    let mut lines = lines_of(marks.iter().filter(|mark| !mark.invisible));
    let unseen: Vec<Mark> = marks.iter().filter(|mark| mark.invisible).copied().collect();
    lines.append(&mut unseen::lines(&unseen));
    lines.sort_by(|a, b| middle(a).total_cmp(&middle(b)));
    lines
}

fn middle(line: &[Mark]) -> f64 {
    line.first().map_or(0.0, |mark| mark.bbox.centre().1)
}

fn lines_of<'a>(marks: impl Iterator<Item = &'a Mark>) -> Vec<Vec<Mark>> {
    struct Line {
        y: f64,
        size: f64,
        marks: Vec<Mark>,
    }
    let (blanks, mut inked): (Vec<Mark>, Vec<Mark>) = marks.partition(|mark| mark.is_blank());
    inked.sort_by(|a, b| a.bbox.centre().1.total_cmp(&b.bbox.centre().1));
    let mut lines: Vec<Line> = Vec::new();
    for mark in inked {
        let y = mark.bbox.centre().1;
        match lines.last_mut() {
            Some(line) if y - line.y < SAME_LINE * line.size.max(mark.size) => {
                line.marks.push(mark);
                line.size = line.size.max(mark.size);
                line.y += (y - line.y) / line.marks.len() as f64;
            }
            _ => lines.push(Line { y, size: mark.size, marks: vec![mark] }),
        }
    }
    for blank in blanks {
        let y = blank.bbox.centre().1;
        let after = lines.partition_point(|line| line.y < y);
        let near = lines.iter_mut().skip(after.saturating_sub(1)).take(2);
        if let Some(line) = near.min_by(|a, b| (a.y - y).abs().total_cmp(&(b.y - y).abs()))
            && (line.y - y).abs() < SAME_LINE * line.size.max(blank.size)
        {
            line.marks.push(blank);
        }
    }
    lines
        .into_iter()
        .map(|mut line| {
            line.marks.sort_by(|a, b| a.bbox.x0.total_cmp(&b.bbox.x0));
            line.marks
        })
        .collect()
}

/// Parts a line, sorted from left to right, into stretches at gaps of `wide` ems and more. A gap that stands for a
/// blank gives one, in the gap's box. Every character that is not blank is in exactly one stretch.
pub(super) fn stretches(line: &[Mark], wide: f64) -> Vec<Stretch> {
    let mut stretches: Vec<Stretch> = Vec::new();
    let mut last: Option<Mark> = None;
    let mut blanks: Vec<Mark> = Vec::new();
    for mark in line {
        if mark.is_blank() {
            // A tab or a line end that a producer draws has no width worth keeping: it counts as a gap.
            blanks.push(*mark);
            continue;
        }
        let between = std::mem::take(&mut blanks);
        match (last, stretches.last_mut()) {
            (Some(before), Some(stretch)) => {
                let em = before.size.max(mark.size);
                let gap = mark.bbox.x0 - before.bbox.x1;
                if gap >= wide * em {
                    stretches.push(Stretch { invisible: mark.invisible, ..Stretch::default() });
                } else if !between.is_empty() {
                    for blank in between.iter().filter(|blank| !covered(blank, &before) && !covered(blank, mark)) {
                        stretch.push(if blank.ch.is_control() { ' ' } else { blank.ch }, blank.bbox);
                    }
                } else if gap >= WIDE_GAP * em || (gap >= BLANK_GAP * em && !is_han(before.ch) && !is_han(mark.ch)) {
                    stretch.push(' ', BBox { x0: before.bbox.x1, x1: mark.bbox.x0, ..mark.bbox });
                }
            }
            _ => stretches.push(Stretch { invisible: mark.invisible, ..Stretch::default() }),
        }
        if let Some(stretch) = stretches.last_mut() {
            stretch.push(mark.ch, mark.bbox);
            stretch.size = stretch.size.max(mark.size);
        }
        last = Some(*mark);
    }
    stretches
}

/// Whether the middle of a blank lies under another character: it separates nothing.
fn covered(blank: &Mark, by: &Mark) -> bool {
    let x = blank.bbox.centre().0;
    by.bbox.x0 < x && x < by.bbox.x1
}
