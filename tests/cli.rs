//! The program as a user runs it: exit codes, streams, languages, bad inputs beside good ones.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;

use assert_cmd::Command;
use serde_json::Value;

const DUMP: &str = "samples/wuhan-2021.txt";

fn retally(args: &[&str]) -> assert_cmd::assert::Assert {
    Command::new(env!("CARGO_BIN_EXE_retally")).args(args).assert()
}

fn stdout(assert: &assert_cmd::assert::Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn extract_gives_one_object_a_document_and_exits_0() {
    let run = retally(&["extract", DUMP, "samples/breakage/tidy.txt"]).code(0);
    let records = records(&stdout(&run));
    assert_eq!(records.len(), 2);
    assert_eq!(records[0]["forms"].as_array().unwrap().len(), 3);
    assert_eq!(records[0]["source"]["path"], DUMP);
}

#[test]
fn audit_exits_1_on_findings_and_0_without() {
    let run = retally(&["audit", "--lang", "en", DUMP]).code(1);
    assert!(stdout(&run).contains("error[budget.score]"));
    retally(&["audit", "samples/breakage/no-form.txt"]).code(0);
}

#[test]
fn a_file_that_cannot_be_read_exits_2_and_the_others_come_out() {
    let run = retally(&["extract", "no/such/file.txt", DUMP]).code(2);
    let records = records(&stdout(&run));
    assert_eq!(records[0]["status"], "failed");
    assert_eq!(records[0]["problems"][0]["code"], "unreadable");
    assert_eq!(records[1]["forms"].as_array().unwrap().len(), 3);
}

#[test]
fn standard_input_is_a_dash() {
    let run = Command::new(env!("CARGO_BIN_EXE_retally"))
        .args(["extract", "--no-audit", "-"])
        .write_stdin(fs::read(DUMP).unwrap())
        .assert()
        .code(0);
    let record = &records(&stdout(&run))[0];
    assert_eq!(record["source"]["path"], "-");
    assert!(record["forms"][0].get("checks").is_none());
}

#[test]
fn a_folder_is_walked_in_sorted_order() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["b.txt", "a.txt", "c.txt"] {
        fs::copy("samples/breakage/no-form.txt", folder.path().join(name)).unwrap();
    }
    let run = retally(&["extract", &folder.path().to_string_lossy()]).code(0);
    let names: Vec<String> =
        records(&stdout(&run)).iter().map(|record| record["source"]["path"].as_str().unwrap().to_owned()).collect();
    assert_eq!(names.len(), 3);
    assert!(names.is_sorted(), "{names:?}");
}

#[test]
fn reports_speak_the_language_asked_for() {
    assert!(stdout(&retally(&["audit", "--lang", "zh", DUMP]).code(1)).contains("错误[budget.score]"));
}

#[test]
fn escapes_of_a_document_do_not_reach_the_terminal() {
    let text = fs::read_to_string(DUMP).unwrap().replace("全民阅读活动经费", "全民\u{1b}[31m阅读\u{202e}经费");
    assert!(text.contains('\u{1b}'), "the attack is in the input");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("attack.txt");
    fs::write(&path, text).unwrap();
    let shown = stdout(&retally(&["audit", "--all", "--color", "never", &path.to_string_lossy()]).code(1));
    assert!(!shown.contains(['\u{1b}', '\u{202e}']));
}

#[test]
fn the_schema_is_json() {
    let schema: Value = serde_json::from_str(&stdout(&retally(&["schema"]).code(0))).unwrap();
    assert!(schema.is_object());
}

#[test]
fn no_color_holds_where_colour_is_forced() {
    let colours = |no_color: bool| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_retally"));
        command.args(["audit", DUMP]).env("CLICOLOR_FORCE", "1").env_remove("NO_COLOR");
        if no_color {
            command.env("NO_COLOR", "1");
        }
        stdout(&command.assert().code(1)).contains('\u{1b}')
    };
    assert!(colours(false), "the audit has colours to leave out");
    assert!(!colours(true));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    // More output than a pipe holds, so that writing goes on after the reader has gone.
    let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_retally"))
        .arg("extract")
        .args([DUMP; 30])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 1];
    std::io::Read::read_exact(&mut child.stdout.take().unwrap(), &mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn a_failed_input_keeps_its_kind_where_the_bytes_tell_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path.to_string_lossy().into_owned()
    };
    let inputs = [
        path("broken.pdf", b"%PDF-1.7\nnothing else"),
        path("blank.txt", b" \n \n"),
        path("picture.txt", b"\x89PNG\r\n\x1a\n"),
        "no/such.txt".to_owned(),
    ];
    let args: Vec<&str> = std::iter::once("extract").chain(inputs.iter().map(String::as_str)).collect();
    let records = records(&stdout(&retally(&args).code(2)));
    let kinds: Vec<&Value> = records.iter().map(|record| &record["source"]["kind"]).collect();
    assert_eq!(kinds, [&Value::from("pdf"), &Value::from("text"), &Value::Null, &Value::Null]);
    assert!(records.iter().all(|record| record["status"] == "failed" && record["problems"][0]["code"].is_string()));
}

#[test]
fn wrong_arguments_are_told_in_the_language_asked_for() {
    let run = retally(&["extract", "--lang", "zh", "--bogus"]).code(2);
    let told = String::from_utf8(run.get_output().stderr.clone()).unwrap();
    assert!(told.starts_with("错误：没有名为“--bogus”的选项"), "{told}");
    assert!(!told.contains("error"), "{told}");
}

#[test]
fn escapes_of_an_argument_do_not_reach_the_terminal() {
    for lang in ["zh", "en"] {
        let run = retally(&["extract", "--lang", lang, "--\u{202e}red\u{7}\u{1b}[31m"]).code(2);
        let told = String::from_utf8(run.get_output().stderr.clone()).unwrap();
        assert!(told.contains("\\u{202e}red\\u{7}") && !told.contains(['\u{202e}', '\u{7}', '\u{1b}']), "{told:?}");
    }
}

#[test]
fn options_of_every_command_may_stand_before_a_subcommand_of_batch() {
    let run = retally(&["batch", "--lang", "zh", "status", "no/such.sqlite"]).code(2);
    assert!(String::from_utf8_lossy(&run.get_output().stderr).contains("没有台账 no/such.sqlite"));
}

#[test]
fn every_code_of_a_problem_is_explained_in_both_languages() {
    let list = stdout(&retally(&["explain-problem", "--lang", "zh"]).code(0));
    assert!(list.lines().count() > 20, "{list}");
    for line in list.lines() {
        let (code, title) = line.split_once('\t').unwrap();
        let page = stdout(&retally(&["explain-problem", code, "--lang", "zh"]).code(0));
        assert!(page.contains(title) && page.contains("原因：") && page.contains("处理："), "{page}");
    }
    assert!(stdout(&retally(&["explain-problem", "empty", "--lang", "en"]).code(0)).contains("Remedy: "));
    let run = retally(&["explain-problem", "budget.rate", "--lang", "en"]).code(2);
    assert!(String::from_utf8_lossy(&run.get_output().stderr).contains("retally checks budget.rate"));
}

#[test]
fn the_manual_shows_what_the_program_prints() {
    let manual = fs::read_to_string("README.md").unwrap();
    let (_, block) = manual.split_once("-- audit samples/wuhan-2021.txt\n").unwrap();
    let (block, _) = block.split_once("```").unwrap();
    let printed = stdout(&retally(&["audit", "--lang", "en", DUMP]).code(1));
    let mut lines = printed.lines();
    for line in block.lines().filter(|line| *line != "…" && !line.is_empty()) {
        assert!(lines.any(|other| other == line), "README.md: not printed, or not in this order: {line}");
    }
}
