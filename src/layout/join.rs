//! A table that goes on over a page: the parts on both pages made one.

use super::lattice::nearest;
use super::table::{Cell, Piece, Table};
use super::{Place, Run};
use crate::fold::is_blank;

/// Edges of columns this near, in points, are the same on both pages.
const SAME_COLUMN: f64 = 4.0;

/// Of the inner edges of the part with fewer columns, this share must be in the other: the rows over a page may have
/// cells merged in ways of their own, a table about something else has columns of its own.
const SHARED_EDGES: f64 = 0.5;

/// A page number has no more characters than this, blanks left out: `第 12 页 共 34 页` has eight.
const PAGE_NUMBER_LENGTH: usize = 12;

/// A running head or foot has no more lines than this. More is text that parts two tables.
const MAX_FURNITURE: usize = 4;

/// A running head stands at the same height, in points, on both pages.
const SAME_HEIGHT: f64 = 3.0;

/// Puts the pieces of all pages in one row, and makes tables that go on over a page one table.
///
/// Two parts are one table when nothing but page numbers and running heads stands between them and their columns
/// are the same. Head rows that are printed again stay as rows.
pub(super) fn join(pages: Vec<Vec<Piece>>) -> Vec<Piece> {
    let mut joined: Vec<Piece> = Vec::new();
    // The last table of the page before, which of its cells are the last page's, where the pieces after it begin,
    // and where that page begins.
    let mut tail: Option<usize> = None;
    let (mut last, mut foot, mut before) = (0, 0, 0);
    for mut page in pages {
        let first = page.iter().position(|piece| matches!(piece, Piece::Table(_)));
        let goes_on = tail.zip(first).and_then(|(tail, first)| {
            let (Piece::Table(one), Piece::Table(two)) = (joined.get(tail)?, page.get(first)?) else { return None };
            let edges = common_edges(&one.xs, &two.xs)?;
            let at_foot = without_echoes(joined.get(foot..)?, two, Break::Below);
            let at_head = without_echoes(page.get(..first)?, one, Break::Above);
            let clear = is_furniture(&at_foot, &page) && is_furniture(&at_head, joined.get(before..)?);
            clear.then_some((tail, first, edges, at_foot, at_head))
        });
        let begin;
        if let Some((at, first, edges, at_foot, at_head)) = goes_on
            && let Piece::Table(second) = page.remove(first)
        {
            joined.truncate(foot);
            joined.extend(at_foot);
            begin = joined.len();
            foot = begin + at_head.len();
            page.splice(..first, at_head);
            if let Some(Piece::Table(table)) = joined.get_mut(at) {
                let count = table.cells.len();
                append(table, second, edges, last);
                last = count;
            }
        } else {
            begin = joined.len();
            tail = None;
        }
        if let Some(at) = page.iter().rposition(|piece| matches!(piece, Piece::Table(_))) {
            tail = Some(begin + at);
            (last, foot) = (0, begin + at + 1);
        }
        before = begin;
        joined.append(&mut page);
    }
    for piece in &mut joined {
        if let Piece::Table(table) = piece
            && table.pages.0 != table.pages.1
        {
            table.cells.retain(|cell| cell.area.rows > 0);
            table.tidy();
        }
    }
    joined
}

/// Which edge of a part of a table the break of the page is.
#[derive(Clone, Copy)]
enum Break {
    Above,
    Below,
}

/// The pieces beside a break of the page, without the echoes of the table's other part. A program that prints a merged
/// cell over two pages may write its text on both, each time cut to what the page shows of the cell; what lies outside
/// is written, and not seen.
fn without_echoes(pieces: &[Piece], table: &Table, edge: Break) -> Vec<Piece> {
    let keep = |piece: &&Piece| match piece {
        Piece::Line(runs) => !runs.iter().all(|run| is_echo(run, table, edge)),
        Piece::Table(_) => true,
    };
    pieces.iter().filter(keep).cloned().collect()
}

/// Whether a run says what a cell at the break says, in that cell's column.
fn is_echo(run: &Run, table: &Table, edge: Break) -> bool {
    let Place::Page { boxes, .. } = &run.place else { return false };
    let Some(x) = boxes.first().map(|bbox| bbox.centre().0) else { return false };
    let solid = |text: &str| -> String { text.chars().filter(|ch| !is_blank(*ch)).collect() };
    let own = solid(&run.text);
    let mut cells = table.cells.iter().filter(|cell| match edge {
        Break::Below => cell.area.row == 0,
        Break::Above => cell.area.row + cell.area.rows == table.rows,
    });
    cells.any(|cell| {
        let left = table.xs.get(cell.area.col).is_some_and(|edge| *edge <= x);
        let right = table.xs.get(cell.area.col + cell.area.cols).is_some_and(|edge| x <= *edge);
        left && right && cell.runs.iter().map(|run| solid(&run.text)).collect::<String>().contains(&own)
    })
}

/// Whether `pieces` are page numbers and lines that the other page has too, at the same height.
fn is_furniture(pieces: &[Piece], other: &[Piece]) -> bool {
    pieces.len() <= MAX_FURNITURE
        && pieces.iter().all(|piece| match piece {
            Piece::Line(runs) => {
                is_page_number(runs)
                    || other.iter().any(|twin| matches!(twin, Piece::Line(twin) if is_same_line(runs, twin)))
            }
            Piece::Table(_) => false,
        })
}

/// Whether a line is short and its only figures are whole numbers apart from each other, as in `- 3 -` or `3/12`.
pub(super) fn is_page_number(runs: &[Run]) -> bool {
    let chars = || runs.iter().flat_map(|run| run.text.chars()).filter(|ch| !is_blank(*ch));
    let digits = chars().filter(char::is_ascii_digit).count();
    let letters = chars().filter(|ch| ch.is_alphabetic()).count();
    chars().count() <= PAGE_NUMBER_LENGTH
        && digits > 0
        && letters <= digits + 4
        && !chars().any(|ch| ch == '.' || ch == '%')
}

/// Whether two lines say the same but for their digits, at the same height of their pages.
fn is_same_line(a: &[Run], b: &[Run]) -> bool {
    let words = |runs: &[Run]| -> String {
        runs.iter().flat_map(|run| run.text.chars()).filter(|ch| !is_blank(*ch) && !ch.is_ascii_digit()).collect()
    };
    match (height(a), height(b)) {
        (Some(above), Some(below)) => (above - below).abs() <= SAME_HEIGHT && words(a) == words(b),
        _ => false,
    }
}

fn height(runs: &[Run]) -> Option<f64> {
    match &runs.first()?.place {
        Place::Page { boxes, .. } => boxes.first().map(|bbox| bbox.centre().1),
        Place::Text { .. } => None,
    }
}

/// The edges of both tables' columns together; none when they are not the same table's: the outer edges must agree,
/// and enough of the inner ones.
fn common_edges(first: &[f64], second: &[f64]) -> Option<Vec<f64>> {
    let near = |x: Option<&f64>, y: Option<&f64>| matches!((x, y), (Some(x), Some(y)) if (x - y).abs() <= SAME_COLUMN);
    let twin = |edge: &f64, edges: &[f64]| near(Some(edge), edges.get(nearest(edges, *edge)));
    let (fewer, more) = if first.len() <= second.len() { (first, second) } else { (second, first) };
    let inner = fewer.get(1..fewer.len().saturating_sub(1)).unwrap_or_default();
    let shared = inner.iter().filter(|edge| twin(edge, more)).count();
    if !near(first.first(), second.first())
        || !near(first.last(), second.last())
        || (shared as f64) < SHARED_EDGES * inner.len() as f64
    {
        return None;
    }
    let mut edges = first.to_vec();
    for edge in second.iter().filter(|edge| !twin(edge, first)) {
        edges.insert(edges.partition_point(|x| x < edge), *edge);
    }
    // Two narrow columns may not fall into one.
    let apart = second.windows(2).all(|pair| matches!(pair, [a, b] if nearest(&edges, *a) < nearest(&edges, *b)));
    apart.then_some(edges)
}

/// Puts the rows of `second` under those of `first`; the columns get the edges `xs`. `last` is where the cells of
/// the last page begin in `first`. Cells that went into others are left with no rows.
fn append(first: &mut Table, second: Table, xs: Vec<f64>, last: usize) {
    if xs.len() != first.xs.len() {
        for cell in &mut first.cells {
            move_columns(cell, &first.xs, &xs);
        }
        first.xs = xs;
    }
    let (offset, count) = (first.rows, first.cells.len());
    for mut cell in second.cells {
        move_columns(&mut cell, &second.xs, &first.xs);
        let top = cell.area.row == 0;
        cell.area.row += offset;
        let above = first.cells.get_mut(last..count).into_iter().flatten().find(|above| {
            let (a, b) = (above.area, cell.area);
            top && a.row + a.rows == offset && a.rows > 0 && (a.col, a.cols) == (b.col, b.cols)
        });
        if let Some(above) = above
            && goes_on(above, &cell)
        {
            above.area.rows += cell.area.rows;
            above.runs.append(&mut cell.runs);
            above.open_below = cell.open_below;
            let whole = above.clone();
            above.area.rows = 0;
            above.runs.clear();
            cell = whole;
        }
        first.cells.push(cell);
    }
    first.rows += second.rows;
    first.pages.1 = second.pages.1;
}

/// Whether `below`, at the top of a page, is the rest of `above`, at the foot of the page before: no wall on either
/// side of the break, or nothing written in a cell beside several rows, which is how a merged heading goes on.
fn goes_on(above: &Cell, below: &Cell) -> bool {
    (above.open_below && below.open_above) || (below.area.rows > 1 && below.runs.is_empty())
}

/// Renumbers the columns of a cell from edges `old` to edges `new`.
fn move_columns(cell: &mut Cell, old: &[f64], new: &[f64]) {
    let find = |number: usize| old.get(number).or(old.last()).map_or(0, |edge| nearest(new, *edge));
    let (from, to) = (find(cell.area.col), find(cell.area.col + cell.area.cols));
    cell.area.col = from;
    cell.area.cols = to.saturating_sub(from).max(1);
}
