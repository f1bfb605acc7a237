//! Labels torn apart, with other text between their pieces: `项目实施单 … 位`, a vertical heading whose characters
//! stand at the beginnings of other cells' lines.

use std::collections::{HashMap, HashSet};

use super::hits::{Hit, fits_hole, without_overlaps};
use super::lexicon::{Entry, Lexicon, Owner};
use super::segment::Segment;
use super::stream::{Span, Stream, Token};
use crate::pattern::Part;
use crate::value::Type;

/// A label shorter than this is not looked for in pieces: two or three characters turn up anywhere.
const MIN_TORN_LABEL: usize = 4;
/// Tokens between two pieces of a label. A vertical heading stands beside a dozen lines, with a cell or two each.
const MAX_TOKENS_BETWEEN: usize = 14;
/// Similarity of a torn label: all of it is there, yet not in its place.
const TORN: f32 = 0.9;

/// A character of a template, or a hole.
#[derive(Clone, Copy)]
enum Sign {
    Char(char),
    Hole(Type),
}

/// Looks in the free tokens of `segment` for the labels that it lacks.
pub(crate) fn torn_hits(stream: &Stream, lexicon: &Lexicon, segment: &Segment) -> Vec<Hit> {
    let mut covered = vec![false; stream.chars.len()];
    for span in segment.hits.iter().flat_map(Hit::spans) {
        covered[span.clone()].fill(true);
    }
    let inside = |token: &&Token| segment.span.start <= token.span.start && token.span.end <= segment.span.end;
    let free: Vec<&Token> = stream
        .tokens
        .iter()
        .filter(inside)
        .filter(|token| token.cell.is_none() && !covered[token.span.clone()].contains(&true))
        .collect();
    let mut beginning: HashMap<char, Vec<usize>> = HashMap::new();
    for (number, token) in free.iter().enumerate() {
        if let Some(char) = stream.chars.get(token.span.start) {
            beginning.entry(char.ch).or_default().push(number);
        }
    }
    let all: Vec<usize> = (0..free.len()).collect();
    let found: HashSet<Owner> = segment.hits.iter().map(|hit| hit.owner).collect();
    let mut hits = Vec::new();
    for entry in &lexicon.entries {
        let wanted = entry.owners.iter().any(|owner| match owner {
            Owner::Words { .. } | Owner::Spare { .. } | Owner::Furniture { .. } => false,
            _ => !found.contains(owner),
        });
        if wanted && entry.length >= MIN_TORN_LABEL {
            let signs = signs(entry);
            let firsts = match signs.first() {
                Some(Sign::Char(ch)) => beginning.get(ch).map(Vec::as_slice).unwrap_or_default(),
                _ => all.as_slice(),
            };
            hits.extend(firsts.iter().find_map(|first| assemble(stream, entry, &signs, &free, *first)));
        }
    }
    without_overlaps(hits, stream.chars.len())
}

fn signs(entry: &Entry) -> Vec<Sign> {
    let mut holes = entry.holes.iter();
    let mut signs = Vec::new();
    for part in &entry.template.parts {
        match part {
            Part::Literal(chars) => signs.extend(chars.iter().map(|ch| Sign::Char(*ch))),
            Part::Hole(_) => signs.extend(holes.next().map(|kind| Sign::Hole(*kind))),
        }
    }
    signs
}

/// The hit whose first piece is the free token `first`, if its other pieces follow.
fn assemble(stream: &Stream, entry: &Entry, signs: &[Sign], free: &[&Token], first: usize) -> Option<Hit> {
    let mut state = Progress { at: 0, in_hole: false, fragments: Vec::new(), holes: vec![0..0; entry.holes.len()] };
    let mut last = first;
    for (number, token) in free.iter().enumerate().skip(first) {
        if number - last > MAX_TOKENS_BETWEEN {
            return None;
        }
        match state.advance(stream, signs, &token.span) {
            Some(further) => {
                state = further;
                last = number;
            }
            None if number == first => return None,
            None => {}
        }
        if state.at >= signs.len() {
            break;
        }
    }
    let whole = state.at >= signs.len() && last > first;
    let hit = Hit::new(entry, state.fragments, state.holes, TORN, true)?;
    whole.then_some(hit)
}

/// How far a template is matched.
#[derive(Clone)]
struct Progress {
    at: usize,
    in_hole: bool,
    fragments: Vec<Span>,
    holes: Vec<Span>,
}

impl Progress {
    /// The progress after a token that is the next piece, all of it.
    fn advance(&self, stream: &Stream, signs: &[Sign], token: &Span) -> Option<Progress> {
        let mut next = self.clone();
        for number in token.clone() {
            let ch = stream.chars.get(number)?.ch;
            let hole = |at: usize| signs.iter().take(at).filter(|sign| matches!(sign, Sign::Hole(_))).count();
            match signs.get(next.at)? {
                Sign::Hole(kind) if *kind != Type::Text && fits_hole(*kind, ch) => {
                    let span = next.holes.get_mut(hole(next.at))?;
                    *span =
                        if next.in_hole && span.end == number { span.start..number + 1 } else { number..number + 1 };
                    next.in_hole = true;
                    continue;
                }
                Sign::Hole(_) if !next.in_hole => return None,
                Sign::Hole(_) => {
                    next.at += 1;
                    next.in_hole = false;
                }
                Sign::Char(_) => {}
            }
            match signs.get(next.at)? {
                Sign::Char(expected) if *expected == ch => {
                    match next.fragments.last_mut() {
                        Some(last) if last.end == number => last.end += 1,
                        _ => next.fragments.push(number..number + 1),
                    }
                    next.at += 1;
                }
                _ => return None,
            }
        }
        Some(next)
    }
}
