//! Parts of a form that stand in its text more than once: a dump has gone over them again, or has lost the head of
//! another form between.

use std::collections::BTreeMap;

use super::groups::GOAL;
use super::hits::Hit;
use super::lexicon::Owner;
use super::segment::Segment;
use crate::pattern::Pattern;

/// How the fields end that hold the weight of a section.
const WEIGHT: &str = "_weight";

/// The sections of `pattern` that `segment` has more than once, in the pattern's order. The heading that gives a section
/// its points tells, and the row that adds a table up: a form has each once. Heads of columns tell nothing, since they
/// are printed again on the next page, and neither does a heading that is numbered by goals.
pub(crate) fn sections(segment: &Segment, pattern: &Pattern) -> Vec<String> {
    let mut times: BTreeMap<(usize, bool), usize> = BTreeMap::new();
    for hit in &segment.hits {
        match hit.owner {
            Owner::Heading { section } if gives_points(hit) => *times.entry((section, false)).or_default() += 1,
            Owner::Total { section } => *times.entry((section, true)).or_default() += 1,
            _ => {}
        }
    }
    let is_repeated = |number: usize| [false, true].iter().any(|total| times.get(&(number, *total)) > Some(&1));
    let sections = pattern.sections.iter().enumerate().filter(|(number, _)| is_repeated(*number));
    sections.map(|(_, section)| section.id.clone()).collect()
}

/// Whether the heading prints the weight of its section, and not that of one goal.
fn gives_points(hit: &Hit) -> bool {
    !hit.holes.is_empty()
        && hit.hole_ids.iter().any(|id| id.ends_with(WEIGHT))
        && hit.hole_ids.iter().all(|id| id != GOAL)
}
