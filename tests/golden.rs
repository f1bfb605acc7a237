//! Every sample beside the record that a careful reader wrote down for it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

use retally::pattern::Patterns;
use retally::record::{Cell, Form, Record, Severity, Value, Verdict};
use retally::{Engine, Options};
use serde_json::{Value as Json, json};

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

/// The record as a reader would write it down: values without their places.
fn plain(record: &Record) -> Json {
    let findings: Vec<Json> = record
        .forms
        .iter()
        .enumerate()
        .flat_map(|(number, form)| form.checks.iter().flatten().map(move |check| (number, check)))
        .filter(|(_, check)| check.verdict == Verdict::Inconsistent && check.severity > Severity::Info)
        .map(|(number, check)| json!([check.id, format!("forms[{number}].{}", check.refs[0])]))
        .collect();
    let forms: Vec<Json> = record.forms.iter().map(plain_form).collect();
    json!({ "status": record.status, "forms": forms, "findings": findings })
}

fn plain_form(form: &Form) -> Json {
    let fields: serde_json::Map<String, Json> =
        form.fields.iter().map(|(id, value)| (id.clone(), json!(value.value))).collect();
    let mut tables = serde_json::Map::new();
    for (id, rows) in &form.tables {
        let rows: Vec<Json> = rows
            .iter()
            .map(|row| {
                Json::Object(row.iter().map(|(column, cell)| (column.clone(), plain_cell(column, cell))).collect())
            })
            .collect();
        tables.insert(id.clone(), Json::Array(rows));
    }
    json!({ "pattern": form.pattern, "fields": fields, "tables": tables })
}

fn plain_cell(column: &str, cell: &Cell) -> Json {
    let Cell::Value(value) = cell else { return json!(cell) };
    if !matches!(column, "target" | "actual") || value.kind.is_none() {
        return json!(value.value);
    }
    let mut plain = json!({ "value": value.value });
    if let Some(op) = value.op {
        plain["op"] = json!(op);
    }
    if let Some(unit) = &value.unit {
        plain["unit"] = json!(unit);
    }
    if let Some(scale) = value.scale {
        plain["scale"] = json!(scale);
    }
    plain
}

/// What differs, each as path, expected and found. Keys that only one side has count when they are not null.
fn differences(path: &str, expected: &Json, found: &Json, list: &mut Vec<String>) {
    match (expected, found) {
        (Json::Object(one), Json::Object(other)) => {
            let mut keys: Vec<&String> = one.keys().chain(other.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                let null = Json::Null;
                let (one, other) = (one.get(key).unwrap_or(&null), other.get(key).unwrap_or(&null));
                differences(&format!("{path}.{key}"), one, other, list);
            }
        }
        (Json::Array(one), Json::Array(other)) if one.len() == other.len() => {
            for (number, (one, other)) in one.iter().zip(other).enumerate() {
                differences(&format!("{path}[{number}]"), one, other, list);
            }
        }
        // A word as a target is written down as the word.
        (Json::String(one), Json::Object(other)) if other.get("value") == Some(&json!(one)) => {}
        _ if expected == found => {}
        _ => list.push(format!("{path}: expected {expected}, found {found}")),
    }
}

#[test]
fn samples_come_out_as_a_reader_reads_them() {
    let samples = samples();
    assert!(samples.len() > 20, "only {} samples", samples.len());
    let mut wrong = Vec::new();
    for (input, expected) in samples {
        let expected: Json = serde_json::from_str(&fs::read_to_string(&expected).unwrap()).unwrap();
        let mut list = Vec::new();
        differences("", &expected, &plain(&extract(&input)), &mut list);
        wrong.extend(list.into_iter().map(|line| format!("{}{line}", input.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_pdf_and_a_dump_of_the_same_form_give_the_same_record() {
    let pdf = extract(Path::new("samples/wuhan-2021-form1.pdf"));
    let dump = extract(Path::new("samples/wuhan-2021.txt"));
    let mut list = Vec::new();
    differences("", &plain_form(&dump.forms[0]), &plain_form(&pdf.forms[0]), &mut list);
    assert!(list.is_empty(), "{}", list.join("\n"));
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
