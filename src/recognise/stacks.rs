//! Heads of tables in a text that keeps its columns: labels whose pieces stand above each other, many side by side.

use std::collections::{BTreeMap, BTreeSet};

use unicode_width::UnicodeWidthChar;

use super::hits::{Hit, fits_hole};
use super::lexicon::{Entry, Lexicon, Owner};
use super::segment::Segment;
use super::shape::{self, Holds};
use super::stream::{Firsts, Span, Stream, Token};
use crate::layout::{Head, Known, Label, Layout, Place, Stretch};
use crate::pattern::{Body, Part, Pattern, Rows, Table, Word};
use crate::value::Type;

/// The pieces of a label stand so many lines apart at most: between two lines of one cell stands one of its neighbours.
const MAX_STEP: u32 = 3;

/// The same on a page, where every height at which something stands is a line.
const MAX_STEP_ON_PAGE: u32 = 5;

/// Pieces of a label stand above each other, or are off by so many columns.
const SLIP: u32 = 1;

/// A head has no more lines than this: six characters one a line, and those beside them.
const MAX_LINES: u32 = 8;

/// The same on a page, for the same reason.
const MAX_LINES_ON_PAGE: u32 = 12;

/// A table with so many columns has a head when this share of them is found.
const SHARE: f64 = 0.4;

/// Two cells side by side may be a head, and three are one.
const LEAST: usize = 2;

/// A head of so few cells has them side by side; of more, a dump may have shifted some.
const FEW: usize = 3;

/// Of two ways to see a head, that with more of its labels is right, else the one on fewer lines.
const OF_LENGTH: usize = 4;

/// The pieces of a label, and the cells of a head, are among so many tokens: eight lines of a wide table have some 100.
const MAX_TOKENS: usize = 300;

/// A form has a handful of tables; with more heads than this a text is none.
const MAX_HEADS: usize = 1000;

/// A label with holes is looked for in so many ways at most.
const MAX_WAYS: usize = 16;

/// A word fits into a column no worse than this: one may always stand out.
const MOST: f32 = 3.0;

/// The label of a row stands in no column of values, even where one would be without text otherwise.
const STRANGER: f32 = 10.0;

/// The same in points, on a page: the indent of a line that is set in the middle under another.
const SLIP_ON_PAGE: u32 = 5;

/// Pieces of a label on one line have one blank between them in a text, and so many points at most on a page, where a
/// blank is up to one em wide.
const BLANK: u32 = 1;
const BLANK_ON_PAGE: u32 = 12;

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
    /// Whether a value stands in it.
    holds: bool,
    /// Whether its pieces follow each other as those of wrapped text do.
    wrapped: bool,
    /// Whether a colon ends it: its value stands behind it, and no column below.
    colon: bool,
}

impl Found {
    fn first_line(&self) -> u32 {
        self.pieces.iter().map(|piece| piece.0).min().unwrap_or_default()
    }

    fn last_line(&self) -> u32 {
        self.pieces.iter().map(|piece| piece.0).max().unwrap_or_default()
    }

    /// Of labels that overlap the one with the most of this stands.
    fn strength(&self) -> (bool, usize) {
        (self.wrapped, self.length)
    }

    fn left(&self) -> u32 {
        self.pieces.iter().map(|piece| piece.1).min().unwrap_or_default()
    }
}

/// Two cells of one row have their middles, or their first lines, so many lines apart on a page, counted twice.
const OFF_MIDDLE: u32 = 3;

/// The same in a text, which may have blank lines between those of a cell.
const OFF_MIDDLE_IN_TEXT: u32 = 8;

/// The labels of `pattern` that stand in `segment`, and the heads of its tables, in reading order.
pub(crate) fn known(
    stream: &Stream,
    layout: &Layout,
    segment: &Segment,
    lexicon: &Lexicon,
    pattern: &Pattern,
) -> Known {
    let inside = |token: &(usize, &Token)| {
        segment.span.start <= token.1.span.start && token.1.span.end <= segment.span.end && token.1.cell.is_none()
    };
    let tokens: Vec<(usize, &Token, Stretch)> = stream
        .tokens
        .iter()
        .enumerate()
        .filter(inside)
        .filter_map(|(number, token)| Some((number, token, stretch(stream, layout, &token.span)?)))
        .collect();
    let scale = Scale::of(layout);
    let mut found = stacks(stream, lexicon, &tokens, scale);
    found.extend(segment.hits.iter().filter_map(|hit| whole(stream, layout, hit, scale)));
    found.sort_by_key(|one| (one.first_line(), one.left()));
    let mut heads: Vec<(usize, u32, Head, Vec<Owner>)> = Vec::new();
    for (number, section) in pattern.sections.iter().enumerate() {
        let Body::Table(table) = &section.body else { continue };
        let of_table: Vec<&Found> =
            found.iter().filter(|one| !one.colon && one.owners.iter().any(|owner| is_column(owner, number))).collect();
        heads.extend(of_section(number, table, &of_table, scale));
    }
    // Where two tables claim the same lines, the head with more of its labels stands.
    heads.sort_by_key(|(weight, ..)| std::cmp::Reverse(*weight));
    heads.truncate(MAX_HEADS);
    let mut kept: Vec<(u32, Head, Vec<Owner>)> = Vec::new();
    for (_, last, head, owners) in heads {
        if kept.iter().all(|(other_last, other, _)| last < other.line || *other_last < head.line) {
            kept.push((last, head, owners));
        }
    }
    kept.sort_by_key(|(_, head, _)| head.line);
    let mut stops = stops(stream, layout, segment);
    stops.extend(found.iter().filter_map(|one| part(one, &tokens)));
    // Of labels that overlap one stands.
    found.sort_by_key(|one| std::cmp::Reverse(one.strength()));
    let mut taken: BTreeMap<u32, usize> = BTreeMap::new();
    let mut count = 0;
    found.retain(|one| {
        let free = !one.tokens.iter().any(|token| taken.contains_key(token));
        if free {
            taken.extend(one.tokens.iter().map(|token| (*token, count)));
            count += 1;
        }
        free
    });
    stops.sort_unstable();
    for (_, head, owners) in &mut kept {
        head.line = begin(head, owners, &found, &tokens);
    }
    let words: BTreeMap<usize, &Hit> = segment
        .hits
        .iter()
        .filter(|hit| matches!(hit.owner, Owner::Word { .. }))
        .map(|hit| (hit.start(), hit))
        .collect();
    // There may be more below the form.
    let foot = tokens.last().map(|(_, _, place)| place.0 + 1);
    let begins: Vec<u32> = kept.iter().map(|(_, head, _)| head.line).collect();
    let heads = kept.into_iter().enumerate().map(|(number, (last, head, owners))| {
        let section = owners.first().and_then(|owner| owner.section());
        let stops = stops.iter().find(|(line, of)| *line > last && Some(*of) != section);
        let end = stops.map(|(line, _)| *line);
        let end = end.or(foot);
        let next = begins.get(number + 1).copied().into_iter().chain(end).min().unwrap_or(u32::MAX);
        let below = tokens.iter().filter(|(_, _, place)| last < place.0 && place.0 < next);
        let mut misfits: Vec<(Stretch, Vec<f32>)> = below
            .map(|(number, token, place)| {
                let label = taken.get(&(*number as u32)).and_then(|label| found.get(*label));
                let word = words.get(&token.span.start).filter(|hit| hit.end() == token.span.end);
                let torn = label.filter(|label| label.owners.iter().all(|owner| matches!(owner, Owner::Word { .. })));
                let word = word.map(|hit| &hit.owners[..]).or(torn.map(|label| label.owners.as_slice()));
                let of_row = label.is_some_and(|label| label.owners.iter().any(|owner| is_row_label(owner, section)));
                let misfit = |owner: &Owner| match word {
                    _ if of_row && head.labelled => STRANGER,
                    Some(word) => misplaced(word, *owner),
                    None => misfit(stream, pattern, *owner, token),
                };
                // Left of the head's cells stand labels.
                let outside = match word {
                    Some(word) if owners.iter().any(|owner| misplaced(word, *owner) == 0.0) => MOST,
                    None if label.is_none() => looks(stream, token, Holds::Anything, Type::Text),
                    _ => 0.0,
                };
                (*place, owners.iter().map(misfit).chain([outside]).collect())
            })
            .collect();
        misfits.sort_by_key(|(place, _)| *place);
        let parted = head.labelled && !scale.exact && is_parted(section, &found, last, next);
        Head { end, misfits, parted, ..head }
    });
    let heads = heads.collect();
    let adds_up =
        |one: &&Found| one.pieces.len() == 1 && one.owners.iter().any(|owner| matches!(owner, Owner::Total { .. }));
    let totals = found.iter().filter(adds_up).map(Found::first_line).collect();
    let label = |one: Found| {
        // 成本指标 may be a heading of either level; where it stands inside, another is outside.
        let words = || one.owners.iter().filter_map(|owner| heading(pattern, *owner));
        let word = words().find(|word| word.under.is_some()).or(words().next());
        let heading = word.map(|word| word.value.clone());
        let of_row = one.owners.iter().any(|owner| match owner {
            Owner::Column { .. } | Owner::GroupHead { .. } | Owner::RowLabel { .. } | Owner::Total { .. } => true,
            // Beside a label that has its value within stand the rows of a table.
            Owner::Label { .. } => !one.holds,
            _ => false,
        });
        Label { pieces: one.pieces, of_row, heading, under: word.and_then(|word| word.under.clone()) }
    };
    let names = spoken(stream, pattern, &tokens, &taken);
    Known { heads, totals, labels: found.into_iter().map(label).collect(), names }
}

/// What the first text of each line that is no label speaks of: there stand the names of rows.
fn spoken(
    stream: &Stream,
    pattern: &Pattern,
    tokens: &[(usize, &Token, Stretch)],
    taken: &BTreeMap<u32, usize>,
) -> Vec<(Stretch, Vec<(String, usize)>)> {
    let words: Vec<&Word> = pattern.vocabularies.values().flatten().filter(|word| !word.signs.is_empty()).collect();
    let mut names: BTreeMap<u32, &(usize, &Token, Stretch)> = BTreeMap::new();
    for token in tokens.iter().filter(|(number, ..)| !taken.contains_key(&(*number as u32))) {
        let first = names.entry(token.2.0).or_insert(token);
        if token.2.1 < first.2.1 {
            *first = token;
        }
    }
    let speaks = |(_, token, place): &(usize, &Token, Stretch)| {
        let text: String = text_of(stream, &token.span).into_iter().collect();
        let signs = words.iter().map(|word| (word.value.clone(), word.spoken_in(&text)));
        let signs: Vec<(String, usize)> = signs.filter(|(_, length)| *length > 0).collect();
        (!signs.is_empty()).then_some((*place, signs))
    };
    names.into_values().filter_map(speaks).collect()
}

/// The word that a label is, as a merged heading.
fn heading(pattern: &Pattern, owner: Owner) -> Option<&Word> {
    let Owner::Word { section, group, word } = owner else { return None };
    let Body::Table(table) = &pattern.sections.get(section)?.body else { return None };
    pattern.vocabularies.get(&table.groups.get(group)?.vocabulary)?.get(word)
}

/// How badly a word of a vocabulary fits into the column of this owner: it belongs under the head of its group alone.
fn misplaced(word: &[Owner], owner: Owner) -> f32 {
    let own = word.iter().any(|word| match (word, owner) {
        (Owner::Word { section, group, .. }, Owner::GroupHead { section: of, group: head }) => {
            (*section, *group) == (of, head)
        }
        _ => false,
    });
    if own { 0.0 } else { MOST }
}

/// How badly a token fits into the column of this owner by its looks.
fn misfit(stream: &Stream, pattern: &Pattern, owner: Owner, token: &Token) -> f32 {
    let table = owner.section().and_then(|section| match &pattern.sections.get(section)?.body {
        Body::Table(table) => Some(table),
        Body::Fields(_) => None,
    });
    let column = match (owner, table) {
        (Owner::Column { column, .. }, Some(table)) => table.columns.get(column),
        _ => None,
    };
    let (holds, kind) =
        column.map_or((Holds::Anything, Type::Text), |column| (Holds::of_column(&column.id), column.kind));
    looks(stream, token, holds, kind)
}

/// How badly a token fits by its looks into a column of this kind.
fn looks(stream: &Stream, token: &Token, holds: Holds, kind: Type) -> f32 {
    let text = text_of(stream, &token.span);
    let shape = shape::shape(&text);
    holds.misfit(shape, text.len()).unwrap_or_else(|| shape::misfit(kind, shape)).min(MOST)
}

fn text_of(stream: &Stream, span: &Span) -> Vec<char> {
    stream.chars.get(span.clone()).unwrap_or_default().iter().map(|char| char.ch).collect()
}

/// The line that a head begins on: above its own first one may stand the first lines of the label of its part, alone.
fn begin(head: &Head, owners: &[Owner], found: &[Found], tokens: &[(usize, &Token, Stretch)]) -> u32 {
    let section = owners.first().and_then(|owner| owner.section());
    let of_part = |one: &&Found| {
        let heads = |owner: &Owner| matches!(owner, Owner::Heading { section: of } if Some(*of) == section);
        one.owners.iter().any(heads) && one.first_line() < head.line && head.line <= one.last_line()
    };
    let alone = |one: &&Found| {
        let above = tokens.iter().filter(|(_, _, place)| (one.first_line()..head.line).contains(&place.0));
        above.into_iter().all(|(number, ..)| one.tokens.contains(&(*number as u32)))
    };
    let parts = found.iter().filter(of_part).filter(alone);
    parts.map(Found::first_line).min().unwrap_or(head.line)
}

/// Whether texts that stand above each other can be one that was wrapped: no line but the last is so short that the
/// next one would have had room on it. Before a bracket a line may be ended by hand.
fn is_wrapped(texts: &[Vec<char>]) -> bool {
    let width = |text: &[char]| text.iter().filter_map(|ch| ch.width()).sum::<usize>();
    let widest = texts.iter().map(|text| width(text)).max().unwrap_or(0);
    texts.windows(2).all(|pair| match pair {
        [above, under] => under.first() == Some(&'(') || width(above) * 2 >= widest,
        _ => true,
    })
}

fn is_column(owner: &Owner, number: usize) -> bool {
    matches!(owner, Owner::Column { section, .. } | Owner::GroupHead { section, .. } if *section == number)
}

fn is_row_label(owner: &Owner, number: Option<usize>) -> bool {
    matches!(owner, Owner::RowLabel { section } if Some(*section) == number)
}

/// Whether a label of the part stands left of all labels of the table's rows, between the lines `last` and `next`.
fn is_parted(section: Option<usize>, found: &[Found], last: u32, next: u32) -> bool {
    let below = |one: &&Found| last < one.last_line() && one.first_line() < next;
    let right = |one: &Found| one.pieces.iter().map(|piece| piece.2).max().unwrap_or_default();
    let of_part = |owner: &Owner| matches!(owner, Owner::Heading { section: of } if Some(*of) == section);
    let rows = found.iter().filter(below).filter(|one| one.owners.iter().any(|owner| is_row_label(owner, section)));
    let Some(first) = rows.map(Found::left).min() else { return false };
    let mut parts = found.iter().filter(below).filter(|one| one.owners.iter().any(of_part));
    parts.any(|one| right(one) < first)
}

fn is_label(owner: &Owner) -> bool {
    !matches!(owner, Owner::Words { .. } | Owner::Spare { .. } | Owner::Furniture { .. })
}

/// Where a span of one line stands, on a page by the number of its line in the stream.
fn stretch(stream: &Stream, layout: &Layout, span: &Span) -> Option<Stretch> {
    let (first, last) = (stream.chars.get(span.start)?, stream.chars.get(span.end.checked_sub(1)?)?);
    match &layout.runs.get(first.run.0 as usize)?.place {
        Place::Text { line, column, .. } => {
            let before = column.saturating_sub(1);
            Some((*line, before + first.at, before + last.at + 1))
        }
        Place::Page { boxes, .. } => {
            let line = stream.token_of(span.start)?.line;
            let (left, right) = (boxes.get(first.at as usize)?.x0, boxes.get(last.at as usize)?.x1);
            Some((line, left.max(0.0).round() as u32, right.max(0.0).round() as u32))
        }
    }
}

/// How exactly places are known.
#[derive(Clone, Copy, Debug)]
struct Scale {
    slip: u32,
    blank: u32,
    step: u32,
    lines: u32,
    /// Whether lines are as near as they stand: a text keeps little of that.
    exact: bool,
}

impl Scale {
    fn of(layout: &Layout) -> Scale {
        match layout.runs.first().map(|run| &run.place) {
            Some(Place::Page { .. }) => Scale {
                slip: SLIP_ON_PAGE,
                blank: BLANK_ON_PAGE,
                step: MAX_STEP_ON_PAGE,
                lines: MAX_LINES_ON_PAGE,
                exact: true,
            },
            _ => Scale { slip: SLIP, blank: BLANK, step: MAX_STEP, lines: MAX_LINES, exact: false },
        }
    }
}

impl Scale {
    /// Whether two labels may head columns of one table: cells of one row stand beside each other, in the middle or at
    /// the top.
    fn beside(self, one: &Found, other: &Found) -> bool {
        let middle = |found: &Found| found.first_line() + found.last_line();
        let most = if self.exact { OFF_MIDDLE } else { OFF_MIDDLE_IN_TEXT };
        middle(one).abs_diff(middle(other)) <= most || one.first_line() == other.first_line()
    }
}

/// A label that stands in one piece, or broken over lines that follow each other.
fn whole(stream: &Stream, layout: &Layout, hit: &Hit, scale: Scale) -> Option<Found> {
    let owners: Vec<Owner> = hit.owners.iter().filter(|owner| is_label(owner)).copied().collect();
    let token_at = |at: usize| stream.chars.get(at).map(|char| char.token);
    let own = hit.spans().filter_map(|span| Some(token_at(span.start)?..=token_at(span.end.checked_sub(1)?)?));
    let own: BTreeSet<u32> = own.flatten().collect();
    let placed = own.into_iter().filter_map(|number| Some((number, stream.tokens.get(number as usize)?)));
    let (mut tokens, pieces): (Vec<u32>, Vec<Option<Stretch>>) =
        placed.map(|(number, token)| (number, stretch(stream, layout, &token.span))).unzip();
    let mut pieces: Vec<Stretch> = pieces.into_iter().collect::<Option<_>>()?;
    // A remark in another cell may have been taken for the label's own.
    // Blanks around a figure are part of the label.
    let on_line = |a: &Stretch, b: &Stretch| !hit.holes.is_empty() && a.0 == b.0 && a.2 <= b.1;
    let goes_on = |pair: &[Stretch]| matches!(pair, [a, b] if follows(*a, *b, scale) || on_line(a, b));
    let stacked = 1 + pieces.windows(2).take_while(|pair| goes_on(pair)).count();
    let label = hit.fragments.first()?;
    let whole = tokens.get(stacked).and_then(|number| stream.tokens.get(*number as usize));
    let clean = stream.begins_token(hit.start())
        && stream.ends_token(hit.end())
        && whole.is_none_or(|next| label.end <= next.span.start && hit.holes.is_empty());
    pieces.truncate(stacked);
    tokens.truncate(stacked);
    let length = hit.fragments.iter().map(Span::len).sum();
    (clean && !owners.is_empty() && !pieces.is_empty()).then_some(Found {
        owners,
        pieces,
        tokens,
        length,
        holds: !hit.holes.is_empty(),
        wrapped: !hit.torn,
        colon: hit.colon.is_some(),
    })
}

/// Whether a piece can go on under, or right after, another one.
fn follows(above: Stretch, under: Stretch, Scale { slip, blank, step, .. }: Scale) -> bool {
    if above.0 == under.0 {
        return above.2 <= under.1 && under.1 <= above.2 + blank;
    }
    above.0 < under.0 && under.0 <= above.0 + step && under.1 < above.2 + slip && above.1 < under.2 + slip
}

/// The labels of columns whose pieces stand above each other.
fn stacks(stream: &Stream, lexicon: &Lexicon, tokens: &[(usize, &Token, Stretch)], scale: Scale) -> Vec<Found> {
    let mut found = Vec::new();
    let firsts = Firsts::new(stream, tokens.iter().map(|(_, token, _)| *token));
    for entry in &lexicon.entries {
        let firsts = firsts.of(entry.first_char());
        if firsts.is_empty() || !entry.owners.iter().any(is_label) {
            continue;
        }
        let owners: Vec<Owner> = entry.owners.iter().filter(|owner| is_label(owner)).copied().collect();
        let ways = ways(entry);
        for (label, first) in ways.iter().flat_map(|label| firsts.iter().map(move |(_, first)| (label, *first))) {
            let Some((number, token, place)) = tokens.get(first) else { continue };
            let Some(mut at) = go_on(stream, label, 0, &token.span) else { continue };
            let (mut pieces, mut used) = (vec![*place], vec![*number as u32]);
            let (mut texts, mut passed, mut passes) = (vec![text_of(stream, &token.span)], false, false);
            for (number, token, place) in tokens.get(first + 1..).unwrap_or_default().iter().take(MAX_TOKENS) {
                let Some(last) = pieces.last() else { break };
                if at >= label.len() || place.0 > last.0 + scale.step {
                    break;
                }
                if !follows(*last, *place, scale) {
                    continue;
                }
                if let Some(further) = go_on(stream, label, at, &token.span) {
                    at = further;
                    pieces.push(*place);
                    used.push(*number as u32);
                    texts.push(text_of(stream, &token.span));
                    passes |= passed;
                    passed = false;
                } else {
                    // What stands in the same place between two pieces is of another text.
                    passed |= last.0 < place.0 && last.1 < place.2 && place.1 < last.2;
                }
            }
            if at >= label.len() && pieces.len() > 1 {
                let holds = !entry.holes.is_empty();
                let wrapped = !passes && is_wrapped(&texts);
                let (owners, length) = (owners.clone(), entry.length);
                found.push(Found { owners, pieces, tokens: used, length, holds, wrapped, colon: false });
            }
        }
    }
    found
}

/// How far a label is matched after a token that is its next piece. A remark in brackets may follow the label.
fn go_on(stream: &Stream, label: &[Sign], at: usize, token: &Span) -> Option<usize> {
    let mut at = at;
    for char in stream.chars.get(token.clone())? {
        if matches!(label.get(at), Some(Sign::Figure)) {
            if fits_hole(Type::Decimal, char.ch) {
                continue;
            }
            at += 1;
        }
        match label.get(at) {
            Some(Sign::Char(ch)) if *ch == char.ch => at += 1,
            None if char.ch == '(' => return Some(at),
            _ => return None,
        }
    }
    Some(at)
}

/// A character of a label, or a figure in it.
#[derive(Clone, Copy)]
enum Sign {
    Char(char),
    Figure,
}

/// The ways in which a label can be written, sign by sign; none when it has a hole for any text.
fn ways(entry: &Entry) -> Vec<Vec<Sign>> {
    let mut ways: Vec<Vec<Sign>> = vec![Vec::new()];
    let mut holes = entry.holes.iter().zip(&entry.only);
    for part in &entry.template.parts {
        let choices: Vec<Vec<Sign>> = match part {
            Part::Literal(chars) => vec![chars.iter().map(|ch| Sign::Char(*ch)).collect()],
            Part::Hole(_) => match holes.next() {
                Some((Type::Integer | Type::Decimal | Type::Percent, _)) => vec![vec![Sign::Figure]],
                Some((_, only)) => only.iter().map(|word| word.chars().map(Sign::Char).collect()).collect(),
                None => Vec::new(),
            },
        };
        ways = ways
            .iter()
            .flat_map(|way| choices.iter().map(|choice| [way.as_slice(), choice.as_slice()].concat()))
            .take(MAX_WAYS)
            .collect();
    }
    ways
}

/// The heads of one table: their weight, last line and section beside each.
fn of_section(number: usize, table: &Table, found: &[&Found], scale: Scale) -> Vec<(usize, u32, Head, Vec<Owner>)> {
    let mut heads = Vec::new();
    let cells = table.columns.len() + table.groups.len();
    let least = ((cells as f64 * SHARE).ceil() as usize).max(LEAST);
    for (from, start) in found.iter().enumerate() {
        let line = start.first_line();
        let window = found.iter().skip(from).take(MAX_TOKENS).take_while(|one| one.first_line() < line + scale.lines);
        let mut window: Vec<&&Found> =
            window.filter(|one| one.last_line() < line + scale.lines && scale.beside(start, one)).collect();
        window.sort_by_key(|one| std::cmp::Reverse(one.strength()));
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
        let beside = reaches.windows(2).all(|pair| matches!(pair, [a, b] if a.1 <= b.0 + scale.slip));
        if taken.len() < least || !begins || !(beside || taken.len() > FEW) {
            continue;
        }
        let last = taken.iter().map(|one| one.last_line()).max().unwrap_or(line);
        let headings = owners.iter().filter(|owner| matches!(owner, Owner::GroupHead { .. })).count();
        let labelled = matches!(table.rows, Rows::Labelled { .. });
        let single = matches!(table.rows, Rows::Single);
        let columns = taken.iter().map(|one| one.pieces.clone()).collect();
        let length: usize = taken.iter().map(|one| one.length).sum();
        let weight = (length * OF_LENGTH).saturating_sub((last - line) as usize);
        let head = Head { line, end: None, columns, headings, labelled, parted: false, single, misfits: Vec::new() };
        heads.push((weight, last, head, owners));
    }
    heads
}

/// The line at which a label that is broken over lines begins a part of the form, with the number of the part.
fn part(found: &Found, tokens: &[(usize, &Token, Stretch)]) -> Option<(u32, usize)> {
    let section = found.owners.iter().find_map(|owner| match owner {
        Owner::Label { section, .. } => Some(*section),
        _ => None,
    })?;
    if found.pieces.len() < 2 || found.length < MIN_LABEL {
        return None;
    }
    let (first, left) = (found.first_line(), found.left());
    let alone = !tokens.iter().any(|(_, _, place)| place.0 == first && place.1 < left);
    alone.then_some((first, section))
}

/// The lines at which other parts of the form begin, with the number of the part.
fn stops(stream: &Stream, layout: &Layout, segment: &Segment) -> Vec<(u32, usize)> {
    let stops = segment.hits.iter().filter_map(|hit| {
        let (Owner::Label { section, .. } | Owner::Heading { section }) = hit.owner else { return None };
        let token = stream.token_of(hit.start())?;
        let first = hit.fragments.first()?;
        let place = stretch(stream, layout, &(first.start..first.start + 1))?;
        let before = token.span.start.checked_sub(1).and_then(|before| stream.token_of(before));
        let begins = token.blanks_before == 0 && before.is_none_or(|before| before.line < token.line);
        let apart = token.span.start == hit.start() && (token.blanks_before == 0 || token.blanks_before >= APART);
        let alone = begins && hit.end() - hit.start() >= MIN_LABEL && stream.ends_token(hit.end());
        (apart && (hit.colon.is_some() || alone) && !hit.torn).then_some((place.0, section))
    });
    let mut stops: Vec<(u32, usize)> = stops.collect();
    stops.sort_unstable();
    stops
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::lay_out;
    use crate::pattern::Patterns;
    use crate::recognise::hits::exact_hits;
    use crate::recognise::lexicon::Index;
    use crate::source::{Options, read};

    fn known_in(text: &str) -> Known {
        let layout = lay_out(&read(text.as_bytes(), &Options::default()));
        let stream = Stream::new(&layout);
        let patterns = Patterns::builtin();
        let pattern = patterns.list.iter().find(|pattern| pattern.id == "mof-project").unwrap();
        let lexicon = Lexicon::new(pattern);
        let sightings = Index::new([&lexicon]).search(&stream).remove(0);
        let hits = exact_hits(&stream, &lexicon, &sightings);
        let segment = Segment { span: 0..stream.chars.len(), hits, ..Segment::default() };
        known(&stream, &layout, &segment, &lexicon, pattern)
    }

    #[test]
    fn a_head_is_found_whose_cells_are_wrapped() {
        let text = "
 一级指                                  实际完
          二级指标    三级指标   年度指标值             分值   得分
   标                                     成值
          数量指标    路灯盏数   ≥40盏       42盏       10     10
";
        let known = known_in(text);
        let [head] = &known.heads[..] else { panic!("one head: {:?}", known.heads) };
        assert_eq!((head.line, head.columns.len(), head.headings), (2, 7, 2));
        let level: Vec<Stretch> = vec![(2, 1, 4), (4, 3, 4)];
        assert!(head.columns.contains(&level), "{:?}", head.columns);
        let level2 = known.labels.iter().find(|label| label.pieces == [(5, 10, 14)]);
        assert_eq!(level2.and_then(|label| label.under.as_deref()), Some("产出指标"));
    }

    #[test]
    fn labels_above_each_other_are_no_head() {
        let known = known_in("预期目标    修好路灯\n\n实际完成情况    修好了\n");
        assert!(known.heads.is_empty(), "{:?}", known.heads);
    }

    #[test]
    fn words_are_weighed_against_the_columns() {
        let text = "\
 二级指标    三级指标   年度指标值   实际完成值   分值   得分
 数量指标    路灯盏数   ≥40盏        42盏         10     10
";
        let known = known_in(text);
        let head = &known.heads[0];
        let of = |word: Stretch| head.misfits.iter().find(|(place, _)| *place == word).map(|(_, misfits)| misfits);
        let (name, score) = (of((2, 9, 13)).unwrap(), of((2, 47, 49)).unwrap());
        let least = |misfits: &[f32]| misfits.iter().cloned().fold(f32::INFINITY, f32::min);
        assert!(least(name) < 1.0 && name.iter().any(|misfit| *misfit >= 3.0), "{name:?}");
        assert!(least(score) == 0.0 && score.iter().any(|misfit| *misfit >= 3.0), "{score:?}");
    }
}
