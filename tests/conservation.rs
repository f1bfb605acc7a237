//! Nothing is lost: every non-blank character of a form has exactly one owner, whatever was done to the document.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use proptest::prelude::*;
use retally::pattern::Patterns;
use retally::recognise::{Recognised, Recogniser};
use retally::record::{Cell, Extent, Form};
use retally::{layout, source};

fn recognise(bytes: &[u8]) -> Recognised {
    let document = source::read(bytes, &source::Options::default());
    Recogniser::new(&Patterns::builtin()).recognise(&layout::lay_out(&document))
}

fn assert_owned_once(name: &str, bytes: &[u8]) -> usize {
    let recognised = recognise(bytes);
    assert_eq!(recognised.accounts.len(), recognised.forms.len());
    for account in &recognised.accounts {
        assert_eq!(account.owned_once, account.characters, "{name}");
        assert!(account.characters > 0, "{name}");
    }
    recognised.forms.len()
}

#[test]
fn every_character_of_every_sample_has_one_owner() {
    let mut forms = 0;
    for folder in ["samples", "samples/breakage", "samples/families"] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|ending| ending == "txt" || ending == "pdf") {
                forms += assert_owned_once(&path.to_string_lossy(), &fs::read(&path).unwrap());
            }
        }
    }
    assert!(forms > 20, "only {forms} forms");
}

/// The samples that are texts with columns, which forms are read from by their cells.
fn texts_with_columns() -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for entry in fs::read_dir("samples/families").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "txt") {
            texts.push((path.display().to_string(), fs::read_to_string(&path).unwrap().trim_end().to_owned()));
        }
    }
    texts.sort();
    texts
}

#[test]
fn what_stands_right_behind_a_form_is_its_own() {
    let mut seen = 0;
    for (name, text) in texts_with_columns() {
        let last = text.lines().count() as u32;
        let whole = recognise(text.as_bytes());
        // Prose behind a form is none of its own.
        let Some(form) = whole.forms.last().filter(|form| form.extent == Extent::Lines([form_start(form), last]))
        else {
            continue;
        };
        let pattern = form.pattern.clone();
        let mut tails = vec!["甲乙丙\n0 77.31", "0                   77.31"];
        // Figures below a blank line are so where columns show that they are figures of a row.
        tails.extend(name.contains(".layout.").then_some("乙：丙\n\n0 77.31\n"));
        for tail in tails {
            let longer = recognise(format!("{text}\n{tail}").as_bytes());
            let form = longer.forms.last().unwrap();
            assert_eq!(form.pattern, pattern, "{name}");
            let said = serde_json::to_string(form).unwrap();
            assert!(said.contains("77.31"), "{name}: {tail:?} is lost");
            seen += 1;
        }
        // A page number behind it is not.
        let numbered = recognise(format!("{text}\n\n\n7\n").as_bytes());
        assert_eq!(numbered.forms.last().unwrap().unmatched.len(), form.unmatched.len(), "{name}");
    }
    assert!(seen > 30, "only {seen} tails");
}

/// A cell may go over two columns. It is then in none of the rows above, and what looks blank beside it is not sure to be.
#[test]
fn a_cell_over_two_columns_is_shared_with_no_row() {
    let mut doubted = 0;
    for name in ["mof-codes", "ningxia-unweighted"] {
        let bytes = fs::read(format!("samples/families/{name}.pdf")).unwrap();
        let laid = layout::lay_out(&source::read(&bytes, &source::Options::default()));
        let grids = laid.blocks.iter().enumerate().filter_map(|(at, block)| match block {
            layout::Block::Grid(grid) => Some((at, grid)),
            _ => None,
        });
        for (at, grid) in grids {
            for (left, right) in (1..grid.cells.len()).map(|right| (right - 1, right)) {
                let mut laid = laid.clone();
                let layout::Block::Grid(grid) = &mut laid.blocks[at] else { continue };
                if grid.cells[left].row != grid.cells[right].row || grid.cells[left].rows != grid.cells[right].rows {
                    continue;
                }
                let merged = grid.cells.remove(right);
                grid.cells[left].cols += merged.cols;
                grid.cells[left].runs.extend(merged.runs);
                let recognised = Recogniser::new(&Patterns::builtin()).recognise(&laid);
                for rows in recognised.forms.iter().flat_map(|form| form.tables.values()) {
                    for (number, cell) in
                        rows.iter().enumerate().flat_map(|(at, row)| row.values().map(move |cell| (at, cell)))
                    {
                        match cell {
                            Cell::Shared { shared } => assert!(*shared < number, "{name}: row {number}"),
                            Cell::Value(value) => {
                                doubted += usize::from(value.raw.is_empty() && value.confidence < 0.6)
                            }
                            Cell::Index(_) => {}
                        }
                    }
                }
            }
        }
    }
    assert!(doubted > 0);
}

fn form_start(form: &Form) -> u32 {
    match form.extent {
        Extent::Lines([first, _]) | Extent::Pages([first, _]) => first,
    }
}

#[test]
fn a_last_row_that_goes_on_below_is_doubtful() {
    let text = fs::read_to_string("samples/families/beijing-methods.layout.txt").unwrap();
    let row = text.lines().find(|line| line.trim_start().starts_with("总分")).unwrap();
    let broken = row.replacen("100 ", "10\n0 ", 1);
    assert_ne!(broken, row);
    let cut = text.find(row).unwrap();
    let text = format!("{}{broken}\n", &text[..cut]);
    let form = recognise(text.as_bytes()).forms.pop().unwrap();
    assert!(form.fields.get("total_weight").is_none_or(|weight| weight.confidence < 0.6), "{form:#?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn every_character_of_a_damaged_sample_has_one_owner(
        drops in prop::collection::vec((0usize..4000, 1usize..60), 0..6),
        swaps in prop::collection::vec((0usize..150, 0usize..150), 0..12),
        breaks in prop::collection::vec((0usize..4000, prop::sample::select(vec!['\n', ' ', '4', '指', '标', '：', '%'])), 0..40),
    ) {
        let text = fs::read_to_string("samples/wuhan-2021.txt").unwrap();
        let mut lines: Vec<&str> = text.lines().collect();
        for (one, other) in swaps {
            let (one, other) = (one % lines.len(), other % lines.len());
            lines.swap(one, other);
        }
        let mut chars: Vec<char> = lines.join("\n").chars().collect();
        for (at, ch) in breaks {
            let at = at % chars.len();
            chars.insert(at, ch);
        }
        for (at, length) in drops {
            let at = at % chars.len();
            let end = (at + length).min(chars.len());
            chars.drain(at..end);
        }
        let damaged: String = chars.into_iter().collect();
        assert_owned_once("damaged", damaged.as_bytes());
    }
}
