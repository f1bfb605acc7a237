//! The merged headings at the left of a table: which words each row stands under.

use std::collections::BTreeMap;

use super::draft::{Draft, DraftText};
use super::hits::Hit;
use super::lexicon::Owner;
use super::placement::Placement;
use super::runs::{Mark, runs};
use super::segment::Segment;
use super::sequence::table_of;
use super::slots::MAX_ROWS;
use super::stream::{Stream, Token};
use crate::pattern::{Group, Pattern, Word};

/// The hole of a heading that holds the number of a goal. The rows under it carry that number, when there are several.
pub(crate) const GOAL: &str = "goal";

/// A word of a group at its place.
pub(crate) struct Heading<'a> {
    pub(crate) hit: &'a Hit,
    pub(crate) group: usize,
    pub(crate) word: &'a Word,
    /// Number of the word in its vocabulary.
    pub(crate) order: usize,
}

/// A cell of a row: where its first character stands, and its row.
pub(crate) type RowPiece = (usize, usize);

/// A tool that goes along rows comes back so often at most: for wrapped cells, on each of two pages. One that goes down
/// columns does for each of them.
const MAX_WALKS_IN_ROWS: usize = 2;

/// Gives every row of the tables with groups the words that it stands under. `pieces` has for each section the
/// cells of its rows in the order of the dump.
pub(crate) fn fill(
    draft: &mut Draft,
    stream: &Stream,
    segment: &Segment,
    pattern: &Pattern,
    pieces: &BTreeMap<usize, Vec<RowPiece>>,
    names: &BTreeMap<usize, Vec<RowPiece>>,
) {
    for (section, pieces) in pieces {
        let Some(table) = table_of(pattern, *section).filter(|table| !table.groups.is_empty()) else { continue };
        let headings = headings(segment, *section, pattern, &table.groups, pieces);
        let walks = walks(pieces);
        let rows = draft.tables.get(section).map_or(0, Vec::len);
        let goals = goals(stream, segment, *section);
        let names = names.get(section).map(Vec::as_slice).unwrap_or_default();
        let text = Text { stream, pieces, names, walks: &walks, rows };
        let mut parted: Vec<Option<Vec<&Heading>>> = Vec::new();
        for group in 0..table.groups.len() {
            let wanted = goals.len() <= 1 && (group + 1 == table.groups.len() || is_walked_twice(&walks));
            let of_group: Vec<&Heading> = headings.iter().filter(|heading| heading.group == group).collect();
            let outer = parted.last().and_then(Option::as_deref);
            parted.push(if wanted { part(&text, &of_group, outer) } else { None });
        }
        for row in 0..rows {
            let mut inner: Option<&Heading> = None;
            let place = pieces.iter().find(|(_, of)| *of == row).map_or(0, |(start, _)| *start);
            if goals.len() > 1 {
                let before = goals.iter().take_while(|at| **at <= place).count().max(1);
                draft.push_index(*section, row, GOAL, before);
            }
            for (group, it) in table.groups.iter().enumerate().rev() {
                let of_group: Vec<&Heading> = headings.iter().filter(|heading| heading.group == group).collect();
                let by_word = inner.and_then(|inner| inner.word.under.as_ref()).and_then(|under| {
                    nearest(of_group.iter().copied().filter(|heading| heading.word.value == *under), place)
                });
                let by_run = || parted.get(group)?.as_ref()?.get(row).copied();
                let own = by_word.or_else(by_run).or_else(|| above(&of_group, pieces, &walks, row));
                let Some(heading) = own else { continue };
                let text = DraftText {
                    spans: heading.hit.word(),
                    confidence: f64::from(heading.hit.similarity),
                    is_label: true,
                    torn: true,
                    placement: Placement::Heading,
                    ..DraftText::default()
                };
                draft.push_cell(*section, row, &it.column, text);
                inner = Some(heading);
            }
        }
    }
}

/// A table as the text has it.
struct Text<'t> {
    stream: &'t Stream,
    /// The cells of its rows in the order of the text, and those of them that are names.
    pieces: &'t [RowPiece],
    names: &'t [RowPiece],
    /// For each cell the walk over the table that it is of.
    walks: &'t [usize],
    rows: usize,
}

/// The heading of each row by the runs of rows that belong together; none where the order of the text tells it. `outer` has
/// the outer heading of each row, where it is known.
fn part<'h, 'a>(text: &Text, headings: &[&'h Heading<'a>], outer: Option<&[&Heading]>) -> Option<Vec<&'h Heading<'a>>> {
    let Text { stream, pieces, names, walks, rows } = *text;
    let by_order: Vec<usize> =
        (0..rows).filter_map(|row| above(headings, pieces, walks, row)).map(|heading| heading.order).collect();
    let mut words: Vec<usize> = headings.iter().map(|heading| heading.order).collect();
    words.sort_unstable();
    words.dedup();
    let name_of = |row: usize| {
        let of_row = |pieces: &[RowPiece]| pieces.iter().find(|(_, of)| *of == row).map(|(start, _)| *start);
        of_row(names).or_else(|| of_row(pieces))
    };
    let starts: Vec<usize> = (0..rows).filter_map(name_of).collect();
    let twice = is_walked_twice(walks);
    if starts.len() != rows || by_order.len() != rows || words.len() < 2 || rows > MAX_ROWS {
        return None;
    }
    let beside = |heading: &Heading, row: usize| {
        let of_row = names.iter().filter(|(_, of)| *of == row);
        of_row.clone().any(|(start, _)| is_beside(stream, heading.hit, *start))
    };
    let elsewhere = |heading: &Heading, row: usize| {
        let over = outer.and_then(|outer| outer.get(row)).map(|outer| outer.word.value.as_str());
        let under = heading.word.under.as_deref();
        over.is_some() && under.is_some() && over != under
    };
    let mark = |word: &usize| {
        let same = headings.iter().filter(|heading| heading.order == *word);
        Mark {
            before: match twice {
                true => same.clone().flat_map(|heading| between(heading, pieces, walks, rows)).collect(),
                false => {
                    let before =
                        |heading: &&Heading| starts.iter().filter(|start| **start < heading.hit.start()).count();
                    same.clone().map(before).map(|before| (before, before)).collect()
                }
            },
            beside: (0..rows).filter(|row| same.clone().any(|heading| beside(heading, *row))).collect(),
            elsewhere: (0..rows).filter(|row| same.clone().all(|heading| elsewhere(heading, *row))).collect(),
        }
    };
    let marks: Vec<Mark> = words.iter().map(mark).collect();
    let in_sequence = headings.is_sorted_by_key(|heading| heading.order);
    let orderly = by_order.is_sorted()
        && words.iter().zip(&marks).all(|(word, mark)| {
            (in_sequence || by_order.contains(word)) && mark.beside.iter().all(|row| by_order.get(*row) == Some(word))
        });
    if orderly && !twice {
        return None;
    }
    let of_rows = runs(rows, &marks, twice);
    let own = of_rows.iter().zip(&starts).map(|(number, start)| {
        let word = words.get(*number)?;
        nearest(headings.iter().copied().filter(|heading| heading.order == *word), *start)
    });
    own.collect()
}

/// Whether a tool has walked a table twice, and gives headings in each walk.
fn is_walked_twice(walks: &[usize]) -> bool {
    matches!(walks.last(), Some(1..=MAX_WALKS_IN_ROWS))
}

/// Which rows a heading may begin with, by the rows before and behind it in its walk, the first and the last of them. Of
/// one between two walks nothing tells which it is of.
fn between(heading: &Heading, pieces: &[RowPiece], walks: &[usize], rows: usize) -> Vec<(usize, usize)> {
    let next = pieces.partition_point(|(start, _)| *start < heading.hit.start());
    let row = |at: usize| pieces.get(at).map(|(_, row)| *row);
    let walk = |at: usize| walks.get(at);
    let before = next.checked_sub(1);
    let after_before = before.and_then(row).map_or(0, |row| row + 1);
    let own = row(next).unwrap_or(rows);
    if before.is_some_and(|before| walk(before) != walk(next) && walk(next).is_some()) {
        return vec![(after_before, rows), (0, own)];
    }
    vec![(after_before.min(own), own)]
}

/// Whether a name, or a line of it, stands right behind a heading, or on a line with it.
fn is_beside(stream: &Stream, heading: &Hit, name: usize) -> bool {
    let Some(name) = stream.token_of(name) else { return false };
    let ends: Vec<_> = heading.fragments.iter().filter_map(|part| stream.token_of(part.end.checked_sub(1)?)).collect();
    let follows = |token: &Token| {
        let next = token.span.end == name.span.start && token.line + 1 == name.line && !name.after_gap;
        next || (token.line == name.line && token.span.end <= name.span.start)
    };
    ends.iter().any(|token| follows(token))
}

/// Where each goal of a table begins: at its heading. One that is printed again on the next page is no other goal.
pub(crate) fn goals(stream: &Stream, segment: &Segment, section: usize) -> Vec<usize> {
    let mut goals: Vec<usize> = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
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

/// For each piece the number of its walk over the table: a dump tool that goes back to an earlier row begins another.
fn walks(pieces: &[RowPiece]) -> Vec<usize> {
    let mut walk = 0;
    let mut before = 0;
    let numbers = pieces.iter().map(|(_, row)| {
        walk += usize::from(*row < before);
        before = *row;
        walk
    });
    numbers.collect()
}

/// The heading of a row: the last one before any of its cells, seen within the walk in which the cell stands. A tool
/// that walks a table twice gives some headings in each walk; the furthest down of those that a row is known to
/// stand below is its own.
fn above<'h, 'a>(
    headings: &[&'h Heading<'a>],
    pieces: &[RowPiece],
    walks: &[usize],
    row: usize,
) -> Option<&'h Heading<'a>> {
    let walk_of = |heading: &Heading| {
        let next = pieces.partition_point(|(start, _)| *start < heading.hit.start());
        walks.get(next).or(walks.last()).copied().unwrap_or(0)
    };
    let walked: Vec<usize> = headings.iter().map(|heading| walk_of(heading)).collect();
    // A heading at the foot of one walk looks as if it stood at the head of the next.
    let belongs = |at: usize, walk: usize| {
        let later = headings.get(at + 1).zip(walked.get(at + 1)).filter(|(_, of)| **of == walk);
        walked.get(at) == Some(&walk)
            && (walk == 0 || later.is_none_or(|(later, _)| headings.get(at).is_some_and(|it| it.order < later.order)))
    };
    let votes = pieces.iter().zip(walks).filter(|((_, of), _)| *of == row).filter_map(|((start, _), walk)| {
        let mut before =
            headings.iter().enumerate().filter(|(at, heading)| heading.hit.start() <= *start && belongs(*at, *walk));
        before.next_back().map(|(_, heading)| *heading)
    });
    let place = pieces.iter().find(|(_, of)| *of == row)?.0;
    votes
        .max_by_key(|heading| heading.order)
        .or_else(|| headings.iter().rfind(|heading| heading.hit.start() <= place).copied())
        .or_else(|| headings.first().copied())
}

/// Of several headings with the same word the last before `start`, else the first after it.
pub(crate) fn nearest<'h, 'a: 'h>(
    headings: impl Iterator<Item = &'h Heading<'a>> + Clone,
    start: usize,
) -> Option<&'h Heading<'a>> {
    let before = headings.clone().take_while(|heading| heading.hit.start() <= start).last();
    before.or_else(|| headings.clone().next())
}

/// The group words of a table in order, each with its group settled.
pub(crate) fn headings<'a>(
    segment: &'a Segment,
    section: usize,
    pattern: &'a Pattern,
    groups: &[Group],
    pieces: &[RowPiece],
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
        let next = hits
            .get(at + 1)
            .filter(|(next, _)| !pieces.iter().any(|(start, _)| *start > hit.start() && *start < next.start()));
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
        // So it is when the table has another inner word that stands under it.
        let over = |other: &&(&Hit, Vec<(usize, usize)>)| match other.1.as_slice() {
            [(group, number)] => {
                let under = word(*group, *number).and_then(|word| word.under.as_deref());
                let own = outer.and_then(|(group, number)| word(group, number)).map(|word| word.value.as_str());
                outer.is_some_and(|(outer, _)| *group > outer) && under.is_some() && under == own
            }
            _ => false,
        };
        let chosen = if words.len() > 1 && (leads || hits.iter().any(|other| over(&other))) { outer } else { inner };
        if let Some((group, number)) = chosen
            && let Some(word) = word(group, number)
        {
            headings.push(Heading { hit, group, word, order: number });
        }
    }
    headings
}
