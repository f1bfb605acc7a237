//! Checkbox groups: `1、持续性项目□ 2、新增性项目☑` to the choices that are ticked.

use super::sign::{Gap, Sign, signs, strip};
use super::text;
use crate::fold::{fold_text, is_blank};

/// A group prints a handful of choices on a line or two; what is longer is none.
const LONGEST: usize = 400;

/// Boxes without a tick. OCR also makes 0, 口 and O of them, which are no evidence of a box.
const EMPTY: &[char] = &['□', '☐', '◻', '○', '◯', '▢'];

/// Boxes with a tick, and ticks that stand where a box was.
const TICKED: &[char] = &['☑', '√', '■', '☒', '●', '✓', '✔', '◼', '▣'];

/// Brackets that serve as a box: (√), [ ].
const BRACKETS: &[(&str, &str)] = &[("(", ")"), ("[", "]")];

/// Signs after the number of a choice: 1、 1. (1)
const NUMBER_ENDS: &[char] = &['、', '.', ')', ':'];

/// A piece of a group.
#[derive(Clone, Debug, PartialEq)]
enum Piece {
    /// A box.
    Box { ticked: bool, gap: Gap },
    /// The number before a choice.
    Number,
    /// The words of a choice.
    Choice { words: String, gap: Gap },
}

/// On which side of its choice a box stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Before,
    After,
}

/// The ticked choices of `raw`, worded as in `known` where they are known.
///
/// `None` when there is no box, when nothing tells on which side of its choice a box stands, or when nothing is
/// ticked and a choice lacks its box, which may have been the ticked one.
pub(super) fn read(raw: &str, known: &[String]) -> Option<Vec<String>> {
    let pieces = pieces(&signs(raw, LONGEST)?, known);
    let boxes = pieces.iter().filter(|piece| matches!(piece, Piece::Box { .. })).count();
    let choices = pieces.iter().filter(|piece| matches!(piece, Piece::Choice { .. })).count();
    let any = pieces.iter().any(|piece| matches!(piece, Piece::Box { ticked: true, .. }));
    match (boxes, any) {
        (0, _) => None,
        (_, false) => (boxes >= choices && choices > 0).then(Vec::new),
        (_, true) => ticked(&pieces, side(&pieces)?),
    }
}

/// Whether `raw` has a box or a tick in it.
pub(crate) fn has_box(raw: &str) -> bool {
    raw.chars().any(|ch| EMPTY.contains(&ch) || TICKED.contains(&ch))
}

/// The choices beside the ticked boxes; `None` when a ticked box has no choice beside it.
fn ticked(pieces: &[Piece], side: Side) -> Option<Vec<String>> {
    let mut ticked = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if !matches!(piece, Piece::Box { ticked: true, .. }) {
            continue;
        }
        let beside = match side {
            Side::Before => pieces.iter().skip(at + 1).find(|piece| !matches!(piece, Piece::Number)),
            Side::After => pieces.iter().take(at).rev().find(|piece| !matches!(piece, Piece::Number)),
        };
        match beside {
            Some(Piece::Choice { words, .. }) => ticked.push(words.clone()),
            _ => return None,
        }
    }
    Some(ticked)
}

/// Tells from the group itself on which side of its choice a box stands.
fn side(pieces: &[Piece]) -> Option<Side> {
    let is_box = |piece: Option<&Piece>| matches!(piece, Some(Piece::Box { .. }));
    let solid = |piece: &&Piece| !matches!(piece, Piece::Number);
    let begins = is_box(pieces.iter().find(solid));
    let ends = is_box(pieces.iter().rev().find(solid));
    match (begins, ends) {
        (true, false) => Some(Side::Before),
        (false, true) => Some(Side::After),
        _ => side_by_number(pieces).or_else(|| side_by_gap(pieces)),
    }
}

/// A box right before a number closes its choice; right after a number it opens one.
fn side_by_number(pieces: &[Piece]) -> Option<Side> {
    let is_box = |piece: &Piece| matches!(piece, Piece::Box { .. });
    let is_choice = |piece: &Piece| matches!(piece, Piece::Choice { .. });
    let mut sides = pieces.windows(3).filter_map(|three| match three {
        [before, Piece::Box { .. }, Piece::Number] if is_choice(before) => Some(Side::After),
        [Piece::Number, Piece::Box { .. }, after] if is_choice(after) => Some(Side::Before),
        [before, Piece::Number, after] if is_choice(before) && is_box(after) => Some(Side::Before),
        _ => None,
    });
    let first = sides.next()?;
    sides.all(|side| side == first).then_some(first)
}

/// A box stands nearer to its own choice: no blank between, where there is one on the other side.
fn side_by_gap(pieces: &[Piece]) -> Option<Side> {
    let mut sides = pieces.windows(3).filter_map(|three| match three {
        [Piece::Choice { .. }, Piece::Box { gap, .. }, Piece::Choice { gap: next, .. }] => match (*gap, *next) {
            (Gap::None, Gap::Blank | Gap::Break) => Some(Side::After),
            (Gap::Blank | Gap::Break, Gap::None) => Some(Side::Before),
            _ => None,
        },
        _ => None,
    });
    let first = sides.next()?;
    sides.all(|side| side == first).then_some(first)
}

/// Cuts a group into boxes, numbers and the words of choices.
fn pieces(signs: &[Sign], known: &[String]) -> Vec<Piece> {
    let known: Vec<(String, &String)> = known.iter().map(|choice| (fold_text(choice), choice)).collect();
    let mut pieces = Vec::new();
    let mut words: Vec<Sign> = Vec::new();
    let mut rest = signs;
    while let Some((first, tail)) = rest.split_first() {
        if let Some((ticked, after)) = take_box(rest) {
            close(&mut pieces, &mut words);
            pieces.push(Piece::Box { ticked, gap: first.gap });
            rest = after;
        } else if let Some(after) = take_number(rest) {
            close(&mut pieces, &mut words);
            pieces.push(Piece::Number);
            rest = after;
        } else if let Some((choice, after)) = take_known(rest, &known).filter(|_| words.is_empty()) {
            pieces.push(Piece::Choice { words: choice, gap: first.gap });
            rest = after;
        } else {
            words.push(*first);
            rest = tail;
        }
    }
    close(&mut pieces, &mut words);
    pieces
}

/// Makes a choice of the words gathered; separators between choices are none.
fn close(pieces: &mut Vec<Piece>, words: &mut Vec<Sign>) {
    let gap = words.first().map_or(Gap::None, |sign| sign.gap);
    let text: String = std::mem::take(words).into_iter().map(|sign| sign.ch).collect();
    let text = text.trim_matches(|ch: char| is_blank(ch) || matches!(ch, ',' | ';' | '、' | '.' | '。' | '|' | '/'));
    if !text.is_empty() {
        pieces.push(Piece::Choice { words: text::join(text), gap });
    }
}

/// The box that `signs` begin with: whether it is ticked, and what follows.
fn take_box(signs: &[Sign]) -> Option<(bool, &[Sign])> {
    let (first, rest) = signs.split_first()?;
    if EMPTY.contains(&first.ch) {
        // A tick beside its box is one tick: □√.
        let tick = rest.split_first().filter(|(next, _)| matches!(next.ch, '√' | '✓' | '✔') && next.gap == Gap::None);
        return Some(tick.map_or((false, rest), |(_, rest)| (true, rest)));
    }
    if TICKED.contains(&first.ch) {
        return Some((true, rest));
    }
    BRACKETS.iter().find_map(|(open, close)| {
        let inside = strip(signs, open)?;
        if let Some(rest) = strip(inside, close) {
            return Some((false, rest));
        }
        let (ticked, rest) = inside.split_first().map(|(sign, rest)| (TICKED.contains(&sign.ch), rest))?;
        strip(rest, close).filter(|_| ticked).map(|rest| (true, rest))
    })
}

/// What follows the number of a choice: 1、 or (1).
fn take_number(signs: &[Sign]) -> Option<&[Sign]> {
    let rest = strip(signs, "(").unwrap_or(signs);
    let (digit, rest) = rest.split_first()?;
    let (end, rest) = rest.split_first()?;
    (digit.ch.is_ascii_digit() && NUMBER_ENDS.contains(&end.ch)).then_some(rest)
}

/// The longest known choice that `signs` begin with, as it is known, and what follows.
fn take_known<'a>(signs: &'a [Sign], known: &[(String, &String)]) -> Option<(String, &'a [Sign])> {
    known
        .iter()
        .filter(|(folded, _)| !folded.is_empty())
        .filter_map(|(folded, choice)| strip(signs, folded).map(|rest| ((*choice).clone(), rest)))
        .min_by_key(|(_, rest)| rest.len())
}
