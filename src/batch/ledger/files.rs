//! The files that a ledger is made of, and the ways to them.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use percent_encoding::{NON_ALPHANUMERIC, percent_encode};

use super::trouble;
use crate::message::Message;

/// What the lock of a run has after the name of its ledger.
const LOCK: &str = "-lock";

/// What SQLite's log of the last changes has.
const LOG: &str = "-wal";

/// What the files of a ledger have after its name.
const PARTS: [&str; 5] = ["", LOG, "-shm", "-journal", LOCK];

/// The files of a ledger, known by where they are and by what they are. They are never opened for that: a process that
/// closes one of them loses the locks that SQLite has on it.
#[derive(Debug)]
pub struct Parts(Vec<(PathBuf, Option<Identity>)>);

impl Parts {
    /// The files of the ledger at `path`, also those that are not there at the moment.
    pub fn of(path: &Path) -> Parts {
        // SQLite keeps its files beside the file that a link leads to.
        let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let parts = [path, &real].into_iter().flat_map(|path| PARTS.map(|part| beside(path, part)));
        Parts(parts.map(|part| (place(&part), identity(&part))).collect())
    }

    /// Whether `path` leads to one of them, also through links and detours.
    pub fn has(&self, path: &Path) -> bool {
        let (place, identity) = (place(path), identity(path));
        self.0.iter().any(|part| part.0 == place || identity.is_some() && part.1 == identity)
    }
}

/// What tells a file from others, whatever it is called: a device, and a number there.
type Identity = (u64, u64);

#[cfg(unix)]
fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

#[cfg(not(unix))]
fn identity(_: &Path) -> Option<Identity> {
    None
}

/// A path without links and detours. What is not there is looked for in its folder.
fn place(path: &Path) -> PathBuf {
    let in_folder = || {
        let path = std::path::absolute(path).ok()?;
        Some(fs::canonicalize(path.parent()?).ok()?.join(path.file_name()?))
    };
    fs::canonicalize(path).ok().or_else(in_folder).unwrap_or_else(|| path.to_owned())
}

fn beside(ledger: &Path, part: &str) -> PathBuf {
    let mut name = ledger.as_os_str().to_owned();
    name.push(part);
    name.into()
}

/// Whether the ledger at `path` has a log: somebody writes it, or was killed when he did.
pub(super) fn has_log(path: &Path) -> bool {
    let real = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    beside(&real, LOG).exists()
}

/// The address by which SQLite opens the file at `path`, in any spelling, in the way that `how` says.
pub(super) fn address(path: &Path, how: &str) -> String {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    format!("file:{}?{how}", percent_encode(path.as_os_str().as_encoded_bytes(), NON_ALPHANUMERIC))
}

/// The lock of the ledger at `path`: a file beside it, held until this process ends, however it ends.
pub(super) fn lock(path: &Path) -> Result<File, Message> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(beside(path, LOCK))
        .map_err(|error| trouble::no_lock(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(trouble::in_use(path)),
        Err(TryLockError::Error(error)) => Err(trouble::no_lock(path, &error)),
    }
}
