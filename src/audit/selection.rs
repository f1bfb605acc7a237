//! Which checks a run is to make.

use crate::pattern::CHECKS;
use crate::record::Record;

/// Which checks a run is to make: all, some, or all but some. A check is named by its id, `budget.rate`, or by the part
/// before the dot, `budget`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Only these; all when empty.
    pub only: Vec<String>,
    /// None of these.
    pub skip: Vec<String>,
}

impl Selection {
    /// Whether the check with this id is to be made.
    pub fn takes(&self, id: &str) -> bool {
        (self.only.is_empty() || self.only.iter().any(|name| names(name, id)))
            && !self.skip.iter().any(|name| names(name, id))
    }

    /// Whether every check is to be made.
    pub fn is_all(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }

    /// Takes the checks that are not to be made out of `record`.
    pub fn apply(&self, record: &mut Record) {
        for checks in record.forms.iter_mut().filter_map(|form| form.checks.as_mut()) {
            checks.retain(|check| self.takes(&check.id));
        }
    }

    /// The first name that no check answers to.
    pub fn unknown(&self) -> Option<&str> {
        let known = |name: &&String| CHECKS.iter().any(|id| names(name, id));
        self.only.iter().chain(&self.skip).find(|name| !known(name)).map(String::as_str)
    }
}

fn names(name: &str, id: &str) -> bool {
    id == name || id.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selection(only: &[&str], skip: &[&str]) -> Selection {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Selection { only: owned(only), skip: owned(skip) }
    }

    #[test]
    fn checks_are_named_by_id_or_family() {
        for (only, skip, id, taken) in [
            (&[][..], &[][..], "budget.rate", true),
            (&["budget"], &[], "budget.rate", true),
            (&["budget.rate"], &[], "budget.score", false),
            (&["budget"], &["budget.score"], "budget.score", false),
            (&["indicator"], &[], "indicators.score", false),
            (&[], &["indicator"], "indicators.score", true),
        ] {
            assert_eq!(selection(only, skip).takes(id), taken, "{only:?} {skip:?} {id}");
        }
        assert_eq!(selection(&["budget"], &["bugdet.rate"]).unknown(), Some("bugdet.rate"));
        assert_eq!(selection(&["grade"], &["form.period"]).unknown(), None);
    }
}
