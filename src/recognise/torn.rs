//! Labels torn apart, with other text between their pieces: `项目实施单 … 位`, a vertical heading whose characters
//! stand at the beginnings of other cells' lines.

use super::hits::{Hit, fits_hole, without_overlaps};
use super::lexicon::{Entry, Lexicon, Owner};
use super::near::free_tokens;
use super::segment::Segment;
use super::stream::{Firsts, Span, Stream, Token};
use crate::pattern::{Part, Template};
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
    let mut free = free_tokens(stream, segment);
    free.retain(|token| token.cell.is_none());
    let mut free_chars = CharSet::default();
    let chars = free.iter().flat_map(|token| stream.chars.get(token.span.clone()).unwrap_or_default());
    chars.for_each(|char| free_chars.add(char.ch));
    let firsts = Firsts::new(stream, free.iter().copied());
    let mut found: Vec<Owner> = segment.hits.iter().map(|hit| hit.owner).collect();
    found.sort_unstable();
    let mut hits = Vec::new();
    for entry in &lexicon.entries {
        // Every character of a torn label stands in the free tokens.
        if entry.length < MIN_TORN_LABEL || !free_chars.may_spell(&entry.template) {
            continue;
        }
        let firsts = firsts.of(entry.first_char());
        let wanted = |owner: &Owner| match owner {
            Owner::Words { .. } | Owner::Spare { .. } | Owner::Furniture { .. } => false,
            _ => found.binary_search(owner).is_err(),
        };
        if !firsts.is_empty() && entry.owners.iter().any(wanted) {
            let signs = signs(entry);
            hits.extend(firsts.iter().find_map(|(_, first)| assemble(stream, entry, &signs, &free, *first)));
        }
    }
    without_overlaps(hits, stream.chars.len())
}

/// Bits of a [`CharSet`].
const BITS: usize = 4096;

/// Characters, told apart by their last bits: what is not in it is not there, what is may be.
struct CharSet([u64; BITS / u64::BITS as usize]);

impl Default for CharSet {
    fn default() -> Self {
        CharSet([0; BITS / u64::BITS as usize])
    }
}

impl CharSet {
    fn place(ch: char) -> (usize, u64) {
        let bit = ch as usize % BITS;
        (bit / u64::BITS as usize, 1 << (bit % u64::BITS as usize))
    }

    fn add(&mut self, ch: char) {
        let (word, bit) = CharSet::place(ch);
        self.0[word] |= bit;
    }

    /// Whether a text may be made of these characters, its holes left out.
    fn may_spell(&self, text: &Template) -> bool {
        text.parts.iter().all(|part| match part {
            Part::Literal(chars) => chars.iter().all(|ch| {
                let (word, bit) = CharSet::place(*ch);
                self.0[word] & bit != 0
            }),
            Part::Hole(_) => true,
        })
    }
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
