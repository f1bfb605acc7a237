//! The merged headings at the left of a table: which words each row stands under.

use super::draft::{Draft, DraftText};
use super::hits::Hit;
use super::lexicon::Owner;
use super::segment::Segment;
use super::sequence::table_of;
use super::stream::Stream;
use crate::pattern::{Group, Pattern, Word};

/// The hole of a heading that holds the number of a goal. The rows under it carry that number, when there are several.
pub(crate) const GOAL: &str = "goal";

/// A word of a group at its place.
struct Heading<'a> {
    hit: &'a Hit,
    group: usize,
    word: &'a Word,
}

/// Gives every row of the tables with groups the words that it stands under. `starts` are section, row and the
/// row's first character.
pub(crate) fn fill(
    draft: &mut Draft,
    stream: &Stream,
    segment: &Segment,
    pattern: &Pattern,
    starts: &[(usize, usize, usize)],
) {
    for section in 0..pattern.sections.len() {
        let Some(table) = table_of(pattern, section).filter(|table| !table.groups.is_empty()) else { continue };
        let goals = goals(stream, segment, section);
        for (_, row, start) in starts.iter().filter(|(of, ..)| *of == section) {
            let before = goals.iter().take_while(|at| **at <= *start).count().max(1);
            if goals.len() > 1 {
                draft.push_index(section, *row, GOAL, before);
            }
        }
        let headings = headings(segment, section, pattern, &table.groups, starts);
        for (_, row, start) in starts.iter().filter(|(of, ..)| *of == section) {
            let mut inner: Option<&Heading> = None;
            for (group, it) in table.groups.iter().enumerate().rev() {
                let of_group = || headings.iter().filter(|heading| heading.group == group);
                let before = of_group().take_while(|heading| heading.hit.start() <= *start).last();
                let by_word = inner
                    .and_then(|inner| inner.word.under.as_ref())
                    .and_then(|under| nearest(of_group().filter(|heading| heading.word.value == *under), *start));
                let Some(heading) = by_word.or(before) else { continue };
                let text = DraftText {
                    spans: heading.hit.fragments.clone(),
                    confidence: f64::from(heading.hit.similarity),
                    is_label: true,
                    torn: true,
                    ..DraftText::default()
                };
                draft.push_cell(section, *row, &it.column, text);
                inner = Some(heading);
            }
        }
    }
}

/// Where each goal of a table begins: at its heading. One that is printed again on the next page is no other goal.
pub(crate) fn goals(stream: &Stream, segment: &Segment, section: usize) -> Vec<usize> {
    let mut goals: Vec<usize> = Vec::new();
    let mut seen: Vec<String> = Vec::new();
    for hit in segment.hits.iter().filter(|hit| hit.owner == Owner::Heading { section }) {
        let number = hit.hole_ids.iter().zip(&hit.holes).find(|(id, _)| *id == GOAL);
        let Some(number) = number.map(|(_, span)| stream.text_of(span)) else { continue };
        if !seen.contains(&number) {
            goals.push(hit.start());
            seen.push(number);
        }
    }
    goals
}

/// Of several headings with the same word the last before `start`, else the first after it.
fn nearest<'h, 'a: 'h>(
    headings: impl Iterator<Item = &'h Heading<'a>> + Clone,
    start: usize,
) -> Option<&'h Heading<'a>> {
    let before = headings.clone().take_while(|heading| heading.hit.start() <= start).last();
    before.or_else(|| headings.clone().next())
}

/// The group words of a table in order, each with its group settled.
fn headings<'a>(
    segment: &'a Segment,
    section: usize,
    pattern: &'a Pattern,
    groups: &[Group],
    starts: &[(usize, usize, usize)],
) -> Vec<Heading<'a>> {
    let of = |hit: &Hit| -> Vec<(usize, usize)> {
        let words = hit.owners.iter().filter_map(|owner| match *owner {
            Owner::Word { section: at, group, word } if at == section => Some((group, word)),
            _ => None,
        });
        words.collect()
    };
    let hits: Vec<(&Hit, Vec<(usize, usize)>)> =
        segment.hits.iter().map(|hit| (hit, of(hit))).filter(|(_, words)| !words.is_empty()).collect();
    let word = |group: usize, word: usize| {
        groups
            .get(group)
            .and_then(|group| pattern.vocabularies.get(&group.vocabulary))
            .and_then(|words| words.get(word))
    };
    let mut headings = Vec::new();
    for (at, (hit, words)) in hits.iter().enumerate() {
        let next = hits.get(at + 1).filter(|(next, _)| {
            !starts.iter().any(|(of, _, start)| *of == section && *start > hit.start() && *start < next.start())
        });
        // A word of an outer and an inner group is the outer one when an inner word that can stand under it follows at once.
        let outer = words.iter().min().copied();
        let inner = words.iter().max().copied();
        let leads = next.is_some_and(|(_, next)| {
            next.iter().any(|(group, number)| {
                let under = word(*group, *number).and_then(|word| word.under.as_deref());
                let own = outer.and_then(|(group, number)| word(group, number)).map(|word| word.value.as_str());
                outer.is_some_and(|(outer, _)| *group > outer) && (under.is_none() || under == own)
            })
        });
        let chosen = if words.len() > 1 && leads { outer } else { inner };
        if let Some((group, number)) = chosen
            && let Some(word) = word(group, number)
        {
            headings.push(Heading { hit, group, word });
        }
    }
    headings
}
