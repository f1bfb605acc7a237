//! Prose that a dump has broken at its figures: a tool that begins a line with each change of font puts `恢复防洪库容`,
//! `80` and `万立方米。` on three, and so `公里`, `/` and `小时`.

use super::items::{Item, Piece};
use super::lexicon::Owner;
use super::prose::is_later_mark;
use super::segment::Segment;
use super::shape::{Shape, look, shape};
use super::stream::Stream;

/// Between two pieces that are prose stand so many at most that are not: the figures and words of a date are five.
const MAX_BETWEEN: usize = 7;
/// The mark of a list's first point, and how long one is at most: `12.`.
/// What follows a year in a date: words, and figures between.
const DATE: [Option<&str>; 5] = [Some("年"), None, Some("月"), None, Some("日")];
/// Digits of a year.
const YEAR: usize = 4;
const FIRST_MARK: &str = "1.";
const MAX_MARK: usize = 3;

/// Joins the pieces of such prose: text and figures in turn, each on a line of its own, from a piece that is prose, or
/// that follows the label of a field or column, to one that is prose.
pub(crate) fn join(stream: &Stream, segment: &Segment, items: &mut Vec<Item>) {
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    let mut rest = items.as_slice();
    let mut labelled = false;
    while let Some((first, others)) = rest.split_first() {
        let length = match first {
            Item::Piece(piece) => match chain(stream, piece, others, labelled) {
                0 => date(stream, piece, others),
                length => length,
            },
            Item::Hit(_) => 0,
        };
        labelled = matches!(first, Item::Hit(hit) if segment.hits.get(*hit).is_some_and(|hit| {
            matches!(hit.owner, Owner::Label { .. } | Owner::Column { .. } | Owner::Heading { .. })
        }));
        let (own, after) = others.split_at(length);
        match (first, own.last()) {
            (Item::Piece(piece), Some(Item::Piece(last))) => {
                let span = piece.span.start..last.span.end;
                let chars: Vec<char> =
                    stream.chars.get(span.clone()).unwrap_or_default().iter().map(|char| char.ch).collect();
                let shape = shape(&chars);
                joined.push(Item::Piece(Piece { span, shape, look: look(&chars, shape), ..piece.clone() }));
            }
            _ => joined.push(first.clone()),
        }
        rest = after;
    }
    *items = joined;
}

/// How many of the pieces after `first` make up a date with it: a year, 年, a month, 月, and mostly a day and 日.
fn date(stream: &Stream, first: &Piece, others: &[Item]) -> usize {
    let follows = |one: &Piece, other: &Piece| one.span.end == other.span.start && other.alone && !other.after_gap;
    let mut before = first;
    let mut length = 0;
    for (number, item) in others.iter().take(DATE.len()).enumerate() {
        let Item::Piece(piece) = item else { break };
        let text = stream.text_of(&piece.span);
        let fits = match DATE.get(number) {
            Some(Some(word)) => text == *word,
            _ => piece.look.is_digits && text.len() <= 2,
        };
        if !fits || !follows(before, piece) {
            break;
        }
        if number % 2 == 0 && number > 0 {
            length = number + 1;
        }
        before = piece;
    }
    let is_year = first.alone && first.look.is_digits && first.span.len() == YEAR;
    if is_year { length } else { 0 }
}

/// How many of the pieces after `first` go on with it.
fn chain(stream: &Stream, first: &Piece, others: &[Item], labelled: bool) -> usize {
    let text = |piece: &Piece| stream.text_of(&piece.span);
    // The mark of a point of a list is a figure and a point, alone on its line as figures are.
    let is_later = |piece: &Piece| is_later_mark(text(piece)) && piece.span.len() <= MAX_MARK;
    let is_mark = |piece: &Piece| is_later(piece) || text(piece) == FIRST_MARK;
    let is_latin = |piece: &Piece| text(piece).bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'/');
    let is_figure = |piece: &Piece| {
        matches!(piece.shape, Shape::Number | Shape::Month | Shape::Percent) || is_mark(piece) || is_latin(piece)
    };
    let is_prose = |piece: &Piece| !is_mark(piece) && (piece.shape == Shape::Prose || piece.look.goes_on);
    let begins = is_prose(first) || is_mark(first) || (labelled && first.shape == Shape::Word);
    if !begins || !first.alone {
        return 0;
    }
    let mut length = 0;
    let mut figures = 0;
    let mut before = first;
    let mut since = 0;
    for (number, item) in others.iter().enumerate() {
        let Item::Piece(piece) = item else { break };
        // Prose is wrapped between its figures, too.
        let in_turn = is_figure(piece) != is_figure(before) || (figures > 1 && !is_figure(before) && is_prose(piece));
        let follows = before.span.end == piece.span.start && piece.alone && piece.joins && !piece.after_gap;
        let ends = before.look.ends_sentence && !is_figure(before) && !is_later(piece);
        if !in_turn || !follows || ends {
            break;
        }
        figures += usize::from(is_figure(piece));
        since += 1;
        // One figure between two texts may be a cell between two others.
        if is_prose(piece) && (is_prose(first) || is_mark(first) || figures > 1) {
            (length, since) = (number + 1, 0);
        } else if since > MAX_BETWEEN {
            break;
        }
        before = piece;
    }
    length
}

#[cfg(test)]
mod tests {
    use super::super::items::{Apart, items};
    use super::*;
    use crate::layout::lay_out;
    use crate::source::{Options, read};

    fn pieces(text: &str) -> Vec<String> {
        pieces_of(text, Apart::default())
    }

    fn pieces_of(text: &str, apart: Apart) -> Vec<String> {
        let stream = Stream::new(&lay_out(&read(text.as_bytes(), &Options::default())));
        let segment = Segment { span: 0..stream.chars.len(), ..Segment::default() };
        let items = items(&stream, &segment, apart);
        let piece = |item: &Item| match item {
            Item::Piece(piece) => Some(stream.text_of(&piece.span).to_owned()),
            Item::Hit(_) => None,
        };
        items.iter().filter_map(piece).collect()
    }

    #[test]
    fn prose_broken_at_its_figures_is_one() {
        assert_eq!(
            pieces("加固堤防,新增\n12\n公里护岸,\n2023\n年\n6\n月\n5\n日完工,通过验收。"),
            ["加固堤防,新增12公里护岸,2023年6月5日完工,通过验收。"]
        );
    }

    #[test]
    fn dates_are_one() {
        assert_eq!(pieces("2021\n年\n6\n月\n18\n日\n阅览室"), ["2021年6月18日", "阅览室"]);
        assert_eq!(pieces("2021\n年\n6\n月\n18\n人"), ["2021年6月", "18人"]);
        assert_eq!(pieces("2021\n年\n60\n人")[0], "2021");
    }

    #[test]
    fn latin_between_words_is_as_figures_are() {
        assert_eq!(
            pieces_of(
                "经整治,车速由\n24.4\n公里\n/\n小时提高到\n26.9\n公里\n/\n小时,通过验收。",
                Apart { comparators: true, units: true }
            ),
            ["经整治,车速由24.4公里/小时提高到26.9公里/小时,通过验收。"]
        );
    }

    #[test]
    fn points_of_a_list_go_on_and_the_first_of_the_next_cell_does_not() {
        assert_eq!(
            pieces("1.\n新增\n12\n公里护岸,加固堤防;\n2.\n完成\n5\n座泵站改造。\n1.\n已完成\n12\n公里护岸,通过验收。"),
            ["1.新增12公里护岸,加固堤防;2.完成5座泵站改造。", "1.已完成12公里护岸,通过验收。"]
        );
    }

    #[test]
    fn cells_are_none() {
        for text in
            ["护岸长度\n12\n10\n10", "路灯更换数\n300\n材料涨价,未完成\n8", "材料涨价,未完成\n8\n护岸长度\n12\n10"]
        {
            assert_eq!(pieces(text), text.lines().collect::<Vec<_>>(), "{text}");
        }
    }
}
