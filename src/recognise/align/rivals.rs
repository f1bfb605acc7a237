//! What else each piece of a reading could have become, for people who ask why it became what it did. The reading is
//! gone over once more; nothing here is done while a form is read.

use super::super::items::{Item, Piece};
use super::super::segment::Segment;
use super::super::sequence::Aligned;
use super::super::shape::misfit;
use super::super::slots::{Slot, SlotPart, Slots};
use super::Search;
use super::state::{Action, State, Step};
use super::widths::Widths;

/// Other things that one piece could have become, at most.
const MAX_RIVALS: usize = 3;
/// One that is dearer than this is no rival: it is as dear as to leave the piece unread.
const FAR: f32 = 4.0;
/// A type fits a piece ill from this cost on.
const ILL: f32 = 0.5;

/// Something else that a piece could have become.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rival {
    pub(crate) action: Action,
    /// How much dearer it is at this place, in doubts; below 0 when it is dearer only for the form as a whole.
    pub(crate) dearer: f64,
    pub(crate) why: Why,
}

/// What speaks most against a rival.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// The piece does not look like a value of its type.
    Type,
    /// Its label stands behind the piece.
    LabelBehind,
    /// Other labels stand between its label and the piece.
    LabelFar,
    /// It is out of the order in which the text goes over the rows.
    Order,
    /// The piece begins a text of its own rather than going on with the one before.
    Apart,
    /// It is as cheap here, and leaves other cells empty or other pieces without a place.
    Whole,
}

/// For each piece of a reading, by item, what else it could have become; the cheapest first.
pub(crate) fn rivals(reading: &Aligned, segment: &Segment) -> Vec<(usize, Vec<Rival>)> {
    let Aligned { items, walks, slots, rows, placed, .. } = reading;
    let widths = Widths::learn(items, slots, placed);
    let search = Search::new(items, walks, segment, slots, rows, &widths);
    let mut search = if reading.strewn { search.strewn() } else { search };
    let mut state = State::new(&search.room);
    let mut found = Vec::new();
    for (number, item) in items.iter().enumerate() {
        search.enter(number, std::slice::from_mut(&mut state));
        let piece = match item {
            Item::Hit(hit) => {
                search.pass_label(number, *hit, std::slice::from_mut(&mut state));
                continue;
            }
            Item::Piece(piece) => piece,
        };
        search.offer(std::slice::from_ref(&state), number, piece);
        let taken = placed.iter().find(|one| one.item == number).map(|one| one.action);
        let Some(taken) = search.candidates.iter().find(|one| Some(one.action) == taken).copied() else { break };
        let others = search.candidates.iter().filter(|one| one.action != taken.action && is_place(one.action));
        let mut others: Vec<Rival> = others
            .map(|one| {
                let dearer = one.cost - taken.cost;
                let why = if dearer <= 0.0 { Why::Whole } else { why(slots, piece, number, one.action, taken.action) };
                Rival { action: one.action, dearer: f64::from(dearer), why }
            })
            .filter(|rival| rival.dearer < f64::from(FAR))
            .collect();
        others.sort_by(|one, other| one.dearer.total_cmp(&other.dearer));
        others.truncate(MAX_RIVALS);
        found.push((number, others));
        let before = state.trail;
        let from = state.clone();
        search.apply(&from, number, &taken, &mut state);
        search.steps.push(Step { before, item: number as u32, action: taken.action });
        state.trail = search.steps.len() as u32 - 1;
    }
    found
}

fn is_place(action: Action) -> bool {
    matches!(action, Action::Begin { .. } | Action::Continue { .. })
}

/// What speaks most against `action`.
fn why(slots: &Slots, piece: &Piece, number: usize, action: Action, taken: Action) -> Why {
    let Action::Begin { slot, .. } = action else { return Why::Apart };
    let Some(it) = slots.list.get(slot) else { return Why::Order };
    let ill = |slot: &Slot| {
        let by_column = slot.holds.misfit(piece.shape, piece.look.length);
        by_column.unwrap_or_else(|| misfit(slot.kind, piece.shape))
    };
    let better = match taken {
        Action::Begin { slot, .. } | Action::Continue { slot, .. } => slots.list.get(slot).map_or(0.0, ill),
        Action::Unread | Action::Outside => 0.0,
    };
    match it.part {
        _ if ill(it) >= ILL && ill(it) > better => Why::Type,
        SlotPart::Field(_) | SlotPart::Total(_) if it.label_item > number => Why::LabelBehind,
        SlotPart::Field(_) | SlotPart::Total(_) => Why::LabelFar,
        SlotPart::Column(_) | SlotPart::BlockScore => Why::Order,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::lay_out;
    use crate::pattern::Patterns;
    use crate::recognise::Recogniser;
    use crate::recognise::sequence::aligned;
    use crate::recognise::stream::Stream;
    use crate::source::{Options, read};

    #[test]
    fn every_piece_is_gone_over_and_no_rival_is_what_it_became() {
        let bytes = include_bytes!("../../../samples/breakage/tidy.txt");
        let layout = lay_out(&read(bytes, &Options::default()));
        let stream = Stream::new(&layout);
        let recogniser = Recogniser::new(&Patterns::builtin());
        let (family, segment) = recogniser.segments(&stream, &layout).remove(0);
        let reading = aligned(&stream, &segment, &recogniser.families[family].0);
        let found = rivals(&reading, &segment);
        assert_eq!(found.len(), reading.placed.len());
        assert!(found.iter().any(|(_, rivals)| !rivals.is_empty()));
        for ((item, rivals), one) in found.iter().zip(&reading.placed) {
            assert_eq!(*item, one.item);
            assert!(rivals.iter().all(|rival| rival.action != one.action));
            assert!(rivals.is_sorted_by(|one, other| one.dearer <= other.dearer));
        }
    }
}
