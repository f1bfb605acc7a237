//! The ledger: an SQLite file of what came of each document, for resuming, for export, and for auditors to query.
//!
//! One run writes at a time, which a lock beside the file sees to; anybody may read meanwhile. A document is written in
//! one transaction, so that a run may be killed at any moment: a document is in the ledger wholly, or not at all.

use std::collections::HashSet;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, Params, Transaction, params};

use super::Edition;
use crate::audit::Selection;
use crate::message::Message;
use crate::problem::Problem;

mod compare;
mod files;
mod merge;
mod records;
mod rows;
mod schema;
mod summary;
mod trouble;

pub use files::Parts;
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
    /// How SQLite has opened it.
    address: String,
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
        let lock = files::lock(path)?;
        let in_words = |error: rusqlite::Error| trouble::database(path, &error);
        let address = files::address(path, "mode=rwc");
        let (mut db, kind) = connect(&address).map_err(in_words)?;
        let version = version(path, kind)?.unwrap_or(0);
        // What is committed survives the end of the program; a power cut costs the last documents at most.
        db.pragma_update(None, "journal_mode", "wal").map_err(in_words)?;
        db.pragma_update(None, "synchronous", "normal").map_err(in_words)?;
        db.pragma_update(None, "foreign_keys", true).map_err(in_words)?;
        schema::migrate(&mut db, version).map_err(in_words)?;
        Ok(Ledger { db, path: path.to_owned(), address, _lock: Some(lock) })
    }

    /// Opens the ledger at `path` to look into it, while a run may write. That needs no right to write it, unless it is
    /// an older one, which is brought up to date.
    ///
    /// # Errors
    /// In words: there is none, it is no ledger, or one that is not of today and that a run is writing.
    pub fn look(path: &Path) -> Result<Ledger, Message> {
        if !path.is_file() {
            return Err(trouble::not_there(path));
        }
        let (address, db, kind) = connect_to_look(path).map_err(|error| trouble::database(path, &error))?;
        match version(path, kind)? {
            None => Err(trouble::not_there(path)),
            Some(schema::TODAY) => Ok(Ledger { db, path: path.to_owned(), address, _lock: None }),
            Some(_) => {
                drop(db);
                Ledger::open(path)
            }
        }
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

    /// Writes why the input called `name` could not be had. What is known of its content is forgotten.
    pub fn lost(&mut self, name: &str, problem: &Problem) -> Result<(), Message> {
        self.note_problem("UPDATE inputs SET sha256 = NULL, problem = ?2 WHERE path = ?1", name, problem)
    }

    /// Writes why the input called `name` could not be had this time. What is known of its content stays.
    pub fn kept(&mut self, name: &str, problem: &Problem) -> Result<(), Message> {
        self.note_problem("UPDATE inputs SET problem = ?2 WHERE path = ?1", name, problem)
    }

    fn note_problem(&mut self, update: &str, name: &str, problem: &Problem) -> Result<(), Message> {
        let problem = serde_json::to_string(problem).unwrap_or_default();
        self.write(|db| db.prepare_cached(update)?.execute([name, &problem]).map(drop))
    }

    /// Whether it has what came of the input called `name`.
    pub fn has(&self, name: &str) -> Result<bool, Message> {
        self.there("SELECT 1 FROM inputs JOIN documents USING (sha256) WHERE path = ?1", [name])
    }

    /// Forgets the input called `name`: it is of another shard.
    pub fn forget(&mut self, name: &str) -> Result<(), Message> {
        self.write(|db| db.prepare_cached("DELETE FROM inputs WHERE path = ?1")?.execute([name]).map(drop))
    }

    /// Notes that a file with this hash is about to be written at `path`. A ledger that may only be read does not learn it.
    pub fn note_output(&mut self, path: &str, sha256: &str) -> Result<(), Message> {
        if self.db.is_readonly("main").map_err(|error| self.in_words(&error))? {
            return Ok(());
        }
        self.write(|db| db.execute("INSERT OR IGNORE INTO outputs VALUES (?1, ?2)", [path, sha256]).map(drop))
    }

    /// Whether the file at `path` with this hash was written from this ledger.
    pub fn has_output(&self, path: &str, sha256: &str) -> Result<bool, Message> {
        self.there("SELECT 1 FROM outputs WHERE (path, sha256) = (?1, ?2)", [path, sha256])
    }

    fn there(&self, query: &str, with: impl Params) -> Result<bool, Message> {
        let found = self.db.prepare_cached(query).and_then(|mut query| query.exists(with));
        found.map_err(|error| self.in_words(&error))
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

/// Opens a database, and says what it is.
fn connect(address: &str) -> rusqlite::Result<(Connection, schema::Kind)> {
    let db = Connection::open(address)?;
    db.busy_timeout(PATIENCE)?;
    db.set_prepared_statement_cache_capacity(64);
    let kind = schema::kind(&db)?;
    Ok((db, kind))
}

/// Opens the database at `path` for one who may not be allowed to write it. Who is writes SQLite's notes beside it, so
/// that he and a run do not get in each other's way. Others read the notes of a run, and where there are none, the
/// file alone, and leave no notes that the owner of the ledger could not write.
fn connect_to_look(path: &Path) -> rusqlite::Result<(String, Connection, schema::Kind)> {
    let connect = |how: &str| {
        let address = files::address(path, how);
        connect(&address).map(|(db, kind)| (address, db, kind))
    };
    let read_only = if files::has_log(path) { "mode=ro" } else { "immutable=1" };
    if File::options().write(true).open(path).is_err() {
        return connect(read_only);
    }
    connect("mode=rw").or_else(|error| match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => connect(read_only),
        _ => Err(error),
    })
}

/// The version of the ledger at `path`; `None` where there is nothing yet.
fn version(path: &Path, kind: schema::Kind) -> Result<Option<usize>, Message> {
    match kind {
        schema::Kind::Other => Err(trouble::other(path)),
        schema::Kind::Ledger(version) if version > schema::TODAY => Err(trouble::newer(path, version, schema::TODAY)),
        schema::Kind::Ledger(version) => Ok(Some(version)),
        schema::Kind::Empty => Ok(None),
    }
}

fn found(db: &Connection, name: &str, sha256: &str) -> rusqlite::Result<()> {
    db.prepare_cached(
        "UPDATE inputs SET sha256 = ?2, problem = NULL WHERE path = ?1 AND (sha256, problem) IS NOT (?2, NULL)",
    )?
    .execute([name, sha256])
    .map(drop)
}
