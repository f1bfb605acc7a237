//! A form's stretch of the stream as items in order: texts of the pattern, and the pieces of text between them.

use super::hits::Hit;
use super::lexicon::Owner;
use super::segment::Segment;
use super::shape::{Look, Shape, look, shape};
use super::stream::{Span, Stream};
use super::torn_prose;
use crate::fold::is_han;
use crate::value::read_unit;

/// A dump indents wrapped text when it does so with this many labels, and begins with no more than one of as many.
const WRAPPED_LABELS: usize = 3;

/// A piece of text that no label covers.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) span: Span,
    pub(crate) shape: Shape,
    pub(crate) look: Look,
    /// Number of the line in the stream.
    pub(crate) line: u32,
    /// Whether it is the first piece of its line, counting labels too.
    pub(crate) first_on_line: bool,
    /// Whether nothing but labels stands before it on its line.
    pub(crate) leads_line: bool,
    /// Whether it has its line to itself.
    pub(crate) alone: bool,
    /// Whether a blank line stands before its line.
    pub(crate) after_gap: bool,
    /// Blanks between it and the token before it on its line; 0 also where nothing stands between.
    pub(crate) blanks_before: u32,
    /// Whether only label fragments and furniture stand between it and the piece before.
    pub(crate) joins: bool,
    /// Number of labels before it in the form.
    pub(crate) labels_before: usize,
    /// Whether the dump says that it goes on with the text of the line before.
    pub(crate) wraps: bool,
}

/// An item of a form.
#[derive(Clone, Debug)]
pub(crate) enum Item {
    /// Number of a hit of the segment.
    Hit(usize),
    /// A piece of other text.
    Piece(Piece),
}

/// Lets each label that is followed by a colon take the colon in.
pub(crate) fn take_colons(stream: &Stream, hits: &mut [Hit]) {
    for hit in hits {
        let end = hit.end();
        if !hit.torn
            && !matches!(hit.owner, Owner::Furniture { .. } | Owner::Spare { .. })
            && stream.chars.get(end).is_some_and(|char| char.ch == ':')
        {
            hit.fragments.push(end..end + 1);
            hit.colon = Some(end..end + 1);
        }
    }
}

/// What a form has columns of its own for, so that it is not to be joined to the figures beside it.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Apart {
    /// Comparators.
    pub(crate) comparators: bool,
    /// Units.
    pub(crate) units: bool,
}

/// The items of a segment outside of cells, in the order of the stream.
pub(crate) fn items(stream: &Stream, segment: &Segment, apart: Apart) -> Vec<Item> {
    let span = &segment.span;
    let mut covered = vec![false; span.len()];
    let mut starts: Vec<(usize, usize)> = Vec::with_capacity(segment.hits.len());
    for (number, hit) in segment.hits.iter().enumerate() {
        for part in hit.spans() {
            for at in part.clone() {
                if let Some(covered) = at.checked_sub(span.start).and_then(|at| covered.get_mut(at)) {
                    *covered = true;
                }
            }
        }
        starts.push((hit.start(), number));
    }
    starts.sort_unstable();
    let mut starts = starts.into_iter().peekable();
    let indents = indents_wrapped(stream, segment);
    let mut items = Vec::new();
    let mut labels_before = 0;
    let mut joins = false;
    let first = stream.tokens.partition_point(|token| token.span.end <= span.start);
    let mut line_of_last = None;
    let mut line_of_last_piece = None;
    for token in &stream.tokens[first..] {
        if token.span.start >= span.end {
            break;
        }
        if token.cell.is_some() {
            continue;
        }
        let mut at = token.span.start.max(span.start);
        let end = token.span.end.min(span.end);
        let mut blanks_before = token.blanks_before;
        while at < end {
            while let Some((_, number)) = starts.next_if(|(start, _)| *start <= at) {
                let hit = &segment.hits[number];
                if !matches!(hit.owner, Owner::Furniture { .. }) {
                    joins &= hit.torn;
                    labels_before += 1;
                }
                items.push(Item::Hit(number));
            }
            let free = !covered[at - span.start];
            let mut stop = at + 1;
            while stop < end
                && covered[stop - span.start] != free
                && starts.peek().is_none_or(|(start, _)| free || *start > stop)
            {
                stop += 1;
            }
            if free {
                let chars: Vec<char> = stream.chars[at..stop].iter().map(|char| char.ch).collect();
                let shape = shape(&chars);
                items.push(Item::Piece(Piece {
                    span: at..stop,
                    shape,
                    look: look(&chars, shape),
                    line: token.line,
                    first_on_line: line_of_last != Some(token.line),
                    leads_line: line_of_last_piece != Some(token.line),
                    alone: false,
                    after_gap: token.after_gap,
                    blanks_before,
                    joins,
                    labels_before,
                    wraps: indents && token.indented && !token.after_gap && at == token.span.start,
                }));
                joins = true;
                line_of_last_piece = Some(token.line);
            }
            line_of_last = Some(token.line);
            blanks_before = 0;
            at = stop;
        }
    }
    for (_, number) in starts {
        items.push(Item::Hit(number));
    }
    mark_alone(stream, &mut items);
    join_figures(stream, &mut items, apart);
    mark_alone(stream, &mut items);
    torn_prose::join(stream, segment, &mut items);
    items
}

/// Whether the dump indents the lines of wrapped text by one blank: some labels go on so, and hardly any begins so.
fn indents_wrapped(stream: &Stream, segment: &Segment) -> bool {
    let is_indented = |at: usize| {
        stream.token_of(at).is_some_and(|token| token.indented && token.span.start == at && token.cell.is_none())
    };
    let hits = || segment.hits.iter().filter(|hit| !hit.torn);
    let goes_on = |hit: &&Hit| hit.spans().flat_map(|span| span.clone()).any(|at| at > hit.start() && is_indented(at));
    let wrapped = hits().filter(goes_on).count();
    let begun = hits().filter(|hit| is_indented(hit.start())).count();
    wrapped >= WRAPPED_LABELS && begun <= wrapped / WRAPPED_LABELS
}

/// Joins the parts of a figure that a blank has got into: behind its point (`1366. 35`), behind its comparator (`≥ 95`),
/// before its percent sign (`95 %`). Nothing else is written so, where the form has no columns for these signs. And
/// joins words that are spelt.
fn join_figures(stream: &Stream, items: &mut Vec<Item>, apart: Apart) {
    let figures = |span: &Span| stream.chars.get(span.clone()).unwrap_or_default().iter().map(|char| char.ch);
    let halves = |one: &Piece, other: &Piece| {
        let first: Vec<char> = figures(&one.span).collect();
        let second: Vec<char> = figures(&other.span).collect();
        let is_figure = |ch: &char| ch.is_ascii_digit() || matches!(ch, '.' | ',');
        let number = |text: &[char]| text.last().is_some_and(char::is_ascii_digit) && text.iter().all(is_figure);
        let point = matches!(first.as_slice(), [.., digit, '.'] if digit.is_ascii_digit())
            && first.iter().all(is_figure)
            && second.iter().all(|ch| ch.is_ascii_digit() || *ch == '%');
        let comparator =
            !apart.comparators && first.iter().all(is_comparator) && second.first().is_some_and(char::is_ascii_digit);
        let bare = match first.as_slice() {
            ['≥' | '≤' | '>' | '<' | '=', rest @ ..] => number(rest),
            all => number(all),
        };
        let percent = !apart.units && bare && second.as_slice() == ['%'];
        let words = one_blank_parts_words(&first, &second) && other.blanks_before == 1;
        let follows = one.span.end == other.span.start;
        let beside = one.line == other.line && follows && other.blanks_before <= 1;
        // A tool that begins a line with each change of font parts `≥`, `99` and `套`.
        let below = other.line == one.line + 1 && follows && one.alone && other.alone && !other.after_gap;
        let counted = !apart.units
            && first.last().is_some_and(char::is_ascii_digit)
            && first.iter().all(|ch| is_figure(ch) || is_comparator(ch))
            && read_unit(&second.iter().collect::<String>()).is_some();
        (beside && (point || comparator || percent || words)) || (below && (comparator || counted))
    };
    let mut joined: Vec<Item> = Vec::with_capacity(items.len());
    for item in items.drain(..) {
        match (joined.last_mut(), item) {
            (Some(Item::Piece(one)), Item::Piece(other)) if halves(one, &other) => {
                one.span.end = other.span.end;
                let chars: Vec<char> = figures(&one.span).collect();
                one.shape = shape(&chars);
                one.look = look(&chars, one.shape);
            }
            (_, item) => joined.push(item),
        }
    }
    *items = joined;
}

fn is_comparator(ch: &char) -> bool {
    matches!(ch, '≥' | '≤' | '>' | '<' | '=')
}

/// Whether two pieces are words of a script that writes blanks between words: `R. Malik`. One blank keeps no cells apart
/// there.
fn one_blank_parts_words(first: &[char], second: &[char]) -> bool {
    let spelt = |ch: &char| ch.is_alphabetic() && !is_han(*ch);
    let ends = match first {
        [.., letter, '.' | ',' | '\'' | '&'] => spelt(letter),
        [.., letter] => spelt(letter),
        [] => false,
    };
    ends && second.first().is_some_and(spelt)
}

fn mark_alone(stream: &Stream, items: &mut [Item]) {
    let line_bounds = |piece: &Piece| {
        let before = piece.span.start.checked_sub(1).and_then(|at| stream.token_of(at));
        let after = stream.token_of(piece.span.end);
        before.is_none_or(|token| token.line != piece.line) && after.is_none_or(|token| token.line != piece.line)
    };
    for item in items {
        if let Item::Piece(piece) = item {
            piece.alone = line_bounds(piece);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::lay_out;
    use crate::source::{Options, read};

    fn pieces(text: &str, apart: Apart) -> Vec<String> {
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
    fn a_blank_within_a_figure_does_not_part_it() {
        assert_eq!(pieces("亮灯率 ≥ 95 % 96. 5 8", Apart::default()), ["亮灯率", "≥95%", "96.5", "8"]);
        assert_eq!(pieces("亮灯率 ≥  95  %", Apart::default()), ["亮灯率", "≥", "95", "%"]);
    }

    #[test]
    fn one_blank_between_spelt_words_parts_no_cells() {
        assert_eq!(
            pieces("R. Malik of Hill Street  S. Ortega 4", Apart::default()),
            ["R.MalikofHillStreet", "S.Ortega", "4"]
        );
        assert_eq!(pieces("甲局 Beta 乙局", Apart::default()), ["甲局", "Beta", "乙局"]);
    }

    #[test]
    fn signs_with_a_column_of_their_own_stay_apart() {
        let apart = Apart { comparators: true, units: true };
        assert_eq!(pieces("亮灯率 ≥ 95 % 96", apart), ["亮灯率", "≥", "95", "%", "96"]);
    }
}
