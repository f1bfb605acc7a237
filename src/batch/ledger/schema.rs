//! The tables of a ledger, and the way from older ones to these.

use rusqlite::Connection;

/// What says in the head of an SQLite file that it is a ledger: "rtly".
const APPLICATION: i64 = 0x7274_6c79;

/// The steps from an empty file to the tables of today. A step that has been released is never changed.
const STEPS: &[&str] = &[include_str!("schema/1.sql"), include_str!("schema/2.sql")];

/// What a database is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing yet.
    Empty,
    /// A ledger after so many steps.
    Ledger(usize),
    /// A database of another program.
    Other,
}

/// The steps that this program knows.
pub(super) const TODAY: usize = STEPS.len();

/// What `db` is.
pub(super) fn kind(db: &Connection) -> rusqlite::Result<Kind> {
    let number = |pragma: &str| db.pragma_query_value(None, pragma, |row| row.get::<_, i64>(0));
    let tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0))?;
    Ok(match (number("application_id")?, number("user_version")?) {
        (APPLICATION, version) => Kind::Ledger(usize::try_from(version).unwrap_or(usize::MAX)),
        (0, 0) if tables == 0 => Kind::Empty,
        _ => Kind::Other,
    })
}

/// Takes a ledger that has gone `from` steps to today's tables: wholly, or not at all.
pub(super) fn migrate(db: &mut Connection, from: usize) -> rusqlite::Result<()> {
    if from >= TODAY {
        return Ok(());
    }
    let work = db.transaction()?;
    for step in STEPS.iter().skip(from) {
        work.execute_batch(step)?;
    }
    work.pragma_update(None, "application_id", APPLICATION)?;
    work.pragma_update(None, "user_version", TODAY as i64)?;
    work.commit()
}
