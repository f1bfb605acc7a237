//! Heads of tables in a text that keeps its columns: labels whose pieces stand above each other, many side by side.

use super::hits::Hit;
use super::lexicon::{Lexicon, Owner};
use super::segment::Segment;
use super::stream::{Span, Stream, Token};
use crate::layout::{Head, Known, Layout, Place, Stretch};
use crate::pattern::{Body, Part, Pattern, Rows, Table};

/// The pieces of a label stand so many lines apart at most: between two lines of one cell stands one of its neighbours.
const MAX_STEP: u32 = 3;

/// Pieces of a label stand above each other, or are off by so many columns.
const SLIP: u32 = 1;

/// A head has no more lines than this: six characters one a line, and those beside them.
const MAX_LINES: u32 = 8;

/// A table with so many columns has a head when this share of them is found.
const SHARE: f64 = 0.4;

/// Two cells side by side may be a head, and three are one.
const LEAST: usize = 2;

/// A head of so few cells has them side by side; of more, a dump may have shifted some.
const FEW: usize = 3;

/// So many blanks keep a label apart from what stands before it on its line.
const APART: u32 = 2;

/// A label of so many characters that begins a line begins a part of the form, even without a colon behind it.
const MIN_LABEL: usize = 4;

/// A label that may be a cell of a head.
#[derive(Clone, Debug)]
struct Found {
    owners: Vec<Owner>,
    pieces: Vec<Stretch>,
    tokens: Vec<u32>,
    length: usize,
}

impl Found {
    fn first_line(&self) -> u32 {
        self.pieces.iter().map(|piece| piece.0).min().unwrap_or_default()
    }

    fn last_line(&self) -> u32 {
        self.pieces.iter().map(|piece| piece.0).max().unwrap_or_default()
    }

    fn left(&self) -> u32 {
        self.pieces.iter().map(|piece| piece.1).min().unwrap_or_default()
    }
}

/// The labels of `pattern` that stand in `segment`, and the heads of its tables, in reading order.
pub(crate) fn known(
    stream: &Stream,
    layout: &Layout,
    segment: &Segment,
    lexicon: &Lexicon,
    pattern: &Pattern,
) -> Known {
    let inside = |token: &&(usize, &Token)| {
        segment.span.start <= token.1.span.start && token.1.span.end <= segment.span.end && token.1.cell.is_none()
    };
    let numbered: Vec<(usize, &Token)> = stream.tokens.iter().enumerate().collect();
    let tokens: Vec<(usize, &Token, Stretch)> = numbered
        .iter()
        .filter(inside)
        .filter_map(|(number, token)| Some((*number, *token, stretch(stream, layout, &token.span)?)))
        .collect();
    let mut found = stacks(stream, lexicon, &tokens);
    found.extend(segment.hits.iter().filter_map(|hit| whole(stream, layout, hit)));
    found.sort_by_key(|one| (one.first_line(), one.left()));
    let mut heads: Vec<(usize, u32, Head, usize)> = Vec::new();
    for (number, section) in pattern.sections.iter().enumerate() {
        let Body::Table(table) = &section.body else { continue };
        let of_table: Vec<&Found> =
            found.iter().filter(|one| one.owners.iter().any(|owner| is_column(owner, number))).collect();
        heads.extend(of_section(number, table, &of_table));
    }
    // Where two tables claim the same lines, the head with more of its labels stands.
    heads.sort_by_key(|(weight, ..)| std::cmp::Reverse(*weight));
    let mut kept: Vec<(u32, Head, usize)> = Vec::new();
    for (_, last, head, section) in heads {
        if kept.iter().all(|(other_last, other, _)| last < other.line || *other_last < head.line) {
            kept.push((last, head, section));
        }
    }
    kept.sort_by_key(|(_, head, _)| head.line);
    let stops = stops(stream, layout, segment);
    let heads = kept.into_iter().map(|(last, head, section)| {
        let end = stops.iter().find(|(line, of)| *line > last && *of != section).map(|(line, _)| *line);
        Head { end, ..head }
    });
    let heads = heads.collect();
    // Of labels that overlap the longest stands.
    found.sort_by_key(|one| std::cmp::Reverse(one.length));
    let mut taken: Vec<u32> = Vec::new();
    found.retain(|one| {
        let free = !one.tokens.iter().any(|token| taken.contains(token));
        if free {
            taken.extend(&one.tokens);
        }
        free
    });
    Known { heads, labels: found.into_iter().map(|one| one.pieces).collect() }
}

fn is_column(owner: &Owner, number: usize) -> bool {
    matches!(owner, Owner::Column { section, .. } | Owner::GroupHead { section, .. } if *section == number)
}

fn is_label(owner: &Owner) -> bool {
    !matches!(owner, Owner::Words { .. } | Owner::Spare { .. } | Owner::Furniture { .. })
}

/// Where a span of one line stands; none on a page of a PDF.
fn stretch(stream: &Stream, layout: &Layout, span: &Span) -> Option<Stretch> {
    let (first, last) = (stream.chars.get(span.start)?, stream.chars.get(span.end.checked_sub(1)?)?);
    let Place::Text { line, column, .. } = layout.runs.get(first.run.0 as usize)?.place else { return None };
    let before = column.saturating_sub(1);
    Some((line, before + first.at, before + last.at + 1))
}

/// A label that stands in one piece, or broken over lines that follow each other.
fn whole(stream: &Stream, layout: &Layout, hit: &Hit) -> Option<Found> {
    let owners: Vec<Owner> = hit.owners.iter().filter(|owner| is_label(owner)).copied().collect();
    let lines =
        stream.tokens.iter().enumerate().filter(|(_, token)| hit.spans().any(|span| super::overlap(span, &token.span)));
    let (tokens, pieces): (Vec<u32>, Vec<Option<Stretch>>) =
        lines.map(|(number, token)| (number as u32, stretch(stream, layout, &token.span))).unzip();
    let pieces: Vec<Stretch> = pieces.into_iter().collect::<Option<_>>()?;
    let stacked = pieces.windows(2).all(|pair| matches!(pair, [a, b] if follows(*a, *b)));
    let length = hit.fragments.iter().map(Span::len).sum();
    let clean = stream.begins_token(hit.start()) && stream.ends_token(hit.end());
    (clean && !owners.is_empty() && !pieces.is_empty() && stacked).then_some(Found { owners, pieces, tokens, length })
}

/// Whether a piece can go on under, or right after, another one.
fn follows(above: Stretch, under: Stretch) -> bool {
    if above.0 == under.0 {
        return above.2 <= under.1 && under.1 <= above.2 + 1;
    }
    above.0 < under.0 && under.0 <= above.0 + MAX_STEP && under.1 < above.2 + SLIP && above.1 < under.2 + SLIP
}

/// The labels of columns whose pieces stand above each other.
fn stacks(stream: &Stream, lexicon: &Lexicon, tokens: &[(usize, &Token, Stretch)]) -> Vec<Found> {
    let mut found = Vec::new();
    for entry in &lexicon.entries {
        let owners: Vec<Owner> = entry.owners.iter().filter(|owner| is_label(owner)).copied().collect();
        let ([Part::Literal(label)], false) = (entry.template.parts.as_slice(), owners.is_empty()) else { continue };
        for (first, (number, token, place)) in tokens.iter().enumerate() {
            let Some(mut at) = go_on(stream, label, 0, &token.span) else { continue };
            let (mut pieces, mut used) = (vec![*place], vec![*number as u32]);
            for (number, token, place) in tokens.get(first + 1..).unwrap_or_default() {
                let Some(last) = pieces.last() else { break };
                if at >= label.len() || place.0 > last.0 + MAX_STEP {
                    break;
                }
                if !follows(*last, *place) {
                    continue;
                }
                if let Some(further) = go_on(stream, label, at, &token.span) {
                    at = further;
                    pieces.push(*place);
                    used.push(*number as u32);
                }
            }
            if at >= label.len() && pieces.len() > 1 {
                found.push(Found { owners: owners.clone(), pieces, tokens: used, length: label.len() });
            }
        }
    }
    found
}

/// How far a label is matched after a token that is its next piece. A remark in brackets may follow the label.
fn go_on(stream: &Stream, label: &[char], at: usize, token: &Span) -> Option<usize> {
    let mut at = at;
    for char in stream.chars.get(token.clone())? {
        match label.get(at) {
            Some(ch) if *ch == char.ch => at += 1,
            None if char.ch == '(' => return Some(at),
            _ => return None,
        }
    }
    Some(at)
}

/// The heads of one table: their weight, last line and section beside each.
fn of_section(number: usize, table: &Table, found: &[&Found]) -> Vec<(usize, u32, Head, usize)> {
    let mut heads = Vec::new();
    let cells = table.columns.len() + table.groups.len();
    let least = ((cells as f64 * SHARE).ceil() as usize).max(LEAST);
    let mut from = 0;
    while let Some(start) = found.get(from) {
        let line = start.first_line();
        let window = found.iter().skip(from).take_while(|one| one.first_line() < line + MAX_LINES);
        let mut window: Vec<&&Found> = window.filter(|one| one.last_line() < line + MAX_LINES).collect();
        window.sort_by_key(|one| std::cmp::Reverse(one.length));
        let (mut owners, mut taken): (Vec<Owner>, Vec<&Found>) = (Vec::new(), Vec::new());
        for one in window {
            let owner = one.owners.iter().find(|owner| is_column(owner, number) && !owners.contains(owner));
            let free = taken.iter().all(|other| other.tokens.iter().all(|token| !one.tokens.contains(token)));
            if let (Some(owner), true) = (owner, free) {
                owners.push(*owner);
                taken.push(one);
            }
        }
        let begins = taken.iter().any(|one| one.first_line() == line);
        let reach = |one: &Found| {
            let right = one.pieces.iter().map(|piece| piece.2).max().unwrap_or_default();
            (one.left(), right)
        };
        let mut reaches: Vec<(u32, u32)> = taken.iter().map(|one| reach(one)).collect();
        reaches.sort_unstable();
        // Labels above each other head rows, not columns.
        let beside = reaches.windows(2).all(|pair| matches!(pair, [a, b] if a.1 <= b.0 + SLIP));
        if taken.len() < least || !begins || !(beside || taken.len() > FEW) {
            from += 1;
            continue;
        }
        let last = taken.iter().map(|one| one.last_line()).max().unwrap_or(line);
        let headings = owners.iter().filter(|owner| matches!(owner, Owner::GroupHead { .. })).count();
        let labelled = matches!(table.rows, Rows::Labelled { .. });
        let single = matches!(table.rows, Rows::Single);
        let columns = taken.iter().map(|one| one.pieces.clone()).collect();
        let weight = taken.iter().map(|one| one.length).sum();
        heads.push((weight, last, Head { line, end: None, columns, headings, labelled, single }, number));
        from += found.iter().skip(from).take_while(|one| one.first_line() <= last).count();
    }
    heads
}

/// The lines at which other parts of the form begin, with the number of the part.
fn stops(stream: &Stream, layout: &Layout, segment: &Segment) -> Vec<(u32, usize)> {
    let stops = segment.hits.iter().filter_map(|hit| {
        let (Owner::Label { section, .. } | Owner::Heading { section }) = hit.owner else { return None };
        let token = stream.token_of(hit.start())?;
        let first = hit.fragments.first()?;
        let place = stretch(stream, layout, &(first.start..first.start + 1))?;
        let apart = token.span.start == hit.start() && (token.blanks_before == 0 || token.blanks_before >= APART);
        let alone = token.blanks_before == 0 && hit.end() - hit.start() >= MIN_LABEL && stream.ends_token(hit.end());
        (apart && (hit.colon.is_some() || alone) && !hit.torn).then_some((place.0, section))
    });
    let mut stops: Vec<(u32, usize)> = stops.collect();
    stops.sort_unstable();
    stops
}
