//! Units of figures: two figures compare only when they count the same thing, in the same steps.

use rust_decimal::Decimal;

use crate::fold::fold_text;
use crate::record::Value;
use crate::value::read_unit;

/// The characters before a unit that say in which steps the figure counts.
const STEPS: [(char, i64); 4] = [('万', 10_000), ('萬', 10_000), ('亿', 100_000_000), ('億', 100_000_000)];

/// What a figure counts, and by how many at a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unit {
    /// How many of `base` the figure counts at a time: 10000 in `3万条`.
    pub(super) step: Decimal,
    /// The thing counted, folded; empty when only a step is written (`3万`).
    pub(super) base: String,
}

impl Unit {
    /// The unit of `value`, else the one that its row writes in a column of its own. A column repeats what the value
    /// says itself, so it is asked only where the value says nothing.
    pub(super) fn of(value: &Value, column: Option<&str>) -> Option<Unit> {
        if value.unit.is_some() || value.scale.is_some() {
            return Unit::new(value.unit.as_deref().unwrap_or_default(), value.scale);
        }
        match read_unit(column?) {
            Some((name, scale)) => Unit::new(&name, scale),
            None => Unit::new(column?, None),
        }
    }

    fn new(name: &str, scale: Option<u64>) -> Option<Unit> {
        let scaled = Decimal::from(scale.unwrap_or(1));
        let folded = fold_text(name);
        if folded.is_empty() && scale.is_none() {
            return None;
        }
        // `万条` and `条` by ten thousands are the same.
        for (ch, step) in STEPS {
            if let Some(base) = folded.strip_prefix(ch) {
                return Some(Unit { step: scaled.checked_mul(Decimal::from(step))?, base: base.to_owned() });
            }
        }
        Some(Unit { step: scaled, base: folded })
    }

    /// Whether figures of this unit are percentages.
    pub(super) fn is_percent(&self) -> bool {
        self.base == "%"
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::testing::value;

    #[test]
    fn steps_before_a_unit() {
        let by_scale = value("1.5万条");
        let mut by_unit = value("1.5");
        by_unit.unit = Some("万条".into());
        assert_eq!(Unit::of(&by_scale, Some("户")), Unit::of(&by_unit, None));
        assert_eq!(Unit::of(&value("3.7"), Some("万条")), Unit::of(&by_unit, None));
        assert_eq!(Unit::of(&value("3.7"), None), None);
        assert_eq!(Unit::of(&value("5"), Some("台（套）")), Unit::of(&value("5"), Some("台(套)")));
        assert!(Unit::of(&value("92"), Some("百分比")).is_some_and(|unit| unit.is_percent()));
        assert!(Unit::of(&value("92"), Some("％")).is_some_and(|unit| unit.is_percent()));
    }
}
