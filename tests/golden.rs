//! Every sample beside the record that a careful reader wrote down for it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use retally::pattern::Patterns;
use retally::record::{Cell, Record, Value};
use retally::report::plain::{Difference, differences, plain, plain_form};
use retally::{Engine, Options};
use serde_json::Value as Json;

/// The samples, each with the file of its expected record.
fn samples() -> Vec<(PathBuf, PathBuf)> {
    let mut samples = Vec::new();
    for folder in ["samples", "samples/breakage", "samples/families"] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let expected = path.with_extension("expected.json");
            let is_input = path.extension().is_some_and(|ending| ending == "txt" || ending == "pdf");
            if is_input && expected.is_file() {
                samples.push((path, expected));
            }
        }
    }
    samples.sort();
    samples
}

fn extract(path: &Path) -> Record {
    let engine = Engine::new(Patterns::builtin());
    engine.extract(&path.to_string_lossy(), &fs::read(path).unwrap(), &Options::default())
}

#[test]
fn samples_come_out_as_a_reader_reads_them() {
    let samples = samples();
    assert!(samples.len() > 20, "only {} samples", samples.len());
    let mut wrong = Vec::new();
    for (input, expected) in samples {
        let expected: Json = serde_json::from_str(&fs::read_to_string(&expected).unwrap()).unwrap();
        for Difference { place, expected, found } in differences(&expected, &plain(&extract(&input))) {
            wrong.push(format!("{}{place}: expected {expected}, found {found}", input.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_pdf_and_a_dump_of_the_same_form_give_the_same_record() {
    let pdf = extract(Path::new("samples/wuhan-2021-form1.pdf"));
    let dump = extract(Path::new("samples/wuhan-2021.txt"));
    assert_eq!(differences(&plain_form(&dump.forms[0]), &plain_form(&pdf.forms[0])), []);
}

#[test]
fn every_raw_stands_in_the_document() {
    for (input, _) in samples() {
        let bytes = fs::read(&input).unwrap();
        let document = retally::source::read(&bytes, &retally::source::Options::default());
        let text: String = retally::layout::lay_out(&document).runs.iter().map(|run| run.text.clone()).collect();
        for form in extract(&input).forms {
            let cells = form.tables.values().flatten().flat_map(|row| row.values()).filter_map(Cell::value);
            let values: Vec<&Value> = form.fields.values().chain(cells).collect();
            for line in values.iter().flat_map(|value| value.raw.lines()) {
                assert!(text.contains(line.trim()), "{}: {line}", input.display());
            }
        }
    }
}
