//! `--double-read` and the bounds that users set, from the outside.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use serde_json::Value;

const FORM: &str = "tests/pdfs/form.pdf";

fn retally(args: &[&str]) -> Assert {
    Command::new(env!("CARGO_BIN_EXE_retally")).args(args).assert()
}

fn record(args: &[&str]) -> Value {
    serde_json::from_slice(&retally(args).get_output().stdout).unwrap()
}

fn codes(record: &Value) -> Vec<&str> {
    record["problems"].as_array().unwrap().iter().map(|problem| problem["code"].as_str().unwrap()).collect()
}

#[test]
fn two_readers_that_agree_change_nothing() {
    let once = record(&["extract", FORM]);
    assert_eq!(once["forms"].as_array().unwrap().len(), 1);
    assert_eq!(record(&["extract", "--double-read", FORM]), once);
}

#[test]
fn the_second_reader_dies_alone() {
    for bytes in
        [&b"no PDF"[..], b"%PDF-1.7\n1 0 obj << /Type /Catalog /Pages 1 0 R >> endobj trailer << /Root 1 0 R >>"]
    {
        let run = Command::new(env!("CARGO_BIN_EXE_retally")).arg("second-reader").write_stdin(bytes).assert();
        assert_eq!(run.get_output().stdout, b"");
    }
}

#[test]
fn bounds_are_kept_and_their_options_named() {
    for (options, code, named) in [
        (vec!["--max-glyphs", "40"], "limit-reached", "--max-glyphs"),
        (vec!["--max-pages", "1"], "limit-reached", "--max-pages"),
    ] {
        let mut args = vec!["tables", "--lang", "en"];
        args.extend(options);
        args.push("tests/pdfs/scan.pdf");
        if named == "--max-glyphs" {
            *args.last_mut().unwrap() = FORM;
        }
        let found = record(&args);
        assert!(codes(&found).contains(&code), "{found}");
        let said = found["problems"]
            .as_array()
            .unwrap()
            .iter()
            .any(|problem| problem["message"].as_str().unwrap().contains(named));
        assert!(said, "{found}");
    }
    retally(&["extract", "--max-pages", "0", FORM]).code(2);
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("large.txt");
    fs::write(&large, vec![b'x'; (1 << 20) + 1]).unwrap();
    let found: Value = {
        let run = retally(&["extract", "--lang", "en", "--max-size", "1", large.to_str().unwrap()]).code(2);
        serde_json::from_slice(&run.get_output().stdout).unwrap()
    };
    assert_eq!(codes(&found), ["too-large"]);
}
