//! Places where a text of the pattern stands in a document: exact ones, also over line breaks and blanks.

use std::collections::BTreeMap;

use super::lexicon::{Entry, Lexicon, Owner, Sighting};
use super::stream::{Span, Stream, Token};
use crate::fold::is_han;
use crate::pattern::{Furniture, Part, Pattern};
use crate::value::Type;

/// Longest figure that a hole takes; `100.00` has six characters, and no weight or year is longer than ten.
const MAX_FIGURE_HOLE: usize = 10;
/// Longest text that a hole takes: a project's name inside a title.
const MAX_TEXT_HOLE: usize = 60;
/// Line breaks within a hole: a long title is wrapped once.
const MAX_HOLE_WRAPS: usize = 1;
/// A label of this many characters may be followed by its value without a mark between; a shorter one is too
/// often the beginning of another word.
const MIN_GLUED_LABEL: usize = 4;
/// The head of a column so long may be followed so at the beginning of a line: where a table has one row, its head
/// stands beside the cell.
const MIN_GLUED_HEAD: usize = 6;
/// Lines longer than this are not compared with the pattern's furniture lines: a page number is short.
const MAX_FURNITURE_LINE: usize = 40;

/// A text of the pattern at a place of the document.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// What it stands for here.
    pub(crate) owner: Owner,
    /// All that its text may stand for.
    pub(crate) owners: Vec<Owner>,
    /// For each hole the field that it names; empty for the field that owns the text.
    pub(crate) hole_ids: Vec<String>,
    /// The characters that are the text itself, in order.
    pub(crate) fragments: Vec<Span>,
    /// The colon behind it, one of the fragments.
    pub(crate) colon: Option<Span>,
    /// The characters in its holes, in the order of the holes.
    pub(crate) holes: Vec<Span>,
    /// How many characters of the fragments are the word itself; see [`Entry::core`].
    pub(crate) core: usize,
    /// How like the pattern's text it is: 1 when exact.
    pub(crate) similarity: f32,
    /// Whether its pieces stand apart, with other text between them.
    pub(crate) torn: bool,
}

impl Hit {
    /// A hit of `entry`.
    pub(crate) fn new(
        entry: &Entry,
        fragments: Vec<Span>,
        holes: Vec<Span>,
        similarity: f32,
        torn: bool,
    ) -> Option<Hit> {
        let hole_ids = entry.template.parts.iter().filter_map(|part| match part {
            Part::Hole(id) => Some(id.clone()),
            Part::Literal(_) => None,
        });
        let owners = entry.owners.clone();
        Some(Hit {
            owner: *owners.first()?,
            owners,
            hole_ids: hole_ids.collect(),
            fragments,
            colon: None,
            holes,
            core: entry.core,
            similarity,
            torn,
        })
    }

    /// First character.
    pub(crate) fn start(&self) -> usize {
        self.spans().map(|span| span.start).min().unwrap_or_default()
    }

    /// One past its last character.
    pub(crate) fn end(&self) -> usize {
        self.spans().map(|span| span.end).max().unwrap_or_default()
    }

    /// The characters of the word itself, without what follows it: 产出指标 of 产出指标（50分）.
    pub(crate) fn word(&self) -> Vec<Span> {
        let mut left = self.core;
        let fragments = self.fragments.iter().filter(|span| Some(*span) != self.colon.as_ref());
        let spans = fragments.map(|span| {
            let length = span.len().min(left);
            left -= length;
            span.start..span.start + length
        });
        spans.filter(|span| !span.is_empty()).collect()
    }

    /// All its characters: fragments and holes.
    pub(crate) fn spans(&self) -> impl Iterator<Item = &Span> {
        self.fragments.iter().chain(&self.holes)
    }
}

/// The exact hits in the stream among the sightings of its entries, none overlapping, longest first where two would.
pub(crate) fn exact_hits(stream: &Stream, lexicon: &Lexicon, pattern: &Pattern, sightings: &[Sighting]) -> Vec<Hit> {
    let mut found = furniture_lines(stream, pattern);
    let mut in_tokens: BTreeMap<u32, Vec<Hit>> = BTreeMap::new();
    for Sighting { entry, part, bytes } in sightings {
        let Some(entry) = lexicon.entries.get(*entry) else { continue };
        let core = stream.char_number(bytes.start)..stream.char_number(bytes.end);
        if let Some(matched) = complete(stream, entry, *part, core)
            && let Some(mut hit) = Hit::new(entry, matched.fragments, matched.holes, 1.0, false)
            && in_one_cell(stream, &hit)
        {
            if !stands_alone(stream, entry, &hit) {
                if let Some(token) = may_touch_others(stream, &hit) {
                    in_tokens.entry(token).or_default().push(hit);
                }
                continue;
            }
            if hit.owner == (Owner::Furniture { whole_line: true }) {
                hit.fragments.push(hit.end()..end_of_line(stream, hit.end()));
            }
            found.push(hit);
        }
    }
    for (token, hits) in in_tokens {
        found.extend(stream.tokens.get(token as usize).and_then(|token| tile(&token.span, &hits)).unwrap_or_default());
    }
    let mut hits = without_overlaps(found, stream.chars.len());
    take_remarks(stream, lexicon, &mut hits);
    hits
}

/// The token that the hit is a part of, if it is a label that may touch others in it. It may be wrapped, and end with
/// another token.
fn may_touch_others(stream: &Stream, hit: &Hit) -> Option<u32> {
    let token = |at: usize| stream.chars.get(at).map(|char| char.token);
    let last = token(hit.end().saturating_sub(1));
    let one = token(hit.start()).filter(|one| last == Some(*one) || stream.ends_token(hit.end()))?;
    let is_value = |owner: &Owner| matches!(owner, Owner::Words { .. } | Owner::Spare { .. } | Owner::Furniture { .. });
    (hit.holes.is_empty() && !hit.owners.iter().all(is_value)).then_some(one)
}

/// The labels that make up a token with nothing between: heads of columns that a dump has joined. The fewest, if there
/// are any.
fn tile(token: &Span, hits: &[Hit]) -> Option<Vec<Hit>> {
    // For each place in the token the last of the fewest hits that reach it, and how many these are.
    let mut reached: Vec<Option<(usize, usize)>> = vec![None; token.len() + 1];
    let mut order: Vec<(usize, &Hit)> = hits.iter().enumerate().collect();
    order.sort_by_key(|(_, hit)| (hit.start(), hit.end()));
    for (number, hit) in order {
        let (from, to) = (hit.start().checked_sub(token.start)?, hit.end().min(token.end).checked_sub(token.start)?);
        let count = if from == 0 { 1 } else { reached.get(from).copied().flatten().map_or(0, |(_, count)| count + 1) };
        if let Some(place) = reached.get_mut(to).filter(|_| count > 0)
            && place.is_none_or(|(_, other)| count < other)
        {
            *place = Some((number, count));
        }
    }
    let mut tiles = Vec::new();
    let mut at = token.len();
    while at > 0 {
        let hit = hits.get(reached.get(at).copied().flatten()?.0)?;
        at = hit.start().checked_sub(token.start)?;
        tiles.push(hit.clone());
    }
    (tiles.len() > 1).then_some(tiles)
}

/// Lets each label take the remark in that follows it: （盖章）, （A）.
fn take_remarks(stream: &Stream, lexicon: &Lexicon, hits: &mut [Hit]) {
    let starts: Vec<usize> = hits.iter().map(Hit::start).collect();
    for (number, hit) in hits.iter_mut().enumerate() {
        if matches!(hit.owner, Owner::Words { .. } | Owner::Furniture { .. } | Owner::Spare { .. } | Owner::Word { .. })
        {
            continue;
        }
        let end = hit.end();
        let room = starts.get(number + 1).copied().unwrap_or(stream.chars.len());
        let remark = lexicon.remarks.iter().filter_map(|entry| {
            let Some(Part::Literal(first)) = entry.template.parts.first() else { return None };
            literal_at(stream, first, end)?;
            complete(stream, entry, 0, end..end + first.len()).filter(|spans| spans.end() <= room)
        });
        if let Some(remark) = remark.max_by_key(Matched::end) {
            hit.fragments.extend(remark.fragments);
            hit.hole_ids.extend(remark.hole_ids);
            hit.holes.extend(remark.holes);
        }
    }
}

/// Lets the longest of overlapping hits stand; of equal ones the first. In order of place.
pub(crate) fn without_overlaps(mut hits: Vec<Hit>, chars: usize) -> Vec<Hit> {
    let length = |hit: &Hit| hit.spans().map(|span| span.len()).sum::<usize>();
    let printed = |hit: &Hit| hit.fragments.iter().map(|span| span.len()).sum::<usize>();
    // Of equally long ones, that with more of its text in print: what stands in a hole is not known to be right.
    hits.sort_by_key(|hit| (std::cmp::Reverse(length(hit)), std::cmp::Reverse(printed(hit)), hit.start()));
    let mut taken = vec![false; chars];
    hits.retain(|hit| {
        let free = hit.spans().all(|span| taken.get(span.clone()).is_some_and(|range| !range.contains(&true)));
        if free {
            for span in hit.spans() {
                taken[span.clone()].fill(true);
            }
        }
        free
    });
    hits.sort_by_key(Hit::start);
    hits
}

/// Where the parts of an entry stand.
struct Matched {
    fragments: Vec<Span>,
    holes: Vec<Span>,
    hole_ids: Vec<String>,
}

impl Matched {
    fn end(&self) -> usize {
        self.fragments.iter().chain(&self.holes).map(|span| span.end).max().unwrap_or_default()
    }
}

/// Where the parts of `entry` stand when part number `part` stands at `core`, if the others stand around it.
fn complete(stream: &Stream, entry: &Entry, part: usize, core: Span) -> Option<Matched> {
    let parts = &entry.template.parts;
    let hole_number = |part: usize| parts[..part].iter().filter(|part| matches!(part, Part::Hole(_))).count();
    let mut holes = vec![core.start..core.start; entry.holes.len()];
    let mut fragments = vec![core.clone()];
    let mut at = core.end;
    for (number, next) in parts.iter().enumerate().skip(part + 1) {
        match next {
            Part::Literal(chars) => {
                literal_at(stream, chars, at)?;
                fragments.push(at..at + chars.len());
                at += chars.len();
            }
            Part::Hole(_) => {
                let kind = *entry.holes.get(hole_number(number))?;
                let following = parts.get(number + 1);
                let end = hole_end(stream, kind, following, at)?;
                holes[hole_number(number)] = at..end;
                at = end;
            }
        }
    }
    let mut at = core.start;
    for (number, before) in parts.iter().enumerate().take(part).rev() {
        match before {
            Part::Literal(chars) => {
                let start = at.checked_sub(chars.len())?;
                literal_at(stream, chars, start)?;
                fragments.insert(0, start..at);
                at = start;
            }
            Part::Hole(_) => {
                let kind = *entry.holes.get(hole_number(number))?;
                let before = number.checked_sub(1).and_then(|number| parts.get(number));
                let start = hole_start(stream, kind, before, at)?;
                holes[hole_number(number)] = start..at;
                at = start;
            }
        }
    }
    let allowed = |(hole, only): (&Span, &Vec<String>)| only.is_empty() || only.contains(&stream.text_of(hole));
    let hole_ids = parts.iter().filter_map(|part| match part {
        Part::Hole(id) => Some(id.clone()),
        Part::Literal(_) => None,
    });
    let hole_ids = hole_ids.collect();
    holes.iter().zip(&entry.only).all(allowed).then_some(Matched { fragments, holes, hole_ids })
}

/// One past the last character of the line, or of the cell, that `at` stands in.
fn end_of_line(stream: &Stream, at: usize) -> usize {
    let Some(first) = at.checked_sub(1).and_then(|last| stream.token_of(last)) else { return at };
    let from = stream.tokens.partition_point(|token| token.span.end <= at);
    let rest = stream.tokens.get(from..).unwrap_or_default().iter();
    let same = |token: &&Token| match first.cell {
        Some(cell) => token.cell == Some(cell),
        None => token.cell.is_none() && token.line == first.line,
    };
    rest.take_while(same).last().map_or(at, |token| token.span.end)
}

fn literal_at(stream: &Stream, chars: &[char], at: usize) -> Option<()> {
    let there = stream.chars.get(at..at + chars.len())?;
    there.iter().zip(chars).all(|(there, ch)| there.ch == *ch).then_some(())
}

/// Whether `ch` may stand in a hole of this type.
pub(crate) fn fits_hole(kind: Type, ch: char) -> bool {
    match kind {
        Type::Integer => ch.is_ascii_digit(),
        Type::Decimal | Type::Percent => ch.is_ascii_digit() || ch == '.' || ch == '%',
        _ => true,
    }
}

fn max_hole(kind: Type) -> usize {
    match kind {
        Type::Integer | Type::Decimal | Type::Percent => MAX_FIGURE_HOLE,
        _ => MAX_TEXT_HOLE,
    }
}

fn hole_end(stream: &Stream, kind: Type, following: Option<&Part>, start: usize) -> Option<usize> {
    let mut at = start;
    while at < stream.chars.len() && at - start < max_hole(kind) {
        match following {
            Some(Part::Literal(chars)) if at > start && literal_at(stream, chars, at).is_some() => return Some(at),
            None if at > start && stream.ends_token(at) => return Some(at),
            _ => {}
        }
        if !fits_hole(kind, stream.chars.get(at)?.ch) || (following.is_none() && stream.chars.get(at)?.ch == ':') {
            break;
        }
        at += 1;
    }
    (following.is_none() && at > start).then_some(at)
}

fn hole_start(stream: &Stream, kind: Type, before: Option<&Part>, end: usize) -> Option<usize> {
    let mut at = end;
    let mut lines = 0;
    while at > 0 && end - at < max_hole(kind) && fits_hole(kind, stream.chars.get(at - 1)?.ch) {
        // What no text of the pattern bounds ends with its token; what one bounds may be wrapped once.
        if stream.begins_token(at) {
            let (one, other) = (stream.token_of(at - 1)?, stream.token_of(at)?);
            // A figure may have blanks in it, and is on one line.
            if before.is_none() && (kind == Type::Text || one.line != other.line || one.cell != other.cell) {
                break;
            }
            lines += usize::from(one.line != other.line);
            if lines > MAX_HOLE_WRAPS || (one.line != other.line && other.after_gap) {
                return None;
            }
        }
        at -= 1;
        if let Some(Part::Literal(chars)) = before {
            let start = at.checked_sub(chars.len());
            if start.is_some_and(|start| literal_at(stream, chars, start).is_some()) {
                return Some(at);
            }
        }
    }
    (at < end && !matches!(before, Some(Part::Literal(_)))).then_some(at)
}

/// Whether the hit stands for itself and is not a stretch of other text.
fn stands_alone(stream: &Stream, entry: &Entry, hit: &Hit) -> bool {
    let (start, end) = (hit.start(), hit.end());
    let before = start.checked_sub(1).and_then(|at| stream.chars.get(at)).map(|char| char.ch);
    let after = stream.chars.get(end).map(|char| char.ch);
    let begins = stream.begins_token(start);
    let ends = stream.ends_token(end);
    // A word that is spelt goes on to its last letter: `Date` is no part of `Dated`.
    let spelt = |at: Option<usize>| {
        let ch = at.and_then(|at| stream.chars.get(at)).map(|char| char.ch);
        ch.is_some_and(|ch| ch.is_alphabetic() && !is_han(ch))
    };
    let cut_before = !begins && spelt(start.checked_sub(1)) && spelt(Some(start));
    let cut_behind = !ends && spelt(end.checked_sub(1)) && spelt(Some(end));
    if cut_before || cut_behind {
        return false;
    }
    let begins_after_mark = begins || before.is_some_and(|ch| matches!(ch, ':' | ';' | ',' | '。' | ')' | '|'));
    // Within a sentence the words of a label are words like any.
    let in_sentence = !begins && before.is_some_and(|ch| matches!(ch, ';' | ',' | '。'));
    // A label in two pieces ends with its piece: 自评分 over 数量指标 is no 自评分数.
    let in_one_token = |at: usize| stream.chars.get(at).map(|char| char.token);
    let may_be_glued = entry.length >= MIN_GLUED_LABEL && in_one_token(start) == in_one_token(end.saturating_sub(1));
    let ends_before_mark = ends || after.is_some_and(|ch| matches!(ch, ':' | ';' | '(' | '|'));
    entry.owners.iter().any(|owner| match owner {
        Owner::Words { .. } => begins && (ends || after == Some(':') || after == Some('(')),
        Owner::Spare { .. } => begins && ends,
        Owner::Furniture { whole_line } => begins && (*whole_line || ends_before_mark),
        Owner::Column { .. } if begins && may_be_glued && entry.length >= MIN_GLUED_HEAD => true,
        Owner::Column { .. } | Owner::GroupHead { .. } | Owner::Total { .. } => begins_after_mark && ends_before_mark,
        // 2021年度 before more text is the beginning of that text.
        Owner::Label { .. } if entry.template.has_holes() => {
            begins_after_mark && (ends_before_mark || entry.length > MIN_GLUED_LABEL)
        }
        // Of two fields on a line the second may touch the first one's value; its colon tells it.
        Owner::Label { .. } if after == Some(':') && entry.length >= MIN_GLUED_LABEL => true,
        Owner::Label { .. } | Owner::Heading { .. } | Owner::Word { .. } | Owner::RowLabel { .. } => {
            begins_after_mark && (ends_before_mark || (may_be_glued && !in_sentence))
        }
    })
}

/// Whether all of the hit stands in the same cell, or none of it in any.
fn in_one_cell(stream: &Stream, hit: &Hit) -> bool {
    let cell = |at: usize| stream.token_of(at).and_then(|token| token.cell);
    cell(hit.start()) == cell(hit.end().saturating_sub(1))
}

/// Whole lines that the pattern calls furniture: page numbers and the like.
fn furniture_lines(stream: &Stream, pattern: &Pattern) -> Vec<Hit> {
    let mut hits = Vec::new();
    if !pattern.furniture.iter().any(|furniture| matches!(furniture, Furniture::Line(_))) {
        return hits;
    }
    for tokens in stream.tokens.chunk_by(|one, other| one.line == other.line) {
        let (Some(first), Some(last)) = (tokens.first(), tokens.last()) else { continue };
        let span = first.span.start..last.span.end;
        if span.len() > MAX_FURNITURE_LINE {
            continue;
        }
        let text = stream.text_of(&span);
        let fits = |furniture: &Furniture| matches!(furniture, Furniture::Line(regex) if regex.is_match(&text));
        if pattern.furniture.iter().any(fits) {
            hits.push(Hit {
                owner: Owner::Furniture { whole_line: true },
                owners: vec![Owner::Furniture { whole_line: true }],
                hole_ids: Vec::new(),
                fragments: vec![span],
                colon: None,
                holes: Vec::new(),
                core: usize::MAX,
                similarity: 1.0,
                torn: false,
            });
        }
    }
    hits
}
