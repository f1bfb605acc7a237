//! Ctrl-C: the first lets the run finish what it has begun, the second ends it.

use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use retally::message::Message;

use crate::cli::console::Console;
use crate::cli::exit::Exit;

/// A flag that is set when the run is asked to end.
pub(super) fn on_request(console: &Console) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let (asked, console) = (Arc::clone(&stop), *console);
    // Where the system has no such thing, it ends the program itself, and the ledger is good all the same.
    let _ = ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::SeqCst) {
            process::exit(Exit::Stopped as i32);
        }
        console.note(&Message::new(
            "正在完成已开始的文件；再按一次 Ctrl-C 立即结束",
            "finishing what has been begun; Ctrl-C again ends at once",
        ));
    });
    stop
}
