//! Readers: how many, without memory, and without the program that has started them.

use super::*;

#[test]
fn there_is_an_end_to_the_number_of_readers() {
    let desk = Desk::new();
    desk.archive(1);
    for jobs in ["0", "1025", "100000"] {
        let run = desk.run(&["in", "--ledger", "a.sqlite", "--jobs", jobs]);
        assert_eq!(code(&run), Some(2), "{jobs}");
        assert!(errors(&run).contains("from 1 to 1024"), "{}", errors(&run));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_without_memory_says_so_whatever_the_environment() {
    let desk = Desk::new();
    desk.write("in/large.txt", document(0).repeat(200));
    let args = ["in", "--ledger", "a.sqlite", "--max-memory", "1", "--timeout", "30"];
    let run = desk.batch(&args).env("RUST_BACKTRACE", "1").env("RUST_LIB_BACKTRACE", "1").output().unwrap();
    assert_eq!(code(&run), Some(2), "{}", errors(&run));
    assert!(errors(&run).contains("takes more than 1 MiB of memory"), "{}", errors(&run));
}

#[cfg(target_os = "linux")]
#[test]
fn a_reader_ends_with_its_program_before_it_is_ready() {
    let desk = Desk::new();
    desk.archive(1);
    assert!(Command::new("mkfifo").arg(desk.path("rules.toml")).status().unwrap().success());
    let args = ["in", "--ledger", "a.sqlite", "--policy", "rules.toml", "--jobs", "1"];
    let mut run = desk.batch(&args).stderr(Stdio::null()).spawn().unwrap();
    // The program gets its rules; the reader waits for its own.
    fs::write(desk.path("rules.toml"), "").unwrap();
    let reader = loop {
        assert_eq!(run.try_wait().unwrap(), None, "the run waits for its reader");
        let threads = fs::read_dir(format!("/proc/{}/task", run.id())).unwrap();
        let children: Vec<String> =
            threads.filter_map(|thread| fs::read_to_string(thread.ok()?.path().join("children")).ok()).collect();
        if let Some(id) = children.join(" ").split_whitespace().next() {
            break id.to_owned();
        }
        std::thread::yield_now();
    };
    // Time to take its setup in and to come to its rules.
    std::thread::sleep(std::time::Duration::from_millis(500));
    run.kill().unwrap();
    run.wait().unwrap();
    // Nobody may be there to bury it.
    let lives = || fs::read_to_string(format!("/proc/{reader}/stat")).is_ok_and(|stat| !stat.contains(") Z "));
    for _ in 0..500 {
        if !lives() {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let _ = Command::new("kill").args(["-KILL", &reader]).status();
    panic!("the reader outlives its program");
}
