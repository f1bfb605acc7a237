//! The shipped patterns against each other, and against what is no form of theirs.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use retally::message::Lang;
use retally::pattern::Patterns;
use retally::problem::Code;
use retally::record::Record;
use retally::{Engine, Options};
use serde_json::Value as Json;

fn extract(path: &PathBuf) -> Record {
    let engine = Engine::new(Patterns::builtin());
    let options = Options { lang: Lang::En, ..Options::default() };
    engine.extract(&path.to_string_lossy(), &fs::read(path).unwrap(), &options)
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|found| found == ending)).collect();
    files.sort();
    files
}

fn patterns_of(record: &Record) -> Vec<String> {
    record.forms.iter().map(|form| form.pattern.clone()).collect()
}

#[test]
fn documents_of_other_kinds_give_no_form() {
    let files = files("samples/none", "txt");
    assert!(files.len() >= 30, "only {} documents", files.len());
    for file in files {
        assert_eq!(patterns_of(&extract(&file)), [""; 0], "{}", file.display());
    }
}

#[test]
fn eight_forms_of_many_families_are_found_in_order_between_other_pages() {
    let record = extract(&PathBuf::from("samples/families/mixed.pdf"));
    let found = patterns_of(&record);
    assert_eq!(
        found,
        [
            "mof-project",
            "department-index",
            "hubei-project",
            "ningxia-project",
            "rural-fund",
            "hubei-process",
            "transfer",
            "mof-project",
        ]
    );
    let others = record.problems.iter().filter(|problem| problem.code == Code::OtherForm).count();
    assert_eq!(others, 1, "the declaration of targets is named");
}

#[test]
fn what_only_looks_like_a_self_evaluation_is_named_and_not_read() {
    for ending in ["pdf", "txt"] {
        for file in files("samples/families", ending) {
            if !file.to_string_lossy().contains("look-alikes") {
                continue;
            }
            let record = extract(&file);
            assert_eq!(patterns_of(&record), [""; 0], "{}", file.display());
            let messages: Vec<&str> = record
                .problems
                .iter()
                .filter(|problem| problem.code == Code::OtherForm)
                .map(|problem| problem.message.as_str())
                .collect();
            for pattern in Patterns::builtin().list.iter().filter(|pattern| pattern.look_alike) {
                let named = messages.iter().filter(|message| message.contains(&pattern.name.en)).count();
                assert_eq!(named, 1, "{}: {messages:?}", pattern.id);
            }
        }
    }
}

#[test]
fn every_shipped_pattern_has_a_sample_that_no_other_takes() {
    let mut taken = BTreeSet::new();
    for folder in ["samples", "samples/families"] {
        for file in files(folder, "pdf") {
            let expected: Json =
                serde_json::from_str(&fs::read_to_string(file.with_extension("expected.json")).unwrap()).unwrap();
            let wanted: Vec<&str> =
                expected["forms"].as_array().unwrap().iter().map(|form| form["pattern"].as_str().unwrap()).collect();
            assert_eq!(patterns_of(&extract(&file)), wanted, "{}", file.display());
            taken.extend(wanted.into_iter().map(str::to_owned));
        }
    }
    let shipped = Patterns::builtin().list;
    let shipped = shipped.iter().filter(|pattern| !pattern.look_alike).map(|pattern| pattern.id.clone());
    let untested: Vec<String> = shipped.filter(|id| !taken.contains(id)).collect();
    assert_eq!(untested, [""; 0]);
}
