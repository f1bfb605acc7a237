//! Results for machines: SARIF by its official schema, CSV and workbooks read back, nothing in them that acts.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;

use assert_cmd::Command;
use calamine::{Data, Reader, Xlsx, open_workbook};
use serde_json::Value;

const DUMP: &str = "samples/wuhan-2021.txt";
const PDF: &str = "samples/wuhan-2021-form1.pdf";

fn retally(args: &[&str]) -> assert_cmd::assert::Assert {
    Command::new(env!("CARGO_BIN_EXE_retally")).args(args).assert()
}

fn stdout(assert: &assert_cmd::assert::Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

/// A copy of the sample whose project is called `name`.
fn renamed(folder: &Path, name: &str) -> String {
    let text = fs::read_to_string(DUMP).unwrap().replace("全民阅读活动经费", name);
    let path = folder.join("a.txt");
    fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// What holds logs to the official schema.
fn validator() -> jsonschema::Validator {
    let mut schema: Value = serde_json::from_str(include_str!("sarif-2.1.0.schema.json")).unwrap();
    // The published schema has a pattern with a bracket too many, which is no regular expression.
    for part in ["run", "toolComponent"] {
        schema["definitions"][part]["properties"]["language"].as_object_mut().unwrap().remove("pattern").unwrap();
    }
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn sarif_keeps_to_its_schema() {
    let validator = validator();
    for args in [
        &["audit", "--format", "sarif", DUMP][..],
        &["audit", "--format", "sarif", "--all", "--lang", "zh", DUMP, PDF],
        &["audit", "--format", "sarif", "no/such file.txt", "samples/breakage/no-form.txt"],
    ] {
        let log: Value = serde_json::from_str(&stdout(&retally(args))).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{args:?}: {errors:#?}");
    }
    assert!(!validator.is_valid(&serde_json::json!({ "version": "2.1.0" })), "the schema asks for runs");
}

#[test]
fn sarif_points_into_the_document() {
    let log: Value = serde_json::from_str(&stdout(&retally(&["audit", "--format", "sarif", DUMP]))).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert!(results.iter().all(|result| result["kind"] == "fail"));
    let first = &results[0];
    assert_eq!(first["ruleId"], "budget.score");
    let rule = first["ruleIndex"].as_u64().unwrap() as usize;
    assert_eq!(run["tool"]["driver"]["rules"][rule]["id"], "budget.score");
    let region = &first["locations"][0]["physicalLocation"]["region"];
    let text = fs::read_to_string(DUMP).unwrap();
    let line = text.lines().nth(region["startLine"].as_u64().unwrap() as usize - 1).unwrap();
    let column = |key: &str| region[key].as_u64().unwrap() as usize - 1;
    let (start, end) = (column("startColumn"), column("endColumn"));
    let marked: String = line.chars().skip(start).take(end - start).collect();
    assert_eq!(marked, first["properties"]["stated"].to_string());
    let again: Value = serde_json::from_str(&stdout(&retally(&["audit", "--format", "sarif", DUMP]))).unwrap();
    assert_eq!(log, again);
}

#[test]
fn json_is_one_array_and_ndjson_an_object_a_line() {
    for command in ["extract", "audit"] {
        let array: Value = serde_json::from_str(&stdout(&retally(&[command, "--format", "json", DUMP, PDF]))).unwrap();
        let lines = stdout(&retally(&[command, "--format", "ndjson", DUMP, PDF]));
        let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(array, Value::Array(lines), "{command}");
    }
    let none = retally(&["audit", "--format", "json", "samples/breakage/no-form.txt"]).code(0);
    assert_eq!(stdout(&none), "[]\n");
    let finding = &serde_json::from_str::<Value>(&stdout(&retally(&["audit", "--format", "json", DUMP]))).unwrap()[0];
    for key in ["document", "sha256", "form", "where", "fingerprint", "id", "verdict", "message", "refs"] {
        assert!(!finding[key].is_null(), "{key}: {finding}");
    }
}

#[test]
fn a_fingerprint_stays_when_the_document_moves() {
    let folder = tempfile::tempdir().unwrap();
    let moved = folder.path().join("moved.txt");
    fs::write(&moved, format!("页眉\n\n{}", fs::read_to_string(DUMP).unwrap())).unwrap();
    let prints = |path: &str| -> Vec<String> {
        let found: Value = serde_json::from_str(&stdout(&retally(&["audit", "--format", "json", path]))).unwrap();
        found.as_array().unwrap().iter().map(|finding| finding["fingerprint"].to_string()).collect()
    };
    let (before, after) = (prints(DUMP), prints(moved.to_str().unwrap()));
    assert_eq!(before, after);
    let mut distinct = before.clone();
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), before.len());
}

#[test]
fn csv_opens_right_and_holds_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    let path = renamed(folder.path(), "=HYPERLINK(\"http://x\")");
    for (command, column) in [("audit", "project"), ("extract", "raw")] {
        let bytes = retally(&[command, "--format", "csv", "--lang", "en", &path]).get_output().stdout.clone();
        assert!(bytes.starts_with("\u{feff}".as_bytes()), "{command}: the byte order mark");
        let mut reader = csv::Reader::from_reader(&bytes[3..]);
        let at = reader.headers().unwrap().iter().position(|head| head == column).unwrap();
        let mut seen = false;
        for row in reader.records() {
            let row = row.unwrap();
            seen |= &row[at] == "'=HYPERLINK(\"http://x\")";
            for cell in &row {
                let is_number = cell.parse::<f64>().is_ok();
                assert!(is_number || !cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{command}: {cell}");
            }
        }
        assert!(seen, "{command}: the name itself is there");
        assert!(String::from_utf8(bytes).unwrap().contains("\r\n"));
    }
}

#[test]
fn a_summary_counts_findings_by_check_and_unit() {
    let found: Vec<Value> = serde_json::from_str(&stdout(&retally(&["audit", "--format", "json", DUMP, PDF]))).unwrap();
    let summary: Value =
        serde_json::from_str(&stdout(&retally(&["audit", "--summary", "--format", "json", DUMP, PDF]))).unwrap();
    assert_eq!((&summary["documents"], &summary["schema"]), (&2.into(), &"retally/1".into()));
    let count = |of: &Value| ["errors", "warnings", "infos"].map(|key| of[key].as_u64().unwrap()).iter().sum::<u64>();
    for by in ["by_check", "by_unit"] {
        let all: u64 = summary[by].as_array().unwrap().iter().map(count).sum();
        assert_eq!((all, all), (count(&summary), found.len() as u64), "{by}");
    }
    let people = |args: &[&str]| stdout(&retally(&[&["audit", "--lang", "en"], args].concat()));
    assert!(people(&[DUMP, PDF]).contains("errors  warnings      info  check\n"));
    assert!(!people(&[DUMP]).contains("  check\n"), "of one document its forms have said it all");
    let alone = people(&["--summary", DUMP]);
    assert!(alone.contains("  check\n") && !alone.contains("error["), "{alone}");
    retally(&["audit", "--summary", "--format", "sarif", DUMP]).code(2);
}

#[test]
fn a_workbook_says_what_the_record_says() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("all.xlsx");
    let path = file.to_str().unwrap();
    retally(&["extract", "--format", "xlsx", "--lang", "en", "--output", path, DUMP]).code(0);
    let mut book: Xlsx<_> = open_workbook(&file).unwrap();
    assert_eq!(book.sheet_names(), ["forms", "budget", "goals", "indicators", "findings", "summary"]);
    let array = stdout(&retally(&["extract", "--format", "json", DUMP]));
    let record = &serde_json::from_str::<Value>(&array).unwrap()[0];
    let forms = record["forms"].as_array().unwrap();

    let sheet = book.worksheet_range("indicators").unwrap();
    let head: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    let rows: Vec<&Value> = forms.iter().flat_map(|form| form["tables"]["indicators"].as_array().unwrap()).collect();
    assert_eq!(sheet.rows().count(), rows.len() + 1);
    for (cells, row) in sheet.rows().skip(1).zip(rows) {
        let cell = |name: &str| &cells[head.iter().position(|head| head == name).unwrap()];
        assert_eq!(cell("name").to_string(), row["name"]["value"].as_str().unwrap_or_default());
        assert_eq!(cell("target").to_string(), row["target"]["raw"].as_str().unwrap_or_default());
        if let Some(figure) = row["target"]["value"].as_f64() {
            assert_eq!(cell("target_value"), &Data::Float(figure));
        }
        if let Some(score) = row["score"]["value"].as_f64() {
            assert_eq!(cell("score"), &Data::Float(score));
        }
    }
    let checks: usize = forms.iter().map(|form| form["checks"].as_array().unwrap().len()).sum();
    assert_eq!(book.worksheet_range("findings").unwrap().rows().count(), checks + 1);
    assert!(book.worksheet_formula("forms").unwrap().rows().flatten().all(String::is_empty));

    let first = fs::read(&file).unwrap();
    retally(&["extract", "--format", "xlsx", "--lang", "en", "--output", path, DUMP]).code(0);
    assert_eq!(first, fs::read(&file).unwrap(), "the same input gives the same bytes");
}

#[test]
fn a_workbook_holds_text_and_no_formula() {
    let folder = tempfile::tempdir().unwrap();
    let path = renamed(folder.path(), "=1+1");
    let file = folder.path().join("a.xlsx");
    retally(&["audit", "--format", "xlsx", "--lang", "en", "--output", file.to_str().unwrap(), &path]).code(1);
    let mut book: Xlsx<_> = open_workbook(&file).unwrap();
    let forms = book.worksheet_range("forms").unwrap();
    assert!(forms.rows().flatten().any(|cell| cell == &Data::String("=1+1".to_owned())));
    for name in book.sheet_names() {
        assert!(book.worksheet_formula(&name).unwrap().rows().flatten().all(String::is_empty), "{name}");
    }
}

#[test]
fn a_terminal_gets_no_escape_from_a_document() {
    let folder = tempfile::tempdir().unwrap();
    let path = renamed(folder.path(), "阅\u{1b}[2J\u{202e}读");
    for args in [&["audit", "--all"][..], &["audit", "--format", "sarif"], &["audit", "--format", "csv"], &["extract"]]
    {
        let shown = stdout(&retally(&[args, &[&path]].concat()));
        assert!(!shown.contains(['\u{1b}', '\u{202e}']), "{args:?}");
    }
}

#[test]
fn checks_are_chosen_by_name() {
    let found = |args: &[&str]| -> Vec<String> {
        let args = [&["audit", "--all", "--format", "json", DUMP][..], args].concat();
        let found: Value = serde_json::from_str(&stdout(&retally(&args))).unwrap();
        let mut ids: Vec<String> =
            found.as_array().unwrap().iter().map(|check| check["id"].as_str().unwrap().to_owned()).collect();
        ids.sort();
        ids.dedup();
        ids
    };
    assert_eq!(found(&["--only", "budget"]), ["budget.rate", "budget.score"]);
    assert_eq!(found(&["--only", "budget,goals.score", "--skip", "budget.rate"]), ["budget.score", "goals.score"]);
    let wrong = retally(&["audit", "--only", "budget.rat", "--lang", "en", DUMP]).code(2);
    assert!(String::from_utf8_lossy(&wrong.get_output().stderr).contains("no check called 'budget.rat'"));
}

#[test]
fn a_policy_file_goes_before_the_patterns() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.toml");
    let path = file.to_str().unwrap();
    let ids = || -> Vec<String> {
        let run = retally(&["audit", "--format", "json", "--policy", path, DUMP]);
        let found: Value = serde_json::from_str(&stdout(&run)).unwrap();
        found.as_array().unwrap().iter().map(|check| check["id"].as_str().unwrap().to_owned()).collect()
    };
    fs::write(&file, "off = [\"hubei/missed-target\", \"hubei/execution-rate\"]\n").unwrap();
    assert!(ids().iter().all(|id| id != "indicator.target" && id != "budget.score"));
    fs::write(&file, "off = [\"hubei/none\"]\n").unwrap();
    let wrong = retally(&["audit", "--policy", path, "--lang", "en", DUMP]).code(2);
    assert!(String::from_utf8_lossy(&wrong.get_output().stderr).contains("no such rules: hubei/none"));
    fs::write(&file, "of = []\n").unwrap();
    let wrong = retally(&["audit", "--policy", path, "--lang", "en", DUMP]).code(2);
    assert!(String::from_utf8_lossy(&wrong.get_output().stderr).contains("unknown key `of`"));
    retally(&["audit", "--policy", "no/such.toml", DUMP]).code(2);
}

#[test]
fn every_check_has_a_manual_page() {
    let list = stdout(&retally(&["checks", "--lang", "en"]).code(0));
    assert!(list.lines().count() > 20, "{list}");
    for line in list.lines() {
        let id = line.split('\t').next().unwrap();
        for (lang, word) in [("zh", "查什么"), ("en", "What: ")] {
            assert!(stdout(&retally(&["checks", id, "--lang", lang]).code(0)).contains(word), "{id}");
        }
    }
    retally(&["checks", "budget"]).code(2);
}

#[test]
fn sarif_is_not_for_records_and_a_file_that_cannot_be_written_is_said_so() {
    retally(&["extract", "--format", "sarif", DUMP]).code(2);
    retally(&["extract", "--format", "csv", "--output", "no/such/folder/a.csv", DUMP]).code(2);
}

#[test]
fn accepted_findings_fail_no_run() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("known.toml");
    let baseline = file.to_str().unwrap();
    retally(&["audit", "--write-baseline", baseline, DUMP]).code(1);
    let written = fs::read_to_string(&file).unwrap();
    assert!(written.contains("check = \"budget.score\""), "{written}");
    // Nothing is accepted without a reason.
    for (lang, words) in [("en", "entry 1 (budget.score, samples"), ("zh", "第 1 条")] {
        let refused = retally(&["audit", "--baseline", baseline, "--lang", lang, DUMP]).code(2);
        let said = String::from_utf8_lossy(&refused.get_output().stderr).into_owned();
        assert!(said.contains(words) && (said.contains("no reason") || said.contains("未写原因")), "{said}");
    }
    let written = reasoned(&file);
    let run = retally(&["audit", "--baseline", baseline, "--fail-on", "info", "--lang", "en", DUMP]).code(0);
    assert!(stdout(&run).contains("accepted, and not shown: 6"), "{}", stdout(&run));
    assert!(!stdout(&run).contains("error["));

    // Only what is new fails, and reasons are kept.
    let entries: Vec<&str> = written.split("[[accepted]]").collect();
    fs::write(&file, written.replace(&format!("[[accepted]]{}", entries[1]), "")).unwrap();
    let found: Value =
        serde_json::from_str(&stdout(&retally(&["audit", "--baseline", baseline, "--format", "json", DUMP]).code(1)))
            .unwrap();
    let open = found.as_array().unwrap().iter().filter(|finding| finding["accepted"].is_null()).count();
    assert_eq!(open, 1);
    for known in [&["--baseline", baseline][..], &[]] {
        retally(&[&["audit", "--write-baseline", baseline, DUMP], known].concat()).code(1);
        let again = fs::read_to_string(&file).unwrap();
        assert_eq!(again.matches("reason = \"seen\"").count(), 5, "{again}");
        assert_eq!(again.matches("reason = \"\"").count(), 1, "{again}");
    }

    // What a run does not look for it does not strike out.
    reasoned(&file);
    for less in [&["--only", "indicator", DUMP][..], &["--skip", "budget", DUMP], &[PDF]] {
        retally(&[&["audit", "--fail-on", "never", "--write-baseline", baseline], less].concat()).code(0);
        let kept = fs::read_to_string(&file).unwrap();
        assert_eq!(kept.matches("reason = \"seen\"").count(), 6, "{less:?}: {kept}");
    }
    // What it looked for and no longer finds, it does.
    let stale = fs::read_to_string(&file).unwrap();
    let first = stale.split("fingerprint = \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    fs::write(&file, stale.replace(&first, "no longer found")).unwrap();
    retally(&["audit", "--write-baseline", baseline, DUMP, PDF]).code(1);
    assert!(!fs::read_to_string(&file).unwrap().contains("no longer found"));

    fs::write(&file, "[[accepted]]\nfingerprnt = \"x\"\n").unwrap();
    retally(&["audit", "--baseline", baseline, DUMP]).code(2);
    retally(&["audit", "--write-baseline", baseline, DUMP]).code(2);
    assert!(fs::read_to_string(&file).unwrap().contains("fingerprnt"), "what is no such file is left as it is");
}

/// Gives each entry of a file of accepted findings a reason, and gives what it says then.
fn reasoned(file: &Path) -> String {
    let written = fs::read_to_string(file).unwrap().replace("reason = \"\"", "reason = \"seen\"");
    fs::write(file, &written).unwrap();
    written
}

#[test]
fn findings_are_accepted_in_a_file_beside_the_documents() {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("a.txt");
    fs::copy(DUMP, &document).unwrap();
    let beside = folder.path().join("retally-accepted.toml");
    retally(&["audit", "--write-baseline", beside.to_str().unwrap(), DUMP]).code(1);
    reasoned(&beside);
    retally(&["audit", document.to_str().unwrap()]).code(0);
    retally(&["audit", DUMP]).code(1);
    let log: Value =
        serde_json::from_str(&stdout(&retally(&["audit", "--format", "sarif", document.to_str().unwrap()]).code(0)))
            .unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert!(!results.is_empty() && results.iter().all(|result| result["suppressions"][0]["status"] == "accepted"));
}

#[test]
fn a_baseline_is_whole_when_nobody_reads_the_report() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, format: &[&str], closed: bool| {
        let path = folder.path().join(name);
        let mut child = std::process::Command::new(env!("CARGO_BIN_EXE_retally"))
            .args(["audit", "--write-baseline", path.to_str().unwrap()])
            .args(format)
            .args([DUMP, PDF])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let out = child.stdout.take();
        if closed {
            drop(out);
        } else {
            std::io::copy(&mut out.unwrap(), &mut std::io::sink()).unwrap();
        }
        assert_eq!(child.wait().unwrap().code(), Some(1), "{format:?}");
        fs::read_to_string(path).unwrap()
    };
    let whole = write("whole.toml", &[], false);
    assert_eq!(write("a.toml", &[], true), whole);
    assert_eq!(write("b.toml", &["--format", "ndjson"], true), whole);
}

#[test]
fn the_same_form_in_two_documents_is_compared() {
    let folder = tempfile::tempdir().unwrap();
    let other = folder.path().join("b.txt");
    fs::write(&other, fs::read_to_string(DUMP).unwrap().replace("48.6 39.85", "48.6 38.95")).unwrap();
    let args = ["audit", "--only", "archive", "--format", "json", DUMP, other.to_str().unwrap()];
    let found: Value = serde_json::from_str(&stdout(&retally(&args).code(0))).unwrap();
    let [finding] = found.as_array().unwrap().as_slice() else { panic!("{found}") };
    assert_eq!(
        (finding["id"].as_str(), finding["refs"][0].as_str()),
        (Some("archive.twice"), Some("tables.budget[0].executed"))
    );
    assert_eq!((finding["elsewhere"]["document"].as_str(), finding["document"].as_str()), (Some(DUMP), other.to_str()));
    let shown = stdout(&retally(&["audit", "--only", "archive", "--lang", "en", DUMP, other.to_str().unwrap()]));
    assert!(shown.contains(&format!("see also: {DUMP}:22:")), "{shown}");
    let as_format = |format: &str| {
        let args = ["audit", "--only", "archive", "--lang", "en", "--format", format, DUMP, other.to_str().unwrap()];
        stdout(&retally(&args))
    };
    let log: Value = serde_json::from_str(&as_format("sarif")).unwrap();
    assert!(validator().is_valid(&log));
    let related = &log["runs"][0]["results"][0]["relatedLocations"][0]["physicalLocation"];
    assert_eq!((&related["artifactLocation"]["index"], &related["region"]["startLine"]), (&0.into(), &22.into()));
    assert!(as_format("csv").contains(&format!("{DUMP} #1 22:")));
}
