//! Scales of words: which share of the points a grade or a tier stands for.

use rust_decimal::Decimal;

use super::interval::Interval;
use crate::fold::fold_text;
use crate::pattern::Tier;

/// A step of a scale: from its lower end, included, up to where the next one begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Band {
    from: Decimal,
    below: Option<Decimal>,
}

/// The band that `word`, folded, stands for; `None` when no step has the word.
pub(super) fn band(tiers: &[Tier], word: &str) -> Option<Band> {
    let place = tiers.iter().position(|tier| tier.words.iter().any(|known| fold_text(known) == word))?;
    let below = place.checked_sub(1).and_then(|above| tiers.get(above)).map(|above| above.from);
    Some(Band { from: tiers.get(place)?.from, below })
}

impl Band {
    /// Whether some number of `range` lies in the band. Its upper end counts as in it: a figure that rounds to the
    /// border may lie on either side.
    pub(super) fn holds(self, range: Interval) -> bool {
        if range.low() == range.high() {
            return range.low() >= self.from && self.below.is_none_or(|below| range.low() < below);
        }
        range.high() >= self.from && self.below.is_none_or(|below| range.low() < below)
    }

    /// The band as `80 ≤ … < 90`.
    pub(super) fn words(self) -> String {
        match self.below {
            Some(below) => format!("{}% ≤ … < {below}%", self.from),
            None => format!("≥ {}%", self.from),
        }
    }

    /// The band with `figure` in it.
    pub(super) fn formula(self, figure: impl std::fmt::Display) -> String {
        match self.below {
            Some(below) => format!("{}% ≤ {figure} < {below}%", self.from),
            None => format!("{figure} ≥ {}%", self.from),
        }
    }
}
