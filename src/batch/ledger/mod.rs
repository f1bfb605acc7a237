//! The ledger: an SQLite file of what came of each document, for resuming, for export, and for auditors to query.
//!
//! One run writes at a time, which a lock beside the file sees to; anybody may read meanwhile. A document is written in
//! one transaction, so that a run may be killed at any moment: a document is in the ledger wholly, or not at all.

use std::collections::HashSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::Edition;
use crate::audit::Selection;
use crate::message::Message;
use crate::problem::Problem;

mod compare;
mod merge;
mod records;
mod rows;
mod schema;
mod summary;
mod trouble;

pub use merge::Merged;
pub use records::Which;
pub use rows::Read;
pub use summary::{Failed, Run, Summary};

/// A query waits so long for a writer. A document is written in milliseconds, and the ledger tidied in seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// Which documents that the ledger has are read again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Again {
    /// Those that failed.
    pub failed: bool,
    /// Those that were read with another edition.
    pub changed: bool,
}

/// An open ledger.
#[derive(Debug)]
pub struct Ledger {
    db: Connection,
    path: PathBuf,
    /// Held as long as this run may write.
    _lock: Option<File>,
}

/// A list of inputs, as a run was given it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct List(i64);

impl Ledger {
    /// Opens the ledger at `path` for a run, and makes it where there is none. An older one is brought up to date.
    ///
    /// # Errors
    /// In words: another run has it, it is no ledger or a newer one, or the disk does not take it.
    pub fn open(path: &Path) -> Result<Ledger, Message> {
        let lock = lock(path)?;
        Ledger::connect(path, Some(lock))
    }

    /// Opens the ledger at `path` to look into it, while a run may write.
    ///
    /// # Errors
    /// In words: there is none, it is no ledger, or one that is not of today and that a run is writing.
    pub fn look(path: &Path) -> Result<Ledger, Message> {
        if !path.is_file() {
            return Err(trouble::not_there(path));
        }
        Ledger::connect(path, None)
    }

    fn connect(path: &Path, mut held: Option<File>) -> Result<Ledger, Message> {
        let in_words = |error: rusqlite::Error| trouble::database(path, &error);
        let mut db = Connection::open(path).map_err(in_words)?;
        db.busy_timeout(PATIENCE).map_err(in_words)?;
        match schema::kind(&db).map_err(in_words)? {
            schema::Kind::Other => return Err(trouble::other(path)),
            schema::Kind::Empty if held.is_none() => return Err(trouble::not_there(path)),
            schema::Kind::Ledger(version) if version > schema::TODAY => {
                return Err(trouble::newer(path, version, schema::TODAY));
            }
            kind => {
                let version = if let schema::Kind::Ledger(version) = kind { version } else { 0 };
                if version < schema::TODAY && held.is_none() {
                    held = Some(lock(path)?);
                }
                // What is committed survives the end of the program; a power cut costs the last documents at most.
                db.pragma_update(None, "journal_mode", "wal").map_err(in_words)?;
                db.pragma_update(None, "synchronous", "normal").map_err(in_words)?;
                db.pragma_update(None, "foreign_keys", true).map_err(in_words)?;
                schema::migrate(&mut db, version).map_err(in_words)?;
            }
        }
        db.set_prepared_statement_cache_capacity(64);
        Ok(Ledger { db, path: path.to_owned(), _lock: held })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Notes that a run over the inputs called `names` begins, with `checks`. Gives the list of them, and the run.
    ///
    /// # Errors
    /// What the database gives, in words; so do all that follow.
    pub fn begin(&mut self, names: &[String], edition: &Edition, checks: &Selection) -> Result<(List, i64), Message> {
        let digest = super::digest(&names);
        self.write(|db| {
            db.execute(
                "INSERT INTO lists (digest, selection) VALUES (?1, ?2) \
                 ON CONFLICT (digest) DO UPDATE SET selection = excluded.selection",
                [&digest, &compare::kept(checks)],
            )?;
            let list: i64 = db.query_row("SELECT id FROM lists WHERE digest = ?1", [&digest], |row| row.get(0))?;
            let mut put = db.prepare(
                "INSERT INTO inputs (path, list, number) VALUES (?1, ?2, ?3) \
                 ON CONFLICT (path) DO UPDATE SET list = excluded.list, number = excluded.number",
            )?;
            for (number, name) in (1_i64..).zip(names) {
                put.execute(params![name, list, number])?;
            }
            db.execute(
                "INSERT INTO runs (list, program, started) VALUES (?1, ?2, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
                params![list, edition.program],
            )?;
            Ok((List(list), db.last_insert_rowid()))
        })
    }

    /// Notes that a run has come to its end.
    pub fn end(&mut self, run: i64) -> Result<(), Message> {
        self.write(|db| {
            db.execute("UPDATE runs SET ended = strftime('%Y-%m-%dT%H:%M:%SZ', 'now') WHERE id = ?1", [run]).map(drop)
        })
    }

    /// The contents that need not be read, by their hash; and the number of those among them that were read with
    /// another edition.
    pub fn finished(&self, edition: &Edition, again: Again) -> Result<(HashSet<String>, usize), Message> {
        let read = || -> rusqlite::Result<_> {
            let mut query = self.db.prepare(
                "SELECT sha256, status = 'failed', (program, patterns, options) <> (?1, ?2, ?3) FROM documents",
            )?;
            let mut rows = query.query(params![edition.program, edition.patterns, edition.options])?;
            let (mut finished, mut others) = (HashSet::new(), 0);
            while let Some(row) = rows.next()? {
                let (failed, changed): (bool, bool) = (row.get(1)?, row.get(2)?);
                if !(failed && again.failed || changed && again.changed) {
                    finished.insert(row.get(0)?);
                    others += usize::from(changed);
                }
            }
            Ok((finished, others))
        };
        read().map_err(|error| self.in_words(&error))
    }

    /// Writes what came of the input called `name`, which has been read: its record, and that as JSON.
    pub fn put(&mut self, name: &str, edition: &Edition, read: &Read) -> Result<(), Message> {
        self.write(|db| {
            rows::put(db, edition, read)?;
            found(db, name, &read.record.source.sha256)
        })
    }

    /// Writes which content the input called `name` has.
    pub fn found(&mut self, name: &str, sha256: &str) -> Result<(), Message> {
        self.write(|db| found(db, name, sha256))
    }

    /// Writes why the input called `name` could not be had.
    pub fn lost(&mut self, name: &str, problem: &Problem) -> Result<(), Message> {
        let problem = serde_json::to_string(problem).unwrap_or_default();
        self.write(|db| {
            db.prepare_cached("UPDATE inputs SET sha256 = NULL, problem = ?2 WHERE path = ?1")?
                .execute([name, &problem])
                .map(drop)
        })
    }

    /// Forgets the input called `name`: it is of another shard.
    pub fn forget(&mut self, name: &str) -> Result<(), Message> {
        self.write(|db| db.prepare_cached("DELETE FROM inputs WHERE path = ?1")?.execute([name]).map(drop))
    }

    /// Notes that a file with this hash is about to be written at `path`.
    pub fn note_output(&mut self, path: &str, sha256: &str) -> Result<(), Message> {
        self.write(|db| db.execute("INSERT OR IGNORE INTO outputs VALUES (?1, ?2)", [path, sha256]).map(drop))
    }

    /// Whether the file at `path` with this hash was written from this ledger.
    pub fn has_output(&self, path: &str, sha256: &str) -> Result<bool, Message> {
        self.db
            .query_row("SELECT 1 FROM outputs WHERE (path, sha256) = (?1, ?2)", [path, sha256], |_| Ok(()))
            .optional()
            .map(|found| found.is_some())
            .map_err(|error| self.in_words(&error))
    }

    /// One transaction: all of it, or nothing.
    fn write<T>(&mut self, work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>) -> Result<T, Message> {
        let run = || {
            let transaction = self.db.transaction()?;
            let done = work(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(|error| trouble::database(&self.path, &error))
    }

    fn in_words(&self, error: &rusqlite::Error) -> Message {
        trouble::database(&self.path, error)
    }
}

fn found(db: &Connection, name: &str, sha256: &str) -> rusqlite::Result<()> {
    db.prepare_cached("UPDATE inputs SET sha256 = ?2, problem = NULL WHERE path = ?1 AND sha256 IS NOT ?2")?
        .execute([name, sha256])
        .map(drop)
}

/// The lock of the ledger at `path`: a file beside it, held until this process ends, however it ends.
fn lock(path: &Path) -> Result<File, Message> {
    let mut name = path.as_os_str().to_owned();
    name.push("-lock");
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&name)
        .map_err(|error| trouble::no_lock(path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(trouble::in_use(path)),
        Err(TryLockError::Error(error)) => Err(trouble::no_lock(path, &error)),
    }
}
