//! Texts whose cells are kept apart by a sign: tabs, as a spreadsheet gives when it is copied, or bars.

use std::collections::BTreeSet;

use super::lattice::Area;
use super::table::{Cell, Piece, Table};
use super::{Place, Run};
use crate::fold::is_blank;
use crate::source::TextLine;

/// The signs that part cells.
const SIGNS: [char; 5] = ['\t', '|', '│', '┃', '｜'];

/// At least this share of a page's lines must have the sign, and some of them two of it: tables have lines of prose
/// around them, and prose has a bar here and there.
const SIGNED_SHARE: f64 = 0.5;

/// So many rows are a table.
const MIN_ROWS: usize = 4;

/// A column in which at least this share of the rows with several cells has text is one of data. Left of the first one
/// are headings, which stand for the rows below them too.
const DATA_SHARE: f64 = 0.7;

/// A row with more than this share of the cells of the widest is one of data, and its blanks are cells. Two labels with
/// their values are four cells, and the tables of forms have seven and more columns.
const FULL_SHARE: f64 = 0.6;

/// A table has no more empty cells than this for each one with text; forms have about one. Beyond, the sign is no wall.
const BLANKS_A_CELL: usize = 4;

/// A row of at least so many cells shows which columns are of data.
const FULL_ROW: usize = 3;

/// The lines of a page that have text, and the sign that keeps their cells apart; none when no sign does.
fn delimited(lines: &[TextLine]) -> Option<(Vec<&TextLine>, char)> {
    // Most texts have no such sign, or one or two.
    if lines.iter().filter(|line| line.text.contains(SIGNS)).count() < MIN_ROWS {
        return None;
    }
    let written: Vec<&TextLine> = lines.iter().filter(|line| !line.text.chars().all(is_ruling)).collect();
    let sign = SIGNS.into_iter().find(|sign| {
        let signed = written.iter().filter(|line| count(*sign, line) > 0).count();
        let several = written.iter().filter(|line| count(*sign, line) > 1).count();
        several >= MIN_ROWS && signed as f64 >= SIGNED_SHARE * written.len() as f64
    })?;
    Some((written, sign))
}

/// How often a sign stands in a line.
fn count(sign: char, line: &TextLine) -> usize {
    line.text.matches(sign).count()
}

/// Whether a sign keeps the cells of a page apart.
pub(super) fn is_delimited(lines: &[TextLine]) -> bool {
    delimited(lines).is_some()
}

/// The pieces of a page whose cells a sign keeps apart: one table; none when no sign does.
pub(super) fn pieces(page: u32, lines: &[TextLine]) -> Option<Vec<Piece>> {
    let (written, sign) = delimited(lines)?;
    let mut pieces = Vec::new();
    let mut rows: Vec<Vec<(usize, Run)>> = Vec::new();
    let first = written.iter().position(|line| count(sign, line) > 0)?;
    let last = written.iter().rposition(|line| count(sign, line) > 0)?;
    for (number, line) in written.iter().enumerate() {
        let cells = cells(page, line, sign);
        if (first..=last).contains(&number) {
            rows.push(cells);
            if number == last {
                pieces.push(Piece::Table(table(page, std::mem::take(&mut rows))));
            }
        } else if !cells.is_empty() {
            pieces.push(Piece::Line(cells.into_iter().map(|(_, run)| run).collect()));
        }
    }
    Some(pieces)
}

/// Whether a character is blank or draws a line between rows, as in `|---|---|`.
fn is_ruling(ch: char) -> bool {
    is_blank(ch)
        || SIGNS.contains(&ch)
        || matches!(ch, '-' | ':' | '+' | '=')
        || ('\u{2500}'..='\u{257f}').contains(&ch)
}

/// The cells of a line that have text, each with the number of its column.
fn cells(page: u32, line: &TextLine, sign: char) -> Vec<(usize, Run)> {
    let mut cells = Vec::new();
    let mut at = 0;
    for (col, text) in line.text.split(sign).enumerate() {
        let leading = text.chars().take_while(|ch| is_blank(*ch)).count();
        let place = Place::Text { page, line: line.number, column: (at + leading + 1) as u32 };
        at += text.chars().count() + 1;
        let text = text.trim_matches(is_blank).to_owned();
        if !text.is_empty() {
            cells.push((col, Run { text, place }));
        }
    }
    cells
}

fn table(page: u32, rows: Vec<Vec<(usize, Run)>>) -> Table {
    let cols = rows.iter().flatten().map(|(col, _)| col + 1).max().unwrap_or(0);
    let full: Vec<&Vec<(usize, Run)>> = rows.iter().filter(|row| row.len() >= FULL_ROW).collect();
    let share = |col: usize| {
        full.iter().filter(|row| row.iter().any(|(other, _)| *other == col)).count() as f64 / full.len().max(1) as f64
    };
    let headings = (0..cols).find(|col| share(*col) >= DATA_SHARE).unwrap_or(0);
    // How far down a heading reaches: to the next text in its column or left of it.
    let reach = |row: usize, col: usize| {
        let stops = |cells: &&Vec<(usize, Run)>| cells.is_empty() || cells.iter().any(|(other, _)| *other <= col);
        1 + rows.iter().skip(row + 1).take_while(|cells| !stops(cells)).count()
    };
    let mut cells = Vec::new();
    for (row, of_row) in rows.iter().enumerate() {
        for (col, run) in of_row {
            let tall = if *col < headings && of_row.len() > 1 { reach(row, *col) } else { 1 };
            cells.push(Cell {
                area: Area { row, col: *col, rows: tall, cols: 1 },
                page: 0,
                bbox: None,
                runs: vec![run.clone()],
                open_above: false,
                open_below: false,
            });
        }
    }
    cells.extend(blanks(&rows, &cells));
    let xs = (0..=cols).map(|col| col as f64).collect();
    let mut table = Table { cells, rows: rows.len(), pages: (page, page), xs };
    table.tidy();
    table
}

/// The empty cells between those of a row, where no heading from above stands: what is kept apart is there, if blank.
fn blanks(rows: &[Vec<(usize, Run)>], cells: &[Cell]) -> Vec<Cell> {
    let area = |cell: &Cell| {
        let Area { row, col, rows, .. } = cell.area;
        (row..row + rows).map(move |row| (row, col))
    };
    let covered: BTreeSet<(usize, usize)> = cells.iter().flat_map(area).collect();
    // A row of a few cells is one of labels and values, each over several columns.
    let widest = rows.iter().map(Vec::len).max().unwrap_or(0);
    let full = rows.iter().enumerate().filter(|(_, of_row)| of_row.len() as f64 > FULL_SHARE * widest as f64);
    let places = full.flat_map(|(row, of_row)| {
        let last = of_row.iter().map(|(col, _)| *col).max().unwrap_or(0);
        (0..last).map(move |col| (row, col))
    });
    // What is blank in every row is the edge of the page.
    let written: BTreeSet<usize> = rows.iter().flatten().map(|(col, _)| *col).collect();
    let most = cells.len().saturating_mul(BLANKS_A_CELL);
    let free: Vec<(usize, usize)> =
        places.filter(|place| written.contains(&place.1) && !covered.contains(place)).take(most + 1).collect();
    if free.len() > most {
        return Vec::new();
    }
    let blank = |(row, col)| Cell {
        area: Area { row, col, rows: 1, cols: 1 },
        page: 0,
        bbox: None,
        runs: Vec::new(),
        open_above: false,
        open_below: false,
    };
    free.into_iter().map(blank).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let lines = text.lines().zip(1..).map(|(text, number)| TextLine { number, text: text.to_owned() });
        let pieces = pieces(1, &lines.collect::<Vec<_>>()).unwrap_or_default();
        let mut shown = Vec::new();
        for piece in &pieces {
            match piece {
                Piece::Line(runs) => shown.push(runs.iter().map(|run| run.text.as_str()).collect::<String>()),
                Piece::Table(table) => {
                    shown.extend(table.cells.iter().filter(|cell| !cell.runs.is_empty()).map(|cell| {
                        let Area { row, col, rows, .. } = cell.area;
                        format!("{row},{col}+{rows} {}", cell.runs[0].text)
                    }))
                }
            }
        }
        shown
    }

    #[test]
    fn tabs_are_columns_and_headings_stand_for_the_rows_below() {
        let text = "路灯养护\n类别\t指标\t目标\t完成\n数量\t巡查次数\t12\t12\n\t换灯数\t\t8\n质量\t亮灯率\t98%\t99%\n";
        let expected = [
            "路灯养护",
            "0,0+1 类别",
            "0,1+1 指标",
            "0,2+1 目标",
            "0,3+1 完成",
            "1,0+2 数量",
            "1,1+1 巡查次数",
            "1,2+1 12",
            "1,3+1 12",
            "2,1+1 换灯数",
            "2,3+1 8",
            "3,0+1 质量",
            "3,1+1 亮灯率",
            "3,2+1 98%",
            "3,3+1 99%",
        ];
        let shown = shown(text);
        assert!(
            shown.starts_with(&expected[..5].iter().map(|text| (*text).to_owned()).collect::<Vec<_>>()),
            "{shown:?}"
        );
        assert!(shown.contains(&expected[9].to_owned()) && shown.contains(&expected[14].to_owned()), "{shown:?}");
    }

    #[test]
    fn bars_are_columns_and_ruled_lines_are_none() {
        let text = "| 指标 | 目标 | 完成 |\n|---|---|---|\n| 巡查 | 12 | |\n| 换灯 | 9 | 8 |\n| 报修 | 3 | 3 |";
        let shown = shown(text);
        assert_eq!(shown[..5], ["0,0+1 指标", "0,1+1 目标", "0,2+1 完成", "1,0+1 巡查", "1,1+1 12"]);
        assert_eq!(shown.len(), 11);
    }

    #[test]
    fn prose_with_a_bar_is_no_table() {
        assert!(shown("甲|乙\n丙\n丁\t戊\n己").is_empty());
    }
}
