//! Layouts written down as cells, and whether they are tables.

use super::*;
use crate::layout::{Run, RunId};
use crate::report::json;

/// A cell as it is written down: row, column, rows, columns, lines.
type Written<'a> = (usize, usize, usize, usize, &'a [&'a str]);

/// A layout of one grid on page 2, each column 100 points wide, each row 20 high, each letter 5 wide.
fn layout(cells: &[Written<'_>]) -> Layout {
    let mut layout = Layout::default();
    let mut grid = Grid { pages: (2, 2), ..Grid::default() };
    for (row, col, rows, cols, lines) in cells {
        let (x0, y0) = (*col as f64 * 100.0, *row as f64 * 20.0);
        let bbox = Some(BBox { x0, y0, x1: x0 + *cols as f64 * 100.0, y1: y0 + *rows as f64 * 20.0 });
        let mut runs = Vec::new();
        for line in *lines {
            let letter = |(at, ch): (usize, char)| {
                let width = if ch.is_ascii() { 5.0 } else { 10.0 };
                BBox { x0: x0 + at as f64 * width, y0, x1: x0 + (at + 1) as f64 * width, y1: y0 + 10.0 }
            };
            let boxes = line.chars().enumerate().map(letter).collect();
            runs.push(RunId(layout.runs.len() as u32));
            layout.runs.push(Run { text: (*line).to_owned(), place: Place::Page { page: 2, boxes, invisible: false } });
        }
        grid.rows = grid.rows.max(row + rows);
        grid.cols = grid.cols.max(col + cols);
        grid.cells.push(GridCell { row: *row, col: *col, rows: *rows, cols: *cols, page: 2, bbox, runs });
    }
    layout.blocks.push(Block::Grid(grid));
    layout
}

/// A layout of cells without spans, row by row.
fn plain(rows: &[&[&str]]) -> Layout {
    let lines: Vec<Vec<[&str; 1]>> = rows.iter().map(|row| row.iter().map(|text| [*text]).collect()).collect();
    let mut cells: Vec<Written<'_>> = Vec::new();
    for (row, texts) in lines.iter().enumerate() {
        for (col, text) in texts.iter().enumerate() {
            cells.push((row, col, 1, 1, if text[0].is_empty() { &[] } else { text }));
        }
    }
    layout(&cells)
}

fn forms() -> Layout {
    layout(&[
        (0, 0, 1, 2, &["收支情况"]),
        (0, 2, 1, 1, &["金额", "（万元）"]),
        (1, 0, 2, 1, &["收入"]),
        (1, 1, 1, 1, &["财政拨款"]),
        (1, 2, 1, 1, &["1,234.50"]),
        (2, 1, 1, 1, &["a|b"]),
        (2, 2, 1, 1, &[]),
    ])
}

#[test]
fn cells_have_place_span_and_joined_text() {
    let tables = tables(&forms());
    let [table] = tables.as_slice() else { panic!("{tables:?}") };
    assert_eq!((table.page, table.last_page, table.bbox, table.lines), (2, None, Some([0.0, 0.0, 300.0, 60.0]), None));
    assert_eq!(table.size(), (3, 3));
    let [head, money, income, ..] = table.cells.as_slice() else { panic!("{table:?}") };
    assert_eq!((head.cols, head.text.as_str(), head.bbox), (2, "收支情况", Some([0.0, 0.0, 200.0, 20.0])));
    assert_eq!((income.rows, money.text.as_str()), (2, "金额（万元）"));
    assert_eq!(table.cells.iter().filter(|cell| cell.text.is_empty()).count(), 1);
}

#[test]
fn the_json_has_the_keys_of_the_contract() {
    let mut out = Vec::new();
    json::write(&tables(&forms())[0].cells[0], false, &mut out).unwrap();
    let expected = "{\"row\":0,\"col\":0,\"rows\":1,\"cols\":2,\"text\":\"收支情况\",\"bbox\":[0.0,0.0,200.0,20.0]}\n";
    assert_eq!(String::from_utf8(out).unwrap(), expected);
}

#[test]
fn csv_and_markdown_keep_rows_and_columns() {
    let table = tables(&forms()).remove(0);
    let (mut rows, mut marked) = (Vec::new(), Vec::new());
    csv::write(&table, &mut rows).unwrap();
    markdown::write(&table, &mut marked).unwrap();
    let rows = String::from_utf8(rows).unwrap();
    assert_eq!(rows, "收支情况,,金额（万元）\r\n收入,财政拨款,\"1,234.50\"\r\n,a|b,\r\n");
    let marked = String::from_utf8(marked).unwrap();
    assert_eq!(marked.lines().nth(1), Some("| --- | --- | --- |"));
    assert_eq!(marked.lines().last(), Some("|  | a\\|b |  |"));
}

#[test]
fn a_table_over_pages_says_so() {
    let mut layout = forms();
    let Some(Block::Grid(grid)) = layout.blocks.first_mut() else { panic!() };
    grid.pages = (2, 3);
    grid.cells.iter_mut().filter(|cell| cell.row == 2).for_each(|cell| cell.page = 3);
    let table = tables(&layout).remove(0);
    assert_eq!((table.page, table.last_page), (2, Some(3)));
    let pages: Vec<Option<u32>> = table.cells.iter().map(|cell| cell.page).collect();
    assert_eq!(pages, [None, None, None, None, None, Some(3), Some(3)]);
}

#[test]
fn what_only_looks_like_a_table_is_none() {
    let prose = "本单位全年按计划完成各项工作任务";
    let none: &[(&str, Layout)] = &[
        ("frame", plain(&[&["说明"], &["正文"], &["落款"]])),
        ("one row", plain(&[&["年度", "单位", "金额"]])),
        ("list", plain(&[&["1.", "调查问卷发放"], &["2.", "现场核查"], &["3.", "汇总"]])),
        ("bullets", plain(&[&["•", "income"], &["•", "expenditure"]])),
        ("contents", plain(&[&["总则......", "1"], &["收入......", "4"], &["附则", "9"]])),
        ("chart", plain(&[&["", "", "", "12"], &["", "", "", ""], &["", "7", "", ""], &["", "", "", ""]])),
        ("columns", plain(&[&[prose, prose], &[prose, prose], &[prose, prose], &[prose, prose], &["完。", prose]])),
    ];
    for (name, layout) in none {
        assert_eq!(tables(layout), [], "{name}");
    }
}

#[test]
fn what_is_sparse_or_wordy_may_still_be_a_table() {
    let prose = "本单位全年按计划完成各项工作任务";
    let some: &[(&str, Layout)] = &[
        ("two by two", plain(&[&["年度", "金额"], &["2023", "35"]])),
        ("numbered", plain(&[&["1", "差旅费"], &["2", "会议费"]])),
        ("empty form", plain(&[&["项目", "金额", "备注"], &["收入", "", ""], &["支出", "", ""]])),
        ("wordy", plain(&[&["预期目标", "完成情况"], &[prose, prose], &[prose, prose]])),
        (
            "figures",
            plain(&[
                &["12345678", "12345678"],
                &["12345678", "12345678"],
                &["12345678", "12345678"],
                &["12345678", "12345678"],
            ]),
        ),
    ];
    for (name, layout) in some {
        assert_eq!(tables(layout).len(), 1, "{name}");
    }
}
