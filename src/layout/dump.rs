//! The table that the blanks of a text show: rows from the columns of data, headings laid over them.

use std::collections::BTreeMap;

use super::bands::{Band, Columns};
use super::headings::{Extent, laid};
use super::lattice::Area;
use super::rows::{Block, Segment, blocks, is_off, offsets, rows};
use super::unruled::{Label, Name, Unruled, breaks};
use super::words::Mark;

/// A line with so many cells is one of data, or a head.
const SOLID: usize = 3;

/// A column in which at least this share of such lines has text is one of data; left of the first one are headings.
const DATA_SHARE: f64 = 0.7;

/// The space between the texts of two rows, in lines.
const PADDING: f64 = 0.4;

/// Two lines of a text were at least so far apart on the page, in lines.
const STEP: f64 = 0.45;

/// The lines of a label in a row of data are no more than this.
const MAX_LABEL: usize = 6;

/// How far apart the lines of a table are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spacing {
    /// The widest space between two lines of a cell, in ems.
    pub(super) wrap: f64,
    /// A wider space, in ems, that goes all across ends a row.
    pub(super) blank: f64,
    /// From line to line, in points.
    pub(super) line: f64,
    /// How far text may stand off its place by rounding, in lines.
    pub(super) rounding: f64,
    /// How much more a place counts than in a dump, which keeps little of it.
    pub(super) exactness: f64,
    /// Whether rows are mostly one line high, and do not wrap in most of their cells at once.
    pub(super) dense: bool,
    /// Whether heights are rounded to lines, so that those of the page are to be made out.
    pub(super) rounded: bool,
}

/// A row of the table.
#[derive(Clone, Debug)]
struct Row {
    y0: f64,
    y1: f64,
    /// Its first line.
    line: usize,
    /// How many columns of headings its band has.
    levels: usize,
    /// The segments of a heading that has it alone.
    own: Vec<usize>,
    blocks: Vec<Block>,
}

/// The table of these segments, sorted by line.
pub(super) fn assembled(
    segments: &[Segment],
    texts: &[Vec<Mark>],
    columns: &Columns,
    labels: &[Label],
    names: &[Name],
    setting: &Spacing,
) -> Unruled {
    let levels = levels(segments, columns);
    let level_of = |segment: &Segment| -> Option<usize> {
        let band = columns.of_lines.get(segment.line)?;
        if band.total {
            return None;
        }
        let number = |col: usize| band.numbers.iter().filter(|edge| **edge < col).count();
        let (first, last) = (number(segment.cols.0), number(segment.cols.1));
        (last < levels.get(segment.line).copied().unwrap_or(0)).then_some(first)
    };
    let data: Vec<usize> =
        (0..segments.len()).filter(|n| segments.get(*n).is_some_and(|segment| level_of(segment).is_none())).collect();
    let mut table = data_rows(segments, &data, columns, labels, &levels, setting);
    let mut placed = segments.to_vec();
    // The segments of each heading, and the first lines of the first and the last row that it stands for.
    let mut headings: Vec<(Vec<usize>, (usize, usize))> = Vec::new();
    // What the headings of the column inside stand under, with the lines of their rows.
    let mut unders: Vec<(&str, (usize, usize))> = Vec::new();
    let label_of = |segment: &Segment| labels.get(segment.label?);
    let heading_of = |segment: &Segment| label_of(segment)?.heading.as_deref();
    let deepest = levels.iter().copied().max().unwrap_or(0);
    // Headings stand beside rows of their own table, where the heads of tables are known.
    let bands: Vec<std::ops::Range<usize>> =
        if columns.are_known() { columns.bands() } else { std::iter::once(0..usize::MAX).collect() };
    for level in (0..deepest).rev() {
        let inner_unders = std::mem::take(&mut unders);
        let under_of = |line: usize| {
            let mut inside = inner_unders.iter().filter(|(_, (first, last))| *first <= line && line <= *last);
            inside.next().map(|(under, _)| *under)
        };
        if setting.rounded {
            placed = settled(segments, &mut table, setting.line);
        }
        for band in &bands {
            let own: Vec<usize> = (0..placed.len())
                .filter(|n| {
                    let here = placed.get(*n).filter(|segment| band.contains(&segment.line));
                    here.is_some_and(|segment| level_of(segment) == Some(level))
                })
                .collect();
            let lines: Vec<Segment> = own.iter().filter_map(|n| placed.get(*n)).copied().collect();
            let inner = |line: usize| headings.iter().any(|(_, (first, last))| *first < line && line <= *last);
            let words: Vec<Option<&str>> = lines.iter().map(heading_of).collect();
            let of_rows: Vec<(usize, Extent)> = table
                .iter()
                .filter(|row| band.contains(&row.line))
                .map(|row| {
                    let joined = setting.rounded && inner(row.line);
                    let under = under_of(row.line);
                    let page = columns.of_lines.get(row.line).map_or(0, |band| band.page);
                    let lines = (row.line, last_line(row, segments));
                    let (y0, y1, headed) = (row.y0, row.y1, row.levels > level);
                    let speaks = if setting.rounded { spoken(names, lines, &words) } else { Vec::new() };
                    (row.line, Extent { y0, y1, lines, page, headed, joined, under, speaks })
                })
                .collect();
            let extents: Vec<Extent> = of_rows.iter().map(|(_, extent)| extent.clone()).collect();
            for heading in laid(&lines, &words, &extents, setting) {
                let numbers: Vec<usize> = heading.segments.iter().filter_map(|n| own.get(*n)).copied().collect();
                let line_of = |row: usize| of_rows.get(row).map_or(0, |(line, _)| *line);
                let extent = |of: fn(&Segment) -> f64| numbers.iter().filter_map(|n| placed.get(*n)).map(of);
                let y0 = extent(|segment| segment.y0).fold(f64::INFINITY, f64::min);
                let y1 = extent(|segment| segment.y1).fold(f64::NEG_INFINITY, f64::max);
                let reach = match heading.rows {
                    Some((first, last)) => {
                        // A row is as high as the heading that has it alone.
                        let own = table.iter_mut().find(|row| row.line == line_of(first));
                        if let Some(row) = own.filter(|_| first == last && !setting.rounded) {
                            (row.y0, row.y1) = (row.y0.min(y0), row.y1.max(y1));
                        }
                        (line_of(first), line_of(last))
                    }
                    None => {
                        let line = numbers.first().and_then(|n| placed.get(*n)).map_or(0, |segment| segment.line);
                        let levels = levels.get(line).copied().unwrap_or(0);
                        let middle = |row: &Extent<'_>| (row.y0 + row.y1) / 2.0;
                        let above = heading.next.checked_sub(1).and_then(|above| extents.get(above)).map(middle);
                        let below = extents.get(heading.next).map(middle);
                        let own = (y0 + y1) / 2.0;
                        let at = own.min(below.unwrap_or(own)).max(above.unwrap_or(own));
                        let (y0, y1) = (y0 + at - own, y1 + at - own);
                        table.push(Row { y0, y1, line, levels, own: numbers.clone(), blocks: Vec::new() });
                        (line, line)
                    }
                };
                let under = numbers.first().and_then(|n| label_of(segments.get(*n)?)?.under.as_deref());
                unders.extend(under.map(|under| (under, reach)));
                headings.push((numbers, reach));
            }
            table.sort_by(|a, b| (a.y0 + a.y1).total_cmp(&(b.y0 + b.y1)));
        }
    }
    let mut cells: Vec<(Area, Vec<Mark>)> = Vec::new();
    let text = |numbers: &[usize]| numbers.iter().filter_map(|n| texts.get(*n)).flatten().copied().collect();
    for (row, of_row) in table.iter().enumerate() {
        for block in &of_row.blocks {
            let area = Area { row, col: block.cols.0, rows: 1, cols: block.cols.1 + 1 - block.cols.0 };
            cells.push((area, text(&block.segments)));
        }
    }
    for (numbers, (from, to)) in headings {
        let inside = |row: &Row| (from..=to).contains(&row.line);
        let first = table.iter().position(inside).unwrap_or(0);
        let last = table.iter().rposition(inside).unwrap_or(first);
        let cols = numbers.iter().filter_map(|n| segments.get(*n)).map(|segment| segment.cols);
        let (left, right) = cols.fold((usize::MAX, 0), |(left, right), cols| (left.min(cols.0), right.max(cols.1)));
        let left = left.min(right);
        cells.push((Area { row: first, col: left, rows: last + 1 - first, cols: right + 1 - left }, text(&numbers)));
    }
    let left = segments.iter().map(|segment| segment.x0).fold(f64::INFINITY, f64::min);
    let right = segments.iter().map(|segment| segment.x1).fold(f64::NEG_INFINITY, f64::max);
    let mut xs = vec![left];
    xs.extend_from_slice(&columns.edges);
    xs.push(right.max(left));
    let mut ys: Vec<f64> = table.iter().map(|row| row.y0).collect();
    ys.push(table.last().map_or(0.0, |row| row.y1));
    Unruled { cells: without_overlaps(cells), xs, ys, lines: 0..0, cost: 0.0 }
}

/// Those of `words` that the names on these lines, first and last, speak of most.
fn spoken<'a>(names: &'a [Name], (first, last): (usize, usize), words: &[Option<&str>]) -> Vec<&'a str> {
    let own = names.iter().filter(|name| (first..=last).contains(&name.line)).flat_map(|name| &name.speaks);
    let own: Vec<&(String, usize)> = own.filter(|(word, _)| words.contains(&Some(word.as_str()))).collect();
    // The longest sign says most.
    let longest = own.iter().map(|(_, length)| *length).max();
    own.into_iter().filter(|(_, length)| Some(*length) == longest).map(|(word, _)| word.as_str()).collect()
}

fn last_line(row: &Row, segments: &[Segment]) -> usize {
    let own = row.blocks.iter().flat_map(|block| &block.segments).chain(&row.own);
    own.filter_map(|n| segments.get(*n)).map(|segment| segment.line).max().unwrap_or(row.line)
}

/// For each line, how many columns of headings its band has: those left of the first column of data, at least the first.
fn levels(segments: &[Segment], columns: &Columns) -> Vec<usize> {
    let mut levels = Vec::with_capacity(columns.of_lines.len());
    let mut from = 0;
    let same = |a: &Band, b: &Band| (&a.numbers, a.headings) == (&b.numbers, b.headings);
    for bands in columns.of_lines.chunk_by(same) {
        let Some(band) = bands.first() else { continue };
        let (edges, to) = (&band.numbers, from + bands.len());
        let inside: Vec<&Segment> = segments.iter().filter(|segment| (from..to).contains(&segment.line)).collect();
        let solid: Vec<&[&Segment]> =
            inside.chunk_by(|a, b| a.line == b.line).filter(|line| line.len() >= SOLID).collect();
        let has = |col: usize, line: &[&Segment]| {
            line.iter().any(|segment| edges.iter().filter(|edge| **edge < segment.cols.0).count() == col)
        };
        let share = |col: usize| solid.iter().filter(|line| has(col, line)).count() as f64 / solid.len().max(1) as f64;
        let data = (0..=edges.len()).find(|col| share(*col) >= DATA_SHARE);
        let shown = if edges.is_empty() { 0 } else { data.unwrap_or(1).max(1) };
        let count = band.headings.unwrap_or(shown);
        levels.extend(std::iter::repeat_n(count, bands.len()));
        from = to;
    }
    levels
}

/// The segments at the heights that they had on the page, as the rows tell them, which are set there too. A text has a
/// line for each height at which something stood: between two lines of a cell there may be one of the cell beside it.
fn settled(segments: &[Segment], rows: &mut [Row], line: f64) -> Vec<Segment> {
    let lines_of = |block: &Vec<usize>| {
        let mut lines: Vec<usize> = block.iter().filter_map(|n| segments.get(*n)).map(|segment| segment.line).collect();
        lines.dedup();
        lines
    };
    let blocks_of = |row: &Row| -> Vec<Vec<usize>> {
        let texts = row.blocks.iter().map(|block| &block.segments).chain([&row.own]);
        texts.map(lines_of).filter(|lines| !lines.is_empty()).collect()
    };
    let texts: Vec<Vec<Vec<usize>>> = rows.iter().map(blocks_of).collect();
    let tops = |line: usize| segments.iter().find(|segment| segment.line == line).map(|segment| segment.y0);
    // From the last line of each row to the first of the next: how many lines of the text, blank ones too, and how many
    // of those that have text.
    let steps = texts.windows(2).map(|pair| {
        let above = pair.first().and_then(|blocks| blocks.iter().flatten().max())?;
        let first = pair.last().and_then(|blocks| blocks.iter().flatten().min())?;
        let all = ((tops(*first)? - tops(*above)?) / line).round().max(0.0);
        Some((all, *first as f64 - *above as f64))
    });
    let steps: Vec<(f64, f64)> = steps.map(|step| step.unwrap_or((1.0, 1.0))).collect();
    // Rows that are set wide apart keep blank lines between them, or headings there.
    let headed = |pair: &[Row]| pair.iter().all(|row| row.levels > 0);
    let loose = rows.windows(2).zip(&steps).any(|(pair, (all, worded))| headed(pair) && all > worded);
    let mut heights: Vec<(usize, f64)> = Vec::new();
    let mut top = 0.0;
    for (number, (row, blocks)) in rows.iter_mut().zip(texts).enumerate() {
        let height = blocks.iter().map(Vec::len).max().unwrap_or(1) as f64;
        if let Some((all, worded)) = number.checked_sub(1).and_then(|before| steps.get(before)) {
            let headings = (worded * STEP - 1.0 - PADDING).max(0.0);
            top += if loose { all - 1.0 } else { all - worded + headings }.max(0.0);
        }
        let middle = top + height / 2.0;
        for lines in blocks {
            let half = (lines.len() as f64 - 1.0) / 2.0;
            heights.extend(lines.iter().enumerate().map(|(number, line)| (*line, middle + number as f64 - half)));
        }
        (row.y0, row.y1) = (top * line, (top + height) * line);
        top += height + PADDING;
    }
    heights.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    heights.dedup_by_key(|(line, _)| *line);
    let at = |line: usize| -> f64 {
        let next = heights.partition_point(|(other, _)| *other < line);
        let (before, after) = (next.checked_sub(1).and_then(|n| heights.get(n)), heights.get(next));
        match (before, after) {
            (_, Some((other, height))) if *other == line => *height,
            (Some((a, low)), Some((b, high))) => low + (high - low) * (line - a) as f64 / (b - a) as f64,
            (Some((a, low)), None) => low + (line - a) as f64,
            (None, Some((b, high))) => high - (b - line) as f64,
            (None, None) => line as f64,
        }
    };
    let moved = segments.iter().map(|segment| {
        let middle = at(segment.line) * line;
        let half = (segment.y1 - segment.y0) / 2.0;
        Segment { y0: middle - half, y1: middle + half, ..*segment }
    });
    moved.collect()
}

/// The rows that the segments with these numbers make.
fn data_rows(
    segments: &[Segment],
    data: &[usize],
    columns: &Columns,
    labels: &[Label],
    levels: &[usize],
    setting: &Spacing,
) -> Vec<Row> {
    // Lines that have nothing but headings are left out.
    let mut lines: Vec<usize> = data.iter().filter_map(|n| segments.get(*n)).map(|segment| segment.line).collect();
    lines.dedup();
    let own: Vec<Segment> = data
        .iter()
        .filter_map(|n| segments.get(*n))
        .map(|segment| Segment { line: lines.partition_point(|line| *line < segment.line), ..*segment })
        .collect();
    let mut table = Vec::new();
    let joined = |line: &usize| columns.of_lines.get(*line).is_some_and(|band| band.joined);
    let mut joins: Vec<bool> = lines.iter().map(joined).collect();
    // The lines of a label are of one row, and what stands between them.
    let mut reaches: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for segment in &own {
        if let Some(label) = segment.label.filter(|label| labels.get(*label).is_some_and(|label| label.of_row)) {
            let reach = reaches.entry(label).or_insert((segment.line, segment.line));
            *reach = (reach.0.min(segment.line), reach.1.max(segment.line));
        }
    }
    let is_head =
        |line: &usize| lines.get(*line).and_then(|line| columns.of_lines.get(*line)).is_some_and(|band| band.head);
    let within = |(first, last): &&(usize, usize)| last - first <= MAX_LABEL && is_head(first) == is_head(last);
    for (first, last) in reaches.values().filter(within) {
        joins.get_mut(first + 1..=*last).unwrap_or_default().fill(true);
    }
    // A line that has only headings is no blank line.
    let mut clear = breaks(segments, columns.of_lines.len(), setting.blank);
    // No row goes on from one table into the next.
    if columns.are_known() {
        for band in columns.bands() {
            clear.get_mut(band.start..=band.start).unwrap_or_default().fill(true);
        }
    }
    for (line, _) in columns.of_lines.iter().enumerate().filter(|(_, band)| band.total) {
        clear.get_mut(line..(line + 2).min(columns.of_lines.len())).unwrap_or_default().fill(true);
    }
    let mut next = 0;
    let parted = lines.iter().map(|line| {
        let parted = clear.get(next..=*line).unwrap_or_default().contains(&true);
        next = line + 1;
        parted
    });
    // On a page the space between lines shows it.
    let parted: Vec<bool> = if setting.rounded {
        parted.collect()
    } else {
        let mut parted = breaks(&own, lines.len(), setting.blank);
        let starts = |pair: &[usize]| match pair {
            [above, line] => columns.are_known() && !columns.are_alike(*above, *line),
            _ => false,
        };
        for (number, _) in lines.windows(2).enumerate().filter(|(_, pair)| starts(pair)) {
            parted.get_mut(number + 1..number + 2).unwrap_or_default().fill(true);
        }
        parted
    };
    for (from, to) in rows(&own, &parted, &joins, setting) {
        let (start, stop) =
            (own.partition_point(|segment| segment.line < from), own.partition_point(|segment| segment.line < to));
        let mut blocks = blocks(own.get(start..stop).unwrap_or_default(), start);
        let em = own.get(start..stop).unwrap_or_default().iter().map(|segment| segment.em).fold(1.0, f64::max);
        let offsets = offsets(&blocks, em);
        let core = || blocks.iter().zip(&offsets).filter(|(_, off)| !is_off(**off)).map(|(block, _)| block);
        let y0 = core().map(|block| block.y0).fold(f64::INFINITY, f64::min);
        let y1 = core().map(|block| block.y1).fold(f64::NEG_INFINITY, f64::max);
        for block in &mut blocks {
            block.segments = block.segments.iter().filter_map(|n| data.get(*n)).copied().collect();
        }
        let line = lines.get(from).copied().unwrap_or(0);
        // No heading stands for the row that adds up the table.
        let total = columns.of_lines.get(line).is_some_and(|band| band.total);
        let levels = levels.get(line).copied().filter(|_| !total).unwrap_or(0);
        if y0 <= y1 {
            table.push(Row { y0, y1, line, levels, own: Vec::new(), blocks });
        }
    }
    table
}

/// The cells without those that would lie over another: their text goes to the other one.
fn without_overlaps(cells: Vec<(Area, Vec<Mark>)>) -> Vec<(Area, Vec<Mark>)> {
    let mut kept: Vec<(Area, Vec<Mark>)> = Vec::new();
    for (mut area, marks) in cells {
        let meets = |a: &Area, b: &Area| {
            a.row < b.row + b.rows && b.row < a.row + a.rows && a.col < b.col + b.cols && b.col < a.col + a.cols
        };
        // A heading that spans too much gives way; one that lies over a cell of its own row goes into it.
        if area.rows > 1 && kept.iter().any(|(other, _)| meets(other, &area)) {
            let free = (0..area.rows).find(|row| {
                let single = Area { row: area.row + row, rows: 1, ..area };
                !kept.iter().any(|(other, _)| meets(other, &single))
            });
            area = Area { row: area.row + free.unwrap_or(0), rows: 1, ..area };
        }
        match kept.iter_mut().find(|(other, _)| meets(other, &area)) {
            Some((_, text)) => text.extend(marks),
            None => kept.push((area, marks)),
        }
    }
    kept
}
