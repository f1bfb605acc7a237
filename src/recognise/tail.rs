//! What follows the last cell of a form and is still of it, though no label claims it.

use super::draft::{Draft, DraftCell, DraftText};
use super::stream::{Span, Stream, Token};
use crate::layout::{Block, Layout, Place};

/// Between lines of a form on a page there is no more than this many heights of a line: the bar for a blank line.
const GAP_IN_LINES: f64 = 1.2;

/// Confidence at most in a text of the last row when figures without a column follow it: they may be the rest of its own.
const CUT_OFF: f64 = 0.45;

/// Where a form that has been read up to `end` really ends. Lines go on being its own until a blank line, as in a form
/// without cells; after one, lines of nothing but figures still do. A page number, one integer, does not.
pub(crate) fn end(stream: &Stream, layout: &Layout, span: &Span, end: usize) -> usize {
    let mut last = end;
    for line in lines_after(stream, span, end) {
        let Some(first) = line.first() else { break };
        let begun = first.span.start < end;
        if first.cell.is_some() || !(begun || follows(stream, layout, first) || is_of_figures(stream, line)) {
            break;
        }
        last = line.last().map_or(last, |token| token.span.end.min(span.end));
    }
    last
}

/// Makes what stands on the last line before `end` doubtful when the form goes on with a line of bare figures: the dump
/// may have broken the row, and a `10` there be the beginning of `100`.
pub(crate) fn doubt_last_row(draft: &mut Draft, stream: &Stream, layout: &Layout, span: &Span, end: usize) {
    let number = |at: usize| stream.chars.get(at).and_then(|char| layout.line_number(char.run));
    let mut after = lines_after(stream, span, end);
    let Some(line) = after.next().filter(|line| line.iter().all(|token| is_figure(stream, token))) else { return };
    let Some(first) = line.first().filter(|first| first.span.start >= end).and_then(|first| number(first.span.start))
    else {
        return;
    };
    let before = (span.start..end).filter_map(number).max();
    let on_last = |text: &DraftText| text.spans.iter().any(|span| span.clone().any(|at| number(at) == before));
    if before.is_none_or(|before| before + 1 != first) {
        return;
    }
    let rows = draft.tables.values_mut().flatten().flat_map(|row| row.values_mut());
    for cell in draft.fields.values_mut().chain(rows) {
        if let DraftCell::Text(text) = cell
            && on_last(text)
        {
            text.confidence = text.confidence.min(CUT_OFF);
        }
    }
}

/// The tokens that end behind `end` and begin within `span`, line by line.
fn lines_after<'a>(stream: &'a Stream, span: &Span, end: usize) -> impl Iterator<Item = &'a [Token]> {
    let first = stream.tokens.partition_point(|token| token.span.end <= end);
    let last = stream.tokens.partition_point(|token| token.span.start < span.end);
    stream.tokens.get(first..last).unwrap_or_default().chunk_by(|one, other| one.line == other.line)
}

/// Whether the line of `token`, its first, stands right below what comes before it, be that a cell.
fn follows(stream: &Stream, layout: &Layout, token: &Token) -> bool {
    let place =
        |at: usize| stream.chars.get(at).and_then(|char| layout.runs.get(char.run.0 as usize)).map(|run| &run.place);
    let before = token.span.start.checked_sub(1).and_then(|at| stream.token_of(at));
    let Some(cell) = before.and_then(|before| before.cell) else { return !token.after_gap };
    let Some(Block::Grid(grid)) = layout.blocks.get(cell.block as usize) else { return false };
    let runs = grid.cells.iter().flat_map(|cell| &cell.runs).filter_map(|run| layout.runs.get(run.0 as usize));
    match place(token.span.start) {
        Some(Place::Text { line, .. }) => {
            let above = runs.filter_map(|run| match &run.place {
                Place::Text { line, .. } => Some(*line),
                Place::Page { .. } => None,
            });
            above.max().is_some_and(|above| *line <= above + 1)
        }
        Some(Place::Page { page, boxes, .. }) => {
            let above = runs.filter_map(|run| match &run.place {
                Place::Page { page: on, boxes, .. } if on == page => boxes.iter().map(|bbox| bbox.y1).reduce(f64::max),
                _ => None,
            });
            let Some(own) = boxes.first() else { return false };
            above.reduce(f64::max).is_some_and(|above| own.y0 - above <= (own.y1 - own.y0) * GAP_IN_LINES)
        }
        None => false,
    }
}

/// Whether a line has nothing but figures, and more than an integer.
fn is_of_figures(stream: &Stream, line: &[Token]) -> bool {
    let more = line.len() > 1 || line.iter().any(|token| stream.text_of(&token.span).contains(['.', '%']));
    more && line.iter().all(|token| is_figure(stream, token))
}

fn is_figure(stream: &Stream, token: &Token) -> bool {
    let text = stream.text_of(&token.span);
    text.contains(|ch: char| ch.is_ascii_digit()) && text.chars().all(|ch| ch.is_ascii_digit() || ".,%-".contains(ch))
}
