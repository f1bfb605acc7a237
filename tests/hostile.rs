//! Nothing gets out: what a document or its name says never acts on a terminal, a spreadsheet, a reader of JSON or the
//! file system, and nothing that it names is opened, fetched or run. Each attack is first shown to work on a writer that
//! takes no care.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;

/// Clears a terminal, turns text around, and answers in the user's name.
const ACTS: &str = "\u{1b}[2J\u{202e}\u{9b}6n\u{7}";

fn retally(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_retally")).args(args).output().unwrap()
}

/// A dump with `text` as the name of its project and in a table.
fn dump(text: &str) -> String {
    let sample = fs::read_to_string("samples/wuhan-2021.txt").unwrap();
    sample.replace("全民阅读活动经费", text)
}

fn acts_on_a_terminal(bytes: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).contains(['\u{1b}', '\u{202e}', '\u{9b}', '\u{7}'])
}

#[test]
fn no_command_lets_text_of_a_document_act_on_a_terminal() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a.txt");
    fs::write(&path, dump(&format!("经费{ACTS}"))).unwrap();
    let naive = fs::read(&path).unwrap();
    assert!(acts_on_a_terminal(&naive), "the attack works on a writer that takes no care");
    let path = path.to_str().unwrap();
    let ledger = home.path().join("a.sqlite").display().to_string();
    for args in [
        &["audit", "--all", path][..],
        &["audit", "-v", "--format", "csv", path],
        &["audit", "--format", "sarif", path],
        &["extract", path],
        &["extract", "--pretty", "-v", path],
        &["extract", "--format", "csv", path],
        &["tables", path],
        &["batch", "-v", path, "--ledger", &ledger],
        &["batch", "status", &ledger],
        &["batch", "export", &ledger],
        &["patterns", "check", path],
    ] {
        let Output { stdout, stderr, .. } = retally(args);
        assert!(!acts_on_a_terminal(&stdout) && !acts_on_a_terminal(&stderr), "{args:?}");
    }
}

#[cfg(unix)]
#[test]
fn no_command_lets_the_name_of_a_file_act_on_a_terminal() {
    let home = tempfile::tempdir().unwrap();
    // Its second line looks like one of the program.
    let name = format!("a{ACTS}\nerror: all is well.txt");
    let naive = format!("cannot read {name}");
    assert!(acts_on_a_terminal(naive.as_bytes()) && naive.lines().count() == 2, "the attack works");
    let whole = home.path().join(&name);
    fs::write(&whole, fs::read("samples/wuhan-2021.txt").unwrap()).unwrap();
    let broken = home.path().join(format!("b{name}"));
    fs::write(&broken, b"\x89PNG\r\n\x1a\n").unwrap();
    let (whole, broken) = (whole.to_str().unwrap(), broken.to_str().unwrap());
    let gone = format!("{whole}.gone");
    let ledger = home.path().join("a.sqlite").display().to_string();
    let odd_ledger = home.path().join(format!("{name}.sqlite")).display().to_string();
    for args in [
        &["audit", "--all", whole, broken, &gone][..],
        &["extract", "-v", whole, broken, &gone],
        &["extract", "--format", "csv", whole, broken],
        &["tables", "-v", "--format", "md", whole, broken, &gone],
        &["text", "-v", broken, &gone],
        &["batch", "-v", whole, broken, &gone, "--ledger", &ledger],
        &["batch", "status", &ledger],
        &["batch", "status", &odd_ledger],
        &["patterns", "check", whole, &gone],
        &["patterns", "test", whole, &gone],
        &["audit", "--baseline", &gone, whole],
        &["audit", "--policy", broken, whole],
        &["extract", "--patterns", &gone, whole],
        &["extract", "-o", &format!("{gone}/x"), whole],
        &["doctor", "--patterns", &gone],
        &[whole],
    ] {
        let Output { stdout, stderr, .. } = retally(args);
        for shown in [&stdout, &stderr] {
            assert!(!acts_on_a_terminal(shown), "{args:?}: {}", String::from_utf8_lossy(shown));
            // In a quoted cell a line break is data.
            let begins = |line: &str| line.starts_with("error: all is well") && !args.contains(&"csv");
            assert!(!String::from_utf8_lossy(shown).lines().any(begins), "{args:?}");
        }
        assert!(!String::from_utf8_lossy(&stderr).contains("panicked"), "{args:?}");
    }
}

#[test]
fn json_stays_one_object_a_line_whatever_the_text() {
    let text = "经费\u{2028}\u{85}\u{0}\u{ffff}\"\\";
    let naive = format!("{{\"raw\":\"{text}\"}}");
    assert!(serde_json::from_str::<Value>(&naive).is_err(), "the attack works");
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a.txt");
    fs::write(&path, dump(text)).unwrap();
    // Half of a surrogate pair, as broken tools write it.
    let halves: Vec<u8> = dump("经\u{fffd}费")
        .encode_utf16()
        .flat_map(|unit| if unit == 0xfffd { [0, 0xd8] } else { unit.to_le_bytes() })
        .collect();
    let other = home.path().join("b.txt");
    fs::write(&other, [&[0xff, 0xfe][..], &halves].concat()).unwrap();
    let out = retally(&["extract", path.to_str().unwrap(), other.to_str().unwrap()]).stdout;
    let out = String::from_utf8(out).unwrap();
    let records: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 2, "{out}");
    assert!(records[0].to_string().contains("经费"));
    assert!(records[1].to_string().contains("经\u{fffd}费"));
}

#[test]
fn cells_of_tables_are_no_formulas_and_no_markup() {
    let naive = |cell: &str| format!("{cell},1\n");
    assert!(naive("=cmd|' /C calc'!A0").starts_with('='), "the attack works");
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("a.txt");
    let row = "=cmd()\t<img src=x>\t[a](javascript:b)\n";
    fs::write(&path, format!("甲\t乙\t丙\n{}", row.repeat(6))).unwrap();
    let path = path.to_str().unwrap();
    let csv = String::from_utf8(retally(&["tables", "--format", "csv", path]).stdout).unwrap();
    for line in csv.trim_start_matches('\u{feff}').lines() {
        assert!(!line.split(',').any(|cell| cell.trim_matches('"').starts_with('=')), "{csv}");
    }
    let markdown = String::from_utf8(retally(&["tables", "--format", "md", path]).stdout).unwrap();
    assert!(!markdown.contains("<img"), "{markdown}");
}

#[test]
fn members_of_archives_name_no_files() {
    let home = tempfile::tempdir().unwrap();
    let inner = home.path().join("inner");
    fs::create_dir(&inner).unwrap();
    let members = ["../../escaped.txt", "/escaped.txt", "a/../../../escaped.txt", "fine.txt"];
    let climbs = |name: &&&str| inner.join(name).components().any(|part| part.as_os_str() == "..");
    assert_eq!(members.iter().filter(climbs).count(), 2, "a careless unpacker would write outside");
    assert_eq!(inner.join(members[1]), Path::new("/escaped.txt"), "and there");
    let path = inner.join("a.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&path).unwrap());
    for name in members {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut zip, dump(name).as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let (ledger, out) = (inner.join("a.sqlite"), inner.join("a.ndjson"));
    let args = ["batch", path.to_str().unwrap(), "--ledger", ledger.to_str().unwrap(), "--out", out.to_str().unwrap()];
    assert_eq!(retally(&args).status.code(), Some(0));
    assert!(fs::read_to_string(&out).unwrap().contains("a.zip!/fine.txt"));
    assert!(!Path::new("/escaped.txt").exists());
    assert_eq!(names(home.path()), ["inner"]);
    assert_eq!(names(&inner), ["a.ndjson", "a.sqlite", "a.sqlite-lock", "a.zip"]);
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| !name.ends_with("-wal") && !name.ends_with("-shm")).collect();
    names.sort();
    names
}

#[test]
fn what_a_pdf_names_is_neither_opened_nor_run() {
    let home = tempfile::tempdir().unwrap();
    let (secret, mark) = (home.path().join("secret.txt"), home.path().join("mark"));
    fs::write(&secret, "BT /F1 9 Tf 10 10 Td (SECRET) Tj ET").unwrap();
    let (named, ran) = (secret.display(), mark.display());
    let objects = [
        format!(
            "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /Launch /F (/bin/sh) /Unix << /F (touch {ran}) >> >> >>"
        ),
        "<< /Type /Pages /Kids [ 3 0 R ] /Count 1 >>".to_owned(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [ 0 0 200 100 ] /Contents [ 4 0 R 6 0 R ] /Resources << /Font << /F1 5 0 R >> >> \
             /AA << /O << /S /JavaScript /JS (app.launchURL\\('file://{ran}'\\)) >> >> >>"
        ),
        // A stream whose data lie in another file.
        format!("<< /Length 0 /F ({named}) /FFilter [ ] >>\nstream\n\nendstream"),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
        "<< /Length 37 >>\nstream\nBT /F1 9 Tf 10 50 Td (PUBLIC) Tj ET   \nendstream".to_owned(),
    ];
    let mut bytes = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("xref\n0 7\n0000000000 65535 f \n");
    for (number, object) in (1..).zip(&objects) {
        table += &format!("{:010} 00000 n \n", bytes.len());
        bytes.extend(format!("{number} 0 obj\n{object}\nendobj\n").into_bytes());
    }
    let start = bytes.len();
    bytes.extend(format!("{table}trailer\n<< /Size 7 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    let path = home.path().join("a.pdf");
    fs::write(&path, bytes).unwrap();
    let naive = fs::read_to_string(&secret).unwrap();
    assert!(naive.contains("SECRET"), "a reader that opens what is named would show it");
    for args in [&["text"][..], &["extract", "--double-read"]] {
        let Output { stdout, .. } = retally(&[args, &[path.to_str().unwrap()]].concat());
        assert!(!String::from_utf8_lossy(&stdout).contains("SECRET"), "{args:?}");
        assert!(!mark.exists(), "{args:?}");
    }
    let text = String::from_utf8(retally(&["text", path.to_str().unwrap()]).stdout).unwrap();
    assert!(text.contains("PUBLIC"), "the page itself is read: {text:?}");
}
