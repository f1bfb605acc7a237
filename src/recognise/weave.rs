//! A form that a dump walks several times: first the short cells of all rows, then the wrapped ones; or page by page so.
//!
//! Each walk goes over the form's sections in order. Woven together, section by section, the items of the walks stand
//! near each other again: a value near its label, and the two halves of a table one behind the other.

use std::collections::BTreeSet;

use super::hits::Hit;
use super::items::{Item, Piece};
use super::lexicon::Owner;
use super::segment::Segment;
use super::shape::{self, Shape};
use crate::pattern::{Body, Pattern};
use crate::value::Type;

/// A walk has at least so many labels; a label or two out of order are a slip of the dump's, no walk.
const MIN_LABELS: usize = 3;
/// Of the pairs of labels that are out of order, so many per label of the shorter walk have the cut between them: each
/// label of a second walk comes after some that should follow it.
const PAIRS_A_LABEL: usize = 3;
/// And this share of all the pairs that are out of order: a dump that goes down columns has as many elsewhere.
const SHARE: f64 = 0.6;
/// Walks of one form at most: two a page, and the longest form has a handful of pages.
const MAX_WALKS: usize = 12;
/// Two walks go over at least so many sections both: a form that has its parts in another order is walked once.
const COMMON: usize = 2;
/// A section is taken to begin before its first label only if its pieces fit so much better: half a misfit.
const EARLY: f32 = 0.5;
/// Labels beyond this number are not looked at; the longest form has some two hundred.
const MAX_LABELS: usize = 2000;

/// Where an item stands in a form that is walked several times.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Walk {
    /// Which walk it is from.
    pub(crate) number: usize,
    /// The section that the walk is in there.
    pub(crate) section: usize,
}

/// The section that a label stands for, when there is no doubt about it.
fn section(item: &Item, segment: &Segment) -> Option<usize> {
    let Item::Hit(hit) = item else { return None };
    let hit: &Hit = segment.hits.get(*hit)?;
    let section = hit.owner.section()?;
    let sure = !hit.torn && hit.owners.iter().all(|owner| owner.section() == Some(section));
    (sure && !matches!(hit.owner, Owner::Spare { .. })).then_some(section)
}

/// The items in the order of the form's sections, and for each the number of its walk; none for a form that seems to be
/// walked once. Items of one walk keep their order within a section.
pub(crate) fn weave(items: &[Item], segment: &Segment, pattern: &Pattern) -> Option<(Vec<Item>, Vec<Walk>)> {
    let labels: Vec<(usize, usize)> = items
        .iter()
        .enumerate()
        .filter_map(|(at, item)| Some((at, section(item, segment)?)))
        .take(MAX_LABELS)
        .collect();
    let mut cuts = Vec::new();
    cut(&labels, &mut cuts);
    if cuts.is_empty() {
        return None;
    }
    cuts.sort_unstable();
    let walk_of = |at: usize| cuts.partition_point(|cut| *cut <= at);
    let mut places = Vec::with_capacity(items.len());
    for walk in 0..=cuts.len() {
        let own: Vec<(usize, usize)> = labels.iter().copied().filter(|(at, _)| walk_of(*at) == walk).collect();
        let mut steps = rising(&own).into_iter().peekable();
        let mut section = steps.peek().map_or(0, |(_, section)| *section);
        let own = (0..items.len()).filter(|at| walk_of(*at) == walk);
        let mut between: Vec<usize> = Vec::new();
        for at in own {
            if let Some((_, next)) = steps.next_if(|(label, _)| *label <= at) {
                place_between(items, pattern, (section, next), walk, &mut between, &mut places);
                section = next;
            }
            between.push(at);
        }
        place_between(items, pattern, (section, section), walk, &mut between, &mut places);
    }
    places.sort_unstable();
    let mut woven = Vec::with_capacity(items.len());
    let mut walks = Vec::with_capacity(items.len());
    let mut labels_before = 0;
    let mut before: Option<usize> = None;
    for (section, number, at) in places {
        let Some(mut item) = items.get(at).cloned() else { continue };
        match &mut item {
            Item::Piece(piece) => {
                piece.joins &= before.is_some_and(|before| before + 1 == at);
                piece.labels_before = labels_before;
            }
            Item::Hit(hit) => {
                let is_label = |hit: &Hit| !matches!(hit.owner, Owner::Furniture { .. });
                labels_before += usize::from(segment.hits.get(*hit).is_some_and(is_label));
            }
        }
        before = Some(at);
        woven.push(item);
        walks.push(Walk { number, section });
    }
    Some((woven, walks))
}

/// Places the items between a label of one section and the next one's: as many as suit the one section better stay with
/// it, those that suit the other better go before its label.
fn place_between(
    items: &[Item],
    pattern: &Pattern,
    (section, next): (usize, usize),
    walk: usize,
    between: &mut Vec<usize>,
    places: &mut Vec<(usize, usize, usize)>,
) {
    let gain = |at: &usize| match items.get(*at) {
        // Words suit many places; a line of prose may look like a name.
        Some(Item::Piece(piece)) if !matches!(piece.shape, Shape::Word | Shape::Prose) => {
            misfit(pattern, section, piece) - misfit(pattern, next, piece)
        }
        _ => 0.0,
    };
    let mut split = between.len();
    if section != next {
        let (mut best, mut gained) = (EARLY, 0.0);
        for (number, at) in between.iter().enumerate().rev() {
            gained += gain(at);
            if gained > best {
                (best, split) = (gained, number);
            }
        }
    }
    let sections = (0..between.len()).map(|number| if number < split { section } else { next });
    places.extend(sections.zip(between.drain(..)).map(|(section, at)| (section, walk, at)));
}

/// How badly a piece fits the values of a section, at best.
fn misfit(pattern: &Pattern, section: usize, piece: &Piece) -> f32 {
    let of = |kinds: &mut dyn Iterator<Item = Type>| {
        kinds.map(|kind| shape::misfit(kind, piece.shape)).fold(f32::INFINITY, f32::min)
    };
    match pattern.sections.get(section).map(|section| &section.body) {
        Some(Body::Fields(fields)) => of(&mut fields.iter().map(|field| field.kind)),
        Some(Body::Table(table)) => of(&mut table.columns.iter().map(|column| column.kind)),
        None => 0.0,
    }
}

/// Finds where a walk over the form begins anew among `labels`, each an item and its section, and in the parts again.
fn cut(labels: &[(usize, usize)], cuts: &mut Vec<usize>) {
    if labels.len() < 2 * MIN_LABELS || cuts.len() + 1 >= MAX_WALKS {
        return;
    }
    let most = labels.iter().map(|(_, section)| *section).max().unwrap_or(0);
    let mut after = vec![0usize; most + 1];
    labels.iter().for_each(|(_, section)| after[*section] += 1);
    let mut before = vec![0usize; most + 1];
    // Pairs out of order over the cut, and over all.
    let mut over = 0usize;
    let mut all = 0usize;
    let mut best: Option<(usize, usize)> = None;
    for (number, (_, section)) in labels.iter().enumerate() {
        let higher_before: usize = before.iter().skip(section + 1).sum();
        let lower_after: usize = after.iter().take(*section).sum();
        all += higher_before;
        over = over + lower_after - higher_before;
        before[*section] += 1;
        after[*section] -= 1;
        let enough = number + 1 >= MIN_LABELS && labels.len() - number > MIN_LABELS;
        if enough && best.is_none_or(|(_, best)| over > best) {
            best = Some((number + 1, over));
        }
    }
    let Some((number, over)) = best else { return };
    let (one, other) = labels.split_at(number);
    let sections = |labels: &[(usize, usize)]| labels.iter().map(|(_, section)| *section).collect::<BTreeSet<_>>();
    let common = sections(one).intersection(&sections(other)).count();
    let wanted = PAIRS_A_LABEL * one.len().min(other.len());
    if common < COMMON || over < wanted || (over as f64) < SHARE * all as f64 {
        return;
    }
    cuts.extend(other.first().map(|(at, _)| *at));
    cut(one, cuts);
    cut(other, cuts);
}

/// The longest run of labels whose sections never fall.
fn rising(labels: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // For each section the length of the longest such run that ends in it, and its last label.
    let mut ends: Vec<(usize, usize, usize)> = Vec::new();
    let mut previous: Vec<Option<usize>> = Vec::with_capacity(labels.len());
    for (number, (_, section)) in labels.iter().enumerate() {
        let from =
            ends.iter().filter(|(of, ..)| of <= section).max_by_key(|(_, length, last)| (*length, *last)).copied();
        let length = from.map_or(0, |(_, length, _)| length) + 1;
        previous.push(from.map(|(.., last)| last));
        match ends.iter_mut().find(|(of, ..)| of == section) {
            Some(end) if end.1 <= length => (end.1, end.2) = (length, number),
            Some(_) => {}
            None => ends.push((*section, length, number)),
        }
    }
    let mut at =
        ends.iter().max_by_key(|(_, length, last)| (*length, std::cmp::Reverse(*last))).map(|(.., last)| *last);
    let mut run = Vec::new();
    while let Some(number) = at {
        run.extend(labels.get(number).copied());
        at = previous.get(number).copied().flatten();
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts(sections: &[usize]) -> Vec<usize> {
        let labels: Vec<(usize, usize)> = sections.iter().copied().enumerate().collect();
        let mut cuts = Vec::new();
        cut(&labels, &mut cuts);
        cuts.sort_unstable();
        cuts
    }

    #[test]
    fn a_second_walk_is_cut_off() {
        assert_eq!(cuts(&[0, 0, 1, 1, 2, 3, 3, 3, 3, 0, 0, 1, 2, 3, 3, 4]), [9]);
    }

    #[test]
    fn a_slip_or_an_orderly_dump_is_not_cut() {
        assert_eq!(cuts(&[0, 0, 1, 1, 2, 3, 3, 3, 3, 4]), [0usize; 0]);
        assert_eq!(cuts(&[0, 0, 1, 2, 1, 3, 3, 2, 3, 3, 3, 4, 4]), [0usize; 0]);
    }

    #[test]
    fn strays_are_left_out_of_the_rise() {
        let labels: Vec<(usize, usize)> = [0, 0, 4, 1, 2, 0, 3, 3].into_iter().enumerate().collect();
        let sections: Vec<usize> = rising(&labels).into_iter().map(|(_, section)| section).collect();
        assert_eq!(sections, [0, 0, 1, 2, 3, 3]);
    }
}
