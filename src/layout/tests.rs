//! Whole pages, drawn by hand, and what comes of them.

use proptest::prelude::*;

use super::testing::{Sheet, document, laid_out, written};
use super::*;
use crate::fold::is_blank;
use crate::source::{Axis, Glyph, Page, PlacedPage, Ruling, TextLine};

#[test]
fn a_ruled_table_between_free_lines() {
    let sheet = Sheet::new()
        .write(60.0, 40.0, "路灯养护自评表")
        .write(50.0, 60.0, "单位：东城路灯所        日期：2021年3月")
        .table(&[50.0, 150.0, 250.0, 350.0], &[80.0, 110.0, 140.0])
        .write(55.0, 90.0, "预算数")
        .write(155.0, 84.0, "执行数")
        .write(155.0, 96.0, "（B）")
        .write(255.0, 120.0, "97.5 %")
        .write(50.0, 150.0, "填报人：甲");
    assert_eq!(
        written(&laid_out(&[sheet])),
        [
            "路灯养护自评表",
            "单位：东城路灯所 | 日期：2021年3月",
            "grid 2×3 pages 1–1",
            "0,0 预算数",
            "0,1 执行数/（B）",
            "0,2 ",
            "1,0 ",
            "1,1 ",
            "1,2 97.5 %",
            "填报人：甲",
        ]
    );
}

#[test]
fn merged_cells_and_vertical_text() {
    let sheet = Sheet::new()
        .across(100.0, 50.0, 350.0)
        .across(140.0, 80.0, 350.0)
        .across(180.0, 50.0, 350.0)
        .down(50.0, 100.0, 180.0)
        .down(80.0, 100.0, 180.0)
        .down(200.0, 140.0, 180.0)
        .down(350.0, 100.0, 180.0)
        .write(60.0, 120.0, "绩")
        .write(60.0, 131.0, "效")
        .write(60.0, 142.0, "20")
        .write(90.0, 115.0, "横跨两列的一格")
        .write(90.0, 155.0, "左")
        .write(220.0, 155.0, "右");
    assert_eq!(
        written(&laid_out(&[sheet])),
        ["grid 2×3 pages 1–1", "0,0+2×1 绩/效/20", "0,1+1×2 横跨两列的一格", "1,1 左", "1,2 右"]
    );
}

/// Rules as producers draw them: in pieces with gaps, doubled, a point or two off, without the outer frame.
#[test]
fn rulings_as_they_are_drawn() {
    let plain = |sheet: Sheet| {
        sheet.write(60.0, 110.0, "甲").write(160.0, 110.0, "乙").write(60.0, 140.0, "丙").write(160.0, 140.0, "丁")
    };
    let expected = ["grid 2×2 pages 1–1", "0,0 甲", "0,1 乙", "1,0 丙", "1,1 丁"];
    let (xs, ys) = ([50.0, 150.0, 250.0], [100.0, 130.0, 160.0]);
    let in_pieces = xs.iter().fold(Sheet::new(), |sheet, x| {
        ys.windows(2).fold(sheet, |sheet, y| sheet.down(x + 0.4, y[0] + 1.0, y[1] - 2.0))
    });
    let in_pieces = ys.iter().fold(in_pieces, |sheet, y| {
        xs.windows(2).fold(sheet, |sheet, x| sheet.across(y - 0.7, x[0] + 1.5, x[1] - 1.5))
    });
    let doubled = Sheet::new().table(&xs, &ys).table(&xs.map(|x| x + 2.0), &ys.map(|y| y + 2.0));
    let dashed = ys.iter().fold(xs.iter().fold(Sheet::new(), |sheet, x| sheet.down(*x, 100.0, 160.0)), |sheet, y| {
        (0..40).fold(sheet, |sheet, n| sheet.across(*y, 50.0 + 5.0 * f64::from(n), 53.0 + 5.0 * f64::from(n)))
    });
    let no_sides = ys.iter().fold(Sheet::new(), |sheet, y| sheet.across(*y, 50.0, 250.0)).down(150.0, 100.0, 160.0);
    let no_foot = xs
        .iter()
        .fold(Sheet::new(), |sheet, x| sheet.down(*x, 100.0, 160.0))
        .across(100.0, 50.0, 250.0)
        .across(130.0, 50.0, 250.0);
    for (name, sheet) in [
        ("in pieces", in_pieces),
        ("doubled", doubled),
        ("dashed", dashed),
        ("no sides", no_sides),
        ("no foot", no_foot),
    ] {
        assert_eq!(written(&laid_out(&[plain(sheet)])), expected, "{name}");
    }
}

#[test]
fn a_missing_wall_does_not_join_cells_of_other_shapes() {
    // Walls are gone beside and below the first row's cells, between the last two rows, and at two places of the frame.
    let xs = [50.0, 150.0, 250.0, 350.0];
    let ys = [100.0, 130.0, 160.0, 190.0];
    let mut sheet = Sheet::new();
    for (row, y) in ys.windows(2).enumerate() {
        for (edge, x) in xs.iter().enumerate() {
            if ![(0, 1), (1, 0), (2, 3)].contains(&(row, edge)) {
                sheet = sheet.down(*x, y[0], y[1]);
            }
        }
    }
    for (edge, y) in ys.iter().enumerate() {
        for (col, x) in xs.windows(2).enumerate() {
            if ![(2, 2), (1, 1)].contains(&(edge, col)) {
                sheet = sheet.across(*y, x[0], x[1]);
            }
        }
    }
    for (row, y) in ys.windows(2).enumerate() {
        for (col, x) in xs.windows(2).enumerate() {
            sheet = sheet.write(x[0] + 10.0, y[0] + 10.0, &format!("甲{row}{col}"));
        }
    }
    let written = written(&laid_out(&[sheet]));
    let expected: Vec<String> =
        (0..3).flat_map(|row| (0..3).map(move |col| format!("{row},{col} 甲{row}{col}"))).collect();
    assert_eq!(written[1..], expected);
}

#[test]
fn a_table_goes_on_over_the_page() {
    let xs = [50.0, 100.0, 200.0, 300.0];
    let one = Sheet::new()
        .table(&xs, &[700.0, 730.0, 760.0])
        .write(60.0, 710.0, "头")
        .write(60.0, 740.0, "一")
        .write(290.0, 800.0, "- 1 -");
    let two = Sheet::new()
        .table(&[50.6, 200.5, 300.4], &[60.0, 90.0, 120.0])
        .write(60.0, 70.0, "二")
        .write(50.0, 200.0, "表外的话")
        .table(&xs, &[300.0, 330.0, 360.0])
        .write(60.0, 310.0, "三")
        .write(290.0, 800.0, "- 2 -");
    let written = written(&laid_out(&[one, two]));
    let filled: Vec<&str> = written.iter().map(String::as_str).filter(|line| !line.ends_with(' ')).collect();
    assert_eq!(
        filled,
        [
            "grid 4×3 pages 1–2",
            "0,0 头",
            "1,0 一",
            "2,0+1×2 二",
            "- 1 -",
            "表外的话",
            "grid 2×3 pages 2–2",
            "0,0 三",
            "- 2 -"
        ]
    );
}

#[test]
fn a_cell_cut_by_the_page_is_one_cell() {
    let one = Sheet::new()
        .across(700.0, 50.0, 300.0)
        .across(730.0, 100.0, 300.0)
        .across(760.0, 100.0, 300.0)
        .down(50.0, 700.0, 760.0)
        .down(100.0, 700.0, 760.0)
        .down(300.0, 700.0, 760.0)
        .write(60.0, 740.0, "效益")
        .write(120.0, 710.0, "一")
        .write(120.0, 740.0, "二");
    let two = Sheet::new()
        .across(60.0, 100.0, 300.0)
        .across(90.0, 50.0, 300.0)
        .down(50.0, 60.0, 90.0)
        .down(100.0, 60.0, 90.0)
        .down(300.0, 60.0, 90.0)
        .write(60.0, 70.0, "指标")
        .write(120.0, 70.0, "三");
    assert_eq!(
        written(&laid_out(&[one, two])),
        ["grid 3×2 pages 1–2", "0,0+3×1 效益/指标", "0,1 一", "1,1 二", "2,1 三"]
    );
}

#[test]
fn blanks_are_made_between_words_only() {
    let sheet = Sheet::new().write(50.0, 50.0, "12 kW 合理 性").write(50.0, 80.0, "甲   乙");
    let layout = laid_out(&[sheet]);
    assert_eq!(written(&layout), ["12 kW合理性", "甲 | 乙"]);
    let Place::Page { boxes, .. } = &layout.runs[0].place else { panic!("on a page") };
    assert_eq!(boxes[2], BBox { x0: 60.0, y0: 50.0, x1: 65.0, y1: 60.0 });
}

#[test]
fn an_invisible_layer_has_runs_of_its_own() {
    let mut sheet = Sheet::new().write(50.0, 50.0, "总分");
    let hidden: Vec<Glyph> = sheet.0.glyphs.iter().map(|glyph| Glyph { invisible: true, ..glyph.clone() }).collect();
    sheet.0.glyphs.extend(hidden);
    assert_eq!(written(&laid_out(&[sheet])), ["总分", "总分"]);
}

prop_compose! {
    fn glyph()(
        text in prop::sample::select(vec!["甲", "7", " ", "ffi", "％", "\u{3000}", ""]),
        x in -20.0..620.0, y in -20.0..860.0,
        size in prop::sample::select(vec![0.0, 7.5, 10.5, 22.0, f64::NAN]),
        invisible in prop::bool::weighted(0.1),
        bad in prop::bool::weighted(0.02),
    ) -> Glyph {
        let x1 = if bad { f64::INFINITY } else { x + size };
        Glyph { text: text.to_owned(), bbox: BBox { x0: x, y0: y, x1, y1: y + size }, size, invisible }
    }
}

prop_compose! {
    fn ruling()(
        down in any::<bool>(),
        at in prop::sample::select(vec![40.0, 42.0, 100.0, 160.0, 163.0, 250.0, 400.0, f64::NAN]),
        from in 0.0..400.0, length in -10.0..400.0,
    ) -> Ruling {
        let axis = if down { Axis::Vertical } else { Axis::Horizontal };
        Ruling { axis, at, from, to: from + length }
    }
}

fn page() -> impl Strategy<Value = PlacedPage> {
    let glyphs = prop::collection::vec(glyph(), 0..60);
    let rulings = prop::collection::vec(ruling(), 0..30);
    (glyphs, rulings).prop_map(|(glyphs, rulings)| PlacedPage { width: 595.0, height: 842.0, glyphs, rulings })
}

fn inked(texts: impl Iterator<Item = String>) -> Vec<char> {
    let mut chars: Vec<char> =
        texts.flat_map(|text| text.chars().collect::<Vec<_>>()).filter(|ch| !is_blank(*ch)).collect();
    chars.sort();
    chars
}

proptest! {
    /// Whatever stands on the pages: nothing is lost or doubled, and grids are sound.
    #[test]
    fn every_character_is_in_one_run_and_every_run_in_one_block(pages in prop::collection::vec(page(), 0..4)) {
        let sheets: Vec<Sheet> = pages.into_iter().map(Sheet).collect();
        let layout = laid_out(&sheets);
        let drawn = inked(sheets.iter().flat_map(|sheet| sheet.0.glyphs.iter().map(|glyph| glyph.text.clone())));
        let laid = inked(layout.runs.iter().map(|run| run.text.clone()));
        // What a text layer has twice on one spot is taken once; a visible character is never left out.
        let mut left_out = drawn.clone();
        for ch in &laid {
            let at = left_out.iter().position(|other| other == ch);
            prop_assert!(at.is_some(), "made up: {ch}");
            at.map(|at| left_out.remove(at));
        }
        let unseen = inked(sheets.iter().flat_map(|sheet| {
            let unseen = sheet.0.glyphs.iter().filter(|glyph| glyph.invisible);
            unseen.map(|glyph| glyph.text.clone())
        }));
        prop_assert!(left_out.iter().all(|ch| unseen.contains(ch) && laid.contains(ch)), "lost: {left_out:?}");
        for run in &layout.runs {
            let Place::Page { boxes, .. } = &run.place else { panic!("on a page") };
            prop_assert_eq!(boxes.len(), run.text.chars().count());
            prop_assert!(!run.text.is_empty() && run.text.trim_matches(is_blank) == run.text);
        }
        let mut seen: Vec<u32> = Vec::new();
        for block in &layout.blocks {
            match block {
                Block::Line(runs) => seen.extend(runs.iter().map(|run| run.0)),
                Block::Grid(grid) => {
                    let mut owned = vec![false; grid.rows * grid.cols];
                    for cell in &grid.cells {
                        prop_assert!(cell.rows > 0 && cell.cols > 0);
                        seen.extend(cell.runs.iter().map(|run| run.0));
                        for row in cell.row..cell.row + cell.rows {
                            for col in cell.col..cell.col + cell.cols {
                                prop_assert!(row < grid.rows && col < grid.cols);
                                prop_assert!(!std::mem::replace(&mut owned[row * grid.cols + col], true));
                            }
                        }
                    }
                }
            }
        }
        seen.sort();
        prop_assert_eq!(seen, (0..layout.runs.len() as u32).collect::<Vec<_>>());
    }

    /// A text dump, too, keeps every character.
    #[test]
    fn every_character_of_a_dump_is_in_one_run(lines in prop::collection::vec("[ \\t\u{3000}甲乙丙0-9|%.]{0,40}", 0..30)) {
        let content = Content::Lines((1..).zip(&lines).map(|(number, text)| TextLine { number, text: text.clone() }).collect());
        let layout = lay_out(&Document { pages: vec![Page { number: 1, content }], ..Document::default() });
        prop_assert_eq!(inked(lines.into_iter()), inked(layout.runs.iter().map(|run| run.text.clone())));
    }
}

#[test]
fn pages_without_anything_have_no_blocks() {
    assert!(lay_out(&document(&[Sheet::new(), Sheet::new()])).blocks.is_empty());
}

/// A table that nothing rules: a heading torn over two lines beside four rows, one of which has a wrapped cell.
#[test]
fn a_table_without_rulings() {
    let mut sheet = Sheet::new()
        .write(100.0, 20.0, "类别")
        .write(180.0, 20.0, "指标")
        .write(300.0, 20.0, "目标")
        .write(400.0, 20.0, "完成");
    for (row, name) in ["巡查次数", "换灯数量", "亮灯比率", "报修用时"].iter().enumerate() {
        let y = 50.0 + 30.0 * row as f64;
        sheet = sheet.write(170.0, y, name).write(305.0, y, "12").write(405.0, y, "13");
    }
    let sheet = sheet.write(95.0, 89.0, "养护任").write(110.0, 101.0, "务");
    let sheet = sheet.write(100.0, 170.0, "总分").write(405.0, 170.0, "96");
    let written = written(&laid_out(&[sheet]));
    assert!(written.contains(&"1,0+4×1 养护任/务".to_owned()), "{written:#?}");
    assert!(written.contains(&"4,2 12".to_owned()) && written.contains(&"5,3 96".to_owned()), "{written:#?}");
}
