//! Whether a grid is a table, or only looks like one: a frame, text in columns, a list, a table of contents, a chart.

use unicode_width::UnicodeWidthStr;

use super::text;
use crate::layout::{Grid, GridCell, Layout, Place};
use crate::source::BBox;

/// A table has text in at least so many rows, and as many columns: less is a frame, a heading or a label and its text.
const MIN_SIDE: usize = 2;

/// At least this share of a table's places is covered by cells with text. A form that nobody has filled in has a
/// third and more in its labels; the plot of a chart, crossed by its grid lines, has a figure here and there.
const MIN_FILLED: f64 = 0.2;

/// A line of running text fills at least this share of its column: the rest is what a word or the indent leaves.
const FULL_LINE: f64 = 0.8;

/// A line of running text has at least the width of so many letters: eight ideographs. Narrower columns are not set
/// in prose, and figures of one length fill theirs too.
const PROSE_LETTERS: usize = 16;

/// A column is running text when this share of its lines is full: the last line of a paragraph is not, and short
/// paragraphs have three lines.
const PROSE_SHARE: f64 = 0.6;

/// Fewer lines than this in a column show no running text.
const PROSE_LINES: usize = 4;

/// A table of contents has leaders in at least this share of its rows.
const LEADER_SHARE: f64 = 0.5;

/// Dots in a row that are a leader: an ellipsis has three, or two of the wide ones with three each.
const LEADER_DOTS: usize = 4;

/// The mark of a list's item has no more characters than this: `（十二）`.
const MARK_LENGTH: usize = 5;

/// Whether `grid` is a table.
pub(super) fn is_table(grid: &Grid, layout: &Layout) -> bool {
    let filled: Vec<(&GridCell, String)> =
        grid.cells.iter().map(|cell| (cell, text(cell, layout))).filter(|(_, text)| !text.is_empty()).collect();
    let count = |number: fn(&GridCell) -> usize| {
        let mut numbers: Vec<usize> = filled.iter().map(|(cell, _)| number(cell)).collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.len()
    };
    let covered: usize = filled.iter().map(|(cell, _)| cell.rows.saturating_mul(cell.cols)).sum();
    let places = grid.rows.saturating_mul(grid.cols);
    count(|cell| cell.row) >= MIN_SIDE
        && count(|cell| cell.col) >= MIN_SIDE
        && covered as f64 >= places as f64 * MIN_FILLED
        && !is_list(grid, &filled)
        && !is_contents(grid, &filled)
        && !is_prose(grid, layout)
}

/// Whether there are two columns, and the first has but the marks of a list's items.
fn is_list(grid: &Grid, filled: &[(&GridCell, String)]) -> bool {
    let mut firsts = filled.iter().filter(|(cell, _)| cell.col == 0).peekable();
    grid.cols == 2 && firsts.peek().is_some() && firsts.all(|(cell, text)| cell.cols == 1 && is_mark(text))
}

/// Whether `text` marks an item of a list: a bullet, or a number with its dot or brackets. A bare number is none, for
/// tables number their rows.
fn is_mark(text: &str) -> bool {
    let is_bullet = |ch: char| {
        matches!(ch, '•' | '·' | '●' | '○' | '■' | '□' | '◆' | '◇' | '▪' | '➢' | '✓' | '-' | '–' | '—' | '*')
    };
    let ends = |ch: char| matches!(ch, '.' | '．' | '、' | ')' | '）' | '】' | '］');
    let counts = |ch: char| ch.is_alphanumeric() || matches!(ch, '(' | '（' | '【' | '［' | '①'..='⑳');
    let short = text.chars().count() <= MARK_LENGTH;
    let rest = text.trim_end_matches(ends);
    short
        && (text.chars().all(is_bullet)
            || text.chars().all(|ch| matches!(ch, '①'..='⑳'))
            || rest.len() < text.len() && !rest.is_empty() && rest.chars().all(counts))
}

/// Whether most rows lead the eye to a page number.
fn is_contents(grid: &Grid, filled: &[(&GridCell, String)]) -> bool {
    let mut leaders: Vec<usize> =
        filled.iter().filter(|(_, text)| has_leader(text)).map(|(cell, _)| cell.row).collect();
    leaders.dedup();
    leaders.len() as f64 >= grid.rows.max(1) as f64 * LEADER_SHARE
}

fn has_leader(text: &str) -> bool {
    let mut dots = 0;
    text.chars().any(|ch| {
        dots = match ch {
            '.' | '·' | '．' | '‧' | '・' => dots + 1,
            '…' | '⋯' => dots + 2,
            ' ' => dots,
            _ => 0,
        };
        dots > LEADER_DOTS
    })
}

/// Whether every column is running text.
fn is_prose(grid: &Grid, layout: &Layout) -> bool {
    (0..grid.cols).all(|col| {
        let lines: Vec<(BBox, usize)> = grid
            .cells
            .iter()
            .filter(|cell| cell.col == col && cell.cols == 1)
            .flat_map(|cell| &cell.runs)
            .filter_map(|run| layout.runs.get(run.0 as usize))
            .filter_map(|run| match &run.place {
                Place::Page { boxes, .. } => Some((boxes.iter().copied().reduce(BBox::union)?, run.text.width())),
                Place::Text { .. } => None,
            })
            .collect();
        let left = lines.iter().map(|(bbox, _)| bbox.x0).fold(f64::INFINITY, f64::min);
        let right = lines.iter().map(|(bbox, _)| bbox.x1).fold(f64::NEG_INFINITY, f64::max);
        let is_full = |(bbox, letters): &&(BBox, usize)| {
            *letters >= PROSE_LETTERS && bbox.x1 - bbox.x0 >= (right - left) * FULL_LINE
        };
        let full = lines.iter().filter(is_full).count();
        lines.len() >= PROSE_LINES && full as f64 >= lines.len() as f64 * PROSE_SHARE
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_items_are_told_from_labels() {
        for text in ["•", "1.", "（一）", "12)", "a.", "①", "—", "十二、"] {
            assert!(is_mark(text), "{text}");
        }
        for text in ["1", "序号", "A", "合计", "1.5", "2021年", "（万元）合计"] {
            assert!(!is_mark(text), "{text}");
        }
    }

    #[test]
    fn leaders_are_told_from_decimals_and_ellipses() {
        for text in ["第一章 总则........3", "概述………… 12", "Annex . . . . . . 9"] {
            assert!(has_leader(text), "{text}");
        }
        for text in ["1.2.3.4", "其他……", "see above...", "12.50"] {
            assert!(!has_leader(text), "{text}");
        }
    }
}
