//! What a program needs beside its work once it is installed: version, completions, manual pages, `doctor`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use assert_cmd::Command;
use serde_json::Value;

fn retally(args: &[&str]) -> String {
    let run = Command::new(env!("CARGO_BIN_EXE_retally")).args(args).assert().code(0);
    String::from_utf8(run.get_output().stdout.clone()).unwrap()
}

#[test]
fn the_version_names_the_commit_where_there_is_one() {
    let shown = retally(&["--version"]);
    let number = env!("CARGO_PKG_VERSION");
    let commit = option_env!("RETALLY_COMMIT").map(|commit| format!(" ({commit})")).unwrap_or_default();
    assert_eq!(shown, format!("retally {number}{commit}\n"));
    if fs::exists(concat!(env!("CARGO_MANIFEST_DIR"), "/.git")).unwrap() && git_is_there() {
        assert!(!commit.is_empty(), "a clone has a commit");
    }
}

fn git_is_there() -> bool {
    std::process::Command::new("git").arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn completions_know_the_commands_and_not_those_that_are_hidden() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = retally(&["completions", shell]);
        assert!(script.contains("explain-problem") && script.contains("fail-on"), "{shell}");
        assert!(!script.contains("batch-reader"), "{shell}");
    }
}

#[test]
fn each_command_has_a_manual_page() {
    assert!(retally(&["man"]).contains(".TH retally 1"));
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("man1");
    retally(&["man", "--out", folder.to_str().unwrap()]);
    let mut names: Vec<String> =
        fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    for name in ["retally.1", "retally-extract.1", "retally-batch-status.1"] {
        assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
    }
    assert!(!names.iter().any(|name| name.contains("reader")), "{names:?}");
}

#[test]
fn doctor_tells_what_a_report_of_a_bug_needs() {
    let report: Value = serde_json::from_str(&retally(&["doctor", "--format", "json", "--lang", "zh"])).unwrap();
    assert_eq!(report["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(report["language"]["chosen"], "zh");
    assert_eq!(report["language"]["by"], "--lang");
    assert_eq!(report["limits"]["pages"], 5000);
    let patterns = report["patterns"].as_array().unwrap();
    assert!(patterns.iter().any(|pattern| pattern["id"] == "wuhan-self-evaluation" && pattern["from"] == "built-in"));
    assert!(retally(&["doctor", "--lang", "zh"]).contains("上限"));
    assert!(retally(&["doctor", "--lang", "en"]).contains("limits"));
}

#[test]
fn doctor_tells_patterns_of_the_user_from_built_in_ones() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("mine");
    fs::create_dir(&folder).unwrap();
    let text = fs::read_to_string("patterns/booklet.toml").unwrap();
    fs::write(folder.join("a.toml"), &text).unwrap();
    fs::write(folder.join("b.toml"), text.replacen("id = \"booklet\"", "id = \"mine\"", 1)).unwrap();
    let report = retally(&["doctor", "--format", "json", "--patterns", folder.to_str().unwrap()]);
    let report: Value = serde_json::from_str(&report).unwrap();
    let known = |id: &str| {
        let patterns = report["patterns"].as_array().unwrap().iter();
        patterns.filter(|pattern| pattern["id"] == id).cloned().collect::<Vec<_>>()
    };
    let [booklet] = known("booklet").try_into().unwrap();
    assert_eq!((&booklet["from"], &booklet["replaces"]), (&folder.to_str().unwrap().into(), &true.into()));
    let [mine] = known("mine").try_into().unwrap();
    assert_eq!(mine["replaces"], false);
}

#[test]
fn doctor_reports_also_when_patterns_are_broken() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.toml"), "id = 1").unwrap();
    let run = Command::new(env!("CARGO_BIN_EXE_retally"))
        .args(["doctor", "--lang", "en", "--patterns", folder.path().to_str().unwrap()])
        .assert()
        .code(2);
    let run = run.get_output();
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert!(out.contains("limits:") && out.contains("booklet"), "{out}");
    assert!(err.contains("a.toml"), "{err}");
}

#[test]
fn doctor_ends_no_line_with_a_mark_for_nothing() {
    for lang in ["zh", "en"] {
        let run = Command::new(env!("CARGO_BIN_EXE_retally")).env_clear().args(["doctor", "--lang", lang]).assert();
        let out = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
        assert!(!out.lines().any(|line| line.trim_end().ends_with([';', '；'])), "{out}");
    }
}
