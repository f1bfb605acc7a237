//! `retally batch` as it is run: killed and gone on with, on full disks, beside other runs, over hostile documents.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use rusqlite::Connection;
use serde_json::Value;
use tempfile::TempDir;

#[path = "batch/ledgers.rs"]
mod ledgers;
#[path = "batch/readers.rs"]
mod readers;
#[path = "batch/sources.rs"]
mod sources;

const DUMP: &str = "samples/wuhan-2021.txt";
const PROGRAM: &str = env!("CARGO_BIN_EXE_retally");

/// A folder with an archive, a ledger and results.
struct Desk(TempDir);

impl Desk {
    fn new() -> Desk {
        Desk(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Documents that differ in a figure, in the folder `in`.
    fn archive(&self, documents: usize) {
        for number in 0..documents {
            self.write(&format!("in/{number:03}.txt"), document(number));
        }
    }

    /// The program in this folder, with words in English.
    fn batch(&self, args: &[&str]) -> Command {
        let mut command = Command::new(PROGRAM);
        command.current_dir(self.0.path()).env("LC_ALL", "C").arg("batch").args(args);
        command
    }

    fn run(&self, args: &[&str]) -> Output {
        self.batch(args).output().unwrap()
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn ledger(&self, name: &str) -> Connection {
        Connection::open(self.path(name)).unwrap()
    }
}

/// A dump with a figure of its own.
fn document(number: usize) -> String {
    fs::read_to_string(DUMP).unwrap().replace("39.85", &format!("39.{number:03}"))
}

/// A document that takes a minute and some hundred megabytes.
fn large() -> String {
    fs::read_to_string(DUMP).unwrap().repeat(1500)
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn records(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn paths(records: &[Value]) -> Vec<&str> {
    records.iter().map(|record| record["source"]["path"].as_str().unwrap()).collect()
}

/// Each document with the seconds that it took: read once more, it would have others.
fn documents(ledger: &Connection) -> Vec<(String, f64)> {
    let mut query = ledger.prepare("SELECT sha256, seconds FROM documents ORDER BY sha256").unwrap();
    query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
}

fn count(ledger: &Connection, query: &str) -> i64 {
    ledger.query_row(query, [], |row| row.get(0)).unwrap()
}

/// Waits until the ledger has so many documents, or the run has ended.
fn wait_for(run: &mut Child, ledger: &Path, documents: i64) {
    while run.try_wait().unwrap().is_none() {
        let enough = Connection::open_with_flags(ledger, rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY)
            .and_then(|db| db.query_row("SELECT count(*) FROM documents", [], |row| row.get::<_, i64>(0)))
            .is_ok_and(|there| there >= documents);
        if enough {
            return;
        }
        std::thread::yield_now();
    }
}

#[test]
fn the_output_is_that_of_extract_for_any_number_of_readers() {
    let desk = Desk::new();
    desk.archive(12);
    desk.write("in/binary.txt", [0, 159, 146, 150]);
    desk.write("in/empty.txt", "");
    let extract = Command::new(PROGRAM)
        .current_dir(desk.0.path())
        .args(["extract", "--lang", "en", "in", "gone.txt"])
        .output()
        .unwrap();
    for jobs in ["1", "2", "5"] {
        let (ledger, out) = (format!("{jobs}.sqlite"), format!("{jobs}.ndjson"));
        let run = desk.run(&["in", "gone.txt", "--ledger", &ledger, "--out", &out, "--jobs", jobs]);
        assert_eq!(code(&run), Some(2), "{}", errors(&run));
        let mut records = records(&desk.read(&out));
        // What only shows beside other documents is added, and nothing else.
        let mut compared = 0;
        for form in records.iter_mut().flat_map(|record| record["forms"].as_array_mut().unwrap()) {
            let checks = form["checks"].as_array_mut().unwrap();
            let before = checks.len();
            checks.retain(|check| !check["id"].as_str().unwrap().starts_with("archive."));
            compared += before - checks.len();
        }
        assert!(compared > 0, "the documents state different figures for one project");
        assert_eq!(records, self::records(&String::from_utf8(extract.stdout.clone()).unwrap()));
    }
    assert_eq!(desk.read("1.ndjson"), desk.read("2.ndjson"));
    assert_eq!(desk.read("1.ndjson"), desk.read("5.ndjson"));
}

#[test]
fn a_run_that_is_killed_goes_on_where_it_was() {
    let desk = Desk::new();
    desk.archive(40);
    let whole = desk.run(&["in", "--ledger", "whole.sqlite", "--out", "whole.ndjson", "--jobs", "2"]);
    assert_eq!(code(&whole), Some(0), "{}", errors(&whole));
    let args = ["in", "--ledger", "a.sqlite", "--out", "a.ndjson", "--jobs", "2"];
    let mut before = Vec::new();
    for documents_at_kill in [0, 1, 7, 16, 31, 39] {
        let mut run = desk.batch(&args).stderr(Stdio::null()).spawn().unwrap();
        wait_for(&mut run, &desk.path("a.sqlite"), documents_at_kill);
        run.kill().unwrap();
        run.wait().unwrap();
        let now = if desk.path("a.sqlite").exists() { documents_if_any(&desk) } else { Vec::new() };
        assert!(before.iter().all(|document| now.contains(document)), "what is finished is not begun again");
        before = now;
    }
    let end = desk.run(&args);
    assert_eq!(code(&end), Some(0), "{}", errors(&end));
    assert_eq!(desk.read("a.ndjson"), desk.read("whole.ndjson"));
    let last = documents(&desk.ledger("a.sqlite"));
    assert_eq!(last.len(), 40);
    assert!(before.iter().all(|document| last.contains(document)));
    // Once more: nothing is read, and the same is written.
    assert_eq!(code(&desk.run(&args)), Some(0));
    assert_eq!(documents(&desk.ledger("a.sqlite")), last);
    assert_eq!(desk.read("a.ndjson"), desk.read("whole.ndjson"));
    let ledger = desk.ledger("a.sqlite");
    assert_eq!(count(&ledger, "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'"), 0);
    assert_eq!(count(&ledger, "SELECT count(*) FROM pragma_foreign_key_check"), 0);
}

/// What the ledger has; nothing when it was killed before there were tables.
fn documents_if_any(desk: &Desk) -> Vec<(String, f64)> {
    let ledger = desk.ledger("a.sqlite");
    let tables = count(&ledger, "SELECT count(*) FROM sqlite_master WHERE name = 'documents'");
    if tables == 0 { Vec::new() } else { documents(&ledger) }
}

#[cfg(unix)]
#[test]
fn ctrl_c_finishes_what_is_begun() {
    let desk = Desk::new();
    desk.archive(150);
    let args = ["in", "--ledger", "a.sqlite", "--out", "a.ndjson", "--jobs", "2"];
    let mut run = desk.batch(&args).stderr(Stdio::piped()).spawn().unwrap();
    wait_for(&mut run, &desk.path("a.sqlite"), 2);
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    let stopped = run.wait_with_output().unwrap();
    assert_eq!(code(&stopped), Some(130), "{}", errors(&stopped));
    assert!(errors(&stopped).contains("the same command goes on from here"), "{}", errors(&stopped));
    assert!(!desk.path("a.ndjson").exists());
    let read = documents(&desk.ledger("a.sqlite"));
    assert!((2..150).contains(&read.len()), "{}", read.len());
    assert_eq!(code(&desk.run(&args)), Some(0));
    assert_eq!(records(&desk.read("a.ndjson")).len(), 150);
}

#[cfg(unix)]
#[test]
fn a_full_disk_loses_nothing() {
    let desk = Desk::new();
    desk.archive(30);
    let whole = desk.run(&["in", "--ledger", "whole.sqlite", "--out", "whole.ndjson"]);
    assert_eq!(code(&whole), Some(0), "{}", errors(&whole));
    // Files may grow to so many blocks: the ledger is full first, then the output.
    for blocks in [300, 1500, 20_000] {
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\"");
        let run = Command::new("sh")
            .current_dir(desk.0.path())
            .args(["-c", &script, "sh", PROGRAM])
            .args(["batch", "--lang", "en", "in", "--ledger", "a.sqlite", "--out", "a.ndjson"])
            .output()
            .unwrap();
        if blocks < 20_000 {
            assert_eq!(code(&run), Some(2), "{blocks} {}", errors(&run));
            assert!(errors(&run).contains("with the same command"), "{}", errors(&run));
            assert!(!desk.path("a.ndjson").exists());
        } else {
            assert_eq!(code(&run), Some(0), "{}", errors(&run));
        }
    }
    assert_eq!(desk.read("a.ndjson"), desk.read("whole.ndjson"));
}

#[test]
fn the_same_content_is_read_once_and_reported_twice() {
    let desk = Desk::new();
    for name in ["in/a.txt", "in/b.txt", "in/sub/c.txt"] {
        desk.write(name, document(1));
    }
    let run = desk.run(&["in", "in/b.txt", "--ledger", "a.sqlite", "--out", "a.ndjson", "--jobs", "3"]);
    assert_eq!(code(&run), Some(0), "{}", errors(&run));
    let mut records = records(&desk.read("a.ndjson"));
    let paths: Vec<String> =
        records.iter_mut().map(|record| record["source"]["path"].take().as_str().unwrap().to_owned()).collect();
    assert_eq!(paths, ["in/a.txt", "in/b.txt", "in/sub/c.txt"]);
    assert!(records.iter().all(|record| *record == records[0]));
    let ledger = desk.ledger("a.sqlite");
    assert_eq!(count(&ledger, "SELECT count(*) FROM documents"), 1);
    assert_eq!(count(&ledger, "SELECT attempts FROM documents"), 1);
}

#[test]
fn a_document_that_takes_too_long_costs_only_itself() {
    let desk = Desk::new();
    desk.archive(6);
    desk.write("in/003-large.txt", large());
    let args = ["in", "--ledger", "a.sqlite", "--out", "a.ndjson", "--jobs", "2"];
    let run = desk.run(&[&args[..], &["--timeout", "5"]].concat());
    assert_eq!(code(&run), Some(2), "{}", errors(&run));
    let first = records(&desk.read("a.ndjson"));
    assert_eq!(failed(&first), [("in/003-large.txt".to_owned(), "limit-reached".to_owned())]);
    assert!(first[3]["problems"][0]["message"].as_str().unwrap().contains("--timeout"), "{}", first[3]);
    assert_eq!(first[3]["source"]["bytes"], large().len());
    // It stays as it is until it is asked for.
    assert_eq!(code(&desk.run(&args)), Some(2));
    assert_eq!(records(&desk.read("a.ndjson")), first);
    // The others are not read for its sake.
    let before = documents(&desk.ledger("a.sqlite"));
    desk.run(&[&args[..], &["--timeout", "5", "--retry", "failed"]].concat());
    let changed = documents(&desk.ledger("a.sqlite")).iter().filter(|document| !before.contains(document)).count();
    assert_eq!(changed, 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_document_that_eats_memory_costs_only_itself() {
    let desk = Desk::new();
    desk.archive(6);
    desk.write("in/003-large.txt", large());
    let run = desk.run(&["in", "--ledger", "a.sqlite", "--out", "a.ndjson", "--max-memory", "64"]);
    assert_eq!(code(&run), Some(2), "{}", errors(&run));
    let records = records(&desk.read("a.ndjson"));
    assert_eq!(failed(&records), [("in/003-large.txt".to_owned(), "limit-reached".to_owned())]);
    assert!(records[3]["problems"][0]["message"].as_str().unwrap().contains("--max-memory"), "{}", records[3]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_that_dies_costs_only_its_document() {
    let desk = Desk::new();
    desk.archive(3);
    desk.write("in/000-large.txt", large());
    let mut run = desk
        .batch(&["in", "--ledger", "a.sqlite", "--out", "a.ndjson", "--jobs", "1"])
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let reader = loop {
        assert_eq!(run.try_wait().unwrap(), None, "the run waits for its reader");
        // The reader has its document when it has taken in so many bytes.
        let has = |id: &&str| {
            let io = fs::read_to_string(format!("/proc/{id}/io")).unwrap_or_default();
            let taken = io.lines().find_map(|line| line.strip_prefix("rchar: ")?.parse::<usize>().ok());
            taken.is_some_and(|taken| taken > large().len())
        };
        let threads = fs::read_dir(format!("/proc/{}/task", run.id())).unwrap();
        // Gone meanwhile, a thread has no children.
        let children: Vec<String> =
            threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("children")).ok()).collect();
        if let Some(id) = children.join(" ").split_whitespace().find(has) {
            break id.to_owned();
        }
        std::thread::yield_now();
    };
    assert!(Command::new("kill").args(["-KILL", &reader]).status().unwrap().success());
    assert_eq!(run.wait().unwrap().code(), Some(2));
    let records = records(&desk.read("a.ndjson"));
    assert_eq!(records.len(), 4);
    assert_eq!(failed(&records), [("in/000-large.txt".to_owned(), "reader-died".to_owned())]);
}

/// The documents that failed, with the reason.
fn failed(records: &[Value]) -> Vec<(String, String)> {
    let failed = records.iter().filter(|record| record["status"] == "failed");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    failed.map(|record| (text(&record["source"]["path"]), text(&record["problems"][0]["code"]))).collect()
}

#[test]
fn one_run_at_a_time_writes_a_ledger() {
    let desk = Desk::new();
    desk.archive(1);
    let lock = File::create(desk.path("a.sqlite-lock")).unwrap();
    lock.lock().unwrap();
    for (lang, words) in [("en", "another run is writing the ledger"), ("zh", "正由另一次运行写入")] {
        let run = desk.run(&["in", "--ledger", "a.sqlite", "--lang", lang]);
        assert_eq!(code(&run), Some(2));
        assert!(errors(&run).contains(words), "{}", errors(&run));
    }
    drop(lock);
    assert_eq!(code(&desk.run(&["in", "--ledger", "a.sqlite"])), Some(0));
}

#[test]
fn an_output_that_is_not_ours_stays() {
    let desk = Desk::new();
    desk.archive(2);
    desk.write("a.ndjson", "mine");
    let args = ["in", "--ledger", "a.sqlite", "--out", "a.ndjson"];
    let run = desk.run(&args);
    assert_eq!((code(&run), desk.read("a.ndjson").as_str()), (Some(2), "mine"));
    assert!(errors(&run).contains("--overwrite"), "{}", errors(&run));
    assert_eq!(code(&desk.run(&[&args[..], &["--overwrite"]].concat())), Some(0));
    let written = desk.read("a.ndjson");
    assert_eq!(records(&written).len(), 2);
    // What was written from here may be written anew, also when there is more.
    desk.write("in/more.txt", document(9));
    assert_eq!(code(&desk.run(&args)), Some(0));
    assert_eq!(records(&desk.read("a.ndjson")).len(), 3);
    desk.write("a.ndjson", written + "a note");
    assert_eq!(code(&desk.run(&args)), Some(2));
}

#[test]
fn a_database_that_is_no_ledger_is_left_alone() {
    let desk = Desk::new();
    desk.archive(1);
    desk.write("text.sqlite", "no database at all, and long enough to be looked at as one ".repeat(20));
    Connection::open(desk.path("other.sqlite"))
        .unwrap()
        .execute_batch("CREATE TABLE t (x); PRAGMA user_version = 1")
        .unwrap();
    assert_eq!(code(&desk.run(&["in", "--ledger", "newer.sqlite"])), Some(0));
    desk.ledger("newer.sqlite").pragma_update(None, "user_version", 99).unwrap();
    for (name, words) in [
        ("text.sqlite", "no ledger"),
        ("other.sqlite", "database of another program"),
        ("newer.sqlite", "of version 99"),
        ("no/such/folder.sqlite", "cannot lock the ledger"),
    ] {
        let before = fs::read(desk.path(name)).ok();
        let run = desk.run(&["in", "--ledger", name]);
        assert_eq!(code(&run), Some(2), "{name}");
        assert!(errors(&run).contains(words), "{name}: {}", errors(&run));
        assert_eq!(fs::read(desk.path(name)).ok(), before, "{name}");
    }
    for command in ["status", "export"] {
        let run = desk.run(&[command, "none.sqlite"]);
        assert_eq!(code(&run), Some(2));
        assert!(errors(&run).contains("there is no ledger"), "{}", errors(&run));
        assert!(!desk.path("none.sqlite").exists());
    }
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_or_written_is_named() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    /// The user that owns nothing, by convention.
    const NOBODY: u32 = 65534;

    let desk = Desk::new();
    desk.archive(1);
    desk.write("shut/a.txt", document(1));
    desk.write("sealed/x.txt", document(2));
    let permit = |name: &str, mode: u32| {
        fs::set_permissions(desk.path(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    permit("", 0o777);
    permit("shut", 0o000);
    permit("sealed", 0o555);
    // A user who may do everything has to be another one for this.
    let is_mighty = fs::read_dir(desk.path("shut")).is_ok();
    let run = |args: &[&str]| {
        let mut command = desk.batch(args);
        if is_mighty {
            command.uid(NOBODY);
        }
        command.output().unwrap()
    };
    let shut = run(&["in", "shut", "gone.txt", "--ledger", "a.sqlite", "--out", "a.ndjson"]);
    assert_eq!(code(&shut), Some(2));
    for words in ["cannot list the folder shut", "cannot read gone.txt"] {
        assert!(errors(&shut).contains(words), "{}", errors(&shut));
    }
    let records = records(&desk.read("a.ndjson"));
    assert_eq!(failed(&records).len(), records.len() - 1);
    let sealed = run(&["in", "--ledger", "sealed/a.sqlite"]);
    assert_eq!(code(&sealed), Some(2));
    assert!(errors(&sealed).contains("cannot lock the ledger sealed/a.sqlite"), "{}", errors(&sealed));
    let sealed = run(&["in", "--ledger", "a.sqlite", "--out", "sealed/a.ndjson"]);
    assert_eq!(code(&sealed), Some(2));
    assert!(errors(&sealed).contains("cannot write the file sealed/a.ndjson"), "{}", errors(&sealed));
    permit("shut", 0o755);
}

#[test]
fn an_input_that_vanishes_or_changes_is_seen() {
    let desk = Desk::new();
    desk.archive(3);
    let args = ["in/000.txt", "in/001.txt", "in/002.txt", "--ledger", "a.sqlite", "--out", "a.ndjson"];
    assert_eq!(code(&desk.run(&args)), Some(0));
    let first = records(&desk.read("a.ndjson"));
    fs::remove_file(desk.path("in/000.txt")).unwrap();
    desk.write("in/001.txt", document(77));
    let run = desk.run(&args);
    assert_eq!(code(&run), Some(2));
    assert!(errors(&run).contains("cannot read in/000.txt"), "{}", errors(&run));
    assert!(errors(&run).contains("in/000.txt: what the ledger has of it stays"), "{}", errors(&run));
    let second = records(&desk.read("a.ndjson"));
    assert_eq!(second[0], first[0]);
    assert_ne!(second[1]["source"]["sha256"], first[1]["source"]["sha256"]);
    assert_eq!(second[2]["source"], first[2]["source"]);
    // It comes back.
    desk.write("in/000.txt", document(0));
    assert_eq!(code(&desk.run(&args)), Some(0));
    assert_eq!(records(&desk.read("a.ndjson"))[0], first[0]);
}

#[test]
fn changed_patterns_are_noticed_and_read_with_on_request() {
    let desk = Desk::new();
    desk.archive(3);
    let mut pattern = fs::read_to_string("patterns/wuhan-self-evaluation.toml").unwrap();
    desk.write("patterns/mine.toml", &pattern);
    let args = ["in", "--ledger", "a.sqlite", "--patterns", "patterns", "--out", "a.ndjson"];
    assert_eq!(code(&desk.run(&args)), Some(0));
    let first = documents(&desk.ledger("a.sqlite"));
    let unchanged = desk.run(&[&args[..], &["--changed"]].concat());
    assert_eq!(code(&unchanged), Some(0), "{}", errors(&unchanged));
    assert_eq!(documents(&desk.ledger("a.sqlite")), first);
    let title = "\"项目支出绩效自评表\"";
    assert!(pattern.contains(title));
    pattern = pattern.replace(title, &format!("{title}, \"项目自评的表\""));
    desk.write("patterns/mine.toml", &pattern);
    let noticed = desk.run(&args);
    assert!(errors(&noticed).contains("--changed reads them again"), "{}", errors(&noticed));
    assert_eq!(documents(&desk.ledger("a.sqlite")), first);
    let again = desk.run(&[&args[..], &["--changed"]].concat());
    assert_eq!(code(&again), Some(0), "{}", errors(&again));
    let second = documents(&desk.ledger("a.sqlite"));
    assert!(first.iter().zip(&second).all(|(one, two)| one.0 == two.0 && one.1 != two.1));
}

#[test]
fn globs_lists_and_zip_files_are_inputs() {
    let desk = Desk::new();
    desk.archive(4);
    let mut zip = zip::ZipWriter::new(File::create(desk.path("in/four.zip")).unwrap());
    for (name, number) in [("b/乙.txt", 2), ("a.txt", 1), (".hidden.txt", 3), ("notes.md", 3), ("__MACOSX/a.txt", 3)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(document(number).as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    desk.write("broken.zip", "PK no more");
    desk.write("list", "in/003.txt\r\n\nin/00[01].txt\nin/four.zip\nin/003.txt\nbroken.zip\n");
    let run = desk
        .batch(&["in/*2.txt", "-", "no*.pdf", "--ledger", "a.sqlite", "--out", "a.ndjson"])
        .stdin(File::open(desk.path("list")).unwrap())
        .output()
        .unwrap();
    assert_eq!(code(&run), Some(2), "{}", errors(&run));
    let records = records(&desk.read("a.ndjson"));
    let paths: Vec<&str> = records.iter().map(|record| record["source"]["path"].as_str().unwrap()).collect();
    let four = ["in/four.zip!/a.txt", "in/four.zip!/b/乙.txt"];
    let expected = ["in/002.txt", "in/003.txt", "in/000.txt", "in/001.txt", four[0], four[1], "broken.zip", "no*.pdf"];
    assert_eq!(paths, expected);
    assert_eq!(records[4]["forms"], records[3]["forms"]);
    assert_eq!(records[5]["source"]["sha256"], records[0]["source"]["sha256"]);
    let failed: Vec<String> = failed(&records).into_iter().map(|(path, _)| path).collect();
    assert_eq!(failed, ["broken.zip", "no*.pdf"]);
    // A ZIP file in a folder is read too.
    assert_eq!(code(&desk.run(&["in", "--ledger", "b.sqlite"])), Some(0));
    assert_eq!(count(&desk.ledger("b.sqlite"), "SELECT count(*) FROM inputs"), 6);
}

#[test]
fn shards_together_are_the_whole() {
    let desk = Desk::new();
    desk.archive(14);
    desk.write("in/copy.txt", document(3));
    let inputs = ["in", "gone.txt"];
    let whole = desk.run(&[&inputs[..], &["--ledger", "whole.sqlite", "--out", "whole.ndjson"]].concat());
    assert_eq!(code(&whole), Some(2));
    let mut documents = 0;
    for shard in ["2/3", "3/3", "1/3"] {
        let ledger = format!("{}.sqlite", &shard[..1]);
        desk.run(&[&inputs[..], &["--ledger", &ledger, "--shard", shard]].concat());
        let of_shard = count(&desk.ledger(&ledger), "SELECT count(*) FROM documents");
        assert!(of_shard < 14);
        documents += of_shard;
    }
    assert_eq!(documents, 14);
    let merge = desk.run(&["merge", "all.sqlite", "2.sqlite", "3.sqlite", "1.sqlite"]);
    assert_eq!(code(&merge), Some(0), "{}", errors(&merge));
    let export = desk.run(&["export", "all.sqlite"]);
    assert_eq!(String::from_utf8(export.stdout).unwrap(), desk.read("whole.ndjson"));
    // Merged again, nothing is there twice.
    assert_eq!(code(&desk.run(&["merge", "all.sqlite", "3.sqlite"])), Some(0));
    for table in ["inputs", "documents", "forms", "fields", "budget", "goals", "indicators", "checks", "problems"] {
        let rows = |ledger: &str| count(&desk.ledger(ledger), &format!("SELECT count(*) FROM {table}"));
        assert_eq!(rows("all.sqlite"), rows("whole.sqlite"), "{table}");
    }
}

#[test]
fn a_ledger_is_exported_in_every_format() {
    let desk = Desk::new();
    desk.archive(5);
    let run = desk.run(&["in", "--ledger", "a.sqlite", "--out", "a.csv", "--format", "csv"]);
    assert_eq!(code(&run), Some(0), "{}", errors(&run));
    let export = |format: &str| desk.run(&["export", "a.sqlite", "--format", format]).stdout;
    assert_eq!(export("csv"), fs::read(desk.path("a.csv")).unwrap());
    let lines = records(&String::from_utf8(export("ndjson")).unwrap());
    let array: Vec<Value> = serde_json::from_slice(&export("json")).unwrap();
    assert_eq!(lines, array);
    assert!(export("xlsx").starts_with(b"PK"));
    assert_eq!(desk.read("a.csv").lines().filter(|line| line.contains("document,form")).count(), 1);
    let status = String::from_utf8(desk.run(&["status", "a.sqlite"]).stdout).unwrap();
    assert!(status.contains("inputs: 5; failed: 0, still to read: 0"), "{status}");
    assert!(status.contains("forms: 15"), "{status}");
}

#[test]
fn the_queries_of_the_readme_run() {
    let desk = Desk::new();
    desk.archive(5);
    desk.write("in/copy.txt", document(3));
    desk.write("in/low.txt", document(7).replace("82.00%", "12.00%"));
    assert_eq!(code(&desk.run(&["in", "--ledger", "a.sqlite"])), Some(0));
    let ledger = desk.ledger("a.sqlite");
    let readme = fs::read_to_string("README.md").unwrap();
    let block = readme.split("```sql").nth(1).unwrap().split("```").next().unwrap();
    let queries: Vec<&str> = block.split(';').map(str::trim).filter(|query| !query.is_empty()).collect();
    assert_eq!(queries.len(), 10);
    for query in queries {
        let mut prepared = ledger.prepare(query).unwrap_or_else(|error| panic!("{query}: {error}"));
        let mut rows = prepared.query([]).unwrap();
        let mut found = 0;
        while rows.next().unwrap().is_some() {
            found += 1;
        }
        // The samples have something of each but what nobody could read.
        assert!(found > 0 || query.contains("failed"), "{query}");
    }
}

#[test]
fn a_ledger_of_an_older_version_is_brought_up_to_date() {
    let desk = Desk::new();
    fs::copy("tests/ledgers/version-1.sqlite", desk.path("a.sqlite")).unwrap();
    let before = documents(&desk.ledger("a.sqlite"));
    assert_eq!(count(&desk.ledger("a.sqlite"), "SELECT user_version FROM pragma_user_version"), 1);
    let export = desk.run(&["export", "a.sqlite"]);
    assert_eq!(code(&export), Some(0), "{}", errors(&export));
    let paths: Vec<Value> = records(&String::from_utf8(export.stdout).unwrap())
        .into_iter()
        .map(|record| record["source"]["path"].clone())
        .collect();
    assert_eq!(paths, ["in/000.txt", "in/001.txt"]);
    assert!(count(&desk.ledger("a.sqlite"), "SELECT user_version FROM pragma_user_version") > 1);
    // It goes on: what it has is not read again.
    desk.archive(3);
    let run = desk.run(&["in", "--ledger", "a.sqlite"]);
    assert_eq!(code(&run), Some(0), "{}", errors(&run));
    let after = documents(&desk.ledger("a.sqlite"));
    assert_eq!(after.len(), 3);
    assert!(before.iter().all(|document| after.contains(document)));
    assert!(count(&desk.ledger("a.sqlite"), "SELECT count(*) FROM findings") > 0);
}
