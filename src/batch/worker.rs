//! The reader's side of a batch: one document after another from standard input, records to standard output.

use std::io::{self, Read, Write};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use super::{Edition, frame};
use crate::record::Record;
use crate::report::json;

/// Serves documents until there are no more. The first message is a setup, of which `ready` makes the edition and what
/// reads a document; the edition is the first answer. Then each message is a document, and each answer its record as JSON.
///
/// When the other side goes away while a document is read, the process ends at once: nobody waits for the record.
///
/// # Errors
/// What reading, writing and `ready` give.
pub fn serve<R: FnMut(&[u8]) -> Record>(
    mut input: impl Read + Send + 'static,
    mut output: impl Write,
    ready: impl FnOnce(&[u8]) -> io::Result<(Edition, R)>,
) -> io::Result<()> {
    let Some(setup) = frame::read(&mut input)? else { return Ok(()) };
    let (edition, mut reads) = ready(&setup)?;
    frame::write(&mut output, &serde_json::to_vec(&edition)?)?;

    let open = Arc::new(AtomicUsize::new(0));
    let (sender, documents) = mpsc::channel();
    let still_open = Arc::clone(&open);
    thread::spawn(move || {
        while let Ok(Some(bytes)) = frame::read(&mut input) {
            still_open.fetch_add(1, Ordering::SeqCst);
            if sender.send(bytes).is_err() {
                return;
            }
        }
        if still_open.load(Ordering::SeqCst) > 0 {
            process::exit(1);
        }
    });
    for bytes in documents {
        let mut answer = Vec::new();
        json::write(&reads(&bytes), false, &mut answer)?;
        answer.pop();
        frame::write(&mut output, &answer)?;
        open.fetch_sub(1, Ordering::SeqCst);
    }
    Ok(())
}
