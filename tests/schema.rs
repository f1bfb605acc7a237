//! What the program puts out is what its JSON Schema says.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use retally::pattern::Patterns;
use retally::{Engine, Options, record};

#[test]
fn every_sample_validates() {
    let schema = serde_json::to_value(record::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let engine = Engine::new(Patterns::builtin());
    let mut forms = 0;
    for folder in ["samples", "samples/breakage"] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let record = engine.extract(&path.to_string_lossy(), &fs::read(&path).unwrap(), &Options::default());
                forms += record.forms.len();
                let json = serde_json::to_value(&record).unwrap();
                let errors: Vec<String> = validator.iter_errors(&json).map(|error| error.to_string()).collect();
                assert!(errors.is_empty(), "{}: {}", path.display(), errors.join("; "));
            }
        }
    }
    assert!(forms > 20, "only {forms} forms");
}

#[test]
fn the_schema_refuses_another_shape() {
    let schema = serde_json::to_value(record::schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(!validator.is_valid(&serde_json::json!({ "schema": "retally/1", "forms": "none" })));
}
