//! The merged headings of rows in a text that a tool has strewn: it puts headings out by their middles, among the rows
//! or behind them all, so that their places tell little.
//!
//! Rows come in the order of the vocabulary. Where one run of rows ends and the next begins is told by headings that
//! stand right before a name, by what names speak of (the words of the pattern say which parts of names go with
//! them), and a little by places.

use std::collections::BTreeMap;

use super::draft::{Draft, DraftText};
use super::groups::{self, Heading, RowPiece, nearest};
use super::lexicon::Owner;
use super::placement::Placement;
use super::segment::Segment;
use super::sequence::table_of;
use super::slots::MAX_ROWS;
use super::stream::Stream;
use crate::pattern::Pattern;

/// The unit is a heading's distance of some five rows.
/// A row whose name speaks of another heading that the table has.
const OTHER_SENSE: f32 = 0.6;
/// A row whose name stands right behind another heading, and on a line with it.
const OTHER_BESIDE: f32 = 0.7;
const OTHER_ON_LINE: f32 = 1.4;
/// Each row by which a heading stands outside of its own, and the most of it: one that a tool has put behind all rows tells
/// nothing.
const AWAY: f32 = 0.2;
const MOST_AWAY: f32 = 0.6;
/// A heading without a row; forms print some.
const UNUSED: f32 = 0.5;
/// Confidence in a heading that is told so.
const CONFIDENCE: f64 = 0.5;

/// Gives every row of the tables with groups the words that it stands under. `pieces` has for each section the cells of
/// its rows in the order of the text, and `names` their names, with each row's text.
pub(crate) fn fill(
    draft: &mut Draft,
    stream: &Stream,
    segment: &Segment,
    pattern: &Pattern,
    pieces: &BTreeMap<usize, Vec<RowPiece>>,
    names: &BTreeMap<usize, BTreeMap<usize, (usize, String)>>,
) {
    let mut others = pieces.clone();
    for (section, pieces) in pieces {
        let Some(table) = table_of(pattern, *section).filter(|table| !table.groups.is_empty()) else { continue };
        let rows = draft.tables.get(section).map_or(0, Vec::len);
        let goals = groups::goals(stream, segment, *section);
        let headings = groups::headings(segment, *section, pattern, &table.groups, pieces);
        let last = table.groups.len() - 1;
        let inner: Vec<&Heading> = headings.iter().filter(|heading| heading.group == last).collect();
        let none = BTreeMap::new();
        let names = names.get(section).unwrap_or(&none);
        if goals.len() > 1 || inner.is_empty() || rows > MAX_ROWS {
            continue;
        }
        others.remove(section);
        let mut firsts: BTreeMap<usize, usize> = BTreeMap::new();
        for (start, row) in pieces {
            let first = firsts.entry(*row).or_insert(*start);
            *first = (*first).min(*start);
        }
        let of_rows = cheapest(stream, segment, &inner, names, (&firsts, rows));
        for (row, order) in of_rows.into_iter().enumerate() {
            let place = names.get(&row).map_or(0, |(start, _)| *start);
            let own = nearest(inner.iter().copied().filter(|heading| heading.order == order), place);
            let Some(own) = own else { continue };
            push(draft, *section, row, &table.groups[last].column, own);
            let under = own.word.under.as_deref();
            for (group, it) in table.groups.iter().enumerate().take(last) {
                let of_group = headings.iter().filter(|heading| heading.group == group);
                let outer = nearest(of_group.clone().filter(|it| Some(it.word.value.as_str()) == under), place)
                    .or_else(|| nearest(of_group, place).filter(|_| under.is_none()));
                if let Some(outer) = outer {
                    push(draft, *section, row, &it.column, outer);
                }
            }
        }
    }
    let places = names.iter().map(|(section, of)| {
        let mut places: Vec<RowPiece> = of.iter().map(|(row, (start, _))| (*start, *row)).collect();
        places.sort_unstable();
        (*section, places)
    });
    groups::fill(draft, stream, segment, pattern, &others, &places.collect());
}

fn push(draft: &mut Draft, section: usize, row: usize, column: &str, heading: &Heading) {
    let text = DraftText {
        spans: heading.hit.word(),
        confidence: f64::from(heading.hit.similarity).min(CONFIDENCE),
        is_label: true,
        torn: true,
        placement: Placement::Heading,
        ..DraftText::default()
    };
    draft.push_cell(section, row, column, text);
}

/// For each row the number of its heading in the vocabulary: the cheapest way to part the rows. `firsts` has where the
/// first cell of each row begins.
fn cheapest(
    stream: &Stream,
    segment: &Segment,
    headings: &[&Heading],
    names: &BTreeMap<usize, (usize, String)>,
    (firsts, rows): (&BTreeMap<usize, usize>, usize),
) -> Vec<usize> {
    let mut words: Vec<usize> = headings.iter().map(|heading| heading.order).collect();
    words.sort_unstable();
    words.dedup();
    let of_word = |word: usize| headings.iter().filter(move |heading| heading.order == word);
    let spoken: Vec<Vec<bool>> = (0..rows)
        .map(|row| {
            let name = names.get(&row).map_or("", |(_, name)| name);
            // The longest sign says most: 及时 in 及时率, not 率.
            let length = |word: &usize| of_word(*word).map(|it| it.word.spoken_in(name)).max().unwrap_or(0);
            let lengths: Vec<usize> = words.iter().map(length).collect();
            let longest = lengths.iter().copied().max().unwrap_or(0);
            lengths.into_iter().map(|length| length > 0 && length == longest).collect()
        })
        .collect();
    let bonds: Vec<Option<(usize, f32)>> =
        (0..rows).map(|row| bond(stream, segment, headings, names.get(&row)?.0)).collect();
    let own = |row: usize, number: usize| {
        let speaks = spoken.get(row).map(Vec::as_slice).unwrap_or_default();
        let other = speaks.contains(&true) && speaks.get(number) != Some(&true);
        let sense = if other { OTHER_SENSE } else { 0.0 };
        let bond = bonds.get(row).copied().flatten().filter(|(word, _)| words.get(number) != Some(word));
        sense + bond.map_or(0.0, |(_, cost)| cost)
    };
    let before: Vec<Vec<usize>> = words
        .iter()
        .map(|word| of_word(*word).map(|it| firsts.values().filter(|start| **start < it.hit.start()).count()).collect())
        .collect();
    let away = |number: usize, begin: usize, end: usize| {
        let outside = |at: &usize| begin.saturating_sub(*at) + at.saturating_sub(end);
        let least = before.get(number).and_then(|places| places.iter().map(outside).min());
        (least.unwrap_or(0) as f32 * AWAY).min(MOST_AWAY)
    };
    // For each number of rows and last heading the least cost, where its run begins, and the heading before.
    let mut best = vec![vec![(f32::INFINITY, 0, None::<usize>); words.len()]; rows + 1];
    for end in 1..=rows {
        for number in 0..words.len() {
            let mut least = (f32::INFINITY, 0, None);
            let mut cost = 0.0;
            for begin in (0..end).rev() {
                cost += own(begin, number);
                let run = cost + away(number, begin, end);
                if begin == 0 {
                    let whole = run + number as f32 * UNUSED;
                    if whole < least.0 {
                        least = (whole, 0, None);
                    }
                    continue;
                }
                for (before, (least_before, ..)) in best[begin].iter().enumerate().take(number) {
                    let whole = least_before + run + (number - before - 1) as f32 * UNUSED;
                    if whole < least.0 {
                        least = (whole, begin, Some(before));
                    }
                }
            }
            best[end][number] = least;
        }
    }
    let cost = |number: usize| best[rows][number].0 + (words.len() - number - 1) as f32 * UNUSED;
    let Some(last) = (0..words.len()).min_by(|one, other| cost(*one).total_cmp(&cost(*other))) else {
        return Vec::new();
    };
    let mut of_rows = vec![0; rows];
    let (mut end, mut number) = (rows, Some(last));
    while let Some(at) = number.filter(|_| end > 0) {
        let (_, begin, before) = best[end][at];
        of_rows[begin..end].fill(words[at]);
        (end, number) = (begin, before);
    }
    of_rows
}

/// The heading right before a name, unless it stands in a row of them, and what it costs to stand under another.
fn bond(stream: &Stream, segment: &Segment, headings: &[&Heading], name: usize) -> Option<(usize, f32)> {
    let token = stream.token_of(name)?;
    let ends = |heading: &Heading| heading.hit.fragments.iter().map(|part| part.end).max().unwrap_or(0);
    let on_line = headings.iter().find(|heading| {
        let parts = &heading.hit.fragments;
        parts.iter().any(|part| {
            part.end <= name
                && part.end.checked_sub(1).and_then(|at| stream.token_of(at)).is_some_and(|of| of.line == token.line)
        })
    });
    if let Some(heading) = on_line {
        return Some((heading.order, OTHER_ON_LINE));
    }
    let heading = headings.iter().rev().find(|heading| ends(heading) == token.span.start)?;
    let before = segment.hits.iter().filter(|hit| hit.start() < heading.hit.start()).max_by_key(|hit| hit.start());
    let stacked = before.is_some_and(|hit| matches!(hit.owner, Owner::Word { .. }) && hit.end() == heading.hit.start());
    (!stacked).then_some((heading.order, OTHER_BESIDE))
}
