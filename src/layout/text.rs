//! Plain text: lines as runs, and tables whose columns blanks keep, as `pdftotext -layout` writes them.

use unicode_width::UnicodeWidthChar;

use super::dump::Spacing;
use super::join::is_page_number;
use super::known::{Known, Stretch};
use super::table::{Cell, Piece, Table};
use super::under::EM;
use super::unruled::{self, Setting, Unruled};
use super::words::Mark;
use super::{Place, Run};
use crate::fold::is_blank;
use crate::source::{BBox, TextLine};

/// A column of a text is taken for half an em: a wide character takes two.
const COLUMN: f64 = EM / 2.0;

/// Lines are taken for so far apart. Dumps round heights to lines: two lines beside a single one come as three lines or
/// as two. With lines this near, a cell that is off by half a line still stands in the middle of its row.
const LEADING: f64 = EM / 2.0;

/// A line is taken for a little lower than that.
const HEIGHT: f64 = 0.9 * LEADING;

/// Lines of one cell may have one line between them, of the cells beside it. Text may be shifted by two columns.
const TEXT: Setting = Setting {
    spacing: Some(SPACING),
    beside: 0.0,
    drift: 2.0 * COLUMN / EM,
    depth: 1.5,
    rows: unruled::MIN_ROWS,
    dense: false,
    dump: true,
};

/// A blank line ends a row.
const SPACING: Spacing = Spacing {
    wrap: 1.2 * LEADING / EM,
    blank: 0.6 * LEADING / EM,
    line: LEADING,
    rounding: 0.15,
    exactness: 1.0,
    dense: false,
    rounded: true,
};

/// A tab goes on to the next column that is a multiple of this.
const TAB: usize = 8;

/// At least this share of a page's lines has a wide gap in a text that keeps columns by blanks. Texts in reading order
/// have a cell a line, and gaps only where the page had them within a line.
const GAPPED_SHARE: f64 = 0.25;

/// So many columns of blanks within a line are a wide gap.
const WIDE_GAP: usize = 3;

/// Where no heads tell the columns, they must be straighter by this cost for a wide character to be taken for one column
/// and not two: as much as another band of columns would cost.
const CLEARLY: f64 = 2.5;

/// The lines of a page of plain text, each a piece.
pub(super) fn lines(page: u32, lines: &[TextLine]) -> Vec<Piece> {
    lines.iter().filter_map(|line| whole(page, line)).map(|run| Piece::Line(vec![run])).collect()
}

/// A line as one run, without the blanks around it; none when nothing is left.
fn whole(page: u32, line: &TextLine) -> Option<Run> {
    let text = line.text.trim_start_matches(is_blank);
    let leading = line.text.len() - text.len();
    let column = line.text.get(..leading).unwrap_or_default().chars().count() as u32 + 1;
    let text = text.trim_end_matches(is_blank);
    let place = Place::Text { page, line: line.number, column };
    (!text.is_empty()).then(|| Run { text: text.to_owned(), place })
}

/// A page of plain text: its number and its lines.
pub(super) type Page<'a> = (u32, &'a [TextLine]);

/// The pages that are read as one, because a table of `known` goes on from each to the next.
pub(super) fn sheets<'a>(pages: &[Page<'a>], known: &Known) -> Vec<Vec<Page<'a>>> {
    let goes_on = |(_, next): &Page| {
        let first = next.iter().find(|line| !line.text.trim_matches(is_blank).is_empty());
        first.is_some_and(|first| {
            let above = known.heads.iter().rfind(|head| head.line < first.number);
            above.is_some_and(|head| !head.single && head.end.is_none_or(|end| end > first.number))
        })
    };
    let mut sheets: Vec<Vec<Page>> = Vec::new();
    for page in pages {
        match sheets.last_mut() {
            Some(sheet) if goes_on(page) => sheet.push(*page),
            _ => sheets.push(vec![*page]),
        }
    }
    sheets
}

/// Whether enough lines of a page have wide gaps for a sheet that it is part of to keep columns. Its last line may be a page
/// number, which counts for none.
pub(super) fn may_be_gapped(lines: &[TextLine]) -> bool {
    let written = lines.iter().filter(|line| !line.text.chars().all(is_blank)).count();
    [1, 2].into_iter().any(|wide| {
        let gapped = lines.iter().filter(|line| has_wide_gap(line, wide)).count();
        gapped > 0 && gapped as f64 >= GAPPED_SHARE * (written - 1) as f64
    })
}

/// Whether enough lines of some sheet have wide gaps for its blanks to keep columns.
pub(super) fn may_have_columns(sheets: &[Vec<Page>]) -> bool {
    sheets.iter().any(|sheet| {
        let (worded, _) = worded(sheet);
        [1, 2].into_iter().any(|wide| are_gapped(&worded, wide))
    })
}

/// The lines of a sheet that have text, each with its page, and the page numbers between the parts of a table.
fn worded<'a>(pages: &[Page<'a>]) -> (Vec<(u32, &'a TextLine)>, Vec<Piece>) {
    let mut worded: Vec<(u32, &TextLine)> = Vec::new();
    let mut numbers = Vec::new();
    for (number, (page, lines)) in pages.iter().enumerate() {
        let written = lines.iter().filter(|line| !line.text.chars().all(is_blank));
        worded.extend(written.map(|line| (*page, line)));
        // A page number between two parts of a table is no part of it.
        let last = worded.last().filter(|_| number + 1 < pages.len()).and_then(|(page, line)| whole(*page, line));
        if let Some(run) = last.filter(|run| is_page_number(std::slice::from_ref(run))) {
            numbers.push(Piece::Line(vec![run]));
            worded.pop();
        }
    }
    (worded, numbers)
}

/// The pieces of pages of plain text that keeps columns: the table that its blanks show, and the lines around it.
/// `known` is what was recognised in it.
pub(super) fn columns(pages: &[Page], known: &Known) -> Vec<Piece> {
    let (worded, mut numbers) = worded(pages);
    let spread = |wide| {
        are_gapped(&worded, wide).then_some(())?;
        let lines = worded.iter().map(|(page, line)| Spread::with(*page, line, wide));
        let lines: Vec<Spread> = lines.collect();
        table(&lines, known).map(|table| (lines, table))
    };
    // Tools differ in whether a wide character takes one column or two. The right way shows straight columns.
    let best = match (spread(1), spread(2)) {
        (Some(narrow), Some(wide)) => {
            let margin = if known.heads.is_empty() { CLEARLY } else { 0.0 };
            Some(if narrow.1.cost + margin < wide.1.cost { narrow } else { wide })
        }
        (narrow, wide) => wide.or(narrow),
    };
    let mut pieces = Vec::new();
    let (range, mut table) = match best {
        Some((lines, table)) => (table.lines.clone(), Some(Piece::Table(placed(&lines, table)))),
        None => (0..0, None),
    };
    for (number, (page, line)) in worded.iter().enumerate() {
        if range.contains(&number) {
            pieces.extend(table.take());
        } else {
            pieces.extend(whole(*page, line).map(|run| Piece::Line(vec![run])));
        }
    }
    pieces.append(&mut numbers);
    pieces
}

/// Whether enough lines have wide gaps, where a wide character takes so many columns.
fn are_gapped(lines: &[(u32, &TextLine)], wide: usize) -> bool {
    let gapped = lines.iter().filter(|(_, line)| has_wide_gap(line, wide)).count();
    gapped as f64 >= GAPPED_SHARE * lines.len() as f64
}

/// Whether a line has a wide gap between two characters that are not blank.
fn has_wide_gap(line: &TextLine, wide: usize) -> bool {
    let mut column = 0;
    let mut last = None;
    line.text.chars().any(|ch| {
        let before = column;
        column += columns_of(ch, column, wide);
        if is_blank(ch) {
            return false;
        }
        last.replace(column).is_some_and(|last| before - last >= WIDE_GAP)
    })
}

/// How many columns a character takes that begins at `column`.
fn columns_of(ch: char, column: usize, wide: usize) -> usize {
    match ch {
        '\t' => TAB - column % TAB,
        ' '..='~' => 1,
        _ => ch.width().unwrap_or(0).min(wide),
    }
}

/// The table that the lines' blanks show, if they show one.
fn table(lines: &[Spread], known: &Known) -> Option<Unruled> {
    let marks: Vec<Vec<Mark>> = lines.iter().map(|line| line.marks.clone()).collect();
    let line_of = |number: u32| lines.partition_point(|line| line.line.number < number);
    let place = |(number, first, end): &Stretch| {
        let line = line_of(*number);
        let spread = lines.get(line).filter(|spread| spread.line.number == *number)?;
        let at = |column: u32| spread.starts.get(column as usize).or(spread.starts.last()).copied();
        Some((line, (at(*first)?, at(end.saturating_sub(1))? + COLUMN)))
    };
    let mut known = known.placed(lines.len(), line_of, place);
    let begins = (1..lines.len()).filter(|line| {
        let page = |line: usize| lines.get(line).map(|line| line.page);
        page(*line) != page(line - 1)
    });
    for begin in begins {
        let Some(at) = known.heads.iter().rposition(|head| head.line < begin) else { continue };
        if let Some(head) = known.heads.get_mut(at)
            && head.below < begin
            && begin < head.end
        {
            let rest = head.going_on(begin, head.end);
            head.end = begin;
            known.heads.insert(at + 1, rest);
        }
    }
    unruled::table(&marks, &known, &TEXT)
}

/// The table with its text as it stands in the lines.
fn placed(lines: &[Spread], table: Unruled) -> Table {
    let page = |line: Option<&Spread>| line.map_or(0, |line| line.page);
    let pages = (page(lines.first()), page(lines.last()));
    let cells = table.cells.into_iter().map(|(area, marks)| {
        let of_a_line = |a: &Mark, b: &Mark| a.bbox.y0 == b.bbox.y0;
        let runs = marks.chunk_by(of_a_line).filter_map(|marks| {
            let (first, last) = (marks.first()?, marks.last()?);
            let line = lines.partition_point(|line| line.top < first.bbox.y0);
            let line = lines.get(line)?;
            line.run(line.page, line.char_at(first.bbox.x0), line.char_at(last.bbox.x0))
        });
        Cell { area, page: 0, bbox: None, runs: runs.collect(), open_above: false, open_below: false }
    });
    let cells = cells.collect();
    let rows = table.ys.len().saturating_sub(1);
    let mut table = Table { cells, rows, pages, xs: table.xs };
    table.tidy();
    table
}

/// A line with the place of each of its characters.
struct Spread<'a> {
    page: u32,
    line: &'a TextLine,
    /// Its top, in points as if it were printed.
    top: f64,
    /// The left end of each character, blanks included.
    starts: Vec<f64>,
    /// The characters that are not blank.
    marks: Vec<Mark>,
}

impl<'a> Spread<'a> {
    /// A wide character takes so many columns.
    fn with(page: u32, line: &'a TextLine, wide: usize) -> Self {
        let top = f64::from(line.number) * LEADING;
        let mut spread = Spread { page, line, top, starts: Vec::new(), marks: Vec::new() };
        let mut column = 0;
        for ch in line.text.chars() {
            let width = columns_of(ch, column, wide);
            let (x0, x1) = (column as f64 * COLUMN, (column + width) as f64 * COLUMN);
            spread.starts.push(x0);
            if !is_blank(ch) {
                let bbox = BBox { x0, y0: top, x1, y1: top + HEIGHT };
                spread.marks.push(Mark { ch, bbox, size: EM, invisible: false });
            }
            column += width;
        }
        spread
    }

    /// The number of the first character that begins at `x`.
    fn char_at(&self, x: f64) -> usize {
        self.starts.partition_point(|start| *start < x)
    }

    /// The characters from the one with number `first` to the one with number `last`, without the blanks around them;
    /// none when nothing is left.
    fn run(&self, page: u32, first: usize, last: usize) -> Option<Run> {
        let text: String =
            self.line.text.chars().skip(first).take(last.saturating_sub(first).saturating_add(1)).collect();
        let leading = text.chars().take_while(|ch| is_blank(*ch)).count();
        let column = (first + leading + 1) as u32;
        let text = text.trim_matches(is_blank).to_owned();
        let place = Place::Text { page, line: self.line.number, column };
        (!text.is_empty()).then_some(Run { text, place })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(text: &str) -> Vec<TextLine> {
        text.lines().zip(7..).map(|(text, number)| TextLine { number, text: text.to_owned() }).collect()
    }

    fn placed_runs(piece: &Piece) -> Vec<(String, u32, u32)> {
        let runs: Vec<&Run> = match piece {
            Piece::Line(runs) => runs.iter().collect(),
            Piece::Table(table) => table.cells.iter().flat_map(|cell| &cell.runs).collect(),
        };
        let place = |run: &Run| match run.place {
            Place::Text { line, column, .. } => (run.text.clone(), line, column),
            Place::Page { .. } => panic!("a text has no boxes"),
        };
        runs.into_iter().map(place).collect()
    }

    #[test]
    fn a_line_is_a_run_without_the_blanks_around_it() {
        let pieces = super::lines(2, &texts("项目名称  路灯养护 \n\u{3000} \n\t 主管部门"));
        let runs: Vec<_> = pieces.iter().flat_map(placed_runs).collect();
        assert_eq!(runs, [("项目名称  路灯养护".to_owned(), 7, 1), ("主管部门".to_owned(), 9, 3)]);
    }

    #[test]
    fn columns_of_blanks_are_a_table() {
        let text = "\
          路灯养护
指标      目标        完成      得分
亮灯率    ≥98%        99%       10
报修率                97%        8
巡查      12 次/月    12次/月   10
养护成本  ≤30万元     29.5万元   5
";
        let pieces = columns(&[(1, &texts(text))], &Known::default());
        let [Piece::Line(_), Piece::Table(table)] = &pieces[..] else { panic!("a line and a table: {pieces:?}") };
        assert_eq!((table.rows, table.xs.len() - 1), (5, 4));
        let row: Vec<_> = table.cells.iter().filter(|cell| cell.area.row == 2).map(|cell| cell.area.col).collect();
        assert_eq!(row, [0, 2, 3]);
        let runs = placed_runs(&pieces[1]);
        assert_eq!(runs[11..13], [("巡查".to_owned(), 11, 1), ("12 次/月".to_owned(), 11, 9)]);
    }

    #[test]
    fn prose_and_texts_in_reading_order_have_no_table() {
        let prose = "一、情况。路灯  亮。\n二、情况。\n三、   灯\n四、情况。\n五、甲   乙\n六、情况\n七、情况\n八、情况\n九、甲   乙\n十";
        assert!(columns(&[(1, &texts(prose))], &Known::default()).iter().all(|piece| matches!(piece, Piece::Line(_))));
    }
}
