//! `retally tables` on PDFs of several producers: what comes out, in which format, and where files are written.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use serde_json::Value;

/// How well tables between prose, lists and charts are found, at least: recall and precision of neighbouring cells.
const LEAST_F1: f64 = 0.88;

const LIBRARY: &str = "tests/pdfs/library.pdf";

fn tables(args: &[&str]) -> Assert {
    Command::new(env!("CARGO_BIN_EXE_retally")).arg("tables").args(args).assert()
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn object(args: &[&str]) -> Value {
    serde_json::from_str(&stdout(&tables(args).code(0))).unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_table_comes_out_as_cells_with_spans_and_boxes() {
    let found = object(&[LIBRARY]);
    assert_eq!((&found["schema"], &found["status"]), (&"retally/1".into(), &"ok".into()));
    assert_eq!(found["source"]["pages"], 1);
    let tables = found["tables"].as_array().unwrap();
    assert_eq!(tables.len(), 1);
    let cells: Vec<(Vec<u64>, &str)> = tables[0]["cells"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cell| {
            let place = ["row", "col", "rows", "cols"].map(|key| cell[key].as_u64().unwrap()).to_vec();
            (place, cell["text"].as_str().unwrap())
        })
        .collect();
    let expected: &[([u64; 4], &str)] = &[
        ([0, 0, 2, 2], "馆别"),
        ([0, 2, 1, 2], "借阅"),
        ([1, 2, 1, 1], "册次"),
        ([1, 3, 1, 1], "人次"),
        ([2, 0, 2, 1], "城区"),
        ([2, 1, 1, 1], "东湖分馆"),
        ([2, 2, 1, 1], "12,480"),
        ([2, 3, 1, 1], "3,105"),
        ([3, 1, 1, 1], "南岸分馆"),
        ([3, 2, 1, 1], "9,036"),
        ([3, 3, 1, 1], "2,477"),
        ([4, 0, 1, 2], "流动书车，含送书进校园和送书进社区两项服务的合计数"),
        ([4, 2, 1, 1], "1,204"),
        ([4, 3, 1, 1], ""),
    ];
    let expected: Vec<(Vec<u64>, &str)> = expected.iter().map(|(place, text)| (place.to_vec(), *text)).collect();
    assert_eq!(cells, expected);
    let bbox = |value: &Value| -> Vec<f64> { value.as_array().unwrap().iter().map(|n| n.as_f64().unwrap()).collect() };
    let whole = bbox(&tables[0]["bbox"]);
    for cell in tables[0]["cells"].as_array().unwrap() {
        let cell = bbox(&cell["bbox"]);
        assert!(cell[0] < cell[2] && cell[1] < cell[3], "{cell:?}");
        assert!(cell[0] >= whole[0] && cell[1] >= whole[1] && cell[2] <= whole[2] && cell[3] <= whole[3], "{cell:?}");
    }
}

#[test]
fn what_comes_out_is_what_its_schema_says() {
    let schema = serde_json::to_value(retally::report::tables::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for path in [LIBRARY, "tests/pdfs/prose.pdf", "tests/pdfs/scan.pdf", "samples/wuhan-2021.txt"] {
        let found = object(&[path]);
        let errors: Vec<String> = validator.iter_errors(&found).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{path}: {}", errors.join("; "));
    }
}

#[test]
fn columns_of_prose_lists_and_charts_are_no_tables() {
    assert_eq!(object(&["tests/pdfs/prose.pdf"])["tables"], Value::Array(Vec::new()));
}

#[test]
fn pages_without_text_and_unseen_text_are_said() {
    let found = object(&["tests/pdfs/scan.pdf"]);
    let problems: Vec<(&str, u64)> = found["problems"]
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| (problem["code"].as_str().unwrap(), problem["page"].as_u64().unwrap()))
        .collect();
    assert_eq!(problems, [("no-text-layer", 1), ("ocr-layer", 2), ("hidden-text", 3)]);
    assert_eq!(found["status"], "partial");
}

#[test]
fn formats_for_spreadsheets_and_for_the_eye() {
    let rows = stdout(&tables(&["--format", "csv", LIBRARY]).code(0));
    assert!(rows.starts_with("馆别,,借阅,\r\n,,册次,人次\r\n城区,东湖分馆,\"12,480\",\"3,105\"\r\n"), "{rows}");
    let text = stdout(&tables(&["--format", "md", "--lang", "en", LIBRARY]).code(0));
    assert!(text.starts_with("**tests/pdfs/library.pdf, page 1**\n\n| 馆别 |  | 借阅 |  |\n| --- |"), "{text}");
}

#[test]
fn files_are_written_to_the_folder_and_nowhere_else() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("deep/out");
    let folder = home.path().join("in");
    fs::create_dir_all(&folder).unwrap();
    fs::copy(LIBRARY, folder.join("..a.pdf")).unwrap();
    let paths = [LIBRARY.to_owned(), folder.join("..a.pdf").display().to_string(), format!("./{LIBRARY}")];
    let mut args = vec!["--out", out.to_str().unwrap()];
    args.extend(paths.iter().map(String::as_str));
    let run = tables(&args).code(0);
    assert_eq!(stdout(&run), "");
    assert_eq!(files(&out), ["a.1.csv", "library-2.1.csv", "library.1.csv"]);
    assert_eq!(files(home.path()), ["deep", "in"]);
    tables(&["--format", "json", "--out", out.to_str().unwrap(), LIBRARY]).code(0);
    let written: Value = serde_json::from_slice(&fs::read(out.join("library.json")).unwrap()).unwrap();
    assert_eq!(written["tables"].as_array().unwrap().len(), 1);
}

#[test]
fn what_cannot_be_read_or_written_exits_2() {
    let run = tables(&["no/such.pdf", LIBRARY]).code(2);
    let objects: Vec<Value> = stdout(&run).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&objects[0]["status"], &objects[1]["status"]), (&"failed".into(), &"ok".into()));
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "").unwrap();
    tables(&["--out", file.to_str().unwrap(), LIBRARY]).code(2);
}

/// How many relations of neighbours there are between the cells of some tables: which text stands left of, or above, which.
type Relations = BTreeMap<(String, String, bool), usize>;

/// Adds the relations of a table, as the ICDAR 2013 table competition counts them: blank cells have none.
fn relate(cells: &[(usize, usize, usize, usize, String)], relations: &mut Relations) {
    let mut places: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (number, (row, col, rows, cols, text)) in cells.iter().enumerate() {
        if text.is_empty() {
            continue;
        }
        for place in (*row..row + rows).flat_map(|row| (*col..col + cols).map(move |col| (row, col))) {
            places.insert(place, number);
        }
    }
    let (rows, cols) = places.keys().fold((0, 0), |(rows, cols), (row, col)| (rows.max(row + 1), cols.max(col + 1)));
    let mut found: Vec<(usize, usize, bool)> = Vec::new();
    for ((row, col), number) in &places {
        let right = (col + 1..cols).filter_map(|col| places.get(&(*row, col))).find(|other| *other != number);
        let below = (row + 1..rows).filter_map(|row| places.get(&(row, *col))).find(|other| *other != number);
        found.extend(right.map(|other| (*number, *other, false)));
        found.extend(below.map(|other| (*number, *other, true)));
    }
    found.sort_unstable();
    found.dedup();
    for (one, other, down) in found {
        *relations.entry((cells[one].4.clone(), cells[other].4.clone(), down)).or_default() += 1;
    }
}

/// A cell of a true table: row, column, rows and columns that it spans, text.
type TrueCell = (usize, usize, usize, usize, String);

#[test]
fn tables_of_general_documents_are_found_whole() {
    let truth: BTreeMap<String, Vec<Vec<TrueCell>>> =
        serde_json::from_slice(&fs::read("tests/tables/truth.json").unwrap()).unwrap();
    let solid = |text: &str| text.chars().filter(|ch| !ch.is_whitespace()).collect::<String>();
    let (mut recalls, mut precisions, mut shown) = (0.0, 0.0, String::new());
    for (name, tables) in &truth {
        let (mut wanted, mut given) = (Relations::new(), Relations::new());
        for table in tables {
            let cells: Vec<_> = table.iter().map(|(r, c, h, w, text)| (*r, *c, *h, *w, solid(text))).collect();
            relate(&cells, &mut wanted);
        }
        let found = object(&[&format!("tests/tables/{name}")]);
        for table in found["tables"].as_array().unwrap() {
            let at = |cell: &Value, key: &str| cell[key].as_u64().unwrap() as usize;
            let cells = table["cells"].as_array().unwrap().iter().map(|cell| {
                let text = solid(cell["text"].as_str().unwrap());
                (at(cell, "row"), at(cell, "col"), at(cell, "rows"), at(cell, "cols"), text)
            });
            relate(&cells.collect::<Vec<_>>(), &mut given);
        }
        let right: usize = wanted.iter().map(|(relation, count)| *count.min(given.get(relation).unwrap_or(&0))).sum();
        let share = |all: &Relations| right as f64 / all.values().sum::<usize>().max(1) as f64;
        recalls += share(&wanted) / truth.len() as f64;
        precisions += share(&given) / truth.len() as f64;
        shown += &format!("{name}: recall {:.3}, precision {:.3}\n", share(&wanted), share(&given));
    }
    let f1 = 2.0 * recalls * precisions / (recalls + precisions);
    assert!(f1 >= LEAST_F1, "{f1:.3}\n{shown}");
}
