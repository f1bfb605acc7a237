//! Where one paragraph ends and the next begins, when a dump gives the lines of two cells one after the other.

use super::items::Piece;
use super::stream::Stream;
use crate::fold::is_blank;
use crate::layout::Layout;

/// Blanks that a dump strews into a line; more of them part two cells.
const STRAY_BLANKS: u32 = 2;
/// A sentence ends before the split.
const SENTENCE_END: f64 = 2.0;
/// A blank line stands at the split.
const GAP: f64 = 1.0;
/// The second begins with a further point of a list: (四).
const LATER_MARK: f64 = -3.0;
/// Both begin with the same list mark (1、 and again 1、).
const SAME_MARK: f64 = 3.0;
/// A line that is cut short though its sentence goes on, for each column it lacks: within one cell lines are full.
const SHORT_LINE: f64 = 0.15;
/// The split stands inside a line.
const INSIDE_LINE: f64 = -1.5;
/// How much a lopsided split counts against it: plans and results are of like length.
const LOPSIDED: f64 = 0.5;
/// Columns by which full lines of one cell may differ: punctuation is not cut from its word.
const RAGGED: usize = 2;

/// A line of a paragraph.
#[derive(Clone, Debug, Default)]
pub(crate) struct ProseLine {
    /// Number of its first piece.
    first_piece: usize,
    /// Width in columns, wide characters two.
    width: usize,
    /// Width of what it begins with and no line is broken in.
    first_unit: usize,
    ends_sentence: bool,
    first_on_line: bool,
    after_gap: bool,
    mark: Option<String>,
    /// Whether it begins with the mark of a list's second point, or a later one.
    later_mark: bool,
}

/// A split before the piece `at`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Split {
    pub(crate) at: usize,
    /// From 0.5 (another split is as good) to 1.
    pub(crate) confidence: f64,
}

/// The lines that `pieces` make up: those side by side on a line with no more than a stray blank between are one.
pub(crate) fn lines(stream: &Stream, layout: &Layout, pieces: &[&Piece]) -> Vec<ProseLine> {
    let mut lines = Vec::new();
    let mut first_piece = 0;
    for stretch in pieces.chunk_by(|one, other| one.line == other.line && other.blanks_before <= STRAY_BLANKS) {
        let (Some(first), Some(last)) = (stretch.first(), stretch.last()) else { continue };
        let chars = stream.chars.get(first.span.start..last.span.end).unwrap_or_default();
        let width = match (chars.first(), chars.last()) {
            (Some(first), Some(last)) => original_width(layout, first.run, first.at as usize, last.at as usize),
            _ => 0,
        };
        lines.push(ProseLine {
            first_piece,
            width,
            first_unit: first.look.first_unit as usize,
            ends_sentence: matches!(chars.last().map(|char| char.ch), Some('。' | ';' | '!' | '?' | '.')),
            first_on_line: first.first_on_line,
            after_gap: first.first_on_line && first.after_gap,
            later_mark: is_later_mark(&chars.iter().take(4).map(|char| char.ch).collect::<String>()),
            mark: list_mark(&chars.iter().take(3).map(|char| char.ch).collect::<Vec<_>>()),
        });
        first_piece += stretch.len();
    }
    lines
}

fn original_width(layout: &Layout, run: crate::layout::RunId, first: usize, last: usize) -> usize {
    let Some(run) = layout.runs.get(run.0 as usize) else { return 0 };
    let chars = run.text.chars().skip(first).take(last + 1 - first.min(last));
    chars.map(|ch| if is_blank(ch) { 1 } else { unicode_width::UnicodeWidthChar::width(ch).unwrap_or(0) }).sum()
}

/// The mark of a list's first point: `1`, `(1)`, `(一)`, `一`.
fn list_mark(chars: &[char]) -> Option<String> {
    let text: String = chars.iter().take(3).collect();
    let first = ["(一)", "(1)", "一、", "1、", "1.", "①", "一是"];
    first.iter().find(|mark| text.starts_with(**mark)).map(|mark| (*mark).to_owned())
}

/// Whether `text` begins with the mark of a list's second point, or a later one: `2.`, but not `2.5`.
pub(super) fn is_later_mark(text: &str) -> bool {
    let bare = text.strip_prefix('(');
    let mut chars = bare.unwrap_or(text).chars();
    let numbered = chars.next().is_some_and(|ch| ('2'..='9').contains(&ch) || "二三四五六七八九十".contains(ch));
    let behind = chars.next();
    let closed = match (bare, behind) {
        (Some(_), behind) => behind == Some(')'),
        (None, Some('、')) => true,
        (None, Some('.')) => chars.next().is_none_or(|ch| !ch.is_ascii_digit()),
        _ => false,
    };
    (numbered && closed) || "②③④⑤⑥⑦⑧⑨".contains(text.chars().next().unwrap_or(' '))
}

/// The best place to split `lines` into two paragraphs; none when there is but one line.
pub(crate) fn split(lines: &[ProseLine]) -> Option<Split> {
    let mut scores: Vec<(f64, usize)> = (1..lines.len()).map(|at| (score(lines, at), at)).collect();
    scores.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let (best, line) = *scores.first()?;
    let confidence = scores.get(1).map_or(1.0, |(second, _)| 1.0 - 0.5 * (second - best).exp());
    Some(Split { at: lines.get(line)?.first_piece, confidence })
}

fn score(lines: &[ProseLine], at: usize) -> f64 {
    let (first, second) = lines.split_at(at);
    let (Some(end), Some(begin)) = (first.last(), second.first()) else { return f64::MIN };
    let mut score = 0.0;
    if end.ends_sentence {
        score += SENTENCE_END;
    }
    if begin.later_mark {
        score += LATER_MARK;
    }
    if begin.after_gap {
        score += GAP;
    }
    if !begin.first_on_line {
        score += INSIDE_LINE;
    }
    let mark = first.first().and_then(|line| line.mark.as_ref());
    if mark.is_some() && mark == begin.mark.as_ref() {
        score += SAME_MARK;
    }
    let length = |lines: &[ProseLine]| lines.iter().map(|line| line.width).sum::<usize>().max(1) as f64;
    score -= LOPSIDED * (length(first) / length(second)).ln().abs();
    score - short_lines(first) - short_lines(second)
}

/// How raggedly the lines of one cell end: by how much more than the next line's beginning they would have had room for.
fn short_lines(lines: &[ProseLine]) -> f64 {
    let full = lines.iter().map(|line| line.width).max().unwrap_or(0);
    let inner = lines.iter().zip(lines.iter().skip(1)).filter(|(line, _)| !line.ends_sentence);
    let room = inner.map(|(line, next)| full.saturating_sub(line.width + next.first_unit.max(RAGGED)));
    room.map(|room| room as f64 * SHORT_LINE).sum()
}
