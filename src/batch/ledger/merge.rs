//! One ledger out of several: of shards, or of archives.

use std::path::Path;

use rusqlite::{Connection, params};

use super::Ledger;
use crate::message::Message;

/// What a merge has added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Merged {
    /// Documents that were added.
    pub added: usize,
    /// Documents that both have, and of which the one that was there first stays.
    pub kept: usize,
    /// Documents that had failed here and not there, and were replaced.
    pub replaced: usize,
}

/// Tables whose rows belong to a document.
const OF_DOCUMENTS: [&str; 7] = ["problems", "forms", "fields", "budget", "goals", "indicators", "checks"];

impl Ledger {
    /// Adds all that the ledger at `path` has. Of a document that both have the one here stays, unless it failed and the
    /// other did not. Inputs come after those here; where the same list was read in shards, in the order of the list.
    ///
    /// # Errors
    /// In words: the other is no ledger, or the disk does not take it. Nothing has been added then.
    pub fn merge(&mut self, path: &Path) -> Result<Merged, Message> {
        let other = Ledger::look(path)?.address;
        let attached = self.db.execute("ATTACH ?1 AS other", [other]);
        attached.map_err(|error| self.in_words(&error))?;
        let merged = self.write(|db| add(db));
        let detached = self.db.execute("DETACH other", []).map_err(|error| self.in_words(&error));
        let merged = merged?;
        detached.map(|_| merged)
    }
}

fn add(db: &Connection) -> rusqlite::Result<Merged> {
    db.execute(
        "INSERT OR IGNORE INTO lists (digest, selection) SELECT digest, selection FROM other.lists ORDER BY id",
        [],
    )?;
    db.execute(
        "INSERT INTO inputs (path, list, number, sha256, problem) \
         SELECT theirs.path, ours.id, theirs.number, theirs.sha256, theirs.problem FROM other.inputs AS theirs \
         JOIN other.lists AS list ON list.id = theirs.list JOIN lists AS ours ON ours.digest = list.digest WHERE true \
         ON CONFLICT (path) DO UPDATE SET sha256 = excluded.sha256, problem = excluded.problem \
         WHERE inputs.sha256 IS NULL",
        [],
    )?;
    let replaced = db.execute(
        "DELETE FROM documents WHERE status = 'failed' \
         AND sha256 IN (SELECT sha256 FROM other.documents WHERE status <> 'failed')",
        [],
    )?;
    let kept: i64 = db.query_row(
        "SELECT count(*) FROM other.documents WHERE sha256 IN (SELECT sha256 FROM main.documents)",
        [],
        |row| row.get(0),
    )?;
    let highest: i64 = db.query_row("SELECT coalesce(max(id), 0) FROM documents", [], |row| row.get(0))?;
    let columns = columns(db, "documents")?;
    let added = db.execute(
        &format!(
            "INSERT INTO documents (id, {columns}) SELECT id + ?1, {columns} FROM other.documents \
             WHERE sha256 NOT IN (SELECT sha256 FROM main.documents)"
        ),
        params![highest],
    )?;
    for table in OF_DOCUMENTS {
        let columns = self::columns(db, table)?;
        db.execute(
            &format!(
                "INSERT INTO {table} (document, {columns}) SELECT document + ?1, {columns} FROM other.{table} \
                 WHERE document + ?1 IN (SELECT id FROM main.documents WHERE id > ?1)"
            ),
            params![highest],
        )?;
    }
    let kept = usize::try_from(kept).unwrap_or_default();
    Ok(Merged { added: added.saturating_sub(replaced), kept, replaced })
}

/// The columns of a table after the first, which numbers its document.
fn columns(db: &Connection, table: &str) -> rusqlite::Result<String> {
    let mut query = db.prepare("SELECT name FROM pragma_table_info(?1) WHERE cid > 0")?;
    let names: Vec<String> = query.query_map([table], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(names.join(", "))
}
