//! Closed intervals of exact decimals: what a stated figure stands for, and arithmetic that keeps account of it.
//!
//! A stated figure stands for every number that rounds to it: `46.66` for 46.655 to 46.665. Two figures disagree
//! only when their intervals do not meet, so a figure that is off by exactly half a unit in its last place still
//! agrees. The model is that of XBRL Calculations 1.1. Nothing here panics: what leaves the range of [`Decimal`]
//! gives `None`, and the check that asked is unverifiable.

use rust_decimal::{Decimal, RoundingStrategy};

/// A closed interval; `low` never exceeds `high`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    low: Decimal,
    high: Decimal,
}

/// How a stated figure stands to what it should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Agreement {
    /// It is the computed figure, rounded.
    Rounded,
    /// It is the computed figure with the further digits cut off.
    Truncated,
    /// It is neither.
    None,
}

impl Interval {
    /// Just this number.
    pub fn exact(figure: Decimal) -> Interval {
        Interval { low: figure, high: figure }
    }

    /// From the lower of two numbers to the higher.
    pub fn between(one: Decimal, other: Decimal) -> Interval {
        Interval { low: one.min(other), high: one.max(other) }
    }

    /// Every number that rounds to `figure` at the places it is written with: half a unit in the last place either way.
    pub fn stated(figure: Decimal) -> Option<Interval> {
        let half = Decimal::try_new(5, figure.scale().checked_add(1)?).ok()?;
        Some(Interval { low: figure.checked_sub(half)?, high: figure.checked_add(half)? })
    }

    /// Whether some number here gives `figure` when its further digits are cut off: it is less than one unit of the last
    /// place beyond it. 9.34 itself is not cut off to 9.33.
    fn is_cut_to(self, figure: Decimal) -> Option<bool> {
        let unit = Decimal::try_new(1, figure.scale()).ok()?;
        if figure.is_sign_negative() {
            return Some(self.low <= figure && self.high > figure.checked_sub(unit)?);
        }
        Some(self.high >= figure && self.low < figure.checked_add(unit)?)
    }

    /// The lowest number.
    pub fn low(self) -> Decimal {
        self.low
    }

    /// The highest number.
    pub fn high(self) -> Decimal {
        self.high
    }

    /// The number half way between the ends.
    pub fn middle(self) -> Option<Decimal> {
        self.low.checked_add(self.high)?.checked_div(Decimal::TWO)
    }

    /// Whether some number is in both.
    pub fn meets(self, other: Interval) -> bool {
        self.low <= other.high && other.low <= self.high
    }

    /// Every sum of a number of each.
    pub fn plus(self, other: Interval) -> Option<Interval> {
        Some(Interval { low: self.low.checked_add(other.low)?, high: self.high.checked_add(other.high)? })
    }

    /// Every product of a number of each.
    pub fn times(self, other: Interval) -> Option<Interval> {
        let mut corners = [Decimal::ZERO; 4];
        let pairs = [(self.low, other.low), (self.low, other.high), (self.high, other.low), (self.high, other.high)];
        for (corner, (left, right)) in corners.iter_mut().zip(pairs) {
            *corner = left.checked_mul(right)?;
        }
        let low = corners.iter().copied().min()?;
        let high = corners.iter().copied().max()?;
        Some(Interval { low, high })
    }

    /// Every quotient of a number of each; `None` when the divisor may be nought.
    pub fn over(self, divisor: Interval) -> Option<Interval> {
        if divisor.low <= Decimal::ZERO && divisor.high >= Decimal::ZERO {
            return None;
        }
        let corners = [
            self.low.checked_div(divisor.low)?,
            self.low.checked_div(divisor.high)?,
            self.high.checked_div(divisor.low)?,
            self.high.checked_div(divisor.high)?,
        ];
        Some(Interval { low: corners.iter().copied().min()?, high: corners.iter().copied().max()? })
    }

    /// The smaller of each number and `cap`.
    pub fn at_most(self, cap: Decimal) -> Interval {
        Interval { low: self.low.min(cap), high: self.high.min(cap) }
    }

    /// The larger of each number and `floor`: amounts of money do not fall below nought by rounding.
    pub fn at_least(self, floor: Decimal) -> Interval {
        Interval { low: self.low.max(floor), high: self.high.max(floor) }
    }

    /// The ends to `places` decimals, the interval widened rather than narrowed.
    pub fn shown(self, places: u32) -> [Decimal; 2] {
        [
            self.low.round_dp_with_strategy(places, RoundingStrategy::ToNegativeInfinity).normalize(),
            self.high.round_dp_with_strategy(places, RoundingStrategy::ToPositiveInfinity).normalize(),
        ]
    }
}

/// How the figure `stated`, in the digits it is written with, stands to `computed`. `None` when it is out of range.
pub fn agreement(stated: Decimal, computed: Interval) -> Option<Agreement> {
    Some(match () {
        () if Interval::stated(stated)?.meets(computed) => Agreement::Rounded,
        () if computed.is_cut_to(stated)? => Agreement::Truncated,
        () => Agreement::None,
    })
}

/// `figure` to at most `places` decimals, halves away from nought, without trailing noughts.
pub fn rounded(figure: Decimal, places: u32) -> Decimal {
    figure.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero).normalize()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn interval(low: &str, high: &str) -> Interval {
        Interval { low: decimal(low), high: decimal(high) }
    }

    #[test]
    fn a_stated_figure_stands_for_what_rounds_to_it() {
        for (figure, low, high) in [
            ("46.66", "46.655", "46.665"),
            ("15", "14.5", "15.5"),
            ("100.00", "99.995", "100.005"),
            ("0", "-0.5", "0.5"),
        ] {
            assert_eq!(Interval::stated(decimal(figure)), Some(interval(low, high)), "{figure}");
        }
    }

    #[test]
    fn both_sides_of_the_rounding_border() {
        for (stated, computed, expected) in [
            ("9.33", "9.325", Agreement::Rounded),
            ("9.33", "9.335", Agreement::Rounded),
            ("9.33", "9.3351", Agreement::Truncated),
            ("9.33", "9.3399", Agreement::Truncated),
            ("9.33", "9.34", Agreement::None),
            ("9.33", "9.3249", Agreement::None),
            ("9", "9.8", Agreement::Truncated),
            ("9", "10", Agreement::None),
            ("-2", "-2.8", Agreement::Truncated),
            ("-2", "-3", Agreement::None),
            ("10", "9.5", Agreement::Rounded),
            ("10", "9.49", Agreement::None),
        ] {
            let computed = Interval::exact(decimal(computed));
            assert_eq!(agreement(decimal(stated), computed), Some(expected), "{stated} for {computed:?}");
        }
    }

    #[test]
    fn out_of_range_is_none() {
        assert_eq!(Interval::stated(Decimal::MAX), None);
        assert_eq!(Interval::stated(decimal("0.0000000000000000000000000001")), None);
        let huge = Interval::exact(Decimal::MAX);
        assert_eq!(huge.plus(huge), None);
        assert_eq!(huge.times(huge), None);
        assert_eq!(huge.over(interval("-1", "1")), None);
        assert_eq!(huge.over(interval("0", "1")), None);
    }

    #[test]
    fn caps_and_shows() {
        let rate = interval("0.9", "1.1");
        assert_eq!(rate.at_most(Decimal::ONE), interval("0.9", "1"));
        assert_eq!(interval("-0.5", "0.5").at_least(Decimal::ZERO), interval("0", "0.5"));
        assert_eq!(interval("9.3111", "9.3119").shown(3), [decimal("9.311"), decimal("9.312")]);
        assert_eq!(rounded(decimal("9.33123"), 2), decimal("9.33"));
        assert_eq!(rounded(decimal("2.5"), 0), decimal("3"));
    }

    /// A figure in the range that forms write, with what it was rounded from.
    fn figure() -> impl Strategy<Value = (Decimal, Decimal)> {
        (-10_000_000_i64..10_000_000, 0_u32..4).prop_map(|(units, places)| {
            let whole = Decimal::new(units, 4);
            let written = whole.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
            let mut written = written;
            written.rescale(places);
            (whole, written)
        })
    }

    proptest! {
        /// Whatever was rounded, the arithmetic on the rounded figures has the true result inside.
        #[test]
        fn keeps_the_truth_inside((left, l) in figure(), (right, r) in figure()) {
            let (l, r) = (Interval::stated(l).unwrap(), Interval::stated(r).unwrap());
            for (computed, truth) in [
                (l.plus(r), left.checked_add(right)),
                (l.times(r), left.checked_mul(right)),
                (l.over(r), left.checked_div(right)),
            ] {
                if let (Some(computed), Some(truth)) = (computed, truth) {
                    prop_assert!(computed.low <= truth && truth <= computed.high, "{truth} not in {computed:?}");
                }
            }
        }

        /// A figure agrees with whatever it was rounded from or cut off from.
        #[test]
        fn rounding_and_cutting_agree(units in -10_000_000_i64..10_000_000, places in 0_u32..4) {
            let truth = Decimal::new(units, 5);
            let mut written = truth.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
            written.rescale(places);
            prop_assert_eq!(agreement(written, Interval::exact(truth)), Some(Agreement::Rounded));
            let mut cut = truth.trunc_with_scale(places);
            cut.rescale(places);
            prop_assert_ne!(agreement(cut, Interval::exact(truth)), Some(Agreement::None));
        }

        /// No digits that a decimal can hold make it panic.
        #[test]
        fn never_panics(low in any::<[u32; 3]>(), high in any::<[u32; 3]>(), scale in 0_u32..29, other in 0_u32..29) {
            let a = Decimal::from_parts(low[0], low[1], low[2], low[0] % 2 == 0, scale);
            let b = Decimal::from_parts(high[0], high[1], high[2], high[1] % 2 == 0, other);
            for (x, y) in [(Interval::stated(a), Interval::stated(b)), (Some(Interval::exact(a)), Some(Interval::exact(b)))] {
                if let (Some(x), Some(y)) = (x, y) {
                    let _ = (x.plus(y), x.times(y), x.over(y), x.shown(2), x.meets(y));
                }
            }
            let _ = (agreement(a, Interval::exact(b)), rounded(a, 2));
        }
    }
}
