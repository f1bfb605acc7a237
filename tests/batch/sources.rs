//! What `retally batch` reads: names of any bytes, members of ZIP files, and sources that are not there.

use std::collections::HashSet;

use super::*;

#[cfg(unix)]
#[test]
fn names_that_look_alike_are_different_inputs() {
    use std::os::unix::ffi::OsStrExt;

    let desk = Desk::new();
    for (number, name) in [b"u/\xb2\xe2.txt", b"u/\xb2\xe3.txt"].into_iter().enumerate() {
        desk.write("u/plain.txt", document(0));
        fs::write(desk.0.path().join(std::ffi::OsStr::from_bytes(name)), document(number + 1)).unwrap();
    }
    let run = desk.run(&["u", "--ledger", "a.sqlite", "--out", "a.ndjson"]);
    assert_eq!(code(&run), Some(0), "{}", errors(&run));
    assert_eq!(paths(&records(&desk.read("a.ndjson"))), ["u/plain.txt", r"u/\xb2\xe2.txt", r"u/\xb2\xe3.txt"]);
    assert_eq!(count(&desk.ledger("a.sqlite"), "SELECT count(*) FROM documents"), 3);
}

#[test]
fn every_member_of_a_zip_file_is_read() {
    let desk = Desk::new();
    let mut zip = zip::ZipWriter::new(File::create(desk.path("a.zip")).unwrap());
    // The writer takes a name once: the second gets its name afterwards.
    let names =
        ["./a.txt", "./d/b.txt", "../c.txt", "x.txt", "y.txt", "d/.hidden/x.txt", "__MACOSX/x.txt", ".DS_Store"];
    for (number, name) in names.into_iter().enumerate() {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(document(number).as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    let bytes = fs::read(desk.path("a.zip")).unwrap();
    let renamed: Vec<u8> = bytes.windows(5).map(|five| if five == b"y.txt" { b'x' } else { five[0] }).collect();
    desk.write("a.zip", [&renamed, &bytes[renamed.len()..]].concat());
    let run = desk.run(&["a.zip", "--ledger", "a.sqlite", "--out", "a.ndjson"]);
    assert_eq!(code(&run), Some(0), "{}", errors(&run));
    let records = records(&desk.read("a.ndjson"));
    let expected = ["../c.txt", "./a.txt", "./d/b.txt", "x.txt", "x.txt#2"].map(|name| format!("a.zip!/{name}"));
    assert_eq!(paths(&records), expected);
    let hashes: HashSet<&Value> = records.iter().map(|record| &record["source"]["sha256"]).collect();
    assert_eq!(hashes.len(), 5);
}

#[test]
fn a_member_that_cannot_be_unpacked_says_why() {
    let desk = Desk::new();
    let mut zip = zip::ZipWriter::new(File::create(desk.path("a.zip")).unwrap());
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    zip.start_file("a.txt", stored).unwrap();
    zip.write_all(b"packed").unwrap();
    zip.finish().unwrap();
    let mut bytes = fs::read(desk.path("a.zip")).unwrap();
    // The method stands so far behind the start of each header.
    for (head, place) in [(b"PK\x03\x04", 8), (b"PK\x01\x02", 10)] {
        let start = bytes.windows(4).position(|four| four == head).unwrap();
        bytes[start + place] = 14;
    }
    desk.write("a.zip", bytes);
    for (lang, words) in [("en", "is packed with Lzma, which"), ("zh", "以 Lzma 方式压缩")] {
        let run = desk.run(&["a.zip", "--ledger", "a.sqlite", "--lang", lang]);
        assert_eq!(code(&run), Some(2));
        assert!(errors(&run).contains(words), "{}", errors(&run));
    }
}

#[test]
fn a_source_that_is_missing_costs_no_results() {
    let desk = Desk::new();
    desk.archive(3);
    let args = ["in", "--ledger", "a.sqlite", "--out", "a.ndjson"];
    assert_eq!(code(&desk.run(&args)), Some(0));
    let whole = desk.read("a.ndjson");
    let inputs = || count(&desk.ledger("a.sqlite"), "SELECT count(*) FROM inputs");
    fs::rename(desk.path("in"), desk.path("away")).unwrap();
    for source in ["in", "in/*.txt", "empty"] {
        fs::create_dir_all(desk.path("empty")).unwrap();
        let run = desk.run(&[&[source], &args[1..]].concat());
        assert_eq!(code(&run), Some(2));
        assert!(errors(&run).contains(&format!("nothing at the source {source}")), "{}", errors(&run));
        assert_eq!((desk.read("a.ndjson"), inputs()), (whole.clone(), 3));
    }
    let zh = desk.run(&[&args[..], &["--lang", "zh"]].concat());
    assert!(errors(&zh).contains("来源 in 处没有可读的文件"), "{}", errors(&zh));
    // Who says so has it replaced.
    assert_eq!(code(&desk.run(&[&args[..], &["--overwrite"]].concat())), Some(2));
    assert_eq!(failed(&records(&desk.read("a.ndjson"))), [("in".to_owned(), "unreadable".to_owned())]);
}

#[test]
fn what_a_list_names_and_is_gone_keeps_its_results() {
    let desk = Desk::new();
    desk.archive(3);
    desk.write("list", "in/000.txt\nin/001.txt\nin/002.txt\n");
    let run = |more: &[&str]| {
        let args = [&["-", "--ledger", "a.sqlite", "--out", "a.ndjson"], more].concat();
        desk.batch(&args).stdin(File::open(desk.path("list")).unwrap()).output().unwrap()
    };
    assert_eq!(code(&run(&[])), Some(0));
    let whole = desk.read("a.ndjson");
    fs::rename(desk.path("in"), desk.path("away")).unwrap();
    let gone = run(&[]);
    assert_eq!(code(&gone), Some(2));
    for words in ["cannot read in/001.txt", "in/001.txt: what the ledger has of it stays"] {
        assert!(errors(&gone).contains(words), "{}", errors(&gone));
    }
    assert_eq!(desk.read("a.ndjson"), whole);
    assert_eq!(desk.run(&["export", "a.sqlite"]).stdout, whole.as_bytes());
    let status = String::from_utf8(desk.run(&["status", "a.sqlite"]).stdout).unwrap();
    assert!(status.contains("inputs: 3; failed: 3") && status.contains("in/002.txt: cannot read"), "{status}");
    fs::rename(desk.path("away"), desk.path("in")).unwrap();
    assert_eq!(code(&run(&[])), Some(0));
    assert_eq!(count(&desk.ledger("a.sqlite"), "SELECT count(*) FROM inputs WHERE problem IS NOT NULL"), 0);
}

#[test]
fn what_is_gone_stays_in_its_shard() {
    let desk = Desk::new();
    desk.archive(8);
    desk.write("list", (0..8).map(|number| format!("in/{number:03}.txt\n")).collect::<String>());
    let known = "SELECT count(*) FROM inputs JOIN documents USING (sha256)";
    let run = |shard: &str, ledger: &str| {
        let list = File::open(desk.path("list")).unwrap();
        desk.batch(&["-", "--ledger", ledger, "--shard", shard]).stdin(list).output().unwrap();
        count(&desk.ledger(ledger), known)
    };
    let of_shards = || run("1/2", "1.sqlite") + run("2/2", "2.sqlite");
    assert_eq!(of_shards(), 8);
    fs::remove_dir_all(desk.path("in")).unwrap();
    assert_eq!(of_shards(), 8);
}

#[test]
fn an_empty_list_is_noticed() {
    let desk = Desk::new();
    desk.archive(1);
    let run = |lang: &str| {
        let args = ["-", "--ledger", "a.sqlite", "--out", "a.ndjson", "--lang", lang];
        desk.batch(&args).stdin(Stdio::null()).output().unwrap()
    };
    for (lang, words) in [("en", "standard input (-) is empty"), ("zh", "（-）是空的")] {
        let _ = fs::remove_file(desk.path("a.ndjson"));
        let run = run(lang);
        assert_eq!(code(&run), Some(0));
        assert!(errors(&run).contains(words), "{}", errors(&run));
    }
    desk.run(&["in", "--ledger", "a.sqlite", "--out", "a.ndjson"]);
    let whole = desk.read("a.ndjson");
    let run = run("en");
    assert_eq!((code(&run), desk.read("a.ndjson")), (Some(2), whole), "{}", errors(&run));
}
