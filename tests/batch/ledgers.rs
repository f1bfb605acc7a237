//! Ledgers are never written over, and looked into without a right to write them.

use super::*;

#[test]
fn a_ledger_is_never_written_over() {
    let desk = Desk::new();
    desk.archive(2);
    assert_eq!(code(&desk.run(&["in", "--ledger", "a.sqlite"])), Some(0));
    fs::hard_link(desk.path("a.sqlite"), desk.path("hard.sqlite")).unwrap();
    let mut spellings = vec!["a.sqlite", "./a.sqlite", "in/../a.sqlite", "hard.sqlite"];
    spellings.extend(["a.sqlite-wal", "a.sqlite-shm", "a.sqlite-journal", "in/../a.sqlite-lock"]);
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("a.sqlite", desk.path("link.sqlite")).unwrap();
        spellings.push("link.sqlite");
        // What is written before it is whole would go through the link.
        std::os::unix::fs::symlink("a.sqlite", desk.path("o.ndjson.partial")).unwrap();
        spellings.push("o.ndjson");
    }
    let before = fs::read(desk.path("a.sqlite")).unwrap();
    for out in spellings {
        for command in [["in", "--ledger", "a.sqlite"], ["export", "a.sqlite", "--overwrite"]] {
            let run = desk.run(&[&command[..], &["--out", out]].concat());
            assert_eq!(code(&run), Some(2), "{out}");
            assert!(errors(&run).contains("part of the ledger a.sqlite"), "{out}: {}", errors(&run));
            assert_eq!(fs::read(desk.path("a.sqlite")).unwrap(), before, "{out}");
        }
    }
    #[cfg(unix)]
    for out in ["a.sqlite-wal", "link.sqlite-lock"] {
        let run = desk.run(&["in", "--ledger", "link.sqlite", "--out", out, "--overwrite"]);
        assert!(errors(&run).contains("part of the ledger link.sqlite"), "{out}: {}", errors(&run));
    }
    let run = desk.run(&["in", "--ledger", "a.sqlite", "--out", "a.sqlite", "--overwrite", "--lang", "zh"]);
    assert!(errors(&run).contains("属于台账 a.sqlite"), "{}", errors(&run));
}

#[test]
fn a_ledger_is_no_input_of_its_own() {
    let desk = Desk::new();
    desk.write("a.txt", document(1));
    let run = desk.run(&["*", "--ledger", "z.sqlite"]);
    assert_eq!(code(&run), Some(2), "{}", errors(&run));
    for part in ["z.sqlite", "z.sqlite-wal", "z.sqlite-shm", "z.sqlite-lock"] {
        assert!(errors(&run).contains(&format!("{part} is a file of the ledger itself")), "{}", errors(&run));
    }
    assert_eq!(count(&desk.ledger("z.sqlite"), "SELECT count(*) FROM documents"), 1);
}

#[test]
fn a_ledger_is_not_merged_into_itself() {
    let desk = Desk::new();
    desk.archive(1);
    assert_eq!(code(&desk.run(&["in", "--ledger", "a.sqlite"])), Some(0));
    let before = fs::read(desk.path("a.sqlite")).unwrap();
    for into in ["a.sqlite", "in/../a.sqlite", "a.sqlite-wal", "a.sqlite-lock"] {
        let run = desk.run(&["merge", into, "a.sqlite"]);
        assert_eq!(code(&run), Some(2), "{into}");
        assert!(errors(&run).contains("are files of one ledger"), "{into}: {}", errors(&run));
        assert_eq!(fs::read(desk.path("a.sqlite")).unwrap(), before);
    }
}

#[cfg(unix)]
#[test]
fn a_ledger_is_looked_into_without_a_right_to_write_it() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;

    /// The user that owns nothing, by convention.
    const NOBODY: u32 = 65534;

    let desk = Desk::new();
    desk.archive(2);
    assert_eq!(code(&desk.run(&["in", "--ledger", "a.sqlite", "--out", "a.ndjson"])), Some(0));
    // A run that was killed leaves its log beside the ledger.
    fs::create_dir(desk.path("killed")).unwrap();
    let db = desk.ledger("a.sqlite");
    db.execute_batch("INSERT INTO lists (digest) VALUES ('x')").unwrap();
    for part in ["", "-wal", "-shm"] {
        fs::copy(desk.path(&format!("a.sqlite{part}")), desk.path(&format!("killed/a.sqlite{part}"))).unwrap();
    }
    drop(db);
    let permit = |name: &str, mode: u32| {
        fs::set_permissions(desk.path(name), fs::Permissions::from_mode(mode)).unwrap();
    };
    fs::create_dir(desk.path("out")).unwrap();
    permit("out", 0o777);
    // The file may be written and not its folder; neither; the folder and not the file.
    for (ledger, file, folder) in [
        ("a.sqlite", 0o666, 0o555),
        ("a.sqlite", 0o444, 0o555),
        ("a.sqlite", 0o444, 0o777),
        ("killed/a.sqlite", 0o444, 0o555),
    ] {
        let place = ledger.strip_suffix("a.sqlite").unwrap();
        permit(ledger, file);
        permit("", 0o755);
        permit(place, folder);
        let look = |args: &[&str]| {
            let mut command = desk.batch(args);
            command.uid(NOBODY);
            command.output()
        };
        // Who is nobody already, or may not become it, has to do without.
        let Ok(export) = look(&["export", ledger]) else { return permit("", 0o755) };
        assert_eq!(String::from_utf8(export.stdout.clone()).unwrap(), desk.read("a.ndjson"), "{}", errors(&export));
        assert_eq!(code(&look(&["status", ledger]).unwrap()), Some(0), "{ledger} {file:o} {folder:o}");
        let out = look(&["export", ledger, "--out", "out/a.ndjson", "--overwrite"]).unwrap();
        assert_eq!((code(&out), desk.read("out/a.ndjson")), (Some(0), desk.read("a.ndjson")), "{}", errors(&out));
        let litter = place.is_empty() && (desk.path("a.sqlite-wal").exists() || desk.path("a.sqlite-shm").exists());
        assert!(!litter, "nothing is left that the owner could not write");
    }
    permit("", 0o755);
}
