//! The second reader: pdf-extract, in a process of its own. It may panic, run out of stack or never end; the process
//! is bounded and may die.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use pdf_extract::{Document, PlainTextOutput, output_doc_page};
use retally::message::Lang;
use retally::record::{Record, SourceKind};
use retally::{second, source};

use crate::cli::console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// The process is ended after this: pages take milliseconds, and the largest compendia some seconds.
const TIME: Duration = Duration::from_secs(60);

/// Bytes of text that are taken from it: a page has some kilobytes.
const MOST: u64 = 64 << 20;

/// Memory that it may have, in KiB, where the shell can say so.
#[cfg(unix)]
const MEMORY: &str = "2097152";

/// How often the process is looked after.
const PAUSE: Duration = Duration::from_millis(5);

/// Has the second reader read `bytes`, and adds to `record` what differs.
pub(crate) fn check(record: &mut Record, bytes: &[u8], options: &source::Options, lang: Lang) {
    if record.source.kind != Some(SourceKind::Pdf) || record.forms.is_empty() {
        return;
    }
    // Fonts that the document does not decode are given their tables for both: what is compared is the reading.
    let plain = source::plain_pdf(bytes, options);
    let pages = read(plain.as_deref().unwrap_or(bytes)).unwrap_or_default();
    second::compare(record, &source::read(bytes, options), &pages, lang);
}

/// The text of each page, as far as the process came.
fn read(bytes: &[u8]) -> io::Result<Vec<Option<String>>> {
    let mut child = command()?.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    thread::scope(|scope| {
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(bytes)));
        let reading = scope.spawn(move || stdout.map(|stdout| pages(stdout.take(MOST))).unwrap_or_default());
        end(&mut child);
        Ok(reading.join().unwrap_or_default())
    })
}

/// This program as the second reader.
#[cfg(unix)]
fn command() -> io::Result<Command> {
    let mut command = Command::new("/bin/sh");
    // Should this process be ended first, the other does not go on for ever.
    let seconds = TIME.as_secs();
    let script = format!("ulimit -c 0; ulimit -v {MEMORY}; ulimit -t {seconds}; exec \"$0\" second-reader");
    command.arg("-c").arg(script).arg(std::env::current_exe()?);
    Ok(command)
}

/// This program as the second reader.
#[cfg(not(unix))]
fn command() -> io::Result<Command> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("second-reader");
    Ok(command)
}

/// Waits for the process to end, and ends it when it takes too long.
fn end(child: &mut Child) {
    let start = Instant::now();
    while let Ok(None) = child.try_wait() {
        if start.elapsed() > TIME {
            // It may have ended just now; either way it has.
            let _ = child.kill();
            let _ = child.wait();
            return;
        }
        thread::sleep(PAUSE);
    }
}

/// One page a line, as JSON; what is cut off is no page.
fn pages(from: impl Read) -> Vec<Option<String>> {
    let lines = BufReader::new(from).lines().map_while(Result::ok);
    lines.map_while(|line| serde_json::from_str(&line).ok()).collect()
}

/// Reads a PDF from standard input, and writes each page's text as a line of JSON; null for one that fails.
pub(crate) fn serve() -> Result<Exit, Failure> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    std::panic::set_hook(Box::new(|_| {}));
    let Some(mut document) = catch_unwind(AssertUnwindSafe(|| Document::load_mem(&bytes).ok())).ok().flatten() else {
        return Ok(Exit::Failed);
    };
    if document.is_encrypted() && document.decrypt("").is_err() {
        return Ok(Exit::Failed);
    }
    let mut out = console::data();
    for number in document.get_pages().into_keys() {
        let text = catch_unwind(AssertUnwindSafe(|| {
            let mut text = String::new();
            output_doc_page(&document, &mut PlainTextOutput::new(&mut text), number).ok().map(|()| text)
        }));
        serde_json::to_writer(&mut out, &text.ok().flatten()).map_err(io::Error::from)?;
        out.write_all(b"\n")?;
        // The next page may be the end of this process.
        out.flush()?;
    }
    Ok(Exit::Clean)
}
