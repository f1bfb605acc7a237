//! What `explain` says of the samples is what `extract` gave, and says why.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::PathBuf;

use assert_cmd::Command;
use retally::message::Lang;
use retally::pattern::Patterns;
use retally::recognise::Placement;
use retally::recognise::explain::{FormExplained, ReadBy, ValueExplained};
use retally::record::Record;
use retally::{Engine, Explanation, Options};
use serde_json::Value as Json;

const DUMP: &str = "samples/wuhan-2021.txt";

fn samples() -> Vec<PathBuf> {
    let folders = ["samples", "samples/breakage", "samples/families"];
    let entries = folders.iter().flat_map(|folder| fs::read_dir(folder).unwrap()).map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|ending| ending == "txt" || ending == "pdf")).collect();
    files.sort();
    files
}

fn both(engine: &Engine, path: &str, bytes: &[u8]) -> (Record, Explanation) {
    let options = Options { audit: false, ..Options::default() };
    (engine.extract(path, bytes, &options), engine.explain(path, bytes, &options))
}

fn explain(text: &str) -> Vec<FormExplained> {
    Engine::new(Patterns::builtin()).explain("-", text.as_bytes(), &Options::default()).forms
}

fn value<'a>(form: &'a FormExplained, path: &str) -> &'a ValueExplained {
    form.values.iter().find(|value| value.path == path).unwrap()
}

#[test]
fn every_value_of_the_record_is_explained_and_nothing_else() {
    let engine = Engine::new(Patterns::builtin());
    let mut values = 0;
    for file in samples() {
        let name = file.display().to_string();
        let (record, explanation) = both(&engine, &name, &fs::read(&file).unwrap());
        assert_eq!(record.forms.len(), explanation.forms.len(), "{name}");
        assert_eq!((&record.source, record.status), (&explanation.source, explanation.status), "{name}");
        for (form, explained) in record.forms.iter().zip(&explanation.forms) {
            assert_eq!((&form.pattern, form.extent), (&explained.pattern, explained.extent), "{name}");
            assert_eq!(form.unmatched.len(), explained.unmatched.len(), "{name}");
            let cells = form.tables.values().flatten().flat_map(|row| row.values());
            let numbers = cells.clone().filter(|cell| matches!(cell, retally::record::Cell::Index(_))).count();
            assert_eq!(form.fields.len() + cells.count() - numbers, explained.values.len(), "{name}");
            for value in &explained.values {
                let there = form.value(&value.path).unwrap_or_else(|| panic!("{name}: no {}", value.path));
                assert_eq!((&there.raw, &there.place), (&value.raw, &value.place), "{name}: {}", value.path);
                assert_eq!(value.placed == Placement::Blank, value.raw.is_empty(), "{name}: {}", value.path);
                assert!(value.lost.iter().all(|lost| lost.path != value.path), "{name}: {}", value.path);
                match &value.label {
                    Some(label) => assert!((0.5..=1.0).contains(&label.similarity), "{name}: {}", value.path),
                    None => {
                        let own = [Placement::Shared, Placement::RowLabel, Placement::Heading, Placement::Blank];
                        assert!(own.contains(&value.placed), "{name}: {} = {} has no label", value.path, value.raw);
                    }
                }
            }
            values += explained.values.len();
        }
    }
    assert!(values > 2000, "only {values} values");
}

#[test]
fn the_pattern_taken_has_more_evidence_than_the_runner_up() {
    let forms = explain(&fs::read_to_string(DUMP).unwrap());
    assert_eq!(forms.iter().map(|form| form.form).collect::<Vec<_>>(), [1, 2, 3]);
    for form in forms {
        let (runner_up, margin) = (form.choice.runner_up.unwrap(), form.choice.margin.unwrap());
        assert_ne!(runner_up.pattern, form.pattern);
        assert!(margin > 0.0 && form.choice.evidence - runner_up.evidence == margin, "{margin}");
        assert_eq!(form.read, ReadBy::Order);
    }
}

#[test]
fn a_value_names_its_label_and_what_else_it_could_have_been() {
    let forms = explain(&fs::read_to_string(DUMP).unwrap());
    let score = value(&forms[0], "fields.self_score");
    assert_eq!(score.placed, Placement::AfterLabel);
    assert_eq!(score.label.as_ref().unwrap().text, "自评得分：");
    let lost: Vec<&str> = score.lost.iter().map(|lost| lost.path.as_str()).collect();
    assert!(lost.contains(&"tables.budget[0].score"), "the only figures near: {lost:?}");
    assert!(lost.contains(&"tables.indicators[].score"), "a head with the same words: {lost:?}");
    assert_eq!(value(&forms[0], "fields.budget_weight").placed, Placement::Hole);
    assert_eq!(value(&forms[0], "fields.title").placed, Placement::Words);
    assert_eq!(value(&forms[0], "tables.budget[0].source").placed, Placement::RowLabel);
    assert_eq!(value(&forms[0], "tables.indicators[0].level1").placed, Placement::Heading);
    assert_eq!(value(&forms[0], "tables.indicators[0].target").placed, Placement::InRow);
    assert_eq!(value(&forms[0], "fields.indicators_score").placed, Placement::BlockScore);
}

#[test]
fn a_label_with_a_slip_says_how_like_it_is_and_text_without_a_place_which_label_is_nearest() {
    let text = fs::read_to_string("samples/families/yunnan-typed.tabs.txt").unwrap();
    let text = text.replacen("项目名称", "项目名弥", 1).replacen("实施单位", "参与实施的各个单位", 1);
    let forms = explain(&text);
    let label = value(&forms[0], "fields.project").label.clone().unwrap();
    assert!(label.text == "项目名弥" && label.similarity < 1.0, "{label:?}");
    let piece = forms[0].unmatched.iter().find(|piece| piece.text.contains("参与实施")).unwrap();
    let nearest = piece.nearest.as_ref().unwrap();
    assert!((0.3..0.9).contains(&nearest.similarity), "{nearest:?}");
    assert!(nearest.label.contains("单位"), "{nearest:?}");
}

#[test]
fn values_are_found_by_every_name_that_they_have() {
    let whole = Engine::new(Patterns::builtin()).explain("-", &fs::read(DUMP).unwrap(), &Options::default());
    let count = |form: Option<usize>, field: &str| {
        let mut kept = whole.clone();
        kept.keep(form, Some(field));
        kept.forms.iter().map(|form| form.values.len()).sum::<usize>()
    };
    assert_eq!(count(None, "unit"), 3);
    assert_eq!(count(Some(2), "unit"), 1);
    assert_eq!(count(Some(2), "fields.unit"), 1);
    assert_eq!(count(Some(9), "unit"), 0);
    assert_eq!(count(Some(1), "tables.budget[0].rate"), 1);
    assert_eq!(count(Some(1), "budget[0].rate"), 1);
    assert!(count(Some(1), "budget[0]") > 3);
    assert!(count(Some(1), "budget") >= count(Some(1), "budget[0]"));
    assert_eq!(count(None, "budge"), 0);
}

fn retally(args: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_retally")).args(args).assert().code(0);
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

#[test]
fn the_program_explains_in_words_of_both_languages_and_in_json() {
    for (lang, words) in [("en", "not tables.budget[0].score"), ("zh", "没有归入 tables.budget[0].score")] {
        let told = retally(&["explain", "--lang", lang, "--form", "1", "--field", "self_score", DUMP]);
        assert!(told.contains(words), "{told}");
        assert!(!told.contains("fields.unit ="), "{told}");
    }
    let told: Json = serde_json::from_str(&retally(&["explain", "--format", "json", "--form", "2", DUMP])).unwrap();
    assert_eq!(told["schema"], "retally/1");
    assert_eq!(told["forms"][0]["form"], 2);
    let schema = serde_json::to_value(schemars::schema_for!(Explanation)).unwrap();
    assert!(jsonschema::is_valid(&schema, &told));
    let problems =
        Engine::new(Patterns::builtin()).explain("-", b"", &Options { lang: Lang::Zh, ..Options::default() });
    assert_eq!(problems.forms, []);
}

#[test]
fn a_name_that_nothing_has_is_told() {
    for format in ["text", "json"] {
        for (args, word) in [(["--field", "tpyo"], "tpyo"), (["--form", "99"], "99")] {
            let run = Command::new(env!("CARGO_BIN_EXE_retally"))
                .args(["explain", "--format", format, "--lang", "en", DUMP])
                .args(args)
                .assert()
                .code(2);
            let err = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
            assert!(err.contains(word), "{format}: {err}");
        }
    }
}

#[test]
fn a_document_that_cannot_be_read_is_an_error_and_not_one_without_forms() {
    let home = tempfile::tempdir().unwrap();
    for (name, bytes, code) in [
        ("a.txt", &b" \n\n"[..], "empty"),
        ("b.pdf", b"%PDF-1.7\n", "damaged-pdf"),
        ("c.png", b"\x89PNG\r\n\x1a\n", "not-text"),
    ] {
        let path = home.path().join(name);
        fs::write(&path, bytes).unwrap();
        let run =
            Command::new(env!("CARGO_BIN_EXE_retally")).args(["explain", "--lang", "en"]).arg(&path).assert().code(2);
        let err = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
        assert!(err.contains(&format!("error[{code}]")) && !err.contains("no form"), "{err}");
    }
}
