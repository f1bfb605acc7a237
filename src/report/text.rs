//! The text of a document with its layout kept by blanks.

use unicode_width::UnicodeWidthChar;

use crate::layout::{Layout, Place, Run};
use crate::report::excerpt::level;
use crate::source::BBox;

/// Text stands at most at this column: a stray glyph far off the page must not ask for a line of blanks without end.
const LAST_COLUMN: usize = 1000;

/// A gap between two lines of more than this many line heights is shown as a blank line: less is ordinary leading
/// (1.0 to 1.5 in office documents).
const BLANK_LINE: f64 = 1.0;

/// The text of `layout`, each line ended by `\n`, pages parted by form feeds.
///
/// A text document gives its own lines back. On a page of a PDF a column is as wide as half an ideograph of the page.
pub fn text(layout: &Layout) -> String {
    let mut out = String::new();
    let mut page = 1;
    let mut runs: Vec<&Run> = layout.runs.iter().collect();
    runs.sort_by_key(|run| page_of(run));
    for runs in runs.chunk_by(|a, b| page_of(a) == page_of(b)) {
        let Some(number) = runs.first().map(|run| page_of(run)) else { continue };
        while page < number {
            out.push('\u{c}');
            page += 1;
        }
        match runs.first().map(|run| &run.place) {
            Some(Place::Text { .. }) => write_lines(runs, &mut out),
            _ => write_page(runs, &mut out),
        }
    }
    out
}

fn page_of(run: &Run) -> u32 {
    match run.place {
        Place::Text { page, .. } | Place::Page { page, .. } => page,
    }
}

/// Writes runs of a text at their own lines and columns.
fn write_lines(runs: &[&Run], out: &mut String) {
    let key = |run: &Run| match run.place {
        Place::Text { line, column, .. } => (line, column),
        Place::Page { .. } => (0, 0),
    };
    let mut runs = runs.to_vec();
    runs.sort_by_key(|run| key(run));
    let first_page = out.is_empty();
    let mut expected = if first_page { 1 } else { runs.first().map_or(1, |run| key(run).0) };
    for line in runs.chunk_by(|a, b| key(a).0 == key(b).0) {
        let number = line.first().map_or(0, |run| key(run).0);
        out.extend(std::iter::repeat_n('\n', number.saturating_sub(expected) as usize));
        expected = number.saturating_add(1);
        let mut column = 1;
        for run in line {
            let start = key(run).1 as usize;
            out.extend(std::iter::repeat_n(' ', start.saturating_sub(column)));
            out.push_str(&run.text);
            column = column.max(start) + run.text.chars().count();
        }
        out.push('\n');
    }
}

/// Writes runs of a PDF page line by line, each at the column that its place comes to.
fn write_page(runs: &[&Run], out: &mut String) {
    let mut placed: Vec<(BBox, &str)> = runs.iter().filter_map(|run| Some((extent(run)?, run.text.as_str()))).collect();
    placed.sort_by(|(a, _), (b, _)| a.y0.total_cmp(&b.y0).then(a.x0.total_cmp(&b.x0)));
    let unit = column_width(runs);
    let left = placed.iter().map(|(bbox, _)| bbox.x0).fold(f64::INFINITY, f64::min);
    let mut bottom = None;
    for mut line in lines(placed) {
        line.sort_by(|(a, _), (b, _)| a.x0.total_cmp(&b.x0));
        let Some(bbox) = line.iter().map(|(bbox, _)| *bbox).reduce(BBox::union) else { continue };
        if bottom.is_some_and(|bottom| bbox.y0 - bottom > BLANK_LINE * (bbox.y1 - bbox.y0)) {
            out.push('\n');
        }
        bottom = Some(bbox.y1);
        let mut column = 0;
        for (nth, (bbox, text)) in line.into_iter().enumerate() {
            // A float that is no column (not a number, negative) saturates to 0.
            let wanted = (((bbox.x0 - left) / unit).round() as usize).min(LAST_COLUMN);
            let gap = wanted.saturating_sub(column).max(usize::from(nth > 0));
            out.extend(std::iter::repeat_n(' ', gap));
            out.push_str(text);
            column += gap + text.chars().map(|ch| ch.width().unwrap_or(0)).sum::<usize>();
        }
        out.push('\n');
    }
}

/// Groups runs, sorted from top to bottom, into lines: a run joins the line whose first run it is level with.
fn lines(placed: Vec<(BBox, &str)>) -> Vec<Vec<(BBox, &str)>> {
    let mut lines: Vec<Vec<(BBox, &str)>> = Vec::new();
    for (bbox, text) in placed {
        match lines.last_mut() {
            Some(line) if line.first().is_some_and(|(first, _)| level(*first, bbox)) => line.push((bbox, text)),
            _ => lines.push(vec![(bbox, text)]),
        }
    }
    lines
}

/// The width of a column in points: the median width of the page's characters by terminal column, at least a point.
fn column_width(runs: &[&Run]) -> f64 {
    let mut widths: Vec<f64> = Vec::new();
    for run in runs {
        if let Place::Page { boxes, .. } = &run.place {
            for (bbox, ch) in boxes.iter().zip(run.text.chars()) {
                if let Some(columns @ 1..) = ch.width() {
                    widths.push((bbox.x1 - bbox.x0) / columns as f64);
                }
            }
        }
    }
    widths.sort_by(f64::total_cmp);
    widths.get(widths.len() / 2).copied().unwrap_or(1.0).max(1.0)
}

fn extent(run: &Run) -> Option<BBox> {
    match &run.place {
        Place::Page { boxes, .. } => boxes.iter().copied().reduce(BBox::union),
        Place::Text { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(page: u32, line: u32, column: u32, text: &str) -> Run {
        Run { text: text.to_owned(), place: Place::Text { page, line, column } }
    }

    fn placed(page: u32, x: f64, y: f64, text: &str) -> Run {
        let mut x0 = x;
        let boxes = text
            .chars()
            .map(|ch| {
                let x1 = x0 + 5.0 * ch.width().unwrap_or(1) as f64;
                let bbox = BBox { x0, y0: y, x1, y1: y + 10.0 };
                x0 = x1;
                bbox
            })
            .collect();
        Run { text: text.to_owned(), place: Place::Page { page, boxes, invisible: false } }
    }

    fn shown(runs: Vec<Run>) -> String {
        text(&Layout { runs, blocks: Vec::new() })
    }

    #[test]
    fn a_text_gives_its_lines_back() {
        let runs = vec![line(1, 2, 3, "甲 乙"), line(1, 2, 9, "丙"), line(1, 4, 1, "丁"), line(2, 5, 1, "戊")];
        assert_eq!(shown(runs), "\n  甲 乙   丙\n\n丁\n\u{c}戊\n");
    }

    #[test]
    fn a_page_keeps_its_columns() {
        let runs = vec![
            placed(1, 100.0, 10.0, "得分"),
            placed(1, 10.0, 10.0, "预算数"),
            placed(1, 10.0, 22.0, "31.7"),
            placed(1, 100.0, 22.0, "15"),
            placed(3, 10.0, 10.0, "末页"),
        ];
        assert_eq!(shown(runs), "预算数            得分\n31.7              15\n\u{c}\u{c}末页\n");
    }

    #[test]
    fn runs_that_touch_stay_apart_and_far_lines_get_a_blank_one() {
        let runs = vec![placed(1, 0.0, 0.0, "甲"), placed(1, 10.0, 0.0, "乙"), placed(1, 0.0, 40.0, "丙")];
        assert_eq!(shown(runs), "甲 乙\n\n丙\n");
    }

    #[test]
    fn a_stray_place_asks_for_no_endless_line() {
        for x in [1e300, f64::INFINITY, f64::NAN] {
            assert!(shown(vec![placed(1, 0.0, 0.0, "甲"), placed(1, x, 0.0, "乙")]).len() < 2 * LAST_COLUMN);
        }
    }
}
