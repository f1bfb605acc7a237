//! How wide the cells of each slot are, learnt from a reading: a text is wrapped where its cell is full, so that every line
//! but the last has no room for what the next one begins with.

use super::super::items::{Item, Piece};
use super::super::slots::Slots;
use super::state::Action;
use super::{Placed, piece_of};

/// A width counts when so many more lines bear it out than gainsay it.
const MIN_EVIDENCE: i32 = 1;
/// What a line beyond the width says against it, and one that broke though there was room.
const BEYOND: i32 = 2;
const BROKEN_EARLY: i32 = 1;

/// No cell is wider: a page in landscape has room for some 120 wide characters.
const WIDEST: u32 = 250;
/// Columns of a wide character.
const WIDE_CHARACTER: u32 = 2;

/// A line of a wrapped text: its width, and how much room the beginning of the next line would have wanted.
#[derive(Clone, Copy, Debug)]
struct Line {
    width: u32,
    wanted: Option<u32>,
}

/// The width of each slot's cells in columns, wide characters two, where it is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Widths {
    of_slots: Vec<Option<u32>>,
    /// Whether they are those of heads alone, which allow text to be wrapped there and forbid nothing.
    of_heads: bool,
}

impl Widths {
    /// The width of a slot's cells.
    pub(super) fn of(&self, slot: usize) -> Option<u32> {
        self.of_slots.get(slot).copied().flatten()
    }

    /// The width that no line of a slot's cells exceeds.
    pub(super) fn limit(&self, slot: usize) -> Option<u32> {
        self.of(slot).filter(|_| !self.of_heads)
    }

    /// The widths of wrapped heads.
    pub(super) fn of_heads(slots: &Slots) -> Widths {
        Widths { of_slots: slots.list.iter().map(|slot| slot.head_width).collect(), of_heads: true }
    }

    /// Whether none is known.
    pub(super) fn is_empty(&self) -> bool {
        self.of_slots.iter().all(Option::is_none)
    }

    /// The widths that a reading shows.
    pub(super) fn learn(items: &[Item], slots: &Slots, placed: &[Placed]) -> Widths {
        let head = |width: u32| Line { width, wanted: Some(WIDE_CHARACTER) };
        let mut lines: Vec<Vec<Line>> =
            slots.list.iter().map(|slot| slot.head_width.map(head).into_iter().collect()).collect();
        let mut open: Option<(usize, &Piece)> = None;
        for one in placed {
            let Some(piece) = piece_of(items, one.item) else { continue };
            match one.action {
                Action::Begin { slot, .. } => {
                    if let Some(of) = lines.get_mut(slot) {
                        of.push(Line { width: piece.look.width, wanted: None });
                        open = Some((slot, piece));
                    }
                }
                Action::Continue { slot, .. } => {
                    let Some((_, before)) = open.filter(|(of, _)| *of == slot) else { continue };
                    let Some(of) = lines.get_mut(slot) else { continue };
                    match of.last_mut() {
                        Some(last) if before.line == piece.line => {
                            last.width += piece.blanks_before + piece.look.width;
                        }
                        Some(last) => {
                            // A figure is broken anywhere.
                            let broken = before.look.ends_in_figure && piece.look.begins_in_figure;
                            last.wanted = Some(if broken { 1 } else { piece.look.first_unit });
                            of.push(Line { width: piece.look.width, wanted: None });
                        }
                        None => {}
                    }
                    open = Some((slot, piece));
                }
                Action::Unread | Action::Outside => open = None,
            }
        }
        Widths { of_slots: lines.iter().map(|lines| width(lines)).collect(), of_heads: false }
    }
}

/// The width that the most lines bear out; of several the least.
fn width(lines: &[Line]) -> Option<u32> {
    let evidence = |width: u32| -> i32 {
        let says = |line: &Line| match line.wanted {
            _ if line.width > width => -BEYOND,
            Some(wanted) if line.width + wanted > width => 1,
            Some(_) => -BROKEN_EARLY,
            None => 0,
        };
        lines.iter().map(says).sum()
    };
    let mut candidates: Vec<u32> = lines
        .iter()
        .filter(|line| line.wanted.is_some())
        .map(|line| line.width)
        .filter(|width| *width <= WIDEST)
        .collect();
    candidates.sort_unstable();
    candidates.dedup();
    let best = candidates.into_iter().map(|width| (evidence(width), std::cmp::Reverse(width))).max()?;
    (best.0 >= MIN_EVIDENCE).then_some(best.1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(of: &[(u32, Option<u32>)]) -> Vec<Line> {
        of.iter().map(|(width, wanted)| Line { width: *width, wanted: *wanted }).collect()
    }

    #[test]
    fn full_lines_tell_the_width() {
        assert_eq!(width(&lines(&[(16, Some(2)), (2, None), (15, Some(4)), (6, None)])), Some(16));
        assert_eq!(width(&lines(&[(16, None), (2, None)])), None);
    }

    #[test]
    fn a_slip_or_two_of_the_reading_do_not_hide_it() {
        let read = [(16, Some(2)), (2, None), (16, Some(2)), (4, None), (16, Some(2)), (6, None), (20, None)];
        assert_eq!(width(&lines(&read)), Some(16));
        assert_eq!(width(&lines(&[(16, Some(2)), (2, None), (8, Some(2)), (4, None)])), None);
    }
}
