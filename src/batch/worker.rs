//! The reader's side of a batch: one document after another from standard input, records to standard output.

use std::io::{self, Read, Write};
use std::process;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread;

use super::reader::REFUSED;
use super::{Edition, frame};
use crate::record::Record;
use crate::report::json;

/// Serves documents until there are no more. The first message is a setup, of which `ready` makes the edition and what
/// reads a document; the edition is the first answer. Then each message is a document, and each answer its record as JSON.
///
/// When the other side goes away before it has its answer, the process ends at once: nobody waits for it.
///
/// # Errors
/// What reading, writing and `ready` give.
pub fn serve<R: FnMut(&[u8]) -> Record>(
    input: impl Read + Send + 'static,
    mut output: impl Write,
    ready: impl FnOnce(&[u8]) -> io::Result<(Edition, R)>,
) -> io::Result<()> {
    let open = Arc::new(AtomicUsize::new(0));
    let (sender, messages) = mpsc::channel();
    let still_open = Arc::clone(&open);
    // First of all: from here on nothing that takes long, or for ever, outlives the other side.
    thread::Builder::new().spawn(move || watch(input, &still_open, &sender))?;
    let Ok(setup) = messages.recv() else { return Ok(()) };
    let (edition, mut reads) = ready(&setup)?;
    frame::write(&mut output, &serde_json::to_vec(&edition)?)?;
    open.fetch_sub(1, Ordering::SeqCst);
    for bytes in messages {
        let mut answer = Vec::new();
        json::write(&reads(&bytes), false, &mut answer)?;
        answer.pop();
        frame::write(&mut output, &answer)?;
        open.fetch_sub(1, Ordering::SeqCst);
    }
    Ok(())
}

/// Takes messages in until there are no more. `open` counts those that have not been answered.
fn watch(mut input: impl Read, open: &AtomicUsize, to: &Sender<Vec<u8>>) {
    loop {
        match frame::read(&mut input) {
            Ok(Some(bytes)) => {
                open.fetch_add(1, Ordering::SeqCst);
                if to.send(bytes).is_err() {
                    return;
                }
            }
            Err(error) if error.kind() == io::ErrorKind::OutOfMemory => {
                eprintln!("{REFUSED} a document failed");
                process::exit(1);
            }
            Ok(None) | Err(_) => break,
        }
    }
    if open.load(Ordering::SeqCst) > 0 {
        process::exit(1);
    }
}
