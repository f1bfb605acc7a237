//! Places where a text of the pattern stands in a document: exact ones, also over line breaks and blanks.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::lexicon::{Entry, Lexicon, Owner, Sighting, Sightings};
use super::stream::{Span, Stream, Token};
use crate::fold::is_han;
use crate::pattern::Part;
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

/// A text of the pattern at a place of the document.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    /// What it stands for here.
    pub(crate) owner: Owner,
    /// All that its text may stand for.
    pub(crate) owners: Arc<[Owner]>,
    /// For each hole the field that it names; empty for the field that owns the text.
    pub(crate) hole_ids: Arc<[String]>,
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
        Some(Hit {
            owner: *entry.owners.first()?,
            owners: entry.owners.clone(),
            hole_ids: entry.hole_ids.clone(),
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

/// How a stretch of the stream stands to what is around it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Edges {
    begins: bool,
    ends: bool,
    /// Whether it is cut off a word that is spelt: `Date` is no part of `Dated`.
    cut: bool,
    /// Whether nothing, or a mark that a label may follow, stands before it.
    begins_after_mark: bool,
    ends_before_mark: bool,
    /// Whether it goes on with a sentence: there the words of a label are words like any.
    in_sentence: bool,
    after: Option<char>,
    /// The token that all of it stands in.
    token: Option<u32>,
    /// The token that it begins in, where it ends in the same or at the end of another.
    first_token: Option<u32>,
    /// Whether all of it stands in the same cell, or none of it in any.
    in_one_cell: bool,
}

impl Edges {
    pub(crate) fn of(stream: &Stream, Span { start, end }: Span) -> Edges {
        let last = end.saturating_sub(1);
        let char_at = |at: Option<usize>| at.and_then(|at| stream.chars.get(at)).map(|char| char.ch);
        let before = char_at(start.checked_sub(1));
        let after = char_at(Some(end));
        let (begins, ends) = (stream.begins_token(start), stream.ends_token(end));
        let spelt = |ch: Option<char>| ch.is_some_and(|ch| ch.is_alphabetic() && !is_han(ch));
        let cut_before = !begins && spelt(before) && spelt(char_at(Some(start)));
        let cut_behind = !ends && spelt(char_at(end.checked_sub(1))) && spelt(after);
        let token = |at: usize| stream.chars.get(at).map(|char| char.token);
        let cell = |at: usize| stream.token_of(at).and_then(|token| token.cell);
        Edges {
            begins,
            ends,
            cut: cut_before || cut_behind,
            begins_after_mark: begins || before.is_some_and(|ch| matches!(ch, ':' | ';' | ',' | '。' | ')' | '|')),
            ends_before_mark: ends || after.is_some_and(|ch| matches!(ch, ':' | ';' | '(' | '|')),
            in_sentence: !begins && before.is_some_and(|ch| matches!(ch, ';' | ',' | '。')),
            after,
            token: token(start).filter(|one| token(last) == Some(*one)),
            first_token: token(start).filter(|one| ends || token(last) == Some(*one)),
            in_one_cell: cell(start) == cell(last),
        }
    }
}

/// The exact hits in the stream among the sightings of its entries, none overlapping, longest first where two would.
pub(crate) fn exact_hits(stream: &Stream, lexicon: &Lexicon, sightings: &Sightings) -> Vec<Hit> {
    let mut found: Vec<Hit> = sightings.lines.iter().map(|span| furniture_line(span.clone())).collect();
    // Labels that may touch others in a token: the token, where they stand, and their entries.
    let mut in_tokens: Vec<(u32, Span, &Entry)> = Vec::new();
    for Sighting { entry, part, core, edges } in &sightings.entries {
        let Some(entry) = lexicon.entries.get(*entry) else { continue };
        if entry.is_literal() {
            if !edges.in_one_cell {
                continue;
            }
            if !stands_alone(entry, edges) {
                in_tokens.extend(may_touch_others(entry, edges).map(|token| (token, core.clone(), entry)));
                continue;
            }
        }
        let Some(matched) = complete(stream, entry, *part, core.clone()) else { continue };
        if !entry.is_literal() {
            let edges = Edges::of(stream, matched.start()..matched.end());
            if !edges.in_one_cell || !stands_alone(entry, &edges) {
                continue;
            }
        }
        let Some(mut hit) = Hit::new(entry, matched.fragments, matched.holes, 1.0, false) else { continue };
        if hit.owner == (Owner::Furniture { whole_line: true }) {
            hit.fragments.push(hit.end()..end_of_line(stream, hit.end()));
        }
        found.push(hit);
    }
    in_tokens.sort_by_key(|(token, span, _)| (*token, span.start, span.end));
    for labels in in_tokens.chunk_by(|one, other| one.0 == other.0) {
        let token = labels.first().and_then(|(token, ..)| stream.tokens.get(*token as usize));
        let tiles = token.and_then(|token| tile(&token.span, labels)).unwrap_or_default();
        found.extend(
            tiles
                .into_iter()
                .filter_map(|(_, span, entry)| Hit::new(entry, vec![span.clone()], Vec::new(), 1.0, false)),
        );
    }
    drop_run_together(stream, &mut found);
    let mut hits = without_overlaps(found, stream.chars.len());
    take_remarks(stream, lexicon, &mut hits);
    hits
}

/// Drops texts that run on from the end of a line, behind other text, over the whole of the next, where that line is a
/// label by itself: a wrapped label has its lines to itself, or goes on beside others.
fn drop_run_together(stream: &Stream, found: &mut Vec<Hit>) {
    let whole: BTreeSet<(usize, usize)> = found
        .iter()
        .filter(|hit| hit.holes.is_empty() && matches!(hit.fragments.as_slice(), [span] if is_line(stream, span)))
        .filter(|hit| matches!(hit.owner, Owner::Column { .. } | Owner::Label { .. }))
        .flat_map(|hit| hit.fragments.iter().map(|span| (span.start, span.end)))
        .collect();
    found.retain(|hit| {
        let Some(last) = hit.fragments.first().filter(|_| hit.fragments.len() == 1 && hit.holes.is_empty()) else {
            return true;
        };
        let (Some(first), Some(end)) = (stream.token_of(last.start), stream.token_of(last.end.saturating_sub(1)))
        else {
            return true;
        };
        let shares =
            last.start.checked_sub(1).and_then(|at| stream.token_of(at)).is_some_and(|of| of.line == first.line);
        !(first.line != end.line && shares && whole.contains(&(end.span.start, last.end)))
    });
}

/// Whether a stretch is the whole of a line.
fn is_line(stream: &Stream, span: &Span) -> bool {
    let line = |at: usize| stream.token_of(at).map(|token| token.line);
    let own = line(span.start);
    let before = span.start.checked_sub(1).and_then(line);
    own == line(span.end.saturating_sub(1)) && before != own && line(span.end) != own
}

/// The token that a text without holes is a part of, if it is a label that may touch others in it. It may be wrapped, and
/// end with another token.
fn may_touch_others(entry: &Entry, edges: &Edges) -> Option<u32> {
    let is_value = |owner: &Owner| matches!(owner, Owner::Words { .. } | Owner::Spare { .. } | Owner::Furniture { .. });
    edges.first_token.filter(|_| !entry.owners.iter().all(is_value))
}

/// The labels that make up a token with nothing between: heads of columns that a dump has joined. The fewest, if there
/// are any. `labels` are in order of place.
fn tile<'l, 'e>(token: &Span, labels: &'l [(u32, Span, &'e Entry)]) -> Option<Vec<&'l (u32, Span, &'e Entry)>> {
    // For each place in the token the last of the fewest labels that reach it, and how many these are.
    let mut reached: Vec<Option<(usize, usize)>> = vec![None; token.len() + 1];
    for (number, (_, span, _)) in labels.iter().enumerate() {
        let (from, to) = (span.start.checked_sub(token.start)?, span.end.min(token.end).checked_sub(token.start)?);
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
        let label = labels.get(reached.get(at).copied().flatten()?.0)?;
        at = label.1.start.checked_sub(token.start)?;
        tiles.push(label);
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
        if !stream.chars.get(end).is_some_and(|char| lexicon.begins_remark(char.ch)) {
            continue;
        }
        let room = starts.get(number + 1).copied().unwrap_or(stream.chars.len());
        let remark = lexicon.remarks.iter().filter_map(|entry| {
            let Some(Part::Literal(first)) = entry.template.parts.first() else { return None };
            literal_at(stream, first, end)?;
            let matched = complete(stream, entry, 0, end..end + first.len()).filter(|spans| spans.end() <= room)?;
            Some((matched, entry))
        });
        if let Some((remark, entry)) = remark.max_by_key(|(remark, _)| remark.end()) {
            hit.fragments.extend(remark.fragments);
            hit.holes.extend(remark.holes);
            if !entry.hole_ids.is_empty() {
                hit.hole_ids = hit.hole_ids.iter().chain(entry.hole_ids.iter()).cloned().collect();
            }
        }
    }
}

/// Lets the longest of overlapping hits stand; of equal ones the first. In order of place.
pub(crate) fn without_overlaps(hits: Vec<Hit>, chars: usize) -> Vec<Hit> {
    let length = |spans: &[Span]| spans.iter().map(|span| span.len()).sum::<usize>();
    // Of equally long ones, that with more of its text in print: what stands in a hole is not known to be right.
    let rank = |(number, hit): (usize, &Hit)| {
        let printed = length(&hit.fragments);
        (Reverse(printed + length(&hit.holes)), Reverse(printed), hit.start(), number)
    };
    let mut ranks: Vec<_> = hits.iter().enumerate().map(rank).collect();
    ranks.sort_unstable();
    let mut taken = vec![false; chars];
    let mut standing: Vec<(usize, usize)> = Vec::new();
    for (.., start, number) in ranks {
        let Some(hit) = hits.get(number) else { continue };
        if hit.spans().all(|span| taken.get(span.clone()).is_some_and(|range| !range.contains(&true))) {
            for span in hit.spans() {
                taken[span.clone()].fill(true);
            }
            standing.push((start, number));
        }
    }
    standing.sort_by_key(|(start, _)| *start);
    let mut hits: Vec<Option<Hit>> = hits.into_iter().map(Some).collect();
    standing.into_iter().filter_map(|(_, number)| hits.get_mut(number)?.take()).collect()
}

/// Where the parts of an entry stand.
struct Matched {
    fragments: Vec<Span>,
    holes: Vec<Span>,
}

impl Matched {
    fn start(&self) -> usize {
        self.fragments.iter().chain(&self.holes).map(|span| span.start).min().unwrap_or_default()
    }

    fn end(&self) -> usize {
        self.fragments.iter().chain(&self.holes).map(|span| span.end).max().unwrap_or_default()
    }
}

/// Where the parts of `entry` stand when part number `part` stands at `core`, if the others stand around it.
fn complete(stream: &Stream, entry: &Entry, part: usize, core: Span) -> Option<Matched> {
    let parts = &entry.template.parts;
    if parts.len() == 1 {
        return Some(Matched { fragments: vec![core], holes: Vec::new() });
    }
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
    let allowed =
        |(hole, only): (&Span, &Vec<String>)| only.is_empty() || only.iter().any(|word| word == stream.text_of(hole));
    holes.iter().zip(&entry.only).all(allowed).then_some(Matched { fragments, holes })
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

/// Whether a text of these edges stands for itself and is not a stretch of other text.
fn stands_alone(entry: &Entry, edges: &Edges) -> bool {
    let Edges { begins, ends, begins_after_mark, ends_before_mark, after, .. } = *edges;
    if edges.cut {
        return false;
    }
    // A label in two pieces ends with its piece: 自评分 over 数量指标 is no 自评分数.
    let may_be_glued = entry.length >= MIN_GLUED_LABEL && edges.token.is_some();
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
            begins_after_mark && (ends_before_mark || (may_be_glued && !edges.in_sentence))
        }
    })
}

/// A whole line that the pattern calls furniture: a page number and the like.
fn furniture_line(span: Span) -> Hit {
    let owner = Owner::Furniture { whole_line: true };
    Hit {
        owner,
        owners: Arc::new([owner]),
        hole_ids: Arc::new([]),
        fragments: vec![span],
        colon: None,
        holes: Vec::new(),
        core: usize::MAX,
        similarity: 1.0,
        torn: false,
    }
}
