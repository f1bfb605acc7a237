//! A reading of a whole form: the cheapest trail of a search, and how sure each of its steps is.

use super::super::shape::Shape;
use super::state::{Action, NO_STEP, State};
use super::{
    BESIDE_UNREAD, DISORDER, EASY_STRAIN, FREEDOM, LOST_BY_STRAIN, NARROW_IS_ENOUGH, Placed, RUNNERS_UP, Search,
    piece_of,
};

/// A reading of a whole form.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    pub(crate) placed: Vec<Placed>,
    /// Its cost a piece.
    pub(crate) strain: f64,
    /// Whether its walk never goes back.
    pub(super) along_rows: bool,
    /// Whether the dump goes over the form more than once.
    pub(super) walked_again: bool,
}

impl Reading {
    /// Whether it is the likelier of two: with more freedom a dump is read at less cost, rightly or not.
    pub(crate) fn is_likelier_than(&self, other: &Reading) -> bool {
        let rank = |reading: &Reading| reading.strain - if reading.along_rows { FREEDOM } else { 0.0 };
        rank(self) < rank(other)
    }

    /// Whether nothing better is to be looked for.
    pub(crate) fn is_plain(&self) -> bool {
        self.strain <= NARROW_IS_ENOUGH
    }

    /// Whether the order of the text is lost.
    pub(crate) fn is_disordered(&self) -> bool {
        self.strain > if self.walked_again || !self.along_rows { EASY_STRAIN } else { DISORDER }
    }
}

impl Search<'_> {
    pub(super) fn finish(&self, beam: Vec<State>) -> Reading {
        let mut finals: Vec<(f32, u32)> = beam
            .iter()
            .map(|state| (state.cost - state.pending - state.given_up + self.left_empty(state), state.trail))
            .map(|(cost, trail)| (cost + if self.strewn { self.sums(trail) } else { 0.0 }, trail))
            .collect();
        finals.sort_by(|one, other| one.0.total_cmp(&other.0).then(one.1.cmp(&other.1)));
        finals.truncate(RUNNERS_UP);
        let Some((best_cost, best)) = finals.first().copied() else { return Reading::default() };
        let mut placed = self.trail(best);
        let strain = f64::from(best_cost) / placed.len().max(1) as f64;
        let trust = 1.0 - (strain - EASY_STRAIN).max(0.0) * LOST_BY_STRAIN;
        placed.iter_mut().for_each(|one| one.confidence = trust.max(0.0));
        for (cost, trail) in finals.iter().skip(1) {
            // Two readings as cheap as each other are worth one half; a whole doubt of distance leaves little.
            let confidence = 1.0 - 0.5 * f64::from(best_cost - cost).exp();
            for (one, other) in placed.iter_mut().zip(self.trail(*trail)) {
                if one.action != other.action && confidence < one.confidence {
                    one.confidence = confidence;
                }
            }
        }
        self.doubt_beside_unread(&mut placed);
        Reading { placed, strain, along_rows: self.along_rows, walked_again: self.last_walk > 0 }
    }

    /// Doubts the figures right beside one that nothing takes: they may be one figure that the dump has broken.
    fn doubt_beside_unread(&self, placed: &mut [Placed]) {
        let piece = |at: usize| piece_of(self.items, at);
        let is_unread = |one: &Placed| {
            one.action == Action::Unread
                && piece(one.item).is_some_and(|it| matches!(it.shape, Shape::Number | Shape::Percent))
        };
        let unread: Vec<usize> = placed.iter().filter(|one| is_unread(one)).map(|one| one.item).collect();
        for one in placed.iter_mut().filter(|one| matches!(one.action, Action::Begin { .. } | Action::Continue { .. }))
        {
            let Some(look) = piece(one.item).map(|piece| piece.look) else { continue };
            let is = |at: usize| unread.binary_search(&at).is_ok();
            let broken_off = look.ends_in_figure && is(one.item + 1);
            let broken_from = look.begins_in_figure && one.item > 0 && is(one.item - 1);
            if broken_off || broken_from {
                one.confidence = one.confidence.min(BESIDE_UNREAD);
            }
        }
    }

    pub(super) fn trail(&self, mut at: u32) -> Vec<Placed> {
        let mut placed = Vec::new();
        while let Some(step) = (at != NO_STEP).then(|| self.steps.get(at as usize)).flatten() {
            placed.push(Placed { item: step.item as usize, action: step.action, confidence: 1.0 });
            at = step.before;
        }
        placed.reverse();
        placed
    }
}
