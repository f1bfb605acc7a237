//! Tables without rulings: columns from gaps that stand above each other, rows from lines that stand beside each other.

use std::collections::BTreeMap;

use unicode_width::UnicodeWidthChar;

use super::bands::{Columns, columns};
use super::columns::{Gap, Reach, Strip};
use super::dump::Spacing;
use super::lattice::Area;
use super::rows::{Segment, wrap_gap};
use super::under::Head;
use super::words::{Mark, WIDE_GAP};
use crate::fold::is_han;

/// A gap between Han characters from here on, in ems, may be the space between two cells: set solid, Han characters
/// leave none.
const HAN_GAP: f64 = 0.2;

/// The same where letters or figures are beside: their own blanks are up to 0.35 em wide.
const WORD_GAP: f64 = 0.4;

/// Text may hang over the edge of its columns by this, in ems: an edge runs somewhere within a gap, and punctuation
/// at the end of a line is set into the margin.
const OVERHANG: f64 = 0.6;

/// A table has at least so many rows of two and more cells; a head line and a line for signatures are none yet.
pub(super) const MIN_ROWS: usize = 4;

/// At least this share of its rows has two and more cells; prose with a gap here and there has less.
const TABULAR_SHARE: f64 = 0.5;

/// A line at the border of a table may belong to its first or last row, when a cell of it has up to so many lines
/// above or below its middle.
const BORDER_LINES: usize = 4;

/// Between two labels above a table there are so many lines with text at most, of the values beside them.
const LABELS_APART: usize = 2;

/// Lines of a paragraph are so far apart, as a share of their height.
const LINE: f64 = 1.3;

/// A page with more stretches of text than this is no table of a form: a dense page of one has some 500.
const MAX_SEGMENTS: usize = 8000;

/// A table as its text shows it.
pub(super) struct Unruled {
    /// The edges of its columns.
    pub(super) xs: Vec<f64>,
    /// The edges of its rows.
    pub(super) ys: Vec<f64>,
    /// Its cells with their text, line by line.
    pub(super) cells: Vec<(Area, Vec<Mark>)>,
    /// The lines that it is made of.
    pub(super) lines: std::ops::Range<usize>,
    /// The more, the worse its columns suit its lines.
    pub(super) cost: f64,
}

/// How the lines of a source are set.
pub(super) struct Setting {
    /// How far apart lines are; measured where it is not given.
    pub(super) spacing: Option<Spacing>,
    /// Lines this near, in ems from middle to middle, are not of one cell.
    pub(super) beside: f64,
    /// A gap may stand beside the edge that it belongs to by this, in ems.
    pub(super) drift: f64,
    /// A word that reaches over an edge by this, in ems, lies wholly over it.
    pub(super) depth: f64,
    /// A table has at least so many rows of two and more cells.
    pub(super) rows: usize,
    /// Whether rows are mostly one line high, and do not wrap in most of their cells at once.
    pub(super) dense: bool,
    /// Whether it is a text, which keeps little of where lines stood.
    pub(super) dump: bool,
}

/// Pages of a PDF: lines stand where they were set; those of one cell are at least 1 em apart.
pub(super) const PAGE: Setting =
    Setting { spacing: None, beside: 0.9, drift: 0.1, depth: 0.5, rows: MIN_ROWS, dense: false, dump: false };

/// A part of a page that has lines with gaps alone: a head and two rows are a table there.
pub(super) const REGION: Setting = Setting { rows: 3, dense: true, ..PAGE };

/// What is known of a table before its text is parted.
#[derive(Default)]
pub(super) struct Known {
    /// Its heads, from top to bottom.
    pub(super) heads: Vec<Head>,
    /// Its labels.
    pub(super) labels: Vec<Label>,
    /// The lines of rows that add up a table.
    pub(super) totals: Vec<usize>,
    /// What the names of its rows speak of.
    pub(super) names: Vec<Name>,
}

/// A line of a row's name.
#[derive(Clone)]
pub(super) struct Name {
    pub(super) line: usize,
    /// The headings that it speaks of, with the length of the sign for each.
    pub(super) speaks: Vec<(String, usize)>,
}

/// A label of a table.
pub(super) struct Label {
    /// Line and reach of each piece.
    pub(super) pieces: Vec<(usize, Reach)>,
    /// Whether it stands in a row of cells.
    pub(super) of_row: bool,
    /// The word that it is, as a merged heading.
    pub(super) heading: Option<String>,
    /// The word of the heading outside that such a heading stands under.
    pub(super) under: Option<String>,
}

/// The table that stands in `lines`, if they show one.
pub(super) fn table(lines: &[Vec<Mark>], known: &Known, setting: &Setting) -> Option<Unruled> {
    let mut words: Vec<Vec<Word>> = lines.iter().map(|line| parted(line)).collect();
    for (number, label) in known.labels.iter().enumerate() {
        for (line, (x0, x1)) in &label.pieces {
            let words = words.get_mut(*line).into_iter().flatten();
            words.filter(|word| *x0 <= word.x0 && word.x1 <= *x1).for_each(|word| word.label = Some(number));
        }
    }
    if setting.dump {
        words.iter_mut().for_each(join_labels);
    }
    let tabular = |words: &Vec<Word>| gaps(words).iter().any(|gap| gap.to - gap.from >= WIDE_GAP * gap.em);
    let border = |lines: usize| if setting.dump { 0 } else { lines };
    let mut first = words.iter().position(tabular)?.saturating_sub(border(BORDER_LINES));
    if setting.dump {
        first = begin(first, &known.labels);
    }
    let mut end = (words.iter().rposition(tabular)? + 1 + BORDER_LINES).min(lines.len());
    // A page number is no part of the table.
    let worded = |line: &Vec<Word>| line.iter().flat_map(|word| &word.marks).any(|mark| mark.ch.is_alphabetic());
    if setting.dump || !known.labels.is_empty() {
        let labelled = |words: &Vec<Word>| words.iter().any(|word| word.label.is_some());
        let last = words.iter().rposition(labelled).map_or(0, |last| last + 1 + BORDER_LINES);
        end = end.max(last).min(lines.len());
        end = words.get(..end)?.iter().rposition(worded).map_or(end, |last| last + 1).max(first);
    }
    let words = words.get(first..end)?;
    if words.iter().map(Vec::len).sum::<usize>() > MAX_SEGMENTS {
        return None;
    }
    let heads: Vec<Head> = known
        .heads
        .iter()
        .filter(|head| (first..end).contains(&head.line))
        .map(|head| Head {
            line: head.line - first,
            below: (head.below - first).min(end - first),
            end: head.end.max(head.below).min(end) - first,
            misfits: head
                .misfits
                .iter()
                .map(|((line, x0), of)| ((line.saturating_sub(first), *x0), of.clone()))
                .collect(),
            ..head.clone()
        })
        .collect();
    let mut columns = column_edges(words, &heads, setting);
    for total in known.totals.iter().filter_map(|line| line.checked_sub(first)) {
        columns.of_lines.get_mut(total..=total).unwrap_or_default().iter_mut().for_each(|band| band.total = true);
    }
    let (segments, texts) = segments(words, &columns, setting);
    let spacing = Spacing { dense: setting.dense, ..setting.spacing.unwrap_or_else(|| spacing(&segments)) };
    let names =
        known.names.iter().filter_map(|name| Some(Name { line: name.line.checked_sub(first)?, ..name.clone() }));
    let names: Vec<Name> = names.collect();
    let table = super::dump::assembled(&segments, &texts, &columns, &known.labels, &names, &spacing);
    let count = table.ys.len().saturating_sub(1);
    let full = (0..count).filter(|row| table.cells.iter().filter(|(area, _)| area.row == *row).count() > 1).count();
    let tabular = full >= setting.rows && (setting.dump || full as f64 >= TABULAR_SHARE * count as f64);
    tabular.then_some(Unruled { lines: first..end, cost: columns.cost, ..table })
}

/// How far apart the lines of a page are, as its segments show it.
fn spacing(segments: &[Segment]) -> Spacing {
    let wrap = wrap_gap(segments);
    let mut sizes: Vec<f64> = segments.iter().map(|segment| segment.y1 - segment.y0).collect();
    sizes.sort_by(f64::total_cmp);
    let height = sizes.get(sizes.len() / 2).copied().unwrap_or(1.0).max(1.0);
    Spacing { wrap, blank: wrap, line: height * LINE, rounding: 0.25, exactness: 3.0, dense: false, rounded: false }
}

/// Characters of a line that no gap parts.
#[derive(Clone, Debug, Default)]
pub(super) struct Word {
    pub(super) marks: Vec<Mark>,
    pub(super) x0: f64,
    pub(super) x1: f64,
    /// The number of the label that it is a piece of.
    label: Option<usize>,
}

/// A line parted at every gap that may lie between two cells.
pub(super) fn parted(line: &[Mark]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut blanks: Vec<Mark> = Vec::new();
    let mut last: Option<Mark> = None;
    for mark in line {
        if mark.is_blank() {
            blanks.push(*mark);
            continue;
        }
        let gap = last.map_or(f64::INFINITY, |last| (mark.bbox.x0 - last.bbox.x1) / last.size.max(mark.size).max(1.0));
        let least = match last {
            _ if !blanks.is_empty() => WIDE_GAP,
            Some(last) if is_han(last.ch) && is_han(mark.ch) => HAN_GAP,
            _ => WORD_GAP,
        };
        match words.last_mut() {
            Some(word) if gap < least => {
                word.marks.append(&mut blanks);
                word.x1 = word.x1.max(mark.bbox.x1);
                word.marks.push(*mark);
            }
            _ => words.push(Word { marks: vec![*mark], x0: mark.bbox.x0, x1: mark.bbox.x1, label: None }),
        }
        blanks.clear();
        last = Some(*mark);
    }
    words
}

/// Makes words of a line that follow each other and are of one label one word.
fn join_labels(words: &mut Vec<Word>) {
    words.dedup_by(|word, before| {
        let joined = word.label.is_some() && word.label == before.label;
        if joined {
            before.marks.append(&mut word.marks);
            before.x1 = word.x1;
        }
        joined
    });
}

fn em(marks: &[Mark]) -> f64 {
    marks.iter().map(|mark| mark.size).fold(1.0, f64::max)
}

/// The gaps between the words of a line.
fn gaps(words: &[Word]) -> Vec<Gap> {
    words
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] => Some(Gap { from: a.x1, to: b.x0, em: em(&a.marks).max(em(&b.marks)), known: a.label != b.label }),
            _ => None,
        })
        .collect()
}

/// The first line of a table whose first line with gaps is `first`: above it stand labels on several lines.
fn begin(first: usize, labels: &[Label]) -> usize {
    let reach = |label: &Label| {
        let lines: Vec<usize> = label.pieces.iter().map(|(line, _)| *line).collect();
        Some((*lines.iter().min()?, *lines.iter().max()?)).filter(|(top, bottom)| top < bottom)
    };
    let mut stacked: Vec<(usize, usize)> = labels.iter().filter_map(reach).collect();
    stacked.sort_unstable_by_key(|(_, bottom)| std::cmp::Reverse(*bottom));
    stacked.iter().fold(
        first,
        |first, (top, bottom)| {
            if first <= bottom + LABELS_APART { first.min(*top) } else { first }
        },
    )
}

/// For each line the gaps between a label that goes on over it and the words beside, which stand on other lines than its
/// pieces.
fn gaps_beside_labels(lines: &[Vec<Word>]) -> Vec<Vec<Gap>> {
    let mut labels: BTreeMap<usize, (usize, usize, Reach)> = BTreeMap::new();
    for (number, words) in lines.iter().enumerate() {
        for (word, label) in words.iter().filter_map(|word| Some((word, word.label?))) {
            let (_, last, reach) = labels.entry(label).or_insert((number, number, (word.x0, word.x1)));
            (*last, *reach) = (number, (reach.0.min(word.x0), reach.1.max(word.x1)));
        }
    }
    let mut beside: Vec<Vec<Gap>> = vec![Vec::new(); lines.len()];
    for (label, (first, last, reach)) in labels {
        for (words, gaps) in lines.iter().zip(&mut beside).take(last).skip(first + 1) {
            if words.iter().any(|word| word.label == Some(label)) {
                continue;
            }
            let right = words.iter().find(|word| reach.1 < word.x0);
            gaps.extend(right.map(|word| Gap { from: reach.1, to: word.x0, em: em(&word.marks), known: true }));
        }
    }
    beside
}

fn column_edges(lines: &[Vec<Word>], heads: &[Head], setting: &Setting) -> Columns {
    let widened = if setting.dump { lines.to_vec() } else { widened(lines) };
    let lines = widened.as_slice();
    let mut all: Vec<Strip> = Vec::with_capacity(lines.len());
    let mut beside = if setting.dump { gaps_beside_labels(lines) } else { Vec::new() };
    for (number, words) in lines.iter().enumerate() {
        let mut between = gaps(words);
        between.extend(beside.get_mut(number).map(std::mem::take).into_iter().flatten());
        if let Some(under) = lines.get(number + 1)
            && is_beside(words, under, setting)
        {
            let mut both: Vec<Word> = words.iter().chain(under).cloned().collect();
            both.sort_by(|a, b| a.x0.total_cmp(&b.x0));
            between.append(&mut gaps(&both));
        }
        all.push((words.iter().map(|word| (word.x0, word.x1)).collect(), between));
    }
    columns(&all, heads, setting)
}

/// The lines with each piece of a label as wide as its widest one, as far as there is room: a cell is as wide as its text.
fn widened(lines: &[Vec<Word>]) -> Vec<Vec<Word>> {
    let mut reaches: BTreeMap<usize, Reach> = BTreeMap::new();
    for word in lines.iter().flatten() {
        if let Some(label) = word.label {
            let reach = reaches.entry(label).or_insert((word.x0, word.x1));
            *reach = (reach.0.min(word.x0), reach.1.max(word.x1));
        }
    }
    let mut lines = lines.to_vec();
    for line in &mut lines {
        let places: Vec<Reach> = line.iter().map(|word| (word.x0, word.x1)).collect();
        for (number, word) in line.iter_mut().enumerate() {
            let Some((x0, x1)) = word.label.and_then(|label| reaches.get(&label)).copied() else { continue };
            let before = number.checked_sub(1).and_then(|before| places.get(before));
            let clear =
                before.is_none_or(|before| before.1 < x0) && places.get(number + 1).is_none_or(|next| x1 < next.0);
            if clear {
                (word.x0, word.x1) = (x0, x1);
            }
        }
    }
    lines
}

/// Whether two lines are so near that they can only be of cells side by side, one with an odd number of lines and one
/// with an even number.
fn is_beside(above: &[Word], under: &[Word], setting: &Setting) -> bool {
    let middle = |words: &[Word]| words.first().and_then(|word| word.marks.first()).map(|mark| mark.bbox.centre().1);
    let size = above.iter().chain(under).map(|word| em(&word.marks)).fold(1.0, f64::max);
    matches!((middle(above), middle(under)), (Some(a), Some(b)) if (b - a).abs() < setting.beside * size)
}

/// The segments of all lines, with their text: words that no edge parts.
fn segments(lines: &[Vec<Word>], columns: &Columns, setting: &Setting) -> (Vec<Segment>, Vec<Vec<Mark>>) {
    let (mut segments, mut texts): (Vec<Segment>, Vec<Vec<Mark>>) = (Vec::new(), Vec::new());
    for (line, words) in lines.iter().enumerate() {
        let edges = columns.of_line(line);
        let posts = posts(words, edges, if columns.are_own(line) { 0.0 } else { setting.drift });
        for (number, word) in words.iter().enumerate() {
            // What parts this word from the one before it on its line.
            let parted = number.checked_sub(1).and_then(|before| posts.get(before).copied().flatten());
            if number == 0 || parted.is_some() {
                let first = parted.map_or(0, |(_, edge)| edge + 1);
                segments.push(Segment {
                    line,
                    x0: word.x0,
                    cols: (first, edges.len()),
                    label: word.label,
                    ..Segment::default()
                });
                texts.push(Vec::new());
            }
            if let (Some(segment), Some(text)) = (segments.last_mut(), texts.last_mut()) {
                segment.x1 = segment.x1.max(word.x1);
                segment.label = segment.label.filter(|label| Some(*label) == word.label);
                text.extend_from_slice(&word.marks);
                if let Some((edge, _)) = posts.get(number).copied().flatten() {
                    segment.cols.1 = edge;
                }
            }
        }
    }
    let right = segments.iter().map(|segment| segment.x1).fold(f64::NEG_INFINITY, f64::max);
    for (segment, text) in segments.iter_mut().zip(&texts) {
        segment.y0 = text.iter().map(|mark| mark.bbox.y0).fold(f64::INFINITY, f64::min);
        segment.y1 = text.iter().map(|mark| mark.bbox.y1).fold(f64::NEG_INFINITY, f64::max);
        segment.em = em(text);
        segment.first_word = width(first_word(text), setting);
        segment.width = width(text, setting);
        segment.opens = opens_list(text);
        let slack = (OVERHANG * segment.em).min((segment.x1 - segment.x0) / 2.0);
        let edges = columns.of_line(segment.line);
        let (least, most) = segment.cols;
        let first = edges.partition_point(|edge| *edge <= segment.x0 + slack).clamp(least, most.max(least));
        let last = edges.partition_point(|edge| *edge < segment.x1 - slack).clamp(first, most.max(first));
        segment.cols = columns.spanned(segment.line, first, last);
        // In a text, places do not tell how much room is left.
        segment.room = if setting.dump { 0.0 } else { edges.get(last).unwrap_or(&right) - segment.x1 };
    }
    // The pieces of a label stand in the columns of its widest one.
    let mut homes: BTreeMap<usize, Segment> = BTreeMap::new();
    for segment in &segments {
        if let Some(label) = segment.label {
            let home = homes.entry(label).or_insert(*segment);
            if segment.width > home.width {
                *home = *segment;
            }
        }
    }
    for segment in &mut segments {
        let home = segment.label.and_then(|label| homes.get(&label));
        if let Some(home) = home.filter(|home| columns.are_alike(home.line, segment.line)) {
            segment.cols = home.cols;
        }
    }
    let mut widest = BTreeMap::new();
    for segment in &segments {
        let width: &mut f64 = widest.entry(segment.cols).or_default();
        *width = width.max(segment.width);
    }
    for segment in &mut segments {
        segment.widest = widest.get(&segment.cols).copied().unwrap_or_default();
    }
    (segments, texts)
}

/// For each word but the last of a line, the edges that the gap after it stands for, first and last.
fn posts(words: &[Word], edges: &[f64], drift: f64) -> Vec<Option<(usize, usize)>> {
    let mut posts: Vec<Option<(usize, usize)>> = vec![None; words.len().saturating_sub(1)];
    for (number, edge) in edges.iter().enumerate() {
        let miss = |pair: &[Word]| match pair {
            [a, b] => (a.x1 - edge).max(edge - b.x0).max(0.0) / em(&a.marks).max(em(&b.marks)),
            _ => f64::INFINITY,
        };
        let nearest = words.windows(2).map(miss).enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        if let Some((gap, miss)) = nearest
            && miss <= drift
            && let Some(post) = posts.get_mut(gap)
        {
            *post = Some(post.map_or((number, number), |(first, _)| (first, number)));
        }
    }
    posts
}

/// How wide some text of a line is set. In a text, places tell that of the page that it was taken from no more.
fn width(marks: &[Mark], setting: &Setting) -> f64 {
    match (marks.first(), marks.last()) {
        _ if setting.dump => marks.iter().map(|mark| mark.ch.width().unwrap_or(0) as f64 * mark.size / 2.0).sum(),
        (Some(first), Some(last)) => last.bbox.x1 - first.bbox.x0,
        _ => 0.0,
    }
}

/// The first word of a line: what would have had to fit at the end of the line before.
fn first_word(marks: &[Mark]) -> &[Mark] {
    let word = |mark: &Mark| !mark.is_blank() && !is_han(mark.ch) && mark.ch.is_alphanumeric();
    let length = marks.iter().take_while(|mark| word(mark)).count().max(1);
    marks.get(..length).unwrap_or_default()
}

/// Whether some text begins with the number of the first of several points.
fn opens_list(marks: &[Mark]) -> bool {
    let text: Vec<char> = marks.iter().take(3).map(|mark| mark.ch).collect();
    match text[..] {
        [first, mark, next] => {
            let numbered = matches!(first, '1' | '１' | '一') && matches!(mark, '.' | '．' | '、' | '）' | ')');
            let bracketed =
                matches!(first, '（' | '(') && matches!(mark, '1' | '１' | '一') && matches!(next, '）' | ')');
            bracketed || numbered && !next.is_numeric()
        }
        _ => false,
    }
}

/// Before which lines a row must end: where all that is above stands well above it.
pub(super) fn breaks(segments: &[Segment], lines: usize, wrap: f64) -> Vec<bool> {
    let mut tops = vec![(f64::INFINITY, 0.0); lines];
    let mut bottoms = vec![f64::NEG_INFINITY; lines];
    for segment in segments {
        if let (Some(top), Some(bottom)) = (tops.get_mut(segment.line), bottoms.get_mut(segment.line)) {
            *top = (top.0.min(segment.y0), segment.em.max(top.1));
            *bottom = bottom.max(segment.y1);
        }
    }
    let mut reach = f64::NEG_INFINITY;
    tops.iter()
        .zip(&bottoms)
        .map(|((top, em), bottom)| {
            let clear = top - reach > wrap * em;
            reach = reach.max(*bottom);
            clear
        })
        .collect()
}
