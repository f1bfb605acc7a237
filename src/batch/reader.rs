//! A reader: a child process that reads documents for a batch, bounded in time and memory, and may die of one.

use std::io::{self, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::{Edition, frame};
use crate::message::Message;

/// A reader has so long to make itself ready: it takes a tenth of a second on an idle machine.
const START: Duration = Duration::from_secs(60);

/// Bytes of what a reader says on standard error that are kept: its last words fit.
const WORDS: u64 = 64 << 10;

/// What Rust says when memory is refused (`std::alloc::handle_alloc_error`).
pub(super) const REFUSED: &str = "memory allocation of";

/// How readers are made.
#[derive(Clone, Debug)]
pub struct Kind {
    /// The program.
    pub program: std::path::PathBuf,
    /// Its arguments.
    pub args: Vec<String>,
    /// The first message that a reader gets.
    pub setup: Arc<Vec<u8>>,
    /// Time that one document may take.
    pub timeout: Duration,
    /// Bytes of memory that it may take, as the setup says.
    pub memory: u64,
}

/// Why a reader gave no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Death {
    /// The document took too long.
    Time,
    /// The document needed too much memory.
    Memory,
    /// The process ended by itself.
    Crash,
}

/// A running reader.
#[derive(Debug)]
pub struct Reader {
    child: Child,
    /// Gone once the reader is to end.
    requests: Option<Sender<Arc<Vec<u8>>>>,
    answers: Receiver<Vec<u8>>,
    words: Option<JoinHandle<String>>,
    /// Documents read so far.
    served: usize,
}

impl Reader {
    /// Starts a reader and waits until it is ready. One of another edition than `edition` is refused: a pattern file,
    /// or the program itself, has been changed since.
    ///
    /// # Errors
    /// Why there is no reader, in words.
    pub fn start(kind: &Kind, edition: &Edition) -> Result<Reader, Message> {
        let mut reader = Reader::spawn(kind).map_err(|error| not_started(&error.to_string()))?;
        let hello = reader.exchange(Arc::clone(&kind.setup), START).map_err(|_| {
            let words = reader.last_words();
            not_started(words.trim())
        })?;
        match serde_json::from_slice::<Edition>(&hello) {
            Ok(ready) if ready == *edition => Ok(reader),
            _ => Err(changed()),
        }
    }

    fn spawn(kind: &Kind) -> io::Result<Reader> {
        let mut command = Command::new(&kind.program);
        command.args(&kind.args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // A trace asks for memory. Where a reader has none left, that would hold it up for ever.
        command.env("RUST_BACKTRACE", "0").env("RUST_LIB_BACKTRACE", "0");
        apart(&mut command);
        let mut child = command.spawn()?;
        let (requests, to_send) = mpsc::channel::<Arc<Vec<u8>>>();
        if let Some(mut stdin) = child.stdin.take() {
            thread::spawn(move || {
                // A reader that takes no more has died, and its silence says so.
                for bytes in to_send {
                    if frame::write(&mut stdin, &bytes).is_err() {
                        return;
                    }
                }
            });
        }
        let (sender, answers) = mpsc::channel();
        if let Some(mut stdout) = child.stdout.take() {
            thread::spawn(move || {
                while let Ok(Some(bytes)) = frame::read(&mut stdout) {
                    if sender.send(bytes).is_err() {
                        return;
                    }
                }
            });
        }
        let words = child.stderr.take().map(|stderr| thread::spawn(move || heard(stderr)));
        Ok(Reader { child, requests: Some(requests), answers, words, served: 0 })
    }

    /// Documents that it has read so far.
    pub fn served(&self) -> usize {
        self.served
    }

    /// The record of `bytes` as JSON.
    ///
    /// # Errors
    /// Of what the reader died. It has ended then and reads no more.
    pub fn read(&mut self, bytes: Arc<Vec<u8>>, timeout: Duration) -> Result<Vec<u8>, Death> {
        match self.exchange(bytes, timeout) {
            Ok(answer) => {
                self.served = self.served.saturating_add(1);
                Ok(answer)
            }
            Err(RecvTimeoutError::Timeout) => {
                self.end();
                Err(Death::Time)
            }
            Err(RecvTimeoutError::Disconnected) => {
                let refused = self.last_words().contains(REFUSED);
                Err(if refused { Death::Memory } else { Death::Crash })
            }
        }
    }

    fn exchange(&mut self, bytes: Arc<Vec<u8>>, timeout: Duration) -> Result<Vec<u8>, RecvTimeoutError> {
        let sent = self.requests.as_ref().map(|requests| requests.send(bytes));
        match sent {
            Some(Ok(())) => self.answers.recv_timeout(timeout),
            _ => Err(RecvTimeoutError::Disconnected),
        }
    }

    /// Ends it, and gives what it said on standard error.
    fn last_words(&mut self) -> String {
        self.end();
        self.words.take().and_then(|words| words.join().ok()).unwrap_or_default()
    }

    fn end(&mut self) {
        if self.requests.take().is_none() {
            return;
        }
        // It may have ended by itself; either way it has.
        kill(&mut self.child);
        let _ = self.child.wait();
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.end();
    }
}

/// The first words on a stream. The rest is read and forgotten, so that its writer is never held up.
fn heard(mut from: impl Read) -> String {
    let mut words = Vec::new();
    // What cannot be heard is not said.
    let _ = from.by_ref().take(WORDS).read_to_end(&mut words);
    let _ = io::copy(&mut from, &mut io::sink());
    String::from_utf8_lossy(&words).into_owned()
}

/// Ends a reader that has not been waited for, and the processes that it has started.
#[cfg(unix)]
fn kill(child: &mut Child) {
    let group = i32::try_from(child.id()).ok().and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    let _ = child.kill();
}

/// Ends a reader.
#[cfg(not(unix))]
fn kill(child: &mut Child) {
    let _ = child.kill();
}

/// Keeps the keyboard from the reader: Ctrl-C is for the program, which lets readers finish what they have begun.
#[cfg(unix)]
fn apart(command: &mut Command) {
    use std::os::unix::process::CommandExt;
    command.process_group(0);
}

/// Keeps the keyboard from the reader: Ctrl-C is for the program, which lets readers finish what they have begun.
#[cfg(windows)]
fn apart(command: &mut Command) {
    use std::os::windows::process::CommandExt;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x200;
    command.creation_flags(CREATE_NEW_PROCESS_GROUP);
}

#[cfg(not(any(unix, windows)))]
fn apart(_: &mut Command) {}

fn not_started(cause: &str) -> Message {
    Message::new(
        format!("无法启动读取进程：{cause}。请检查系统的进程数和内存限制，必要时减少 --jobs 或提高 --max-memory"),
        format!(
            "cannot start a reading process: {cause}; check the system's limits on processes and memory, and use fewer \
             --jobs or more --max-memory"
        ),
    )
}

fn changed() -> Message {
    Message::new(
        "运行期间程序、表样或规则文件已被修改，已停止。请用同一命令重新开始",
        "the program, a pattern or the policy file was changed during the run, which has stopped; start it again with \
         the same command",
    )
}
