//! Two paragraphs side by side, whose lines a dump gives by their heights: now one of the left, now one of the right,
//! now both on one line.
//!
//! Each line goes on with one of the two. It fits behind a line that is full or ends a sentence, its number follows
//! that paragraph's last, and it is no wider than the paragraph.

use super::align::{Action, Placed, piece_of};
use super::items::{Item, Piece};
use super::stream::Stream;

/// A line that begins with another number than the next, or with a number in the middle of a sentence, or without one
/// where the paragraph numbers its sentences.
const OTHER_NUMBER: f32 = 1.0;
const NUMBER_IN_SENTENCE: f32 = 0.6;
const NO_NUMBER: f32 = 0.5;
/// A line that goes on behind one with room for more, and the room that no line leaves for nothing.
const ROOM_LEFT: f32 = 0.7;
const ROOM: u32 = 4;
/// A line wider than its paragraph.
const TOO_WIDE: f32 = 1.0;
/// A paragraph that ends within a sentence, and one without text.
const NO_END: f32 = 0.5;
const NO_TEXT: f32 = 3.0;
/// The other paragraph than that of the line before: of equal readings the one with fewer changes.
const CHANGE: f32 = 0.02;
/// Ways kept after each line; a paragraph has some dozen lines.
const WAYS: usize = 64;
/// Confidence in lines told apart so.
pub(crate) const CONFIDENCE: f64 = 0.5;

/// A way to part the lines so far.
#[derive(Clone, Debug, Default)]
struct Way {
    cost: f32,
    /// For each piece whether it is of the right paragraph.
    right: Vec<bool>,
    /// For each paragraph its last piece, and its last number.
    last: [Option<usize>; 2],
    number: [u32; 2],
}

/// For each of the pieces of two paragraphs whether it belongs to the right one; none where no line has pieces of both.
pub(crate) fn part(stream: &Stream, pieces: &[&Piece]) -> Option<Vec<bool>> {
    let lines: Vec<&[&Piece]> = pieces.chunk_by(|one, other| one.line == other.line).collect();
    if !lines.iter().any(|line| line.len() == 2) || lines.iter().any(|line| line.len() > 2) {
        return None;
    }
    let widest = |side: usize| {
        let of_both = lines.iter().filter(|line| line.len() == 2).filter_map(|line| line.get(side));
        of_both.map(|piece| piece.look.width).max().unwrap_or(0)
    };
    let widths = [widest(0), widest(1)];
    let mut ways = vec![Way::default()];
    let mut at = 0;
    for line in lines {
        let mut next = Vec::new();
        for way in &ways {
            match line {
                [left, right] => {
                    let way = go_on(stream, pieces, way, (at, left), 0, widths);
                    next.push(go_on(stream, pieces, &way, (at + 1, right), 1, widths));
                }
                [piece] => {
                    next.extend([0, 1].map(|side| go_on(stream, pieces, way, (at, piece), side, widths)));
                }
                _ => {}
            }
        }
        next.sort_by(|one, other| one.cost.total_cmp(&other.cost));
        next.truncate(WAYS);
        ways = next;
        at += line.len();
    }
    let end = |way: &Way| {
        let of_side = |last: &Option<usize>| match last.and_then(|at| pieces.get(at)) {
            None => NO_TEXT,
            Some(piece) if piece.look.ends_sentence => 0.0,
            Some(_) => NO_END,
        };
        way.cost + way.last.iter().map(of_side).sum::<f32>()
    };
    ways.into_iter().min_by(|one, other| end(one).total_cmp(&end(other))).map(|way| way.right)
}

/// Gives figures that are wrapped side by side their further lines: `530,00 255,067.` over `0` over `80` are 530,000 and
/// 255,067.80. A reading that goes along the text has given all of these lines to the last figure.
pub(crate) fn part_figures(items: &[Item], placed: &mut [Placed]) {
    let cell = |action: Action| match action {
        Action::Begin { slot, row } => Some((slot, row)),
        _ => None,
    };
    let mut at = 0;
    while let Some(first) = placed.get(at).and_then(|one| piece_of(items, one.item)) {
        let on_line = placed.get(at..).unwrap_or_default().iter().take_while(|one| {
            piece_of(items, one.item).is_some_and(|piece| piece.line == first.line && piece.look.figure.is_some())
        });
        let cells: Vec<Option<(usize, usize)>> = on_line.map(|one| cell(one.action)).collect();
        let behind = at + cells.len().max(1);
        let rest = placed.get(behind..).unwrap_or_default().iter().zip(1..).take_while(|(one, below)| {
            matches!(one.action, Action::Continue { .. })
                && piece_of(items, one.item).is_some_and(|piece| {
                    piece.look.is_digits && piece.alone && piece.line == first.line + below && !piece.after_gap
                })
        });
        let rest = rest.count();
        if cells.len() > 1 && rest == cells.len() {
            for (one, cell) in placed.iter_mut().skip(behind).zip(cells) {
                if let Some((slot, row)) = cell {
                    one.action = Action::Continue { slot, row };
                    one.confidence = one.confidence.min(CONFIDENCE);
                }
            }
        }
        at = behind;
    }
}

/// The way that goes on with a piece on a side.
fn go_on(
    stream: &Stream,
    pieces: &[&Piece],
    way: &Way,
    (at, piece): (usize, &Piece),
    side: usize,
    widths: [u32; 2],
) -> Way {
    let mut way = way.clone();
    let text: Vec<char> = stream.text_of(&piece.span).chars().collect();
    let numbers = numbers(&text);
    let leads = numbers.first().filter(|(place, _)| *place == 0).map(|(_, number)| *number);
    let before = way.last[side].and_then(|at| pieces.get(at));
    let ended = before.is_none_or(|before| before.look.ends_sentence);
    way.cost += match leads {
        Some(number) => {
            let next = if number == way.number[side] + 1 { 0.0 } else { OTHER_NUMBER };
            next + if ended { 0.0 } else { NUMBER_IN_SENTENCE }
        }
        None if ended && before.is_some() && way.number[side] > 0 => NO_NUMBER,
        None => 0.0,
    };
    if let Some(before) = before
        && !ended
        && before.look.width + piece.look.first_unit + ROOM < widths[side]
    {
        way.cost += ROOM_LEFT;
    }
    if piece.look.width > widths[side] + ROOM {
        way.cost += TOO_WIDE;
    }
    if way.right.last().is_some_and(|right| *right != (side == 1)) {
        way.cost += CHANGE;
    }
    way.right.push(side == 1);
    way.last[side] = Some(at);
    if let Some((_, number)) = numbers.last() {
        way.number[side] = *number;
    }
    way
}

/// The numbers of sentences in a line, and where each stands: `1、`, `2.`, `(三)`.
fn numbers(text: &[char]) -> Vec<(usize, u32)> {
    const DIGITS: [char; 9] = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];
    let digit =
        |ch: char| ch.to_digit(10).or_else(|| DIGITS.iter().position(|digit| *digit == ch).map(|at| at as u32 + 1));
    let begins = |at: usize| at == 0 || text.get(at - 1).is_some_and(|ch| matches!(ch, '。' | ';' | ':'));
    let mut found = Vec::new();
    for at in (0..text.len()).filter(|at| begins(*at)) {
        let number = match text.get(at..).unwrap_or_default() {
            ['(', one, ')', ..] => digit(*one),
            [one, '、', ..] => digit(*one),
            [one, '.', next, ..] if !next.is_ascii_digit() => digit(*one),
            _ => None,
        };
        found.extend(number.map(|number| (at, number)));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::lay_out;
    use crate::recognise::items::{Apart, Item, items};
    use crate::recognise::segment::Segment;
    use crate::source::{Options, read};

    fn parted(text: &str) -> Option<[String; 2]> {
        let stream = Stream::new(&lay_out(&read(text.as_bytes(), &Options::default())));
        let segment = Segment { span: 0..stream.chars.len(), ..Segment::default() };
        let items = items(&stream, &segment, Apart::default());
        let pieces: Vec<&Piece> = items
            .iter()
            .filter_map(|item| match item {
                Item::Piece(piece) => Some(piece),
                Item::Hit(_) => None,
            })
            .collect();
        let right = part(&stream, &pieces)?;
        let of = |side: bool| {
            let own = pieces.iter().zip(&right).filter(|(_, right)| **right == side);
            own.map(|(piece, _)| stream.text_of(&piece.span)).collect::<String>()
        };
        Some([of(false), of(true)])
    }

    #[test]
    fn lines_of_two_paragraphs_are_told_apart() {
        let text = "1、修缮校舍三处，更换门窗，面 1、修缮校舍三处，已经验收。\n积九百平方米。\n\
                    2、为学生添置课桌。 2、添置课桌四百套，另有备\n用十套。\n";
        let [left, right] = parted(text).expect("two paragraphs");
        assert_eq!(left, "1、修缮校舍三处,更换门窗,面积九百平方米。2、为学生添置课桌。");
        assert_eq!(right, "1、修缮校舍三处,已经验收。2、添置课桌四百套,另有备用十套。");
    }

    #[test]
    fn without_a_line_of_both_nothing_is_told() {
        assert_eq!(parted("修缮校舍三处。\n添置课桌四百套。\n"), None);
    }

    #[test]
    fn numbers_of_sentences_are_found() {
        let numbers = |text: &str| numbers(&text.chars().collect::<Vec<_>>());
        assert_eq!(numbers("(一)修路。(二)架桥"), [(0, 1), (6, 2)]);
        assert_eq!(numbers("3.2公里"), []);
    }
}
