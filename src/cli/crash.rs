//! Defects of the program, told in words.
//!
//! What fails within the reading of a page is a problem of that page and nothing else; its own message would only stand
//! in the way. What fails elsewhere ends the run, and says where, for a report. With `RUST_BACKTRACE` set, Rust's own
//! messages come out as well.

use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::{Mutex, PoisonError};

use retally::message::Message;

use crate::cli::exit::Exit;
use crate::cli::language;

/// Where the last defect showed itself: file and line.
static PLACE: Mutex<String> = Mutex::new(String::new());

/// Runs `work`; when it fails by a defect, says so and where.
pub(crate) fn told(work: impl FnOnce() -> Exit) -> Exit {
    if std::env::var_os("RUST_BACKTRACE").is_none_or(|set| set == "0") {
        std::panic::set_hook(Box::new(note));
    }
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| {
        let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner).clone();
        eprintln!("{}", words(&place).get(language::of_locale()));
        Exit::Failed
    })
}

fn note(info: &PanicHookInfo<'_>) {
    let place = info.location().map(|place| format!("{}:{}", place.file(), place.line()));
    *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place.unwrap_or_default();
}

fn words(place: &str) -> Message {
    Message::new(
        format!("错误：retally 自身有缺陷（{place}），运行中止。请报告此问题，附上 retally doctor 的输出和所读的文件"),
        format!(
            "error: a defect of retally itself ({place}) ended the run; please report it, with what `retally doctor` \
             prints and the document that was read"
        ),
    )
}

#[cfg(test)]
mod tests {
    use retally::message::Lang;

    use super::*;

    #[test]
    fn a_defect_ends_the_run_with_its_code() {
        assert_eq!(told(|| panic!("a defect")), Exit::Failed);
        assert_eq!(told(|| Exit::Findings), Exit::Findings);
        assert!(words("src/a.rs:7").get(Lang::En).contains("src/a.rs:7"));
    }
}
