//! The document's own lines around a value, with the stretch that the value takes up: what a finding points at.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::layout::{Layout, Place, Run};
use crate::record::{Value, Where};
use crate::report::safe;
use crate::source::BBox;

/// Blanks between two runs that stand side by side on a page: enough to tell them apart, whatever the true distance,
/// so that a row of a wide table stays readable.
const GAP: usize = 2;

/// Two runs of a page stand on one line when they share at least this part of the lower one's height. Half is the
/// middle between touching (superscripts, the next line of tight type) and being level.
const LEVEL: f64 = 0.5;

/// Finds the lines of a document by place.
#[derive(Debug)]
pub struct Excerpts<'a> {
    layout: &'a Layout,
    /// Numbers of the runs by line, in a text.
    lines: BTreeMap<u32, Vec<usize>>,
    /// Numbers of the runs by page, in a PDF.
    pages: BTreeMap<u32, Vec<usize>>,
}

/// Lines of a document, safe to show on a terminal, and what to underline in them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excerpt {
    /// The lines, joined with `\n`.
    pub text: String,
    /// Number of the first line in a text document; `None` for a page, whose lines have no numbers.
    pub first_line: Option<u32>,
    /// For each value asked for, the bytes of `text` that it takes up, where it stands in these lines.
    pub spans: Vec<Option<Range<usize>>>,
}

impl<'a> Excerpts<'a> {
    /// Prepares `layout` for look-ups.
    pub fn new(layout: &'a Layout) -> Self {
        let mut excerpts = Excerpts { layout, lines: BTreeMap::new(), pages: BTreeMap::new() };
        for (number, run) in layout.runs.iter().enumerate() {
            match &run.place {
                Place::Text { line, .. } => excerpts.lines.entry(*line).or_default().push(number),
                Place::Page { page, .. } => excerpts.pages.entry(*page).or_default().push(number),
            }
        }
        excerpts
    }

    /// The lines on which the first of `values` stands, and those of the others that are in reach: all in a text, the
    /// ones on the same page in a PDF. `None` when the first is not to be found.
    pub fn around(&self, values: &[&Value]) -> Option<Excerpt> {
        match &values.first()?.place {
            Where::Text { .. } => self.in_text(values),
            Where::Page { page, .. } => self.on_page(*page, values),
        }
    }

    fn in_text(&self, values: &[&Value]) -> Option<Excerpt> {
        let stretches: Vec<_> = values.iter().map(|value| stretch(value)).collect();
        let on_lines: BTreeSet<u32> = stretches.iter().flatten().map(|(line, _)| *line).collect();
        let (first, last) = (*on_lines.first()?, *on_lines.last()?);
        let mut excerpt = Excerpt { first_line: Some(first), spans: vec![None; values.len()], ..Excerpt::default() };
        // Lines without a value stay blank: they keep the numbers right, and a report folds them away.
        for number in first..=last {
            if number > first {
                excerpt.text.push('\n');
            }
            if !on_lines.contains(&number) {
                continue;
            }
            let glyphs = self.write_line(self.lines.get(&number).map_or(&[], Vec::as_slice), &mut excerpt.text);
            for (span, stretch) in excerpt.spans.iter_mut().zip(&stretches) {
                if let Some((line, columns)) = stretch
                    && *line == number
                {
                    *span = cover(glyphs.iter().filter(|glyph| columns.contains(&self.column(glyph))));
                }
            }
        }
        excerpt.spans.first()?.is_some().then_some(excerpt)
    }

    fn on_page(&self, page: u32, values: &[&Value]) -> Option<Excerpt> {
        let runs = self.pages.get(&page)?;
        let rows: Vec<Option<Vec<usize>>> = values
            .iter()
            .map(|value| match &value.place {
                Where::Page { page: there, bbox } if *there == page => self.row_of(bbox, runs),
                _ => None,
            })
            .collect();
        rows.first()?.as_ref()?;
        let mut distinct: Vec<&Vec<usize>> = rows.iter().flatten().collect();
        distinct.sort_by(|a, b| self.top(a).total_cmp(&self.top(b)).then_with(|| a.cmp(b)));
        distinct.dedup();
        let mut excerpt = Excerpt { spans: vec![None; values.len()], ..Excerpt::default() };
        for row in distinct {
            if !excerpt.text.is_empty() {
                excerpt.text.push('\n');
            }
            let glyphs = self.write_line(row, &mut excerpt.text);
            for ((span, own), value) in excerpt.spans.iter_mut().zip(&rows).zip(values) {
                if let Where::Page { bbox, .. } = &value.place
                    && own.as_ref() == Some(row)
                {
                    *span = cover(glyphs.iter().filter(|glyph| self.bbox(glyph).is_some_and(|at| holds(bbox, at))));
                }
            }
        }
        excerpt.spans.first()?.is_some().then_some(excerpt)
    }

    /// The runs on one line with the topmost run in `bbox`, from left to right.
    fn row_of(&self, bbox: &[f64; 4], runs: &[usize]) -> Option<Vec<usize>> {
        let first = runs
            .iter()
            .filter(|run| self.boxes(**run).iter().any(|at| holds(bbox, *at)))
            .min_by(|a, b| self.top(&[**a]).total_cmp(&self.top(&[**b])).then_with(|| a.cmp(b)))?;
        let here = self.extent(*first)?;
        let mut row: Vec<usize> = runs
            .iter()
            .copied()
            .filter(|run| self.extent(*run).is_some_and(|there| run == first || level(here, there)))
            .collect();
        let left = |run: &usize| self.extent(*run).map_or(0.0, |bbox| bbox.x0);
        row.sort_by(|a, b| left(a).total_cmp(&left(b)).then_with(|| a.cmp(b)));
        Some(row)
    }

    /// Writes `runs` side by side, made safe, and says which bytes each character came to.
    fn write_line(&self, runs: &[usize], text: &mut String) -> Vec<Glyph> {
        let mut glyphs = Vec::new();
        let mut column = 1;
        let mut runs: Vec<(usize, &Run)> =
            runs.iter().filter_map(|number| Some((*number, self.layout.runs.get(*number)?))).collect();
        runs.sort_by_key(|(_, run)| match run.place {
            Place::Text { column, .. } => column,
            Place::Page { .. } => 0,
        });
        for (nth, (number, run)) in runs.into_iter().enumerate() {
            let gap = match run.place {
                Place::Text { column: start, .. } => (start as usize).saturating_sub(column),
                Place::Page { .. } if nth > 0 => GAP,
                Place::Page { .. } => 0,
            };
            text.extend(std::iter::repeat_n(' ', gap));
            column += gap;
            for (index, ch) in run.text.chars().enumerate() {
                let start = text.len();
                if safe::is_unsafe(ch) && ch != '\t' {
                    text.push_str(&safe::visible(ch))
                } else {
                    text.push(ch)
                }
                glyphs.push(Glyph { run: number, index, bytes: start..text.len(), blank: ch.is_whitespace() });
                column += 1;
            }
        }
        glyphs
    }

    fn column(&self, glyph: &Glyph) -> u32 {
        match self.layout.runs.get(glyph.run).map(|run| &run.place) {
            Some(Place::Text { column, .. }) => column.saturating_add(glyph.index as u32),
            _ => 0,
        }
    }

    fn bbox(&self, glyph: &Glyph) -> Option<BBox> {
        self.boxes(glyph.run).get(glyph.index).copied()
    }

    fn boxes(&self, run: usize) -> &[BBox] {
        match self.layout.runs.get(run).map(|run| &run.place) {
            Some(Place::Page { boxes, .. }) => boxes,
            _ => &[],
        }
    }

    fn extent(&self, run: usize) -> Option<BBox> {
        self.boxes(run).iter().copied().reduce(BBox::union)
    }

    fn top(&self, runs: &[usize]) -> f64 {
        runs.iter().filter_map(|run| self.extent(*run)).map(|bbox| bbox.y0).fold(f64::INFINITY, f64::min)
    }
}

/// A character of a line as it was written.
struct Glyph {
    run: usize,
    /// Number of the character in its run.
    index: usize,
    bytes: Range<usize>,
    blank: bool,
}

/// The line and the columns to underline for a value of a text: of a wrapped one, its first line.
fn stretch(value: &Value) -> Option<(u32, std::ops::RangeInclusive<u32>)> {
    let Where::Text { line, columns: [first, last], last_line } = value.place else {
        return None;
    };
    let last = match last_line {
        Some(last_line) if last_line > line => {
            let width = value.raw.lines().next().unwrap_or_default().chars().count() as u32;
            first.saturating_add(width.saturating_sub(1))
        }
        _ => last,
    };
    Some((line, first..=last.max(first)))
}

/// The bytes from the first to the last of `glyphs`, blanks at the ends left out.
fn cover<'g>(glyphs: impl Iterator<Item = &'g Glyph>) -> Option<Range<usize>> {
    glyphs
        .filter(|glyph| !glyph.blank)
        .map(|glyph| glyph.bytes.clone())
        .reduce(|all, next| all.start.min(next.start)..all.end.max(next.end))
}

/// Whether the middle of `inner` is in `bbox`.
fn holds(bbox: &[f64; 4], inner: BBox) -> bool {
    let [x0, y0, x1, y1] = *bbox;
    let (x, y) = inner.centre();
    (x0..=x1).contains(&x) && (y0..=y1).contains(&y)
}

/// Whether two boxes stand on one line.
pub(crate) fn level(a: BBox, b: BBox) -> bool {
    let shared = a.y1.min(b.y1) - a.y0.max(b.y0);
    let lower = (a.y1 - a.y0).min(b.y1 - b.y0);
    shared > 0.0 && shared >= LEVEL * lower
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Datum;

    fn value(raw: &str, place: Where) -> Value {
        Value {
            raw: raw.to_owned(),
            value: Datum::Null,
            op: None,
            unit: None,
            scale: None,
            kind: None,
            percent: None,
            inferred: None,
            invisible: false,
            place,
            confidence: 1.0,
        }
    }

    fn at(line: u32, columns: [u32; 2]) -> Value {
        value("x", Where::Text { line, columns, last_line: None })
    }

    fn text(runs: &[(u32, u32, &str)]) -> Layout {
        let run = |(line, column, text): &(u32, u32, &str)| Run {
            text: (*text).to_owned(),
            place: Place::Text { page: 1, line: *line, column: *column },
        };
        Layout { runs: runs.iter().map(run).collect(), blocks: Vec::new() }
    }

    fn page(runs: &[(f64, f64, &str)]) -> Layout {
        let run = |(x, y, text): &(f64, f64, &str)| Run {
            text: (*text).to_owned(),
            place: Place::Page {
                page: 1,
                boxes: (0..text.chars().count())
                    .map(|n| BBox { x0: x + 10.0 * n as f64, y0: *y, x1: x + 10.0 * (n as f64 + 1.0), y1: y + 10.0 })
                    .collect(),
                invisible: false,
            },
        };
        Layout { runs: runs.iter().map(run).collect(), blocks: Vec::new() }
    }

    fn underlined(excerpt: &Excerpt) -> Vec<Option<&str>> {
        excerpt.spans.iter().map(|span| span.clone().map(|span| &excerpt.text[span])).collect()
    }

    #[test]
    fn finds_a_stretch_of_a_line() {
        let layout = text(&[(3, 1, "预算"), (3, 6, "31.7"), (3, 12, "15")]);
        let excerpt = Excerpts::new(&layout).around(&[&at(3, [12, 13]), &at(3, [6, 9])]).unwrap();
        assert_eq!(excerpt.text, "预算   31.7  15");
        assert_eq!(excerpt.first_line, Some(3));
        assert_eq!(underlined(&excerpt), [Some("15"), Some("31.7")]);
    }

    #[test]
    fn keeps_line_numbers_over_the_lines_between() {
        let layout = text(&[(2, 1, "甲"), (3, 1, "乙"), (5, 1, "丙")]);
        let excerpt = Excerpts::new(&layout).around(&[&at(5, [1, 1]), &at(2, [1, 1])]).unwrap();
        assert_eq!((excerpt.text.as_str(), excerpt.first_line), ("甲\n\n\n丙", Some(2)));
        assert_eq!(underlined(&excerpt), [Some("丙"), Some("甲")]);
    }

    #[test]
    fn underlines_the_first_line_of_a_wrapped_value() {
        let layout = text(&[(1, 1, "说明 采购延期"), (2, 1, "至次年")]);
        let wrapped = value("采购延期\n至次年", Where::Text { line: 1, columns: [4, 3], last_line: Some(2) });
        let excerpt = Excerpts::new(&layout).around(&[&wrapped]).unwrap();
        assert_eq!(underlined(&excerpt), [Some("采购延期")]);
    }

    #[test]
    fn shows_controls_and_still_underlines_the_value() {
        let layout = text(&[(1, 1, "\u{1b}[31m得分 15")]);
        let excerpt = Excerpts::new(&layout).around(&[&at(1, [9, 10])]).unwrap();
        assert_eq!(excerpt.text, "\\u{1b}[31m得分 15");
        assert_eq!(underlined(&excerpt), [Some("15")]);
    }

    #[test]
    fn gathers_the_row_of_a_page() {
        let layout = page(&[(100.0, 52.0, "15"), (10.0, 50.0, "预算"), (10.0, 70.0, "下行"), (50.0, 50.0, "31")]);
        let score = value("15", Where::Page { page: 1, bbox: [95.0, 45.0, 125.0, 65.0] });
        let below = value("下行", Where::Page { page: 1, bbox: [5.0, 66.0, 125.0, 85.0] });
        let elsewhere = value("15", Where::Page { page: 2, bbox: [95.0, 45.0, 125.0, 65.0] });
        let excerpt = Excerpts::new(&layout).around(&[&score, &below, &elsewhere]).unwrap();
        assert_eq!((excerpt.text.as_str(), excerpt.first_line), ("预算  31  15\n下行", None));
        assert_eq!(underlined(&excerpt), [Some("15"), Some("下行"), None]);
    }

    #[test]
    fn a_place_without_text_has_no_excerpt() {
        let layout = text(&[(1, 1, "甲")]);
        let excerpts = Excerpts::new(&layout);
        let on_page = value("", Where::Page { page: 1, bbox: [0.0, 0.0, 9.0, 9.0] });
        for nowhere in [&at(2, [1, 1]), &at(1, [5, 9]), &at(0, [0, 0]), &on_page] {
            assert_eq!(excerpts.around(&[nowhere]), None);
        }
        assert_eq!(excerpts.around(&[]), None);
    }
}
